"""Decisions leave the ledger only when their archive is proved; the chain says so, and goes on to be proved."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.history import PastQuestion
from engine.ledger import (
    DecisionsWanted,
    Ending,
    EventKind,
    Head,
    HoldKind,
    IdempotencyKey,
    KeyReused,
    Ledger,
    LedgerLocked,
    LegalHold,
    Owed,
    verify,
)
from engine.ledger.archive import drop as dropping
from engine.ledger.archive.check import verify as check
from engine.ledger.archive.drop import Dropped, drop
from engine.ledger.archive.joined import Joined
from engine.ledger.archive.manifest import ArchiveRefused, manifests_in
from engine.ledger.archive.read import Archive
from engine.ledger.errors import UnknownDecision
from engine.signing import SigningKey
from engine.wrapping import Ring
from tests.ledger.alerting import alert, tell
from tests.ledger.archiving import NOW, Calendar, archived, decided, facts_at, past
from tests.ledger.factories import asked, counted, entry, store
from tests.ledger.tampering import by_hand

THROUGH = date(2021, 2, 28)
"""January and February go; March stays, although it is archived."""


LATER = NOW.replace(month=6)


@dataclass
class House:
    """A ledger with a past, its archive, and the ids of its decisions, three a month."""

    url: str
    folder: Path
    ids: list[str]

    def drop(self, **more: Any) -> tuple[Dropped, ...]:
        with Ledger.open(self.url, clock=lambda: NOW) as ledger:
            return drop(ledger, self.url, self.folder, **{"through": THROUGH, "at": NOW, **more})


@pytest.fixture
def house(url: str, tmp_path: Path) -> House:
    """On each store in turn."""
    ids = past(url)
    archived(url, tmp_path / "archive")
    return House(url, tmp_path / "archive", ids)


@pytest.fixture
def lite(sqlite_url: str, tmp_path: Path) -> House:
    """On SQLite."""
    ids = past(sqlite_url)
    archived(sqlite_url, tmp_path / "archive")
    return House(sqlite_url, tmp_path / "archive", ids)


def test_an_archive_of_a_protected_ledger_is_read_by_its_keys_and_forgets_with_it(url: str, tmp_path: Path) -> None:
    folder, ring = tmp_path / "archive", Ring.new()
    clock = Calendar()
    with Ledger.open(url, clock=clock) as ledger:
        ledger.subjects.protect(lambda: ring)
        ids = []
        for month, payer in ((1, "c-7"), (1, "c-8"), (3, "c-9")):
            clock.now = clock.now.replace(month=month)
            paid = {"payer_id": payer, "counted": counted(payer, occurred_at=clock.now)}
            ids.append(decided(ledger, clock.now, facts=facts_at(clock.now).replace(b"c-7", payer.encode()), **paid))
            ledger.history.record_event(ids[-1], EventKind.AUTHORISED, clock.now, {"amount": "24.90"})
        archived(url, folder)
        for part in folder.rglob("*"):
            assert not part.is_file() or b"c-8" not in part.read_bytes(), part
        clock.now = NOW
        decided(ledger, NOW)
        drop(ledger, url, folder, date(2021, 1, 31), at=NOW)
        assert ledger.decision(ids[0]) is None
        ledger.read_archive(folder)
        kept, gone = ledger.decision(ids[0]), ledger.decision(ids[1])
        assert kept is not None
        assert (kept.payer_id, orjson.loads(kept.facts)["payer"]) == ("c-7", {"id": "c-7"})
        assert gone is not None
        assert not gone.erased
        ledger.subjects.erase("c-8", "ann", "It was asked for.", NOW)
        gone = ledger.decision(ids[1])
        assert gone is not None
        assert gone.erased
        found = Joined(ledger, ledger.archive_in(folder)).stretch(None, None, after=0, upto=10**9, limit=9)
        assert [(one.id in ids, one.erased) for one in found][:3] == [(True, False), (True, True), (True, False)]
    with pytest.raises(LedgerLocked):
        Archive(folder).decision(ids[0])
    for more in ({}, {"archive": folder}, {"ring": lambda: ring}, {"archive": folder, "ring": lambda: ring}):
        assert verify(url, **more).first_bad is None  # type: ignore[arg-type]


def test_a_month_with_a_decision_under_a_legal_hold_stays(house: House) -> None:
    hold = LegalHold("hld_1", HoldKind.DECISION, house.ids[4], "A claim.", "A court", "7 O 12", "ann", NOW)
    with Ledger.open(house.url, clock=lambda: NOW) as ledger:
        ledger.search.take_in(99)
        ledger.holds.impose(hold)
    with pytest.raises(ArchiveRefused, match="hld_1 stands over a decision of 2021-02"):
        house.drop()
    assert decisions(house.url) == house.ids
    assert house.drop(through=date(2021, 1, 31)) == (Dropped("2021-01", 3, 0),)


def decisions(url: str) -> list[str]:
    with Ledger.open(url) as ledger:
        return sorted(one.id for one in ledger.decisions(limit=100).data)


# -- what goes ----------------------------------------------------------------------------------------------------------------


def test_decisions_go_and_the_chain_is_proved_with_and_without_the_archive(house: House) -> None:
    before = verify(house.url)
    assert house.drop() == (Dropped("2021-01", 3, 0), Dropped("2021-02", 3, 0))
    assert decisions(house.url) == house.ids[6:]
    for report in (verify(house.url), verify(house.url, archive=house.folder)):
        assert report.first_bad is None
        assert report.rows == before.rows + 2, "a note for each month"
        assert [(span.month, span.taken) for span in report.archived] == [("2021-01", 3), ("2021-02", 3)]
    assert check(house.folder, url=house.url).ok, "the ledger still joins"


def test_heads_kept_elsewhere_are_held_against_the_archive(house: House) -> None:
    heads = []
    with Ledger.open(house.url) as ledger:
        for one in house.ids:
            stored = ledger.decision(one)
            assert stored is not None
            heads.append(Head(stored.seq, stored.hash))
    house.drop()
    assert (verify(house.url, expected=heads).ok, verify(house.url, expected=heads).unseen) == (True, 6)
    assert verify(house.url, expected=heads, archive=house.folder).unseen == 0
    forged = [*heads[:1], Head(heads[1].seq, bytes(32))]
    bad = verify(house.url, expected=forged, archive=house.folder).first_bad
    assert bad is not None
    assert (bad.seq, bad.table) == (heads[1].seq, "archive")


def test_dropped_again_nothing_happens_and_the_next_month_follows(house: House) -> None:
    house.drop()
    rows = verify(house.url).rows
    assert house.drop() == ()
    assert verify(house.url).rows == rows
    assert house.drop(through=date(2021, 3, 31)) == (Dropped("2021-03", 3, 0),)
    assert verify(house.url, archive=house.folder).ok


def test_what_was_archived_after_a_drop_continues_the_archive(house: House) -> None:
    house.drop()
    assert archived(house.url, house.folder, date(2023, 4, 2)) == (), "no month is over in between"
    assert [one.month for one in archived(house.url, house.folder, date(2023, 6, 1), at=LATER)] == ["2023-04"]
    assert check(house.folder, url=house.url).ok
    with pytest.raises(
        ArchiveRefused, match=r"2021-02 was taken out of this ledger: go on with its archive, .*archive$"
    ):
        archived(house.url, house.folder.with_name("new"))


# -- what stays ---------------------------------------------------------------------------------------------------------------


def test_what_a_later_decision_needs_stays(url: str, tmp_path: Path) -> None:
    clock, folder = Calendar(), tmp_path / "archive"
    with Ledger.open(url, clock=clock) as ledger:
        told = decided(ledger, clock.now)
        ledger.history.record_event(told, EventKind.AUTHORISED, clock.now)
        sure = decided(ledger, clock.now, reference="twice", counted=counted(occurred_at=clock.now, authenticated=True))
        twice = decided(ledger, clock.now, reference="twice")
        ledger.history.record_event(twice, EventKind.AUTHORISED, clock.now)
        clock.now = NOW
        before = ask(ledger)
        archived(url, folder)
        assert drop(ledger, url, folder, THROUGH, at=NOW) == (Dropped("2021-01", 2, 1),)
        assert ledger.decision(sure) is not None, "history asks for authenticated decisions, however old"
        assert (ledger.decision(told), ledger.decision(twice)) == (None, None)
        assert ask(ledger) == before
        assert before.count == 1, "the payment under one reference with an authenticated one is not counted"
    assert verify(url, archive=folder).ok


def ask(ledger: Ledger) -> Any:
    return ledger.history.since_authenticated(
        PastQuestion(payer_id="c-7", instrument="card", channel="remote", card=None, before=NOW)
    )


def test_features_of_the_past_are_what_they_were(house: House) -> None:
    with Ledger.open(house.url) as ledger:
        drop(ledger, house.url, house.folder, THROUGH, at=NOW)
        ledger.history.make_features_anew()
    assert verify(house.url, archive=house.folder).ok
    with by_hand(house.url) as hand:
        (payments,) = hand.execute("SELECT count(*) FROM past_payment").fetchone()
    assert payments == 12, "also of decisions that are not here any more"


def test_a_false_payment_of_the_past_is_found_with_the_archive(lite: House) -> None:
    lite.drop()
    with by_hand(lite.url) as hand:
        hand.execute("UPDATE past_payment SET amount = '1.00' WHERE at = (SELECT min(at) FROM past_payment)")
    assert verify(lite.url).ok, "what the archived decision was about is not in the ledger"
    bad = verify(lite.url, archive=lite.folder).first_bad
    assert bad is not None
    assert bad.table == "past_payment"


def test_a_key_whose_answer_was_taken_out_stays_taken(url: str, tmp_path: Path) -> None:
    clock = Calendar()
    keyed = asked("once", b"body")
    with Ledger.open(url, clock=clock) as ledger:
        decided(ledger, clock.now, idempotency=keyed)
        clock.now = NOW
        decided(ledger, NOW)
        archived(url, tmp_path / "a")
        drop(ledger, url, tmp_path / "a", THROUGH, at=NOW)
        assert store(ledger, replace(entry(facts=facts_at(NOW)), idempotency=keyed)) == [KeyReused("key_1", "once")]
        assert ledger.given(IdempotencyKey(*keyed)) == KeyReused("key_1", "once")
    assert verify(url).ok


def test_nothing_more_is_told_of_a_decision_that_is_gone(house: House) -> None:
    house.drop()
    with Ledger.open(house.url) as ledger:
        with pytest.raises(UnknownDecision):
            ledger.history.record_event(house.ids[0], EventKind.REFUNDED, NOW)
        ledger.history.record_event(house.ids[-1], EventKind.CAPTURED, NOW)
    assert Archive(house.folder).decision(house.ids[0]) is not None
    assert verify(house.url, archive=house.folder).ok


def test_what_was_taken_out_is_not_found_by_searching(house: House) -> None:
    with Ledger.open(house.url, clock=lambda: NOW) as ledger:
        ledger.search.take_in(100)
        drop(ledger, house.url, house.folder, THROUGH, at=NOW)
        found = ledger.search.find(DecisionsWanted(), limit=100, after=None)
        assert sorted(one.id for one in found.data) == house.ids[6:]
        later = decided(ledger, NOW)
        ledger.search.take_in(100)
        assert ledger.search.one(later) is not None
        assert next(iter(ledger.search.find(DecisionsWanted(), limit=1, after=None).data)).id == later
    assert verify(house.url, archive=house.folder).ok


def test_an_open_deadline_and_the_evidence_of_an_open_case_stay(url: str, tmp_path: Path) -> None:
    clock, folder = Calendar(), tmp_path / "archive"
    with Ledger.open(url, clock=clock) as ledger:
        owing, done, seen = (f"dec_{'0' * 23}{name}" for name in ("own", "end", "see"))
        owed = (Owed("inform", "aml", "merchant", "2021-02-01", None, "Tell the payer."),)
        store(ledger, *(entry(id=name, facts=facts_at(clock.now), owed=owed) for name in (owing, done)))
        decided(ledger, clock.now, id=seen)
        ledger.obligations.end(f"{done}.001", Ending.WAIVED, clock.now, by="key_1", note=None, once=None)
        tell(ledger, alert(evidence=(seen,)))
        clock.now = NOW
        store(ledger, entry())
        archived(url, folder)
        assert drop(ledger, url, folder, THROUGH, at=NOW) == (Dropped("2021-01", 1, 2),)
        assert [ledger.decision(name) is not None for name in (owing, seen, done)] == [True, True, False]
    assert verify(url, archive=folder).ok


# -- what is refused ----------------------------------------------------------------------------------------------------------


def test_nothing_goes_that_is_not_archived_whole(house: House) -> None:
    path = house.folder / "decisions/year=2021/month=03/part-00000.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:50] + bytes([whole[50] ^ 4]) + whole[51:])
    with pytest.raises(ArchiveRefused, match="archive is not whole"):
        house.drop()
    assert decisions(house.url) == house.ids
    assert verify(house.url).archived == ()


def test_nothing_goes_that_nobody_signed_where_somebody_signs(house: House) -> None:
    key = SigningKey.new()
    with pytest.raises(ArchiveRefused, match="Not signed by a key that is trusted: 2021-01, 2021-02"):
        house.drop(trusted=frozenset({key.public}))
    assert decisions(house.url) == house.ids


def test_nothing_goes_that_is_too_young(house: House) -> None:
    at = NOW.replace(year=2021, month=4)
    with pytest.raises(ArchiveRefused, match="stay in the ledger for 400 days: name a day up to 2020-02-"):
        house.drop(at=at)
    with pytest.raises(ArchiveRefused, match="for 62 days at least"):
        house.drop(keep_days=10)
    assert house.drop(at=at + timedelta(days=80), keep_days=100), "a house may say otherwise"


def test_nothing_goes_out_of_a_broken_ledger(lite: House) -> None:
    with by_hand(lite.url) as hand:
        hand.execute("UPDATE event SET amount = '1' WHERE seq = (SELECT max(seq) FROM event)")
    with pytest.raises(ArchiveRefused, match=r"The ledger is broken at row \d+ \(event\)"):
        lite.drop()


def test_nothing_goes_that_a_monitor_has_not_seen(lite: House) -> None:
    with by_hand(lite.url) as hand:
        hand.execute("INSERT OR REPLACE INTO monitor SELECT 'watch', 3, '', '', 0, 0, 0, X'00'")
    with pytest.raises(ArchiveRefused, match="The monitor watch has not come past 2021-01"):
        lite.drop()


def test_the_store_itself_lets_only_archived_decisions_go(house: House) -> None:
    house.drop()
    with by_hand(house.url, guarded=True) as hand:
        with pytest.raises(Exception, match="decision is append-only"):
            hand.execute("DELETE FROM decision")
        with pytest.raises(Exception, match="archived_span is append-only"):
            hand.execute("DELETE FROM archived_span")
        with pytest.raises(Exception, match="append-only"):
            hand.execute("UPDATE archived_span SET to_seq = 10000")


# -- what is found ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("UPDATE event SET amount = '1' WHERE seq = 3", "event"),
        ("DELETE FROM event WHERE seq = 3", "archived_span"),
        ("DELETE FROM note WHERE seq = 1", "archived_span"),
        ("UPDATE archived_span SET manifest = 'x' WHERE month = '2021-01'", "archived_span"),
        ("UPDATE archived_span SET taken = 2 WHERE month = '2021-02'", "archived_span"),
        ("UPDATE archived_span SET kept = X'00' WHERE month = '2021-02'", "archived_span"),
        ("UPDATE archived_span SET hash = prev WHERE month = '2021-01'", "archived_span"),
        ("DELETE FROM archived_span WHERE month = '2021-02'", "chain"),
        ("DELETE FROM decision WHERE seq = (SELECT min(seq) FROM decision)", "chain"),
    ],
)
def test_whatever_is_changed_by_hand_is_found(lite: House, change: str, table: str) -> None:
    lite.drop()
    with by_hand(lite.url) as hand:
        hand.execute(change)
    bad = verify(lite.url).first_bad
    assert bad is not None
    assert bad.table == table


def test_an_archive_that_is_not_the_one_that_was_dropped_is_found(lite: House, tmp_path: Path) -> None:
    lite.drop()
    other = f"sqlite:///{tmp_path / 'other.db'}"
    past(other)
    archived(other, tmp_path / "of another")
    for folder in (tmp_path / "of another", tmp_path / "nowhere"):
        bad = verify(lite.url, archive=folder).first_bad
        assert bad is not None
        assert (bad.table, "does not hold the 2021-01 that was taken out" in bad.what) == ("archive", True)
    part = lite.folder / manifests_in(lite.folder)[0].parts[0].path
    part.write_bytes(b"PAR1")
    bad = verify(lite.url, archive=lite.folder).first_bad
    assert bad is not None
    assert (bad.table, "cannot be read" in bad.what) == ("archive", True)


# -- killed -------------------------------------------------------------------------------------------------------------------


def test_a_killed_drop_is_finished_by_the_next_one(sqlite_url: str, tmp_path: Path) -> None:
    ids = past(sqlite_url, each=30)
    folder = tmp_path / "archive"
    archived(sqlite_url, folder)
    script = (
        "import os, signal, sys; from datetime import date; from pathlib import Path; from engine.ledger import Ledger\n"
        "from engine.ledger.archive import drop as d; from tests.ledger.archiving import NOW\n"
        "d.BITE, real, n = 10, d._Taking._bite, [0]\n"
        "def bite(self, going):\n"
        " n[0] += 1\n"
        " if n[0] == int(sys.argv[3]): os.kill(os.getpid(), signal.SIGKILL)\n"
        " return real(self, going)\n"
        "d._Taking._bite = bite\n"
        "with Ledger.open(sys.argv[1]) as ledger: d.drop(ledger, sys.argv[1], Path(sys.argv[2]), date(2021, 2, 28), at=NOW)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for died_at in (1, 3):
        command = [sys.executable, "-c", script, sqlite_url, str(folder), str(died_at)]
        assert subprocess.run(command, env=environment, check=False).returncode == -9
        report = verify(sqlite_url, archive=folder)
        assert (report.first_bad, [span.month for span in report.archived]) == (None, ["2021-01"])
    with Ledger.open(sqlite_url) as ledger:
        found = drop(ledger, sqlite_url, folder, THROUGH, at=NOW)
    assert found == (Dropped("2021-01", 10, 0, finished=True), Dropped("2021-02", 30, 0))
    assert decisions(sqlite_url) == ids[60:]
    assert verify(sqlite_url, archive=folder).ok
    assert dropping.BITE == 500
