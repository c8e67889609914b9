"""Telling callers what became of their entries, in whatever thread or event loop they wait."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from engine.ledger.errors import LedgerError

Target = Callable[[Any], None] | asyncio.Future[Any]
_log = logging.getLogger(__name__)


def tell(waiting: Sequence[tuple[Target, asyncio.AbstractEventLoop | None]], results: Sequence[Any]) -> None:
    """Give each its result. Those of one loop are woken by one call, the others are called here."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for (target, loop), result in zip(waiting, results, strict=True):
        if loop is not None:
            loops.setdefault(loop, []).append((target, result))  # type: ignore[arg-type]
        else:
            _call(target, result)  # type: ignore[arg-type]
    for loop, pairs in loops.items():
        try:
            loop.call_soon_threadsafe(_resolve, pairs)
        except RuntimeError:
            # The loop was closed while its entries were written: nobody is left to hear of it.
            _log.debug("An event loop ended before %d of its entries were stored", len(pairs))


def _call(done: Callable[[Any], None], result: Any) -> None:
    try:
        done(result)
    except Exception:  # a caller's fault in the writer's thread: the other callers still wait
        _log.exception("A caller could not take the result of its entry")


def _resolve(pairs: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in pairs:
        if future.done():
            continue
        if isinstance(result, LedgerError):
            future.set_exception(result)
        else:
            future.set_result(result)
