"""A release in shadow: what it would have answered is counted, and nothing of it is ever served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

import api.shadowing
from api.shadowing import ShadowPace, ShadowWorker
from engine.ledger import TrialMoved
from engine.packs import PackError
from tests.api.client import Client
from tests.api.trying import House


@pytest.fixture
def house(tmp_path: Path, make_client: Callable[..., Client]) -> Iterator[House]:
    made = House(tmp_path, make_client)
    yield made
    made.service.close()


def shadow(house: House, **asked: Any) -> dict[str, Any]:
    named = asked or {"draft": house.checked()["id"]}
    begun = house.start("ann", kind="shadow", **named)
    assert begun.status == 200, begun.body
    found: dict[str, Any] = begun.json()
    return found


def worked(house: House, **pace: Any) -> int:
    """A worker that is in no hurry and takes no rest."""
    worker = house.service.shadow_worker()
    worker.pace = replace(ShadowPace(), **pace)
    return worker.run_once()


def summary(house: House, trial: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = house.trial(trial["id"])["summary"]
    return found


def test_it_counts_what_would_have_been_answered_otherwise_and_serves_nothing(house: House) -> None:
    house.pay("before")
    trial = shadow(house)
    answered = [house.pay(f"c-{at}", "FR" if at % 3 else "DE") for at in range(12)]
    assert {one.headers["lexgate-release"] for one in answered} == {trial["base"]}
    assert {one.json()["outcome"] for one in answered} == {"allow"}
    assert (summary(house, trial)["decisions"], summary(house, trial)["behind"]) == (0, 12)
    assert worked(house) == 12
    told = summary(house, trial)
    assert (told["decisions"], told["differing"], told["behind"], told["waiting_since"]) == (12, 8, 0, None)
    moves = {(one["was"], one["now"]): one["payments"] for one in told["result"]["outcomes"]}
    assert moves == {("allow", "allow"): 4, ("allow", "challenge"): 8}
    assert told["result"]["payments"]["same_by_construction"] == 4, "Germany cannot be reached by a change to France"
    assert "8" in told["result"]["sentences"][0]
    (example, *_) = told["result"]["examples"]
    assert (example["was"], example["now"]) == ("allow", "challenge")
    assert house.service.ledger.verify().ok


def test_its_numbers_are_those_of_a_back_test_over_the_same_decisions(house: House) -> None:
    from api.backtesting import Order, run_backtest, world_of

    trial = shadow(house)
    for at in range(25):
        house.pay(f"c-{at}", "FR" if at % 3 else "DE", amount=f"{at}.50", lines=[{"id": "1", "amount": f"{at}.50"}])
    worked(house, chunk=7, slice=2)
    service = house.service
    candidate = service.packs_of(trial["release"])
    assert candidate is not None
    order = Order("ledger", ("sca", "aml", "kyc", "residency", "tax", "methods"))
    tested = run_backtest(order, candidate, world_of(service.packs, service.ledger, house.settings, "ledger"))
    told = summary(house, trial)["result"]
    same = set(told) - {"source"}
    assert {name: told[name] for name in same} == orjson.loads(orjson.dumps({name: tested[name] for name in same}))


def test_differences_are_listed_page_by_page_and_each_replays(house: House) -> None:
    trial = shadow(house)
    paid = [house.pay(f"c-{at}").json()["id"] for at in range(7)]
    worked(house, chunk=3)
    path, found, after = f"/v1/trials/{trial['id']}/differences?limit=2", [], ""
    while True:
        page = house["nosy"].get(path + after).json()
        found += page["data"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert [one["decision"] for one in found] == paid
    assert {(one["was"], one["now"], *one["differs"]) for one in found} == {("allow", "challenge", "outcome", "sca")}
    replayed = house["shop"].post(f"/v1/decisions/{paid[0]}/replay?release={trial['release']}").json()
    assert replayed["decision"]["outcome"] == "challenge"


def test_several_run_at_once_and_each_counts_for_itself(house: House) -> None:
    first = shadow(house)
    house.pay("c-1")
    second = shadow(house, release=first["release"])
    house.pay("c-2")
    assert worked(house) == 3
    assert [summary(house, one)["decisions"] for one in (first, second)] == [2, 1]


def test_of_two_workers_no_decision_is_counted_twice(house: House) -> None:
    trial = shadow(house)
    for at in range(6):
        house.pay(f"c-{at}")
    slow, quick = house.service.shadow_worker(), house.service.shadow_worker()
    stretch = house.service.ledger.stretch
    slow.ledger = _Behind(house.service.ledger, lambda: quick.run_once())  # type: ignore[assignment]
    assert slow.step(patient=False) == 0, "the other one was quicker"
    assert summary(house, trial)["decisions"] == 6
    house.pay("c-7")
    assert slow.step(patient=False) == 0, "it leaves the shadow to the other for a while"
    assert stretch is not None
    assert quick.step(patient=False) == 1


class _Behind:
    """A ledger in which another worker does something between this one's reading and leaving."""

    def __init__(self, ledger: Any, meanwhile: Callable[[], object]) -> None:
        self._ledger, self._meanwhile = ledger, meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def stretch(self, *args: Any, **more: Any) -> Any:
        found = self._ledger.stretch(*args, **more)
        self._meanwhile()
        return found


