"""How the law is set on its pages: searches, stops of the slider, lines of time, marks of what differs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.console.pages.law_shapes import by_region, chosen_day, line_of, marked, says, stops

PLACES: list[dict[str, Any]] = [
    {"jurisdiction": "DE", "name": "Germany", "region": "europe", "parts": [], "domains": {"sca": {}}},
    {"jurisdiction": "US", "name": "United States", "region": "americas", "domains": {"tax": {}},
     "parts": [{"jurisdiction": "US-CA", "name": "California"}]},
    {"jurisdiction": "AQ", "name": "Antarctica", "region": "antarctica", "parts": [], "domains": {}},
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "region", "domain", "found"),
    [
        ("", "", "", ["DE", "US", "AQ"]),
        ("germ", "", "", ["DE"]),
        ("calif", "", "", ["US"]),
        ("", "europe", "", ["DE"]),
        ("", "", "tax", ["US"]),
        ("nowhere", "", "", []),
    ],
)
def test_places_are_found_by_name_part_region_and_domain(text: str, region: str, domain: str, found: list[str]) -> None:
    groups = by_region(PLACES, text, region, domain)
    assert [one["jurisdiction"] for _, entries in groups for one in entries] == found


def test_the_day_that_is_shown_is_a_stop_between_the_changes_around_it() -> None:
    turns = [{"day": "2020-07-01", "what": ["16%"]}, {"day": "2021-01-01", "what": ["19%"]}]
    found = stops(turns, "2020-08-15", "2026-11-27")
    assert found.days == ("2020-07-01", "2020-08-15", "2021-01-01", "2026-11-27")
    assert (found.at, found.before, found.after) == (1, "2020-07-01", "2021-01-01")
    assert found.what[0] == ("16%",)
    assert found.what[1] == ()


@pytest.mark.parametrize(
    ("stood", "stop", "day"),
    [
        ("1", "0", "2020-07-01"),
        ("1", "1", "2026-01-05"),
        ("1", "9", "2026-01-05"),
        ("1", "x", "2026-01-05"),
        ("", "", "2026-01-05"),
    ],
)
def test_the_slider_counts_where_it_was_moved(stood: str, stop: str, day: str) -> None:
    assert chosen_day("2026-01-05", stood, stop, "2020-07-01,2021-01-01") == day


def test_a_line_of_time_is_as_wide_as_its_values_and_no_wider() -> None:
    values = [
        {"since": None, "state": "past", "text": "EUR 10"},
        {"since": "2019-09-14", "state": "in_force", "text": "EUR 30"},
        {"since": "2026-12-01", "state": "coming", "text": "EUR 25"},
        {"since": None, "state": "awaited", "text": "EUR 20"},
    ]
    found = line_of(values, date(2026, 11, 27))
    assert [one.text for one in found] == ["EUR 10", "EUR 30", "EUR 25"]
    widths = [float(one.width.rstrip("%")) for one in found]
    assert 99 <= sum(widths) <= 100
    assert min(widths) >= 7
    assert widths[1] == max(widths)
    assert line_of([values[3]], date(2026, 11, 27)) == []


def test_what_only_one_side_says_is_marked() -> None:
    def rule(amount: str) -> dict[str, Any]:
        leaves = [{"text": "the channel is remote", "children": []}, {"text": f"at most {amount}", "children": []}]
        return {"when": {"kind": "all", "text": "all", "children": leaves}, "then": {"text": "exempt", "children": []}}

    row = marked([{"same": False, "a": rule("EUR 30"), "b": rule("GBP 25")}])[0]
    assert [one["only_here"] for one in row["a"]["when"]["children"]] == [False, True]
    assert [one["only_here"] for one in row["b"]["when"]["children"]] == [False, True]


def test_an_entry_is_searched_in_its_words_and_its_citation() -> None:
    entry = {
        "title": "Low value",
        "sentence": "the amount is at most EUR 30",
        "cite": {"instrument": "RTS", "provision": "Art. 16"},
    }
    assert says(entry, "eur 30")
    assert says(entry, "art. 16")
    assert says(entry, "")
    assert not says(entry, "cash")
