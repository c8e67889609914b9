"""Grounds of transfer: what each word of a place's law asks of the mechanism that a caller states.

Three truths: a ground is there, is not there, or hangs on facts that are not stated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.language.interpret import is_within
from engine.packs.compile import Compiled
from engine.regimes.residency_question import Question

PERMITS: Final = ("permit", "authorisation", "approval")
CONTRACTS: Final = ("contract", "contract_necessity", "contract_performance")
CLAUSES: Final = ("scc", "standard_contract", "idta", "addendum")
SAFEGUARDS: Final = (
    *CLAUSES, "contract", "bcr", "certification", "code", "cbpr", "safeguards", "assessment", "accountability",
    "comparable_protection", "equivalent_protection", "equivalent_system",
)  # fmt: skip
KIND: Final = "mechanism.kind"
FILING_DAYS: Final = 60
"""Of the dossier in Vietnam, from the first transfer."""


@dataclass(frozen=True, slots=True)
class Stood:
    """Whether a ground is there, and what would tell it."""

    value: bool | None
    lacks: tuple[str, ...] = ()


YES: Final = Stood(True)
NO: Final = Stood(False)


@dataclass(frozen=True, slots=True)
class Ground:
    """One question under one place's law. `zone`: the end of its parameters' names in a free zone with a law of its own."""

    question: Question
    law: Compiled
    zone: str = ""

    def setting(self, name: str) -> Any:
        """A parameter of the place, or of the zone."""
        return self.law.setting(f"{name}{self.zone}")

    def stood(self, name: str) -> Stood:
        """Whether the ground of that name is there."""
        test = TESTS.get(name)
        if test is None or name in (self.setting("transfer_not_enough") or ()):
            return NO
        return test(self)

    # -- pieces --

    def kind(self, *kinds: str) -> Stood:
        """The mechanism is of one of these kinds, or one of them is in place beside it."""
        stated = self.question.get(KIND)
        if stated in kinds or any(one in kinds for one in self.question.get("mechanism.also") or ()):
            return YES
        return NO if stated is not None else Stood(None, (KIND,))

    def flag(self, name: str, want: bool = True) -> Stood:
        """An attribute of the mechanism is as the law wants it."""
        found = self.question.get(f"mechanism.{name}")
        return Stood(None, (f"mechanism.{name}",)) if found is None else Stood(found is want)

    def filed(self) -> Stood:
        """It has been filed, or the day on which it was is stated."""
        return YES if self.question.get("mechanism.filed_on") is not None else self.flag("filed")


def all_of(*parts: Stood) -> Stood:
    """Every part: one that is not there decides."""
    if any(part.value is False for part in parts):
        return NO
    lacks = tuple(dict.fromkeys(name for part in parts if part.value is None for name in part.lacks))
    return Stood(None, lacks) if lacks else YES


def any_of(*parts: Stood) -> Stood:
    """One part is enough."""
    if any(part.value for part in parts):
        return YES
    lacks = tuple(dict.fromkeys(name for part in parts if part.value is None for name in part.lacks))
    return Stood(None, lacks) if lacks else NO


# -- the grounds --------------------------------------------------------------------------------------------------------------


def adequacy(ground: Ground) -> Stood:
    """The destination is on the list on the day, and the recipient within the scope of its decision.

    A scope is the caller's to state; where another mechanism is stated instead, it is not looked for.
    """
    lists = ground.setting("adequacy_groups")
    country = ground.question.get("region_country")
    if lists is None:
        return all_of(ground.kind("adequacy"), Stood(None, ("law.adequacy_groups",)))
    if not _among(ground, lists, country) or _among(ground, ground.setting("adequacy_pending"), country):
        return NO
    parts = []
    if _among(ground, ground.setting("adequacy_certified"), country):
        extension = ground.setting("adequacy_extension")
        parts += [ground.kind("adequacy"), ground.flag("certified"), *([ground.flag(extension)] if extension else [])]
    if _among(ground, ground.setting("adequacy_commercial"), country):
        scheme = ground.question.get("mechanism.scheme")
        lacking = Stood(None, ("mechanism.scheme",))
        parts += [ground.kind("adequacy"), lacking if scheme is None else Stood(scheme == "pipeda")]
    if _among(ground, ground.setting("adequacy_without_credit"), country):
        parts.append(
            Stood(ground.question.get("classification") not in ("credit_information", "resident_registration_number"))
        )
    return all_of(*parts)


def _among(ground: Ground, groups: tuple[str, ...] | None, country: str) -> bool:
    return any(is_within(country, group, ground.law.law) for group in groups or ())


def clauses(ground: Ground) -> Stood:
    """Standard clauses: of whose making, and with what the law asks beside them."""
    parts = [ground.kind(*CLAUSES), _template(ground)]
    if ground.setting("transfer_assessment"):
        parts.append(ground.flag("tia_done"))
    if ground.setting("scc_filed"):
        parts.append(ground.filed())
    return all_of(*parts)


def _template(ground: Ground) -> Stood:
    accepted = ground.setting("scc_templates")
    kind = ground.question.get(KIND)
    template = ground.question.get("mechanism.template") or (kind if kind in ("idta", "addendum") else None)
    if accepted is None:
        return Stood(None, ("law.scc_templates",)) if ground.setting("scc_template_stated") else YES
    if template is None:
        return Stood(None, ("mechanism.template",)) if ground.setting("scc_template_stated") else YES
    if template not in accepted:
        return NO
    foreign = template.startswith(("eu", "scc_2021"))
    return ground.flag("swiss") if ground.setting("scc_adapted") and foreign else YES


def consent(ground: Ground) -> Stood:
    """Consent as the law wants it; where it is for single occasions only, never for routine hosting."""
    wanted = ground.setting("consent_must_be") or ()
    qualities = [ground.flag("routine", want=False) if one == "occasional" else ground.flag(one) for one in wanted]
    return all_of(ground.kind("consent"), *qualities)


def contract(ground: Ground) -> Stood:
    """Needed for a contract with the person."""
    occasional = "occasional" in (ground.setting("consent_must_be") or ())
    return all_of(ground.kind(*CONTRACTS), *([ground.flag("routine", want=False)] if occasional else []))


def permit(ground: Ground) -> Stood:
    """An authority's permit: given, or with its reference."""
    held = YES if ground.question.get("mechanism.ref") is not None else ground.flag("approved")
    return all_of(ground.kind(*PERMITS), held)


