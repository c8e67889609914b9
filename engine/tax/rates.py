"""Which rates a line bears at a place, once it is settled that the place taxes it and this seller charges."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from engine.packs.model import Confidence
from engine.tax.categories import searched
from engine.tax.law import PlaceLaw, Rate
from engine.tax.model import Component, Ruling, SaleLine, Step, Treatment

STANDARD: Final = "standard"
_REMEMBERED: Final = 1000
"""Answers kept with the law of one place and day: callers' categories are an open list."""
_KINDS: Final = {
    "standard": Treatment.STANDARD,
    "zero": Treatment.ZERO,
    "exempt": Treatment.EXEMPT,
}
"""Every other kind of rate is `reduced` on the wire; the component names the rate."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The rates of one line at one place, or why they cannot be told."""

    treatment: Treatment
    components: tuple[Component, ...]
    steps: tuple[Step, ...]
    missing: tuple[str, ...] = ()
    reason: str = ""


def pick(law: PlaceLaw, line: SaleLine, *components: str) -> Picked:
    """The rate of each tax (`components`; none: every tax the nearest pack levies) on the line's category.

    A category that the law has no line for bears the standard rate. A line without a category bears it only where no other
    rate could apply to its kind: otherwise nothing is guessed.
    """
    key = line.kind, line.category, components
    found: Picked | None = law.derived.get(key)
    if found is None:
        if len(law.derived) > _REMEMBERED:
            law.derived.clear()
        found = law.derived[key] = _pick(law, line, components)
    return found


def _pick(law: PlaceLaw, line: SaleLine, components: tuple[str, ...]) -> Picked:
    lines = [rate for rate in _nearest(law) if not components or rate.row.component in components]
    taxes = tuple(dict.fromkeys(rate.row.component for rate in lines))
    if not taxes:
        return Picked(Treatment.UNDECIDED, (), (), ("law.standard_rate",), "rate.unknown")
    found = [_one([rate for rate in lines if rate.row.component == tax], law, line) for tax in taxes]
    unknown = [one for one in found if one.treatment is Treatment.UNDECIDED]
    steps = tuple(step for one in found for step in one.steps)
    if unknown:
        missing = tuple(dict.fromkeys(name for one in unknown for name in one.missing))
        return Picked(Treatment.UNDECIDED, (), steps, missing, unknown[0].reason)
    charged = [one for one in found if one.components]
    leading = (charged or found)[0]
    return Picked(leading.treatment, tuple(part for one in found for part in one.components), steps, (), leading.reason)


def charge(law: PlaceLaw, line: SaleLine, base: Ruling, *components: str) -> Ruling:
    """A ruling completed with the rates of its place."""
    picked = pick(law, line, *components)
    kept = base.treatment is Treatment.IOSS and picked.treatment is not Treatment.UNDECIDED
    return replace(
        base,
        treatment=base.treatment if kept else picked.treatment,
        components=picked.components,
        reason=base.reason or picked.reason,
        steps=(*base.steps, *picked.steps),
        missing=(*base.missing, *picked.missing),
    )


def _nearest(law: PlaceLaw) -> list[Rate]:
    """The lines of the nearest pack that has any for each tax: a subdivision's own VAT replaces its country's.

    A part that its country's tax does not reach (`country_tax_applies: false`, the Canary Islands) has its own lines only.
    """
    reach = law.setting("country_tax_applies")
    apart = reach.pack.jurisdiction if reach is not None and reach.value is False else None
    rates = [rate for rate in law.rates() if apart in (None, rate.pack.jurisdiction)]
    found: dict[str, str] = {}
    for rate in rates:
        found.setdefault(rate.row.component, rate.pack.jurisdiction)
    return [rate for rate in rates if found[rate.row.component] == rate.pack.jurisdiction]


def _one(lines: list[Rate], law: PlaceLaw, line: SaleLine) -> Picked:
    """The rate of one tax."""
    fitting = [rate for rate in lines if not rate.row.supplies or line.kind is None or line.kind in rate.row.supplies]
    standard = [rate for rate in fitting if rate.row.category == STANDARD]
    named = searched(line.category, line.kind)
    own = next((found for name in named if (found := [rate for rate in fitting if rate.row.category == name])), [])
    if line.category is None and {_worth(rate) for rate in fitting} - {_worth(rate) for rate in standard}:
        step = Step("rate", f"{law.place} has several rates; the category of the line is not stated.")
        return Picked(Treatment.UNDECIDED, (), (step,), ("lines.category",), "category.unknown")
    chosen = (own or standard)[:1]
    if len({_worth(rate) for rate in own or standard}) > 1:
        step = Step(
            "rate", f"{law.place} has more than one rate for {line.category or STANDARD}: which, its conditions decide."
        )
        return Picked(Treatment.UNDECIDED, (), (step,), ("lines.facts",), "rate.ambiguous")
    if not chosen:
        step = Step("rate", f"No rate of {law.place} for {line.category or STANDARD} is known.")
        return Picked(Treatment.UNDECIDED, (), (step,), ("law.standard_rate",), "rate.unknown")
    return _applied(chosen[0], law, fell_back=not own and line.category not in (None, STANDARD), line=line)


def _worth(rate: Rate) -> tuple[str, Decimal | None, Decimal]:
    return rate.row.kind, rate.row.percent, rate.row.share


def _applied(rate: Rate, law: PlaceLaw, *, fell_back: bool, line: SaleLine) -> Picked:
    row = rate.row
    if row.unread or (row.percent is None and row.kind != "exempt"):
        step = rate.step("rate", f"The rate of {law.place} for {row.category} has not been read in its source yet.")
        return Picked(Treatment.UNDECIDED, (), (step,), (f"law.{row.id}",), "rate.unread")
    said = "exempt" if row.percent is None else f"{row.percent:f} %"
    words = f"{law.place} {row.kind} rate: {said}"
    words += f" (no other rate for {line.category} is known there)" if fell_back else ""
    words += f", for: {row.condition}" if row.condition else ""
    step = rate.step("rate", words)
    if row.percent is None:
        return Picked(Treatment.EXEMPT, (), (step,), (), "rate.exempt")
    # A category without a line of its own: that none was read is less sure than a line that was.
    sure = max(row.confidence, Confidence.C, key=list(Confidence).index) if fell_back else row.confidence
    name = law.setting(f"{row.component}_name") or law.setting("tax_name_local")
    part = Component(
        name=str(name.value) if name and name.value else row.component.upper(),
        jurisdiction=rate.pack.jurisdiction,
        percent=row.percent,
        share=row.share,
        rate_id=rate.id,
        confidence=sure,
    )
    return Picked(
        _KINDS.get(row.kind, Treatment.REDUCED), (part,), (replace(step, confidence=sure),), (), f"rate.{row.kind}"
    )
