"""POST /v1/preflight as a caller sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest

from api.service import Service
from engine.ledger import LedgerBusy, LedgerUnavailable
from tests.api.client import Client, Reply
from tests.api.conftest import sample

PATH = "/v1/preflight"


def _stored(client: Client) -> int:
    return len(client.get("/v1/decisions?limit=200").json()["data"])


def test_the_contracts_own_example(client: Client, payment: dict[str, Any]) -> None:
    reply = client.post(PATH, payment)
    body = reply.json()
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert body["id"].startswith("dec_")
    assert (body["reference"], body["outcome"]) == ("ord-1001", "allow")
    assert body["sca"]["verdict"] == "exempt"
    assert body["sca"]["regime"] == "EU-RTS"
    assert (body["sca"]["exemption"], body["sca"]["by"]) == ("low_value", "acquirer")
    assert {closed["name"] for closed in body["sca"]["closed"]} >= {"tra"}
    finding = next(found for found in body["findings"] if found["rule"] == "sca.low_value")
    assert finding["law"]["provision"].startswith("Art. 16")
    assert "24.90 EUR <= 30.00 EUR" in finding["because"].values()


def test_an_answer_names_its_release_and_its_request(client: Client, service: Service, payment: dict[str, Any]) -> None:
    reply = client.post(PATH, payment, {"x-request-id": "order-77.1"})
    assert reply.headers["x-request-id"] == "order-77.1"
    assert reply.headers["lexgate-release"] == service.packs.release.digest
    assert int(reply.headers["content-length"]) == len(reply.body)


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "4111111111111111", "<script>", "\xff"])
def test_a_request_id_that_cannot_be_repeated_is_replaced(client: Client, payment: dict[str, Any], given: str) -> None:
    named = client.post(PATH, payment, {"x-request-id": given}).headers["x-request-id"]
    assert named.startswith("req_")
    assert given == "" or given not in named


def test_it_is_on_disk_before_it_is_answered(client: Client, service: Service, payment: dict[str, Any]) -> None:
    reply = client.post(PATH, payment)
    stored = service.ledger.decision(reply.json()["id"])
    assert stored is not None
    assert stored.answer == reply.body
    assert stored.facts == orjson.dumps(payment)
    assert orjson.loads(stored.inputs)["release"] == service.packs.release.digest == stored.release
    assert (stored.reference, stored.payer_id, stored.country, stored.outcome) == ("ord-1001", "c-7", "FR", "allow")


def test_every_fault_at_once_and_nothing_stored(client: Client) -> None:
    before = _stored(client)
    reply = client.post(
        PATH, {"amount": 2.5, "payment": {"instrument": "gold", "mandte": {}}, "payer": {"country": "ZZ"}}
    )
    assert reply.status == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.codes() == {
        ("/amount", "float_refused"),
        ("/currency", "missing"),
        ("/payment/instrument", "not_allowed"),
        ("/payment/mandte", "unknown_field"),
        ("/payer/country", "unknown_place"),
    }
    problem = reply.json()
    assert problem["type"] == "urn:lexgate:problem:body_refused"
    assert (problem["status"], problem["instance"]) == (422, PATH)
    assert problem["request_id"] == reply.headers["x-request-id"]
    assert _stored(client) == before


def test_each_amount_with_too_many_decimals_is_named(client: Client, payment: dict[str, Any]) -> None:
    payment["amount"] = "24.905"
    payment["lines"][0]["amount"] = "24.905"
    del payment["payment"]["since_authenticated"]["currency"]
    assert client.post(PATH, payment).codes() == {
        ("/amount", "too_many_decimals"),
        ("/lines/0/amount", "too_many_decimals"),
        ("/payment/since_authenticated/amount", "currency_missing"),
    }


def test_a_fault_in_a_union_is_named_once_at_its_place(client: Client, payment: dict[str, Any]) -> None:
    payment["payee"] = {"registrations": [{"jurisdiction": "!!"}]}
    assert {pointer for pointer, _ in client.post(PATH, payment).codes()} == {"/payee/registrations/0/jurisdiction"}


BROKEN = {
    b"": "json_invalid",
    b"{": "json_invalid",
    b'{"amount": NaN}': "json_invalid",
    b"\xef\xbb\xbf{}": "json_invalid",
    b'{"reference": "\xff"}': "json_invalid",
    b'{"reference": "\\ud800"}': "json_invalid",
    b"[" * 5000: "json_invalid",
    b"null": "object_expected",
    b"[{}]": "object_expected",
    b'{"facts": ' + b"[" * 900 + b"]" * 900 + b"}": "too_deep",
    b'{"amount": "1", "amount": "2"}': "duplicate_key",
    b'{"amount": "1", "amount" : "2"}': "duplicate_key",
    b'{"lines": [{"id": "1", "id": "1"}]}': "duplicate_key",
    b'{"reference": "a\\u0000b"}': "nul_character",
    b'{"amount": ' + b"9" * 300 + b', "amount": 1}': "duplicate_key",
}


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_what_is_not_strict_json_is_refused(client: Client, body: bytes) -> None:
    reply = client.post(PATH, body)
    assert reply.status == 422
    assert {code for _, code in reply.codes()} == {BROKEN[body]}


def test_the_place_of_a_duplicate_key_is_named(client: Client) -> None:
    reply = client.post(PATH, b'{"payment": {"instrument": "card", "instrument": "cash"}}')
    assert reply.codes() == {("/payment", "duplicate_key")}
    assert "instrument" in reply.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "application/xml", "application/jsonp", "multipart/form-data"]
)
def test_only_json_is_read(client: Client, payment: dict[str, Any], kind: str | None) -> None:
    reply = client.post(PATH, payment, {"content-type": kind})
    assert (reply.status, reply.json()["type"]) == (415, "urn:lexgate:problem:media_type")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.shop+json"])
def test_json_by_any_of_its_names(client: Client, payment: dict[str, Any], kind: str) -> None:
    assert client.post(PATH, payment, {"content-type": kind}).status == 200


@pytest.fixture(scope="module")
def small(open_service: Callable[..., Service], make_client: Callable[..., Client]) -> Client:
    """Of a service that takes 2,048 bytes."""
    return make_client(open_service(max_body_bytes=2048))


class TestSize:
    """Bodies are bounded, whether or not they say how long they are."""

    def test_at_the_limit(self, small: Client, payment: dict[str, Any]) -> None:
        body = orjson.dumps(payment)
        assert small.post(PATH, body + b" " * (2048 - len(body))).status == 200

    @pytest.mark.parametrize("parts", [b" " * 2049, [b" " * 1500, b" " * 1500, b"{}"]], ids=["told", "in parts"])
    def test_over_the_limit(self, small: Client, parts: Any) -> None:
        reply = small.post(PATH, parts)
        assert (reply.status, reply.headers["connection"]) == (413, "close")

    def test_a_length_that_lies_is_not_believed(self, small: Client) -> None:
        assert small.post(PATH, b" " * 3000, {"content-length": "10"}).status == 413

    def test_a_body_in_parts_is_read_whole(self, small: Client, payment: dict[str, Any]) -> None:
        body = orjson.dumps(payment)
        assert small.post(PATH, [body[:100], b"", body[100:]]).status == 200


class TestLanguage:
    """Sentences follow the caller; codes never change."""

    def _sentence(self, client: Client, body: dict[str, Any], wanted: str | None) -> tuple[str, str]:
        answer = client.post(PATH, body, {"accept-language": wanted}).json()
        return answer["locale"], answer["message"]

    def test_english_without_a_wish(self, client: Client, payment: dict[str, Any]) -> None:
        assert self._sentence(client, payment, None) == ("en", "Your payment can go ahead.")

    def test_the_best_that_there_is(self, client: Client, payment: dict[str, Any], service: Service) -> None:
        best = next(language for language in reversed(service.packs.languages))
        assert self._sentence(client, payment, f"xx, {best};q=0.8, en;q=0.7")[0] == best

    def test_the_body_wins(self, client: Client, payment: dict[str, Any], service: Service) -> None:
        payment["locale"] = service.packs.languages[-1]
        assert self._sentence(client, payment, "en")[0] == service.packs.languages[-1]

    def test_codes_never_change(self, client: Client, payment: dict[str, Any], service: Service) -> None:
        said = [client.post(PATH, payment, {"accept-language": one}).json() for one in service.packs.languages]
        assert len({orjson.dumps([answer["outcome"], answer["sca"]["exemption"]]) for answer in said}) == 1


class TestTrouble:
    """A ledger that cannot write answers 503, and decides nothing."""

    @pytest.fixture
    def refusing(self, service: Service, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
        def set_up(error: Exception) -> None:
            def refuse(_entry: object) -> None:
                raise error

            monkeypatch.setattr(service.ledger.writer, "write", refuse)

        return set_up

    def test_a_full_queue(self, client: Client, refusing: Any, payment: dict[str, Any]) -> None:
        refusing(LedgerBusy(4096))
        reply = client.post(PATH, payment)
        assert (reply.status, reply.headers["retry-after"]) == (503, "1")
        assert reply.json()["type"] == "urn:lexgate:problem:busy"

    def test_a_broken_store(self, client: Client, refusing: Any, payment: dict[str, Any]) -> None:
        refusing(LedgerUnavailable("/secret/path: disk full"))
        reply = client.post(PATH, payment)
        assert (reply.status, reply.headers["retry-after"]) == (503, "5")
        assert b"secret" not in reply.body

    def test_a_fault_of_ours_is_a_problem_and_quotes_nothing(
        self, client: Client, refusing: Any, payment: dict[str, Any]
    ) -> None:
        refusing(ZeroDivisionError("c-7 and all that"))
        with pytest.raises(ZeroDivisionError):
            client.post(PATH, payment)
        replies: list[Reply] = []
        _catching(client, payment, replies)
        assert replies[0].status == 500
        assert replies[0].json()["type"] == "urn:lexgate:problem:internal_error"
        assert b"c-7" not in replies[0].body


def _catching(client: Client, body: dict[str, Any], replies: list[Reply]) -> None:
    """What a server would have sent although the application raised."""
    inner = client.app

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await inner(scope, receive, send)
        except ZeroDivisionError:
            return

    client.app = app
    try:
        replies.append(client.post(PATH, body))
    finally:
        client.app = inner


def _many(path: str, number: int) -> Iterator[dict[str, Any]]:
    for at in range(number):
        yield {**sample(path), "reference": f"many-{at}"}


def test_many_at_once_are_all_answered_and_stored(client: Client, service: Service) -> None:
    replies = client.together(client.send("POST", PATH, body) for body in _many("gb-remote", 200))
    assert {reply.status for reply in replies} == {200}
    ids = [reply.json()["id"] for reply in replies]
    assert len(set(ids)) == 200
    assert all(service.ledger.decision(one) is not None for one in ids)


def test_ids_sort_by_time(client: Client, payment: dict[str, Any]) -> None:
    ids = [client.post(PATH, payment).json()["id"] for _ in range(20)]
    assert ids == sorted(ids)


def test_another_method_is_refused(client: Client) -> None:
    reply = client.get(PATH)
    assert (reply.status, reply.headers["allow"]) == (405, "POST")
    assert reply.headers["content-type"] == "application/problem+json"
