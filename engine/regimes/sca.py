"""Strong customer authentication: from the rules of one place to its verdict.

The order of questions is the law's own: is the payment outside the duty, is there a duty, does an exemption lift it, and may
the party that asks use that exemption. What is unknown is closed: an unknown exemption or exclusion never helps, an unknown
duty leaves the verdict undecided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from engine.catalogue import NONE_IF_ABSENT
from engine.facts import Facts
from engine.language.law import Moment
from engine.language.specialise import KEPT
from engine.language.tree import Each, Expr, Fact, RuleRef, facts_used, walk
from engine.language.why import Explain, Explainer
from engine.packs.compile import Active, Compiled, Held
from engine.packs.model import Confidence, Effect
from engine.words import Words

_STRICTNESS: Final = {"not_applicable": 0, "out_of_scope": 1, "exempt": 1, "undecided": 2, "required": 3}

NO_REGIME: Final = "NONE"
_SOFT_DECLINE: Final = "soft_decline_code_"
_NOT_STATED: Final = ("law.", "rates.")
"""How facts begin that no caller states: numbers of the law that nobody read, and exchange rates."""

Statuses = tuple[bool | None, ...]


class Line:
    """A rule as the verdict uses it: its place among the statuses, its effect, and its explanations, made on first need."""

    __slots__ = (
        "_explainer",
        "_failed",
        "_held",
        "_wanting",
        "active",
        "available",
        "effect",
        "grade",
        "id",
        "index",
        "name",
        "paths",
        "static",
        "told",
    )

    def __init__(self, index: int, active: Active, explainer: Explainer, regime: Held | None):
        self.index, self.active, self.effect = index, active, active.rule.effect
        self.id, self.name = active.rule.id, active.rule.effect.name
        self.static: dict[str, dict[str, Any]] = {}
        """What a finding always says of this rule, by language."""
        self.told: dict[tuple[Any, ...], dict[str, Any]] = {}
        """Findings already worded, by language and by the facts they rest on, where those are words."""
        self.paths = _word_paths(active.condition)
        self.available = {
            "name": self.name, "by": list(self.effect.by), "liability": self.effect.liability or "/".join(self.effect.by)
        }  # fmt: skip
        self.grade = weakest(active.rule.confidence, regime)
        self._explainer = explainer
        self._held: Explain | None = None
        self._failed: Explain | None = None
        self._wanting: Explain | None = None

    @property
    def held(self) -> Explain:
        """The reasons for which it fired."""
        if self._held is None:
            self._held = self._explainer.held(self.id)
        return self._held

    @property
    def failed(self) -> Explain:
        """The reasons for which it stayed silent."""
        if self._failed is None:
            self._failed = self._explainer.failed(self.id)
        return self._failed

    @property
    def wanting(self) -> Explain:
        """The facts it lacks, objects of which nothing is stated as a whole."""
        if self._wanting is None:
            self._wanting = self._explainer.wanting(self.id)
        return self._wanting


def _word_paths(condition: Expr) -> tuple[str, ...] | None:
    """The facts of a condition, where all are words, flags and places; None where one is a number or a time."""
    leaves = [node for node in walk(condition) if isinstance(node, Fact | Each | RuleRef)]
    if any(not isinstance(leaf, Fact) or leaf.type.kind not in ("enum", "bool", "place", "string") for leaf in leaves):
        return None
    return tuple(sorted(facts_used(condition)))


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules of a compiled domain sorted by what they do. Nothing depends on the order of the files."""

    out_of_scope: tuple[Line, ...]
    require: tuple[Line, ...]
    exempt: tuple[Line, ...]
    method: tuple[Line, ...]
    satisfy: tuple[Line, ...]
    told: tuple[Line, ...]
    """Rules whose firing is reported: all but flags."""
    obliging: tuple[Line, ...]
    deciding: tuple[Line, ...]
    """Rules that name an outcome of their own."""
    flags: Mapping[str, tuple[int, ...]]
    regime: str
    regime_held: Held | None
    codes: Mapping[str, str]

    @classmethod
    def of(cls, compiled: Compiled) -> Plan:
        """Sort the rules of a compiled domain."""
        held = compiled.params.get("sca_regime")
        made = (Line(i, active, compiled.explainer, held) for i, active in enumerate(compiled.rules))
        lines = sorted(made, key=lambda line: line.id)
        kinds: dict[str, list[Line]] = {}
        flags: dict[str, list[int]] = {}
        for line in lines:
            kinds.setdefault(line.effect.kind, []).append(line)
            if line.effect.kind == "flag":
                flags.setdefault(line.name, []).append(line.index)
        return cls(
            out_of_scope=_preferred(kinds.get("out_of_scope", []), compiled.setting("scope_order", ())),
            require=tuple(sorted(kinds.get("require", []), key=lambda line: (not line.effect.always, line.id))),
            exempt=_preferred(kinds.get("exempt", []), compiled.setting("exemption_order", ())),
            method=tuple(kinds.get("method", [])),
            satisfy=tuple(kinds.get("satisfy", [])),
            told=tuple(line for line in lines if line.effect.kind != "flag"),
            obliging=tuple(line for line in lines if line.effect.oblige),
            deciding=tuple(line for line in lines if line.effect.outcome),
            flags={name: tuple(indexes) for name, indexes in flags.items()},
            regime=compiled.setting("sca_regime", NO_REGIME),
            regime_held=held,
            codes={
                name.removeprefix(_SOFT_DECLINE): value
                for name, value in sorted(compiled.law.params.items())
                if name.startswith(_SOFT_DECLINE) and isinstance(value, str)
            },
        )


