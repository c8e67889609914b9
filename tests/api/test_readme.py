"""What the README shows of its first call is what is answered today."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from scripts.first_call import README, answered, asked, shown
from tests.shipped import read_once

OF_THE_MOMENT = {"id", "evaluated_at", "rulepacks"}


def lasting(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key not in OF_THE_MOMENT}


def test_the_first_call_is_answered_as_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    read_once(monkeypatch, "scripts.first_call")
    text = README.read_text(encoding="utf-8")
    today, page = answered(asked(text), datetime(2026, 11, 26, 12, tzinfo=UTC)), shown(text)
    assert lasting(page) == lasting(today), "run python scripts/first_call.py"
    applied = [(entry["jurisdiction"], entry["version"], entry["as_of"]) for entry in today["rulepacks"]]
    assert [(entry["jurisdiction"], entry["version"], entry["as_of"]) for entry in page["rulepacks"]] == applied


def test_it_is_the_answer_that_the_page_tells() -> None:
    page = shown(README.read_text(encoding="utf-8"))
    assert (page["outcome"], page["sca"]["exemption"], page["tax"]["total"], page["missing"]) == (
        "allow",
        "low_value",
        "1.30",
        [],
    )
