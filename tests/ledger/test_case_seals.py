"""Alerts, cases, clearances and screenings of a ledger that protects personal data: read as before by whoever may, nothing of a
person lies in the clear, and of the erased only the envelope is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from engine.alerts import AlertKind
from engine.casework import CaseFile, CaseState, Verdict, claimed, decided, noted, reopened
from engine.ledger import (
    AlertsWanted,
    BodyErased,
    CaseOpen,
    CasesWanted,
    ClearancesWanted,
    Destination,
    Ledger,
    LedgerLocked,
    ScreeningEntry,
    ScreeningsWanted,
    StoredClearance,
    Told,
)
from engine.wrapping import Ring
from tests.ledger.alerting import RELEASE, alert, end, match, only_case, tell
from tests.ledger.canaries import CANARIES, audited, canary, erase, every_value
from tests.ledger.factories import AT, moment, store
from tests.ledger.tampering import by_hand

PAYER, NAME = CANARIES["payer"], CANARIES["name"]
WHY = f"{NAME} sent a payslip."
OTHER = "somebody else"


def screened(identity: str = "scr_canary", subject: str | None = PAYER) -> ScreeningEntry:
    query, answer = (
        orjson.dumps({"name": NAME}),
        orjson.dumps({"id": identity, "query": {"birth_date": CANARIES["born"]}}),
    )
    return ScreeningEntry(identity, AT, "key_ada", subject, "review", "lists-1", query, answer)


def hit(subject: str = PAYER) -> Told:
    """A match of the payer's name."""
    found = match(subject=subject, summary=f"May be {NAME}")
    return replace(found, likeness="digest-of-canary:e", screening=screened())


CLEARANCE = StoredClearance(
    "clr_canary", PAYER, "digest-of-canary", "UN-SC:QDi.001", "ef" * 32, (f"name:{NAME}:{NAME}",), "scr_canary", WHY,
    "key_ada", AT, moment(9999),
)  # fmt: skip
SAID = {**CANARIES, "why": WHY, "digest": "digest-of-canary"}


def lived_in(ledger: Ledger) -> CaseFile:
    """A payer with a match, a case that somebody works on, and a clearance that two agreed on."""
    store(ledger, canary())
    tell(ledger, hit(), alert(subject=PAYER, summary=f"{NAME} paid 9 times."))
    (case,) = ledger.cases.page(CasesWanted(subject=PAYER), limit=9, after=None).data
    step = claimed(case, "key_ada", moment(1), WHY)
    ledger.cases.store(step, moment(1), RELEASE)
    step = noted(step.case, "key_ada", moment(2), WHY)
    ledger.cases.store(step, moment(2), RELEASE)
    ledger.clearances.propose(CLEARANCE)
    ledger.clearances.approve("clr_canary", "key_ben", moment(3), WHY)
    return step.case


def closed(ledger: Ledger) -> CaseFile:
    """Its case decided."""
    step = decided(lived_in(ledger), "key_ada", moment(4), Verdict.EXPLAINED, WHY)
    ledger.cases.store(step, moment(4), RELEASE)
    return step.case


def seen(url: str) -> set[str]:
    there = every_value(url)
    return {name for name, value in SAID.items() if value in there}


def test_they_are_read_as_they_were_written(kept: Ledger) -> None:
    case = lived_in(kept)
    (one,) = kept.alerts.matches("payer", PAYER)
    assert (one.alert, one.likeness, one.erased) == (hit().alert, "digest-of-canary:e", False)
    assert len(kept.alerts.page(AlertsWanted(subject=PAYER), limit=9, after=None).data) == 2
    assert kept.alerts.page(AlertsWanted(subject=OTHER), limit=9, after=None).data == ()
    found = kept.cases.one(case.id)
    assert found is not None
    assert (found.subject, len(found.alerts), found.state) == (PAYER, 2, CaseState.CLAIMED)
    reasons = [orjson.loads(step.payload)["reason"] for step in kept.cases.history(case.id)]
    assert reasons == [f"May be {NAME}", f"{NAME} paid 9 times.", WHY, WHY]
    assert kept.screenings.one("scr_canary") == screened()
    assert kept.screenings.page(ScreeningsWanted(PAYER), limit=9, after=None).data == (screened(),)
    (clearance,) = kept.clearances.of(PAYER, moment(10))
    assert clearance == replace(CLEARANCE, approver="key_ben", approved_at=moment(3))
    assert kept.clearances.page(ClearancesWanted(PAYER), now=AT, limit=9, after=None).data == (clearance,)
    assert kept.clearances.lapsed(moment(9998), moment(9999)) == (PAYER,)
    assert kept.retained.case(PAYER) == (moment(2), True)
    assert kept.retained.screened(PAYER) == AT


