"""What a client writes: decimals as strings, aware instants, no float, no id that leads elsewhere, no key that is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.wire import read_decimal, read_instant
from lexgate_client import Lexgate, part
from lexgate_client._wire import encode, parameters
from tests.clients.sending import KEY, URL, Talk, both, decided

EAST = timezone(timedelta(hours=5, minutes=30))


def test_values_have_one_form() -> None:
    told = {
        "amount": Decimal("1E+3"), "at": datetime(2026, 11, 22, 10, 15, tzinfo=EAST), "on": date(2026, 11, 22),
        "yes": True, "n": 3, "none": None, "many": ({"a": Decimal("0.10")},),
    }  # fmt: skip
    assert orjson.loads(encode(told)) == {
        "amount": "1000", "at": "2026-11-22T10:15:00+05:30", "on": "2026-11-22", "yes": True, "n": 3, "none": None,
        "many": [{"a": "0.10"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (1.0, TypeError), ([{"a": 0.1}], TypeError), (Decimal("NaN"), ValueError), (Decimal("-Infinity"), ValueError),
        (datetime(2026, 11, 22), ValueError), (b"bytes", TypeError), ({1, 2}, TypeError), (object(), TypeError),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_what_has_no_form_is_refused_before_it_is_sent(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        encode({"value": value})


@given(st.decimals(min_value=0, max_value=10**15, places=4))
def test_the_service_reads_the_decimal_that_was_written(amount: Decimal) -> None:
    assert read_decimal(orjson.loads(encode(amount))) == amount


@given(st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1), timezones=st.just(EAST) | st.just(UTC)))  # noqa: DTZ001
def test_the_service_reads_the_instant_that_was_written(at: datetime) -> None:
    assert read_instant(orjson.loads(encode(at))) == at


def test_a_query_leaves_out_what_is_not_asked() -> None:
    query: Any = {"a": None, "b": ["x", "y"], "c": True, "d": Decimal("1.50"), "e": date(2026, 1, 2)}
    assert parameters(query) == [("b", "x"), ("b", "y"), ("c", "true"), ("d", "1.50"), ("e", "2026-01-02")]


@both
def test_an_id_cannot_lead_elsewhere(talk: Talk) -> None:
    _, script = talk(lambda client: client.decisions.get("../keys?x=1#y"), decided())
    assert script.sent[0].url.raw_path == b"/v1/decisions/..%2Fkeys%3Fx%3D1%23y"
    for nothing in ("", ".", ".."):
        with pytest.raises(ValueError, match="id"):
            part(nothing)


@both
def test_what_goes_with_a_request(talk: Talk) -> None:
    _, script = talk(lambda client: client.preflight({"amount": "1"}, domains=["sca", "tax"], language="de"), decided())
    (sent,) = script.sent
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert (sent.headers["content-type"], sent.headers["accept-language"]) == ("application/json", "de")
    assert sent.headers["user-agent"].startswith("lexgate-client-python/")
    assert str(sent.url) == f"{URL}/v1/preflight?domains=sca%2Ctax"


@both
def test_a_path_leads_nowhere_else(talk: Talk) -> None:
    found, script = talk(lambda client: client.request("GET", "//elsewhere.test/x", dict))
    assert isinstance(found, ValueError)
    assert script.sent == []


@pytest.mark.parametrize(
    "url", ["http://lexgate.test", "ftp://lexgate.test", "lexgate.test", "https://", "http://10.0.0.7"]
)
def test_a_key_does_not_go_in_the_clear(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Lexgate(url, KEY)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000", "https://lexgate.test/x"]
)
def test_on_this_machine_it_may(url: str) -> None:
    Lexgate(url, KEY).close()


def test_elsewhere_somebody_has_to_say_so() -> None:
    Lexgate("http://10.0.0.7", KEY, allow_http=True).close()


@pytest.mark.parametrize("key", ["", "a b", "a\nb", "ü"])
def test_a_key_that_no_header_carries_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="API key"):
        Lexgate(URL, key)


def test_the_key_is_not_shown() -> None:
    with Lexgate(URL, KEY, http=httpx.Client()) as client:
        assert KEY not in repr(client._transport.options)
        client._transport._http.close()
