"""`lexgate drafts` and `lexgate releases`: the same law-making as over HTTP, and no way round four eyes."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from api.commands.console import out
from api.service import Service
from api.settings import PREFIX, Settings, read_settings
from engine.ledger import Ledger, Scope
from engine.packs import PackSet
from tests.empty import empty_ledger
from tests.packs.fixture import HERE

Run = Callable[..., Result]
RULES, MANIFEST = "FR/sca.yaml", "FR/pack.yaml"


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger with keys in it, beside the small law."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.delenv("LEXGATE_KEY", raising=False)
    where = empty_ledger(tmp_path / "lexgate.db")
    monkeypatch.setenv("LEXGATE_DATABASE", where)
    monkeypatch.setenv("LEXGATE_RULEPACKS", str(HERE / "good"))
    monkeypatch.setattr(out, "width", 200)
    with Ledger.open(where) as ledger:
        for name in ("ann", "ben", "cleo"):
            ledger.keys.create([Scope.EDIT, Scope.APPROVE], name, f"lx_secret_of_{name}_0123456789")
        ledger.keys.create([Scope.READ], "nosy", "lx_secret_of_nosy_0123456789")
    return where


@pytest.fixture
def run(address: str) -> Run:
    def invoke(*words: str, by: str | None = None, stdin: str | None = None) -> Result:
        env = {"LEXGATE_KEY": f"lx_secret_of_{by}_0123456789"} if by else {}
        return CliRunner().invoke(app, words, env=env, input=stdin)

    return invoke


def _json(result: Result, status: int = 0) -> Any:
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)


def _change(run: Run, draft: str, path: str, old: str, new: str, by: str = "ann") -> Result:
    read = _json(run("drafts", "read", draft, path, "--json"))
    assert read["text"].count(old) == 1
    return run("drafts", "write", draft, path, "--etag", read["etag"], by=by, stdin=read["text"].replace(old, new))


def _submitted(run: Run) -> tuple[str, str]:
    """A draft of ann's with a new title, handed in; and its contents."""
    draft = _json(run("drafts", "open", "--title", "Never by message", "--json", by="ann"))["id"]
    assert _change(run, draft, RULES, "title: No codes", "title: Never codes").exit_code == 0
    assert _change(run, draft, MANIFEST, "2026.1.0", "2026.2.0").exit_code == 0
    assert _json(run("drafts", "check", draft, "--json", by="ann"))["ok"]
    told = _json(run("drafts", "submit", draft, "--reason", "r", "--json", by="ann"))
    return draft, told["content"]


def _published(run: Run) -> tuple[str, str]:
    draft, content = _submitted(run)
    run("drafts", "approve", draft, "--content", content, "--reason", "r", by="cleo")
    assert _json(run("drafts", "publish", draft, "--reason", "r", "--json", by="cleo"))["state"] == "active"
    return draft, content


def test_the_law_is_changed_by_two_and_taken_back_with_one_word(run: Run) -> None:
    draft, content = _submitted(run)
    own = run("drafts", "approve", draft, "--content", content, "--reason", "r", by="ann")
    assert (own.exit_code, "does not approve it" in own.output) == (2, True)
    agreed = run("drafts", "approve", draft, "--content", content, "--reason", "r", by="cleo")
    assert "approved" in agreed.output
    late = run("drafts", "schedule", draft, "2020-01-01T00:00:00Z", "--reason", "r", by="cleo")
    assert (late.exit_code, "in the past" in late.output) == (2, True)
    assert run("drafts", "schedule", draft, "tomorrow", "--reason", "r", by="cleo").exit_code == 2
    assert _json(run("drafts", "publish", draft, "--reason", "r", "--json", by="cleo"))["state"] == "active"
    (newest, oldest) = _json(run("releases", "list", "--json"))["releases"]
    assert (newest["digest"], newest["in_force"], oldest["in_force"]) == (content, True, False)
    assert _json(run("releases", "rollback", "--reason", "r", "--json", by="cleo")) == {"in_force": oldest["digest"]}
    kinds = [one["kind"] for one in _json(run("releases", "activations", "--json"))["data"]]
    assert kinds == ["rolled_back", "published", "started"]
    assert content in run("releases", "rollback", content, "--reason", "r", by="cleo").output


