"""What the checker says while somebody writes, the entries of a file with their lines of time, and tests run in place."""

from __future__ import annotations

from datetime import date

import pytest

from engine.cases import run_cases
from engine.editing import Depth, Known, Ran, Row, checked, outline, pack_of, run_tests, timelines
from engine.packs import PackError, PackSet
from engine.packs.lint import lint_files
from engine.scenarios.testing import run_scenario_tests
from tests.packs.fixture import TODAY, good

RULES, MANIFEST, TAX = "FR/sca.yaml", "FR/pack.yaml", "FR/tax.yaml"
BASE = PackSet.of(good())
KNOWN = Known(BASE, BASE, good(), TODAY, run_cases, run_scenario_tests)


def text(path: str, *edits: tuple[str, str]) -> str:
    found = good()[path]
    for old, new in edits:
        assert found.count(old) == 1, f"{old!r} stands {found.count(old)} times"
        found = found.replace(old, new)
    return found


def codes(path: str, written: str, depth: Depth = Depth.CHECKS) -> list[tuple[str, str, int]]:
    return [(one.code, one.spot.file, one.spot.line) for one in checked(KNOWN, path, written, depth)]


def rows(path: str, *edits: tuple[str, str]) -> dict[str, Row]:
    written = text(path, *edits)
    pack, _ = pack_of(KNOWN, path, written)
    assert pack is not None
    packs = {**BASE.packs, pack.jurisdiction: pack}
    return {row.name: row for row in timelines(packs, {**good(), path: written}, path, TODAY)}


# -- checking ------------------------------------------------------------------------------------------------------------


def test_what_is_released_has_nothing_to_be_said_of_it() -> None:
    assert [codes(path, good()[path]) for path in (RULES, MANIFEST, TAX)] == [[], [], []]


def test_a_text_that_is_no_file_is_told_by_its_line_and_nothing_else_is() -> None:
    assert codes(RULES, "domain: sca\nrules: [", Depth.READING) == [("yaml-syntax", RULES, 3)]


def test_the_reader_tells_a_wrong_word_at_once() -> None:
    (found,) = checked(KNOWN, RULES, text(RULES, ('== "remote"', '== "remoe"')), Depth.READING)
    assert (found.code, found.spot.line) == ("enum-value", 19)
    assert "remote" in found.remedy


def test_a_value_that_is_no_amount_is_refused_on_its_line() -> None:
    assert codes(RULES, text(RULES, ('value: "20.00"', 'value: "twenty"')), Depth.READING) == [
        ("value-type", RULES, 11)
    ]


def test_the_checks_say_what_the_whole_linter_says_of_the_same_pack() -> None:
    written = text(RULES, ("expect: silent}\n      - {name: not", "expect: fires}\n      - {name: not"))
    whole = [
        one
        for one in lint_files({**good(), RULES: written}, today=TODAY, run_cases=run_cases)
        if one.severity == "error"
    ]
    found = [one for one in checked(KNOWN, RULES, written) if one.code != "draft-version"]
    assert {(one.code, one.spot, one.message) for one in found} == {(one.code, one.spot, one.message) for one in whole}
    assert "test-fails" in {one.code for one in found}


def test_a_pack_that_differs_is_told_to_have_a_later_version() -> None:
    written = text(RULES, ("title: No codes", "title: No short codes"))
    assert ("draft-version", MANIFEST, 1) in codes(RULES, written)
    raised = Known(BASE, BASE, {**good(), RULES: written}, TODAY)
    assert "draft-version" not in {
        one.code for one in checked(raised, MANIFEST, text(MANIFEST, ("2026.1.0", "2026.1.1")))
    }


def test_faults_of_other_files_come_after_those_of_the_file_in_hand() -> None:
    broken = Known(BASE, BASE, {**good(), TAX: "domain: tax\nrates: ["}, TODAY)
    found = checked(broken, RULES, text(RULES, ('== "remote"', '== "remoe"')))
    assert [one.spot.file for one in found] == [RULES, TAX]


def test_of_files_that_belong_to_no_pack_the_reader_speaks() -> None:
    assert checked(KNOWN, "regions/new.csv", "wrong\n") != ()
    assert checked(KNOWN, "messages/de.po", good()["messages/de.po"]) == ()


# -- the form ------------------------------------------------------------------------------------------------------------


def test_a_file_is_told_entry_by_entry_with_its_lines() -> None:
    found = outline(RULES, good()[RULES])
    (parameter,), (rule,) = found.parameters, found.rules
    assert (found.kind, found.domain) == ("domain", "sca")
    assert (parameter.name, parameter.type, parameter.unit) == ("small_max", "money", "EUR")
    assert [(one.start, one.state, one.value, one.lines.first) for one in parameter.values] == [
        ("2020-01-01", "value", "20.00", 11)
    ]
    assert (rule.id, rule.when, rule.start, rule.end) == ("sca.no_sms", 'payment.channel == "remote"', "2020-01-01", "")
    assert rule.cite is not None
    assert (rule.cite.source, rule.cite.at) == ("code", "L. 133-45")
    lines = good()[RULES].split("\n")
    assert (rule.lines.first, rule.lines.last) == (13, len(lines) - 1)
    assert [one.expect for one in rule.tests] == ["fires", "silent", "unknown", "fires", "silent"]
    assert rule.tests[0].given == {"payment": {"instrument": "card", "channel": "remote"}}
    assert rule.tests[2].missing == ("payment.channel",)


