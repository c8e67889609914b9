"""Keys and statements: what was signed is known to the byte, and nothing else passes for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from engine.signing import (
    NotAKey,
    SigningKey,
    approval_fault,
    approval_of,
    approval_statement,
    checkpoint_statement,
    countersignature_statement,
    public_of,
    signature_in,
    verifies,
    written,
)

KEY, OTHER = SigningKey.new(), SigningKey.new()
AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
CONTENT = "sha256:" + "ab" * 32
CURVE = generate_private_key(SECP256R1())


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_a_signature_is_of_one_statement_by_one_key(one: bytes, two: bytes) -> None:
    signature = KEY.sign(one)
    assert verifies(KEY.public, one, signature)
    assert verifies(KEY.public, two, signature) == (one == two)
    assert not verifies(OTHER.public, one, signature)
    assert signature_in(written(signature)) == signature


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(33)])
def test_what_is_too_short_or_too_long_verifies_nothing(public: bytes) -> None:
    assert not verifies(public, b"x", KEY.sign(b"x"))
    assert not verifies(KEY.public, b"x", KEY.sign(b"x") + public[:1] + b"\0")


def test_a_key_survives_its_file() -> None:
    again = SigningKey.from_pem(KEY.pem())
    assert (again.public, again.sign(b"x")) == (KEY.public, KEY.sign(b"x"))


@pytest.mark.parametrize(
    "pem",
    [b"", b"nonsense", CURVE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())],
    ids=["nothing", "nonsense", "another kind"],
)
def test_what_is_no_private_key_is_refused(pem: bytes) -> None:
    with pytest.raises(NotAKey):
        SigningKey.from_pem(pem)


def test_a_public_key_is_read_as_digits_and_as_pem() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    pem = Ed25519PublicKey.from_public_bytes(KEY.public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert public_of(KEY.public.hex().encode() + b"\n") == public_of(pem) == KEY.public


@pytest.mark.parametrize(
    "text",
    [
        b"", b"abcd", b"zz" * 32, b"\xff" * 64, b"-----BEGIN PUBLIC KEY-----\nnone\n-----END PUBLIC KEY-----",
        CURVE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    ],
)  # fmt: skip
def test_what_is_no_public_key_is_refused(text: bytes) -> None:
    with pytest.raises(NotAKey):
        public_of(text)


def test_what_is_no_base64_is_no_signature() -> None:
    assert signature_in("not base64!") == b""
    assert signature_in("ä") == b""


def test_statements_are_the_compact_json_that_the_page_shows() -> None:
    said = approval_statement("drf_1", CONTENT, "key_1")
    expected = f'{{"approver":"key_1","content":"{CONTENT}","draft":"drf_1","format":"lexgate-approval/1"}}'
    assert said.decode() == expected
    point = json.loads(checkpoint_statement(AT, 7, bytes(32), said))
    assert (point["head"], point["at"]) == ({"seq": 7, "hash": "00" * 32}, "2026-11-26T09:00:00+00:00")
    assert len(point["previous"]) == 64
    assert json.loads(checkpoint_statement(AT, 7, bytes(32), None))["previous"] is None


def own(**changes: str) -> dict[str, str]:
    statement = approval_statement("drf_1", CONTENT, "key_1")
    return {**approval_of("key_1", "own", OTHER.public, statement, OTHER.sign(statement)), **changes}


def countersigned(key: SigningKey = KEY, **changes: str) -> dict[str, str]:
    statement = countersignature_statement("drf_1", CONTENT, "key_1", AT)
    return {**approval_of("key_1", "service", key.public, statement, key.sign(statement)), **changes}


def test_an_approval_proves_what_it_says() -> None:
    assert approval_fault(own(), "drf_1", CONTENT, KEY.public) is None
    assert approval_fault(countersigned(), "drf_1", CONTENT, KEY.public) is None


@pytest.mark.parametrize(
    ("approval", "why"),
    [
        ({}, "not of the form"),
        (own(public_key="xx"), "not of the form"),
        (own(statement="[]"), "not of the form"),
        (own(approver="key_2"), "of something else"),
        (own(by="service"), "of something else"),
        (countersigned(by="own"), "of something else"),
        (countersigned(OTHER), "another than the publisher"),
        (own(signature=written(bytes(64))), "is false"),
        (own(public_key=KEY.public.hex()), "is false"),
    ],
)
def test_an_approval_that_proves_nothing_is_told_from_one_that_does(approval: dict[str, str], why: str) -> None:
    assert why in str(approval_fault(approval, "drf_1", CONTENT, KEY.public))


def test_an_approval_of_another_draft_or_content_is_none_of_this() -> None:
    assert "something else" in str(approval_fault(own(), "drf_2", CONTENT, KEY.public))
    assert "something else" in str(approval_fault(own(), "drf_1", "sha256:" + "cd" * 32, KEY.public))
