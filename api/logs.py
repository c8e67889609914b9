"""Logs: one JSON object a line on standard error, with stable event names, and nothing that a caller sent.

A traceback is told as the places it passed through. The message of an exception is left out: it may quote a value. So are the
values of a library's message: it is told as the library wrote it down, with its places for values left open.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from types import TracebackType
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

CHATTY: Final = ("py4j", "httpx", "httpcore", "urllib3", "sqlalchemy", "alembic")
"""Libraries that tell at level info what is nobody's business but theirs: each connection that they close, each address that they
ask for, with what people typed into the console's search in it; each statement, with its parameters."""
OURS: Final = ("api", "engine", "ingest", "lexgate", "uvicorn")
"""How the names of loggers begin whose messages are known to hold no value of a caller."""


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


def _of_libraries(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A library's message without the values in it, and its first line only: asyncio's go on with what a task was called with."""
    record: logging.LogRecord | None = event.get("_record")
    if record is not None and record.name.partition(".")[0] not in OURS:
        event["event"] = (
            (str(record.msg).splitlines() or [""])[0] if isinstance(record.msg, str) else type(record.msg).__name__
        )
    return event


def hooks() -> None:
    """Tell what nobody caught, and what Python warns of, as the log does: by type and places. For a process of our own."""
    log = logger("lexgate.process")

    def uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.error("not_caught", exception=kind.__name__, places=places(trace or (error and error.__traceback__)))

    def warned(
        _message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        _file: Any = None,
        _line: Any = None,
    ) -> None:
        log.warning("python_warning", category=category.__name__, place=f"{filename.rpartition('/')[2]}:{lineno}")

    sys.excepthook = uncaught
    sys.unraisablehook = lambda told: uncaught(told.exc_type or BaseException, told.exc_value, told.exc_traceback)
    threading.excepthook = lambda told: uncaught(told.exc_type, told.exc_value, told.exc_traceback)
    warnings.showwarning = warned


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
            foreign_pre_chain=[_of_libraries, *shared],
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
