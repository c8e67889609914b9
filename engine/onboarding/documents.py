"""The first stage: is everything there that country, legal form and category ask for, readable and in date?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, Literal

from engine.onboarding.law import OnboardingLaw
from engine.onboarding.model import Application, BeneficialOwner, Document, Missing, folded
from engine.onboarding.ownership import owners_of

Because = Literal["not_stated", "not_there", "not_readable", "expired", "too_old", "not_dated"]
_NEAREST: Final[tuple[Because, ...]] = ("not_dated", "expired", "too_old", "not_readable")
"""What is said where there are several of a kind and none will do: that of the best of them, the last here."""


def missing_of(application: Application, law: OnboardingLaw) -> list[Missing]:
    """What is missing, by its kind and whom it is about. Empty: the first stage is complete."""
    found = [_field(name) for name in law.words("onboarding_fields") if not _stated(application, name)]
    if application.legal_form not in ("sole_trader", "public_body", "listed_company") and not application.owners:
        found.append(_field("owners"))
    for kind, about in wanted(application, law):
        fault = fault_of(application.documents, kind, about, law)
        if fault is not None:
            found.append(Missing(what="document", name=kind, about=about, because=fault))
    return found


def wanted(application: Application, law: OnboardingLaw) -> list[tuple[str, str | None]]:
    """Every document that is asked for: its type, and whom it is about (None: the merchant)."""
    form = application.legal_form or "company"
    found: dict[tuple[str, str | None], None] = {}
    for head, kind in law.pairs("onboarding_documents"):
        if head in ("", form):
            found[kind, None] = None
    for category, kind in law.pairs("onboarding_documents_category"):
        if category == application.industry:
            found[kind, None] = None
    persons = [*(one.name for one in application.directors or []), *(one.name for one in _owners(application, law))]
    for kind in law.words("onboarding_documents_person"):
        for name in _once(persons):
            found[kind, name] = None
    return list(found)


def fault_of(documents: list[Document], kind: str, about: str | None, law: OnboardingLaw) -> Because | None:
    """Why no document of this type will do; None: one does."""
    whom = folded(about) if about is not None else None
    faults = [
        _fault(one, law)
        for one in documents
        if one.type == kind and (folded(one.about) if one.about is not None else None) == whom
    ]
    if not faults:
        return "not_there"
    if None in faults:
        return None
    return max((fault for fault in faults if fault is not None), key=_NEAREST.index)


def _fault(document: Document, law: OnboardingLaw) -> Because | None:
    recent = dict(law.pairs("onboarding_document_days")).get(document.type)
    lasting = document.type in law.words("onboarding_documents_lasting")
    if (recent is not None and document.issued_on is None) or (lasting and document.expires_on is None):
        return "not_dated"
    if document.expires_on is not None and document.expires_on < law.day:
        return "expired"
    if recent is not None and document.issued_on is not None:
        if document.issued_on > law.day:
            return "not_dated"
        if document.issued_on + timedelta(days=int(recent)) < law.day:
            return "too_old"
    return None if document.readable is True else "not_readable"


def expired(application: Application, law: OnboardingLaw) -> list[Missing]:
    """Lasting documents whose last day is over, of a merchant in service. What need only be recent at the start is not asked
    for again."""
    return [
        Missing(what="document", name=kind, about=about, because="expired")
        for kind, about, until in lasting(application, law)
        if until < law.day
    ]


def lasting(application: Application, law: OnboardingLaw) -> Iterator[tuple[str, str | None, date]]:
    """Each lasting document that is asked for, with the last day on which one of its kind is in date."""
    kinds = law.words("onboarding_documents_lasting")
    for kind, about in wanted(application, law):
        days = [
            one.expires_on
            for one in application.documents
            if one.type == kind and one.readable is True and one.expires_on is not None
            and (folded(one.about) if one.about else None) == (folded(about) if about else None)
        ]  # fmt: skip
        if kind in kinds and days:
            yield kind, about, max(days)


def _owners(application: Application, law: OnboardingLaw) -> tuple[BeneficialOwner, ...]:
    return owners_of(application, law.threshold).beneficial


def _once(names: Iterable[str]) -> list[str]:
    """Each person once, as first written."""
    return list({folded(name): name for name in reversed(list(names))}.values())


def _stated(application: Application, name: str) -> bool:
    if name == "registration_number" and application.legal_form in ("sole_trader", "public_body", "trust"):
        return True  # many places register none of these
    if name == "account":
        account = application.account
        return account is not None and bool(account.iban or account.number) and account.holder is not None
    return bool(getattr(application, name))


def _field(name: str) -> Missing:
    return Missing(what="field", name=name, because="not_stated")
