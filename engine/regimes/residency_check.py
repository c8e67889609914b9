"""One question under every law that applies to it: the strictest verdict, and the reasons of all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from engine.asked import Asked
from engine.facts import collapse
from engine.language.law import Moment
from engine.language.tree import Within, walk
from engine.packs.compile import Compiled
from engine.packs.layers import WORLD
from engine.packs.model import Confidence, ParameterRef
from engine.packs.packset import PackSet
from engine.places import country_of, is_place
from engine.regimes.residency_question import ANYWHERE, FACT, Question
from engine.regimes.residency_transfer import Transfer, transfer
from engine.regimes.ruling import Line, Ruled, ruled, wanting

DOMAIN: Final = "residency"
LEVELS: Final = {"allow": 0, "allow_with_mechanism": 1, "require_local_copy": 2, "deny": 3}
"""From the mildest to the strictest."""
GROUNDS: Final = ("form", "retention_over", "place", "mechanism_missing", "no_rulepack", "needs_input")
"""Why something is denied, the first that holds: in the order in which the questions are asked."""
VERDICTS: Final = {"deny": "deny", "local_copy": "require_local_copy", "mechanism": "allow_with_mechanism"}
"""What a rule that fires makes of the question."""
_SAID: Final = {
    "inside": "allow", "free": "allow", "granted": "allow_with_mechanism", "refused": "deny", "needs_input": "deny",
    "no_rulepack": "deny",
}  # fmt: skip
_DENIED: Final = {"refused": "mechanism_missing", "needs_input": "needs_input", "no_rulepack": "no_rulepack"}


@dataclass(frozen=True, slots=True)
class Spoke:
    """One law that speaks: its place, its rules on this question, and its general law on transfers."""

    place: str
    role: str
    """Whose law it is: subject, establishment, standard."""
    law: Compiled
    moment: Moment
    ruled: Ruled
    transfer: Transfer | None


@dataclass(slots=True)
class Reason:
    """What one rule, or the general law of one place, makes of the question."""

    verdict: str
    regime: str
    spoke: Spoke
    line: Line | None = None
    ground: str | None = None
    mechanism: str | None = None
    mechanisms: tuple[str, ...] = ()
    copy_in: str | None = None
    confidence: str = "R"

    @property
    def rank(self) -> tuple[int, int]:
        """How strict it is, and how early the question that it answers is asked."""
        return LEVELS[self.verdict], -GROUNDS.index(self.ground) if self.ground else -len(GROUNDS)


@dataclass(slots=True)
class Checked:
    """The answer to one question about one region."""

    question: Question
    spokes: list[Spoke]
    reasons: list[Reason]
    verdict: str = "allow"
    ground: str | None = None
    leading: Reason | None = None
    missing: dict[str, list[str]] = field(default_factory=dict)
    """Fact by its short name -> the rules that ask for it."""


def check(asked: Asked, question: Question, day: date | None = None) -> Checked:
    """Every law that applies, each evaluated, the strictest taken. `day`: asked under the law of another day."""
    spokes = [_spoke(asked, question, place, role, day) for place, role in _laws(question)]
    found = Checked(question, spokes, [reason for spoke in spokes for reason in _reasons(spoke)])
    _settle(found)
    return found


# -- whose law ----------------------------------------------------------------------------------------------------------------


def _laws(question: Question) -> list[tuple[str, str]]:
    """The law of the person's place and of the exporter's; the card standard alone where neither is known."""
    found: dict[str, str] = {}
    subject = question.get("subject_subdivision") or question.get("subject_country")
    if subject is not None:
        found[subject] = "subject"
    home = question.get("actor_establishment")
    if home is not None and country_of(home) not in {country_of(place) for place in found}:
        found[home] = "establishment"
    return list(found.items()) if subject is not None else [*found.items(), (WORLD, "standard")]


def _spoke(asked: Asked, question: Question, place: str, role: str, day: date | None) -> Spoke:
    law, moment = _law(asked, place, day or question.day)
    general = transfer(question, law, place) if is_place(place) else None
    return Spoke(place, role, law, moment, ruled(law, question.facts, moment), general)


def _law(asked: Asked, place: str, day: date | None) -> tuple[Compiled, Moment]:
    law, moment = asked.law(place, DOMAIN)
    if day is None or day == moment.day:
        return law, moment
    return asked.packs.law(place, DOMAIN, day), Moment(day, moment.hour, moment.convert)


# -- what each says -------------------------------------------------------------------------------------------------------------


def _reasons(spoke: Spoke) -> list[Reason]:
    found = [_of_rule(spoke, line) for line in spoke.ruled.fired if line.effect.kind in VERDICTS]
    freed = spoke.ruled.of("allow")
    found += [Reason("allow", regime_of(spoke, line), spoke, line, confidence=line.grade) for line in freed]
    if spoke.transfer is not None and not (freed and spoke.transfer.said not in ("inside", "free", "no_rulepack")):
        found.append(of_transfer(spoke, spoke.transfer))
    return found


def regime_of(spoke: Spoke, line: Line) -> str:
    """`IN-RBI`; the card standard goes by its own name everywhere."""
    name = line.name.replace("_", "-").upper()
    pack = line.active.pack.jurisdiction
    return name if pack == WORLD else f"{pack}-{name}"


def detail(spoke: Spoke, line: Line, name: str) -> Any:
    """A detail of an effect, at the value of its parameter where a parameter gives it."""
    found = line.effect.details.get(name)
    return spoke.law.setting(found.name) if isinstance(found, ParameterRef) else found


def _of_rule(spoke: Spoke, line: Line) -> Reason:
    kind = line.effect.kind
    mechanisms = detail(spoke, line, "lifted_by" if kind == "deny" else "mechanisms") or ()
    return Reason(
        VERDICTS[kind],
        regime_of(spoke, line),
        spoke,
        line,
        ground=(detail(spoke, line, "ground") or "place") if kind == "deny" else None,
        mechanism=mechanisms[0] if kind == "mechanism" and mechanisms else None,
        mechanisms=mechanisms,
        copy_in=detail(spoke, line, "in") if kind == "local_copy" else None,
        confidence=line.grade,
    )


def of_transfer(spoke: Spoke, general: Transfer) -> Reason:
    """What the general law of one place makes of the question."""
    held = general.held
    name = general.name or "no_rulepack"
    grade = (held.value.confidence or held.parameter.confidence).value if held is not None else Confidence.R.value
    return Reason(
        _SAID[general.said],
        f"{_own(spoke, general)}-{name.replace('_', '-').upper()}",
        spoke,
        ground=_DENIED.get(general.said),
        mechanism=general.mechanism,
        mechanisms=general.options,
        confidence=grade,
    )


def _own(spoke: Spoke, general: Transfer) -> str:
    return "EU" if general.name == "gdpr" else general.held.pack.jurisdiction if general.held else spoke.place


# -- all together ----------------------------------------------------------------------------------------------------------


def _settle(found: Checked) -> None:
    """The strictest of what is known; `deny` where something open could be stricter still."""
    known = [reason for reason in found.reasons if reason.ground != "needs_input"]
    found.leading = max(known, key=lambda reason: reason.rank, default=None)
    level = LEVELS[found.leading.verdict] if found.leading else 0
    if found.leading is not None and level == LEVELS["deny"]:
        _hangs_on_an_exception(found)
    else:
        found.missing = _open(found, level)
    if found.missing or found.leading is None or found.question.unresolved:
        _unsettled(found)
    elif found.leading is not None:
        found.verdict, found.ground = found.leading.verdict, found.leading.ground


def _unsettled(found: Checked) -> None:
    """Nothing that decides is guessed."""
    denied = found.leading is not None and found.leading.verdict == "deny"
    found.verdict = "deny"
    if denied and found.leading is not None and not found.missing:
        found.ground = found.leading.ground
        return
    found.ground = "place" if found.question.unresolved == ANYWHERE else "needs_input"
    if found.question.unresolved:
        found.missing.setdefault("region_id", ["residency.region"])


def _hangs_on_an_exception(found: Checked) -> None:
    """Denied for want of a ground, while a rule that frees the transfer cannot be told: then that is what is asked for."""
    leading = found.leading
    if leading is None or leading.line is not None or leading.ground != "mechanism_missing":
        return
    freeing = [line for line in leading.spoke.ruled.open if line.effect.kind == "allow"]
    for name, rules in _wanting(found.question, leading.spoke, freeing).items():
        found.missing.setdefault(name, []).extend(rules)


def _open(found: Checked, level: int) -> dict[str, list[str]]:
    """What could still make it stricter: rules that cannot be told, grounds that hang on facts, a person or region unknown."""
    missing: dict[str, list[str]] = {}
    for spoke in found.spokes:
        stricter = [line for line in spoke.ruled.open if LEVELS.get(VERDICTS.get(line.effect.kind, ""), 0) > level]
        for name, rules in _wanting(found.question, spoke, stricter).items():
            missing.setdefault(name, []).extend(rules)
        general = spoke.transfer
        freed = bool(spoke.ruled.of("allow"))
        if general is not None and general.said == "needs_input" and not freed:
            for name in _as_named(found.question, general.lacks):
                missing.setdefault(name, []).append(f"{spoke.place}.transfer")
    if found.question.get("subject_country") is None:
        missing.setdefault("subject_country", []).append("residency.subject")
    if found.question.get("region_country") is None and not found.question.unresolved:
        missing.setdefault("region_country", []).append("residency.region")
    if found.question.unresolved:
        missing.pop("region_country", None)
    return {name: list(dict.fromkeys(rules)) for name, rules in missing.items()}


def _wanting(question: Question, spoke: Spoke, lines: list[Line]) -> dict[str, list[str]]:
    """What rules that cannot be told lack of this question, by short names."""
    if not lines:
        return {}
    found = wanting(spoke.ruled.spoken, lines, question.facts, spoke.moment)
    return {name.removeprefix(FACT): rules for name, rules in found.items()}


def _as_named(question: Question, lacks: Iterable[str]) -> Iterable[str]:
    """An object of which nothing is stated is named as a whole."""
    for name in sorted(collapse([f"{FACT}{one}" for one in lacks if not one.startswith("law.")], question.facts)):
        yield name.removeprefix(FACT)
    yield from (one for one in lacks if one.startswith("law."))


def valid_until(found: Checked, asked: Asked) -> date | None:
    """The last day on which no law that spoke changes, as far as is known."""
    nexts = [day for spoke in found.spokes if (day := _next_change(spoke, asked)) is not None]
    return min(nexts) - timedelta(days=1) if nexts else None


def _next_change(spoke: Spoke, asked: Asked) -> date | None:
    bounds: list[date] | None = spoke.law.derived.get("bounds")
    if bounds is None:
        bounds = spoke.law.derived["bounds"] = _changes(spoke.law, asked.packs)
    return next((day for day in bounds if day > spoke.moment.day), None)


def _changes(law: Compiled, packs: PackSet) -> list[date]:
    """Every day on which a rule or number of this law changes, or a list of countries that it follows."""
    days: set[date | None] = set()
    for pack in law.chain:
        part = pack.domains.get(DOMAIN)
        for rule in part.rules if part else ():
            days |= {rule.start, rule.end}
        for parameter in part.parameters.values() if part else ():
            days |= {value.start for value in parameter.values if not value.pending}
    for group in (*packs.layers.groups, *packs.layers.lists):
        if group.jurisdiction in _followed(law):
            days |= {day for member in group.members for day in (member.start, member.end)}
    return sorted(day for day in days if day is not None)


def _followed(law: Compiled) -> set[str]:
    """Groups that the law names: those it belongs to, those its conditions ask of, those whose list it takes over."""
    named = {pack.jurisdiction for pack in law.chain}
    named |= {node.group for active in law.rules for node in walk(active.condition) if isinstance(node, Within)}
    lists = (held.value.value for name, held in law.params.items() if name.startswith("adequacy_groups"))
    return named | {code for value in lists if isinstance(value, tuple) for code in value}
