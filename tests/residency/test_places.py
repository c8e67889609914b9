"""Law of sectors, place by place: who, what, since when, and what lifts it. Both sides of every day and number."""

from __future__ import annotations

from typing import Any

import pytest

from tests.residency.asking import NONE, PERMIT, TODAY, ask, scc

RECORD, CARD, BOOKS = "transaction_record", "payment_credential", "accounting_record"
Facts = dict[str, Any]
KV = {"mechanism": scc("kvkk")}
MORE: dict[str, Facts] = {
    "RU": {"purpose": "contract", "mechanism": {"kind": "notification", "filed": True}},
    "TR": KV,
    "SA": {"mechanism": scc("sdaia")},
    "VN": {"mechanism": {"kind": "dossier", "filed": True}},
}


def said(subject: str, data_class: str, action: str, region: str, on: str = TODAY, **more: Any) -> str:
    """The verdict, with a ground of transfer in place where the general law wants one."""
    stated = {
        "mechanism": {"kind": "contract", "also": ["scc", "consent"], "template": "eu"},
        **MORE.get(subject, {}),
        **more,
    }
    return ask(subject, data_class, action, region, on=on, **stated).said


DATES = [
    # subject, class, action, region, further facts, day before, verdict then, first day, verdict then
    ("RU", "contact", "store", "DE", {"phase": "collection"}, "2025-06-30", "require_local_copy", "2025-07-01", "deny:place"),
    ("NG", RECORD, "store", "IE", {}, "2026-12-31", "allow_with_mechanism", "2027-01-01", "deny:place"),
    ("NG", CARD, "mirror", "ZA", {"data_form": "network_token"}, "2026-12-31", "allow_with_mechanism", "2027-01-01",
     "deny:place"),
    ("UZ", "biometric", "store", "DE", {}, "2026-03-26", "deny:place", "2026-03-27", "deny:place"),
    ("UZ", "contact", "store", "DE", {}, "2026-03-26", "deny:place", "2026-03-27", "allow_with_mechanism"),
    ("UZ", "contact", "store", "DE", {}, "2021-04-14", "allow_with_mechanism", "2021-04-15", "deny:place"),
    ("VN", "contact", "store", "SG", {"actor_establishment": "SG", "mechanism": {"kind": "dossier", "filed": True,
     "also": ["contract"]}},
     "2026-06-30", "allow_with_mechanism", "2026-07-01", "require_local_copy"),
    ("TR", RECORD, "store", "DE", {"actor_role": "bank", "mechanism": PERMIT}, "2020-12-31", "allow_with_mechanism",
     "2021-01-01", "deny:place"),
    ("SA", RECORD, "store", "AE", {"actor_role": "bank", "mechanism": NONE}, "2023-09-13", "deny:mechanism_missing",
     "2023-09-14", "deny:mechanism_missing"),
    ("QA", RECORD, "store", "AE", {"actor_role": "bank"}, "2024-04-14", "allow_with_mechanism", "2024-04-15", "deny:place"),
    ("ID", RECORD, "process", "SG", {"transaction": "domestic"}, "2022-10-16", "deny:place", "2022-10-17", "deny:place"),
    ("ID", RECORD, "store", "SG", {"actor_role": "bank"}, "2022-10-17", "deny:mechanism_missing", "2022-10-18",
     "deny:mechanism_missing"),
    ("AE", RECORD, "store", "SA", {"actor_role": "payment_token_provider"}, "2024-08-30", "allow", "2024-08-31",
     "deny:mechanism_missing"),
    ("KR", "contact", "store", "JP", {"actor_role": "bank", "classification": "credit_information"}, "2018-12-31",
     "allow_with_mechanism",
     "2019-01-01", "deny:place"),
    ("TZ", RECORD, "store", "ZA", {"actor_role": "bank", "mechanism": PERMIT}, "2023-05-01", "deny:place", "2023-05-02",
     "deny:place"),
    ("BD", "contact", "store", "SG", {"classification": "restricted", "mechanism": {"kind": "consent"}}, "2026-01-31",
     "allow_with_mechanism",
     "2026-02-01", "require_local_copy"),
    ("BD", "contact", "store", "SG", {"actor_role": "digital_bank", "mechanism": {"kind": "consent"}}, "2025-11-06", "deny:place",
     "2025-11-07", "deny:place"),
    ("GH", RECORD, "process", "ZA", {"transaction": "domestic"}, "2021-07-31", "allow", "2021-08-01", "deny:place"),
    ("DE", BOOKS, "store", "FR", {}, "2020-12-28", "deny:place", "2020-12-29", "allow"),
    ("IN", BOOKS, "store", "SG", {}, "2023-08-11", "require_local_copy", "2023-08-12", "require_local_copy"),
    ("CN", RECORD, "store", "US", {"actor_role": "payment_institution", "transaction": "domestic", "purpose": "contract"},
     "2024-04-30",
     "allow", "2024-05-01", "deny:place"),
    ("EE", "kyc_document", "store", "EE", {"clock": {"years_since_end": "5.5"}}, "2018-05-25", "deny:retention_over",
     "2018-05-26", "deny:retention_over"),
    ("GR", "kyc_document", "store", "GR", {"clock": {"years_since_end": "5.5"}}, "2018-07-29", "allow", "2018-07-30",
     "deny:retention_over"),
    ("FR", "kyc_document", "store", "FR", {"clock": {"years_since_end": "5.5"}, "purpose": "aml"}, "2027-07-09", "allow",
     "2027-07-10",
     "deny:retention_over"),
    ("BR", CARD, "store", "BR", {"data_form": "sha256_unkeyed"}, "2025-03-30", "allow", "2025-03-31", "deny:form"),
    ("BR", CARD, "store", "BR", {"data_form": "plain_pan"}, "2022-03-30", "allow", "2022-03-31", "deny:form"),
    ("US", RECORD, "transfer", "CN", {"purpose": "sale", "volumes": {"persons_last_12_months": 10_001}}, "2025-04-07", "allow",
     "2025-04-08", "deny:place"),
    ("IN", CARD, "store", "IN", {"data_form": "encrypted_pan", "purpose": "one_click"}, "2023-08-11", "deny:form",
     "2023-08-12", "deny:form"),
    ("MX", CARD, "store", "MX", {"data_form": "network_token"}, "2025-03-20", "deny:no_rulepack", "2025-03-21", "allow"),
]  # fmt: skip


