"""How publications are understood here: read, linked with the law in force, and what they would change worked out.

What reads is loaded when the first publication is to be read: a command that reads none does not wait for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

import orjson

from api.bundled import directory_file
from engine.backtest import Stored
from engine.changes import LawChange
from engine.ledger import Ledger, StoredItem
from engine.packs import PackSet
from ingest.directory import Source, read_directory
from ingest.read.model import Reading
from ingest.understood import Linked, Understood, understood
from ingest.versions import reader_version
from ingest.working import Drafted

FIRST_LINKS = 3
"""Of the links, those whose rows a later withdrawal is found by."""


Past = Callable[[], Iterable[Stored]]
_PAGE = 200


class Reads(Protocol):
    """What reads a publication: `ingest.read.reading.Reader`."""

    def read(
        self, title: str, text: str, *, published: date | None, language: str | None, jurisdiction: str | None
    ) -> Reading:
        """All that is read of it."""


class Links(Protocol):
    """What links readings with one release of the law, and says what they would change."""

    def linked(self, item: StoredItem, reading: Reading, jurisdiction: str, publisher: str, /) -> Linked:
        """Links, proposals, impact."""

    def draft(self, item: StoredItem, reading: Reading, jurisdiction: str, publisher: str, /) -> Drafted:
        """The files of the release with the change in them."""

    @property
    def took(self) -> dict[str, float]:
        """Seconds of each stage of what was last linked."""


@dataclass(slots=True)
class Understanding:
    """Publications read under whatever law is in force: another release is linked with from the next one on."""

    reader_of: Callable[[], tuple[Reads, str]]
    """What reads, with its version."""
    law: Callable[[], PackSet]
    links_of: Callable[[PackSet], Links]
    _turn: threading.Lock = field(default_factory=threading.Lock, init=False)
    """A reader reads one publication at a time."""
    _reader: tuple[Reads, str] | None = field(default=None, init=False)
    _links: tuple[str, Links] | None = field(default=None, init=False)

    def understand(self, item: StoredItem, source: Source, /) -> Understood:
        """Everything that is understood of a publication."""
        with self._turn:
            return self._understand(item, source)

    def _understand(self, item: StoredItem, source: Source) -> Understood:
        packs, _ = self.law(), self._loaded()
        began = time.perf_counter()
        reading, version = self._read(item, source.language, source.jurisdiction)
        took, linked = {"read": time.perf_counter() - began}, Linked(reasons=("It is no change of the law.",))
        if reading.relevant:
            links = self._linker(packs)
            linked = links.linked(item, reading, source.jurisdiction, source.regulator)
            took |= links.took
        return understood(
            reading, linked, jurisdiction=source.jurisdiction, reader=version, release=packs.release.digest, took=took
        )

    def draft(self, item: StoredItem, change: LawChange, packs: PackSet, /) -> Drafted:
        """The files of a release with the change in them, worked out anew."""
        place = change.read.jurisdiction
        with self._turn:
            reading, _ = self._read(item, None, place)
            return self._linker(packs).draft(item, reading, place, change.publisher)

    def _read(self, item: StoredItem, language: str | None, jurisdiction: str) -> tuple[Reading, str]:
        reader, version = self._loaded()
        body = item.body
        reading = reader.read(
            body["title"], body["text"], published=published(item), language=body.get("language") or language,
            jurisdiction=jurisdiction,
        )  # fmt: skip
        return reading, version

    def _loaded(self) -> tuple[Reads, str]:
        if self._reader is None:
            self._reader = self.reader_of()
        return self._reader

    def _linker(self, packs: PackSet) -> Links:
        digest = packs.release.digest
        if self._links is None or self._links[0] != digest:
            self._links = digest, self.links_of(packs)
        return self._links[1]


def published(item: StoredItem) -> date | None:
    """The day on which it says that it was published."""
    told = item.body.get("published_at") or item.body.get("updated_at")
    return datetime.fromisoformat(told).date() if told else None


def shipped_understanding(law: Callable[[], PackSet], past: Past = lambda: ()) -> Understanding:
    """What came with the software. `law`: what is in force, asked for each publication; `past`: recent payments, the newest
    first, that tell how many answers a change would turn."""
    return Understanding(shipped_reader, law, lambda packs: PackLinks(packs, past))


def recent(ledger: Ledger) -> Iterator[Stored]:
    """Recent payments, the newest first."""
    after: str | None = None
    while True:
        page = ledger.decisions(limit=_PAGE, after=after)
        yield from (Stored(one.id, one.facts, one.inputs) for one in page.data if not one.erased)
        if (after := page.next) is None:
            return


def shipped_reader() -> tuple[Reads, str]:
    """What reads, knowing the regulators of the directory by name; and its version."""
    from ingest.read.reading import Reader

    known = read_directory(directory_file().read_text(encoding="utf-8"))
    return Reader.shipped(regulators=[(one.regulator, one.jurisdiction) for one in known]), reader_version()


class PackLinks:
    """Links with the packs of a release, the changes of them that are proposed, and what each would do."""

    def __init__(self, packs: PackSet, past: Past = lambda: ()) -> None:
        from ingest.link.linker import Linker

        self._packs, self._linker, self._past = packs, Linker(packs), past
        self.took: dict[str, float] = {}

    def linked(self, item: StoredItem, reading: Reading, jurisdiction: str, publisher: str, /) -> Linked:
        """Links, proposals, impact."""
        from ingest.impact.telling import as_data, impact, markdown

        began = time.perf_counter()
        links = self._linker.links(reading, jurisdiction=jurisdiction)
        linked = time.perf_counter()
        proposals = self._proposals(item, reading, links, publisher)
        told = [impact(one, self._packs, item.recorded_at, self._estimated(one)) for one in proposals]
        found = [as_data(one) for one in told]
        self.took = {"link": linked - began, "impact": time.perf_counter() - linked}
        return Linked(
            [_plain(link) for link in links],
            tuple(link.target.id for link in links[:FIRST_LINKS]),
            found,
            found[0] if found else None,
            "\n".join(map(markdown, told)),
            () if any(one.draftable for one in proposals) else _hindrances(proposals),
        )

    def draft(self, item: StoredItem, reading: Reading, jurisdiction: str, publisher: str, /) -> Drafted:
        """The files of the release with the change in them."""
        from engine.packs.lines import EditRefused
        from ingest.impact.edit import edit_all

        links = self._linker.links(reading, jurisdiction=jurisdiction)
        proposals = self._proposals(item, reading, links, publisher)
        ready = [one for one in proposals if one.draftable]
        if not ready:
            return Drafted(reasons=_hindrances(proposals))
        try:
            return Drafted(edit_all(ready, self._packs.files, release=self._packs).files)
        except EditRefused as error:
            return Drafted(reasons=(str(error),))

    def _proposals(self, item: StoredItem, reading: Reading, links: Any, publisher: str) -> Any:
        from ingest.impact.model import Publication
        from ingest.impact.proposal import propose

        source = Publication(item.body["title"], item.body.get("link"), publisher)
        return propose(reading, links, self._packs, published=published(item), source=source)

    def _estimated(self, proposal: Any) -> Any:
        """How many answers it would turn; None where it is no draft."""
        from engine.packs.lines import EditRefused
        from ingest.impact.edit import edit
        from ingest.impact.estimate import estimate
        from ingest.impact.reach import reach

        if not proposal.draftable:
            return None
        try:
            files = {**self._packs.files, **edit(proposal, self._packs.files, release=self._packs).files}
        except EditRefused:
            return None
        now, domains = PackSet.of(files, near=self._packs), reach(proposal, self._packs).domains
        return estimate(self._past(), self._packs, now, domains=domains, day=proposal.effective)


def _hindrances(proposals: Any) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(why for one in proposals for why in one.hindrances))
    return found or ("No value of a rulepack is proposed.",)


def _plain(one: object) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(orjson.dumps(one, default=str))
    return found
