"""Drafts as they are kept: a step with all its files or none of it, in whatever store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.drafting import Activation, ActivationKind, DraftOutdated, DraftState, opened, scheduled
from engine.ledger import Along, DraftFile, DraftMoved, EntryRefused, Ledger, UnknownDraft
from tests.ledger.factories import AT
from tests.ledger.lawmaking import SHIPPED, Law, Office
from tests.ledger.tampering import by_hand

UPGRADE = Law(b"what came with the next version", "2026.12.0")
FILES = tuple(
    DraftFile(path, 1, "system", text) for path, text in (("A/a.yaml", "a"), ("B/b.yaml", "b"), ("C/c.yaml", None))
)


@pytest.fixture
def office(ledger: Ledger) -> Office:
    ledger.remember_release(SHIPPED, AT)
    ledger.keep_release(UPGRADE, AT)
    return Office(ledger)


def upgrade(office: Office) -> None:
    details = {"conflicts": [{"number": 1, "file": "A/a.yaml"}]}
    step = opened("drf_u", UPGRADE.digest, "Upgrade", "system", AT, replaces=SHIPPED.digest, details=details)
    office.ledger.drafts.store(step, AT, Along(FILES))


def test_an_upgrade_is_one_event_with_all_its_files(office: Office) -> None:
    upgrade(office)
    drafts = office.ledger.drafts
    draft = drafts.one("drf_u")
    assert draft is not None
    assert (draft.base, draft.follows, draft.state) == (UPGRADE.digest, SHIPPED.digest, DraftState.DRAFT)
    assert {path: file.text for path, file in drafts.files("drf_u").items()} == {
        "A/a.yaml": "a",
        "B/b.yaml": "b",
        "C/c.yaml": None,
    }
    (event,) = drafts.history("drf_u")
    assert event.payload["conflicts"] == [{"number": 1, "file": "A/a.yaml"}]
    assert office.ledger.verify().ok


def test_it_is_opened_once_whoever_opens_it(office: Office) -> None:
    upgrade(office)
    with pytest.raises(DraftMoved):
        upgrade(office)
    assert len(office.ledger.drafts.history("drf_u")) == 1


def test_each_of_several_files_is_vouched_for(office: Office, url: str) -> None:
    upgrade(office)
    with by_hand(url) as hand:
        hand.execute("UPDATE draft_file SET editor = 'eve' WHERE path = 'B/b.yaml'")
    report = office.ledger.verify()
    assert report.first_bad is not None
    assert "B/b.yaml" in str(report.first_bad)


def test_what_is_in_force_must_be_what_was_followed_at_the_moment_it_is_stored(office: Office) -> None:
    """Two persons look at the same law and both publish: the second is told, and nothing of the step is kept."""
    ready = []
    for name in ("drf_1", "drf_2"):
        draft = office.edit(office.open(name, "ann", AT), "ann", AT, "A/a.yaml", name)
        ready.append(office.approve(office.submit(office.check(draft, "ann", AT), "ann", AT), "cleo", AT))
    office.schedule(ready[0], "cleo", AT, AT)
    with pytest.raises(DraftOutdated, match="rebase"):
        office.schedule(ready[1], "cleo", AT, AT + timedelta(seconds=1))
    kept = office.ledger.drafts.one("drf_2")
    assert kept is not None
    assert kept.state is DraftState.APPROVED


def test_nothing_is_put_in_force_that_is_not_kept(office: Office) -> None:
    draft = office.edit(office.open("drf_1", "ann", AT), "ann", AT, "A/a.yaml", "x")
    draft = office.approve(office.submit(office.check(draft, "ann", AT), "ann", AT), "cleo", AT)
    step = scheduled(draft, "cleo", AT, AT, "r")
    wanted = Activation(0, draft.content or "", AT, ActivationKind.PUBLISHED, "cleo", AT, draft.id)
    with pytest.raises(EntryRefused, match="no release"):
        office.ledger.drafts.store(step, AT, Along(activation=wanted))


def test_a_step_of_a_draft_that_is_not_there_is_refused(office: Office) -> None:
    draft = opened("drf_1", SHIPPED.digest, "A change", "ann", AT).draft
    with pytest.raises(UnknownDraft):
        office.edit(draft, "ann", AT, "A/a.yaml", "x")


def test_drafts_come_by_page_and_state(office: Office) -> None:
    for name in ("drf_1", "drf_2", "drf_3"):
        office.open(name, "ann", AT)
    drafts = office.ledger.drafts
    first = drafts.page(state=None, limit=2, after=None)
    assert ([one.id for one in first.data], first.next) == (["drf_1", "drf_2"], "drf_2")
    assert [one.id for one in drafts.page(state=DraftState.DRAFT, limit=2, after=first.next).data] == ["drf_3"]
    assert drafts.page(state=DraftState.APPROVED, limit=2, after=None).data == ()


def test_what_came_with_the_software_does_not_replace_what_people_chose(office: Office) -> None:
    """Two processes start while a third publishes: the one that looked too early puts nothing over it."""
    draft = office.edit(office.open("drf_1", "ann", AT), "ann", AT, "A/a.yaml", "x")
    draft = office.approve(office.submit(office.check(draft, "ann", AT), "ann", AT), "cleo", AT)
    office.schedule(draft, "cleo", AT, AT)
    office.ledger.remember_release(UPGRADE, AT + timedelta(hours=1))
    holds = office.ledger.activations.now(AT + timedelta(hours=2))
    assert holds is not None
    assert holds.release == draft.content
    assert office.ledger.release_version(UPGRADE.digest) == "2026.12.0"
    assert office.ledger.release_version("sha256:none") is None
