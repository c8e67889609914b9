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
