"""The codes of embedded tests and cases: law that does not show what it does, or does not do what it shows."""

from __future__ import annotations

from typing import Final

from engine.packs.lint.codes_reader import Row

TESTS: Final[dict[str, tuple[Row, ...]]] = {
    "Tests": (
        (
            "test-fails",
            "An embedded test fails.",
            "Rule and example contradict each other.",
            "Correct the one that is wrong in law.",
        ),
        (
            "test-fires",
            "No test in which the rule fires.",
            "Nobody has shown that it can.",
            "Add one.",
        ),
        (
            "test-silent",
            "No test in which the rule is silent.",
            "Nobody has shown where it ends.",
            "Add one.",
        ),
        (
            "test-unknown",
            "The rule can be unknown and no test shows it.",
            "Missing facts are the usual case.",
            "Add one that leaves a decisive fact out.",
        ),
        (
            "test-threshold",
            "A threshold is not tested exactly at its value and just beyond it, with different outcomes.",
            "At most and less than differ on one payment only.",
            "Add the test that is missing.",
        ),
        (
            "test-date",
            "A date is not tested on the day and on the day before.",
            "Law begins and ends on days.",
            "Add the test that is missing.",
        ),
        (
            "test-condition",
            "A condition is never true, or never false, in any test.",
            "A wrong condition would pass.",
            "Add the test that is missing.",
        ),
        (
            "test-condition-unknown",
            "A condition is never unknown in any test though its facts may be missing.",
            "A wrong reading of silence would pass.",
            "Add a test that states nothing but the instrument.",
        ),
    ),
    "Cases": (
        (
            "case-expect",
            "A case expects a field that answers do not have, a value that the field never has, or no verdict at all.",
            "It would always fail, or never.",
            "Expect `verdict` or `outcome`, and what else the story turns on.",
        ),
        (
            "case-time",
            "A case has `occurred_at` and, beside it, `on` or `hour`.",
            "The two could name different days, and so different law.",
            "Keep one of them.",
        ),
        (
            "case-domain",
            "Cases of a domain that is not decided yet.",
            "They would look like examples and nobody would run them.",
            "Leave them out until the domain is decided.",
        ),
        (
            "case-given",
            "The facts of a case are refused where a caller's would be.",
            "What nobody can ask needs no answer.",
            "State the payment as a caller would.",
        ),
        (
            "case-name",
            "A case expects a name that no rule or pack gives.",
            "It can never come out.",
            "Use a name that some rule gives; flags are not told of.",
        ),
        (
            "case-elsewhere",
            "No provider of a case is where its pack holds.",
            "It would show the law of somebody else.",
            "Correct the places or the day, or move the case to the pack that decides it.",
        ),
        (
            "case-fails",
            "The decision on a case is not the one it expects.",
            "Law and example contradict each other.",
            "Correct the one that is wrong in law.",
        ),
    ),
}
"""Group -> rows."""
