"""From anywhere to anywhere under the shipped law: every answer keeps its promises, and the first is as every later one."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import pytest

from engine.decision import TaxVerdict
from engine.money import DIGITS, RateTable
from engine.packs.model import Confidence
from engine.tax.assess import Assessed, assessed
from engine.tax.law import TaxLaw
from tests.property.shipped import RATES, packs
from tests.tax.small_law import body, line, sale_told

PLACES = [
    "DE", "FR", "FR-20R", "ES-CN", "PT-20", "XI", "GB", "CH", "LI", "NO", "US-TX", "US-OR", "US", "CA-QC", "IN-KA", "BR-SP",
    "AU", "NZ", "SG", "JP", "KR", "AE", "KW", "ZA", "MX", "AR", "KE", "TH", "RE", "MC", "HK", "AQ",
]  # fmt: skip
KINDS = ["goods", "digital", "service", "accommodation", "event", "transport"]
CATEGORIES = ["standard", "books", "food", "saas", "hotel", None]
CURRENCIES = ["EUR", "USD", "JPY", "GBP", "INR", "BRL", "KWD"]


def stated(place: str) -> dict[str, str]:
    return {"country": place} if len(place) == 2 else {"country": place[:2], "region": place}


def grow(rnd: Random, start: str, end: str) -> dict[str, Any]:
    """A sale from one place to another, stating most of what the law asks for."""
    currency = rnd.choice(CURRENCIES)
    price = f"{Decimal(rnd.randrange(1, 50_000)).scaleb(-DIGITS[currency]):f}"
    one = line(amount=price, kind=rnd.choice(KINDS), category=rnd.choice(CATEGORIES), ship_from=stated(start),
               ship_to=stated(end), supplied_at=rnd.choice([None, stated(end)]), tax_inclusive=rnd.choice([True, False, None]),
               marketplace=rnd.choice([None, False, True]))  # fmt: skip
    registered = rnd.choice(
        [None, [], [{"jurisdiction": start[:2]}], [{"jurisdiction": start[:2]}, {"jurisdiction": end[:2]}]]
    )
    ids = rnd.choice([[], [], [{"country": end[:2], "value": "1", "verified": rnd.choice([True, False])}]])
    payer = {**stated(end), "type": rnd.choice(["individual", "organisation"]), "tax_ids": ids}
    payee = {**stated(start), **({} if registered is None else {"registrations": registered})}
    told: dict[str, Any] = {"payer": payer, "payee": payee, "currency": currency}
    if rnd.random() < 0.3:
        told["facts"] = {"price_of_home_rate": "strip"}
    return body(one, line("ship", category="shipping", kind="transport", amount=price, tax_inclusive=True,
                          ship_from=stated(start), ship_to=stated(end)), **told)  # fmt: skip


def assess_told(request: dict[str, Any], law: TaxLaw, rates: RateTable = RATES) -> Assessed:
    return assessed(
        sale_told(*request["lines"], **{key: value for key, value in request.items() if key != "lines"}), law, rates
    )


@pytest.mark.parametrize("start", PLACES)
def test_every_answer_keeps_its_promises(start: str) -> None:
    rnd, law = Random(start), TaxLaw(packs())
    for end, _ in product(PLACES, range(3)):
        request = grow(rnd, start, end)
        found = assess_told(request, law)
        try:
            _promises(found.answer)
            fresh = assess_told(request, TaxLaw(packs()))
            assert (fresh.answer, fresh.rates) == (found.answer, found.rates)
            assert {(one.place, one.day) for one in fresh.laws} == {(one.place, one.day) for one in found.laws}
        except AssertionError as error:
            raise AssertionError(f"{start} -> {end}: {request}: {error}") from error


def _promises(tax: dict[str, Any]) -> None:
    TaxVerdict.model_validate(tax)
    for one in tax["lines"]:
        if one["treatment"] == "undecided":
            assert one["missing"], "undecided without naming a fact"
            assert (one["components"], one["net"], one["tax"], one["gross"]) == ([], None, None, None)
            continue
        net, levied, gross = (Decimal(one[key]) for key in ("net", "tax", "gross"))
        assert net + levied == gross
        assert levied == sum(Decimal(part["amount"]) for part in one["components"])
        assert one["reason"], "no reason"
        if one["missing"]:  # the tax is settled, and who declares it where is not
            assert (one["missing"], one["scheme"]) == (["payee.registrations"], None)
        if one["treatment"] not in ("standard", "reduced", "zero", "ioss"):
            assert levied == 0
    undecided = any(one["treatment"] == "undecided" for one in tax["lines"])
    assert tax["verdict"] == ("undecided" if undecided else "determined")
    assert (tax["total"] is None) == undecided
    if not undecided:
        assert Decimal(tax["total"]) == sum(Decimal(one["tax"]) for one in tax["lines"])
        assert tax["confidence"] is None or Confidence(tax["confidence"])
