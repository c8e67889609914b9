"""Secrets at rest: wrapped under a master key, each bound to what it belongs to, so that none can be put in another's place.

    lxw1.<id of the key, 16 hexadecimal digits>.<base64url: 12 bytes of nonce, then AES-256-GCM's ciphertext and tag>

The associated data are the form, the key's id and what the secret belongs to. The ring holds the key that wraps and those of
before, which still unwrap. Where the ring lies is for others to say: nothing here reads a file.

WrapFault
├── NotAMasterKey   the text of a ring holds something else
├── KeyNotHere      it was wrapped under a key that the ring does not have
└── NotWhole        it is not what was wrapped, or belongs to something else
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORM: Final = "lxw1"
KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_KEY_LINE: Final = re.compile(r"[0-9a-f]{64}")
_WRAPPED: Final = re.compile(rf"{FORM}\.([0-9a-f]{{16}})\.([A-Za-z0-9_-]+)")


class WrapFault(ValueError):
    """A secret cannot be read. The message shows nothing of it."""


class NotAMasterKey(WrapFault):
    """What was given is no ring of master keys."""


class KeyNotHere(WrapFault):
    """The secret was wrapped under a key that is not here."""


class NotWhole(WrapFault):
    """The secret was changed, or belongs to something else."""


class Ring:
    """Master keys, the one that wraps first. Shows them only as the text that its owner keeps."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Raises NotAMasterKey for none, or one that is not of 256 bits."""
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise NotAMasterKey("wanted is at least one key of 64 hexadecimal digits, a line each, the newest first")
        self._keys = {id_of(key): key for key in keys}

    @classmethod
    def new(cls) -> Ring:
        """One key by chance."""
        return cls([secrets.token_bytes(KEY_BYTES)])

    @classmethod
    def from_text(cls, text: str) -> Ring:
        """A ring as `text` writes it; lines that begin with # say something to people. Raises NotAMasterKey."""
        lines = [line.strip() for line in text.splitlines()]
        said = [line for line in lines if line and not line.startswith("#")]
        if not all(map(_KEY_LINE.fullmatch, said)):
            raise NotAMasterKey("wanted are keys of 64 hexadecimal digits, a line each, the newest first")
        return cls(list(map(bytes.fromhex, said)))

    def text(self) -> str:
        """For its owner alone."""
        return "".join(f"{key.hex()}\n" for key in self._keys.values())

    @property
    def ids(self) -> tuple[str, ...]:
        """What the keys are called, the one that wraps first."""
        return tuple(self._keys)

    def with_new(self) -> Ring:
        """A ring whose secrets are wrapped under another key by chance, and that reads all of before."""
        return Ring([secrets.token_bytes(KEY_BYTES), *self._keys.values()])

    def newest_only(self) -> Ring:
        """The ring without the keys of before."""
        return Ring([next(iter(self._keys.values()))])

    def wrap(self, plain: bytes, about: str) -> str:
        """A secret as it may lie in a database. `about`: what it belongs to, `person.factor per_1`; the same is wanted back."""
        identity, key = next(iter(self._keys.items()))
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + AESGCM(key).encrypt(nonce, plain, _bound(identity, about))
        return f"{FORM}.{identity}.{base64.urlsafe_b64encode(sealed).decode().rstrip('=')}"

    def unwrap(self, wrapped: str, about: str) -> bytes:
        """The secret. Raises KeyNotHere, NotWhole."""
        parts = _WRAPPED.fullmatch(wrapped)
        if parts is None:
            raise NotWhole("this is not a wrapped secret")
        identity, text = parts.groups()
        key = self._keys.get(identity)
        if key is None:
            raise KeyNotHere(f"it was wrapped under the master key {identity}, which is not here")
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound(identity, about))
        except (InvalidTag, ValueError, binascii.Error):
            raise NotWhole("it is not what was wrapped here, or it belongs to something else") from None


def is_wrapped(text: str) -> bool:
    """Whether a text of a database is a wrapped secret."""
    return _WRAPPED.fullmatch(text) is not None


def key_of(wrapped: str) -> str:
    """The id of the key that a secret is wrapped under; empty: it is not wrapped."""
    parts = _WRAPPED.fullmatch(wrapped)
    return "" if parts is None else parts[1]


def id_of(key: bytes) -> str:
    """What a key is called: the begin of a digest, from which nobody finds the key."""
    return sha256(b"lexgate master key\0" + key).hexdigest()[:16]


def _bound(identity: str, about: str) -> bytes:
    return f"{FORM}\0{identity}\0{about}".encode()
