"""`lexgate alerts`: what is on its way, looked at and moved from the command line."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.destinations import secret_of, secret_written
from api.messages import signatures
from engine.ledger import AttemptOutcome, Ledger, Tried
from tests.api.sinks import Hook, hook
from tests.empty import empty_ledger
from tests.ledger.alerting import alert, occasion, tell

SECRET = secret_written(b"k" * 32)
Run = Callable[..., Result]


@pytest.fixture
def there() -> Iterator[Hook]:
    """A receiver, in a thread of its own: the command has an event loop too."""
    made: list[Hook] = []
    ready, done = threading.Event(), threading.Event()

    async def serve() -> None:
        async with hook() as found:
            made.append(found)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    yield made[0]
    done.set()
    thread.join()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return empty_ledger(tmp_path / "lexgate.db")


@pytest.fixture
def run(url: str, there: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `lexgate alerts` on a ledger of its own, with one webhook."""
    file = tmp_path / "webhooks.toml"
    file.write_text(f'[[webhook]]\nname = "siem"\nurl = "{there.url}/in"\nsecrets = ["{SECRET}"]\n')
    for name, value in (("DATABASE", url), ("WEBHOOKS", str(file)), ("WEBHOOK_PRIVATE", "true")):
        monkeypatch.setenv(f"LEXGATE_{name}", value)
    return lambda *words: CliRunner().invoke(app, ["alerts", *words])


def give_up(url: str, outcome: AttemptOutcome = AttemptOutcome.DEAD) -> str:
    """An alert that the destination did not take; the id of its delivery."""
    now = datetime.now(UTC)
    with Ledger.open(url) as ledger:
        tell(ledger, alert())
        ledger.deliveries.queue("siem", lambda _one: True, now)
        (sending,) = ledger.deliveries.take("siem", "dlv_1", now, timedelta(minutes=5), 9)
        ledger.deliveries.leave(sending.delivery, Tried(outcome, now, 500, 7, "HTTP 500"), occasion(now))
    return sending.delivery.id


def test_what_is_told_is_sent_without_a_service(run: Run, url: str, there: Hook) -> None:
    assert "0 attempts" in run("send").stdout
    with Ledger.open(url) as ledger:
        tell(ledger, *(alert(subject=f"c-{at}") for at in range(20)))
    assert "20 attempts" in run("send").stdout
    assert sorted(one.data["subject"] for one in there.posted) == sorted(f"c-{at}" for at in range(20))
    (told,) = orjson.loads(run("destinations", "--json").stdout)["destinations"]
    assert (told["name"], told["delivered"], told["waiting"], told["address"]) == ("siem", 20, 0, there.url)


def test_what_was_given_up_is_listed_looked_at_and_sent_again(run: Run, url: str, there: Hook) -> None:
    run("send")
    dead = give_up(url)
    (listed,) = orjson.loads(run("deliveries", "--state", "dead", "--json").stdout)["deliveries"]
    assert (listed["id"], listed["tries"]) == (dead, 1)
    assert orjson.loads(run("show", dead, "--json").stdout)["attempts"][0]["detail"] == "HTTP 500"
    assert "HTTP 500" in run("show", dead).stdout
    assert run("replay", dead).exit_code == 0
    assert run("replay", dead).exit_code == 2
    run("send")
    assert [one.headers["webhook-id"] for one in there.posted] == [dead]
    assert orjson.loads(run("deliveries", "--state", "delivered", "--json").stdout)["deliveries"][0]["id"] == dead
    assert dead in run("deliveries").stdout


def test_a_destination_that_is_gone_is_switched_on_by_hand(run: Run, url: str) -> None:
    run("send")
    give_up(url, AttemptOutcome.GONE)
    assert orjson.loads(run("destinations", "--json").stdout)["destinations"][0]["off_at"] is not None
    assert run("on", "siem").exit_code == 0
    assert run("on", "siem").exit_code == 2
    assert orjson.loads(run("destinations", "--json").stdout)["destinations"][0]["off_at"] is None


def test_an_address_is_tried_by_a_message_that_is_signed(run: Run, there: Hook) -> None:
    assert run("test", "siem").exit_code == 0
    shown = run("test", f"{there.url}/other")
    made = secret_of(next(word for word in shown.stdout.split() if word.startswith("whsec_")))
    for posted, secret in zip(there.posted, (b"k" * 32, made), strict=True):
        assert orjson.loads(posted.body)["type"] == "alert.test"
        headers = posted.headers
        signed = signatures(headers["webhook-id"], int(headers["webhook-timestamp"]), posted.body, (secret,))
        assert headers["webhook-signature"] == signed
    refused = run("test", f"{there.url}/410", "--secret", SECRET)
    assert (refused.exit_code, "not taken, HTTP 410" in refused.stdout) == (1, True)


@pytest.mark.parametrize(("words", "said"), [
    (("show", "dl_nothing"), "there is no delivery"), (("replay", "dl_nothing"), "there is no delivery"),
    (("on", "nobody"), "there is no destination nobody"), (("test", "nobody"), "no destination is called so"),
    (("test", "http://127.0.0.1/", "--secret", "whsec_x"), "--secret: it is not base64"),
])  # fmt: skip
def test_what_is_not_there_is_told(run: Run, words: tuple[str, ...], said: str) -> None:
    found = run(*words)
    assert found.exit_code == 2
    assert said in " ".join(found.stderr.split())


def test_without_leave_no_test_leads_into_the_house(run: Run, there: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXGATE_WEBHOOK_PRIVATE", "false")
    monkeypatch.delenv("LEXGATE_WEBHOOKS")
    assert "https and a host are wanted" in " ".join(run("test", there.url).stderr.split())
    found = run("test", "https://127.0.0.1/", "--secret", SECRET)
    assert (found.exit_code, "forbidden_target" in found.stderr) == (2, True)
    assert there.posted == []


def test_a_secret_is_made(run: Run) -> None:
    first, second = (run("secret").stdout.strip() for _ in range(2))
    assert (len(secret_of(first)), first == second) == (32, False)
