"""Who owns a merchant in the end: shares multiplied along chains and added over paths, majorities, and control by other means.

Art. 3(6) of Directive (EU) 2015/849; Art. 51 to 54 and 22(2) of Regulation (EU) 2024/1624 (AMLR). All arithmetic is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from engine.onboarding.model import Application, BeneficialOwner, Owner, folded

WHOLE = Fraction(100)
HALF = Fraction(50)
Comparator = Literal["gt", "gte"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """From how much a share makes a beneficial owner: `gte` "25 or more", `gt` "more than 25"."""

    percent: Fraction
    comparator: Comparator

    def met(self, percent: Fraction) -> bool:
        """Whether this share makes one. An owner at exactly 25 % is the classic test."""
        return percent > self.percent or (self.comparator == "gte" and percent == self.percent)

    def __str__(self) -> str:
        return f"{'>=' if self.comparator == 'gte' else '>'} {shown(self.percent)}"


STRICTER = Threshold(Fraction(25), "gte")
"""Where the law's own was not read."""


@dataclass(slots=True)
class _Held:
    """What one person holds, over all paths so far."""

    owner: Owner
    share: Fraction = Fraction()
    votes: Fraction = Fraction()
    controlled: Fraction = Fraction()
    """What is held by the person, or by organisations in which every step up to the person is a majority."""
    control: bool = False


@dataclass(frozen=True, slots=True)
class Ownership:
    """What the chart of owners comes to. `doubts`: codes of what is unknown or does not add up, with whom it is about."""

    beneficial: tuple[BeneficialOwner, ...]
    doubts: tuple[tuple[str, str | None], ...]
    deepest: int
    """Levels of owners."""


def owners_of(application: Application, threshold: Threshold) -> Ownership:
    """The beneficial owners. Where nobody is found the senior managers stand in (AMLR Art. 22(2)), and it is a doubt."""
    if application.legal_form in ("sole_trader", "public_body") and not application.owners:
        return _managers(application, () if application.directors else (("no_director", None),))
    if application.legal_form == "listed_company" and not application.owners:
        return _managers(application, ())
    chart = _Chart(threshold)
    chart.walk(application.owners or [], (WHOLE, WHOLE, WHOLE), 1)
    everybody = list(chart.people())
    found = tuple(one for held in everybody if (one := _beneficial(held, threshold)) is not None)
    doubts = list(chart.doubts)
    if not application.owners:
        doubts.append(("owners_not_stated", None))
    elif chart.may_hide(everybody):
        doubts.append(("owner_may_be_hidden", None))
    if found:
        return Ownership(found, tuple(doubts), chart.deepest)
    doubts.append(("nobody_found", None))
    managers = _managers(application, tuple(doubts))
    return Ownership(managers.beneficial, managers.doubts, chart.deepest)


def _managers(application: Application, doubts: tuple[tuple[str, str | None], ...]) -> Ownership:
    people = tuple(
        BeneficialOwner(
            name=one.name, share="0", votes="0", by="senior_manager", politically_exposed=one.politically_exposed
        )
        for one in application.directors or []
    )
    return Ownership(people, doubts, 0)


Path = tuple[Fraction, Fraction, Fraction]
"""Capital, votes, and what is held through majorities alone, of what lies above; in percent."""


