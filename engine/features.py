"""What a place's law asks of the past, asked for one payment, and what was answered, kept so that it can be asked again.

The rules are asked first without their features: Kleene's logic never takes back what it could tell without them. Only where a
rule stays open that a feature could settle is the history looked up, once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from decimal import Decimal
from typing import Any, Final

from engine.facts import Facts
from engine.history import (
    COLUMNS,
    FeatureAnswer,
    FeatureForm,
    FeatureQuestion,
    History,
    Of,
    PastPayments,
    PastQuestion,
    column_of,
)
from engine.language.law import Convert, Moment
from engine.language.tree import past_used
from engine.money import EXACT, Money
from engine.packs.compile import Compiled
from engine.packs.feature import AMOUNTS, Feature
from engine.packs.model import Pack

KEPT: Final = "features"
"""Where a domain keeps what history answered, among the inputs of its part."""

Remembered = list[dict[str, Any]]


def with_features(
    facts: Facts, compiled: Compiled, moment: Moment, history: History, conversion: Convert
) -> tuple[Facts, Remembered]:
    """The facts with the features that open rules ask for, each under its name, and what history said.

    A feature stays unknown where the facts do not say whose past is meant, or history does not know.
    """
    wanted = _wanted(compiled)
    if not wanted:
        return facts, []
    statuses = compiled.evaluate(facts, moment)
    names = sorted({name for at, uses in wanted if statuses[at] is None for name in uses})
    if not names:
        return facts, []
    asked = [found for name in names if (found := question(compiled.features[name], facts)) is not None]
    if not asked:
        return facts, []
    answers = history.features(asked)
    known: dict[str, Any] = {}
    for one, answer in zip(asked, answers, strict=True):
        value = None if answer is None else _value(compiled.features[one.name], facts, answer, conversion)
        if value is not None:
            known[one.name] = value
    remembered = [_kept(one, answer) for one, answer in zip(asked, answers, strict=True)]
    return (Facts({**facts, **known}) if known else facts), remembered


def forms_in(packs: Iterable[Pack]) -> frozenset[FeatureForm]:
    """What a history must keep so that every feature of these packs can be answered."""
    return frozenset(
        feature.form for pack in packs for domain in pack.domains.values() for feature in domain.features.values()
    )


def keys_of(forms: Iterable[FeatureForm]) -> frozenset[frozenset[str]]:
    """The facts that a payment must state before any of these forms can be asked of it: one set of them is enough. A card, which
    is known by its BIN or its last digits, counts as stated."""
    return frozenset(frozenset(COLUMNS[column] for column in form.key if column != "card") for form in forms)


def asked_alone(
    feature: Feature, facts: Mapping[str, Any], history: History, conversion: Convert
) -> tuple[Money | int | None, Remembered]:
    """One feature that no condition asks for, such as what a limit counts, and what history said; None: it is not known."""
    one = question(feature, facts)
    if one is None:
        return None, []
    answer = history.features([one])[0]
    value = None if answer is None else _value(feature, facts, answer, conversion)
    return value, [_kept(one, answer)]


def kept(*remembered: Remembered) -> dict[str, Any]:
    """What a domain adds to `Part.inputs` of what history said; nothing where it was not asked."""
    entries = {entry["asked"]: entry for part in remembered for entry in part}
    return {KEPT: list(entries.values())} if entries else {}


def _wanted(compiled: Compiled) -> tuple[tuple[int, frozenset[str]], ...]:
    """The places of rules that ask for features, and which."""
    found: tuple[tuple[int, frozenset[str]], ...] | None = compiled.derived.get("features")
    if found is None:
        used = [(at, past_used(active.condition)) for at, active in enumerate(compiled.rules)]
        found = compiled.derived["features"] = tuple((at, names) for at, names in used if names)
    return found


def question(feature: Feature, facts: Mapping[str, Any]) -> FeatureQuestion | None:
    """The feature asked for this payment; None where the payment does not say whose past is meant."""
    form, at = feature.form, facts["occurred_at"]
    key = [column_of(column, facts) for column in form.key]
    same = [column_of(column, facts) for column in form.same]
    if None in key or None in same:
        return None
    try:
        start = feature.window.start(at)
    except OverflowError:  # the first and the last days of the calendar have no window
        return None
    window = str(feature.window)
    return FeatureQuestion(
        feature.name, form, tuple(map(str, key)), tuple(map(str, same)), window, start, at.astimezone(UTC)
    )


# -- what it comes to ----------------------------------------------------------------------------------------------------


def _value(feature: Feature, facts: Mapping[str, Any], answer: FeatureAnswer, convert: Convert) -> Any:
    """The feature as a fact: money in its unit, or a number; None where it cannot be told."""
    amounts, number = answer
    if feature.own_included and _counts(feature, facts):
        amounts, number = (*amounts, facts["amount"]), number + 1
    return _amount(feature, amounts, convert) if feature.form.of in AMOUNTS else number


def _amount(feature: Feature, amounts: Iterable[Money], convert: Convert) -> Money:
    """The amounts together in the feature's unit.

    One for which there is no rate stays in its own currency: what compares it then lacks that rate, and says so.
    """
    unit, found = feature.unit or "", []
    for money in amounts:
        amount = convert(money, unit)
        if amount is None:
            return money
        found.append(amount)
    if feature.form.of is not Of.SUM:
        extreme = min if feature.form.of is Of.MIN else max
        return Money(extreme(found, default=Decimal(0)), unit)
    total = Decimal(0)
    for amount in found:
        total = EXACT.add(total, amount)
    return Money(total, unit)


def _counts(feature: Feature, facts: Mapping[str, Any]) -> bool:
    """Whether the present payment is one of those that the feature counts. What it does not state leaves it in, as with past
    ones."""
    stated = ((column_of(column, facts), values) for column, values in feature.form.where)
    return all(value is None or value in values for value, values in stated)


# -- what is kept --------------------------------------------------------------------------------------------------------


def asked_as(one: FeatureQuestion) -> str:
    """A question in words that are its own within one decision: the same past asked about is the same text."""
    form = one.form
    where = [f"{column} in {'|'.join(values)}" for column, values in form.where]
    key = [f"{column}={value}" for column, value in zip(form.key, one.key, strict=True)]
    same = [f"{column}~{value}" for column, value in zip(form.same, one.same, strict=True)]
    return f"{form.of}({form.column or ''}) {one.window}; {'; '.join([*key, *same, *where])}"


def _kept(one: FeatureQuestion, answer: FeatureAnswer | None) -> dict[str, Any]:
    said = None
    if answer is not None:
        said = {"amounts": [[str(money.amount), money.currency] for money in answer.amounts], "number": answer.number}
    return {
        "name": one.name,
        "asked": asked_as(one),
        "from": one.start.isoformat(),
        "to": one.end.isoformat(),
        "found": said,
    }


class RememberedFeatures:
    """What history answered when a decision was made, and nothing else."""

    def __init__(self, inputs: Mapping[str, Any]):
        parts = (part for part in inputs.values() if isinstance(part, dict))
        self._found: dict[str, FeatureAnswer] = {
            entry["asked"]: FeatureAnswer(
                tuple(Money(Decimal(amount), currency) for amount, currency in entry["found"]["amounts"]),
                entry["found"]["number"],
            )
            for part in parts
            for entry in part.get(KEPT, ())
            if entry["found"] is not None
        }

    def features(self, asked: Sequence[FeatureQuestion]) -> list[FeatureAnswer | None]:
        """What was answered to the same question; what was never asked is not known."""
        return [self._found.get(asked_as(one)) for one in asked]


class AskedOnce(History):
    """A history that is asked nothing twice, so that all domains of one decision hear the same."""

    __slots__ = ("_heard", "_history", "_past")

    def __init__(self, history: History):
        self._history = history
        self._heard: dict[FeatureQuestion, FeatureAnswer | None] = {}
        self._past: dict[PastQuestion, PastPayments | None] = {}

    def since_authenticated(self, asked: PastQuestion) -> PastPayments | None:
        """As the history said when it was asked first."""
        if asked not in self._past:
            self._past[asked] = self._history.since_authenticated(asked)
        return self._past[asked]

    def features(self, asked: Sequence[FeatureQuestion]) -> Sequence[FeatureAnswer | None]:
        """As the history said when it was asked first."""
        new = [one for one in asked if one not in self._heard]
        if new:
            self._heard.update(zip(new, self._history.features(new), strict=True))
        return [self._heard[one] for one in asked]


class StatedFeatures:
    """What a case of a pack says of the past, by the names of the features."""

    def __init__(self, given: Mapping[str, Any]):
        self._given = given

    def features(self, asked: Sequence[FeatureQuestion]) -> list[FeatureAnswer | None]:
        """What was stated under each name; what was not is not known."""
        return [self._answer(self._given.get(one.name)) for one in asked]

    @staticmethod
    def _answer(stated: Any) -> FeatureAnswer | None:
        if stated is None:
            return None
        return FeatureAnswer((stated,)) if isinstance(stated, Money) else FeatureAnswer(number=stated)
