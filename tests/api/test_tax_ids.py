"""POST /v1/tax/ids/validate: one number or many, offline and with VIES, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest

from api.service import Service
from engine.ledger import Scope
from tests.api.client import Client
from tests.api.fake_vies import FakeVies, fails, no, running, yes

PATH = "/v1/tax/ids/validate"


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVies]:
    with running() as found:
        yield found


@pytest.fixture
def online(
    fake: FakeVies, open_service: Callable[..., Service], make_client: Callable[..., Client]
) -> Callable[..., Client]:
    def make(**chosen: Any) -> Client:
        options = {"vies": "on", "vies_url": fake.url, "vies_attempts": 1, **chosen}
        return make_client(open_service(**options))

    return make


def asked(client: Client, body: Any) -> Any:
    reply = client.post(PATH, orjson.dumps(body))
    assert reply.status == 200, reply.body
    return reply.json()


# -- offline ----------------------------------------------------------------------------------------------------------


def test_a_number_is_format_valid_and_never_valid_while_vies_is_off(client: Client) -> None:
    found = asked(client, {"value": "EL 094259216"})
    assert {key: found[key] for key in ("country", "value", "normalised", "state", "kind", "source")} == {
        "country": "GR", "value": "EL 094259216", "normalised": "EL094259216", "state": "format_valid",
        "kind": "registration", "source": "offline",
    }  # fmt: skip
    assert (found["consultation_number"], found["reason"], found["policy"], found["recheck_after"]) == (None,) * 4
    assert found["checked_at"].endswith(("Z", "+00:00"))


@pytest.mark.parametrize(
    ("body", "state", "reason"),
    [
        ({"country": "DE", "value": "136695978"}, "invalid", "checksum"),
        ({"country": "DE", "value": "ATU13585627"}, "invalid", "prefix"),
        ({"country": "KW", "value": "123"}, "unchecked", "no_module"),
        ({"value": "83914571673"}, "unchecked", "country_unknown"),
        ({"country": "ZA", "value": "4220119988"}, "format_valid", None),
        ({"country": "ZA", "value": "4220119989"}, "invalid", "checksum"),
        ({"country": "UK", "value": "980780684"}, "format_valid", None),
        ({"country": "XI", "value": "980780684"}, "format_valid", None),
        ({"country": "EU", "value": "EU372022452"}, "format_valid", None),
        ({"country": "DE", "value": "DE136695976", "own": None}, "format_valid", None),
        ({"country": "DE", "value": "DE136695976", "own": {"value": "nonsense"}}, "format_valid", None),
    ],
)
def test_states_and_reasons(client: Client, body: dict[str, Any], state: str, reason: str | None) -> None:
    found = asked(client, body)
    assert (found["state"], found["reason"]) == (state, reason)


def test_an_indian_number_tells_its_state(client: Client) -> None:
    assert asked(client, {"country": "IN", "value": "27AAPFU0939F1ZV"})["region"] == "IN-MH"


def test_a_list_is_answered_by_a_list_in_its_order(client: Client) -> None:
    found = asked(client, [{"country": "DE", "value": "DE136695976"}, {"country": "DE", "value": "136695978"}] * 50)
    assert [one["state"] for one in found] == ["format_valid", "invalid"] * 50


def test_numbers_with_as_many_digits_as_cards_are_let_through_and_cards_are_not(client: Client) -> None:
    assert asked(client, {"country": "SV", "value": "06140507071048"})["state"] == "format_valid"
    assert asked(client, [{"country": "CN", "value": "91110000600037341L"}])[0]["state"] == "format_valid"
    reply = client.post(PATH, orjson.dumps({"country": "DE", "value": "4111111111111111"}))
    assert (reply.status, reply.codes()) == (422, {("/value", "pan_refused")})


# -- refused -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {("/value", "missing")}),
        ({"value": ""}, {("/value", "too_short")}),
        ({"value": "1" * 65}, {("/value", "too_long")}),
        ({"value": 136695976}, {("/value", "string_expected")}),
        ({"country": "ZZ", "value": "1"}, {("/country", "unknown_place")}),
        ({"country": "DE", "value": "1", "vat": "x"}, {("/vat", "unknown_field")}),
        ({"country": "DE", "value": "1", "own": {}}, {("/own/value", "missing")}),
        ([], {("", "too_short")}),
        ([{"value": "1"}] * 101, {("", "too_many")}),
        ([{"value": "1"}, {"country": "ZZ"}], {("/1/country", "unknown_place"), ("/1/value", "missing")}),
        (["DE136695976"], {("/0", "object_expected")}),
        ("DE136695976", {("", "object_expected")}),
    ],
)
def test_what_cannot_be_asked_is_refused_with_every_fault(
    client: Client, body: Any, faults: set[tuple[str, str]]
) -> None:
    reply = client.post(PATH, orjson.dumps(body))
    assert (reply.status, reply.codes()) == (422, faults)
    assert reply.headers["content-type"] == "application/problem+json"


def test_other_routes_still_want_objects(client: Client) -> None:
    reply = client.post("/v1/decisions/dec_1/events", b'[{"kind": "captured"}]')
    assert (reply.status, reply.codes()) == (422, {("", "object_expected")})


def test_the_scope_is_tax(client: Client, service: Service, make_client: Callable[..., Client]) -> None:
    _, secret = service.ledger.keys.create([Scope.READ, Scope.DECIDE], "reader")
    reply = make_client(service, secret=secret).post(PATH, b'{"value": "DE136695976"}')
    assert (reply.status, reply.json()["detail"]) == (403, "This needs the scope `tax`.")
    assert make_client(service, secret=None).post(PATH, b'{"value": "DE136695976"}').status == 401


def test_the_same_key_and_body_give_the_same_bytes_again_and_vies_is_not_asked_twice(
    fake: FakeVies, online: Callable[..., Client]
) -> None:
    fake.will_say(yes(requestIdentifier="WAPI1"), no())
    client = online(vies_remember_hours=0)
    body, key = orjson.dumps({"value": "IT00743110157"}), {"idempotency-key": "k-1"}
    first, again = client.post(PATH, body, key), client.post(PATH, body, key)
    assert (first.status, again.body) == (200, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert len(fake.asked) == 1
    other = client.post(PATH, orjson.dumps({"value": "EL094259216"}), key)
    assert (other.status, other.json()["type"]) == (422, "urn:lexgate:problem:key_reused")


# -- with VIES ---------------------------------------------------------------------------------------------------------


def test_vies_confirms_and_gives_its_word(fake: FakeVies, online: Callable[..., Client]) -> None:
    fake.will_say(yes(requestIdentifier="WAPI1"))
    found = asked(online(), {"country": "IT", "value": "00743110157", "own": {"value": "DE136695976"}})
    assert (found["state"], found["source"], found["consultation_number"]) == ("valid", "VIES", "WAPI1")
    assert (found["reason"], found["policy"]) == (None, None)


def test_vies_denies(fake: FakeVies, online: Callable[..., Client]) -> None:
    fake.will_say(no())
    found = asked(online(), {"country": "IT", "value": "00743110157"})
    assert (found["state"], found["source"], found["reason"]) == ("invalid", "VIES", "not_registered")
    assert found["normalised"] == "IT00743110157"


@pytest.mark.parametrize("policy", ["undecided", "charge", "reverse_charge_and_recheck"])
def test_where_vies_does_not_answer_the_declared_policy_is_named_and_the_number_is_not_valid(
    fake: FakeVies, online: Callable[..., Client], policy: str
) -> None:
    fake.will_say(fails("MS_UNAVAILABLE"))
    found = asked(online(vies_policy=policy), {"country": "IT", "value": "00743110157"})
    assert (found["state"], found["source"], found["reason"]) == ("format_valid", "offline", "vies.ms_unavailable")
    assert found["policy"] == policy
    assert found["recheck_after"] > found["checked_at"]


def test_the_policy_is_undecided_unless_another_is_declared(fake: FakeVies, online: Callable[..., Client]) -> None:
    fake.will_say(fails("SERVICE_UNAVAILABLE"))
    assert asked(online(), {"country": "IT", "value": "00743110157"})["policy"] == "undecided"


@pytest.mark.parametrize(
    "body",
    [
        {"country": "GB", "value": "980780684"},
        {"country": "AU", "value": "83914571673"},
        {"country": "IT", "value": "00743110158"},
        {"value": "IM3720000224"},
    ],
)
def test_vies_is_not_asked_for_what_cannot_stand_there(
    fake: FakeVies, online: Callable[..., Client], body: dict[str, Any]
) -> None:
    fake.will_say(yes())
    assert asked(online(), body)["source"] == "offline"
    assert fake.asked == []


def test_one_of_a_list_without_an_answer_does_not_spoil_the_others(
    fake: FakeVies, online: Callable[..., Client]
) -> None:
    fake.will_say(yes(), fails("MS_UNAVAILABLE"))
    found = asked(online(), [{"value": "IT00743110157"}, {"value": "KW1", "country": "KW"}, {"value": "EL094259216"}])
    assert sorted(one["state"] for one in found) == ["format_valid", "unchecked", "valid"]


def test_an_own_number_that_vies_could_not_be_asked_with_is_refused(
    fake: FakeVies, online: Callable[..., Client]
) -> None:
    fake.will_say(yes())
    client = online()
    number = {"country": "IT", "value": "00743110157"}
    wrong = {**number, "own": {"country": "GB", "value": "980780684"}}
    for body, pointer in ((wrong, "/own/value"), ([number, wrong], "/1/own/value")):
        reply = client.post(PATH, orjson.dumps(body))
        assert (reply.status, reply.codes()) == (422, {(pointer, "own_number")})
    assert fake.asked == []
