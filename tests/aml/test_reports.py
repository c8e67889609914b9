"""Reports: from which amount, of what together, to whom and by when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.aml.telling import Past, Told, ask, at, request


def cash(
    amount: str, country: str, role: str = "bank", kind: str = "deposit", past: Past | None = None, **more: Any
) -> Told:
    """Cash at an obliged entity, in an established relationship with a known customer, of whom nothing went before."""
    currency = amount.split()[1]
    body = request(
        amount,
        "cash",
        kind=kind,
        obliged_entity=at(role, country),
        relationship="established",
        payer={"id": "c-1", "country": country, **more.pop("payer", {})},
        **more,
    )
    return ask(body, past or Past("0", currency))


EDGES = [
    # place, nothing, report, code, due (of a payment on Friday 2026-11-20 at noon UTC)
    ("US", "10000.00 USD", "10000.01 USD", "CTR", "2026-12-05"),
    ("CA", "9999.99 CAD", "10000.00 CAD", "LCTR", "2026-12-05"),
    ("AU", "9999.99 AUD", "10000.00 AUD", "TTR", "2026-12-04"),
    ("NZ", "9999.99 NZD", "10000.00 NZD", "PTR", "2026-12-04"),
    ("IN", "1000000.00 INR", "1000000.01 INR", "CTR", "2026-12-15"),
    ("ZA", "49999.99 ZAR", "50000.00 ZAR", "CTR", "2026-11-25"),
    ("MY", "24999.99 MYR", "25000.00 MYR", "CTR", None),
    ("KR", "9999999 KRW", "10000000 KRW", "CTR", "2026-12-20"),
    ("PH", "500000.00 PHP", "500000.01 PHP", "CTR", "2026-11-27"),
    ("ID", "499999999.99 IDR", "500000000.00 IDR", "LTKT", "2026-12-10"),
    ("CN", "49999.99 CNY", "50000.00 CNY", "TR", "2026-11-27"),
    ("VN", "399999999 VND", "400000000 VND", "TR", None),
    ("BR", "49999.99 BRL", "50000.00 BRL", "TR", "2026-11-23"),
    ("PK", "1999999.99 PKR", "2000000.00 PKR", "CTR", "2026-12-01"),
    ("TH", "1999999.99 THB", "2000000.00 THB", "TR", None),
    ("LK", "1000000.00 LKR", "1000000.01 LKR", "TR", "2026-12-21"),
    ("NP", "1000000.00 NPR", "1000000.01 NPR", "TR", "2026-12-05"),
    ("BD", "999999.99 BDT", "1000000.00 BDT", "CTR", "2026-12-21"),
    ("GH", "49999.99 GHS", "50000.00 GHS", "CTR", "2026-11-21"),
    ("KE", "14999.99 USD", "15000.00 USD", "TR", "2026-11-22"),
    ("CL", "10000.00 USD", "10000.01 USD", "ROE", None),
    ("GT", "10000.00 USD", "10000.01 USD", "RTE", None),
    ("MX", "7499.99 USD", "7500.00 USD", "TR", "2027-01-15"),
    ("PL", "15000.00 EUR", "15000.01 EUR", "TR", "2026-11-27"),
    ("RO", "9999.99 EUR", "10000.00 EUR", "TR", "2026-11-25"),
    ("FR", "10000.00 EUR", "10000.01 EUR", "COSI", None),
    ("IT", "9999.99 EUR", "10000.00 EUR", "TR", "2027-01-15"),
    ("HR", "9999.99 EUR", "10000.00 EUR", "CTR", "2026-11-23"),
    ("LT", "14999.99 EUR", "15000.00 EUR", "TR", "2026-12-01"),
    ("SI", "15000.00 EUR", "15000.01 EUR", "TR", "2026-11-25"),
    ("RU", "999999.99 RUB", "1000000.00 RUB", "TR", None),
    ("UA", "399999.99 UAH", "400000.00 UAH", "TR", "2026-11-27"),
    ("IL", "49999.99 ILS", "50000.00 ILS", "TR", None),
    ("TW", "499999.99 TWD", "500000.00 TWD", "TR", "2026-11-27"),
]


@pytest.mark.parametrize(("country", "nothing", "report", "code", "due"), EDGES)
def test_each_threshold_on_both_sides_and_its_last_day(
    country: str, nothing: str, report: str, code: str, due: str | None
) -> None:
    region = {"payer": {"region": "UA-30"}} if country == "UA" else {}
    assert cash(nothing, country, on="2026-11-20", **region).reports == []
    told = cash(report, country, on="2026-11-20", **region)
    assert told.reports == [code]
    assert told.verdict == "report"
    assert told.outcome == "allow", "a report alone never holds a payment up"
    assert told.aml["reports"][0]["due"] == due


@pytest.mark.parametrize(("country", "nothing", "report", "code", "due"), EDGES)
def test_a_merchant_owes_none_of_these(country: str, nothing: str, report: str, code: str, due: str | None) -> None:
    del nothing, due
    assert code not in cash(report, country, "merchant", "sale", payer={"region": "UA-30"}).reports


@pytest.mark.parametrize(
    ("day", "nothing", "report"),
    [
        ("2006-01-18", "49999999 KRW", "50000000 KRW"),
        ("2007-12-31", "49999999 KRW", "50000000 KRW"),
        ("2008-01-01", "29999999 KRW", "30000000 KRW"),
        ("2009-12-31", "29999999 KRW", "30000000 KRW"),
        ("2010-01-01", "19999999 KRW", "20000000 KRW"),
        ("2019-06-30", "19999999 KRW", "20000000 KRW"),
        ("2019-07-01", "9999999 KRW", "10000000 KRW"),
    ],
)
def test_korea_lowered_it_three_times(day: str, nothing: str, report: str) -> None:
    assert cash(nothing, "KR", on=day).reports == []
    assert cash(report, "KR", on=day).reports == ["CTR"]


@pytest.mark.parametrize(
    ("country", "day", "nothing", "report"),
    [
        ("MY", "2018-12-31", "49999.99 MYR", "50000.00 MYR"),
        ("MY", "2019-01-01", "24999.99 MYR", "25000.00 MYR"),
        ("ZA", "2022-11-13", "24999.99 ZAR", "25000.00 ZAR"),
        ("ZA", "2022-11-14", "49999.99 ZAR", "50000.00 ZAR"),
        ("BR", "2017-12-26", "99999.99 BRL", "100000.00 BRL"),
        ("BR", "2017-12-27", "49999.99 BRL", "50000.00 BRL"),
        ("CN", "2017-06-30", "199999.99 CNY", "200000.00 CNY"),
        ("CN", "2017-07-01", "49999.99 CNY", "50000.00 CNY"),
        ("VN", "2023-11-30", "299999999 VND", "300000000 VND"),
        ("VN", "2023-12-01", "399999999 VND", "400000000 VND"),
        ("KE", "2023-09-14", "9999.99 USD", "10000.00 USD"),
        ("KE", "2023-09-15", "14999.99 USD", "15000.00 USD"),
        ("RU", "2022-07-13", "599999.99 RUB", "600000.00 RUB"),
        ("RU", "2022-07-14", "999999.99 RUB", "1000000.00 RUB"),
        ("RO", "2019-07-20", "14999.99 EUR", "15000.00 EUR"),
        ("RO", "2019-07-21", "9999.99 EUR", "10000.00 EUR"),
        ("HR", "2022-12-31", "199999.99 HRK", "200000.00 HRK"),
        ("HR", "2023-01-01", "9999.99 EUR", "10000.00 EUR"),
        ("BG", "2025-12-31", "30000.00 BGN", "30000.01 BGN"),
        ("BG", "2026-01-01", "15338.76 EUR", "15338.77 EUR"),
    ],
)
def test_thresholds_of_the_day(country: str, day: str, nothing: str, report: str) -> None:
    assert cash(nothing, country, on=day).reports == []
    assert len(cash(report, country, on=day).reports) == 1


# -- together ----------------------------------------------------------------------------------------------------------------


def linked(amount: str, at_: str = "2026-11-22T10:00:00+00:00", **more: str) -> dict[str, str]:
    number, currency = amount.split()
    return {"at": at_, "amount": number, "currency": currency, "instrument": "cash", "direction": "in", **more}


def test_in_the_united_states_a_business_day_is_added_up() -> None:
    assert cash("6000.00 USD", "US", linked=[linked("4000.00 USD")]).reports == []
    assert cash("6000.00 USD", "US", linked=[linked("4000.01 USD")]).reports == ["CTR"]


def test_cash_in_and_cash_out_are_counted_apart() -> None:
    assert cash("6000.00 USD", "US", linked=[linked("5000.00 USD", direction="out")]).reports == []
    assert cash("6000.00 USD", "US", kind="withdrawal", linked=[linked("5000.00 USD", direction="out")]).reports == [
        "CTR"
    ]


def test_malaysia_adds_what_goes_in_and_what_goes_out() -> None:
    assert cash("15000.00 MYR", "MY", linked=[linked("10000.00 MYR", direction="out")]).reports == ["CTR"]


def test_another_day_is_another_sum() -> None:
    assert cash("6000.00 USD", "US", linked=[linked("5000.00 USD", "2026-11-21T10:00:00+00:00")]).reports == []


@pytest.mark.parametrize(
    ("earlier", "reports"),
    [
        ("2026-11-21T12:00:00+00:00", ["LCTR"]),
        ("2026-11-21T11:59:59+00:00", []),
        ("2026-11-22T11:59:59+00:00", ["LCTR"]),
    ],
)
def test_canadas_24_hours_roll(earlier: str, reports: list[str]) -> None:
    """[t - 24 h, t): exactly 24 hours before counts, a second more does not."""
    assert cash("5000.00 CAD", "CA", linked=[linked("5000.00 CAD", earlier)]).reports == reports


def test_in_australia_each_transaction_is_tested_alone() -> None:
    assert cash("9999.99 AUD", "AU", linked=[linked("9999.99 AUD")]).reports == []


def test_south_africa_aggregated_until_2022_11_13() -> None:
    before = [linked("20000.00 ZAR", "2022-11-13T10:00:00+00:00")]
    assert cash("20000.00 ZAR", "ZA", on="2022-11-13", linked=before).reports == ["CTR"]
    after = [linked("30000.00 ZAR", "2022-11-14T10:00:00+00:00")]
    assert cash("30000.00 ZAR", "ZA", on="2022-11-14", linked=after).reports == []


def test_history_adds_what_the_caller_does_not() -> None:
    assert cash("6000.00 USD", "US", past=Past("4000.01", "USD")).reports == ["CTR"]
    assert cash("6000.00 USD", "US", past=Past("4000.00", "USD")).reports == []


def test_what_the_caller_states_speaks_instead_of_history() -> None:
    assert cash("6000.00 USD", "US", past=Past("9000.00", "USD"), linked=[]).reports == []


def test_history_is_asked_of_the_payer_and_the_day() -> None:
    past = Past("0", "USD")
    cash("6000.00 USD", "US", past=past)
    assert {one.key for one in past.asked} == {("c-1",)}
    assert all(one.end.isoformat() == "2026-11-22T12:00:00+00:00" for one in past.asked)


def test_an_amount_that_is_enough_alone_needs_no_history() -> None:
    body = request(
        "10000.01 USD",
        "cash",
        kind="deposit",
        obliged_entity=at("bank", "US"),
        relationship="established",
        payer={"country": "US"},
    )
    assert ask(body).reports == ["CTR"]


def test_without_a_payer_the_sum_cannot_be_told_and_the_payer_is_asked_for() -> None:
    body = request(
        "9999.99 USD",
        "cash",
        kind="deposit",
        obliged_entity=at("bank", "US"),
        relationship="established",
        payer={"country": "US"},
    )
    told = ask(body)
    assert (told.verdict, told.outcome, told.missing) == ("undecided", "review", ["payer.id"])


def test_a_currency_without_a_rate_leaves_it_undecided() -> None:
    told = cash("500.00 KES", "KE")
    assert (told.verdict, told.outcome, told.missing) == ("undecided", "review", ["rates.KES.USD"])


def test_a_foreign_currency_is_converted_at_the_dated_rate_and_the_rate_is_told() -> None:
    told = cash("9500.00 EUR", "US", linked=[])
    assert told.reports == ["CTR"]
    assert [(rate["from"], rate["to"]) for rate in told.body["fx"]] == [("EUR", "USD")]


# -- trade, transfers, other businesses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "reports"), [("10000.00 USD", []), ("10000.01 USD", ["8300"])])
def test_a_shop_in_the_united_states_reports_cash_on_form_8300(amount: str, reports: list[str]) -> None:
    told = ask(request(amount, "cash", payee={"country": "US"}))
    assert told.reports == reports
    assert told.verdict == ("report" if reports else "clear")


def test_instalments_of_twelve_months_are_added() -> None:
    assert ask(
        request("4000.00 USD", "cash", payee={"country": "US"}, payer={"id": "c-1"}), Past("6000.01", "USD")
    ).reports == ["8300"]
    assert (
        ask(
            request("4000.00 USD", "cash", payee={"country": "US"}, payer={"id": "c-1"}), Past("6000.00", "USD")
        ).reports
        == []
    )


def wire(amount: str, issuer: str, acquirer: str, role: str = "bank", **more: Any) -> Told:
    """A transfer, asked by the payer's provider in an established relationship, of a known customer without a past."""
    payer = {"id": "c-1", "country": issuer, **more.pop("payer", {})}
    body = request(
        amount,
        "credit_transfer",
        kind="transfer",
        payment={"issuer_country": issuer, "acquirer_country": acquirer},
        payer=payer,
        payee={"country": acquirer},
        obliged_entity=at(role, issuer),
        relationship="established",
        **more,
    )
    return ask(body, Past("0", amount.split()[1]))


