"""The lists that Lexgate can read: who publishes them, where, in which formats, on what terms, and how old they may grow.

Nothing of them comes with Lexgate. The addresses are those known in November 2026; a publisher may move them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from engine.screening.lists.errors import UnknownList

ALLOWED_SHRINK: Final = Decimal("0.10")
"""The share of entries that may be gone from one edition to the next without a person."""


@dataclass(frozen=True, slots=True)
class ListPolicy:
    """One list and how it is treated."""

    code: str
    label: str
    publisher: str
    formats: tuple[str, ...]
    source: str
    """Where the publisher has it."""
    terms: str
    """On what terms."""
    stale_after_days: int
    """Older than this, counted from the day the file bears or else was loaded on, screening answers `review` at best."""
    allowed_shrink: Decimal = ALLOWED_SHRINK


_US: Final = "Work of the United States government: no copyright in the United States (17 U.S.C. 105)"
_SLS: Final = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/"
_OPEN: Final = re.compile(r"OS-[a-z0-9][a-z0-9_-]{0,62}", re.ASCII)

POLICIES: Final = {
    one.code: one
    for one in (
        ListPolicy(
            "OFAC-SDN",
            "Specially Designated Nationals and Blocked Persons",
            "US Treasury, Office of Foreign Assets Control",
            ("ofac-xml", "ofac-advanced", "ofac-csv"),
            _SLS + "SDN.XML",
            _US,
            21,  # published on each change: two weeks without one are rare, three have not been seen
        ),
        ListPolicy(
            "OFAC-NONSDN",
            "Consolidated non-SDN lists",
            "US Treasury, Office of Foreign Assets Control",
            ("ofac-xml", "ofac-advanced", "ofac-csv"),
            _SLS + "CONSOLIDATED.XML",
            _US,
            180,  # changes a few times a year
            Decimal("0.20"),  # of some 440 entries a single directive lifts dozens
        ),
        ListPolicy(
            "UN-SC",
            "United Nations Security Council Consolidated List",
            "UN Security Council",
            ("un-xml",),
            "https://scsanctions.un.org/resources/xml/en/consolidated.xml",
            "Terms of use of the United Nations' site; facts of designation",
            7,  # made anew each day
        ),
        ListPolicy(
            "EU-FSF",
            "Consolidated list of persons, groups and entities subject to EU financial sanctions",
            "European Commission, DG FISMA",
            ("eu-xml", "eu-csv"),
            "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content",
            "Re-use with attribution to the European Union (Decision 2011/833/EU)",
            14,  # made anew on working days
        ),
        ListPolicy(
            "UK-SL",
            "UK Sanctions List",
            "Foreign, Commonwealth and Development Office",
            ("uk-xml", "uk-csv"),
            "https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.xml",
            "Open Government Licence v3.0, with attribution",
            30,  # published on each change
        ),
        ListPolicy(
            "UK-OFSI",
            "OFSI consolidated list of financial sanctions targets (frozen on 2026-01-28)",
            "HM Treasury, Office of Financial Sanctions Implementation",
            ("ofsi-csv",),
            "https://ofsistorage.blob.core.windows.net/publishlive/2022format/ConList.csv",
            "Open Government Licence v3.0, with attribution",
            7,  # frozen: always stale, for replays and comparison only
        ),
        ListPolicy(
            "US-CSL",
            "Consolidated Screening List",
            "US Commerce, International Trade Administration",
            ("us-csl",),
            "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv",
            _US,
            7,  # made anew each day; the file bears no date
        ),
    )
}
"""By code."""

OPEN_SANCTIONS: Final = ListPolicy(
    "OS-<dataset>",
    "OpenSanctions dataset",
    "OpenSanctions",
    ("os-simple", "ftm"),
    "https://data.opensanctions.org/datasets/latest/<dataset>/targets.simple.csv",
    "CC BY-NC 4.0; commercial use needs a licence of the publisher",
    3,
)
"""What holds of every dataset: its code is `OS-` and the dataset's name."""


def policy(code: str, stale_after_days: Mapping[str, int] | None = None) -> ListPolicy:
    """The policy of a list, with an operator's own number of days where one is given. Raises UnknownList."""
    found = POLICIES.get(code)
    if found is None:
        if not _OPEN.fullmatch(code):
            raise UnknownList(f"No list goes by {code[:80]!r}: {', '.join(POLICIES)} or OS-<dataset of OpenSanctions>")
        source = OPEN_SANCTIONS.source.replace("<dataset>", code.removeprefix("OS-"))
        found = replace(OPEN_SANCTIONS, code=code, source=source, label=f"OpenSanctions {code.removeprefix('OS-')}")
    own = (stale_after_days or {}).get(code)
    return found if own is None else replace(found, stale_after_days=own)


_REGIMES: Final = (("us", ("OFAC-", "US-", "OS-us_")), ("eu", ("EU-", "OS-eu_")), ("uk", ("UK-", "OS-gb_")))


def regime_of(code: str) -> str | None:
    """Under whose sanctions a list stands, as a `Regime` of the rules on ownership: us, eu, uk. None: under none that has such a
    rule of its own, as the list of the United Nations."""
    return next((regime for regime, begins in _REGIMES if code.startswith(begins)), None)
