"""One transaction in, one decision out. Pure: the clock, the history, the rates and the release are handed in.

A transaction flows one way: facts -> history added -> the law of the two payment service providers' places -> statuses of
rules -> a verdict a place -> the strictest verdict -> the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from engine.asked import Asked, Conversion, Lookout, Part, applied, asked_once, together, with_issuer
from engine.decision import Decision
from engine.demoting import PastOnce, decision_of, part_of
from engine.facts import Facts
from engine.features import AskedOnce
from engine.history import History
from engine.joined import Joined, rates_told
from engine.language.law import Moment
from engine.local_times import LocalTimes
from engine.money import EXACT, Money, RateTable
from engine.packs.compile import Compiled
from engine.packs.packset import PackSet
from engine.regimes import aml, kyc, methods, residency, sca
from engine.regimes.sca_answer import DOMAIN, form_of
from engine.tax import told
from engine.tax.recorder import Totals, nothing_recorded
from engine.tax.registers import UNASKED, Registers
from engine.tax.remembered import Question, answered
from engine.tax.sale import Profiles, unknown_merchant
from engine.words import Words

PARTS: Final[Mapping[str, Callable[[Asked], Part]]] = {
    "aml": aml.part,
    "kyc": kyc.part,
    "residency": residency.part,
    "methods": methods.part,
}
"""The domains of which each gives a part of its own; it may look at what those before it said."""
BUILT: Final = (DOMAIN, "aml", "kyc", "residency", told.DOMAIN, "methods")
"""The domains that this release decides, in the order of the answer."""
NOTHING_KEPT: Final[Mapping[str, Any]] = {}
ONLY_SCA: Final = (DOMAIN,)
SIDES: Final = ("payment.issuer_country", "payment.acquirer_country")
"""The places of the payer's and the payee's payment service providers: these, not people's homes, choose the regime."""


def decide(  # noqa: PLR0913  one question with all that it hangs on, so that nothing is read from elsewhere
    facts: Facts,
    packs: PackSet,
    history: History,
    *,
    rates: RateTable,
    decision_id: str,
    now: datetime,
    locale: str | None = None,
    legal_day: date | None = None,
    domains: tuple[str, ...] = ONLY_SCA,
    profiles: Profiles = unknown_merchant,
    registers: Registers = UNASKED,
    totals: Totals = nothing_recorded,
    kept: Mapping[str, Any] = NOTHING_KEPT,
    lookout: Lookout | None = None,
) -> Decision:
    """Decide on the domains asked for, of BUILT and in its order: strong customer authentication, tax, or both.

    `legal_day` asks under the law of another day, in every jurisdiction. `profiles` knows stored merchants, `registers` the word
    of registers on the customer's tax numbers, `totals` what is recorded of the merchants' sales; tax asks them. `kept` are the
    inputs of the decision that is being repeated, `lookout` looks at lists and scenarios. The same arguments give the same bytes.
    """
    occurred = facts.get("occurred_at")
    if occurred is None:
        occurred, facts = now, Facts({**facts, "occurred_at": now})
    words, times = packs.words(facts.get("locale") or locale), LocalTimes(occurred)
    if domains == ONLY_SCA:  # nearly every payment: nothing of the other domains is even prepared
        alone, spoken = _authentication(
            facts, packs, history, rates, words, times, legal_day, decision_id, now.isoformat()
        )
        alone.body["rulepacks"] = together(packs, spoken)
        return alone
    conversion = Conversion(rates, legal_day or occurred.date())
    if "payee.merchant" in facts:
        profiles = asked_once(profiles)
    past, evaluated = AskedOnce(history), now.isoformat()
    before: dict[str, Part] = {}
    asked = Asked(
        facts,
        packs,
        words,
        occurred,
        legal_day,
        decision_id,
        evaluated,
        conversion,
        past,
        profiles,
        {},
        times,
        lookout=lookout,
        before=before,
    )
    if DOMAIN in domains:
        start, spoken = _authentication(facts, packs, history, rates, words, times, legal_day, decision_id, evaluated)
    else:
        start, spoken = _nothing(asked), [[]]
    joined = Joined(start, spoken, domains)
    for domain in domains:
        if domain == told.DOMAIN:
            _tax(joined, asked, rates, registers, totals)
        elif domain in PARTS:
            again = kept.get(domain)
            part = part_of(domain, asked._replace(kept=again) if again else asked, PARTS[domain])
            before[domain] = part
            joined.part(domain, part)
    if conversion.used:
        joined.converted(conversion.used)
    return joined.decision(packs, words)


