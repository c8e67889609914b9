"""Laws, circulars and notices that a text names, under one name each, with the provision that stands beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from ingest.read import instrument_words as forms
from ingest.read.model import Instrument, Span
from ingest.read.sheet import Sheet
from ingest.read.short_names import Known
from ingest.read.title_words import titles


def kind_of(word: str) -> str:
    """The kind of instrument that a word of its name says."""
    return next((kind for kind, pattern in forms.KIND_BY_WORD if pattern.match(word)), "other")


def _around(pattern: re.Pattern[str], mark: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches of a long pattern, looked for only around the marks that it must hold."""
    floor = 0
    for at in mark.finditer(text):
        found = pattern.search(text, max(floor, at.start() - 70), min(len(text), at.end() + 40))
        if found is not None and found.start() <= at.start() < found.end():
            floor = found.end()
            yield found


_UNION_IN_BRACKETS: Final = re.compile(r"\((?:EU|EC|EEC|UE|CE|CEE|EG|欧盟)[,)]")
_UNION_AFTER: Final = re.compile(r"\d/(?:EU|EC|EEC|UE|CE|CEE|EG|EWG)\b")


def _eu(sheet: Sheet) -> Iterator[Instrument]:
    for found in _around(forms.EU, _UNION_IN_BRACKETS, sheet.plain):
        word = forms.EU_WORDS[found["word"].lower()]
        around = f"{found['pre'] or ''}{found['post'] or ''}".lower()
        prefix = (
            "Delegated "
            if forms.DELEGATED.search(around)
            else "Implementing "
            if forms.IMPLEMENTING.search(around)
            else ""
        )
        union = forms.UNIONS.get(found["union"], found["union"])
        first = found["number"].partition("/")[0]
        no = "" if len(first) == 4 and first.startswith(("20", "19")) and union == "EU" else "No "
        yield Instrument(
            Span(found.start(), found.end()),
            f"{prefix}{word} ({union}) {no}{found['number']}",
            word.split()[-1].lower(),
        )
    for found in _around(forms.EU_OLD, _UNION_AFTER, sheet.plain):
        word = forms.EU_WORDS[(found["word"] or "directive").lower()]
        union = forms.UNIONS.get(found["union"], found["union"])
        year, number = found["year"], found["number"]
        name = (
            f"{word} (EU) {year}/{number}" if union == "EU" and int(year) >= 2015 else f"{word} {year}/{number}/{union}"
        )
        yield Instrument(Span(found.start(), found.end()), name, word.lower())
    bare = any(word in sheet.plain for word in ("Directive 20", "Regulation 20", "Decision 20"))
    for found in forms.EU_BARE.finditer(sheet.plain) if bare else ():
        yield Instrument(
            Span(found.start(), found.end()),
            f"{found['pre'] or ''}{found['word']} (EU) {found['number']}",
            found["word"].lower(),
        )
    for found in forms.COM.finditer(sheet.plain) if "COM" in sheet.plain else ():
        yield Instrument(Span(found.start(), found.end()), f"COM({found['year']}) {found['number']}", "bill")


def _english(sheet: Sheet) -> Iterator[Instrument]:
    for found in forms.EN_ACT.finditer(sheet.plain):
        leading = forms.LEADING.match(found["title"] + " ")
        title = found["title"][leading.end() if leading else 0 :].strip()
        start = found.start() + (leading.end() if leading else 0)
        words = title.split()
        if (
            not words
            or not words[0][0].isupper()
            or (words[0] in forms.NOT_TITLES and len(words) < 2 and not found["year"])
        ):
            continue
        kind = found["kind"]
        if not found["year"] and not _is_full_title(words, kind, title):
            continue
        name = (
            f"{title} {kind}"
            + (f" ({found['bracket']})" if found["bracket"] and found["year"] else "")
            + (f" {found['of'] or ''}{found['year']}" if found["year"] else "")
        )
        yield Instrument(Span(start, found.end()), name, forms.KIND.get(kind, "other"))
    for found in forms.EN_NUMBERED.finditer(sheet.plain):
        plain = not found["no"] and not found["tail"] and not found["year"] and not (set(found["number"]) & set("/-."))
        if plain and not _is_high_number(found["kind"], found["number"]):
            continue
        year = f" of {found['year']}" if found["year"] else ""
        no = "No. " if found["no"] else ""
        word = found["kind"].rstrip("s") if not found["kind"].endswith("ss") else found["kind"]
        yield Instrument(
            Span(found.start(), found.end()),
            f"{word} {no}{found['number'].rstrip('.')}{found['tail']}{year}",
            kind_of(word.split()[-1]),
        )


