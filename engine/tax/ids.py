"""Tax numbers without asking anybody: their form and check digits, whose they are, and what they could prove.

A number of the right form is `format_valid` and never `valid`: only a register can say that it was given to somebody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidLength
from stdnum.util import clean

from engine.places import COUNTRIES, READ_AS
from engine.tax.id_forms import FORMS, Form, Kind, module
from engine.tax.law import TaxLaw

__all__ = ["LONGEST", "MEMBER_STATES", "SCHEMES", "Checked", "Kind", "ModuleOf", "check", "checker", "modules"]

ModuleOf = Callable[[str], str | None]
"""Country -> the name of the python-stdnum module that its law's pack states (`stdnum.de.vat`), or None."""

LONGEST: Final = 64
"""Characters that are looked at. The longest number anywhere has some twenty."""

MEMBER_STATES: Final = frozenset((
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
))  # fmt: skip
"""Whose numbers carry their country's prefix (Directive 2006/112/EC, Art. 215) and stand in VIES; XI since 2021."""

SCHEMES: Final = "EU"
"""The place of a number of the non-Union scheme or of the import scheme, which belongs to no Member State's prefix."""

_WRITTEN: Final = {"GR": "EL"}
"""Prefixes that are not the country's ISO code."""
_PREFIX: Final = {**{_WRITTEN.get(code, code): code for code in MEMBER_STATES}, "GB": "GB"}
_OWN: Final = (
    (re.compile(r"EU\d{9}|IM\d{10}", re.ASCII), SCHEMES),
    (re.compile(r"CHE\d{9}.*", re.ASCII), "CH"),
    (re.compile(r"NO\d{9}MVA", re.ASCII), "NO"),
)
"""Numbers that tell whose they are by more than two letters."""
_SAME_TAX: Final = {"IM": "GB", "MC": "FR", "LI": "CH", "XI": "GB", "GB": "XI"}
"""Countries that may be stated of a number with the other's prefix: Art. 7 of the Directive, the Manx and the Swiss treaty."""
_CHARACTERS: Final = re.compile(r"[0-9A-ZÑУНПМК&+*()./_ -]+")
"""Of all numbers known here; the Cyrillic letters are those of a Belarusian and of a Macedonian prefix."""


class _Digits(dict[int, int]):
    """Digits of every script as ASCII ones, for str.translate."""

    def __missing__(self, code: int) -> int:
        value = unicodedata.decimal(chr(code), None)
        return code if value is None else ord("0") + value


@dataclass(frozen=True, slots=True)
class Checked:
    """What can be said of a number offline. `state`: format_valid | invalid | unchecked."""

    country: str | None
    """Whose number it is: as stated, or as its prefix tells. `EU` of a number of a special scheme."""
    state: str
    normalised: str | None
    """In one spelling, with the prefix where it has one; None unless the form is right."""
    reason: str | None
    """A stable code for why it is not format_valid: checksum, length, format, component, prefix, too_long, no_module,
    module_refused, country_unknown."""
    message: str
    """The same for a person. The number itself is not repeated."""
    kind: Kind | None = None
    region: str | None = None
    """The ISO 3166-2 place in the number: the state of an Indian registration."""

    @property
    def in_union(self) -> tuple[str, str] | None:
        """Prefix and number as VIES is asked for them; None for a number that cannot stand there."""
        if self.normalised is None or self.kind is not Kind.REGISTRATION or _PREFIX.get(self.normalised[:2]) is None:
            return None
        listed = self.country in MEMBER_STATES or self.country == "MC"
        return (self.normalised[:2], self.normalised[2:]) if listed else None


def check(country: str | None, value: str, module_of: ModuleOf) -> Checked:
    """Look at one number. `country` None: its prefix tells, where it has one. Never raises for a number, however odd."""
    text = clean(value[: LONGEST + 1].translate(_Digits()), "").upper().strip()
    whose = _whose(country, text)
    if whose is None:
        return _no(
            None, "unchecked", "country_unknown", "Whose number this is, neither a country nor its prefix tells."
        )
    if len(value) > LONGEST:
        return _no(whose, "invalid", "too_long", f"No tax number has more than {LONGEST} characters.")
    if not _CHARACTERS.fullmatch(text):
        return _no(whose, "invalid", "format", f"A number of {whose} is not written with such characters.")
    name = "stdnum.eu.oss" if whose == SCHEMES else module_of(whose)
    if name is None:
        return _no(whose, "unchecked", "no_module", f"Nothing is known here of how numbers of {whose} are built.")
    try:
        validate = module(name)
    except ValueError as error:
        return _no(whose, "unchecked", "module_refused", f"The law of {whose} names a module that is not used: {error}")
    return _looked_at(whose, text, validate)


