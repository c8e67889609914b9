"""Who asks: API keys as bearer tokens (RFC 6750), looked up once and remembered for moments."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from api.problems import Problem, unauthenticated
from engine.ledger import ApiKey, KeyStore, Scope

REMEMBERED_SECONDS: Final = 5
"""On top of the key store's own: a key that another process revokes is honoured for ten seconds at most."""
_REMEMBERED: Final = 1024
_LONGEST: Final = 512


class Door:
    """Lets in who may come in. Only the first look at a key asks the ledger, and not on the event loop."""

    __slots__ = ("_keys", "_known")

    def __init__(self, keys: KeyStore):
        self._keys = keys
        self._known: dict[bytes, tuple[ApiKey, int]] = {}

    async def authenticate(self, authorization: bytes | None, wanted: Scope, otherwise: Scope | None = None) -> ApiKey:
        """The key in the header, if it may do what is wanted, by either scope where there are two. Raises 401 or 403."""
        key = await self.known(authorization)
        if wanted not in key.scopes and (otherwise is None or otherwise not in key.scopes):
            raise lacking(wanted)
        return key

    async def known(self, authorization: bytes | None) -> ApiKey:
        """The key in the header, whatever it may do. Raises 401."""
        known = self._known.get(authorization) if authorization is not None else None
        if known is not None and known[1] > time.monotonic_ns():
            return known[0]
        return await self._look_up(authorization)

    async def _look_up(self, authorization: bytes | None) -> ApiKey:
        secret = _token(authorization)
        key = await asyncio.to_thread(self._keys.authenticate, secret)
        if key is None:
            raise unauthenticated("This API key is not known.", challenge=', error="invalid_token"')
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        assert authorization is not None
        self._known[authorization] = key, time.monotonic_ns() + REMEMBERED_SECONDS * 1_000_000_000
        return key


def lacking(wanted: Scope) -> Problem:
    """403 for a key without a scope."""
    challenge = f'Bearer realm="lexgate", error="insufficient_scope", scope="{wanted}"'
    return Problem("forbidden", f"This needs the scope `{wanted}`.", headers={"www-authenticate": challenge})


def _token(authorization: bytes | None) -> str:
    if authorization is None:
        raise unauthenticated("Send `Authorization: Bearer lx_...`.")
    scheme, _, token = authorization.partition(b" ")
    token = token.strip(b" ")
    if scheme.lower() != b"bearer" or not token or len(token) > _LONGEST:
        raise unauthenticated("Send `Authorization: Bearer lx_...`.", challenge=', error="invalid_request"')
    return token.decode("latin-1")
