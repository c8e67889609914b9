"""Codes are stable, documented, and all there is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.packs.lint import CODES
from engine.packs.lint.codes import reference
from tests.packs.fixture import HERE

ROOT = HERE.parents[1]
SOURCES = sorted(
    path for folder in ("packs", "language", "overlay") for path in (ROOT / "engine" / folder).rglob("*.py")
)
_CODE = re.compile(r"[a-z]+(-[a-z0-9]+)*")


def _calls(path: Path) -> Iterator[tuple[int, str]]:
    """The code of every finding that is made by name: `notes.stop("shape", ...)`, `view.report("format", ...)`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        noting = name in ("stop", "report", "_error", "Problem", "TypeFault", "ParseError") or (
            name == "add" and "notes" in owner
        )
        if noting and node.args and isinstance(node.args[0], ast.Constant):
            yield node.lineno, str(node.args[0].value)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_finding_has_a_known_code(path: Path) -> None:
    assert [(line, code) for line, code in _calls(path) if code not in CODES] == []


def test_every_code_is_made_somewhere() -> None:
    said = {
        node.value
        for path in SOURCES
        if not path.name.startswith("codes")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert CODES.keys() - said == set()


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_code_is_described(code: object) -> None:
    """A name, and three sentences that end."""
    what, why, remedy = code.what, code.why, code.remedy  # type: ignore[attr-defined]
    assert _CODE.fullmatch(code.code)  # type: ignore[attr-defined]
    assert all(
        text[0].isupper() or text[0] in "`0123456789" or text.startswith(("challenge", "by:", "any,"))
        for text in (what, why, remedy)
    )
    assert all(text.endswith((".", "?")) for text in (what, why, remedy))


def test_the_reference_page_is_the_catalogue() -> None:
    """To write it anew: `python -m engine.packs.lint > docs/reference/lint-codes.md`."""
    assert (ROOT / "docs/reference/lint-codes.md").read_text(encoding="utf-8") == reference()
