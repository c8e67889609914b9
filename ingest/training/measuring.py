"""How good the classifiers are on publishers that they have not seen.

Random folds would flatter: items of one publisher resemble each other. So a publisher is either learnt from or asked about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.read.classify import CHANGES, COLUMNS, TOPICS, Thresholds
from ingest.read.features import Features, Floats
from ingest.training.fitting import Example, fit
from ingest.training.items import Item
from ingest.training.varied import VARIANTS

FOLDS: Final = 8
LEAST_RECALL: Final = 0.955
"""Of what is relevant; what is not shown to an officer cannot be corrected by one. Most items of the training text are shorter
than any publication: of longer ones, of publishers not seen, more is found."""

_TOPIC_FROM: Final = tuple(step / 10 for step in range(-5, 6))
"""Near even odds: further off, the best of few items would be chance."""
_AS_GOOD: Final = 0.005
"""F1 by which two thresholds do not differ: of those, the one nearest to even odds is taken."""
_NEAR: Final = (-0.2, -0.1, 0.0, 0.1, 0.2)
"""A threshold is as good as those beside it: a single item must not decide."""

Truths = NDArray[np.bool_]


def unseen(features: Features, items: Sequence[Item], found: Sequence[Example]) -> Floats:
    """Of each item as written, the sums of classifiers that have not seen its publisher: items by columns."""
    names = sorted({item.publisher for item in items}, key=lambda name: hashlib.sha256(name.encode()).digest())
    fold = {name: number % FOLDS for number, name in enumerate(names)}
    sums = np.zeros((len(items), COLUMNS), dtype=np.float32)
    for number in range(FOLDS):
        fitted = fit(features, [one for one in found if fold[one.publisher] != number])
        asked = [one for one in found[::VARIANTS] if fold[one.publisher] == number]
        if asked:
            sums[[one.item for one in asked]] = fitted.of(asked)
    return sums


def thresholds(items: Sequence[Item], sums: Floats) -> Thresholds:
    """Of relevance: the best mean F1 of all folds together that recalls enough; of each topic: its best F1."""
    relevant = np.array([item.relevant for item in items])
    highest = float(np.quantile(sums[relevant, 0], 1 - LEAST_RECALL, method="lower"))
    candidates = [step / 10 for step in range(-20, 11) if step / 10 <= highest] or [highest]
    relevance = max(candidates, key=lambda one: (round(_smooth(relevant, sums[:, 0], one, _both), 4), -one))
    own = [number for number, item in enumerate(items) if item.relevant]
    topics = []
    for number, topic in enumerate(TOPICS, start=1):
        truth = np.array([topic in items[n].topics for n in own])
        total = sums[own, number]
        reached = {one: _smooth(truth, total, one, f1) for one in _TOPIC_FROM}
        topics.append(min((one for one in reached if reached[one] >= max(reached.values()) - _AS_GOOD), key=abs))
    return Thresholds(relevance=round(relevance, 3), topics=tuple(topics))


def _smooth(truth: Truths, total: Floats, threshold: float, score: Callable[[Truths, Truths], float]) -> float:
    return _mean(score(truth, total >= threshold + off) for off in _NEAR)


def _both(truth: Truths, said: Truths) -> float:
    return (f1(truth, said) + f1(~truth, ~said)) / 2


@dataclass(frozen=True, slots=True)
class Measured:
    """Between 0 and 1. `f1`: the mean over both classes, all topics, or all types of change."""

    items: int
    relevant: int
    f1: float
    recall: float
    """Of what is relevant."""
    topics: float
    topics_each: dict[str, float]
    change: float
    change_each: dict[str, float]


def measured(items: Sequence[Item], sums: Floats, at: Thresholds) -> Measured:
    """Topics and types of change are counted over what is relevant, whether or not it was found to be."""
    relevant = np.array([item.relevant for item in items])
    said = sums[:, 0] >= at.relevance
    changes = sums[:, 1 + len(TOPICS) :].argmax(axis=1)
    own = [n for n, item in enumerate(items) if item.relevant]
    each_change = {
        change.value: f1(
            np.array([items[n].change is change for n in own]), np.array([CHANGES[changes[n]] is change for n in own])
        )
        for change in CHANGES
        if any(items[n].change is change for n in own)
    }
    each_topic = _each_topic(items, sums, at)
    return Measured(
        len(items),
        int(relevant.sum()),
        _both(relevant, said),
        float((said & relevant).sum() / max(int(relevant.sum()), 1)),
        _mean(each_topic.values()),
        each_topic,
        _mean(each_change.values()),
        each_change,
    )


def mistaken(items: Sequence[Item], sums: Floats, at: Thresholds) -> list[Item]:
    """Those whose relevance was mistaken."""
    return [item for item, total in zip(items, sums[:, 0], strict=True) if (total >= at.relevance) != item.relevant]


def by(items: Sequence[Item], sums: Floats, at: Thresholds, key: Callable[[Item], str]) -> dict[str, Measured]:
    """Measured apart, for each value of the key."""
    numbers: dict[str, list[int]] = {}
    for number, item in enumerate(items):
        numbers.setdefault(key(item), []).append(number)
    return {name: measured([items[n] for n in own], sums[own], at) for name, own in sorted(numbers.items())}


def f1(truth: Truths, said: Truths) -> float:
    """The harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found."""
    both, either = int((truth & said).sum()), int(truth.sum()) + int(said.sum())
    return 2 * both / either if either else 1.0


def _each_topic(items: Sequence[Item], sums: Floats, at: Thresholds) -> dict[str, float]:
    own = [n for n, item in enumerate(items) if item.relevant]
    beyond = sums[own, 1 : 1 + len(TOPICS)] - np.array(at.topics, dtype=np.float32)
    said = (beyond >= 0) | (beyond == beyond.max(axis=1, keepdims=True))
    return {
        topic.value: f1(np.array([topic in items[n].topics for n in own]), said[:, number])
        for number, topic in enumerate(TOPICS)
        if any(topic in items[n].topics for n in own)
    }


def _mean(values: Iterable[float]) -> float:
    told = list(values)
    return sum(told) / len(told) if told else 1.0
