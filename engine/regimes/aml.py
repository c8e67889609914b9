"""Money laundering law: the law of the obliged entity's place asked of one payment.

Whose law: that of the place of whoever asks, as an obliged entity of the stated role; without one, the payee as a merchant. Most
duties do not reach a merchant; limits on cash and embargoes bind everybody. The embargoes of other States that a payment touches,
such as those of the United States by its currency, stand among the rules of the whole world with their own condition.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from engine.asked import Asked, LookedAt, Part, applied
from engine.deadlines import Calendars
from engine.facts import Facts
from engine.features import kept, with_features
from engine.language.law import Moment
from engine.language.tree import past_used
from engine.regimes.aml_form import DOMAIN, SCREENING, Form, form_of
from engine.regimes.aml_hits import hit_law, judged
from engine.regimes.aml_watch import watched
from engine.regimes.ruling import Ruled, ruled
from engine.tax.profile import with_profile

PLACES: Final = ("obliged_entity.country", "payee.country", "payment.acquirer_country")
"""Where the obliged entity is, the surest first."""
UNDER_LAW_OF: Final = {
    **dict.fromkeys(("GF", "GP", "MF", "MQ", "RE", "YT"), "FR"),
    "AX": "FI",
}
"""Parts of a State with codes of their own, where its law and the Union's hold (TFEU Art. 349, 355(1), (4))."""
_PAST: Final = ("aml", "past")
_DAYS: Final = 400
"""Answers kept with a form, one a day of the law."""
_NOWHERE: Final[dict[str, Any]] = {
    "verdict": "undecided",
    "due_diligence": "none",
    "due_diligence_reasons": [],
    "reports": [],
    "travel_rule": {"applies": False, "missing": []},
    "scenarios": [],
    "screening": SCREENING,
    "retain_until": None,
    "confidence": None,
}


class _Looked(NamedTuple):
    """The law that is asked, and the facts as it is asked about them."""

    facts: Facts
    place: str
    ruled: Ruled
    moment: Moment
    kept: dict[str, Any]
    """What was used beside the facts, to be kept with the decision."""


def looked_at(asked: Asked) -> Iterator[LookedAt]:
    """What an explanation tells of: all rules of the obliged entity's place."""
    looked = _looked(asked)
    if looked is not None:
        yield LookedAt("obliged_entity", looked.place, looked.ruled.compiled, looked.moment, looked.facts)


def _looked(asked: Asked) -> _Looked | None:
    """The law of the obliged entity's place, and the facts with the stored merchant and the past; None where it is nobody's."""
    facts = asked.facts
    kept_too: dict[str, Any] = {}
    if "payee.merchant" in facts:
        facts, kept_too = _with_merchant(asked, facts["payee.merchant"])
    place = facts.get(PLACES[0]) or facts.get(PLACES[1]) or facts.get(PLACES[2])
    if place is None:
        return None
    place = UNDER_LAW_OF.get(place, place)
    compiled, moment = asked.law(place, DOMAIN)
    found = ruled(compiled, facts, moment)
    if found.open and _asks_the_past(found):
        facts, remembered = with_features(facts, compiled, moment, asked.history, asked.conversion)
        if remembered:
            found, kept_too = ruled(compiled, facts, moment), {**kept_too, **kept(remembered)}
    return _Looked(facts, place, found, moment, kept_too)


def _asks_the_past(found: Ruled) -> bool:
    """Whether a rule that cannot be told turns on what history knows."""
    known: bool | None = found.derived.get(_PAST)
    if known is None:
        known = found.derived[_PAST] = any(past_used(line.active.condition) for line in found.open)
    return known


def screened(asked: Asked, said: dict[str, Any]) -> dict[str, Any]:
    """What lists said, as it was kept, with what the law of the place makes of each match."""
    looked = _looked(asked)
    law = hit_law(None if looked is None else looked.ruled.compiled)
    return judged(said, law, asked.facts["currency"])


def part(asked: Asked) -> Part:
    """What money laundering law says of a payment."""
    looked = _looked(asked)
    if looked is None:
        return watched(asked, _nowhere(asked))
    return watched(asked, _by_law(asked, looked), looked.place, looked.ruled.compiled)


def _by_law(asked: Asked, looked: _Looked) -> Part:
    form, moment = form_of(looked.ruled, asked.words), looked.moment
    if form.quiet is None or looked.kept:
        return _spoken(asked, form, looked)
    # Nearly every payment: nothing fires, nothing is open, and the answer hangs on the day alone.
    found = form.parts.get(moment.day)
    if found is None:
        if len(form.parts) >= _DAYS:
            form.parts.clear()
        packs = applied(asked.packs, looked.ruled.compiled, moment.day)
        found = form.parts[moment.day] = Part(form.quiet, form.outcome, [], [], [], packs, None)
    return found


def _spoken(asked: Asked, form: Form, looked: _Looked) -> Part:
    """The answer where something is said: dates are counted, and what is missing is named."""
    facts, place, found, moment, inputs = looked
    calendars = Calendars(asked.kept.get("days_off"))
    travel = form.travel(facts)
    local = asked.occurred.astimezone(asked.packs.layers.zone(place))
    said, duties = form.said(travel, local, place, calendars)
    missing = [
        {"field": name, "asked_by": rules, "would_settle": [DOMAIN]}
        for name, rules in form.missing(facts, moment).items()
    ]
    known = {entry["field"] for entry in missing}
    missing += [
        {"field": name, "asked_by": travel["rules"], "would_settle": [DOMAIN]}
        for name in travel["missing"]
        if name not in known
    ]
    outcome = "collect" if travel["missing"] and form.outcome in ("allow", "challenge") else form.outcome
    if calendars.used:
        inputs["days_off"] = calendars.used
    packs = applied(asked.packs, found.compiled, moment.day)
    return Part(said, outcome, duties, missing, form.findings(facts, (moment,)), packs, inputs or None)


def _with_merchant(asked: Asked, merchant: str) -> tuple[Facts, dict[str, Any]]:
    """The facts with the stored merchant's behind them, and what of that must be kept."""
    known = asked.kept.get("merchant")
    profile = known if known is not None else asked.profiles(merchant)
    return with_profile(asked.facts, profile, asked.occurred.date()), {"merchant": profile} if profile else {}


def _nowhere(asked: Asked) -> Part:
    """Nobody's law can be asked: it is not known where the obliged entity is."""
    world = asked.packs.packs.get("WORLD")
    outcome = world.on_unknown.get(DOMAIN, "review") if world else "review"
    wanted = [{"field": "obliged_entity.country", "asked_by": ["aml.place"], "would_settle": [DOMAIN]}]
    return Part(_NOWHERE, outcome, [], wanted, [], [], None)
