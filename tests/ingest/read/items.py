"""A reader for tests: every item is held to matter, so that what the rules say is seen."""

from datetime import date
from functools import lru_cache

from ingest.read.classes import Classes
from ingest.read.model import ChangeType, Reading
from ingest.read.reading import Reader

PUBLISHED = date(2026, 11, 2)


class Everything:
    """A classifier to which everything is relevant, or nothing."""

    def __init__(self, *, relevant: bool = True) -> None:
        self._relevant = relevant

    def scores(self, text: str, language: str) -> Classes:
        return Classes(int(self._relevant), self._relevant, (), ChangeType.RATE, 1)


@lru_cache(maxsize=2)
def reader(*, relevant: bool = True) -> Reader:
    return Reader(Everything(relevant=relevant))


def read(
    text: str,
    *,
    title: str = "",
    language: str | None = "en",
    place: str | None = None,
    published: date | None = PUBLISHED,
) -> Reading:
    return reader().read(title, text, published=published, language=language, jurisdiction=place)
