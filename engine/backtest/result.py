"""What came of a back-test: the numbers as JSON, and in sentences that an officer understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from engine.backtest.compare import SAME, Releases
from engine.backtest.tally import WATCHED, Tally, changes
from engine.money import EXACT, plain
from engine.packs.packset import PackSet
from engine.regimes.sca_answer import OUTCOMES
from engine.words import Words

FORMAT: Final = "lexgate-backtest/1"
_NONE: Final = {"payments": 0, "amount": "0"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where the payments came from. `kind`: ledger, or the form of a file. `known`: whether the past of the payers was known."""

    kind: str
    name: str
    digest: str
    """Of the bytes of a file, or of what was asked of the ledger and the last entry that it held."""
    rates: str
    """Digest of the exchange rates that payments are converted at where they do not bring their own."""
    known: bool
    wanted: Mapping[str, Any]
    """What was asked of it, JSON-ready: days, a limit."""


def result(counted: Tally, releases: Releases, source: Source, words: Words) -> dict[str, Any]:
    """The body of a back-test, JSON-ready; the same tally gives the same body."""
    bench = releases.was
    by: Mapping[str, int] = counted["by"]
    moved = [_move(*one) for one in changes(counted["outcomes"])]
    body = {
        "format": FORMAT,
        "was": _release(releases.was.packs),
        "now": _release(releases.now.packs),
        "packs_changed": list(releases.touched.packs),
        "source": {
            "kind": source.kind,
            "name": source.name,
            "digest": source.digest,
            "past_known": source.known,
            **source.wanted,
        },
        "domains": list(bench.domains),
        "legal_day": bench.legal_day.isoformat() if bench.legal_day else None,
        "full": releases.full,
        "payments": {
            "evaluated": counted["payments"],
            "changed": sum(one["payments"] for one in moved if one["was"] != one["now"]),
            "left_out": sum(counted["left_out"].values()),
            "in_columns": by.get("columns", 0),
            "one_by_one": by.get("alone", 0),
            "same_by_construction": by.get(SAME, 0),
        },
        "left_out": [{"reason": reason, "payments": count} for reason, count in counted["left_out"].items()],
        "left_out_payments": [_left_out(one) for one in counted["left_out_payments"]],
        "outcomes": moved,
        "verdicts": {
            domain: [_move(*one) for one in changes(counted["domains"].get(domain, {}))] for domain in bench.domains
        },
        "rules": [{"rule": rule, **one} for rule, one in counted["rules"].items()],
        "countries": [{"country": country or None, **one} for country, one in counted["countries"].items()],
        "money": [_money(currency, one) for currency, one in counted["money"].items()],
        "tax": [_tax(where, one) for where, one in counted["tax"].items()],
        "labels": _labels(counted["labels"]) if counted["labels"] else None,
        "examples": [_example(key, shown) for key, shown in counted["examples"].items()],
    }
    return {**body, "sentences": sentences(body, words), "locale": words.locale}


def _release(packs: PackSet) -> dict[str, str]:
    return {"digest": packs.release.digest, "version": packs.release.version}


def _move(was: str, now: str, count: int) -> dict[str, Any]:
    return {"was": was, "now": now, "payments": count}


def _left_out(one: Mapping[str, str]) -> dict[str, str]:
    return {"payment": one["ref"], "reason": one["reason"], "detail": one["detail"]}


def _money(currency: str, one: Mapping[str, Any]) -> dict[str, Any]:
    ways = {way: one.get(way, _NONE) for way in ("stricter", "milder")}
    told = {way: {**found, "amount": plain(Decimal(found["amount"]), currency)} for way, found in ways.items()}
    return {"currency": currency, **told}


def _tax(where: str, one: Mapping[str, Any]) -> dict[str, Any]:
    country, _, currency = where.partition(" ")
    before, after = Decimal(one["before"]), Decimal(one["after"])
    amounts = {"before": before, "after": after, "difference": EXACT.subtract(after, before)}
    told = {name: plain(amount, currency) for name, amount in amounts.items()}
    return {"country": country, "currency": currency, "payments": one["payments"], **told}


def _labels(labels: Mapping[str, Any]) -> dict[str, Any]:
    """Precision: of the payments with an outcome, how many were bad. Recall: of the bad ones, how many had it."""
    found: dict[str, Any] = {"known": labels["known"], "bad": labels["bad"]}
    for when in ("was", "now"):
        told = labels.get(when, {})
        found[when] = [
            {
                "outcome": outcome,
                **(one := told.get(outcome, {"payments": 0, "bad": 0})),
                "precision": _share(one["bad"], one["payments"]),
                "recall": _share(one["bad"], labels["bad"]),
            }
            for outcome in WATCHED
        ]
    return found


def _share(part: int, whole: int) -> str | None:
    """A share of one with four decimals; None of nothing."""
    return None if whole == 0 else f"{(Decimal(part) / Decimal(whole)).quantize(Decimal('0.0001')):f}"


def _example(key: str, shown: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    subject, _, move = key.partition(":")
    was, now, _ = next(changes({move: 0}))
    payments = [{**one, "amount": plain(Decimal(one["amount"]), one["currency"])} for one in shown]
    return {"of": subject, "was": was, "now": now, "payments": payments}


# -- in words ---------------------------------------------------------------------------------------------------------------


def sentences(body: Mapping[str, Any], words: Words) -> list[str]:
    """What an officer reads first, in one language."""
    count, found = body["payments"], []

    def say(key: str, **values: Any) -> None:
        found.append(words.say(f"backtest.{key}").format(**values))

    moved = [one for one in body["outcomes"] if one["was"] != one["now"]]
    stricter = sum(one["payments"] for one in moved if OUTCOMES[one["now"]] > OUTCOMES[one["was"]])
    if not moved:
        say("same", payments=count["evaluated"])
    else:
        say(
            "changed",
            payments=count["evaluated"],
            changed=count["changed"],
            stricter=stricter,
            milder=count["changed"] - stricter,
        )
    for one in sorted(moved, key=lambda one: (-one["payments"], one["was"], one["now"])):
        say("move", payments=one["payments"], was=one["was"], now=one["now"])
    for one in body["money"]:
        say("money", currency=one["currency"], stricter=one["stricter"]["amount"], milder=one["milder"]["amount"])
    for one in body["tax"]:
        say("tax", **{name: one[name] for name in ("country", "before", "after", "currency", "payments")})
    if body["labels"] is not None:
        say("labels", known=body["labels"]["known"], bad=body["labels"]["bad"])
        say("counterfactual")
    if count["same_by_construction"]:
        say("untouched", payments=count["same_by_construction"])
    if count["left_out"]:
        say("left_out", payments=count["left_out"])
    if not body["source"]["past_known"]:
        say("no_past")
    return found