def dossier(ground: Ground) -> Stood:
    """An assessment that is filed within sixty days of the first transfer."""
    days = ground.question.get("clock.days_since_first_transfer")
    in_time = Stood(None, ("clock.days_since_first_transfer",)) if days is None else Stood(days <= FILING_DAYS)
    return all_of(ground.kind("dossier", "impact_assessment"), any_of(ground.filed(), in_time))


def _certified(ground: Ground) -> Stood:
    return all_of(ground.kind("certification"), any_of(ground.flag("certified"), ground.flag("approved")))


def _kinds(*kinds: str) -> Callable[[Ground], Stood]:
    return lambda ground: ground.kind(*kinds)


def _with(flag: str, *kinds: str) -> Callable[[Ground], Stood]:
    return lambda ground: all_of(ground.kind(*kinds), ground.flag(flag))


TESTS: Final[Mapping[str, Callable[[Ground], Stood]]] = {
    "adequacy": adequacy,
    "scc": clauses,
    "idta": clauses,
    "addendum": clauses,
    "bcr": lambda ground: all_of(ground.kind("bcr"), ground.flag("approved"), ground.flag("intra_group")),
    "code": _with("approved", "code"),
    "certification": _certified,
    "specific_clauses": _with("approved", "specific_clauses"),
    "approved_contract": _with("approved", *CLAUSES, "contract", "intra_group_scheme"),
    "derogation": lambda ground: any_of(consent(ground), contract(ground)),
    "consent": consent,
    "contract": contract,
    "contract_disclosure": contract,
    "authority_approval": permit,
    "notification": lambda ground: all_of(ground.kind("notification", "notice"), ground.filed()),
    "adequacy_notification": lambda ground: all_of(ground.kind("notification", "notice"), ground.filed()),
    "impact_assessment_filing": dossier,
    "privacy_impact_assessment": lambda ground: ground.flag("pia_done"),
    "security_assessment": _with("approved", "security_assessment"),
    "cbpr": _with("certified", "cbpr"),
    "treaty": _kinds("treaty"),
    "statutory_exception": _kinds("statutory_exception", "treaty"),
    "adequacy_assessment": _kinds("assessment"),
    "partly_in_force": _kinds(*SAFEGUARDS),
    **dict.fromkeys(
        (
            "accountability", "comparable_protection", "comparable_safeguards", "equivalent_protection", "equivalent_system",
            "safeguards",
        ),
        _kinds(*SAFEGUARDS),
    ),
}  # fmt: skip
"""The words that packs have for grounds, and their tests. Under a word without a test nothing may leave."""
