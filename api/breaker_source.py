"""The payments that the circuit breaker counts: what this process decides, or what all that share a ledger have stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

import orjson

from api.turns import Turn
from engine.breaker import RuleId, stops_of
from engine.ledger import Ledger

PAST: Final = 5_000
"""Stored decisions that counts begin with."""
_PAGE: Final = 500
_WAITING: Final = 200_000
"""Payments that may wait to be counted; were nobody to count them, the oldest are let go."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE: Final = timedelta(minutes=1)

Decided = tuple[str, list[dict[str, Any]], tuple[RuleId, ...], str | None]
"""What is counted of one payment: the release, the packs that were applied, the rules that stopped it, the payer. A plain tuple:
whoever decides waits for it."""


class Source(Protocol):
    """Where payments come from."""

    def note(self, release: str, body: Mapping[str, Any], payer: str | None) -> None:
        """This process has decided one. Costs next to nothing."""

    def mine(self) -> bool:
        """Whether it is for this process to count. Raises LedgerError."""

    def past(self) -> Iterable[tuple[int, Decided]]:
        """The newest that were stored before what is yet to come, each with its minute. Raises LedgerError."""

    def fresh(self) -> Iterator[Decided]:
        """What has come since. Raises LedgerError."""

    def close(self) -> None:
        """Nothing is counted here any more."""


class Here:
    """What this process decides: nobody else writes to its ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._inbox: deque[Decided] = deque(maxlen=_WAITING)

    def note(self, release: str, body: Mapping[str, Any], payer: str | None) -> None:
        """Counted later."""
        self._inbox.append(_decided(release, body, payer))

    def mine(self) -> bool:
        """There is nobody else."""
        return True

    def past(self) -> Iterable[tuple[int, Decided]]:
        """As the ledger knows it."""
        return _past(self._ledger, None)

    def fresh(self) -> Iterator[Decided]:
        """What was noted."""
        while self._inbox:
            yield self._inbox.popleft()

    def close(self) -> None:
        """Nothing is held."""


class Everywhere:
    """What all processes have stored in one ledger, read by one of them at a time: each alone would see a part, and a rule that
    stops a hundred payments would have stopped too few in each."""

    def __init__(self, ledger: Ledger, turn: Turn) -> None:
        self._ledger, self._turn = ledger, turn
        self._through: int | None = None
        """The row up to which all was counted; None: another process counts."""

    def note(self, release: str, body: Mapping[str, Any], payer: str | None) -> None:
        """It is read when it is stored."""

    def mine(self) -> bool:
        """Of several that look one does."""
        if not self._turn.mine():
            self._through = None
            return False
        return True

    def past(self) -> Iterable[tuple[int, Decided]]:
        """The newest up to now; what is stored from now on is fresh."""
        newest = self._ledger.newest_decision()
        self._through = 0 if newest is None else newest[0]
        return _past(self._ledger, self._through)

    def fresh(self) -> Iterator[Decided]:
        """In the order of the chain."""
        while self._through is not None:
            found = self._ledger.answered(after=self._through, limit=_PAGE)
            for seq, release, payer, answer in found:
                self._through = seq
                if answer:
                    yield _decided(release, orjson.loads(answer), payer)
            if len(found) < _PAGE:
                return

    def close(self) -> None:
        """Another process may go on."""
        self._turn.give_back()


def minute_of(now: datetime) -> int:
    """The number of a minute since 1970."""
    return (now - _EPOCH) // _MINUTE


def _decided(release: str, body: Mapping[str, Any], payer: str | None) -> Decided:
    stopped = () if body["outcome"] == "allow" else stops_of(body)
    return release, body["rulepacks"], stopped, payer


def _past(ledger: Ledger, upto: int | None) -> Iterable[tuple[int, Decided]]:
    """What is counted of the newest stored decisions, each with its minute. `upto`: of none that was stored later."""
    after: str | None = None
    for _ in range(PAST // _PAGE):
        page = ledger.decisions(limit=_PAGE, after=after)
        for stored in page.data:
            if not stored.erased and (upto is None or stored.seq <= upto):
                yield minute_of(stored.at), _decided(stored.release, orjson.loads(stored.answer), stored.payer_id)
        if page.next is None:
            return
        after = page.next
