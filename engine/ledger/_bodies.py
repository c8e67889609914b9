"""Bodies that are kept under the key of a subject: how they are sealed, and opened again. Nothing here reads or writes.

    decision   \\0lxd1 | key | nonce | AES-256-GCM( lengths of names, facts, inputs | names | facts | inputs | answer )
    event      \\0lxe1 | key | nonce | length of what stays | what stays | AES-256-GCM( details )
    record     \\0lxw1 | key | nonce | AES-256-GCM( what the monitor keeps of a payment )
    party      \\0lxk1 | key | nonce | AES-256-GCM( whom it knows, and what is screened of them )
    case       \\0lxc1 | key | nonce | AES-256-GCM( what an alert, a case, a clearance or a screening says )
    row        \\0lxt1 | key | nonce | AES-256-GCM( lengths of all parts but the last | parts )
    answer     \\0lxa1 | length of a piece | piece, itself a row of one part | ...

The key is the number of a row of `subject`, eight bytes; a nonce has twelve bytes by chance; lengths have four; all numbers are
big-endian. The associated data are the mark, the pseudonym and what the body belongs to, so that none can be put in another's
place; of an event what stays as well. No JSON begins with a nought: so what was written before protection is told apart.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from typing import Final, NamedTuple

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_DECISION: Final = b"\0lxd1"
_EVENT: Final = b"\0lxe1"
RECORD: Final = b"\0lxw1"
PARTY: Final = b"\0lxk1"
CASE: Final = b"\0lxc1"
"""Marks of what is kept beside the chain."""
_ROW: Final = b"\0lxt1"
_ANSWER: Final = b"\0lxa1"
_NONCE: Final = 12
_MARK: Final = len(_DECISION)
_HEAD: Final = _MARK + 8 + _NONCE
HEAD_BYTES: Final = _HEAD
"""So many bytes of a sealed body tell its key."""
_LENGTHS: Final = struct.Struct(">III")
_LENGTH: Final = struct.Struct(">I")
_KEY: Final = struct.Struct(">Q")


class NotOpened(ValueError):
    """A sealed body is not what was sealed, or belongs to something else."""


class DataKey(NamedTuple):
    """The key of a subject: the number of its row, whose it is, and the cipher with it."""

    id: int
    subject: str
    cipher: AESGCM


class Names(NamedTuple):
    """What columns of a decision hold as pseudonyms, in the words of the caller."""

    payer: str | None
    reference: str | None
    card: str | None


class Bodies(NamedTuple):
    """The bodies of a decision. `names`: None where its columns hold them as they were said."""

    names: Names | None
    facts: bytes
    inputs: bytes
    answer: bytes


def is_sealed(body: bytes) -> bool:
    """Whether a stored body is sealed."""
    return body[:1] == b"\0"


def key_of(body: bytes) -> int:
    """The number of the key that a sealed body wants. Raises NotOpened."""
    if len(body) < _HEAD:
        raise NotOpened("the body is cut off")
    (number,) = _KEY.unpack_from(body, _MARK)
    return int(number)


def seal_decision(key: DataKey, decision_id: str, bodies: Bodies) -> bytes:
    """All bodies of a decision as one."""
    names = orjson.dumps(bodies.names and tuple(bodies.names))
    lengths = _LENGTHS.pack(len(names), len(bodies.facts), len(bodies.inputs))
    plain = b"".join((lengths, names, bodies.facts, bodies.inputs, bodies.answer))
    return _sealed(_DECISION, key, decision_id, plain)


def open_decision(key: DataKey, decision_id: str, body: bytes) -> Bodies:
    """The inverse. Raises NotOpened."""
    plain = _opened(_DECISION, key, decision_id, body)
    names, facts, inputs = _LENGTHS.unpack_from(plain)
    begin = _LENGTHS.size
    ends = (begin + names, begin + names + facts, begin + names + facts + inputs)
    said = orjson.loads(plain[begin : ends[0]])
    said = None if said is None else Names(*said)
    return Bodies(said, plain[ends[0] : ends[1]], plain[ends[1] : ends[2]], plain[ends[2] :])


def seal_event(key: DataKey, event: str, stays: bytes, details: bytes) -> bytes:
    """The details of an event. `event`: its decision, kind and instant; `stays`: what of it is kept when they are erased."""
    nonce = os.urandom(_NONCE)
    head = _EVENT + _KEY.pack(key.id) + nonce + _LENGTH.pack(len(stays)) + stays
    return head + key.cipher.encrypt(nonce, details, _bound(_EVENT, key, event) + b"\0" + stays)


def stays_of(body: bytes) -> bytes:
    """What is kept of an event, whatever becomes of its details. Raises NotOpened."""
    if len(body) < _HEAD + _LENGTH.size or body[:_MARK] != _EVENT:
        raise NotOpened("these are no details of an event")
    (length,) = _LENGTH.unpack_from(body, _HEAD)
    return body[_HEAD + _LENGTH.size : _HEAD + _LENGTH.size + length]


def open_event(key: DataKey, event: str, body: bytes) -> bytes:
    """The details. Raises NotOpened."""
    stays = stays_of(body)
    begin = _HEAD + _LENGTH.size + len(stays)
    return _decrypted(key, body, begin, _bound(_EVENT, key, event) + b"\0" + stays)


def seal_row(mark: bytes, key: DataKey, about: str, plain: bytes) -> bytes:
    """What a row beside the chain keeps. `mark`: RECORD, PARTY or CASE; `about`: the row that it belongs to."""
    return _sealed(mark, key, about, plain)


def open_row(mark: bytes, key: DataKey, about: str, body: bytes) -> bytes:
    """The inverse. Raises NotOpened."""
    return _opened(mark, key, about, body)


def seal_parts(key: DataKey, about: str, parts: Sequence[bytes]) -> bytes:
    """Whatever of a row is kept under a key, as one. `about`: the table and the id of the row, or what else it belongs to."""
    return _sealed(_ROW, key, about, packed(parts))


def open_parts(key: DataKey, about: str, body: bytes, parts: int) -> tuple[bytes, ...]:
    """The inverse, of so many parts. Raises NotOpened."""
    return unpacked(_opened(_ROW, key, about, body), parts)


def packed(parts: Sequence[bytes]) -> bytes:
    """Several as one: the lengths of all but the last, then all of them."""
    return b"".join((*(_LENGTH.pack(len(part)) for part in parts[:-1]), *parts))


def unpacked(plain: bytes, parts: int) -> tuple[bytes, ...]:
    """The inverse, of so many parts. Raises NotOpened."""
    begin, found = (parts - 1) * _LENGTH.size, list[bytes]()
    if len(plain) < begin:
        raise NotOpened("it has other parts than it should")
    for (length,) in _LENGTH.iter_unpack(plain[:begin]):
        found.append(plain[begin : begin + length])
        begin += length
    return (*found, plain[begin:])


def head_of(key: int) -> bytes:
    """How every row begins that is sealed under a key: by this they are found."""
    return _ROW + _KEY.pack(key)


def joined(pieces: Sequence[bytes]) -> bytes:
    """An answer that speaks of several: each piece was sealed under the key of whom it is about."""
    return _ANSWER + b"".join(_LENGTH.pack(len(one)) + one for one in pieces)


def pieces_of(body: bytes) -> tuple[bytes, ...]:
    """The inverse. Raises NotOpened."""
    if body[:_MARK] != _ANSWER:
        raise NotOpened("this is no answer")
    at, found = _MARK, list[bytes]()
    while at < len(body):
        if at + _LENGTH.size > len(body):
            raise NotOpened("the answer is cut off")
        (length,) = _LENGTH.unpack_from(body, at)
        at += _LENGTH.size
        found.append(body[at : at + length])
        at += length
    return tuple(found)


def _sealed(mark: bytes, key: DataKey, about: str, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return mark + _KEY.pack(key.id) + nonce + key.cipher.encrypt(nonce, plain, _bound(mark, key, about))


def _opened(mark: bytes, key: DataKey, about: str, body: bytes) -> bytes:
    if body[:_MARK] != mark:
        raise NotOpened("this was sealed as something else")
    return _decrypted(key, body, _HEAD, _bound(mark, key, about))


def _decrypted(key: DataKey, body: bytes, begin: int, bound: bytes) -> bytes:
    if key_of(body) != key.id:
        raise NotOpened("this wants another key")
    try:
        return key.cipher.decrypt(body[_HEAD - _NONCE : _HEAD], body[begin:], bound)
    except InvalidTag:
        raise NotOpened("it is not what was sealed here, or it belongs to something else") from None


def _bound(mark: bytes, key: DataKey, about: str) -> bytes:
    return b"\0".join((mark, key.subject.encode(), about.encode()))
