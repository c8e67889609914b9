"""The README's first call and its answer: `python scripts/first_call.py` writes the answer anew from the law as it is.

A test holds the README to it (tests/api/test_readme.py), but for what is of the moment: the id, the time, the digests.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run as a script, from anywhere

from api.bundled import rates_file, rulepacks, samples  # noqa: E402
from api.fx import read_rates  # noqa: E402
from api.ids import DecisionIds  # noqa: E402
from engine.decide import BUILT, decide  # noqa: E402
from engine.decoding import decode_tree  # noqa: E402
from engine.history import NullHistory  # noqa: E402
from engine.money import RateTable  # noqa: E402
from engine.packs import load_packs  # noqa: E402

README: Final = ROOT / "README.md"
_BODY: Final = re.compile(r"  -d '(\{.*?\})'\n```", re.DOTALL)
_ANSWER: Final = re.compile(r"(<summary>The whole answer.*?```json\n)(.*?)(```\n)", re.DOTALL)


def asked(text: str) -> dict[str, Any]:
    """The body of the call that the page shows."""
    found = _BODY.search(text)
    assert found is not None, "the README shows no first call"
    body: dict[str, Any] = orjson.loads(found[1])
    return body


def shown(text: str) -> dict[str, Any]:
    """The answer that the page shows."""
    found = _ANSWER.search(text)
    assert found is not None, "the README shows no answer"
    answer: dict[str, Any] = orjson.loads(found[2])
    return answer


def answered(body: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What a service that was just started answers: the sample merchant is there, and no history."""
    merchant = {
        "id": body["payee"]["merchant"],
        "version": 1,
        **orjson.loads((samples() / "tax" / "merchant.json").read_bytes()),
    }
    decided = decide(
        decode_tree(body),
        load_packs(rulepacks()),
        NullHistory(),
        rates=RateTable(read_rates(rates_file())),
        decision_id=DecisionIds()(),
        now=now,
        locale="en",
        domains=BUILT,
        profiles=lambda wanted: merchant if wanted == merchant["id"] else None,
    )
    found: dict[str, Any] = orjson.loads(orjson.dumps(decided.body))
    return found


def main() -> None:
    """Write the answer into the page."""
    text = README.read_text(encoding="utf-8")
    answer = orjson.dumps(answered(asked(text), datetime.now(UTC)), option=orjson.OPT_INDENT_2).decode()
    README.write_text(_ANSWER.sub(lambda found: f"{found[1]}{answer}\n{found[3]}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
