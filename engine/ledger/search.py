"""Looking for decisions: by what was stated and what was found, the newest first, never further than was promised.

The rows that are searched stand beside the chain (`search_tables`) and are taken in after the decisions, little by little: no
answer waits for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._database import Database, Readers
from engine.ledger._past_values import sortable
from engine.ledger._search_terms import ROLES, VERDICTS, Decided, row_of
from engine.ledger._time import EVER, from_micros, to_micros
from engine.ledger._writer import Writer
from engine.ledger.entries import StoredDecision
from engine.ledger.search_tables import DecisionSearchRow

MOST: Final = 100_000
"""Decisions that one question looks at."""
_CHUNKS: Final = (2_000, 18_000, 80_000)
"""The first look is a short one: most questions are answered by it."""
TOGETHER: Final = 100
"""Decisions that are taken in by one transaction. Their rows stand beside the chain, but it waits for them: on PostgreSQL five
hundred hold its head for 30 ms, a hundred for 3."""


@dataclass(frozen=True, slots=True)
class DecisionsWanted:
    """What a decision must be to be found. What is None, or empty, is not asked."""

    outcome: str | None = None
    reference: str | None = None
    text: str | None = None
    """A part of the reference or of the id, whatever the case of its letters."""
    country: str | None = None
    role: str | None = None
    """payer, payee, issuer or acquirer; None: any of them."""
    jurisdiction: str | None = None
    """Whose law was applied."""
    rule: str | None = None
    """`EEA/sca.low_value`, or `sca.low_value` of any pack: it fired."""
    verdicts: tuple[tuple[str, str], ...] = ()
    """Domain and its word."""
    currency: str | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Without it."""
    payer: str | None = None
    merchant: str | None = None
    release: str | None = None


@dataclass(frozen=True, slots=True)
class FoundDecision:
    """A decision as it is listed."""

    id: str
    at: datetime
    seq: int
    outcome: str
    reference: str | None
    payer: str | None
    merchant: str | None
    amount: str | None
    currency: str | None
    release: str
    verdicts: dict[str, str]
    countries: dict[str, str]
    """By role."""
    laws: tuple[str, ...]
    rules: tuple[str, ...]
    """Those that fired, with their packs: `EEA/sca.low_value`."""
    stated: dict[str, str]
    """kind, instrument, method, channel."""


@dataclass(frozen=True, slots=True)
class Search:
    """What was found. `next`: the cursor that goes on; None: there is nothing older."""

    data: tuple[FoundDecision, ...]
    next: str | None
    until: datetime | None
    """Back to where was looked, where that was not the end of it."""
    since: datetime | None
    """The newest decision that can be found already; None: that is all of them."""


