"""The folder of a back-test: the releases under their digests, and what was counted, so that work can be taken up again."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Final

import orjson

from engine.backtest import Tally
from engine.packs import PackSet
from engine.packs.release import digest_of

ORDER: Final = "order.json"
RESULT: Final = "result.json"
CHUNKS: Final = "chunks"
WHOLE: Final = "identity.json"


class OtherBacktest(ValueError):
    """A folder holds the work of another back-test. As text: which part is not the same."""


class Folder:
    """Tallies as files: written beside, then put in place, so that a file that is there is whole."""

    def __init__(self, folder: Path, whole: Any):
        self._chunks = folder / CHUNKS
        self._chunks.mkdir(parents=True, exist_ok=True)
        path, text = folder / WHOLE, orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)
        if not path.exists():
            put(path, text)
        elif path.read_bytes() != text:
            before = orjson.loads(path.read_bytes())
            other = [key for key, value in orjson.loads(text).items() if before.get(key) != value]
            raise OtherBacktest(f"{folder} holds another back-test: {', '.join(other)} is not the same.")

    def numbers(self) -> set[int]:
        """The chunks that were counted before."""
        return {int(path.stem) for path in self._chunks.glob("*.json") if not path.name.startswith(".")}

    def tally(self, number: int) -> Tally | None:
        """The tally of a chunk that was counted before."""
        path = chunk_file(self._chunks, number)
        return orjson.loads(path.read_bytes()) if path.exists() else None

    def keep(self, number: int, counted: Tally) -> None:
        """Keep the tally of a chunk."""
        keep_tally(self._chunks, number, counted)


def chunk_file(chunks: Path, number: int) -> Path:
    """Where the tally of a chunk is kept."""
    return chunks / f"{number:06d}.json"


def keep_tally(chunks: Path, number: int, counted: Tally) -> None:
    """Keep the tally of a chunk. The same chunk always leaves the same bytes, whoever counts it."""
    put(chunk_file(chunks, number), orjson.dumps(counted, option=orjson.OPT_SORT_KEYS))


def put(path: Path, content: bytes) -> None:
    """Write a file that is whole or not there, whoever writes it at the same time."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    beside.write_bytes(content)
    beside.replace(path)


def release_file(digest: str) -> str:
    """What the file of a release is called."""
    return f"{digest.replace(':', '-')}.release"


def keep_release(folder: Path, packs: PackSet) -> str:
    """Write a release beside its back-test, if it is not there. Returns its digest."""
    path = folder / release_file(packs.release.digest)
    if not path.exists():
        put(path, packs.release.canonical)
    return packs.release.digest


def content_of(path: Path, digest: str) -> bytes:
    """The bytes of a file, which must be those of the digest. Raises ValueError, OSError."""
    content = path.read_bytes()
    if digest_of(content) != digest:
        raise ValueError(f"{path.name} is not what its name says")
    return content


def release_in(folder: Path, digest: str, near: PackSet | None = None) -> PackSet:
    """A release of an order; `near`: the other one, of which most is the same.

    Raises ValueError where its bytes are not those of its name.
    """
    return PackSet.from_canonical(content_of(folder / release_file(digest), digest), near=near)


__all__ = [
    "CHUNKS",
    "ORDER",
    "RESULT",
    "WHOLE",
    "Folder",
    "OtherBacktest",
    "chunk_file",
    "content_of",
    "keep_release",
    "keep_tally",
    "put",
    "release_file",
    "release_in",
]
