"""What OFAC's lists do to whoever is on them: the SDN list blocks; the others only forbid what their programme says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SDN: Final = "OFAC-SDN"

_OTHERS: Final = (
    ("CMIC", "investment_ban"),  # E.O. 13959 as amended by E.O. 14032
    ("UKRAINE-EO13662", "sectoral"),  # the directives of the Sectoral Sanctions Identifications list
    ("RUSSIA-EO14024", "sectoral"),  # the directives under E.O. 14024
    ("BURMA-EO14014", "sectoral"),  # directive 1 under E.O. 14014
    ("MBS", "other:menu-based sanctions"),
    ("561", "other:correspondent accounts"),  # 31 CFR 561.201 and the CAPTA list
    ("HIFPAA", "other:correspondent accounts"),
    ("CAPTA", "other:correspondent accounts"),
    ("NS-PLC", "other:transactions with members of the Palestinian Legislative Council"),
    ("FSE", "other:transactions of foreign sanctions evaders"),  # E.O. 13608
)


def measures(code: str, programmes: Iterable[str]) -> tuple[str, ...]:
    """The measures of an entry by list and programmes. On another list than the SDN one, an unknown programme is told by its
    name.
    """
    if code == SDN:
        return ("asset_freeze",)
    return tuple(dict.fromkeys(_of(programme) for programme in programmes)) or ("other:not told",)


def _of(programme: str) -> str:
    return next((measure for part, measure in _OTHERS if part in programme.upper()), f"other:{programme}")
