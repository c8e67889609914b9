"""A value that stands in every personal field appears nowhere but where it belongs: not in a log, a trace, a metric, a problem or
an error page, whatever goes wrong."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import structlog
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from typer.testing import CliRunner

from api import deciding, logs
from api.app import create_app
from api.cli import app as commands
from api.delivering import Deliverer, Parts
from api.destinations import WebhookTo
from api.logs import logger
from api.posting import Answered
from api.screening import Screening
from api.service import Service
from api.settings import PREFIX, Settings
from api.tracing import Tracing
from engine.catalogue import FIELDS, PERSONAL, ROOT, Node, Shown
from engine.ledger import LedgerUnavailable
from engine.ledger._batch import Batch
from tests.api.client import Client
from tests.api.conftest import sample
from tests.api.screenings import Sanctions, listed
from tests.api.server import Server, small_world
from tests.ledger.alerting import alert, tell
from tests.onboarding.applying import applied

CANARY = "Zqanarius"
NAME = f"{CANARY} Vogel"
DAY = "1913-07-19"
NUMBER = "9917739917731"
EVERYWHERE = "sca,aml,kyc,residency,tax,methods"


def found_in(text: str | bytes) -> list[str]:
    """Which canaries stand in a text, whatever the case of their letters."""
    said = (text if isinstance(text, str) else text.decode("utf-8", "replace")).casefold()
    return [one for one in (CANARY.casefold(), DAY, NUMBER) if one in said]


def _value(kind: str, path: str) -> Any:
    if kind == "date":
        return DAY
    if kind == "money":
        return None
    if kind == "open":
        return {"nickname": NAME}
    if path.endswith(("iban", "number", "value")):
        return NUMBER
    if path.endswith("expiry"):
        return None
    return f"{CANARY}@vogel.example" if path.endswith("email") else NAME


def _stated(node: Node) -> dict[str, Any]:
    """Every personal field of a level and of those below it."""
    made: dict[str, Any] = {}
    for key, fact in node.facts.items():
        if fact.shown is not Shown.WHOLE and (value := _value(fact.kind, fact.path)) is not None:
            made[key] = value
    for key, part in node.parts.items():
        if below := _stated(part):
            made[key] = below
    for key, part in node.lists.items():
        if below := _stated(part):
            made[key] = [below]
    return made


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    both = {**first, **second}
    for key in first.keys() & second.keys():
        if isinstance(first[key], dict) and isinstance(second[key], dict):
            both[key] = merged(first[key], second[key])
    return both


def payment(**more: Any) -> dict[str, Any]:
    """A payment whose every personal field is a canary, ids among them."""
    body = merged(_stated(ROOT), {**sample("eu-low-value"), "obliged_entity": {"role": "bank", "country": "DE"}})
    body["reference"] = f"ord-{CANARY}"
    for party in ("payer", "payee"):
        body[party]["id"] = f"c-{CANARY}"
        body[party]["phone"] = {"number": NUMBER}
    body["payer"]["tax_ids"] = [{"country": "DE", "value": NUMBER}]
    body["payer"]["national_ids"] = [{"country": "DE", "type": "passport", "value": NUMBER}]
    return {**body, **more}


def test_the_payment_speaks_of_every_personal_field() -> None:
    """Whatever the catalogue calls personal, but for amounts and a card's month."""
    said = orjson.dumps(payment()).decode()
    wanted = {name for (_, name) in PERSONAL} - {"monthly_income", "expiry"}
    assert [name for name in wanted if f'"{name}"' not in said] == []
    assert FIELDS["payer.name"].shown is Shown.INITIAL


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Everything that was said on either stream, with logs at level debug; the tests' own way of logging comes back."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    structlog_before = structlog.get_config()
    logs.configure("debug")
    heard: list[str] = []

    def all_of_it() -> str:
        said = capsys.readouterr()
        heard.append(said.out + said.err)
        return "".join(heard)

    yield all_of_it
    root.handlers, root.level = before, level
    structlog.configure(**structlog_before)


