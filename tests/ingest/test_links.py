"""Pages that nobody has described."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.feeds import Unreadable, read
from ingest.feeds.links import Links, WholePage

URL = "https://www.bank.example/news/"
PAGE = b"""<!doctype html><html lang="en"><head><title>News | Bank</title></head><body>
<header><a href="/about-the-authority-and-its-work">About the Authority and its work</a></header>
<nav><a href="/rules-and-guidance-in-one-place">Rules and guidance in one place</a></nav>
<main><h1>News</h1><ul>
<li><span>26 November</span><time datetime="2026-11-26">26/11</time>
<a href="/news/1?utm_source=x">Notice on customer due diligence, as amended</a></li>
<li>2026-11-25 <a href="https://bank.example/news/2"><b>Circular 7/2026</b> on strong authentication</a></li>
<li><p>03.11.2026</p><a href="/news/3">Consultation on instant payments opens</a> <a href="/news/3.pdf">PDF</a></li>
<li><a href="https://other.example/a-paper-by-somebody-else">A paper by somebody else altogether</a></li>
<li><a href="/news/1">Notice on customer due diligence, as amended</a></li>
<li><a href="/news/4">Read more</a><a href="#top">Back to the top of this page</a>
<a href="javascript:share()">Share this page with others</a></li>
</ul></main><footer><a href="/privacy-and-cookies-notice">Privacy and cookies notice</a></footer></body></html>"""


def test_links_of_the_main_part_to_the_own_site_that_read_like_titles() -> None:
    found = read(PAGE, url=URL, adapter=Links())
    assert [(one.title, one.link, one.published_at) for one in found.items] == [
        (
            "Notice on customer due diligence, as amended",
            "https://www.bank.example/news/1",
            datetime(2026, 11, 26, tzinfo=UTC),
        ),
        ("Circular 7/2026 on strong authentication", "https://bank.example/news/2", datetime(2026, 11, 25, tzinfo=UTC)),
        ("Consultation on instant payments opens", "https://www.bank.example/news/3", None),
    ]
    assert {one.language for one in found.items} == {"en"}


def test_a_page_without_a_publication_is_told() -> None:
    with pytest.raises(Unreadable) as refused:
        read(b"<html><body><div id=app></div><a href='/'>Home</a></body></html>", url=URL, adapter=Links())
    assert refused.value.code == "nothing_found"
    with pytest.raises(Unreadable):
        read(b"<div>" * 5_000, url=URL, adapter=Links())


def test_a_page_that_is_the_text_is_one_item_that_changes_with_it() -> None:
    page = "<html lang='nl'><body><nav>Menu</nav><main><h1>Btw-tarieven</h1><p>Het tarief is {} %.</p></main></body></html>"
    was, now = (read(page.format(rate).encode(), url=URL, adapter=WholePage()).items[0] for rate in (9, 21))
    assert (was.title, was.text, was.language) == ("Btw-tarieven", "Btw-tarieven\nHet tarief is 9 %.", "nl")
    assert (was.key, was.digest == now.digest) == (now.key, False)
    with pytest.raises(Unreadable):
        read(b"<html><body></body></html>", url=URL, adapter=WholePage())
