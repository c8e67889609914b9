"""Stored decisions asked again, all of a stretch of time: how many are the same byte for byte, and how the others differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from api.problems import Problem
from api.replaying import PacksOf, replayed
from engine.ledger import BodyErased, Ledger, StoredDecision

PAGE: Final = 500
SHOWN: Final = 5
"""Differences that an example shows; how many there are is said beside them."""
EXAMPLES: Final = 20

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions, and under which law. None: without that limit; the law that each was made by, on its own day."""

    since: datetime | None = None
    until: datetime | None = None
    """The first instant that is not meant any more."""
    release: str | None = None
    legal_day: date | None = None


@dataclass(slots=True)
class Summary:
    """What came of it. Every decision is counted once: identical, different, or not replayed."""

    identical: int = 0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Outcome then and now, of those that differ."""
    failed: Counter[str] = field(default_factory=Counter)
    """Why so many could not be replayed."""
    examples: list[dict[str, Any]] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether every decision is what it was."""
        return not self.outcomes and not self.failed

    def body(self, wanted: Wanted) -> dict[str, Any]:
        """As JSON."""
        different, failed = self.outcomes.total(), self.failed.total()
        return {
            "from": None if wanted.since is None else wanted.since.isoformat(),
            "to": None if wanted.until is None else wanted.until.isoformat(),
            "release": wanted.release,
            "legal_day": None if wanted.legal_day is None else wanted.legal_day.isoformat(),
            "decisions": self.identical + different + failed,
            "identical": self.identical,
            "different": different,
            "outcomes": [
                {"was": was, "now": now, "decisions": number}
                for (was, now), number in sorted(self.outcomes.items(), key=lambda item: (-item[1], item[0]))
            ],
            "not_replayed": [{"why": why, "decisions": number} for why, number in sorted(self.failed.items())],
            "examples": self.examples,
        }


def replay_all(ledger: Ledger, packs_of: PacksOf, wanted: Wanted, progress: Progress) -> Summary:
    """Every decision that is meant, the oldest first. `packs_of` should remember: it is asked once a decision.

    What is decided meanwhile is not meant. Raises LedgerError.
    """
    total, upto = ledger.decided(wanted.since, wanted.until)
    found = Summary()
    for done, stored in enumerate(_decisions(ledger, wanted, upto), 1):
        _take(found, packs_of, stored, wanted)
        if done % PAGE == 0 or done == total:
            progress(done, total)
    return found


def _decisions(ledger: Ledger, wanted: Wanted, upto: int) -> Iterator[StoredDecision]:
    after = 0
    while page := ledger.stretch(wanted.since, wanted.until, after=after, upto=upto, limit=PAGE):
        yield from page
        after = page[-1].seq


def _take(found: Summary, packs_of: PacksOf, stored: StoredDecision, wanted: Wanted) -> None:
    try:
        result = replayed(packs_of, stored, wanted.release, wanted.legal_day)
    except BodyErased:
        found.failed["whom it was about was erased"] += 1
        return
    except Problem:
        found.failed["its release is not kept here"] += 1
        return
    except Exception as error:  # the edge of a long run: one that cannot be replayed must not hide the others
        found.failed[f"{type(error).__name__}"] += 1
        if len(found.examples) < EXAMPLES:
            found.examples.append({"id": stored.id, "was": stored.outcome, "now": None, "differences": []})
        return
    if result["identical"]:
        found.identical += 1
        return
    now = str(result["decision"]["outcome"])
    found.outcomes[stored.outcome, now] += 1
    if len(found.examples) < EXAMPLES:
        differing = result["differences"]
        found.examples.append({
            "id": stored.id, "was": stored.outcome, "now": now, "differing": len(differing),
            "differences": differing[:SHOWN],
        })  # fmt: skip
