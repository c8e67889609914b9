"""The Union's consumption tax law as a regime: goods by their transport, services by their kind and by who buys."""

from __future__ import annotations

from typing import Final

from engine.tax.asked import Asked, Regime
from engine.tax.eu_case import Case
from engine.tax.eu_goods import destination_of, not_placed, origin_of, within
from engine.tax.eu_imports import crosses, entering, leaving, refused
from engine.tax.eu_services import service
from engine.tax.model import Ruling, Step


class Union:
    """Council Directive 2006/112/EC with its Implementing Regulation.

    Every question is answered from the addresses of the line and of the parties; which of the three was asked only says what
    the dispatcher already knew of the border. A line without a kind is undecided: goods and services have other places.
    """

    def domestic(self, asked: Asked) -> Ruling:
        """Within the Union's tax area: in one State, or from one to another."""
        return rule(asked)

    def inbound(self, asked: Asked) -> Ruling:
        """Into the Union: imports and the import scheme, services of sellers outside."""
        return rule(asked)

    def outbound(self, asked: Asked) -> Ruling:
        """Out of the Union: exports, and services whose place may still be in it."""
        return rule(asked)


def rule(asked: Asked) -> Ruling:
    """What the Union's law says of a line."""
    case = Case(asked)
    if asked.line.kind is None:
        step = Step("kind", "Whether goods or a service are supplied is not stated.")
        return case.say(step).undecided(None, "kind.unknown", "lines.kind")
    return goods(case) if asked.line.kind == "goods" else service(case)


def goods(case: Case) -> Ruling:
    """Goods, by where their transport begins and ends."""
    start, end = origin_of(case), destination_of(case)
    open_end = not_placed(case, start, end)
    if open_end is not None and not (end.place and case.fact("installed_by_seller") is True):
        return open_end
    way = crosses(start, end)
    if way == "within":
        return within(case, start, end)
    if way == "entering":
        return entering(case, start, end)
    return leaving(case, start, end) if way == "leaving" else refused(case, end)


EU: Final[Regime] = Union()
