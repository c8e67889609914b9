"""Numbers and addresses that name one alone: in one way of writing, and found without any name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from engine.screening.model import Identifier, Listed

STRONG: Final = frozenset(
    ["passport", "national_id", "tax_id", "registration", "lei", "imo", "mmsi", "bic", "crypto", "email",
        "driving_licence", "birth_certificate", "account", "aircraft_serial", "tail_number"]
)  # fmt: skip
"""Kinds of which one that is the same is enough. Telephone numbers, websites, call signs and the rest pass from hand to hand."""
_DOCUMENTS: Final = frozenset(
    ["passport", "national_id", "tax_id", "registration", "driving_licence", "birth_certificate", "other"]
)
"""What one list calls a passport another calls an identity card: the number is compared, not the drawer it lies in."""
_REACHED: Final = frozenset(["account", "email"])
SHORTEST_DOCUMENT: Final = 5
"""Characters from which a document number is unlikely to be two people's."""
_SOUND: Final = re.compile(r"[^0-9A-Z]")
_REQUEST: Final = re.compile(r"^[a-z][a-z0-9+.-]*:(?://)?(?:pay-(?=0x))?|[@?#/].*$|\s")
_NOT_DIGITS: Final = re.compile(r"\D")


def comparable(one: Identifier) -> tuple[str, str] | None:
    """Kind and value as compared; None where nothing is left to compare.

    >>> comparable(Identifier("imo", "IMO 7406784")), comparable(Identifier("passport", "ab-12 34.5"))
    (('imo', '7406784'), ('document', 'AB12345'))
    """
    kind = "document" if one.kind in _DOCUMENTS else one.kind
    value = _FORMS.get(kind, _plain)(_folded(one.value.strip()))
    return (kind, value) if value else None


def is_strong(one: Identifier) -> bool:
    """Whether this one, if it is the same, is enough. Short document numbers and those of one digit are not."""
    found = comparable(one)
    if found is None or one.kind not in STRONG:
        return False
    return found[0] != "document" or (len(found[1]) >= SHORTEST_DOCUMENT and len(set(found[1])) > 1)


def names_one(one: Identifier) -> bool:
    """Whether it tells who somebody is: a document, a tax number, an LEI. Accounts and e-mail find hardly anybody."""
    return is_strong(one) and one.kind not in _REACHED


class IdentifierIndex:
    """Which entries have an identifier. Never changed once made."""

    def __init__(self, entries: Sequence[Listed]) -> None:
        self._entries = entries
        with_it: dict[tuple[str, str], list[int]] = {}
        for at, entry in enumerate(entries):
            for found in {found for one in entry.identifiers if (found := comparable(one))}:
                with_it.setdefault(found, []).append(at)
        self._with: Mapping[tuple[str, str], Sequence[int]] = with_it

    def owners(self, asked: Iterable[Identifier]) -> Iterator[tuple[int, Identifier, Identifier]]:
        """Entry, the identifier asked about and the listed one that is the same."""
        for one in asked:
            key = comparable(one)
            for at in self._with.get(key, ()) if key else ():
                for listed in self._entries[at].identifiers:
                    if comparable(listed) == key and not _other_country(one, listed):
                        yield at, one, listed
                        break


def _other_country(one: Identifier, other: Identifier) -> bool:
    """Two countries may well give out the same document number."""
    return (
        one.kind in _DOCUMENTS
        and one.country is not None
        and other.country is not None
        and one.country != other.country
    )


def _folded(value: str) -> str:
    """One spelling of each character (NFKC), the digits of any script as 0 to 9, and nothing that the eye cannot see."""
    plain = unicodedata.normalize("NFKC", value)
    if plain.isascii():
        return plain
    seen = (letter for letter in plain if unicodedata.category(letter) != "Cf")
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in seen).strip()


def _plain(value: str) -> str:
    return _SOUND.sub("", value.upper())


def _digits(value: str) -> str:
    return _NOT_DIGITS.sub("", value)


def _crypto(value: str) -> str:
    """The address alone, without what a payment request puts around it: a scheme (`bitcoin:`), a chain (`@1`), a query.

    Base58 tells cases apart and hexadecimal does not. Whoever wrote it in capitals may have lost them, and no two addresses in
    use differ by nothing else.
    """
    address = _REQUEST.sub("", value.lower())
    return address if any(map(str.isalnum, address)) else ""


def _bic(value: str) -> str:
    """A branch code names a branch of the same institution."""
    return _plain(value)[:8]


def _website(value: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?", "", value.lower()).rstrip("/")


_FORMS: Final = {
    "imo": _digits, "mmsi": _digits, "phone": _digits, "email": str.lower, "crypto": _crypto, "bic": _bic,
    "website": _website,
}  # fmt: skip
