"""What is looked at of a customer: numbers, age, owners, and when somebody last looked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from engine.language.functions import months_add
from engine.language.law import Gap, missing_law
from engine.places import country_of
from engine.regimes.found import Found, Spoke, detail, graded, known, parameter_of
from engine.regimes.kyc_numbers import accepts
from engine.regimes.ruling import Line

MODULES: Final = "national_id_modules"
"""The parameter that names a country's validators of identity and company numbers."""


# -- numbers --------------------------------------------------------------------------------------------------------------------


def numbers(found: Found) -> None:
    """Ask again for numbers that cannot be right. A number of the right form proves nothing and raises no level."""
    facts = found.facts
    for path, typed in (("payer.national_ids", True), ("payer.tax_ids", False)):
        for at, entry in enumerate(facts.get(path) or ()):
            place = entry.get("country") or facts.get("payer.country")
            value = entry.get("value")
            if place is None or value is None:
                continue
            if _valid(found, str(place), entry.get("type") if typed else None, str(value)) is False:
                found.want(f"{path}.{at}.value", found.asked.words.say("kyc.number_invalid"))


def _valid(found: Found, place: str, kind: str | None, value: str) -> bool | None:
    """Whether a number has the form of one of its country; None where nothing is known of that country or type."""
    compiled, _ = found.asked.law(country_of(place), found.domain)
    names = compiled.setting(MODULES) or ()
    if kind is not None:
        names = tuple(name for name in names if name.rpartition(".")[2].rstrip("_") == kind)
    looked = [right for name in names if (right := accepts(name, value)) is not None]
    if not looked:
        return None
    right = any(looked)
    if not right:
        held = compiled.params[MODULES]
        found.grades.add((held.value.confidence or held.parameter.confidence).value)
    return right


# -- age ------------------------------------------------------------------------------------------------------------------------


def age(found: Found, spoke: Spoke, line: Line) -> None:
    """Refuse whoever has not reached the age that the law asks for. Born on 29 February: of age on 1 March."""
    years, born = detail(spoke, line, "years"), found.facts.get("payer.date_of_birth")
    if not known(years):
        found.lack((missing_law(parameter_of(line, "years")),), line.id)
    elif born is None:
        found.lack(("payer.date_of_birth",), line.id)
    else:
        of_age = months_add(born, int(years) * 12, "up")
        graded(found, spoke, line, "years")
        if of_age is None or spoke.moment.day < of_age:
            found.tell(spoke, line)
            found.refused = True


def past(found: Found, spoke: Spoke, line: Line) -> bool:
    """Whether the months that a rule gives from the opening of the account have gone by; a rule that gives none asks at once."""
    if "months" not in line.effect.details:
        return True
    months, opened = detail(spoke, line, "months"), _day(found.facts, "payer.opened_at")
    if not known(months):
        found.lack((missing_law(parameter_of(line, "months")),), line.id)
    elif opened is None:
        found.lack(("payer.opened_at",), line.id)
    else:
        end = months_add(opened, int(months), "down")
        return end is not None and end < spoke.moment.day
    return False


# -- owners ---------------------------------------------------------------------------------------------------------------------


def owners(found: Found, spoke: Spoke, line: Line) -> None:
    """Ask who owns the business. Whether a share of exactly the threshold counts is the law's own word."""
    facts, words = found.facts, found.asked.words
    share = detail(spoke, line, "share")
    found.tell(spoke, line)
    graded(found, spoke, line, "share")
    if not known(share):
        found.lack((missing_law(parameter_of(line, "share")),), line.id)
        return
    stated = facts.get("payer.owners")
    if stated is None:
        found.lack(("payer.owners",), line.id)
        return
    or_more = detail(spoke, line, "comparator") != "gt"
    fields = detail(spoke, line, "fields") or ()
    anybody = False
    for at, owner in enumerate(stated):
        held = owner.get("share")
        if owner.get("listed"):
            anybody = True
        elif held is None:
            found.want(f"payer.owners.{at}.share", words.say("kyc.owner"))
        elif held > share or (or_more and held == share):
            anybody = True
            for field in fields:
                if owner.get(field) in (None, ""):
                    found.want(f"payer.owners.{at}.{field}", words.say("kyc.owner"))
            if owner.get("verified") is False:
                found.want(f"payer.owners.{at}.verified", words.say("kyc.owner"))
    if not anybody and "senior_managers" not in (facts.get("payer.facts") or {}):
        found.want("payer.facts.senior_managers", words.say("kyc.managers"))


# -- reviews --------------------------------------------------------------------------------------------------------------------

_LOOKED: Final = ("payer.last_review", "payer.identity.verified_at")


def review(found: Found, spoke: Spoke, line: Line) -> None:
    """Say by when the customer must be looked at again, counted from the last review or verification."""
    years = detail(spoke, line, "years")
    if not known(years):
        if years is Gap.UNREAD:
            found.lack((missing_law(parameter_of(line, "years")),), line.id)
        return
    last = max((day for path in _LOOKED if (day := _day(found.facts, path)) is not None), default=None)
    if last is None:
        found.lack((_LOOKED[0],), line.id)
        return
    due = months_add(last, int(years) * 12, "down")
    message = found.asked.words.say(line.active.rule.message, line.active.rule.title)
    found.tell(spoke, line)
    by = due.isoformat() if due is not None else None
    found.obligations.append(
        {"code": "review_customer", "domain": found.domain, "who": "obliged_entity", "due": by, "message": message}
    )
    if due is not None and due < spoke.moment.day:
        found.want(_LOOKED[1], found.asked.words.say("kyc.review"))


def _day(facts: Mapping[str, Any], path: str) -> date | None:
    value = facts.get(path)
    return value.date() if isinstance(value, datetime) else value
