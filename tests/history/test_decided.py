"""Features in decisions: the past as it was known, kept with the answer, and the same for ever after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest

from engine import decide as deciding
from engine.asked import Asked, Part
from engine.decide import decide
from engine.features import AskedOnce, forms_in, kept, with_features
from engine.history import FeatureAnswer, History, NullHistory, PastQuestion
from engine.ledger import EventKind, Ledger
from engine.money import Money, RateRow, RateTable
from engine.packs.packset import PackSet, read_packs
from engine.packs.release import seal
from engine.regimes.ruling import ruled
from engine.replay import facts_from, replay
from engine.tax.sale import unknown_merchant
from tests.ledger.factories import stored

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
RATES = RateTable([RateRow(date(2026, 11, 19), "USD", Decimal("1.25"))])
FILES = {
    "US/pack.yaml": """schema: rulepack/v1
jurisdiction: US
name: United States
version: "2026.1.0"
time_zone: America/New_York
currency: USD
on_unknown: {aml: review}
verified: {on: "2026-01-10", by: the tests}
""",
    "US/aml.yaml": """domain: aml
parameters:
  report_above: {type: money, unit: USD, basis: house, confidence: A, values: [{from: "2020-01-01", value: "10000.00"}]}
features:
  cash_today:
    label: cash of the same business day
    of: sum
    unit: USD
    where: {instrument: [cash], direction: [in]}
    key: payer.id
    window: {kind: business_day, cutoff: "17:00"}
  with_this:
    of: sum
    unit: USD
    where: {instrument: [cash]}
    key: payer.id
    window: {kind: calendar_day}
    own: included
lets:
  linked_today:
    label: what belongs together
    is: sum(item.amount for item in linked) if is_known(linked) else cash_today
rules:
  - id: aml.report
    title: Report
    basis: house
    confidence: A
    applies: {by: payment_date, from: "2020-01-01"}
    when: payment.instrument == "cash" and amount + linked_today > report_above
    effect: {flag: report}
  - id: aml.whole
    title: Whole
    basis: house
    confidence: A
    applies: {by: payment_date, from: "2020-01-01"}
    when: payment.instrument == "cash" and with_this > report_above
    effect: {flag: whole}
