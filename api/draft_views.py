"""Drafts and releases in force, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from api.drafting import CheckFound, Desk, etag_of, steps_for
from engine.diffs import Change
from engine.drafting import Activation, Draft
from engine.ledger import ApprovalPolicy, DraftFile, StoredDraftEvent
from engine.packs import Problem
from engine.packs.lint import CODES
from engine.packs.model import DOMAINS


class Shelf(Protocol):
    """What a draft is told with."""

    def base_files(self, draft: Draft, /) -> Mapping[str, str]:
        """The files of the release that it changes."""

    def stands(self, draft: Draft, /) -> str:
        """Where it stands, with what became of it."""

    def before(self, release: str, /) -> str | None:
        """What a rollback from that release would put in force."""


def draft_body(shelf: Shelf, draft: Draft, files: dict[str, DraftFile]) -> dict[str, Any]:
    """A draft as it stands."""
    base = shelf.base_files(draft)
    stands = shelf.stands(draft)
    unchecked = draft.required == 0
    return {
        "id": draft.id,
        "title": draft.title,
        "state": stands,
        "number": draft.number,
        "base": draft.base,
        "content": draft.content,
        "author": draft.author,
        "editors": sorted(draft.editors),
        "domains": list(draft.domains),
        "statute": None if unchecked else draft.statute,
        "required": None if unchecked else draft.required,
        "approvals": list(draft.approvals),
        "roles": list(draft.roles),
        "active_from": draft.active_from,
        "emergency": draft.emergency,
        "reviewed_by": draft.reviewed_by,
        "follows": draft.follows,
        "rolls_back_to": shelf.before(draft.content) if stands == "active" and draft.content else None,
        "created_at": draft.created_at,
        "updated_at": draft.updated_at,
        "possible": steps_for(draft, stands),
        "files": [_file(one, base.get(one.path)) for one in files.values()],
    }


def _file(one: DraftFile, before: str | None) -> dict[str, Any]:
    if one.text == before:
        change = "same"
    elif one.text is None:
        change = "removed"
    else:
        change = "added" if before is None else "changed"
    return {"path": one.path, "change": change, "editor": one.editor, "etag": etag_of(one.text)}


def summary_of(desk: Desk, draft: Draft) -> dict[str, Any]:
    """A draft in a list."""
    stands = desk.stands(draft)
    return {
        "id": draft.id, "title": draft.title, "state": stands, "author": draft.author,
        "editors": sorted(draft.editors), "content": draft.content, "domains": list(draft.domains),
        "statute": draft.statute if draft.required else None, "required": draft.required or None,
        "approvals": list(draft.approvals), "roles": list(draft.roles), "active_from": draft.active_from,
        "emergency": draft.emergency, "reviewed_by": draft.reviewed_by, "created_at": draft.created_at,
        "updated_at": draft.updated_at, "possible": steps_for(draft, stands),
    }  # fmt: skip


def check_body(found: CheckFound, draft: dict[str, Any]) -> dict[str, Any]:
    """What a check found."""
    return {
        "ok": found.outcome is not None,
        "problems": [problem_body(one) for one in found.problems],
        "tests": found.tests,
        "changes": [change_body(one) for one in found.changes],
        "draft": draft,
    }


def problem_body(problem: Problem) -> dict[str, Any]:
    """What the checker says."""
    known = CODES.get(problem.code)
    remedy = problem.remedy or (known.remedy if known else "")
    return {
        "code": problem.code, "severity": problem.severity, "file": problem.spot.file, "line": problem.spot.line,
        "column": problem.spot.column, "message": problem.message, "remedy": remedy,
    }  # fmt: skip


def change_body(change: Change) -> dict[str, Any]:
    """What changes, by its stable id."""
    return {
        "kind": change.kind.value, "change": change.act.value, "pack": change.pack, "domain": change.domain,
        "name": change.name, "path": change.path, "label": change.label, "before": change.before, "after": change.after,
        "cite": change.cite, "basis": change.basis, "statute": change.statute, "bears": change.bears,
        "effective": None if change.effective is None else change.effective.isoformat(), "file": change.file,
    }  # fmt: skip


def event_body(one: StoredDraftEvent) -> dict[str, Any]:
    """One event of a draft."""
    return {
        "number": one.number, "event": one.kind, "at": one.at, "recorded_at": one.recorded_at, "actor": one.actor,
        "from": one.before, "to": one.after, "content": one.content, "details": dict(one.payload),
    }  # fmt: skip


def policies_body(laid_down: dict[str, ApprovalPolicy]) -> dict[str, Any]:
    """Who must approve, of every domain."""
    return {"data": [policy_body(laid_down.get(domain, ApprovalPolicy(domain))) for domain in DOMAINS]}


def policy_body(policy: ApprovalPolicy) -> dict[str, Any]:
    """Who must approve changes to a domain."""
    return {
        "domain": policy.domain, "required": policy.required, "statute_required": policy.statute_required,
        "roles": {role: list(keys) for role, keys in (policy.roles or {}).items()}, "laid_down_by": policy.actor,
    }  # fmt: skip


def activations_body(
    in_force: str, activations: Sequence[Activation], limit: int | None = None, after: int | None = None
) -> dict[str, Any]:
    """The newest first; what was cancelled is shown as such. At most `limit` of those before number `after`; default: all."""
    taken = _cancelled(activations)
    asked = [one for one in reversed(activations) if after is None or one.seq < after]
    page = asked[:limit]
    return {
        "in_force": in_force,
        "data": [
            {
                "number": one.seq,
                "release": one.release, "active_from": one.active_from, "kind": one.kind.value, "actor": one.actor,
                "recorded_at": one.recorded_at, "draft": one.draft, "reason": one.reason, "cancelled": one.seq in taken,
            }
            for one in page
        ],
        "next": str(page[-1].seq) if len(page) < len(asked) else None,
    }  # fmt: skip


def _cancelled(activations: Iterable[Activation]) -> frozenset[int]:
    return frozenset(one.cancels for one in activations if one.cancels is not None)
