"""A back-test under a release that holds rules back: from columns or one by one, the same."""

from bench.past_payments import past_payments
from engine.backtest import payments_of
from engine.packs.packset import PackSet
from tests.backtest.past import Past, law
from tests.backtest.test_equal import EEA, agree
from tests.held_back import holding_back, stopping


def held() -> PackSet:
    """The law without any duty, block or refusal of Germany and of the area."""
    names = [one for domain in ("sca", "aml", "kyc", "methods") for one in stopping(law(), domain)]
    return holding_back(law(), *(one for one in names if one.startswith(("DE/", "EEA/"))))


def test_payments_of_the_area_are_told_the_same() -> None:
    found = agree(past_payments(1_000, places=EEA, foreign=20, by_row=True), held())
    assert "review" in set(found["outcome"])


def test_payments_of_every_kind_are_told_the_same() -> None:
    agree(payments_of(Past(3).facts(600)), held())
