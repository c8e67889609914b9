"""Payments full of words that must not be found, watched in a ledger that protects personal data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson

from api.monitoring import no_scenarios
from engine.history import EventKind
from engine.ledger import Ledger
from tests.ledger.canaries import CANARIES, every_value
from tests.ledger.factories import AT, entry, moment, store
from tests.ledger.tampering import by_hand
from tests.monitoring.watching import Register, World

YEARS = timedelta(days=9999)
PAYER = CANARIES["payer"]
PAYEE = {"id": "p-1", "name": "Vogelhaus Gansmann", "country": "DE"}
NOBODY = {"name": "Finkelbert Amselweg", "country": "DE", "date_of_birth": "1959-08-07"}
TABLES = ("watched_event", "watched_subject", "known_party")
CARD = "471147-2244"
PERSONAL = {
    **CANARIES,
    "card": CARD,
    "phone": "+49 30 4711 2244",
    "payee": PAYEE["name"],
    "nobody": NOBODY["name"],
    "nobody born": NOBODY["date_of_birth"],
}


def facts(who: str = PAYER, payee: dict[str, Any] | None = None) -> bytes:
    """A request full of canaries."""
    return orjson.dumps(
        {
            "amount": "900.00", "currency": "EUR", "occurred_at": AT.isoformat(), "reference": CANARIES["reference"],
            "payment": {
                "instrument": "card", "account": {"iban": CANARIES["iban"]}, "card": {"bin": "471147", "last4": "2244"},
            },
            "payer": {
                "id": who, "country": "FR", "name": CANARIES["name"], "date_of_birth": CANARIES["born"],
                "address": CANARIES["street"], "email": CANARIES["email"], "phone": {"number": "+49 30 4711 2244"},
            },
            "payee": payee or PAYEE,
        }
    )  # fmt: skip


def paid(ledger: Ledger, who: str = PAYER, payee: dict[str, Any] | None = None) -> str:
    made = entry(facts=facts(who, payee), payer_id=who, counted=None, reference=CANARIES["reference"])
    store(ledger, made)
    ledger.history.record_event(made.id, EventKind.AUTHORISED, moment(5), {"said": CANARIES["said"]})
    return made.id


def watch(ledger: Ledger) -> None:
    worker = World(ledger, register=Register({})).worker(evaluate=no_scenarios)
    worker.run_once()
    worker.give_back()


def erase(ledger: Ledger, who: str = PAYER) -> int:
    return ledger.subjects.erase(who, "operator", "asked for", moment(100)).keys


def window(ledger: Ledger, kind: str = "party", subject: str = PAYER) -> set[str]:
    return {one.id for one in ledger.monitoring.window(kind, subject, AT, YEARS, 99)}


def known(ledger: Ledger) -> list[tuple[str, str]]:
    """Everybody who is known, with their names, and whatever has screened them."""
    found = ledger.monitoring.unscreened("other lists", 99)
    return sorted((one.subject_kind, orjson.loads(one.body)["name"]) for one in found)


def counts(url: str) -> list[int]:
    with by_hand(url) as hand:
        return [int(hand.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in TABLES]


def seen(url: str) -> set[str]:
    there = every_value(url)
    return {name for name, value in PERSONAL.items() if value in there}
