"""Sources of the house's own, in a table beside the one that came with the software, which is never touched.

A line of the house's own takes the place of a shipped one with its id: an address that has moved is mended so, or not watched.
"""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ingest.directory import COLUMNS, OPTIONAL, DirectoryRefused, Source, read_directory

_HEAD: Final = (*COLUMNS, *OPTIONAL)


def together(shipped: tuple[Source, ...], own: tuple[Source, ...]) -> dict[str, Source]:
    """All sources by their ids. Raises DirectoryRefused where an address would be watched twice."""
    found = {one.id: one for one in shipped} | {one.id: one for one in own}
    watched: dict[str, str] = {}
    faults = []
    for one in found.values():
        if one.watch and (other := watched.setdefault(one.url, one.id)) != one.id:
            faults.append(f"{one.url} is watched as {other} and as {one.id}")
    if faults:
        raise DirectoryRefused(faults)
    return found


def own_sources(path: Path) -> tuple[Source, ...]:
    """The sources of the house's own; none where there is no such file. Raises DirectoryRefused, OSError, UnicodeDecodeError."""
    return read_directory(path.read_text(encoding="utf-8")) if path.exists() else ()


def add(path: Path, line: Mapping[str, str], shipped: tuple[Source, ...]) -> Source:
    """Append a source to the house's own table, whole or not at all. Raises DirectoryRefused with every fault, OSError.

    `line`: by the names of the columns; those that are missing are empty.
    """
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    head = tuple(next(csv.reader(io.StringIO(text)), _HEAD))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if not text:
        writer.writerow(head)
    if lost := [name for name, value in line.items() if value and name not in head]:
        raise DirectoryRefused([f"{path} has no column {', '.join(lost)}"])
    writer.writerow([line.get(name, "") for name in head])
    whole = f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{out.getvalue()}"
    own = read_directory(whole)
    if own[-1].id in {one.id for one in shipped}:
        raise DirectoryRefused(
            [f"{own[-1].id} came with the software: to mend it, write its line into {path} yourself"]
        )
    together(shipped, own)
    _put(path, whole)
    return own[-1]


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with beside.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
