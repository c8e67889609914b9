"""Cases: whole payments in the packs, decided as a caller's would be, by both executors, and told in words where they fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from textwrap import indent
from typing import Any

import orjson
import pytest

import engine.cases
from engine.cases import READ, Interpreted, run_cases
from engine.language.interpret import Seen
from engine.packs import PackSet, load_packs, read_packs
from engine.packs.cases import EXPECTED, NoTransaction, facts_in, moment_of
from engine.packs.model import Case
from engine.packs.release import seal
from engine.packs.testing import CaseResult
from engine.replay import facts_from
from tests.packs.fixture import SHIPPED, good
from tests.shipped import law

CARD = 'amount: "60.00 EUR", payment: {instrument: card, channel: remote, initiator: payer, issuer_country: DE}'

AT_HOME = CARD.replace("issuer_country: DE", "issuer_country: DE, acquirer_country: DE")


def _packs(*cases: str, more: Mapping[str, str] | None = None) -> PackSet:
    """The good packs, cases of the area, and perhaps another pack."""
    files = {**good(), **(more or {})}
    if cases:
        files["AREA/sca/cases.yaml"] = "domain: sca\ncases:\n" + indent("\n".join(cases), "  ")
    packs, notes = read_packs(files)
    assert notes.problems == []
    return PackSet(packs, files, seal(files, "test"))


def _case(expect: str, given: str = CARD, more: str = "") -> str:
    return f"- {{name: a card, {more}given: {{{given}}}, expect: {{{expect}}}}}"


def _only(packs: PackSet) -> Case:
    (case,) = packs.packs["AREA"].domains["sca"].cases
    return case


def _run(*cases: str) -> list[CaseResult]:
    return list(run_cases(_packs(*cases), ["AREA"]))


class TestShipped:
    """The law's own stories."""

    def test_every_case_comes_out_as_it_says(self) -> None:
        failed = [f"{one.spot}: {one.name}: {one.found}" for one in run_cases(law()) if not one.passed]
        assert failed == []

    def test_there_are_enough_and_the_great_packs_have_theirs(self) -> None:
        count = Counter(result.jurisdiction for result in run_cases(law()))
        assert count.total() >= 80
        assert [code for code in ("EEA", "GB", "IN", "AU", "JP", "BR", "VN", "TH", "CH", "TR") if count[code] < 5] == []

    def test_every_verdict_that_there_is_is_told_somewhere(self) -> None:
        for domain, unlikely in (
            ("sca", set()),
            ("aml", set()),
            ("kyc", set()),
            ("methods", set()),
            ("residency", {"not_applicable"}),
        ):
            parts = [pack.domains[domain] for pack in law().packs.values() if domain in pack.domains]
            told = {case.expect["verdict"] for part in parts for case in part.cases}
            assert told | unlikely == EXPECTED[domain]["verdict"].values, domain

    @pytest.mark.slow
    def test_every_fault_of_the_law_is_noticed_by_some_case(self) -> None:
        """The low-value limit of the area one cent lower: the case at the limit says so."""
        files = dict(law().files)
        limit = '{from: "2019-09-14", value: "30"}'
        assert files["EEA/sca/limits.yaml"].count(limit) == 1
        files["EEA/sca/limits.yaml"] = files["EEA/sca/limits.yaml"].replace(limit, limit.replace('"30"', '"29.99"'))
        packs, _ = read_packs(files)
        failed = [result for result in run_cases(PackSet(packs, files, seal(files, "test")), ["EEA"]) if result.code]
        assert [result.name for result in failed] == [
            "30 euros within the low-value counter take that exemption before risk analysis"
        ]
        assert "expected exemption low_value, got tra" in failed[0].found


