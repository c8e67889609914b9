"""The training text: short publications in the manner of regulators, written for the project, each with its classes.

A file of `text/` has a heading for each publisher, `@ COUNTRY | name`, and one publication a line:
`topics change :: title :: text` where it is relevant (topics with commas between them), `- kind :: title :: text` where not.
Files are named for their language, `en-1.txt`. `{a|b}` is one of several ways to say it; `{amount}`, `{pct}`, `{date}`,
`{month}`, `{n}` and `{year}` are figures. `labelling.md` says what counts as what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.read.model import ChangeType, Topic

FOLDER: Final = Path(__file__).with_name("text")
HELD_OUT: Final = Path(__file__).with_name("held_out")

_HEADING: Final = re.compile(r"@ (?P<country>[A-Z]{2}) \| (?P<name>.+)")


class BadText(ValueError):
    """A line of the training text cannot be read; the message has the file and the line."""


@dataclass(frozen=True, slots=True)
class Item:
    """A publication as written, with its figures still open."""

    publisher: str
    jurisdiction: str
    """ISO 3166-1; `EU`; `XX` where the publisher is invented."""
    language: str
    relevant: bool
    topics: frozenset[Topic]
    change: ChangeType
    kind: str
    """Of what is irrelevant: what it is about, in the writer's words. Empty where relevant."""
    title: str
    text: str


def read(folder: Path = FOLDER) -> list[Item]:
    """All items of a folder, in the order of file names and lines."""
    return [item for path in sorted(folder.glob("*.txt")) for item in _items(path)]


def _items(path: Path) -> Iterator[Item]:
    country = publisher = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{path.name}:{number}"
        if line.startswith("@"):
            heading = _HEADING.fullmatch(line.strip())
            if heading is None:
                raise BadText(f"{where}: a heading is `@ COUNTRY | name`")
            country, publisher = heading["country"], heading["name"]
            continue
        parts = [part.strip() for part in line.split(" :: ")]
        if len(parts) != 3 or not publisher:
            raise BadText(f"{where}: an item is `classes :: title :: text`, below the heading of its publisher")
        classes, title, text = parts
        label, _, rest = classes.partition(" ")
        try:
            topics = frozenset() if label == "-" else frozenset(Topic(one) for one in label.split(","))
            change = ChangeType.NONE if label == "-" else ChangeType(rest)
        except ValueError as error:
            raise BadText(f"{where}: {error}") from error
        kind = rest if label == "-" else ""
        yield Item(publisher, country, path.stem[:2], label != "-", topics, change, kind, title, text)
