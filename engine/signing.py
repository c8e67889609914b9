"""Ed25519 signatures, and the statements that are signed: compact JSON with sorted keys, so that anybody can write them again.

An approver signs what can be known before the approval; the service countersigns an approval that came without a signature, and
says so. The publisher signs what a release is and who approved it; and, day by day, where the chain of the ledger ends.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

APPROVAL: Final = "lexgate-approval/1"
COUNTERSIGNATURE: Final = "lexgate-countersignature/1"
RELEASE: Final = "lexgate-release-statement/1"
DEMOTION: Final = "lexgate-demotion-statement/1"
CHECKPOINT: Final = "lexgate-checkpoint/1"
ARCHIVE: Final = "lexgate-archive/1"
PUBLIC_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64


class NotAKey(ValueError):
    """What was given is no Ed25519 key."""


class SigningKey:
    """A private key. It signs, and it never shows itself but as the PEM that its owner keeps."""

    __slots__ = ("_key", "public")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public: bytes = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @classmethod
    def new(cls) -> SigningKey:
        """A key by chance."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes) -> SigningKey:
        """A key as `pem` writes it. Raises NotAKey."""
        try:
            key = load_pem_private_key(pem, None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise NotAKey("no PEM of a private key without a password") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise NotAKey("a private key, but not of Ed25519")
        return cls(key)

    def pem(self) -> bytes:
        """PKCS 8, without a password: the file's own rights keep it."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, statement: bytes) -> bytes:
        """64 bytes, always the same of the same statement."""
        return self._key.sign(statement)


def verifies(public: bytes, statement: bytes, signature: bytes) -> bool:
    """Whether this very statement was signed by the holder of this key."""
    if len(public) != PUBLIC_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, statement)
    except InvalidSignature:
        return False
    return True


def public_of(text: bytes) -> bytes:
    """The 32 bytes of a public key: 64 hexadecimal digits, or PEM. Raises NotAKey."""
    plain = text.strip()
    if not plain.startswith(b"-----"):
        try:
            found = bytes.fromhex(plain.decode("ascii"))
        except (ValueError, UnicodeDecodeError) as error:
            raise NotAKey("neither 64 hexadecimal digits nor PEM") from error
        if len(found) != PUBLIC_BYTES:
            raise NotAKey("a public key has 64 hexadecimal digits")
        return found
    try:
        key = load_pem_public_key(plain)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise NotAKey("no PEM of a public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise NotAKey("a public key, but not of Ed25519")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def written(signature: bytes) -> str:
    """A signature as it travels: Base64."""
    return base64.b64encode(signature).decode()


def signature_in(text: str) -> bytes:
    """The inverse of `written`; no bytes for anything else, which verify nothing."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


# -- statements ---------------------------------------------------------------------------------------------------------


def approval_statement(draft: str, content: str, approver: str) -> bytes:
    """What an approver signs: this key of the API agrees that this draft becomes this release."""
    return _written({"approver": approver, "content": content, "draft": draft, "format": APPROVAL})


def countersignature_statement(draft: str, content: str, approver: str, at: datetime) -> bytes:
    """What the service signs in an approver's place: that it was told so by this key of the API, and when."""
    told = {"approver": approver, "at": at.isoformat(), "content": content, "draft": draft}
    return _written({**told, "format": COUNTERSIGNATURE})


def release_statement(
    digest: str, version: str, draft: str, required: int, approvals: Sequence[Mapping[str, Any]], *, emergency: bool
) -> bytes:
    """What the publisher signs: what is released, of which draft, and who approved it. `approvals` as `approval_of` makes them;
    `emergency`: in force by broken glass, without them."""
    told = {"approvals": [dict(one) for one in approvals], "digest": digest, "draft": draft, "version": version}
    return _written({**told, "emergency": emergency, "format": RELEASE, "required": required})


def demotion_statement(
    digest: str, version: str, held_back: Sequence[Mapping[str, str]], proof: Mapping[str, str] | None
) -> bytes:
    """What the publisher signs where the circuit breaker has made a release: that it is another one with some rules held back.

    `held_back`: `{base, pack, rule}` of each since persons put that other one in force: the digest that it was done to, and the
    rule. `proof` (`proof_of`): what was signed of that other one; None: it came with the software.
    """
    told = {"digest": digest, "held_back": [dict(one) for one in held_back], "version": version}
    return _written({**told, "format": DEMOTION, "proof": proof})


def proof_of(public: bytes, statement: bytes, signature: bytes) -> dict[str, str]:
    """A signed statement within another one."""
    return {"publisher": public.hex(), "signature": written(signature), "statement": statement.decode()}


def checkpoint_statement(at: datetime, seq: int, digest: bytes, previous: bytes | None) -> bytes:
    """Where the chain ended at an instant. `previous`: the statement of the checkpoint before."""
    before = None if previous is None else sha256(previous).hexdigest()
    told = {"at": at.isoformat(), "head": {"hash": digest.hex(), "seq": seq}, "previous": before}
    return _written({**told, "format": CHECKPOINT})


def archive_statement(body: Mapping[str, Any]) -> bytes:
    """What an archive holds of one month, as its manifest says it."""
    return _written({**body, "format": ARCHIVE})


def approval_of(approver: str, by: str, public: bytes, statement: bytes, signature: bytes) -> dict[str, str]:
    """An approval with what proves it. `by`: `own`, or `service` where it countersigned."""
    return {
        "approver": approver, "by": by, "public_key": public.hex(), "signature": written(signature),
        "statement": statement.decode(),
    }  # fmt: skip


def approval_fault(approval: Mapping[str, Any], draft: str, content: str, publisher: bytes) -> str | None:
    """Why an approval proves nothing; None: it proves what it says."""
    try:
        public, statement = bytes.fromhex(approval["public_key"]), approval["statement"].encode()
        said = json.loads(statement)
        approver, by, signature = approval["approver"], approval["by"], signature_in(approval["signature"])
        formats = {"own": APPROVAL, "service": COUNTERSIGNATURE}
        about = (said["format"], said["approver"], said["draft"], said["content"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return "an approval is not of the form of one"
    if about != (formats.get(by), approver, draft, content):
        return f"the approval of {approver} is one of something else"
    if by == "service" and public != publisher:
        return f"the approval of {approver} is countersigned by another than the publisher"
    return (
        None if verifies(public, statement, signature) else f"the signature under the approval of {approver} is false"
    )


def _written(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
