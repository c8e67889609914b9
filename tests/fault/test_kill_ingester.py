"""kill -9 at any moment of the ingester: every publication is read once in effect, every change is found once and told once."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from api.service import utc_now
from engine.changes import ChangeState
from engine.ledger import AlertsWanted, ChangesWanted, Document, Ledger, NewItem, Occasion, Taken, verify
from tests.fault.children.ingest_victims import RELEASE, SOURCES, worker
from tests.fault.victims import maker_of, next_victim

ITEMS, KILLS, SEED = 500, 50, 20270301


@pytest.mark.slow
def test_fifty_deaths_lose_and_double_nothing(tmp_path: Path) -> None:
    url, dice = f"sqlite:///{tmp_path / 'ledger.db'}", random.Random(SEED)
    with Ledger.open(url) as ledger:
        _publish(ledger, ITEMS)
    with maker_of("ingest_victims.py", url) as maker:
        for number in range(KILLS):
            _kill_one(maker, url, dice)
            if number % 10 == 0:
                assert verify(url).ok, "as the dead left it"
    with Ledger.open(url) as ledger:
        left = ledger.readings.queue().get("waiting", (0, None))[0]
        time.sleep(0.05)
        worker(ledger, "ing_last").once()
        _all_was_done_once(ledger, left)
    assert verify(url).ok


def _all_was_done_once(ledger: Ledger, left: int) -> None:
    """As one worker that nobody kills would have left it; and the dead had done some of it."""
    assert left < ITEMS
    items = ledger.feeds.items(0, 2 * ITEMS)
    number = {one.seq: int(one.body["text"].partition(" ")[0]) for one in items}
    assert Counter(len(ledger.readings.readings(one.seq)) for one in items) == {1: ITEMS}
    assert {state: many for state, (many, _) in ledger.readings.queue().items()} == Counter(
        "irrelevant" if one % 3 == 0 else "change" for one in number.values()
    )
    changes = [one for page in _pages(ledger) for one in page]
    assert sorted(one.item for one in changes) == sorted(seq for seq, one in number.items() if one % 3)
    first = {number[one.item]: one for one in changes if one.state is ChangeState.NEW}
    assert sorted(first) == sorted({one for one in number.values() if one % 3}), "the same was joined"
    for one in changes:
        steps = [step.kind for step in ledger.changes.history(one.id)]
        assert steps == (["found", "merged_alike"] if one.state is ChangeState.MERGED else ["found", *steps[1:]])
        assert len(steps) - 1 == (1 if one.merged_into else len(ledger.changes.sources(one.id)))
    alerts = [one for one in _alerts(ledger) if one.alert.rule == "change.new"]
    assert sorted(one.alert.subject for one in alerts) == sorted(one.id for at, one in first.items() if at % 2 == 0)
    assert {one.told for one in alerts} == {1}


def _pages(ledger: Ledger) -> Iterator[tuple]:
    after = None
    while True:
        page = ledger.changes.page(ChangesWanted(), limit=200, after=after)
        yield page.data
        if (after := page.next) is None:
            return


def _alerts(ledger: Ledger) -> Iterator:
    after = None
    while True:
        page = ledger.alerts.page(AlertsWanted(), limit=200, after=after)
        yield from page.data
        if (after := page.next) is None:
            return


def _publish(ledger: Ledger, number: int) -> None:
    """Every fifth says what another source has said, in nearly the same words."""
    lease = timedelta(minutes=5)
    occasion = Occasion(utc_now(), RELEASE, iter(()).__next__)
    for at, (name, start) in enumerate(zip(SOURCES, range(len(SOURCES)), strict=True)):
        (held,) = ledger.feeds.take([name], "ing_0", utc_now(), lease, 1)
        items = tuple(_item(one) for one in range(start, number, len(SOURCES)))
        document = Document(f"sha256:{at:064x}", f"https://law.example/{name}", "text/xml", b"<rss/>")
        ledger.feeds.leave(held, Taken(held, document, items), occasion)


def _item(number: int) -> NewItem:
    said = number - 1 if number % 5 == 4 else number
    words = " ".join(f"word{said}x{at}" for at in range(40))
    text = f"{said} {words}{' indeed' if said != number else ''}"
    return NewItem(f"n-{number}", f"sha256:{number:064x}", {"title": f"Notice {said}", "text": text})


def _kill_one(maker: subprocess.Popen[str], url: str, dice: random.Random) -> None:
    """Let one live until it has read something, if anything is left, and a random moment more."""
    before, victim = _come(url), next_victim(maker)
    end = time.monotonic() + 2
    while _come(url) == before and before < ITEMS and time.monotonic() < end:
        time.sleep(0.001)
    time.sleep(dice.uniform(0, 0.04))
    os.kill(victim, signal.SIGKILL)


def _come(url: str) -> int:
    """How many were read."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as hand:
        found: int = hand.execute("SELECT count(*) FROM feed_reading").fetchone()[0]
        return found