@pytest.mark.parametrize("case", DATES, ids=lambda case: f"{case[0]} {case[1]} {case[7]}")
def test_the_day_before_and_the_day(case: tuple[Any, ...]) -> None:
    subject, data_class, action, region, more, before, verdict_before, first, verdict = case
    assert said(subject, data_class, action, region, before, **more) == verdict_before
    assert said(subject, data_class, action, region, first, **more) == verdict


SECTORS = [
    # India: payment data at home, processing abroad for a day
    ("IN", RECORD, "store", "SG", {"transaction": "domestic"}, "deny:place"),
    ("IN", RECORD, "mirror", "SG", {"transaction": "domestic"}, "deny:place"),
    ("IN", RECORD, "store", "SG", {"transaction": "cross_border"}, "require_local_copy"),
    ("IN", RECORD, "store", "SG", {}, "deny:needs_input"),
    ("IN", RECORD, "process", "SG", {"clock": {"hours_abroad": "24"}}, "allow"),
    ("IN", RECORD, "process", "SG", {"clock": {"hours_abroad": "24.01"}}, "deny:place"),
    ("IN", RECORD, "process", "SG", {"clock": {"hours_abroad": "20", "business_days_abroad": "1"}}, "allow"),
    ("IN", RECORD, "process", "SG", {"clock": {"hours_abroad": "20", "business_days_abroad": "1.5"}}, "deny:place"),
    ("IN", "contact", "store", "SG", {}, "allow"),
    ("IN", RECORD, "transfer", "US", {"recipient": "foreign_authority", "clock": {"hours_abroad": "1"}, "mechanism": NONE},
     "deny:mechanism_missing"),
    ("IN", RECORD, "transfer", "US", {"recipient": "foreign_authority", "clock": {"hours_abroad": "1"}, "mechanism": PERMIT},
     "allow_with_mechanism"),
    ("IN", CARD, "store", "IN", {"data_form": "network_token"}, "allow"),
    ("IN", CARD, "store", "IN", {"data_form": "encrypted_pan", "actor_role": "issuer"}, "allow"),
    ("IN", CARD, "store", "IN", {"data_form": "encrypted_pan", "actor_role": "card_network"}, "allow"),
    ("IN", CARD, "store", "IN", {"data_form": "encrypted_pan", "purpose": "guest_checkout",
     "clock": {"days_since_transaction": "4"}}, "allow"),
    ("IN", CARD, "store", "IN", {"data_form": "encrypted_pan", "purpose": "guest_checkout",
     "clock": {"days_since_transaction": "4.01"}}, "deny:form"),
    ("IN", CARD, "store", "IN", {"data_form": "encrypted_pan", "purpose": "guest_checkout"}, "deny:needs_input"),
    ("IN", CARD, "store", "IN", {}, "deny:needs_input"),
    ("IN", BOOKS, "store", "SG", {}, "require_local_copy"),
    ("IN", BOOKS, "mirror", "SG", {}, "allow"),
    # Russia: the first record at home
    ("RU", "contact", "store", "DE", {"phase": "collection"}, "deny:place"),
    ("RU", "contact", "process", "DE", {"phase": "collection"}, "deny:place"),
    ("RU", "contact", "store", "RU", {"phase": "collection"}, "allow"),
    ("RU", "contact", "store", "DE", {"phase": "after_collection"}, "allow_with_mechanism"),
    ("RU", "contact", "store", "DE", {}, "deny:needs_input"),
    ("RU", "contact", "store", "DE", {"phase": "collection", "purpose": "statutory"}, "allow_with_mechanism"),
    ("RU", RECORD, "process", "DE", {"phase": "after_collection", "transaction": "domestic"}, "deny:place"),
    ("RU", RECORD, "process", "DE", {"phase": "after_collection", "transaction": "cross_border"}, "allow_with_mechanism"),
    # Turkey
    ("TR", RECORD, "store", "DE", {"actor_role": "bank"}, "deny:place"),
    ("TR", RECORD, "store", "TR", {"actor_role": "bank"}, "allow"),
    ("TR", RECORD, "store", "DE", {"actor_role": "emoney"}, "require_local_copy"),
    ("TR", RECORD, "store", "DE", {"actor_role": "system_operator"}, "deny:place"),
    ("TR", RECORD, "store", "DE", {"actor_role": "merchant"}, "allow_with_mechanism"),
    ("TR", "biometric", "store", "DE", {"actor_role": "public_body"}, "deny:place"),
    # Indonesia
    ("ID", RECORD, "process", "SG", {"transaction": "domestic"}, "deny:place"),
    ("ID", RECORD, "process", "SG", {"transaction": "cross_border"}, "allow_with_mechanism"),
    ("ID", RECORD, "process", "SG", {}, "deny:needs_input"),
    ("ID", "contact", "store", "SG", {"actor_role": "public_body"}, "deny:place"),
    ("ID", "contact", "store", "SG", {"actor_role": "bank"}, "deny:mechanism_missing"),
    ("ID", "contact", "store", "ID", {"actor_role": "bank"}, "allow"),
    ("ID", "contact", "store", "SG", {"actor_role": "merchant"}, "allow_with_mechanism"),
    # the Gulf
    ("SA", RECORD, "store", "AE", {"actor_role": "bank"}, "deny:mechanism_missing"),
    ("SA", RECORD, "store", "SA", {"actor_role": "bank"}, "allow"),
    ("SA", RECORD, "store", "AE", {"actor_role": "merchant"}, "allow_with_mechanism"),
    ("AE", RECORD, "store", "SA", {"actor_role": "payment_institution", "mechanism": NONE}, "deny:mechanism_missing"),
    ("AE", RECORD, "store", "SA", {"actor_role": "payment_institution", "mechanism": PERMIT}, "allow_with_mechanism"),
    ("AE", RECORD, "store", "SA", {"actor_role": "bank", "mechanism": NONE}, "allow"),
    ("AE", "contact", "store", "SA", {"mechanism": {"kind": "consent"}}, "allow_with_mechanism"),
    ("QA", RECORD, "process", "AE", {"actor_role": "payment_institution"}, "deny:place"),
    ("QA", RECORD, "store", "QA", {"actor_role": "payment_institution"}, "allow"),
    ("QA", RECORD, "store", "AE", {"actor_role": "merchant"}, "allow_with_mechanism"),
    ("OM", "biometric", "store", "OM", {"mechanism": NONE}, "deny:mechanism_missing"),
    ("OM", "biometric", "store", "OM", {"mechanism": PERMIT}, "allow_with_mechanism"),
    # Asia
    ("KR", "contact", "store", "JP", {"actor_role": "bank", "classification": "unique_identifier"}, "deny:place"),
    ("KR", "contact", "store", "KR", {"actor_role": "bank", "classification": "unique_identifier"}, "allow"),
    ("KR", "contact", "store", "JP", {"classification": "unique_identifier"}, "allow_with_mechanism"),
    ("KZ", "contact", "store", "DE", {}, "require_local_copy"),
    ("KZ", "contact", "mirror", "DE", {}, "allow_with_mechanism"),
    ("KZ", "contact", "store", "KZ", {}, "allow"),
    ("UZ", "biometric", "store", "DE", {}, "deny:place"),
    ("UZ", "contact", "store", "DE", {"actor_role": "telecom"}, "deny:place"),
    ("BD", "contact", "store", "SG", {"classification": "restricted", "mechanism": {"kind": "consent"}}, "require_local_copy"),
    ("BD", "contact", "store", "SG", {"actor_role": "digital_bank"}, "deny:place"),
    ("PK", "contact", "store", "SG", {"actor_role": "telecom"}, "deny:place"),
    ("PK", "contact", "store", "SG", {}, "allow"),
    ("VN", "contact", "store", "SG", {"actor_establishment": "VN"}, "require_local_copy"),
    ("VN", "contact", "process", "SG", {"actor_establishment": "VN"}, "allow_with_mechanism"),
    ("VN", "contact", "store", "SG", {}, "deny:needs_input"),
    # Africa
    ("NG", "bvn", "store", "IE", {}, "deny:mechanism_missing"),
    ("NG", "contact", "store", "IE", {"classification": "government"}, "deny:place"),
    ("NG", RECORD, "store", "NG", {}, "allow"),
    ("GH", RECORD, "process", "ZA", {"transaction": "domestic"}, "deny:place"),
    ("GH", RECORD, "process", "ZA", {"transaction": "cross_border"}, "allow"),
    ("GH", RECORD, "process", "GH", {"transaction": "domestic"}, "allow"),
    ("RW", "contact", "store", "ZA", {"mechanism": {"kind": "certificate", "ref": "1", "also": ["consent"]}},
     "allow_with_mechanism"),
    ("RW", "contact", "store", "ZA", {"mechanism": {"kind": "certificate", "ref": "1"}}, "deny:mechanism_missing"),
    ("RW", "contact", "store", "RW", {}, "allow"),
    ("RW", "contact", "process", "ZA", {"mechanism": {"kind": "consent"}}, "allow_with_mechanism"),
    ("ZM", "contact", "store", "ZA", {"mechanism": {"kind": "consent"}}, "deny:mechanism_missing"),
    ("ZM", "contact", "store", "ZA", {"mechanism": {"kind": "permit", "also": ["consent", "scc"], "approved": True}},
     "allow_with_mechanism"),
    ("KE", RECORD, "store", "ZA", {}, "allow_with_mechanism"),
    ("KE", RECORD, "store", "ZA", {"classification": "strategic"}, "require_local_copy"),
    ("TZ", RECORD, "store", "ZA", {"actor_role": "emoney", "mechanism": PERMIT}, "deny:place"),
    ("TZ", RECORD, "mirror", "ZA", {"actor_role": "emoney", "mechanism": PERMIT}, "allow_with_mechanism"),
    ("DZ", "website", "store", "FR", {"mechanism": PERMIT}, "deny:place"),
    ("DZ", "website", "store", "DZ", {}, "allow"),
    # books
    ("DE", BOOKS, "store", "FR", {}, "allow"),
    ("DE", BOOKS, "store", "CH", {"mechanism": NONE}, "deny:mechanism_missing"),
    ("DE", BOOKS, "store", "CH", {"mechanism": PERMIT}, "allow_with_mechanism"),
    ("DE", BOOKS, "mirror", "CH", {"mechanism": NONE}, "allow_with_mechanism"),
    ("NO", BOOKS, "store", "SE", {}, "require_local_copy"),
    ("NO", BOOKS, "store", "NO", {}, "allow"),
    ("SE", BOOKS, "store", "FI", {}, "allow_with_mechanism"),
    ("SE", BOOKS, "store", "JP", {"mechanism": NONE}, "deny:mechanism_missing"),
    ("SE", BOOKS, "store", "JP", {"mechanism": PERMIT}, "allow_with_mechanism"),
    ("CZ", BOOKS, "store", "SK", {"remote_access": False}, "deny:mechanism_missing"),
    ("CZ", BOOKS, "store", "SK", {"remote_access": True, "mechanism": {"kind": "notification", "filed": True}},
     "allow_with_mechanism"),
    ("CZ", BOOKS, "store", "SK", {}, "deny:needs_input"),
    ("FR", BOOKS, "store", "BE", {"remote_access": True, "mechanism": {"kind": "notification", "filed": True}},
     "allow_with_mechanism"),
    ("FR", BOOKS, "store", "BE", {"remote_access": False}, "deny:place"),
    ("FR", BOOKS, "store", "JP", {"remote_access": True, "mechanism": {"kind": "notification", "filed": True}}, "deny:place"),
    ("IE", BOOKS, "store", "FR", {}, "require_local_copy"),
    ("CA", BOOKS, "store", "US", {}, "deny:mechanism_missing"),
    ("CA", BOOKS, "store", "CA", {}, "allow"),
    ("CN", BOOKS, "store", "US", {"volumes": {"persons_since_january_1": 1}, "mechanism": NONE}, "deny:mechanism_missing"),
    # the card standard, everywhere
    ("FR", "sensitive_auth_data", "store", "FR", {"phase": "after_authorisation", "data_form": "encrypted"}, "deny:form"),
    ("FR", "sensitive_auth_data", "mirror", "FR", {"phase": "after_authorisation", "data_form": "encrypted"}, "deny:form"),
    ("FR", "sensitive_auth_data", "process", "FR", {"phase": "after_authorisation"}, "allow"),
    ("FR", "sensitive_auth_data", "store", "FR", {"phase": "before_authorisation", "data_form": "encrypted"}, "allow"),
    ("FR", "sensitive_auth_data", "store", "FR", {"phase": "before_authorisation", "data_form": "plain"}, "deny:form"),
    ("FR", "sensitive_auth_data", "store", "FR", {"data_form": "encrypted"}, "deny:needs_input"),
    ("FR", "sensitive_auth_data", "store", "FR", {"phase": "after_authorisation", "data_form": "encrypted",
     "actor_role": "issuer", "purpose": "issuing"}, "allow"),
    ("FR", CARD, "store", "FR", {"data_form": "plain_pan"}, "deny:form"),
    ("FR", CARD, "store", "FR", {"data_form": "encrypted_pan"}, "allow"),
    ("FR", CARD, "store", "FR", {"data_form": "truncated"}, "allow"),
    ("FR", CARD, "store", "FR", {"data_form": "keyed_hash"}, "allow"),
    ("FR", CARD, "store", "FR", {"data_form": "sha256_unkeyed"}, "deny:form"),
    ("FR", CARD, "process", "FR", {"data_form": "plain_pan"}, "allow"),
    ("FR", CARD, "store", "FR", {}, "deny:needs_input"),
    # clocks
    ("DE", "aml_record", "store", "DE", {"clock": {"years_since_end": "10"}}, "allow"),
    ("DE", "aml_record", "store", "DE", {"clock": {"years_since_end": "10.01"}}, "deny:retention_over"),
    ("DE", "aml_record", "store", "DE", {}, "deny:needs_input"),
    ("SE", "aml_record", "store", "SE", {"clock": {"years_since_end": "10.01"}}, "deny:retention_over"),
    ("CZ", "kyc_document", "store", "CZ", {"clock": {"years_since_end": "10.01"}}, "deny:retention_over"),
    ("LI", "kyc_document", "store", "LI", {"clock": {"years_since_end": "10"}}, "allow"),
    ("LI", "kyc_document", "store", "LI", {"clock": {"years_since_end": "10.01"}}, "deny:retention_over"),
    ("GR", "kyc_document", "store", "GR", {"clock": {"years_since_end": "5"}}, "allow"),
    ("GR", "kyc_document", "store", "GR", {"clock": {"years_since_end": "5.01"}, "retention_ordered": True}, "allow"),
    ("FR", "contact", "store", "FR", {"erasure_requested": True, "purpose": "marketing"}, "deny:retention_over"),
    ("FR", "contact", "store", "FR", {"erasure_requested": True, "purpose": "tax"}, "allow"),
    ("FR", "contact", "store", "FR", {"erasure_requested": True}, "deny:needs_input"),
    # exceptions for payments, blocking rules
    ("UY", RECORD, "transfer", "US", {"purpose": "bank_transfer", "mechanism": NONE}, "allow"),
    ("PE", RECORD, "transfer", "US", {"purpose": "bank_transfer", "mechanism": NONE}, "allow"),
    ("PE", "contact", "store", "US", {"purpose": "contract", "mechanism": NONE}, "allow"),
    ("PE", "contact", "store", "US", {"purpose": "marketing", "mechanism": NONE}, "deny:mechanism_missing"),
    ("AR", RECORD, "transfer", "US", {"mechanism": NONE}, "deny:needs_input"),
    ("DE", RECORD, "transfer", "US", {"recipient": "foreign_authority", "mechanism": {"kind": "scc", "tia_done": True}},
     "deny:mechanism_missing"),
    ("BR", RECORD, "store", "US", {"actor_role": "payment_institution", "mechanism": scc("anpd")}, "allow_with_mechanism"),
]  # fmt: skip


