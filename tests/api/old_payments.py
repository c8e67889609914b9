"""Decisions of several months, that somebody archives."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson

from engine.decide import decide
from engine.history import NullHistory
from engine.ledger import Ledger
from engine.replay import facts_from
from tests.backtest.past import law, rates
from tests.ledger.archiving import Calendar
from tests.ledger.factories import entry, store


def fill(url: str) -> None:
    """Contactless payments of 40 euro, four in each of three months that are over and of one that is not."""
    clock = Calendar()
    with Ledger.open(url, clock=clock) as ledger:
        for month in range(4):
            clock.now = datetime(2023 if month == 3 else 2021, month + 1, 2, 10, tzinfo=UTC)
            for number in range(4):
                body = orjson.dumps(
                    {
                        "occurred_at": clock.now.isoformat(), "amount": f"{20 + 10 * number}.00", "currency": "EUR",
                        "payer": {"id": "c-1"}, "reference": f"ord-{month}-{number}",
                        "payment": {
                            "instrument": "card", "channel": "contactless", "initiator": "payer",
                            "issuer_country": "DE", "acquirer_country": "DE",
                            "since_authenticated": {"count": 1, "policy": "count"},
                        },
                    }
                )  # fmt: skip
                facts = facts_from(body)
                made = decide(
                    facts, law(), NullHistory(), rates=rates(), decision_id="dec_1", now=clock.now, domains=("sca",)
                )
                store(
                    ledger,
                    entry(at=clock.now, facts=body, inputs=orjson.dumps(made.inputs), release=law().release.digest),
                )  # fmt: skip
