"""Ten thousand decisions asked again after the shipped packs were upgraded: every answer is the same, byte for byte."""

from __future__ import annotations

import json
import os
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from api.bulk_replay import Wanted, replay_all
from api.cli import app
from api.deciding import Asked, facts_in, judge
from api.service import Service
from api.settings import Settings
from engine.ledger import Ledger
from engine.packs import PackSet
from tests.api.conftest import _rates, sample
from tests.api.test_living_law import LIMITS, raised
from tests.ledger.factories import entry, store

NIGHT = bool(os.environ.get("LEXGATE_NIGHTLY"))
DECISIONS = 10_000 if NIGHT else 300
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
SAMPLES = ["eu-low-value", "gb-remote", "in-e-mandate", "us-domestic", "eu-risk-analysis", "br-pix"]


def upgraded(law: PackSet) -> PackSet:
    """The next version of the shipped packs: the limit of a low-value payment is another one from the first day on."""
    files = dict(law.files)
    files["EEA/pack.yaml"] = raised(files["EEA/pack.yaml"])
    assert 'value: "30"' in files[LIMITS]
    files[LIMITS] = files[LIMITS].replace('{from: "2019-09-14", value: "30"}', '{from: "2019-09-14", value: "20"}')
    return PackSet.of(files, near=law)


def payment(dice: Random, base: dict[str, Any]) -> bytes:
    """A payment like a sample, of another amount."""
    body = deepcopy(base)
    if "lines" not in body:
        body["amount"] = f"{dice.randint(1, 60)}.00"
    return orjson.dumps(body)


@pytest.fixture(scope="module")
def kept(law: PackSet, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PackSet]:
    """A ledger with decisions by the shipped law, and the upgrade that is in force since."""
    path = tmp_path_factory.mktemp("replay") / "lexgate.db"
    dice, samples = Random(5), [sample(name) for name in SAMPLES]
    with Ledger.open(f"sqlite:///{path}") as ledger:
        service = Service.around(Settings(database=f"sqlite:///{path}"), law, _rates(), ledger)
        ledger.remember_release(law.release, NOW - timedelta(days=30))
        for number in range(DECISIONS):
            service.clock = lambda number=number: NOW + timedelta(seconds=number)
            body = payment(dice, samples[number % len(samples)])
            ledger.writer.submit(judge(service, facts_in(body), Asked("key_1", body, None)), lambda _: None)
            if number % 1000 == 999:
                ledger.writer.run(lambda _: None)
        service.law.scenarios.close()
        after = upgraded(law)
        ledger.remember_release(after.release, NOW + timedelta(days=1))
    return path, after


def by_digest(ledger: Ledger, *known: PackSet) -> Any:
    packs = {one.release.digest: one for one in known}
    return packs.get


def test_after_an_upgrade_every_answer_is_the_same_byte_for_byte(kept: tuple[Path, PackSet], law: PackSet) -> None:
    path, after = kept
    seen: list[tuple[int, int]] = []
    with Ledger.open(f"sqlite:///{path}") as ledger:
        holds = ledger.activations.now(NOW + timedelta(days=2))
        assert holds is not None
        assert holds.release == after.release.digest, "another law is in force now"
        packs_of = by_digest(ledger, law, after)
        found = replay_all(ledger, packs_of, Wanted(), lambda done, total: seen.append((done, total)))
    assert found.body(Wanted())["not_replayed"] == []
    assert found.examples == []
    assert (found.identical, found.same) == (DECISIONS, True)
    assert seen[-1] == (DECISIONS, DECISIONS)
    assert all(total == DECISIONS for _, total in seen)


def test_under_the_law_of_today_what_differs_is_counted_and_shown(kept: tuple[Path, PackSet], law: PackSet) -> None:
    path, after = kept
    until = NOW + timedelta(seconds=100)
    with Ledger.open(f"sqlite:///{path}") as ledger:
        wanted = Wanted(since=NOW, until=until, release=after.release.digest)
        found = replay_all(ledger, by_digest(ledger, law, after), wanted, lambda *_: None)
    told = found.body(wanted)
    assert told["decisions"] == 100
    assert told["identical"] + told["different"] == 100
    assert told["different"] > 0
    assert sum(one["decisions"] for one in told["outcomes"]) == told["different"]
    assert told["examples"][0]["differences"]
    assert len(told["examples"]) <= 20


def test_what_cannot_be_replayed_is_counted_too(sqlite_ledger: str, law: PackSet) -> None:
    with Ledger.open(sqlite_ledger) as ledger:
        store(ledger, entry(release="sha256:" + "0" * 64), entry(release=law.release.digest))
        found = replay_all(ledger, by_digest(ledger, law), Wanted(), lambda *_: None)
    told = found.body(Wanted())
    assert (told["decisions"], told["identical"], found.same) == (2, 0, False)
    assert {one["why"] for one in told["not_replayed"]} >= {"its release is not kept here"}
    assert len(told["not_replayed"]) == 2


@pytest.fixture
def sqlite_ledger(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.db'}"


def run(path: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Any:
    monkeypatch.setenv("LEXGATE_DATABASE", f"sqlite:///{path}")
    return CliRunner().invoke(app, ["decisions", "replay", *words])


def test_the_command_says_how_many_are_the_same(
    kept: tuple[Path, PackSet], law: PackSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, after = kept
    packs = {law.release.digest: law, after.release.digest: after}
    monkeypatch.setattr("api.commands.bulk.releases", lambda _: packs.get)
    stretch = ["--from", NOW.isoformat(), "--to", (NOW + timedelta(seconds=20)).isoformat()]
    same = run(path, monkeypatch, *stretch, "--json")
    told = json.loads(same.stdout)
    assert (same.exit_code, told["decisions"], told["identical"], told["from"]) == (0, 20, 20, NOW.isoformat())
    other = run(path, monkeypatch, *stretch, "--release", after.release.digest, "--date", "2026-11-27")
    assert other.exit_code == 1
    assert "differ" in other.stdout
    days = run(path, monkeypatch, "--from", "2026-11-25", "--to", "2026-11-26")
    assert (days.exit_code, days.stdout.startswith("0 decisions")) == (0, True)


@pytest.mark.parametrize(
    "words",
    [
        [], ["--all", "--from", "2026-01-01"], ["--from", "soon"], ["--all", "--date", "soon"], ["--all", "--release", "x"],
        ["--all", "--release", "0" * 64],
    ],
)  # fmt: skip
def test_a_call_that_means_nothing_ends_with_two(
    words: list[str], tmp_path: Path, law: PackSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.commands.ledger.law", lambda: law)
    assert run(tmp_path / "ledger.db", monkeypatch, *words).exit_code == 2
