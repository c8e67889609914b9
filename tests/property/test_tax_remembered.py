"""A remembered tax is the tax that would be found again, byte for byte: of any sale, in any order, after any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import orjson
import pytest

from engine.decide import decide
from engine.decision import Decision
from engine.facts import Facts
from engine.history import NullHistory
from engine.money import DIGITS
from engine.packs.packset import PackSet
from engine.replay import facts_from
from engine.tax.remembered import Form, Kind, Memory
from tests.property.shipped import NOW, RATES, packs
from tests.tax.test_everywhere import PLACES, grow

REGISTER = "tax.remembered"
POSTCODES = ["75001", "97100", "97150", "27498", "35001", "20001", "IM1 1AA", "BT1 1AA", "8238", "9999"]


class Counting(Memory):
    """A memory that counts what it knew."""

    __slots__ = ("hits",)

    def __init__(self) -> None:
        super().__init__()
        self.hits = 0

    def find(self, kind: Kind, occurred: datetime) -> Form | None:
        found = super().find(kind, occurred)
        self.hits += found is not None
        return found


class Forgetful(Memory):
    """No memory at all."""

    def find(self, kind: Kind, occurred: datetime) -> Form | None:
        return None


@contextmanager
def remembering(law: PackSet, memory: Memory) -> Iterator[None]:
    """Within the block the release has this memory."""
    before = law.derived.get(REGISTER)
    law.derived[REGISTER] = memory
    try:
        yield
    finally:
        law.derived.pop(REGISTER)
        if before is not None:
            law.derived[REGISTER] = before


def told(facts: Facts, memory: Memory, locale: str = "en", profiles: Any = None, **asked: Any) -> Decision:
    with remembering(packs(), memory):
        return decide(facts, packs(), NullHistory(), rates=RATES, decision_id="dec_1", now=NOW, locale=locale,
                      domains=("sca", "tax"), profiles=profiles or (lambda _merchant: None), **asked)  # fmt: skip


def written(decision: Decision) -> bytes:
    return orjson.dumps([decision.body, decision.inputs])


def varied(rnd: Random, request: dict[str, Any]) -> dict[str, Any]:
    """The same sale with other amounts, names, quantities, evidence, and at another hour."""
    digits = DIGITS[request["currency"]]

    def price() -> str:
        return f"{Decimal(rnd.choice([0, 1, rnd.randrange(1, 100_000), 10**9])).scaleb(-digits):f}"

    lines = [{**one, "amount": price(), "id": f"{at}-{rnd.randrange(9)}"} for at, one in enumerate(request["lines"])]
    if rnd.random() < 0.2:
        lines[0] |= {"discount": price()}
    if rnd.random() < 0.2:
        lines[0] |= {"quantity": rnd.choice(["1", "3", "0.5"])}
    if rnd.random() < 0.2:
        lines[0] |= {"consignment_value": price()}
    payer = dict(request["payer"])
    if rnd.random() < 0.3:
        payer["evidence"] = {
            f"{kind}_country": rnd.choice(PLACES)[:2] for kind in rnd.sample(["billing", "ip", "sim"], 2)
        }
    if rnd.random() < 0.3:
        payer["postal_code"] = rnd.choice(POSTCODES)
    if rnd.random() < 0.2 and "ship_to" in lines[0]:
        lines[0]["ship_to"] = {**lines[0]["ship_to"], "postal_code": rnd.choice(POSTCODES)}
    if payer.get("tax_ids"):
        payer["tax_ids"] = [{**one, "value": str(rnd.randrange(10**8))} for one in payer["tax_ids"]]
    at = datetime.fromisoformat(request["occurred_at"]) + timedelta(hours=rnd.choice([0, 0, 0, 1, 9, 13]))
    bank = {"issuer_country": rnd.choice(PLACES)[:2]} if rnd.random() < 0.3 else {}
    return {
        **request,
        "lines": lines,
        "payer": payer,
        "occurred_at": at.isoformat(),
        "payment": {"instrument": "card", **bank},
    }


def grown(rnd: Random, start: str) -> dict[str, Any]:
    """A sale from there to anywhere; half of them of one line."""
    request = grow(rnd, start, rnd.choice([start, *PLACES]))
    if rnd.random() < 0.5:
        request["lines"] = request["lines"][:1]
    if rnd.random() < 0.2:
        request["lines"] = [*request["lines"], {**request["lines"][0], "category": "food"}]
    if rnd.random() < 0.3:
        request["facts"] = rnd.choice([{"discount": "0"}, {"note": True}, {"note": 1}])
    return request


@pytest.mark.parametrize("start", PLACES)
def test_what_is_remembered_is_what_would_be_found(start: str) -> None:
    rnd, memory = Random(start), Counting()
    sales = [grown(rnd, start) for _ in range(20)]
    requests = [varied(rnd, one) for one in sales for _ in range(16)]
    rnd.shuffle(requests)
    for request in requests:
        facts, locale = facts_from(orjson.dumps(request)), rnd.choice(["en"] * 5 + ["de"])
        day = rnd.choice([None] * 7 + [NOW.date() - timedelta(days=400)])
        known = written(told(facts, memory, locale, legal_day=day))
        assert known == written(told(facts, Forgetful(), locale, legal_day=day)), request
    assert memory.hits > len(requests) / 50
