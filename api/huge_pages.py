"""Memory that stays is put onto large pages, where the system can: the law is some hundred megabytes of small objects, and each
preflight walks through all of it that concerns the payment.

Measured on a virtual machine, without a writer beside: a twelfth less time for a preflight, for 0.4 seconds at the start.
"""

from __future__ import annotations

import ctypes
import errno
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from api.logs import logger

PAGE: Final = 2 * 1024 * 1024
_COLLAPSE: Final = 25
"""MADV_COLLAPSE, Linux 6.1: now, and not whenever the system comes to it."""
_MAPPED: Final = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p [0-9a-f]+ 00:00 0\s*(\S*)")
_log = logger("lexgate.huge_pages")


def collapse() -> int:
    """Ask for large pages for whatever of this process's own memory fills them. Returns how many were had; never raises: where it
    cannot be done, all is as it was."""
    if not sys.platform.startswith("linux"):
        return 0
    try:
        return _collapsed(whole_pages(Path("/proc/self/maps").read_text().splitlines()))
    except (OSError, AttributeError, ValueError) as error:
        _log.debug("no_huge_pages", why=str(error))
        return 0


def whole_pages(maps: Iterable[str]) -> Iterator[int]:
    """Addresses of large pages that lie wholly in memory of the process's own which it may write: of no file, and no stack."""
    for line in maps:
        found = _MAPPED.fullmatch(line)
        if found is None or found[3] not in {"", "[heap]"}:
            continue
        begin, end = int(found[1], 16), int(found[2], 16)
        yield from range(-(-begin // PAGE) * PAGE, end // PAGE * PAGE, PAGE)


def _collapsed(pages: Iterable[int]) -> int:
    madvise = ctypes.CDLL(None, use_errno=True).madvise
    madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    had = 0
    for page in pages:
        if madvise(page, PAGE, _COLLAPSE) == 0:
            had += 1
        # A page that nobody has touched yet, or no room: others may do. A system that does not know the word never will.
        elif had == 0 and ctypes.get_errno() in {errno.ENOSYS, errno.EPERM}:
            break
    return had