def test_a_piece_waits_to_be_filled_but_not_for_ever(house: House) -> None:
    shadow(house)
    house.pay("c-1")
    worker = house.service.shadow_worker()
    worker.rest = lambda _seconds: None
    (trial,) = house.service.ledger.trials.to_count()
    since = house.service.ledger.trials.waiting(trial, trial.begun).since
    assert since is not None
    worker.clock = lambda: since + worker.pace.patience - timedelta(microseconds=1)
    assert worker.step() == 0
    worker.clock = lambda: since + worker.pace.patience
    assert worker.step() == 1
    house.pay("c-2")
    house.pay("c-3")
    worker.pace = replace(worker.pace, chunk=2)
    worker.clock = lambda: since
    assert worker.step() == 2, "a full piece waits for nothing"


def test_it_rests_as_long_as_it_worked(house: House) -> None:
    shadow(house)
    for at in range(5):
        house.pay(f"c-{at}")
    rests: list[float] = []
    worker = house.service.shadow_worker()
    worker.pace, worker.rest = replace(worker.pace, slice=2), rests.append
    assert worker.step(patient=False) == 5
    assert len(rests) == 3
    assert min(rests) > 0


def test_a_payment_that_a_canary_decided_is_held_against_the_law_in_force(house: House) -> None:
    draft = house.approved()
    trial = shadow(house, draft=draft["id"])
    canary = house.canary(draft)
    payers = [f"c-{at}" for at in range(10)]
    for payer in payers:
        house.pay(payer)
    worked(house)
    inside = sum(house.inside(canary, payer) for payer in payers)
    assert 0 < inside < 10
    told = summary(house, trial)
    assert (told["decisions"], told["differing"]) == (10, 10), "as the law in force would have answered everybody"


def test_when_another_release_is_in_force_it_is_over_and_what_was_before_is_counted_still(house: House) -> None:
    trial = shadow(house)
    house.pay("c-1")
    other = house.submitted(5, "ben")
    house.step("cleo", other["id"], "approve", content=other["content"])
    house.step("cleo", other["id"], "publish")
    house.watch.look()
    house.pay("c-2")
    over = house.trial(trial["id"])
    assert (over["state"], over["ended_by"], over["summary"]["behind"]) == ("superseded", "system", 1)
    assert worked(house) == 1
    assert summary(house, trial)["decisions"] == 1
    assert worked(house) == 0


def test_what_the_release_trips_over_is_counted_and_hides_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = shadow(house)
    paid = [house.pay(f"c-{at}").json()["id"] for at in range(5)]
    compare = api.shadowing.compare_stored

    def tripped(stored: list[Any], releases: Any) -> Any:
        if any(one.id == paid[2] for one in stored):
            raise ZeroDivisionError("about somebody")
        return compare(stored, releases)

    monkeypatch.setattr(api.shadowing, "compare_stored", tripped)
    assert worked(house) == 5
    told = summary(house, trial)
    assert (told["decisions"], told["differing"], told["behind"]) == (5, 4, 0)
    assert told["result"]["left_out_payments"] == [
        {"payment": paid[2], "reason": "crashed", "detail": "ZeroDivisionError"}
    ]


def test_a_release_that_this_version_cannot_read_is_told_and_stops_nothing(house: House) -> None:
    trial = shadow(house)
    house.pay("c-1")

    def unreadable(_digest: str) -> None:
        raise PackError(())

    worker = ShadowWorker(house.service.ledger, unreadable, house.service.rates, house.service.clock)
    assert (worker.run_once(), worker.run_once()) == (0, 0)
    assert summary(house, trial)["behind"] == 1


def test_sums_are_added_up_piece_by_piece(house: House) -> None:
    trial = shadow(house)
    sums = api.shadowing.Sums(house.service.ledger)
    for number in range(3):
        assert sums.of(trial["id"])["payments"] == number
        house.pay(f"c-{number}")
        worked(house)
    assert sums.of(trial["id"]) == api.shadowing.Sums(house.service.ledger).of(trial["id"])
    with pytest.raises(TrialMoved):
        house.service.ledger.trials.leave(house.service.ledger.trials.pieces(trial["id"])[0])


def test_prometheus_is_told_how_far_behind_it_is(house: House) -> None:
    trial = shadow(house)
    house.pay("c-1")
    behind = f'lexgate_shadow_behind{{trial="{trial["id"]}"}}'
    assert f"{behind} 1.0" in house["nosy"].get("/metrics").body.decode()
    worked(house)
    told = house["nosy"].get("/metrics").body.decode()
    for line in (
        f"{behind} 0.0",
        f'lexgate_shadow_decisions_total{{trial="{trial["id"]}"}} 1.0',
        f'lexgate_shadow_differences_total{{trial="{trial["id"]}"}} 1.0',
    ):
        assert line in told


def test_the_service_evaluates_in_a_thread_of_its_own(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    trial = shadow(house)
    for at in range(3):
        house.pay(f"c-{at}")
    house.now = house.service.ledger.decisions(limit=1).data[0].recorded_at + timedelta(minutes=1)
    house.service.watch()
    until = time.monotonic() + 30
    while summary(house, trial)["behind"] and time.monotonic() < until:
        time.sleep(0.05)
    assert summary(house, trial)["decisions"] == 3
