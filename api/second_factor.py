"""The second factor: codes that an authenticator counts out by the clock (RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

import hmac
import io
import secrets
from base64 import b32decode, b32encode
from datetime import datetime
from typing import Final

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS: Final = 30
DIGITS: Final = 6
RECOVERY_CODES: Final = 10
_SECRET_BYTES: Final = 20
_DRIFT: Final = 1
"""Half minutes that a clock may be wrong by, to either side (RFC 6238, 5.2)."""
_ISSUER: Final = "Lexgate"


def new_secret() -> str:
    """160 bits of chance in base 32, as authenticators read them."""
    return b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def uri_of(secret: str, login: str) -> str:
    """The address that an authenticator takes in: `otpauth://totp/...`."""
    return TOTP(b32decode(secret), DIGITS, SHA1(), STEP_SECONDS).get_provisioning_uri(login, _ISSUER)  # noqa: S303  RFC 6238: authenticators know SHA-1


def picture_of(uri: str) -> str:
    """The same as a QR code, in SVG, black on white whatever the page's colours: cameras want it so."""
    found = io.BytesIO()
    segno.make(uri, error="m").save(found, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
    return found.getvalue().decode().strip()


def step_of(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The half minute whose code this is, close to now and later than the last one that was used; None: it is none."""
    plain = "".join(code.split())
    if not (plain.isascii() and plain.isdigit() and len(plain) == DIGITS):
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    counter = HOTP(b32decode(secret), DIGITS, SHA1())  # noqa: S303  RFC 6238: authenticators know SHA-1
    found = None
    for step in range(current - _DRIFT, current + _DRIFT + 1):
        right = hmac.compare_digest(counter.generate(step), plain.encode())
        if right and step > after and found is None:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 bits, each good once: `abcd-efgh-ijkl-mnop`."""
    plain = (b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES))
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in plain]


def plain_code(code: str) -> str:
    """A recovery code as it is compared: people leave out dashes and write capitals."""
    return "".join(sign for sign in code.lower() if sign.isalnum())
