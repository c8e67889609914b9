"""Law: who says so, since when, who has looked, and what a more particular pack may change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.language.errors import did_you_mean
from engine.language.law import Gap
from engine.language.tree import Arith, Const, Expr, Let, walk
from engine.packs.lint.view import Chain, View, text_of
from engine.packs.model import Basis, Cite, Confidence, Domain, Pack, Parameter, Rule, Source, TaxRate, Value, Verified
from engine.packs.problems import Spot
from engine.packs.read_tax import DOMAIN as TAX
from engine.places import COUNTRIES, SUBDIVISIONS

STALE_AFTER: Final = timedelta(days=400)
RESIDENCY: Final = "residency"
LAW: Final = "regulation"
"""The kind of source that binds by itself."""

LAYERS: Final = {"country": ("group", "country"), "subdivision": ("subdivision",), "tenant": ()}
"""Who may set what a parent leaves open. A group of countries acts for them; tenants have no packs of their own yet."""
_NUMERIC: Final = frozenset({"int", "decimal", "money", "rate", "date"})


# -- citations -------------------------------------------------------------------------------------------------------------


def citations(view: View) -> None:
    """Every citation leads to a declared source, every statute has one, every source is cited."""
    used: set[tuple[str, str]] = set()
    for pack in view.reviewed():
        declared = _declared(view, pack)
        for cite, basis in _cites(pack):
            owner = declared.get(cite.source)
            if owner is None:
                hint = did_you_mean(cite.source, declared) or ""
                view.report("cite-unknown", cite.spot, f"There is no source {cite.source}.", hint)
                continue
            used.add((owner.jurisdiction, cite.source))
            if basis is Basis.STATUTE:
                _dated(view, owner.sources[cite.source])
    _uncited(view)
    for pack in view.reviewed():
        if pack.jurisdiction in view.doubted:
            continue
        for source in pack.sources.values():
            if (pack.jurisdiction, source.id) not in used:
                view.report("source-unused", source.spot, f"Nothing cites the source {source.id}.")


def _declared(view: View, pack: Pack) -> dict[str, Pack]:
    """Sources in reach and the pack that declares each."""
    return {source: view.packs[code] for code in view.chain(pack) for source in view.packs[code].sources}


def _cites(pack: Pack) -> Iterator[tuple[Cite, Basis | None]]:
    for member in pack.members:
        if member.cite:
            yield member.cite, None
    for part in pack.domains.values():
        for rule in part.rules:
            if rule.cite:
                yield rule.cite, rule.basis
        for parameter in part.parameters.values():
            if parameter.cite:
                yield parameter.cite, parameter.basis
            yield from ((value.cite, parameter.basis) for value in parameter.values if value.cite)
        yield from ((rate.cite, rate.basis) for rate in part.rates if rate.cite)
        yield from ((feature.cite, None) for feature in part.features.values() if feature.cite)
        yield from ((scenario.cite, None) for scenario in part.scenarios if scenario.cite)
        yield from ((territory.cite, Basis.STATUTE) for territory in part.territories if territory.cite)


def _dated(view: View, source: Source) -> None:
    if source.published or source.in_force or source.applies or text_of(view.under(source.spot, "note")):
        return
    view.report("source-undated", source.spot, f"Statute rests on the source {source.id}, which has no date.")


def _uncited(view: View) -> None:
    for _, part in view.domains():
        for rule in part.rules:
            if rule.basis is Basis.STATUTE and rule.cite is None:
                view.report("cite-missing", rule.spot, f"The rule {rule.id} is statute and cites nothing.")
        for parameter in part.parameters.values():
            bare = [
                value
                for value in parameter.values
                if value.cite is None and not _recalled(part, value.confidence or parameter.confidence)
            ]
            if parameter.basis is Basis.STATUTE and parameter.cite is None and bare:
                spot = parameter.spot if len(bare) == len(parameter.values) else bare[0].spot
                view.report("cite-missing", spot, f"The parameter {parameter.name} is statute and cites nothing.")
        for rate in part.rates:
            if rate.basis is Basis.STATUTE and rate.cite is None and not _recalled(part, rate.confidence):
                view.report("cite-missing", rate.spot, f"The rate {rate.id} is statute and cites nothing.")
        for territory in part.territories:
            if territory.cite is None and not _recalled(part, territory.confidence):
                view.report("cite-missing", territory.spot, f"The territory {territory.id} cites nothing.")


def _recalled(part: Domain, confidence: Confidence) -> bool:
    """Whether a fact says itself that nobody has looked it up yet: a citation would pretend that somebody has."""
    return part.name in (TAX, RESIDENCY) and confidence is Confidence.R


def choices(view: View) -> None:
    """A choice of the house that cites law says that it is a choice."""
    for pack, part in view.domains():
        declared = _declared(view, pack)
        for name, item in _owned(part):
            cited = item.cite and declared.get(item.cite.source)
            explained = item.note or (isinstance(item, Rule) and item.reading)
            if item.basis is not Basis.HOUSE or not item.cite or not cited or explained:
                continue
            if cited.sources[item.cite.source].kind == LAW:
                view.report("house-as-law", item.cite.spot, f"{name} is a choice of the house and cites law for it.")


def _owned(part: Domain) -> Iterator[tuple[str, Rule | Parameter | TaxRate]]:
    yield from ((f"The rule {rule.id}", rule) for rule in part.rules)
    yield from ((f"The parameter {name}", parameter) for name, parameter in part.parameters.items())
    yield from ((f"The rate {rate.id}", rate) for rate in part.rates)


# -- verification ------------------------------------------------------------------------------------------------------------


def verification(view: View) -> None:
    """Somebody has looked, and not too long ago. Nothing is said where the caller names no day."""
    for pack in view.reviewed():
        _looked(view, pack.verified, view.at(pack.spot, "verified", "on"))
        for part in pack.domains.values():
            records: tuple[Rule | TaxRate, ...] = (*part.rules, *part.rates)
            for record in records:
                _looked(view, record.verified, view.at(record.spot, "verified", "on"))
            for parameter in part.parameters.values():
                node = view.under(parameter.spot, "verified", "on")
                _looked(view, parameter.verified, node.spot if node else parameter.spot)


def _looked(view: View, verified: Verified | None, spot: Spot) -> None:
    if verified is None or view.today is None:
        return
    if verified.on > view.today:
        view.report("verified-future", spot, f"Verified on {verified.on}, which is still to come.")
    elif view.today - verified.on > STALE_AFTER:
        view.report(
            "verified-stale", spot, f"Last verified on {verified.on}, {(view.today - verified.on).days} days ago."
        )


def pending(view: View) -> None:
    """Law without a date stands last, and is looked at when its deadline has passed."""
    for _, part in view.domains():
        for parameter in part.parameters.values():
            for at, value in enumerate(parameter.values):
                if not value.pending:
                    continue
                if at + 1 < len(parameter.values):
                    view.report("pending-order", value.spot, f"{parameter.name} has values after one that is pending.")
                if value.deadline and view.today and value.deadline < view.today:
                    message = f"{parameter.name} was to be settled by {value.deadline}."
                    view.report("pending-overdue", view.at(value.spot, "pending", "deadline"), message)


# -- overlays ----------------------------------------------------------------------------------------------------------------


def overlays(view: View) -> None:
    """A parameter of a more general pack is set again only where, and in the direction that, its pack allows."""
    for chain in view.chains:
        for at, code in enumerate(chain):
            for part in view.packs[code].domains.values():
                for parameter in part.parameters.values():
                    for parent, found in _same_name(view, chain[:at], part.name, parameter.name):
                        if days := _days_of_both(view, chain, parameter, found):
                            _overlay(view, code, parameter, (parent, found), days)


def _same_name(view: View, codes: tuple[str, ...], domain: str, name: str) -> Iterator[tuple[str, Parameter]]:
    for code in codes:
        part = view.packs[code].domains.get(domain)
        if part and name in part.parameters:
            yield code, part.parameters[name]


def _days_of_both(view: View, chain: Chain, child: Parameter, found: Parameter) -> list[date]:
    """The days to compare; none where the child has no value before the place leaves the group, or after it comes in.

    Who has left a group may call a number of its own by the name that the group's had.
    """
    dated = {value.start for value in (*child.values, *found.values) if not value.pending}
    entered = {days.start for days, _ in view.spoken.get(chain, ())}
    days = [day for day in sorted(dated | entered) if view.speaks(chain, day)]
    undated = all(value.pending for value in child.values)
    return days if undated or any(child.at(day) for day in days) else []


def _overlay(view: View, code: str, child: Parameter, above: tuple[str, Parameter], days: list[date]) -> None:
    parent, found = above
    if (child.kind, child.unit) != (found.kind, found.unit):
        said = f"{child.name} is {found.kind} {found.unit or ''}".rstrip() + f" in {parent}."
        view.report("overlay-type", child.spot, said)
        return
    allowed = found.overridable
    if allowed is None or layer_of(code) not in LAYERS[allowed.by]:
        who = f"only a {allowed.by} may" if allowed else "nobody may"
        view.report("overlay-forbidden", child.spot, f"{child.name} is a parameter of {parent}, and {who} set another.")
        return
    met: set[tuple[Spot, Spot]] = set()
    for day in days:
        mine, theirs = child.at(day), found.at(day)
        if mine is None or theirs is None or (mine.spot, theirs.spot) in met:
            continue
        met.add((mine.spot, theirs.spot))
        if not _permitted(allowed.direction, mine.value, theirs.value):
            message = (
                f"{child.name} may only be {allowed.direction} than in {parent}, which says {_said(theirs)} on {day}."
            )
            view.report("overlay-forbidden", mine.spot, message)


def layer_of(code: str) -> str:
    """Which layer a jurisdiction is."""
    return "country" if code in COUNTRIES else "subdivision" if code in SUBDIVISIONS else "group"


def _permitted(direction: str, mine: Any, theirs: Any) -> bool:
    if direction == "any" or Gap.UNREAD in (mine, theirs) or mine == theirs:
        return True
    if Gap.NONE in (mine, theirs):
        return (theirs if direction == "lower" else mine) is Gap.NONE
    if not isinstance(mine, int | Decimal) or not isinstance(theirs, int | Decimal):
        return False
    return mine <= theirs if direction == "lower" else mine >= theirs


def _said(value: Value) -> str:
    return value.raw or "nothing"


# -- numbers -----------------------------------------------------------------------------------------------------------------


def numbers(view: View) -> None:
    """No number of the law inside a condition. Nought and one count, halves and hundreds convert: they are not law."""
    for _, part in view.domains():
        for let in part.lets.values():
            for node in _literals(let.body):
                view.report(
                    "number-in-condition", let.text.locate(node.at - 1), f"The let {let.name} contains a number."
                )
        for rule in part.rules:
            if rule.basis is Basis.HOUSE:
                continue
            for node in _literals(rule.when):
                message = f"The condition of {rule.id} contains a number."
                view.report("number-in-condition", rule.text.locate(node.at - 1), message)


def _literals(tree: Expr) -> Iterator[Const]:
    """Numeric constants in an expression, those of its lets not included."""
    inner = {id(node) for let in walk(tree) if isinstance(let, Let) for node in walk(let.body)}
    factors = {id(node.right) for node in walk(tree) if isinstance(node, Arith) and node.op in "*/"}
    for node in walk(tree):
        counted = isinstance(node, Const) and node.type.kind in _NUMERIC and id(node) not in inner | factors
        if isinstance(node, Const) and counted and (node.type.kind == "date" or node.value not in (0, 1)):
            yield node


CHECKS: Final[tuple[Callable[[View], None], ...]] = (citations, choices, verification, pending, overlays, numbers)
"""The checks of this module, in their order."""
