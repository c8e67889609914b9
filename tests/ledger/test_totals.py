"""Running sums: equal to the postings whoever adds them up, in every window, on both stores; and found out where they are not."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random
from threading import Thread
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger import Ledger, verify
from engine.ledger._database import Database
from engine.ledger._totals import pieces
from engine.postings import Posting
from tests.ledger.tampering import by_hand
from tests.ledger.taxing import back, committed, give_back, posting
from tests.ledger.test_taxes import MIGRATIONS

FIRST = date(2024, 11, 15)
PLACES = ("FR", "IT", "US-TX", "US-CA", None)


def sold(ledger: Ledger, chance: Random) -> None:
    """A transaction of up to four lines in several directions, and perhaps a part of it back."""
    lines = [
        posting(
            line=number,
            line_id=str(number),
            destination=chance.choice(PLACES),
            origin=chance.choice(("DE", None)),
            kind=chance.choice(("goods", "digital", None)),
            customer=chance.choice(("consumer", "business")),
            net=(net := chance.randrange(1, 100_000)),
            taxable=net,
            tax=0,
            gross=net,
        )
        for number in range(chance.randrange(1, 5))
    ]
    more = [lines[0]._replace(part=1, net=0, taxable=lines[0].net, gross=0)]
    day = FIRST + timedelta(days=chance.randrange(800))
    merchant = chance.choice(("m-1", "m-2", None))
    currency, digits = chance.choice((("EUR", 2), ("USD", 2), ("JPY", 0)))
    ordered = sorted([*lines, *more], key=lambda one: (one.line, one.part))
    made = committed(ledger, postings=tuple(ordered), day=day, merchant=merchant, currency=currency, digits=digits)
    if chance.random() < 0.4:
        part: Posting = lines[0]._replace(net=lines[0].net // 2, taxable=lines[0].net // 2, gross=lines[0].net // 2)
        if part.gross:
            give_back(ledger, back(made, part, day=day + timedelta(days=chance.randrange(90))))


def slow(ledger: Ledger, merchant: str, first: date, last: date) -> dict[Any, tuple[int, int]]:
    """The same sums from the postings, one by one."""
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for one in ledger.taxes.booked(merchant, first, last):
        if one.posting.part == 0:
            at = one.posting
            key = (at.destination, at.origin, at.kind, at.customer, bool(at.platform), one.currency, one.digits)
            found[key][one.reversal_id is not None] += at.net
    return {key: (sums[0], sums[1]) for key, sums in found.items()}


def compare(ledger: Ledger, merchant: str, first: date, last: date) -> None:
    running = ledger.taxes.running(merchant, first, last)
    fast = {one.flow[:7]: (one.flow.sold, one.flow.back) for one in running}
    assert fast == slow(ledger, merchant, first, last), (merchant, first, last)
    by_place: dict[str | None, int] = defaultdict(int)
    for one in running:
        by_place[one.flow.destination] += one.transactions
    counted: dict[str | None, int] = defaultdict(int)
    for place, _, number in ledger.taxes.sales(merchant, first, last):
        counted[place] += number
    assert {k: v for k, v in by_place.items() if v} == counted
    days = ledger.taxes.flows(merchant, first, last)
    assert sorted(map(str, ledger.taxes.daily(merchant, first, last))) == sorted(map(str, days))


def test_running_sums_are_the_sums_of_the_postings_in_every_window(ledger: Ledger) -> None:
    chance = Random(369)
    for _ in range(60):
        sold(ledger, chance)
    ends = [FIRST + timedelta(days=chance.randrange(-40, 900)) for _ in range(80)]
    years = [date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2024, 12, 31), date(2026, 2, 28)]
    for first, last in zip(ends[::2], ends[1::2], strict=True):
        compare(ledger, "m-1", min(first, last), max(first, last))
    for first in years:
        for last in years:
            compare(ledger, "m-2", first, last)
    assert ledger.verify().ok


def test_many_hands_at_once_leave_the_same_sums(ledger: Ledger) -> None:
    hands = [Thread(target=lambda n=number: [sold(ledger, Random(n)) for _ in range(5)]) for number in range(6)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    compare(ledger, "m-1", FIRST, FIRST + timedelta(days=900))
    assert ledger.verify().ok


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 1500))
def test_the_pieces_of_a_window_are_its_days_each_once(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    found = pieces(first, last)
    days: Counter[date] = Counter()
    grains = (
        ("d1", "d2", 10, 1),
        ("m1", "m2", 7, 1),
        ("y1", "y2", 4, 1),
        ("m3", "m4", 7, -1),
        ("d3", "d4", 10, -1),
        ("d5", "d6", 10, 1),
    )
    for low, high, grain, sign in grains:
        day = date(first.year, 1, 1)
        while day.year <= last.year and found[low] != "~":
            if found[low] <= day.isoformat()[:grain] <= found[high]:
                days[day] += sign
            day += timedelta(days=1)
    assert {day: n for day, n in days.items() if n} == {first + timedelta(days=n): 1 for n in range(length + 1)}


def test_all_of_time_is_a_window_as_well(ledger: Ledger) -> None:
    committed(ledger)
    sums = [[one.flow[8:], one.transactions] for one in ledger.taxes.running("m-1", date.min, date.max)]
    year = ledger.taxes.running("m-1", date(2026, 1, 1), date(2026, 12, 31))
    assert sums == [[one.flow[8:], one.transactions] for one in year] != []


def test_a_window_that_ends_before_it_begins_is_empty(ledger: Ledger) -> None:
    committed(ledger)
    assert ledger.taxes.running("m-1", date(2026, 11, 23), date(2026, 11, 22)) == ()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tax_total SET sold = sold + 1 WHERE grain = 7",
        "UPDATE tax_total SET transactions = 2 WHERE grain = 10 AND destination = 'FR'",
        "DELETE FROM tax_total WHERE grain = 4 AND destination = 'FR'",
        "UPDATE tax_total SET merchant = 'm-9' WHERE destination = 'FR'",
    ],
)
def test_a_sum_that_was_changed_by_hand_is_found(url: str, change: str) -> None:
    with Ledger.open(url) as ledger:
        committed(ledger)
    assert verify(url).ok
    with by_hand(url) as hand:
        hand.execute(change)
    report = verify(url)
    assert report.first_bad is not None
    assert report.first_bad.table == "tax_total"
    assert "is not the sum of its postings" in report.first_bad.what


@pytest.mark.parametrize("address", ["sqlite_url", "own_postgres_url"])
def test_a_ledger_of_the_version_before_is_summed_up_once(request: pytest.FixtureRequest, address: str) -> None:
    """Sales of before the running sums count in them."""
    url = request.getfixturevalue(address)
    with Ledger.open(url) as ledger:
        chance = Random(7)
        for _ in range(12):
            sold(ledger, chance)
    with by_hand(url, guarded=True) as hand:
        hand.execute("DROP TRIGGER tax_posting_total" + ("" if url.startswith("sqlite") else " ON tax_posting"))
        if not url.startswith("sqlite"):
            hand.execute("DROP FUNCTION tax_posting_total")
        hand.execute("DROP TABLE tax_total")
        hand.execute("DROP TABLE tax_return")
        hand.execute("UPDATE alembic_version SET version_num = '0004'")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with Database(url).engine().begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        command.stamp(config, "head")  # the tables of later versions are there
    with Ledger.open(url) as ledger:
        compare(ledger, "m-1", FIRST, FIRST + timedelta(days=900))
        assert ledger.verify().ok