def _preferred(lines: list[Line], order: tuple[str, ...]) -> tuple[Line, ...]:
    rank = {name: at for at, name in enumerate(order)}
    return tuple(sorted(lines, key=lambda line: (rank.get(line.name, len(rank)), line.id)))


class Spoken:
    """The explanations of all rules, made for one shape of payment on first need, by the place of the rule."""

    __slots__ = ("_explainer", "failed", "held", "wanting")

    def __init__(self, explainer: Explainer, rules: int):
        self._explainer = explainer
        self.held: list[Explain | None] = [None] * rules
        self.failed: list[Explain | None] = [None] * rules
        self.wanting: list[Explain | None] = [None] * rules

    def make(self, polarity: str, line: Line) -> Explain:
        """The explanation of one rule."""
        made: Explain = getattr(self._explainer, polarity)(line.id)
        getattr(self, polarity)[line.index] = made
        return made


@dataclass(slots=True)
class Judged:
    """The verdict of one place's law, with what the answer says about it."""

    compiled: Compiled
    plan: Plan
    statuses: Statuses
    facts: Mapping[str, Any]
    moment: Moment
    verdict: str = "not_applicable"
    reason: str | None = None
    duty: Line | None = None
    chosen: Line | None = None
    open: Line | None = None
    """A duty that no exemption lifts and that cannot be told."""
    barred: Line | None = None
    """What would have settled the verdict, were the other provider's place known."""
    by: str | None = None
    satisfied: bool = False
    missing: dict[str, list[str]] = field(default_factory=dict)
    """Missing fact -> the rules that ask for it."""
    wanted: dict[int, tuple[str, ...]] = field(default_factory=dict)
    spoken: Spoken | None = None

    def wanting(self, line: Line) -> tuple[str, ...]:
        """What an undecided rule lacks, asked once."""
        names = self.wanted.get(line.index)
        if names is None:
            spoken = self.spoken
            explain = line.wanting if spoken is None else spoken.wanting[line.index] or spoken.make("wanting", line)
            names = self.wanted[line.index] = tuple(explain(self.facts, self.moment))
        return names

    def failed(self, line: Line) -> list[Any]:
        """Why a rule stayed silent."""
        spoken = self.spoken
        explain = line.failed if spoken is None else spoken.failed[line.index] or spoken.make("failed", line)
        return explain(self.facts, self.moment)

    def held(self, line: Line) -> list[Any]:
        """Why a rule fired."""
        spoken = self.spoken
        explain = line.held if spoken is None else spoken.held[line.index] or spoken.make("held", line)
        return explain(self.facts, self.moment)


