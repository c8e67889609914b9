"""Reads and links the labelled items with what is shipped. What is not built yet is told, never stood in for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from ingest.read.model import Reading, Topic
from tests.ingest.evaluation.labelled import Item, Number, Place
from tests.ingest.evaluation.measures import Found, Seen


class NotThere(Exception):
    """A part of the ingester that the evaluation needs cannot be imported."""


class Reads(Protocol):
    """What reads a publication."""

    def read(self, title: str, text: str, **about: Any) -> Reading:
        """What was read."""


class Links(Protocol):
    """What links a reading to the packs."""

    def links(self, reading: Reading, **about: Any) -> Sequence[Any]:
        """The links, best first."""


def reader() -> Reads:
    """The shipped reader, as the service has it. Raises NotThere."""
    try:
        from api.understanding import shipped_reader

        return shipped_reader()[0]
    except ImportError as why:
        raise NotThere(f"no reader: {why}") from why


def linker() -> Links:
    """A linker to the shipped packs. Raises NotThere."""
    from api.bundled import rulepacks
    from engine.packs import load_packs

    try:
        from ingest.link import Linker
    except ImportError as why:
        raise NotThere(f"no linker: {why}") from why
    made: Links = Linker(load_packs(rulepacks()))
    return made


def run(items: Sequence[Item], reads: Reads, links: Links | None) -> list[Seen]:
    """Every item with what was read of it. The language is not told to the reader; the jurisdiction of the source is."""
    seen = []
    for item in items:
        reading = reads.read(
            item.title, item.text, published=item.published, language=None, jurisdiction=item.jurisdiction
        )
        seen.append((item, found(reading, _linked(links, reading, item))))
    return seen


def found(reading: Reading, links: tuple[Place, ...] | None) -> Found:
    """What an officer is shown of it: of an irrelevant item neither dates nor numbers."""
    told = reading.relevant
    return Found(
        relevant=told,
        status=reading.status,
        topics=frozenset(Topic(one.name) for one in reading.topics) if told else frozenset(),
        change=reading.change,
        effective=reading.effective.day if told and reading.effective is not None else None,
        instruments=tuple(one.name for one in reading.instruments),
        pairs=frozenset(
            Number(one.old.value if one.old is not None else None, one.new.value, one.new.unit, one.new.currency)
            for one in reading.pairs
        )
        if told
        else frozenset(),
        links=links,
    )


def _linked(links: Links | None, reading: Reading, item: Item) -> tuple[Place, ...] | None:
    if links is None:
        return None
    if not reading.relevant:
        return ()
    made = links.links(reading, jurisdiction=item.jurisdiction)
    return tuple(Place(one.target.place, one.target.domain, one.target.name) for one in made)
