"""Tax in the money of the State: at the rate that its law wants, on the answer and in the replay, and never at another's rate.

Directive 2006/112/EC, Art. 230: an invoice may be in any currency, if the tax payable is expressed in the national one at the
rate of Art. 91.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pytest

from engine.calculation import calculate, recalculate
from engine.decide import decide
from engine.decision import Decision, DecisionBody
from engine.history import NullHistory
from engine.money import PublishedRate, PublisherTable, RateRow, RateTable
from engine.replay import facts_from, replay
from engine.tax.sale import unknown_merchant
from tests.property.shipped import packs
from tests.tax.small_law import NOW, body, line

FRIDAY = date(2026, 11, 20)
OFFICE = "GB.hmrc_period_or_market"
POUND = PublishedRate(date(2026, 10, 22), "GBP", "USD", Decimal("1.3"), date(2026, 11, 1), date(2026, 11, 30))


def rates(*published: PublishedRate, day: date = FRIDAY) -> RateTable:
    """One euro is USD 1.25 and SEK 11 on a day; of the Kingdom's tax office what a test says."""
    euro = [RateRow(day, code, Decimal(quote)) for code, quote in (("USD", "1.25"), ("SEK", "11"), ("GBP", "0.85"))]
    return RateTable(euro, publishers={OFFICE: PublisherTable(published, source=OFFICE)} if published else None)


def question(place: str, currency: str, amount: str = "99.99", **more: Any) -> bytes:
    """A shop sells to a consumer of its own country, without tax in the price."""
    here = {"country": place}
    one = line(amount=amount, tax_inclusive=False, ship_from=here, ship_to=here)
    registered = [{"jurisdiction": place, "scheme": "standard"}]
    told = {"payer": {"type": "individual", **here}, "payee": {**here, "registrations": registered}, **more}
    return orjson.dumps(body(one, currency=currency, **told))


def asked(request: bytes, known: RateTable) -> Decision:
    return decide(facts_from(request), packs(), NullHistory(), rates=known, decision_id="dec_1", now=NOW, locale="en",
                  domains=("tax",))  # fmt: skip


def entry(place: str, currency: str, known: RateTable, **more: Any) -> dict[str, Any]:
    (found,) = asked(question(place, currency, **more), known).body["tax"]["in_currency_of_state"]
    assert isinstance(found, dict)
    return found


def test_swedish_tax_on_a_sale_in_dollars_is_told_in_kronor() -> None:
    found = entry("SE", "USD", rates())
    assert (found["country"], found["currency"], found["amount"], found["rate"]) == ("SE", "SEK", "220.00", "8.8")
    assert (found["rule"], found["date"], found["law"]["provision"]) == (
        "chargeable_event",
        "2026-11-20",
        "Art. 91(2), 230",
    )
    assert (found["confidence"], found["missing"]) == ("A", [])


def test_the_rate_stands_among_the_answer_s_with_its_rule_and_law() -> None:
    (rate,) = asked(question("FR", "USD"), rates()).body["fx"]
    assert {name: rate[name] for name in ("from", "to", "rate", "date", "rule", "confidence")} == {
        "from": "USD", "to": "EUR", "rate": "0.8", "date": "2026-11-20", "rule": "chargeable_event", "confidence": "A",
    }  # fmt: skip
    assert rate["law"]["instrument"] == "Directive 2006/112/EC"


def test_the_sum_is_converted_once_and_rounded_as_the_house_rounds() -> None:
    found = entry("FR", "USD", rates(), amount="50.03")
    assert (found["unrounded"], found["amount"], found["rounding"]) == ("8.008", "8.01", "house")


def test_a_sale_in_the_state_s_own_money_says_nothing_of_it() -> None:
    for place, currency in (("FR", "EUR"), ("SE", "SEK"), ("GB", "GBP")):
        found = asked(question(place, currency), rates()).body
        assert "in_currency_of_state" not in found["tax"]
        assert found["fx"] == []


def test_a_state_whose_law_was_not_read_says_nothing_of_it() -> None:
    found = asked(question("CH", "USD"), rates()).body
    assert (found["tax"]["verdict"], found["fx"]) == ("determined", [])
    assert "in_currency_of_state" not in found["tax"]


