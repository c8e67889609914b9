"""One decision with all that shows how it came about: what an auditor takes away; and what its payer is told, by language."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

import orjson

from api import replaying
from api.decision_schemas import Document
from api.masking import Masks, Personal, personal_in
from api.problems import not_found
from api.service import Service
from api.staging import as_answered
from engine.ledger import FoundDecision, StoredDecision, StoredEvent
from engine.replay import replay

NOTICE: Final = (
    "Made by Lexgate from what was stated and from the law as it is kept here. It informs; it is not legal advice."
    " Not for the payer."
)


def document(service: Service, stored: StoredDecision, locale: str | None, personal: Personal = "masked") -> Document:
    """The document, shaped like `DocumentBody`. Nothing in it depends on when it is asked for. Personal values are masked unless
    they are wanted whole. Raises 404 where the release is
    gone."""
    found = service.ledger.search.one(stored.id)
    assert found is not None, "it is stored"
    told = replaying.explanation(service.packs_of, stored, locale)
    again = replaying.replayed(service.packs_of, stored, None, None)
    masks = Masks(personal_in(stored.facts) if personal == "masked" else ())
    told = told if personal == "whole" else masks.over(impersonal(told))
    made = {
        "document": "lexgate.decision",
        "version": 1,
        "notice": NOTICE,
        "locale": told["locale"],
        "id": stored.id,
        "release": stored.release,
        "release_version": service.ledger.release_version(stored.release),
        "decision": masks.over(orjson.loads(stored.answer)),
        "payment": _payment(found),
        "request": {"sha256": sha256(stored.facts).hexdigest(), "bytes": len(stored.facts), "key": stored.key_id},
        "chain": {
            "table": "decision", "seq": stored.seq, "hash": stored.hash.hex(), "recorded_at": stored.recorded_at.isoformat(),
        },
        "replay": {"identical": again["identical"], "differences": masks.over(again["differences"])},
        "events": events(service.ledger.history.events(stored.id)),
        "explanation": told,
    }  # fmt: skip
    return {**made, "masked": masks.fields}


def events(told: tuple[StoredEvent, ...]) -> list[dict[str, str]]:
    """What was told of a decision, without details."""
    return [
        {"kind": one.kind.value, "at": one.at.isoformat(), "recorded_at": one.recorded_at.isoformat()} for one in told
    ]


def impersonal(explanation: dict[str, Any]) -> dict[str, Any]:
    """An explanation without the names, days of birth and papers that were held against lists."""
    screening = explanation.get("screening")
    if not screening or not screening.get("parties"):
        return explanation
    parties = [{**party, "asked": None} for party in screening["parties"]]
    return {**explanation, "screening": {**screening, "parties": parties}}


def messages(service: Service, stored: StoredDecision) -> dict[str, Any]:
    """What the payer is told, in every language of the release, shaped like `MessagesBody`. Raises 404 where it is gone."""
    packs = service.packs_of(stored.release)
    if packs is None:
        raise not_found("release")
    inputs, answer = orjson.loads(stored.inputs), orjson.loads(stored.answer)
    said = (
        as_answered(replay(stored.facts, inputs, packs, locale=language).body, stored, packs)
        for language in packs.languages
    )
    return {
        "id": stored.id, "outcome": answer["outcome"], "locale": answer["locale"], "data": [_message(body) for body in said],
    }  # fmt: skip


def _message(body: dict[str, Any]) -> dict[str, Any]:
    kyc, method = body.get("kyc") or {}, body.get("method") or {}
    wanted = [*kyc.get("collect", ()), *method.get("collect", ())]
    checks = [one for one in method.get("checks", ()) if one["verdict"] == "failed"]
    return {
        "locale": body["locale"],
        "message": body["message"],
        "collect": [{"field": one["field"], "why": one["why"]} for one in wanted],
        "checks": [{"field": one["field"], "why": one["why"] or ""} for one in checks],
    }


def _payment(found: FoundDecision) -> dict[str, Any]:
    stated = {name: found.stated.get(name) for name in ("kind", "instrument", "method", "channel")}
    return {
        **stated, "amount": found.amount, "currency": found.currency, "countries": found.countries, "merchant": found.merchant,
    }  # fmt: skip
