"""Every row of the table of facts stands in the packs: as a dated number or word, or as a member of a list.

The table is not part of the project: `LEXGATE_FACTS` names its folder, `../shared/facts` beside the checkout is looked for.
Without it these tests are skipped, and say so.
"""

from __future__ import annotations

import csv
import os
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.language.law import Gap
from engine.packs.model import UNREAD_START, Member, Parameter, Value
from tests.law.telling import law

ROOT = Path(__file__).parents[2]
FACTS = Path(os.environ.get("LEXGATE_FACTS", ROOT.parent / "shared" / "facts")) / "aml.csv"

pytestmark = pytest.mark.skipif(
    not FACTS.exists(),
    reason=f"NOT CHECKED AGAINST THE FACTS: there is no {FACTS}; set LEXGATE_FACTS to the folder of aml.csv",
)

SHARED = {"FATF": ("WORLD", "fatf_"), "UN": ("WORLD", "un_"), "EU": ("EU", "eu_")}
"""Place of a row -> the pack that has it, and what stands before its name there."""

ELSEWHERE = {
    ("US", "embargo_SY", "list_based_only"): "the place leaves EMBARGO-US on that day: a list of persons is no embargo",
    ("EU", "embargo_SY", "economic_sanctions_lifted"): "the place leaves EMBARGO-PARTIAL-EU on that day",
    ("GB", "embargo_SY", "economic_sanctions_eased"): "the place leaves EMBARGO-PARTIAL-GB on that day",
    ("EU", "embargo_CU", "none"): "no embargo: the rule aml.eu.blocking_statute rests on this row",
}
"""(place, parameter, value) -> where the row went, if not under its own name."""
SPOKEN = {
    "15th_of_next_month": "day 15 of the next month",
    "21st_of_next_month": "day 21 of the next month",
    "15th_of_second_next_month": "day 15 of the second next month",
    "end_of_week": "end of the week",
    "unverzueglich": "without undue delay",
}
COUNTED_OTHERWISE = {
    ("ZA", "threshold_report_deadline", "3"): "3 business days",
    ("ZA", "str_deadline", "15"): "15 working days",
}
"""Terms whose kind of days stands in the words of the row."""

Row = dict[str, str]


@cache
def rows() -> tuple[Row, ...]:
    if not FACTS.exists():
        return ()
    with FACTS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def days(row: Row) -> tuple[date, date | None]:
    """The first day, and the first day outside."""
    start, end = row["effective_from"], row["effective_to"]
    return (
        date.fromisoformat(start) if start else UNREAD_START,
        date.fromisoformat(end) + timedelta(days=1) if end else None,
    )


def said(row: Row) -> str:
    return f"{row['jurisdiction']} {row['parameter']} {row['value']} from {row['effective_from'] or 'unread'}"


# -- lists -------------------------------------------------------------------------------------------------------------


def list_of(row: Row) -> str | None:
    """The list that has the row as a member."""
    name, value = row["parameter"], row["value"]
    if name == "fatf_list":
        return "FATF-GREY" if value == "increased_monitoring" else "FATF-BLACK"
    if name == "eu_high_risk_third_country":
        return "HIGH-RISK-EU"
    if name.startswith("embargo_") and not name.endswith("licence"):
        partly = value in ("sectoral_and_financial", "snapback")
        return f"{'EMBARGO-PARTIAL' if partly else 'EMBARGO'}-{row['jurisdiction']}"
    return None


def place_of(row: Row) -> str:
    return row["parameter"].removeprefix("embargo_") if row["parameter"].startswith("embargo_") else row["jurisdiction"]


def is_member(row: Row, member: Member) -> bool:
    start, end = days(row)
    graded = member.confidence is not None and member.confidence.value == row["confidence"]
    return (member.place, member.start, member.end) == (place_of(row), start, end) and graded


# -- numbers -----------------------------------------------------------------------------------------------------------


def spoken(row: Row) -> str:
    """A term or a window as the packs write it."""
    by_hand = COUNTED_OTHERWISE.get((row["jurisdiction"], row["parameter"], row["value"]))
    if by_hand or row["value"] in SPOKEN:
        return by_hand or SPOKEN[row["value"]]
    if row["unit"] == "token":
        return row["value"].replace("_", " ")
    unit = row["unit"].replace("_", " ")
    return f"{row['value']} {unit.removesuffix('s') if row['value'] == '1' else unit}"


