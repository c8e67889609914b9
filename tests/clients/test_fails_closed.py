"""Whatever goes wrong, no client of Python ever holds an allow that nobody gave."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from lexgate_client import AnswerLost, LexgateError, NotReached, RateLimited, Refused, Unavailable, UnexpectedAnswer
from tests.clients.answers import DECISION
from tests.clients.sending import PAYMENT, Talk, both, decided, refused

BROKEN: list[tuple[str, Any]] = [
    ("no connection", httpx.ConnectError("refused")),
    ("no connection in time", httpx.ConnectTimeout("slow")),
    ("no answer in time", httpx.ReadTimeout("slow")),
    ("half an answer", httpx.RemoteProtocolError("closed")),
    ("a broken line", httpx.ReadError("reset")),
    ("not written", httpx.WriteError("reset")),
    ("an empty answer", httpx.Response(200)),
    ("words", httpx.Response(200, text="allow")),
    ("another form", httpx.Response(200, json="allow")),
    ("true", httpx.Response(200, json=True)),
    ("a word alone", httpx.Response(200, json={"outcome": "allow"})),
    ("a list", httpx.Response(200, json=[DECISION])),
    ("half of one", httpx.Response(200, json={name: DECISION[name] for name in list(DECISION)[:5]})),
    ("an outcome that is no word", httpx.Response(200, json={**DECISION, "outcome": True})),
    ("an outcome that is nothing", httpx.Response(200, json={**DECISION, "outcome": None})),
    ("an instant without its offset", httpx.Response(200, json={**DECISION, "legal_time": "2026-11-22T09:15:00"})),
    ("nothing to say", httpx.Response(204)),
    ("elsewhere", httpx.Response(302, headers={"location": "https://elsewhere.test"})),
    ("a decision in a refusal", httpx.Response(500, json=DECISION)),
    ("a page of a proxy", refused(502)),
    ("a kind that nobody knows", refused(418, "teapot")),
    ("of test mode", decided(livemode=False)),
]


@both
@pytest.mark.parametrize("word", [word for _, word in BROKEN], ids=[name for name, _ in BROKEN])
def test_what_is_no_answer_is_an_error(talk: Talk, word: Any) -> None:
    found, _ = talk(lambda client: client.preflight(PAYMENT), *[word] * 4)
    assert isinstance(found, LexgateError)


@both
@pytest.mark.parametrize("word", [word for _, word in BROKEN], ids=[name for name, _ in BROKEN])
def test_nor_is_it_one_of_a_batch(talk: Talk, word: Any) -> None:
    found, _ = talk(lambda client: client.preflight_batch([PAYMENT, PAYMENT]), *[word] * 4)
    assert isinstance(found, LexgateError)


@both
@pytest.mark.parametrize(
    "outcome", ["challenge", "collect", "review", "block", "ALLOW", "allow ", "allowed", "", "permit"]
)
def test_only_one_word_lets_a_payment_proceed(talk: Talk, outcome: str) -> None:
    found, _ = talk(lambda client: client.preflight(PAYMENT), decided(outcome=outcome))
    assert found.may_proceed is False
    assert found.needs_challenge is (outcome == "challenge")


@both
def test_that_word_does(talk: Talk) -> None:
    found, _ = talk(lambda client: client.preflight(PAYMENT), decided(younger_field={"a": 1}))
    assert found.may_proceed is True
    assert found.model_extra == {"younger_field": {"a": 1}}
    assert (found.meta.request_id, found.meta.release, found.meta.tries) == ("req_1", "sha256:aa", 1)


@both
def test_a_decision_is_not_asked_for_its_truth(talk: Talk) -> None:
    found, _ = talk(lambda client: client.preflight(PAYMENT), decided(outcome="block"))
    with pytest.raises(TypeError, match="may_proceed"):
        bool(found)


@both
@pytest.mark.parametrize("lines", [1, 3])
def test_a_batch_that_comes_back_in_another_length_is_an_error(talk: Talk, lines: int) -> None:
    answer = httpx.Response(200, content=b"\n".join([decided().content] * lines) + b"\n")
    found, _ = talk(lambda client: client.preflight_batch([PAYMENT, PAYMENT]), answer)
    assert isinstance(found, UnexpectedAnswer)


@both
def test_a_bad_line_of_a_batch_does_not_proceed(talk: Talk) -> None:
    problem = refused(422, "body_refused", line=2).content
    answer = httpx.Response(200, content=decided().content + b"\n" + problem + b"\n")
    (good, bad), _ = talk(lambda client: client.preflight_batch([PAYMENT, PAYMENT]), answer)
    assert (good.may_proceed, bad.may_proceed) == (True, False)
    assert (bad.number, bad.problem.status, bad.decision) == (2, 422, None)


@both
def test_errors_are_told_apart(talk: Talk) -> None:
    def kind(word: Any) -> type:
        return type(talk(lambda client: client.preflight(PAYMENT), *[word] * 4)[0])

    assert kind(httpx.ConnectError("")) is NotReached
    assert kind(httpx.ReadTimeout("")) is AnswerLost
    assert kind(refused(429, "a_kind_of_tomorrow")) is RateLimited
    assert kind(refused(502)) is Unavailable
    assert kind(refused(418)) is Refused


@both
def test_a_test_key_takes_no_live_answer(talk: Talk) -> None:
    live, _ = talk(lambda client: client.preflight(PAYMENT), decided(), key="lx_test_0123456789ab_x")
    test, _ = talk(lambda client: client.preflight(PAYMENT), decided(livemode=False), key="lx_test_0123456789ab_x")
    assert isinstance(live, UnexpectedAnswer)
    assert test.may_proceed is True
