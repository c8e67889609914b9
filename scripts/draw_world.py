#!/usr/bin/env python3
"""Make `data/maps/world.json` from the npm package world-atlas: `draw_world.py FOLDER_OF_THE_PACKAGE data/maps/world.json`.

Countries of Natural Earth at 1:110 million, in the Equal Earth projection, as SVG paths of whole numbers on a canvas 2000 wide;
countries too small for that scale as a point, the middle of their largest part at 1:50 million.
"""

from __future__ import annotations

import json
import math
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pycountry

WIDTH = 2000
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_EDGE = 2.7066299836

BY_NAME = {"Kosovo": "XK"}
DISPUTED = {"N. Cyprus", "Somaliland", "Siachen Glacier"}
"""Shapes without a code of ISO 3166: drawn, and nothing is said of them."""

BY_HAND = {
    "BQ": (-68.25, 12.18), "BV": (3.4, -54.4), "CC": (96.8, -12.2), "CX": (105.6, -10.5), "GF": (-53.1, 3.9), "GI": (-5.35, 36.14),
    "GP": (-61.55, 16.25), "MQ": (-61.0, 14.65), "RE": (55.53, -21.13), "SJ": (17.0, 78.6), "TK": (-171.8, -9.2),
    "TV": (177.6, -7.1), "UM": (166.6, 19.3), "XI": (-6.7, 54.6), "YT": (45.15, -12.83),
}  # fmt: skip
"""Longitude and latitude of places that Natural Earth draws as a part of another."""

Point = tuple[float, float]
Ring = list[Point]


def main(package: Path, target: Path) -> None:
    """Read, project, write."""
    coarse, fine = (_countries(package / f"countries-{scale}m.json") for scale in (110, 50))
    paths = {code: "".join(_path(ring) for ring in rings) for code, rings in coarse.items()}
    points = {code: _middle(rings) for code, rings in fine.items() if code not in coarse}
    points |= {code: _project(*place) for code, place in BY_HAND.items() if code not in coarse}
    world = {
        "source": "Natural Earth 1:110m and 1:50m (public domain), by way of world-atlas 2.0.2 (ISC, Michael Bostock)",
        "projection": f"Equal Earth, {WIDTH} wide",
        "size": [WIDTH, round(WIDTH * 1.3173627591 / _EDGE)],
        "paths": dict(sorted(paths.items())),
        "points": {code: [round(x), round(y)] for code, (x, y) in sorted(points.items())},
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(world, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(paths)} shapes, {len(points)} points, {target.stat().st_size} bytes")


def _countries(path: Path) -> dict[str, list[Ring]]:
    """Code -> outer rings in degrees; what has no code is under its name."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = _arcs(topology)
    found: dict[str, list[Ring]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        country = pycountry.countries.get(numeric=shape.get("id", ""))
        code = country.alpha_2 if country else BY_NAME.get(name, f"- {name}")
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        found.setdefault(code, []).extend(_ring(polygon[0], arcs) for polygon in polygons)
    return found


def _arcs(topology: dict[str, Any]) -> list[Ring]:
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    out = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        out.append(line)
    return out


def _ring(numbers: list[int], arcs: list[Ring]) -> Ring:
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring.extend(arc[1:] if ring else arc)
    return _unwrapped(ring)


def _unwrapped(ring: Ring) -> Ring:
    """A ring across the line of 180 degrees goes on beyond it, instead of once around the world."""
    turn, out = 0.0, ring[:1]
    for (before, _), (longitude, latitude) in pairwise(ring):
        turn += 360 * (longitude - before < -180) - 360 * (longitude - before > 180)
        out.append((longitude + turn, latitude))
    return out


def _project(longitude: float, latitude: float) -> Point:
    """Equal Earth (Šavrič, Patterson, Jenny 2018), on the canvas."""
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    t2 = theta * theta
    t6 = t2 * t2 * t2
    slope = _A[0] + 3 * _A[1] * t2 + t6 * (7 * _A[2] + 9 * _A[3] * t2)
    x = math.radians(longitude) * math.cos(theta) / (math.sqrt(3) / 2 * slope)
    y = theta * (_A[0] + _A[1] * t2 + t6 * (_A[2] + _A[3] * t2))
    scale = WIDTH / 2 / _EDGE
    return WIDTH / 2 + x * scale, 1.3173627591 * scale - y * scale


def _path(ring: Ring) -> str:
    """A closed path in relative whole steps; points that fall together are left out."""
    whole = [(round(x), round(y)) for x, y in (_project(*point) for point in ring)]
    steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(whole)]
    steps = [step for step in steps if step != (0, 0)]
    if len(steps) < 3:
        return ""
    return f"M{whole[0][0]} {whole[0][1]}l" + " ".join(f"{dx} {dy}" for dx, dy in steps[:-1]) + "z"


def _middle(rings: list[Ring]) -> Point:
    """The middle of the part with the longest shore."""
    ring = max(rings, key=len)
    places = [_project(*point) for point in ring]
    return (
        (min(x for x, _ in places) + max(x for x, _ in places)) / 2,
        (min(y for _, y in places) + max(y for _, y in places)) / 2,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
