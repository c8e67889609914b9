"""Secrets under a master key: read again by whoever has the key, and by nobody in another's place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.wrapping import KeyNotHere, NotAMasterKey, NotWhole, Ring, WrapFault, is_wrapped, key_of

ABOUT = "person.factor per_1"


@given(plain=st.binary(max_size=200), about=st.text(max_size=40))
def test_what_was_wrapped_comes_back(plain: bytes, about: str) -> None:
    ring = Ring.new()
    wrapped = ring.wrap(plain, about)
    assert is_wrapped(wrapped)
    assert key_of(wrapped) == ring.ids[0]
    assert ring.unwrap(wrapped, about) == plain


def test_the_same_secret_looks_different_each_time() -> None:
    ring = Ring.new()
    assert len({ring.wrap(b"secret", ABOUT) for _ in range(100)}) == 100
    assert "secret" not in ring.wrap(b"secret", ABOUT)


def test_a_secret_is_of_no_use_in_anothers_place() -> None:
    ring = Ring.new()
    with pytest.raises(NotWhole):
        ring.unwrap(ring.wrap(b"secret", ABOUT), "person.factor per_2")


@pytest.mark.parametrize("at", [22, 30, 45, -1])
def test_a_sign_that_is_changed_is_noticed(at: int) -> None:
    ring = Ring.new()
    wrapped = ring.wrap(b"a secret of some length", ABOUT)
    other = wrapped[:at] + ("A" if wrapped[at] != "A" else "Q") + (wrapped[at + 1 :] if at != -1 else "")
    with pytest.raises(WrapFault):
        ring.unwrap(other, ABOUT)


@pytest.mark.parametrize(
    "text", ["", "JBSWY3DPEHPK3PXP", "lxw1.", "lxw2.0123456789abcdef.AAAA", "lxw1.0123456789abcdef.AAAA\n"]
)
def test_what_is_not_wrapped_is_not_read(text: str) -> None:
    assert not is_wrapped(text)
    assert key_of(text) == ""
    with pytest.raises(NotWhole):
        Ring.new().unwrap(text, ABOUT)


def test_another_ring_reads_nothing() -> None:
    with pytest.raises(KeyNotHere):
        Ring.new().unwrap(Ring.new().wrap(b"secret", ABOUT), ABOUT)


def test_a_new_key_wraps_and_the_old_one_still_reads() -> None:
    before = Ring.new()
    old = before.wrap(b"secret", ABOUT)
    after = before.with_new()
    assert after.ids[1:] == before.ids
    assert after.unwrap(old, ABOUT) == b"secret"
    assert key_of(after.wrap(b"secret", ABOUT)) == after.ids[0]
    with pytest.raises(KeyNotHere):
        after.newest_only().unwrap(old, ABOUT)


def test_a_ring_is_kept_as_text() -> None:
    ring = Ring.new().with_new()
    assert Ring.from_text("# said to people\n\n" + ring.text()).ids == ring.ids
    assert repr(ring).startswith("<engine.wrapping.Ring object")


@pytest.mark.parametrize("text", ["", "# nothing", "ab" * 31, "xy" * 32, "AB" * 32, "ab" * 32 + " 7"])
def test_a_text_that_is_no_ring_is_refused(text: str) -> None:
    with pytest.raises(NotAMasterKey) as refused:
        Ring.from_text(text)
    assert not text or text not in str(refused.value)
