"""The European Economic Area: Directive (EU) 2015/2366, Art. 97, and Delegated Regulation (EU) 2018/389 (the RTS)."""

import pytest

from tests.law.telling import (
    CHIP,
    COLLECTED,
    CONTACTLESS,
    LOW_RISK,
    NOTHING_YET,
    TRANSFER,
    authenticated,
    counted,
    fraud_rate,
    mandate,
    pay,
)

# -- the duty --------------------------------------------------------------------------------------------------------


def test_a_payer_who_pays_by_card_over_the_internet_authenticates() -> None:
    told = pay("600.00 EUR")
    assert (told.outcome, told.verdict) == ("challenge", "required: payer_initiated")
    assert told.sca["regime"] == "EU-RTS"
    assert told.sca["dynamic_linking"] is True


@pytest.mark.parametrize("instrument", ["cash", "voucher", "crypto"])
def test_what_is_no_electronic_payment_needs_none(instrument: str) -> None:
    """Art. 3(a) and (g), Art. 97(1)(b): the duty never arose, between providers to whom the law applies."""
    told = pay("600.00 EUR", {"instrument": instrument})
    assert (told.outcome, told.verdict) == ("allow", "out_of_scope: not_electronic")


def test_a_refund_is_started_by_the_other_side() -> None:
    told = pay("600.00 EUR", {"kind": "refund"})
    assert (told.outcome, told.verdict) == ("allow", "out_of_scope: refund")


@pytest.mark.parametrize(
    ("moment", "verdict"),
    [
        ("2019-09-13T23:59:59+02:00", "not_applicable"),
        ("2019-09-14T00:00:00+02:00", "required"),
        ("2019-09-13T22:00:00+00:00", "required"),  # the same moment, told in London
        ("2019-09-13T21:59:59+00:00", "not_applicable"),
    ],
)
def test_the_rts_apply_from_midnight_of_14_september_2019(moment: str, verdict: str) -> None:
    assert pay("600.00 EUR", on=moment).sca["verdict"] == verdict


def test_midnight_is_local_to_the_provider() -> None:
    """22:30 in London on the 13th is already the 14th in Helsinki, and in Paris, and still the 13th in Lisbon."""
    moment = "2019-09-13T21:30:00+00:00"
    assert pay("600.00 EUR", on=moment, issuer="FI", acquirer="FI").sca["verdict"] == "required"
    assert pay("600.00 EUR", on=moment, issuer="PT", acquirer="PT").sca["verdict"] == "not_applicable"
    later = "2019-09-13T23:30:00+00:00"
    assert pay("600.00 EUR", on=later, issuer="PT", acquirer="PT").sca["verdict"] == "required"


@pytest.mark.parametrize("place", ["NO", "IS", "LI", "AX", "RE", "GF", "GP", "MQ", "MF", "YT", "HR", "BG", "MT"])
def test_the_area_is_more_than_the_27(place: str) -> None:
    """Norway, Iceland and Liechtenstein belong to the area; so do Union territories with codes of their own."""
    there = pay("600.00 EUR", issuer=place)
    assert (there.sca["verdict"], there.sca["regime"], there.sca["one_leg"]) == ("required", "EU-RTS", False)
    assert pay("600.00 EUR", acquirer=place).sca["verdict"] == "required"


@pytest.mark.parametrize("place", ["CH", "SM", "GL", "NC", "FO", "US"])
def test_neighbours_and_overseas_countries_do_not_belong(place: str) -> None:
    assert pay("600.00 EUR", issuer=place).sca["one_leg"] is True


# -- one leg outside -------------------------------------------------------------------------------------------------


def test_a_foreign_card_at_a_shop_in_the_area() -> None:
    told = pay("600.00 EUR", issuer="US")
    assert (told.outcome, told.verdict) == ("allow", "out_of_scope: one_leg_out")
    assert told.sca["one_leg"] is True
    assert [duty["code"] for duty in told.body["obligations"]] == ["authenticate_by_best_effort"]


def test_a_card_of_the_area_at_a_foreign_shop() -> None:
    told = pay("600.00 EUR", acquirer="US")
    assert (told.outcome, told.verdict) == ("allow", "out_of_scope: one_leg_out")
    assert told.sca["one_leg"] is True


