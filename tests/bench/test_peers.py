"""Every engine's adapter gives the naive evaluation's answers. Run in processes of their own: one crash is one failure."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bench.contest import AS_WRITTEN, forms
from bench.eea_reference import rules as reference_rules
from bench.naive import fired
from bench.payments import bodies, rows
from bench.peers import PEERS, PeerSpec
from bench.tree import And, BenchRule, Compare, Flag, In, Known, Not, Op, Or, Row, Sum

ROOT = Path(__file__).resolve().parent.parent.parent
# regopy takes a millisecond a payment.
PAYMENTS = {"regopy": 300}

CORNERS = [
    BenchRule("not a sum", Not(Compare(Op.LE, Sum(("n", "m")), 5))),
    BenchRule("not a word", Not(In("w", ("a",)))),
    BenchRule("not in a list", Not(In("w", ("a", "b", "c", "d", "e")))),
    BenchRule("in a list", In("w", ("a", "b", "c", "d", "e"))),
    BenchRule("not a flag", Not(Flag("f"))),
    BenchRule("not known", Known("n", wanted=False)),
    BenchRule("known", And((Known("n"), Known("w")))),
    BenchRule("not either", Not(Or((Flag("f"), Compare(Op.EQ, "n", 1))))),
    BenchRule("not both", Not(And((Flag("f"), Compare(Op.GT, "n", 1))))),
    BenchRule("other number", Compare(Op.NE, "n", 1)),
    BenchRule("at least", Compare(Op.GE, "m", 7)),
]
CORNER_ROWS: list[Row] = [
    {},
    {"n": 1},
    {"n": 1, "m": 4},
    {"n": 1, "m": 5, "w": "a", "f": True},
    {"n": 2, "w": "ab", "f": False},
    {"m": 7, "w": "e"},
    {"n": 0, "m": 0, "w": "", "f": False},
    {"n": None, "m": 9_007_199_254_740_993, "w": None, "f": None},
]


@pytest.mark.parametrize("spec", forms(), ids=lambda spec: spec.name)
def test_agrees_with_the_naive_evaluation(spec: PeerSpec) -> None:
    if spec.installed() is None:
        pytest.skip(f"{spec.distribution} is not installed: pip install -e .[bench]")
    number = next(at for at, form in enumerate(forms()) if form == spec)
    done = subprocess.run(
        [sys.executable, "-c", f"from tests.bench.test_peers import check; check({number})"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def check(number: int) -> None:
    """One form of one engine, in this process."""
    spec = forms()[number]
    payments = rows(bodies(PAYMENTS.get(spec.distribution, 2000)))
    for rules, found in ((reference_rules(), payments), (CORNERS, CORNER_ROWS)):
        peer = spec.make()
        peer.prepare(rules)
        for row in [*found, *found[:20]]:
            answer, expected = peer.decide(peer.shape(row)), fired(rules, row)
            if answer != expected:
                raise SystemExit(f"{row}: {sorted(answer - expected)} too many, {sorted(expected - answer)} too few")


def test_every_engine_that_can_share_has_a_form_without() -> None:
    names = {spec.name for spec in forms()}
    assert {spec.name + AS_WRITTEN for spec in PEERS if spec.hoists} <= names
    assert len(names) == len(forms())


def test_what_is_not_installed_says_so() -> None:
    assert replace(PEERS[0], distribution="no-such-distribution-here").installed() is None
