"""What an officer may set: from which score a match is held, and how much each kind of evidence counts.

All in ten-thousandths, unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from engine.screening.alike import WHOLE


class PolicyRefused(ValueError):
    """A threshold or weight that would make screening meaningless."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What is missing counts so much of its weight, in percent, against what was found."""

    queried: int
    """A part of the queried name that the listed one does not have."""
    listed: int
    """A part of the listed name that was not queried."""
    conflict: int
    """On top, where both have a part that the other has not: another name, rather than a shorter one."""
    steepness: int
    """How fast a difference within a part takes its worth away: 100 is as fast as the letters change."""
    enough: int
    """What the common parts must tell before parts may be missing at no further cost: percent of what a word tells that
    one entry alone has."""
    thin: int
    """What each hundredth of a bit below that costs, in percent of one."""
    initials: bool = True
    """A letter may stand for a word that begins with it."""


PERSONS: Final = Costs(queried=80, listed=40, conflict=60, steepness=140, enough=124, thin=60)
WITHIN: Final = Costs(queried=0, listed=300, conflict=0, steepness=140, enough=0, thin=0)
"""Of a listed name that stands whole within a longer one: what else the query says is let be."""
OTHERS: Final = Costs(queried=70, listed=40, conflict=30, steepness=160, enough=124, thin=40, initials=False)


@dataclass(frozen=True, slots=True)
class MatchPolicy:
    """Bands and weights. The defaults are those that docs/benchmarks.md measures."""

    possible: int = 8_000
    """From here a person decides; below it is clear."""
    confirmed: int = 9_500
    """From here it is confirmed, with a strong identifier or with name and birth date."""
    birth_date: int = 800
    """The same day of birth adds this."""
    birth_year: int = 400
    """The same year, or years that overlap, add this."""
    birth_conflict: int = 1_500
    """Another time of birth takes this away, and nothing is confirmed against it."""
    gender_conflict: int = 2_800
    """Another gender takes this away, and nothing is confirmed against it."""
    country: int = 300
    """A country in common adds this. None in common takes nothing: people move, lists are incomplete."""
    kind_conflict: int = 1_500
    """A person against an organisation, a vessel against a person."""
    number_conflict: int = 2_500
    """`Unit 5` against `Unit 6`."""
    persons: Costs = PERSONS
    others: Costs = OTHERS
    most: int = 50
    """Matches answered at most, best first; those of a confirmed band are never left out."""

    @property
    def within(self) -> int:
        """What a whole listed name within a longer one of a person counts: the same day of birth lifts it to `possible`, nothing
        less does."""
        return self.possible - max(self.birth_date, 1)

    def __post_init__(self) -> None:
        """PolicyRefused where thresholds cross, or where a weight alone would decide."""
        if not 5_000 <= self.possible <= self.confirmed <= WHOLE:
            raise PolicyRefused("thresholds: 5000 <= possible <= confirmed <= 10000 is wanted")
        for name in ("birth_date", "birth_year", "country"):
            if not 0 <= getattr(self, name) <= 2_000:
                raise PolicyRefused(f"{name}: 0 to 2000 is wanted, so that no name is held for it alone")
        for name in ("birth_conflict", "gender_conflict", "kind_conflict", "number_conflict"):
            if not 0 <= getattr(self, name) <= 4_000:
                raise PolicyRefused(f"{name}: 0 to 4000 is wanted")
        if self.most < 1:
            raise PolicyRefused("most: at least one match is answered")
        for costs in (self.persons, self.others):
            _bounded(costs)


def _bounded(costs: Costs) -> None:
    for field in fields(costs):
        if field.name == "initials":
            continue
        if not 0 <= getattr(costs, field.name) <= 300:
            raise PolicyRefused(f"{field.name}: 0 to 300 is wanted")
