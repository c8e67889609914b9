"""The codes of rules that a release holds back."""

from __future__ import annotations

from typing import Final

from engine.packs.lint.codes_reader import Row

DEMOTIONS: Final[dict[str, tuple[Row, ...]]] = {
    "Rules that are held back": (
        (
            "demoted-unknown",
            "A rule that is held back does not exist.",
            "Whoever reads the list must be able to rely on it.",
            "Take the entry out of `house/demoted.yaml`.",
        ),
        (
            "demoted-harmless",
            "A rule that is held back never stops a payment.",
            "A review would make it stricter, or nothing of it.",
            "Take the entry out of `house/demoted.yaml`.",
        ),
        (
            "demoted-empty",
            "The list of rules that are held back is empty.",
            "Two ways to say the same would be two releases.",
            "Take the file out.",
        ),
    ),
}
"""Group -> rows."""
