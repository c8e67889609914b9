"""Asked again where that is safe, under the same key, within its time; and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexgate_client import NEVER, AnswerLost, Busy, Conflict, Invalid, NotReached, Retries, StillRunning, Unavailable
from lexgate_client._retries import told_to_wait
from tests.clients.sending import EAGER, PAYMENT, Talk, both, decided, refused

AGAIN = [refused(429, "too_many"), refused(502), refused(503, "busy"), refused(504), httpx.ConnectError("refused")]
NOT_AGAIN = [
    refused(400), refused(401, "unauthenticated"), refused(403, "forbidden"), refused(404, "not_found"),
    refused(409, "still_running", {"retry-after": "1"}), refused(422, "body_refused"), refused(500, "internal_error"),
    httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("closed"),
]  # fmt: skip


def preflight(client: Any) -> Any:
    return client.preflight(PAYMENT)


@both
@pytest.mark.parametrize("word", AGAIN, ids=["429", "502", "503", "504", "connection"])
def test_the_same_key_and_bytes_go_again(talk: Talk, word: Any) -> None:
    found, script = talk(preflight, word, word, decided())
    assert (found.may_proceed, found.meta.tries) == (True, 3)
    assert len(set(script.keys)) == 1
    assert script.keys[0].startswith("ik_")
    assert len({one.content for one in script.sent}) == 1
    assert found.meta.idempotency_key == script.keys[0]


@both
@pytest.mark.parametrize("word", NOT_AGAIN, ids=str)
def test_nothing_else_is_asked_again(talk: Talk, word: Any) -> None:
    found, script = talk(preflight, word)
    assert isinstance(found, Exception)
    assert len(script.sent) == 1


@both
def test_the_last_refusal_is_raised_when_tries_are_over(talk: Talk) -> None:
    found, script = talk(preflight, *[refused(503, "busy")] * 4)
    assert isinstance(found, Busy)
    assert (len(script.sent), found.meta.tries) == (4, 4)


@both
def test_every_write_has_a_key_of_its_own(talk: Talk) -> None:
    _, first = talk(preflight, decided())
    _, second = talk(preflight, decided())
    assert first.keys != second.keys


@both
def test_a_key_that_is_given_is_kept(talk: Talk) -> None:
    found, script = talk(
        lambda client: client.preflight(PAYMENT, idempotency_key="ord-1"), refused(503, "busy"), httpx.ReadTimeout("")
    )
    assert isinstance(found, AnswerLost)
    assert (script.keys, found.idempotency_key) == (["ord-1", "ord-1"], "ord-1")


@both
def test_what_only_reads_has_no_key(talk: Talk) -> None:
    found, script = talk(lambda client: client.decisions.get("dec_1"), refused(503, "busy"), decided())
    assert found.may_proceed
    assert script.keys == [None, None]


@both
def test_retry_after_is_kept(talk: Talk) -> None:
    _, script = talk(preflight, refused(429, "too_many", {"retry-after": "3"}), decided())
    assert script.pauses == [3.0]


@both
def test_a_pause_that_does_not_fit_is_not_begun(talk: Talk) -> None:
    word = refused(503, "unavailable", {"retry-after": "60"})
    found, script = talk(preflight, word, decided(), retries=Retries(budget=10))
    assert isinstance(found, Unavailable)
    assert (found.retry_after, script.pauses, len(script.sent)) == (60.0, [], 1)


@both
def test_no_try_begins_after_the_budget(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(0, 1000, 4))  # every look at the clock is four seconds later
    monkeypatch.setattr("time.monotonic", lambda: float(next(now)))
    found, script = talk(preflight, *[refused(503, "busy")] * 9, retries=Retries(tries=9, first=0, budget=20))
    assert isinstance(found, Busy)
    assert len(script.sent) == 3


@both
def test_no_try_waits_longer_than_the_budget_lasts(talk: Talk) -> None:
    _, script = talk(preflight, decided(), timeout=30, retries=Retries(budget=2))
    assert max(script.sent[0].extensions["timeout"].values()) <= 2


@both
def test_never_is_once(talk: Talk) -> None:
    found, script = talk(preflight, httpx.ConnectError(""), decided(), retries=NEVER)
    assert isinstance(found, NotReached)
    assert len(script.sent) == 1


@both
def test_conflicts_and_faults_are_told(talk: Talk) -> None:
    running, _ = talk(preflight, refused(409, "still_running", {"retry-after": "1"}))
    other, _ = talk(preflight, refused(409, "a_kind_of_tomorrow"))
    fault = {"pointer": "/amount", "code": "float_refused", "message": "No"}
    bad, _ = talk(preflight, refused(422, "body_refused", errors=[fault], request_id="req_9"))
    assert (type(running), running.retry_after) == (StillRunning, 1.0)
    assert (type(other), other.kind) == (Conflict, "a_kind_of_tomorrow")
    assert isinstance(bad, Invalid)
    assert (bad.errors[0].pointer, bad.errors[0].code, bad.request_id) == ("/amount", "float_refused", "req_9")
    assert str(bad) == "No: Because."


@given(st.integers(1, 40), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, 100))
def test_a_pause_lies_between_what_is_asked_and_the_ceiling(tried: int, drawn: float, asked: float | None) -> None:
    pause = Retries(first=0.2, longest=5, chance=lambda: drawn).pause(tried, asked)
    assert (asked or 0) <= pause <= (asked or 0) + min(5.0, 0.2 * 2 ** (tried - 1))


def test_retry_after_is_seconds_or_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert told_to_wait({}) is None
    assert told_to_wait({"retry-after": "7"}) == 7.0
    assert 80 < (told_to_wait({"retry-after": later}) or 0) <= 90
    assert told_to_wait({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert told_to_wait({"retry-after": "soon"}) is None
    assert told_to_wait({"retry-after": "²"}) is None


def test_retries_that_never_try_are_refused() -> None:
    with pytest.raises(ValueError, match="one try"):
        Retries(tries=0)
    assert EAGER.pause(5, None) == 0.0
