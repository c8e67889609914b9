"""A release answers a part of the payers in earnest: each of them always alike, and only as long as nothing leaves its band."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

import api.canary_watch
import api.deciding
from api.cli import app
from api.service import Service
from api.signing_keys import signed_of
from engine.ledger import AlertsWanted, Ledger, LedgerUnavailable
from engine.packs.envelope import pack
from tests.api.client import Client, Reply
from tests.api.trying import LIMIT, LOWER, RULES, House, payment

PAYERS = [f"c-{number}" for number in range(100)]
"""So many that of each side there are more than twenty, whatever the releases are called."""
EASY = {"minimum": 20, "bands": [{"outcome": "challenge", "up": "5", "down": "5"}]}
WIDE = {"minimum": 20, "bands": [{"outcome": "block", "up": "5"}]}


@pytest.fixture
def house(tmp_path: Path, make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(api.canary_watch, "GUARD_SECONDS", 0)
    made = House(tmp_path, make_client)
    yield made
    made.service.close()


def released(house: House, payers: list[str], **more: Any) -> dict[str, str]:
    """Which release answers each payer."""
    return {payer: house.pay(payer, **more).headers["lexgate-release"] for payer in payers}


# -- who is answered by which -------------------------------------------------------------------------------------------


def test_a_payer_meets_one_law_as_long_as_the_canary_runs(house: House) -> None:
    trial = house.canary(house.approved(), guardrail=WIDE)
    first = released(house, PAYERS)
    assert first == {payer: trial["release"] if house.inside(trial, payer) else trial["base"] for payer in PAYERS}
    assert set(first.values()) == {trial["release"], trial["base"]}
    assert released(house, PAYERS, reference="another", amount="12.00") == first
    assert {
        one.json()["outcome"] for one in map(house.pay, PAYERS) if one.headers["lexgate-release"] == trial["base"]
    } == {"allow"}


def test_a_larger_share_keeps_whoever_was_in(house: House) -> None:
    draft = house.approved()
    small = house.canary(draft, "10", guardrail=WIDE)
    before = {payer for payer, release in released(house, PAYERS).items() if release == small["release"]}
    house["cleo"].post(f"/v1/trials/{small['id']}/end", {"reason": "Wider."})
    assert house.watch.look()
    assert set(released(house, PAYERS).values()) == {small["base"]}
    house.canary(draft, "40", guardrail=WIDE)
    after = {payer for payer, release in released(house, PAYERS).items() if release == small["release"]}
    assert before < after


def test_who_names_no_payer_is_known_by_the_reference_else_by_the_bytes(house: House) -> None:
    trial = house.canary(house.approved(), guardrail=WIDE)
    for more in ({}, {"reference": "ord-1"}, {"reference": "ord-2"}, {"reference": "ord-3"}):
        assert len({house.pay(None, **more).headers["lexgate-release"] for _ in range(3)}) == 1
    answered = {house.pay(None, reference=f"ord-{at}").headers["lexgate-release"] for at in range(20)}
    assert answered == {trial["release"], trial["base"]}


def test_what_a_canary_decided_says_so_everywhere(house: House) -> None:
    trial = house.canary(house.approved(), guardrail=WIDE)
    payer = next(one for one in PAYERS if house.inside(trial, one))
    once = {"idempotency-key": "k-1"}
    answered = house["shop"].post("/v1/preflight", payment(payer), once)
    decision = answered.json()["id"]
    stored = house.service.ledger.decision(decision)
    assert stored is not None
    assert {stored.release, answered.headers["lexgate-release"]} == {trial["release"]}
    packs = house.service.packs_of(trial["release"])
    assert packs is not None
    assert {one["digest"] for one in answered.json()["rulepacks"]} <= set(packs.digests.values())

    house["cleo"].post(f"/v1/trials/{trial['id']}/end", {"reason": "Enough."})
    assert house.watch.look()
    again = house["shop"].post("/v1/preflight", payment(payer), once)
    assert (again.body, again.headers["lexgate-release"]) == (answered.body, trial["release"])
    replayed = house["shop"].post(f"/v1/decisions/{decision}/replay").json()
    assert (replayed["identical"], replayed["release"]) == (True, trial["release"])
    explained = house["shop"].get(f"/v1/decisions/{decision}/explanation")
    assert (explained.status, explained.headers["lexgate-release"]) == (200, trial["release"])
    beside = house["shop"].post(f"/v1/decisions/{decision}/replay?release={trial['base']}").json()
    assert (beside["identical"], beside["decision"]["outcome"]) == (False, "allow")


def test_a_tax_is_worked_out_by_the_law_that_the_payer_meets(house: House) -> None:
    trial = house.canary(house.approved(), guardrail=WIDE)
    _, secret = house.service.ledger.keys.create(["tax"], "till")
    till = type(house["shop"])(house["shop"].app, secret)
    for payer in PAYERS[:8]:
        body = {
            **payment(payer),
            "payee": {"country": "FR"},
            "lines": [{"id": "1", "kind": "goods", "amount": "15.00"}],
        }
        del body["payment"], body["asked_by"]
        answered = till.post("/v1/tax/calculations", body, {"idempotency-key": payer})
        assert answered.status == 200, answered.body
        expected = trial["release"] if house.inside(trial, payer) else trial["base"]
        assert answered.headers["lexgate-release"] == expected
        again = till.post("/v1/tax/calculations", body, {"idempotency-key": payer})
        assert (again.body, again.headers["lexgate-release"]) == (answered.body, expected)
        stored = house.service.ledger.taxes.calculation(answered.json()["id"])
        assert stored is not None
        assert stored.release == expected
    till.close()


def test_each_line_of_a_batch_is_answered_by_its_payers_law(house: House) -> None:
    trial = house.canary(house.approved(), guardrail=WIDE)
    lines = b"\n".join(orjson.dumps(payment(payer)) for payer in PAYERS)
    answered = house["shop"].post("/v1/preflight/batch", lines, {"content-type": "application/x-ndjson"})
    outcomes = [orjson.loads(line)["outcome"] for line in answered.body.splitlines()]
    assert outcomes == ["challenge" if house.inside(trial, payer) else "allow" for payer in PAYERS]


# -- how it ends --------------------------------------------------------------------------------------------------------


def test_it_withdraws_itself_when_too_many_are_challenged(house: House) -> None:
    trial = house.canary(house.approved(), guardrail=EASY)
    for payer in PAYERS[:30]:
        house.pay(payer)
    assert house.trial(trial["id"])["summary"]["guardrail"]["state"] == "waiting"
    assert not house.watch.look()
    for payer in PAYERS * 2:
        house.pay(payer)
    told = house.trial(trial["id"])["summary"]["guardrail"]
    assert (told["state"], told["readings"][0]["left"]) == ("left", True)
    assert house.watch.look()
    over = house.trial(trial["id"])
    assert (over["state"], over["cause"], over["ended_by"], over["possible"]) == (
        "withdrawn",
        "guardrail",
        "system",
        [],
    )
    assert over["end_reason"].startswith("challenge 100.00 % of ")
    assert over["summary"]["canary"]["decisions"] + over["summary"]["control"]["decisions"] == 30 + 2 * len(PAYERS)
    assert set(released(house, PAYERS).values()) == {trial["base"]}
    assert not house.watch.look()
    (alert,) = house.service.ledger.alerts.page(AlertsWanted(), limit=9, after=None).data
    assert (alert.alert.rule, alert.alert.severity, alert.alert.subject) == (
        "incident.canary.guardrail",
        "high",
        trial["id"],
    )
    assert over["end_reason"] in alert.alert.summary
    assert house.service.ledger.verify().ok
    metrics = house["nosy"].get("/metrics").body.decode()
    assert 'lexgate_canaries_withdrawn_total{cause="guardrail"} 1.0' in metrics


def test_it_goes_on_while_nothing_leaves_its_band(house: House) -> None:
    trial = house.canary(house.approved(), guardrail=EASY)
    for payer in PAYERS * 2:
        house.pay(payer, "DE")
    assert not house.watch.look()
    told = house.trial(trial["id"])["summary"]["guardrail"]
    assert told["state"] == "within"
    assert told["sentences"][0].endswith("0.00 points apart; at most 5.00 more and 5.00 less.")
    metrics = house["nosy"].get("/metrics").body.decode()
    assert f'lexgate_trial_decisions_total{{group="canary",outcome="allow",trial="{trial["id"]}"}}' in metrics


def test_what_was_decided_before_it_began_is_not_held_against_it(house: House) -> None:
    for payer in PAYERS:
        house.pay(payer)
    trial = house.canary(house.approved(), guardrail=EASY)
    assert house.trial(trial["id"])["summary"]["control"]["decisions"] == 0


def falls(house: House, monkeypatch: pytest.MonkeyPatch, trial: dict[str, Any], *, base: bool = False) -> None:
    """Deciding under the canary raises what nobody expects; with `base`, under the law in force as well."""
    decide = api.deciding.decide
    bad = {trial["release"], trial["base"]} if base else {trial["release"]}

    def decided(facts: Any, packs: Any, *rest: Any, **more: Any) -> Any:
        if packs.release.digest in bad:
            raise ZeroDivisionError(f"about {facts['amount']}")
        return decide(facts, packs, *rest, **more)

    monkeypatch.setattr(api.deciding, "decide", decided)


def test_where_it_falls_the_law_in_force_answers_and_it_is_withdrawn_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = house.canary(house.approved(), guardrail=WIDE)
    falls(house, monkeypatch, trial)
    payer = next(one for one in PAYERS if house.inside(trial, one))
    answered = house.pay(payer)
    assert (answered.json()["outcome"], answered.headers["lexgate-release"]) == ("allow", trial["base"])
    assert house.service.law.canary is None, "in this process nobody is answered by it any more, before any look"
    assert house.watch.look()
    over = house.trial(trial["id"])
    assert (over["state"], over["cause"]) == ("withdrawn", "crash")
    assert over["end_reason"] == "A payment could not be decided under it (ZeroDivisionError)."
    (alert,) = house.service.ledger.alerts.page(AlertsWanted(), limit=9, after=None).data
    assert alert.alert.rule == "incident.canary.crash"
    assert "15.00" not in alert.alert.summary, "what a payer stated is in no alert"
    replayed = house["shop"].post(f"/v1/decisions/{answered.json()['id']}/replay").json()
    assert replayed["release"] == trial["base"]


def test_a_canary_that_fell_does_not_answer_again_while_the_ledger_cannot_be_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = house.canary(house.approved(), guardrail=WIDE)
    falls(house, monkeypatch, trial)
    payer = next(one for one in PAYERS if house.inside(trial, one))
    house.pay(payer)
    trials = house.service.ledger.trials

    def full(*_args: Any, **_more: Any) -> None:
        raise LedgerUnavailable("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(trials, "end", full)
        for _ in range(2):
            with pytest.raises(LedgerUnavailable):
                house.watch.look()
            assert house.service.law.canary is None
    assert house.watch.look()
    assert house.trial(trial["id"])["state"] == "withdrawn"


def test_what_the_law_in_force_falls_over_as_well_is_not_the_canarys_doing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = house.canary(house.approved(), guardrail=WIDE)
    payer = next(one for one in PAYERS if house.inside(trial, one))
    early = house["shop"].post("/v1/preflight", payment(payer) | {"occurred_at": "0001-01-01T00:00:00+14:00"})
    assert early.status == 422
    falls(house, monkeypatch, trial, base=True)
    with pytest.raises(ZeroDivisionError):
        house["shop"].post("/v1/preflight", payment(payer))
    assert not house.watch.look()
    assert house.trial(trial["id"])["state"] == "running"


def test_another_release_in_force_ends_it_and_it_never_runs_beside_that(house: House) -> None:
    before = house.held()
    draft = house.published(7)
    trial = house.canary(house.approved(), guardrail=WIDE)
    assert trial["base"] == draft["content"]
    assert house.step("cleo", draft["id"], "rollback").status == 200
    assert house.watch.look()
    over = house.trial(trial["id"])
    assert (over["state"], over["end_reason"]) == ("superseded", f"{before} is in force.")
    assert set(released(house, PAYERS).values()) == {before}
    forward = house["cleo"].post(f"/v1/releases/{draft['content']}/rollback", {"reason": "After all."})
    assert forward.status == 200
    assert house.watch.look()
    assert set(released(house, PAYERS).values()) == {draft["content"]}, "a canary that is over stays over"


def test_when_its_own_release_goes_in_force_it_is_over(house: House) -> None:
    draft = house.approved()
    trial = house.canary(draft, guardrail=WIDE)
    assert house.step("cleo", draft["id"], "publish").status == 200
    assert house.watch.look()
    assert house.trial(trial["id"])["state"] == "superseded"
    assert set(released(house, PAYERS).values()) == {trial["release"]}
    assert house.service.law.canary is None


@pytest.mark.parametrize("how", ["edit", "send-back", "withdraw"])
def test_it_is_withdrawn_when_nobody_stands_behind_it_any_more(house: House, how: str) -> None:
    draft = house.approved()
    trial = house.canary(draft, guardrail=WIDE)
    if how == "edit":
        house.change("ann", draft["id"], RULES, LOWER, LIMIT)
    else:
        assert house.step("cleo" if how == "send-back" else "ann", draft["id"], how).status == 200
    assert house.watch.look()
    over = house.trial(trial["id"])
    assert (over["state"], over["cause"]) == ("withdrawn", "draft")
    assert set(released(house, PAYERS).values()) == {trial["base"]}


def test_a_canary_that_nobody_who_is_trusted_signed_answers_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = house.approved()
    begun = house.start("cleo", kind="canary", draft=draft["id"], share="50").json()
    assert len(house.service.ledger.signatures.of(begun["release"])) == 1
    house.service.signing.__dict__["trusted"] = frozenset()
    assert house.watch.look()
    assert set(released(house, PAYERS).values()) == {begun["base"]}
    over = house.trial(begun["id"])
    assert (over["state"], over["cause"]) == ("withdrawn", "unusable")


def test_what_was_tried_only_does_not_leave_nor_come_back_as_a_file(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is signed as if it were in force: a file of it would carry around those who sent its draft back."""
    draft = house.approved()
    trial = house.canary(draft)
    refused = house["nosy"].get(f"/v1/releases/{trial['release']}/export")
    assert (refused.status, refused.json()["detail"][:7]) == (409, "Nobody ")
    monkeypatch.setenv("LEXGATE_DATABASE", house.settings.database)
    file = tmp_path / "release.json"
    assert CliRunner().invoke(app, ["releases", "export", trial["release"], str(file)]).exit_code == 2

    stored = house.service.ledger.release(trial["release"])
    assert stored is not None
    signature = house.service.ledger.signatures.of(trial["release"])[0]
    file.write_bytes(pack(stored.canonical, signed_of(signature)))
    assert CliRunner().invoke(app, ["releases", "import", str(file), "--by", house.keys["ann"]]).exit_code == 0
    house.step("dan", draft["id"], "send-back")
    back = house["cleo"].post(f"/v1/releases/{trial['release']}/activate", {"reason": "By the file."})
    assert (back.status, "drafted here" in back.json()["detail"]) == (409, True)
    assert house.watch.look()
    assert house.held() == trial["base"]


