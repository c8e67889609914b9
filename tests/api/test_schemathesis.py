"""Whatever the document of the interface allows, and much that it does not: no fault of ours, no answer it does not tell."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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

from api.app import bare_app, create_app
from api.bundled import samples
from api.deciding import Asked, facts_in, judge
from api.openapi import describe
from api.service import Service
from api.settings import Settings
from engine.ledger import Scope
from tests.api.client import SECRET

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    unsupported_method,
]

_SAMPLE = (samples() / "eu-low-value.json").read_bytes()
_stored: list[str] = []
"""The id of a decision in the ledger that is called."""


@schemathesis.serializer("application/x-ndjson")
def _lines(_context: schemathesis.SerializationContext, value: object) -> bytes:
    """A batch: what was generated, as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@cache
def _service() -> Service:
    """Opened at the first call: whoever only collects the tests need not wait for it."""
    service = Service.open(Settings(database=f"sqlite:///{tempfile.mkdtemp(prefix='lexgate-')}/lexgate.db"))
    service.ledger.keys.create(Scope, "test", SECRET)
    entry = judge(service, facts_in(_SAMPLE), Asked("test", _SAMPLE, None))
    service.ledger.writer.run(lambda batch: batch.decisions([entry]))
    _stored[:] = [entry.id]
    return service


@cache
def _app() -> ASGIApp:
    return create_app(_service())


@pytest.fixture(scope="module", autouse=True)
def _closed_at_the_end() -> Iterator[None]:
    yield
    if _service.cache_info().currsize:
        _service().close()
        shutil.rmtree(Path(_service().settings.database.removeprefix("sqlite:///")).parent)


async def _call(scope: AsgiScope, receive: Receive, send: Send) -> None:
    """Each call of the tool starts and ends the application it calls; the service lives on."""
    if scope["type"] == "http":
        return await _app()(scope, receive, send)
    while True:
        said = (await receive())["type"]
        await send({"type": f"{said}.complete"})
        if said == "lifespan.shutdown":
            return None


schema = schemathesis.openapi.from_dict(describe(bare_app()))
schema.app = _call


@schemathesis.hook("map_path_parameters")
def _name_what_is_there(_context: object, parameters: dict[str, str] | None) -> dict[str, str] | None:
    """Random ids are never there: every other one becomes that of a stored decision."""
    if parameters and _stored and "decision_id" in parameters and len(parameters["decision_id"]) % 2:
        return {**parameters, "decision_id": _stored[0]}
    return parameters


@schema.parametrize()
@settings(
    max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_answers_as_documented(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {SECRET}"})


@schema.exclude(path_regex="^/(healthz|readyz|metrics)$").parametrize()
@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_nobody_enters_without_a_key(case: schemathesis.Case) -> None:
    response = case.call(headers={"Authorization": "Bearer lx_wrong"})
    assert response.status_code == 401
    case.validate_response(response, checks=CHECKS)
