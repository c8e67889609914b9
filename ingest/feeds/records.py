"""JSON documents as lists of publications, by paths that the directory has for a source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from ingest.feeds.canonical import canonical
from ingest.feeds.items import Item, item
from ingest.feeds.plain import one_line, plain


@dataclass(frozen=True, slots=True)
class Records:
    """Where things are in a JSON document: names with points between them; empty: it is not there.

    `link` may hold `{}`, in the place of which `link_of` goes: `https://law.example/doc/{}`.
    """

    items: str
    title: str
    id: str = ""
    text: str = ""
    link: str = ""
    link_of: str = ""
    date: str = ""
    updated: str = ""
    language: str | None = None


def recorded(body: bytes, how: Records, url: str) -> list[Item | None]:
    """The records of a document, in its order. Raises ValueError for what is not JSON, or has no list where it should be."""
    try:
        tree = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error}") from None
    found = _at(tree, how.items)
    if not isinstance(found, list):
        raise ValueError(f"there is no list at {how.items or 'its top'}")
    return [_record(one, how, url) for one in found]


def _record(one: Any, how: Records, url: str) -> Item | None:
    own, link = _text(one, how.id), _text(one, how.link_of or how.link)
    if how.link_of and link and "{}" in how.link:
        link = how.link.replace("{}", link)
    return item(
        own=own or None,
        title=one_line(_text(one, how.title)),
        text=plain(_text(one, how.text)),
        link=canonical(link, url) if link else None,
        published_at=_instant(_text(one, how.date)),
        updated_at=_instant(_text(one, how.updated)),
        language=how.language,
    )


def _at(tree: Any, path: str) -> Any:
    for name in filter(None, path.split(".")):
        if isinstance(tree, list) and name.isdigit():
            tree = tree[int(name)] if int(name) < len(tree) else None
        else:
            tree = tree.get(name) if isinstance(tree, dict) else None
    return tree


def _text(tree: Any, path: str) -> str:
    """Text at a path; several pieces are several lines."""
    found = _at(tree, path) if path else None
    if isinstance(found, list):
        return "\n".join(str(one) for one in found if isinstance(one, (str, int)))
    return str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else ""


def _instant(text: str) -> datetime | None:
    """An ISO date or instant, or seconds since 1970; without an offset it is UTC."""
    if text.isascii() and text.isdigit() and 9 <= len(text) <= 13:
        seconds = int(text) // (1000 if len(text) > 10 else 1)
        return datetime.fromtimestamp(seconds, UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    found = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return found.astimezone(UTC) if 1900 < found.year < 2200 else None
