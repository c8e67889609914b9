"""Alerts delivered by webhook and by mail: signed, tried again, given up and told, and never twice under two ids."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from api.delivering import Deliverer, Parts, wait_after
from api.delivery_metrics import DeliveryNumbers
from api.destinations import Filter, MailTo, To, WebhookTo, secret_written
from api.posting import Poster, targets_for
from api.service import Service
from engine.alerts import Alert, AlertKind
from engine.ledger import AlertsWanted, Delivery, DeliveryState, Ledger, LedgerUnavailable
from ingest.fetch import Targets
from tests.api.sinks import Hook, hook
from tests.empty import empty_ledger
from tests.ledger.alerting import alert, tell

START = datetime(2026, 11, 27, 9, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32


class House:
    """A ledger, a clock, and deliverers of its alerts."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.now, self.seconds = ledger, START, 5.0

    def deliverer(self, *to: To, private: bool = True, targets: Targets | None = None) -> Deliverer:
        allowed = targets_for(to, private, targets or Targets())
        poster = Poster(allowed, "https://lexgate.example/", self.seconds)
        made = Deliverer(Parts(self.ledger, to, poster, lambda: self.now, lambda: "sha256:" + "cd" * 32, lambda: 0.5))
        made.know()
        return made

    def run(self, work: Callable[[Hook], Awaitable[Any]]) -> Any:
        """Some work beside a receiver."""

        async def beside() -> Any:
            async with hook() as there:
                return await work(there)

        return asyncio.run(beside())

    @property
    def deliveries(self) -> list[Delivery]:
        return list(self.ledger.deliveries.page(limit=99).data)

    def incidents(self) -> list[Alert]:
        found = self.ledger.alerts.page(AlertsWanted(subject_kind="service"), limit=99, after=None).data
        return [one.alert for one in found]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Ledger.open(empty_ledger(tmp_path / "lexgate.db")) as ledger:
        yield House(ledger)
        assert ledger.verify().ok


def to(
    there: Hook, path: str = "/in", name: str = "siem", secrets: tuple[bytes, ...] = (NEW,), **more: Any
) -> WebhookTo:
    return WebhookTo(name, there.url + path, secrets, **more)


def test_an_alert_is_posted_once_signed_by_every_secret_that_is_live(house: House) -> None:
    async def work(there: Hook) -> Hook:
        deliverer = house.deliverer(to(there, secrets=(OLD, NEW)))
        tell(house.ledger, alert(subject="c-1"))
        assert (await deliverer.once(), await deliverer.once()) == (1, 0)
        return there

    (posted,) = house.run(work).posted
    (delivery,) = house.deliveries
    assert (delivery.state, posted.headers["webhook-id"]) == (DeliveryState.DELIVERED, delivery.id)
    assert posted.headers["webhook-timestamp"] == str(int(START.timestamp()))
    signed = f"{delivery.id}.{int(START.timestamp())}.".encode() + posted.body
    wanted = [base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode() for secret in (OLD, NEW)]
    assert posted.headers["webhook-signature"] == f"v1,{wanted[0]} v1,{wanted[1]}"
    assert (posted.data["id"], posted.data["subject"]) == (delivery.alert, "c-1")
    assert posted.data["link"] == f"https://lexgate.example/v1/cases/{posted.data['case']}"
    assert set(posted.data) == {
        "id", "kind", "rule", "pack", "version", "subject_kind", "subject", "severity", "summary", "evidence", "truncated",
        "occurred_at", "case", "link",
    }, "nothing that the alert does not hold"  # fmt: skip


def test_what_fails_is_tried_again_under_the_same_id_until_it_is_taken(house: House) -> None:
    async def work(there: Hook) -> Hook:
        there.status = lambda _posted: 200 if len(there.posted) > 4 else 500
        deliverer = house.deliverer(to(there))
        tell(house.ledger, alert())
        for _ in range(9):
            await deliverer.once()
            house.now = house.deliveries[0].next_at
        return there

    posted = house.run(work).posted
    assert len(posted) == 5
    assert len({one.headers["webhook-id"] for one in posted}) == 1
    assert len({one.headers["webhook-timestamp"] for one in posted}) == 5
    assert len({one.headers["webhook-signature"] for one in posted}) == 5
    assert [one.outcome for one in house.ledger.deliveries.attempts(house.deliveries[0].id)] == ["failed"] * 4 + [
        "delivered"
    ]


