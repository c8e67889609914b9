"""The chain verified on request: one walk at a time, in a thread of its own, beside a ledger in service.

Each walk is a file in a folder that all processes of a service share, so that whichever of them is asked can tell how far it has
come. The process that walks touches it while it lives; one that died leaves a walk that failed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import orjson

from api.backtest_folder import put
from api.backtest_life import BEAT_SECONDS, is_fresh
from api.ids import DecisionIds
from api.logs import logger
from engine.ledger import Ledger, LedgerError

_log = logger("lexgate.verifying")
KEPT: Final = 20
"""Walks that are remembered; what each found stands in the log as well."""


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
    head: tuple[int, str] | None = None
    """Number and hash of the last row, once it is known."""
    first_bad: tuple[int, str, str] | None = None
    """Number, table and what is wrong."""

    @classmethod
    def read(cls, text: bytes) -> Verification:
        """As it was written down."""
        tree = orjson.loads(text)
        for name in ("started_at", "ended_at"):
            tree[name] = None if tree[name] is None else datetime.fromisoformat(tree[name])
        for name in ("head", "first_bad"):
            tree[name] = None if tree[name] is None else tuple(tree[name])
        return cls(**tree)


@dataclass(slots=True)
class Verifications:
    """The walks of a service, whichever of its processes began them."""

    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _new_id: Callable[[], str] = field(default_factory=lambda: DecisionIds(kind="ver_"))

    def start(self, ledger: Ledger, now: Callable[[], datetime], by: str) -> Verification:
        """Begin one; where one is under way, it is that one. Raises OSError."""
        with self._lock:
            running = next((one for one in self.newest_first() if one.state == "running"), None)
            if running is not None:
                return running
            made = Verification(self._new_id(), by, now())
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write(made)
            for old in sorted(self._files(), reverse=True)[KEPT:]:
                old.unlink(missing_ok=True)
        threading.Thread(target=self._walk, args=(made, ledger, now), name="lexgate-verification", daemon=True).start()
        return made

    def one(self, identity: str) -> Verification | None:
        """The one with this id."""
        return self._read(self._file(identity))

    def newest_first(self) -> list[Verification]:
        """All that are remembered."""
        return [one for path in sorted(self._files(), reverse=True) if (one := self._read(path)) is not None]

    def _walk(self, made: Verification, ledger: Ledger, now: Callable[[], datetime]) -> None:
        known, over = [made], threading.Event()
        beat = threading.Thread(target=self._beat, args=(known, over), name="lexgate-verification-beat", daemon=True)
        beat.start()

        def come(rows: int, of: int) -> None:
            known[0] = replace(made, rows=rows, of=of)

        try:
            ended = self._walked(made, ledger, come)
        finally:
            over.set()
            beat.join()
        self._write(replace(ended, of=known[0].of, rows=ended.rows or known[0].rows, ended_at=now()))

    def _walked(self, made: Verification, ledger: Ledger, come: Callable[[int, int], None]) -> Verification:
        try:
            report = ledger.verify(progress=come)
        except LedgerError as error:
            _log.warning("verification_failed", id=made.id, code=error.code)
            return replace(made, state="failed")
        bad = report.first_bad
        state: Literal["whole", "broken"] = "whole" if report.ok else "broken"
        (_log.info if report.ok else _log.error)("verified", id=made.id, state=state, rows=report.rows)
        return replace(
            made, state=state, rows=report.rows, head=(report.head.seq, report.head.hash.hex()),
            first_bad=None if bad is None else (bad.seq, bad.table, bad.what),
        )  # fmt: skip

    def _beat(self, known: list[Verification], over: threading.Event) -> None:
        while not over.wait(BEAT_SECONDS):
            self._write(known[0])

    def _write(self, one: Verification) -> None:
        put(self._file(one.id), orjson.dumps(asdict(one)))

    def _read(self, path: Path) -> Verification | None:
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            return None
        found = Verification.read(text)
        if found.state == "running" and not is_fresh(path):
            return replace(found, state="failed")
        return found

    def _files(self) -> Iterator[Path]:
        return self.folder.glob("ver_*.json")

    def _file(self, identity: str) -> Path:
        return self.folder / f"{identity}.json"
