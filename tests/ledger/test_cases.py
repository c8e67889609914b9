"""Cases in the ledger: moved only from where they were seen, and decided by two persons where two are needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.casework import CaseFile, CaseState, Step, Verdict, approved, claimed, decided, noted, reopened
from engine.ledger import (
    CaseMoved,
    CasesWanted,
    CaseTotals,
    EntryRefused,
    KeyedAnswer,
    KeyReused,
    Ledger,
    Replayed,
    UnknownCase,
)
from engine.ledger import IdempotencyKey as Key
from engine.ledger._database import Database
from tests.ledger.alerting import RELEASE, alert, match, only_case, tell
from tests.ledger.factories import AT, moment
from tests.ledger.tampering import by_hand, placeholder


def store(ledger: Ledger, step: Step, once: KeyedAnswer | None = None) -> Replayed | KeyReused | CaseFile | None:
    return ledger.cases.store(step, AT, RELEASE, once) or ledger.cases.one(step.case.id)


def opened(ledger: Ledger, severity: str = "medium") -> CaseFile:
    tell(ledger, alert(severity=severity))
    return only_case(ledger)


def held(ledger: Ledger, severity: str = "medium", by: str = "key_ann") -> CaseFile:
    case = store(ledger, claimed(opened(ledger, severity), by, AT, None))
    assert isinstance(case, CaseFile)
    return case


def proposed(ledger: Ledger) -> CaseFile:
    case = store(
        ledger, decided(held(ledger), "key_ann", AT, Verdict.REPORT, "Structured deposits.", due_at=moment(60))
    )
    assert isinstance(case, CaseFile)
    return case


def test_a_report_is_proposed_by_one_and_approved_by_another(ledger: Ledger) -> None:
    case = proposed(ledger)
    assert (case.state, case.proposed_by, case.due_at) == (CaseState.PROPOSED, "key_ann", moment(60))
    after = store(ledger, approved(case, "key_ben", AT, "Agreed.", agrees=True))
    assert isinstance(after, CaseFile)
    assert (after.state, after.verdict, after.decided_by) == (CaseState.DECIDED, Verdict.REPORT, "key_ben")
    told = [
        (one.number, one.kind, one.actor, one.before, one.after, one.release) for one in ledger.cases.history(case.id)
    ]
    assert told == [
        (1, "opened", "system", None, "open", RELEASE),
        (2, "claimed", "key_ann", "open", "claimed", RELEASE),
        (3, "proposed", "key_ann", "claimed", "proposed", RELEASE),
        (4, "approved", "key_ben", "proposed", "decided", RELEASE),
    ]
    assert ledger.verify().ok


def test_a_remark_between_proposal_and_approval_takes_nothing_back(ledger: Ledger) -> None:
    case = store(ledger, noted(proposed(ledger), "key_ben", AT, "Asked the branch."))
    assert isinstance(case, CaseFile)
    after = store(ledger, approved(case, "key_ben", AT, "Agreed.", agrees=True))
    assert isinstance(after, CaseFile)
    assert after.state is CaseState.DECIDED


def test_a_case_is_moved_only_from_where_it_was_seen(ledger: Ledger) -> None:
    case = opened(ledger)
    store(ledger, claimed(case, "key_ann", AT, None))
    with pytest.raises(CaseMoved):
        store(ledger, claimed(case, "key_ben", AT, None))
    with pytest.raises(UnknownCase):
        store(ledger, claimed(replace(case, id="case_x"), "key_ben", AT, None))


def test_a_case_is_not_reopened_beside_another_of_its_subject(ledger: Ledger) -> None:
    case = store(ledger, decided(held(ledger), "key_ann", AT, Verdict.EXPLAINED, "A house was sold."))
    assert isinstance(case, CaseFile)
    tell(ledger, alert("scenario.structuring"))
    with pytest.raises(CaseMoved):
        store(ledger, reopened(case, "key_ben", AT, "Doubts."))


def test_the_same_request_is_told_the_same_again(ledger: Ledger) -> None:
    case = opened(ledger)
    once = KeyedAnswer(Key("key_ann /v1/cases", "k", b"\1" * 32), b"answer")
    store(ledger, claimed(case, "key_ann", AT, None), once)
    again = store(ledger, claimed(case, "key_ann", AT, None), once)
    assert isinstance(again, Replayed)
    assert again.stored.answer == b"answer"
    other = KeyedAnswer(Key("key_ann /v1/cases", "k", b"\2" * 32), b"answer")
    assert isinstance(store(ledger, claimed(case, "key_ann", AT, None), other), KeyReused)


def test_cases_are_listed_and_counted(ledger: Ledger) -> None:
    case = proposed(ledger)
    tell(ledger, alert(subject="c-8", severity="high"))

    def found(**wanted: object) -> list[str]:
        page = ledger.cases.page(CasesWanted(**wanted), limit=9, after=None)  # type: ignore[arg-type]
        return [one.subject for one in page.data]

    assert found() == ["c-7", "c-8"]
    assert found(states=(CaseState.PROPOSED,)) == found(claimed_by="key_ann") == found(severity="medium") == ["c-7"]
    assert found(due_before=moment(61)) == ["c-7"]
    assert found(due_before=moment(60)) == []
    assert found(subject_kind="payer", subject="c-8") == ["c-8"]
    assert found(states=(CaseState.PROPOSED, CaseState.OPEN)) == ["c-7", "c-8"]
    assert (found(overdue_at=moment(61)), found(overdue_at=moment(60))) == (["c-7"], [])
    assert found(newest=True) == ["c-8", "c-7"]
    page = ledger.cases.page(CasesWanted(), limit=1, after=None)
    assert page.next == case.id
    last = ledger.cases.page(CasesWanted(newest=True), limit=1, after=None)
    assert [one.subject for one in ledger.cases.page(CasesWanted(newest=True), limit=1, after=last.next).data] == [
        "c-7"
    ]
    late = AT + timedelta(hours=1)
    assert ledger.cases.totals("key_ann", late) == CaseTotals({"open": 1, "proposed": 1}, 1, 1, 1, 0)
    assert ledger.cases.totals("key_ben", late) == CaseTotals({"open": 1, "proposed": 1}, 1, 1, 0, 1)
    assert ledger.cases.counted(AT + timedelta(hours=1)) == {"open": (1, 0), "proposed": (1, 1)}


def _forged(step: Step, **changes: object) -> Step:
    """A step as a service with a fault in it would store it."""
    kind, actor = changes.pop("kind", step.kind), changes.pop("actor", step.actor)
    return replace(step, kind=str(kind), actor=str(actor), case=replace(step.case, **changes))  # type: ignore[arg-type]


FORGERIES: dict[str, Callable[[Ledger], Step]] = {
    "the proposer approves": lambda ledger: _forged(
        approved(proposed(ledger), "key_ben", AT, "r", agrees=True), actor="key_ann"
    ),
    "the machine approves": lambda ledger: _forged(
        approved(proposed(ledger), "key_ben", AT, "r", agrees=True), actor="system"
    ),
    "something else is approved than was proposed": lambda ledger: _forged(
        approved(proposed(ledger), "key_ben", AT, "r", agrees=True), verdict=Verdict.EXPLAINED
    ),
    "an approval of nothing": lambda ledger: _forged(
        approved(proposed(ledger), "key_ben", AT, "r", agrees=True), proposal=2
    ),
    "a report by one person": lambda ledger: _forged(
        decided(held(ledger), "key_ann", AT, Verdict.EXPLAINED, "r"), verdict=Verdict.REPORT
    ),
    "a high severity by one person": lambda ledger: _forged(
        decided(held(ledger, "high"), "key_ann", AT, Verdict.EXPLAINED, "r"), kind="decided", state=CaseState.DECIDED
    ),
    "a high severity that is written down": lambda ledger: _forged(
        decided(held(ledger, "high"), "key_ann", AT, Verdict.EXPLAINED, "r"), kind="decided", state=CaseState.DECIDED,
        severity="low",
    ),
    "a decision without a claim": lambda ledger: replace(
        _forged(decided(replace(opened(ledger), state=CaseState.CLAIMED, claimed_by="key_ann"), "key_ann", AT,
                        Verdict.EXPLAINED, "r")), before=CaseState.OPEN,
    ),
    "a person closes as delisted": lambda ledger: _forged(
        decided(held(ledger), "key_ann", AT, Verdict.EXPLAINED, "r"), kind="delisted", verdict=Verdict.DELISTED
    ),
    "the machine closes what is not over": lambda ledger: _forged(
        decided(held(ledger), "key_ann", AT, Verdict.EXPLAINED, "r"), kind="delisted", verdict=Verdict.DELISTED,
        actor="system",
    ),
    "a state is skipped": lambda ledger: replace(
        approved(proposed(ledger), "key_ben", AT, "r", agrees=True), before=CaseState.CLAIMED
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", FORGERIES)
def test_the_database_itself_refuses(ledger: Ledger, story: str) -> None:
    step = FORGERIES[story](ledger)
    before = len(ledger.cases.history(step.case.id))
    with pytest.raises(EntryRefused):
        store(ledger, step)
    assert len(ledger.cases.history(step.case.id)) == before
    assert ledger.verify().ok


def test_an_approval_of_what_was_taken_back_is_refused(ledger: Ledger) -> None:
    """New evidence came between: nobody approves what the proposer had not seen."""
    seen = proposed(ledger)
    tell(ledger, match())
    now = only_case(ledger)
    assert (now.state, now.proposal) == (CaseState.CLAIMED, None)
    with pytest.raises(CaseMoved):
        store(ledger, approved(seen, "key_ben", AT, "r", agrees=True))
    forged = replace(approved(seen, "key_ben", AT, "r", agrees=True).case, number=now.number + 1)
    with pytest.raises(EntryRefused):
        store(ledger, Step("approved", "key_ben", CaseState.PROPOSED, forged, "r"))


def test_plain_sql_is_refused_as_well(url: str) -> None:
    """Whoever has a connection, but honours the triggers, gets no further than the service."""
    with Ledger.open(url) as ledger:
        case = proposed(ledger)
    mark, errors = placeholder(url), Database(url).driver.Error
    insert = f"INSERT INTO alert_case_event VALUES ({', '.join([mark] * 14)})"
    row = [99, case.id, 4, "approved", 1, 1, "key_ann", "proposed", "decided", "medium", "report", 3, "r", b"{}"]
    with by_hand(url, guarded=True) as hand:
        with pytest.raises(errors):
            hand.execute(insert, row)
        with pytest.raises(errors):
            hand.execute(insert, [*row[:3], "decided", 1, 1, "key_ben", "claimed", *row[8:]])
        with pytest.raises(errors):
            hand.execute("UPDATE alert_case_event SET actor = 'key_ben'")
