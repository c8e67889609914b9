"""Who asks: API keys and sessions as bearer tokens (RFC 6750), looked up once and remembered for moments."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from api.denials import Denial, Deny, Why
from api.problems import Problem, unauthenticated
from engine.ledger import ApiKey, KeyStore, Scope
from engine.ledger.sessions import SESSION_PREFIX

REMEMBERED_SECONDS: Final = 5
"""On top of the key store's own: a key that another process revokes is honoured for ten seconds at most."""
_REMEMBERED: Final = 1024
_LONGEST: Final = 512

SignedInBy = Callable[[str], ApiKey | None]
"""Who holds the token of a session; None: nobody."""
HeldBy = Callable[[str], str | None]
"""The id of whoever held the token of a session, good or not; None: nobody ever did."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A caller who was let in, until when that need not be asked again, and from where they may call; empty: anywhere."""

    key: ApiKey
    until: int
    networks: tuple[IPv4Network | IPv6Network, ...]


def nobody(_token: str) -> None:
    """Where there are no sessions."""


def untold(_denial: Denial) -> None:
    """Where nobody keeps what was denied."""


class Door:
    """Lets in who may come in. Only the first look at a token asks the ledger, and not on the event loop."""

    __slots__ = ("_held", "_keys", "_known", "_signed_in", "deny")

    def __init__(
        self, keys: KeyStore, signed_in: SignedInBy = nobody, held: HeldBy = nobody, deny: Deny = untold
    ) -> None:
        self._keys = keys
        self._signed_in, self._held = signed_in, held
        self.deny = deny
        """Told of everybody who is not let in."""
        self._known: dict[bytes, _Known] = {}

    async def authenticate(
        self,
        authorization: bytes | None,
        wanted: Scope | None,
        otherwise: Scope | None = None,
        source: str = "",
    ) -> ApiKey:
        """The key or the person in the header, who may do what is wanted, by either scope where there are two; by none where
        none is wanted. `source`: the address of the caller. Raises 401 or 403."""
        known = self._known.get(authorization) if authorization is not None else None
        if known is None or known.until <= time.monotonic_ns():
            known = await self._look_up(authorization, source)
        key = known.key
        if known.networks and not _within(source, known.networks):
            self.deny(Denial(Why.ADDRESS, key.id, source))
            raise Problem("forbidden", "This key may not be used from this address.")
        if wanted is not None and wanted not in key.scopes and (otherwise is None or otherwise not in key.scopes):
            self.deny(Denial(Why.SCOPE, key.id, source, wanted.value))
            raise lacking(wanted)
        return key

    def forget(self) -> None:
        """Ask the ledger about everybody again: somebody was shut out."""
        self._known.clear()

    async def _look_up(self, authorization: bytes | None, source: str) -> _Known:
        try:
            secret = _token(authorization)
        except Problem:
            self.deny(Denial(Why.NO_TOKEN, source=source))
            raise
        is_session = secret.startswith(SESSION_PREFIX)
        key = await asyncio.to_thread(self._signed_in if is_session else self._keys.authenticate, secret)
        if key is None:
            self.deny(await asyncio.to_thread(self._denial, secret, is_session, source))
            said = "This session is over: sign in again." if is_session else "This API key is not known."
            raise unauthenticated(said, challenge=', error="invalid_token"')
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        assert authorization is not None
        until = time.monotonic_ns() + REMEMBERED_SECONDS * 1_000_000_000
        found = self._known[authorization] = _Known(key, until, tuple(map(ip_network, key.terms.sources)))
        return found

    def _denial(self, secret: str, is_session: bool, source: str) -> Denial:
        """Who it was that had this token once."""
        if is_session:
            holder = self._held(secret)
            return Denial(Why.UNKNOWN if holder is None else Why.SESSION_OVER, holder or "", source)
        key = self._keys.whose(secret)
        if key is None:
            return Denial(Why.UNKNOWN, source=source)
        return Denial(Why.EXPIRED if key.revoked_at is None else Why.REVOKED, key.id, source)


def lacking(wanted: Scope) -> Problem:
    """403 for a key without a scope."""
    challenge = f'Bearer realm="lexgate", error="insufficient_scope", scope="{wanted}"'
    return Problem("forbidden", f"This needs the scope `{wanted}`.", headers={"www-authenticate": challenge})


def _within(source: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    """Whether an address lies in one of these; what is no address lies nowhere."""
    try:
        address = ip_address(source)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped or address) in network for network in networks)


def _token(authorization: bytes | None) -> str:
    if authorization is None:
        raise unauthenticated("Send `Authorization: Bearer lx_...`.")
    scheme, _, token = authorization.partition(b" ")
    token = token.strip(b" ")
    if scheme.lower() != b"bearer" or not token or len(token) > _LONGEST:
        raise unauthenticated("Send `Authorization: Bearer lx_...`.", challenge=', error="invalid_request"')
    return token.decode("latin-1")
