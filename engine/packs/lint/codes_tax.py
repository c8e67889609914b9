"""The codes of the tables of tax: lines of rates, territories, and whether a place has such a tax at all."""

from __future__ import annotations

from typing import Final

from engine.packs.lint.codes_reader import Row

TAX_READER: Final[dict[str, tuple[Row, ...]]] = {
    "Tables of tax": (
        (
            "rate-token",
            "A category or component of a rate is not one word of lower case, digits and `_`.",
            "Lines of a sale are matched with it letter by letter.",
            "Write it as the list of categories does.",
        ),
        (
            "rate-percent",
            "A percentage outside 0 to 100, or with more than four decimals.",
            "No law takes it; a point or a digit has slipped.",
            'Write 19 % as "19".',
        ),
        (
            "rate-kind",
            "Kind and percentage contradict each other: zero with another percentage than 0, exempt with one, unread with one.",
            "Zero, exempt and not read are three answers, reported and proved differently.",
            "Correct the kind, or take the percentage out.",
        ),
        (
            "rate-share",
            "A share of the price that is not above 0 and at most 1.",
            "It says which part of the price is taxed.",
            'Write a fraction ("11/12") or a decimal ("0.8").',
        ),
        (
            "territory-where",
            "A territory with neither a place nor postal codes.",
            "No address could lie in it.",
            "Add `place` or `postal_codes`.",
        ),
        (
            "postal-code",
            "Neither a prefix of postcodes nor a range of them.",
            "An address would be taxed on the wrong side of a border.",
            'Write "27498", "6991-6993", or "CH:8238" for a neighbour\'s postcode.',
        ),
    ),
}
"""What stops a line from being used: such packs are not loaded."""

TAX_CHECKS: Final[dict[str, tuple[Row, ...]]] = {
    "Rates and places of tax": (
        (
            "rate-overlap",
            "Two rates of one tax, category, kind of supply and condition hold on one day.",
            "Which one is charged would be an accident.",
            "End one before the other begins, or say in `supplies` or `condition` what tells them apart.",
        ),
        (
            "rate-standard-twice",
            "One tax has two standard rates on one day for the same kind of supply.",
            "The standard rate is what remains where nothing else is said: a condition in words cannot choose it.",
            "Date them, limit them with `supplies`, or give the narrower one a category of its own.",
        ),
        (
            "rate-gap",
            "A tax has days without a standard rate between two that have one.",
            "A sale of such a day could not be taxed.",
            "Close the dates; where the rate was not read, add a line with `unread: true`.",
        ),
        (
            "tax-denied",
            "A rate holds on a day on which `has_consumption_tax` is false.",
            "One of the two is wrong, and the answer would turn on which is read first.",
            "Correct one of them.",
        ),
        (
            "?tax-standard-missing",
            "A place has a consumption tax, and no standard rate holds today.",
            "Whatever has no line of its own would be undecided.",
            "Add the rate (`unread: true` where nobody has read it), or the parameter `subnational_only` where parts of the "
            "country levy it alone.",
        ),
        (
            "?tax-unstated",
            "A tax domain without the parameter `has_consumption_tax`.",
            "No tax and no knowledge would look alike.",
            "Say whether the place has such a tax.",
        ),
    ),
}
"""What makes rates that can be read contradict each other, or leave a question open."""
