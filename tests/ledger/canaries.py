"""Decisions full of words that must not be found, and short ways to store and erase them."""

from __future__ import annotations

import json

from engine.history import EventKind, FeatureForm, Of
from engine.ledger import AuditReport, DecisionEntry, Ledger, Owed, verify
from engine.ledger import subjects as subjects_
from engine.ledger._audit_found import BadRow
from engine.ledger._database import Database
from engine.ledger.tables import METADATA
from engine.wrapping import Ring
from tests.ledger.factories import AT, asked, counted, entry, moment, store
from tests.ledger.tampering import by_hand

CANARIES = {
    "payer": "canary-payer-4711",
    "name": "Kanariana Vogelsang",
    "born": "1961-02-03",
    "street": "Kanarienweg 17",
    "email": "kanariana@vogelsang.example",
    "ip": "203.0.113.177",
    "reference": "canary-order-99",
    "card": "canary-card-2244",
    "iban": "DE02120300000000202051",
    "said": "canary-details-81",
}
FACTS = json.dumps(
    {
        "amount": "24.90", "currency": "EUR", "reference": CANARIES["reference"], "occurred_at": AT.isoformat(),
        "payer": {
            "id": CANARIES["payer"], "name": CANARIES["name"], "date_of_birth": CANARIES["born"],
            "address": CANARIES["street"], "email": CANARIES["email"], "country": "DE",
        },
        "payee": {"id": "m-1", "country": "FR"},
        "payment": {"instrument": "card", "channel": "remote", "account": {"iban": CANARIES["iban"]}},
    }
).encode()  # fmt: skip


BY_PAYER = FeatureForm(Of.COUNT, None, (), ("payer_id",), ("account",))
BY_PAYEE = FeatureForm(Of.SUM, None, (("currency", ("EUR",)),), ("payee_id",), ())


def canary(**changes: object) -> DecisionEntry:
    """A decision full of canaries."""
    payer = CANARIES["payer"]
    stated = {
        "payer_id": payer, "reference": CANARIES["reference"], "facts": FACTS,
        "inputs": json.dumps({"screened": CANARIES["name"], "seen": CANARIES["ip"]}).encode(),
        "answer": json.dumps({"outcome": "allow", "hello": CANARIES["name"]}).encode(),
        "counted": counted(payer, card=CANARIES["card"]),
        "owed": (Owed("report", "aml", "merchant", None, None, "Report it"),),
        **changes,
    }  # fmt: skip
    return entry(**stated)


def lived_in(ledger: Ledger) -> DecisionEntry:
    ledger.history.keep([BY_PAYER, BY_PAYEE])
    made = canary(idempotency=asked("k-1", b"body"))
    store(ledger, made)
    ledger.history.record_event(made.id, EventKind.CAPTURED, moment(5), {"said": CANARIES["said"]})
    ledger.search.take_in(10)
    return made


def erase(ledger: Ledger, who: str = CANARIES["payer"]) -> subjects_.Erasure:
    return ledger.subjects.erase(who, "operator", "asked for", moment(100))


def found(ledger: Ledger) -> AuditReport:
    return ledger.verify()


def wrapped_in(url: str) -> list[str]:
    with by_hand(url) as hand:
        return [one for (one,) in hand.execute("SELECT wrapped FROM subject WHERE wrapped IS NOT NULL").fetchall()]


def audited(url: str, ring: Ring | None) -> BadRow | None:
    return verify(url, ring=None if ring is None else lambda: ring).first_bad


def every_value(url: str) -> str:
    """Whatever stands in any column of any table."""
    database = Database(url)
    connection = database.connect()
    try:
        return "\n".join(
            bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
            for table in METADATA.tables
            for row in connection.execute(f"SELECT * FROM {table}").fetchall()
            for value in row
        )
    finally:
        connection.close()