def _authentication(
    facts: Facts,
    packs: PackSet,
    history: History,
    rates: RateTable,
    words: Words,
    times: LocalTimes,
    legal_day: date | None,
    decision_id: str,
    evaluated: str,
) -> tuple[Decision, list[list[dict[str, Any]]]]:
    """As `_sca`, where the release may hold a duty back."""
    if not packs.demotions:
        return _sca(facts, packs, history, rates, words, times, legal_day, decision_id, evaluated)
    once = PastOnce(history)
    return decision_of(
        packs, words,
        lambda law: _sca(facts, law, once, rates, words, times, legal_day, decision_id, evaluated),
    )  # fmt: skip


def _sca(
    facts: Facts,
    packs: PackSet,
    history: History,
    rates: RateTable,
    words: Words,
    times: LocalTimes,
    legal_day: date | None,
    decision_id: str,
    evaluated: str,
) -> tuple[Decision, list[list[dict[str, Any]]]]:
    """The decision on strong customer authentication, and the packs that each side's law was applied from."""
    occurred = times.instant
    conversion = Conversion(rates, legal_day or occurred.date())
    facts, remembered = with_history(facts, history, occurred, conversion)
    judged, moments = _judge_sides(facts, packs, times, conversion, legal_day)
    unknown = () if len(judged) > 1 else _unknown(facts)
    form = form_of(judged, unknown, words)
    verdict, findings = form.fill(facts, moments)
    fx, stored = rates_told(conversion.used) if conversion.used else ([], [])
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
        "rulepacks": [],
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
        "rates": stored,
    }
    spoken = [applied(packs, item.compiled, moment.day) for item, moment in zip(judged, moments, strict=True)]
    return Decision(body, inputs), spoken or [[]]


def _unknown(facts: Facts) -> tuple[str, ...]:
    """The sides whose place is not stated."""
    if SIDES[0] in facts and SIDES[1] in facts:
        return ()
    return tuple([side for side in SIDES if side not in facts])


# -- other domains --------------------------------------------------------------------------------------------------------


def _nothing(asked: Asked) -> Decision:
    """A decision in which nothing has been assessed yet."""
    body: dict[str, Any] = {
        "id": asked.decision_id,
        "reference": asked.facts.get("reference"),
        "legal_time": asked.occurred.isoformat(),
        "evaluated_at": asked.evaluated,
        "outcome": "allow",
        "domains": [],
        "obligations": [],
        "missing": [],
        "findings": [],
        "rulepacks": [],
        "fx": [],
        "message": asked.words.say("payer.allow"),
        "locale": asked.words.locale,
    }
    inputs: dict[str, Any] = {
        "id": asked.decision_id,
        "now": asked.evaluated,
        "locale": asked.words.locale,
        "release": asked.packs.release.digest,
        "legal_day": asked.legal_day.isoformat() if asked.legal_day else None,
        "history": None,
        "rates": [],
    }
    return Decision(body, inputs)


def _tax(joined: Joined, asked: Asked, rates: RateTable, registers: Registers, totals: Totals) -> None:
    """Add the tax of the sale, if it is one."""
    facts, words = asked.facts, asked.words
    question = Question(facts, asked.packs, words, asked.times, asked.legal_day, rates, registers, totals)
    found, profile, recorder = answered(question, asked.profiles)
    joined.tax(found, profile, registers, facts["currency"])
    if found is None:
        return
    joined.remark(told.unexplained(facts, found.tax, words))
    joined.exchanged(found.rates, rates)
    if recorder is not None:
        joined.recorded(recorder, asked.evaluated)


# -- what is known ----------------------------------------------------------------------------------------------------


def with_history(facts: Facts, history: History, occurred: datetime, conversion: Conversion) -> tuple[Facts, Any]:
    """The facts with the provider's place read off an IBAN and the counters read off the history, and what history said."""
    facts = with_issuer(facts)
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
    facts: Facts, packs: PackSet, times: LocalTimes, conversion: Conversion, legal_day: date | None
) -> tuple[tuple[sca.Judged, ...], list[Moment]]:
    """The verdict of each side's law, the issuer's first, and the moment of each. One law for both sides speaks once."""
    judged: tuple[sca.Judged, ...] = ()
    moments: list[Moment] = []
    for _side, _place, compiled, moment in places_of(facts, packs, times, conversion, legal_day):
        if judged and judged[0].compiled is compiled:
            continue
        judged += (sca.judge(compiled, plan_of(compiled), facts, moment),)
        moments.append(moment)
    return judged, moments


def places_of(
    facts: Facts, packs: PackSet, times: LocalTimes, conversion: Conversion, legal_day: date | None
) -> list[tuple[str, str, Compiled, Moment]]:
    """Each side whose place is known: its law on its own local day."""
    found = []
    last = local = None
    for side in SIDES:
        place = facts.get(side)
        if place is not None:
            zone = packs.layers.zone(place)
            if local is None or zone is not last:
                last, local = zone, times[zone]
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
