"""Words that all British lists share: kinds of entries and names, and numbers told in prose."""

from __future__ import annotations

import re
from typing import Final

from engine.screening.lists.countries import country
from engine.screening.lists.draft import Draft
from engine.screening.lists.limits import clean
from engine.screening.model import EntityKind, NameKind

KINDS: Final = {
    "individual": EntityKind.PERSON,
    "entity": EntityKind.ORGANISATION,
    "ship": EntityKind.VESSEL,
}
_NAMES: Final = {
    "primary name": NameKind.PRIMARY,
    "prime alias": NameKind.PRIMARY,
    "fka": NameKind.FORMER,
    "f.k.a.": NameKind.FORMER,
    "formerly known as": NameKind.FORMER,
}
_MARKS: Final = re.compile(r"(?:^|\s)\(?(?:[0-9]{1,2}|[a-z])\)\s*")
_NUMBER: Final = re.compile(
    r"(?:.{0,80}?\b(?:no|number|code|nr)\b[.:]?\s*)?(?P<number>(?:[A-Z]{1,4}[- /.]?)?[A-Z0-9/.-]*[0-9][A-Z0-9/.-]*)",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(r"\(([^()]+)\)")


def name_kind(said: str) -> NameKind:
    """What `Primary Name`, `Primary name variation`, `ALias`, `FKA` mean, in whatever case they come."""
    return _NAMES.get(clean(said).casefold(), NameKind.ALIAS)


def is_weak(said: str) -> bool:
    """`Low quality a.k.a`, `Low`, `Weak`."""
    folded = clean(said).casefold()
    return folded.startswith(("low", "weak"))


def numbers(draft: Draft, kind: str, said: str, more: str) -> None:
    """`(1) A-333602 (Indian) issued on 4 June 1985 (2) M110522 ...`: each number by itself, with the words about it."""
    for part in _MARKS.split(said):
        words = clean(part)
        found = _NUMBER.match(words)
        if found is None:
            draft.remark(kind.replace("_", " ").capitalize(), words)
            continue
        issuer = next((one for one in _IN_BRACKETS.findall(words) if country(one)), "")
        rest = clean(words.replace(found["number"], "", 1)).strip(" .:")
        draft.identifier(
            kind,
            found["number"].strip(" .-/"),
            country_text=issuer,
            detail=", ".join(filter(None, (rest, clean(more)))),
        )
