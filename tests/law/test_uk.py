"""The United Kingdom: the FCA's technical standards, in sterling, before and after the change of 19 March 2026."""

import pytest

from tests.law.telling import (
    COLLECTED,
    CONTACTLESS,
    LOW_RISK,
    Told,
    counted,
    fraud_rate,
    mandate,
    pay,
)

NOTHING_YET = counted("0.00 GBP")


def british(amount: str, *more: dict[str, object], on: str = "2026-10-30", asked_by: str = "acquirer") -> Told:
    """A payment between two British providers."""
    return pay(amount, *more, on=on, issuer="GB", acquirer="GB", asked_by=asked_by)


def test_a_payer_who_pays_over_the_internet_authenticates() -> None:
    told = british("600.00 GBP")
    assert (told.outcome, told.verdict, told.sca["regime"]) == ("challenge", "required: payer_initiated", "UK-RTS")


@pytest.mark.parametrize(
    ("moment", "regime"),
    [
        ("2020-12-31T23:59:59+00:00", "EU-RTS"),
        ("2021-01-01T00:00:00+00:00", "UK-RTS"),
        ("2021-01-01T00:59:59+01:00", "EU-RTS"),  # a minute past midnight in Brussels is not midnight in London
    ],
)
def test_its_own_text_applies_from_midnight_of_london(moment: str, regime: str) -> None:
    assert british("600.00 GBP", on=moment).sca["regime"] == regime


@pytest.mark.parametrize(
    ("amount", "before", "verdict"),
    [
        ("25.00 GBP", NOTHING_YET, "exempt: low_value"),
        ("25.01 GBP", NOTHING_YET, "required: payer_initiated"),
        ("25.00 GBP", counted("60.00 GBP"), "exempt: low_value"),  # 85 in all
        ("25.00 GBP", counted("60.01 GBP"), "required: payer_initiated"),
        ("25.00 GBP", counted("400.00 GBP", 4, "count"), "exempt: low_value"),  # the fifth
        ("1.00 GBP", counted("4.00 GBP", 5, "count"), "required: payer_initiated"),  # the sixth
    ],
)
def test_low_value_has_its_own_sterling_amounts(amount: str, before: dict[str, object], verdict: str) -> None:
    assert british(amount, before).verdict == verdict


@pytest.mark.parametrize(
    ("amount", "bps", "exempt"),
    [
        ("85.00 GBP", "13", True),
        ("85.00 GBP", "13.01", False),
        ("85.01 GBP", "13", False),
        ("220.00 GBP", "6", True),
        ("220.01 GBP", "6", False),
        ("440.00 GBP", "1", True),
        ("440.01 GBP", "1", False),
    ],
)
def test_risk_analysis_in_sterling_bands(amount: str, bps: str, exempt: bool) -> None:
    told = british(amount, LOW_RISK, fraud_rate(bps))
    assert told.verdict == ("exempt: tra" if exempt else "required: payer_initiated")


def test_what_is_only_recalled_says_so() -> None:
    assert british("85.00 GBP", LOW_RISK, fraud_rate("1")).sca["confidence"] == "R"


@pytest.mark.parametrize(
    ("day", "amount", "before", "exempt"),
    [
        ("2021-03-02", "45.00 GBP", NOTHING_YET, True),
        ("2021-03-02", "45.01 GBP", NOTHING_YET, False),
        ("2021-03-03", "100.00 GBP", NOTHING_YET, True),
        ("2021-03-03", "100.01 GBP", NOTHING_YET, False),
        ("2021-03-02", "45.00 GBP", counted("85.00 GBP"), True),  # 130 in all
        ("2021-03-02", "45.00 GBP", counted("85.01 GBP"), False),
        ("2026-03-18", "100.00 GBP", counted("200.00 GBP"), True),  # 300 in all
        ("2026-03-18", "100.00 GBP", counted("200.01 GBP"), False),
    ],
)
def test_contactless_while_the_law_named_amounts(
    day: str, amount: str, before: dict[str, object], exempt: bool
) -> None:
    told = british(amount, CONTACTLESS, before, on=day)
    assert told.verdict == ("exempt: contactless" if exempt else "required: payer_initiated")


@pytest.mark.parametrize(
    ("moment", "more", "verdict"),
    [
        ("2026-03-18T23:59:59+00:00", NOTHING_YET, "exempt: contactless"),
        ("2026-03-18T23:59:59+00:00", LOW_RISK, "required: payer_initiated"),
        ("2026-03-19T00:00:00+00:00", NOTHING_YET, "required: payer_initiated"),
        ("2026-03-19T00:00:00+00:00", LOW_RISK, "exempt: contactless_low_risk"),
    ],
)
def test_from_19_march_2026_low_risk_decides_and_no_amount(moment: str, more: dict[str, object], verdict: str) -> None:
    assert british("100.00 GBP", CONTACTLESS, more, on=moment).verdict == verdict


def test_after_the_change_an_issuer_may_keep_a_limit_of_its_own() -> None:
    limit = {"limits": {"issuer_contactless": "100.00"}}
    assert british("100.00 GBP", CONTACTLESS, LOW_RISK, limit).verdict == "exempt: contactless_low_risk"
    assert british("100.01 GBP", CONTACTLESS, LOW_RISK, limit).outcome == "challenge"
    assert british("5000.00 GBP", CONTACTLESS, LOW_RISK).verdict == "exempt: contactless_low_risk"


def test_only_the_finding_of_low_risk_helps() -> None:
    assert british("10.00 GBP", CONTACTLESS).closed["contactless_low_risk"].startswith("payment.risk")
    high = british("10.00 GBP", CONTACTLESS, {"risk": {"level": "high"}})
    assert (high.outcome, high.verdict) == ("challenge", "required: article_2_flag")


@pytest.mark.parametrize(("issuer", "acquirer"), [("GB", "FR"), ("FR", "GB"), ("GI", "ES")])
def test_each_is_one_leg_to_the_other(issuer: str, acquirer: str) -> None:
    told = pay("600.00 EUR", issuer=issuer, acquirer=acquirer)
    assert (told.verdict, told.sca["one_leg"]) == ("out_of_scope: one_leg_out", True)


def test_a_collection_under_a_mandate() -> None:
    assert british("600.00 GBP", COLLECTED, mandate(authenticated=True)).verdict == "out_of_scope: mit"


def test_euros_are_converted_into_sterling() -> None:
    """25 pounds are 29.98 euros at 0.8338 pounds a euro on 30 October 2026."""
    under, over = british("29.98 EUR", NOTHING_YET), british("29.99 EUR", NOTHING_YET)
    assert (under.verdict, over.outcome) == ("exempt: low_value", "challenge")
    assert [(rate["from"], rate["to"]) for rate in under.body["fx"]] == [("EUR", "GBP")]