@pytest.mark.parametrize(
    ("place", "nothing", "report", "code"),
    [
        ("CA", "9999.99 CAD", "10000.00 CAD", "EFTR"),
        ("AU", None, "0.01 AUD", "IFTI"),
        ("NZ", "999.99 NZD", "1000.00 NZD", "PTR"),
        ("IN", "500000.00 INR", "500000.01 INR", "CBWTR"),
        ("GH", "1000.00 USD", "1000.01 USD", "ECTR"),
        ("ID", None, "1.00 IDR", "LTKL"),
        ("NG", "10000.00 USD", "10000.01 USD", "TR"),
        ("VN", "999.99 USD", "1000.00 USD", "TR"),
    ],
)
def test_transfers_abroad(place: str, nothing: str | None, report: str, code: str) -> None:
    individual = {"payer": {"type": "individual"}}
    if nothing:
        assert code not in wire(nothing, place, "JP", **individual).reports
    assert code in wire(report, place, "JP", **individual).reports
    assert code not in wire(report, place, place, **individual).reports


def test_whoever_may_be_abroad_must_be_known() -> None:
    body = request(
        "10000.00 AUD",
        "credit_transfer",
        kind="transfer",
        payment={"issuer_country": "AU"},
        payer={"country": "AU"},
        obliged_entity=at("bank", "AU"),
        relationship="established",
    )
    told = ask(body)
    assert told.verdict == "undecided"
    assert "payee.country" in told.missing or "payment.acquirer_country" in told.missing


