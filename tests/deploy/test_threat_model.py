"""What the threat model says is tested, is: every file and folder that it names has tests in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/threat-model.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and line.count(" | ") == 3]


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[\w/.]+)`", PAGE))))
def test_it_is_tested_there(path: str) -> None:
    place = ROOT / path
    files = [place] if place.is_file() else sorted(place.rglob("test_*.py"))
    assert any(re.search(r"^\s*(async )?def test_", one.read_text(encoding="utf-8"), re.MULTILINE) for one in files)


def test_every_threat_has_what_stands_against_it_and_where_it_is_tested() -> None:
    threats = [row.strip("| ").split(" | ") for row in ROWS if not row.startswith("| threat ")]
    assert len(threats) >= 40
    assert [row[0] for row in threats if not row[1].strip() or "`tests/" not in row[2]] == []


def test_all_six_kinds() -> None:
    kinds = [
        "Spoofing",
        "Tampering",
        "Repudiation",
        "Information disclosure",
        "Denial of service",
        "Elevation of privilege",
    ]
    assert [head for head in re.findall(r"^## (.*)$", PAGE, re.MULTILINE) if head in kinds] == kinds
