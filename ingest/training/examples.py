"""Items as examples to learn from, and the digests of what was learnt from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from ingest.read.features import Features
from ingest.training.fitting import Example
from ingest.training.items import FOLDER, Item
from ingest.training.varied import variants


def examples(features: Features, items: Sequence[Item]) -> list[Example]:
    """Each variant of each item; the first of an item is as it was written."""
    return [
        Example(features.of(text, item.language), item.publisher, number, item.relevant, item.topics, item.change)
        for number, item in enumerate(items)
        for text in variants(item)
    ]


def text_digest(folder: Path = FOLDER) -> str:
    """SHA-256 of the training text, in hexadecimal digits."""
    files = sorted(folder.glob("*.txt"))
    return hashlib.sha256(b"\0".join(path.name.encode() + b"\0" + path.read_bytes() for path in files)).hexdigest()


def features_digest(found: Sequence[Example]) -> str:
    """SHA-256 of where the vectors are not zero and of what is to be learnt. Values may differ in the last digit."""
    seen = hashlib.sha256()
    for one in found:
        seen.update(one.vector.at.astype("<i8").tobytes())
        seen.update(f"{one.relevant} {','.join(sorted(one.topics))} {one.change}\0".encode())
    return seen.hexdigest()
