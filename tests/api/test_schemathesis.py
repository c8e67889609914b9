"""Whatever the document of the interface allows, and much that it does not: no fault of ours, no answer it does not tell."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import orjson
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

from api import taxing
from api.accounts import invited
from api.admission import Admitted
from api.app import bare_app, create_app
from api.bundled import samples
from api.deciding import Asked, facts_in, judge
from api.drafting import Desk
from api.openapi import describe
from api.reevaluating import Reevaluation, reevaluate
from api.reevaluations import done, ordered
from api.screening import Loaded, Screening, alert_of, told
from api.service import Service
from api.settings import Settings
from api.tax_schemas import Commit, ReversalQuestion
from engine.changes import change_id
from engine.ledger import Occasion, Role, Scope, ScreeningEntry, Told
from engine.tax import procedure
from tests.api.client import SECRET
from tests.api.taxes import book
from tests.ledger.reading import publish, read_all, read_law, read_nothing
from tests.ledger.test_clearances import CLEARANCE
from tests.monitoring.watching import Register
from tests.tax.smalllaw import EndsHere, packs

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
_stored: dict[str, str] = {}
"""What is in the ledger that is called: the name of a parameter -> an id."""


@schemathesis.serializer("application/x-ndjson")
def _lines(_context: schemathesis.SerializationContext, value: object) -> bytes:
    """A batch: what was generated, as it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@cache
def _service() -> Service:
    """Opened at the first call: whoever only collects the tests need not wait for it."""
    service = Service.open(Settings(database=f"sqlite:///{tempfile.mkdtemp(prefix='lexgate-')}/lexgate.db"))
    # Each would be a process that reads the law: that they run is tested elsewhere.
    service.backtests.at_once = 0
    service.ledger.keys.create(Scope, "test", SECRET)
    entry = judge(service, facts_in(_SAMPLE), Asked("test", _SAMPLE, None))
    service.ledger.writer.run(lambda batch: batch.decisions([entry]))
    _stored["decision_id"] = entry.id
    _keep_taxes(service)
    _keep_a_case(service)
    _keep_a_draft(service)
    _keep_a_reevaluation(service)
    _keep_a_change(service)
    _keep_a_person(service)
    return service


def _keep_taxes(service: Service) -> None:
    """A merchant, a calculation, a transaction and a part of it given back, under the small law of tax."""
    settings = service.settings
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(procedure, "regime_of", lambda *_: EndsHere())
        small = Service.around(settings, packs(), service.rates, service.ledger)
        key = service.ledger.keys.list()[0]
        service.ledger.merchants.put("m-1", b'{"country":"DE"}', small.clock(), key.id)
        body = orjson.dumps(book("m-1"))
        asked = taxing.calculated(small, taxing.question_of(body), Admitted(key, None, body), "en")
        calculation = orjson.loads(asked.body)["id"]
        sold = taxing.committed(small, Commit(calculation=calculation), Admitted(key, None, b"{}"))
        transaction = orjson.loads(sold.body)["id"]
        part = ReversalQuestion(mode="partial", amount=Decimal("1.00"))
        taxing.reversed_(small, transaction, part, Admitted(key, None, b"{}"))
    _stored.update(calculation_id=calculation, transaction_id=transaction, merchant_id="m-1")


def _keep_a_case(service: Service) -> None:
    """A match, the screening that found it, its case, and a clearance of it."""
    lists = Screening(lambda: Loaded(Register({"1": "Mona Listed"}), "edition-1"))
    found, fingerprint = lists.of({"name": "Mona Listed"}, service.clock())
    answer = told(found, service.clock(), id="scr_1", subject="c-7", query={"name": "Mona Listed"})
    entry = ScreeningEntry(
        "scr_1",
        service.clock(),
        "test",
        "c-7",
        found.verdict,
        fingerprint,
        b'{"name":"Mona Listed"}',
        orjson.dumps(answer),
    )
    alert = alert_of(found.matches[0], found, "payer", "c-7", service.clock())
    occasion = Occasion(service.clock(), service.packs.release.digest, lambda: "case_1")
    service.ledger.alerts.tell([Told(alert, None, entry)], occasion)
    service.ledger.clearances.propose(CLEARANCE)
    _stored.update(alert_id=alert.id, case_id="case_1", clearance_id=CLEARANCE.id, screening_id=entry.id)


def _keep_a_draft(service: Service) -> None:
    """A draft of somebody else's with a file in it, and the release that it was made of."""
    desk = Desk(service, "key_0")
    step = desk.open("drf_1", "A change", None)
    service.ledger.drafts.store(step, desk.now)
    path = "FR/pack.yaml"
    written, along = desk.edit(step.draft, path, desk.files_of(step.draft)[path] + "# read\n")
    service.ledger.drafts.store(written, desk.now, along)
    _stored.update(draft_id="drf_1", path=path, digest=service.held)


def _keep_a_change(service: Service) -> None:
    """One that was read of a publication, and a speech that is none."""
    item = publish(service.ledger)
    publish(service.ledger, "n-2", said="A speech")
    read_all(service.ledger, read_law(), read_nothing(), at=service.clock())
    _stored["change_id"] = change_id(item.seq)


def _keep_a_person(service: Service) -> None:
    """Somebody who was invited, and a key that is not the one that calls."""
    person, _ = invited(service.ledger, service.settings, service.clock(), "mona", "Mona", (Role.AUDITOR,))
    key, _ = service.ledger.keys.create([Scope.READ], "till 7")
    _stored.update(person_id=person.id, key_id=key.id)


def _keep_a_reevaluation(service: Service) -> None:
    """One that is done, and one that was left."""
    folder, asked = service.reevaluations.folder, Reevaluation(service.packs)
    where = ordered(folder, "ree_1", asked, service.clock())
    done(where, reevaluate(asked, service.ledger, folder), service.clock())
    ordered(folder, "ree_2", asked, service.clock())
    _stored["reevaluation_id"] = "ree_1"


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
    case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {SECRET}"}, timeout=60)


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
    case.validate_response(response, checks=CHECKS)
