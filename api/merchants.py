"""Stored merchants at the edge: their profiles, remembered for moments, handed to decisions that name a merchant."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

import orjson

from engine.ledger import Merchants, StoredProfile

REMEMBERED_SECONDS: Final = 5
"""How long another process may go on with a profile that was changed here."""
_REMEMBERED: Final = 4096


class MerchantProfiles:
    """The latest profile of a merchant by its id, JSON-ready, with its `id` and `version`; None: not stored."""

    __slots__ = ("_known", "_merchants")

    def __init__(self, merchants: Merchants) -> None:
        self._merchants = merchants
        self._known: dict[str, tuple[Mapping[str, Any] | None, int]] = {}

    def __call__(self, merchant: str) -> Mapping[str, Any] | None:
        """The first look asks the ledger; who is not stored is remembered as well."""
        known = self._known.get(merchant)
        if known is not None and known[1] > time.monotonic_ns():
            return known[0]
        stored = self._merchants.one(merchant)
        found = None if stored is None else body_of(stored)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[merchant] = found, time.monotonic_ns() + REMEMBERED_SECONDS * 1_000_000_000
        return found

    def forget(self, merchant: str) -> None:
        """It was changed: the next look asks again."""
        self._known.pop(merchant, None)


def body_of(stored: StoredProfile) -> dict[str, Any]:
    """A version of a profile as it is answered, and as decisions use it."""
    said: dict[str, Any] = orjson.loads(stored.profile)
    return {"id": stored.merchant, "version": stored.version, "updated_at": stored.at.isoformat(), **said}