@pytest.mark.parametrize("case", SECTORS, ids=lambda case: f"{case[0]} {case[1]} {case[2]} {case[3]} {case[5]}")
def test_sectors(case: tuple[Any, ...]) -> None:
    subject, data_class, action, region, more, verdict = case
    assert said(subject, data_class, action, region, **more) == verdict


CHINA = [
    # class, counter, number, day, verdict without any mechanism, and with the authority's clauses filed
    ("contact", "persons_since_january_1", 99_999, TODAY, "allow", "allow"),
    ("contact", "persons_since_january_1", 100_000, TODAY, "deny:mechanism_missing", "allow_with_mechanism"),
    ("contact", "persons_since_january_1", 999_999, TODAY, "deny:mechanism_missing", "allow_with_mechanism"),
    ("contact", "persons_since_january_1", 1_000_000, TODAY, "deny:mechanism_missing", "deny:mechanism_missing"),
    ("contact", "persons_since_january_1", 99_999, "2024-03-21", "deny:mechanism_missing", "allow_with_mechanism"),
    ("contact", "persons_since_january_1", 100_000, "2024-03-21", "deny:mechanism_missing", "deny:mechanism_missing"),
    ("contact", "persons_since_january_1", 100_000, "2024-03-22", "deny:mechanism_missing", "allow_with_mechanism"),
    (RECORD, "sensitive_since_january_1", 1, TODAY, "deny:mechanism_missing", "allow_with_mechanism"),
    (RECORD, "sensitive_since_january_1", 9_999, TODAY, "deny:mechanism_missing", "allow_with_mechanism"),
    (RECORD, "sensitive_since_january_1", 10_000, TODAY, "deny:mechanism_missing", "deny:mechanism_missing"),
    (RECORD, "sensitive_since_january_1", 10_001, TODAY, "deny:mechanism_missing", "deny:mechanism_missing"),
]