""",
}


@pytest.fixture(scope="module")
def packs() -> PackSet:
    read, notes = read_packs(FILES)
    assert not notes.problems
    return PackSet(read, FILES, seal(FILES, "1"))


def part(asked: Asked) -> Part:
    """A domain as plain as can be: which flags are up, and what is missing."""
    compiled, moment = asked.law("US", "aml")
    facts, remembered = with_features(asked.facts, compiled, moment, asked.history, asked.conversion)
    found = ruled(compiled, facts, moment)
    said = {
        "flags": sorted(line.name for line in found.fired),
        "missing": sorted(found.missing(facts, moment)),
        "why": [reason.text for line in found.fired for reason in compiled.explainer.held(line.id)(facts, moment)],
    }
    return Part(said, "allow", [], [], [], [], kept(remembered))


@pytest.fixture(autouse=True)
def _domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(deciding.PARTS, "aml", part)  # type: ignore[arg-type]


@pytest.fixture
def ledger(sqlite_url: str, packs: PackSet) -> Iterator[Ledger]:
    with Ledger.open(sqlite_url) as opened:
        opened.history.keep(forms_in(packs.packs.values()))
        yield opened


def body(amount: str, hour: int = 15, **more: Any) -> bytes:
    """Cash paid in by one customer."""
    made = {
        "amount": amount,
        "currency": "USD",
        "occurred_at": f"2026-11-20T{hour:02d}:00:00+00:00",
        "kind": "deposit",
        "direction": "in",
        "payer": {"id": "c-1"},
        "obliged_entity": {"country": "US"},
        "payment": {"instrument": "cash"},
        **more,
    }
    return orjson.dumps({key: value for key, value in made.items() if value is not None})


def ask(packs: PackSet, history: History, request: bytes) -> tuple[dict[str, Any], bytes, dict[str, Any]]:
    """The `aml` of the answer, the whole answer, and what is kept beside it."""
    found = decide(
        facts_from(request),
        packs,
        history,
        rates=RATES,
        decision_id="dec_1",
        now=NOW,
        domains=("aml",),
        profiles=unknown_merchant,
    )
    return found.body["aml"], orjson.dumps(found.body), orjson.loads(orjson.dumps(found.inputs))


def pay(ledger: Ledger, request: bytes, kind: EventKind = EventKind.CAPTURED) -> str:
    """The payment is decided on, and something becomes of it."""
    entry = stored(ledger, facts=request, payer_id=facts_from(request).get("payer.id"), counted=None)
    ledger.history.record_event(entry.id, kind, NOW)
    return entry.id


def test_cash_of_the_day_is_added_without_a_cent_lost(packs: PackSet, ledger: Ledger) -> None:
    pay(ledger, body("4000.00", hour=14))
    assert ask(packs, ledger.history, body("6000.00"))[0]["flags"] == []
    said = ask(packs, ledger.history, body("6000.01"))[0]
    assert said["flags"] == ["report", "whole"]
    assert said["why"] == ["cash", "10000.01 USD > 10000.00 USD", "cash", "10000.01 USD > 10000.00 USD"]


@pytest.mark.parametrize(
    ("kinds", "counts"),
    [
        ([], False),
        ([EventKind.AUTHORISED], True),
        ([EventKind.AUTHORISED, EventKind.FAILED], False),
        ([EventKind.CAPTURED, EventKind.REFUNDED], True),
        ([EventKind.AUTHENTICATED], False),
    ],
)
def test_only_what_really_happened_counts(packs: PackSet, ledger: Ledger, kinds: list[EventKind], counts: bool) -> None:
    entry = stored(ledger, facts=body("4000.00", hour=14), payer_id="c-1", counted=None)
    for later, kind in enumerate(kinds):
        ledger.history.record_event(entry.id, kind, NOW.replace(minute=later))
    assert ask(packs, ledger.history, body("6000.01"))[0]["flags"] == (["report", "whole"] if counts else [])


def test_a_correction_takes_the_place_of_what_it_corrects(packs: PackSet, ledger: Ledger) -> None:
    for minute, amount in enumerate(("9000.00", "1000.00")):
        entry = stored(ledger, facts=body(amount, hour=14, reference="r"), reference="r", payer_id="c-1", counted=None)
        ledger.history.record_event(entry.id, EventKind.CAPTURED, NOW.replace(minute=minute))
    assert ask(packs, ledger.history, body("9000.00"))[0]["flags"] == []
    assert ask(packs, ledger.history, body("9000.01"))[0]["flags"] == ["report", "whole"]


def test_the_payment_itself_counts_where_the_law_says_so(packs: PackSet, ledger: Ledger) -> None:
    assert ask(packs, ledger.history, body("10000.00"))[0]["flags"] == []
    assert ask(packs, ledger.history, body("10000.01"))[0]["flags"] == ["report", "whole"]


def test_other_currencies_are_converted_at_the_rate_of_the_day(packs: PackSet, ledger: Ledger) -> None:
    pay(ledger, body("3200.00", hour=14, currency="EUR"))
    assert ask(packs, ledger.history, body("6000.00"))[0]["flags"] == []
    said, _, inputs = ask(packs, ledger.history, body("6000.01"))
    assert said["flags"] == ["report", "whole"]
    assert [(rate["from"], rate["to"]) for rate in inputs["rates"]] == [("EUR", "USD")]


def test_an_amount_without_a_rate_is_missing_its_rate(packs: PackSet, ledger: Ledger) -> None:
    pay(ledger, body("1", hour=14, currency="XAF"))
    said = ask(packs, ledger.history, body("100.00"))[0]
    assert said["flags"] == []
    assert said["missing"] == ["rates.XAF.USD"]


def test_without_a_payer_the_payer_is_asked_for(packs: PackSet, ledger: Ledger) -> None:
    assert ask(packs, ledger.history, body("6000.00", payer=None))[0]["missing"] == ["payer.id"]


def test_without_a_history_nothing_is_taken_for_granted(packs: PackSet) -> None:
    said, _, inputs = ask(packs, NullHistory(), body("6000.00"))
    assert said["missing"] == ["payer.id"]
    assert [entry["found"] for entry in inputs["aml"]["features"]] == [None, None]


def test_what_the_caller_states_as_linked_speaks_instead(packs: PackSet, ledger: Ledger) -> None:
    pay(ledger, body("4000.00", hour=14))
    assert ask(packs, ledger.history, body("6000.01", linked=[]))[0]["flags"] == ["whole"]
    linked = [{"amount": "4000.00", "currency": "USD"}]
    assert ask(packs, NullHistory(), body("6000.01", linked=linked))[0]["flags"] == ["report"]


def test_a_payment_that_no_feature_could_settle_asks_nothing(packs: PackSet) -> None:
    _, _, inputs = ask(packs, NullHistory(), body("6000.00", payment={"instrument": "card"}))
    assert inputs["aml"] == {}


def test_a_decision_is_replayed_byte_for_byte_whatever_became_known_since(packs: PackSet, ledger: Ledger) -> None:
    pay(ledger, body("4000.00", hour=14))
    request = body("6000.01")
    _, answer, inputs = ask(packs, ledger.history, request)
    pay(ledger, body("5000.00", hour=13), EventKind.AUTHORISED)
    assert ask(packs, ledger.history, request)[1] != answer
    assert orjson.dumps(replay(request, inputs, packs).body) == answer


def test_what_was_not_asked_then_is_not_known_on_replay(packs: PackSet, ledger: Ledger) -> None:
    request = body("6000.01")
    _, _, inputs = ask(packs, ledger.history, request)
    inputs["aml"]["features"] = []
    assert replay(request, inputs, packs).body["aml"]["missing"] == ["payer.id"]


def test_all_domains_of_a_decision_hear_the_same(packs: PackSet, ledger: Ledger) -> None:
    class Counting(NullHistory):
        asked = 0

        def features(self, asked: Any) -> Any:
            self.asked += len(asked)
            return [FeatureAnswer((Money(Decimal(self.asked), "USD"),)) for _ in asked]

    history = Counting()
    once = AskedOnce(history)
    from engine.features import question

    compiled = packs.law("US", "aml", NOW.date())
    facts = facts_from(body("1"))
    asked = [question(feature, facts) for feature in compiled.features.values()]
    assert once.features(asked) == once.features(asked)  # type: ignore[arg-type]
    assert history.asked == 2
    assert (
        once.since_authenticated(PastQuestion(payer_id="c", instrument="card", channel="remote", card=None, before=NOW))
        is None
    )


def test_a_form_that_is_not_kept_is_not_known(packs: PackSet, sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        pay(ledger, body("4000.00", hour=14))
        assert ask(packs, ledger.history, body("6000.01"))[0]["missing"] == ["payer.id"]


def test_what_was_told_before_the_law_asked_is_found_once_it_does(packs: PackSet, sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        pay(ledger, body("4000.00", hour=14))
        ledger.history.keep(forms_in(packs.packs.values()))
        ledger.history.keep(forms_in(packs.packs.values()))
        assert ask(packs, ledger.history, body("6000.01"))[0]["flags"] == ["report", "whole"]
