"""Linear classifiers, fitted with scikit-learn: one for relevance, one for each topic and one for each type of change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from ingest.read.classify import CHANGES, COLUMNS, TOPICS
from ingest.read.features import LETTERS, WORDS, Features, Floats, Vector
from ingest.read.model import ChangeType, Topic

FEWEST_PUBLISHERS: Final = 3
"""A word or group of letters that fewer publishers use is a name or a turn of theirs: it has no weight."""

STRENGTH: Final = {"relevance": 3.0, "topic": 2.0, "change": 2.0}
"""Inverse of the L2 penalty."""


@dataclass(frozen=True, slots=True)
class Example:
    """A variant of an item, as numbers."""

    vector: Vector
    publisher: str
    item: int
    """Number of the item that it is a variant of."""
    relevant: bool
    topics: frozenset[Topic]
    change: ChangeType


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights: features by columns (relevance, topics, changes), and what is added to each column."""

    weights: Floats
    added: Floats

    def of(self, examples: Sequence[Example]) -> Floats:
        """Sums before the logistic function: examples by columns."""
        return np.stack([one.vector.value @ self.weights[one.vector.at] + self.added for one in examples])


def fit(features: Features, examples: Sequence[Example]) -> Fitted:
    """Of these examples, always the same."""
    table = _table(features, examples)
    table, kept = _used_widely(table, examples)
    relevant = np.array([one.relevant for one in examples])
    weights = np.zeros((features.width, COLUMNS), dtype=np.float32)
    added = np.zeros(COLUMNS, dtype=np.float32)

    def column(number: int, rows: Any, truth: NDArray[np.bool_], strength: float) -> None:
        model = LogisticRegression(
            C=strength, class_weight="balanced", solver="liblinear", dual=True, random_state=0, max_iter=1000
        )  # dual: the same weights to the fourth digit, in a fifth of the time
        with threadpool_limits(1):  # several threads add in another order, and the last digits with it
            model.fit(rows, truth)
        weights[kept, number] = model.coef_[0]
        added[number] = model.intercept_[0]

    column(0, table, relevant, STRENGTH["relevance"])
    rows = table[np.flatnonzero(relevant)]
    told = [one for one in examples if one.relevant]
    for number, topic in enumerate(TOPICS, start=1):  # what is irrelevant is asked for no topic, and teaches none
        column(number, rows, np.array([topic in one.topics for one in told]), STRENGTH["topic"])
    for number, change in enumerate(CHANGES, start=1 + len(TOPICS)):
        column(number, rows, np.array([one.change is change for one in told]), STRENGTH["change"])
    return Fitted(weights, added)


def _table(features: Features, examples: Sequence[Example]) -> Any:
    ends = np.cumsum([0, *(len(one.vector.at) for one in examples)])
    return csr_matrix(
        (
            np.concatenate([one.vector.value for one in examples]),
            np.concatenate([one.vector.at for one in examples]),
            ends,
        ),
        shape=(len(examples), features.width),
    )


def _used_widely(table: Any, examples: Sequence[Example]) -> tuple[Any, NDArray[np.int64]]:
    names = sorted({one.publisher for one in examples})
    number = {name: at for at, name in enumerate(names)}
    by_publisher = csr_matrix(
        (np.ones(len(examples)), ([number[one.publisher] for one in examples], range(len(examples)))),
        shape=(len(names), len(examples)),
    )
    used = (by_publisher @ abs(table)).getnnz(axis=0)
    hashed = np.arange(table.shape[1]) < WORDS + LETTERS
    kept = np.flatnonzero(np.where(hashed, used >= FEWEST_PUBLISHERS, used >= 1))
    return table.tocsc()[:, kept].tocsr(), kept