def test_nothing_of_them_stands_in_any_table(kept: Ledger, url: str, ring: Ring) -> None:
    lived_in(kept)
    kept.clearances.revoke("clr_canary", "key_ben", moment(4), WHY)
    end(kept, hit())
    assert seen(url) == set()
    assert audited(url, ring) is None
    assert audited(url, None) is None


def test_without_a_master_key_the_same_search_finds_them(ledger: Ledger, url: str) -> None:
    lived_in(ledger)
    assert {"payer", "name", "born", "why", "digest"} <= seen(url)


def test_an_open_case_keeps_everything(kept: Ledger) -> None:
    case = lived_in(kept)
    with pytest.raises(CaseOpen, match=case.id):
        erase(kept)
    assert kept.cases.one(case.id).subject == PAYER  # type: ignore[union-attr]


def test_of_the_erased_only_the_envelope_is_left(kept: Ledger, url: str, ring: Ring) -> None:
    case = closed(kept)
    assert erase(kept).keys == 1
    for stored in kept.alerts.page(AlertsWanted(), limit=9, after=None).data:
        assert (stored.erased, stored.alert.summary, stored.alert.evidence) == (True, "Erased.", ())
        assert stored.alert.subject.startswith("lxs_")
        assert stored.alert.id == kept.alerts.one(stored.alert.id).alert.id  # type: ignore[union-attr]
    found = kept.cases.one(case.id)
    assert found is not None
    assert found.subject.startswith("lxs_")
    assert (found.state, found.verdict, found.number) == (case.state, case.verdict, case.number)
    history = kept.cases.history(case.id)
    assert {step.payload for step in history} == {b'{"reason":"Erased."}'}
    assert [step.actor for step in history] == ["system", "system", "key_ada", "key_ada", "key_ada"]
    clearance = kept.clearances.one("clr_canary")
    assert clearance is not None
    assert (clearance.reason, clearance.subject_digest, clearance.holds(moment(10))) == ("Erased.", "", False)
    assert kept.clearances.of(PAYER, moment(10)) == kept.clearances.holding(moment(10)) == ()
    with pytest.raises(BodyErased):
        kept.screenings.one("scr_canary")
    assert kept.screenings.page(ScreeningsWanted(), limit=9, after=None).data == ()
    assert seen(url) == set()
    assert audited(url, ring) is None
    assert audited(url, None) is None


def test_what_was_erased_is_not_worked_on_any_more(kept: Ledger, url: str) -> None:
    case = closed(kept)
    erase(kept)
    found = kept.cases.one(case.id)
    assert found is not None
    with pytest.raises(BodyErased):
        kept.cases.store(reopened(found, "key_ben", moment(9), WHY), moment(9), RELEASE)
    kept.clearances.revoke("clr_canary", "key_ben", moment(9), WHY)
    assert kept.clearances.one("clr_canary").revoke_reason == "Erased."  # type: ignore[union-attr]
    assert seen(url) == set()
    assert kept.verify().ok


def test_whoever_is_screened_again_is_given_another_key(kept: Ledger) -> None:
    closed(kept)
    erase(kept)
    kept.screenings.store(screened("scr_again"))
    assert kept.screenings.page(ScreeningsWanted(PAYER), limit=9, after=None).data == (screened("scr_again"),)
    assert kept.subjects.status(PAYER).is_kept  # type: ignore[union-attr]
    assert erase(kept).keys == 1
    assert kept.verify().ok


def test_who_comes_back_begins_anew(kept: Ledger) -> None:
    before = closed(kept)
    erase(kept)
    store(kept, canary())
    assert tell(kept, hit()) == 1
    (case,) = kept.cases.page(CasesWanted((CaseState.OPEN,)), limit=9, after=None).data
    assert case.id != before.id
    assert case.subject == PAYER
    (one,) = kept.alerts.matches("payer", PAYER)
    assert (one.told, one.case_id) == (2, case.id)
    assert kept.verify().ok


def test_an_account_goes_with_whoever_paid_by_it_last(kept: Ledger, url: str) -> None:
    first, last = canary(payer_id="c-1", counted=None), canary()
    store(kept, first, last)
    about = alert(subject_kind="account", subject=CANARIES["iban"], evidence=tuple(sorted((first.id, last.id))))
    tell(kept, about)
    case = only_case(kept)
    assert case.subject == CANARIES["iban"]
    assert seen(url) == set()
    taken = claimed(case, "key_ada", moment(1), None)
    kept.cases.store(taken, moment(1), RELEASE)
    kept.cases.store(decided(taken.case, "key_ada", moment(2), Verdict.EXPLAINED, WHY), moment(2), RELEASE)
    erase(kept, "c-1")
    assert only_case(kept).subject == CANARIES["iban"]
    erase(kept)
    assert only_case(kept).subject.startswith("lxs_")


