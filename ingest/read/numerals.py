"""Numbers as laws write them: exact, and None where the form allows two readings."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError

NUMBER: Final = re.compile(
    r"(?<![\d.,])(?:\d{1,3}(?:[ '.,]\d{3}){1,5}(?![\d])(?:[.,]\d{1,6}(?!\d))?|"
    r"\d{1,3}(?:,\d{2}){1,4},\d{3}(?!\d)(?:\.\d{1,2}(?!\d))?"
    r"|\d{1,15}(?:[.,]\d{1,6})?(?!\d))"
)
"""In a text of plain signs. Groups by points, commas, apostrophes, single spaces; Indian groups of two."""

_INDIAN: Final = re.compile(r"\d{1,3}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_FALLBACK: Final = {"zh": ".", "ja": ".", "ko": ".", "th": ".", "ms": ".", "und": ""}
MULTIPLES: Final = {
    "thousand": 3, "million": 6, "millions": 6, "billion": 9, "billions": 9, "trillion": 12, "mn": 6, "bn": 9, "m": 6, "k": 3,
    "lakh": 5, "lakhs": 5, "crore": 7, "crores": 7,
    "mil": 3, "mil millones": 9, "millón": 6, "millones": 6, "millon": 6, "billones": 12,
    "mille": 3, "milliard": 9, "milliards": 9,
    "tausend": 3, "mio": 6, "mio.": 6, "millionen": 6, "mrd": 9, "mrd.": 9, "milliarde": 9, "milliarden": 9,
    "milhão": 6, "milhões": 6, "bilhão": 9, "bilhões": 9,
    "ribu": 3, "juta": 6, "miliar": 9, "triliun": 12,
    "nghìn": 3, "ngàn": 3, "triệu": 6, "tỷ": 9, "tỉ": 9,
    "千": 3, "万": 4, "萬": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "億": 8, "十亿": 9,
    "mila": 3, "milione": 6, "milioni": 6, "miliardo": 9, "miliardi": 9,
    "duizend": 3, "miljoen": 6, "miljard": 9,
    "tys": 3, "tys.": 3, "mln": 6, "mld": 9,
}  # fmt: skip
"""Words after a number, as powers of ten. `billion` is nine in English; where the long scale counts it is twelve."""
_MULTIPLE: Final = re.compile(
    r" ?(?P<word>" + "|".join(sorted(map(re.escape, MULTIPLES), key=len, reverse=True)) + r")(?![^\W\d_万亿元千百])"
)
_HAN_MULTIPLE: Final = re.compile("|".join(sorted((word for word in MULTIPLES if word >= "一"), key=len, reverse=True)))
_LONG_SCALE: Final = frozenset(("de", "es", "fr", "it", "nl", "pl"))

WORDS: Final = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty",
    "es": "un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho "
    "diecinueve veinte",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
          "dix-huit dix-neuf vingt",
    "de": "ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn "
    "neunzehn zwanzig",
    "pt": "um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
          "dezoito dezenove "
    "vinte",
    "id": "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas",
    "vi": "một hai ba bốn năm sáu bảy tám chín mười",
    "it": "un due tre quattro cinque sei sette otto nove dieci undici dodici",
    "nl": "een twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "pl": "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć",
}  # fmt: skip
_TENS: Final = {
    "en": {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "forty-eight": 48, "seventy-two": 72},
    "es": {"una": 1, "treinta": 30, "cuarenta y cinco": 45, "sesenta": 60, "noventa": 90},
    "fr": {"une": 1, "trente": 30, "quarante-cinq": 45, "soixante": 60, "quatre-vingt-dix": 90},
    "de": {"eine": 1, "einem": 1, "einen": 1, "einer": 1, "dreißig": 30, "sechzig": 60, "neunzig": 90},
    "pt": {"uma": 1, "duas": 2, "trinta": 30, "sessenta": 60, "noventa": 90, "catorze": 14},
    "id": {"tiga puluh": 30, "enam puluh": 60, "sembilan puluh": 90, "dua belas": 12},
    "vi": {"ba mươi": 30, "sáu mươi": 60, "mười hai": 12},
}
_HAN_DIGITS: Final = {sign: at for at, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_HAN_PLACES: Final = {"十": 10, "百": 100, "千": 1000}
_HAN_LARGE: Final = {"万": 10_000, "亿": 100_000_000}
HAN: Final = r"[〇零一二两三四五六七八九十百千万亿]{1,12}"


@lru_cache(maxsize=64)
def number_words(language: str) -> dict[str, int]:
    """Small numbers that are written out, by word."""
    if language not in WORDS:
        return {}
    return {word: at for at, word in enumerate(WORDS[language].split(), start=1)} | _TENS.get(language, {})


@lru_cache(maxsize=1024)
def decimal_sign(language: str, jurisdiction: str | None) -> str:
    """`.` or `,` as the language is written in the place; empty where that is not known. English has its point everywhere."""
    if language == "en":
        return "."
    country = (jurisdiction or "")[:2]
    own = (
        _babel(f"{language}_{country}")
        if country.isalpha() and len(country) == 2 and country not in ("EU", "UN")
        else None
    )
    if own is not None:
        return own
    return _FALLBACK.get(language) or _babel(language) or ""


def _babel(name: str) -> str | None:
    try:
        symbols = Locale.parse(name).number_symbols
    except (UnknownLocaleError, ValueError):
        return None
    return str(symbols["latn"]["decimal"] if "latn" in symbols else symbols.get("decimal", "")) or None


def read_number(form: str, language: str, jurisdiction: str | None, *, amount: bool = False) -> Decimal | None:
    """The exact value of a number as written; None where point and comma could each be meant.

    >>> read_number("1.000,00", "en", "BR"), read_number("3,978", "en", "GB"), read_number("1.500", "en", None, amount=True)
    (Decimal('1000.00'), Decimal('3978'), None)
    """
    bare = form.replace(" ", "").replace("'", "")
    if len(bare) > 24 or not bare.isascii():
        return None
    if "," not in bare and "." not in bare:
        return Decimal(bare)
    if _INDIAN.fullmatch(bare):
        return Decimal(bare.replace(",", ""))
    if "," in bare and "." in bare:
        last = max(bare.rfind(","), bare.rfind("."))
        whole, fraction = bare[:last], bare[last + 1 :]
        groups = whole.replace(",", ".").split(".")
        if bare[last] in whole:
            return None
        return Decimal(f"{''.join(groups)}.{fraction}") if all(len(one) == 3 for one in groups[1:]) else None
    sign = "," if "," in bare else "."
    parts = bare.split(sign)
    if len(parts) > 2:
        return Decimal("".join(parts)) if all(len(one) == 3 for one in parts[1:]) else None
    if len(parts[1]) != 3 or parts[0] == "0" or len(parts[0]) > 3:
        return Decimal(".".join(parts))
    usual = decimal_sign(language, jurisdiction)
    if usual and sign != usual:
        return Decimal("".join(parts))
    if not amount and usual == sign:
        return Decimal(".".join(parts))
    return None


def multiple_after(low: str, at: int, language: str) -> tuple[int, int]:
    """(power of ten, end) of the word of scale that stands at a place; (0, the place) where none does."""
    if han := _HAN_MULTIPLE.match(low, at):
        return MULTIPLES[han[0]], han.end()
    found = _MULTIPLE.match(low, at)
    if found is None:
        return 0, at
    word = found["word"]
    if word in ("m", "k") and found[0].startswith(" "):
        return 0, at
    power = MULTIPLES[word]
    if word in ("billion", "billionen", "billions", "trillion") and language in _LONG_SCALE:
        return 12 if word.startswith("billion") else 18, found.end()
    if word in ("mil", "mille") and language in ("es", "pt", "fr", "it"):
        more = _MULTIPLE.match(low, found.end())
        if more is not None and more["word"] in ("millones", "milhões", "millions"):
            return 9, more.end()
    return power, found.end()


def read_han(form: str) -> int | None:
    """A whole number in Chinese signs: `十三` 13, `二〇二七` 2027, `五万` 50000; None for what is none.

    >>> read_han("百二十"), read_han("二〇二七"), read_han("三千五百")
    (120, 2027, 3500)
    """
    if all(sign in _HAN_DIGITS for sign in form):
        return int("".join(str(_HAN_DIGITS[sign]) for sign in form)) if len(form) <= 4 else None
    total = section = digit = 0
    for sign in form:
        if sign in _HAN_DIGITS:
            digit = _HAN_DIGITS[sign]
        elif sign in _HAN_PLACES:
            section += (digit or 1) * _HAN_PLACES[sign]
            digit = 0
        elif sign in _HAN_LARGE:
            if not section and not digit:
                return None
            total += (section + digit) * _HAN_LARGE[sign]
            section = digit = 0
    return total + section + digit
