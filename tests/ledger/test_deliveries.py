"""Alerts on their way: queued once for each destination, tried by one at a time, kept whatever comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.alerts import Alert
from engine.ledger import (
    AlertsWanted,
    AttemptOutcome,
    Delivery,
    DeliveryState,
    Destination,
    EntryRefused,
    LeaseLost,
    Ledger,
    LedgerError,
    Sending,
    Told,
    Tried,
    UnknownDelivery,
)
from engine.ledger._batch import Batch
from tests.ledger.alerting import alert, end, match, occasion, tell
from tests.ledger.factories import AT, moment

SIEM = Destination("siem", "webhook", "https://siem.example", "sha256:" + "ef" * 32)
LEASE = timedelta(minutes=5)


def everything(_alert: Alert) -> bool:
    return True


@pytest.fixture
def known(ledger: Ledger) -> Iterator[Ledger]:
    """A ledger with one destination."""
    ledger.deliveries.know(SIEM, AT)
    yield ledger
    assert ledger.verify().ok


def queued(ledger: Ledger, wanted: Callable[[Alert], bool] = everything, name: str = "siem", limit: int = 200) -> int:
    return ledger.deliveries.queue(name, wanted, AT, limit)


def taken(ledger: Ledger, seconds: int = 0, worker: str = "dlv_1", name: str = "siem") -> list[Sending]:
    return ledger.deliveries.take(name, worker, moment(seconds), LEASE, 9)


def left(
    ledger: Ledger, held: Delivery, outcome: AttemptOutcome, seconds: int = 0, again: int = 5, *told: Told
) -> Delivery:
    tried = Tried(outcome, moment(seconds), 503, 12, "HTTP 503", moment(seconds + again), told)
    return ledger.deliveries.leave(held, tried, occasion(moment(seconds)))


def test_each_alert_is_queued_once_for_each_destination(known: Ledger) -> None:
    known.deliveries.know(replace(SIEM, name="mail"), AT)
    tell(known, alert(subject="c-1"), alert(subject="c-2"))
    assert (queued(known), queued(known), queued(known, name="mail")) == (2, 0, 2)
    tell(known, alert(subject="c-1"), alert(subject="c-3"))
    assert (queued(known), queued(known, name="mail")) == (1, 1)
    assert len(known.deliveries.page(limit=9).data) == 6


def test_an_alert_of_before_a_destination_was_known_does_not_go_there(ledger: Ledger) -> None:
    tell(ledger, alert(subject="c-1"))
    ledger.deliveries.know(SIEM, AT)
    assert queued(ledger) == 0
    tell(ledger, alert(subject="c-2"))
    assert queued(ledger) == 1
    assert [one.alert.subject for one in taken(ledger)] == ["c-2"]


def test_an_alert_and_what_queues_it_are_one_transaction(known: Ledger) -> None:
    """The outbox: who told it may die before anything is queued, and the next one queues it; what was not told is not queued."""

    def dies(batch: Batch) -> None:
        known.alerts._alerts.tell(batch, Told(alert(subject="lost")), occasion())
        raise EntryRefused("in the middle of it")

    with pytest.raises(EntryRefused):
        known.writer.run(dies)
    assert queued(known) == 0
    assert known.alerts.page(AlertsWanted(subject="lost"), limit=9, after=None).data == ()
    assert known.writer.run(lambda batch: known.alerts._alerts.tell(batch, Told(alert(subject="kept")), occasion()))
    cursor = known.deliveries.destinations()[0].through

    def dies_queueing(_alert: Alert) -> bool:
        raise EntryRefused("in the middle of it")

    with pytest.raises(EntryRefused):
        queued(known, dies_queueing)
    assert known.deliveries.destinations()[0].through == cursor
    assert [queued(known), queued(known)] == [1, 0]
    assert [one.alert.subject for one in taken(known)] == ["kept"]


def test_what_is_told_anew_is_not_queued_anew(known: Ledger) -> None:
    told = match()
    tell(known, told)
    assert queued(known) == 1
    end(known, told)
    tell(known, match())
    assert known.alerts.page(AlertsWanted(), limit=9, after=None).data[0].told == 2
    assert queued(known) == 0


def test_what_is_not_wanted_is_passed_over_for_good(known: Ledger) -> None:
    tell(known, alert(subject="c-1"), alert(subject="c-2"))
    assert queued(known, lambda one: one.subject == "c-2") == 1
    assert queued(known) == 0


def test_more_than_one_look_takes_is_queued_by_the_next_ones(known: Ledger) -> None:
    tell(known, *(alert(subject=f"c-{at}") for at in range(7)))
    assert [queued(known, limit=3) for _ in range(4)] == [3, 3, 1, 0]


def test_a_stretch_without_an_alert_is_not_looked_at_for_ever(known: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.ledger.deliveries._IDLE", 2)
    tell(known, alert())
    assert queued(known, lambda _one: False) == 0
    (before,) = known.deliveries.destinations()
    known.keys.create(["read"], "till 7")
    known.keys.create(["read"], "till 8")
    assert queued(known) == 0
    (after,) = known.deliveries.destinations()
    assert after.through > before.through


def test_what_fails_waits_for_its_next_try_and_is_then_delivered(known: Ledger) -> None:
    tell(known, alert())
    queued(known)
    (first,) = taken(known)
    waits = left(known, first.delivery, AttemptOutcome.FAILED, again=60)
    assert (waits.state, waits.tries, waits.next_at) == (DeliveryState.WAITING, 1, moment(60))
    assert taken(known, 59) == []
    (second,) = taken(known, 60)
    assert second.delivery.id == first.delivery.id
    done = left(known, second.delivery, AttemptOutcome.DELIVERED, 60)
    assert (done.state, done.tries, done.ended_at) == (DeliveryState.DELIVERED, 2, moment(60))
    assert taken(known, 9_999) == []
    assert [(one.number, one.outcome, one.status) for one in known.deliveries.attempts(done.id)] == [
        (1, "failed", 503), (2, "delivered", 503),
    ]  # fmt: skip


def test_of_two_workers_one_sends_and_who_was_too_slow_leaves_nothing(known: Ledger) -> None:
    tell(known, *(alert(subject=f"c-{at}") for at in range(6)))
    queued(known)
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda at: taken(known, worker=f"dlv_{at}"), range(2)))
    assert sorted(len(one) for one in both) == [0, 6]
    (slow, *_) = both[0] or both[1]
    assert taken(known, 299, "dlv_9") == []
    again = {one.delivery.id: one.delivery for one in taken(known, 300, "dlv_9")}
    with pytest.raises(LeaseLost):
        left(known, slow.delivery, AttemptOutcome.DELIVERED)
    assert left(known, again[slow.delivery.id], AttemptOutcome.DELIVERED, 301).tries == 1


def test_a_destination_that_is_gone_gets_nothing_until_it_is_another_or_switched_on(known: Ledger) -> None:
    tell(known, alert(subject="c-1"), alert(subject="c-2"))
    queued(known)
    (first, second) = taken(known)
    assert left(known, first.delivery, AttemptOutcome.GONE).state == DeliveryState.DEAD
    left(known, second.delivery, AttemptOutcome.FAILED)
    (off,) = known.deliveries.destinations()
    assert (off.off_at, off.why) == (AT, "HTTP 503")
    tell(known, alert(subject="c-3"))
    assert queued(known) == 1, "it waits"
    assert taken(known, 60) == []
    assert known.deliveries.know(SIEM, moment(60)).off_at == AT, "nothing about it has changed"
    assert known.deliveries.know(replace(SIEM, fingerprint="sha256:" + "aa" * 32), moment(61)).off_at is None
    assert len(taken(known, 62)) == 2
    assert not known.deliveries.switch_on("siem", moment(63), "key_1")


def test_a_person_switches_a_destination_on_again(known: Ledger) -> None:
    tell(known, alert())
    queued(known)
    left(known, taken(known)[0].delivery, AttemptOutcome.GONE)
    assert known.deliveries.switch_on("siem", AT, "key_1")
    assert known.deliveries.destinations()[0].off_at is None
    assert not known.deliveries.switch_on("nobody", AT, "key_1")


def test_what_was_given_up_is_sent_again_by_a_person_with_all_its_tries(known: Ledger) -> None:
    tell(known, alert())
    queued(known)
    dead = left(known, taken(known)[0].delivery, AttemptOutcome.DEAD)
    assert [one.id for one in known.deliveries.page(state=DeliveryState.DEAD, limit=9).data] == [dead.id]
    again = known.deliveries.replay(dead.id, moment(60), "key_1")
    assert (again.state, again.tries, again.ended_at) == (DeliveryState.WAITING, 0, None)
    (sending,) = taken(known, 60)
    left(known, sending.delivery, AttemptOutcome.DELIVERED, 60)
    assert [one.number for one in known.deliveries.attempts(dead.id)] == [1, 2]
    for other in (dead.id, "dl_nothing"):
        with pytest.raises(UnknownDelivery):
            known.deliveries.replay(other, AT, "key_1")


def test_an_incident_of_an_attempt_is_told_with_it_or_not_at_all(known: Ledger) -> None:
    tell(known, alert())
    queued(known)
    (held,) = taken(known)
    broken = replace(alert(subject="x"), severity="unheard of")
    with pytest.raises((ValueError, LedgerError)):
        left(known, held.delivery, AttemptOutcome.DEAD, 0, 5, Told(broken))
    assert known.deliveries.attempts(held.delivery.id) == ()
    left(known, held.delivery, AttemptOutcome.DEAD, 0, 5, Told(alert(subject="siem")))
    assert len(known.alerts.page(AlertsWanted(subject="siem"), limit=9, after=None).data) == 1


def test_the_numbers_of_a_destination(known: Ledger) -> None:
    assert known.deliveries.counted() == {}
    tell(known, *(alert(subject=f"c-{at}") for at in range(4)))
    queued(known)
    one, two, three, _ = taken(known)
    left(known, one.delivery, AttemptOutcome.DELIVERED)
    left(known, two.delivery, AttemptOutcome.DEAD)
    left(known, three.delivery, AttemptOutcome.FAILED)
    counted = known.deliveries.counted()["siem"]
    assert (counted.waiting, counted.delivered, counted.dead, counted.failed) == (2, 1, 1, 2)
    assert counted.oldest == AT


def test_pages_of_deliveries(known: Ledger) -> None:
    tell(known, *(alert(subject=f"c-{at}") for at in range(5)))
    queued(known)
    first = known.deliveries.page(limit=3)
    rest = known.deliveries.page(limit=3, after=first.next)
    assert len({one.id for one in (*first.data, *rest.data)}) == 5
    assert rest.next is None
    assert known.deliveries.page(destination="nobody", limit=3).data == ()
    assert known.deliveries.one(first.data[0].id) == first.data[0]
    assert known.deliveries.one("dl_nothing") is None
