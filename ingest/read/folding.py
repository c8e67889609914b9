"""A text in plain signs and in small letters, character for character, so that places found in it hold in the text as it came."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SPACES: Final = (
    "\t\x0b\x0c\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_PLAIN: Final = {
    **dict.fromkeys(map(ord, _SPACES), " "),
    **{ord(sign): chr(ord(sign) - 0xFEE0) for sign in map(chr, range(0xFF01, 0xFF5F)) if sign not in "，；！？："},
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u201b"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb"), '"'),
    **dict.fromkeys(map(ord, "\u2028\u2029"), "\n"),
}
_ASCII: Final = re.compile(r"[\x00-\x08\x0e-\x7f\n]*\Z")


def plain_signs(text: str) -> str:
    """Spaces, dashes, quotation marks and full-width forms as ASCII has them. As long as it was.

    >>> plain_signs("5\u00a0％ – ‘x’")
    "5 % - 'x'"
    """
    if _ASCII.match(text):
        return text
    return text.translate(_PLAIN)


def lowered(text: str) -> str:
    """In small letters; a letter whose small form is longer stays as it is."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(one if len(small := one.lower()) != 1 else small for one in text)


def without_marks(text: str) -> str:
    """Letters without accents: `Türkiye` -> `Turkiye`. The length may change: for keys only."""
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
