"""Whatever is changed in the chain by hand is found, and named."""

from __future__ import annotations

import hashlib
import json
import os
import random
import sqlite3
import tracemalloc
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger import BadRow, EventKind, Head, Ledger, LedgerError, LedgerUnavailable, SchemaMismatch, verify
from engine.ledger._chain import CHAINED, GENESIS, link
from engine.ledger._database import PAGE_BYTES, Database
from tests.empty import filled_ledger
from tests.ledger.factories import AT, asked, counted, entry, held, moment, store, stored
from tests.ledger.onboarding import OPENED, event, put
from tests.ledger.tampering import altered, by_hand, placeholder
from tests.ledger.taxing import PART, back, committed, give_back, returned

BODIES = {
    "prev",
    "hash",
    "facts",
    "inputs",
    "answer",
    "details",
    "payload",
    "profile",
    "postings",
    "request",
    "documents",
}
FIRST = {
    "decision": 1, "event": 4, "note": 5, "merchant": 11, "tax_calculation": 12, "tax_transaction": 13, "tax_reversal": 14,
    "tax_return": 15,
    "onboarding_event": 17,
}  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """A release."""

    digest: str = "sha256:" + "ab" * 32
    canonical: bytes = b"the rules"
    version: str = "2026.11.0"


def fill(url: str) -> str:
    """Rows of every kind: decisions are rows 1 to 3 and 9, an event 4, notes 5 to 8."""
    with Ledger.open(url) as ledger:
        first = stored(ledger, counted=counted(card="card-1"), idempotency=asked("k", b"body"))
        store(ledger, entry(), entry())
        ledger.history.record_event(first.id, EventKind.AUTHORISED, moment(1), {"amount": "24.90"}, key_id="key_1")
        ledger.keys.create(["decide", "read"], "till 7", secret="lx_given")
        revoked, _ = ledger.keys.create(["read"], "till 8", secret="lx_revoked")
        ledger.remember_release(Rules(), AT)
        ledger.load_rates([(date(2026, 11, 20), "USD", Decimal("1.08")), (date(2026, 11, 20), "JPY", Decimal("170.5"))])
        store(ledger, entry())
        ledger.keys.revoke(revoked.id)
    return url


def fill_wholly(url: str) -> str:
    """As `fill`, and a tax on top: a merchant is row 11, a calculation 12, a transaction 13, a reversal 14, a return 15; a
    case of onboarding is opened by row 16 and approved for the first time by row 17."""
    fill(url)
    with Ledger.open(url) as ledger:
        ledger.merchants.put("m-1", b'{"name":"Books"}', AT, "key_1")
        made = committed(ledger)
        give_back(ledger, back(made, PART))
        ledger.returns.file(returned(made), ())
        first = event("first_approved", "in_review", "in_review", "key_2", first_approver="key_2", high_risk=True)
        put(ledger, OPENED, first)
    return url


@pytest.fixture
def filled(url: str) -> str:
    """A closed ledger on each store."""
    return filled_ledger(url, fill)


def first_bad(url: str, **options: Head) -> BadRow:
    report = verify(url, **options)
    assert report.first_bad is not None, "nothing was found"
    assert not report.ok
    return report.first_bad


def test_an_untouched_ledger_is_whole(filled: str) -> None:
    calls: list[tuple[int, int]] = []
    report = verify(filled, progress=lambda done, total: calls.append((done, total)))
    assert (report.ok, report.rows, report.head.seq, report.first_bad) == (True, 10, 10, None)
    assert calls == [(10, 10)]


def test_an_empty_ledger_is_whole(url: str) -> None:
    report = verify(url)
    assert (report.ok, report.rows, report.head) == (True, 0, Head(0, GENESIS))


