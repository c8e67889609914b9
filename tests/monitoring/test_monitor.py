"""The monitor: what was paid is looked at afterwards, once, in the order in which it was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from api.monitoring import Pace
from engine.alerts import Alert, AlertKind
from engine.history import EventKind
from engine.ledger import Ledger, Watched
from engine.onboarding.model import Case
from engine.onboarding.states import State
from tests.ledger.factories import AT, moment
from tests.ledger.onboarding import OPENED, put
from tests.monitoring.watching import Register, World, names, paid, payment, thrice
from tests.onboarding.applying import applied


@pytest.fixture
def world(ledger: Ledger) -> World:
    return World(ledger)


def test_a_pattern_becomes_an_alert_with_its_evidence_and_the_alert_a_case(world: World) -> None:
    made = sorted(paid(world.ledger) for _ in range(3))
    world.worker().run_once()
    (alert,) = world.alerts()
    assert (alert.rule, alert.subject, list(alert.evidence)) == ("scenario.thrice", "c-7", made)
    (case,) = world.cases()
    assert (case.subject_kind, case.subject, case.number) == ("payer", "c-7", 1)
    assert world.ledger.verify().ok


def test_what_was_looked_at_is_not_looked_at_again(world: World) -> None:
    for _ in range(3):
        paid(world.ledger)
    worker = world.worker()
    assert worker.run_once() > 0
    before = world.told()
    assert worker.run_once() == 0
    assert world.worker().run_once() == 0
    assert world.told() == before


def test_a_payment_counts_from_when_it_is_told_and_not_if_it_failed(world: World) -> None:
    decisions = [paid(world.ledger, executed=False) for _ in range(3)]
    worker = world.worker()
    worker.run_once()
    assert world.alerts() == []
    for number, decision in enumerate(decisions):
        world.ledger.history.record_event(decision, EventKind.CAPTURED, moment(number))
    world.ledger.history.record_event(decisions[0], EventKind.FAILED, moment(60))
    worker.run_once()
    assert world.alerts() == []
    paid(world.ledger)
    worker.run_once()
    assert [one.subject for one in world.alerts()] == ["c-7"]


def test_a_payment_told_late_completes_what_came_after_it(world: World) -> None:
    worker, later = world.worker(), payment(occurred_at=moment(3600).isoformat())
    for _ in range(2):
        paid(world.ledger, later)
    worker.run_once()
    paid(world.ledger, payment(occurred_at=AT.isoformat()))
    worker.run_once()
    assert len(world.alerts()) == 1


def test_a_partys_window_holds_what_it_pays_and_what_it_is_paid(world: World) -> None:
    seen: dict[tuple[str, str], int] = {}

    def watch(kind: str, subject: str, events: Sequence[Watched], _focus: str) -> list[Alert]:
        seen[kind, subject] = len(events)
        return []

    paid(world.ledger, payment("a", payee={"id": "b"}))
    paid(world.ledger, payment("b", payee={"id": "c", "merchant": "m-1"}, payment={
        "instrument": "card", "account": {"iban": "DE89370400440532013000"}, "card": {"bin": "411111", "last4": "1111"},
    }))  # fmt: skip
    world.worker(evaluate=watch).run_once()
    assert seen == {
        ("payer", "a"): 1, ("payee", "b"): 2, ("payer", "b"): 2, ("payee", "c"): 1, ("merchant", "m-1"): 1,
        ("account", "DE89370400440532013000"): 1, ("card", "411111-1111"): 1,
    }  # fmt: skip


def test_a_window_reaches_so_far_and_holds_so_many(world: World) -> None:
    sizes: list[int] = []

    def watch(kind: str, _subject: str, events: Sequence[Watched], _focus: str) -> list[Alert]:
        sizes.append(len(events)) if kind == "payer" else None
        assert [one.at for one in events] == sorted(one.at for one in events)
        return []

    for days in (400, 20, 10, 0):
        paid(world.ledger, payment(occurred_at=(AT - timedelta(days=days)).isoformat()), executed=False)
    pace = Pace(reach=timedelta(days=30), window=2)
    world.worker(evaluate=watch, pace=pace).run_once()
    assert sizes == [1, 3, 3, 2]


def test_what_cannot_be_read_is_tried_told_and_passed_over(world: World) -> None:
    bad = paid(world.ledger, b'{"amount":"900.00"}', executed=False)
    for _ in range(3):
        paid(world.ledger)
    worker = world.worker()
    for _ in range(Pace().tries):
        worker.run_once()
    incident = next(one for one in world.alerts() if one.kind is AlertKind.INCIDENT)
    assert (incident.rule, incident.subject, incident.evidence) == ("incident.monitor.intake", "monitor.intake", (bad,))
    worker.run_once()
    assert {one.rule for one in world.alerts()} == {"incident.monitor.intake", "scenario.thrice"}
    assert world.ledger.monitoring.lags()["intake"].words == 0


def test_a_scenario_that_fails_on_one_payment_does_not_stall_the_others(world: World) -> None:
    poison = paid(world.ledger, payment("bad"))

    def watch(kind: str, subject: str, events: Sequence[Watched], _focus: str) -> Sequence[Alert]:
        if any(one.id == poison for one in events):
            raise ZeroDivisionError
        return thrice(kind, subject, events, _focus)

    for _ in range(3):
        paid(world.ledger, payment(payee={"id": "p-2"}))
    worker = world.worker(evaluate=watch)
    for _ in range(Pace().tries + 1):
        worker.run_once()
    told = {one.rule: one for one in world.alerts()}
    assert told.keys() == {"incident.monitor.scenarios", "scenario.thrice"}
    assert "ZeroDivisionError" in told["incident.monitor.scenarios"].summary


def test_an_alert_that_cannot_be_stored_is_an_incident_too(world: World) -> None:
    def watch(kind: str, subject: str, events: Sequence[Watched], _focus: str) -> list[Alert]:
        found = thrice(kind, subject, events, _focus)
        return [type(one)(**{**_fields(one), "severity": "grave"}) for one in found]

    for _ in range(4):
        paid(world.ledger)
    worker = world.worker(evaluate=watch)
    for _ in range(20):
        worker.run_once()
    assert {one.kind for one in world.alerts()} == {AlertKind.INCIDENT}
    assert world.ledger.monitoring.lags()["scenarios"].words == 0


def _fields(alert: Alert) -> dict[str, object]:
    return {name: getattr(alert, name) for name in alert.__dataclass_fields__}


def test_how_far_behind_it_is_can_be_asked(world: World) -> None:
    worker = world.worker()
    worker.run_once()
    assert world.ledger.monitoring.lags()["intake"].words == 0
    paid(world.ledger, executed=False)
    lag = world.ledger.monitoring.lags()["intake"]
    assert (lag.words, lag.since is not None) == (1, True)


def test_begun_anew_it_tells_nothing_twice(world: World) -> None:
    for _ in range(3):
        paid(world.ledger)
    world.worker().run_once()
    before = world.told()
    world.ledger.monitoring.make_anew("intake", "scenarios")
    assert world.worker().run_once() == 0, "another worker still holds it"
    world.now += timedelta(minutes=2)
    assert world.worker().run_once() > 0
    assert world.told() == before


def test_parties_of_onboarding_are_known(world: World) -> None:
    application = applied(merchant="m-7", name="Dusk Trading")
    case = Case(
        id="onb_1", number=1, state=State.IN_REVIEW, application=application, submitter="key_1", submitters=["key_1"]
    )
    put(world.ledger, OPENED, body=case.model_dump_json().encode())
    world.register = Register({"1": "Dusk Trading"})
    world.worker().run_once()
    (alert,) = world.alerts()
    assert (alert.subject_kind, alert.subject, alert.rule) == ("merchant", "m-7", "screening.UN-SC")


def test_nothing_is_watched_of_names_while_no_list_is_loaded(world: World) -> None:
    for body in names("A", "B"):
        paid(world.ledger, body)
    world.worker().run_once()
    assert world.ledger.monitoring.parties("edition-1") == (2, 2)
