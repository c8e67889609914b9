"""Examples of screenings, cases and clearances for the document of the interface. The list and everybody on it are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import orjson

from api.cases import alert_body, clearance_body, made, summary_of
from api.screening import alert_of, told
from api.screening import summary_of as screened_in_list
from engine.casework import Step, claimed, opened, possible
from engine.ledger import ScreeningEntry, StoredAlert, StoredClearance
from engine.screening.clearances import digest_of, features_of
from engine.screening.lists.reading import version as version_of
from engine.screening.model import (
    Band,
    Born,
    Edition,
    EntityKind,
    Feature,
    Listed,
    ListedName,
    Match,
    Screened,
)

NOW: Final = datetime(2026, 11, 26, 9, 15, 1, tzinfo=UTC)
_TAIL: Final = "01kavw3e5n7x2v8g4yq0m6tz1b"
_RELEASE: Final = "sha256:" + "0c0ffee0" * 8
_ANN: Final = "key_0c0ffee00000"
_QUESTION: Final = {
    "name": "Jane Q. Example", "kind": "person", "birth_date": "1961", "country": "FR", "subject": "c-7",
}  # fmt: skip
_ASKED: Final = {name: value for name, value in _QUESTION.items() if name != "subject"}
_ENTRY: Final = Listed(
    "UN-SC", "QDx.001", EntityKind.PERSON, (ListedName("Jane Example"),), (Born(date(1961, 1, 1), date(1961, 12, 31)),),
    programmes=("EXAMPLE",), measures=("asset_freeze",), listed_on=date(2020, 5, 4),
)  # fmt: skip
_MATCH: Final = Match(
    _ENTRY, Decimal("0.8700"), Band.POSSIBLE,
    (
        Feature("name", Decimal("0.8000"), "Jane Q. Example", "Jane Example"),
        Feature("birth_year", Decimal("0.0700"), "1961", "1961"),
    ),
)  # fmt: skip
_EDITION: Final = Edition(
    "UN-SC", "5e" * 32, NOW - timedelta(days=3), NOW - timedelta(days=2), "un.xml", 1, (("person", 1),), 7
)
_FOUND: Final = Screened("review", (_MATCH,), (_EDITION,))
_REASON: Final = {"reason": "Born in another year, by passport."}


_PAYMENT: Final = {
    "decision": f"dec_{_TAIL}", "alerts": ["al_0123456789abcdef0123456789abcdef"], "readable": True,
    "at": "2026-11-25T14:02:11+00:00", "amount": "950.00", "currency": "EUR", "kind": "transfer", "direction": "out",
    "instrument": "credit_transfer", "method": None, "channel": "remote", "payer": "c-7", "payee": "c-9",
    "payer_country": "FR", "payee_country": "DE", "merchant": None, "outcome": "review", "reference": "tr-204",
    "status": "executed",
}  # fmt: skip


def requests() -> dict[tuple[str, str], Any]:
    """What is asked, by path and method."""
    case, clearance = "/v1/cases/{case_id}", "/v1/clearances"
    return {
        ("/v1/screenings", "post"): _QUESTION,
        (f"{case}/claim", "post"): {},
        (f"{case}/notes", "post"): {"text": "Asked the branch for the contract of sale."},
        (f"{case}/decision", "post"): {"decision": "false_positive", "reason": "Born in another year, by passport."},
        (f"{case}/approval", "post"): {"approve": True, "reason": "Passport seen."},
        (f"{case}/release", "post"): {"reason": "On leave from tomorrow."},
        (f"{case}/reopen", "post"): {"reason": "The passport was reported as stolen."},
        (clearance, "post"): {
            "screening": f"scr_{_TAIL}", "entry": _ENTRY.id, **_REASON, "expires_at": "2027-05-31T00:00:00Z",
        },
        (f"{clearance}/{{clearance_id}}/approval", "post"): {"reason": "Passport seen."},
        (f"{clearance}/{{clearance_id}}/revoke", "post"): {"reason": "The passport was reported as stolen."},
    }  # fmt: skip


def answers() -> dict[tuple[str, str], Any]:
    """What is answered, by path and method."""
    screening = told(_FOUND, NOW, id=f"scr_{_TAIL}", subject="c-7", query=_ASKED)
    stored, case, steps = _case()
    alert, summary = alert_body(stored), summary_of(case, NOW)
    body = {
        **summary, "possible": possible(case), "since_proposed": [], "evidence": [alert],
        "history": [made(one, NOW, _RELEASE) for one in steps],
    }  # fmt: skip
    clearance = clearance_body(_clearance(), NOW)
    posts = ("claim", "release", "notes", "decision", "approval", "reopen")
    return {
        ("/v1/screenings", "post"): screening,
        ("/v1/screenings", "get"): {"data": [_screened()], "next": None},
        ("/v1/screenings/{screening_id}", "get"): screening,
        ("/v1/alerts", "get"): {"data": [alert], "next": None},
        ("/v1/alerts/{alert_id}", "get"): alert,
        ("/v1/cases", "get"): {"data": [summary], "next": None},
        ("/v1/cases/totals", "get"): {
            "open": 4,
            "claimed": 2,
            "proposed": 1,
            "decided": 31,
            "overdue": 1,
            "high": 3,
            "mine": 2,
            "to_approve": 1,
        },
        ("/v1/cases/{case_id}", "get"): body,
        ("/v1/cases/{case_id}/payments", "get"): {"data": [_PAYMENT], "next": None},
        **{(f"/v1/cases/{{case_id}}/{name}", "post"): body for name in posts},
        ("/v1/clearances", "get"): {"data": [clearance], "next": None},
        ("/v1/clearances", "post"): clearance,
        ("/v1/clearances/{clearance_id}", "get"): clearance,
        ("/v1/clearances/{clearance_id}/approval", "post"): clearance,
        ("/v1/clearances/{clearance_id}/revoke", "post"): clearance,
    }


def _case() -> tuple[StoredAlert, Any, list[Step]]:
    alert = alert_of(_MATCH, _FOUND, "payer", "c-7", NOW)
    begun = opened(f"case_{_TAIL}", alert, NOW)
    taken = claimed(begun.case, _ANN, NOW, None)
    stored = StoredAlert(alert, NOW, 1, begun.case.id, None, f"scr_{_TAIL}", None)
    return stored, taken.case, [begun, taken]


def _screened() -> dict[str, Any]:
    answer = orjson.dumps(told(_FOUND, NOW))
    return screened_in_list(
        ScreeningEntry(f"scr_{_TAIL}", NOW, _ANN, "c-7", "review", "lists-1", orjson.dumps(_ASKED), answer)
    )


def _clearance() -> StoredClearance:
    made = StoredClearance(
        f"clr_{_TAIL}", "c-7", digest_of(_ASKED), _ENTRY.id, version_of(_ENTRY), features_of(_MATCH), f"scr_{_TAIL}",
        _REASON["reason"], _ANN, NOW, NOW + timedelta(days=180),
    )  # fmt: skip
    return replace(made, approver="key_0c0ffee00001", approved_at=NOW)
