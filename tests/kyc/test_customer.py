"""The level of identification, owners, numbers, reviews: what must be known of a customer, and by when."""

from __future__ import annotations

from typing import Any

import pytest

from engine.asked import Part
from engine.regimes.kyc_level import due_diligence
from engine.words import TEMPLATES
from tests.kyc.asking import PLAIN, Told, ask
from tests.law.telling import law

CARD = {"payment": {"instrument": "card"}}


def bank(
    place: str, *parts: dict[str, Any], money: str = "10.00 EUR", on: str = "2026-11-22", locale: str = "en"
) -> Told:
    """A bank in a country asks about its customer, of whom nothing remarkable is known."""
    return ask(
        money,
        {"obliged_entity": {"role": "bank", "country": place}, "payer": PLAIN},
        CARD,
        *parts,
        on=on,
        locale=locale,
    )


def payer(**stated: Any) -> dict[str, Any]:
    """What is stated of the payer."""
    return {"payer": stated}


NEW = {"relationship": "new"}
OLD = {"relationship": "established"}
ONCE = {"relationship": "occasional", "linked": []}
FULL = {"name": "Ada", "date_of_birth": "1990-01-01", "address": "Row 1", "nationality": "DE",
        "national_ids": [{"country": "DE", "type": "idnr", "value": "36574261809"}],
        "tax_ids": [{"country": "DE", "value": "36574261809"}]}  # fmt: skip


# -- the level ---------------------------------------------------------------------------------------------------------


def test_a_merchant_identifies_nobody() -> None:
    found = ask("500000.00 EUR", {"payee": {"country": "DE"}}, CARD)
    assert (found.verdict, found.kyc["level_required"], found.outcome) == ("met", "none", "allow")


@pytest.mark.parametrize("relationship", ["new", "established"])
def test_a_customer_of_a_bank_is_verified(relationship: str) -> None:
    found = bank("DE", {"relationship": relationship}, payer(identity={"level": "basic"}, **FULL))
    assert (found.verdict, found.kyc["level_required"]) == ("collect", "verified")
    assert "payer.identity.level" in found.fields
    assert bank("DE", {"relationship": relationship}, payer(identity={"level": "verified"})).verdict == "met"


@pytest.mark.parametrize("level", ["none", "basic"])
def test_what_is_asked_for_is_what_is_not_stated(level: str) -> None:
    found = bank("US", NEW, payer(identity={"level": level}, name="Ada", date_of_birth="1990-01-01"))
    assert found.fields == ["payer.address", "payer.national_ids", "payer.identity.level"]


def test_the_union_asks_for_more_from_the_day_of_its_regulation() -> None:
    stated = payer(identity={"level": "none"}, name="Ada", date_of_birth="1990-01-01", address="Row 1")
    assert bank("FR", NEW, stated, on="2027-07-09").fields == ["payer.identity.documents", "payer.identity.level"]
    after = bank("FR", NEW, stated, on="2027-07-10")
    assert after.fields == ["payer.nationality", "payer.national_ids", "payer.tax_ids", "payer.identity.level"]


def test_a_level_that_is_not_stated_is_no_level() -> None:
    found = bank("DE", NEW)
    assert (found.verdict, found.outcome) == ("undecided", "collect")
    assert found.missing == {"payer.identity.level"}


def test_a_relationship_that_is_not_stated_may_be_any() -> None:
    found = bank("DE", payer(identity={"level": "none"}))
    assert "relationship" in found.missing
    assert found.verdict == "undecided"
    assert bank("DE", payer(identity={"level": "verified"})).missing == set()


@pytest.mark.parametrize("who", ["foreign", "family"])
def test_more_is_known_of_foreign_holders_of_office(who: str) -> None:
    found = bank("JP", NEW, payer(politically_exposed=who, identity={"level": "verified"}, **FULL), money="10 JPY")
    assert (found.verdict, found.kyc["level_required"]) == ("collect", "enhanced")
    assert {"payer.facts.source_of_funds", "payer.facts.purpose"} <= set(found.fields)
    assert (
        bank("JP", NEW, payer(politically_exposed=who, identity={"level": "enhanced"}), money="10 JPY").verdict == "met"
    )


