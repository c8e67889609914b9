"""Short ways to load samples into a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from api.list_files import Delivery
from api.screening_lists import Loaded, Refused, Unchanged, load
from engine.ledger import Ledger
from engine.screening.lists.limits import Limits
from engine.screening.lists.registry import policy
from tests.screening.samples import content

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
UN = content("un-xml.xml")


def un_list(numbers: Sequence[int], *, on: str = "2026-02-27T00:00:09.554Z") -> bytes:
    """A list of the United Nations with so many entities on it, by their numbers."""
    entities = "".join(
        f"<ENTITY><FIRST_NAME>SAMPLE {number}</FIRST_NAME><UN_LIST_TYPE>Demo</UN_LIST_TYPE>"
        f"<REFERENCE_NUMBER>QDe.{number}</REFERENCE_NUMBER></ENTITY>"
        for number in numbers
    )
    return f'<CONSOLIDATED_LIST dateGenerated="{on}"><ENTITIES>{entities}</ENTITIES></CONSOLIDATED_LIST>'.encode()


def put(
    ledger: Ledger, whole: bytes, code: str = "UN-SC", *, at: datetime = AT, **options: Any
) -> Loaded | Unchanged | Refused:
    """Load a file as it came."""
    return load(ledger, Delivery(whole, "sample"), policy(code), at=at, limits=Limits(), **options)
