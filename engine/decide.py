"""One transaction in, one decision out. Pure: the clock, the history, the rates and the release are handed in.

A transaction flows one way: facts -> history added -> the law of the two payment service providers' places -> statuses of
rules -> a verdict a place -> the strictest verdict -> the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.decision import Decision
from engine.facts import Facts
from engine.history import History
from engine.language.law import Moment
from engine.money import EXACT, Money, Rate, RateTable, convert
from engine.packs.compile import Compiled
from engine.packs.model import Basis, Cite, Pack
from engine.packs.packset import PackSet
from engine.places import COUNTRIES
from engine.regimes import sca
from engine.words import Words

DOMAIN: Final = "sca"
SIDES: Final = ("payment.issuer_country", "payment.acquirer_country")
"""The places of the payer's and the payee's payment service providers: these, not people's homes, choose the regime."""

_RANK: Final = {"allow": 0, "challenge": 1, "collect": 2, "review": 3, "block": 4}
_REMEMBERED: Final = 2000
_WITHIN: Final = {"PT24H": timedelta(hours=24), "immediately": timedelta(0)}


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
    judged, unknown = _judge_sides(facts, packs, occurred, conversion, legal_day)
    words = packs.words(facts.get("locale") or locale)
    body = _body(facts, packs, judged, unknown, words)
    evaluated = now.isoformat()
    body["id"], body["legal_time"], body["evaluated_at"] = decision_id, occurred.isoformat(), evaluated
    used = sorted(conversion.used.items())
    body["fx"] = [_rate(rate) for _, rate in used]
    inputs = {
        "id": decision_id,
        "now": evaluated,
        "locale": words.locale,
        "release": packs.release.digest,
        "legal_day": legal_day.isoformat() if legal_day else None,
        "history": remembered,
        "rates": [{**entry, "legs": _legs(rate)} for entry, (_, rate) in zip(body["fx"], used, strict=True)],
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
) -> tuple[list[sca.Judged], list[str]]:
    """The verdict of each side's law, the issuer's first, and the sides whose place is not known."""
    judged: list[sca.Judged] = []
    for _side, _place, compiled, moment in places_of(facts, packs, occurred, conversion, legal_day):
        if judged and judged[0].compiled is compiled:
            continue
        judged.append(sca.judge(compiled, plan_of(compiled), compiled.evaluate(facts, moment), facts, moment))
    return judged, [side for side in SIDES if side not in facts]


def places_of(
    facts: Facts, packs: PackSet, occurred: datetime, conversion: Conversion, legal_day: date | None
) -> Iterator[tuple[str, str, Compiled, Moment]]:
    """Each side whose place is known: its law on its own local day."""
    last = local = None
    for side in SIDES:
        place = facts.get(side)
        if place is not None:
            zone = packs.layers.zone(place)
            if local is None or zone is not last:
                last, local = zone, occurred.astimezone(zone)
            day = legal_day or local.date()
            yield side, place, packs.law(place, DOMAIN, day), Moment(day, local.hour, conversion)


def plan_of(compiled: Compiled) -> sca.Plan:
    """The sorted rules of a compiled domain, worked out once."""
    plan = compiled.derived.get("plan")
    if plan is None:
        plan = compiled.derived["plan"] = sca.Plan.of(compiled)
    return plan


# -- the answer -------------------------------------------------------------------------------------------------------


def _body(facts: Facts, packs: PackSet, judged: list[sca.Judged], unknown: list[str], words: Words) -> dict[str, Any]:
    strictest = judged[0] if len(judged) == 1 else max(judged, key=sca.strictness, default=None)
    findings = [finding for item in judged for finding in _findings(item, words)]
    if strictest is not None and len(judged) > 1:
        # Both laws must be content with the authentication that was done.
        strictest.satisfied = strictest.satisfied and all(
            item.satisfied for item in judged if item.verdict in ("required", "undecided")
        )
    verdict = _verdict(strictest, unknown, words)
    outcome = _outcome(verdict, judged)
    return {
        "id": None,
        "reference": facts.get("reference"),
        "legal_time": None,
        "evaluated_at": None,
        "outcome": outcome,
        "domains": [DOMAIN],
        "sca": verdict,
        "obligations": [obligation for item in judged for obligation in _obligations(item, facts, words)],
        "missing": _missing(verdict, judged, unknown),
        "findings": findings or _nothing_found(judged, words),
        "rulepacks": _rulepacks(packs, judged),
        "fx": [],
        "message": words.say(f"payer.{outcome}"),
        "locale": words.locale,
    }


def _verdict(strictest: sca.Judged | None, unknown: list[str], words: Words) -> dict[str, Any]:
    if strictest is None:
        return dict(_NOWHERE)
    if unknown:
        sca.bar(strictest)
    return sca.body(strictest, words, tuple(unknown))


_NOWHERE: Final[Mapping[str, Any]] = {
    "verdict": "undecided",
    "regime": sca.NO_REGIME,
    "one_leg": False,
    "exemption": None,
    "by": None,
    "reason": "place_unknown",
    "satisfied": False,
    "available": [],
    "closed": [],
    "dynamic_linking": True,
    "method_rules": [],
    "on_refusal": None,
    "confidence": None,
}
"""The verdict where neither provider's place is known."""


