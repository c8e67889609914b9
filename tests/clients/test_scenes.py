"""A client's own tests, in test mode: every name has its outcome for it, and a live key none of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import lexgate_client as lexgate
from api.staging import REFUSALS, SCENES
from lexgate_client import Lexgate, Retries
from tests.browser.house import House
from tests.clients.test_calls import sample, unknown
from tests.house.source import ROOT

PAGE = (ROOT / "docs/reference/test-mode.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tester(house: House, test_key: str) -> Iterator[Lexgate]:
    with Lexgate(house.address, test_key, timeout=60, retries=Retries(tries=2, first=0, budget=60)) as made:
        yield made


def payment(name: str) -> Any:
    return {**sample("eu-low-value"), "reference": f"{name}-1"}


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_name_has_its_outcome(tester: Lexgate, name: str) -> None:
    decision = tester.preflight(payment(name))
    assert (decision.outcome, decision.livemode) == (SCENES[name].outcome, False)
    assert decision.may_proceed is (name == "test_allow")
    assert decision.needs_challenge is (name == "test_challenge")
    assert unknown(decision) == []
    assert tester.decisions.replay(decision.id).identical
    assert tester.captured(decision.id).kind == "captured"


def test_what_to_collect_is_said(tester: Lexgate) -> None:
    assert [one.field for one in tester.preflight(payment("test_collect")).to_collect] == ["payer.date_of_birth"]


@pytest.mark.parametrize(
    ("name", "error"), [("test_rate_limited", lexgate.RateLimited), ("test_unavailable", lexgate.Unavailable)]
)
def test_a_refusal_is_met(house: House, test_key: str, name: str, error: type[lexgate.Refused]) -> None:
    with Lexgate(house.address, test_key, retries=lexgate.NEVER) as impatient, pytest.raises(error) as caught:
        impatient.preflight(payment(name))
    assert caught.value.retry_after == 1.0


def test_it_is_asked_again(tester: Lexgate, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("lexgate_client._sync.transport.sleep", pauses.append)
    with pytest.raises(lexgate.Unavailable) as caught:
        tester.preflight(payment("test_unavailable"))
    assert (pauses, caught.value.meta.tries) == ([1.0], 2)


def test_decisions_are_searched_apart(client: Lexgate, tester: Lexgate) -> None:
    mine = tester.preflight({**payment("test_allow"), "reference": "apart-1"})
    theirs = client.preflight({**payment("x"), "reference": "apart-1"})
    assert [one.id for one in tester.decisions.search(reference="apart-1")] == [mine.id]
    assert [one.id for one in client.decisions.search(reference="apart-1")] == [theirs.id]
    with pytest.raises(lexgate.NotFound):
        client.decisions.get(mine.id)


def test_a_live_key_chooses_nothing(client: Lexgate) -> None:
    with pytest.raises(lexgate.BodyRefused) as caught:
        client.preflight(payment("test_allow"))
    assert [(one.pointer, one.code) for one in caught.value.errors] == [("/reference", "test_name")]


def test_the_page_names_every_scene() -> None:
    for name, scene in SCENES.items():
        assert f"| `{name}` | `{scene.outcome}` |" in PAGE
    for name, problem in REFUSALS.items():
        assert f"| `{name}` | {problem.status} `{problem.kind}` |" in PAGE
