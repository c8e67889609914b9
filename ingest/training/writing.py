"""The files of a trained model: weights as small whole numbers, what they belong to, and the tables of the model card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from ingest.read.classify import ABOUT, COLUMNS, FOLDER, NUMBERS, About, Weights
from ingest.read.features import Features, Floats
from ingest.training.items import Item
from ingest.training.measuring import Measured

CARD: Final = Path(__file__).parents[2] / "docs" / "reference" / "model-card.md"

_MOST: Final = 127
_MARKED: Final = "<!-- {name}: written by python -m ingest.training -->"


def quantised(features: Features, weights: Floats, added: Floats) -> Weights:
    """Rounded to whole steps, of which the heaviest weight of a block and column has 127."""
    blocks = np.array(features.blocks, dtype=np.uint32)
    steps = np.zeros((len(blocks), COLUMNS), dtype=np.float32)
    small = np.zeros(weights.shape, dtype=np.int8)
    for number, (start, end) in enumerate(zip(blocks, [*blocks[1:], features.width], strict=True)):
        step = np.abs(weights[start:end]).max(axis=0) / np.float32(_MOST)
        steps[number] = step
        small[start:end] = np.rint(weights[start:end] / np.where(step > 0, step, np.float32(1)))
    rows = np.flatnonzero(small.any(axis=1)).astype(np.uint32)
    return Weights(rows, steps, blocks, small[rows], added)


def write(weights: Weights, about: About, folder: Path = FOLDER) -> None:
    """The same bytes for the same numbers: nothing of the day or the machine is written."""
    folder.mkdir(exist_ok=True)
    np.savez_compressed(
        folder / NUMBERS,
        rows=weights.rows,
        steps=weights.steps,
        blocks=weights.blocks,
        values=weights.values,
        added=weights.added,
    )
    (folder / ABOUT).write_bytes(msgspec.json.format(msgspec.json.encode(about), indent=2) + b"\n")


def tell(name: str, table: str, card: Path = CARD) -> None:
    """Puts a table between the marks of its name in the model card."""
    mark = _MARKED.format(name=name)
    text = card.read_text(encoding="utf-8")
    if text.count(mark) != 2:
        raise ValueError(f"{card}: {mark} must stand there twice")
    before, _, after = text.split(mark)
    card.write_text(f"{before}{mark}\n{table}\n{mark}{after}", encoding="utf-8")


def summary(rows: dict[str, Measured]) -> str:
    """A table, one line for each name."""
    lines = ["| | items | relevant | relevance F1 | recall | topics F1 | change F1 |", "|---|---|---|---|---|---|---|"]
    for name, one in rows.items():
        figures = " | ".join(f"{value:.2f}" for value in (one.f1, one.recall, one.topics, one.change))
        lines.append(f"| {name} | {one.items} | {one.relevant} | {figures} |")
    return "\n".join(lines)


def classes(columns: dict[str, Measured]) -> str:
    """A table of the F1 of each class, with a column for each name."""
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for kind in ("topics_each", "change_each"):
        names = dict.fromkeys(name for one in columns.values() for name in getattr(one, kind))
        for name in names:
            told = [getattr(one, kind).get(name) for one in columns.values()]
            lines.append(f"| `{name}` | {' | '.join('' if one is None else f'{one:.2f}' for one in told)} |")
    return "\n".join(lines)


def mistakes(items: Sequence[Item]) -> str:
    """The titles of items, with what they are."""
    said = [f"- {item.language}, {'relevant' if item.relevant else 'not'}: {_plain(item.title)}" for item in items]
    return "\n".join(said) or "None."


def _plain(title: str) -> str:
    return re.sub(r"[{}]", "", title)
