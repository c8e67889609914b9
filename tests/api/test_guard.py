"""No card number and no verification code gets past the door, and nothing innocent is kept out."""

from __future__ import annotations

import io
import logging
import time
import uuid
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.bodies import parse
from api.card_ranges import has_check_digit, is_article_number, issued
from api.guard import _offences, is_card_number, is_verification_name, may_hold_name, may_hold_number, squeezed
from api.problems import Problem
from api.service import Service
from engine.catalogue import FIELDS
from tests.api.client import Client

CARDS = [
    "4111111111111111",
    "4242 4242 4242 4242",
    "4242-4242-4242-4241",  # a test number with a wrong check digit
    "4012888888881881",
    "4222222222222",
    "4111.1111.1111.1111",
    "4111 - 1111 - 1111 - 1111",
    "4111\t1111\n1111 1111",
    "5555555555554444",
    "5105 1051 0510 5100",
    "2223003122003222",
    "2720994326581252",
    "378282246310005",
    "3782 822463 10005",
    "6011111111111117",
    "6200000000000005",
    "6250941006528599",
    "30569309025904",
    "36227206271667",
    "3530111333300000",
    "6759649826438453",
    "6799990100000000019",
    "501800000009",
    "586824160825533338",
    "2200770212727079",
    "9792030000000000",
    "8600140420419864",
    "card 4111111111111111 exp 12/27",
    "4111111111111111 12/27 123",
    "x4111111111111111y",
    ";4111111111111111=25121010000012345678?",
    "B4111111111111111^DOE/JOHN^2512101",
    "４１１１ １１１１ １１１１ １１１１",
    "٤١١١١١١١١١١١١١١١",
    "4111\u00a01111\u20091111\u202f1111",
    "4111\u20131111\u20111111\u22121111",
    "4111\u200b1111\u200b1111\u200b1111",
]

INNOCENT = [
    "ord-1001",
    "1763806500123",  # milliseconds, here and below: with and without a right check digit
    "1763806500121",
    "1763806500123456",
    "2026-11-22T10:15:00+01:00",
    "2026-11-22 10:15:00.123456",
    "20261122101500000",
    "DE89370400440532013000",
    "DE89 3704 0044 0532 0130 00",
    "pay to FR14 2004 1010 0505 0001 3M02 606, please",
    "GB82-WEST-1234-5698-7654-32",
    "+49 151 23456789",
    "+62 812-3456-7890-12",
    "49 30 901820",
    "411111111111111",
    "41111111111111111",
    "4111111111111113".replace("4111111111", "4711111111"),
    "0000000000000000",
    "192.168.100.200",
    "550e8400-e29b-41d4-a716-446655440000",
    "00000000-0000-4000-8000-501800000009",
    "411111 and 1111",
    "",
    "12345678901",
    "4006381333931",  # bar codes, the second with a right check digit of a card as well
    "4006381300063",
    "036000291452",
]


@pytest.mark.parametrize("text", CARDS)
def test_a_card_number_is_seen(text: str) -> None:
    assert is_card_number(text)


@pytest.mark.parametrize("text", INNOCENT)
def test_what_only_looks_long_is_let_through(text: str) -> None:
    assert not is_card_number(text)


def _refusals(tree: dict[str, Any]) -> set[tuple[str, str]]:
    try:
        parse(orjson.dumps(tree))
    except Problem as problem:
        return {(fault.pointer, fault.code) for fault in problem.faults}
    return set()


NESTED: list[tuple[dict[str, Any], str]] = [
    ({"reference": "4111111111111111"}, "/reference"),
    ({"payer": {"name": "A 4111 1111 1111 1111"}}, "/payer/name"),
    ({"x": [[{"y": ["ok", "5555555555554444"]}]]}, "/x/0/0/y/1"),
    ({"facts": {"card": 4111111111111111}}, "/facts/card"),
    ({"facts": {"card": 4111111111111111.0}}, "/facts/card"),
    ({"facts": {"a": {"4111111111111111": 1}}}, "/facts/a"),
    ({"facts": {"a": {"4111-1111 1111 1111": {"b": "x"}}}}, "/facts/a"),
    ({"amount": "4111111111111111"}, "/amount"),
    ({"amount": 378282246310005}, "/amount"),
    ({"payer": {"phone": {"number": "4111111111111111"}}}, "/payer/phone/number"),
    ({"payer": {"national_ids": [{"country": "DE", "value": "4111111111111111"}]}}, "/payer/national_ids/0/value"),
    ({"payment": {"account": {"alias": "5555555555554444"}}}, "/payment/account/alias"),
    ({"a/b": {"c~d": "4111111111111111"}}, "/a~1b/c~0d"),
]


