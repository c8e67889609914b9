"""XML as it streams, locked down: no document type, no entities, no network, one record in memory at a time.

lxml resolves nothing here (`resolve_entities=False, load_dtd=False, no_network=True`), and libxml2's own limits stay on
(`huge_tree=False`: 256 levels, 10 MB in one text or attribute). A document type is refused before the parser sees it: the bytes
are read as UTF-8 whatever they declare, so that no other encoding can hide one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, Protocol

from lxml import etree  # type: ignore[import-untyped]

from engine.screening.lists.errors import BrokenList, EmptyList, HostileList, ListError, TruncatedList, UnknownFormat
from engine.screening.lists.limits import CHUNK, Bounded, Limits, clean


class Element(Protocol):
    """What is used of lxml's elements, which have no types of their own."""

    tag: str
    text: str | None

    def get(self, name: str, /) -> str | None: ...

    def find(self, path: str, /) -> Element | None: ...

    def findall(self, path: str, /) -> list[Element]: ...


_FORBIDDEN: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)")
_OVERLAP: Final = 32
_BEYOND: Final = 114
"""libxml2: a limit of the library itself."""


def records(
    stream: BinaryIO, roots: frozenset[str], wanted: frozenset[str], limits: Limits
) -> Iterator[tuple[str, Element]]:
    """The root first, as soon as it is open, then each wanted element when it is whole; by local names, in any namespace.

    An element is emptied when the next one is asked for. Raises BrokenList, TruncatedList, EmptyList, UnknownFormat, HostileList.
    """
    parser = _parser(roots | wanted)
    opened, since = False, 0
    for size in _fed(parser, Bounded(stream, limits)):
        since += size
        for event, element in parser.read_events():
            if not opened:
                opened = True
                yield _root(element, roots)
            name = local(element)
            if event == "end" and name in wanted:
                yield name, element
                _drop(element)
                since = 0
        if since > limits.record_bytes:
            raise HostileList(f"More than {limits.record_bytes} bytes without the end of a record")
    if not opened:
        raise UnknownFormat(f"No element {' or '.join(sorted(roots))} begins this file")


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text(element: Element, path: str) -> str:
    """The trimmed text at a path of local names (`a/b`), or nothing."""
    found = element.find(_anywhere(path))
    return "" if found is None else clean(found.text)


def texts(element: Element, path: str) -> list[str]:
    """All texts at a path that are not empty."""
    return [said for one in every(element, path) if (said := clean(one.text))]


def every(element: Element, path: str) -> list[Element]:
    """All elements at a path of local names."""
    return element.findall(_anywhere(path))


def attribute(element: Element, name: str) -> str:
    """A trimmed attribute, or nothing."""
    return clean(element.get(name))


def _anywhere(path: str) -> str:
    return "/".join(f"{{*}}{name}" for name in path.split("/"))


def _parser(tags: frozenset[str]) -> Any:
    return etree.XMLPullParser(
        events=("start", "end"),
        tag=[f"{{*}}{name}" for name in sorted(tags)],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )


def _fed(parser: Any, source: Bounded) -> Iterator[int]:
    """Feed a piece at a time, each with its size."""
    tail = b""
    while chunk := source.read(CHUNK):
        if b"\0" in chunk:
            raise BrokenList("NUL bytes: this is no text in UTF-8")
        if _FORBIDDEN.search(tail + chunk):
            raise HostileList("The file declares a document type or entities; no publisher's does")
        tail = (tail + chunk)[-_OVERLAP:]
        try:
            parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            raise _told(error) from None
        yield len(chunk)
    if not tail:
        raise EmptyList("The file is empty")
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        # What is malformed was found while it was fed: at the end there is only too little, or something behind the end.
        raise TruncatedList(f"Line {error.lineno or 0}: the file ends early, or goes on after its end") from None
    yield 0


def _told(error: Any) -> ListError:
    line = error.lineno or 0
    if error.code == _BEYOND:
        return HostileList(f"Line {line}: beyond the limits of depth or of one text")
    return BrokenList(f"Line {line}: not well-formed XML (libxml2 error {error.code})")


def _root(element: Any, roots: frozenset[str]) -> tuple[str, Element]:
    top = element.getroottree().getroot()
    if local(top) not in roots:
        raise UnknownFormat(f"The file begins with <{local(top)[:40]}>, not with {' or '.join(sorted(roots))}")
    return local(top), top


def _drop(element: Any) -> None:
    """Let go of the element and of all before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
