"""Cases at the edge: a person's step is worked out, the ledger keeps it if the case is as it was seen, and it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from api.owing import due_at
from api.watching import Unreadable, facts_in
from engine.alerts import Alert, AlertKind
from engine.casework import (
    CaseFile,
    CaseNotPossible,
    CaseOfAnother,
    CaseRefused,
    OwnProposal,
    Step,
    Verdict,
    decided,
    possible,
)
from engine.decide import NOTHING_KEPT, decide
from engine.facts import Facts
from engine.history import NullHistory
from engine.ledger import Ledger, StoredAlert, StoredClearance, StoredDecision, StoredStep
from engine.money import RateTable
from engine.packs import PackSet
from engine.regimes.aml_hits import found_by_person
from engine.regimes.aml_hits_told import OWNED
from engine.regimes.aml_watch import SCREENING

AML: Final = "aml"
KINDS: Final[Mapping[type[CaseRefused], str]] = {
    CaseNotPossible: "not_possible",
    CaseOfAnother: "another_person",
    OwnProposal: "another_person",
}
"""Which problem a refusal is."""
StepOf = Callable[[CaseFile], Step]


class CaseDesk:
    """What a step needs beside the case: ledger, law, rates and the instant."""

    __slots__ = ("ledger", "now", "packs", "rates")

    def __init__(self, ledger: Ledger, packs: PackSet, rates: RateTable, now: datetime) -> None:
        self.ledger, self.packs, self.rates, self.now = ledger, packs, rates, now

    @property
    def release(self) -> str:
        """Digest of the law in force."""
        return self.packs.release.digest

    def decided(self, case: CaseFile, actor: str, verdict: Verdict, reason: str) -> Step:
        """What whoever has the case comes to. With a report, and with a match that is confirmed, come the day and the form that
        the law gives, if it does.

        The suspicion is formed when the report is proposed. Raises CaseRefused.
        """
        told = {Verdict.REPORT: self.reports, Verdict.CONFIRM_MATCH: self.blocked}.get(verdict)
        reports = [] if told is None else told(case)
        days = [day for one in reports if (day := due_at(one["due"])) is not None]
        details = {"reports": reports} if reports else {}
        return decided(case, actor, self.now, verdict, reason, due_at=min(days, default=None), details=details)

    def reports(self, case: CaseFile) -> list[dict[str, Any]]:
        """What the law of the last payment in evidence asks to be reported once it is suspected. Empty: no payment is there,
        or it cannot be read; then the officer knows the day, and Lexgate does not."""
        last = self._last_payment(case)
        if last is None:
            return []
        stored, facts = last
        return [*self._reports(facts), *_of_hits(stored.answer)]

    def blocked(self, case: CaseFile) -> list[dict[str, Any]]:
        """What is to be reported of whom a person found to be the one listed, by the law of the last payment in evidence: the
        machine reports nobody by name and day of birth. The term runs from when the payment was stopped; was it held, from now.
        """
        last = self._last_payment(case)
        if last is None:
            return []
        stored, facts = last
        screened = (orjson.loads(stored.inputs).get(AML) or {}).get(SCREENING)
        alerts = [one for one in self._alerts(case) if one.kind is AlertKind.SCREENING]
        kept = {} if screened is None else {SCREENING: found_by_person(screened, set(_meant(alerts, screened)))}
        since = facts.get("occurred_at", stored.at) if stored.outcome == "block" else self.now
        return [one for one in self._asked({**facts, "occurred_at": since}, {AML: kept}) if one["from"] == "blocking"]

    def told(self, case: CaseFile, step: Step | None = None) -> dict[str, Any]:
        """A case as it is answered; with a step that is about to be stored."""
        history = [happened(one) for one in self.ledger.cases.history(case.id)]
        if step is not None:
            history.append(made(step, self.now, self.release))
        ids = dict.fromkeys(one["details"]["alert"] for one in history if "alert" in one["details"])
        alerts = [alert for alert in map(self.ledger.alerts.one, ids) if alert is not None]
        return {
            **summary_of(case, self.now),
            "possible": possible(case),
            "since_proposed": since_proposed(case, history),
            "evidence": [alert_body(one) for one in alerts],
            "history": history,
        }

    def _last_payment(self, case: CaseFile) -> tuple[StoredDecision, Facts] | None:
        """The last payment in evidence that can be read."""
        evidence = {found for one in self._alerts(case) for found in one.evidence if found.startswith("dec_")}
        for decision_id in sorted(evidence, reverse=True):
            stored = self.ledger.decision(decision_id)
            if stored is None or stored.erased:
                continue
            try:
                return stored, facts_in(stored.facts)
            except Unreadable:
                continue
        return None

    def _alerts(self, case: CaseFile) -> list[Alert]:
        return [one.alert for one in (self.ledger.alerts.one(told.id) for told in case.alerts) if one is not None]

    def _reports(self, facts: Facts) -> list[dict[str, Any]]:
        stated = {**facts, "occurred_at": self.now}
        plain, suspected = (self._asked({**stated, "suspicion": doubt}) for doubt in (False, True))
        rules = {one["rule"] for one in plain}
        return [one for one in suspected if one["rule"] not in rules]

    def _asked(self, stated: Mapping[str, Any], kept: Mapping[str, Any] = NOTHING_KEPT) -> list[dict[str, Any]]:
        answer = decide(
            Facts(stated), self.packs, NullHistory(), rates=self.rates, decision_id="", now=self.now, locale="en",
            domains=(AML,), kept=kept,
        )  # fmt: skip
        return list(answer.body[AML]["reports"])


def since_proposed(case: CaseFile, history: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What alerts of the case came to name after the decision was proposed, and so after its proposer looked: for whoever
    approves it. Empty where nothing came, or nothing is proposed."""
    if case.proposal is None:
        return []
    later = (one for one in history if one["number"] > case.proposal and one["details"].get("further"))
    return [{"alert": one["details"]["alert"], "evidence": one["details"]["further"], "at": one["at"]} for one in later]