def test_people_s_homes_do_not_matter_only_their_providers() -> None:
    told = pay("600.00 EUR", {"payer": {"country": "US", "type": "individual"}})
    assert told.sca["one_leg"] is False


@pytest.mark.parametrize(("issuer", "acquirer"), [(None, "DE"), ("FR", None), (None, None)])
def test_a_provider_s_place_that_nobody_stated_never_helps(issuer: str | None, acquirer: str | None) -> None:
    told = pay("10.00 EUR", NOTHING_YET, issuer=issuer, acquirer=acquirer)
    assert told.outcome == "challenge"
    wanted = {"payment.issuer_country"} if issuer is None else set()
    wanted |= {"payment.acquirer_country"} if acquirer is None else set()
    assert wanted <= told.missing


def test_an_iban_tells_the_payer_s_provider() -> None:
    told = pay("600.00 EUR", TRANSFER, {"account": {"iban": "FR7630006000011234567890189"}}, issuer=None)
    assert told.verdict == "required: payer_initiated"
    assert told.sca["one_leg"] is False


@pytest.mark.parametrize(
    ("moment", "verdict", "one_leg"),
    [
        ("2020-12-31T23:59:59+01:00", "required: payer_initiated", False),
        (
            "2021-01-01T00:30:00+01:00",
            "required: payer_initiated",
            False,
        ),  # half past eleven in London: still Union law there
        ("2021-01-01T01:00:00+01:00", "out_of_scope: one_leg_out", True),
    ],
)
def test_the_united_kingdom_leaves_when_both_sides_have_reached_2021(moment: str, verdict: str, one_leg: bool) -> None:
    """Until the end of 2020 Union law held in the United Kingdom. In the hour between, the stricter side decides."""
    told = pay("600.00 EUR", on=moment, issuer="FR", acquirer="GB")
    assert (told.verdict, told.sca["one_leg"]) == (verdict, one_leg)


@pytest.mark.parametrize(
    ("issuer", "acquirer", "who"),
    [("FR", "US", "issuer"), ("US", "DE", "acquirer"), ("GB", "US", "issuer"), ("US", "GB", "acquirer")],
)
def test_the_one_provider_inside_is_named_as_the_one_who_must_try(issuer: str, acquirer: str, who: str) -> None:
    """The issuer authenticates or carries the loss; the acquirer supports it or carries the loss (Art. 74(2))."""
    told = pay("600.00 EUR", issuer=issuer, acquirer=acquirer)
    assert [(duty["code"], duty["who"]) for duty in told.body["obligations"]] == [("authenticate_by_best_effort", who)]


@pytest.mark.parametrize("more", [COLLECTED | mandate(authenticated=True), {"channel": "mail_telephone"}])
def test_nobody_tries_to_authenticate_a_payer_who_is_not_there(more: dict[str, object]) -> None:
    assert pay("600.00 EUR", more, acquirer="US").body["obligations"] == []


def test_a_payment_outside_two_laws_has_not_been_authenticated() -> None:
    assert pay("600.00 EUR", acquirer="US").sca["satisfied"] is False


# -- outside the duty ------------------------------------------------------------------------------------------------


def test_a_payment_collected_under_an_authenticated_mandate() -> None:
    told = pay("600.00 EUR", COLLECTED, mandate(authenticated=True))
    assert (told.outcome, told.verdict) == ("allow", "out_of_scope: mit")


def test_a_mandate_given_without_authentication() -> None:
    told = pay(
        "600.00 EUR", COLLECTED, mandate(authenticated=False, form="remote", created_at="2024-01-01T12:00:00+01:00")
    )
    assert (told.outcome, told.verdict) == ("challenge", "required: mandate_without_sca")


@pytest.mark.parametrize("more", [NOTHING_YET, {**LOW_RISK, **fraud_rate("1")}, {"trusted_beneficiary": True}])
def test_no_exemption_heals_a_mandate_without_authentication(more: dict[str, object]) -> None:
    told = pay("20.00 EUR", COLLECTED, mandate(authenticated=False), more, asked_by="issuer")
    assert (told.outcome, told.verdict, told.open) == ("challenge", "required: mandate_without_sca", {})


