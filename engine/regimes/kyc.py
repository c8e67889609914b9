"""Knowing the customer: the level of identification that this payment needs, the limits of the wallet, what to ask for next.

Rules speak of the customer as the payer. Where `customer` is the payee, the two change places before the rules are asked and
back in what is said. The law of the obliged entity's place tells the level; that of the wallet's place its tiers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from engine.asked import Asked, LookedAt, Part, applied, issuer_by_iban
from engine.facts import Facts
from engine.features import kept
from engine.regimes.found import Found, Spoke, all_applied, detail, on_unknown
from engine.regimes.kyc_checks import age, numbers, owners, past, review
from engine.regimes.kyc_level import due_diligence, level
from engine.regimes.kyc_limits import limits
from engine.regimes.ruling import Line, ruled
from engine.regimes.sca_answer import OUTCOMES

DOMAIN: Final = "kyc"
WALLET: Final = "kyc.wallet."
"""How rules on wallets and tiers of accounts begin: the wallet's place makes them, whoever asks."""
ACCOUNTS: Final = frozenset({"e_money", "credit_transfer", "direct_debit"})
"""Instruments that move money of an account or wallet with a tier; cash does where it is paid in or taken out."""

_OUTCOMES: Final = {"met": "allow", "undecided": "collect", "collect": "collect", "refuse": "block"}
_PLACE: Final = "obliged_entity.country"
_DAYS: Final = 400
_MERCHANT: Final = "merchant_country"
"""Where the country of the stored merchant is kept with the decision."""


def part(asked: Asked) -> Part:
    """The answer on the customer. Where money laundering law was asked of the same payment, its due diligence is a floor under
    the level: the stricter of the two laws counts."""
    facts = as_payer(asked.facts)
    stored = _stored_country(asked)
    home, wallet = _home(asked.facts, stored), _wallet(facts)
    spokes = _spokes(asked, facts, home, wallet)
    aml = asked.before.get("aml")
    floor = due_diligence(aml)
    if floor == "none" and home is not None and stored is None and wallet != "" and _nothing_to_say(facts, spokes):
        return _quiet(asked, spokes)
    found = Found(asked, facts, DOMAIN)
    if home is None and "obliged_entity.role" in facts:  # nobody else is obliged to anything
        found.lack((_PLACE,), "kyc.place")
    if wallet == "":
        found.lack(("payment.issuer_country",), "kyc.wallet")
    for at, spoke in enumerate(spokes):
        if at == 0 and home is not None:
            if aml is not None and floor != "none":
                found.rests_on(aml)
            _own(found, spoke, floor)
        if wallet and (len(spokes) == 1 or at == len(spokes) - 1):
            _of_wallet(found, spoke)
    numbers(found)
    return _answer(asked, found, spokes, stored)


def looked_at(asked: Asked) -> Iterator[LookedAt]:
    """What an explanation tells of: the rules of the obliged entity's place and of the wallet's. The customer is the payer."""
    facts = as_payer(asked.facts)
    home = _home(asked.facts, _stored_country(asked))
    for at, spoke in enumerate(_spokes(asked, facts, home, _wallet(facts))):
        side = "obliged_entity" if at == 0 and home is not None else "wallet"
        yield LookedAt(side, spoke.place, spoke.compiled, spoke.moment, facts)


# -- whose law ------------------------------------------------------------------------------------------------------------------

_SWAPPED: Final = {
    "payment.issuer_country": "payment.acquirer_country",
    "payment.acquirer_country": "payment.issuer_country",
}


def as_payer(facts: Facts) -> Facts:
    """The facts with the customer in the payer's place."""
    if facts.get("customer") != "payee":
        return facts
    return Facts({other_side(path): value for path, value in facts.items()})


def other_side(path: str) -> str:
    """A path with payer and payee changed over."""
    if path.startswith("payer."):
        return "payee." + path[6:]
    if path.startswith("payee."):
        return "payer." + path[6:]
    return _SWAPPED.get(path, path)


def _home(facts: Facts, stored: str | None) -> str | None:
    """Where the obliged entity is: as stated, else the payee's country, else that of its payment service provider."""
    return facts.get(_PLACE) or facts.get("payee.country") or stored or facts.get("payment.acquirer_country")


def _stored_country(asked: Asked) -> str | None:
    """The country of the stored merchant where the payment does not say whose law counts; as it was when first decided."""
    facts = asked.facts
    if "payee.merchant" not in facts or _PLACE in facts or "payee.country" in facts:
        return None
    return asked.kept.get(_MERCHANT) or (asked.profiles(facts["payee.merchant"]) or {}).get("country")


def _wallet(facts: Facts) -> str | None:
    """Where the wallet or account with a tier is kept; None: there is none in this payment; empty: it is not known where."""
    instrument = facts["payment.instrument"]
    if instrument not in ACCOUNTS and not (instrument == "cash" and facts["kind"] in ("deposit", "withdrawal")):
        return None
    place = facts.get("payment.issuer_country")
    if facts.get("customer") != "payee":
        place = place or issuer_by_iban(facts)
    return place or facts.get("payer.country") or ""


def _spokes(asked: Asked, facts: Facts, home: str | None, wallet: str | None) -> list[Spoke]:
    found: list[Spoke] = []
    for place in (home, wallet):
        if place:
            compiled, moment = asked.law(place, DOMAIN)
            if not found or found[0].compiled is not compiled:
                found.append(Spoke(place, compiled, moment, ruled(compiled, facts, moment)))
    return found


