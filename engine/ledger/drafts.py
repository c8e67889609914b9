"""Drafts in the ledger: every event chained, every version of a file kept, each draft moved only from where it was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.drafting import Activation, ActivationKind, Draft, DraftOutdated, DraftState, DraftStep, must_follow
from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.activations import ActivationWriter
from engine.ledger.draft_tables import ApprovalPolicyRow, DraftEventRow, DraftFileRow, DraftRow
from engine.ledger.entries import KeyedAnswer, KeyReused, Page, Replayed
from engine.ledger.errors import EntryRefused
from engine.ledger.releases import Release, ReleaseWriter
from engine.ledger.signatures import ReleaseSignature, SignatureWriter


@dataclass(frozen=True, slots=True)
class StoredDraftEvent:
    """An event of a draft as it stands beside the chain. `seq`: of the note that vouches for it."""

    seq: int
    number: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor: str
    before: str | None
    after: str
    content: str | None
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file as a draft has it. `text` None: it is taken out. `number`: of the event that wrote it."""

    path: str
    number: int
    editor: str
    text: str | None


@dataclass(frozen=True, slots=True)
class ApprovalPolicy:
    """How many must approve a change to a domain; where a statute's value changes; and of which roles. `roles`: role -> keys."""

    domain: str
    required: int = 1
    statute_required: int = 2
    roles: Mapping[str, tuple[str, ...]] | None = None
    actor: str = "system"


@dataclass(frozen=True, slots=True)
class Along:
    """What a step of a draft brings with it into the same transaction."""

    files: tuple[DraftFile, ...] = ()
    release: Release | None = None
    """Kept with the step, so that it can be put in force."""
    activation: Activation | None = None
    """Put in force with the step."""
    signature: ReleaseSignature | None = None
    """The publisher's, under what is put in force."""


class UnknownDraft(LookupError):
    """There is no draft with this id."""


class DraftMoved(ValueError):
    """The draft is not any more as it was seen."""


_ONE: Final = text("SELECT body FROM draft WHERE id = :id")
_PAGE: Final = text(
    "SELECT body FROM draft WHERE id > :after AND (CAST(:state AS TEXT) IS NULL OR state = :state) ORDER BY id LIMIT :limit"
)
_NEWEST: Final = text(
    "SELECT body FROM draft WHERE (CAST(:after AS TEXT) IS NULL OR id < :after)"
    " AND (CAST(:state AS TEXT) IS NULL OR state = :state) ORDER BY id DESC LIMIT :limit"
)
_EVENTS: Final = text(
    "SELECT seq, number, kind, at, recorded_at, actor, from_state, to_state, content, payload FROM draft_event"
    " WHERE draft_id = :id ORDER BY number"
)
_FILES: Final = text(
    "SELECT f.path, f.number, f.editor, f.gone, f.text FROM draft_file f WHERE f.draft_id = :id AND f.number ="
    " (SELECT max(g.number) FROM draft_file g WHERE g.draft_id = f.draft_id AND g.path = f.path) ORDER BY f.path"
)
_VERSIONS: Final = text(
    "SELECT path, number, editor, gone, text FROM draft_file WHERE draft_id = :id AND path = :path ORDER BY number"
)
_MOVE: Final = text(
    "UPDATE draft SET number = :number, state = :state, base = :base, content = :content, updated_at = :updated_at,"
    " body = :body WHERE id = :id"
)
_POLICIES: Final = text("SELECT domain, required, statute_required, roles, actor FROM approval_policy ORDER BY domain")
_FORGET: Final = text("DELETE FROM approval_policy WHERE domain = :domain")
_WAITING: Final = text(
    "SELECT DISTINCT content FROM draft WHERE state IN ('approved', 'scheduled') AND content IS NOT NULL"
)

Outcome = Replayed | KeyReused | None


