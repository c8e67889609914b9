"""What classifiers hold of a text, and the shape of whoever classifies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ingest.read.model import ChangeType, Scored


@dataclass(frozen=True, slots=True)
class Classes:
    """Relevance, topics, type of change. Scores lie between 0 and 1; topics are those held to be meant, best first."""

    relevance: float
    relevant: bool
    topics: tuple[Scored, ...]
    change: ChangeType
    change_score: float


class Classify(Protocol):
    """Whoever can tell the classes of a text: its title, a line feed, and its text."""

    def scores(self, text: str, language: str) -> Classes:
        """`language`: ISO 639-1, `und` where it could not be told."""
        ...
