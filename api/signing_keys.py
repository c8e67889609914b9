"""The key that signs for this house, the keys that it trusts, and what must be signed before it is in force.

The private key is a file of the operator's, never in the ledger: whoever can write the one must not thereby hold the other.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from sqlalchemy import make_url

from api.settings import Settings
from engine.drafting import ActivationKind
from engine.ledger import Ledger, LedgerUnusable, ReleaseSignature
from engine.packs.envelope import Signed, fault_of, unsigned_base
from engine.packs.release import digest_of
from engine.signing import NotAKey, SigningKey, public_of


class KeyRefused(ValueError):
    """A file or word that should be a key is none. The message says which, and shows nothing of it."""


class ReleaseNotTrusted(LedgerUnusable):
    """The release in force is not what somebody who is trusted here signed: nobody is answered by it."""

    code = "release_not_trusted"


class SigningKeys:
    """The keys of one service, read when they are first needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def own(self) -> SigningKey | None:
        """The publisher's key: the file that is named, or one beside a SQLite ledger, made where there is none.

        None: PostgreSQL, and no file is named. Raises KeyRefused.
        """
        chosen = self._settings.signing_key
        path = chosen or beside(self._settings.database)
        if path is None:
            return None
        if chosen is None and not path.exists():
            make_key(path, unless_there=True)
        return read_key(path)

    @cached_property
    def trusted(self) -> frozenset[bytes]:
        """Whose releases may be in force here: our own key's, and those that `LEXGATE_TRUSTED_KEYS` names. Raises KeyRefused."""
        named = (part.strip() for part in self._settings.trusted_keys.split(","))
        own = frozenset() if self.own is None else frozenset((self.own.public,))
        return own | read_public(filter(None, named))

    def fault(self, ledger: Ledger, digest: str) -> str | None:
        """Why a release may not answer here; None: it came with the software, or somebody who is trusted signed it."""
        stored = ledger.release(digest)
        if stored is None:
            return "it is not kept here"
        if not isinstance(stored.canonical, bytes) or digest_of(stored.canonical) != digest:
            return "its contents are not those of its digest"
        started = came_with_software(ledger)
        if digest in started:
            return None
        signatures = [signed_of(one) for one in ledger.signatures.of(digest)]
        faults = [self._fault(one, stored.canonical, started) for one in signatures]
        if not faults:
            return "nobody signed it"
        return None if None in faults else faults[-1]

    def _fault(self, signed: Signed, canonical: bytes, started: frozenset[str]) -> str | None:
        fault = fault_of(signed, canonical, self.trusted)
        return base_fault(signed, started) if fault is None else fault

    def require(self, ledger: Ledger, digest: str) -> None:
        """Raises ReleaseNotTrusted."""
        fault = self.fault(ledger, digest)
        if fault is not None:
            raise ReleaseNotTrusted(
                f"The release in force, {digest}, cannot be trusted: {fault}. Restore the key that signed it"
                " (LEXGATE_SIGNING_KEY), name it in LEXGATE_TRUSTED_KEYS, or restore a backup of the ledger"
            )


def came_with_software(ledger: Ledger) -> frozenset[str]:
    """The digests of the releases that came with the software here."""
    return frozenset(one.release for one in ledger.activations.all() if one.kind is ActivationKind.STARTED)


def base_fault(signed: Signed, started: frozenset[str]) -> str | None:
    """Why what a circuit breaker made a release of may not answer here; None: somebody signed that, or it came with the software
    here. Of a statement without another fault."""
    base = unsigned_base(signed)
    if base is None or base in started:
        return None
    return f"nobody signed {base}, of which it was made, and it did not come with the software here"


def carried(ledger: Ledger, release: str) -> bool:
    """Whether a release may leave as a signed file: persons put it in force, or it came as one."""
    return ledger.activations.names(release) or bool(ledger.signatures.imports(release))


def drafted(ledger: Ledger, release: str) -> bool:
    """Whether a release is of a draft of this house, which alone says whether it is approved still."""
    return any(one.draft and ledger.drafts.one(one.draft) is not None for one in ledger.signatures.of(release))


def signed_of(one: ReleaseSignature) -> Signed:
    """A stored signature as it is held against its release."""
    return Signed(one.public_key, one.statement, one.signature)


def beside(database: str) -> Path | None:
    """Where the key lies that is made at the first start: beside a SQLite ledger. None: it is none."""
    address = make_url(database)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    ledger = Path(address.database)
    return ledger.with_name(f"{ledger.stem}.signing.pem")


def make_key(path: Path, *, unless_there: bool = False) -> SigningKey:
    """A new key in a file that only its owner may read. Raises FileExistsError unless one that is there will do, OSError."""
    key = SigningKey.new()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.pem())
        # Whole or not at all, and never over another's: two services may start at once.
        os.link(draft, path)
    except FileExistsError:
        if not unless_there:
            raise
        return read_key(path)
    finally:
        draft.unlink()
    return key


def read_key(path: Path) -> SigningKey:
    """The private key of a file. Raises KeyRefused."""
    try:
        return SigningKey.from_pem(path.read_bytes())
    except NotAKey as error:
        raise KeyRefused(f"The signing key {path} cannot be used: {error}") from None
    except OSError as error:
        raise KeyRefused(f"The signing key {path} cannot be read: {error.strerror}") from error


def read_public(named: Iterable[str]) -> frozenset[bytes]:
    """Public keys: hexadecimal digits, or files that hold such or PEM. Raises KeyRefused."""
    return frozenset(map(_public, named))


def _public(named: str) -> bytes:
    try:
        return public_of(named.encode())
    except NotAKey:
        pass
    try:
        return public_of(Path(named).read_bytes())
    except NotAKey as error:
        raise KeyRefused(f"The trusted key {named} cannot be used: {error}") from None
    except OSError as error:
        raise KeyRefused(
            f"The trusted key {named} is neither 64 hexadecimal digits nor a file that can be read"
        ) from error