# -- the quiet majority ---------------------------------------------------------------------------------------------------------


def _nothing_to_say(facts: Facts, spokes: list[Spoke]) -> bool:
    if "payer.national_ids" in facts or "payer.tax_ids" in facts:
        return False
    for spoke in spokes:  # noqa: SIM110  a generator takes longer than what it looks at
        if spoke.ruled.fired or spoke.ruled.open:
            return False
    return True


def _quiet(asked: Asked, spokes: list[Spoke]) -> Part:
    """Nothing is asked of this customer. Under one law the same is said of everybody on a day."""
    if len(spokes) > 1:
        return Part(_MET, "allow", [], [], [], all_applied(asked, spokes))
    compiled, day = spokes[0].compiled, spokes[0].moment.day
    known: dict[date, Part] | None = compiled.derived.get("kyc_quiet")
    if known is None:
        known = compiled.derived["kyc_quiet"] = {}
    found = known.get(day)
    if found is None:
        if len(known) > _DAYS:
            known.clear()
        found = known[day] = Part(_MET, "allow", [], [], [], applied(asked.packs, compiled, day))
    return found


_MET: Final[dict[str, Any]] = {
    "verdict": "met",
    "level_required": "none",
    "collect": [],
    "limits": [],
    "confidence": None,
}


# -- asking ---------------------------------------------------------------------------------------------------------------------


def _limits(spoke: Spoke) -> tuple[Line, ...]:
    """All limits of wallets of a place, whether they hold for this payment or not."""
    found: tuple[Line, ...] | None = spoke.compiled.derived.get("kyc_limits")
    if found is None:
        lines = (Line(at, active, None) for at, active in enumerate(spoke.compiled.rules))
        limits = (line for line in lines if line.effect.kind == "limit")
        found = spoke.compiled.derived["kyc_limits"] = tuple(sorted(limits, key=lambda line: line.id))
    return found


def _own(found: Found, spoke: Spoke, floor: str) -> None:
    """What the obliged entity must know of its customer."""
    level(found, spoke, _of(spoke, "level", wallet=False), floor)
    _rest(found, spoke, wallet=False)


def _of_wallet(found: Found, spoke: Spoke) -> None:
    """What the tier of the customer's wallet allows."""
    limits(found, spoke, _of(spoke, "limit", wallet=True), _limits(spoke))
    _rest(found, spoke, wallet=True)


_LOOKED_INTO: Final = {"age": age, "owners": owners, "review": review}


def _rest(found: Found, spoke: Spoke, *, wallet: bool) -> None:
    fired, doubtful = set(spoke.ruled.fired), list[Line]()
    for kind in ("age", "owners", "review", "collect", "refuse", "oblige"):
        for line in _of(spoke, kind, wallet=wallet):
            if line not in fired:
                doubtful.append(line)
            elif kind in _LOOKED_INTO:
                _LOOKED_INTO[kind](found, spoke, line)
            else:
                _follows(found, spoke, line)
    if doubtful:
        found.lacking(spoke, doubtful)


def _follows(found: Found, spoke: Spoke, line: Line) -> None:
    if not past(found, spoke, line):
        return
    words = found.asked.words
    message = words.say(line.active.rule.message, line.active.rule.title)
    found.tell(spoke, line)
    if line.effect.kind == "refuse":
        found.refused = True
    if line.effect.kind == "collect":
        for field in detail(spoke, line, "fields") or ():
            found.want(str(field), message)
    for oblige in line.effect.oblige:
        found.obligations.append(
            {"code": oblige.code, "domain": DOMAIN, "who": oblige.who, "due": oblige.within, "message": message}
        )


def _of(spoke: Spoke, kind: str, *, wallet: bool) -> list[Line]:
    """Rules of one kind that fired or cannot be told."""
    told = spoke.ruled.fired + spoke.ruled.open
    return [line for line in told if line.effect.kind == kind and line.id.startswith(WALLET) is wallet]


# -- the answer -----------------------------------------------------------------------------------------------------------------


def _answer(asked: Asked, found: Found, spokes: list[Spoke], stored: str | None) -> Part:
    turned = asked.facts.get("customer") == "payee"
    verdict = found.verdict
    if verdict == "refuse":
        found.collect.clear()  # nothing that could be asked for would help
    outcome = _OUTCOMES[verdict]
    if found.unsettled:
        outcome = max(outcome, *on_unknown(asked, spokes, DOMAIN), key=OUTCOMES.__getitem__)
    said = {
        "verdict": verdict,
        "level_required": found.level,
        "collect": [{"field": _back(field, turned), "why": why} for field, why in found.collect.items()],
        "limits": found.limits,
        "confidence": found.confidence,
    }
    missing = [{**entry, "field": _back(entry["field"], turned)} for entry in found.lacked()]
    findings = list(found.findings())
    if turned:
        findings = [
            {**entry, "because": {_back(key, turned): text for key, text in entry["because"].items()}}
            for entry in findings
        ]
    inputs = kept(found.past) | ({_MERCHANT: stored} if stored else {})
    return Part(said, outcome, found.obligations, missing, findings, all_applied(asked, spokes), inputs or None)


def _back(path: str, turned: bool) -> str:
    return other_side(path) if turned else path


__all__ = ["ACCOUNTS", "WALLET", "as_payer", "looked_at", "other_side", "part"]
