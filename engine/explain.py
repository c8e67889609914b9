"""The whole ladder: every rule that was looked at, with the value of each sub-expression. The interpreter's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from engine.asked import Asked, Conversion, LookedAt
from engine.authentication import places_of, with_history
from engine.decide import NOTHING_KEPT, ONLY_SCA
from engine.facts import Facts
from engine.features import AskedOnce
from engine.history import History
from engine.language.interpret import Seen
from engine.language.law import OWN, Gap
from engine.language.render import show, source
from engine.language.tree import Compare, Const, Expr, Let, Param
from engine.local_times import LocalTimes
from engine.money import RateTable
from engine.packs.compile import Active, Compiled
from engine.packs.demotions import Demotion
from engine.packs.packset import PackSet
from engine.packs.testing import see_all
from engine.prose import Prose, Surroundings
from engine.regimes import aml, aml_form, aml_watch, kyc, methods, residency
from engine.regimes.sca_answer import DOMAIN
from engine.regimes.wording import law_of
from engine.scenarios import looking
from engine.screening import telling
from engine.tax import told
from engine.tax.assess import assessed
from engine.tax.recorder import Totals, nothing_recorded, recorder_of
from engine.tax.registers import UNASKED, Registers
from engine.tax.sale import Profiles, unknown_merchant
from engine.words import Words


def explain(  # noqa: PLR0913  what `decide` was asked with
    facts: Facts,
    packs: PackSet,
    history: History,
    *,
    rates: RateTable,
    decision_id: str,
    now: datetime,
    locale: str | None = None,
    legal_day: date | None = None,
    domains: tuple[str, ...] = ONLY_SCA,
    profiles: Profiles = unknown_merchant,
    registers: Registers = UNASKED,
    totals: Totals = nothing_recorded,
    kept: Mapping[str, Any] = NOTHING_KEPT,
) -> dict[str, Any]:
    """Every rule of every law that a domain asked, evaluated by the interpreter, with all values; what lists and scenarios said
    before the payment, where money laundering law was asked; and every question of the tax procedure with its answer, where tax
    was decided. `kept` are the inputs of the decision that is explained."""
    occurred = facts.get("occurred_at")
    if occurred is None:
        occurred, facts = now, Facts({**facts, "occurred_at": now})
    words = packs.words(facts.get("locale") or locale)
    found: dict[str, Any] = {"id": decision_id, "release": packs.release.digest, "locale": words.locale, "places": []}
    conversion = Conversion(rates, legal_day or occurred.date())
    past = AskedOnce(history)
    asked = Asked(
        facts,
        packs,
        words,
        occurred,
        legal_day,
        decision_id,
        now.isoformat(),
        conversion,
        past,
        profiles,
        {},
        LocalTimes(occurred),
    )
    for domain, looked_at in LOOKED_AT.items():
        if domain in domains:
            looked = looked_at(asked._replace(kept=kept.get(domain) or NOTHING_KEPT))
            found["places"] += [_place(domain, one, packs, words) for one in looked]
    if aml_form.DOMAIN in domains:
        seen = kept.get(aml_form.DOMAIN) or NOTHING_KEPT
        said = seen.get(aml_watch.SCREENING)
        judged = None if said is None else aml.screened(asked._replace(kept=seen), said)
        found["screening"] = telling.explained(judged, facts)
        if aml_watch.OWNERSHIP in seen:
            found["ownership"] = seen[aml_watch.OWNERSHIP]
        found["scenarios"] = _scenarios(seen, packs)
    if told.DOMAIN in domains:
        sale, profile = told.sale_in(facts, packs, profiles, occurred, legal_day, registers)
        recorder = recorder_of(facts.get("payee.merchant"), profile, totals)
        if sale is not None:
            law = told.law_of(packs)
            found["tax"] = told.explained(assessed(sale, law, rates, legal_day=legal_day, recorded=recorder))
    return found


def _providers(asked: Asked) -> Iterator[LookedAt]:
    """The law on authentication of each provider's place."""
    known, _ = with_history(asked)
    for found in places_of(asked, known):
        yield LookedAt(*found, known)


LOOKED_AT: Final[Mapping[str, Callable[[Asked], Iterable[LookedAt]]]] = {
    DOMAIN: _providers,
    "aml": aml.looked_at,
    "kyc": kyc.looked_at,
    "residency": residency.looked_at,
    "methods": methods.looked_at,
}
"""Each domain that asks rules, and which laws it asked."""


def _scenarios(seen: Mapping[str, Any], packs: PackSet) -> list[dict[str, Any]]:
    """Each scenario that was asked before the payment. Decisions of before that was kept know those that fired."""
    looks = seen.get(aml_watch.LOOKED)
    if looks is None:
        looks = [{**one, "fired": True} for one in seen.get(aml_watch.SCENARIOS, ())]
    else:
        looks = [*looks, *looking.unasked(packs, looks)]
    found = []
    for look in looks:
        declared = packs.scenario(look["pack"], look["id"])
        if declared is not None:
            scenario, pack = declared
            law = law_of(scenario.cite, pack, scenario.basis)
            found.append({**looking.explained(look, scenario, pack), "law": law})
    return found


