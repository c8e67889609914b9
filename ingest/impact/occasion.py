"""What all proposals of one publication share: the day, the status, the source, and what is in the way of each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from engine.packs.packset import PackSet
from ingest.impact.model import Action, Direction, Evidence, Proposal, Publication
from ingest.link.target import Link, Target
from ingest.read.model import DateRole, Reading, Span, Status
from ingest.read.sentences import sentence_around

_NOT_LAW: Final = {
    Status.ANNOUNCED: "It is announced, and nobody has adopted it.",
    Status.CONSULTATION: "It is proposed for consultation, and nobody has adopted it.",
    Status.POSTPONED: "It is postponed; what holds until then, and from when it holds, a person must see.",
    Status.WITHDRAWN: "It is withdrawn, struck down or denied: it will not be.",
    Status.GUIDANCE: "It is a reading of law that is there, and changes none.",
    Status.ENFORCEMENT: "It is a measure against somebody, and changes no law.",
    Status.IRRELEVANT: "It tells of no law that is kept here.",
}
_MOST: Final = 400
"""Characters of a sentence that is shown."""


@dataclass(frozen=True)
class Occasion:
    """A reading with its links, the release that they lead to, and where it was published."""

    reading: Reading
    links: tuple[Link, ...]
    release: PackSet
    published: date | None
    source: Publication

    @property
    def effective(self) -> date | None:
        """The exact day from which it must be followed; None where none is told, or only its month."""
        told = self.reading.effective
        return told.day if told is not None and told.exact else None

    @cached_property
    def hindrances(self) -> tuple[str, ...]:
        """What keeps all of it from being a draft."""
        found = []
        if not self.reading.status.is_law:
            found.append(_NOT_LAW[self.reading.status])
        told = self.reading.effective
        if told is None:
            found.append("The day from which it holds is not told.")
        elif not told.exact:
            found.append(f"Only the month or the year is told: {self.reading.quoted(told.span)}.")
        if self.reading.corrects is not None:
            found.append(f"It corrects an earlier publication: {self.reading.quoted(self.reading.corrects)}.")
        return tuple(found)

    @cached_property
    def told(self) -> tuple[Evidence, ...]:
        """The words for the day and the status."""
        found = []
        day = self.reading.effective
        if day is not None:
            found.append(self.evidence("date", day.span))
        if self.reading.status_span is not None:
            found.append(self.evidence("status", self.reading.status_span))
        return tuple(found)

    def evidence(self, of: str, span: Span) -> Evidence:
        """The words, with the sentence around them."""
        around = sentence_around(self.reading.text, self.reading.language, span)
        sentence = " ".join(self.reading.text[around.start : around.end].split())
        if len(sentence) > _MOST:
            sentence = f"{sentence[:_MOST].rsplit(' ', 1)[0]} ..."
        return Evidence(of, span, self.reading.quoted(span), sentence)

    @property
    def day_of_list(self) -> tuple[date, Span | None] | None:
        """The day from which a list of the FATF is another: that of its plenary, or of its own publication; that of others
        who tell of it is not."""
        if self.effective is not None:
            told = self.reading.effective
            return self.effective, told.span if told else None
        roles = (DateRole.ADOPTED, DateRole.PUBLISHED) if self._of_fatf else (DateRole.ADOPTED,)
        for role in roles:
            found = next((one for one in self.reading.dates if one.role is role and one.exact), None)
            if found is not None:
                return found.day, found.span
        return None if self.published is None or not self._of_fatf else (self.published, None)

    @property
    def _of_fatf(self) -> bool:
        named = self.source.regulator.lower()
        return any(name in named for name in ("fatf", "gafi", "financial action task force"))

    def proposal(
        self,
        action: Action,
        target: Target | None,
        *,
        old: str,
        new: str,
        unit: str,
        direction: Direction,
        evidence: Sequence[Evidence],
        hindrances: Sequence[str],
        twins: tuple[Target, ...] = (),
        places: tuple[str, ...] = (),
        effective: date | None = None,
    ) -> Proposal:
        """A proposal of this publication."""
        named = next(iter(self.reading.instruments), None)
        return Proposal(
            action, target, old, new, unit, effective or self.effective, self.reading.status,
            "B" if self.source.independent >= 2 else "C", direction, self.source, self.published, tuple(evidence),
            tuple(hindrances), places, twins, self.links, named.name if named else "", named.provision if named else "",
        )  # fmt: skip


__all__ = ["Occasion"]
