"""Rates of other publishers: loaded whole or not at all, corrected by further rows, and vouched for by the chain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.ledger import EntryRefused, Ledger, verify
from engine.money import PublishedRate
from tests.ledger.factories import Steps
from tests.ledger.tampering import by_hand

START, END = date(2026, 11, 1), date(2026, 11, 30)
DOLLAR = PublishedRate(date(2026, 10, 22), "GBP", "USD", Decimal("1.3120"), START, END)
RATES = [DOLLAR, DOLLAR._replace(target="EUR", rate=Decimal("1.15"))]
OFFICE, BANK = "GB.hmrc_period_or_market", "PL.nbp"


def quoted(ledger: Ledger, publisher: str, on: date = END) -> str | None:
    table = ledger.published.tables().get(publisher)
    rate = table.rate("GBP", "USD", on) if table is not None else None
    return str(rate.rate) if rate is not None else None


def test_rates_are_read_back_exactly_with_their_days(ledger: Ledger) -> None:
    assert ledger.published.load(OFFICE, RATES, sha256="ab", url="https://example.org/rates") == 2
    table = ledger.published.tables()[OFFICE]
    rate = table.rate("GBP", "USD", START)
    assert rate is not None
    assert (str(rate.rate), rate.on, rate.source) == ("1.3120", date(2026, 10, 22), OFFICE)
    assert (table.latest(), table.pairs) == (END, 2)
    assert quoted(ledger, OFFICE, date(2026, 10, 31)) is quoted(ledger, OFFICE, date(2026, 12, 1)) is None


def test_each_publisher_has_a_table_of_its_own(ledger: Ledger) -> None:
    ledger.published.load(OFFICE, RATES, sha256="ab")
    ledger.published.load(BANK, [DOLLAR._replace(rate=Decimal(2))], sha256="cd")
    assert (quoted(ledger, OFFICE), quoted(ledger, BANK), quoted(ledger, "XX.none")) == ("1.3120", "2", None)
    assert list(ledger.rates()) == [], "and the European Central Bank's is none of them"


def test_loading_again_changes_nothing(ledger: Ledger) -> None:
    ledger.published.load(OFFICE, RATES, sha256="ab")
    assert ledger.published.load(OFFICE, RATES, sha256="ab") == 0
    assert ledger.published.load(OFFICE, [DOLLAR._replace(rate=Decimal("1.312"))], sha256="ef") == 0
    assert ledger.verify().rows == 1


@pytest.mark.parametrize(
    ("change", "on"),
    [
        ({"rate": Decimal("1.4")}, START),
        ({"end": date(2026, 11, 15)}, END),
        ({"on": date(2026, 10, 23)}, START),
    ],
)
def test_a_correction_holds_and_what_was_known_before_is_kept(url: str, change: dict[str, object], on: date) -> None:
    clock = Steps()
    with Ledger.open(url, clock=clock) as ledger:
        ledger.published.load(OFFICE, RATES, sha256="ab")
        then = clock.now
        assert ledger.published.load(OFFICE, [DOLLAR._replace(**change)], sha256="cd") == 1  # type: ignore[arg-type]
        before, now = (ledger.published.tables(at)[OFFICE].rate("GBP", "USD", on) for at in (then, None))
        assert before is not None
        assert (str(before.rate), before.on) == ("1.3120", date(2026, 10, 22))
        assert now != before
        assert ledger.verify().ok


def test_a_load_tells_its_file_and_where_it_came_from(ledger: Ledger) -> None:
    ledger.published.load(OFFICE, RATES[:1], sha256="ab")
    ledger.published.load(OFFICE, RATES, sha256="cd", url="https://example.org/rates")
    (load,) = ledger.published.loads().values()
    assert (load.sha256, load.url) == ("cd", "https://example.org/rates")


def test_a_load_is_whole_or_nothing(ledger: Ledger) -> None:
    with pytest.raises(EntryRefused):
        ledger.published.load(OFFICE, [*RATES, DOLLAR._replace(base=None, target="JPY")], sha256="ab")  # type: ignore[arg-type]
    assert (ledger.published.tables(), ledger.published.loads(), ledger.verify().rows) == ({}, {}, 0)


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE published_rate SET rate = '9' WHERE target = 'USD'", 1),
        ("UPDATE published_rate SET valid_to = '2027-11-30' WHERE target = 'USD'", 1),
        ("UPDATE published_rate SET publisher = 'PL.nbp'", 1),
        ("UPDATE published_rate SET recorded_at = 5 WHERE target = 'USD'", 1),
        ("DELETE FROM published_rate WHERE target = 'USD'", 1),
        (
            "INSERT INTO published_rate VALUES ('x', 'GBP', 'JPY', '2026-11-01', 99, '2026-11-30', '2026-11-01', '1', 1)",
            0,
        ),
    ],
)
def test_a_rate_that_was_changed_by_hand_is_found(url: str, statement: str, seq: int) -> None:
    with Ledger.open(url) as ledger:
        ledger.published.load(OFFICE, RATES, sha256="ab")
    with by_hand(url) as hand:
        hand.execute(statement)
    bad = verify(url).first_bad
    assert bad is not None
    assert (bad.seq, bad.table) == (seq, "published_rate")
