"""Lists as packs: conditions ask who is on them, and they are nobody's law."""

from __future__ import annotations

from datetime import date

import pytest

from engine.packs.packset import read_packs
from tests.law.telling import law

LISTS = {code: pack for code, pack in law().packs.items() if "aml" in pack.list_for}
DAY = date(2026, 11, 22)


def test_there_are_twelve_of_them() -> None:
    assert len(LISTS) == 12
    assert all(pack.members and not pack.domains for pack in LISTS.values())


@pytest.mark.parametrize("place", ["KP", "IR", "VN", "DE", "GB", "UA", "US"])
def test_no_list_speaks_for_its_members(place: str) -> None:
    assert not set(law().layers.chain(place, DAY)) & LISTS.keys()


def test_conditions_may_ask_for_every_list() -> None:
    assert LISTS.keys() <= law().layers.members(DAY).keys()


def test_a_list_cuts_the_time_of_its_own_domains_alone() -> None:
    """Payments are not recompiled because the FATF met."""
    plenary = date(2026, 6, 19)
    assert plenary in law().layers.boundaries(("WORLD", "EU", "DE"), "aml")
    assert plenary not in law().layers.boundaries(("WORLD", "EU", "DE"), "sca")


def test_every_member_has_a_source_and_a_grade() -> None:
    for pack in LISTS.values():
        assert all(member.cite and member.confidence for member in pack.members), pack.jurisdiction


def test_what_list_for_names_is_a_domain() -> None:
    head = 'schema: rulepack/v1\njurisdiction: X-LIST\nname: X\nversion: "2026.11.0"\nlist_for: [weather]\n'
    text = head + 'members:\n  - {place: DE, from: unread}\nverified: {on: "2026-11-22", by: nobody}\n'
    _, notes = read_packs({"X-LIST/pack.yaml": text})
    assert [problem.message for problem in notes.problems] == ["There is no domain 'weather'."]


def test_regions_stand_in_the_lists_and_in_the_words_that_rules_read_alike() -> None:
    """An address says its region as text; the list has the place. Both begin on the same days."""
    for code, pack, name in (
        ("EMBARGO-EU", "EU", "eu"),
        ("EMBARGO-GB", "GB", "gb"),
        ("EMBARGO-US", "US", "us"),
        ("EMBARGO-CA", "CA", "ca"),
    ):
        words = law().packs[pack].domains["aml"].parameters[f"{name}_regions"]
        for member in LISTS[code].members:
            if member.place.startswith("UA-"):
                first = min(value.start for value in words.values if member.place in value.value)
                assert first == member.start, (code, member.place)
                assert member.place.removeprefix("UA-") in words.values[-1].value
