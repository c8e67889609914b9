"""Signing in by the house's own provider: a fake one that plays by the rules, and the many ways in which one might not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from api.openid import OpenId
from api.service import Service
from api.settings import Settings, SettingsRefused, read_settings
from tests.api.client import Client, Reply
from tests.api.people import bearer, notes

ISSUER = "https://id.example/realm"
OPENID = {
    "oidc_issuer": ISSUER, "oidc_client_id": "lexgate", "oidc_client_secret": "between-us", "public_url": "https://lexgate.example",
    "oidc_roles": "compliance=officer, heads=approver, it=administrator",
}  # fmt: skip


class Issuer:
    """A provider. `claims` are added to what it says; `key` signs."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "1"})
        self.claims: dict[str, Any] = {"groups": ["compliance"]}
        self.asked: dict[str, str] = {}
        self.signs_with = self.key
        self.algorithm = "RS256"

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("/openid-configuration"):
            return httpx.Response(200, json={
                "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys",
            })  # fmt: skip
        if path.endswith("/keys"):
            return httpx.Response(200, json=KeySet([self.key]).as_dict(private=False))
        form = dict(parse_qsl(request.content.decode()))
        right = create_s256_code_challenge(form["code_verifier"]) == self.asked["code_challenge"]
        if not right or form["code"] != "good" or form["redirect_uri"] != self.asked["redirect_uri"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        return httpx.Response(200, json={"access_token": "x", "token_type": "Bearer", "id_token": self.token()})

    def token(self) -> str:
        now = int(time.time())
        said = {
            "iss": ISSUER, "sub": "u-1", "aud": "lexgate", "iat": now, "exp": now + 300, "nonce": self.asked["nonce"],
            "preferred_username": "Mona", "name": "Mona Lind", **self.claims,
        }  # fmt: skip
        return jwt.encode({"alg": self.algorithm, "kid": "1"}, said, self.signs_with)


class Door:
    """Somebody who goes to the provider and comes back."""

    def __init__(self, client: Client, issuer: Issuer) -> None:
        self.client, self.issuer = client, issuer

    def begin(self) -> dict[str, str]:
        begun = self.client.post("/v1/sign-in/openid", {}, {"authorization": None}).json()
        self.issuer.asked = {name: said[0] for name, said in parse_qs(urlsplit(begun["url"]).query).items()}
        return {"kept": begun["kept"], "state": self.issuer.asked["state"], "code": "good"}

    def finish(self, back: dict[str, str]) -> Reply:
        return self.client.post("/v1/sign-in/openid/finish", back, {"authorization": None})

    def come(self, **claims: Any) -> Reply:
        self.issuer.claims = {"groups": ["compliance"], **claims}
        return self.finish(self.begin())


@pytest.fixture(scope="module")
def service(open_service: Callable[..., Service]) -> Service:
    return open_service(**OPENID)


@pytest.fixture
def door(client: Client, service: Service) -> Door:
    issuer = Issuer()
    service.openid = OpenId(service.settings, httpx.MockTransport(issuer))
    return Door(client, issuer)


def test_who_is_known_there_is_let_in_with_the_roles_said_there(door: Door, client: Client) -> None:
    reply = door.come(sub="first", preferred_username="First")
    assert reply.status == 201
    caller = reply.json()["caller"]
    assert (caller["name"], caller["display_name"], caller["roles"]) == ("first", "Mona Lind", ["officer"])
    assert client.get("/v1/drafts", bearer(reply.json()["token"])).status == 200
    asked = door.issuer.asked
    assert (asked["redirect_uri"], asked["code_challenge_method"], asked["client_id"]) == (
        "https://lexgate.example/console/sign-in/openid", "S256", "lexgate",
    )  # fmt: skip
    again = door.come(sub="first", groups=["heads"])
    assert (again.json()["caller"]["id"], again.json()["caller"]["roles"]) == (caller["id"], ["approver"])
    session = client.get("/v1/session", bearer(again.json()["token"])).json()
    assert (session["password"], session["caller"]["scopes"]) == (False, ["read", "approve", "review"])


def test_without_a_role_nobody_is_let_in(door: Door, service: Service) -> None:
    before = len(notes(service, "session.refused"))
    for groups in ([], ["gardeners"], ["it", "compliance"], ["IT"]):
        reply = door.come(sub="nobody", groups=groups)
        assert (reply.status, reply.json()["type"]) == (401, "urn:lexgate:problem:openid_refused")
    assert len(notes(service, "session.refused")) == before + 4
    assert service.ledger.people.known_as(f"{ISSUER} nobody") is None


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["lexgate", "another"]},
        {"azp": "another"},
        {"nonce": "another"},
        {"exp": 1},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_now_opens_nothing(door: Door, claims: dict[str, Any]) -> None:
    assert door.come(**claims).status == 401


def test_a_token_that_another_key_signed_opens_nothing(door: Door) -> None:
    door.issuer.signs_with = RSAKey.generate_key(2048, {"kid": "1"})
    assert door.come(sub="forged").status == 401


def test_the_state_and_the_browser_are_those_that_began(door: Door) -> None:
    first, second = door.begin(), door.begin()
    assert door.finish({**second, "state": first["state"]}).status == 401
    assert door.finish({**second, "kept": first["kept"]}).status == 401
    assert door.finish({**second, "kept": "gAAAAA"}).status == 401
    assert door.finish({**second, "code": "stolen"}).status == 401
    assert door.finish(second).status == 201


def test_an_account_here_is_not_taken_over_by_its_name(door: Door, client: Client) -> None:
    invited = client.post("/v1/people", {"name": "local", "display_name": "Local", "roles": ["auditor"]}).json()
    come = door.come(sub="stranger", preferred_username="local").json()["caller"]
    assert come["id"] != invited["id"]
    assert come["name"].startswith("openid-")


def test_who_is_kept_out_here_stays_out(door: Door, client: Client) -> None:
    person = door.come(sub="leaves").json()["caller"]["id"]
    client.post(f"/v1/people/{person}/disable", {"reason": "Has left"})
    assert door.come(sub="leaves").status == 401


def test_a_provider_that_does_not_answer_lets_nobody_in(door: Door, service: Service, client: Client) -> None:
    service.openid = OpenId(service.settings, httpx.MockTransport(lambda _: httpx.Response(500)))
    assert client.post("/v1/sign-in/openid", {}, {"authorization": None}).status == 401


def test_ways_to_sign_in_are_told(client: Client, door: Door, service: Service) -> None:
    assert client.get("/v1/sign-in", {"authorization": None}).json() == {"password": True, "openid": "Single sign-on"}
    service.openid = None
    assert client.get("/v1/sign-in", {"authorization": None}).json() == {"password": True, "openid": None}
    assert client.post("/v1/sign-in/openid", {}, {"authorization": None}).status == 404


def test_settings_that_are_not_whole_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXGATE_OIDC_ISSUER", ISSUER)
    with pytest.raises(SettingsRefused, match="LEXGATE_OIDC_CLIENT_ID"):
        read_settings()
    monkeypatch.setenv("LEXGATE_OIDC_ROLES", "compliance=king")
    with pytest.raises(SettingsRefused, match="roles are officer"):
        read_settings()
    assert Settings(**OPENID).openid_roles["heads"] == "approver"