def test_manifests_and_tables_of_rates_are_told_too() -> None:
    manifest = outline(MANIFEST, good()[MANIFEST])
    assert (manifest.kind, manifest.version, [one.id for one in manifest.sources]) == ("pack", "2026.1.0", ["code"])
    rates = {one.id: one for one in outline(TAX, good()[TAX]).rates}
    assert (rates["standard.2000"].percent, rates["standard.2000"].end) == ("19.6", "2014-01-01")
    assert rates["reduced.books"].supplies == ("goods", "digital")


def test_what_is_no_yaml_has_no_entries() -> None:
    with pytest.raises(PackError):
        outline(RULES, "rules: [")


# -- lines of time -------------------------------------------------------------------------------------------------------


def test_values_and_rules_are_spans_from_day_to_day() -> None:
    more = (
        'value: "20.00"}\n',
        'value: "20.00"}\n      - {from: "2025-01-01", value: null}\n      - {from: "2026-01-01", unread: true}\n',
    )
    found = rows(RULES, more)
    assert [(one.start, one.end, one.state) for one in found["small_max"].spans] == [
        (date(2020, 1, 1), date(2025, 1, 1), "value"),
        (date(2025, 1, 1), date(2026, 1, 1), "none"),
        (date(2026, 1, 1), None, "unread"),
    ]
    assert found["small_max"].faults == ()
    assert (found["sca.no_sms"].kind, found["sca.no_sms"].spans[0].start) == ("rule", date(2020, 1, 1))


def test_days_on_which_a_rule_has_no_number_are_a_gap_of_the_number() -> None:
    own = ("  small_max:", "  tiny_max:")
    used = ('when: payment.channel == "remote"', 'when: payment.channel == "remote" and amount <= tiny_max')
    later = ('{from: "2020-01-01", value: "20.00"}', '{from: "2022-01-01", value: "20.00"}')
    (fault,) = rows(RULES, own, used, later)["tiny_max"].faults
    assert (fault.kind, fault.start, fault.end, fault.by) == ("gap", date(2020, 1, 1), date(2022, 1, 1), "sca.no_sms")
    assert "time-parameter-gap" in {code for code, *_ in codes(RULES, text(RULES, own, used, later))}


def test_two_values_of_one_day_overlap() -> None:
    twice = ('value: "20.00"}\n', 'value: "20.00"}\n      - {from: "2020-01-01", value: "21.00"}\n')
    (fault,) = rows(RULES, twice)["small_max"].faults
    assert (fault.kind, fault.start, fault.by) == ("overlap", date(2020, 1, 1), "21.00")


def test_rates_show_their_holes_and_where_two_hold() -> None:
    found = rows(TAX)
    assert [(one.text, one.start, one.end) for one in found["standard.2014"].spans] == [
        ("19.6", date(2000, 4, 1), date(2014, 1, 1)), ("20", date(2014, 1, 1), None),
    ]  # fmt: skip
    assert found["standard.2014"].faults == ()
    (gap,) = rows(TAX, ('to: "2014-01-01"', 'to: "2013-01-01"'))["standard.2014"].faults
    assert (gap.kind, gap.start, gap.end) == ("gap", date(2013, 1, 1), date(2014, 1, 1))
    (overlap,) = rows(TAX, ('to: "2014-01-01"', 'to: "2015-01-01"'))["standard.2014"].faults
    assert (overlap.kind, overlap.start, overlap.end) == ("overlap", date(2014, 1, 1), date(2015, 1, 1))


# -- tests in place ------------------------------------------------------------------------------------------------------


def ran(written: str, rule: str | None = None) -> tuple[Ran, ...]:
    return run_tests(PackSet.of({**good(), RULES: written}, near=BASE), RULES, rule, run_cases, run_scenario_tests)


def test_tests_are_run_in_the_order_of_the_file_with_what_came_out() -> None:
    assert [one.passed for one in ran(good()[RULES])] == [True] * 5
    found = ran(text(RULES, ('== "remote"', '== "chip"')), "sca.no_sms")
    assert [(one.name, one.passed) for one in found][:3] == [
        ("remote", False),
        ("at the till", False),
        ("not stated", True),
    ]
    assert found[0].found.startswith("silent: payment.channel")
    assert found[0].expected == {"outcome": "fires", "missing": []}
    assert found[3].on == date(2020, 1, 1)
    assert ran(good()[RULES], "sca.other") == ()
