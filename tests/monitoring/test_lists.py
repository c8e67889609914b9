"""Known parties and the lists: whoever is named anew, or listed anew, is screened; whoever is let go is let go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from api.screening import likeness
from engine.casework import CaseState, Verdict
from engine.ledger import Ledger, StoredClearance
from engine.screening.clearances import digest_of, features_of
from engine.screening.lists.reading import version as version_of
from engine.screening.model import Band
from tests.monitoring.watching import NOW, Register, World, names, paid, payment


@pytest.fixture
def world(ledger: Ledger) -> World:
    found = World(ledger, register=Register({"1": "Mona Listed"}))
    for body in names("Mona Listed", "Paul Free"):
        paid(ledger, body)
    return found


def changed(world: World, *keys: str, **more: str) -> None:
    """Another edition of the list comes in: the entries with these keys stay."""
    assert world.register is not None
    kept = {key: name for key, name in world.register.names.items() if key in keys}
    world.register = replace(world.register, names=kept | more)
    world.edition += 1


def test_a_match_becomes_an_alert_that_names_the_entry_and_keeps_the_screening(world: World) -> None:
    world.worker().run_once()
    (alert,) = world.alerts()
    assert (alert.rule, alert.evidence, alert.subject, alert.severity) == (
        "screening.UN-SC",
        ("UN-SC:1",),
        "c-0",
        "medium",
    )
    stored = world.ledger.alerts.one(alert.id)
    assert stored is not None
    assert stored.screening is not None
    kept = world.ledger.screenings.one(stored.screening)
    assert kept is not None
    assert orjson.loads(kept.answer)["matches"][0]["entry"]["id"] == "UN-SC:1"
    assert world.ledger.verify().ok


def test_a_confirmed_match_is_of_high_severity(world: World) -> None:
    assert world.register is not None
    world.register.band = Band.CONFIRMED
    world.worker().run_once()
    assert [one.severity for one in world.alerts()] == ["high"]


def test_everybody_is_screened_once_for_each_edition(world: World) -> None:
    worker = world.worker()
    worker.run_once()
    worker.run_once()
    assert world.register is not None
    assert sorted(world.register.asked) == ["Mona Listed", "Paul Free"]
    changed(world, "1", **{"2": "Paul Free"})
    worker.run_once()
    assert sorted(world.register.asked) == ["Mona Listed", "Mona Listed", "Paul Free", "Paul Free"]
    assert sorted(one.subject for one in world.alerts()) == ["c-0", "c-1"]
    assert world.ledger.monitoring.parties("edition-2") == (2, 0)


def test_by_delta_only_who_may_be_concerned_is_held_against_everything(world: World) -> None:
    """Of three parties one has a match, one is named by what is new, and one neither: only that one is not asked again."""
    paid(world.ledger, payment("c-2", payer={"id": "c-2", "name": "Nobody", "country": "FR"}))
    worker = world.worker()
    worker.run_once()
    assert world.register is not None
    world.register.asked.clear()
    changed(world, "1", **{"2": "Paul Free"})
    world.newer = Register({"2": "Paul Free"})
    worker.run_once()
    assert sorted(world.register.asked) == ["Mona Listed", "Paul Free"]
    assert sorted(world.newer.asked) == ["Nobody", "Paul Free"]
    assert sorted(one.subject for one in world.alerts()) == ["c-0", "c-1"]
    assert world.ledger.monitoring.parties("edition-2") == (3, 0)


def test_by_delta_whoever_left_the_list_is_let_go(world: World) -> None:
    worker = world.worker()
    worker.run_once()
    changed(world)
    world.newer = Register({})
    worker.run_once()
    assert [one.verdict for one in world.cases()] == [Verdict.DELISTED]


def test_whose_data_no_list_has_seen_is_held_against_everything(world: World) -> None:
    world.newer = Register({})
    world.worker().run_once()
    assert [one.subject for one in world.alerts()] == ["c-0"]


def test_whoever_left_the_list_is_let_go_and_the_case_closed(world: World) -> None:
    worker = world.worker()
    worker.run_once()
    changed(world)
    worker.run_once()
    (case,) = world.cases()
    assert (case.state, case.verdict) == (CaseState.DECIDED, Verdict.DELISTED)
    assert b"UN-SC:1 is not matched by the edition of UN-SC" in world.ledger.cases.history(case.id)[-1].payload


def test_whoever_is_listed_again_is_a_case_again(world: World) -> None:
    worker = world.worker()
    worker.run_once()
    changed(world)
    worker.run_once()
    changed(world, **{"1": "Mona Listed"})
    worker.run_once()
    assert [one.state for one in world.cases()] == [CaseState.DECIDED, CaseState.OPEN]


def test_whoever_changes_their_name_is_not_let_go_by_that(world: World) -> None:
    worker = world.worker()
    worker.run_once()
    paid(world.ledger, payment("c-0", payer={"id": "c-0", "name": "Mona Other", "country": "FR"}))
    worker.run_once()
    assert [one.state for one in world.cases()] == [CaseState.OPEN]


def test_a_list_that_is_gone_lets_nobody_go(world: World) -> None:
    worker = world.worker()
    worker.run_once()
    world.register, world.edition = Register({}, code="EU-FSF"), 2
    worker.run_once()
    assert [one.state for one in world.cases()] == [CaseState.OPEN]


def test_an_entry_that_says_something_else_now_is_told_again(world: World) -> None:
    worker = world.worker()
    worker.run_once()
    assert world.register is not None
    world.register.remarks["1"] = "Born in 1961."
    world.edition = 2
    worker.run_once()
    (case,) = world.cases()
    assert [one.kind for one in world.ledger.cases.history(case.id)] == ["opened", "alert_added"]


def test_who_has_no_id_and_who_owns_is_screened_as_well(ledger: Ledger) -> None:
    world = World(ledger, register=Register({"1": "Mona Listed", "2": "Olga Owner"}))
    payer = {"type": "organisation", "name": "Mona Listed", "owners": [{"name": "Olga Owner", "share": "60"}]}
    paid(ledger, payment(payer=payer))
    world.worker().run_once()
    subjects = sorted(one.subject for one in world.alerts())
    assert len(subjects) == 2
    assert subjects[0].startswith("name:")
    assert subjects[1].startswith(f"{subjects[0]}/owner:")


def cleared(world: World) -> StoredClearance:
    """An approved clearance of what the one match is found by."""
    assert world.register is not None
    match = world.register.match("1")
    asked = {"name": "Mona Listed", "country": "FR"}
    made = StoredClearance(
        "clr_1", "c-0", digest_of(asked), "UN-SC:1", version_of(match.entry), features_of(match), "scr_1",
        "Another person.", "key_ann", NOW, NOW + timedelta(days=1),
    )  # fmt: skip
    world.ledger.clearances.propose(made)
    world.ledger.clearances.approve(made.id, "key_ben", NOW, "Agreed.")
    return made


def test_a_cleared_match_is_no_alert_until_the_clearance_has_run_out(world: World) -> None:
    made, worker = cleared(world), world.worker()
    worker.run_once()
    assert world.alerts() == []
    world.now = made.expires_at - timedelta(microseconds=1)
    worker.run_once()
    assert world.alerts() == []
    world.now = made.expires_at
    worker.run_once()
    assert [one.subject for one in world.alerts()] == ["c-0"]


def test_a_cleared_match_is_an_alert_once_the_clearance_is_revoked(world: World) -> None:
    made, worker = cleared(world), world.worker()
    worker.run_once()
    world.ledger.clearances.revoke(made.id, "key_ann", NOW, "The passport was forged.")
    worker.run_once()
    assert [one.subject for one in world.alerts()] == ["c-0"]


def test_a_clearance_says_nothing_of_another_version_of_the_entry(world: World) -> None:
    cleared(world)
    assert world.register is not None
    world.register.remarks["1"] = "Born in 1961."
    world.worker().run_once()
    assert [one.subject for one in world.alerts()] == ["c-0"]


def test_a_match_is_the_same_as_long_as_both_sides_say_the_same() -> None:
    register = Register({"1": "Mona Listed"})
    match = register.match("1")
    assert likeness("p", match) == likeness("p", register.match("1"))
    register.remarks["1"] = "Born in 1961."
    assert likeness("p", match) != likeness("p", register.match("1"))
    assert likeness("p", match) != likeness("q", match)
