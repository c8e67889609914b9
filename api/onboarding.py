"""Onboarding at the edge: registers are looked into, the engine says what follows, the ledger keeps it, and it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson

from api.screening import Screening
from api.watching import firm_of, person_of
from engine.ledger import (
    CaseEntry,
    CaseEvent,
    CaseMoved,
    KeyedAnswer,
    KeyReused,
    Ledger,
    Moved,
    Replayed,
    StoredCase,
    StoredCaseEvent,
)
from engine.onboarding.law import OnboardingLaw
from engine.onboarding.life import Asked, swept, trading
from engine.onboarding.model import Application, Case, Registers, Screened, Transition, marks, people
from engine.onboarding.states import FINAL, MACHINE, STAGES, State, possible
from engine.packs import PackSet

_REFUSED: Final = frozenset({State.REJECTED, State.TERMINATED})
"""Whose marks are a blacklist of the house's own. What the machine refused for a slip of the pen is not on it."""
_APPLICANT: Final = {
    State.DRAFT: "draft",
    State.DOCUMENTS_MISSING: "more_needed",
    State.INFO_REQUESTED: "more_needed",
    State.ACTIVE: "active",
    State.ACTIVE_LIMITED: "active",
    State.SUSPENDED: "paused",
    **dict.fromkeys(FINAL, "closed"),
}
_INSIDE: Final = ("application", "review", "reason", "body_sha256")
Seen = Mapping[str, tuple[str, ...]]


def screened_names(application: Application, screening: Screening, at: datetime) -> dict[str, Screened] | None:
    """What the lists say of the merchant, its directors, owners and site, by name. None: no list is loaded. Who could not be held
    against all lists that are wanted, in an edition that is not stale, was not screened."""
    if screening.lists() is None:
        return None
    asked = [(application.name, firm_of(application)), *((one.name, person_of(one)) for one in people(application))]
    if application.website is not None:
        asked.append((application.website, {"ids": [{"type": "website", "value": application.website}]}))
    found: dict[str, Screened] = {}
    for name, question in asked:
        screened, _ = screening.of(question, at)
        if screened.verdict == "hit":
            found[name] = "confirmed"
        elif screened.verdict == "clear":
            found.setdefault(name, "clear")
        elif any(match.cleared_by is None for match in screened.matches) and found.get(name) != "confirmed":
            found[name] = "possible"
    return found


class Bench:
    """What a step needs beside the case: ledger, law, the instant, and the lists."""

    __slots__ = ("ledger", "now", "packs", "screening")

    def __init__(self, ledger: Ledger, packs: PackSet, now: datetime, screening: Screening | None = None) -> None:
        self.ledger, self.packs, self.now, self.screening = ledger, packs, now, screening

    def asked(self, case_id: str, application: Application, actor: str = MACHINE) -> tuple[Asked, Seen]:
        """Everything looked up for an application as it is handed in, and the cases that were seen to share its marks.

        Nobody asks a bank or reads a register of companies here yet: those checks are not performed, and flag.
        """
        day = self.now.astimezone(self.packs.layers.zone(application.country)).date()
        law = OnboardingLaw(self.packs, application.country, application.acquirer_country, day)
        others = self.ledger.onboarding.others(case_id, marks(application))
        registers = Registers(
            duplicates={mark: tuple(one[0] for one in found if one[1] not in FINAL) for mark, found in others.items()},
            blacklist={mark: tuple(one[0] for one in found if one[1] in _REFUSED) for mark, found in others.items()},
            screening=None if self.screening is None else screened_names(application, self.screening, self.now),
        )
        return Asked(law, registers, actor), {mark: tuple(one[0] for one in found) for mark, found in others.items()}

    def store(
        self, made: Sequence[Transition], number: int, seen: Seen | None, once: KeyedAnswer | None
    ) -> Replayed | KeyReused | None:
        """Keep what was made of the case as it stood after event `number`. Raises CaseMoved."""
        case = made[-1].case
        entry = CaseEntry(
            case.id, case.application.merchant, case.state.value, STAGES[case.state].value, case.application.country,
            case.deadline, case.model_dump_json().encode(), marks(case.application),
        )  # fmt: skip
        events = [_event(one) for one in made]
        moved = Moved(number, self.now, self.packs.release.digest, seen, once)
        return self.ledger.onboarding.store(entry, events, moved)

    def keep(self, case: StoredCase, once: KeyedAnswer) -> Replayed | KeyReused | None:
        """Keep only what to say when the request comes again: nothing followed from it."""
        entry = CaseEntry(case.id, case.merchant, case.state, case.stage, case.country, case.deadline, case.body, ())
        return self.ledger.onboarding.store(entry, [], Moved(case.number, self.now, "", None, once))

    def told(self, case: Case, made: Sequence[Transition], created_at: datetime | None) -> dict[str, Any]:
        """A case as it is answered, with transitions that are about to be stored."""
        before = self.ledger.onboarding.history(case.id) if created_at is not None else ()
        digest = self.packs.release.digest
        history = [_happened(one) for one in before] + [_made(one, self.now, digest) for one in made]
        day = self.now.astimezone(self.packs.layers.zone(case.application.country)).date()
        updated = history[-1]["at"]
        review = case.review
        json = case.model_dump(mode="json")
        return {
            "id": case.id,
            "merchant": case.application.merchant,
            "number": case.number,
            "stage": STAGES[case.state].value,
            "state": case.state.value,
            "trading": trading(case, day).value,
            "possible": possible(case.state, case.was_active),
            "missing": json["missing"],
            "checks": json["review"]["checks"] if review else [],
            "risk": json["review"]["risk"] if review else None,
            "beneficial_owners": json["review"]["beneficial_owners"] if review else [],
            "beneficial_owner_threshold": review.threshold if review else None,
            "high_risk": case.high_risk,
            "held": case.held,
            "submitter": case.submitter,
            "first_approver": case.first_approver,
            "conditions": json["activation"],
            "next_review": json["next_review"],
            "carry_until": json["carry_until"],
            "deadline": json["deadline"],
            "created_at": (created_at or self.now).isoformat(),
            "updated_at": updated,
            "applicant": {
                "status": _APPLICANT.get(case.state, "under_review"),
                "missing": json["missing"] if case.state in (State.DOCUMENTS_MISSING, State.INFO_REQUESTED) else [],
            },
            "application": case.application.model_dump(mode="json", exclude_none=True),
            "history": history,
            "masked": [],
        }