def test_domestic_holders_of_office_in_the_union_and_elsewhere() -> None:
    stated = payer(politically_exposed="domestic", identity={"level": "verified"})
    assert bank("DE", NEW, stated).kyc["level_required"] == "enhanced"
    assert bank("JP", NEW, stated, money="10 JPY").kyc["level_required"] == "verified"


@pytest.mark.parametrize(
    ("place", "until", "on", "level"),
    [
        ("CA", "2021-11-22", "2026-11-22", "enhanced"),
        ("CA", "2021-11-21", "2026-11-22", "verified"),
        ("UY", "2021-11-22", "2026-11-22", "enhanced"),
        ("UY", "2021-11-21", "2026-11-22", "verified"),
        ("DE", "2025-11-22", "2026-11-22", "enhanced"),
        ("DE", "2025-11-21", "2026-11-22", "verified"),
        ("CA", "2020-02-29", "2025-03-01", "enhanced"),
        ("CA", "2020-02-29", "2025-03-02", "verified"),
    ],
)
def test_an_office_that_was_left_counts_for_some_years(place: str, until: str, on: str, level: str) -> None:
    found = bank(
        place, NEW, payer(politically_exposed="former", exposed_until=until, identity={"level": "enhanced"}), on=on
    )
    assert found.kyc["level_required"] == level


def test_an_office_left_on_a_day_that_is_not_stated() -> None:
    found = bank("CA", NEW, payer(politically_exposed="former", identity={"level": "verified"}))
    assert found.missing == {"payer.exposed_until"}


@pytest.mark.parametrize(("risk", "level"), [("low", "verified"), ("medium", "verified"), ("high", "enhanced")])
def test_high_risk_wants_more(risk: str, level: str) -> None:
    assert bank("GB", NEW, payer(risk=risk, identity={"level": "enhanced"})).kyc["level_required"] == level


THRESHOLDS = [
    ("GB", "15000.00 EUR", "15000.01 EUR", "14999.99 EUR", "2026-06-29", True, "card"),
    ("GB", "12000.00 GBP", "12000.01 GBP", "11999.99 GBP", "2026-06-30", True, "card"),
    ("GB", "1000.00 EUR", "1000.01 EUR", "999.99 EUR", "2026-06-29", False, "credit_transfer"),
    ("GB", "800.00 GBP", "800.01 GBP", "799.99 GBP", "2026-06-30", True, "credit_transfer"),
    ("FI", "10000.00 EUR", "10000.01 EUR", "9999.99 EUR", "2026-11-22", True, "card"),
    ("FI", "1000.00 EUR", "1000.01 EUR", "999.99 EUR", "2026-11-22", False, "credit_transfer"),
    ("FR", "15000.00 EUR", "15000.01 EUR", "14999.99 EUR", "2027-07-09", True, "card"),
    ("FR", "10000.00 EUR", "10000.01 EUR", "9999.99 EUR", "2027-07-10", True, "card"),
    ("FR", "1000.00 EUR", "1000.01 EUR", "999.99 EUR", "2027-07-09", False, "credit_transfer"),
    ("FR", "1000.00 EUR", "1000.01 EUR", "999.99 EUR", "2027-07-10", True, "credit_transfer"),
    ("FR", "3000.00 EUR", "3000.01 EUR", "2999.99 EUR", "2027-07-10", True, "cash"),
    ("FR", "1000.00 EUR", "1000.01 EUR", "999.99 EUR", "2027-07-10", True, "crypto"),
    ("HK", "120000.00 HKD", "120000.01 HKD", "119999.99 HKD", "2026-11-22", True, "card"),
    ("HK", "8000.00 HKD", "8000.01 HKD", "7999.99 HKD", "2026-11-22", True, "credit_transfer"),
    ("NO", "100000.00 NOK", "100000.01 NOK", "99999.99 NOK", "2026-11-22", True, "card"),
    ("SG", "20000.00 SGD", "20000.01 SGD", "19999.99 SGD", "2026-11-22", False, "card"),
    ("JP", "2000000 JPY", "2000001 JPY", "1999999 JPY", "2026-11-22", False, "cash"),
    ("JP", "100000 JPY", "100001 JPY", "99999 JPY", "2026-11-22", False, "credit_transfer"),
    ("AE", "55000.00 AED", "55000.01 AED", "54999.99 AED", "2026-11-22", True, "card"),
    ("TW", "500000.00 TWD", "500000.01 TWD", "499999.99 TWD", "2026-11-22", False, "card"),
    ("CN", "50000.00 CNY", "50000.01 CNY", "49999.99 CNY", "2026-11-22", False, "cash"),
    ("CA", "1000.00 CAD", "1000.01 CAD", "999.99 CAD", "2026-11-22", True, "credit_transfer"),
]


