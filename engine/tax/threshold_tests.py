"""Which thresholds matter to a seller: at home, in the Union, and in each place it sells into; and what counts for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from engine.places import country_of
from engine.postings import Flow
from engine.tax.law import PlaceLaw, Setting, TaxLaw
from engine.tax.model import Customer

UNION: Final = "EU"
_UNION_TEST: Final = "distance_sales_threshold"
ABROAD: Final = "digital_nonresident_threshold"
_HOME: Final = ("registration_threshold", "registration_threshold_goods", "registration_threshold_services")
_NEXUS: Final = "economic_nexus_amount"
_NEXUS_COUNT: Final = "economic_nexus_transactions"

Counts = Callable[[Flow], bool]


class Window(NamedTuple):
    """The days over which sales are added up; both are within."""

    kind: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Test:
    """One threshold of one jurisdiction."""

    jurisdiction: str
    parameter: str
    limit: Setting
    count: Setting | None
    both: bool
    """The amount and the count are needed together."""
    reached: bool
    """The limit itself is enough; False: only more than it."""
    window: str
    """As the pack names it; empty: not stated."""
    counts: Counts
    rate_day: date | None = None
    """A day whose exchange rate the law fixes once and for all."""
    everywhere: bool = False
    """Sales into other places than the jurisdiction count as well."""


def tests_of(law: TaxLaw, home: str | None, places: Iterable[str], today: date) -> list[Test]:
    """The thresholds that matter to a seller from `home` who sells into `places`."""
    found = []
    inside = home is not None and law.member(home, UNION, today)
    if home is not None and inside:
        found += _union(law.at(home, today), law, today)
    for place in sorted(places):
        country = country_of(place)
        if inside and law.member(country, UNION, today) and country != home:
            continue
        names = (*_HOME, _NEXUS) if country == home else (_NEXUS, ABROAD)
        found += [test for name in names for test in _tests(law.at(place, today), name, place)]
    # A country's own threshold is found from each of its parts.
    return list({(test.jurisdiction, test.parameter): test for test in found}.values())


def test_at(at: PlaceLaw, name: str) -> Test | None:
    """One threshold of a place by the name of its parameter."""
    found = _tests(at, name, at.place)
    return found[0] if found else None


def union_test(at: PlaceLaw, law: TaxLaw, today: date) -> Test | None:
    """The Union's own threshold, for a seller at home in one of its States."""
    found = _union(at, law, today)
    return found[0] if found else None


def _union(at: PlaceLaw, law: TaxLaw, today: date) -> list[Test]:
    limit = at.setting(_UNION_TEST, within=UNION)
    if limit is None:
        return []
    fixed = at.setting(f"{_UNION_TEST}_rate_date", within=UNION)

    def crosses(flow: Flow) -> bool:
        ends = [country_of(place) if place else None for place in (flow.origin, flow.destination)]
        inside = all(end is not None and law.member(end, UNION, flow.day) for end in ends)
        consumer = flow.customer != Customer.BUSINESS
        # A kind that nobody stated counts: the total can then only be too high, and never hides a crossing.
        return inside and ends[0] != ends[1] and consumer and flow.kind in ("goods", "digital", None)

    day = fixed.value if fixed is not None and isinstance(fixed.value, date) else None
    return [
        Test(UNION, _UNION_TEST, limit, None, False, False, "current_or_previous_calendar_year", crosses, day, True)
    ]


def _tests(at: PlaceLaw, name: str, place: str) -> list[Test]:
    limit = at.setting(name)
    if limit is None or (limit.pack.members and limit.pack.jurisdiction != place):
        return []
    place = limit.pack.jurisdiction if len(place) > 2 and limit.pack.jurisdiction == country_of(place) else place
    window = at.setting("economic_nexus_window" if name == _NEXUS else f"{name}_window")
    test = at.setting("economic_nexus_test")
    count = at.setting(_NEXUS_COUNT) if name == _NEXUS else None
    flag = at.setting("economic_nexus_both")
    both = (test is not None and test.value == "and") or (flag is not None and flag.value is True)
    said = str(window.value) if window is not None and window.value else ""
    counts = _into(place, name, at)
    if said.endswith("worldwide"):
        counts = anywhere
    everywhere = counts is anywhere
    made = Test(place, name, limit, count, both, name != _NEXUS, said, counts, everywhere=everywhere)
    return [made]


def anywhere(_flow: Flow) -> bool:
    """Sales to the whole world."""
    return True


def _into(place: str, name: str, at: PlaceLaw) -> Counts:
    """Sales into a place. Which of them count, the law of each place says; what is unclear counts."""
    through = at.setting("marketplace_sales_count_for_seller_nexus")
    without_platforms = name == _NEXUS and through is not None and through.value in (False, "no")
    reverse = at.setting("reverse_charge_b2b_digital")
    consumers_only = name == ABROAD and reverse is not None and reverse.value is True

    def counts(flow: Flow) -> bool:
        if flow.destination is None or place not in (flow.destination, country_of(flow.destination)):
            return False
        if name == ABROAD:
            from_here = flow.origin is not None and country_of(flow.origin) == country_of(place)
            business = consumers_only and flow.customer == Customer.BUSINESS
            return not from_here and not business and flow.kind in ("digital", "service", None)
        if (
            name.endswith(("_goods", "_services"))
            and flow.kind is not None
            and (flow.kind == "goods") is not name.endswith("_goods")
        ):
            return False
        return not (without_platforms and flow.platform)

    return counts


# -- windows --------------------------------------------------------------------------------------------------------


def windows(said: str, today: date) -> tuple[Window, ...]:
    """The windows that a pack's word stands for, the present one first.

    Where the word is missing or speaks of the seller's own books, both the calendar year and twelve months are looked at: the
    nearer to the threshold speaks.
    """
    year = Window("calendar_year", date(today.year, 1, 1), date(today.year, 12, 31))
    before = Window("previous_calendar_year", date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
    rolling = Window("twelve_months", months_back(today, 12), today)
    if said == "calendar_year":
        return (year,)
    if said == "previous_calendar_year":
        return (before, year)
    if "previous" in said and "calendar_year" in said:
        return (year, before)
    if said == "three_months":
        return (Window("three_months", months_back(today, 3), today),)
    if "30_september" in said:
        ends = today.year if (today.month, today.day) <= (9, 30) else today.year + 1
        return (Window("twelve_months_to_30_september", date(ends - 1, 10, 1), date(ends, 9, 30)),)
    if said.startswith(("12_months", "twelve_months", "preceding_12_months", "preceding_four")):
        return (rolling,)
    return (year, rolling)


def told_windows(said: str, day: date) -> tuple[Window, ...] | None:
    """The windows of a law that the calendar alone tells; None: it was not read, or is the seller's own year or quarter."""
    plain = (
        "calendar_year",
        "previous_calendar_year",
        "three_months",
        "12_months",
        "twelve_months",
        "preceding_12_months",
    )
    if said in plain or said in (
        "current_or_previous_calendar_year",
        "twelve_months_worldwide",
        "12_months_to_30_september",
    ):
        found = windows(said, day)
        return found[:1] if said == "previous_calendar_year" else found
    return None


def months_back(day: date, months: int) -> date:
    """The first day of so many months that end with `day`."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last)) + timedelta(days=1)


ROLLING: Final = {"twelve_months": 12, "three_months": 3}
