"""The page says what was measured, and a run fails for wrong answers, never for slow ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bench.backtest_report import MISSING
from bench.contest import COMPILED, Result, differences
from bench.domains import Domains
from bench.machine import Machine
from bench.report import Run, fastest, markdown, ratio
from bench.run import main, verdict
from bench.spark import SparkRun
from bench.traffic import Http
from bench.validation import Steps

MACHINE = Machine("CPU X", 2, "Linux", "CPython 3.11", "3.45", 4.0, 0.1, datetime(2026, 11, 22, tzinfo=UTC), ())
OURS = Result(COMPILED, None, None, (2.0, 2.0, 4.0), (), ())
ZEN = Result("zen-engine", "zen-engine", "2.1.3", (20.0, 30.0, 80.0), (), ("no decimals",))
REGO = replace(ZEN, name="regopy", distribution="regopy", microseconds=(1000.0, 1000.0, 1000.0))


def load(per_second: float, **statuses: int) -> dict[str, object]:
    counted = {name.removeprefix("s"): count for name, count in statuses.items()}
    return {
        "per_second": per_second, "statuses": counted, "p50_ms": 1.0, "p99_ms": 2.0,
        "generator_cpu": 0.5, "lost": [], "refused": "",
    }  # fmt: skip


HTTP = Http((load(1000, s200=10), load(2000, s200=10)), (load(400, s200=4), load(600, s200=6)), 64)
STEPS = Steps((10.0, 10.0), (1.0, 1.0), (2.0, 2.0), (5.0, 15.0), (1.0, 1.0))
RUN = Run(MACHINE, 100, 22, ("distinct(x)",), (OURS, ZEN, REGO), STEPS, HTTP)


def test_ratios_are_medians_of_rounds_not_ratios_of_medians() -> None:
    assert ratio(ZEN, OURS) == 15.0
    assert HTTP.ratio == pytest.approx(0.35)
    assert STEPS.ratio == pytest.approx(1.0)


def test_an_engine_with_other_answers_is_never_the_fastest() -> None:
    assert fastest(RUN.results) == ZEN
    wrong = replace(ZEN, differing=("payment 0: +sca.tra",))
    assert fastest([OURS, wrong, REGO]) == REGO
    assert fastest([OURS, replace(ZEN, failure="not installed")]) is None


def test_the_page_shows_ratios_first() -> None:
    page = markdown(RUN)
    assert "**15.0 : 1**" in page
    assert page.index("**15.0 : 1**") < page.index("| zen-engine | 2.1.3 | 15.0 | 30.0 | 80.0 | 0 |")
    assert "The compiled executor's answer was given 2 times over for each of the 100 payments" in page
    assert "| durable preflight | 0.35 | 500 | 1.0 | 2.0 | 0 |" in page


def test_preflights_with_tax_have_a_row_of_their_own() -> None:
    taxed = replace(HTTP, taxed=(load(200, s200=2), load(400, s200=4)))
    assert "| durable preflight with the tax of a basket | 0.20 | 300 | 1.0 | 2.0 | 0 |" in markdown(
        replace(RUN, http=taxed)
    )
    assert "basket" not in markdown(RUN)
    assert verdict(replace(RUN, http=replace(HTTP, taxed=(load(1, s503=1), load(1, s200=1))))) == 1


def test_all_domains_stand_beside_their_bars_and_the_rules_in_scope() -> None:
    domains = Domains((10.0, 20.0), (5.0, 5.0), (25.0, 60.0), (2.0, 2.0), (90, 120, 170), 300)
    page = markdown(replace(RUN, domains=domains))
    assert "**2.75 : 1** (bar: at most 3.00)" in page
    assert "90 to 170 rules, of the median payment 120, of all payments together 300" in page
    assert verdict(replace(RUN, domains=replace(domains, decide=(900.0, 900.0)))) == 0
    assert verdict(replace(RUN, domains="ValueError: no")) == 1


def test_preflights_with_everything_are_compared_with_an_echo_of_the_same_bytes() -> None:
    whole = replace(
        HTTP, mixed_echo=(load(500, s200=5), load(1000, s200=5)), everything=(load(100, s200=1), load(250, s200=1))
    )
    page = markdown(replace(RUN, http=whole))
    assert "**0.23 : 1** (bar: at least 0.20)" in page or "**0.22 : 1** (bar: at least 0.20)" in page
    assert "| durable preflight with all 6 domains |" in page
    assert verdict(replace(RUN, http=replace(whole, everything=(load(1, s503=1), load(1, s200=1))))) == 1


def test_a_cluster_is_compared_core_by_core_and_its_start_is_told_apart() -> None:
    spark = SparkRun(1_000_000, 2, alone_s=20.0, spark_s=13.0, start_s=6.0, first_s=40.0, same=True)
    page = markdown(replace(RUN, spark=spark))
    assert "**1.30 : 1** (bar: at most 1.50)" in page
    assert "| until there is a session, s | 6.0 |" in page
    assert verdict(replace(RUN, spark=replace(spark, spark_s=900.0))) == 0
    assert verdict(replace(RUN, spark=replace(spark, same=False))) == 1
    assert verdict(replace(RUN, spark=f"{MISSING}There is no Java")) == 0
    assert verdict(replace(RUN, spark="ValueError: no")) == 1


def test_differences_are_listed_by_payment_and_rule() -> None:
    found = list(differences([frozenset("ab"), frozenset("c")], [frozenset("ac"), frozenset("c")]))
    assert found == ["payment 0: +b -c"]
    page = markdown(replace(RUN, engines=(OURS, replace(ZEN, differing=tuple(found)))))
    assert "payment 0: +b -c" in page


def test_a_slow_run_passes_and_a_wrong_one_fails() -> None:
    assert verdict(RUN) == 0
    assert verdict(replace(RUN, engines=(OURS, replace(ZEN, differing=("payment 0: +b",))))) == 1
    assert verdict(replace(RUN, http="ServerFailed: no")) == 1
    assert verdict(replace(RUN, http=replace(HTTP, preflight=(load(1, s200=1, s503=1), load(1, s200=1))))) == 1
    assert verdict(replace(RUN, http="not asked for", steps="not asked for")) == 0
    assert verdict(replace(RUN, engines="not asked for")) == 0


def test_a_part_that_did_not_run_claims_nothing() -> None:
    page = markdown(replace(RUN, engines="WorkerLost: no", steps="not asked for", http="not asked for"))
    assert "Did not run: WorkerLost: no" in page
    assert ": 1**" not in page
    assert "was given" not in page


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "engine"])
    assert "engines, decide, domains, http" in capsys.readouterr().err
