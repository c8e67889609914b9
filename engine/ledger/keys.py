"""API keys: made, shown once, recognised by their SHA-256, revoked for good. There is no default key."""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros
from engine.ledger._writer import Writer
from engine.ledger.errors import KeyRevoked
from engine.ledger.tables import KeyRow

CREATED: Final = "key.created"
RESCOPED: Final = "key.rescoped"
REVOKED: Final = "key.revoked"
CACHE_SECONDS: Final = 5
"""How long another process may go on honouring a key that was revoked here."""
_CACHE_KEYS: Final = 1024
_SECRET_BYTES: Final = 32
_PREFIX_BYTES: Final = 6


class Scope(StrEnum):
    """What a key may do."""

    DECIDE = "decide"
    """Ask for decisions and tell what became of them."""
    TAX = "tax"
    """Calculate, commit and reverse tax."""
    READ = "read"
    """Read decisions, rulepacks and releases."""
    EDIT = "edit"
    """Draft changes to rulepacks."""
    APPROVE = "approve"
    """Approve and publish what somebody else drafted."""
    REVIEW = "review"
    """Work on payments that wait for a person."""
    SCREEN = "screen"
    """Screen names against lists."""
    ONBOARD = "onboard"
    """Take on merchants."""
    ADMIN = "admin"
    """Make and revoke keys."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key. The secret is not: it was shown once."""

    id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    revoked_at: datetime | None


_BY_DIGEST: Final = text("SELECT id, name, scopes, digest, created_at, revoked_at FROM api_key WHERE digest = :digest")
_BY_ID: Final = text("SELECT id, name, scopes, digest, created_at, revoked_at FROM api_key WHERE id = :id")
_ALL: Final = text("SELECT id, name, scopes, digest, created_at, revoked_at FROM api_key ORDER BY created_at, id")
_REVOKE: Final = text("UPDATE api_key SET revoked_at = :now WHERE id = :id")
_RESCOPE: Final = text("UPDATE api_key SET scopes = :scopes WHERE id = :id")


class KeyStore:
    """The keys of the ledger. Each change is a row of the chain as well."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers = readers
        self._writer = writer
        self._by_digest, self._by_id, self._all = map(database.worded, (_BY_DIGEST, _BY_ID, _ALL))
        self._revoke, self._rescope = map(database.worded, (_REVOKE, _RESCOPE))
        self._cache: dict[bytes, tuple[ApiKey, int]] = {}

    def create(self, scopes: Iterable[Scope | str], name: str, secret: str | None = None) -> tuple[ApiKey, str]:
        """Make a key and return it with its secret, which nobody can read again.

        A `secret` that is given and known already leaves its key in place, with the scopes asked for now: a service
        may state its first key at every start. Raises KeyRevoked if that key was revoked, ValueError if the secret
        cannot be sent in a header or no scope is given.
        """
        wanted = _text_of(scopes)
        plain = _new_secret() if secret is None else _usable(secret)
        digest = sha256(plain.encode()).digest()
        key = self._writer.run(lambda batch: self._create(batch, name, wanted, digest))
        self._cache.clear()
        return key, plain

    def authenticate(self, plaintext: str) -> ApiKey | None:
        """The key with this secret, or None. Costs one hash while the key is fresh in memory."""
        digest = sha256(plaintext.encode("utf-8", "surrogatepass")).digest()
        cached = self._cache.get(digest)
        if cached is not None and cached[1] > time.monotonic_ns():
            return cached[0]
        row = self._readers.row(self._by_digest, {"digest": digest})
        if row is None or not hmac.compare_digest(row[3], digest) or row[5] is not None:
            self._cache.pop(digest, None)
            return None
        key = _key(row)
        if len(self._cache) >= _CACHE_KEYS:
            self._cache.clear()
        self._cache[digest] = key, time.monotonic_ns() + CACHE_SECONDS * 1_000_000_000
        return key

    def list(self) -> tuple[ApiKey, ...]:
        """All keys, the revoked ones too, oldest first."""
        return tuple(_key(row) for row in self._readers.rows(self._all))

    def revoke(self, key_id: str) -> ApiKey | None:
        """Make the key invalid for good. None: there is no such key. A second time changes nothing."""
        key = self._writer.run(lambda batch: self._revoked(batch, key_id))
        self._cache.clear()
        return key

    def _create(self, batch: Batch, name: str, scopes: str, digest: bytes) -> ApiKey:
        known = batch.rows(self._by_digest, {"digest": digest})
        if known:
            return self._known(batch, known[0], scopes)
        key_id = "key_" + digest[:_PREFIX_BYTES].hex()
        row = (key_id, name, scopes, digest, batch.now, None)
        batch.insert(KeyRow, [row])
        _note(batch, CREATED, key_id, name=name, scopes=scopes, digest=digest.hex(), created_at=batch.now)
        return _key(row)

    def _known(self, batch: Batch, row: Sequence[Any], scopes: str) -> ApiKey:
        key_id = row[0]
        if row[5] is not None:
            raise KeyRevoked(key_id)
        if row[2] != scopes:
            batch.execute(self._rescope, {"id": key_id, "scopes": scopes})
            _note(batch, RESCOPED, key_id, scopes=scopes)
        return _key((*row[:2], scopes, *row[3:]))

    def _revoked(self, batch: Batch, key_id: str) -> ApiKey | None:
        rows = batch.rows(self._by_id, {"id": key_id})
        if not rows:
            return None
        row = rows[0]
        if row[5] is None:
            batch.execute(self._revoke, {"id": key_id, "now": batch.now})
            _note(batch, REVOKED, key_id, revoked_at=batch.now)
            row = (*row[:5], batch.now)
        return _key(row)


def _note(batch: Batch, kind: str, key_id: str, **what: str | int) -> None:
    batch.note(kind, key_id, batch.now, json.dumps(what, sort_keys=True).encode())


def _key(row: Sequence[Any]) -> ApiKey:
    key_id, name, scopes, _, created_at, revoked_at = row
    revoked = None if revoked_at is None else from_micros(revoked_at)
    return ApiKey(key_id, name, frozenset(map(Scope, scopes.split())), from_micros(created_at), revoked)


def _text_of(scopes: Iterable[Scope | str]) -> str:
    chosen = {Scope(scope) for scope in scopes}
    if not chosen:
        raise ValueError("A key without a scope could do nothing: name at least one")
    return " ".join(scope.value for scope in Scope if scope in chosen)


def _new_secret() -> str:
    """`lx_`, a prefix by which a leaked key can be told from others, and 256 bits of chance."""
    return f"lx_{secrets.token_hex(_PREFIX_BYTES)}_{secrets.token_urlsafe(_SECRET_BYTES)}"


def _usable(secret: str) -> str:
    if not secret or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ValueError("An API key is sent in a header: printable ASCII without spaces, and not empty")
    return secret
