"""What a back-test, or a shadow, came to: made ready for tables and plots. Numbers are shown as they were counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.console.page import Page
from api.console.showing import Showing
from api.console.vocabulary import DOMAINS, OUTCOMES
from api.console.wording import locale_of

STRICTNESS: Final = {outcome: rank for rank, outcome in enumerate(("allow", "challenge", "collect", "review", "block"))}
_RULES: Final = 12
_COUNTRIES: Final = 15


@dataclass(frozen=True, slots=True)
class Cell:
    """How many payments were told one outcome and are told another. `way`: stricter, milder, same."""

    payments: int
    way: str


@dataclass(frozen=True, slots=True)
class Plot:
    """What `ui.plot` draws."""

    labels: list[str]
    series: list[dict[str, Any]]


def stricter_and_milder(result: Mapping[str, Any]) -> tuple[int, int]:
    """How many payments are answered more strictly, and how many less."""
    moved = [one for one in result["outcomes"] if one["was"] != one["now"]]
    stricter = sum(one["payments"] for one in moved if _way(one["was"], one["now"]) == "stricter")
    return stricter, sum(one["payments"] for one in moved) - stricter


def matrix(result: Mapping[str, Any]) -> tuple[list[str], list[tuple[str, list[Cell]]]]:
    """Outcomes that occur, and a row for each as it was with a cell for each as it is."""
    counts = {(one["was"], one["now"]): one["payments"] for one in result["outcomes"]}
    seen = {outcome for pair in counts for outcome in pair}
    known = sorted(seen, key=lambda one: (STRICTNESS.get(one, 9), one))
    rows = [(was, [Cell(counts.get((was, now), 0), _way(was, now)) for now in known]) for was in known]
    return known, rows


def _way(was: str, now: str) -> str:
    if was == now:
        return "same"
    return "stricter" if STRICTNESS.get(now, 9) > STRICTNESS.get(was, 9) else "milder"


def flips(page: Page, result: Mapping[str, Any]) -> Plot:
    """Payments by the way in which their outcome changes, the most first."""
    moved = sorted((one for one in result["outcomes"] if one["was"] != one["now"]), key=lambda one: -one["payments"])
    labels = [f"{_outcome(page, one['was'])} → {_outcome(page, one['now'])}" for one in moved]
    ways = [_way(one["was"], one["now"]) for one in moved]
    series = _ways(page, [(one["payments"], way) for one, way in zip(moved, ways, strict=True)])
    return Plot(labels, series)


def _ways(page: Page, told: Sequence[tuple[int, str]]) -> list[dict[str, Any]]:
    wanted = (("stricter", page._("more strictly"), "bad"), ("milder", page._("less strictly"), "info"))
    return [
        {"label": label, "tone": tone, "values": [count if way == name else 0 for count, way in told]}
        for name, label, tone in wanted
    ]


def by_rule(page: Page, result: Mapping[str, Any]) -> Plot:
    """Rules that speak of other payments than before, those of the most first."""
    moved = [one for one in result["rules"] if one["gained"] or one["lost"]]
    shown = sorted(moved, key=lambda one: (-one["gained"] - one["lost"], one["rule"]))[:_RULES]
    return Plot(
        [one["rule"] for one in shown],
        [
            {"label": page._("speaks now"), "tone": "accent", "values": [one["gained"] for one in shown]},
            {"label": page._("is silent now"), "tone": "plain", "values": [one["lost"] for one in shown]},
        ],
    )


def by_country(page: Page, result: Mapping[str, Any]) -> Plot:
    """Countries of payments that are answered otherwise, those with the most first."""
    moved = [one for one in result.get("countries", ()) if one["stricter"] or one["milder"]]
    shown = sorted(moved, key=lambda one: (-one["stricter"] - one["milder"], one["country"] or ""))[:_COUNTRIES]
    return Plot(
        [_place(page, one["country"]) if one["country"] else page._("no country stated") for one in shown],
        [
            {"label": page._("more strictly"), "tone": "bad", "values": [one["stricter"] for one in shown]},
            {"label": page._("less strictly"), "tone": "info", "values": [one["milder"] for one in shown]},
        ],
    )


def _place(page: Page, code: str) -> str:
    return Showing(locale_of(page.language), page.language).place(code)


def subject(page: Page, code: str) -> str:
    """What an example is of: the outcome, or a domain."""
    return page._("Outcome") if code == "outcome" else page._(DOMAINS[code]) if code in DOMAINS else code


def _outcome(page: Page, code: str) -> str:
    return page._(OUTCOMES[code]) if code in OUTCOMES else code


def told(page: Page, result: Mapping[str, Any]) -> dict[str, Any]:
    """All of it, for the template `reviews/effect-result.html`."""
    stricter, milder = stricter_and_milder(result)
    outcomes, rows = matrix(result)
    moved = {domain: [one for one in found if one["was"] != one["now"]] for domain, found in result["verdicts"].items()}
    examples = [{**one, "subject": subject(page, one["of"])} for one in result["examples"]]
    return {
        "result": result, "stricter": stricter, "milder": milder, "outcomes": outcomes, "matrix": rows,
        "flips": flips(page, result), "by_rule": by_rule(page, result), "by_country": by_country(page, result),
        "verdicts": {domain: found for domain, found in moved.items() if found}, "examples": examples,
    }  # fmt: skip
