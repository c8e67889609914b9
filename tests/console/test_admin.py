"""The pages of administration and one's own account, as plain forms: what a browser without scripts would send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from api import passwords
from api.accounts import first_administrator
from api.openid import OpenId
from api.service import Service
from tests.api.people import PASSWORD, Clock, code_of
from tests.api.test_openid import OPENID, Issuer
from tests.console.visiting import Visitor, visited

pytestmark = pytest.mark.untraced


@pytest.fixture(scope="module", autouse=True)
def _cheap() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", passwords.Cost(16, 1, 1))
        yield


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with its console, and nobody in it."""
    folder: Path = tmp_path_factory.mktemp("house")
    with visited(folder, feeds=folder / "own.csv") as service:
        yield service


@pytest.fixture(scope="module")
def root(house: Service) -> Visitor:
    """The first administrator, who has used the code that the first start printed."""
    code = first_administrator(house.ledger, house.settings, house.clock())
    assert code is not None
    visitor = Visitor(house)
    form = {"name": "admin", "code": code, "password": PASSWORD, "again": PASSWORD}
    assert visitor.post("/set-up", form).headers["location"] == "/console"
    return visitor


def invited(root: Visitor, name: str, *roles: str) -> Visitor:
    """Somebody who has just chosen a password."""
    page = root.sent("/admin/people/invite", {"name": name, "display_name": name.title(), "role": list(roles)})
    code = re.search(r"lxi_[\w-]+", page)
    assert code, page
    visitor = Visitor(root.service)
    visitor.post("/set-up", {"name": name, "code": code[0], "password": PASSWORD, "again": PASSWORD})
    return visitor


class TestSettingUp:
    def test_what_is_wrong_is_told_beside_the_form(self, house: Service, root: Visitor) -> None:
        visitor = Visitor(house)
        wrong = {"name": "admin", "code": "lxi_nothing", "password": PASSWORD, "again": PASSWORD}
        assert "Ask an administrator" in visitor.post("/set-up", wrong).text
        assert "not the same" in visitor.post("/set-up", wrong | {"again": "other"}).text
        page = root.sent("/admin/people/invite", {"name": "weak", "display_name": "Weak", "role": ["auditor"]})
        code = re.findall(r"lxi_[\w-]+", page)[0]
        assert "At least 12" in visitor.post(
            "/set-up", {"name": "weak", "code": code, "password": "short", "again": "short"}
        ).text  # fmt: skip


class TestPeople:
    def test_an_account_is_made_and_looked_after(self, root: Visitor) -> None:
        mona = invited(root, "mona", "officer")
        assert "Mona" in root.get("/admin/people").text
        person = mona.me()["caller"]["id"]
        shown = root.get(f"/admin/people/{person}").text
        assert "Compliance officer" in shown
        told = root.post(f"/admin/people/{person}/roles", {"role": ["auditor"], "reason-roles": "Moves on"})
        assert told.status_code == 303
        assert "Auditor" in root.get(told.headers["location"].removeprefix("/console")).text
        root.post(f"/admin/people/{person}/disable", {"reason-disable": "Has left"})
        assert mona.get("").status_code == 303
        assert "Let in again" in root.get(f"/admin/people/{person}").text
        root.post(f"/admin/people/{person}/enable", {"reason-enable": "Is back"})
        assert "lxi_" in root.sent(f"/admin/people/{person}/reset", {"reason-reset": "Forgot"})

    def test_what_is_refused_is_told_and_what_was_typed_stays(self, root: Visitor) -> None:
        typed = {"name": "both", "display_name": "Both of them", "role": ["administrator", "officer"]}
        page = root.post("/admin/people/invite", typed)
        assert page.status_code == 422
        assert "must not also make law" in page.text
        assert 'value="Both of them"' in page.text

    def test_sent_twice_a_form_acts_once(self, root: Visitor) -> None:
        form = {"name": "once", "display_name": "Once", "role": ["auditor"], "once": "the-same"}
        assert "lxi_" in root.sent("/admin/people/invite", form)
        assert "not shown again" in root.sent("/admin/people/invite", form)

    def test_the_last_administrator_cannot_be_kept_out(self, root: Visitor) -> None:
        person = root.me()["caller"]["id"]
        assert "your own account" in root.get(f"/admin/people/{person}").text
        refused = root.post(f"/admin/people/{person}/disable", {"reason-disable": "?"})
        assert refused.status_code == 409
        assert "another administrator" in refused.text


