"""Test mode: what test keys do reaches nothing that is live, and live keys cannot choose what they are answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.app import create_app
from api.other_side import ROOMS
from api.rehearsal import WrongSide, require_side
from api.service import Service
from api.settings import Settings, SettingsRefused, read_settings
from api.staging import REFUSALS, SCENES, name_in
from engine.decision import DecisionBody
from engine.facts import Facts
from engine.ledger import Ledger, Scope
from engine.ledger.keys import TEST_PREFIX
from tests.api.client import Client
from tests.empty import empty_ledger
from tests.held_back import holding_back, stopping

LIVE = "lx_live_0123456789"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, open_service: Callable[..., Service]) -> Service:
    """A live service with test mode beside it."""
    where = tmp_path_factory.mktemp("rehearsal") / "test.db"
    service = open_service(test_database=empty_ledger(where), breaker="off")
    service.ledger.keys.create(Scope, "live", LIVE)
    service.rehearse()
    return service


@pytest.fixture(scope="module")
def live(both: Service) -> Iterator[Client]:
    client = Client(create_app(both), LIVE, domains=None)
    yield client
    client.close()


@pytest.fixture(scope="module")
def test(both: Service, live: Client) -> Iterator[Client]:
    assert both.rehearsal is not None
    _, secret = both.rehearsal.ledger.keys.create(Scope, "tests")
    client = Client(live.app, secret, domains=None)
    yield client
    client.close()


def rows_of(service: Service) -> dict[str, int]:
    """How many rows each table of a ledger has, and what its chain ends with."""
    with sqlite3.connect(service.settings.database.removeprefix("sqlite:///")) as store:
        tables = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: store.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables if name != "last_use"
        }


def numbers_of(live: Client) -> list[str]:
    """What the metrics say of decisions and problems."""
    lines = live.get("/metrics").body.decode().splitlines()
    wanted = ("lexgate_decisions", "lexgate_problems", "lexgate_replayed", "lexgate_preflight")
    return [one for one in lines if one.startswith(wanted) and "seconds" not in one]


def named(payment: dict[str, Any], name: str) -> dict[str, Any]:
    return {**payment, "reference": name}


def test_a_key_of_test_mode_is_told_apart(test: Client, both: Service) -> None:
    assert test.secret is not None
    assert test.secret.startswith(TEST_PREFIX)
    made = test.post("/v1/keys", {"name": "till", "scopes": ["decide"]})
    assert made.json()["secret"].startswith(TEST_PREFIX)
    assert both.ledger.keys.one(made.json()["id"]) is None
    newer = test.post(f"/v1/keys/{made.json()['id']}/rotate", {})
    assert newer.json()["secret"].startswith(TEST_PREFIX)


def test_answers_are_marked_and_found_apart(live: Client, test: Client, payment: dict[str, Any]) -> None:
    one, two = live.post("/v1/preflight", payment), test.post("/v1/preflight", payment)
    assert "livemode" not in one.json()
    assert two.json()["livemode"] is False
    assert (one.headers.get("lexgate-mode"), two.headers["lexgate-mode"]) == (None, "test")
    alike = {"id", "evaluated_at", "livemode"}
    assert {k: v for k, v in one.json().items() if k not in alike} == {
        k: v for k, v in two.json().items() if k not in alike
    }
    for asking, mine, other in ((live, one, two), (test, two, one)):
        assert asking.get(f"/v1/decisions/{mine.json()['id']}").body == mine.body
        assert asking.get(f"/v1/decisions/{other.json()['id']}").status == 404
    found = test.get("/v1/decisions").json()["data"]
    assert {entry["livemode"] for entry in found} == {False}
    assert one.json()["id"] not in {entry["id"] for entry in found}


@pytest.mark.parametrize("name", sorted(SCENES))
@pytest.mark.parametrize("where", ["reference", "payer"])
def test_a_name_has_its_outcome(test: Client, payment: dict[str, Any], name: str, where: str) -> None:
    asked = (
        named(payment, name) if where == "reference" else {**payment, "payer": {**payment["payer"], "id": f"{name}-7"}}
    )
    reply = test.post("/v1/preflight", asked)
    told = reply.json()
    assert (told["outcome"], told["livemode"]) == (SCENES[name].outcome, False)
    assert (told["findings"][0]["pack"], told["findings"][0]["name"]) == ("TEST", name)
    DecisionBody.model_validate_json(reply.body)
    again = test.post(f"/v1/decisions/{told['id']}/replay").json()
    assert (again["identical"], again["differences"]) == (True, [])
    messages = test.get(f"/v1/decisions/{told['id']}/messages").json()["data"]
    assert told["message"] in {one["message"] for one in messages}
    assert told["id"] in {one["id"] for one in test.get(f"/v1/decisions?outcome={told['outcome']}").json()["data"]}


def test_parts_go_with_their_outcome(test: Client, payment: dict[str, Any]) -> None:
    def told(name: str) -> Any:
        return test.post("/v1/preflight", named(payment, name)).json()

    assert told("test_challenge")["sca"]["verdict"] == "required"
    assert told("test_unknown")["sca"]["verdict"] == "undecided"
    assert told("test_unknown")["missing"][-1]["would_settle"] == ["sca"]
    assert told("test_collect")["kyc"]["collect"][0]["field"] == "payer.date_of_birth"
    assert told("test_review")["aml"]["verdict"] == "review"
    assert told("test_sanctions_hit")["aml"]["screening"]["verdict"] == "hit"
    narrowed = test.post("/v1/preflight?domains=tax", named(payment, "test_sanctions_hit")).json()
    assert (narrowed["outcome"], narrowed["domains"], "aml" in narrowed) == ("block", ["tax"], False)


@pytest.mark.parametrize(("name", "status"), [("test_rate_limited", 429), ("test_unavailable", 503)])
def test_a_name_is_refused(test: Client, payment: dict[str, Any], name: str, status: int) -> None:
    reply = test.post("/v1/preflight", named(payment, name), {"idempotency-key": name})
    assert (reply.status, reply.headers["retry-after"], reply.headers["lexgate-mode"]) == (status, "1", "test")
    assert reply.json()["type"].endswith(REFUSALS[name].kind)
    # Nothing is stored for it: its key is free.
    assert test.post("/v1/preflight", payment, {"idempotency-key": name}).status == 200


def test_lines_of_a_batch_have_names_too(test: Client, payment: dict[str, Any]) -> None:
    lines = b"\n".join(orjson.dumps(named(payment, name)) for name in ("test_block", "test_unavailable", "ord-1"))
    reply = test.post("/v1/preflight/batch", lines, {"content-type": "application/x-ndjson"})
    block, refused, plain = map(orjson.loads, reply.body.splitlines())
    assert (block["outcome"], refused["status"], plain["livemode"]) == ("block", 503, False)


@pytest.mark.parametrize("name", sorted([*SCENES, *REFUSALS]))
def test_a_live_key_chooses_nothing(live: Client, both: Service, payment: dict[str, Any], name: str) -> None:
    before = rows_of(both)
    by_reference = live.post("/v1/preflight", named(payment, f"{name}-1"))
    by_payer = live.post("/v1/preflight", {**payment, "payer": {**payment["payer"], "id": name}})
    assert (by_reference.status, by_reference.codes()) == (422, {("/reference", "test_name")})
    assert (by_payer.status, by_payer.codes()) == (422, {("/payer/id", "test_name")})
    assert rows_of(both) == before


@pytest.mark.parametrize(
    "said", ["test_blocked", "test_block_2", "a test_block", "Test_block", "test", "test_", "latest_block"]
)
def test_only_names_are_names(said: str) -> None:
    assert name_in(Facts({"reference": said})) is None


@pytest.mark.parametrize("said", ["test_block", "test_block-17", "test_block:a", "test_block.b", "test_block 1"])
def test_what_follows_tells_several_apart(said: str) -> None:
    assert name_in(Facts({"payer.id": said})) == "test_block"


def test_nothing_live_is_touched(live: Client, test: Client, both: Service, payment: dict[str, Any]) -> None:
    """Whatever test mode does: every table of the live ledger, its chain, its numbers, and what a live payer is answered."""
    payer = {**payment, "payer": {**payment["payer"], "id": "c-shared"}}
    del payer["payment"]["since_authenticated"]
    first = live.post("/v1/preflight", payer).json()
    rows, numbers, chain = rows_of(both), numbers_of(live), both.ledger.newest_decision()
    for at in range(8):
        told = test.post("/v1/preflight", {**payer, "reference": f"shared-{at}"}).json()
        assert test.post(f"/v1/decisions/{told['id']}/events", {"kind": "captured"}).status == 200
    profile = {"name": "Other", "country": "FR", "registrations": []}
    assert test.request("PUT", "/v1/merchants/m-2", profile, {"content-type": "application/json"}).status == 200
    sale = orjson.loads(Path("data/samples/tax/eu-book.json").read_bytes())
    quote = test.post("/v1/tax/calculations", sale).json()
    test.post("/v1/tax/transactions", {"calculation": quote["id"]})
    assert test.post("/v1/screenings", {"name": "Somebody"}).status == 200
    test.post("/v1/preflight", named(payment, "test_sanctions_hit"))
    assert (rows_of(both), numbers_of(live), both.ledger.newest_decision()) == (rows, numbers, chain)
    assert both.ledger.verify().ok
    again = live.post("/v1/preflight", payer).json()
    assert {k: v for k, v in again.items() if k not in ("id", "evaluated_at")} == {
        k: v for k, v in first.items() if k not in ("id", "evaluated_at")
    }
    # In test mode the same payments counted, so that the tests above would see it if they had counted here.
    later = {**payer, "occurred_at": "2026-11-23T10:15:00+01:00"}
    assert live.post("/v1/preflight", later).json()["sca"]["exemption"] == "low_value"
    assert test.post("/v1/preflight", later).json()["sca"]["verdict"] == "required"


def test_what_is_not_in_test_mode_is_refused(test: Client) -> None:
    for path in (
        "/v1/drafts",
        "/v1/people",
        "/v1/cases",
        "/v1/alerts",
        "/v1/overview",
        "/v1/releases",
        "/v1/keysmith",
        "/v1/",
    ):
        reply = test.get(path)
        assert (reply.status, reply.json()["type"]) == (404, "urn:lexgate:problem:not_found"), path
    assert test.get("/v1/session").status == 200
    assert all(room.startswith("/v1/") for room in ROOMS)


def test_keys_are_known_on_their_own_side_only(both: Service, test: Client, payment: dict[str, Any]) -> None:
    rehearsal = both.rehearsal
    assert rehearsal is not None
    assert test.secret is not None
    assert both.ledger.keys.authenticate(test.secret) is None
    assert rehearsal.ledger.keys.authenticate(LIVE) is None
    made_up = Client(test.app, f"{TEST_PREFIX}0123456789ab_nobody")
    assert made_up.post("/v1/preflight", payment).status == 401
    made_up.close()


def test_the_plain_twin_says_the_same(both: Service, test: Client, payment: dict[str, Any]) -> None:
    twin = Client(create_app(both, hot=False), test.secret, domains=None)
    told = twin.post("/v1/preflight", named(payment, "test_review")).json()
    hot = test.post("/v1/preflight", named(payment, "test_review")).json()
    twin.close()
    assert {**told, "id": "", "evaluated_at": ""} == {**hot, "id": "", "evaluated_at": ""}


def test_it_answers_by_the_law_in_force(both: Service, test: Client, payment: dict[str, Any]) -> None:
    before = both.law
    other = both.prepare(holding_back(both.packs, stopping(both.packs, "aml")[0]), near=before)
    both.put_in_force(other)
    assert test.post("/v1/preflight", payment).headers["lexgate-release"] == other.digest
    both.put_in_force(before)
    assert test.post("/v1/preflight", payment).headers["lexgate-release"] == before.digest


def test_without_test_mode_its_keys_are_nobodys(open_service: Callable[..., Service], payment: dict[str, Any]) -> None:
    service = open_service()
    service.rehearse()
    assert service.rehearsal is None
    client = Client(create_app(service), f"{TEST_PREFIX}0123456789ab_x")
    assert client.post("/v1/preflight", payment).status == 401
    client.close()


@pytest.mark.parametrize("spelt", ["sqlite:///{}", "sqlite:///{}/../same/lexgate.db"])
def test_a_ledger_is_not_both(tmp_path: Path, open_service: Callable[..., Service], spelt: str) -> None:
    service = open_service()
    path = service.settings.database.removeprefix("sqlite:///")
    folder = Path(path).parent
    url = f"sqlite:///{path}" if spelt.endswith("{}") else f"sqlite:///{folder}/../{folder.name}/lexgate.db"
    service.settings = service.settings.model_copy(update={"test_database": url})
    with pytest.raises(SettingsRefused, match="ledger of its own"):
        service.rehearse()


def test_a_ledger_of_the_other_mode_is_refused(
    both: Service, live: Client, test: Client, payment: dict[str, Any], open_service: Callable[..., Service]
) -> None:
    live.post("/v1/preflight", payment)
    test.post("/v1/preflight", payment)
    assert both.rehearsal is not None
    require_side(both.ledger, livemode=True)
    require_side(both.rehearsal.ledger, livemode=False)
    with pytest.raises(WrongSide, match="test mode"):
        require_side(both.rehearsal.ledger, livemode=True)
    with pytest.raises(WrongSide, match="live mode"):
        require_side(both.ledger, livemode=False)
    other = open_service(test_database=both.settings.database)
    with pytest.raises(WrongSide, match="live"):
        other.rehearse()


def test_an_empty_ledger_with_live_keys_is_refused(tmp_path: Path, open_service: Callable[..., Service]) -> None:
    url = empty_ledger(tmp_path / "copied.db")
    service = open_service(test_database=url)
    with Ledger.open(url) as copied:
        copied.keys.create(Scope, "the same", "lx_test_0123456789")
    with pytest.raises(WrongSide, match="keys of live mode"):
        service.rehearse()


def test_the_first_key_is_not_one_of_test_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXGATE_BOOTSTRAP_KEY", f"{TEST_PREFIX}0123456789")
    with pytest.raises(SettingsRefused, match="LEXGATE_BOOTSTRAP_KEY"):
        read_settings()
    assert Settings(bootstrap_key="lx_0123").bootstrap_key is not None
