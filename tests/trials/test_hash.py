"""Who is in a canary: by a hash that stays, grows with the share, and takes as many as it says."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.trials import MOST, WHOLE, in_canary, subject_of

SALT = "sha256:" + "ab" * 32
PAYERS = 100_000
subjects, shares = st.binary(max_size=60), st.integers(0, WHOLE)


@given(subjects, shares)
def test_the_same_subject_is_always_told_the_same(subject: bytes, share: int) -> None:
    assert in_canary(SALT, subject, share) is in_canary(SALT, subject, share)


@given(subjects, shares, shares)
def test_whoever_is_in_stays_in_when_the_share_grows(subject: bytes, one: int, other: int) -> None:
    less, more = sorted((one, other))
    assert in_canary(SALT, subject, less) <= in_canary(SALT, subject, more)


@given(subjects)
def test_nobody_is_in_nothing_and_everybody_in_all(subject: bytes) -> None:
    assert not in_canary(SALT, subject, 0)
    assert in_canary(SALT, subject, WHOLE)


def test_the_hash_is_what_the_page_says() -> None:
    digest = hashlib.sha256(SALT.encode() + b"\0" + b"payer\0c-7").digest()
    place = int.from_bytes(digest[:8], "big") * WHOLE // 2**64
    assert not in_canary(SALT, b"payer\0c-7", place)
    assert in_canary(SALT, b"payer\0c-7", place + 1)


@pytest.mark.parametrize("share", [100, 1_000, 2_500, MOST])
def test_as_many_payers_are_in_as_the_share_says(share: int) -> None:
    found = sum(in_canary(SALT, subject_of(f"c-{number}", None, b""), share) for number in range(PAYERS))
    assert abs(found - PAYERS * share // WHOLE) <= PAYERS // 100


def test_another_release_meets_others_first() -> None:
    payers = [subject_of(f"c-{number}", None, b"") for number in range(2_000)]
    one, other = ({at for at in payers if in_canary(salt, at, 1_000)} for salt in (SALT, SALT[:-1] + "c"))
    assert len(one & other) < len(one) // 3


def test_a_request_is_about_its_payer_else_its_reference_else_itself() -> None:
    assert subject_of("c-7", "ord-1", b"{}") == subject_of("c-7", "ord-2", b"[]")
    assert subject_of(None, "ord-1", b"{}") == subject_of(None, "ord-1", b"[]")
    assert subject_of(None, None, b"{}") != subject_of(None, None, b"[]")
    assert len({subject_of("x", None, b"x"), subject_of(None, "x", b"x"), subject_of(None, None, b"x")}) == 3


def test_an_empty_name_of_a_payer_is_a_name() -> None:
    assert subject_of("", "ord-1", b"{}") == b"payer\0"
