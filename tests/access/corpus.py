"""The corpus of bad inputs: lines of JSON in `bad_inputs/`, and the bytes that they stand for.

strings.jsonl   texts, by kind: put into every place of places.jsonl in turn
places.jsonl    where a text of somebody's goes in: paths, queries, headers, bodies, forms
bodies.jsonl    bodies of POST /v1/preflight
requests.jsonl  requests that are odd as a whole, each with the status that it is answered with
yaml.jsonl      files of a draft
xml.jsonl       what a regulator's site, a publisher of lists or of rates might send
archives.jsonl  compressed files, described: the bombs would be too large to keep
"""

from __future__ import annotations

import gzip
import io
import json
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent / "bad_inputs"
Case = dict[str, Any]


def cases(name: str) -> list[Case]:
    """The lines of a file."""
    return [json.loads(line) for line in (_HERE / f"{name}.jsonl").read_text().splitlines()]


def text_of(case: Case) -> str:
    """The text of a line of strings.jsonl."""
    found: str = case["text"] * case.get("times", 1)
    return found


def bytes_of(case: Case) -> bytes:
    """The bytes that a line stands for."""
    if "hex" in case:
        return bytes.fromhex(case["hex"]) * int(case.get("times", 1))
    return "".join(part * times for part, times in case["parts"]).encode()


def archive_of(case: Case) -> bytes:
    """The compressed file that a line describes."""
    match case["kind"]:
        case "hex":
            made = bytes.fromhex(case["hex"])
        case "zip":
            made = _zip(case)
        case "gzip":
            made = gzip.compress(_content(case["content"]), 9, mtime=0)
        case "deflate":
            made = zlib.compress(_content(case["content"]), 9)
        case "brotli":
            made = bytes.fromhex("8b0080") + b"x" * 64
        case "tar":
            made = _tar(case)
    if "cut" in case:
        made = made[: -case["cut"]]
    if case.get("turned"):
        made = made[:-12] + bytes(one ^ 0x55 for one in made[-12:-4]) + made[-4:]
    return made


def _content(said: list[Any]) -> bytes:
    kind, what = said
    match kind:
        case "zeros":
            return bytes(what)
        case "gzip":
            return gzip.compress(_content(what), 9, mtime=0)
        case "zip":
            return _zip({"members": what})
    found: bytes = what.encode()
    return found


def _zip(case: Case) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(case.get("many", 0)):
            archive.writestr(zipfile.ZipInfo(f"{number}.csv"), b"x")
        for name, content in case.get("members", ()):
            info = zipfile.ZipInfo(name)
            info.filename = name  # as it is said, and not as the packer would have it
            info.compress_type = zipfile.ZIP_DEFLATED
            if case.get("link"):
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, _content(content))
    return packed.getvalue()


def _tar(case: Case) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in case["members"]:
            info = tarfile.TarInfo(name)
            body = _content(content)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return packed.getvalue()
