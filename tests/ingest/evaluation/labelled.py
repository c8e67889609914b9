"""The labelled items: one JSON object a line, in files by language and region. README.md says what each label means."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from ingest.read.model import ChangeType, Status, Topic, Unit

FOLDER: Final = Path(__file__).resolve().parent
SECOND: Final = FOLDER / "second"
"""The second set: of other publishers, written before the reader was mended again, and looked at in totals only."""
ANY: Final = "*"
"""In a target: any domain, or any name. Lists of countries are a pack of their own, whose rows have no names."""


_SEALED: Final = 65
"""Of a hundred publishers so many are sealed: the floors are held there. What is read wrongly of the others may be looked into by
whoever mends the reader."""


TAUGHT: Final = frozenset({
    "Administration de l'enregistrement (Luxembourg)", "Agenzia delle Entrate", "Banca d'Italia", "Bank of Canada",
    "Bank of Thailand", "Banque de France / ACPR", "Bộ Tài chính Việt Nam", "European Commission (TAXUD)",
    "Ministerstwo Finansów", "Revenue Commissioners", "国家税务总局",
})  # fmt: skip
"""Publishers whom whoever wrote the training text had chosen too, without knowing of these. They are never sealed."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that takes the place of another. `old` is None where the text tells the new one only."""

    old: Decimal | None
    new: Decimal
    unit: Unit
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A target in the packs: the place, the domain and the name of a parameter, a rate line, a rule or a row."""

    place: str
    domain: str
    name: str

    def is_met_by(self, other: Place) -> bool:
        """Whether a link to `other` is right. The start of a dated rate line, `standard.2025`, does not count."""
        if self.place != other.place or self.domain not in {ANY, other.domain}:
            return False
        return self.name in {ANY, other.name} or _undated(self.name) == _undated(other.name)


@dataclass(frozen=True, slots=True)
class Item:
    """A publication and what a compliance officer would say of it."""

    id: str
    regulator: str
    jurisdiction: str
    language: str
    published: date
    title: str
    text: str
    status: Status
    topics: frozenset[Topic] = frozenset()
    change: ChangeType = ChangeType.NONE
    effective: date | None = None
    instruments: tuple[str, ...] = ()
    pairs: frozenset[Number] = frozenset()
    links: tuple[Place, ...] = ()
    """Any one of them is right."""

    @property
    def relevant(self) -> bool:
        return self.status is not Status.IRRELEVANT

    @property
    def sealed(self) -> bool:
        """Whether it is of a publisher of the part that is measured and not looked into."""
        return (
            self.regulator not in TAUGHT
            and int(sha256(f"lexgate{self.regulator}".encode()).hexdigest(), 16) % 100 < _SEALED
        )


def items(folder: Path = FOLDER) -> tuple[Item, ...]:
    """All of them, in the order of their files. Raises ValueError for a line that is none."""
    return tuple(
        one for path in sorted(folder.glob("*.jsonl")) for one in read(path.read_text(encoding="utf-8").splitlines())
    )


def read(lines: Iterable[str]) -> tuple[Item, ...]:
    """Items from lines of JSON. Raises KeyError or ValueError for a line that is none."""
    return tuple(_item(json.loads(line)) for line in lines)


def _item(row: dict[str, Any]) -> Item:
    return Item(
        id=row["id"],
        regulator=row["regulator"],
        jurisdiction=row["jurisdiction"],
        language=row["language"],
        published=date.fromisoformat(row["published"]),
        title=row["title"],
        text=row["text"],
        status=Status(row["status"]),
        topics=frozenset(map(Topic, row.get("topics", ()))),
        change=ChangeType(row.get("change", "none")),
        effective=date.fromisoformat(row["effective"]) if row.get("effective") else None,
        instruments=tuple(row.get("instruments", ())),
        pairs=frozenset(map(_number, row.get("pairs", ()))),
        links=tuple(Place(one["place"], one["domain"], one["name"]) for one in row.get("links", ())),
    )


def _number(row: dict[str, Any]) -> Number:
    old = row.get("old")
    return Number(None if old is None else Decimal(old), Decimal(row["new"]), Unit(row["unit"]), row.get("currency"))


def _undated(name: str) -> str:
    kept = name.split(":")[-1].split(".")
    return ".".join(part for part in kept if not (part[:4].isdigit() and part[:2] in {"19", "20"}))