def case_of(stored: StoredCase) -> Case:
    """The case behind its row."""
    return Case.model_validate_json(stored.body)


def summary_of(stored: StoredCase) -> dict[str, Any]:
    """A case in a list."""
    case = case_of(stored)
    return {
        "id": stored.id,
        "merchant": stored.merchant,
        "number": stored.number,
        "stage": stored.stage,
        "state": stored.state,
        "country": stored.country,
        "name": case.application.name,
        "missing": len(case.missing),
        "risk": None if case.review is None else case.review.risk.level,
        "high_risk": case.high_risk,
        "held": case.held,
        "first_approver": case.first_approver,
        "deadline": None if stored.deadline is None else stored.deadline.isoformat(),
        "created_at": stored.created_at.isoformat(),
        "updated_at": stored.updated_at.isoformat(),
    }


def sweep(ledger: Ledger, packs: PackSet, now: datetime) -> Iterator[tuple[str, list[Transition]]]:
    """What the day brings to every case whose deadline has come, stored one by one. Twice on a day: nothing the second time.

    A case that moves meanwhile is left to the next sweep.
    """
    bench = Bench(ledger, packs, now)
    # East of Greenwich it is tomorrow already; each case is then asked on its own local day.
    for case_id in ledger.onboarding.due(now.astimezone(UTC).date() + timedelta(days=1)):
        stored = ledger.onboarding.one(case_id)
        if stored is None:
            continue
        case = case_of(stored)
        asked, seen = bench.asked(case.id, case.application)
        made = swept(case, asked)
        if made:
            try:
                bench.store(made, stored.number, seen, None)
            except CaseMoved:
                continue
            yield case_id, made


def _event(one: Transition) -> CaseEvent:
    case = one.case
    return CaseEvent(
        one.kind, one.actor, None if one.before is None else one.before.value, case.state.value, case.submitter,
        case.first_approver, case.high_risk, {"reason": one.reason, **one.details},
    )  # fmt: skip


def _happened(one: StoredCaseEvent) -> dict[str, Any]:
    payload = orjson.loads(one.payload)
    return _line(one, payload["reason"], payload)


def _made(one: Transition, at: datetime, release: str) -> dict[str, Any]:
    case = one.case
    stored = StoredCaseEvent(
        0, case.number, one.kind, at, at, one.actor, None if one.before is None else one.before.value, case.state.value,
        case.first_approver, case.high_risk, release, b"",
    )  # fmt: skip
    return _line(stored, one.reason, one.details)


def _line(one: StoredCaseEvent, reason: str, details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": one.number,
        "event": one.kind,
        "at": one.at.isoformat(),
        "actor": one.actor,
        "reason": reason,
        "from": one.before,
        "to": one.after,
        "release": one.release,
        "details": {key: value for key, value in details.items() if key not in _INSIDE},
    }
