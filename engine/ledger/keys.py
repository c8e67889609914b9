"""API keys: made, shown once, recognised by their SHA-256, revoked for good. There is no default key."""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._sealed import LAST_USE, seal_of, sealed
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.entries import KeyReused, Once, Replayed
from engine.ledger.errors import KeyRevoked
from engine.ledger.people_tables import KeyRateRow, KeyTermRow, LastUseRow
from engine.ledger.tables import KeyRow

CREATED: Final = "key.created"
RESCOPED: Final = "key.rescoped"
REVOKED: Final = "key.revoked"
CACHE_SECONDS: Final = 5
"""How long another process may go on honouring a key that was revoked here."""
_CACHE_KEYS: Final = 1024
PREFIX: Final = "lx_"
TEST_PREFIX: Final = "lx_test_"
"""How secrets begin: of keys that ask about payments, and of keys of test mode, which lie in a ledger of their own."""
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
class KeyTerms:
    """What limits a key beyond its scopes. Empty: nothing does."""

    expires_at: datetime | None = None
    sources: tuple[str, ...] = ()
    """Networks that may call with it, in CIDR notation."""
    countries: tuple[str, ...] = ()
    """Countries that it may ask for decisions about."""
    merchants: tuple[str, ...] = ()
    """Merchants that it may ask for decisions about."""

    def row(self, key_id: str) -> tuple[object, ...]:
        """All columns in their order."""
        expires = 0 if self.expires_at is None else to_micros(self.expires_at)
        return (key_id, expires, " ".join(self.sources), " ".join(self.countries), "\n".join(self.merchants))


UNLIMITED: Final = KeyTerms()


@dataclass(frozen=True, slots=True)
class KeyRate:
    """How often a key may ask: so many requests in so many seconds, and as many at once after a rest."""

    requests: int
    seconds: int

    def __post_init__(self) -> None:
        """Raises ValueError."""
        if self.requests < 1 or self.seconds < 1:
            raise ValueError("A rate is at least one request in at least one second")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key. The secret is not: it was shown once."""

    id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    revoked_at: datetime | None
    terms: KeyTerms = UNLIMITED
    used_at: datetime | None = field(default=None, compare=False)
    """When it was last seen, to the minute."""
    rate: KeyRate | None = None
    """How often it may ask; None: as often as the settings allow."""


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key that was made with its secret; or what stood under the idempotency key before, and no secret."""

    key: ApiKey | None
    secret: str
    given: Replayed | KeyReused | None = None


_BY_DIGEST: Final = text(
    "SELECT k.id, k.name, k.scopes, k.digest, k.created_at, k.revoked_at, t.expires_at, t.sources, t.countries, t.merchants,"
    " u.seen_at, r.requests, r.seconds FROM api_key k LEFT JOIN api_key_term t ON t.key_id = k.id"
    " LEFT JOIN last_use u ON u.holder = k.id LEFT JOIN api_key_rate r ON r.key_id = k.id"
    " WHERE k.digest = :digest"
)
_BY_ID: Final = text(
    "SELECT k.id, k.name, k.scopes, k.digest, k.created_at, k.revoked_at, t.expires_at, t.sources, t.countries, t.merchants,"
    " u.seen_at, r.requests, r.seconds FROM api_key k LEFT JOIN api_key_term t ON t.key_id = k.id"
    " LEFT JOIN last_use u ON u.holder = k.id LEFT JOIN api_key_rate r ON r.key_id = k.id"
    " WHERE k.id = :id"
)
_ALL: Final = text(
    "SELECT k.id, k.name, k.scopes, k.digest, k.created_at, k.revoked_at, t.expires_at, t.sources, t.countries, t.merchants,"
    " u.seen_at, r.requests, r.seconds FROM api_key k LEFT JOIN api_key_term t ON t.key_id = k.id"
    " LEFT JOIN last_use u ON u.holder = k.id LEFT JOIN api_key_rate r ON r.key_id = k.id"
    " ORDER BY k.created_at, k.id"
)
_ANY: Final = text("SELECT id FROM api_key LIMIT 1")
_REVOKE: Final = text("UPDATE api_key SET revoked_at = :now WHERE id = :id")
_RESCOPE: Final = text("UPDATE api_key SET scopes = :scopes WHERE id = :id")
_FORGET_TERM: Final = text("DELETE FROM api_key_term WHERE key_id = :id")
_FORGET_RATE: Final = text("DELETE FROM api_key_rate WHERE key_id = :id")
_SEEN: Final = text("SELECT seen_at FROM last_use WHERE holder = :holder")
_SEE: Final = text("UPDATE last_use SET seen_at = :seen_at, seal = :seal WHERE holder = :holder")
_SEE_EVERY_NS: Final = 60 * 1_000_000_000


