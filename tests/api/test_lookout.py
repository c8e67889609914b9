"""What lists and scenarios say is part of a decision before the payment is made, and of its replay; never for the payer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest

from api.case_examples import NOW
from api.deciding import Asked, facts_in, judge
from api.screening import NO_LISTS, Loaded, Screening
from api.service import Service
from engine.decide import BUILT
from engine.history import EventKind
from engine.ledger import DecisionEntry
from engine.replay import replay
from tests.api.screenings import Careless, Lists, edition, screens_with

ALL = ",".join(BUILT)
SALE: dict[str, Any] = {
    "amount": "40.00", "currency": "EUR", "payment": {"instrument": "card", "channel": "remote", "issuer_country": "FR"},
    "payer": {"id": "c-7", "name": "Mona Listed", "country": "FR"}, "payee": {"name": "Shop", "country": "DE"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_lists(service: Service) -> None:
    service.screening = Screening()


def decided(service: Service, body: dict[str, Any]) -> DecisionEntry:
    raw = orjson.dumps(body)
    return judge(service, facts_in(raw), Asked("test", raw, "en", domains=ALL))


def answer(service: Service, body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(decided(service, body).answer)
    return found


def without(body: dict[str, Any], party: str, *fields: str) -> dict[str, Any]:
    return {**body, party: {name: value for name, value in body[party].items() if name not in fields}}


def test_without_lists_nobody_is_screened_and_the_answer_says_so(service: Service) -> None:
    body = answer(service, SALE)
    assert body["aml"]["screening"]["performed"] is False
    assert service.screening.fingerprint() == NO_LISTS


def test_a_list_that_is_wanted_and_missing_holds_every_payment(service: Service) -> None:
    screens_with(service, lambda: None, "UN-SC")
    body = answer(service, SALE)
    assert body["aml"]["screening"]["missing"] == ["UN-SC"]
    assert (body["aml"]["screening"]["verdict"], body["outcome"], body["aml"]["verdict"]) == (
        "review",
        "review",
        "review",
    )


def test_a_name_that_may_be_on_a_list_holds_the_payment(service: Service) -> None:
    screens_with(service, Lists())
    body = answer(service, SALE)
    screening = body["aml"]["screening"]
    assert (screening["performed"], screening["verdict"], body["outcome"]) == (True, "review", "review")
    (party,) = [one for one in screening["parties"] if one["role"] == "payer"]
    assert party["matches"][0]["entry"]["name"] == "Mona Listed"
    assert "screening_review" in {duty["code"] for duty in body["obligations"]}
    (finding,) = [one for one in body["findings"] if one["rule"].startswith("screening.")]
    assert finding["because"]["payer"].startswith("possible ")
    assert [one["list"] for one in screening["lists"]] == [finding["rule"].removeprefix("screening.")]


def test_nothing_of_it_is_told_to_the_payer(service: Service) -> None:
    screens_with(service, Lists())
    named, other = answer(service, SALE), answer(service, {**SALE, "suspicion": True})
    assert named["outcome"] == other["outcome"] == "review"
    assert named["message"] == other["message"]
    assert "Mona" not in named["message"]


def test_who_is_not_on_a_list_is_clear_and_who_is_not_named_leaves_it_incomplete(service: Service) -> None:
    screens_with(service, Lists())
    free = {**SALE, "payer": {**SALE["payer"], "name": "Quite Another"}}
    assert answer(service, free)["aml"]["screening"]["verdict"] == "clear"
    body = answer(service, without(free, "payer", "name"))
    assert body["aml"]["screening"]["verdict"] == "incomplete"
    assert body["aml"]["screening"]["unnamed"] == ["/payer"]
    assert body["aml"]["verdict"] == "clear"


def test_a_stale_list_holds_also_who_is_not_named(service: Service) -> None:
    screens_with(service, _loaded(editions=(edition(days=8),), stale=("UN-SC",)))
    body = answer(service, without(without(SALE, "payer", "name"), "payee", "name"))
    assert (body["aml"]["screening"]["verdict"], body["outcome"]) == ("review", "review")
    assert body["aml"]["screening"]["lists"][0]["stale"] is True


def _loaded(**found: Any) -> Any:
    return lambda: Loaded(Careless(**found), "edition-1")


@pytest.fixture
def held(service: Service) -> Iterator[DecisionEntry]:
    screens_with(service, Lists())
    return decided(service, SALE)


def test_a_replay_says_the_same_without_any_list(service: Service, held: DecisionEntry) -> None:
    again = replay(held.facts, orjson.loads(held.inputs), service.packs)
    assert orjson.dumps(again.body) == held.answer


def test_a_sale_of_a_shop_is_no_matter_of_scenarios_and_a_transfer_is(service: Service) -> None:
    assert answer(service, {**SALE, "amount": "90000.00"})["aml"]["scenarios"] == []
    moved = {
        **SALE, "amount": "90000.00", "kind": "transfer", "payee": {"id": "p-1", "name": "Shop", "country": "DE"},
        "payment": {"instrument": "credit_transfer", "issuer_country": "FR"}, "occurred_at": NOW.isoformat(),
    }  # fmt: skip
    entry = decided(service, moved)
    body = orjson.loads(entry.answer)
    (found,) = [one for one in body["aml"]["scenarios"] if one["id"] == "scenario.single_large"]
    assert found == {"id": "scenario.single_large", "pack": "MONITORING", "severity": "low", "evidence": [entry.id]}
    assert "scenario.single_large" in {one["rule"] for one in body["findings"]}
    again = replay(entry.facts, orjson.loads(entry.inputs), service.packs)
    assert orjson.dumps(again.body) == entry.answer


def test_money_that_came_in_and_leaves_is_held_before_it_leaves(service: Service) -> None:
    """A scenario of high severity: the record of what came in is the monitor's."""
    came = {
        "amount": "5000.00", "currency": "EUR", "kind": "transfer", "payment": {"instrument": "credit_transfer"},
        "payer": {"id": "x-1", "country": "DE"}, "payee": {"id": "c-7", "country": "DE"}, "occurred_at": NOW.isoformat(),
    }  # fmt: skip
    first = decided(service, came)
    service.ledger.writer.run(lambda batch: batch.decisions([first]))
    _authorise(service, first)
    service.monitor().run_once()
    went = {
        **came, "amount": "4900.00", "payer": {"id": "c-7", "country": "DE"}, "payee": {"id": "x-2", "country": "DE"},
        "occurred_at": (NOW + timedelta(hours=5)).isoformat(),
    }  # fmt: skip
    entry = decided(service, went)
    body = orjson.loads(entry.answer)
    (found,) = [one for one in body["aml"]["scenarios"] if one["id"] == "scenario.pass_through"]
    assert found["evidence"] == sorted([first.id, entry.id])
    assert body["outcome"] in ("review", "block")
    assert body["aml"]["verdict"] == "review"


def _authorise(service: Service, entry: DecisionEntry) -> None:
    service.ledger.history.record_event(entry.id, EventKind.AUTHORISED, NOW)