@pytest.mark.parametrize(("tree", "pointer"), NESTED)
def test_wherever_it_stands(tree: dict[str, Any], pointer: str) -> None:
    assert _refusals(tree) == {(pointer, "pan_refused")}


def test_behind_escapes() -> None:
    with pytest.raises(Problem, match="token"):
        parse(b'{"reference": "\\u0034\\u0031111111 1111\\u00201111"}')


def test_all_of_them_are_named() -> None:
    tree = {"a": "4111111111111111", "b": {"cvv": "123"}, "c": ["5555555555554444"]}
    assert _refusals(tree) == {("/a", "pan_refused"), ("/b/cvv", "cvv_refused"), ("/c/0", "pan_refused")}


PLACES: list[dict[str, Any]] = [
    {"payer": {"phone": {"number": "4915123456780"}}},
    {"payment": {"account": {"alias": "6281234567890", "alias_type": "mobile"}}},
    {"amount": "50180000000900"},
    {"amount": 4222222222222},
    {"payment": {"limits": {"day_total": "501800000009"}}},
    {"payer": {"national_ids": [{"country": "ZA", "value": "4304135800084"}]}},
    {"payer": {"national_ids": [{"country": "IN", "value": "501800000009"}]}},
    {"payer": {"national_ids": [{"country": "ID", "type": "nik", "value": "5105105105105100"}]}},
    {"payer": {"tax_ids": [{"country": "ID", "value": "5105105105105100"}]}},
]


@pytest.mark.parametrize("tree", PLACES)
def test_numbers_that_belong_where_they_stand(tree: dict[str, Any]) -> None:
    assert _refusals(tree) == set()


@pytest.mark.parametrize(
    "name",
    ["cvv", "CVV2", "cvc", "cvc_code", "card-cvc", "cardCvv", "csc", "cvn", "cvd", "cv2", "iCVV", "CAV2", "security_code",
     "card_security_code", "securityCode", "card_verification_value", "cardVerificationCode", "track1", "track2_data",
     "trackData", "track2EquivalentData", "magstripe", "pin_block", "ＣＶＶ"],
)  # fmt: skip
def test_names_of_verification_data(name: str) -> None:
    assert is_verification_name(name)
    assert _refusals({"facts": {name: "x"}}) == {(f"/facts/{name}", "cvv_refused")}
    assert _refusals({"facts": {name: 123}}) == {(f"/facts/{name}", "cvv_refused")}


@pytest.mark.parametrize("name", ["cvv_result", "cvc_check", "cvv_match", "pin", "verified", "tracking", "track_order"])
def test_names_that_only_resemble_them(name: str) -> None:
    assert not is_verification_name(name)


def test_a_name_without_a_value_says_nothing() -> None:
    assert _refusals({"facts": {"cvv": None}}) == set()


def test_no_field_of_ours_is_such_a_name() -> None:
    """The decoder of the hot route knows only these keys, so it need not ask."""
    names = {step for path, fact in FIELDS.items() for one in (path, *fact.item) for step in one.split(".")}
    assert {name for name in names if is_verification_name(name) or is_card_number(name)} == set()


@given(st.integers(10**11, 10**19 - 1).map(str), st.sampled_from(["", " ", "-", "."]), st.integers(2, 6))
def test_however_it_is_grouped(digits: str, between: str, size: int) -> None:
    grouped = between.join(digits[at : at + size] for at in range(0, len(digits), size))
    assert not issued(digits) or is_card_number(grouped)


