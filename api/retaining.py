"""What may be erased today, by whose law: the records of each payer, the longest untouched first, held against the schedule.

A payer's records go together or not at all: when a law asks for one of them still, when it cannot be told of one, or while a
legal hold stands over one, all of them stay. Erasing itself is somebody else's work (`Eraser`); without one it is only told what
is due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

import orjson

from api.logs import logger
from api.tax_schemas import TaxQuestion
from engine.facts import facts_of
from engine.ledger import Held, Ledger, LedgerError, LegalHold, RetainedDecision, Untouched
from engine.packs import PackSet
from engine.replay import facts_from
from engine.retention import Kind, Policy, Reckoned, Record, RetentionLaw, Schedule, State, schedule
from engine.retention.schedule import years_on
from engine.wire import STORED

YOUNGEST: Final = timedelta(days=365)
"""No term is shorter than a year: what is younger is not looked at."""
LOOKED: Final = 1000
"""Decisions of one look."""
MOST_LOOKS: Final = 20
"""Looks of one question at most: it says where the next begins."""
REASON: Final = "retention"
_PARTY: Final = "merchant"
_SIDES: Final = {
    "merchant": "payee.country", "acquirer": "payment.acquirer_country", "issuer": "payment.issuer_country",
}  # fmt: skip
"""Where whoever asked sits."""
_ARCHIVED: Final = "Decisions about this payer may lie in the archive, which is not looked at."
_log = logger("lexgate.retention")


class Eraser(Protocol):
    """What destroys a payer's personal data for good."""

    def erase(self, subject: str, by: str, reason: str, at: datetime) -> object:
        """Erase. Raises Held where a legal hold stands over it."""

    def is_erased(self, subject: str) -> bool:
        """Whether that was done before."""


def eraser_of(ledger: Ledger) -> Eraser | None:
    """What destroys a payer's data in this ledger; None: nothing does, since personal data are not protected."""
    return ledger.subjects if ledger.subjects.is_open else None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the operator says of retention."""

    policy: Policy
    dormant_years: int = 0
    """After so many years without a payment a relationship counts as ended; 0: its end is not known."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A payer, and what may be done about all its records."""

    subject: str
    last: datetime
    """The last decision about it."""
    records: int
    """How many were looked at: all of them, where they may go."""
    state: State
    keep_through: date | None
    erase_by: date | None
    deciding: tuple[Reckoned, ...]
    unknown: tuple[str, ...]
    conflicts: tuple[str, ...]
    by_policy: bool
    unverified: bool
    ended_by_policy: bool
    """The end of the relationship is the operator's word: so many years without a payment."""
    holds: tuple[LegalHold, ...]

    @property
    def is_due(self) -> bool:
        """Whether it may go, but for legal holds."""
        return self.state in (State.MAY, State.MUST)


