"""What is said of hits and of listed owners: one finding a list, one a party and regime."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from engine.packs.packset import PackSet
from engine.regimes.aml_form import DOMAIN
from engine.regimes.aml_hits import matches_of
from engine.regimes.wording import law_of
from engine.words import Words

OWNED: Final = "screening.ownership"
_SAID: Final = {
    "foreign_list": "aml.screening_foreign",
    "no_freeze": "aml.screening_no_freeze",
    "not_obeyed": "aml.screening_not_obeyed",
    "owner": "aml.screening_owner",
}
"""Why a match does not block -> the sentence. Whatever else it is, a list may mean somebody."""
_RULES: Final = {
    "us": ("US", "sanctions_ownership_rule"),
    "eu": ("EU", "eu_sanctions_ownership_rule_freeze"),
    "uk": ("GB", "sanctions_ownership_rule"),
}
"""Where each regime's rule on ownership is read: pack and parameter."""


def findings_of_lists(told: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """One finding a list with matches that no clearance takes away, with what the strictest of them does."""
    by_list: dict[str, list[tuple[Mapping[str, Any], Mapping[str, Any]]]] = {}
    for party, match in matches_of(told):
        if match["cleared_by"] is None:
            by_list.setdefault(match["entry"]["list"], []).append((party, match))
    laws = {one["list"]: one for one in told["lists"]}
    return [_finding_of(code, found, laws[code], words) for code, found in sorted(by_list.items())]


def _finding_of(
    code: str, found: list[tuple[Mapping[str, Any], Mapping[str, Any]]], law: Mapping[str, Any], words: Words
) -> dict[str, Any]:
    because: dict[str, str] = {}
    for party, match in found:
        said = f"{match['band']} {match['entry']['id']} {match['score']}"
        because[party["role"]] = f"{because[party['role']]}; {said}" if party["role"] in because else said
    blocks = any(match["effect"] == "block" for _, match in found)
    reasons = {match["because"] for _, match in found}
    key = (
        "aml.screening_hit" if blocks else _SAID.get(reasons.pop() if len(reasons) == 1 else "", "aml.screening_review")
    )
    foreign = not blocks and any(match["because"] in ("foreign_list", "not_obeyed") for _, match in found)
    return {
        **finding(f"screening.{code}", "block" if blocks else "review", words.say(key)),
        "law": {
            "instrument": law["label"], "provision": None, "url": law["url"], "basis": "house" if foreign else "statute",
        },
        "confidence": "A",
        "because": because,
    }  # fmt: skip


def finding_of_owner(one: Mapping[str, Any], packs: PackSet, day: date, words: Words) -> dict[str, Any]:
    """What follows from the owners of a party under one regime, with its rule as its own pack cites it on a day."""
    code, name = _RULES[one["regime"]]
    pack = packs.packs.get(code)
    domain = None if pack is None else pack.domains.get(DOMAIN)
    parameter = None if domain is None else domain.parameters.get(name)
    value = None if parameter is None else parameter.at(day)
    law = {"instrument": None, "provision": None, "url": None, "basis": "statute"}
    confidence = "R"
    if pack is not None and parameter is not None and value is not None:
        law = law_of(value.cite or parameter.cite, pack, parameter.basis)
        confidence = (value.confidence or parameter.confidence).value
    message = words.say("aml.owned_block" if one["effect"] == "block" else "aml.owned_review")
    return {
        **finding(OWNED, one["effect"], message),
        "law": law,
        "confidence": confidence,
        "because": {one["role"]: f"{one['regime']}: {one['sum']} ({', '.join(one['reasons'])})"},
    }


def finding(rule: str, effect: str, message: str) -> dict[str, Any]:
    """What every finding has that no rule of a pack makes."""
    return {"rule": rule, "pack": "WORLD", "domain": DOMAIN, "effect": effect, "name": rule, "message": message}
