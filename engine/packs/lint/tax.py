"""Tables of tax: one rate for one thing on one day, a history without holes, and a plain word on whether there is a tax."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import Final

from engine.packs.layers import WORLD
from engine.packs.lint.view import View
from engine.packs.model import Domain, Pack, Parameter, TaxRate, Territory
from engine.packs.problems import Spot
from engine.packs.read_tax import DOMAIN

STANDARD: Final = "standard"
TAXED: Final = "has_consumption_tax"
"""Parameter (bool): whether the place levies a general tax on consumption."""
SUBNATIONAL: Final = "subnational_only"
"""Parameter (bool): the tax is levied by parts of the country alone, and its own pack has no standard rate."""
OTHER: Final = "any other supply"

Days = tuple[date, date]
"""From a day to the day before another."""


def identity(view: View) -> None:
    """Ids of rates and of territories, once a pack: answers name them."""
    for _, part in _taxes(view):
        _unique(view, "rate", part.rates)
        _unique(view, "territory", part.territories)


def _unique(view: View, said: str, records: Iterable[TaxRate | Territory]) -> None:
    first: dict[str, Spot] = {}
    for record in records:
        if record.id in first:
            message = f"The {said} {record.id} stands twice."
            view.report("duplicate-id", view.at(record.spot, "id"), message, f"See {first[record.id]}.")
        first.setdefault(record.id, record.spot)


# -- one rate a day --------------------------------------------------------------------------------------------------------


def overlaps(view: View) -> None:
    """No two lines speak of one thing on one day."""
    for _, part in _taxes(view):
        for first, second in combinations(part.rates, 2):
            day = common(days_of(first), days_of(second))
            if day is None or first.component != second.component or first.category != second.category:
                continue
            if asks(first) == asks(second):
                message = f"The rates {first.id} and {second.id} both hold {_on(day)}."
                view.report(
                    "rate-overlap",
                    second.spot,
                    message,
                    f"End one before the other, or tell them apart. See {first.spot}.",
                )
            elif first.category == STANDARD and _meet(first, second):
                message = f"The tax {first.component} has two standard rates {_on(day)}: {first.id} and {second.id}."
                view.report("rate-standard-twice", second.spot, message)


def asks(rate: TaxRate) -> Hashable:
    """What a line asks beside its category."""
    return frozenset(rate.supplies), rate.condition


def _meet(first: TaxRate, second: TaxRate) -> bool:
    """Whether some kind of supply falls under both."""
    return not first.supplies or not second.supplies or bool(set(first.supplies) & set(second.supplies))


def common(first: Days, second: Days) -> date | None:
    """The first day of both."""
    start = max(first[0], second[0])
    return start if start < min(first[1], second[1]) else None


def days_of(rate: TaxRate) -> Days:
    return rate.start, rate.end or date.max


def _on(day: date) -> str:
    return "on every early day" if day == date.min else f"on {day}"


# -- no holes --------------------------------------------------------------------------------------------------------------


def gaps(view: View) -> None:
    """The standard rate holds on every day after its first, until the tax itself ends or gives way to another."""
    for _, part in _taxes(view):
        standard = [rate for rate in part.rates if rate.category == STANDARD and rate.start < (rate.end or date.max)]
        for component in dict.fromkeys(rate.component for rate in standard):
            own = [rate for rate in standard if rate.component == component]
            others = [days_of(rate) for rate in standard if rate.component != component]
            for (start, end), following in holes(own).items():
                if not replaced(start, end, others):
                    message = f"The tax {component} has no standard rate from {start} to the day before {end}."
                    view.report("rate-gap", view.at(following.spot, "from"), message)


def holes(rates: list[TaxRate]) -> dict[Days, TaxRate]:
    """Days without a rate between two that have one, for some kind of supply, and the line after them."""
    kinds = {kind for rate in rates for kind in rate.supplies or (OTHER,)}
    found: dict[Days, TaxRate] = {}
    for kind in sorted(kinds):
        until = None
        for rate in sorted(rates, key=days_of):
            if rate.supplies and kind not in rate.supplies:
                continue
            if until is not None and rate.start > until:
                found.setdefault((until, rate.start), rate)
            until = max(until or date.min, rate.end or date.max)
    return found


def replaced(start: date, end: date, others: list[Days]) -> bool:
    """Whether another tax stood in between: it began with the hole, and lasted as long."""
    until = start
    for first, last in sorted(days for days in others if days[0] >= start):
        until = max(until, last) if first <= until else until
    return until >= end


# -- whether there is a tax ------------------------------------------------------------------------------------------------


def presence(view: View) -> None:
    """Every place says whether it has such a tax, and its rates agree."""
    for pack, part in _taxes(view):
        if pack.members or pack.jurisdiction == WORLD:
            continue
        parameter = part.parameters.get(TAXED)
        if parameter is not None and parameter.kind != "bool":
            view.report("tax-unstated", parameter.spot, f"{TAXED} is a {parameter.kind}: it is neither true nor false.")
        elif parameter is not None:
            _denied(view, part, parameter)
            _rated(view, pack, parameter)
        elif not any(TAXED in domain.parameters for domain in _chain(view, pack)):
            message = f"The pack {pack.jurisdiction} does not say whether there is a consumption tax."
            view.report("tax-unstated", Spot(part.files[0], 1, 1), message)


def _denied(view: View, part: Domain, parameter: Parameter) -> None:
    """One finding a period, however many rates hold in it: they have one cause."""
    for period in _without(parameter):
        held = [(rate, day) for rate in part.rates if (day := common(period, days_of(rate))) is not None]
        if held:
            rate, day = held[0]
            more = f", and {len(held) - 1} more," if len(held) > 1 else ""
            message = f"The rate {rate.id}{more} holds {_on(day)}, when {TAXED} is false."
            view.report("tax-denied", rate.spot, message, f"Correct one of them. See {parameter.spot}.")


def _without(parameter: Parameter) -> Iterator[Days]:
    """The periods in which the parameter says that there is no tax."""
    values = [value for value in parameter.values if not value.pending]
    ends = [value.start for value in values[1:]]
    yield from (
        (value.start, end) for value, end in zip(values, [*ends, date.max], strict=True) if value.value is False
    )


def _rated(view: View, pack: Pack, parameter: Parameter) -> None:
    """A tax that is levied today has a standard rate today, here or in what the place belongs to."""
    today = view.today
    if today is None or not _true(parameter, today):
        return
    domains = list(_chain(view, pack))
    if any(_true(domain.parameters.get(SUBNATIONAL), today) for domain in domains):
        return
    if not any(rate.category == STANDARD and rate.on(today) for domain in domains for rate in domain.rates):
        message = f"{pack.jurisdiction} has a consumption tax and no standard rate on {today}."
        view.report("tax-standard-missing", parameter.spot, message)


def _true(parameter: Parameter | None, day: date) -> bool:
    entry = parameter.at(day) if parameter else None
    return entry is not None and entry.value is True


def _chain(view: View, pack: Pack) -> Iterator[Domain]:
    """The tax domains that speak for a place."""
    codes = view.layers.chain(pack.jurisdiction, view.today or date.max)
    yield from (view.packs[code].domains[DOMAIN] for code in codes if DOMAIN in view.packs[code].domains)


def _taxes(view: View) -> Iterator[tuple[Pack, Domain]]:
    return ((pack, part) for pack, part in view.domains() if part.name == DOMAIN)


CHECKS: Final[tuple[Callable[[View], None], ...]] = (identity, overlaps, gaps, presence)
"""The checks of this module, in their order."""