def judge(compiled: Compiled, plan: Plan, statuses: Statuses, facts: Mapping[str, Any], moment: Moment) -> Judged:
    """The verdict of one place's law on one payment."""
    found = Judged(compiled, plan, statuses, facts, moment)
    found.spoken = _spoken(compiled, facts)
    party = party_of(facts)
    found.duty = duty = _first(plan.require, statuses)
    always = duty is not None and duty.effect.always
    outside = _first(plan.out_of_scope, statuses)
    if outside is not None:
        _settle(found, "out_of_scope", outside)
        return found
    if duty is None:
        found.reason = "no_law_known" if plan.regime == NO_REGIME else "no_duty"
        unknown = [line for line in plan.require if statuses[line.index] is None and not _nothing_told(found, line)]
        if unknown and _satisfied(found):
            # Whether there is a duty is not known; that it has been met if there is one, is.
            found.duty, found.satisfied = unknown[0], True
            found.verdict, found.reason = "required", unknown[0].name
        elif unknown:
            found.verdict, found.reason = "undecided", "facts_missing"
            _ask(found, unknown)
        return found
    found.open = None if always else _open_duty(found)
    for line in () if always or found.open else plan.exempt:
        if statuses[line.index] is True and party in line.effect.by:
            _settle(found, "exempt", line)
            found.by = party
            return found
    found.verdict, found.reason, found.satisfied = "required", duty.name, _satisfied(found)
    if found.open is not None:
        _ask(found, [found.open])
    elif not always:
        _ask(found, [line for line in plan.exempt if statuses[line.index] is None and party in line.effect.by])
    return found


def _open_duty(found: Judged) -> Line | None:
    """A duty that no exemption lifts, if only facts decide whether it is there: until then no exemption is open."""
    for line in found.plan.require:
        if line.effect.always and found.statuses[line.index] is None and not _nothing_told(found, line):
            return line
    return None


def _nothing_told(found: Judged, line: Line) -> bool:
    """Whether a duty that no exemption lifts hangs on nothing but reports that nobody made.

    What the payee starts rests on a mandate: to say nothing of it is not to say that there is none.
    """
    wanting = found.wanting(line) if line.effect.always else ("",)
    rests_on_it = "payment.mandate" in wanting and found.facts.get("payment.initiator") == "payee"
    return not rests_on_it and NONE_IF_ABSENT.issuperset(wanting)


def _spoken(compiled: Compiled, facts: Mapping[str, Any]) -> Spoken | None:
    """Explanations for the shape of these facts, where the rules themselves have code for it."""
    shape = facts.shape if isinstance(facts, Facts) else None
    if shape is None or shape not in compiled.executor.made:
        return None
    known: dict[Any, Spoken] = compiled.derived.setdefault("spoken", {})
    found = known.get(shape)
    if found is None:
        if len(known) >= KEPT:
            known.clear()
        found = known[shape] = Spoken(compiled.explainer.of_shape(shape), len(compiled.rules))
    return found


def bar(found: Judged) -> None:
    """The other provider's place, and so perhaps a stricter law, is not known: what was milder than a duty is closed, and no
    authentication is sure to content a law that may forbid its method."""
    found.satisfied = False
    if found.verdict == "required":
        return
    found.barred, found.chosen, found.by = found.chosen, None, None
    found.verdict, found.reason = ("required" if found.duty else "undecided"), "place_unknown"


def party_of(facts: Mapping[str, Any]) -> str:
    """Which provider's exemption is asked for: a merchant asks through its acquirer."""
    return "issuer" if facts.get("asked_by") == "issuer" else "acquirer"


def _settle(found: Judged, verdict: str, line: Line) -> None:
    found.verdict, found.reason, found.chosen = verdict, line.name, line


def _first(lines: tuple[Line, ...], statuses: Statuses) -> Line | None:
    for line in lines:
        if statuses[line.index] is True:
            return line
    return None


def _ask(found: Judged, lines: list[Line]) -> None:
    """Note what undecided rules need. What asks for all that another asks for, and more, is asked when that is known.

    A number of the law or an exchange rate is not the caller's to state: it is named only where a duty hangs on nothing else.
    """
    lacking = [(line, frozenset(found.wanting(line))) for line in lines]
    for line, names in lacking:
        if any(fewer < names for _, fewer in lacking):
            continue
        stated = [name for name in sorted(names) if not name.startswith(_NOT_STATED)]
        for name in stated or (sorted(names) if line.effect.kind == "require" else ()):
            found.missing.setdefault(name, []).append(line.id)


def _satisfied(found: Judged) -> bool:
    """Whether the authentication already done meets the law, method rules included."""
    if _first(found.plan.satisfy, found.statuses) is None:
        return False
    return all(
        _method_met(line.effect, found.facts) for line in found.plan.method if found.statuses[line.index] is not False
    )


def _method_met(effect: Effect, facts: Mapping[str, Any]) -> bool:
    method = facts.get("payment.authentication.method")
    if method is None or method in effect.forbid:
        return False
    biometric = "inherence" in facts.get("payment.authentication.factors", ()) and "biometric" in effect.need
    return not effect.need or method in effect.need or biometric


# -- what the answer says ------------------------------------------------------------------------------------------------