@pytest.fixture
def spans(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """Every preflight is traced, into memory."""
    kept = InMemorySpanExporter()
    tracing = Tracing(SimpleSpanProcessor(kept), 100)
    monkeypatch.setattr(service, "tracing", tracing)
    yield kept
    tracing.close()


def nowhere(service: Service, spans: InMemorySpanExporter, said: str) -> None:
    """No canary in logs, traces or metrics."""
    assert found_in(said) == []
    assert found_in("".join(one.to_json() for one in spans.get_finished_spans())) == []
    assert found_in(service.metrics.text()) == []


def test_a_payment_that_is_decided_followed_up_and_explained(
    service: Service, client: Client, spans: InMemorySpanExporter, told: Callable[[], str]
) -> None:
    service.screening = Screening(Sanctions(listed("UN-SC", "QDx.1", NAME), codes=("UN-SC",)))
    reply = client.post(f"/v1/preflight?domains={EVERYWHERE}", payment(), {"idempotency-key": CANARY})
    assert reply.status == 200, reply.json()
    path = f"/v1/decisions/{reply.json()['id']}"
    happened = {"kind": "authorised", "details": {"by": NAME}}
    assert client.post(f"{path}/events", happened).status == 200
    for part in ("", "/explanation", "/document", "/document?format=pdf", "/messages", "/summary"):
        assert client.get(path + part).status == 200
    assert client.post(f"{path}/replay", b"").status == 200
    assert client.get(f"/v1/decisions?reference=ord-{CANARY}").status == 200
    service.ledger.search.take_in(99)
    assert service.monitor().run_once() > 0
    assert spans.get_finished_spans()
    exported = client.get(path + "/document").body.decode().casefold()
    assert [one for one in (NAME.casefold(), DAY, NUMBER) if one in exported] == [], "an export is masked"
    nowhere(service, spans, told())


def test_a_screening_and_a_merchant_on_its_way(
    service: Service, client: Client, spans: InMemorySpanExporter, told: Callable[[], str]
) -> None:
    service.screening = Screening(Sanctions(listed("UN-SC", "QDx.1", NAME), codes=("UN-SC",)))
    asked = {"name": NAME, "birth_date": DAY, "subject": f"c-{CANARY}", "country": "FR"}
    assert client.post("/v1/screenings", asked).status == 200
    assert client.get(f"/v1/screenings?subject=c-{CANARY}").status == 200
    application = applied().model_dump(mode="json", exclude_none=True)
    person = {"name": NAME, "date_of_birth": DAY, "country": "FR", "national_ids": [{"country": "FR", "value": NUMBER}]}
    application |= {
        "owners": [{**person, "share": "60"}],
        "directors": [person],
        "account": {"iban": NUMBER, "holder": NAME},
    }
    made = client.post("/v1/onboarding", application)
    assert made.status == 200, made.json()
    assert client.get(f"/v1/onboarding/{made.json()['id']}").status == 200
    nowhere(service, spans, told())


BAD: list[Any] = [
    f'{{"{CANARY}"'.encode(), b'{"payer": {"name": "' + NAME.encode() + b'\xff"}}',
    {"payer": {"name": NAME, "date_of_birth": NUMBER}}, payment(amount=NAME), payment(currency=NAME),
    payment(**{CANARY: NAME}), payment(payer={"name": [NAME], "country": CANARY}), orjson.dumps([NAME]), NAME,
    payment(payer={"name": NAME, "country": "FR", "note": "4111 1111 1111 1111"}),
]  # fmt: skip


@pytest.mark.parametrize("body", BAD, ids=lambda _: "bad")
@pytest.mark.parametrize(
    "path", ["/v1/preflight", "/v1/preflight/batch", "/v1/screenings", "/v1/onboarding", "/v1/legal-holds"]
)
def test_a_body_that_is_refused(
    service: Service, client: Client, spans: InMemorySpanExporter, told: Callable[[], str], path: str, body: Any
) -> None:
    """What is wrong is told to whoever sent it, and to nobody else."""
    assert client.post(path, body, {"x-request-id": "req-1"}).status in (200, 415, 422)
    assert client.post(path, body, {"authorization": f"Bearer lx_{CANARY}"}).status == 401
    nowhere(service, spans, told())


class Broken(BaseModel):
    """A model that quotes what it refuses."""

    age: int


def _validation() -> None:
    Broken.model_validate({"age": NAME})


def _integrity() -> None:
    raise IntegrityError("INSERT INTO decision VALUES (?, ?)", (NAME, NUMBER), ValueError(f"Key (payer)=({NAME})"))


def _chained() -> None:
    try:
        _validation()
    except ValueError as error:
        raise RuntimeError(f"of {NAME}, born {DAY}") from error


@pytest.mark.parametrize("crash", [_validation, _integrity, _chained])
def test_a_crash_inside_a_decision(
    service: Service, spans: InMemorySpanExporter, told: Callable[[], str], monkeypatch: pytest.MonkeyPatch,
    make_client: Callable[..., Client], crash: Callable[[], None],
) -> None:  # fmt: skip
    def decide(*_args: Any, **_more: Any) -> None:
        crash()

    monkeypatch.setattr(deciding, "decide", decide)
    for hot in (True, False):
        caller = Client(_survives(create_app(service, hot=hot)))
        try:
            reply = caller.post("/v1/preflight", payment())
        finally:
            caller.close()
        assert (reply.status, reply.json()["type"]) == (500, "urn:lexgate:problem:internal_error")
        assert found_in(reply.body) == []
    said = told()
    assert '"fault"' in said, "it is told that something broke"
    nowhere(service, spans, said)


def _survives(app: Any) -> Any:
    """Starlette sends the page and raises all the same, for the server to log: as uvicorn does, with its own words."""

    async def call(scope: Any, receive: Any, send: Any) -> None:
        try:
            await app(scope, receive, send)
        except Exception as error:
            logging.getLogger("uvicorn.error").error("Exception in ASGI application\n", exc_info=error)

    return call


def test_a_store_that_fails(
    service: Service, client: Client, spans: InMemorySpanExporter, told: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The driver's words quote what it could not keep."""

    def refuse(_self: Batch, *_args: Any) -> None:
        raise IntegrityError("INSERT", (NAME,), ValueError(f"Key (payer_id)=({CANARY}) already exists, born {DAY}"))

    monkeypatch.setattr(Batch, "execute", refuse)
    reply = client.post("/v1/legal-holds", {
        "kind": "subject", "target": f"c-{CANARY}", "reason": NAME, "authority": NAME, "reference": NUMBER,
    })  # fmt: skip
    assert reply.status in (422, 503)
    assert found_in(reply.body) == []
    nowhere(service, spans, told())


def test_a_ledger_that_cannot_be_read(
    service: Service, client: Client, spans: InMemorySpanExporter, told: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fail(*_args: Any, **_more: Any) -> None:
        raise LedgerUnavailable(f"The ledger cannot be read: near {NAME}")

    monkeypatch.setattr(service.ledger.holds, "page", fail)
    monkeypatch.setattr(service.ledger.retained, "untouched", fail)
    for path in ("/v1/legal-holds", "/v1/retention/due"):
        reply = client.get(path)
        assert reply.status == 503
        assert found_in(reply.body) == []
    nowhere(service, spans, told())


def test_what_libraries_say_at_level_debug(told: Callable[[], str]) -> None:
    """Statements with their parameters, tasks with what they were called with, addresses with questions in them."""
    for name in ("sqlalchemy.engine.Engine", "psycopg", "urllib3.connectionpool", "httpx", "asyncio", "somebody.else"):
        library = logging.getLogger(name)
        library.debug("[generated] %r", (NAME, DAY))
        library.warning("a row of %s", NAME)
        library.error("Task failed\nfuture: <Task exception=ValueError(%r)>", NAME)
        library.error(ValueError(NAME))
        try:
            _chained()
        except RuntimeError:
            library.exception("it broke over %s", NAME)
    said = told()
    assert "a row of %s" in said
    assert '"exception": "RuntimeError"' in said
    assert found_in(said) == []


def test_a_task_that_nobody_waits_for(told: Callable[[], str]) -> None:
    async def forgotten() -> None:
        async def breaks(name: str) -> None:
            raise ValueError(name)

        loop = asyncio.get_running_loop()
        loop.set_debug(True)
        task = loop.create_task(breaks(NAME))
        await asyncio.sleep(0.01)
        del task

    asyncio.run(forgotten())
    said = told()
    assert "never retrieved" in said
    assert found_in(said) == []


def test_what_nobody_caught(told: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (sys, "excepthook"),
        (sys, "unraisablehook"),
        (threading, "excepthook"),
        (warnings, "showwarning"),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))
    logs.hooks()
    try:
        _chained()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=_chained)
    thread.start()
    thread.join()
    warnings.showwarning(UserWarning(NAME), UserWarning, "/somewhere/file.py", 7)
    said = told()
    assert said.count('"not_caught"') == 2
    assert '"place": "file.py:7"' in said
    assert found_in(said) == []


def test_a_logger_of_ours_tells_no_exception_by_its_words(told: Callable[[], str]) -> None:
    log = logger("lexgate.anything")
    try:
        _chained()
    except RuntimeError as error:
        log.exception("it_broke")
        log.error("it_broke", exc_info=error)
        log.debug("it_broke", exc_info=(type(error), error, error.__traceback__))
    said = told()
    assert said.count('"exception": "RuntimeError"') == 3
    assert found_in(said) == []


class Refuses:
    """A poster that cannot: first by an answer, then with words that quote the alert."""

    def __init__(self) -> None:
        self.asked = 0

    async def send(self, *_args: Any) -> Answered:
        self.asked += 1
        if self.asked == 1:
            return Answered(ok=False, status=500, detail="HTTP 500")
        raise RuntimeError(f"{NAME}: {NUMBER}")


def test_a_webhook_that_does_not_take_an_alert(
    service: Service, spans: InMemorySpanExporter, told: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alerts are about canaries; the log tells their numbers and what was answered."""
    monkeypatch.setattr("api.delivering.LOOK_SECONDS", 0.05)
    to = WebhookTo("siem", "https://siem.example/in", (b"0" * 24,))
    poster: Any = Refuses()
    deliverer = Deliverer(Parts(service.ledger, (to,), poster, service.clock, lambda: service.packs.release.digest))
    deliverer.know()
    deliverer.start()
    waiting, said = threading.Event(), ""
    for number in range(200):
        if number in (0, 20):
            tell(service.ledger, alert(subject=f"c-{number}-{CANARY}"))
        said = told()
        if "deliveries_fault" in said:
            break
        waiting.wait(0.1)
    deliverer.stop()
    assert '"alert_delivery"' in said
    assert '"deliveries_fault"' in said
    nowhere(service, spans, said + told())


# -- on the command line -----------------------------------------------------------------------------------------------


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("LEXGATE_DATABASE", f"sqlite:///{tmp_path}/lexgate.db")
    return tmp_path


def test_a_command_says_on_standard_error_only_what_is_nobodys(alone: Path, told: Callable[[], str]) -> None:
    file = alone / "payment.json"
    file.write_bytes(orjson.dumps(payment(amount=NAME)))
    done = CliRunner().invoke(commands, ["decide", str(file)])
    assert done.exit_code == 2
    file.write_bytes(orjson.dumps(payment()))
    done = CliRunner().invoke(commands, ["decide", str(file), "--json", "--domains", "sca"])
    assert done.exit_code == 0, done.output
    assert found_in(done.stderr) == []
    assert found_in(told()) == []


CRASHES = f"""
import sys
from api import cli
from api.commands import decisions
def breaks(*_):
    raise ValueError("{NAME} of {DAY}")
decisions.facts_in = breaks
sys.argv = ["lexgate", "decide", sys.argv[1]]
cli.main()
"""


def test_a_command_that_crashes_tells_where_and_not_what(alone: Path) -> None:
    file = alone / "payment.json"
    file.write_bytes(orjson.dumps(payment()))
    done = subprocess.run([sys.executable, "-c", CRASHES, str(file)], capture_output=True, timeout=120, check=False)
    assert done.returncode == 1
    assert b'"exception": "ValueError"' in done.stderr
    assert b"breaks" in done.stderr
    assert found_in(done.stdout + done.stderr) == []


# -- as it is run ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_real_service_at_level_debug(tmp_path: Path) -> None:
    """Both streams of the process, and every file that it leaves but the ledger's own."""
    server = Server(tmp_path, **small_world(tmp_path), LEXGATE_LOG_LEVEL="debug")
    try:
        server.wait()
        for body in (payment(), payment(amount=NAME), [NAME]):
            server.call("POST", f"/v1/preflight?domains={EVERYWHERE}", orjson.dumps(body))
        server.call("POST", "/v1/preflight", f'{{"{CANARY}"'.encode())
        server.call("POST", "/v1/screenings", orjson.dumps({"name": NAME, "birth_date": DAY}))
        server.call("GET", f"/v1/decisions?reference=ord-{CANARY}")
        server.call("GET", f"/nowhere/{CANARY}")
        metrics = server.call("GET", "/metrics")
        assert found_in(metrics.body) == []
    finally:
        server.end()
    assert found_in("\n".join(server.lines)) == []
    left = [
        path for path in tmp_path.rglob("*")
        if path.is_file() and "lexgate.db" not in path.name and "law" not in path.relative_to(tmp_path).parts
    ]  # fmt: skip
    assert [path for path in left if found_in(path.read_bytes())] == []
