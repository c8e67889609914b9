"""Screening at the edge: the lists that are loaded are asked, clearances are applied, and it is told why.

Nothing here matches names: that is for whoever implements `Screener`. What is guarded here is that nothing is ever `clear` by
want of lists: where none is loaded, one is missing or one is stale, the verdict is `review`, whatever the screener says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from api.screening_query import query_of
from api.settings import Settings
from engine.alerts import Alert, AlertKind
from engine.ledger import ScreeningEntry, StoredClearance
from engine.screening.clearances import cleared as lifted
from engine.screening.clearances import digest_of
from engine.screening.lists.reading import age
from engine.screening.lists.reading import version as version_of
from engine.screening.lists.registry import policy
from engine.screening.model import Band, Edition, Match, Query, Screened, Screener

NO_LISTS: Final = "none"
"""The fingerprint of no lists at all."""
_SEVERITIES: Final = {Band.CONFIRMED: "high", Band.POSSIBLE: "medium"}
_VERDICTS: Final = ("clear", "review", "hit")


Since = Callable[[str], Screener | None]


def everything(_fingerprint: str) -> Screener | None:
    """What is new is not known: everything is asked again."""
    return None


class Loaded(NamedTuple):
    """The lists that are loaded, ready to be asked, and a text that is another one for other editions."""

    screener: Screener
    fingerprint: str
    since: Since = everything
    """From an earlier fingerprint to what asks only the entries that are new or changed since; None: that is not known.

    INVARIANT: it finds whatever `screener` finds among those entries.
    """


Cleared = Callable[[], tuple[Mapping[str, Any], Iterable[StoredClearance]]]
"""The subject's data as they are screened, and its clearances."""
Lists = Callable[[], Loaded | None]
"""The lists as they are now; cheap to ask, again and again. None: none is loaded."""


def no_lists() -> Loaded | None:
    """Nothing is loaded."""
    return None


@dataclass(frozen=True, slots=True)
class Screening:
    """What is asked of the lists, and what of them must be there. `required`: codes of lists without which nothing is clear."""

    lists: Lists = no_lists
    required: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """Of the lists as they are now."""
        loaded = self.lists()
        return NO_LISTS if loaded is None else loaded.fingerprint

    def of(
        self, asked: Mapping[str, Any], at: datetime, clearances: Iterable[StoredClearance] = ()
    ) -> tuple[Screened, str]:
        """What the lists say of somebody, and the fingerprint of the lists that said it. `clearances`: the subject's own."""
        loaded = self.lists()
        if loaded is None:
            return Screened("review", (), (), (), self.required), NO_LISTS
        found = self._whole(loaded.screener.screen(query_of(dict(asked)), at))
        return settled(lifted(found, digest_of(asked), clearances, at)), loaded.fingerprint

    def of_query(self, query: Query, at: datetime, cleared: Cleared) -> Screened:
        """The same of a question that was made elsewhere. `cleared` is asked for the subject's data and clearances where an entry
        matches, and only then."""
        loaded = self.lists()
        if loaded is None:
            return Screened("review", (), (), (), self.required)
        found = self._whole(loaded.screener.screen(query, at))
        if found.matches:
            asked, clearances = cleared()
            found = lifted(found, digest_of(asked), clearances, at)
        return settled(found)

    def of_nobody(self, at: datetime) -> Screened:
        """The lists themselves: `review` where one is missing or stale."""
        loaded = self.lists()
        if loaded is None:
            return Screened("review", (), (), (), self.required)
        return settled(replace(self._whole(loaded.screener.screen(Query(), at)), verdict="clear", matches=()))

    def _whole(self, found: Screened) -> Screened:
        there = {one.list for one in found.editions}
        missing = dict.fromkeys((*found.missing, *(code for code in self.required if code not in there)))
        return replace(found, missing=tuple(missing))

    def concerned(self, asked: Mapping[str, Any], before: str, at: datetime) -> bool:
        """Whether what is new since an earlier fingerprint may say something of somebody. True where that is not known."""
        loaded = self.lists()
        newer = None if loaded is None or not before else loaded.since(before)
        return newer is None or bool(newer.screen(query_of(dict(asked)), at).matches)


def screening_of(settings: Settings, lists: Lists = no_lists) -> Screening:
    """What a service and the console ask, by their settings."""
    return Screening(lists, settings.required_lists)


def settled(found: Screened) -> Screened:
    """The verdict that holds: the worst of what the screener says, of the matches that count, and of the lists it had.

    Where every match of a screening is cleared, and its lists are whole, it is clear.
    """
    open_matches = [one for one in found.matches if one.cleared_by is None and one.band is not Band.CLEAR]
    whole = bool(found.editions) and not found.missing and not found.stale
    lifted = any(one.cleared_by is not None for one in found.matches) and not open_matches
    least = "clear" if lifted else found.verdict
    if any(one.band is Band.CONFIRMED for one in open_matches):
        least = _worse(least, "hit")
    elif open_matches:
        least = _worse(least, "review")
    return replace(found, verdict=least if whole else _worse(least, "review"))


