"""What addresses a payment: accounts, tax numbers, keys, telephone numbers, currencies; and ways to pay that are no more."""

from __future__ import annotations

from typing import Any

import pytest

from engine.words import TEMPLATES
from tests.kyc.test_customer import FORBIDDEN
from tests.law.telling import law
from tests.methods.asking import Told, pay

IBANS = [
    "AD1200012030200359100100", "AE070331234567890123456", "AL47212110090000000235698741", "AT611904300234573201",
    "AZ21NABZ00000000137010001944", "BA391290079401028494", "BE68539007547034", "BG80BNBG96611020345678",
    "BH67BMAG00001299123456",
    "BR1800360305000010009795493C1", "CH9300762011623852957", "CR05015202001026284066", "CY17002001280000001200527600",
    "CZ6508000000192000145399", "DE89370400440532013000", "DK5000400440116243", "DO28BAGR00000001212453611324",
    "EE382200221020145685",
    "EG380019000500000000263180002", "ES9121000418450200051332", "FI2112345600000785", "FO6264600001631634",
    "FR1420041010050500013M02606", "GB29NWBK60161331926819", "GE29NB0000000101904917", "GI75NWBK000000007099453",
    "GL8964710001000206", "GR1601101250000000012300695", "GT82TRAJ01020000001210029690", "HR1210010051863000160",
    "HU42117730161111101800000000", "IE29AIBK93115212345678", "IL620108000000099999999", "IS140159260076545510730339",
    "IT60X0542811101000000123456", "JO94CBJO0010000000000131000302", "KW81CBKU0000000000001234560101", "KZ86125KZT5004100100",
    "LB62099900000001001901229114", "LI21088100002324013AA", "LT121000011101001000", "LU280019400644750000",
    "LV80BANK0000435195001",
    "MC5811222000010123456789030", "MD24AG000225100013104168", "ME25505000012345678951", "MK07250120000058984",
    "MT84MALT011000012345MTLCAST001S", "MU17BOMM0101101030300200000MUR", "NL91ABNA0417164300", "NO9386011117947",
    "PK36SCBL0000001123456702", "PL61109010140000071219812874", "PT50000201231234567890154", "QA58DOHB00001234567890ABCDEFG",
    "RO49AAAA1B31007593840000", "RS35260005601001611379", "SA0380000000608010167519", "SE4550000000058398257466",
    "SI56263300012039086", "SK3112000000198742637541", "SM86U0322509800000000270100", "TN5910006035183598478831",
    "TR330006100519786457841326", "UA213223130000026007233566001", "VG96VPVG0000012345678901", "XK051212012345678906",
]  # fmt: skip
"""One of each country, from the registry's own examples."""


def account(iban: str, *parts: dict[str, Any], **more: Any) -> Told:
    """A bank transfer from an account."""
    return pay("10.00 EUR", "bank_transfer", {"payment": {"account": {"iban": iban}}}, *parts, **more)


@pytest.mark.parametrize("iban", IBANS)
def test_an_account_of_its_country_is_let_be(iban: str) -> None:
    assert account(iban).failed == set()


@pytest.mark.parametrize("iban", IBANS)
def test_one_digit_of_the_check_changed_is_found(iban: str) -> None:
    wrong = iban[:2] + f"{(int(iban[2:4]) + 1) % 97:02d}" + iban[4:]
    found = account(wrong)
    assert (found.verdict, found.fields) == ("collect", ["payment.account.iban"])


@pytest.mark.parametrize("iban", IBANS)
def test_one_character_less_is_found(iban: str) -> None:
    assert account(iban[:-1]).failed == {"iban"}


@pytest.mark.parametrize(
    "iban", ["DE", "XX89370400440532013000", "DE89 3704 0044 0532 0130 0!", "١٢٣٤٥٦", "DE8937040044053201300" + "O"]
)
def test_what_is_no_account_is_asked_for_again(iban: str) -> None:
    assert "payment.account.iban" in account(iban, place="DE").fields


def test_spaces_in_an_account_do_no_harm() -> None:
    assert account("DE89 3704 0044 0532 0130 00").verdict == "ok"


SEPA = ["sepa_credit_transfer", "sepa_instant", "sepa_debit"]
MANDATE = {"payment": {"mandate": {"id": "M-1"}, "instrument": "direct_debit"}}


def sepa(method: str, iban: str | None, on: str, *parts: dict[str, Any], money: str = "10.00 EUR") -> Told:
    """A payment of the schemes to a German payee."""
    stated = {"payment": {"account": {"iban": iban}}} if iban else {"payment": {"issuer_country": "DE"}}
    return pay(money, method, stated, {"payment": {"acquirer_country": "DE"}}, *parts, on=on)


