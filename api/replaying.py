"""Stored decisions asked again: the ladder of their reasons, and whether they would be answered the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

import orjson

from api.problems import not_found
from api.staging import as_answered
from engine.explain import explain
from engine.ledger import StoredDecision
from engine.packs import PackSet
from engine.replay import (
    RememberedHistory,
    differences,
    facts_from,
    remembered_domains,
    remembered_profiles,
    remembered_rates,
    replay,
)
from engine.tax.recorder import remembered_totals
from engine.tax.registers import remembered

PacksOf = Callable[[str], PackSet | None]
"""The law of a release by its digest, if it was ever in force here."""

_DIGEST: Final = re.compile(r"(sha256:)?[0-9a-f]{64}", re.ASCII)
"""Also without its prefix."""


def explanation(packs_of: PacksOf, stored: StoredDecision, locale: str | None) -> dict[str, Any]:
    """The ladder of a stored decision, in the language asked for or in its own. Raises 404 for a release that is gone."""
    inputs = orjson.loads(stored.inputs)
    packs = packs_of(stored.release)
    if packs is None:
        raise not_found("release")
    legal_day = inputs.get("legal_day")
    return explain(
        facts_from(stored.facts),
        packs,
        RememberedHistory(inputs),
        rates=remembered_rates(inputs),
        decision_id=stored.id,
        now=datetime.fromisoformat(inputs["now"]),
        locale=locale or inputs["locale"],
        legal_day=date.fromisoformat(legal_day) if legal_day else None,
        domains=remembered_domains(inputs),
        profiles=remembered_profiles(inputs),
        registers=remembered(inputs),
        totals=remembered_totals(inputs.get("recorded", ())),
        kept=inputs,
    )


def replayed(packs_of: PacksOf, stored: StoredDecision, release: str | None, legal_day: date | None) -> dict[str, Any]:
    """The same question again, and where its answer differs. Raises 404 for a release that never was in force here."""
    packs = packs_of(digest_of(release) if release is not None else stored.release)
    if packs is None:
        raise not_found("release")
    decided = replay(stored.facts, orjson.loads(stored.inputs), packs, legal_day=legal_day).body
    body = as_answered(decided, stored, packs)
    identical = orjson.dumps(body) == stored.answer
    return {
        "id": stored.id,
        "identical": identical,
        "release": packs.release.digest,
        "legal_day": legal_day.isoformat() if legal_day else None,
        "differences": [] if identical else list(differences(orjson.loads(stored.answer), body)),
        "decision": body,
    }


def digest_of(release: str) -> str:
    """The whole digest of a release that was named with or without its prefix. Raises 404 for what is no digest."""
    if not _DIGEST.fullmatch(release):
        raise not_found("release")
    return release if release.startswith("sha256:") else f"sha256:{release}"
