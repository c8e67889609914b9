"""Quarters, months, and when their returns are due."""

from datetime import date

import pytest

from engine.tax.periods import month_end, month_of, quarter_of, read


@pytest.mark.parametrize(
    ("text", "first", "last", "due"),
    [
        ("2026-Q1", (2026, 1, 1), (2026, 3, 31), (2026, 4, 30)),
        ("2026-Q4", (2026, 10, 1), (2026, 12, 31), (2027, 1, 31)),
        ("2028-02", (2028, 2, 1), (2028, 2, 29), (2028, 3, 31)),
        ("2026-11", (2026, 11, 1), (2026, 11, 30), (2026, 12, 31)),
        ("2026-11..2027-01", (2026, 11, 1), (2027, 1, 31), (2027, 2, 28)),
    ],
)
def test_a_period_is_whole_months_and_is_due_at_the_end_of_the_next(
    text: str, first: tuple[int, int, int], last: tuple[int, int, int], due: tuple[int, int, int]
) -> None:
    found = read(text)
    assert found is not None
    assert (found.first, found.last, found.due) == (date(*first), date(*last), date(*due))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-Q0",
        "2026-Q5",
        "2026-13",
        "2026-1",
        "2027-01..2026-11",
        "2026-01..2027-01",
        "1800-Q1",
        "2026-Q1..Q2",
    ],
)
def test_anything_else_is_no_period(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 12, 31), date(2024, 2, 29)])
def test_a_day_lies_in_its_quarter_and_month(day: date) -> None:
    for period in (quarter_of(day), month_of(day)):
        assert period.first <= day <= period.last
        assert read(period.label) == period
    assert month_end(day).month == day.month
