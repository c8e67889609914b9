"""What a decision asks of tax, the sale, and what it says beside the `tax` object: findings with their law, the facts that would
settle it, the outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from engine.facts import Facts
from engine.money import RateKey, plain
from engine.packs import model
from engine.packs.layers import WORLD
from engine.packs.packset import PackSet
from engine.sums import PAID_OTHERWISE
from engine.tax.amounts import sum_of
from engine.tax.answer import Settled
from engine.tax.assess import Assessed
from engine.tax.exchange import Found
from engine.tax.ids import checker
from engine.tax.law import TaxLaw
from engine.tax.model import RECHECK, Ruling, Sale, Step
from engine.tax.profile import with_profile
from engine.tax.registers import UNASKED, Registers
from engine.tax.sale import Profiles, decimal_fact, prices_of, sale_of
from engine.words import Words

DOMAIN: Final = "tax"
_DECISIVE: Final = ("treatment", "liability", "place", "rate")
"""Questions whose article stands for the finding, the first of them that cites one."""


def law_of(packs: PackSet) -> TaxLaw:
    """The tax law of a release, with what was looked up in it before."""
    found: TaxLaw | None = packs.derived.get(DOMAIN)
    if found is None:
        found = packs.derived[DOMAIN] = TaxLaw(packs)
    return found


def sale_in(
    facts: Facts,
    packs: PackSet,
    profiles: Profiles,
    occurred: datetime,
    legal_day: date | None,
    registers: Registers = UNASKED,
) -> tuple[Sale | None, Mapping[str, Any] | None]:
    """What is sold, with the stored merchant and the word of registers behind what the caller states, if anything is; and that
    merchant's profile."""
    merchant = facts.get("payee.merchant")
    profile = profiles(merchant) if merchant is not None else None
    check = checker(law_of(packs), legal_day or occurred.date())
    sale = sale_of(with_profile(facts, profile, occurred.date()), occurred, check)
    return registers.told(sale) if sale is not None else None, profile


class Answered(NamedTuple):
    """What a decision says of the tax of one sale. Lists and objects in it may be shared with other answers."""

    tax: dict[str, Any]
    """The `tax` object."""
    findings: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    rulepacks: list[dict[str, Any]]
    outcomes: frozenset[str]
    """What the packs want done where it is undecided; else none."""
    rates: Mapping[RateKey, Found]
    """Exchange rates, as `Assessed` has them."""
    obligations: list[dict[str, Any]]


def answered(found: Assessed, packs: PackSet, words: Words) -> Answered:
    """What a decision says of an assessment."""
    outcomes = on_unknown(found, packs) if found.answer["verdict"] == "undecided" else ()
    return Answered(
        found.answer,
        findings(found, packs, words),
        missing(found),
        applied(found, packs),
        frozenset(outcomes),
        found.rates,
        obligations(found, words),
    )


def findings(assessed: Assessed, packs: PackSet, words: Words) -> list[dict[str, Any]]:
    """One for each different ruling; lines that are ruled alike stand in one."""
    return [finding(parts[0].ruling, [part.line.id for part in parts], packs, words) for parts in ruled_alike(assessed)]


def ruled_alike(assessed: Assessed) -> list[list[Settled]]:
    """The portions of the sale, those with the same ruling together."""
    found: dict[tuple[Any, ...], list[Settled]] = {}
    for parts in assessed.settled:
        for part in parts:
            ruling = part.ruling
            key = (ruling.treatment, ruling.reason, ruling.country, ruling.region, ruling.components, ruling.steps)
            found.setdefault(key, []).append(part)
    return list(found.values())


def finding(ruling: Ruling, lines: Sequence[str], packs: PackSet, words: Words) -> dict[str, Any]:
    """The finding of a ruling; `lines` names what it holds for."""
    step = _decisive(ruling.steps)
    confidence = ruling.confidence
    because: dict[str, str] = {}
    for taken in ruling.steps:
        said = because.get(taken.question)
        because[taken.question] = f"{said} {taken.answer}" if said else taken.answer
    return {
        "rule": rule_of(ruling),
        "pack": _pack(ruling, packs),
        "domain": DOMAIN,
        "effect": ruling.treatment.value,
        "name": ruling.reason or ruling.treatment.value,
        "message": words.say(f"tax.{ruling.treatment.value}"),
        "law": {
            "instrument": step.instrument if step else None,
            "provision": (step.provision or None) if step else None,
            "url": step.url if step else None,
            "basis": "statute",
        },
        "confidence": confidence.value if confidence else "R",
        "because": {"lines": ", ".join(lines), **because},
    }


def _decisive(steps: tuple[Step, ...]) -> Step | None:
    cited = [step for step in steps if step.instrument]
    for question in _DECISIVE:
        found = [step for step in cited if step.question == question]
        if found:
            return found[-1]
    return cited[-1] if cited else None


def rule_of(ruling: Ruling) -> str:
    """The name under which a ruling is found: `tax.oss.distance_sale`."""
    return f"{DOMAIN}.{ruling.reason or ruling.treatment.value}"


