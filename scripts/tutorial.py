"""The answers in the tutorial of a Chinese shop: `python scripts/tutorial.py` writes them anew from the law as it is.

The requests are those of data/samples/tutorial/; a page marks where a request or an answer stands (`<!-- request de -->`). A test
holds the pages to it (tests/api/test_tutorial.py).
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run as a script, from anywhere

from api.bundled import rates_file, rulepacks, samples  # noqa: E402
from api.fx import read_rates  # noqa: E402
from engine.decide import BUILT, decide  # noqa: E402
from engine.history import NullHistory  # noqa: E402
from engine.money import RateTable  # noqa: E402
from engine.packs import PackSet, load_packs  # noqa: E402
from engine.replay import facts_from  # noqa: E402

PAGES: Final = {
    "en": ROOT / "docs/tutorial/selling-from-china.md",
    "zh": ROOT / "docs/tutorial/selling-from-china.zh.md",
}
COUNTRIES: Final = ("de", "br", "id", "in", "us", "ng")
NOW: Final = datetime(2026, 11, 26, 13, tzinfo=UTC)
_BLOCK: Final = re.compile(r"(<!-- (request|answer) (\w\w) -->\n```json\n)(.*?)(```\n)", re.DOTALL)


def request(country: str) -> dict[str, Any]:
    """The payment that is asked about."""
    found: dict[str, Any] = orjson.loads((samples() / "tutorial" / f"{country}.json").read_bytes())
    return found


@cache
def _law() -> tuple[PackSet, RateTable]:
    return load_packs(rulepacks()), RateTable(read_rates(rates_file()))


def answer(country: str, locale: str) -> dict[str, Any]:
    """What a service without history answers, as the page shows it: verdicts, amounts, what is missing, and the law."""
    packs, rates = _law()
    told = decide(
        facts_from(orjson.dumps(request(country))), packs, NullHistory(), rates=rates, decision_id="dec_tutorial", now=NOW, locale=locale,
        domains=BUILT,
    ).body  # fmt: skip
    found: dict[str, Any] = orjson.loads(orjson.dumps(told))
    return shortened(found)


def shortened(told: dict[str, Any]) -> dict[str, Any]:
    """The parts of an answer that the story turns on."""
    sca, tax = told["sca"], told["tax"]
    return {
        "outcome": told["outcome"],
        "message": told["message"],
        "sca": {key: sca[key] for key in ("verdict", "regime", "reason")},
        "aml": {key: told["aml"][key] for key in ("verdict", "due_diligence")},
        "kyc": {
            "verdict": told["kyc"]["verdict"],
            "collect": told["kyc"]["collect"],
            "limits": [
                {key: one[key] for key in ("name", "tier", "amount", "currency", "counted", "exceeded")}
                for one in told["kyc"]["limits"]
            ],
        },
        "residency": {
            "verdict": told["residency"]["verdict"],
            "checks": [
                {
                    key: one[key]
                    for key in (
                        "data_class",
                        "action",
                        "place",
                        "verdict",
                        "mechanism",
                        "regime",
                        "ground",
                        "valid_until",
                    )
                }
                for one in told["residency"]["checks"]
            ],
        },
        "tax": {
            "verdict": tax["verdict"],
            "total": tax["total"],
            "currency": tax["currency"],
            "lines": [
                {
                    **{key: line[key] for key in ("treatment", "reason", "scheme", "confidence")},
                    "components": [
                        {key: one[key] for key in ("name", "rate_percent", "amount")} for one in line["components"]
                    ],
                }
                for line in tax["lines"]
            ],
        },
        "method": {
            "verdict": told["method"]["verdict"],
            "checks": [{key: one[key] for key in ("name", "verdict")} for one in told["method"]["checks"]],
        },
        "obligations": [f"{one['who']}: {one['code']}" for one in told["obligations"]],
        "missing": [one["field"] for one in told["missing"]],
        "law": sorted({_cited(one) for one in told["findings"] if one["law"]["instrument"]}),
    }


def _cited(finding: dict[str, Any]) -> str:
    law = finding["law"]
    provision = f", {law['provision']}" if law["provision"] else ""
    return f"{finding['domain']}: {law['instrument']}{provision} ({finding['confidence']})"


def written(text: str, locale: str) -> str:
    """A page with its requests and answers as they are now."""

    def block(found: re.Match[str]) -> str:
        body = request(found[3]) if found[2] == "request" else answer(found[3], locale)
        return f"{found[1]}{orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()}\n{found[5]}"

    return _BLOCK.sub(block, text)


def main() -> None:
    """Write them into the pages."""
    for locale, page in PAGES.items():
        page.write_text(written(page.read_text(encoding="utf-8"), locale), encoding="utf-8")


if __name__ == "__main__":
    main()
