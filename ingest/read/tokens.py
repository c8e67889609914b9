"""A text as the classifiers see it: folded, with its numbers masked, cut into words and sentences."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 3000
"""Characters of an item that are looked at: regulators say what they mean at the beginning."""

END: Final = "."
"""The token that stands for the end of a sentence or a title."""

_MARKS: Final = re.compile("[\u0300-\u036f]+")
_STROKES: Final = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "’": "'"})
_NUMBER: Final = r"\d+(?:[.,']\d+|[ \u202f]\d{3}(?!\d))*"
_SCALE: Final = (
    r"(?:(?:thousand|million|billion|millones|millions?|milliarden|millionen|mln|mrd"
    r"|mil|juta|miliar|triệu|tỷ|tỉ|万|亿)\s?)?"
)
_MONEY: Final = (
    r"(?:eur|euros?|usd|gbp|chf|cad|jpy|cny|rmb|idr|vnd|mxn|clp|cop|pen|ars|pln|zl|zlotych|czk|huf|ron|twd|krw|thb|mop|ang|xdr|uyu|bob"
    r"|aed|sar|qar|kwd|bhd|omr|ngn|kes|zar|ghs|ugx|tzs|rwf|zmw|bwp|mur|mad|egp|xof|xaf|inr|pkr|bdt|lkr|npr|myr|sgd|hkd|php|aud|nzd|fjd"
    r"|sek|nok|dkk|isk|bgn|try|uah|gel|amd|kzt|brl|gtq|crc|dop|jmd|ttd|bbd|bsd"
    r"|dollars?|dolares|pounds?|francs?|franken|pesos?|soles|reais|yuan|rupiah|dong|đồng|zloty|crowns?|lei|dinars?|rupees?"
    r"|rand|naira|shillings?|cedis?|ringgit|baht|taka|dirhams?|riyals?|kron(?:or|er|a)|kwacha|meticais|kwanzas|guaranies|colones|lari|drams?)(?![a-z])"
)
_FIGURE: Final = re.compile(
    rf"{_NUMBER}(?:\s?(?P<zpct>%|percent|per cent|prozent|por ciento|por cento|pour cent|persen|phan tram|phần trăm|procent)"
    rf"|\s?(?P<zamt>{_SCALE}(?:[€$£¥₫₹₦₱₩฿]|(?:de )?{_MONEY}|(?:亿|万)?(?:美元|欧元|元))))?"
)
_BEFORE: Final = re.compile(rf"(?:[€$£¥₫₹₦₱₩฿]|(?<![a-z])(?:rp|rs|r|s/|fr|kr|{_MONEY})\.?)\s?\Z")
_LONGEST_MONEY: Final = 9
_TOKEN: Final = re.compile(r"[.!?;。！？；\n]+|[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
_DIGITS_OF_YEAR: Final = 4
_CENTURIES: Final = frozenset({"19", "20"})
_ENDS: Final = frozenset(".!?;。！？；\n")


def folded(text: str, language: str) -> str:
    """Small letters without accents. Vietnamese keeps them: `giảm`, to lower, is not `giám`, to watch."""
    small = text[:LONGEST].casefold()
    if small.isascii():
        return small
    if language == "vi":
        return unicodedata.normalize("NFC", small)
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", small)).translate(_STROKES))


def masked(small: str) -> str:
    """Each percentage, amount of money, year and other number becomes one word: it is their kind that says something."""
    return _FIGURE.sub(_mask, small)


def _mask(found: re.Match[str]) -> str:
    start = found.start()
    before = found.string[max(0, start - _LONGEST_MONEY) : start]
    sign = _BEFORE.search(before) is not None
    if before and "a" <= before[-1] <= "z" and not sign:
        return found[0]
    if found.lastgroup is not None:
        return f" {found.lastgroup} "
    if sign:
        return " zamt "
    return " zyear " if len(found[0]) == _DIGITS_OF_YEAR and found[0][:2] in _CENTURIES else " znum "


def words(plain: str) -> list[str]:
    """Words, single Chinese characters, and `END` where a sentence ends."""
    return [END if one[0] in _ENDS else one for one in _TOKEN.findall(plain)]
