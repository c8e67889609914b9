"""An officer's word that a subject is not the one who is listed. It holds for what was looked at, and for nothing else.

It is bound to the subject's data as screened, to the entry as listed and to the reasons of the match: when any of them changes,
it says nothing any more. By what a subject pays and is reached (accounts, addresses of e-mail, telephone numbers) it is bound
where the match rests on it: whoever has a new telephone is still the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

import orjson

from engine.screening.lists.reading import version
from engine.screening.model import Match, Screened

MEANS: Final = frozenset({"account", "email", "phone", "website"})
"""Identifiers by which somebody pays or is reached: they come and go, and say less of who it is."""


class Given(Protocol):
    """A clearance as somebody keeps it."""

    @property
    def id(self) -> str:
        """Its id: what a match that it takes away names."""
        ...

    @property
    def subject_digest(self) -> str:
        """`digest_of` the data that were screened."""
        ...

    @property
    def entry(self) -> str:
        """`LIST:key`."""
        ...

    @property
    def entry_digest(self) -> str:
        """The version of the entry as it was matched."""
        ...

    @property
    def features(self) -> tuple[str, ...]:
        """`features_of` the match."""
        ...

    def holds(self, at: datetime) -> bool:
        """Whether it may clear anything at an instant: approved, not revoked, not outlived."""
        ...


def cleared(found: Screened, subject_digest: str, given: Iterable[Given], at: datetime) -> Screened:
    """The matches that a clearance takes away are marked. It must hold, and say all of it: data, version, features.

    `given`: the subject's own clearances. The verdict is left as it is.
    """
    by = {
        (one.entry, one.entry_digest, one.features): one.id
        for one in given
        if one.holds(at) and one.subject_digest == subject_digest
    }
    if not by:
        return found
    matches = tuple(
        replace(one, cleared_by=one.cleared_by or by.get((one.entry.id, version(one.entry), features_of(one))))
        for one in found.matches
    )
    return replace(found, matches=matches)


def digest_of(asked: Mapping[str, Any], *, means: bool = False) -> str:
    """SHA-256 of who it is that is screened, hex; `asked` as in `POST /v1/screenings`. Silence about a thing is no other data,
    nor is another order of identifiers, nor, without `means`, another account or address."""
    whole = asked if means else identity_of(asked)
    told = {name: value for name, value in whole.items() if value not in (None, [], ())}
    if "ids" in told:
        told["ids"] = sorted([one["type"], one["value"], one.get("country") or ""] for one in told["ids"])
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def identity_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of who it is, without the means."""
    ids = [one for one in asked.get("ids") or () if one["type"] not in MEANS]
    return {**{name: value for name, value in asked.items() if name != "ids"}, **({"ids": ids} if ids else {})}


def features_of(match: Match) -> tuple[str, ...]:
    """What matched, sorted: a match that came about in another way is another one. Not by how much: how rare a word is changes
    with every edition of any list, and says nothing new of the two."""
    return tuple(sorted({feature_of(one.code, one.queried, one.listed) for one in match.features}))


def feature_of(code: str, queried: str, listed: str) -> str:
    """One reason of a match as a clearance is bound to it."""
    return f"{code}:{queried}:{listed}"


def rests_on_means(reasons: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a match, by its reasons as they are told, was found by an account or another means."""
    return any(one["code"] == "identifier" and one["queried"].partition(" ")[0] in MEANS for one in reasons)