class Drafts:
    """The drafts of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._newest = database.worded(_NEWEST)
        words = map(database.worded, (_ONE, _PAGE, _EVENTS, _FILES, _VERSIONS, _MOVE, _POLICIES, _FORGET, _WAITING))
        self._one, self._page, self._events, self._files, self._versions, self._move, *rest = words
        self._policies, self._forget, self._waiting = rest
        self._insert_draft, self._insert_event = database.insertion(DraftRow), database.insertion(DraftEventRow)
        self._insert_file, self._insert_policy = database.insertion(DraftFileRow), database.insertion(ApprovalPolicyRow)
        self._activations, self._releases = ActivationWriter(database), ReleaseWriter(database)
        self._signatures = SignatureWriter(database)

    def one(self, draft_id: str) -> Draft | None:
        """The draft with this id."""
        row = self._readers.row(self._one, {"id": draft_id})
        return None if row is None else draft_of(row[0])

    def page(
        self, *, state: DraftState | None, limit: int, after: str | None, newest_first: bool = False
    ) -> Page[Draft]:
        """Drafts in the order in which they were opened, or against it."""
        asked = {"state": state and state.value, "after": after, "limit": limit + 1}
        chosen = self._newest if newest_first else self._page
        rows = self._readers.rows(chosen, asked if newest_first else {**asked, "after": after or ""})
        data = tuple(draft_of(row[0]) for row in rows[:limit])
        return Page(data, data[-1].id if len(rows) > limit else None)

    def history(self, draft_id: str) -> tuple[StoredDraftEvent, ...]:
        """Every event, the first one first."""
        return tuple(_event(row) for row in self._readers.rows(self._events, {"id": draft_id}))

    def files(self, draft_id: str) -> dict[str, DraftFile]:
        """What the draft changes, as it stands, by path."""
        return {row[0]: _file(row) for row in self._readers.rows(self._files, {"id": draft_id})}

    def versions(self, draft_id: str, path: str) -> tuple[DraftFile, ...]:
        """Every version of one file in a draft, the first one first: nothing that was written is lost."""
        return tuple(_file(row) for row in self._readers.rows(self._versions, {"id": draft_id, "path": path}))

    def coming(self) -> frozenset[str]:
        """The releases that may soon be in force: approved or scheduled."""
        return frozenset(row[0] for row in self._readers.rows(self._waiting))

    def policies(self) -> dict[str, ApprovalPolicy]:
        """Who must approve, by domain, where that was laid down."""
        return {row[0]: _policy(row) for row in self._readers.rows(self._policies)}

    def set_policy(self, policy: ApprovalPolicy, at: datetime) -> None:
        """Lay down who must approve changes to a domain, of drafts that are checked from now on. Waits for the disk."""

        def work(batch: Batch) -> None:
            roles = orjson.dumps({role: list(keys) for role, keys in (policy.roles or {}).items()})
            row = (policy.domain, policy.required, policy.statute_required, roles, policy.actor, batch.now)
            left = [("approval_policy", policy.domain, row)]
            vouch(batch, "draft.policy", policy.domain, to_micros(at), {"actor": policy.actor}, left)
            batch.execute(self._forget, {"domain": policy.domain})
            batch.execute(self._insert_policy, row)

        self._writer.run(work)

    def store(
        self, step: DraftStep, at: datetime, along: Along | None = None, once: KeyedAnswer | None = None
    ) -> Outcome:
        """Chain what a person did, if the draft is as that person saw it. Waits for the disk.

        Raises DraftMoved where it is not, UnknownDraft, DraftOutdated where it is to be in force and does not follow what is
        then, and EntryRefused where the database itself says no.
        """
        brought = along or Along()

        def work(batch: Batch) -> Outcome | Exception:
            given = None if once is None else batch.known(once.key)
            if given is not None:
                return given
            seen = self._seen(batch, step) or self._outdated(batch, step, brought.activation)
            if seen is not None:
                return seen
            self._write(batch, step, to_micros(at), brought)
            return None if once is None else batch.claim(once.key, once.answer)

        found = self._writer.run(work)
        if isinstance(found, Exception):
            raise found
        return found

    def take(self, batch: Batch, step: DraftStep, at: datetime, along: Along | None = None) -> Exception | None:
        """Chain a step within a transaction of the caller's. What is returned refuses it: nothing is written then."""
        seen = self._seen(batch, step)
        if seen is None:
            self._write(batch, step, to_micros(at), along or Along())
        return seen

    def _seen(self, batch: Batch, step: DraftStep) -> Exception | None:
        rows = batch.rows(self._one, {"id": step.draft.id})
        if step.draft.number == 1:
            return DraftMoved(step.draft.id) if rows else None
        if not rows:
            return UnknownDraft(step.draft.id)
        return None if draft_of(rows[0][0]).number + 1 == step.draft.number else DraftMoved(step.draft.id)

    def _outdated(self, batch: Batch, step: DraftStep, wanted: Activation | None) -> Exception | None:
        if wanted is None or wanted.kind is ActivationKind.CANCELLED:
            return None
        try:
            must_follow(step.draft, self._activations.all(batch), wanted.active_from)
        except DraftOutdated as error:
            return error
        return None

    def _write(self, batch: Batch, step: DraftStep, at: int, along: Along) -> None:
        if along.release is not None:
            self._releases.keep(batch, along.release, at)
        draft = step.draft
        payload = orjson.dumps({"reason": step.reason, **step.details}, option=orjson.OPT_SORT_KEYS)
        row = _row(draft)
        before = None if step.before is None else step.before.value
        event = (
            batch.seq + 1, draft.id, draft.number, step.kind, at, batch.now, step.actor, before, draft.state.value,
            draft.content, int(draft.statute), draft.required, payload,
        )  # fmt: skip
        left: list[tuple[str, str, Sequence[object]]] = [
            ("draft", draft.id, row),
            ("draft_event", f"{draft.id}#{draft.number}", event),
        ]
        for written in along.files:
            gone, content = int(written.text is None), (written.text or "").encode()
            kept = (draft.id, written.path, draft.number, step.actor, batch.now, gone, content)
            left.append(("draft_file", f"{draft.id}#{draft.number}#{written.path}", kept))
            batch.execute(self._insert_file, kept)
        told = {"actor": step.actor, "from": before, "to": draft.state.value, "reason": step.reason, **step.details}
        vouch(batch, f"draft.{step.kind}", draft.id, at, told, left)
        if draft.number == 1:
            batch.execute(self._insert_draft, row)
        else:
            names = ("id", "number", "state", "base", "content", "updated_at", "body")
            batch.execute(self._move, dict(zip(names, row, strict=True)))
        batch.execute(self._insert_event, event)
        if along.signature is not None:
            self._signatures.keep(batch, along.signature, at)
        if along.activation is not None:
            self._put_in_force(batch, along.activation)

    def _put_in_force(self, batch: Batch, wanted: Activation) -> None:
        """A cancellation takes back the draft's own activation, which only the ledger knows the number of."""
        if wanted.kind is not ActivationKind.CANCELLED:
            if not self._releases.known(batch, wanted.release):
                raise EntryRefused(f"There is no release {wanted.release}")
            self._activations.write(batch, wanted)
            return
        for one in self._activations.all(batch):
            if one.draft == wanted.draft and one.kind is not ActivationKind.CANCELLED:
                cancels = {name.name: getattr(wanted, name.name) for name in fields(wanted)} | {"cancels": one.seq}
                self._activations.write(batch, Activation(**cancels))


