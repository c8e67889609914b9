"""The same question again: as it was, byte for byte, or under another release or another date, with the differences named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.decide import ONLY_SCA, decide
from engine.decision import Decision
from engine.decoding import NotPlain
from engine.facts import Facts, facts_of
from engine.features import RememberedFeatures
from engine.history import FeatureAnswer, FeatureQuestion, PastPayments, PastQuestion
from engine.layouts import decode
from engine.money import FixedRates, Money, Rate, RateKey
from engine.packs.packset import PackSet
from engine.tax.recorder import remembered_totals
from engine.tax.registers import remembered
from engine.tax.sale import Profiles
from engine.transaction import Transaction
from engine.wire import STORED


class RememberedHistory:
    """The history as the decision knew it."""

    def __init__(self, inputs: Mapping[str, Any]):
        self._past, self._features, remembered = None, RememberedFeatures(inputs), inputs["history"]
        if remembered is not None:
            amounts = tuple(Money(Decimal(amount), currency) for amount, currency in remembered["amounts"])
            self._past = PastPayments(amounts, remembered["count"])

    def since_authenticated(self, asked: PastQuestion) -> PastPayments | None:
        """What was remembered, whatever is asked now."""
        return self._past

    def features(self, asked: Sequence[FeatureQuestion]) -> Sequence[FeatureAnswer | None]:
        """What was remembered of the same question; None of what was not asked then."""
        return self._features.features(asked)


def facts_from(body: bytes) -> Facts:
    """The facts of a stored request body. Raises pydantic's ValidationError for a body that was never accepted."""
    try:
        return decode(body)
    except NotPlain:
        return facts_of(Transaction.model_validate_json(body, context=STORED))


def remembered_rates(inputs: Mapping[str, Any]) -> FixedRates:
    """The exchange rates as the decision used them; a rate it lacked is lacking still."""
    rates = [_rate(entry) for entry in inputs["rates"]]
    if "tax_rates" not in inputs:
        return FixedRates(rates, {_key(entry): _found(entry) for entry in inputs.get("exchanges", ())})
    # Of before tax asked for the rate of each place's law: by pair and day, of the European Central Bank.
    by_day = {
        (entry["from"], entry["to"], date.fromisoformat(entry["asked"])): _found(entry) for entry in inputs["tax_rates"]
    }
    return FixedRates(rates, by_day=by_day)


def remembered_domains(inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """The domains that were decided. Decisions of before there was a choice were about authentication alone."""
    return tuple(inputs.get("domains", ONLY_SCA))


def remembered_profiles(inputs: Mapping[str, Any]) -> Profiles:
    """The merchant's profile as the decision knew it."""
    profile = inputs.get("merchant")
    return lambda _merchant: profile


def _key(entry: Mapping[str, Any]) -> RateKey:
    day = date.fromisoformat(entry["asked"])
    return RateKey(entry["from"], entry["to"], day, entry["rule"], entry["publisher"])


def _found(entry: Mapping[str, Any]) -> Rate | None:
    return _rate(entry["found"]) if entry["found"] else None


def _rate(entry: Mapping[str, Any]) -> Rate:
    legs = entry.get("legs")
    day, exact = date.fromisoformat(entry["date"]), (Decimal(legs[0]), Decimal(legs[1])) if legs else None
    return Rate(entry["from"], entry["to"], Decimal(entry["rate"]), day, entry["source"], exact)


def replay(
    body: bytes,
    inputs: Mapping[str, Any],
    packs: PackSet,
    *,
    legal_day: date | None = None,
    domains: tuple[str, ...] | None = None,
    locale: str | None = None,
) -> Decision:
    """Decide again from the stored request and the stored inputs. Under the same release: the same bytes.

    `domains`: of those that were decided, only these; None: all of them. `locale`: in this language, whichever was asked for.
    """
    stored_day = inputs.get("legal_day")
    facts = facts_from(body)
    return decide(
        facts if locale is None else Facts({**facts, "locale": locale}),
        packs,
        RememberedHistory(inputs),
        rates=remembered_rates(inputs),
        decision_id=inputs["id"],
        now=datetime.fromisoformat(inputs["now"]),
        locale=inputs["locale"],
        legal_day=legal_day or (date.fromisoformat(stored_day) if stored_day else None),
        domains=tuple(one for one in remembered_domains(inputs) if domains is None or one in domains),
        profiles=remembered_profiles(inputs),
        registers=remembered(inputs),
        totals=remembered_totals(inputs.get("recorded", ())),
        kept=inputs,
    )


def differences(was: Any, now: Any, pointer: str = "") -> Iterator[dict[str, Any]]:
    """Where two answers differ, by JSON Pointer."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted(was.keys() | now.keys()):
            yield from differences(was.get(key), now.get(key), f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for index, (left, right) in enumerate(zip(was, now, strict=True)):
            yield from differences(left, right, f"{pointer}/{index}")
    elif was != now:
        yield {"pointer": pointer, "was": was, "now": now}
