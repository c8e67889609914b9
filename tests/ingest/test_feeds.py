"""Publications in every form that regulators give them, well made or not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from ingest.feeds import Item, Read, Unreadable, read
from ingest.feeds.pages import Listing
from ingest.feeds.records import Records

URL = "https://regulator.example/news/feed.xml"
RSS_2 = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>News</title><language>fr-FR</language>
<item><guid isPermaLink="false">n-1</guid><title>Taux &lt;i&gt;r\u00e9duit&lt;/i&gt; de TVA</title>
<link>/news/1?utm_source=rss&amp;id=1#top</link><pubDate>Fri, 27 Nov 2026 10:00:00 +0100</pubDate>
<description><![CDATA[<p>\u00c0 compter du 1er janvier 2027:&nbsp;<b>5,5</b>&#37;</p>
<p>au lieu de 10 %.</p><script>x()</script>]]></description></item>
<item><guid isPermaLink="false">n-2</guid><title></title><description/></item>
</channel></rss>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>News</title>
<entry><id>urn:x:1</id><title type="html">Gesetz &amp;amp; Verordnung</title><link rel="alternate" href="https://regulator.example/a"/>
<published>2026-11-27T09:00:00Z</published><updated>2026-11-28T09:00:00+01:00</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Der Satz betr\u00e4gt <b>7</b> %.</p></div>
</content></entry></feed>"""
RDF = """<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/">
<item rdf:about="https://regulator.example/1"><title>Notice</title><link>https://regulator.example/1</link>
<description>The rate is 9 %.</description><dc:date>2026-11-27T09:00:00+09:00</dc:date></item></rdf:RDF>"""
RSS_091 = """<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>N</title><item><title>Old</title><link>https://regulator.example/o</link>
<description>Older.</description></item></channel></rss>"""


def one(body: str | bytes, **how: Any) -> Item:
    """The first item of a document."""
    return many(body, **how).items[0]


def many(body: str | bytes, **how: Any) -> Read:
    """All of a document."""
    return read(body.encode() if isinstance(body, str) else body, **{"url": URL, **how})


def test_rss_in_plain_text_with_its_address_time_and_language() -> None:
    found = many(RSS_2)
    assert found.items == (
        Item(
            "n-1", "Taux r\u00e9duit de TVA", "\u00c0 compter du 1er janvier 2027: 5,5%\nau lieu de 10 %.",
            "https://regulator.example/news/1?id=1", datetime(2026, 11, 27, 9, tzinfo=UTC), None, "fr",
        ),
    )  # fmt: skip
    assert (found.left_out, found.faults) == (1, ())


def test_atom() -> None:
    found = one(ATOM)
    assert (found.key, found.title, found.text, found.link) == (
        "urn:x:1", "Gesetz & Verordnung", "Der Satz betr\u00e4gt 7 %.", "https://regulator.example/a",
    )  # fmt: skip
    assert found.published_at == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 11, 28, 8, tzinfo=UTC)
    assert found.language == "de"


def test_rdf_and_the_oldest_rss() -> None:
    assert (one(RDF).text, one(RDF).published_at) == ("The rate is 9 %.", datetime(2026, 11, 27, tzinfo=UTC))
    assert (one(RSS_091).title, one(RSS_091).link) == ("Old", "https://regulator.example/o")


@pytest.mark.parametrize(("encoding", "declared", "header"), [
    ("utf-8", "utf-8", ""), ("utf-16", "utf-16", ""), ("iso-8859-1", "iso-8859-1", ""), ("windows-1252", "windows-1252", ""),
    ("utf-8", "iso-8859-1", "application/rss+xml; charset=utf-8"), ("utf-8-sig", "utf-8", "text/xml"),
])  # fmt: skip
def test_encodings_said_or_shown(encoding: str, declared: str, header: str) -> None:
    body = RSS_2.replace('encoding="utf-8"', f'encoding="{declared}"').encode(encoding)
    assert one(body, content_type=header).title == "Taux r\u00e9duit de TVA"


def test_a_feed_that_lies_about_its_encoding_loses_no_item() -> None:
    found = many(RSS_2.encode("iso-8859-1"))
    assert (found.items[0].key, len(found.items)) == ("n-1", 1)
    assert found.faults


@pytest.mark.parametrize("broken", [
    RSS_2.replace("</channel></rss>", ""), RSS_2.replace("</item>\n<item>", "<item>"), RSS_2.replace("&lt;i&gt;", "&nbsp;&"),
    "\n\n  " + RSS_2, RSS_2.replace("<rss", "<!-- a -- b --><rss"), RSS_2.replace("r\u00e9duit", "r\x00\x01duit"),
])  # fmt: skip
def test_markup_that_does_not_close_is_mended(broken: str) -> None:
    assert "n-1" in {found.key for found in many(broken).items}


