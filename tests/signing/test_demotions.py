"""The statement under a release that the circuit breaker made: worked out again from the bytes, or false."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.packs.demotions import demote
from engine.packs.envelope import Signed, fault_of, unsigned_base
from engine.packs.release import Release, seal
from engine.signing import SigningKey, demotion_statement, proof_of, release_statement
from tests.held_back import demotion

KEY, OTHER = SigningKey.new(), SigningKey.new()
TRUSTED = frozenset((KEY.public,))
FILES = {"DE/pack.yaml": "name: Deutschland\n"}
BASE = seal(FILES, "2026.11.0")
ONE, TWO = demotion("DE/aml.one"), demotion("DE/aml.two")
HELD = seal(demote(FILES, ONE), "2026.11.0")
BOTH = seal(demote(demote(FILES, ONE), TWO), "2026.11.0")
FIRST = {"base": BASE.digest, "pack": "DE", "rule": "aml.one"}
SECOND = {"base": HELD.digest, "pack": "DE", "rule": "aml.two"}


def proof(key: SigningKey = KEY, digest: str = BASE.digest, *, emergency: bool = True) -> dict[str, str]:
    """What persons put in force: by broken glass, so that no approvals are wanted."""
    said = release_statement(digest, "2026.11.0", "drf_1", 1, [], emergency=emergency)
    return proof_of(key.public, said, key.sign(said))


def signed(release: Release = HELD, held: Any = (FIRST,), said: dict[str, str] | None = None) -> Signed:
    """The publisher's word."""
    statement = demotion_statement(release.digest, release.version, held, said)
    return Signed(KEY.public, statement, KEY.sign(statement))


def test_what_came_with_the_software_with_a_rule_held_back() -> None:
    found = signed()
    assert fault_of(found, HELD.canonical, TRUSTED) is None
    assert unsigned_base(found) == BASE.digest


def test_what_persons_put_in_force_with_a_rule_held_back() -> None:
    found = signed(said=proof())
    assert fault_of(found, HELD.canonical, TRUSTED) is None
    assert unsigned_base(found) is None


def test_one_rule_after_the_other() -> None:
    assert fault_of(signed(BOTH, (FIRST, SECOND), proof()), BOTH.canonical, TRUSTED) is None


@pytest.mark.parametrize(
    ("found", "release", "why"),
    [
        (signed(BOTH, (FIRST,)), BOTH, "not the release that it says"),
        (signed(BOTH, (SECOND, FIRST)), BOTH, "not the release that it says"),
        (signed(HELD, ({**FIRST, "rule": "aml.two"},)), HELD, "not the release that it says"),
        (signed(HELD, ({**FIRST, "base": HELD.digest},)), HELD, "not the release that it says"),
        (signed(HELD, ()), HELD, "holds no rule back"),
        (signed(HELD, ({"base": BASE.digest},)), HELD, "not of the form"),
        (signed(HELD, (FIRST,)), BOTH, "another release"),
        (signed(said=proof(OTHER)), HELD, "not among those that are trusted"),
        (signed(said=proof(digest=HELD.digest)), HELD, "another release"),
        (signed(said=proof(emergency=False)), HELD, "0 persons approved it"),
        (signed(said={**proof(), "signature": ""}), HELD, "signature is false"),
        (signed(said={"publisher": KEY.public.hex()}), HELD, "not of the form"),
        (Signed(KEY.public, signed().statement, bytes(64)), HELD, "signature is false"),
    ],
    ids=range(13),
)
def test_anything_else_is_false(found: Signed, release: Release, why: str) -> None:
    assert why in str(fault_of(found, release.canonical, TRUSTED))


def test_more_than_the_entry_is_false() -> None:
    """A hand that changes a rule as well would have to sign that it did."""
    changed = seal(demote({"DE/pack.yaml": "name: Anderswo\n"}, ONE), "2026.11.0")
    assert "not the release that it says" in str(fault_of(signed(changed), changed.canonical, TRUSTED))


def test_a_demotion_is_no_proof_of_a_demotion() -> None:
    inner = signed()
    said = {"publisher": inner.publisher.hex(), "signature": "", "statement": inner.statement.decode()}
    assert "put in force by nobody" in str(fault_of(signed(said=said), HELD.canonical, TRUSTED))


def test_many_rules_make_no_large_statement() -> None:
    files, held = dict(FILES), []
    for at in range(20):
        one = demotion(f"DE/aml.rule_{at}")
        held.append({"base": seal(files, "1").digest, "pack": "DE", "rule": one.rule})
        files = demote(files, one)
    release = seal(files, "1")
    said = release_statement(held[0]["base"], "1", "drf_1", 1, [], emergency=True)
    found = signed(release, held, proof_of(KEY.public, said, KEY.sign(said)))
    assert fault_of(found, release.canonical, TRUSTED) is None
    assert len(found.statement) < 5_000
    assert json.loads(found.statement)["held_back"] == held
