"""What a place's law, or the house, says of taking on merchants on one day: read from the packs, the stricter where unread."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.onboarding.ownership import STRICTER, Threshold
from engine.packs.packset import PackSet
from engine.regimes.wording import law_of
from engine.tax.ids import Checked, check, modules
from engine.tax.told import law_of as tax_law

DOMAIN = "kyc"


class OnboardingLaw:
    """The parameters for one application on one day. Whose: the place of whoever takes it on (`obliged`); documents, categories
    and intervals are the merchant's country's."""

    __slots__ = ("_obliged", "_own", "day", "packs")

    def __init__(self, packs: PackSet, country: str, obliged: str | None, day: date) -> None:
        self.packs, self.day = packs, day
        self._own = packs.law(country, DOMAIN, day)
        self._obliged = self._own if obliged is None else packs.law(obliged, DOMAIN, day)

    def words(self, name: str) -> tuple[str, ...]:
        """A list of words; empty where there is none."""
        found: tuple[str, ...] = self._own.setting(name, ())
        return found

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """A list of `head.tail` words; an empty head where a word has no point."""
        return tuple(_pair(word) for word in self.words(name))

    def number(self, name: str, strictest: int) -> int:
        """A whole number; where it is unread, the strictest."""
        found: int = self._own.setting(name, strictest)
        return found

    def share(self, name: str) -> Decimal:
        """A percentage; where it is unread, all."""
        found: Decimal = self._own.setting(name, Decimal(100))
        return found

    @property
    def threshold(self) -> Threshold:
        """From how much a share makes a beneficial owner. What is unread is the stricter of what is common: 25 or more."""
        percent = self._obliged.setting("beneficial_owner_threshold")
        if percent is None:
            return STRICTER
        comparator = self._obliged.setting("beneficial_owner_comparator")
        return Threshold(Fraction(percent), comparator if comparator in ("gt", "gte") else STRICTER.comparator)

    @property
    def consults_owner_register(self) -> bool:
        """Whether the register of beneficial owners must be looked into (AMLR Art. 22(7))."""
        return self._obliged.setting("bo_register_consultation") is not None

    @property
    def discrepancy_days(self) -> int | None:
        """Calendar days in which a discrepancy with that register is reported (AMLR Art. 24(1))."""
        for name in ("bo_discrepancy_report_deadline", "beneficial_owner_discrepancy_deadline"):
            found: int | None = self._obliged.setting(name)
            if found is not None:
                return found
        return None

    def members(self, group: str) -> frozenset[str] | None:
        """The places of a group today; None: the packs have no such group."""
        return self._own.law.members.get(group)

    def cited(self, name: str) -> dict[str, Any] | None:
        """The provision behind a parameter, or whose choice it is; None: the packs do not have it."""
        for compiled in (self._own, self._obliged):
            held = compiled.params.get(name)
            if held is not None:
                cite = held.value.cite or held.parameter.cite
                return {
                    **law_of(cite, held.pack, held.parameter.basis),
                    "pack": held.pack.jurisdiction,
                    "confidence": (held.value.confidence or held.parameter.confidence).value,
                }
        return None

    def tax_number(self, country: str, value: str) -> Checked:
        """What can be said of a tax number offline."""
        return check(country, value, modules(tax_law(self.packs), self.day))


def _pair(word: str) -> tuple[str, str]:
    head, point, tail = word.rpartition(".")
    return (head, tail) if point else ("", word)


def points_of(law: OnboardingLaw) -> Mapping[str, int]:
    """Reason -> points."""
    return {reason: int(points) for reason, points in law.pairs("onboarding_risk_points")}
