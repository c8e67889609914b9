"""A merchant that asks to be taken on, and everything looked up about it: all in order unless a story says otherwise."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.bundled import rulepacks
from engine.onboarding.law import OnboardingLaw
from engine.onboarding.life import Asked, decided, opened
from engine.onboarding.model import Activation, Application, Case, Registers, Transition, marks, subjects
from engine.packs import PackSet, load_packs
from engine.packs.packset import read_files

DAY = date(2026, 11, 26)
EMBARGOED, HIGH_RISK = "KP", "IR"
GROUPS = dict.fromkeys(("FATF-BLACK", "FATF-GREY", "HIGH-RISK-EU", "HIGH-RISK-GB", "CONCERN-US"), HIGH_RISK)
GROUPS |= {f"EMBARGO-PARTIAL-{whose}": HIGH_RISK for whose in ("UN", "EU", "GB")}
GROUPS |= dict.fromkeys(("EMBARGO-UN", "EMBARGO-EU", "EMBARGO-GB", "EMBARGO-US", "EMBARGO-CA"), EMBARGOED)
_GROUP = """schema: rulepack/v1
jurisdiction: {code}
name: {code}
version: "2026.11.0"
members:
  - {{place: {place}, from: "2020-01-01", confidence: R, note: of the test}}
verified: {{on: "2026-11-22", by: test}}
"""
_SMALL = ("WORLD/pack.yaml", "WORLD/kyc/", "EU/pack.yaml", "EU/kyc/", "FR/pack.yaml", "FR/tax.yaml")


@cache
def packs(*changes: tuple[str, str, str]) -> PackSet:
    """The law of onboarding as it is shipped, with every list of countries that the house names, and changes (file, old, new)."""
    files = {path: text for path, text in read_files(rulepacks()).items() if path.startswith(_SMALL)}
    for code, place in GROUPS.items():
        files[f"{code}/pack.yaml"] = _GROUP.format(code=code, place=place)
    for path, old, new in changes:
        assert path not in files or old in files[path]
        files[path] = files[path].replace(old, new) if path in files else new
    with TemporaryDirectory() as folder:
        for path, text in files.items():
            where = Path(folder) / path
            where.parent.mkdir(parents=True, exist_ok=True)
            where.write_text(text, encoding="utf-8")
        return load_packs(Path(folder))


UNDRAWN = ("WORLD/kyc/onboarding.yaml", '- {from: unread, value: "10"}', '- {from: unread, value: "0"}')
"""Nobody is drawn into the sample."""


def document(kind: str, about: str | None = None, **changes: Any) -> dict[str, Any]:
    """A document in order."""
    made = {"type": kind, "issued_on": "2026-11-01", "expires_on": "2030-12-31", "readable": True, **changes}
    return {**made, "about": about} if about else made


PERSON: dict[str, Any] = {
    "name": "Anne Martin", "country": "FR", "nationality": "FR", "date_of_birth": "1980-01-01", "politically_exposed": "none",
}  # fmt: skip


def applied(**changes: Any) -> Application:
    """A French bookseller, owned and directed by one person. A field given as None is not stated."""
    stated: dict[str, Any] = {
        "merchant": "m-7", "legal_form": "company", "name": "Librairie Martin SARL", "country": "FR",
        "registration_number": "552 008 443", "tax_ids": [{"country": "FR", "value": "FR 61 954 506 077"}],
        "address": "1 rue du Four, Paris", "industry": "5942", "website": "https://librairie.example",
        "directors": [PERSON], "owners": [{**PERSON, "share": "100"}],
        "account": {"iban": "FR14 2004 1010 0505 0001 3M02 606", "holder": "LIBRAIRIE MARTIN S.A.R.L.", "country": "FR"},
        "expected": {"countries": ["FR"]},
        "documents": [
            document("proof_of_address"), document("bank_statement"), document("register_extract"), document("ownership_chart"),
            document("identity_document", "Anne Martin"),
        ],
    }  # fmt: skip
    stated = {name: value for name, value in {**stated, **changes}.items() if value is not None}
    return Application.model_validate(stated)


def known(application: Application, **changes: Any) -> Registers:
    """Registers in which nothing speaks against the applicant."""
    found: dict[str, Any] = {
        "company": "active", "owner_register": "agrees", "account_holder": application.name,
        "duplicates": dict.fromkeys(marks(application), ()), "blacklist": dict.fromkeys(marks(application), ()),
        "screening": dict.fromkeys(subjects(application), "clear"),
    }  # fmt: skip
    return Registers(**{**found, **changes})


def law(application: Application, day: date = DAY, release: PackSet | None = None) -> OnboardingLaw:
    """What holds for the applicant on a day."""
    return OnboardingLaw(release or packs(UNDRAWN), application.country, application.acquirer_country, day)


def asked(
    application: Application, actor: str = "system", day: date = DAY, release: PackSet | None = None, **registers: Any
) -> Asked:
    """Everything beside the case."""
    return Asked(law(application, day, release), known(application, **registers), actor)


def opened_case(application: Application | None = None, case_id: str = "onb_1", **registers: Any) -> Case:
    """The case of an application that key_1 hands in."""
    found = application or applied()
    return opened(case_id, found, asked(found, "key_1", **registers), draft=False)[-1].case


CONDITIONS = Activation.model_validate({
    "contract_signed_on": DAY, "account_verified_on": DAY, "monthly_limit": "10000.00", "currency": "EUR",
    "monitoring_profile": "standard",
})  # fmt: skip


def decide(
    case: Case, decision: str, actor: str = "key_2", day: date = DAY, conditions: Activation | None = None
) -> Case:
    """What an officer decides, and where it leads."""
    return decide_all(case, decision, actor, day, conditions)[-1].case


def decide_all(
    case: Case, decision: str, actor: str = "key_2", day: date = DAY, conditions: Activation | None = None
) -> list[Transition]:
    """As `decide`, with every transition."""
    given = conditions or (CONDITIONS if decision == "activate" else None)
    return decided(case, decision, "seen", given, asked(case.application, actor, day))


def in_service(application: Application | None = None, **registers: Any) -> Case:
    """A merchant in service."""
    case = opened_case(application, **registers)
    if case.state == "in_review":
        case = decide(case, "approve")
    return decide(case, "activate")


def kinds(transitions: list[Transition]) -> list[str]:
    """What happened."""
    return [one.kind for one in transitions]
