"""Traces of a few preflights, by OpenTelemetry: spans made by hand, off unless a receiver is named.

Which request is traced is chosen when it comes in, by a throw of our own: no caller can ask for more. The others cost a throw.
A traced one only notes moments; spans are made of them once the answer is on its way, and a thread of their own sends them. No
attribute holds what a caller sent: neither bodies nor headers, ids or names.
"""

from __future__ import annotations

import random
import re
import socket
import time
from typing import TYPE_CHECKING, Final

from api import __version__
from api.settings import Settings, SettingsRefused

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace.export import SpanProcessor
    from opentelemetry.trace import Tracer

CLOSING_MILLISECONDS: Final = 3000
"""How long the end of the service waits for the last traces to be sent."""
_PARENT: Final = re.compile(rb"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
"""W3C Trace Context, https://www.w3.org/TR/trace-context/#traceparent-header."""


class Marks:
    """The moments of one traced request: when each part of the work ended. Nanoseconds since 1970."""

    __slots__ = ("began", "ends", "parent")

    def __init__(self, parent: bytes | None) -> None:
        self.parent = parent
        self.began = time.time_ns()
        self.ends: list[tuple[str, int]] = []

    def mark(self, part: str) -> None:
        """This part of the work has ended, and the next one begins."""
        self.ends.append((part, time.time_ns()))


class Tracing:
    """Chooses requests, and makes spans of their moments."""

    def __init__(self, processor: SpanProcessor, percent: float) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.sampling import ALWAYS_ON

        # Named here and not found out: what a library finds out of a machine changes with the library.
        about = {"service.name": "lexgate", "service.version": __version__, "service.instance.id": socket.gethostname()}
        self._provider = TracerProvider(sampler=ALWAYS_ON, resource=Resource(about), shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer: Tracer = self._provider.get_tracer("lexgate", __version__)
        self._share: Final = percent / 100

    def chosen(self, headers: dict[bytes, bytes]) -> Marks | None:
        """The moments of a request that is to be traced; None: it is not."""
        if random.random() >= self._share:  # noqa: S311 - which requests are looked at is no secret
            return None
        return Marks(headers.get(b"traceparent"))

    def finish(self, marks: Marks, status: int, told: dict[str, str | int | bool]) -> None:
        """Make the spans of a request that was answered: one, and below it one for each part of the work."""
        from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context

        attributes = {"http.request.method": "POST", "http.route": "/v1/preflight", "http.response.status_code": status}
        whole = self._tracer.start_span(
            "POST /v1/preflight",
            _context(marks.parent),
            SpanKind.SERVER,
            {**attributes, **told},
            start_time=marks.began,
        )
        if status >= 500:
            whole.set_status(Status(StatusCode.ERROR))
        inside, began = set_span_in_context(whole), marks.began
        for part, ended in marks.ends:
            self._tracer.start_span(part, inside, start_time=began).end(ended)
            began = ended
        whole.end(began if marks.ends else None)

    def close(self) -> None:
        """Send what is left, and wait a little for it."""
        self._provider.force_flush(CLOSING_MILLISECONDS)
        self._provider.shutdown()


def _context(parent: bytes | None) -> Context | None:
    """The caller's span, to which ours belongs; None: there is none, or it is not one."""
    found = _PARENT.fullmatch(parent or b"")
    if found is None:
        return None
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    context = SpanContext(
        int(found[1], 16), int(found[2], 16), is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED)
    )
    return set_span_in_context(NonRecordingSpan(context)) if context.is_valid else None


def tracing_of(settings: Settings) -> Tracing | None:
    """What traces by the settings; None: nothing is. Raises SettingsRefused where the extra is not installed."""
    if not settings.traces:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise SettingsRefused("LEXGATE_TRACES: traces need the extra `otel`: pip install 'lexgate[otel]'.") from None
    return Tracing(
        BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.traces, timeout=5)), float(settings.traces_percent)
    )
