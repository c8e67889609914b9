"""The word of registers as the engine is handed it: what it changes of a sale, and that it is remembered whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.tax.model import Buyer, Heard, Ruling, TaxId
from engine.tax.registers import UNASKED, Registers, Written, remembered
from engine.tax.uk import UK
from tests.tax.asking import ask, asked, at, business, goods, home, seller, service, told

AT = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)
ITALIAN: Written = ("IT", "X")
YES = Heard("IT", "VIES", True, AT, "WAPI1", "DE136695976")
NO = replace(YES, valid=False)
SILENT = Heard("IT", "VIES", None, silence="ms_unavailable")


def heard(word: Heard, state: str = "format_valid", policy: str = "undecided") -> Buyer:
    """A company in Italy as the law sees it after its register was listened to."""
    sale = asked(service("service", "translation"), home(), business("IT", f"IT:{state}")).sale
    return Registers(policy, {ITALIAN: word}).told(sale).buyer


@pytest.mark.parametrize(
    ("state", "word", "expected"),
    [
        ("format_valid", YES, "valid"),
        ("format_valid", NO, "invalid"),
        ("format_valid", SILENT, "format_valid"),
        ("unchecked", YES, "valid"),
        ("valid", NO, "valid"),
        ("invalid", YES, "invalid"),
    ],
)
def test_a_register_speaks_where_the_caller_does_not(state: str, word: Heard, expected: str) -> None:
    assert heard(word, state).tax_ids[0].state == expected


def test_a_sale_of_which_nothing_was_heard_stays_as_it_is() -> None:
    sale = asked(service("service", "translation"), home(), business("IT", "IT:format_valid")).sale
    assert UNASKED.told(sale) is sale
    assert UNASKED.stored() == {}


@pytest.mark.parametrize("word", [YES, NO, SILENT])
@pytest.mark.parametrize("stated", [ITALIAN, (None, "IT00743110157")])
def test_what_was_heard_is_remembered_whole(word: Heard, stated: Written) -> None:
    registers = Registers("charge", {stated: word})
    assert remembered(registers.stored()) == registers


def test_answers_of_before_registers_were_heard_rest_on_the_caller_alone() -> None:
    assert remembered({"id": "calc_1"}) == UNASKED


def _ruled(buyer: Buyer) -> Ruling:
    return ask(service("service", "translation"), home(), buyer)


def test_a_pack_s_policy_goes_before_the_house_s() -> None:
    from tests.tax.laws import europe_with, setting, union_text

    law = europe_with(EU=union_text(more=setting("vies_down_policy", "token", (None, "charge"))))
    buyer = heard(SILENT, policy="reverse_charge_and_recheck")
    assert told(_ruled(buyer))[0] == "reverse_charge"
    assert told(ask(service("service", "translation"), home(), buyer, law=law))[:2] == ("standard", "DE")


def test_the_house_s_policy_is_no_word_on_numbers_that_no_register_was_looked_at_for() -> None:
    buyer = replace(business("IT", "IT:format_valid"), unconfirmed="charge")
    assert _ruled(buyer).treatment == "undecided"


def test_goods_are_exempt_on_a_policy_only_with_the_duty_to_look_again() -> None:
    """Art. 138(1)(b): without a number that holds, the exemption falls."""
    found = ask(goods("DE", "IT"), home(), heard(SILENT, policy="reverse_charge_and_recheck"))
    assert told(found)[:3] == ("zero", "DE", "intra_community")
    assert [step.question for step in found.steps].count("tax_id.recheck") == 1
    assert found.confidence == "R"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("undecided", ("undecided", "GB", "customer.unknown", None)),
        ("charge", ("standard", "GB", "import.low_value", "domestic")),
        ("reverse_charge_and_recheck", ("reverse_charge", "GB", "reverse_charge.import", None)),
    ],
)
def test_a_number_of_northern_ireland_stands_in_vies_too(policy: str, expected: tuple[str, ...]) -> None:
    number = TaxId("XI", "X", "format_valid", Heard("XI", "VIES", None, silence="not_asked"))
    buyer = Buyer(at("GB"), "organisation", (number,), unconfirmed=policy)
    found = ask(
        goods("CN", "GB", value="100"), seller("CN", "standard:GB"), buyer, regime=UK, way="inbound", currency="GBP"
    )
    assert told(found) == expected
    assert ("tax_id.recheck" in [step.question for step in found.steps]) == (expected[0] == "reverse_charge")
