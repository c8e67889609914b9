"""The circuit breaker: looks how many payments each rule stops, holds back one that has run away, and tells a person.

Where one process has the ledger for itself, it counts what it decides, in a thread beside the service; whoever decides only hands
over which rules stopped the payment. Where several share one, one of them counts what all have stored (`api.breaker_source`). Of
two that see the same, the ledger lets one be the first; the others take its release up as any other.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from api.beside import Beside
from api.breaker_source import Decided, Everywhere, Here, Source, minute_of
from api.breaker_steps import Held, hold_back, incident_of, lost, may_hold, runaway_incident
from api.logs import logger
from api.settings import Settings
from engine.breaker import Counts, Limits, Runaway, why
from engine.ledger import DemotionOvertaken, LedgerError
from engine.packs import PackError
from engine.packs.demotions import Demotion, rules_of

if TYPE_CHECKING:
    from api.law_in_force import LawInForce
    from api.service import Service

PAUSE_SECONDS: Final = 0.2
"""Between two looks."""
_log = logger("lexgate.breaker")


class Breaker(Beside):
    """One thread beside the service."""

    def __init__(self, service: Service) -> None:
        super().__init__("lexgate-breaker")
        self._service = service
        self._counts = Counts(limits_of(service.settings))
        self._exempt = service.settings.breaker_exempt_rules
        turn = service.turn("breaker")
        self._source: Source = Here(service.ledger) if turn is None else Everywhere(service.ledger, turn)
        self._release = self._told = ""
        self._handled: set[tuple[str, str]] = set()
        self._turn = threading.Lock()

    def note(self, release: str, body: Mapping[str, Any], payer: str | None) -> None:
        """A payment was decided. Costs next to nothing; what it says is counted later."""
        self._source.note(release, body, payer)

    def look(self) -> list[str]:
        """Count what was decided and hold back what has run away; which rules those are. Raises LedgerError."""
        with self._turn:
            service = self._service
            law, now = service.law, service.clock()
            minute = minute_of(now)
            if law.digest != self._told:
                self._tell(law, now)
            if not self._source.mine():
                # Another process counts; were it to die, all that is known is read anew.
                self._release, self._counts = "", Counts(limits_of(service.settings))
                return []
            if law.digest != self._release:
                self._count_anew(law.digest, minute)
            self._count(law.digest, minute)
            return self._hold(law, self._counts.runaway(minute), now)

    # -- counting --

    def _count(self, release: str, minute: int) -> None:
        """Payments that another release decided are not counted: they say nothing of this one."""
        for one in self._source.fresh():
            self._add(minute, one, release)

    def _add(self, minute: int, one: Decided, only: str | None = None) -> None:
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
        for at, one in sorted(self._source.past(), key=lambda pair: pair[0]):
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
        self._source.close()


def limits_of(settings: Settings) -> Limits:
    """When a rule has run away, as the operator wants it."""
    return Limits(
        settings.breaker_window_minutes, settings.breaker_minimum, settings.breaker_ceiling_percent,
        settings.breaker_factor,
    )  # fmt: skip
