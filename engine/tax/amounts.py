"""The arithmetic: exact decimals in, whole minor units out, and nothing lost on the way.

Exclusive price: tax = base x r / 100. Inclusive: tax_i = gross x r_i / (100 + sum of r), where r counts the share of the price
that is taxed. What was rounded as one sum is spread over its lines by largest remainder, so that lines add up to totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    return Reckoning(lines, currency).of([line.amount for line in lines])


class Reckoning:
    """The arithmetic of a basket, with everything that does not hang on its amounts worked out: baskets whose lines bear the
    same rates under the same rules share it."""

    __slots__ = ("_each", "_groups", "_lines", "_unit")

    def __init__(self, lines: Sequence[Charged], currency: str):
        self._unit = unit = minor_unit(currency)
        self._lines = [(line, *_rates(line)) for line in lines]
        self._groups = [(group, *_rule(lines[group[0][0]], currency, unit)) for group in _groups(lines)]
        each = [at for group, _, _ in self._groups for at, _ in group]
        alone = len(self._groups) == len(each) == len(set(each))
        self._each = {group[0][0]: (to, direction) for group, to, direction in self._groups} if alone else None
        """How each line is rounded, where every line bears one tax at most and none is rounded with another's."""

    def of(self, amounts: Sequence[Decimal]) -> list[Amounts]:
        """The amounts of every line, of prices as `Charged.amount` has them."""
        unit = self._unit
        if self._each is not None:  # nearly every basket: nothing to spread
            return self._one_by_one(amounts, self._each)
        exact = [
            _unrounded(amount, line, rates, of) for amount, (line, rates, of) in zip(amounts, self._lines, strict=True)
        ]
        rounded = [[_ZERO] * len(taxes) for taxes in exact]
        for group, to, direction in self._groups:
            parts = [exact[at][which] for at, which in group]
            total = _rounded(sum_of(parts), to, direction, unit)
            for (at, which), part in zip(group, allocate(total, parts, unit), strict=True):
                rounded[at][which] = part
        return [
            _amounts(amount, line, taxes, parts, unit)
            for amount, (line, _, _), taxes, parts in zip(amounts, self._lines, exact, rounded, strict=True)
        ]

    def _one_by_one(self, amounts: Sequence[Decimal], how: Mapping[int, tuple[Decimal, str]]) -> list[Amounts]:
        found, unit = [], self._unit
        for at, (amount, (line, rates, of)) in enumerate(zip(amounts, self._lines, strict=True)):
            if len(rates) == 1 and line.components[0].share == 1:
                found.append(_single(amount, line, rates[0], of, *how[at], unit))
            else:
                exact = _unrounded(amount, line, rates, of)
                found.append(_amounts(amount, line, exact, [_rounded(one, *how[at], unit) for one in exact], unit))
        return found


def _rates(line: Charged) -> tuple[list[Decimal], Decimal]:
    """Each component's percentage of the price, and what all of them are percentages of: the gross price, or the net."""
    effective = [EXACT.multiply(part.percent, part.share) for part in line.components]
    return effective, EXACT.add(_HUNDRED, sum_of(effective)) if line.inclusive else _HUNDRED


def _unrounded(amount: Decimal, line: Charged, rates: Sequence[Decimal], of: Decimal) -> list[Decimal]:
    """Each component's exact tax."""
    base = amount if line.inclusive else amount + line.duties
    return [EXACT.divide(EXACT.multiply(base, rate), of) for rate in rates]


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


def _rule(line: Charged, currency: str, unit: Decimal) -> tuple[Decimal, str]:
    """What a tax of this line is rounded to, and in which direction."""
    assert line.rounding is not None
    return quantum(line.rounding, currency, unit), line.rounding.direction


def _rounded(amount: Decimal, to: Decimal, direction: str, unit: Decimal) -> Decimal:
    whole = amount.quantize(to, direction, EXACT)
    return whole if to is unit else whole.quantize(unit, context=EXACT)


def _single(
    amount: Decimal, line: Charged, rate: Decimal, of: Decimal, to: Decimal, direction: str, unit: Decimal
) -> Amounts:
    """The amounts of a line that bears one tax, on its whole price."""
    if line.inclusive:
        exact = EXACT.divide(EXACT.multiply(amount, rate), of)
        tax = _rounded(exact, to, direction, unit)
        net, gross = amount - tax, amount
    else:
        net = amount + line.duties
        exact = EXACT.divide(EXACT.multiply(net, rate), of)
        tax = _rounded(exact, to, direction, unit)
        gross = net + tax
    return Amounts(net, tax, gross, (Levied(line.components[0], net, tax, exact),), line.duties)


def _amounts(
    amount: Decimal, line: Charged, exact: Sequence[Decimal], parts: Sequence[Decimal], unit: Decimal
) -> Amounts:
    tax = parts[0] if len(parts) == 1 else sum_of(parts)
    if line.inclusive:
        net, gross = amount - tax, amount
    else:
        net = amount + line.duties
        gross = net + tax
    levied = tuple(
        [
            Levied(part, net if part.share == 1 else _base(net, part.share, unit), tax_of_it, unrounded)
            for part, tax_of_it, unrounded in zip(line.components, parts, exact, strict=True)
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