@pytest.mark.parametrize(("day", "there"), [("2026-11-20", True), ("2026-11-19", False), ("2026-11-23", False)])
def test_a_rate_that_is_stale_by_one_day_is_none(day: str, *, there: bool) -> None:
    """The sale is on a Sunday: Friday's rate is the last, Thursday's is not, Monday's is not yet."""
    found = entry("FR", "USD", rates(day=date.fromisoformat(day)))
    assert (found["amount"] is not None) is there
    assert found["missing"] == ([] if there else ["fx.USD.EUR.2026-11-22"])


def test_a_lacking_rate_leaves_open_what_needs_it_and_nothing_else() -> None:
    found = asked(question("FR", "JPY", amount="100"), rates()).body
    assert (found["tax"]["verdict"], found["tax"]["total"]) == ("determined", "20")
    (open_,) = found["tax"]["in_currency_of_state"]
    assert (open_["amount"], open_["rate"], open_["missing"]) == (None, None, ["fx.JPY.EUR.2026-11-22"])
    DecisionBody.model_validate(found)


# -- a publisher of the place's own --------------------------------------------------------------------------------------


def test_british_tax_is_told_in_pounds_at_the_tax_office_s_rate_of_the_month() -> None:
    found = entry("GB", "USD", rates(POUND))
    assert (found["amount"], found["source"], found["rule"], found["date"]) == (
        "15.38", OFFICE, "national", "2026-10-22",
    )  # fmt: skip
    assert (found["confidence"], found["rounding"]) == ("R", "GB/invoice_total_down_or_line")


def test_the_european_central_bank_s_rate_never_stands_in_for_the_tax_office_s() -> None:
    for known in (rates(), rates(POUND._replace(end=date(2026, 11, 21))), rates(POUND._replace(target="EUR"))):
        found = entry("GB", "USD", known)
        assert (found["amount"], found["source"], found["missing"]) == (None, OFFICE, ["fx.USD.GBP.2026-11-22"])


@pytest.mark.parametrize(("moment", "there"), [
    ("2026-11-30T23:59:59+00:00", True), ("2026-12-01T00:00:00+00:00", False), ("2026-10-31T23:59:59+00:00", False),
    ("2026-11-01T00:00:00+00:00", True),
])  # fmt: skip
def test_a_rate_of_the_month_holds_from_its_first_to_its_last_local_day(moment: str, *, there: bool) -> None:
    found = entry("GB", "USD", rates(POUND), occurred_at=moment)
    assert (found["amount"] is not None) is there


# -- special schemes -----------------------------------------------------------------------------------------------------


def test_tax_under_a_special_scheme_is_left_to_the_rate_of_its_return() -> None:
    home, away = {"country": "DE"}, {"country": "FR"}
    one = line(amount="100.00", tax_inclusive=False, ship_from=home, ship_to=away)
    registered = [{"jurisdiction": "DE", "scheme": "standard"}, {"jurisdiction": "DE", "scheme": "oss"}]
    shop = {**home, "registrations": registered}
    request = orjson.dumps(body(one, currency="USD", payer={"type": "individual", **away}, payee=shop))
    found = asked(request, rates()).body
    assert found["tax"]["lines"][0]["scheme"] == "oss"
    assert "in_currency_of_state" not in found["tax"]


# -- again ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [rates(POUND), rates()], ids=["there", "lacking"])
@pytest.mark.parametrize("place", ["FR", "SE", "GB"])
def test_replayed_it_is_the_same_byte_for_byte(place: str, known: RateTable) -> None:
    request = question(place, "USD")
    made = asked(request, known)
    again = replay(request, orjson.loads(orjson.dumps(made.inputs)), packs())
    assert orjson.dumps(again.body) == orjson.dumps(made.body)
    assert again.inputs == made.inputs


def test_a_replay_keeps_each_publisher_s_rate_apart() -> None:
    (kept,) = asked(question("GB", "USD"), rates(POUND)).inputs["exchanges"]
    assert (kept["rule"], kept["publisher"], kept["asked"]) == ("national", OFFICE, "2026-11-22")
    assert kept["found"]["legs"] == ["1.3", "1"]


def test_a_decision_of_before_there_were_publishers_is_replayed_as_it_was() -> None:
    """Its inputs tell rates by pair and day; its answer told neither rules nor the money of the State."""
    request = question("FR", "USD")
    inputs = orjson.loads(orjson.dumps(asked(request, rates()).inputs))
    del inputs["exchanges"]
    inputs["tax_rates"] = []
    again = replay(request, inputs, packs()).body
    assert "in_currency_of_state" not in again["tax"]
    assert (again["tax"]["total"], again["fx"]) == ("20.00", [])


