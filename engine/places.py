"""Places as ISO codes: countries, subdivisions, and the few spellings that callers use for them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import pycountry

from engine.withdrawn import REPLACED

READ_AS: Final = {"UK": "GB", "EL": "GR"}
"""The European Commission's own spellings of two states."""

_BESIDE_ISO: Final = frozenset({"XI", "XK"})
"""Northern Ireland in VAT matters and Kosovo: user-assigned codes in general use."""

_SOVEREIGN: Final = {"XI": "GB"}

COUNTRIES: Final = frozenset(country.alpha_2 for country in pycountry.countries) | _BESIDE_ISO
"""ISO 3166-1 alpha-2 and the two codes beside it."""

_TAX_AREAS: Final = frozenset({"AT-XJ", "AT-XM", "GR-XN"})
"""Areas with rates of tax of their own that ISO 3166-2 has no code for: Jungholz, Mittelberg, and the Aegean islands whose rates
are lowered. X as in XI and XK: ISO will not assign it."""

_NEWER: Final = frozenset(f"NO-{number}" for number in (31, 32, 33, 39, 40, 55, 56))
"""Norway's counties of 2024, which pycountry does not have yet."""

SUBDIVISIONS: Final = frozenset(part.code for part in pycountry.subdivisions) | _TAX_AREAS | _NEWER
"""ISO 3166-2 and the areas beside it."""

_SHAPE: Final = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


_PARENTS: Final = {part.code: part.parent_code for part in pycountry.subdivisions if part.parent_code}

TWICE: Final = {
    "AX": "FI-01", "AW": "NL-AW", "BL": "FR-BL", "CW": "NL-CW", "GF": "FR-973", "GP": "FR-971", "HK": "CN-HK", "MF": "FR-MF",
    "MO": "CN-MO", "MQ": "FR-972", "NC": "FR-NC", "PF": "FR-PF", "PM": "FR-PM", "PR": "US-PR", "RE": "FR-974", "SX": "NL-SX",
    "TF": "FR-TF", "TW": "CN-TW", "WF": "FR-WF", "YT": "FR-976", "AS": "US-AS", "GU": "US-GU", "MP": "US-MP", "UM": "US-UM",
    "VI": "US-VI",
}  # fmt: skip
"""Places that ISO 3166 knows as countries and as parts of one. Bonaire, Sint Eustatius and Saba, and Svalbard and Jan Mayen are
one country and several parts."""

_PARTS_OF_TWO: Final = {"BQ": ("NL-BQ1", "NL-BQ2", "NL-BQ3"), "SJ": ("NO-21", "NO-22")}


class UnknownPlace(ValueError):
    """Not an ISO 3166-1 alpha-2 or ISO 3166-2 code. As text: why."""

    code = "unknown_place"


class WithdrawnPlace(UnknownPlace):
    """A code that ISO 3166-2 has withdrawn."""

    code = "withdrawn_place"


class OtherCountry(UnknownPlace):
    """A part of another country than the one that is stated beside it."""

    code = "other_country"


@lru_cache(maxsize=8192)
def place(code: str) -> str:
    """The canonical code of a place: `uk` -> error, `UK` -> `GB`, `US-CA` -> `US-CA`. Raises UnknownPlace."""
    code = READ_AS.get(code, code)
    if _SHAPE.fullmatch(code) and (code in COUNTRIES or code in SUBDIVISIONS):
        return code
    raise _unknown(code, "Not an ISO 3166-1 alpha-2 or ISO 3166-2 code")


def _unknown(code: str, otherwise: str) -> UnknownPlace:
    if code in REPLACED:
        return WithdrawnPlace(f"{code} was withdrawn from ISO 3166-2: it lies in {REPLACED[code]} today")
    return UnknownPlace(otherwise)


@lru_cache(maxsize=8192)
def region_code(region: str, country: str | None) -> str:
    """The ISO 3166-2 code of a region as stated: in full (`US-CA`), or without its country beside it (`CA`).

    `country` as stated beside it, itself perhaps a part; None: not stated. Raises UnknownPlace, or OtherCountry where the region
    lies elsewhere. What ISO 3166 knows as a country and as a part of one may stand beside either code (`FR-971` in `GP`).
    """
    code = region.strip().upper()
    if country is not None and "-" not in code:
        code = f"{country_of(country)}-{code}"
    if code not in SUBDIVISIONS:
        raise _unknown(code, "Not an ISO 3166-2 code; a name is none. Leave it out where the country has no parts")
    if country is None or _lies_in(code, country):
        return code
    raise OtherCountry(f"{code} does not lie in {country}")


def _lies_in(code: str, country: str) -> bool:
    if "-" in country:
        return country in (code, _PARENTS.get(code))
    if country == "XI":
        return "GB-NIR" in (code, _PARENTS.get(code))
    return code[:2] == country or code == TWICE.get(country) or code in _PARTS_OF_TWO.get(country, ())


def is_place(code: str) -> bool:
    """Whether a code names a country or a part of one; groups of places have codes too."""
    return code in COUNTRIES or code in SUBDIVISIONS


def country_of(code: str) -> str:
    """The country a place belongs to: `US-CA` -> `US`, `XI` -> `GB`, `DE` -> `DE`."""
    head = code[:2]
    return _SOVEREIGN.get(head, head)
