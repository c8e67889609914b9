"""Releases that differ in what a test says: a small one without a fault, and a part of the shipped law."""

from __future__ import annotations

from functools import cache

from engine.packs.packset import PackSet, read_packs
from engine.packs.release import seal
from tests.packs.fixture import good
from tests.shipped import files as everything

SOME = ("WORLD", "EEA", "EU", "DE", "FR", "CN", "NG", "BE", "AU", "RU", "JP")
LISTS = ("ADEQUACY", "CONCERN", "EMBARGO", "FATF", "HIGH-RISK", "messages", "regions")

Edits = tuple[tuple[str, str, str], ...]
"""File, what stands in it once (all of it where empty), and what stands there then."""


@cache
def files(name: str) -> dict[str, str]:
    """The files of the small release or of the part of the shipped one."""
    if name == "small":
        return good()
    return {path: text for path, text in everything().items() if path.split("/")[0] in SOME or path.startswith(LISTS)}


@cache
def base(name: str) -> PackSet:
    """The release that others differ from."""
    return release(files(name))


def release(texts: dict[str, str], version: str = "test") -> PackSet:
    """These files as a release; a fault of a pack is a fault of the test."""
    packs, notes = read_packs(texts)
    errors = [str(problem) for problem in notes.problems if problem.severity == "error"]
    assert not errors, errors
    return PackSet(packs, texts, seal(texts, version))


def edited(name: str, edits: Edits) -> PackSet:
    """The release after some edits."""
    texts = dict(files(name))
    for path, old, new in edits:
        assert texts[path].count(old) == 1, f"{old!r} stands {texts[path].count(old)} times in {path}"
        texts[path] = texts[path].replace(old, new)
    return release(texts, "edited")