def test_a_screening_of_nobody_in_particular_has_a_key_of_its_own(kept: Ledger, url: str) -> None:
    kept.screenings.store(screened(subject=None))
    assert kept.screenings.one("scr_canary") == screened(subject=None)
    assert seen(url) == set()
    assert erase(kept, "scr_canary").keys == 1
    with pytest.raises(BodyErased):
        kept.screenings.one("scr_canary")


def test_what_is_about_the_service_is_about_nobody(kept: Ledger) -> None:
    tell(kept, alert("incident.list", "UN-SC", kind=AlertKind.INCIDENT, subject_kind="list"))
    (case,) = kept.cases.page(CasesWanted(subject="UN-SC"), limit=9, after=None).data
    assert case.subject == "UN-SC"
    assert kept.subjects.used().total() == 1, "no key was made but that of pseudonyms"


def test_no_destination_hears_of_the_erased(kept: Ledger) -> None:
    kept.deliveries.know(Destination("siem", "webhook", "https://siem.example", "sha256:" + "ef" * 32), AT)
    closed(kept)
    assert kept.deliveries.queue("siem", lambda one: one.subject == PAYER, AT) == 2
    taken = kept.deliveries.take("siem", "dlv_1", moment(600), timedelta(minutes=5), 9)
    assert {one.alert.subject for one in taken} == {PAYER}


@pytest.fixture
def was_clear(url: str, ring: Ring) -> Iterator[Ledger]:
    """A ledger with a case from before its master key was there."""
    with Ledger.open(url) as opened:
        lived_in(opened)
        opened.subjects.protect(lambda: ring)
        yield opened


def test_a_case_of_before_goes_on_under_a_key(was_clear: Ledger, url: str) -> None:
    """One open case a subject, whenever it was begun."""
    tell(was_clear, alert("scenario.other", PAYER, summary="The word quokkadile."))
    case = only_case(was_clear)
    assert (case.subject, len(case.alerts)) == (PAYER, 3)
    step = decided(case, "key_ada", moment(5), Verdict.EXPLAINED, "Kookaburrabel.")
    was_clear.cases.store(step, moment(5), RELEASE)
    assert orjson.loads(was_clear.cases.history(case.id)[-1].payload)["reason"] == "Kookaburrabel."
    was_clear.clearances.revoke("clr_canary", "key_ben", moment(6), "Numbatfish.")
    (clearance,) = was_clear.clearances.page(ClearancesWanted(PAYER), now=AT, limit=9, after=None).data
    assert (clearance.reason, clearance.revoke_reason) == (WHY, "Numbatfish.")
    assert len(was_clear.alerts.page(AlertsWanted(subject=PAYER), limit=9, after=None).data) == 3
    there = every_value(url)
    assert [word for word in ("quokkadile", "Kookaburrabel", "Numbatfish") if word in there] == []
    assert was_clear.verify().ok


def test_a_match_of_before_is_told_anew_and_ends(was_clear: Ledger) -> None:
    assert tell(was_clear, replace(hit(), likeness="other:e")) == 1
    (one,) = was_clear.alerts.matches("payer", PAYER)
    assert (one.told, one.likeness) == (2, "other:e")
    assert end(was_clear, hit()) == 1
    assert was_clear.alerts.matches("payer", PAYER) == ()
    assert was_clear.verify().ok


def test_a_locked_ledger_shows_none_of_them_and_keeps_none(kept: Ledger, url: str) -> None:
    case = lived_in(kept)
    with Ledger.open(url) as locked:
        for look in (
            lambda: locked.alerts.page(AlertsWanted(), limit=9, after=None), lambda: locked.cases.one(case.id),
            lambda: locked.cases.history(case.id), lambda: locked.clearances.one("clr_canary"),
            lambda: locked.screenings.one("scr_canary"), lambda: locked.alerts.matches("payer", PAYER),
            lambda: locked.clearances.of(PAYER, AT), lambda: tell(locked, hit("c-2")),
            lambda: locked.screenings.store(screened("scr_2")), lambda: locked.clearances.propose(CLEARANCE),
        ):  # fmt: skip
            with pytest.raises(LedgerLocked):
                look()
    assert kept.verify().ok


@pytest.mark.parametrize("table", ["alert", "screening"])
def test_a_key_that_is_missing_is_found(kept: Ledger, url: str, ring: Ring, table: str) -> None:
    tell(kept, alert(subject="c-9")) if table == "alert" else kept.screenings.store(screened(subject="c-9"))
    with by_hand(url) as hand:
        hand.execute("DELETE FROM subject")
    for known_by in (ring, None):
        bad = audited(url, known_by)
        assert bad is not None
        assert bad.table == table
        assert "missing" in bad.what
