"""`lexgate tax quote` and `rates`: quotes that an accountant can follow, rates with their law, and what cannot be asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.bundled import samples
from api.cli import app
from api.commands.console import out
from api.settings import PREFIX, Settings
from tests.shipped import law

Run = Callable[..., Result]
TAX = samples() / "tax"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `lexgate tax` in a wide terminal on an empty folder: a quote needs no ledger and leaves none."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("LEXGATE_DATABASE", f"sqlite:///{tmp_path / 'lexgate.db'}")
    monkeypatch.setattr(out, "width", 200)
    monkeypatch.setattr("api.commands.tax.law", law)

    def invoke(*words: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, ["tax", *words], input=stdin)

    return invoke


def _json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


# -- quotes --------------------------------------------------------------------------------------------------------------

QUOTES = [
    ("book-fr-to-de", "1.54", "DE", "reduced", "oss.distance_sale", "Art. 33(a)"),
    ("saas-us-tx-exempt", "0.00", "US-TX", "exempt", "certificate.exemption", "s. 317"),
    ("ioss-parcel-fi", "16.32", "FI", "ioss", "ioss.import", "Art. 369l to 369x"),
    ("parcel-canary-islands", "0.00", "DE", "zero", "export", "Art. 146(1)(a), (b)"),
    ("service-de-to-it-valid-id", "0.00", "IT", "reverse_charge", "reverse_charge.art_196", "Art. 196"),
    ("service-de-to-it-without-id", "190.00", "DE", "standard", "rate.standard", "Art. 18(2), first subparagraph"),
    ("service-de-to-it-unconfirmed-id", None, None, "undecided", "customer.unknown", "Art. 18(1)(a)"),
    ("mixed-basket", "7.68", "DE", "reduced", "rate.reduced", "Art. 32"),
]
"""Sample, tax in all, and of its first line: place, treatment, reason, an article that is cited."""


@pytest.mark.parametrize(("name", "total", "place", "treatment", "reason", "article"), QUOTES)
def test_a_quote_for_machines(
    run: Run, name: str, total: str | None, place: str | None, treatment: str, reason: str, article: str
) -> None:
    found = _json(run("quote", str(TAX / f"{name}.json"), "--json"))
    line = found["tax"]["lines"][0]
    assert found["tax"]["total"] == total
    assert (line["region"] or line["country"], line["treatment"], line["reason"]) == (place, treatment, reason)
    assert article in {one["provision"] for one in line["law"]}
    assert "id" not in found


@pytest.mark.parametrize(("name", "total", "place", "treatment", "reason", "article"), QUOTES)
def test_a_quote_for_people_names_place_reason_tax_and_article(
    run: Run, name: str, total: str | None, place: str | None, treatment: str, reason: str, article: str
) -> None:
    result = run("quote", str(TAX / f"{name}.json"))
    assert result.exit_code == 0, result.output
    head, columns, first = result.stdout.splitlines()[:3]
    assert columns.split() == ["line", "place", "treatment", "rate", "base", "tax", "gross", "article"]
    assert "2026-11-22" in head
    assert f"{treatment}: {reason}" in first
    assert (place or "?") in first
    assert f"tax: {total} " in result.stdout if total else "tax: undecided" in result.stdout
    assert article in result.stdout


def test_a_line_with_its_rate_base_tax_and_confidence(run: Run) -> None:
    words = run("quote", str(TAX / "book-fr-to-de.json")).stdout.splitlines()[2]
    assert "USt 7 % [B]" in words
    assert words.split("7 % [B]")[1].split()[:3] == ["22.00", "1.54", "23.54"]


def test_what_an_invoice_must_say_and_what_would_settle_a_line_stand_below(run: Run) -> None:
    valid = run("quote", "--no-why", str(TAX / "service-de-to-it-valid-id.json")).stdout
    assert "on the invoice: Reverse charge" in valid
    assert "liability:" not in valid
    pending = run("quote", "--no-why", str(TAX / "service-de-to-it-unconfirmed-id.json")).stdout
    assert "would settle it: payer.tax_ids.verified" in pending


def test_a_quote_in_another_currency_shows_the_tax_in_the_state_s_and_the_rate_with_its_law(run: Run) -> None:
    home = {"country": "SE"}
    line = {"id": "1", "kind": "goods", "category": "standard", "amount": "100.00", "tax_inclusive": False,
            "ship_from": home, "ship_to": home}  # fmt: skip
    shop = {**home, "registrations": [{"jurisdiction": "SE", "scheme": "standard"}]}
    sale = {"currency": "USD", "payer": {"type": "individual", **home}, "payee": shop, "lines": [line]}
    said = json.dumps({**sale, "occurred_at": "2026-10-30T12:00:00+01:00"})
    shown = run("quote", "-", "--no-why", stdin=said).stdout
    assert "tax of SE in SEK: 245.66" in shown
    assert "chargeable event; Directive 2006/112/EC, Art. 91(2), 230)" in shown
    said = json.dumps({**sale, "occurred_at": "2026-11-04T12:00:00+01:00"})
    assert (
        "tax of SE in SEK: undecided; would settle it: fx.USD.SEK.2026-11-04 of ecb"
        in run("quote", "-", "--no-why", stdin=said).stdout
    )


def test_an_undecided_quote_shows_no_amount(run: Run) -> None:
    shown = run("quote", "--no-why", str(TAX / "service-de-to-it-unconfirmed-id.json")).stdout
    assert "1000.00" not in shown
    assert "0.00" not in shown


def test_a_number_with_wrong_check_digits_makes_no_business(run: Run) -> None:
    sale = json.loads((TAX / "service-de-to-it-unconfirmed-id.json").read_bytes())
    sale["payer"]["tax_ids"][0]["value"] = "IT00743110158"
    found = _json(run("quote", "-", "--json", stdin=json.dumps(sale)))
    assert found["tax"]["customer"] != "business"
    assert "payer.tax_ids.verified" not in found["tax"]["lines"][0]["missing"]


def test_a_quote_from_standard_input_leaves_nothing_behind(run: Run, tmp_path: Path) -> None:
    sale = (TAX / "mixed-basket.json").read_text()
    assert _json(run("quote", "-", "--json", stdin=sale))["tax"]["verdict"] == "determined"
    assert list(tmp_path.iterdir()) == []


def test_an_exchange_rate_is_named(run: Run) -> None:
    sale = json.loads((TAX / "ioss-parcel-fi.json").read_bytes())
    sale |= {"currency": "USD", "amount": "61.00", "occurred_at": "2026-10-30T10:00:00+00:00"}
    shown = run("quote", "-", stdin=json.dumps(sale))
    assert shown.exit_code == 0, shown.output
    assert "exchange rate: 1 USD = " in shown.stdout
    assert "2026-10-30" in shown.stdout


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "Not JSON"),
        ("[]", "An object is wanted"),
        ('{"currency": "EUR"}', "amount_missing"),
        ('{"amount": 1.5, "currency": "EUR"}', "/amount: A JSON float has already lost cents"),
        ('{"amount": "1", "currency": "EUR", "payr": {}}', "/payr: There is no such field [unknown_field]"),
    ],
)
def test_what_cannot_be_quoted_is_refused_with_every_fault(run: Run, body: str, said: str) -> None:
    result = run("quote", "-", stdin=body)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    told = run("quote", "-", "--json", stdin=body)
    assert (told.exit_code, json.loads(told.stdout)["status"]) == (2, 422)


def test_a_file_that_is_not_there(run: Run) -> None:
    result = run("quote", "nowhere.json")
    assert (result.exit_code, "No such file" in result.stderr) == (2, True)


# -- rates ---------------------------------------------------------------------------------------------------------------


def test_rates_of_a_place_on_a_day(run: Run) -> None:
    before, after = (
        _json(run("rates", "--country", "FI", "--date", day, "--category", "standard", "--json"))
        for day in ("2024-08-31", "2024-09-01")
    )
    assert [one["rate_percent"] for one in before["data"]] == ["24"]
    assert [one["rate_percent"] for one in after["data"]] == ["25.5"]


def test_rates_for_people(run: Run) -> None:
    shown = run("rates", "--country", "DE", "--date", "2026-11-22", "--category", "books").stdout
    assert shown.splitlines()[0].startswith("DE on 2026-11-22, Umsatzsteuer")
    assert " 7 % " in shown
    assert "6.25 % of 0.8" in run("rates", "--country", "US-TX", "--category", "saas").stdout


def test_a_place_without_a_tax_says_so(run: Run) -> None:
    assert "no consumption tax" in run("rates", "--country", "KW").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--country", "ZZ"), "--country: Not an ISO"),
        (("--country", "DE", "--date", "tomorrow"), "--date: An ISO 8601 date"),
        (("--country", "AQ"), "not the same as no tax"),
    ],
)
def test_rates_that_cannot_be_told(run: Run, words: tuple[str, ...], said: str) -> None:
    result = run("rates", *words)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