class KeyStore:
    """The keys of the ledger. Each change is a row of the chain as well."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers = readers
        self._writer = writer
        self._by_digest, self._by_id, self._all = map(database.worded, (_BY_DIGEST, _BY_ID, _ALL))
        self._revoke, self._rescope, self._forget_term = map(database.worded, (_REVOKE, _RESCOPE, _FORGET_TERM))
        self._last, self._see, self._any = map(database.worded, (_SEEN, _SEE, _ANY))
        self._insert_term, self._insert_use = database.insertion(KeyTermRow), database.insertion(LastUseRow)
        self._insert_rate, self._forget_rate = database.insertion(KeyRateRow), database.worded(_FORGET_RATE)
        self._cache: dict[bytes, tuple[ApiKey, int]] = {}
        self._seen: dict[str, int] = {}
        self.prefix = PREFIX
        """How the secrets begin that are made here. TEST_PREFIX in the ledger of test mode."""

    def create(
        self,
        scopes: Iterable[Scope | str],
        name: str,
        secret: str | None = None,
        terms: KeyTerms = UNLIMITED,
        *,
        rate: KeyRate | None = None,
    ) -> tuple[ApiKey, str]:
        """Make a key and return it with its secret, which nobody can read again.

        A `secret` that is given and known already leaves its key in place, with the scopes asked for now: a service
        may state its first key at every start. Raises KeyRevoked if that key was revoked, ValueError if the secret
        cannot be sent in a header or no scope is given.
        """
        wanted = _text_of(scopes)
        plain = self._new_secret() if secret is None else _usable(secret)
        digest = sha256(plain.encode()).digest()
        key = self._writer.run(lambda batch: self._create(batch, name, wanted, digest, terms, rate=rate))
        self._cache.clear()
        return key, plain

    def create_first(self, scopes: Iterable[Scope], name: str) -> str | None:
        """Make a key in a ledger that has none, and return its secret. None: there is one, of another process that has started
        at the same moment perhaps. Waits for the disk."""
        wanted, plain = _text_of(scopes), self._new_secret()
        digest = sha256(plain.encode()).digest()

        def work(batch: Batch) -> str | None:
            if batch.rows(self._any):
                return None
            self._create(batch, name, wanted, digest, UNLIMITED)
            return plain

        return self._writer.run(work)

    def make(
        self,
        scopes: Iterable[Scope],
        name: str,
        terms: KeyTerms,
        *,
        by: str,
        once: Once | None = None,
        rate: KeyRate | None = None,
    ) -> MadeKey:
        """As `create`, for somebody: who it was stands in the chain, and the answer is kept without the secret."""
        wanted, plain = _text_of(scopes), self._new_secret()
        digest = sha256(plain.encode()).digest()

        def work(batch: Batch) -> MadeKey:
            given = None if once is None else batch.known(once.key)
            if given is not None:
                return MadeKey(None, "", given)
            key = self._create(batch, name, wanted, digest, terms, by, rate)
            return MadeKey(key, plain, None if once is None else batch.claim(once.key, once.tell(key)))

        return self._writer.run(work)

    def rotate(self, key_id: str, until: datetime, *, by: str, once: Once | None = None) -> MadeKey | None:
        """Another key with the same name, scopes, terms and rate; this one is good until an instant at most. None: there is no
        such key that is good. Waits for the disk."""
        plain = self._new_secret()
        digest = sha256(plain.encode()).digest()

        def work(batch: Batch) -> MadeKey | None:
            given = None if once is None else batch.known(once.key)
            if given is not None:
                return MadeKey(None, "", given)
            rows = batch.rows(self._by_id, {"id": key_id})
            old = key_of(rows[0]) if rows else None
            if old is None or is_over(old, self._writer.now()):
                return None
            key = self._create(batch, old.name, _text_of(old.scopes), digest, old.terms, by, old.rate)
            last = until if old.terms.expires_at is None else min(until, old.terms.expires_at)
            self._limit(batch, key_id, replace(old.terms, expires_at=last), by)
            return MadeKey(key, plain, None if once is None else batch.claim(once.key, once.tell(key)))

        made = self._writer.run(work)
        self._cache.clear()
        return made

    def authenticate(self, plaintext: str) -> ApiKey | None:
        """The key with this secret, or None. Costs one hash while the key is fresh in memory."""
        digest = sha256(plaintext.encode("utf-8", "surrogatepass")).digest()
        cached = self._cache.get(digest)
        if cached is not None and cached[1] > time.monotonic_ns():
            return self._good(cached[0])
        row = self._readers.row(self._by_digest, {"digest": digest})
        if row is None or not hmac.compare_digest(row[3], digest) or row[5] is not None:
            self._cache.pop(digest, None)
            return None
        key = key_of(row)
        if len(self._cache) >= _CACHE_KEYS:
            self._cache.clear()
        self._cache[digest] = key, time.monotonic_ns() + CACHE_SECONDS * 1_000_000_000
        return self._good(key)

    def whose(self, plaintext: str) -> ApiKey | None:
        """The key with this secret, good or not: for a word about who was not let in. Opens nothing."""
        row = self._readers.row(
            self._by_digest, {"digest": sha256(plaintext.encode("utf-8", "surrogatepass")).digest()}
        )
        return None if row is None else key_of(row)

    def list(self) -> tuple[ApiKey, ...]:
        """All keys, the revoked ones too, oldest first."""
        return tuple(key_of(row) for row in self._readers.rows(self._all))

    def one(self, key_id: str) -> ApiKey | None:
        """The key with this id."""
        row = self._readers.row(self._by_id, {"id": key_id})
        return None if row is None else key_of(row)

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """What keys were made for, by their ids."""
        found = (self.one(one) for one in ids if one.startswith("key_"))
        return {one.id: one.name for one in found if one is not None}

    def revoke(self, key_id: str, by: str = "", reason: str = "") -> ApiKey | None:
        """Make the key invalid for good. None: there is no such key. A second time changes nothing."""
        key = self._writer.run(
            lambda batch: self._revoked(batch, key_id, {**_by(by), **({"reason": reason} if reason else {})})
        )
        self._cache.clear()
        return key

    def pace(self, key_id: str, rate: KeyRate | None, *, by: str = "", reason: str = "") -> ApiKey | None:
        """Let a key ask so often from now on; None: as often as the settings allow. None: there is no such key. Waits for the
        disk."""

        def work(batch: Batch) -> ApiKey | None:
            if not batch.rows(self._by_id, {"id": key_id}):
                return None
            self._pace(batch, key_id, rate, {**_by(by), **({"reason": reason} if reason else {})})
            return key_of(batch.rows(self._by_id, {"id": key_id})[0])

        key = self._writer.run(work)
        self._cache.clear()
        return key

    def _new_secret(self) -> str:
        """The prefix of its mode, one by which a leaked key can be told from others, and 256 bits of chance."""
        return f"{self.prefix}{secrets.token_hex(_PREFIX_BYTES)}_{secrets.token_urlsafe(_SECRET_BYTES)}"

    def _good(self, key: ApiKey) -> ApiKey | None:
        """The key, if its time is not over; noted at most once a minute, while nobody waits."""
        expires = key.terms.expires_at
        if expires is not None and self._writer.now() >= expires:
            return None
        now = time.monotonic_ns()
        if self._seen.get(key.id, 0) <= now:
            if len(self._seen) >= _CACHE_KEYS:
                self._seen.clear()
            self._seen[key.id] = now + _SEE_EVERY_NS
            self._writer.later(lambda batch: self._note_use(batch, key.id))
        return key

    def _note_use(self, batch: Batch, key_id: str) -> None:
        row = (key_id, to_micros(self._writer.now()))
        if batch.rows(self._last, {"holder": key_id}):
            batch.execute(self._see, {"holder": key_id, "seen_at": row[1], "seal": seal_of(LAST_USE, row)})
        else:
            batch.execute(self._insert_use, sealed(LAST_USE, row))

    def _create(
        self,
        batch: Batch,
        name: str,
        scopes: str,
        digest: bytes,
        terms: KeyTerms,
        by: str = "",
        rate: KeyRate | None = None,
    ) -> ApiKey:
        known = batch.rows(self._by_digest, {"digest": digest})
        if known:
            return self._known(batch, known[0], scopes)
        key_id = "key_" + digest[:_PREFIX_BYTES].hex()
        batch.insert(KeyRow, [(key_id, name, scopes, digest, batch.now, None)])
        _note(batch, CREATED, key_id, name=name, scopes=scopes, digest=digest.hex(), created_at=batch.now, **_by(by))
        if terms != UNLIMITED:
            self._limit(batch, key_id, terms, by)
        if rate is not None:
            self._pace(batch, key_id, rate, _by(by))
        return key_of(batch.rows(self._by_id, {"id": key_id})[0])

    def _limit(self, batch: Batch, key_id: str, terms: KeyTerms, by: str) -> None:
        row = terms.row(key_id)
        vouch(batch, "key_term.set", key_id, batch.now, {"by": by}, [("api_key_term", key_id, row)])
        batch.execute(self._forget_term, {"id": key_id})
        batch.execute(self._insert_term, row)

    def _pace(self, batch: Batch, key_id: str, rate: KeyRate | None, said: dict[str, str]) -> None:
        # A row that a note has spoken of stays: noughts say that there is no rate any more.
        row = (key_id, 0, 0) if rate is None else (key_id, rate.requests, rate.seconds)
        vouch(batch, "key_rate.set", key_id, batch.now, said, [("api_key_rate", key_id, row)])
        batch.execute(self._forget_rate, {"id": key_id})
        batch.execute(self._insert_rate, row)

    def _known(self, batch: Batch, row: Sequence[Any], scopes: str) -> ApiKey:
        key_id = row[0]
        if row[5] is not None:
            raise KeyRevoked(key_id)
        if row[2] != scopes:
            batch.execute(self._rescope, {"id": key_id, "scopes": scopes})
            _note(batch, RESCOPED, key_id, scopes=scopes)
        return key_of((*row[:2], scopes, *row[3:]))

    def _revoked(self, batch: Batch, key_id: str, said: dict[str, str]) -> ApiKey | None:
        rows = batch.rows(self._by_id, {"id": key_id})
        if not rows:
            return None
        row = rows[0]
        if row[5] is None:
            batch.execute(self._revoke, {"id": key_id, "now": batch.now})
            _note(batch, REVOKED, key_id, revoked_at=batch.now, **said)
            row = (*row[:5], batch.now, *row[6:])
        return key_of(row)


def _note(batch: Batch, kind: str, key_id: str, **what: str | int) -> None:
    batch.note(kind, key_id, batch.now, json.dumps(what, sort_keys=True).encode())


def _by(by: str) -> dict[str, str]:
    """Who it was, where a person or a key did it and not the operator's hand."""
    return {"by": by} if by else {}


