"""Places as ISO codes: countries, subdivisions, and the few spellings that callers use for them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import pycountry

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

SUBDIVISIONS: Final = frozenset(part.code for part in pycountry.subdivisions) | _TAX_AREAS
"""ISO 3166-2 and the areas beside it."""

_SHAPE: Final = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class UnknownPlace(ValueError):
    """Not an ISO 3166-1 alpha-2 or ISO 3166-2 code."""


@lru_cache(maxsize=8192)
def place(code: str) -> str:
    """The canonical code of a place: `uk` -> error, `UK` -> `GB`, `US-CA` -> `US-CA`. Raises UnknownPlace."""
    if not _SHAPE.fullmatch(code):
        raise UnknownPlace(code)
    code = READ_AS.get(code, code)
    if code in COUNTRIES or code in SUBDIVISIONS:
        return code
    raise UnknownPlace(code)


def is_place(code: str) -> bool:
    """Whether a code names a country or a part of one; groups of places have codes too."""
    return code in COUNTRIES or code in SUBDIVISIONS


def country_of(code: str) -> str:
    """The country a place belongs to: `US-CA` -> `US`, `XI` -> `GB`, `DE` -> `DE`."""
    head = code[:2]
    return _SOVEREIGN.get(head, head)
