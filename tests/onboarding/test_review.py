"""The automatic review: what it looks at, and that nothing unknown passes."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.bundled import rulepacks
from engine.onboarding.documents import missing_of
from engine.onboarding.life import opened
from engine.onboarding.model import Application, Registers, Review, marks, subjects
from engine.onboarding.review import review
from engine.onboarding.states import State
from engine.packs.packset import read_files
from tests.onboarding.applying import DAY, PERSON, UNDRAWN, applied, asked, document, known, law, packs

ACCOUNT = {"iban": "FR14 2004 1010 0505 0001 3M02 606", "holder": "Librairie Martin SARL", "country": "FR"}


def looked(application: Application, release: Any = None, day: date = DAY, **registers: Any) -> Review:
    return review(application, known(application, **registers), law(application, day, release))


def said(found: Review, check: str) -> set[tuple[str, str]]:
    """Result and reason of everything said under a check."""
    return {(one.result, one.why) for one in found.checks if one.check == check}


def test_a_merchant_in_order_passes_everything() -> None:
    found = looked(applied())
    assert {one.result for one in found.checks} == {"pass"}
    assert (found.risk.level, found.risk.score, found.threshold) == ("low", 0, ">= 25")


NUMBERS = [
    ("registration_number", {"registration_number": "552 008 444"}, ("fail", "checksum")),
    ("registration_number", {"registration_number": "RCS Paris B 552"}, ("flag", "form")),
    ("registration_number", {"registration_number": None}, ("flag", "not_stated")),
    ("registration_number", {"country": "GB", "registration_number": "01234567"}, ("not_performed", "no_module")),
    ("tax_number", {"tax_ids": None}, ("flag", "not_stated")),
    ("tax_number", {"tax_ids": [{"country": "FR", "value": "FR 62 954 506 077"}]}, ("fail", "checksum")),
    ("tax_number", {"tax_ids": [{"country": "FR", "value": "12"}]}, ("flag", "format")),
    ("tax_number", {"tax_ids": [{"country": "KP", "value": "12"}]}, ("not_performed", "no_module")),
    ("account", {"account": {**ACCOUNT, "iban": "FR15 2004 1010 0505 0001 3M02 606"}}, ("fail", "checksum")),
    ("account", {"account": {**ACCOUNT, "iban": "FR14 2004"}}, ("flag", "form")),
    ("account", {"account": {**ACCOUNT, "iban": "DE89370400440532013000"}}, ("flag", "another_country")),
    ("account", {"account": {"number": "123", "holder": "X"}}, ("not_performed", "no_iban")),
    ("account", {"account": None}, ("flag", "not_stated")),
    ("account_holder", {"account": {**ACCOUNT, "holder": "Librairie Martine SARL"}}, ("flag", "another_name")),
    ("account_holder", {"account": {**ACCOUNT, "holder": None}}, ("flag", "not_stated")),
    ("category", {"industry": "shell_bank"}, ("flag", "banned")),
    ("category", {"industry": "7995"}, ("flag", "restricted")),
    ("category", {"industry": None}, ("flag", "not_stated")),
    ("politically_exposed", {"directors": [{**PERSON, "politically_exposed": None}]}, ("flag", "not_stated")),
    ("politically_exposed", {"directors": [{**PERSON, "politically_exposed": "family"}]}, ("flag", "family")),
    ("countries", {"directors": [{**PERSON, "nationality": "IR"}]}, ("flag", "high_risk")),
    ("countries", {"directors": [{**PERSON, "nationality": "KP"}]}, ("flag", "embargo")),
    ("countries", {"directors": [{**PERSON, "country": None}]}, ("flag", "not_stated")),
    ("screening", {"website": None}, ("flag", "site_not_stated")),
    ("expected", {"expected": None}, ("flag", "not_stated")),
    ("documents", {"documents": None}, ("flag", "bank_statement_not_there")),
]  # fmt: skip


@pytest.mark.parametrize(("check", "changes", "expected"), NUMBERS)
def test_what_is_wrong_or_unknown_is_said(check: str, changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in said(looked(applied(**changes)), check)


REGISTERS = [
    ("company_register", {"company": None}, ("not_performed", "not_looked_up")),
    ("company_register", {"company": "dissolved"}, ("flag", "dissolved")),
    ("owner_register", {"owner_register": "differs"}, ("flag", "differs")),
    ("account_holder", {"account_holder": None}, ("not_performed", "bank_not_asked")),
    ("account_holder", {"account_holder": "Anne Martin"}, ("flag", "bank_says_another_name")),
    ("duplicates", {"duplicates": None}, ("not_performed", "not_looked_up")),
    ("duplicates", {"duplicates": {"account:x": ("onb_9",)}}, ("flag", "same_account")),
    ("blacklist", {"blacklist": None}, ("not_performed", "not_looked_up")),
    ("blacklist", {"blacklist": {"tax:FR:1": ("onb_9",)}}, ("flag", "same_tax")),
    ("screening", {"screening": None}, ("not_performed", "not_screened")),
    ("screening", {"screening": {"Anne Martin": "clear"}}, ("not_performed", "not_screened")),
    ("screening", {"screening": {"Anne Martin": "possible"}}, ("flag", "list_possible")),
]  # fmt: skip


@pytest.mark.parametrize(("check", "registers", "expected"), REGISTERS)
def test_what_registers_say_or_nobody_asked_is_said(check: str, registers: dict, expected: tuple[str, str]) -> None:
    assert expected in said(looked(applied(), **registers), check)


def test_whom_to_screen() -> None:
    """The company, its directors, its owners of every level, and its site."""
    inner = {**PERSON, "name": "Paul Roux", "share": "100"}
    chart = [{"name": "Holding SA", "type": "organisation", "share": "100", "owners": [inner]}]
    assert subjects(applied(owners=chart)) == (
        "Librairie Martin SARL", "Anne Martin", "Holding SA", "Paul Roux", "https://librairie.example",
    )  # fmt: skip


def test_a_ban_of_law_fails_and_one_of_the_house_is_a_persons_matter() -> None:
    ban = """domain: kyc
