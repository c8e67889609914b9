"""Where a customer of a digital service is: two items of evidence that do not contradict each other (Art. 24b, 24f IR)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.packs.model import Confidence
from engine.tax.asked import Asked
from engine.tax.customer import REGULATION, REGULATION_URL
from engine.tax.model import Buyer, Step

_BY_OTHERS: Final[tuple[str, ...]] = ("bank", "sim")
"""Items that somebody other than the supplier and the customer provides: what the one-item rule of Art. 24b asks for."""


@dataclass(frozen=True, slots=True)
class Located:
    """The customer's place as the evidence shows it."""

    country: str | None
    region: str | None
    items: tuple[str, ...]
    """The items relied on, as `billing=FR`: to be kept for ten years under the special schemes."""
    steps: tuple[Step, ...]
    missing: tuple[str, ...]


def located(asked: Asked, *, simplified: bool) -> Located:
    """The customer's place. `simplified`: one item from somebody else is enough, as for small suppliers.

    Two agreeing items settle it, even beside a single one that disagrees; two against two settle nothing.
    """
    buyer = asked.sale.buyer
    items = items_of(buyer)
    if simplified:
        others = {kind: items[kind] for kind in _BY_OTHERS if kind in items}
        if len(set(others.values())) == 1:
            return _found(buyer, others, "Art. 24b, second paragraph", "one item, from somebody other than the parties")
    if not items:
        return _open("No evidence of the customer's place is stated.", ("payer.country", "payer.evidence"))
    by_country: dict[str, dict[str, str]] = {}
    for kind, country in items.items():
        by_country.setdefault(country, {})[kind] = country
    ranked = sorted(by_country.values(), key=len, reverse=True)
    listed = ", ".join(_written(items))
    if len(ranked[0]) < 2:
        why = "The items contradict each other" if len(ranked) > 1 else "Two items are wanted, and there is one"
        return _open(f"{why}: {listed}.", ("payer.evidence",))
    if len(ranked) > 1 and len(ranked[1]) >= 2:
        return _open(f"Two items stand against two: {listed}.", ("payer.evidence",))
    beside = [item for group in ranked[1:] for item in _written(group)]
    words = "two items that do not contradict each other" + (f" (against {', '.join(beside)})" if beside else "")
    return _found(buyer, ranked[0], "Art. 24b(d), 24f", words, Confidence.C if beside else Confidence.A)


def items_of(buyer: Buyer) -> dict[str, str]:
    """Kind -> country, one for each source. The stated address counts as the billing address, unless another is stated as such:
    then both count, because they may differ."""
    items = dict(buyer.evidence)
    country = buyer.address.country
    if country is not None and "billing" not in items:
        items = {"billing": country, **items}
    elif country is not None and items["billing"] != country:
        items["address"] = country
    return items


def _found(
    buyer: Buyer, items: dict[str, str], provision: str, words: str, confidence: Confidence = Confidence.A
) -> Located:
    country = next(iter(items.values()))
    written = _written(items)
    answer = f"{country}: {words}: {', '.join(written)}"
    step = Step("place", answer, REGULATION, provision, REGULATION_URL, confidence)
    region = buyer.address.region if buyer.address.country == country else None
    return Located(country, region, written, (step,), ())


def _open(words: str, missing: tuple[str, ...]) -> Located:
    step = Step("place", words, REGULATION, "Art. 24b(d), 24f", REGULATION_URL, Confidence.A)
    return Located(None, None, (), (step,), missing)


def _written(items: dict[str, str]) -> tuple[str, ...]:
    return tuple([f"{kind}={country}" for kind, country in items.items()])
