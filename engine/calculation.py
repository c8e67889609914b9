"""A calculation of tax: the tax of the same decision as ever, with a date until which it may be committed.

It keeps what reproduces it, as decisions do: done again under its own release it gives the same bytes, and under another the
differences can be named.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from engine.decide import decide
from engine.facts import Facts
from engine.history import NullHistory
from engine.money import RateTable
from engine.packs.packset import PackSet
from engine.replay import remembered_profiles, remembered_rates
from engine.tax import told
from engine.tax.profile import with_profile
from engine.tax.recorder import Totals, nothing_recorded, remembered_totals
from engine.tax.registers import UNASKED, Registers, remembered
from engine.tax.sale import Profiles

VALID: Final = timedelta(days=90)
"""How long a calculation may be committed: a promise of the interface, not a rule of law."""


class Calculation(NamedTuple):
    """`body`: the answer, JSON-ready, keys in their order. `inputs`: what it used beside the facts and the release."""

    body: dict[str, Any]
    inputs: dict[str, Any]


def calculate(
    facts: Facts,
    packs: PackSet,
    *,
    rates: RateTable,
    calculation_id: str,
    now: datetime,
    profiles: Profiles,
    registers: Registers = UNASKED,
    totals: Totals = nothing_recorded,
    locale: str | None = None,
    legal_day: date | None = None,
) -> Calculation:
    """Work out the tax of a sale. The same arguments give the same bytes.

    An answer whose verdict is `undecided` is an answer: it names what is missing, and cannot be committed. `profiles` knows the
    stored merchants, `registers` what was heard of the customer's tax numbers, `totals` what is recorded of the merchants' sales;
    `legal_day` asks under the law of another day.
    """
    decision = decide(
        facts,
        packs,
        NullHistory(),
        rates=rates,
        decision_id=calculation_id,
        now=now,
        locale=locale,
        legal_day=legal_day,
        domains=(told.DOMAIN,),
        profiles=profiles,
        registers=registers,
        totals=totals,
    )
    said, inputs = decision
    # Only where there are any: calculations of before there were such obligations are given again byte for byte.
    owed = ("tax", "obligations") if said["obligations"] else ("tax",)
    body = {
        "id": calculation_id,
        "reference": said["reference"],
        "merchant": facts.get("payee.merchant"),
        "profile_version": (inputs["merchant"] or {}).get("version"),
        "legal_time": said["legal_time"],
        "calculated_at": said["evaluated_at"],
        "valid_until": (now + VALID).isoformat(),
        **{key: said[key] for key in (*owed, "missing", "findings", "rulepacks", "fx", "locale")},
    }
    return Calculation(body, inputs)


def recalculate(
    facts: Facts, inputs: Mapping[str, Any], packs: PackSet, *, legal_day: date | None = None
) -> Calculation:
    """Do a stored calculation again from its inputs. Under the release it was made with: the same bytes."""
    stored_day = inputs["legal_day"]
    return calculate(
        facts,
        packs,
        rates=remembered_rates(inputs),
        calculation_id=inputs["id"],
        now=datetime.fromisoformat(inputs["now"]),
        profiles=remembered_profiles(inputs),
        registers=remembered(inputs),
        totals=remembered_totals(inputs.get("recorded", ())),
        locale=inputs["locale"],
        legal_day=legal_day or (date.fromisoformat(stored_day) if stored_day else None),
    )


def filled(facts: Facts, inputs: Mapping[str, Any]) -> Facts:
    """The facts as they were assessed: with the profile that the calculation used behind them."""
    occurred = facts.get("occurred_at") or datetime.fromisoformat(inputs["now"])
    return with_profile(facts, inputs["merchant"], occurred.date())