@pytest.mark.parametrize(("place", "at", "over", "under", "on", "counts", "instrument"), THRESHOLDS)
def test_an_occasional_customer_is_identified_from_an_amount_on(
    place: str, at: str, over: str, under: str, on: str, counts: bool, instrument: str
) -> None:
    paid = {"payment": {"instrument": instrument, "issuer_country": "AQ"}}
    levels = [
        bank(place, ONCE, paid, payer(identity={"level": "enhanced"}), money=money, on=on).kyc["level_required"]
        for money in (under, at, over)
    ]
    assert levels == ["none", "verified" if counts else "none", "verified"]


def test_amounts_that_belong_together_are_added() -> None:
    split = [{"amount": "9999.99", "currency": "EUR"}]
    found = bank(
        "FI", {"relationship": "occasional", "linked": split}, payer(identity={"level": "none"}), money="0.01 EUR"
    )
    assert found.kyc["level_required"] == "verified"
    less = [{"amount": "9999.98", "currency": "EUR"}]
    assert bank("FI", {"relationship": "occasional", "linked": less}, money="0.01 EUR").kyc["level_required"] == "none"


def test_whether_amounts_belong_together_is_asked() -> None:
    found = bank("FI", {"relationship": "occasional"}, payer(identity={"level": "none"}), money="0.01 EUR")
    assert found.missing == {"linked"}


def test_a_doubt_comes_before_every_amount() -> None:
    found = bank("FI", ONCE, {"suspicion": True}, payer(identity={"level": "none"}), money="0.01 EUR")
    assert found.kyc["level_required"] == "verified"


@pytest.mark.parametrize(("money", "level"), [("15000.00 USD", "verified"), ("14999.99 USD", "none")])
def test_a_dealer_identifies_whoever_pays_much_in_cash(money: str, level: str) -> None:
    found = ask(money, {"obliged_entity": {"role": "car_dealer", "country": "US"}, "linked": []},
                {"payment": {"instrument": "cash"}}, payer(identity={"level": "enhanced"}))  # fmt: skip
    assert found.kyc["level_required"] == level


# -- beside the law against money laundering ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measures", "level"),
    [("none", "none"), ("simplified", "basic"), ("standard", "verified"), ("enhanced", "enhanced")],
)
def test_the_level_follows_due_diligence(measures: str, level: str) -> None:
    part = Part({"verdict": "clear", "due_diligence": measures}, "allow", [], [], [], [])
    assert due_diligence(part) == level


def test_due_diligence_that_could_not_be_told_counts_as_asked_for() -> None:
    part = Part({"verdict": "undecided", "due_diligence": "enhanced"}, "review", [], [], [], [])
    assert due_diligence(part) == "enhanced"


def test_where_money_laundering_law_was_not_asked_nothing_follows() -> None:
    assert due_diligence(None) == "none"


# -- owners ------------------------------------------------------------------------------------------------------------


def owned(place: str, share: str, *, on: str = "2026-11-22", **owner: Any) -> Told:
    """A company with one owner of so many percent."""
    held = {
        "type": "organisation",
        "identity": {"level": "enhanced"},
        "owners": [{"share": share, **owner}],
        "facts": {"senior_managers": ["Bo"]},
    }
    return bank(place, NEW, {"payer": held}, on=on)


