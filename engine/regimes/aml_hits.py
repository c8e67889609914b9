"""What a hit with a list does to a payment: by the law of the place that asks, as its packs state it.

A list blocks where it is law: for whoever is bound by it, and by the currency where its State reaches that far. Elsewhere it is a
rule of the house, and a person decides. So does a person where the entry's measures do not freeze (sectoral measures, bans of
investment, of travel, of export), where the law forbids to obey (Regulation (EC) 2271/96), where a name alone speaks, and of an
owner, whose share decides. What is not known is never the reason to let anything go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from engine.deadlines import Calendars
from engine.packs.compile import Compiled
from engine.packs.model import weakest
from engine.places import is_place
from engine.regimes.aml_due import due_of
from engine.screening.model import Band

FREEZE: Final = "asset_freeze"
DOLLAR: Final = "USD"
OWNER: Final = "_owner"
"""How the roles of owners end."""
REPORTS: Final = ("blocked_property_report", "listed_property_report")
"""How the parameters of what must be reported begin: `_code`, `_authority`, `_deadline`, `_form`, `_by`."""
_ANYBODY: Final = "anybody"
_PERSON: Final = "person"
_SURE: Final = frozenset({"identifier", _PERSON})
"""Features by which nobody need find out any more."""
_PARAMETERS: Final = (
    "sanctions_lists", "sanctions_lists_by_dollar", "sanctions_not_obeyed", "sanctions_ownership",
)  # fmt: skip


class Told(NamedTuple):
    """What is made of one match."""

    effect: str
    """block | review | none"""
    because: str
    """law | currency | place_unknown | foreign_list | no_freeze | not_obeyed | possible | owner | cleared"""


class HitLaw:
    """Which lists are law at a place, as its packs say on a day."""

    __slots__ = ("by_dollar", "known", "lists", "not_obeyed", "ownership")

    def __init__(self, compiled: Compiled | None) -> None:
        """None: it is not known whose law it is. Then every list may be law."""
        self.known = compiled is not None
        found = [None if compiled is None else compiled.setting(name) for name in _PARAMETERS]
        lists, by_dollar, not_obeyed, ownership = found
        self.lists = frozenset(lists or ())
        self.by_dollar = frozenset(by_dollar or ())
        """Lists of the United States, which reach whoever pays in dollars."""
        self.not_obeyed = frozenset(not_obeyed or ())
        """Their programmes that the law of this place forbids to obey."""
        self.ownership: str | None = ownership
        """Whose rule tells when a company is treated as its owners: us, eu, uk. None: the place has none that was read."""

    def of(self, match: Mapping[str, Any], currency: str) -> Told:
        """What a match does, whoever it is of."""
        if match["cleared_by"] is not None:
            return Told("none", "cleared")
        if match["band"] != Band.CONFIRMED:
            return Told("review", "possible")
        entry = match["entry"]
        if entry["measures"] and FREEZE not in entry["measures"]:
            return Told("review", "no_freeze")
        if not self.known:
            return Told("block", "place_unknown")
        if entry["list"] in self.lists:
            return Told("block", "law")
        if entry["list"] not in self.by_dollar:
            return Told("review", "foreign_list")
        if entry["programmes"] and self.not_obeyed.issuperset(entry["programmes"]):
            return Told("review", "not_obeyed")
        return Told("block", "currency") if currency == DOLLAR else Told("review", "foreign_list")


def hit_law(compiled: Compiled | None) -> HitLaw:
    """The law of a place, read from its packs once."""
    if compiled is None:
        return HitLaw(None)
    found: HitLaw | None = compiled.derived.get("hit_law")
    if found is None:
        found = compiled.derived["hit_law"] = HitLaw(compiled)
    return found


def judged(screened: Mapping[str, Any], law: HitLaw, currency: str) -> dict[str, Any]:
    """A screening with what each match does: `effect` and `because`. An owner blocks by what he owns, not by being named."""
    parties = []
    for party in screened["parties"]:
        matches = []
        for match in party["matches"]:
            told = law.of(match, currency)
            if party["role"].endswith(OWNER) and told.effect == "block":
                told = Told("review", "owner")
            matches.append({**match, "effect": told.effect, "because": told.because})
        parties.append({**party, "matches": matches})
    return {**screened, "parties": parties}


def outcome_of(told: Mapping[str, Any]) -> str:
    """What a judged screening does to the payment: block, review or allow. A hit that no match accounts for blocks."""
    effects = [match["effect"] for _, match in matches_of(told)]
    unexplained = told["verdict"] == "hit" and "confirmed" not in [
        match["band"] for _, match in matches_of(told) if match["cleared_by"] is None
    ]
    if "block" in effects or unexplained:
        return "block"
    return "review" if told["verdict"] in ("hit", "review") else "allow"


def matches_of(told: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each match of a screening with its party."""
    return ((party, match) for party in told["parties"] for match in party["matches"])


def surely_blocked(told: Mapping[str, Any]) -> str | None:
    """The finding by which a party is surely blocked, of a judged screening: an identifier says that it is he, or a person found
    so, and nobody need find out. None: nobody is."""
    blocking = (match for _, match in matches_of(told) if match["effect"] == "block" and _is_sure(match))
    return next((f"screening.{code}" for code in sorted({match["entry"]["list"] for match in blocking})), None)


def only_sure(screened: Mapping[str, Any]) -> dict[str, Any]:
    """A screening with those matches alone of which nobody need find out any more whether they are true."""
    parties = [{**party, "matches": list(filter(_is_sure, party["matches"]))} for party in screened["parties"]]
    return {**screened, "parties": parties}


def reports_of(
    by: str, compiled: Compiled, place: str, *, obliged: bool, start: datetime, calendars: Calendars
) -> Iterator[dict[str, Any]]:
    """What the law asks to be reported of whom it blocks.

    `by`: the finding by which somebody is surely blocked; `start`: when the payment is made, local to the place.
    """
    for name in REPORTS:
        held = compiled.params.get(f"{name}_deadline")
        if held is None or not held.value.known:
            continue
        if compiled.setting(f"{name}_by", _ANYBODY) != _ANYBODY and not obliged:
            continue
        code, within = held.pack.jurisdiction, held.value.value
        yield {
            "code": compiled.setting(f"{name}_code") or "TR",
            "authority": compiled.setting(f"{name}_authority"),
            "due": due_of(within, start, code if is_place(code) else place, calendars),
            "within": within,
            "from": "blocking",
            "form": compiled.setting(f"{name}_form"),
            "rule": by,
            "confidence": weakest((held.parameter.confidence, held.value.confidence)),
        }


def found_by_person(screened: Mapping[str, Any], entries: Collection[str]) -> dict[str, Any]:
    """A screening whose matches with these entries a person has found to be true: they are as sure as by an identifier."""
    parties = [
        {
            **party,
            "matches": [
                {**one, "band": Band.CONFIRMED.value, "features": [*one["features"], {"code": _PERSON}]}
                if one["entry"]["id"] in entries and one["cleared_by"] is None
                else one
                for one in party["matches"]
            ],
        }
        for party in screened["parties"]
    ]
    return {**screened, "verdict": "hit", "parties": parties}


def _is_sure(match: Mapping[str, Any]) -> bool:
    return any(one["code"] in _SURE for one in match["features"])
