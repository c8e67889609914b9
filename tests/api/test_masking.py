"""Personal data masked: by the catalogue, in exports and for whoever does not work on persons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from api.masking import Masks, masked, masked_case, personal_in
from api.screening import Screening
from api.service import Service
from engine.catalogue import FIELDS, PERSONAL, Shown
from engine.ledger import Scope
from engine.wire import Fact
from tests.api.client import Client
from tests.api.conftest import sample
from tests.api.screenings import Sanctions, listed
from tests.onboarding.applying import applied

AUDITOR = "lx_of_the_auditor_in_this_test"
PAYER = {
    "id": "c-7", "name": "Jane Q. Ostrander", "date_of_birth": "1961-05-04", "email": "jane@ostrander.example",
    "address": "7 Quince Lane", "postal_code": "75011", "country": "FR",
    "phone": {"number": "+33612345678"}, "tax_ids": [{"country": "FR", "value": "0701987765493"}],
    "owners": [{"name": "Zebedee Ostrander", "share": "30"}], "facts": {"nickname": "Quincy"},
}  # fmt: skip
NOT_PERSONAL = {
    "payer.id": "the caller's own id", "payer.merchant": "the caller's own id", "payer.lei": "of a legal person",
    "payer.industry": "a code of trades",
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "shown", "seen"),
    [
        ("Jane Q. Doe", Shown.INITIAL, "J… Q… D…"), ("", Shown.INITIAL, "…"),
        ("DE89370400440532013000", Shown.LAST_FOUR, "…3000"),
        ("1234567", Shown.LAST_FOUR, "…"), ("12345678", Shown.LAST_FOUR, "…5678"), ("1961-05-04", Shown.YEAR, "1961"),
        ("04.05.1961", Shown.YEAR, "…"), ("x", Shown.HIDDEN, "…"), ("x", Shown.WHOLE, "x"),
    ],
)  # fmt: skip
def test_a_value_is_shown_as_its_kind_says(value: str, shown: Shown, seen: str) -> None:
    assert masked(value, shown) == seen


def test_every_text_about_a_party_is_personal_or_named_here() -> None:
    texts = {
        path for path, fact in FIELDS.items()
        if path.startswith("payer.") and path.count(".") == 1 and fact.kind in ("text", "open")
    }  # fmt: skip
    open_ones = {path for path in texts if FIELDS[path].shown is Shown.WHOLE}
    assert open_ones <= {*NOT_PERSONAL, "payer.region"}
    assert {"payer.name", "payer.email", "payer.address"} <= texts - open_ones


def test_every_mark_is_of_a_fact_that_there_is() -> None:
    for model, name in PERSONAL:
        info = model.model_fields[name]
        assert any(isinstance(mark, Fact) for mark in info.metadata) or "Fact(" in repr(info.annotation), (model, name)


def test_masks_find_a_value_wherever_it_comes_up_again() -> None:
    masks = Masks(personal_in(orjson.dumps({"payer": PAYER, "amount": "24.90"})))
    told = masks.over({
        "said": 'name is "JANE Q. OSTRANDER", of 7 quince lane', "born": "1961-05-04", "amount": "24.90",
        "deep": [{"queried": "Zebedee Ostrander"}, ("0701987765493", "Quincy")], "count": 7, "other": "Ostranders",
    })  # fmt: skip
    assert told == {
        "said": 'name is "J… Q… O…", of …', "born": "1961", "amount": "24.90",
        "deep": [{"queried": "Z… O…"}, ["…5493", "…"]], "count": 7, "other": "Ostranders",
    }  # fmt: skip
    assert masks.fields == [
        "payer.address", "payer.date_of_birth", "payer.facts", "payer.name", "payer.owners.name", "payer.tax_ids.value",
    ]  # fmt: skip


def test_what_a_condition_made_of_a_personal_fact_is_not_told() -> None:
    masks = Masks(())
    rungs = [
        {"expression": "payer.name", "value": "Jane Doe"}, {"expression": "lower(payer.name)", "value": "jane doe"},
        {"expression": 'payer.name == "x"', "value": "false"}, {"expression": "payer.country", "value": "FR"},
        {"expression": "one.date_of_birth", "value": "1961-05-04"},
    ]  # fmt: skip
    assert [one["value"] for one in masks.over(rungs)] == ["J… D…", "…", "false", "FR", "…"]


def test_a_number_like_any_other_is_masked_only_where_it_stands_alone() -> None:
    masks = Masks(personal_in(orjson.dumps({"payer": {"postal_code": "1000"}})))
    assert masks.over(["1000", "1000.00 EUR", "at most 1000 EUR"]) == ["…", "1000.00 EUR", "at most 1000 EUR"]


# -- over HTTP ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def auditor(service: Service, make_client: Callable[..., Client]) -> Client:
    service.ledger.keys.create([Scope.READ], "auditor", AUDITOR)
    return make_client(service, secret=AUDITOR)


@pytest.fixture(scope="module")
def decided(client: Client) -> str:
    """A decision on a payment of somebody whom every field describes."""
    body = sample("eu-low-value")
    body["payer"] = {**body["payer"], **PAYER}
    reply = client.post("/v1/preflight?domains=sca,aml,kyc,residency,tax,methods", body)
    assert reply.status == 200, reply.json()
    found: str = reply.json()["id"]
    return found


def secrets() -> list[bytes]:
    return [
        one.encode() for one in ("Ostrander", "1961-05-04", "Quince", "+33612345678", "0701987765493", "Quincy", "75011")
    ]  # fmt: skip


@pytest.mark.parametrize("part", ["explanation", "document"])
def test_an_auditor_sees_masks(auditor: Client, decided: str, part: str) -> None:
    reply = auditor.get(f"/v1/decisions/{decided}/{part}")
    assert reply.status == 200
    assert [one for one in secrets() if one in reply.body] == []


def test_an_export_is_masked_for_everybody_until_it_is_wanted_whole(
    client: Client, auditor: Client, service: Service, decided: str
) -> None:
    path = f"/v1/decisions/{decided}/document"
    assert client.get(path).body == auditor.get(path).body
    assert auditor.get(f"{path}?personal=whole").status == 403
    before = service.ledger.checkpoints.end()[0].seq
    whole = client.get(f"{path}?personal=whole")
    assert (whole.status, whole.json()["masked"]) == (200, [])
    assert service.ledger.checkpoints.end()[0].seq == before + 1, "the chain tells who saw it"
    assert service.ledger.verify().ok


def test_names_that_were_held_against_lists_are_masked_for_an_auditor(
    client: Client, auditor: Client, service: Service
) -> None:
    service.screening = Screening(Sanctions(listed("UN-SC", "QDx.1", "Mona Listed"), codes=("UN-SC",)))
    body = {
        **sample("eu-low-value"), "obliged_entity": {"country": "DE", "role": "bank"},
        "payer": {"id": "c-9", "name": "Mona Listed", "country": "FR", "date_of_birth": "1961-05-04"},
    }  # fmt: skip
    made = client.post("/v1/preflight?domains=aml", {**body, "reference": "ord-mona"}).json()
    path = f"/v1/decisions/{made['id']}/explanation"
    whole, seen = client.get(path), auditor.get(path)
    assert b"Mona Listed" in whole.body
    assert [one["asked"]["name"] for one in whole.json()["screening"]["parties"] if one["role"] == "payer"] == [
        "Mona Listed"
    ]
    assert b"Mona Listed" not in seen.body
    assert b"1961-05-04" not in seen.body
    exported = auditor.get(f"/v1/decisions/{made['id']}/document")
    assert b"Mona Listed" not in exported.body
    assert "payer.name" in exported.json()["masked"]
    assert "Mona Listed" in client.get(f"/v1/decisions/{made['id']}/document?personal=whole").body.decode()


def test_an_auditor_sees_a_merchant_and_not_its_people(client: Client, auditor: Client) -> None:
    application = {
        **applied().model_dump(mode="json", exclude_none=True),
        "owners": [{"name": "Jane Q. Ostrander", "date_of_birth": "1961-05-04", "share": "60", "country": "FR",
                    "national_ids": [{"country": "FR", "value": "161057511600123"}]}],
        "account": {"iban": "FR7630006000011234567890189", "holder": "Jane Q. Ostrander"},
    }  # fmt: skip
    made = client.post("/v1/onboarding", application)
    assert made.status == 200, made.json()
    path = f"/v1/onboarding/{made.json()['id']}"
    whole, seen = client.get(path).json(), auditor.get(path)
    assert whole["masked"] == []
    assert whole["application"]["owners"][0]["name"] == "Jane Q. Ostrander"
    told = seen.json()
    assert b"Ostrander" not in seen.body
    assert b"1961-05-04" not in seen.body
    owner = told["application"]["owners"][0]
    assert (owner["name"], owner["national_ids"][0]["value"]) == ("J… Q… O…", "…0123")
    assert "date_of_birth" not in owner
    assert told["application"]["account"] == {"iban": "…0189", "holder": "J… Q… O…"}
    assert told["application"]["name"] == whole["application"]["name"]
    assert "/application/owners/0/date_of_birth" in told["masked"]


def test_an_organisation_among_owners_keeps_its_name_and_the_persons_behind_it_do_not() -> None:
    behind: dict[str, Any] = {"name": "Jane Doe", "date_of_birth": "1961-05-04"}
    owner = {"type": "organisation", "name": "Doe Holding", "owners": [behind]}
    told = masked_case({"application": {"owners": [owner]}, "missing": ["identity of Jane Doe"]})
    assert told["application"]["owners"] == [{**owner, "owners": [{"name": "J… D…"}]}]
    assert told["missing"] == ["identity of J… D…"]
