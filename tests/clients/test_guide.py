"""Every example of the guide for Python runs, one after the other, against a real service."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from api.messages import headers_of
from engine.ledger import Scope
from lexgate_client import AnswerLost
from tests.browser.house import House
from tests.clients.test_webhooks import BODY
from tests.house.source import ROOT

GUIDE = ROOT / "docs/how-to/call-from-python.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def told(house: House) -> dict[str, Any]:
    """What all examples leave behind."""
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEXGATE_URL", house.address)
        patch.setenv("LEXGATE_API_KEY", house.key("guide", Scope))
        for number, example in enumerate(EXAMPLES, 1):
            exec(compile(example, f"{GUIDE.name} example {number}", "exec"), names)
    names["client"].close()
    return names


def test_it_says_what_is_answered(told: dict[str, Any]) -> None:
    assert len(EXAMPLES) == 9
    decision = told["decision"]
    assert (decision.outcome, told["outcome"], told["allowed"]) == ("allow", "authorise", True)
    assert (decision.sca.exemption, decision.tax.total) == ("low_value", Decimal("1.30"))
    assert (told["quote"].tax.total, told["left"]) == (Decimal("1.30"), Decimal("12.45"))
    assert told["faults"] == [("/currency", "unknown_currency")]
    assert told["release"]["data"][0]["current"] is True


def test_a_message_is_received(told: dict[str, Any]) -> None:
    from datetime import UTC, datetime

    key = b"sample secret"
    headers = headers_of("dl_1", datetime.now(UTC), BODY, [key])
    assert told["receive"](headers, BODY) == 200
    assert told["receive"](headers, BODY + b" ") == 400


def test_it_names_only_what_there_is(told: dict[str, Any]) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert f"`{AnswerLost.__name__}`" in text
    named = set(re.findall(r"`client\.(\w+)`", text))
    assert named
    assert all(hasattr(told["client"], one) for one in named)
