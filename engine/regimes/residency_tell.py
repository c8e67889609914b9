"""What an answer on data residency says beside its verdict: the reason of each regime, and the duties that come with it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from engine.asked import Asked
from engine.regimes.residency_check import (
    DOMAIN,
    LEVELS,
    Checked,
    Reason,
    Spoke,
    check,
    detail,
    valid_until,
)
from engine.regimes.residency_grounds import FILING_DAYS
from engine.regimes.residency_question import Question
from engine.regimes.residency_transfer import GROUNDS
from engine.regimes.wording import law_of

AHEAD: Final = timedelta(days=400)
"""A change of law within this time that would make the verdict stricter is announced as a duty."""
EXPORTER: Final = "exporter"
_TOLD: Final = ("region_country", "region_subdivision", "mechanism.kind")
_SAID: Final = {
    "inside": "residency.inside", "free": "residency.free", "granted": "residency.granted", "refused": "residency.refused",
    "needs_input": "residency.needs_input", "no_rulepack": "residency.no_rulepack",
}  # fmt: skip


def reasons_told(asked: Asked, found: Checked) -> list[dict[str, Any]]:
    """Of every regime, the strictest first."""
    told = [
        {
            "regime": one.regime,
            "rule": one.line.id if one.line is not None else f"{one.spoke.place}.transfer",
            "verdict": one.verdict,
            "ground": one.ground,
            "mechanism": one.mechanism,
            "confidence": one.confidence,
            "message": _message(asked, one),
        }
        for one in sorted(found.reasons, key=lambda one: (-one.rank[0], -one.rank[1], one.regime))
    ]
    if found.question.unresolved:
        told.insert(0, _unresolved(asked))
    return [entry for at, entry in enumerate(told) if entry not in told[:at]]


def _unresolved(asked: Asked) -> dict[str, Any]:
    return {
        "regime": "REGION-MAP", "rule": "residency.region", "verdict": "deny", "ground": "needs_input", "mechanism": None,
        "confidence": "A", "message": asked.words.say("residency.unknown_region"),
    }  # fmt: skip


def _message(asked: Asked, reason: Reason) -> str:
    if reason.line is not None:
        rule = reason.line.active.rule
        return asked.words.say(rule.message, rule.title)
    general = reason.spoke.transfer
    return asked.words.say(_SAID[general.said]) if general is not None else ""


def transfer_finding(asked: Asked, question: Question, spoke: Spoke, reason: Reason | None) -> dict[str, Any] | None:
    """The general law of a place among the findings, under the provision that its grounds are cited from."""
    general = spoke.transfer
    if general is None or general.held is None or reason is None:
        return None
    held = general.held
    stated = {f"data.{name}": str(value) for name in _TOLD if (value := question.get(name)) is not None}
    return {
        "rule": f"{spoke.place}.transfer",
        "pack": held.pack.jurisdiction,
        "domain": DOMAIN,
        "effect": {"deny": "deny", "allow_with_mechanism": "mechanism"}.get(reason.verdict, "allow"),
        "name": GROUNDS,
        "message": _message(asked, reason),
        "law": law_of(held.value.cite or held.parameter.cite, held.pack, held.parameter.basis),
        "confidence": reason.confidence,
        "because": {**stated, "grounds": ", ".join(held.value.value)},
    }


# -- duties -----------------------------------------------------------------------------------------------------------------


def duties(asked: Asked, found: Checked) -> list[dict[str, Any]]:
    """What comes with the verdict: evidence, copies, filings, and what the rules that fired oblige to."""
    entries = [entry for spoke in found.spokes for entry in _obliged(asked, spoke)]
    if found.verdict != "deny":
        entries += [entry for one in found.reasons for entry in _of_reason(asked, found, one)]
        entries += _announced(asked, found)
    unique: list[dict[str, Any]] = []
    for entry in entries:
        if entry not in unique:
            unique.append(entry)
    return unique


def _duty(asked: Asked, code: str, message: str, due: str | None = None, who: str = EXPORTER) -> dict[str, Any]:
    return {"code": code, "domain": DOMAIN, "who": who, "due": due, "message": asked.words.say(message)}


def _obliged(asked: Asked, spoke: Spoke) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code,
            "domain": DOMAIN,
            "who": one.who,
            "due": one.within,
            "message": asked.words.say(line.active.rule.message, line.active.rule.title),
        }
        for line in spoke.ruled.fired
        for one in line.effect.oblige
    ]


def _of_reason(asked: Asked, found: Checked, reason: Reason) -> list[dict[str, Any]]:
    spoke = reason.spoke
    if reason.copy_in is not None:
        return [_duty(asked, f"keep_copy_in_{reason.copy_in.lower()}", "residency.rule.copy")]
    if reason.verdict != "allow_with_mechanism":
        return []
    if reason.line is not None:
        evidence = detail(spoke, reason.line, "evidence") or ()
        return [_duty(asked, f"keep_{name}", reason.line.active.rule.message) for name in evidence]
    entries = [_duty(asked, f"keep_evidence_{reason.mechanism}", "residency.granted")]
    entries += _filings(asked, found, reason)
    return entries


def _filings(asked: Asked, found: Checked, reason: Reason) -> list[dict[str, Any]]:
    """What must be filed, and by when; and the second leg under a decision that a court may undo."""
    law, question = reason.spoke.law, found.question
    filing = law.setting("scc_filing")
    if reason.mechanism == "scc" and filing:
        return [_duty(asked, "file_contract", "residency.rule.duty", str(filing))]
    if reason.mechanism == "impact_assessment_filing" and question.get("mechanism.filed_on") is None:
        return [
            _duty(
                asked,
                "file_dossier",
                "residency.rule.duty",
                _dossier_due(question.get("clock.days_since_first_transfer")),
            )
        ]
    if reason.mechanism == "privacy_impact_assessment":
        return [_duty(asked, "keep_written_agreement", "residency.rule.mechanism")]
    certified = law.setting("adequacy_certified") or ()
    if reason.mechanism == "adequacy" and question.get("region_country") in certified:
        return [_duty(asked, "hold_clauses_as_second_leg", "residency.granted")]
    return []


def _dossier_due(days: Any) -> str:
    left = FILING_DAYS - int(days) if days is not None else FILING_DAYS
    return f"P{max(left, 0)}D"


def _announced(asked: Asked, found: Checked) -> list[dict[str, Any]]:
    """A stricter law that begins soon: the data must have moved, or the ground be there, before it does."""
    until = valid_until(found, asked)
    today = max(spoke.moment.day for spoke in found.spokes)
    if until is None or until - today > AHEAD:
        return []
    day: date = until + timedelta(days=1)
    later = check(asked, found.question, day)
    if LEVELS[later.verdict] <= LEVELS[found.verdict] or later.ground == "needs_input":
        return []
    return [_duty(asked, "move_data_before", "residency.rule.place", day.isoformat())]
