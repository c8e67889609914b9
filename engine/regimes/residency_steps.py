"""The general law of a place on transfers as an explanation tells it: what was asked of the question, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.asked import Asked
from engine.packs.compile import Held
from engine.regimes.residency_check import Spoke, of_transfer
from engine.regimes.residency_grounds import KIND, NO, YES, Ground, Stood
from engine.regimes.residency_question import FACT, Question
from engine.regimes.residency_tell import transfer_finding
from engine.regimes.residency_transfer import FREE, inside, zone_of


def transfer_told(asked: Asked, question: Question, spoke: Spoke) -> tuple[dict[str, Any], ...]:
    """The general law as a rule is told; nothing where the place has none. All its grounds are told, also those that no longer
    mattered once another carried the transfer."""
    general = spoke.transfer
    if general is None or general.held is None:
        return ()
    entry = transfer_finding(asked, question, spoke, of_transfer(spoke, general))
    if entry is None:
        return ()
    rungs = _rungs(question, spoke, general.held)
    told = {
        "rule": entry["rule"],
        "pack": entry["pack"],
        "title": entry["message"],
        "fired": None if general.said == "needs_input" else True,
        **{key: entry[key] for key in ("effect", "name", "law", "confidence")},
        "reading": None,
        "note": general.held.value.note or general.held.parameter.note or None,
        "missing": [name if name.startswith("law.") else FACT + name for name in general.lacks],
        "because": {"expression": "transfer", "value": general.said, "below": rungs},
    }
    return (told,)


@dataclass(frozen=True)
class _Noted(Ground):
    """The grounds of a place's law, with a note of each thing that they ask of the mechanism."""

    steps: list[dict[str, Any]] = field(default_factory=list)

    def kind(self, *kinds: str) -> Stood:
        """As asked, and noted."""
        return self._note(f"{FACT}{KIND} in [{', '.join(kinds)}]", super().kind(*kinds))

    def flag(self, name: str, want: bool = True) -> Stood:
        """As asked, and noted."""
        return self._note(f"{'' if want else 'not '}{FACT}mechanism.{name}", super().flag(name, want))

    def _note(self, expression: str, stood: Stood) -> Stood:
        self.steps.append(_rung(expression, stood))
        return stood


def _rungs(question: Question, spoke: Spoke, held: Held) -> list[dict[str, Any]]:
    if question.get("region_country") is None:
        return [_rung("region within this law", Stood(None, ("region_country",)))]
    zone = zone_of(question, spoke.place)
    anonymised = YES if question.get("data_form") == "anonymised" else NO
    rungs = [
        _rung("region within this law", inside(question, spoke.law, spoke.place, held)),
        _rung(f'{FACT}data_form == "anonymised"', anonymised),
    ]
    needs: tuple[str, ...] = spoke.law.setting(f"transfer_needs{zone}") or ()
    for word in needs or held.value.value:
        ground = _Noted(question, spoke.law, zone)
        rung = _rung(word, YES if word in FREE else ground.stood(word))
        rungs.append({**rung, "below": ground.steps} if ground.steps else rung)
    return rungs


def _rung(expression: str, stood: Stood) -> dict[str, Any]:
    rung: dict[str, Any] = {
        "expression": expression,
        "value": {True: "true", False: "false", None: None}[stood.value],
    }
    if stood.value is None:
        rung["missing"] = [name if name.startswith("law.") else FACT + name for name in stood.lacks]
    return rung
