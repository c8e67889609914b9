"""What the monitor keeps, as it lies in the ledger: subjects by pseudonym, records and parties under the keys of subjects.

A record of a payment lies under the key of its decision. A party with an id lies under the key of that id, which is the same
where it pays; one without under that of the decision which names it. What lay under a key that was erased is gone with it, and
nothing of it is kept any more, however late it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._bodies import (
    PARTY,
    RECORD,
    DataKey,
    NotOpened,
    is_sealed,
    key_of,
    open_row,
    packed,
    seal_row,
    unpacked,
)
from engine.ledger._database import Database
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vault import PAYER, Ask, Vault
from engine.ledger.errors import LedgerCorrupt

KNOWN: Final = "lxkp_"
DIGEST: Final = "lxkd_"
"""How pseudonyms of known parties begin, and those of the digests of what is screened of them."""
NOT_SCREENED: Final = ""
_IN_PAST: Final = {"party": "payer_id", "account": "account", "card": "card"}
"""Under whom events are kept -> the column of the past that has the same name for them. Merchants have their own."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A payment as it is kept for its subjects: `body` is its record."""

    id: str
    seq: int
    at: datetime
    body: bytes
    subjects: tuple[tuple[str, str], ...] = ()
    """Under which it is kept: party, account, card, merchant, and a key. Empty where it was read back."""
    key: int | None = None
    """Under which its decision lies, as the word said."""


@dataclass(frozen=True, slots=True)
class KnownParty:
    """Somebody with a name: what is screened of them, and a digest of it."""

    subject_kind: str
    subject: str
    seq: int
    digest: str
    body: bytes
    screened_by: str = NOT_SCREENED
    """Fingerprint of the lists that have seen these very data; empty: none has."""
    whose: str | None = None
    """Id of whom these data are erased with: a payer, a payee, a merchant, a bank. None: with the decision that names them."""
    said_in: str = ""
    """Decision or case of onboarding that names them."""
    at: datetime | None = None
    """When that was."""
    key: int | None = None
    """Under which that decision lies, as the word said."""
    row: str = ""
    """How the ledger calls them, where they were read back."""