@pytest.mark.parametrize(
    ("kind", "nothing", "report"),
    [("individual", "5000000.00 NGN", "5000000.01 NGN"), ("organisation", "10000000.00 NGN", "10000000.01 NGN")],
)
def test_nigeria_has_one_threshold_for_people_and_one_for_companies(kind: str, nothing: str, report: str) -> None:
    assert wire(nothing, "NG", "NG", payer={"type": kind}).reports == []
    assert wire(report, "NG", "NG", payer={"type": kind}).reports == ["CTR"]


@pytest.mark.parametrize(
    ("place", "role", "nothing", "report"),
    [
        ("SG", "precious_metals_dealer", "20000.00 SGD", "20000.01 SGD"),
        ("AE", "precious_metals_dealer", "54999.99 AED", "55000.00 AED"),
        ("PH", "casino", "5000000.00 PHP", "5000000.01 PHP"),
        ("PH", "jeweller", "1000000.00 PHP", "1000000.01 PHP"),
        ("KZ", "casino", "999999.99 KZT", "1000000.00 KZT"),
        ("KZ", "pawnbroker", "2999999.99 KZT", "3000000.00 KZT"),
        ("EE", "notary", "32000.00 EUR", "32000.01 EUR"),
        ("FI", "money_remitter", "999.99 EUR", "1000.00 EUR"),
        ("ES", "money_remitter", "1500.00 EUR", "1500.01 EUR"),
    ],
)
def test_businesses_with_thresholds_of_their_own(place: str, role: str, nothing: str, report: str) -> None:
    assert cash(nothing, place, role, "sale").reports == []
    assert len(cash(report, place, role, "sale").reports) == 1


