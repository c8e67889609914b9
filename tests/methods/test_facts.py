"""Every row of the table on ways to pay stands in the packs, or another domain applies it, or it says why not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from schwifty.registry import get_iban_spec

from engine.language.law import Gap
from engine.packs.model import UNREAD_START
from engine.regimes.methods_checks import CHECKS
from tests.kyc.rows import Row, needs_facts, rows
from tests.law.telling import law

pytestmark = needs_facts

ROWS = rows("payment_methods.csv")
CASH_HERE = ("AL", "DK", "MK", "RS")


def elsewhere(row: Row) -> str:
    """Which other domain applies a row, and why; empty for those of this one."""
    name = f"{row.place} {row.parameter}"
    if row.parameter == "cash_payment_max" and row.place not in CASH_HERE:
        return "a limit of cash binds everybody: the domain aml has it, with its comparator"
    if row.parameter == "cash_customer_identification_min":
        return "when a customer in cash is identified: the domains aml and kyc"
    tiers = ("ID emoney_", "GH mobile_money_", "NG account_tier", "NG wallet_tier")
    return "a tier of a wallet: the domain kyc has it, with its later values" if name.startswith(tiers) else ""


HERE = [row for row in ROWS if not elsewhere(row)]
NO_RULE = {
    "units that nobody states": ("coins_max_per_payment", "upi_lite_auto_topups_per_day", "upi_p2p_credits_daily",
                                 "upi_api_balance_checks_daily"),
    "procedure of a scheme, not of one payment": (
        "blik_code_validity", "blik_confirmation_timeout", "blik_refund_validity", "oxxo_voucher_validity_max",
        "pix_med_claim_window",
        "pix_med_return_max", "pix_random_key_change", "pix_key_tax_status", "pix_automatico_interbank_debit_mandatory",
        "ach_micro_entries_fraud_detection", "instant_execution_max", "instant_price_cap", "instant_sanctions_screening",
        "sepa_dd_mandate_dormancy", "payment_account_real_name", "iban_discrimination", "instant_receive_euro_area",
        "instant_send_euro_area", "instant_receive_non_euro_area", "instant_send_non_euro_area", "psr_vop_all_currencies",
        "ideal_wero_migration_start", "ideal_shutdown", "same_day_ach_single_max_planned", "bvn_length", "nin_length",
        "verification_of_payee_euro_area", "verification_of_payee_non_euro_area",
    ),
}  # fmt: skip
"""Rows that stand in the packs and that no rule names, and why."""


@pytest.mark.parametrize("row", HERE, ids=str)
def test_every_row_stands_in_a_pack(row: Row) -> None:
    place = "WORLD" if row.place == "FATF" else row.place
    found = law().packs[place].domains["methods"].parameters[row.parameter]
    entries = [value for value in found.values if value.start == (row.start or UNREAD_START)]
    assert len(entries) == 1, f"{row} begins on no day of {[value.start for value in found.values]}"
    entry = entries[0]
    assert _same(entry.value, row), f"{row} is {entry.value} in the pack"
    assert (entry.confidence or found.confidence).value == row.confidence
    if row.end is not None:
        assert found.at(row.end) is entry, f"{row} does not hold on its last day"
        assert found.at(row.end + timedelta(days=1)) is not entry, f"{row} holds after its last day"


def _same(value: Any, row: Row) -> bool:
    if row.parameter.endswith("_currencies") and row.value != "pending":
        return value == tuple(row.value.split("|"))
    if isinstance(value, bool):
        return row.value == str(value).lower()
    if isinstance(value, Decimal | int):
        return Decimal(value) == Decimal(row.value)
    return str(value) == row.value or (value is Gap.NONE and row.value == "none")


def test_what_stands_elsewhere_is_counted() -> None:
    """No row falls between two domains."""
    assert len(HERE) + sum(1 for row in ROWS if elsewhere(row)) == len(ROWS) == 513


@pytest.mark.parametrize("row", [row for row in ROWS if row.parameter == "iban_length"], ids=str)
def test_the_length_of_an_iban_is_that_of_the_registry(row: Row) -> None:
    spec = get_iban_spec(row.place)
    assert spec.iban_length == int(row.value)


def _tier(row: Row) -> tuple[str, str] | None:
    """Where the domain kyc has the amount of a row on tiers."""
    names = {
        ("ID", "emoney_unregistered_balance_max"): "emoney_unregistered_max_balance",
        ("ID", "emoney_registered_balance_max"): "emoney_registered_max_balance",
        ("ID", "emoney_registered_monthly_max"): "emoney_registered_max_monthly",
        ("NG", "account_tier1_single_deposit_max"): "tier1_max_single_deposit",
        ("NG", "account_tier1_balance_max"): "tier1_max_balance",
        ("NG", "account_tier2_single_deposit_max"): "tier2_max_single_deposit",
        ("NG", "account_tier2_balance_max"): "tier2_max_balance",
        ("NG", "wallet_tier1_daily_max"): "wallet_tier1_max_daily",
        ("NG", "wallet_tier1_balance_max"): "tier1_max_balance",
        ("NG", "wallet_tier2_daily_max"): "tier2_max_daily",
        ("NG", "wallet_tier2_balance_max"): "tier2_max_balance",
        ("NG", "wallet_tier3_daily_max"): "tier3_max_daily",
        **{
            ("GH", f"mobile_money_{tier}_kyc_{kind}_max"): f"{tier}_kyc_max_{kind}"
            for tier in ("minimum", "medium", "enhanced")
            for kind in ("daily", "balance")
        },
    }
    name = names.get((row.place, row.parameter))
    return (row.place, name) if name else None


@pytest.mark.parametrize("row", [row for row in ROWS if _tier(row)], ids=str)
def test_tiers_agree_with_the_law_on_customers(row: Row) -> None:
    """On their first day, or today where they have none; later values are those of the other table."""
    place, name = _tier(row) or ("", "")
    day = row.start or (row.end or date(2026, 11, 22))
    entry = law().packs[place].domains["kyc"].parameters[name].at(day)
    if (row.place, row.parameter, row.start) == ("ID", "emoney_registered_balance_max", date(2016, 8, 29)):
        day = date(2016, 9, 1)  # this table recalls the month, the other one says September
        entry = law().packs[place].domains["kyc"].parameters[name].at(day)
    assert entry is not None
    assert entry.value == Decimal(row.value)


CASH_APART = {
    "BG 9999.99": "written as the greatest amount allowed; the other table forbids 10000 and more",
    "NL 2999.99": "written as the greatest amount allowed; the other table forbids 3000 and more",
    "FR 15000": "non-residents before a payee who is an obliged entity; 10000 before others, a row of its own there",
    "IT 5000": "the same amount; the other table says from which side",
    "SK 15000": "between private people: a row of its own there",
    "HR 15000": "three secondary lists against the amount recalled, 10000: the domain aml decides",
    "LT 3000": "ended on 2022-10-31 in the other table",
    "PT 1000": "businesses: a row of its own there",
    "PT 10000": "non-residents: a row of its own there",
    "ES 10000": "non-residents: a row of its own there",
    "NL none": "before 2026",
    "DE none": "no limit in either table",
    "NO none": "the other table has the limit of dealers in goods",
    "EU 10000": "the same",
}


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.parameter == "cash_payment_max" and row.place not in CASH_HERE], ids=str
)
def test_limits_of_cash_agree_with_the_domain_that_applies_them(row: Row) -> None:
    theirs = [
        other
        for other in rows("aml.csv")
        if other.place == row.place and other.parameter.startswith("cash_payment_limit")
    ]
    values = {other.value for other in theirs}
    if row.value in values or (row.value == "none" and not values):
        return
    reason = CASH_APART.get(f"{row.place} {row.value}")
    assert reason or row.value == "none", f"{row}: aml.csv has {sorted(values)}"


@pytest.mark.parametrize("place", CASH_HERE)
def test_limits_of_cash_that_nobody_else_has_are_applied_here(place: str) -> None:
    assert not [row for row in rows("aml.csv") if row.place == place and row.parameter == "cash_payment_limit"]
    assert "methods.cash_payment_max" in {rule.id for rule in law().packs[place].domains["methods"].rules}


def test_every_row_is_applied_by_a_rule_or_says_why_not() -> None:
    idle = {name for names in NO_RULE.values() for name in names}
    read = {"iban_length", "sepa_zone", "iban_check"}
    for row in HERE:
        place = "WORLD" if row.place == "FATF" else row.place
        rules = law().packs[place].domains["methods"].rules
        entry = law().packs[place].domains["methods"].parameters[row.parameter]
        cited = {(rule.cite.source, rule.cite.at) for rule in rules if rule.cite}
        own = entry.values[-1].cite or entry.cite
        named = any(row.parameter in str(rule.effect.details) or rule.id.endswith(row.parameter) for rule in rules)
        applied = named or row.parameter in read or (own is not None and (own.source, own.at) in cited)
        assert applied or row.parameter in idle, f"{row}: no rule applies it and no reason is given"


def test_every_check_that_a_rule_names_exists() -> None:
    for pack in law().packs.values():
        for rule in pack.domains["methods"].rules if "methods" in pack.domains else ():
            if rule.effect.kind == "check":
                assert rule.effect.details["with"] in CHECKS, rule.id
