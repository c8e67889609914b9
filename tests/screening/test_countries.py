"""Countries in the lists' own spellings; what is none is None and stays in words."""

from __future__ import annotations

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.places import COUNTRIES
from engine.screening.lists._spellings import NATIONALS, SPELLINGS
from engine.screening.lists.countries import countries, country


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Korea, North", "KP"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Democratic Republic of the Congo", "CD"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Burma", "MM"),
        ("The Gambia", "GM"),
        ("Cote d Ivoire", "CI"),
        ("Region: Gaza", "PS"),
        ("State of Palestine", "PS"),
        ("Kosovo", "XK"),
        ("UK", "GB"),
        ("ZWE", "ZW"),
        ("ru", "RU"),
        ("Saudi Arabian", "SA"),
        ("Kuwaiti citizenship", "KW"),
        ("In Syria as at June 2013", "SY"),
        ("Afghanistan (previous address)", "AF"),
        ("Libya (previous location in 2004)", "LY"),
    ],
)
def test_a_spelling_of_the_lists_is_understood(said: str, code: str) -> None:
    assert country(said) == code


@pytest.mark.parametrize(
    "said",
    [
        "",
        "undetermined",
        "None Identified",
        "Netherlands Antilles",
        "former Soviet Union",
        "Region: Kafia Kingi",
        "Congolese",
        "ZZ",
        "00",
    ],
)
def test_what_is_no_country_is_none(said: str) -> None:
    assert country(said) is None


def test_several_are_told_apart_and_a_part_that_is_none_is_said() -> None:
    assert countries("(1) Somali (2) Swedish") == (["SO", "SE"], True)
    assert countries("a) French, b) Tunisian") == (["FR", "TN"], True)
    assert countries("(1) Russian (2) USSR (until 1991)") == (["RU"], False)


def test_every_spelling_leads_to_a_country_there_is() -> None:
    assert {*SPELLINGS.values(), *NATIONALS.values()} <= COUNTRIES
    assert [said for said in (*SPELLINGS, *NATIONALS) if said != said.casefold()] == []


@pytest.mark.parametrize("one", list(pycountry.countries), ids=lambda one: one.alpha_2)
def test_every_name_of_the_standard_is_understood(one: object) -> None:
    assert country(one.name) == country(one.alpha_3) == one.alpha_2  # type: ignore[attr-defined]


@given(st.text())
def test_no_text_leads_to_a_code_that_is_none(said: str) -> None:
    assert country(said) in {None, *COUNTRIES}
