"""Keeps card data out: a full card number or a verification code anywhere in a body is refused, never stored or logged.

A card number is a run of 12 to 19 digits, perhaps grouped by blanks, dashes or points, with the check digit of ISO/IEC
7812 and a prefix and length that some scheme issues. Other long numbers are let through where they can be told apart:
IBANs by their own check digits, UUIDs by their form, telephone numbers, amounts and identity numbers by where they stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from itertools import accumulate
from typing import Any, Final

from api.card_ranges import issued
from api.problems import Fault, Problem, escape
from engine.catalogue import FIELDS

# -- is a closer look needed? Bytes only: this runs on every request ----------------------------------------------------

_BLANKS: Final = b" .-\t\r\n"
_ALIKE: Final = bytes(48 if 48 <= code <= 57 else code if code < 128 else 1 for code in range(256))
_TWELVE: Final = b"0" * 12
_HINTS: Final = (b"cv", b"csc", b"cav", b"secur", b"verif", b"track", b"mag", b"pin")
"""Parts of the names under which verification data are sent."""


def squeezed(body: bytes) -> bytes:
    """The body without what may stand between digits, all digits alike, and all bytes beyond ASCII alike."""
    return body.translate(_ALIKE, _BLANKS)


def may_hold_number(body: bytes, alike: bytes) -> bool:
    """Whether a card number could stand in a body: twelve digits in a row, or what might hide them."""
    return _TWELVE in alike or b"\1" in alike or b"\\" in body


def may_hold_name(body: bytes) -> bool:
    """Whether the name of verification data could stand in these bytes."""
    low = body.lower()
    return any(hint in low for hint in _HINTS)


def inspect(body: bytes, tree: Any, *, national: bool = False) -> None:
    """Raise 422 if there is card data in the tree that was read from the body. `national`: it consists of identity numbers."""
    if may_hold_number(body, squeezed(body)) or may_hold_name(body):
        look_closely(tree, national=national)


def look_closely(tree: Any, *, national: bool = False) -> None:
    """Raise 422 if there is card data in the tree."""
    found = list(_offences(tree, _Place.NATIONAL if national else _Place.ANY))
    if found:
        raise Problem("pan_refused", "Remove it, and send a token instead. Nothing was stored.", faults=found)


# -- the closer look ----------------------------------------------------------------------------------------------------


class _Place(Enum):
    """Where a number stands decides how long an innocent one may be there."""

    ANY = auto()
    SHORT = auto()
    """Telephone numbers and amounts: up to 14 digits are theirs."""
    NATIONAL = auto()
    """Identity and tax numbers have 12, 13, 14, 17 or 18 digits in many countries, often with the same check digit."""
    INDONESIAN = auto()
    """Indonesia's have 16."""


_SHORTEST: Final = 12
_LONGEST: Final = 19

_SHORT: Final = frozenset({"phone", "mobile", "msisdn", "alias"}) | {
    path.rpartition(".")[2] for path, fact in FIELDS.items() if fact.kind == "money"
}
_NATIONAL: Final = frozenset({"national_ids", "tax_ids"})

_CARD: Final = ("pan_refused", "This looks like a full card number")
_CODE: Final = ("cvv_refused", "A card's verification data must never be sent here")


def _offences(tree: Any, place: _Place = _Place.ANY) -> Iterator[Fault]:
    """Every offence. A pointer ends before a key that is itself one."""
    waiting: list[tuple[str, Any, _Place]] = [("", tree, place)]
    while waiting:
        pointer, holder, outer = waiting.pop()
        for step, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
            place = outer
            if isinstance(step, str):
                if is_card_number(step):
                    yield Fault(pointer, *_CARD)
                    continue
                if value is not None and is_verification_name(step):
                    yield Fault(f"{pointer}/{escape(step)}", *_CODE)
                    continue
                place = _place(step, holder, outer)
            if isinstance(value, dict | list):
                waiting.append((f"{pointer}/{escape(str(step))}", value, place))
            elif _is_card(value, place):
                yield Fault(f"{pointer}/{escape(str(step))}", *_CARD)


