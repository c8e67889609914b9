"""The lists of the ledger, indexed in memory, and made anew when an edition changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Final

from api.logs import logger
from api.screening import Loaded
from api.screening_lists import active_lists, edition_fingerprint
from engine.ledger import Ledger, LedgerError
from engine.screening.model import Screener
from engine.screening.rescreening import OnlyNew
from engine.screening.screener import Lists, ListScreener

POLL_SECONDS: Final = 2
"""How long an edition may be in force before everybody here knows it, but for the time of indexing it."""
_log = logger("lexgate.lists")


class ListsInForce:
    """What screening asks: the index of now. Reading megabytes and indexing them takes seconds, and happens in a thread of its
    own where there is one, so that no payment waits; before it there was another index, or nobody was clear.
    """

    def __init__(self, ledger: Ledger, required: tuple[str, ...], stale_days: Mapping[str, int]) -> None:
        self._ledger, self._required, self._stale_days = ledger, required, dict(stale_days)
        self._loaded: Loaded | None = None
        self._building = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._looked = -1.0
        self._news: dict[str, Screener | None] = {}

    def __call__(self) -> Loaded | None:
        """The index; None: no list is in force. Looks after the ledger itself where no thread does."""
        if self._thread is None and time.monotonic() - self._looked > POLL_SECONDS:
            self.refresh()
        return self._loaded

    def refresh(self) -> None:
        """Make the index anew if an edition changed. Where the ledger cannot be read, what was known stays."""
        with self._building:
            try:
                fingerprint = edition_fingerprint(self._ledger)
                self._looked = time.monotonic()
                if self._loaded is not None and self._loaded.fingerprint == fingerprint:
                    return
                found = active_lists(self._ledger, self._stale_days)
            except LedgerError as error:
                _log.warning("lists_unread", code=error.code)
                return
            if found:
                self._news.clear()
                screener = ListScreener(Lists(found), required=self._required)
                self._loaded = Loaded(screener, fingerprint, lambda before: self._since(screener, before, fingerprint))

    def start(self) -> None:
        """Read what is in force, then look after it in a thread of its own."""
        self.refresh()
        self._thread = threading.Thread(target=self._run, name="lexgate-lists", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            self.refresh()

    def _since(self, screener: Screener, before: str, now: str) -> Screener | None:
        """Kept for each earlier fingerprint: all parties that were last screened by the same editions ask the same."""
        if before not in self._news:
            new = self._new_entries(before, now)
            self._news[before] = None if new is None else OnlyNew(screener, new)
        return self._news[before]

    def _new_entries(self, before: str, now: str) -> frozenset[str] | None:
        """Ids of the entries that earlier editions did not have, or not as they are now. None: that is not known."""
        try:
            older, newer = _editions(before), _editions(now)
            found: set[str] = set()
            for code, seq in newer.items():
                if older.get(code) == seq:
                    continue
                known = self._ledger.lists.versions(older[code]) if code in older else {}
                found.update(
                    f"{code}:{key}"
                    for key, version in self._ledger.lists.versions(seq).items()
                    if known.get(key) != version
                )
        except (LedgerError, ValueError):
            return None
        return frozenset(found)


def _editions(fingerprint: str) -> dict[str, int]:
    """What a fingerprint is made of. Raises ValueError for what is none."""
    pairs = (part.partition("=") for part in fingerprint.split(","))
    return {code: int(seq) for code, _, seq in pairs}
