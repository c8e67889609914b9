"""Load is shed by what is in flight, the least urgent first; what is shed is refused, and never answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import pairwise

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.service import Service
from api.shedder import Shedder
from api.shedding import Load, Priority, priority_of
from api.sources import CONSOLE
from tests.api.client import Client, _call, _scope
from tests.api.conftest import sample

PAYMENT = sample("eu-low-value")


@pytest.fixture
def load(service: Service) -> Iterator[Load]:
    """The load of the service, with eight places: 8, 7, 6, 4 and 2 by priority."""
    before, service.load = service.load, Load(8, 0.1)
    mine = service.load
    yield mine
    assert mine.in_flight == 0, "whoever came in has left"
    service.load = before


def full(load: Load, number: int) -> Callable[[], None]:
    """So many places are taken until they are given back."""
    for _ in range(number):
        assert load.enter(Priority.COMMIT)
    return lambda: [load.leave() for _ in range(number)] and None


@pytest.mark.parametrize(("method", "path", "priority"), [
    ("POST", "/v1/preflight", Priority.PREFLIGHT), ("POST", "/v1/tax/transactions", Priority.COMMIT),
    ("POST", "/v1/tax/transactions/tax_1/reversals", Priority.COMMIT), ("POST", "/v1/decisions/dec_1/events", Priority.COMMIT),
    ("POST", "/v1/tax/calculations", Priority.QUOTE), ("GET", "/v1/tax/rates", Priority.QUOTE),
    ("POST", "/v1/tax/ids/validate", Priority.QUOTE), ("POST", "/v1/screenings", Priority.QUOTE),
    ("GET", "/console/cases", Priority.CONSOLE), ("GET", "/v1/decisions", Priority.CONSOLE),
    ("GET", "/v1/preflight", Priority.CONSOLE),
    ("POST", "/v1/sessions", Priority.CONSOLE), ("GET", "/v1/decisions/dec_1/events", Priority.CONSOLE),
    ("POST", "/v1/drafts/drf_1/backtest", Priority.BACKTEST), ("GET", "/v1/backtests/bt_1", Priority.BACKTEST),
    ("POST", "/v1/reevaluations", Priority.BACKTEST), ("POST", "/v1/preflight/batch", Priority.BACKTEST),
    ("POST", "/v1/decisions/dec_1/replay", Priority.BACKTEST), ("GET", "/healthz", None), ("GET", "/readyz", None),
    ("GET", "/metrics", None),
])  # fmt: skip
def test_how_urgent_a_request_is(method: str, path: str, priority: Priority | None) -> None:
    assert priority_of(method, path) is priority


def test_commit_before_preflight_before_quote_before_console_before_backtest(load: Load) -> None:
    let_in = {}
    for taken in range(9):
        give_back = full(load, taken)
        let_in[taken] = [one for one in Priority if load.enter(one) and (load.leave() or True)]
        give_back()
    assert [len(let_in[taken]) for taken in range(9)] == [5, 5, 4, 4, 3, 3, 2, 1, 0]
    assert all(let_in[taken] == list(Priority)[: len(let_in[taken])] for taken in range(9)), "the most urgent ones"


@given(st.integers(1, 5000), st.lists(st.tuples(st.sampled_from(list(Priority)), st.booleans()), max_size=200))
def test_never_more_in_flight_than_the_bound(most: int, steps: list[tuple[Priority, bool]]) -> None:
    load, inside = Load(most, 0.1), 0
    for priority, comes in steps:
        if comes:
            less_urgent = [one for one in Priority if one > priority]
            would = {one: load.in_flight < load._bounds[one] for one in less_urgent}
            entered = load.enter(priority)
            inside += entered
            assert entered or not any(would.values()), "nobody less urgent would have been let in"
        elif inside:
            load.leave()
            inside -= 1
        assert load.in_flight == inside <= load.limit <= most


@pytest.mark.parametrize("hot", [True, False])
def test_what_is_shed_is_503_at_once_and_never_an_answer(
    service: Service, make_client: Callable[..., Client], load: Load, hot: bool
) -> None:
    client = make_client(service, hot=hot)
    before = len(service.ledger.decisions(limit=100).data)
    give_back = full(load, 7)
    reply = client.post("/v1/preflight", PAYMENT, {"authorization": None})
    give_back()
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    told = reply.json()
    assert told["type"] == "urn:lexgate:problem:overloaded"
    assert told["request_id"] == reply.headers["x-request-id"]
    assert not {"outcome", "id"} & set(told)
    assert len(service.ledger.decisions(limit=100).data) == before
    assert load.shed[Priority.PREFLIGHT] == 1
    assert client.post("/v1/preflight", PAYMENT).status == 200, "as soon as there is a place again"


def test_hot_route_and_twin_shed_in_the_same_bytes(
    service: Service, make_client: Callable[..., Client], load: Load
) -> None:
    give_back = full(load, 8)
    hot, plain = (
        make_client(service, hot=hot).post("/v1/preflight", PAYMENT, {"x-request-id": "req_same"})
        for hot in (True, False)
    )
    give_back()
    assert (hot.status, hot.body, hot.headers) == (plain.status, plain.body, plain.headers)


def test_what_is_refused_before_a_task_is_made_is_what_the_application_says(
    service: Service, make_client: Callable[..., Client], load: Load
) -> None:
    shedder, headers = Shedder(service), [(b"x-request-id", b"req_same")]
    assert shedder(b"POST", b"/v1/preflight", headers) is None, "while there is room"
    give_back = full(load, 7)
    reply = make_client(service).post("/v1/preflight", PAYMENT, {"x-request-id": "req_same"})
    early = shedder(b"POST", b"/v1/preflight?domains=sca", headers)
    others = [
        ("GET", "/v1/preflight"),
        ("POST", "/v1/preflight/batch"),
        ("POST", "/v1/preflightx"),
        ("POST", "/v1/tax/transactions"),
    ]
    assert [shedder(method.encode(), target.encode(), headers) for method, target in others] == [None] * 4
    give_back()
    assert early is not None
    head, _, body = early.partition(b"\r\n\r\n")
    status, *fields = head.decode().split("\r\n")
    assert (int(status.split()[1]), dict(one.split(": ") for one in fields), body) == (
        reply.status,
        reply.headers,
        reply.body,
    )
    assert load.shed[Priority.PREFLIGHT] == 2


def test_money_that_has_moved_is_told_while_payments_are_refused(client: Client, load: Load) -> None:
    decision = client.post("/v1/preflight", PAYMENT).json()["id"]
    give_back = full(load, 7)
    assert client.post("/v1/preflight", PAYMENT).status == 503
    assert client.post(f"/v1/decisions/{decision}/events", {"kind": "captured"}).status == 200
    give_back()


def test_how_this_process_is_can_always_be_asked(client: Client, load: Load) -> None:
    give_back = full(load, 8)
    assert [client.get(path).status for path in ("/healthz", "/readyz", "/metrics", "/v1/decisions")] == [
        200,
        200,
        200,
        503,
    ]
    give_back()


def test_a_page_of_the_console_that_was_let_in_gets_what_it_asks_for(client: Client, load: Load) -> None:
    scope = _scope("GET", "/v1/decisions", {"authorization": f"Bearer {client.secret}"})
    give_back = full(load, 8)
    inside = client.loop.run_until_complete(_call(client.app, scope | {"client": (CONSOLE, 0)}, [b""]))
    outside = client.loop.run_until_complete(_call(client.app, scope | {"state": {}}, [b""]))
    give_back()
    assert (inside.status, outside.status) == (200, 503)


@pytest.mark.parametrize(("refusals", "kinds"), [(2, ["allow"]), (99, ["overloaded"])])
def test_a_line_of_a_batch_waits_a_while_and_is_never_answered_instead(
    client: Client, service: Service, load: Load, monkeypatch: pytest.MonkeyPatch, refusals: int, kinds: list[str]
) -> None:
    class Narrow(Load):
        def enter(self, priority: Priority) -> bool:
            nonlocal refusals
            if priority is Priority.QUOTE and refusals:
                refusals -= 1
                return False
            return super().enter(priority)

    monkeypatch.setattr("api.routes.batch._BUSY_SECONDS", 0)
    service.load = Narrow(8, 0.1)
    line = orjson.dumps(PAYMENT)
    reply = client.post("/v1/preflight/batch", line, {"content-type": "application/x-ndjson"})
    told = [orjson.loads(one) for one in reply.body.splitlines()]
    assert [one.get("outcome") or one["type"].rpartition(":")[2] for one in told] == kinds
    assert service.load.in_flight == 0


def test_the_bound_falls_while_the_loop_is_late_and_grows_back_within_five_seconds() -> None:
    load = Load(320, 0.1)
    bounds = []
    for _ in range(30):
        load.came_late(0.2)
        bounds.append(load.limit)
    assert all(later <= earlier for earlier, later in pairwise([320, *bounds]))
    assert bounds[-1] == 80, "never to nothing"
    assert [load.enter(Priority.BACKTEST) for _ in range(21)] == [True] * 20 + [False]
    ticks = 0
    while load.limit < 320:
        load.came_late(0.05)
        ticks += 1
    assert ticks <= 50, "a tenth of a second each"
    load.came_late(0.0)
    assert load.limit == 320


def test_the_loop_is_watched_while_the_application_lives(service: Service) -> None:
    late: list[float] = []

    class Watched(Load):
        def came_late(self, seconds: float) -> None:
            late.append(seconds)

    async def watched() -> None:
        task = asyncio.create_task(Watched(8, 0.1).watch())
        while len(late) < 2:
            await asyncio.sleep(0)
        task.cancel()

    asyncio.run(watched())
    assert all(one > -0.05 for one in late)


def test_what_is_shed_is_counted(client: Client, service: Service, open_service: Callable[..., Service]) -> None:
    other = open_service(in_flight=8)
    for _ in range(10):
        other.load.enter(Priority.QUOTE)
    text = other.metrics.text().decode()
    for line in ('lexgate_shed_total{priority="quote"} 4.0', "lexgate_in_flight 6.0", "lexgate_in_flight_limit 8.0"):
        assert line in text