parameters:
  onboarding_categories_banned:
    type: tokens
    basis: statute
    cite: {source: vat_directive, at: Art. 1}
    confidence: R
    values:
      - {from: "2027-01-01", value: [gambling]}
"""
    source = (
        '  gambling_act: {title: Gambling Act, kind: statute, url: "https://example.org/", published: "2020-01-01"}'
    )
    release = packs(
        UNDRAWN,
        ("FR/kyc/bans.yaml", "", ban.replace("vat_directive, at: Art. 1", "gambling_act, at: s. 1")),
        ("FR/pack.yaml", "sources:\n", f"sources:\n{source}\n"),
    )
    application = applied(
        industry="gambling", documents=[*(one.model_dump() for one in applied().documents), document("licence")]
    )
    assert said(looked(application, release, date(2026, 12, 31)), "category") == {("flag", "restricted")}
    on_the_day = looked(application, release, date(2027, 1, 1))
    assert said(on_the_day, "category") == {("fail", "banned")}
    case = opened("onb_1", application, asked(application, "key_1", date(2027, 1, 1), release), draft=False)[-1].case
    assert case.state is State.AUTO_REJECTED


def test_where_no_list_of_countries_is_known_that_is_said_and_flags() -> None:
    release = packs(UNDRAWN, ("WORLD/kyc/onboarding.yaml", "[FATF-BLACK, ", "[NO-SUCH-LIST, FATF-BLACK, "))
    assert ("not_performed", "no_list_high_risk") in said(looked(applied(), release), "countries")


def test_a_discrepancy_with_the_register_is_reported_in_fourteen_days() -> None:
    """AMLR Art. 24(1), from 2027-07-10."""
    rows = """domain: kyc
parameters:
  bo_discrepancy_report_deadline:
    type: int
    basis: house
    confidence: R
    values:
      - {from: "2027-07-10", value: 14}
  bo_register_consultation:
    type: token
    basis: house
    confidence: R
    values:
      - {from: "2027-07-10", value: required}
