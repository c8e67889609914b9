"""The room through which every stored body is read: it opens what is sealed, and says where it was erased."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import text

from engine.ledger._bodies import HEAD_BYTES, Bodies, DataKey, NotOpened, is_sealed, key_of, open_decision, open_parts
from engine.ledger._database import Database, Readers
from engine.ledger._vault import REFERENCE, Ask, Vault
from engine.ledger.errors import LedgerCorrupt


class Kept(NamedTuple):
    """The bodies of a decision as its row holds them."""

    id: str
    facts: bytes
    inputs: bytes = b""
    answer: bytes = b""


class KeptRow(NamedTuple):
    """Whatever of a row is sealed as one: what it belongs to, and of how many parts it is made."""

    about: str
    body: bytes
    parts: int


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

    def rows(self, ask: Ask, kept: Sequence[KeptRow]) -> list[tuple[bytes, ...] | None]:
        """The parts of sealed rows, in their order; None for those that were erased. Raises LedgerLocked, LedgerCorrupt."""
        keys = self.keys(ask, [one.body for one in kept])
        return [self._parts(one, keys) for one in kept]

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

    def _parts(self, one: KeptRow, keys: dict[int, DataKey | None]) -> tuple[bytes, ...] | None:
        key = keys[key_of(one.body)]
        if key is None:
            return None
        try:
            return open_parts(key, one.about, one.body, one.parts)
        except NotOpened as error:
            raise LedgerCorrupt(f"What is kept of {one.about} cannot be opened: {error}") from error


class Heads:
    """When decisions were made, and the first bytes of what is kept of them, which tell the key."""

    def __init__(self, database: Database) -> None:
        self._heads = database.worded(_SQLITE_HEADS if database.is_sqlite else _POSTGRES_HEADS)
        self._listed = database.listed

    def of(self, ask: Ask, ids: Sequence[str]) -> list[tuple[int, bytes]]:
        """Of each that is there, the newest one first: microseconds, bytes."""
        rows = ask(self._heads, {"ids": self._listed(ids), "head": HEAD_BYTES}) if ids else ()
        return [(int(at), bytes(head)) for at, head in rows]


class References:
    """References of decisions in the words of the caller, for rows beside the chain that hold a pseudonym."""

    def __init__(self, database: Database, readers: Readers, vault: Vault) -> None:
        self._readers, self._opener = readers, Opener(vault)
        self._bodies = database.worded(_SQLITE_BODIES if database.is_sqlite else _POSTGRES_BODIES)
        self._listed = database.listed

    def bodies(self, ids: Sequence[str]) -> dict[str, Bodies | None]:
        """The bodies of decisions, by their ids."""
        rows = self._readers.rows(self._bodies, {"ids": self._listed(ids)})
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
_SQLITE_HEADS: Final = text(
    "SELECT at, substr(facts, 1, CAST(:head AS INTEGER)) FROM decision WHERE id IN (SELECT value FROM json_each(:ids))"
    " ORDER BY seq DESC"
)
_POSTGRES_HEADS: Final = text(
    "SELECT at, substr(facts, 1, CAST(:head AS INTEGER)) FROM decision WHERE id = ANY(CAST(:ids AS TEXT[])) ORDER BY seq DESC"
)
