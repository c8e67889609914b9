"""Lists on web pages, by selectors that the directory has for a source: a page that is made anew finds nothing, and is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from ingest.feeds.canonical import canonical
from ingest.feeds.items import Item, item
from ingest.feeds.plain import is_too_deep, one_line, plain

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Listing:
    """How a list on a page is read. All but `items` are looked for within an item; empty: the item itself, or nothing."""

    items: str
    """CSS selector of one entry."""
    title: str = ""
    link: str = "a[href]"
    text: str = ""
    date: str = ""
    date_order: str = "ymd"
    """In which order a date of three numbers has year, month and day."""
    language: str | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for an order that is none."""
        if sorted(self.date_order) != ["d", "m", "y"]:
            raise ValueError(f"{self.date_order}: y, m and d in some order are wanted")


def check_selectors(*selectors: str) -> None:
    """Raises ValueError for a selector that nobody can look for; empty ones are none."""
    nothing = LexborHTMLParser("")
    for one in filter(None, selectors):
        try:
            nothing.css_first(one)
        except SelectolaxError:
            raise ValueError(f"{one!r} is no CSS selector") from None


def listed(body: bytes, how: Listing, url: str, content_type: str = "") -> list[Item | None]:
    """The entries of a page, in its order; none of a page that is nested as nobody writes one."""
    tree, language = page_of(body, how.language, content_type)
    return [] if tree is None else list(_items(tree, how, url, language))


def page_of(body: bytes, language: str | None, content_type: str) -> tuple[LexborHTMLParser | None, str | None]:
    """A page, and its language: as the directory says, else as the page does. None: it is nested as nobody writes one."""
    text = _text(body, content_type)
    if is_too_deep(text):
        return None, language
    tree = LexborHTMLParser(text)
    return tree, language or (tree.root.attributes.get("lang") if tree.root is not None else None)


def _items(tree: LexborHTMLParser, how: Listing, url: str, language: str | None) -> Iterator[Item | None]:
    for node in tree.css(how.items):
        link = _first(node, how.link) if how.link else node
        named = _first(node, how.title) if how.title else link
        said = _first(node, how.text) if how.text else None
        dated = _first(node, how.date) if how.date else None
        address = link.attributes.get("href") if link is not None else None
        yield item(
            own=None,
            title=one_line((named or node).html or ""),
            text=plain(said.html or "") if said is not None else "",
            link=canonical(address, url) if address else None,
            published_at=written_date(dated, how.date_order) if dated is not None else None,
            language=language,
        )


def _first(node: LexborNode, selector: str) -> LexborNode | None:
    found: LexborNode | None = node.css_first(selector)
    return found


def written_date(node: LexborNode, order: str) -> datetime | None:
    """Midnight UTC of a date in a `datetime` attribute, or of one written in three numbers."""
    told = node.attributes.get("datetime") or ""
    try:
        return datetime.combine(date.fromisoformat(told[:10]), datetime.min.time(), UTC)
    except ValueError:
        pass
    numbers = [int(one) for one in _NUMBERS.findall(node.text())[:3] if len(one) <= 4]
    if len(numbers) != 3:
        return None
    by = dict(zip(order, numbers, strict=True))
    try:
        return datetime(by["y"], by["m"], by["d"], tzinfo=UTC)
    except ValueError:
        return None


def _text(body: bytes, content_type: str) -> str:
    """A page in the encoding that it says, or that its bytes show (Encoding Standard, roughly)."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    told = _CHARSET.search(content_type) or _CHARSET.search(body[:2048].decode("latin-1"))
    for encoding in (told[1] if told else "utf-8", "utf-8"):
        try:
            return body.decode("windows-1252" if encoding.lower() == "iso-8859-1" else encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("windows-1252", "replace")
