"""What belongs together in a basket: a discount on the whole, a bundle at one price, shipping and other ancillary supplies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, NamedTuple

from engine.packs.model import Confidence
from engine.tax.amounts import allocate, minor_unit
from engine.tax.asked import Asked
from engine.tax.model import Ruling, Sale, SaleLine, Step, Treatment
from engine.tax.sale import decimal_fact

SHIPPING: Final = "shipping"
"""Category of a line that charges the carriage of the basket's goods."""
DIRECTIVE: Final = "Council Directive 2006/112/EC"
DIRECTIVE_URL: Final = "https://eur-lex.europa.eu/eli/dir/2006/112/oj"
_PRINCIPAL: Final = "C-349/96 Card Protection Plan, C-41/04 Levob"
_ZERO: Final = Decimal(0)

Rule = Callable[[SaleLine], Ruling]
"""The law's word on one line."""


class Portion(NamedTuple):
    """The part of a line that one ruling holds for; of nearly every line there is one."""

    line: SaleLine
    """With the amount of the portion."""
    ruling: Ruling
    like: str | None = None
    """Where a line has several: what this one follows, a category of the bundle or the lines whose carriage it pays."""


# -- a discount on the whole basket -----------------------------------------------------------------------------------------


def discounted(sale: Sale) -> Sale:
    """The sale after `facts.discount`, a decimal string in the sale's currency, spread over the lines in proportion.

    Art. 79(b) Directive: what is deducted at the time of the supply is no part of the base.
    """
    if "discount" not in sale.facts:
        return sale
    amount, unit = decimal_fact(sale.facts, "discount"), minor_unit(sale.currency)
    prices = [line.amount for line in sale.lines]
    whole = amount is not None and (amount / unit) % 1 == 0
    if amount is None or not whole or amount > sum(prices, _ZERO):
        return replace(
            sale, lines=tuple(replace(line, unpriced=line.unpriced or "facts.discount") for line in sale.lines)
        )
    if any(line.unpriced for line in sale.lines):  # of a basket whose total is not known nothing can be spread
        unknown = next(line.unpriced for line in sale.lines if line.unpriced)
        return replace(sale, lines=tuple(replace(line, unpriced=line.unpriced or unknown) for line in sale.lines))
    shares = allocate(amount, prices, unit)
    lines = [replace(line, amount=line.amount - share) for line, share in zip(sale.lines, shares, strict=True)]
    return replace(sale, lines=tuple(lines))


# -- lines and what follows them ----------------------------------------------------------------------------------------------


def portions(sale: Sale, rule: Rule, ask: Callable[[SaleLine], Asked]) -> list[list[Portion]]:
    """For each line of the sale, the portions it is taxed in. They add up to the line."""
    if len(sale.lines) == 1 and not sale.lines[0].facts:
        return [[Portion(sale.lines[0], rule(sale.lines[0]))]]
    found: list[list[Portion]] = [[] for _ in sale.lines]
    waiting = []
    goods = any(_is_goods(line) for line in sale.lines)
    for at, line in enumerate(sale.lines):
        if "ancillary_to" in line.facts or (line.category == SHIPPING and goods):
            waiting.append(at)
        else:
            found[at] = _own(sale, line, rule)
    for at in waiting:
        line = sale.lines[at]
        found[at] = _following(sale, line, found) if "ancillary_to" in line.facts else _carriage(sale, line, found, ask)
    return found


def _is_goods(line: SaleLine) -> bool:
    return line.kind == "goods" and line.category != SHIPPING and "ancillary_to" not in line.facts


def _own(sale: Sale, line: SaleLine, rule: Rule) -> list[Portion]:
    """A line of its own: one portion, or those of its bundle."""
    if "bundle" not in line.facts:
        return [Portion(line, rule(line))]
    parts = _bundle(line.facts["bundle"])
    if parts is None:
        words = "The bundle needs a list of {category, price} with the price of each part when sold alone."
        return [Portion(line, undecided("bundle.unknown", ("lines.facts.bundle",), Step("composition", words)))]
    amounts = allocate(line.amount, [price for *_, price in parts], minor_unit(sale.currency))
    found = []
    for (category, kind, price), amount in zip(parts, amounts, strict=True):
        part = replace(line, category=category, kind=kind or line.kind, amount=amount)
        words = f"{amount:f} of the bundle's {line.amount:f} is for {category}, by stand-alone prices ({price:f})."
        ruling = rule(part)
        step = Step("composition", words, confidence=Confidence.R)
        found.append(Portion(part, ruling.with_steps((*ruling.steps, step)), category))
    return found


def _bundle(stated: Any) -> list[tuple[str, str | None, Decimal]] | None:
    if not isinstance(stated, list | tuple) or not stated or not all(isinstance(part, dict) for part in stated):
        return None
    prices = [decimal_fact(part, "price") for part in stated]
    if not all(isinstance(part.get("category"), str) for part in stated) or not any(prices):
        return None
    found = []
    for part, price in zip(stated, prices, strict=True):
        if price is None:
            return None
        kind = part.get("kind")
        found.append((part["category"], kind if isinstance(kind, str) else None, price))
    return found


