"""Cost: how much of a condition is evaluated for every payment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from engine.language.tree import walk
from engine.packs.lint.questions import expanded
from engine.packs.lint.view import View, in_force
from engine.packs.model import Domain, Pack

RULE: Final = 160
"""Parts of one condition with its lets and exceptions; two to three times the longest of the law as shipped."""
DOMAIN: Final = 1500
"""Parts of all conditions of a domain in one period, lets included."""


def parts(view: View) -> None:
    """Conditions within their budgets."""
    for pack, part in view.domains():
        everywhere = [rule for _, rule in view.rules(view.chain(pack), part.name)]
        known = {rule.id: rule for rule in everywhere}
        for rule in part.rules:
            count = sum(1 for _ in walk(expanded(rule, known)))
            if count > RULE:
                message = (
                    f"The condition of {rule.id} has {count} parts, lets and exceptions included; {RULE} are allowed."
                )
                view.report("cost-rule", rule.text.locate(rule.when.at - 1), message)
        sizes = {rule.id: sum(1 for _ in walk(rule.when)) for rule in everywhere}
        totals = [_total(view, pack, part, sizes, period.start) for period in view.periods(view.chain(pack), part.name)]
        if max(totals, default=0) > DOMAIN:
            message = f"The rules of {pack.jurisdiction} have {max(totals)} parts in one period; {DOMAIN} are allowed."
            view.report("cost-domain", part.rules[0].spot, message)


def _total(view: View, pack: Pack, part: Domain, sizes: dict[str, int], day: date) -> int:
    rules = view.rules(view.chain(pack, day), part.name)
    return sum(sizes[rule.id] for _, rule in rules if in_force(rule, day))


CHECKS: Final[tuple[Callable[[View], None], ...]] = (parts,)
"""The checks of this module, in their order."""
