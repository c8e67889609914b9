"""Where sentences end: not after `Art.`, `No.`, `z. B.`, nor within a number. All evidence is cut here."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import Final

from ingest.read.folding import plain_signs
from ingest.read.model import Span

READ_UP_TO: Final = 20_000
"""Characters in which numbers, days, laws and clauses are looked for; a law that long says what it does in its first pages."""
REACH: Final = 600
"""Characters to each side beyond which what has no stop is a table and no sentence."""

_ABBREVIATIONS: Final = {
    "": "art arts artt no nos nr núm num nº n pt par para paras sec sect cap ch vol ed p pp s ss c cf vs inc ltd co "
        "corp plc mr mrs "
    "ms dr prof st approx fig ref reg regs dir e.g i.e a.m p.m u.s u.k u.n e.u s.a s.a.s l.p jan feb mar apr jun "
    "jul aug sep sept "
    "oct nov dec cl sch r.s.c s.c s.i s.o",
    "de": "abs nr art ziff bzw z z.b b d d.h h u u.a ca vgl gem lit rn usw dez okt mio mrd zzgl inkl str prof bgbl "
          "i.v.m v s satz ggf "
    "evtl sog",
    "fr": "art al n m mm mme no cf p.ex ex env etc janv févr avr juil sept oct nov déc réf av",
    "es": "art arts núm n.º apdo sr sra d ee ee.uu uu pág vid dto ej p.ej cía aprox inc s.a ff mm",
    "pt": "art arts n.º nº inc par sr sra dr dra pág ex p.ex aprox núm s.a res mm",
    "id": "no ps pt tbk dr ir h jl s.h rp hal dll dsb yth",
    "vi": "tp ts ths pgs gs đ",
    "it": "art artt n co lett d.l d.lgs dott sig pag es ecc c.d sec",
    "nl": "art nr bijv d.w.z e.d m.b.t o.a t.a.v lid jl",
    "pl": "art ust pkt nr poz dz u t.j tj np r zł tys mln mld im ww",
}  # fmt: skip
_ALWAYS: Final = frozenset(_ABBREVIATIONS[""].split())
_OF: Final = {name: _ALWAYS | frozenset(words.split()) for name, words in _ABBREVIATIONS.items()}
_END: Final = re.compile(r"[.!?][\"')\]]{0,2}(?=\s)|[。！？；]|\n")
_LAST_WORD: Final = re.compile(r"[^\s(\[\"']{1,12}\Z")
_NEXT: Final = re.compile(r"\s{0,4}(?P<sign>\S)")
_ORDINAL: Final = re.compile(r"(?<!\d)\d{1,2}\Z")


@lru_cache(maxsize=8)
def sentences(text: str, language: str) -> tuple[Span, ...]:
    """The sentences of a text of plain signs, in order, without gaps. The last texts are remembered: each is cut for several."""
    known = _OF.get(language, _ALWAYS)
    found: list[Span] = []
    start = 0
    for end in _END.finditer(text):
        if text[end.start()] == "." and _goes_on(text, end, known, language):
            continue
        if text[start : end.end()].strip():
            found.append(Span(start, end.end()))
            start = end.end()
    if text[start:].strip() or not found:
        found.append(Span(start, len(text)))
    return tuple(found)


def sentence_around(text: str, language: str, span: Span) -> Span:
    """The sentence that a piece of a text as it came stands in, or those that it reaches into; without blanks at the ends.

    At most `REACH` characters to each side. What stands after `READ_UP_TO` has that much around it.
    """
    first, last = max(0, span.start - REACH), min(len(text), span.end + REACH)
    if span.end <= READ_UP_TO:
        cut = sentences(plain_signs(text[:READ_UP_TO]), language)
        begin = cut[_at(cut, span.start)]
        end = cut[_at(cut, max(span.start, span.end - 1))]
        first, last = max(first, begin.start), min(last, end.end)
    inside = text[first:last]
    return Span(last - len(inside.lstrip()), first + len(inside.rstrip())) if inside.strip() else span


def _at(cut: tuple[Span, ...], at: int) -> int:
    return max(0, bisect_right(cut, at, key=lambda one: one.start) - 1)


def _goes_on(text: str, end: re.Match[str], known: frozenset[str], language: str) -> bool:
    """Whether the full stop belongs to an abbreviation, an initial or an ordinal number."""
    before = text[max(0, end.start() - 13) : end.start()]
    following = _NEXT.match(text, end.end())
    if following is None:
        return False
    sign = following["sign"]
    word = _LAST_WORD.search(before)
    last = word[0].lower() if word else ""
    if _ORDINAL.search(before) and language in ("de", "pl", "da", "no", "fi", "cs", "sk", "hr", "sl", "hu", "et", "lv"):
        return True
    if sign.islower() and language != "und":
        return True
    if len(last) == 1 and last.isalpha() and sign.isupper():
        return True
    if last in known:
        return sign.isdigit() or sign in "([§№°º" or last not in ("no", "s", "p", "c", "d", "r", "z") or sign.islower()
    return False
