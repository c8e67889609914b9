"""Which of the languages there are a caller would rather read: the Accept-Language header of RFC 9110."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from engine.words import FALLBACK, choose

_RANGE = re.compile(r"(?P<tag>\*|[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*)(;q=(?P<weight>[01](\.\d{0,3})?))?")
_LONGEST = 500


def best_language(header: bytes | None, known: Sequence[str]) -> str | None:
    """The best available language, or None where the header asks for none that there is.

    >>> best_language(b"da, fr-CH;q=0.8, en;q=0.7", ("en", "fr")), best_language(b"da", ("en",))
    ('fr', None)
    """
    return _best(header[:_LONGEST], tuple(known)) if header else None


@lru_cache(maxsize=1024)
def _best(header: bytes, known: tuple[str, ...]) -> str | None:
    for tag in _by_weight(header.decode("latin-1")):
        if tag == "*":
            return None
        found = choose(tag, known)
        if found != FALLBACK or tag.lower().split("-")[0] == FALLBACK:
            return found
    return None


def _by_weight(header: str) -> list[str]:
    """Acceptable tags, the most wanted first; of equal weight, in the order they stand."""
    found = [
        match for part in header.split(",") if (match := _RANGE.fullmatch(part.replace(" ", "").replace("\t", "")))
    ]
    weighed = [(_thousandths(match["weight"]), match["tag"]) for match in found]
    return [tag for weight, tag in sorted(weighed, key=lambda item: -item[0]) if weight > 0]


def _thousandths(weight: str | None) -> int:
    if weight is None:
        return 1000
    whole, _, part = weight.partition(".")
    return min(1000, int(whole) * 1000 + int((part + "000")[:3]))
