"""Edits: what a draft would hold lints, is in its canonical form, passes its own tests, and changes nothing beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from functools import cache

import pytest

from engine.packs import PackSet
from engine.packs.testing import run_rule_tests
from ingest.impact import Action, Proposal, Publication
from ingest.impact.edit import Edited, EditRefused, edit, edit_all
from ingest.read.model import Reading
from tests.backtest.past import files as some_files
from tests.ingest.impact.helpers import PUBLISHED, edited, faults, proposals
from tests.ingest.link.examples import (
    adequacy,
    barcodes_china,
    contactless,
    estonia,
    estonian_hotels,
    fatf,
    france_cash,
    germany,
    germany_occasional,
    high_risk_union,
    localisation_kenya,
    localisation_nigeria,
    low_value_britain,
    retention_germany,
    south_africa,
    spain_cash,
)
from tests.shipped import law

EDITS: dict[str, Callable[[], Reading]] = {
    "a standard rate of VAT": estonia,
    "a rate of hotels": estonian_hotels,
    "the German rate": germany,
    "the South African rate": south_africa,
    "a contactless limit of the EEA": contactless,
    "a British limit of small payments": low_value_britain,
    "a threshold of due diligence": germany_occasional,
    "a French limit of cash": france_cash,
    "a Spanish limit of cash": spain_cash,
    "years of keeping records": retention_germany,
    "a limit in two domains": barcodes_china,
    "a list of the FATF": fatf,
    "a list of the Union": high_risk_union,
    "a decision of adequacy": adequacy,
    "payment data that stay": localisation_kenya,
    "a day that is moved": localisation_nigeria,
}


@cache
def story_of(story: str) -> tuple[Edited, PackSet]:
    return edited(proposals(EDITS[story]()))


@pytest.mark.parametrize("story", EDITS)
def test_what_is_written_has_no_fault(story: str) -> None:
    made, packs = story_of(story)
    assert made.files
    assert faults(made.files, packs) == []


@pytest.mark.parametrize("story", EDITS)
def test_every_line_that_is_not_changed_stays_as_it_was(story: str) -> None:
    """Additions aside, only lines that get an end, a new day, a note of who says so or a new version differ."""
    made, _ = story_of(story)
    for path, text in made.files.items():
        before, after = law().files[path].split("\n"), text.split("\n")
        for what, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            assert what in ("equal", "insert", "replace")
            assert what == "insert" or end - start <= last - first
            if what == "replace":
                assert all("version:" in line or "from:" in line for line in before[start:end])


def percent(packs: PackSet, place: str, category: str, day: date) -> list[str]:
    part = packs.packs[place].domains["tax"]
    return [
        f"{one.percent:f}" for one in part.rates if one.category == category and one.on(day) and one.percent is not None
    ]


def test_a_rate_is_the_old_one_on_the_day_before_and_the_new_one_on_the_day() -> None:
    _, packs = edited(proposals(estonia()))
    assert percent(packs, "EE", "standard", date(2027, 6, 30)) == ["24"]
    assert percent(packs, "EE", "standard", date(2027, 7, 1)) == ["26"]
    assert percent(packs, "EE", "restaurant", date(2027, 7, 1)) == ["26"]
    assert percent(packs, "EE", "hotel", date(2027, 7, 1)) == ["13"]


def test_the_new_line_cites_the_publication_says_how_sure_and_quotes_it() -> None:
    _, packs = edited(proposals(estonia()))
    line = next(one for one in packs.packs["EE"].domains["tax"].rates if one.id == "standard.2027")
    assert line.cite is not None
    source = packs.packs["EE"].sources[line.cite.source]
    assert (source.title, source.url, source.published) == (
        "An act is published",
        "https://law.example/act/1",
        PUBLISHED,
    )
    assert line.confidence == "C"
    assert line.note == "The standard rate of VAT in Estonia rises from 24% to 26% from 1 July 2027."
    assert line.evidence == "An act is published <https://law.example/act/1>"


def test_an_instrument_that_the_pack_knows_is_cited_itself() -> None:
    _, packs = edited(proposals(contactless()))
    value = packs.packs["EEA"].domains["sca"].parameters["contactless_single_max"].at(date(2027, 3, 1))
    assert value is not None
    assert value.cite is not None
    assert (value.cite.source, value.cite.at) == ("rts", "Art. 11")
    assert packs.packs["EEA"].sources.keys() == law().packs["EEA"].sources.keys()


def test_the_pack_gets_the_next_version_and_no_other_pack_changes() -> None:
    made, packs = edited(proposals(germany()))
    assert set(made.files) == {"DE/pack.yaml", "DE/tax.yaml"}
    assert (law().packs["DE"].version, packs.packs["DE"].version) == ("2026.11.0", "2026.11.1")


def test_tests_of_both_days_show_what_the_limit_turns() -> None:
    made, packs = edited(proposals(contactless()))
    rule = next(one for one in packs.packs["EEA"].domains["sca"].rules if one.id == "sca.contactless")
    new = [(one.on, str(one.given["amount"]), one.expect) for one in rule.tests if one.on and one.on.year == 2027]
    assert new == [
        (date(2027, 3, 1), "60.00 EUR", "fires"), (date(2027, 2, 28), "60.00 EUR", "silent"),
        (date(2027, 3, 1), "60.01 EUR", "silent"), (date(2027, 2, 28), "60.01 EUR", "silent"),
        (date(2027, 3, 1), "60.00 EUR", "unknown"),
    ]  # fmt: skip
    assert made.tests == 5


@pytest.mark.parametrize(("was", "becomes"), [('value: "60"', 'value: "61"'), ("expect: silent}", "expect: fires}")])
def test_the_tests_fail_where_law_and_example_part(was: str, becomes: str) -> None:
    made, _ = edited(proposals(contactless()))
    files = {**law().files, **made.files}
    path = next(one for one in made.files if was in made.files[one].replace(law().files[one], ""))
    lines = files[path].split("\n")
    at = next(number for number, line in enumerate(lines) if "2027-03-01" in line and was in line)
    lines[at] = lines[at].replace(was, becomes)
    packs = PackSet.of({**files, path: "\n".join(lines)}, near=law())
    assert any(not one.passed for one in run_rule_tests(packs, ["EEA"]))


def test_a_lower_threshold_is_tested_on_both_sides_too() -> None:
    _, packs = edited(proposals(germany_occasional()))
    rule = next(one for one in packs.packs["DE"].domains["aml"].rules if one.id == "aml.de.diligence.occasional")
    new = {(one.on, str(one.given["amount"]), one.expect) for one in rule.tests if one.on and one.on.year == 2027}
    assert {(date(2027, 7, 10), "10000.00 EUR", "fires"), (date(2027, 7, 9), "10000.00 EUR", "silent")} <= new
    assert (date(2027, 7, 10), "9999.99 EUR", "silent") in new


def test_where_no_rule_compares_the_number_it_is_said() -> None:
    made, _ = edited(proposals(retention_germany()))
    assert made.notes
    assert made.tests == 0


def test_members_come_and_go_on_the_day() -> None:
    _, packs = edited(proposals(fatf()))
    grey = packs.packs["FATF-GREY"]
    before, after = grey.members_on(date(2027, 2, 18)), grey.members_on(date(2027, 2, 19))
    assert after - before == {"RW", "UG"}
    assert before - after == {"VN", "BO"}
    left = next(one for one in grey.members if one.place == "VN" and one.end == date(2027, 2, 19))
    assert left.note.endswith("off it from 2027-02-19: An act is published <https://law.example/act/1>")


def test_members_stay_in_the_order_of_their_codes() -> None:
    _, packs = edited(proposals(fatf()))
    places = [one.place for one in packs.packs["FATF-GREY"].members]
    assert places == sorted(places)


def test_payment_data_are_denied_abroad_from_the_day_on() -> None:
    made, packs = edited(proposals(localisation_kenya()))
    part = packs.packs["KE"].domains["residency"]
    row = part.parameters["localisation_payment_data"]
    assert row.at(date(2027, 12, 31)) is None
    assert [value.value for value in row.values] == ["local_only"]
    rule = next(one for one in part.rules if one.id == "ke.payment_data")
    assert (rule.start, rule.effect.kind) == (date(2028, 1, 1), "deny")
    assert {one.on for one in rule.tests} == {date(2027, 12, 31), date(2028, 1, 1)}
    assert made.tests == len(rule.tests) == 8


def test_a_day_is_moved_and_nothing_else() -> None:
    made, packs = edited(proposals(localisation_nigeria()))
    values = packs.packs["NG"].domains["residency"].parameters["localisation_payment_data"].values
    assert [value.start for value in values] == [date(2027, 7, 1)]
    assert values[0].note == "moved from 2027-01-01 to 2027-07-01: An act is published <https://law.example/act/1>"
    assert set(made.files) == {"NG/pack.yaml", "NG/residency.yaml"}


def test_several_changes_of_one_publication_make_one_version() -> None:
    found = (*proposals(estonia()), *proposals(estonian_hotels()))
    made, packs = edited(found)
    assert packs.packs["EE"].version == "2026.11.1"
    assert faults(made.files, packs) == []
    assert sum("law.example/act/1" in line for line in made.files["EE/pack.yaml"].split("\n")) == 1


def test_an_edit_may_be_written_without_loaded_packs() -> None:
    (found,) = proposals(germany_occasional())
    made = edit(found, some_files())
    assert made.files == story_of("a threshold of due diligence")[0].files


HOSTILE = (
    "A title with \u202e direction, a colon: {and: [braces]}, \"quotes\", 'more', # a mark, \u200b nothing,"
    " and \u0430dmin of two alphabets"
)


def test_a_title_of_strangers_cannot_break_the_file() -> None:
    made, packs = edited(proposals(estonia(), Publication(HOSTILE * 3, "https://law.example/?a=[1]&b={2}")))
    assert faults(made.files, packs) == []
    assert "\u202e" not in made.files["EE/tax.yaml"]


def refused(proposal: Proposal) -> str:
    with pytest.raises(EditRefused) as found:
        edit_all((proposal,), law().files, release=law())
    return str(found.value)


def test_what_cannot_be_written_is_refused_with_the_reason() -> None:
    (found,) = proposals(estonia())
    assert "day" in refused(replace(found, effective=None))
    assert "person" in refused(replace(found, action=Action.LOOK))
    assert "ends on 2024-01-01 already" in refused(replace(found, effective=date(1900, 1, 1), twins=()))
    assert "no day from which" in refused(replace(found, effective=date.min))
    coming, going = sorted(proposals(fatf()), key=lambda one: one.action)
    assert "not on the list" in refused(replace(going, places=("NO",)))
    assert "cannot be read after the edit" in refused(replace(coming, places=("XX",)))


def test_a_second_value_of_the_same_day_is_refused() -> None:
    (found,) = proposals(germany_occasional())
    made, packs = edited((found,))
    with pytest.raises(EditRefused, match="already"):
        edit_all((found,), packs.files, release=packs)
    assert made.files
