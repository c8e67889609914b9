"""Rules over one number, with the tests that show each on both sides: of the amount, of the dates, of every condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.money import DIGITS
from scripts.aml_draft.emit import Law
from scripts.aml_draft.rows import Parameter
from scripts.tax_draft.facts import UNREAD, Fact

TODAY = "2026-11-22"
Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limit:
    """A dated amount that a rule compares with."""

    parameter: Parameter
    sign: str
    """`>` or `>=`."""
    unit: str

    def value(self, day: str) -> Decimal:
        """The amount on a day."""
        rows = [row for row in self.parameter.rows if row.start == UNREAD or row.start <= day]
        return Decimal(rows[-1].value)

    def inside(self, day: str) -> str:
        """The least amount that the rule catches."""
        return self._said(self.value(day) + (self._step if self.sign == ">" else 0))

    def outside(self, day: str) -> str:
        """The greatest that it does not."""
        return self._said(self.value(day) - (0 if self.sign == ">" else self._step))

    @property
    def _step(self) -> Decimal:
        return Decimal(1).scaleb(-DIGITS[self.unit])

    def _said(self, amount: Decimal) -> str:
        return f"{amount.quantize(self._step):f} {self.unit}"


@dataclass(frozen=True, slots=True)
class Frame:
    """The conditions beside the amount: the payment that meets all of them, the changes that break one, the facts left out."""

    when: str
    given: Given
    broken: tuple[tuple[str, Given], ...] = ()
    unknown: tuple[tuple[str, Given, tuple[str, ...]], ...] = ()
    """(name, changes; a fact set to None is left out, the facts that are then missing)."""


def changed(given: Given, change: Given) -> Given:
    """The payment with changes; None takes a fact out."""
    return {key: value for key, value in {**given, **change}.items() if value is not None}


def day_before(day: str) -> str:
    """The day before."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def lived(rows: Sequence[Fact]) -> tuple[str, str | None]:
    """From when and to when a parameter's rows give a number."""
    return rows[0].start, rows[-1].end


def applies(start: str, end: str | None) -> dict[str, str]:
    """The life of a rule."""
    return {"by": "payment_date", "from": start} | ({"to": end} if end else {})


