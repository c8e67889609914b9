"""A running service for the clients, once for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest

from api.bundled import samples
from engine.ledger import Scope
from lexgate_client import Lexgate
from tests.browser.house import House


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """With the merchant of the examples."""
    made = House(tmp_path_factory.mktemp("house"))
    profile = orjson.loads((samples() / "tax" / "merchant.json").read_bytes())
    assert made.api.put("/v1/merchants/m-1", json=profile).status_code == 200
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[Lexgate]:
    """Who may do everything."""
    with Lexgate(house.address, house.key("all", Scope), timeout=60) as made:
        yield made
