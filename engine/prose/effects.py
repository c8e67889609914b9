"""What follows from a rule, in words: one sentence, and its details."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from engine.packs.model import Detail, Effect, Oblige, ParameterRef
from engine.prose.clause import Clause, Piece, Pieces, merged, text
from engine.prose.phrases import Phrases
from engine.prose.values import counted, place, word

_COUNTED: Final = {"years": "years", "at_most": "years", "months": "months"}
_PERIOD: Final = re.compile(r"P(?:(\d+)D|(\d+)M|(\d+)Y|T(\d+)H)")
_PERIOD_UNITS: Final = ("days", "months", "years", "hours")
_PATHS: Final = frozenset({"fields", "field", "needs", "on_request"})
_PLACES: Final = frozenset({"in", "place"})
_TIERS: Final = frozenset({"tier", "next"})


class Effects:
    """Tells consequences in one language under the law of one day."""

    def __init__(self, phrases: Phrases):
        self.phrases = phrases
        self.lexicon = phrases.lexicon

    def tell(self, domain: str, effect: Effect) -> Clause:
        """The consequence and its details."""
        details = dict(effect.details)
        pieces = self._limit(effect, details) if effect.kind == "limit" else None
        found = [*self._flags(effect), *(self._detail(name, detail) for name, detail in details.items())]
        found += [self._made("detail", self._duty(duty)) for duty in effect.oblige]
        return Clause("then", pieces or self._head(domain, effect), tuple(found))

    def _head(self, domain: str, effect: Effect) -> Pieces:
        key = f"then.{domain}.{effect.kind}"
        return self.phrases.say(
            key if key in self.lexicon.templates else f"then.{effect.kind}", name=self._name(effect)
        )

    def _name(self, effect: Effect) -> Pieces:
        return (Piece("effect", word(self.lexicon, effect.name, "effect"), effect.name),)

    def _limit(self, effect: Effect, details: dict[str, Detail]) -> Pieces | None:
        """A limit as a comparison: what counts, how, and the amount. None where the amount is not a parameter's."""
        amount, compared = details.get("amount"), details.get("comparator", "gt")
        if not isinstance(amount, ParameterRef) or f"limit.{compared}" not in self.lexicon.templates:
            return None
        for name in ("amount", "comparator"):
            details.pop(name, None)
        counts = str(details.pop("counts", "payment"))
        counted_as = (Piece("value", word(self.lexicon, counts, "counts"), counts),)
        limit = self.phrases.param(amount.name)
        return self.phrases.say(f"limit.{compared}", counts=counted_as, amount=limit)

    def _flags(self, effect: Effect) -> Iterator[Clause]:
        for key, words in (("by", effect.by), ("forbid", effect.forbid), ("need", effect.need)):
            if words:
                yield self._labelled(key, self._words(words, "method" if key != "by" else ""))
        if effect.liability:
            parties = tuple(re.findall(r"\w+|[^\w\s]+", effect.liability))
            yield self._labelled("liability", self._words(tuple(one for one in parties if one.isidentifier())))
        if effect.always:
            yield self._made("detail", self.phrases.say("detail.always"))
        if effect.dynamic_linking:
            yield self._made("detail", self.phrases.say("detail.dynamic_linking"))
        if effect.outcome:
            yield self._labelled("outcome", self._words((effect.outcome,), "outcome"))

    def _made(self, kind: str, pieces: Pieces) -> Clause:
        return Clause(kind, pieces)

    def _labelled(self, name: str, value: Pieces) -> Clause:
        label = self.phrases.say(f"detail.{name}")
        return self._made("detail", self.phrases.say("detail", label=label, value=value))

    def _detail(self, name: str, detail: Detail) -> Clause:
        return self._labelled(name, self._value(name, detail))

    def _value(self, name: str, detail: Detail) -> Pieces:
        if isinstance(detail, ParameterRef):
            return self.phrases.param(detail.name, name)
        words = detail if isinstance(detail, tuple) else (str(detail),)
        if name in _COUNTED and words[0].isdecimal():
            return (Piece("value", counted(self.lexicon, int(words[0]), _COUNTED[name])),)
        if name in _PATHS:
            return self.phrases.joined([self._paths(one) for one in words])
        if name in _PLACES:
            return self.phrases.joined([(Piece("place", place(self.lexicon, one), one),) for one in words])
        if name == "past":
            return (Piece("past", self.phrases.name(words[0]), words[0]),)
        return self._words(words, "wallet_tier" if name in _TIERS else name)

    def _words(self, words: tuple[str, ...], field: str = "") -> Pieces:
        said = [(Piece("value", self._word(one, field), one),) for one in words]
        return self.phrases.joined(list(said))

    def _word(self, one: str, field: str) -> str:
        """A word, a period, or a text that a pack wrote for people."""
        period = _PERIOD.fullmatch(one)
        if period:
            amount, unit = next(
                (found, unit) for found, unit in zip(period.groups(), _PERIOD_UNITS, strict=True) if found
            )
            return counted(self.lexicon, int(amount), unit)
        return word(self.lexicon, one, field)

    def _paths(self, need: str) -> Pieces:
        """`a + b | c`: a and b together, or c."""
        found: list[Piece] = []
        for at, option in enumerate(need.split("|")):
            found.extend(text(self.lexicon.templates["either"]) if at else ())
            for part, path in enumerate(option.split("+")):
                found.extend(text(self.lexicon.templates["together"]) if part else ())
                named = self.phrases.named(path.strip())
                found.append(Piece("fact", named if isinstance(named, str) else named[0], path.strip()))
        return merged(found)

    def _duty(self, duty: Oblige) -> Pieces:
        holes: dict[str, Pieces | str] = {
            "who": (Piece("value", word(self.lexicon, duty.who, "who"), duty.who),),
            "what": (Piece("value", word(self.lexicon, duty.code, "duty"), duty.code),),
        }
        if duty.within is None:
            return self.phrases.say("detail.duty", **holes)
        within = (Piece("value", self._word(duty.within, "within"), duty.within),)
        return self.phrases.say("detail.duty_within", **holes, within=within)