def _following(sale: Sale, line: SaleLine, known: list[list[Portion]]) -> list[Portion]:
    """An ancillary element shares the fate of its principal, even at a price of its own."""
    wanted = line.facts["ancillary_to"]
    at = next((at for at, other in enumerate(sale.lines) if other.id == wanted and known[at]), None)
    if at is None:
        words = "The line is said to be ancillary to a line that is not there, or that follows another itself."
        ruling = undecided("composition.unknown", ("lines.facts.ancillary_to",), Step("composition", words))
        return [Portion(line, ruling)]
    words = f"Ancillary to line {wanted}: one supply, with the place and the rate of its principal element."
    return _spread(sale, line, known[at], Step("composition", words, _PRINCIPAL, confidence=Confidence.R))


def _carriage(
    sale: Sale, line: SaleLine, known: list[list[Portion]], ask: Callable[[SaleLine], Asked]
) -> list[Portion]:
    """Shipping belongs to the goods it carries, and is spread over their rates by value."""
    carried = [part for at, other in enumerate(sale.lines) if _is_goods(other) for part in known[at]]
    if not carried:
        words = "Every line of goods follows another, so that nothing is left for the shipping to follow."
        return [
            Portion(line, undecided("composition.unknown", ("lines.facts.ancillary_to",), Step("composition", words)))
        ]
    unpriced = next((part.line.unpriced for part in carried if part.line.unpriced), None)
    if unpriced is not None:
        words = "The value of the goods is not known, and so neither is what share of the shipping follows which."
        return [Portion(line, undecided("composition.unknown", (unpriced,), Step("composition", words)))]
    found = [_own_rule(part, ask) for part in carried]
    unsure = next((one for one in found if isinstance(one, Step)), None)
    if unsure is not None:
        return [Portion(line, undecided("shipping.unknown", ("law.shipping_taxable",), unsure))]
    carried = [one for one in found if isinstance(one, Portion)]
    asked = ask(carried[0].line)
    country = carried[0].ruling.country
    union = country is not None and any(pack.jurisdiction == "EU" for pack in asked.at(country).packs)
    words = (
        "Shipping charged by the supplier is part of the supply of the goods, by value where they bear several rates."
    )
    step = Step("composition", words, confidence=Confidence.C)
    if union:
        step = Step("composition", words, DIRECTIVE, "Art. 78(b)", DIRECTIVE_URL, Confidence.A)
    return _spread(sale, line, carried, step)


def _own_rule(part: Portion, ask: Callable[[SaleLine], Asked]) -> Portion | Step:
    """The goods as shipping follows them, or why nobody can tell: retail sales taxes differ in it from state to state."""
    place = part.ruling.region or part.ruling.country
    if place is None or not part.ruling.components:
        return part
    law = ask(part.line).at(place)
    setting = law.setting("shipping_taxable")
    if setting is not None and setting.value == "follows_goods":
        step = setting.step(
            "composition", f"{place} taxes what is charged for delivery as the goods that are delivered."
        )
        return part._replace(ruling=part.ruling.with_steps((*part.ruling.steps, step)))
    if setting is not None and setting.value == "not_if_separate":
        step = setting.step("composition", f"{place} does not tax delivery that is charged apart, as this line is.")
        untaxed = replace(
            part.ruling, treatment=Treatment.EXEMPT, components=(), reason="shipping.not_taxable", scheme=None
        )
        return part._replace(ruling=untaxed.with_steps((*part.ruling.steps, step)))
    if setting is None and not any(rate.row.component == "sales_tax" for rate in law.rates()):
        return part
    return Step("composition", f"Whether {place} taxes shipping that is charged apart has not been read.")


def _spread(sale: Sale, line: SaleLine, over: Sequence[Portion], step: Step) -> list[Portion]:
    """The line in portions, one for each different ruling among those it follows, by their value."""
    alike: dict[tuple[Any, ...], list[Portion]] = {}
    for part in over:
        ruling = part.ruling
        key = (ruling.treatment, ruling.country, ruling.region, ruling.components, ruling.scheme, ruling.reason)
        alike.setdefault(key, []).append(part)
    followed = list(alike.values())
    rulings = [replace(parts[0].ruling, steps=(*parts[0].ruling.steps, step), duties=()) for parts in followed]
    if len(followed) == 1:  # whatever the goods cost: their values are not even asked
        return [Portion(line.of_category(followed[0][0].line.category), rulings[0])]
    weights = [sum((part.line.amount for part in parts), _ZERO) for parts in followed]
    amounts = allocate(line.amount, weights, minor_unit(sale.currency))
    return [
        Portion(
            replace(line, amount=amount, category=parts[0].line.category),
            ruling,
            ", ".join(dict.fromkeys(part.line.id for part in parts)),
        )
        for parts, ruling, amount in zip(followed, rulings, amounts, strict=True)
    ]


def undecided(reason: str, missing: tuple[str, ...], *steps: Step) -> Ruling:
    """A ruling that facts are missing for."""
    return Ruling(Treatment.UNDECIDED, None, None, reason=reason, steps=steps, missing=missing)