def test_going_back_reads_no_pack_and_takes_less_than_a_second(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _published(run)

    def never(*_: Any, **__: Any) -> PackSet:
        raise AssertionError("packs were read")

    monkeypatch.setattr(PackSet, "of", never)
    began = time.perf_counter()
    assert run("releases", "rollback", "--reason", "r", by="cleo").exit_code == 0
    assert time.perf_counter() - began < 1
    again = run("releases", "rollback", "--reason", "r", by="cleo")
    assert (again.exit_code, "nothing was in force before" in again.output) == (2, True)


def test_what_is_not_there_is_not_gone_back_to(run: Run) -> None:
    _, content = _submitted(run)
    assert run("releases", "rollback", "--reason", "r", by="cleo").exit_code == 2
    assert run("releases", "rollback", content, "--reason", "r", by="cleo").exit_code == 2
    assert run("releases", "rollback", "--reason", "r", by="nosy").exit_code == 2


def test_what_is_scheduled_is_withdrawn_and_what_is_sent_back_begins_again(run: Run) -> None:
    draft, content = _submitted(run)
    assert _json(run("drafts", "send-back", draft, "--reason", "r", "--json", by="cleo"))["state"] == "draft"
    assert _json(run("drafts", "check", draft, "--json", by="ann"))["draft"]["content"] == content
    run("drafts", "submit", draft, "--reason", "r", by="ann")
    run("drafts", "approve", draft, "--content", content, "--reason", "r", by="cleo")
    told = run("drafts", "schedule", draft, "2099-01-01T00:00:00+01:00", "--reason", "r", by="cleo")
    assert "scheduled from 2099-01-01" in told.output
    assert "published" in run("releases", "activations").output
    assert _json(run("drafts", "withdraw", draft, "--reason", "r", "--json", by="ann"))["state"] == "withdrawn"
    assert "published, taken back" in run("releases", "activations").output
    assert "possible: nothing any more" in run("drafts", "show", draft).output


def test_what_another_has_written_is_not_written_over_unread(run: Run, tmp_path: Path) -> None:
    draft, _ = _submitted(run)
    mine = tmp_path / "pack.yaml"
    mine.write_text(run("drafts", "read", draft, MANIFEST).stdout + "# ben\n")
    words = ("drafts", "write", draft, MANIFEST, "--file", str(mine))
    unread = run(*words, by="ben")
    assert (unread.exit_code, "--etag" in unread.output) == (2, True)
    assert run(*words, "--etag", '"old"', by="ben").exit_code == 2
    assert run(*words, by="ann").exit_code == 0
    same = _json(run(*words, "--json", by="ann"))
    assert same["state"] == "draft"
    other = run("drafts", "write", draft, "FR/other.yaml", "--file", str(tmp_path / "none"), by="ann")
    assert (other.exit_code, "cannot be read" in other.output) == (2, True)


def test_a_check_that_refuses_ends_with_one(run: Run) -> None:
    draft = _json(run("drafts", "open", "--title", "Nothing", "--json", by="ann"))["id"]
    empty = run("drafts", "check", draft, by="ann")
    assert (empty.exit_code, "draft-empty" in empty.output) == (1, True)
    assert _json(run("drafts", "list", "--state", "draft", "--json"))["drafts"][0]["id"] == draft
    assert draft in run("drafts", "list").output


@pytest.mark.parametrize("words", [
    ("open", "--title", ""), ("open", "--title", "x", "--base", "sha256:none"), ("check", "drf_none"),
    ("write", "drf_none", "../x"), ("submit", "drf_none", "--reason", "r"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(run: Run, words: tuple[str, ...]) -> None:
    assert run("drafts", *words, by="ann", stdin="x").exit_code == 2


def test_only_whoever_may_changes_the_law(run: Run) -> None:
    assert run("drafts", "open", "--title", "x", by="nosy").exit_code == 2
    assert run("drafts", "open", "--title", "x").exit_code == 2
    assert run("drafts", "show", "drf_none").exit_code == 2
    draft, content = _submitted(run)
    refused = run("drafts", "approve", draft, "--content", content, "--reason", "r", by="nosy")
    assert (refused.exit_code, "lacks the scope `approve`" in refused.output) == (2, True)
    assert run("drafts", "read", draft, "FR/none.yaml").exit_code == 2
    assert "becomes sha256:" in run("drafts", "show", draft).output
    assert "in force" in run("releases", "list").output


def test_a_draft_that_fell_behind_is_brought_up_to_date_and_what_is_marked_is_told(run: Run) -> None:
    late = _json(run("drafts", "open", "--title", "Late", "--json", by="ben"))["id"]
    _change(run, late, RULES, "title: No codes", "title: No more codes", by="ben")
    assert run("drafts", "rebase", late, by="ben").exit_code == 2, "it is up to date"
    _, content = _published(run)
    assert run("drafts", "rebase", late, "--onto", "sha256:none", by="ben").exit_code == 2
    assert _json(run("drafts", "rebase", late, "--json", by="ben"))["base"] == content
    (one,) = _json(run("drafts", "conflicts", late, "--json"), 1)["conflicts"]
    assert (one["path"], one["stands"]) == ("rules[sca.no_sms]", True)
    assert (
        "1 stands: rules[sca.no_sms] in FR/sca.yaml: both sides changed it" in run("drafts", "conflicts", late).output
    )
    text = run("drafts", "read", late, RULES).stdout
    settled = "".join(line for line in text.splitlines(keepends=True) if not line.lstrip().startswith("#"))
    assert run("drafts", "write", late, RULES, by="ben", stdin=settled).exit_code == 0
    told = run("drafts", "conflicts", late)
    assert (told.exit_code, told.output.startswith("1 settled")) == (0, True)


def test_an_upgrade_that_waits_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (run("releases", "upgrade").output, run("releases", "upgrade").exit_code) == ("no upgrade waits\n", 0)
    _, content = _published(run)
    folder = tmp_path / "law"
    shutil.copytree(HERE / "good", folder)
    area = folder / "AREA" / "pack.yaml"
    area.write_text(area.read_text().replace("2026.1.0", "2026.12.0"))
    monkeypatch.setenv("LEXGATE_RULEPACKS", str(folder))
    assert not _json(run("releases", "upgrade", "--json"))["waits"], "no service has started with it yet"
    service = Service.open(read_settings())
    service.close()
    told = run("releases", "upgrade")
    assert (told.exit_code, "2026.12.0 waits" in told.output, content in told.output) == (1, True, True)
    found = _json(run("releases", "upgrade", "--json"), 1)["upgrade"]
    assert (found["state"], found["conflicts"]) == ("draft", [])


HELD = """demoted:
  - id: AREA/sca.duty
    since: "2026-11-27T10:15:00+00:00"
    why: It stops whom it should not.
"""


def test_a_rule_that_persons_hold_back_is_shown(run: Run) -> None:
    assert "no rule is held back" in run("releases", "demotions").output
    draft = _json(run("drafts", "open", "--title", "Wait", "--json", by="ann"))["id"]
    assert run("drafts", "write", draft, "house/demoted.yaml", by="ann", stdin=HELD).exit_code == 0
    checked = _json(run("drafts", "check", draft, "--json", by="ann"))
    assert checked["ok"], checked["problems"]
    assert checked["draft"]["domains"] == ["sca"]
    (change,) = checked["changes"]
    assert (change["kind"], change["change"], change["statute"]) == ("demotion", "added", True)
    content = _json(run("drafts", "submit", draft, "--reason", "r", "--json", by="ann"))["content"]
    for who in ("ben", "cleo"):
        run("drafts", "approve", draft, "--content", content, "--reason", "r", by=who)
    assert _json(run("drafts", "publish", draft, "--reason", "r", "--json", by="cleo"))["state"] == "active"
    body = _json(run("releases", "demotions", "--json"))
    (held,) = body["data"]
    assert (body["release"], held["rule"], held["by"], held["numbers"]) == (content, "sca.duty", "draft", None)
    shown = run("releases", "demotions").output
    assert "AREA/sca.duty" in shown
    assert "It stops whom it should not." in shown


def test_a_rule_that_is_not_there_cannot_be_held_back(run: Run) -> None:
    draft = _json(run("drafts", "open", "--title", "Wait", "--json", by="ann"))["id"]
    text = HELD.replace("sca.duty", "sca.nobody")
    assert run("drafts", "write", draft, "house/demoted.yaml", by="ann", stdin=text).exit_code == 0
    checked = run("drafts", "check", draft, "--json", by="ann")
    assert "demoted-unknown" in checked.output
