"""A published text with the pieces marked that something stands on: overlapping pieces are cut where one begins or ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

KINDS: Final = (
    "pair", "money", "rate", "number", "date", "instrument", "status", "corrects", "clause", "regulator", "place",
)  # fmt: skip
"""What a piece is, the weightiest first: of several at one place that one gives the look."""
_MONEY, _RATE = "money", "rate"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text. `what`: what stands on it, as the interface names it, the weightiest first; empty: nothing."""

    text: str
    what: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Of `KINDS`; empty: plain text."""
        return kind_of(self.what[0], self.text) if self.what else ""


def kind_of(what: str, quote: str) -> str:
    """`date.applies` is a date; a number is money or a rate where its own words say so."""
    kind = what.partition(".")[0]
    if kind == "number":
        return _RATE if "%" in quote or "per cent" in quote else _MONEY if _has_currency(quote) else kind
    return kind if kind in KINDS else "clause"


def pieces(text: str, spans: Iterable[Mapping[str, Any]]) -> list[Piece]:
    """The whole text, piece by piece. Spans beyond it are cut."""
    known = [(max(0, one["start"]), min(len(text), one["end"]), str(one["what"])) for one in spans]
    known = [one for one in known if one[0] < one[1]]
    bounds = sorted({0, len(text), *(place for one in known for place in one[:2])})
    found: list[Piece] = []
    for start, end in pairwise(bounds):
        over = [what for first, last, what in known if first <= start and end <= last]
        found.append(Piece(text[start:end], tuple(sorted(dict.fromkeys(over), key=_weight))))
    return found


def legend(parts: Sequence[Piece]) -> list[str]:
    """The kinds that the text has, the weightiest first."""
    there = {one.kind for one in parts}
    return [kind for kind in KINDS if kind in there]


def _weight(what: str) -> int:
    kind = what.partition(".")[0]
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _has_currency(quote: str) -> bool:
    return any(sign in quote for sign in "€$£¥₹") or any(
        word.isupper() and len(word) == 3 and word.isalpha() for word in quote.split()
    )