def test_of_many_processes_one_writes_the_end_and_all_stop(house: House, make_client: Callable[..., Client]) -> None:
    other = second(house)
    watch = other.watch_law(by_hand=True)
    trial = house.canary(house.approved(), guardrail=EASY)
    assert watch.look()
    asked = make_client(other, secret=house["shop"].secret)
    for payer in PAYERS * 2:
        answered = asked.post("/v1/preflight", payment(payer))
        assert answered.headers["lexgate-release"] == (
            trial["release"] if house.inside(trial, payer) else trial["base"]
        )
    assert house.watch.look()
    assert watch.look()
    assert (house.service.law.canary, other.law.canary) == (None, None)
    assert len(house.service.ledger.alerts.page(AlertsWanted(), limit=9, after=None).data) == 1
    assert house.service.ledger.verify().ok
    other.close()


def second(house: House) -> Service:
    """Another process on the same ledger, as far as a test can have one."""
    service = house.service
    made = Service.around(house.settings, service.packs, service.rates, Ledger.open(house.settings.database))
    made.clock = lambda: house.now
    return made


def test_after_a_restart_in_its_middle_the_same_payers_are_in_it_from_the_first_one_on(
    house: House, make_client: Callable[..., Client]
) -> None:
    trial = house.canary(house.approved(), guardrail=EASY)
    for payer in PAYERS:
        house.pay(payer)
    again = second(house)
    watch = again.watch_law()
    asked = make_client(again, secret=house["shop"].secret)
    answered = {payer: asked.post("/v1/preflight", payment(payer)).headers["lexgate-release"] for payer in PAYERS[:3]}
    assert answered == {
        payer: trial["release"] if house.inside(trial, payer) else trial["base"] for payer in PAYERS[:3]
    }
    watch.stop()
    watch.look()
    assert again.law.canary is None, "what was decided before the restart is counted by whoever comes after it"
    assert house.trial(trial["id"])["cause"] == "guardrail"
    again.close()


