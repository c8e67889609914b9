"""Bytes of a source as items: RSS of any age, Atom and RDF by feedparser; lists on pages and JSON as the directory says."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import struct_time
from typing import Any, Final

import feedparser  # type: ignore[import-untyped]

from ingest.feeds.canonical import canonical
from ingest.feeds.items import Item, item
from ingest.feeds.links import Links, WholePage, linked, whole
from ingest.feeds.mending import mended
from ingest.feeds.pages import Listing, listed
from ingest.feeds.plain import one_line, plain
from ingest.feeds.records import Records, recorded

_AS_IT_IS: Final = {"sanitize_html": False, "resolve_relative_uris": False}
"""Markup becomes plain text here, by a parser that is not slow where it is nested on purpose."""
MOST: Final = 20_000
"""Items of one document that are read."""
_PROLOG: Final = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE[^>\[]*(\[|>)", re.IGNORECASE)
Adapter = Listing | Links | WholePage | Records
"""How a page or a JSON document is read; without one it is a feed."""


class Unreadable(ValueError):
    """Nothing can be read of it. `code`: entities, not_a_feed, not_json, nothing_found."""

    def __init__(self, code: str, why: str) -> None:
        self.code = code
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Read:
    """What a document says."""

    items: tuple[Item, ...]
    left_out: int
    """Entries that say nothing, or beyond the most that are read."""
    faults: tuple[str, ...] = ()
    """What was mended on the way: a wrong encoding, markup that does not close."""


def read(
    body: bytes, *, url: str, content_type: str = "", adapter: Adapter | None = None, language: str | None = None
) -> Read:
    """The items of a document, in its order, each key once. `language`: of the source, by which a wrong encoding is
    mended. Raises Unreadable."""
    found: list[Item | None]
    nothing = "nothing on the page looks like a publication: it may have been made anew, or need a script to be seen"
    match adapter:
        case Listing():
            found = listed(body, adapter, url, content_type)
            nothing = f"{adapter.items} finds nothing on the page: it was probably made anew"
        case Links():
            found = linked(body, adapter, url, content_type)
        case WholePage():
            found = whole(body, adapter, url, content_type)
        case Records():
            try:
                return _once(recorded(body, adapter, url), ())
            except ValueError as error:
                raise Unreadable("not_json", str(error)) from None
        case None:
            return _once(*_feed(body, url, content_type, language))
    if not found:
        raise Unreadable("nothing_found", nothing)
    return _once(found, ())


def _once(found: Iterable[Item | None], faults: tuple[str, ...]) -> Read:
    """Of two entries with one key the first: the newer one, as feeds are written."""
    kept: dict[str, Item] = {}
    left_out = 0
    for one in found:
        if one is None or len(kept) >= MOST:
            left_out += 1
        else:
            kept.setdefault(one.key, one)
    return Read(tuple(kept.values()), left_out, faults)


# -- feeds ------------------------------------------------------------------------------------------------------------------


def _feed(body: bytes, url: str, content_type: str, language: str | None) -> tuple[list[Item | None], tuple[str, ...]]:
    mending = mended(body, content_type, language)
    body, content_type = mending.body, mending.content_type
    _without_entities(body)
    headers = {"content-type": content_type or "application/xml", "content-location": url}
    # INVARIANT: a stream, never text: feedparser takes text for an address or the name of a file, and opens it.
    tree = feedparser.parse(io.BytesIO(body), response_headers=headers, **_AS_IT_IS)
    if not tree.get("version") and not tree.entries:
        why = tree.get("bozo_exception")
        raise Unreadable("not_a_feed", f"neither RSS nor Atom nor RDF{f': {why}' if why else ''}"[:300])
    if not tree.entries and tree.bozo and not isinstance(tree.bozo_exception, feedparser.ThingsNobodyCaresAboutButMe):
        # A feed may be empty; one that breaks off before its first entry is not.
        raise Unreadable("nothing_found", f"it breaks before its first entry: {tree.bozo_exception}"[:300])
    faults = (f"{type(tree.bozo_exception).__name__}: {tree.bozo_exception}"[:300],) if tree.bozo else ()
    own = tree.feed.get("language")
    return [_entry(one, url, own) for one in tree.entries], (*mending.faults, *faults)


def _entry(entry: dict[str, Any], url: str, language: str | None) -> Item | None:
    told = [one.get("value") or "" for one in entry.get("content") or ()] or [entry.get("summary") or ""]
    published = _instant(entry.get("published_parsed") or entry.get("created_parsed"))
    # Asked in the usual way for what is not there, feedparser gives `published` in its place.
    updated = _instant(dict.get(entry, "updated_parsed"))
    spoken = next((one.get("language") for one in entry.get("content") or () if one.get("language")), None)
    return item(
        own=(entry.get("id") or "").strip() or None,
        title=one_line(entry.get("title") or ""),
        text="\n".join(filter(None, map(plain, told))),
        link=canonical(entry.get("link") or "", url),
        published_at=published or updated,
        updated_at=updated if published else None,
        language=spoken or language,
    )


def _instant(parsed: struct_time | None) -> datetime | None:
    """feedparser's times are UTC. Years that no regulator has are none."""
    if parsed is None or not 1900 <= parsed.tm_year <= 2200:
        return None
    try:
        return datetime(*parsed[:5], min(parsed.tm_sec, 59), tzinfo=UTC)
    except ValueError:
        return None


def _without_entities(body: bytes) -> None:
    """Raises Unreadable for a document that declares entities: no feed needs any, and they are how small ones grow."""
    at = 0
    while (skipped := _PROLOG.match(body, at)) is not None:
        at = skipped.end()
    declared = _DOCTYPE.match(body, at)
    if declared is not None and declared[1] == b"[":
        raise Unreadable("entities", "it declares entities of its own, which are not read")
