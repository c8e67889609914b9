"""The counters against a slow oracle that walks the whole story in plain Python, at every point in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.history import PastQuestion
from engine.ledger import EventKind, Ledger, PastPayments
from engine.money import Money
from tests.ledger.factories import Steps, counted, moment, stored

SECONDS = st.integers(0, 12)
CARDS = st.sampled_from([None, "a", "b"])
EXECUTED = {EventKind.AUTHORISED, EventKind.CAPTURED}


@dataclass
class Made:
    """A decision as the oracle remembers it."""

    payer: str
    reference: object
    instrument: str
    channel: str
    card: str | None
    occurred: int
    amount: Decimal
    currency: str
    authenticated: bool
    known: datetime
    id: str


@dataclass
class Told:
    """An event as the oracle remembers it."""

    made: Made
    kind: EventKind
    at: int
    known: datetime


@dataclass
class Story:
    """Everything that happened, in the order it became known."""

    decisions: list[Made] = field(default_factory=list)
    events: list[Told] = field(default_factory=list)

    def past(
        self,
        payer: str,
        instrument: str,
        channel: str,
        card: str | None,
        before: int,
        known: datetime,
        own: str | None = None,
    ) -> PastPayments:
        """What the law asks for, said as plainly as possible."""
        decisions = [made for made in self.decisions if made.known <= known and made.payer == payer]
        events = [told for told in self.events if told.known <= known and told.made.payer == payer]
        passed = [
            told.at
            for told in events
            if told.kind is EventKind.AUTHENTICATED
            and (told.made.instrument, told.made.card) == (instrument, card)
            and (told.made.channel == "remote") == (channel == "remote")
            and told.at < before
        ]
        sums: dict[str, Decimal] = {}
        number = 0
        for reference in {made.reference for made in decisions}:
            attempts = [made for made in decisions if made.reference == reference]
            said = [told for told in events if told.made in attempts]
            if any(made.authenticated for made in attempts):
                continue
            if any(told.kind is EventKind.AUTHENTICATED for told in said):
                continue
            words = [told for told in said if told.kind in EXECUTED or told.kind is EventKind.FAILED]
            words.sort(key=lambda told: told.at)  # stable: of one instant, the order in which they were told
            if not words or words[-1].kind is EventKind.FAILED:
                continue
            payment = words[-1].made
            if (payment.instrument, payment.channel) != (instrument, channel) or payment.occurred > before:
                continue
            if payment.occurred == before and reference == own:
                continue
            if card is not None and payment.card is not None and card != payment.card:
                continue
            if passed and payment.occurred < max(passed):
                continue
            sums[payment.currency] = sums.get(payment.currency, Decimal(0)) + payment.amount
            number += 1
        return PastPayments(tuple(Money(sums[currency], currency) for currency in sorted(sums)), number)


OWN = st.sampled_from([None, "r1", "r2", "r3"])
"""How the present payment is named."""
DECISION = st.tuples(
    st.sampled_from(["p", "q"]),
    st.sampled_from([None, None, "r1", "r2"]),
    st.sampled_from(["card", "card", "e_money"]),
    st.sampled_from(["remote", "remote", "contactless", "contactless", "chip", "unattended_terminal"]),
    CARDS,
    SECONDS,
    st.decimals("0.01", "99.99", places=2),
    st.sampled_from(["EUR", "EUR", "USD"]),
    st.sampled_from([False, False, False, True]),
)
EVENT = st.tuples(st.integers(0, 100), st.sampled_from(list(EventKind)), SECONDS)
STORIES = st.lists(st.one_of(DECISION, EVENT, EVENT), min_size=1, max_size=18)
_stories = count(1)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def told_ledger(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Ledger, Steps]]:
    """One ledger for all stories: each has payers of its own, so that the others are noise to it."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path_factory.mktemp('oracle') / 'ledger.db'}"
    else:
        address = request.getfixturevalue("postgres").empty("oracle")
    clock = Steps()
    with Ledger.open(address, clock=clock) as ledger:
        yield ledger, clock


def _live(ledger: Ledger, clock: Steps, steps: list[tuple[object, ...]]) -> Story:
    """Tell the ledger and the oracle the same story."""
    number, story = next(_stories), Story()
    for step in steps:
        if len(step) == 9:
            payer, reference, instrument, channel, card, occurred, amount, currency, authenticated = step
            payer_id = f"{number}-{payer}"
            payment = counted(
                payer_id,
                instrument=instrument,
                channel=channel,
                card=card,
                occurred_at=moment(occurred),
                amount=amount,
                currency=currency,
                authenticated=authenticated,
            )
            made = stored(ledger, payer_id=payer_id, reference=reference, counted=payment)
            story.decisions.append(Made(payer_id, reference or made.id, *step[2:], clock.now, made.id))
        elif story.decisions:
            which, kind, at = step
            about = story.decisions[which % len(story.decisions)]
            recorded = ledger.history.record_event(about.id, kind, moment(at))
            if recorded.fresh:
                story.events.append(Told(about, kind, at, clock.now))
    return story


@settings(max_examples=120)
@given(steps=STORIES, asked=st.lists(st.tuples(CARDS, SECONDS, st.integers(0, 18), OWN), min_size=1, max_size=6))
def test_the_ledger_counts_as_the_oracle_does(
    told_ledger: tuple[Ledger, Steps],
    steps: list[tuple[object, ...]],
    asked: list[tuple[str | None, int, int, str | None]],
) -> None:
    ledger, clock = told_ledger
    story = _live(ledger, clock, steps)
    times = [*(made.known for made in story.decisions), *(told.known for told in story.events), clock.now]
    payers = {made.payer for made in story.decisions}
    for card, before, when, own in asked:
        known = times[when % len(times)]
        for payer in payers:
            for instrument, channel in (("card", "remote"), ("card", "contactless"), ("e_money", "remote")):
                answer = ledger.history.since_authenticated(
                    PastQuestion(
                        payer_id=payer,
                        instrument=instrument,
                        channel=channel,
                        card=card,
                        before=moment(before),
                        reference=own,
                    ),
                    known_at=known,
                )
                assert answer == story.past(payer, instrument, channel, card, before, known, own)


def test_the_oracle_sees_all_that_matters() -> None:
    """Guards the test itself: a story with one of everything has a non-trivial answer."""
    then = moment(0)
    first = Made("p", "r", "card", "remote", None, 1, Decimal("1.00"), "EUR", False, then, "a")
    second = Made("p", "s", "card", "remote", None, 5, Decimal("2.00"), "EUR", False, then, "b")
    passed = Made("p", "t", "card", "remote", None, 3, Decimal("4.00"), "EUR", False, then, "c")
    story = Story(
        [first, second, passed],
        [
            Told(first, EventKind.CAPTURED, 2, then),
            Told(second, EventKind.AUTHORISED, 6, then),
            Told(passed, EventKind.AUTHENTICATED, 4, then),
        ],
    )
    assert story.past("p", "card", "remote", None, 9, then) == PastPayments((Money(Decimal("2.00"), "EUR"),), 1)
    assert story.past("p", "card", "remote", None, 4, then) == PastPayments((Money(Decimal("1.00"), "EUR"),), 1)
