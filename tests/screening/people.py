"""Invented people and companies on an invented list, for the stories of this room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from engine.screening.model import Born, Edition, EntityKind, Identifier, Listed, ListedName, NameKind, Query, Screened
from engine.screening.screener import Lists, ListScreener

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
PERSON, ORGANISATION, VESSEL = EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.VESSEL


def on(day: str) -> Born:
    """A day of birth."""
    return Born(date.fromisoformat(day), date.fromisoformat(day))


def year(of: int) -> Born:
    """A year of birth."""
    return Born(date(of, 1, 1), date(of, 12, 31))


def entry(key: str, *names: str | ListedName, kind: EntityKind = PERSON, code: str = "TEST", **more: Any) -> Listed:
    """An entry; the first name is its primary one."""
    told = [name if isinstance(name, ListedName) else ListedName(name, NameKind.ALIAS if at else NameKind.PRIMARY)
            for at, name in enumerate(names)]  # fmt: skip
    return Listed(code, key, kind, tuple(told), **more)


def edition(code: str = "TEST", *, published: datetime = NOW, stale_after_days: int | None = 30) -> Edition:
    """An edition of a list."""
    return Edition(code, "0" * 64, published, published, "by hand", 1, (), stale_after_days)


WORD_ONE = [
    "Zorvan",
    "Belatour",
    "Kestrin",
    "Omuldi",
    "Paravel",
    "Quessen",
    "Rhadamor",
    "Selviku",
    "Tarnogi",
    "Ulvendal",
    "Vashtori",
    "Wendrick",
]
WORD_TWO = [
    "Abrelin",
    "Bostaki",
    "Cervando",
    "Drummel",
    "Estovar",
    "Fandrik",
    "Gorlemi",
    "Hastovi",
    "Irmagan",
    "Jodrelu",
    "Kalvesto",
    "Lumbrani",
]
CROWD = [entry(f"crowd-{one}-{two}", f"{one} {two}") for one in WORD_ONE for two in WORD_TWO]
"""Others on the list, so that words have weights."""

TSIREGOV = entry(
    "1", "Vladimir Sergeevich TSIREGOV", "Владимир Сергеевич ЦИРЕГОВ", births=(on("1961-03-12"),), genders=("male",),
    nationalities=("RU",), identifiers=(Identifier("passport", "71 4455667", "RU"),),
)  # fmt: skip
HADRAWI = entry(
    "2", "Abd al-Rahman Yusuf AL-HADRAWI", ListedName("Abu Tareq", NameKind.ALIAS, weak=True), births=(year(1974),)
)
VELMORA = entry("3", "VELMORA SHIPPING AND TRADING CO., LTD.", kind=ORGANISATION, countries=("PA",))
STERNFELD = entry("4", "STERNFELD 7", kind=VESSEL, identifiers=(Identifier("imo", "IMO 9999993"),))
WALLET = entry(
    "5", "Orsolya KELEMVARI", identifiers=(Identifier("crypto", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", detail="XBT"),)
)
EVERYBODY = (TSIREGOV, HADRAWI, VELMORA, STERNFELD, WALLET, *CROWD)


def screener(entries: Iterable[Listed] = EVERYBODY, **more: Any) -> ListScreener:
    """A screener over one list of them."""
    return ListScreener(Lists([(edition(), entries)]), **more)


SCREENER = screener()


def asked(name: str | None, kind: EntityKind = PERSON, *, by: ListScreener = SCREENER, **more: Any) -> Screened:
    """What comes of a query."""
    return by.screen(Query(name, kind, **more), NOW)


def found(screened: Screened) -> list[str]:
    """Keys of the entries that might be meant, best first."""
    return [match.entry.key for match in screened.matches]