def test_spain_leaves_out_what_goes_over_an_account() -> None:
    assert cash("30000.01 EUR", "ES", kind="deposit").reports == []
    assert cash("30000.01 EUR", "ES", kind="sale").reports == ["TR"]


def test_peru_registers_and_does_not_report() -> None:
    told = cash("10000.00 USD", "PE")
    assert told.reports == []
    assert "register_operation" in told.duties
    assert "register_operation" not in cash("9999.99 USD", "PE").duties


@pytest.mark.parametrize(("day", "reports"), [("2027-07-09", []), ("2027-07-10", ["TR"])])
def test_banks_of_the_union_report_cash_above_the_limit_from_the_day_of_the_regulation(
    day: str, reports: list[str]
) -> None:
    assert cash("10000.01 EUR", "DE", on=day).reports == reports
    assert cash("10000.00 EUR", "DE", on=day).reports == []


# -- suspicion -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "code", "due"),
    [
        ("US", "SAR", "2026-12-20"),
        ("GB", "SAR", None),
        ("AU", "SMR", "2026-11-25"),
        ("NZ", "SAR", "2026-11-25"),
        ("DE", "STR", None),
        ("EE", "STR", "2026-11-24"),
        ("ID", "LTKM", "2026-11-25"),
        ("KE", "STR", "2026-11-22"),
        ("TW", "STR", "2026-11-24"),
        ("NG", "STR", "2026-11-21T13:00:00+01:00"),
        ("IT", "STR", None),
    ],
)
def test_a_suspicion_holds_is_reported_and_is_not_disclosed(place: str, code: str, due: str | None) -> None:
    told = wire("9000.00 USD", place, place, suspicion=True, on="2026-11-20", payer={"type": "individual"})
    assert (told.verdict, told.outcome) == ("review", "review")
    found = {entry["code"]: entry["due"] for entry in told.aml["reports"]}
    assert found[code] == due
    assert {"str_review", "no_tipping_off"} <= set(told.duties)


