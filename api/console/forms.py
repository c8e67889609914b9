"""What a form sends: names and texts in their order, and files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import UploadFile
from starlette.requests import Request

MOST_FIELDS: Final = 2000
MOST_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one form; a name may come several times."""

    pairs: tuple[tuple[str, str], ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """The last text of this name, without blanks at its ends."""
        found = default
        for key, text in self.pairs:
            if key == name:
                found = text
        return found.strip()

    def raw(self, name: str) -> str:
        """The text as it was typed, line ends as Unix has them: a browser sends CR LF."""
        return next((text for key, text in reversed(self.pairs) if key == name), "").replace("\r\n", "\n")

    def all(self, name: str) -> list[str]:
        """Every text of this name that is not empty."""
        return [text.strip() for key, text in self.pairs if key == name and text.strip()]

    def given(self, *names: str) -> dict[str, str]:
        """Those of these fields that are not empty."""
        return {name: text for name in names if (text := self.get(name))}

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.get(name) not in ("", "0", "false", "off")

    def under(self, prefix: str) -> Iterator[tuple[str, str]]:
        """The fields whose names begin so, without that begin."""
        for key, text in self.pairs:
            if key.startswith(prefix):
                yield key.removeprefix(prefix), text.strip()

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.pairs)


async def read_form(request: Request) -> Form:
    """The form of a request. Raises starlette's HTTPException where it cannot be read."""
    pairs: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    async with request.form(max_files=8, max_fields=MOST_FIELDS, max_part_size=MOST_BYTES) as data:
        for name, value in data.multi_items():
            if isinstance(value, UploadFile):
                files[name] = await value.read()
            else:
                pairs.append((name, value))
    return Form(tuple(pairs), files)
