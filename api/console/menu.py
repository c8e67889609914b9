"""The menu, and every page there is."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Final

from api.console import pages
from api.console.routing import Route, Section

SECTIONS: Final = (
    Section("today", "", "Today", "today", ("read",)),
    Section("law", "/law", "Law", "law", ("read",)),
    Section("edit", "/drafts", "Drafts", "edit", ("read",)),
    Section("review", "/reviews", "Review", "review", ("read",)),
    Section("changes", "/changes", "Changes", "changes", ("read",)),
    Section("decisions", "/decisions", "Decisions", "decisions", ("read",)),
    Section("cases", "/cases", "Cases", "cases", ("review", "screen", "read")),
    Section("tax", "/tax", "Tax", "tax", ("tax", "read")),
    Section("admin", "/admin", "Administration", "admin", ("admin",)),
)
"""In the order shown."""


@cache
def routes() -> tuple[Route, ...]:
    """Every page, of every module of `pages`."""
    found: list[Route] = []
    for module in sorted(pkgutil.iter_modules(pages.__path__), key=lambda one: one.name):
        loaded = importlib.import_module(f"{pages.__name__}.{module.name}")
        found.extend(getattr(loaded, "ROUTES", ()))
    return tuple(found)
