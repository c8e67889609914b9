"""Puts a release in force when it is due, in every process that serves: each looks at the same activations with its own clock.

What may soon be in force is read and compiled before, so that the switch itself is one assignment: no request waits for it, none
is dropped, none is decided by halves. Looking again and again is all it takes; no message needs to arrive.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from api.beside import Beside
from api.canary_watch import CanaryWatch
from api.law_in_force import LawInForce
from api.logs import logger
from api.upgrading import offer
from engine.drafting import Activation, in_force
from engine.ledger import LedgerError
from engine.packs import PackError, PackSet

if TYPE_CHECKING:
    from api.service import Service

PAUSE_SECONDS: Final = 0.2
"""Between two looks. A release that is due answers well within a second."""
GRACE_SECONDS: Final = 30.0
"""How long what watched for the scenarios of the release before may still be asked by what was under way."""
READY: Final = 4
"""Releases that are kept ready: the one before, for a rollback, and those that are approved."""
_log = logger("lexgate.law")


class LawWatch(Beside):
    """One thread beside the service."""

    def __init__(self, service: Service) -> None:
        super().__init__("lexgate-law")
        self._service = service
        self._turn = threading.Lock()
        self._ready: OrderedDict[str, LawInForce] = OrderedDict()
        self._unusable: set[str] = set()
        self._known: tuple[int, list[Activation]] = (0, [])
        self._retired: list[tuple[float, LawInForce]] = []
        self._canaries = CanaryWatch(service, self._usable, self._retire)

    def start(self) -> None:
        """Begin, with a first look before anybody is answered: who was in a canary before a restart is in it afterwards."""
        self._look_once()
        super().start()

    def look(self) -> bool:
        """Put in force what is due now, and let a canary answer or end. Whether anything changed. Raises LedgerError."""
        with self._turn:
            holds = in_force(self._activations(), self._service.clock())
            switched = holds is not None and self._follow(holds)
            return self._canaries.look(holds) or switched

    def _follow(self, holds: Activation) -> bool:
        service = self._service
        law = None if holds.release == service.law.digest else self._usable(holds.release)
        if law is None:
            return False
        canary, before = service.law.canary, service.law.alone
        service.put_in_force(law)
        self._keep(before)
        for one in (before, canary):
            if one is not None and one.scenarios is not law.scenarios:
                self._retire(one)
        _log.info("release_in_force", release=law.digest, kind=holds.kind.value, since=holds.active_from.isoformat())
        offer(service)
        return True

    def prepare(self) -> None:
        """Make ready what may soon be in force. Raises LedgerError."""
        service = self._service
        with self._turn:
            now = service.clock()
            due = {one.release for one in self._activations() if one.active_from > now}
        for digest in sorted((service.ledger.drafts.coming() | due) - {service.law.digest}):
            if digest not in self._ready:
                with self._turn:
                    self._prepared(digest)

    def _run(self) -> None:
        turns = 0
        while not self._stop.wait(PAUSE_SECONDS):
            self._look_once(prepare=turns % 5 == 0)
            turns += 1

    def _look_once(self, *, prepare: bool = False) -> None:
        try:
            self.look()
            if prepare:
                self.prepare()
            self._let_go()
        except LedgerError as error:
            _log.warning("law_not_looked_at", reason=str(error))

    def _activations(self) -> list[Activation]:
        """Every activation; read again where there is a new one."""
        stored = self._service.ledger.activations
        last = stored.last()
        if last != self._known[0]:
            self._known = last, stored.all()
        return self._known[1]

    def _trusted(self, digest: str) -> bool:
        """Whether somebody who is trusted signed it, or it came with the software. Asked when it is due, however long it has
        been ready: what is only approved is not signed yet."""
        if digest in self._unusable:
            return False
        fault = self._service.signing.fault(self._service.ledger, digest)
        if fault is not None:
            self._unusable.add(digest)
            _log.error("release_not_trusted", release=digest, reason=fault)
        return fault is None

    def _usable(self, digest: str) -> LawInForce | None:
        """The release, ready to answer. None where it may not, or cannot be read."""
        return self._prepared(digest) if self._trusted(digest) else None

    def _prepared(self, digest: str) -> LawInForce | None:
        """The release, ready. None, once told in the log, for one that this version of the software cannot read."""
        if digest in self._ready:
            self._ready.move_to_end(digest)
            return self._ready[digest]
        service = self._service
        stored = None if digest in self._unusable else service.ledger.release(digest)
        if stored is None:
            return None
        try:
            packs = PackSet.from_canonical(stored.canonical, near=service.packs)
        except (PackError, ValueError) as error:
            self._unusable.add(digest)
            _log.error("release_unusable", release=digest, reason=str(error))
            return None
        law = service.prepare(packs, near=service.law.alone)
        self._keep(law)
        return law

    def _keep(self, law: LawInForce) -> None:
        self._ready[law.digest] = law
        self._ready.move_to_end(law.digest)
        while len(self._ready) > READY:
            self._ready.popitem(last=False)

    def _retire(self, law: LawInForce) -> None:
        """Nobody is answered by it from now on; what is under way may still ask what watches for its scenarios."""
        self._retired.append((time.monotonic(), law))

    def _let_go(self) -> None:
        """Close what watched for the scenarios of releases that nobody asks any more."""
        over = time.monotonic() - GRACE_SECONDS
        now = self._service.law
        used = {id(law.scenarios) for law in (*self._ready.values(), now, now.canary or now)}
        for since, law in list(self._retired):
            if since < over and id(law.scenarios) not in used:
                law.scenarios.close()
                self._retired.remove((since, law))
