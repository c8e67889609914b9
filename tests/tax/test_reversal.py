"""Taxes given back: cumulative rounding, nothing lost, nothing twice, never more than was charged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.postings import Posting, from_minor, to_minor
from engine.tax.charged import Charged, ChargedLine, NotCharged, Part, charged_of
from engine.tax.reversal import (
    Given,
    LineWanted,
    Reversal,
    ReversalRefused,
    by_amount,
    by_lines,
    given_back,
    in_full,
    postings_of,
    spread,
)

D = Decimal


def line(gross: int, *taxes: int, index: int = 0, quantity: str | None = None, name: str | None = None) -> ChargedLine:
    """A line of this much, these taxes within."""
    net = gross - sum(taxes)
    parts = tuple(Part(f"T{n}", "XX", "10", net, tax) for n, tax in enumerate(taxes))
    return ChargedLine(index, name or str(index + 1), net, sum(taxes), gross, D(quantity) if quantity else None, parts)


def charged(*lines: ChargedLine, currency: str = "EUR", digits: int = 2) -> Charged:
    return Charged(currency, digits, lines)


def originals(of: Charged) -> tuple[Posting, ...]:
    """The postings of the sale."""
    return tuple(
        Posting(
            one.index, number, one.id, "FR", None, "DE", "FR", "goods", "consumer", 0, "oss", "standard",
            part.name if part else None, "XX", "10", str(one.quantity) if one.quantity and not number else None,
            0 if number else one.net, part.taxable if part else 0, part.tax if part else 0, 0 if number else one.gross,
        )
        for one in of.lines
        for number, part in enumerate(one.parts or (None,))
    )  # fmt: skip


class Ledger:
    """What goes back, step by step, as the ledger keeps it: through postings."""

    def __init__(self, of: Charged):
        self.of, self.postings = of, list[Posting]()

    def back(self, found: Reversal) -> Reversal:
        self.postings += postings_of(found, originals(self.of))
        return found

    @property
    def given(self) -> tuple[Given, ...]:
        return given_back(self.of, self.postings)

    def amount(self, minor: int, *, inclusive: bool = True) -> Reversal:
        return self.back(by_amount(self.of, self.given, from_minor(minor, self.of.digits), inclusive=inclusive))

    def lines(self, *wanted: LineWanted, inclusive: bool = True) -> Reversal:
        return self.back(by_lines(self.of, self.given, wanted, inclusive=inclusive))

    def full(self) -> Reversal:
        return self.back(in_full(self.of, self.given))

    def is_whole(self) -> bool:
        """Every number of every line went back exactly."""
        return all(
            (back.net, back.tax, back.gross, [tuple(part) for part in back.parts])
            == (one.net, one.tax, one.gross, [(part.taxable, part.tax) for part in one.parts])
            for one, back in zip(self.of.lines, self.given, strict=True)
        )


def test_a_full_reversal_gives_back_the_original_tax_exactly() -> None:
    ledger = Ledger(charged(line(2490, 130), line(1000, 167, index=1)))
    found = ledger.full()
    assert (found.net, found.tax, found.gross) == (2360 + 833, 297, 3490)
    assert ledger.is_whole()


def test_three_thirds_of_a_tax_of_ten_cents_are_ten_cents() -> None:
    """10.00 with 0.10 within: a third each time would be 0.03, and a cent would be lost."""
    ledger = Ledger(charged(line(1000, 10)))
    taxes = [ledger.amount(333).tax, ledger.amount(333).tax, ledger.amount(334).tax]
    assert taxes == [3, 4, 3]
    assert ledger.is_whole()


def test_each_partial_is_the_difference_of_two_rounded_totals() -> None:
    ledger = Ledger(charged(line(10_00, 1_67)))
    given_so_far = []
    for _ in range(10):
        ledger.amount(1_00)
        given_so_far.append(ledger.given[0].tax)
    exact = [D(167) * n / 10 for n in range(1, 11)]
    assert given_so_far == [int(amount.quantize(D(1), "ROUND_HALF_UP")) for amount in exact]


def test_half_a_cent_goes_up_at_once_and_not_twice() -> None:
    ledger = Ledger(charged(line(200, 1)))
    assert [ledger.amount(100).tax, ledger.amount(100).tax] == [1, 0]


def test_the_last_one_takes_the_remainder() -> None:
    ledger = Ledger(charged(line(997, 166)))
    before = ledger.amount(331).tax + ledger.amount(331).tax
    assert ledger.full().tax == 166 - before
    assert ledger.is_whole()


def test_nothing_is_left_after_the_whole_went_back() -> None:
    ledger = Ledger(charged(line(1000, 160)))
    ledger.full()
    with pytest.raises(ReversalRefused, match="given back already") as refused:
        ledger.full()
    assert refused.value.code == "nothing_left"


@pytest.mark.parametrize("minor", [1001, 100_000])
def test_an_amount_over_what_was_charged_is_refused_and_says_what_is_left(minor: int) -> None:
    ledger = Ledger(charged(line(1000, 160)))
    with pytest.raises(ReversalRefused, match=r"Only 10\.00 EUR of what was charged is left") as refused:
        ledger.amount(minor)
    assert (refused.value.code, refused.value.field) == ("more_than_charged", "amount")


def test_an_amount_over_what_is_left_is_refused() -> None:
    ledger = Ledger(charged(line(1000, 160)))
    ledger.amount(600)
    with pytest.raises(ReversalRefused, match=r"Only 4\.00 EUR"):
        ledger.amount(401)
    assert ledger.amount(400).tax == 64
    assert ledger.is_whole()


def test_an_amount_without_lines_is_spread_by_what_is_left_of_each() -> None:
    """30.00 and 10.00, taxed at 20 and 5.5 percent: 8.00 is 6.00 of the one and 2.00 of the other."""
    ledger = Ledger(charged(line(3000, 500), line(1000, 52, index=1)))
    found = ledger.amount(800)
    assert [(one.line.id, one.gross, one.tax) for one in found.lines] == [("1", 600, 100), ("2", 200, 10)]


def test_a_line_that_went_back_takes_no_part_in_a_later_amount() -> None:
    ledger = Ledger(charged(line(3000, 500), line(1000, 52, index=1)))
    ledger.lines(LineWanted("1"))
    assert [one.line.id for one in ledger.amount(500).lines] == ["2"]


def test_lines_keep_their_own_rates() -> None:
    ledger = Ledger(charged(line(1055, 55), line(1200, 200, index=1)))
    found = ledger.lines(LineWanted("2", amount=D("6.00")), LineWanted("1", amount=D("10.55")))
    assert [(one.line.id, one.tax) for one in found.lines] == [("2", 100), ("1", 55)]


def test_units_go_back_one_by_one_and_add_up() -> None:
    """Three for 10.00: 3.33, 3.34, 3.33."""
    ledger = Ledger(charged(line(1000, 160, quantity="3")))
    found = [ledger.lines(LineWanted("1", quantity=D(1))) for _ in range(3)]
    assert [one.gross for one in found] == [333, 334, 333]
    assert [one.tax for one in found] == [53, 54, 53]
    assert ledger.is_whole()
    assert ledger.given[0].quantity == 3


def test_units_may_be_fractions() -> None:
    ledger = Ledger(charged(line(1000, 160, quantity="2.5")))
    assert ledger.lines(LineWanted("1", quantity=D("0.5"))).gross == 200
    assert ledger.lines(LineWanted("1", quantity=D("2.0"))).gross == 800


def test_the_last_unit_takes_what_an_amount_has_left_of_it() -> None:
    ledger = Ledger(charged(line(2000, 320, quantity="2")))
    ledger.lines(LineWanted("1", amount=D("5.00")))
    ledger.lines(LineWanted("1", quantity=D(1)))
    assert ledger.lines(LineWanted("1", quantity=D(1))).gross == 500
    assert ledger.is_whole()


def test_a_unit_worth_more_than_what_is_left_is_refused() -> None:
    ledger = Ledger(charged(line(2000, 320, quantity="2")))
    ledger.lines(LineWanted("1", amount=D("15.00")))
    with pytest.raises(ReversalRefused, match=r"Only 5\.00 EUR") as refused:
        ledger.lines(LineWanted("1", quantity=D(1)))
    assert (refused.value.code, refused.value.field) == ("more_than_charged", "quantity")


@pytest.mark.parametrize("quantity", ["0", "3", "2.01"])
def test_units_that_were_never_sold_do_not_go_back(quantity: str) -> None:
    ledger = Ledger(charged(line(2000, 320, quantity="2")))
    with pytest.raises(ReversalRefused, match="2 of 2 units are left"):
        ledger.lines(LineWanted("1", quantity=D(quantity)))


def test_units_of_a_line_without_a_quantity_are_refused() -> None:
    with pytest.raises(ReversalRefused) as refused:
        Ledger(charged(line(2000, 320))).lines(LineWanted("1", quantity=D(1)))
    assert refused.value.code == "quantity_unknown"


def test_an_amount_with_units_is_the_amount_and_counts_the_units() -> None:
    """A restocking fee was kept."""
    ledger = Ledger(charged(line(2000, 320, quantity="2")))
    assert ledger.lines(LineWanted("1", amount=D("8.00"), quantity=D(1))).gross == 800
    assert ledger.given[0].quantity == 1


@pytest.mark.parametrize(
    ("wanted", "code", "at"),
    [
        ([LineWanted("9")], "unknown_line", 0),
        ([LineWanted("1"), LineWanted("1")], "line_twice", 1),
        ([LineWanted("1", amount=D("0"))], "too_small", 0),
        ([LineWanted("1", amount=D("0.001"))], "too_many_decimals", 0),
        ([LineWanted("2"), LineWanted("1", amount=D("10.01"))], "more_than_charged", 1),
    ],
)
def test_a_line_that_cannot_go_back_is_named_by_its_place(wanted: list[LineWanted], code: str, at: int) -> None:
    ledger = Ledger(charged(line(1000, 160), line(500, 80, index=1)))
    with pytest.raises(ReversalRefused) as refused:
        ledger.lines(*wanted)
    assert (refused.value.code, refused.value.line) == (code, at)
    assert ledger.postings == []


def test_two_lines_with_one_id_cannot_be_named_by_it() -> None:
    ledger = Ledger(charged(line(1000, 160, name="a"), line(500, 80, index=1, name="a")))
    with pytest.raises(ReversalRefused, match="names several lines"):
        ledger.lines(LineWanted("a"))
    assert ledger.amount(1500).gross == 1500


def test_a_price_without_tax_goes_back_without_it_and_the_tax_on_top() -> None:
    ledger = Ledger(charged(line(1080, 80)))
    found = ledger.lines(LineWanted("1", amount=D("5.00")), inclusive=False)
    assert (found.net, found.tax, found.gross) == (500, 40, 540)


def test_what_was_free_of_tax_goes_back_free_of_tax() -> None:
    ledger = Ledger(charged(line(1000)))
    assert (ledger.amount(400).tax, ledger.full().gross) == (0, 600)
    assert ledger.is_whole()


def test_two_taxes_on_one_line_each_round_by_themselves() -> None:
    """Quebec: 5 and 9.975 percent of 100.00."""
    ledger = Ledger(charged(line(11498, 500, 998), currency="CAD"))
    first = ledger.amount(5749)
    assert [tax for _, tax in first.lines[0].parts] == [250, 499]
    ledger.full()
    assert ledger.is_whole()


def test_two_equal_taxes_that_both_round_up_never_make_the_net_negative() -> None:
    """1.20 with twice 0.10 within: at one cent both taxes would go up by a cent."""
    ledger = Ledger(charged(line(120, 10, 10)))
    for _ in range(120):
        found = ledger.amount(1)
        assert (found.gross, found.net >= 0, found.tax >= 0) == (1, True, True)
    assert ledger.is_whole()


def test_the_base_of_a_share_of_the_price_adds_up_as_well() -> None:
    """11/12 of 1.00 in base."""
    part = Part("PPN", "ID", "12", 92, 11)
    ledger = Ledger(charged(ChargedLine(0, "1", 100, 11, 111, None, (part,)), currency="IDR"))
    bases = [ledger.amount(37).lines[0].parts[0][0] for _ in range(3)]
    assert sum(bases) == 92


SALES = st.lists(st.tuples(st.integers(0, 10**7), st.lists(st.integers(0, 60), max_size=4)), min_size=1, max_size=5)
"""Lines as a price and the percentages within or on top of it."""


def made(prices: list[tuple[int, list[int]]], digits: int, *, inclusive: bool) -> Charged:
    """Lines charged in one price mode, each tax rounded half up."""
    lines = []
    for index, (price, rates) in enumerate(prices):
        of = 100 + sum(rates) if inclusive else 100
        taxes = [(2 * price * rate + of) // (2 * of) for rate in rates]
        if inclusive and sum(taxes) > price:
            taxes = [price * rate // of for rate in rates]
        gross = price if inclusive else price + sum(taxes)
        lines.append(line(gross, *taxes, index=index))
    return charged(*lines, currency={0: "JPY", 2: "EUR", 3: "KWD"}[digits], digits=digits)


@pytest.mark.parametrize("inclusive", [True, False], ids=["prices with tax", "prices without"])
@pytest.mark.parametrize("digits", [0, 2, 3])
@given(prices=SALES, cuts=st.lists(st.integers(0, 1000), min_size=1, max_size=12))
@example(prices=[(3, [50, 50, 50, 50])], cuts=[300] * 3)
@example(prices=[(1, [10])], cuts=[1])
def test_any_partial_amounts_and_the_rest_are_the_whole(
    digits: int, inclusive: bool, prices: list[tuple[int, list[int]]], cuts: list[int]
) -> None:
    ledger = Ledger(made(prices, digits, inclusive=inclusive))
    for cut in cuts:
        left = ledger.of.gross - sum(one.gross for one in ledger.given)
        wanted = max(left * cut // 1000, 1)
        if wanted < left:
            found = ledger.amount(wanted)
            assert found.gross == wanted
            assert found.net + found.tax == found.gross
            assert all(min(one.net, one.tax, *(n for part in one.parts for n in part), 0) == 0 for one in found.lines)
    if ledger.of.gross > sum(one.gross for one in ledger.given):
        ledger.full()
    assert ledger.is_whole()


@pytest.mark.parametrize("digits", [0, 2, 3])
@given(data=st.data(), prices=SALES)
def test_amounts_lines_and_both_price_modes_in_any_order_never_exceed_and_add_up(
    digits: int, data: st.DataObject, prices: list[tuple[int, list[int]]]
) -> None:
    ledger = Ledger(made(prices, digits, inclusive=data.draw(st.booleans())))
    for _ in range(data.draw(st.integers(0, 8))):
        inclusive = data.draw(st.booleans())
        one, back = data.draw(st.sampled_from(list(zip(ledger.of.lines, ledger.given, strict=True))))
        left = one.gross - back.gross if inclusive else one.net - back.net
        if left > 1:
            wanted = data.draw(st.integers(1, left))
            ledger.lines(LineWanted(one.id, amount=from_minor(wanted, digits)), inclusive=inclusive)
        for whole, part in zip(ledger.of.lines, ledger.given, strict=True):
            assert part.net <= whole.net
            assert part.tax <= whole.tax
            assert all(b[0] <= w.taxable and b[1] <= w.tax for w, b in zip(whole.parts, part.parts, strict=True))
    if ledger.of.gross > sum(one.gross for one in ledger.given):
        ledger.full()
    assert ledger.is_whole()


@given(price=st.integers(1, 10**6), rate=st.integers(1, 30), units=st.integers(1, 40), data=st.data())
def test_any_order_of_units_adds_up(price: int, rate: int, units: int, data: st.DataObject) -> None:
    ledger = Ledger(charged(line(price, price * rate // (100 + rate), quantity=str(units))))
    left = units
    while left:
        taken = data.draw(st.integers(1, left))
        try:
            ledger.lines(LineWanted("1", quantity=D(taken)))
        except ReversalRefused as refused:
            worthless = refused.code
        else:
            left -= taken
            continue
        assert worthless == "too_small"
        left = 0
        if ledger.given[0].gross < price:
            ledger.lines(LineWanted("1"))
    assert ledger.is_whole()


def test_a_unit_worth_nothing_does_not_go_back_alone() -> None:
    """Seven for a cent."""
    ledger = Ledger(charged(line(1, quantity="7")))
    with pytest.raises(ReversalRefused, match="give more of them back at once") as refused:
        ledger.lines(LineWanted("1", quantity=D(1)))
    assert (refused.value.code, refused.value.field) == ("too_small", "quantity")
    assert ledger.lines(LineWanted("1", quantity=D(4))).gross == 1


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
def test_spreading_loses_nothing_and_gives_no_line_more_than_it_has(amount: int, weights: list[int]) -> None:
    amount = min(amount, sum(weights))
    shares = spread(amount, weights)
    assert sum(shares) == amount
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))


# -- read back from an answer -----------------------------------------------------------------------------------------


def answer(**changes: Any) -> dict[str, Any]:
    """The tax of two lines, as it is answered."""
    one = {
        "id": "1", "country": "FR", "region": None, "treatment": "reduced", "scheme": "oss", "net": "23.60", "tax": "1.30",
        "gross": "24.90",
        "components": [{"name": "TVA", "jurisdiction": "FR", "rate_percent": "5.5", "taxable_amount": "23.60", "amount": "1.30"}],
    }  # fmt: skip
    free = {**one, "id": "2", "treatment": "exempt", "net": "5.00", "tax": "0.00", "gross": "5.00", "components": []}
    return {"verdict": "determined", "currency": "EUR", "total": "1.30", "lines": [one, free], **changes}


def test_an_answer_is_read_back_in_minor_units() -> None:
    found = charged_of(answer(), [D(2), None])
    assert (found.net, found.tax, found.gross, found.digits) == (2860, 130, 2990, 2)
    assert [one.quantity for one in found.lines] == [2, None]


@pytest.mark.parametrize("verdict", ["undecided", "not_applicable"])
def test_what_is_not_determined_cannot_be_committed(verdict: str) -> None:
    with pytest.raises(NotCharged, match=verdict) as refused:
        charged_of(answer(verdict=verdict, total=None))
    assert refused.value.code == "undecided"


@pytest.mark.parametrize(
    "broken",
    [
        {"total": "1.31"},
        {"lines": [{**answer()["lines"][0], "gross": "24.91"}]},
        {"lines": [{**answer()["lines"][0], "tax": "1.20", "gross": "24.80"}], "total": "1.20"},
    ],
    ids=["total", "line", "components"],
)
def test_an_answer_that_does_not_add_up_is_never_committed(broken: dict[str, Any]) -> None:
    with pytest.raises(NotCharged) as refused:
        charged_of(answer(**broken))
    assert refused.value.code == "not_a_sum"


@pytest.mark.parametrize(("amount", "digits"), [("1.005", 2), ("0.5", 0), ("1000000000000000", 2)])
def test_an_amount_no_currency_has_is_no_number_of_minor_units(amount: str, digits: int) -> None:
    with pytest.raises(ValueError, match=r"finer|more than"):
        to_minor(D(amount), digits)


@pytest.mark.parametrize(
    ("units", "digits", "written"), [(130, 2, "1.30"), (-5, 3, "-0.005"), (7, 0, "7"), (0, 2, "0.00")]
)
def test_minor_units_are_written_with_the_currencys_digits(units: int, digits: int, written: str) -> None:
    assert f"{from_minor(units, digits):f}" == written
    assert to_minor(from_minor(units, digits), digits) == units