def subjects_of(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Whom a payment is about, kind and key: in whose windows it is looked at."""
    kinds = ("payer", "payee", "account", "card", "merchant")
    return [(kind, record[kind]) for kind in kinds if record.get(kind) is not None]


def window_of(subject_kind: str) -> str:
    """Under which kind the events of a subject are kept: a party's window holds what it pays and what it is paid."""
    return "party" if subject_kind in ("payer", "payee") else subject_kind


def listed_under(record: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The subjects under which a payment is kept."""
    return tuple(dict.fromkeys((window_of(kind), key) for kind, key in subjects_of(record)))


def record_in(body: bytes) -> dict[str, Any]:
    """What a record holds; nothing, where it is none."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def known_as(vault: Vault, subject: str) -> str:
    """How every row about a known party begins, in a ledger that is protected; a number of a key follows. Raises LedgerLocked."""
    return vault.pseudonym(KNOWN, subject) + "."


def known_between(vault: Vault, subject: str) -> dict[str, str]:
    """The first and the last name that a row about a known party may have. Raises LedgerLocked."""
    first = known_as(vault, subject)
    return {"first": first, "last": first + "~"}  # Above every number of a key.


class Watching:
    """How rows of the monitor are named, sealed and opened. Without protection they lie as they are said."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._vault = vault
        self._of = database.worded(_OF)

    @property
    def is_protected(self) -> bool:
        """Whether what is kept now is kept under keys. Raises LedgerLocked."""
        self._vault.require()
        return self._vault.is_open

    def kept_under(self, kind: str, subject: str) -> str:
        """What stands for a subject of events. Raises LedgerLocked."""
        if kind in _IN_PAST:
            return self._vault.of_past(_IN_PAST[kind], subject)
        self._vault.require()
        return subject

    def digest(self, digest: str) -> str:
        """What stands for the digest of what is screened: whoever guesses the name has the digest itself."""
        return self._vault.pseudonym(DIGEST, digest)

    # -- whose key --

    def keys(self, batch: Batch, numbers: Iterable[int | None]) -> dict[int, DataKey | None]:
        """The keys of decisions, as this transaction sees them; None for one that was erased."""
        return self._vault.read(batch.rows, [one for one in numbers if one is not None])

    def key_of_payment(
        self, batch: Batch, keys: Mapping[int, DataKey | None], number: int | None, names: tuple[str | None, str]
    ) -> DataKey | None:
        """The key of a decision. `names`: its payer and its id, for one that lies in the clear. None: it was erased."""
        if number is not None:
            return keys[number]
        payer, identity = names
        return self._own(batch, identity if payer is None else self._vault.pseudonym(PAYER, payer), None)

    def key_of_party(self, batch: Batch, keys: Mapping[int, DataKey | None], party: KnownParty) -> DataKey | None:
        """The key of somebody who is known. None: they were erased, or the decision that names them was."""
        if party.key is not None and keys[party.key] is None:
            return None
        if party.whose is not None:
            name = self._vault.pseudonym(PAYER, party.whose)
            payers = None if party.key is None else keys[party.key]
            return payers if payers is not None and payers.subject == name else self._own(batch, name, party.at)
        return self.key_of_payment(batch, keys, party.key, (None, party.said_in))

    def _own(self, batch: Batch, name: str, since: datetime | None) -> DataKey | None:
        """The key of a subject, made where there is none. None: they were erased, after `since`; that: ever."""
        erased = self._erased(batch, name)
        if erased is not None and (since is None or erased >= to_micros(since)):
            return None
        return batch.keys([name])[name]

    def erased_at(self, batch: Batch, name: str) -> int | None:
        """When a party of this id was erased; None: it never was, or came back."""
        return self._erased(batch, self._vault.pseudonym(PAYER, name))

    def _erased(self, batch: Batch, name: str) -> int | None:
        """When a subject was erased; None: it never was, or came back."""
        erased = [row[0] for row in batch.rows(self._of, {"name": name})]
        return max(erased) if erased and None not in erased else None

    # -- records --

    def sealed_record(self, key: DataKey, identity: str, body: bytes) -> bytes:
        """The record of a payment as it is stored."""
        return seal_row(RECORD, key, identity, body)

    def records(self, ask: Ask, rows: Sequence[Any]) -> tuple[Watched, ...]:
        """Stored rows: id, seq, at, body. Those that were erased since they were read are left out. Raises LedgerLocked."""
        keys = self._keys(ask, [bytes(row[3]) for row in rows])
        opened = ((row, self._opened(RECORD, keys, row[0], bytes(row[3]))) for row in rows)
        return tuple(
            Watched(row[0], row[1], from_micros(row[2]), body) for row, body in opened if body is not None
        )  # fmt: skip

    # -- known parties --

    def sealed_party(self, key: DataKey, party: KnownParty) -> tuple[str, bytes]:
        """How the row is called, and its body: whom it is about, the true digest, what is screened."""
        row = f"{known_as(self._vault, party.subject)}{key.id}"
        plain = packed((orjson.dumps([party.subject, party.digest]), party.body))
        return row, seal_row(PARTY, key, _about(party.subject_kind, row), plain)

    def parties(self, ask: Ask, rows: Sequence[Any]) -> tuple[KnownParty, ...]:
        """Stored rows: kind, subject, seq, digest, body, screened_by; those that were erased left out. Raises LedgerLocked."""
        keys = self._keys(ask, [bytes(row[4]) for row in rows])
        found = []
        for kind, row, seq, digest, body, by in rows:
            if not is_sealed(bytes(body)):
                found.append(KnownParty(kind, row, seq, digest, bytes(body), by, row=row))
                continue
            plain = self._opened(PARTY, keys, _about(kind, row), bytes(body))
            if plain is not None:
                head, said = unpacked(plain, 2)
                subject, true = orjson.loads(head)
                found.append(KnownParty(kind, subject, seq, true, said, by, row=row))
        return tuple(found)

    def _keys(self, ask: Ask, bodies: Sequence[bytes]) -> dict[int, DataKey | None]:
        self._vault.require()
        try:
            return self._vault.read(ask, [key_of(one) for one in bodies if is_sealed(one)])
        except NotOpened as error:
            raise LedgerCorrupt(f"What the monitor keeps cannot be opened: {error}") from error

    def _opened(self, mark: bytes, keys: Mapping[int, DataKey | None], about: str, body: bytes) -> bytes | None:
        if not is_sealed(body):
            return body
        key = keys[key_of(body)]
        if key is None:
            return None
        try:
            return open_row(mark, key, about, body)
        except NotOpened as error:
            raise LedgerCorrupt(f"What the monitor keeps of {about} cannot be opened: {error}") from error


def _about(kind: str, row: str) -> str:
    return f"{kind} {row}"


_OF: Final = text("SELECT erased_at FROM subject WHERE pseudonym = :name")
