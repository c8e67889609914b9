"""How the law of a place rounds its tax, and the house's own rule where it says nothing that was read.

The Union has no rule of its own: its States decide, within proportionality and neutrality (C-484/06 Ahold, C-302/07 J D
Wetherspoon). A pack names a method of this vocabulary in `rounding_rule`; what each means is written here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Final

from engine.packs.model import Confidence
from engine.tax.law import PlaceLaw, Setting
from engine.tax.model import Customer, Sale, Step

HOUSE: Final = "house"
_DIRECTIONS: Final = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN, "up": ROUND_UP}
_SAID: Final = {
    "line": "each line",
    "line_total": "each line, all taxes together",
    "invoice": "once on the total of each tax",
    "invoice_rate": "once for each rate",
}


@dataclass(frozen=True, slots=True)
class Rounding:
    """A rule in use."""

    method: str
    """half_up | down | up."""
    level: str
    """line (each tax of each line), line_total (all taxes of a line as one), invoice (each tax), invoice_rate (each rate)."""
    source: str
    """`rounding_rule` of a pack, as `CA/half_cent_up`; or house."""
    confidence: Confidence
    step: Step
    whole: str | None = None
    """A currency whose tax is rounded to whole units, where it has smaller ones."""

    @property
    def direction(self) -> str:
        """For `Decimal.quantize`."""
        return _DIRECTIONS[self.method]


@dataclass(frozen=True, slots=True)
class _Rule:
    method: str
    level: str
    levels: tuple[str, ...] = ()
    """Levels between which the seller may choose; the first entry of the rule is what is used unless it does."""
    any_method: bool = False
    """The seller may choose the direction."""
    whole: str | None = None
    free: bool = False
    """No rule at all: the law leaves the method to whoever rounds."""
    traders_down: bool = False
    """On the invoice level and for business customers only, the total may be rounded down."""


_RULES: Final = {
    "half_cent_up": _Rule("half_up", "invoice", ("line",)),
    "half_cent_up_total_or_taxable_supply": _Rule("half_up", "invoice", ("line",)),
    "nearest_rappen_per_rate": _Rule("half_up", "invoice_rate"),
    "invoice_total_down_or_line": _Rule("half_up", "line", ("invoice",), traders_down=True),
    "nearest_rupee": _Rule("half_up", "invoice", whole="INR"),
    "once_per_invoice_per_rate": _Rule("half_up", "invoice_rate", any_method=True),
    "nearest_cent": _Rule("half_up", "line"),
    "nearest_cent_on_total": _Rule("half_up", "invoice"),
    # Carried to the third decimal and up if that is greater than 4: half up, of state and local taxes as one.
    "third_decimal_half_up_item_or_invoice": _Rule("half_up", "line_total", ("invoice",)),
    "round_per_item_total_or_return": _Rule("half_up", "line", ("invoice",), free=True),
}
"""Token of `rounding_rule` -> what it asks for."""


def rounding_of(law: PlaceLaw, sale: Sale, customer: Customer) -> Rounding:
    """The rule at a place. Where the law leaves the seller a choice, its facts `rounding_level` (line or invoice) and
    `rounding_method` (half_up, down, up) make it; a choice that the law does not leave is not heard."""
    level, method = str(sale.seller.facts.get("rounding_level")), str(sale.seller.facts.get("rounding_method"))
    key = "rounding", level, method, customer
    found: Rounding | None = law.derived.get(key)
    if found is None:
        found = law.derived[key] = _rounding(law, level, method, customer)
    return found


def _rounding(law: PlaceLaw, level: str, method: str, customer: Customer) -> Rounding:
    setting = law.setting("rounding_rule")
    rule = _RULES.get(setting.value) if setting is not None and isinstance(setting.value, str) else None
    if setting is None or rule is None:
        return _house(law, setting)
    chosen, pack = _chosen(rule, level, method, customer), setting.pack.jurisdiction
    answer = f"{chosen.method.replace('_', ' ')}, {_SAID[chosen.level]}"
    answer += f", whole {chosen.whole}" if chosen.whole is not None else ""
    if rule.free:
        step = setting.step("rounding", f"{answer}: the house's own choice, for the law of {pack} leaves it free")
        return Rounding(chosen.method, chosen.level, HOUSE, Confidence.R, step)
    step = setting.step("rounding", f"{answer} ({setting.value} of {pack})")
    return Rounding(chosen.method, chosen.level, f"{pack}/{setting.value}", setting.confidence, step, chosen.whole)


def _chosen(rule: _Rule, level: str, method: str, customer: Customer) -> _Rule:
    if level in rule.levels and level != rule.level:
        if rule.traders_down and customer is Customer.BUSINESS:
            return replace(rule, level=level, method="down")
        return rule if rule.traders_down else replace(rule, level=level)
    if rule.any_method and method in _DIRECTIONS:
        return replace(rule, method=method)
    return rule


def _house(law: PlaceLaw, setting: Setting | None) -> Rounding:
    why = (
        f"{law.place} names no method that was read"
        if setting is None
        else f"{setting.value} is not a method known here"
    )
    answer = f"half up, each line, to the currency's minor unit: the house's own rule ({why})"
    step = Step("rounding", answer, confidence=Confidence.R)
    return Rounding("half_up", "line", HOUSE, Confidence.R, step)


def quantum(rounding: Rounding, currency: str, unit: Decimal) -> Decimal:
    """What a total is rounded to: the currency's minor unit, or its whole unit where the law says so of that currency."""
    return Decimal(1) if rounding.whole == currency else unit
