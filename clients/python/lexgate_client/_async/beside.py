"""What is asked beside the checkout: screenings, merchants, keys, changes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from lexgate_client._async.transport import AsyncTransport
from lexgate_client._beside import Change, IdOf, Key, KeyMade, Merchant, Profile, Scope, Screened
from lexgate_client._scalars import Instant
from lexgate_client._wire import part


class AsyncScreenings:
    """`client.screenings`. Needs the scope `screen`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def screen(
        self,
        name: str | None = None,
        *,
        kind: str | None = None,
        aliases: Sequence[str] | None = None,
        birth_date: str | None = None,
        country: str | None = None,
        nationality: str | None = None,
        ids: Sequence[IdOf] | None = None,
        subject: str | None = None,
        idempotency_key: str | None = None,
    ) -> Screened:
        """Hold somebody against every list that is loaded. `birth_date`: a day, a month or a year."""
        stated = {
            "name": name, "kind": kind, "aliases": aliases, "birth_date": birth_date, "country": country,
            "nationality": nationality, "ids": ids, "subject": subject,
        }  # fmt: skip
        body = {one: value for one, value in stated.items() if value is not None}
        return await self._transport.ask("POST", "/v1/screenings", Screened, body=body, idempotency_key=idempotency_key)

    async def get(self, screening_id: str) -> Screened:
        """As it was answered."""
        return await self._transport.ask("GET", f"/v1/screenings/{part(screening_id)}", Screened)


class AsyncMerchants:
    """`client.merchants`. Reading needs the scope `read`, keeping `edit`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(self, merchant_id: str, *, version: int | None = None) -> Merchant:
        """As it is, or as it was in one version."""
        path = f"/v1/merchants/{part(merchant_id)}"
        return await self._transport.ask("GET", path, Merchant, query={"version": version})

    async def put(self, merchant_id: str, profile: Profile) -> Merchant:
        """Keep the whole profile: what is not in it is not known any more."""
        return await self._transport.ask("PUT", f"/v1/merchants/{part(merchant_id)}", Merchant, body=profile)

    def all(self, *, limit: int = 50) -> AsyncIterator[Merchant]:
        """In the order of their ids, page after page as they are taken."""
        return self._transport.pages("/v1/merchants", Merchant, {"limit": limit})


class AsyncKeys:
    """`client.keys`. Needs the scope `admin`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def all(self, *, limit: int = 50) -> AsyncIterator[Key]:
        """The oldest first, those that are over too."""
        return self._transport.pages("/v1/keys", Key, {"limit": limit})

    async def get(self, key_id: str) -> Key:
        """What it may do, its limits, and when it was last seen."""
        return await self._transport.ask("GET", f"/v1/keys/{part(key_id)}", Key)

    async def make(
        self,
        name: str,
        scopes: Sequence[Scope],
        *,
        expires_at: Instant | None = None,
        sources: Sequence[str] = (),
        countries: Sequence[str] = (),
        merchants: Sequence[str] = (),
        idempotency_key: str | None = None,
    ) -> KeyMade:
        """Its secret is in this answer and nowhere else: a retry whose first answer was lost has None in its place."""
        body = {
            "name": name, "scopes": scopes, "sources": sources, "countries": countries, "merchants": merchants,
            **({"expires_at": expires_at} if expires_at is not None else {}),
        }  # fmt: skip
        return await self._transport.ask("POST", "/v1/keys", KeyMade, body=body, idempotency_key=idempotency_key)

    async def rotate(self, key_id: str, *, overlap_hours: int = 24, idempotency_key: str | None = None) -> KeyMade:
        """Another key like it; the old one is good for so many hours more."""
        path, body = f"/v1/keys/{part(key_id)}/rotate", {"overlap_hours": overlap_hours}
        return await self._transport.ask("POST", path, KeyMade, body=body, idempotency_key=idempotency_key)

    async def revoke(self, key_id: str, reason: str, *, idempotency_key: str | None = None) -> Key:
        """For good."""
        path = f"/v1/keys/{part(key_id)}/revoke"
        return await self._transport.ask("POST", path, Key, body={"reason": reason}, idempotency_key=idempotency_key)


class AsyncChanges:
    """`client.changes`. Reading needs the scope `read`, working on one `edit`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def all(self, *, limit: int = 50, **wanted: str) -> AsyncIterator[Change]:
        """What regulators published; `wanted` as the query of `GET /v1/changes` names it: state, jurisdiction, domain ..."""
        return self._transport.pages("/v1/changes", Change, {**wanted, "limit": limit})

    async def get(self, change_id: str) -> Change:
        """One, whole."""
        return await self._transport.ask("GET", f"/v1/changes/{part(change_id)}", Change)

    async def comment(self, change_id: str, reason: str, *, idempotency_key: str | None = None) -> Change:
        """Say something about it."""
        path = f"/v1/changes/{part(change_id)}/comment"
        return await self._transport.ask("POST", path, Change, body={"reason": reason}, idempotency_key=idempotency_key)

    async def dismiss(self, change_id: str, reason: str, *, idempotency_key: str | None = None) -> Change:
        """It changes nothing here."""
        path = f"/v1/changes/{part(change_id)}/dismiss"
        return await self._transport.ask("POST", path, Change, body={"reason": reason}, idempotency_key=idempotency_key)