class _Chart:
    """One walk over the owners."""

    def __init__(self, threshold: Threshold) -> None:
        self._threshold = threshold
        self._named: dict[str, list[_Held]] = {}
        self.doubts: dict[tuple[str, str | None], None] = {}
        self.deepest = 0
        self._open = [Fraction(), Fraction()]
        """Capital and votes of which nobody knows whose they are in the end."""

    def walk(self, owners: list[Owner], above: Path, level: int, whose: str | None = None) -> None:
        """Every owner of one holder."""
        self.deepest = max(self.deepest, level if owners else 0)
        self._total(owners, above, whose)
        for owner in owners:
            share = Fraction(owner.share) if owner.share is not None else Fraction()
            votes = Fraction(owner.votes) if owner.votes is not None else share
            if owner.share is None and owner.votes is None and not owner.control:
                self.doubts["share_not_stated", owner.name] = None
            most = max(share, votes)
            # At the top all of a holding counts; further down only through a majority (AMLR Art. 54).
            through = most if level == 1 else above[2] if most > HALF else Fraction()
            path = above[0] * share / WHOLE, above[1] * votes / WHOLE, through
            self._one(owner, path, level)

    def people(self) -> Iterable[_Held]:
        """Natural persons. One whose day of birth is not stated is taken for everybody of that name."""
        for same in self._named.values():
            dated = [held for held in same if held.owner.date_of_birth is not None]
            undated = [held for held in same if held.owner.date_of_birth is None]
            for held in dated:
                for other in undated:
                    _add(held, (other.share, other.votes, other.controlled), control=other.control)
            yield from dated or undated

    def may_hide(self, everybody: Iterable[_Held]) -> bool:
        """Whether what nobody accounts for could make a beneficial owner of somebody, named or not."""
        unknown = max(self._open)
        known = [max(held.share, held.votes, held.controlled) for held in everybody]
        below = [most for most in known if not self._threshold.met(most)]
        return unknown > 0 and self._threshold.met(max(below, default=Fraction()) + unknown)

    def _one(self, owner: Owner, path: Path, level: int) -> None:
        if owner.type == "individual":
            if owner.owners:
                self.doubts["person_with_owners", owner.name] = None
            _add(self._held(owner), path, control=bool(owner.control))
            return
        if owner.owners:
            self.walk(owner.owners, path, level + 1, owner.name)
            if owner.control:
                self._controllers(owner)
        elif owner.listed is not True:
            for column in (0, 1):
                self._open[column] += path[column]
            if owner.control or any(map(self._threshold.met, path)):
                self.doubts["chain_open", owner.name] = None

    def _controllers(self, owner: Owner) -> None:
        """Whoever has the majority of an organisation that controls by other means controls so too."""
        for inner in owner.owners or []:
            most = max(Fraction(inner.share or 0), Fraction(inner.votes or 0))
            if most <= HALF and not inner.control:
                continue
            if inner.type == "individual":
                self._held(inner).control = True
            else:
                self._controllers(inner)
        self.doubts["controlled_by_organisation", owner.name] = None

    def _total(self, owners: list[Owner], above: Path, whose: str | None) -> None:
        """More than all is a slip; what is left of it is somebody's whom nobody named."""
        if not owners:
            return
        for column, kind in ((0, "share"), (1, "votes")):
            stated = [getattr(owner, kind) if getattr(owner, kind) is not None else owner.share for owner in owners]
            total = sum((Fraction(one) for one in stated if one is not None), Fraction())
            if total > WHOLE:
                self.doubts[f"{kind}_over_100", whose] = None
            else:
                self._open[column] += above[column] * (WHOLE - total) / WHOLE

    def _held(self, owner: Owner) -> _Held:
        """What this person holds: the same id, or the same name without another day of birth, is the same person."""
        same = self._named.setdefault(f"id:{owner.id}" if owner.id else f"name:{folded(owner.name)}", [])
        for held in same:
            if owner.id is not None or held.owner.date_of_birth == owner.date_of_birth:
                if owner.politically_exposed not in (None, "none"):
                    held.owner = owner
                return held
        same.append(_Held(owner))
        return same[-1]


def _add(held: _Held, path: Path, *, control: bool) -> None:
    held.share += path[0]
    held.votes += path[1]
    held.controlled += path[2]
    held.control = held.control or control


def _beneficial(held: _Held, threshold: Threshold) -> BeneficialOwner | None:
    ways: Mapping[str, bool] = {
        "ownership": threshold.met(held.share),
        "votes": threshold.met(held.votes),
        "control_of_holder": threshold.met(held.controlled),
        "control": held.control,
    }
    by = next((name for name, found in ways.items() if found), None)
    if by is None:
        return None
    return BeneficialOwner.model_validate({
        "name": held.owner.name, "share": shown(held.share), "votes": shown(held.votes), "by": by,
        "politically_exposed": held.owner.politically_exposed,
    })  # fmt: skip


def shown(percent: Fraction) -> str:
    """For show: rounded down to four decimals, without idle zeros.

    >>> shown(Fraction(25)), shown(Fraction(100, 3))
    ('25', '33.3333')
    """
    cut = Decimal(int(percent * 10_000)) / 10_000
    return f"{cut.normalize():f}"
