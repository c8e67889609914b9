"""The part about tax: what is compared, what is skipped and said to be, and what the page shows."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from bench import tax, tax_peers
from bench.report import markdown
from bench.run import verdict
from bench.tax import Difference, Lexgate, Speed, TaxRun, compare, measure
from bench.tax_peers import Absent, NodeSalesTax, PyVat
from bench.tax_report import section
from tests.bench.test_report import RUN

OURS = Speed(tax.OURS, None, (200.0, 250.0, 400.0), 231, ())
THEIRS = Speed(
    "node-sales-tax", "2.23.0", (2.0, 2.0, 4.0), 127,
    (Difference("FI", Decimal(24), Decimal("25.5"), "ALV 25.5 % since 2024-09-01 [A]"),
     Difference("IN", Decimal(18), None, "undecided, `place.state_unknown`: lines.ship_to.region would settle it")),
)  # fmt: skip
GONE = Speed("pyvat", None, (), 0, (), "pyvat is not installed")
FOUND = TaxRun(date(2026, 11, 22), (OURS, THEIRS, GONE))


@cache
def lexgate() -> Lexgate:
    return Lexgate()


# -- answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "amount"),
    [("DE", "19"), ("FI", "25.5"), ("ID", "11"), ("BO", "14.94"), ("IM", "20"), ("KW", "0"), ("JP", "10")],
)
def test_the_tax_on_a_hundred(country: str, amount: str) -> None:
    found, why = lexgate().taxed(country)
    assert found is not None
    assert found.quantize(Decimal("0.01")) == Decimal(amount)
    assert why


@pytest.mark.parametrize(("country", "missing"), [("US", "lines.ship_to.region"), ("IN", "lines.ship_to.region")])
def test_a_federal_country_without_a_state_is_undecided_and_says_so(country: str, missing: str) -> None:
    assert lexgate().taxed(country) == (None, f"undecided, `place.state_unknown`: {missing} would settle it")


def test_what_an_answer_rests_on_names_rate_day_grade_and_source() -> None:
    why = lexgate().taxed("FI")[1]
    assert why.startswith("ALV 25.5 % since 2024-09-01 [")
    assert "http" in why


def test_answers_differ_where_the_tax_does() -> None:
    ours = {"AA": Decimal("19"), "BB": Decimal("14.9425"), "CC": Decimal(5), "DD": None}
    theirs = {"AA": Decimal("19"), "BB": Decimal("14.94"), "CC": Decimal("5.01"), "DD": Decimal(7)}
    found = compare(theirs, lambda country: (ours[country], country.lower()))
    assert found == (
        Difference("CC", Decimal("5.01"), Decimal(5), "cc"),
        Difference("DD", Decimal(7), None, "dd"),
    )


# -- the others --------------------------------------------------------------------------------------------------------


def test_pyvat_answers_for_member_states_only() -> None:
    pytest.importorskip("pyvat", reason="pip install -e .[bench]")
    peer = PyVat(date(2026, 11, 22))
    found = peer.answers(["DE", "GR", "CH", "US"])
    assert found == {"DE": Decimal(19), "GR": Decimal(24)}
    assert peer.microseconds(["DE", "CH"], 0.01) > 0


_STAND_IN = """
exports.hasSalesTax = (country) => country !== "HK";
exports.getAmountWithSalesTax = (country, state, amount) =>
  Promise.resolve({ type: "vat", rate: 0.255, total: amount * 1.255 });
"""


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a stand-in for the package was installed: no registry is asked."""
    if shutil.which("node") is None:
        pytest.skip("Node is not here: the talk with it is not tested")
    here = shutil.which("node")
    monkeypatch.setattr(tax_peers.shutil, "which", lambda _name: here)

    def fetch(folder: Path) -> None:
        package = folder / "node_modules" / "sales-tax"
        package.mkdir(parents=True)
        (package / "package.json").write_text('{"name": "sales-tax", "version": "0.0.1", "main": "index.js"}')
        (package / "index.js").write_text(_STAND_IN)

    monkeypatch.setattr(tax_peers, "_fetch", fetch)
    return tmp_path


