"""Whatever the document of the interface allows, and much that it does not: no fault of ours, no answer it does not tell."""

from __future__ import annotations

import atexit
import tempfile

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as AsgiScope

from api.app import create_app
from api.bundled import samples
from api.deciding import Asked, facts_in, judge
from api.service import Service
from api.settings import Settings
from engine.ledger import Scope
from tests.api.client import SECRET

_folder = tempfile.TemporaryDirectory(prefix="lexgate-")
_service = Service.open(Settings(database=f"sqlite:///{_folder.name}/lexgate.db"))
_service.ledger.keys.create(Scope, "test", SECRET)
atexit.register(_folder.cleanup)
atexit.register(_service.close)


@schemathesis.serializer("application/x-ndjson")
def _lines(_context: schemathesis.SerializationContext, value: object) -> bytes:
    """A batch: what was generated, as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def _without_end(app: ASGIApp) -> ASGIApp:
    """Each call of the tool starts and ends the application it calls; the service lives on."""

    async def call(scope: AsgiScope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            return await app(scope, receive, send)
        while True:
            said = (await receive())["type"]
            await send({"type": f"{said}.complete"})
            if said == "lifespan.shutdown":
                return None

    return call


schema = schemathesis.openapi.from_asgi("/openapi.json", _without_end(create_app(_service)))

_known: list[str] = []


@schema.hook("map_path_parameters")
def _name_what_is_there(_context: object, parameters: dict[str, str] | None) -> dict[str, str] | None:
    """Random ids are never there: every other one becomes that of a stored decision."""
    if parameters and "decision_id" in parameters:
        if not _known:
            entry = judge(_service, facts_in(_SAMPLE), Asked("test", _SAMPLE, None))
            _service.ledger.writer.run(lambda batch: batch.decisions([entry]))
            _known.append(entry.id)
        if len(parameters["decision_id"]) % 2:
            return {**parameters, "decision_id": _known[0]}
    return parameters


_SAMPLE = (samples() / "eu-low-value.json").read_bytes()

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    unsupported_method,
]


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_answers_as_documented(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {SECRET}"})


@pytest.mark.slow
@schema.exclude(path_regex="^/(healthz|readyz|metrics)$").parametrize()
@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_nobody_enters_without_a_key(case: schemathesis.Case) -> None:
    response = case.call(headers={"Authorization": "Bearer lx_wrong"})
    assert response.status_code == 401
    case.validate_response(response, checks=CHECKS)