class TestRunning:
    """What is found, and how it is told."""

    def test_as_expected(self) -> None:
        (result,) = _run(_case("verdict: required, outcome: challenge, available: [], packs: [AREA, WORLD]"))
        assert (result.passed, result.code, result.found) == (True, "", "")
        assert result.got == {
            "verdict": "required", "outcome": "challenge", "available": (), "packs": ("WORLD", "AREA"),
        }  # fmt: skip
        assert str(result.spot) == "AREA/sca/cases.yaml:3:5"

    @pytest.mark.parametrize(
        ("expect", "said"),
        [
            ("verdict: exempt", "expected verdict exempt, got required (required, reason duty; "),
            ("outcome: allow", "expected outcome allow, got challenge ("),
            ("verdict: required, exemption: small", "small is closed: amount 60.00 EUR > 50.00 EUR"),
            ("verdict: required, by: issuer", "expected by issuer, got null ("),
            ("verdict: required, satisfied: true", "expected satisfied true, got false ("),
            ("verdict: required, one_leg: false", "expected one_leg false, got true ("),
            ("verdict: required, missing: []", "expected missing [], got [payment.acquirer_country, "),
            ("verdict: required, closed: [small, tra]", "expected closed among others [small, tra], got [small, "),
            ("verdict: required, because: [sca.small]", "expected because among others [sca.small], got [sca.duty]"),
            ("verdict: required, packs: [AREA]", "expected packs [AREA], got [WORLD, AREA] ("),
        ],
    )
    def test_a_failure_names_what_was_expected_and_what_was_got(self, expect: str, said: str) -> None:
        foreign = CARD.replace("issuer_country: DE", "issuer_country: US, acquirer_country: DE")
        (result,) = _run(_case(expect, foreign if "one_leg" in expect else CARD))
        assert result.code == "case-fails"
        assert said in result.found

    def test_everything_that_is_wrong_is_told_at_once_and_in_full(self) -> None:
        (result,) = _run(_case("outcome: allow, verdict: exempt, exemption: low_risk, confidence: A"))
        assert result.found == (
            "expected outcome allow, got challenge; expected verdict exempt, got required; expected exemption low_risk, got "
            "null (required, reason duty; low_risk is closed: payment.fraud_rate not stated; not stated: "
            "payment.acquirer_country, payment.fraud_rate)"
        )
        assert dict(result.expected) == {
            "outcome": "allow", "verdict": "exempt", "exemption": "low_risk", "confidence": "A",
        }  # fmt: skip
        assert result.got == {
            "outcome": "challenge", "verdict": "required", "exemption": None, "confidence": "A",
        }  # fmt: skip

    def test_facts_that_no_caller_could_state(self) -> None:
        (result,) = _run(_case("verdict: required", "payment: {instrument: card, issuer_country: DE}"))
        assert (result.code, result.found) == (
            "case-given", "no caller could state these facts: amount: Field required",
        )  # fmt: skip

    def test_a_case_where_its_pack_has_no_say(self) -> None:
        (result,) = _run(_case("verdict: not_applicable", CARD.replace("DE", "JP"), 'on: "2026-05-01", '))
        assert (result.code, result.found) == (
            "case-elsewhere", "AREA has no say in this payment of 2026-05-01: asked was WORLD",
        )  # fmt: skip

    def test_only_the_packs_that_were_asked_for(self) -> None:
        packs = _packs(_case("verdict: required"))
        assert [result.jurisdiction for result in run_cases(packs)] == ["AREA"]
        assert list(run_cases(packs, ["FR", "WORLD"])) == []

    def test_nothing_is_converted(self) -> None:
        """A case must come out alike in every year: there are no exchange rates."""
        given = AT_HOME.replace("60.00 EUR", "1.00 USD")
        (result,) = _run(_case("verdict: required, closed: [small], missing: []", given))
        assert "payment.since_authenticated" in result.found
        (result,) = _run(_case("verdict: required, exemption: small", given))
        assert "no exchange rate from USD to EUR for that day" in result.found


