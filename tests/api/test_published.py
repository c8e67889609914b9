"""Files of any publisher's rates: what they may hold, what is refused with its line, and the commands that load and list them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from api.commands.console import err, out
from api.fx import RatesRefused
from api.metrics import Metrics
from api.published import PublishedFile, read_published
from api.settings import PREFIX, Settings
from engine.ledger import Ledger
from engine.money import PublishedRate, PublisherTable, RateRow, RateTable
from tests.empty import empty_ledger

OFFICE = "GB.hmrc_period_or_market"
MONTHLY = "date,from,to,rate,valid_from,valid_to\n2026-10-22,GBP,USD,1.3120,2026-11-01,2026-11-30\n"
DAILY = "date,from,to,rate\n2026-11-19,USD,PLN,3.6391\n2026-11-20,USD,PLN,3.6402\n"


def read(tmp_path: Path, content: str | bytes) -> PublishedFile:
    path = tmp_path / "rates.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_published(path)


def test_a_rate_of_the_month_names_its_days(tmp_path: Path) -> None:
    found = read(tmp_path, MONTHLY)
    day, start, end = date(2026, 10, 22), date(2026, 11, 1), date(2026, 11, 30)
    assert found.rows == [PublishedRate(day, "GBP", "USD", Decimal("1.3120"), start, end)]
    assert str(found.rows[0].rate) == "1.3120"
    assert found.sha256 == sha256(MONTHLY.encode()).hexdigest()


def test_a_rate_of_the_day_is_used_on_its_day_and_a_friday_s_over_the_weekend(tmp_path: Path) -> None:
    thursday, friday = read(tmp_path, DAILY).rows
    assert (thursday.start, thursday.end) == (date(2026, 11, 19), date(2026, 11, 19))
    assert (friday.start, friday.end) == (date(2026, 11, 20), date(2026, 11, 22))


def test_a_day_without_publication_has_the_rate_that_the_file_gives_it(tmp_path: Path) -> None:
    """11 November is a holiday in Poland: who carries the rate of the day before over it says so."""
    text = "valid_to,date,from,to,rate,valid_from\n2026-11-11,2026-11-10,USD,PLN,3.65,\n,2026-11-12,USD,PLN,3.66,\n"
    table = PublisherTable(read(tmp_path, text).rows, source="PL.nbp")
    for day, rate in ((10, "3.65"), (11, "3.65"), (12, "3.66"), (13, None)):
        found = table.rate("USD", "PLN", date(2026, 11, day))
        assert (str(found.rate) if found else None) == rate


@pytest.mark.parametrize(
    "content",
    ["\ufeff" + DAILY, DAILY.replace("\n", "\r\n"), DAILY.replace(",", " , "), DAILY + "\n,,,\n"],
    ids=["mark", "crlf", "blanks", "empty lines"],
)
def test_how_a_file_is_written_does_not_matter(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content).rows == read(tmp_path, DAILY).rows


REFUSED = [
    ("", "Line 1: the columns must be date,from,to,rate or"),
    ("date,from,to\n", "Line 1: the columns must be"),
    ("date,from,to,rate,rate\n", "Line 1: the columns must be"),
    ("date,from,to,rate,valid_from\n", "Line 1: the columns must be"),
    ("date,from,to,rate\n", "holds no exchange rates"),
    ("date,from,to,rate\n2026-11-20,USD,PLN\n", "Line 2: 3 columns, not 4"),
    ("date,from,to,rate\n20.11.2026,USD,PLN,1\n", "Line 2: `20.11.2026` is not a date"),
    ("date,from,to,rate\n20261120,USD,PLN,1\n", "Line 2: `20261120` is not a date"),
    ("date,from,to,rate\n2026-02-30,USD,PLN,1\n", "Line 2: `2026-02-30` is not a date"),
    ("date,from,to,rate\n2026-11-20,usd,PLN,1\n", "Line 2: `usd` is not a currency code"),
    ("date,from,to,rate\n2026-11-20,USD,XAU,1\n", "Line 2: `XAU` is not a currency code"),
    ("date,from,to,rate\n2026-11-20,USD,USD,1\n", "Line 2: USD to USD needs no rate"),
    *[
        (f"date,from,to,rate\n2026-11-20,USD,PLN,{rate}\n", f"Line 2: `{rate}` is not a rate")
        for rate in ("", "0", "-1", "1e9", "NaN", "3 640", "0.0000000000001", "١")
    ],
    ('date,from,to,rate\n2026-11-20,USD,PLN,"3,64"\n', "Line 2: `3,64` is not a rate"),
    (DAILY + "2026-11-20,USD,PLN,3.65\n", "Line 4: USD to PLN from 2026-11-20 is in line 3 too"),
    ("date,from,to,rate,valid_from,valid_to\n2026-11-20,USD,PLN,1,2026-11-21,2026-11-20\n", "is no period"),
    ("date,from,to,rate,valid_from,valid_to\n2026-11-20,USD,PLN,1,2026-01-01,2027-01-03\n", "more than a year"),
    ('date,from,to,rate\n2026-11-20,USD,PLN,"1\n', "Line 2: unexpected end"),
    (b"date,from,to,rate\n\xff", "Not UTF-8"),
]


@pytest.mark.parametrize(("content", "said"), REFUSED, ids=range(len(REFUSED)))
def test_anything_else_is_refused_with_its_line(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(RatesRefused, match=said.replace("(", r"\(")):
        read(tmp_path, content)


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.published.LARGEST", 100)
    with pytest.raises(RatesRefused, match="more than"):
        read(tmp_path, " " * 101)


# -- the commands --------------------------------------------------------------------------------------------------------

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `lexgate fx` on a ledger of its own, in a wide terminal."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("LEXGATE_DATABASE", empty_ledger(tmp_path / "lexgate.db"))
    for console in (out, err):
        monkeypatch.setattr(console, "width", 220)
    return lambda *words: CliRunner().invoke(app, ["fx", *words])


@pytest.fixture
def monthly(tmp_path: Path) -> str:
    path = tmp_path / "hmrc.csv"
    path.write_text(MONTHLY, encoding="utf-8")
    return str(path)


def _json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_rates_are_loaded_under_the_name_that_the_law_has_for_them(run: Run, monthly: str) -> None:
    said = _json(run("load", "--publisher", OFFICE, "--file", monthly, "--url", "https://example.org/x", "--json"))
    assert (said["rows"], said["new"], said["newest"], said["publisher"]) == (1, 1, "2026-11-30", OFFICE)
    assert said["sha256"] == sha256(MONTHLY.encode()).hexdigest()
    again = run("load", monthly, "--publisher", OFFICE)
    assert (again.stdout, again.stderr) == ("1 rates until 2026-11-30, 0 of them new\n", "")


def test_a_name_that_no_law_has_is_loaded_and_said_to_be_useless(run: Run, monthly: str) -> None:
    result = run("load", "--publisher", "HMRC", "--file", monthly)
    assert result.exit_code == 0
    assert "no law in force wants rates of HMRC" in result.stderr
    assert OFFICE in result.stderr


def test_the_list_tells_what_is_there_and_what_the_law_wants(run: Run, monthly: str) -> None:
    run("load", "--publisher", OFFICE, "--file", monthly, "--url", "https://example.org/x")
    found = {one["publisher"]: one for one in _json(run("list", "--json"))["data"]}
    office = found[OFFICE]
    assert (office["pairs"], office["until"], office["url"]) == (1, "2026-11-30", "https://example.org/x")
    assert [(one["rule"], one["places"], one["confidence"]) for one in office["wanted"]] == [
        ("national", ["GB", "XI"], "R")
    ]
    assert (found["SE.customs"]["pairs"], found["SE.customs"]["until"]) == (0, None)
    assert {one["rule"] for one in found["ecb"]["wanted"]} == {"oss", "chargeable_event", "customs"}
    text = run("list").stdout
    assert "no rates" in text
    assert OFFICE in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("load", "--publisher", OFFICE), "One FILE is wanted"),
        (("load", "a.csv", "--file", "b.csv"), "One FILE is wanted"),
        (("load", "a.csv", "--publisher", "a b"), "not a name of letters"),
        (("load", "a.csv", "--publisher", OFFICE, "--url", "ftp:x"), "not an address on the web"),
        (("load", "nowhere.csv", "--publisher", OFFICE), "nowhere.csv"),
    ],
)
def test_a_call_that_is_wrong(run: Run, words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_file_with_one_bad_line_loads_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(DAILY + "2026-11-23,USD,PLN,nil\n", encoding="utf-8")
    assert run("load", "--publisher", "PL.customs", "--file", str(path)).exit_code == 2
    found = {one["publisher"]: one for one in _json(run("list", "--json"))["data"]}
    assert found["PL.customs"]["pairs"] == 0


# -- the service ---------------------------------------------------------------------------------------------------------


def test_prometheus_is_told_until_when_whose_rates_are_known(tmp_path: Path) -> None:
    day = date(2026, 11, 20)
    row = PublishedRate(day, "GBP", "USD", Decimal(1), day, date(2026, 11, 30))
    others = {OFFICE: PublisherTable([row], source=OFFICE), "x": PublisherTable((), source="x")}
    table = RateTable([RateRow(day, "USD", Decimal(1))], publishers=others)
    with Ledger.open(f"sqlite:///{tmp_path / 'l.db'}") as ledger:
        numbers = Metrics(ledger, "sha256:x")
        numbers.rates_until(table)
        text = numbers.text().decode()
    assert 'lexgate_fx_until_timestamp_seconds{publisher="ecb"}' in text
    assert f'publisher="{OFFICE}"' in text
    assert 'publisher="x"' not in text
