"""What a reader asks of classifiers: whether an item matters, what it is about, and what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ingest.read.model import ChangeType, Scored


@dataclass(frozen=True, slots=True)
class Classes:
    """Scores between 0 and 1. `relevant`: held to matter, by the threshold that the classifier was trained with."""

    relevance: float
    relevant: bool
    topics: tuple[Scored, ...]
    """Those that are held to be meant, best first."""
    change: ChangeType
    change_score: float


class Classify(Protocol):
    """Anything that gives classes to a text. The same text and language always have the same classes."""

    def scores(self, text: str, language: str) -> Classes: ...
