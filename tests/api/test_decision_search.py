"""Stored decisions over HTTP: found by what was stated and found, in short or as they were answered."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from api.deciding import Asked, facts_in, judge
from api.indexing import Indexer
from api.service import Service
from bench.payments import bodies, mixed
from engine.ledger import LedgerBusy
from engine.ledger._search_terms import Decided, row_of, row_told
from tests.api.client import Client
from tests.api.conftest import sample


@pytest.fixture(scope="module")
def answered(client: Client) -> dict[str, str]:
    """Ids of decisions on samples, by sample; each reference is the sample's name."""
    found = {}
    for name in ("eu-low-value", "gb-remote", "jp-3ds", "vn-transfer"):
        found[name] = client.post("/v1/preflight", {**sample(name), "reference": f"srch-{name}"}).json()["id"]
    return found


def _ids(client: Client, query: str) -> list[str]:
    reply = client.get(f"/v1/decisions?{query}")
    assert reply.status == 200, reply.body
    return [one["id"] for one in reply.json()["data"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=SRCH-", ["vn-transfer", "jp-3ds", "gb-remote", "eu-low-value"]),
        ("country=JP&q=srch", ["jp-3ds"]),
        ("country=DE&role=acquirer", ["eu-low-value"]),
        ("country=DE&role=payer", []),
        ("rule=sca.low_value&q=srch", ["gb-remote", "eu-low-value"]),
        ("rule=EEA/sca.low_value", ["eu-low-value"]),
        ("verdict=sca:exempt&currency=EUR", ["eu-low-value"]),
        ("q=srch&currency=JPY&amount_from=12000&amount_to=12000", ["jp-3ds"]),
        ("amount_from=12000.01&q=srch", ["vn-transfer"]),
        ("merchant=m-1", ["eu-low-value"]),
        ("payer=c-15&q=srch", ["jp-3ds"]),
        ("jurisdiction=EEA", ["eu-low-value"]),
        ("until=2020-01-01T00:00:00Z", []),
    ],
)  # fmt: skip
def test_what_is_asked_is_found(client: Client, answered: dict[str, str], query: str, names: list[str]) -> None:
    assert _ids(client, query) == [answered[name] for name in names]
    assert _ids(client, f"{query}&view=summary") == [answered[name] for name in names]


def test_it_is_answered_in_short_or_as_it_was(client: Client, answered: dict[str, str]) -> None:
    (whole,) = client.get("/v1/decisions?q=srch-jp").json()["data"]
    (short,) = client.get("/v1/decisions?q=srch-jp&view=summary").json()["data"]
    assert whole == client.get(f"/v1/decisions/{answered['jp-3ds']}").json()
    assert short == client.get(f"/v1/decisions/{answered['jp-3ds']}/summary").json()
    assert (short["amount"], short["currency"], short["payer"]) == ("12000", "JPY", "c-15")
    assert short["verdicts"] == {"sca": whole["sca"]["verdict"]}
    assert short["countries"] == {"payer": "JP", "issuer": "JP", "acquirer": "JP"}


def test_pages_of_a_search_follow_one_another(client: Client, answered: dict[str, str]) -> None:
    first = client.get("/v1/decisions?q=srch&limit=3").json()
    rest = client.get(f"/v1/decisions?q=srch&limit=3&after={first['next']}").json()
    assert [one["id"] for one in first["data"] + rest["data"]] == list(reversed(answered.values()))
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("outcome=perhaps", ("outcome", "not_allowed")),
        ("verdict=sca", ("verdict", "form")),
        ("verdict=sca:exempt&verdict=law:any", ("verdict", "form")),
        ("country=ZZ", ("country", "unknown_place")),
        ("country=US-TX", ("country", "place_type")),
        ("amount_from=much", ("amount_from", "decimal_form")),
        ("amount_to=", ("amount_to", "decimal_form")),
        ("since=yesterday", ("since", "instant_form")),
        ("rule=no rule".replace(" ", "%20"), ("rule", "form")),
        ("release=sha256:abc", ("release", "form")),
        ("q=%00", ("q", "nul_character")),
    ],
)
def test_a_search_that_cannot_be_names_its_parameter(client: Client, query: str, fault: tuple[str, str]) -> None:
    reply = client.get(f"/v1/decisions?{query}")
    assert (reply.status, reply.codes()) == (422, {fault})


def _forget(service: Service, decision: str) -> None:
    """As if it had not been taken in."""
    service.ledger.writer.run(
        lambda batch: batch.execute("DELETE FROM decision_search WHERE id = :id", {"id": decision})
    )


def test_a_ledger_that_cannot_be_written_is_searched_and_says_how_far(
    client: Client, service: Service, answered: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _ids(client, "q=newer") == []
    assert _ids(client, "q=srch-jp") == [answered["jp-3ds"]]
    newer = client.post("/v1/preflight", {**sample("jp-3ds"), "reference": "newer"}).json()["id"]
    _forget(service, newer)

    def full(_most: int) -> int:
        raise LedgerBusy(7)

    with monkeypatch.context() as patch:
        patch.setattr(service.ledger.search, "take_in", full)
        page = client.get("/v1/decisions?q=newer").json()
        assert page["data"] == []
        assert page["searched_from"] >= client.get("/v1/decisions?q=srch-jp").json()["data"][0]["evaluated_at"][:19]
    assert _ids(client, "q=newer") == [newer]


def test_new_decisions_are_made_findable_beside_the_service(client: Client, service: Service) -> None:
    service.ledger.search.take_in(10_000)
    made = client.post("/v1/preflight", {**sample("gb-remote"), "reference": "beside"}).json()["id"]
    _forget(service, made)
    indexer = Indexer(service.ledger)
    indexer.look()
    row = service.ledger.search._readers.row("SELECT id FROM decision_search ORDER BY seq DESC LIMIT 1")
    assert row[0] == made


def test_a_search_needs_the_scope_to_read(make_client: Any, service: Service) -> None:
    service.ledger.keys.create(["decide"], "till", secret="lx_till_only")
    till = make_client(service, secret="lx_till_only")
    for path in ("", "/dec_x/summary", "/dec_x/events", "/dec_x/messages", "/dec_x/document"):
        assert till.get(f"/v1/decisions{path}").status == 403, path


def test_what_an_answer_is_found_by_is_the_same_before_and_after_it_was_written(service: Service) -> None:
    """Else the audit would call a row of the search a lie."""
    for body in map(orjson.dumps, mixed(bodies(300))):
        entry = judge(service, facts_in(body), Asked("key_1", body, "en"))
        decided = Decided(
            1, entry.id, 2, entry.reference, entry.payer_id, entry.outcome, entry.release, entry.facts, entry.answer
        )
        assert entry.told is not None
        assert row_told(decided, entry.told) == row_of(decided)
