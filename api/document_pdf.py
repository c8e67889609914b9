"""The document of a decision as PDF: the same pages from the same document, byte for byte.

Letters of Western Europe are set in Helvetica and Chinese in the Adobe-GB1 font that every reader of PDF brings along, so no font
is embedded. Other letters lose their marks on paper; the JSON beside it has them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from hashlib import sha256
from io import BytesIO
from textwrap import wrap
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Preformatted, SimpleDocTemplate, Table, TableStyle

from api.document_words import Phrases, phrases_of

_CHINESE: Final = "STSong-Light"
_MARGIN: Final = 18 * mm
_INK, _SOFT, _LINE, _SHADE = HexColor("#1a1d21"), HexColor("#5b6470"), HexColor("#d5dae0"), HexColor("#f3f5f7")
_DEEPEST: Final = 8
"""Parts of parts of parts; what is deeper stands no further in."""
_WIDEST: Final = 118
"""Letters of a line of conditions: wide ones of Helvetica at 7.5 points still fit."""


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    given: dict[str, Any] = {"fontName": "Helvetica", "textColor": _INK, "leading": size * 1.4, **more}
    return ParagraphStyle(name, fontSize=size, **given)


_TITLE: Final = _style("title", 18, fontName="Helvetica-Bold", spaceAfter=2)
_LEAD: Final = _style("lead", 11, textColor=_SOFT, spaceAfter=8)
_PART: Final = _style("part", 13, fontName="Helvetica-Bold", spaceBefore=14, spaceAfter=5, keepWithNext=1)
_PLACE: Final = _style("place", 10.5, fontName="Helvetica-Bold", spaceBefore=8, spaceAfter=3, keepWithNext=1)
_RULE: Final = _style("rule", 9, fontName="Helvetica-Bold", spaceBefore=5, keepWithNext=1)
_TEXT: Final = _style("text", 9, spaceAfter=3)
_SMALL: Final = _style("small", 8, textColor=_SOFT)
_CELL: Final = _style("cell", 8.5)
_NAME: Final = _style("name", 8.5, textColor=_SOFT)
_RUNG: Final = _style("rung", 7.5, leftIndent=9, leading=9.6)
_FOOT: Final = _style("foot", 7.5, textColor=_SOFT, alignment=TA_RIGHT)


def pdf_of(document: dict[str, Any], json: bytes) -> bytes:
    """The pages of a document, shaped like `DocumentBody`; `json` is that document as it is handed out."""
    if _CHINESE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_CHINESE))
    said = phrases_of(document["locale"])
    out = BytesIO()
    # INVARIANT: no date of making and no id by chance: `invariant` fixes both.
    pages = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN + 6 * mm,
        title=f"Lexgate {document['id']}", author="Lexgate", subject=said("title"), lang=document["locale"], invariant=1,
    )  # fmt: skip

    def foot(canvas: Any, made: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 7.5)
        canvas.setFillColor(_SOFT)
        canvas.drawString(_MARGIN, 11 * mm, document["id"])
        line = Paragraph(_set(said("page", number=made.page)), _FOOT)
        line.wrapOn(canvas, A4[0] - 2 * _MARGIN, 20)
        line.drawOn(canvas, _MARGIN, 10 * mm)
        canvas.restoreState()

    pages.build(list(_story(document, json, said)), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _story(document: dict[str, Any], json: bytes, said: Phrases) -> Iterator[Flowable]:
    decision = document["decision"]
    yield _text(said("title"), _TITLE)
    yield _text(said(f"outcome.{decision['outcome']}"), _LEAD)
    yield _facts(_about(document, said))
    yield _text(said("notice"), _SMALL)
    yield _text(said("verdicts"), _PART)
    yield _facts(_verdicts(decision))
    yield from _findings(decision, said)
    yield from _wanted(decision, said)
    yield _text(said("proof"), _PART)
    yield _facts(_proof(document, json, said))
    yield _text(said("packs"), _PART)
    yield _rows(
        [said("jurisdiction"), said("version"), said("as_of"), "SHA-256"],
        [[one["jurisdiction"], one["version"], one["as_of"], one["digest"]] for one in decision["rulepacks"]],
        (0.16, 0.14, 0.14, 0.56),
    )
    if document["events"]:
        yield _text(said("events"), _PART)
        yield _rows(
            [said("event"), said("at"), said("recorded_at")],
            [[one["kind"], one["at"], one["recorded_at"]] for one in document["events"]],
            (0.2, 0.4, 0.4),
        )
    yield from _ladder(document["explanation"], said)


def _about(document: dict[str, Any], said: Phrases) -> list[tuple[str, str]]:
    decision, payment = document["decision"], document["payment"]
    amount = " ".join(one for one in (payment["amount"], payment["currency"]) if one)
    means = " / ".join(payment[one] for one in ("kind", "instrument", "method", "channel") if payment[one])
    countries = ", ".join(f"{said(f'role.{role}')} {country}" for role, country in payment["countries"].items())
    told = [
        ("id", document["id"]), ("reference", decision["reference"]), ("amount", amount), ("means", means),
        ("countries", countries), ("merchant", payment["merchant"]), ("legal_time", decision["legal_time"]),
        ("evaluated_at", decision["evaluated_at"]),
    ]  # fmt: skip
    return [(said(name), value) for name, value in told if value]


def _verdicts(decision: dict[str, Any]) -> list[tuple[str, str]]:
    parts = {"methods": "method"}
    found = []
    for domain in decision["domains"]:
        part = decision.get(parts.get(domain, domain))
        if part is not None:
            grade = f"  ({part['confidence']})" if part.get("confidence") else ""
            found.append((domain, f"{part['verdict']}{grade}"))
    return found


def _findings(decision: dict[str, Any], said: Phrases) -> Iterator[Flowable]:
    yield _text(said("findings"), _PART)
    if not decision["findings"]:
        yield _text(said("none"), _TEXT)
    for one in decision["findings"]:
        because = "; ".join(f"{name}: {value}" for name, value in one["because"].items())
        yield KeepTogether([
            _text(f"{one['message']}  [{one['effect']}]", _RULE),
            _text(f"{one['pack']}/{one['rule']} - {_law(one['law'])} - {said('confidence')} {one['confidence']}", _SMALL),
            _text(because, _TEXT),
        ])  # fmt: skip


def _wanted(decision: dict[str, Any], said: Phrases) -> Iterator[Flowable]:
    """Facts that are missing, and what somebody must do."""
    if decision["missing"]:
        yield _text(said("missing"), _PART)
        rows = [
            [one["field"], ", ".join(one["asked_by"]), ", ".join(one["would_settle"])] for one in decision["missing"]
        ]
        yield _rows([said("fact"), said("asked_by"), said("would_settle")], rows, (0.34, 0.4, 0.26))
    if decision["obligations"]:
        yield _text(said("obligations"), _PART)
        rows = [[one["code"], one["who"], one["due"] or "-", one["message"]] for one in decision["obligations"]]
        yield _rows([said("code"), said("who"), said("due"), said("what")], rows, (0.2, 0.16, 0.2, 0.44))


def _proof(document: dict[str, Any], json: bytes, said: Phrases) -> list[tuple[str, str]]:
    chain, request = document["chain"], document["request"]
    same = said("replay.same") if document["replay"]["identical"] else said("replay.differs")
    return [
        (said("release"), f"{document['release_version'] or ''} {document['release']}".strip()),
        (said("request"), f"{request['bytes']} B, SHA-256 {request['sha256']}, {request['key']}"),
        (said("chain"), f"{chain['table']} {chain['seq']}, {chain['recorded_at']}"),
        (said("hash"), chain["hash"]),
        (said("replay"), same),
        (said("masked"), ", ".join(document["masked"]) or "-"),
        (said("json"), f"SHA-256 {sha256(json).hexdigest()}"),
    ]


def _ladder(explanation: dict[str, Any], said: Phrases) -> Iterator[Flowable]:
    yield _text(said("ladder"), _PART)
    yield _text(said("ladder.lead"), _SMALL)
    for place in explanation["places"]:
        where = f"{place['domain']} - {place['place']} ({place['side']}) - {said('law_of')} {place['law_of']}"
        yield _text(where, _PLACE)
        for rule in sorted(place["rules"], key=_telling):
            yield from _rule(rule, said)
    for line in (explanation.get("tax") or {}).get("lines", ()):
        yield _text(f"tax - {said('line')} {line['id']} - {line['treatment']} ({line['reason']})", _PLACE)
        for step in line["steps"]:
            cited = _law(step["law"]) if step["law"]["instrument"] else ""
            yield _text(f"{step['question']}: {step['answer']}  {cited}", _RUNG)


def _telling(rule: dict[str, Any]) -> int:
    """What fired first, then what cannot be told, then the rest."""
    return {True: 0, None: 1, False: 2}[rule["fired"]]


def _rule(rule: dict[str, Any], said: Phrases) -> Iterator[Flowable]:
    word = {True: "fired", None: "undecided", False: "not_fired"}[rule["fired"]]
    yield _text(f"{rule['title']} - {said(word)}", _RULE)
    yield _text(
        f"{rule['pack']}/{rule['rule']} - {_law(rule['law'])} - {said('confidence')} {rule['confidence']}", _SMALL
    )
    if rule["missing"]:
        yield _text(f"{said('missing')}: {', '.join(rule['missing'])}", _SMALL)
    yield _set_plain(list(_rungs(rule["because"], 0, whole=rule["fired"] is not False)))


def _rungs(rung: dict[str, Any], deep: int, *, whole: bool) -> Iterator[str]:
    """A condition and its parts, each a line; of a rule that did not fire, those parts that are not met."""
    value = "?" if rung["value"] is None else rung["value"]
    yield "    " * min(deep, _DEEPEST) + f"{rung.get('said') or rung['expression']}  =  {value}"
    for part in rung.get("below", ()):
        if whole or part["value"] != "true":
            yield from _rungs(part, deep + 1, whole=whole)


def _set_plain(lines: Sequence[str]) -> Flowable:
    """Many short lines at once: paragraphs of their own take ten times as long to set."""
    cut = [one for line in lines for one in _cut(line)]
    if all(one.isascii() for one in cut):
        return Preformatted("\n".join(cut), _RUNG)
    return Paragraph("<br/>".join(_set(one).replace("    ", "&nbsp;" * 4) for one in cut), _RUNG)


def _cut(line: str) -> list[str]:
    """A line in pieces that fit, what follows further in."""
    deep = len(line) - len(line.lstrip(" "))
    return wrap(line, _WIDEST, subsequent_indent=" " * (deep + 6)) or [line]


def _law(law: dict[str, Any]) -> str:
    return ", ".join(one for one in (law["instrument"], law["provision"]) if one) or "-"


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(_set(text), style)


def _facts(pairs: Sequence[tuple[str, str]]) -> Table:
    made = Table(
        [[_text(name, _NAME), _text(value, _CELL)] for name, value in pairs] or [["", ""]],
        colWidths=[42 * mm, A4[0] - 2 * _MARGIN - 42 * mm],
    )
    made.setStyle(
        TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE), *_TIGHT])
    )
    return made


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]) -> Table:
    width = A4[0] - 2 * _MARGIN
    cells = [[_text(one, _NAME) for one in head], *([_text(one, _CELL) for one in row] for row in rows)]
    made = Table(cells, colWidths=[share * width for share in shares], repeatRows=1)
    shade = ("BACKGROUND", (0, 0), (-1, 0), _SHADE)
    made.setStyle(
        TableStyle([shade, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE), *_TIGHT])
    )
    return made


_TIGHT: Final = (
    ("TOPPADDING", (0, 0), (-1, -1), 2.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ("LEFTPADDING", (0, 0), (-1, -1), 4),
)


def _set(text: str) -> str:
    """Text as reportlab's markup, each stretch of letters in a font that has them. Long words may break anywhere."""
    made: list[str] = []
    for chinese, letters in _stretches(text):
        set_ = escape(letters)
        made.append(f'<font name="{_CHINESE}">{set_}</font>' if chinese else set_)
    return "".join(made)


def _stretches(text: str) -> Iterator[tuple[bool, str]]:
    held, kind = "", False
    for letter in text:
        for one in _settable(letter):
            chinese = not one.isascii() and not _western(one)
            if held and chinese is not kind:
                yield kind, held
                held = ""
            held, kind = held + one, chinese
    if held:
        yield kind, held


def _settable(letter: str) -> str:
    """The letter, or what is left of it without marks that no font here has."""
    if letter.isascii() or _western(letter) or unicodedata.east_asian_width(letter) in "WF":
        return letter
    plain = "".join(one for one in unicodedata.normalize("NFKD", letter) if one.isascii())
    return plain or _INSTEAD.get(letter, letter)


_INSTEAD: Final = {"đ": "d", "Đ": "D", "≤": "<=", "≥": ">=", "→": "->", "₫": "VND"}


def _western(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