def test_nothing_is_tried_before_its_time(house: House) -> None:
    async def work(there: Hook) -> Hook:
        there.status = lambda _posted: 503
        deliverer = house.deliverer(to(there))
        tell(house.ledger, alert())
        await deliverer.once()
        house.now += timedelta(seconds=4)
        await deliverer.once()
        assert len(there.posted) == 1
        house.now += timedelta(seconds=1)
        await deliverer.once()
        return there

    assert len(house.run(work).posted) == 2


def test_who_asks_to_be_left_alone_for_a_while_is(house: House) -> None:
    async def work(there: Hook) -> None:
        there.status, there.more = lambda _posted: 429, "retry-after: 3600\r\n"
        deliverer = house.deliverer(to(there))
        tell(house.ledger, alert())
        await deliverer.once()

    house.run(work)
    assert house.deliveries[0].next_at == START + timedelta(hours=1)


def test_twelve_tries_reach_over_three_days() -> None:
    waits = [wait_after(tries, 0.5) for tries in range(1, 12)]
    assert waits[0] == timedelta(seconds=5)
    assert waits == sorted(waits)
    assert timedelta(days=2.5) < sum(waits, timedelta()) < timedelta(days=3.5)
    assert wait_after(3, 0) < waits[2] < wait_after(3, 1)


def test_what_is_not_taken_in_twelve_tries_is_given_up_told_once_and_sent_again_by_a_person(house: House) -> None:
    async def work(there: Hook) -> None:
        there.status = lambda posted: 500 if posted.path == "/in" else 204
        deliverer = house.deliverer(to(there), to(there, "/other", "other"))
        tell(house.ledger, alert(subject="c-1"), alert(subject="c-2"))
        for _ in range(12):
            await deliverer.once()
            house.now += timedelta(days=2)
        await deliverer.once()
        (incident,) = house.incidents()
        assert (incident.rule, incident.subject, incident.severity) == (
            "incident.delivery.dead",
            "destination siem",
            "high",
        )
        assert "12 tries" in incident.summary
        assert "HTTP 500" in incident.summary
        told = [one.data["rule"] for one in there.posted if one.path == "/other"]
        assert told.count("incident.delivery.dead") == 1
        assert all(one.data["rule"] != "incident.delivery.dead" for one in there.posted if one.path == "/in")
        dead = house.ledger.deliveries.page(state=DeliveryState.DEAD, limit=9).data
        assert [(one.destination, one.tries) for one in dead] == [("siem", 12)] * 2
        there.status = lambda _posted: 204
        house.ledger.deliveries.replay(dead[0].id, house.now, "console")
        await deliverer.once()
        assert there.posted[-1].headers["webhook-id"] == dead[0].id

    house.run(work)
    assert sorted(one.state for one in house.deliveries if one.destination == "siem") == ["dead", "delivered"]


def test_a_destination_that_is_gone_is_switched_off_and_the_others_are_told(house: House) -> None:
    async def work(there: Hook) -> None:
        deliverer = house.deliverer(to(there, "/410"), to(there, "/other", "other"))
        tell(house.ledger, alert(subject="c-1"))
        await deliverer.once()
        tell(house.ledger, alert(subject="c-2"))
        for _ in range(3):
            house.now += timedelta(days=1)
            await deliverer.once()
        assert len([one for one in there.posted if one.path == "/410"]) == 1
        assert [one.data["rule"] for one in there.posted].count("incident.delivery.off") == 1

    house.run(work)
    assert [one.rule for one in house.incidents()] == ["incident.delivery.off"]
    off = {one.destination.name: one.off_at for one in house.ledger.deliveries.destinations()}
    assert (off["siem"], off["other"]) == (START, None)
    assert sorted(one.state for one in house.deliveries if one.destination == "siem") == ["dead", "waiting"], (
        "nothing is lost"
    )


def test_who_dies_between_sending_and_keeping_sends_again_under_the_same_id(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_of: Any) -> Delivery:
        raise LedgerUnavailable("the disk is full")

    async def work(there: Hook) -> Hook:
        tell(house.ledger, alert(subject="before"))
        first = house.deliverer(to(there))
        tell(house.ledger, alert())
        with monkeypatch.context() as patch:
            patch.setattr(house.ledger.deliveries, "leave", broken)
            with pytest.raises(LedgerUnavailable):
                await first.once()
        second = house.deliverer(to(there))
        assert await second.once() == 0, "the first one may still be at it"
        house.now += timedelta(minutes=5)
        assert (await second.once(), await second.once()) == (1, 0)
        return there

    posted = house.run(work).posted
    assert [one.headers["webhook-id"] for one in posted] == [house.deliveries[0].id] * 2
    assert house.deliveries[0].state == DeliveryState.DELIVERED