def test_a_calculation_done_again_gives_the_same_bytes() -> None:
    made = calculate(facts_from(question("GB", "USD")), packs(), rates=rates(POUND), calculation_id="calc_1", now=NOW,
                     profiles=unknown_merchant)  # fmt: skip
    again = recalculate(facts_from(question("GB", "USD")), orjson.loads(orjson.dumps(made.inputs)), packs())
    assert orjson.dumps(again.body) == orjson.dumps(made.body)
    assert made.body["tax"]["in_currency_of_state"][0]["amount"] == "15.38"


def test_lines_of_one_country_are_one_sum_and_a_place_outside_its_tax_is_not_in_it() -> None:
    """The mainland and the Azores are one State; the Canary Islands have a tax of their own and no rule that was read."""
    places = [{"country": "PT"}, {"country": "PT", "region": "PT-20"}, {"country": "ES", "region": "ES-CN"}]
    lines = [
        line(str(at), amount="100.00", tax_inclusive=False, ship_from=here, ship_to=here)
        for at, here in enumerate(places)
    ]
    shop = {
        "country": "PT",
        "registrations": [{"jurisdiction": place, "scheme": "standard"} for place in ("PT", "ES-CN")],
    }
    request = body(*lines, currency="USD", payer={"type": "individual", "country": "PT"}, payee=shop)
    found = asked(orjson.dumps(request), rates()).body["tax"]
    taxes = {one["region"] or one["country"]: one["tax"] for one in found["lines"]}
    assert (taxes["PT"], taxes["PT-20"]) == ("23.00", "16.00")
    assert [(one["country"], one["amount"]) for one in found["in_currency_of_state"]] == [("PT", "31.20")]


# -- the import scheme ---------------------------------------------------------------------------------------------------


def parcel(value: str, known: RateTable) -> Decision:
    """From China to Finland, in dollars, under the import scheme; the duty of EUR 3 is in the base."""
    return asked(parcel_told(value), known)


def parcel_told(value: str) -> bytes:
    one = line(amount=value, tax_inclusive=False, consignment_value=value, ship_from={"country": "CN"},
               ship_to={"country": "FI"}, facts={"excise": False, "tariff_headings": 1})  # fmt: skip
    shop = {"country": "CN", "registrations": [{"jurisdiction": "IE", "scheme": "ioss", "number": "IM3720000224"}]}
    return orjson.dumps(body(one, currency="USD", payer={"type": "individual", "country": "FI"}, payee=shop))


@pytest.mark.parametrize(("value", "treatment"), [("187.50", "ioss"), ("187.51", "import")])
def test_the_limit_of_the_import_scheme_is_tested_at_the_rate_of_the_day_of_payment(value: str, treatment: str) -> None:
    found = parcel(value, rates()).body
    assert found["tax"]["lines"][0]["treatment"] == treatment
    assert [(one["from"], one["to"], one["rule"]) for one in found["fx"]] == [
        ("USD", "EUR", "chargeable_event"), ("EUR", "USD", "chargeable_event"),
    ][: 2 if treatment == "ioss" else 1]  # fmt: skip


def test_the_duty_is_in_the_base_at_the_same_rate() -> None:
    (one,) = parcel("100.00", rates()).body["tax"]["lines"]
    assert (one["duties"], one["net"]) == ("3.75", "103.75")


def test_a_stale_rate_leaves_the_parcel_undecided_and_names_it() -> None:
    found = parcel("100.00", rates(day=date(2026, 11, 19))).body
    assert (found["tax"]["verdict"], found["tax"]["lines"][0]["missing"]) == ("undecided", ["fx.USD.EUR.2026-11-22"])
    assert "fx.USD.EUR.2026-11-22" in {one["field"] for one in found["missing"]}


@pytest.mark.parametrize("known", [rates(), rates(day=date(2026, 11, 19))], ids=["there", "stale"])
def test_the_parcel_replayed_is_the_same_byte_for_byte(known: RateTable) -> None:
    made = parcel("100.00", known)
    again = replay(parcel_told("100.00"), orjson.loads(orjson.dumps(made.inputs)), packs())
    assert orjson.dumps(again.body) == orjson.dumps(made.body)
