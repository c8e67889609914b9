"""Readings written by hand: a text, and what a reader would find in it, each by the words that say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from ingest.read.model import (
    ChangeType,
    Dated,
    DateRole,
    Instrument,
    Named,
    Pair,
    Quantity,
    Reading,
    Scored,
    Span,
    Status,
    Topic,
    Unit,
)


def span(text: str, words: str) -> Span:
    """Where the words stand first. They must stand there."""
    start = text.index(words)
    return Span(start, start + len(words))


def quantity(text: str, words: str, value: str, unit: Unit, currency: str | None = None) -> Quantity:
    return Quantity(span(text, words), Decimal(value), unit, currency)


def pair(text: str, old: Quantity | None, new: Quantity, about: str = "") -> Pair:
    starts = [one.span.start for one in (old, new) if one]
    ends = [one.span.end for one in (old, new) if one]
    return Pair(Span(min(starts), max(ends)), old, new, about)


def rates(text: str, old: str | None, new: str, about: str = "") -> Pair:
    """A pair of percentages, told as `22 %` or `22%`."""
    before = None if old is None else quantity(text, old, old.rstrip("% "), Unit.PERCENT)
    return pair(text, before, quantity(text, new, new.rstrip("% "), Unit.PERCENT), about)


def amounts(text: str, old: tuple[str, str] | None, new: tuple[str, str], currency: str, about: str = "") -> Pair:
    """A pair of amounts: the words and the value of each."""
    before = None if old is None else quantity(text, old[0], old[1], Unit.AMOUNT, currency)
    return pair(text, before, quantity(text, new[0], new[1], Unit.AMOUNT, currency), about)


def reading(
    text: str,
    *,
    topic: Topic,
    change: ChangeType,
    places: Sequence[tuple[str, str]] = (),
    pairs: Sequence[Pair] = (),
    applies: tuple[str, date] | None = None,
    exact: bool = True,
    status: Status = Status.IN_FORCE_SCHEDULED,
    instruments: Sequence[tuple[str, str, str]] = (),
    regulators: Sequence[tuple[str, str]] = (),
    dates: Sequence[Dated] = (),
    language: str = "en",
    relevant: bool = True,
) -> Reading:
    """`places` and `regulators`: words and name. `instruments`: words, name, provision."""
    days = [Dated(span(text, applies[0]), applies[1], DateRole.APPLIES, exact)] if applies else []
    return Reading(
        text, language, status, None, 0.97 if relevant else 0.05, relevant,
        (Scored(topic.value, 0.9),) if relevant else (), change, 0.9,
        tuple(Named(span(text, words), name) for words, name in places),
        tuple(Named(span(text, words), name) for words, name in regulators),
        tuple(Instrument(span(text, words), name, "other", at) for words, name, at in instruments),
        (), tuple(pairs), (*days, *dates),
    )  # fmt: skip
