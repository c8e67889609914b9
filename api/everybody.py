"""Once a day everybody's payments together: the scenarios about money that goes through several hands.

A look reads back as far as the longest window of those scenarios, from the day of the last look on and some days more, for
what was told late. It tells what was not there before: a finding in which at least one payment is new since the last look. So
what was told does not come back each day with the payments that the window has not left yet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import orjson

from api import __version__
from engine.alerts import Alert, AlertKind
from engine.ledger import Lag, Watched
from engine.scenarios.moves import MOVING

GRAPHS: Final = "graphs"
EvaluateGraphs = Callable[[Sequence[Watched]], Sequence[Alert]]
"""What holds payments between two parties, in the order of time, against the graph scenarios. Pure; what it raises is an
incident."""
Pages = Callable[[int | None], Sequence[Watched]]
"""The next records below a number of the chain, those of the latest words first; None: the first ones."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look over everybody's payments."""

    id: str
    """The UTC day on which it is done, `2026-11-26`."""
    since: datetime
    after: int
    """Told is what has a payment whose word is later in the chain than this; -1: everything."""

    @property
    def seq(self) -> int:
        """Of the day: by what failures are counted."""
        return date.fromisoformat(self.id).toordinal()


def day_of(now: datetime) -> str:
    """The UTC day, as a consumer's mark holds it."""
    return now.astimezone(UTC).date().isoformat()


def look_of(mark: str, after: int, now: datetime, back: timedelta) -> Look:
    """The look of today. `mark` is the day of the last one: what lies between is caught up with. Empty: there was none."""
    today = day_of(now)
    return Look(today, _start(min(mark or today, today)) - back, after)


def look_again(now: datetime, days: int) -> Look:
    """A look over so many days before today, whatever was looked at before."""
    today = day_of(now)
    return Look(today, _start(today) - timedelta(days=days), -1)


def heard_up_to(now: datetime, intake: Lag | None) -> bool:
    """Whether every word of the days before today was taken in. None: nobody ever did."""
    return intake is not None and (intake.since is None or intake.since >= _start(day_of(now)))


def gathered(pages: Pages, most: int) -> tuple[list[Watched], bool]:
    """The records of money that moved between two parties, oldest first, and whether that is all of them.

    At most `most`; beyond, those whose words are the oldest are left out.
    """
    found: list[Watched] = []
    page = pages(None)
    while page:
        found += [one for one in page if _moves(one)]
        if len(found) > most:
            return _in_time(found[:most]), False
        page = pages(page[-1].seq)
    return _in_time(found), True


def new_in(look: Look, records: Sequence[Watched], alerts: Sequence[Alert]) -> list[Alert]:
    """The findings in which some payment is new."""
    new = {one.id for one in records if one.seq > look.after}
    return [alert for alert in alerts if not new.isdisjoint(alert.evidence)]


def cut_short(look: Look, most: int, now: datetime) -> Alert:
    """The incident that there were more payments than one look may hold."""
    return Alert(
        AlertKind.INCIDENT, f"incident.monitor.{GRAPHS}.bound", "lexgate", __version__, "service", f"monitor.{GRAPHS}",
        (look.id,), now, "high",
        f"The look of {look.id} over everybody's payments since {day_of(look.since)} ended after {most} of them, the last "
        "ones that were told: money that went through several hands among the others was not looked for.",
    )  # fmt: skip


def _moves(record: Watched) -> bool:
    body = orjson.loads(record.body)
    return body["kind"] in MOVING and "payer" in body and "payee" in body


def _in_time(found: list[Watched]) -> list[Watched]:
    return sorted(found, key=lambda one: (one.at, one.id))


def _start(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), UTC)