@pytest.mark.parametrize("method", SEPA)
def test_the_schemes_ask_for_an_iban_since_2014(method: str) -> None:
    assert "payment.account.iban" in sepa(method, None, "2014-02-01", MANDATE).fields
    assert "payment.account.iban" not in sepa(method, None, "2014-01-31", MANDATE).fields


@pytest.mark.parametrize(
    ("iban", "first"),
    [
        ("AL47212110090000000235698741", "2025-10-05"), ("ME25505000012345678951", "2025-10-05"),
        ("MK07250120000058984", "2025-10-05"),
        ("MD24AG000225100013104168", "2025-10-06"), ("RS35260005601001611379", "2026-05-05"),
    ],
)  # fmt: skip
def test_a_country_joins_the_schemes_on_its_day(iban: str, first: str) -> None:
    eve = f"{first[:-2]}{int(first[-2:]) - 1:02d}"
    assert "sepa_zone" not in sepa("sepa_credit_transfer", iban, first).failed
    assert "sepa_zone" in sepa("sepa_credit_transfer", iban, eve).failed


@pytest.mark.parametrize(
    "iban", ["TR330006100519786457841326", "UA213223130000026007233566001", "SA0380000000608010167519"]
)
def test_an_account_outside_the_schemes_is_asked_to_be_another(iban: str) -> None:
    found = sepa("sepa_credit_transfer", iban, "2026-11-22")
    assert (found.verdict, found.fields) == ("collect", ["payment.account.iban"])


@pytest.mark.parametrize(
    "iban", [iban for iban in IBANS if iban[:2] in ("DE", "FR", "IT", "GB", "CH", "NO", "IS", "LI", "MC", "SM", "GI")]
)
def test_no_state_within_the_schemes_is_told_apart(iban: str) -> None:
    """Art. 9 of Regulation 260/2012: a payee may not prescribe where the account is."""
    assert sepa("sepa_credit_transfer", iban, "2026-11-22").verdict == "ok"


def test_the_schemes_carry_euros() -> None:
    found = sepa("sepa_credit_transfer", "DE89370400440532013000", "2026-11-22", money="10.00 USD")
    assert found.failed == {"sepa_currency"}


def test_a_debit_has_a_mandate_and_duties() -> None:
    bare = sepa("sepa_debit", "DE89370400440532013000", "2026-11-22", {"payment": {"instrument": "direct_debit"}})
    assert bare.fields == ["payment.mandate.id"]
    found = sepa("sepa_debit", "DE89370400440532013000", "2026-11-22", MANDATE)
    assert found.verdict == "ok"
    assert {"pre_notify", "refund_on_request", "refund_unauthorised"} <= found.duties


@pytest.mark.parametrize(
    ("place", "on", "duty"),
    [
        ("DE", "2025-10-08", False),
        ("DE", "2025-10-09", True),
        ("PL", "2027-07-08", False),
        ("PL", "2027-07-09", True),
        ("GB", "2027-07-09", False),
    ],
)
def test_the_payees_name_is_compared(place: str, on: str, duty: bool) -> None:
    found = pay(
        "10.00 EUR", "sepa_credit_transfer", {"payment": {"issuer_country": place, "acquirer_country": "DE"}}, on=on
    )
    assert ("verify_payee" in found.duties) is duty


@pytest.mark.parametrize(("on", "duty"), [("2024-10-30", False), ("2024-10-31", True)])
def test_the_payees_name_is_confirmed_in_britain(on: str, duty: bool) -> None:
    assert ("confirm_payee" in pay("10.00 GBP", "faster_payments", place="GB", on=on).duties) is duty


# -- keys ------------------------------------------------------------------------------------------------------------------


def keyed(method: str, alias: str, kind: str | None, place: str, money: str) -> Told:
    """A payment to a key."""
    stated: dict[str, Any] = {"alias": alias}
    if kind:
        stated["alias_type"] = kind
    base = {"payment": {"account": stated, "limits": {"day_total": "0",
    "night_total": "0"}, "device": {"registered": True}, "channel": "remote"},
            "payer": {"type": "organisation", "balance": "0"}, "payee": {"industry": "books"}}  # fmt: skip
    return pay(money, method, base, place=place)


