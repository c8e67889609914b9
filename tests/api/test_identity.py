"""Who may come in: set up by a one-time code, signed in by password and code, out when it is over; nobody learns who is there."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from api import passwords
from api.accounts import as_disabled
from api.service import Service
from engine.ledger import Change
from tests.api.client import SECRET, Client
from tests.api.people import (
    PASSWORD,
    Clock,
    bearer,
    choose,
    code_of,
    forget,
    invite,
    made,
    notes,
    set_up_factor,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("cheap_passwords")


class TestSettingUp:
    def test_a_one_time_code_opens_once(self, client: Client, clock: Clock) -> None:
        person = invite(client, "once", "auditor")
        assert person["state"] == "invited"
        first = choose(client, "once", person["setup_code"])
        assert first.status == 201
        assert first.json()["token"].startswith("lxs_")
        assert first.headers["cache-control"] == "no-store"
        assert choose(client, "once", person["setup_code"]).status == 401
        assert sign_in(client, "ONCE").status == 201

    def test_a_code_that_was_not_used_in_time_opens_nothing(self, client: Client, clock: Clock) -> None:
        person = invite(client, "late", "auditor")
        clock.passes(hours=73)
        assert choose(client, "late", person["setup_code"]).status == 401

    @pytest.mark.parametrize(
        ("password", "code"),
        [("short", "too_short"), ("password1234", "easily_guessed"), ("aaaabbbbaaaa", "easily_guessed")],
    )
    def test_what_everybody_would_try_is_no_password(
        self, client: Client, clock: Clock, password: str, code: str
    ) -> None:
        person = invite(client, f"weak-{password}", "auditor")
        refused = choose(client, person["name"], person["setup_code"], password)
        assert refused.status == 422
        assert refused.codes() == {("/password", code)}
        assert choose(client, person["name"], person["setup_code"]).status == 201

    def test_no_password_and_no_code_is_kept(self, client: Client, service: Service, clock: Clock) -> None:
        person = invite(client, "secret", "auditor")
        choose(client, "secret", person["setup_code"])
        service.ledger.writer.run(lambda batch: None)
        held = b"".join(
            path.read_bytes() for path in Path(service.settings.database.removeprefix("sqlite:///")).parent.iterdir()
        )
        assert PASSWORD.encode() not in held
        assert person["setup_code"].encode() not in held
        assert b"scrypt$" in held


class TestSigningIn:
    def test_a_session_opens_what_the_roles_allow_and_no_more(self, client: Client, clock: Clock) -> None:
        person, token = made(client, "mona", "officer", "analyst")
        shown = client.get("/v1/session", bearer(token)).json()
        assert shown["caller"] | {"scopes": set(shown["caller"]["scopes"])} == {
            "id": person,
            "kind": "person",
            "name": "mona",
            "display_name": "Mona",
            "roles": ["officer", "analyst"],
            "scopes": {"read", "edit", "review", "decide", "screen", "onboard"},
            "locale": "en",
        }
        assert client.get("/v1/drafts", bearer(token)).status == 200
        assert client.get("/v1/people", bearer(token)).status == 403

    def test_a_key_says_who_it_is_as_well(self, client: Client) -> None:
        shown = client.get("/v1/session").json()
        assert (shown["caller"]["kind"], shown["caller"]["name"], shown["expires_at"]) == ("key", "test", None)
        assert client.request("DELETE", "/v1/session").status == 409

    def test_signing_out_is_at_once(self, client: Client, clock: Clock) -> None:
        _, token = made(client, "goes", "auditor")
        assert client.get("/v1/session", bearer(token)).status == 200
        assert client.request("DELETE", "/v1/session", headers=bearer(token)).status == 204
        assert client.get("/v1/session", bearer(token)).status == 401

    def test_a_session_that_nobody_uses_ends(self, client: Client, service: Service, clock: Clock) -> None:
        _, token = made(client, "idle", "auditor")
        for _ in range(3):
            clock.passes(minutes=29)
            forget(service)
            assert client.get("/v1/session", bearer(token)).status == 200
            service.ledger.writer.run(lambda batch: None)
        clock.passes(minutes=30)
        forget(service)
        assert client.get("/v1/session", bearer(token)).status == 401

    def test_a_session_ends_however_much_it_is_used(self, client: Client, service: Service, clock: Clock) -> None:
        _, token = made(client, "busy", "auditor")
        for _ in range(23):
            clock.passes(minutes=29)
            forget(service)
            client.get("/v1/session", bearer(token))
            service.ledger.writer.run(lambda batch: None)
        assert client.get("/v1/session", bearer(token)).status == 200
        clock.passes(hours=1)
        forget(service)
        assert client.get("/v1/session", bearer(token)).status == 401

    def test_who_is_disabled_is_out(self, client: Client, clock: Clock) -> None:
        person, token = made(client, "out", "auditor")
        assert client.post(f"/v1/people/{person}/disable", {"reason": "Has left"}).json()["state"] == "disabled"
        assert client.get("/v1/session", bearer(token)).status == 401
        assert sign_in(client, "out").status == 401
        assert client.post(f"/v1/people/{person}/enable", {"reason": "Is back"}).json()["state"] == "active"
        assert client.get("/v1/session", bearer(token)).status == 401
        assert sign_in(client, "out").status == 201

    def test_who_is_disabled_by_another_process_is_out_within_the_time_of_the_cache(
        self, client: Client, service: Service, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person, token = made(client, "elsewhere", "auditor")
        assert client.get("/v1/session", bearer(token)).status == 200
        service.ledger.people.change(person, Change("disabled", "operator", clock(), as_disabled, ends_sessions=True))
        assert client.get("/v1/session", bearer(token)).status == 200, "what this process remembers"
        real = time.monotonic_ns
        monkeypatch.setattr("api.auth.time.monotonic_ns", lambda: real() + 5_000_000_000)
        assert client.get("/v1/session", bearer(token)).status == 401

    def test_other_roles_hold_in_sessions_that_are_open(self, client: Client, clock: Clock) -> None:
        person, token = made(client, "moves", "officer")
        assert client.get("/v1/cases", bearer(token)).status == 200
        client.post(f"/v1/people/{person}/roles", {"roles": ["auditor"], "reason": "Moves on"})
        assert client.get("/v1/session", bearer(token)).json()["caller"]["scopes"] == ["read"]


class TestTrying:
    def test_nobody_learns_who_is_there(self, client: Client, clock: Clock) -> None:
        made(client, "known", "auditor")
        disabled, _ = made(client, "asleep", "auditor")
        client.post(f"/v1/people/{disabled}/disable", {"reason": "Has left"})
        invite(client, "not-yet", "auditor")
        for _ in range(5):
            said = {
                (reply.status, _without_id(reply.json()), reply.headers["www-authenticate"])
                for reply in (
                    sign_in(client, name, "wrong words") for name in ("known", "asleep", "not-yet", "unknown")
                )
            }
            assert len(said) == 1
        waits = [sign_in(client, name) for name in ("known", "asleep", "not-yet", "unknown")]
        assert {(one.status, one.headers["retry-after"]) for one in waits} == {(429, "30")}

    def test_the_same_work_is_done_for_a_name_that_nobody_has(
        self, client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made(client, "worked", "auditor")
        done: list[int] = []
        real = passwords._hash
        monkeypatch.setattr(passwords, "_hash", lambda *said: done.append(1) or real(*said))
        for name in ("worked", "nobody-at-all"):
            done.clear()
            sign_in(client, name, "wrong words")
            assert len(done) == 1

    def test_patience_wears_thin_and_comes_back(self, client: Client, clock: Clock) -> None:
        made(client, "tried", "auditor")
        waits = []
        for _ in range(4):
            while (reply := sign_in(client, "tried", "wrong words")).status == 401:
                pass
            waits.append(int(reply.headers["retry-after"]))
            clock.passes(seconds=waits[-1])
        assert waits == [30, 60, 120, 240]
        assert sign_in(client, "tried").status == 201
        assert [sign_in(client, "tried", "wrong words").status for _ in range(4)] == [401] * 4

    def test_an_address_that_tries_many_names_is_not_heard_either(self, client: Client, clock: Clock) -> None:
        clock.passes(days=2)
        tried = [sign_in(client, f"name-{number}", "wrong words").status for number in range(32)]
        assert tried == [401] * 30 + [429] * 2

    def test_each_refusal_is_in_the_chain_and_names_no_password(
        self, client: Client, service: Service, clock: Clock
    ) -> None:
        person, _ = made(client, "noted", "auditor")
        before = len(notes(service, "session.refused"))
        sign_in(client, "noted", "wrong words")
        sign_in(client, "my-password-in-the-wrong-field", "x")
        found = [said for _, said in notes(service, "session.refused")[before:]]
        assert [(one["person"], one["why"]) for one in found] == [(person, "password"), (None, "unknown")]
        assert "wrong words" not in repr(found)
        assert "wrong-field" not in repr(found)
        assert service.ledger.verify().ok


class TestSecondFactor:
    def test_with_a_second_factor_a_password_is_not_enough(self, client: Client, clock: Clock) -> None:
        _, token = made(client, "two", "auditor")
        secret, _ = set_up_factor(client, token, clock)
        asked = sign_in(client, "two")
        assert (asked.status, asked.json()["type"]) == (401, "urn:lexgate:problem:second_factor_wanted")
        assert sign_in(client, "two", code="000000").json()["type"] == "urn:lexgate:problem:sign_in_refused"
        assert sign_in(client, "two", code=code_of(secret, clock)).status == 201

    def test_a_code_is_taken_once(self, client: Client, clock: Clock) -> None:
        _, token = made(client, "replay", "auditor")
        secret, _ = set_up_factor(client, token, clock)
        code = code_of(secret, clock)
        assert [sign_in(client, "replay", code=code).status for _ in range(2)] == [201, 401]

    def test_who_has_the_password_cannot_try_codes_for_ever(self, client: Client, clock: Clock) -> None:
        """Asking without a code between the tries gives none of them back."""
        _, token = made(client, "guesser", "auditor")
        set_up_factor(client, token, clock)
        said = []
        for _ in range(6):
            said.append(sign_in(client, "guesser", code="000000").status)
            sign_in(client, "guesser")
        assert said == [401] * 5 + [429]

    def test_a_recovery_code_opens_once(self, client: Client, clock: Clock) -> None:
        _, token = made(client, "lost", "auditor")
        _, codes = set_up_factor(client, token, clock)
        assert len(set(codes)) == 10
        typed = codes[0].upper().replace("-", " ")
        assert [sign_in(client, "lost", code=typed).status for _ in range(2)] == [201, 401]
        assert client.get("/v1/session", bearer(token)).json()["recovery_codes"] == 9

    def test_the_picture_and_the_address_say_the_same_secret(self, client: Client, clock: Clock) -> None:
        _, token = made(client, "picture", "auditor")
        begun = client.post("/v1/session/second-factor", {"password": PASSWORD}, bearer(token)).json()
        assert begun["uri"].startswith("otpauth://totp/Lexgate:picture?")
        assert f"secret={begun['secret']}" in begun["uri"]
        assert begun["svg"].startswith("<svg ")
        assert "<script" not in begun["svg"]

    def test_a_borrowed_session_cannot_take_it_away(self, client: Client, clock: Clock) -> None:
        _, token = made(client, "borrowed", "auditor")
        secret, _ = set_up_factor(client, token, clock)
        refused = client.post("/v1/session/second-factor/remove", {"password": "wrong words"}, bearer(token))
        assert refused.status == 401
        assert sign_in(client, "borrowed").status == 401
        removed = client.post("/v1/session/second-factor/remove", {"password": PASSWORD}, bearer(token))
        assert removed.status == 204
        assert sign_in(client, "borrowed").status == 201
        assert secret

    def test_a_first_code_that_is_wrong_confirms_nothing(self, client: Client, clock: Clock) -> None:
        _, token = made(client, "typo", "auditor")
        unbegun = client.post("/v1/session/second-factor/confirm", {"code": "000000"}, bearer(token))
        assert unbegun.status == 409
        client.post("/v1/session/second-factor", {"password": PASSWORD}, bearer(token))
        wrong = client.post("/v1/session/second-factor/confirm", {"code": "12 34"}, bearer(token))
        assert wrong.codes() == {("/code", "code_wrong")}
        assert sign_in(client, "typo").status == 201


class TestOwnAccount:
    def test_another_password_ends_the_other_sessions(self, client: Client, clock: Clock) -> None:
        _, token = made(client, "changes", "auditor")
        other = sign_in(client, "changes").json()["token"]
        body = {"current": PASSWORD, "new": "quite another set of words"}
        assert client.post("/v1/session/password", body, bearer(token)).status == 204
        assert client.get("/v1/session", bearer(other)).status == 401
        assert client.get("/v1/session", bearer(token)).status == 200
        assert sign_in(client, "changes").status == 401
        assert sign_in(client, "changes", body["new"]).status == 201

    def test_a_wrong_password_changes_nothing(self, client: Client, clock: Clock) -> None:
        _, token = made(client, "stays", "auditor")
        body = {"current": "wrong words", "new": "quite another set of words"}
        assert client.post("/v1/session/password", body, bearer(token)).status == 401
        weak = client.post("/v1/session/password", {"current": PASSWORD, "new": "stays"}, bearer(token))
        assert weak.codes() == {("/new", "too_short")}
        assert sign_in(client, "stays").status == 201

    def test_sessions_are_seen_and_ended_by_their_person_alone(self, client: Client, clock: Clock) -> None:
        _, token = made(client, "sees", "auditor")
        _, stranger = made(client, "stranger", "auditor")
        other = sign_in(client, "sees").json()["token"]
        listed = client.get("/v1/sessions", bearer(token)).json()["data"]
        assert [(one["method"], one["current"], one["source"]) for one in listed] == [
            ("set_up", True, "127.0.0.1"),
            ("password", False, "127.0.0.1"),
        ] or [(one["method"], one["current"]) for one in listed] == [("password", False), ("set_up", True)]
        named = next(one["id"] for one in listed if not one["current"])
        assert client.request("DELETE", f"/v1/sessions/{named}", headers=bearer(stranger)).status == 404
        assert client.request("DELETE", f"/v1/sessions/{named}", headers=bearer(token)).status == 204
        assert client.get("/v1/session", bearer(other)).status == 401
        third = sign_in(client, "sees").json()["token"]
        assert client.request("DELETE", "/v1/sessions", headers=bearer(token)).status == 204
        assert client.get("/v1/session", bearer(third)).status == 401
        assert len(client.get("/v1/sessions", bearer(token)).json()["data"]) == 1

    def test_name_and_language_are_ones_own(self, client: Client, clock: Clock) -> None:
        person, token = made(client, "li", "auditor")
        shown = client.post("/v1/session/profile", {"display_name": "李娜", "locale": "zh"}, bearer(token)).json()
        assert (shown["caller"]["display_name"], shown["caller"]["locale"]) == ("李娜", "zh")
        assert client.get(f"/v1/people/names?ids={person},key_none", bearer(token)).json() == {person: "李娜"}

    def test_keys_have_no_account(self, client: Client) -> None:
        assert client.get("/v1/sessions").status == 409
        assert client.post("/v1/session/profile", {"locale": "zh"}).status == 409
        own = client.get("/v1/session").json()["caller"]["id"]
        assert client.get(f"/v1/people/names?ids={own}").json() == {own: "test"}


def _without_id(problem: dict[str, object]) -> str:
    return json.dumps({name: value for name, value in problem.items() if name != "request_id"})


def test_the_bootstrap_key_is_not_a_person(client: Client) -> None:
    assert sign_in(client, "test", SECRET).status == 401
