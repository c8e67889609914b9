"""Drafts of small make-believe releases, and short ways to take them from one step to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from engine.drafting import (
    Activation,
    ActivationKind,
    Approval,
    Checked,
    Draft,
    DraftStep,
    approved,
    broken_glass,
    checked,
    edited,
    opened,
    scheduled,
    submitted,
    withdrawn,
)
from engine.ledger import Along, DraftFile, Ledger


@dataclass(frozen=True)
class Law:
    """A release as far as the ledger keeps it: a text, and the digest of it."""

    canonical: bytes
    version: str = "2026.11.0"

    @property
    def digest(self) -> str:
        return f"sha256:{sha256(self.canonical).hexdigest()}"


SHIPPED = Law(b"what came with the software")


def law_of(base: str, files: Mapping[str, str | None]) -> Law:
    """The release that edits upon a base become; without any, it still is another than its base."""
    said = "\n".join(f"{path}={text}" for path, text in sorted(files.items()) if text is not None)
    return Law(f"{base}\n{said}".encode())


def made_of(ledger: Ledger, draft: Draft) -> Law:
    """The release that a draft would become."""
    return law_of(draft.base, {path: file.text for path, file in ledger.drafts.files(draft.id).items()})


class Office:
    """Whoever does something with a draft, at an instant. Every step is stored as it is taken; what is refused is raised."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def _store(self, step: DraftStep, at: datetime, along: Along | None = None) -> Draft:
        self.ledger.drafts.store(step, at, along)
        return step.draft

    def open(self, name: str, actor: str, at: datetime, base: str = SHIPPED.digest) -> Draft:
        return self._store(opened(name, base, "A change", actor, at), at)

    def edit(self, draft: Draft, actor: str, at: datetime, path: str, text: str | None) -> Draft:
        step = edited(draft, actor, at, path, None if text is None else sha256(text.encode()).hexdigest())
        return self._store(step, at, Along((DraftFile(path, step.draft.number, actor, text),)))

    def check(self, draft: Draft, actor: str, at: datetime, required: int = 1, *, statute: bool = False) -> Draft:
        found = Checked(made_of(self.ledger, draft).digest, ("sca",), statute, required)
        return self._store(checked(draft, actor, at, found, {}), at)

    def submit(self, draft: Draft, actor: str, at: datetime) -> Draft:
        return self._store(submitted(draft, actor, at, "r"), at)

    def approve(self, draft: Draft, actor: str, at: datetime, content: str | None = None) -> Draft:
        return self._store(approved(draft, actor, at, Approval(content or draft.content or "", "r")), at)

    def schedule(self, draft: Draft, actor: str, at: datetime, active_from: datetime) -> Draft:
        step = scheduled(draft, actor, at, active_from, "r")
        return self._store(step, at, self._along(draft, actor, at, active_from, ActivationKind.PUBLISHED))

    def break_glass(self, draft: Draft, actor: str, at: datetime) -> Draft:
        step = broken_glass(draft, actor, at, "r", draft.content or "")
        return self._store(step, at, self._along(draft, actor, at, at, ActivationKind.BROKE_GLASS))

    def withdraw(self, draft: Draft, actor: str, at: datetime) -> Draft:
        step = withdrawn(draft, actor, at, "r")
        if draft.active_from is None or draft.content is None:
            return self._store(step, at)
        taken = Activation(0, draft.content, at, ActivationKind.CANCELLED, actor, at, draft.id, None, "r")
        return self._store(step, at, Along(activation=taken))

    def _along(self, draft: Draft, actor: str, at: datetime, since: datetime, kind: ActivationKind) -> Along:
        law = made_of(self.ledger, draft)
        return Along(release=law, activation=Activation(0, law.digest, since, kind, actor, at, draft.id, None, "r"))
