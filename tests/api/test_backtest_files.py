"""Files of past payments, cut so that many can read them: whoever reads a piece finds the rows that who reads all would find."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from api import backtest_files
from api.backtest_files import Cut, Measured, cuts_of, files_of, form_of, rows_of
from api.spark.survey import survey
from engine.backtest import BadTable

PLAIN = b"a,b\n" + b"".join(b"%d,x\n" % number for number in range(40))
ODD = (
    b'\xef\xbb\xbf"a","b"\r\n1,"one\nline\r\nand, more"\r\n\r\n2,"a ""quote"" here"\r\n'
    + b"".join(b'%d,"text\n%d"\r\n' % (number, number) for number in range(3, 30))
    + b"30,last"
)
EMPTY = b"a,b\n"
ONE_COLUMN = b"a\n1\n\n2\n\n3\n"


def whole(path: Path) -> pl.DataFrame:
    """All rows, as one process reads them."""
    return pl.scan_csv(path, infer_schema=False).collect()


def read(cut: Cut) -> pl.DataFrame:
    """The rows of a chunk."""
    return pl.concat([backtest_files._read("csv", part) for part in cut.parts])


@pytest.mark.parametrize("content", [PLAIN, ODD, EMPTY, ONE_COLUMN], ids=["plain", "odd", "empty", "one column"])
@pytest.mark.parametrize(("size", "block"), [(1, 16), (7, 32), (7, 5), (11, 64), (100, 16), (5, 10_000)])
def test_the_chunks_of_csv_are_its_rows_however_it_is_cut(
    tmp_path: Path, content: bytes, size: int, block: int
) -> None:
    path = tmp_path / "past.csv"
    path.write_bytes(content)
    cuts = list(cuts_of([survey(path, "csv", size, block)], size, None))
    assert [cut.number for cut in cuts] == list(range(len(cuts)))
    assert [cut.row for cut in cuts] == [1 + size * number for number in range(len(cuts))]
    rows = whole(path)
    assert sum(read(cut).height for cut in cuts) == rows.height
    for cut in cuts:
        assert read(cut).equals(rows.slice(cut.row - 1, size))


def test_a_chunk_reads_no_more_of_a_file_than_the_blocks_it_is_in(tmp_path: Path) -> None:
    path = tmp_path / "past.csv"
    path.write_bytes(PLAIN)
    found = survey(path, "csv", 10, 40)
    (part,) = list(cuts_of([found], 10, None))[2].parts
    assert 0 < part.end - part.begin < 100
    assert found.header == 4


def test_a_header_that_ends_nowhere_is_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "past.csv"
    path.write_bytes(b'"a,b\n' + b"1,2\n" * 50)
    assert survey(path, "csv", 10, 16).blocks == ()


@pytest.mark.parametrize("end", [b"", b"\n"])
@pytest.mark.parametrize("every", [1, 2, 3, 10, 50])
def test_lines_are_cut_after_so_many(tmp_path: Path, every: int, end: bytes) -> None:
    path = tmp_path / "past.ndjson"
    lines = [b'{"n":%d}' % number for number in range(10)]
    content = b"\n".join(lines) + end
    path.write_bytes(content)
    blocks = survey(path, "ndjson", every).blocks
    assert [one.rows for one in blocks] == [len(lines[at : at + every]) for at in range(0, 10, every)]
    pieces = [content[one.begin : one.end] for one in blocks]
    assert b"".join(pieces) == content
    assert all(len(piece.splitlines()) == one.rows for piece, one in zip(pieces, blocks, strict=True))


def test_an_empty_file_of_lines_has_no_chunk(tmp_path: Path) -> None:
    (tmp_path / "past.ndjson").write_bytes(b"")
    assert list(cuts_of([survey(tmp_path / "past.ndjson", "ndjson", 5)], 5, None)) == []


def test_a_limit_ends_the_last_chunk() -> None:
    cuts = list(cuts_of([Measured("a", "", 10), Measured("b", "", 10)], 8, 13))
    assert [(cut.row, [(part.path, part.first, part.rows) for part in cut.parts]) for cut in cuts] == [
        (1, [("a", 0, 8)]),
        (9, [("a", 8, 2), ("b", 0, 3)]),
    ]


def test_the_parts_of_a_folder_are_one_table_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.parquet", "a.parquet", "_hidden.parquet", ".c.parquet"):
        pl.DataFrame({"a": [name]}).write_parquet(tmp_path / name)
    (tmp_path / "_SUCCESS").write_text("")
    assert form_of(tmp_path) == "parquet"
    assert [path.name for path in files_of(tmp_path)] == ["a.parquet", "b.parquet"]
    assert [rows_of(path, "parquet") for path in files_of(tmp_path)] == [1, 1]


def test_a_folder_without_parts_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="holds no"):
        files_of(tmp_path)


def test_a_file_that_became_shorter_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "past.csv").write_bytes(b"a\n1\n")
    with pytest.raises(BadTable, match="was changed"):
        backtest_files.bytes_of(tmp_path / "past.csv", 2, 10)
