"""Alerts, cases, clearances and screenings about persons, as they lie in the ledger: the subject by pseudonym, what is said of it
under its key.

About a party with an id that is the key of the party; about who has none, an account or a card that of the newest decision in
evidence. What was sealed under a key that was erased is never read again. What is about the service, a list or the law is about
nobody, and lies as it is said.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._bodies import CASE, DataKey, NotOpened, is_sealed, key_of, open_row, packed, seal_row, unpacked
from engine.ledger._database import Database
from engine.ledger._opened import Heads
from engine.ledger._vault import PAYER, Ask, Vault
from engine.ledger._watched import known_between
from engine.ledger.errors import BodyErased, LedgerCorrupt

SUBJECT: Final = "lxs_"
"""How the pseudonyms of their subjects begin."""
ERASED: Final = "Erased."
"""What is shown in place of what was said."""
NOBODY: Final = frozenset({"service", "list", "change"})
"""Kinds of subjects that are no persons."""
NAMELESS: Final = ("name:", "wallet:")
_TEXT: Final = "lxs1."
"""How a sealed text begins in a column of text."""


@dataclass(frozen=True, slots=True)
class Under:
    """What something is kept under: a key, and how its subject is called. No key: it lies as it is said."""

    key: DataKey | None
    subject: str

    def seal(self, about: str, plain: bytes) -> bytes:
        """`about`: the row, and what of it."""
        return plain if self.key is None else seal_row(CASE, self.key, about, plain)

    def seal_with(self, about: str, head: object, plain: bytes) -> bytes:
        """With something that nobody else is to read, and that `opened_with` gives back. Without a key it is left out."""
        if self.key is None:
            return plain
        return self.seal(about, packed((orjson.dumps(head), plain)))

    def seal_text(self, about: str, plain: str) -> str:
        """For a column of text."""
        if self.key is None:
            return plain
        return _TEXT + urlsafe_b64encode(self.seal(about, plain.encode())).decode()


def names(vault: Vault, subject: str | None) -> tuple[str | None, str | None]:
    """How a subject is called in rows: of now, and of before protection. Raises LedgerLocked."""
    return (None if subject is None else vault.pseudonym(SUBJECT, subject)), subject


def opened(vault: Vault, ask: Ask, kept: Sequence[tuple[str, bytes]]) -> list[bytes | None]:
    """What rows hold, each with what it belongs to; None for what was erased. Raises LedgerLocked, LedgerCorrupt."""
    vault.require()
    try:
        keys = vault.read(ask, [key_of(body) for _, body in kept if is_sealed(body)])
        return [_opened(keys[key_of(body)], about, body) if is_sealed(body) else body for about, body in kept]
    except NotOpened as error:
        raise LedgerCorrupt(f"What is kept of cases cannot be opened: {error}") from error


def opened_with(plain: bytes) -> tuple[Any, bytes]:
    """The inverse of `seal_with`, of what was opened."""
    head, said = unpacked(plain, 2)
    return orjson.loads(head), said


def sealed_in(words: str | None) -> bytes | None:
    """The sealed bytes in a column of text; None: it holds what was said."""
    return urlsafe_b64decode(words[len(_TEXT) :]) if words is not None and words.startswith(_TEXT) else None


def _opened(key: DataKey | None, about: str, body: bytes) -> bytes | None:
    return None if key is None else open_row(CASE, key, about, body)


class CaseSeals:
    """Finds the keys, within a transaction of the caller's."""

    def __init__(self, database: Database) -> None:
        self._heads = Heads(database)
        self._known = database.worded(_KNOWN)

    def under(self, batch: Batch, kind: str, subject: str, decisions: Sequence[str] = ()) -> Under:
        """Under what something about a subject is kept: whoever was erased and is spoken of again comes back, and is given
        another key. Raises BodyErased where it rests on nothing but what was erased, LedgerLocked."""
        if kind in NOBODY or not batch.protects():
            return Under(None, subject)
        vault = batch.vault
        kept = vault.pseudonym(SUBJECT, subject)
        name = subject.partition("/")[0]
        if kind in ("account", "card") or name.startswith(NAMELESS):
            numbers = (*self._decided(batch, decisions), *self._named(batch, subject))
            if numbers:
                return Under(self._first(batch, numbers, subject), kept)
            name = subject
        return Under(self.own(batch, vault.pseudonym(PAYER, name)), kept)

    def own(self, batch: Batch, name: str) -> DataKey:
        """The key of a subject by its pseudonym, made where there is none."""
        return batch.keys([name])[name]

    def _first(self, batch: Batch, numbers: Sequence[int], about: str) -> DataKey:
        """The first of some keys that is still there. Raises BodyErased."""
        keys = batch.vault.read(batch.rows, numbers)
        for number in numbers:
            key = keys[number]
            if key is not None:
                return key
        raise BodyErased(about)

    def _decided(self, batch: Batch, decisions: Sequence[str]) -> list[int]:
        """The keys of decisions, the newest one first."""
        return [key_of(head) for _, head in self._heads.of(batch.rows, decisions) if is_sealed(head)]

    def _named(self, batch: Batch, subject: str) -> list[int]:
        """The keys under which a known party lies."""
        return [int(row[0]) for row in batch.rows(self._known, known_between(batch.vault, subject))]


_KNOWN: Final = text(
    "SELECT data_key FROM known_party WHERE subject_kind IN ('payer', 'payee', 'merchant') AND subject >= :first"
    " AND subject <= :last AND data_key IS NOT NULL ORDER BY seq DESC"
)
