"""Identities are numbers of a window's own, because the engine joins by a hash of 32 bits."""

import pytest

from engine.scenarios import Subject
from engine.scenarios.plan import MOST_FACTS
from engine.scenarios.window import IDENTITIES, window_of
from tests.scenarios.telling import went


def _fnv(text: str, *, before: bool) -> int:
    found = 2166136261
    for byte in text.encode():
        found = ((found ^ byte) * 16777619 if before else (found * 16777619) ^ byte) & 0xFFFFFFFF
    return found


@pytest.mark.parametrize("before", [True, False])
def test_no_two_numbers_of_a_full_window_share_a_hash(before: bool) -> None:
    most = MOST_FACTS * len(IDENTITIES)
    assert len({_fnv(str(number), before=before) for number in range(most)}) == most


def test_customers_whose_names_share_a_hash_are_two() -> None:
    """`cust-462789` and `cust-679192` are one to a hash of 32 bits."""
    events = [went("a", 0, payee="cust-462789"), went("b", 1, payee="cust-679192")]
    facts = window_of(Subject("payer", "C"), events, lambda _money, _unit: None).plain()
    assert facts[0]["counterparty"] != facts[1]["counterparty"]
    assert {type(fact["counterparty"]) for fact in facts} == {int}


def test_one_who_pays_and_is_paid_has_one_number() -> None:
    events = [went("a", 0, payee="D"), went("b", 1, payer="D", payee="C")]
    facts = window_of(Subject("payer", "C"), events, lambda _money, _unit: None).plain()
    assert facts[0]["payee"] == facts[1]["payer"] == facts[0]["counterparty"]


def test_a_word_that_is_too_long_is_not_stated() -> None:
    (fact,) = window_of(Subject("payer", "C"), [went("a", 0, method="m" * 41)], lambda _money, _unit: None).plain()
    assert "method" not in fact
