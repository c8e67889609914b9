"""Tables of cloud regions: a row that says anything false keeps the whole release from loading."""

from __future__ import annotations

import pytest

from engine.packs import PackError
from engine.packs.regions import COLUMNS, FOLDER, read_regions
from tests.property.shipped import packs

HEAD = ",".join(COLUMNS)


def shipped() -> dict[str, str]:
    """The tables as they are shipped."""
    return {path: text for path, text in packs().files.items() if path.startswith(FOLDER)}


def test_the_shipped_tables_are_read_whole() -> None:
    lines = sum(len(text.splitlines()) - 1 for text in shipped().values())
    assert lines == len(read_regions(shipped()).rows) > 100


def test_columns_of_another_name_are_refused() -> None:
    with pytest.raises(PackError, match="The columns are not provider"):
        read_regions({f"{FOLDER}aws.csv": HEAD.replace("country", "land", 1) + "\n"})


def test_a_country_that_does_not_exist_is_refused_with_its_line() -> None:
    path, text = next(iter(sorted(shipped().items())))
    lines = text.splitlines()
    at = COLUMNS.index("country")
    cells = lines[1].split(",")
    assert len(cells) == len(COLUMNS)
    cells[at] = "QQ"
    with pytest.raises(PackError, match=rf"{path}:2:1: error \[region\]"):
        read_regions({path: "\n".join([lines[0], ",".join(cells), *lines[2:]])})


def test_a_region_stands_once() -> None:
    path, text = next(iter(sorted(shipped().items())))
    lines = text.splitlines()
    with pytest.raises(PackError, match="stands twice"):
        read_regions({path: "\n".join([*lines, lines[1]])})
