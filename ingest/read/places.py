"""Whose law a text tells of: its own places, its regulators', its source's, by where and how they are named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from ingest.read.model import Instrument, Named, Span
from ingest.read.pipelines import Names
from ingest.read.sheet import Sheet

_TITLE, _LEAD, _REST = 30, 15, 5
"""Weights of a mention; a place that is only dealt with counts for a tenth."""
_OWN_NATIONAL, _OWN_UNION = 22, 8
_LEAD_END: Final = 400
_OBJECT: Final = re.compile(
    r"(?:(?<![^\W_])(?:with|against|to|involving|like|such as|including|between|towards|con|contra|avec|gegen|mit|"
    r"com|dengan|với|vers|respecto de|from|imports?|exports?|connected to|based in|resident in|and|e|et|und|y)"
    r"|[,、和与对向及]) ?\Z"
)
_UNIONS: Final = frozenset(("EU", "EEA", "INT", "UN", "WORLD"))
_OF_NOWHERE: Final = frozenset(("INT", "UN", "WORLD"))
"""Who has no law of a place: every place that is named is dealt with."""
_LIST: Final = re.compile(
    r"\blist(?:s|ed|ing)?\b|high-risk|third countr|sanction|restrictive measure|adequa|embargo|\blistes?\b|\blistas?\b|"
    r"drittl[aä]nd|sanktion|angemessenheit"
)
"""What a union says of places, and not to them."""
_GAP: Final = 9
_LISTED: Final = 3
"""Places in a row that are a list: of them something is said, they do not say it."""


def places(sheet: Sheet, names: Names, laws: Iterable[Instrument]) -> tuple[Named, ...]:
    """The likeliest first. A place that only the source has stands with an empty piece of the text."""
    scores: dict[str, int] = {}
    spans: dict[str, Span] = {}
    listed = _listed(names)
    own = sheet.jurisdiction
    objects = own in _UNIONS and (
        own in _OF_NOWHERE or _LIST.search(sheet.low, 0, sheet.title_end + _LEAD_END) is not None
    )
    for span, place in names.places:
        if own and place == f"US-{own}":
            continue
        code = "US-GA" if place == "GE" and (own or "").startswith("US") else place
        weight = _weight(sheet, span.start)
        if (
            (objects and code not in _UNIONS)
            or span in listed
            or _OBJECT.search(sheet.low, max(0, span.start - 24), span.start)
        ):
            weight = weight // 10 if code != own else weight
        scores[code] = scores.get(code, 0) + weight
        spans.setdefault(code, span)
    for span, (_, place) in names.regulators:
        bonus = 2 if place == "INT" and span.start < sheet.title_end else 1
        scores[place] = scores.get(place, 0) + bonus * _weight(sheet, span.start)
        spans.setdefault(place, span)
    for law in laws:
        if "(EU)" in law.name or "/EU" in law.name or "/EC" in law.name:
            scores["EU"] = scores.get("EU", 0) + _REST
            spans.setdefault("EU", law.span)
    if own:
        scores[own] = scores.get(own, 0) + (_OWN_UNION if own in _UNIONS else _OWN_NATIONAL)
        spans.setdefault(own, Span(0, 0))
    best = max(scores.values(), default=0)
    ranked = sorted(scores, key=lambda code: (-scores[code], spans[code].start, code))
    return tuple(Named(spans[code], code) for code in ranked if scores[code] * 5 >= best and scores[code])


def _weight(sheet: Sheet, at: int) -> int:
    return _TITLE if at < sheet.title_end else _LEAD if at < sheet.title_end + _LEAD_END else _REST


def _listed(names: Names) -> frozenset[Span]:
    """Those that stand in a list of three or more."""
    found: set[Span] = set()
    row: list[Span] = []
    spans = [span for span, _ in names.places]
    for one, other in pairwise(spans):
        row = row or [one]
        if other.start - one.end <= _GAP:
            row.append(other)
            continue
        if len(row) >= _LISTED:
            found |= set(row)
        row = []
    if len(row) >= _LISTED:
        found |= set(row)
    return frozenset(found)
