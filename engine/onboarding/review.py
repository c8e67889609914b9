"""The second stage: a list of checks, a risk, the beneficial owners. What was not looked at, or is not known, never passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from engine.onboarding import identifiers
from engine.onboarding.documents import missing_of
from engine.onboarding.law import OnboardingLaw, points_of
from engine.onboarding.model import (
    HITS,
    Application,
    Check,
    Registers,
    Review,
    Risk,
    RiskReason,
    every_owner,
    people,
    subjects,
)
from engine.onboarding.ownership import Ownership, owners_of

_EXPOSED: Final = ("domestic", "foreign", "family", "former")
_OF_A_PERSON: Final = ("politically_exposed", "high_risk_country", "list_hit")
"""Any one makes the risk high, whatever the points."""
LAYERS: Final = 3
"""Levels of owners from which on a chart is a risk of its own."""


def review(application: Application, registers: Registers, law: OnboardingLaw) -> Review:
    """Look at everything. Pure: the same application, registers and law give the same review."""
    threshold = law.threshold
    ownership = owners_of(application, threshold)
    checks = [
        *_documents(application, law),
        *identifiers.checks(application, registers, law),
        *_owners(application, registers, ownership, law),
        *_known_cases(registers),
        _category(application, law),
        *_screening(application, registers),
        *_exposure(application),
        *_countries(application, law),
        _expected(application),
    ]
    return Review(
        on=law.day, checks=checks, risk=_risk(application, checks, ownership, law),
        beneficial_owners=list(ownership.beneficial), threshold=str(threshold),
    )  # fmt: skip


def _documents(application: Application, law: OnboardingLaw) -> Iterator[Check]:
    cited = law.cited("onboarding_documents")
    missing = missing_of(application, law)
    for one in missing:
        yield Check(check="documents", result="flag", why=f"{one.name}_{one.because}", about=one.about, law=cited)
    if not missing:
        yield Check(check="documents", result="pass", why="complete", law=cited)


def _owners(
    application: Application, registers: Registers, ownership: Ownership, law: OnboardingLaw
) -> Iterator[Check]:
    cited = law.cited("beneficial_owner_threshold")
    for why, about in ownership.doubts:
        yield Check(check="owners", result="flag", why=why, about=about, law=cited)
    if not ownership.doubts:
        yield Check(check="owners", result="pass", why="computed", law=cited)
    register, cited = registers.owner_register, law.cited("bo_register_consultation")
    if register == "differs":
        days = law.discrepancy_days
        due = None if days is None else law.day + timedelta(days=days)
        yield Check(check="owner_register", result="flag", why="differs", due=due, law=cited)
    elif register == "agrees":
        yield Check(check="owner_register", result="pass", why="agrees", law=cited)
    elif law.consults_owner_register:
        yield Check(check="owner_register", result="not_performed", why="not_looked_up", law=cited)


def _known_cases(registers: Registers) -> Iterator[Check]:
    for check, found in (("duplicates", registers.duplicates), ("blacklist", registers.blacklist)):
        if found is None:
            yield Check(check=check, result="not_performed", why="not_looked_up")
        elif not any(found.values()):
            yield Check(check=check, result="pass", why="none_known")
        for mark, cases in (found or {}).items():
            if cases:
                kind = mark.partition(":")[0]
                yield Check(check=check, result="flag", why=f"same_{kind}", cases=sorted(cases))


def _category(application: Application, law: OnboardingLaw) -> Check:
    """A category that law bans fails; one that the house bans is a person's decision (AMLR Art. 76(5))."""
    category = application.industry
    if category is None:
        return Check(check="category", result="flag", why="not_stated")
    banned, restricted = "onboarding_categories_banned", "onboarding_categories_restricted"
    if category in law.words(banned):
        cited = law.cited(banned)
        by_law = cited is not None and cited["basis"] == "statute"
        return Check(check="category", result="fail" if by_law else "flag", why="banned", law=cited)
    if category in law.words(restricted):
        return Check(check="category", result="flag", why="restricted", law=law.cited(restricted))
    if law.cited(banned) is None or law.cited(restricted) is None:
        return Check(check="category", result="not_performed", why="no_lists")
    return Check(check="category", result="pass", why="not_restricted", law=law.cited(restricted))


def _screening(application: Application, registers: Registers) -> Iterator[Check]:
    """A hit is never silent and never a refusal by itself: it holds the case until two persons have looked."""
    screened = registers.screening
    if screened is None:
        yield Check(check="screening", result="not_performed", why="not_screened")
        return
    if application.website is None:
        yield Check(check="screening", result="flag", why="site_not_stated")
    for name in subjects(application):
        said = screened.get(name)
        if said is None:
            yield Check(check="screening", result="not_performed", why="not_screened", about=name)
        elif said == "clear":
            yield Check(check="screening", result="pass", why="clear", about=name)
        else:
            yield Check(check="screening", result="flag", why=f"list_{said}", about=name)


