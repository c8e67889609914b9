"""Time: values in order, rules that have days, numbers for every day of a rule, members that do not overlap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Final

from engine.language.law import Gap
from engine.language.tree import params_used
from engine.packs.lint.view import Chain, Period, View, in_force
from engine.packs.model import UNREAD_START, Domain, Member, Rule, Value
from engine.packs.problems import Spot

SUPPLIED: Final = {"sca": ("payment_date",)}
"""The connecting dates that the engine hands to a domain; other domains are not evaluated yet."""
NO_REGIME: Final = "NONE"
VERDICTS: Final = ("require", "exempt", "out_of_scope")
"""Effects that make a verdict; obligations and means of authentication can stand where no regime is named."""


def values(view: View) -> None:
    """Values ascend, one a day."""
    for _, part in view.domains():
        for parameter in part.parameters.values():
            dated = [value for value in parameter.values if not value.pending]
            for before, value in pairwise(dated):
                if value.start <= before.start:
                    said = "again" if value.start == before.start else f"after {_said(before.start)}"
                    message = f"{parameter.name} has a value {_from(value.start)} {said}."
                    view.report("time-order", view.at(value.spot, "from"), message)


def lifetimes(view: View) -> None:
    """Everything that ends begins before."""
    for pack in view.reviewed():
        for member in pack.members:
            _ends(view, member.start, member.end, view.at(member.spot, "to"), f"The membership of {member.place}")
        for part in pack.domains.values():
            for rule in part.rules:
                _ends(view, rule.start, rule.end, view.at(rule.spot, "applies", "to"), f"The rule {rule.id}")
                _supplied(view, part, rule)
            for rate in part.rates:
                _ends(view, rate.start, rate.end, view.at(rate.spot, "to"), f"The rate {rate.id}")
            for territory in part.territories:
                _ends(
                    view, territory.start, territory.end, view.at(territory.spot, "to"), f"The territory {territory.id}"
                )


def _ends(view: View, start: date, end: date | None, spot: Spot, said: str) -> None:
    if end is not None and end <= start:
        view.report("time-empty", spot, f"{said} begins on {start} and ends before {end}: it never has a day.")


def _supplied(view: View, part: Domain, rule: Rule) -> None:
    known = SUPPLIED.get(part.name)
    if known and rule.connecting not in known:
        spot = view.at(rule.spot, "applies", "by")
        view.report("connecting-unsupplied", spot, f"The domain {part.name} knows no {rule.connecting}.")


def members(view: View) -> None:
    """A place is a member of a group once a day."""
    for pack in view.reviewed():
        seen: list[Member] = []
        for member in pack.members:
            for other in seen:
                if other.place == member.place and _overlap(other, member):
                    message = f"{member.place} is already a member from {other.start}."
                    view.report("member-overlap", member.spot, message, f"See {other.spot}.")
            seen.append(member)


def _overlap(one: Member, two: Member) -> bool:
    return one.start < (two.end or date.max) and two.start < (one.end or date.max)


def numbers(view: View) -> None:
    """A rule has its numbers on every day of its life. A number that was not read is said to be so, and allowed."""
    for pack, part in view.domains():
        chain = view.chain(pack)
        for rule in part.rules:
            wanted = sorted(params_used(rule.when))
            for period in view.lives(rule, chain, part.name) if wanted else ():
                absent = [name for name in wanted if absent_on(view, chain, part, period, name)]
                if absent:
                    said = "has" if len(absent) == 1 else "have"
                    message = f"The rule {rule.id} is in force {period}, when {' and '.join(absent)} {said} no value."
                    view.report("time-parameter-gap", view.at(rule.spot, "applies", "from"), message)
                    break


def absent_on(view: View, chain: Chain, part: Domain, period: Period, name: str) -> bool:
    """Whether a parameter has no value at all in a period, here or in what the pack extends."""
    return view.law(chain, part.name, period.start).params.get(name, Gap.NONE) is Gap.NONE


def sources(view: View) -> None:
    """A rule does not begin before the text it cites applies."""
    for pack, part in view.domains():
        declared = {key: source for code in view.chain(pack) for key, source in view.packs[code].sources.items()}
        for rule in part.rules:
            source = declared.get(rule.cite.source) if rule.cite else None
            if source is None or rule.start == UNREAD_START:
                continue
            begins = source.applies or source.in_force
            if begins and rule.start < begins:
                message = f"The rule {rule.id} begins on {rule.start}; {source.id} applies from {begins}."
                view.report("time-before-source", view.at(rule.spot, "applies", "from"), message)


def _said(day: date) -> str:
    return "the beginning" if day == UNREAD_START else day.isoformat()


def _from(day: date) -> str:
    return "without a read start" if day == UNREAD_START else f"from {day}"


def regimes(view: View) -> None:
    """Wherever rules on authentication hold, a regime is named; wherever a regime is named, something is required."""
    for chain in view.chains:
        rules = [rule for _, rule in view.rules(chain, "sca") if rule.effect.kind in VERDICTS]
        duties = [rule for rule in rules if rule.effect.kind == "require"]
        named: dict[Spot, list[Period]] = {}
        missed: set[str] = set()
        for period in view.spoken_periods(chain, "sca"):
            value = _regime(view, chain, period)
            active = [rule for rule in rules if in_force(rule, period.start)]
            if value is not None:
                named.setdefault(value.spot, []).append(period)
            elif active and active[0].id not in missed:
                missed.add(active[0].id)
                message = f"The rule {active[0].id} is in force {period}, when no sca_regime is named."
                view.report("regime-missing", view.at(active[0].spot, "applies", "from"), message)
        for spot, periods in named.items():
            _duties(view, spot, periods, rules, duties)


def _regime(view: View, chain: Chain, period: Period) -> Value | None:
    held = view.held(chain, "sca", period.start).get("sca_regime")
    return held.value if held and held.value.known and held.value.value != NO_REGIME else None


def _duties(view: View, spot: Spot, periods: list[Period], rules: list[Rule], duties: list[Rule]) -> None:
    """A regime may be announced before its duty begins, but an exemption needs a duty to lift, and a regime one at last."""
    if not any(in_force(rule, period.start) for rule in duties for period in periods):
        view.report("require-missing", spot, "A regime is named here and no rule of its time requires anything.")
        return
    for period in periods:
        lifting = [rule for rule in rules if rule.effect.kind == "exempt" and in_force(rule, period.start)]
        if lifting and not any(in_force(rule, period.start) for rule in duties):
            message = f"{lifting[0].id} exempts {period}, when no rule requires anything."
            view.report("require-missing", view.at(lifting[0].spot, "applies", "from"), message)
            return


CHECKS: Final[tuple[Callable[[View], None], ...]] = (values, lifetimes, members, numbers, sources, regimes)
"""The checks of this module, in their order."""