def test_it_is_compiled_before_its_first_payment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, prepare = house.approved(), type(house.service.prepare).__call__
    meanwhile: list[str] = []

    def watched(*args: Any, **more: Any) -> Any:
        meanwhile.extend(released(house, PAYERS[:8]).values())
        return prepare(*args, **more)

    monkeypatch.setattr(type(house.service.prepare), "__call__", watched)
    trial = house.canary(draft, guardrail=WIDE)
    assert meanwhile == [trial["base"]] * 8
    assert house.service.law.canary is not None
    assert house.service.law.canary.digest == trial["release"]
    assert house.service.law.digest == trial["base"], "everything else follows the law in force"


# -- under load ---------------------------------------------------------------------------------------------------------


class Officer(threading.Thread):
    """Starts and ends canaries, again and again."""

    def __init__(self, house: House, draft: dict[str, Any], times: int) -> None:
        super().__init__()
        self._house, self._draft, self._times = house, draft, times
        self.refused: list[str] = []

    def run(self) -> None:
        for number in range(self._times):
            begun = self._house.start("cleo", kind="canary", draft=self._draft["id"], share="50", guardrail=WIDE)
            self._house.watch.look()
            ended = self._house["dan"].post(f"/v1/trials/{begun.json().get('id')}/end", {"reason": f"No. {number}"})
            self._house.watch.look()
            self.refused += [str(one.body) for one in (begun, ended) if one.status != 200]


