"""Limits of local ways to pay: exactly at each and one unit beyond it, on its first and on its last day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.money import DIGITS
from tests.kyc.rows import Row, needs_facts, rows
from tests.methods.asking import Told, pay

BY_NAME: dict[str, tuple[str | None, dict[str, Any]]] = {
    "pix_unregistered_device_single_max": ("pix", {"payment": {"device": {"registered": False}}}),
    "pix_contactless_single_max": ("pix", {"payment": {"channel": "contactless", "device": {"registered": True}}}),
    "pix_saque_troco_day_max": ("pix_saque", {}),
    "klarna_pay_now_sofort_single_max": ("klarna_pay_now", {}),
    "upi_p2p_daily_max": ("upi", {"kind": "transfer", "payment": {"initiator": "payer"}}),
    "upi_lite_balance_max": ("upi_lite", {"kind": "deposit"}),
    "upi_lite_single_max": ("upi_lite", {"payer": {"balance": "0"}}),
    "ewallet_stock_cap": (None, {"kind": "deposit", "payment": {"instrument": "e_money"}}),
    "ewallet_flow_cap_12_months": (None, {"payment": {"instrument": "e_money"}}),
    "mobile_money_single_max": ("mobile_money", {"kind": "transfer"}),
    "mobile_money_balance_max": ("mobile_money", {"kind": "deposit"}),
    "mobile_money_daily_max": ("m_pesa", {"kind": "transfer"}),
    "nrb_internet_banking_merchant_daily_max": ("internet_banking", {}),
    "nrb_internet_banking_merchant_monthly_max": ("internet_banking", {}),
    "nrb_mobile_banking_daily_max": ("mobile_banking", {}),
    "nrb_mobile_banking_monthly_max": ("mobile_banking", {}),
    "nrb_wallet_transfer_daily_max": ("wallet", {"kind": "transfer", "payment": {"instrument": "e_money"}}),
    "nrb_agent_daily_max": ("agent", {"kind": "deposit", "payment": {"instrument": "cash"}}),
    "nrb_prepaid_card_single_max": (None, {"payment": {"instrument": "card", "card": {"funding": "prepaid"}}}),
    "rtp_fednow_single_max": ("fednow", {}),
    "instant_scheme_max": ("sepa_instant", {"payment": {"account": {"iban": "DE89370400440532013000"}}}),
    "barcode_static_daily_max": ("static_barcode", {}),
    "cash_payment_max": (None, {"payment": {"instrument": "cash"}}),
    "same_day_ach_single_max": ("same_day_ach", {}),
    **{
        f"alipay_wechat_foreign_card_{kind}": ("alipay", {"payment": {"issuer_country": "US"}})
        for kind in ("single_max", "annual_max")
    },
    **{
        f"payment_account_type{at}_balance_payment_max": (
            "wallet",
            {"payment": {"instrument": "e_money"}, "payer": {"wallet_tier": f"type{at}"}},
        )
        for at in (1, 2, 3)
    },
}
COUNTS = {
    "night_max": ("payment", "limits", "night_total"), "month_max": ("payment", "limits", "month_total"),
    "monthly_max": ("payment", "limits", "month_total"), "daily_max": ("payment", "limits", "day_total"),
    "day_max": ("payment", "limits", "day_total"), "annual_max": ("payer", "totals", "spent_year"),
    "flow_cap_12_months": ("payer", "totals", "spent_year"), "type1_balance_payment_max": ("payer", "totals", "spent_lifetime"),
    "type2_balance_payment_max": ("payer", "totals", "spent_year"), "type3_balance_payment_max": ("payer", "totals",
    "spent_year"),
    "ewallet_stock_cap": ("payer", "balance"), "lite_balance_max": ("payer", "balance"), "money_balance_max": ("payer",
    "balance"),
}  # fmt: skip
APART = {
    "pix_night_max",
    "cash_customer_identification_min",
    "same_day_ach_single_max_planned",
    "coins_max_per_payment",
}
KEPT_ELSEWHERE = (
    "emoney_",
    "account_tier",
    "wallet_tier",
    "mobile_money_minimum",
    "mobile_money_medium",
    "mobile_money_enhanced",
)
LIMITS = [
    row
    for row in rows("payment_methods.csv")
    if len(row.unit) == 3 and row.unit.isupper() and row.parameter not in APART and not row.parameter.startswith(KEPT_ELSEWHERE)
    and (row.parameter != "cash_payment_max" or row.place in ("AL", "DK", "MK", "RS"))
]  # fmt: skip


def shape(row: Row) -> tuple[str | None, dict[str, Any]]:
    """The method of a limit, and a payment that it counts."""
    known = BY_NAME.get(row.parameter)
    if known is not None:
        return known
    if row.parameter.startswith("upi_p2m_"):
        trade = row.parameter.removeprefix("upi_p2m_").removesuffix("_single_max").removesuffix("_daily_max")
        return "upi", {"payee": {"industry": trade}}
    for ending in ("_single_max", "_single_min", "_month_max"):
        if row.parameter.endswith(ending):
            return row.parameter.removesuffix(ending), {}
    raise AssertionError(f"{row} has no payment")


def told(row: Row, total: Decimal, on: date, *, stated: bool = True) -> Told:
    """A payment that brings what the limit counts to a total."""
    method, payment = shape(row)
    one = Decimal(1).scaleb(-DIGITS[row.unit])
    path = next((path for ending, path in COUNTS.items() if row.parameter.endswith(ending)), None)
    zeros = {"payment": {"limits": dict.fromkeys(("day_total", "night_total", "month_total"), "0")},
             "payer": {"type": "individual", "balance": "0", "totals": {"spent_year": "0", "spent_lifetime": "0"}},
             "payee": {"industry": "books"}}  # fmt: skip
    place = "DE" if row.place == "EU" else row.place
    parts: list[dict[str, Any]] = [zeros, {"payment": {"issuer_country": place, "acquirer_country": place}}, payment]
    money = total
    if path is not None:
        money = one
        before: Any = f"{total - one:f}"
        for key in reversed(path):
            before = {key: before}
        parts.append(before)
        if not stated:
            parts = [*parts[1:-1], {"payee": {"industry": "books"}, "payer": {"type": "individual"}}, payment]
    return pay(f"{money:f} {row.unit}", method, *parts, on=f"{on}T12:00:00+00:00")


def days(row: Row) -> list[date]:
    """The first and the last day of a limit, or some day within it."""
    first = (
        date(2021, 1, 1) if row.place == "GB" else date.min
    )  # before, the law of the Union spoke for the United Kingdom
    return [max(day, first) for day in (row.start, row.end) if day is not None] or [date(2026, 11, 22)]


@needs_facts
@pytest.mark.parametrize("row", LIMITS, ids=str)
def test_a_limit_allows_exactly_its_amount_and_not_a_unit_more(row: Row) -> None:
    limit, one = Decimal(row.value), Decimal(1).scaleb(-DIGITS[row.unit])
    least = row.parameter.endswith("_single_min")
    for on in days(row):
        assert row.parameter not in told(row, limit, on).exceeded, f"{row}: exactly at it on {on}"
        if limit - one <= 0 and least:
            continue
        beyond = told(row, limit - one if least else limit + one, on)
        assert row.parameter in beyond.exceeded, f"{row}: a unit beyond it on {on}"
        assert beyond.verdict == "refuse"
        assert beyond.outcome == "block"


@needs_facts
@pytest.mark.parametrize("row", [row for row in LIMITS if any(row.parameter.endswith(end) for end in COUNTS)], ids=str)
def test_what_a_limit_counts_is_not_taken_for_nought_when_unstated(row: Row) -> None:
    found = told(row, Decimal(row.value), days(row)[0], stated=False)
    assert found.verdict in ("undecided", "collect"), found.method
    assert found.outcome == "collect"


# -- nights, instalments, trades ----------------------------------------------------------------------------------------------


def pix(amount: str, hour: str, *parts: dict[str, Any], night: str = "0") -> Told:
    """A Pix payment in Brasília at a local hour."""
    base = {
        "payment": {"limits": {"night_total": night}, "device": {"registered": True}, "channel": "remote"},
        "payer": {"type": "individual"},
    }
    return pay(f"{amount} BRL", "pix", base, *parts, on=f"2026-11-22T{hour}:00-03:00", place="BR")


@pytest.mark.parametrize(
    ("hour", "verdict"),
    [("19:59", "ok"), ("20:00", "refuse"), ("23:59", "refuse"), ("05:59", "refuse"), ("06:00", "ok")],
)
def test_a_night_at_home_is_from_eight_to_six(hour: str, verdict: str) -> None:
    assert pix("1000.01", hour).verdict == verdict


def test_the_limit_of_a_night_counts_the_whole_night() -> None:
    assert pix("0.01", "22:00", night="999.99").verdict == "ok"
    assert pix("0.01", "22:00", night="1000.00").exceeded == {"pix_night_max"}


def test_a_company_pays_at_night() -> None:
    assert pix("5000.00", "22:00", {"payer": {"type": "organisation"}}).verdict == "ok"


def test_the_payers_own_limit_takes_the_place_of_the_usual_one() -> None:
    assert pix("1000.01", "22:00", {"payment": {"limits": {"user_threshold": "2000.00"}}}).verdict == "ok"


TURKISH = {
    "computer": 6, "electronics_except_tv": 4, "small_electrical_goods": 9, "travel_abroad": 6, "club_fees": 6, "education": 12,
    "tax": 9, "health": 9, "books": 12,
}  # fmt: skip


@pytest.mark.parametrize(("trade", "most"), TURKISH.items())
def test_a_trade_in_turkey_has_a_number_of_instalments(trade: str, most: int) -> None:
    def parts(count: int) -> Told:
        card = {
            "payment": {"instrument": "card", "installments": count, "card": {"product": "consumer"}},
            "payee": {"industry": trade},
        }
        return pay("100.00 TRY", "visa", card, place="TR")

    assert parts(most).verdict == "ok"
    assert (parts(most + 1).verdict, parts(most + 1).fields) == ("collect", ["payment.installments"])


@pytest.mark.parametrize(
    "trade", ["jewellery", "telecom", "food", "restaurant", "alcohol", "fuel", "cosmetics", "gift_cards"]
)
def test_what_may_not_be_paid_in_parts_is_paid_at_once(trade: str) -> None:
    def parts(count: int | None) -> Told:
        payment: dict[str, Any] = {"instrument": "card", "card": {"product": "consumer"}}
        if count is not None:
            payment["installments"] = count
        return pay("100.00 TRY", "visa", {"payment": payment, "payee": {"industry": trade}}, place="TR")

    assert parts(None).verdict == "ok"
    assert parts(1).verdict == "ok"
    assert parts(2).verdict == "collect"


@pytest.mark.parametrize(
    ("product", "count", "verdict"),
    [("corporate", 18, "ok"), ("corporate", 19, "collect"), ("consumer", 13, "collect")],
)
def test_a_company_card_pays_in_more_parts(product: str, count: int, verdict: str) -> None:
    card = {
        "payment": {"instrument": "card", "installments": count, "card": {"product": product}},
        "payee": {"industry": "books"},
    }
    assert pay("100.00 TRY", "visa", card, place="TR").verdict == verdict


def test_a_trade_that_is_not_stated_may_be_any() -> None:
    card = {"payment": {"instrument": "card", "installments": 3, "card": {"product": "consumer"}}}
    found = pay("100.00 TRY", "visa", card, place="TR")
    assert (found.verdict, found.missing) == ("undecided", {"payee.industry"})


@pytest.mark.parametrize(("count", "verdict"), [(12, "ok"), (13, "collect")])
def test_brazil_usually_takes_twelve_parts(count: int, verdict: str) -> None:
    assert (
        pay("100.00 BRL", "visa", {"payment": {"instrument": "card", "installments": count}}, place="BR").verdict
        == verdict
    )


@pytest.mark.parametrize(("trade", "verdict"), [("6211", "ok"), ("capital_market", "ok"), ("5944", "refuse")])
def test_a_merchant_is_known_by_its_trade_or_its_code(trade: str, verdict: str) -> None:
    stated = {"payee": {"industry": trade}, "payment": {"limits": {"day_total": "0"}}}
    assert pay("200000.01 INR", "upi", stated, place="IN").verdict == verdict


def test_a_method_has_its_limits_wherever_the_parties_are() -> None:
    """A payer in Spain and a shop in France: BLIK is Polish law's and its scheme's all the same."""
    abroad = {"payment": {"issuer_country": "ES", "acquirer_country": "FR"}}
    assert pay("50000.01 PLN", "blik", abroad).exceeded == {"blik_single_max"}
    assert pay("50000.00 PLN", "blik", abroad).verdict == "ok"


def test_a_limit_of_cash_binds_where_the_parties_are_and_nowhere_else() -> None:
    cash = {"payment": {"instrument": "cash"}}
    assert pay("500.01 EUR", None, cash, place="MK").verdict == "refuse"
    assert pay("500.01 EUR", None, cash, place="AD").verdict == "not_applicable"


def test_an_amount_in_another_currency_is_converted() -> None:
    assert pay("15000.00 USD", "blik", place="PL").exceeded == {"blik_single_max"}
