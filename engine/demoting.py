"""What becomes of a payment that a rule would stop which the release holds back: a person looks at it.

The domain is asked twice: under the law as it is written, and as if those rules said nothing. Where both have the same outcome,
nothing hangs on those rules, and the law as it is written is the answer. Where it does, what the other rules say is the answer,
and it is at least a review. No domain knows of this; nothing is ever milder than a review where it would have been stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from engine.asked import Asked, Entries, Lookout, Part
from engine.facts import Facts
from engine.packs.demotions import Demotion, rules_of
from engine.packs.packset import PackSet
from engine.regimes.sca_answer import DOMAIN as SCA
from engine.regimes.sca_answer import OUTCOMES
from engine.regimes.wording import law_of
from engine.words import Words

REVIEW: Final = "review"
REASON: Final = "rule_demoted"
"""Of authentication: why it is undecided."""
NO_DUTY: Final = "sca.no_duty"
"""The finding that no rule asks for authentication: not to be said while one that does is held back."""
_UNSAID: Final[Mapping[str, Mapping[str, str]]] = {
    SCA: {"not_applicable": "undecided", "out_of_scope": "undecided", "exempt": "undecided"},
    "aml": {"clear": REVIEW, "report": REVIEW, "undecided": REVIEW},
    "kyc": {"met": "undecided"},
    "methods": {"ok": "undecided", "not_applicable": "undecided"},
}
"""By domain: verdicts that would claim more than is known while a rule is held back, and what is said instead."""

Held = Mapping[str, Demotion]


def part_of(domain: str, asked: Asked, part: Callable[[Asked], Part]) -> Part:
    """What a domain says of a payment, where its release may hold rules of it back."""
    held = asked.packs.held_back.get(domain)
    if not held:
        return part(asked)
    if asked.lookout is not None:
        asked = asked._replace(lookout=_LookedOnce(asked.lookout))
    written = part(asked)
    if not _applied(held, [written.applied]):
        return written
    marked = written._replace(findings=_marked(written.findings, held, None))
    if written.outcome == "allow":
        return marked
    silent = part(asked.under(asked.packs.silenced))
    if OUTCOMES[silent.outcome] >= OUTCOMES[written.outcome]:
        return marked
    return silent._replace(
        said=_said(domain, silent.said),
        outcome=_at_least_review(silent.outcome),
        missing=_missing(silent.missing, written.missing, held),
        findings=_findings(domain, held, written, silent.findings, (asked.packs, asked.words)),
        inputs=written.inputs,
    )


# -- what is said -------------------------------------------------------------------------------------------------------


def _applied(held: Held, spoken: Iterable[Entries]) -> bool:
    """Whether a pack spoke of which a rule is held back."""
    packs = {one.pack for one in held.values()}
    return any(entry["jurisdiction"] in packs for entries in spoken for entry in entries)


def _at_least_review(outcome: str) -> str:
    return max(outcome, REVIEW, key=OUTCOMES.__getitem__)


def _said(domain: str, said: dict[str, Any]) -> dict[str, Any]:
    """The domain's own object, which claims nothing that the rules held back might gainsay."""
    verdict = _UNSAID[domain].get(said["verdict"])
    if verdict is None:
        return said
    if domain != SCA:
        return {**said, "verdict": verdict}
    gone = {"exemption": None, "by": None, "satisfied": False, "on_refusal": None, "dynamic_linking": True}
    return {**said, **gone, "verdict": verdict, "reason": REASON}


def _missing(silent: Entries, written: Entries, held: Held) -> Entries:
    """What the others lack, and what would tell whether those hold."""
    known = {entry["field"] for entry in silent}
    ids = {one.rule for one in held.values()}
    return [*silent, *(one for one in written if one["field"] not in known and not ids.isdisjoint(one["asked_by"]))]


def _findings(domain: str, held: Held, written: Part, silent: Entries, told: tuple[PackSet, Words]) -> Entries:
    """What the others say, and what each of those would have."""
    fired = [one for one in written.findings if _id(one) in held]
    asking = {rule for entry in written.missing for rule in entry["asked_by"]}
    named = {_id(one) for one in fired}
    unknown = [one for one in held.values() if one.rule in asking and one.id not in named]
    if not fired and not unknown:
        unknown = list(held.values())
    return [
        *(one for one in silent if _id(one) not in held and one["rule"] != NO_DUTY),
        *_marked(fired, held, REVIEW),
        *(_unknown(one, domain, *told) for one in unknown),
    ]


def _id(finding: Mapping[str, Any]) -> str:
    return f"{finding['pack']}/{finding['rule']}"


def _marked(findings: Entries, held: Held, effect: str | None) -> Entries:
    """The findings, those of rules that are held back marked as such. `effect`: what they lead to instead of their own."""
    if not any(_id(one) in held for one in findings):
        return findings
    return [_mark(one, held[_id(one)], effect) if _id(one) in held else one for one in findings]


def _mark(finding: Mapping[str, Any], one: Demotion, effect: str | None) -> dict[str, Any]:
    own = finding["effect"]
    return {**finding, "effect": effect or own, "demoted": _told(one, own, fired=True)}


def _told(one: Demotion, effect: str, *, fired: bool) -> dict[str, Any]:
    return {"since": one.since.isoformat(), "why": one.why, "effect": effect, "fired": fired}


def _unknown(one: Demotion, domain: str, packs: PackSet, words: Words) -> dict[str, Any]:
    """A rule of which it cannot be told whether it holds."""
    pack = packs.packs[one.pack]
    _, rule = dict(rules_of(pack))[one.rule]
    return {
        "rule": rule.id,
        "pack": one.pack,
        "domain": domain,
        "effect": REVIEW,
        "name": rule.effect.name,
        "message": words.say(rule.message, rule.title),
        "law": law_of(rule.cite, pack, rule.basis),
        "confidence": rule.confidence.value,
        "because": {},
        "demoted": _told(one, rule.effect.kind, fired=False),
    }


# -- asked once ---------------------------------------------------------------------------------------------------------


class _LookedOnce:
    """A lookout that looks once, so that both answers hear the same."""

    def __init__(self, lookout: Lookout) -> None:
        self._lookout = lookout
        self._heard: dict[str, Any] = {}

    def screened(self, facts: Facts, at: datetime) -> dict[str, Any] | None:
        """As the lookout says."""
        if "screened" not in self._heard:
            self._heard["screened"] = self._lookout.screened(facts, at)
        found: dict[str, Any] | None = self._heard["screened"]
        return found

    def scenarios(self, facts: Facts, at: datetime, decision_id: str) -> list[dict[str, Any]] | None:
        """As the lookout says."""
        if "scenarios" not in self._heard:
            self._heard["scenarios"] = self._lookout.scenarios(facts, at, decision_id)
        found: list[dict[str, Any]] | None = self._heard["scenarios"]
        return found


__all__ = ["REASON", "part_of"]
