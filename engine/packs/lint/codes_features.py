"""The codes of features: what a pack may ask of past payments."""

from __future__ import annotations

from typing import Final

from engine.packs.lint.codes_reader import Row

FEATURE_READER: Final[dict[str, tuple[Row, ...]]] = {
    "Features of the past": (
        (
            "feature-taken",
            "A feature has the name of a fact, a parameter, a let or another feature.",
            "Who reads the name in a condition must not have to know which is meant.",
            "Rename it.",
        ),
        (
            "feature-field",
            "A feature measures what it cannot, or has a unit where it is a number.",
            "Only amounts are summed, and only columns are told apart.",
            "Of `sum`, `min` and `max` it is `amount` in a `unit`, of `distinct` a column.",
        ),
        (
            "feature-column",
            "A column that past payments do not have, or a `key` or `where` in another form.",
            "What was not kept cannot be found again.",
            "Take a column of the reference page on history.",
        ),
        (
            "feature-window",
            "A window with a length, a time of day or a zone that it cannot have.",
            "Where a window begins decides what is counted.",
            "See the windows of the reference page on history.",
        ),
        (
            "feature-use",
            "A feature in `is_known` or `coalesce`.",
            "A past that is not known must never be taken for an empty one.",
            "Compare the feature itself; where it is not known, the rule stays open.",
        ),
    ),
}
"""Group -> rows."""

FEATURE_CHECKS: Final[dict[str, tuple[Row, ...]]] = {
    "Features of the past": (
        (
            "?feature-unused",
            "No rule and no let asks for the feature.",
            "Every feature costs something with every payment.",
            "Remove it.",
        ),
    ),
}
