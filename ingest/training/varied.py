"""Ways to say the same: figures are filled in, alternatives chosen, sentences left out, the usual frame put around.

All choices follow from a digest of what is varied, so that the same text gives the same variants on each run and machine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Final

from ingest.training.frames import FRAMES
from ingest.training.items import Item

VARIANTS: Final = 4

_SLOT: Final = re.compile(r"\{([^{}]+)\}")
_SENTENCE: Final = re.compile(r"(?<=[.!?。！？])\s*(?=\S)")
_AMOUNTS: Final = {
    "en": ("£100", "EUR 10,000", "USD 3,000", "€50", "$1 million", "THB 50,000"),
    "es": ("10.000 euros", "USD 1.000", "$ 500.000", "1.000 UF", "S/ 2.500"),
    "fr": ("10 000 euros", "50 €", "1 000 francs", "500 000 dollars", "3 000 EUR"),
    "de": ("10.000 Euro", "50 €", "100'000 Franken", "EUR 3.000", "CHF 1'000"),
    "pt": ("10 000 euros", "R$ 1.000,00", "50 €", "R$ 2 milhões", "100 000 euros"),
    "zh": ("5万元", "1,000元", "10万元", "100万美元", "3000元"),
    "id": ("Rp10 juta", "Rp500 juta", "Rp2.000.000", "USD 1.000", "Rp20.000.000"),
    "vi": ("10 triệu đồng", "400 triệu đồng", "500.000 đồng", "1 tỷ đồng", "1.000 USD"),
    "it": ("5.000 euro", "50 €", "10.000 euro"),
    "nl": ("3.000 euro", "€ 50", "€ 10.000"),
    "pl": ("1000 zł", "15 000 euro", "100 zł"),
}
_MONTHS: Final = {
    "en": ("January", "March", "July", "October"),
    "es": ("enero", "marzo", "julio", "octubre"),
    "fr": ("janvier", "mars", "juillet", "octobre"),
    "de": ("Jänner", "März", "Juli", "Oktober"),
    "pt": ("janeiro", "março", "julho", "outubro"),
    "zh": ("1月", "3月", "7月", "10月"),
    "id": ("Januari", "Maret", "Juli", "Oktober"),
    "vi": ("tháng 1", "tháng 3", "tháng 7", "tháng 10"),
    "it": ("gennaio", "marzo", "luglio"),
    "nl": ("januari", "maart", "juli"),
    "pl": ("stycznia", "marca", "lipca"),
}
_POINTS: Final = frozenset({"en", "zh"})
_DATES: Final = {
    "en": "{n} {month} {year}",
    "es": "{n} de {month} de {year}",
    "fr": "{n} {month} {year}",
    "de": "{n}. {month} {year}",
    "pt": "{n} de {month} de {year}",
    "zh": "{year}年{month}{n}日",
    "vi": "{n}/7/{year}",
}


def variants(item: Item) -> list[str]:
    """A title, a line feed and a text: as written; shorter; within a frame; and both."""
    return [_variant(item, number) for number in range(VARIANTS)]


def _variant(item: Item, number: int) -> str:
    key = f"{item.publisher}\0{item.title}\0{number}"
    said = 0

    def one_of(choices: Sequence[str]) -> str:
        nonlocal said
        said += 1
        return choices[_number(f"{key}\0{said}") % len(choices)]

    title, text = _filled(item.title, item.language, one_of), _filled(item.text, item.language, one_of)
    sentences = _SENTENCE.split(text)
    gap = "" if item.language == "zh" else " "
    if number in (1, 3) and len(sentences) > 1:
        left_out = _number(key) % len(sentences)
        sentences = [one for at, one in enumerate(sentences) if at != left_out]
    if number in (2, 3):
        frame = FRAMES.get(item.language, FRAMES["en"])
        sentences = [one_of(frame.before), *sentences, one_of(frame.after)]
    return title + "\n" + gap.join(one for one in sentences if one)


def _filled(written: str, language: str, one_of: Callable[[Sequence[str]], str]) -> str:
    def fill(found: re.Match[str]) -> str:
        inner = found[1]
        if "|" in inner:
            return one_of(inner.split("|"))
        match inner:
            case "amount":
                return one_of(_AMOUNTS[language])
            case "pct":
                return one_of(
                    (
                        "5%",
                        "7,5 %" if language in {"de", "fr", "es", "pt", "it", "pl"} else "7.5%",
                        "12%",
                        "0.3%",
                        "21%",
                    )
                )
            case "month":
                return one_of(_MONTHS[language])
            case "year":
                return one_of(("2024", "2025", "2026", "2027"))
            case "n":
                return one_of(("3", "8", "12", "24", "27"))
            case "date":
                return _filled(_DATES.get(language, _DATES["en"]), language, one_of)
        return one_of(inner.split("|"))

    return _SLOT.sub(fill, written)


def _number(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
