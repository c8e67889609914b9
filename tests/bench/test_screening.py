"""The screening benchmark: its queries are the same every time, its negatives are of nobody, its page tells what was found."""

from __future__ import annotations

from random import Random

import pytest

from bench.screening import ScreeningRun, SetRun, Share, measure
from bench.screening_peers import Peer
from bench.screening_queries import adversarial, negatives, positives, words_of
from bench.screening_report import section, summary
from bench.screening_variations import OF_OTHERS, OF_PERSONS, part_of_other, part_of_person, typo, unseen
from tests.screening.people import EVERYBODY, edition

RUN = ScreeningRun(
    21_000, 61_000, 5.0, 200, (1500.0, 1600.0, 1700.0),
    tuple(SetRun(name, {"typo": Share(9, 10)}, {"french": Share(0, 10)}) for name in ("one", "two", "three", "four")),
    (Peer("nomenklatura logic-v1", failure="not installed"), Peer("scan", "1", 0.5, 0.01, 0.9, 16.0)),
)  # fmt: skip


def test_the_same_seed_asks_the_same() -> None:
    assert positives(EVERYBODY, 60, 1) == positives(EVERYBODY, 60, 1)
    assert negatives(EVERYBODY, 60, 1) == negatives(EVERYBODY, 60, 1)
    assert positives(EVERYBODY, 60, 1) != positives(EVERYBODY, 60, 2)


def test_a_negative_is_no_shorter_form_of_anybody_listed() -> None:
    listed = [words_of(name.text) for entry in EVERYBODY for name in entry.names]
    for case in negatives(EVERYBODY, 200, 3):
        assert not case.right
        assert not any(words_of(case.text) <= names for names in listed)


def test_a_positive_is_a_variation_and_knows_its_entry() -> None:
    for case in positives(EVERYBODY, 200, 4):
        assert case.text != case.listed
        assert case.right
        assert case.made_by in OF_PERSONS | OF_OTHERS
    assert {case.made_by for case in adversarial(EVERYBODY, 20, 4)} == {"two at once"}


def test_variations_do_what_they_are_called() -> None:
    random = Random(5)
    assert len(words_of(part_of_person("Anna Bella Cecilia Dorn", random) or "")) == 3
    assert "Dorn" in (part_of_person("Anna Bella Cecilia Dorn", random) or "")
    assert (part_of_other("Velmora Shipping Trading Ltd", random) or "").startswith("Velmora")
    assert part_of_other("Velmora Trading Ltd", random) is None
    assert typo("Abc Ltd", random) is None
    assert not (unseen("Anna Dorn", random) or "").isascii()


def test_a_run_over_a_small_list_counts_what_it_asks() -> None:
    run = measure(queries=20, rounds=2, against=0, cpu=None, loaded=[(edition(), EVERYBODY)])
    assert [one.found.of for one in run.sets[:3]] == [20, 20, 4]
    assert run.entries == len(EVERYBODY)
    assert len(run.per_second) == 2


def test_the_page_tells_the_bars_and_who_was_left_out() -> None:
    page = "\n".join([*summary(RUN), *section(RUN)])
    assert "**90.0%** at **0.00%** false (bars: 96%, 1%)" in page
    assert "| nomenklatura logic-v1 | | SKIPPED: not installed" in page
    assert "| the same to `scan` | 100 : 1 |" in page


@pytest.mark.parametrize("text", ["not asked for", "FileNotFoundError: no lists"])
def test_a_part_that_did_not_run_says_so(text: str) -> None:
    assert list(section(text))[-1] == f"Did not run: {text}"
    assert not list(summary(text))