@pytest.mark.parametrize(
    ("role", "nothing", "report"),
    [("bank", "4999.99 USD", "5000.00 USD"), ("money_remitter", "1999.99 USD", "2000.00 USD")],
)
def test_in_the_united_states_a_suspicion_is_reported_from_an_amount_on(role: str, nothing: str, report: str) -> None:
    assert "SAR" not in wire(nothing, "US", "US", role, suspicion=True).reports
    assert wire(nothing, "US", "US", role, suspicion=True).verdict == "review"
    assert "SAR" in wire(report, "US", "US", role, suspicion=True).reports


def test_where_no_law_was_read_the_standard_asks_for_it() -> None:
    told = wire("1.00 USD", "FJ", "FJ", suspicion=True)
    assert told.reports == ["STR"]
    assert told.aml["reports"][0]["confidence"] in ("A", "B", "C", "R")


def test_the_union_waits_three_working_days_from_2027() -> None:
    assert "hold_until_answered" not in wire("1.00 EUR", "DE", "DE", suspicion=True, on="2027-07-09").duties
    assert wire("1.00 EUR", "DE", "DE", suspicion=True, on="2027-07-12").duties["hold_until_answered"] == "2027-07-15"


@pytest.mark.parametrize(
    ("country", "on", "from_the_evening_of"),
    [
        ("US", "2026-11-27", "2026-11-25"),  # Thursday was Thanksgiving: what came in on it is Friday's
        ("US", "2026-11-20", "2026-11-19"),
        ("PH", "2026-12-01", "2026-11-27"),  # Monday was Bonifacio Day, after a weekend
    ],
)
def test_a_business_day_takes_in_the_holidays_before_it(country: str, on: str, from_the_evening_of: str) -> None:
    past = Past("0", "USD")
    cash("6000.00 USD", country, past=past, on=on)
    [began] = {
        (one.start - timedelta(hours=12)).date().isoformat() for one in past.asked if "business_day" in one.window
    }
    assert began == from_the_evening_of


def test_sales_of_jewellery_to_one_customer_add_up_within_a_day() -> None:
    def jeweller(amount: str, past: str, **more: Any) -> list[str]:
        return cash(amount, "SG", "jeweller", "sale", Past(past, "SGD"), **more).reports

    assert jeweller("5000.01 SGD", "15000.00") == ["CTR"]
    assert jeweller("5000.00 SGD", "15000.00") == []
    yesterday = [{"at": "2026-11-20T12:00:00+00:00", "amount": "15000.00", "currency": "SGD", "instrument": "cash"}]
    assert jeweller("5000.01 SGD", "0", on="2026-11-21", linked=yesterday) == []


@pytest.mark.parametrize(
    ("country", "role", "half"), [("EE", "car_dealer", "16000.01 EUR"), ("US", "car_dealer", "5000.01 USD")]
)
def test_what_belongs_together_does_so_for_a_year(country: str, role: str, half: str) -> None:
    number, currency = half.split()

    def paid(at: str) -> list[str]:
        earlier = {
            "at": f"{at}T12:00:00+00:00",
            "amount": number,
            "currency": currency,
            "instrument": "cash",
            "direction": "in",
        }
        return cash(half, country, role, "sale", on="2026-11-20", linked=[earlier]).reports

    assert len(paid("2025-11-20")) == 1
    assert paid("2025-11-18") == []
