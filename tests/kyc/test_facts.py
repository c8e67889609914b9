"""Every row of the table of facts on knowing customers stands in the packs: its value, its dates, its confidence."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.language.law import Gap
from engine.packs.model import UNREAD_START, Parameter, ParameterRef
from engine.regimes.kyc_numbers import ALLOWED
from tests.kyc.rows import Row, needs_facts, rows
from tests.law.telling import law

pytestmark = needs_facts

ROWS = rows("kyc.csv")
TODAY = date(2026, 11, 22)

NOT_IN_PACKS = {
    "stdnum.cz.ico": "no such module in python-stdnum 2.2, nor in its source tree: Czech company numbers are unchecked",
    "stdnum.sk.ico": "no such module in python-stdnum 2.2: Slovak company numbers are unchecked",
    "stdnum.om.vat": "no such module in python-stdnum 2.2: Omani numbers are unchecked",
}
"""Rows that no pack has, and why."""
DATED = {
    ("MX", "udi_value"): (
        date(2026, 2, 1),
        "the value of 31 January holds for the payments of February, as the rows on limits say",
    ),
    ("EU", "beneficial_owner_threshold"): (date(2027, 7, 10), "dated by its note"),
}
"""Rows whose day in the pack is another, and why."""


def parameter(row: Row) -> Parameter:
    """The parameter that a row became."""
    place = "WORLD" if row.place == "FATF" else row.place
    name = "national_id_modules" if row.parameter == "national_id_module" else row.parameter
    return law().packs[place].domains["kyc"].parameters[name]


@pytest.mark.parametrize("row", [row for row in ROWS if row.parameter != "national_id_module"], ids=str)
def test_every_row_stands_in_a_pack(row: Row) -> None:
    found = parameter(row)
    start = DATED.get((row.place, row.parameter), (row.start or UNREAD_START, ""))[0]
    entries = [value for value in found.values if value.start == start]
    assert len(entries) == 1, f"{row} begins on no day of {[value.start for value in found.values]}"
    entry = entries[0]
    assert _same(entry.value, row), f"{row} is {entry.value} in the pack"
    assert (entry.confidence or found.confidence).value == row.confidence
    if row.end is not None and (row.place, row.parameter) not in DATED:
        after = found.at(row.end + timedelta(days=1))
        last = found.at(row.end)
        assert last is entry, f"{row} does not hold on its last day"
        assert after is not entry, f"{row} holds after its last day"


def _same(value: Any, row: Row) -> bool:
    if row.value == "unlimited":
        return value is Gap.NONE
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return Decimal(value) == Decimal(row.value)
    return str(value) == row.value


@pytest.mark.parametrize("row", [row for row in ROWS if row.parameter == "national_id_module"], ids=str)
def test_every_validator_is_named_by_its_country(row: Row) -> None:
    if row.value in NOT_IN_PACKS:
        assert row.value not in ALLOWED
        return
    entry = parameter(row).values[0]
    assert row.value in entry.value
    assert parameter(row).confidence.value == row.confidence
    assert row.value in ALLOWED


def test_the_packs_name_no_validator_beyond_the_list() -> None:
    named = {
        name
        for pack in law().packs.values()
        if "kyc" in pack.domains and "national_id_modules" in pack.domains["kyc"].parameters
        for name in pack.domains["kyc"].parameters["national_id_modules"].values[0].value
    }
    assert named == ALLOWED


def test_every_detail_of_a_rule_names_a_parameter_that_some_pack_states() -> None:
    """A misspelt name would be no limit at all."""
    parts = [pack.domains["kyc"] for pack in law().packs.values() if "kyc" in pack.domains]
    known = {name for part in parts for name in part.parameters}
    for part in parts:
        for rule in part.rules:
            named = {ref.name for ref in rule.effect.details.values() if isinstance(ref, ParameterRef)}
            assert named <= known, f"{rule.id} names {named - known}"
