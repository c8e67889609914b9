"""Every code a pack can be refused with: what was found, why it matters, what to do. The reference page is written from this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from engine.packs.lint.codes_checks import CHECKS
from engine.packs.lint.codes_demotions import DEMOTIONS
from engine.packs.lint.codes_features import FEATURE_CHECKS, FEATURE_READER
from engine.packs.lint.codes_reader import READER
from engine.packs.lint.codes_scenarios import SCENARIO_CHECKS, SCENARIO_READER
from engine.packs.lint.codes_tax import TAX_CHECKS, TAX_READER

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding. `code` is stable; `remedy` is said where a finding has no better one of its own."""

    code: str
    severity: Severity
    group: str
    what: str
    why: str
    remedy: str


def _all() -> Iterator[Code]:
    features, scenarios = (FEATURE_READER, FEATURE_CHECKS), (SCENARIO_READER, SCENARIO_CHECKS)
    for table in (READER, TAX_READER, CHECKS, TAX_CHECKS, *features, *scenarios, DEMOTIONS):
        for group, rows in table.items():
            for code, what, why, remedy in rows:
                severity: Severity = "warning" if code.startswith("?") else "error"
                yield Code(code.removeprefix("?"), severity, group, what, why, remedy)


CODES: Final[Mapping[str, Code]] = {code.code: code for code in _all()}
"""Every code by name."""

_HEAD: Final = """# Lint codes

Written from `engine/packs/lint/codes_*.py`; a test keeps the two alike.

`lexgate packs lint` reads every pack and every message catalogue and reports each finding with its file, line and column, a
sentence, and what to do. An **error** is refused; a **warning** is something a reviewer must look at. Shipped packs have
neither. Findings that depend on the day (`verified-stale`, `verified-future`, `pending-overdue`, `tax-standard-missing`) are
made only where the caller says which day it is.

Conditions are decided by cutting every fact into the few ranges that its comparisons can tell apart and trying them, missing
facts included, with the same interpreter that explains decisions. The work is capped; what could not be decided in time is
reported as `condition-undecided`, never passed over.
"""


def reference() -> str:
    """The text of `docs/reference/lint-codes.md`."""
    lines = [_HEAD]
    for group in dict.fromkeys(code.group for code in CODES.values()):
        lines += [f"## {group}", "", "| Code | | What | Why | What to do |", "|---|---|---|---|---|"]
        for code in CODES.values():
            if code.group == group:
                cells = " | ".join(text.replace("|", "\\|") for text in (code.what, code.why, code.remedy))
                lines.append(f"| `{code.code}` | {code.severity} | {cells} |")
        lines.append("")
    return "\n".join(lines)
