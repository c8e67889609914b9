"""Elsewhere: laws that ask for other things, and places where none is known, which is said and never silently taken for leave."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.law.telling import (
    CHIP,
    COLLECTED,
    CONTACTLESS,
    LOW_RISK,
    TRANSFER,
    Told,
    authenticated,
    counted,
    fraud_rate,
    law,
    mandate,
    pay,
)


def at_home(
    place: str, amount: str, *more: dict[str, Any], on: str = "2026-10-30T12:00:00+00:00", asked_by: str = "acquirer"
) -> Told:
    """A payment between two providers of one country."""
    return pay(amount, *more, on=on, issuer=place, acquirer=place, asked_by=asked_by)


# -- where no law is known -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["US", "KE", "RU", "DZ", "AQ", "KR", "ET", "UY"])
def test_where_no_law_is_known_the_answer_says_how_surely(place: str) -> None:
    told = at_home(place, "900.00 USD")
    assert (told.outcome, told.sca["verdict"]) == ("allow", "not_applicable")
    assert told.sca["reason"] in ("no_law_known", "no_duty")
    finding = told.body["findings"][0]
    assert finding["rule"] in ("sca.no_law_known", "sca.no_duty")
    assert finding["pack"] == (place if "sca" in getattr(law().packs.get(place), "domains", ()) else "WORLD"), (
        "it says what it rests on"
    )
    assert told.sca["confidence"] == finding["confidence"]


def test_the_united_states_are_known_to_have_none() -> None:
    told = at_home("US", "900.00 USD")
    assert told.sca["regime"] == "NONE"
    finding = told.body["findings"][0]
    assert (finding["rule"], finding["pack"], finding["confidence"]) == ("sca.no_law_known", "US", "C")
    assert finding["message"] == "No law on payer authentication is known for this place."


def test_a_place_nobody_has_looked_at_is_no_place_without_law() -> None:
    told = at_home("AQ", "900.00 USD")
    assert told.sca["confidence"] == "R"
    assert [pack["jurisdiction"] for pack in told.body["rulepacks"]] == ["WORLD"]


# -- India -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("starter", [{}, COLLECTED])
def test_in_india_it_does_not_matter_who_starts_the_payment(starter: dict[str, Any]) -> None:
    told = at_home("IN", "900.00 INR", {"method": "visa"}, starter)
    assert (told.outcome, told.sca["regime"], told.sca["verdict"]) == ("challenge", "IN-AFA", "required")


def test_low_risk_exempts_nothing_in_india() -> None:
    assert at_home("IN", "10.00 INR", {"method": "visa"}, LOW_RISK, fraud_rate("0")).outcome == "challenge"


@pytest.mark.parametrize(
    ("amount", "more", "exemption"),
    [
        ("5000.00 INR", CONTACTLESS, "contactless"),
        ("5000.01 INR", CONTACTLESS, None),
        ("1000.00 INR", {**TRANSFER, "method": "upi_lite", "balance": "5000.00"}, "upi_lite"),
        ("1000.01 INR", {**TRANSFER, "method": "upi_lite", "balance": "5000.00"}, None),
        ("1000.00 INR", {**TRANSFER, "method": "upi_lite", "balance": "5000.01"}, None),
        ("500.00 INR", {"offline": True, "balance": "1500.00"}, "offline_small_value"),
        ("500.01 INR", {"offline": True, "balance": "0.00"}, None),
        ("500.00 INR", {"offline": True, "balance": "1500.01"}, None),
        ("500.00 INR", {"offline": True, **counted("1500.00 INR")}, "offline_small_value"),
        ("500.00 INR", {"offline": True, **counted("1500.01 INR")}, None),
        ("90000.00 INR", {"method": "netc"}, "netc"),
    ],
)
def test_the_closed_list_of_india(amount: str, more: dict[str, Any], exemption: str | None) -> None:
    told = at_home("IN", amount, {"method": "visa"}, more)
    assert told.sca["exemption"] == exemption
    assert told.outcome == ("allow" if exemption else "challenge")


NOON = datetime.fromisoformat("2026-10-30T12:00:00+00:00")


def announced(amount: str, *, hours: int = 24, **stated: Any) -> Told:
    """A later payment of an Indian e-mandate, of which the payer was told so many hours before."""
    consent = {
        "authenticated": True, "first": False, "same_amount": True, "max_amount": "200000.00",
        "notice_sent_at": (NOON - timedelta(hours=hours)).isoformat(), "valid_until": "2027-01-01T00:00:00+05:30",
    }  # fmt: skip
    return at_home("IN", amount, {"method": "visa"}, COLLECTED, mandate(**{**consent, **stated}))


def test_later_payments_of_an_indian_mandate() -> None:
    assert announced("15000.00 INR").verdict == "exempt: recurring"
    assert announced("15000.01 INR").outcome == "challenge"
    assert announced("100000.00 INR", category="insurance").verdict == "exempt: recurring"
    assert announced("100000.01 INR", category="insurance").outcome == "challenge"
    assert announced("100000.00 INR", category="music").outcome == "challenge"


@pytest.mark.parametrize(
    ("day", "amount", "outcome"),
    [
        ("2020-12-31", "2000.00 INR", "allow"),
        ("2020-12-31", "2000.01 INR", "challenge"),
        ("2021-01-01", "5000.00 INR", "allow"),
        ("2022-06-15", "5000.01 INR", "challenge"),
        ("2022-06-16", "15000.00 INR", "allow"),
        ("2023-12-11", "15000.01 INR", "challenge"),
        ("2023-12-12", "100000.00 INR", "allow"),
        ("2026-03-31", "100000.00 INR", "allow"),
        ("2026-04-01", "100000.00 INR", "allow"),
        ("2026-04-01", "100000.01 INR", "challenge"),
    ],
)
def test_the_limits_of_indian_mandates_before_the_directions(day: str, amount: str, outcome: str) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00:00+05:30")
    consent = mandate(
        authenticated=True, first=False, max_amount="200000.00", category="insurance", valid_until="2027-01-01",
        notice_sent_at=(noon - timedelta(hours=24)).isoformat(),
    )  # fmt: skip
    told = at_home("IN", amount, {"method": "visa"}, COLLECTED, consent, on=noon.isoformat())
    assert (told.outcome, told.sca["regime"]) == (outcome, "IN-AFA")


@pytest.mark.parametrize(
    ("day", "amount", "outcome"),
    [
        ("2020-12-31", "2000.00 INR", "allow"),
        ("2020-12-31", "2000.01 INR", "challenge"),
        ("2021-01-01", "5000.00 INR", "allow"),
        ("2026-03-31", "5000.01 INR", "challenge"),
        ("2026-04-01", "5000.01 INR", "challenge"),
    ],
)
def test_contactless_cards_in_india(day: str, amount: str, outcome: str) -> None:
    assert at_home("IN", amount, CONTACTLESS, on=f"{day}T12:00:00+05:30").outcome == outcome


def test_an_indian_mandate_must_be_announced_alive_and_within_the_payer_s_own_maximum() -> None:
    assert announced("900.00 INR", hours=23).outcome == "challenge"
    assert announced("900.00 INR", valid_until="2026-10-29T00:00:00+05:30").outcome == "challenge"
    assert announced("900.01 INR", max_amount="900.00").outcome == "challenge"
    assert announced("900.00 INR", max_amount="900.00").outcome == "allow"
    assert announced("900.00 INR", authenticated=False).outcome == "challenge"
    assert announced("900.00 INR", first=True).verdict == "required: mandate_first_payment"
    assert announced("900.00 INR", being_set_up=True).verdict == "required: mandate_set_up"


@pytest.mark.parametrize("tool", [{"method": "visa"}, {"instrument": "credit_transfer", "method": "upi_autopay"}])
@pytest.mark.parametrize("same", [True, False, None])
def test_what_an_indian_mandate_authorises_is_not_better_left_unsaid(tool: dict[str, str], same: bool | None) -> None:
    """RBI e-mandate framework: a fixed value, or up to a maximum that the customer set. Nobody knows it, nothing is exempt."""
    consent = mandate(
        authenticated=True, first=False, same_amount=same, category="insurance", valid_until="2027-01-01",
        notice_sent_at="2026-11-20T12:00:00+05:30",
    )  # fmt: skip
    told = at_home("IN", "900.00 INR", tool, COLLECTED, consent, on="2026-11-22T12:00:00+05:30")
    assert (told.outcome, "payment.mandate.max_amount" in told.missing) == ("challenge", True)


@pytest.mark.parametrize(
    ("moment", "verdict"), [("2026-09-30T23:59:59+05:30", "not_applicable"), ("2026-10-01T00:00:00+05:30", "required")]
)
def test_indian_cards_at_foreign_shops_from_october_2026(moment: str, verdict: str) -> None:
    told = pay("900.00 USD", {"method": "visa"}, on=moment, issuer="IN", acquirer="US")
    assert told.sca["verdict"] == verdict


def test_in_india_two_factors_of_two_kinds_one_of_them_made_for_the_payment() -> None:
    card = {"method": "visa"}
    otp = authenticated("possession", "knowledge", linked=None, method="sms_otp")
    assert at_home("IN", "900.00 INR", card, otp).outcome == "allow"
    static = authenticated("possession", "knowledge", linked=None, method="static_password")
    assert at_home("IN", "900.00 INR", card, static).outcome == "challenge"
    alone = authenticated("possession", linked=None, method="sms_otp")
    assert at_home("IN", "900.00 INR", card, alone).outcome == "challenge"


# -- Japan and Australia ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "more", "verdict"),
    [
        ("2025-03-31T23:59:59+09:00", {}, "not_applicable: no_law_known"),
        ("2025-04-01T00:00:00+09:00", {}, "required: emv_3ds"),
        ("2025-03-31T15:00:00+00:00", {}, "required: emv_3ds"),  # midnight in Tokyo, told in London
        ("2026-10-30T12:00:00+09:00", {"card": {"funding": "debit"}}, "exempt: prepaid_card"),
        ("2026-10-30T12:00:00+09:00", {"card": {"funding": "credit"}}, "required: emv_3ds"),
        ("2026-10-30T12:00:00+09:00", {"channel": "mail_telephone"}, "out_of_scope: moto"),
        ("2026-10-30T12:00:00+09:00", CHIP, "not_applicable: no_duty"),
    ],
)
def test_japan_asks_its_merchants_for_3d_secure(moment: str, more: dict[str, Any], verdict: str) -> None:
    told = pay("5000 JPY", more, on=moment, issuer="JP", acquirer="JP")
    assert told.verdict == verdict or (told.sca["verdict"], verdict.partition(":")[0]) == (
        "not_applicable",
        "not_applicable",
    )


def test_in_japan_the_merchant_s_place_counts() -> None:
    assert pay("5000 JPY", issuer="US", acquirer="JP").verdict == "required: emv_3ds"
    assert pay("5000 JPY", issuer="JP", acquirer="US").sca["verdict"] == "not_applicable"


@pytest.mark.parametrize(
    ("more", "issuer", "verdict"),
    [
        ({}, "AU", "required: card_not_present"),
        ({"channel": "mail_telephone"}, "AU", "out_of_scope: moto"),
        ({"card": {"funding": "prepaid"}}, "AU", "exempt: prepaid_card"),
        ({"card": {"product": "corporate"}}, "AU", "exempt: corporate_card"),
        ({}, "US", "exempt: foreign_issued"),
        (CHIP, "AU", "not_applicable: no_duty"),
    ],
)
def test_australia_looks_at_cards_that_are_not_present(more: dict[str, Any], issuer: str, verdict: str) -> None:
    assert pay("900.00 AUD", more, issuer=issuer, acquirer="AU").verdict == verdict


@pytest.mark.parametrize(("bps", "outcome"), [("19.99", "allow"), ("20", "challenge")])
def test_an_australian_merchant_below_the_fraud_threshold(bps: str, outcome: str) -> None:
    assert at_home("AU", "900.00 AUD", fraud_rate(bps)).outcome == outcome


# -- biometrics, and forbidden codes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "before", "verdict"),
    [
        ("10000000 VND", "0", "not_applicable"),
        ("10000001 VND", "0", "required"),
        ("10000000 VND", "10000000", "not_applicable"),  # 20 million in all
        ("10000000 VND", "10000001", "required"),
    ],
)
def test_vietnam_wants_biometrics_above_ten_million(amount: str, before: str, verdict: str) -> None:
    told = at_home("VN", amount, TRANSFER, {"limits": {"day_total": before}})
    assert told.sca["verdict"] == verdict


@pytest.mark.parametrize(("method", "outcome"), [("biometric", "allow"), ("sms_otp", "challenge"), (None, "challenge")])
def test_in_vietnam_no_other_method_will_do(method: str | None, outcome: str) -> None:
    done = authenticated("possession", linked=None, method=method)
    told = at_home("VN", "10000001 VND", TRANSFER, {"limits": {"day_total": "0"}}, done)
    assert told.outcome == outcome
    assert told.sca["method_rules"][0]["need"] == ["biometric"]


@pytest.mark.parametrize(
    ("moment", "verdict"), [("2024-06-30T23:59:59+07:00", "not_applicable"), ("2024-07-01T00:00:00+07:00", "required")]
)
def test_vietnam_from_july_2024_in_hanoi(moment: str, verdict: str) -> None:
    told = at_home("VN", "10000001 VND", TRANSFER, {"limits": {"day_total": "0"}}, on=moment)
    assert told.sca["verdict"] == verdict


@pytest.mark.parametrize(
    ("amount", "before", "required"),
    [
        ("49999.99 THB", "0.00", False),
        ("50000.00 THB", "0.00", True),  # at the limit
        ("49999.99 THB", "150000.01", False),  # 200000 in all
        ("49999.99 THB", "150000.02", True),
    ],
)
def test_thailand_scans_faces_from_fifty_thousand(amount: str, before: str, required: bool) -> None:
    told = at_home("TH", amount, TRANSFER, {"limits": {"day_total": before}})
    assert (told.sca["verdict"] == "required") is required


@pytest.mark.parametrize(
    ("day", "method", "outcome"),
    [
        ("2026-03-30", "sms_otp", "allow"),
        ("2026-03-31", "sms_otp", "challenge"),
        ("2026-03-31", "email_otp", "challenge"),
        ("2026-03-31", "app", "allow"),
        ("2026-03-31", "passkey", "allow"),
    ],
)
def test_the_emirates_end_codes_by_sms(day: str, method: str, outcome: str) -> None:
    done = authenticated("possession", "knowledge", method=method)
    assert at_home("AE", "900.00 AED", done, on=f"{day}T12:00:00+04:00").outcome == outcome


def test_the_philippines_end_them_where_the_risk_is_high() -> None:
    risky = {"risk": {"level": "high"}}
    assert at_home("PH", "900.00 PHP", risky, authenticated("possession", method="sms_otp")).outcome == "challenge"
    assert at_home("PH", "900.00 PHP", risky, authenticated("possession", method="app")).outcome == "allow"


# -- limits ----------------------------------------------------------------------------------------------------------


def pix(amount: str, hour: int = 12, **more: Any) -> Told:
    """A Pix from a registered device, at an hour of São Paulo."""
    stated = {
        **TRANSFER,
        "method": "pix",
        "device": {"registered": True},
        "limits": {"day_total": "0.00", "night_total": "0.00"},
    }
    return at_home("BR", amount, {**stated, **more}, on=f"2026-10-30T{hour:02d}:00:00-03:00")


@pytest.mark.parametrize(
    ("amount", "registered", "before", "reason"),
    [
        ("200.00 BRL", False, "0.00", "pix_in_app"),
        ("200.01 BRL", False, "0.00", "pix_unregistered_device"),
        ("200.00 BRL", False, "800.00", "pix_in_app"),  # 1000 in all
        ("200.00 BRL", False, "800.01", "pix_unregistered_device_day"),
        ("9000.00 BRL", True, "0.00", "pix_in_app"),
    ],
)
def test_a_pix_from_a_device_the_bank_does_not_know(amount: str, registered: bool, before: str, reason: str) -> None:
    told = pix(amount, device={"registered": registered}, limits={"day_total": before, "night_total": "0.00"})
    assert told.verdict == f"required: {reason}"


@pytest.mark.parametrize(
    ("amount", "hour", "registered", "outcome"),
    [
        ("200.01 BRL", 12, True, "allow"),
        ("200.01 BRL", 12, False, "challenge"),
        ("1000.01 BRL", 22, True, "challenge"),
        ("1000.00 BRL", 22, True, "allow"),
    ],
)
def test_a_limit_of_pix_is_not_lifted_by_authentication(amount: str, hour: int, registered: bool, outcome: str) -> None:
    done = authenticated("possession", "inherence", method="app")
    limits = {"day_total": "0.00", "night_total": "0.00"}
    assert pix(amount, hour, device={"registered": registered}, limits=limits, **done).outcome == outcome


@pytest.mark.parametrize(
    ("hour", "amount", "reason"),
    [
        (19, "1000.01 BRL", "pix_in_app"),
        (20, "1000.00 BRL", "pix_in_app"),
        (20, "1000.01 BRL", "pix_night"),
        (5, "1000.01 BRL", "pix_night"),
        (6, "1000.01 BRL", "pix_in_app"),
    ],
)
def test_a_pix_at_night(hour: int, amount: str, reason: str) -> None:
    assert pix(amount, hour).verdict == f"required: {reason}"


@pytest.mark.parametrize(
    ("place", "under", "over"),
    [
        ("TR", "2499.99 TRY", "2500.00 TRY"),  # at the limit the PIN is wanted
        ("CH", "80.00 CHF", "80.01 CHF"),
        ("PK", "3000.00 PKR", "3000.01 PKR"),
        ("BD", "5000.00 BDT", "5000.01 BDT"),
        ("BH", "50.000 BHD", "50.001 BHD"),
    ],
)
def test_contactless_limits_of_the_world(place: str, under: str, over: str) -> None:
    assert at_home(place, under, CONTACTLESS).verdict == "exempt: contactless"
    assert at_home(place, over, CONTACTLESS).sca["verdict"] == "required"


@pytest.mark.parametrize(("amount", "required"), [("500.00 MXN", False), ("500.01 MXN", True)])
def test_mexicans_set_their_own_threshold(amount: str, required: bool) -> None:
    told = at_home("MX", amount, TRANSFER, {"limits": {"user_threshold": "500.00"}})
    assert (told.sca["verdict"] == "required") is required


@pytest.mark.parametrize(
    ("day", "week", "month", "required"),
    [
        ("0.00", "0.00", "0.00", False),
        ("100.01", "100.01", "100.01", True),  # 200.01 in the day
        ("0.00", "400.01", "400.01", True),
        ("0.00", "0.00", "900.01", True),
        ("100.00", "400.00", "900.00", False),
    ],
)
def test_foreign_cards_in_nigeria(day: str, week: str, month: str, required: bool) -> None:
    totals = {"limits": {"day_total": day, "week_total": week, "month_total": month}}
    told = pay("100.00 USD", totals, issuer="US", acquirer="NG")
    assert (told.sca["verdict"] == "required") is required


# -- two laws at once ------------------------------------------------------------------------------------------------


def test_the_stricter_of_two_laws_decides() -> None:
    """A Vietnamese account pays into the area: one leg for Europe, and over the limit at home."""
    told = pay("10000001 VND", TRANSFER, {"limits": {"day_total": "0"}}, issuer="VN", acquirer="DE")
    assert (told.outcome, told.sca["regime"]) == ("challenge", "VN-2345")
    assert {"VN", "EEA"} <= {pack["jurisdiction"] for pack in told.body["rulepacks"]}


def test_a_method_that_one_place_forbids_does_not_satisfy_the_other() -> None:
    done = authenticated("possession", linked=None, method="sms_otp")
    told = pay("10000001 VND", TRANSFER, {"limits": {"day_total": "0"}}, done, issuer="VN", acquirer="VN")
    assert (told.outcome, told.sca["satisfied"]) == ("challenge", False)


def test_an_exemption_in_use_is_not_among_the_closed() -> None:
    """Two rules of Bahrain give one exemption: up to the limit, and above it on a verified device."""
    told = at_home("BH", "50.000 BHD", CONTACTLESS)
    assert told.verdict == "exempt: contactless"
    assert "contactless" not in told.closed


# -- Peru ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "verdict"),
    [
        (None, "required: dynamic_code"),
        ({"issued_at": "2025-07-01"}, "required: dynamic_code"),
        ({"issued_at": "2025-06-30"}, "not_applicable: no_duty"),
    ],
)
def test_a_peruvian_card_counts_as_new_unless_it_is_known_to_be_old(card: dict[str, Any] | None, verdict: str) -> None:
    assert at_home("PE", "90.00 PEN", {"card": card}).verdict == verdict


# -- a rate that nobody has ------------------------------------------------------------------------------------------


def test_a_duty_that_hangs_on_a_rate_alone_names_it() -> None:
    told = at_home("VN", "900 XAF", TRANSFER, {"limits": {"day_total": "0"}})
    assert (told.sca["verdict"], told.outcome, told.missing) == ("undecided", "challenge", {"rates.XAF.VND"})
