"""`lexgate packs format`: pack files in their canonical form, so that a difference is a difference in meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from api.commands.console import give_up
from engine.packs import PackError, Problem, Spot
from engine.packs.format import check, formatted

SUFFIX: Final = ".yaml"
"""Pack files; message catalogues have a form of their own."""


@dataclass
class Formatted:
    """What was found in so many files."""

    files: int = 0
    changed: list[str] = field(default_factory=list)
    """Files that were written anew, or would be."""
    refused: list[str] = field(default_factory=list)
    """Files that cannot be read as pack files."""
    problems: list[Problem] = field(default_factory=list)
    """Where a file that would be written leaves its form first, and why one is refused."""


def pack_files(paths: Sequence[Path]) -> list[Path]:
    """Every pack file named, or below a folder named, once. Gives up on what is not there before anything is written."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            below = list(_below(path)) or give_up(f"there is no pack file in {path}: their names end in {SUFFIX}")
            found.update(dict.fromkeys(below))
        elif not path.is_file():
            give_up(f"there is no file or folder {path}")
        elif path.suffix != SUFFIX:
            give_up(f"{path} is not a pack file: their names end in {SUFFIX}")
        else:
            found[path] = None
    return list(found)


def _below(folder: Path) -> Iterator[Path]:
    """Pack files of a folder; nothing hidden, so that `.` does not mean the tools' own files."""
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def format_file(path: Path, found: Formatted, *, write: bool) -> None:
    """Look at one file and, unless only asked, write it. A file that is no pack file is left as it is."""
    name = _shown(path)
    found.files += 1
    try:
        text = _read(path, name)
        fault = next(check(text, name), None)
        canonical = formatted(text, name) if fault and write else text
    except PackError as error:
        found.refused.append(name)
        found.problems.extend(error.problems)
        return
    if fault is None:
        return
    found.changed.append(name)
    if not write:
        found.problems.append(fault)
        return
    try:
        path.write_bytes(canonical.encode())
    except OSError as error:
        give_up(f"{name} cannot be written: {error.strerror}")


def _read(path: Path, name: str) -> str:
    """The text as the packs' own reader takes it: which of two line ends a checkout uses is not the author's doing."""
    try:
        return path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise PackError([Problem("yaml-encoding", Spot(name, 1, 1), f"Not UTF-8 at byte {error.start}.")]) from None
    except OSError as error:
        give_up(f"{name} cannot be read: {error.strerror}")


def _shown(path: Path) -> str:
    """The path as a reader would type it here."""
    here, whole = Path.cwd(), path.resolve()
    return (whole.relative_to(here) if whole.is_relative_to(here) else path).as_posix()