def _place(key: str, holder: dict[str, Any], outer: _Place) -> _Place:
    if key in _SHORT:
        return _Place.SHORT
    if key in _NATIONAL:
        return _Place.NATIONAL
    if outer is _Place.NATIONAL and holder.get("country") == "ID":
        return _Place.INDONESIAN
    return outer


def _is_card(value: Any, place: _Place) -> bool:
    if isinstance(value, str):
        return len(value) >= _SHORTEST and is_card_number(value, place)
    if isinstance(value, bool):
        return False
    if isinstance(value, float) and not value.is_integer():
        return False
    return isinstance(value, int | float) and is_card_number(f"{value:.0f}", place)


# -- names ----------------------------------------------------------------------------------------------------------------

_NAMES: Final = re.compile(
    r"i?cvv\d?|i?cvc\d?|cvn\d?|cvd|csc|cav2?|cv2|d?cvv2?|"
    r"(card)?(cvv|cvc|cvn|cvd|csc|cav|cv2)\d?(code|number|num|value|no)?|"
    r"(card)?security(code|number|value)|(card)?verification(value|number|data)\d?|cardverificationcode|"
    r"(full)?track[123]?(data)?|track[123](equivalent)?(data)?|magstripe(data)?|magneticstripe(data)?|pinblock|cardpin"
)


def is_verification_name(key: str) -> bool:
    """Whether a key announces what may never be kept: verification code, track data, PIN block."""
    return _NAMES.fullmatch("".join(filter(str.isalnum, unicodedata.normalize("NFKC", key).lower()))) is not None


# -- numbers --------------------------------------------------------------------------------------------------------------

_DIGITS: Final = re.compile(r"\d(?:[\s.\-]{0,3}\d){11,}", re.ASCII)
_GROUP: Final = re.compile(r"\d+", re.ASCII)
_UUID: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15})(?![0-9A-Za-z])",
    re.IGNORECASE | re.ASCII,
)
"""Of any version with its dashes; without them of the random one, which is what programs make keys of."""
_IBAN: Final = re.compile(
    r"(?<![0-9A-Za-z])[A-Z]{2}\d{2}(?:[ \-]?[0-9A-Z]){11,30}(?![0-9A-Za-z])", re.IGNORECASE | re.ASCII
)
_DASHES: Final = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\uff0d\ufe63")


def is_card_number(text: str, place: _Place = _Place.ANY) -> bool:
    """Whether a card number stands anywhere in a text."""
    if not text.isascii():
        text = _plain(text)
    if _DIGITS.search(text) is None:
        return False
    text = _IBAN.sub(_without_iban, _UUID.sub(" / ", text))
    return any(_in_run(match, text, place) for match in _DIGITS.finditer(text))


def _plain(text: str) -> str:
    """Digits, blanks and dashes of all scripts as ASCII; what cannot be seen is left out."""
    found = []
    for char in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(char)
        if category == "Nd":
            found.append(str(unicodedata.decimal(char)))
        elif char in _DASHES:
            found.append("-")
        elif category != "Cf":
            found.append(" " if category == "Zs" else char)
    return "".join(found)


def _without_iban(match: re.Match[str]) -> str:
    compact = match[0].replace(" ", "").replace("-", "").upper()
    turned = "".join(str(int(char, 36)) for char in compact[4:] + compact[:4])
    return " / " if int(turned) % 97 == 1 else match[0]


def _in_run(match: re.Match[str], text: str, place: _Place) -> bool:
    """Any stretch of whole groups counts: `4111 1111 1111 1111 12/27` is a card with its expiry behind it."""
    groups = _GROUP.findall(match[0])
    digits = "".join(groups)
    ends = list(accumulate(map(len, groups)))
    phone = match.start() > 0 and text[match.start() - 1] == "+"
    for first, start in enumerate([0, *ends[:-1]]):
        innocent = _Place.SHORT if phone and first == 0 else place
        for last in range(first, min(first + _LONGEST, len(ends))):
            length = ends[last] - start
            if length > _LONGEST:
                break
            if length >= _SHORTEST and _plausible(length, innocent) and issued(digits[start : ends[last]]):
                return True
    return False


def _plausible(length: int, place: _Place) -> bool:
    if place is _Place.ANY:
        return True
    if place is _Place.SHORT:
        return length > 14
    return length in ((15, 19) if place is _Place.INDONESIAN else (15, 16, 19))
