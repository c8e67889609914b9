"""What lists said of a payment, explained from what was kept with its decision: who was looked for, and why it was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.screening.model import Query
from engine.screening.parties import parties_in

_BANDS: Final = {"confirmed": "match_confirmed", "possible": "match_possible"}
_MATCHED: Final = (*_BANDS.values(), "cleared")

Reasons = list[dict[str, Any]]
"""`{code, of}`: of which lists, entries or parties."""


def explained(screened: Mapping[str, Any] | None, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A screening as it was kept, with what was asked of each party and the reasons of each verdict. `facts`: of the request;
    `screened`: None where no list was asked."""
    if screened is None:
        return {"performed": False, "reasons": [{"code": "not_asked", "of": []}]}
    asked = {one.pointer: one.query for one in parties_in(facts).asked}
    return {
        "performed": bool(screened["lists"]),
        **screened,
        "reasons": _of_all(screened),
        "parties": [
            {**party, "reasons": _of_party(party, screened), "asked": _asked(asked.get(party["pointer"]))}
            for party in screened["parties"]
        ],
    }


def _of_all(screened: Mapping[str, Any]) -> Reasons:
    """Why the whole has its verdict: by lists, by parties, by who could not be looked for."""
    parties = {party["pointer"]: _of_party(party, screened) for party in screened["parties"]}
    found = _of_lists(screened)
    for code in (*_MATCHED, "not_comparable"):
        by = [pointer for pointer, reasons in parties.items() if any(one["code"] == code for one in reasons)]
        found += _reason(code, by)
    if screened["unnamed"] or not parties:
        found.append({"code": "unnamed", "of": list(screened["unnamed"])})
    return found or [{"code": "no_match", "of": list(parties)}]


def _of_party(party: Mapping[str, Any], screened: Mapping[str, Any]) -> Reasons:
    """Why a party has its verdict."""
    lists = _of_lists(screened)
    matches = [one for code in _MATCHED for one in _reason(code, _entries(party, code))]
    if matches:
        return lists + matches
    # Where a list is missing or stale nobody is clear: it cannot be seen whether the name could be held against the others.
    comparable = lists or party["verdict"] == "clear"
    return [*lists, {"code": "no_match" if comparable else "not_comparable", "of": []}]


def _entries(party: Mapping[str, Any], code: str) -> list[str]:
    return [
        match["entry"]["id"]
        for match in party["matches"]
        if code == ("cleared" if match["cleared_by"] is not None else _BANDS[match["band"]])
    ]


def _of_lists(screened: Mapping[str, Any]) -> Reasons:
    found: Reasons = [] if screened["lists"] else [{"code": "no_lists", "of": []}]
    return found + _reason("list_missing", screened["missing"]) + _reason("list_stale", screened["stale"])


def _reason(code: str, of: list[str]) -> Reasons:
    return [{"code": code, "of": list(of)}] if of else []


def _asked(query: Query | None) -> dict[str, Any] | None:
    """What was looked for, as far as it is stated; None: of what stands there nothing would be asked today."""
    if query is None:
        return None
    return {
        "name": query.name,
        "kind": query.kind.value,
        "births": [{"earliest": born.earliest.isoformat(), "latest": born.latest.isoformat()} for born in query.births],
        "countries": list(query.countries),
        "identifiers": [{"kind": one.kind, "value": one.value, "country": one.country} for one in query.identifiers],
        "customer": query.customer,
    }
