"""Documents made to harm: each stops itself and is one line in the log, its neighbour is read, and what came is kept."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from engine.ledger import Ledger
from ingest.directory import Form
from ingest.feeds.apart import Apart
from ingest.fetch import Manners, Targets
from ingest.gathering import Gathered
from tests.empty import empty_ledger
from tests.ingest.site import Answer, dripping, said, site
from tests.ingest.watching import Watch, feed

PATIENCE = Manners(pause=timedelta(0), seconds=3, most_bytes=10_000_000)
NEIGHBOUR = Gathered("de-neighbour-1", "new", 1)
RUSSIAN = "Ставка НДС 22 процента применяется с 1 января 2027 года"


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    with Ledger.open(empty_ledger(tmp_path / "lexgate.db")) as ledger:
        found = Watch(ledger, PATIENCE)
        found.apart = lambda: Apart(seconds=4, number=2)
        yield found
        assert ledger.verify().ok


def look(watch: Watch, hostile: Answer, form: Form = Form.FEED, language: str = "de") -> Gathered:
    """What comes of a hostile source, which has a well-behaved one beside it."""

    async def once() -> list[Gathered]:
        pages = {"/feed": said(feed(("1", "Neighbour")), content_type="text/xml")}
        async with site({"/feed": hostile}) as bad, site(pages) as good:
            targets = Targets(bad.targets.allowed | good.targets.allowed)
            urls = {"hostile": f"{bad.url}/feed", "neighbour": f"{good.url}/feed"}
            worker = watch.gatherer(urls, targets, form=form, language=language)
            try:
                return await worker.once()
            finally:
                await worker.close()

    found = {one.source: one for one in asyncio.run(once())}
    assert found["de-neighbour-1"] == NEIGHBOUR
    assert sorted(watch.heard, key=lambda one: one.source) == [found["de-hostile-1"], NEIGHBOUR], "one line for each"
    (state,) = (one for one in watch.ledger.feeds.states() if one.source == "de-hostile-1")
    told = found["de-hostile-1"]
    assert (state.fault, state.holder) == ("" if told.outcome in ("new", "same") else told.outcome, "")
    return told


def kept(watch: Watch, body: bytes) -> bool:
    """Whether a document is there as it came."""
    document = watch.ledger.feeds.document(f"sha256:{sha256(body).hexdigest()}")
    return document is not None and document.content == body


# -- what is stopped before it is read ------------------------------------------------------------------------------------------


def endless(piece: bytes, pause: float) -> Answer:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield piece
            await asyncio.sleep(pause)

    return dripping(pieces, content_type="text/xml")


@pytest.mark.parametrize(("hostile", "fault", "why"), [
    pytest.param(said(b"<rss>" + b"<item/>" * 7_500_000), "too_large", "52500005 bytes are announced", id="50 MB announced"),
    pytest.param(endless(b"<item/>" * 20_000, 0), "too_large", "more than 10000000 bytes", id="a stream without an end"),
    pytest.param(endless(b".", 0.05), "too_slow", "not done in 3 s", id="a slow drip"),
    pytest.param(
        said(gzip.compress(bytes(100_000_000), 9, mtime=0), content_encoding="gzip"), "too_large", "more than 10000000 bytes",
        id="a gzip bomb",
    ),
    pytest.param(
        said(status=302, location="http://169.254.169.254/latest/meta-data/"), "forbidden_target", "169.254", id="a cloud",
    ),
    pytest.param(said(status=301, location="http://[fd00::1]/"), "forbidden_target", "fd00::1", id="the house"),
])  # fmt: skip
def test_what_harms_on_the_way_is_left_there(watch: Watch, hostile: Answer, fault: str, why: str) -> None:
    told = look(watch, hostile)
    assert (told.outcome, told.new) == (fault, 0)
    assert why in told.detail
    assert watch.titles == ["Neighbour"]


# -- what harms when it is read -------------------------------------------------------------------------------------------------

BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<rss version="2.0"><channel><item><title>&d;</title></item></channel></rss>"""
DEEP = b"<rss version='2.0'><channel><item><description>" + b"<a>" * 1_000_000
WIDE = b"<div " + b" ".join(b"a%d=1" % at for at in range(400_000)) + b">x"
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<rss version="2.0"><channel><item><title>&x;</title></item></channel></rss>"""


@pytest.mark.parametrize(("body", "form", "fault"), [
    pytest.param(BOMB, Form.FEED, "entities", id="billion laughs"),
    pytest.param(BOMB.decode().encode("utf-16"), Form.FEED, "entities", id="billion laughs in UTF-16"),
    pytest.param(OUTSIDE, Form.FEED, "entities", id="an entity from outside"),
    pytest.param(DEEP, Form.FEED, "reading_too_slow", id="deep feed"),
    pytest.param(b"<div>" * 400_000, Form.LINKS, "nothing_found", id="deep page"),
    pytest.param(WIDE, Form.PAGE, "reading_too_slow", id="wide element"),
    pytest.param(b"<rss>" + b"<" * 10_000, Form.FEED, "nothing_found", id="broken at once"),
    pytest.param(b"[" * 1_000_000, Form.FEED, "not_a_feed", id="deep JSON"),
    pytest.param(b"", Form.FEED, "not_a_feed", id="nothing at all"),
    pytest.param(bytes(range(256)) * 100, Form.FEED, "not_a_feed", id="noise"),
])  # fmt: skip
def test_what_harms_when_it_is_read_stops_itself_and_is_kept(watch: Watch, body: bytes, form: Form, fault: str) -> None:
    told = look(watch, said(body), form)
    assert (told.outcome, told.new) == (fault, 0)
    assert f"kept as sha256:{sha256(body).hexdigest()}" in told.detail
    assert kept(watch, body)
    assert watch.titles == ["Neighbour"]


def test_fifty_megabytes_that_a_source_may_have_stop_their_process_alone(watch: Watch) -> None:
    watch.manners = Manners(pause=timedelta(0), seconds=20, most_bytes=60_000_000)
    watch.apart = lambda: Apart(seconds=3, number=2)
    body = b"<rss version='2.0'><channel>" + b"<item/>" * 7_200_000 + b"</channel></rss>"
    assert look(watch, said(body)).outcome in ("reading_too_slow", "reading_crashed")
    assert kept(watch, body)


def test_of_a_feed_with_ten_thousand_items_all_are_kept(watch: Watch) -> None:
    watch.manners = Manners(pause=timedelta(0), seconds=20)
    watch.apart = lambda: Apart(seconds=60, most_memory=512 << 20, number=2)
    body = feed(*((str(at), f"Notice {at} of the year") for at in range(10_000)))
    assert look(watch, said(body, content_type="text/xml")).new == 10_000
    assert watch.ledger.feeds.number() == 10_001
    assert kept(watch, body)


# -- what says that it is written otherwise than it is --------------------------------------------------------------------------


def rss(encoding: str, title: str, key: str = "1") -> str:
    return (
        f"<?xml version='1.0' encoding='{encoding}'?><rss version='2.0'><channel><title>N</title><item><guid isPermaLink='false'>"
        f"{key}</guid><title>{title}</title><link>https://law.example/?n={key}</link></item></channel></rss>"
    )


SURROGATE = rss("utf-8", "Rate \ud800 9").encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(("body", "title", "why"), [
    pytest.param(rss("utf-8", RUSSIAN).encode("cp1251"), RUSSIAN, "read as windows-1251", id="windows-1251 that says utf-8"),
    pytest.param(rss("utf-16", RUSSIAN).encode("utf-16-le"), RUSSIAN, "utf-16-le without a mark", id="UTF-16 without a mark"),
    pytest.param(rss("utf-16", RUSSIAN).encode("utf-16-be"), RUSSIAN, "utf-16-be without a mark", id="the other UTF-16"),
    pytest.param(rss("utf-8", RUSSIAN).encode("utf-16"), RUSSIAN, "", id="UTF-16 that says utf-8"),
    pytest.param(rss("utf-8", "Rate\x00 9\x01 %", "\x00a").encode(), "Rate 9 %", "control characters were left out", id="NULs"),
    pytest.param(rss("utf-8", "Rate &#xD800;&#0; 9", "&#xDFFF;a").encode(), "Rate \ufffd\ufffd 9", "", id="surrogates by number"),
    pytest.param(SURROGATE, "Rate", "read as windows-1251", id="lone surrogates"),
    pytest.param(rss("x-klingon", "Rate é").encode(), "Rate é", "", id="an encoding that nobody knows"),
])  # fmt: skip
def test_what_is_written_otherwise_than_it_says_is_read_and_told(
    watch: Watch, body: bytes, title: str, why: str
) -> None:
    told = look(watch, said(body, content_type="application/rss+xml; charset=utf-8"), language="ru")
    assert (told.outcome, told.new) == ("new", 1)
    assert why in told.detail
    assert kept(watch, body)
    read = next(one for one in watch.ledger.feeds.items(0, 9) if one.source == "de-hostile-1")
    assert str(read.body["title"]).startswith(title)
    assert "\x00" not in read.key


# -- what is kept ---------------------------------------------------------------------------------------------------------------


def test_a_document_that_cannot_be_read_is_kept_once_however_often_it_comes(watch: Watch) -> None:
    for _ in range(3):
        told = watch.look({"/feed": said(b"<html>down for maintenance</html>")})
        assert told[0].outcome == "not_a_feed"
        watch.now += timedelta(days=2)
    assert kept(watch, b"<html>down for maintenance</html>")
    (state,) = watch.ledger.feeds.states()
    assert (state.failures, state.etag) == (3, ""), "it is asked for whole the next time"


def test_a_feed_that_is_empty_is_no_fault_and_is_kept(watch: Watch) -> None:
    (told,) = watch.look({"/feed": said(feed())})
    assert (told.outcome, told.new) == ("same", 0)
    assert kept(watch, feed())
