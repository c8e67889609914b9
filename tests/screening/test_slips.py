"""Names as slips of a finger, narrow fields and hurried clerks leave them: what is lost is little, and who is meant is found."""

from __future__ import annotations

import pytest

from engine.screening.model import EntityKind, Query
from engine.screening.names import name_of
from engine.screening.rescreening import OnlyNew
from tests.screening.people import CROWD, NOW, ORGANISATION, PERSON, asked, entry, found, screener

LISTED = (
    entry("agus", "Agus Dwimantara"),
    entry("ben", "Faouzi Ben Habib Jendoudi"),
    entry("ould", "Karim Ould Zerkani"),
    entry("letters", "I.P.Q. Maridosa Limited", kind=ORGANISATION),
    entry("silver", "Silvermont Technologies Ltd", kind=ORGANISATION),
    entry("channel", "The Opinora Satellite Television Channel", kind=ORGANISATION),
    entry("mine", "Chadormelu Mining and Industrial Public Joint Stock Company", kind=ORGANISATION),
    *CROWD,
)
BY = screener(LISTED)


@pytest.mark.parametrize(
    ("written", "key", "kind"),
    [
        ("gus Dwimantara", "agus", PERSON),
        ("فوزي بن حبيب جندودي", "ben", PERSON),
        ("كريم اولد زركاني", "ould", PERSON),
        ("I.P.Q. Maridsoa Limited", "letters", ORGANISATION),
        ("SILVERMONTtechnologies", "silver", ORGANISATION),
        ("Silvermont Tchnologies Ltd", "silver", ORGANISATION),
        ("THE OPINORA SATELLITE TELEVISION CHANNEL"[:35], "channel", ORGANISATION),
        ("Chadormelu Mining & Industrial Public Joint Stock Company"[:35], "mine", ORGANISATION),
    ],
)
def test_what_a_slip_or_a_narrow_field_leaves_is_still_the_name(written: str, key: str, kind: EntityKind) -> None:
    assert key in found(asked(written, kind, by=BY))


@pytest.mark.parametrize("nobody", ["gas Dwimantara", "guz Dwimantara", "ag Dwimantara"])
def test_a_short_word_with_another_letter_is_another_word(nobody: str) -> None:
    """One letter lost of four is a slip; one of three exchanged makes another name."""
    assert "agus" not in found(asked(nobody, by=BY))


def test_a_word_that_has_another_form_has_it_too_where_it_is_written_together() -> None:
    assert name_of("Silvermonttechnologies", False).parts == ("silvermonttechnology",)
    assert name_of("Silvermonttechnologies", True).parts == ("silvermonttechnologies",)


def test_two_words_that_are_often_written_as_one_crowd_nobody_out() -> None:
    """A pair of words that many names have as one leaves room for the name that is meant."""
    crowd = [entry(f"as-one-{at}", f"Tanvola {word}") for at, word in enumerate(_words(60))]
    meant = entry("meant", "Tan Vola Kestriman")
    assert "meant" in found(asked("Tan Vola Kestrimann", by=screener([*crowd, meant])))


def _words(count: int) -> list[str]:
    starts, ends = (
        ("Bra", "Dro", "Fle", "Gri", "Klu", "Mna", "Pse", "Qui", "Sto", "Tri"),
        ("mek", "nov", "pil", "rus", "tag", "zod"),
    )
    return [start + end for start in starts for end in ends][:count]


@pytest.mark.parametrize(
    ("customer", "listed"),
    [
        ("دود فيلورا", "Daoud Vilora"),
        ("فستر دلفن", "Vaster Dalven"),
        ("gus Dwimantara", "Agus Dwimantara"),
        ("ryk Leilovar", "Eryk Leilovar"),
    ],
)
def test_who_is_found_by_screening_is_found_when_the_list_changes(customer: str, listed: str) -> None:
    added = entry("new", listed)
    by = screener([added, *CROWD])
    assert found(asked(customer, by=by)) == ["new"]
    assert found(OnlyNew(by, frozenset({added.id})).screen(Query(customer, PERSON), NOW)) == ["new"]
