"""Tax numbers under a law: which module a pack names, and what a sale is told of a number."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest

from engine.layouts import decode
from engine.tax.id_forms import ALLOWED
from engine.tax.ids import MEMBER_STATES, check, checker, modules
from engine.tax.law import TaxLaw
from engine.tax.sale import sale_of
from tests.property.shipped import packs
from tests.tax.law_text import law

DAY = date(2026, 11, 22)
SMALL = law(
    EU={"stdnum_module": "stdnum.eu.vat"}, FR={"stdnum_module": "stdnum.fr.tva"}, DE={}, JP={"stdnum_module": "os.path"}
)


def test_a_country_s_own_module_comes_before_the_union_s() -> None:
    module_of = modules(SMALL, DAY)
    assert (module_of("FR"), module_of("DE"), module_of("US")) == ("stdnum.fr.tva", "stdnum.eu.vat", None)


def test_a_module_is_looked_for_on_the_day() -> None:
    assert modules(SMALL, date(2021, 6, 30))("FR") is None


def test_a_pack_cannot_make_the_engine_import_what_it_likes() -> None:
    found = check("JP", "T5835678256246", modules(SMALL, DAY))
    assert (found.state, found.reason) == ("unchecked", "module_refused")


def test_every_module_of_the_shipped_law_is_allowed_and_every_member_state_has_one() -> None:
    shipped = TaxLaw(packs())
    named = {
        str(value.value)
        for pack in packs().packs.values()
        if "tax" in pack.domains and "stdnum_module" in pack.domains["tax"].parameters
        for value in pack.domains["tax"].parameters["stdnum_module"].values
    }
    assert len(named) >= 80
    assert named <= ALLOWED
    module_of = modules(shipped, DAY)
    assert {state for state in MEMBER_STATES if module_of(state) in (None, "stdnum.eu.vat")} == set()


@pytest.mark.parametrize(
    ("country", "value", "state"),
    [
        ("DE", "DE136695976", "format_valid"),
        (None, "DE136695976", "format_valid"),
        ("DE", "136695978", "invalid"),
        ("KW", "1", "unchecked"),
        ("ZA", "4220119988", "format_valid"),
        ("ZA", "0001339050", "unchecked"),
        ("CA", "123026635", "unchecked"),
        ("CA", "123026635RT0001", "format_valid"),
        ("CH", "CHE-107.787.577", "unchecked"),
        ("AU", "83914571673", "format_valid"),
        ("NO", "995525828", "format_valid"),
        ("IE", "IM3720000224", "invalid"),
    ],
)
def test_what_a_sale_is_told_of_a_number(country: str | None, value: str, state: str) -> None:
    assert checker(TaxLaw(packs()), DAY)(country, value) == state


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ({"country": "IT", "value": "00743110157"}, "format_valid"),
        ({"country": "IT", "value": "00743110158"}, "invalid"),
        ({"country": "IT", "value": "00743110158", "verified": True}, "valid"),
        ({"country": "IT", "value": "00743110157", "verified": False}, "invalid"),
    ],
)
def test_a_register_s_word_comes_before_the_form(number: dict[str, Any], state: str) -> None:
    body = {
        "amount": "10.00", "currency": "EUR", "payment": {"instrument": "card"}, "payee": {"country": "DE"},
        "payer": {"country": "IT", "tax_ids": [number]},
    }  # fmt: skip
    now = datetime(2026, 11, 22, tzinfo=UTC)
    sale = sale_of(decode(orjson.dumps(body)), now, checker(TaxLaw(packs()), DAY))
    assert sale is not None
    assert [one.state for one in sale.buyer.tax_ids] == [state]
