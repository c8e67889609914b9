"""What tells payments apart in each domain: the places whose law it asks, and what its verdict reads beside the rules.

Payments of one law with the same answers of its rules, and alike in what is named here, are told the same outcome, verdict and
rules. Where a verdict reads an amount, a date or a number itself, the payment is asked by itself instead. Each
function stands beside the code of `engine.regimes` that it must keep to; `tests/backtest/test_equal.py` holds them together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import ge, gt, lt, or_
from typing import Any, Final

import polars as pl

from engine.authentication import SIDES
from engine.backtest.payments import Payments
from engine.backtest.statuses import Asking, Looked
from engine.language.columns import SCALE
from engine.language.frame_values import whole
from engine.language.law import Gap
from engine.language.tree import facts_used
from engine.packs.compile import Active
from engine.packs.model import ParameterRef
from engine.packs.packset import PackSet
from engine.places import COUNTRIES
from engine.regimes.aml import PLACES, UNDER_LAW_OF
from engine.regimes.kyc import ACCOUNTS, WALLET
from engine.regimes.methods import PLAIN, homes_of
from engine.regimes.travel import read_need

FLOOR, HELD = "floor", "held"
"""What money laundering law said before: the due diligence, on which the level of identification hangs, and the outcome."""
_SIGNS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {"gt": gt, "gte": ge, "lt": lt}
_IBAN, _METHOD, _INSTRUMENT = "payment.account.iban", "payment.method", "payment.instrument"


@dataclass(frozen=True, slots=True)
class Keyed:
    """How the payments of one domain are told apart."""

    sides: Mapping[str, pl.Expr]
    """The places whose law is asked, by role."""
    look: Callable[[str, Asking], Looked]
    """What else is asked of the payments under one law, as that of a role."""
    payments: Payments
    """The payments as the domain sees them."""
    values: Sequence[pl.Expr] = ()
    """What else the verdict reads of a payment, whatever the law."""
    alone: pl.Expr | None = None
    """Payments that must be asked one by one, whatever the law."""


def issuer(payments: Payments) -> pl.Expr:
    """The place of the payer's provider: as stated, else as an IBAN says it."""
    read = payments.column(_IBAN).str.slice(0, 2)
    return pl.coalesce(payments.column(SIDES[0]), pl.when(read.is_in(sorted(COUNTRIES))).then(read))


def with_issuer(payments: Payments) -> Payments:
    """The payments with the place of the payer's provider read off an IBAN, where it is not stated."""
    if _IBAN not in payments.paths:
        return payments
    return Payments(payments.frame.with_columns(issuer(payments).alias(SIDES[0])), payments.facts)


def _of(asking: Asking, *kinds: str) -> list[Active]:
    return [active for active in asking.compiled.rules if active.rule.effect.kind in kinds]


def _any(found: Iterable[pl.Expr]) -> pl.Expr:
    return reduce(or_, found, pl.lit(False))


# -- authentication -----------------------------------------------------------------------------------------------------------


def sca(payments: Payments, _packs: PackSet) -> Keyed:
    """The laws of both providers; whose exemption is asked for; how the payer was authenticated."""
    payments = with_issuer(payments)
    party = payments.column("asked_by") == "issuer"
    done = [payments.column("payment.authentication.method"), payments.column("payment.authentication.factors")]
    sides = {"issuer": payments.column(SIDES[0]), "acquirer": payments.column(SIDES[1])}
    return Keyed(sides, _sca, payments, [party, *done])


def _sca(_role: str, asking: Asking) -> Looked:
    """A duty that cannot be told may hang on nothing but reports that nobody made: what is stated of it, and what holds."""
    bits: list[pl.Expr] = []
    payments = asking.payments
    for active in _of(asking, "require"):
        if active.rule.effect.always:
            open_, read = asking.truth(active.rule.id).is_null(), _read_by(active)
            reported = {path for path in payments.paths if path.startswith(("payment.mandate.", "payment.risk."))}
            bits += asking.parts(active)
            bits += [open_ & payments.stated(path, empty=True) for path in sorted(reported | (read & payments.paths))]
            bits.append(open_ & (payments.column("payment.initiator") == "payee"))
    return Looked(bits=bits)