KEYS = [
    ("pix", "39053344705", "cpf", "39053344706"), ("pix", "16727230000197", "cnpj", "16727230000198"),
    ("pix", "ana@example.com", "email", "ana@"), ("pix", "+5511987654321", "phone", "+441134960000"),
    ("pix", "123e4567-e89b-12d3-a456-426655440000", "random_evp", "123e4567"), ("pix", "390.533.447-05", None, "nothing of all"),
    ("promptpay", "+66812345678", "mobile", "+441134960000"), ("promptpay", "3100600445635", "national_id", "3100600445636"),
    ("promptpay", "123456789012345", "ewallet_id", "12345678901234"),
    ("upi", "asha@okbank", None, "asha"), ("upi", "asha.k-1_2@ybl", "vpa", "asha@ok bank"),
    ("m_pesa", "+254712345678", None, "+441134960000"), ("m_pesa", "0712345678", None, "12"),
    ("swish", "+46701234567", None, "+4512345678"),
]  # fmt: skip
HOME = {"pix": ("BR", "10.00 BRL"), "promptpay": ("TH", "10.00 THB"), "upi": ("IN", "10.00 INR"), "m_pesa": ("KE", "10.00 KES"),
        "swish": ("SE", "10.00 SEK")}  # fmt: skip


@pytest.mark.parametrize(("method", "right", "kind", "wrong"), KEYS)
def test_a_key_of_the_right_form_is_let_be_and_another_asked_for(
    method: str, right: str, kind: str | None, wrong: str
) -> None:
    place, money = HOME[method]
    assert keyed(method, right, kind, place, money).failed == set()
    found = keyed(method, wrong, kind, place, money)
    assert found.fields == ["payment.account.alias"]
    assert found.verdict == "collect"


def test_a_boleto_names_a_tax_number_that_can_be_right() -> None:
    assert pay("10.00 BRL", "boleto", place="BR").fields == ["payer.tax_ids"]
    right = {"payer": {"tax_ids": [{"country": "BR", "value": "390.533.447-05"}]}}
    wrong = {"payer": {"tax_ids": [{"country": "BR", "value": "390.533.447-06"}]}}
    assert pay("10.00 BRL", "boleto", right, place="BR").verdict == "ok"
    assert pay("10.00 BRL", "boleto", wrong, place="BR").failed == {"cpf_or_cnpj"}
    abroad = {"payer": {"tax_ids": [{"country": "DE", "value": "390.533.447-05"}]}}
    assert pay("10.00 BRL", "boleto", abroad, place="BR").failed == {"cpf_or_cnpj"}


@pytest.mark.parametrize(("iban", "fails"), [("NL91ABNA0417164300", False), ("DE89370400440532013000", True)])
def test_ideal_pays_from_a_dutch_account(iban: str, fails: bool) -> None:
    found = pay("10.00 EUR", "ideal", {"payment": {"account": {"iban": iban}, "acquirer_country": "DE"}})
    assert ("dutch_account" in found.failed) is fails


# -- beginnings and ends ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "verdict"), [("2024-12-31", "not_applicable"), ("2025-01-01", "refuse")])
def test_giropay_has_ended(on: str, verdict: str) -> None:
    assert pay("10.00 EUR", "giropay", place="DE", on=on).verdict == verdict
    assert pay("10.00 EUR", "giropay", place="FR", on=on).verdict == verdict


@pytest.mark.parametrize(("method", "place"), [("sofort", "DE"), ("payconiq", "LU"), ("paylib", "FR")])
def test_what_ended_on_a_day_nobody_read_is_asked_to_be_another(method: str, place: str) -> None:
    found = pay("10.00 EUR", method, place=place)
    assert (found.verdict, found.fields) == ("collect", ["payment.method"])


@pytest.mark.parametrize(("on", "verdict"), [("2025-06-15", "refuse"), ("2025-06-16", "ok")])
def test_pix_automatico_begins(on: str, verdict: str) -> None:
    assert pay("10.00 BRL", "pix_automatico", place="BR", on=f"{on}T12:00:00-03:00").verdict == verdict


@pytest.mark.parametrize(("on", "duty"), [("2026-01-28", False), ("2026-01-29", True)])
def test_ideal_is_shown_under_both_names(on: str, duty: bool) -> None:
    assert ("show_ideal_wero_brand" in pay("10.00 EUR", "ideal", place="NL", on=on).duties) is duty


@pytest.mark.parametrize(
    ("country", "fails"), [("DE", False), ("FR", False), ("BE", False), ("NL", False), ("AT", True)]
)
def test_wero_is_taken_in_four_countries(country: str, fails: bool) -> None:
    assert bool(pay("10.00 EUR", "wero", {"payee": {"country": country}}, place="DE").failed) is fails


def test_a_till_gives_nothing_back() -> None:
    assert pay("100.00 MXN", "oxxo", {"kind": "refund"}, place="MX").verdict == "refuse"
    assert pay("100.00 MXN", "oxxo", place="MX").verdict == "ok"


