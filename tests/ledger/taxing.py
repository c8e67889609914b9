"""Taxes to store: calculations, transactions of two lines with three taxes, and reversals, made by hand from plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

from engine.ledger import (
    CalculationEntry,
    IdempotencyKey,
    Ledger,
    Refusal,
    ReturnEntry,
    ReversalEntry,
    Stored,
    StoredReversal,
    StoredTransaction,
    TransactionEntry,
)
from engine.postings import Posting
from tests.ledger.factories import AT

RELEASE = "sha256:" + "ab" * 32
_numbers = count(1)


def posting(**changes: Any) -> Posting:
    """10.00 of books from Germany to France at 5.5 %."""
    made = Posting(
        line=0, part=0, line_id="1", country="FR", region=None, origin="DE", destination="FR", kind="goods",
        customer="consumer", platform=0, scheme="oss", treatment="reduced", component="TVA", jurisdiction="FR", rate="5.5",
        quantity="2", net=1000, taxable=1000, tax=55, gross=1055,
    )  # fmt: skip
    return made._replace(**changes)


LINES = (
    posting(),
    posting(line=1, line_id="2", component="GST", jurisdiction="CA", country="CA", rate="5", net=2000, taxable=2000, tax=100,
            gross=2300, quantity=None, scheme="domestic", destination="CA-QC"),
    posting(line=1, part=1, line_id="2", component="QST", jurisdiction="CA-QC", country="CA", rate="10", net=0, taxable=2000,
            tax=200, gross=0, quantity=None, scheme="domestic", destination="CA-QC"),
)  # fmt: skip
"""33.55 in all: 30.00 and 3.55 of tax."""


def calculation(**changes: Any) -> CalculationEntry:
    """A calculation with an id of its own."""
    number = next(_numbers)
    made = CalculationEntry(
        id=f"calc_{number:026d}",
        at=AT,
        key_id="key_1",
        reference=f"ord-{number}",
        payer_id=None,
        merchant="m-1",
        profile_version=1,
        verdict="determined",
        valid_until=AT + timedelta(days=90),
        release=RELEASE,
        facts=b'{"amount":"30.00"}',
        inputs=b'{"rates":[]}',
        answer=b'{"tax":{}}',
    )
    return replace(made, **changes)


def transaction(of: CalculationEntry, **changes: Any) -> TransactionEntry:
    """A commitment of a calculation."""
    made = TransactionEntry(
        id=of.id.replace("calc_", "tax_"),
        calculation_id=of.id,
        at=AT,
        key_id="key_1",
        reference=of.reference,
        merchant=of.merchant,
        day=date(2026, 11, 22),
        currency="EUR",
        digits=2,
        release=of.release,
        postings=LINES,
        answer=b'{"id":"tax"}',
    )
    return replace(made, **changes)


def committed(ledger: Ledger, **changes: Any) -> TransactionEntry:
    """Calculate and commit."""
    made = calculation(**{key: changes[key] for key in ("merchant",) if key in changes})
    assert isinstance(ledger.taxes.remember(made), Stored)
    entry = transaction(made, **changes)
    assert isinstance(ledger.taxes.commit(entry), Stored)
    return entry


def back(of: TransactionEntry, *postings: Posting, **changes: Any) -> ReversalEntry:
    """Give back these postings."""
    number = next(_numbers)
    made = ReversalEntry(
        id=f"rev_{number:026d}",
        transaction_id=of.id,
        at=AT,
        key_id="key_1",
        reference=f"credit-{number}",
        mode="lines",
        day=date(2026, 11, 25),
        request=b'{"mode":"partial"}',
        postings=postings,
        answer=f'{{"id":"rev {number}"}}'.encode(),
    )
    return replace(made, **changes)


def give_back(ledger: Ledger, entry: ReversalEntry, once: IdempotencyKey | None = None) -> Any:
    """Store a reversal that was worked out beforehand."""

    def make(_: StoredTransaction, __: Sequence[StoredReversal]) -> ReversalEntry | Refusal:
        return entry

    return ledger.taxes.reverse(entry.transaction_id, make, once)


def returned(of: TransactionEntry, **changes: Any) -> ReturnEntry:
    """The quarter's return with one transaction in it."""
    number = next(_numbers)
    made = ReturnEntry(
        id=f"ret_{number:026d}",
        at=AT,
        key_id="key_1",
        reference="OSS-1",
        merchant="m-1",
        scheme="oss",
        period="2026-Q4",
        first=date(2026, 10, 1),
        last=date(2026, 12, 31),
        version=1,
        corrects="ret_0",
        upto=1,
        digest=RELEASE,
        release=RELEASE,
        documents=f'["{of.id}"]'.encode(),
        answer=b'{"return":{}}',
    )
    return replace(made, **changes)


PART = posting(quantity="1", net=500, taxable=500, tax=28, gross=528)
"""One of the two books."""
