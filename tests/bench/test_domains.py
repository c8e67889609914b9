"""What the step on all domains decides, and how much law it counts."""

from __future__ import annotations

import orjson
import pytest

from bench.domains import measure, rules_of
from bench.payments import bodies, checkout, mixed
from engine.decide import BUILT
from engine.layouts import decode
from tests.shipped import law


def test_every_other_payment_is_a_checkout_with_a_basket_a_payer_and_a_method() -> None:
    plain = bodies(10)
    found = mixed(plain)
    assert found[::2] == plain[::2]
    for body in found[1::2]:
        facts = decode(orjson.dumps(body))
        assert {"lines", "payer.id", "payment.method"} <= facts.keys()


def test_the_rules_in_scope_are_those_at_the_places_of_the_parties() -> None:
    packs = law()
    found = set(rules_of(decode(orjson.dumps(checkout(bodies(1)[0], 1))), packs))
    assert {domain for domain, _ in found} == set(BUILT) - {"tax"}


def test_a_short_run_measures_every_step() -> None:
    run = measure(payments=20, rounds=1, cpu=None)
    assert run.together >= max(run.in_scope) >= min(run.in_scope) > 0
    assert run.ratio == pytest.approx(run.decide[0] / run.validate[0])