@pytest.mark.parametrize("case", CHINA, ids=lambda case: f"{case[0]} {case[2]} {case[3]}")
def test_counters_of_china(case: tuple[Any, ...]) -> None:
    """Below a number free, then clauses, from a number on the assessment; `at or above`."""
    data_class, counter, number, on, bare, clauses = case
    facts = {"purpose": "analytics", "volumes": {counter: number}}
    assert said("CN", data_class, "store", "US", on, mechanism=NONE, **facts) == bare
    filed = {"kind": "scc", "template": "cac", "filed": True}
    assert said("CN", data_class, "store", "US", on, mechanism=filed, **facts) == clauses
    passed = {"kind": "security_assessment", "approved": True}
    assert said("CN", data_class, "store", "US", on, mechanism=passed, **facts) in ("allow", "allow_with_mechanism")


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"actor_role": "ciio", "volumes": {"persons_since_january_1": 1}}, "deny:mechanism_missing"),
        ({"classification": "important", "volumes": {"persons_since_january_1": 1}}, "deny:mechanism_missing"),
        ({"classification": "credit_information", "volumes": {"persons_since_january_1": 1}}, "deny:place"),
        ({"recipient": "foreign_authority", "volumes": {"persons_since_january_1": 1}}, "deny:mechanism_missing"),
        ({"purpose": "contract"}, "allow"),
        ({}, "deny:needs_input"),
    ],
)
def test_more_of_china(more: Facts, verdict: str) -> None:
    assert said("CN", "contact", "store", "US", **{"purpose": "analytics", "mechanism": NONE, **more}) == verdict


