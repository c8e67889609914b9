"""A million past payments as columns, made in seconds and the same every time: what a checkout sees in a quarter.

Every value is drawn from a number that is reckoned from the row and the name of the field (splitmix64), so that any part of them
can be made alone. Callers send the same fields every time; one optional field in ten is one that a caller never sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final
from zlib import crc32

import polars as pl

from bench.payments import EDGES
from engine.backtest import ROW, Payments
from engine.language.columns import NUMBER

CALLERS: Final = 60
MISSING: Final = 10
"""One optional field in so many is missing."""
START: Final = datetime(2026, 9, 1, tzinfo=UTC)
SECONDS: Final = 80 * 86_400
PLACES: Final = {"DE": 40, "FR": 12, "ES": 9, "IT": 9, "NL": 9, "AT": 7, "BE": 5, "IE": 3, "PT": 3, "FI": 3}
"""Weights of a hundred: the euro area, Germany first."""

_U64: Final = pl.UInt64
_DAY: Final = date(2026, 6, 30)


def _mixed(value: pl.Expr) -> pl.Expr:
    """splitmix64."""
    value = (value ^ (value // pl.lit(2**30, _U64))) * pl.lit(0xBF58476D1CE4E5B9, _U64)
    value = (value ^ (value // pl.lit(2**27, _U64))) * pl.lit(0x94D049BB133111EB, _U64)
    return value ^ (value // pl.lit(2**31, _U64))


def _drawn(name: str, of: str = ROW) -> pl.Expr:
    """A number of 64 bits for each row, or for each caller, and this name."""
    seed = crc32(name.encode()) * 0x9E3779B97F4A7C15 % 2**64
    return _mixed(pl.col(of).cast(_U64) * pl.lit(0x9E3779B97F4A7C15, _U64) + pl.lit(seed, _U64))


def _below(name: str, limit: int, of: str = ROW) -> pl.Expr:
    return _drawn(name, of) % pl.lit(limit, _U64)


def _picked(name: str, weights: dict[str | None, int] | dict[str, int], of: str = ROW) -> pl.Expr:
    table = pl.Series([word for word, weight in weights.items() for _ in range(weight)], dtype=pl.String)
    return pl.lit(table).gather(_below(name, len(table), of))


def _chance(name: str, percent: int, of: str = ROW) -> pl.Expr:
    return _below(name, 100, of) < pl.lit(percent, _U64)


def _cents(name: str) -> pl.Expr:
    """Around the limits of the law in four of ten, else mostly small."""
    edge = pl.lit(pl.Series(EDGES, dtype=pl.Int64)).gather(_below(f"{name} edge", len(EDGES)))
    small = (_below(f"{name} a", 30_000) * _below(f"{name} b", 300) // pl.lit(300, _U64) + pl.lit(50, _U64)).cast(
        pl.Int64
    )
    return pl.when(_chance(f"{name} at", 40)).then(edge).otherwise(small)


def _money(cents: pl.Expr) -> pl.Expr:
    return (cents.cast(pl.Decimal(30, 2)) * pl.lit("0.01").cast(pl.Decimal(30, 2))).cast(NUMBER)


def past_payments(
    count: int, *, start: int = 0, places: dict[str, int] | None = None, foreign: int = 0, by_row: bool = False
) -> Payments:
    """Payments `start + 1` to `start + count`. `foreign`: so many in a thousand are in another currency than the euro;
    `by_row`: what is not stated varies from payment to payment, and not from caller to caller."""
    places = places or PLACES
    frame = pl.DataFrame({ROW: pl.int_range(start + 1, start + count + 1, dtype=_U64, eager=True)})
    frame = frame.with_columns(_below("caller", CALLERS).alias("caller"))
    frame = frame.with_columns(_who(places)).with_columns(_what(foreign)).with_columns(_assured())
    frame = frame.with_columns(_unsaid(frame.columns, "row" if by_row else "caller"))
    amounts = [name for name in frame.columns if frame[name].dtype == NUMBER and name != "payment.fraud_rate.bps"]
    frame = frame.with_columns(
        pl.when(pl.col(name).is_not_null()).then(pl.col("currency")).alias(f"{name}.currency") for name in amounts
    )
    return Payments(frame.drop("caller"))


def _who(places: dict[str, int]) -> Sequence[pl.Expr]:
    return [
        _picked("issuer", places).alias("payment.issuer_country"),
        _picked("acquirer", places, "caller").alias("payment.acquirer_country"),
        _picked("payer", places).alias("payer.country"),
        _picked("acquirer", places, "caller").alias("payee.country"),
        pl.format("c-{}", _below("payer id", 100_000)).alias("payer.id"),
        _picked("type", {"individual": 8, "organisation": 2}).alias("payer.type"),
        _picked("asked_by", {"acquirer": 55, "issuer": 30, "merchant": 15}, "caller").alias("asked_by"),
        _picked("relationship", {"occasional": 5, "new": 5, "established": 90}, "caller").alias("relationship"),
        _picked("level", {"basic": 2, "verified": 7, "enhanced": 1}).alias("payer.identity.level"),
        (pl.lit(START).dt.epoch("us") + _below("when", SECONDS).cast(pl.Int64) * 1_000_000)
        .cast(pl.Datetime("us", "UTC"))
        .alias("occurred_at"),
        pl.lit(0, pl.Int64).alias("occurred_at.offset"),
    ]


def _what(foreign: int) -> Sequence[pl.Expr]:
    instrument = _picked("instrument", {"card": 70, "credit_transfer": 16, "direct_debit": 8, "e_money": 6}, "caller")
    channel = _picked("channel", {"remote": 60, "contactless": 25, "chip": 10, "unattended_terminal": 5}, "caller")
    abroad = _picked("currency", {"SEK": 1, "PLN": 1, "USD": 1, "JPY": 1})
    return [
        pl.lit("sale").alias("kind"),
        instrument.alias("payment.instrument"),
        pl.when(instrument == "card").then(channel).otherwise(pl.lit("remote")).alias("payment.channel"),
        pl.when(instrument == "direct_debit")
        .then(pl.lit("payee"))
        .otherwise(pl.lit("payer"))
        .alias("payment.initiator"),
        pl.when(instrument == "credit_transfer")
        .then(_picked("method", {"sepa_instant": 1, "ideal": 1, "sepa_credit_transfer": 2}, "caller"))
        .alias("payment.method"),
        pl.when(_below("foreign", 1000) < pl.lit(foreign, _U64))
        .then(abroad)
        .otherwise(pl.lit("EUR"))
        .alias("currency"),
        _money(_cents("amount") // 100 * 100).alias("amount"),
        _money(_below("spent", 200).cast(pl.Int64) * 100).alias("payment.since_authenticated.amount"),
        _below("count", 8).cast(pl.Int64).alias("payment.since_authenticated.count"),
        _picked("policy", {"amount": 1, "count": 1}, "caller").alias("payment.since_authenticated.policy"),
    ]


def _assured() -> Sequence[pl.Expr]:
    rate = pl.lit(pl.Series(["0.5", "1", "1.01", "6", "6.01", "13", "13.01", "20"]).cast(NUMBER))
    mandate = pl.col("payment.initiator") == "payee"
    flags = {"authenticated": 80, "first": 20, "same_amount": 70, "same_payee": 90, "being_set_up": 15}
    return [
        rate.gather(_below("bps", 8)).alias("payment.fraud_rate.bps"),
        pl.lit(_DAY).alias("payment.fraud_rate.reference_date"),
        _picked("risk", {"low": 19, "high": 1}).alias("payment.risk.level"),
        _chance("prepaid", 1).alias("payment.anonymous_prepaid"),
        _chance("corporate", 5).alias("payment.corporate_process"),
        _chance("trusted", 10).alias("payment.trusted_beneficiary"),
        _chance("own", 2).alias("payment.own_account"),
        pl.when(pl.col("payment.channel") == "unattended_terminal")
        .then(_picked("purpose", {"transport_fare": 1, "parking": 1, "vending": 1}))
        .alias("payment.terminal.purpose"),
        *(
            pl.when(mandate).then(_chance(name, share)).alias(f"payment.mandate.{name}")
            for name, share in flags.items()
        ),
        (_below("label", 1000) < pl.lit(4, _U64)).alias("label"),
    ]


_SAID: Final = frozenset(
    {ROW, "caller", "label", "occurred_at", "occurred_at.offset", "amount", "currency", "kind", "payment.instrument",
     "payment.acquirer_country", "asked_by"}
)  # fmt: skip
"""What a payment cannot leave out."""


def _unsaid(names: Sequence[str], of: str) -> Sequence[pl.Expr]:
    return [
        pl.when(_below(f"unsaid {name}", MISSING, of) != pl.lit(0, _U64)).then(pl.col(name)).alias(name)
        for name in names
        if name not in _SAID
    ]