def alike(row: Row, parameter: Parameter, value: Value) -> bool:
    found: Any = value.value
    if row["value"].startswith("none"):
        return found is Gap.NONE or found == row["value"]
    if parameter.kind == "rate":
        return bool(found == Decimal(row["value"]) * 100)
    try:
        return Decimal(str(found)) == Decimal(row["value"])
    except InvalidOperation:
        return str(found) in (row["value"], spoken(row))


def stands(row: Row, parameter: Parameter) -> bool:
    start, end = days(row)
    for value in parameter.values:
        grade = value.confidence or parameter.confidence
        if value.start != start or grade.value != row["confidence"] or not alike(row, parameter, value):
            continue
        unit = "EUR" if row["unit"] == "USD/EUR" else row["unit"]
        if parameter.kind == "money" and not row["value"].startswith("none") and parameter.unit != unit:
            continue
        following = [other.start for other in parameter.values if other.start > value.start]
        if end is None or (following and min(following) == end):
            return True
        last = not following and any(rule.end == end for rule in _using(row, parameter.name))
        if last:
            return True
    return False


def _using(row: Row, name: str) -> list[Any]:
    pack = law().packs[SHARED.get(row["jurisdiction"], (row["jurisdiction"], ""))[0]]
    return [rule for rule in pack.domains["aml"].rules if name in rule.text.text]


def accounted(row: Row) -> bool:
    if (row["jurisdiction"], row["parameter"], row["value"]) in ELSEWHERE:
        return True
    code = list_of(row)
    if code is not None:
        return any(is_member(row, member) for member in law().packs[code].members)
    pack, prefix = SHARED.get(row["jurisdiction"], (row["jurisdiction"], ""))
    name = prefix + row["parameter"].lower().replace("-", "_")
    parameters = law().packs[pack].domains["aml"].parameters
    return any(stands(row, parameter) for key, parameter in parameters.items() if key.startswith(name))


def test_the_table_is_the_one_the_packs_were_drafted_from() -> None:
    assert len(rows()) >= 775


def test_every_row_is_in_the_packs() -> None:
    lost = [said(row) for row in rows() if not accounted(row)]
    assert not lost, f"{len(lost)} rows stand nowhere:\n" + "\n".join(lost[:60])


def test_every_jurisdiction_of_the_table_has_the_domain() -> None:
    wanted = {row["jurisdiction"] for row in rows()} - {"FATF", "UN"}
    assert not [place for place in wanted if "aml" not in law().packs[place].domains]
    assert len(wanted) >= 134


def test_every_exception_is_in_the_table_and_explained() -> None:
    known = {(row["jurisdiction"], row["parameter"], row["value"]) for row in rows()}
    assert set(ELSEWHERE) <= known
    assert all(len(why.split()) >= 4 for why in ELSEWHERE.values())


def test_the_sign_of_a_comparison_is_the_one_that_the_table_states() -> None:
    """`*_comparator` rows are facts of their own: the rules of the place compare by them."""
    wrong = []
    for row in rows():
        base, _, ending = row["parameter"].rpartition("_")
        if ending != "comparator" or row["jurisdiction"] == "EU":
            continue
        sign = {"gt": ">", "gte": ">="}[row["value"]]
        stem = {"threshold_report": "threshold_report_amount", "travel_rule_wire": "travel_rule_wire_threshold"}.get(
            base, base
        )
        rules = law().packs[row["jurisdiction"]].domains["aml"].rules
        texts = [rule.text.text for rule in rules if f" {stem}" in rule.text.text]
        if not any(f" {sign} {stem}" in text for text in texts):
            wrong.append(f"{said(row)}: {texts}")
    assert not wrong


def test_standing_of_places_known_by_lists_alone_agrees_with_the_lists() -> None:
    for code, pack in law().packs.items():
        part = pack.domains.get("aml")
        for name, codes in (
            ("fatf_list", ("FATF-GREY", "FATF-BLACK")),
            ("eu_high_risk_third_country", ("HIGH-RISK-EU",)),
        ):
            if part is None or name not in part.parameters:
                continue
            members = [member for one in codes for member in law().packs[one].members if member.place == code]
            told = [value for value in part.parameters[name].values if value.known]
            assert {value.start for value in told} == {member.start for member in members}, f"{code} {name}"


def test_the_lists_of_the_packs_hold_nothing_that_the_table_does_not() -> None:
    from_rows = {(list_of(row), place_of(row)) for row in rows() if list_of(row)}
    from_rows |= {("EMBARGO-PARTIAL-EU", "SY"), ("EMBARGO-PARTIAL-GB", "SY")}
    for code, pack in law().packs.items():
        if "aml" in pack.list_for and code != "HIGH-RISK-GB":
            assert {(code, member.place) for member in pack.members} <= from_rows, code
