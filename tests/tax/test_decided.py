"""Tax within the decision: beside authentication or alone, folded into the outcome, replayed and explained."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from engine.decide import decide
from engine.decision import DecisionBody
from engine.explain import explain
from engine.history import NullHistory
from engine.packs.packset import PackSet
from engine.replay import differences, remembered_rates, replay
from engine.tax.model import Treatment
from tests.tax.small_law import (
    NOW,
    RATES,
    Family,
    body,
    facts_told,
    families,
    line,
    place,
    rate,
    release,
    says,
    union,
)
from tests.tax.test_assess import with_duty

SCA_AND_TAX = ("sca", "tax")
LAW = release(
    FR=place(
        rate("20"), rate("5.5", "books", "reduced"), b2c_price_display="tax_inclusive", invoice_exchange_rate="ecb"
    ),
    EU=union("FR", "DE"),
)
BOOK = line(category="books", amount="24.90", tax_inclusive=True)


def decided(*lines: dict[str, Any], packs: PackSet = LAW, domains: tuple[str, ...] = SCA_AND_TAX, profiles: Any = None,
            default: Family | None = None, **stated: Any) -> Any:  # fmt: skip
    with families(default):
        return decide(
            facts_told(*lines, **stated), packs, NullHistory(), rates=RATES, decision_id="dec_1", now=NOW, locale="en",
            domains=domains, profiles=profiles or (lambda _merchant: None),
        )  # fmt: skip


def test_each_domain_has_its_part_and_the_others_none() -> None:
    for domains in (("sca",), ("tax",), ("sca", "tax")):
        found = decided(BOOK, domains=domains).body
        assert found["domains"] == list(domains)
        assert {"sca", "tax"} & found.keys() == set(domains)
        DecisionBody.model_validate(found)


def test_the_parts_stand_in_the_contract_s_order() -> None:
    keys = list(decided(BOOK).body)
    assert keys[keys.index("domains") + 1 :][:3] == ["sca", "tax", "obligations"]


def test_authentication_says_the_same_beside_tax() -> None:
    alone, both = decided(BOOK, domains=("sca",)).body, decided(BOOK).body
    assert both["sca"] == alone["sca"]
    assert [one for one in both["findings"] if one["domain"] == "sca"] == alone["findings"]


@pytest.mark.parametrize("kind", ["refund", "payout", "transfer", "deposit", "withdrawal"])
def test_what_is_no_sale_bears_no_tax(kind: str) -> None:
    found = decided(BOOK, kind=kind).body
    assert (found["tax"]["verdict"], found["tax"]["total"], found["tax"]["currency"]) == ("not_applicable", None, "EUR")
    assert [one for one in found["findings"] if one["domain"] == "tax"] == []
    DecisionBody.model_validate(found)


# -- findings and what is missing ------------------------------------------------------------------------------------


def test_a_finding_has_its_law_its_values_and_its_lines() -> None:
    lines = [line(str(at), category="books", amount="1.00", tax_inclusive=True) for at in (1, 2)]
    (finding,) = [one for one in decided(*lines, line("3", amount="2.00", tax_inclusive=True)).body["findings"]
                  if one["name"] == "rate.reduced"]  # fmt: skip
    assert (finding["rule"], finding["pack"], finding["effect"]) == ("tax.rate.reduced", "FR", "reduced")
    assert finding["law"] == {"instrument": "The tax act", "provision": "s. 1", "url": None, "basis": "statute"}
    assert finding["because"]["lines"] == "1, 2"
    assert "5.5 %" in finding["because"]["rate"]
    assert finding["confidence"] == "A"


def test_what_is_missing_would_settle_tax() -> None:
    found = decided(line(amount="1.00", kind=None)).body
    assert {"field": "lines.kind", "asked_by": ["tax.kind.unknown"], "would_settle": ["tax"]} in found["missing"]


def test_a_fact_that_two_domains_miss_is_named_once() -> None:
    default = Family(domestic=says(Treatment.UNDECIDED, "x", "payment.issuer_country"))
    found = decided(BOOK, default=default).body
    (entry,) = [one for one in found["missing"] if one["field"] == "payment.issuer_country"]
    assert entry["would_settle"] == ["sca", "tax"]
    assert entry["asked_by"][-1] == "tax.x"
    alone = decided(BOOK, domains=("sca",)).body
    assert all(one["would_settle"] == ["sca"] for one in alone["missing"])


# -- outcome ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (BOOK, "allow"),
        (line(amount="1.00", kind=None), "collect"),
        (line(), "allow"),
        (line(tax_inclusive=False), "collect"),
    ],
)
def test_undecided_tax_collects(one: dict[str, Any], outcome: str) -> None:
    found = decided(one, domains=("tax",)).body
    assert found["outcome"] == outcome
    assert found["message"]


def test_the_nearest_pack_may_want_more() -> None:
    packs = release(FR=place())
    object.__setattr__(packs.packs["FR"], "on_unknown", {"tax": "review"})
    assert decided(line(amount="1.00", tax_inclusive=True), packs=packs, domains=("tax",)).body["outcome"] == "review"


def test_the_stricter_domain_decides() -> None:
    """Authentication is undecided without a place of a bank, and so challenged; undecided tax collects."""
    assert decided(BOOK, domains=("sca",)).body["outcome"] == "challenge"
    assert decided(BOOK).body["outcome"] == "challenge"
    assert decided(line(amount="1.00", kind=None)).body["outcome"] == "collect"


# -- what was applied ------------------------------------------------------------------------------------------------


def test_every_pack_that_was_asked_is_named_with_its_day() -> None:
    packs = decided(BOOK, domains=("tax",)).body["rulepacks"]
    assert [one["jurisdiction"] for one in packs] == ["EU", "FR", "WORLD"]
    assert {one["as_of"] for one in packs} == {"2026-11-22"}
    assert all(one["digest"].startswith("sha256:") for one in packs)


def test_exchange_rates_are_named() -> None:
    found = decided(
        line(amount="9.00", tax_inclusive=False), default=with_duty(), currency="USD", domains=("tax",)
    ).body
    assert [(one["from"], one["to"], one["rate"], one["date"]) for one in found["fx"]] == [
        ("EUR", "USD", "1.25", "2026-11-20")
    ]


# -- the merchant's profile ------------------------------------------------------------------------------------------


def test_an_unknown_merchant_leaves_tax_undecided_and_says_what_is_missing() -> None:
    found = decided(BOOK, payee={"merchant": "m-1"}).body
    assert (found["tax"]["verdict"], found["tax"]["total"]) == ("undecided", None)
    assert {"payee.country", "payee.registrations"} <= {one["field"] for one in found["missing"]}


def test_a_stored_profile_settles_it() -> None:
    asked: list[str] = []

    def profiles(merchant: str) -> dict[str, Any]:
        asked.append(merchant)
        return {"country": "FR", "registrations": [{"jurisdiction": "FR", "scheme": "standard"}]}

    decision = decided(BOOK, payee={"merchant": "m-1"}, profiles=profiles)
    assert (decision.body["tax"]["total"], asked) == ("1.30", ["m-1"])
    assert decision.inputs["merchant"]["country"] == "FR"


def test_authentication_alone_asks_for_no_profile() -> None:
    def profiles(_merchant: str) -> dict[str, Any]:
        raise AssertionError("not asked for")

    assert decided(BOOK, payee={"merchant": "m-1", "country": "FR"}, profiles=profiles, domains=("sca",)).body["sca"]


# -- replay and explanation ------------------------------------------------------------------------------------------


def again(
    decision: Any, request: dict[str, Any], packs: PackSet = LAW, default: Family | None = None, **more: Any
) -> Any:
    with families(default):
        inputs = orjson.loads(orjson.dumps(decision.inputs))
        return replay(orjson.dumps(request), inputs, packs, **more)


@pytest.mark.parametrize(("start", "end"), [("FR", "FR"), ("FR", "DE"), ("FR", "US"), ("US", "FR"), ("DE", "FR")])
def test_the_first_answer_of_a_release_is_as_every_later_one(start: str, end: str) -> None:
    """What is looked up once and kept leaves no trace in the answer: whose law was asked is told every time."""
    one = line(amount="10.00", tax_inclusive=True, ship_from={"country": start}, ship_to={"country": end})
    fresh = release(FR=place(rate("20")), DE=place(rate("19")), US=place(), EU=union("FR", "DE"))
    first, *later = [decided(one, packs=fresh).body for _ in range(3)]
    assert later == [first, first]


@pytest.mark.parametrize("domains", [("sca",), ("tax",), ("sca", "tax")])
def test_replayed_it_is_the_same_byte_for_byte(domains: tuple[str, ...]) -> None:
    payee = {"merchant": "m-1"}
    decision = decided(BOOK, payee=payee, domains=domains, profiles=lambda _: {"country": "FR"})
    assert orjson.dumps(again(decision, body(BOOK, payee=payee)).body) == orjson.dumps(decision.body)


def test_a_merchant_who_moved_since_has_not_moved_in_the_replay() -> None:
    decision = decided(BOOK, payee={"merchant": "m-1"}, profiles=lambda _: {"country": "FR"})
    assert again(decision, body(BOOK, payee={"merchant": "m-1"})).body == decision.body


@pytest.mark.parametrize("currency", ["USD", "GBP"])
def test_rates_are_as_they_were_and_lacking_as_they_were(currency: str) -> None:
    one = line(amount="9.00", tax_inclusive=False)
    decision = decided(one, default=with_duty(), currency=currency)
    assert again(decision, body(one, currency=currency), default=with_duty()).body == decision.body
    assert remembered_rates(decision.inputs).rate("EUR", currency, NOW.date()) is None  # authentication asked for none


def test_a_rate_of_another_day_stands_for_the_pair() -> None:
    one = line(amount="9.00", tax_inclusive=False)
    decision = decided(one, default=with_duty(), currency="USD", domains=("tax",))
    later = again(decision, body(one, currency="USD"), default=with_duty(), legal_day=NOW.date().replace(day=1))
    assert later.body["tax"]["lines"][0]["duties"] == "3.75"


def test_a_new_rate_in_a_new_release_is_named_among_the_differences() -> None:
    decision = decided(BOOK)
    new = release(FR=place(rate("20"), rate("10", "books", "reduced")), EU=union("FR", "DE"))
    found = {
        one["pointer"]: (one["was"], one["now"])
        for one in differences(decision.body, again(decision, body(BOOK), new).body)
    }
    assert found["/tax/total"] == ("1.30", "2.26")
    assert found["/tax/lines/0/components/0/rate_percent"] == ("5.5", "10")
    assert again(decision, body(BOOK)).body == decision.body


def test_a_decision_from_before_there_was_tax_is_replayed_without() -> None:
    decision = decided(BOOK, domains=("sca",))
    assert "domains" not in decision.inputs
    assert again(decision, body(BOOK)).body == decision.body


def explained(domains: tuple[str, ...], **stated: Any) -> dict[str, Any]:
    with families():
        return explain(
            facts_told(BOOK, **stated), LAW, NullHistory(), rates=RATES, decision_id="dec_1", now=NOW, domains=domains
        )


def test_an_explanation_tells_every_question_with_its_article() -> None:
    found = explained(("sca", "tax"))["tax"]
    (one,) = found["lines"]
    assert [step["question"] for step in one["steps"]][-1] == "rounding"
    assert {"question": "liability", "answer": "Charged in FR.", "confidence": "A",
            "law": {"instrument": "The tax act", "provision": "s. 1", "url": None}} in one["steps"]  # fmt: skip
    assert one["rates"] == ["FR/vat.books.5.5"]
    assert found["laws"] == [{"place": "FR", "law_of": "2026-11-22", "packs": ["WORLD", "EU", "FR"]}]


@pytest.mark.parametrize(("domains", "stated"), [(("sca",), {}), (("sca", "tax"), {"kind": "refund"})])
def test_no_explanation_of_a_tax_that_was_not_asked_for(domains: tuple[str, ...], stated: dict[str, Any]) -> None:
    assert "tax" not in explained(domains, **stated)


def test_of_tax_alone_no_places_are_explained() -> None:
    assert explained(("tax",))["places"] == []
