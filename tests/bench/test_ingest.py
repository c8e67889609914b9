"""The measure of the ingester, in small."""

from __future__ import annotations

from bench.ingest import measure
from bench.ingest_report import section, summary


def test_a_small_run_has_all_its_figures() -> None:
    run = measure(rounds=2, cpu=None, most=20)
    assert 20 <= run.publications < 40
    assert 0 < run.relevant < run.publications
    assert len(run.words) == len(run.read) == len(run.linked) == 2
    assert run.times > 1
    assert run.per_second > 0
    page = "\n".join(section(run))
    assert "read and linked" in page
    assert "bar: at least 200" in "\n".join(summary(run))


def test_a_run_that_did_not_happen_claims_nothing() -> None:
    assert list(summary("not asked for")) == []
    assert "Did not run: not asked for" in list(section("not asked for"))
