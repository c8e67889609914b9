"""Strong customer authentication of one payment: the laws of the two providers' places, and the strictest of their verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from engine.asked import Asked, Conversion, Entries, Part, applied, together, with_issuer
from engine.demoting import part_of
from engine.facts import Facts
from engine.features import AskedOnce
from engine.history import PastQuestion
from engine.language.law import Moment
from engine.money import EXACT, Money
from engine.packs.compile import Compiled
from engine.regimes import sca
from engine.regimes.sca_answer import DOMAIN, form_of

SIDES: Final = ("payment.issuer_country", "payment.acquirer_country")
"""The places of the payer's and the payee's payment service providers: these, not people's homes, choose the regime."""


def authentication(asked: Asked) -> Part:
    """What the law says of authenticating this payment, where the release may hold a duty back. `Part.inputs` is
    `{history}`: what the payer's counters were read as."""
    if asked.packs.demotions:
        return part_of(DOMAIN, asked._replace(history=AskedOnce(asked.history)), part)
    return part(asked)


def part(asked: Asked) -> Part:
    """The same of the law as it is written."""
    facts, remembered = with_history(asked)
    packs, first = asked.packs, None
    judged: tuple[sca.Judged, ...] = ()
    moments: list[Moment] = []
    spoken: list[Entries] = []
    for side in SIDES:
        place = facts.get(side)
        if place is None:
            continue
        compiled, moment = asked.law(place, DOMAIN)
        if compiled is first:
            continue  # one law for both sides speaks once
        if first is None:
            first = compiled
        judged += (sca.judge(compiled, plan_of(compiled), facts, moment),)
        moments.append(moment)
        spoken.append(applied(packs, compiled, moment.day))
    form = form_of(judged, () if len(judged) > 1 else _unknown(facts), asked.words)
    verdict, findings = form.fill(facts, moments)
    applied_ = together(packs, spoken or [[]])
    said = {"history": remembered}
    return Part(verdict, form.outcome, form.obligations(asked.occurred), form.missing, findings, applied_, said)


def _unknown(facts: Facts) -> tuple[str, ...]:
    """The sides whose place is not stated."""
    if SIDES[0] in facts and SIDES[1] in facts:
        return ()
    return tuple([side for side in SIDES if side not in facts])


# -- what is known ----------------------------------------------------------------------------------------------------


def with_history(asked: Asked) -> tuple[Facts, Any]:
    """The facts with the provider's place read off an IBAN and the counters read off the history, and what history said."""
    facts = with_issuer(asked.facts)
    if not asks_history(facts):
        return facts, None
    past = asked.history.since_authenticated(
        PastQuestion(
            facts["payer.id"],
            facts["payment.instrument"],
            facts["payment.channel"],
            card_of(facts),
            asked.occurred,
            facts.get("reference"),
        )
    )
    if past is None:
        return facts, None
    remembered = {"count": past.count, "amounts": [[str(money.amount), money.currency] for money in past.amounts]}
    known = {**facts, **_counters(facts, past.amounts, past.count, asked.conversion)}
    known.pop("payment.since_authenticated.currency", None)  # the sum is in the transaction's own currency now
    return Facts(known), remembered


def asks_history(facts: Facts) -> bool:
    """Whether it is looked up what the payer has paid since the last authentication: where it is known who pays and how, and the
    caller does not say it."""
    if "payer.id" not in facts or "payment.channel" not in facts:
        return False
    return "payment.since_authenticated.amount" not in facts and "payment.since_authenticated.count" not in facts


def _counters(facts: Facts, amounts: tuple[Money, ...], count: int, conversion: Conversion) -> dict[str, Any]:
    """Counters in the transaction's currency; a past payment without a rate leaves the sum unknown."""
    found: dict[str, Any] = {"payment.since_authenticated.count": count}
    currency, total = facts["currency"], Decimal(0)
    for money in amounts:
        amount = conversion(money, currency)
        if amount is None:
            return found
        total = EXACT.add(total, amount)
    found["payment.since_authenticated.amount"] = Money(total, currency)
    return found


def card_of(facts: Mapping[str, Any]) -> str | None:
    """The card as history tells cards apart: its BIN and last digits, where stated."""
    digits, last = facts.get("payment.card.bin"), facts.get("payment.card.last4")
    return f"{digits or ''}-{last or ''}" if digits or last else None


# -- the law of the two places ----------------------------------------------------------------------------------------


def places_of(asked: Asked, facts: Facts) -> list[tuple[str, str, Compiled, Moment]]:
    """Each side whose place is known: its law on its own local day, the issuer's first."""
    return [(side, place, *asked.law(place, DOMAIN)) for side in SIDES if (place := facts.get(side)) is not None]


def plan_of(compiled: Compiled) -> sca.Plan:
    """The sorted rules of a compiled domain, worked out once."""
    plan = compiled.derived.get("plan")
    if plan is None:
        plan = compiled.derived["plan"] = sca.Plan.of(compiled)
    return plan
