"""Tiers of wallets: each limit exactly at it and one unit beyond it, on its first and on its last day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.money import DIGITS
from tests.kyc.asking import Told, ask, wallet
from tests.kyc.rows import Row, needs_facts, rows

COUNTED: dict[str, tuple[str, dict[str, Any]]] = {
    "max_single_deposit": ("payment", {"kind": "deposit"}),
    "max_single_transfer": ("payment", {"kind": "transfer"}),
    "max_transaction": ("payment", {}),
    "max_balance": ("balance", {"kind": "deposit"}),
    "sdd_limit": ("balance", {"kind": "deposit"}),
    "cash_in_agent_daily": ("loaded_today", {"kind": "deposit"}),
    "cash_in_agent_monthly": ("loaded_month", {"kind": "deposit"}),
    "cash_out_agent_daily": ("withdrawn_today", {"kind": "withdrawal"}),
    "cash_out_agent_monthly": ("withdrawn_month", {"kind": "withdrawal"}),
    "p2p_daily": ("transferred_today", {"kind": "transfer"}),
    "p2p_monthly": ("transferred_month", {"kind": "transfer"}),
    "monthly_load": ("loaded_month", {"kind": "deposit"}),
    "yearly_load": ("loaded_year", {"kind": "deposit"}),
    "ewallet_basic_monthly": ("loaded_month", {"kind": "deposit"}),
    "cash_loading_monthly": ("loaded_month", {"kind": "deposit", "payment": {"instrument": "cash"}}),
    "emoney_registered_max_monthly": ("received_month", {"kind": "deposit"}),
}
"""End of a parameter's name -> what it counts, and a payment that it counts."""
BY_PLACE = {
    "NG": {"daily": "spent_today"},
    "GH": {"daily": "moved_today", "monthly": "moved_month"},
    "PK": {"daily": "moved_today", "monthly": "moved_month", "yearly": "moved_year"},
}
TIERS = {
    "NG": ("enaira_tier0", "enaira_tier1", "enaira_tier2", "enaira_tier3", "tier1", "tier2", "tier3"),
    "GH": ("minimum_kyc", "medium_kyc", "enhanced_kyc"),
    "ID": ("unregistered", "registered"),
    "IN": ("small_ppi", "full_kyc_ppi"),
    "PK": ("level0", "level1"),
    "MY": ("simplified",),
}
EVERY = ("moved_today", "moved_month", "moved_year", "spent_today", "received_month", "loaded_today", "loaded_month",
         "loaded_year", "withdrawn_today", "withdrawn_month", "transferred_today", "transferred_month")  # fmt: skip
SET = {
    "NG": {"national_ids": [{"country": "NG", "type": "nin", "value": "12345678901"}]},
    "GH": {"identity": {"documents": ["ghana_card"]}},
    "IN": {"opened_at": "2026-01-01"},
}
"""What else the law of a place asks of a holder, stated."""

UNITS = {"NGN", "GHS", "IDR", "INR", "PKR", "KES", "BDT", "PHP", "MYR"}
LIMITS = [row for row in rows("kyc.csv") if row.place in {*TIERS, "KE", "BD", "PH"} and row.unit in UNITS]


def shape(row: Row) -> tuple[str, dict[str, Any]]:
    """What a limit counts, and a payment that it counts."""
    for ending, found in COUNTED.items():
        if row.parameter.endswith(ending):
            return found
    counts = next(counts for word, counts in BY_PLACE[row.place].items() if word in row.parameter)
    return counts, {"kind": "transfer"}


def told(row: Row, total: Decimal, on: date) -> Told:
    """A payment of one unit that brings what the limit counts to a total."""
    counts, payment = shape(row)
    unit = row.unit
    tier = next((tier for tier in TIERS.get(row.place, ()) if tier in row.parameter or row.place == "MY"), "")
    one = Decimal(1).scaleb(-DIGITS[unit])
    money = total if counts == "payment" else one
    before = dict.fromkeys(EVERY, "0")
    balance = "0"
    if counts == "balance":
        balance = f"{total - one:f}"
    elif counts != "payment":
        before[counts] = f"{total - one:f}"
    method = "enaira" if "enaira" in row.parameter else "bank_transfer"
    instrument = "credit_transfer" if row.place == "NG" and method != "enaira" else "e_money"
    holder = {"balance": balance, "totals": before, **SET.get(row.place, {})}
    base = {"payment": {"instrument": instrument, "method": method, "acquirer_country": row.place}}
    return ask(f"{money:f} {unit}", wallet(row.place, tier, **holder), base, payment, on=on.isoformat())


