"""The periods of law in which a rule or a let must make sense, and the questions that can be asked of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice, product
from typing import Any, Final

from engine.language.interpret import Interpreter, Seen
from engine.language.law import Gap, Law, Moment
from engine.language.render import source
from engine.language.tree import Compare, Const, Expr, Not, OneOf, Param, Within, conjunction, params_used, walk
from engine.language.types import BOOL
from engine.packs.lint.cells import OTHER
from engine.packs.lint.solve import NOON, Answer, Goal, Question, Witness, days_of, same_amount
from engine.packs.lint.view import Held, Period, View, in_force
from engine.packs.model import Domain, Pack, Rule

_VARIANTS: Final = 8

Facts = Mapping[str, Any]


@dataclass
class Setting:
    """One period of law with the conditions to ask about."""

    period: Period
    laws: tuple[Law, ...]
    """As the packs say, with every setting a tenant may choose, and with numbers in the place of those not read."""
    loose: tuple[Law, ...]
    """As well with every word and flag of the law itself: what only those decide is no fault of logic."""
    conditions: tuple[Expr, ...]
    seeds: tuple[Facts, ...]
    currency: str

    def __post_init__(self) -> None:
        self._asked: dict[int, Question] = {}

    def _question(self, law: Law) -> Question:
        if id(law) not in self._asked:
            days = days_of(self.period.start, self.period.end)
            self._asked[id(law)] = Question(self.conditions, law, days, self.currency)
        return self._asked[id(law)]

    def find(self, goals: Sequence[Goal], *, loose: bool = False) -> Witness | Answer:
        """A payment under some law, a proof that there is none under any, or neither."""
        answers: list[Answer] = []
        for law in self.loose if loose else self.laws:
            found = self._question(law).find(goals, self.seeds)
            if isinstance(found, Witness):
                return found
            answers.append(found)
        return Answer.NONE if all(answer is Answer.NONE for answer in answers) else Answer.UNDECIDED

    def really(self, goals: Sequence[Goal]) -> Witness | Answer:
        """As `find`, under the law as it stands and no other."""
        return self._question(self.laws[0]).find(goals, self.seeds)

    def constant(self, node: Expr, unit: str | None) -> Any:
        """The value of an expression without facts under the law as it stands; None where it has none."""
        return self._question(self.laws[0]).reader.constant(node, unit)

    def seen(self, node: Expr) -> Iterator[Seen]:
        """What the interpreter finds for the seeds."""
        day = days_of(self.period.start, self.period.end)[1]
        for law in self.loose:
            for seed in self.seeds:
                facts = {"currency": self.currency, **seed}
                yield Interpreter(facts, law, Moment(day, NOON, same_amount), {}).see(node)


def ask(found: Sequence[Setting], goals: Sequence[Goal], *, loose: bool = False) -> Witness | Answer:
    """A payment in some period, a proof that there is none in any, or neither."""
    answers: list[Answer] = []
    for setting in found:
        answer = setting.find(goals, loose=loose)
        if isinstance(answer, Witness):
            return answer
        answers.append(answer)
    return Answer.UNDECIDED if Answer.UNDECIDED in answers or not answers else Answer.NONE


def settings(
    view: View, pack: Pack, domain: Domain, conditions: Sequence[Expr], rules: Sequence[Rule]
) -> list[Setting]:
    """The distinct periods in which one of the rules is in force, as far as the conditions can tell them apart."""
    found: dict[Any, Setting] = {}
    for period in view.periods(view.chain(pack), domain.name):
        if any(in_force(rule, period.start) for rule in rules):
            law = view.law(view.chain(pack, period.start), domain.name, period.start)
            key = _told_apart(conditions, law)
            if key not in found:
                found[key] = _setting(view, pack, domain, period, (conditions, rules))
    return list(found.values())


def meetings(view: View, pack: Pack, domain: Domain, rules: Sequence[Rule]) -> list[Setting]:
    """As `settings`, where all the rules are in force, with the exceptions of the period written out."""
    found: dict[Any, Setting] = {}
    for period in view.periods(view.chain(pack), domain.name):
        chain = view.chain(pack, period.start)
        active = {rule.id: rule for _, rule in view.rules(chain, domain.name) if in_force(rule, period.start)}
        if all(rule.id in active for rule in rules):
            conditions = [expanded(rule, active) for rule in rules]
            law = view.law(chain, domain.name, period.start)
            key = [source(node) for node in conditions], _told_apart(conditions, law)
            if str(key) not in found:
                found[str(key)] = _setting(view, pack, domain, period, (conditions, rules))
    return list(found.values())


def _setting(
    view: View, pack: Pack, domain: Domain, period: Period, asked: tuple[Sequence[Expr], Sequence[Rule]]
) -> Setting:
    conditions, rules = asked
    chain = view.chain(pack, period.start)
    law = view.law(chain, domain.name, period.start)
    held = view.held(chain, domain.name, period.start)
    laws = tuple(_variants(law, held, conditions, words=False))
    loose = tuple(_variants(law, held, conditions, words=True))
    seeds = tuple(test.given for rule in rules for test in rule.tests)
    return Setting(period, laws, (*laws, *loose), tuple(conditions), seeds, pack.currency)


def _told_apart(conditions: Sequence[Expr], law: Law) -> Any:
    """What of the law the conditions read."""
    names = sorted({name for node in conditions for name in params_used(node)})
    groups = sorted({part.group for node in conditions for part in walk(node) if isinstance(part, Within)})
    return tuple(law.params.get(name, Gap.NONE) for name in names), tuple(law.members.get(group) for group in groups)


def _variants(law: Law, held: Mapping[str, Held], conditions: Sequence[Expr], *, words: bool) -> Iterator[Law]:
    """The law itself, then with other settings and with numbers for what was not read."""
    used = [name for name in sorted({name for node in conditions for name in params_used(node)}) if name in held]
    free: dict[str, list[Any]] = {}
    for name in used:
        if held[name].parameter.overridable or words:
            options = _options(name, held[name].parameter.kind, conditions)
            free[name] = list(dict.fromkeys([law.params[name], *options]))
    unread = [name for name in used if law.params[name] is Gap.UNREAD]
    for chosen in islice(product(*free.values()), _VARIANTS):
        variant = {**law.params, **dict(zip(free, chosen, strict=True))}
        yield replace(law, params=variant)
        for order in (unread, unread[::-1])[: len(unread)]:
            guesses = {name: _guess(held[name].parameter.kind, at) for at, name in enumerate(order)}
            yield replace(law, params={**variant, **guesses})


def _guess(kind: str, at: int) -> Any:
    """Some number in the place of one that was not read, so that nothing follows from its absence."""
    number = 100 * (at + 1)
    match kind:
        case "money" | "rate" | "decimal":
            return Decimal(number)
        case "int":
            return number
        case "bool":
            return True
        case "date":
            return date(2020, 1, 1)
        case "tokens" | "list":
            return (OTHER,)
    return OTHER


def _options(name: str, kind: str, conditions: Sequence[Expr]) -> list[Any]:
    """Other values that a setting may take, as far as conditions ask for them."""
    if kind == "bool":
        return [True, False]
    if kind != "token":
        return []
    found: list[Any] = []
    for part in (part for node in conditions for part in walk(node)):
        if isinstance(part, Compare):
            sides = (part.left, part.right)
            if any(isinstance(side, Param) and side.name == name for side in sides):
                found += [side.value for side in sides if isinstance(side, Const)]
        elif isinstance(part, OneOf) and isinstance(part.left, Param) and part.left.name == name:
            found += part.values
    return [*dict.fromkeys(found), OTHER]


def expanded(rule: Rule, rules: Mapping[str, Rule], above: frozenset[str] = frozenset()) -> Expr:
    """The condition of a rule with its exceptions written out. Circles are cut; they are refused elsewhere."""
    known = [rules[name] for name in rule.unless if name in rules and name not in above | {rule.id}]
    excepted: list[Expr] = [
        Not(BOOL, rule.when.at, expanded(exception, rules, above | {rule.id})) for exception in known
    ]
    return conjunction([rule.when, *excepted])
