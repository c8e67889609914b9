"""The payments that the alerts of a case were found by, as an officer looks at them: what was paid when, by whom, to whom."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import orjson

from api.watching import Unreadable, facts_in, recorded
from engine.casework import CaseFile
from engine.facts import MINOR
from engine.ledger import Ledger
from engine.money import plain

_TOLD: Final = (
    "kind", "direction", "instrument", "method", "channel", "payer", "payee", "payer_country", "payee_country", "merchant",
    "outcome", "reference", "status",
)  # fmt: skip


def payments_of(ledger: Ledger, case: CaseFile) -> dict[str, list[str]]:
    """Ids of the decisions in evidence, in their order, which is that of time; each with the alerts that name it."""
    found: dict[str, list[str]] = {}
    for one in case.alerts:
        stored = ledger.alerts.one(one.id)
        for decision in () if stored is None else stored.alert.decisions:
            found.setdefault(decision, []).append(one.id)
    return {decision: found[decision] for decision in sorted(found)}


def payment_body(ledger: Ledger, decision_id: str, alerts: list[str]) -> dict[str, Any]:
    """A payment as it is answered. `readable` false: no decision with this id is kept here, or it cannot be read any more."""
    known = _record(ledger, decision_id)
    if known is None:
        return {"decision": decision_id, "alerts": alerts, "readable": False, "at": None, "amount": None, "currency": None,
                **dict.fromkeys(_TOLD)}  # fmt: skip
    at, record = known
    currency = record["currency"]
    amount = Decimal(record["amount"]) / MINOR[currency]
    told = {name: record.get(name) for name in _TOLD}
    return {
        "decision": decision_id, "alerts": alerts, "readable": True, "at": at.isoformat(),
        "amount": plain(amount, currency), "currency": currency, **told,
    }  # fmt: skip


def _record(ledger: Ledger, decision_id: str) -> tuple[datetime, dict[str, Any]] | None:
    """When it happened, and its record. The monitor forgets records that no window reaches: then the decision itself is read, and
    what became of the payment is not told."""
    watched = ledger.monitoring.record(decision_id)
    if watched is not None:
        found: dict[str, Any] = orjson.loads(watched.body)
        return watched.at, found
    stored = ledger.decision(decision_id)
    if stored is None or stored.erased:
        return None
    try:
        facts = facts_in(stored.facts)
    except Unreadable:
        return None
    return facts.get("occurred_at") or stored.at, {**recorded(facts, outcome=stored.outcome), "status": None}