# -- what grows, or is none -----------------------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-8-sig", "utf-32"])
@pytest.mark.parametrize("prolog", ['<?xml version="1.0"?>', '<?xml version="1.0"?><!-- x > [ -->\n', ""])
def test_entities_are_not_read_in_any_encoding(encoding: str, prolog: str) -> None:
    body = RSS_2.partition("?>")[2].replace("<rss", f"{BOMB}<rss").replace("Taux", "&b;")
    with pytest.raises(Unreadable) as refused:
        many((prolog + body.strip()).encode(encoding))
    assert refused.value.code == "entities"


def test_a_file_is_not_read_where_its_name_is_the_body(tmp_path: Any) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_text(RSS_2)
    for body in (str(secret), f"file://{secret}", "http://127.0.0.1:9/feed"):
        with pytest.raises(Unreadable):
            many(body)


@pytest.mark.parametrize("body", ["", "<html><body><p>We moved.</p></body></html>", "{}", "\x00" * 1000, "not a feed"])
def test_what_is_no_feed_is_told(body: str) -> None:
    with pytest.raises(Unreadable) as refused:
        many(body)
    assert refused.value.code == "not_a_feed"


def test_a_feed_of_ten_thousand_items_gives_each_once() -> None:
    items = "".join(f"<item><guid>{at % 9_999}</guid><title>Notice {at}</title></item>" for at in range(10_000))
    found = many(f'<rss version="2.0"><channel>{items}</channel></rss>')
    assert (len(found.items), found.items[0].title) == (9_999, "Notice 0")


def test_markup_a_hundred_thousand_deep_is_no_end() -> None:
    deep = "<div>" * 100_000
    found = many(RSS_2.replace("<p>au lieu", f"{deep}<p>au lieu"))
    assert found.items[0].key == "n-1"


def test_long_texts_are_cut_and_say_so() -> None:
    long = RSS_2.replace("au lieu de 10 %.", "x " * 150_000)
    found = one(long)
    assert (found.cut, len(found.text)) == (True, 200_000)


# -- pages and records ---------------------------------------------------------------------------------------------------------

PAGE = """<!doctype html><html lang="es"><head><meta charset="iso-8859-1"></head><body><nav><ul><li><a href="/">Inicio</a>
</li></ul></nav><ul class="news"><li><time datetime="2026-11-27">27 nov</time><a href="/n/1?fbclid=3">Reforma del IVA</a>
<p>El tipo ser\xe1 del <b>21 %</b>.</p></li>
<li><span class="d">26/11/2026</span><a href="javascript:x()">Aviso</a></li><li></li></ul></body></html>""".encode(
    "latin-1"
)
HOW = Listing(items="ul.news > li", title="a", text="p", date="time, .d", date_order="dmy")


def test_a_list_on_a_page() -> None:
    found = many(PAGE, adapter=HOW)
    assert [(item.title, item.text, item.link, item.published_at, item.language) for item in found.items] == [
        (
            "Reforma del IVA",
            "El tipo ser\xe1 del 21 %.",
            "https://regulator.example/n/1",
            datetime(2026, 11, 27, tzinfo=UTC),
            "es",
        ),
        ("Aviso", "", None, datetime(2026, 11, 26, tzinfo=UTC), "es"),
    ]
    assert found.left_out == 1


def test_a_page_that_was_made_anew_is_told_not_taken_for_empty() -> None:
    with pytest.raises(Unreadable) as refused:
        many(b"<ul class='other'><li>x</li></ul>", adapter=HOW)
    assert refused.value.code == "nothing_found"
    with pytest.raises(ValueError, match="y, m and d in some order"):
        Listing(items="li", date_order="ddm")


def test_records_of_json() -> None:
    told = {"data": {"hits": [
        {"no": 7, "name": "Rule <b>7</b>", "abstract": ["One.", "Two."], "published": "2026-11-27", "changed": 1795770000},
        {"no": None, "name": "", "abstract": None, "published": "soon"},
    ]}}  # fmt: skip
    how = Records(
        items="data.hits", title="name", id="no", text="abstract", link="https://regulator.example/doc/{}", link_of="no",
        date="published", updated="changed", language="en",
    )  # fmt: skip
    found = many(orjson.dumps(told), adapter=how)
    assert found.items == (
        Item("7", "Rule 7", "One.\nTwo.", "https://regulator.example/doc/7", datetime(2026, 11, 27, tzinfo=UTC),
             datetime(2026, 11, 27, 9, tzinfo=UTC), "en"),
    )  # fmt: skip
    assert found.left_out == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b'{"data": {}}', b"[]", b'{"data": {"hits": 3}}'])
def test_what_is_no_list_of_records_is_told(body: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        many(body, adapter=Records(items="data.hits", title="name"))
    assert refused.value.code == "not_json"
