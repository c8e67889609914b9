"""Examples of onboarding for the document of the interface: really reviewed, under the law in force."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import orjson

from api.bundled import samples
from api.onboarding import Bench
from api.service import Service
from engine.onboarding.law import OnboardingLaw
from engine.onboarding.life import Asked, opened
from engine.onboarding.model import Application, Registers

NOW: Final = datetime(2026, 11, 26, 9, 15, 1, tzinfo=UTC)
_ID: Final = "onb_01kavw3e5n7x2v8g4yq0m6tz1b"
_KEY: Final = "key_0c0ffee00000"
_CASES: Final = "/v1/onboarding"
_CASE: Final = f"{_CASES}/{{case_id}}"


def read() -> Any:
    """The sample application."""
    return orjson.loads((samples() / "onboarding" / "bookseller.json").read_bytes())


def requests() -> dict[tuple[str, str], Any]:
    """What is asked, by path and method."""
    body = read()
    return {
        (_CASES, "post"): body,
        (_CASE, "put"): body,
        (f"{_CASE}/documents", "post"): {"documents": body["documents"][:1]},
        (f"{_CASE}/decision", "post"): {
            "decision": "approve",
            "reason": "Names at the bank and in the register agree.",
        },
    }


def answers(service: Service) -> dict[tuple[str, str], Any]:
    """What is answered, by path and method. No register was looked into."""
    application = Application.model_validate(read())
    law = OnboardingLaw(service.packs, application.country, application.acquirer_country, NOW.date())
    made = opened(_ID, application, Asked(law, Registers(), _KEY), draft=False)
    body = Bench(service.ledger, service.packs, NOW).told(made[-1].case, made, None)
    summary = ("id", "merchant", "number", "stage", "state", "deadline", "created_at", "updated_at")
    listed = {**{name: body[name] for name in summary}, "country": application.country}
    listed |= {
        "name": application.name, "missing": len(body["missing"]), "risk": body["risk"] and body["risk"]["level"],
        **{name: body[name] for name in ("high_risk", "held", "first_approver")},
    }  # fmt: skip
    return {
        (_CASES, "post"): body,
        (_CASES, "get"): {"data": [listed], "next": None},
        (_CASE, "get"): body,
        (_CASE, "put"): body,
        (f"{_CASE}/documents", "post"): body,
    }
