"""Rules of local ways to pay: what addresses them, what they allow at once, in a day, in parts, and which of them are no more.

The laws of the payer's and of the payee's place speak, and wherever the parties are, that of the method's own home.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from engine.asked import Asked, LookedAt, Part, with_issuer
from engine.facts import Facts
from engine.language.tree import Fact, walk
from engine.packs.compile import Compiled
from engine.packs.packset import PackSet
from engine.regimes.counting import INSTALMENTS, count, entry, single
from engine.regimes.forms import Listed, filled
from engine.regimes.found import Found, Spoke, all_applied, detail, graded, on_unknown, statable, stated
from engine.regimes.methods_checks import CHECKS, DOMAIN
from engine.regimes.ruling import Line, Ruled, lacks, ruled, wanting
from engine.regimes.sca_answer import OUTCOMES

PLAIN: Final = frozenset({"card", "cash"})
"""Instruments that are no local tool while no method is named."""
GONE: Final = frozenset({"ended", "not_yet"})
"""Names of refusals of what is no more, or not yet: nobody pays by it unawares, so that only naming it counts."""
_METHOD: Final = "payment.method"
_KEPT: Final = 1000
_OUTCOMES: Final = {
    "not_applicable": "allow",
    "ok": "allow",
    "undecided": "collect",
    "collect": "collect",
    "refuse": "block",
}


def part(asked: Asked) -> Part:
    """The answer on the method of one payment."""
    facts = with_issuer(asked.facts)
    payer, payee, method = _payer(facts), _payee(facts), facts.get(_METHOD)
    spokes = _spokes(asked, facts, payer, payee)
    sides, quiet = [], True
    for spoke in spokes:
        own = spoke.place == payer
        lines = _speaking(spoke, facts, payer_side=own)
        if lines.fired or lines.open:
            quiet = False
        sides.append((spoke, own, False, lines))
    for place in homes_of(asked.packs).get(method, ()) if method is not None else ():
        if place not in (payer, payee):
            compiled, moment = asked.law(place, DOMAIN)
            spoke = Spoke(place, compiled, moment, ruled(compiled, facts, moment))
            lines = _speaking(spoke, facts, payer_side=False, home_only=True)
            if lines.fired or lines.open:
                quiet = False
            spokes.append(spoke)
            sides.append((spoke, False, True, lines))
    if quiet:
        return Part({**_NOTHING, "method": method}, "allow", [], [], [], all_applied(asked, spokes))
    return _told(asked, facts, sides, method).part(asked, facts, spokes)


def looked_at(asked: Asked) -> Iterator[LookedAt]:
    """What an explanation tells of: the rules of both parties' places, and of the method's home those that name a method."""
    facts = with_issuer(asked.facts)
    payer, payee, method = _payer(facts), _payee(facts), facts.get(_METHOD)
    for spoke in _spokes(asked, facts, payer, payee):
        side = "payer" if spoke.place == payer else "payee"
        only = None if side == "payer" else _without_payers(spoke.compiled)
        yield LookedAt(side, spoke.place, spoke.compiled, spoke.moment, facts, only)
    for place in homes_of(asked.packs).get(method, ()) if method is not None else ():
        if place not in (payer, payee):
            compiled, moment = asked.law(place, DOMAIN)
            only = _naming(compiled) & _without_payers(compiled)
            yield LookedAt("home", place, compiled, moment, facts, only)


def _without_payers(compiled: Compiled) -> frozenset[str]:
    """Ids of the rules that do not speak of payers of the place alone."""
    rules = (active.rule for active in compiled.rules)
    return frozenset(rule.id for rule in rules if rule.effect.details.get("side") != "payer")


_NOTHING: Final[dict[str, Any]] = {
    "verdict": "not_applicable",
    "method": None,
    "checks": [],
    "limits": [],
    "collect": [],
    "confidence": None,
}


class _Method(Found):
    """What is found of one payment, with the checks that were made."""

    __slots__ = ("checks", "spoke_of_it")

    def __init__(self, asked: Asked, facts: Facts, domain: str):
        super().__init__(asked, facts, domain)
        self.checks: list[dict[str, Any]] = []
        self.spoke_of_it = False

    @property
    def verdict(self) -> str:
        """not_applicable where no law has anything to say of the method."""
        verdict = super().verdict
        return ("ok" if self.spoke_of_it else "not_applicable") if verdict == "met" else verdict


# -- whose law ------------------------------------------------------------------------------------------------------------------


def _payer(facts: Facts) -> str | None:
    return facts.get("payment.issuer_country") or facts.get("payer.country")


def _payee(facts: Facts) -> str | None:
    return facts.get("payment.acquirer_country") or facts.get("payee.country")


def _spokes(asked: Asked, facts: Facts, payer: str | None, payee: str | None) -> list[Spoke]:
    found: list[Spoke] = []
    for place in (payer, payee) if payer != payee else (payer,):
        if place is not None:
            compiled, moment = asked.law(place, DOMAIN)
            found.append(Spoke(place, compiled, moment, ruled(compiled, facts, moment)))
    return found


def homes_of(packs: PackSet) -> Mapping[str, tuple[str, ...]]:
    """Method -> the places whose own rules speak of it by name; what one processor accepts there makes no home."""
    homes: dict[str, tuple[str, ...]] | None = packs.derived.get("methods_homes")
    if homes is None:
        places: dict[str, set[str]] = {}
        for code, pack in packs.packs.items():
            for rule in pack.domains[DOMAIN].rules if DOMAIN in pack.domains and not pack.members else ():
                if rule.effect.details.get("side") is None and code != "WORLD":
                    for method in methods_in(rule.when):
                        places.setdefault(method, set()).add(code)
        homes = packs.derived["methods_homes"] = {name: tuple(sorted(found)) for name, found in places.items()}
    return homes


def methods_in(condition: Any) -> set[str]:
    """The methods that a condition asks for by name."""
    found: set[str] = set()
    for node in walk(condition):
        left, right = getattr(node, "left", None), getattr(node, "right", None)
        if isinstance(left, Fact) and left.path == _METHOD:
            values = getattr(node, "values", None) or (getattr(right, "value", None),)
            found |= {value for value in values if isinstance(value, str)}
    return found


def _naming(compiled: Compiled) -> frozenset[str]:
    """Ids of the rules that ask for the method."""
    found: frozenset[str] | None = compiled.derived.get("methods_naming")
    if found is None:
        rules = compiled.rules
        named = (
            one.rule.id for one in rules if any(isinstance(n, Fact) and n.path == _METHOD for n in walk(one.condition))
        )
        found = compiled.derived["methods_naming"] = frozenset(named)
    return found


# -- asking ---------------------------------------------------------------------------------------------------------------------


Ask = Callable[["_Method", Spoke], Hashable]
"""A question to one payment; to those that answer it alike, the same is said."""
Could = Callable[["_Method", Spoke], bool]
"""Whether a rule that cannot be told could make the answer to one payment stricter."""


class _Lines(NamedTuple):
    """The rules of one place's law that have a say on payments of one shape with the same statuses."""

    fired: tuple[Line, ...]
    open: tuple[tuple[Line, Could | None], ...]
    """Those that cannot be told and might make the answer stricter. Without a question: in all such payments."""
    asks: tuple[Ask, ...] | None
    """What else makes a difference between such payments; None: amounts that the answer tells."""


