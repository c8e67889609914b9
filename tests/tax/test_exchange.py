"""Which exchange rate the law wants: the day of publication, the publisher, and nothing where there is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from api.bundled import rates_file
from api.fx import read_rates
from engine.money import Money, PublishedRate, PublisherTable, RateRow, RateTable
from engine.tax.asked import Asked
from engine.tax.exchange import (
    ECB,
    Exchange,
    Exchanged,
    Lacking,
    Rule,
    Wanted,
    currency_of,
    exchanged,
    for_customs,
    for_return,
    for_tax,
    is_publication_day,
    publication_from,
    publication_until,
    return_rates,
    wanted_by_law,
)
from engine.tax.law import PlaceLaw, TaxLaw
from engine.tax.model import Address, Buyer, Sale, SaleLine, Seller
from engine.tax.told import law_of
from tests.property.shipped import packs
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
    SE={},
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


def monthly(source: str) -> PublisherTable:
    """Half a euro for a dollar, in June 2026."""
    row = PublishedRate(date(2026, 5, 22), "USD", "EUR", Decimal("0.5"), date(2026, 6, 1), date(2026, 6, 30))
    return PublisherTable([row], source=source)


HUNDRED = Money(Decimal(100), "USD")


def at(place: str, day: str) -> PlaceLaw:
    return LAW.at(place, date.fromisoformat(day))


def found(wanted: Wanted | Lacking, rates: RateTable = RATES, money: Money = HUNDRED) -> Exchanged | None:
    assert isinstance(wanted, Wanted)
    answer = exchanged(money, "EUR", wanted, rates)
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
    lacking = exchanged(HUNDRED, "EUR", wanted, RATES)
    assert isinstance(lacking, Lacking)
    assert lacking.missing == "fx.USD.EUR.2026-09-30"


def test_a_later_rate_does_not_stand_in_for_one_that_was_not_loaded() -> None:
    assert found(for_return(at("FR", "2026-04-01"), date(2026, 4, 1))) is None


def test_the_rule_of_returns_is_older_than_nothing() -> None:
    before = for_return(at("FR", "2021-06-30"), date(2021, 6, 30))
    assert isinstance(before, Lacking)
    assert before.missing == "law.oss_exchange_rate"


def test_returns_are_handed_a_rate_by_currency_and_period() -> None:
    rate_on = return_rates(lambda day: LAW.at("DE", day), RATES)
    rate = rate_on("USD", date(2026, 5, 31))
    assert rate is not None
    assert rate.on == date(2026, 6, 1)
    assert rate_on("JPY", date(2026, 5, 31)) is None
    assert return_rates(lambda day: LAW.at("JP", day), RATES)("USD", date(2026, 5, 31)) is None
    assert return_rates(lambda day: LAW.at("DE", day), RATES, "ioss")("USD", date(2026, 6, 30)) is not None


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
    answer = found(for_tax(at("FR", "2026-11-22")), RateTable(()), Money(Decimal(5), "EUR"))
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
    lacking = exchanged(HUNDRED, "EUR", wanted, RATES)
    assert isinstance(lacking, Lacking)
    assert "no rates are loaded under that name" in lacking.message
    answer = found(wanted, RateTable((), publishers={source: monthly(source)}))
    assert answer is not None
    assert answer.rate is not None
    assert (answer.amount, answer.rate.source) == (50, source)


@pytest.mark.parametrize(
    ("day", "there"), [("2026-05-31", False), ("2026-06-01", True), ("2026-06-30", True), ("2026-07-01", False)]
)
def test_a_national_rate_is_used_on_its_own_days_and_stale_the_day_after(day: str, *, there: bool) -> None:
    rates = RateTable((), publishers={"PL.nbp": monthly("PL.nbp")})
    assert (found(for_tax(at("PL", day)), rates) is not None) is there


def test_a_publisher_of_the_other_direction_converts_without_a_rounded_inverse() -> None:
    """A tax office that tells how many dollars a pound is: dollars are divided by that, in one division."""
    rows = [PublishedRate(date(2026, 5, 22), "EUR", "USD", Decimal("1.3"), date(2026, 6, 1), date(2026, 6, 30))]
    wanted = for_tax(at("GB", "2026-06-10"))
    assert isinstance(wanted, Wanted)
    rates = RateTable((), publishers={wanted.source: PublisherTable(rows, source=wanted.source)})
    answer = exchanged(Money(Decimal("1.3"), "USD"), "EUR", wanted, rates)
    assert isinstance(answer, Exchanged)
    assert answer.amount == 1
    assert answer.rate is not None
    assert answer.rate.on == date(2026, 5, 22), "the day of publication"


def test_no_pair_is_worked_out_over_a_third_currency() -> None:
    start, end = date(2026, 6, 1), date(2026, 6, 30)
    rows = [PublishedRate(start, code, "GBP", Decimal("0.8"), start, end) for code in ("USD", "EUR")]
    assert PublisherTable(rows, source="x").rate("USD", "EUR", start) is None


def test_a_rate_that_replaces_another_within_its_month_holds_from_its_first_day() -> None:
    end = date(2026, 6, 30)
    rows = [
        PublishedRate(day, "USD", "GBP", Decimal(rate), day, end)
        for day, rate in ((date(2026, 6, 1), "0.8"), (date(2026, 6, 17), "0.9"))
    ]
    table = PublisherTable(rows, source="x")
    for day, rate in ((16, "0.8"), (17, "0.9"), (30, "0.9")):
        quoted = table.rate("USD", "GBP", date(2026, 6, day))
        assert quoted is not None
        assert str(quoted.rate) == rate


@pytest.mark.parametrize(
    ("day", "wednesday"),
    [
        ("2026-05-31", "2026-04-22"),
        ("2026-06-01", "2026-05-20"),
        ("2026-06-30", "2026-05-20"),
        ("2026-01-15", "2025-12-24"),
        ("2030-01-02", "2029-12-19"),
    ],
)
def test_customs_of_the_euro_takes_the_last_wednesday_but_one_of_the_month_before(day: str, wednesday: str) -> None:
    """Implementing Regulation (EU) 2015/2447, Art. 146: published then, used from the first of the next month for a month."""
    wanted = for_customs(at("DE", day))
    assert isinstance(wanted, Wanted)
    assert (wanted.rule, wanted.source, wanted.day.isoformat()) == (Rule.CUSTOMS, ECB, wednesday)
    answer = found(wanted, RateTable([RateRow(date.fromisoformat(wednesday), "USD", Decimal(2))]))
    assert answer is not None
    assert answer.amount == 50


def test_customs_takes_no_rate_of_another_week() -> None:
    near = [RateRow(date(2026, 5, day), "USD", Decimal(2)) for day in (19, 21, 27)]
    assert found(for_customs(at("DE", "2026-06-30")), RateTable(near)) is None


def test_customs_of_a_state_without_the_euro_has_rates_of_its_own() -> None:
    swedish = LAW.at("SE", date(2026, 6, 30))
    wanted = for_customs(swedish)
    assert isinstance(wanted, Wanted)
    assert (wanted.rule, wanted.source, currency_of(swedish)) == (Rule.NATIONAL, "SE.customs", "SEK")
    assert found(wanted) is None


@pytest.mark.parametrize(("day", "money"), [("2025-12-31", "BGN"), ("2026-01-01", "EUR")])
def test_a_state_that_took_the_euro_had_its_own_money_the_day_before(day: str, money: str) -> None:
    assert currency_of(law_of(packs()).at("BG", date.fromisoformat(day))) == money


def test_every_publisher_that_the_packs_want_is_told_with_its_places() -> None:
    wanted = wanted_by_law(law_of(packs()), date(2026, 11, 22))
    assert {place for place, one in wanted["GB.hmrc_period_or_market"]} == {"GB", "XI"}
    assert {place for place, one in wanted["SE.customs"]} == {"SE"}
    euro = {place for place, one in wanted[ECB] if one.rule is Rule.CUSTOMS}
    assert {"BG", "DE", "HR"} <= euro
    assert not euro & {"SE", "PL", "GB"}


def asked_in_dollars(law: TaxLaw, rates: RateTable) -> Asked:
    noon, nobody = datetime(2026, 6, 30, 12, tzinfo=UTC), Address()
    line = SaleLine(id="1", kind="goods", category=None, amount=Decimal(100), inclusive=False)
    sale = Sale(noon, "USD", (line,), Seller(nobody, None, (), {}), Buyer(nobody, "individual", (), {}, {}), {})
    return Asked(sale, line, law, Exchange(rates), None, None)


def test_a_limit_of_the_border_is_converted_at_the_rate_of_customs_and_named_where_it_lacks() -> None:
    wednesday = RateTable([RateRow(date(2026, 5, 20), "USD", Decimal(2))])
    asked = asked_in_dollars(LAW, wednesday)
    assert asked.worth_at_border(Decimal(100), "EUR", "DE") == 50
    assert asked.worth_at_border(Decimal(100), "EUR", "SE") is None
    assert asked.lacking_at_border("EUR", "SE") == "fx.USD.EUR.2026-06-30"
    assert asked.lacking_at_border("EUR", "DE") == "fx.USD.EUR.2026-05-20"


def test_a_limit_of_whose_rate_no_law_was_read_takes_the_european_central_bank_s_and_says_so() -> None:
    asked = asked_in_dollars(LAW, RATES)
    assert asked.worth_at_border(Decimal(100), "EUR", "JP") == 80
    exchange = asked.exchange
    assert isinstance(exchange, Exchange)
    ((key, one),) = exchange.asked.items()
    entry = one.body(key, by_law=True)
    assert entry is not None
    assert (entry["rule"], entry["law"], entry["confidence"]) == ("threshold", None, None)
    assert asked.lacking_at_border("EUR", "JP") == "fx.USD.EUR"


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
