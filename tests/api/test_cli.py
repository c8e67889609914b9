"""The command line: answers on standard output, the rest on standard error, 0, 1 or 2 at the end."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.bundled import rates_file, rulepacks, samples
from api.cli import app
from api.settings import PREFIX, Settings
from engine.decide import BUILT
from engine.packs import load_packs
from tests.api.server import lists
from tests.empty import empty_ledger

GOOD = Path(__file__).parents[1] / "packs" / "good"
"""A few small packs, one with rates and territories."""
SAMPLE = str(samples() / "eu-low-value.json")

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `lexgate` on a ledger of its own."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("LEXGATE_DATABASE", empty_ledger(tmp_path / "lexgate.db"))

    def invoke(*words: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, list(words), input=stdin)

    return invoke


def _json(result: Result, status: int = 0) -> Any:
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A ledger with one decision, and its id."""
    path = tmp_path_factory.mktemp("template") / "lexgate.db"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LEXGATE_DATABASE", f"sqlite:///{path}")
        return path, _json(CliRunner().invoke(app, ["decide", SAMPLE, "--store", "--json"]))["id"]


@pytest.fixture
def stored(run: Run, template: tuple[Path, str], tmp_path: Path) -> str:
    """The id of a decision in the ledger."""
    for file in template[0].parent.glob("lexgate.db*"):
        shutil.copy(file, tmp_path)
    return template[1]


class TestDecide:
    """One Transaction, without a service."""

    def test_for_people(self, run: Run) -> None:
        result = run("decide", SAMPLE, "--domains", "sca")
        assert result.exit_code == 0
        assert "allow: Your payment can go ahead." in result.stdout
        assert "24.90 EUR <= 30.00 EUR" in result.stdout
        assert "Art. 16" in result.stdout

    def test_for_machines(self, run: Run) -> None:
        answer = _json(run("decide", SAMPLE, "--json", "--domains", "sca"))
        assert (answer["outcome"], answer["sca"]["exemption"]) == ("allow", "low_value")

    def test_all_domains_unless_some_are_named(self, run: Run) -> None:
        answer = _json(run("decide", SAMPLE, "--json"))
        assert answer["domains"] == list(BUILT)
        assert "tax: undecided" in run("decide", SAMPLE).stdout
        assert _json(run("decide", SAMPLE, "--json", "--domains", "tax"))["domains"] == ["tax"]

    def test_a_domain_that_is_none(self, run: Run) -> None:
        result = run("decide", SAMPLE, "--domains", "sca,weather")
        assert result.exit_code == 2
        assert f"One or more of {', '.join(BUILT)}" in result.stderr

    def test_from_standard_input_in_another_language(self, run: Run) -> None:
        answer = _json(run("decide", "-", "--json", "--locale", "fr", stdin=Path(SAMPLE).read_text(encoding="utf-8")))
        assert answer["locale"] == "fr"

    def test_nothing_is_remembered(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "lexgate.db").unlink()
        run("decide", SAMPLE)
        assert not (tmp_path / "lexgate.db").exists()

    def test_what_cannot_be_decided(self, run: Run) -> None:
        result = run("decide", "-", stdin='{"amount": 1.5}')
        assert (result.exit_code, result.stdout) == (2, "")
        assert "/amount: A JSON float has already lost cents" in result.stderr
        problem = _json(run("decide", "-", "--json", stdin='{"amount": 1.5}'), 2)
        assert {fault["pointer"] for fault in problem["errors"]} == {"/amount", "/currency", "/payment"}

    def test_card_data(self, run: Run) -> None:
        result = run("decide", "-", stdin='{"reference": "4111 1111 1111 1111"}')
        assert result.exit_code == 2
        assert "4111" not in result.output

    def test_a_file_that_is_not_there(self, run: Run) -> None:
        result = run("decide", "nowhere.json")
        assert (result.exit_code, result.stderr) == (2, "lexgate: nowhere.json: No such file or directory\n")


