"""Packs with one seeded fault each, refused with exactly the expected code, place and sentence."""

from collections import Counter
from typing import Any

import pytest

from engine.packs import load_packs
from engine.packs.lint import CODES
from engine.packs.problems import PackError
from tests.packs.fixture import edited, good, lint, load

DEFECTS = load("defects")

ELSEWHERE = {
    "condition-undecided": "test_checks: needs a cap on the work that is too low",
    "cost-domain": "test_checks: needs a budget that is too low",
    "cost-rule": "test_checks: needs a budget that is too low",
    "demoted-empty": "test_demotions: of a file beside the packs",
    "demoted-harmless": "test_demotions: of a file beside the packs",
    "demoted-unknown": "test_demotions: of a file beside the packs",
    "draft-conflict": "api/test_upgrade: needs packs that were shipped anew",
    "draft-empty": "api/test_drafts: of a draft and what it is of",
    "draft-milder": "overlay/test_stricter: of a draft and what it is of",
    "draft-stale": "api/test_staleness: of a draft and a day",
    "draft-unproved": "overlay/test_stricter: of a draft and what it is of",
    "draft-version": "api/test_drafts: of a draft and what it is of",
    "expr-too-long": "test_checks: needs 1200 characters",
    "region": "residency/test_regions: a table, not a pack",
    "yaml-encoding": "test_reader: needs bytes that are not text",
    "yaml-too-large": "test_reader: needs two megabytes",
}
"""Codes that no edit of the small packs can show."""


@pytest.mark.parametrize("defect", [case for _, case in DEFECTS], ids=[name for name, _ in DEFECTS])
def test_defect_is_refused(defect: dict[str, Any]) -> None:
    assert [str(problem) for problem in lint(defect["edits"])] == defect["finds"]


def test_the_packs_are_without_fault_before_they_are_edited() -> None:
    assert lint([]) == []


def test_names_of_defects_are_unique() -> None:
    assert [name for name, count in Counter(name for name, _ in DEFECTS).items() if count > 1] == []


def test_every_code_is_shown() -> None:
    found = {line.partition("[")[2].partition("]")[0] for _, case in DEFECTS for line in case["finds"]}
    assert found | ELSEWHERE.keys() == CODES.keys()
    assert found.isdisjoint(ELSEWHERE)


def test_an_error_of_reading_keeps_the_packs_from_loading(tmp_path: Any) -> None:
    for name, text in edited([{"file": "FR/pack.yaml", "old": "name: France\n", "new": ""}]).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match=r"FR/pack.yaml:1:1: error \[key-missing\] A pack has no `name`"):
        load_packs(tmp_path)


def test_faults_in_one_pack_do_not_hide_those_of_another() -> None:
    edits = [
        {"file": "WORLD/pack.yaml", "old": "name: Everywhere", "new": 'name: "Everywhere"'},
        {"file": "FR/sca.yaml", "old": "channel: chip}}, expect: silent", "new": "channel: chip}}, expect: quiet"},
    ]
    assert [problem.code for problem in lint(edits)] == ["test-expect", "format"]


def test_nothing_is_said_of_packs_that_extend_a_faulty_one() -> None:
    """What is built on law that cannot be read would only be noise."""
    edits = [
        {"file": "AREA/sca.yaml", "old": "amount <= small_max", "new": "amount <= 30"},
        {"file": "FR/sca.yaml", "old": "channel: chip}}, expect: silent", "new": "channel: chip}}, expect: fires"},
    ]
    assert [(problem.code, problem.spot.file) for problem in lint(edits)] == [("type-mismatch", "AREA/sca.yaml")]


def test_findings_come_in_the_order_of_their_lines() -> None:
    edits = [
        {"file": "AREA/pack.yaml", "old": "name: The area", "new": 'name: "The area"'},
        {"file": "AREA/sca.yaml", "old": "    note: The Act ranks nothing.\n", "new": ""},
        {"file": "AREA/sca.yaml", "old": "unless: [sca.risk]", "new": "unless: [sca.small]"},
    ]
    found = lint(edits)
    assert [problem.code for problem in found] == ["format", "house-as-law", "unless-self"]
    assert [problem.spot for problem in found] == sorted(problem.spot for problem in found)


def test_good_packs_hold_what_the_defects_speak_of() -> None:
    assert sorted(good()) == [
        "AREA/pack.yaml", "AREA/sca.yaml", "FR/pack.yaml", "FR/sca.yaml", "FR/tax.yaml", "WORLD/pack.yaml",
        "messages/de.po",
    ]  # fmt: skip
