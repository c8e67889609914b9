"""The report of a scale run says what was found, and what does not hold."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bench.machine import Machine
from bench.open_loop import Part
from bench.scale_report import Capacity, Found, Overload, Steady, report
from bench.shares import confine, family, seconds_used, stat_of


def part(answered: int, refused: int = 0, other: dict[int, int] | None = None, took: float = 0.01) -> Part:
    return Part(10.0, [took] * answered, [0.002] * refused, Counter(other or {}))


def capacity(per_second: float, workers: float, database: float, generator: float = 0.1) -> Capacity:
    return Capacity(per_second, workers, database, generator, 20.0, 0)


MACHINE = Machine("a processor", 2, "Linux", "CPython", "3", 1.0, 0.1, datetime(2020, 1, 1, tzinfo=UTC), ())
FOUND = Found(
    machine=MACHINE,
    alone=[capacity(500, 0.6, 0.3)],
    one=[capacity(800, 0.96, 0.4)],
    two=[capacity(960, 1.2, 0.6), capacity(940, 1.2, 0.6), capacity(950, 1.2, 0.6)],
    steady=Steady(570, part(5700), [0.001], 0.1, 0, 20.0),
    overload=Overload(2850, part(9000, 19500), [part(5700)] * 3, 0.75, 25.0, [0.001], 0.3, 0),
)


def test_growth_is_told_in_three_ways() -> None:
    assert FOUND.doubled == pytest.approx(950 / 500)
    assert FOUND.growth == pytest.approx(950 / 800)
    assert FOUND.by_time == pytest.approx(2 * (0.96 / 800) / (1.2 / 950))


def test_what_holds_is_said_to_hold() -> None:
    text = report(FOUND)
    assert FOUND.held
    assert "does not hold" not in text
    assert "| growth, from one core with all on it to two | >= 1.8 | 1.90 | holds |" in text
    assert "| all as before, after its end | <= 5 s | 0.75 s | holds |" in text
    assert (
        "| one worker on core 1, the rest on both | 800 | 20 ms | 0.96 | 0.40 | 0.10 | 1200 us | 500 us | 125 us |"
        in text
    )
    assert "| refused with 503 and `Retry-After` | 19500 |" in text


def test_as_before_is_what_was_usual_where_that_is_more_than_is_wanted() -> None:
    assert "within 25 ms: what is wanted." in report(FOUND)
    slow = replace(FOUND, overload=replace(FOUND.overload, bound_ms=48.0))
    assert "within 48 ms: at 60 % nine of ten seconds were within that before the overload." in report(slow)


SHORT = {
    "slow": replace(FOUND, steady=replace(FOUND.steady, part=part(5700, took=0.03))),
    "refused below what it can do": replace(FOUND, steady=replace(FOUND.steady, part=part(5700, refused=1))),
    "no growth": replace(FOUND, two=[capacity(700, 1.2, 0.6)]),
    "late back": replace(FOUND, overload=replace(FOUND.overload, back=5.25)),
}


@pytest.mark.parametrize("found", SHORT.values(), ids=SHORT)
def test_what_does_not_hold_is_said_once(found: Found) -> None:
    assert report(found).count("**does not hold**") == 1
    assert found.held, "it is no fault of the service"


LOST = {
    "another status": replace(FOUND, overload=replace(FOUND.overload, part=part(9000, 100, {500: 1}))),
    "afterwards": replace(FOUND, overload=replace(FOUND.overload, after=[part(10, 0, {0: 1})])),
    "never answered": replace(FOUND, overload=replace(FOUND.overload, unanswered=1)),
    "nothing but refusals": replace(FOUND, overload=replace(FOUND.overload, part=part(0, 100))),
    "never back": replace(FOUND, overload=replace(FOUND.overload, back=None)),
    "wrong without load": replace(FOUND, one=[replace(FOUND.one[0], wrong=1)]),
}


@pytest.mark.parametrize("found", LOST.values(), ids=LOST)
def test_what_is_lost_ends_the_run_with_a_fault(found: Found) -> None:
    assert not found.held


def test_what_else_came_is_named() -> None:
    text = report(replace(FOUND, overload=replace(FOUND.overload, after=[part(10, 1, {0: 2, 500: 1})])))
    assert "| 1 | 10 | 1 | 2 of cut lines, 1 of 500 | 10.0 ms |" in text


def test_a_busy_machine_is_told() -> None:
    assert "busy with other work" in report(replace(FOUND, machine=replace(MACHINE, load=7.5)))
    assert "busy" not in report(FOUND)


def test_a_quick_run_says_so() -> None:
    assert "**A quick run**" in report(FOUND, quick=True)
    assert "quick" not in report(FOUND)


def test_a_name_may_hold_anything() -> None:
    assert stat_of("7 (a) b) c (d) S 1 2 3")[:2] == ["S", "1"]


def test_a_family_its_time_and_its_core() -> None:
    spin = "import subprocess, sys, time\nif len(sys.argv) > 1:\n    while True: pass\n"
    code = f"{spin}subprocess.Popen([sys.executable, '-c', {spin!r}, 'x'])\ntime.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code])
    child = 0
    try:
        until = time.monotonic() + 30
        while seconds_used(family(process.pid)[1:]) < 0.1:
            assert time.monotonic() < until
            time.sleep(0.05)
        _, child = family(process.pid)
        core = min(os.sched_getaffinity(0))
        confine([process.pid, child], {core})
        assert os.sched_getaffinity(child) == {core}
        assert seconds_used([child]) > seconds_used([process.pid])
    finally:
        process.kill()
        process.wait()
        if child:
            os.kill(child, 9)
    confine([process.pid], {core})  # it is gone, and nobody minds
