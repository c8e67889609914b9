"""What can be wrong with a list.

ListError
├── UnknownList         no list goes by this code
├── BrokenList          malformed: not what its format says
│   ├── TruncatedList   it ends early, or holds another number of entries than it says
│   ├── UnknownFormat   in none of the formats that this list is published in
│   └── EmptyList       well formed, and nobody is on it
├── HostileList         made to do harm: a document type, entities, or beyond the limits of size, depth and text
└── OutOfStep           well formed, and not to be believed without a person
    ├── ShrunkList      more entries are gone than the list's policy allows at once
    └── OlderList       published before the edition that is in force
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal


class ListError(Exception):
    """The root. `code` is stable; the message is for people and quotes little of the file."""

    code = "list_error"


class UnknownList(ListError):
    """No list goes by this code."""

    code = "unknown_list"


class BrokenList(ListError):
    """The file is not what its format says."""

    code = "list_broken"


class TruncatedList(BrokenList):
    """The file ends early, or holds another number of entries than it says itself."""

    code = "list_truncated"


class UnknownFormat(BrokenList):
    """The file is in none of the formats that this list is published in."""

    code = "list_format_unknown"


class EmptyList(BrokenList):
    """The file is well formed and nobody is on it: no publisher has ever lifted everything at once."""

    code = "list_empty"


class HostileList(ListError):
    """The file declares a document type or entities, or goes beyond the limits of size, depth and text."""

    code = "list_hostile"


class OutOfStep(ListError):
    """A well formed file that a named person must accept before it is used."""

    code = "list_out_of_step"


class ShrunkList(OutOfStep):
    """More entries are gone than the list's policy allows from one edition to the next."""

    code = "list_shrunk"

    def __init__(self, before: int, after: int, allowed: Decimal) -> None:
        self.before, self.after, self.allowed = before, after, allowed
        super().__init__(
            f"{before - after} of {before} entries are gone; {(allowed * 100).normalize():f} % may be gone at once."
            " If the publisher did remove them, a named person accepts it with a reason"
        )


class OlderList(OutOfStep):
    """The file was published before the edition in force."""

    code = "list_older"

    def __init__(self, published: datetime, in_force: datetime) -> None:
        self.published, self.in_force = published, in_force
        super().__init__(
            f"Published {published.isoformat()}, before the edition in force ({in_force.isoformat()}):"
            " names listed since would be lost. If that is meant, a named person accepts it with a reason"
        )