def _exposure(application: Application) -> Iterator[Check]:
    natural = [
        *(application.directors or []),
        *(one for one in every_owner(application.owners) if one.type == "individual"),
    ]
    if not natural:
        yield Check(check="politically_exposed", result="flag", why="nobody_named")
    for person in natural:
        said = person.politically_exposed
        if said is None:
            yield Check(check="politically_exposed", result="flag", why="not_stated", about=person.name)
        elif said == "none":
            yield Check(check="politically_exposed", result="pass", why="none_stated", about=person.name)
        else:
            yield Check(check="politically_exposed", result="flag", why=said, about=person.name)


def _countries(application: Application, law: OnboardingLaw) -> Iterator[Check]:
    """Of the merchant, its account, and everybody named: residence and nationality."""
    stated = {application.country: None, **dict.fromkeys(filter(None, [application.acquirer_country]))}
    if application.account is not None:
        iban = identifiers.iban_country(application.account)
        stated |= dict.fromkeys(filter(None, [application.account.country, iban]))
    for person in people(application):
        stated |= dict.fromkeys(filter(None, [person.country, person.nationality]))
        if person.country is None:
            yield Check(check="countries", result="flag", why="not_stated", about=person.name)
    for kind, why in (("onboarding_embargo_lists", "embargo"), ("onboarding_country_lists", "high_risk")):
        groups = {group: law.members(group) for group in law.words(kind)}
        cited = law.cited(kind)
        hits = [
            (place, group)
            for group, members in groups.items()
            for place in stated
            if members and (place in members or place[:2] in members)
        ]
        for place, group in hits:
            yield Check(check="countries", result="flag", why=why, about=f"{place} in {group}", law=cited)
        unread = [group for group, members in groups.items() if members is None]
        for group in unread:
            yield Check(check="countries", result="not_performed", why=f"no_list_{why}", about=group, law=cited)
        if not groups:
            yield Check(check="countries", result="not_performed", why=f"no_list_{why}", law=cited)
        elif not hits and not unread:
            yield Check(check="countries", result="pass", why=f"not_{why}", law=cited)


def _expected(application: Application) -> Check:
    """Whose money will come: without it a part of the risk is unknown."""
    stated = application.expected is not None and application.expected.countries is not None
    return Check(check="expected", result="pass" if stated else "flag", why="stated" if stated else "not_stated")


def _risk(application: Application, checks: list[Check], ownership: Ownership, law: OnboardingLaw) -> Risk:
    points = points_of(law)
    reasons = [reason for reason, holds in _reasons(application, checks, ownership, law).items() if holds]
    # A reason that nobody gave a weight weighs as much as the heaviest.
    told = [RiskReason(reason=reason, points=points.get(reason, 100)) for reason in reasons]
    score = sum(one.points for one in told)
    high, medium = law.number("onboarding_risk_high", 0), law.number("onboarding_risk_medium", 0)
    if score >= high or any(reason in _OF_A_PERSON for reason in reasons):
        return Risk(level="high", score=score, reasons=told)
    return Risk(level="medium" if score >= medium else "low", score=score, reasons=told)


def _reasons(
    application: Application, checks: list[Check], ownership: Ownership, law: OnboardingLaw
) -> Mapping[str, bool]:
    flagged = {(one.check, one.why) for one in checks if one.result in ("flag", "fail")}
    expected = application.expected.countries or [] if application.expected else []
    groups = [*law.words("onboarding_country_lists"), *law.words("onboarding_embargo_lists")]
    listed = {place for group in groups for place in law.members(group) or ()}
    return {
        "politically_exposed": any(("politically_exposed", kind) in flagged for kind in _EXPOSED),
        "high_risk_country": ("countries", "high_risk") in flagged,
        "list_hit": any(why in HITS for _, why in flagged),
        "category_restricted": ("category", "restricted") in flagged or ("category", "banned") in flagged,
        "blacklist": any(check == "blacklist" for check, _ in flagged),
        "duplicate": any(check == "duplicates" for check, _ in flagged),
        "ownership_layers": ownership.deepest >= LAYERS,
        "ownership_doubt": bool(ownership.doubts),
        "trust": application.legal_form == "trust",
        "customers_high_risk_country": any(place[:2] in listed for place in expected),
    }