class TestStored:
    """Decisions of the ledger."""

    def test_explain(self, run: Run, stored: str) -> None:
        result = run("explain", stored)
        assert result.exit_code == 0
        assert "payment.issuer_country = FR" in result.stdout
        assert "sca.low_value" in result.stdout

    def test_explain_tells_of_lists_and_scenarios(self, run: Run, tmp_path: Path) -> None:
        body = {
            "amount": "20000.01", "currency": "EUR", "kind": "transfer", "payer": {"id": "c-7", "country": "DE"},
            "payee": {"country": "DE"}, "payment": {"instrument": "credit_transfer", "issuer_country": "DE"},
        }  # fmt: skip
        (tmp_path / "moved.json").write_text(json.dumps(body), encoding="utf-8")
        stored = _json(run("decide", str(tmp_path / "moved.json"), "--store", "--json"))["id"]
        said = run("explain", stored).stdout
        assert "screening: not performed (not_asked)" in said
        assert "fires  scenario.single_large: One large payment" in said
        assert "otherwise = 20000.00 EUR" in said
        assert "silent  scenario.pass_through" in said

    def test_explain_for_machines(self, run: Run, stored: str) -> None:
        ladder = _json(run("explain", stored, "--json"))
        assert ladder["id"] == stored
        assert {rule["rule"] for rule in ladder["places"][0]["rules"] if rule["fired"]} >= {"sca.low_value"}

    def test_replay_as_it_was(self, run: Run, stored: str) -> None:
        result = run("replay", stored)
        assert result.exit_code == 0
        assert "byte for byte" in result.stdout

    @pytest.mark.parametrize("day", ["2017-06-01", "2017-06-01T12:00:00Z"])
    def test_replay_under_the_law_of_another_day(self, run: Run, stored: str, day: str) -> None:
        result = run("replay", stored, "--legal-time", day)
        assert result.exit_code == 1
        assert '/sca/exemption: "low_value" -> null' in result.stdout
        assert _json(run("replay", stored, "--legal-time", day, "--json"), 1)["identical"] is False

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("explain", "dec_x"), "there is no decision dec_x in this ledger"),
            (("replay", "dec_x"), "there is no decision dec_x in this ledger"),
            (("replay", "STORED", "--release", "0" * 64), "There is no such release here."),
            (("replay", "STORED", "--legal-time", "soon"), "--legal-time: "),
        ],
    )
    def test_what_is_not_there(self, run: Run, stored: str, words: tuple[str, ...], said: str) -> None:
        result = run(*(stored if word == "STORED" else word for word in words))
        assert result.exit_code == 2
        assert said in result.stderr


