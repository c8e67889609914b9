"""Names of months, quarters and days near by in the languages that are read. In small letters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_MONTHS: Final = {
    "en": "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|"
          "october oct|november nov|december dec",
    "es": "enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|"
          "septiembre setiembre sept sep|octubre oct|noviembre nov|diciembre dic",
    "fr": "janvier janv|février fevrier févr|mars|avril avr|mai|juin|juillet juil|août aout|septembre sept|"
          "octobre oct|novembre nov|décembre decembre déc",
    "de": "januar jänner jan|februar feber feb|märz mär|april apr|mai|juni jun|juli jul|august aug|"
          "september sept sep|oktober okt|november nov|dezember dez",
    "pt": "janeiro jan|fevereiro fev|março marco mar|abril abr|maio mai|junho jun|julho jul|agosto ago|setembro set|"
          "outubro out|novembro nov|dezembro dez",
    "id": "januari jan|februari pebruari feb|maret mar|april apr|mei|juni jun|juli jul|agustus agu|september sep|"
          "oktober okt|november nopember nov|desember des",
    "it": "gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug|agosto ago|"
          "settembre sett set|ottobre ott|novembre nov|dicembre dic",
    "nl": "januari jan|februari feb|maart mrt|april apr|mei|juni jun|juli jul|augustus aug|september sep|"
          "oktober okt|november nov|december dec",
    "pl": "stycznia styczeń|lutego luty|marca marzec|kwietnia kwiecień|maja maj|czerwca czerwiec|lipca lipiec|"
          "sierpnia sierpień|września wrzesień|października październik"
    "|listopada listopad|grudnia grudzień",
}  # fmt: skip
_QUARTERS: Final = {
    "q1": 1, "q2": 2, "q3": 3, "q4": 4, "first quarter": 1, "second quarter": 2, "third quarter": 3, "fourth quarter": 4,
    "primer trimestre": 1, "segundo trimestre": 2, "tercer trimestre": 3, "cuarto trimestre": 4, "premier trimestre": 1,
    "deuxième trimestre": 2, "troisième trimestre": 3, "quatrième trimestre": 4, "1. quartal": 1, "2. quartal": 2, "3. quartal": 3,
    "4. quartal": 4, "ersten quartal": 1, "zweiten quartal": 2, "dritten quartal": 3, "vierten quartal": 4, "primeiro trimestre": 1,
    "terceiro trimestre": 3, "quarto trimestre": 4, "kuartal i": 1, "kuartal ii": 2, "kuartal iii": 3, "kuartal iv": 4, "quý i": 1,
    "quý ii": 2, "quý iii": 3, "quý iv": 4, "triwulan i": 1, "triwulan ii": 2, "triwulan iii": 3, "triwulan iv": 4,
    "second half": 3, "first half": 1, "secondo trimestre": 2, "primo trimestre": 1, "terzo trimestre": 3,
}  # fmt: skip
QUARTER: Final = re.compile(
    r"\b(?P<quarter>" + "|".join(sorted(map(re.escape, _QUARTERS), key=len, reverse=True)) +
        r")\b,?(?: of| de| do| del| del año|/| năm| tahun)? ?(?P<year>20\d\d)\b"
    r"|(?P<han_year>20\d\d)年第?(?P<han>[一二三四1-4])季度"
)  # fmt: skip
NEAR: Final = {
    "today": 0, "tomorrow": 1, "heute": 0, "morgen": 1, "aujourd'hui": 0, "demain": 1, "hoy": 0, "mañana": 1, "hoje": 0, "amanhã": 1,
    "hari ini": 0, "besok": 1, "hôm nay": 0, "今天": 0, "今日": 0, "明天": 1, "明日": 1, "即日": 0, "oggi": 0, "domani": 1, "vandaag": 0,
}  # fmt: skip
NEXT_YEAR: Final = (
    r"(?P<next>(?:of )?next year|des (?:nächsten|kommenden) jahres|nächsten jahres|kommenden jahres|"
    r"de l'année prochaine|del próximo año|del año próximo|"
    r"do próximo ano|tahun depan|năm sau|dell'anno prossimo|volgend jaar)|(?P<this>(?:of )?this year|dieses jahres|"
    r"de cette année|de este año|deste ano|tahun ini|năm nay|"
    r"dit jaar|di quest'anno)"
)


@lru_cache(maxsize=32)
def months(language: str) -> dict[str, int]:
    """Month by name: of the language, and of English, which stands in texts of every language."""
    named: dict[str, int] = {}
    for one in (language, "en") if language in _MONTHS else _MONTHS:
        for at, names in enumerate(_MONTHS.get(one, "").split("|"), start=1):
            for name in names.split():
                named.setdefault(name, at)
    return named


def quarter_month(name: str) -> int:
    """The first month of a quarter or half that is named."""
    return _QUARTERS[name] * 3 - 2
