"""Where reading waits for a database, whatever may read is decided beside the loop, and nothing that reads is taken for what does
not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import orjson
import pytest

from api.deciding import Asked, facts_in, judge, may_read
from api.service import Service
from bench.payments import bodies, mixed
from engine.decide import BUILT
from engine.ledger._database import Readers
from tests.api.conftest import sample

NOT_STATED = "since_authenticated"


def variations() -> Iterator[dict[str, Any]]:
    """Payments of checkouts, with and without what may be looked up."""
    for number, body in enumerate(mixed(bodies(120))):
        yield body
        payment = {name: said for name, said in body.get("payment", {}).items() if name != NOT_STATED}
        payer = {"id": f"c-{number}", **body.get("payer", {})}
        yield {**body, "payment": {"channel": "remote", **payment}, "payer": payer}
        yield {**body, "payee": {**body.get("payee", {}), "merchant": "m-1", "name": "Somebody"}}
        yield {**body, "payer": {**payer, "name": "John Example"}, "obliged_entity": {"role": "bank", "country": "DE"}}
    yield sample("eu-low-value")


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement by which the ledger is read."""
    said: list[str] = []
    real = Readers.rows

    def rows(self: Readers, sql: str, parameters: Any = ()) -> list[Any]:
        said.append(sql)
        return real(self, sql, parameters)

    monkeypatch.setattr(Readers, "rows", rows)
    return said


@pytest.mark.parametrize("domains", [("sca",), ("sca", "tax"), ("aml", "kyc"), ("tax",), ("methods",), BUILT])
def test_whatever_reads_was_said_to(service: Service, reads: list[str], domains: tuple[str, ...]) -> None:
    found = {True: 0, False: 0}
    for body in variations():
        raw = orjson.dumps(body)
        facts = facts_in(raw)
        reads.clear()
        judge(service, facts, Asked("key_1", raw, None, domains=",".join(domains)))
        said = may_read(service.law, facts, domains)
        assert said or not reads, (domains, body, reads)
        found[said] += 1
    if domains == ("sca",):
        assert min(found.values()) > 100, "both kinds are among them"


@pytest.mark.parametrize("without", [*combinations(("payer", "channel", "stated"), 1), ()])
def test_the_past_of_a_payer_is_looked_up_where_it_is_known_whose_and_nobody_says_it(
    service: Service, reads: list[str], without: tuple[str, ...]
) -> None:
    body = sample("eu-low-value")
    body["payer"] = {**body.get("payer", {}), "id": "c-1"}
    if "payer" in without:
        del body["payer"]["id"]
    if "channel" in without:
        del body["payment"]["channel"]
    if "stated" in without:
        del body["payment"][NOT_STATED]
    raw = orjson.dumps(body)
    facts = facts_in(raw)
    reads.clear()
    judge(service, facts, Asked("key_1", raw, None, domains="sca"))
    assert bool(reads) is (without == ("stated",))
    assert may_read(service.law, facts, ("sca",)) is (without == ("stated",))
