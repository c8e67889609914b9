"""Files of lists from the disk and the web: what is taken, what is not, and nothing that is secret kept."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import httpx
import pytest

from api.list_files import Delivery, ListUnavailable, format_of, from_disk, from_web, opened, shown
from engine.screening.lists.errors import BrokenList, HostileList, ListError
from engine.screening.lists.formats import FORMATS
from engine.screening.lists.reading import read
from engine.screening.lists.registry import policy
from tests.screening.samples import FLAT, content

UN = content("un-xml.xml")
ADDRESS = "https://name:word@lists.example.org/un.xml?token=secret"


def _zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), body)
    return packed.getvalue()


def entries(whole: bytes, code: str = "UN-SC") -> int:
    delivery = Delivery(whole, "sample")
    format_ = format_of(delivery, policy(code).formats)
    with opened(delivery, format_) as streams:
        return len(read(streams, code, format_).entries)


@pytest.mark.parametrize(
    "whole",
    [
        UN,
        gzip.compress(UN),
        _zipped(un_xml=UN),
        _zipped(folder__UN_XML=UN, readme_md=b"x"),
        _zipped(un_xml_gz=gzip.compress(UN)),
    ],
    ids=["plain", "gzip", "zip", "zip with more", "gzip in zip"],
)
def test_a_file_is_read_however_it_is_packed(whole: bytes) -> None:
    assert entries(whole) == 2


@pytest.mark.parametrize(
    ("whole", "error"),
    [
        (_zipped(a_xml=UN, b_xml=UN), BrokenList),
        (_zipped(readme_md=b"x"), BrokenList),
        (_zipped(un_xml=UN)[:-10], BrokenList),
        (_zipped(un_xml=UN).replace(b"DATA", b"DUTA"), ListError),
        (_zipped(**{f"a{number}_xml": UN for number in range(70)}), HostileList),
        (b"PK\x03\x04", BrokenList),
        (b"\x1f\x8b", BrokenList),
    ],
    ids=["two", "none", "cut", "damaged", "many", "no zip", "no gzip"],
)
def test_an_archive_that_is_none_or_holds_another_number_of_lists_is_refused(
    whole: bytes, error: type[ListError]
) -> None:
    if error is ListError:
        whole = whole[:60] + bytes([whole[60] ^ 255]) + whole[61:]
    with pytest.raises(error):
        entries(whole)


def test_the_four_flat_files_are_one_delivery_that_is_the_same_for_the_same_files(tmp_path: Path) -> None:
    names = dict(zip(FLAT, ("sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"), strict=True))
    for part, name in names.items():
        (tmp_path / name).write_bytes(content(f"ofac-flat-{part}.csv"))
    paths = [tmp_path / name for name in names.values()]
    together = from_disk(paths, limit=10_000)
    assert together.digest == from_disk(paths[::-1], limit=10_000).digest
    assert entries(together.content, "OFAC-SDN") == 3
    assert format_of(together, policy("OFAC-SDN").formats) == FORMATS["ofac-csv"]


def test_a_file_alone_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "un.xml"
    path.write_bytes(UN)
    assert from_disk([path], limit=len(UN)) == Delivery(UN, "un.xml")
    assert from_disk([path], limit=len(UN), source="the mirror").source == "the mirror"
    with pytest.raises(HostileList, match="More than"):
        from_disk([path], limit=len(UN) - 1)
    with pytest.raises(FileNotFoundError):
        from_disk([tmp_path / "none.xml"], limit=10)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "sdn.csv").write_bytes(b"x")
    with pytest.raises(BrokenList, match="same name"):
        from_disk([tmp_path / "a" / "sdn.csv", tmp_path / "b" / "sdn.csv"], limit=10)


class Pieces(httpx.SyncByteStream):
    """An answer as it comes over the wire."""

    def __init__(self, whole: bytes) -> None:
        self._whole = whole

    def __iter__(self):
        for at in range(0, len(self._whole), 1000):
            yield self._whole[at : at + 1000]


def serving(answer: httpx.Response | Exception) -> httpx.Client:
    def handle(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return httpx.Client(transport=httpx.MockTransport(handle))


def test_an_address_is_fetched_and_kept_without_its_secrets() -> None:
    found = from_web(ADDRESS, limit=len(UN), seconds=9, client=serving(httpx.Response(200, stream=Pieces(UN))))
    assert found == Delivery(UN, "https://lists.example.org/un.xml")


def test_what_is_shown_of_an_address() -> None:
    assert shown("http://127.0.0.1:8080/a/b?c=d#e") == "http://127.0.0.1:8080/a/b"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404),
        httpx.Response(503, stream=Pieces(UN)),
        httpx.Response(204),
        httpx.ConnectError("x"),
        httpx.ReadTimeout("x"),
    ],
)
def test_what_is_no_file_is_unavailable(answer: httpx.Response | Exception) -> None:
    with pytest.raises(ListUnavailable) as failed:
        from_web(ADDRESS, limit=10_000, seconds=9, client=serving(answer))
    assert "secret" not in str(failed.value)
    assert failed.value.code == "list_unavailable"


def test_an_answer_beyond_the_limit_is_not_read_to_its_end() -> None:
    read_pieces = 0

    class Endless(httpx.SyncByteStream):
        def __iter__(self):
            nonlocal read_pieces
            while True:
                read_pieces += 1
                yield b"A" * 1000

    with pytest.raises(HostileList):
        from_web(ADDRESS, limit=10_000, seconds=9, client=serving(httpx.Response(200, stream=Endless())))
    assert read_pieces < 200


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(ListUnavailable, match="too long"):
        from_web(ADDRESS, limit=10_000, seconds=-1, client=serving(httpx.Response(200, stream=Pieces(UN))))
