"""Messages as the service signs them are genuine, and nothing else is."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.messages import headers_of
from lexgate_client import WebhookRefused, Webhooks

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
OLD, NEW, OTHER = (bytes([one]) * 32 for one in (1, 2, 3))
BODY = orjson.dumps({"type": "alert.screening", "timestamp": "2026-11-27T08:59:00+00:00", "data": {"case": "case_1"}})


def secret(key: bytes) -> str:
    return "whsec_" + base64.b64encode(key).decode()


def signed(*keys: bytes, at: datetime = NOW, body: bytes = BODY, name: str = "dl_1") -> dict[str, str]:
    """As `api.delivering` sends it."""
    return headers_of(name, at, body, keys)


def receiver(*keys: bytes, **chosen: Any) -> Webhooks:
    return Webhooks([secret(key) for key in keys], now=NOW.timestamp, **chosen)


def test_a_message_is_read() -> None:
    event = receiver(NEW).verify(signed(NEW), BODY)
    assert (event.id, event.type, event.data["case"]) == ("dl_1", "alert.screening", "case_1")
    assert event.timestamp == datetime(2026, 11, 27, 8, 59, tzinfo=UTC)


def test_names_of_headers_have_no_capitals_or_have() -> None:
    headers = {name.title(): value for name, value in signed(NEW).items()}
    assert receiver(NEW).verify(headers, BODY).id == "dl_1"


@pytest.mark.parametrize(("sender", "known"), [((NEW, OLD), (OLD,)), ((OLD,), (NEW, OLD)), ((NEW, OLD), (NEW, OLD))])
def test_a_secret_is_changed_without_a_message_lost(sender: tuple[bytes, ...], known: tuple[bytes, ...]) -> None:
    assert receiver(*known).verify(signed(*sender), BODY).id == "dl_1"


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "dl_2"}, {"webhook-timestamp": str(int(NOW.timestamp()) + 1)}, {"webhook-signature": ""},
        {"webhook-signature": "v1,"}, {"webhook-signature": "v1"}, {"webhook-timestamp": ""}, {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "9" * 400}, {"webhook-timestamp": "१"}, {"webhook-signature": "v1,ü"},
    ],
)  # fmt: skip
def test_a_header_that_was_changed_is_seen(changed: dict[str, str]) -> None:
    with pytest.raises(WebhookRefused):
        receiver(NEW).verify({**signed(NEW), **changed}, BODY)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_header_that_is_gone_is_seen(name: str) -> None:
    headers = {one: value for one, value in signed(NEW).items() if one != name}
    with pytest.raises(WebhookRefused, match=name):
        receiver(NEW).verify(headers, BODY)


def test_a_secret_of_nobody_signs_nothing() -> None:
    with pytest.raises(WebhookRefused, match="secret"):
        receiver(NEW, OLD).verify(signed(OTHER), BODY)


def test_another_version_of_signatures_does_not_count() -> None:
    headers = signed(NEW)
    with pytest.raises(WebhookRefused):
        receiver(NEW).verify({**headers, "webhook-signature": headers["webhook-signature"].replace("v1,", "v2,")}, BODY)


@pytest.mark.parametrize(("late", "good"), [(299, True), (301, False), (-299, True), (-301, False)])
def test_what_is_too_old_or_too_far_ahead_is_refused(late: int, good: bool) -> None:
    headers = signed(NEW, at=NOW - timedelta(seconds=late))
    if good:
        assert receiver(NEW).verify(headers, BODY).id == "dl_1"
    else:
        with pytest.raises(WebhookRefused, match="Too old"):
            receiver(NEW).verify(headers, BODY)


def test_how_old_may_be_chosen() -> None:
    headers = signed(NEW, at=NOW - timedelta(minutes=9))
    assert receiver(NEW, tolerance=timedelta(minutes=10)).verify(headers, BODY).id == "dl_1"


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_no_byte_of_the_body_can_be_changed(at: int, by: int) -> None:
    other = bytes([*BODY[:at], BODY[at] ^ by, *BODY[at + 1 :]])
    with pytest.raises(WebhookRefused):
        receiver(NEW).verify(signed(NEW), other)


def test_what_is_signed_and_no_message_is_refused() -> None:
    with pytest.raises(WebhookRefused, match="not a message"):
        receiver(NEW).verify(signed(NEW, body=b"[]"), b"[]")


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_$$$", "bmV3"])
def test_what_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"secret|begins"):
        Webhooks(text)
    with pytest.raises(ValueError, match="At least one"):
        Webhooks([])


def test_secrets_are_not_shown() -> None:
    assert repr(receiver(NEW, OLD)) == "Webhooks(2 secrets)"
