"""Laws that are named by their title or their day alone, as each language writes titles: `Geldwäschereiverordnung-FINMA`,
`Ley del Impuesto al Valor Agregado`, `arrêté du 10 novembre 2026`, `Law on Taxes and Duties`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ingest.read.model import Instrument, Span
from ingest.read.sheet import Sheet

_CAPITAL: Final = r"[A-ZÀ-ÖØ-ÞĐ][\w'’&-]*"
_MONTH: Final = r"(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
_TITLES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "en": (
        ("act", rf"(?:(?:Federal|Organic|Framework) )?(?:Law|Act|Code) (?:on|of|for|against) (?:the )?{_CAPITAL}(?:(?:,)? "
                rf"(?:(?:of|on|and|the|for|in|to|by|with|against|from) ){{0,3}}{_CAPITAL}){{0,11}}"),
        ("decree", rf"(?:Ordinance|Regulation|Regulations|Rules|Decree) (?:on|for) (?:the )?{_CAPITAL}(?:(?:,)? (?:(?:of|on|and|the|"
                   rf"for|in|to|by) ){{0,3}}{_CAPITAL}){{1,11}}"),
        ("other", rf"(?:{_CAPITAL} ){{1,5}}(?:Rulebook|Sourcebook|Procedures|Manual|Rule Book)(?: Part [IVX\d]+)?"),
        ("regulation", r"\d{1,2} NYCRR (?:Part )?\d{1,4}(?:\.\d{1,3})?"),
    ),
    "de": (
        ("act", r"(?!(?:Bundes|Änderungs|Grund|Landes|Haushalts)gesetz)[A-ZÄÖÜ][a-zäöüß]{3,40}(?:-[A-ZÄÖÜ][a-zäöüß]{2,30}){0,2}gesetz(?=e?s?\b)"),
        ("regulation", r"(?!(?:Rechts|Änderungs|Durchführungs|Ausführungs|EU-)verordnung)(?:[A-ZÄÖÜ][a-zäöüß]{2,30}-){0,2}[A-ZÄÖÜ][a-zäöüß]{3,40}verordnung(?:-[A-ZÄÖÜ]{2,8})?\b(?! \()"),
        ("act", rf"(?:Bundesgesetz|Gesetz|Verordnung) (?:über|zur|zum|gegen|betreffend) (?:(?:die|den|das|der|dem) )?{_CAPITAL}"
                rf"(?:,? (?:(?:die|der|des|dem|den|das|und|von|vom|im|in|mit|zur|zum|bei|gegen|über|für|an|am|auf|eines|einer) ){{0,3}}"
                rf"{_CAPITAL}){{0,9}}"),
    ),
    "es": (
        ("act", rf"(?:Ley|Código|Reglamento|Estatuto)(?: (?:General|Federal|Orgánica|Orgánico|Nacional|Marco|Fiscal|Tributario|Monetaria)){{0,2}}"
                rf"(?: (?:de|del|para|sobre|contra|que)(?: (?:la|las|los|el))?) {_CAPITAL}(?:,? (?:(?:de|del|la|las|los|el|al|y|e|en|a|"
                rf"para|por|con|sobre|contra) ){{0,3}}(?:{_CAPITAL}|(?<=de )20\d\d)){{0,14}}"),
        ("act", r"(?:Código (?:Fiscal|Tributario|Penal|Civil|Monetario)|Ley (?:Antilavado|Monetaria))(?: (?:Nacional|Federal))?"
                r"(?: de la Federación)?"),
    ),
    "pt": (
        ("act", rf"(?:Lei|Código|Regulamento|Estatuto)(?: (?:Geral|Orgânica|Nacional|Complementar))?(?: (?:do|da|de|dos|das|sobre))? "
                rf"(?!Complementar|Orgânica|Ordinária|Delegada|Federal\b)"
                rf"{_CAPITAL}(?: (?:(?:do|da|de|dos|das|e|em|a|o|ao|sobre) ){{0,2}}{_CAPITAL}){{0,10}}"),
    ),
    "fr": (
        ("decree", rf"(?:[Aa]rrêté|[Dd]écret|[Ll]oi|[Oo]rdonnance|[Ii]nstruction|[Cc]irculaire|[Dd]écision|[Dd]ahir)(?: (?:royal|"
                   rf"ministériel|grand-ducal|fédéral|organique|modifiée?))?(?: modifiée?)? du \d{{1,2}}(?:er)? {_MONTH} \d{{4}}"),
        ("act", r"[Cc]ode (?:général des (?:impôts|douanes)|monétaire et financier|des (?:taxes assimilées|impositions sur les biens "
                r"et services)|pénal|civil|de la consommation|de procédure pénale|de droit économique|de la TVA)"),
        ("regulation", rf"[Rr]èglement général de (?:l'|la |le ){_CAPITAL}"),
        ("act", r"[Ll]oi fédérale sur (?:la |le |les |l')[a-zà-ÿ' ]{3,50}(?=[,.;)]| \()"),
    ),
    "vi": (
        ("act", r"Luật (?:Thuế [a-zà-ỹ]+(?: [a-zà-ỹ]+){1,3}|Các tổ chức tín dụng|các tổ chức tín dụng|Quản lý thuế|Dữ liệu|"
                r"Giao dịch điện tử|Ngân hàng Nhà nước(?: Việt Nam)?|Căn cước|Công nghiệp công nghệ số|Viễn thông|Chứng khoán|"
                r"Phòng, chống khủng bố|Thương mại điện tử)(?: (?:năm )?20\d\d)?"),
    ),
    "it": (
        ("act", r"(?:[Ll]egge|[Dd]ecreto[- ](?:[Ll]egislativo|[Ll]egge)|[Dd]\.? ?[Ll]gs\.?|[Dd]\.?[LM]\.?|D\.?P\.?R\.?|[Pp]rovvedimento|[Cc]ircolare|"
                r"[Rr]isoluzione)(?: (?:\d{1,2}[°º]? )?[a-z]{4,9} (?:19|20)\d\d,?)?(?: n\.)? ?\d{1,4}(?:/[A-Z])?(?:(?:/| del )(?:\d{1,2} [a-z]+ )?(?:19|20)\d\d)?"),
        ("act", r"(?:[Tt]esto unico (?:bancario|della finanza|IVA)|[Dd]ecreto IVA|[Ss]tatuto del contribuente)"),
    ),
    "nl": (
        ("act", r"Wet (?:op|ter|tot|inzake|bescherming|toezicht|financieel)(?: (?:de|het|en|van|in|op|voor|financieel|[a-z]{4,20})){1,8}(?: (?:19|20)\d\d)?(?=[,.;:)]| \()"),
        ("act", r"Wwft|Wft|Sanctiewet 1977|Wet op de omzetbelasting 1968"),
    ),
    "pl": (
        ("act", r"[Uu]staw[aąęy] (?:z dnia \d{1,2} [a-ząćęłńóśźż]+ \d{4} r\. )?o [a-ząćęłńóśźż]+(?: (?:od|i|oraz|o|w|za|na|dla|[a-ząćęłńóśźż]{4,20})){0,7}(?=[,.;:)]| \()"),
    ),
}  # fmt: skip
_COMPILED: Final = {
    language: tuple((kind, re.compile(rf"(?<![\w-])(?:{words})")) for kind, words in rows)
    for language, rows in _TITLES.items()
}
_NEEDED: Final = {
    "en": ("Law ", "Act ", "Code ", "Ordinance ", "Regulation", "Rules ", "Decree ", "ulebook", "ourcebook", "rocedures", "anual", "NYCRR", "Rule Book"),
    "de": ("gesetz", "Gesetz", "erordnung"),
    "es": ("Ley", "Código", "Reglamento", "Estatuto"),
    "pt": ("Lei", "Código", "Regulamento", "Estatuto"),
}  # fmt: skip
"""A text without any of these has no title of the language."""
_NO_TITLE: Final = re.compile(
    r"\b(?:Law|Act|Code) (?:on|of|for) (?:the )?(?:Practice|Conduct|Ethics|Court|January|February|March|April|May|June|July|"
    r"August|September|October|November|December|Parliament|Congress|Monday|Tuesday|Wednesday|Thursday|Friday)\b"
    r"|\A(?:Ley|Código|Reglamento|Estatuto|Lei|Regulamento) (?:del?|da|do|para|sobre|que) (?:Gobierno|Congreso|Senado|Ministerio|"
    r"Governo|Ministério|Banco|Estado|Presidente|Diputados|Diario|Diário)\b|Ley (?:de|del|para) \Z"
)
_THE: Final = re.compile(
    r"\A(?:(?:The|This|These|Our|Its|New|Draft|Proposed|Under|In|On|Of|For|And|Revised|Amended|Following|Consultation|Amendments?|"
    r"Changes?) )+"
)


def titles(sheet: Sheet, language: str) -> Iterator[Instrument]:
    """Those of one language's titles that stand in a text."""
    needed = _NEEDED.get(language)
    if needed is not None and not any(word in sheet.plain for word in needed):
        return
    for kind, pattern in _COMPILED.get(language, ()):
        for found in pattern.finditer(sheet.plain):
            leading = _THE.match(found[0]) if language == "en" else None
            start = found.start() + (leading.end() if leading else 0)
            name = sheet.plain[start : found.end()].rstrip(" ,'-")
            if " " not in name and language == "en":
                continue
            if _NO_TITLE.search(name):
                continue
            yield Instrument(Span(start, start + len(name)), name[0].upper() + name[1:], kind)
