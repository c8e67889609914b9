"""Pages that nobody has described: their links as publications, or the page itself as one text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.feeds.canonical import canonical
from ingest.feeds.items import Item, item
from ingest.feeds.pages import page_of, written_date
from ingest.feeds.plain import one_line, plain

SHORTEST: Final = 20
"""Characters of a link that may be the title of a publication; below stand `Home`, `Read more`, `PDF`."""
_ASIDE: Final = (
    "nav",
    "header",
    "footer",
    "aside",
    "form",
    "script",
    "style",
    "template",
    "[role=navigation]",
    "[aria-hidden=true]",
)
_MAIN: Final = ("main", "[role=main]", "#content", "#main", "article", "body")
_SPACED: Final = re.compile(r"[^\W\d_]{2,}.*[^\W\d_]{2,}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Links:
    """A page whose links are publications: those of its main part, to its own site, that are long enough to be titles."""

    language: str | None = None


@dataclass(frozen=True, slots=True)
class WholePage:
    """A page that is itself the text."""

    language: str | None = None


def linked(body: bytes, how: Links, url: str, content_type: str = "") -> list[Item | None]:
    """The publications that a page leads to, in its order; none of a page that is nested as nobody writes one."""
    tree, language = page_of(body, how.language, content_type)
    return [] if tree is None else list(_links(tree, url, language))


def _links(tree: LexborHTMLParser, url: str, language: str | None) -> Iterator[Item | None]:
    own = _site(url)
    for node in _main(tree).css("a[href]"):
        title = one_line(node.html or "")
        link = canonical(node.attributes.get("href") or "", url)
        if (
            link is None
            or link == canonical(url)
            or _site(link) != own
            or len(title) < SHORTEST
            or not _SPACED.search(title)
        ):
            continue
        yield item(own=None, title=title, text="", link=link, published_at=_date_beside(node), language=language)


def _main(tree: LexborHTMLParser) -> LexborNode:
    for selector in _ASIDE:
        for node in tree.css(selector):
            node.decompose()
    for selector in _MAIN:
        found: LexborNode | None = tree.css_first(selector)
        if found is not None and found.css_first("a[href]") is not None:
            return found
    assert tree.root is not None, "a page has a root"
    return tree.root


def _date_beside(node: LexborNode) -> datetime | None:
    """The day that stands in the entry of a link: in one of the two elements around it, where that holds no other link."""
    around = node.parent
    for _ in range(2):
        if around is None or len(around.css("a[href]")) > 1:
            return None
        dated = around.css_first("time")
        found = written_date(dated if dated is not None else around, "ymd") or written_date(around, "dmy")
        if found is not None:
            return found
        around = around.parent
    return None


def _site(url: str) -> str:
    """The host, without `www`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def whole(body: bytes, how: WholePage, url: str, content_type: str = "") -> list[Item | None]:
    """The page as one item, which is another one whenever its text changes."""
    tree, language = page_of(body, how.language, content_type)
    if tree is None:
        return []
    named = tree.css_first("h1") or tree.css_first("title")
    title = one_line(named.html or "") if named is not None else ""
    text = plain(_main(tree).html or "")
    return (
        [item(own=None, title=title, text=text, link=canonical(url), published_at=None, language=language)]
        if text
        else []
    )
