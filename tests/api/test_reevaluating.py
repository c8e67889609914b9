"""Stored decisions asked again under today's law: what would be answered otherwise is counted and named, and what was counted
before is not counted again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import orjson
import pytest
from typer.testing import CliRunner

from api import backtest_worker, reevaluating, reevaluation_worker
from api.backtest_files import Wanted
from api.cli import app
from api.nightly import Nightly
from api.reevaluating import COUNTED, KNOWN_THEN, Reevaluation, differing_file, reevaluate
from api.reevaluations import NIGHTS, RELEASES, RUNS, Reevaluations, asked_in, done, ordered
from api.service import Service
from api.settings import PREFIX, Settings, SettingsRefused, read_settings
from engine.backtest import Stopped, Watch
from engine.decide import decide
from engine.ledger import DecisionEntry, Ledger
from engine.packs import PackSet
from engine.replay import RememberedHistory, facts_from
from tests.api.client import Client
from tests.backtest.past import halved, law, rates
from tests.ledger.factories import AT, entry, store

NOW = datetime(2026, 11, 27, 3, 40, tzinfo=UTC)


def decided(amount: str = "40.00", **changes: Any) -> DecisionEntry:
    """A decision as the service would have stored it: contactless, exempt, but not under half the limits."""
    request = {
        "occurred_at": "2026-10-01T10:00:00+02:00", "amount": amount, "currency": "EUR", "payer": {"id": "c-1"},
        "payment": {"instrument": "card", "channel": "contactless", "initiator": "payer", "issuer_country": "DE",
                    "acquirer_country": "DE"},
    }  # fmt: skip
    body = orjson.dumps(request)
    facts = facts_from(body)
    past = RememberedHistory({"history": {"count": 1, "amounts": [["5.00", "EUR"]]}})
    made = decide(facts, law(), past, rates=rates(), decision_id="dec_1", now=facts["occurred_at"], domains=("sca",))
    told = {
        "facts": body, "inputs": orjson.dumps(made.inputs), "answer": orjson.dumps(made.body),
        "release": law().release.digest,
    }  # fmt: skip
    return entry(**{**told, **changes})


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a ledger of its own, for this process and those it starts."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    found = f"sqlite:///{tmp_path / 'lexgate.db'}"
    monkeypatch.setenv("LEXGATE_DATABASE", found)
    return found


@pytest.fixture
def ledger(address: str) -> Iterator[Ledger]:
    """The ledger, which is cut after four numbers of its chain."""
    with Ledger.open(address) as found:
        yield found


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reevaluating, "SPAN", 4)


def counted(folder: Path, asked: Reevaluation) -> dict[str, int]:
    """The stretches that were counted, and when."""
    chunks = folder / COUNTED / asked.name / "chunks"
    return {path.name: path.stat().st_mtime_ns for path in sorted(chunks.iterdir())}


# -- what is told -------------------------------------------------------------------------------------------------------------


def test_under_the_law_they_were_made_by_nothing_differs(ledger: Ledger, tmp_path: Path) -> None:
    store(ledger, *(decided() for _ in range(6)))
    body = reevaluate(Reevaluation(law()), ledger, tmp_path)
    assert body["decisions"] == {"evaluated": 6, "differing": 0, "changed": 0, "left_out": 0}
    assert body["outcomes"] == [{"was": "allow", "now": "allow", "payments": 6}]
    assert body["known_then"] == list(KNOWN_THEN)


def test_under_other_law_those_that_differ_are_counted_and_named(ledger: Ledger, tmp_path: Path) -> None:
    """RTS Art. 11 with its limit at half: forty euro are not exempt any more, twenty still are."""
    entries = [decided(), decided("20.00"), decided(), *(decided("20.00") for _ in range(4)), decided()]
    store(ledger, *entries)
    asked = Reevaluation(halved())
    body = reevaluate(asked, ledger, tmp_path)
    assert body["decisions"] == {"evaluated": 8, "differing": 3, "changed": 3, "left_out": 0}
    assert {"was": "exempt", "now": "required", "payments": 3} in body["verdicts"]["sca"]
    assert body["money"][0]["stricter"] == {"payments": 3, "amount": "120.00"}
    assert body["release"]["digest"] == halved().release.digest
    files = [differing_file(tmp_path / COUNTED / asked.name, number) for number in range(2)]
    lines = [orjson.loads(line) for file in files for line in file.read_bytes().splitlines()]
    assert [line["id"] for line in lines] == [entries[at].id for at in (0, 2, 7)]
    assert lines[0]["release"] == law().release.digest
    assert lines[0]["changed"]["sca.verdict"] == {"was": "exempt", "now": "required"}
    assert body["examples"][0]["payments"][0]["payment"] == entries[0].id


def test_what_cannot_be_asked_again_is_left_out_by_name(ledger: Ledger, tmp_path: Path) -> None:
    unread, unknown = decided(facts=b'{"amount": "1"}'), decided(inputs=b"{}")
    store(ledger, decided(), unread, unknown)
    body = reevaluate(Reevaluation(law()), ledger, tmp_path)
    assert body["decisions"] == {"evaluated": 1, "differing": 0, "changed": 0, "left_out": 2}
    told = [(one["decision"], one["reason"], one["detail"]) for one in body["left_out_decisions"]]
    assert [one[:2] for one in told] == [(unread.id, "unreadable"), (unknown.id, "not_replayed")]
    assert told[1][2] == "KeyError"


def test_only_the_days_that_are_wanted(ledger: Ledger, tmp_path: Path) -> None:
    later = datetime(2026, 11, 24, tzinfo=UTC)
    store(ledger, decided(), decided(at=later))
    assert AT.date() < later.date()
    body = reevaluate(Reevaluation(law(), Wanted(date(2026, 11, 24), date(2026, 11, 24))), ledger, tmp_path)
    assert (body["decisions"]["evaluated"], body["from"], body["to"]) == (1, "2026-11-24", "2026-11-24")


def test_an_empty_ledger_has_nothing_to_ask(ledger: Ledger, tmp_path: Path) -> None:
    assert reevaluate(Reevaluation(law()), ledger, tmp_path)["decisions"]["evaluated"] == 0


# -- not twice ----------------------------------------------------------------------------------------------------------------


def test_what_was_counted_is_not_counted_again_and_what_came_since_is(ledger: Ledger, tmp_path: Path) -> None:
    asked = Reevaluation(halved())
    store(ledger, *(decided() for _ in range(6)))
    reevaluate(asked, ledger, tmp_path)
    before = counted(tmp_path, asked)
    store(ledger, *(decided() for _ in range(5)))
    body = reevaluate(asked, ledger, tmp_path)
    after = counted(tmp_path, asked)
    assert (body["decisions"]["evaluated"], body["decisions"]["differing"]) == (11, 11)
    assert list(before) == ["000000.json", "000001.json"]
    assert after["000000.json"] == before["000000.json"], "it was full"
    assert after["000001.json"] != before["000001.json"], "the ledger ended in it"
    whole = reevaluate(asked, ledger, tmp_path / "anew")
    assert {**body, "named_in": ""} == {**whole, "named_in": ""}


def test_stopped_it_goes_on_where_it_was(ledger: Ledger, tmp_path: Path) -> None:
    asked, seen = Reevaluation(halved()), list[int]()
    store(ledger, *(decided() for _ in range(10)))
    with pytest.raises(Stopped):
        reevaluate(asked, ledger, tmp_path, Watch(lambda chunks, _: seen.append(chunks), lambda: len(seen) == 1))
    before = counted(tmp_path, asked)
    assert reevaluate(asked, ledger, tmp_path)["decisions"]["evaluated"] == 10
    assert counted(tmp_path, asked)["000000.json"] == before["000000.json"]


def test_other_law_and_other_software_begin_anew(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(ledger, decided())
    names = [Reevaluation(law()).name, Reevaluation(halved()).name]
    monkeypatch.setattr(reevaluating, "software", lambda: "another")
    names.append(Reevaluation(law()).name)
    assert len(set(names)) == 3
    for packs in (law(), halved()):
        reevaluate(Reevaluation(packs), ledger, tmp_path)
    assert [path.name for path in (tmp_path / COUNTED).iterdir()] == [Reevaluation(halved()).name]


# -- runs ---------------------------------------------------------------------------------------------------------------------


def finished(runs: Reevaluations, run: str) -> str:
    """The state of a run once it has ended."""
    deadline = time.monotonic() + 300
    while (found := runs.one(run)) is not None and found.state == "running" and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found is not None
    assert found.state == "done", found
    return found.state


def test_a_run_in_a_process_of_its_own_is_found_by_all(ledger: Ledger, address: str) -> None:
    store(ledger, decided())
    runs = Reevaluations(Settings(database=address))
    assert runs.last_done() is None
    assert runs.page(10, None) == ([], None)
    runs.begin("ree_1", law(), NOW)
    runs.begin("ree_2", law(), NOW)
    assert runs.one("ree_2") is None, "one at a time"
    finished(runs, "ree_1")
    other = Reevaluations(Settings(database=address))
    found = other.last_done()
    assert found is not None
    assert (found["id"], found["began"], found["decisions"]["evaluated"]) == ("ree_1", NOW.isoformat(), 1)
    runs.close()


def test_a_run_that_was_left_is_told_as_stopped(tmp_path: Path, address: str) -> None:
    runs = Reevaluations(Settings(database=address))
    ordered(runs.folder, "ree_1", Reevaluation(law()), NOW)
    found = runs.one("ree_1")
    assert found is not None
    assert (found.state, found.release, found.result) == ("stopped", law().release.digest, None)


def test_a_release_that_is_not_what_its_name_says_is_refused(tmp_path: Path) -> None:
    where = ordered(tmp_path, "ree_1", Reevaluation(law(), Wanted(date(2026, 1, 1))), NOW)
    assert asked_in(where).wanted == Wanted(date(2026, 1, 1))
    (release,) = (tmp_path / RELEASES).iterdir()
    release.write_bytes(b"{}")
    with pytest.raises(ValueError, match="is not what its name says"):
        asked_in(where)


def test_old_runs_and_old_law_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.reevaluations.KEPT", 2)
    for number, packs in enumerate((law(), law(), halved())):
        done(ordered(tmp_path, f"ree_{number}", Reevaluation(packs), NOW), {"decisions": {}}, NOW)
    assert sorted(path.name for path in (tmp_path / RUNS).iterdir()) == ["ree_1", "ree_2"]
    assert len(list((tmp_path / RELEASES).iterdir())) == 1


def test_the_worker_says_why_it_failed(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtest_worker.os, "nice", lambda _by: 0)
    monkeypatch.setattr(backtest_worker.signal, "signal", lambda _number, _handler: None)
    assert reevaluation_worker.main([str(tmp_path / RUNS / "ree_1")]) == 1
    assert orjson.loads(capsysbinary.readouterr().out)["state"] == "failed"


# -- each night ---------------------------------------------------------------------------------------------------------------


class Runs(Reevaluations):
    """Begins nothing, and remembers what it should have begun."""

    begun: ClassVar[list[tuple[str, datetime]]] = []

    def begin(self, run: str, packs: PackSet, began: datetime) -> None:
        """Remember it."""
        self.begun.append((run, began))


def nightly(folder: Path, at: str, now: datetime) -> tuple[Nightly, Runs]:
    """The clock of one process."""
    settings = Settings(reevaluations=folder, reevaluate_at=at)
    hour = settings.reevaluation_hour
    assert hour is not None
    runs = Runs(settings)
    runs.begun.clear()
    return Nightly(*hour, runs, law, lambda: "ree_1", lambda: now), runs


@pytest.mark.parametrize(
    ("at", "now", "due"),
    [
        ("03:30", datetime(2026, 11, 27, 3, 29, 59, tzinfo=UTC), False),
        ("03:30", datetime(2026, 11, 27, 3, 30, tzinfo=UTC), True),
        ("03:30", datetime(2026, 11, 27, 4, 29, 59, tzinfo=UTC), True),
        ("03:30", datetime(2026, 11, 27, 4, 30, tzinfo=UTC), False),
        ("03:30 Europe/Berlin", datetime(2026, 11, 27, 2, 30, tzinfo=UTC), True),
        ("03:30 Europe/Berlin", datetime(2026, 7, 27, 1, 30, tzinfo=UTC), True),
        ("03:30 Europe/Berlin", datetime(2026, 7, 27, 2, 30, tzinfo=UTC), False),
        # The hour that is left out when clocks are put forward.
        ("02:30 Europe/Berlin", datetime(2026, 3, 29, 1, 30, tzinfo=UTC), True),
    ],
)
def test_it_begins_within_an_hour_of_the_local_time(tmp_path: Path, at: str, now: datetime, due: bool) -> None:
    clock, runs = nightly(tmp_path, at, now)
    assert clock.look() is due
    assert runs.begun == ([("ree_1", now)] if due else [])


def test_of_several_processes_one_begins_and_once_a_night(tmp_path: Path) -> None:
    found = [nightly(tmp_path, "03:30", NOW) for _ in range(3)]
    assert [clock.look() for clock, _ in found] == [True, False, False]
    assert found[0][0].look() is False
    next_night, _ = nightly(tmp_path, "03:30", NOW.replace(day=28))
    assert next_night.look() is True
    assert sorted(path.name for path in (tmp_path / NIGHTS).iterdir()) == ["2026-11-27", "2026-11-28"]


def test_a_folder_that_cannot_be_written_to_is_told_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    clock, _ = nightly(tmp_path / "file", "03:30", NOW)
    assert clock.look() is False


@pytest.mark.parametrize("said", ["3", "25:00", "03:30 Europe/Nowhere", "03:30 /etc/passwd", "noon"])
def test_an_hour_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("LEXGATE_REEVALUATE_AT", said)
    with pytest.raises(SettingsRefused, match=r"^LEXGATE_REEVALUATE_AT: "):
        read_settings()


def test_without_an_hour_nothing_is_begun() -> None:
    assert Settings().reevaluation_hour is None
    assert Settings(reevaluate_at="03:30").reevaluation_hour == (NOW.replace(minute=30).time(), ZoneInfo("UTC"))


# -- the command and the interface --------------------------------------------------------------------------------------------


def test_the_command_leaves_a_run_that_the_service_shows(
    ledger: Ledger, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.commands.reevaluate.law_in_force", lambda _ledger: halved())
    store(ledger, decided(), decided("20.00"))
    found = CliRunner().invoke(app, ["reevaluate"])
    assert found.exit_code == 0, found.stderr
    assert "2 decisions asked again" in found.stdout
    assert "1 would be answered otherwise, 1 of them with another outcome" in found.stdout
    body = orjson.loads(CliRunner().invoke(app, ["reevaluate", "--json"]).stdout)
    last = Reevaluations(Settings(database=address)).last_done()
    assert body == last


def test_days_that_are_none_are_refused(address: str) -> None:
    found = CliRunner().invoke(app, ["reevaluate", "--first", "yesterday"])
    assert (found.exit_code, "--first" in found.stderr) == (2, True)


@pytest.fixture(scope="module")
def service(open_service: Callable[..., Service], tmp_path_factory: pytest.TempPathFactory) -> Service:
    """A service with three re-evaluations: two that are done, the second of one day only, and one that was left."""
    service = open_service(reevaluations=tmp_path_factory.mktemp("runs"), reevaluate_at="03:30")
    for run, wanted in (("ree_1", Wanted()), ("ree_2", Wanted(date(2026, 11, 1)))):
        asked = Reevaluation(law(), wanted)
        where = ordered(service.reevaluations.folder, run, asked, NOW)
        done(where, reevaluate(asked, service.ledger, service.reevaluations.folder), NOW)
    ordered(service.reevaluations.folder, "ree_3", Reevaluation(law()), NOW)
    return service


@pytest.fixture(scope="module")
def client(service: Service, make_client: Callable[..., Client]) -> Client:
    return make_client(service)


def test_they_are_listed_the_newest_first(client: Client) -> None:
    page = client.get("/v1/reevaluations?limit=2").json()
    assert [(one["id"], one["state"]) for one in page["data"]] == [("ree_3", "stopped"), ("ree_2", "done")]
    rest = client.get(f"/v1/reevaluations?limit=2&after={page['next']}").json()
    assert ([one["id"] for one in rest["data"]], rest["next"]) == (["ree_1"], None)
    assert rest["data"][0]["decisions"] == {"evaluated": 0, "differing": 0, "changed": 0, "left_out": 0}


def test_one_is_shown_with_what_came_out(client: Client) -> None:
    found = client.get("/v1/reevaluations/ree_2").json()
    assert (found["result"]["from"], found["ended"]) == ("2026-11-01", "2026-11-27T03:40:00Z")
    assert client.get("/v1/reevaluations/ree_3").json()["result"] is None
    assert client.get("/v1/reevaluations/ree_9").status == 404
    assert client.get("/v1/reevaluations/other").status == 422


def test_the_last_one_over_everything_is_measured(client: Client) -> None:
    text = client.get("/metrics").body.decode()
    assert "lexgate_reevaluation_differing 0.0" in text
    (line,) = [one for one in text.splitlines() if one.startswith("lexgate_reevaluation_timestamp_seconds")]
    assert float(line.split()[1]) == NOW.timestamp()


def test_the_clock_runs_with_the_service(open_service: Callable[..., Service]) -> None:
    service = open_service(reevaluate_at="03:30")
    service.clock = lambda: NOW.replace(hour=12)
    service.reevaluate_nightly()
    assert service.nightly is not None
    service.nightly.stop()
    quiet = open_service()
    quiet.reevaluate_nightly()
    assert quiet.nightly is None
