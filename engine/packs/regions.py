"""Cloud regions: where they are, who runs them, what they are paired with. A table for each provider, part of the release.

A region's country is a column and never read off its name. What is on no list has no place, and nothing is allowed there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.packs.problems import PackError, Problem, Spot
from engine.places import COUNTRIES, SUBDIVISIONS, country_of

FOLDER: Final = "regions/"
ANYWHERE: Final = "anywhere"
"""The members of a service that has no place."""
KINDS: Final = ("region", "multi", "global")
COLUMNS: Final = (
    "provider", "partition", "kind", "region_id", "country", "subdivision", "city", "operator_country", "sovereign_operator",
    "paired_with", "members", "confidence", "source", "as_of", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Region:
    """One row. `kind`: region; multi, a set of which all members must pass; global, which has no place."""

    provider: str
    partition: str
    kind: str
    region_id: str
    country: str
    subdivision: str
    city: str
    operator_country: str
    sovereign_operator: bool
    """The operator is another company than the provider."""
    paired_with: str
    members: tuple[str, ...]
    confidence: str
    source: str
    as_of: str
    note: str

    @property
    def name(self) -> str:
        """`aws:eu-central-1`: one name among all providers."""
        return f"{self.provider}:{self.region_id}"


class Regions:
    """Every region of a release, by `provider:region_id` and, where only one provider has it, by its id alone."""

    def __init__(self, rows: tuple[Region, ...]):
        self.rows = rows
        self._known: dict[str, Region | None] = {}
        for row in rows:
            self._known[row.name] = row
            self._known[row.region_id] = None if row.region_id in self._known else row

    def find(self, name: str) -> Region | None:
        """The region of that name; None where it is on no list, or on several."""
        return self._known.get(name)

    def places(self, name: str) -> tuple[Region, ...] | None:
        """The single regions that a name stands for; None where it is on no list or has no place."""
        region = self.find(name)
        if region is None:
            return None
        if region.kind == "region":
            return (region,)
        found = tuple(self.find(f"{region.provider}:{member}") for member in region.members)
        return None if not found or None in found else tuple(one for one in found if one is not None)

    def of(self, providers: tuple[str, ...] = ()) -> Iterator[Region]:
        """The single regions of these providers, or of all."""
        return (row for row in self.rows if row.kind == "region" and (not providers or row.provider in providers))


def read_regions(files: Mapping[str, str]) -> Regions:
    """The tables among the files of a release. Raises PackError with every faulty row."""
    rows: list[Region] = []
    faults: list[Problem] = []
    seen: dict[str, Spot] = {}
    for path in sorted(files):
        if not path.startswith(FOLDER) or not path.endswith(".csv"):
            continue
        table = csv.DictReader(io.StringIO(files[path]))
        if tuple(table.fieldnames or ()) != COLUMNS:
            faults.append(Problem("region", Spot(path, 1, 1), f"The columns are not {', '.join(COLUMNS)}."))
            continue
        for number, row in enumerate(table, start=2):
            spot = Spot(path, number, 1)
            said = _fault(row) or (f"{row['region_id']} stands twice." if _key(row) in seen else "")
            if said:
                faults.append(Problem("region", spot, said))
                continue
            seen[_key(row)] = spot
            rows.append(_region(row))
    if faults:
        raise PackError(faults)
    return Regions(tuple(rows))


def _key(row: Mapping[str, str]) -> str:
    return f"{row['provider']}:{row['region_id']}"


def _region(row: dict[str, str]) -> Region:
    more = {"sovereign_operator": row["sovereign_operator"] == "true", "members": tuple(row["members"].split())}
    return Region(**{**row, **more})  # type: ignore[arg-type]


def _fault(row: Mapping[str, str]) -> str:
    """What is wrong with a row; nothing where it is sound."""
    name, country, part = row["region_id"], row["country"], row["subdivision"]
    if row["kind"] not in KINDS:
        return f"{name} is of no known kind: {', '.join(KINDS)}."
    if row["kind"] == "region" and country not in COUNTRIES:
        return f"{name} lies in exactly one country of ISO 3166-1, not in {country!r}."
    if row["kind"] != "region" and (country or not row["members"]):
        return f"{name} has members in place of a country."
    if part and (part not in SUBDIVISIONS or country_of(part) != country):
        return f"{part!r} is no part of {country}."
    if row["operator_country"] not in COUNTRIES:
        return f"The operator of {name} has its home in a country of ISO 3166-1, not in {row['operator_country']!r}."
    return (
        "" if row["confidence"] in ("A", "B", "C", "R") and row["source"] and row["as_of"] else f"{name} cites nothing."
    )
