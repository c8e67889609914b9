"""What a publication may change: one place in the packs, with what is needed to tell it apart and to find it in its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from ingest.read.model import Span, Unit

_SECOND: Final = date.min + timedelta(days=1)
"""The first day that has a day before."""


class TargetKind(StrEnum):
    """What in a pack is meant."""

    PARAMETER = "parameter"
    RATE = "rate"
    """A line of a table of tax rates, with the lines before and after it in time."""
    LIST = "list"
    """The members of a list, such as the FATF's."""
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Target:
    """A place in the packs. `name`: of a parameter or rule; the id of the last line of a rate; `members` of a list."""

    place: str
    """The pack: `EE`, `EEA`, `FATF-GREY`."""
    domain: str
    name: str
    kind: TargetKind
    path: str
    """Of its file within the folder of packs."""
    line: int
    """Where it begins in the file, from 1 on."""
    label: str
    lines: tuple[str, ...] = ()
    """Of a rate: the ids of its lines, in the order of time."""

    @property
    def id(self) -> str:
        """`EE/tax/standard.2025`."""
        return f"{self.place}/{self.domain}/{self.name}"


@dataclass(frozen=True, slots=True)
class Held:
    """What a target is from a day to the day before another. `number` is None where it is no number, or none is known."""

    start: date
    end: date | None
    number: Decimal | None
    text: str
    """As the file has it; empty where it was not read."""
    line: int
    id: str = ""
    """Of a line of rates."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A target with what links lead to it."""

    target: Target
    unit: Unit | None
    """Of its numbers; None where it has none."""
    currency: str | None
    held: tuple[Held, ...]
    """In the order of time."""
    cites: tuple[tuple[str, str], ...]
    """Keys of the instruments that it rests on, each with the provision as it is cited."""
    own: frozenset[str]
    """Words of its name: all of them should be meant."""
    more: frozenset[str]
    """Words of its label, title, category and note: they help where they are told."""
    telling: frozenset[str] = field(default_factory=frozenset)
    """Words of which at least one should be told, where no number and no instrument speaks for it."""
    traits: frozenset[str] = field(default_factory=frozenset)
    """What else tells entries apart: `kind:standard`, `component:vat`, `category:hotel`, `type:token`."""

    def on(self, day: date | None) -> Held | None:
        """What it is on a day; the last there is where no day is given."""
        found = None
        for one in self.held:
            if (day is None or one.start <= day) and (one.end is None or day is None or day < one.end):
                found = one
        return found

    def before(self, day: date | None) -> Held | None:
        """What it is on the day before."""
        return self.on(None if day is None else max(day, _SECOND) - timedelta(days=1))

    def starting(self, day: date) -> Held | None:
        """What begins on that very day: a change that the pack knows already."""
        return next((one for one in self.held if one.start == day), None)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a publication is held to speak of a target. `span`: the words of the publication, where some say it."""

    code: str
    """`instrument provision value value_once new_value known number date unit currency words list members place topic change`."""
    words: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A target that a publication may change. `score`: between 0 and 1, for the order alone."""

    target: Target
    score: float
    reasons: tuple[Reason, ...]

    def has(self, code: str) -> bool:
        """Whether one of the reasons is such."""
        return any(reason.code == code for reason in self.reasons)
