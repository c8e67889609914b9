"""Large pages: which memory they are asked for, and that nothing happens where there are none."""

from __future__ import annotations

import sys

import pytest

from api import huge_pages
from api.huge_pages import PAGE, collapse, whole_pages

MAPS = [
    "7f0000100000-7f0000700000 rw-p 00000000 00:00 0 ",
    "7f0001000000-7f0001200000 r-xp 00000000 fe:00 393 /usr/lib/libpython3.11.so.1.0",
    "7f0002000000-7f0002200000 rw-p 00000000 fe:00 393 /usr/lib/libpython3.11.so.1.0",
    "7f0003000000-7f0003200000 ---p 00000000 00:00 0 ",
    "7f0004000000-7f0004200000 rw-s 00000000 00:00 0 ",
    "7f0005100000-7f0005200000 rw-p 00000000 00:00 0 ",
    "55d000000000-55d000200000 rw-p 00000000 00:00 0                          [heap]",
    "7ffc00000000-7ffc00400000 rw-p 00000000 00:00 0                          [stack]",
]


def test_only_whole_pages_of_its_own_memory() -> None:
    assert list(whole_pages(MAPS)) == [0x7F0000200000, 0x7F0000400000, 0x55D000000000]


def test_what_is_kept_stays_as_it_was() -> None:
    kept = [bytes([number % 256]) * 1000 for number in range(20_000)]
    had = collapse()
    assert had >= 0
    assert kept == [bytes([number % 256]) * 1000 for number in range(20_000)]
    assert len(list(whole_pages([f"{PAGE:x}-{3 * PAGE:x} rw-p 00000000 00:00 0 "]))) == 2


def test_elsewhere_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(huge_pages, "whole_pages", lambda maps: pytest.fail("asked"))
    assert collapse() == 0


def test_without_the_call_all_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    class Without:
        def __init__(self, *_: object, **__: object) -> None:
            pass

    monkeypatch.setattr(huge_pages.ctypes, "CDLL", Without)
    assert collapse() == 0
