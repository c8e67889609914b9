"""How near a threshold is: the total so far, the very sale that crossed, when it will be crossed, and what if."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.postings import Booked, Flow, Posting
from engine.tax.law import TaxLaw
from engine.tax.threshold_tests import months_back, windows
from engine.tax.thresholds import Sold, report, since
from tests.tax.smalllaw import packs

TODAY = date(2026, 11, 22)
LAW = TaxLaw(packs())


class Book:
    """A merchant's sales, as the ledger would tell them: in the order in which they were made."""

    def __init__(self) -> None:
        self.booked: list[Booked] = []

    def sale(self, amount: str, day: date = TODAY, *, to: str = "FR", back: bool = False, **about: Any) -> Book:
        """A sale, or what went back, of this much without tax."""
        number = len(self.booked) + 1
        units = int(Decimal(amount) * 100)
        posting = Posting(
            0, 0, "1", to[:2], None, about.get("origin", "DE"), to, about.get("kind", "goods"), about.get("customer", "consumer"),
            int(about.get("platform", False)), "oss", "standard", "T", to, "20", None, units, units, 0, units,
        )  # fmt: skip
        name = f"tax_{number}"
        self.booked.append(
            Booked(posting, name, f"rev_{number}" if back else None, about.get("currency", "EUR"), 2, day, day, day)
        )
        return self

    def flows(self) -> Sequence[Flow]:
        found: dict[tuple[Any, ...], list[int]] = {}
        for one in self.booked:
            p = one.posting
            key = (p.destination, p.origin, p.kind, p.customer, bool(p.platform), one.currency, 2, one.day)
            found.setdefault(key, [0, 0])[one.reversal_id is not None] += p.net
        return [Flow(*key, *sums) for key, sums in found.items()]

    def report(
        self, home: str | None = "DE", today: date = TODAY, what_if: str | None = None
    ) -> dict[str, dict[str, Any]]:
        sales: dict[tuple[str | None, date], int] = {}
        for one in self.booked:
            if one.reversal_id is None:
                key = (one.posting.destination, one.day)
                sales[key] = sales.get(key, 0) + 1
        sold = Sold(
            self.flows(),
            [(place, day, number) for (place, day), number in sales.items()],
            lambda day: [one for one in self.booked if one.day == day],
        )
        found = report(LAW, home, sold, today, exchange, Decimal(what_if) if what_if else None)
        return {f"{one['jurisdiction']}.{one['parameter']}": one for one in found}

    def union(self, **asked: Any) -> dict[str, Any]:
        return self.report(**asked)["EU.distance_sales_threshold"]


def exchange(amount: Decimal, base: str, target: str, day: date) -> Decimal | None:
    """Two dollars a euro, four in 2025; no other rates."""
    return amount / (4 if day.year == 2025 else 2) if (base, target) == ("USD", "EUR") else None


# -- the Union's 10,000 ------------------------------------------------------------------------------------------------


def test_the_total_is_of_goods_and_digital_services_to_consumers_in_other_states() -> None:
    book = Book().sale("3000").sale("2000", to="IT", kind="digital")
    book.sale("9000", to="DE").sale("9000", kind="service").sale("9000", customer="business").sale("9000", to="AU")
    book.sale("9000", origin="AU")
    found = book.union()
    assert (found["total"], found["share_percent"]) == ({"amount": "5000.00", "currency": "EUR"}, "50.00")
    assert (found["crossed"], found["crossed_by"]) == (False, None)
    assert found["threshold"] == {"amount": "10000.00", "currency": "EUR"}


@pytest.mark.parametrize("about", [{"customer": "unknown"}, {"kind": None}])
def test_what_is_unclear_counts(about: dict[str, Any]) -> None:
    """The total can only be too high then, and never hides a crossing."""
    assert Book().sale("100", **about).union()["total"]["amount"] == "100.00"


@pytest.mark.parametrize(("last", "crossed"), [("0.00", False), ("0.01", True)], ids=["10,000 exactly", "a cent more"])
def test_ten_thousand_exactly_is_not_crossed_and_a_cent_more_is(last: str, crossed: bool) -> None:
    book = Book().sale("4000").sale("6000").sale(last)
    found = book.union()
    assert found["crossed"] is crossed
    assert (found["crossed_by"] or {}).get("transaction") == ("tax_3" if crossed else None)


