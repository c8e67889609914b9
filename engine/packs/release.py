"""A release: the exact text of all packs and messages, addressed by its digest. What is decided names it; nothing is 'latest'."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

FORMAT: Final = "lexgate-release/1"


@dataclass(frozen=True, slots=True)
class Release:
    """`canonical`: UTF-8 JSON with sorted keys and no spaces, `{"files": {path: text}, "format": ...}`."""

    digest: str
    canonical: bytes
    version: str


def seal(files: Mapping[str, str], version: str) -> Release:
    """The release of these files."""
    body = {"files": dict(sorted(files.items())), "format": FORMAT, "version": version}
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return Release(digest_of(canonical), canonical, version)


def unseal(canonical: bytes) -> tuple[dict[str, str], str]:
    """The files and the version of a release. Raises ValueError for anything else."""
    body = json.loads(canonical)
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise ValueError("not a Lexgate release")
    files, version = body.get("files"), body.get("version")
    if not isinstance(files, dict) or not isinstance(version, str):
        raise ValueError("a Lexgate release without files or version")
    if not all(isinstance(text, str) for text in files.values()):
        raise ValueError("a file of a Lexgate release is not text")
    return files, version


def digest_of(content: bytes) -> str:
    """`sha256:` and the hexadecimal digest."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def pack_digest(jurisdiction: str, files: Mapping[str, str]) -> str:
    """The digest of one pack's own files."""
    own = {path: text for path, text in files.items() if path.startswith(f"{jurisdiction}/")}
    return digest_of(json.dumps(own, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
