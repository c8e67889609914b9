"""A running service for the clients, once for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest

from api.bundled import samples
from engine.ledger import Scope
from lexgate_client import Lexgate
from tests.browser.house import House
from tests.empty import empty_ledger


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """With the merchant of the examples, and test mode beside it."""
    made = House(
        tmp_path_factory.mktemp("house"), test_database=empty_ledger(tmp_path_factory.mktemp("tests") / "test.db")
    )
    profile = orjson.loads((samples() / "tax" / "merchant.json").read_bytes())
    assert made.api.put("/v1/merchants/m-1", json=profile).status_code == 200
    yield made
    made.close()


@pytest.fixture(scope="module")
def test_key(house: House) -> str:
    """The secret of a test key."""
    assert house.service.rehearsal is not None
    return house.service.rehearsal.ledger.keys.create(Scope, "tests")[1]


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[Lexgate]:
    """Who may do everything."""
    with Lexgate(house.address, house.key("all", Scope), timeout=60) as made:
        yield made
