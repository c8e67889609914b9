"""The trained classifiers at run time: a text's relevance, topics and type of change, with numpy and nothing else.

They are linear (logistic regression), so that a score can be taken apart. What they are worth is in the model card,
`docs/reference/model-card.md`; `python -m ingest.training` makes them anew.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from ingest.read.classes import Classes
from ingest.read.features import Features, Floats
from ingest.read.lexicon import Lexicon
from ingest.read.model import ChangeType, Scored, Topic

FOLDER: Final = Path(__file__).with_name("weights")
NUMBERS: Final = "weights.npz"
ABOUT: Final = "about.json"

TOPICS: Final = tuple(Topic)
CHANGES: Final = tuple(ChangeType)
COLUMNS: Final = 1 + len(TOPICS) + len(CHANGES)
"""One of relevance, one of each topic, one of each type of change, in the order of their definition."""

_FIRST_CHANGE: Final = 1 + len(TOPICS)
_FURTHEST: Final = 30.0


class DamagedModel(ValueError):
    """The weights are not those that were written down, or were learnt with another lexicon. Nothing may be classified."""


class Thresholds(msgspec.Struct, frozen=True):
    """Sums, before the logistic function, from which a class is held to be meant."""

    relevance: float
    topics: tuple[float, ...]
    """Of each topic, in the order of their definition."""


class About(msgspec.Struct, frozen=True):
    """What the weights belong to. Digests are SHA-256 in hexadecimal digits."""

    weights: str
    lexicon: str
    text: str
    """Of the training text."""
    features: str
    """Of the vectors that were made of it."""
    thresholds: Thresholds
    libraries: dict[str, str]
    """That the weights were fitted with, with their versions; others may differ in the last digit."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Whole numbers between -127 and 127 for the features that have a weight, times the step of their block and column."""

    rows: NDArray[np.uint32]
    steps: Floats
    """Rows by columns would be long: blocks (words, letters, concepts, what follows) by columns."""
    blocks: NDArray[np.uint32]
    """First feature of each block."""
    values: NDArray[np.int8]
    added: Floats

    @property
    def digest(self) -> str:
        """Of all numbers, whatever the file around them."""
        parts = (self.rows, self.steps, self.blocks, self.values, self.added)
        return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()

    def dense(self, width: int) -> Floats:
        """Features by columns."""
        full = np.zeros((width, COLUMNS), dtype=np.float32)
        block = np.searchsorted(self.blocks, self.rows, side="right") - 1
        full[self.rows] = self.values * self.steps[block]
        return full


class Classifier:
    """Scores texts. Immutable, and safe to share between threads."""

    def __init__(self, features: Features, weights: Floats, added: Floats, thresholds: Thresholds) -> None:
        self._features = features
        self._weights = weights
        self._added = added
        self._thresholds = thresholds
        self._topics_from = np.array(thresholds.topics, dtype=np.float32)

    @staticmethod
    @cache
    def shipped() -> Classifier:
        """That of this package. `DamagedModel` where its parts do not belong together."""
        return load(FOLDER, Lexicon.shipped())

    def scores(self, text: str, language: str) -> Classes:
        """Of a title, a line feed and a text, in any script and of any length; `language`: ISO 639-1 or `und`.

        What is irrelevant has no topics and changes nothing. What is relevant has one topic at least.
        """
        sums = self.sums(text, language)
        relevance = _logistic(sums[0])
        if sums[0] < self._thresholds.relevance:
            return Classes(relevance, False, (), ChangeType.NONE, 1 - relevance)
        return Classes(relevance, True, self._topics(sums), *_change(sums))

    def sums(self, text: str, language: str) -> Floats:
        """Of each column, before the logistic function."""
        vector = self._features.of(text, language)
        found: Floats = vector.value @ self._weights[vector.at] + self._added
        return found

    def _topics(self, sums: Floats) -> tuple[Scored, ...]:
        """Those above their threshold, else the one that comes nearest to its own; the likeliest first."""
        own = sums[1:_FIRST_CHANGE]
        beyond = own - self._topics_from
        meant = np.flatnonzero((beyond >= 0) | (beyond == beyond.max()))
        ranked = sorted(meant, key=lambda number: (-own[number], TOPICS[number]))
        return tuple(Scored(TOPICS[number].value, _logistic(own[number])) for number in ranked)


def load(folder: Path, lexicon: Lexicon) -> Classifier:
    """A classifier from its files. `DamagedModel` where they do not belong together or cannot be read."""
    try:
        about = msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
        with np.load(folder / NUMBERS, allow_pickle=False) as found:
            weights = Weights(*(found[name] for name in ("rows", "steps", "blocks", "values", "added")))
    except (OSError, KeyError, ValueError) as error:
        raise DamagedModel(f"{folder}: {error}") from error
    if weights.digest != about.weights:
        raise DamagedModel(f"{folder}: the weights have the digest {weights.digest}, not {about.weights}")
    if lexicon.digest != about.lexicon:
        raise DamagedModel(f"{folder}: the weights were learnt with the lexicon {about.lexicon}, not {lexicon.digest}")
    if len(about.thresholds.topics) != len(TOPICS):
        raise DamagedModel(f"{folder}: {len(about.thresholds.topics)} thresholds for {len(TOPICS)} topics")
    features = Features(lexicon)
    return Classifier(features, weights.dense(features.width), weights.added, about.thresholds)


def _change(sums: Floats) -> tuple[ChangeType, float]:
    """The likeliest, and its share of what speaks for any."""
    own = sums[_FIRST_CHANGE:]
    grown = np.exp(own - own.max())
    best = int(own.argmax())
    return CHANGES[best], float(grown[best] / grown.sum())


def _logistic(total: float) -> float:
    """Between 0 and 1."""
    return float(1 / (1 + np.exp(-min(max(float(total), -_FURTHEST), _FURTHEST))))
