"""Taxes given back: in full, by lines, or by an amount. The original rates, bases and rules stand; nothing is asked again.

Directive 2006/112/EC, Art. 90: where the price is reduced or the supply cancelled afterwards, the taxable amount of that supply
is reduced. Several partial reversals add up to the whole because each is the difference of two rounded totals: the tax on all
that has been given back so far, rounded, less what was given back before. The last one takes what remains.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from engine.postings import Posting, from_minor, to_minor
from engine.tax.charged import Charged, ChargedLine


class ReversalRefused(ValueError):
    """This cannot be given back. `code` is stable; `line` is the place in the request's list, where one line is to blame."""

    def __init__(self, code: str, message: str, line: int | None = None, field: str | None = None) -> None:
        self.code, self.line, self.field = code, line, field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class LineWanted:
    """One line to give back: an amount of money, a number of units, or (neither) all that is left of it.

    With both, the amount is what goes back, and the units are counted as returned.
    """

    id: str
    amount: Decimal | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReversedLine:
    """What goes back of one line. `parts`: base and tax of each of its taxes, in their order."""

    line: ChargedLine
    net: int
    tax: int
    gross: int
    quantity: Decimal | None
    parts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Reversal:
    """What goes back, in whole minor units; only the lines of which something does."""

    lines: tuple[ReversedLine, ...]

    @property
    def net(self) -> int:
        """Of all lines."""
        return sum(line.net for line in self.lines)

    @property
    def tax(self) -> int:
        """Of all lines."""
        return sum(line.tax for line in self.lines)

    @property
    def gross(self) -> int:
        """Of all lines."""
        return sum(line.gross for line in self.lines)


@dataclass(slots=True)
class Given:
    """What was given back of one line so far."""

    net: int = 0
    tax: int = 0
    gross: int = 0
    quantity: Decimal = Decimal(0)
    parts: list[list[int]] = field(default_factory=list)
    """Base and tax of each of its taxes."""


def given_back(charged: Charged, postings: Iterable[Posting]) -> tuple[Given, ...]:
    """What was given back of each line, from the postings of all reversals so far."""
    found = tuple(Given(parts=[[0, 0] for _ in line.parts]) for line in charged.lines)
    for posting in postings:
        line = found[posting.line]
        line.net += posting.net
        line.tax += posting.tax
        line.gross += posting.gross
        if posting.quantity is not None:
            line.quantity += Decimal(posting.quantity)
        if line.parts:
            line.parts[posting.part][0] += posting.taxable
            line.parts[posting.part][1] += posting.tax
    return found


def in_full(charged: Charged, given: Sequence[Given]) -> Reversal:
    """All that is left. Raises ReversalRefused where nothing is."""
    lines = [
        _by_gross(line, before, line.gross - before.gross, _units_left(line, before))
        for line, before in zip(charged.lines, given, strict=True)
        if line.gross > before.gross
    ]
    return _checked(lines)


def by_lines(
    charged: Charged, given: Sequence[Given], wanted: Sequence[LineWanted], *, inclusive: bool = True
) -> Reversal:
    """Of the lines named. `inclusive`: amounts are what goes back to the customer, tax included; else they are without tax.

    Raises ReversalRefused for a line that is not there, named twice, or has less left than is wanted.
    """
    names = [line.id for line in charged.lines]
    found = []
    for at, one in enumerate(wanted):
        if names.count(one.id) != 1:
            what = (
                "is not a line of this transaction"
                if one.id not in names
                else "names several lines of this transaction"
            )
            raise ReversalRefused("unknown_line", f"This id {what}; nothing was given back", at, "id")
        if any(other.id == one.id for other in wanted[:at]):
            raise ReversalRefused("line_twice", "This line is named twice; state one amount for it", at, "id")
        place = names.index(one.id)
        found.append(_wanted_line(charged, charged.lines[place], given[place], one, at, inclusive))
    return _checked(found)


