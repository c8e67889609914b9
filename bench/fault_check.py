"""What must hold after a fault run: each answer stored once as it was given, the chain whole, and none milder than the reference.

The reference is the engine asked in this process, about the same payment, with a past that is exactly what the caller had been
told was taken before it asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import orjson

from api.deciding import facts_in
from api.master_key import MasterKey
from api.settings import Settings
from bench.fault_load import Asked, Told
from engine.decide import decide
from engine.history import FeatureAnswer, FeatureQuestion, PastPayments, PastQuestion
from engine.ledger import Ledger, verify
from engine.money import Money, RateTable
from engine.packs import PackSet

STRICTER: Final = ("allow", "challenge", "collect", "review", "block")
AWAY: Final = timedelta(seconds=8)
"""How far the moment of an answer may lie outside of when it was asked for: the clocks' skew that is allowed, and some more."""


@dataclass(frozen=True, slots=True)
class Known:
    """A past of one payer: payments of these amounts, in euros."""

    amounts: tuple[str, ...]

    def since_authenticated(self, asked: PastQuestion) -> PastPayments:
        """All of them."""
        total = sum(map(Decimal, self.amounts), Decimal(0))
        return PastPayments((Money(total, "EUR"),) if self.amounts else (), len(self.amounts))

    def features(self, asked: Sequence[FeatureQuestion]) -> Sequence[FeatureAnswer | None]:
        """Nothing of that kind is asked of these payments."""
        return [None] * len(asked)


@dataclass(slots=True)
class Verdict:
    """What was found. All lists are empty where all is well."""

    lost: list[str] = field(default_factory=list)
    """Answered, and not stored so."""
    doubled: list[str] = field(default_factory=list)
    """Keys with more than one decision."""
    strangers: list[str] = field(default_factory=list)
    """Decisions that nobody asked for."""
    milder: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    """Stricter than the reference, or of another reason."""
    untimely: list[str] = field(default_factory=list)
    """Decided at a moment that was not theirs."""
    broken: str = ""
    """The first bad row of the chain."""
    rows: int = 0
    unanswered: int = 0
    """Stored, and never told to whoever asked: the run ended first."""

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        found = (self.lost, self.doubled, self.strangers, self.milder, self.other, self.untimely, self.broken)
        return not any(found)


def checked(told: Told, url: str, packs: PackSet, master_key: Path | None = None) -> Verdict:
    """Everything, against the ledger and the reference. `master_key`: the service's file, where it protected the ledger."""
    found = Verdict()
    report = verify(url)
    found.rows = report.rows
    found.broken = "" if report.first_bad is None else str(report.first_bad)
    with Ledger.open(url) as ledger:
        MasterKey(Settings(database=url, master_key=master_key)).unlock(ledger)
        stored = _stored(ledger)
        rates = RateTable(list(ledger.rates()))
    answered = {asked.key: asked for asked in told.answered}
    for key, rows in stored.items():
        if len(rows) > 1:
            found.doubled.append(key)
        if key not in told.sent:
            found.strangers.append(key)
        elif key not in answered:
            found.unanswered += 1
    for asked in told.answered:
        if asked.answer not in stored.get(asked.key, ()):
            found.lost.append(asked.key)
        _compare(asked, packs, rates, found)
    return found


def _stored(ledger: Ledger) -> dict[str, list[bytes]]:
    """The answers of all decisions by the reference of their payment."""
    found: dict[str, list[bytes]] = {}
    after = 0
    while rows := ledger.stretch(None, None, after=after, upto=2**62, limit=1000):
        for row in rows:
            found.setdefault(row.reference or "", []).append(row.answer)
        after = rows[-1].seq
    return found


def _compare(asked: Asked, packs: PackSet, rates: RateTable, found: Verdict) -> None:
    answer = orjson.loads(asked.answer)
    at = datetime.fromisoformat(answer["evaluated_at"])
    if not asked.first_sent - AWAY <= at <= asked.answered + AWAY:
        found.untimely.append(f"{asked.key}: decided at {at}, asked from {asked.first_sent} to {asked.answered}")
    reference = decide(
        facts_in(asked.body), packs, Known(asked.taken), rates=rates, decision_id=answer["id"], now=at, domains=("sca",)
    ).body  # fmt: skip
    outcomes = answer["outcome"], reference["outcome"]
    if STRICTER.index(outcomes[0]) < STRICTER.index(outcomes[1]):
        found.milder.append(f"{asked.key}: {outcomes[0]}, and the reference says {outcomes[1]}")
    elif outcomes[0] != outcomes[1] or answer["sca"]["verdict"] != reference["sca"]["verdict"]:
        found.other.append(f"{asked.key}: {outcomes[0]}, and the reference says {outcomes[1]}")
