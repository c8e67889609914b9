"""One calculation: the facts of a sale in, the tax and everything that reproduces it out. Pure, as `engine.decide` is.

A calculation keeps its inputs: the release, the profile's version and contents, the exchange rates it asked for. Done again under
the same release it gives the same bytes, and under another the differences can be named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from engine.facts import Facts
from engine.money import Rate, RateTable
from engine.packs.packset import PackSet
from engine.tax.profile import with_profile

VALID: Final = timedelta(days=90)
"""How long a calculation may be committed: a promise of the interface, not a rule of law."""

Assess = Callable[[Facts, datetime, PackSet, RateTable], dict[str, Any] | None]
"""The whole pure assessment: the `tax` object of the answer, or None where the transaction is no sale."""

NOT_APPLICABLE: Final[Mapping[str, Any]] = {"verdict": "not_applicable", "total": None, "lines": []}


class Calculation(NamedTuple):
    """`body`: the answer, JSON-ready. `inputs`: what it used beside the facts and the release. `facts`: profile filled in."""

    body: dict[str, Any]
    inputs: dict[str, Any]
    facts: Facts


class Profile(NamedTuple):
    """One version of a merchant's profile."""

    merchant: str
    version: int
    said: Mapping[str, Any]


class RememberingRates(RateTable):
    """Rates that keep what was asked of them, and what they said."""

    __slots__ = ("_behind", "asked")

    def __init__(self, behind: RateTable) -> None:
        super().__init__((), source=behind.source, max_age_days=behind.max_age_days)
        self._behind = behind
        self.asked: dict[tuple[str, str, date], Rate | None] = {}

    def rate(self, base: str, target: str, on: date) -> Rate | None:
        """As the table behind says; kept."""
        found = self.asked[base, target, on] = self._behind.rate(base, target, on)
        return found


class RememberedRates(RateTable):
    """What a calculation was told of rates, and nothing else: a question it did not ask has no answer."""

    __slots__ = ("_told",)

    def __init__(self, told: Iterable[Mapping[str, Any]]) -> None:
        super().__init__(())
        self._told = {
            (one["from"], one["to"], date.fromisoformat(one["asked"])): _rate(one)
            for one in told
            if one["rate"] is not None
        }

    def rate(self, base: str, target: str, on: date) -> Rate | None:
        """As it was told then."""
        return self._told.get((base, target, on))


def calculate(
    facts: Facts,
    packs: PackSet,
    *,
    rates: RateTable,
    assess: Assess,
    calculation_id: str,
    now: datetime,
    profile: Profile | None = None,
) -> Calculation:
    """Work out the tax of a sale. The same arguments give the same bytes.

    `profile` is the payee's stored profile, if it has one. An answer whose verdict is `undecided` is an answer: it names what is
    missing, and cannot be committed.
    """
    occurred = facts.get("occurred_at")
    if occurred is None:
        occurred, facts = now, Facts({**facts, "occurred_at": now})
    merchant = facts.get("payee.merchant")
    filled = with_profile(facts, profile.said if profile else None, occurred.date())
    asked = RememberingRates(rates)
    tax = assess(filled, now, packs, asked) or {**NOT_APPLICABLE, "currency": facts["currency"]}
    used = [(key, asked.asked[key]) for key in sorted(asked.asked)]
    body = {
        "id": calculation_id,
        "reference": facts.get("reference"),
        "merchant": merchant,
        "profile_version": profile.version if profile else None,
        "legal_time": occurred.isoformat(),
        "calculated_at": now.isoformat(),
        "valid_until": (now + VALID).isoformat(),
        "tax": tax,
        "fx": [_told(rate) for rate in dict.fromkeys(rate for _, rate in used if rate is not None)],
    }
    inputs = {
        "id": calculation_id,
        "now": now.isoformat(),
        "release": packs.release.digest,
        "profile": None
        if profile is None
        else {"merchant": profile.merchant, "version": profile.version, "said": profile.said},
        "rates": [_kept(key, rate) for key, rate in used],
    }
    return Calculation(body, inputs, filled)


def recalculate(facts: Facts, inputs: Mapping[str, Any], packs: PackSet, assess: Assess) -> Calculation:
    """Do a stored calculation again from its inputs, under `packs`. Under the release it was made with: the same bytes."""
    kept = inputs["profile"]
    return calculate(
        facts,
        packs,
        rates=RememberedRates(inputs["rates"]),
        assess=assess,
        calculation_id=inputs["id"],
        now=datetime.fromisoformat(inputs["now"]),
        profile=Profile(kept["merchant"], kept["version"], kept["said"]) if kept else None,
    )


def _told(rate: Rate) -> dict[str, str]:
    return {
        "from": rate.base,
        "to": rate.target,
        "rate": f"{rate.rate:f}",
        "date": rate.on.isoformat(),
        "source": rate.source,
    }


def _kept(key: tuple[str, str, date], rate: Rate | None) -> dict[str, Any]:
    base, target, asked = key
    if rate is None:
        return {"from": base, "to": target, "asked": asked.isoformat(), "rate": None}
    legs = [str(leg) for leg in rate.legs] if rate.legs else None
    return {**_told(rate), "asked": asked.isoformat(), "legs": legs}


def _rate(kept: Mapping[str, Any]) -> Rate:
    legs = kept["legs"]
    exact = (Decimal(legs[0]), Decimal(legs[1])) if legs else None
    day = date.fromisoformat(kept["date"])
    return Rate(kept["from"], kept["to"], Decimal(kept["rate"]), day, kept["source"], exact)
