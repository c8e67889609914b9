"""The names that the engine asks for are known to the comparison: of no other parameter is it said that nobody reads it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from engine.diffs.affected import read_by
from engine.diffs.rest import ASKED_BY_NAME
from tests.shipped import SHIPPED, law

ENGINE = SHIPPED.parent / "engine"
ROOMS = {
    "sca": ("decide.py", "regimes/sca*.py", "regimes/ruling.py"),
    "aml": ("regimes/aml*.py", "regimes/found.py", "regimes/travel.py", "screening/*.py"),
    "kyc": ("regimes/kyc*.py", "regimes/counting.py", "regimes/found.py", "onboarding/*.py"),
    "residency": ("regimes/residency*.py",),
    "methods": ("regimes/methods*.py", "regimes/counting.py", "regimes/forms.py"),
}
"""The modules that may ask a domain's law for something by its name."""


def words_in(path: Path) -> set[str]:
    """The texts of a module that could be names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in found if isinstance(text, str) and text.isidentifier()}


@pytest.mark.parametrize("domain", ROOMS)
def test_the_names_that_the_engine_asks_for(domain: str) -> None:
    packs = law().packs.values()
    parts = [pack.domains[domain] for pack in packs if domain in pack.domains]
    read = {name for part in parts for rule in part.rules for name in read_by(rule)}
    named = {word for pattern in ROOMS[domain] for path in ENGINE.glob(pattern) for word in words_in(path)}
    asked = {name for part in parts for name in part.parameters} & named - read
    assert {name for name in asked if not ASKED_BY_NAME[domain].fullmatch(name)} == set()
