"""How much of a list is read before it is taken for an attack: every reader keeps to these, so that memory stays bounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Final

from engine.screening.lists.errors import HostileList

CHUNK: Final = 64 * 1024
LONGEST_TEXT: Final = 256 * 1024
"""Characters of one value. The longest statement of reasons in any list has some 20,000."""
_MOST_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may hold."""

    file_bytes: int = 512 * 1024 * 1024
    """Uncompressed. The largest official file (OFAC's advanced XML) has some 120 MB."""
    record_bytes: int = 4 * 1024 * 1024
    """From one record to the next, and one line of a table. The largest record of any list has some 100 kB."""
    entries: int = 2_000_000


USUAL: Final = Limits()


class Bounded:
    """A stream that ends in HostileList where more comes than is allowed."""

    __slots__ = ("_left", "_limits", "_stream")

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream, self._limits, self._left = stream, limits, limits.file_bytes

    def read(self, size: int = CHUNK) -> bytes:
        """The next bytes."""
        return self._counted(self._stream.read(size))

    def readline(self) -> bytes:
        """The next line with its end."""
        line = self._counted(self._stream.readline(self._limits.record_bytes + 1))
        if len(line) > self._limits.record_bytes:
            raise HostileList(f"A line of more than {self._limits.record_bytes} bytes")
        return line

    def _counted(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise HostileList(f"More than {self._limits.file_bytes} bytes")
        return data


def whole_number(text: str) -> int | None:
    """A whole number in plain digits; None for anything else, and for what has more digits than any number in a list."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None


def clean(text: str | None) -> str:
    """Trimmed, inner white space made single. Raises HostileList where one value has the size of a book."""
    if not text:
        return ""
    if len(text) > LONGEST_TEXT:
        raise HostileList(f"A value of {len(text)} characters; {LONGEST_TEXT} at most")
    return " ".join(text.split())
