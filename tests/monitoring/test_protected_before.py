"""What a monitor had kept in the clear before its ledger was protected, or by an earlier version; locked; and held against the
chain by the audit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from api.monitoring import INTAKE
from api.watching import party
from engine.ledger import KnownParty, Ledger, LedgerCorrupt, LedgerLocked, Left
from engine.ledger._sealed import PARTY, WATCHED_EVENT, sealed
from engine.ledger._watch_erasing import WatchErasing
from engine.wrapping import Ring
from tests.ledger.alerting import occasion
from tests.ledger.canaries import CANARIES, audited
from tests.ledger.factories import AT
from tests.ledger.tampering import by_hand, placeholder
from tests.monitoring.protecting import (
    CARD,
    NOBODY,
    PAYEE,
    PAYER,
    PERSONAL,
    TABLES,
    YEARS,
    counts,
    erase,
    known,
    paid,
    seen,
    watch,
    window,
)
from tests.monitoring.watching import NOW


@pytest.fixture
def ledger(url: str, ring: Ring) -> Iterator[Ledger]:
    """Protected, on each store in turn."""
    with Ledger.open(url) as opened:
        opened.subjects.protect(lambda: ring)
        yield opened


# -- what was there before ----------------------------------------------------------------------------------------------


@pytest.fixture
def was_clear(url: str, ring: Ring) -> Iterator[Ledger]:
    """A ledger that was watched before its master key was there."""
    with Ledger.open(url) as opened:
        paid(opened)
        paid(opened, "c-2", NOBODY)
        watch(opened)
        assert {"payer", "name", "nobody", "card", "iban"} <= seen(url)
        opened.subjects.protect(lambda: ring)
        yield opened


def in_clear(url: str, tables: Sequence[str] = TABLES) -> int:
    with by_hand(url) as hand:
        rows = [row for table in tables for row in hand.execute(f"SELECT * FROM {table}").fetchall()]
    said = orjson.dumps([[str(value) for value in row] for row in rows]).decode()
    return sum(value in said for value in PERSONAL.values())


def test_what_lay_in_the_clear_is_put_under_keys_when_protection_begins(was_clear: Ledger, url: str) -> None:
    assert in_clear(url) == 0
    assert len(window(was_clear, "card", CARD)) == 2
    assert len(window(was_clear)) == 1
    assert was_clear.monitoring.parties("edition-1") == (4, 0), "nobody is screened again for it"
    assert len(known(was_clear)) == 4
    assert was_clear.verify().ok


def test_and_is_erased_with_its_subject(was_clear: Ledger, url: str) -> None:
    erase(was_clear)
    assert window(was_clear) == set()
    assert known(was_clear) == [
        ("payee", NOBODY["name"]), ("payee", PAYEE["name"]), ("payer", CANARIES["name"]),
    ]  # fmt: skip
    assert was_clear.verify().ok


def test_no_byte_of_a_party_stays_in_the_file_once_it_is_under_a_key(
    sqlite_url: str, ring: Ring, tmp_path: Path
) -> None:
    """Of somebody whom the chain does not name: all else of before stays in the clear there."""
    name = "Wanderina Zugvogel"
    known_before = KnownParty("payee", "c-9", 1, "d", orjson.dumps({"name": name}))
    with Ledger.open(sqlite_url) as opened:
        hold = opened.monitoring.take(INTAKE, "worker 1", NOW, timedelta(minutes=1))
        assert hold is not None
        opened.monitoring.leave(hold, Left(0, "", parties=(known_before,)), occasion(NOW))
        assert _has(tmp_path, name)
        opened.subjects.protect(lambda: ring)
        assert known(opened) == [("payee", name)]
        assert not _has(tmp_path, name)
        assert erase(opened, "c-9") == 1
        assert known(opened) == []


def _has(folder: Path, value: str) -> bool:
    return any(value.encode() in one.read_bytes() for one in folder.iterdir() if one.is_file())


def test_whoever_was_stopped_goes_on(url: str, ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(url) as opened:
        paid(opened)
        watch(opened)
        with monkeypatch.context() as patch:
            patch.setattr(WatchErasing, "seal_the_clear", lambda _self: False)
            opened.subjects.protect(lambda: ring)
        assert in_clear(url) > 0
        opened.subjects.protect(lambda: ring)
        assert in_clear(url) == 0
        assert len(window(opened)) == 1


def test_rows_of_an_earlier_version_about_the_erased_go(ledger: Ledger, url: str, ring: Ring) -> None:
    """It protected decisions, and kept this in the clear."""
    gone, other = paid(ledger), paid(ledger, "c-2")
    erase(ledger)
    mark = placeholder(url)
    with by_hand(url) as hand:
        for seq, identity in hand.execute("SELECT seq, id FROM decision ORDER BY seq").fetchall():
            row = sealed(WATCHED_EVENT, (identity, seq, 9, b'{"payer":"%s"}' % PAYER.encode()))
            hand.execute(f"INSERT INTO watched_event VALUES ({', '.join([mark] * 5)}, NULL)", row)
            row = sealed(PARTY, ("payer", f"c-{seq}", seq, "d", "", b'{"name":"%s"}' % CANARIES["name"].encode()))
            hand.execute(f"INSERT INTO known_party VALUES ({', '.join([mark] * 7)}, NULL)", row)
    ledger.subjects.protect(lambda: ring)
    assert ledger.monitoring.record(gone) is None
    assert ledger.monitoring.record(other) is not None
    assert known(ledger) == [("payer", CANARIES["name"])]
    assert in_clear(url) == 0
    assert ledger.verify().ok


# -- locked, and looked at by the audit ---------------------------------------------------------------------------------


def test_a_locked_ledger_shows_nothing_and_keeps_nothing(ledger: Ledger, url: str) -> None:
    made = paid(ledger)
    watch(ledger)
    before = counts(url)
    with Ledger.open(url) as locked:
        for look in (
            lambda: window(locked), lambda: known(locked), lambda: locked.monitoring.record(made),
            lambda: locked.monitoring.since(AT - YEARS, None, 9), lambda: locked.monitoring.words(0, 9),
        ):  # fmt: skip
            with pytest.raises(LedgerLocked):
                look()
        hold = locked.monitoring.take("other", "worker 1", NOW, timedelta(minutes=1))
        assert hold is not None
        word = ledger.monitoring.words(0, 9)[0][0]
        stranger = party(word, "payer", "c-9", {"name": "Somebody"}, "c-9")
        with pytest.raises(LedgerLocked):
            locked.monitoring.leave(
                hold, Left(0, "", parties=(stranger,)), occasion(NOW)
            )  # fmt: skip
    assert counts(url) == before


@pytest.mark.parametrize(
    ("table", "sql"),
    [
        ("watched_event", "UPDATE watched_event SET data_key = NULL"),
        ("known_party", "UPDATE known_party SET data_key = data_key + 1"),
        ("watched_event", "UPDATE watched_event SET data_key = 7, id = id"),
    ],
)
def test_a_row_under_another_key_than_it_says_is_found(
    ledger: Ledger, url: str, ring: Ring, table: str, sql: str
) -> None:
    paid(ledger)
    watch(ledger)
    with by_hand(url) as hand:
        hand.execute(sql)
    for known_by in (ring, None):
        bad = audited(url, known_by)
        assert bad is not None
        assert bad.table == table


def test_a_record_in_anothers_place_is_not_read(ledger: Ledger, url: str) -> None:
    first, second = paid(ledger), paid(ledger)
    watch(ledger)
    with by_hand(url) as hand:
        mark = placeholder(url)
        ((body,),) = hand.execute(f"SELECT body FROM watched_event WHERE id = {mark}", (first,)).fetchall()
        hand.execute(f"UPDATE watched_event SET body = {mark} WHERE id = {mark}", (bytes(body), second))
    with pytest.raises(LedgerCorrupt, match="cannot be opened"):
        ledger.monitoring.record(second)
