"""Strong customer authentication: from the rules of one place to its verdict.

The order of questions is the law's own: is the payment outside the duty, is there a duty, does an exemption lift it, and may
the party that asks use that exemption. What is unknown is closed: an unknown exemption or exclusion never helps, an unknown
duty leaves the verdict undecided.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from engine.catalogue import NONE_IF_ABSENT
from engine.facts import Facts
from engine.language.law import Moment
from engine.language.why import Explain
from engine.packs.compile import Compiled, Held
from engine.packs.model import Effect
from engine.regimes.ruling import NOT_STATED, REMEMBERED, Line, Spoken, Statuses, spoken_of

_VARIANTS: Final = 7
"""Verdicts kept beside the newest that differ from it only in what undecided rules lack."""
_STRICTNESS: Final = {"not_applicable": 0, "out_of_scope": 1, "exempt": 1, "undecided": 2, "required": 3}

NO_REGIME: Final = "NONE"
_SOFT_DECLINE: Final = "soft_decline_code_"


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
        made = (Line(i, active, held) for i, active in enumerate(compiled.rules))
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


@dataclass(slots=True, eq=False)
class Judged:
    """The verdict of one place's law. It holds for every payment of one shape with the same statuses, so that it names no
    value of any payment."""

    compiled: Compiled
    plan: Plan
    spoken: Spoken
    statuses: Statuses
    party: str
    """Which provider's exemption is asked for."""
    present: bool
    """The payer is there to be asked."""
    fixed: Collection[str]
    """The facts that all these payments state in the same words."""
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
    rests_on: dict[int, tuple[Explain, tuple[str, ...]]] = field(default_factory=dict)
    """What undecided rules lacked where that varies between payments of the same shape and statuses."""
    forms: dict[Hashable, Any] = field(default_factory=dict)
    """Answers to such payments, as far as they are alike."""


def judge(compiled: Compiled, plan: Plan, facts: Mapping[str, Any], moment: Moment) -> Judged:
    """The verdict of one place's law on one payment; remembered for the payments that it would be the same for.

    Facts without a shape are judged by the general code, and nothing is remembered of them.
    """
    shape = facts.shape if isinstance(facts, Facts) else None
    spoken = compiled.spoken.get(shape) if shape is not None else None
    statuses: Statuses | None = None
    if spoken is not None:
        told_apart = spoken.brief(facts, moment)
    else:
        statuses = told_apart = compiled.evaluate(facts, moment)
        spoken = spoken_of(compiled, shape)
        if shape is None:
            return _Bench(compiled, plan, spoken, told_apart, facts, moment).verdict()
    key = (shape, told_apart, facts.get("asked_by"), _done(facts) if plan.method else None)
    known: tuple[Judged, ...] | None = spoken.kept.get(key)
    if known is not None:
        for judged in known:
            if not judged.rests_on or _still(judged, facts, moment):
                return judged
    elif len(spoken.kept) >= REMEMBERED:
        spoken.kept.clear()
    if statuses is None:
        statuses = spoken.run(facts, moment)
    found = _Bench(compiled, plan, spoken, statuses, facts, moment).verdict()
    spoken.kept[key] = (found, *(known or ())[:_VARIANTS])
    return found


def _still(known: Judged, facts: Mapping[str, Any], moment: Moment) -> bool:
    """Whether undecided rules lack of this payment what they lacked of the one that was judged."""
    return all(tuple(tell(facts, moment)) == names for tell, names in known.rests_on.values())


def _done(facts: Mapping[str, Any]) -> Hashable:
    """What rules of method look at."""
    return facts.get("payment.authentication.method"), facts.get("payment.authentication.factors", ())