def _read_by(active: Active) -> frozenset[str]:
    return facts_used(active.condition)


# -- money laundering ---------------------------------------------------------------------------------------------------------


def aml(payments: Payments, _packs: PackSet) -> Keyed:
    """The law of the obliged entity's place."""
    stated = pl.coalesce(payments.column(path) for path in PLACES)
    return Keyed({"entity": stated.replace(UNDER_LAW_OF)}, _aml, payments)


def _aml(_role: str, asking: Asking) -> Looked:
    """Which of the data that must go with a transfer are stated."""
    bits = []
    travel = _of(asking, "travel_rule")
    needs = sorted({name for active in travel for need in asking.detail(active, "needs") for name in _names(need)})
    applies = _any(asking.asked(active) for active in travel)
    for name in needs:
        bits.append(applies & asking.payments.stated(name, empty=True))
    if travel:
        bits.append(applies & (asking.payments.column(_INSTRUMENT) == "cash"))
        bits.append(applies & asking.payments.stated("reference", empty=True))
    return Looked(bits=bits)


def _names(need: str) -> Iterable[str]:
    return (name for one in read_need(need) for name in one)


# -- the customer -------------------------------------------------------------------------------------------------------------

_LEVEL: Final = "payer.identity.level"
_SETS: Final = ("identification_data", "identification_data_organisation", "enhanced_data", "basic_data")
_NUMBERS: Final = ("above", "years", "months")
"""Details of a rule that are compared with an amount or a date."""


def kyc(payments: Payments, _packs: PackSet) -> Keyed:
    """The laws of the obliged entity's place and of the wallet's; the level reached. Payments of which the payee is the customer
    are asked one by one: payer and payee change places in them."""
    home = pl.coalesce(payments.column(path) for path in PLACES)
    wallet = pl.coalesce(issuer(payments), payments.column("payer.country"))
    wallet = pl.when(_moves_wallet(payments)).then(wallet)
    nowhere = _moves_wallet(payments) & wallet.is_null()
    role = payments.stated("obliged_entity.role") & home.is_null()
    organisation = (payments.column("payer.type") == "organisation").fill_null(False)
    turned = (payments.column("customer") == "payee").fill_null(False)
    values = [payments.column(_LEVEL), nowhere, role, organisation, pl.col(FLOOR), pl.col(HELD)]
    return Keyed({"home": home, "wallet": wallet}, _kyc, payments, values, turned)


def _moves_wallet(payments: Payments) -> pl.Expr:
    """Whether money of a wallet or account with a tier is moved."""
    paid = payments.column("kind").is_in(["deposit", "withdrawal"]) & (payments.column(_INSTRUMENT) == "cash")
    return payments.column(_INSTRUMENT).is_in(sorted(ACCOUNTS)) | paid


def _kyc(_role: str, asking: Asking) -> Looked:
    """Amounts, dates and limits are the payment's own; of what is asked for, whether it is stated."""
    alone: list[pl.Expr] = []
    bits: list[pl.Expr] = []
    payments = asking.payments
    for active in asking.compiled.rules:
        kind, details = active.rule.effect.kind, active.rule.effect.details
        if kind in ("age", "review") or any(name in details for name in _NUMBERS):
            alone.append(asking.told(active))
        elif kind == "limit" and active.rule.id.startswith(WALLET):
            alone.append(_moves_wallet(payments) & asking.asked(active))
        elif kind == "collect":
            bits += [asking.told(active) & payments.stated(field) for field in asking.detail(active, "fields")]
    fields = {field for name in _SETS for field in asking.compiled.setting(name) or ()}
    reached = payments.column(_LEVEL).is_not_null()
    bits += [reached & payments.stated(field) for field in sorted(fields)]
    return Looked(alone, bits)


# -- ways to pay --------------------------------------------------------------------------------------------------------------


