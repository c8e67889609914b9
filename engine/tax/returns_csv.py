"""Returns as a table: one line for each row, correction and total, for spreadsheets and tax offices' forms."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

COLUMNS: Final = (
    "section", "period", "country", "from", "supply", "rate_percent", "rate_type", "taxable_amount", "vat_amount", "currency",
    "note",
)  # fmt: skip


_VALUES: Final = ("6", "7", "8", "9")
"""Boxes of a United Kingdom return that are values without tax."""


def table(found: Mapping[str, Any]) -> str:
    """A return as CSV (RFC 4180). What is undecided is an empty cell with its reason in the last column, never a zero."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in _boxes(found) if "boxes" in found else _scheme(found):
        writer.writerow([cell(line.get(column)) for column in COLUMNS])
    return out.getvalue()


def _scheme(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    same = {"period": found["period"], "currency": found["currency"]}
    for row in found["rows"]:
        yield {**same, **row, "section": "supply", "note": _why(row)}
    for row in found["corrections"]:
        outside = "outside the window: settle it with that State" if row["within_window"] is False else _why(row)
        yield {**same, **row, "section": "correction", "period": row["original_period"], "note": outside}
    for row in found["countries"]:
        yield {
            **same,
            "section": "balance",
            "country": row["country"],
            "vat_amount": row["balance"],
            "note": _why(row, "balance"),
        }
    yield {**same, "section": "total", "vat_amount": found["total"], "note": _why(found, "total")}
    yield from _proof(found)


def _boxes(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    why = {one["box"]: one["why"] for one in found["unknown"]}
    for box, amount in found["boxes"].items():
        note = why.get(box, "" if amount is not None else "undecided")
        place = "taxable_amount" if box in _VALUES else "vat_amount"
        yield {
            "section": f"box {box}",
            "period": found["period"],
            place: amount,
            "currency": found["currency"],
            "note": note,
        }
    yield from _proof(found)


def _proof(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in found["reconciliation"]:
        for name in ("transactions", "reversals", "this_return", "declared_elsewhere", "difference"):
            yield {
                "section": f"reconciliation: {name}",
                "period": found["period"],
                "vat_amount": row[name],
                "currency": row["currency"],
            }


def _why(row: Mapping[str, Any], name: str = "vat_amount") -> str:
    return "undecided: an exchange rate is missing" if row[name] is None else ""


_AMOUNT: Final = re.compile(r"-\d+(\.\d+)?", re.ASCII)


def cell(value: Any) -> str:
    """A cell. What a spreadsheet could take for a formula is quoted: places and rates never begin so, but names of others may."""
    text = "" if value is None else str(value)
    risky = text.startswith(("=", "+", "@", "\t", "\r", "\n")) or (text.startswith("-") and not _AMOUNT.fullmatch(text))
    return f"'{text}" if risky else text
