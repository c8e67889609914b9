"""Art. 369g(4), and Art. 61(2) of Regulation 282/2011: what a filed return did not hold goes into a later one, on any date."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from engine.postings import Booked, Filed
from engine.tax.filings import SCHEMES, Filings, return_of
from engine.tax.periods import quarter_of
from tests.tax.test_returns import filed, sale

OSS = SCHEMES["oss"]
AUTUMN, WINTER = date(2026, 11, 22), date(2027, 2, 1)


def told(seq: int, on: date = AUTUMN, day: date = AUTUMN) -> Booked:
    return sale(day=day, recorded_on=on, seq=seq)


def label(one: Booked, *returns: Filed) -> str:
    return Filings(returns).return_of(one, OSS).label


def test_a_sale_told_after_an_early_filing_goes_into_the_next_return_though_its_own_is_not_due_yet() -> None:
    early = filed(10, "2026-Q4", date(2027, 1, 2))
    before, after = told(10), told(11, date(2027, 1, 3))
    assert (label(before, early), label(after, early)) == ("2026-Q4", "2027-Q1")
    assert label(after) == "2026-Q4", "by dates alone it would be in a return that nobody can change"


def test_a_corrected_return_holds_what_was_told_until_then() -> None:
    first, second = filed(10, "2026-Q4"), filed(20, "2026-Q4", version=2)
    assert [label(told(seq), first, second) for seq in (10, 15, 20, 21)] == ["2026-Q4"] * 3 + ["2027-Q1"]


def test_a_return_that_is_filed_late_holds_what_was_told_after_it_was_due() -> None:
    """Of a merchant who files here: the return before was filed, this one was not."""
    summer = filed(5, "2026-Q3")
    late = told(9, date(2027, 2, 15))
    assert label(late) == "2027-Q1"
    assert label(late, summer) == "2026-Q4"
    assert label(late, summer, filed(8, "2026-Q4", date(2027, 2, 10))) == "2027-Q1"


def test_what_is_told_years_later_goes_into_the_first_return_that_is_not_filed() -> None:
    returns = [filed(10 * (n + 1), f"202{6 + n // 4}-Q{n % 4 + 1}") for n in range(8)]
    assert label(told(999, date(2028, 1, 20), day=date(2026, 2, 1)), *returns) == "2028-Q1"


def test_before_anything_is_filed_dates_decide() -> None:
    for on in (AUTUMN, date(2027, 1, 31), date(2027, 2, 1), date(2027, 8, 1)):
        assert Filings().return_of(told(3, on), OSS) == return_of(told(3, on), OSS)


@pytest.mark.parametrize("seed", range(30))
def test_everything_is_in_one_return_and_stays_in_it(seed: int) -> None:
    """Whatever is told and filed in whatever order: once something was in a filed return, it is in that one for good."""
    chance, seq, on = Random(seed), 0, date(2026, 1, 5)
    known: list[Booked] = []
    returns: list[Filed] = []
    held: dict[str, str] = {}
    for _ in range(60):
        on = date.fromordinal(on.toordinal() + chance.randrange(1, 25))
        seq += 1
        if chance.random() < 0.7:
            known.append(told(seq, on, day=date.fromordinal(on.toordinal() - chance.randrange(300))))
            continue
        period = quarter_of(date.fromordinal(on.toordinal() - chance.randrange(91, 400)))
        before = Filings(returns)
        version = 1 + sum(one.first == period.first for one in returns)
        for one in known:
            if before.return_of(one, OSS, but=period) == period:
                assert held.setdefault(one.transaction_id, period.label) == period.label
        returns.append(filed(seq - 1, period.label, on, version))
    after = Filings(returns)
    for one in known:
        if one.transaction_id in held:
            assert after.return_of(one, OSS).label == held[one.transaction_id]
        else:
            assert after.return_of(one, OSS).first not in {f.first for f in returns}
