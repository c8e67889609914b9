"""Who comes onto a list and who leaves it: each country with the verb that governs it."""

from __future__ import annotations

import pytest

from ingest.link.movements import movements
from ingest.read.model import ChangeType, Topic
from tests.ingest.made import reading


def moved(text: str, language: str = "en") -> dict[str, str]:
    one = reading(f"List\n{text}", topic=Topic.AML, change=ChangeType.LIST, language=language)
    return {found.place: found.move.value for found in movements(one)}


@pytest.mark.parametrize(("text", "language", "wanted"), [
    ("The FATF added Kenya and Namibia and removed Senegal.", "en", {"KE": "added", "NA": "added", "SN": "removed"}),
    ("Mali, Tanzania and Croatia were removed from the list.", "en", {"ML": "removed", "TZ": "removed", "HR": "removed"}),
    ("Laos and Nepal have been added, while Oman has been removed.", "en", {"LA": "added", "NP": "added", "OM": "removed"}),
    ("Burkina Faso is no longer subject to increased monitoring.", "en", {"BF": "removed"}),
    ("Türkiye exits the grey list.", "en", {"TR": "removed"}),
    ("Democratic Republic of the Congo was listed.", "en", {"CD": "added"}),
    ("Se incluye a Kenia y se retira a Gibraltar.", "es", {"KE": "added", "GI": "removed"}),
    ("Le Kenya est ajouté à la liste.", "fr", {"KE": "added"}),
    ("Kenia wurde aufgenommen und Gibraltar wurde gestrichen.", "de", {"KE": "added", "GI": "removed"}),
    ("O Quênia foi incluído na lista.", "pt", {"KE": "added"}),
    ("将肯尼亚列入灰名单。", "zh", {"KE": "added"}),
])  # fmt: skip
def test_each_country_moves_as_its_verb_says(text: str, language: str, wanted: dict[str, str]) -> None:
    assert moved(text, language) == wanted


def test_a_country_in_a_sentence_without_such_a_verb_has_not_moved() -> None:
    assert moved("The plenary met in France. Kenya was added.") == {"KE": "added"}


def test_the_first_sentence_that_moves_a_country_counts() -> None:
    assert moved("Kenya was removed. In 2024 Kenya was listed.") == {"KE": "removed"}


def test_the_span_is_the_name_as_it_stands() -> None:
    one = reading("List\nThe FATF added South Sudan.", topic=Topic.AML, change=ChangeType.LIST)
    (found,) = movements(one)
    assert one.quoted(found.span) == "South Sudan"
    assert one.quoted(found.verb) == "added"