def test_hong_kong_is_not_the_mainland() -> None:
    facts = {"actor_role": "payment_institution", "transaction": "domestic", "purpose": "contract"}
    assert said("CN", RECORD, "store", "HK", **facts) == "deny:place"
    assert said("CN", RECORD, "store", "CN", **facts) == "allow"


@pytest.mark.parametrize(
    ("on", "verdict"), [("2025-12-31", "deny:mechanism_missing"), ("2026-01-01", "allow_with_mechanism")]
)
def test_certification_in_china_is_open_since_2026(on: str, verdict: str) -> None:
    facts = {"purpose": "analytics", "volumes": {"sensitive_since_january_1": 5}}
    certified = {"kind": "certification", "certified": True}
    assert said("CN", RECORD, "store", "US", on, mechanism=certified, **facts) == verdict


DSP = [
    # class, number, verdict: more than, not from
    (RECORD, 9_999, "allow"), (RECORD, 10_000, "allow"), (RECORD, 10_001, "deny:place"),
    ("contact", 100_000, "allow"), ("contact", 100_001, "deny:place"),
    ("biometric", 1_000, "allow"), ("biometric", 1_001, "deny:place"),
]  # fmt: skip


@pytest.mark.parametrize("country", ["CN", "HK", "MO", "CU", "IR", "KP", "RU", "VE"])
@pytest.mark.parametrize(("data_class", "number", "verdict"), DSP)
def test_bulk_data_of_americans(country: str, data_class: str, number: int, verdict: str) -> None:
    facts = {"purpose": "analytics", "volumes": {"persons_last_12_months": number}}
    assert said("US", data_class, "store", country, **facts) == verdict


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"operator_country": "CN"}, "deny:place"),
        ({"operator_is_covered_person": True}, "deny:place"),
        ({"operator_country": "US"}, "allow"),
        ({"operator_country": "CN", "purpose": "payment"}, "allow"),
    ],
)
def test_who_runs_the_region_counts(more: Facts, verdict: str) -> None:
    """A covered person anywhere, not only in its own country."""
    facts = {"purpose": "analytics", "volumes": {"persons_last_12_months": 20_000}, **more}
    assert said("US", RECORD, "store", "DE", **facts) == verdict


ROUTES = [
    ("ZA", "route_via_local_acquirer"), ("NG", "route_via_domestic_switch"), ("TH", "route_via_local_network"),
    ("VN", "route_via_licensed_switch"), ("SA", "route_via_mada"),
]  # fmt: skip


@pytest.mark.parametrize(("country", "code"), ROUTES)
def test_routing_is_a_duty_and_no_verdict(country: str, code: str) -> None:
    told = ask(country, RECORD, "process", country, transaction="domestic")
    assert (told.said, code in told.duties) == ("allow", True)
    assert code not in ask(country, RECORD, "process", country, transaction="cross_border").duties