class TestExecutors:
    """Both are asked, and neither may differ."""

    def test_the_interpreter_is_really_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []
        see_all = engine.cases.see_all

        def seen(compiled: Any, facts: Any, moment: Any) -> dict[str, Seen]:
            asked.append(compiled.chain[-1].jurisdiction)
            found = see_all(compiled, facts, moment)
            return {**found, "sca.duty": replace(found["sca.duty"], value=False)}

        monkeypatch.setattr(engine.cases, "see_all", seen)
        (result,) = _run(_case("verdict: required", AT_HOME))
        assert asked == ["AREA"]
        assert (result.code, result.found) == (
            "case-fails", "the executors disagree: outcome challenge compiled, allow interpreted",
        )  # fmt: skip

    def test_what_was_compiled_is_really_asked(self) -> None:
        packs = _packs(_case("verdict: required", AT_HOME))
        compiled = packs.law("DE", "sca", date(2026, 1, 10))
        silent = replace(compiled, evaluate=lambda facts, moment: (False,) * len(compiled.rules))
        packs.laws("DE", date(2026, 1, 10))["sca"] = silent
        (result,) = run_cases(packs, ["AREA"])
        assert result.found == "the executors disagree: outcome allow compiled, challenge interpreted"

    def test_a_difference_in_words_is_a_difference(self, monkeypatch: pytest.MonkeyPatch) -> None:
        decided = engine.cases._decided

        def worded(facts: Any, packs: PackSet, case: Case, pack: Any, domain: str) -> Mapping[str, Any]:
            return {**decided(facts, packs, case, pack, domain), "message": type(packs).__name__}

        monkeypatch.setattr(engine.cases, "_decided", worded)
        (result,) = _run(_case("verdict: required"))
        assert result.found == "the executors disagree: their answers differ in words only"

    def test_two_places_under_one_law_are_judged_once_by_either(self) -> None:
        packs = _packs()
        slow, day = Interpreted(packs), date(2026, 1, 10)
        assert slow.law("DE", "sca", day) is slow.law("DE", "sca", day)
        assert packs.law("DE", "sca", day) is not slow.law("DE", "sca", day)
        assert slow.digests == packs.digests


