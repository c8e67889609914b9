"""Publications read and linked with the law, one after the other on one core, against splitting the same text into words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

import spacy

from bench.lexgate import PACKS
from bench.validation import timed
from engine.packs import load_packs
from ingest.link.linker import Linker
from ingest.read.model import Reading
from ingest.read.reading import Reader
from tests.ingest.evaluation.labelled import Item, items

BAR: Final = 200.0
"""Publications a second, read and linked, that are asked for at least."""


@dataclass(frozen=True, slots=True)
class IngestRun:
    """Microseconds a publication, by round."""

    words: tuple[float, ...]
    """Split into words by spaCy's blank English: the least that anybody must do who looks at them."""
    read: tuple[float, ...]
    linked: tuple[float, ...]
    """Read, and linked where relevant."""
    publications: int
    relevant: int
    languages: int
    characters: float
    """Of a publication, on average."""

    @property
    def per_second(self) -> float:
        """Publications a second, read and linked."""
        return 1e6 / median(self.linked)

    @property
    def times(self) -> float:
        """Reading and linking as a multiple of splitting into words: the median of the rounds' ratios."""
        return median(ours / theirs for ours, theirs in zip(self.linked, self.words, strict=True))


def measure(*, rounds: int, cpu: int | None, most: int | None = None) -> IngestRun:
    """Over the labelled publications in turn, after one pass in which everything is loaded and met once."""
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})
    chosen = list(_spread(items(), most))
    reader, linker, blank = Reader.shipped(), Linker(load_packs(PACKS)), spacy.blank("en")

    def read(item: Item) -> Reading:
        return reader.read(
            item.title, item.text, published=item.published, language=None, jurisdiction=item.jurisdiction
        )

    def linked(item: Item) -> object:
        found = read(item)
        return linker.links(found, jurisdiction=item.jurisdiction) if found.relevant else None

    relevant = sum(linked(item) is not None for item in chosen)
    taken = [
        (
            timed(lambda item: blank.make_doc(f"{item.title}\n{item.text}"), chosen),
            timed(read, chosen),
            timed(linked, chosen),
        )
        for _ in range(rounds)
    ]
    words, reads, links = zip(*taken, strict=True)
    characters = sum(len(item.title) + len(item.text) + 1 for item in chosen) / len(chosen)
    return IngestRun(words, reads, links, len(chosen), relevant, len({item.language for item in chosen}), characters)


def _spread(every: tuple[Item, ...], most: int | None) -> Iterator[Item]:
    """So many of them, evenly."""
    step = 1 if most is None else max(1, len(every) // most)
    yield from every[::step]
