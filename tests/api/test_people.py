"""People as administrators look after them: roles that part those who make accounts from those who make law, and four eyes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from api.service import Service
from tests.api.bureau import Bureau
from tests.api.client import Client
from tests.api.people import Clock, bearer, choose, invite, made, notes, set_up_factor, sign_in

pytestmark = pytest.mark.usefixtures("cheap_passwords")


class TestRoles:
    def test_whoever_makes_accounts_makes_no_law(self, client: Client, clock: Clock) -> None:
        body = {"name": "both", "display_name": "Both", "roles": ["administrator", "approver"]}
        refused = client.post("/v1/people", body)
        assert refused.codes() == {("/roles", "roles_conflict")}
        person, _ = made(client, "one", "officer")
        body = {"roles": ["officer", "administrator"], "reason": "More power"}
        assert client.post(f"/v1/people/{person}/roles", body).codes() == {("/roles", "roles_conflict")}

    def test_nobody_changes_their_own_roles(self, client: Client, clock: Clock) -> None:
        person, token = made(client, "root", "administrator")
        made(client, "root-2", "administrator")
        body = {"roles": ["officer"], "reason": "Would rather make law"}
        refused = client.post(f"/v1/people/{person}/roles", body, bearer(token))
        assert (refused.status, refused.json()["type"]) == (409, "urn:lexgate:problem:another_person")
        assert client.get(f"/v1/people/{person}").json()["roles"] == ["administrator"]

    def test_the_last_administrator_stays(
        self, open_service: Callable[..., Service], make_client: Callable[..., Client]
    ) -> None:
        client = make_client(open_service())
        first, _ = made(client, "first", "administrator")
        invite(client, "unready", "administrator")
        for act in ("disable", "reset"):
            assert client.post(f"/v1/people/{first}/{act}", {"reason": "?"}).status == 409
        body = {"roles": ["auditor"], "reason": "?"}
        assert client.post(f"/v1/people/{first}/roles", body).status == 409
        made(client, "second", "administrator")
        assert client.post(f"/v1/people/{first}/disable", {"reason": "?"}).status == 200

    def test_roles_say_what_they_exclude(self, client: Client) -> None:
        found = {one["role"]: one for one in client.get("/v1/roles").json()["data"]}
        assert found["administrator"]["excludes"] == ["officer", "approver"]
        assert found["auditor"] == {"role": "auditor", "scopes": ["read"], "excludes": []}


class TestPeople:
    def test_a_reset_makes_void_whatever_opened(self, client: Client, clock: Clock) -> None:
        person, token = made(client, "forgets", "auditor")
        set_up_factor(client, token, clock)
        reset = client.post(f"/v1/people/{person}/reset", {"reason": "Phone in the lake"}).json()
        assert (reset["state"], reset["second_factor"]) == ("invited", False)
        assert client.get("/v1/session", bearer(token)).status == 401
        assert sign_in(client, "forgets").status == 401
        assert choose(client, "forgets", reset["setup_code"]).status == 201

    def test_a_code_is_shown_once_whatever_is_sent_again(self, client: Client, clock: Clock) -> None:
        body = {"name": "twice", "display_name": "Twice", "roles": ["auditor"]}
        first, again = (client.post("/v1/people", body, {"idempotency-key": "p-1"}) for _ in range(2))
        assert first.json()["setup_code"].startswith("lxi_")
        assert again.json() == first.json() | {"setup_code": None}
        assert again.headers["idempotent-replayed"] == "true"
        assert client.post("/v1/people", body).codes() == {("/name", "taken")}

    def test_people_are_listed_in_pages(
        self, open_service: Callable[..., Service], make_client: Callable[..., Client]
    ) -> None:
        client = make_client(open_service())
        for number in range(3):
            invite(client, f"p{number}", "auditor")
        first = client.get("/v1/people?limit=2").json()
        second = client.get(f"/v1/people?limit=2&after={first['next']}").json()
        assert [one["name"] for one in first["data"] + second["data"]] == ["p0", "p1", "p2"]
        assert second["next"] is None
        assert client.get("/v1/people?state=active").json()["data"] == []

    def test_only_administrators_look_after_people(self, client: Client, clock: Clock) -> None:
        person, token = made(client, "curious", "officer", "approver", "analyst", "tax", "auditor", "engineer")
        assert client.get("/v1/people", bearer(token)).status == 403
        assert client.get("/v1/keys", bearer(token)).status == 403
        body = {"roles": ["auditor"], "reason": "?"}
        assert client.post(f"/v1/people/{person}/roles", body, bearer(token)).status == 403
        _, admin = made(client, "proper", "administrator")
        assert client.get("/v1/people", bearer(admin)).status == 200
        assert client.get(f"/v1/people/{person}", bearer(admin)).json()["name"] == "curious"
        assert client.get("/v1/people/per_nobody", bearer(admin)).status == 404

    def test_everything_stands_in_the_chain(self, client: Client, service: Service, clock: Clock) -> None:
        person, _ = made(client, "chained", "auditor")
        client.post(f"/v1/people/{person}/roles", {"roles": ["tax"], "reason": "Moves"})
        client.post(f"/v1/people/{person}/disable", {"reason": "Leaves"})
        found = [kind for kind, said in notes(service, "person.") if said["rows"][0][1] == person]
        assert found == ["person.created", "person.signed_in", "person.roles", "person.disabled"]
        assert service.ledger.verify().ok


class TestFourEyes:
    """A person is one person, in however many browsers."""

    @pytest.fixture
    def bureau(self, tmp_path: Path, make_client: Callable[..., Client]) -> Bureau:
        """A house whose officers are people, not keys. Mona has two browsers."""
        bureau = Bureau(tmp_path, make_client)
        office = make_client(bureau.service)
        bureau.service.ledger.keys.create(["admin"], "office", "lx_test_0123456789")
        for name in ("mona", "omar"):
            person, token = made(office, name, "officer", "approver")
            bureau.keys[name], bureau.people[name] = person, make_client(bureau.service, secret=token)
        other = sign_in(office, "mona").json()["token"]
        bureau.people["mona elsewhere"] = make_client(bureau.service, secret=other)
        return bureau

    def test_what_was_drafted_in_one_browser_is_not_approved_in_another(self, bureau: Bureau) -> None:
        draft = bureau.submitted(who="mona")
        assert draft["author"] == bureau.keys["mona"]
        for browser in ("mona", "mona elsewhere"):
            refused = bureau.step(browser, draft["id"], "approve", content=draft["content"])
            assert (refused.status, refused.json()["type"]) == (409, "urn:lexgate:problem:another_person")
        approved = bureau.step("omar", draft["id"], "approve", content=draft["content"])
        assert (approved.status, approved.json()["state"]) == (200, "approved")
        bureau.service.close()

    def test_a_policy_and_an_assignment_name_people(self, bureau: Bureau) -> None:
        """Where a key could be named, a person can."""
        body = {"required": 1, "roles": {"counsel": [bureau.keys["omar"]]}}
        laid = bureau["root"].request("PUT", "/v1/approval-policies/sca", body, {"content-type": "application/json"})
        assert laid.status == 200, laid.body
        draft = bureau.submitted(who="mona")
        refused = bureau.step("cleo", draft["id"], "approve", content=draft["content"])
        assert refused.json()["type"] == "urn:lexgate:problem:another_person"
        assert bureau.step("omar", draft["id"], "approve", content=draft["content"]).json()["state"] == "approved"
        bureau.service.close()
