"""One query against all lists: candidates, scores, bands, and whether the lists themselves can be trusted today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from engine.screening.alignment import Alignment
from engine.screening.alike import WHOLE
from engine.screening.evidence import Evidence, evidence, most_lift
from engine.screening.explanation import Reason, as_decimal, features, name_reasons
from engine.screening.identifiers import IdentifierIndex, comparable, is_strong
from engine.screening.index import NameIndex
from engine.screening.lists.reading import is_stale
from engine.screening.model import Band, Edition, EntityKind, Identifier, Listed, ListedName, Match, Query, Screened
from engine.screening.names import Name, name_of, people_in
from engine.screening.policy import WITHIN, Costs, MatchPolicy

STANDARD: Final = MatchPolicy()
FIELDS: Final = frozenset({35, 70, 140})
"""Characters of the name fields of payment messages (SWIFT MT 50 and 59, ISO 20022)."""
BOTH: Final = (True, False)
WHOLLY: Final = 9_000
"""From here all parts of a listed name are in the query, as they are written or as they sound."""
SHORTEST_WITHIN: Final = 2
"""Parts of a name that may stand within a longer one: one part alone is half the world's."""


class Lists:
    """Editions of lists with all their entries, made ready once. Never changed: a new edition makes new `Lists`."""

    def __init__(self, loaded: Iterable[tuple[Edition, Iterable[Listed]]]) -> None:
        """Of each list one edition, and its entries."""
        editions: list[Edition] = []
        entries: list[Listed] = []
        for edition, listed in loaded:
            editions.append(edition)
            entries.extend(listed)
        self.editions: tuple[Edition, ...] = tuple(editions)
        self.entries: tuple[Listed, ...] = tuple(entries)
        self.names = NameIndex(self.entries)
        self.identifiers = IdentifierIndex(self.entries)


class _Case:
    """What was found of one entry so far: its best name, and identifiers that are the same."""

    __slots__ = ("best", "identifiers")

    def __init__(self) -> None:
        self.best: list[tuple[str, ListedName, Alignment, Costs]] = []
        self.identifiers: list[tuple[Identifier, Identifier]] = []