def _place(domain: str, looked: LookedAt, packs: PackSet, words: Words) -> dict[str, Any]:
    compiled, facts = looked.compiled, looked.facts
    seen = see_all(compiled, facts, looked.moment)
    held = packs.held_back.get(domain, {})
    prose = _sentences(compiled, packs, words.locale)
    rules = [
        _rule(active, seen[active.rule.id], compiled, facts, words, prose) | _held_back(active, held)
        for active in _by_id(looked)
    ]
    return {
        "domain": domain,
        "side": looked.side,
        "place": looked.place,
        **looked.about,
        "law_of": looked.moment.day.isoformat(),
        "period_from": compiled.start.isoformat(),
        "packs": [pack.jurisdiction for pack in compiled.chain],
        "rules": [*rules, *looked.beside],
    }


def _held_back(active: Active, held: Mapping[str, Demotion]) -> dict[str, Any]:
    """Of a rule that stops nothing under this release: since when, and why."""
    one = held.get(f"{active.pack.jurisdiction}/{active.rule.id}")
    return {} if one is None else {"demoted": {"since": one.since.isoformat(), "why": one.why}}


class _Sentences:
    """Conditions of one compiled law in words, each worked out once: hundreds are told of a payment, the same of the next."""

    def __init__(self, prose: Prose, compiled: Compiled) -> None:
        self._prose = prose
        self.compiled = compiled
        self._said: dict[int, tuple[Expr, str]] = {}

    def __call__(self, node: Expr) -> str:
        """The sentence of a condition, or the name of a value."""
        known = self._said.get(id(node))
        # INVARIANT: the node is kept beside its sentence, so that no other one can have its identity.
        if known is None:
            if len(self._said) >= _MOST_SENTENCES:
                self._said.clear()
            known = self._said[id(node)] = node, self._prose.flat(self._prose.condition(node))
        return known[1]


_MOST_SENTENCES: Final = 20_000
_MOST_LAWS: Final = 64


def _sentences(compiled: Compiled, packs: PackSet, locale: str) -> _Sentences:
    laws: dict[tuple[str, int], _Sentences] = packs.derived.setdefault("sentences", {})
    known = laws.get((locale, id(compiled)))
    if known is None or known.compiled is not compiled:
        if len(laws) >= _MOST_LAWS:
            laws.clear()
        made = Prose(locale, Surroundings.of(compiled, packs))
        known = laws[locale, id(compiled)] = _Sentences(made, compiled)
    return known


def _by_id(looked: LookedAt) -> list[Active]:
    asked = (active for active in looked.compiled.rules if looked.only is None or active.rule.id in looked.only)
    return sorted(asked, key=lambda active: active.rule.id)


def _rule(
    active: Active, seen: Seen, compiled: Compiled, facts: Mapping[str, Any], words: Words, prose: _Sentences
) -> dict[str, Any]:
    rule = active.rule
    return {
        "rule": rule.id,
        "pack": active.pack.jurisdiction,
        "title": words.say(rule.message, rule.title),
        "fired": seen.value,
        "effect": rule.effect.kind,
        "name": rule.effect.name,
        "law": law_of(rule.cite, active.pack, rule.basis),
        "confidence": rule.confidence.value,
        "reading": None
        if rule.reading is None
        else {"chosen": rule.reading.chosen, "alternative": rule.reading.alternative, "by": rule.reading.by},
        "note": rule.note or None,
        "missing": sorted(seen.missing) if seen.value is None else [],
        "because": step(seen, compiled, facts, None, prose),
    }


def step(
    seen: Seen, compiled: Compiled, facts: Mapping[str, Any], unit: str | None, prose: _Sentences
) -> dict[str, Any]:
    """One rung: the sub-expression, the same in words, its value, and the rungs below it."""
    node = seen.node
    inner = node.unit if isinstance(node, Compare) else unit
    rung: dict[str, Any] = {
        "expression": _said(node), "said": prose(node), "value": _value(node, seen.value, facts, unit),
    }  # fmt: skip
    if isinstance(node, Param):
        held = compiled.params.get(node.name)
        rung["since"] = held.value.start.isoformat() if held else None
        rung["not_read"] = compiled.law.params.get(node.name) is Gap.UNREAD
    if seen.value is None and seen.missing:
        rung["missing"] = sorted(seen.missing)
    below = [step(part, compiled, facts, inner, prose) for part in seen.below if not isinstance(part.node, Const)]
    if below:
        rung["below"] = below
    return rung


def _said(node: Expr) -> str:
    return node.label if isinstance(node, Let) else source(node)


def _value(node: Expr, value: Any, facts: Mapping[str, Any], unit: str | None) -> str | None:
    if value is None:
        return None
    currency = facts["currency"] if unit in (None, OWN) else unit
    if isinstance(node, Param) and node.type.kind == "money" and unit is None:
        currency = node.type.unit
    return show(value, node.type, currency)
