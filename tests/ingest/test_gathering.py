"""Sources asked when they are due, and what they publish kept once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.ledger import LeaseLost, Ledger, Taken
from ingest.fetch import Targets
from ingest.gathering import Gathered
from tests.empty import empty_ledger
from tests.ingest.site import Heard, Site, dripping, said, site
from tests.ingest.watching import Watch, feed


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    with Ledger.open(empty_ledger(tmp_path / "lexgate.db")) as ledger:
        yield Watch(ledger)
        assert ledger.verify().ok


HOUR = timedelta(hours=1.1)


def test_what_is_published_is_kept_once_with_the_document_it_came_in(watch: Watch) -> None:
    pages = {"/feed": said(feed(("1", "Notice one"), ("2", "Notice two")), content_type="text/xml", etag='"1"')}
    assert watch.look(pages) == [Gathered("de-feed-1", "new", 2)]
    assert watch.look(pages) == [], "it is not due"
    assert watch.look(pages, later=HOUR) == [Gathered("de-feed-1", "same", 0)]
    assert watch.titles == ["Notice one", "Notice two"]
    one = watch.ledger.feeds.item(watch.ledger.feeds.items(0, 1)[0].seq)
    assert one is not None
    document = watch.ledger.feeds.document(one.document)
    assert document is not None
    assert document.content == feed(("1", "Notice one"), ("2", "Notice two"))
    assert one.body == {
        "title": "Notice one", "text": "", "link": None, "language": None, "cut": False, "published_at": None, "updated_at": None,
    }  # fmt: skip


def test_what_is_mended_is_another_version_that_names_the_one_before(watch: Watch) -> None:
    watch.look({"/feed": said(feed(("1", "Rate 9 %"), ("2", "Other")))})
    assert watch.look({"/feed": said(feed(("1", "Rate 12 %"), ("2", "Other")))}, later=HOUR) == [
        Gathered("de-feed-1", "new", 1)
    ]
    first, _, mended = watch.ledger.feeds.items(0, 9)
    assert (mended.key, mended.corrects, mended.body["title"]) == ("1", first.seq, "Rate 12 %")
    assert watch.look({"/feed": said(feed(("1", "Rate 9 %")))}, later=HOUR)[0].new == 0, "it was said before"


def test_only_what_has_changed_is_asked_for(watch: Watch) -> None:
    heard: list[dict[str, str]] = []

    async def page(asked: Heard) -> AsyncIterator[bytes]:
        heard.append(asked.headers)
        known = asked.headers.get("if-none-match") == '"7"'
        async for piece in (said(status=304) if known else said(feed(("1", "Notice")), etag='"7"'))(asked):
            yield piece

    assert [watch.look({"/feed": page}, later=HOUR)[0].outcome for _ in range(3)] == ["new", "unchanged", "unchanged"]
    assert ["if-none-match" in one for one in heard] == [False, True, True]


def test_a_source_that_fails_is_left_alone_longer_and_longer_and_told_once(watch: Watch) -> None:
    waits = []
    for _ in range(7):
        assert watch.look({"/feed": said(status=500)})[0].outcome == "server"
        (state,) = watch.ledger.feeds.states()
        waits.append(state.next_at - watch.now)
        watch.now = state.next_at
    assert waits == sorted(waits)
    assert waits[1] == waits[0] * 2
    (alert,) = watch.alerts()
    assert (alert.rule, alert.severity) == ("incident.feed.dead", "medium")
    assert "could not be read 5 times in a row: server, HTTP 500" in alert.summary
    assert watch.look({"/feed": said(feed(("1", "Back again")))})[0].new == 1
    (state,) = watch.ledger.feeds.states()
    assert (state.failures, state.fault) == (0, "")


def test_an_address_that_is_gone_is_told_at_the_second_look(watch: Watch) -> None:
    watch.look({})
    assert watch.alerts() == []
    (state,) = watch.ledger.feeds.states()
    watch.now = state.next_at
    watch.look({})
    assert [one.rule for one in watch.alerts()] == ["incident.feed.dead"]


def test_what_cannot_be_read_is_a_failure_and_is_asked_for_whole_the_next_time(watch: Watch) -> None:
    bomb = (
        b'<!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel><item><title>&a;</title></item></channel></rss>'
    )
    assert watch.look({"/feed": said(bomb, etag='"1"')})[0].outcome == "entities"
    (state,) = watch.ledger.feeds.states()
    assert (state.failures, state.etag, watch.titles) == (1, "", [])


@pytest.mark.parametrize(("days", "told"), [(9, False), (11, True)])
def test_a_source_that_has_said_nothing_new_for_long_is_told_once(watch: Watch, days: int, told: bool) -> None:
    pages = {"/feed": said(feed(("1", "Notice")))}
    watch.look(pages)
    watch.look(pages, later=timedelta(days=days))
    watch.look(pages, later=timedelta(hours=2))
    assert [one.rule for one in watch.alerts()] == (["incident.feed.silent"] if told else [])


def test_one_source_that_is_broken_delays_no_other(watch: Watch) -> None:
    pages = {
        "/a": said(feed(("1", "A"))),
        "/b": said(status=404),
        "/c": said(b"nonsense"),
        "/d": said(feed(("1", "D"))),
    }
    found = watch.look(pages, "/a", "/b", "/c", "/d")
    assert {one.source: one.outcome for one in found} == {
        "de-a-1": "new", "de-b-1": "gone", "de-c-1": "not_a_feed", "de-d-1": "new",
    }  # fmt: skip


def test_a_source_that_takes_long_holds_one_place_and_no_other_source_waits_for_it(watch: Watch) -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b"."
            await asyncio.sleep(0.05)

    async def once() -> None:
        async with (
            site({"/slow": dripping(drip)}) as slow,
            site({f"/s{at}": said(feed(("1", "N"))) for at in range(6)}) as quick,
        ):
            urls = {"slow": f"{slow.url}/slow", **{path.strip("/"): quick.url + path for path in quick.pages}}
            worker = watch.gatherer(urls, Targets(slow.targets.allowed | quick.targets.allowed))
            worker.at_once = 2
            await worker.once()
            await worker.close()

    watch.manners = replace(watch.manners, seconds=3)
    asyncio.run(once())
    assert [one.outcome for one in watch.heard] == ["new"] * 6 + ["too_slow"]


def test_of_two_workers_each_source_is_asked_by_one(watch: Watch) -> None:
    async def both() -> tuple[list[Gathered], Site]:
        async with site({f"/s{at}": said(feed(("1", f"Notice {at}"))) for at in range(20)}) as there:
            workers = [watch.worker(there, *there.pages, name=f"ing_{at}") for at in range(2)]
            found = await asyncio.gather(*(one.once() for one in workers))
            for one in workers:
                await one.close()
            return [one for each in found for one in each], there

    found, there = asyncio.run(both())
    assert sorted(one.source for one in found) == sorted(f"de-s{at}-1" for at in range(20))
    assert all(len(there.asked(f"/s{at}")) == 1 for at in range(20))


def test_a_worker_that_died_leaves_nothing_and_its_source_is_asked_again_when_the_lease_is_over(watch: Watch) -> None:
    (held,) = watch.ledger.feeds.take(["de-feed-1"], "ing_dead", watch.now, timedelta(minutes=10), 9)
    pages = {"/feed": said(feed(("1", "Notice")))}
    assert watch.look(pages, later=timedelta(minutes=9)) == []
    assert watch.look(pages, later=timedelta(minutes=2))[0].new == 1
    with pytest.raises(LeaseLost):
        watch.ledger.feeds.leave(held, Taken(replace(held, failures=9)), watch.occasion())
    (state,) = watch.ledger.feeds.states()
    assert (state.failures, watch.titles) == (0, ["Notice"])
