"""A ledger with a past: payments of the last days, decided by the law in force and stored as if they had been asked then."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from api.deciding import Asked, answer, facts_in
from api.service import Service
from bench.payments import Body, bodies, checkout

SEED = 20261127
_AT_ONCE = 64
_ELSEWHERE = ("GB", "US", "IN", "BR", "ID", "KE", "NG", "CN", "JP", "CH", "MX", "TH", "VN", "AU", "SG")
_CURRENCY = {
    "GB": "GBP", "US": "USD", "IN": "INR", "BR": "BRL", "ID": "IDR", "KE": "KES", "NG": "NGN", "CN": "CNY", "JP": "JPY",
    "CH": "CHF", "MX": "MXN", "TH": "THB", "VN": "VND", "AU": "AUD", "SG": "SGD",
}  # fmt: skip


def payments(count: int) -> Iterator[Body]:
    """Sales of a European checkout, each eighth payment in another part of the world, and now and then cash or an embargo."""
    rng = random.Random(SEED)
    for number, body in enumerate(bodies(count, seed=SEED, callers=64)):
        if number % 8:
            yield checkout(body, number)
        elif number % 200 == 0:
            yield _abroad(rng, number, rng.choice(("KP", "IR", "SY")), "wire")
        else:
            yield _abroad(rng, number, rng.choice(_ELSEWHERE), rng.choice(("card", "cash", "transfer")))


def _abroad(rng: random.Random, number: int, country: str, how: str) -> Body:
    currency = _CURRENCY.get(country, "USD")
    whole = rng.choice((40, 900, 4_000, 12_000, 250_000)) * (150 if currency in ("IDR", "VND") else 1)
    payment: Body = {"instrument": "credit_transfer", "channel": "remote", "issuer_country": country}
    if how == "card":
        payment = {"instrument": "card", "method": "visa", "channel": "remote", "initiator": "payer"}
        payment |= {"issuer_country": country, "acquirer_country": "DE"}
    elif how == "cash":
        payment = {"instrument": "cash"}
    body: Body = {"amount": str(whole), "currency": currency, "payment": payment, "reference": f"ord-{number}"}
    body |= {"payer": {"id": f"x-{number % 900}", "type": "individual", "country": country}}
    body |= {"payee": {"merchant": "m-1", "country": country if how == "cash" else "DE"}}
    return body


def fill(service: Service, count: int, *, over: timedelta = timedelta(days=7), until: datetime | None = None) -> None:
    """Decide and store `count` payments, spread evenly over the time before `until` (default: now). A ledger that goes by the
    clock of the service, and began before that time, has them recorded at these instants."""
    end = until or datetime.now(UTC)
    clock, service.clock = service.clock, lambda: end - over
    key = service.ledger.keys.create(["decide"], "checkout")[0].id
    told = iter(payments(count))
    step = over / count

    async def worker(numbers: Iterator[int]) -> None:
        for number in numbers:
            at = end - over + step * number
            body: dict[str, Any] = {**next(told), "occurred_at": at.isoformat()}
            service.clock = lambda: at  # noqa: B023  read before the next turn of the loop
            raw = orjson.dumps(body)
            await answer(service, facts_in(raw), Asked(key, raw, None))

    async def everything() -> None:
        numbers = iter(range(count))
        await asyncio.gather(*(worker(numbers) for _ in range(_AT_ONCE)))

    try:
        asyncio.run(everything())
    finally:
        service.clock = clock