def draft_of(body: bytes) -> Draft:
    """A draft as its row keeps it."""
    said = orjson.loads(body)
    said["state"] = DraftState(said["state"])
    said["editors"] = frozenset(said["editors"])
    for name in ("domains", "roles", "approvals", "held"):
        said[name] = tuple(said[name])
    for name in ("created_at", "updated_at", "active_from"):
        said[name] = None if said[name] is None else datetime.fromisoformat(said[name])
    return Draft(**said)


def _row(draft: Draft) -> tuple[object, ...]:
    said = {one.name: getattr(draft, one.name) for one in fields(draft)}
    said["editors"] = sorted(draft.editors)
    for name in ("created_at", "updated_at", "active_from"):
        said[name] = None if said[name] is None else said[name].isoformat()
    body = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return (draft.id, draft.number, draft.state.value, draft.base, draft.content, to_micros(draft.updated_at), body)


def _event(row: Sequence[Any]) -> StoredDraftEvent:
    seq, number, kind, at, recorded_at, actor, before, after, content, payload = row
    return StoredDraftEvent(
        seq, number, kind, from_micros(at), from_micros(recorded_at), actor, before, after, content,
        orjson.loads(payload),
    )  # fmt: skip


def _file(row: Sequence[Any]) -> DraftFile:
    path, number, editor, gone, written = row
    return DraftFile(path, number, editor, None if gone else bytes(written).decode())


def _policy(row: Sequence[Any]) -> ApprovalPolicy:
    domain, required, statute_required, roles, actor = row
    held = {role: tuple(keys) for role, keys in orjson.loads(roles).items()}
    return ApprovalPolicy(domain, required, statute_required, held or None, actor)