@pytest.mark.parametrize(
    ("day", "verdict"), [("2019-09-13", "out_of_scope: mit"), ("2019-09-14", "required: mandate_without_sca")]
)
def test_mandates_older_than_the_rts_needed_none(day: str, verdict: str) -> None:
    old = mandate(authenticated=False, form="remote", created_at=f"{day}T12:00:00+02:00")
    assert pay("600.00 EUR", COLLECTED, old).verdict == verdict


def test_a_saved_card_paid_by_a_payer_who_is_present_is_not_merchant_initiated() -> None:
    assert pay("600.00 EUR", mandate(authenticated=True)).verdict == "required: payer_initiated"


@pytest.mark.parametrize("initiator", ["payee", None])
def test_a_credit_transfer_is_initiated_by_the_payer_whatever_is_said(initiator: str | None) -> None:
    """PSD2 Art. 4(24): on an instruction given by the payer."""
    told = pay("600.00 EUR", TRANSFER, {"initiator": initiator}, mandate(authenticated=True))
    assert told.verdict == "required: payer_initiated"


def test_nothing_known_of_the_mandate_is_not_a_mandate() -> None:
    told = pay("600.00 EUR", COLLECTED)
    assert told.outcome == "challenge"
    assert "payment.mandate" in told.missing


@pytest.mark.parametrize("amount", ["10.00 EUR", "600.00 EUR"])
def test_setting_a_mandate_up_is_authenticated_whatever_else_holds(amount: str) -> None:
    told = pay(amount, NOTHING_YET, mandate(being_set_up=True))
    assert told.verdict == "required: mandate_set_up"
    if amount == "10.00 EUR":
        assert told.closed["low_value"] == "sca.mandate_set_up applies whatever else holds"


def test_a_mandate_on_paper_is_no_remote_action() -> None:
    told = pay("10.00 EUR", NOTHING_YET, mandate(being_set_up=True, form="paper", same_amount=False))
    assert told.verdict == "exempt: low_value"


def test_an_order_by_telephone() -> None:
    told = pay("600.00 EUR", {"channel": "mail_telephone"})
    assert (told.outcome, told.verdict) == ("allow", "out_of_scope: moto")


def test_a_direct_debit() -> None:
    told = pay("600.00 EUR", {"instrument": "direct_debit", "initiator": "payee"})
    assert (told.outcome, told.verdict) == ("allow", "out_of_scope: direct_debit")
    signed_now = pay(
        "600.00 EUR", {"instrument": "direct_debit", "initiator": "payee"}, mandate(being_set_up=True, form="remote")
    )
    assert signed_now.verdict == "required: mandate_set_up"


def test_an_anonymous_prepaid_card() -> None:
    assert pay("100.00 EUR", {"anonymous_prepaid": True}).verdict == "out_of_scope: anonymous"


# -- Art. 11: contactless --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "before", "verdict"),
    [
        ("50.00 EUR", NOTHING_YET, "exempt: contactless"),
        ("50.01 EUR", NOTHING_YET, "required: payer_initiated"),
        ("50.00 EUR", counted("100.00 EUR"), "exempt: contactless"),  # 150 in all
        ("50.00 EUR", counted("100.01 EUR"), "required: payer_initiated"),
        ("1.00 EUR", counted("400.00 EUR", 4, "count"), "exempt: contactless"),  # the fifth
        ("1.00 EUR", counted("4.00 EUR", 5, "count"), "required: payer_initiated"),  # the sixth
    ],
)
def test_contactless_at_a_till(amount: str, before: dict[str, object], verdict: str) -> None:
    assert pay(amount, CONTACTLESS, before).verdict == verdict


def test_the_provider_chose_one_counter_and_nobody_said_which() -> None:
    both_fit = pay("20.00 EUR", CONTACTLESS, counted("20.00 EUR", 1, None))
    assert both_fit.verdict == "exempt: contactless"
    one_fits = pay("20.00 EUR", CONTACTLESS, counted("20.00 EUR", 7, None))
    assert one_fits.outcome == "challenge"
    assert one_fits.closed["contactless"] == "payment.since_authenticated.policy not stated"
    assert "payment.since_authenticated.policy" in one_fits.missing


