"""What an auditor takes away of a decision, and what its payer is told in each language."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson
import pytest

from api import document_pdf
from api.service import Service
from tests.api.client import Client
from tests.api.conftest import sample

EVENT = {"kind": "authorised", "at": "2026-11-22T10:16:00+01:00", "details": {"who": "Jane Doe"}}


@pytest.fixture(scope="module")
def decided(client: Client) -> dict[str, Any]:
    """A decision in all domains, on a payment of somebody with a name."""
    body = sample("eu-low-value")
    body["payer"] = {**body["payer"], "name": "Jane Doe"}
    found: dict[str, Any] = client.post("/v1/preflight?domains=sca,aml,kyc,residency,tax,methods", body).json()
    return found


class TestDocument:
    """All that shows how it came about, the same each time."""

    def test_it_holds_the_decision_its_explanation_and_its_place_in_the_chain(
        self, client: Client, service: Service, decided: dict[str, Any]
    ) -> None:
        made = client.get(f"/v1/decisions/{decided['id']}/document").json()
        stored = service.ledger.decision(decided["id"])
        assert stored is not None
        assert made["decision"] == decided
        assert made["explanation"] == client.get(f"/v1/decisions/{decided['id']}/explanation").json()
        assert made["chain"]["hash"] == stored.hash.hex()
        assert made["request"]["sha256"] == sha256(stored.facts).hexdigest()
        assert made["replay"] == {"identical": True, "differences": []}
        assert (made["release"], made["release_version"]) == (stored.release, service.packs.release.version)
        assert made["payment"]["amount"] == "24.90"

    @pytest.mark.parametrize("kind", ["json", "pdf"])
    def test_it_is_the_same_bytes_each_time_until_something_is_told(
        self, client: Client, decided: dict[str, Any], kind: str
    ) -> None:
        path = f"/v1/decisions/{decided['id']}/document?format={kind}"
        first, second = client.get(path), client.get(path)
        assert first.body == second.body
        assert f"{decided['id']}.{kind}" in first.headers["content-disposition"]
        event = {**EVENT, "at": f"2026-11-22T10:1{7 if kind == 'pdf' else 8}:00+01:00"}
        assert client.post(f"/v1/decisions/{decided['id']}/events", event).status == 200
        assert client.get(path).body != first.body

    def test_it_says_nothing_of_a_person(self, client: Client, decided: dict[str, Any]) -> None:
        client.post(f"/v1/decisions/{decided['id']}/events", EVENT)
        made = client.get(f"/v1/decisions/{decided['id']}/document").body
        assert b"Jane" not in made
        assert b"c-7" not in made

    def test_names_that_were_held_against_lists_are_left_out(self) -> None:
        from api.decision_document import impersonal

        told = {"screening": {"parties": [{"role": "payer", "asked": {"name": "Jane Doe"}}]}, "places": []}
        assert b"Jane" not in orjson.dumps(impersonal(told))
        assert impersonal({"screening": None}) == {"screening": None}

    @pytest.mark.parametrize("locale", ["en", "zh", "vi"])
    def test_the_pages_are_a_pdf_in_the_language_asked_for(
        self, client: Client, decided: dict[str, Any], locale: str
    ) -> None:
        made = client.get(f"/v1/decisions/{decided['id']}/document?format=pdf", {"accept-language": locale})
        assert made.headers["content-type"] == "application/pdf"
        assert made.body.startswith(b"%PDF-")
        assert b"STSong-Light" in made.body if locale == "zh" else b"/Helvetica" in made.body

    def test_letters_are_set_in_fonts_that_have_them(self) -> None:
        assert document_pdf._set("a < b") == "a &lt; b"
        assert document_pdf._set("Zürich") == "Zürich"
        assert document_pdf._set("支付 ok") == '<font name="STSong-Light">支付</font> ok'
        assert document_pdf._set("Việt Đà ≤ 5") == "Viet Dà &lt;= 5"

    @pytest.mark.parametrize(("path", "status"), [("dec_none/document", 404), ("{id}/document?format=xml", 422)])
    def test_what_cannot_be_had(self, client: Client, decided: dict[str, Any], path: str, status: int) -> None:
        assert client.get(f"/v1/decisions/{path.format(id=decided['id'])}").status == status


class TestMessages:
    """The payer's sentence in every language."""

    def test_every_language_of_the_release(self, client: Client, service: Service, decided: dict[str, Any]) -> None:
        told = client.get(f"/v1/decisions/{decided['id']}/messages").json()
        assert [one["locale"] for one in told["data"]] == list(service.packs.languages)
        said = {one["locale"]: one["message"] for one in told["data"]}
        assert said[told["locale"]] == decided["message"]
        assert len(set(said.values())) == len(said)

    def test_what_the_payer_is_asked_for_is_asked_in_that_language(self, client: Client) -> None:
        body = {**sample("br-pix"), "amount": "150000.00"}
        made = client.post("/v1/preflight?domains=methods", body).json()
        told = {one["locale"]: one for one in client.get(f"/v1/decisions/{made['id']}/messages").json()["data"]}
        wanted = [(one["field"], one["why"]) for one in made["method"]["collect"]]
        assert [(one["field"], one["why"]) for one in told["en"]["collect"]] == wanted
        assert [one["field"] for one in told["pt"]["collect"]] == [field for field, _ in wanted]

    def test_of_no_decision(self, client: Client) -> None:
        assert client.get("/v1/decisions/dec_none/messages").status == 404


def test_events_are_listed_without_their_details(client: Client, decided: dict[str, Any]) -> None:
    client.post(f"/v1/decisions/{decided['id']}/events", EVENT)
    told = client.get(f"/v1/decisions/{decided['id']}/events").json()["data"]
    assert {"authorised"} == {one["kind"] for one in told}
    assert all(set(one) == {"kind", "at", "recorded_at"} for one in told)
    assert client.get("/v1/decisions/dec_none/events").status == 404
