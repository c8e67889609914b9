"""Test mode: payments whose outcome is named by whoever asks, for the tests of a client. Only ever under a test key.

A decision of test mode says `livemode: false`. Under a live key these names are refused: nobody chooses the outcome of a payment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from api.problems import Fault, Problem, refused
from engine.facts import Facts
from engine.ledger import StoredDecision
from engine.packs import PackSet
from engine.replay import facts_from

PACK: Final = "TEST"
MODE: Final = (b"lexgate-mode", b"test")
_FACTS: Final = ("reference", "payer.id")
_START: Final = "test_"
_MARK: Final = b'"livemode":false'


@dataclass(frozen=True, slots=True)
class Scene:
    """What a name does: the outcome, and the domain that its finding is said to be of."""

    outcome: str
    domain: str


SCENES: Final[Mapping[str, Scene]] = {
    "test_allow": Scene("allow", "sca"),
    "test_challenge": Scene("challenge", "sca"),
    "test_collect": Scene("collect", "kyc"),
    "test_unknown": Scene("collect", "sca"),
    "test_review": Scene("review", "aml"),
    "test_sanctions_hit": Scene("block", "aml"),
    "test_block": Scene("block", "methods"),
}
"""Name -> what is answered."""
REFUSALS: Final[Mapping[str, Problem]] = {
    "test_rate_limited": Problem(
        "rate_limited", "Test mode: this name is always refused so.", headers={"retry-after": "1"}
    ),
    "test_unavailable": Problem(
        "unavailable", "Test mode: this name is always refused so.", headers={"retry-after": "1"}
    ),
}
"""Name -> the problem that is answered."""
_NAME: Final = re.compile(rf"({'|'.join([*SCENES, *REFUSALS])})(?![A-Za-z0-9_])")
"""At the beginning; what follows the name tells several apart: `test_block-17`."""


def name_in(facts: Facts) -> str | None:
    """The name of a scene, in the reference or else in the payer's id."""
    for fact in _FACTS:
        said = facts.get(fact)
        if said is not None and said.startswith(_START) and (found := _NAME.match(said)):
            return found[1]
    return None


def require_playable(facts: Facts, *, livemode: bool) -> None:
    """Raises 422 for a name of test mode under a live key, and what a name is always refused with under a test key."""
    name = name_in(facts)
    if name is None:
        return
    if livemode:
        where = next(one for one in _FACTS if (facts.get(one) or "").startswith(name))
        said = "This name chooses an outcome in test mode: under a live key it is refused"
        raise refused(Fault("/" + where.replace(".", "/"), "test_name", said))
    problem = REFUSALS.get(name)
    if problem is not None:
        raise Problem(problem.kind, problem.detail, headers=problem.headers)


def staged(body: dict[str, Any], facts: Facts, packs: PackSet) -> dict[str, Any]:
    """A decision of test mode: what the law says, marked; and where the payment has a name, its outcome and what goes with it."""
    name = name_in(facts)
    if name is not None and name in SCENES:
        body = _played(body, name, packs)
    return {**body, "livemode": False}


def as_answered(body: dict[str, Any], stored: StoredDecision, packs: PackSet) -> dict[str, Any]:
    """A decision that was made again, staged as the stored one was."""
    if _MARK not in stored.answer or orjson.loads(stored.answer).get("livemode") is not False:
        return body
    return staged(body, facts_from(stored.facts), packs)


def _played(body: dict[str, Any], name: str, packs: PackSet) -> dict[str, Any]:
    scene = SCENES[name]
    message = packs.words(body["locale"]).say(f"payer.{scene.outcome}")
    finding = {
        "rule": name.replace("_", ".", 1), "pack": PACK, "domain": scene.domain, "effect": scene.outcome, "name": name,
        "message": message, "law": {"instrument": None, "provision": None, "url": None, "basis": "house"}, "confidence": "A",
        "because": {"test mode": name},
    }  # fmt: skip
    parts = {part: {**body[part], **more} for part, more in _parts(name, message).items() if body.get(part)}
    missing = body["missing"]
    if name == "test_unknown":
        asked = {"field": "payment.risk.level", "asked_by": [f"{PACK}/test.unknown"], "would_settle": ["sca"]}
        missing = [one for one in missing if one["field"] != asked["field"]] + [asked]
    return {
        **body, **parts, "outcome": scene.outcome, "missing": missing, "findings": [finding, *body["findings"]],
        "message": message,
    }  # fmt: skip


def _parts(name: str, message: str) -> dict[str, dict[str, Any]]:
    """What a scene says in the parts of domains, where they were asked for."""
    nothing = {"exemption": None, "by": None, "reason": None}
    match name:
        case "test_challenge":
            return {"sca": {"verdict": "required", **nothing, "satisfied": False}}
        case "test_unknown":
            return {"sca": {"verdict": "undecided", **nothing, "satisfied": False}}
        case "test_collect":
            wanted = [{"field": "payer.date_of_birth", "why": message}]
            return {"kyc": {"verdict": "collect", "level_required": "basic", "collect": wanted}}
        case "test_review":
            return {"aml": {"verdict": "review"}}
        case "test_sanctions_hit":
            return {"aml": {"verdict": "block", "screening": _HIT}}
        case _:
            return {}


_HIT: Final[dict[str, Any]] = {
    "performed": True,
    "verdict": "hit",
    "parties": [
        {
            "role": "payer", "pointer": "/payer", "verdict": "hit",
            "matches": [
                {
                    "entry": {"id": "TEST:1", "list": PACK, "name": "Test Entry"}, "score": "1.0000", "band": "confirmed",
                    "features": [], "cleared_by": None, "effect": "block", "because": "law",
                }
            ],
        }
    ],
}  # fmt: skip
"""A hit on a list that there is none of."""