_Side = tuple[Spoke, bool, bool, _Lines]
"""One law that is asked: whether it is the payer's, and whether it is neither party's but that of the method's home, of which
only what names the method counts; and which of its rules have a say."""


def _speaking(spoke: Spoke, facts: Facts, *, payer_side: bool, home_only: bool = False) -> _Lines:
    """Which rules have a say, as far as the shape of the payment tells."""
    derived, key = spoke.ruled.derived, (payer_side, home_only)
    found: _Lines | None = derived.get(key)
    if found is None:
        naming = _naming(spoke.compiled)
        asked = [
            line
            for line in spoke.ruled.fired + spoke.ruled.open
            if line.effect.kind != "flag"
            and (line.id in naming or not home_only)
            and (payer_side or line.effect.details.get("side") != "payer")
        ]
        hidden = naming if _METHOD not in facts and facts["payment.instrument"] in PLAIN else frozenset[str]()
        fired = frozenset(spoke.ruled.fired)
        doubtful = [(line, _could(spoke, line, facts)) for line in asked if line not in fired and line.id not in hidden]
        held = tuple(line for line in asked if line in fired)
        open_ = tuple(one for one in doubtful if one[1] is not _never)
        found = derived[key] = _Lines(held, open_, _asks(spoke, held, open_, facts))
    return found


def _asks(
    spoke: Spoke, fired: Iterable[Line], unsettled: Iterable[tuple[Line, Could | None]], facts: Facts
) -> tuple[Ask, ...] | None:
    """What tells payments of this shape with these statuses apart, as far as these rules are concerned."""
    found: list[Ask] = []
    for line in fired:
        kind = line.effect.kind
        if kind == "limit":
            return None
        if kind == "collect" and any(statable(facts, field) for field in detail(spoke, line, "fields") or ()):
            found.append(_which_stated(line))
        elif kind == "check" and not _checks_the_same(spoke, line, facts):
            found.append(partial(_result, line))
    for line, could in unsettled:
        if spoke.ruled.spoken.of("wanting", line).always is None:
            found.append(partial(_wanted, line, could))
        elif could is not None:
            found.append(could)
    return tuple(found)


