"""How the law's things are called: words of the packs, and the phrases of nine languages that mean them.

The phrases are in `glossary.csv`: left the words as names of parameters, categories and rules have them; right the phrases, `|`
between them, without accents, in any order of languages. Chinese is looked for as it stands, everything else by whole words
without their plural.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from io import StringIO
from typing import Final


def _phrases() -> dict[str, tuple[str, ...]]:
    table = (files("ingest.link") / "glossary.csv").read_text(encoding="utf-8")
    return {row["meaning"]: tuple(row["phrase"].split("|")) for row in csv.DictReader(StringIO(table))}


PHRASES: Final = _phrases()
"""Words of the packs -> the phrases that mean them."""

FREE: Final = frozenset(
    {
        "max", "min", "amount", "limit", "threshold", "rate", "value", "number", "total", "eur", "gbp", "usd", "uk",
        "eu", "fatf", "national", "general", "listed", "of", "the", "and", "to", "in", "a", "or", "for", "by", "on",
        "window", "status", "law", "name", "rule", "from", "with", "not", "local", "be", "is", "at", "as", "currency",
        "person", "percent", "level", "kind",
    }
)  # fmt: skip
"""Words of names that tell nothing apart: their absence in a publication counts little."""

EXPANDED: Final = {
    "cdd": "due diligence",
    "sdd": "sdd simplified",
    "edd": "edd enhanced",
    "hvd": "high value dealer",
    "str": "suspicious report",
    "va": "crypto virtual asset",
    "ift": "international funds",
    "bo": "beneficial owner",
    "dpms": "precious metal dealer",
    "emoney": "wallet emoney",
    "wire": "wire transfer",
    "pep": "pep exposed",
    "mfs": "momo mobile money",
    "etv": "tra",
    "crypto": "crypto virtual asset",
    "hnwi": "wealth",
    "ecommerce": "remote ecommerce",
    "dp": "personal data",
    "viban": "iban",
    "momo": "momo mobile money",
    "ebooks": "ebooks",
    "dsp": "sensitive data",
}
"""Short words of names, written out."""

__all__ = ["EXPANDED", "FREE", "PHRASES"]
