"""What no note in the chain speaks of carries a seal, or is worked out once more: whatever is changed is found and named."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.ledger import IdempotencyKey, KeyedAnswer, Ledger, Left, verify
from engine.ledger._audit_store import expected_schema
from engine.ledger._sealed import SEALED
from tests.empty import filled_ledger
from tests.ledger.alerting import occasion
from tests.ledger.factories import AT, asked, moment, stored
from tests.ledger.onboarding import OPENED, event, put
from tests.ledger.tampering import altered, by_hand
from tests.ledger.whole import fill

SEALS = [(table, column) for table, columns in SEALED.items() for column in (*columns, "seal")]


@pytest.fixture
def filled(url: str) -> str:
    """A closed ledger on each store, with rows in every table."""
    return filled_ledger(url, _fill)


def _fill(url: str) -> None:
    fill(url, 60)


def test_a_ledger_with_rows_in_every_table_is_whole(filled: str) -> None:
    assert verify(filled).first_bad is None


@pytest.mark.slow
def test_any_sealed_column_gives_itself_away(sqlite_url: str) -> None:
    fill(sqlite_url, 60)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    whole = path.read_bytes()
    for number, (table, column) in enumerate(SEALS):
        # A file of its own each time: a log that a hand left behind would be read with the next one.
        copy = path.with_name(f"copy{number}.db")
        copy.write_bytes(whole)
        with by_hand(f"sqlite:///{copy}") as hand:
            keys = [row[1] for row in hand.execute(f"PRAGMA table_info({table})").fetchall() if row[5]]
            where = " AND ".join(f"{key} = ?" for key in keys)
            row = hand.execute(
                f"SELECT {column}, {', '.join(keys)} FROM {table} WHERE {column} IS NOT NULL LIMIT 1"
            ).fetchone()
            if row is None:
                assert (table, column) in {("onboarding_case", "deadline"), ("obligation", "due")}
                continue
            changed = row[0] + 1000 if isinstance(row[0], int) else altered(row[0])
            hand.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (changed, *row[1:]))
        bad = verify(f"sqlite:///{copy}").first_bad
        assert bad is not None, (table, column)


HAND = {
    "an obligation ended by nobody": ("UPDATE obligation SET ended_at = 5 WHERE ended_at IS NULL", "obligation"),
    "an end taken back": (
        "UPDATE obligation SET ended_at = NULL, ended_as = NULL, ended_by = NULL, ended_note = NULL",
        "obligation",
    ),
    "an end by another": ("UPDATE obligation SET ended_by = 'key_9' WHERE ended_at IS NOT NULL", "obligation"),
    "an answer for another key": ("UPDATE answer SET key = 'draft2' WHERE key = 'draft'", "answer"),
    "a consumer that has heard more": ("UPDATE monitor SET through = 60", "monitor"),
    "a party that was screened": ("UPDATE known_party SET screened_by = 'lists-1'", "known_party"),
    "a payment of another amount": ("UPDATE past_payment SET amount = '0.01'", "past_payment"),
    "a payment that nobody made": (
        "INSERT INTO past_payment SELECT 'x', at, amount, currency, stated FROM past_payment LIMIT 1",
        "past_payment",
    ),
    "a payment forgotten": ("DELETE FROM past_payment", "past_payment"),
    "an entry elsewhere in time": ("UPDATE past_entry SET at = at + 1", "past_entry"),
    "an entry in another group": ("UPDATE past_entry SET grp = '[]'", "past_entry"),
    "an entry of no form": ("UPDATE past_entry SET form = 99 WHERE form = 1", "past_entry"),
    "an entry of nobody": ("UPDATE past_entry SET payment = 'x' || payment", "past_entry"),
    "an entry gone": ("DELETE FROM past_entry WHERE form = 3", "past_entry"),
    "a total of a day": ("UPDATE past_entry SET total = 'EUR 0.01 1' WHERE total IS NOT NULL", "past_entry"),
    "a total that is none": ("UPDATE past_entry SET total = 'EUR' WHERE total IS NOT NULL", "past_entry"),
    "a total where none is": ("UPDATE past_entry SET total = 'EUR 1 1' WHERE total IS NULL", "past_entry"),
    "a day of another sum": ("UPDATE past_day SET total = 'EUR 0.01 1'", "past_day"),
    "a day too many": ("INSERT INTO past_day SELECT form, grp || 'x', day, total FROM past_day LIMIT 1", "past_day"),
    "a day gone": ("DELETE FROM past_day", "past_day"),
    "a smallest amount": ("UPDATE past_span SET low = '0'", "past_span"),
    "a span gone": ("DELETE FROM past_span WHERE length > 3600000000", "past_span"),
    "history that has heard more": ("UPDATE past_state SET through = through + 1", "past_state"),
    "history without its state": ("DELETE FROM past_state", "past_state"),
    "a moment in the head": ("UPDATE head SET recorded_at = recorded_at + 1", "head"),
    "a test row in the head": ("UPDATE head SET probed_at = 7", "head"),
}


@pytest.mark.parametrize(("statement", "table"), HAND.values(), ids=HAND.keys())
def test_what_is_derived_is_worked_out_once_more(filled: str, statement: str, table: str) -> None:
    with by_hand(filled) as hand:
        hand.execute(statement)
    bad = verify(filled).first_bad
    assert bad is not None
    assert bad.table == table


def test_history_that_keeps_no_form_has_taken_nothing_in(url: str) -> None:
    with Ledger.open(url) as ledger:
        stored(ledger)
    with by_hand(url) as hand:
        hand.execute("UPDATE past_state SET through = 1")
    bad = verify(url).first_bad
    assert bad is not None
    assert bad.table == "past_state"


def test_a_trigger_that_is_missing_is_named(sqlite_url: str) -> None:
    with by_hand(sqlite_url, guarded=True) as hand:
        hand.execute("DROP TRIGGER note_no_UPDATE")
    bad = verify(sqlite_url).first_bad
    assert bad is not None
    assert (bad.table, "note_no_UPDATE" in bad.what) == ("schema", True)
    assert any("note_no_UPDATE" in row for row in expected_schema())


def test_an_index_that_lost_a_row_is_found(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        stored(ledger, reference="ord-of-an-index")
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    data = path.read_bytes()
    last = data.rindex(b"ord-of-an-index")
    path.write_bytes(data[:last] + b"ord-of-no-index" + data[last + 15 :])
    bad = verify(sqlite_url).first_bad
    assert bad is not None


def test_text_that_is_none_any_more_is_found_beside_the_chain(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    fill(sqlite_url, 12)
    whole = path.read_bytes()
    for number, statement in enumerate(
        (
            "UPDATE draft SET state = CAST(x'ff61' AS TEXT)",
            "UPDATE monitor SET mark = CAST(x'ff61' AS TEXT)",
            "UPDATE past_payment SET stated = CAST(x'ff61' AS TEXT)",
            "UPDATE api_key SET id = x'00' WHERE name = 'till 7'",
        )
    ):
        copy = path.with_name(f"copy{number}.db")
        copy.write_bytes(whole)
        with by_hand(f"sqlite:///{copy}") as hand:
            hand.execute(statement)
        bad = verify(f"sqlite:///{copy}").first_bad
        assert bad is not None, statement
        assert bad.what.encode("utf-8"), "it can be shown"


def test_seals_are_kept_up_with_what_they_seal(url: str) -> None:
    """Consumers that stumble, hand over and begin anew; parties that are to be screened again; cases that move."""
    with Ledger.open(url) as ledger:
        monitoring = ledger.monitoring
        hold = monitoring.take("words", "worker 1", AT, timedelta(minutes=1))
        assert hold is not None
        assert monitoring.stumble(hold, 5) == 1
        hold = monitoring.take("words", "worker 1", moment(1), timedelta(minutes=1))
        assert hold is not None
        monitoring.leave(hold, Left(5, "lists-1", anew=("c-7",)), occasion())
        hold = monitoring.take("words", "worker 1", moment(2), timedelta(minutes=1))
        assert hold is not None
        monitoring.release(hold)
        monitoring.make_anew("words")
        key = KeyedAnswer(IdempotencyKey("key_1", "k", bytes(32)), b"{}")
        put(ledger, OPENED, once=key)
        put(ledger, event("note", "in_review", "in_review", "key_2"), number=1, stage="second_look")
        stored(ledger, idempotency=asked("k-2", b"body"))
    assert verify(url).first_bad is None
