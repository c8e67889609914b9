"""How the law is set on its pages: lists by continents, stops of a slider, lines of time, and what differs between two places."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from api.console.vocabulary import N_

Entry = dict[str, Any]
REGIONS: Final = {
    "europe": N_("Europe"),
    "asia": N_("Asia"),
    "africa": N_("Africa"),
    "americas": N_("Americas"),
    "oceania": N_("Oceania"),
    "antarctica": N_("Antarctica"),
    "groups": N_("Groups, unions and lists"),
}
DOMAINS: Final = ("sca", "aml", "kyc", "residency", "methods", "tax")
_FIGURES: Final = frozenset({"money", "rate", "decimal", "int", "date"})
OLD_DAYS: Final = 365
"""A check that is older is marked."""
MOST_OPEN: Final = 16
"""With more rules than this each is folded to its title and its consequence."""


def by_region(places: Iterable[Entry], text: str, region: str, domain: str) -> list[tuple[str, list[Entry]]]:
    """Region -> its places, of those that are searched for."""
    wanted = text.casefold()
    found: dict[str, list[Entry]] = {name: [] for name in REGIONS}
    for one in places:
        if region and one["region"] != region:
            continue
        if domain and domain not in one["domains"]:
            continue
        if not wanted or _meant(one, wanted):
            found[one["region"]].append(one)
    for entries in found.values():
        entries.sort(key=lambda one: str(one["name"]))
    return [(name, entries) for name, entries in found.items() if entries]


def _meant(place: Entry, wanted: str) -> bool:
    names = [place["name"], place["jurisdiction"]]
    names += [said for part in place["parts"] for said in (part["name"], part["jurisdiction"])]
    return any(wanted in name.casefold() for name in names)


@dataclass(frozen=True, slots=True)
class Stops:
    """The days on which something changes, as stops of a slider, with today among them."""

    days: tuple[str, ...]
    at: int
    """The stop at or before the day that is shown."""
    what: tuple[tuple[str, ...], ...]
    before: str | None
    after: str | None


def stops(turns: list[Entry], day: str, today: str) -> Stops:
    """Of the turns of a domain. The day that is shown is a stop itself."""
    told = {turn["day"]: tuple(turn["what"]) for turn in turns}
    days = tuple(sorted({*told, day, today}))
    at = days.index(day)
    changes = [one for one in days if one in told]
    before = next((one for one in reversed(changes) if one < day), None)
    after = next((one for one in changes if one > day), None)
    return Stops(days, at, tuple(told.get(one, ()) for one in days), before, after)


def chosen_day(at: str, stood: str, stop: str, days: str) -> str:
    """The day of a form with a slider and a field: the slider counts where it was moved from the stop it stood at."""
    known = days.split(",") if days else []
    moved = stop != stood and stop.isdecimal() and int(stop) < len(known)
    return known[int(stop)] if moved else at


def rule_groups(law: Entry, domain: Entry, wanted: str) -> list[tuple[Entry, list[Entry]]]:
    """Pack -> its rules, the law of the place itself first."""
    packs = {pack["jurisdiction"]: pack for pack in law["packs"]}
    found: dict[str, list[Entry]] = {code: [] for code in reversed(list(packs))}
    for rule in domain["rules"]:
        if says(rule, wanted):
            found[rule["pack"]].append(rule)
    return [(packs[code], rules) for code, rules in found.items() if rules]


def parameter_groups(domain: Entry, wanted: str) -> tuple[list[Entry], list[Entry]]:
    """Figures and days; and words, lists and texts."""
    found = [one for one in domain["parameters"] if says(one, wanted)]
    return [one for one in found if is_figure(one)], [one for one in found if not is_figure(one)]


def is_figure(parameter: Entry) -> bool:
    """Whether it is a number, an amount, a rate or a day."""
    return parameter["type"] in _FIGURES


def says(entry: Entry, wanted: str) -> bool:
    """Whether an entry says a text, in its words or its citation."""
    if not wanted:
        return True
    cite = entry.get("cite") or {}
    then = entry.get("then") or {}
    parts = [entry.get(name) for name in ("id", "name", "said", "title", "label", "sentence", "expression")]
    parts += [cite.get("instrument"), cite.get("provision"), then.get("text")]
    return any(wanted.casefold() in part.casefold() for part in parts if part)


# -- lines of time ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a line of time, in percent of its width."""

    x: str
    width: str
    text: str
    state: str
    since: str | None


def line_of(values: list[Entry], today: date) -> list[Segment]:
    """The dated values of a parameter beside each other, each as wide as its time, but none too narrow to be read."""
    dated = [one for one in values if one["state"] != "awaited"]
    if not dated:
        return []
    starts = [date.fromisoformat(one["since"]) if one["since"] else None for one in dated]
    known = [one for one in starts if one is not None]
    first = min([*known, today])
    last = max([*known, today])
    reach = max((last - first).days, 365)
    begin, end = first.toordinal() - reach // 10, last.toordinal() + reach // 8
    edges = [begin if one is None else one.toordinal() for one in starts] + [end]
    return _segments(dated, [(edges[at + 1] - edges[at]) for at in range(len(dated))])


_LEAST: Final = 9
"""Percent of the width that a segment has at least."""


def _segments(values: list[Entry], days: list[int]) -> list[Segment]:
    whole = sum(days) or 1
    widths = [max(_LEAST * 100, days[at] * 10_000 // whole) for at in range(len(values))]
    scale = sum(widths)
    found, x = [], 0
    for value, width in zip(values, widths, strict=True):
        share = width * 10_000 // scale
        found.append(Segment(_percent(x), _percent(share), value["text"], value["state"], value["since"]))
        x += share
    return found


def _percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


# -- two places -------------------------------------------------------------------------------------------------------


def parts_of(told: Entry) -> list[tuple[str, list[Entry]]]:
    """The values of two places in three tables: figures, rates, and words."""
    rows = told["parameters"]
    figures = [row for row in rows if is_figure(row["a"] or row["b"])]
    words = [row for row in rows if not is_figure(row["a"] or row["b"])]
    return [("figures", figures), ("rates", told["rates"]), ("words", words)]


def marked(rows: list[Entry]) -> list[Entry]:
    """Rows of rules with the sentences that only one side has marked."""
    for row in rows:
        one, other = row["a"], row["b"]
        if one and other and not row["same"]:
            for left, right in ((one, other), (other, one)):
                said = {spoken(clause) for clause in _tops(right)}
                for clause in _tops(left):
                    clause["only_here"] = spoken(clause) not in said
    return rows


def _tops(rule: Entry) -> list[Entry]:
    when, then = rule["when"], rule["then"]
    conditions = when["children"] if when["kind"] == "all" else [when]
    return [*conditions, *then["children"]]


def spoken(clause: Entry) -> str:
    """All that a clause says."""
    inner: Callable[[Entry], str] = spoken
    return " / ".join([clause["text"], *(inner(child) for child in clause["children"])])
