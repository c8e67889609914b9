"""Birth dates: what a list writes is a span of days, and what it does not say is not made up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.screening.lists.births import born, born_between, born_on
from engine.screening.model import Born


@pytest.mark.parametrize(
    ("said", "earliest", "latest", "circa"),
    [
        ("12 Mar 1965", "1965-03-12", "1965-03-12", False),
        ("1965", "1965-01-01", "1965-12-31", False),
        ("Mar 1965", "1965-03-01", "1965-03-31", False),
        ("Feb 1964", "1964-02-01", "1964-02-29", False),
        ("circa 1965", "1965-01-01", "1965-12-31", True),
        ("1965 to 1968", "1965-01-01", "1968-12-31", False),
        ("12 Mar 1965 to 12 Mar 1966", "1965-03-12", "1966-03-12", False),
        ("Mar 1965 to Mar 1966", "1965-03-01", "1966-03-31", False),
        ("circa 12 Mar 1965", "1965-03-12", "1965-03-12", True),
        ("circa 1979-1982", "1979-01-01", "1982-12-31", True),
        ("dd/mm/1945", "1945-01-01", "1945-12-31", False),
        ("00/00/1945", "1945-01-01", "1945-12-31", False),
        ("dd/05/1945", "1945-05-01", "1945-05-31", False),
        ("11/mm/1945", "1945-01-01", "1945-12-31", False),
        ("17/08/1957", "1957-08-17", "1957-08-17", False),
        ("1962-03-17", "1962-03-17", "1962-03-17", False),
        ("1962-03", "1962-03-01", "1962-03-31", False),
        ("Nov. 1954 ", "1954-11-01", "1954-11-30", False),
        ("Between Aug. and Sep. 1977", "1977-08-01", "1977-09-30", False),
        ("Approximately 1960", "1960-01-01", "1960-12-31", True),
    ],
)
def test_a_form_that_lists_use_is_read_to_its_first_and_last_day(
    said: str, earliest: str, latest: str, circa: bool
) -> None:
    assert born(said) == Born(date.fromisoformat(earliest), date.fromisoformat(latest), circa)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "27-28 years old",
        "in his forties",
        "31 Feb 1990",
        "00 Jan 1990",
        "1968 to 1965",
        "0065",
        "Mai 19",
        "null",
        "1/2/03",
    ],
)
def test_what_is_no_date_is_none(said: str) -> None:
    assert born(said) is None


def test_parts_that_cannot_be_are_none() -> None:
    assert born_on(1990, 2, 30) is None
    assert born_on(1990, 13) is None
    assert born_between(1990, 1989) is None
    assert born_between(99, 1989) is None


@given(
    st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(["%d %b %Y", "%Y-%m-%d", "%d/%m/%Y", "%b %Y", "%Y"])
)
def test_a_written_day_lies_within_what_is_read(day: date, form: str) -> None:
    found = born(day.strftime(form))
    assert found is not None
    assert found.earliest <= day <= found.latest


@given(st.text())
def test_no_text_is_read_to_a_span_that_ends_before_it_begins(said: str) -> None:
    found = born(said)
    assert found is None or found.earliest <= found.latest
