"""The counters of Articles 11 and 16: executed, unauthenticated payments since the payer last passed SCA."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from decimal import Decimal
from itertools import count

import pytest

from engine.history import NullHistory, PastQuestion
from engine.ledger import DecisionEntry, EventKind, Ledger, PastPayments, Recorded, UnknownDecision
from engine.money import Money
from tests.ledger.factories import AT, Steps, counted, entry, moment, store, stored

NOTHING = PastPayments((), 0)
AUTHENTICATED, AUTHORISED, CAPTURED, FAILED, REFUNDED = EventKind
_references = count(1)


def paid(ledger: Ledger, at: int, *events: EventKind, reference: str | None = None, **changes: object) -> DecisionEntry:
    """A payment that began at that second, with its events a second apart."""
    payer = str(changes.pop("payer_id", "c-7"))
    payment = counted(payer, occurred_at=moment(at), **changes)
    made = stored(ledger, payer_id=payer, reference=reference or f"ref-{next(_references)}", counted=payment)
    for later, kind in enumerate(events, start=1):
        ledger.history.record_event(made.id, kind, moment(at + later))
    return made


def past(
    ledger: Ledger,
    *,
    payer_id: str = "c-7",
    instrument: str = "card",
    channel: str = "remote",
    card: str | None = None,
    before: int = 1000,
    reference: str | None = None,
    known_at: datetime | None = None,
) -> PastPayments:
    return ledger.history.since_authenticated(
        PastQuestion(
            payer_id=payer_id,
            instrument=instrument,
            channel=channel,
            card=card,
            before=moment(before),
            reference=reference,
        ),
        known_at=known_at,
    )


def euros(amount: str, number: int) -> PastPayments:
    return PastPayments((Money(Decimal(amount), "EUR"),), number)


def test_a_payer_never_heard_of_has_paid_nothing(ledger: Ledger) -> None:
    assert past(ledger) == NOTHING


def test_no_history_is_not_an_empty_history() -> None:
    asked = NullHistory().since_authenticated(
        PastQuestion(payer_id="c", instrument="card", channel="remote", card=None, before=AT)
    )
    assert asked is None


@pytest.mark.parametrize(
    ("events", "counts"),
    [
        ([], False),
        ([AUTHORISED], True),
        ([CAPTURED], True),
        ([AUTHORISED, CAPTURED], True),
        ([FAILED], False),
        ([AUTHORISED, FAILED], False),
        ([AUTHORISED, CAPTURED, FAILED], False),
        ([FAILED, AUTHORISED], True),
        ([AUTHORISED, REFUNDED], True),
        ([REFUNDED], False),
        ([AUTHENTICATED, AUTHORISED], False),
        ([AUTHORISED, AUTHENTICATED], False),
        ([AUTHENTICATED], False),
    ],
    ids=lambda value: "-".join(value) or "nothing" if isinstance(value, list) else "",
)
def test_what_counts_is_what_really_happened(ledger: Ledger, events: list[EventKind], counts: bool) -> None:
    paid(ledger, 10, *events)
    assert past(ledger) == (euros("24.90", 1) if counts else NOTHING)


def test_an_authenticated_payment_is_never_counted(ledger: Ledger) -> None:
    paid(ledger, 10, AUTHORISED, authenticated=True)
    assert past(ledger) == NOTHING


def test_a_stated_authentication_alone_resets_nothing(ledger: Ledger) -> None:
    paid(ledger, 10, AUTHORISED)
    paid(ledger, 20, AUTHORISED, authenticated=True)
    assert past(ledger) == euros("24.90", 1)


def test_authentication_starts_again(ledger: Ledger) -> None:
    paid(ledger, 10, AUTHORISED)
    paid(ledger, 20, AUTHENTICATED, AUTHORISED)
    paid(ledger, 30, AUTHORISED)
    paid(ledger, 40, AUTHORISED, amount=Decimal("0.10"))
    assert past(ledger) == euros("25.00", 2)


def test_a_failed_authentication_resets_nothing(ledger: Ledger) -> None:
    paid(ledger, 10, AUTHORISED)
    paid(ledger, 20, FAILED)
    assert past(ledger) == euros("24.90", 1)


def test_the_payment_and_the_reset_must_lie_before(ledger: Ledger) -> None:
    paid(ledger, 10, AUTHORISED)
    paid(ledger, 20, AUTHENTICATED)  # passed at second 21
    assert past(ledger, before=9) == NOTHING
    assert past(ledger, before=10) == euros("24.90", 1)
    assert past(ledger, before=11) == euros("24.90", 1)
    assert past(ledger, before=21) == euros("24.90", 1)
    assert past(ledger, before=22) == NOTHING


def test_many_payments_of_one_instant_count_but_for_the_one_that_is_asked_about(ledger: Ledger) -> None:
    """A merchant who states days: what was told of the first is known before the second is asked about."""
    paid(ledger, 10, AUTHORISED, reference="one")
    paid(ledger, 10, AUTHORISED, reference="two")
    assert past(ledger, before=10, reference="three") == euros("49.80", 2)
    assert past(ledger, before=10, reference="two") == euros("24.90", 1)
    assert past(ledger, before=11, reference="two") == euros("49.80", 2), "of another time, another payment"


def test_a_payment_of_the_very_instant_of_the_authentication_counts(ledger: Ledger) -> None:
    paid(ledger, 20, AUTHENTICATED)
    paid(ledger, 21, AUTHORISED)
    assert past(ledger) == euros("24.90", 1)


def test_an_execution_told_late_still_counts_from_when_the_payment_began(ledger: Ledger) -> None:
    made = paid(ledger, 10)
    ledger.history.record_event(made.id, AUTHORISED, moment(5000))
    assert past(ledger, before=11) == euros("24.90", 1)


@pytest.mark.parametrize(
    "asked",
    [{"payer_id": "c-8"}, {"instrument": "e_money"}, {"channel": "contactless"}],
    ids=["payer", "instrument", "channel"],
)
def test_others_do_not_mix(ledger: Ledger, asked: dict[str, str]) -> None:
    paid(ledger, 10, AUTHORISED)
    assert past(ledger, **asked) == NOTHING  # type: ignore[arg-type]


def test_an_authentication_stays_within_its_channel_and_instrument(ledger: Ledger) -> None:
    paid(ledger, 10, AUTHORISED, channel="contactless")
    paid(ledger, 20, AUTHENTICATED, channel="remote")
    paid(ledger, 20, AUTHENTICATED, channel="contactless", instrument="e_money")
    assert past(ledger, channel="contactless") == euros("24.90", 1)


@pytest.mark.parametrize(
    ("passed_at", "resets"),
    [
        ("contactless", True),
        ("chip", True),
        ("unattended_terminal", True),
        ("remote", False),
        ("mail_telephone", False),
    ],
)
def test_an_authentication_at_a_till_or_a_machine_resets_the_contactless_counter(
    ledger: Ledger, passed_at: str, resets: bool
) -> None:
    """The next payment with authentication that is not remote, contactless or not (EBA Q&A 2018_4226)."""
    paid(ledger, 10, AUTHORISED, channel="contactless")
    paid(ledger, 20, AUTHENTICATED, AUTHORISED, channel=passed_at)
    assert past(ledger, channel="contactless") == (NOTHING if resets else euros("24.90", 1))


def test_an_authentication_at_a_till_does_not_reset_the_remote_counter(ledger: Ledger) -> None:
    paid(ledger, 10, AUTHORISED)
    paid(ledger, 20, AUTHENTICATED, AUTHORISED, channel="chip")
    assert past(ledger) == euros("24.90", 1)


@pytest.mark.parametrize(
    ("paid_with", "asked_for", "counts"),
    [("a", "a", True), ("a", None, True), (None, "a", True), (None, None, True), ("a", "b", False)],
)
def test_a_card_that_is_not_stated_may_be_any(
    ledger: Ledger, paid_with: str | None, asked_for: str | None, counts: bool
) -> None:
    paid(ledger, 10, AUTHORISED, card=paid_with)
    assert past(ledger, card=asked_for).count == counts


@pytest.mark.parametrize(
    ("passed_with", "asked_for", "resets"),
    [("a", "a", True), ("a", None, False), (None, "a", False), (None, None, True), ("a", "b", False)],
)
def test_only_the_same_card_is_reset(
    ledger: Ledger, passed_with: str | None, asked_for: str | None, resets: bool
) -> None:
    paid(ledger, 10, AUTHORISED)
    paid(ledger, 20, AUTHENTICATED, card=passed_with)
    assert past(ledger, card=asked_for) == (NOTHING if resets else euros("24.90", 1))


def test_decisions_with_one_reference_are_one_payment(ledger: Ledger) -> None:
    paid(ledger, 10, AUTHORISED, reference="ord-1", amount=Decimal("20.00"))
    paid(ledger, 20, AUTHORISED, CAPTURED, reference="ord-1", amount=Decimal("21.00"))
    assert past(ledger) == euros("21.00", 1)


def test_one_reference_of_two_payers_is_two_payments(ledger: Ledger) -> None:
    paid(ledger, 10, AUTHORISED, reference="ord-1")
    paid(ledger, 20, AUTHORISED, FAILED, reference="ord-1", payer_id="c-8")
    assert past(ledger).count == 1


def test_a_second_attempt_that_was_authenticated_takes_the_payment_out(ledger: Ledger) -> None:
    paid(ledger, 10, AUTHORISED, reference="ord-1")
    paid(ledger, 20, reference="ord-1", authenticated=True)
    assert past(ledger) == NOTHING


def test_a_second_attempt_that_failed_takes_the_payment_out(ledger: Ledger) -> None:
    paid(ledger, 10, AUTHORISED, reference="ord-1", channel="contactless")
    paid(ledger, 20, FAILED, reference="ord-1", channel="remote")
    assert past(ledger, channel="contactless") == NOTHING


def test_without_a_reference_each_decision_is_a_payment(ledger: Ledger) -> None:
    for at in (10, 20):
        made = stored(ledger, reference=None, counted=counted(occurred_at=moment(at)))
        ledger.history.record_event(made.id, AUTHORISED, moment(at))
    assert past(ledger) == euros("49.80", 2)


def test_each_currency_has_its_exact_total(ledger: Ledger) -> None:
    paid(ledger, 10, AUTHORISED, amount=Decimal("99999999999999999.01"), currency="JPY")
    paid(ledger, 20, AUTHORISED, amount=Decimal("0.000000000001"), currency="JPY")
    paid(ledger, 30, AUTHORISED, amount=Decimal("0.10"))
    paid(ledger, 40, AUTHORISED, amount=Decimal("0.20"))
    totals = (Money(Decimal("0.30"), "EUR"), Money(Decimal("99999999999999999.010000000001"), "JPY"))
    assert past(ledger) == PastPayments(totals, 4)


def test_what_was_known_then(url: str) -> None:
    clock = Steps()
    with Ledger.open(url, clock=clock) as ledger:
        made = paid(ledger, 10)
        before_it = clock.now
        ledger.history.record_event(made.id, AUTHORISED, moment(11))
        authorised = clock.now
        ledger.history.record_event(made.id, FAILED, moment(12))
        failed = clock.now
        assert [past(ledger, known_at=then).count for then in (before_it, authorised, failed)] == [0, 1, 0]


def test_an_authentication_stated_later_was_not_known_before(url: str) -> None:
    clock = Steps()
    with Ledger.open(url, clock=clock) as ledger:
        paid(ledger, 10, AUTHORISED, reference="ord-1")
        then = clock.now
        paid(ledger, 20, reference="ord-1", authenticated=True)
        assert (past(ledger, known_at=then).count, past(ledger).count) == (1, 0)


def test_an_authentication_told_later_was_not_known_before(url: str) -> None:
    clock = Steps()
    with Ledger.open(url, clock=clock) as ledger:
        paid(ledger, 10, AUTHORISED)
        other = paid(ledger, 20)
        then = clock.now
        ledger.history.record_event(other.id, AUTHENTICATED, moment(21))
        assert (past(ledger, known_at=then).count, past(ledger).count) == (1, 0)


@pytest.mark.parametrize(("told", "counts"), [((AUTHORISED, FAILED), 0), ((FAILED, AUTHORISED), 1)])
def test_of_one_instant_the_word_told_last_holds(ledger: Ledger, told: tuple[EventKind, ...], counts: int) -> None:
    made = paid(ledger, 10)
    for kind in told:
        ledger.history.record_event(made.id, kind, moment(11))
    assert past(ledger).count == counts


def test_an_event_told_twice_is_one_event(ledger: Ledger) -> None:
    made = stored(ledger)
    tell = ledger.history.record_event
    assert tell(made.id, AUTHORISED, AT, {"b": 1, "a": "x"}, key_id="key_1") == Recorded(2, fresh=True)
    assert tell(made.id, AUTHORISED, AT, {"b": 2}) == Recorded(2, fresh=False)
    assert tell(made.id, AUTHORISED, moment(1)) == Recorded(3, fresh=True)
    first, second = ledger.history.events(made.id)
    assert (first.kind, first.at, first.key_id, first.details) == (AUTHORISED, AT, "key_1", b'{"a":"x","b":1}')
    assert (second.seq, second.key_id, second.details) == (3, None, b"{}")


def test_an_event_about_nothing_is_refused(ledger: Ledger) -> None:
    with pytest.raises(UnknownDecision, match="dec_none"):
        ledger.history.record_event("dec_none", AUTHORISED, AT)
    assert ledger.verify().rows == 0


def test_an_event_of_an_unknown_kind_is_refused(ledger: Ledger) -> None:
    made = stored(ledger)
    with pytest.raises(ValueError, match="chargeback"):
        ledger.history.record_event(made.id, "chargeback", AT)  # type: ignore[arg-type]


def test_a_decision_that_counts_for_nothing_can_still_have_events(ledger: Ledger) -> None:
    made = entry(payer_id=None, counted=None)
    store(ledger, made)
    ledger.history.record_event(made.id, AUTHORISED, AT)
    assert [event.kind for event in ledger.history.events(made.id)] == [AUTHORISED]


def test_the_work_of_a_question_does_not_grow_with_other_payers(sqlite_url: str) -> None:
    """Counted in steps of SQLite's machine, which no busy neighbour can slow down."""
    with Ledger.open(sqlite_url) as ledger:
        for at in (10, 20, 30):
            paid(ledger, at, AUTHORISED)
        steps = [_steps(ledger)]
        for at in range(100, 160):
            paid(ledger, at, AUTHORISED, CAPTURED, payer_id=f"c-{at}")
            paid(ledger, at, AUTHENTICATED, payer_id=f"c-{at}")
            paid(ledger, at, AUTHORISED, channel="contactless")
        steps.append(_steps(ledger))
    assert steps[1] <= steps[0] * 1.1


def _steps(ledger: Ledger) -> int:
    past(ledger)
    connection = ledger._readers._idle[0]
    assert isinstance(connection, sqlite3.Connection)
    taken = count()
    connection.set_progress_handler(lambda: next(taken) < 0, 1)
    assert past(ledger).count == 3
    connection.set_progress_handler(None, 1)
    return next(taken)