def days(row: Row) -> list[date]:
    """The first and the last day of a limit, or some day within it."""
    inside = [day for day in (row.start, row.end) if day is not None]
    return inside or [date(2026, 11, 22)]


@needs_facts
@pytest.mark.parametrize("row", LIMITS, ids=str)
def test_a_limit_allows_exactly_its_amount_and_not_a_unit_more(row: Row) -> None:
    limit, one = Decimal(row.value), Decimal(1).scaleb(-DIGITS[row.unit])
    for on in days(row):
        assert row.parameter not in told(row, limit, on).exceeded, f"{row}: exactly at it on {on}"
        over = told(row, limit + one, on)
        assert row.parameter in over.exceeded, f"{row}: a unit beyond it on {on}"
        assert over.verdict in ("collect", "refuse")
        assert over.outcome in ("collect", "block")


@needs_facts
@pytest.mark.parametrize("row", [row for row in LIMITS if shape(row)[0] != "payment"], ids=str)
def test_what_a_limit_counts_is_not_taken_for_nought_when_unstated(row: Row) -> None:
    counts, payment = shape(row)
    tier = next((tier for tier in TIERS.get(row.place, ()) if tier in row.parameter or row.place == "MY"), "")
    method = "enaira" if "enaira" in row.parameter else "bank_transfer"
    instrument = "credit_transfer" if row.place == "NG" and method != "enaira" else "e_money"
    base = {"payment": {"instrument": instrument, "method": method, "acquirer_country": row.place}}
    on = days(row)[0].isoformat()
    found = ask(f"1 {row.unit}", wallet(row.place, tier, **SET.get(row.place, {})), base, payment, on=on)
    assert found.verdict == "undecided"
    assert ("payer.balance" if counts == "balance" else f"payer.totals.{counts}") in found.missing
    assert found.outcome == "collect"


# -- upgrading, and refusing where there is nothing above --------------------------------------------------------------

NIN = SET["NG"]


def deposit(amount: str, tier: str, **more: Any) -> Told:
    """Money paid into a Nigerian wallet."""
    paid = {"kind": "deposit", "payment": {"instrument": "e_money", "method": "paga"}}
    return ask(f"{amount} NGN", wallet("NG", tier, balance="0", **NIN, **more), paid)


def test_the_next_tier_with_room_says_what_to_ask_for() -> None:
    """50,001 is too much for tier 1 and fits tier 2."""
    found = deposit("50000.01", "tier1")
    assert (found.verdict, found.outcome) == ("collect", "collect")
    assert found.fields == ["payer.identity.documents", "payer.address", "payer.wallet_tier"]


def test_a_tier_without_room_is_passed_over() -> None:
    """Tier 2 takes 100,000 at once: beyond that the holder is asked for what tier 3 wants as well."""
    assert "payer.facts.proof_of_address" in deposit("100000.01", "tier1").fields
    assert "payer.facts.proof_of_address" not in deposit("100000.00", "tier1").fields


def test_money_that_comes_in_is_rejected_and_the_account_is_not() -> None:
    assert deposit("50000.01", "tier1").limit("tier1_max_single_deposit")["rejects"] == "credit"


def test_money_that_goes_out_over_a_limit_is_a_payment_rejected() -> None:
    spent = wallet("GH", "minimum_kyc", totals={"moved_today": "3000.00", "moved_month": "3000.00"}, **SET["GH"])
    assert ask("0.01 GHS", spent).limit("minimum_kyc_max_daily")["rejects"] == "payment"


def test_above_the_highest_tier_there_is_nothing_to_ask_for() -> None:
    over = wallet("GH", "enhanced_kyc", totals={"moved_today": "25000.00", "moved_month": "0"}, **SET["GH"])
    found = ask("0.01 GHS", over)
    assert (found.verdict, found.outcome, found.fields) == ("refuse", "block", [])


