"""A change of the law as a publication has it: what, from what to what, from when, how sure, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ingest.link.target import Link, Target
from ingest.read.model import Span, Status


class Action(StrEnum):
    """What would be done to the pack."""

    SET = "set"
    """A number has another value from a day on."""
    ADD = "add"
    """Places come onto a list."""
    REMOVE = "remove"
    """Places leave a list."""
    MOVE = "move"
    """What begins on a day begins on another."""
    REQUIRE = "require"
    """A duty begins: data must be kept in the country."""
    LOOK = "look"
    """A person must see what it is."""


class Direction(StrEnum):
    """Whom it helps. Of a tax: whether more is due."""

    STRICTER = "stricter"
    MILDER = "milder"
    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Publication:
    """Where it is told. `independent`: how many sources that do not copy each other say the same."""

    title: str
    url: str | None
    regulator: str = ""
    independent: int = 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that a statement stands on. `of`: `value`, `date`, `status`, `target`, `list`, `duty`."""

    of: str
    span: Span
    words: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a publication would change. It is a draft only where nothing is in the way; else a task for a person."""

    action: Action
    target: Target | None
    old: str
    """As the pack has it on the day before; empty where there is nothing, or nobody has read it."""
    new: str
    """As the pack would have it: in its own unit."""
    unit: str
    """An ISO 4217 code, `percent`, `bps`, `days`, ...; empty where there is none."""
    effective: date | None
    status: Status
    confidence: str
    """`C`, what one publication says and a machine read; `B`, two independent ones. Never `A`: nobody has read the law."""
    direction: Direction
    source: Publication
    published: date | None
    evidence: tuple[Evidence, ...]
    hindrances: tuple[str, ...] = ()
    """Why it is no draft, a sentence each."""
    places: tuple[str, ...] = ()
    """That come onto a list or leave it."""
    twins: tuple[Target, ...] = ()
    """The same number elsewhere in the pack; it changes along."""
    links: tuple[Link, ...] = field(default=(), repr=False)
    instrument: str = ""
    """Named as what makes the change."""
    provision: str = ""
    scheduled: bool = False
    """The pack has it from that day on already: where it is no law any more, it must come out."""

    @property
    def draftable(self) -> bool:
        """Whether it may become a draft untouched by hands."""
        return not self.hindrances and self.action is not Action.LOOK

    @property
    def sentence(self) -> str:
        """The evidence of what is changed, in the words of the publication."""
        first = next((one for one in self.evidence if one.of in ("value", "list", "duty")), None)
        found = first or next(iter(self.evidence), None)
        return found.sentence if found is not None else self.source.title


__all__ = ["Action", "Direction", "Evidence", "Proposal", "Publication"]
