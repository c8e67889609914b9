"""One transaction in, one decision out. Pure: the clock, the history, the rates and the release are handed in.

A transaction flows one way: facts -> history added -> the law of the two payment service providers' places -> statuses of
rules -> a verdict a place -> the strictest verdict -> the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from engine.asked import Asked, Conversion, Part, applied
from engine.decision import Decision
from engine.facts import Facts
from engine.features import AskedOnce
from engine.history import History
from engine.language.law import Moment
from engine.money import EXACT, Money, Rate, RateKey, RateTable
from engine.packs.compile import Compiled
from engine.packs.packset import PackSet
from engine.places import COUNTRIES
from engine.regimes import aml, kyc, methods, residency, sca
from engine.regimes.sca_answer import DOMAIN, OUTCOMES, form_of
from engine.tax import told
from engine.tax.answer import NOT_APPLICABLE
from engine.tax.exchange import Found, told_rate
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
KEYS: Final = {"methods": "method"}
"""Where the answer names a domain otherwise than its packs do."""
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
) -> Decision:
    """Decide on the domains asked for, of BUILT and in its order: strong customer authentication, tax, or both.

    `legal_day` asks under the law of another day, in every jurisdiction. `profiles` knows stored merchants, `registers` the word
    of registers on the customer's tax numbers, `totals` what is recorded of the merchants' sales; tax asks them. `kept` are the
    inputs of the decision that is being repeated. The same arguments give the same bytes.
    """
    occurred = facts.get("occurred_at")
    if occurred is None:
        occurred, facts = now, Facts({**facts, "occurred_at": now})
    words = packs.words(facts.get("locale") or locale)
    if domains == ONLY_SCA:  # nearly every payment: nothing of the other domains is even prepared
        return _sca(facts, packs, history, rates, words, occurred, legal_day, decision_id, now.isoformat())
    conversion = Conversion(rates, legal_day or occurred.date())
    past = AskedOnce(history)
    asked = Asked(facts, packs, words, occurred, legal_day, decision_id, now.isoformat(), conversion, past, profiles)
    if DOMAIN in domains:
        decision = _sca(facts, packs, history, rates, words, occurred, legal_day, decision_id, asked.evaluated)
    else:
        decision = _nothing(asked)
    before: dict[str, Part] = {}
    for domain in domains:
        if domain == told.DOMAIN:
            decision = _with_tax(decision, asked, rates, profiles, registers, totals)
        elif domain in PARTS:
            part = PARTS[domain](asked._replace(kept=kept.get(domain) or NOTHING_KEPT, before=before))
            before[domain] = part
            decision = _with_part(decision, asked, domain, part)
    return _with_rates(decision, conversion)


def _sca(
    facts: Facts,
    packs: PackSet,
    history: History,
    rates: RateTable,
    words: Words,
    occurred: datetime,
    legal_day: date | None,
    decision_id: str,
    evaluated: str,
) -> Decision:
    """The decision on strong customer authentication."""
    conversion = Conversion(rates, legal_day or occurred.date())
    facts, remembered = with_history(facts, history, occurred, conversion)
    judged, moments = _judge_sides(facts, packs, occurred, conversion, legal_day)
    unknown = () if len(judged) > 1 else _unknown(facts)
    form = form_of(judged, unknown, words)
    verdict, findings = form.fill(facts, moments)
    fx, stored = _rates(conversion) if conversion.used else ([], [])
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
        "rates": stored,
    }
    return Decision(body, inputs)


def _unknown(facts: Facts) -> tuple[str, ...]:
    """The sides whose place is not stated."""
    if SIDES[0] in facts and SIDES[1] in facts:
        return ()
    return tuple([side for side in SIDES if side not in facts])


def _rates(conversion: Conversion) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """The rates that were used, as they are told and as they are kept."""
    used = [rate for _, rate in sorted(conversion.used.items())]
    return [told_rate(rate) for rate in used], [{**told_rate(rate), "legs": _legs(rate)} for rate in used]


# -- tax ----------------------------------------------------------------------------------------------------------------


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


def _with_tax(
    decision: Decision, asked: Asked, rates: RateTable, profiles: Profiles, registers: Registers, totals: Totals
) -> Decision:
    """The decision with the tax of the sale, if it is one."""
    body, inputs = decision
    question = Question(
        asked.facts, asked.packs, asked.words, asked.occurred, asked.legal_day, rates, registers, totals
    )
    found, profile, recorder = answered(question, profiles)
    inputs = {**inputs, "domains": [*body["domains"], told.DOMAIN], "merchant": profile, "exchanges": []}
    inputs |= registers.stored()
    if found is None:
        said: dict[str, Any] = {**NOT_APPLICABLE, "currency": asked.facts["currency"]}
        return Decision(_joined({**body, "domains": inputs["domains"]}, told.DOMAIN, said), inputs)
    outcome = max((body["outcome"], *found.outcomes), key=OUTCOMES.__getitem__)
    if rates.by_law:
        inputs["exchanges"] = [_asked_rate(key, one) for key, one in found.rates.items()]
    tax = found.tax
    if recorder is not None:
        inputs["recorded"] = recorder.remembered()
        tax = {**tax, "recorded": recorder.said(asked.evaluated)}
    joined = _joined(body, told.DOMAIN, tax)
    joined["outcome"] = outcome
    joined["domains"] = inputs["domains"]
    beside = told.unexplained(asked.facts, found.tax, asked.words)
    joined["findings"] = [*body["findings"], *found.findings, *beside]
    joined["rulepacks"] = _all_packs(body["rulepacks"], found.rulepacks)
    joined["message"] = asked.words.say(f"payer.{outcome}")
    if found.obligations:
        joined["obligations"] = [*body["obligations"], *found.obligations]
    if found.missing:
        joined["missing"] = _all_missing(body["missing"], found.missing)
    if found.rates:
        used = [one.body(key, by_law=rates.by_law) for key, one in found.rates.items()]
        joined["fx"] = _all_rates(body["fx"], used)
    return Decision(joined, inputs)


_AFTER: Final = ("obligations", "missing", "findings", "rulepacks", "fx", "message", "locale")
"""What follows the domains in the answer."""


def _joined(body: dict[str, Any], name: str, said: dict[str, Any]) -> dict[str, Any]:
    """The body with what a domain says in the contract's place, before the obligations."""
    after = {key: body[key] for key in _AFTER}
    joined = {key: value for key, value in body.items() if key not in after}
    joined[name] = said
    joined |= after
    return joined


