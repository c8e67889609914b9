"""The simulated bank in small: what is laid is found, and ordinary payments are left alone."""

from dataclasses import replace
from random import Random

import pytest

from bench.laid import LAYS, lay
from bench.monitored import Traffic, normal
from bench.report import markdown
from bench.run import verdict
from bench.scenarios import ScenariosRun, false_alerts, measure, mixed, recall, report, run
from bench.scenarios_report import section, summary
from bench.sequences import SequencesRun
from tests.bench.test_report import RUN
from tests.scenarios.shipped import READY, SCENARIOS

EVENTS = 3_000
FOUND = ScenariosRun(
    1000, 20, 1, "reference", 5000, 2.0, 0, {"scenario.one": (20, 20), "scenario.two": (19, 20)}, {"scenario.two": 4}, 0.01
)  # fmt: skip
AGREED = SequencesRun(4000, 14, 800, 0, 6.0, 2.0)


@pytest.fixture(scope="module")
def ordinary() -> Traffic:
    return normal(EVENTS, Random(7))


def test_every_shipped_scenario_is_laid() -> None:
    assert {f"scenario.{name}" for name in LAYS} == {scenario.id for scenario in SCENARIOS}


def test_the_same_seed_lays_the_same() -> None:
    assert lay(["cycle"], 2, 50, Random(1)) == lay(["cycle"], 2, 50, Random(1))


@pytest.mark.slow
def test_ordinary_payments_are_left_alone(ordinary: Traffic) -> None:
    assert len(ordinary.events) == EVENTS
    assert sum(false_alerts(run(READY, ordinary)).values()) <= EVENTS * 5 // 1000


@pytest.mark.slow
def test_nearly_all_that_is_laid_is_found(ordinary: Traffic) -> None:
    traffic = mixed(Traffic(ordinary.events[-600:], segments=ordinary.segments), 2, Random(8))
    found = recall(traffic, run(READY, traffic))
    assert len(found) == len(LAYS)
    assert sum(hit for hit, _ in found.values()) * 100 >= sum(laid for _, laid in found.values()) * 95
    assert [name for name, (hit, _) in found.items() if hit == 0] == []


def test_the_page_says_what_was_found_and_what_was_not() -> None:
    page = markdown(replace(RUN, scenarios=FOUND, sequences=AGREED))
    assert "| patterns found of 40 laid among 1,000 payments; the worst scenario | **97.5%; 95%**" in page
    assert "| alerts for each ordinary payment | **0.400%** (bar: at most 0.5%) |" in page
    assert "| `two` | 19 of 20 | 0.95 | 4 |" in page
    assert "0 differ. The way over the pipe included, durable_rules took 3.0 times as long" in page


def test_a_part_that_did_not_run_says_why() -> None:
    page = "\n".join(section("no compiler", "not asked for"))
    assert "did not run: no compiler" in page
    assert "were not compared: not asked for" in page
    assert list(summary("no compiler", "not asked for")) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"found": {"scenario.one": (18, 20)}}, "too little found of scenario.one"),
        ({"false": {"scenario.two": 6}}, "0.600% false"),
        ({"incidents": 1}, "1 incidents"),
    ],
)
def test_a_run_fails_for_what_it_misses(
    changes: dict[str, object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verdict(replace(RUN, scenarios=FOUND, sequences=AGREED)) == 0
    capsys.readouterr()
    assert verdict(replace(RUN, scenarios=replace(FOUND, **changes))) == 1  # type: ignore[arg-type]
    assert said in capsys.readouterr().out


def test_a_run_fails_where_the_matchers_differ() -> None:
    assert verdict(replace(RUN, sequences=replace(AGREED, differed=1))) == 1


def test_a_small_bank_is_measured_whole() -> None:
    found = measure(200, 1, seed=3)
    assert (found.laid, found.incidents) == (len(LAYS), 0)
    assert f"{found.events} ordinary events; 1 instances of each of 38 scenarios; seed 3; reference" in report(found)
