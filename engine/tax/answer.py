"""The `tax` object of the Decision, as it stands on the wire: amounts are decimal strings of their currency, rates percent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from engine.money import plain
from engine.packs.model import weakest
from engine.tax.amounts import Amounts, Charged, Levied, sum_of
from engine.tax.model import Ruling, SaleLine, Step, Treatment
from engine.tax.rounding import Rounding

_TEN_DECIMALS: Final = Decimal("1E-10")
_LEADING: Final = {treatment: rank for rank, treatment in enumerate(Treatment)}
"""Of a line with several portions, the treatment that comes first here speaks for it: standard before reduced before zero ..."""

NOT_APPLICABLE: Final[Mapping[str, Any]] = {
    "verdict": "not_applicable",
    "total": None,
    "currency": None,
    "inclusive": None,
    "lines": [],
    "customer": "unknown",
    "date": None,
    "rounding": None,
    "confidence": None,
}
"""For what is no sale. A refund reverses the tax of its sale."""


class Settled(NamedTuple):
    """A portion of a line, decided and reckoned. `amounts` is None where it is undecided."""

    line: SaleLine
    ruling: Ruling
    amounts: Amounts | None
    rounding: Rounding | None
    inclusive: bool | None
    like: str | None = None
    charged: Charged | None = None
    """What the arithmetic was given; None where it is undecided."""


def line_of(line: SaleLine, settled: Sequence[Settled], currency: str) -> dict[str, Any]:
    """A line of the answer."""
    if any(part.amounts is None for part in settled):
        return _undecided(line, [part for part in settled if part.amounts is None])
    if len(settled) == 1:
        part = settled[0]
        assert part.amounts is not None
        return _line(line, part.ruling, part.amounts, part.ruling.steps, part.rounding, currency)
    leading = min(settled, key=lambda part: _LEADING[part.ruling.treatment])
    amounts = _together([part.amounts for part in settled if part.amounts is not None])
    steps = tuple(dict.fromkeys(step for part in settled for step in part.ruling.steps))
    said = _line(line, leading.ruling, amounts, steps, leading.rounding, currency)
    said["confidence"] = weakest(part.ruling.confidence for part in settled)
    said["missing"] = list(dict.fromkeys(name for part in settled for name in part.ruling.missing))
    said["parts"] = [_part(part, currency) for part in settled]
    return said


def _line(
    line: SaleLine, ruling: Ruling, amounts: Amounts, steps: tuple[Step, ...], rounding: Rounding | None, currency: str
) -> dict[str, Any]:
    confidence = ruling.confidence
    if rounding is not None:
        steps = (*steps, rounding.step)
    return {
        "id": line.id,
        "country": ruling.country,
        "region": ruling.region,
        "treatment": ruling.treatment.value,
        "reason": ruling.reason,
        "scheme": ruling.scheme,
        "components": [_component(levied, currency) for levied in amounts.levied],
        "net": plain(amounts.net, currency),
        "tax": plain(amounts.tax, currency),
        "gross": plain(amounts.gross, currency),
        "duties": plain(amounts.duties, currency) if amounts.duties else None,
        "invoice_note": ruling.invoice_note,
        "law": law_of(steps),
        "confidence": confidence.value if confidence else None,
        "missing": list(ruling.missing),
        "steps": [{"question": step.question, "answer": step.answer} for step in steps],
        "evidence": list(ruling.evidence),
        "parts": [],
    }


def _undecided(line: SaleLine, open_parts: Sequence[Settled]) -> dict[str, Any]:
    """Nothing is charged on what is not known, and nothing is said to be free of tax."""
    first = open_parts[0].ruling
    steps = tuple(dict.fromkeys(step for part in open_parts for step in part.ruling.steps))
    return {
        "id": line.id,
        "country": first.country,
        "region": first.region,
        "treatment": Treatment.UNDECIDED.value,
        "reason": first.reason,
        "scheme": first.scheme,
        "components": [],
        "net": None,
        "tax": None,
        "gross": None,
        "duties": None,
        "invoice_note": None,
        "law": law_of(steps),
        "confidence": None,
        "missing": list(dict.fromkeys(name for part in open_parts for name in part.ruling.missing)),
        "steps": [{"question": step.question, "answer": step.answer} for step in steps],
        "evidence": list(first.evidence),
        "parts": [],
    }


def _component(levied: Levied, currency: str) -> dict[str, Any]:
    part = levied.component
    return {
        "name": part.name,
        "jurisdiction": part.jurisdiction,
        "rate_percent": percent(part.percent),
        "taxable_amount": plain(levied.base, currency),
        "amount": plain(levied.amount, currency),
        "unrounded": exact(levied.unrounded),
        "rate": part.rate_id,
        "confidence": part.confidence.value,
    }


def _part(part: Settled, currency: str) -> dict[str, Any]:
    amounts, ruling = part.amounts, part.ruling
    assert amounts is not None
    return {
        "like": part.like or "",
        "country": ruling.country,
        "region": ruling.region,
        "treatment": ruling.treatment.value,
        "reason": ruling.reason,
        "scheme": ruling.scheme,
        "net": plain(amounts.net, currency),
        "tax": plain(amounts.tax, currency),
        "gross": plain(amounts.gross, currency),
    }


def _together(amounts: Sequence[Amounts]) -> Amounts:
    return Amounts(
        sum_of([part.net for part in amounts]),
        sum_of([part.tax for part in amounts]),
        sum_of([part.gross for part in amounts]),
        tuple(levied for part in amounts for levied in part.levied),
        sum_of([part.duties for part in amounts]),
    )


def law_of(steps: Iterable[Step]) -> list[dict[str, str | None]]:
    """Every provision that the steps cite, once, in their order."""
    cited = dict.fromkeys((step.instrument, step.provision or None, step.url) for step in steps if step.instrument)
    return [{"instrument": title, "provision": provision, "url": url} for title, provision, url in cited]


@lru_cache(maxsize=4096)
def percent(rate: Decimal) -> str:
    """A rate without idle zeros: 5.5, 19, 0.

    >>> percent(Decimal("20.00")), percent(Decimal("5.50"))
    ('20', '5.5')
    """
    return f"{rate.normalize():f}"


def exact(amount: Decimal) -> str:
    """An amount before it was rounded. Ten decimals, enough to reckon a part of it again; without idle zeros.

    >>> exact(Decimal("20.92436974789915")), exact(Decimal("4.7300")), exact(Decimal("0.00000000004"))
    ('20.9243697479', '4.73', '0')
    """
    rounded = amount.quantize(_TEN_DECIMALS, ROUND_HALF_EVEN)
    text = str(rounded)
    if "E" in text:  # next to nothing, or nothing
        return f"{rounded.normalize():f}"
    return text.rstrip("0").rstrip(".")


def rounding_of(rules: Iterable[Rounding | None]) -> dict[str, Any] | None:
    """The rounding of the whole sale: one rule, or that each line has its own."""
    found = {rule.source: rule for rule in rules if rule is not None}
    if not found:
        return None
    if len(found) > 1:
        grade = weakest(rule.confidence for rule in found.values())
        return {"method": "by_place", "level": "by_place", "source": ", ".join(sorted(found)), "confidence": grade}
    rule = next(iter(found.values()))
    return {"method": rule.method, "level": rule.level, "source": rule.source, "confidence": rule.confidence.value}