def test_a_destination_that_hangs_delays_no_other(house: House) -> None:
    house.seconds = 0.5

    async def work(there: Hook) -> None:
        deliverer = house.deliverer(to(there, "/hang"), to(there, "/other", "other"))
        tell(house.ledger, alert())
        await deliverer.once()

    house.run(work)
    assert {one.destination: one.state for one in house.deliveries} == {"siem": "waiting", "other": "delivered"}
    hanging = next(one for one in house.deliveries if one.destination == "siem")
    assert house.ledger.deliveries.attempts(hanging.id)[0].detail == "no answer within 0.5 s"


def test_only_what_is_wanted_goes_there(house: House) -> None:
    async def work(there: Hook) -> Hook:
        wanted = Filter(("incident", "scenario.pass_through"), "medium")
        deliverer = house.deliverer(to(there, filter=wanted))
        tell(
            house.ledger, alert(subject="c-1"), alert("scenario.pass_through.fast", "c-2"),
            alert("scenario.pass_throughs", "c-3"),
            alert(subject="c-4", severity="low"), alert("scenario.other", "c-5"),
        )  # fmt: skip
        await deliverer.once()
        return there

    assert sorted(one.data["subject"] for one in house.run(work).posted) == ["c-1", "c-2"]


# -- where it may lead --------------------------------------------------------------------------------------------------------


def looked_up(*answers: list[str]) -> tuple[Targets, list[str]]:
    """Targets whose names are looked up here, each time with the next answer; and the names that were."""
    asked: list[str] = []

    async def look_up(host: str, _port: int) -> list[Any]:
        asked.append(host)
        return [ip_address(one) for one in answers[min(len(asked), len(answers)) - 1]]

    return Targets(look_up=look_up), asked


@pytest.mark.parametrize(
    "answer", [["127.0.0.1"], ["10.0.0.7"], ["169.254.169.254"], ["93.184.215.14", "10.0.0.7"], ["::ffff:10.0.0.7"]]
)
def test_no_webhook_leads_into_the_house(house: House, answer: list[str]) -> None:
    targets, _ = looked_up(answer)
    deliverer = house.deliverer(WebhookTo("siem", "https://hooks.example/in", (NEW,)), private=False, targets=targets)
    tell(house.ledger, alert())
    asyncio.run(deliverer.once())
    assert [one.detail for one in house.ledger.deliveries.attempts(house.deliveries[0].id)] == ["forbidden_target"]


def test_a_name_that_is_another_a_moment_later_gains_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[str] = []

    async def seen(_self: Any, request: httpx.Request) -> httpx.Response:
        went.append(request.url.host)
        return httpx.Response(500, request=request, stream=httpx.ByteStream(b""))

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", seen)
    targets, asked = looked_up(["93.184.215.14"], ["127.0.0.1"])
    deliverer = house.deliverer(WebhookTo("siem", "https://hooks.example/in", (NEW,)), private=False, targets=targets)
    tell(house.ledger, alert())
    for _ in range(2):
        asyncio.run(deliverer.once())
        house.now += timedelta(minutes=1)
    assert (went, asked) == (["93.184.215.14"], ["hooks.example"] * 2), (
        "looked up once an attempt, and gone to that very address"
    )
    details = [one.detail for one in house.ledger.deliveries.attempts(house.deliveries[0].id)]
    assert details == ["HTTP 500", "forbidden_target"]


def test_no_redirect_is_followed(house: House) -> None:
    async def work(there: Hook) -> Hook:
        deliverer = house.deliverer(to(there, "/away"))
        tell(house.ledger, alert())
        await deliverer.once()
        return there

    assert [one.path for one in house.run(work).posted] == ["/away"]
    assert house.deliveries[0].state == DeliveryState.WAITING


