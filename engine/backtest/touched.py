"""Which payments two releases could tell differently: those that touch a place of which some pack is not the same in both."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any, Final

import polars as pl

from engine.backtest.payments import Payments
from engine.catalogue import FIELDS
from engine.packs.layers import WORLD
from engine.packs.packset import PackSet
from engine.packs.regions import FOLDER as REGIONS
from engine.places import country_of
from engine.regimes.aml import UNDER_LAW_OF
from engine.regimes.methods import homes_of

_PLACES: Final = frozenset(path for path, fact in FIELDS.items() if fact.kind == "place")
_APART: Final = frozenset(
    {"payee.merchant", *(path for path, fact in FIELDS.items() if fact.kind in ("list:object", "open"))}
)
"""What may name places that are not looked for here: lists, open facts, the profile of a stored merchant."""
_IBAN, _METHOD = "payment.account.iban", "payment.method"


class Touched:
    """Tells payments that both releases answer alike by construction from those that must be asked of both."""

    def __init__(self, was: PackSet, now: PackSet):
        codes = was.digests.keys() | now.digests.keys()
        self.packs = tuple(sorted(code for code in codes if was.digests.get(code) != now.digests.get(code)))
        """The packs that are not the same in both."""
        self._sets = was, now
        regions = [{path: text for path, text in one.files.items() if path.startswith(REGIONS)} for one in self._sets]
        self._everything = regions[0] != regions[1] or any(map(self._everywhere, self.packs))
        self._known: dict[str, bool] = {}

    def _everywhere(self, code: str) -> bool:
        """Whether a pack may matter to any payment: the world's, a list that conditions ask about, a group that came or went."""
        found = [packs.packs.get(code) for packs in self._sets]
        return code == WORLD or any(pack is None or bool(pack.list_for) for pack in found)

    def place(self, place: str) -> bool:
        """Whether the law of a place may not be the same in both."""
        if place not in self._known:
            self._known[place] = any(code in self.packs for packs in self._sets for code in _speaking(packs, place))
        return self._known[place]

    def method(self, method: str) -> bool:
        """The same of the places at which a way to pay is at home."""
        return any(place in self.packs for packs in self._sets for place in homes_of(packs).get(method, ()))

    def one(self, facts: Mapping[str, Any]) -> bool:
        """Whether a payment may be told differently."""
        if self._everything:
            return True
        if not self.packs:
            return False
        places = {facts[path] for path in _PLACES & facts.keys()} | {str(facts.get(_IBAN) or "")[:2]}
        return bool(_APART & facts.keys()) or self.method(facts.get(_METHOD) or "") or any(map(self.place, places))

    def of(self, payments: Payments) -> pl.Series:
        """The same of many: true, false."""
        if self._everything or not self.packs:
            return pl.Series([self._everything]).new_from_index(0, payments.frame.height)
        found = [~payments.plain, payments.stated("payee.merchant")]
        for path in sorted(payments.paths & _PLACES):
            found.append(_among(pl.col(path), [one for one in _distinct(payments, pl.col(path)) if self.place(one)]))
        if _METHOD in payments.paths:
            method = pl.col(_METHOD)
            found.append(_among(method, [one for one in _distinct(payments, method) if self.method(one)]))
        if _IBAN in payments.paths:
            read = pl.col(_IBAN).str.slice(0, 2)
            found.append(_among(read, [one for one in _distinct(payments, read) if self.place(one)]))
        return payments.frame.select(reduce(or_, found)).to_series()


def _distinct(payments: Payments, values: pl.Expr) -> list[str]:
    return payments.frame.select(values.unique()).to_series().drop_nulls().sort().to_list()


def _among(values: pl.Expr, words: list[str]) -> pl.Expr:
    return reduce(or_, [(values == word).fill_null(False) for word in words], pl.lit(False))


def _speaking(packs: PackSet, place: str) -> set[str]:
    """Every pack that speaks for a place on some day."""
    here = {place, country_of(place), UNDER_LAW_OF.get(place, place)} if place else set()
    groups = [pack.jurisdiction for pack in packs.layers.groups if any(m.place in here for m in pack.members)]
    own = [code for code in (*groups, *here) if code in packs.packs]
    return {*own, *(code for one in own for code in packs.layers.ancestors(one))}