def amount_rule(  # noqa: PLR0913  the columns of a reading
    law: Law,
    identity: str,
    title: str,
    effect: dict[str, Any],
    frame: Frame,
    limit: Limit,
    *,
    total: str = "amount",
    confidence: str = "",
    note: str = "",
    start: str = "",
    end: str | None = None,
    single: bool = False,
    basis: str = "statute",
    strict: tuple[Given, tuple[str, ...]] | None = None,
    linked: bool = False,
    fires: Sequence[tuple[str, Given]] = (),
    past: Sequence[tuple[str, Given]] = (),
) -> None:
    """A rule that fires from an amount on.

    `total` is the sum that counts; `single`: an amount that is enough alone is enough whatever else is known. `strict`: the change
    after which the sum cannot be told, and what is missing then. `linked`: operations that belong to it are added. `fires`: changes
    that change nothing. `past`: what history knows, an empty text in the place of the amount.
    """
    rows = limit.parameter.rows
    began, ended = lived(rows)
    began, ended = start or began, end or ended
    last = day_before(ended) if ended and ended <= TODAY else max(TODAY, began if began != UNREAD else TODAY)
    name = limit.parameter.name
    compare = f"{total} {limit.sign} {name}"
    if single and total != "amount":
        compare = f"(amount {limit.sign} {name} or {compare})"
    on = {"on": last} if last != TODAY else {}
    base = {"amount": limit.inside(last), **frame.given}
    tests: list[dict[str, Any]] = [
        {"name": "from this amount on", **on, "given": base, "expect": "fires"},
        {"name": "one unit less", **on, "given": {**base, "amount": limit.outside(last)}, "expect": "silent"},
    ]
    tests += [{"name": said, **on, "given": changed(base, change), "expect": "silent"} for said, change in frame.broken]
    for said, change, missing in frame.unknown:
        tests.append({"name": said, **on, "given": changed(base, change), "expect": {"unknown": list(missing)}})
    if strict is not None:
        less = changed({**base, "amount": limit.outside(last)}, strict[0])
        tests.append({"name": "earlier ones not known", **on, "given": less, "expect": {"unknown": list(strict[1])}})
        tests.append({"name": "enough alone", **on, "given": changed(base, strict[0]), "expect": "fires"})
    tests += [{"name": said, **on, "given": changed(base, change), "expect": "fires"} for said, change in fires]
    for said, change in past:
        before = {**base, "amount": limit.outside(last)}
        if "0" in change.values():
            both = {
                key: {"": limit.inside(last), "0": f"0 {limit.unit}"}.get(str(value), value)
                for key, value in change.items()
            }
            tests.append({"name": said, **on, "given": changed(before, both), "expect": {"unknown": ["direction"]}})
            continue
        filled = {key: limit.inside(last) if value == "" else value for key, value in change.items()}
        nothing = {key: f"0 {limit.unit}" if value == "" else value for key, value in change.items()}
        tests.append({"name": said, **on, "given": changed(before, filled), "expect": "fires"})
        tests.append({"name": f"{said}: none", **on, "given": changed(before, nothing), "expect": "silent"})
    if linked:
        beside = {
            **base,
            "linked": [{"amount": limit.inside(last)}],
            "amount": limit.outside(last),
            "occurred_at": f"{last}T12:00:00+00:00",
        }
        tests.append({"name": "with one that belongs to it", **on, "given": beside, "expect": "fires"})
    tests.append(
        {
            "name": "no amount",
            **on,
            "given": {key: value for key, value in base.items() if key != "amount"},
            "expect": {"unknown": ["amount"]},
        }
    )
    for row in rows[1:]:
        if (began == UNREAD or row.start > began) and (not ended or row.start < ended):
            for day in (day_before(row.start), row.start):
                tests.append(
                    {"name": f"on {day}", "on": day, "given": {**base, "amount": limit.inside(day)}, "expect": "fires"}
                )
                tests.append(
                    {
                        "name": f"less on {day}",
                        "on": day,
                        "given": {**base, "amount": limit.outside(day)},
                        "expect": "silent",
                    }
                )
    if began != UNREAD:
        tests.append(
            {"name": "the first day", "on": began, "given": {**base, "amount": limit.inside(began)}, "expect": "fires"}
        )
        tests.append(
            {
                "name": "the day before",
                "on": day_before(began),
                "given": {**base, "amount": limit.inside(began)},
                "expect": "silent",
            }
        )
    if ended:
        final = day_before(ended)
        tests.append(
            {"name": "the last day", "on": final, "given": {**base, "amount": limit.inside(final)}, "expect": "fires"}
        )
        tests.append(
            {
                "name": "the day after the last",
                "on": ended,
                "given": {**base, "amount": limit.inside(final)},
                "expect": "silent",
            }
        )
    told = rows[-1]
    rule: dict[str, Any] = {
        "id": identity, "title": title, "basis": basis, "cite": law.cite(told), "confidence": confidence or weakest_of(rows),
    }  # fmt: skip
    if told.evidence:
        rule["evidence"] = told.evidence
    rule |= {
        "applies": applies(began, ended),
        "when": f"{frame.when} and {compare}",
        "effect": effect,
        "message": message_of(effect),
    }
    said = "; ".join(filter(None, [told.condition, note, told.note]))
    rule |= {"note": said} if said else {}
    law.rules.append({**rule, "tests": unique(tests)})