def _checks_the_same(spoke: Spoke, line: Line, facts: Facts) -> bool:
    field = str(line.effect.details["field"])
    return field not in facts or (field in spoke.ruled.fixed and line.effect.details.get("with") == "listed")


def _which_stated(line: Line) -> Ask:
    return lambda found, at: tuple([stated(found.facts, field) for field in detail(at, line, "fields") or ()])


def _result(line: Line, found: _Method, spoke: Spoke) -> bool | None:
    return _checked(found, spoke, line)


def _wanted(line: Line, could: Could | None, found: _Method, spoke: Spoke) -> Hashable:
    if could is not None and not could(found, spoke):
        return None
    return tuple(lacks(spoke.ruled.spoken, line, found.facts, spoke.moment))


class _Told(NamedTuple):
    """An answer, but for the values in its findings and the day of the law."""

    said: dict[str, Any]
    outcome: str
    obligations: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    findings: tuple[tuple[int, Listed], ...]
    """Which law's moment fills in the blanks, and what to fill in."""
    rests_on: tuple[Ruled, ...] = ()
    """Held, so that their identities stay their own."""

    def part(self, asked: Asked, facts: Facts, spokes: list[Spoke]) -> Part:
        """The answer to one payment."""
        findings = []
        for at, listed in self.findings:
            findings += filled((*listed.few, *listed.many), listed.entries, facts, (spokes[at].moment,))
        packs = all_applied(asked, spokes)
        return Part(self.said, self.outcome, self.obligations, self.missing, findings, packs)


def _told(asked: Asked, facts: Facts, sides: list[_Side], method: str | None) -> _Told:
    """What payments like this one are told."""
    key: list[Hashable] = [method, asked.words.locale]
    found: _Method | None = None
    for spoke, own, home, lines in sides:
        if lines.asks is None:
            return _asked(_Method(asked, facts, DOMAIN), sides, method)
        key += id(spoke.ruled), own, home
        if lines.asks:
            found = found or _Method(asked, facts, DOMAIN)
            key += [ask(found, spoke) for ask in lines.asks]
    derived = sides[0][0].ruled.derived
    told: _Told | None = derived.get(tuple(key))
    if told is None:
        if len(derived) > _KEPT:
            derived.clear()
        told = _asked(found or _Method(asked, facts, DOMAIN), sides, method)._replace(
            rests_on=tuple(side[0].ruled for side in sides)
        )
        derived[tuple(key)] = told
    return told


def _asked(found: _Method, sides: list[_Side], method: str | None) -> _Told:
    """Ask every law in turn; a rule that several of them know speaks once."""
    seen: set[str] = set()
    for side in sides:
        _look(found, side, seen)
    return _answer(found, sides, method)


def _look(found: _Method, side: _Side, seen: set[str]) -> None:
    spoke, _, _, lines = side
    for line in lines.fired:
        if line.id not in seen:
            seen.add(line.id)
            _fired(found, spoke, line)
    doubtful = [line for line, could in lines.open if (could is None or could(found, spoke)) and line.id not in seen]
    if doubtful and _METHOD not in found.facts:
        naming = _naming(spoke.compiled)
        by_method = [line for line in doubtful if line.id in naming and _hangs_on_method(found, spoke, line)]
        for line in by_method:
            found.lack((_METHOD,), line.id)
        doubtful = [line for line in doubtful if line not in by_method]
    if doubtful:
        found.lacking(spoke, doubtful)


def _hangs_on_method(found: Found, spoke: Spoke, line: Line) -> bool:
    """Whether a rule wants the method: what else it wants is asked when that is known, for it may then not speak at all."""
    return _METHOD in wanting(spoke.ruled.spoken, (line,), found.facts, spoke.moment)


# -- what an open rule could do -------------------------------------------------------------------------------------------------


def _never(_found: _Method, _spoke: Spoke) -> bool:
    return False


def _could(spoke: Spoke, line: Line, facts: Facts) -> Could | None:
    """What must still be asked of each payment of this shape; None: nothing, the rule could always matter."""
    kind = line.effect.kind
    if kind == "limit":
        return _could_exceed(spoke, line)
    if kind == "check":
        return _could_fail(spoke, line, facts)
    if kind == "refuse" and line.name in GONE and _METHOD not in facts:
        return _never
    if kind == "collect":
        fields = detail(spoke, line, "fields") or ()
        if any(not statable(facts, field) for field in fields):
            return None
        return lambda found, at: not all(stated(found.facts, field) for field in detail(at, line, "fields") or ())
    return None


