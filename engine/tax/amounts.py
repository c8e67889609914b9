"""The arithmetic: exact decimals in, whole minor units out, and nothing lost on the way.

Exclusive price: tax = base x r / 100. Inclusive: tax_i = gross x r_i / (100 + sum of r), where r counts the share of the price
that is taxed. What was rounded as one sum is spread over its lines by largest remainder, so that lines add up to totals.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import lcm
from typing import Final, NamedTuple

from engine.money import DIGITS, EXACT
from engine.tax.model import Component
from engine.tax.rounding import Rounding, quantum

_ZERO: Final = Decimal(0)
_HUNDRED: Final = Decimal(100)


class Charged(NamedTuple):
    """A line, or a part of one, that one ruling holds for. Amounts are in the sale's currency."""

    amount: Decimal
    """Gross where `inclusive`, else net; whole minor units."""
    inclusive: bool
    components: tuple[Component, ...]
    place: str
    """Whose tax it is: taxes that are rounded once on the total are summed for each place."""
    rounding: Rounding | None
    """None where there is nothing to round."""
    duties: Decimal = _ZERO
    """Charges that enter the base: inside an inclusive price, added to an exclusive one."""


class Levied(NamedTuple):
    """One tax on one line."""

    component: Component
    base: Decimal
    amount: Decimal
    unrounded: Decimal


class Amounts(NamedTuple):
    """net + tax = gross, always. Duties are within `net`, because they are taxed."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    levied: tuple[Levied, ...]
    duties: Decimal = _ZERO


def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 EUR, 1 JPY, 0.001 KWD."""
    return Decimal((0, (1,), -DIGITS[currency]))


def reckon(lines: Sequence[Charged], currency: str) -> list[Amounts]:
    """The amounts of every line. Rounding is done as each line's rule says: for each line, or once for all of them."""
    unit = minor_unit(currency)
    exact = [_unrounded(line) for line in lines]
    if len(lines) == 1 and len(exact[0]) == 1:  # nearly every payment: nothing to spread
        line = lines[0]
        assert line.rounding is not None
        return [_amounts(line, exact[0], [_rounded(exact[0][0], line.rounding, currency, unit)], unit)]
    rounded = [[_ZERO] * len(taxes) for taxes in exact]
    for group in _groups(lines):
        rounding = lines[group[0][0]].rounding
        assert rounding is not None
        parts = [exact[at][which] for at, which in group]
        total = _rounded(sum_of(parts), rounding, currency, unit)
        for (at, which), part in zip(group, allocate(total, parts, unit), strict=True):
            rounded[at][which] = part
    return [_amounts(line, taxes, parts, unit) for line, taxes, parts in zip(lines, exact, rounded, strict=True)]


def _unrounded(line: Charged) -> list[Decimal]:
    """Each component's exact tax."""
    effective = [EXACT.multiply(part.percent, part.share) for part in line.components]
    if line.inclusive:
        of = EXACT.add(_HUNDRED, sum_of(effective))
        return [EXACT.divide(EXACT.multiply(line.amount, rate), of) for rate in effective]
    base = line.amount + line.duties
    return [EXACT.divide(EXACT.multiply(base, rate), _HUNDRED) for rate in effective]


def _groups(lines: Sequence[Charged]) -> list[list[tuple[int, int]]]:
    """Which taxes (line, component) are rounded as one sum."""
    found: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    for at, line in enumerate(lines):
        for which, part in enumerate(line.components):
            level = line.rounding.level if line.rounding else "line"
            tax = (line.place, part.jurisdiction, part.name)
            key: tuple[object, ...] = (at, which)
            if level == "line_total":
                key = (at,)
            elif level == "invoice":
                key = (*tax, line.rounding.source if line.rounding else None)
            elif level == "invoice_rate":
                key = (*tax, part.percent, line.rounding.source if line.rounding else None)
            found.setdefault((level, *key), []).append((at, which))
    return list(found.values())


def _rounded(amount: Decimal, rounding: Rounding, currency: str, unit: Decimal) -> Decimal:
    whole = amount.quantize(quantum(rounding, currency, unit), rounding.direction, EXACT)
    return whole.quantize(unit, context=EXACT)


def _amounts(line: Charged, exact: Sequence[Decimal], parts: Sequence[Decimal], unit: Decimal) -> Amounts:
    tax = sum_of(parts)
    if line.inclusive:
        net, gross = line.amount - tax, line.amount
    else:
        net = line.amount + line.duties
        gross = net + tax
    levied = tuple(
        [
            Levied(part, net if part.share == 1 else _base(net, part.share, unit), amount, unrounded)
            for part, amount, unrounded in zip(line.components, parts, exact, strict=True)
        ]
    )
    return Amounts(net, tax, gross, levied, line.duties)


def _base(net: Decimal, share: Decimal, unit: Decimal) -> Decimal:
    return EXACT.multiply(net, share).quantize(unit, ROUND_HALF_UP, EXACT)


def without_tax(gross: Decimal, components: Sequence[Component], currency: str) -> Decimal:
    """A price without the tax of these rates, in whole minor units, half up."""
    rates = sum_of([EXACT.multiply(part.percent, part.share) for part in components])
    net = EXACT.divide(EXACT.multiply(gross, _HUNDRED), EXACT.add(_HUNDRED, rates))
    return net.quantize(minor_unit(currency), ROUND_HALF_UP, EXACT)


# -- spreading a sum without losing any of it -----------------------------------------------------------------------------


def allocate(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """`total` (whole units, not negative) in whole units, in proportion to `weights` (not negative), by largest remainder.

    The parts add up to the total exactly. Equal remainders go to the earlier part. Without any weight all count alike.

    >>> allocate(Decimal("0.10"), [Decimal(1)] * 3, Decimal("0.01"))
    [Decimal('0.04'), Decimal('0.03'), Decimal('0.03')]
    """
    if len(weights) == 1:
        return [total]
    units = _whole(total, unit)
    shares = _integers(weights)
    of = sum(shares)
    if of == 0:
        shares, of = [1] * len(weights), len(weights)
    found = [divmod(units * share, of) for share in shares]
    left = units - sum(whole for whole, _ in found)
    order = sorted(range(len(found)), key=lambda at: (-found[at][1], at))
    more = set(order[:left])
    return [unit * (whole + (at in more)) for at, (whole, _) in enumerate(found)]


def _whole(total: Decimal, unit: Decimal) -> int:
    above, below = EXACT.divide(total, unit).as_integer_ratio()
    if below != 1:
        raise ValueError(f"{total} is no whole number of {unit}: what is spread must be whole")
    return above


def _integers(weights: Sequence[Decimal]) -> list[int]:
    """The weights as whole numbers in the same proportions, exactly."""
    ratios = [weight.as_integer_ratio() for weight in weights]
    scale = lcm(*(below for _, below in ratios))
    return [above * (scale // below) for above, below in ratios]


def sum_of(parts: Sequence[Decimal]) -> Decimal:
    """The exact sum."""
    total = _ZERO
    for part in parts:
        total = EXACT.add(total, part)
    return total
