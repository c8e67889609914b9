"""Payments that were made are held against the scenarios that are shipped, through the monitor, from the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.monitoring import Monitor
from api.scenario_watch import ScenarioWatch, event_of
from api.sequence_worker.choice import Choice
from engine.alerts import Alert
from engine.history import EventKind
from engine.ledger import AlertsWanted, Ledger, Watched
from engine.money import RateTable
from tests.empty import empty_ledger
from tests.ledger.factories import entry, store
from tests.property.shipped import packs

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOW = START + timedelta(days=6)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(empty_ledger(tmp_path / "ledger.db"), clock=lambda: NOW) as opened:
        yield opened


def told(ledger: Ledger, choice: Choice = "reference") -> list[Alert]:
    incidents: list[Alert] = []
    watch = ScenarioWatch(packs(), RateTable(()), ledger.history, choice=choice, tell=incidents.append, now=lambda: NOW)
    try:
        worker = Monitor(ledger, lambda: NOW, packs().release.digest, watch)
        worker.run_once()
        worker.give_back()
    finally:
        watch.close()
    assert incidents == []
    return [stored.alert for stored in ledger.alerts.page(AlertsWanted(), limit=50, after=None).data]


def paid(ledger: Ledger, at: timedelta, amount: str, **changes: Any) -> str:
    body: dict[str, Any] = {
        "amount": amount, "currency": "EUR", "occurred_at": (START + at).isoformat(), "kind": "transfer",
        "payment": {"instrument": "credit_transfer"}, "payer": {"country": "DE"}, "payee": {"country": "DE"},
    }  # fmt: skip
    made = entry(facts=orjson.dumps(body | changes), counted=None)
    store(ledger, made)
    ledger.history.record_event(made.id, EventKind.AUTHORISED, START + at)
    return made.id


def through(ledger: Ledger, left: str) -> tuple[str, str]:
    came = paid(
        ledger, timedelta(0), "5000.00", payer={"id": "x-1", "country": "DE"}, payee={"id": "c-7", "country": "DE"}
    )
    went = paid(
        ledger, timedelta(hours=5), left, payer={"id": "c-7", "country": "DE"}, payee={"id": "x-2", "country": "DE"}
    )
    return came, went


@pytest.mark.parametrize("choice", ["reference", "durable", "both"])
def test_money_that_comes_in_and_leaves_at_once_is_told_with_both_payments(ledger: Ledger, choice: Choice) -> None:
    came, went = through(ledger, "4900.00")
    alerts = told(ledger, choice)
    (alert,) = [one for one in alerts if one.rule == "scenario.pass_through"]
    assert (alert.subject_kind, alert.subject) == ("payer", "c-7")
    assert alert.evidence == tuple(sorted((came, went)))


def test_money_that_stays_is_no_finding(ledger: Ledger) -> None:
    through(ledger, "400.00")
    assert [one for one in told(ledger) if one.rule == "scenario.pass_through"] == []


def test_a_record_is_an_event_with_all_that_was_stated(ledger: Ledger) -> None:
    body = {
        "kind": "sale", "amount": 100, "currency": "EUR", "status": "executed", "payer": "c-7",
        "customer_since": "2026-01-02T00:00:00+00:00",
    }  # fmt: skip
    event = event_of(Watched("dec_1", 1, START, orjson.dumps(body), ()))
    assert (event.id, event.at, event.payer, event.amount) == ("dec_1", START, "c-7", 100)
    assert event.customer_since == datetime(2026, 1, 2, tzinfo=UTC)


def test_money_that_goes_in_a_circle_is_told_from_everybodys_payments_together(ledger: Ledger) -> None:
    ring = ["c-1", "c-2", "c-3"]
    for at, (giver, taker) in enumerate(zip(ring, ring[1:] + ring[:1], strict=True)):
        paid(
            ledger, timedelta(hours=3 * at), f"{9000 - 100 * at}.00",
            payer={"id": giver, "country": "DE"}, payee={"id": taker, "country": "DE"},
        )  # fmt: skip
    watch = ScenarioWatch(
        packs(), RateTable(()), ledger.history, choice="reference", tell=lambda _: None, now=lambda: NOW
    )
    monitor = Monitor(ledger, lambda: NOW, packs().release.digest, watch, evaluate_graphs=watch.over_everybody)
    monitor.run_once()
    told = [stored.alert for stored in ledger.alerts.page(AlertsWanted(), limit=50, after=None).data]
    assert [len(one.evidence) for one in told if "cycle" in one.rule] == [3]


# -- what a caller sends -----------------------------------------------------------------------------------------------------


def asked(ledger: Ledger, at: timedelta, amount: str, **changes: Any) -> str:
    """A payment that was decided, and of which nothing was told."""
    body: dict[str, Any] = {
        "amount": amount, "currency": "EUR", "occurred_at": (START + at).isoformat(), "kind": "transfer",
        "payment": {"instrument": "credit_transfer"}, "payer": {"country": "DE"}, "payee": {"country": "DE"},
    }  # fmt: skip
    body |= changes
    made = entry(
        facts=orjson.dumps(body), counted=None, reference=body.get("reference"), payer_id=body["payer"].get("id")
    )
    store(ledger, made)
    return made.id


def became(ledger: Ledger, decision: str, kind: EventKind, at: timedelta) -> None:
    ledger.history.record_event(decision, kind, START + at)


def cash(payee: str, role: str, **changes: Any) -> dict[str, Any]:
    """Cash that c-7 hands to whoever asks, as a bank or a dealer states it."""
    return {
        "payment": {"instrument": "cash"}, "payer": {"id": "c-7", "country": "DE"},
        "payee": {"id": payee, "country": "DE"}, "obliged_entity": {"role": role, "country": "DE"}, **changes,
    }  # fmt: skip


def rules(ledger: Ledger, rule: str) -> list[tuple[str, ...]]:
    return [one.evidence for one in told(ledger) if one.rule == rule]


PARTS = [
    cash("bank-1", "bank", kind="deposit"),
    cash("c-7", "bank", kind="deposit", direction="in"),
    cash("jeweller", "precious_metals_dealer", kind="sale", direction="in"),
    cash("x-1", "money_remitter", kind="transfer"),
]


def test_cash_just_below_the_line_counts_whomever_it_is_handed_to(ledger: Ledger) -> None:
    handed = [paid(ledger, timedelta(hours=at), "9000.00", **body) for at, body in enumerate(PARTS[:3])]
    assert rules(ledger, "scenario.structuring.cash") == [tuple(sorted(handed))]


@pytest.mark.parametrize("body", PARTS, ids=["bank", "own account", "jeweller", "remitter"])
def test_any_one_of_them_three_times_is_structuring(ledger: Ledger, body: dict[str, Any]) -> None:
    handed = [paid(ledger, timedelta(hours=at), "9000.00", **body) for at in range(3)]
    assert rules(ledger, "scenario.structuring.cash") == [tuple(sorted(handed))]


def test_a_pattern_that_goes_on_is_one_alert_in_one_case(ledger: Ledger) -> None:
    handed = [paid(ledger, timedelta(hours=at), "9000.00", **PARTS[0]) for at in range(6)]
    assert rules(ledger, "scenario.structuring.cash") == [tuple(sorted(handed))]


def test_what_was_only_asked_about_or_failed_is_no_payment(ledger: Ledger) -> None:
    paid(ledger, timedelta(hours=1), "9000.00", **PARTS[0])
    paid(ledger, timedelta(hours=2), "9000.00", **PARTS[0])
    waits = asked(ledger, timedelta(hours=3), "9000.00", **PARTS[0])
    fails = asked(ledger, timedelta(hours=4), "9000.00", **PARTS[0])
    became(ledger, fails, EventKind.CAPTURED, timedelta(hours=4))
    became(ledger, fails, EventKind.FAILED, timedelta(hours=5))
    assert rules(ledger, "scenario.structuring.cash") == []
    became(ledger, waits, EventKind.CAPTURED, timedelta(hours=9))
    assert len(rules(ledger, "scenario.structuring.cash")) == 1


def test_a_refund_changes_nothing_and_one_of_what_failed_makes_no_payment_of_it(ledger: Ledger) -> None:
    kept, gone = (asked(ledger, timedelta(hours=at), "9000.00", **PARTS[0]) for at in (1, 2))
    became(ledger, kept, EventKind.AUTHORISED, timedelta(hours=1))
    became(ledger, gone, EventKind.FAILED, timedelta(hours=2))
    for one in (kept, gone):
        became(ledger, one, EventKind.REFUNDED, timedelta(hours=3))
    words, _ = ledger.monitoring.words(0, 100)
    assert {one.id: one.last for one in words} == {kept: "refunded", gone: "failed"}
    assert {one.id: one.told is not None and one.told[0] for one in words}[gone] == int(
        (START + timedelta(hours=2)).timestamp() * 1_000_000
    )


def test_three_attempts_at_one_payment_are_one_payment(ledger: Ledger) -> None:
    for at in range(3):
        one = asked(ledger, timedelta(hours=at), "9000.00", reference="slip-1", **PARTS[0])
        became(ledger, one, EventKind.AUTHORISED, timedelta(hours=at))
    assert rules(ledger, "scenario.structuring.cash") == []


@pytest.mark.parametrize("back", [False, True])
def test_deposits_that_are_each_captured_are_payments_though_one_reference_is_told_of_all(
    ledger: Ledger, back: bool
) -> None:
    handed = [asked(ledger, timedelta(hours=at), "9500.00", reference="slip-1", **PARTS[0]) for at in range(4)]
    for at, one in enumerate(handed):
        became(ledger, one, EventKind.CAPTURED, timedelta(hours=at))
        if back:
            became(ledger, one, EventKind.REFUNDED, timedelta(hours=at + 1))
    assert rules(ledger, "scenario.structuring.cash") == [tuple(sorted(handed))]


def test_what_came_counts_from_when_it_is_told_though_it_had_left_by_then(ledger: Ledger) -> None:
    parties = {"payer": {"id": "x-1", "country": "DE"}, "payee": {"id": "c-7", "country": "DE"}}
    came = asked(ledger, timedelta(0), "5000.00", **parties)
    went = paid(
        ledger,
        timedelta(hours=5),
        "4900.00",
        payer={"id": "c-7", "country": "DE"},
        payee={"id": "x-2", "country": "DE"},
    )
    assert rules(ledger, "scenario.pass_through") == []
    became(ledger, came, EventKind.CAPTURED, timedelta(hours=9))
    assert rules(ledger, "scenario.pass_through") == [tuple(sorted((came, went)))]


def test_before_it_is_made_a_payment_is_looked_at_as_if_it_were(ledger: Ledger) -> None:
    watch = ScenarioWatch(
        packs(), RateTable(()), ledger.history, choice="reference", tell=lambda _: None, now=lambda: NOW
    )
    came = _watched("dec_1", 0, payer="x-1", payee="c-7", status="executed")
    went = _watched("dec_2", 5, payer="c-7", payee="x-2", status="abandoned")
    (fired,) = (one for one in watch.before("payer", "c-7", [came, went], "dec_2") if one.fired)
    assert (fired.ready.scenario.id, fired.evidence) == ("scenario.pass_through", ("dec_1", "dec_2"))
    assert watch.reach("payee") is None, "it is the last of whatever it is part of, and so about who pays"
    assert watch("payer", "c-7", [came, went], "dec_2") == []
    assert watch.longest >= timedelta(days=400)


def _watched(name: str, hours: int, **stated: Any) -> Watched:
    body = {"kind": "transfer", "amount": 500_000, "currency": "EUR", **stated}
    return Watched(name, 1, START + timedelta(hours=hours), orjson.dumps(body), ())