COLUMNS = [
    pytest.param(chained.name, column, id=f"{chained.name}.{column}")
    for chained in CHAINED
    for column in (*chained.envelope, "prev", "hash", *chained.parts)
]
NULLABLE = [
    pytest.param(chained.name, column.name, id=f"{chained.name}.{column.name}")
    for chained in CHAINED
    for column in chained.table.__table__.columns
    if column.nullable
]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_change_in_any_column_is_found_and_named(url: str, table: str, column: str) -> None:
    filled = filled_ledger(url, fill_wholly)
    mark, seq = placeholder(filled), FIRST[table]
    with by_hand(filled) as hand:
        (value,) = hand.execute(f"SELECT {column} FROM {table} WHERE seq = {mark}", (seq,)).fetchone()
        assert value is not None, "each column is filled in this ledger"
        changed = 100 if column == "seq" else altered(value)
        try:
            hand.execute(f"UPDATE {table} SET {column} = {mark} WHERE seq = {mark}", (changed, seq))
        except Database(filled).driver.IntegrityError as refused:
            # PostgreSQL keeps its CHECKs even from this hand: sums that do not meet, and one person for two, cannot be written.
            if f"ck_{table}_" not in str(refused):
                raise
            return
    report = verify(filled)
    assert report.first_bad is not None
    assert (report.first_bad.seq, report.rows) == (seq, seq - 1)
    assert report.first_bad.table == ("chain" if column == "seq" else table)


@pytest.mark.parametrize(("table", "column"), NULLABLE)
def test_a_value_taken_away_is_found(url: str, table: str, column: str) -> None:
    filled = filled_ledger(url, fill_wholly)
    with by_hand(filled) as hand:
        try:
            hand.execute(f"UPDATE {table} SET {column} = NULL WHERE seq = {FIRST[table]}")
        except Database(filled).driver.IntegrityError as refused:
            if f"ck_{table}_" not in str(refused):
                raise
            return
    assert first_bad(filled) == BadRow(FIRST[table], table, "the contents of the row are not those that were hashed")


@pytest.mark.parametrize(("table", "column"), [column for column in COLUMNS if column.values[1] != "seq"])
def test_a_change_of_type_alone_is_found(sqlite_url: str, table: str, column: str) -> None:
    """SQLite stores what it is given, in any column: the same letters as bytes, or bytes as letters."""
    with by_hand(filled_ledger(sqlite_url, fill_wholly)) as hand:
        kind = "TEXT" if column in BODIES else "BLOB"
        hand.execute(f"UPDATE {table} SET {column} = CAST({column} AS {kind}) WHERE seq = {FIRST[table]}")
    bad = first_bad(sqlite_url)
    assert (bad.seq, bad.table) == (FIRST[table], table)


def test_text_that_is_not_text_any_more_is_found(sqlite_url: str) -> None:
    with by_hand(fill(sqlite_url)) as hand:
        hand.execute("UPDATE decision SET outcome = CAST(x'ff61' AS TEXT) WHERE seq = 2")
    bad = first_bad(sqlite_url)
    assert (bad.seq, bad.table) == (2, "decision")
    assert "never written" in bad.what


@pytest.mark.parametrize(("seq", "table"), [(1, "decision"), (2, "decision"), (4, "event"), (6, "note"), (10, "note")])
def test_a_deleted_row_is_named(filled: str, seq: int, table: str) -> None:
    with by_hand(filled) as hand:
        hand.execute(f"DELETE FROM {table} WHERE seq = {seq}")
    assert first_bad(filled) == BadRow(seq, "chain", "the row is missing")


def test_two_rows_that_changed_places_are_found(filled: str) -> None:
    with by_hand(filled) as hand:
        for old, new in ((2, 200), (3, 2), (200, 3)):
            hand.execute(f"UPDATE decision SET seq = {new} WHERE seq = {old}")
    bad = first_bad(filled)
    assert (bad.seq, bad.table) == (2, "decision")
    assert "belongs elsewhere" in bad.what


def test_a_row_hashed_anew_gives_itself_away_by_the_next(filled: str) -> None:
    with by_hand(filled) as hand:
        _rehash(hand, filled, seq=2, outcome="block")
    assert first_bad(filled) == BadRow(
        3, "decision", "`prev` is not the hash of the row before: the row belongs elsewhere"
    )


