"""What is left unsaid never helps, and what one law is content with does not content the other."""

from typing import Any

import pytest

from tests.law.telling import COLLECTED, TRANSFER, Told, authenticated, counted, mandate, pay

PASSED = authenticated("possession", "knowledge")
BY_SMS = authenticated("possession", "knowledge", method="sms_otp")
SERIES = {"first": True, "same_amount": True, "same_payee": True, "authenticated": True}


def home(place: str, amount: str, *more: dict[str, Any], on: str = "2026-10-30") -> Told:
    """A payment between two providers of one country."""
    return pay(amount, *more, on=on, issuer=place, acquirer=place)


# -- two laws --------------------------------------------------------------------------------------------------------


def test_both_laws_must_be_content() -> None:
    """An Indian payer sets up a mandate with a French acquirer: two factors content India, and the RTS want dynamic linking."""
    unlinked = authenticated("possession", "knowledge", linked=None, method="sms_otp")
    told = pay("90.00 EUR", {"initiator": None}, mandate(being_set_up=True), unlinked, issuer="IN", acquirer="FR")
    assert (told.outcome, told.sca["satisfied"]) == ("challenge", False)
    linked = authenticated("possession", "knowledge", method="sms_otp")
    both = pay("90.00 EUR", {"initiator": None}, mandate(being_set_up=True), linked, issuer="IN", acquirer="FR")
    assert (both.outcome, both.sca["satisfied"]) == ("allow", True)


def test_a_device_unlocked_in_karachi_is_no_3d_secure_in_tokyo() -> None:
    told = pay("3000.01 PKR", {"device": {"verified": "biometric"}}, issuer="PK", acquirer="JP")
    assert (told.outcome, told.sca["satisfied"]) == ("challenge", False)


def test_an_authentication_does_not_settle_the_law_of_a_place_nobody_named() -> None:
    """The payer's bank may be one whose law forbids that very method."""
    over = {**TRANSFER, "limits": {"day_total": "0"}}
    named = pay("10000001 VND", over, BY_SMS, issuer="VN", acquirer="DE")
    unnamed = pay("10000001 VND", over, BY_SMS, issuer=None, acquirer="DE")
    assert (named.outcome, unnamed.outcome) == ("challenge", "challenge")
    assert "payment.issuer_country" in unnamed.missing


# -- one fact less ---------------------------------------------------------------------------------------------------


def test_who_collects_is_not_better_left_unsaid() -> None:
    """Whether South Africa asks anything of a collection is not read; an authentication that was done settles it either way."""
    stated = home("ZA", "900.00 ZAR", PASSED, COLLECTED)
    unsaid = home("ZA", "900.00 ZAR", PASSED, {"initiator": None})
    assert (stated.outcome, unsaid.outcome) == ("allow", "allow")


@pytest.mark.parametrize("unsaid", ["first", "same_amount", "same_payee"])
def test_a_series_half_told_is_not_a_series_that_is_none(unsaid: str) -> None:
    """Art. 14(1): the first payment of a series is authenticated, low value or not. A mandate is stated, so it is asked about."""
    before = counted("0.00 EUR")
    assert pay("10.00 EUR", before, mandate(**SERIES)).outcome == "challenge"
    told = pay("10.00 EUR", before, mandate(**{key: value for key, value in SERIES.items() if key != unsaid}))
    assert told.outcome == "challenge"
    assert f"payment.mandate.{unsaid}" in told.missing


def test_without_any_mandate_there_is_no_series() -> None:
    assert pay("10.00 EUR", counted("0.00 EUR")).outcome == "allow"


def test_the_first_payment_of_an_indian_mandate() -> None:
    toll = {"method": "netc"}
    assert home("IN", "2000.00 INR", toll, mandate(first=True)).outcome == "challenge"
    assert home("IN", "2000.00 INR", toll).outcome == "allow"