class _Bench:
    """Where one payment is judged."""

    def __init__(
        self,
        compiled: Compiled,
        plan: Plan,
        spoken: Spoken,
        statuses: Statuses,
        facts: Mapping[str, Any],
        moment: Moment,
    ):
        present = facts.get("payment.initiator") == "payer"
        fixed = facts.shape.fixed if isinstance(facts, Facts) else ()
        self._found = Judged(compiled, plan, spoken, statuses, party_of(facts), present, fixed)
        self._plan, self._statuses, self._facts, self._moment = plan, statuses, facts, moment

    def verdict(self) -> Judged:
        """Is the payment outside the duty, is there a duty, does an exemption lift it."""
        found, plan = self._found, self._plan
        found.duty = duty = _first(plan.require, self._statuses)
        outside = _first(plan.out_of_scope, self._statuses)
        if outside is not None:
            _settle(found, "out_of_scope", outside)
        elif duty is None:
            self._without_duty()
        else:
            self._with_duty(duty)
        return found

    def _without_duty(self) -> None:
        found, plan = self._found, self._plan
        found.reason = "no_law_known" if plan.regime == NO_REGIME else "no_duty"
        unknown = [line for line in plan.require if self._statuses[line.index] is None and not self._nothing_told(line)]
        if unknown and self._satisfied():
            # Whether there is a duty is not known; that it has been met if there is one, is.
            found.duty, found.satisfied = unknown[0], True
            found.verdict, found.reason = "required", unknown[0].name
        elif unknown:
            found.verdict, found.reason = "undecided", "facts_missing"
            self._ask(unknown)

    def _with_duty(self, duty: Line) -> None:
        found, statuses, party = self._found, self._statuses, self._found.party
        always = duty.effect.always
        found.open = None if always else self._open_duty()
        for line in () if always or found.open else self._plan.exempt:
            if statuses[line.index] is True and party in line.effect.by:
                _settle(found, "exempt", line)
                found.by = party
                return
        found.verdict, found.reason, found.satisfied = "required", duty.name, self._satisfied()
        if found.open is not None:
            self._ask([found.open])
        elif not always:
            self._ask([line for line in self._plan.exempt if statuses[line.index] is None and party in line.effect.by])

    def _open_duty(self) -> Line | None:
        """A duty that no exemption lifts, if only facts decide whether it is there: until then no exemption is open."""
        for line in self._plan.require:
            if line.effect.always and self._statuses[line.index] is None and not self._nothing_told(line):
                return line
        return None

    def _nothing_told(self, line: Line) -> bool:
        """Whether a duty that no exemption lifts hangs on nothing but reports that nobody made.

        What the payee starts rests on a mandate: to say nothing of it is not to say that there is none.
        """
        wanting = self._wanting(line) if line.effect.always else ("",)
        rests_on_it = "payment.mandate" in wanting and self._facts.get("payment.initiator") == "payee"
        return not rests_on_it and NONE_IF_ABSENT.issuperset(wanting)

    def _wanting(self, line: Line) -> tuple[str, ...]:
        """What an undecided rule lacks."""
        said = self._found.spoken.of("wanting", line)
        if said.always is not None:
            return said.always
        if line.index not in self._found.rests_on:
            self._found.rests_on[line.index] = said.tell, tuple(said.tell(self._facts, self._moment))
        return self._found.rests_on[line.index][1]

    def _ask(self, lines: list[Line]) -> None:
        """Note what undecided rules need. What asks for all that another asks for, and more, is asked when that is known.

        A number of the law or an exchange rate is not the caller's to state: it is named only where a duty hangs on nothing
        else.
        """
        lacking = [(line, frozenset(self._wanting(line))) for line in lines]
        for line, names in lacking:
            if any(fewer < names for _, fewer in lacking):
                continue
            stated = [name for name in sorted(names) if not name.startswith(NOT_STATED)]
            for name in stated or (sorted(names) if line.effect.kind == "require" else ()):
                self._found.missing.setdefault(name, []).append(line.id)

    def _satisfied(self) -> bool:
        """Whether the authentication already done meets the law, method rules included."""
        if _first(self._plan.satisfy, self._statuses) is None:
            return False
        return all(
            _method_met(line.effect, self._facts)
            for line in self._plan.method
            if self._statuses[line.index] is not False
        )


def barred(found: Judged) -> Judged:
    """The other provider's place, and so perhaps a stricter law, is not known: what was milder than a duty is closed, and no
    authentication is sure to content a law that may forbid its method."""
    if found.verdict == "required":
        return replace(found, satisfied=False)
    verdict = "required" if found.duty else "undecided"
    return replace(
        found, satisfied=False, barred=found.chosen, chosen=None, by=None, verdict=verdict, reason="place_unknown"
    )


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


def _method_met(effect: Effect, facts: Mapping[str, Any]) -> bool:
    method, factors = facts.get("payment.authentication.method"), facts.get("payment.authentication.factors", ())
    if method is None or method in effect.forbid:
        return False
    biometric = "inherence" in factors and "biometric" in effect.need
    return not effect.need or method in effect.need or biometric


def strictness(found: Judged) -> int:
    """Where a verdict stands between the mildest and the strictest.

    Of two laws that both let a payment pass, the issuer's, which is asked first, names the reason.
    """
    return _STRICTNESS[found.verdict]


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