def reasons(found: Screened) -> list[dict[str, str]]:
    """Why the verdict is what it is."""
    told = []
    if not found.editions:
        told.append(("no_lists", "Nothing was screened: no list is loaded."))
    told += [("list_missing", f"The list {code} is required, and nobody has loaded it.") for code in found.missing]
    told += [("list_stale", f"The list {code} is older than its policy allows.") for code in found.stale]
    open_matches = [one for one in found.matches if one.cleared_by is None]
    for band, code, what in (
        (Band.CONFIRMED, "match_confirmed", "entries match with more than a name"),
        (Band.POSSIBLE, "match_possible", "entries may be meant; a person decides"),
    ):
        number = sum(one.band is band for one in open_matches)
        if number:
            told.append((code, f"{number} {what}."))
    if not told and found.verdict != "clear":
        told.append(("not_comparable", "Nothing that was stated can be held against a list."))
    if not told and found.matches:
        told.append(
            ("cleared", "Whoever is matched was found to be somebody else: each match is taken away by a clearance.")
        )
    if not told:
        told.append(("no_match", "No entry of the lists is meant, as far as is known."))
    return [{"code": code, "message": message} for code, message in told]


def told(found: Screened, at: datetime, **more: Any) -> dict[str, Any]:
    """A screening as it is answered."""
    return {
        **more,
        "at": at.isoformat(),
        "verdict": found.verdict,
        "reasons": reasons(found),
        "matches": [match_body(one) for one in found.matches],
        "lists": [edition_body(one, at, found.stale) for one in found.editions],
        "stale": list(found.stale),
        "missing": list(found.missing),
    }


def summary_of(stored: ScreeningEntry) -> dict[str, Any]:
    """A stored screening in a list."""
    asked, matches = orjson.loads(stored.query), orjson.loads(stored.answer).get("matches", [])
    scores = [one["score"] for one in matches if one["cleared_by"] is None]
    return {
        "id": stored.id, "at": stored.at.isoformat(), "actor": stored.actor, "subject": stored.subject,
        "verdict": stored.verdict, "name": asked.get("name"), "kind": asked.get("kind"), "matches": len(matches),
        "best": max(scores, default=None),
    }  # fmt: skip


def match_body(match: Match) -> dict[str, Any]:
    """A match as it is answered."""
    entry = match.entry
    return {
        "entry": {
            "id": entry.id, "list": entry.list, "key": entry.key, "kind": entry.kind.value,
            "names": [{"text": one.text, "kind": one.kind.value, "weak": one.weak} for one in entry.names],
            "births": [
                {"earliest": one.earliest.isoformat(), "latest": one.latest.isoformat(), "circa": one.circa}
                for one in entry.births
            ],
            "genders": list(entry.genders), "nationalities": list(entry.nationalities), "countries": list(entry.countries),
            "programmes": list(entry.programmes), "measures": list(entry.measures), "reference": entry.reference,
            "listed_on": None if entry.listed_on is None else entry.listed_on.isoformat(), "digest": version_of(entry),
        },
        "score": str(match.score),
        "band": match.band.value,
        "features": reasons_of(match),
        "cleared_by": match.cleared_by,
    }  # fmt: skip


def reasons_of(match: Match) -> list[dict[str, str]]:
    """What adds up to the score of a match, as it is answered."""
    return [
        {"code": one.code, "weight": str(one.weight), "queried": one.queried, "listed": one.listed}
        for one in match.features
    ]


def edition_body(edition: Edition, at: datetime, stale: Sequence[str]) -> dict[str, Any]:
    """An edition as every answer tells it. `stale`: codes of the lists that are older than their policy."""
    known = policy(edition.list)
    return {
        "list": edition.list,
        "label": known.label,
        "url": known.source,
        "digest": edition.digest,
        "published": None if edition.published is None else edition.published.isoformat(),
        "loaded_at": edition.loaded_at.isoformat(),
        "entries": edition.entries,
        "age_days": age(edition, at).days,
        "stale": edition.list in stale,
        "stale_after_days": edition.stale_after_days,
    }


def alert_of(match: Match, found: Screened, subject_kind: str, subject: str, at: datetime) -> Alert:
    """A match with a list as an alert about its subject."""
    edition = next((one for one in found.editions if one.list == match.entry.list), None)
    name = match.entry.names[0].text if match.entry.names else match.entry.key
    because = ", ".join(dict.fromkeys(one.code for one in match.features)) or "no single feature"
    dated = "" if edition is None else (edition.published or edition.loaded_at).isoformat()
    return Alert(
        AlertKind.SCREENING, f"screening.{match.entry.list}", "" if edition is None else edition.digest, dated,
        subject_kind, subject, (match.entry.id,), at, _SEVERITIES.get(match.band, "medium"),
        f"May be {name} ({match.entry.id}), score {match.score}: {because}.",
    )  # fmt: skip


def likeness(party_digest: str, match: Match) -> str:
    """What a match was found by: the subject's data and the entry's version."""
    return f"{party_digest}:{version_of(match.entry)}"


def _worse(one: str, other: str) -> str:
    return max(one, other, key=_VERDICTS.index)
