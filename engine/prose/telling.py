"""The law of a place and a day in one language: what a page or an editor asks for sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from engine.language.tree import Expr
from engine.packs.compile import Compiled
from engine.packs.feature import Feature
from engine.packs.model import UNREAD_START, LetDef, Pack, Parameter, Rule, TaxRate, Value
from engine.packs.packset import PackSet
from engine.prose.chinese import CHINESE
from engine.prose.clause import LEAF, Clause, Piece, joined
from engine.prose.conditions import Conditions
from engine.prose.effects import Effects
from engine.prose.english import ENGLISH
from engine.prose.features import feature_told
from engine.prose.flat import said
from engine.prose.lexicon import Lexicon
from engine.prose.phrases import InForce
from engine.prose.values import day as day_said
from engine.prose.values import number, place, word
from engine.words import FALLBACK, Words, choose

LEXICONS: Final[Mapping[str, Lexicon]] = {one.code: one for one in (ENGLISH, CHINESE)}
"""Every language there is prose in."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a condition's names stand for: the law around it."""

    params: Mapping[str, InForce] = field(default_factory=dict)
    """Parameters in force on the day."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Groups of places and what they are called."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Rules and their titles."""
    alike: frozenset[str] = frozenset()
    """Labels that several terms or features share, so that a sentence must name which is meant."""

    @classmethod
    def of(cls, compiled: Compiled, packs: PackSet, titles: Mapping[str, str] | None = None) -> Surroundings:
        """Those of one domain of compiled law."""
        groups = {code: pack.name for code, pack in packs.packs.items()}
        said = titles or {active.rule.id: active.rule.title for active in compiled.rules}
        return cls(compiled.params, groups, said, shared_labels(compiled.chain, compiled.domain))


def shared_labels(chain: Sequence[Pack], domain: str) -> frozenset[str]:
    """Labels that stand for more than one term or feature of a domain."""
    parts = [pack.domains[domain] for pack in chain if domain in pack.domains]
    labels = {name: let.label for part in parts for name, let in part.lets.items()}
    labels |= {name: feature.label for part in parts for name, feature in part.features.items()}
    return frozenset(label for label, count in Counter(labels.values()).items() if count > 1)


@dataclass(frozen=True, slots=True)
class RuleProse:
    """A rule in words."""

    when: Clause
    unless: tuple[Clause, ...]
    """The rules that except it."""
    then: Clause


class Prose:
    """Sentences in one language. Cheap to make; it keeps nothing between calls."""

    def __init__(self, language: str | None = None, around: Surroundings | None = None):
        self.lexicon = LEXICONS[choose(language, LEXICONS)]
        self.around = around or Surroundings()
        titles, alike = self.around.titles, self.around.alike
        self._conditions = Conditions(self.lexicon, self.around.params, self.around.groups, titles, alike=alike)
        self._effects = Effects(self._conditions.phrases)

    @property
    def language(self) -> str:
        """Its code."""
        return self.lexicon.code

    def condition(self, tree: Expr, written: str = "") -> Clause:
        """A condition as a tree of clauses; any other value as one clause. `written`: its text, for the columns."""
        if tree.type.kind == "bool":
            return self._conditions.tell(tree, written.rstrip())
        return Clause(LEAF, self._conditions.phrases.phrase(tree), (), " ".join(written.split()), 0, len(written))

    def term(self, let: LetDef) -> Clause:
        """What a named expression stands for."""
        return self.condition(let.body, let.text.text)

    def rule(self, domain: str, rule: Rule) -> RuleProse:
        """A rule with its exceptions and its consequence."""
        unless = tuple(
            Clause(LEAF, self.lexicon.say("rule_applies", term=(Piece("rule", self.title(name), name),)), (), name)
            for name in rule.unless
        )
        return RuleProse(self.condition(rule.when, rule.text.text), unless, self._effects.tell(domain, rule.effect))

    @staticmethod
    def titled(rule: Rule, words: Words) -> str:
        """The title of a rule in the language of the words. What a payer is told of it (`message`) is no title."""
        if words.locale == FALLBACK:
            return rule.title
        lexicon = LEXICONS.get(words.locale)
        return words.say(rule.title) or (lexicon and lexicon.title(rule.title)) or rule.title

    def title(self, rule: str) -> str:
        """What a rule is called; its id where it is not known here."""
        return self.around.titles.get(rule, rule)

    def flat(self, clause: Clause) -> str:
        """A tree of clauses as one sentence."""
        return joined(said(clause, self.lexicon))

    # -- entries --

    def name(self, parameter: str) -> str:
        """What a parameter is called."""
        return self._conditions.phrases.name(parameter)

    def label(self, label: str) -> str:
        """What a pack calls a term or a feature."""
        return self._conditions.phrases.label(label)

    def value(self, parameter: Parameter, value: Value) -> str:
        """A dated value: `EUR 30`, or why there is none."""
        return self._conditions.phrases.dated(parameter, value)

    def entry(self, parameter: Parameter, value: Value) -> str:
        """A dated value with its day: `EUR 30 from 14 September 2019 on`."""
        told = self.value(parameter, value)
        if value.pending:
            return joined(self.lexicon.say("entry_pending", value=told))
        if value.start == UNREAD_START:
            return joined(self.lexicon.say("entry_ever", value=told))
        return joined(self.lexicon.say("entry", value=told, day=self.day(value.start)))

    def feature(self, feature: Feature) -> str:
        """What is asked of past payments."""
        return joined(feature_told(self._conditions.phrases, feature))

    def rate(self, rate: TaxRate) -> str:
        """What a line of a table of rates takes: `7%`, exempt, or not read."""
        if rate.unread:
            return self.lexicon.templates["rate.unread"]
        return self.lexicon.templates["rate.exempt"] if rate.percent is None else f"{number(rate.percent)}%"

    def day(self, day: date) -> str:
        """A calendar day."""
        return day_said(self.lexicon, day)

    def place(self, code: str) -> str:
        """The name of a country, of a part of one, or of a group."""
        return place(self.lexicon, code, self.around.groups)

    def word(self, value: str, field: str = "") -> str:
        """A word of the law."""
        return word(self.lexicon, value, field)