class TestTransaction:
    """A case goes through the door that callers use."""

    RICH = (
        'reference: r1, amount: "60.00 EUR", kind: transfer, asked_by: issuer, locale: de, '
        "payer: {id: p1, type: organisation, country: FR, owners: [{name: Ann, share: 0}]}, "
        'lines: [{id: a, amount: "59.00 EUR", ship_to.country: FR}, {id: b}], '
        "payment: {instrument: card, channel: remote, initiator: payer, issuer_country: DE, acquirer_country: UK, "
        'fraud_rate: {bps: "13.5", reference_date: "2026-09-30", suspended_bands: ["100"]}, '
        "risk: {level: low, signals: [malware]}, installments: 3, own_account: false, "
        'since_authenticated: {amount: "10.00 USD", count: 2, policy: count}, limits: {day_total: "1.00 EUR"}, '
        'mandate: {created_at: "2026-01-01T10:00:00+01:00", valid_until: null}}'
    )

    def test_the_facts_are_those_of_the_request(self) -> None:
        packs = _packs(_case("verdict: required", self.RICH.replace("share: 0", 'share: "0.5"'), 'on: "2026-05-01", '))
        body = {
            "reference": "r1", "amount": "60.00", "currency": "EUR", "kind": "transfer", "asked_by": "issuer", "locale": "de",
            "occurred_at": "2026-05-01T12:00:00+02:00",
            "payer": {"id": "p1", "type": "organisation", "country": "FR", "owners": [{"name": "Ann", "share": "0.5"}]},
            "lines": [{"id": "a", "amount": "59.00", "ship_to": {"country": "FR"}}, {"id": "b"}],
            "payment": {
                "instrument": "card", "channel": "remote", "initiator": "payer", "issuer_country": "DE",
                "acquirer_country": "GB", "installments": 3, "own_account": False,
                "fraud_rate": {"bps": "13.5", "reference_date": "2026-09-30", "suspended_bands": ["100"]},
                "risk": {"level": "low", "signals": ["malware"]},
                "since_authenticated": {"amount": "10.00", "currency": "USD", "count": 2, "policy": "count"},
                "limits": {"day_total": "1.00"}, "mandate": {"created_at": "2026-01-01T10:00:00+01:00"},
            },
        }  # fmt: skip
        assert facts_in(_only(packs), packs.packs["AREA"]) == facts_from(orjson.dumps(body))

    def test_amounts_stay_exact(self) -> None:
        packs = _packs(_case("verdict: required"))
        assert facts_in(_only(packs), packs.packs["AREA"])["amount"].amount == Decimal("60.00")

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ('amount: "60.00 EUR"', "payment: Field required"),
            ('amount: "60.00 EUR", payment: {instrument: card}', "At least one country is needed"),
            ('amount: "-1.00 EUR", payment: {instrument: card, issuer_country: DE}', "An amount is never negative"),
            (
                "payment: {instrument: card, issuer_country: DE, card: {last4: abc}}",
                "payment.card.last4: String should match",
            ),
            (
                CARD.replace("issuer_country: DE", 'issuer_country: DE, balance: "1.00 USD"'),
                "payment.balance is in USD",
            ),
        ],
    )
    def test_what_would_be_refused_there_is_refused_here(self, given: str, said: str) -> None:
        packs = _packs(_case("verdict: required", given))
        with pytest.raises(NoTransaction, match=said):
            facts_in(_only(packs), packs.packs["AREA"])

    @pytest.mark.parametrize(
        ("more", "given", "moment"),
        [
            ("", CARD, "2026-01-10T12:00:00+01:00"),
            ('on: "2026-07-01", hour: 0, ', CARD, "2026-07-01T00:00:00+02:00"),
            ("", f'occurred_at: "2026-07-01T00:00:00Z", {CARD}', "2026-07-01T00:00:00+00:00"),
        ],
    )
    def test_when_it_happens(self, more: str, given: str, moment: str) -> None:
        """On the day the pack was verified, at noon, in the pack's own time zone, unless it says otherwise."""
        packs = _packs(_case("verdict: required", given, more))
        assert moment_of(_only(packs), packs.packs["AREA"]) == datetime.fromisoformat(moment)

    def test_the_hour_counts_at_the_payer_s_provider(self) -> None:
        """Midnight in Brussels is eleven in London, where the area's law holds for one more hour."""
        pack = good()["FR/pack.yaml"].replace("FR", "GB").replace("Europe/Paris", "Europe/London")
        uncited = pack[: pack.index("sources:")] + pack[pack.index("verified:") :]
        british = CARD.replace("DE", "GB")
        cases = [_case("verdict: required", british, f'on: "2021-01-01", hour: {hour}, ') for hour in (0, 1)]
        within, outside = run_cases(_packs(*cases, more={"GB/pack.yaml": uncited}), ["AREA"])
        assert (within.code, outside.code) == ("", "case-elsewhere")


def test_everything_that_may_be_expected_can_be_read_off_an_answer() -> None:
    assert READ.keys() == EXPECTED.keys()
    assert all(EXPECTED[domain].keys() <= READ[domain].keys() for domain in EXPECTED)


@pytest.mark.slow
def test_a_pack_and_its_cases_survive_a_release() -> None:
    again = PackSet.from_canonical(law().release.canonical)
    assert [result.code for result in run_cases(again, ["TR"])] == [""] * 7


def test_the_good_packs_bring_no_cases() -> None:
    """So that the edits of other tests cannot make one fail."""
    assert list(run_cases(load_packs(Path(SHIPPED.parent / "tests/packs/good")))) == []
