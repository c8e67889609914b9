"""Alerts in the ledger: told once, gathered by their subject, ended when a list lets somebody go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.alerts import MOST_EVIDENCE, AlertKind
from engine.casework import CaseState, Verdict, approved, claimed, decided
from engine.ledger import AlertsWanted, EntryRefused, Ledger, StoredAlert, Told, verify
from engine.ledger.alerts import MOST_PAYMENTS
from tests.ledger.alerting import RELEASE, alert, end, match, only_case, tell
from tests.ledger.factories import AT
from tests.ledger.tampering import by_hand


def test_an_alert_told_twice_is_stored_once(ledger: Ledger) -> None:
    assert tell(ledger, alert()) == 1
    assert tell(ledger, alert(), alert()) == 0
    stored = ledger.alerts.one(alert().id)
    assert stored is not None
    assert (stored.alert, stored.told, stored.ended_at) == (alert(), 1, None)
    assert only_case(ledger).number == 1
    assert ledger.verify().ok


def test_alerts_of_one_subject_gather_in_its_open_case(ledger: Ledger) -> None:
    tell(ledger, alert(), alert("scenario.structuring", severity="high"), alert(subject="c-8"))
    case = only_case(ledger, subject="c-7")
    assert (case.number, case.severity, len(case.alerts)) == (2, "high", 2)
    assert [one.kind for one in ledger.cases.history(case.id)] == ["opened", "alert_added"]
    assert only_case(ledger, subject="c-8").id != case.id


def test_payer_and_payee_of_one_name_are_two_subjects(ledger: Ledger) -> None:
    tell(ledger, alert(), alert(subject_kind="payee"))
    assert only_case(ledger, subject_kind="payer").id != only_case(ledger, subject_kind="payee").id


def test_a_match_that_left_the_list_closes_its_case_with_a_reason(ledger: Ledger) -> None:
    one, other = match(), match("EU-FSF:13")
    tell(ledger, one, other)
    assert end(ledger, one) == 1
    assert only_case(ledger).state is CaseState.OPEN
    assert end(ledger, other, other) == 1
    case = only_case(ledger)
    assert (case.state, case.verdict, case.decided_by) == (CaseState.DECIDED, Verdict.DELISTED, "system")
    assert b"The entry left the list." in ledger.cases.history(case.id)[-1].payload
    assert ledger.alerts.matches("payer", "c-7") == ()
    assert ledger.verify().ok


def test_a_case_with_more_in_it_than_matches_is_not_closed_by_a_list(ledger: Ledger) -> None:
    told = match()
    tell(ledger, told, alert())
    end(ledger, told)
    assert only_case(ledger).state is CaseState.OPEN


def test_who_is_listed_again_is_told_again(ledger: Ledger) -> None:
    told = match()
    tell(ledger, told)
    end(ledger, told)
    assert tell(ledger, match()) == 1
    stored = ledger.alerts.one(told.alert.id)
    assert stored is not None
    assert (stored.told, stored.ended_at) == (2, None)
    assert only_case(ledger, states=(CaseState.OPEN,)).id == stored.case_id
    assert ledger.verify().ok


def test_a_match_on_other_data_is_told_again(ledger: Ledger) -> None:
    """What was found harmless of yesterday's entry says nothing of today's."""
    assert tell(ledger, match(likeness="p:e1")) == 1
    assert tell(ledger, match(likeness="p:e1")) == 0
    assert tell(ledger, match(likeness="p:e2")) == 1
    assert only_case(ledger).number == 2


def test_alerts_are_listed_and_counted(ledger: Ledger) -> None:
    tell(ledger, alert(), alert(subject="c-8"), match(severity="high"))
    assert ledger.alerts.counted() == {("scenario", "medium"): 2, ("screening", "high"): 1}
    screening = ledger.alerts.page(AlertsWanted(kind=AlertKind.SCREENING), limit=9, after=None)
    assert [one.alert.rule for one in screening.data] == ["screening.UN-SC"]
    first = ledger.alerts.page(AlertsWanted(), limit=2, after=None)
    second = ledger.alerts.page(AlertsWanted(), limit=2, after=first.next)
    assert (len(first.data), len(second.data), second.next) == (2, 1, None)
    case = ledger.alerts.page(AlertsWanted(subject="c-8"), limit=9, after=None).data[0].case_id
    (of_case,) = ledger.alerts.page(AlertsWanted(case_id=case), limit=9, after=None).data
    assert of_case.alert.subject == "c-8"


def test_all_alerts_of_one_telling_are_stored_or_none(ledger: Ledger) -> None:
    told = match()
    assert told.screening is not None
    with pytest.raises(EntryRefused):
        tell(ledger, told, alert(severity="grave"))
    assert ledger.alerts.page(AlertsWanted(), limit=9, after=None).data == ()
    assert ledger.screenings.one(told.screening.id) is None
    assert ledger.verify().ok


def test_several_matches_of_one_screening_keep_it_once(ledger: Ledger) -> None:
    one, other = match(), match("EU-FSF:13")
    assert tell(ledger, one, replace(other, screening=one.screening)) == 2
    assert only_case(ledger).number == 2
    assert ledger.verify().ok


def test_what_was_asked_of_the_lists_is_kept_with_its_answer(ledger: Ledger) -> None:
    told = match()
    tell(ledger, told)
    assert told.screening is not None
    assert ledger.screenings.one(told.screening.id) == told.screening
    assert ledger.screenings.one("scr_9") is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE alert SET severity = 'low'",
        "UPDATE alert SET ended_at = 1",
        "DELETE FROM alert",
        "INSERT INTO alert SELECT 'al_x', kind, rule, subject_kind, subject, severity, occurred_at, recorded_at, told,"
        " case_id, likeness, screening, ended_at, body FROM alert",
        "UPDATE alert_case SET state = 'decided', verdict = 'explained'",
        "UPDATE alert_case_event SET at = 1",
        "DELETE FROM alert_case_event",
        "UPDATE screening SET verdict = 'clear'",
    ],
)
def test_a_hand_in_the_tables_is_found(url: str, change: str) -> None:
    with Ledger.open(url) as ledger:
        tell(ledger, match())
    with by_hand(url) as hand:
        hand.execute("DROP TRIGGER IF EXISTS alert_kept" if url.startswith("sqlite") else "SELECT 1")
        hand.execute(change)
    bad = verify(url).first_bad
    assert bad is not None
    assert bad.table in change


def test_alerts_and_cases_are_never_taken_out(url: str) -> None:
    with Ledger.open(url) as ledger:
        tell(ledger, match(occurred_at=AT))
    with by_hand(url, guarded=True) as hand:
        for table in ("alert", "alert_case", "alert_case_event", "screening"):
            with pytest.raises(Exception, match=r"kept|append-only"):
                hand.execute(f"DELETE FROM {table}")


def grows(ledger: Ledger, *evidence: str, **changes: Any) -> int:
    """A pattern is told by these payments."""
    return tell(ledger, alert(evidence=tuple(sorted(evidence)), **changes))


def only_alert(ledger: Ledger) -> StoredAlert:
    (found,) = ledger.alerts.page(AlertsWanted(), limit=9, after=None).data
    return found


def test_a_pattern_that_goes_on_is_one_alert_that_grows(ledger: Ledger) -> None:
    grows(ledger, "dec_1", "dec_2")
    first = only_alert(ledger).alert
    later = AT + timedelta(hours=3)
    assert grows(ledger, "dec_2", "dec_3", summary="Three.", occurred_at=later) == 1
    grown = only_alert(ledger)
    assert (grown.alert.id, grown.told) == (first.id, 2)
    assert (grown.alert.evidence, grown.alert.summary) == (("dec_1", "dec_2", "dec_3"), "Three.")
    assert grown.alert.occurred_at == later
    assert ledger.alerts.one(first.id) == grown
    case = only_case(ledger)
    assert (case.number, len(case.alerts)) == (2, 1)
    assert b'"further":["dec_3"]' in ledger.cases.history(case.id)[-1].payload
    assert ledger.verify().ok


def test_what_an_alert_names_already_is_not_told_again(ledger: Ledger) -> None:
    grows(ledger, "dec_1", "dec_2", "dec_3")
    assert grows(ledger, "dec_1", "dec_3") == 0
    grows(ledger, "dec_3", "dec_4")
    assert [grows(ledger, "dec_1", "dec_2"), grows(ledger, "dec_1", "dec_4")] == [0, 0]
    assert only_alert(ledger).told == 2


@pytest.mark.parametrize(
    "other",
    [
        {"evidence": ("dec_8", "dec_9")},
        {"rule": "scenario.structuring.cash"},
        {"subject": "c-8"},
        {"subject_kind": "payee"},
    ],
    ids=["payments", "scenario", "subject", "kind of subject"],
)
def test_another_pattern_is_another_alert(ledger: Ledger, other: dict[str, Any]) -> None:
    tell(ledger, alert())
    assert tell(ledger, alert(**{"evidence": ("dec_2", "dec_3"), **other})) == 1
    assert len(ledger.alerts.page(AlertsWanted(), limit=9, after=None).data) == 2


def test_a_proposal_stands_while_the_pattern_that_was_judged_goes_on(ledger: Ledger) -> None:
    grows(ledger, "dec_1", "dec_2")
    proposed = decided(claimed(only_case(ledger), "ann", AT, None).case, "ann", AT, Verdict.REPORT, "Structured.")
    for step in (claimed(only_case(ledger), "ann", AT, None), proposed):
        ledger.cases.store(step, AT, RELEASE)
    grows(ledger, "dec_2", "dec_3")
    case = only_case(ledger)
    assert (case.state, case.verdict, case.proposed_by) == (CaseState.PROPOSED, Verdict.REPORT, "ann")
    ledger.cases.store(approved(case, "ben", AT, "Agreed.", agrees=True), AT, RELEASE)
    assert only_case(ledger).state is CaseState.DECIDED
    assert ledger.verify().ok


def test_a_pattern_that_goes_on_after_its_case_was_decided_is_told_anew(ledger: Ledger) -> None:
    """Nothing grows where nobody looks any more."""
    grows(ledger, "dec_1", "dec_2")
    for step in (lambda c: claimed(c, "ann", AT, None), lambda c: decided(c, "ann", AT, Verdict.EXPLAINED, "A house.")):
        ledger.cases.store(step(only_case(ledger)), AT, RELEASE)
    assert grows(ledger, "dec_1", "dec_2") == 0
    assert grows(ledger, "dec_2", "dec_3") == 1
    assert only_case(ledger, states=(CaseState.OPEN,)).number == 1
    assert grows(ledger, "dec_3", "dec_4") == 1
    assert only_case(ledger, states=(CaseState.OPEN,)).number == 2
    assert len(ledger.alerts.page(AlertsWanted(), limit=9, after=None).data) == 2


def test_an_alert_that_names_too_many_leaves_the_rest_to_another(ledger: Ledger) -> None:
    grows(ledger, *(f"dec_{number:04}" for number in range(MOST_EVIDENCE)))
    assert grows(ledger, "dec_0001", "dec_9998") == 1
    assert grows(ledger, "dec_9998", "dec_9999") == 1
    sizes = {len(one.alert.evidence) for one in ledger.alerts.page(AlertsWanted(), limit=9, after=None).data}
    assert sizes == {MOST_EVIDENCE, 3}


def met(number: int, **changes: object) -> Told:
    """A match that a payment met."""
    told = match(**changes)  # type: ignore[arg-type]
    return replace(told, alert=replace(told.alert, evidence=tuple(sorted(("UN-SC:QDi.001", f"dec_{number:026d}")))))


def test_a_match_that_payments_meet_is_one_alert_with_all_of_them(ledger: Ledger) -> None:
    tell(ledger, met(1), met(2))
    assert tell(ledger, met(2), met(1)) == 0
    tell(ledger, met(3))
    stored = ledger.alerts.one(match().alert.id)
    assert stored is not None
    assert stored.alert.decisions == tuple(f"dec_{number:026d}" for number in (1, 2, 3))
    assert (stored.told, stored.alert.truncated) == (3, False)
    assert only_case(ledger).number == 3
    assert ledger.verify().ok


def test_what_a_list_says_again_of_a_match_keeps_its_payments(ledger: Ledger) -> None:
    tell(ledger, met(1))
    assert tell(ledger, match()) == 0
    assert tell(ledger, match(likeness="p:other")) == 1
    stored = ledger.alerts.one(match().alert.id)
    assert stored is not None
    assert stored.alert.evidence == ("UN-SC:QDi.001", f"dec_{1:026d}")


def test_a_match_that_waits_with_many_payments_is_not_told_of_one_more(ledger: Ledger) -> None:
    for number in range(MOST_PAYMENTS):
        tell(ledger, met(number))
    assert tell(ledger, met(MOST_PAYMENTS)) == 0
    assert tell(ledger, met(MOST_PAYMENTS, likeness="p:other")) == 1
    stored = ledger.alerts.one(match().alert.id)
    assert stored is not None
    assert (len(stored.alert.decisions), stored.alert.truncated) == (MOST_PAYMENTS, True)
    assert stored.alert.decisions[-1] == f"dec_{MOST_PAYMENTS:026d}"
    assert ledger.verify().ok


def test_a_screening_is_added_to_a_match_that_has_none_and_once(ledger: Ledger) -> None:
    tell(ledger, replace(met(1), screening=None))
    assert tell(ledger, match()) == 1
    assert tell(ledger, match()) == 0
    stored = ledger.alerts.one(match().alert.id)
    assert stored is not None
    assert stored.screening is not None


def test_payments_of_a_scenario_are_what_makes_it_another_finding() -> None:
    assert alert().id != replace(alert(), evidence=("dec_1", "dec_3")).id
    assert match().alert.id == met(7).alert.id