def _meant(alerts: Iterable[Alert], screened: Mapping[str, Any]) -> Iterator[str]:
    """The entries that a person finds to be true with a case; of a party who is owned, those that its owners may be."""
    for alert in alerts:
        yield from alert.evidence
        if alert.rule == OWNED:
            owners = (one for one in screened["parties"] if one["role"] == f"{alert.subject_kind}_owner")
            yield from (match["entry"]["id"] for one in owners for match in one["matches"])


def _of_hits(answer: bytes) -> list[dict[str, Any]]:
    """What was to be reported of a hit when the payment was stopped."""
    aml = orjson.loads(answer).get(AML) or {}
    return [one for one in aml.get("reports", ()) if one["rule"].startswith("screening.")]


def summary_of(case: CaseFile, now: datetime) -> dict[str, Any]:
    """A case in a list."""
    return {
        "id": case.id,
        "number": case.number,
        "subject_kind": case.subject_kind,
        "subject": case.subject,
        "state": case.state.value,
        "severity": case.severity,
        "alerts": len(case.alerts),
        "claimed_by": case.claimed_by,
        "decision": None if case.verdict is None else case.verdict.value,
        "proposed_by": case.proposed_by,
        "decided_by": case.decided_by,
        "opened_at": case.opened_at.isoformat(),
        "updated_at": case.updated_at.isoformat(),
        "due_at": _instant(case.due_at),
        "overdue": case.state != "decided" and case.due_at is not None and case.due_at < now,
    }


def alert_body(stored: StoredAlert) -> dict[str, Any]:
    """An alert as it is answered."""
    alert = stored.alert
    return {
        "id": alert.id,
        "kind": alert.kind.value,
        "rule": alert.rule,
        "pack": alert.pack,
        "version": alert.version,
        "subject_kind": alert.subject_kind,
        "subject": alert.subject,
        "severity": alert.severity,
        "summary": alert.summary,
        "evidence": list(alert.evidence),
        "truncated": alert.truncated,
        "occurred_at": alert.occurred_at.isoformat(),
        "recorded_at": stored.recorded_at.isoformat(),
        "told": stored.told,
        "case": stored.case_id,
        "screening": stored.screening,
        "ended_at": _instant(stored.ended_at),
    }


def clearance_body(one: StoredClearance, now: datetime) -> dict[str, Any]:
    """A clearance as it is answered."""
    return {
        "id": one.id,
        "subject": one.subject,
        "subject_digest": one.subject_digest,
        "entry": one.entry,
        "entry_digest": one.entry_digest,
        "features": list(one.features),
        "screening": one.screening,
        "reason": one.reason,
        "author": one.author,
        "created_at": one.created_at.isoformat(),
        "expires_at": one.expires_at.isoformat(),
        "approver": one.approver,
        "approved_at": _instant(one.approved_at),
        "revoked_by": one.revoked_by,
        "revoked_at": _instant(one.revoked_at),
        "revoke_reason": one.revoke_reason,
        "state": one.state(now).value,
        "holds": one.holds(now),
    }


def happened(one: StoredStep) -> dict[str, Any]:
    """A stored event as it is answered."""
    said = orjson.loads(one.payload)
    reason = said.pop("reason")
    return {
        "number": one.number, "event": one.kind, "at": one.at.isoformat(), "actor": one.actor, "reason": reason,
        "from": one.before, "to": one.after, "decision": one.verdict, "release": one.release, "details": said,
    }  # fmt: skip


def made(step: Step, at: datetime, release: str) -> dict[str, Any]:
    """An event that is about to be stored, as it will be answered."""
    case = step.case
    return {
        "number": case.number, "event": step.kind, "at": at.isoformat(), "actor": step.actor, "reason": step.reason,
        "from": None if step.before is None else step.before.value, "to": case.state.value,
        "decision": None if case.verdict is None else case.verdict.value, "release": release,
        "details": dict(step.details),
    }  # fmt: skip


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