def test_counters_nobody_stated_close_the_exemption_by_name() -> None:
    told = pay("10.00 EUR", CONTACTLESS)
    assert told.outcome == "challenge"
    assert told.closed["contactless"] == "payment.since_authenticated not stated"
    assert told.missing >= {"payment.since_authenticated"}


# -- Art. 12 to 15 and 17 --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "terminal", "verdict"),
    [
        ("unattended_terminal", {"purpose": "parking"}, "exempt: unattended_transport_parking"),
        ("unattended_terminal", {"purpose": "transport_fare"}, "exempt: unattended_transport_parking"),
        ("unattended_terminal", {"purpose": "vending"}, "required: payer_initiated"),
        ("contactless", {"purpose": "transport_fare", "attended": False}, "exempt: unattended_transport_parking"),
        ("contactless", {"purpose": "transport_fare", "attended": True}, "required: payer_initiated"),
        ("remote", {"purpose": "parking", "attended": False}, "required: payer_initiated"),
    ],
)
def test_a_machine_that_sells_tickets_or_parking(channel: str, terminal: dict[str, object], verdict: str) -> None:
    """Art. 12: any amount, but only at the machine."""
    assert pay("900.00 EUR", {"channel": channel, "terminal": terminal}).verdict == verdict


@pytest.mark.parametrize(
    ("asked_by", "outcome", "verdict"),
    [
        ("issuer", "allow", "exempt: trusted_beneficiary"),
        ("acquirer", "challenge", "required: payer_initiated"),
        ("merchant", "challenge", "required: payer_initiated"),
    ],
)
def test_only_the_issuer_may_trust_a_beneficiary(asked_by: str, outcome: str, verdict: str) -> None:
    told = pay("600.00 EUR", {"trusted_beneficiary": True}, asked_by=asked_by)
    assert (told.outcome, told.verdict) == (outcome, verdict)
    assert told.open == {"trusted_beneficiary": ["issuer"]}
    if asked_by != "issuer":
        assert told.closed["trusted_beneficiary"] == "only the issuer may use it"


def test_a_standing_order() -> None:
    """Art. 14: the first payment is authenticated, the later ones of the same amount to the same payee are not."""
    series = {"authenticated": True, "same_amount": True, "same_payee": True}
    later = pay("600.00 EUR", TRANSFER, mandate(**series, first=False))
    assert (later.verdict, later.sca["by"]) == ("exempt: recurring", "acquirer")
    first = pay("600.00 EUR", TRANSFER, mandate(**series, first=True))
    assert first.verdict == "required: recurring_first"
    varying = pay("600.00 EUR", TRANSFER, mandate(authenticated=True, same_amount=False, same_payee=True, first=False))
    assert varying.verdict == "required: payer_initiated"


@pytest.mark.parametrize(
    ("more", "asked_by", "verdict"),
    [
        ({**TRANSFER, "own_account": True}, "issuer", "exempt: own_account_transfer"),
        ({**TRANSFER, "own_account": False}, "issuer", "required: payer_initiated"),
        ({"own_account": True}, "issuer", "required: payer_initiated"),
        ({"corporate_process": True, "payer": {"type": "organisation"}}, "issuer", "exempt: secure_corporate"),
        ({"corporate_process": True, "payer": {"type": "individual"}}, "issuer", "required: payer_initiated"),
        ({"corporate_process": True, "payer": {"type": "organisation"}}, "acquirer", "required: payer_initiated"),
    ],
)
def test_own_accounts_and_companies(more: dict[str, object], asked_by: str, verdict: str) -> None:
    assert pay("90000.00 EUR", more, asked_by=asked_by).verdict == verdict


# -- Art. 16: low value ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "before", "verdict"),
    [
        ("30.00 EUR", NOTHING_YET, "exempt: low_value"),
        ("30.01 EUR", NOTHING_YET, "required: payer_initiated"),
        ("30.00 EUR", counted("70.00 EUR"), "exempt: low_value"),  # 100 in all
        ("30.00 EUR", counted("70.01 EUR"), "required: payer_initiated"),
        ("30.00 EUR", counted("400.00 EUR", 4, "count"), "exempt: low_value"),  # the fifth
        ("1.00 EUR", counted("4.00 EUR", 5, "count"), "required: payer_initiated"),  # the sixth
    ],
)
def test_low_value(amount: str, before: dict[str, object], verdict: str) -> None:
    assert pay(amount, before).verdict == verdict


