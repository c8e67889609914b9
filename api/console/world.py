"""The map of the world as it is drawn on a page: one shape a country, told by class, by pattern and by a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from api.bundled import bundled

GRADES: Final = ("A", "B", "C", "R")
NOTHING: Final = "none"
_LITTLE: Final = "little"


@dataclass(frozen=True, slots=True)
class Shape:
    """A country's outline, or the place of one that is too small for one."""

    code: str
    outline: str
    x: float = 0
    y: float = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A shape in the colour of its grade. `cell`: what is told of the country; None: nobody's, and not counted."""

    shape: Shape
    grade: str
    pale: bool
    name: str
    cell: Mapping[str, Any] | None


@cache
def outlines() -> tuple[tuple[int, int], tuple[Shape, ...]]:
    """The size of the map, and its shapes: the small ones last, so that they lie above the others."""
    told = json.loads((bundled("data") / "maps" / "world.json").read_text(encoding="utf-8"))
    width, height = told["size"]
    lands = [Shape(code, path) for code, path in told["paths"].items() if path]
    points = [Shape(code, "", x, y) for code, (x, y) in told["points"].items()]
    return (int(width), int(height)), (*lands, *points)


def grade_of(cell: Mapping[str, Any] | None) -> str:
    """How surely the middle entry is known; `none`: nothing is told."""
    return str((cell or {}).get("typical") or NOTHING)


def drawn(countries: list[dict[str, Any]], domain: str) -> list[Drawn]:
    """Every shape, as the coverage of a domain has it."""
    known = {one["country"]: one for one in countries}
    found = []
    for shape in outlines()[1]:
        country = known.get(shape.code)
        cell = None if country is None else country["domains"].get(domain)
        name = shape.code.removeprefix("- ") if country is None else country["name"]
        grade = "unclaimed" if country is None else grade_of(cell)
        found.append(Drawn(shape, grade, bool(cell and cell["level"] == _LITTLE), name, cell))
    return found


def counted(countries: list[dict[str, Any]], domain: str) -> dict[str, int]:
    """Countries by grade, the surest first, those of which nothing is told last."""
    grades = [grade_of(one["domains"].get(domain)) for one in countries]
    return {grade: grades.count(grade) for grade in (*GRADES, NOTHING)}
