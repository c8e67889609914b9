"""Puts the console's bundled scripts and styles into the wheel; `scripts/assets` builds them from the lock file."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConsoleAssets(BuildHookInterface):
    """Builds before a wheel is packed. An editable install builds nothing: `make serve` and `make test` do so themselves."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle, and name the folder as part of what is packed although git does not know it."""
        if version == "editable":
            return
        root = Path(self.root)
        if (root / "scripts" / "assets").exists() and (
            root / "api" / "console" / "assets" / "package-lock.json"
        ).exists():
            subprocess.run([root / "scripts" / "assets"], check=True, cwd=root)  # noqa: S603  our own script
        build_data["artifacts"].append("api/console/static/**")
