"""Looking for decisions: by what was stated and what was found, the newest first, never further than was promised.

The rows that are searched stand beside the chain (`search_tables`). In a file they are written with their decisions, where none
from before waits; otherwise they are taken in afterwards, little by little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._bodies import Bodies
from engine.ledger._database import Database, Readers
from engine.ledger._opened import Kept, Opener, References
from engine.ledger._past_values import sortable
from engine.ledger._search_terms import ROLES, VERDICTS, Decided, decided_of, row_of
from engine.ledger._time import EVER, from_micros, to_micros
from engine.ledger._vault import PAYER, REFERENCE, Ask, Vault
from engine.ledger._writer import Writer
from engine.ledger.entries import StoredDecision
from engine.ledger.search_tables import DecisionSearchRow

MOST: Final = 100_000
"""Decisions that one question looks at."""
MOST_OPENED: Final = 20_000
"""Decisions that one question opens."""
_OPENED: Final = 200
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
    erased: bool = False
    """Whom it was about was erased: what is left says nothing of them."""


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

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._readers, self._writer = readers, writer
        self._vault, self._opener = vault, Opener(vault)
        self._named_in = References(database, readers, vault)
        words = database.worded
        self._through, self._newer, self._untaken = words(_THROUGH), words(_NEWER), words(_UNTAKEN)
        self._floor, self._matching, self._one, self._place = (
            words(_FLOOR),
            words(_MATCHING),
            words(_ONE),
            words(_PLACE),
        )

    def take_in(self, most: int) -> int:
        """Take in at most so many decisions that were not yet, the oldest first, and with the last of them what was made in the
        meantime. Returns how many. Waits for the disk."""
        taken = 0
        while taken < most:
            through = self._readers.row(self._through)[0]
            wanted = min(TOGETHER, most - taken)
            found = self._readers.rows(self._newer, {"through": through, "limit": wanted})
            if found:
                rows, is_all = [row_of(one) for one, _ in self._decided(found)], len(found) < wanted
                self._writer.run(lambda batch, rows=rows, is_all=is_all: self._keep(batch, rows, is_all))  # type: ignore[misc]
            taken += len(found)
            if len(found) < wanted:
                break
        return taken

    def _keep(self, batch: Batch, rows: list[tuple[object, ...]], is_all: bool) -> None:
        batch.insert(DecisionSearchRow, rows)
        if is_all:
            # From here on none is missing, and whatever is decided next is found at once.
            left = batch.rows(self._newer, {"through": rows[-1][2], "limit": TOGETHER})
            batch.insert(DecisionSearchRow, [row_of(one) for one, _ in self._decided(left, batch.rows)])

    def find(self, wanted: DecisionsWanted, *, limit: int, after: str | None, most: int = MOST) -> Search:
        """The newest first. Looks at `most` decisions at most, and says how far it came. For a text in a ledger that protects
        personal data at `MOST_OPENED`: each that is else as it is wanted must be opened."""
        since = self._behind()
        below = self._start(wanted, after)
        if below is None:
            return Search((), None, None, since)
        found: list[FoundDecision] = []
        looked = 0
        asked, spoken = _asked(wanted, self._vault), None
        if wanted.text is not None and self._vault.is_open:
            asked["text"], spoken, most = None, wanted.text.lower(), min(most, MOST_OPENED)
        for chunk in _CHUNKS:
            size = min(chunk, most - looked)
            if size <= 0:
                break
            floor = self._readers.row(self._floor, {**_below(below), "since": asked["since"], "skip": size - 1})
            bounds = {**_below(below), **_from(floor), "limit": limit + 1 - len(found) if spoken is None else size}
            part = [_found(row) for row in self._readers.rows(self._matching, {**asked, **bounds})]
            found += part if spoken is None else self._speaking(part, spoken, limit + 1 - len(found))
            if len(found) > limit:
                found = found[:limit]
                return Search(self._named(found), found[-1].id, None, since)
            if floor is None:
                return Search(self._named(found), None, None, since)
            below, looked = (floor[0], floor[1]), looked + size
        return Search(self._named(found), below[1], from_micros(below[0]), since)

    def one(self, decision_id: str) -> FoundDecision | None:
        """A stored decision as it would be listed, taken in or not."""
        row = self._readers.row(self._one, {"id": decision_id})
        if row is None:
            return None
        ((decided, bodies),) = self._decided([row])
        return _told(_found(row_of(decided)), bodies)

    @staticmethod
    def told(stored: StoredDecision) -> FoundDecision:
        """A decision that was read already, as it would be listed."""
        facts, _, answer = stored.bodies or (b"", b"", b"")
        found = _found(
            row_of(
                Decided(
                    stored.seq, stored.id, to_micros(stored.at), stored.reference, stored.payer_id, stored.outcome,
                    stored.release, facts, answer,
                )
            )
        )  # fmt: skip
        return replace(found, erased=stored.erased)

    def _speaking(self, found: Sequence[FoundDecision], text_: str, most: int) -> list[FoundDecision]:
        """The first of them whose reference or id has a text in it."""
        spoken: list[FoundDecision] = []
        for begin in range(0, len(found), _OPENED):
            part = self._named(found[begin : begin + _OPENED])
            spoken += [one for one in part if text_ in one.id.lower() or text_ in (one.reference or "").lower()]
            if len(spoken) >= most:
                break
        return spoken[:most]

    def _decided(self, rows: Sequence[Sequence[Any]], ask: Ask | None = None) -> list[tuple[Decided, Bodies | None]]:
        """Decisions as their rows are worked out: columns as they stand, bodies opened. Of the erased nothing is left to read.
        `ask`: of a transaction, which alone knows the keys that it has made."""
        opened = self._opener.bodies(ask or self._readers.rows, [Kept(row[1], row[7], b"", row[8]) for row in rows])
        return [(decided_of(row, bodies), bodies) for row, bodies in zip(rows, opened, strict=True)]

    def _named(self, found: Sequence[FoundDecision]) -> tuple[FoundDecision, ...]:
        """What was found, with names for pseudonyms."""
        self._vault.require()
        if not self._vault.is_open or not found:
            return tuple(found)
        bodies = self._named_in.bodies([one.id for one in found])
        return tuple(_told(one, bodies[one.id]) for one in found)

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


def _told(found: FoundDecision, bodies: Bodies | None) -> FoundDecision:
    """A decision as it is listed: its names, or that they were erased."""
    if bodies is None:
        return replace(found, reference=None, payer=None, erased=True)
    if bodies.names is None:
        return found
    return replace(found, reference=bodies.names.reference, payer=bodies.names.payer)


def _asked(wanted: DecisionsWanted, vault: Vault) -> dict[str, Any]:
    verdicts = [f"% {domain}:{_plain(word)} %" for domain, word in wanted.verdicts]
    rule = wanted.rule
    return {
        "outcome": wanted.outcome,
        "reference": wanted.reference,
        "reference_kept": None if wanted.reference is None else vault.pseudonym(REFERENCE, wanted.reference),
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
        "payer_kept": None if wanted.payer is None else vault.pseudonym(PAYER, wanted.payer),
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
    " AND (CAST(:reference AS TEXT) IS NULL OR reference IN (:reference, :reference_kept))"
    " AND (CAST(:payer AS TEXT) IS NULL OR payer IN (:payer, :payer_kept))"
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
