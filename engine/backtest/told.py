"""What one payment is told, as far as a back-test compares it: outcome, verdicts, the rules that spoke, the tax."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from engine.joined import KEYS
from engine.money import EXACT

NOT_ASKED: Final = "not_asked"
"""The verdict of a domain that was not decided."""


class Told(NamedTuple):
    """Of one payment under one release."""

    outcome: str
    verdicts: tuple[str, ...]
    """One a domain, in the order of the domains asked."""
    rules: tuple[str, ...]
    """One text a domain: the ids of the rules among the findings, sorted, with a blank between them."""
    tax: str
    """Country, currency and amount, `;` between countries: `DE EUR 1.90;FR EUR 0.55`. Empty where none is told."""


def told(body: Mapping[str, Any], domains: Sequence[str]) -> Told:
    """What a decision says."""
    rules: dict[str, set[str]] = {domain: set() for domain in domains}
    for finding in body["findings"]:
        if finding["domain"] in rules:
            rules[finding["domain"]].add(finding["rule"])
    said = (body.get(KEYS.get(domain, domain)) for domain in domains)
    verdicts = tuple(NOT_ASKED if one is None else one["verdict"] for one in said)
    return Told(
        body["outcome"], verdicts, tuple(" ".join(sorted(rules[one])) for one in domains), _tax(body.get("tax"))
    )


def _tax(tax: Mapping[str, Any] | None) -> str:
    """The tax of each country, exactly as it was reckoned."""
    found: dict[str, Decimal] = {}
    for line in (tax or {}).get("lines") or ():
        for part in line["components"]:
            found[line["country"]] = EXACT.add(found.get(line["country"], Decimal(0)), Decimal(part["amount"]))
    return ";".join(f"{country} {tax['currency']} {amount:f}" for country, amount in sorted(found.items()) if tax)


def read_tax(text: str) -> Iterator[tuple[str, Decimal]]:
    """`DE EUR` and the amount, of each country."""
    for entry in filter(None, text.split(";")):
        where, _, amount = entry.rpartition(" ")
        yield where, Decimal(amount)
