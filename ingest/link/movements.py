"""Who is put on a list and who is taken off it: countries with the verb that governs them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError

from engine.places import COUNTRIES
from ingest.link.instruments import plain
from ingest.read.model import Reading, Span

READ: Final = 20_000


class Move(StrEnum):
    """What happens to a place on a list."""

    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Movement:
    """A place that comes or goes. `span`: its name; `verb`: what says so."""

    place: str
    move: Move
    span: Span
    verb: Span


_ADDED: Final = (
    r"add(?:s|ed|ing|ition)?|plac(?:e|es|ed|ing)|includ(?:e|es|ed|ing)|inclusion|list(?:s|ed|ing)|identified|insert(?:s|ed)?|join(?:s|ed)?|"
    r"anad(?:e|en|ido|ida|idos|idas|ir)|incluy(?:e|en)|inclu(?:ido|ida|idos|idas|ir|i|em|indo)|incorpor(?:a|an|ado|ados|ar)|"
    r"ajout(?:e|ent|es|ee|ees|er)|inscri(?:t|te|ts|tes|re|ption)|aufgenommen|hinzugefugt|aufnahme|adiciona(?:do|da|dos|m)?|acrescenta(?:do|dos)?|"
    r"menambahkan|ditambahkan|dimasukkan|memasukkan|bo sung|dua vao|recogni[sz]ed|grant(?:s|ed)"
)
_REMOVED: Final = (
    r"remov(?:e|es|ed|ing|al)|delist(?:s|ed|ing)?|no longer|exit(?:s|ed)?|tak(?:en|e|es) off|delet(?:e|es|ed|ing|ion)|leaves?|"
    r"withdraw(?:s|n)?|revok(?:e|es|ed)|repeal(?:s|ed)?|"
    r"retir(?:a|an|ado|ada|ados|ar|es|ee|er|e|ent)|elimin(?:a|an|ado|ados|ada)|exclu(?:ye|yen|ido|idos|ida|i)|suprim(?:e|ido|ees?)|sal(?:e|en|ida)|"
    r"gestrichen|gestrichene|entfernt|herausgenommen|removid(?:o|a|os|as)|remov(?:e|eu|em)|dihapus|menghapus|dikeluarkan|mengeluarkan|"
    r"loai|go bo|rut khoi|dua ra khoi|sorti(?:e|es|s)?"
)
_VERB: Final = re.compile(rf"\b(?:(?P<removed>{_REMOVED})|(?P<added>{_ADDED}))\b")
_HAN_VERB: Final = re.compile(r"(?P<removed>移出|移除|删除|剔除|不再)|(?P<added>列入|加入|增加|新增|纳入)")
_ENDS: Final = re.compile(r"(?<=[.!?;])\s+(?=[^\W\d_])|\n+|[。；]")
_MORE: Final = {
    "turkey": "TR", "turkiye": "TR", "vietnam": "VN", "laos": "LA", "russia": "RU", "ivory coast": "CI", "cote d ivoire": "CI",
    "democratic republic of the congo": "CD", "dr congo": "CD", "congo": "CG", "syria": "SY", "iran": "IR", "north korea": "KP",
    "democratic people s republic of korea": "KP", "dprk": "KP", "south korea": "KR", "republic of korea": "KR", "myanmar": "MM",
    "burma": "MM", "burkina faso": "BF", "south sudan": "SS", "british virgin islands": "VG", "virgin islands uk": "VG",
    "cayman islands": "KY", "united arab emirates": "AE", "uae": "AE", "united kingdom": "GB", "uk": "GB", "united states": "US",
    "bolivia": "BO", "venezuela": "VE", "tanzania": "TZ", "hong kong": "HK", "macao": "MO", "macau": "MO", "czech republic": "CZ",
    "the gambia": "GM", "lao pdr": "LA", "cape verde": "CV", "swaziland": "SZ", "eswatini": "SZ", "bosnia and herzegovina": "BA",
}  # fmt: skip
"""Names that are used and that the tables of languages do not have."""
_TOKEN: Final = re.compile(r"[^\W_]+")
_BEFORE: Final = re.compile(
    r"\b(?:were|was|been|is|are|be|being|has|have|ha|han|foi|foram|sido|wurde|wurden|worden|fue|fueron|ont|ete|est|sont|akan|da|duoc)\b"
)


def movements(reading: Reading) -> tuple[Movement, ...]:
    """Each country once and with the first verb that governs it; in the order of the text.

    `added Kenya and removed Mali`: a verb governs what follows it until the next. `Mali and Chad were removed`: a verb
    that nothing precedes governs what is before it. A country without a verb in its sentence has not moved.
    """
    found: dict[str, Movement] = {}
    text = reading.text[:READ]
    begin = 0
    for end in [*(match.start() for match in _ENDS.finditer(text)), len(text)]:
        for one in _sentence(text, begin, end, reading.language):
            found.setdefault(one.place, one)
        begin = end
    return tuple(found.values())


def _sentence(text: str, begin: int, end: int, language: str) -> list[Movement]:
    verbs = _verbs(text, begin, end)
    if not verbs:
        return []
    countries = named(text, begin, end, language)
    return [
        Movement(place, _governing(verbs, span, text), span, _verb_of(verbs, span, text)) for place, span in countries
    ]


def _verbs(text: str, begin: int, end: int) -> list[tuple[Move, Span]]:
    found: list[tuple[Move, Span]] = []
    piece = text[begin:end]
    lower = _kept_length(piece)
    for match in [*_VERB.finditer(lower), *_HAN_VERB.finditer(piece)]:
        move = Move.REMOVED if match.group("removed") else Move.ADDED
        if found and found[-1][0] is move and match.start() + begin - found[-1][1].end < 12:
            continue
        found.append((move, Span(begin + match.start(), begin + match.end())))
    return sorted(found, key=lambda one: one[1].start)


def _at(verbs: list[tuple[Move, Span]], span: Span, text: str) -> tuple[Move, Span]:
    before = [one for one in verbs if one[1].end <= span.start]
    after = [one for one in verbs if one[1].start >= span.end]
    if not before:
        return after[0]
    if after and _passive(text, span, after[0][1], before[-1][1]):
        return after[0]
    return before[-1]


def _passive(text: str, span: Span, verb: Span, last: Span) -> bool:
    """`Kenya was added, and Mali has been removed`: the name stands before its verb, and after a clause that is over."""
    between, gone = text[span.end : verb.start], text[last.end : span.start]
    return bool(_BEFORE.search(_kept_length(between))) and bool(
        re.search(r"[,;]|\b(?:and|while|y|und|et|e|dan|va|mientras)\b", gone)
    )


def _governing(verbs: list[tuple[Move, Span]], span: Span, text: str) -> Move:
    return _at(verbs, span, text)[0]


def _verb_of(verbs: list[tuple[Move, Span]], span: Span, text: str) -> Span:
    return _at(verbs, span, text)[1]


def named(text: str, begin: int, end: int, language: str) -> list[tuple[str, Span]]:
    """Countries that a piece of text names, each with its place, the longest name at each."""
    names, han = _names(language)
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text, begin, end)]
    words = [plain(token[0]) for token in tokens]
    found: list[tuple[str, Span]] = []
    at = 0
    while at < len(words):
        for length in range(min(7, len(words) - at), 0, -1):
            code = names.get(" ".join(words[at : at + length]))
            if code is not None and not tokens[at][0].islower():
                found.append((code, Span(tokens[at][1], tokens[at + length - 1][2])))
                at += length - 1
                break
        at += 1
    for name, code in han.items():
        start = text.find(name, begin, end)
        if start >= 0:
            found.append((code, Span(start, start + len(name))))
    return sorted(found, key=lambda one: one[1].start)


@lru_cache(maxsize=32)
def _names(language: str) -> tuple[dict[str, str], dict[str, str]]:
    """Plain name -> country, in English and the language of the text; and names that are written without blanks."""
    found: dict[str, str] = {}
    han: dict[str, str] = {}
    for tongue in dict.fromkeys(("en", language)):
        try:
            territories = Locale.parse(tongue).territories
        except (UnknownLocaleError, ValueError):
            continue
        for code, name in territories.items():
            if code in COUNTRIES and tongue in ("zh", "ja"):
                han[name] = code
            elif code in COUNTRIES:
                found[" ".join(plain(word) for word in _TOKEN.findall(name))] = code
    found.update(_MORE)
    return found, dict(sorted(han.items(), key=lambda one: -len(one[0])))


def _kept_length(text: str) -> str:
    """Lower case without accents, character by character: places stay what they are."""
    return "".join(one if len(one := plain(char)) == 1 else char for char in text)


__all__ = ["Move", "Movement", "movements", "named"]