OWNERS = [
    ("DE", "25.00", "25.01", False, "2026-11-22"),
    ("DE", "24.99", "25.00", True, "2027-07-10"),
    ("FI", "25.00", "25.01", False, "2026-11-22"),
    ("EE", "25.00", "25.01", False, "2026-11-22"),
    ("IE", "25.00", "25.01", False, "2026-11-22"),
    ("GR", "25.00", "25.01", False, "2026-11-22"),
    ("NO", "25.00", "25.01", False, "2026-11-22"),
    ("FR", "25.00", "25.01", False, "2027-07-09"),
    ("FR", "24.99", "25.00", True, "2027-07-10"),
    ("SK", "24.99", "25.00", True, "2026-11-22"),
    ("CA", "24.99", "25.00", True, "2026-11-22"),
    ("UY", "14.99", "15.00", True, "2026-11-22"),
    ("GB", "25.00", "25.01", False, "2026-11-22"),
    ("IN", "10.00", "10.01", False, "2026-11-22"),
    ("AR", "9.99", "10.00", True, "2026-11-22"),
    ("CO", "4.99", "5.00", True, "2026-11-22"),
    ("ZA", "4.99", "5.00", True, "2026-11-22"),
    ("SG", "25.00", "25.01", False, "2026-11-22"),
    ("HK", "25.00", "25.01", False, "2026-11-22"),
    ("JP", "25.00", "25.01", False, "2026-11-22"),
    ("KR", "24.99", "25.00", True, "2026-11-22"),
    ("CH", "24.99", "25.00", True, "2026-11-22"),
    ("KE", "9.99", "10.00", True, "2026-11-22"),
    ("TR", "25.00", "25.01", False, "2026-11-22"),
    ("US", "24.99", "25.00", True, "2026-11-22"),
    ("TH", "24.99", "25.00", True, "2026-11-22"),
]
"""Place, the greatest share that does not count, the least that does, whether it is the threshold itself."""


@pytest.mark.parametrize(("place", "free", "counts", "_itself", "on"), OWNERS)
def test_exactly_the_threshold_is_an_owner_where_the_law_says_or_more(
    place: str, free: str, counts: str, _itself: bool, on: str
) -> None:
    assert owned(place, free, on=on).fields == []
    assert owned(place, counts, on=on).fields == [
        "payer.owners.0.name",
        "payer.owners.0.country",
        "payer.owners.0.date_of_birth",
    ]


def test_an_owner_who_is_known_is_not_asked_about_again() -> None:
    assert owned("FR", "60", name="Bo", country="FR", date_of_birth="1970-01-01").verdict == "met"


def test_an_owner_who_was_not_verified_is() -> None:
    found = owned("FR", "60", name="Bo", country="FR", date_of_birth="1970-01-01", verified=False)
    assert found.fields == ["payer.owners.0.verified"]


def test_nobody_is_looked_for_behind_a_listed_company() -> None:
    assert owned("FR", "100", listed=True).verdict == "met"


def test_a_share_that_is_not_stated_is_asked_for() -> None:
    held = {"type": "organisation", "identity": {"level": "enhanced"}, "owners": [{"name": "Bo"}]}
    assert "payer.owners.0.share" in bank("FR", NEW, {"payer": held}).fields


def test_owners_that_are_not_stated_are_not_none() -> None:
    found = bank("FR", NEW, payer(type="organisation", identity={"level": "enhanced"}))
    assert (found.verdict, found.missing) == ("undecided", {"payer.owners"})


def test_where_nobody_owns_enough_the_managers_are_named() -> None:
    held = {"type": "organisation", "identity": {"level": "enhanced"}, "owners": [{"share": "10"}]}
    assert bank("FR", NEW, {"payer": held}).fields == ["payer.facts.senior_managers"]


# -- numbers -----------------------------------------------------------------------------------------------------------