def _is_high_number(kind: str, number: str) -> bool:
    """Whether a bare number is one of a series, `Circular 1108`, `Executive Order 14067`; a year is none."""
    series = kind.split()[-1].rstrip("s") in (
        "Circular",
        "Resolution",
        "Order",
        "Proclamation",
        "Instruction",
        "Notice",
    )
    return series and number.isdecimal() and len(number) > 2 and not (len(number) == 4 and number[:2] in ("19", "20"))


def _is_full_title(words: list[str], kind: str, title: str) -> bool:
    """Whether words before a kind are a title that needs no year. `Payment Services Law` is one, `Court Order` is none."""
    if kind == "Act":
        return True
    if kind == "Bill":
        return len(words) > 1 or words[0] in ("Finance", "Appropriation", "Budget", "Taxation")
    large = sum(word[0].isupper() for word in words)
    if kind in ("Order", "Rules", "Directive"):
        return "(" in title or large > 2
    if kind in ("Law", "Regulation", "Regulations", "Ordinance"):
        return large > 1 or (len(words) == 1 and "-" in words[0])
    return False


def _spanish(sheet: Sheet) -> Iterator[Instrument]:
    for found in forms.ES.finditer(sheet.plain):
        number = found["number"].rstrip(".")
        year = (found["year"] or "").replace(" de ", "/")
        if (
            not (set(number + year) & set("/-."))
            and len(number) < 4
            and not re.search(r"(?i)N\.?[º°o]|núm|nro", found[0])
        ):
            continue
        if (
            number.isdigit()
            and len(number) <= 2
            and not year
            and found["kind"].lower() in ("orden", "acuerdo", "comunicación", "disposición")
        ):
            continue
        yield Instrument(
            Span(found.start(), found.end()), f"{_titled(found['kind'])} {number}{year}", kind_of(found["kind"])
        )


def _portuguese(sheet: Sheet) -> Iterator[Instrument]:
    for found in forms.PT.finditer(sheet.plain):
        year = found["short"] or found["year"]
        if not year and len(found["number"]) < 3 and not re.search(r"(?i)\bn[.º°o]", found[0]):
            continue
        yield Instrument(
            Span(found.start(), found.end()),
            f"{_titled(found['kind'])} {found['number']}" + (f"/{year}" if year else ""),
            kind_of(found["kind"]),
        )


def _titled(kind: str) -> str:
    return kind[0].upper() + kind[1:]


def _french(sheet: Sheet) -> Iterator[Instrument]:
    for found in forms.FR.finditer(sheet.plain):
        kind = _titled(found["kind"])
        name = (
            f"{kind} pour {found['year']}"
            if found["year"]
            else f"{kind} {found['circular']}"
            if found["circular"]
            else f"{kind} n° {found['number']}"
        )
        yield Instrument(Span(found.start(), found.end()), name, kind_of(kind))


def _german(sheet: Sheet) -> Iterator[Instrument]:
    for found in forms.DE.finditer(sheet.plain):
        if found["law"]:
            yield Instrument(
                Span(found.start("law"), found.end("law")), found["law"].replace("gesetzes", "gesetz"), "act"
            )
        elif found["abbreviation"]:
            yield Instrument(Span(found.start("abbreviation"), found.end("abbreviation")), found["abbreviation"], "act")
        else:
            yield Instrument(
                Span(found.start(), found.end()), f"{found['kind']} {found['number']}", kind_of(found["kind"])
            )


