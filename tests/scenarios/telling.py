"""Events in few words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from engine.scenarios import Event, Subject

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
C = Subject("payer", "C")


def came(name: str, hours: float, amount: int = 300_000, **stated: Any) -> Event:
    """Money comes to C."""
    return _event(name, hours, amount, **{"payer": "other", "payee": "C", **stated})


def went(name: str, hours: float, amount: int = 280_000, **stated: Any) -> Event:
    """Money leaves C."""
    return _event(name, hours, amount, **{"payer": "C", "payee": "another", **stated})


def _event(name: str, hours: float, amount: int, **stated: Any) -> Event:
    given = {"kind": "transfer", "currency": "EUR", "instrument": "credit_transfer", **stated}
    return Event(id=name, at=START + timedelta(hours=hours), amount=amount, **given)


def only(ready: Any, *names: str) -> Any:
    """The shipped scenarios of these names alone."""
    from engine.scenarios import Scenarios

    return Scenarios([one for one in ready.ready if one.scenario.id.removeprefix("scenario.") in names], ready.members)
