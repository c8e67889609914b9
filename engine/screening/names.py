"""A name as it is compared: its telling parts in order, without what comes and goes between two ways of writing it.

Forms of address, particles and legal forms are taken out; `Abd al-Rahman`,
    `Abdul Rahman` and `Abdurrahman` become one part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from engine.screening.forms import (
    ARTICLES,
    EQUIVALENTS,
    FORM_STARTS,
    HONORIFICS,
    LEGAL_FORMS,
    LONGEST_FORM,
    NUMBERS,
    PARTICLES,
)
from engine.screening.letters import latin

_SERVANT: Final = re.compile(
    r"abd(?:[aeiou]{0,2}(?:l|r(?=r)|s(?=s)|sh(?=sh)|d(?=d)|n(?=n)|z(?=z)|t(?=t)))?(?=[a-z]{3})"
)
_SERVANT_ALONE: Final = frozenset(
    [
        "abd",
        "abdal",
        "abdul",
        "abdel",
        "abdol",
        "abdil",
        "abdoul",
        "abdur",
        "abdus",
        "abdud",
        "abdu",
        "abdou",
        "abdun",
        "abdush",
        "abdi",
        "abdl",
    ]
)
_AS_LETTERS: Final = str.maketrans("013458", "oleasb")
"""People have no digits in their names."""
_ABJAD: Final = re.compile("[\u0590-\u06ff]")
_JOINED_EQUIVALENT: Final = re.compile(
    f"(?<=[a-z]{{3}})(?:{'|'.join(sorted((word for word in EQUIVALENTS if len(word) > 6), key=len, reverse=True))})$"
)
"""`silvertechnologies` is `silver technologies`, and one form as they are."""
_BESIDE: Final = re.compile(
    r"[&/;|+\n\r\u2028\u2029]|\bc/o\b|(?<!\w)(?:and|und|et|or|oder|aka|a\.k\.a\.|alias)(?!\w)", re.IGNORECASE
)
"""Between two names in one field. Spanish `y` and Portuguese `e` are not here: they stand within one name (`Ortega y Gasset`)."""
_POINTED: Final = re.compile(r"(?<![a-z0-9])(?:[a-z]\.){2,}[a-z]?(?![a-z0-9])")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in parts. Two names with the same parts in any order are the same name."""

    parts: tuple[str, ...]
    """Lower-case ASCII; never empty where the text had any letter or digit."""
    form: str | None = None
    """The legal form, as compared."""
    person: bool = False
    bare: bool = False
    """Written without most of its vowels: Arabic, Persian, Hebrew."""


def is_number(part: str) -> bool:
    """Whether a part is, or holds, a number: those are never nearly the same."""
    return not part.isalpha()


@lru_cache(maxsize=1 << 14)
def people_in(text: str) -> tuple[str, ...]:
    """The names in a field that several people share, or one and his other name; none where it holds one name alone.

    >>> people_in("Anna Tsirego and Max Muster"), people_in("Sons and Daughters"), people_in("Anna Tsirego")
    (('Anna Tsirego', 'Max Muster'), (), ())
    """
    apart = dict.fromkeys(part.strip() for part in _BESIDE.split(text))
    return tuple(part for part in apart if len(part.split()) > 1) if len(apart) > 1 else ()


def name_of(text: str, person: bool) -> Name:
    """The name in a text. Of persons nothing is a legal form; of all others forms of address and patronymics stay.

    >>> name_of("Sheikh Abd al-Rahman bin Hasan", True).parts
    ('abdrahman', 'hasan')
    >>> name_of("OOO Roga i Kopyta", False)
    Name(parts=('roga', 'i', 'kopyta'), form='llc', person=False, bare=False)
    """
    words = _words(latin(text))
    form: str | None = None
    if person:
        kept = _without([word if word.isalpha() else word.translate(_AS_LETTERS) for word in words], HONORIFICS)
    else:
        kept, form = _without_form(words)
        kept = [NUMBERS.get(word, word) for word in kept]
    particles = PARTICLES if person else ARTICLES
    parts = _without(_servants(kept), particles)
    if not person and len(parts) > 1 and parts[-1] in particles:
        parts.pop()
    parts = [EQUIVALENTS.get(part, part) for part in parts]
    if not person:
        parts = [_JOINED_EQUIVALENT.sub(_equivalent, part) for part in parts]
    return Name(tuple(parts), form, person, bool(_ABJAD.search(text)) if not text.isascii() else False)


def _words(text: str) -> list[str]:
    """Words; `S.A.` is one where it is a legal form, else letters."""
    if "." in text:
        text = _POINTED.sub(_pointed, text).replace(".", " ")
    return text.replace("&", " ").replace("+", " ").split()


def _pointed(found: re.Match[str]) -> str:
    joined = found[0].replace(".", "")
    return joined if (joined,) in LEGAL_FORMS else " ".join(joined)


def _without(words: list[str], unwanted: frozenset[str]) -> list[str]:
    """The words without the unwanted; what stands last is a name (`Bilal Das`, `Sarah King`)."""
    return [*(word for word in words[:-1] if word not in unwanted), *words[-1:]]


def _without_form(words: list[str]) -> tuple[list[str], str | None]:
    """The words without legal forms at any place, and the first form found. A name that is nothing else stays whole."""
    kept: list[str] = []
    form: str | None = None
    at = 0
    while at < len(words):
        found = _form_at(words, at) if words[at] in FORM_STARTS else 0
        if found:
            form = form or LEGAL_FORMS[tuple(words[at : at + found])]
            at += found
        else:
            kept.append(words[at])
            at += 1
    return (kept, form) if any(len(word) > 1 and word not in ARTICLES for word in kept) else (words, None)


def _form_at(words: list[str], at: int) -> int:
    """How many words from here are a legal form; 0: none."""
    for length in range(min(LONGEST_FORM, len(words) - at), 0, -1):
        if tuple(words[at : at + length]) in LEGAL_FORMS:
            return length
    return 0


def _equivalent(found: re.Match[str]) -> str:
    return EQUIVALENTS[found[0]]


def _servants(words: list[str]) -> list[str]:
    """Names of the form servant of ..., in one part."""
    joined: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        if word in _SERVANT_ALONE and at + 1 < len(words):
            step = 2 if words[at + 1] in PARTICLES and at + 2 < len(words) else 1
            joined.append(_servant(words[at + step]))
            at += step + 1
            continue
        joined.append("abd" + word[found.end() :] if word[:3] == "abd" and (found := _SERVANT.match(word)) else word)
        at += 1
    return joined


def _servant(of: str) -> str:
    return "abdlah" if of in ("allah", "lah", "ullah", "alah") else "abd" + of
