"""What pages about alerts, cases and screenings share: evidence put side by side, plots of payments, days of a form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from api.console.backend import Refused

RETRIED: Final = (400, 403, 404, 409, 422)
"""What was refused so is told on the page where it was typed; anything else is not the form's fault."""
DEFAULT_CLEARANCE: Final = timedelta(days=180)
LONGEST_CLEARANCE: Final = timedelta(days=365)
_MOST_POINTS: Final = 62


def told_back(refused: Refused) -> Mapping[str, Any]:
    """The problem, to be shown above the form. Raises what no form can mend."""
    if refused.status not in RETRIED:
        raise refused
    return refused.problem


def end_of_day(day: str) -> str:
    """The last instant of a day in UTC, as the interface wants it; what is no day goes on as it is, to be refused."""
    try:
        found = datetime.combine(datetime.fromisoformat(day).date(), time(23, 59, 59), UTC)
    except ValueError:
        return day
    return found.isoformat()


def suggested_end(now: datetime) -> tuple[str, str]:
    """Days of a clearance: the one that is suggested, and the last that is allowed."""
    return (now + DEFAULT_CLEARANCE).date().isoformat(), (now + LONGEST_CLEARANCE).date().isoformat()


def sides(match: Mapping[str, Any], query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the subject states beside what the list says, field by field: each side a list of texts, and how they compare:
    `same`, `other`, or empty where one of them says nothing."""
    entry, features = match["entry"], match["features"]
    codes = {one["code"] for one in features}
    births = [_birth(one) for one in entry["births"]]
    countries = [one for one in (query.get("country"), query.get("nationality")) if one]
    agreed = [one for one in features if one["code"] == "identifier"]
    return [
        {"field": "name", "subject": [query.get("name"), *(query.get("aliases") or [])], "listed": entry["names"],
         "how": "same" if codes & {"name", "name_part", "spelling", "joined", "initial", "cut"} else ""},
        {"field": "birth", "subject": [query.get("birth_date")], "listed": births,
         "how": _how(codes, {"birth_date", "birth_year"}, {"birth_conflict"})},
        {"field": "country", "subject": countries, "listed": sorted({*entry["countries"], *entry["nationalities"]}),
         "how": _how(codes, {"country"}, set())},
        {"field": "gender", "subject": [query.get("gender")], "listed": entry["genders"], "how": _how(codes, set(), {"gender"})},
        {"field": "kind", "subject": [query.get("kind")], "listed": [entry["kind"]], "how": _how(codes, set(), {"kind"})},
        {"field": "identifier", "subject": [_number(one) for one in query.get("ids") or []],
         "listed": [one["listed"] for one in agreed], "how": "same" if agreed else ""},
    ]  # fmt: skip


def weighed(match: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The features with the place of their bar on a scale from -100 to 100: `start` and `width` in hundredths of the score."""
    found = []
    for one in match["features"]:
        weight = int(Decimal(one["weight"]) * 100)
        width = min(100, abs(weight))
        start = 100 if weight >= 0 else 100 - width
        found.append({**one, "zero": not weight, "positive": weight >= 0, "start": start, "width": max(width, 1)})
    return found


def per_day(payments: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Payments as plots, one a currency: labels are days, one series a direction; the last two months that have any."""
    days: dict[str, dict[str, dict[str, Decimal]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))
    for one in payments:
        if one["readable"] and one["amount"] is not None and one["at"] is not None:
            day = datetime.fromisoformat(one["at"]).astimezone(UTC).date().isoformat()
            days[one["currency"]][day][one["direction"] or "none"] += Decimal(one["amount"])
    plots = []
    for currency, told in sorted(days.items()):
        labels = _calendar(sorted(told))[-_MOST_POINTS:]
        directions = sorted({direction for one in told.values() for direction in one})
        series = {
            direction: [str(told[day][direction]) if day in told else "0" for day in labels] for direction in directions
        }
        plots.append({"currency": currency, "labels": labels, "series": series})
    return plots


def _calendar(days: list[str]) -> list[str]:
    """Every day from the first to the last, where that is not too many; else those that have something."""
    first, last = datetime.fromisoformat(days[0]), datetime.fromisoformat(days[-1])
    span = (last - first).days
    if span > _MOST_POINTS:
        return days
    return [(first + timedelta(days=number)).date().isoformat() for number in range(span + 1)]


def _how(codes: set[str], same: set[str], other: set[str]) -> str:
    return "same" if codes & same else "other" if codes & other else ""


def _birth(one: Mapping[str, Any]) -> str:
    earliest, latest = one["earliest"], one["latest"]
    said = (
        earliest if earliest == latest else earliest[:4] if _whole_year(earliest, latest) else f"{earliest} – {latest}"
    )
    return f"c. {said}" if one["circa"] else said


def _whole_year(earliest: str, latest: str) -> bool:
    return earliest[:4] == latest[:4] and earliest.endswith("-01-01") and latest.endswith("-12-31")


def _number(one: Mapping[str, Any]) -> str:
    where = f" ({one['country']})" if one.get("country") else ""
    return f"{one['type'].replace('_', ' ')}: {one['value']}{where}"
