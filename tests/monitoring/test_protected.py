"""The monitor of a ledger that protects personal data: it watches as before, nothing that it keeps lies in the clear, and whoever
is erased is gone from it as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.monitoring import INTAKE, no_scenarios
from api.watching import heard
from engine.alerts import AlertKind
from engine.casework import CaseFile, Verdict, claimed, decided
from engine.history import EventKind
from engine.ledger import CaseOpen, Ledger, Left, Told
from engine.wrapping import Ring
from tests.ledger.alerting import RELEASE, alert, match, occasion, only_case, tell
from tests.ledger.canaries import CANARIES, audited
from tests.ledger.factories import entry, moment, store
from tests.monitoring.protecting import (
    CARD,
    NOBODY,
    PAYEE,
    PAYER,
    PERSONAL,
    counts,
    erase,
    facts,
    known,
    paid,
    seen,
    watch,
    window,
)
from tests.monitoring.watching import NOW, Register, World


@pytest.fixture
def ledger(url: str, ring: Ring) -> Iterator[Ledger]:
    """Protected, on each store in turn."""
    with Ledger.open(url) as opened:
        opened.subjects.protect(lambda: ring)
        yield opened


# -- as before ----------------------------------------------------------------------------------------------------------


def test_every_window_of_a_payment_is_found_by_its_names(ledger: Ledger) -> None:
    made = paid(ledger)
    watch(ledger)
    for kind, subject in (
        ("party", PAYER), ("party", "p-1"), ("account", CANARIES["iban"]), ("card", CARD),
    ):  # fmt: skip
        assert window(ledger, kind, subject) == {made}
    assert window(ledger, "party", "somebody else") == set()
    record = ledger.monitoring.record(made)
    assert record is not None
    assert orjson.loads(record.body)["payer"] == PAYER
    assert known(ledger) == [("payee", PAYEE["name"]), ("payer", CANARIES["name"])]


def test_what_comes_later_takes_the_place_of_what_was(ledger: Ledger, url: str) -> None:
    made = paid(ledger)
    watch(ledger)
    before = counts(url)
    ledger.history.record_event(made, EventKind.CAPTURED, moment(9))
    paid(ledger)
    watch(ledger)
    assert counts(url) == [before[0] + 1, before[1] * 2, before[2]]
    assert window(ledger) > {made}
    assert ledger.verify().ok


# -- nothing lies there -------------------------------------------------------------------------------------------------


def test_no_value_of_a_payment_stands_in_any_table(ledger: Ledger, url: str) -> None:
    paid(ledger)
    paid(ledger, payee=NOBODY)
    watch(ledger)
    ledger.search.take_in(99)
    assert all(counts(url))
    assert seen(url) == set()
    erase(ledger)
    assert seen(url) == set()
    assert ledger.verify().ok


def test_no_byte_of_it_lies_in_the_files_of_sqlite(sqlite_url: str, ring: Ring, tmp_path: Path) -> None:
    with Ledger.open(sqlite_url) as ledger:
        ledger.subjects.protect(lambda: ring)
        for number in range(40):  # More than a page holds: rows that moved leave nothing behind.
            paid(ledger, payee=NOBODY)
            paid(ledger, f"c-{number}")
        watch(ledger)
        assert _lying_in(tmp_path) == set()
        erase(ledger)
        assert _lying_in(tmp_path) == set()


def _lying_in(folder: Path) -> set[str]:
    files = [one.read_bytes() for one in folder.iterdir() if one.is_file()]
    return {name for name, value in PERSONAL.items() if any(value.encode() in file for file in files)}


# -- erasure ------------------------------------------------------------------------------------------------------------


def test_whoever_is_erased_is_not_watched_any_more(ledger: Ledger, url: str, ring: Ring) -> None:
    gone, other = paid(ledger), paid(ledger, "c-2")
    watch(ledger)
    assert erase(ledger) == 1
    assert ledger.monitoring.record(gone) is None
    assert window(ledger, "card", CARD) == {other}
    assert window(ledger, "party", "p-1") == {other}
    assert window(ledger) == set()
    assert known(ledger) == [("payee", PAYEE["name"]), ("payer", CANARIES["name"])]
    assert counts(url)[:2] == [1, 4]
    assert audited(url, ring) is None
    assert audited(url, None) is None


def test_a_payee_is_screened_on_and_erased_by_its_own_name(ledger: Ledger) -> None:
    other = paid(ledger, "c-2")
    paid(ledger)
    watch(ledger)
    erase(ledger)
    assert ("payee", PAYEE["name"]) in known(ledger)
    assert erase(ledger, "p-1") == 1
    assert known(ledger) == [("payer", CANARIES["name"])]
    assert window(ledger, "party", "p-1") == {other}, "what was paid is whoever paid's"
    assert ledger.verify().ok


def test_who_has_no_id_goes_with_whoever_named_them(ledger: Ledger) -> None:
    """Two payers name the same person: either of them may be erased."""
    paid(ledger, "c-2", NOBODY)
    paid(ledger, payee=NOBODY)
    watch(ledger)
    assert len(known(ledger)) == 4
    erase(ledger)
    assert known(ledger) == [("payee", NOBODY["name"]), ("payer", CANARIES["name"])]
    erase(ledger, "c-2")
    assert known(ledger) == []


def test_what_was_heard_before_an_erasure_is_not_kept_after_it(ledger: Ledger, url: str) -> None:
    paid(ledger)
    hold = ledger.monitoring.take(INTAKE, "worker 1", NOW, timedelta(minutes=1))
    assert hold is not None
    words, upto = ledger.monitoring.words(0, 99)
    assert len(words) == 2
    erase(ledger)
    found = [heard(word) for word in words]
    left = Left(
        upto, "", watched=tuple(one for each in found for one in each.watched),
        parties=tuple(one for each in found for one in each.parties),
    )  # fmt: skip
    ledger.monitoring.leave(hold, left, occasion(NOW))
    assert counts(url) == [0, 0, 0]
    assert erase(ledger) == 0, "no key was made for what was said before"


def test_an_erased_payee_is_not_known_again_by_an_older_payment(ledger: Ledger) -> None:
    paid(ledger)
    watch(ledger)
    erase(ledger, "p-1")
    ledger.monitoring.make_anew(INTAKE)
    watch(ledger)
    assert known(ledger) == [("payer", CANARIES["name"])]


def test_who_comes_back_is_watched_again(ledger: Ledger) -> None:
    paid(ledger)
    watch(ledger)
    erase(ledger)
    again = paid(ledger)
    watch(ledger)
    assert window(ledger) == {again}
    assert ("payer", CANARIES["name"]) in known(ledger)
    assert ledger.verify().ok


def test_a_screening_that_is_late_finds_nobody(ledger: Ledger, url: str) -> None:
    paid(ledger)
    watch(ledger)
    hold = ledger.monitoring.take("other", "worker 1", NOW, timedelta(minutes=1))
    assert hold is not None
    parties = ledger.monitoring.unscreened("lists-2", 99)
    erase(ledger)
    left = Left(0, "", screened=parties, fingerprint="lists-2")
    ledger.monitoring.leave(hold, left, occasion(NOW))
    assert ledger.monitoring.parties("lists-2") == (1, 0)
    assert counts(url)[2] == 1


# -- an open case stands in the way -------------------------------------------------------------------------------------


def alarm(ledger: Ledger, **changes: Any) -> CaseFile:
    """A case, opened by an alert."""
    tell(ledger, alert(**changes))
    return only_case(ledger)


@pytest.mark.parametrize("about", ["payer", "owner", "payment", "no payer"])
def test_nobody_is_erased_about_whom_a_case_is_open(ledger: Ledger, about: str) -> None:
    made = paid(ledger)
    watch(ledger)
    of_none = entry(facts=facts(), payer_id=None, counted=None)
    store(ledger, of_none)
    who = of_none.id if about == "no payer" else PAYER
    case = {
        "payer": lambda: alarm(ledger, subject=PAYER),
        "owner": lambda: alarm(ledger, subject=f"{PAYER}/owner:12"),
        "payment": lambda: alarm(ledger, subject_kind="account", subject=CANARIES["iban"], evidence=(made,)),
        "no payer": lambda: alarm(ledger, subject="name:12", evidence=(of_none.id,)),
    }[about]()
    for name in (who, ledger.subjects.pseudonym_of(who)) if about != "no payer" else (who,):
        with pytest.raises(CaseOpen, match=case.id):
            erase(ledger, name)
    assert ledger.monitoring.record(made) is not None
    taken = claimed(case, "key_ada", moment(200), None)
    ledger.cases.store(taken, moment(200), RELEASE)
    closed = decided(taken.case, "key_ada", moment(201), Verdict.EXPLAINED, "Salary.")
    ledger.cases.store(closed, moment(201), RELEASE)
    assert erase(ledger, who) == 1


def test_cases_about_others_and_about_the_service_do_not(ledger: Ledger) -> None:
    made = paid(ledger)
    tell(
        ledger, alert(subject="c-2"), alert(subject="c-2/owner:1", evidence=(paid(ledger, "c-3"),)),
        alert(kind=AlertKind.INCIDENT, subject_kind="service", subject="monitor.intake", evidence=(made,)),
    )  # fmt: skip
    assert erase(ledger) == 1


# -- alerts that come too late ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("about", ["payer", "owner", "account", "payee without an id", "by its name"])
def test_an_erasure_between_the_look_and_the_telling_leaves_no_alert(ledger: Ledger, url: str, about: str) -> None:
    gone = paid(ledger, payee=NOBODY)
    watch(ledger)
    (nobody,) = [one.subject for one in ledger.monitoring.unscreened("other", 9) if one.subject_kind == "payee"]
    hold = ledger.monitoring.take("other", "worker 1", NOW, timedelta(minutes=1))
    assert hold is not None
    found = {
        "payer": Told(alert(subject=PAYER)),
        "owner": match(subject=f"{PAYER}/owner:12"),
        "account": Told(alert(subject_kind="account", subject=CANARIES["iban"], evidence=(gone,))),
        "payee without an id": Told(alert(subject_kind="payee", subject=nobody, evidence=(gone,))),
        "by its name": match(subject=nobody),
    }[about]
    other = Told(alert(subject="c-2", evidence=tuple(sorted((gone, paid(ledger, "c-2"))))))
    erase(ledger)
    left = Left(0, "", told=(found, other))
    assert ledger.monitoring.leave(hold, left, occasion()) == 1
    assert [one.subject for one in World(ledger).alerts()] == ["c-2"]
    assert seen(url) == set()
    assert ledger.verify().ok


def test_what_a_payee_is_paid_after_its_erasure_is_told(ledger: Ledger) -> None:
    """Nothing of before is told; and nobody goes unwatched for having been erased once."""
    before = paid(ledger, payee={"id": "p-9", "country": "DE", "name": "Amsel"})
    watch(ledger)
    erase(ledger, "p-9")
    after = entry(facts=facts("c-2", {"id": "p-9", "country": "DE"}), payer_id="c-2", counted=None, at=moment(200))
    store(ledger, after)
    hold = ledger.monitoring.take("other", "worker 1", NOW, timedelta(minutes=1))
    assert hold is not None
    told = [
        Told(alert(f"scenario.{number}", "p-9", subject_kind="payee", evidence=evidence))
        for number, evidence in enumerate([(before,), tuple(sorted((before, after.id)))])
    ]
    assert ledger.monitoring.leave(hold, Left(0, "", told=tuple(told)), occasion()) == 1
    assert [one.rule for one in World(ledger).alerts()] == ["scenario.1"]


def test_a_match_of_somebody_who_is_known_is_told(ledger: Ledger) -> None:
    paid(ledger)
    World(ledger, register=Register({"1": CANARIES["name"]})).worker(evaluate=no_scenarios).run_once()
    assert [one.subject for one in World(ledger).alerts()] == [PAYER]