def methods(payments: Payments, packs: PackSet) -> Keyed:
    """The laws of the payer's and of the payee's place, and that of the method's own home, where it is neither."""
    payments = with_issuer(payments)
    payer = pl.coalesce(payments.column(SIDES[0]), payments.column("payer.country"))
    payee = pl.coalesce(payments.column(SIDES[1]), payments.column("payee.country"))
    method = payments.column(_METHOD)
    sides = {"payer": payer, "payee": pl.when(payer.is_null() | (payer != payee)).then(payee)}
    named = payments.frame[_METHOD].unique().to_list() if _METHOD in payments.paths else []
    homes: dict[str, list[str]] = {}
    for name in named:
        for place in homes_of(packs).get(name, ()):
            homes.setdefault(place, []).append(name)
    for place, names in sorted(homes.items()):
        elsewhere = payer.ne_missing(place) & payee.ne_missing(place)
        sides[f"home {place}"] = pl.when(method.is_in(sorted(names)) & elsewhere).then(pl.lit(place))
    return Keyed(sides, _methods, payments, [method, payments.column(_INSTRUMENT).is_in(sorted(PLAIN))])


def _methods(_role: str, asking: Asking) -> Looked:
    """Limits and checks look at the payment's own amount and numbers; of what is asked for, whether it is stated."""
    alone: list[pl.Expr] = []
    bits: list[pl.Expr] = []
    payments = asking.payments
    unnamed = payments.column(_METHOD).is_null() & payments.column(_INSTRUMENT).is_in(sorted(PLAIN))
    for active in asking.compiled.rules:
        kind = active.rule.effect.kind
        if asking.never(active):
            continue
        speaks = asking.told(active) | (asking.truth(active.rule.id).is_null() & ~_hidden(active, unnamed))
        if kind == "limit":
            _limit(asking, active, speaks, alone, bits)
        elif kind == "check":
            _check(asking, active, speaks, alone, bits)
        elif kind == "collect":
            bits += [asking.asked(active) & payments.stated(field) for field in asking.detail(active, "fields")]
    return Looked(alone, bits)


def _limit(asking: Asking, active: Active, speaks: pl.Expr, alone: list[pl.Expr], bits: list[pl.Expr]) -> None:
    """A limit of a single payment in the currency of the law is a number to compare with."""
    details, ref = active.rule.effect.details, active.rule.effect.details.get("amount")
    if details.get("counts", "payment") != "payment" or "index" in details or not isinstance(ref, ParameterRef):
        alone.append(speaks)
        return
    limit, held = asking.compiled.law.params.get(ref.name, Gap.NONE), asking.compiled.params.get(ref.name)
    if held is None or isinstance(limit, Gap):
        return  # the law sets none, or nobody has read it: all are told the same
    native = pl.col("currency") == (held.parameter.unit or "")
    sign = _SIGNS[asking.word(active, "comparator") or "gt"]
    alone.append(speaks & ~native)
    bits.append(speaks & native & sign(pl.col("amount").to_physical(), whole(int(Decimal(limit).scaleb(SCALE)))))


def _check(asking: Asking, active: Active, speaks: pl.Expr, alone: list[pl.Expr], bits: list[pl.Expr]) -> None:
    """Whether a word is one of a list; numbers and accounts are looked into one by one."""
    field = str(active.rule.effect.details["field"])
    there = speaks & asking.payments.stated(field, empty=True)
    if active.rule.effect.details.get("with") != "listed":
        alone.append(there)
        return
    bits.append(there)
    for word in asking.detail(active, "words"):
        bits.append(there & (asking.payments.column(field) == word))


def _hidden(active: Active, unnamed: pl.Expr) -> pl.Expr:
    """Where no method is named, a rule that asks for one does not speak of cards and cash."""
    return unnamed if _METHOD in _read_by(active) else pl.lit(False)


# -- data -----------------------------------------------------------------------------------------------------------------------


def residency(payments: Payments, _packs: PackSet) -> Keyed:
    """Payments that ask about data do so in a list of objects, and are asked one by one; the others are told nothing."""
    return Keyed({}, lambda _role, _asking: Looked(), payments)


KEYED: Final[Mapping[str, Callable[[Payments, PackSet], Keyed]]] = {
    "sca": sca,
    "aml": aml,
    "kyc": kyc,
    "residency": residency,
    "methods": methods,
}
"""The domains that columns can be asked of. Tax is reckoned sale by sale."""
