"""People: invited by one another, set up by themselves, disabled by an administrator. Each change is a note in the chain.

An administrator makes accounts and so must not make law (`roles`), nor change their own roles; the last one cannot be disabled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._people_sql import PEOPLE
from engine.ledger._time import to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.entries import KeyReused, Once, Page, Replayed
from engine.ledger.people_entries import (
    PERSON_COLUMNS,
    Person,
    PersonRefused,
    PersonState,
    Session,
    person_of,
    person_row,
)
from engine.ledger.people_tables import PersonRow
from engine.ledger.roles import Role, conflict
from engine.ledger.sessions import Opening, SessionWriter

OPERATOR: Final = "operator"
"""Whoever has the ledger itself at hand, by the command line: for the day on which no administrator can come in."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something done with a person. `alter` makes of them as they are what they become, or raises PersonRefused."""

    kind: str
    """The last part of the note's kind: `roles`, `disabled` ..."""
    actor: str
    now: datetime
    alter: Callable[[Person], Person]
    said: dict[str, Any] = field(default_factory=dict)
    ends_sessions: bool = False
    but: str = ""
    """A session that is not ended."""
    opens: Opening | None = None
    """A session that is opened in the same breath."""
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A person after a change, the session that was opened with it, and what stood under the idempotency key before."""

    person: Person
    session: Session | None = None
    given: Replayed | KeyReused | None = None


class People:
    """The people of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._sql = {name: database.worded(statement) for name, statement in PEOPLE.items()}
        self._insert = database.insertion(PersonRow)
        self._sessions = SessionWriter(database)

    def one(self, person_id: str) -> Person | None:
        """The person with this id."""
        row = self._readers.row(self._sql["by_id"], {"id": person_id})
        return None if row is None else person_of(row)

    def named(self, login: str) -> Person | None:
        """The person who signs in under this name."""
        row = self._readers.row(self._sql["by_login"], {"login": login.casefold()})
        return None if row is None else person_of(row)

    def known_as(self, subject: str) -> Person | None:
        """The person whom an issuer of OpenID Connect calls so."""
        row = self._readers.row(self._sql["by_subject"], {"subject": subject})
        return None if row is None else person_of(row)

    def page(self, *, limit: int, after: str | None = None, state: PersonState | None = None) -> Page[Person]:
        """People in the order in which they were made."""
        asked = {"after": after or "", "state": None if state is None else state.value, "limit": limit + 1}
        rows = self._readers.rows(self._sql["page"], asked)
        data = tuple(map(person_of, rows[:limit]))
        return Page(data, data[-1].id if len(rows) > limit else None)

    def with_factor(self) -> tuple[Person, ...]:
        """Everybody who has a second factor, or has begun to set one up."""
        return tuple(map(person_of, self._readers.rows(self._sql["with_factor"])))

    def are_there(self) -> bool:
        """Whether there is anybody."""
        return bool(self._readers.row(self._sql["count"])[0])

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """What people are called, by their ids."""
        found = (self.one(one) for one in ids if one.startswith("per_"))
        return {one.id: one.display_name for one in found if one is not None}

    def create(self, person: Person, actor: str, *, opens: Opening | None = None, once: Once | None = None) -> Changed:
        """Make a person. Waits for the disk. Raises PersonRefused."""

        def work(batch: Batch) -> Changed:
            given = None if once is None else batch.known(once.key)
            if given is not None:
                return Changed(person, None, given)
            _allowed(person.roles)
            if batch.rows(self._sql["by_login"], {"login": person.login}):
                raise PersonRefused("login_taken", "Somebody signs in under this name already")
            said = {"actor": actor, "roles": [role.value for role in person.roles]}
            row = person_row(person)
            vouch(batch, "person.created", person.id, to_micros(person.created_at), said, [("person", person.id, row)])
            batch.execute(self._insert, row)
            session = None if opens is None else self._sessions.open(batch, person, opens)
            return Changed(person, session, _claimed(batch, once, person))

        return self._writer.run(work)

    def change(self, person_id: str, wanted: Change) -> Changed:
        """Change a person as they are within the transaction. Waits for the disk. Raises PersonRefused, or what `alter` does."""

        def work(batch: Batch) -> Changed:
            rows = batch.rows(self._sql["by_id"], {"id": person_id})
            if not rows:
                raise PersonRefused("unknown_person", "There is no such person")
            before = person_of(rows[0])
            given = None if wanted.once is None else batch.known(wanted.once.key)
            if given is not None:
                return Changed(before, None, given)
            after = replace(wanted.alter(before), changed_at=wanted.now)
            if wanted.actor == person_id and after.roles != before.roles:
                raise PersonRefused("own_roles", "Nobody changes their own roles: another administrator must")
            _allowed(after.roles)
            if wanted.actor != OPERATOR:
                self._one_is_left(batch, before, after)
            return self._left(batch, after, wanted)

        return self._writer.run(work)

    def refuse(self, now: datetime, said: dict[str, Any]) -> None:
        """Note that somebody was not let in. Waits for the disk."""
        self._writer.run(lambda batch: vouch(batch, "session.refused", said["source"], to_micros(now), said, []))

    def show(self, now: datetime, who: str, said: dict[str, Any]) -> None:
        """Note that somebody was shown personal data whole. Waits for the disk: it is shown after that."""
        self._writer.run(lambda batch: vouch(batch, "access.personal", who, to_micros(now), said, []))

    def deny(self, now: datetime, subject: str, said: dict[str, Any]) -> None:
        """Note that calls were not let in. Waits for nobody to write it."""
        self._writer.later(lambda batch: vouch(batch, "access.denied", subject, to_micros(now), said, []))

    def _left(self, batch: Batch, after: Person, wanted: Change) -> Changed:
        now, row = wanted.now, person_row(after)
        said = {"actor": wanted.actor, **wanted.said}
        vouch(batch, f"person.{wanted.kind}", after.id, to_micros(now), said, [("person", after.id, row)])
        batch.execute(self._sql["put"], dict(zip(PERSON_COLUMNS, row, strict=True)))
        if wanted.ends_sessions:
            self._sessions.end_all(batch, after.id, now, wanted.actor, but=wanted.but)
        session = None if wanted.opens is None else self._sessions.open(batch, after, wanted.opens)
        return Changed(after, session, _claimed(batch, wanted.once, after))

    def _one_is_left(self, batch: Batch, before: Person, after: Person) -> None:
        """INVARIANT: where there was an administrator who can come in, there still is one."""
        if not _administers(before) or _administers(after):
            return
        others = (row for row in batch.rows(self._sql["active"]) if row[0] != before.id)
        if not any(Role.ADMINISTRATOR in roles.split() for _, roles in others):
            raise PersonRefused(
                "last_administrator", "Nobody else could make accounts: make another administrator first"
            )


def _administers(person: Person) -> bool:
    return person.state is PersonState.ACTIVE and Role.ADMINISTRATOR in person.roles


def _claimed(batch: Batch, once: Once | None, person: Person) -> Replayed | KeyReused | None:
    return None if once is None else batch.claim(once.key, once.tell(person))


def _allowed(roles: Iterable[Role]) -> None:
    why = conflict(roles)
    if why is not None:
        raise PersonRefused("roles_conflict", why)
