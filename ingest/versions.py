"""What reads, named by what it is made of: another rule, another weight, another version."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

_ROOMS: Final = ("read", "link", "impact")
_LEFT_OUT: Final = ("__pycache__",)


@cache
def reader_version() -> str:
    """`reader-` and twelve hex digits of every file of the rooms that read, link and propose."""
    root, found = Path(__file__).parent, sha256()
    for path in sorted(file for room in _ROOMS for file in (root / room).rglob("*") if file.is_file()):
        name = path.relative_to(root)
        if not set(name.parts) & set(_LEFT_OUT):
            found.update(f"{name.as_posix()}\0".encode() + sha256(path.read_bytes()).digest())
    return f"reader-{found.hexdigest()[:12]}"
