"""Signing in by the house's own provider: OpenID Connect Core 1.0, authorization code with PKCE (RFC 7636), state and nonce.

Between the two steps what must be remembered travels with the browser, encrypted: any worker can finish what another began. The
address that the provider sends people back to is fixed by the settings.
"""

from __future__ import annotations

import hmac
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import httpx
import orjson
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from cryptography.fernet import Fernet, InvalidToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.settings import Settings
from engine.ledger import Role

CALLBACK: Final = "/console/sign-in/openid"
TAKES_SECONDS: Final = 600
"""How long somebody may take at the provider."""
_KNOWN_SECONDS: Final = 3600
_LEEWAY: Final = 60
_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures only: a token that the client's own secret could have signed proves nothing about the issuer."""
_TIMEOUT: Final = 10


class OpenIdRefused(Exception):
    """Somebody is not let in. The message is for logs; nothing of it is told outside."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the issuer says of somebody."""

    subject: str
    """Issuer and subject, with a blank between."""
    name: str
    display_name: str
    roles: tuple[Role, ...]


class OpenId:
    """One issuer."""

    def __init__(self, settings: Settings, transport: httpx.BaseTransport | None = None) -> None:
        assert settings.oidc_client_secret is not None, "the settings are whole"
        self._settings, self._transport = settings, transport
        self._secret = settings.oidc_client_secret.get_secret_value()
        key = sha256(b"lexgate openid\0" + self._secret.encode()).digest()
        self._box = Fernet(urlsafe_b64encode(key))
        self._lock = threading.Lock()
        self._known: tuple[float, dict[str, Any], KeySet] | None = None

    @property
    def redirect_uri(self) -> str:
        """Where the issuer sends people back to."""
        return f"{self._settings.public_url.rstrip('/')}{CALLBACK}"

    def begin(self) -> tuple[str, str]:
        """The address at the issuer, and what the browser brings back. Raises OpenIdRefused."""
        found, _ = self._metadata()
        state, nonce, verifier = generate_token(43), generate_token(43), generate_token(64)
        url = prepare_grant_uri(
            found["authorization_endpoint"], self._settings.oidc_client_id, "code", self.redirect_uri,
            self._settings.oidc_scopes, state, nonce=nonce, code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )  # fmt: skip
        return url, self._box.encrypt(orjson.dumps([state, nonce, verifier])).decode()

    def finish(self, kept: str, state: str, code: str) -> Told:
        """Who it is. Raises OpenIdRefused."""
        try:
            wanted, nonce, verifier = orjson.loads(self._box.decrypt(kept.encode(), ttl=TAKES_SECONDS))
        except (InvalidToken, UnicodeEncodeError) as error:
            raise OpenIdRefused("what the browser brought back is too old, or not ours") from error
        if not hmac.compare_digest(wanted.encode(), state.encode()):
            raise OpenIdRefused("the state is another")
        found, keys = self._metadata()
        token = self._token(found["token_endpoint"], code, verifier)
        return self._said(self._claims(token, keys, found["issuer"], nonce))

    def _token(self, endpoint: str, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri, "code_verifier": verifier,
        }  # fmt: skip
        with self._client() as client:
            found = self._json(
                lambda: client.post(endpoint, data=form, auth=(self._settings.oidc_client_id, self._secret))
            )
        token = found.get("id_token")
        if not isinstance(token, str):
            raise OpenIdRefused("the issuer gave no id token")
        return token

    def _claims(self, token: str, keys: KeySet, issuer: str, nonce: str) -> dict[str, Any]:
        """What a token says that the issuer signed for us, just now. (Core, 3.1.3.7)"""
        try:
            claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
            wanted = jwt.JWTClaimsRegistry(
                leeway=_LEEWAY,
                iss={"essential": True, "value": issuer},
                aud={"essential": True, "value": self._settings.oidc_client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            )
            wanted.validate(claims)
        except (JoseError, ValueError) as error:
            raise OpenIdRefused(f"the id token is refused: {type(error).__name__}") from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", self._settings.oidc_client_id if not several else None) != self._settings.oidc_client_id:
            raise OpenIdRefused("the id token was made for another client")
        return dict(claims)

    def _said(self, claims: Mapping[str, Any]) -> Told:
        values = claims.get(self._settings.oidc_roles_claim, [])
        held = {values} if isinstance(values, str) else {one for one in values if isinstance(one, str)}
        mapping = self._settings.openid_roles
        wanted = {role for value, role in mapping.items() if value in held}
        roles = tuple(role for role in Role if role in wanted)
        if not roles:
            raise OpenIdRefused("none of the claim's values is a role here")
        name = str(claims.get("preferred_username") or claims.get("email") or claims["sub"])
        return Told(f"{claims['iss']} {claims['sub']}", name, str(claims.get("name") or name)[:120], roles)

    def _metadata(self) -> tuple[dict[str, Any], KeySet]:
        """What the issuer tells of itself, and its keys; remembered for an hour."""
        with self._lock:
            if self._known is not None and self._known[0] > time.monotonic():
                return self._known[1], self._known[2]
            issuer = self._settings.oidc_issuer.rstrip("/")
            with self._client() as client:
                found = self._json(lambda: client.get(f"{issuer}/.well-known/openid-configuration"))
                if str(found.get("issuer", "")).rstrip("/") != issuer:
                    raise OpenIdRefused("the issuer calls itself otherwise")
                keys = KeySet.import_key_set(self._json(lambda: client.get(found["jwks_uri"])))  # type: ignore[arg-type]
            self._known = time.monotonic() + _KNOWN_SECONDS, found, keys
            return found, keys

    def _client(self) -> httpx.Client:
        return httpx.Client(transport=self._transport, timeout=_TIMEOUT, follow_redirects=False)

    def _json(self, ask: Any) -> dict[str, Any]:
        try:
            answer: httpx.Response = ask()
            found = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise OpenIdRefused(f"the issuer did not answer: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise OpenIdRefused("the issuer answered something else")
        return found