@given(st.dictionaries(st.text(max_size=8), st.text() | st.integers() | st.lists(st.text(), max_size=3), max_size=6))
def test_the_quick_look_misses_nothing(tree: dict[str, Any]) -> None:
    """What the look at the bytes lets through, the look at the values would let through, too."""
    try:
        body = orjson.dumps(tree)
    except (TypeError, orjson.JSONEncodeError):  # lone surrogates, integers of more than 64 bits
        return
    if not may_hold_number(body, squeezed(body)) and not may_hold_name(body):
        assert list(_offences(tree)) == []


@given(st.uuids(version=4))
def test_random_uuids_are_let_through_without_their_dashes(number: uuid.UUID) -> None:
    assert not is_card_number(number.hex)
    assert not is_card_number(f"ik_{number.hex}")


def test_a_card_number_in_other_hexadecimal_digits_is_seen() -> None:
    assert is_card_number("c7c4014824444266a80b37760ed23d7f"[:31])
    assert is_card_number("ik_c7c4014824444266a8")


@given(st.uuids(version=4))
def test_uuids_are_let_through(number: uuid.UUID) -> None:
    assert not is_card_number(str(number))
    assert not is_card_number(f"ref {number}.")


def test_bar_codes_and_cards_are_told_apart() -> None:
    assert has_check_digit("4006381300063")
    assert is_article_number("4006381300063")
    assert not is_article_number("4222222222222")


def test_long_texts_of_digits_do_not_take_long() -> None:
    started = time.perf_counter()
    assert not is_card_number("1 " * 50_000)
    assert is_card_number("4 " * 50_000) == issued("4" * 16)
    assert time.perf_counter() - started < 3


def test_the_check_digit() -> None:
    assert has_check_digit("79927398713")
    assert not any(has_check_digit(f"7992739871{digit}") for digit in "012456789")


class TestService:
    """Refused, not echoed, not stored, not logged: on every way in."""

    SECRET_NUMBER = "4929 1370 0000 0011"

    def _number(self) -> str:
        number = next(f"492913700000{tail:04d}" for tail in range(10_000) if has_check_digit(f"492913700000{tail:04d}"))
        return f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}"

    def _heard(self, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
        heard = io.StringIO()
        root = logging.getLogger()
        monkeypatch.setattr(root, "handlers", [*root.handlers, logging.StreamHandler(heard)])
        monkeypatch.setattr(root, "level", logging.DEBUG)
        return heard

    def test_preflight(
        self,
        client: Client,
        service: Service,
        payment: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        heard, number, before = self._heard(monkeypatch), self._number(), service.ledger.decisions(limit=1000)
        payment["payer"]["name"] = f"Jane {number}"
        reply = client.post("/v1/preflight", payment, {"idempotency-key": "card-1"})
        assert (reply.status, reply.codes()) == (422, {("/payer/name", "pan_refused")})
        said = reply.body.decode() + str(reply.headers) + heard.getvalue() + "".join(capsys.readouterr())
        assert not any(part in said for part in (number, number.replace(" ", ""), number[:9]))
        assert service.ledger.decisions(limit=1000) == before

    def test_a_code(self, client: Client, payment: dict[str, Any]) -> None:
        payment["payment"]["card"] = {"last4": "1111", "cvv": "987"}
        reply = client.post("/v1/preflight", payment)
        assert (reply.status, reply.codes()) == (422, {("/payment/card/cvv", "cvv_refused")})
        assert b"987" not in reply.body

    def test_a_line_of_a_batch(self, client: Client, payment: dict[str, Any]) -> None:
        payment["reference"] = self._number()
        reply = client.post("/v1/preflight/batch", orjson.dumps(payment), {"content-type": "application/x-ndjson"})
        assert reply.json()["errors"] == [
            {"pointer": "/reference", "code": "pan_refused", "message": "This looks like a full card number"}
        ]

    def test_the_details_of_an_event(self, client: Client) -> None:
        body = {"kind": "authorised", "details": {"note": self._number()}}
        assert client.post("/v1/decisions/dec_x/events", body).codes() == {("/details/note", "pan_refused")}

    def test_bin_and_last_digits_may_be_said(self, client: Client, payment: dict[str, Any]) -> None:
        payment["payment"]["card"] = {"bin": "49291370", "last4": "0011", "expiry": "2028-01"}
        assert client.post("/v1/preflight", payment).status == 200