def plain_rule(
    law: Law, identity: str, title: str, effect: dict[str, Any], frame: Frame, told: Fact, *,
    start: str = "", end: str | None = None, basis: str = "statute", note: str = "", confidence: str = "",
    extra: Sequence[dict[str, Any]] = (), **more: Any,
) -> None:  # fmt: skip
    """A rule without an amount."""
    began = start or told.start
    ended = end or told.end
    last = day_before(ended) if ended and ended <= TODAY else max(TODAY, began if began != UNREAD else TODAY)
    on = {"on": last} if last != TODAY else {}
    base = frame.given
    tests: list[dict[str, Any]] = [{"name": "it holds", **on, "given": base, "expect": "fires"}]
    tests += [{"name": said, **on, "given": changed(base, change), "expect": "silent"} for said, change in frame.broken]
    tests += [
        {"name": said, **on, "given": changed(base, change), "expect": {"unknown": list(missing)}}
        for said, change, missing in frame.unknown
    ]
    tests += extra
    if began != UNREAD:
        tests.append({"name": "the first day", "on": began, "given": base, "expect": "fires"})
        tests.append({"name": "the day before", "on": day_before(began), "given": base, "expect": "silent"})
    if ended:
        tests.append({"name": "the last day", "on": day_before(ended), "given": base, "expect": "fires"})
        tests.append({"name": "the day after the last", "on": ended, "given": base, "expect": "silent"})
    rule: dict[str, Any] = {
        "id": identity,
        "title": title,
        "basis": basis,
        "cite": law.cite(told),
        "confidence": confidence or told.confidence,
    }
    if told.evidence:
        rule["evidence"] = told.evidence
    rule |= {
        "applies": applies(began, ended),
        "when": frame.when,
        "effect": effect,
        "message": message_of(effect),
        **more,
    }
    said = "; ".join(filter(None, [told.condition, note, told.note]))
    rule |= {"note": said} if said else {}
    law.rules.append({**rule, "tests": unique(tests)})


def unique(tests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names once each."""
    seen: dict[str, int] = {}
    found = []
    for test in tests:
        seen[test["name"]] = count = seen.get(test["name"], 0) + 1
        found.append({**test, "name": test["name"] if count == 1 else f"{test['name']} ({count})"})
    return found


def weakest_of(rows: Sequence[Fact]) -> str:
    """How sure the number of the last row is."""
    return rows[-1].confidence


MESSAGES = {
    ("report", "suspicion"): "A suspicion must be reported",
    ("report", ""): "A report of this operation is due",
    ("block", "cash_limit"): "Cash from this amount on is not allowed",
    ("block", "anonymous_prepaid"): "Anonymous prepaid cards from abroad are not allowed",
    ("block", ""): "A party is in a territory under embargo",
    ("review", "suspicion"): "A suspicion must be looked at by a person",
    ("review", "standstill"): "The transaction must wait for the authority",
    ("review", "blocking_statute"): "The law forbids to refuse for this foreign embargo alone",
    ("review", "region_unknown"): "The region of the party in Ukraine must be known",
    ("review", "region_not_controlled"): "The region of the party in Ukraine must be looked at",
    ("review", ""): "A party is in a territory under sanctions",
    ("due_diligence", "standard"): "Due diligence is due",
    ("due_diligence", "enhanced"): "Enhanced due diligence is due",
    ("due_diligence", "simplified"): "Simplified due diligence is enough",
    ("travel_rule", ""): "Data must go with this transfer",
    ("retain", ""): "Records must be kept",
    ("flag", ""): "A party is in a jurisdiction under increased monitoring",
    ("oblige", ""): "The operation must be registered",
    ("oblige", "other"): "More is asked of the obliged entity",
}
"""What an officer reads of each kind of rule; its title says more, in English."""


def message_of(effect: dict[str, Any]) -> str:
    """The sentence of an effect."""
    kind, name = next(iter(effect.items()))
    if kind == "oblige" and name[0]["what"] != "register_operation":
        name = "other"
    return MESSAGES.get((kind, str(name)), MESSAGES.get((kind, ""), ""))
