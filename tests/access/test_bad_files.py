"""Bad files: what a regulator's site, a publisher of lists, an officer or an operator might bring: refused, within bounds.

A file that is odd and harmless may be read; nothing that it points at is, and nothing grows beyond its limit.
"""

from __future__ import annotations

import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest

from api.fx import RatesRefused, read_rates
from api.list_files import Delivery, format_of, opened
from engine.overlay.entries import taken_apart
from engine.packs import PackError, Problem
from engine.packs.envelope import EnvelopeRefused, unpack
from engine.packs.format import formatted
from engine.packs.yaml import read_yaml
from engine.screening.lists.errors import ListError
from engine.screening.lists.limits import Limits
from engine.screening.lists.reading import read as read_list
from engine.screening.lists.registry import POLICIES
from ingest.feeds.reading import Unreadable
from ingest.feeds.reading import read as read_feed
from ingest.fetch.unpacking import PIECE, Broken, unpacking
from tests.access.corpus import Case, archive_of, bytes_of, cases

pytestmark = pytest.mark.untraced
LIMITS = Limits(file_bytes=4 * 1024 * 1024, record_bytes=1024 * 1024)
BOUND = 48 * 1024 * 1024
"""Bytes of memory at once, for any of them: what is read is a small part of what it would become."""
EVIL = Path("/tmp/lexgate-evil.csv")


def _ids(case: Case) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", cases("yaml"), ids=_ids)
def test_a_file_of_a_draft(case: Case) -> None:
    """The format knows plain text, mappings and lists. Anything else has a code and a line; what is read has no meaning beyond
    its letters: `<<` is a key like any other, and a directive changes nothing."""
    text = bytes_of(case).decode("utf-8", "surrogatepass")
    found: list[Problem] = []
    try:
        read_yaml(text, "EU/aml.yaml")
    except PackError as error:
        found += error.problems
    assert all(problem.code and problem.spot.line >= 1 for problem in found)
    assert bool(found) != (case.get("wanted") == "data"), found
    with suppress(PackError):
        formatted(text)
    taken_apart("EU/aml.yaml", text)


@pytest.mark.parametrize("case", cases("xml"), ids=_ids)
def test_a_document_of_a_source(case: Case) -> None:
    said = ""
    with suppress(Unreadable):
        said = repr(read_feed(bytes_of(case), url="https://law.example/rss", content_type="application/xml"))
    assert "root:" not in said
    assert len(said) < 30_000_000
    if any(word in case["name"] for word in ("laughs", "quadratic", "entity from", "small letters", "behind")):
        assert not said


@pytest.mark.parametrize("case", cases("xml"), ids=_ids)
def test_a_list_of_sanctions(case: Case) -> None:
    for content in (bytes_of(case), bytes_of(case).replace(b"<rss", b"<sdnList").replace(b"</rss", b"</sdnList")):
        with pytest.raises(ListError):
            _read(content)


@pytest.mark.parametrize("case", cases("xml"), ids=_ids)
def test_a_table_of_rates(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "rates.xml"
    file.write_bytes(bytes_of(case))
    with pytest.raises(RatesRefused) as refused:
        read_rates(file)
    assert "root:" not in str(refused.value)


@pytest.mark.parametrize("case", cases("archives"), ids=_ids)
def test_a_compressed_file(case: Case, tmp_path: Path) -> None:
    """As a list, as rates, as what a site sends, and as a release: refused, and nothing is unpacked to where it says."""
    content = archive_of(case)
    tracemalloc.start()
    try:
        with pytest.raises(ListError):
            _read(content)
        with pytest.raises(EnvelopeRefused):
            unpack(content, frozenset())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < BOUND
    file = tmp_path / "rates.zip"
    file.write_bytes(content)
    with pytest.raises(RatesRefused):
        read_rates(file)
    assert not EVIL.exists()
    assert not list(tmp_path.parent.parent.rglob("*lexgate-evil*"))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "identity, gzip"])
@pytest.mark.parametrize("case", cases("archives"), ids=_ids)
def test_what_a_site_sends_packed(case: Case, encoding: str) -> None:
    """Piece by piece, so that whoever reads it can stop at the limit."""
    made, longest = 0, 0
    with suppress(Broken):
        for piece in unpacking(encoding).pieces(archive_of(case)):
            longest, made = max(longest, len(piece)), made + len(piece)
            if made > LIMITS.file_bytes:
                break
    assert longest <= PIECE
    assert made <= LIMITS.file_bytes + PIECE


def _read(content: bytes) -> None:
    delivery = Delivery(content, "a test")
    wanted = format_of(delivery, POLICIES["OFAC-SDN"].formats)
    with opened(delivery, wanted) as streams:
        read_list(streams, "OFAC-SDN", wanted, LIMITS)
