"""The life of a tax."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from lexgate_client._async.transport import AsyncTransport
from lexgate_client._scalars import Instant, Money
from lexgate_client._tax import (
    Calculation,
    LineBack,
    Rates,
    Reversal,
    TaxNumber,
    TaxNumberFound,
    TaxTransaction,
    Thresholds,
)
from lexgate_client._transaction import TaxQuestion
from lexgate_client._wire import part


class AsyncTax:
    """`client.tax`. Needs the scope `tax`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def calculate(
        self, question: TaxQuestion, *, idempotency_key: str | None = None, language: str | None = None
    ) -> Calculation:
        """Work a tax out. Stored, and valid for 90 days."""
        return await self._transport.ask(
            "POST",
            "/v1/tax/calculations",
            Calculation,
            body=question,
            idempotency_key=idempotency_key,
            language=language,
        )

    async def calculation(self, calculation_id: str) -> Calculation:
        """As it was answered."""
        return await self._transport.ask("GET", f"/v1/tax/calculations/{part(calculation_id)}", Calculation)

    async def commit(
        self, calculation_id: str, *, reference: str | None = None, idempotency_key: str | None = None
    ) -> TaxTransaction:
        """The sale was made: its tax counts from now on. Raises Undecided, Expired, AlreadyCommitted."""
        body = {"calculation": calculation_id, **({"reference": reference} if reference is not None else {})}
        return await self._transport.ask(
            "POST", "/v1/tax/transactions", TaxTransaction, body=body, idempotency_key=idempotency_key
        )

    async def transaction(self, transaction_id: str) -> TaxTransaction:
        """What was charged, what went back of it, and what is left."""
        return await self._transport.ask("GET", f"/v1/tax/transactions/{part(transaction_id)}", TaxTransaction)

    async def refund(
        self,
        transaction_id: str,
        *,
        amount: Money | None = None,
        lines: Sequence[LineBack] | None = None,
        tax_inclusive: bool = True,
        reference: str | None = None,
        at: Instant | None = None,
        idempotency_key: str | None = None,
    ) -> Reversal:
        """Give back: all that is left, or an amount, or lines. Never more than was charged: Invalid."""
        is_full = amount is None and lines is None
        stated = {"amount": amount, "lines": lines, "reference": reference, "at": at}
        body = {
            "mode": "full" if is_full else "partial",
            "tax_inclusive": tax_inclusive,
            **{name: value for name, value in stated.items() if value is not None},
        }
        path = f"/v1/tax/transactions/{part(transaction_id)}/reversals"
        return await self._transport.ask("POST", path, Reversal, body=body, idempotency_key=idempotency_key)

    async def rates(
        self, country: str, *, date: dt.date | None = None, category: str | None = None, region: str | None = None
    ) -> Rates:
        """The rates in force. Raises NotFound where no pack has tax law of the place: never a zero."""
        query = {"country": country, "date": date, "category": category, "region": region}
        return await self._transport.ask("GET", "/v1/tax/rates", Rates, query=query)

    async def thresholds(self, merchant: str) -> Thresholds:
        """How near a merchant is to each threshold."""
        return await self._transport.ask("GET", "/v1/tax/thresholds", Thresholds, query={"merchant": merchant})

    async def look_at_numbers(
        self, numbers: Sequence[TaxNumber], *, idempotency_key: str | None = None
    ) -> list[TaxNumberFound]:
        """What can be said of tax numbers, in their order."""
        return await self._transport.ask(
            "POST", "/v1/tax/ids/validate", list[TaxNumberFound], body=numbers, idempotency_key=idempotency_key
        )
