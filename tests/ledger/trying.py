"""Short ways to try the small make-believe releases of `lawmaking`."""

from __future__ import annotations

from datetime import datetime

from engine.drafting import Draft
from engine.ledger import Brought, Ledger, Piece
from engine.trials import Beginning, Guardrail, Trial, TrialStep, canary_started, shadow_started
from tests.ledger.factories import AT
from tests.ledger.lawmaking import SHIPPED, Office, made_of

NAME = "drf_1"


def approved(office: Office, name: str = NAME, base: str = SHIPPED.digest) -> Draft:
    """Opened by ann, edited by ben too; approved by cleo and dan."""
    draft = office.open(name, "ann", AT, base)
    draft = office.edit(draft, "ann", AT, "A/a.yaml", name)
    draft = office.edit(draft, "ben", AT, "A/a.yaml", f"{name} 2")
    draft = office.submit(office.check(draft, "ann", AT, 2), "ann", AT)
    return office.approve(office.approve(draft, "cleo", AT), "dan", AT)


def begun(ledger: Ledger, step: TrialStep, brought: Brought | None = None) -> Trial:
    """Stored, and as it is read again."""
    ledger.trials.start(step, brought)
    trial = ledger.trials.one(step.trial.id)
    assert trial is not None
    return trial


def canary(ledger: Ledger, draft: Draft, name: str = "trl_1", at: datetime = AT, base: str = SHIPPED.digest) -> Trial:
    """Of an approved draft, for a tenth of the payers."""
    step = canary_started(Beginning(name, "cleo", at, base, "r"), draft, 1_000, Guardrail())
    return begun(ledger, step, Brought(made_of(ledger, draft)))


def shadow(ledger: Ledger, draft: Draft, name: str = "trl_2", base: str = SHIPPED.digest) -> Trial:
    """Of a checked draft."""
    begins = Beginning(name, "ann", AT, base, "r")
    assert draft.content is not None
    return begun(ledger, shadow_started(begins, draft.content, draft), Brought(made_of(ledger, draft)))


def piece(trial: Trial, number: int, after: int, upto: int, *differences: list[object]) -> Piece:
    """So many decisions, of which some differ."""
    return Piece(trial.id, number, after, upto, max(len(differences), 1), {"payments": 1}, differences)