def _pack(ruling: Ruling, packs: PackSet) -> str:
    if ruling.components:
        return ruling.components[0].rate_id.partition("/")[0]
    places = (ruling.region, ruling.country)
    return next((place for place in places if place is not None and place in packs.packs), WORLD)


def obligations(assessed: Assessed, words: Words) -> list[dict[str, Any]]:
    """What the seller must do later for an answer to stand: look a number up again that was taken for confirmed."""
    rulings = [part.ruling for parts in assessed.settled for part in parts]
    if not any(step.question == RECHECK for ruling in rulings for step in ruling.steps):
        return []
    message = words.say("tax.recheck")
    return [{"code": RECHECK, "domain": DOMAIN, "who": "payee", "due": None, "message": message}]


def unexplained(facts: Facts, tax: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """That what is paid is neither the sum of the lines nor that with their tax, with all three; nothing where it is one of them.

    Nothing is refused for it: the tax is that of the lines, and which of the two statements is wrong the seller knows. Cash is
    rounded, as the law of many places has it.
    """
    stated, amount = facts.get("lines"), facts.get("amount")
    if not stated or amount is None or tax["verdict"] != "determined" or facts.get("payment.instrument") == "cash":
        return []
    own = facts.get("facts") or {}
    if own.get("price_of_home_rate") == "strip":
        return []
    if not own and len(stated) == 1 and tax["lines"][0]["gross"] == str(amount.amount):
        return []  # nearly every payment: what is paid is the price of the one thing that is bought
    currency = amount.currency
    asked = sum_of([price for price, _ in prices_of(facts)]) - (decimal_fact(own, "discount") or 0)
    gross = sum_of([Decimal(line["gross"]) for line in tax["lines"]])
    paid = amount.amount + (decimal_fact(own, PAID_OTHERWISE) or 0)
    inclusive = all(line.get("tax_inclusive") is True for line in stated)
    if paid == gross or (paid == asked and not inclusive):
        return []
    said = {"paid": paid, "lines as stated": asked, "lines with their tax": gross}
    return [
        {
            "rule": f"{DOMAIN}.amount",
            "pack": WORLD,
            "domain": DOMAIN,
            "effect": "note",
            "name": "amount.differs",
            "message": words.say("tax.amount_differs"),
            "law": {"instrument": None, "provision": None, "url": None, "basis": "house"},
            "confidence": "A",
            "because": {name: f"{plain(value, currency)} {currency}" for name, value in said.items()},
        }
    ]


def missing(assessed: Assessed) -> list[dict[str, Any]]:
    """The facts that undecided lines turn on, with the rules that ask for them. What is asked of a line whose tax is settled (who
    declares it where) would settle no domain."""
    asked: dict[str, list[str]] = {}
    settling = set()
    for parts in assessed.settled:
        for part in parts:
            for name in part.ruling.missing:
                rules = asked.setdefault(name, [])
                if (rule := rule_of(part.ruling)) not in rules:
                    rules.append(rule)
                if part.amounts is None:
                    settling.add(name)
    return [
        {"field": name, "asked_by": rules, "would_settle": [DOMAIN] if name in settling else []}
        for name, rules in asked.items()
    ]


def on_unknown(assessed: Assessed, packs: PackSet) -> set[str]:
    """What the packs that were asked want done with an undecided tax."""
    found = set()
    for law in assessed.laws:
        word = model.on_unknown(law.packs, DOMAIN)
        if word is not None:
            found.add(word)
    world = packs.packs.get(WORLD)
    return found or {world.on_unknown.get(DOMAIN, "collect") if world is not None else "collect"}


def applied(assessed: Assessed, packs: PackSet) -> list[dict[str, Any]]:
    """Every pack with tax law that was looked into, on the day of its place."""
    found: dict[str, dict[str, Any]] = {}
    for law in assessed.laws:
        for pack in law.packs:
            if DOMAIN in pack.domains and pack.jurisdiction not in found:
                found[pack.jurisdiction] = {
                    "jurisdiction": pack.jurisdiction,
                    "version": pack.version,
                    "digest": packs.digests[pack.jurisdiction],
                    "as_of": law.day.isoformat(),
                }
    return list(found.values())


def explained(assessed: Assessed) -> dict[str, Any]:
    """The whole way of every line: each question with its answer, its article and how sure it is; and whose law was asked."""
    lines = [
        {
            "id": part.line.id,
            "treatment": part.ruling.treatment.value,
            "reason": part.ruling.reason,
            "rates": [component.rate_id for component in part.ruling.components],
            "missing": list(part.ruling.missing),
            "steps": [_step(step) for step in (*part.ruling.steps, *((part.rounding.step,) if part.rounding else ()))],
        }
        for parts in assessed.settled
        for part in parts
    ]
    laws = [
        {"place": law.place, "law_of": law.day.isoformat(), "packs": [pack.jurisdiction for pack in law.packs]}
        for law in assessed.laws
    ]
    return {"verdict": assessed.answer["verdict"], "lines": lines, "laws": laws}


def _step(step: Step) -> dict[str, Any]:
    return {
        "question": step.question,
        "answer": step.answer,
        "law": {"instrument": step.instrument, "provision": step.provision or None, "url": step.url},
        "confidence": step.confidence.value if step.confidence else None,
    }
