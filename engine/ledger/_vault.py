"""Keys of subjects: made with their first decision, found again by pseudonym, read back for whoever opens a body.

A ledger is not protected, or open, or locked: it is protected, and the master key is not here. A locked one stores no decision
and shows no body. Whether a cached key may still be used is read with the head of the chain, in the very transaction that writes.
"""

from __future__ import annotations

import hmac
import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import text

from engine.ledger._bodies import DataKey
from engine.ledger._database import Database, Parameters
from engine.ledger.entries import IdempotencyKey
from engine.ledger.errors import LedgerCorrupt, LedgerLocked, LedgerUnavailable
from engine.ledger.subject_tables import SubjectRow
from engine.wrapping import KEY_BYTES, Ring

PAYER: Final = "lxp_"
REFERENCE: Final = "lxr_"
CARD: Final = "lxc_"
NUMBER: Final = "lxn_"
KEY: Final = "lxk_"
"""How pseudonyms begin, by what they stand for: a payer, a reference, a card, a tax number, an idempotency key; those of other
columns of the past have a letter more."""
CACHED: Final = 50_000
"""Keys that one process holds in memory at most."""

RingSource = Callable[[], Ring]
Ask = Callable[[str, Parameters], Sequence[Any]]
"""Reads rows: inside a transaction, or outside."""


class Transaction(Protocol):
    """What a batch must be able to do."""

    erasures: int | None
    fresh: dict[str, DataKey]
    now: int

    def rows(self, sql: str, parameters: Parameters = ..., /) -> list[Any]: ...

    def insert(self, table: type[SubjectRow], rows: Sequence[Sequence[object]], /) -> None: ...


