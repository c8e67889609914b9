"""What is told of a subject's window, and what is not."""

from decimal import Decimal
from random import Random

import pytest

from engine.alerts import AlertKind
from engine.money import Money
from engine.scenarios import Means, Subject, concerns, evaluate, examine, subjects_of
from engine.scenarios.plan import MOST_FACTS
from tests.scenarios.shipped import READY
from tests.scenarios.telling import C, came, only, went

PASS = only(READY, "pass_through")


def test_an_alert_names_its_scenario_its_pack_and_its_evidence() -> None:
    (alert,) = evaluate(PASS, C, [came("a", 0), went("b", 5)])
    assert (alert.kind, alert.rule, alert.pack) == (AlertKind.SCENARIO, "scenario.pass_through", "MONITORING")
    assert (alert.subject_kind, alert.subject, alert.evidence, alert.severity) == ("payer", "C", ("a", "b"), "high")
    assert alert.occurred_at == went("b", 5).at
    assert alert.summary == (
        "Money comes in and leaves at once: 2 payments of 5800.00 EUR together within 5 hours; left 2800.00 EUR; "
        "came in after it 0.00 EUR "
        "(looked for: floor 3000.00 EUR, share that leaves 80 %, and no more than 110 %, within 48 hours)."
    )


def test_the_order_in_which_events_are_handed_in_does_not_matter() -> None:
    events = [came("a", 0), went("x", 1, 500), went("b", 5), went("y", 6, 900)]
    told = {alert.id for alert in evaluate(PASS, C, events, focus="b")}
    for seed in range(5):
        shuffled = Random(seed).sample(events, len(events))
        assert {alert.id for alert in evaluate(PASS, C, shuffled, focus="b")} == told


def test_only_what_the_newest_event_is_part_of_is_told() -> None:
    events = [came("a", 0), went("b", 5), went("c", 6, 100, kind="sale")]
    assert evaluate(PASS, C, events) == []
    assert [alert.evidence for alert in evaluate(PASS, C, events, focus="b")] == [("a", "b")]


def test_an_event_told_late_finds_what_it_completes() -> None:
    events = [came("late", 0), went("b", 5), went("c", 6, 100)]
    assert [alert.evidence for alert in evaluate(PASS, C, events, focus="late")] == [("b", "late")]


def test_nothing_is_found_in_nothing() -> None:
    assert examine(READY, C, []).alerts == ()


def test_what_would_have_to_be_stated_is_named() -> None:
    loading = only(READY, "load_cash_out")
    events = [
        came("a", 0, kind="deposit", instrument=None),
        went("b", 5, 290_000, kind="withdrawal", instrument="cash"),
    ]
    found = examine(loading, C, events)
    assert found.alerts == ()
    assert [(one.scenario, one.missing) for one in found.unknown] == [("scenario.load_cash_out", ("instrument",))]


def test_an_amount_without_a_rate_leaves_it_open() -> None:
    events = [came("a", 0, currency="USD"), went("b", 5)]
    assert examine(PASS, C, events).unknown[0].missing == ("amount",)


def test_amounts_are_converted_at_the_rate_that_is_handed_in() -> None:
    def rate(money: Money, unit: str) -> Decimal | None:
        return money.amount * 2 if (money.currency, unit) == ("USD", "EUR") else None

    events = [came("a", 0, 150_000, currency="USD"), went("b", 5, 270_000)]
    assert len(evaluate(PASS, C, events, Means(convert=rate))) == 1


def test_a_segment_has_its_own_numbers_and_an_unknown_one_the_standard() -> None:
    events = [came("a", 0), went("b", 5)]
    assert evaluate(PASS, Subject("payer", "C", "business"), events) == []
    assert len(evaluate(PASS, Subject("payer", "C", "never heard of"), events)) == 1


def test_a_window_of_too_many_events_says_so_and_is_still_counted_over() -> None:
    many = [came(f"a{at:03}", at / 60, 300_000, payer=f"p{at}") for at in range(MOST_FACTS + 40)]
    found = examine(only(READY, "fan_in.then_out", "pass_through"), C, [*many, went("z", 5, 31_200_000)])
    assert found.truncated
    (alert,) = found.alerts
    assert alert.truncated
    assert alert.rule == "scenario.fan_in.then_out"
    assert {"a000", "z"} <= set(alert.evidence), "older than what is matched, and counted all the same"


def test_a_full_window_without_an_end_is_answered_in_no_time_worth_naming() -> None:
    """Every event could be every part: what an attacker would send. That it comes back at all is the point."""
    many = [went(f"a{at:02}", at, 290_000) for at in range(MOST_FACTS)]
    assert evaluate(only(READY, "dormant.burst"), C, many) == []


def test_features_of_history_without_one_stay_open() -> None:
    found = examine(only(READY, "counterparty.sum_week"), Subject("payee", "C"), [came("a", 0)])
    assert [one.missing for one in found.unknown] == [("payee.id", "payer.id")]


@pytest.mark.parametrize("kind", ["payer", "payee", "account", "card", "merchant"])
def test_every_subject_of_an_event_is_one_that_it_concerns(kind: str) -> None:
    event = went("a", 0, account="C-a", payee_account="D-a", card="411111-1111", merchant="m")
    about = list(subjects_of(event))
    assert kind in {subject.kind for subject in about}
    assert all(concerns(event, subject) for subject in about)
    assert not concerns(event, Subject(kind, "nobody"))


def test_how_far_back_events_are_wanted_is_known() -> None:
    assert READY.reach("payer").days >= 400
    assert READY.reach("list").days == 0
