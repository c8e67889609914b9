"""How well readings fit the labels. Pure: what was read is handed in, and nothing is asked of a clock, a file or a model.

Shares are floats between 0 and 1, or None where there was nothing to be right or wrong about; None is never counted as 0 or 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ingest.read.model import ChangeType, Status, Topic
from tests.ingest.evaluation.labelled import Item, Number, Place
from tests.ingest.evaluation.same import matched

NOT_LAW: Final = frozenset(
    (Status.ANNOUNCED, Status.CONSULTATION, Status.POSTPONED, Status.WITHDRAWN, Status.GUIDANCE, Status.ENFORCEMENT)
)
"""What must never become a value: read as law, it is the error that costs most."""
_MUST_TELL: Final = frozenset(
    (Status.ADOPTED, Status.IN_FORCE_SCHEDULED, Status.IN_FORCE, Status.POSTPONED, Status.GUIDANCE, Status.ENFORCEMENT)
)
"""Where a day that was not read counts as missed. The day that a proposal names may be read or left; a wrong one is wrong."""
TOP: Final = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What was read of an item. `links`: best first; None where nobody linked."""

    relevant: bool
    status: Status
    topics: frozenset[Topic] = frozenset()
    change: ChangeType = ChangeType.NONE
    effective: date | None = None
    instruments: tuple[str, ...] = ()
    pairs: frozenset[Number] = frozenset()
    links: tuple[Place, ...] | None = None


Seen = tuple[Item, Found]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one class or one kind of statement."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def support(self) -> int:
        """How many there are by the labels."""
        return self.right + self.missed

    @property
    def precision(self) -> float | None:
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        return _share(self.right, self.support)

    @property
    def f1(self) -> float | None:
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, slots=True)
class Measures:
    """All of one set of items, or of a part of it."""

    items: int
    relevance: dict[str, Score]
    topics: dict[str, Score]
    change: dict[str, Score]
    status: Counter[tuple[Status, Status]]
    """(as labelled, as read) -> how many."""
    instruments: Score
    effective: Score
    pairs: Score
    links: Score
    """`right`: a right target is among the first three; `wrong`: others are; `missed`: wrong or none."""
    unsafe: tuple[str, ...]
    """Items that are no law by their label and were read as law."""
    irrelevant_as_law: tuple[str, ...]

    def shares(self) -> dict[str, float | None]:
        """The figures that have floors, and the accuracy of the status."""
        same = sum(number for (label, read), number in self.status.items() if label is read)
        return {
            "relevance macro-F1": macro_f1(self.relevance),
            "relevance recall": self.relevance["relevant"].recall,
            "topics macro-F1": macro_f1(self.topics),
            "change macro-F1": macro_f1(self.change),
            "status accuracy": _share(same, sum(self.status.values())),
            "instruments F1": self.instruments.f1,
            "effective precision": self.effective.precision,
            "effective recall": self.effective.recall,
            "pairs recall": self.pairs.recall,
            "pairs precision": self.pairs.precision,
            "links in top 3": self.links.recall,
        }


def macro_f1(scores: dict[str, Score]) -> float | None:
    """The mean of the F1 of the classes that are labelled at least once.

    A class that nobody labelled has no F1 and is left out: its false alarms are misses of another class, or are told beside it.
    """
    f1 = [score.f1 or 0.0 for score in scores.values() if score.support]
    return sum(f1) / len(f1) if f1 else None


def measure(seen: Sequence[Seen]) -> Measures:
    """The measures of these items."""
    told = [pair for pair in seen if pair[0].relevant]
    return Measures(
        items=len(seen),
        relevance=classes(seen, lambda item: {_word(item.relevant)}, lambda found: {_word(found.relevant)}),
        topics=classes(seen, lambda item: item.topics, lambda found: found.topics),
        change=classes(told, lambda item: {item.change}, lambda found: {found.change}),
        status=Counter((item.status, found.status) for item, found in seen),
        instruments=_sum(Score(*matched(item.instruments, found.instruments)) for item, found in told),
        effective=_sum(_effective(item, found) for item, found in seen if item.relevant or found.relevant),
        pairs=_sum(_pairs(item, found) for item, found in seen if item.relevant or found.relevant),
        links=_sum(_links(item, found.links) for item, found in told if item.links and found.links is not None),
        unsafe=tuple(item.id for item, found in told if item.status in NOT_LAW and found.status.is_law),
        irrelevant_as_law=tuple(item.id for item, found in seen if not item.relevant and found.status.is_law),
    )


def classes(
    seen: Iterable[Seen], wanted: Callable[[Item], Iterable[Any]], read: Callable[[Found], Iterable[Any]]
) -> dict[str, Score]:
    """The counts of each class that was labelled or read, by its name."""
    counts: Counter[tuple[str, str]] = Counter()
    for item, found in seen:
        labels, told = set(map(str, wanted(item))), set(map(str, read(found)))
        counts.update((name, "right") for name in labels & told)
        counts.update((name, "wrong") for name in told - labels)
        counts.update((name, "missed") for name in labels - told)
    names = sorted({name for name, _ in counts})
    scores = {name: Score(*(counts[name, kind] for kind in ("right", "wrong", "missed"))) for name in names}
    return {**({"relevant": Score()} if "irrelevant" in scores else {}), **scores}


def parts(seen: Iterable[Seen], key: Callable[[Item], Hashable]) -> dict[str, Measures]:
    """The measures of each part: by language, by source, by status."""
    groups: dict[str, list[Seen]] = {}
    for item, found in seen:
        groups.setdefault(str(key(item)), []).append((item, found))
    return {name: measure(group) for name, group in sorted(groups.items())}


def _effective(item: Item, found: Found) -> Score:
    right = item.effective is not None and found.effective == item.effective
    return Score(
        right=int(right),
        wrong=int(found.effective is not None and not right),
        missed=int(item.effective is not None and not right and item.status in _MUST_TELL),
    )


def _pairs(item: Item, found: Found) -> Score:
    """A withdrawn change need not tell its numbers; those that are read must be its own all the same."""
    right = len(item.pairs & found.pairs)
    missed = 0 if item.status is Status.WITHDRAWN else len(item.pairs) - right
    return Score(right, len(found.pairs) - right, missed)


def _links(item: Item, links: tuple[Place, ...]) -> Score:
    first = links[:TOP]
    right = any(wanted.is_met_by(one) for wanted in item.links for one in first)
    return Score(int(right), int(bool(first) and not right), int(not right))


def _sum(scores: Iterable[Score]) -> Score:
    return sum(scores, Score())


def _word(relevant: bool) -> str:
    return "relevant" if relevant else "irrelevant"


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