"""
    release = packs(UNDRAWN, ("FR/kyc/register.yaml", "", rows))

    def due(day: date) -> date | None:
        return next(
            one.due
            for one in looked(applied(), release, day, owner_register="differs").checks
            if one.due or one.why == "differs"
        )

    assert due(date(2027, 7, 9)) is None
    assert due(date(2027, 7, 10)) == date(2027, 7, 24)
    before, after = (
        looked(applied(), release, day, owner_register=None) for day in (date(2027, 7, 9), date(2027, 7, 10))
    )
    assert said(before, "owner_register") == set()
    assert said(after, "owner_register") == {("not_performed", "not_looked_up")}


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"expires_on": "2026-11-26"}, None),
        ({"expires_on": "2026-11-25"}, "expired"),
        ({"readable": False}, "not_readable"),
        ({"readable": None}, "not_readable"),
        ({"expires_on": None}, "not_dated"),
        ({"about": "Somebody Else"}, "not_there"),
        ({"about": "ANNE MARTIN"}, None),
    ],
)
def test_an_identity_card_must_be_there_readable_and_in_date(changes: dict[str, Any], because: str | None) -> None:
    rest = [one.model_dump() for one in applied().documents if one.type != "identity_document"]
    card = {**document("identity_document", "Anne Martin"), **changes}
    missing = missing_of(applied(documents=[*rest, card]), law(applied()))
    assert [one.because for one in missing] == ([because] if because else [])


@pytest.mark.parametrize(
    ("issued", "because"),
    [
        ("2026-08-28", None),
        ("2026-08-27", "too_old"),
        ("2026-11-26", None),
        ("2026-11-27", "not_dated"),
        (None, "not_dated"),
    ],
)
def test_an_excerpt_of_the_register_is_recent_for_ninety_days(issued: str | None, because: str | None) -> None:
    rest = [one.model_dump() for one in applied().documents if one.type != "register_extract"]
    missing = missing_of(applied(documents=[*rest, document("register_extract", issued_on=issued)]), law(applied()))
    assert [one.because for one in missing] == ([because] if because else [])


def test_the_union_asks_a_trust_for_its_registration_from_the_day_of_the_regulation() -> None:
    """AMLR Art. 23(4)."""
    trust = applied(legal_form="trust", documents=None)
    for day, wanted in ((date(2027, 7, 9), False), (date(2027, 7, 10), True)):
        names = {one.name for one in missing_of(trust, law(trust, day))}
        assert ("register_extract" in names) is wanted


# -- nothing unknown passes ---------------------------------------------------------------------------------------------------

LOOKED_UP = [one.name for one in fields(Registers)]
SILENT = [*LOOKED_UP, *(name for name in Application.model_fields if name not in ("merchant", "name", "country"))]
INDIFFERENT = {"region", "acquirer_country"}
"""Whose silence says something: the country as a whole, and whoever takes on is of the same."""


@given(st.sets(st.sampled_from(SILENT), min_size=1))
def test_silence_never_passes(silent: set[str]) -> None:
    """Whatever is left out, of what is stated or of what is looked up: the case is not approved by itself."""
    application = applied(**{name: None for name in silent if name in Application.model_fields})
    everything = asked(application, "key_1")
    everything = replace(
        everything, registers=replace(everything.registers, **{name: None for name in silent if name in LOOKED_UP})
    )
    case = opened("onb_1", application, everything, draft=False)[-1].case
    if silent - INDIFFERENT - {"owner_register"}:
        assert case.state in (State.DOCUMENTS_MISSING, State.IN_REVIEW), silent
    found = review(application, everything.registers, everything.law)
    full = {(one.check, one.about) for one in looked(applied()).checks if one.result == "pass"}
    passed = {(one.check, one.about) for one in found.checks if one.result == "pass"}
    assert {check for check, _ in passed} <= {check for check, _ in full}


@given(st.sets(st.sampled_from(LOOKED_UP), min_size=1), st.sampled_from([None, "possible", "confirmed"]))
def test_what_nobody_looked_up_makes_no_case_milder(silent: set[str], hit: str | None) -> None:
    application = applied()
    names = dict.fromkeys(subjects(application), "clear") | ({"Anne Martin": hit} if hit else {})
    full = known(application, screening=names)
    less = replace(full, **{name: None for name in silent if name != "screening"})
    ours, theirs = (review(application, one, law(application)) for one in (less, full))
    full_pass = {(one.check, one.about) for one in theirs.checks if one.result == "pass"}
    assert {(one.check, one.about) for one in ours.checks if one.result == "pass"} <= full_pass
    assert ours.hit == theirs.hit
    assert marks(application)


def test_every_list_of_countries_that_the_house_names_is_shipped() -> None:
    """A list by another name than the packs' would be `not_performed` for every merchant, for ever."""
    shipped = {path.partition("/")[0] for path in read_files(rulepacks())}
    named = set(law(applied()).words("onboarding_country_lists")) | set(
        law(applied()).words("onboarding_embargo_lists")
    )
    if not any(code.startswith("FATF") for code in shipped):
        pytest.skip("no lists of countries are shipped here yet")
    assert named <= shipped