def test_a_receiver_that_is_not_there_is_tried_again(house: House) -> None:
    deliverer = house.deliverer(WebhookTo("siem", "http://127.0.0.1:1/", (NEW,)))
    tell(house.ledger, alert())
    asyncio.run(deliverer.once())
    assert house.ledger.deliveries.attempts(house.deliveries[0].id)[0].detail == "ConnectError"


# -- beside the service -------------------------------------------------------------------------------------------------------


def test_beside_the_service_it_delivers_until_it_is_stopped(house: House) -> None:
    async def work(there: Hook) -> None:
        deliverer = house.deliverer(to(there))
        tell(house.ledger, alert())
        deliverer.start()
        while not there.posted:
            await asyncio.sleep(0.05)
        await asyncio.to_thread(deliverer.stop)

    house.run(lambda there: asyncio.wait_for(work(there), 30))
    assert len(house.deliveries) == 1


def test_a_service_delivers_what_it_tells_of_itself(open_service: Callable[..., Service], tmp_path: Path) -> None:
    async def work(there: Hook) -> None:
        secret = secret_written(NEW)
        (tmp_path / "hooks.toml").write_text(
            f'[[webhook]]\nname = "siem"\nurl = "{there.url}/in"\nsecrets = ["{secret}"]\nkinds = ["incident"]\n'
        )
        service = open_service(webhooks=tmp_path / "hooks.toml", webhook_private=True)
        service.deliver()
        assert service.delivering is not None
        while not service.ledger.deliveries.destinations():
            await asyncio.sleep(0.05)
        tell(service.ledger, alert(subject="c-1"))
        service.tell(alert("incident.sequences.worker", "sequences", kind=AlertKind.INCIDENT, subject_kind="service"))
        while not service.ledger.deliveries.page(state=DeliveryState.DELIVERED, limit=1).data:
            await asyncio.sleep(0.05)
        await asyncio.to_thread(service.delivering.stop)
        assert [one.data["rule"] for one in there.posted] == ["incident.sequences.worker"]
        assert b'lexgate_alerts_delivered_total{destination="siem"} 1.0' in service.metrics.text()

    async def beside() -> None:
        async with hook() as there:
            await asyncio.wait_for(work(there), 60)

    asyncio.run(beside())


def test_a_service_without_destinations_delivers_nothing(open_service: Callable[..., Service]) -> None:
    service = open_service()
    service.deliver()
    assert service.delivering is None


def test_no_secret_is_kept_shown_or_logged(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines: list[str] = []

    class Log:
        def __getattr__(self, level: str) -> Callable[..., None]:
            return lambda event, **more: lines.append(repr((level, event, more)))

    monkeypatch.setattr("api.delivering._log", Log())
    secret, mail = (
        b"S3cretS3cretS3cretS3cret",
        MailTo("a@x.example", "b@x.example", "127.0.0.1", 1, "off", "u", "Passw0rd"),
    )

    async def work(there: Hook) -> None:
        there.status = lambda _posted: 500
        webhook = to(there, "/token-T0ken", secrets=(secret,))
        deliverer = house.deliverer(webhook, mail)
        tell(house.ledger, alert())
        await deliverer.once()
        lines.append(repr((webhook, mail, webhook.destination, mail.destination)))

    house.run(work)
    assert len(lines) == 3
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir()) + "".join(lines).encode()
    for word in (secret, base64.b64encode(secret), b"T0ken", b"Passw0rd"):
        assert word not in kept


def test_the_numbers_of_deliveries(house: House) -> None:
    async def work(there: Hook) -> None:
        there.status = lambda posted: 204 if posted.path == "/other" else 500
        deliverer = house.deliverer(to(there), to(there, "/other", "other"))
        tell(house.ledger, alert())
        await deliverer.once()

    house.run(work)
    registry = CollectorRegistry()
    registry.register(DeliveryNumbers(house.ledger, lambda: START + timedelta(seconds=90)))
    text = generate_latest(registry).decode()
    for line in (
        'lexgate_alerts_delivered_total{destination="other"} 1.0', 'lexgate_alerts_delivered_total{destination="siem"} 0.0',
        'lexgate_alert_attempts_failed_total{destination="siem"} 1.0', 'lexgate_alerts_waiting{destination="siem"} 1.0',
        'lexgate_alerts_oldest_seconds{destination="siem"} 90.0', 'lexgate_alerts_dead{destination="siem"} 0.0',
        'lexgate_destination_off{destination="siem"} 0.0',
    ):  # fmt: skip
        assert line in text