def test_node_is_asked_by_lines_and_its_floats_are_read_as_cents(node: Path) -> None:
    peer = NodeSalesTax(node)
    try:
        assert peer.version.startswith("0.0.1, Node ")
        assert peer.answers(["FI", "HK"]) == {"FI": Decimal("25.5")}
        assert peer.microseconds(["FI"], 0.01) > 0
    finally:
        peer.close()


def test_a_process_that_ends_is_told(node: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = node / "broken.js"
    broken.write_text("process.exit(3);")
    monkeypatch.setattr(tax_peers, "SCRIPT", broken)
    with pytest.raises(Absent, match="its process ended with status 3"):
        NodeSalesTax(node / "other")


def test_without_node_it_is_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tax_peers.shutil, "which", lambda _name: None)
    with pytest.raises(Absent, match="Node and npm are not here"):
        NodeSalesTax(tmp_path)


def test_a_registry_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.CompletedProcess([], 1, "", "npm error code ENOTFOUND\nnpm error network\n")
    monkeypatch.setattr(tax_peers.subprocess, "run", lambda *_a, **_k: done)
    with pytest.raises(Absent, match="npm could not bring sales-tax: npm error network"):
        tax_peers._fetch(tmp_path)


# -- a run and its page ------------------------------------------------------------------------------------------------


class _Double:
    """A library that knows two countries."""

    name, version = "double", "1"

    def answers(self, countries: object) -> dict[str, Decimal]:
        return {"DE": Decimal(19), "FI": Decimal(24)}

    def microseconds(self, countries: object, seconds: float) -> float:
        return 2.0

    def close(self) -> None:
        self.closed = True


def test_a_run_compares_and_says_what_it_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    double = _Double()
    monkeypatch.setattr(tax, "_opened", lambda _folder: [double, GONE])
    monkeypatch.setattr(tax, "COUNTRIES", frozenset({"DE", "FI", "US"}))
    monkeypatch.setattr(tax, "Lexgate", lexgate)
    found = measure(rounds=2, seconds=0.01)
    ours, theirs, gone = found.speeds
    assert (ours.known, len(ours.microseconds)) == (2, 2)
    assert [one.country for one in theirs.differing] == ["FI"]
    assert theirs.per_second == 500_000
    assert gone.failure == "pyvat is not installed"
    assert double.closed


def test_the_page_says_speeds_differences_and_what_was_skipped() -> None:
    page = "\n".join(section(FOUND))
    assert "| node-sales-tax | 2.23.0 | 500,000 | 2.00 | 100.0 | 127 | 2 |" in page
    assert "The same tax in 125 of 127 countries." in page
    assert "| FI | 24 | 25.5 | ALV 25.5 % since 2024-09-01 [A] |" in page
    assert "| IN | 18 | undecided | undecided, `place.state_unknown`" in page
    assert "| pyvat | | **skipped**: pyvat is not installed |" in page
    same = replace(FOUND, speeds=(OURS, replace(THEIRS, differing=())))
    assert "gives the same tax in all 127 countries it knows" in "\n".join(section(same))


def test_the_page_as_a_whole_has_the_part_or_why_not() -> None:
    page = markdown(replace(RUN, tax=FOUND))
    assert "| taxes a second in process, the whole procedure with its articles | **4,000** |" in page
    assert "`node-sales-tax`'s bare rates to Lexgate's taxes, answers a second | 100.0 : 1 |" in page
    assert "## Tax\n\nDid not run: not asked for" in markdown(RUN)


def test_a_library_that_is_skipped_fails_no_run_and_is_said_loudly(capsys: pytest.CaptureFixture[str]) -> None:
    assert verdict(replace(RUN, tax=FOUND)) == 0
    assert "! tax: pyvat SKIPPED: pyvat is not installed" in capsys.readouterr().out
    assert verdict(replace(RUN, tax="ValueError: x")) == 1