def by_amount(charged: Charged, given: Sequence[Given], amount: Decimal, *, inclusive: bool = True) -> Reversal:
    """An amount without lines, spread over them by what is left of each; each keeps its rates.

    Raises ReversalRefused for zero, and for more than is left.
    """
    wanted = _minor(charged, amount, None)
    left = [
        (line.gross - before.gross) if inclusive else (line.net - before.net)
        for line, before in zip(charged.lines, given, strict=True)
    ]
    if wanted > sum(left):
        raise _too_much(charged, sum(left), None)
    take = _by_gross if inclusive else _by_net
    lines = [
        take(line, before, share, None)
        for line, before, share in zip(charged.lines, given, spread(wanted, left), strict=True)
        if share
    ]
    return _checked(lines)


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to weights, losing nothing: largest remainder, the earlier line first among equals.

    No share is more than its weight while the amount is not more than their sum.

    >>> spread(100, [1, 1, 1]), spread(2, [5, 0, 5])
    ([34, 33, 33], [1, 0, 1])
    """
    whole = sum(weights)
    if not whole:
        return [0 for _ in weights]
    shares = [amount * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-(amount * weights[at] % whole), at))
    for at in order[: amount - sum(shares)]:
        shares[at] += 1
    return shares


# -- one line -------------------------------------------------------------------------------------------------------


def _wanted_line(
    charged: Charged, line: ChargedLine, before: Given, one: LineWanted, at: int, inclusive: bool
) -> ReversedLine:
    units = None if one.quantity is None else _units(line, before, one.quantity, at)
    if one.amount is not None:
        amount = _minor(charged, one.amount, at)
        left = (line.gross - before.gross) if inclusive else (line.net - before.net)
        if amount > left:
            raise _too_much(charged, left, at)
        return (_by_gross if inclusive else _by_net)(line, before, amount, units)
    if units is None or units == _units_left(line, before):
        # All units are back: what remains goes with the last of them, whatever was given back by amount before.
        return _by_gross(line, before, line.gross - before.gross, _units_left(line, before))
    assert line.quantity is not None
    share = _rounded(line.gross, before.quantity + units, line.quantity) - _rounded(
        line.gross, before.quantity, line.quantity
    )
    if share > line.gross - before.gross:
        raise _too_much(charged, line.gross - before.gross, at, "quantity")
    return _by_gross(line, before, share, units)


def _by_gross(line: ChargedLine, before: Given, gross: int, units: Decimal | None) -> ReversedLine:
    """A line of which this much goes back, tax included."""
    least = max(0, gross - (line.net - before.net))
    most = min(gross, line.tax - before.tax)
    taxes = _taxes(line, before, before.gross + gross, line.gross, least, most)
    return _line(line, before, gross - sum(taxes), taxes, units)


def _by_net(line: ChargedLine, before: Given, net: int, units: Decimal | None) -> ReversedLine:
    """A line of which this much goes back, its tax on top."""
    left = line.tax - before.tax
    least = left if net == line.net - before.net else 0
    return _line(line, before, net, _taxes(line, before, before.net + net, line.net, least, left), units)


def _taxes(line: ChargedLine, before: Given, after: int, whole: int, least: int, most: int) -> list[int]:
    """What goes back of each tax once `after` of `whole` has: the rounded total of each, less what went back before.

    Each tax rounds by itself, since each has its own creditor. Between them they stay within `least` and `most`, so that neither
    the net nor the tax of any partial reversal is negative, and neither is ever more than was charged.
    """
    if not whole:
        return [0 for _ in line.parts]
    pairs = [(part.tax, back[1]) for part, back in zip(line.parts, before.parts, strict=True)]
    exact = [Fraction(tax * after, whole) - back for tax, back in pairs]
    left = [tax - back for tax, back in pairs]
    due = [min(max(_half_up(Fraction(tax * after, whole)) - back, 0), tax - back) for tax, back in pairs]
    while sum(due) > most:
        at = max((at for at in range(len(due)) if due[at]), key=lambda at: due[at] - exact[at])
        due[at] -= 1
    while sum(due) < least:
        at = max((at for at in range(len(due)) if due[at] < left[at]), key=lambda at: exact[at] - due[at])
        due[at] += 1
    return due


def _line(line: ChargedLine, before: Given, net: int, taxes: Sequence[int], units: Decimal | None) -> ReversedLine:
    after = before.net + net
    parts = []
    for part, back, tax in zip(line.parts, before.parts, taxes, strict=True):
        if part.taxable == line.net:
            base = net
        elif after == line.net:
            base = part.taxable - back[0]
        else:
            base = min(
                max(_rounded(part.taxable, Decimal(after), Decimal(line.net)) - back[0], 0), part.taxable - back[0]
            )
        parts.append((base, tax))
    return ReversedLine(line, net, sum(taxes), net + sum(taxes), units, tuple(parts))


def _rounded(amount: int, part: Decimal, whole: Decimal) -> int:
    """amount x part / whole, half a unit up. Exact on the way."""
    return _half_up(amount * Fraction(part) / Fraction(whole))


def _half_up(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def _units_left(line: ChargedLine, before: Given) -> Decimal | None:
    return None if line.quantity is None else line.quantity - before.quantity


def _units(line: ChargedLine, before: Given, quantity: Decimal, at: int) -> Decimal:
    left = _units_left(line, before)
    if left is None:
        raise ReversalRefused(
            "quantity_unknown", "The sale of this line states no quantity: state an amount", at, "quantity"
        )
    if not 0 < quantity <= left:
        raise ReversalRefused(
            "more_than_charged", f"{left:f} of {line.quantity:f} units are left of this line", at, "quantity"
        )
    return quantity


# -- refusals -------------------------------------------------------------------------------------------------------


def _minor(charged: Charged, amount: Decimal, at: int | None) -> int:
    try:
        units = to_minor(amount, charged.digits)
    except ValueError:
        raise ReversalRefused("too_many_decimals", f"More decimals than {charged.currency} has", at, "amount") from None
    if units <= 0:
        raise ReversalRefused("too_small", "Give back more than nothing", at, "amount")
    return units


def _too_much(charged: Charged, left: int, at: int | None, field: str = "amount") -> ReversalRefused:
    said = f"{from_minor(left, charged.digits)} {charged.currency}"
    return ReversalRefused("more_than_charged", f"Only {said} of what was charged is left to give back", at, field)


def _checked(lines: Sequence[ReversedLine]) -> Reversal:
    kept = tuple(line for line in lines if line.gross or line.quantity)
    if not any(line.gross for line in kept):
        if any(line.quantity for line in kept):
            raise ReversalRefused(
                "too_small", "These units alone are worth nothing: give more of them back at once", 0, "quantity"
            )
        raise ReversalRefused("nothing_left", "All that was charged has been given back already")
    return Reversal(kept)


def postings_of(reversal: Reversal, original: Sequence[Posting]) -> tuple[Posting, ...]:
    """The postings of a reversal: those of the original, with what goes back of each."""
    back = {line.line.index: line for line in reversal.lines}
    found = []
    for posting in original:
        line = back.get(posting.line)
        if line is None:
            continue
        base, tax = line.parts[posting.part] if line.parts else (0, 0)
        first = posting.part == 0
        found.append(
            posting._replace(
                quantity=f"{line.quantity:f}" if first and line.quantity is not None else None,
                net=line.net if first else 0,
                taxable=base,
                tax=tax,
                gross=line.gross if first else 0,
            )
        )
    return tuple(found)