RIGHT = [
    ("DE", "idnr", "36574261809"), ("ES", "dni", "54362315K"), ("ES", "nie", "X2482300W"), ("FR", "siren", "552008443"),
    ("IT", "codicefiscale", "RCCMNL83S18D969H"), ("PL", "pesel", "44051401359"), ("BR", "cpf", "39053344705"),
    ("BR", "cnpj", "16727230000197"), ("NL", "bsn", "111222333"), ("BE", "nn", "85073003328"), ("BE", "bis", "98472899765"),
    ("DK", "cpr", "2110625629"), ("NO", "fodselsnummer", "15108695088"), ("SE", "personnummer", "880320-0016"),
    ("ZA", "idnr", "7503305044089"), ("SG", "uen", "00192200M"), ("RO", "onrc", "J52/750/2012"), ("RO", "onrc", "J2012000750528"),
    ("IN", "aadhaar", "234123412346"), ("IN", "pan", "ACUPA7085R"), ("MX", "curp", "BOXW310820HNERXN09"),
    ("FI", "hetu", "131052-308T"), ("EE", "ik", "36805280109"),
    ("KR", "rrn", "971013-9019902"), ("TR", "tckimlik", "17291716060"), ("US", "ssn", "536-90-4399"),
    ("CL", "rut", "12531909-2"), ("CN", "ric", "360426199101010071"), ("PK", "cnic", "3410253718653"),
    ("TH", "pin", "3100600445635"),
    ("AR", "dni", "20123456"), ("CZ", "rc", "710319/2745"), ("PT", "cc", "00000000 0 ZZ4"),
]  # fmt: skip


CHECKED = [entry for entry in RIGHT if entry[:2] not in (("AR", "dni"), ("DK", "cpr"), ("PK", "cnic"))]
"""Those with a check digit."""


def numbered(place: str, kind: str | None, value: str) -> Told:
    """A customer who states a number."""
    entry = {"country": place, "value": value, **({"type": kind} if kind else {})}
    return bank("JP", NEW, payer(identity={"level": "verified"}, national_ids=[entry]), money="10 JPY")


@pytest.mark.parametrize(("place", "kind", "value"), RIGHT)
def test_a_number_of_the_right_form_is_let_be(place: str, kind: str, value: str) -> None:
    assert numbered(place, kind, value).fields == []


@pytest.mark.parametrize(("place", "kind", "value"), CHECKED)
def test_a_number_with_one_character_changed_is_asked_for_again(place: str, kind: str, value: str) -> None:
    last = value[-1]
    wrong = value[:-1] + (chr(ord(last) + 1) if last not in "9Z" else ("0" if last == "9" else "A"))
    if (place, kind) == ("RO", "onrc") and "/" in value:
        wrong = "J52/750/1912"
    if (place, kind) in (("US", "ssn"), ("MX", "curp")):
        wrong = value[:-2] if kind == "ssn" else value[:-1] + "1"
    if kind == "pan":
        wrong = "ACUXA7085R"
    found = numbered(place, kind, wrong)
    assert found.fields == ["payer.national_ids.0.value"], f"{wrong} passed"
    assert found.verdict == "collect"


@pytest.mark.parametrize("value", ["", " ", "0", "ABC", "١٢٣", "1" * 65, "' OR 1=1", "-----"])
def test_odd_texts_are_no_numbers(value: str) -> None:
    if value:
        assert numbered("DE", "idnr", value).fields == ["payer.national_ids.0.value"]


def test_a_number_of_a_type_or_country_of_which_nothing_is_known_is_let_be() -> None:
    assert numbered("DE", "passport", "C01X00T47").fields == []
    assert numbered("AQ", None, "1").fields == []
    assert numbered("CZ", "ico", "1").fields == []


def test_a_number_without_a_type_is_right_if_it_is_one_of_its_country() -> None:
    assert numbered("BR", None, "390.533.447-05").fields == []
    assert numbered("BR", None, "390.533.447-06").fields == ["payer.national_ids.0.value"]


def test_a_number_of_the_right_form_verifies_nobody() -> None:
    stated = payer(identity={"level": "none"}, national_ids=[{"country": "BR", "type": "cpf", "value": "39053344705"}])
    assert bank("BR", NEW, stated, money="10 BRL").verdict == "collect"


def test_tax_numbers_are_looked_at_too() -> None:
    stated = payer(identity={"level": "verified"}, tax_ids=[{"country": "BR", "value": "39053344706"}])
    assert bank("BR", NEW, stated, money="10 BRL").fields == ["payer.tax_ids.0.value"]


