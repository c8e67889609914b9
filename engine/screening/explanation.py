"""A score as the sum of its reasons, to the last ten-thousandth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from engine.screening.alignment import Alignment, Pair
from engine.screening.alike import WHOLE
from engine.screening.model import Feature, ListedName, NameKind
from engine.screening.policy import Costs

Reason = tuple[str, int, str, str]
"""Code, ten-thousandths, queried, listed."""
_UNIT: Final = Decimal("0.0001")


def name_reasons(alignment: Alignment, costs: Costs, queried: str, listed: ListedName) -> list[Reason]:
    """Which name it was, what each pair of parts adds, what each missing part takes. The sum is the score."""
    alias = "name" if listed.kind in (NameKind.PRIMARY, NameKind.ORIGINAL) else "alias"
    found = list(_found(alignment.pairs, costs))
    lost = list(_lost(alignment, costs))
    short = sum(weight for _, weight, _, _ in found) - alignment.score
    shared = _shared_out(short, lost)
    if not lost and found:
        code, weight, one, other = found[0]
        found[0] = (code, weight - short, one, other)
    order = [] if alignment.in_order else [("order", 0, queried, listed.text)]
    return [(alias, 0, queried, listed.text), *found, *shared, *order]


def features(reasons: Iterable[Reason]) -> tuple[Feature, ...]:
    """As answered: decimals with four places."""
    return tuple(Feature(code, as_decimal(weight), queried, listed) for code, weight, queried, listed in reasons)


def as_decimal(ten_thousandths: int) -> Decimal:
    """Exact, with four places."""
    return Decimal(ten_thousandths) * _UNIT


def _found(pairs: Sequence[Pair], costs: Costs) -> Iterator[Reason]:
    """Each pair by its share of what was found."""
    matched = sum(pair.weight for pair in pairs)
    for pair in pairs:
        worth = max(0, WHOLE - (WHOLE - pair.likeness) * costs.steepness // 100)
        yield pair.code, pair.weight * worth // matched, pair.queried, pair.listed


def _lost(alignment: Alignment, costs: Costs) -> Iterator[Reason]:
    """Each part that only one side has, with what it was charged."""
    for left in alignment.queried:
        yield "extra_part", left.weight * costs.queried, left.word, ""
    for left in alignment.listed:
        yield "missing_part", left.weight * costs.listed, "", left.word
    if alignment.queried and alignment.listed:
        missing, extra = (sum(left.weight for left in side) for side in (alignment.queried, alignment.listed))
        one, other = (" ".join(left.word for left in side) for side in (alignment.queried, alignment.listed))
        yield "other_part", min(missing, extra) * costs.conflict, one, other
    if alignment.thin:
        yield "common_parts", alignment.thin * 100, " ".join(pair.queried for pair in alignment.pairs), ""


def _shared_out(short: int, lost: Sequence[Reason]) -> Iterator[Reason]:
    """What the whole lacks, in proportion to what each was charged; the last takes what rounding leaves."""
    charged = sum(charge for _, charge, _, _ in lost)
    left = short
    for at, (code, charge, queried, listed) in enumerate(lost):
        part = left if at == len(lost) - 1 else short * charge // charged if charged else 0
        left -= part
        yield code, -part, queried, listed