async def _ask(caller: Client, number: int, officer: Officer, replies: list[tuple[str, Reply]]) -> None:
    at = 0
    while officer.is_alive():
        payer, at = PAYERS[(number * 7 + at) % len(PAYERS)], at + 1
        replies.append((payer, await caller.send("POST", "/v1/preflight", payment(payer))))


@pytest.mark.parametrize("hot", [True, False])
def test_every_answer_is_of_exactly_one_release_while_canaries_come_and_go(
    house: House, make_client: Callable[..., Client], hot: bool
) -> None:
    draft, base = house.approved(), house.held()
    caller = make_client(house.service, hot=hot, secret=house["shop"].secret)
    officer, replies = Officer(house, draft, 40), list[tuple[str, Reply]]()
    officer.start()

    async def everybody() -> None:
        await asyncio.gather(*(_ask(caller, number, officer, replies) for number in range(16)))

    caller.loop.run_until_complete(everybody())
    officer.join()
    assert officer.refused == []
    packs = {digest: house.service.packs_of(digest) for digest in (base, draft["content"])}
    told: Counter[str] = Counter()
    for payer, reply in replies:
        release = reply.headers["lexgate-release"]
        of = packs[release]
        assert of is not None
        assert reply.json()["outcome"] == ("challenge" if release == draft["content"] else "allow")
        assert {one["jurisdiction"]: one["digest"] for one in reply.json()["rulepacks"]} == {
            one["jurisdiction"]: of.digests[one["jurisdiction"]] for one in reply.json()["rulepacks"]
        }
        assert release == base or house.inside({"release": draft["content"], "share": "50"}, payer)
        told[release] += 1
    assert min(told.get(digest, 0) for digest in packs) > 16, "both laws were asked, again and again"
    for _, reply in replies[:: max(1, len(replies) // 20)]:
        replayed = house["shop"].post(f"/v1/decisions/{reply.json()['id']}/replay").json()
        assert (replayed["identical"], replayed["release"]) == (True, reply.headers["lexgate-release"])
    assert house.service.ledger.verify().ok


def test_without_a_canary_the_law_is_read_once_and_nothing_is_hashed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_args: Any) -> bytes:
        raise AssertionError("nobody asks who it is about")

    monkeypatch.setattr("api.canary.subject_of", never)
    assert house.pay("c-1").status == 200
