"""Countries as lists spell them, to ISO 3166-1 alpha-2. What is no country, or none any more, is None: the caller keeps the
words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import pycountry

from engine.places import COUNTRIES, READ_AS
from engine.screening.lists._spellings import NATIONALS, SPELLINGS

_NOTE: Final = re.compile(r"\s*\([^()]*\)\s*$")
_LEAD: Final = re.compile(r"^(?:the|in|possibly)\s+")
_TAIL: Final = re.compile(
    r"\s+(?:citizenship|citizen|national|nationality|passport|as (?:at|of)\b.*|since\b.*|previous(?:ly)?\b.*)$"
)
_NUMBER: Final = re.compile(r"\s*(?:\(?[0-9]{1,2}\)|\(?[a-z]\)|;|\s/\s)\s*")

_EDGES: Final = " .,;"


@lru_cache(maxsize=8192)
def country(text: str) -> str | None:
    """The code of a country by its code of two or three letters, its name, or a name for its nationals."""
    said = " ".join(text.split()).strip(_EDGES)
    if len(said) == 2:
        code = READ_AS.get(said.upper(), said.upper())
        return code if code in COUNTRIES else None
    return _known(said.casefold()) or _known(_TAIL.sub("", _LEAD.sub("", _NOTE.sub("", said.casefold()))).strip(" .,"))


def countries(text: str) -> tuple[list[str], bool]:
    """The codes in `(1) Somali (2) Swedish`, and whether every part of it was understood."""
    whole = country(text)
    if whole is not None:
        return [whole], True
    parts = [part for part in _NUMBER.split(text.casefold()) if part.strip(" ,.-")]
    found = [country(part) for part in parts]
    return [code for code in found if code is not None], bool(parts) and None not in found


def _known(said: str) -> str | None:
    if not said:
        return None
    return SPELLINGS.get(said) or NATIONALS.get(said) or _NAMES.get(said)


def _names() -> dict[str, str]:
    """Every name that ISO knows; the formal ones give way to the short ones."""
    found: dict[str, str] = {}
    for one in pycountry.countries:
        for name in (one.alpha_3, one.name, getattr(one, "official_name", ""), getattr(one, "common_name", "")):
            found.setdefault(name.casefold().strip(_EDGES), one.alpha_2)
    return found


_NAMES: Final = _names()
