"""Exchange rates in the forms of the European Central Bank, and what is not one of them."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from api.bundled import rates_file
from api.fx import RatesRefused, read_rates
from engine.money import RateRow

CSV = "Date,USD,JPY,\n2026-11-20,1.1172,175.68,\n2026-11-19,1.1130,N/A,\n"
XML = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject><Cube>
<Cube time="2026-11-20"><Cube currency="USD" rate="1.1172"/><Cube currency="JPY" rate="175.68"/></Cube>
<Cube time="2026-11-19"><Cube currency="USD" rate="1.1130"/></Cube></Cube></gesmes:Envelope>"""
ROWS = [
    RateRow(date(2026, 11, 20), "USD", Decimal("1.1172")),
    RateRow(date(2026, 11, 20), "JPY", Decimal("175.68")),
    RateRow(date(2026, 11, 19), "USD", Decimal("1.1130")),
]


def _zipped(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return packed.getvalue()


def _read(tmp_path: Path, content: bytes | str) -> list[RateRow]:
    path = tmp_path / "rates"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_rates(path)


@pytest.mark.parametrize(
    "content",
    [CSV, "\ufeff" + CSV, CSV.replace("\n", "\r\n"), CSV.replace(",\n", "\n"), CSV.replace(",", ", "), XML,
     _zipped(eurofxref_csv=CSV), _zipped(eurofxref_xml=XML, readme_txt="x"), CSV + "\n,,,\n"],
    ids=["csv", "mark", "crlf", "no last comma", "blanks", "xml", "zip", "zipped xml", "empty lines"],
)  # fmt: skip
def test_every_form_gives_the_same_rows(tmp_path: Path, content: str | bytes) -> None:
    assert _read(tmp_path, content) == ROWS


def test_the_file_of_the_latest_day_names_its_month(tmp_path: Path) -> None:
    text = "Date, USD, JPY, \n20 November 2026, 1.1172, 175.68, \n"
    assert _read(tmp_path, text) == ROWS[:2]


REFUSED = [
    ("", "first column must be `Date`"),
    ("Day,USD\n2026-11-20,1\n", "first column must be `Date`"),
    ("Date,usd\n2026-11-20,1\n", "`usd` is not a currency code"),
    ("Date,USD,USD\n2026-11-20,1,1\n", "twice"),
    ("Date,USD\n20.11.2026,1\n", "Line 2: `20.11.2026` is not a date"),
    ("Date,USD\n2026-11-20,one\n", "Line 2, USD: `one` is not a rate"),
    ("Date,USD\n2026-11-20,0\n", "not a rate"),
    ("Date,USD\n2026-11-20,-1\n", "not a rate"),
    ("Date,USD\n2026-11-20,1e9\n", "not a rate"),
    ("Date,USD\n2026-11-20,1,2\n", "Line 2: 3 columns, not 2"),
    ("Date,USD,JPY\n2026-11-20,1\n", "Line 2: 2 columns, not 3"),
    ("Date,USD\n", "holds no exchange rates"),
    (b"Date,USD\n\xff", "Not UTF-8"),
    ("<a><b></a>", "Not XML"),
    ("<a/>", "holds no exchange rates"),
    ('<Cube><Cube currency="USD" rate="1"/></Cube>', "without its day"),
    ('<Cube time="2026-11-20"><Cube currency="USD"/></Cube>', "not a rate"),
    ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares a document type"),
    ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "declares a document type"),
    (_zipped(a_csv=CSV, b_csv=CSV), "2 CSV or XML files"),
    (_zipped(a_txt=CSV), "0 CSV or XML files"),
    (_zipped(a_csv=CSV)[:60], "cannot be read"),
]


@pytest.mark.parametrize(("content", "said"), REFUSED, ids=range(len(REFUSED)))
def test_anything_else_is_refused_with_its_place(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(RatesRefused, match=said):
        _read(tmp_path, content)


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.fx.LARGEST", 10_000)
    with pytest.raises(RatesRefused, match="more than"):
        _read(tmp_path, " " * 10_001)
    with pytest.raises(RatesRefused, match="more than"):
        _read(tmp_path, _zipped(a_csv=CSV + "\n" * 20_000))


def test_the_snapshot_that_travels_with_the_software() -> None:
    rows = read_rates(rates_file())
    assert len({row.currency for row in rows}) >= 30
    assert min(row.on for row in rows) < date(2020, 1, 1)
    assert all(row.per_euro > 0 for row in rows)
