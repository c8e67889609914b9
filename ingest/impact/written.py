"""Numbers as a pack writes them: in its own unit, and only where its type can hold them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from engine.money import DIGITS
from engine.packs.model import Parameter
from engine.packs.packset import PackSet
from ingest.link.target import Entry, TargetKind

_PERIOD: Final = re.compile(r"P\d+([DMY])", re.ASCII)
_HUNDRED: Final = Decimal(100)
_DECIMALS: Final = 4


def written(entry: Entry, number: Decimal, release: PackSet) -> str | None:
    """The text of a number in the file of a target, without quotes; None where the target cannot be that.

    `number`: as publications tell it, percent and not basis points.
    """
    if entry.target.kind is TargetKind.RATE:
        return plain(number) if 0 <= number <= _HUNDRED and _places(number) <= _DECIMALS else None
    if entry.target.kind is not TargetKind.PARAMETER:
        return None
    parameter = release.packs[entry.target.place].domains[entry.target.domain].parameters[entry.target.name]
    return _of_parameter(parameter, entry, number)


def _of_parameter(parameter: Parameter, entry: Entry, number: Decimal) -> str | None:
    if number < 0:
        return None
    if parameter.kind == "money":
        return plain(number) if _places(number) <= DIGITS.get(parameter.unit or "", 2) else None
    if parameter.kind in ("rate", "decimal"):
        return plain(number * _HUNDRED if parameter.unit == "bps" else number)
    whole = number == number.to_integral_value()
    if parameter.kind == "int":
        return plain(number) if whole else None
    period = next((match for one in entry.held if (match := _PERIOD.fullmatch(one.text))), None)
    return f"P{plain(number)}{period[1]}" if period is not None and whole else None


def plain(number: Decimal) -> str:
    """Without an exponent and without noughts that say nothing.

    >>> plain(Decimal("60.00")), plain(Decimal("1E+3")), plain(Decimal("15.50"))
    ('60', '1000', '15.5')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


__all__ = ["plain", "written"]
