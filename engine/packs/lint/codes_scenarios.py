"""The codes of scenarios: what an officer should look at in past payments."""

from __future__ import annotations

from typing import Final

from engine.packs.lint.codes_reader import Row

SCENARIO_READER: Final[dict[str, tuple[Row, ...]]] = {
    "Scenarios": (
        (
            "scenario",
            "A scenario has a name, a window, a shape or a moment that it cannot have.",
            "It would be looked for somewhere else than its author thinks, or nowhere.",
            "See the reference page on scenarios.",
        ),
        (
            "scenario-bounds",
            "A number of a scenario is out of its bounds, or its bounds leave no room.",
            "A limit that nobody bounds is one that somebody sets to where nothing is ever found.",
            "Move the number, or move the bound and say why.",
        ),
        (
            "scenario-pattern",
            "A pattern says what cannot be matched exactly, or names what events do not have.",
            "Beyond flat conjunctions of a few events, engines of sequences are wrong without saying so.",
            "Count in a measure, split the scenario, or compare something else.",
        ),
        (
            "scenario-measure",
            "A measure counts what cannot be told apart, or has no span.",
            "What is counted, and how far back, decides who is looked at.",
            "Name a field of words or identities, and a parameter of hours or days.",
        ),
    ),
}
"""Group -> rows."""

SCENARIO_CHECKS: Final[dict[str, tuple[Row, ...]]] = {
    "Scenarios": (
        (
            "?scenario-unused",
            "Nothing of the scenario reads a parameter or a measure of it.",
            "Who moves a number that nothing reads believes to have changed something.",
            "Remove it.",
        ),
    ),
}
