"""Totals from running sums: equal to a slow count of every sale, at the rate that the law wants, in the window that it names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from engine.postings import Booked, Flow, Posting, Running, from_minor
from engine.tax.law import TaxLaw
from engine.tax.recorded import total_of
from engine.tax.recorder import Question, Recorder, Total, remembered_totals, wanted
from engine.tax.threshold_tests import Test as Threshold
from engine.tax.threshold_tests import Window, told_windows, union_test, windows
from engine.tax.threshold_tests import test_at as threshold_at
from tests.property.shipped import packs

TODAY = date(2026, 11, 22)
Threshold.__test__ = False  # type: ignore[attr-defined]
LAW = TaxLaw(packs())


def rates(amount: Decimal, base: str, target: str, day: date) -> Decimal | None:
    """A rate that moves every day, so that the wrong day shows; none for the franc."""
    return None if "CHF" in (base, target) else amount * (Decimal(1) + Decimal(day.toordinal() % 97) / 1000)


class Sold:
    """A ledger made of a list, that adds up whatever it is asked."""

    def __init__(self, booked: Sequence[Booked]) -> None:
        self.all = sorted(booked, key=lambda one: (one.day, one.seq))

    def booked(self, _merchant: str, first: date, last: date) -> Sequence[Booked]:
        return [one for one in self.all if first <= one.day <= last]

    def daily(self, merchant: str, first: date, last: date, place: str | None = None) -> Sequence[Flow]:
        found: dict[tuple[object, ...], list[int]] = {}
        for one in self.booked(merchant, first, last):
            at = one.posting
            if place is None or (at.destination or "").partition("-")[0] == place or at.destination == place:
                key = (
                    at.destination,
                    at.origin,
                    at.kind,
                    at.customer,
                    bool(at.platform),
                    one.currency,
                    one.digits,
                    one.day,
                )
                found.setdefault(key, [0, 0])[one.reversal_id is not None] += at.net
        return [Flow(*key, *sums) for key, sums in found.items()]  # type: ignore[arg-type]

    def running(self, merchant: str, first: date, last: date, place: str | None = None) -> Sequence[Running]:
        found: dict[tuple[object, ...], list[int]] = {}
        for flow in self.daily(merchant, first, last, place):
            sums = found.setdefault(flow[:7], [0, 0])
            sums[0] += flow.sold
            sums[1] += flow.back
        sales = {one.transaction_id for one in self.booked(merchant, first, last) if one.reversal_id is None}
        counts = iter([len(sales), *[0] * len(found)])
        return [Running(Flow(*key, last, *sums), next(counts)) for key, sums in found.items()]  # type: ignore[arg-type]


def sale(number: int, net: int, day: date, **changes: object) -> Booked:
    back = bool(changes.pop("back", False))
    currency, digits = str(changes.pop("currency", "EUR")), 2
    made = Posting(
        0,
        0,
        "1",
        "FR",
        None,
        "DE",
        "FR",
        "goods",
        "consumer",
        0,
        None,
        "standard",
        None,
        None,
        None,
        None,
        net,
        net,
        0,
        net,
    )._replace(**changes)  # type: ignore[arg-type]
    name = f"tax_{number}"
    return Booked(made, name, f"rev_{number}" if back else None, currency, digits, day, day, day, number)


def union() -> Threshold:
    found = union_test(LAW.at("DE", TODAY), LAW, TODAY)
    assert found is not None
    return found


def total(test: Threshold, window: Window, *booked: Booked, day: date = TODAY) -> Total:
    return total_of(Question("m", test, window, day), Sold(booked), rates)


def year() -> Window:
    return windows("calendar_year", TODAY)[0]


@pytest.mark.parametrize("seed", range(12))
def test_a_total_is_what_a_slow_count_of_every_sale_gives(seed: int) -> None:
    chance = Random(seed)
    booked = [
        sale(
            number,
            chance.randrange(1, 50_000),
            TODAY - timedelta(days=chance.randrange(-20, 800)),
            destination=chance.choice(("FR", "IT", "US-TX", "US-CA", "NO", "DE", None)),
            kind=chance.choice(("goods", "digital", None)),
            customer=chance.choice(("consumer", "business")),
            currency=chance.choice(("EUR", "USD", "NOK")),
            back=chance.random() < 0.2,
        )
        for number in range(300)
    ]
    texas, norway = (
        threshold_at(LAW.at("US-TX", TODAY), "economic_nexus_amount"),
        threshold_at(LAW.at("NO", TODAY), "digital_nonresident_threshold"),
    )
    assert texas is not None
    assert norway is not None
    for test in (union(), texas, norway):
        for window in told_windows(test.window, TODAY) or ():
            slow, unit = Decimal(0), test.limit.unit or "EUR"
            for one in booked:
                if window.first <= one.day <= min(window.last, TODAY) and test.counts(
                    Flow(*(getattr(one.posting, name) for name in ("destination", "origin", "kind", "customer")),
                         False, one.currency, 2, one.day, one.posting.net, 0)
                ):  # fmt: skip
                    amount = from_minor(one.posting.net, 2)
                    worth = (
                        amount if one.currency == unit else rates(amount, one.currency, unit, test.rate_day or one.day)
                    )
                    assert worth is not None
                    slow += -worth if one.reversal_id else worth
            assert total(test, window, *booked).amount == slow


def test_other_currencies_count_at_the_one_rate_that_the_union_fixed() -> None:
    """Art. 59c(5): 5 December 2017, whenever the sale was."""
    found = total(union(), year(), sale(1, 10_000, date(2026, 3, 1), currency="USD"))
    assert found.amount == rates(Decimal("100.00"), "USD", "EUR", date(2017, 12, 5))


def test_without_a_rate_the_total_is_unknown_and_the_rate_is_named() -> None:
    found = total(union(), year(), sale(1, 100, TODAY), sale(2, 100, TODAY, currency="CHF"))
    assert (found.amount, found.lacking) == (None, ("fx.CHF.EUR",))


def test_the_day_of_the_sale_counts_and_nothing_after_it() -> None:
    days = [sale(n, 100, TODAY + timedelta(days=n)) for n in (-1, 0, 1)]
    assert total(union(), year(), *days).amount == Decimal("2.00")


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("calendar_year", True),
        ("current_or_previous_calendar_year", True),
        ("twelve_months", True),
        ("12_months_to_30_september", True),
        ("three_months", True),
        ("accounting_year", False),
        ("base_period", False),
        ("preceding_four_sales_tax_quarters", False),
        ("", False),
    ],
)
def test_a_window_of_the_sellers_own_or_one_that_nobody_read_is_not_guessed(word: str, known: bool) -> None:
    assert (told_windows(word, TODAY) is not None) is known


def test_a_crossing_in_the_middle_of_the_year_outlasts_its_refund() -> None:
    may, june = date(2026, 5, 1), date(2026, 6, 1)
    sold = [sale(1, 900_000, may), sale(2, 200_000, june), sale(2, 200_000, june + timedelta(days=1), back=True)]
    found = total(union(), year(), *sold)
    assert (found.amount, found.highest) == (Decimal("9000.00"), Decimal("11000.00"))
    slow = [sale(n, 900_000, may + timedelta(days=2 * n)) for n in range(3)]
    gone = [sale(n, 900_000, may + timedelta(days=2 * n + 1), back=True) for n in range(3)]
    assert total(union(), year(), *slow, *gone).highest is None


# -- what is used ------------------------------------------------------------------------------------------------------


def recorder(amount: str | None, since: str = "2025-01-01", lacking: tuple[str, ...] = ()) -> Recorder:
    known = Total(None if amount is None else Decimal(amount), None, 3, lacking)
    return Recorder("m", date.fromisoformat(since), lambda _question: known)


@pytest.mark.parametrize(
    ("held", "stated", "used"),
    [("5", None, "5"), ("5", "4", "5"), ("5", "5", "5"), ("5", "6", "6"), (None, "4", "4"), (None, None, None)],
)
def test_the_larger_of_both_counts(held: str | None, stated: str | None, used: str | None) -> None:
    said = None if stated is None else Decimal(stated)
    found = recorder(held).amount("eu_cross_border_total", union(), year(), TODAY, said)
    assert found == (None if used is None else Decimal(used))


def test_a_year_that_is_recorded_in_part_is_a_floor_and_no_total() -> None:
    partly = recorder("5", since="2026-02-01")
    assert partly.amount("x", union(), year(), TODAY, None) is None
    assert partly.asked == {}, "the ledger is not even asked"
    assert partly.amount("x", union(), year(), TODAY, Decimal(4)) == Decimal(5)


def test_a_rate_that_is_missing_leaves_what_is_stated_and_says_that_it_could_not_be_compared() -> None:
    open_one = recorder(None, lacking=("fx.CHF.EUR",))
    assert open_one.amount("x", union(), year(), TODAY, Decimal(4)) == Decimal(4)
    (said,) = open_one.said("now")
    assert (said["amount"], said["used"], list(open_one.lacking)) == (None, "stated", ["fx.CHF.EUR"])


def test_what_was_asked_is_remembered_exactly() -> None:
    first = recorder("9999.999999")
    first.amount("x", union(), year(), TODAY, None)
    again = Recorder("m", first.since, remembered_totals(first.remembered()))
    assert again.amount("x", union(), year(), TODAY, None) == Decimal("9999.999999")
    assert again.said("now") == first.said("now")
    assert again.amount("x", union(), windows("twelve_months", TODAY)[0], TODAY, None) is None, "was not asked then"


def test_goods_count_where_the_law_asks_about_goods() -> None:
    law = LAW.at("AU", TODAY)
    flow = Flow("AU", "DE", "goods", "consumer", False, "AUD", 2, TODAY, 1, 0)
    for kind, counted in (("goods", True), ("digital", False)):
        found = wanted(law, "digital_nonresident_threshold", "turnover", kind, TODAY)
        assert found is not None
        assert found.test.counts(flow) is counted
        assert found.all_kinds().counts(flow)
