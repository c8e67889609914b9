"""After the payment: the words of the ledger are heard in their order, each subject's events are held against the scenarios,
and known parties against the lists; what is found becomes alerts, and these become cases.

Six consumers, each with a cursor of its own in the ledger: `intake` makes records of payments and parties, `hits` tells what
lists had to say of payments that were held or stopped, `scenarios` evaluates the subjects of each new record, `lists` screens
whoever the lists have not seen as they are now, `graphs` looks over everybody's payments once a day, and `forget` takes out
records that are in no window any more. What a step found and how far it came are left in one transaction: a worker that dies
between any two steps loses nothing and doubles nothing.

What cannot be worked through is tried again, a few times, then passed over with an incident alert. Nothing stands still for it,
and nothing of it is silent.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol, TypeVar

import orjson

from api import __version__
from api.beside import Beside
from api.everybody import (
    GRAPHS,
    EvaluateGraphs,
    Look,
    cut_short,
    day_of,
    gathered,
    heard_up_to,
    look_again,
    look_of,
    new_in,
)
from api.hits import Hits, entry_of, over
from api.ids import DecisionIds
from api.logs import logger
from api.pace import Pace
from api.screening import NO_LISTS, Screening, alert_of, likeness
from api.watching import heard, under_subjects
from engine.alerts import Alert, AlertKind
from engine.ledger import (
    EntryRefused,
    Hold,
    KnownParty,
    LeaseLost,
    Ledger,
    LedgerError,
    Left,
    Occasion,
    Over,
    StoppedPayment,
    Told,
    Watched,
    Word,
    subjects_of,
    window_of,
)
from engine.screening.model import Band

INTAKE: Final = "intake"
HITS: Final = "hits"
SCENARIOS: Final = "scenarios"
LISTS: Final = "lists"
FORGET: Final = "forget"
CONSUMERS: Final = (INTAKE, HITS, SCENARIOS, LISTS, GRAPHS, FORGET)
_log = logger("lexgate.monitor")
_Item = TypeVar("_Item", bound=Word | StoppedPayment | Watched | KnownParty | Look)


class Evaluate(Protocol):
    """What holds a subject's events, in the order of time, against the scenarios. Pure; what it raises is an incident."""

    def __call__(self, subject_kind: str, subject: str, events: Sequence[Watched], focus: str) -> Sequence[Alert]:
        """What was found about the subject of which the payment `focus` is part."""
        ...


def no_scenarios(subject_kind: str, subject: str, events: Sequence[Watched], focus: str) -> Sequence[Alert]:
    """Nothing is watched for."""
    return ()


@dataclass(slots=True)
class Found:
    """What came of one item."""

    told: list[Told] = field(default_factory=list)
    over: list[Over] = field(default_factory=list)
    watched: tuple[Watched, ...] = ()
    parties: tuple[KnownParty, ...] = ()
    screened: tuple[KnownParty, ...] = ()
    mark: str = ""
    """What the consumer's mark becomes; empty: it stays."""


