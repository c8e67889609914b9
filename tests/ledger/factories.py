"""Entries to store, and short ways to store them and wait."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from threading import Event, Thread
from typing import Any

from engine.ledger import CountedPayment, DecisionEntry, Ledger, LedgerError, Stored, Written
from engine.ledger._batch import Batch

AT = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)
_numbers = count(1)


def moment(seconds: int) -> datetime:
    """Some seconds after the beginning of the tests' time."""
    return AT + timedelta(seconds=seconds)


def counted(payer_id: str = "c-7", **changes: Any) -> CountedPayment:
    """A card payment of 24.90 EUR."""
    payment = CountedPayment(payer_id, "card", "remote", None, AT, Decimal("24.90"), "EUR", authenticated=False)
    return replace(payment, **changes)


def entry(**changes: Any) -> DecisionEntry:
    """A decision with an id of its own."""
    number = next(_numbers)
    made = DecisionEntry(
        id=f"dec_{number:026d}",
        at=AT,
        key_id="key_1",
        reference=f"ord-{number}",
        payer_id="c-7",
        outcome="allow",
        country="FR",
        release="sha256:" + "ab" * 32,
        facts=b'{"amount":"24.90"}',
        inputs=b'{"locale":"en"}',
        answer=b'{"outcome":"allow"}',
        counted=counted(),
    )
    return replace(made, **changes)


def asked(key: str, body: bytes, scope: str = "key_1") -> tuple[str, str, bytes]:
    """An idempotency key with the body it came with."""
    return scope, key, hashlib.sha256(body).digest()


def store(ledger: Ledger, *entries: DecisionEntry) -> list[Written]:
    """Store one after the other, each in a batch of its own; a failure is raised."""
    return [_await(ledger, item) for item in entries]


def stored(ledger: Ledger, **changes: Any) -> DecisionEntry:
    """Make one decision and store it."""
    made = entry(**changes)
    assert isinstance(store(ledger, made)[0], Stored)
    return made


def _await(ledger: Ledger, item: DecisionEntry) -> Written:
    (future,) = submitted(ledger, item)
    result = future.result(timeout=30)
    if isinstance(result, LedgerError):
        raise result
    return result


@contextmanager
def held(ledger: Ledger) -> Iterator[None]:
    """Keep the writer busy inside a transaction, so that what is submitted meanwhile becomes one batch."""
    begun, go_on = Event(), Event()

    def wait(_: Batch) -> None:
        begun.set()
        go_on.wait(30)

    thread = Thread(target=lambda: ledger.writer.run(wait))
    thread.start()
    assert begun.wait(30)
    try:
        yield
    finally:
        go_on.set()
        thread.join()


def submitted(ledger: Ledger, *entries: DecisionEntry) -> list[Future[Written | LedgerError]]:
    """Hand over the entries, one after the other: what will become of each."""
    futures: list[Future[Written | LedgerError]] = [Future() for _ in entries]
    for item, future in zip(entries, futures, strict=True):
        ledger.writer.submit(item, future.set_result)
    return futures


def together(ledger: Ledger, *entries: DecisionEntry) -> list[Written | LedgerError]:
    """Store the entries in one batch and return what became of each."""
    with held(ledger):
        futures = submitted(ledger, *entries)
    return [future.result(timeout=30) for future in futures]


def gathered(work: Callable[[], Sequence[Awaitable[Any]]]) -> list[Any]:
    """Run coroutines in one event loop; failures are among the results."""

    async def main() -> list[Any]:
        return await asyncio.gather(*work(), return_exceptions=True)

    return asyncio.run(main())


@dataclass
class Steps:
    """A clock that goes one second further each time it is read."""

    now: datetime = AT

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now
