"""The law as it is shipped, read once for all tests of a process: a release never changes, but for what it remembers."""

from __future__ import annotations

import gc
from functools import cache
from pathlib import Path

import pytest

from engine.packs import PackSet, load_packs
from engine.packs.packset import read_files
from tests.tracing import beside_the_tracer

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "rulepacks"


@cache
def law() -> PackSet:
    """All packs of the repository. Read beside the tracer of coverage, if any: how packs are read is told by tests of packs."""
    with beside_the_tracer():
        found = load_packs(SHIPPED)
    # It stays until the end: nobody need look through it again.
    gc.freeze()
    return found


@cache
def files() -> dict[str, str]:
    """The text of their files, by path. Not to be changed."""
    return read_files(SHIPPED)


def law_of(folder: Path) -> PackSet:
    """The law of a folder, as `load_packs` reads it: what is shipped is read once."""
    return law() if folder == SHIPPED else load_packs(folder)


def read_once(patch: pytest.MonkeyPatch, *where: str) -> None:
    """Let these modules of the product read what is shipped once."""
    for name in where:
        patch.setattr(f"{name}.load_packs", law_of)
