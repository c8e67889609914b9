"""Whole payments and what the law makes of them, for the packs of the main places."""

from __future__ import annotations

from scripts.aml_draft.emit import Law


def add_cases(law: Law) -> None:
    """The cases of a place."""
