"""Stored decisions: shown, searched, explained, asked again."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any, Unpack, cast

from lexgate_client._async.transport import AsyncTransport
from lexgate_client._decision import AnyDecision, Decision, DecisionsWanted, ErasedDecision, Replay, Summary
from lexgate_client._wire import Query, part


class AsyncDecisions:
    """`client.decisions`. Needs the scope `read`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(self, decision_id: str) -> Decision:
        """As it was answered."""
        return await self._transport.ask("GET", f"/v1/decisions/{part(decision_id)}", Decision)

    async def explanation(self, decision_id: str, *, language: str | None = None) -> dict[str, Any]:
        """Every rule that was looked at, with the value of each sub-expression."""
        path = f"/v1/decisions/{part(decision_id)}/explanation"
        return await self._transport.ask("GET", path, dict[str, Any], language=language)

    async def replay(
        self, decision_id: str, *, release: str | None = None, legal_time: dt.date | dt.datetime | None = None
    ) -> Replay:
        """Decide again: as it was, under another release, or under the law of another day. Stores nothing."""
        query = {"release": release, "legal_time": legal_time}
        return await self._transport.ask("POST", f"/v1/decisions/{part(decision_id)}/replay", Replay, query=query)

    def search(self, *, limit: int = 50, **wanted: Unpack[DecisionsWanted]) -> AsyncIterator[Decision | ErasedDecision]:
        """The newest first, page after page of `limit` as they are taken. Whatever is asked must hold."""
        return self._transport.pages("/v1/decisions", AnyDecision, {**_query(wanted), "limit": limit})

    def summaries(self, *, limit: int = 50, **wanted: Unpack[DecisionsWanted]) -> AsyncIterator[Summary]:
        """The same in short: what a list shows of each."""
        return self._transport.pages("/v1/decisions", Summary, {**_query(wanted), "limit": limit, "view": "summary"})


def _query(wanted: DecisionsWanted) -> Query:
    return cast(Query, wanted)