def _all_missing(known: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One entry a fact, naming every domain that it would settle. What is known may be shared with other answers."""
    found = {entry["field"]: entry for entry in known}
    for entry in more:
        before = found.get(entry["field"])
        if before is not None:
            entry = {
                "field": entry["field"],
                "asked_by": [*before["asked_by"], *entry["asked_by"]],
                "would_settle": [*before["would_settle"], *entry["would_settle"]],
            }
        found[entry["field"]] = entry
    return list(found.values())


def _all_packs(known: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = {entry["jurisdiction"]: entry for entry in (*more, *known)}
    return [found[code] for code in sorted(found)]


def _all_rates(known: list[dict[str, Any]], used: list[dict[str, Any] | None]) -> list[dict[str, Any]]:
    found = [*known]
    for entry in used:
        if entry is not None and entry not in found:
            found.append(entry)
    return found


def _asked_rate(key: RateKey, one: Found) -> dict[str, Any]:
    """A rate that tax asked for, by what it asked for; or that there was none."""
    found = {**told_rate(one.rate), "legs": _legs(one.rate)} if one.rate is not None else None
    asked = {"asked": key.day.isoformat(), "rule": key.rule, "publisher": key.publisher}
    return {"from": key.base, "to": key.target, **asked, "found": found}


def _with_part(decision: Decision, asked: Asked, domain: str, part: Part) -> Decision:
    """The decision with what another domain says."""
    body, inputs = decision
    domains = [*body["domains"], domain]
    outcome = max(body["outcome"], part.outcome, key=OUTCOMES.__getitem__)
    body = {
        **body,
        "outcome": outcome,
        "domains": domains,
        "obligations": [*body["obligations"], *part.obligations],
        "missing": _all_missing(body["missing"], part.missing),
        "findings": [*body["findings"], *part.findings],
        "rulepacks": _all_packs(body["rulepacks"], part.applied),
        "message": asked.words.say(f"payer.{outcome}"),
    }
    kept = {**inputs, "domains": domains}
    if part.inputs is not None:
        kept[domain] = part.inputs
    return Decision(_joined(body, KEYS.get(domain, domain), part.said), kept)


def _with_rates(decision: Decision, conversion: Conversion) -> Decision:
    """The decision with the rates that its parts have used."""
    if not conversion.used:
        return decision
    body, inputs = decision
    fx, stored = _rates(conversion)
    fx = [entry for entry in fx if entry not in body["fx"]]
    stored = [entry for entry in stored if entry not in inputs["rates"]]
    return Decision({**body, "fx": [*body["fx"], *fx]}, {**inputs, "rates": [*inputs["rates"], *stored]})


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
        return applied(packs, judged[0].compiled, moments[0].day)
    sides = zip(reversed(judged), reversed(moments), strict=True)
    found = {
        entry["jurisdiction"]: entry for item, moment in sides for entry in applied(packs, item.compiled, moment.day)
    }
    return [found[code] for code in sorted(found)]


def _legs(rate: Rate) -> list[str] | None:
    return [str(leg) for leg in rate.legs] if rate.legs else None
