"""One publication of one source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

LONGEST_TEXT: Final = 200_000
"""Characters of a text that are kept for reading; the whole stays in the document as it came."""
LONGEST_TITLE: Final = 1_000
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no store and no encoding takes, in an id that a source makes up."""


@dataclass(frozen=True, slots=True)
class Item:
    """A publication, in plain text.

    `key` names it within its source: the id that the source gives it, else its address, else its title and time.
    """

    key: str
    title: str
    text: str
    link: str | None
    """Canonical address."""
    published_at: datetime | None
    updated_at: datetime | None = None
    language: str | None = None
    """As the source says, lower-case primary subtag."""
    cut: bool = False
    """The text was longer."""

    @property
    def digest(self) -> str:
        """Of what it says: another digest under one key is a correction."""
        said = "\0".join((self.title, self.text))
        return f"sha256:{sha256(said.encode()).hexdigest()}"


def item(
    *,
    own: str | None,
    title: str,
    text: str,
    link: str | None,
    published_at: datetime | None,
    updated_at: datetime | None = None,
    language: str | None = None,
) -> Item | None:
    """An item of its parts; None where it says nothing at all."""
    if not title and not text:
        return None
    told = published_at.isoformat() if published_at else ""
    key = _UNFIT.sub("", own or "") or link or f"sha256:{sha256(f'{title}{chr(0)}{told}'.encode()).hexdigest()}"
    short = text[:LONGEST_TEXT]
    cut = len(short) < len(text)
    return Item(
        key[:LONGEST_TITLE], title[:LONGEST_TITLE], short, link, published_at, updated_at, primary(language), cut
    )


def primary(language: str | None) -> str | None:
    """`pt-BR` -> `pt`; None for what is no language tag (BCP 47)."""
    tag = (language or "").replace("_", "-").partition("-")[0].strip().lower()
    return tag if tag.isascii() and tag.isalpha() and 2 <= len(tag) <= 3 else None