def _indonesian(sheet: Sheet) -> Iterator[Instrument]:
    for found in forms.ID.finditer(sheet.plain):
        kind = forms.ID_SHORT.get(found["kind"], found["kind"])
        year = found["year"] or found["short"]
        if not year and kind in ("PP", "PER", "Surat Edaran"):
            continue
        name = (
            f"{kind} No. {found['number']} Tahun {year}"
            if year and (kind == "UU" or found["year"])
            else f"{kind} {found['number']}/{year}"
            if year
            else f"{kind} {found['number']}"
        )
        yield Instrument(Span(found.start(), found.end()), name, kind_of(kind))


def _vietnamese(sheet: Sheet) -> Iterator[Instrument]:
    for found in forms.VI.finditer(sheet.plain):
        kind = found["kind"].removeprefix("Dự thảo ")
        yield Instrument(Span(found.start(), found.end()), f"{kind} {found['number']}", kind_of(found["kind"]))


def _han(sheet: Sheet) -> Iterator[Instrument]:
    for found in forms.HAN_TITLE.finditer(sheet.plain):
        title = re.sub(r"[（(](?:征求意见稿|草案|修订草案|试行|暂行)[）)]", "", found["title"])
        draft = "征求意见稿" in found[0] or "草案" in found[0]
        kind = "bill" if draft else next((kind for end, kind in forms.HAN_KIND if title.endswith(end)), "other")
        yield Instrument(
            Span(found.start("title") - 1, found.end("title") + 1), title.removeprefix("中华人民共和国"), kind
        )
    for found in forms.HAN_LAW.finditer(sheet.plain):
        yield Instrument(Span(found.start(), found.end()), found["title"], "act")
    for found in forms.HAN_FILED.finditer(sheet.plain):
        yield Instrument(
            Span(found.start(), found.end()),
            re.sub(r"^.*(?:根据|依据|按照|以及|废止|见|和|与|的)", "", found[0]),
            "notice",
        )
    for found in forms.HAN_NUMBER.finditer(sheet.plain):
        yield Instrument(
            Span(found.start(), found.end()),
            f"{found['body'] or ''}公告{found['year']}年第{found['number']}号",
            "notice",
        )


def _others(sheet: Sheet) -> Iterator[Instrument]:
    for needles, kind, pattern, form in forms.OTHERS:
        if not any(one in sheet.plain for one in needles):
            continue
        for found in pattern.finditer(sheet.plain):
            parts = {name: value or "" for name, value in found.groupdict().items()}
            yield Instrument(Span(found.start(), found.end()), form.format(**parts).strip(), kind)


_BY_LANGUAGE: Final[dict[str, Callable[[Sheet], Iterator[Instrument]]]] = {
    "es": _spanish, "pt": _portuguese, "fr": _french, "de": _german, "id": _indonesian, "vi": _vietnamese, "zh": _han,
}  # fmt: skip
_ALSO_IN: Final = {
    "BR": "pt",
    "PT": "pt",
    "ID": "id",
    "VN": "vi",
    "ES": "es",
    "MX": "es",
    "AR": "es",
    "CO": "es",
    "CL": "es",
    "PE": "es",
    "FR": "fr",
    "DE": "de",
    "AT": "de",
    "LU": "fr",
    "CH": "de",
    "IT": "it",
    "NL": "nl",
    "PL": "pl",
    "MA": "fr",
    "SN": "fr",
    "BE": "fr",
    "EC": "es",
    "UY": "es",
    "PA": "es",
    "DO": "es",
    "CR": "es",
    "AO": "pt",
}
"""Whose laws are often named in their own language within a text of another."""


