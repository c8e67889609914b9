"""`lexgate tax return`: what the ledger was told of a merchant, as a return; from a small law of tax."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from api.commands.console import out
from tests.api.taxes import Shop, book, lone_shop, shop, small_law
from tests.tax.smalllaw import packs

__all__ = ["lone_shop", "shop", "small_law"]

Run = Callable[..., Result]


@pytest.fixture
def run(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `lexgate tax` in a wide terminal, on the shop's own ledger."""
    monkeypatch.setenv("LEXGATE_DATABASE", shop.service.settings.database)
    monkeypatch.setattr(out, "width", 200)
    monkeypatch.setattr("api.commands.tax.law", packs)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(app, ["tax", *words])

    return invoke


def _json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def sold(shop: Shop) -> str:
    """A merchant with sales in the ledger."""
    merchant = shop.merchant()
    shop.sell(book(merchant, amount="105.50"))
    shop.sell(book(merchant, amount="52.75"))
    return merchant


def test_a_return_for_machines_people_and_tables(run: Run, sold: str) -> None:
    words = ("return", "--merchant", sold, "--scheme", "oss", "--period", "2026-Q4")
    found = _json(run(*words, "--json"))
    assert (found["scheme"], found["period"], found["verdict"], found["total"]) == (
        "oss",
        "2026-Q4",
        "determined",
        "8.25",
    )
    assert _json(run(*words, "--format", "json")) == found
    rows = list(csv.DictReader(io.StringIO(run(*words, "--format", "csv").stdout)))
    assert [row["vat_amount"] for row in rows if row["section"] == "total"] == ["8.25"]
    shown = run(*words).stdout
    assert f"{sold}: oss 2026-Q4, due 2027-01-31" in shown
    assert "total: 8.25 EUR" in shown
    assert "transactions: 0.00 EUR apart" in shown


def test_a_return_whose_rate_is_missing_is_undecided_and_not_zero(run: Run, shop: Shop, sold: str) -> None:
    shop.sell(book(sold, amount="100.00", currency="AUD"))
    shown = run("return", "--merchant", sold, "--scheme", "oss", "--period", "2026-Q4").stdout
    assert "total: undecided EUR" in shown


def test_the_boxes_of_the_kingdom(run: Run, sold: str) -> None:
    shown = run("return", "--merchant", sold, "--scheme", "uk", "--period", "2026-Q4").stdout
    assert "not known here" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--scheme", "moss", "--period", "2026-Q4"), "--scheme: moss is none of"),
        (("--scheme", "oss", "--period", "2026-11"), "A period of this scheme is a quarter such as 2026-Q4"),
        (("--scheme", "oss", "--period", "2026-Q4", "--format", "xml"), "neither json nor csv"),
    ],
)
def test_a_return_that_cannot_be_drawn_up(run: Run, sold: str, words: tuple[str, ...], said: str) -> None:
    result = run("return", "--merchant", sold, *words)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_a_merchant_of_whom_nothing_is_known(run: Run, sold: str) -> None:
    result = run("return", "--merchant", "nobody", "--scheme", "oss", "--period", "2026-Q4")
    assert (result.exit_code, "There is no such merchant here." in result.stderr) == (2, True)
