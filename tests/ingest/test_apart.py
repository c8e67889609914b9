"""Documents read in a process apart: what they do there stays there."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from ingest.feeds import Adapter, Unreadable, read
from ingest.feeds.apart import Apart, Page, ReadingFailed
from ingest.feeds.caged import adapter_of, told_adapter
from ingest.feeds.links import Links, WholePage
from ingest.feeds.pages import Listing
from ingest.feeds.records import Records
from ingest.fetch import Fault

URL = "https://law.example/"
FEED = (
    b"<rss version='2.0'><channel><title>N</title><item><guid isPermaLink='false'>1</guid><title>Rate 9 %</title>"
    b"<pubDate>Fri, 27 Nov 2026 09:00:00 GMT</pubDate><link>/a?utm_source=x</link></item></channel></rss>"
)
DEEP = b"<rss version='2.0'><channel><item><description>" + b"<a>" * 1_000_000
"""Three megabytes whose reading takes the square of its depth."""
WIDE = b"<rss version='2.0'><channel>" + b"<item><title>A title</title></item>" * 200_000 + b"</channel></rss>"
"""Seven megabytes that become more objects than there is memory for."""


@pytest.fixture
def apart() -> Iterator[Apart]:
    found = Apart(seconds=30, number=1)
    yield found
    found.close()


def test_what_is_read_apart_is_what_is_read_here(apart: Apart) -> None:
    page = b"<html lang=de><main><h1>Rate</h1><p>From 1 May: 9 %</p><a href=/n>A notice that is long enough</a></main>"
    how: tuple[tuple[bytes, Adapter | None], ...] = (
        (FEED, None), (page, Links()), (page, WholePage("de")), (page, Listing("main", title="h1", text="p")),
        (b'{"list": [{"t": "Rate", "d": "2026-11-27"}]}', Records("list", title="t", date="d")),
    )  # fmt: skip
    for body, adapter in how:
        assert apart.read(Page(body, URL, "", adapter)) == read(body, url=URL, adapter=adapter)
    assert len(apart.pids) == 1, "one process has read them all"


@pytest.mark.parametrize(
    "adapter", [None, Links(), WholePage("de"), Listing("li", date_order="dmy"), Records("a", "b")]
)
def test_an_adapter_is_asked_for_in_plain_words(adapter: Adapter | None) -> None:
    assert adapter_of(told_adapter(adapter)) == adapter


def test_what_cannot_be_read_is_told_as_here_and_the_process_goes_on(apart: Apart) -> None:
    with pytest.raises(Unreadable) as told:
        apart.read(Page(b"<html>no feed</html>", URL))
    assert told.value.code == "not_a_feed"
    before = apart.pids
    assert apart.read(Page(FEED, URL)).items[0].title == "Rate 9 %"
    assert apart.pids == before


def test_a_document_that_takes_too_long_ends_its_process_and_the_next_one_is_read() -> None:
    apart = Apart(seconds=3, number=1)
    try:
        with pytest.raises(ReadingFailed, match="not read in 3 s") as told:
            apart.read(Page(DEEP, URL))
        assert told.value.fault is Fault.READING_TOO_SLOW
        assert apart.pids == ()
        assert apart.read(Page(FEED, URL)).items[0].key == "1"
    finally:
        apart.close()


def test_a_document_that_wants_too_much_memory_ends_its_process_and_the_next_one_is_read() -> None:
    apart = Apart(seconds=60, most_memory=110 << 20, number=1)
    try:
        with pytest.raises(ReadingFailed, match=r"MemoryError|died") as told:
            apart.read(Page(WIDE, URL))
        assert told.value.fault is Fault.READING_CRASHED
        assert apart.read(Page(FEED, URL)).items[0].key == "1"
    finally:
        apart.close()


def test_a_process_that_is_killed_in_the_middle_is_told_with_its_signal() -> None:
    apart = Apart(seconds=30, number=1)
    apart.read(Page(FEED, URL))
    (pid,) = apart.pids
    killing = threading.Timer(0.5, os.kill, (pid, signal.SIGKILL))
    killing.start()
    try:
        with pytest.raises(ReadingFailed, match="SIGKILL") as told:
            apart.read(Page(DEEP, URL))
        assert told.value.fault is Fault.READING_CRASHED
        assert apart.read(Page(FEED, URL)).items[0].key == "1"
    finally:
        killing.join()
        apart.close()


def test_a_process_that_nobody_waits_for_any_more_ends_itself() -> None:
    apart = Apart(seconds=0.5, number=1)
    worker = apart._all[0]
    worker.kill = worker.close = lambda: None  # type: ignore[method-assign] # as if the parent had died
    with pytest.raises(ReadingFailed):
        apart.read(Page(DEEP, URL))
    process = worker._process
    assert process is not None
    assert process.wait(30) == -signal.SIGALRM
    del worker.kill, worker.close
    apart.close()


def test_another_document_is_read_while_one_hangs() -> None:
    apart = Apart(seconds=6, number=2)
    failed: list[str] = []

    def hang() -> None:
        try:
            apart.read(Page(DEEP, URL))
        except ReadingFailed as error:
            failed.append(error.fault)

    apart.read(Page(FEED, URL))
    hanging = threading.Thread(target=hang)
    hanging.start()
    time.sleep(0.3)
    try:
        assert all(apart.read(Page(FEED, URL)).items for _ in range(5))
        assert hanging.is_alive()
        hanging.join()
        assert failed == [Fault.READING_TOO_SLOW]
    finally:
        apart.close()


def test_a_process_that_has_read_many_is_replaced(apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.feeds.apart.WORN_AFTER", 2)
    seen = {(apart.read(Page(FEED, URL)), apart.pids)[1] for _ in range(4)}
    assert len(seen) == 2


def test_nothing_of_this_process_is_in_the_one_apart(apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXGATE_BOOTSTRAP_KEY", "secret")
    apart.read(Page(FEED, URL))
    with open(f"/proc/{apart.pids[0]}/environ", "rb") as told:
        assert b"secret" not in told.read()