def test_the_very_sale_that_crossed_is_named_with_the_totals_around_it() -> None:
    book = Book().sale("9990", date(2026, 3, 1)).sale("5", date(2026, 3, 2)).sale("6", date(2026, 3, 2))
    book.sale("1", date(2026, 3, 2))
    by = book.union()["crossed_by"]
    assert (by["transaction"], by["date"]) == ("tax_3", "2026-03-02")
    assert (by["total_before"], by["total_after"], by["window"]) == ("9995.00", "10001.00", "calendar_year")


def test_a_later_refund_does_not_undo_a_crossing() -> None:
    book = Book().sale("10001", date(2026, 3, 1)).sale("5000", date(2026, 3, 2), back=True)
    found = book.union()
    assert (found["total"]["amount"], found["crossed"]) == ("5001.00", True)
    assert found["crossed_by"]["transaction"] == "tax_1"


def test_a_refund_of_the_same_day_counts_in_the_order_it_was_told() -> None:
    """Sold, given back and sold again within a day: the total was never over the threshold."""
    book = Book().sale("6000").sale("6000", back=True).sale("6000")
    assert book.union()["crossed"] is False
    assert Book().sale("6000").sale("6000").sale("6000", back=True).union()["crossed_by"]["transaction"] == "tax_2"


def test_after_a_false_alarm_of_a_day_the_true_crossing_is_found() -> None:
    book = (
        Book().sale("6000", date(2026, 5, 1)).sale("6000", date(2026, 5, 1), back=True).sale("6000", date(2026, 5, 1))
    )
    book.sale("4001", date(2026, 5, 2))
    assert book.union()["crossed_by"]["transaction"] == "tax_4"


def test_last_years_crossing_holds_this_year() -> None:
    """Art. 59c looks at the present and the preceding calendar year."""
    found = Book().sale("10001", date(2025, 12, 31)).sale("1").union()
    assert (found["total"]["amount"], found["crossed"], found["crossed_by"]["window"]) == (
        "1.00", True, "previous_calendar_year",
    )  # fmt: skip
    assert found["other_windows"] == [{"kind": "previous_calendar_year", "total": "10001.00"}]


def test_the_year_before_last_does_not_matter_any_more() -> None:
    assert Book().sale("10001", date(2024, 12, 31)).sale("1").union()["crossed"] is False


def test_two_years_are_two_totals() -> None:
    assert Book().sale("9000", date(2025, 12, 31)).sale("9000", date(2026, 1, 1)).union()["crossed"] is False


def test_other_currencies_count_at_the_rate_of_their_day() -> None:
    book = Book().sale("8000", date(2025, 6, 1), currency="USD").sale("8000", currency="USD")
    found = book.union()
    assert (found["total"]["amount"], found["other_windows"][0]["total"]) == ("4000.00", "2000.00")


def test_a_missing_rate_leaves_the_total_unknown_and_names_it() -> None:
    found = Book().sale("100", currency="SEK").sale("100").union()
    assert (found["total"], found["share_percent"], found["crossed"]) == (None, None, None)
    assert found["missing"] == ["fx.SEK.EUR"]


def test_with_a_missing_rate_a_crossing_is_certain_all_the_same() -> None:
    assert Book().sale("100", currency="SEK").sale("10001").union()["crossed"] is True


def test_a_seller_outside_the_union_has_no_threshold_there() -> None:
    assert "EU.distance_sales_threshold" not in Book().sale("100").report(home="AU")
    assert "EU.distance_sales_threshold" not in Book().sale("100").report(home=None)


def test_the_article_stands_beside_it() -> None:
    assert Book().sale("1").union()["law"] == {
        "instrument": "Tax Act of EU", "provision": "section 1", "url": "https://example.org/act", "confidence": "A",
    }  # fmt: skip


# -- forecasts ---------------------------------------------------------------------------------------------------------


def test_the_forecast_is_a_straight_line_and_says_so() -> None:
    """5,000 in a hundred days: the other 5,000 in a hundred more."""
    book = Book().sale("2500", TODAY - timedelta(days=99)).sale("2500")
    found = book.union(today=TODAY)["forecast"]
    assert (found["method"], found["per_day"], found["days"]) == ("linear run rate", "50.00", 100)
    assert found["date"] is None
    assert found["reason"] == "Not before 2026-12-31, when the total starts again"


def test_a_crossing_within_the_year_has_its_date() -> None:
    today = date(2026, 4, 10)
    book = Book().sale("5000", today - timedelta(days=99)).sale("0.00", today)
    assert book.union(today=today)["forecast"]["date"] == "2026-07-19"


