"""Names of parameters in Chinese. What is not here keeps its own name, with spaces."""

from __future__ import annotations

from typing import Final

NAMES: Final[dict[str, str]] = {}