def _rehash(hand: object, url: str, *, seq: int, outcome: str) -> bytes:
    """Change a decision and make its own hash true again."""
    mark = placeholder(url)
    chained = CHAINED[0]
    columns = ", ".join((*chained.envelope, "prev", *chained.parts))
    *row, prev, facts, inputs, answer = hand.execute(f"SELECT {columns} FROM decision WHERE seq = {seq}").fetchone()
    row[chained.envelope.index("outcome")] = outcome
    digest = link(prev, ("decision", *row), facts, inputs, answer)
    hand.execute(f"UPDATE decision SET outcome = {mark}, hash = {mark} WHERE seq = {seq}", (outcome, digest))
    return digest


def test_a_row_squeezed_in_is_found(filled: str) -> None:
    with by_hand(filled) as hand:
        columns = "kind, subject, at, recorded_at, prev, hash, payload"
        hand.execute(f"INSERT INTO note (seq, {columns}) SELECT 2, {columns} FROM note WHERE seq = 5")
    bad = first_bad(filled)
    assert bad.seq == 2


@pytest.mark.parametrize("seq", [0, -7])
def test_a_row_before_the_beginning_is_found(filled: str, seq: int) -> None:
    with by_hand(filled) as hand:
        hand.execute(f"UPDATE note SET seq = {seq} WHERE seq = 5")
    assert first_bad(filled).seq == seq


def test_a_row_beyond_the_head_is_found(filled: str) -> None:
    with by_hand(filled) as hand:
        hand.execute("UPDATE head SET seq = 9, hash = (SELECT hash FROM decision WHERE seq = 9)")
    assert first_bad(filled) == BadRow(10, "chain", "the row lies beyond the head of the chain")


def test_a_head_that_names_another_hash_is_found(filled: str) -> None:
    with by_hand(filled) as hand:
        hand.execute("UPDATE head SET hash = (SELECT hash FROM decision WHERE seq = 1)")
    assert first_bad(filled).table == "head"


def test_a_chain_without_its_head_is_found(filled: str) -> None:
    with by_hand(filled) as hand:
        hand.execute("DELETE FROM head")
    assert first_bad(filled) == BadRow(0, "head", "the head of the chain is missing")


def test_a_tail_cut_off_is_found_by_the_head_that_stayed(filled: str) -> None:
    with by_hand(filled) as hand:
        hand.execute("DELETE FROM note WHERE seq = 10")
        hand.execute("DELETE FROM decision WHERE seq = 9")
    assert first_bad(filled) == BadRow(9, "chain", "the row is missing")


def test_a_tail_cut_off_with_its_head_is_found_by_the_head_kept_elsewhere(filled: str) -> None:
    kept = verify(filled).head
    with by_hand(filled) as hand:
        hand.execute("DELETE FROM note WHERE seq = 10")
        hand.execute("UPDATE api_key SET revoked_at = NULL")
        last = (
            "(SELECT hash FROM decision WHERE seq = 9), recorded_at = (SELECT recorded_at FROM decision WHERE seq = 9)"
        )
        hand.execute(f"UPDATE head SET seq = 9, hash = {last}")
    assert verify(filled).ok, "nothing inside the ledger can tell"
    bad = first_bad(filled, expected=kept)
    assert (bad.seq, bad.table) == (10, "chain")
    assert "expected head is row 10" in bad.what


def test_a_chain_made_anew_is_found_by_the_head_kept_elsewhere(filled: str) -> None:
    with Ledger.open(filled) as ledger:
        store(ledger, entry())
        kept = ledger.verify().head
        assert ledger.verify(expected=kept).ok
    with by_hand(filled) as hand:
        digest = _rehash(hand, filled, seq=11, outcome="block")
        hand.execute(f"UPDATE head SET hash = {placeholder(filled)}", (digest,))
        hand.execute("UPDATE decision_search SET outcome = 'block' WHERE seq = 11")  # where it was taken in already
    assert verify(filled).ok, "nothing inside the ledger can tell"
    assert first_bad(filled, expected=kept).what.endswith("the chain was made anew")


def test_a_kept_head_survives_being_written_down() -> None:
    head = Head(17, hashlib.sha256(b"x").digest())
    assert Head.parse(f" {head}\n") == head


