"""The version of a pack after a merge: a released version never changes, and so a new text needs a new one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from engine.packs.packset import by_folder
from engine.packs.read import PACK_FILE

_VERSION: Final = re.compile(r'^(version: *"?)([0-9A-Za-z.-]+)("?)', re.MULTILINE)


def settled(files: dict[str, str], ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """The files, each pack that is as neither side has it under the next version after both."""
    mine, new = by_folder(ours), by_folder(theirs)
    made = dict(files)
    for code, own in by_folder(files).items():
        path = f"{code}/{PACK_FILE}"
        if path not in own or own in (mine.get(code), new.get(code)) or code not in mine or code not in new:
            continue
        versions = [found.group(2) for side in (mine, new) if (found := _VERSION.search(side[code].get(path, "")))]
        if versions:
            newest = max(versions, key=number)
            reused = any({**own, path: _with(own[path], newest)} == side[code] for side in (mine, new))
            made[path] = _with(own[path], newest if reused else _next(newest))
    return made


def number(version: str) -> tuple[tuple[int, str], ...]:
    """A version as it is compared.

    >>> number("2026.9.0") < number("2026.11.0")
    True
    """
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in version.replace("-", ".").split("."))


def _with(text: str, version: str) -> str:
    """The manifest with this version."""
    return _VERSION.sub(lambda m: f"{m[1]}{version}{m[3]}", text, count=1)


def _next(version: str) -> str:
    """The one after a version.

    >>> _next("2026.11.0"), _next("2026.11.0-rc")
    ('2026.11.1', '2026.11.0-rc.1')
    """
    head, dot, last = version.rpartition(".")
    return f"{head}{dot}{int(last) + 1}" if last.isdecimal() else f"{version}.1"
