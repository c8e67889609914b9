"""The circuit breaker: looks how many payments each rule stops, holds back one that has run away, and tells a person.

Each process counts what it decides, in a thread beside the service; whoever decides only hands over which rules stopped the
payment. Of several processes that see the same, the ledger lets one be the first; the others take its release up as any other.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import orjson

from api.beside import Beside
from api.breaker_steps import Held, hold_back, incident_of, lost, may_hold, runaway_incident
from api.logs import logger
from api.settings import Settings
from engine.breaker import Counts, Limits, RuleId, Runaway, stops_of, why
from engine.ledger import DemotionOvertaken, Ledger, LedgerError
from engine.packs import PackError
from engine.packs.demotions import Demotion, rules_of

if TYPE_CHECKING:
    from api.law_in_force import LawInForce
    from api.service import Service

PAUSE_SECONDS: Final = 0.2
"""Between two looks."""
PAST: Final = 5_000
"""Stored decisions that a process begins its counts with."""
_PAGE: Final = 500
_WAITING: Final = 200_000
"""Payments that may wait to be counted; were nobody to count them, the oldest are let go."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)
_log = logger("lexgate.breaker")


_Decided = tuple[str, list[dict[str, Any]], tuple[RuleId, ...], str | None]
"""What is counted of one payment: the release, the packs that were applied, the rules that stopped it, the payer. A plain tuple:
whoever decides waits for it."""


class Breaker(Beside):
    """One thread beside the service."""

    def __init__(self, service: Service) -> None:
        super().__init__("lexgate-breaker")
        self._service = service
        self._counts = Counts(limits_of(service.settings))
        self._exempt = service.settings.breaker_exempt_rules
        self._inbox: deque[_Decided] = deque(maxlen=_WAITING)
        self._release = self._told = ""
        self._handled: set[tuple[str, str]] = set()
        self._turn = threading.Lock()

    def note(self, release: str, body: Mapping[str, Any], payer: str | None) -> None:
        """A payment was decided. Costs next to nothing; what it says is counted later."""
        stopped = () if body["outcome"] == "allow" else stops_of(body)
        self._inbox.append((release, body["rulepacks"], stopped, payer))

    def look(self) -> list[str]:
        """Count what was decided and hold back what has run away; which rules those are. Raises LedgerError."""
        with self._turn:
            service = self._service
            law, now = service.law, service.clock()
            minute = minute_of(now)
            if law.digest != self._release:
                self._count_anew(law.digest, minute)
            if law.digest != self._told:
                self._tell(law, now)
            self._count(law.digest, minute)
            return self._hold(law, self._counts.runaway(minute), now)

    # -- counting --

    def _count(self, release: str, minute: int) -> None:
        """Payments that another release decided are not counted: they say nothing of this one."""
        while self._inbox:
            self._add(minute, self._inbox.popleft(), release)

    def _add(self, minute: int, one: _Decided, only: str | None = None) -> None:
        """`only`: nothing is counted that another release decided."""
        release, packs, stopped, payer = one
        if only is None or release == only:
            self._counts.add(minute, (entry["jurisdiction"] for entry in packs), stopped, payer)

    def _count_anew(self, release: str, minute: int) -> None:
        """Another release answers; or this process has just begun."""
        if self._release:
            self._counts.restart(minute)
        else:
            self._remember(release, minute)
        self._release = release

    def _tell(self, law: LawInForce, now: datetime) -> None:
        """What a person is to know of the release that answers now, and what it must not let go."""
        for one in law.packs.demotions:
            self._service.tell(incident_of(one, law.packs))
        self._carry_over(law, now)
        self._told = law.digest

    def _remember(self, release: str, minute: int) -> None:
        """Begin with what the ledger knows: a restart forgets little. Of the window only what this release decided."""
        recent = minute - self._counts.limits.window
        for at, one in sorted(_past(self._service.ledger), key=lambda pair: pair[0]):
            if at <= minute:
                self._add(at, one, None if at <= recent else release)

    # -- holding back --

    def _hold(self, law: LawInForce, found: Iterable[Runaway], now: datetime) -> list[str]:
        done = []
        upon = law.packs
        for one in found:
            if (law.digest, one.rule) in self._handled or one.rule in self._exempt:
                continue
            pack, _, name = one.rule.partition("/")
            known = dict(rules_of(upon.packs[pack])).get(name) if pack in upon.packs else None
            if known is None or any(held.id == one.rule for held in upon.demotions):
                continue
            demotion = Demotion(pack, name, now.replace(microsecond=0), why(one.numbers), one.numbers)
            if self._service.signing.own is None or not may_hold(self._service.settings, *known):
                self._service.tell(runaway_incident(demotion, upon))
                self._handled.add((law.digest, one.rule))
                _log.error("rule_runs_away", rule=one.rule, reason=demotion.why)
                continue
            try:
                upon = hold_back(self._service, upon, Held(demotion), now)
            except DemotionOvertaken:
                # Another process was first, or persons were: that release is taken up, and counted anew.
                break
            self._handled.add((law.digest, one.rule))
            done.append(one.rule)
            _log.error("rule_held_back", rule=one.rule, release=upon.release.digest, reason=demotion.why)
        return done

    def _carry_over(self, law: LawInForce, now: datetime) -> None:
        """Rules that the release before held back, and that this one, made before that, would let go without anybody's word."""
        upon = law.packs
        for one in lost(self._service, law, now):
            try:
                upon = hold_back(self._service, upon, Held(one, carried=True), now)
            except DemotionOvertaken:
                return
            _log.error("rule_held_back_again", rule=one.id, release=upon.release.digest)

    def _run(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            try:
                self.look()
            except (LedgerError, PackError) as error:
                _log.warning("rules_not_looked_at", reason=str(error))


def limits_of(settings: Settings) -> Limits:
    """When a rule has run away, as the operator wants it."""
    return Limits(
        settings.breaker_window_minutes, settings.breaker_minimum, settings.breaker_ceiling_percent,
        settings.breaker_factor,
    )  # fmt: skip


def minute_of(now: datetime) -> int:
    """The number of a minute since 1970."""
    return (now - _EPOCH) // _MINUTE


def _past(ledger: Ledger) -> Iterable[tuple[int, _Decided]]:
    """What is counted of the newest stored decisions, each with its minute."""
    after: str | None = None
    for _ in range(PAST // _PAGE):
        page = ledger.decisions(limit=_PAGE, after=after)
        for stored in page.data:
            body = orjson.loads(stored.answer)
            stopped = () if body["outcome"] == "allow" else stops_of(body)
            yield minute_of(stored.at), (stored.release, body["rulepacks"], stopped, stored.payer_id)
        if page.next is None:
            return
        after = page.next
