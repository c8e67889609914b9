"""Alerts to tell, and short ways to tell them and to move their cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from engine.alerts import Alert, AlertKind
from engine.casework import CaseFile
from engine.ledger import CasesWanted, Ledger, Occasion, Over, ScreeningEntry, Told
from tests.ledger.factories import AT

RELEASE = "sha256:" + "ab" * 32
_numbers = count(1)


def new_case() -> str:
    """An id that no test has used."""
    return f"case_{next(_numbers):026d}"


def occasion(at: datetime = AT) -> Occasion:
    """Now, under some law."""
    return Occasion(at, RELEASE, new_case)


def alert(rule: str = "scenario.pass_through", subject: str = "c-7", **changes: Any) -> Alert:
    """What a scenario found about a payer."""
    made = Alert(
        AlertKind.SCENARIO, rule, "WORLD", "2026.11.0", "payer", subject, ("dec_1", "dec_2"), AT, "medium",
        "950.00 EUR of 1000.00 EUR left within 3 hours.",
    )  # fmt: skip
    return replace(made, **changes)


def match(entry: str = "UN-SC:QDi.001", subject: str = "c-7", likeness: str = "p:e", **changes: Any) -> Told:
    """What a list says of a payer, with the screening that found it."""
    number = next(_numbers)
    found = alert(
        f"screening.{entry.partition(':')[0]}", subject, kind=AlertKind.SCREENING, evidence=(entry,), **changes
    )
    screening = ScreeningEntry(
        f"scr_{number:026d}", AT, "system", subject, "review", "lists-1", b'{"name":"A"}', b'{"verdict":"review"}'
    )
    return Told(found, likeness, screening)


def tell(ledger: Ledger, *told: Alert | Told) -> int:
    """Tell alerts."""
    return ledger.alerts.tell([one if isinstance(one, Told) else Told(one) for one in told], occasion())


def end(ledger: Ledger, *told: Told) -> int:
    """End matches, as their entries left the list."""
    return ledger.alerts.end([Over(one.alert.id, "The entry left the list.") for one in told], occasion())


def only_case(ledger: Ledger, **wanted: Any) -> CaseFile:
    """The one case there is."""
    (found,) = ledger.cases.page(CasesWanted(**wanted), limit=9, after=None).data
    return found