@dataclass(slots=True)
class Found:
    """What one question found. `next`: where the next begins; None: there is nothing more that is old enough."""

    due: list[Judged] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    """Payers by what may be done about them: keep, unknown, may, must, held, erased."""
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did."""

    counted: dict[str, int]
    erased: int
    failed: int
    next: str | None
    done: tuple[Judged, ...]
    """Those that were due and not held."""


class Retention:
    """What may be erased of one ledger on one day."""

    def __init__(
        self, ledger: Ledger, packs: PackSet, terms: Terms, now: datetime, eraser: Eraser | None = None
    ) -> None:  # fmt: skip
        self._ledger, self._packs, self._terms, self._now, self._eraser = ledger, packs, terms, now, eraser
        self.today = now.date()
        """In UTC. Days of payments are taken by the later of UTC's and the place's own."""
        self._law = RetentionLaw(packs, self.today)

    @property
    def erases(self) -> bool:
        """Whether there is anything that erases."""
        return self._eraser is not None

    def due(self, *, limit: int, after: str | None = None) -> Found:
        """Payers whose records may go or must, those under a hold too. Raises ValueError for a place that no answer gave."""
        found, place = Found(), after
        for _ in range(MOST_LOOKS):
            bite = self._ledger.retained.untouched(self._now - YOUNGEST, after=place, rows=LOOKED)
            for one in bite.found:
                judged = self._judged(one, found.counted)
                if judged is not None:
                    found.due.append(judged)
                if len(found.due) == limit:
                    found.next = one.place
                    return found
            place = bite.next
            if place is None:
                return found
        found.next = place
        return found

    def run(self, by: str, *, limit: int, after: str | None = None, dry: bool = False) -> Ran:
        """Erase what is due and not held. Told in the chain, in numbers, unless `dry`. Waits for the disk."""
        found = self.due(limit=limit, after=after)
        free = [one for one in found.due if not one.holds]
        erased = failed = 0
        for one in free if self._eraser is not None and not dry else ():
            outcome = self._erase(one, by)
            erased, failed = erased + (outcome is True), failed + (outcome is None)
        ran = Ran(dict(found.counted), erased, failed, found.next, tuple(free))
        if not dry:
            said = {
                "release": self._packs.release.digest, "counted": ran.counted, "erased": erased, "failed": failed,
                "eraser": self._eraser is not None,
            }  # fmt: skip
            self._ledger.retained.ran(by, self._now, said)
        return ran

    def _erase(self, one: Judged, by: str) -> bool | None:
        """Whether it was erased; None: that failed."""
        assert self._eraser is not None
        try:
            self._eraser.erase(one.subject, by, REASON, self._now)
        except Held:
            # Set while we looked.
            return False
        except LedgerError as error:
            _log.error("not_erased", code=error.code)
            return None
        return True

    def _judged(self, one: Untouched, counted: Counter[str]) -> Judged | None:
        """A payer that is due; None: it is not, which is counted."""
        if self._eraser is not None and self._eraser.is_erased(one.subject):
            counted["erased"] += 1
            return None
        judged = self.judge(one)
        counted["held" if judged.holds else judged.state.value] += 1
        return judged if judged.is_due else None

    def judge(self, one: Untouched) -> Judged:
        """What may be done about a payer's records. The first one that must stay, the newest first, ends the look."""
        made: list[Schedule] = []
        # Screenings and cases know a payer as the caller does, decisions by what stands for it.
        names, called = {one.subject}, one.subject
        ended = self._ended(one)
        places: dict[str, None] = {}
        occasional, taken, lasting, whole = True, 0, False, True
        for decision in self._ledger.retained.decisions(one.subject):
            record, taken = self._record(decision, ended), taken + 1
            if decision.payer is not None:
                names, called = {*names, decision.payer}, decision.payer
            places.update(dict.fromkeys(record.places))
            occasional, lasting = occasional and record.occasional, lasting or not record.occasional
            made += [schedule(self._law, each, self._terms.policy) for each in (record, *self._taxed(decision, record))]
            whole = all(self._may_go(each) for each in made[-2:])
            if not whole:
                break
        cases = {name: self._ledger.retained.case(name) for name in sorted(names)}
        if whole:
            beside = Record(Kind.CASE, one.at.date(), tuple(places), occasional, ended=ended)
            for name, (moved, _) in cases.items():
                made += self._beside(name, moved, beside)
            made += self._taxes(one.subject, beside)
        waits = any(waits for _, waits in cases.values())
        return self._summed(
            one._replace(subject=called), taken, made, waits=waits, by_word=lasting and ended is not None
        )

    def _summed(self, one: Untouched, taken: int, made: list[Schedule], *, waits: bool, by_word: bool) -> Judged:
        states = [each.state(self.today) for each in made]
        unknown = dict.fromkeys(said for each in made for said in each.unknown)
        if self._may_lie_in_an_archive(one.subject):
            unknown[_ARCHIVED] = None
            states.append(State.UNKNOWN)
        if State.UNKNOWN in states or not states:
            state = State.UNKNOWN
        elif waits or State.KEEP in states:
            state = State.KEEP
        else:
            state = State.MUST if State.MUST in states else State.MAY
        keep = max((each.keep_through for each in made if each.keep_through), default=None)
        erase = min((each.erase_by for each in made if each.erase_by), default=None)
        ends = {keep, erase}
        deciding = dict.fromkeys(one for each in made for one in each.deciding if one.day in ends)
        due = state in (State.MAY, State.MUST)
        return Judged(
            one.subject, one.at, taken, state, keep, erase, tuple(deciding), tuple(unknown),
            tuple(dict.fromkeys(said for each in made for said in each.conflicts)),
            any(each.by_policy for each in made), any(each.unverified for each in made), by_word,
            self._ledger.holds.standing(one.subject) if due else (),
        )  # fmt: skip

    def _may_lie_in_an_archive(self, subject: str) -> bool:
        """Whether decisions about a payer may have been taken out of the ledger. They are erased with all others, and what the
        law asks of them cannot be told from here."""
        spans = self._ledger.taken_out()
        if not spans:
            return False
        kept = self._ledger.subjects.status(subject) if self._ledger.subjects.is_open else None
        return kept is None or min(key.made_at for key in kept.keys) < max(span.over for span in spans)

    def _may_go(self, made: Schedule) -> bool:
        return made.state(self.today) in (State.MAY, State.MUST)

    def _ended(self, one: Untouched) -> date | None:
        years = self._terms.dormant_years
        return years_on(one.at.date(), years) if years else None

    def _record(self, decision: RetainedDecision, ended: date | None) -> Record:
        try:
            facts: Mapping[str, Any] = {} if decision.facts is None else facts_from(decision.facts)
        except ValueError:
            # A request that cannot be read says nothing, and so keeps everything.
            facts = {}
        places = _places(facts)
        role = facts.get("obliged_entity.role")
        of_payer = facts.get("customer", "payer") == "payer"
        occasional = of_payer and facts.get("relationship") == "occasional"
        moment = max(decision.at, facts.get("occurred_at") or decision.at)
        return Record(
            Kind.DECISION,
            self._day(moment, places),
            places,
            occasional,
            obliged=role not in (None, _PARTY),
            ended=ended,
        )

    def _taxed(self, decision: RetainedDecision, record: Record) -> Iterator[Record]:
        day = None if decision.reference is None else self._ledger.retained.taxed(decision.reference)
        if day is not None:
            yield Record(Kind.TAX, max(day, record.day), record.places, record.occasional, ended=record.ended)

    def _taxes(self, subject: str, like: Record) -> Iterator[Schedule]:
        """Every tax that was charged to a payer, whatever it is called: an erasure of the payer reaches it."""
        for tax in self._ledger.retained.taxes(subject):
            try:
                stated = _places(facts_of(TaxQuestion.model_validate(orjson.loads(tax.facts), context=STORED)))
            except ValueError:
                # Where its seller sits may stand in a profile: then the places of the payer's payments are all that is known.
                stated = ()
            places = tuple(dict.fromkeys((*stated, *like.places)))
            record = Record(Kind.TAX, tax.day, places, like.occasional, ended=like.ended)
            yield schedule(self._law, record, self._terms.policy)

    def _beside(self, subject: str, moved: datetime | None, like: Record) -> Iterator[Schedule]:
        """What else is kept of a payer: the last screening, and the last case, which moved then."""
        for kind, at in ((Kind.SCREENING, self._ledger.retained.screened(subject)), (Kind.CASE, moved)):
            if at is not None:
                record = Record(kind, self._day(at, like.places), like.places, like.occasional, ended=like.ended)
                yield schedule(self._law, record, self._terms.policy)

    def _day(self, at: datetime, places: tuple[str, ...]) -> date:
        """The latest of its local days: a term ends a day later rather than a day too soon."""
        return max([at.date(), *(at.astimezone(self._packs.layers.zone(place)).date() for place in places)])


def _places(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Whose law holds: where the obliged entity sits, whoever asked, and whoever is paid. Nothing is guessed."""
    asked = _SIDES[str(facts.get("asked_by", "merchant"))]
    found = (facts.get(path) for path in ("obliged_entity.country", asked, "payee.country"))
    return tuple(dict.fromkeys(str(place) for place in found if place is not None))
