"""Publications and what is read of them, made for tests: a rise of a rate, and a speech."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from engine.changes import Evidence, Read
from engine.ledger import Document, Ledger, NewItem, NewReading, Occasion, StoredItem, Taken, Work
from tests.ledger.factories import AT

SENTENCE = "The rate of VAT on take-away meals rises from 6 % to 12 % on 1 March 2027."
READ = Read(
    "Take-away meals: 12 %", "adopted", "BE", ("tax",), "rate", date(2027, 3, 1), draftable=True,
    evidence=(Evidence("6 % -> 12 %", SENTENCE), Evidence("from 2027-03-01", SENTENCE)),
)  # fmt: skip
SKETCH = bytes(range(256)) * 2
LEASE = timedelta(minutes=5)
_CASES = iter(f"case_r{number}" for number in range(1, 1_000_000))


def read_law(**more: Any) -> NewReading:
    """A rise of a rate, read."""
    read = Read(**{**{name: getattr(READ, name) for name in READ.__slots__}, **more.pop("read", {})})
    base: dict[str, Any] = {
        "reader": "reader-1", "release": "sha256:" + "ab" * 32, "relevance": 970, "relevant": True, "read": read,
        "publisher": "FPS Finance", "body": {"reading": {"text": SENTENCE, "status": read.status}}, "sketch": SKETCH,
        "bands": tuple(f"b:{read.jurisdiction}:{number}" for number in range(16)),
        "about": (f"a:{read.jurisdiction}:Royal Decree no. 20",),
    }  # fmt: skip
    return NewReading(**{**base, **more})


def read_nothing(**more: Any) -> NewReading:
    """A speech, read."""
    return read_law(relevance=20, relevant=False, read={"status": "irrelevant", "draftable": False}, **more)


def publish(
    ledger: Ledger, key: str = "n-1", *, source: str = "be-fin-1", said: str = "", at: datetime = AT
) -> StoredItem:
    """A version of a publication, kept."""
    (held,) = ledger.feeds.take([source], "ing_1", at, LEASE, 1)
    number = ledger.feeds.number()
    document = Document(f"sha256:{number:064x}", "https://law.example/rss", "text/xml", b"<rss/>" + said.encode())
    item = NewItem(key, f"sha256:{key}{said}{number}", {"title": READ.title, "text": said or SENTENCE})
    ledger.feeds.leave(held, Taken(held, document, (item,)), occasion(at))
    return ledger.feeds.items(0, 100_000)[-1]


def occasion(at: datetime = AT) -> Occasion:
    """When, under a law that is the same everywhere."""
    return Occasion(at, "sha256:" + "ab" * 32, _CASES.__next__)


def take(ledger: Ledger, at: datetime, holder: str = "ing_1", limit: int = 9) -> list[Work]:
    """What waits to be read, held."""
    return ledger.readings.take(holder, at, LEASE, limit)


def read_all(ledger: Ledger, *new: NewReading, at: datetime) -> list[str]:
    """Read what waits, in its order."""
    held = take(ledger, at)
    assert len(held) == len(new)
    return ledger.readings.leave(list(zip(held, new, strict=True)), occasion(at))