class TestKeys:
    def test_a_key_is_made_replaced_and_revoked(self, root: Visitor) -> None:
        form = {"name": "till 7", "scope": ["decide", "read"], "sources": "10.0.0.0/8", "countries": "de, fr"}
        page = root.sent("/admin/keys/new", form)
        assert re.search(r"lx_[0-9a-f]{12}_[\w-]{43}", page)
        key = re.findall(r"/admin/keys/(key_\w+)", page)[0]
        shown = root.get(f"/admin/keys/{key}").text
        assert "10.0.0.0/8" in shown
        assert "Germany, France" in shown
        replaced = root.sent(f"/admin/keys/{key}/rotate", {"overlap_hours": "2"})
        assert "good for a while longer" in replaced
        assert root.post(f"/admin/keys/{key}/revoke", {"reason": "Gone"}).status_code == 303
        assert "Revoked" in root.get(f"/admin/keys/{key}").text
        assert "till 7" in root.get("/admin/keys").text

    def test_faults_of_the_form_are_told(self, root: Visitor) -> None:
        page = root.post(
            "/admin/keys/new", {"name": "x", "scope": ["read"], "sources": "10.0.0.0/99", "countries": "XX"}
        )
        assert page.status_code == 422
        assert "An address or a network" in page.text


class TestTheService:
    def test_everything_is_seen_at_a_glance(self, root: Visitor) -> None:
        page = root.get("/admin").text
        for said in ("People", "API keys", "Webhooks", "Sources", "Audit", "Approval"):
            assert said in page
        assert "without a second factor" in page

    def test_webhooks_without_any_say_how_to_set_them_up(self, root: Visitor) -> None:
        assert "LEXGATE_WEBHOOKS" in root.get("/admin/webhooks").text
        assert root.get("/admin/webhooks/dl_0").status_code == 404

    def test_a_source_is_added(self, root: Visitor) -> None:
        form = {
            "regulator": "Our own", "url": "https://news.example/feed.xml", "jurisdiction": "DE", "id": "de-house-1",
            "form": "feed", "topic": ["aml"], "every_hours": "6", "silent_days": "45",
        }  # fmt: skip
        assert root.post("/admin/feeds/new", form).status_code == 303
        assert "Our own" in root.get("/admin/feeds?state=own").text
        refused = root.post("/admin/feeds/new", form)
        assert refused.status_code == 422
        assert 'value="Our own"' in refused.text

    def test_the_record_is_verified(self, root: Visitor, house: Service) -> None:
        assert root.post("/admin/audit", {}).status_code == 303
        for _ in range(600):
            page = root.get("/admin/audit").text
            if "nothing is missing between them" in page:
                break
        else:
            pytest.fail(page)
        part = root.get("/admin/audit", {"hx-request": "true"}).text
        assert part.lstrip().startswith('<div id="walks"')

    def test_a_policy_is_laid_down(self, root: Visitor) -> None:
        approver = invited(root, "ruth", "approver").me()["caller"]["id"]
        assert "Ruth" in root.get("/admin/policies/tax").text
        form = {"required": "2", "statute_required": "3", "role-0": "Legal", "holders-0": [approver]}
        assert root.post("/admin/policies/tax", form).status_code == 303
        page = root.get("/admin/policies").text
        assert "legal" in page
        assert "Ruth" in page
        assert root.post("/admin/policies/tax", form | {"statute_required": "1"}).status_code == 422


