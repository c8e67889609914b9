"""Code made for one shape of payment decides and explains as the general code does, byte for byte."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import orjson

from bench.payments import bodies
from engine.decide import decide
from engine.facts import Facts
from engine.history import NullHistory
from engine.language.specialise import WARM
from engine.layouts import decode
from engine.money import RateTable
from engine.packs import PackSet
from tests.property.shipped import packs

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FRENCH = {"payment.issuer_country": "FR", "payment.acquirer_country": "FR"}


def answer(law: PackSet, facts: Facts | dict[str, object]) -> bytes:
    decided = decide(facts, law, NullHistory(), rates=RateTable(()), decision_id="dec_1", now=NOW)
    return orjson.dumps(decided.body)


def test_the_general_code_and_the_code_of_a_shape_give_the_same_bytes() -> None:
    shipped = packs()
    payments = [Facts({**decode(orjson.dumps(body)), **FRENCH}) for body in bodies(2 * WARM * 8, callers=8)]
    for facts in payments:
        answer(shipped, facts)
    law = shipped.law("FR", "sca", payments[0]["occurred_at"].date())
    regulars = {shape for shape, count in Counter(facts.shape for facts in payments).items() if count >= WARM}
    assert regulars
    assert regulars <= law.executor.made.keys()
    for facts in payments:
        assert answer(shipped, facts) == answer(shipped, dict(facts))
