"""Changes of the law: found once for each version, worked on by persons, tied to what mends or repeats them; on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine.changes import (
    ChangeRefused,
    ChangeState,
    LawChange,
    assigned,
    change_id,
    commented,
    dismissed,
    drafted,
    joined,
    merged,
    parted,
    reopened,
)
from engine.drafting import opened
from engine.ledger import (
    AlertsWanted,
    Along,
    ChangeMoved,
    ChangesWanted,
    DraftFile,
    EntryRefused,
    IdempotencyKey,
    KeyedAnswer,
    Ledger,
    Replayed,
)
from tests.ledger.factories import AT, moment
from tests.ledger.lawmaking import SHIPPED, Office
from tests.ledger.reading import LEASE, READ, SKETCH, occasion, publish, read_all, read_law, read_nothing, take
from tests.ledger.tampering import by_hand
from tests.ledger.test_draft_guards import Hand

NOON = datetime(2027, 2, 1, 12, tzinfo=AT.tzinfo)
"""A month before the change bites."""


@pytest.fixture
def house(ledger: Ledger) -> Iterator[Ledger]:
    """A ledger whose chain is whole at the end, whatever was done."""
    ledger.remember_release(SHIPPED, AT)
    yield ledger
    report = ledger.verify()
    assert report.ok, report.first_bad


def found(ledger: Ledger, key: str = "n-1", *, source: str = "be-fin-1", at: datetime = NOON, **more: Any) -> LawChange:
    """A change that was read of a publication."""
    item = publish(ledger, key, source=source, at=at, said=key)
    more.setdefault("bands", ())
    assert read_all(ledger, read_law(**more), at=at) == ["change"]
    return there(ledger, change_id(item.seq))


def there(ledger: Ledger, name: str) -> LawChange:
    change = ledger.changes.one(name)
    assert change is not None
    return change


def told(ledger: Ledger) -> list[tuple[str, str]]:
    page = ledger.alerts.page(AlertsWanted(), limit=100, after=None).data
    return sorted((one.alert.rule, one.alert.subject) for one in page)


def kinds(ledger: Ledger, change: LawChange) -> list[str]:
    return [one.kind for one in ledger.changes.history(change.id)]


def into_draft(ledger: Ledger, change: LawChange, at: datetime = NOON, name: str = "drf_7") -> LawChange:
    """A draft made of it, by ann."""
    step = drafted(change, "ann", at, name)
    draft = opened(name, SHIPPED.digest, change.read.title, "ann", at)
    along = Along((DraftFile("BE/tax/vat.yaml", 1, "ann", "rate: 12\n"),))
    ledger.changes.store([step], occasion(at), drafted=[(draft, along)])
    return step.change


# -- reading ------------------------------------------------------------------------------------------------------------


def test_a_version_is_read_once_and_is_of_one_change(house: Ledger) -> None:
    item = publish(house)
    (held,) = take(house, NOON)
    assert (held.item, held.state, take(house, NOON)) == (item.seq, "waiting", []), "another worker has it"
    assert house.readings.leave([(held, read_law())], occasion(NOON)) == ["change"]
    assert take(house, NOON + LEASE) == []
    (change,) = house.changes.page(ChangesWanted(), limit=9, after=None).data
    assert (change.id, change.state, change.read, change.publisher) == (
        change_id(item.seq),
        ChangeState.NEW,
        READ,
        "FPS Finance",
    )
    (reading,) = house.readings.readings(item.seq)
    assert (reading.seq, reading.relevance, reading.reader) == (change.reading, 970, "reader-1")


def test_a_worker_that_was_too_slow_leaves_nothing(house: Ledger) -> None:
    publish(house)
    (slow,) = take(house, NOON)
    (quick,) = take(house, NOON + LEASE, "ing_2")
    assert house.readings.leave([(slow, read_law())], occasion(NOON)) == ["lease_lost"]
    assert house.readings.readings(slow.item) == ()
    assert house.readings.leave([(quick, read_law())], occasion(NOON)) == ["change"]
    assert house.readings.leave([(quick, read_law())], occasion(NOON)) == ["lease_lost"], "it was let go"
    assert len(house.readings.readings(slow.item)) == 1


def test_several_workers_share_what_waits_and_none_gets_what_another_has(house: Ledger) -> None:
    items = {publish(house, f"n-{number}", said=str(number)).seq for number in range(24)}

    def worker(name: str) -> list[int]:
        mine: list[int] = []
        while held := take(house, NOON, name, limit=2):
            house.readings.leave([(one, read_nothing()) for one in held], occasion(NOON))
            mine += [one.item for one in held]
        return mine

    with ThreadPoolExecutor(4) as pool:
        shares = list(pool.map(worker, ["ing_1", "ing_2", "ing_3", "ing_4"]))
    assert sorted(item for share in shares for item in share) == sorted(items)


def test_what_is_irrelevant_is_kept_as_read_and_makes_no_change(house: Ledger) -> None:
    publish(house)
    item = publish(house, "n-2", said="A speech")
    assert read_all(house, read_law(), read_nothing(), at=NOON) == ["change", "irrelevant"]
    assert house.changes.one(change_id(item.seq)) is None
    (one,) = house.readings.irrelevant(limit=9, after=0).data
    assert (one.item, one.relevant, one.relevance) == (item.seq, False, 20)


def test_what_no_reader_can_read_waits_and_is_then_given_up(house: Ledger) -> None:
    publish(house)
    (held,) = take(house, NOON)
    assert house.readings.fail(held, "UnicodeError", NOON + timedelta(hours=1), (), occasion(NOON))
    assert not house.readings.fail(held, "UnicodeError", None, (), occasion(NOON)), "it was let go"
    assert take(house, NOON) == []
    (again,) = take(house, NOON + timedelta(hours=1))
    assert (again.tries, again.fault) == (1, "UnicodeError")
    house.readings.fail(again, "UnicodeError", None, (), occasion(NOON))
    assert [one.item for one in house.readings.failed(9)] == [held.item]
    assert take(house, NOON + timedelta(days=9)) == []
    assert house.readings.again(NOON) == 1, "a better reader may try"
    assert [one.item for one in take(house, NOON)] == [held.item]


def test_reading_again_makes_a_reading_beside_the_old_one_and_no_second_change(house: Ledger) -> None:
    change = found(house)
    assert house.readings.again(NOON, source="de-bafin-1") == 0
    assert house.readings.again(NOON, since=change.item) == 1
    later = read_law(reader="reader-2", bands=(), read={"effective": date(2027, 4, 1)})
    assert read_all(house, later, at=NOON) == ["change"]
    assert [one.reader for one in house.readings.readings(change.item)] == ["reader-1", "reader-2"]
    after = there(house, change.id)
    assert (after.read.effective, after.reading > change.reading) == (date(2027, 4, 1), True)
    (step,) = house.changes.history(change.id)[1:]
    assert (step.kind, step.payload["differs"]) == ("reread", ["effective"])
    house.readings.again(NOON)
    read_all(house, later, at=NOON)
    assert len(house.readings.readings(change.item)) == 2, "the same reader reads the same"
    assert there(house, change.id) == after


def test_a_reader_moves_nothing_that_a_person_has_decided_on(house: Ledger) -> None:
    change = found(house)
    step = dismissed(change, "ann", NOON, "Known since January.")
    house.changes.store([step], occasion(NOON))
    house.readings.again(NOON)
    read_all(house, read_law(reader="reader-2", bands=(), read={"status": "in_force"}), at=NOON)
    after = there(house, change.id)
    assert (after.state, after.read.status, after.reading) == (ChangeState.DISMISSED, "adopted", change.reading)
    assert kinds(house, change) == ["found", "dismissed", "reread"]


def test_what_is_read_as_irrelevant_later_stays_for_a_person(house: Ledger) -> None:
    change = found(house)
    house.readings.again(NOON)
    assert read_all(house, read_nothing(reader="reader-2", bands=()), at=NOON) == ["change"]
    assert there(house, change.id).state is ChangeState.NEW


# -- mended, taken back, repeated ---------------------------------------------------------------------------------------


def test_a_mended_publication_takes_the_place_of_what_nobody_has_acted_on(house: Ledger) -> None:
    first = found(house)
    item = publish(house, "n-1", said="12,5 %", at=NOON)
    read_all(house, read_law(), at=NOON)
    second = there(house, change_id(item.seq))
    assert (there(house, first.id).state, second.state, second.corrects) == (
        ChangeState.SUPERSEDED,
        ChangeState.NEW,
        first.id,
    )
    assert ("change.corrected", first.id) not in told(house)


def test_whoever_works_on_what_was_mended_is_told(house: Ledger) -> None:
    first = found(house)
    house.changes.store([assigned(first, "ann", NOON, "ann", "")], occasion(NOON))
    publish(house, "n-1", said="12,5 %", at=NOON)
    read_all(house, read_law(), at=NOON)
    assert there(house, first.id).state is ChangeState.SUPERSEDED
    assert ("change.corrected", first.id) in told(house)


@pytest.mark.parametrize(
    ("status", "rule"),
    [("adopted", "change.corrected"), ("withdrawn", "change.withdrawn"), ("postponed", "change.corrected")],
)
def test_what_was_drafted_and_then_mended_is_told(house: Ledger, status: str, rule: str) -> None:
    first = into_draft(house, found(house))
    publish(house, "n-1", said="mended", at=NOON)
    read_all(house, read_law(read={"status": status, "draftable": status == "adopted"}), at=NOON)
    assert there(house, first.id).state is ChangeState.DRAFTED, "a person must look"
    assert (rule, first.id) in told(house)
    assert kinds(house, first) == ["found", "drafted", "corrected"]


def test_a_version_that_says_nothing_any_more_is_told_where_something_was_drafted(house: Ledger) -> None:
    first = into_draft(house, found(house))
    publish(house, "n-1", said="This page is empty", at=NOON)
    assert read_all(house, read_nothing(), at=NOON) == ["irrelevant"]
    assert ("change.corrected", first.id) in told(house)


def test_versions_that_are_read_out_of_turn_end_alike(house: Ledger) -> None:
    old = publish(house, "n-1", said="6 to 12")
    new = publish(house, "n-1", said="6 to 12,5")
    first, second = take(house, NOON)
    house.readings.leave([(second, read_law(bands=()))], occasion(NOON))
    house.readings.leave([(first, read_law(bands=()))], occasion(NOON))
    assert there(house, change_id(old.seq)).state is ChangeState.SUPERSEDED
    assert there(house, change_id(new.seq)).state is ChangeState.NEW


def test_a_withdrawal_by_another_publication_is_tied_to_what_it_takes_back_and_told(house: Ledger) -> None:
    first = found(house)
    second = found(house, "n-2", source="be-gov-1", read={"status": "withdrawn", "draftable": False})
    assert second.corrects == first.id
    assert there(house, first.id).state is ChangeState.NEW, "words alone take nothing back"
    assert kinds(house, first) == ["found", "corrected"]
    assert ("change.withdrawn", first.id) in told(house)


def test_a_withdrawal_in_another_country_or_about_another_law_is_tied_to_nothing(house: Ledger) -> None:
    first = found(house)
    away = {"status": "withdrawn", "draftable": False}
    found(house, "n-2", source="nl-gov-1", read={**away, "jurisdiction": "NL"})
    found(house, "n-3", source="be-gov-1", read=away, about=("a:BE:Act of 3 July",))
    assert kinds(house, first) == ["found"]


def test_the_same_told_by_another_regulator_is_joined_and_surer(house: Ledger) -> None:
    bands = read_law().bands
    first = found(house, bands=bands)
    again = found(house, "n-2", source="be-gov-1", bands=bands, publisher="Moniteur belge")
    assert (again.state, again.merged_into) == (ChangeState.MERGED, first.id)
    assert there(house, first.id).confidence == "B"
    assert [one.id for one in house.changes.sources(first.id)] == [again.id]
    assert told(house) == [("change.new", first.id)], "told once"


def test_one_publisher_twice_is_no_surer(house: Ledger) -> None:
    bands = read_law().bands
    first = found(house, bands=bands)
    assert found(house, "n-2", source="be-fin-2", bands=bands).merged_into == first.id
    assert there(house, first.id).confidence == "C"


@pytest.mark.parametrize(
    "other",
    [
        {"bands": tuple(f"b:other:{number}" for number in range(16))},
        {"sketch": bytes(104) + SKETCH[104:]},
    ],
    ids=["other numbers", "other words"],
)
def test_what_says_another_thing_is_not_joined(house: Ledger, other: dict[str, Any]) -> None:
    bands = read_law().bands
    found(house, bands=bands)
    assert found(house, "n-2", source="be-gov-1", **{"bands": bands, **other}).state is ChangeState.NEW


@pytest.mark.parametrize(("days", "state"), [(89, ChangeState.MERGED), (91, ChangeState.NEW)])
def test_nothing_is_joined_to_what_is_a_season_old(house: Ledger, days: int, state: ChangeState) -> None:
    bands = read_law().bands
    found(house, bands=bands)
    assert found(house, "n-2", source="be-gov-1", bands=bands, at=NOON + timedelta(days=days)).state is state


def test_nothing_is_joined_to_what_was_dismissed(house: Ledger) -> None:
    bands = read_law().bands
    first = found(house, bands=bands)
    house.changes.store([dismissed(first, "ann", NOON, "No.")], occasion(NOON))
    assert found(house, "n-2", source="be-gov-1", bands=bands).state is ChangeState.NEW


# -- persons ------------------------------------------------------------------------------------------------------------


def test_a_change_is_taken_on_remarked_on_dismissed_and_looked_at_again(house: Ledger) -> None:
    change = found(house)
    at = NOON
    for step_of in (
        lambda one: assigned(one, "ann", at, "ann", ""),
        lambda one: commented(one, "ben", at, "See the Moniteur."),
        lambda one: dismissed(one, "ann", at, "In the pack since January."),
        lambda one: reopened(one, "ben", at, "Not for take-away."),
    ):
        step = step_of(change)
        house.changes.store([step], occasion(at))
        change = step.change
        assert there(house, change.id) == change
    assert (change.state, change.assignee, change.number) == (ChangeState.ASSIGNED, "ann", 5)
    assert kinds(house, change) == ["found", "assigned", "commented", "dismissed", "reopened"]


def test_who_was_second_reads_again(house: Ledger) -> None:
    change = found(house)
    house.changes.store([assigned(change, "ann", NOON, "ann", "")], occasion(NOON))
    with pytest.raises(ChangeMoved):
        house.changes.store([dismissed(change, "ben", NOON, "No.")], occasion(NOON))


def test_a_write_under_a_key_is_made_once(house: Ledger) -> None:
    change = found(house)
    key = KeyedAnswer(IdempotencyKey("ann", "k1", bytes(32)), b"{}")
    step = assigned(change, "ann", NOON, "ann", "")
    assert house.changes.store([step], occasion(NOON), key) is None
    assert isinstance(house.changes.store([step], occasion(NOON), key), Replayed)


def test_merging_by_hand_and_taking_it_apart_again(house: Ledger) -> None:
    first, second = found(house), found(house, "n-2", source="be-gov-1", publisher="Moniteur belge")
    step = merged(second, first, "ann", NOON, "The same decree.")
    house.changes.store([step, joined(first, second, NOON)], occasion(NOON))
    assert (there(house, second.id).state, there(house, first.id).confidence) == (ChangeState.MERGED, "B")
    with pytest.raises(ChangeRefused, match="merged: nothing is merged into it"):
        merged(first, step.change, "ann", NOON, "Turned round.")
    back = reopened(step.change, "ann", NOON, "Another decree.")
    left = parted(there(house, first.id), second, frozenset((first.publisher,)), NOON)
    house.changes.store([back, left], occasion(NOON))
    assert (there(house, second.id).merged_into, there(house, first.id).confidence) == (None, "C")


@pytest.mark.parametrize("status", ["announced", "consultation", "postponed", "withdrawn", "guidance", "enforcement"])
def test_only_adopted_law_becomes_a_draft(house: Ledger, status: str) -> None:
    change = found(house, read={"status": status})
    with pytest.raises(ChangeRefused, match=f"Its status is {status}: only adopted law"):
        drafted(change, "ann", NOON, "drf_1")
    assert told(house) == [], "nothing to draft is told of"


def test_the_draft_and_the_step_come_together_or_not_at_all(house: Ledger) -> None:
    change = into_draft(house, found(house))
    draft = house.drafts.one("drf_7")
    assert draft is not None
    assert set(house.drafts.files("drf_7")) == {"BE/tax/vat.yaml"}
    other = found(house, "n-2", source="be-gov-1")
    with pytest.raises(Exception, match="drf_7"):
        into_draft(house, other)
    assert there(house, other.id).state is ChangeState.NEW
    assert change.assignee == "ann"


def test_a_draft_that_is_given_up_leads_back_and_one_in_force_is_the_end(house: Ledger) -> None:
    change = into_draft(house, found(house), name="drf_1")
    office = Office(house)
    assert house.changes.follow(occasion(NOON)) == (0, 0)
    draft = house.drafts.one("drf_1")
    assert draft is not None
    draft = office.submit(office.check(draft, "ann", NOON, 2), "ann", NOON)
    draft = office.approve(office.approve(draft, "ben", NOON), "cleo", NOON)
    office.schedule(draft, "ben", NOON, NOON + timedelta(days=28))
    assert house.changes.follow(occasion(NOON + timedelta(days=27))) == (0, 0), "it will bite in time"
    assert house.changes.follow(occasion(NOON + timedelta(days=28))) == (1, 0)
    assert there(house, change.id).state is ChangeState.DONE


@pytest.mark.parametrize(("late", "told_of"), [(0, 0), (1, 1)], ids=["in time", "a day late"])
def test_a_draft_that_is_scheduled_too_late_is_no_reason_to_be_quiet(house: Ledger, late: int, told_of: int) -> None:
    into_draft(house, found(house), name="drf_1")
    office, bites = Office(house), datetime(2027, 3, 1, tzinfo=AT.tzinfo)
    draft = house.drafts.one("drf_1")
    assert draft is not None
    draft = office.submit(office.check(draft, "ann", NOON, 2), "ann", NOON)
    draft = office.approve(office.approve(draft, "ben", NOON), "cleo", NOON)
    office.schedule(draft, "ben", NOON, bites + timedelta(days=late))
    assert house.changes.follow(occasion(bites - timedelta(hours=72))) == (0, told_of)


# -- what is told -------------------------------------------------------------------------------------------------------


def test_the_day_is_told_72_hours_before_and_once_it_has_come(house: Ledger) -> None:
    change = found(house)
    bites = datetime(2027, 3, 1, tzinfo=AT.tzinfo)
    assert house.changes.follow(occasion(bites - timedelta(hours=73))) == (0, 0)
    assert house.changes.follow(occasion(bites - timedelta(hours=72))) == (0, 1)
    assert house.changes.follow(occasion(bites - timedelta(hours=71))) == (0, 0), "told once"
    assert house.changes.follow(occasion(bites)) == (0, 1)
    assert told(house) == [(f"change.{what}", change.id) for what in ("due", "new", "overdue")]
    for one in house.alerts.page(AlertsWanted(), limit=9, after=None).data:
        for evidence in READ.evidence:
            assert evidence.says in one.alert.summary
            assert evidence.sentence in one.alert.summary


def test_what_is_settled_is_told_no_more(house: Ledger) -> None:
    change = found(house)
    house.changes.store([dismissed(change, "ann", NOON, "In the pack.")], occasion(NOON))
    assert house.changes.follow(occasion(datetime(2027, 3, 1, tzinfo=AT.tzinfo))) == (0, 0)
    (alert,) = house.alerts.page(AlertsWanted(), limit=9, after=None).data
    assert alert.ended_at == NOON


def test_a_duty_whose_day_was_over_when_it_was_heard_of_is_no_alarm(house: Ledger) -> None:
    found(house, read={"draftable": False, "effective": date(2020, 1, 1)})
    found(house, "n-2", read={"draftable": False, "effective": date(2027, 2, 3)})
    assert house.changes.follow(occasion(NOON)) == (0, 1)


# -- lists --------------------------------------------------------------------------------------------------------------


def test_lists_are_narrowed_and_paged(house: Ledger) -> None:
    first = found(house)
    second = found(
        house, "n-2", read={"jurisdiction": "DE", "status": "announced", "title": "100% Straße", "effective": None}
    )
    third = found(house, "n-3", read={"domains": ("aml", "kyc"), "effective": date(2027, 6, 1)})

    def listed(**wanted: Any) -> list[str]:
        return [one.id for one in house.changes.page(ChangesWanted(**wanted), limit=9, after=None).data]

    assert listed() == [first.id, second.id, third.id]
    assert listed(jurisdiction="DE") == listed(status="announced") == listed(q="100% STRASSE") == [second.id]
    assert listed(domain="kyc") == [third.id]
    assert listed(effective_before=date(2027, 6, 1)) == [first.id]
    assert listed(q="1_0%") == [], "signs are no patterns"
    page = house.changes.page(ChangesWanted(), limit=2, after=None)
    assert page.next == second.id
    assert [one.id for one in house.changes.page(ChangesWanted(), limit=2, after=page.next).data] == [third.id]


# -- past the engine ----------------------------------------------------------------------------------------------------


@pytest.fixture
def hand(url: str, house: Ledger) -> Iterator[tuple[Hand, LawChange]]:
    change = found(house)
    with by_hand(url, guarded=True) as connection:
        yield Hand(url, connection), change


MICROS = int(AT.timestamp()) * 1_000_000
STEP = {
    "seq": 9_000, "number": 2, "at": MICROS, "recorded_at": MICROS, "actor": "eve", "from_state": "new", "status": "adopted",
    "draft": None, "reason": "", "release": "", "payload": b"{}",
}  # fmt: skip


@pytest.mark.parametrize(
    "step",
    [
        {"kind": "drafted", "to_state": "drafted", "draft": "drf_1", "status": "announced"},
        {"kind": "drafted", "to_state": "drafted"},
        {"kind": "dismissed", "to_state": "dismissed"},
        {"kind": "merged", "to_state": "merged"},
        {"kind": "commented", "to_state": "dismissed", "reason": "r"},
        {"kind": "superseded", "to_state": "superseded"},
        {"kind": "dismissed", "to_state": "dismissed", "reason": "r", "actor": "system"},
        {"kind": "released", "to_state": "done", "actor": "system"},
        {"kind": "dismissed", "to_state": "dismissed", "reason": "r", "from_state": "assigned"},
        {"kind": "dismissed", "to_state": "dismissed", "reason": "r", "number": 3},
        {"kind": "dismissed", "to_state": "dismissed", "reason": "r", "number": 1, "from_state": None},
    ],
    ids=[
        "draft of a plan", "draft without a draft", "no reason", "merged without one", "remark that moves", "person as machine",
        "machine as person", "done without a draft", "from elsewhere", "step left out", "first step again",
    ],
)  # fmt: skip
def test_the_database_refuses_a_step_that_may_not_be(hand: tuple[Hand, LawChange], step: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r"ck_change_step|does not follow|CHECK|check constraint|[Uu]nique|UNIQUE"):
        hand[0].insert("change_step", {**STEP, "change_id": hand[1].id, **step})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change_step SET reason = 'other'",
        "DELETE FROM change_step",
        "UPDATE feed_reading SET relevance = 0",
        "DELETE FROM feed_reading",
        "DELETE FROM law_change",
        "UPDATE law_change SET item = item + 1",
    ],
)
def test_the_database_refuses_edits_of_what_was_read_and_done(hand: tuple[Hand, LawChange], statement: str) -> None:
    with pytest.raises(Exception, match=r"append-only|is kept|stays"):
        hand[0].run(statement)


def test_a_row_that_is_altered_behind_the_engine_is_found(url: str, house: Ledger) -> None:
    change = found(house)
    with by_hand(url) as connection:
        connection.execute("UPDATE law_change SET state = 'done'")
    bad = house.verify().first_bad
    assert bad is not None
    assert (bad.table, change.id in bad.what) == ("law_change", True)
    with by_hand(url) as connection:
        connection.execute("UPDATE law_change SET state = 'new'")


def test_nothing_is_kept_of_an_entry_that_the_database_refuses(house: Ledger) -> None:
    change = found(house)
    silent = replace(dismissed(change, "ann", NOON, "x"), reason="")
    with pytest.raises(EntryRefused):
        house.changes.store([silent], occasion(NOON))
    assert there(house, change.id) == change
    assert kinds(house, change) == ["found"]


def test_stages_and_the_queue_are_told(house: Ledger) -> None:
    publish(house)
    publish(house, "n-2", said="b")
    number, since = house.readings.queue()["waiting"]
    assert (number, since is not None) == (2, True)
    read_all(house, read_law(), read_nothing(), at=NOON)
    assert {state: number for state, (number, _) in house.readings.queue().items()} == {"change": 1, "irrelevant": 1}
    assert house.changes.counted()["new"][0] == 1
    assert moment(1) > AT
