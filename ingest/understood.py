"""What is understood of a publication, as it is kept: the reading with its evidence, the links, and what is proposed.

Everything is JSON-ready but what is indexed. Of each number that is told there is the sentence that says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from engine.changes import Evidence, Read
from ingest.read.model import Dated, Pair, Quantity, Reading, Span, Status, Unit
from ingest.read.sentences import sentence_around

LONGEST_SENTENCE: Final = 400
_SIGNS: Final = {Unit.PERCENT: " %", Unit.DAYS: " days", Unit.MONTHS: " months", Unit.YEARS: " years"}


@dataclass(frozen=True, slots=True)
class Understood:
    """All of it. `reader`: every version that it was made by; `release`: digest of the law that it was linked with."""

    read: Read
    relevance: float
    relevant: bool
    reader: str
    release: str
    text: str
    """What near publications are known by."""
    body: Mapping[str, Any]
    """`reading`, `spans`, `links`, `proposals`, `impact`, `markdown`, `reasons`."""
    numbers: tuple[str, ...] = ()
    """What is replaced by what. Publications that differ in them say another thing, however alike their words."""
    about: tuple[str, ...] = ()
    sought: tuple[str, ...] = ()
    """What a withdrawal finds it by: instruments and rows of the law, each after its place."""
    takes_back: bool = False
    took: Mapping[str, float] = field(default_factory=dict)
    """Seconds by stage: `read`, `link`, `impact`."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What was made of a reading with the law at hand; all of it JSON-ready."""

    links: Sequence[Mapping[str, Any]] = ()
    targets: tuple[str, ...] = ()
    """The rows of the law that the best links lead to, each by a name that does not change."""
    proposals: Sequence[Mapping[str, Any]] = ()
    impact: Mapping[str, Any] | None = None
    markdown: str = ""
    reasons: tuple[str, ...] = ()
    """Why no draft can be made of it; empty: one can."""


def understood(
    reading: Reading, linked: Linked, *, jurisdiction: str, reader: str, release: str, took: Mapping[str, float]
) -> Understood:
    """A reading with what was made of it. `jurisdiction`: of the source, where the text names no place."""
    place = reading.places[0].name if reading.places else jurisdiction
    day = reading.effective
    effective = None if day is None else day.day
    title = reading.text.partition("\n")[0]
    read = Read(
        title[:300], reading.status.value, place, tuple(one.name for one in reading.topics), reading.change.value, effective,
        draftable=not linked.reasons and bool(linked.proposals), evidence=tuple(evidence(reading)),
    )  # fmt: skip
    body = {
        "reading": plain(reading), "spans": spans(reading), "links": list(linked.links), "proposals": list(linked.proposals),
        "impact": linked.impact, "markdown": linked.markdown, "reasons": list(linked.reasons),
    }  # fmt: skip
    names = (*linked.targets, *(one.name for one in reading.instruments))
    # One act holds many limits: where the very row is known, naming the same act takes nothing else back.
    sought = names[:1] if linked.targets else names
    return Understood(
        read, reading.relevance, reading.relevant, reader, release, reading.text, body,
        tuple(sorted({_number(one) for one in reading.pairs})),
        tuple(dict.fromkeys(f"{place}|{name}" for name in names)), tuple(f"{place}|{name}" for name in sought),
        reading.corrects is not None or reading.status in (Status.WITHDRAWN, Status.POSTPONED), took,
    )  # fmt: skip


def plain(reading: Reading) -> dict[str, Any]:
    """A reading as JSON: amounts as strings, days as ISO 8601."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(reading, default=str))
    return found


def evidence(reading: Reading) -> Iterator[Evidence]:
    """What is said with a number of what is replaced by what, and from when; each with its sentence."""
    for pair in reading.pairs:
        yield Evidence(said(pair), sentence(reading.text, reading.language, pair.span))
    day = reading.effective
    if day is not None:
        month = day.day.isoformat() if day.exact else day.day.strftime("%Y-%m")
        yield Evidence(f"from {month}", sentence(reading.text, reading.language, day.span))


def said(pair: Pair) -> str:
    """`6 % -> 12 %`."""
    return f"{_amount(pair.new)}" if pair.old is None else f"{_amount(pair.old)} -> {_amount(pair.new)}"


def _amount(one: Quantity) -> str:
    number = f"{one.value:f}"
    return f"{one.currency} {number}" if one.currency else f"{number}{_SIGNS.get(one.unit, '')}"


def _number(pair: Pair) -> str:
    old = "" if pair.old is None else f"{pair.old.value.normalize():f}"
    return f"{old}>{pair.new.value.normalize():f} {pair.new.unit} {pair.new.currency or ''}".rstrip()


def sentence(text: str, language: str, span: Span) -> str:
    """The sentence, or the line, that a span stands in; a long one is cut around it."""
    around = sentence_around(text, language, span)
    room = max(0, (LONGEST_SENTENCE - (span.end - span.start)) // 2)
    first, last = max(around.start, span.start - room), min(around.end, span.end + room)
    words = " ".join(text[first:last].split())
    return f"{'... ' if first > around.start else ''}{words}{' ...' if last < around.end else ''}"


def spans(reading: Reading) -> list[dict[str, Any]]:
    """Every piece of the text that something stands on, in its order: from, to, and what it was read as."""
    found = list(_spans(reading))
    found.sort(key=lambda one: (one["start"], -one["end"], one["what"]))
    return found


def _spans(reading: Reading) -> Iterator[dict[str, Any]]:
    single = (("status", reading.status_span), ("corrects", reading.corrects))
    yield from (_span(what, span) for what, span in single if span is not None)
    for what, group in (
        ("regulator", reading.regulators), ("place", reading.places), ("instrument", reading.instruments),
        ("number", reading.quantities), ("pair", reading.pairs), ("date", reading.dates), ("clause", reading.clauses),
    ):  # fmt: skip
        for one in group:
            role = f".{one.role}" if isinstance(one, Dated) else ""
            if one.span.end > one.span.start:
                yield _span(what + role, one.span)


def _span(what: str, span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "what": what}