def instruments(sheet: Sheet, known: tuple[tuple[Span, Known], ...] = ()) -> tuple[Instrument, ...]:
    """All that are named, in order, each mention of another provision once. `known`: short names that were found in the text."""
    found = [Instrument(span, _own_name(sheet, span, one), one.kind) for span, one in known]
    found += _eu(sheet)
    languages = dict.fromkeys((sheet.language, _ALSO_IN.get((sheet.jurisdiction or "")[:2], "")))
    for language in languages:
        if language in _BY_LANGUAGE:
            found += _BY_LANGUAGE[language](sheet)
        found += titles(sheet, language)
    if "zh" not in languages:
        found += _english(sheet)
        if "en" not in languages:
            found += titles(sheet, "en")
    found += _others(sheet)
    known_by_name = dict(known)
    found.sort(key=lambda one: (one.span.start, one.span not in known_by_name, -one.span.end))
    kept: list[Instrument] = []
    for one in found:
        if kept and one.span.start < kept[-1].span.end:
            if one.span in known_by_name and _is_whole_title(sheet, one, kept[-1]):
                kept[-1] = replace(one, span=kept[-1].span)
                continue
            if (
                one.span.end - one.span.start > kept[-1].span.end - kept[-1].span.start
                and kept[-1].span not in known_by_name
            ):
                kept[-1] = one
            continue
        kept.append(one)
    return tuple(_with_provisions(sheet, _shortest_names(kept)))


def _own_name(sheet: Sheet, span: Span, known: Known) -> str:
    """A law of China keeps its Chinese name in a Chinese text."""
    written = sheet.plain[span.start : span.end]
    return written.removeprefix("中华人民共和国") if sheet.language == "zh" and "法" in written else known.name


def _shortest_names(found: list[Instrument]) -> list[Instrument]:
    """`Kenya Finance Act 2026` is the `Finance Act 2026` that is named beside it."""
    names = {one.name for one in found}
    longer = {name.partition("-")[0]: name for name in names if "-" in name}
    return [
        replace(
            one,
            name=min(
                (name for name in names if f" {one.name}".endswith(f" {name}")),
                key=len,
                default=one.name,
            )
            if one.name not in longer
            else longer[one.name],
        )
        for one in found
    ]


def _is_whole_title(sheet: Sheet, known: Instrument, titled: Instrument) -> bool:
    """Whether a short name is all that stands between the brackets of a title."""
    return sheet.plain[known.span.start : known.span.end].removeprefix("中华人民共和国") == titled.name


def _with_provisions(sheet: Sheet, found: list[Instrument]) -> Iterator[Instrument]:
    provisions = list(forms.PROVISION.finditer(sheet.plain)) if found else []
    seen: set[tuple[str, str]] = set()
    at = 0
    for one in found:
        while at < len(provisions) and provisions[at].end() < one.span.start - 40:
            at += 1
        provision, span = "", one.span
        for near in provisions[at : at + 6]:
            if near.end() <= one.span.start and forms.OF.fullmatch(sheet.plain[near.end() : one.span.start]):
                provision, span = _provision(near), Span(near.start(), one.span.end)
            elif (
                not provision
                and 0 <= near.start() - one.span.end <= 3
                and not sheet.plain[one.span.end : near.start()].strip(" ,(")
            ):
                provision, span = _provision(near), Span(one.span.start, near.end())
        if (one.name, provision) not in seen:
            seen.add((one.name, provision))
            yield Instrument(span, one.name, one.kind, provision)


def _provision(found: re.Match[str]) -> str:
    """In one form: `Art. 16(2)`, `section 5`, `§ 12 Abs. 2 Nr. 1`, `第三十八条`."""
    if found["han"]:
        return found["han"]
    word = found["word"].lower()
    head = (
        "§"
        if "§" in word
        else "Art."
        if word.startswith("art")
        else "section"
        if word.startswith(("s.", "sec"))
        else found["word"]
    )
    return f"{head} {found['number']}{found['sub'] or ''}{found['more'] or ''}"
