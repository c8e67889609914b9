"""Taxes in the ledger: committed once, given back within what was charged, whoever writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from alembic.config import Config

import engine.ledger
from engine.ledger import (
    AlreadyCommitted,
    EntryRefused,
    IdempotencyKey,
    KeyReused,
    Ledger,
    Refusal,
    Replayed,
    ReversalEntry,
    Stored,
    StoredReversal,
    StoredTransaction,
    verify,
)
from engine.ledger._database import Connection, Database
from engine.ledger.taxes import decoded, encoded
from tests.ledger.conftest import Postgres
from tests.ledger.factories import AT, Steps, entry, moment, store
from tests.ledger.tampering import by_hand
from tests.ledger.taxing import LINES, PART, back, calculation, committed, give_back, posting, transaction

DAY = date(2026, 11, 22)
MIGRATIONS = Path(engine.ledger.__file__).parent / "migrations"


def keyed(name: str, body: bytes = b"x" * 32) -> IdempotencyKey:
    return IdempotencyKey("key_1 /v1/tax", name, body)


def test_a_calculation_comes_back_as_it_went(ledger: Ledger) -> None:
    made = calculation()
    assert ledger.taxes.remember(made) == Stored(1)
    found = ledger.taxes.calculation(made.id)
    assert found is not None
    assert (found.answer, found.inputs, found.facts) == (made.answer, made.inputs, made.facts)
    assert (found.valid_until, found.merchant, found.profile_version) == (AT + timedelta(days=90), "m-1", 1)
    assert ledger.taxes.calculation("calc_no") is None


def test_a_transaction_comes_back_with_its_sums(ledger: Ledger) -> None:
    made = committed(ledger)
    found = ledger.taxes.transaction(made.id)
    assert found is not None
    assert (found.net, found.tax, found.gross, found.currency, found.day) == (3000, 355, 3355, "EUR", DAY)
    assert (found.postings, found.answer) == (LINES, made.answer)
    assert ledger.taxes.committed(made.calculation_id) == made.id
    assert ledger.taxes.transaction("tax_no") is None


def test_a_calculation_is_committed_once(ledger: Ledger) -> None:
    made = committed(ledger)
    again = replace(made, id="tax_other")
    assert ledger.taxes.commit(again) == AlreadyCommitted(made.id)
    assert ledger.taxes.transaction("tax_other") is None


def test_a_transaction_of_no_calculation_is_refused(ledger: Ledger) -> None:
    with pytest.raises(EntryRefused):
        ledger.taxes.commit(transaction(calculation()))


def test_an_idempotency_key_is_taken_with_what_it_stands_for(ledger: Ledger) -> None:
    made = calculation()
    assert isinstance(ledger.taxes.remember(made, keyed("a")), Stored)
    again = ledger.taxes.remember(calculation(answer=b"other"), keyed("a"))
    assert isinstance(again, Replayed)
    assert again.stored.answer == made.answer
    assert isinstance(ledger.taxes.remember(calculation(), keyed("a", b"y" * 32)), KeyReused)
    sold = transaction(made)
    assert isinstance(ledger.taxes.commit(sold, keyed("b")), Stored)
    assert isinstance(ledger.taxes.commit(sold, keyed("b")), Replayed)
    assert ledger.taxes.commit(sold, keyed("c")) == AlreadyCommitted(sold.id)
    assert ledger.given(keyed("c")) is None, "a refusal leaves its key free"


def test_reversals_are_worked_out_from_all_that_went_before(ledger: Ledger) -> None:
    made = committed(ledger)
    seen: list[int] = []

    def make(sold: StoredTransaction, before: Sequence[StoredReversal]) -> ReversalEntry | Refusal:
        seen.append(sum(one.gross for one in before))
        return back(made, PART._replace(tax=27, gross=527) if before else PART)

    first, second = (ledger.taxes.reverse(made.id, make) for _ in range(2))
    assert seen == [0, 528]
    assert isinstance(first, tuple)
    assert isinstance(second, tuple)
    found = ledger.taxes.reversals(made.id)
    assert [(one.net, one.tax, one.gross) for one in found] == [(500, 28, 528), (500, 27, 527)]
    assert found[0].postings == (PART,)


def test_a_refusal_stores_nothing_and_leaves_the_key_free(ledger: Ledger) -> None:
    made = committed(ledger)
    no = Refusal("more_than_charged", "No", "/amount")
    rows = ledger.verify().rows
    assert ledger.taxes.reverse(made.id, lambda *_: no, keyed("r")) == no
    assert ledger.verify().rows == rows
    kept = give_back(ledger, back(made, PART), keyed("r"))
    assert isinstance(kept, tuple)
    again = give_back(ledger, back(made, PART), keyed("r"))
    assert isinstance(again, Replayed)
    assert again.stored.answer == kept[0].answer


def test_a_reversal_of_no_transaction_is_none(ledger: Ledger) -> None:
    assert ledger.taxes.reverse("tax_no", lambda *_: Refusal("x", "x", "")) is None


def test_a_reversal_that_names_another_transaction_is_refused(ledger: Ledger) -> None:
    one, other = committed(ledger), committed(ledger)
    with pytest.raises(EntryRefused, match="names another transaction"):
        ledger.taxes.reverse(one.id, lambda *_: back(other, PART))


def test_one_that_is_refused_does_not_harm_those_beside_it(ledger: Ledger) -> None:
    made = committed(ledger)
    with pytest.raises(EntryRefused, match="more than was charged"):
        give_back(ledger, back(made, posting(net=1001, taxable=1001, tax=0, gross=1001)))
    store(ledger, entry())
    assert ledger.verify().ok


# -- the database itself refuses more than was charged -----------------------------------------------------------------

COLUMNS = (
    "seq, id, transaction_id, at, recorded_at, key_id, reference, mode, day, net, tax, gross, prev, hash, request, postings,"
    " answer"
)
POSTED = (
    "seq, line, part, line_id, country, region, origin, destination, kind, customer, platform, scheme, treatment, component,"
    " jurisdiction, rate, quantity, net, taxable, tax, gross, transaction_id, reversal_id, merchant, currency, digits, day,"
    " supply_day, recorded_at"
)


def raw_reversal(hand: Connection, transaction_id: str, seq: int, net: int, tax: int) -> None:
    """By plain SQL, past everything but the database."""
    numbers = (
        f"{seq}, 'rev_{seq}', '{transaction_id}', 1, 1, 'k', NULL, 'lines', '2026-11-25', {net}, {tax}, {net + tax}"
    )
    body = "hash, hash, hash, hash, hash FROM tax_transaction WHERE id = "
    hand.execute(f"INSERT INTO tax_reversal ({COLUMNS}) SELECT {numbers}, {body}'{transaction_id}'")


def raw_posting(hand: Connection, transaction_id: str, seq: int, line: int = 0, part: int = 0, **amounts: int) -> None:
    """As `raw_reversal`, one posting."""
    net, taxable, tax, gross = (amounts.get(name, 0) for name in ("net", "taxable", "tax", "gross"))
    kept = POSTED.partition("part, ")[2].partition(", quantity")[0]
    hand.execute(
        f"INSERT INTO tax_posting ({POSTED}) SELECT {seq}, {line}, {part}, {kept}, NULL, {net}, {taxable}, {tax}, {gross},"
        f" '{transaction_id}', 'rev_{seq}', merchant, currency, digits, day, supply_day, 1 FROM tax_posting"
        f" WHERE transaction_id = '{transaction_id}' AND line = 0 AND part = 0 AND reversal_id IS NULL"
    )


@pytest.fixture
def sold(url: str) -> str:
    """The id of a transaction of 30.00 and 3.55 of tax, in a ledger on each store."""
    with Ledger.open(url) as ledger:
        return committed(ledger).id


@pytest.mark.parametrize(
    ("before", "wanted", "stays"),
    [
        ([], (3000, 355), True),
        ([], (3001, 0), False),
        ([], (0, 356), False),
        ([(1000, 100), (2000, 254)], (0, 1), True),
        ([(1000, 100), (2000, 255)], (0, 1), False),
        ([(2999, 0)], (2, 0), False),
    ],
)
def test_the_sum_of_reversals_never_exceeds_the_transaction(
    url: str, sold: str, before: list[tuple[int, int]], wanted: tuple[int, int], stays: bool
) -> None:
    with by_hand(url, guarded=True) as hand:
        for seq, (net, tax) in enumerate(before, start=100):
            raw_reversal(hand, sold, seq, net, tax)
        if stays:
            raw_reversal(hand, sold, 200, *wanted)
        else:
            with pytest.raises(Database(url).driver.IntegrityError, match="more than was charged"):
                raw_reversal(hand, sold, 200, *wanted)
        (rows,) = hand.execute("SELECT count(*) FROM tax_reversal").fetchone()
        assert rows == len(before) + stays


@pytest.mark.parametrize(
    ("amounts", "stays"),
    [
        ({"net": 1000, "taxable": 1000, "tax": 55, "gross": 1055}, True),
        ({"net": 1001}, False),
        ({"taxable": 1001}, False),
        ({"tax": 56}, False),
        ({"gross": 1056}, False),
        ({"line": 1, "part": 1, "tax": 200}, True),
        ({"line": 1, "part": 1, "tax": 201}, False),
        ({"line": 2, "tax": 1}, False),
        ({"part": 7, "tax": 1}, False),
    ],
)
def test_no_posting_goes_back_beyond_its_original(url: str, sold: str, amounts: dict[str, int], stays: bool) -> None:
    with by_hand(url, guarded=True) as hand:
        if stays:
            raw_posting(hand, sold, 200, **amounts)
            with pytest.raises(Database(url).driver.IntegrityError, match="more than was charged"):
                raw_posting(hand, sold, 201, **{**dict.fromkeys(("line", "part"), 0), **amounts})
        else:
            with pytest.raises(Database(url).driver.IntegrityError, match="more than was charged"):
                raw_posting(hand, sold, 200, **amounts)


def test_no_reversal_without_its_transaction(url: str, sold: str) -> None:
    with by_hand(url, guarded=True) as hand:
        columns = COLUMNS.replace("transaction_id", "'tax_none'").replace("seq, id", "300, 'rev_300'")
        raw_reversal(hand, sold, 100, 1, 0)
        with pytest.raises(Database(url).driver.IntegrityError):
            hand.execute(f"INSERT INTO tax_reversal ({COLUMNS}) SELECT {columns} FROM tax_reversal")


@pytest.mark.parametrize(("net", "tax"), [(-1, 1), (1, -1), (0, 0)])
def test_nothing_negative_goes_back_and_never_nothing(url: str, sold: str, net: int, tax: int) -> None:
    with by_hand(url, guarded=True) as hand, pytest.raises(Database(url).driver.IntegrityError):
        raw_reversal(hand, sold, 100, net, tax)


def test_a_second_original_cannot_widen_what_may_go_back(url: str, sold: str) -> None:
    again = POSTED.replace("seq,", "999,", 1)
    with by_hand(url, guarded=True) as hand, pytest.raises(Database(url).driver.IntegrityError):
        hand.execute(f"INSERT INTO tax_posting ({POSTED}) SELECT {again} FROM tax_posting")


@pytest.mark.parametrize("table", ["tax_transaction", "tax_reversal"])
def test_sums_that_do_not_meet_are_refused(url: str, sold: str, table: str) -> None:
    with by_hand(url, guarded=True) as hand:
        raw_reversal(hand, sold, 100, 10, 1)
        columns = {
            "tax_reversal": COLUMNS,
            "tax_transaction": "seq, id, calculation_id, at, recorded_at, key_id, reference, merchant, day, currency, digits,"
            " net, tax, gross, release, prev, hash, postings, answer",
        }[table]
        broken = columns.replace("gross", "gross + 1").replace("seq, id", "500, 'x'").replace("calculation_id,", "'c',")
        with pytest.raises(Database(url).driver.IntegrityError, match=f"ck_{table}_sum"):
            hand.execute(f"INSERT INTO {table} ({columns}) SELECT {broken} FROM {table} LIMIT 1")


@pytest.mark.slow
def test_two_hands_at_once_cannot_give_back_the_same_money(postgres_url: str) -> None:
    """PostgreSQL: the second waits for the first, and then sees what it did."""
    with Ledger.open(postgres_url) as ledger:
        name = committed(ledger).id
    outcomes: list[str] = []

    def try_it(hand: Connection, seq: int) -> None:
        try:
            raw_reversal(hand, name, seq, 2000, 0)
            hand.execute("COMMIT")
            outcomes.append("stored")
        except Database(postgres_url).driver.IntegrityError as refused:
            hand.execute("ROLLBACK")
            outcomes.append("refused" if "more than was charged" in str(refused) else str(refused))

    with by_hand(postgres_url, guarded=True) as one, by_hand(postgres_url, guarded=True) as two:
        for hand in (one, two):
            hand.execute("BEGIN")
        raw_reversal(one, name, 100, 2000, 0)
        other = Thread(target=try_it, args=(two, 101))
        other.start()
        other.join(0.3)
        assert other.is_alive(), "it waits for the row of the transaction"
        one.execute("COMMIT")
        other.join(10)
        assert outcomes == ["refused"]
        assert one.execute("SELECT sum(net) FROM tax_reversal").fetchone()[0] == 2000


# -- sums --------------------------------------------------------------------------------------------------------------


def test_flows_are_exact_sums_of_sales_and_of_what_went_back(ledger: Ledger) -> None:
    first, _ = committed(ledger), committed(ledger)
    give_back(ledger, back(first, PART, day=DAY))
    flows = {flow.destination: flow for flow in ledger.taxes.flows("m-1", DAY, DAY)}
    assert (flows["FR"].sold, flows["FR"].back, flows["FR"].origin, flows["FR"].kind) == (2000, 500, "DE", "goods")
    assert flows["CA-QC"].sold == 4000, "a line with two taxes counts once"
    assert ledger.taxes.flows("m-2", DAY, DAY) == ()
    assert ledger.taxes.flows("m-1", date(2026, 11, 23), date(2026, 12, 31)) == ()


def test_sales_are_counted_once_a_place(ledger: Ledger) -> None:
    made = committed(ledger)
    committed(ledger)
    give_back(ledger, back(made, PART, day=DAY))
    assert {place: count for place, _, count in ledger.taxes.sales("m-1", DAY, DAY)} == {"FR": 2, "CA-QC": 2}


def test_postings_come_back_by_day_and_those_told_late_apart(sqlite_url: str) -> None:
    clock = Steps()
    with Ledger.open(sqlite_url, clock=clock) as ledger:
        early = committed(ledger)
        clock.now = moment(90 * 86_400)
        late = committed(ledger)
        booked = ledger.taxes.booked("m-1", DAY, DAY)
        assert {one.transaction_id for one in booked} == {early.id, late.id}
        assert [one.posting for one in booked[:3]] == list(LINES)
        told = ledger.taxes.told_late("m-1", date(2027, 1, 1), moment(40 * 86_400))
        assert {one.transaction_id for one in told} == {late.id}
        give_back(ledger, back(early, PART, day=date(2027, 2, 20)))
        documents = ledger.taxes.documents("m-1", date(2027, 1, 1), date(2027, 3, 31), moment(40 * 86_400))
        assert {(one.reversal, one.tax) for one in documents} == {(False, 355), (True, 28)}


def test_amounts_as_large_as_a_document_may_be_still_sum_exactly(ledger: Ledger) -> None:
    large = posting(net=10**15, taxable=10**15, tax=0, gross=10**15)
    for _ in range(3):
        committed(ledger, postings=(large,))
    assert [flow.sold for flow in ledger.taxes.flows("m-1", DAY, DAY)] == [3 * 10**15]


def test_postings_survive_being_written_down() -> None:
    assert decoded(encoded(LINES)) == LINES


# -- merchants ---------------------------------------------------------------------------------------------------------


def test_every_version_of_a_profile_is_kept(ledger: Ledger) -> None:
    first, fresh = ledger.merchants.put("m-1", b'{"country":"DE"}', AT, "key_1")
    assert (first.version, fresh) == (1, True)
    assert ledger.merchants.put("m-1", b'{"country":"DE"}', moment(1), "key_2") == (first, False)
    second, fresh = ledger.merchants.put("m-1", b'{"country":"IT"}', moment(2), "key_2")
    assert (second.version, fresh) == (2, True)
    assert ledger.merchants.one("m-1") == second
    assert ledger.merchants.one("m-1", 1) == first
    assert ledger.merchants.one("m-1", 3) is None
    assert ledger.merchants.one("m-2") is None


def test_merchants_are_listed_as_they_are_page_by_page(ledger: Ledger) -> None:
    for name in ("b", "a", "c"):
        ledger.merchants.put(name, b"{}", AT, "key_1")
    ledger.merchants.put("a", b'{"name":"A"}', AT, "key_1")
    page = ledger.merchants.page(limit=2, after=None)
    assert ([(one.merchant, one.version) for one in page.data], page.next) == ([("a", 2), ("b", 1)], "b")
    last = ledger.merchants.page(limit=2, after=page.next)
    assert ([one.merchant for one in last.data], last.next) == (["c"], None)


# -- the chain vouches for it ------------------------------------------------------------------------------------------


@pytest.fixture
def kept(url: str) -> str:
    """A ledger of a merchant, a calculation (row 2), a transaction (row 3) and a reversal (row 4)."""
    with Ledger.open(url) as ledger:
        ledger.merchants.put("m-1", b"{}", AT, "key_1")
        give_back(ledger, back(committed(ledger), PART))
    return url


def test_the_life_of_a_tax_is_whole(kept: str) -> None:
    report = verify(kept)
    assert (report.ok, report.rows) == (True, 4)


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE tax_posting SET tax = 54 WHERE seq = 3 AND line = 0", 3),
        ("UPDATE tax_posting SET scheme = 'ioss' WHERE seq = 3 AND line = 1 AND part = 1", 3),
        ("UPDATE tax_posting SET day = '2026-10-01' WHERE seq = 4", 4),
        ("UPDATE tax_posting SET supply_day = '2026-10-01' WHERE seq = 4", 4),
        ("UPDATE tax_posting SET merchant = 'm-2' WHERE seq = 3 AND line = 0", 3),
        ("UPDATE tax_posting SET currency = 'USD' WHERE seq = 4", 4),
        ("UPDATE tax_posting SET digits = 3 WHERE seq = 3 AND line = 0", 3),
        ("UPDATE tax_posting SET reversal_id = NULL WHERE seq = 4", 4),
        ("UPDATE tax_posting SET recorded_at = 5 WHERE seq = 4", 4),
        ("DELETE FROM tax_posting WHERE seq = 4", 4),
        ("DELETE FROM tax_posting WHERE seq = 3 AND part = 1", 3),
        ("UPDATE tax_posting SET seq = 1 WHERE seq = 4", 1),
        ("UPDATE tax_posting SET seq = 77 WHERE seq = 4", 4),
    ],
)
def test_a_posting_that_is_not_as_it_was_booked_is_found(kept: str, statement: str, seq: int) -> None:
    with by_hand(kept) as hand:
        if "reversal_id = NULL" in statement:
            hand.execute("DROP INDEX ix_tax_posting_original")
        hand.execute(statement)
        bad = verify(kept).first_bad
        if "reversal_id = NULL" in statement:
            hand.execute("UPDATE tax_posting SET reversal_id = 'x' WHERE seq = 4")
            columns = "(transaction_id, line, part) WHERE reversal_id IS NULL"
            hand.execute(f"CREATE UNIQUE INDEX ix_tax_posting_original ON tax_posting {columns}")
    assert bad is not None
    assert (bad.seq, bad.table) == (seq, "tax_posting")


def test_a_posting_from_nowhere_is_found(kept: str) -> None:
    with by_hand(kept) as hand:
        moved = POSTED.replace("seq,", "50,", 1).replace("reversal_id", "'rev_x'")
        moved = moved.replace("net, taxable, tax, gross", "0, 0, 0, 0")  # more the trigger would refuse
        hand.execute(f"INSERT INTO tax_posting ({POSTED}) SELECT {moved} FROM tax_posting WHERE seq = 4")
    bad = verify(kept).first_bad
    assert bad is not None
    assert (bad.seq, bad.what) == (50, "nothing in the chain booked this posting")


# -- from an older ledger ----------------------------------------------------------------------------------------------


def test_a_ledger_of_the_first_version_is_brought_up_to_date(tmp_path: Path, postgres: Postgres) -> None:
    """Its rows stay, its chain stays whole, and it can keep taxes from then on."""
    postgres.sql("CREATE DATABASE first_version")
    for url in (f"sqlite:///{tmp_path / 'old.db'}", postgres.url("first_version")):
        _make_first_version(url)
        with Ledger.open(url) as ledger:
            store(ledger, entry())
            committed(ledger)
            assert (ledger.verify().ok, ledger.verify().rows) == (True, 3)


def _make_first_version(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with Database(url).engine().begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
