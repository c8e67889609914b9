"""A signed release as a file: the same bytes every time, and not one of them may be another."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random

import pytest

from engine.packs import envelope
from engine.packs.envelope import Envelope, EnvelopeRefused, Signed, fault_of, pack, unpack
from engine.packs.release import Release, seal
from engine.signing import SigningKey, approval_of, countersignature_statement, release_statement

KEY, OTHER = SigningKey.new(), SigningKey.new()
TRUSTED = frozenset((KEY.public,))
AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
RELEASE = seal({"EX/pack.yaml": "name: Größe\n", "EX/sca.yaml": "domain: sca\n"}, "2026.12.0")


def signed(release: Release = RELEASE, key: SigningKey = KEY, persons: int = 2, **changes: object) -> Signed:
    approvals = []
    for number in range(persons):
        statement = countersignature_statement("drf_1", release.digest, f"key_{number}", AT)
        approvals.append(approval_of(f"key_{number}", "service", key.public, statement, key.sign(statement)))
    said = release_statement(release.digest, release.version, "drf_1", 2, approvals, emergency=False)
    if changes:
        said = json.dumps({**json.loads(said), **changes}).encode()
    return Signed(key.public, said, key.sign(said))


FILE = pack(RELEASE.canonical, signed())


def test_a_release_comes_out_as_it_went_in() -> None:
    assert unpack(FILE, TRUSTED) == Envelope(RELEASE, signed(), "drf_1")
    assert pack(RELEASE.canonical, signed()) == FILE, "the same bytes every time"


def test_a_changed_byte_is_refused_wherever_it_stands() -> None:
    for at in range(len(FILE)):
        changed = bytearray(FILE)
        changed[at] ^= Random(at).randrange(1, 256)
        with pytest.raises(EnvelopeRefused):
            unpack(bytes(changed), TRUSTED)


@pytest.mark.parametrize("length", [0, 1, 20, len(FILE) // 2, len(FILE) - 1])
def test_a_part_of_a_file_is_refused(length: int) -> None:
    with pytest.raises(EnvelopeRefused, match="a part of one"):
        unpack(FILE[:length], TRUSTED)


@pytest.mark.parametrize("content", [b"[]", b"null", b"{}", b"[" * 100_000, b"\xff\xfe", FILE.replace(b"/1", b"/2", 1)])
def test_what_is_no_signed_release_is_refused(content: bytes) -> None:
    with pytest.raises(EnvelopeRefused):
        unpack(content, TRUSTED)


def test_another_spelling_of_the_same_is_refused() -> None:
    with pytest.raises(EnvelopeRefused, match="spelt"):
        unpack(json.dumps(json.loads(FILE), indent=1).encode(), TRUSTED)
    with pytest.raises(EnvelopeRefused, match="spelt"):
        unpack(FILE + b"\n", TRUSTED)


def test_a_file_that_is_too_large_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "MAX_BYTES", 10)
    with pytest.raises(EnvelopeRefused, match="more than 10 bytes"):
        unpack(FILE, TRUSTED)


def test_a_key_that_nobody_trusts_is_refused() -> None:
    with pytest.raises(EnvelopeRefused, match="not among those that are trusted"):
        unpack(FILE, frozenset((OTHER.public,)))


CHANGED = seal({"EX/pack.yaml": "name: Grösse\n"}, "2026.12.0")


@pytest.mark.parametrize(
    ("found", "canonical", "why"),
    [
        (Signed(KEY.public, signed().statement, bytes(64)), RELEASE.canonical, "signature is false"),
        (signed(), CHANGED.canonical, "another release"),
        (signed(version="2027.1.0"), RELEASE.canonical, "another release"),
        (signed(format="lexgate-checkpoint/1"), RELEASE.canonical, "another release"),
        (signed(), b"[]", "not of the form"),
        (signed(approvals=None), RELEASE.canonical, "not of the form"),
        (signed(persons=1), RELEASE.canonical, "1 persons approved it, and 2 must have"),
        (signed(persons=0, required=0), RELEASE.canonical, "0 persons approved it"),
        (signed(draft="drf_2"), RELEASE.canonical, "of something else"),
    ],
)
def test_a_statement_holds_for_one_release_that_enough_persons_approved(
    found: Signed, canonical: bytes, why: str
) -> None:
    assert why in str(fault_of(found, canonical, TRUSTED))


def test_one_person_twice_is_one_person() -> None:
    approvals = json.loads(signed(persons=1).statement)["approvals"] * 2
    assert "1 persons" in str(fault_of(signed(approvals=approvals), RELEASE.canonical, TRUSTED))


def test_broken_glass_says_so_and_needs_no_approval() -> None:
    assert fault_of(signed(persons=0, emergency=True), RELEASE.canonical, TRUSTED) is None
