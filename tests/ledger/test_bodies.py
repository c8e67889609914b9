"""Bodies under keys: what is sealed comes back, and nothing else opens."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger._bodies import (
    Bodies,
    DataKey,
    Names,
    NotOpened,
    is_sealed,
    key_of,
    open_decision,
    open_event,
    seal_decision,
    seal_event,
    stays_of,
)

_named = st.none() | st.text(max_size=30)
_bodies = st.builds(
    Bodies,
    st.builds(Names, _named, _named, _named),
    st.binary(max_size=300),
    st.binary(max_size=300),
    st.binary(max_size=300),
)


def _key(number: int = 7, subject: str = "lxp_somebody") -> DataKey:
    return DataKey(number, subject, AESGCM(os.urandom(32)))


@given(_bodies, st.text(max_size=30), st.integers(1, 2**62))
def test_what_is_sealed_of_a_decision_comes_back(bodies: Bodies, decision: str, number: int) -> None:
    key = _key(number)
    sealed = seal_decision(key, decision, bodies)
    assert (is_sealed(sealed), key_of(sealed)) == (True, number)
    assert open_decision(key, decision, sealed) == bodies


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_of_an_event_what_stays_is_read_without_a_key(stays: bytes, details: bytes) -> None:
    key = _key()
    sealed = seal_event(key, "dec_1 captured 5", stays, details)
    assert stays_of(sealed) == stays
    assert open_event(key, "dec_1 captured 5", sealed) == details


@given(st.data())
def test_no_changed_byte_opens(data: st.DataObject) -> None:
    key = _key()
    sealed = bytearray(seal_decision(key, "dec_1", Bodies(Names("c-7", None, None), b"{}", b"{}", b"{}")))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(NotOpened):
        open_decision(key, "dec_1", bytes(sealed))


def test_nothing_opens_in_the_place_of_another() -> None:
    key = _key()
    sealed = seal_decision(key, "dec_1", Bodies(Names("c-7", None, None), b"{}", b"{}", b"{}"))
    other = DataKey(key.id, "lxp_another", key.cipher)
    for opener, name in ((key, "dec_2"), (other, "dec_1")):
        with pytest.raises(NotOpened):
            open_decision(opener, name, sealed)
    with pytest.raises(NotOpened):
        open_decision(key, "dec_1", seal_event(key, "dec_1", b"", b"{}"))


def test_what_stays_of_an_event_cannot_be_changed() -> None:
    key = _key()
    sealed = seal_event(key, "dec_1 captured 5", b"[24.90]", b"{}")
    with pytest.raises(NotOpened):
        open_event(key, "dec_1 captured 5", sealed.replace(b"24.90", b"99.90"))


@pytest.mark.parametrize("cut", [1, 10, 25])
def test_what_is_cut_off_is_no_sealed_body(cut: int) -> None:
    sealed = seal_decision(_key(), "dec_1", Bodies(Names(None, None, None), b"", b"", b""))
    with pytest.raises(NotOpened):
        open_decision(_key(), "dec_1", sealed[:cut])


def test_json_is_never_taken_for_sealed() -> None:
    assert not is_sealed(b'{"amount":"24.90"}')
    assert not is_sealed(b"")