def test_low_value_says_both_numbers() -> None:
    told = pay("24.90 EUR", counted("40.00 EUR", 2))
    assert told.because["amount"] == "24.90 EUR <= 30.00 EUR"
    assert told.because["sum with this payment"] == "64.90 EUR <= 100.00 EUR"
    over = pay("30.01 EUR", counted("0.00 EUR"))
    assert over.closed["low_value"] == "amount 30.01 EUR > 30.00 EUR"


def test_low_value_is_for_the_internet() -> None:
    assert "low_value" not in pay("10.00 EUR", CHIP, NOTHING_YET).open


# -- Art. 18: transaction risk analysis ------------------------------------------------------------------------------

BANDS = [
    # amount, the provider's fraud rate in basis points, open
    ("100.00 EUR", "13", True),
    ("100.00 EUR", "13.01", False),
    ("100.01 EUR", "13", False),
    ("100.01 EUR", "6", True),
    ("250.00 EUR", "6", True),
    ("250.00 EUR", "6.01", False),
    ("250.01 EUR", "6", False),
    ("250.01 EUR", "1", True),
    ("500.00 EUR", "1", True),
    ("500.00 EUR", "1.01", False),
    ("500.01 EUR", "1", False),
    ("500.01 EUR", "0", False),
]


@pytest.mark.parametrize(("amount", "bps", "exempt"), BANDS)
def test_the_three_bands_for_cards(amount: str, bps: str, exempt: bool) -> None:
    told = pay(amount, LOW_RISK, fraud_rate(bps))
    assert told.verdict == ("exempt: tra" if exempt else "required: payer_initiated")


@pytest.mark.parametrize(
    ("amount", "bps", "exempt"),
    [
        ("100.00 EUR", "1.5", True),
        ("100.00 EUR", "1.51", False),
        ("250.00 EUR", "1", True),
        ("250.00 EUR", "1.01", False),
        ("500.00 EUR", "0.5", True),
        ("500.00 EUR", "0.51", False),
    ],
)
def test_the_three_bands_for_credit_transfers(amount: str, bps: str, exempt: bool) -> None:
    told = pay(amount, TRANSFER, LOW_RISK, fraud_rate(bps))
    assert told.verdict == ("exempt: tra" if exempt else "required: payer_initiated")


def test_a_band_whose_use_has_ceased() -> None:
    """Art. 20: two quarters above the reference rate end the use of that band, and of that band only."""
    assert pay("90.00 EUR", LOW_RISK, fraud_rate("13", "100")).outcome == "challenge"
    assert pay("90.00 EUR", LOW_RISK, fraud_rate("13", "250", "500")).verdict == "exempt: tra"
    assert pay("90.00 EUR", LOW_RISK, fraud_rate("13", "100.00")).outcome == "challenge"
    assert pay("90.00 EUR", LOW_RISK, fraud_rate("6", "100")).verdict == "exempt: tra", "the next band covers it too"


def test_risk_analysis_needs_its_rate_and_its_finding() -> None:
    no_rate = pay("90.00 EUR", LOW_RISK)
    assert no_rate.closed["tra"] == "payment.fraud_rate not stated"
    no_risk = pay("90.00 EUR", fraud_rate("1"))
    assert no_risk.closed["tra"] == "payment.risk not stated"


@pytest.mark.parametrize(
    "sign",
    [
        "abnormal_behaviour",
        "unusual_device",
        "malware",
        "known_fraud_scenario",
        "abnormal_location",
        "high_risk_payee_location",
    ],
)
def test_a_sign_of_fraud_closes_every_exemption(sign: str) -> None:
    told = pay("10.00 EUR", NOTHING_YET, fraud_rate("1"), {"risk": {"level": "low", "signals": [sign]}})
    assert (told.outcome, told.verdict) == ("challenge", "required: article_2_flag")
    assert told.closed["low_value"] == "sca.article_2_flag applies whatever else holds"


# -- several exemptions, and who asks --------------------------------------------------------------------------------


