"""The directory of sources: who publishes where, in which form, and how it is asked. A table that officers can edit.

What is not watched stays in it with the reason: a gap that is known is not forgotten.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from engine.places import is_place
from ingest.feeds import Adapter
from ingest.feeds.canonical import canonical
from ingest.feeds.links import Links, WholePage
from ingest.feeds.pages import Listing, check_selectors
from ingest.feeds.records import Records
from ingest.fetch import Manners

COLUMNS: Final = (
    "id", "jurisdiction", "regulator", "topics", "url", "form", "language", "watch", "noise", "confidence", "found_in", "note",
)  # fmt: skip
OPTIONAL: Final = ("every_hours", "silent_days", "how")
TOPICS: Final = frozenset(
    ("licensing", "aml", "kyc", "sanctions", "sca", "vat/gst", "data_residency", "payments", "other")
)
_UNIONS: Final = frozenset(("EU", "EEA", "UN", "INT", "WORLD"))
"""Not places of ISO 3166, but they publish."""
_ID: Final = re.compile(r"[a-z]{2,5}-[a-z0-9]{1,20}-\d{1,3}", re.ASCII)
_CONFIDENCE: Final = frozenset("ABCR")


class Form(StrEnum):
    """How a source is read."""

    FEED = "feed"
    """RSS, Atom or RDF."""
    LINKS = "links"
    """A page whose links are publications."""
    PAGE = "page"
    """A page that is itself the text: what changes in it is news."""
    LISTING = "listing"
    """A page with a list, by selectors that `how` gives."""
    RECORDS = "records"
    """JSON, by names that `how` gives."""


_FORMS: Final = frozenset(map(str, Form))
_READ_BY: Final[Mapping[str, type[Listing] | type[Records]]] = {Form.LISTING: Listing, Form.RECORDS: Records}


class DirectoryRefused(ValueError):
    """The directory cannot be read. Each fault with its line."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class Source:
    """One address of one regulator."""

    id: str
    jurisdiction: str
    regulator: str
    topics: tuple[str, ...]
    url: str
    form: Form
    language: str | None
    watch: bool
    noise: bool
    """Much of what it publishes is no law: speeches, statistics."""
    confidence: str
    """That this is where the regulator publishes: A looked at, B named by two, C by one, R recalled."""
    found_in: str
    note: str
    manners: Manners = field(default_factory=Manners)
    how: Listing | Records | None = None
    """Where things are in a listing or in records."""

    @property
    def adapter(self) -> Adapter | None:
        """How its documents are read; None for feeds."""
        match self.form:
            case Form.LINKS:
                return Links(language=self.language)
            case Form.PAGE:
                return WholePage(language=self.language)
        return self.how


def read_directory(text: str) -> tuple[Source, ...]:
    """The sources of a table (CSV, UTF-8). Raises DirectoryRefused with every fault."""
    rows = csv.DictReader(io.StringIO(text), strict=True)
    have = tuple(rows.fieldnames or ())
    if have[: len(COLUMNS)] != COLUMNS or set(have[len(COLUMNS) :]) - set(OPTIONAL):
        raise DirectoryRefused([f"1: the columns are {', '.join(COLUMNS)}, and after them {' or '.join(OPTIONAL)}"])
    sources: dict[str, Source] = {}
    urls: dict[str, str] = {}
    faults: list[str] = []
    for row in rows:
        found = list(_faults(row))
        if not found:
            source = _source(row)
            if source.id in sources:
                found.append(f"{source.id} is there twice")
            if source.watch and (other := urls.setdefault(source.url, source.id)) != source.id:
                found.append(f"{source.url} is watched as {other} already")
            sources.setdefault(source.id, source)
        faults += [f"{rows.line_num}: {one}" for one in found]
    if faults:
        raise DirectoryRefused(faults)
    return tuple(sources.values())


def _faults(row: Mapping[str, str | None]) -> Iterator[str]:
    if None in row or None in row.values():
        yield "more or fewer cells than columns"
        return
    told = {name: value or "" for name, value in row.items()}
    if not _ID.fullmatch(told["id"]):
        yield f"id {told['id']!r}: jurisdiction, name and number are wanted, as in de-bafin-1"
    if told["jurisdiction"] not in _UNIONS and not is_place(told["jurisdiction"]):
        yield f"jurisdiction {told['jurisdiction']!r} is no country and no union"
    if not told["regulator"].strip():
        yield "regulator: whose it is must be said"
    if odd := set(told["topics"].split(";")) - TOPICS:
        yield f"topics {', '.join(sorted(odd))}: not of {', '.join(sorted(TOPICS))}"
    if told["form"] not in _FORMS:
        yield f"form {told['form']!r}: not of {', '.join(Form)}"
    if told["watch"] not in ("yes", "no") or told["noise"] not in ("", "noise"):
        yield "watch is yes or no, noise is empty or noise"
    if told["watch"] == "yes" and canonical(told["url"]) is None:
        yield f"url {told['url'][:80]!r} is no address"
    if told["form"] in _READ_BY and (told.get("how") or told["watch"] == "yes"):
        try:
            _how(told)
        except ValueError as error:
            yield f"how {told.get('how', '')!r}: {error}"
    elif told.get("how"):
        yield f"how is told of {' and '.join(sorted(_READ_BY))} only"
    if told["watch"] == "no" and not told["note"].strip():
        yield "why it is not watched must be said"
    if told["confidence"] not in _CONFIDENCE:
        yield f"confidence {told['confidence']!r}: not of A, B, C, R"
    for name in ("every_hours", "silent_days"):
        value = told.get(name, "")
        if value and not (value.isascii() and value.isdigit() and 1 <= int(value) <= 10_000):
            yield f"{name} {value!r}: a number of 1 to 10000 is wanted"


def _source(row: Mapping[str, str]) -> Source:
    manners = Manners()
    if row.get("every_hours"):
        manners = replace(manners, every=timedelta(hours=int(row["every_hours"])))
    if row.get("silent_days"):
        manners = replace(manners, silent_after=timedelta(days=int(row["silent_days"])))
    return Source(
        row["id"], row["jurisdiction"], row["regulator"].strip(), tuple(row["topics"].split(";")), row["url"], Form(row["form"]),
        row["language"] or None, row["watch"] == "yes", row["noise"] == "noise", row["confidence"], row["found_in"],
        row["note"], manners, _how(row) if row.get("how") else None,
    )  # fmt: skip


def _how(row: Mapping[str, str]) -> Listing | Records:
    """`items=article.news; title=h2 a; date=time`, as the form wants it. Raises ValueError."""
    made = _READ_BY[Form(row["form"])]
    known = {one.name for one in fields(made)} - {"language"}
    told: dict[str, str] = {}
    for part in filter(None, map(str.strip, row.get("how", "").split(";"))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or name not in known:
            raise ValueError(f"{part!r} is none of {', '.join(sorted(known))}, with = and what it is")
        if name in told:
            raise ValueError(f"{name} is told twice")
        told[name] = value
    needed = {"items"} if made is Listing else {"items", "title"}
    if missing := sorted(name for name in needed if not told.get(name)):
        raise ValueError(f"{' and '.join(missing)} must be told")
    if made is Listing:
        check_selectors(*(told.get(name, "") for name in ("items", "title", "link", "text", "date")))
    return made(**told, language=row["language"] or None)
