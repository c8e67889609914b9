"""The chain verified on request: one walk at a time, in a thread of its own, beside a ledger in service."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from api.ids import DecisionIds
from api.logs import logger
from engine.ledger import AuditReport, Ledger, LedgerError

_log = logger("lexgate.verifying")
KEPT: Final = 20
"""Walks that are remembered, in this process; what each found stands in its log as well."""


@dataclass(frozen=True, slots=True)
class Verification:
    """A walk along the chain."""

    id: str
    by: str
    started_at: datetime
    state: Literal["running", "whole", "broken", "failed"] = "running"
    rows: int = 0
    """Checked so far."""
    of: int = 0
    """That there are."""
    ended_at: datetime | None = None
    report: AuditReport | None = None


@dataclass(slots=True)
class Verifications:
    """The walks of this process."""

    _known: OrderedDict[str, Verification] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _new_id: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="ver_"))

    def start(self, ledger: Ledger, now: Callable[[], datetime], by: str) -> Verification:
        """Begin one; where one is under way, it is that one."""
        with self._lock:
            running = next((one for one in self._known.values() if one.state == "running"), None)
            if running is not None:
                return running
            made = Verification(self._new_id(), by, now())
            self._known[made.id] = made
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        threading.Thread(
            target=self._walk, args=(made.id, ledger, now), name="lexgate-verification", daemon=True
        ).start()
        return made

    def one(self, identity: str) -> Verification | None:
        """The one with this id."""
        with self._lock:
            return self._known.get(identity)

    def newest_first(self) -> list[Verification]:
        """All that are remembered."""
        with self._lock:
            return list(reversed(self._known.values()))

    def _walk(self, identity: str, ledger: Ledger, now: Callable[[], datetime]) -> None:
        try:
            report = ledger.verify(progress=lambda rows, of: self._put(identity, rows=rows, of=of))
        except LedgerError as error:
            _log.warning("verification_failed", id=identity, code=error.code)
            self._put(identity, state="failed", ended_at=now())
            return
        state = "whole" if report.ok else "broken"
        (_log.info if report.ok else _log.error)("verified", id=identity, state=state, rows=report.rows)
        self._put(identity, state=state, ended_at=now(), rows=report.rows, report=report)

    def _put(self, identity: str, **changed: object) -> None:
        with self._lock:
            if identity in self._known:
                self._known[identity] = replace(self._known[identity], **changed)  # type: ignore[arg-type]
