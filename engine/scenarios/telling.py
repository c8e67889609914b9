"""What was found, told to an officer: one sentence with the numbers, and the payments it was found by."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from engine.alerts import Alert, AlertKind
from engine.money import DIGITS
from engine.packs.model import Pack
from engine.packs.scenario import ParameterType, Scenario, ScenarioParameter
from engine.scenarios.event import Event
from engine.scenarios.graph import Shown
from engine.scenarios.measures import is_amount
from engine.scenarios.sequence import Found
from engine.scenarios.window import Window


def alert_of(scenario: Scenario, pack: Pack, window: Window, found: Found) -> Alert:
    """The alert of a scenario that was found in a subject's window."""
    events = [window.events[place] for place in found.places or ()]
    subject, segment = window.subject, window.subject.segment
    numbers = [
        f"{scenario.measures[name].label} {measured(scenario, name, value)}"
        for name, value in (found.numbers or {}).items()
    ]
    return Alert(
        AlertKind.SCENARIO, scenario.id, pack.jurisdiction, pack.version, scenario.key.kind, subject.key,
        tuple(sorted(event.id for event in events)), max(event.at for event in events), scenario.severity,
        _sentence(scenario, events, numbers, segment), found.truncated,
    )  # fmt: skip


def graph_alert(scenario: Scenario, pack: Pack, found: Shown) -> Alert:
    """The alert of money that went through several hands; its subject is who it started from, or went through."""
    numbers = [f"{len(found.parties)} parties"]
    segment = scenario.segments[0]
    return Alert(
        AlertKind.SCENARIO, scenario.id, pack.jurisdiction, pack.version, scenario.key.kind, found.hub,
        tuple(sorted(event.id for event in found.events)), max(event.at for event in found.events), scenario.severity,
        _sentence(scenario, found.events, numbers, segment), found.truncated,
    )  # fmt: skip


def _sentence(scenario: Scenario, events: list[Event] | tuple[Event, ...], numbers: list[str], segment: str) -> str:
    said = [_payments(events), *numbers]
    limits = ", ".join(f"{p.label} {limit(scenario, p.name, segment)}" for p in scenario.parameters.values())
    return f"{scenario.label}: {'; '.join(said)}" + (f" (looked for: {limits})." if limits else ".")


def _payments(events: list[Event] | tuple[Event, ...]) -> str:
    totals: dict[str, int] = {}
    for event in events:
        totals[event.currency] = totals.get(event.currency, 0) + event.amount
    first, last = min(event.at for event in events), max(event.at for event in events)
    amounts = " and ".join(f"{plain(total, currency)}" for currency, total in sorted(totals.items()))
    count = f"{len(events)} payments" if len(events) > 1 else "1 payment"
    within = f" within {_span(last - first)}" if len(events) > 1 else ""
    return f"{count} of {amounts} together{within}" if len(events) > 1 else f"{count} of {amounts}"


def plain(amount: int, currency: str) -> str:
    """`1234.50 EUR`."""
    digits = DIGITS.get(currency, 2)
    return f"{Decimal(amount).scaleb(-digits):.{digits}f} {currency}"


def measured(scenario: Scenario, name: str, value: int) -> str:
    """What a measure came to, in words: `3000.00 EUR`, `4`."""
    return plain(value, scenario.unit) if is_amount(scenario.measures[name]) else str(value)


def limit(scenario: Scenario, name: str, segment: str) -> str:
    """The value of a parameter for a segment, in words: `3000.00 EUR`, `90 %`, `48 hours`, `5`."""
    parameter = scenario.parameters[name]
    return amount_of(scenario, parameter, parameter.value(segment))


def amount_of(scenario: Scenario, parameter: ScenarioParameter, value: int) -> str:
    """A value that a parameter has or could have, in words: `3000.00 EUR`, `90 %`, `48 hours`, `5`."""
    match parameter.type:
        case ParameterType.MONEY:
            return plain(value, scenario.unit)
        case ParameterType.PERCENT:
            return f"{value} %"
        case ParameterType.HOURS | ParameterType.DAYS:
            return _span(timedelta(seconds=value))
    return str(value)


def _span(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    return f"{hours} hours" if hours < 72 else f"{hours // 24} days"
