"""`lexgate people`: for whoever has the ledger at hand, on the day on which no administrator can come in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from api.commands.console import out
from api.service import Service
from api.settings import PREFIX, Settings
from engine.ledger import Ledger
from tests.api.client import Client
from tests.api.people import PASSWORD, bearer, choose, notes, sign_in

pytestmark = pytest.mark.usefixtures("cheap_passwords")
Run = Callable[..., Result]


@pytest.fixture
def service(open_service: Callable[..., Service]) -> Service:
    return open_service()


@pytest.fixture
def client(service: Service, make_client: Callable[..., Client]) -> Client:
    return make_client(service)


@pytest.fixture
def run(service: Service, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, on the ledger of a service that runs."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("LEXGATE_DATABASE", service.settings.database)
    monkeypatch.setattr(out, "width", 200)

    def run(*words: str, ends: int = 0) -> Result:
        done = CliRunner().invoke(app, ["people", *words])
        assert done.exit_code == ends, done.output
        service.door.forget()
        return done

    return run


def _json(done: Result) -> Any:
    return json.loads(done.output)


def test_an_account_is_made_with_a_code_that_is_shown_once(run: Run, client: Client) -> None:
    shown = run("create", "Mona", "--role", "officer", "--role", "analyst").output
    code = re.search(r"lxi_[\w-]+", shown)
    assert code
    assert choose(client, "mona", code[0]).status == 201
    assert code[0] not in run("list", "--json").output
    (person,) = _json(run("list", "--json"))["people"]
    assert (person["name"], person["display_name"], person["state"]) == ("mona", "Mona", "active")
    assert person["roles"] == ["officer", "analyst"]
    assert "mona" in run("list").output


def test_the_rules_of_roles_hold_here_too(run: Run) -> None:
    assert "held" in run("create", "both", "--role", "officer", "--role", "administrator", ends=2).output
    run("create", "once", "--role", "auditor")
    assert "already" in run("create", "ONCE", "--role", "auditor", ends=2).output
    run("create", "nobody", "--role", "king", ends=2)
    assert "held" in run("roles", "once", "--role", "approver", "--role", "administrator", ends=2).output


def test_who_is_disabled_is_out_and_may_come_back(run: Run, client: Client, service: Service) -> None:
    code = _json(run("create", "gone", "--role", "auditor", "--json"))["setup_code"]
    token = choose(client, "gone", code).json()["token"]
    assert client.get("/v1/session", bearer(token)).status == 200
    assert "gone is disabled" in run("disable", "gone", "--reason", "Has left").output
    assert client.get("/v1/session", bearer(token)).status == 401
    assert sign_in(client, "gone").status == 401
    assert _json(run("enable", "gone", "--json"))["state"] == "active"
    assert sign_in(client, "gone").status == 201
    found = [(kind, said["actor"], said.get("reason")) for kind, said in notes(service, "person.disabled")]
    assert found == [("person.disabled", "operator", "Has left")]


def test_a_reset_gives_a_new_code_and_makes_the_password_void(run: Run, client: Client) -> None:
    code = _json(run("create", "lost", "--role", "auditor", "--json"))["setup_code"]
    choose(client, "lost", code)
    again = _json(run("reset", "lost", "--json"))
    assert again["state"] == "invited"
    assert sign_in(client, "lost", PASSWORD).status == 401
    assert choose(client, "lost", again["setup_code"]).status == 201
    run("disable", "lost")
    assert "disabled" in run("reset", "lost", ends=2).output


def test_here_the_last_administrator_has_no_rights(run: Run, client: Client) -> None:
    """The one thing that the interface refuses: for the day on which nobody can come in."""
    code = _json(run("create", "last", "--role", "administrator", "--json"))["setup_code"]
    choose(client, "last", code)
    assert _json(run("roles", "last", "--role", "auditor", "--json"))["roles"] == ["auditor"]
    run("disable", "last")


def test_nobody_of_that_name_is_said_so(run: Run) -> None:
    for words in (("reset", "x"), ("disable", "x"), ("enable", "x"), ("roles", "x", "--role", "auditor")):
        assert "nobody called x" in run(*words, ends=2).output


def test_what_it_does_stands_in_the_chain(run: Run, service: Service, tmp_path: Path) -> None:
    run("create", "told", "--role", "auditor")
    run("roles", "told", "--role", "tax", "--reason", "Moves")
    assert [kind for kind, _ in notes(service, "person.")] == ["person.created", "person.roles"]
    with Ledger.open(service.settings.database) as ledger:
        assert ledger.verify().ok
