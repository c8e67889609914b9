"""Cases: facts that a caller could state, expectations that some rule could meet, and verdicts that come out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from engine.language.errors import did_you_mean
from engine.packs.cases import NoTransaction, facts_in
from engine.packs.lint.coverage import UNSOUND
from engine.packs.lint.view import View
from engine.packs.model import Case, Domain, Pack, Rule
from engine.packs.problems import Spot
from engine.packs.testing import GIVEN

REASONS: Final = frozenset({"facts_missing", "no_duty", "no_law_known", "place_unknown"})
"""Reasons that no rule gives: the verdict says them where the rules are silent."""
SILENCES: Final = frozenset({"sca.no_duty", "sca.no_law_known"})
"""Findings that stand in an answer where no rule is told of."""
NO_REGIME: Final = "NONE"


def once(view: View) -> None:
    """Every case of a domain under a name of its own."""
    for pack, part in view.domains():
        first: dict[str, Spot] = {}
        for case in part.cases:
            if case.name in first:
                message = f"{pack.jurisdiction} has two cases called {case.name!r}."
                view.report("duplicate-id", case.spot, message, f"See {first[case.name]}.")
            first.setdefault(case.name, case.spot)


def stated(view: View) -> None:
    """The facts of a case make a transaction that would be accepted from a caller."""
    for pack, part in view.domains():
        for case in part.cases:
            try:
                facts_in(case, pack)
            except NoTransaction as error:
                view.report(GIVEN, view.at(case.spot, "given"), f"No caller could state {case.name!r}: {error}.")
                view.flawed.add(case.spot)


def meant(view: View) -> None:
    """Every name that a case expects is one that some rule gives; said only where all rules could be read."""
    if not view.whole or view.doubted:
        return
    for name in sorted({part.name for _, part in view.domains() if part.cases}):
        parts = [pack.domains[name] for pack in view.packs.values() if name in pack.domains]
        known = _given_by_rules(view, parts)
        for _, part in view.domains():
            for case in part.cases if part.name == name else ():
                _meant(view, case, known)


def _given_by_rules(view: View, parts: list[Domain]) -> Mapping[str, frozenset[str]]:
    rules = [rule for part in parts for rule in part.rules]
    regimes = {str(value.value) for part in parts for value in _regimes(part) if value.known}
    exempt, outside = _effects(rules, "exempt"), _effects(rules, "out_of_scope")
    return {
        "regime": frozenset(regimes | {NO_REGIME}),
        "exemption": frozenset(exempt | outside),
        "reason": frozenset(exempt | outside | _effects(rules, "require")) | REASONS,
        "available": frozenset(exempt),
        "closed": frozenset(exempt | outside),
        "methods": frozenset(_effects(rules, "method")),
        "obligations": frozenset(oblige.code for rule in rules for oblige in rule.effect.oblige),
        "because": SILENCES | {rule.id for rule in rules if rule.effect.kind != "flag"},
        "packs": frozenset(view.packs),
    }


def _regimes(part: Domain) -> tuple[Any, ...]:
    parameter = part.parameters.get(f"{part.name}_regime")
    return parameter.values if parameter else ()


def _effects(rules: list[Rule], kind: str) -> set[str]:
    return {rule.effect.name for rule in rules if rule.effect.kind == kind}


def _meant(view: View, case: Case, known: Mapping[str, frozenset[str]]) -> None:
    for key, names in known.items():
        for name, spot in _expected(view, case, key):
            if name not in names:
                message = f"No rule and no pack gives {name}, which {case.name!r} expects as {key}."
                view.report("case-name", spot, message, did_you_mean(name, names) or "")
                view.flawed.add(case.spot)


def _expected(view: View, case: Case, key: str) -> Iterator[tuple[str, Spot]]:
    value = case.expect.get(key)
    if isinstance(value, str):
        yield value, view.at(case.spot, "expect", key)
    for at, name in enumerate(value if isinstance(value, tuple) else ()):
        yield name, view.at(case.spot, "expect", key, at)


def decided(view: View) -> None:
    """Every case comes out as it says, where the caller brings somebody to decide and there is whole law to decide by."""
    unsound = any(problem.code in UNSOUND for problem in view.found)
    if view.run_cases is None or not view.whole or unsound:
        return
    told: list[Pack] = [pack for pack in view.reviewed() if any(part.cases for part in pack.domains.values())]
    for result in view.run_cases(view.release, [pack.jurisdiction for pack in told]) if told else ():
        if not result.passed and result.spot not in view.flawed:
            view.report(result.code, result.spot, f"The case {result.name!r}: {result.found}.")


CHECKS: Final[tuple[Callable[[View], None], ...]] = (once, stated, meant, decided)
"""The checks of this module, in their order."""