@pytest.mark.parametrize(
    ("on", "kind", "who", "verdict"),
    [
        ("2025-09-30", "transfer", "payee", "ok"), ("2025-10-01", "transfer", "payee", "refuse"),
        ("2025-10-01", "transfer", "payer", "ok"), ("2025-10-01", "sale", "payee", "ok"),
    ],
)  # fmt: skip
def test_nobody_asks_another_person_for_money_by_upi(on: str, kind: str, who: str, verdict: str) -> None:
    stated = {"kind": kind, "payment": {"initiator": who, "limits": {"day_total": "0"}}, "payee": {"industry": "books"}}
    assert pay("10.00 INR", "upi", stated, place="IN", on=on).verdict == verdict


@pytest.mark.parametrize(
    ("issuer", "acquirer", "verdict"), [("US", "US", "ok"), ("CA", "US", "refuse"), ("US", "CA", "refuse")]
)
def test_same_day_entries_stay_within_the_country(issuer: str, acquirer: str, verdict: str) -> None:
    stated = {"payment": {"issuer_country": issuer, "acquirer_country": acquirer}}
    assert pay("10.00 USD", "same_day_ach", stated).verdict == verdict


@pytest.mark.parametrize(("on", "duty"), [("2021-03-18", False), ("2021-03-19", True)])
def test_an_account_is_validated_before_a_debit_over_the_web(on: str, duty: bool) -> None:
    stated = {"payment": {"instrument": "direct_debit", "channel": "remote"}}
    assert ("validate_account" in pay("10.00 USD", "ach", stated, place="US", on=on).duties) is duty


# -- currencies -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "place", "right", "wrong"),
    [
        ("klarna", "DE", "10.00 EUR", "10 JPY"), ("blik", "PL", "10.00 PLN", "10.00 EUR"),
        ("twint", "CH", "10.00 CHF", "10.00 EUR"),
        ("vipps", "NO", "10.00 NOK", "10.00 DKK"), ("oxxo", "MX", "100.00 MXN", "100.00 USD"),
        ("dana", "ID", "100 IDR", "100.00 USD"),
        ("gcash", "PH", "100.00 PHP", "100.00 USD"), ("momo", "VN", "100 VND", "100.00 USD"),
        ("trustly", "SE", "10.00 SEK", "10.00 USD"),
    ],
)  # fmt: skip
def test_a_currency_that_is_not_taken_is_asked_to_be_another(method: str, place: str, right: str, wrong: str) -> None:
    """Availability is not law: nothing is refused for it."""
    assert f"{method}_currencies" not in pay(right, method, place=place).failed
    found = pay(wrong, method, place=place)
    assert f"{method}_currencies" in found.failed
    assert (found.verdict, found.outcome) == ("collect", "collect")


def test_what_is_taken_of_buyers_elsewhere_says_nothing_here() -> None:
    assert pay("10 JPY", "klarna", place="JP").verdict == "not_applicable"


# -- nothing to say, and what is not stated --------------------------------------------------------------------------------------


def test_a_card_payment_has_no_local_method() -> None:
    found = pay("10.00 EUR", "visa", {"payment": {"instrument": "card"}}, place="DE")
    assert (found.verdict, found.outcome, found.missing) == ("not_applicable", "allow", set())
    unnamed = pay("10.00 EUR", None, {"payment": {"instrument": "card"}}, place="PL")
    assert (unnamed.verdict, unnamed.outcome) == ("not_applicable", "allow")


def test_a_transfer_whose_method_is_not_stated_may_be_any() -> None:
    found = pay("60000.00 PLN", None, place="PL")
    assert (found.verdict, found.outcome) == ("undecided", "collect")
    assert "payment.method" in found.missing


def test_what_is_no_more_is_paid_by_only_where_it_is_named() -> None:
    """giropay and SOFORT have ended: a transfer that names no way to pay is none of theirs."""
    stated = {"payment": {"account": {"iban": "DE89370400440532013000"}, "acquirer_country": "DE"}}
    assert pay("10.00 EUR", None, stated).missing == set()


@pytest.mark.parametrize("locale", law().languages)
def test_what_is_said_is_said_in_the_payers_language_and_tips_nobody_off(locale: str) -> None:
    words = law().words(locale)
    said = [words.say(key).lower() for key in TEMPLATES if key.startswith("methods.")]
    assert all(said)
    assert not [text for text in said if any(word in text for word in FORBIDDEN)]
    found = pay(
        "10.00 EUR", "giropay", {"payment": {"account": {"iban": "DE00"}}}, place="DE", locale=locale, on="2024-12-31"
    )
    assert found.method["collect"][0]["why"] == words.say("methods.rule.iban_wrong")