class TestAccount:
    def test_a_second_factor_is_set_up_and_asked_for(self, root: Visitor, house: Service) -> None:
        mine = invited(root, "careful", "auditor")
        page = mine.sent("/account/second-factor", {"password": PASSWORD})
        assert "<svg" in page
        secret = re.findall(r"<code>([A-Z2-7]{32})</code>", page)[0]
        assert "is wrong" in mine.post("/account/second-factor/confirm", {"code": "000000"}).text
        clock = Clock()
        clock.at = house.clock()
        codes = mine.sent("/account/second-factor/confirm", {"code": code_of(secret, clock)})
        assert len(re.findall(r"<code>[a-z2-7]{4}(?:-[a-z2-7]{4}){3}</code>", codes)) == 10
        assert "10 recovery codes" in mine.get("/account").text
        asked = Visitor(house).post("/sign-in", {"name": "careful", "password": PASSWORD})
        assert "authenticator as well" in asked.text
        assert "password is wrong" in mine.post("/account/second-factor/remove", {"password": "no"}).text
        assert mine.post("/account/second-factor/remove", {"password": PASSWORD}).status_code == 303

    def test_password_name_and_sessions_are_ones_own(self, root: Visitor, house: Service) -> None:
        mine = invited(root, "own", "auditor")
        other = Visitor(house)
        assert other.post("/sign-in", {"name": "own", "password": PASSWORD}).status_code == 303
        assert "End all other sessions" in mine.get("/account").text
        assert mine.post("/account/profile", {"display_name": "Own Name", "locale": "zh"}).status_code == 303
        assert "Own Name" in mine.get("/account").text
        wrong = {"current": "no", "new": "some other words here", "again": "some other words here"}
        assert "password is wrong" in mine.post("/account/password", wrong).text
        assert "not the same" in mine.post("/account/password", wrong | {"again": "x"}).text
        assert mine.post("/account/password", wrong | {"current": PASSWORD}).status_code == 303
        assert other.get("").status_code == 303
        assert mine.post("/account/sessions", {}).status_code == 303

    def test_a_key_has_no_account(self, house: Service) -> None:
        _, secret = house.ledger.keys.create(["read"], "a key")
        page = Visitor(house, secret).get("/account").text
        assert "not as a person" in page


def test_who_is_no_administrator_neither_sees_nor_opens_it(root: Visitor) -> None:
    officer = invited(root, "nosy", "officer", "approver")
    assert '/console/admin"' not in officer.get("").text
    for path in ("/admin", "/admin/people", "/admin/keys", "/admin/webhooks", "/admin/feeds", "/admin/policies"):
        assert officer.get(path).status_code == 403, path
    assert (
        officer.post("/admin/people/invite", {"name": "x", "display_name": "X", "role": ["auditor"]}).status_code == 403
    )
    assert officer.get("/admin/audit").status_code == 200


class TestTheHousesOwnProvider:
    """The browser is sent there and comes back; what must be remembered goes with it in a cookie."""

    @pytest.fixture
    def house(self, tmp_path: Path) -> Iterator[Service]:
        """Whoever comes in this way is a person of the house: the other tests have one of their own."""
        with visited(tmp_path) as service:
            yield service

    def test_somebody_comes_back_signed_in(self, house: Service) -> None:
        issuer = Issuer()
        settings = house.settings.model_copy(update=OPENID | {"oidc_client_secret": SecretStr("between-us")})
        house.openid = OpenId(settings, httpx.MockTransport(issuer))
        visitor = Visitor(house)
        assert "Single sign-on" in visitor.get("/sign-in").text
        off = visitor.get("/sign-in/provider")
        issuer.asked = {name: said[0] for name, said in parse_qs(urlsplit(off.headers["location"]).query).items()}
        back = visitor.get(f"/sign-in/openid?code=good&state={issuer.asked['state']}")
        assert back.headers["location"] == "/console"
        assert visitor.me()["caller"]["roles"] == ["officer"]
        assert visitor.get("/account").status_code == 200

    def test_somebody_else_is_told_so(self, house: Service) -> None:
        visitor = Visitor(house)
        back = visitor.get("/sign-in/openid?code=good&state=none")
        assert back.headers["location"] == "/console/sign-in?failed=1"
        assert "does not let you in" in visitor.get("/sign-in?failed=1").text
