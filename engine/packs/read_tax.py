"""Tables of a tax domain: `rates`, one line a dated value, and `territories`, the parts of a country taxed otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Context, Decimal
from typing import Final

from engine.catalogue import FIELDS
from engine.language.errors import did_you_mean
from engine.packs.fields import Keys, Notes, each
from engine.packs.model import UNREAD_START, Basis, Confidence, RateKind, TaxRate, Territory
from engine.packs.records import maybe_verified, read_cite, read_start
from engine.packs.values import read_value
from engine.packs.yaml import Scalar, YamlNode
from engine.places import COUNTRIES, UnknownPlace, place

DOMAIN: Final = "tax"
SUPPLIES: Final = tuple(sorted(FIELDS["lines"].item["kind"].values or ()))
"""Kinds of line that a rate may be limited to."""
_TOKEN: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_FRACTION: Final = re.compile(r"(\d{1,9})/(\d{1,9})", re.ASCII)
_CODE: Final = re.compile(r"(?:([A-Z]{2}):)?([A-Z0-9]+(?: [A-Z0-9]+)*|[A-Z0-9]+-[A-Z0-9]+)", re.ASCII)
_RANGE: Final = re.compile(r"([A-Z]*)(\d+)-([A-Z]*)(\d+)", re.ASCII)
_HUNDRED: Final = Decimal(100)
_DECIMALS: Final = 4
"""As many as rates of tax have: 6.625 %, 8.8175 %."""
_PRECISION: Final = Context(prec=28)


def read_rates(keys: Keys, notes: Notes) -> list[TaxRate]:
    """`rates` of a domain file."""
    return each(keys.items("rates"), lambda node: _rate(node, notes))


def read_territories(keys: Keys, notes: Notes) -> list[Territory]:
    """`territories` of a domain file."""
    return each(keys.items("territories"), lambda node: _territory(node, notes))


# -- rates ---------------------------------------------------------------------------------------------------------------


def _rate(node: YamlNode, notes: Notes) -> TaxRate:
    keys = Keys(node, notes, "A rate")
    identity = keys.identifier("id")
    keys.said = f"The rate {identity}"
    kind, unread = keys.one_of("kind", RateKind), keys.flag("unread")
    rate = TaxRate(
        id=identity, category=_token(keys, "category", None), kind=kind.value, component=_token(keys, "component", "vat"),
        percent=_percent(keys, kind, unread=unread), unread=unread, share=_share(keys), supplies=_supplies(keys),
        condition=keys.text("condition", ""), start=read_start(keys, notes), end=keys.day("to"),
        basis=keys.one_of("basis", Basis, Basis.STATUTE), cite=read_cite(keys, notes),
        confidence=keys.one_of("confidence", Confidence), evidence=keys.text("evidence", ""), note=keys.text("note", ""),
        verified=maybe_verified(keys, notes), spot=keys.spot,
    )  # fmt: skip
    keys.done()
    return rate


def _token(keys: Keys, key: str, default: str | None) -> str:
    text = keys.text(key, default)
    if not _TOKEN.fullmatch(text):
        message = f"The {key} {text!r} is not one lower-case word."
        keys.notes.add("rate-token", keys.where(key), message, "Use lower case, digits and _.")
    return text


def _percent(keys: Keys, kind: RateKind, *, unread: bool) -> Decimal | None:
    """The percentage: None where the line is exempt, or where nobody has read it yet."""
    node = keys.node_of("percent")
    if node is None:
        if kind is not RateKind.EXEMPT and not unread:
            near = did_you_mean("percent", [key.text for key, _ in keys.node.entries]) or ""
            raise keys.notes.stop(
                "key-missing", keys.spot, f"{keys.said} has neither `percent` nor `unread: true`.", near
            )
        if kind is RateKind.EXEMPT and unread:
            message = f"{keys.said} is exempt: there is no percentage to read."
            keys.notes.add("rate-kind", keys.where("unread"), message, "Take `unread` out.")
        return None
    percent: Decimal = read_value(node, "decimal", None, keys.notes)
    for message in _misfits(percent, kind, unread=unread):
        keys.notes.add("rate-kind", node.spot, f"{keys.said} {message}", "Correct the one that is wrong.")
    if not 0 <= percent <= _HUNDRED or percent.as_tuple().exponent < -_DECIMALS:  # type: ignore[operator]
        message = f"{percent:f} is not a percentage from 0 to 100 with at most {_DECIMALS} decimals."
        keys.notes.add("rate-percent", node.spot, message, 'Write 19 % as "19".')
    return percent


def _misfits(percent: Decimal, kind: RateKind, *, unread: bool) -> Iterator[str]:
    """What a percentage contradicts on its own line."""
    if unread:
        yield "has a percentage and says that it was not read."
    if kind is RateKind.EXEMPT:
        yield f"is exempt and has a percentage of {percent:f}."
    if kind is RateKind.ZERO and percent:
        yield f"is a zero rate of {percent:f} %."


def _share(keys: Keys) -> Decimal:
    """The taxed share of the price: a fraction or a decimal above nought, at most one."""
    node = keys.node_of("share")
    if node is None:
        return Decimal(1)
    fraction = _FRACTION.fullmatch(node.text) if isinstance(node, Scalar) else None
    if fraction and int(fraction[2]):
        share = _PRECISION.divide(Decimal(fraction[1]), Decimal(fraction[2]))
    else:
        share = read_value(node, "decimal", None, keys.notes)
    if not 0 < share <= 1:
        message = f"{keys.scalar(node, 'share').text} is not a share of the price: more than 0, at most 1."
        keys.notes.add("rate-share", node.spot, message, 'Write a fraction ("11/12") or a decimal ("0.8").')
    return share


def _supplies(keys: Keys) -> tuple[str, ...]:
    found = keys.items("supplies")
    for item in found:
        text = keys.scalar(item, "supplies").text
        if text not in SUPPLIES:
            hint = did_you_mean(text, SUPPLIES) or f"Known: {', '.join(SUPPLIES)}."
            keys.notes.add("enum-value", item.spot, f"No line of a sale is ever of the kind {text!r}.", hint)
    return tuple(keys.scalar(item, "supplies").text for item in found)


# -- territories ---------------------------------------------------------------------------------------------------------


def _territory(node: YamlNode, notes: Notes) -> Territory:
    keys = Keys(node, notes, "A territory")
    identity = keys.identifier("id")
    keys.said = f"The territory {identity}"
    territory = Territory(
        id=identity, name=keys.text("name"), place=_place(keys, "place"), postal_codes=_postal_codes(keys),
        vat_area=_stated(keys, "vat_area"), customs_area=_stated(keys, "customs_area"), treated_as=_place(keys, "treated_as"),
        start=read_start(keys, notes) if keys.has("from") else UNREAD_START, end=keys.day("to"), cite=read_cite(keys, notes),
        confidence=keys.one_of("confidence", Confidence), evidence=keys.text("evidence", ""), note=keys.text("note", ""),
        spot=keys.spot,
    )  # fmt: skip
    keys.done()
    if territory.place is None and not territory.postal_codes:
        message = f"{keys.said} has neither a place nor postal codes: no address lies in it."
        notes.add("territory-where", keys.spot, message, "Add `place` or `postal_codes`.")
    return territory


def _stated(keys: Keys, key: str) -> bool:
    """A flag that must be written: silence would move a border."""
    if not keys.has(key):
        keys.need(key)
    return keys.flag(key)


def _place(keys: Keys, key: str) -> str | None:
    code = keys.maybe(key)
    if code is None:
        return None
    try:
        return place(code)
    except UnknownPlace:
        keys.notes.add("place-unknown", keys.where(key), f"{code!r} is not an ISO 3166 place.")
        return code


def _postal_codes(keys: Keys) -> tuple[str, ...]:
    found = [keys.scalar(item, "postal_codes") for item in keys.items("postal_codes")]
    for code in found:
        fault = _malformed(code.text)
        if fault:
            keys.notes.add("postal-code", code.spot, f"{code.text!r} {fault}.", _FORMS)
    return tuple(code.text for code in found)


_FORMS: Final = 'Write a prefix ("27498", "BT"), a range ("6991-6993"), or a neighbour\'s ("CH:8238").'


def _malformed(text: str) -> str | None:
    """What is wrong with a prefix or a range of postcodes."""
    shape = _CODE.fullmatch(text)
    if not shape:
        return "is neither a prefix of postcodes nor a range"
    if shape[1] and shape[1] not in COUNTRIES:
        return f"names {shape[1]}, which is not an ISO 3166 country"
    ends = _RANGE.fullmatch(shape[2])
    if ends is None:
        return "is a range of something else than digits" if "-" in shape[2] else None
    if ends[1] != ends[3] or len(ends[2]) != len(ends[4]):
        return "is a range whose ends are not of one form"
    return None if int(ends[2]) < int(ends[4]) else "is a range that ends before it begins"