@pytest.mark.parametrize("text", ["", "17", "17:", "17:abcd", "x:" + "00" * 32, "-1:" + "00" * 32])
def test_what_is_not_a_head_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Head.parse(text)


BESIDE = {
    "key with more scopes": ("UPDATE api_key SET scopes = 'admin' WHERE name = 'till 7'", 5, "api_key"),
    "key valid again": ("UPDATE api_key SET revoked_at = NULL", 10, "api_key"),
    "key made earlier": ("UPDATE api_key SET created_at = 5 WHERE name = 'till 7'", 5, "api_key"),
    "key gone": ("DELETE FROM api_key WHERE name = 'till 7'", 5, "api_key"),
    "key from nowhere": (
        "INSERT INTO api_key SELECT 'key_x', name, scopes, hash, 1, NULL FROM api_key, note WHERE seq = 5 AND name = 'till 7'",
        0,
        "api_key",
    ),
    "release changed": ("UPDATE release SET canonical = prev FROM note WHERE note.seq = 5", 7, "release"),
    "release known earlier": ("UPDATE release SET recorded_at = 5", 7, "release"),
    "release gone": ("DELETE FROM release", 7, "release"),
    "release from nowhere": (
        "INSERT INTO release SELECT 'sha256:x', 99, version, 1, 1, canonical FROM release",
        0,
        "release",
    ),
    "rate changed": ("UPDATE quotation SET per_euro = '1.09' WHERE currency = 'USD'", 8, "quotation"),
    "rate known earlier": ("UPDATE quotation SET recorded_at = 5 WHERE currency = 'USD'", 8, "quotation"),
    "rate gone": ("DELETE FROM quotation WHERE currency = 'USD'", 8, "quotation"),
    "rate from nowhere": ("INSERT INTO quotation VALUES ('2026-11-21', 'USD', 99, '1', 1)", 0, "quotation"),
}


@pytest.mark.parametrize(("statement", "seq", "table"), BESIDE.values(), ids=BESIDE.keys())
def test_what_the_chain_vouches_for_is_found_too(filled: str, statement: str, seq: int, table: str) -> None:
    with by_hand(filled) as hand:
        hand.execute(statement)
    bad = first_bad(filled)
    assert (bad.seq, bad.table) == (seq, table)


