"""Why lists and scenarios said what they did before a payment: told to whoever may read decisions, from what was kept with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest

from api.case_examples import NOW
from api.explanations import ExplanationBody
from api.screening import Loaded, Screening
from api.service import Service
from engine.history import EventKind
from engine.screening.model import Band
from tests.api.client import Client
from tests.api.screenings import Careless, Lists, edition, screens_with
from tests.monitoring.watching import Register

BANK = {"role": "bank", "country": "DE"}
MOVED: dict[str, Any] = {
    "amount": "4900.00", "currency": "EUR", "kind": "transfer", "occurred_at": (NOW + timedelta(hours=5)).isoformat(),
    "payer": {"id": "c-7", "name": "Mona Listed", "country": "DE", "date_of_birth": "1970-01-02",
              "tax_ids": [{"country": "DE", "value": "12345678903"}]},
    "payee": {"id": "x-2", "name": "Somebody Else", "country": "DE"},
    "payment": {"instrument": "credit_transfer", "issuer_country": "DE"}, "obliged_entity": BANK,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_lists(service: Service) -> None:
    service.screening = Screening()


@pytest.fixture
def ask(client: Client) -> Callable[..., tuple[dict[str, Any], dict[str, Any]]]:
    """The answer to a payment, and its explanation."""

    def asked(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        answer = client.post("/v1/preflight?domains=aml", body).json()
        told = client.get(f"/v1/decisions/{answer['id']}/explanation").json()
        ExplanationBody.model_validate(told)
        return answer, told

    return asked


Ask = Callable[[dict[str, Any]], tuple[dict[str, Any], dict[str, Any]]]


def without(body: dict[str, Any], party: str, *fields: str) -> dict[str, Any]:
    return {**body, party: {name: value for name, value in body[party].items() if name not in fields}}


def scenarios(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["scenario"]: one for one in told["scenarios"]}


# -- lists ----------------------------------------------------------------------------------------------------------------


def test_a_match_is_explained_by_the_list_the_fields_and_each_reason_of_its_score(service: Service, ask: Ask) -> None:
    screens_with(service, Lists())
    answer, told = ask(MOVED)
    screening = told["screening"]
    assert (screening["performed"], screening["verdict"]) == (True, "review")
    assert [(one["list"], len(one["digest"]), one["stale"]) for one in screening["lists"]] == [("UN-SC", 64, False)]
    payer, payee = screening["parties"]
    assert payer["asked"] == {
        "name": "Mona Listed", "kind": "unknown", "births": [{"earliest": "1970-01-02", "latest": "1970-01-02"}],
        "countries": ["DE"], "identifiers": [{"kind": "tax_id", "value": "12345678903", "country": "DE"}],
        "customer": "c-7",
    }  # fmt: skip
    (match,) = payer["matches"]
    assert (match["entry"]["id"], match["band"], match["cleared_by"]) == ("UN-SC:1", "possible", None)
    assert sum(Decimal(one["weight"]) for one in match["features"]) == Decimal(match["score"])
    assert payer["reasons"] == [{"code": "match_possible", "of": ["UN-SC:1"]}]
    assert (payee["verdict"], payee["reasons"]) == ("clear", [{"code": "no_match", "of": []}])
    assert screening["reasons"] == [{"code": "match_possible", "of": ["/payer"]}]
    assert answer["aml"]["screening"]["parties"][0]["matches"] == payer["matches"]


def test_an_entry_that_is_surely_meant_is_told_apart_from_one_that_may_be(service: Service, ask: Ask) -> None:
    register = Register({"1": "Mona Listed"}, band=Band.CONFIRMED)
    screens_with(service, lambda: Loaded(register, "edition-1"))
    answer, told = ask(MOVED)
    assert told["screening"]["verdict"] == "hit"
    assert told["screening"]["reasons"] == [{"code": "match_confirmed", "of": ["/payer"]}]
    assert answer["outcome"] == "block"


def test_where_no_list_was_asked_the_explanation_says_so(ask: Ask) -> None:
    _, told = ask(MOVED)
    assert told["screening"] == {"performed": False, "reasons": [{"code": "not_asked", "of": []}]}


def test_a_list_that_was_missing_or_stale_is_named_as_the_reason(service: Service, ask: Ask) -> None:
    screens_with(service, lambda: None, "UN-SC")
    reasons = ask(MOVED)[1]["screening"]["reasons"]
    assert {"code": "no_lists", "of": []} in reasons
    assert {"code": "list_missing", "of": ["UN-SC"]} in reasons
    careless = Careless(editions=(edition(days=8),), stale=("UN-SC",))
    screens_with(service, lambda: Loaded(careless, "edition-1"))
    screening = ask(MOVED)[1]["screening"]
    assert screening["reasons"] == [{"code": "list_stale", "of": ["UN-SC"]}]
    assert [party["reasons"][0]["code"] for party in screening["parties"]] == ["list_stale", "list_stale"]


def test_who_could_not_be_looked_for_is_named(service: Service, ask: Ask) -> None:
    screens_with(service, Lists())
    _, told = ask(without(MOVED, "payer", "name", "tax_ids"))
    assert {"code": "unnamed", "of": ["/payer"]} in told["screening"]["reasons"]


def test_an_explanation_stays_as_it_was_when_the_lists_change(service: Service, client: Client) -> None:
    screens_with(service, Lists())
    decision = client.post("/v1/preflight?domains=aml", MOVED).json()["id"]
    before = client.get(f"/v1/decisions/{decision}/explanation").body
    service.screening = Screening()
    assert client.get(f"/v1/decisions/{decision}/explanation").body == before


# -- scenarios --------------------------------------------------------------------------------------------------------


def test_each_scenario_that_was_asked_is_told_with_its_numbers_and_its_source(ask: Ask) -> None:
    _, told = ask({**MOVED, "amount": "20000.01"})
    found = scenarios(told)
    assert set(found) >= {"scenario.single_large", "scenario.corridor.high_risk", "scenario.pass_through"}
    large = found["scenario.single_large"]
    assert (large["fired"], large["subject"], large["severity"]) == (True, {"kind": "payer", "key": "c-7"}, "low")
    assert {"name": "otherwise", "label": "otherwise", "value": "20000.00 EUR"} in large["parameters"]
    assert (large["because"]["amount"], large["because"]["direction"]) == ("20000.01 EUR", "out")
    assert large["because"][large["condition"].partition(" and ")[2]] == "true"
    assert (large["law"]["basis"], large["law"]["provision"], large["confidence"]) == ("house", "rule 10", "A")
    assert large["evidence"] == [told["id"]]


def test_a_scenario_that_stayed_silent_says_which_part_did_not_hold(ask: Ask) -> None:
    _, told = ask({**MOVED, "amount": "20000.00"})
    large = scenarios(told)["scenario.single_large"]
    assert (large["fired"], large["evidence"], large["missing"]) == (False, [], [])
    assert large["because"][large["condition"].partition(" and ")[2]] == "false"


def test_what_was_counted_is_told_and_what_was_not_needed_is_not(ask: Ask) -> None:
    abroad = {
        **MOVED,
        "payer": {**MOVED["payer"], "id": "c-8"},
        "payee": {"id": "x-3", "name": "Shop", "country": "IR"},
    }
    corridor = scenarios(ask({**abroad, "amount": "500.00"})[1])["scenario.corridor.high_risk"]
    assert corridor["measures"] == [{"name": "sent", "label": "to that country", "value": "500.00 EUR"}]
    assert (corridor["fired"], corridor["because"]["sent >= total"]) == (False, "false")
    at_home = scenarios(ask({**MOVED, "amount": "500.00"})[1])["scenario.corridor.high_risk"]
    assert at_home["measures"] == [{"name": "sent", "label": "to that country", "value": None}]


def test_what_cannot_be_told_says_for_want_of_what(ask: Ask) -> None:
    nowhere = {**MOVED, "payer": {**MOVED["payer"], "id": "c-9"}, "payee": {"id": "x-4", "name": "Shop"}}
    corridor = scenarios(ask({**nowhere, "amount": "9000.00"})[1])["scenario.corridor.high_risk"]
    assert (corridor["fired"], corridor["missing"]) == (None, ["payee.country"])
    assert corridor["because"]["payee.country"] is None


def test_who_pays_without_being_named_leaves_every_scenario_untold(ask: Ask) -> None:
    answer, told = ask(without(without(MOVED, "payer", "id"), "payee", "id"))
    assert {(one["fired"], tuple(one["missing"])) for one in told["scenarios"]} == {(None, ("payer.id",))}
    assert "MONITORING" not in {one["jurisdiction"] for one in answer["rulepacks"]}


def test_a_shop_that_is_paid_is_asked_no_scenario(ask: Ask) -> None:
    sale = {**MOVED, "kind": "sale", "obliged_entity": {"role": "merchant", "country": "DE"}}
    answer, told = ask(sale)
    assert told["scenarios"] == []
    assert "MONITORING" not in {one["jurisdiction"] for one in answer["rulepacks"]}


def test_a_sequence_names_the_payments_it_was_found_by(service: Service, client: Client, ask: Ask) -> None:
    came = {
        **MOVED, "amount": "5000.00", "occurred_at": NOW.isoformat(),
        "payer": {"id": "x-1", "country": "DE"}, "payee": {"id": "c-10", "country": "DE"},
    }  # fmt: skip
    first = client.post("/v1/preflight?domains=aml", came).json()["id"]
    service.ledger.history.record_event(first, EventKind.AUTHORISED, NOW)
    service.monitor().run_once()
    answer, told = ask({**MOVED, "payer": {"id": "c-10", "country": "DE"}})
    through = scenarios(told)["scenario.pass_through"]
    assert (through["fired"], through["payments"]) == (True, 2)
    assert {one["name"]: one["payment"] for one in through["events"]} == {"came": first, "went": answer["id"]}
    assert [one["condition"].partition(" and ")[0] for one in through["events"]] == [
        'came.flow == "in"', 'went.flow == "out"'
    ]  # fmt: skip
    alone = scenarios(ask({**MOVED, "payer": {"id": "c-11", "country": "DE"}})[1])["scenario.pass_through"]
    assert (alone["fired"], [(one["name"], one["possible"]) for one in alone["events"]]) == (
        False, [("came", 0), ("went", 1)]
    )  # fmt: skip


# -- what was applied, and who learns of it -------------------------------------------------------------------------------


def test_the_answer_names_the_pack_whose_scenarios_were_asked(service: Service, client: Client, ask: Ask) -> None:
    answer, _ = ask({**MOVED, "amount": "10.00"})
    assert answer["aml"]["scenarios"] == []
    (applied,) = [one for one in answer["rulepacks"] if one["jurisdiction"] == "MONITORING"]
    pack = service.packs.packs["MONITORING"]
    assert (applied["version"], applied["digest"]) == (pack.version, service.packs.digests["MONITORING"])
    assert applied["as_of"] == NOW.date().isoformat()
    codes = [one["jurisdiction"] for one in answer["rulepacks"]]
    assert codes == sorted(codes)
    again = client.post(f"/v1/decisions/{answer['id']}/replay").json()
    assert (again["identical"], again["differences"]) == (True, [])


def test_a_finding_of_a_scenario_has_the_source_and_confidence_of_its_pack(ask: Ask) -> None:
    answer, told = ask({**MOVED, "amount": "20000.01"})
    (finding,) = [one for one in answer["findings"] if one["rule"] == "scenario.single_large"]
    large = scenarios(told)["scenario.single_large"]
    assert (finding["law"], finding["confidence"]) == (large["law"], large["confidence"])


def test_the_payer_reads_the_same_sentence_whatever_was_found(service: Service, ask: Ask) -> None:
    # What a person must look at for any other reason reads the same.
    suspected = ask({**MOVED, "amount": "10.00", "suspicion": True})[0]
    screens_with(service, Lists())
    matched = ask(MOVED)[0]
    assert (suspected["outcome"], matched["outcome"]) == ("review", "review")
    assert suspected["message"] == matched["message"]
    for word in ("Mona", "UN-SC", "scenario", "list", "MONITORING"):
        assert word not in matched["message"]


def test_where_money_laundering_was_not_asked_neither_is_told(client: Client) -> None:
    decision = client.post("/v1/preflight?domains=sca", MOVED).json()["id"]
    told = client.get(f"/v1/decisions/{decision}/explanation").json()
    assert not {"screening", "scenarios"} & told.keys()


def test_every_release_asked_again_repeats_what_was_kept(service: Service, client: Client) -> None:
    screens_with(service, Lists())
    answer = client.post("/v1/preflight?domains=aml", {**MOVED, "amount": "90000.00"})
    service.screening = Screening()
    decision = answer.json()["id"]
    again = client.post(f"/v1/decisions/{decision}/replay?release={service.packs.release.digest}").json()
    assert again["identical"]
    assert orjson.dumps(again["decision"]) == answer.body
