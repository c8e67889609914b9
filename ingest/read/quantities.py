"""Amounts, percentages, counts and periods of a text, exact and with their places. What can be read in two ways is left out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ingest.read import currency_words as currencies
from ingest.read.model import Quantity, Span, Unit
from ingest.read.numerals import HAN, NUMBER, multiple_after, number_words, read_han, read_number
from ingest.read.sheet import Sheet

_PERCENT: Final = re.compile(
    r" ?(?:%(?! ?-?points?\b)|per ?cent(?:um)?\b(?! ?points?)|pct\b|pour ?cent\b|por ?ciento\b|por ?cento\b|"
    r"prozent\b|v\.h\.|persen\b(?! poin)"
    r"|phần trăm|per ?cento\b|procent\b|proc\.|peratus\b)"
)
_POINTS: Final = re.compile(
    r" ?(?:%|percentages?|per ?cent)?[ -]?(?:points?\b(?! of sale)|pp\b|p\.p\.)|[ -]points? de pourcentage|"
    r" puntos? porcentual| puntos? básicos?"
    r"| pontos? percentua|[ -]?prozentpunkt| ?个?百分点| poin(?: persen)?\b| (?:điểm phần trăm|điểm %)| punt[oi] percentual"
    r"|[ -]?procentpunt| punkt\w* procentow"
)
_BASIS: Final = re.compile(
    r" ?(?:basis points?\b|bps?\b|basispunkte?\b|points? de base\b|个?基点| puntos? básicos\b| pontos? base\b)"
)
_BY: Final = re.compile(r"\b(?:by|um|de|en|em|sebesar|thêm|from|to)(?: (?:a further|up to|further))? \Z")
_HAN_PERCENT: Final = re.compile(
    rf"百分之(?P<number>{HAN}|\d{{1,3}}(?:\.\d{{1,3}})?)(?:点(?P<fraction>[〇零一二三四五六七八九]{{1,3}}))?"
)
_HAN_AMOUNT: Final = re.compile(rf"(?P<number>{HAN})(?=元)")
_UNITS: Final = (
    (Unit.DAYS, "(?:calendar |business |working |banking |consecutive |kalender|bank|geschäfts|werk|"
                "arbeits)?days?\\b|tag(?:e|en)?\\b|jours?\\b|días?\\b|dias?\\b"
     "|hari\\b|ngày\\b|giorni\\b|dagen\\b|dni\\b|(?:个?工作|个?自然)?[日天](?!起|前|后?施行)"),
    (Unit.MONTHS, "(?:consecutive |calendar )?months?\\b|monat(?:e|en)?\\b|mois\\b|mes(?:es)?\\b|mês\\b|bulan\\b|"
                  "tháng\\b|mes[ei]\\b|maand(?:en)?\\b|miesi[ęą]c\\w*|个月"),
    (Unit.YEARS, "(?:consecutive |calendar )?years?\\b|jahr(?:e|en)?\\b|ans?\\b|années?\\b|años?\\b|anos?\\b|"
                 "tahun\\b|anni\\b|jaar\\b|lat\\b"),
    (Unit.COUNT, "(?:[a-z]+ ){0,2}?(?:transactions?|payments?|transfers?|operations?|withdrawals?|attempts?|"
                 "purchases?|times|taps|accounts?|factors?|cards)\\b"
     "|(?:[a-zà-ÿ]+ ){0,1}?(?:operaciones|operações|opérations|zahlungen|zahlungsvorgänge\\w*|transaktionen|"
     "transacciones|transações|transaksi|giao dịch"
     "|transferencias|virements|überweisungen|paiements|pagos|pagamentos|operazioni|transacties|intentos|retiros|compras|veces|disposiciones|tentatives|retraits|achats|fois|versuche|"
     "abhebungen|käufe|saques|tentativas|vezes|kali|lần|lượt|verrichtingen|tentativi|prelievi)\\b|"
     "(?:consecutive )?笔交易|笔|次|个(?:账户|要素)"),
)  # fmt: skip
_UNIT: Final = re.compile("[ -]?(?:" + "|".join(f"(?P<{unit}>{words})" for unit, words in _UNITS) + ")")
_HAN_PERIOD: Final = re.compile(
    r"(?P<number>[一二两三四五六七八九十百]{1,4})(?=个月|个工作日|个自然日|日内|天|年(?!度|第)|笔|次)"
)
_HAN_UNIT: Final = re.compile(r"(?P<months>个月)|(?P<days>个工作日|个自然日|日|天)|(?P<years>年)|(?P<count>笔|次)")
_RANGE: Final = re.compile(r" ?(?:-|bis|to|~|～|à|至|到|a|até|hasta|sampai(?: dengan)?|đến|hingga) ?\Z")
_OPENS_RANGE: Final = re.compile(
    r"\b(?:between|entre|zwischen|antara|tra|tussen|od|từ khoảng|(?:ranging|ranges?|vary|varies|varying) from|"
    r"oscilan? entre|comprise entre|介于)(?: [^\W\d]+){0,2} ?\Z|(?:介于|在) ?\Z"
)
_AND: Final = re.compile(r" ?(?:and|y|e|et|und|dan|và|en|和|与|a) ?\Z")
_SHORT: Final = 32
_WORD_NUMBER: Final = {
    language: re.compile(
        r"\b(?P<word>"
        + "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        + r")(?: \(\d{1,3}\))?(?=[ -]|[.,;]|$)"
    )
    for language in ("en", "es", "fr", "de", "pt", "id", "vi", "it", "nl", "pl")
    if (words := number_words(language))
}


_TAKES_ITS_UNIT: Final = re.compile(
    r" (?:to|a|à|auf|para|menjadi|lên|xuống|naar|do|instead of|en lugar de|au lieu de|statt) "
)
_LENDS: Final = re.compile(
    r"(?:instead of|rather than|en lugar de|au lieu de|statt|em vez de|in plaats van|zamiast|anziché) \Z"
)
"""Around a number in words that has the unit of the one beside it: `from five to eight transactions`."""
_NIL: Final = re.compile(
    r"(?<![^\W_])(?:to|at|a|à|au|auf|para|menjadi|còn|xuống|do|naar) "
    r"(?P<word>nil|zero|nought|cero|zéro|null|nol)(?! ?(?:per ?cent|%|rat))(?![^\W_])"
)


@dataclass(frozen=True, slots=True)
class Bare:
    """A number without a unit: it may take that of the one beside it, as in `from 19 to 21 per cent`."""

    span: Span
    value: Decimal


def is_taken(span: Span, taken: tuple[Span, ...]) -> bool:
    """Whether a piece of text overlaps one that has been read already. Both are in order."""
    return any(one.start < span.end and span.start < one.end for one in taken)


def quantities(sheet: Sheet, taken: Iterable[Span] = ()) -> tuple[tuple[Quantity, ...], tuple[Bare, ...]]:
    """All numbers with a unit, and the bare ones, in order. `taken`: dates and names of laws, whose numbers are none."""
    blocked = sorted(taken, key=lambda one: one.start)
    found: list[Quantity] = []
    bare: list[Bare] = []
    at = 0
    for number in NUMBER.finditer(sheet.plain):
        while at < len(blocked) and blocked[at].end <= number.start():
            at += 1
        if at < len(blocked) and blocked[at].start < number.end():
            continue
        read = _numeral(sheet, number)
        if isinstance(read, Quantity):
            found.append(read)
        elif read is not None:
            bare.append(read)
    bare += [Bare(Span(*nil.span("word")), Decimal(0)) for nil in _NIL.finditer(sheet.low)]
    ends = {one.span.start for one in found} | {one.span.end for one in found}
    for one in _written_out(sheet, bare):
        if (
            one.span.start not in ends
            and not is_taken(one.span, tuple(blocked))
            and not is_taken(one.span, _near(found, one))
        ):
            found.append(one)
    found.sort(key=lambda one: one.span.start)
    ranged = set(_ranged(sheet, found, bare))
    return tuple(one for one in found if one.span not in ranged), tuple(one for one in bare if one.span not in ranged)


def _near(found: list[Quantity], one: Quantity) -> tuple[Span, ...]:
    return tuple(other.span for other in found if abs(other.span.start - one.span.start) < _SHORT)


def _numeral(sheet: Sheet, number: re.Match[str]) -> Quantity | Bare | None:
    """What a number in figures counts."""
    low, start, end = sheet.low, number.start(), number.end()
    before = sheet.plain[max(0, start - 8) : start]
    if before[-1:].isalpha() and not currencies.BEFORE.search(before) and not _is_han(before[-1]):
        return None
    if percent := _PERCENT.match(low, end):
        return _percent(sheet, number, Span(start, percent.end()))
    if basis := _BASIS.match(low, end):
        value = read_number(number[0], sheet.language, sheet.jurisdiction)
        if value is None or _BY.search(low, max(0, start - 24), start):
            return None
        return Quantity(Span(start, basis.end()), value / 100, Unit.PERCENT)
    if _POINTS.match(low, end):
        return None
    power, scaled = multiple_after(low, end, sheet.language)
    code = currencies.BEFORE.search(before) or currencies.BEFORE_HAN.search(before)
    if code and (
        money := currencies.currency(code.groupdict().get("code"), code["sign"], sheet.jurisdiction, before=True)
    ):
        return _amount(sheet, number[0], power, Span(start - len(code[0]), scaled), money)
    after = currencies.AFTER.match(low, scaled) or currencies.AFTER_HAN.match(low, scaled)
    if after and (
        money := currencies.currency(after.groupdict().get("code"), after["sign"], sheet.jurisdiction, before=False)
    ):
        return _amount(sheet, number[0], power, Span(start, after.end()), money)
    if code or after:
        return None
    counted = _UNIT.match(low, scaled)
    value = read_number(number[0], sheet.language, sheet.jurisdiction)
    if value is None:
        return None
    value *= Decimal(10) ** power
    if counted and value == value.to_integral_value():
        return Quantity(Span(start, counted.end()), value, Unit(str(counted.lastgroup)))
    return Bare(Span(start, scaled), value)


def _is_han(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff"


def _percent(sheet: Sheet, number: re.Match[str], span: Span) -> Quantity | None:
    value = read_number(number[0], sheet.language, sheet.jurisdiction)
    return None if value is None else Quantity(span, value, Unit.PERCENT)


def _amount(sheet: Sheet, form: str, power: int, span: Span, money: str) -> Quantity | None:
    value = read_number(form, sheet.language, sheet.jurisdiction, amount=not power)
    if value is None:
        return None
    return Quantity(span, value * Decimal(10) ** power, Unit.AMOUNT, money)


def _written_out(sheet: Sheet, bare: list[Bare]) -> Iterator[Quantity]:
    """Numbers in words: `six months`, `ninety days`, `百分之六`, `五万元`."""
    if sheet.language in ("zh", "und", "ja"):
        yield from _in_han(sheet)
        return
    words = _WORD_NUMBER.get(sheet.language)
    if words is None:
        return
    values = number_words(sheet.language)
    for found in words.finditer(sheet.low):
        value = Decimal(values[found["word"]])
        if percent := _PERCENT.match(sheet.low, found.end()):
            yield Quantity(Span(found.start(), percent.end()), value, Unit.PERCENT)
        elif _TAKES_ITS_UNIT.match(sheet.low, found.end()) or _LENDS.search(
            sheet.low, max(0, found.start() - 16), found.start()
        ):
            bare.append(Bare(Span(*found.span("word")), value))
        elif (unit := _UNIT.match(sheet.low, found.end())) and (value > 1 or unit.lastgroup not in ("count", "days")):
            yield Quantity(Span(found.start(), unit.end()), value, Unit(str(unit.lastgroup)))


def _in_han(sheet: Sheet) -> Iterator[Quantity]:
    for found in _HAN_PERCENT.finditer(sheet.low):
        number = found["number"]
        value = Decimal(number) if number[0].isdigit() and number[0].isascii() else _han(number)
        if value is not None:
            if found["fraction"]:
                value += Decimal("0." + "".join(str(read_han(sign)) for sign in found["fraction"]))
            yield Quantity(Span(found.start(), found.end()), value, Unit.PERCENT)
    for found in _HAN_AMOUNT.finditer(sheet.low):
        value = _han(found["number"])
        if value:
            yield Quantity(Span(found.start(), found.end() + 1), value, Unit.AMOUNT, "CNY")
    for found in _HAN_PERIOD.finditer(sheet.low):
        value = _han(found["number"])
        unit = _HAN_UNIT.match(sheet.low, found.end())
        if value and unit:
            yield Quantity(Span(found.start(), unit.end()), value, Unit(str(unit.lastgroup)))


def _han(form: str) -> Decimal | None:
    value = read_han(form)
    return None if value is None else Decimal(value)


def _ranged(sheet: Sheet, found: list[Quantity], bare: list[Bare]) -> Iterator[Span]:
    """The numbers that are ends of a range: neither is the rate."""
    everything = sorted([one.span for one in found] + [one.span for one in bare], key=lambda one: one.start)
    units = {one.span: one.unit for one in found}
    for one, other in itertools.pairwise(everything):
        gap = sheet.low[one.end : other.start]
        if len(gap) > 9 or other not in units or units.get(one, units[other]) is not units[other]:
            continue
        before = sheet.low[max(0, one.start - _SHORT) : one.start]
        opened = _OPENS_RANGE.search(before)
        if (opened and (_AND.search(gap) or _RANGE.search(gap))) or (
            gap.strip() in ("-", "~", "～") and one.end != one.start
        ):
            yield one
            yield other