def test_a_wallet_with_one_limit_for_everybody_has_no_way_up() -> None:
    assert ask("250000.01 KES", wallet("KE"), on="2023-08-15").verdict == "refuse"
    assert ask("250000.00 KES", wallet("KE"), on="2023-08-15").verdict == "met"
    assert ask("150000.01 KES", wallet("KE"), on="2023-08-14").verdict == "refuse"


def test_no_limit_of_a_month_once_ghana_lifted_it() -> None:
    """20,000 a month for medium wallets until 19 March 2020; none since."""
    held = wallet("GH", "medium_kyc", totals={"moved_today": "0", "moved_month": "500000"}, **SET["GH"])
    assert "medium_kyc_max_monthly" in ask("1 GHS", held, on="2020-03-19").exceeded
    assert ask("1 GHS", held, on="2020-03-20").verdict == "met"


def test_money_out_does_not_touch_the_balance() -> None:
    full = wallet("ID", "unregistered", balance="2000000")
    assert ask("1000 IDR", full).kyc["limits"] == []
    assert ask("1000 IDR", full, {"kind": "deposit"}).exceeded == {"emoney_unregistered_max_balance"}


def test_a_refund_comes_into_the_wallet() -> None:
    full = wallet("ID", "unregistered", balance="2000000")
    assert ask("1 IDR", full, {"kind": "refund"}).exceeded == {"emoney_unregistered_max_balance"}


def test_an_unregistered_wallet_pays_and_does_nothing_else() -> None:
    held = wallet("ID", "unregistered", balance="0")
    assert ask("1000 IDR", held).verdict == "met"
    for kind in ("transfer", "withdrawal"):
        found = ask("1000 IDR", held, {"kind": kind})
        assert found.exceeded == {"unregistered_features"}
        assert found.verdict == "collect"
        assert "payer.national_ids" in found.fields


def test_a_payee_who_is_the_customer_is_asked_about_as_the_payee() -> None:
    """Who receives into a full wallet: the fields are the payee's."""
    paid = {"customer": "payee", "kind": "transfer", "payment": {"acquirer_country": "ID"}}
    found = ask("1 IDR", paid, {"payee": {"wallet_tier": "unregistered", "balance": "2000000"}})
    assert "emoney_unregistered_max_balance" in found.exceeded
    assert "payee.wallet_tier" in found.fields
    unknown = ask("1 IDR", paid, {"payee": {"wallet_tier": "unregistered"}})
    assert "payee.balance" in unknown.missing


# -- what is not stated ------------------------------------------------------------------------------------------------


def test_a_tier_not_stated_matters_only_where_some_tier_has_no_room() -> None:
    small = ask("100 IDR", wallet("ID", balance="0", totals={"received_month": "0"}), {"kind": "deposit"})
    assert small.verdict == "undecided"  # whether the word is one of the law's is not known either
    assert small.missing == {"payer.wallet_tier"}


def test_a_tier_that_no_law_knows_is_asked_for_again() -> None:
    found = ask("100 GHS", wallet("GH", "platinum", **SET["GH"]))
    assert (found.verdict, found.fields) == ("collect", ["payer.wallet_tier"])


def test_a_wallet_that_is_nowhere_is_asked_where_it_is() -> None:
    found = ask("100 GHS", {"payee": {"country": "GH"}})
    assert found.verdict == "undecided"
    assert found.missing == {"payment.issuer_country"}


def test_a_currency_without_a_rate_leaves_a_limit_open() -> None:
    found = ask("100 CLF", wallet("KE"))
    assert found.verdict == "undecided"
    assert "rates.CLF.KES" in found.missing


# -- Mexico: index units -----------------------------------------------------------------------------------------------


def mexican(amount: str, level: str, on: str, **more: Any) -> Told:
    """Money paid into a Mexican account."""
    held = wallet(
        "MX",
        level,
        **{
            "type": "individual",
            "date_of_birth": "1990-05-05",
            "balance": "0",
            "totals": {"received_month": "0"},
            **more,
        },
    )
    return ask(f"{amount} MXN", held, {"kind": "deposit", "payment": {"instrument": "credit_transfer"}}, on=on)


