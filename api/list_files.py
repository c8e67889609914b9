"""Files of lists as they come: from the disk or the web, plain, gzipped or zipped, and never more of them than is allowed.

What a compressed file claims about its size is not believed: it is decompressed as it is read, and the reading ends at the limit.
"""

from __future__ import annotations

import gzip
import io
import time
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast
from urllib.parse import urlsplit

import httpx

from engine.screening.lists.errors import BrokenList, HostileList, ListError, TruncatedList
from engine.screening.lists.formats import HEAD, WHOLE, Format, Streams, told_by
from engine.screening.lists.limits import CHUNK

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_MOST_MEMBERS: Final = 64
_REDIRECTS: Final = 5
_DATA: Final = (".xml", ".csv", ".json", ".jsonl", ".txt", ".pip")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class ListUnavailable(ListError):
    """The file could not be had: the network, the server, the time."""

    code = "list_unavailable"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file as it came. `source`: where it is from, without what is secret in an address."""

    content: bytes
    source: str
    digest: str = field(init=False)
    """sha256, hex."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", sha256(self.content).hexdigest())


def is_address(where: str) -> bool:
    """Whether it is an address on the web and no path."""
    return where.startswith(("https://", "http://"))


def from_disk(paths: Sequence[Path], *, limit: int, source: str | None = None) -> Delivery:
    """One file, or several that belong together, put into one archive. Raises OSError, HostileList."""
    contents = {path.name: _whole_file(path, limit) for path in paths}
    if len(contents) != len(paths):
        raise BrokenList("Two of the files have the same name")
    content = next(iter(contents.values())) if len(contents) == 1 else _together(contents)
    return Delivery(content, source or ", ".join(contents))


def from_web(
    address: str, *, limit: int, seconds: int, source: str | None = None, client: httpx.Client | None = None
) -> Delivery:
    """A file from an address. Raises ListUnavailable, HostileList."""
    ends = time.monotonic() + seconds
    own = client or httpx.Client(follow_redirects=True, max_redirects=_REDIRECTS)
    try:
        with own.stream("GET", address, timeout=min(30, seconds), headers={"accept-encoding": "identity"}) as answer:
            if answer.status_code != httpx.codes.OK:
                raise ListUnavailable(f"The server answered {answer.status_code}")
            content = b"".join(_within(answer.iter_raw(CHUNK), limit, ends))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ListUnavailable(f"The file could not be fetched: {type(error).__name__}") from None
    finally:
        if client is None:
            own.close()
    return Delivery(content, source or shown(address))


def shown(address: str) -> str:
    """An address without name, password and query: a publisher's token may stand there."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


def format_of(delivery: Delivery, among: tuple[str, ...]) -> Format:
    """In which of a list's formats the file is. Raises BrokenList, UnknownFormat, HostileList."""
    with _members(delivery) as members:
        return told_by(_first(members).read(HEAD), among)


@contextmanager
def opened(delivery: Delivery, wanted: Format) -> Iterator[Streams]:
    """The parts of the file, decompressed as they are read."""
    with _members(delivery) as members:
        if wanted.parts == (WHOLE,):
            yield {WHOLE: _only(members)}
        else:
            yield {_part_of(name): stream for name, stream in members.items()}


class _Inside:
    """A stream inside a compressed file; what is wrong with the compression is told as what is wrong with the list."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        with _as_list_errors():
            return self._stream.read(size)

    def readline(self, limit: int = -1) -> bytes:
        """The next line."""
        with _as_list_errors():
            return self._stream.readline(limit)


@contextmanager
def _as_list_errors() -> Iterator[None]:
    try:
        yield
    except EOFError:
        raise TruncatedList("The compressed file ends early") from None
    except (gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BrokenList(f"The compressed file cannot be read: {type(error).__name__}") from None


@contextmanager
def _members(delivery: Delivery) -> Iterator[dict[str, BinaryIO]]:
    """The streams of the file by name; one, of no name, where it is no archive."""
    with ExitStack() as stack:
        if not delivery.content.startswith(_ZIP):
            yield {"": _plain(io.BytesIO(delivery.content))}
            return
        with _as_list_errors():
            archive = stack.enter_context(zipfile.ZipFile(io.BytesIO(delivery.content)))
            infos = [info for info in archive.infolist() if _holds_data(info.filename)]
            if len(infos) > _MOST_MEMBERS:
                raise HostileList(f"An archive of {len(infos)} files")
            streams = {}
            for info in infos:
                member = io.BufferedReader(cast("io.RawIOBase", stack.enter_context(archive.open(info))))
                streams[PurePosixPath(info.filename).name.lower()] = _plain(member)
        yield streams


def _plain(stream: BinaryIO | io.BufferedReader) -> BinaryIO:
    peeked = stream.peek(2)[:2] if isinstance(stream, io.BufferedReader) else stream.read(2)
    if not isinstance(stream, io.BufferedReader):
        stream.seek(0)
    inner = gzip.GzipFile(fileobj=stream) if peeked == _GZIP else stream
    return cast("BinaryIO", _Inside(cast("BinaryIO", inner)))


def _holds_data(name: str) -> bool:
    plain = name.lower().removesuffix(".gz")
    return plain.endswith(_DATA) and not name.startswith("__MACOSX")


def _only(members: dict[str, BinaryIO]) -> BinaryIO:
    if len(members) != 1:
        raise BrokenList(f"The archive holds {len(members)} files of data; one is wanted")
    return next(iter(members.values()))


def _first(members: dict[str, BinaryIO]) -> BinaryIO:
    """The one by which the format is told: of OFAC's four, the names."""
    if not members:
        raise BrokenList("The archive holds no data")
    return members[min(members, key=lambda name: (_part_of(name) != "names", name))]


def _part_of(name: str) -> str:
    """Which of OFAC's four flat files it is, by its name: `add.csv`, `cons_alt.csv`, `sdn_comments.csv`, `sdn.csv`."""
    if "comment" in name:
        return "comments"
    if "alt" in name:
        return "aliases"
    return "addresses" if "add" in name else "names"


def _whole_file(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise HostileList(f"More than {limit} bytes")
    return content


def _within(pieces: Iterator[bytes], limit: int, ends: float) -> Iterator[bytes]:
    left = limit
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise HostileList(f"More than {limit} bytes")
        if time.monotonic() > ends:
            raise ListUnavailable("Fetching the file took too long")
        yield piece


def _together(contents: dict[str, bytes]) -> bytes:
    """One archive of several files, the same for the same files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(contents):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), contents[name])
    return packed.getvalue()
