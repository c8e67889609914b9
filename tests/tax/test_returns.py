"""Returns of the special schemes: summed from postings, in euro at the rate of the law, corrected later, reconciled."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.money import Rate, RateRow, RateTable
from engine.postings import Booked, Document, Filed, Posting
from engine.tax import uk_return
from engine.tax.filings import SCHEMES, Filings, return_of
from engine.tax.law import TaxLaw
from engine.tax.periods import month_of, quarter_of, read
from engine.tax.returns import Told, scheme_return
from engine.tax.returns_csv import COLUMNS, table
from engine.tax.uk_return import Stated
from tests.tax.smalllaw import packs

OSS, IOSS = SCHEMES["oss"], SCHEMES["ioss"]
Q4 = quarter_of(date(2026, 11, 22))
TODAY = date(2027, 1, 20)
LAW = TaxLaw(packs()).at("DE", date(2026, 12, 31))
RATES = RateTable(
    [
        RateRow(date(2026, 12, 30), "USD", Decimal("1.10")),
        RateRow(date(2026, 12, 31), "USD", Decimal("1.25")),
        RateRow(date(2027, 1, 4), "SEK", Decimal("10")),
        RateRow(date(2026, 12, 30), "CZK", Decimal("25")),
        RateRow(date(2027, 3, 31), "USD", Decimal("2")),
    ]
)
_numbers = count(1)


def rate_on(currency: str, day: date) -> Rate | None:
    return RATES.first_from(currency, "EUR", day, 7)


def sale(tax: int = 550, **changes: Any) -> Booked:
    """100.00 of books from Germany to France at 5.5 %, on 22 November 2026."""
    number = next(_numbers)
    fields = {key: changes.pop(key) for key in list(changes) if key in Posting._fields}
    made = Posting(
        0, 0, "1", "FR", None, "DE", "FR", "goods", "consumer", 0, "oss", "reduced", "TVA", "FR", "5.5", None, 10_000, 10_000,
        tax, 10_000 + tax,
    )._replace(**fields)  # fmt: skip
    day = changes.pop("day", date(2026, 11, 22))
    about = {"supply_day": day, "recorded_on": day, "currency": "EUR", "digits": 2, "reversal_id": None, **changes}
    return Booked(made, f"tax_{number}", day=day, **about)


def back(of: Booked, day: date, tax: int = 550, **changes: Any) -> Booked:
    """What went back of a sale, that day."""
    posting = of.posting._replace(tax=tax, **{key: changes.pop(key) for key in list(changes) if key in Posting._fields})
    return of._replace(posting=posting, reversal_id=f"rev_{next(_numbers)}", day=day, **{"recorded_on": day, **changes})


def document(one: Booked) -> Document:
    name = one.reversal_id or one.transaction_id
    about = (one.currency, one.digits, one.day, one.recorded_on, one.posting.tax, one.seq)
    return Document(name, one.reversal_id is not None, *about)


def oss(*booked: Booked, period: Any = Q4, today: date = TODAY, scheme: Any = OSS) -> dict[str, Any]:
    told = Told(booked, [document(one) for one in booked])
    return scheme_return(scheme, period, told, LAW, rate_on, today)


def test_a_quarter_is_summed_by_state_origin_kind_and_rate() -> None:
    standard: dict[str, Any] = {"rate": "20", "treatment": "standard", "tax": 2000}
    found = oss(
        sale(), sale(), sale(**standard), sale(kind="digital", **standard), sale(country="IT", rate="22", tax=2200),
        sale(origin="IT"),
    )  # fmt: skip
    rows = [
        (row["country"], row["from"], row["supply"], row["rate_percent"], row["vat_amount"]) for row in found["rows"]
    ]
    assert rows == [
        ("FR", "DE", "goods", "20", "20.00"),
        ("FR", "DE", "goods", "5.5", "11.00"),
        ("FR", "DE", "services", "20", "20.00"),
        ("FR", "IT", "goods", "5.5", "5.50"),
        ("IT", "DE", "goods", "22", "22.00"),
    ]
    assert found["total"] == "78.50"
    assert [(one["country"], one["balance"]) for one in found["countries"]] == [("FR", "56.50"), ("IT", "22.00")]
    assert (found["period"], found["due"], found["verdict"]) == ("2026-Q4", "2027-01-31", "determined")


@pytest.mark.parametrize(("today", "closed"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True)])
def test_a_return_says_whether_its_period_is_over(today: date, closed: bool) -> None:
    assert oss(sale(), today=today)["closed"] is closed


def test_only_sales_of_the_scheme_are_in_it_and_the_others_are_named() -> None:
    found = oss(sale(), sale(scheme="domestic", tax=1900), sale(scheme="ioss", tax=300))
    assert found["total"] == "5.50"
    assert found["reconciliation"] == [
        {"currency": "EUR", "transactions": "27.50", "reversals": "0.00", "this_return": "5.50",
         "declared_elsewhere": "22.00", "difference": "0.00"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "inside"),
    [((2026, 9, 30), False), ((2026, 10, 1), True), ((2026, 12, 31), True), ((2027, 1, 1), False)],
)
def test_the_first_and_the_last_day_of_the_quarter_are_in_it(day: tuple[int, int, int], inside: bool) -> None:
    assert (oss(sale(day=date(*day)))["total"] == "5.50") is inside


def test_an_import_scheme_is_declared_by_month() -> None:
    found = oss(
        sale(scheme="ioss"), sale(scheme="ioss", day=date(2026, 12, 1)), scheme=IOSS, period=month_of(date(2026, 11, 1))
    )
    assert (found["total"], found["due"]) == ("5.50", "2026-12-31")


# -- exchange ----------------------------------------------------------------------------------------------------------


def test_the_rate_is_that_of_the_last_day_of_the_period() -> None:
    """Not that of the sale, nor the last one before."""
    found = oss(sale(currency="USD"))
    assert found["rows"][0]["vat_amount"] == "4.40"
    assert found["fx"] == [
        {"from": "USD", "to": "EUR", "rate": "0.8", "date": "2026-12-31", "source": "ECB euro reference rates"}
    ]


def test_where_none_was_published_that_day_the_next_day_of_publication_holds() -> None:
    """Art. 366: never the day before."""
    found = oss(sale(currency="SEK"))
    assert (found["rows"][0]["vat_amount"], found["fx"][0]["date"]) == ("0.55", "2027-01-04")


def test_a_missing_rate_leaves_the_lines_undecided_and_names_them() -> None:
    """The koruna's last rate is of the day before the last: that is not the law's."""
    wanting, known = sale(currency="CZK", country="IT"), sale()
    found = oss(wanting, known)
    assert (found["verdict"], found["total"]) == ("undecided", None)
    assert found["undecided"] == [
        {"transaction": wanting.transaction_id, "line": "1", "missing": "fx.CZK.EUR.2026-12-31"}
    ]
    by_country = {row["country"]: row["vat_amount"] for row in found["rows"]}
    assert by_country == {"IT": None, "FR": "5.50"}
    assert {one["country"]: one["balance"] for one in found["countries"]} == {"IT": None, "FR": "5.50"}


def test_currencies_of_one_row_are_added_in_euro_and_rounded_once() -> None:
    found = oss(sale(currency="USD", tax=1), sale(currency="SEK", tax=2), sale(tax=1))
    assert found["rows"][0]["vat_amount"] == "0.02"  # 0.008 + 0.002 + 0.01
    assert [one["currency"] for one in found["rows"][0]["stated"]] == ["EUR", "SEK", "USD"]


@pytest.mark.parametrize(
    ("base", "day", "within", "found"),
    [
        ("USD", (2026, 12, 31), 0, (2026, 12, 31)),
        ("USD", (2026, 12, 29), 1, (2026, 12, 30)),
        ("SEK", (2026, 12, 31), 4, (2027, 1, 4)),
        ("SEK", (2026, 12, 31), 3, None),
        ("XYZ", (2026, 12, 31), 7, None),
        ("EUR", (2026, 12, 31), 0, (2026, 12, 31)),
    ],
)
def test_the_table_looks_forward_from_a_day(base: str, day: Any, within: int, found: Any) -> None:
    rate = RATES.first_from(base, "EUR", date(*day), within)
    assert (rate.on if rate else None) == (date(*found) if found else None)


# -- corrections -------------------------------------------------------------------------------------------------------


def test_what_went_back_within_the_period_reduces_it() -> None:
    sold = sale()
    found = oss(sold, back(sold, date(2026, 12, 31), tax=100))
    assert (found["total"], found["corrections"]) == ("4.50", [])
    assert found["reconciliation"][0]["reversals"] == "1.00"


def test_what_went_back_later_corrects_the_original_period_through_a_later_return() -> None:
    sold = sale(currency="USD")
    later = back(sold, date(2027, 2, 10))
    assert oss(sold, later)["total"] == "4.40", "the return of the sale stays as it was"
    found = oss(sold, later, period=quarter_of(date(2027, 2, 10)), today=date(2027, 4, 20))
    (correction,) = found["corrections"]
    assert found["rows"] == []
    assert (correction["country"], correction["original_period"], correction["within_window"]) == (
        "FR",
        "2026-Q4",
        True,
    )
    assert correction["vat_amount"] == "-4.40", "at the rate of the original period, not of the present one"
    assert (found["total"], found["countries"][0]["balance"]) == ("-4.40", "-4.40")


def test_corrections_of_several_periods_stand_apart() -> None:
    first, second = sale(day=date(2026, 5, 1)), sale(day=date(2026, 8, 1))
    found = oss(back(first, date(2026, 10, 2)), back(second, date(2026, 10, 2)), sale())
    assert [(one["original_period"], one["vat_amount"]) for one in found["corrections"]] == [
        ("2026-Q2", "-5.50"), ("2026-Q3", "-5.50"),
    ]  # fmt: skip
    assert found["total"] == "-5.50"


@pytest.mark.parametrize(
    ("day", "within"),
    [((2030, 1, 31), True), ((2030, 2, 1), False)],
    ids=["the last day of three years", "the day after"],
)
def test_after_three_years_a_correction_is_flagged_and_not_added(day: tuple[int, int, int], within: bool) -> None:
    """Three years from the day the original return was due: 31 January 2027."""
    found = oss(back(sale(), date(*day)), period=quarter_of(date(*day)), today=date(2030, 4, 1))
    (correction,) = found["corrections"]
    assert (correction["within_window"], correction["window_until"]) == (within, "2030-01-31")
    assert found["total"] == ("-5.50" if within else "0.00")
    assert found["reconciliation"][0]["difference"] == "0.00"


def test_a_sale_that_was_told_after_its_return_was_due_goes_into_the_next_as_a_correction() -> None:
    late = sale(recorded_on=date(2027, 2, 1))
    assert oss(late)["rows"] == []
    found = oss(late, period=quarter_of(date(2027, 2, 1)), today=date(2027, 4, 1))
    assert [(one["original_period"], one["vat_amount"]) for one in found["corrections"]] == [("2026-Q4", "5.50")]


@pytest.mark.parametrize(
    ("day", "told", "goes_into"),
    [
        ((2026, 11, 22), (2026, 11, 22), "2026-Q4"),
        ((2026, 12, 31), (2027, 1, 1), "2026-Q4"),
        ((2026, 12, 31), (2027, 1, 31), "2026-Q4"),
        ((2026, 12, 31), (2027, 2, 1), "2027-Q1"),
        ((2026, 6, 30), (2027, 1, 15), "2026-Q4"),
        ((2026, 6, 30), (2027, 2, 15), "2027-Q1"),
        ((2027, 1, 1), (2027, 1, 1), "2027-Q1"),
    ],
)
def test_everything_goes_into_the_first_return_that_is_not_due_yet(day: Any, told: Any, goes_into: str) -> None:
    assert return_of(sale(day=date(*day), recorded_on=date(*told)), OSS).label == goes_into


SALES = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 500), st.integers(0, 10_000), st.booleans()), min_size=1, max_size=12
)


@given(SALES)
def test_each_posting_is_in_exactly_one_return_and_all_returns_together_are_all_of_them(
    sales: list[tuple[int, int, int, bool]],
) -> None:
    booked = []
    for day, late, tax, goes_back in sales:
        when = date(2026, 1, 1) + timedelta(days=day)
        sold = sale(tax=tax, day=when, recorded_on=when + timedelta(days=late))
        booked.append(sold)
        if goes_back:
            then = sold.recorded_on + timedelta(days=late % 90)
            booked.append(back(sold, then, tax=tax // 2))
    total, period = Decimal(0), quarter_of(date(2026, 1, 1))
    while period.first < date(2030, 1, 1):
        found = oss(*booked, period=period, today=date(2030, 1, 1))
        assert all(one["difference"] == "0.00" for one in found["reconciliation"])
        assert found["total"] is not None
        total += Decimal(found["total"])
        total += sum(
            (Decimal(one["vat_amount"]) for one in found["corrections"] if not one["within_window"]), Decimal(0)
        )
        period = quarter_of(period.last + timedelta(days=1))
    sums = sum(one.posting.tax * (-1 if one.reversal_id else 1) for one in booked)
    assert total == Decimal(sums) / 100


def test_a_difference_would_be_shown() -> None:
    """The proof is no tautology: a document whose total is not that of its postings is seen."""
    sold = sale()
    told = Told([sold], [document(sold)._replace(tax=551)])
    assert scheme_return(OSS, Q4, told, LAW, rate_on, TODAY)["reconciliation"][0]["difference"] == "0.01"


def test_a_return_without_sales_is_a_nil_return() -> None:
    """Nil returns are due as well (Art. 369f)."""
    found = oss()
    assert (found["total"], found["verdict"], found["rows"], found["reconciliation"]) == ("0.00", "determined", [], [])


def test_the_law_behind_a_return_is_cited_from_the_packs() -> None:
    by_question = {one["question"]: one for one in oss()["law"]}
    assert by_question["exchange"]["answer"] == "oss_exchange_rate: ecb_last_day_of_return_period"
    assert by_question["exchange"]["confidence"] == "A"
    assert oss(scheme=IOSS, period=month_of(date(2026, 11, 1)))["law"][0]["answer"] == "ioss_return_period: month"


# -- the United Kingdom ------------------------------------------------------------------------------------------------


def british(tax: int = 2000, **changes: Any) -> Booked:
    about = {"country": "GB", "scheme": "domestic", "rate": "20", "treatment": "standard", "currency": "GBP", **changes}
    return sale(tax, **about)


def boxes(
    *booked: Booked,
    label: str = "2026-Q4",
    rate_on: Any = lambda *_: (None, None),
    filed: tuple[Filed, ...] = (),
    **stated: str,
) -> dict[str, Any]:
    period = read(label)
    assert period is not None
    told = Told(booked, [document(one) for one in booked], Filings(filed))
    said = Stated(**{name: Decimal(amount) for name, amount in stated.items()})
    return uk_return.summary(period, told, TODAY, rate_on, stated=said, union={"FR", "DE"})


def test_box_one_is_the_tax_on_sales_and_box_six_their_value_in_whole_pounds() -> None:
    found = boxes(british(), british(net=10_099, tax=2020), british(tax=0, rate="0", treatment="zero", net=5_000))
    assert (found["boxes"]["1"], found["boxes"]["6"]) == ("40.20", "250")


def test_goods_that_the_customer_imports_were_not_supplied_in_the_kingdom() -> None:
    found = boxes(british(), british(tax=0, rate="0", treatment="import"))
    assert (found["boxes"]["1"], found["boxes"]["6"]) == ("20.00", "100")


def test_what_this_ledger_is_not_told_is_null_and_says_why() -> None:
    found = boxes(british())
    assert {box for box, amount in found["boxes"].items() if amount is None} == {"2", "3", "4", "5", "7", "9"}
    why = {one["box"]: one["why"] for one in found["unknown"]}
    assert why["4"] == "tax on purchases is not recorded here: state `input_tax`"
    assert why["5"] == "box 3 or box 4 is not known"
    assert found["net"] is None


STATED = {"input_tax": "12.34", "purchases": "61.99", "acquisition_tax": "2.00", "acquisitions": "10.50"}


def test_all_nine_boxes_where_purchases_are_stated() -> None:
    """VAT Notice 700/12: 3 is 1 and 2, 5 the difference of 3 and 4; from 6 on whole pounds, pence left out."""
    found = boxes(british(net=10_099, tax=2020), **STATED)
    assert found["boxes"] == {
        "1": "20.20", "2": "2.00", "3": "22.20", "4": "12.34", "5": "9.86", "6": "100", "7": "61", "8": "0", "9": "10",
    }  # fmt: skip
    assert (found["net"], found["unknown"]) == ("pay", [])


def test_box_five_has_no_sign_and_says_which_way_it_goes() -> None:
    found = boxes(british(), **{**STATED, "input_tax": "100.00"})
    assert (found["boxes"]["5"], found["net"]) == ("78.00", "reclaim")


@pytest.mark.parametrize("unsaid", ["acquisition_tax", "input_tax"])
def test_box_five_is_known_only_where_both_its_sides_are(unsaid: str) -> None:
    found = boxes(british(), **{name: amount for name, amount in STATED.items() if name != unsaid})
    assert (found["boxes"]["5"], found["net"]) == (None, None)
    assert (found["boxes"]["3"] is None) is (unsaid == "acquisition_tax")


@pytest.mark.parametrize(
    ("changes", "amount"),
    [
        ({"origin": "XI", "country": "XI"}, "100"),
        ({"country": "XI"}, "100"),
        ({"origin": "GB"}, "0"),
        ({"origin": "XI", "country": "XI", "destination": "US"}, "0"),
        ({"origin": "XI", "country": "XI", "kind": "service"}, "0"),
    ],
)
def test_box_eight_is_goods_from_northern_ireland_to_member_states(changes: dict[str, str], amount: str) -> None:
    found = boxes(british(tax=0, rate="0", treatment="zero", **changes))
    assert (found["boxes"]["8"], found["boxes"]["6"]) == (amount, "100")


def filed(upto: int, label: str = "2026-Q3", on: date = date(2026, 10, 10), version: int = 1) -> Filed:
    period = read(label)
    assert period is not None
    return Filed(f"ret_{label}_{version}", label, period.first, period.last, version, upto, on)


SUMMER = date(2026, 9, 1)


def test_what_is_told_after_a_return_was_filed_is_put_right_in_the_next() -> None:
    """VAT Regulations 1995, reg. 34: an error up to GBP 10,000 of tax."""
    held, late = british(day=SUMMER, seq=5), british(day=SUMMER, seq=9)
    found = boxes(held, late, british(seq=10), filed=(filed(6),))
    assert (found["boxes"]["1"], found["boxes"]["6"]) == ("40.00", "200")
    assert (found["errors"]["vat_amount"], found["errors"]["included"]) == ("20.00", True)
    assert boxes(held, late, label="2026-Q3", filed=(filed(6),))["boxes"]["1"] == "20.00", "the filed one stands"
    assert boxes(held, late, british(seq=10), filed=(filed(6), filed(11, "2026-Q4")))["boxes"]["1"] == "40.00"
    assert boxes(held, late, label="2027-Q1", filed=(filed(6), filed(11, "2026-Q4")))["boxes"]["1"] == "0.00"
    assert boxes(held, late, label="2027-Q1", filed=(filed(6),))["errors"] is None, "only the next one"


@pytest.mark.parametrize(
    ("tax", "sales", "included"),
    [(1_000_000, 10_000, True), (1_000_001, 10_000, False), (1_000_001, 100_000_100, True), (5_000_001, 10**12, False)],
)
def test_larger_errors_are_told_separately(tax: int, sales: int, included: bool) -> None:
    """GBP 10,000, or a hundredth of box 6 up to GBP 50,000 (reg. 34(3))."""
    late = british(day=SUMMER, seq=9, tax=tax)
    found = boxes(late, british(seq=10, net=sales, tax=0), filed=(filed(6),))
    assert found["errors"]["included"] is included
    assert (found["boxes"]["1"] != "0.00") is included
    assert [one["difference"] for one in found["reconciliation"]] == ["0.00"]


def test_what_went_back_reduces_the_period_in_which_it_did() -> None:
    sold = british(day=date(2026, 9, 1))
    found = boxes(british(), back(sold, date(2026, 10, 1), tax=500, net=2_500))
    assert (found["boxes"]["1"], found["boxes"]["6"]) == ("15.00", "75")


def test_sales_in_other_currencies_leave_the_boxes_undecided() -> None:
    wanting = british(currency="USD")
    found = boxes(british(), wanting)
    assert (found["verdict"], found["boxes"]["1"], found["boxes"]["6"]) == ("undecided", None, None)
    assert found["undecided"] == [
        {"transaction": wanting.transaction_id, "line": "1", "missing": "fx.USD.GBP.2026-11-22"}
    ]


@pytest.mark.parametrize(
    ("label", "tax"), [("2026-11", "20.00"), ("2026-09..2026-11", "20.00"), ("2026-12..2027-02", "0.00")]
)
def test_stagger_groups_end_in_any_month(label: str, tax: str) -> None:
    assert boxes(british(), label=label)["boxes"]["1"] == tax


def test_a_british_return_is_reconciled_as_well() -> None:
    sold = british()
    found = boxes(sold, back(sold, date(2026, 12, 1), tax=100), sale())
    proof = {one["currency"]: one for one in found["reconciliation"]}
    assert (proof["GBP"]["this_return"], proof["GBP"]["difference"]) == ("19.00", "0.00")
    assert (proof["EUR"]["declared_elsewhere"], proof["EUR"]["difference"]) == ("5.50", "0.00")


# -- tables ------------------------------------------------------------------------------------------------------------


def read_csv(found: dict[str, Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table(found))))


def test_a_table_has_a_line_for_everything_in_the_return() -> None:
    old = sale(day=date(2026, 5, 1))
    lines = read_csv(oss(sale(), back(old, date(2026, 10, 2))))
    assert [line["section"] for line in lines[:4]] == ["supply", "correction", "balance", "total"]
    assert (lines[0]["country"], lines[0]["taxable_amount"], lines[0]["vat_amount"]) == ("FR", "100.00", "5.50")
    assert (lines[1]["period"], lines[1]["vat_amount"]) == ("2026-Q2", "-5.50")
    assert lines[3]["vat_amount"] == "0.00"
    assert lines[-1]["section"] == "reconciliation: difference"
    assert lines[-1]["vat_amount"] == "0.00"
    assert tuple(lines[0]) == COLUMNS


def test_an_undecided_amount_is_an_empty_cell_with_its_reason_and_never_a_zero() -> None:
    lines = read_csv(oss(sale(currency="CZK")))
    assert (lines[0]["vat_amount"], lines[0]["note"]) == ("", "undecided: an exchange rate is missing")
    assert next(line for line in lines if line["section"] == "total")["vat_amount"] == ""


def test_a_correction_outside_the_window_says_so_in_the_table() -> None:
    lines = read_csv(oss(back(sale(), date(2030, 2, 1)), period=quarter_of(date(2030, 2, 1)), today=date(2030, 4, 1)))
    assert "settle it with that State" in lines[0]["note"]


def test_the_boxes_are_a_table_as_well() -> None:
    lines = {line["section"]: line for line in read_csv(boxes(british()))}
    assert (lines["box 1"]["vat_amount"], lines["box 6"]["taxable_amount"]) == ("20.00", "100")
    assert "state `input_tax`" in lines["box 4"]["note"]
    stated = {line["section"]: line for line in read_csv(boxes(british(), **STATED))}
    assert [stated[f"box {box}"]["taxable_amount"] for box in "6789"] == ["100", "61", "0", "10"]
    assert [stated[f"box {box}"]["vat_amount"] for box in "12345"] == ["20.00", "2.00", "22.00", "12.34", "9.66"]


def test_no_cell_begins_like_a_formula() -> None:
    found = oss(sale(origin="=cmd"))
    assert read_csv(found)[0]["from"] == "'=cmd"