@dataclass(slots=True)
class Monitor:
    """One worker. Several may run beside each other, in one process or in many: the ledger says whose turn it is."""

    ledger: Ledger
    clock: Callable[[], datetime]
    release: str
    """Digest of the law in force, for the events of cases."""
    evaluate: Evaluate = no_scenarios
    screening: Screening = field(default_factory=Screening)
    pace: Pace = field(default_factory=Pace)
    worker: str = field(default_factory=DecisionIds(kind="mon_"))
    new_case: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="case_"))
    new_screening: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="scr_"))
    evaluate_graphs: EvaluateGraphs | None = None
    """None: nobody looks over everybody's payments."""
    _looked: str = ""
    """The day of which this worker knows that the look is done."""
    _forgot: str = ""
    """The day on which this worker knows that nothing is left to forget."""
    _holds: dict[str, tuple[Hold, datetime]] = field(default_factory=dict)
    """What this worker holds, and from when on it must say so again: an idle one writes next to nothing."""

    def follow(self, release: str, evaluate: Evaluate, evaluate_graphs: EvaluateGraphs | None, pace: Pace) -> None:
        """Look by the scenarios of another release from the next step on."""
        self.release, self.evaluate, self.evaluate_graphs, self.pace = release, evaluate, evaluate_graphs, pace

    def run_once(self) -> int:
        """Work until nothing waits that this worker may do. Returns how many items were worked through."""
        done = 0
        while step := self.step():
            done += step
        return done

    def run(self, stop: threading.Event) -> None:
        """Work, wait, work, until told to stop. A ledger that fails is tried again after a pause."""
        while not stop.is_set():
            try:
                if self.step():
                    continue
            except LedgerError as error:
                _log.warning("monitor_waits", code=error.code)
            stop.wait(self.pace.pause.total_seconds())
        self.give_back()

    def step(self) -> int:
        """One step of each consumer. Returns how many items were worked through; 0: nothing waits, or others have it."""
        return sum(self._turn(name) for name in CONSUMERS)

    def look_over(self, days: int | None = None) -> int | None:
        """Look over everybody's payments now. Returns how many alerts were new; None: another worker is at it.

        With `days` all that is found in so many days is told, as far as it was not, and the look of the day is still to come.
        Raises what the scenarios raise, LedgerError, and ValueError where no graph scenario is watched for.
        """
        if self.evaluate_graphs is None:
            raise ValueError("No graph scenario is watched for")
        while self._turn(INTAKE):
            pass
        hold = self._hold(GRAPHS)
        if hold is None:
            return None
        if days is not None:
            found = self._over_everybody(look_again(self.clock(), days))
            return self._leave(hold, Left(hold.through, hold.mark, told=tuple(found.told)))
        taken_in = self.ledger.monitoring.through(INTAKE)
        return self._leave(hold, _together([self._over_everybody(self._look(hold))], taken_in, hold.mark, ""))

    def give_back(self) -> None:
        """Let another worker go on at once."""
        for hold, _ in self._holds.values():
            try:
                self.ledger.monitoring.release(hold)
            except LedgerError as error:
                _log.warning("lease_kept", consumer=hold.name, code=error.code)
        self._holds.clear()

    def _turn(self, name: str) -> int:
        if name == GRAPHS and (self.evaluate_graphs is None or self._looked >= day_of(self.clock())):
            return 0
        if name == FORGET and not self._may_forget():
            return 0
        hold = self._hold(name)
        if hold is None:
            return 0
        consumers = {
            INTAKE: self._intake, HITS: self._hits, SCENARIOS: self._scenarios, LISTS: self._lists, GRAPHS: self._graphs,
            FORGET: self._forget,
        }  # fmt: skip
        try:
            return consumers[name](hold)
        except LeaseLost:
            self._holds.pop(name, None)
            return 0

    def _hold(self, name: str) -> Hold | None:
        now = self.clock()
        known = self._holds.get(name)
        if known is not None and now < known[1]:
            return known[0]
        lease = self.pace.graph_lease if name == GRAPHS else self.pace.lease
        hold = self.ledger.monitoring.take(name, self.worker, now, lease)
        if hold is None:
            self._holds.pop(name, None)
        else:
            self._holds[name] = hold, now + lease / 2
        return hold

    # -- the six consumers --

    def _intake(self, hold: Hold) -> int:
        words, upto = self.ledger.monitoring.words(hold.through, self.pace.words)
        if not words:
            if upto > hold.through:
                self._leave(hold, Left(upto, ""))
            return 0
        return self._work(hold, words, upto, self._hear)

    def _hear(self, word: Word) -> Found:
        found = heard(word)
        return Found(watched=found.watched, parties=found.parties)

    def _hits(self, hold: Hold) -> int:
        payments, upto = self.ledger.stopped.after(hold.through, self.pace.events)
        if not payments:
            if upto > hold.through:
                self._leave(hold, Left(upto, ""))
            return 0
        hits = Hits(self.ledger, self.screening, self.clock, self.new_screening)
        return self._work(hold, payments, upto, lambda one: Found(hits.of(one)))

    def _scenarios(self, hold: Hold) -> int:
        # The intake's cursor first: every record up to it is there by then.
        taken_in = self.ledger.monitoring.through(INTAKE)
        events = self.ledger.monitoring.changed(hold.through, self.pace.events)
        if not events:
            if taken_in > hold.through:
                self._leave(hold, Left(taken_in, ""))
            return 0
        return self._work(hold, events, events[-1].seq, self._watch)

    def _watch(self, event: Watched) -> Found:
        found = Found()
        for kind, subject in subjects_of(orjson.loads(event.body)):
            place = window_of(kind)
            window = self.ledger.monitoring.window(place, subject, event.at, self.pace.reach, self.pace.window)
            found.told += [Told(alert) for alert in self.evaluate(kind, subject, window, event.id)]
        return found

    def _lists(self, hold: Hold) -> int:
        fingerprint = self.screening.fingerprint()
        if fingerprint == NO_LISTS:
            return 0
        self._lapse(hold)
        parties = self.ledger.monitoring.unscreened(fingerprint, self.pace.parties)
        if not parties:
            return 0
        return self._work(self._holds[hold.name][0], parties, hold.through, self._screen, fingerprint)

    def _lapse(self, hold: Hold) -> None:
        """Whose clearance has run out since the last look is screened anew."""
        now, since = self.clock(), datetime.fromisoformat(hold.mark or "1970-01-01T00:00:00+00:00")
        lapsed = self.ledger.clearances.lapsed(since, now)
        if lapsed:
            self._leave(hold, Left(hold.through, now.isoformat(), anew=lapsed))

    def _screen(self, party: KnownParty) -> Found:
        now, asked = self.clock(), orjson.loads(party.body)
        known = self.ledger.alerts.matches(party.subject_kind, party.subject)
        if not known and not self.screening.concerned(asked, party.screened_by, now):
            return Found(screened=(party,))
        held = self.ledger.clearances.of(party.subject, now)
        screened, fingerprint = self.screening.of(asked, now, held)
        entry = entry_of(self.new_screening(), party.subject, asked, screened, now, fingerprint)
        counted = [one for one in screened.matches if one.cleared_by is None and one.band is not Band.CLEAR]
        alerts = [
            Told(alert_of(one, screened, party.subject_kind, party.subject, now), likeness(party.digest, one), entry)
            for one in counted
        ]
        return Found(alerts, list(over(known, party, screened)), screened=(party,))

    def _graphs(self, hold: Hold) -> int:
        now = self.clock()
        if hold.mark >= day_of(now):
            self._looked = hold.mark
            return 0
        # A look without what yesterday still waits to tell would be a look at half of it.
        if not heard_up_to(now, self.ledger.monitoring.lags().get(INTAKE)):
            return 0
        taken_in = self.ledger.monitoring.through(INTAKE)
        return self._work(hold, (self._look(hold),), taken_in, self._over_everybody)

    def _look(self, hold: Hold) -> Look:
        return look_of(hold.mark, hold.through, self.clock(), self.pace.graph_reach + self.pace.graph_late)

    def _over_everybody(self, look: Look) -> Found:
        if self.evaluate_graphs is None or not self.ledger.monitoring.changed(look.after, 1):
            return Found(mark=look.id)
        most = self.pace.graph_events

        def pages(below: int | None) -> Sequence[Watched]:
            return self.ledger.monitoring.since(look.since, below, self.pace.graph_page)

        records, whole = gathered(pages, most)
        told = [Told(alert) for alert in new_in(look, records, self.evaluate_graphs(records))]
        if not whole:
            told.append(Told(cut_short(look, most, self.clock())))
        return Found(told, mark=look.id)

    def _may_forget(self) -> bool:
        """Once a day, and where graphs are looked for not before the look of the day: it may have days to catch up with."""
        today = day_of(self.clock())
        if self._forgot >= today:
            return False
        return self.evaluate_graphs is None or self.ledger.monitoring.mark(GRAPHS) >= today

    def _forget(self, hold: Hold) -> int:
        today = day_of(self.clock())
        looked_at = self.ledger.monitoring.through(SCENARIOS)
        old = self.ledger.monitoring.older(self.clock() - self.pace.kept, looked_at, self.pace.forgotten)
        if hold.mark >= today or not old:
            self._forgot = today
            if hold.mark < today:
                self._leave(hold, Left(hold.through, today))
            return 0
        self._leave(hold, Left(hold.through, hold.mark, gone=tuple(map(under_subjects, old))))
        return len(old)

    # -- one way to work and to leave --

    def _work(
        self,
        hold: Hold,
        items: Sequence[_Item],
        upto: int,
        find: Callable[[_Item], Found],
        fingerprint: str = "",
    ) -> int:
        """Find what there is in each item, and leave it. One that fails ends the step before it."""
        found: list[Found] = []
        for item in items:
            try:
                found.append(find(item))
            except LedgerError:
                raise
            except (
                Exception
            ) as error:  # the edge of the scenarios and lists: one payment's trouble is not all payments'
                _log.exception("monitor_stumbled", consumer=hold.name, at=item.seq)
                if not found:
                    return self._stumbled(hold, item, type(error).__name__, fingerprint)
                upto = hold.through if fingerprint else item.seq - 1
                break
        left = _together(found, upto, hold.mark, fingerprint)
        try:
            self._leave(hold, left)
        except EntryRefused as refusal:
            if len(found) > 1:
                first = items[:1]
                return self._work(hold, first, hold.through if fingerprint else first[0].seq, find, fingerprint)
            return self._stumbled(hold, items[0], type(refusal).__name__, fingerprint)
        return len(found)

    def _stumbled(self, hold: Hold, item: _Item, why: str, fingerprint: str) -> int:
        """Count it; after the last try pass it over, with an incident."""
        if self.ledger.monitoring.stumble(hold, item.seq) < self.pace.tries:
            return 0
        # An incident is about the service, and lies in the clear: the party by what the ledger calls it.
        name = (item.row or item.subject) if isinstance(item, KnownParty) else item.id
        incident = Alert(
            AlertKind.INCIDENT, f"incident.monitor.{hold.name}", "lexgate", __version__, "service",
            f"monitor.{hold.name}", (name,), self.clock(), "medium",
            f"{name} could not be worked through in {self.pace.tries} tries ({why}) and was passed over: look at it by hand.",
        )  # fmt: skip
        screened = (item,) if isinstance(item, KnownParty) else ()
        # Only words and records are what a cursor counts.
        upto = item.seq if isinstance(item, Word | StoppedPayment | Watched) else hold.through
        found = Found([Told(incident)], screened=screened, mark=item.id if isinstance(item, Look) else "")
        self._leave(hold, _together([found], upto, hold.mark, fingerprint))
        return 1

    def _leave(self, hold: Hold, left: Left) -> int:
        occasion = Occasion(self.clock(), self.release, self.new_case)
        new = self.ledger.monitoring.leave(hold, left, occasion)
        self._holds[hold.name] = replace(hold, through=left.through, mark=left.mark), self._holds[hold.name][1]
        if new:
            _log.info("alerts_told", consumer=hold.name, number=new)
        return new


def _together(found: Sequence[Found], upto: int, mark: str, fingerprint: str) -> Left:
    return Left(
        upto,
        next((one.mark for one in reversed(found) if one.mark), mark),
        told=tuple(one for each in found for one in each.told),
        over=tuple(one for each in found for one in each.over),
        watched=tuple(one for each in found for one in each.watched),
        parties=tuple(one for each in found for one in each.parties),
        screened=tuple(one for each in found for one in each.screened),
        fingerprint=fingerprint,
    )


class Runs(Protocol):
    """What works until it is told to stop."""

    def run(self, stop: threading.Event, /) -> None:
        """Work, wait, work."""
        ...


class Background(Beside):
    """A worker in a thread of its own, beside a service."""

    def __init__(self, worker: Runs, name: str = "lexgate-monitor") -> None:
        super().__init__(name)
        self._worker = worker

    def _run(self) -> None:
        self._worker.run(self._stop)