def test_the_exemption_whose_volume_is_not_audited_goes_first() -> None:
    told = pay("10.00 EUR", NOTHING_YET, LOW_RISK, fraud_rate("1"))
    assert told.verdict == "exempt: low_value"
    assert set(told.open) == {"low_value", "tra"}


def test_a_merchant_asks_through_its_acquirer() -> None:
    told = pay("10.00 EUR", NOTHING_YET, asked_by="merchant")
    assert (told.verdict, told.sca["by"]) == ("exempt: low_value", "acquirer")
    assert pay("10.00 EUR", NOTHING_YET, asked_by="issuer").sca["by"] == "issuer"


def test_the_issuer_has_the_last_word() -> None:
    told = pay("10.00 EUR", NOTHING_YET)
    assert told.sca["on_refusal"]["action"] == "authenticate_and_retry_once"
    assert told.sca["on_refusal"]["codes"]["visa"] == "1A"
    collected = pay("600.00 EUR", COLLECTED, mandate(authenticated=True))
    assert collected.sca["on_refusal"]["action"] == "return_to_payer"


# -- an authentication that was done ---------------------------------------------------------------------------------


def test_what_nothing_lifts_leaves_nothing_available() -> None:
    """An exemption that is closed is not offered beside it."""
    flagged = pay("10.00 EUR", NOTHING_YET, {"risk": {"level": "low", "signals": ["malware"]}})
    assert (flagged.verdict, flagged.open) == ("required: article_2_flag", {})
    assert flagged.closed["low_value"] == "sca.article_2_flag applies whatever else holds"
    nowhere = pay("10.00 EUR", NOTHING_YET, {"trusted_beneficiary": True}, acquirer=None, asked_by="issuer")
    assert (nowhere.verdict, nowhere.open) == ("required: place_unknown", {})
    assert nowhere.closed["low_value"] == nowhere.closed["trusted_beneficiary"] == "payment.acquirer_country not stated"


def test_what_is_missing_is_the_fewest_facts() -> None:
    """Who initiates, or over which channel, decides what else is asked."""
    assert pay("600.00 EUR", {"initiator": None}).missing == {"payment.initiator"}
    unsaid = pay("20.00 EUR", NOTHING_YET, mandate(first=False, same_amount=False), {"channel": None})
    assert unsaid.missing == {"payment.channel"}


def test_an_exception_is_told_by_whether_it_applies() -> None:
    assert pay("600.00 EUR", acquirer="US").because["sca.mandate_set_up"] == "false"


@pytest.mark.parametrize(
    ("more", "satisfied"),
    [
        (authenticated("possession", "inherence"), True),
        (authenticated("possession", "knowledge"), True),
        (authenticated("possession"), False),
        (authenticated("possession", "possession"), False),
        (authenticated("possession", "inherence", linked=False), False),
        (authenticated("possession", "inherence", linked=None), False),
        (authenticated("possession", "inherence", done=False), False),
    ],
)
def test_two_elements_of_two_kinds_bound_to_amount_and_payee(more: dict[str, object], satisfied: bool) -> None:
    told = pay("600.00 EUR", more)
    assert (told.sca["satisfied"], told.outcome) == (satisfied, "allow" if satisfied else "challenge")


def test_chip_and_pin_need_no_dynamic_linking() -> None:
    told = pay("600.00 EUR", CHIP, authenticated("possession", "knowledge", linked=None))
    assert (told.sca["satisfied"], told.sca["dynamic_linking"]) == (True, False)


# -- what the answer rests on ----------------------------------------------------------------------------------------


def test_the_answer_names_the_law_the_day_and_the_pack() -> None:
    told = pay("24.90 EUR", counted("40.00 EUR", 2))
    found = next(finding for finding in told.body["findings"] if finding["rule"] == "sca.low_value")
    assert found["law"]["instrument"] == "Delegated Regulation (EU) 2018/389"
    assert found["law"]["provision"] == "Art. 16"
    assert found["law"]["basis"] == "statute"
    assert found["confidence"] == "A"
    applied = {pack["jurisdiction"]: pack for pack in told.body["rulepacks"]}
    assert applied["EEA"]["as_of"] == "2026-10-30"
    assert applied["EEA"]["digest"].startswith("sha256:")
