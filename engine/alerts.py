"""An alert: what a scenario or a screening found, with the payments and entries it was found by.

An alert accuses nobody and blocks nothing by itself; it opens a case for a person. It is never shown to the payer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

SEVERITIES: Final = ("low", "medium", "high")
MOST_EVIDENCE: Final = 500
"""An alert that names so many does not grow further: what goes on is told as another one."""
DECISION: Final = "dec_"
"""How the ids of decisions begin, among other evidence."""


class AlertKind(StrEnum):
    """Who found it."""

    SCENARIO = "scenario"
    SCREENING = "screening"
    INCIDENT = "incident"
    """About Lexgate itself: two engines that disagree, a worker that died, a list that broke."""
    CHANGE = "change"
    """About the law: a change that a regulator published, its day, or that it was taken back."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One finding about one subject. The same finding has the same `id`, so telling it twice stores it once.

    A pattern that goes on is one finding that grows: it keeps the id it was first told under.
    """

    kind: AlertKind
    rule: str
    """The scenario's or the list's code: `scenario.pass_through`, `screening.OFAC-SDN`."""
    pack: str
    """The rulepack the scenario is of, or the list's edition digest."""
    version: str
    subject_kind: str
    """payer | payee | account | card | merchant | list | service | change"""
    subject: str
    evidence: tuple[str, ...]
    """Sorted ids of what it was found by: decision ids, or `LIST:key` of entries; of a match that a payment met, both."""
    occurred_at: datetime
    """The event time of the last of the evidence (aware)."""
    severity: str
    """low | medium | high"""
    summary: str
    """One English sentence for an officer, with the numbers."""
    truncated: bool = False
    """The window held more events than the engine looks at, or more payments met the match than are named."""
    first_id: str | None = None
    """The id it was first told under, where its evidence has grown since."""

    @property
    def id(self) -> str:
        """`al_` and 32 hex digits of what was found where: kind, rule, subject and evidence, not when it was told. A match with a
        list is one finding, whichever payments meet it."""
        if self.first_id is not None:
            return self.first_id
        told = "\x1f".join((self.kind, self.rule, self.subject_kind, self.subject, *self._found_by()))
        return "al_" + hashlib.sha256(told.encode()).hexdigest()[:32]

    @property
    def decisions(self) -> tuple[str, ...]:
        """The decisions among the evidence."""
        return tuple(one for one in self.evidence if one.startswith(DECISION))

    def _found_by(self) -> Iterator[str]:
        matched = self.kind is AlertKind.SCREENING
        return (one for one in self.evidence if not (matched and one.startswith(DECISION)))

    def grown(self, further: Alert) -> Alert:
        """This finding with what another look has found of it: more evidence, and the later look's words and severity, which
        never falls."""
        return replace(
            further,
            evidence=tuple(sorted({*self.evidence, *further.evidence})),
            occurred_at=max(self.occurred_at, further.occurred_at),
            severity=max(self.severity, further.severity, key=SEVERITIES.index),
            truncated=self.truncated or further.truncated,
            first_id=self.id,
        )