# -- reviews -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edd", "risk", "last", "due", "overdue"),
    [
        (False, "low", "2022-07-10", "2027-07-10", False),
        (False, "low", "2022-07-09", "2027-07-09", True),
        (True, "low", "2026-07-10", "2027-07-10", False),
        (True, "low", "2026-07-09", "2027-07-09", True),
        (False, "high", "2026-07-09", "2027-07-09", True),
        (False, "low", "2024-02-29", "2029-02-28", False),
    ],
)
def test_customers_of_the_union_are_looked_at_again(edd: bool, risk: str, last: str, due: str, overdue: bool) -> None:
    """Art. 26(2) AMLR: within one year under enhanced measures, within five otherwise."""
    found = bank(
        "FR", OLD, payer(identity={"level": "enhanced"}, edd=edd, risk=risk, last_review=last), on="2027-07-10"
    )
    assert [(entry["code"], entry["due"]) for entry in found.body["obligations"]] == [("review_customer", due)]
    assert found.fields == (["payer.identity.verified_at"] if overdue else [])


def test_the_last_look_counts_whichever_it_was() -> None:
    stated = payer(identity={"level": "enhanced", "verified_at": "2026-01-01"}, edd=False, last_review="2021-01-01")
    found = bank("FR", OLD, stated, on="2027-07-10")
    assert found.body["obligations"][0]["due"] == "2031-01-01"


def test_a_look_that_is_not_stated_may_be_long_ago() -> None:
    found = bank("FR", OLD, payer(identity={"level": "enhanced"}, edd=False), on="2027-07-10")
    assert found.missing == {"payer.last_review"}
    assert bank("FR", OLD, payer(identity={"level": "enhanced"}, edd=False), on="2027-07-09").verdict == "met"


def test_a_new_business_in_canada_is_verified_within_30_days() -> None:
    held = {
        "type": "organisation",
        "identity": {"level": "verified"},
        "owners": [],
        "facts": {"senior_managers": ["Bo"]},
    }
    found = bank("CA", NEW, {"payer": held})
    assert [(entry["code"], entry["due"]) for entry in found.body["obligations"]] == [("verify_identity", "P30D")]


# -- what is said ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en", "de", "es", "fr", "id", "pt", "vi", "zh"])
def test_what_is_asked_for_is_said_in_the_payers_language(locale: str) -> None:
    found = bank("US", NEW, payer(identity={"level": "none"}), locale=locale)
    english = bank("US", NEW, payer(identity={"level": "none"}))
    assert all(entry["why"] for entry in found.kyc["collect"])
    if locale != "en":
        assert {entry["why"] for entry in found.kyc["collect"]}.isdisjoint(
            entry["why"] for entry in english.kyc["collect"]
        )


FORBIDDEN = (
    "launder", "suspici", "terror", "sanction", "fraud", "geldwäsche", "verdacht", "blanqueo", "sospech",
    "blanchiment", "soupçon", "pencucian", "curiga", "lavagem", "suspeit", "rửa tiền", "nghi ngờ", "洗钱", "可疑",
)  # fmt: skip


def test_nothing_that_a_customer_reads_tips_anybody_off() -> None:
    for locale in law().languages:
        words = law().words(locale)
        parts = [pack.domains["kyc"] for pack in law().packs.values() if "kyc" in pack.domains]
        keys = {rule.message: rule.title for part in parts for rule in part.rules}
        keys |= dict.fromkeys((key for key in TEMPLATES if key.startswith("kyc.")), "")
        for key, title in keys.items():
            said = words.say(key, title).lower()
            assert said
            assert not [word for word in FORBIDDEN if word in said], f"{locale} {key}: {said}"


def test_a_doubt_is_told_like_any_other_reason() -> None:
    doubted = bank("DE", ONCE, {"suspicion": True}, payer(identity={"level": "none"}), money="0.01 EUR")
    plain = bank("DE", NEW, payer(identity={"level": "none"}))
    assert doubted.kyc["collect"] == plain.kyc["collect"]
    assert doubted.body["message"] == plain.body["message"]
