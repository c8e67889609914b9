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
from schemathesis.specs.openapi.checks import unsupported_method
from starlette.types import ASGIApp

from api.app import bare_app, create_app
from api.openapi import describe
from api.service import Service
from api.settings import Settings
from tests.api.client import SECRET
from tests.api.documented import CHECKS, lasting
from tests.api.lived_in import lived_in

pytestmark = pytest.mark.slow

_stored: dict[str, str] = {}
"""What is in the ledger that is called: the name of a parameter -> an id."""


@cache
def _service() -> Service:
    """Opened at the first call: whoever only collects the tests need not wait for it."""
    settings = Settings(database=f"sqlite:///{tempfile.mkdtemp(prefix='lexgate-')}/lexgate.db")
    service, there = lived_in(settings)
    _stored.update(there)
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


schema = schemathesis.openapi.from_dict(describe(bare_app()))
schema.app = lasting(_app)


@schemathesis.hook("map_path_parameters")
def _name_what_is_there(_context: object, parameters: dict[str, str] | None) -> dict[str, str] | None:
    """Random ids are never there: every other one becomes that of something stored."""
    if not parameters:
        return parameters
    return {
        name: _stored[name] if name in _stored and len(str(value)) % 2 else value for name, value in parameters.items()
    }


@schemathesis.hook("map_query")
def _ask_about_who_is_there(_context: object, query: dict[str, object] | None) -> dict[str, object] | None:
    """Every other merchant in a query becomes the one that is stored."""
    if not query or "merchant" not in query or len(str(query["merchant"])) % 2:
        return query
    return {**query, "merchant": _stored.get("merchant_id", "m-1")}


@schema.parametrize()
@settings(
    max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_answers_as_documented(case: schemathesis.Case) -> None:
    # The first call opens the service, which takes its time on a busy machine.
    case.call_and_validate(
        checks=[*CHECKS, unsupported_method], headers={"Authorization": f"Bearer {SECRET}"}, timeout=60
    )


@(
    schema.exclude(path_regex="^/(healthz|readyz|metrics|v1/setup|v1/sign-in(/openid(/finish)?)?)$")
    .exclude(method="POST", path="/v1/sessions")
    .parametrize()
)
@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_nobody_enters_without_a_key(case: schemathesis.Case) -> None:
    response = case.call(headers={"Authorization": "Bearer lx_wrong"}, timeout=60)
    if "%0A" in str((case.path_parameters or {}).get("path", "")).removesuffix("%0A"):
        # No route takes a path with a line break in it: that is nowhere, for anybody.
        assert response.status_code == 404
        return
    assert response.status_code == 401
    case.validate_response(response, checks=[*CHECKS, unsupported_method])
