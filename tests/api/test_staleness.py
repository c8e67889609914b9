"""What nobody has looked at in time is listed, counted, and told to whoever releases it anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from engine.packs import PackSet, load_packs
from tests.api.client import Client
from tests.api.test_living_law import write
from tests.api.test_signed_releases import GOOD, NOW, House

LATE = NOW + timedelta(days=800)


@pytest.fixture(scope="module")
def packs() -> PackSet:
    return load_packs(GOOD)


@pytest.mark.parametrize(
    ("policy", "ok", "told"), [("off", True, None), ("warn", True, "warning"), ("refuse", False, "error")]
)
def test_a_draft_is_told_of_what_it_touches(
    tmp_path: Path, make_client: Callable[..., Client], packs: PackSet, policy: str, ok: bool, told: str | None
) -> None:
    house = House(tmp_path, make_client, packs, stale_policy=policy)
    try:
        house.service.clock = lambda: LATE
        ann = house.people["ann"]
        draft = ann.post("/v1/drafts", {"title": "A clearer label"}).json()["id"]
        write(ann, draft, "AREA/pack.yaml", lambda text: text.replace("2026.1.0", "2026.2.0"))
        write(ann, draft, "AREA/sca.yaml", lambda text: text.replace("ceiling of a small", "the ceiling of a small"))
        checked = ann.post(f"/v1/drafts/{draft}/check").json()
        found = [one for one in checked["problems"] if one["code"] == "draft-stale"]
        assert {one["severity"] for one in found} == ({told} if told else set())
        assert all("small_max" in one["message"] for one in found), "only what the draft touches"
        assert checked["ok"] is ok, [one for one in checked["problems"] if one["severity"] == "error"]
    finally:
        house.close()


def test_a_fact_that_grows_old_between_check_and_schedule_is_not_released(
    tmp_path: Path, make_client: Callable[..., Client], packs: PackSet
) -> None:
    house = House(tmp_path, make_client, packs, stale_policy="refuse")
    try:
        ann, ben = house.people["ann"], house.people["ben"]
        draft = ann.post("/v1/drafts", {"title": "A clearer label"}).json()["id"]
        write(ann, draft, "AREA/pack.yaml", lambda text: text.replace("2026.1.0", "2026.2.0"))
        write(ann, draft, "AREA/sca.yaml", lambda text: text.replace("ceiling of a small", "the ceiling of a small"))
        checked = ann.post(f"/v1/drafts/{draft}/check").json()
        assert checked["ok"], checked["problems"]
        content = ann.post(f"/v1/drafts/{draft}/submit", {"reason": "Clearer."}).json()["content"]
        for name in ("ben", "cleo"):
            house.people[name].post(f"/v1/drafts/{draft}/approve", {"content": content, "reason": "Yes."})
        house.service.clock = lambda: LATE
        refused = ben.post(f"/v1/drafts/{draft}/publish", {"reason": "Now."})
        assert (refused.status, "should have looked again" in refused.json()["detail"]) == (409, True)
    finally:
        house.close()


def test_the_metric_ages_them(tmp_path: Path, make_client: Callable[..., Client], packs: PackSet) -> None:
    house = House(tmp_path, make_client, packs)
    try:
        young = house.service.metrics.text().decode()
        assert 'lexgate_facts_stale{confidence="A",domain="sca"} 0.0' in young
        house.service.clock = lambda: LATE
        old = house.service.metrics.text().decode()
        assert 'lexgate_facts_stale{confidence="A",domain="sca"} 0.0' not in old
        assert 'lexgate_facts_oldest_days{confidence="A",domain="sca"} 802.0' in old
        assert house.service.metrics.text().decode() == old
    finally:
        house.close()


def test_they_are_listed_with_where_to_look() -> None:
    words = ["packs", "stale", "--packs", str(GOOD), "--date", LATE.date().isoformat()]
    found = CliRunner().invoke(app, [*words, "--json"])
    told = json.loads(found.stdout)
    assert (found.exit_code, told["on"]) == (1, LATE.date().isoformat())
    first = told["facts"][0]
    assert first["overdue_days"] >= told["facts"][-1]["overdue_days"]
    assert {"source", "at", "url", "file", "line", "due", "verified_by"} <= first.keys()
    of_one = CliRunner().invoke(app, [*words, "--jurisdiction", "AREA"])
    assert (of_one.exit_code, "facts to look at again" in of_one.stdout) == (1, True)
    assert " FR " not in of_one.stdout
    fresh = CliRunner().invoke(app, ["packs", "stale", "--packs", str(GOOD), "--date", NOW.date().isoformat()])
    assert (fresh.exit_code, fresh.stdout.startswith("0 facts")) == (0, True)


def test_another_table_may_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["packs", "stale", "--packs", str(GOOD), "--date", LATE.date().isoformat()]
    assert CliRunner().invoke(app, [*words, "--jurisdiction", "XX"]).exit_code == 2
    monkeypatch.setenv("LEXGATE_STALE_TABLE", str(tmp_path / "own.csv"))
    assert CliRunner().invoke(app, words).exit_code == 2
    (tmp_path / "own.csv").write_text(
        "from,confidence,days,reason\n" + "".join(f"2020-01-01,{grade},9999,Ours\n" for grade in "ABCR")
    )
    assert CliRunner().invoke(app, words).exit_code == 0
