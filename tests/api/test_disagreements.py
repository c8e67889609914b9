"""Statements of one payment that cannot both be true are refused, each with its pointer, on every route alike."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from engine.decoding import NotPlain
from engine.facts import facts_of
from engine.layouts import decode
from engine.places import SUBDIVISIONS, TWICE, OtherCountry, UnknownPlace, WithdrawnPlace, region_code
from engine.replay import facts_from
from engine.tax.territories import _SAME
from engine.transaction import Transaction
from engine.withdrawn import REPLACED
from tests.api.client import Client
from tests.api.taxes import Shop, book, shop, small_law

__all__ = ["shop", "small_law"]


def body(amount: str = "100.00", *lines: dict[str, Any], **stated: Any) -> dict[str, Any]:
    said = {
        "amount": amount,
        "currency": "EUR",
        "payment": {"instrument": "card"},
        "payer": {"country": "FR"},
        **stated,
    }
    return {**said, "lines": list(lines)} if lines else said


def gross(amount: str, **stated: Any) -> dict[str, Any]:
    return {"amount": amount, "tax_inclusive": True, **stated}


def net(amount: str, **stated: Any) -> dict[str, Any]:
    return {"amount": amount, "tax_inclusive": False, **stated}


def faults(client: Client, request: dict[str, Any]) -> dict[str, str]:
    """Pointer -> code. Whatever the model refuses the quick decoder leaves to it."""
    raw = orjson.dumps(request)
    reply = client.post("/v1/preflight", raw, {})
    if reply.status == 200:
        return {}
    assert reply.status == 422
    with pytest.raises(NotPlain):
        decode(raw)
    return {one["pointer"]: one["code"] for one in orjson.loads(reply.body)["errors"]}


def test_a_line_id_is_there_once(client: Client) -> None:
    lines = [gross("40.00", id="a"), gross("30.00", id="b"), gross("20.00", id="a"), gross("10.00", id="a")]
    assert faults(client, body("100.00", *lines)) == {"/lines/2/id": "duplicate_id", "/lines/3/id": "duplicate_id"}


def test_a_line_without_an_id_has_its_number_as_its_name(client: Client) -> None:
    assert faults(client, body("100.00", gross("60.00", id="2"), gross("40.00"))) == {"/lines/0/id": "duplicate_id"}
    assert faults(client, body("100.00", gross("60.00", id="1"), gross("40.00"))) == {}


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("100.00", None), ("120.00", None),
        ("99.99", "99.99 EUR"), ("119.99", "119.99 EUR"), ("100.01", "100.01 EUR"), ("150.00", "150.00 EUR"),
    ],
)  # fmt: skip
def test_an_amount_that_no_tax_explains_is_told(shop: Shop, amount: str, told: str | None) -> None:
    """A price without tax of 100 to a French consumer, at 20 %: 100 and 120 are understood, everything between is not."""
    line = {**book()["lines"][0], "category": "standard", "amount": "100.00", "tax_inclusive": False}
    found = shop.calculate({**book(), "amount": amount, "lines": [line]}).json()
    assert found["tax"]["lines"][0]["gross"] == "120.00"
    notes = [one for one in found["findings"] if one["name"] == "amount.differs"]
    wanted = (
        [] if told is None else [{"paid": told, "lines as stated": "100.00 EUR", "lines with their tax": "120.00 EUR"}]
    )
    assert [one["because"] for one in notes] == wanted
    assert all(one["effect"] == "note" and one["message"] for one in notes)


@pytest.mark.parametrize(
    ("amount", "facts", "told"),
    [
        ("100.00", {}, None),
        ("99.99", {}, "99.99 EUR"),
        ("100.01", {}, "100.01 EUR"),
        ("70.00", {"paid_otherwise": "30.00"}, None),
        ("70.00", {"paid_otherwise": "29.99"}, "99.99 EUR"),
    ],
)
def test_prices_that_include_the_tax_add_up_or_it_is_told(
    shop: Shop, amount: str, facts: dict[str, str], told: str | None
) -> None:
    """Nothing is refused: a tip, a voucher or a part payment is the caller's to know, and the tax is that of the lines."""
    line = {**book()["lines"][0], "category": "standard", "amount": "100.00", "tax_inclusive": True}
    found = shop.calculate({**book(), "amount": amount, "lines": [line], "facts": facts}).json()
    assert found["tax"]["lines"][0]["gross"] == "100.00"
    notes = [one["because"]["paid"] for one in found["findings"] if one["name"] == "amount.differs"]
    assert notes == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("country", "region", "code"),
    [
        ("US", "US-CA", None),
        ("US", "CA", None),
        ("US", "us-ca", None),
        (None, "US-CA", None),
        (None, "CA", "unknown_place"),
        ("FR", "DE-BY", "other_country"),
        ("FR", "DE-ZZ", "unknown_place"),
        ("DE", "Bavaria", "unknown_place"),
        ("DE", "", "unknown_place"),
        ("GR", "GR-85", "withdrawn_place"),
        ("GR", "85", "withdrawn_place"),
        ("GR", "GR-XN", None),
        ("AT", "AT-XJ", None),
        ("EL", "GR-I", None),
        ("ES", "ES-CN", None),
        ("ES-CN", "ES-TF", None),
        ("ES-CN", "ES-MD", "other_country"),
        ("XI", "GB-NIR", None),
        ("XI", "GB-BFS", None),
        ("XI", "GB-ENG", "other_country"),
        ("GB", "GB-NIR", None),
        ("FR", "FR-971", None),
        ("GP", "FR-971", None),
        ("GP", "FR-972", "other_country"),
        ("BQ", "NL-BQ2", None),
        ("BQ", "BQ-BO", None),
        ("NO", "NO-39", None),
        ("PR", "US-PR", None),
    ],
)
@pytest.mark.parametrize("where", ["payer", "ship_from", "supplied_at", "data"])
def test_a_region_is_a_code_and_lies_in_its_country(
    client: Client, where: str, country: str | None, region: str, code: str | None
) -> None:
    names = ("region_country", "region_subdivision") if where == "data" else ("country", "region")
    stated = {names[1]: region} | ({} if country is None else {names[0]: country})
    request, pointer = body(), f"/{where}/{names[1]}"
    if where == "payer":
        request |= {"payee": {"country": "FR"}, "payer": stated}
    elif where == "data":
        request["data"], pointer = [stated], f"/data/0/{names[1]}"
    else:
        request["lines"], pointer = [{where: stated}], f"/lines/0/{where}/{names[1]}"
    assert faults(client, request) == ({} if code is None else {pointer: code})