def _outcome(verdict: dict[str, Any], judged: list[sca.Judged]) -> str:
    """The strictest that any of the laws asks for."""
    outcomes = ["challenge" if verdict["verdict"] == "required" and not verdict["satisfied"] else "allow"]
    if verdict["verdict"] == "undecided":
        outcomes.append(_on_unknown(judged))
    for item in judged:
        if item.verdict == "undecided":
            outcomes.append(_on_unknown([item]))
        for line in item.plan.deciding:
            if line.effect.outcome and item.statuses[line.index] is True:
                outcomes.append(line.effect.outcome)
    return max(outcomes, key=_RANK.__getitem__)


def _on_unknown(judged: list[sca.Judged]) -> str:
    for item in judged:
        for pack in reversed(item.compiled.chain):
            if DOMAIN in pack.on_unknown:
                return pack.on_unknown[DOMAIN]
    return "challenge"


def _findings(judged: sca.Judged, words: Words) -> list[dict[str, Any]]:
    found = []
    statuses, facts = judged.statuses, judged.facts
    for line in judged.plan.told:
        if statuses[line.index] is True:
            if line.paths is None:
                found.append(_finding(judged, line, words))
                continue
            key = (words.locale, *map(facts.get, line.paths))
            known = line.told.get(key)
            if known is None:
                if len(line.told) > _REMEMBERED:
                    line.told.clear()
                known = line.told[key] = _finding(judged, line, words)
            found.append(known)
    return found


def _finding(judged: sca.Judged, line: sca.Line, words: Words) -> dict[str, Any]:
    static = line.static.get(words.locale) or _static(judged.compiled, line, words)
    return {**static, "because": {reason[1]: reason[2] for reason in judged.held(line)}}


def _static(compiled: Compiled, line: sca.Line, words: Words) -> dict[str, Any]:
    """All of a finding but its values."""
    rule, pack = line.active.rule, line.active.pack
    found = line.static[words.locale] = {
        "rule": rule.id,
        "pack": pack.jurisdiction,
        "domain": compiled.domain,
        "effect": rule.effect.kind,
        "name": rule.effect.name,
        "message": words.say(rule.message, rule.title),
        "law": _law(rule.cite, pack, rule.basis),
        "confidence": rule.confidence.value,
    }
    return found


def _law(cite: Cite | None, pack: Pack, basis: Basis) -> dict[str, Any]:
    source = pack.sources.get(cite.source) if cite else None
    return {
        "instrument": source.title if source else None,
        "provision": cite.at if cite else None,
        "url": source.url if source else None,
        "basis": basis.value,
    }


def _nothing_found(judged: list[sca.Judged], words: Words) -> list[dict[str, Any]]:
    """Where no rule speaks, say how surely it is known that there is none."""
    found = []
    for item in judged:
        held = item.plan.regime_held
        if held is None:
            continue
        lawless = item.plan.regime == sca.NO_REGIME
        found.append(
            {
                "rule": "sca.no_law_known" if lawless else "sca.no_duty",
                "pack": held.pack.jurisdiction,
                "domain": DOMAIN,
                "effect": "none",
                "name": item.plan.regime,
                "message": words.say("officer.no_law_known" if lawless else "officer.no_duty"),
                "law": _law(held.value.cite or held.parameter.cite, held.pack, held.parameter.basis),
                "confidence": (held.value.confidence or held.parameter.confidence).value,
                "because": {},
            }
        )
    return found


def _obligations(judged: sca.Judged, facts: Facts, words: Words) -> list[dict[str, Any]]:
    return [
        {
            "code": oblige.code,
            "domain": DOMAIN,
            "who": oblige.who,
            "due": _due(oblige.within, facts),
            "message": words.say(line.active.rule.message, line.active.rule.title),
        }
        for line in judged.plan.obliging
        if judged.statuses[line.index] is True
        for oblige in line.effect.oblige
    ]


def _due(within: str | None, facts: Facts) -> str | None:
    """The instant by which, where the law counts from the payment; otherwise the law's own words."""
    delay, occurred = _WITHIN.get(within or ""), facts.get("occurred_at")
    return (occurred + delay).isoformat() if delay is not None and occurred is not None else within


def _missing(verdict: dict[str, Any], judged: list[sca.Judged], unknown: list[str]) -> list[dict[str, Any]]:
    """The facts that could still change the verdict: none where it is settled by what is known."""
    if verdict["verdict"] not in ("undecided", "required") or verdict["satisfied"]:
        return []
    asked: dict[str, list[str]] = {side: ["sca.regime"] for side in unknown}
    for item in judged:
        for name, rules in item.missing.items():
            asked.setdefault(name, []).extend(rules)
    return [{"field": name, "asked_by": rules, "would_settle": [DOMAIN]} for name, rules in asked.items()]


def _rulepacks(packs: PackSet, judged: list[sca.Judged]) -> list[dict[str, Any]]:
    if len(judged) == 1:
        return _applied(packs, judged[0])
    found = {entry["jurisdiction"]: entry for item in reversed(judged) for entry in _applied(packs, item)}
    return [found[code] for code in sorted(found)]


def _applied(packs: PackSet, judged: sca.Judged) -> list[dict[str, Any]]:
    day = judged.moment.day
    known = judged.compiled.derived.setdefault("applied", {})
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
            for pack in judged.compiled.chain
        ]
    return known[day]  # type: ignore[no-any-return]


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
