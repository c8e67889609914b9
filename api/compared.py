"""Comparisons of drafts that were asked for a moment ago: those who review one ask for it again and again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from engine.diffs import Comparison
from engine.packs import PackSet

KEPT: Final = 8
"""Each holds the release that a draft would become; what both have in common is held once."""
Found = tuple[Comparison, PackSet]
Key = tuple[object, ...]


@dataclass(slots=True)
class Compared:
    """The last of them, by what they are of: the draft and the number of its last event, what it follows, and what was asked."""

    _known: OrderedDict[Key, Found] = field(default_factory=OrderedDict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def of(self, key: Key, work: Callable[[], Found], *, meaning: bool) -> Found:
        """What is known of the key, else what the work comes to. Whoever wants the text alone is also given what was found
        with its meaning. Raises what the work raises."""
        for wanted in ((*key, True),) if meaning else ((*key, True), (*key, False)):
            with self._turn:
                found = self._known.get(wanted)
                if found is not None:
                    self._known.move_to_end(wanted)
                    return found
        made = work()
        with self._turn:
            self._known[(*key, meaning)] = made
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return made
