"""A text laid out for reading: the same characters in plain signs and in small letters, cut into sentences."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from ingest.read.folding import lowered, plain_signs
from ingest.read.model import Span
from ingest.read.sentences import sentences


@dataclass(frozen=True, slots=True)
class Sheet:
    """`plain` and `low` are as long as the text that was given: a place found in one is a place of the text."""

    plain: str
    low: str
    language: str
    jurisdiction: str | None
    published: date | None
    title_end: int
    """Where the title ends and the text begins."""
    sentences: tuple[Span, ...]
    starts: tuple[int, ...]

    def sentence_at(self, at: int) -> Span:
        """The sentence that a place is in."""
        return self.sentences[max(0, bisect_right(self.starts, at) - 1)]


def lay_out(
    text: str, *, language: str, jurisdiction: str | None = None, published: date | None = None, title_end: int = 0
) -> Sheet:
    """A text ready to be read. `title_end` 0: it has no title."""
    plain = plain_signs(text)
    cut = sentences(plain, language)
    return Sheet(
        plain, lowered(plain), language, jurisdiction, published, title_end, cut, tuple(one.start for one in cut)
    )
