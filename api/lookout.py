"""What a decision is told of lists and of the past before the payment is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from api.scenario_watch import ScenarioWatch
from api.screening import Cleared, Screening, edition_body, reasons_of
from api.watching import named_in, recorded
from engine.facts import Facts
from engine.ledger import Ledger, StoredClearance, Watched, subjects_of, window_of
from engine.scenarios.looking import kept
from engine.screening.lists.reading import version as version_of
from engine.screening.model import Match, Screened
from engine.screening.parties import Asked, Parties, names_anybody, parties_in

_SILENT_ROLES: Final = frozenset({None, "merchant"})
"""Who asks without being obliged to watch: a shop that is paid."""
_MOVES: Final = frozenset({"transfer", "payout", "deposit", "withdrawal"})
_MOST: Final = 256
"""Past payments of a subject that are looked at."""
_VERDICTS: Final = ("clear", "review", "hit")


def is_watched(facts: Mapping[str, Any]) -> bool:
    """Whether scenarios are asked: where whoever asks is obliged to watch, or money is moved rather than something paid for."""
    return facts.get("obliged_entity.role") not in _SILENT_ROLES or facts["kind"] in _MOVES


class Watch:
    """The `Lookout` of the service. Reads the ledger only where a name matched, or scenarios are asked."""

    def __init__(
        self,
        ledger: Ledger,
        screening: Callable[[], Screening],
        scenarios: ScenarioWatch | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._ledger, self._ask, self._scenarios, self._clock = ledger, screening, scenarios, clock

    def reads(self, facts: Facts) -> bool:
        """Whether a decision on these facts may read the ledger here."""
        return is_watched(facts) or (self._ask().lists() is not None and names_anybody(facts))

    def screened(self, facts: Facts, at: datetime) -> dict[str, Any] | None:
        """As `Lookout` says. The lists are those of now, whenever the payment is."""
        screening = self._ask()
        if screening.lists() is None and not screening.required:
            return None
        now, parties = self._clock(), parties_in(facts)
        found = [(one, screening.of_query(one.query, now, self._cleared(facts, one, now))) for one in parties.asked]
        return {**told(found, parties, screening.of_nobody(now), now), "required": list(screening.required)}

    def scenarios(self, facts: Facts, at: datetime, decision_id: str) -> list[dict[str, Any]] | None:
        """As `Lookout` says."""
        if self._scenarios is None or not is_watched(facts):
            return None
        record = recorded(facts)
        own = Watched(decision_id, 0, at, orjson.dumps(record), ())
        looks: list[dict[str, Any]] = []
        for kind, subject in subjects_of(record):
            reach = self._scenarios.reach(kind)
            if reach is None:
                continue
            before = self._ledger.monitoring.window(window_of(kind), subject, at, reach, _MOST)
            looks += [kept(one) for one in self._scenarios.before(kind, subject, [*before, own], decision_id)]
        return looks

    def _cleared(self, facts: Facts, one: Asked, now: datetime) -> Cleared:
        """What is known of whom an entry may mean. Of who has no id nothing is: another may say the same of himself."""

        def known() -> tuple[Mapping[str, Any], Iterable[StoredClearance]]:
            named = named_in(facts, one)
            return named.asked, self._ledger.clearances.of(named.subject, now) if named.lasting else ()

        return known


def told(found: Sequence[tuple[Asked, Screened]], parties: Parties, lists: Screened, now: datetime) -> dict[str, Any]:
    """A screening of all parties as a decision tells it."""
    worst = max((lists.verdict, *(screened.verdict for _, screened in found)), key=_VERDICTS.index)
    if worst == "clear" and (parties.unnamed or not found):
        worst = "incomplete"
    return {
        "verdict": worst,
        "parties": [
            {
                "role": one.role,
                "pointer": one.pointer,
                "verdict": screened.verdict,
                "matches": [_match(match) for match in screened.matches],
            }
            for one, screened in found
        ],
        "unnamed": list(parties.unnamed),
        "lists": [edition_body(edition, now, lists.stale) for edition in lists.editions],
        "stale": list(lists.stale),
        "missing": list(lists.missing),
    }


def _match(match: Match) -> dict[str, Any]:
    entry = match.entry
    return {
        "entry": {
            "id": entry.id,
            "list": entry.list,
            "name": entry.names[0].text if entry.names else None,
            "digest": version_of(entry),
            "programmes": list(entry.programmes),
            "measures": list(entry.measures),
        },
        "score": str(match.score),
        "band": match.band.value,
        "features": reasons_of(match),
        "cleared_by": match.cleared_by,
    }
