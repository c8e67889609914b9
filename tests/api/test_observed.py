"""The dashboard and the alert rules ask for numbers that the service tells; and each number is in the reference."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.record_metrics import newest_backup
from api.service import Service
from engine.ledger import LedgerUnavailable
from engine.signing import SigningKey
from tests.api.client import Client

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy/prometheus/lexgate-alerts.yml"
DASHBOARD = ROOT / "deploy/grafana/lexgate-dashboard.json"
REFERENCE = ROOT / "docs/reference/metrics.md"
_ASKED = re.compile(r"\b(?:lexgate|process)_[a-z0-9_]+|\bup\b")
_OF_FAMILY = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}
BY_PROMETHEUS = {"up"}
SOMETIMES = {"lexgate_monitor_graphs_timestamp_seconds"} | {
    f"lexgate_reevaluation_{name}" for name in ("decisions", "differing", "changed", "left_out", "timestamp_seconds")
}
"""Told once there is something to tell."""


@pytest.fixture(scope="module")
def told(service: Service) -> set[str]:
    """Every name that a service may tell."""
    text = service.metrics.text().decode()
    families = re.findall(r"^# TYPE (\S+) (\w+)$", text, re.MULTILINE)
    return {re.sub("_total$", "", name) + end for name, kind in families for end in _OF_FAMILY[kind]}


def rules() -> Iterator[dict[str, Any]]:
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        yield from group["rules"]


def queries() -> Iterator[tuple[str, str]]:
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]


@pytest.mark.parametrize("rule", list(rules()), ids=lambda rule: rule["alert"])
def test_an_alert_asks_for_what_is_told(rule: dict[str, Any], told: set[str]) -> None:
    asked = set(_ASKED.findall(rule["expr"])) - BY_PROMETHEUS
    assert asked <= told
    assert asked or "up{" in rule["expr"]
    assert rule["labels"]["severity"] in {"page", "warn", "info"}


@pytest.mark.parametrize(("title", "query"), list(queries()))
def test_a_panel_asks_for_what_is_told(title: str, query: str, told: set[str]) -> None:
    asked = set(_ASKED.findall(query)) - BY_PROMETHEUS
    assert asked <= told, title
    assert asked or "up{" in query


def test_a_name_that_nobody_tells_is_seen(told: set[str]) -> None:
    assert set(_ASKED.findall("rate(lexgate_decision_total[5m]) > 0")) - told == {"lexgate_decision_total"}


def test_the_dashboard_is_one() -> None:
    board = json.loads(DASHBOARD.read_text())
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    assert {panel["type"] for panel in board["panels"]} == {"row", "stat", "timeseries"}
    places = [(panel["gridPos"]["x"] + panel["gridPos"]["w"]) for panel in board["panels"]]
    assert max(places) <= 24


@pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool here: apt-get install prometheus")
def test_prometheus_takes_every_question_of_the_dashboard(tmp_path: Path) -> None:
    """As rules that record: that is how its own checker reads a question. Grafana puts the time in for its variables."""
    made = [
        {"record": f"panel:{number}", "expr": re.sub(r"\$__\w+", "5m", query)}
        for number, (_, query) in enumerate(queries())
    ]
    (tmp_path / "panels.yml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": made}]}))
    done = subprocess.run(
        ["promtool", "check", "rules", tmp_path / "panels.yml"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, f"{len(made)} rules found" in done.stdout) == (0, True), done.stdout + done.stderr


def test_every_number_and_every_alert_is_in_the_reference(told: set[str]) -> None:
    text = REFERENCE.read_text()
    said = set(re.findall(r"`((?:lexgate|process)_\w+)`", text))
    ours = {name for name in told if name.startswith("lexgate_") and not name.endswith("_created")}
    families = {re.sub("_(bucket|count|sum)$", "", name) for name in ours}
    assert families | SOMETIMES == {name for name in said if name.startswith("lexgate_")}
    assert {rule["alert"] for rule in rules()} == set(re.findall(r"`(Lexgate[A-Z]\w+)`", text))


@pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool here: apt-get install prometheus")
def test_the_rules_fire_when_they_should() -> None:
    for words in (("check", "rules", RULES.name), ("test", "rules", "lexgate-alerts.test.yml")):
        done = subprocess.run(["promtool", *words], cwd=RULES.parent, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


class TestRecord:
    """The moments of the record."""

    def test_what_has_not_happened_has_no_number(self, client: Client) -> None:
        text = client.get("/metrics").body.decode()
        assert re.search("^lexgate_backup_timestamp_seconds", text, re.MULTILINE) is None
        assert "# TYPE lexgate_backup_timestamp_seconds gauge" in text

    def test_moments(self, client: Client, service: Service, payment: dict[str, Any]) -> None:
        client.post("/v1/preflight", payment)
        key = SigningKey.new()
        service.ledger.checkpoints.make(key, service.clock())
        end, recorded_at = service.ledger.checkpoints.end()
        text = client.get("/metrics").body.decode()
        assert recorded_at is not None
        assert _value(text, "lexgate_chain_rows") == end.seq
        assert _value(text, "lexgate_chain_head_timestamp_seconds") == pytest.approx(recorded_at.timestamp())
        last = service.ledger.checkpoints.last()
        assert last is not None
        assert _value(text, "lexgate_checkpoint_timestamp_seconds") == pytest.approx(last.at.timestamp())
        begun = service.ledger.activations.now(service.clock())
        assert begun is not None
        assert _value(text, "lexgate_release_timestamp_seconds") == pytest.approx(begun.active_from.timestamp())

    def test_nothing_is_told_of_a_ledger_that_cannot_be_read(
        self, client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails() -> None:
            raise LedgerUnavailable("gone")

        monkeypatch.setattr(service.ledger.checkpoints, "end", fails)
        monkeypatch.setattr(service.ledger.lists, "latest", fails)
        text = client.get("/metrics").body.decode()
        assert "lexgate_chain" not in text
        assert "lexgate_list_stale" not in text
        assert "lexgate_decisions_total" in text

    def test_counters_of_alarms_are_there_before_they_count(self, client: Client) -> None:
        text = client.get("/metrics").body.decode()
        assert [_value(text, f'lexgate_problems_total{{kind="{kind}"}}') for kind in ("busy", "unavailable")] == [0, 0]


def _value(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found is not None, name
    return float(found[1])


def test_the_newest_backup_of_any_kind(tmp_path: Path) -> None:
    assert newest_backup(None) is None
    assert newest_backup(tmp_path / "nowhere") is None
    assert newest_backup(tmp_path) is None
    (tmp_path / "base-1").mkdir()
    (tmp_path / ".base-2.part").mkdir()
    first = newest_backup(tmp_path)
    assert first is not None
    (tmp_path / "ledger.db").write_bytes(b"")
    second = newest_backup(tmp_path)
    assert second is not None
    assert timedelta(0) <= second - first < timedelta(minutes=5)
