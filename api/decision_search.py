"""Decisions looked for, as they are answered."""

from __future__ import annotations

from typing import Any, Final

import orjson

from api.decision_schemas import DecisionQuery
from api.logs import logger
from api.service import Service
from engine.ledger import DecisionsWanted, FoundDecision, LedgerError, Page, Search, StoredDecision

AT_ONCE: Final = 2_000
"""Decisions that a search takes in before it looks: a fraction of a second."""
_log = logger("lexgate.search")


def page_of(service: Service, asked: DecisionQuery) -> bytes:
    """A page of decisions as JSON."""
    ledger, wanted = service.ledger, asked.wanted()
    whole = asked.view == "whole"
    if wanted == DecisionsWanted(reference=asked.reference):
        # What nobody narrows is read off the chain itself: there is nothing to be behind with.
        page = ledger.decisions(limit=asked.limit, after=asked.after, reference=asked.reference)
        short = map(ledger.search.told, page.data)
        bodies = [_whole(one) for one in page.data] if whole else [orjson.dumps(summary(one)) for one in short]
        return _page(bodies, page, {})
    try:
        ledger.search.take_in(AT_ONCE)
    except LedgerError as error:
        # A ledger that cannot be written can still be searched: `searched_from` says how far.
        _log.warning("search_not_taken_in", code=error.code)
    found = ledger.search.find(wanted, limit=asked.limit, after=asked.after)
    if not whole:
        return _page([orjson.dumps(summary(one)) for one in found.data], found, _reach(found))
    stored_ = [ledger.decision(one.id) for one in found.data]
    return _page([_whole(one) for one in stored_ if one is not None], found, _reach(found))


def _whole(stored: StoredDecision) -> bytes:
    """The very bytes that were answered; of one that was erased its envelope."""
    if not stored.erased:
        return stored.answer
    return orjson.dumps(
        {
            "id": stored.id, "at": stored.at.isoformat(), "outcome": stored.outcome, "release": stored.release, "erased": True,
        }
    )  # fmt: skip


def summary(found: FoundDecision) -> dict[str, Any]:
    """A decision as a list shows it."""
    told: dict[str, Any] = {
        "id": found.id, "at": found.at.isoformat(), "outcome": found.outcome, "reference": found.reference,
        "payer": found.payer, "merchant": found.merchant, "amount": found.amount, "currency": found.currency,
        "verdicts": found.verdicts, "countries": found.countries, "stated": found.stated, "rulepacks": list(found.laws),
        "rules": list(found.rules), "release": found.release,
    }  # fmt: skip
    return {**told, "erased": True} if found.erased else told


def _reach(found: Search) -> dict[str, str]:
    reach = {"searched_until": found.until, "searched_from": found.since}
    return {name: at.isoformat() for name, at in reach.items() if at is not None}


def _page(bodies: list[bytes], page: Page[Any] | Search, more: dict[str, str]) -> bytes:
    rest = orjson.dumps({"next": page.next, **more})
    return b'{"data":[' + b",".join(bodies) + b"]," + rest[1:]
