"""The measure of history, in small: both stores are filled, asked alike, and told of on the page."""

from __future__ import annotations

from bench.history import declared, measure
from bench.history_report import section, summary


def test_a_small_run_has_all_its_figures() -> None:
    run = measure(rounds=2, cpu=None, rows=2000, grown=(20, 200))
    assert len(run.six) == len(run.select) == len(run.few) == len(run.many) == 2
    assert run.ratio > 0 < run.growth
    assert run.features == len(declared()) == 6
    assert sum("indexed SELECT" in line for line in [*summary(run), *section(run)]) == 2


def test_a_run_that_did_not_happen_claims_nothing() -> None:
    assert list(summary("not asked for")) == []
    assert "Did not run: not asked for" in list(section("not asked for"))
