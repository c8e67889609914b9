"""The reference page of exchange rates tells what the packs say, and no more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine.tax.exchange import wanted_by_law
from engine.tax.told import law_of
from tests.property.shipped import packs

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "exchange-rates.md"
DAY = date(2026, 11, 22)


def table() -> str:
    """The table of the page, from the packs."""
    lines = ["| rule | publisher | places | law | confidence |", "|---|---|---|---|---|"]
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for source, wanted in wanted_by_law(law_of(packs()), DAY).items():
        for place, one in wanted:
            cited = ", ".join(filter(None, (one.step.instrument, one.step.provision)))
            sure = one.step.confidence.value if one.step.confidence else ""
            found.setdefault((one.rule.value, source, cited, sure), []).append(place)
    for (rule, source, cited, sure), places in found.items():
        lines.append(f"| `{rule}` | `{source}` | {', '.join(sorted(set(places)))} | {cited} | {sure} |")
    return "\n".join(lines) + "\n"


def test_the_page_tells_what_the_packs_want() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), f"the table of {PAGE.name} should be:\n{table()}"