def test_a_limit_in_index_units_is_worth_what_the_unit_was_at_the_end_of_the_month_before() -> None:
    """750 UDI at 8.695877 are 6,521.90775 pesos."""
    assert mexican("6521.90", "level1", "2026-02-15").verdict == "met"
    over = mexican("6521.91", "level1", "2026-02-15")
    assert over.exceeded == {"level1_max_monthly_deposit"}
    assert over.limit("level1_max_monthly_deposit")["amount"] == "6521.907750"


@pytest.mark.parametrize(("level", "pesos"), [("level2", "26087.63"), ("level3", "86958.77")])
def test_higher_levels_take_more(level: str, pesos: str) -> None:
    assert mexican(pesos, level, "2026-02-15").verdict == "met"
    over = f"{Decimal(pesos) + Decimal('0.01'):f}"
    assert mexican(over, level, "2026-02-15").verdict == "collect"


def test_level_4_has_no_limit() -> None:
    assert mexican("99999999.99", "level4", "2026-02-15").verdict == "met"


@pytest.mark.parametrize(
    ("on", "most", "more"),
    [
        ("2020-04-30", "4874.38", "4874.39"), ("2021-04-01", "5061.57", "5061.58"), ("2021-06-30", "5108.22", "5108.23"),
        ("2024-12-31", "6238.28", "6238.29"),
    ],
)  # fmt: skip
def test_a_limit_moves_with_its_unit(on: str, most: str, more: str) -> None:
    assert mexican(most, "level1", on).verdict == "met"
    assert mexican(more, "level1", on).exceeded == {"level1_max_monthly_deposit"}


@pytest.mark.parametrize(
    "on", ["2020-03-31", "2020-05-01", "2021-05-31", "2025-01-01", "2026-01-31", "2026-03-01", "2026-11-22"]
)
def test_a_month_whose_unit_was_not_read_is_never_reckoned_from_another(on: str) -> None:
    found = mexican("100.00", "level1", on)
    assert found.verdict == "undecided"
    assert found.missing == {"law.udi_value"}


def test_a_company_needs_level_3() -> None:
    found = mexican("100.00", "level1", "2026-02-15", type="organisation")
    assert found.exceeded == {"level1_holder"}
    assert found.verdict == "collect"


@pytest.mark.parametrize(
    ("born", "on", "verdict"),
    [
        ("2008-02-15", "2026-02-15", "met"),
        ("2008-02-16", "2026-02-15", "refuse"),
        ("2008-02-28", "2026-02-28", "met"),
        ("2008-02-29", "2026-02-28", "refuse"),
    ],
)
def test_level_1_is_for_adults(born: str, on: str, verdict: str) -> None:
    """Eighteen on the local day; who was born on 29 February comes of age on 1 March."""
    assert mexican("100.00", "level1", on, date_of_birth=born).verdict == verdict


def test_a_birth_that_is_not_stated_is_no_age() -> None:
    held = wallet("MX", "level1", type="individual", balance="0", totals={"received_month": "0"})
    found = ask("100.00 MXN", held, {"kind": "deposit", "payment": {"instrument": "credit_transfer"}}, on="2026-02-15")
    assert found.missing == {"payer.date_of_birth"}


def test_the_local_day_makes_an_adult() -> None:
    """05:59 UTC on the birthday is still the eve of it in Mexico City."""
    held = wallet(
        "MX", "level1", type="individual", balance="0", totals={"received_month": "0"}, date_of_birth="2008-02-16"
    )
    paid = {"kind": "deposit", "payment": {"instrument": "credit_transfer"}}
    assert ask("100.00 MXN", held, paid, on="2026-02-16T05:59:00+00:00").verdict == "refuse"
    assert ask("100.00 MXN", held, paid, on="2026-02-16T06:00:00+00:00").verdict == "met"