class TestPacks:
    """The law on the workbench."""

    @pytest.fixture
    def broken(self, tmp_path: Path) -> Path:
        """A copy of a few packs, one with a fault and a test that fails."""
        folder = tmp_path / "packs"
        for code in ("WORLD", "JP", "messages", *lists()):
            shutil.copytree(rulepacks() / code, folder / code)
        return folder

    @pytest.fixture
    def untidy(self, broken: Path) -> Path:
        """A pack file that means the same in another form."""
        path = broken / "JP" / "sca.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("domain: sca", "domain:   sca", 1), encoding="utf-8")
        return path

    def test_lint_finds_nothing(self, run: Run, broken: Path) -> None:
        result = run("packs", "lint", "--packs", str(broken), "--json")
        assert [problem for problem in _json(result)["problems"] if problem["severity"] == "error"] == []

    def test_lint_names_a_fault_with_its_place(self, run: Run, broken: Path) -> None:
        path = broken / "JP" / "sca.yaml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("payment.channel", "payment.chanel", 1), encoding="utf-8"
        )
        (problem, *_) = _json(run("packs", "lint", "--packs", str(broken), "--json"), 1)["problems"]
        assert (problem["file"], problem["severity"]) == ("JP/sca.yaml", "error")
        assert problem["line"] > 1
        assert "JP/sca.yaml:" in run("packs", "lint", "--packs", str(broken)).stdout

    def test_tests_pass(self, run: Run) -> None:
        assert _json(run("packs", "test", "JP", "GB", "--json"))["failed"] == []
        assert "0 failed" in run("packs", "test", "JP").stdout

    def test_a_failing_test_is_named(self, run: Run, broken: Path) -> None:
        path = broken / "JP" / "sca.yaml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("expect: fires", "expect: silent", 1), encoding="utf-8"
        )
        result = run("packs", "test", "--packs", str(broken))
        assert result.exit_code == 1
        assert "JP/sca.yaml:" in result.stdout
        failed = _json(run("packs", "test", "JP", "--packs", str(broken), "--json"), 1)["failed"]
        assert [failure["jurisdiction"] for failure in failed] == ["JP"]

    def test_cases_are_decided_with_the_tests(self, run: Run) -> None:
        found = _json(run("packs", "test", "TR", "--json"))
        assert (found["cases"], found["passed"], found["failed"]) == (7, found["tests"] + 7, [])
        assert (
            run("packs", "test", "TR").stdout
            == f"{found['tests']} tests and 7 cases in 1 packs: {found['passed']} passed, 0 failed\n"
        )

    @pytest.fixture
    def untrue(self, broken: Path) -> Path:
        """A case that expects what the law does not give."""
        path = broken / "JP" / "sca.yaml"
        text = path.read_text(encoding="utf-8")
        text = text.replace(
            "verdict: exempt, exemption: prepaid_card}", "verdict: exempt, exemption: non_3ds_device}", 1
        )
        path.write_text(text, encoding="utf-8")
        return path

    def test_a_failing_case_is_named_with_its_place_and_both_answers(self, run: Run, untrue: Path) -> None:
        line = untrue.read_text(encoding="utf-8").split("name: debit cards are outside")[0].count("\n") + 1
        result = run("packs", "test", "JP", "--packs", str(untrue.parents[1]))
        assert result.exit_code == 1
        assert result.stdout.startswith(
            f"JP/sca.yaml:{line}:5: case: debit cards are outside the guidelines: expected exemption non_3ds_device, got "
            "prepaid_card (exempt, reason prepaid_card; non_3ds_device is closed: payment.device not stated)\n"
        )
        (failed,) = _json(run("packs", "test", "JP", "--packs", str(untrue.parents[1]), "--json"), 1)["failed"]
        assert (failed["rule"], failed["code"], failed["file"], failed["line"]) == (
            None,
            "case-fails",
            "JP/sca.yaml",
            line,
        )
        assert failed["expected"]["exemption"] == "non_3ds_device"
        assert failed["got"]["exemption"] == "prepaid_card"

    def test_lint_decides_the_cases_too(self, run: Run, untrue: Path) -> None:
        problems = _json(run("packs", "lint", "--packs", str(untrue.parents[1]), "--json"), 1)["problems"]
        assert [one["code"] for one in problems if one["severity"] == "error"] == ["case-fails"]

    def test_shipped_packs_are_in_their_canonical_form(self, run: Run) -> None:
        result = run("packs", "format", "--check")
        assert result.exit_code == 0, result.output
        assert result.stdout.endswith(" pack files: 0 not canonical, 0 refused\n")

    def test_check_names_what_is_not_canonical_and_writes_nothing(self, run: Run, untidy: Path) -> None:
        before = untidy.read_bytes()
        result = run("packs", "format", "--check", str(untidy.parents[1]))
        assert result.exit_code == 1
        said = f"{untidy}:1:9: warning [format] The file is not in its canonical form. Write `domain: sca`."
        files = len(list(untidy.parents[1].rglob("*.yaml")))
        assert result.stdout == f"{said}\n{files} pack files: 1 not canonical, 0 refused\n"
        assert untidy.read_bytes() == before

    def test_format_writes_it_and_is_done_at_once(self, run: Run, untidy: Path) -> None:
        files = len(list(untidy.parents[1].rglob("*.yaml")))
        result = run("packs", "format", str(untidy.parents[1]))
        assert (result.exit_code, result.stdout) == (
            0,
            f"{untidy}: written\n{files} pack files: 1 written, 0 refused\n",
        )
        assert untidy.read_bytes() == (rulepacks() / "JP" / "sca.yaml").read_bytes()
        assert run("packs", "format", str(untidy)).stdout == "1 pack files: 0 written, 0 refused\n"
        assert run("packs", "format", "--check", str(untidy)).exit_code == 0

    def test_format_for_machines(self, run: Run, untidy: Path) -> None:
        found = _json(run("packs", "format", "--check", str(untidy), str(untidy.parent), "--json"), 1)
        assert {key: found[key] for key in ("files", "written", "changed", "refused")} == {
            "files": len(list(untidy.parent.glob("*.yaml"))), "written": False, "changed": [str(untidy)], "refused": [],
        }  # fmt: skip
        assert [(one["code"], one["line"], one["column"]) for one in found["problems"]] == [("format", 1, 9)]
        found = _json(run("packs", "format", str(untidy), "--json"))
        assert found == {"files": 1, "written": True, "changed": [str(untidy)], "refused": [], "problems": []}

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"domain: NO\n", "error [yaml-unquoted] NO without quotes"),
            (b"domain: \xff\n", "error [yaml-encoding] Not UTF-8"),
        ],
    )
    @pytest.mark.parametrize("check", [(), ("--check",)])
    def test_what_is_no_pack_file_stays_and_the_others_are_formatted(
        self, run: Run, untidy: Path, content: bytes, said: str, check: tuple[str, ...]
    ) -> None:
        other = untidy.with_name("pack.yaml")
        other.write_bytes(content)
        result = run("packs", "format", *check, str(untidy.parent))
        assert result.exit_code == 1
        assert f"{other}:1:" in result.stdout
        assert said in result.stdout
        assert result.stdout.endswith(", 1 refused\n")
        assert other.read_bytes() == content
        assert untidy.read_bytes().startswith(b"domain:   sca" if check else b"domain: sca")

    def test_line_ends_of_a_checkout_are_nobodys_fault(self, run: Run, untidy: Path) -> None:
        other = untidy.with_name("pack.yaml")
        other.write_bytes(other.read_bytes().replace(b"\n", b"\r\n"))
        assert run("packs", "format", "--check", str(other)).exit_code == 0

    def test_files_are_named_from_where_one_stands(
        self, run: Run, untidy: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And the tools' own hidden files are not taken for packs."""
        folder = untidy.parents[1]
        (folder / ".tool").mkdir()
        (folder / ".tool" / "own.yaml").write_text("a:   b\n", encoding="utf-8")
        monkeypatch.chdir(folder)
        assert run("packs", "format", ".").stdout.splitlines()[0] == "JP/sca.yaml: written"

    def test_a_file_that_may_not_be_written(self, run: Run, untidy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(path: Path, _content: bytes) -> int:
            raise OSError(13, "Permission denied")

        monkeypatch.setattr(Path, "write_bytes", refuse)
        result = run("packs", "format", str(untidy))
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{untidy} cannot be written: Permission denied" in result.stderr

    def test_show(self, run: Run) -> None:
        result = run("packs", "show", "FR", "--at", "2026-11-22")
        assert result.exit_code == 0
        assert "low_value_single_max" in result.stdout
        assert _json(run("packs", "show", "FR", "--at", "2026-11-22", "--json"))["at"] == "2026-11-22"

    def test_show_of_reports_and_what_counts_together(self, run: Run) -> None:
        """An officer reads the report with its authority and its term, and what of the past counts towards it."""
        law = _json(run("packs", "show", "CN", "--at", "2026-11-22", "--json"))["domains"]["aml"]
        report = next(rule for rule in law["rules"] if rule["id"] == "aml.cn.report.cash")["effect"]
        assert (report["kind"], report["details"]["code"]) == ("report", "TR")
        assert report["details"]["due"] == {
            "parameter": "threshold_report_deadline", "value": "5 working days", "unit": None, "known": True,
        }  # fmt: skip
        (cash,) = (one for one in law["features"] if one["name"] == "past_cash_day_in")
        assert (cash["of"], cash["field"], cash["unit"], cash["key"]) == ("sum", "amount", "CNY", ["payer_id"])
        assert cash["where"]["instrument"] == ["cash"]
        assert "past_cash_day_in" in next(one["is"] for one in law["terms"] if one["name"] == "counted_cash_day")
        said = " ".join(run("packs", "show", "CN", "--at", "2026-11-22").stdout.split())
        assert "due: 5 working days (threshold_report_deadline)" in said
        assert "of the past" in said
        assert "stands for" in said

    def test_show_of_limits_and_what_the_next_tier_needs(self, run: Run) -> None:
        said = run("packs", "show", "NG", "--at", "2026-11-22").stdout
        assert "limit enaira_tier0_daily\n    amount: 20000 NGN (enaira_tier0_daily)\n    counts: spent_today\n" in said
        assert "needs: payer.phone (enaira_tier1_data)" in said

    def test_show_of_duties_and_of_what_may_be_blocked(self, run: Run) -> None:
        assert "obliges issuer: send_post_debit_notice" in run("packs", "show", "IN", "--at", "2026-11-22").stdout
        assert "regime: " in run("packs", "show", "US", "--at", "2026-11-22").stdout

    def test_diff_of_a_report_s_code_and_of_a_window(self, run: Run, tmp_path: Path) -> None:
        was, now = tmp_path / "was", tmp_path / "now"
        for code in ("WORLD", "CN", "messages", "regions", *lists()):
            shutil.copytree(rulepacks() / code, was / code)
        shutil.copytree(was, now)
        path = now / "CN" / "aml.yaml"
        text = path.read_text(encoding="utf-8").replace("{report: cash, code: TR,", "{report: cash, code: LTR,")
        path.write_text(
            text.replace("window: {kind: calendar_day}", "window: {kind: rolling, hours: 24}", 1), encoding="utf-8"
        )
        told = _json(run("packs", "diff", str(was), str(now), "--json"), 1)
        found = {change["name"]: change for change in told["changes"]}
        assert found.keys() == {"aml.cn.report.cash", "past_cash_day_in"}
        rule, feature = found["aml.cn.report.cash"], found["past_cash_day_in"]
        assert [rule[side]["effect"]["details"]["code"] for side in ("was", "now")] == ["TR", "LTR"]
        assert rule["now"]["effect"]["details"]["due"] == {"parameter": "threshold_report_deadline"}
        assert rule["fields"] == ["effect.details.code"]
        assert [feature[side]["window"] for side in ("was", "now")] == [
            "calendar_day Asia/Shanghai",
            "rolling 24 hours",
        ]
        assert {one["verdict"] for one in told["meanings"] if one["name"] == "aml.cn.report.cash"} == {"counterexample"}
        said = run("packs", "diff", str(was), str(now)).stdout
        assert "effect.details.code: TR -> LTR" in said
        assert "window: calendar_day Asia/Shanghai -> rolling 24 hours" in said

    def test_show_and_diff_of_a_scenario(self, run: Run, tmp_path: Path) -> None:
        was, now = tmp_path / "was", tmp_path / "now"
        for code in ("WORLD", "MONITORING", "HIGH-RISK-EU", "messages", "regions", *lists()):
            shutil.copytree(rulepacks() / code, was / code)
        shutil.copytree(was, now)
        path = now / "MONITORING" / "aml" / "sequences.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("most: {type: percent, default: 110", "most: {type: percent, default: 120"), encoding="utf-8"
        )
        law = _json(run("packs", "show", "MONITORING", "--packs", str(was), "--json"))["domains"]["aml"]
        told = {one["name"]: one for one in law["scenarios"]}
        through = told["scenario.pass_through"]
        assert (through["counts"], told["scenario.shared_card"]["counts"]) == ("payments", "attempts")
        assert through["cite"]["source"] == "fatf_typologies"
        assert next(one for one in through["parameters"] if one["name"] == "floor") == {
            "name": "floor", "label": "floor", "type": "money", "default": "3000.00 EUR", "min": "100.00 EUR",
            "max": "1000000.00 EUR", "segments": {"business": "30000.00 EUR"},
        }  # fmt: skip
        assert [one["since"] for one in through["measures"]] == ["came", "came"]
        assert told["scenario.cycle"]["shape"] == "cycle"
        said = run("packs", "show", "MONITORING", "--packs", str(was)).stdout
        assert "sequence over payments, by payer.id, severity high, before the payment and after it" in said
        assert "none between them: between: between.done" in said
        assert "most 110 % (from 100 % to 200 %)" in said
        changed = {one["name"]: one for one in _json(run("packs", "diff", str(was), str(now), "--json"), 1)["changes"]}
        assert changed.keys() == {"scenario.pass_through", "scenario.load_cash_out"}
        through = changed["scenario.pass_through"]
        assert [through[side]["parameters"]["most"]["default"] for side in ("was", "now")] == [110, 120]
        told = run("packs", "diff", str(was), str(now)).stdout
        assert "parameters.most.default: 110 -> 120" in told

    def test_show_of_rates_and_territories(self, run: Run) -> None:
        result = run("packs", "show", "FR", "--at", "2013-12-31", "--packs", str(GOOD))
        assert result.exit_code == 0
        lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
        assert "vat standard 19.6 % standard 2000-04-01 FR A code article" in lines
        assert any(line.startswith("vat medicine exempt exempt not read FR B") for line in lines)
        assert any(line.startswith("The isles 29990, outside outside CH") for line in lines)
        law = _json(run("packs", "show", "FR", "--at", "2014-01-01", "--packs", str(GOOD), "--json"))
        rates = {rate["id"]: rate for rate in law["domains"]["tax"]["rates"]}
        assert "standard.2000" not in rates
        assert (rates["standard.2014"]["percent"], rates["standard.2014"]["from"]) == ("20", "2014-01-01")
        assert (rates["care"]["percent"], rates["care"]["from"]) == (None, None)
        assert [one["place"] for one in law["domains"]["tax"]["territories"]] == ["GF", None]
        assert "rates" not in law["domains"]["sca"]

    def test_diff_of_a_rate(self, run: Run, tmp_path: Path) -> None:
        other = tmp_path / "other"
        shutil.copytree(GOOD, other)
        path = other / "FR" / "tax.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace('"5.5"', '"7"'), encoding="utf-8")
        told = _json(run("packs", "diff", str(GOOD), str(other), "--json"), 1)
        (change,) = told["changes"]
        assert (change["what"], change["name"], change["change"]) == ("rate", "reduced.books", "changed")
        assert (change["was"]["percent"], change["now"]["percent"]) == ("5.5", "7")
        (meaning,) = told["meanings"]
        totals = [meaning["example"][side]["said"]["tax"]["total"] for side in ("was", "now")]
        assert totals == ["5.50", "7.00"]
        path.write_text(path.read_text(encoding="utf-8").replace("id: isles", "id: island"), encoding="utf-8")
        said = run("packs", "diff", str(GOOD), str(other)).stdout
        assert "No longer in FR: territory isles (The isles)." in said
        assert "percent: 5.5 -> 7" in said

    def test_diff_as_a_page_in_another_language(self, run: Run, tmp_path: Path) -> None:
        other, html = tmp_path / "other", tmp_path / "diff.html"
        shutil.copytree(GOOD, other)
        path = other / "FR" / "tax.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace('"5.5"', '"7"'), encoding="utf-8")
        result = run("packs", "diff", str(GOOD), str(other), "--html", str(html), "--language", "de")
        assert result.exit_code == 1
        assert "Geändert: Steuersatz reduced.books" in result.stdout
        assert f"page written to {html}" in " ".join(result.stdout.split("\n"))
        assert "Anders entschieden." in html.read_text(encoding="utf-8")

    def test_diff_of_one_domain(self, run: Run, tmp_path: Path) -> None:
        other = tmp_path / "other"
        shutil.copytree(GOOD, other)
        path = other / "FR" / "tax.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace('"5.5"', '"7"'), encoding="utf-8")
        assert run("packs", "diff", str(GOOD), str(other), "--domain", "sca").exit_code == 0
        assert run("packs", "diff", str(GOOD), str(other), "--jurisdiction", "AREA").exit_code == 0
        assert run("packs", "diff", str(GOOD), str(other), "--domain", "gambling").exit_code == 2

    def test_diff_of_layout_alone(self, run: Run, tmp_path: Path) -> None:
        other = tmp_path / "other"
        shutil.copytree(GOOD, other)
        path = other / "FR" / "tax.yaml"
        path.write_text("# a remark\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
        result = run("packs", "diff", str(GOOD), str(other))
        assert (result.exit_code, "Of other layout only: FR/tax.yaml." in result.stdout) == (0, True)

    def test_diff_with_the_file_of_a_release(self, run: Run, tmp_path: Path) -> None:
        file, no_release = tmp_path / "release.json", tmp_path / "other.json"
        file.write_bytes(load_packs(GOOD).release.canonical)
        no_release.write_text("{}", encoding="utf-8")
        assert run("packs", "diff", str(file), str(GOOD)).stdout == "no difference in the law\n"
        refused = run("packs", "diff", str(no_release), str(GOOD))
        assert (refused.exit_code, "not a Lexgate release" in refused.stderr) == (2, True)

    def test_diff(self, run: Run, broken: Path) -> None:
        same = run("packs", "diff", str(broken), str(broken))
        assert (same.exit_code, same.stdout) == (0, "no difference in the law\n")
        other = broken.with_name("other")
        shutil.copytree(broken, other)
        shutil.rmtree(other / "JP")
        assert "No longer in JP: pack JP (Japan)." in run("packs", "diff", str(broken), str(other)).stdout
        assert _json(run("packs", "diff", str(broken), str(other), "--json"), 1)["changes"][0]["change"] == "removed"

    def test_diff_with_a_release_of_the_ledger(self, run: Run, stored: str) -> None:
        digest = _json(run("replay", stored, "--json"))["release"]
        assert run("packs", "diff", digest, str(rulepacks())).exit_code == 0

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("packs", "show", "QQ"), "QQ is neither a pack nor an ISO 3166 code"),
            (("packs", "show", "FR", "--at", "soon"), "--at: soon is not a date"),
            (("packs", "test", "QQ"), "there is no pack QQ"),
            (("packs", "lint", "--packs", "/nowhere"), "there is no folder /nowhere"),
            (("packs", "format", "/nowhere"), "there is no file or folder /nowhere"),
            (("packs", "format", "--check", str(rulepacks() / "messages")), "there is no pack file in "),
            (
                ("packs", "format", str(rulepacks() / "messages/en.po")),
                "en.po is not a pack file: their names end in .yaml",
            ),
            (("packs", "diff", "nothing", "nothing"), "nothing is neither a folder, nor a file, nor a release"),
        ],
    )
    def test_what_is_not_there(self, run: Run, words: tuple[str, ...], said: str) -> None:
        result = run(*words)
        assert result.exit_code == 2
        assert said in result.stderr


class TestRates:
    """`lexgate fx load`."""

    def test_new_rows_are_counted(self, run: Run, tmp_path: Path) -> None:
        file = tmp_path / "rates.csv"
        file.write_text("Date,USD\n2026-11-20,1.1\n2026-11-19,1.2\n", encoding="utf-8")
        assert _json(run("fx", "load", str(file), "--json")) == {"rows": 2, "new": 2, "newest": "2026-11-20"}
        assert _json(run("fx", "load", str(file), "--json"))["new"] == 0
        assert run("fx", "load", str(file)).stdout == "2 rates until 2026-11-20, 0 of them new\n"

    @pytest.mark.parametrize("name", ["nowhere.csv", SAMPLE])
    def test_what_is_no_rates_file(self, run: Run, name: str) -> None:
        result = run("fx", "load", name)
        assert (result.exit_code, result.stdout) == (2, "")
        assert name in result.stderr

    def test_the_snapshot(self, run: Run) -> None:
        assert _json(run("fx", "load", str(rates_file()), "--json"))["new"] > 10_000


class TestAudit:
    """`lexgate audit verify`."""

    def test_whole(self, run: Run, stored: str) -> None:
        report = _json(run("audit", "verify", "--json"))
        assert (report["ok"], report["first_bad"]) == (True, None)
        head = f"{report['head']['seq']}:{report['head']['hash']}"
        assert head in run("audit", "verify").stdout
        assert run("audit", "verify", "--expect", head).exit_code == 0
        assert run("audit", "verify", "--expect", f"{report['head']['seq']}:{'0' * 64}").exit_code == 1

    def test_broken(self, run: Run, stored: str, tmp_path: Path) -> None:
        with sqlite3.connect(tmp_path / "lexgate.db") as connection:
            for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {trigger}")
            connection.execute("UPDATE decision SET outcome = 'block'")
        connection.close()
        report = _json(run("audit", "verify", "--json"), 1)
        assert report["first_bad"]["table"] == "decision"
        assert f"broken at row {report['first_bad']['seq']} (decision)" in run("audit", "verify").stdout

    @pytest.mark.parametrize("words", [(), ("--expect", "x")])
    def test_what_is_not_there(self, run: Run, words: tuple[str, ...], tmp_path: Path) -> None:
        (tmp_path / "lexgate.db").unlink()
        result = run("audit", "verify", *words)
        assert (result.exit_code, result.stdout) == (2, "")


class TestKeys:
    """Made, shown once, listed without their secrets, revoked."""

    def test_life(self, run: Run) -> None:
        made = _json(run("keys", "create", "--name", "shop", "--scope", "decide", "--scope", "read", "--json"))
        assert made["secret"].startswith("lx_")
        assert made["scopes"] == ["decide", "read"]
        listed = run("keys", "list")
        assert made["id"] in listed.stdout
        assert made["secret"] not in listed.stdout
        assert _json(run("keys", "revoke", made["id"], "--json"))["revoked_at"] is not None
        assert _json(run("keys", "list", "--json"))["keys"][0]["revoked_at"] is not None

    def test_rate(self, run: Run) -> None:
        words = ("--name", "shop", "--scope", "decide")
        made = _json(run("keys", "create", *words, "--rate", "100/10", "--json"))
        assert made["rate"] == {"requests": 100, "seconds": 10}
        assert run("keys", "rate", made["id"], "5/60").stdout.endswith("may ask 5 times in 60 s\n")
        assert _json(run("keys", "list", "--json"))["keys"][0]["rate"] == {"requests": 5, "seconds": 60}
        assert _json(run("keys", "rate", made["id"], "default", "--json"))["rate"] is None
        for wrong in ("0/1", "1/0", "1", "-1/1", "many/1", "1/1/1"):
            assert run("keys", "create", *words, "--rate", wrong).exit_code == 2
        assert run("keys", "rate", "key_x", "1/1").exit_code == 2

    def test_for_people(self, run: Run) -> None:
        result = run("keys", "create", "--name", "shop", "--scope", "decide")
        key, secret = result.stdout.splitlines()
        assert "not shown again" in key
        assert secret.startswith("lx_")
        assert run("keys", "revoke", key.partition(":")[0]).stdout.endswith("is revoked\n")

    @pytest.mark.parametrize(
        "words", [("create", "--name", "x"), ("create", "--name", "x", "--scope", "everything"), ("revoke", "key_x")]
    )
    def test_what_cannot_be(self, run: Run, words: tuple[str, ...]) -> None:
        assert run("keys", *words).exit_code == 2

    def test_those_of_test_mode_lie_elsewhere(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        words = ("keys", "create", "--name", "tests", "--scope", "decide", "--test", "--json")
        nowhere = run(*words)
        assert (nowhere.exit_code, "LEXGATE_TEST_DATABASE" in nowhere.stderr) == (2, True)
        monkeypatch.setenv("LEXGATE_TEST_DATABASE", f"sqlite:///{tmp_path / 'test.db'}")
        made = _json(run(*words))
        assert made["secret"].startswith("lx_test_")
        assert [one["id"] for one in _json(run("keys", "list", "--test", "--json"))["keys"]] == [made["id"]]
        assert _json(run("keys", "list", "--json"))["keys"] == []
        assert _json(run("keys", "revoke", made["id"], "--test", "--json"))["revoked_at"] is not None
        monkeypatch.setenv("LEXGATE_TEST_DATABASE", f"sqlite:///{tmp_path / '.' / 'lexgate.db'}")
        same = run(*words)
        assert (same.exit_code, "ledger of its own" in same.stderr) == (2, True)


@pytest.mark.parametrize("words", [("--help",), ("packs", "--help"), ("serve", "--help"), ("fx", "load", "--help")])
def test_help(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 0


def test_version(run: Run) -> None:
    assert run("--version").stdout.startswith("lexgate 0.")


def test_a_setting_that_cannot_be_used(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXGATE_PORT", "http")
    result = run("keys", "list")
    assert result.exit_code == 2
    assert "LEXGATE_PORT" in result.stderr


def test_a_ledger_that_cannot_be_opened(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXGATE_DATABASE", "mysql://somewhere")
    result = run("keys", "list")
    assert result.exit_code == 2
    assert "Not a ledger address" in result.stderr
