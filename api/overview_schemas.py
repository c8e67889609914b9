"""What bites, what waits and what flows, as it is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from api.change_schemas import ChangeSummary
from api.obligation_schemas import ObligationBody
from api.schemas import Said

Grade = Literal["A", "B", "C", "R"]


class MinutePoint(Said):
    """Decisions stored in one step of time."""

    at: datetime
    decisions: int
    outcomes: dict[str, int]


class VerdictsBody(Said):
    """What the newest decisions say, part by part."""

    of: int
    """So many of the newest decisions."""
    domains: dict[str, dict[str, int]]
    """Domain -> verdict -> how many."""


class TrafficBody(Said):
    """Decisions of all workers, counted in the ledger."""

    since: datetime
    step_minutes: int
    total: int
    total_before: int
    """In as many hours before."""
    outcomes: dict[str, int]
    points: list[MinutePoint]
    """Every step, the oldest first; the last one is not over."""
    verdicts: VerdictsBody


class LatencyPoint(Said):
    """Answers of one minute. Read off bounds that lie a tenth apart."""

    at: datetime
    answers: int
    p50_ms: float
    p99_ms: float


class LatencyBody(Said):
    """How long the worker that answers this took for payments, from request to answer. The other workers are not in it."""

    scope: Literal["this worker"]
    since: datetime
    """It counts since then."""
    points: list[LatencyPoint]
    """Minutes in which it answered any."""


class ComingBody(Said):
    """What turns on a day, by itself: the law in force was dated when it was released."""

    day: date
    turn: Literal["begins", "ends", "changes"]
    pack: str
    place: str
    domain: str | None
    """null: of the whole pack, such as a member of a group."""
    kind: Literal["parameter", "rule", "rate", "territory", "member"]
    name: str
    label: str
    old: str | None
    new: str | None
    """null: nothing; or `unread`."""
    unit: str | None
    unread: bool
    """It is known that it turns, and not yet to what."""
    instrument: str | None
    provision: str | None
    url: str | None
    confidence: Grade
    note: str


class ScheduledBody(Said):
    """A release that was decided on and is not in force yet."""

    release: str
    active_from: datetime
    draft: str | None
    title: str | None


class ComingsBody(Said):
    """The next days."""

    days: int
    total: int
    data: list[ComingBody]
    """The nearest first, 200 at most."""
    scheduled: list[ScheduledBody]


class DutiesBody(Said):
    """Obligations that decisions brought with them."""

    open: int
    overdue: int
    soon: int
    """Due within seven days, those that are overdue left out."""
    data: list[ObligationBody]
    """The most urgent."""


class ChangesBody(Said):
    """What regulators published, as far as it waits for somebody."""

    new: int
    assigned: int
    drafted: int
    due: list[ChangeSummary]
    """To be followed within 72 hours or already, made law, and not released."""
    waiting: list[ChangeSummary]
    """The newest that nobody has taken on."""


class WaitingDraft(Said):
    """A draft that others have handed in."""

    id: str
    title: str
    author: str
    domains: list[str]
    required: int
    approvals: int
    updated_at: datetime


class ApprovalsBody(Said):
    """Drafts that were submitted."""

    submitted: int
    """All of them."""
    data: list[WaitingDraft]
    """Those that the caller may approve: not its own, not approved by it before, of its role."""


class FeedTrouble(Said):
    """A source that gives nothing."""

    source: str
    regulator: str
    jurisdiction: str
    trouble: Literal["failing", "silent"]
    """`failing`: its last look gave an error; `silent`: it answers, and publishes nothing new for longer than it should."""
    since: datetime
    """The last time it answered, or had something new; or since when it is watched."""
    failures: int
    fault: str


class FeedsBody(Said):
    """Sources of regulators."""

    watched: int
    asked: int
    """Those that were ever asked: none, where no ingester runs."""
    last_asked: datetime | None
    failing: int
    silent: int
    data: list[FeedTrouble]
    """The worst, 20 at most."""
    refused: bool
    """The house's own table of sources cannot be read: only what came with the software is counted."""


class StaleList(Said):
    """A list that is older than its limit, or required and not there."""

    code: str
    label: str
    age_days: int | None
    stale_after_days: int
    required: bool


class ListsStateBody(Said):
    """Lists that names are held against."""

    loaded: int
    stale: list[StaleList]


class FactsBody(Said):
    """Facts of the law in force, and whether somebody has looked at them in time."""

    total: int
    stale: int
    """Beyond their day."""
    soon: int
    """To be looked at again within 30 days."""
    oldest: date | None
    """When the one that was looked at longest ago was last seen to hold."""
    confidence: dict[str, int]
    packs: list[StalePack]
    """Those with the most stale facts, 10 at most."""


class StalePack(Said):
    """A pack with facts that nobody has looked at in time."""

    pack: str
    name: str
    stale: int


class DestinationState(Said):
    """Alerts on their way to one destination."""

    destination: str
    waiting: int
    dead: int
    """Given up: a person may have them sent again."""
    off: bool
    """It asked for nothing more, and is switched off."""


class DeliveriesBody(Said):
    """Alerts told beyond the ledger."""

    destinations: int
    waiting: int
    dead: int
    data: list[DestinationState]
    """Those with something dead, or switched off."""


class CasesBody(Said):
    """Cases by state."""

    alerts: dict[str, int]
    overdue: int
    """To be reported, and the day is over."""
    onboarding: dict[str, int]


class LawBody(Said):
    """What is in force."""

    release: str
    version: str
    since: datetime | None
    jurisdictions: int
    demoted: int
    """Rules that are held back."""
    upgrade: str | None
    """The version of what came with the software, while it waits for persons to put it in force."""
    rates_until: date | None
    """The newest exchange rate."""


class OverviewBody(Said):
    """One look at what matters today."""

    at: Annotated[datetime, Field(description="The instant it was told.")]
    law: LawBody
    traffic: TrafficBody
    latency: LatencyBody
    coming: ComingsBody
    obligations: DutiesBody
    changes: ChangesBody
    approvals: ApprovalsBody
    feeds: FeedsBody
    lists: ListsStateBody
    facts: FactsBody
    deliveries: DeliveriesBody
    cases: CasesBody


class SeenBody(Said):
    """When entries were last seen to hold."""

    first: date
    """Of the one that was looked at longest ago."""
    last: date


class CellBody(Said):
    """One domain in one country, its subdivisions included."""

    level: Literal["none", "little", "law"]
    """`little`: hardly more than whether there is such law."""
    entries: int
    unread: int
    """Entries that say that the law was not read."""
    confidence: dict[str, int]
    typical: Grade | None
    """Of the middle entry."""
    weakest: Grade | None
    surest: Grade | None
    verified: SeenBody | None
    packs: list[str]
    subdivisions: int


class CountryBody(Said):
    """One country."""

    country: str
    name: str
    domains: dict[str, CellBody]


class CoveredBody(Said):
    """One domain over all countries."""

    countries: int
    law: int
    little: int
    none: int
    entries: int
    unread: int
    typical: dict[str, int]
    missing: list[str]


class CoverageBody(Said):
    """How much of the law is told, country by country, and how surely it is known."""

    at: date
    release: str
    countries: list[CountryBody]
    domains: dict[str, CoveredBody]