# -- India, Nigeria, Ghana ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "verdict"), [("2024-11-23", "met"), ("2024-11-22", "met"), ("2024-11-21", "collect")]
)
def test_a_small_instrument_becomes_a_full_one_in_24_months(opened: str, verdict: str) -> None:
    held = wallet("IN", "small_ppi", opened_at=opened)
    assert ask("100 INR", held, {"payment": {"method": "wallet"}}).verdict == verdict


def test_a_small_instrument_buys_and_does_nothing_else() -> None:
    held = wallet("IN", "small_ppi", opened_at="2026-01-01")
    assert ask("100 INR", held, {"kind": "transfer"}).exceeded == {"small_ppi_use"}


def test_a_nigerian_account_has_a_number_since_december_2023() -> None:
    held = wallet(
        "NG", "tier3", totals={"spent_today": "0"}, national_ids=[{"country": "NG", "type": "passport", "value": "A1"}]
    )
    paid = {"payment": {"instrument": "credit_transfer", "method": "nip"}}
    assert ask("100 NGN", held, paid, on="2023-11-30").verdict == "met"
    assert ask("100 NGN", held, paid, on="2023-12-01").fields == ["payer.national_ids"]


def test_tier_1_sends_nothing_abroad() -> None:
    held = wallet("NG", "tier1", totals={"spent_today": "0"}, **NIN)
    abroad = {
        "kind": "transfer",
        "payment": {"instrument": "credit_transfer", "method": "swift", "acquirer_country": "GB"},
    }
    assert ask("100 NGN", held, abroad).exceeded == {"tier1_international_transfer"}
    home = {"kind": "transfer", "payment": {"instrument": "credit_transfer", "method": "nip", "acquirer_country": "NG"}}
    assert ask("100 NGN", held, home).verdict == "met"


def test_mobile_money_of_tier_1_moves_50000_a_day_and_an_account_30000() -> None:
    held = wallet("NG", "tier1", totals={"spent_today": "30000"}, **NIN)
    account = {"payment": {"instrument": "credit_transfer", "method": "nip"}}
    mobile = {"payment": {"instrument": "e_money", "method": "paga"}}
    assert ask("0.01 NGN", held, account).exceeded == {"tier1_max_daily"}
    assert ask("0.01 NGN", held, mobile).verdict == "met"
    more = wallet("NG", "tier1", totals={"spent_today": "50000"}, **NIN)
    assert ask("0.01 NGN", more, mobile).exceeded == {"wallet_tier1_max_daily"}


@pytest.mark.parametrize(
    ("documents", "on", "fields"),
    [
        (["passport"], "2022-06-30", []),
        (["passport"], "2022-07-01", ["payer.identity.documents"]),
        (["ghana_card"], "2022-07-01", []),
    ],
)
def test_the_ghana_card_is_the_document(documents: list[str], on: str, fields: list[str]) -> None:
    held = wallet(
        "GH", "enhanced_kyc", totals={"moved_today": "0", "moved_month": "0"}, identity={"documents": documents}
    )
    assert ask("1 GHS", held, on=on).fields == fields


CASH_IN = {"kind": "deposit", "payment": {"instrument": "cash"}}


@pytest.mark.parametrize(
    ("place", "tier", "money", "payer"),
    [
        ("BD", "", "100.01 BDT", {"totals": {"loaded_today": "49900.00", "loaded_month": "49900.00"}, "balance": "0"}),
        ("GH", "minimum_kyc", "100.01 GHS", {"balance": "4900.00", "totals": {"moved_today": "0", "moved_month": "0"}}),
        ("KE", "", "100.01 KES", {"balance": "499900.00"}),
        ("IN", "", "100.01 INR", {"totals": {"loaded_month": "49900.00", "loaded_year": "49900.00"}, "balance": "0"}),
    ],
)
def test_cash_paid_in_at_an_agent_loads_the_wallet_and_at_a_bank_it_does_not(
    place: str, tier: str, money: str, payer: dict[str, Any]
) -> None:
    holder = wallet(place, tier, **{**SET.get(place, {}), **payer})
    bank = {"obliged_entity": {"role": "bank", "country": place}, "relationship": "established"}
    assert any(one["exceeded"] for one in ask(money, CASH_IN, holder).kyc["limits"])
    assert ask(money, CASH_IN, holder, bank).kyc["limits"] == []
