"""What the UK imposes, in the words of the UK Sanctions List, to the measures of the house. The words drive what follows from
a hit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_MEASURES: Final = (
    ("asset freeze", "asset_freeze"),
    ("travel ban", "travel_ban"),
    ("immigration", "travel_ban"),
    ("arms embargo", "arms_embargo"),
    ("investment ban", "investment_ban"),
    ("export", "export_control"),
    ("trade sanctions", "export_control"),
    ("technical assistance", "export_control"),
    ("transferable securities", "sectoral"),
    ("loans", "sectoral"),
    ("correspondent banking", "sectoral"),
    ("clearing", "sectoral"),
)


def measures(said: str) -> Iterator[str]:
    """Of `Asset freeze|Travel Ban|Prohibition of port entry`; what is not in the vocabulary comes as `other:` and the words."""
    for part in said.split("|"):
        words = " ".join(part.split())
        if words:
            folded = words.casefold()
            yield next((code for known, code in _MEASURES if known in folded), f"other:{words}")
