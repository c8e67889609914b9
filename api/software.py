"""Which software answers: two processes that tell the same name here give the same answers under the same release."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import engine
from api import __version__


@cache
def software() -> str:
    """Version of Lexgate, digest of its engine, Python and Polars: `0.1.0 1f0c2a9be4d3 python 3.11 polars 2.1.0`."""
    where, digest = Path(engine.__path__[0]), sha256()
    for path in sorted(where.rglob("*.py")):
        digest.update(path.relative_to(where).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{__version__} {digest.hexdigest()[:12]} python {python} polars {version('polars')}"
