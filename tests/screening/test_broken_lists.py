"""A file that is not what it should be is refused under its right name, and never half read."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO

import pytest

from engine.screening.lists.errors import BrokenList, EmptyList, HostileList, ListError, TruncatedList, UnknownFormat
from engine.screening.lists.formats import FORMATS, WHOLE
from engine.screening.lists.limits import Limits
from engine.screening.lists.reading import read
from tests.house.source import ROOT
from tests.screening.samples import LISTS, content, flat, reading

XML = [name for name in LISTS if name.endswith(".xml")]
TABLES = [name for name in LISTS if name.endswith(".csv")]
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE sdnList [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<sdnList><sdnEntry><uid>1</uid><lastName>&b;</lastName></sdnEntry></sdnList>"
)


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_file_is_told_as_that(name: str) -> None:
    with pytest.raises(EmptyList):
        reading(name, b"")


@pytest.mark.parametrize("name", XML)
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_xml_that_ends_early_is_truncated(name: str, kept: float) -> None:
    whole = content(name)
    with pytest.raises(TruncatedList):
        reading(name, whole[: int(len(whole) * kept)].rsplit(b">", 1)[0] + b">")


@pytest.mark.parametrize("name", XML)
def test_xml_that_goes_on_after_its_end_is_refused(name: str) -> None:
    with pytest.raises(BrokenList):
        reading(name, content(name) + content(name))


@pytest.mark.parametrize("name", XML)
def test_a_document_type_is_hostile_whatever_it_declares(name: str) -> None:
    head, _, rest = content(name).partition(b"?>")
    for declared in (b"<!DOCTYPE x>", b'<!DOCTYPE x SYSTEM "file:///etc/passwd">', b'<!DOCTYPE x [<!ENTITY a "b">]>'):
        with pytest.raises(HostileList):
            reading(name, head + b"?>" + declared + rest)


def test_an_entity_bomb_is_hostile() -> None:
    with pytest.raises(HostileList):
        reading("ofac-xml.xml", BOMB)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_another_encoding_hides_no_document_type(encoding: str) -> None:
    with pytest.raises(BrokenList):
        reading("ofac-xml.xml", BOMB.decode().encode(encoding))


def test_a_document_type_between_two_pieces_of_the_file_is_found() -> None:
    for padding in range(65_536 - 40, 65_536 + 4):
        with pytest.raises(HostileList):
            reading("ofac-xml.xml", b"<?xml version='1.0'?>" + b" " * padding + b"<!DOCTYPE a><sdnList/>")


def test_an_entity_that_nobody_declared_is_refused() -> None:
    with pytest.raises(BrokenList):
        reading("ofac-xml.xml", content("ofac-xml.xml").replace(b"SAMPLEV", b"&unknown;"))


@pytest.mark.parametrize("name", XML)
def test_depth_beyond_the_limit_is_hostile(name: str) -> None:
    root = content(name).index(b">", content(name).rindex(b"<", 0, content(name).index(b"<", 60) + 1)) + 1
    with pytest.raises(HostileList):
        reading(name, content(name)[:root] + b"<a>" * 400)


def test_a_text_beyond_the_limit_is_hostile() -> None:
    for size in (300 * 1024, 11 * 1024 * 1024):
        with pytest.raises(HostileList):
            reading("ofac-xml.xml", content("ofac-xml.xml").replace(b"SAMPLEV", b"A" * size))


def test_a_record_without_end_is_hostile() -> None:
    with pytest.raises(HostileList):
        reading("ofac-xml.xml", content("ofac-xml.xml").replace(b"<uid>101</uid>", b"<a/>" * 2_000_000))


def test_a_file_beyond_the_limit_is_hostile() -> None:
    code, format_ = LISTS["un-xml.xml"]
    small = Limits(file_bytes=1000)
    with pytest.raises(HostileList):
        read({WHOLE: BytesIO(content("un-xml.xml"))}, code, FORMATS[format_], small)


@pytest.mark.parametrize("name", LISTS)
def test_more_entries_than_the_limit_are_hostile(name: str) -> None:
    code, format_ = LISTS[name]
    with pytest.raises(HostileList):
        read({WHOLE: BytesIO(content(name))}, code, FORMATS[format_], Limits(entries=0))


@pytest.mark.parametrize("name", LISTS)
def test_nul_bytes_are_refused(name: str) -> None:
    whole = content(name)
    with pytest.raises(BrokenList):
        reading(name, whole[:200] + b"\0" + whole[200:])


@pytest.mark.parametrize(
    "name", [name for name in LISTS if name not in ("ofsi-csv.csv", "eu-csv.csv", "eu-csv-old.csv")]
)
def test_bytes_that_are_no_utf8_are_refused(name: str) -> None:
    with pytest.raises(BrokenList):
        reading(name, content(name).replace(b"ample", b"\xff\xfe").replace(b"AMPLE", b"\xff\xfe"))


def test_a_count_that_is_not_kept_is_a_truncated_list() -> None:
    with pytest.raises(TruncatedList, match="3 entries, and the file says it holds 14966"):
        reading("ofac-xml.xml", content("ofac-xml.xml").replace(b"Count>3<", b"Count>14966<"))


def test_an_entry_that_is_there_twice_is_refused() -> None:
    with pytest.raises(BrokenList, match="there twice"):
        reading("ofac-xml.xml", content("ofac-xml.xml").replace(b"<uid>102</uid>", b"<uid>101</uid>"))


def test_an_entry_without_key_or_name_is_refused() -> None:
    for gone in (b"<uid>102</uid>", b"<lastName>SAMPLE STAR</lastName>"):
        with pytest.raises(BrokenList):
            reading("ofac-xml.xml", content("ofac-xml.xml").replace(gone, b""))


def test_a_list_on_which_nobody_is_left_is_refused() -> None:
    for nobody in (
        b"<sdnList/>",
        b"<sdnList><publshInformation><Record_Count>0</Record_Count></publshInformation></sdnList>",
    ):
        with pytest.raises(EmptyList):
            reading("ofac-xml.xml", nobody)


def test_a_page_that_a_server_sends_instead_is_refused() -> None:
    page = b"<html><body>Service unavailable</body></html>"
    with pytest.raises(UnknownFormat):
        reading("un-xml.xml", page)
    for name in TABLES:
        with pytest.raises(BrokenList):
            reading(name, page)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_without_a_column_that_is_needed_is_refused(name: str) -> None:
    whole = content(name)
    key = {"eu-csv.csv": b"NameAlias_WholeName", "eu-csv-old.csv": b"Naal_wholename", "us-csl.csv": b"alt_names",
           "os-simple.csv": b"aliases"}.get(name, b"Name 6")  # fmt: skip
    assert key in whole
    with pytest.raises(UnknownFormat):
        reading(name, whole.replace(key, b"Other"))


@pytest.mark.parametrize("name", ["us-csl.csv", "uk-csv.csv", "os-simple.csv"])
def test_a_table_that_ends_within_a_row_is_truncated(name: str) -> None:
    with pytest.raises(TruncatedList):
        reading(name, content(name)[:-40])


def test_a_row_of_another_width_in_the_middle_is_refused() -> None:
    whole = content("us-csl.csv").split(b"\n")
    with pytest.raises(BrokenList):
        reading("us-csl.csv", b"\n".join((*whole[:2], b"a,b,c", *whole[2:])))


def test_a_quotation_that_is_not_closed_is_truncated() -> None:
    with pytest.raises(TruncatedList):
        reading("us-csl.csv", content("us-csl.csv") + b'b3,"Unverified')


def test_a_value_without_end_is_hostile() -> None:
    for value in (b'"' + b"A" * 200_000 + b'"', b'"' + b"A\n" * 100_000, b"A" * (5 * 1024 * 1024)):
        with pytest.raises(HostileList):
            reading("us-csl.csv", content("us-csl.csv") + value)


@pytest.mark.parametrize("missing", ["names", "addresses", "aliases"])
def test_the_flat_files_belong_together(missing: str) -> None:
    with pytest.raises(TruncatedList, match=missing):
        flat(**{missing: None})


def test_the_flat_files_without_comments_are_whole() -> None:
    assert len(flat(comments=None).entries) == 3


def test_flat_files_of_two_editions_do_not_fit() -> None:
    with pytest.raises(BrokenList, match="that the table of names has not got"):
        flat(aliases=b'999,1,"aka","NOBODY",-0- \r\n')


def test_a_flat_file_that_goes_on_after_its_end_is_refused() -> None:
    whole = content("ofac-flat-aliases.csv")
    with pytest.raises(BrokenList):
        flat(aliases=whole + b"\r\n" + whole)


def test_a_flat_file_cut_within_a_row_is_truncated() -> None:
    with pytest.raises(TruncatedList):
        flat(names=content("ofac-flat-names.csv")[:-50])


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"[]\n", BrokenList),
        (b"{}\n", BrokenList),
        (b'{"id":1,"schema":"Person","properties":{}}\n', BrokenList),
        (b'{"id":"p1","schema":"Person","properties":{"name":["A"]}}\n', BrokenList),
        (b'{"id":"p9","schema":"Pers', TruncatedList),
        (b"[" * 100_000 + b"\n", BrokenList),
    ],
)
def test_a_line_that_is_no_entity_is_refused(line: bytes, error: type[ListError]) -> None:
    with pytest.raises(error):
        reading("ftm.jsonl", content("ftm.jsonl") + line)


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        (b'AliasTypeID="1400"', b'AliasTypeID="9"'),
        (b'FeatureTypeID="224"', b'FeatureTypeID="999"'),
        (b'VersionLocation LocationID="26"', b'VersionLocation LocationID="99"'),
        (b'ProfileID="4238" ListID', b'ProfileID="7" ListID'),
    ],
)
def test_a_number_that_the_tables_have_not_got_is_refused(known: bytes, unknown: bytes) -> None:
    whole = content("ofac-advanced.xml")
    assert known in whole
    with pytest.raises(BrokenList):
        reading("ofac-advanced.xml", whole.replace(known, unknown))


def test_memory_does_not_grow_with_a_file_that_is_read_as_it_streams() -> None:
    """In a process of its own, since the memory is libxml2's: 60 MB of entries, none of which is kept."""
    measured = subprocess.run([sys.executable, "-c", STREAM], cwd=ROOT, capture_output=True, text=True, check=True)
    entries, grown = map(int, measured.stdout.split())
    assert entries == 100_000
    assert grown < 30, f"{grown} MiB"


STREAM = """
import resource
from engine.screening.lists.draft import Told
from engine.screening.lists.ofac_xml import read

class Endless:
    def __init__(self):
        self.left, self.number, self.rest = 100_000, 0, b"<sdnList>"
    def read(self, size):
        while len(self.rest) < size and self.left:
            self.left, self.number = self.left - 1, self.number + 1
            self.rest += b"<sdnEntry><uid>%d</uid><lastName>%s</lastName><sdnType>Entity</sdnType></sdnEntry>" % (
                self.number, b"SAMPLE " * 75)
            if not self.left:
                self.rest += b"</sdnList>"
        piece, self.rest = self.rest[:size], self.rest[size:]
        return piece

def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

entries = read(Endless(), "OFAC-SDN", Told())
for _ in range(2000):
    next(entries)
before = memory()
print(2000 + sum(1 for _ in entries), memory() - before)
"""
