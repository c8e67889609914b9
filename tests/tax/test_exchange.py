"""Which exchange rate the law wants: the day of publication, the publisher, and nothing where there is none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from api.bundled import rates_file
from api.fx import read_rates
from engine.money import Money, RateRow, RateTable
from engine.tax.exchange import (
    ECB,
    Exchanged,
    Lacking,
    Rule,
    Wanted,
    exchanged,
    for_customs,
    for_return,
    for_tax,
    is_publication_day,
    publication_from,
    publication_until,
    return_rates,
)
from engine.tax.law import PlaceLaw
from tests.tax.law_text import law

LAW = law(
    EU={
        "oss_exchange_rate": "ecb_last_day_of_return_period",
        "ioss_exchange_rate": "ecb_last_day_of_return_period",
        "invoice_exchange_rate": "latest_selling_or_ecb_when_due",
        "import_vat_exchange_rate": "customs",
    },
    FR={},
    DE={},
    PL={"exchange_rate_rule": "nbp", "invoice_exchange_rate": "ecb"},
    GB={"invoice_exchange_rate": "hmrc_period_or_market"},
    JP={},
)
RATES = RateTable(
    [
        RateRow(date.fromisoformat(day), "USD", Decimal(rate))
        for day, rate in [
            ("2026-03-27", "1.10"),
            ("2026-03-30", "1.12"),
            ("2026-03-31", "1.14"),
            ("2026-04-02", "1.16"),
            ("2026-04-07", "1.18"),
            ("2026-05-29", "1.20"),
            ("2026-06-01", "1.22"),
            ("2026-06-30", "1.25"),
        ]
    ]
)
"""Good Friday is 2026-04-03; 2026-05-31 is a Sunday; 2026-04-01 was not loaded."""
TABLES = {ECB: RATES}
HUNDRED = Money(Decimal(100), "USD")


def at(place: str, day: str) -> PlaceLaw:
    return LAW.at(place, date.fromisoformat(day))


def found(wanted: Wanted | Lacking, tables: dict[str, RateTable] = TABLES, money: Money = HUNDRED) -> Exchanged | None:
    assert isinstance(wanted, Wanted)
    answer = exchanged(money, "EUR", wanted, tables)
    return answer if isinstance(answer, Exchanged) else None


# -- returns: Art. 366, 369h, 369u ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last_day", "published"),
    [
        ("2026-06-30", "2026-06-30"),
        ("2026-03-31", "2026-03-31"),
        ("2026-05-31", "2026-06-01"),  # a Sunday: the next day of publication, not the Friday before
        ("2026-04-03", "2026-04-07"),  # Good Friday: after Easter Monday
    ],
)
def test_a_return_is_converted_at_the_last_day_or_the_next_day_of_publication(last_day: str, published: str) -> None:
    answer = found(for_return(at("FR", last_day), date.fromisoformat(last_day)))
    assert answer is not None
    assert answer.rate is not None
    assert (answer.rate.on.isoformat(), answer.wanted.rule) == (published, Rule.OSS)


def test_a_return_whose_rate_is_not_published_yet_waits() -> None:
    wanted = for_return(at("FR", "2026-09-30"), date(2026, 9, 30))
    assert isinstance(wanted, Wanted)
    lacking = exchanged(HUNDRED, "EUR", wanted, TABLES)
    assert isinstance(lacking, Lacking)
    assert lacking.missing == "fx.USD.EUR.2026-09-30"


def test_a_later_rate_does_not_stand_in_for_one_that_was_not_loaded() -> None:
    assert found(for_return(at("FR", "2026-04-01"), date(2026, 4, 1))) is None


def test_the_rule_of_returns_is_older_than_nothing() -> None:
    before = for_return(at("FR", "2021-06-30"), date(2021, 6, 30))
    assert isinstance(before, Lacking)
    assert before.missing == "law.oss_exchange_rate"


def test_returns_are_handed_a_rate_by_currency_and_period() -> None:
    rate_on = return_rates(lambda day: LAW.at("DE", day), TABLES)
    rate = rate_on("USD", date(2026, 5, 31))
    assert rate is not None
    assert rate.on == date(2026, 6, 1)
    assert rate_on("JPY", date(2026, 5, 31)) is None
    assert return_rates(lambda day: LAW.at("JP", day), TABLES)("USD", date(2026, 5, 31)) is None
    assert return_rates(lambda day: LAW.at("DE", day), TABLES, "ioss")("USD", date(2026, 6, 30)) is not None


# -- when the tax becomes due: Art. 91(2) --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "published"),
    [
        ("2026-03-30", "2026-03-30"),
        ("2026-03-28", "2026-03-27"),  # Saturday
        ("2026-03-29", "2026-03-27"),  # Sunday
        ("2026-04-06", "2026-04-02"),  # Easter Monday: four days before
        ("2026-04-01", "2026-03-31"),  # the day's own is not out until the afternoon
    ],
)
def test_tax_that_becomes_due_is_converted_at_the_day_or_the_last_before(day: str, published: str) -> None:
    answer = found(for_tax(at("FR", day)))
    assert answer is not None
    assert answer.rate is not None
    assert (answer.rate.on.isoformat(), answer.wanted.rule) == (published, Rule.CHARGEABLE_EVENT)


@pytest.mark.parametrize("day", ["2026-04-09", "2026-05-15", "2026-06-03", "2026-11-22"])
def test_a_stale_rate_is_none(day: str) -> None:
    assert found(for_tax(at("FR", day))) is None


def test_the_answer_names_rate_date_source_and_rule() -> None:
    answer = found(for_tax(at("FR", "2026-06-30")))
    assert answer is not None
    assert answer.amount == 80
    assert answer.body() == {
        "from": "USD", "to": "EUR", "rate": "0.8", "date": "2026-06-30", "source": "ECB euro reference rates",
        "rule": "chargeable_event",
    }  # fmt: skip
    assert (answer.wanted.step.instrument, answer.wanted.step.provision) == ("Tax Act of EU", "Art. 1")


def test_one_currency_needs_no_rate() -> None:
    answer = found(for_tax(at("FR", "2026-11-22")), {}, Money(Decimal(5), "EUR"))
    assert answer is not None
    assert (answer.amount, answer.rate, answer.body()) == (5, None, None)


# -- a publisher of the place's own --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("place", "source"), [("GB", "GB.hmrc_period_or_market"), ("PL", "PL.nbp")])
def test_a_national_rate_is_used_where_it_was_loaded_under_its_name_and_no_other_stands_in(
    place: str, source: str
) -> None:
    wanted = for_tax(at(place, "2026-06-30"))
    assert isinstance(wanted, Wanted)
    assert (wanted.rule, wanted.source) == (Rule.NATIONAL, source)
    lacking = exchanged(HUNDRED, "EUR", wanted, TABLES)
    assert isinstance(lacking, Lacking)
    assert "no rates are loaded under that name" in lacking.message
    own = RateTable([RateRow(date(2026, 6, 1), "USD", Decimal(2))], source=source, max_age_days=31)
    answer = found(wanted, {**TABLES, source: own})
    assert answer is not None
    assert answer.rate is not None
    assert (answer.amount, answer.rate.source) == (50, source)


def test_a_national_rate_grows_old_as_its_own_table_says() -> None:
    own = RateTable([RateRow(date(2026, 6, 1), "USD", Decimal(2))], max_age_days=31)
    assert found(for_tax(at("PL", "2026-07-02")), {"PL.nbp": own}) is not None
    assert found(for_tax(at("PL", "2026-07-03")), {"PL.nbp": own}) is None


def test_customs_has_a_rate_of_its_own() -> None:
    wanted = for_customs(at("DE", "2026-06-30"))
    assert isinstance(wanted, Wanted)
    assert wanted.source == "DE.customs"
    assert found(wanted) is None


def test_a_law_that_was_not_read_is_named() -> None:
    for lacking, missing in (
        (for_tax(at("JP", "2026-06-30")), "law.exchange_rate_rule"),
        (for_customs(at("GB", "2026-06-30")), "law.import_vat_exchange_rate"),
    ):
        assert isinstance(lacking, Lacking)
        assert lacking.missing == missing


# -- the calendar --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day",
    [
        "2024-03-29",
        "2024-04-01",
        "2025-04-18",
        "2025-04-21",
        "2026-01-01",
        "2026-05-01",
        "2026-12-25",
        "2026-12-26",
        "2026-11-22",
    ],
)
def test_no_rates_are_published_on_closing_days(day: str) -> None:
    closed = date.fromisoformat(day)
    assert not is_publication_day(closed)
    assert publication_until(closed) < closed < publication_from(closed)


def test_the_calendar_is_that_of_the_published_rates() -> None:
    days = {row.on for row in read_rates(rates_file())}
    first, last = min(days), max(days)
    every = (first + timedelta(days=at) for at in range((last - first).days + 1))
    assert {day for day in every if is_publication_day(day)} == days