class DecisionSearch:
    """Takes decisions in, and finds them."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        words = database.worded
        self._through, self._newer, self._untaken = words(_THROUGH), words(_NEWER), words(_UNTAKEN)
        self._floor, self._matching, self._one, self._place = (
            words(_FLOOR),
            words(_MATCHING),
            words(_ONE),
            words(_PLACE),
        )

    def take_in(self, most: int) -> int:
        """Take in at most so many decisions that were not yet, the oldest first. Returns how many. Waits for the disk."""
        taken = 0
        while taken < most:
            through = self._readers.row(self._through)[0]
            wanted = min(TOGETHER, most - taken)
            found = self._readers.rows(self._newer, {"through": through, "limit": wanted})
            if found:
                rows = [row_of(Decided(*row)) for row in found]
                self._writer.run(lambda batch, rows=rows: batch.insert(DecisionSearchRow, rows))  # type: ignore[misc]
            taken += len(found)
            if len(found) < wanted:
                break
        return taken

    def find(self, wanted: DecisionsWanted, *, limit: int, after: str | None, most: int = MOST) -> Search:
        """The newest first. Looks at `most` decisions at most, and says how far it came."""
        since = self._behind()
        below = self._start(wanted, after)
        if below is None:
            return Search((), None, None, since)
        found: list[FoundDecision] = []
        looked = 0
        asked = _asked(wanted)
        for chunk in _CHUNKS:
            size = min(chunk, most - looked)
            if size <= 0:
                break
            floor = self._readers.row(self._floor, {**_below(below), "since": asked["since"], "skip": size - 1})
            bounds = {**_below(below), **_from(floor), "limit": limit + 1 - len(found)}
            found += [_found(row) for row in self._readers.rows(self._matching, {**asked, **bounds})]
            if len(found) > limit:
                found = found[:limit]
                return Search(tuple(found), found[-1].id, None, since)
            if floor is None:
                return Search(tuple(found), None, None, since)
            below, looked = (floor[0], floor[1]), looked + size
        return Search(tuple(found), below[1], from_micros(below[0]), since)

    def one(self, decision_id: str) -> FoundDecision | None:
        """A stored decision as it would be listed, taken in or not."""
        row = self._readers.row(self._one, {"id": decision_id})
        return None if row is None else _found(row_of(Decided(*row)))

    @staticmethod
    def told(stored: StoredDecision) -> FoundDecision:
        """A decision that was read already, as it would be listed."""
        return _found(
            row_of(
                Decided(
                    stored.seq, stored.id, to_micros(stored.at), stored.reference, stored.payer_id, stored.outcome,
                    stored.release, stored.facts, stored.answer,
                )
            )
        )  # fmt: skip

    def _behind(self) -> datetime | None:
        """The newest decision that was taken in, where newer ones were not."""
        row = self._readers.row(self._untaken)
        return None if row is None else from_micros(row[0])

    def _start(self, wanted: DecisionsWanted, after: str | None) -> tuple[int, str] | None:
        """Below which place is looked; None for a cursor that is none."""
        start = (EVER if wanted.until is None else to_micros(wanted.until), "")
        if after is None:
            return start
        row = self._readers.row(self._place, {"id": after})
        return None if row is None else min(start, (row[0], after))


def _below(place: tuple[int, str]) -> dict[str, Any]:
    return {"below_at": place[0], "below_id": place[1]}


def _from(floor: Any) -> dict[str, Any]:
    return {"floor_at": -EVER, "floor_id": ""} if floor is None else {"floor_at": floor[0], "floor_id": floor[1]}


def _asked(wanted: DecisionsWanted) -> dict[str, Any]:
    verdicts = [f"% {domain}:{_plain(word)} %" for domain, word in wanted.verdicts]
    rule = wanted.rule
    return {
        "outcome": wanted.outcome,
        "reference": wanted.reference,
        "text": None if wanted.text is None else f"%{_plain(wanted.text.lower())}%",
        "country": None if wanted.country is None else f"% {wanted.role or '%'}={wanted.country} %",
        "law": None if wanted.jurisdiction is None else f"% law:{_plain(wanted.jurisdiction)} %",
        "rule": None if rule is None else f"% rule:{_plain(rule) if '/' in rule else '%/' + _plain(rule)} %",
        **{name: verdicts[at] if at < len(verdicts) else None for at, name in enumerate(_VERDICTS)},
        "currency": wanted.currency,
        "least": None if wanted.least is None else sortable(str(wanted.least)),
        "most": None if wanted.most is None else sortable(str(wanted.most)),
        "since": -EVER if wanted.since is None else to_micros(wanted.since),
        "payer": wanted.payer,
        "merchant": wanted.merchant,
        "release": wanted.release,
    }


def _plain(text_: str) -> str:
    """A text that LIKE takes word for word."""
    return text_.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _found(row: Any) -> FoundDecision:
    at, decision_id, seq, outcome, reference, payer, merchant, amount, _, currency, release, terms = row
    words = terms.split()
    pairs = dict(word.split("=", 1) for word in words if "=" in word)
    told = [word.split(":", 1) for word in words if ":" in word and "=" not in word]
    return FoundDecision(
        decision_id, from_micros(at), seq, outcome, reference, payer, merchant, amount, currency, release,
        {name: value for name, value in told if name in VERDICTS},
        {name: value for name, value in pairs.items() if name in ROLES},
        tuple(value for name, value in told if name == "law"),
        tuple(value for name, value in told if name == "rule"),
        {name: value for name, value in pairs.items() if name not in ROLES},
    )  # fmt: skip


_VERDICTS: Final = ("v1", "v2", "v3", "v4", "v5", "v6")
_THROUGH: Final = text("SELECT coalesce(max(seq), 0) FROM decision_search")
_NEWER: Final = text(
    "SELECT seq, id, at, reference, payer_id, outcome, release, facts, answer FROM decision WHERE seq > :through"
    " ORDER BY seq LIMIT :limit"
)
_ONE: Final = text(
    "SELECT seq, id, at, reference, payer_id, outcome, release, facts, answer FROM decision WHERE id = :id"
)
_PLACE: Final = text("SELECT at FROM decision WHERE id = :id")
_UNTAKEN: Final = text(
    "SELECT coalesce((SELECT max(at) FROM decision_search), 0) WHERE EXISTS (SELECT 1 FROM decision WHERE seq >"
    " (SELECT coalesce(max(seq), 0) FROM decision_search))"
)
_FLOOR: Final = text(
    "SELECT at, id FROM decision_search WHERE (at, id) < (:below_at, :below_id) AND at >= :since"
    " ORDER BY at DESC, id DESC LIMIT 1 OFFSET :skip"
)
# What is not asked is NULL. PostgreSQL must be told of what type even that is.
_MATCHING: Final = text(
    "SELECT at, id, seq, outcome, reference, payer, merchant, amount, size, currency, release, terms FROM decision_search"
    " WHERE (at, id) < (:below_at, :below_id) AND (at, id) >= (:floor_at, :floor_id) AND at >= :since"
    " AND (CAST(:outcome AS TEXT) IS NULL OR outcome = :outcome)"
    " AND (CAST(:reference AS TEXT) IS NULL OR reference = :reference)"
    " AND (CAST(:payer AS TEXT) IS NULL OR payer = :payer)"
    " AND (CAST(:merchant AS TEXT) IS NULL OR merchant = :merchant)"
    " AND (CAST(:release AS TEXT) IS NULL OR release = :release)"
    " AND (CAST(:currency AS TEXT) IS NULL OR currency = :currency)"
    " AND (CAST(:least AS TEXT) IS NULL OR size >= :least)"
    " AND (CAST(:most AS TEXT) IS NULL OR size <= :most)"
    " AND (CAST(:country AS TEXT) IS NULL OR terms LIKE :country ESCAPE '\\')"
    " AND (CAST(:law AS TEXT) IS NULL OR terms LIKE :law ESCAPE '\\')"
    " AND (CAST(:rule AS TEXT) IS NULL OR terms LIKE :rule ESCAPE '\\')"
    " AND (CAST(:v1 AS TEXT) IS NULL OR terms LIKE :v1 ESCAPE '\\')"
    " AND (CAST(:v2 AS TEXT) IS NULL OR terms LIKE :v2 ESCAPE '\\')"
    " AND (CAST(:v3 AS TEXT) IS NULL OR terms LIKE :v3 ESCAPE '\\')"
    " AND (CAST(:v4 AS TEXT) IS NULL OR terms LIKE :v4 ESCAPE '\\')"
    " AND (CAST(:v5 AS TEXT) IS NULL OR terms LIKE :v5 ESCAPE '\\')"
    " AND (CAST(:v6 AS TEXT) IS NULL OR terms LIKE :v6 ESCAPE '\\')"
    " AND (CAST(:text AS TEXT) IS NULL OR id LIKE :text ESCAPE '\\'"
    " OR lower(coalesce(reference, '')) LIKE :text ESCAPE '\\')"
    " ORDER BY at DESC, id DESC LIMIT :limit"
)
