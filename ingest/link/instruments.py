"""Names of instruments as keys: one law is written in many ways, and its number or its short name is the same in most of them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

SHORT: Final = {
    "psd2": "2015/2366", "psd 2": "2015/2366", "dsp2": "2015/2366", "gdpr": "2016/679", "rgpd": "2016/679",
    "dsgvo": "2016/679", "ds-gvo": "2016/679", "rts": "2018/389", "amlr": "2024/1624", "amld4": "2015/849",
    "amld5": "2018/843", "5amld": "2018/843", "4amld": "2015/849", "6amld": "2024/1640", "amld6": "2024/1640",
    "amla regulation": "2024/1620", "tfr": "2023/1113", "mica": "2023/1114", "ipr": "2024/886",
    "instant payments regulation": "2024/886", "vat directive": "2006/112", "sepa regulation": "2012/260",
    "ifr": "2015/751", "interchange fee regulation": "2015/751", "transfer of funds regulation": "2023/1113",
    "payment services directive": "2015/2366", "general data protection regulation": "2016/679",
}  # fmt: skip
"""Short names that are read alike everywhere."""
_EU: Final = re.compile(
    r"\b(?:EU|EC|EEC|EEA|UE|CE|EG)\b|directive|regulation|direct|verordnung|richtlinie|reglament|règlement", re.I
)
_SLASHED: Final = re.compile(r"(?<![\d/.,])(\d{1,3}(?:[.,]\d{3})+|\d{1,4}|\d{5})\s?/\s?(\d{1,4})(?![\d])")
_OF_YEAR: Final = re.compile(
    r"(?:n[o°º]\.?\s*|nr\.?\s*|nomor\s*|số\s*|lei\s*|law\s*|act\s*|ley\s*|loi\s*)?(\d{1,3}(?:[.,]\d{3})*|\d{1,5})\s*"
    r"(?:of|de|del|du|vom|tahun|năm|/)\s*(?:\d{1,2}\s+\w+\s+(?:de\s+)?)?((?:19|20)\d{2})\b",
    re.I,
)
_NUMBERED: Final = re.compile(
    r"\b(?:n[o°º]|nr|nomor|số|law|ley|lei|loi|act|order|cap|sr|eo|decree|decreto|circular|resolution)\.?\s*"
    r"(?:n[o°º]?\.?\s*)?(\d{1,3}(?:[.,]\d{3})+|\d{3,6})(?![\d])",
    re.I,
)
_REFERENCE: Final = re.compile(r"\b[A-Z]{2,}(?:[./-][A-Z0-9]+){2,}\b")
_BRACKETED: Final = re.compile(r"\(([A-Za-zÀ-ÿ][\w\-]{1,11}(?: \d{4})?)\)")
_YEAR: Final = re.compile(r"\b((?:19|20)\d{2})\b")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_IDLE: Final = frozenset(
    {
        "the", "of", "on", "and", "in", "for", "to", "as", "by", "at", "a", "an", "with", "its", "no", "nr", "law",
        "laws", "rules", "national", "page", "text", "general", "act", "acts", "regulation", "regulations", "directive",
        "decision", "commission", "european", "union", "eu", "ec", "council", "implementing", "delegated", "amended",
        "amending", "art", "article",
    }
)  # fmt: skip
_NO_SHORT: Final = frozenset(
    {
        "eu", "ec", "eec", "eea", "ue", "ce", "gst", "vat", "tva", "iva", "km", "pdv", "swift", "adyen", "aci", "cth",
        "sevastopol",
    }
)  # fmt: skip
_PART: Final = re.compile(r"(\d+[a-z]{0,2})((?:\s?\([0-9a-z]{1,4}\))*)", re.I)
_ARTICLE: Final = re.compile(
    r"(?:art(?:icle|iculo|igo|ikel)?s?\.?|§+|s\.?|sec(?:tion)?s?\.?|par\.?|pasal|điều|reg(?:ulation)?\.?|rule|第)\s*"
    r"(\d+[a-z]{0,2})((?:\s?\([0-9a-z]{1,4}\))*)",
    re.I,
)


@lru_cache(maxsize=20_000)
def keys(name: str) -> frozenset[str]:
    """The keys of an instrument by its name or title. Numbers of acts are kept with their year, `2015/2366`, `89/1991`.

    >>> sorted(keys("Directive (EU) 2015/2366 (PSD2)"))
    ['2015/2366', 'psd2']
    >>> sorted(keys("Value Added Tax Act 89 of 1991"))
    ['89/1991']
    """
    found: set[str] = set()
    lower = plain(name)
    if lower in SHORT:
        found.add(SHORT[lower])
    for first, second in _SLASHED.findall(name):
        found.add(_ordered(_digits(first), second, european=bool(_EU.search(name))))
    for number, year in _OF_YEAR.findall(name):
        found.add(f"{_digits(number)}/{year}")
    for number in _NUMBERED.findall(name):
        digits = _digits(number)
        if len(digits) >= 3 and not _is_year(digits):
            found.add(f"no {digits}")
    found |= {reference.lower() for reference in _REFERENCE.findall(name)}
    for short in _BRACKETED.findall(name):
        word = plain(short)
        if word not in _NO_SHORT and not word.isdigit():
            found.add(word)
            found |= {SHORT[word]} if word in SHORT else set()
    if not any("/" in key for key in found):
        found |= _by_words(name)
    return frozenset(found)


def plain(text: str) -> str:
    """Lower case without accents: `Käibemaks` and `Kaibemaks` are one word. The length may change."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in apart if not unicodedata.combining(char)).replace("đ", "d").replace("ß", "ss")


@lru_cache(maxsize=20_000)
def articles(provision: str) -> frozenset[str]:
    """The provisions of a citation, whole and without their paragraphs.

    >>> sorted(articles("Art. 16(2)"))
    ['16', '16(2)']
    """
    found: set[str] = set()
    matched = _ARTICLE.findall(provision)
    for number, parts in matched or _PART.findall(provision):
        number = number.lower()
        found |= {number, f"{number}{parts.replace(' ', '').lower()}"}
    return frozenset(found)


def _ordered(first: str, second: str, *, european: bool) -> str:
    """Year before number, as European acts are numbered since 2015; those before, and most others, put the number first."""
    if european and _is_year(second) and not _is_year(first):
        return f"{second}/{first}"
    return f"{first}/{second}"


def _is_year(text: str) -> bool:
    return len(text) == 4 and "1950" <= text <= "2100"


def _digits(number: str) -> str:
    return number.replace(".", "").replace(",", "")


def _by_words(name: str) -> set[str]:
    """Acts that are known by their words: `payment services 2017`. Two words at least, or one with a year."""
    year = _YEAR.search(name)
    outside = re.sub(r"\([^)]*\)", " ", name)
    words = [word for word in _WORD.findall(plain(outside)) if word not in _IDLE][:6]
    told = [*words, *([year[1]] if year else [])]
    if len(told) == 1 and words:
        short = outside.strip().isupper() or len(words[0]) > 9 or (words[0] not in name and " " not in name.strip())
        return {words[0]} if short and words[0] not in _NO_SHORT else set()
    return {" ".join(told)} if len(told) >= 2 and words else set()


__all__ = ["articles", "keys", "plain"]