def _looked_at(whose: str, text: str, validate: Callable[[str], str]) -> Checked:
    try:
        form = _form(whose, text, validate)
    except ValueError as error:  # stdnum's own are ValueErrors, and some modules stumble over letters with a plain one
        return _refused(whose, text, error)
    words = f"It has the form of a number of {whose}. That it was given to anybody, only a register can say."
    if form.kind is Kind.IDENTIFICATION:
        words = f"It has the form of a number of {whose} that names a firm or a person, registered for the tax or not."
    elif form.kind is Kind.SCHEME:
        words = "It has the form of a seller's number in a special scheme of the Union; nobody buys with one."
    return Checked(whose, "format_valid", _spelt(whose, form.number), None, words, form.kind, form.region)


def _form(whose: str, text: str, validate: Callable[[str], str]) -> Form:
    if whose == SCHEMES:
        return Form(validate(text), Kind.SCHEME)
    own = FORMS.get(whose)
    return own(text, validate) if own else Form(validate(text))


def _spelt(whose: str, number: str) -> str:
    """Numbers of the Union and the Kingdom carry their prefix; others are as their own register writes them."""
    prefix = _WRITTEN.get(whose, whose)
    if whose not in MEMBER_STATES and whose != "GB":
        return number
    return number if number.startswith(prefix) else prefix + number


def _whose(country: str | None, text: str) -> str | None:
    """The country of a number. A stated one holds, but for what only the prefix can tell apart."""
    stated = READ_AS.get(country, country) if country else None
    compact = re.sub(r"[^0-9A-Z]", "", text)
    told = next((place for pattern, place in _OWN if pattern.fullmatch(compact)), None) or _PREFIX.get(compact[:2])
    if stated is None:
        return told
    if stated not in COUNTRIES and stated != SCHEMES:
        return None
    both_british = {stated, told} == {"GB", "XI"}
    union = told == SCHEMES and (stated in MEMBER_STATES or stated == SCHEMES or compact.startswith("IM"))
    return told if both_british or union else stated


def _refused(whose: str, text: str, error: ValueError) -> Checked:
    told = _PREFIX.get(text[:2])
    if told not in (None, whose, _SAME_TAX.get(whose)) and whose in _PREFIX.values():
        words = f"It was said to be of {whose}, and its prefix is that of {told}."
        return _no(whose, "invalid", "prefix", words)
    match error:
        case InvalidChecksum():
            return _no(
                whose,
                "invalid",
                "checksum",
                f"The check digits are not those of a number of {whose}: a slip of the pen.",
            )
        case InvalidLength():
            return _no(whose, "invalid", "length", f"A number of {whose} has another length.")
        case InvalidComponent():
            return _no(whose, "invalid", "component", f"A part of it is none that numbers of {whose} have.")
    return _no(whose, "invalid", "format", f"It is not built as numbers of {whose} are.")


def _no(whose: str | None, state: str, reason: str, words: str) -> Checked:
    return Checked(whose, state, None, reason, words)


# -- with the law ---------------------------------------------------------------------------------------------------------


def modules(law: TaxLaw, day: date) -> ModuleOf:
    """The modules that the packs of a release state on a day (`stdnum_module`)."""

    def module_of(country: str) -> str | None:
        setting = law.at(country, day).setting("stdnum_module")
        return setting.value if setting is not None and isinstance(setting.value, str) else None

    return module_of


def checker(law: TaxLaw, day: date) -> Callable[[str | None, str], str]:
    """(country, number) -> state, for `engine.tax.sale.sale_of`.

    A number that only identifies does not show that its holder is registered for the tax: it says no more than one that was not
    looked at, but where the law asks for just such a number. One of a scheme is nobody's to buy with.
    """
    module_of = modules(law, day)

    def state_of(country: str | None, value: str) -> str:
        found = check(country, value, module_of)
        if found.kind is Kind.SCHEME:
            return "invalid"
        short = found.kind is Kind.IDENTIFICATION and found.country not in _IDENTITY_DOES
        return "unchecked" if short else found.state

    return state_of


_IDENTITY_DOES: Final = ("AU", "NO")
"""Where the number that the law asks of a business is the one every firm has: the ABN, beside which the customer says that it is
registered (GST Act 1999 s 84-100), and the organisation number of a business customer (mval. s 3-30)."""
