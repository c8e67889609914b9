"""An answer of the service in its smallest form."""

from __future__ import annotations

from typing import Any

DECISION: dict[str, Any] = {
    "id": "dec_01kavw3e5n7x2v8g4yq0m6tz1b", "reference": None, "legal_time": "2026-11-22T09:15:00+00:00",
    "evaluated_at": "2026-11-22T09:15:01+00:00", "outcome": "allow", "domains": [], "obligations": [], "missing": [],
    "findings": [], "rulepacks": [], "fx": [], "message": "", "locale": "en",
}  # fmt: skip