def flag(found: Judged, name: str) -> bool | None:
    """Whether a flag of the pack is raised; None where it cannot be told, False where the pack has no such flag."""
    raised: bool | None = False
    for index in found.plan.flags.get(name, ()):
        status = found.statuses[index]
        if status is True:
            return True
        if status is None:
            raised = None
    return raised


def body(found: Judged, words: Words, unknown: tuple[str, ...] = ()) -> dict[str, Any]:
    """The `sca` object of the answer, keys in the contract's order."""
    plan, statuses, verdict = found.plan, found.statuses, found.verdict
    return {
        "verdict": verdict,
        "regime": plan.regime,
        "one_leg": flag(found, "one_leg") is True,
        "exemption": found.reason if verdict in ("exempt", "out_of_scope") else None,
        "by": found.by,
        "reason": found.reason,
        "satisfied": found.satisfied,
        "available": _available(found, unknown),
        "closed": _closed(found, words, unknown) if verdict not in ("not_applicable", "out_of_scope") else [],
        "dynamic_linking": verdict in ("required", "undecided") and flag(found, "dynamic_linking") is not False,
        "method_rules": [_method(line, words) for line in plan.method if statuses[line.index] is not False],
        "on_refusal": _on_refusal(found),
        "confidence": _confidence(found),
    }


def _available(found: Judged, unknown: tuple[str, ...]) -> list[dict[str, Any]]:
    """The exemptions that some party may use: none beside a duty that no exemption lifts, or while a place is not known."""
    if unknown or found.open is not None or (found.duty is not None and found.duty.effect.always):
        return []
    return [line.available for line in found.plan.exempt if found.statuses[line.index] is True]


def _closed(found: Judged, words: Words, unknown: tuple[str, ...]) -> list[dict[str, str]]:
    """Every exemption that does not help the party that asks, and every exclusion that only missing facts close."""
    party, duty, statuses = party_of(found.facts), found.duty, found.statuses
    closed = []
    for line in found.plan.exempt:
        status = statuses[line.index]
        if found.chosen is not None and line.name == found.chosen.name:
            continue
        if status is not True:
            because = because_not(found, line, status, words)
        elif party not in line.effect.by:
            because = words.only(line.effect.by)
        elif duty is not None and duty.effect.always:
            because = words.whatever_else(duty.id)
        elif found.open is not None:
            because = words.missings(found.wanting(found.open))
        elif unknown:
            because = words.missings(unknown)
        else:
            continue
        closed.append({"name": line.name, "because": because})
    for line in found.plan.out_of_scope:
        if statuses[line.index] is None:
            closed.append({"name": line.name, "because": because_not(found, line, None, words)})
    if found.barred is not None and found.barred.effect.kind != "exempt":
        closed.append({"name": found.barred.name, "because": words.missings(unknown)})
    return closed


def because_not(found: Judged, line: Line, status: bool | None, words: Words) -> str:
    """Why a rule did not fire: what failed, or what is not known."""
    if status is None:
        return words.missings(found.wanting(line))
    return words.reasons(found.failed(line))


def _method(line: Line, words: Words) -> dict[str, Any]:
    return {
        "code": line.name,
        "forbid": list(line.effect.forbid),
        "need": list(line.effect.need),
        "message": words.say(line.active.rule.message, line.active.rule.title),
    }


def _on_refusal(found: Judged) -> dict[str, Any] | None:
    """What to do when the issuer declines softly: it has the last word on every exemption."""
    if not found.plan.codes or found.verdict not in ("exempt", "out_of_scope"):
        return None
    present = found.facts.get("payment.initiator") == "payer"
    return {
        "action": "authenticate_and_retry_once" if present else "return_to_payer",
        "challenge_indicator": "04" if present else None,
        "codes": found.plan.codes,
    }


_RANK: Final = {grade: at for at, grade in enumerate(Confidence)}


def weakest(confidence: Confidence, regime: Held | None) -> str:
    """The weaker of a rule's confidence and its regime's own."""
    grades = [confidence]
    if regime is not None:
        grades.append(regime.value.confidence or regime.parameter.confidence)
    return max(grades, key=_RANK.__getitem__).value


def _confidence(found: Judged) -> str | None:
    line = found.chosen or found.duty
    if line is not None:
        return line.grade
    return weakest(Confidence.A, found.plan.regime_held) if found.plan.regime_held else None


def strictness(found: Judged) -> int:
    """Where a verdict stands between the mildest and the strictest.

    Of two laws that both let a payment pass, the issuer's, which is asked first, names the reason.
    """
    return _STRICTNESS[found.verdict]
