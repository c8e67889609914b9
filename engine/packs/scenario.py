"""A scenario as a pack declares it: what in past payments an officer should look at, with numbers that have bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from engine.language.tree import Expr
from engine.packs.problems import Spot
from engine.patterns.terms import Condition

if TYPE_CHECKING:
    from engine.packs.model import Basis, Cite, Confidence

SEGMENT: Final = "standard"
"""The segment of a subject of whom nothing is known: every parameter has its default there."""


class ScenarioKind(StrEnum):
    """How it is found."""

    COUNTING = "counting"
    """A condition over sums and counts, asked of the newest event of a window."""
    SEQUENCE = "sequence"
    """Events of one subject in an order, each described, and compared with one another."""
    GRAPH = "graph"
    """Money that goes through several hands; looked for over all events together."""


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Inside(StrEnum):
    """When it is asked."""

    PREFLIGHT = "preflight"
    """Before the payment as well, which then waits for a person."""
    AFTER = "after"
    """Once the payment was told of."""


class Counts(StrEnum):
    """What its events are."""

    PAYMENTS = "payments"
    """Payments that were made, each once however often it was tried: as history counts them."""
    ATTEMPTS = "attempts"
    """Whatever was asked about, also what failed, was given up or waits."""


class SubjectKey(StrEnum):
    """Whose window it is asked of."""

    PAYER = "payer.id"
    PAYEE = "payee.id"
    ACCOUNT = "account"
    CARD = "card"
    MERCHANT = "merchant"

    @property
    def kind(self) -> str:
        """As alerts name the kind of subject."""
        return self.value.removesuffix(".id")


class GraphShape(StrEnum):
    """What money that goes through several hands looks like from above."""

    CYCLE = "cycle"
    """Back to where it came from, over three to eight parties."""
    GATHER_SCATTER = "gather_scatter"
    """From many to one, and from that one to many."""
    SCATTER_GATHER = "scatter_gather"
    """From one to many, and from those to one other."""
    STACKED = "stacked"
    """From many through many to many."""


GRAPH_PARAMETERS: Final[Mapping[GraphShape, tuple[str, ...]]] = {
    GraphShape.CYCLE: ("floor", "longest", "share", "shortest", "span"),
    GraphShape.GATHER_SCATTER: ("floor", "members", "share", "span"),
    GraphShape.SCATTER_GATHER: ("floor", "members", "share", "span"),
    GraphShape.STACKED: ("floor", "members", "span"),
}
"""The parameters that each shape has, and no others."""


class ParameterType(StrEnum):
    """What a parameter of a scenario is a number of."""

    COUNT = "count"
    PERCENT = "percent"
    MONEY = "money"
    """In the scenario's currency; held in minor units."""
    HOURS = "hours"
    """Held in seconds, as days are."""
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class ScenarioParameter:
    """One number with its bounds. All are whole: counts, percent, minor units, seconds."""

    name: str
    label: str
    type: ParameterType
    default: int
    least: int
    most: int
    segments: Mapping[str, int]
    """Other values for kinds of subjects, within the same bounds."""
    note: str
    spot: Spot

    def value(self, segment: str) -> int:
        """For a segment; the default where it has none of its own."""
        return self.segments.get(segment, self.default)


class MeasureOf(StrEnum):
    COUNT = "count"
    SUM = "sum"
    DISTINCT = "distinct"
    MIN = "min"
    MAX = "max"


MEASURED_AMOUNTS: Final = (MeasureOf.SUM, MeasureOf.MIN, MeasureOf.MAX)
IT: Final = "it"
NOW: Final = "now"
"""In the condition of a measure: an event of the window, and the one at which it is taken."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted or summed up to an event, over the window's own events."""

    name: str
    label: str
    of: MeasureOf
    field: str | None
    """Of `distinct`: the identity or word whose values are told apart."""
    condition: Condition | None
    """Which events count."""
    within: str
    """The parameter that says how far back, in seconds; empty where it is taken since another event of the sequence."""
    skip: str | None
    """The parameter that says how far back the newest counted event is at least; None: up to the event itself."""
    own: bool
    """Whether the event itself counts, if it is one of those."""
    unstated: bool
    """Whether an event counts that does not state what the condition asks. Only where silence has a meaning does it not."""
    spot: Spot
    since: str | None = None
    """Of a sequence: the named event behind which it is taken, up to and with the one whose measure it is."""


@dataclass(frozen=True, slots=True)
class ScenarioTest:
    """An example that travels with a scenario: events as written, and whether they are found."""

    name: str
    segment: str
    events: tuple[Mapping[str, Any], ...]
    history: Mapping[str, Any]
    """What features of the past are known to say, by name."""
    expect: str
    """fires, silent or unknown; of a sequence or a counting scenario it is asked after the last event."""
    found: tuple[str, ...]
    """Ids of the events it must name; none: not looked at."""
    spot: Spot


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario with everything that belongs to it."""

    id: str
    title: str
    label: str
    """What is said of the subject, in few words, to an officer."""
    kind: ScenarioKind
    key: SubjectKey
    unit: str
    """The currency of its amounts."""
    severity: Severity
    inside: Inside
    basis: Basis
    cite: Cite | None
    confidence: Confidence
    note: str
    parameters: Mapping[str, ScenarioParameter]
    spot: Spot
    measures: Mapping[str, Measure] = field(default_factory=dict)
    counted: Expr | None = None
    """Of a counting scenario: the condition, in the rule language."""
    aliases: Mapping[str, Condition] = field(default_factory=dict)
    """Of a sequence: its events, in the order of time, and what is asked of each alone."""
    across: Condition | None = None
    """Of a sequence: what is asked of them together."""
    absent: tuple[str, Condition] | None = None
    """Of a sequence: what must not lie between its first and its last event."""
    counts: Counts = Counts.PAYMENTS
    window: str = ""
    """Of a sequence: the parameter that says how far apart its first and last event may be."""
    shape: GraphShape | None = None
    tests: tuple[ScenarioTest, ...] = ()

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments that some parameter has a value of its own for, the standard one first."""
        others = {name for parameter in self.parameters.values() for name in parameter.segments}
        return (SEGMENT, *sorted(others - {SEGMENT}))