def test_nothing_is_forecast_after_the_crossing() -> None:
    assert Book().sale("10001").union()["forecast"] is None


def test_nothing_sold_has_no_rate() -> None:
    found = Book().sale("5", date(2026, 3, 1)).sale("5", date(2026, 3, 1), back=True).union()["forecast"]
    assert (found["date"], found["reason"]) == (None, "Nothing was sold in the window")


def test_a_hundred_years_are_not_counted() -> None:
    today = date(2026, 3, 10)
    found = Book().sale("0.01", date(2026, 1, 1)).union(today=today)["forecast"]
    assert found["reason"] == "Not within a hundred years at this rate"


# -- what if -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "crosses", "share"),
    [("1000", False, "100.00"), ("1000.01", True, "100.00"), ("6000", True, "150.00")],
)
def test_what_if_adds_a_sale_without_making_it(amount: str, crosses: bool, share: str) -> None:
    book = Book().sale("9000")
    found = book.union(what_if=amount)
    assert (found["what_if"]["crosses"], found["what_if"]["share_percent"]) == (crosses, share)
    assert found["total"]["amount"] == "9000.00"
    assert found["crossed"] is False


def test_without_a_question_there_is_no_answer() -> None:
    assert Book().sale("1").union()["what_if"] is None


# -- other places ------------------------------------------------------------------------------------------------------


def test_a_threshold_for_sellers_abroad_counts_digital_sales_to_consumers_there() -> None:
    book = Book().sale("100", to="AU", kind="digital", currency="AUD")
    book.sale("50", to="AU", kind="digital", currency="AUD", customer="business").sale("25", to="AU", currency="AUD")
    found = book.report()["AU.digital_nonresident_threshold"]
    assert (found["total"]["amount"], found["window"]["kind"], found["window"]["stated"]) == (
        "100.00",
        "twelve_months",
        True,
    )


def test_twelve_months_move_with_the_day() -> None:
    edge = date(2025, 11, 23)
    book = Book().sale("70000", edge, to="AU", kind="digital", currency="AUD")
    book.sale("4999", to="AU", kind="digital", currency="AUD")
    found = book.report()["AU.digital_nonresident_threshold"]
    assert (found["total"]["amount"], found["window"]["from"], found["crossed"]) == ("74999.00", "2025-11-23", False)
    assert (
        Book()
        .sale("70000", edge - timedelta(days=1), to="AU", kind="digital", currency="AUD")
        .report()["AU.digital_nonresident_threshold"]["total"]["amount"]
        == "0.00"
    )


def test_where_the_threshold_itself_is_enough() -> None:
    found = Book().sale("75000", to="AU", kind="digital", currency="AUD").report()["AU.digital_nonresident_threshold"]
    assert (found["crossed"], found["share_percent"]) == (True, "100.00")


def test_the_home_country_has_its_own() -> None:
    found = Book().sale("90000", to="GB", origin="GB", currency="GBP").report(home="GB")
    assert found["GB.registration_threshold"]["crossed"] is True


def test_where_no_window_was_read_both_are_looked_at_and_the_nearer_speaks() -> None:
    book = Book().sale("60000", date(2025, 12, 1), to="GB", origin="GB", currency="GBP")
    book.sale("20000", to="GB", origin="GB", currency="GBP")
    found = book.report(home="GB")["GB.registration_threshold"]
    assert (found["window"]["kind"], found["window"]["stated"], found["total"]["amount"]) == (
        "twelve_months",
        False,
        "80000.00",
    )
    assert found["other_windows"] == [{"kind": "calendar_year", "total": "20000.00"}]


def test_an_american_state_counts_everything_sold_into_it() -> None:
    book = Book().sale("400000", to="US-TX", currency="USD", customer="business", kind="service")
    book.sale("100000", to="US-TX", currency="USD", platform=True)
    found = book.report()["US-TX.economic_nexus_amount"]
    assert (found["total"]["amount"], found["crossed"]) == ("500000.00", False)
    assert book.sale("1", to="US-TX", currency="USD").report()["US-TX.economic_nexus_amount"]["crossed"] is True


