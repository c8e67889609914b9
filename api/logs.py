"""Logs: one JSON object a line on standard error, with stable event names, and nothing that a caller sent.

A traceback is told as the places it passed through. The message of an exception is left out: it may quote a value.
"""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

CHATTY: Final = ("py4j", "httpx", "httpcore")
"""Libraries that tell at level info what is nobody's business but theirs: each connection that they close, each address that they
ask for, with what people typed into the console's search in it."""


def places(trace: TracebackType | None) -> list[str]:
    """Where an exception passed, the outermost first: `decide.py:80 decide`."""
    frames = traceback.extract_tb(trace)
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def _discreet(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception as its type and its places."""
    raised: Any = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    if isinstance(raised, BaseException):
        raised = (type(raised), raised, raised.__traceback__)
    if isinstance(raised, tuple) and raised[0] is not None:
        event["exception"] = raised[0].__name__
        event["places"] = places(raised[2])
    return event


class _StandardError(logging.StreamHandler[Any]):
    """What is standard error now, not what it was when logs were set up: whoever calls a command may have put another in its
    place and closed it since."""

    @property
    def stream(self) -> Any:
        return sys.stderr

    @stream.setter
    def stream(self, _stream: Any) -> None:
        pass


def configure(level: str, worker: int | None = None) -> None:
    """Send everything, the libraries' logs too, through one renderer. `worker`: the place of this process among several, which
    every line then names."""

    def named(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return event if worker is None else {**event, "worker": worker}

    shared: list[Processor] = [
        named,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _discreet,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = _StandardError()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger of the house."""
    found: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return found
