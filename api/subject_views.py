"""Subjects as they are answered."""

from __future__ import annotations

from typing import Any

from engine.ledger import Erasure, Subject


def subject_body(found: Subject) -> dict[str, Any]:
    """A subject, shaped like `SubjectBody`."""
    return {
        "pseudonym": found.pseudonym,
        "kept": found.is_kept,
        "keys": [
            {
                "number": one.number,
                "made_at": one.made_at.isoformat(),
                "erased_at": None if one.erased_at is None else one.erased_at.isoformat(),
                "by": one.by,
                "reason": one.reason,
            }
            for one in found.keys
        ],
        "unprotected": found.unprotected,
    }


def erasure_body(done: Erasure) -> dict[str, Any]:
    """What an erasure did, shaped like `ErasureBody`."""
    return {
        "pseudonym": done.pseudonym, "keys": done.keys, "unprotected": done.unprotected, "log_emptied": done.emptied,
    }  # fmt: skip
