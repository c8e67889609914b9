"""The room through which every stored body is read: it opens what is sealed, and says where it was erased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import orjson
from sqlalchemy import text

from engine.ledger._bodies import Bodies, DataKey, NotOpened, is_sealed, key_of, open_decision
from engine.ledger._database import Database, Readers
from engine.ledger._vault import REFERENCE, Ask, Vault
from engine.ledger.errors import BodyErased, LedgerCorrupt


class Kept(NamedTuple):
    """The bodies of a decision as its row holds them."""

    id: str
    facts: bytes
    inputs: bytes = b""
    answer: bytes = b""


class Opener:
    """Opens bodies, some at a time."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault

    def bodies(self, ask: Ask, kept: Sequence[Kept]) -> list[Bodies | None]:
        """What decisions said, in their order; None for those that were erased. Raises LedgerLocked, LedgerCorrupt."""
        keys = self.keys(ask, [one.facts for one in kept])
        return [
            self._body(one, keys) if is_sealed(one.facts) else Bodies(None, one.facts, one.inputs, one.answer)
            for one in kept
        ]

    def answer(self, ask: Ask, decision_id: str, given: bytes, sealed: bytes | None) -> bytes:
        """An answer that is kept under an idempotency key; `sealed`: the bodies of its decision, where they hold it.

        Raises BodyErased, LedgerLocked, LedgerCorrupt.
        """
        if sealed is None or not is_sealed(sealed):
            return given
        (found,) = self.bodies(ask, [Kept(decision_id, sealed)])
        if found is None:
            raise BodyErased(decision_id)
        return found.answer

    def keys(self, ask: Ask, bodies: Sequence[bytes]) -> dict[int, DataKey | None]:
        """The keys that sealed bodies want; None for one that was erased."""
        try:
            return self.vault.read(ask, [key_of(one) for one in bodies if is_sealed(one)])
        except NotOpened as error:
            raise LedgerCorrupt(f"A sealed body cannot be opened: {error}") from error

    def _body(self, one: Kept, keys: dict[int, DataKey | None]) -> Bodies | None:
        key = keys[key_of(one.facts)]
        if key is None:
            return None
        try:
            return open_decision(key, one.id, one.facts)
        except NotOpened as error:
            raise LedgerCorrupt(f"The decision {one.id} cannot be opened: {error}") from error


class References:
    """References of decisions in the words of the caller, for rows beside the chain that hold a pseudonym."""

    def __init__(self, database: Database, readers: Readers, vault: Vault) -> None:
        self._readers, self._opener = readers, Opener(vault)
        self._bodies = database.worded(_SQLITE_BODIES if database.is_sqlite else _POSTGRES_BODIES)
        self._as_list = (lambda ids: orjson.dumps(ids).decode()) if database.is_sqlite else list

    def bodies(self, ids: Sequence[str]) -> dict[str, Bodies | None]:
        """The bodies of decisions, by their ids."""
        rows = self._readers.rows(self._bodies, {"ids": self._as_list(ids)})
        opened = self._opener.bodies(self._readers.rows, [Kept(*row) for row in rows])
        return {row[0]: one for row, one in zip(rows, opened, strict=True)}

    def of(self, rows: Sequence[tuple[str, str | None]]) -> list[str | None]:
        """For each decision and what a row holds as its reference: the reference. None: there is none, or it was erased."""
        kept = [decision for decision, held in rows if held is not None and held.startswith(REFERENCE)]
        bodies = self.bodies(kept) if kept else {}
        return [_reference(bodies[decision], held) if decision in bodies else held for decision, held in rows]


def _reference(found: Bodies | None, held: str | None) -> str | None:
    if found is None:
        return None
    return held if found.names is None else found.names.reference


_SQLITE_BODIES: Final = text("SELECT id, facts FROM decision WHERE id IN (SELECT value FROM json_each(:ids))")
_POSTGRES_BODIES: Final = text("SELECT id, facts FROM decision WHERE id = ANY(CAST(:ids AS TEXT[]))")
GIVEN: Final = text(
    "SELECT a.decision_id, a.request_sha256, coalesce(a.answer, d.answer), CASE WHEN length(d.answer) = 0 THEN d.facts END"
    " FROM answer a LEFT JOIN decision d ON d.id = a.decision_id WHERE a.scope = :scope AND a.key = :key"
)
"""What an idempotency key stands for: decision, digest of the request, answer, and its bodies where those hold it sealed."""
