"""Exchange rates: loading twice changes nothing, a correction is a further row, and the past stays what it was."""

from datetime import date
from decimal import Decimal

import pytest

from engine.ledger import EntryRefused, Ledger
from engine.money import RateRow, RateTable
from tests.ledger.factories import Steps

DAY, NEXT = date(2026, 11, 19), date(2026, 11, 20)
ROWS = [
    RateRow(DAY, "USD", Decimal("1.0800")),
    RateRow(DAY, "JPY", Decimal("170.5")),
    RateRow(NEXT, "USD", Decimal("1.0815")),
]


def test_rates_are_read_back_exactly_by_day_and_currency(ledger: Ledger) -> None:
    assert ledger.load_rates(ROWS) == 3
    assert [(row.on, row.currency, str(row.per_euro)) for row in ledger.rates()] == [
        (DAY, "JPY", "170.5"),
        (DAY, "USD", "1.0800"),
        (NEXT, "USD", "1.0815"),
    ]
    assert RateTable(ledger.rates()).rate("EUR", "USD", NEXT) is not None


def test_loading_again_changes_nothing(ledger: Ledger) -> None:
    ledger.load_rates(ROWS)
    same_number = [RateRow(DAY, "USD", Decimal("1.08"))]
    assert ledger.load_rates(ROWS) == ledger.load_rates(same_number) == ledger.load_rates([]) == 0
    assert ledger.verify().rows == 1


def test_a_newer_file_adds_what_is_new(ledger: Ledger) -> None:
    ledger.load_rates(ROWS[:2])
    assert ledger.load_rates(ROWS) == 1
    assert len(list(ledger.rates())) == 3


def test_a_correction_holds_and_what_was_known_before_is_kept(url: str) -> None:
    clock = Steps()
    with Ledger.open(url, clock=clock) as ledger:
        ledger.load_rates(ROWS[:1])
        then = clock.now
        assert ledger.load_rates([RateRow(DAY, "USD", Decimal("1.09"))]) == 1
        corrected = clock.now
        assert ledger.load_rates(ROWS[:1]) == 1, "back to the first value is a correction as well"
        known = [[str(row.per_euro) for row in ledger.rates(known_at=at)] for at in (then, corrected, clock.now, None)]
        assert known == [["1.0800"], ["1.09"], ["1.0800"], ["1.0800"]]
        assert ledger.verify().ok


def test_within_one_load_the_last_word_holds(ledger: Ledger) -> None:
    assert ledger.load_rates([ROWS[0], ROWS[0]._replace(per_euro=Decimal("1.5"))]) == 1
    assert [row.per_euro for row in ledger.rates()] == [Decimal("1.5")]


def test_a_load_is_whole_or_nothing(ledger: Ledger) -> None:
    with pytest.raises(EntryRefused):
        ledger.load_rates([*ROWS, RateRow(NEXT, None, Decimal(1))])  # type: ignore[arg-type]
    assert list(ledger.rates()) == []
