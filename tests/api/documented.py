"""How tools call every route of the document: what they check of each answer, and an application that outlives their calls."""

from __future__ import annotations

from collections.abc import Callable

import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import ASGIApp, Receive, Scope, Send

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


@schemathesis.serializer("application/x-ndjson")
def _lines(_context: schemathesis.SerializationContext, value: object) -> bytes:
    """A batch: what was generated, as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def lasting(app: Callable[[], ASGIApp]) -> ASGIApp:
    """Each call of a tool starts and ends the application it calls; the service lives on. `app`: asked for at each call."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            return await app()(scope, receive, send)
        while True:
            said = (await receive())["type"]
            await send({"type": f"{said}.complete"})
            if said == "lifespan.shutdown":
                return None

    return call