def key_of(row: Sequence[Any]) -> ApiKey:
    """A key from its columns, those of its terms, when it was last seen, and its rate."""
    key_id, name, scopes, _, created_at, revoked_at, expires_at, sources, countries, merchants, seen_at, *rate = row
    terms = UNLIMITED
    if expires_at is not None:
        expires = from_micros(expires_at) if expires_at else None
        terms = KeyTerms(expires, tuple(sources.split()), tuple(countries.split()), tuple(merchants.splitlines()))
    return ApiKey(
        key_id, name, frozenset(map(Scope, scopes.split())), from_micros(created_at),
        None if revoked_at is None else from_micros(revoked_at), terms, None if seen_at is None else from_micros(seen_at),
        KeyRate(*rate) if rate[0] else None,
    )  # fmt: skip


def is_over(key: ApiKey, now: datetime) -> bool:
    """Whether a key opens nothing any more."""
    return key.revoked_at is not None or (key.terms.expires_at is not None and now >= key.terms.expires_at)


def _text_of(scopes: Iterable[Scope | str]) -> str:
    chosen = {Scope(scope) for scope in scopes}
    if not chosen:
        raise ValueError("A key without a scope could do nothing: name at least one")
    return " ".join(scope.value for scope in Scope if scope in chosen)


def _usable(secret: str) -> str:
    if not secret or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ValueError("An API key is sent in a header: printable ASCII without spaces, and not empty")
    return secret
