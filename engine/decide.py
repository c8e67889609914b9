"""One transaction in, one decision out. Pure: the clock, the history, the rates and the release are handed in.

A transaction flows one way: facts -> history added -> the law of the two payment service providers' places -> statuses of
rules -> a verdict a place -> the strictest verdict -> the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from engine.decision import Decision
from engine.facts import Facts
from engine.history import History
from engine.language.law import Moment
from engine.money import EXACT, Money, Rate, RateTable, convert
from engine.packs.compile import Compiled
from engine.packs.packset import PackSet
from engine.places import COUNTRIES
from engine.regimes import sca
from engine.regimes.sca_answer import DOMAIN, form_of

SIDES: Final = ("payment.issuer_country", "payment.acquirer_country")
"""The places of the payer's and the payee's payment service providers: these, not people's homes, choose the regime."""


class Conversion:
    """Converts at the rates of one day and remembers which were used."""

    __slots__ = ("_day", "_rates", "used")

    def __init__(self, rates: RateTable, day: date):
        self._rates, self._day = rates, day
        self.used: dict[tuple[str, str], Rate] = {}

    def __call__(self, money: Money, unit: str) -> Decimal | None:
        if money[1] == unit:
            return money[0]
        rate = self._rates.rate(money[1], unit, self._day)
        if rate is None:
            return None
        self.used[money[1], unit] = rate
        return convert(money, rate)


def decide(
    facts: Facts,
    packs: PackSet,
    history: History,
    *,
    rates: RateTable,
    decision_id: str,
    now: datetime,
    locale: str | None = None,
    legal_day: date | None = None,
) -> Decision:
    """Decide on strong customer authentication.

    `legal_day` asks under the law of another day, in every jurisdiction. The same arguments give the same bytes.
    """
    occurred = facts.get("occurred_at")
    if occurred is None:
        occurred, facts = now, Facts({**facts, "occurred_at": now})
    conversion = Conversion(rates, legal_day or occurred.date())
    facts, remembered = with_history(facts, history, occurred, conversion)
    judged, moments = _judge_sides(facts, packs, occurred, conversion, legal_day)
    unknown = () if len(judged) > 1 else tuple([side for side in SIDES if side not in facts])
    words = packs.words(facts.get("locale") or locale)
    form = form_of(judged, unknown, words)
    verdict, findings = form.fill(facts, moments)
    evaluated = now.isoformat()
    used = sorted(conversion.used.items()) if conversion.used else []
    fx = [_rate(rate) for _, rate in used]
    body = {
        "id": decision_id,
        "reference": facts.get("reference"),
        "legal_time": occurred.isoformat(),
        "evaluated_at": evaluated,
        "outcome": form.outcome,
        "domains": [DOMAIN],
        "sca": verdict,
        "obligations": form.obligations(occurred),
        "missing": form.missing,
        "findings": findings,
        "rulepacks": _rulepacks(packs, judged, moments),
        "fx": fx,
        "message": form.said,
        "locale": words.locale,
    }
    inputs = {
        "id": decision_id,
        "now": evaluated,
        "locale": words.locale,
        "release": packs.release.digest,
        "legal_day": legal_day.isoformat() if legal_day else None,
        "history": remembered,
        "rates": [{**entry, "legs": _legs(rate)} for entry, (_, rate) in zip(fx, used, strict=True)],
    }
    return Decision(body, inputs)


# -- what is known ----------------------------------------------------------------------------------------------------


def with_history(facts: Facts, history: History, occurred: datetime, conversion: Conversion) -> tuple[Facts, Any]:
    """The facts with the provider's place read off an IBAN and the counters read off the history, and what history said."""
    iban = facts.get("payment.account.iban")
    if iban and "payment.issuer_country" not in facts and iban[:2] in COUNTRIES:
        facts = Facts({**facts, "payment.issuer_country": iban[:2]})
    payer, channel = facts.get("payer.id"), facts.get("payment.channel")
    stated = "payment.since_authenticated.amount" in facts or "payment.since_authenticated.count" in facts
    if payer is None or channel is None or stated:
        return facts, None
    past = history.since_authenticated(
        payer_id=payer, instrument=facts["payment.instrument"], channel=channel, card=card_of(facts), before=occurred
    )
    if past is None:
        return facts, None
    remembered = {"count": past.count, "amounts": [[str(money.amount), money.currency] for money in past.amounts]}
    known = {**facts, **_counters(facts, past.amounts, past.count, conversion)}
    known.pop("payment.since_authenticated.currency", None)  # the sum is in the transaction's own currency now
    return Facts(known), remembered


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


def _judge_sides(
    facts: Facts, packs: PackSet, occurred: datetime, conversion: Conversion, legal_day: date | None
) -> tuple[tuple[sca.Judged, ...], list[Moment]]:
    """The verdict of each side's law, the issuer's first, and the moment of each. One law for both sides speaks once."""
    judged: tuple[sca.Judged, ...] = ()
    moments: list[Moment] = []
    for _side, _place, compiled, moment in places_of(facts, packs, occurred, conversion, legal_day):
        if judged and judged[0].compiled is compiled:
            continue
        judged += (sca.judge(compiled, plan_of(compiled), facts, moment),)
        moments.append(moment)
    return judged, moments


def places_of(
    facts: Facts, packs: PackSet, occurred: datetime, conversion: Conversion, legal_day: date | None
) -> list[tuple[str, str, Compiled, Moment]]:
    """Each side whose place is known: its law on its own local day."""
    found = []
    last = local = None
    for side in SIDES:
        place = facts.get(side)
        if place is not None:
            zone = packs.layers.zone(place)
            if local is None or zone is not last:
                last, local = zone, occurred.astimezone(zone)
                day = legal_day or local.date()
                moment = Moment(day, local.hour, conversion)
            found.append((side, place, packs.law(place, DOMAIN, day), moment))
    return found


def plan_of(compiled: Compiled) -> sca.Plan:
    """The sorted rules of a compiled domain, worked out once."""
    plan = compiled.derived.get("plan")
    if plan is None:
        plan = compiled.derived["plan"] = sca.Plan.of(compiled)
    return plan


# -- what was applied ---------------------------------------------------------------------------------------------------


def _rulepacks(packs: PackSet, judged: tuple[sca.Judged, ...], moments: list[Moment]) -> list[dict[str, Any]]:
    if len(judged) == 1:
        return _applied(packs, judged[0].compiled, moments[0].day)
    sides = zip(reversed(judged), reversed(moments), strict=True)
    found = {
        entry["jurisdiction"]: entry for item, moment in sides for entry in _applied(packs, item.compiled, moment.day)
    }
    return [found[code] for code in sorted(found)]


def _applied(packs: PackSet, compiled: Compiled, day: date) -> list[dict[str, Any]]:
    known: dict[date, list[dict[str, Any]]] = compiled.derived.setdefault("applied", {})
    if day not in known:
        if len(known) > 1000:
            known.clear()
        known[day] = [
            {
                "jurisdiction": pack.jurisdiction,
                "version": pack.version,
                "digest": packs.digests[pack.jurisdiction],
                "as_of": day.isoformat(),
            }
            for pack in compiled.chain
        ]
    return known[day]


def _legs(rate: Rate) -> list[str] | None:
    return [str(leg) for leg in rate.legs] if rate.legs else None


def _rate(rate: Rate) -> dict[str, str]:
    return {
        "from": rate.base,
        "to": rate.target,
        "rate": f"{rate.rate:f}",
        "date": rate.on.isoformat(),
        "source": rate.source,
    }
