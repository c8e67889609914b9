"""Other matchers on the same lists and queries: nomenklatura's logic-v1 and logic-v2, and a full scan with rapidfuzz.

nomenklatura compares two entities and leaves finding them to a search engine. Here finding costs it nothing and never fails: for
each query it is handed fifty entries, the nearest that rapidfuzz finds, with the right ones always among them, made into its own
objects before the clock starts. Each peer's threshold is chosen after the fact, in its favour: the lowest that keeps false
positives at one percent of these very negatives.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from typing import Any, Final

from rapidfuzz import fuzz, process, utils

from bench.screening_queries import Case
from engine.screening.model import EntityKind, Listed

NEAREST: Final = 50
USUAL: Final = 0.7
"""The threshold that nomenklatura's and yente's documentation works with."""
FALSE: Final = 0.01
"""The share of negatives that a peer may find."""
_SCHEMATA: Final = {
    EntityKind.PERSON: "Person", EntityKind.ORGANISATION: "Organization", EntityKind.VESSEL: "Vessel",
    EntityKind.AIRCRAFT: "Airplane", EntityKind.UNKNOWN: "LegalEntity",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Peer:
    """What one of them came to. `failure`: why it did nothing."""

    name: str
    version: str | None = None
    recall: float = 0.0
    false_positives: float = 0.0
    threshold: float = 0.0
    per_second: float = 0.0
    usual: tuple[float, float] | None = None
    """Found and false at the threshold that its own project suggests."""
    failure: str | None = None


Scores = list[tuple[float, float]]
"""For each query the best score of a right entry, and the best of any."""


def peers(entries: Sequence[Listed], positives: Sequence[Case], negatives: Sequence[Case]) -> list[Peer]:
    """All of them, one after the other."""
    names = [(utils.default_process(name.text), entry) for entry in entries for name in entry.names]
    texts = [text for text, _ in names]
    scan = _scan(names, texts, positives, negatives)
    cases = [*positives, *negatives]
    by_id = {entry.id: entry for entry in entries}
    nearest = [_nearest(case, names, texts, by_id) for case in cases]
    logics = [_logic(name, cases, nearest, len(positives)) for name in ("logic-v1", "logic-v2")]
    return [*logics, scan]


def _nearest(
    case: Case, names: Sequence[tuple[str, Listed]], texts: Sequence[str], by_id: dict[str, Listed]
) -> list[Listed]:
    found = process.extract(
        case.text, texts, scorer=fuzz.token_sort_ratio, processor=utils.default_process, limit=NEAREST
    )
    near = {entry.id: entry for entry in (names[place][1] for _, _, place in found)}
    return list(({one: by_id[one] for one in sorted(case.right)} | near).values())[:NEAREST]


def _scan(
    names: Sequence[tuple[str, Listed]], texts: Sequence[str], positives: Sequence[Case], negatives: Sequence[Case]
) -> Peer:
    """Every name against every query; nothing but rapidfuzz."""
    scores: Scores = []
    start = time.perf_counter()
    for case in (*positives, *negatives):
        found = process.extract(
            case.text, texts, scorer=fuzz.token_sort_ratio, processor=utils.default_process, limit=NEAREST
        )
        right = max((score for _, score, place in found if names[place][1].id in case.right), default=0.0)
        scores.append((right, max((score for _, score, _ in found), default=0.0)))
    spent = time.perf_counter() - start
    return _told("rapidfuzz token_sort_ratio, full scan", metadata.version("rapidfuzz"), scores, len(positives), spent)


def _logic(name: str, cases: Sequence[Case], nearest: Sequence[list[Listed]], positives: int) -> Peer:
    try:
        compare, make = _nomenklatura(name)
    except ImportError as error:
        return Peer(f"nomenklatura {name}", failure=f"not installed: {error}")
    made = {
        entry.id: make(entry.id, entry.kind, [one.text for one in entry.names]) for near in nearest for entry in near
    }
    queries = [make(f"query-{at}", case.kind, [case.text]) for at, case in enumerate(cases)]
    scores: Scores = []
    start = time.perf_counter()
    for query, case, near in zip(queries, cases, nearest, strict=True):
        found = [(compare(query, made[entry.id]), entry.id) for entry in near]
        right = max((score for score, entry in found if entry in case.right), default=0.0)
        scores.append((right, max((score for score, _ in found), default=0.0)))
    spent = time.perf_counter() - start
    told = _told(f"nomenklatura {name}", metadata.version("nomenklatura"), scores, positives, spent)
    found = sum(right >= USUAL for right, _ in scores[:positives]) / positives
    false = sum(best >= USUAL for _, best in scores[positives:]) / (len(scores) - positives)
    return replace(told, usual=(found, false))


def _nomenklatura(name: str) -> tuple[Callable[[Any, Any], float], Callable[[str, EntityKind, list[str]], Any]]:
    from followthemoney import model
    from nomenklatura.matching import get_algorithm
    from nomenklatura.matching.types import ScoringConfig

    algorithm, config = get_algorithm(name), ScoringConfig.defaults()
    if algorithm is None:
        raise ImportError(f"this release has no {name}")

    def make(key: str, kind: EntityKind, names: list[str]) -> Any:
        entity = model.make_entity(_SCHEMATA[kind])
        entity.id = key
        entity.add("name", names)
        return entity

    return lambda query, entity: algorithm.compare(query, entity, config).score, make


def _told(name: str, version: str, scores: Scores, positives: int, spent: float) -> Peer:
    wrong = sorted(best for _, best in scores[positives:])
    allowed = int(FALSE * len(wrong))
    held = wrong[-allowed - 1]
    threshold = min((right for right, _ in scores[:positives] if right > held), default=held)
    recall = sum(right > held for right, _ in scores[:positives]) / positives
    false = sum(best > held for best in wrong) / len(wrong)
    return Peer(name, version, recall, false, threshold, len(scores) / spent)