def test_a_state_that_wants_both_tests_is_crossed_by_both() -> None:
    """New York: more than 500 dollars (of the tests' law) and three sales."""
    day = date(2025, 5, 1)
    book = Book().sale("600", day, to="US-NY", currency="USD").sale("1", day, to="US-NY", currency="USD")
    found = book.report()["US-NY.economic_nexus_amount"]
    assert (found["test"], found["transactions"], found["crossed"]) == ("and", {"limit": 3, "so_far": 2}, False)
    book.sale("1", date(2025, 6, 1), to="US-NY", currency="USD")
    found = book.report()["US-NY.economic_nexus_amount"]
    assert found["crossed"] is True
    assert (found["crossed_by"]["test"], found["crossed_by"]["transaction"]) == ("transactions", "tax_3")


def test_a_countrys_threshold_is_one_however_many_parts_are_sold_into() -> None:
    book = (
        Book()
        .sale("10", to="CA-QC", kind="digital", currency="CAD")
        .sale("20", to="CA-ON", kind="digital", currency="CAD")
    )
    found = book.report()
    assert set(found) == {"EU.distance_sales_threshold", "CA.digital_nonresident_threshold"}
    assert found["CA.digital_nonresident_threshold"]["total"]["amount"] == "30.00"


def test_goods_and_services_may_have_thresholds_of_their_own() -> None:
    book = (
        Book()
        .sale("10", to="IN", origin="IN", currency="INR")
        .sale("7", to="IN", origin="IN", kind="service", currency="INR")
    )
    book.sale("1", to="IN", origin="IN", kind=None, currency="INR")
    totals = {name: one["total"]["amount"] for name, one in book.report(home="IN").items()}
    assert totals == {"IN.registration_threshold_goods": "11.00", "IN.registration_threshold_services": "8.00"}


def test_sales_into_another_state_of_the_union_are_under_its_one_threshold_only() -> None:
    assert set(Book().sale("1").sale("1", to="IT").report()) == {"EU.distance_sales_threshold"}


# -- windows -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("calendar_year", ["calendar_year"]),
        ("current_or_previous_calendar_year", ["calendar_year", "previous_calendar_year"]),
        ("previous_calendar_year", ["previous_calendar_year", "calendar_year"]),
        ("twelve_months", ["twelve_months"]),
        ("twelve_months_worldwide", ["twelve_months"]),
        ("12_months_tested_quarterly", ["twelve_months"]),
        ("preceding_12_months", ["twelve_months"]),
        ("preceding_four_quarters", ["twelve_months"]),
        ("12_months_to_30_september", ["twelve_months_to_30_september"]),
        ("three_months", ["three_months"]),
        ("accounting_year", ["calendar_year", "twelve_months"]),
        ("", ["calendar_year", "twelve_months"]),
    ],
)
def test_each_word_of_the_packs_is_a_window(said: str, kinds: list[str]) -> None:
    assert [one.kind for one in windows(said, TODAY)] == kinds


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [((2026, 9, 30), (2025, 10, 1), (2026, 9, 30)), ((2026, 10, 1), (2026, 10, 1), (2027, 9, 30))],
)
def test_a_year_to_september_turns_in_october(today: Any, first: Any, last: Any) -> None:
    (window,) = windows("12_months_to_30_september", date(*today))
    assert (window.first, window.last) == (date(*first), date(*last))


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        ((2026, 11, 22), 12, (2025, 11, 23)),
        ((2026, 12, 31), 12, (2026, 1, 1)),
        ((2024, 2, 29), 12, (2023, 3, 1)),
        ((2026, 1, 15), 3, (2025, 10, 16)),
        ((2026, 5, 31), 3, (2026, 3, 1)),
    ],
)
def test_months_end_with_their_last_day(day: Any, months: int, first: Any) -> None:
    assert months_back(date(*day), months) == date(*first)


def test_two_years_of_sales_are_enough() -> None:
    assert since(TODAY) == date(2024, 1, 1)


def test_each_month_of_the_window_is_told_up_to_now_with_its_own_sales_and_the_total() -> None:
    book = (
        Book()
        .sale("100.00", date(2026, 1, 31))
        .sale("50.00", date(2026, 3, 1))
        .sale("20.00", date(2026, 3, 9), back=True)
    )
    (union,) = [one for one in book.report(today=date(2026, 4, 2)).values() if one["jurisdiction"] == "EU"]
    assert union["by_month"] == [
        {"month": "2026-01", "sold": "100.00", "total": "100.00"},
        {"month": "2026-02", "sold": "0.00", "total": "100.00"},
        {"month": "2026-03", "sold": "30.00", "total": "130.00"},
        {"month": "2026-04", "sold": "0.00", "total": "130.00"},
    ]
    assert union["by_month"][-1]["total"] == union["total"]["amount"]