def _could_exceed(spoke: Spoke, line: Line) -> Could | None:
    """A limit of a single payment in the currency of all these payments is a number to compare with."""
    unit = spoke.ruled.fixed.get("currency")
    limit = single(spoke, line, unit) if unit is not None else None
    if isinstance(limit, bool):
        return None if limit else _never
    if limit is not None:
        return lambda found, _spoke: limit.exceeded_by(found.facts["amount"].amount)

    def could(found: _Method, at: Spoke) -> bool:
        counted = count(found, at, line)
        return counted is not None and counted.exceeded is not False

    return could


def _could_fail(spoke: Spoke, line: Line, facts: Facts) -> Could | None:
    field = str(line.effect.details["field"])
    if field not in facts:
        return _never
    if field in spoke.ruled.fixed and line.effect.details.get("with") == "listed":
        words = detail(spoke, line, "words")
        return _never if words is None or spoke.ruled.fixed[field] in words else None
    return lambda found, at: _checked(found, at, line) is False


def _fired(found: _Method, spoke: Spoke, line: Line) -> None:
    kind = line.effect.kind
    found.spoke_of_it = True
    if kind == "limit":
        _limit(found, spoke, line)
    elif kind == "check":
        _check(found, spoke, line)
    elif kind == "collect":
        _collect(found, spoke, line)
    elif kind == "refuse":
        found.tell(spoke, line)
        _no(found, line, _METHOD)
    for oblige in line.effect.oblige:
        message = found.asked.words.say(line.active.rule.message, line.active.rule.title)
        found.tell(spoke, line) if kind == "oblige" else None
        found.obligations.append(
            {"code": oblige.code, "domain": DOMAIN, "who": oblige.who, "due": oblige.within, "message": message}
        )


def _no(found: Found, line: Line, field: str) -> None:
    """Refuse, or where the rule says so only ask for something else."""
    if line.effect.outcome == "collect":
        found.want(field, found.asked.words.say(line.active.rule.message, line.active.rule.title))
    else:
        found.refused = True


def _limit(found: Found, spoke: Spoke, line: Line) -> None:
    counted = count(found, spoke, line)
    if counted is None:
        return
    found.limits.append(entry(found, line, counted))
    found.grades.add(line.grade)
    graded(found, spoke, line, "amount")
    if counted.exceeded is None:
        found.lack(counted.lacks, line.id)
    elif counted.exceeded:
        found.tell(spoke, line)
        _no(found, line, "payment.installments" if line.effect.details.get("counts") == INSTALMENTS else "amount")


def _collect(found: Found, spoke: Spoke, line: Line) -> None:
    message = found.asked.words.say(line.active.rule.message, line.active.rule.title)
    lacking = [field for field in detail(spoke, line, "fields") or () if not stated(found.facts, field)]
    if lacking:
        found.tell(spoke, line)
    for field in lacking:
        found.want(field, message)


def _checked(found: Found, spoke: Spoke, line: Line) -> bool | None:
    """Whether what is stated passes; None where it is not stated, or nothing can be said of it."""
    value = found.facts.get(str(line.effect.details["field"]))
    check = CHECKS.get(str(line.effect.details.get("with")))
    return None if value is None or check is None else check(found, spoke, line, value)


def _check(found: _Method, spoke: Spoke, line: Line) -> None:
    field = str(line.effect.details["field"])
    passed = _checked(found, spoke, line)
    if field not in found.facts:
        return
    why = None
    if passed is False:
        why = found.asked.words.say(line.active.rule.message, line.active.rule.title)
        found.tell(spoke, line)
        if line.effect.outcome == "block":
            found.refused = True
        else:
            found.want(field, why)
    found.grades.add(line.grade)
    verdict = {True: "ok", False: "failed", None: "unchecked"}[passed]
    found.checks.append({"name": line.name, "field": field, "verdict": verdict, "why": why})


# -- the answer -----------------------------------------------------------------------------------------------------------------


def _answer(found: _Method, sides: list[_Side], method: str | None) -> _Told:
    verdict = found.verdict
    if verdict == "refuse":
        found.collect.clear()  # nothing that could be asked for would help
    outcome = _OUTCOMES[verdict]
    if found.unsettled:
        laws = [side[0] for side in sides]
        outcome = max(outcome, *on_unknown(found.asked, laws, DOMAIN), key=OUTCOMES.__getitem__)
    said = {
        "verdict": verdict,
        "method": method,
        "checks": found.checks,
        "limits": found.limits,
        "collect": [{"field": field, "why": why} for field, why in found.collect.items()],
        "confidence": found.confidence,
    }
    places = [side[0].place for side in sides]
    findings = tuple((places.index(spoke.place), listed) for spoke, listed in found.listed())
    return _Told(said, outcome, found.obligations, found.lacked(), findings)
