"""The whole assessment of a sale: verdict, total, who is asked what, and never a silent zero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.decision import TaxVerdict
from engine.money import RateKey, RateTable
from engine.packs.model import Confidence
from engine.tax.assess import assess, assessed
from engine.tax.law import TaxLaw
from engine.tax.model import Customer, Ruling, Treatment
from tests.tax.small_law import (
    DAY,
    NOW,
    RATES,
    Family,
    charged,
    families,
    line,
    place,
    rate,
    release,
    sale_told,
    says,
    sold,
    union,
)

FR = (
    rate("20"),
    rate("5.5", "books", "reduced", confidence=Confidence.B),
    rate("0", "zero", "zero"),
    rate(None, "health", "exempt"),
)
LAW = release(
    FR=place(*FR, b2c_price_display="tax_inclusive", tax_name_local="TVA", invoice_exchange_rate="ecb"),
    DE=place(rate("19")),
    US=place(rate("6.25", tax="sales_tax"), b2c_price_display="tax_exclusive"),
    JP=place(rate("10"), rate("8", "food", "reduced"), rounding_rule="once_per_invoice_per_rate"),
    EU=union("FR", "DE", rounding_rule="round_per_item_total_or_return"),
)


def told(*lines: dict[str, Any], packs: Any = LAW, default: Family | None = None, **stated: Any) -> dict[str, Any]:
    with families(default):
        found = sold(packs, *lines, **stated)
    TaxVerdict.model_validate(found)  # every answer is of the documented shape
    return found


def abroad(*lines: dict[str, Any], **stated: Any) -> dict[str, Any]:
    """To New York from France, where the destination asks nothing of the seller and the origin exports."""
    return told(*({**one, "ship_to": {"country": "US"}} for one in lines), **stated)


# -- the contract's own example ---------------------------------------------------------------------------------------------


def test_a_book_for_24_90() -> None:
    found = told(line(category="books", amount="24.90", tax_inclusive=True))
    assert (found["verdict"], found["total"], found["currency"], found["inclusive"]) == (
        "determined",
        "1.30",
        "EUR",
        True,
    )
    assert (found["customer"], found["date"]) == ("consumer", "2026-11-22")
    (one,) = found["lines"]
    assert (one["country"], one["treatment"], one["scheme"]) == ("FR", "reduced", "domestic")
    assert one["components"] == [
        {"name": "TVA", "jurisdiction": "FR", "rate_percent": "5.5", "taxable_amount": "23.60", "amount": "1.30",
         "unrounded": "1.2981042654", "rate": "FR/vat.books.5.5", "confidence": "B"}
    ]  # fmt: skip
    assert (one["net"], one["tax"], one["gross"]) == ("23.60", "1.30", "24.90")
    assert found["confidence"] == one["confidence"] == "B"


def test_the_law_of_every_step_is_cited_once() -> None:
    (one,) = told(line(category="books", amount="24.90", tax_inclusive=True))["lines"]
    cited = [(law["instrument"], law["provision"]) for law in one["law"]]
    assert ("The tax act", "s. 1") in cited
    assert len(cited) == len(set(cited))


@pytest.mark.parametrize(
    ("percent", "said"), [("20", "20"), ("5.50", "5.5"), ("0", "0"), ("9.975", "9.975"), ("100", "100")]
)
def test_rates_are_said_without_idle_zeros(percent: str, said: str) -> None:
    found = told(line(amount="1.00", tax_inclusive=False), packs=release(FR=place(rate(percent))))
    assert found["lines"][0]["components"][0]["rate_percent"] == said


@pytest.mark.parametrize(
    ("currency", "price", "total"),
    [("EUR", "10.00", "2.00"), ("JPY", "1001", "200"), ("KWD", "1.234", "0.247"), ("HUF", "999.00", "199.80")],
)
def test_amounts_have_the_digits_of_their_currency(currency: str, price: str, total: str) -> None:
    assert told(line(amount=price, tax_inclusive=False), currency=currency)["total"] == total


# -- a total is said only when every line is decided -----------------------------------------------------------------


def test_one_undecided_line_leaves_no_total() -> None:
    found = told(line("1", amount="10.00", tax_inclusive=False), line("2", amount="5.00", kind=None))
    assert (found["verdict"], found["total"], found["confidence"]) == ("undecided", None, None)
    assert [one["tax"] for one in found["lines"]] == ["2.00", None]
    two = found["lines"][1]
    assert (two["components"], two["net"], two["gross"], two["missing"]) == ([], None, None, ["lines.kind"])


@pytest.mark.parametrize(
    ("treatment", "reason"),
    [
        (Treatment.ZERO, "export"), (Treatment.EXEMPT, "rate.exempt"), (Treatment.REVERSE_CHARGE, "reverse_charge"),
        (Treatment.OUT_OF_SCOPE, "abroad"), (Treatment.IMPORT, "import"), (Treatment.NO_OBLIGATION, "below_threshold"),
    ],
)  # fmt: skip
def test_every_way_of_not_charging_keeps_its_name(treatment: Treatment, reason: str) -> None:
    found = told(line(amount="10.00", tax_inclusive=False), default=Family(domestic=says(treatment, reason)))
    (one,) = found["lines"]
    assert (found["verdict"], found["total"]) == ("determined", "0.00")
    assert (one["treatment"], one["reason"], one["components"]) == (treatment.value, reason, [])
    assert (one["net"], one["tax"], one["gross"]) == ("10.00", "0.00", "10.00")


def test_zero_rated_is_taxed_at_zero() -> None:
    (one,) = told(line(category="zero", amount="10.00", tax_inclusive=False))["lines"]
    assert (one["treatment"], one["components"][0]["rate_percent"], one["components"][0]["amount"]) == (
        "zero",
        "0",
        "0.00",
    )


def test_exempt_has_no_component() -> None:
    (one,) = told(line(category="health", amount="10.00", tax_inclusive=False))["lines"]
    assert (one["treatment"], one["components"], one["tax"]) == ("exempt", [], "0.00")


def test_an_unread_rate_charges_nothing_and_says_so() -> None:
    found = told(line(amount="10.00", tax_inclusive=False), packs=release(FR=place()))
    assert (found["lines"][0]["treatment"], found["lines"][0]["missing"]) == ("undecided", ["law.standard_rate"])


# -- does the price include the tax? ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inclusive", "payer", "packs", "total", "missing"),
    [
        (True, {"type": "individual"}, LAW, "20.00", []),
        (False, {"type": "individual"}, LAW, "24.00", []),
        (None, {"type": "individual"}, LAW, "20.00", []),
        (None, {"type": "individual"}, release(FR=place(*FR, b2c_price_display="tax_exclusive")), "24.00", []),
        (
            None,
            {"type": "individual"},
            release(FR=place(*FR, b2c_price_display="unread")),
            None,
            ["lines.tax_inclusive"],
        ),
        (None, {"type": "individual"}, release(FR=place(*FR)), None, ["lines.tax_inclusive"]),
        (None, {"type": "organisation"}, LAW, None, ["lines.tax_inclusive"]),
        (None, {"tax_ids": [{"country": "FR", "value": "1", "verified": True}]}, LAW, None, ["lines.tax_inclusive"]),
        (True, {"type": "organisation"}, LAW, "20.00", []),
    ],
)
def test_the_line_says_or_the_law_on_prices_to_consumers(
    inclusive: bool | None, payer: dict[str, Any], packs: Any, total: str | None, missing: list[str]
) -> None:
    found = told(line(amount="120.00", tax_inclusive=inclusive), payer={"country": "FR", **payer}, packs=packs)
    assert (found["total"], found["lines"][0]["missing"]) == (total, missing)


def test_the_law_of_prices_is_a_step() -> None:
    (one,) = told(line(amount="120.00"))["lines"]
    assert [step["answer"] for step in one["steps"] if step["question"] == "price"] == [
        "Prices to consumers in FR are shown with tax; the line does not say."
    ]


@pytest.mark.parametrize(
    ("modes", "said"), [((True, True), True), ((False, False), False), ((True, False), None), ((None, None), True)]
)
def test_the_mode_of_the_sale_is_that_of_its_lines(modes: tuple[bool | None, ...], said: bool | None) -> None:
    lines = [line(str(at), amount="10.00", tax_inclusive=mode) for at, mode in enumerate(modes)]
    assert told(*lines)["inclusive"] is said


def test_a_price_nobody_taxes_needs_no_mode() -> None:
    found = abroad(line(amount="10.00"))
    assert (found["verdict"], found["inclusive"], found["total"]) == ("determined", None, "0.00")


def test_the_law_s_own_word_on_the_customer_is_taken() -> None:
    def business(asked: Any) -> Ruling:
        found = charged(asked)
        return Ruling(found.treatment, "FR", None, found.components, customer=Customer.BUSINESS)

    found = told(line(amount="10.00"), default=Family(domestic=business))
    assert (found["customer"], found["lines"][0]["missing"]) == ("business", ["lines.tax_inclusive"])


# -- prices made with the rate of home -------------------------------------------------------------------------------


def test_a_price_that_should_include_tax_is_kept_where_none_is_due() -> None:
    found = abroad(line(amount="120.00", tax_inclusive=True))
    (one,) = found["lines"]
    assert (one["net"], one["gross"]) == ("120.00", "120.00")
    assert any("the price is kept" in step["answer"] for step in one["steps"])


def test_or_the_tax_of_home_is_taken_out_of_it() -> None:
    (one,) = abroad(line(amount="120.00", tax_inclusive=True), facts={"price_of_home_rate": "strip"})["lines"]
    assert (one["net"], one["tax"], one["gross"]) == ("100.00", "0.00", "100.00")


def test_the_rate_of_home_is_that_of_the_category() -> None:
    one = line(amount="105.50", category="books", tax_inclusive=True)
    assert abroad(one, facts={"price_of_home_rate": "strip"})["lines"][0]["net"] == "100.00"


def test_the_tax_of_the_destination_is_put_on_what_is_left() -> None:
    one = line(amount="120.00", tax_inclusive=True, ship_to={"country": "DE"})
    found = told(one, facts={"price_of_home_rate": "strip"})["lines"][0]
    assert (found["net"], found["tax"], found["gross"]) == ("100.00", "19.00", "119.00")


@pytest.mark.parametrize("facts", [{"price_of_home_rate": "strip"}, {"price_of_home_rate": "keep_gross"}, {}])
def test_at_home_there_is_nothing_to_strip(facts: dict[str, str]) -> None:
    found = told(line(amount="120.00", tax_inclusive=True), facts=facts)["lines"][0]
    assert (found["net"], found["gross"]) == ("100.00", "120.00")


def test_a_price_without_tax_is_not_stripped() -> None:
    one = line(amount="120.00", tax_inclusive=False, ship_to={"country": "DE"})
    assert told(one, facts={"price_of_home_rate": "strip"})["lines"][0]["net"] == "120.00"


def test_a_home_rate_that_is_not_known_settles_nothing() -> None:
    packs = release(FR=place(), US=place())
    (one,) = abroad(line(amount="120.00", tax_inclusive=True), packs=packs, facts={"price_of_home_rate": "strip"})[
        "lines"
    ]
    assert (one["treatment"], one["reason"], one["missing"]) == (
        "undecided",
        "home_rate.unknown",
        ["law.standard_rate"],
    )


# -- duties in the base ----------------------------------------------------------------------------------------------


def with_duty(amount: str = "3.00", currency: str = "EUR") -> Family:
    def answer(asked: Any) -> Ruling:
        found = charged(asked)
        return Ruling(
            Treatment.IOSS, "FR", None, found.components, scheme="ioss", duties=(("duty", Decimal(amount), currency),)
        )

    return Family(domestic=answer)


def test_a_duty_is_taxed() -> None:
    (one,) = told(line(amount="100.00", tax_inclusive=False), default=with_duty())["lines"]
    assert (one["net"], one["duties"], one["tax"], one["gross"]) == ("103.00", "3.00", "20.60", "123.60")


def test_a_consignment_bears_a_duty_once() -> None:
    lines = [line(str(at), amount=price, tax_inclusive=False) for at, price in enumerate(["10.00", "20.00"])]
    found = told(*lines, default=with_duty())["lines"]
    assert [one["duties"] for one in found] == ["1.00", "2.00"]


def test_a_duty_is_converted_at_the_day_s_rate() -> None:
    (one,) = told(line(amount="100.00", tax_inclusive=False), default=with_duty(), currency="USD")["lines"]
    assert one["duties"] == "3.75"


def test_without_a_rate_a_duty_leaves_the_line_undecided() -> None:
    (one,) = told(line(amount="100.00", tax_inclusive=False), default=with_duty(), currency="GBP")["lines"]
    assert (one["treatment"], one["reason"], one["missing"]) == (
        "undecided",
        "exchange.unknown",
        ["fx.EUR.GBP.2026-11-22"],
    )


# -- rounding --------------------------------------------------------------------------------------------------------


def japanese(*lines: tuple[str, str], **stated: Any) -> dict[str, Any]:
    there = {"ship_from": {"country": "JP"}, "ship_to": {"country": "JP"}}
    told_lines = [line(str(at), category=category, amount=price, tax_inclusive=False, **there)
                  for at, (category, price) in enumerate(lines)]  # fmt: skip
    return told(*told_lines, currency="JPY", **stated)


@pytest.mark.parametrize(("method", "total"), [(None, "15"), ("down", "13"), ("up", "15")])
def test_japan_rounds_once_for_each_rate(method: str | None, total: str) -> None:
    """8 % of 132 is 10.56, 10 % of 38 is 3.8; the direction is free."""
    payee = {"country": "JP", "facts": {} if method is None else {"rounding_method": method}}
    found = japanese(("food", "66"), ("food", "66"), ("standard", "19"), ("standard", "19"), payee=payee)
    assert found["total"] == total
    assert (found["rounding"]["level"], found["rounding"]["source"]) == ("invoice_rate", "JP/once_per_invoice_per_rate")


def test_the_house_rounds_where_the_law_leaves_it_free() -> None:
    found = told(line(amount="10.00", tax_inclusive=False))
    assert found["rounding"] == {"method": "half_up", "level": "line", "source": "house", "confidence": "R"}
    assert found["confidence"] == "A"  # what is due is sure; how cents are rounded is said apart


def test_two_places_two_rules() -> None:
    here = line("1", amount="10.00", tax_inclusive=False)
    there = line("2", amount="10.00", tax_inclusive=False, ship_from={"country": "JP"}, ship_to={"country": "JP"})
    found = told(here, there)["rounding"]
    assert (found["method"], found["source"]) == ("by_place", "JP/once_per_invoice_per_rate, house")


def test_where_nothing_is_taxed_nothing_is_rounded() -> None:
    assert abroad(line(amount="10.00"))["rounding"] is None


# -- what it rests on ------------------------------------------------------------------------------------------------


def test_the_same_sale_gives_the_same_answer() -> None:
    sale, law = sale_told(line(amount="10.00", tax_inclusive=True)), TaxLaw(LAW)
    with families():
        assert assess(sale, law, RATES) == assess(sale, law, RATES)


def test_it_notes_whose_law_was_asked_and_nobody_else_s() -> None:
    law = TaxLaw(LAW)
    with families():
        found = assessed(sale_told(line(amount="10.00", tax_inclusive=True)), law, RATES)
    assert {one.place for one in found.laws} == {"FR"}
    assert law.consulted is None


def test_it_notes_every_rate_asked_for_and_every_one_lacking() -> None:
    with families(with_duty("3.00", "GBP")):
        found = assessed(sale_told(line(amount="10.00", tax_inclusive=True)), TaxLaw(LAW), RATES)
    assert {key: one.rate for key, one in found.rates.items()} == {
        RateKey("GBP", "EUR", DAY, "chargeable_event", "ecb"): None
    }


def test_a_duty_at_a_place_whose_rate_was_not_read_leaves_the_line_undecided() -> None:
    packs = release(FR=place(*FR), EU=union("FR"))
    (one,) = told(line(amount="100.00", tax_inclusive=False), default=with_duty(), currency="USD", packs=packs)["lines"]
    assert (one["treatment"], one["missing"]) == ("undecided", ["law.exchange_rate_rule"])


def test_the_law_of_another_day() -> None:
    packs = release(FR=place(rate("19.6", end=DAY), rate("20", start=DAY)))
    sale, law = sale_told(line(amount="100.00", tax_inclusive=False)), TaxLaw(packs)
    with families():
        assert assessed(sale, law, RATES).answer["total"] == "20.00"
        before = assessed(sale, law, RATES, legal_day=DAY.replace(day=21)).answer
        assert (before["total"], before["date"]) == ("19.60", "2026-11-21")
        assert assessed(sale, law, RATES).answer["total"] == "20.00"


@pytest.mark.parametrize(
    ("moment", "total"), [("2026-12-31T22:59:59+00:00", "19.60"), ("2026-12-31T23:00:00+00:00", "20.00")]
)
def test_a_change_bites_at_local_midnight(moment: str, total: str) -> None:
    year = DAY.replace(year=2027, month=1, day=1)
    packs = release(FR=place(rate("19.6", end=year), rate("20", start=year)))
    assert told(line(amount="100.00", tax_inclusive=False), packs=packs, occurred_at=moment)["total"] == total


def test_a_sale_without_a_moment_is_now() -> None:
    sale = sale_told(line(amount="10.00", tax_inclusive=True), occurred_at=None)
    assert sale.occurred_at == NOW


def test_no_rates_are_needed_where_none_are_asked_for() -> None:
    assert told(line(amount="10.00", tax_inclusive=True), rates=RateTable(()))["verdict"] == "determined"
