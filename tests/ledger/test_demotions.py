"""Rules that the circuit breaker holds back: one transaction, one winner, and a database that lets nothing else pass as one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from engine.drafting import ActivationKind
from engine.ledger import DemotionOvertaken, Ledger, NewDemotion, ReleaseSignature
from engine.signing import SigningKey
from tests.ledger.factories import AT, moment
from tests.ledger.tampering import by_hand
from tests.ledger.test_draft_guards import ACTIVATION, Hand

KEY = SigningKey.new()


@dataclass(frozen=True)
class Rules:
    """A release."""

    digest: str
    canonical: bytes
    version: str = "2026.11.0"


BASE = Rules("sha256:" + "ab" * 32, b"the rules")
HELD = Rules("sha256:" + "cd" * 32, b"the rules, one held back")
OTHER = Rules("sha256:" + "ef" * 32, b"other rules")
ROW = {
    "seq": 9_000, "release": HELD.digest, "base": BASE.digest, "pack": "DE", "rule": "aml.x", "recorded_at": 1, "body": b"{}",
}  # fmt: skip
SIGNATURE = {
    "seq": 9_001, "release": HELD.digest, "draft": "", "recorded_at": 1, "public_key": b"k", "statement": b"{}",
    "signature": b"s",
}  # fmt: skip


def made(release: Rules = HELD, base: Rules = BASE) -> NewDemotion:
    """A rule held back."""
    signed = ReleaseSignature(release.digest, "", KEY.public, b"{}", KEY.sign(b"{}"))
    return NewDemotion(release, base.digest, "DE", "aml.house_cash", "It stopped 9 of 9.", signed, {"stopped": 9})


@pytest.fixture
def law(ledger: Ledger) -> Ledger:
    """A ledger in which a release is in force."""
    ledger.remember_release(BASE, AT)
    return ledger


@pytest.fixture
def hand(url: str, law: Ledger) -> Iterator[Hand]:
    law.keep_release(HELD, AT)
    law.keep_release(OTHER, AT)
    with by_hand(url, guarded=True) as connection:
        yield Hand(url, connection)


def demoted(**more: Any) -> dict[str, Any]:
    """A row of an activation by the breaker."""
    return {**ACTIVATION, "kind": "demoted", "actor": "system", "draft": None, "release": HELD.digest, **more}


def test_the_release_the_reason_and_the_activation_come_together(law: Ledger) -> None:
    law.demotions.put_in_force(made(), moment(1))
    holds = law.activations.now(moment(1))
    assert holds is not None
    assert (holds.release, holds.kind, holds.actor) == (HELD.digest, ActivationKind.DEMOTED, "system")
    assert holds.reason == "DE/aml.house_cash: It stopped 9 of 9."
    (kept,) = law.demotions.all()
    assert (kept.release, kept.base, kept.pack, kept.rule) == (HELD.digest, BASE.digest, "DE", "aml.house_cash")
    assert kept.body == {"why": "It stopped 9 of 9.", "stopped": 9}
    assert law.release(HELD.digest) is not None
    assert len(law.signatures.of(HELD.digest)) == 1
    assert law.verify().ok


def test_it_is_not_made_of_what_is_no_longer_in_force(law: Ledger) -> None:
    law.demotions.put_in_force(made(), moment(1))
    rows = law.verify().rows
    with pytest.raises(DemotionOvertaken):
        law.demotions.put_in_force(made(OTHER), moment(2))
    assert law.verify().rows == rows
    assert law.release(OTHER.digest) is None


def test_of_several_that_saw_the_same_one_wins(url: str, law: Ledger) -> None:
    others = [Ledger.open(url) for _ in range(3)]
    releases = [Rules(f"sha256:{at:064d}", f"rules {at}".encode()) for at in range(4)]

    def hold_back(ledger: Ledger, release: Rules) -> bool:
        try:
            ledger.demotions.put_in_force(made(release), moment(1))
        except DemotionOvertaken:
            return False
        return True

    try:
        with ThreadPoolExecutor(4) as pool:
            won = list(pool.map(hold_back, [law, *others], releases))
    finally:
        for one in others:
            one.close()
    assert won.count(True) == 1
    assert len(law.demotions.all()) == 1
    assert law.verify().ok


def test_going_back_lifts_it_and_it_may_be_held_back_again(law: Ledger) -> None:
    law.demotions.put_in_force(made(), moment(1))
    law.activations.switch(BASE.digest, moment(2), ActivationKind.ROLLED_BACK, "key_1", "Fixed.")
    law.demotions.put_in_force(made(OTHER), moment(3))
    assert [one.release for one in law.demotions.all()] == [HELD.digest, OTHER.digest]
    assert law.verify().ok


# -- past the engine ------------------------------------------------------------------------------------------------------


def test_what_stands_nowhere_as_held_back_is_not_put_in_force(hand: Hand) -> None:
    with pytest.raises(Exception, match="with one rule held back"):
        hand.insert("activation", demoted())


def test_what_nobody_signed_is_not_put_in_force(hand: Hand) -> None:
    hand.insert("demotion", ROW)
    with pytest.raises(Exception, match="with one rule held back"):
        hand.insert("activation", demoted(seq=9_002))


def test_what_is_made_of_something_else_is_not_put_in_force(hand: Hand) -> None:
    hand.insert("demotion", {**ROW, "base": OTHER.digest})
    hand.insert("release_signature", SIGNATURE)
    with pytest.raises(Exception, match="with one rule held back"):
        hand.insert("activation", demoted(seq=9_002))


def test_another_release_than_the_one_that_was_made_is_not_put_in_force(hand: Hand) -> None:
    hand.insert("demotion", ROW)
    hand.insert("release_signature", SIGNATURE)
    with pytest.raises(Exception, match="with one rule held back"):
        hand.insert("activation", demoted(seq=9_002, release=OTHER.digest))


@pytest.mark.parametrize("more", [{"actor": "eve"}, {"draft": "drf_1"}])
def test_it_is_the_systems_alone_and_of_no_draft(hand: Hand, more: dict[str, Any]) -> None:
    hand.insert("demotion", ROW)
    hand.insert("release_signature", SIGNATURE)
    with pytest.raises(Exception, match=r"ck_activation_kind"):
        hand.insert("activation", demoted(seq=9_002, **more))


def test_it_is_put_in_force_as_such_once(law: Ledger, hand: Hand) -> None:
    law.demotions.put_in_force(made(), moment(1))
    law.activations.switch(BASE.digest, moment(2), ActivationKind.ROLLED_BACK, "key_1", "Fixed.")
    micros = int(moment(3).timestamp()) * 1_000_000
    with pytest.raises(Exception, match="with one rule held back"):
        hand.insert("activation", demoted(seq=9_002, active_from=micros))


@pytest.mark.parametrize("more", [{"base": "sha256:nobody"}, {"release": "sha256:nobody"}])
def test_both_releases_are_kept(hand: Hand, more: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="is not kept here"):
        hand.insert("demotion", {**ROW, **more})


def test_a_release_is_not_made_of_itself(hand: Hand) -> None:
    with pytest.raises(Exception, match="ck_demotion_base"):
        hand.insert("demotion", {**ROW, "base": HELD.digest})


def test_a_release_is_made_once(hand: Hand) -> None:
    hand.insert("demotion", ROW)
    with pytest.raises(Exception, match=r"ix_demotion_release|UNIQUE"):
        hand.insert("demotion", {**ROW, "seq": 9_005})


def test_a_row_that_nobody_wrote_is_found(url: str, law: Ledger) -> None:
    law.keep_release(HELD, AT)
    with by_hand(url, guarded=True) as connection:
        Hand(url, connection).insert("demotion", ROW)
    assert not law.verify().ok
