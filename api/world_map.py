"""The coverage of the law as a map: one world a domain, by colour and by pattern, with a sentence for every country."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from api.bundled import bundled
from api.coverage import Cell, summary
from engine.packs.model import DOMAINS

_TITLES: Final = {
    "sca": "Payer authentication",
    "aml": "Money laundering",
    "kyc": "Customer identification",
    "residency": "Data residency",
    "methods": "Payment methods",
    "tax": "Consumption tax",
}
_GRADES: Final = {
    "A": ("#08519c", "read in a primary text", ""),
    "B": ("#3182bd", "two sources", '<path d="M0 8 8 0" stroke="#fff" stroke-width="1.5" opacity=".55"/>'),
    "C": (
        "#74a9cf",
        "one secondary source",
        '<path d="M0 0 8 8M0 8 8 0" stroke="#fff" stroke-width="1.5" opacity=".8"/>',
    ),
    "R": ("#bdc9e1", "recalled, to be checked", '<circle cx="4" cy="4" r="1.8" fill="#334155"/>'),
}
"""Confidence -> colour (dark is sure), words, and what is drawn over the colour for those who do not see it."""
_LITTLE: Final = "0.5"
_HEAD: Final = 150
_LEGEND: Final = 130
_LAST: Final = 1400
"""Where the last entry of a row of the legend may begin."""


def world(path: Path | None = None) -> dict[str, Any]:
    """The outlines that come with the software."""
    loaded: dict[str, Any] = json.loads((path or bundled("data") / "maps" / "world.json").read_text(encoding="utf-8"))
    return loaded


def drawn(table: Mapping[str, Mapping[str, Cell]], names: Mapping[str, str], day: str) -> str:
    """The whole picture: a map for each domain that tells of any country, the domains without one named below."""
    shapes = world()
    width, height = shapes["size"]
    told = [name for name in DOMAINS if any(row[name].entries for row in table.values())]
    empty = [_TITLES[name] for name in DOMAINS if name not in told]
    panel = height + _HEAD
    total = panel * len(told) + _LEGEND + 90
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {total}" role="img" aria-labelledby="title desc" '
        'font-family="system-ui, sans-serif" fill="#0f172a">',
        f'<title id="title">Law that Lexgate tells, by country, on {day}</title>',
        f'<desc id="desc">{escape(_described(table, told, empty))}</desc>',
        *_definitions(shapes),
        f'<rect width="{width}" height="{total}" fill="#fff"/>',
    ]
    for at, domain in enumerate(told):
        out += _panel(table, names, shapes, domain, panel * at)
    out += _legend(panel * len(told), empty)
    out.append("</svg>")
    return "\n".join(out) + "\n"


def _described(table: Mapping[str, Mapping[str, Cell]], told: list[str], empty: list[str]) -> str:
    sentences = [f"{_TITLES[name]}: {_counted(table, name)}." for name in told]
    if empty:
        sentences.append(f"Nothing yet: {', '.join(empty)}.")
    sentences.append(
        "Colour and pattern say how surely the middle entry of a country is known; pale means hardly anything is told."
    )
    return " ".join(sentences)


def _counted(table: Mapping[str, Mapping[str, Cell]], domain: str) -> str:
    found = summary({code: dict(row) for code, row in table.items()}, domain)
    sure = ", ".join(f"{count} {grade}" for grade, count in found["typical"].items() if count)
    return (
        f"{found['law']} of {found['countries']} countries, hardly anything of {found['little']}, "
        f"nothing of {found['none']}; typically known: {sure}; {found['unread']} entries not read"
    )


def _definitions(shapes: Mapping[str, Any]) -> Iterator[str]:
    yield "<defs>"
    for grade, (colour, _, mark) in _GRADES.items():
        if not mark:
            continue
        yield (
            f'<pattern id="g{grade}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<rect width="8" height="8" fill="{colour}"/>{mark}</pattern>'
        )
    for code, path in shapes["paths"].items():
        if path:
            yield f'<path id="{_id(code)}" d="{path}"/>'
    for code, (x, y) in shapes["points"].items():
        yield f'<circle id="{_id(code)}" cx="{x}" cy="{y}" r="6"/>'
    yield "</defs>"


def _id(code: str) -> str:
    return "c" + "".join(letter for letter in code if letter.isalnum())


def _panel(
    table: Mapping[str, Mapping[str, Cell]], names: Mapping[str, str], shapes: Mapping[str, Any], domain: str, top: int
) -> Iterator[str]:
    yield f'<g transform="translate(0 {top})">'
    yield f'<text x="40" y="64" font-size="44" font-weight="600">{_TITLES[domain]}</text>'
    yield f'<text x="40" y="112" font-size="26">{escape(_counted(table, domain))}</text>'
    yield f'<g transform="translate(0 {_HEAD})" stroke="#475569" stroke-width="0.8">'
    for code in (*(code for code, path in shapes["paths"].items() if path), *shapes["points"]):
        yield _country(code, names.get(code), table.get(code, {}).get(domain))
    yield "</g></g>"


def _country(code: str, name: str | None, cell: Cell | None) -> str:
    """One shape with its sentence, which a pointer shows and a screen reader says."""
    if cell is None or name is None:
        return f'<use href="#{_id(code)}" fill="#f1f5f9"/>'
    if not cell.typical or not cell.weakest:
        return (
            f'<use href="#{_id(code)}" fill="#fff" stroke-dasharray="3 2"><title>{escape(name)}: nothing</title></use>'
        )
    said = f"{name}: {cell.entries} entries, typically {cell.typical.value}, weakest {cell.weakest.value}"
    said += f", {cell.unread} not read" if cell.unread else ""
    said += f", {cell.parts} subdivisions" if cell.parts else ""
    pale = f' fill-opacity="{_LITTLE}"' if cell.level == "little" else ""
    return f'<use href="#{_id(code)}" fill="{_fill(cell.typical.value)}"{pale}><title>{escape(said)}</title></use>'


def _fill(grade: str) -> str:
    colour, _, mark = _GRADES[grade]
    return f"url(#g{grade})" if mark else colour


def _legend(top: int, empty: list[str]) -> Iterator[str]:
    yield f'<g transform="translate(40 {top + 20})" font-size="26" stroke="none">'
    x = y = 0
    entries = [(_fill(grade), "", f"{grade}: {words}") for grade, (_, words, _) in _GRADES.items()]
    entries += [(_fill("B"), f' fill-opacity="{_LITTLE}"', "pale: hardly anything is told")]
    entries += [("#fff", ' stroke-dasharray="3 2"', "nothing is told")]
    for fill, more, words in entries:
        if x > _LAST:
            x, y = 0, y + 48
        yield f'<rect x="{x}" y="{y}" width="44" height="32" fill="{fill}" stroke="#475569"{more}/>'
        yield f'<text x="{x + 56}" y="{y + 26}">{escape(words)}</text>'
        x += 96 + 13 * len(words)
    if empty:
        yield f'<text y="132">Nothing yet, anywhere: {escape(", ".join(empty))}.</text>'
    words = "Outlines: Natural Earth, public domain. Boundaries say nothing about claims."
    yield f'<text y="172" font-size="20" fill="#475569">{words}</text>'
    yield "</g>"