def test_every_fault_of_a_body_is_told_at_once(client: Client) -> None:
    lines = [gross("1.00", id="a", ship_to={"country": "FR", "region": "DE-BY"}), gross("1.00", id="a")]
    good = [gross("1.00", id="a"), gross("1.00", id="a")]
    assert faults(client, body("2.00", *lines, payer={"country": "ZZ", "region": "TX"})) == {
        "/payer/country": "unknown_place",
        "/lines/0/ship_to/region": "other_country",
    }
    assert faults(client, body("2.00", *good, payer={"country": "FR", "region": "TX"})) == {
        "/payer/region": "unknown_place",
        "/lines/1/id": "duplicate_id",
    }


def test_of_a_withdrawn_code_the_answer_says_what_took_its_place(client: Client) -> None:
    for request in (body(payer={"country": "GR", "region": "GR-85"}), body(payer={"country": "GR-85"})):
        reply = client.post("/v1/preflight", orjson.dumps(request), {})
        (fault,) = orjson.loads(reply.body)["errors"]
        assert fault["message"] == "GR-85 was withdrawn from ISO 3166-2: it lies in GR-K today"


def test_a_profile_of_a_merchant_states_regions_alike(shop: Shop) -> None:
    profile = {"country": "FR", "region": "DE-BY", "establishments": [{"country": "GR", "region": "GR-85"}]}
    reply = shop.put("m-tight", profile)
    found = {one["pointer"]: one["code"] for one in orjson.loads(reply.body)["errors"]}
    assert found == {"/region": "other_country", "/establishments/0/region": "withdrawn_place"}


def test_calculations_are_asked_alike(client: Client) -> None:
    request = {"currency": "EUR", "amount": "5.00", "lines": [gross("6.00", id="a"), gross("1.00", id="a")]}
    reply = client.post("/v1/tax/calculations", orjson.dumps(request), {})
    found = {one["pointer"]: one["code"] for one in orjson.loads(reply.body)["errors"]}
    assert (reply.status, found) == (422, {"/lines/1/id": "duplicate_id"})


def test_what_was_accepted_before_is_read_again_as_it_was() -> None:
    """A replay is of the payment as it was taken; rules of later days hold nothing against it."""
    raw = orjson.dumps(
        body("5.00", gross("6.00", id="a"), gross("1.00", id="a"), payer={"country": "FR", "region": "Paris"})
    )
    with pytest.raises(ValueError, match="validation error"):
        Transaction.model_validate_json(raw)
    facts = facts_from(raw)
    assert facts["payer.region"] == "Paris"
    assert len(facts["lines"]) == 2


def test_both_decoders_accept_the_same_regions() -> None:
    for country in ("US", "XI", "GP", None):
        for region in ("TX", "US-TX", "GB-NIR", "FR-971", "nowhere"):
            stated = {"region": region} | ({"country": country} if country else {})
            raw = orjson.dumps(body(payer=stated, payee={"country": "FR"}))
            try:
                model = facts_of(Transaction.model_validate_json(raw))
            except ValueError:
                with pytest.raises(NotPlain):
                    decode(raw)
            else:
                assert dict(decode(raw)) == dict(model)


# -- the tables ---------------------------------------------------------------------------------------------------------


def test_withdrawn_codes_are_not_assigned_and_their_successors_are() -> None:
    assert not REPLACED.keys() & SUBDIVISIONS
    assert set(REPLACED.values()) <= SUBDIVISIONS


def test_what_the_tax_procedure_knows_under_two_codes_may_stand_under_both() -> None:
    for part, own in _SAME.items():
        country = own[:2]
        if part[:2] != country:
            assert region_code(part, country) == part
    assert set(TWICE.values()) <= SUBDIVISIONS


def test_refusals_are_of_their_own_kinds() -> None:
    for region, country, kind in (
        ("GR-85", "GR", WithdrawnPlace),
        ("DE-BY", "FR", OtherCountry),
        ("x", "FR", UnknownPlace),
    ):
        with pytest.raises(kind):
            region_code(region, country)
