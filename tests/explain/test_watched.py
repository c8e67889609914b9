"""What lists and scenarios said is explained from what was kept with a decision, also of decisions that kept less."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from rich.console import Console

from api.commands.watched import screening_ladder
from api.explanations import ExplanationBody
from engine.decide import decide
from engine.decision import Decision
from engine.explain import explain
from engine.facts import Facts
from engine.history import NullHistory
from engine.replay import RememberedHistory, facts_from, remembered_rates, replay
from engine.scenarios import Means, look
from engine.scenarios.looking import explained, kept
from engine.screening.telling import explained as screening_explained
from tests.explain.test_every_domain import NOW
from tests.law.telling import ecb, law
from tests.scenarios.shipped import READY
from tests.scenarios.telling import C, came, only, went

BODY: dict[str, Any] = {
    "amount": "90000.00", "currency": "EUR", "kind": "transfer", "payment": {"instrument": "credit_transfer"},
    "payer": {"id": "c-7", "name": "Ada", "country": "DE"}, "payee": {"id": "p-1", "name": "Bo", "country": "DE"},
    "obliged_entity": {"role": "bank", "country": "DE"}, "occurred_at": NOW.isoformat(),
}  # fmt: skip
LARGE = {"id": "scenario.single_large", "pack": "MONITORING", "severity": "low", "evidence": ["d"]}


class Seen:
    """Lists and scenarios that say what they are told to say."""

    def __init__(self, scenarios: list[dict[str, Any]] | None = None, screening: dict[str, Any] | None = None) -> None:
        self._scenarios, self._screening = scenarios, screening

    def screened(self, _facts: Facts, _at: datetime) -> dict[str, Any] | None:
        return self._screening

    def scenarios(self, _facts: Facts, _at: datetime, _decision_id: str) -> list[dict[str, Any]] | None:
        return self._scenarios


def decided(lookout: Seen | None = None, **more: Any) -> Decision:
    return decide(
        facts_from(orjson.dumps(BODY)), law(), NullHistory(), rates=ecb(), decision_id="d", now=NOW, locale="en",
        domains=("aml",), lookout=lookout, **more,
    )  # fmt: skip


def told(inputs: dict[str, Any]) -> dict[str, Any]:
    """The explanation from what was kept, as it is answered."""
    stored = orjson.loads(orjson.dumps(inputs))
    found = explain(
        facts_from(orjson.dumps(BODY)), law(), RememberedHistory(stored), rates=remembered_rates(stored),
        decision_id="d", now=NOW, locale="en", domains=("aml",), kept=stored,
    )  # fmt: skip
    ExplanationBody.model_validate(found)
    return found


# -- decisions that kept less ---------------------------------------------------------------------------------------------


def old() -> tuple[dict[str, Any], bytes]:
    """Inputs of when only what fired was kept, and the answer that belongs to them."""
    plain = decided()
    inputs = {**plain.inputs, "aml": {**plain.inputs.get("aml", {}), "scenarios": [LARGE]}}
    return inputs, orjson.dumps(replay(orjson.dumps(BODY), inputs, law()).body)


def test_a_decision_of_before_is_answered_again_as_it_was() -> None:
    inputs, answer = old()
    body = orjson.loads(answer)
    assert body["aml"]["scenarios"] == [LARGE]
    (finding,) = [one for one in body["findings"] if one["rule"] == LARGE["id"]]
    assert finding["law"] == {"instrument": None, "provision": None, "url": None, "basis": "house"}
    assert "MONITORING" not in {one["jurisdiction"] for one in body["rulepacks"]}
    again = replay(orjson.dumps(BODY), inputs, law())
    assert (orjson.dumps(again.body), again.inputs["aml"]["scenarios"]) == (answer, [LARGE])


def test_of_a_decision_of_before_what_fired_is_explained_and_no_number_is_made_up() -> None:
    (large,) = told(old()[0])["scenarios"]
    assert (large["fired"], large["evidence"], large["version"]) == (True, ["d"], law().packs["MONITORING"].version)
    assert (large["subject"], large["payments"], large["because"]) == (None, None, None)
    assert {one["name"] for one in large["parameters"]} == {"by_card", "otherwise"}


def test_a_scenario_that_the_release_does_not_have_is_repeated_and_not_explained() -> None:
    gone = {**LARGE, "id": "scenario.gone", "fired": True, "missing": []}
    answer = decided(Seen([gone]))
    assert [one["id"] for one in answer.body["aml"]["scenarios"]] == ["scenario.gone"]
    assert "scenario.gone" not in {one["scenario"] for one in told(answer.inputs)["scenarios"]}
    nowhere = decided(Seen([{**gone, "pack": "NOWHERE"}]))
    assert "NOWHERE" not in {one["jurisdiction"] for one in nowhere.body["rulepacks"]}


def test_what_two_subjects_of_a_payment_give_rise_to_is_one_scenario() -> None:
    look = {**LARGE, "fired": True, "missing": []}
    sides = [{**look, "subject": {"kind": kind, "key": key}} for kind, key in (("payer", "c-7"), ("payee", "p-1"))]
    answer = decided(Seen(sides))
    assert answer.body["aml"]["scenarios"] == [LARGE]
    assert [one["subject"]["kind"] for one in told(answer.inputs)["scenarios"] if one["fired"]] == ["payer", "payee"]


def test_the_law_of_another_day_says_so_of_every_pack() -> None:
    look = {**LARGE, "fired": False, "evidence": [], "missing": []}
    day = NOW.date().replace(day=1)
    again = decided(Seen([look]), legal_day=day)
    assert {one["as_of"] for one in again.body["rulepacks"]} == {day.isoformat()}
    assert "MONITORING" in {one["jurisdiction"] for one in again.body["rulepacks"]}


def test_the_same_packs_of_a_day_are_one_list() -> None:
    look = {**LARGE, "fired": False, "evidence": [], "missing": []}
    assert decided(Seen([look])).body["rulepacks"] is decided(Seen([look])).body["rulepacks"]


# -- what is kept ---------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_small_and_only_what_cannot_be_found_again() -> None:
    (through,) = look(only(READY, "pass_through"), C, [came("a", 0), went("b", 5)])
    assert kept(through) == {
        "id": "scenario.pass_through", "pack": "MONITORING", "severity": "high", "subject": {"kind": "payer", "key": "C"},
        "segment": "standard", "payments": 2, "truncated": False, "fired": True, "evidence": ["a", "b"], "missing": [],
        "measures": {"left": 280_000, "further": 0}, "possible": {"came": 1, "went": 1}, "named": {"came": "a", "went": "b"},
    }  # fmt: skip


def test_what_is_kept_of_every_shipped_scenario_can_be_explained() -> None:
    looked = 0
    for kind in ("payer", "payee", "account", "card", "merchant"):
        subject = type(C)(kind, "C")
        side = {
            "payer": {"payer": "C"}, "payee": {"payee": "C"}, "account": {"account": "C"}, "card": {"card": "412345-1"},
            "merchant": {"merchant": "C"},
        }[kind]  # fmt: skip
        for one in look(READY, subject, [went("a", 0, 1_000_000, **{"payer": "x", **side})], Means()):
            looked += 1
            scenario, pack = one.ready.scenario, one.ready.pack
            found = explained(orjson.loads(orjson.dumps(kept(one))), scenario, pack)
            assert found["condition"] or found["events"], scenario.id
            assert (found["because"] is None) == bool(found["events"]), scenario.id
            assert (found["fired"] is None) == bool(found["missing"]), scenario.id
    assert looked >= 25


def test_an_event_that_must_not_lie_between_is_told_as_such() -> None:
    absent = [one.scenario for one in READY.ready if one.scenario.absent is not None]
    assert absent
    for scenario in absent:
        pack = law().packs["MONITORING"]
        events = explained({"severity": "high", "fired": True}, scenario, pack)["events"]
        assert [one["absent"] for one in events] == [False] * len(scenario.aliases) + [True]


def test_a_sequence_that_compares_no_two_events_has_no_condition_of_its_own() -> None:
    ready = next(one for one in READY.ready if one.scenario.aliases)
    alone = replace(ready.scenario, across=None)
    found = explained({"severity": "low", "fired": True}, alone, ready.pack)
    assert (found["condition"], len(found["events"])) == (None, len(alone.aliases))


# -- why a screening said it ----------------------------------------------------------------------------------------------


def party(verdict: str, *matches: tuple[str, str | None], pointer: str = "/payer") -> dict[str, Any]:
    found = [
        {"entry": {"id": f"UN-SC:{at}", "list": "UN-SC", "name": "Ada"}, "score": "0.9", "band": band, "features": [],
         "cleared_by": cleared}
        for at, (band, cleared) in enumerate(matches)
    ]  # fmt: skip
    return {"role": "payer", "pointer": pointer, "verdict": verdict, "matches": found}


def screening(verdict: str, *parties: dict[str, Any], **more: Any) -> dict[str, Any]:
    lists = [{"list": "UN-SC"}]
    whole = {"verdict": verdict, "parties": list(parties), "unnamed": [], "lists": lists, "stale": [], "missing": []}
    return screening_explained(whole | more, facts_from(orjson.dumps(BODY)))


def test_a_match_that_a_clearance_takes_away_is_the_reason_that_somebody_is_clear() -> None:
    found = screening("clear", party("clear", ("possible", "clr_1")))
    assert found["reasons"] == [{"code": "cleared", "of": ["/payer"]}]
    assert found["parties"][0]["reasons"] == [{"code": "cleared", "of": ["UN-SC:0"]}]


def test_what_stands_beside_a_cleared_match_still_counts() -> None:
    found = screening("hit", party("hit", ("possible", "clr_1"), ("confirmed", None), ("possible", None)))
    assert found["parties"][0]["reasons"] == [
        {"code": "match_confirmed", "of": ["UN-SC:1"]}, {"code": "match_possible", "of": ["UN-SC:2"]},
        {"code": "cleared", "of": ["UN-SC:0"]},
    ]  # fmt: skip


def test_who_cannot_be_compared_is_not_called_clear() -> None:
    found = screening("review", party("review"))
    assert found["reasons"] == [{"code": "not_comparable", "of": ["/payer"]}]


def test_where_a_list_is_missing_nothing_is_said_of_whether_a_name_can_be_compared() -> None:
    found = screening("review", party("review"), missing=["EU-FSF"])
    assert [one["code"] for one in found["parties"][0]["reasons"]] == ["list_missing", "no_match"]


def test_of_nobody_and_of_everybody_clear_it_is_said_that_no_entry_is_meant() -> None:
    assert screening("clear", party("clear"))["reasons"] == [{"code": "no_match", "of": ["/payer"]}]
    assert screening("incomplete")["reasons"] == [{"code": "unnamed", "of": []}]


def test_what_would_not_be_asked_today_is_told_without_its_question() -> None:
    assert screening("clear", party("clear", pointer="/payer/aunt"))["parties"][0]["asked"] is None


def test_the_console_shows_each_match_with_what_adds_up_to_it() -> None:
    match = {
        "entry": {"id": "UN-SC:1", "list": "UN-SC", "name": "Ada"}, "score": "0.9000", "band": "possible",
        "features": [{"code": "name", "weight": "0.9000", "queried": "Ada", "listed": "Ada"}], "cleared_by": "clr_1",
    }  # fmt: skip
    listed = {"list": "UN-SC", "digest": "ab" * 32, "age_days": 3, "stale": True}
    found = screening("clear", {**party("clear"), "matches": [match]}, lists=[listed])
    with (console := Console(width=200)).capture() as shown:
        console.print(screening_ladder(found))
    for line in (
        "screening: clear (cleared /payer)", "list UN-SC: abababababab, 3 days old, stale",
        "possible  UN-SC:1 Ada: 0.9000, cleared by clr_1", "0.9000  name: Ada / Ada",
    ):  # fmt: skip
        assert line in shown.get()
