"""The master key: a file of the operator's, never in the ledger, under which secrets of the ledger are wrapped.

Those are the secrets of second factors, and the keys under which personal data are kept (`engine.ledger.subjects`). The file is
looked at for each use, so that a running service knows a key that was added, and can read nothing once the file is gone but what
it holds in memory: whoever signs in with a second factor is then told that the service is not ready.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from api.logs import logger
from api.problems import Problem
from api.settings import Settings
from api.signing_keys import beside
from engine.ledger import Change, Ledger, LedgerLocked, Person
from engine.ledger.people import OPERATOR
from engine.wrapping import NotAMasterKey, Ring, WrapFault, is_wrapped, key_of

_HEAD: Final = (
    "# Master keys of Lexgate, the newest first: secrets of the ledger are wrapped under them. Keep a copy elsewhere, and never\n"
    "# beside a copy of the ledger: whoever has both can read them.\n"
)


_log = logger("lexgate.master_key")


class MasterKeyRefused(ValueError):
    """The master key is missing or is none. The message says what to do, and shows nothing of it."""


class MasterKey:
    """Where the ring lies, and what is wrapped under it."""

    def __init__(self, settings: Settings) -> None:
        chosen, self._protect = settings.master_key, settings.protect
        self._read: tuple[tuple[int, int, int], Ring] | None = None
        self._made_here = chosen is None
        signing = beside(settings.database)
        self.path = chosen or (None if signing is None else signing.with_name(_name(signing)))
        """None: PostgreSQL, and no file is named."""

    def ring(self) -> Ring:
        """The keys as they are now. Raises MasterKeyRefused."""
        if self.path is None:
            raise MasterKeyRefused("There is no master key: name a file in LEXGATE_MASTER_KEY")
        try:
            return Ring.from_text(self.path.read_text())
        except (NotAMasterKey, UnicodeDecodeError) as error:
            raise MasterKeyRefused(f"The master key {self.path} cannot be used: {error}") from None
        except OSError as error:
            raise MasterKeyRefused(
                f"The master key {self.path} cannot be read ({error.strerror}): restore it from where it is kept, or"
                " give everybody with a second factor a new one-time code with `lexgate people reset`"
            ) from error

    def remembered(self) -> Ring:
        """As `ring`, read again where the file is another one than last time. Raises MasterKeyRefused."""
        if self.path is None:
            return self.ring()
        try:
            found = self.path.stat()
        except OSError:
            return self.ring()
        seen = (found.st_ino, found.st_mtime_ns, found.st_size)
        known = self._read
        if known is not None and known[0] == seen:
            return known[1]
        ring = self.ring()
        self._read = seen, ring
        return ring

    def protect(self, ledger: Ledger) -> None:
        """Open a ledger that protects personal data, and begin to protect one that does not yet. Where there is no master key,
        that is said in the log; with LEXGATE_PROTECT=required it is refused. Raises MasterKeyRefused, LedgerLocked, OSError.
        """
        self.make_first(ledger)
        protected = ledger.subjects.is_protected
        if not protected and (self.path is None or not self.path.exists()):
            if self._protect == "required":
                raise MasterKeyRefused(
                    "LEXGATE_PROTECT=required, and there is no master key: name its file in LEXGATE_MASTER_KEY"
                )
            _log.warning("personal_data_in_the_clear", name="LEXGATE_MASTER_KEY")
            return
        self.ring()
        ledger.subjects.protect(self.remembered)

    def unlock(self, ledger: Ledger) -> None:
        """Open a ledger that protects personal data, if the master key is here. Without it, it says so when it is asked."""
        if ledger.subjects.is_protected:
            with suppress(MasterKeyRefused, LedgerLocked):
                self.protect(ledger)

    def source(self) -> Callable[[], Ring] | None:
        """What an audit reads the master key by. None: it is not here."""
        return self.remembered if self.path is not None and self.path.exists() else None

    def write(self, ring: Ring) -> None:
        """Put another ring in its place, whole or not at all. Raises OSError, MasterKeyRefused."""
        if self.path is None:
            raise MasterKeyRefused("There is no master key: name a file in LEXGATE_MASTER_KEY")
        draft = _drafted(self.path, ring)
        draft.replace(self.path)

    def make_first(self, ledger: Ledger) -> None:
        """Where nothing is wrapped yet and the file is ours to make, make it. Raises OSError."""
        if not self._made_here or self.path is None or self.path.exists():
            return
        if ledger.subjects.is_protected or any(
            is_wrapped(one) for person in ledger.people.with_factor() for one in _secrets(person)
        ):
            return  # It is lost, not new: another key would hide that.
        draft = _drafted(self.path, Ring.new())
        try:
            # Never over another's: two services may start at once.
            os.link(draft, self.path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()

    def look_after(self, ledger: Ledger, now: datetime) -> None:
        """At the start: every secret can be read, and none lies there in the clear. Raises MasterKeyRefused, OSError."""
        self.make_first(ledger)
        people = ledger.people.with_factor()
        if not people:
            return
        ring = self.ring()
        missing = {key_of(one) for person in people for one in _secrets(person) if is_wrapped(one)} - set(ring.ids)
        if missing:
            raise MasterKeyRefused(
                f"The master key {self.path} is another one: the ledger holds secrets under {', '.join(sorted(missing))}."
                " Restore it, or put the line of that key back into the file"
            )
        self.rewrap(ledger, now, plain_only=True)

    def rewrap(self, ledger: Ledger, now: datetime, *, plain_only: bool = False) -> int:
        """Wrap secrets of second factors under the newest key; `plain_only`: those alone that lie in the clear. Returns of how
        many people, each a note in the chain. Raises MasterKeyRefused, WrapFault."""
        ring, done = self.ring(), 0
        for person in ledger.people.with_factor():
            if all(_is_done(one, ring, plain_only) for one in _secrets(person)):
                continue
            ledger.people.change(
                person.id, Change("factor_wrapped", OPERATOR, now, lambda found: _wrapped(found, ring))
            )
            done += 1
        return done

    def used(self, ledger: Ledger) -> Counter[str]:
        """How many secrets are wrapped under each key; the empty id: under none."""
        return ledger.subjects.used() + Counter(
            key_of(one) for person in ledger.people.with_factor() for one in _secrets(person)
        )

    def kept(self, ledger: Ledger, person_id: str, secret: str) -> str:
        """The secret of a second factor as it is kept. Raises 503."""
        try:
            self.make_first(ledger)
            return self.ring().wrap(secret.encode(), about(person_id))
        except (MasterKeyRefused, OSError):
            raise _not_ready() from None

    def secret_of(self, person_id: str, kept: str) -> str:
        """The inverse. Raises 503: what cannot be read opens nothing."""
        try:
            return self.ring().unwrap(kept, about(person_id)).decode()
        except (MasterKeyRefused, WrapFault):
            raise _not_ready() from None


def about(person_id: str) -> str:
    """What the secret of a second factor belongs to."""
    return f"person.factor {person_id}"


def _secrets(person: Person) -> list[str]:
    return [one for one in (person.factor, person.pending_factor) if one]


def _is_done(kept: str, ring: Ring, plain_only: bool) -> bool:
    return is_wrapped(kept) if plain_only else key_of(kept) == ring.ids[0]


def _wrapped(found: Person, ring: Ring) -> Person:
    def again(kept: str) -> str:
        if not kept or key_of(kept) == ring.ids[0]:
            return kept
        plain = ring.unwrap(kept, about(found.id)) if is_wrapped(kept) else kept.encode()
        return ring.wrap(plain, about(found.id))

    return replace(found, factor=again(found.factor), pending_factor=again(found.pending_factor))


def _drafted(path: Path, ring: Ring) -> Path:
    """The ring in a file beside its place that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(_HEAD + ring.text())
        file.flush()
        os.fsync(file.fileno())
    return draft


def _name(signing: Path) -> str:
    return signing.name.replace(".signing.pem", ".master.key")


def _not_ready() -> Problem:
    return Problem(
        "not_ready", "The second factor cannot be read: the master key of this service is missing, or is another one.",
        headers={"retry-after": "60"},
    )  # fmt: skip