@pytest.mark.slow
def test_a_flipped_byte_of_the_file_never_passes_unseen(sqlite_url: str, tmp_path: Path) -> None:
    """Either the audit finds it, or no row of the chain reads differently for it."""
    path = Path(fill(sqlite_url).removeprefix("sqlite:///"))
    whole, rows = path.read_bytes(), _all_rows(path)
    dice = random.Random(7)
    flipped = tmp_path / "flipped.db"
    found = 0
    for _ in range(600):
        damaged = bytearray(whole)
        damaged[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        flipped.write_bytes(damaged)
        try:
            seen = not verify(f"sqlite:///{flipped}").ok
        except LedgerError:
            seen = True
        assert seen or _all_rows(flipped) == rows
        found += seen
    assert found >= 5, "most of a small file is empty, but not all of it"


def test_a_row_that_cannot_even_be_read_is_named(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        store(ledger, entry(), entry(answer=b"\xab" * 60_000), entry())
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    data = bytearray(path.read_bytes())
    pages = range(0, len(data), PAGE_BYTES)
    body = next(at for at in pages if data[at + 4 : at + PAGE_BYTES] == b"\xab" * (PAGE_BYTES - 4))
    data[body : body + 4] = b"\xff" * 4  # where the next page of the body is
    path.write_bytes(data)
    bad = first_bad(sqlite_url)
    assert (bad.seq, bad.table) == (2, "decision")
    assert "malformed" in bad.what


def test_a_store_that_fails_under_the_audit_is_not_called_a_broken_chain(own_postgres_url: str) -> None:
    fill(own_postgres_url)

    def drop_the_line(*_: int) -> None:
        with by_hand(own_postgres_url) as hand:
            hand.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    with pytest.raises(LedgerUnavailable, match="cannot be read"):
        verify(own_postgres_url, progress=drop_the_line)


def _all_rows(path: Path) -> list[object]:
    connection = sqlite3.connect(path)
    rows = [row for chained in CHAINED for row in connection.execute(f"SELECT * FROM {chained.name} ORDER BY seq")]
    connection.close()
    return rows


def test_the_audit_needs_nobody_to_serve_the_file_and_nothing_to_write(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(fill(sqlite_url).removeprefix("sqlite:///"))
    path.chmod(0o400)
    before = path.read_bytes()
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert verify(sqlite_url).rows == 10
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_what_is_no_ledger_is_not_audited(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other (id INTEGER)")
    connection.close()
    with pytest.raises(SchemaMismatch, match="has no tables of a ledger yet"):
        verify(f"sqlite:///{path}")
    with pytest.raises(LedgerError):
        verify(f"sqlite:///{tmp_path / 'missing.db'}")


def test_a_ledger_in_service_is_whole_at_every_moment(ledger: Ledger) -> None:
    reports = []
    writing = True

    def write() -> None:
        while writing:
            made = stored(ledger)
            ledger.history.record_event(made.id, EventKind.AUTHORISED, AT)
            ledger.keys.create(["read"], "one of many")

    thread = Thread(target=write)
    thread.start()
    try:
        reports = [ledger.verify() for _ in range(15)]
    finally:
        writing = False
        thread.join()
    assert [report.first_bad for report in reports] == [None] * 15
    assert reports[-1].rows > reports[0].rows


def test_memory_does_not_grow_with_the_chain(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        with held(ledger):
            for _ in range(3000):
                ledger.writer.submit(entry(answer=bytes(6000)), lambda _: None)
        store(ledger, entry())
    tracemalloc.start()
    report = verify(sqlite_url)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert report.rows == 3001
    assert peak < 4_000_000, "the bodies alone are 18 MB"


def test_anybody_can_check_the_chain_without_this_package(sqlite_url: str) -> None:
    """The format, written down once more with the standard library alone."""
    path = fill_wholly(sqlite_url).removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    tables = ("decision", "event", "note", "merchant", "tax_calculation", "tax_transaction", "tax_reversal")
    rows = [(table, row) for table in tables for row in connection.execute(f"SELECT * FROM {table}")]
    prev = bytes(32)
    for table, row in sorted(rows, key=lambda pair: pair[1]["seq"]):
        columns = [name for name in row.keys() if name not in BODIES]  # noqa: SIM118 - a Row iterates over its values
        bodies = [name for name in row.keys() if name in BODIES - {"prev", "hash"}]  # noqa: SIM118
        envelope = [table, *(row[name] for name in columns)]
        parts = [json.dumps(envelope, separators=(",", ":"), ensure_ascii=False).encode()]
        parts += [row[name] for name in bodies]
        prev = hashlib.sha256(prev + b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()
        assert prev == row["hash"]
    connection.close()


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.integers(-(2**63), 2**63 - 1))
def test_the_envelope_is_what_any_json_writes(text: str, number: int) -> None:
    written = json.dumps(["t", text, number, None], separators=(",", ":"), ensure_ascii=False).encode()
    expected = hashlib.sha256(GENESIS + len(written).to_bytes(8, "big") + written).digest()
    assert link(GENESIS, ("t", text, number, None)) == expected


@pytest.mark.parametrize("size", [0, 1, 2046, 2047, 2048, 2049, 4094, 4095, 65_535, 65_536, 65_537, 200_000])
def test_the_hash_does_not_depend_on_how_it_is_fed(size: int) -> None:
    part = random.Random(size).randbytes(size)
    written = b'["t"]'
    data = GENESIS + len(written).to_bytes(8, "big") + written + size.to_bytes(8, "big") + part
    assert link(GENESIS, ("t",), part) == hashlib.sha256(data).digest()


@given(st.binary(max_size=8), st.binary(max_size=8), st.binary(max_size=8), st.binary(max_size=8))
def test_nothing_can_be_moved_from_one_part_to_the_next(a: bytes, b: bytes, c: bytes, d: bytes) -> None:
    assert (link(GENESIS, ("t",), a, b) == link(GENESIS, ("t",), c, d)) == ((a, b) == (c, d))
