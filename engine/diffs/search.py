"""Whether two conditions under two laws can be told apart by any payment: proved not, payments that might, or neither.

Both are brought under one law, in which what differs between the two has two names. What they share is left out first; then every
range of every fact is gone through (`packs.lint.solve`). Amounts are asked about three times: in the currency that they are
compared in, between two of its minor units, as converted amounts may lie, and in a currency without a rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, Final

from engine.diffs.model import Why
from engine.diffs.normal import apart, renamed, spelled, units_used
from engine.diffs.prove import proved_alike
from engine.diffs.sides import Ruled
from engine.language.law import OWN, Convert, Law, no_rates
from engine.language.tree import Expr
from engine.packs.lint.atoms import FALSE, TRUE, UNKNOWN
from engine.packs.lint.solve import Answer, Goal, Question, Witness, same_amount

Facts = Mapping[str, Any]
STATED: Final = frozenset({"rate", "decimal"})
"""Numbers that a caller may state as finely as it likes."""
CONVERTED: Final = STATED | {"money"}
DIFFERENT: Final = ((TRUE, FALSE | UNKNOWN), (FALSE | UNKNOWN, TRUE), (FALSE, UNKNOWN), (UNKNOWN, FALSE))
"""The ways in which two outcomes differ; the plainest first."""


class Proof(Enum):
    """What the search came to."""

    SAME = "same"
    SAME_IN_OWN = "same_in_own"
    """Of payments in the currency of the law; a converted amount may fall between two of its minor units."""
    OPEN = "open"


class Joint:
    """Conditions of two releases under one law."""

    def __init__(self, was: Sequence[Ruled], now: Sequence[Ruled]):
        self._params: dict[str, Any] = {}
        self._members: dict[str, frozenset[str]] = {}
        names = [self._apart(was, now, prefix) for prefix in ("was.", "now.")]
        self.was, self.now = (
            [renamed(rule.condition, found) for rule in rules] for rules, found in zip((was, now), names, strict=True)
        )
        for rules, found in ((was, names[0]), (now, names[1])):
            for rule in rules:
                for name, value in rule.params.items():
                    if value is not None:
                        self._params[found.get(f"param:{name}", name)] = value[0]
                for group, places in rule.groups.items():
                    self._members[found.get(f"group:{group}", group)] = places
        self.law = Law(self._params, self._members)

    @staticmethod
    def _apart(was: Sequence[Ruled], now: Sequence[Ruled], prefix: str) -> dict[str, str]:
        """New names of what is not the same on both sides."""
        values = [{k: v for rule in rules for k, v in rule.params.items()} for rules in (was, now)]
        groups = [{k: v for rule in rules for k, v in rule.groups.items()} for rules in (was, now)]
        differ = {f"param:{k}": f"{prefix}{k}" for k in values[0].keys() & values[1] if values[0][k] != values[1][k]}
        return differ | {
            f"group:{k}": f"{prefix}{k}" for k in groups[0].keys() & groups[1] if groups[0][k] != groups[1][k]
        }


class Compared:
    """Two conditions under one law. `days`: the first and the last of the period; `seeds`: payments to try first.

    Payments are looked for one by one, as far as they are wanted: one that is decided otherwise ends the search.
    """

    def __init__(
        self, pair: tuple[Expr, Expr], law: Law, days: tuple[date, date], currency: str, seeds: Sequence[Facts] = ()
    ):
        self._pair, self._law, self._days, self._seeds = pair, law, days, seeds
        self._parts = apart(*pair)
        self._units = {unit for part in self._parts for unit in units_used(part)} - {OWN}
        self.currency = min(self._units) if self._units else currency
        self._answers: list[Witness | Answer] = []
        self.why = Why.SAME_CONDITION
        self.proof = self._first_proof()

    def _first_proof(self) -> Proof:
        """What the differing parts alone tell."""
        if spelled(self._parts[0]) == spelled(self._parts[1]):
            return Proof.SAME
        self.why = Why.NO_PAYMENT
        return self._proved(self._parts)

    def _proved(self, pair: tuple[Expr, Expr]) -> Proof:
        if len(self._units) > 1:
            return Proof.OPEN
        return _proved(pair, self._law, self._days, self.currency, has_amounts=bool(self._units))

    def witnesses(self) -> Iterator[Witness]:
        """Payments under which the two come out differently. Once there are no more, `proof` and `why` are final."""
        convert = same_amount if len(self._units) < 2 else no_rates
        question = Question(self._pair, self._law, self._days, self.currency, convert=convert, dense=STATED)
        left = []
        for goals in _goals(self._pair):  # the examples of the packs are quickly tried, and mostly enough
            seeded = question.among(goals, self._seeds)
            if seeded is None:
                left.append(goals)
            else:
                self._answers.append(seeded)
                yield seeded
        for goals in left:
            answer = question.find(goals)
            self._answers.append(answer)
            if isinstance(answer, Witness):
                yield answer
        self._conclude(question)

    def _prover_says(self, question: Question) -> bool:
        """Whether a prover, if there is one, tells that the parts come out alike, or the whole does."""
        parts = Question(self._parts, self._law, self._days, self.currency, dense=STATED)
        asked = ((self._parts, parts), (self._pair, question))
        return any(proved_alike(pair, self._law, one) for pair, one in asked)

    def _conclude(self, question: Question) -> None:
        if all(answer is Answer.NONE for answer in self._answers):
            self.proof = self._proved(self._pair)
            self.why = Why.CURRENCIES if self.proof is Proof.OPEN else Why.NO_PAYMENT
        elif any(isinstance(answer, Witness) for answer in self._answers):
            self.why = Why.NO_EXAMPLE
        elif self._prover_says(question):
            self.proof, self.why = Proof.SAME, Why.NO_PAYMENT
        else:
            self.why = Why.SEVERAL_FACTS if question.mixed else Why.CAPPED


def _goals(pair: tuple[Expr, Expr]) -> Iterator[tuple[Goal, Goal]]:
    for one, two in DIFFERENT:
        yield (pair[0], one), (pair[1], two)


def _proved(pair: tuple[Expr, Expr], law: Law, days: tuple[date, date], own: str, *, has_amounts: bool) -> Proof:
    """Whether it is proved that nothing tells them apart."""
    if not _alike(pair, law, days, own):
        return Proof.OPEN
    if not has_amounts:
        return Proof.SAME
    if not _alike(pair, law, days, "USD" if own != "USD" else "EUR", convert=no_rates):
        return Proof.OPEN
    return Proof.SAME if _alike(pair, law, days, own, dense=CONVERTED) else Proof.SAME_IN_OWN


def _alike(
    pair: tuple[Expr, Expr], law: Law, days: tuple[date, date], currency: str, *,
    convert: Convert = same_amount, dense: frozenset[str] = STATED,
) -> bool:  # fmt: skip
    question = Question(pair, law, days, currency, convert=convert, dense=dense)
    return all(question.find(goals) is Answer.NONE for goals in _goals(pair))


def outcomes(
    condition: Expr, law: Law, days: tuple[date, date], currency: str, seeds: Sequence[Facts]
) -> tuple[tuple[Witness, ...], bool]:
    """Payments under which one condition holds, or is not known; and whether it is proved that there are none of either."""
    units = units_used(condition) - {OWN}
    question = Question((condition,), law, days, min(units) if len(units) == 1 else currency, dense=STATED)
    answers = [question.find([(condition, wanted)], seeds) for wanted in (TRUE, UNKNOWN)]
    witnesses = tuple(answer for answer in answers if isinstance(answer, Witness))
    return witnesses, all(answer is Answer.NONE for answer in answers)
