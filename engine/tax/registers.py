"""What registers of tax numbers said of a sale's numbers, handed to the law as a fact of its moment.

Asking is the edge's business. What it heard, and the house's own policy for a number that no register has confirmed, are stored
with the answer: asked again, the same answer rests on the same word, whatever the register says by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from engine.tax.model import Heard, Sale, TaxId

UNDECIDED: Final = "undecided"
CHARGE: Final = "charge"
RECHECK: Final = "reverse_charge_and_recheck"
STORED: Final = "registers"
"""Its name among the stored inputs. Answers to sales without such numbers have none."""

Written = tuple[str | None, str]
"""A number as it was stated: its country, and the number."""


@dataclass(frozen=True, slots=True)
class Registers:
    """The word of registers on the numbers of one sale.

    `policy`: what the house does while a number is not confirmed: `undecided`, `charge` (as though none had been given) or
    `reverse_charge_and_recheck` (as though it had been confirmed, to be looked up again). A pack's `vies_down_policy` is law and
    goes before it. `heard`: of every number that stands in a register which can be asked; of others nothing is heard.
    """

    policy: str = UNDECIDED
    heard: Mapping[Written, Heard] = field(default_factory=dict)

    def told(self, sale: Sale) -> Sale:
        """The sale with what was heard of its customer's numbers. What the caller says of a number stands."""
        if not self.heard:
            return sale
        numbers = tuple([self._told(number) for number in sale.buyer.tax_ids])
        return replace(sale, buyer=replace(sale.buyer, tax_ids=numbers, unconfirmed=self.policy))

    def _told(self, number: TaxId) -> TaxId:
        heard = self.heard.get((number.country, number.value))
        if heard is None or number.state in ("valid", "invalid"):
            return number
        state = {True: "valid", False: "invalid", None: number.state}[heard.valid]
        return replace(number, country=number.country or heard.country, state=state, heard=heard)

    def stored(self) -> dict[str, Any]:
        """As the inputs of an answer keep it, JSON-ready; nothing where nothing was heard."""
        if not self.heard:
            return {}
        heard = [{"stated": list(written), **_kept(one)} for written, one in self.heard.items()]
        return {STORED: {"policy": self.policy, "heard": heard}}


UNASKED: Final = Registers()


def remembered(inputs: Mapping[str, Any]) -> Registers:
    """What was heard when an answer was given. Answers of before there was such a thing rest on the caller's word alone."""
    kept = inputs.get(STORED)
    if not kept:
        return UNASKED
    return Registers(kept["policy"], {(one["stated"][0], one["stated"][1]): _heard(one) for one in kept["heard"]})


def _kept(heard: Heard) -> dict[str, Any]:
    return {
        "country": heard.country,
        "source": heard.source,
        "valid": heard.valid,
        "at": heard.at.isoformat() if heard.at else None,
        "consultation_number": heard.consultation_number,
        "asked_by": heard.asked_by,
        "silence": heard.silence,
    }


def _heard(kept: Mapping[str, Any]) -> Heard:
    return Heard(
        kept["country"],
        kept["source"],
        kept["valid"],
        datetime.fromisoformat(kept["at"]) if kept["at"] else None,
        kept["consultation_number"],
        kept["asked_by"],
        kept["silence"],
    )