class ListScreener:
    """The `Screener` of the service: pure, and safe to share between threads."""

    def __init__(
        self,
        lists: Lists,
        policy: MatchPolicy = STANDARD,
        required: Iterable[str] = (),
    ) -> None:
        """`required`: codes of lists without which nothing is clear."""
        self._lists = lists
        self._policy = policy
        have = {edition.list for edition in lists.editions}
        self._missing = tuple(sorted(set(required) - have))

    def screen(self, query: Query, at: datetime) -> Screened:
        """Hold one query against every list, as of an aware instant."""
        stale = self.stale(at)
        # A birth that is still to come is none: it must not speak against anybody.
        if query.births:
            query = replace(query, births=tuple(born for born in query.births if born.earliest <= at.date()))
        readings = list(_readings(query))
        cases = self._found(query, readings)
        matches = [match for number, case in cases.items() if (match := self._match(query, number, case))]
        matches.sort(key=_best_first)
        answered = tuple(self._shown(matches))
        blind = bool(
            stale
            or self._missing
            or not self._lists.editions
            or not (readings or any(map(comparable, query.identifiers)))
        )
        return Screened(_verdict(answered, blind=blind), answered, self._lists.editions, stale, self._missing)

    def stale(self, at: datetime) -> tuple[str, ...]:
        """Codes of lists that are older than their policy at an instant."""
        return tuple(sorted({edition.list for edition in self._lists.editions if is_stale(edition, at)}))

    def _found(self, query: Query, readings: Sequence[tuple[str, Name, bool]]) -> dict[int, _Case]:
        cases: dict[int, _Case] = {}
        index = self._lists.names
        least = self._policy.possible - most_lift(query, self._policy)
        for text, name, person in readings:
            costs = self._policy.persons if person else self._policy.others
            for number, alignment in index.candidates(name, costs, least, ends=len(text) in FIELDS):
                case = cases.setdefault(index.owners[number], _Case())
                case.best.append((text, index.listed[number], alignment, costs))
            for number, alignment in self._within(query, name) if person else ():
                case = cases.setdefault(index.owners[number], _Case())
                case.best.append((text, index.listed[number], alignment, WITHIN))
        for owner, one, listed in self._lists.identifiers.owners(query.identifiers):
            cases.setdefault(owner, _Case()).identifiers.append((one, listed))
        return cases

    def _within(self, query: Query, name: Name) -> Iterator[tuple[int, Alignment]]:
        """Names of two parts or more that stand whole within a longer one, of whom a day of birth is known: who adds a word to
        his name (`... Escrow`, a second family name) is not somebody else for it."""
        if len(name.parts) > SHORTEST_WITHIN and any(born.earliest == born.latest for born in query.births):
            for number, alignment in self._lists.names.candidates(name, WITHIN, WHOLLY):
                if alignment.queried and not alignment.listed and len(alignment.pairs) >= SHORTEST_WITHIN:
                    yield number, alignment

    def _match(self, query: Query, number: int, case: _Case) -> Match | None:
        entry, policy = self._lists.entries[number], self._policy
        beside = evidence(query, entry, policy)
        reasons = self._name(case, supported=bool(case.identifiers) or any(one.supports for one in beside))
        reasons += [(one.code, one.weight, one.queried, one.listed) for one in beside]
        strong = False
        for one, listed in case.identifiers:
            strong = strong or is_strong(one)
            weight = WHOLE if is_strong(one) else policy.possible
            reasons.append(("identifier", weight, f"{one.kind} {one.value}", f"{listed.kind} {listed.value}"))
        total = sum(weight for _, weight, _, _ in reasons)
        if strong and total < policy.possible:
            # Whatever else was stated differs: one number cannot be two people's, and a person decides.
            one, listed = case.identifiers[0]
            reasons.append(("identifier_holds", policy.possible - total, one.value, listed.value))
            total = policy.possible
        score = max(0, min(WHOLE, total))
        if score < policy.possible:
            return None
        band = Band.CONFIRMED if self._is_confirmed(score, beside, strong=strong) else Band.POSSIBLE
        return Match(entry, as_decimal(score), band, features(reasons))

    def _name(self, case: _Case, *, supported: bool) -> list[Reason]:
        """The reasons of the best name; of a weak alias that nothing supports, with what keeps it below the threshold."""
        best: list[Reason] = []
        most = -1
        for text, listed, alignment, costs in case.best:
            differ = self._policy.number_conflict if alignment.numbers_differ else 0
            longer = max(0, alignment.score - self._policy.within) if costs is WITHIN else 0
            score = alignment.score - differ - longer
            alone = listed.weak and not supported
            held = min(score, self._policy.possible - 1) if alone else score
            if held <= most:
                continue
            most = held
            best = name_reasons(alignment, costs, text, listed)
            if differ:
                best.append(("number", -differ, text, listed.text))
            if longer:
                best.append(("longer_name", -longer, text, listed.text))
            if listed.weak:
                best.append(("weak_alias", held - score, text, listed.text))
        return best

    def _is_confirmed(self, score: int, beside: Iterable[Evidence], *, strong: bool) -> bool:
        known = list(beside)
        certain = strong or any(one.code == "birth_date" for one in known)
        return score >= self._policy.confirmed and certain and not any(one.vetoes for one in known)

    def _shown(self, matches: Sequence[Match]) -> Iterator[Match]:
        for at, match in enumerate(matches):
            if at < self._policy.most or match.band is Band.CONFIRMED:
                yield match


def _readings(query: Query) -> Iterator[tuple[str, Name, bool]]:
    """Each name that was told, read as a person's, as another's, or as both where nobody said what it is; and each of several
    people who share one field."""
    ways = BOTH if query.kind is EntityKind.UNKNOWN else (query.kind is EntityKind.PERSON,)
    told = (query.name or "", *query.aliases)
    shared = [one for name in told for one in people_in(name)] if True in ways else []
    for text in (*told, *shared):
        seen: set[tuple[str, ...]] = set()
        for person in ways:
            name = name_of(text, person)
            if name.parts and name.parts not in seen:
                seen.add(name.parts)
                yield text, name, person


def _best_first(match: Match) -> tuple[bool, int, str]:
    return (match.band is not Band.CONFIRMED, -int(match.score * WHOLE), match.entry.id)


def _verdict(matches: Iterable[Match], *, blind: bool) -> str:
    bands = {match.band for match in matches}
    if Band.CONFIRMED in bands:
        return "hit"
    return "review" if blind or bands else "clear"
