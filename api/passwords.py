"""Passwords: kept as scrypt with salt and parameters (RFC 7914), compared in constant time, refused where easily guessed."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final

from api.problems import Fault

LONGEST: Final = 256
_AT_ONCE: Final = threading.Semaphore(2)
"""Each takes some 16 MB and a tenth of a second of a core: a crowd at the door must not take the house."""
_MEMORY: Final = 128 * 1024 * 1024
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_COMMON: Final = frozenset({
    "password", "passwort", "passw0rd", "welcome", "qwerty", "qwertz", "azerty", "iloveyou", "administrator", "lexgate",
    "changeme", "letmein", "123456789012", "1234567890123456", "abcdefghijkl", "qwertyuiop", "qwertyuiopas", "1q2w3e4r5t6y",
})  # fmt: skip
"""What people choose where they must choose something."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The parameters of scrypt."""

    n: int
    r: int
    p: int


COST: Final = Cost(2**14, 8, 5)
"""One of the settings of the OWASP Password Storage Cheat Sheet that are equally strong: the one with the least memory."""


def kept(password: str, cost: Cost = COST) -> str:
    """What is kept of a password: `scrypt$n$r$p$salt$hash`."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return "$".join(("scrypt", str(cost.n), str(cost.r), str(cost.p), _text(salt), _text(_hash(password, salt, cost))))


_NOBODYS: Final = "$".join(
    ("scrypt", str(COST.n), str(COST.r), str(COST.p), _NONE := b64encode(bytes(16)).decode(), _NONE)
)


def matches(password: str, stored: str) -> bool:
    """Whether it is the password that was kept. Where none was, the same work is done and the answer is no."""
    kind, n, r, p, salt, wanted = (stored or _NOBODYS).split("$")
    assert kind == "scrypt", "nothing else is ever kept"
    found = _hash(password, b64decode(salt), Cost(int(n), int(r), int(p)))
    return hmac.compare_digest(found, b64decode(wanted)) and bool(stored)


def fault_of(password: str, *, least: int, login: str, pointer: str = "/password") -> Fault | None:
    """Why a password cannot be chosen; None: it can. Length counts (NIST SP 800-63B); no mixture of signs is asked for."""
    plain = unicodedata.normalize("NFKC", password)
    if len(plain) < least:
        return Fault(
            pointer, "too_short", f"At least {least} characters: a few words that nobody says together do well"
        )
    low = plain.casefold()
    bare = low.strip("0123456789!?.-_ ")
    if bare in _COMMON or low in _COMMON or len(set(low)) < 5 or (login and login in low and len(low) < 2 * least):
        return Fault(pointer, "easily_guessed", "This is among the first that somebody would try")
    return None


def _hash(password: str, salt: bytes, cost: Cost) -> bytes:
    # The same letters can be typed as other code points on another keyboard.
    plain = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    with _AT_ONCE:
        return hashlib.scrypt(plain, salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=_MEMORY, dklen=_HASH_BYTES)


def _text(data: bytes) -> str:
    return b64encode(data).decode()
