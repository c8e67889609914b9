"""From matches to alerts: what a payment was held or stopped for becomes an alert, by what its decision says and by nothing else,
whoever the party says to be by then; and matches of known parties that are over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from api.screening import NO_LISTS, Screening, told
from api.watching import Named, facts_in, named_in
from engine.alerts import Alert, AlertKind
from engine.facts import Facts
from engine.ledger import KnownParty, Ledger, Over, ScreeningEntry, StoppedPayment, StoredAlert, Told
from engine.regimes.aml_form import DOMAIN
from engine.regimes.aml_hits_told import OWNED
from engine.regimes.aml_watch import OWNERSHIP, SCREENING
from engine.screening.clearances import digest_of, rests_on_means
from engine.screening.model import Band, Screened
from engine.screening.parties import parties_in

_SEVERITIES: Final = {Band.CONFIRMED.value: "high", Band.POSSIBLE.value: "medium"}
_DONE: Final = {"review": "held", "block": "stopped"}


class Hits:
    """Tells what lists and owners had to say of payments that were held or stopped."""

    def __init__(
        self, ledger: Ledger, screening: Screening, clock: Callable[[], datetime], new_screening: Callable[[], str]
    ) -> None:
        self._ledger, self._screening, self._clock, self._new = ledger, screening, clock, new_screening

    def of(self, payment: StoppedPayment) -> list[Told]:
        """The alerts of one decision; none, where neither lists nor owners were the reason. Raises Unreadable."""
        kept = orjson.loads(payment.inputs).get(DOMAIN) or {}
        screened, owned = kept.get(SCREENING), kept.get(OWNERSHIP) or ()
        if screened is None and not owned:
            return []
        facts = facts_in(payment.facts)
        found = [] if screened is None else list(self._matches(payment, facts, screened))
        return [*found, *self._owned(payment, facts, owned)]

    def _matches(self, payment: StoppedPayment, facts: Facts, screened: Mapping[str, Any]) -> Iterator[Told]:
        asked = {one.pointer: one for one in parties_in(facts).asked}
        editions = {one["list"]: one for one in screened["lists"]}
        for party in screened["parties"]:
            matches = [one for one in party["matches"] if one["cleared_by"] is None]
            if not matches:
                continue
            named = named_in(facts, asked[party["pointer"]])
            entry = self._screened_now(named)
            for match in matches:
                alert = _alert(payment, facts, named, match, editions[match["entry"]["list"]])
                means = rests_on_means(match["features"])
                likeness = f"{digest_of(named.asked, means=means)}:{match['entry']['digest']}"
                yield Told(alert, likeness, entry)

    def _owned(self, payment: StoppedPayment, facts: Facts, owned: Sequence[Mapping[str, Any]]) -> Iterator[Told]:
        """One alert a party, by the regime that is strictest."""
        for side in sorted({one["role"] for one in owned}):
            one = min((one for one in owned if one["role"] == side), key=lambda each: each["effect"])
            named = next((named_in(facts, each) for each in parties_in(facts).asked if each.role == side), None)
            subject = facts.get(f"{side}.id") or payment.id if named is None else named.subject
            summary = (
                f"Owned by whoever is listed: {one['sum']} ({one['regime']}). A payment was {_DONE[payment.outcome]}."
            )
            severity = "high" if one["effect"] == "block" else "medium"
            alert = Alert(
                AlertKind.SCREENING, OWNED, "", one["regime"], side, subject, (payment.id,),
                facts.get("occurred_at") or payment.at, severity, summary,
            )  # fmt: skip
            yield Told(alert)

    def _screened_now(self, named: Named) -> ScreeningEntry | None:
        """The same data held against the lists of now: what a clearance is made from. None: no list is loaded."""
        now = self._clock()
        clearances = self._ledger.clearances.of(named.subject, now) if named.lasting else ()
        found, fingerprint = self._screening.of(named.asked, now, clearances)
        return (
            None
            if fingerprint == NO_LISTS
            else entry_of(self._new(), named.subject, named.asked, found, now, fingerprint)
        )


def entry_of(
    identity: str, subject: str, asked: Mapping[str, Any], found: Screened, now: datetime, fingerprint: str
) -> ScreeningEntry:
    """A screening that the machine made, to be stored."""
    answer = orjson.dumps(told(found, now, id=identity, subject=subject, query=asked))
    query = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)
    return ScreeningEntry(identity, now, "system", subject, found.verdict, fingerprint, query, answer)


def over(known: Sequence[StoredAlert], party: KnownParty, screened: Screened) -> Iterator[Over]:
    """Matches that are over: the same data, held against the same list, and the entry is not found any more.

    Not where the subject's own data changed, for then it might be the subject who slipped away; nor where the list was not there.
    """
    found = {one.entry.id for one in screened.matches}
    there = {one.list for one in screened.editions} - set(screened.missing)
    for alert in known:
        code = alert.alert.rule.removeprefix("screening.")
        same = (alert.likeness or "").partition(":")[0] == party.digest
        meant = [one for one in alert.alert.evidence if one not in alert.alert.decisions]
        if same and code in there and found.isdisjoint(meant):
            yield Over(
                alert.alert.id, f"{', '.join(meant)} is not matched by the edition of {code} that is loaded now."
            )


def _alert(
    payment: StoppedPayment, facts: Facts, named: Named, match: Mapping[str, Any], edition: Mapping[str, Any]
) -> Alert:
    entry = match["entry"]
    because = ", ".join(dict.fromkeys(one["code"] for one in match["features"])) or "no single feature"
    who = f"{entry['name'] or entry['id']} ({entry['id']})"
    return Alert(
        AlertKind.SCREENING, f"screening.{entry['list']}", edition["digest"], edition["published"] or edition["loaded_at"],
        named.kind, named.subject, tuple(sorted((entry["id"], payment.id))), facts.get("occurred_at") or payment.at,
        _SEVERITIES.get(match["band"], "medium"),
        f"May be {who}, score {match['score']}: {because}. A payment was {_DONE[payment.outcome]}.",
    )  # fmt: skip
