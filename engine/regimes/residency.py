"""Where data may be: each question under the law of the person's and of the exporter's place, and the card standard.

The verdict on a question is the strictest of all regimes; that of the payment the strictest of its questions. What decides and is
not stated is never guessed: it denies, and is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from engine.asked import Asked, LookedAt, Part, applied
from engine.packs.model import weakest
from engine.regimes.forms import Listed, filled
from engine.regimes.residency_check import DOMAIN, LEVELS, Checked, Reason, Spoke, check, valid_until
from engine.regimes.residency_question import LIST, questions
from engine.regimes.residency_steps import transfer_told
from engine.regimes.residency_tell import duties, reasons_told, transfer_finding
from engine.regimes.wording import Findings

NOT_APPLICABLE: Final[dict[str, Any]] = {"verdict": "not_applicable", "checks": [], "confidence": None}
NOTHING_ASKED: Final = Part(NOT_APPLICABLE, "allow", [], [], [], [])


def part(asked: Asked) -> Part:
    """The answer on data residency; nothing where the payment asks no question about data."""
    if not asked.facts.get(LIST):
        return NOTHING_ASKED
    checks, obligations, findings = [], [], []
    applied_packs: dict[str, dict[str, Any]] = {}
    missing: dict[str, dict[str, Any]] = {}
    for regions in questions(asked):
        several = [check(asked, question) for question in regions]
        found = max(several, key=_strictness)
        told = _told(asked, found)
        checks.append(told)
        obligations += told["obligations"]
        findings += _findings(asked, found)
        for name, rules in found.missing.items():
            field = name if name.startswith("law.") else found.question.field(name)
            missing[field] = {"field": field, "asked_by": rules, "would_settle": [DOMAIN]}
        for spoke in found.spokes:
            applied_packs |= {one["jurisdiction"]: one for one in applied(asked.packs, spoke.law, spoke.moment.day)}
    verdict = max((one["verdict"] for one in checks), key=LEVELS.__getitem__)
    said = {"verdict": verdict, "checks": checks, "confidence": weakest(one["confidence"] for one in checks)}
    outcome = "review" if verdict == "deny" else "allow"
    return Part(
        said, outcome, _once(obligations), list(missing.values()), _once(findings),
        [applied_packs[code] for code in sorted(applied_packs)],
    )  # fmt: skip


def looked_at(asked: Asked) -> Iterator[LookedAt]:
    """What an explanation tells of: each question about each region, under each law that spoke."""
    for regions in questions(asked) if asked.facts.get(LIST) else ():
        for question in regions:
            found = check(asked, question)
            about = {
                "question": question.at,
                "region": question.place,
                "region_country": question.get("region_country"),
                "verdict": found.verdict,
            }
            for spoke in found.spokes:
                beside = transfer_told(asked, question, spoke)
                yield LookedAt(
                    spoke.role, spoke.place, spoke.law, spoke.moment, question.facts, about=about, beside=beside
                )


def _strictness(found: Checked) -> tuple[int, bool]:
    """Of a set of regions the strictest counts; of two that are denied the one that nothing could open."""
    return LEVELS[found.verdict], found.ground != "needs_input"


def _told(asked: Asked, found: Checked) -> dict[str, Any]:
    """One entry of `checks`."""
    question, leading = found.question, found.leading
    decided = leading is not None and found.ground == leading.ground and found.verdict == leading.verdict
    until = valid_until(found, asked)
    options = leading.mechanisms if leading is not None and found.ground in ("mechanism_missing", "place") else ()
    asking = (
        next((one for one in found.reasons if one.ground == "needs_input"), None)
        if found.ground == "needs_input"
        else None
    )
    shown = leading if decided else asking or leading
    return {
        "data_class": question.get("data_class"),
        "action": question.get("action"),
        "place": question.place,
        "verdict": found.verdict,
        "mechanism": _mechanism(found) if found.verdict != "deny" else None,
        "regime": shown.regime if shown else None,
        "ground": found.ground,
        "mechanisms": list(asking.mechanisms if asking else options),
        "copy_in": _copies(found),
        "region_country": question.get("region_country"),
        "reasons": reasons_told(asked, found),
        "obligations": duties(asked, found),
        "missing": [name if name.startswith("law.") else question.field(name) for name in found.missing],
        "confidence": _confidence(found),
        "valid_until": until.isoformat() if until else None,
    }


def _mechanism(found: Checked) -> str | None:
    """What carries it: a ground of transfer before the conditions of a sector."""
    there = [one for one in found.reasons if one.mechanism is not None]
    return next((one.mechanism for one in there if one.line is None), there[0].mechanism if there else None)


def _copies(found: Checked) -> str | None:
    if found.verdict != "require_local_copy":
        return None
    return next((one.copy_in for one in found.reasons if one.copy_in is not None), None)


def _confidence(found: Checked) -> str | None:
    """The weakest that the verdict rests on: of what is as strict as it; all laws must be content where something is allowed."""
    resting = [one for one in found.reasons if one.verdict == found.verdict] or found.reasons
    return weakest(one.confidence for one in resting)


def _findings(asked: Asked, found: Checked) -> list[dict[str, Any]]:
    """The rules that fired, and the general law of each place, with the values that made them."""
    entries: list[dict[str, Any]] = []
    for spoke in found.spokes:
        entries += _fired(asked, spoke, found)
        entry = transfer_finding(asked, found.question, spoke, _transfer_reason(found, spoke))
        entries += [entry] if entry is not None else []
    return entries


def _transfer_reason(found: Checked, spoke: Spoke) -> Reason | None:
    return next((one for one in found.reasons if one.spoke is spoke and one.line is None), None)


def _fired(asked: Asked, spoke: Spoke, found: Checked) -> list[dict[str, Any]]:
    lines = [line for line in spoke.ruled.fired if line.effect.kind != "flag"]
    if not lines:
        return []
    key = ("findings", asked.words.locale)
    listed: Listed | None = spoke.ruled.derived.get(key)
    if listed is None:
        wording = Findings(asked.words)
        wording.all_of(lines, DOMAIN, spoke.ruled.spoken, 0)
        listed = spoke.ruled.derived[key] = Listed(wording.entries, wording.blanks)
    blanks = (*listed.few, *listed.many)
    return filled(blanks, listed.entries, found.question.facts, [spoke.moment])


def _once(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each entry once: two laws, or two questions, may say the same."""
    found: list[dict[str, Any]] = []
    for entry in entries:
        if entry not in found:
            found.append(entry)
    return found
