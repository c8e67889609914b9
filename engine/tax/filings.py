"""Into which return something goes: by what was filed, and by dates where nobody says what was filed.

A return that was filed is not changed any more: whatever it did not hold goes into a later one, as a correction of the period it
belongs to (Directive 2006/112/EC, Art. 365, 369g(4), 369t(2); Implementing Regulation (EU) No 282/2011, Art. 61(2)). That holds
from the moment of filing, not only from the day on which the return was due: who files early declares a sale that is told a day
later in the next return.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple, TypeVar

from engine.postings import Booked, Document, Filed
from engine.tax.periods import Period, month_of, quarter_of

_DAY: Final = timedelta(days=1)


class Scheme(NamedTuple):
    """One special scheme: how long its periods are, and where its rules stand."""

    name: str
    period_of: Callable[[date], Period]
    periods: str
    corrections: str
    exchange: str


SCHEMES: Final[Mapping[str, Scheme]] = {
    "oss": Scheme("oss", quarter_of, "Art. 369f", "Art. 369g(4)", "Art. 369h"),
    "non_union_oss": Scheme("non_union_oss", quarter_of, "Art. 364", "Art. 365", "Art. 366"),
    "ioss": Scheme("ioss", month_of, "Art. 369s", "Art. 369t(2)", "Art. 369u"),
}


def return_of(one: Booked | Document, scheme: Scheme) -> Period:
    """The period whose return something goes into, by dates alone.

    What happened in a period and was told by the day its return is due is in that return; what was told later is in the first
    return that was not due yet when it was told.
    """
    own = scheme.period_of(one.day)
    if one.recorded_on <= own.due:
        return own
    # A return is due a month after its period: whatever was told before that belongs to the period before the present one.
    present = scheme.period_of(one.recorded_on)
    before = scheme.period_of(present.first - _DAY)
    return before if one.recorded_on <= before.due else present


class _Step(NamedTuple):
    """A filing as it was made: which periods other than its own had been filed by then."""

    filed: Filed
    taken: frozenset[date]


class Filings:
    """The returns of one merchant and scheme that were filed here, in the order in which they were."""

    def __init__(self, filed: Sequence[Filed] = ()) -> None:
        self.filed = tuple(filed)
        self._steps: list[_Step] = []
        before: frozenset[date] = frozenset()
        for one in self.filed:
            self._steps.append(_Step(one, before - {one.first}))
            before |= {one.first}
        self._taken = before

    def latest(self, period: Period) -> Filed | None:
        """The return of a period as it was filed last."""
        return next((one for one in reversed(self.filed) if (one.first, one.last) == (period.first, period.last)), None)

    def return_of(self, one: Booked | Document, scheme: Scheme, *, but: Period | None = None) -> Period:
        """The period whose return something is in, or goes into: the filed one that held it, else the first that is not filed.
        `but`: a period whose return is being corrected, and so is open again."""
        for step in self._steps:
            if 0 < one.seq <= step.filed.upto:
                found = _open(one, scheme, step.taken)
                if found.first == step.filed.first:
                    return found
        return _open(one, scheme, self._taken - {but.first} if but is not None else self._taken)


def _open(one: Booked | Document, scheme: Scheme, taken: frozenset[date]) -> Period:
    """The first return that is not filed and may hold it. Of a merchant whose earlier returns were filed here a return that was
    not is late, and still open; of others nobody knows, and dates decide."""
    own = scheme.period_of(one.day)
    found = own if taken and own.first > min(taken) else return_of(one, scheme)
    while found.first in taken:
        found = scheme.period_of(found.last + _DAY)
    return found


# -- the United Kingdom -----------------------------------------------------------------------------------------------------


Told = TypeVar("Told", Booked, Document)


def national(
    booked: Sequence[Told], period: Period, filings: Filings, *, again: bool = False
) -> tuple[list[Told], list[Told]]:
    """What a return of a period of any length is made of: what happened in it, and what was told after the return of its own
    period was filed. The latter are errors of that return, put right in the next one (VAT Regulations 1995, reg. 34). `again`:
    the period's own return is being corrected."""
    filed = None if again else filings.latest(period)
    own = [one for one in booked if period.first <= one.day <= period.last and (filed is None or one.seq <= filed.upto)]
    errors = [one for one in booked if one.day < period.first and _error_of(one, filings) == period.first]
    return own, [one for one in errors if filed is None or one.seq <= filed.upto]


def _error_of(one: Booked | Document, filings: Filings) -> date | None:
    """The first day of the period in whose return an error is put right. None: it is no error of a filed return."""
    mine = [filed for filed in filings.filed if filed.first <= one.day <= filed.last]
    if not mine or one.seq <= max(filed.upto for filed in mine):
        return None
    later = [filed for filed in filings.filed if filed.first > mine[-1].last and filed.upto >= one.seq]
    if later:
        return later[0].first
    return max(filed.last for filed in filings.filed) + _DAY