class Vault:
    """The keys of one ledger, for one process."""

    def __init__(self, database: Database) -> None:
        self._ring: RingSource | None = None
        self._lookup: bytes | None = None
        self._locked = False
        self._find = database.worded(text(_FIND_SQLITE if database.is_sqlite else _FIND_POSTGRES))
        self._read = database.worded(text(_READ_SQLITE if database.is_sqlite else _READ_POSTGRES))
        self._listed = database.listed
        self._written: dict[str, DataKey] = {}
        self._erasures = 0
        self._opened: dict[int, tuple[str, DataKey]] = {}

    # -- its state --

    @property
    def is_open(self) -> bool:
        """Whether what is stored now is protected."""
        return self._lookup is not None

    @property
    def ring(self) -> RingSource | None:
        """Where the master key comes from, in a ledger that is open."""
        return self._ring

    def require(self) -> None:
        """Raises LedgerLocked where it is protected, and the master key is not here."""
        if self._locked:
            raise LedgerLocked(_LOCKED)

    def lock(self) -> None:
        """It is protected, and the master key is not here."""
        self._locked = True

    def give(self, ring: RingSource) -> None:
        """Where the master key comes from: keys can be wrapped and unwrapped, and that is all until `open`."""
        self._ring = ring

    def open(self, lookup: bytes) -> None:
        """From now on everything is kept under keys."""
        self._lookup, self._locked = lookup, False

    def close(self) -> None:
        """As before it was opened: what would have opened it was not stored."""
        self._ring = self._lookup = None

    # -- pseudonyms --

    def pseudonym(self, begin: str, value: str) -> str:
        """What stands for a value in a column. Without protection the value itself. Raises LedgerLocked."""
        self.require()
        if self._lookup is None:
            return value
        digest = hmac.digest(self._lookup, f"{begin}\0{value}".encode(), "sha256")
        return begin + urlsafe_b64encode(digest)[:-1].decode()

    def names(self, called: str) -> tuple[str, ...]:
        """What stands for a payer or a tax number that is called so. Raises LedgerLocked."""
        return self.pseudonym(PAYER, called), self.pseudonym(NUMBER, called)

    def asked(self, wanted: IdempotencyKey) -> IdempotencyKey:
        """An idempotency key and the digest of its request as they are kept: nobody who guesses either finds it by that. Without
        protection as they came. Raises LedgerLocked."""
        self.require()
        if self._lookup is None:
            return wanted
        scope, key, digest = wanted
        kept = hmac.digest(self._lookup, f"{_DIGEST}\0{scope}\0{key}\0".encode() + digest, "sha256")
        return IdempotencyKey(scope, self.pseudonym(KEY, f"{scope}\0{key}"), kept)

    def of_past(self, column: str, value: str) -> str:
        """What stands for a value in the past that features are answered from."""
        return self.pseudonym(_OF_PAST[column], value) if column in _OF_PAST else value

    # -- keys --

    def keys(self, batch: Transaction, subjects: Iterable[str]) -> dict[str, DataKey]:
        """The keys of subjects, those that are missing made. Raises LedgerLocked."""
        if self._lookup is None:
            raise LedgerLocked(_LOCKED)
        if batch.erasures is None:
            raise LedgerUnavailable("The ledger is not protected any more: it was put back from a copy; start again")
        if batch.erasures != self._erasures:
            self._written.clear()
            self._opened.clear()
            self._erasures = batch.erasures
        found = {one: self._written.get(one) or batch.fresh.get(one) for one in subjects}
        missing = [one for one, key in found.items() if key is None]
        if missing:
            made = self._of_rows(batch, missing)
            found |= made
            batch.fresh.update(made)
        return {one: key for one, key in found.items() if key is not None}

    def at_hand(self, subject: str) -> tuple[int, DataKey] | None:
        """The key of a subject, if it was used before, and how many had been erased then: who keeps anything under it must find
        that as many have been. From any thread."""
        erasures = self._erasures
        key = self._written.get(subject)
        # Between two looks at the same number no key of another time was put there.
        return None if key is None or erasures != self._erasures else (erasures, key)

    def remember(self, keys: dict[str, DataKey], erasures: int | None) -> None:
        """What was found and made by a transaction that is on disk now."""
        if not keys or erasures != self._erasures:
            return
        if len(self._written) + len(keys) > CACHED:
            self._written.clear()
        self._written.update(keys)

    def forget(self) -> None:
        """Every key in memory: somebody was erased."""
        self._written.clear()
        self._opened.clear()

    def read(self, ask: Ask, numbers: Iterable[int]) -> dict[int, DataKey | None]:
        """Keys by their numbers; None for one that was erased. Raises LedgerLocked, LedgerCorrupt."""
        wanted = sorted(set(numbers))
        if not wanted:
            return {}
        found: dict[int, DataKey | None] = {}
        for number, subject, wrapped in ask(self._read, {"numbers": self._listed(wanted)}):
            found[int(number)] = None if wrapped is None else self._cached(int(number), subject, wrapped)
        for number in wanted:
            if number not in found:
                raise LedgerCorrupt(
                    f"The key {number} of a subject is missing: `lexgate audit verify` names what wants it"
                )
        return found

    def wrap(self, plain: bytes, about: str) -> str:
        """Under the newest master key. Raises LedgerLocked."""
        try:
            return self._keys_of_master().wrap(plain, about)
        except (ValueError, OSError) as error:
            raise LedgerLocked(f"{_LOCKED}: {error}") from error

    def unwrap(self, wrapped: str, about: str) -> bytes:
        """The inverse. Raises LedgerLocked."""
        try:
            return self._keys_of_master().unwrap(wrapped, about)
        except (ValueError, OSError) as error:
            raise LedgerLocked(f"{_LOCKED}: {error}") from error

    def newest(self) -> str:
        """What the master key is called that wraps. Raises LedgerLocked."""
        try:
            return self._keys_of_master().ids[0]
        except (ValueError, OSError) as error:
            raise LedgerLocked(f"{_LOCKED}: {error}") from error

    def _keys_of_master(self) -> Ring:
        if self._ring is None:
            raise LedgerLocked(_LOCKED)
        return self._ring()

    def _of_rows(self, batch: Transaction, subjects: Sequence[str]) -> dict[str, DataKey]:
        """From the table, where they stand; else made there. The row of nobody says which number was given last."""
        rows = batch.rows(self._find, {"names": self._listed(subjects)})
        last = next(int(number) for number, subject, _ in rows if not subject)
        found = {one: self._cached(int(number), one, wrapped) for number, one, wrapped in rows if one}
        new = []
        for number, subject in enumerate((one for one in subjects if one not in found), start=last + 1):
            plain = os.urandom(KEY_BYTES)
            new.append((number, subject, self.wrap(plain, about(number, subject)), batch.now, None, None, None))
            found[subject] = DataKey(number, subject, AESGCM(plain))
        if new:
            batch.insert(SubjectRow, new)
        return found

    def _cached(self, number: int, subject: str, wrapped: str) -> DataKey:
        known = self._opened.get(number)
        if known is not None and known[0] == wrapped and known[1].subject == subject:
            return known[1]
        key = DataKey(number, subject, AESGCM(self.unwrap(wrapped, about(number, subject))))
        if len(self._opened) >= CACHED:
            self._opened.clear()
        self._opened[number] = wrapped, key
        return key


def about(number: int, subject: str) -> str:
    """What the key of a subject belongs to."""
    return f"subject {number} {subject}"


ABOUT_LOOKUP: Final = "subject lookup"
_LOCKED: Final = "Personal data of this ledger lie under a master key that is not here"
_DIGEST: Final = "lxq_"
_OF_PAST: Final = {"payer_id": PAYER, "payee_id": PAYER, "account": "lxva_", "card": "lxvc_"}
"""Columns of the past that tell who somebody is. Who pays and who is paid have one name."""
_FIND_SQLITE: Final = (
    "SELECT id, pseudonym, wrapped FROM subject WHERE erased_at IS NULL"
    " AND pseudonym IN (SELECT value FROM json_each(:names))"
    " UNION ALL SELECT last.number, '', NULL FROM (SELECT coalesce(max(id), 0) AS number FROM subject) last"
)
_FIND_POSTGRES: Final = (
    "SELECT id, pseudonym, wrapped FROM subject WHERE erased_at IS NULL AND pseudonym = ANY(CAST(:names AS TEXT[]))"
    " UNION ALL SELECT last.number, '', NULL FROM (SELECT coalesce(max(id), 0) AS number FROM subject) last"
)
_READ_SQLITE: Final = "SELECT id, pseudonym, wrapped FROM subject WHERE id IN (SELECT value FROM json_each(:numbers))"
_READ_POSTGRES: Final = "SELECT id, pseudonym, wrapped FROM subject WHERE id = ANY(CAST(:numbers AS BIGINT[]))"
