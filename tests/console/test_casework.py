"""Evidence as pages lay it out: both sides of a match, what a score is made of, payments by day."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from api.case_examples import answers
from api.console.backend import Refused
from api.console.case_words import TABLES, TONES, Words
from api.console.casework import end_of_day, per_day, sides, suggested_end, told_back, weighed
from engine.casework import CaseState, Verdict
from engine.ledger import Ending
from engine.ledger.clearances import ClearanceState
from engine.onboarding.states import DECISIONS, TABLE, Stage, State, Trading

SCREENING: dict[str, Any] = answers()["/v1/screenings/{screening_id}", "get"]


def payment(day: str, amount: str, **changes: Any) -> dict[str, Any]:
    made = {
        "readable": True,
        "at": f"2026-11-{day}T12:00:00+00:00",
        "amount": amount,
        "currency": "EUR",
        "direction": "out",
    }
    return made | changes


def test_both_sides_of_a_match_stand_beside_each_other():
    found = {one["field"]: one for one in sides(SCREENING["matches"][0], SCREENING["query"])}
    assert (found["name"]["subject"], found["name"]["how"]) == (["Jane Q. Example"], "same")
    assert (found["birth"]["subject"], found["birth"]["listed"], found["birth"]["how"]) == (["1961"], ["1961"], "same")
    assert (found["gender"]["subject"], found["gender"]["how"]) == ([None], "")


@pytest.mark.parametrize(
    ("code", "field", "how"),
    [
        ("birth_conflict", "birth", "other"), ("kind", "kind", "other"), ("country", "country", "same"),
        ("identifier", "identifier", "same"),
    ],
)  # fmt: skip
def test_what_differs_is_told_from_what_agrees(code, field, how):
    feature = {"code": code, "weight": "0.1", "queried": "a", "listed": "b"}
    match = {**SCREENING["matches"][0], "features": [feature]}
    assert next(one for one in sides(match, SCREENING["query"]) if one["field"] == field)["how"] == how


def test_every_bar_lies_within_its_scale_and_on_its_side():
    weights = ("1.0000", "0.0300", "-0.1500", "0.0000", "-2", "3")
    found = weighed({"features": [{"code": "name", "weight": one, "queried": "", "listed": ""} for one in weights]})
    for one in found:
        start, width = one["start"], one["width"]
        assert 0 <= start <= start + width <= 201
        assert (start == 100) == (Decimal(one["weight"]) >= 0)
        assert one["zero"] == (Decimal(one["weight"]) == 0)


def test_payments_are_added_by_day_and_currency_with_the_days_between():
    given = [
        payment("01", "10.10"), payment("01", "0.20"), payment("03", "5"), payment("03", "7", direction="in"),
        payment("02", "9", currency="USD"), payment("02", "1", readable=False), {**payment("02", "1"), "amount": None},
    ]  # fmt: skip
    euro, dollar = per_day(given)
    assert euro["labels"] == ["2026-11-01", "2026-11-02", "2026-11-03"]
    assert euro["series"] == {"in": ["0", "0", "7"], "out": ["10.30", "0", "5"]}
    assert (dollar["currency"], dollar["series"]) == ("USD", {"out": ["9"]})
    assert per_day([]) == []


def test_payments_of_years_are_not_every_day_of_them():
    (plot,) = per_day([payment("01", "1"), payment("01", "1", at="2023-01-01T00:00:00+00:00")])
    assert plot["labels"] == ["2023-01-01", "2026-11-01"]


def test_a_clearance_ends_with_its_day_and_within_a_year():
    assert end_of_day("2027-05-01") == "2027-05-01T23:59:59+00:00"
    assert end_of_day("soon") == "soon"
    suggested, last = suggested_end(datetime(2026, 11, 27, tzinfo=UTC))
    assert suggested < last == "2027-11-27"


def test_what_no_form_can_mend_is_not_told_at_the_form():
    assert told_back(Refused(422, {"title": "x"})) == {"title": "x"}
    with pytest.raises(Refused):
        told_back(Refused(503))


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("case_state", CaseState), ("decision", Verdict), ("clearance_state", ClearanceState), ("ending", Ending),
        ("onboarding_state", State), ("stage", Stage), ("trading", Trading), ("onboarding_decision", DECISIONS),
        ("onboarding_event", {row.event for row in TABLE}),
    ],
)  # fmt: skip
def test_every_code_has_a_word(table, codes):
    missing = {str(getattr(one, "value", one)) for one in codes} - set(TABLES[table])
    assert not missing


def test_a_code_without_a_word_is_shown_as_it_is():
    words = Words("zh")
    assert words("case_state", "open") != "open"
    assert (words("document", "trade_licence"), words("document", None)) == ("trade licence", "–")
    assert set(TONES.values()) <= {"good", "warn", "bad", "info", "accent", "plain"}
