"""A table of past payments is read as the wire reads one: what is no payment is left out by its number, nothing is guessed."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from engine.backtest import BadTable, Payments, read_table
from engine.money import Money

HEAD = "amount,currency,payment.instrument,occurred_at,payer.country"
ROW = "25.00,EUR,card,2026-10-01T10:00:00+02:00,DE"


def table(*rows: str, head: str = HEAD) -> pl.DataFrame:
    """A CSV file."""
    return pl.read_csv(io.StringIO("\n".join((head, *rows)) + "\n"), infer_schema=False)


def left_out(*rows: str, head: str = HEAD) -> list[tuple[str, str]]:
    """The rows that were left out, and why."""
    return [(one.ref, one.reason) for one in read_table(table(*rows, head=head))[1]]


def read(*rows: str, head: str = HEAD) -> Payments:
    """The payments, where all rows are some."""
    payments, missing = read_table(table(*rows, head=head))
    assert missing == []
    return payments


def test_a_row_is_read_as_the_wire_reads_it() -> None:
    facts = read(ROW).facts_at([0])[0]
    assert facts["amount"] == Money(Decimal("25.00"), "EUR")
    assert facts["occurred_at"].isoformat() == "2026-10-01T10:00:00+02:00"
    assert (facts["kind"], facts["asked_by"]) == ("sale", "merchant")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("12.345,EUR,card,2026-10-01T10:00:00+02:00,DE", "amounts_refused"),
        ("-1,EUR,card,2026-10-01T10:00:00+02:00,DE", "negative_amount"),
        ("1e3,EUR,card,2026-10-01T10:00:00+02:00,DE", "decimal_form"),
        ("1.00,XXX,card,2026-10-01T10:00:00+02:00,DE", "amounts_refused"),
        ("1.00,EUR,barter,2026-10-01T10:00:00+02:00,DE", "literal_error"),
        ("1.00,EUR,card,2026-10-01T10:00:00,DE", "instant_form"),
        ("1.00,EUR,card,2026-10-01T10:00:00+02:00,ZZ", "unknown_place"),
        ("1.00,EUR,card,2026-10-01T10:00:00+02:00,", "country_missing"),
        ("1.00,EUR,card,,DE", "missing"),
    ],
)
def test_what_is_no_payment_is_left_out_with_its_number(row: str, reason: str) -> None:
    assert left_out(ROW, row, ROW) == [("2", reason)]


def test_rows_are_numbered_from_where_the_chunk_begins() -> None:
    payments, missing = read_table(table(ROW, "x,EUR,card,2026-10-01T10:00:00+02:00,DE"), 1001)
    assert payments.frame["row"].to_list() == [1001]
    assert [one.ref for one in missing] == ["1002"]


def test_a_misspelt_column_refuses_the_table() -> None:
    with pytest.raises(BadTable, match=r"There is no column payer\.contry\. Did you mean payer\.country"):
        read_table(table(ROW, head=HEAD.replace("payer.country", "payer.contry")))


def test_a_list_of_objects_is_no_column() -> None:
    with pytest.raises(BadTable, match="There is no column lines"):
        read_table(table(ROW + ",x", head=HEAD + ",lines"))


def test_without_an_amount_there_is_no_payment() -> None:
    with pytest.raises(BadTable, match="The column amount is missing"):
        read_table(pl.DataFrame({"currency": ["EUR"]}))


def test_an_amount_beside_the_payment_needs_its_own_currency() -> None:
    head = HEAD + ",payment.since_authenticated.amount,payment.since_authenticated.currency"
    assert left_out(ROW + ",40.00,EUR", ROW + ",40.00,", head=head) == [("2", "amounts_refused")]


def test_lists_and_truths_are_written_as_text() -> None:
    payments = read(
        ROW + ",unusual_device;malware,TRUE,0", head=HEAD + ",payment.risk.signals,payment.own_account,label"
    )
    facts = payments.facts_at([0])[0]
    assert facts["payment.risk.signals"] == ("unusual_device", "malware")
    assert facts["payment.own_account"] is True
    assert payments.frame["label"].to_list() == [False]


def test_a_label_is_true_false_or_nothing() -> None:
    assert left_out(ROW + ",maybe", ROW + ",", ROW + ",1", head=HEAD + ",label") == [("1", "label")]


def test_a_region_lies_in_its_country() -> None:
    assert left_out(ROW + ",DE-BY", ROW + ",US-CA", head=HEAD + ",payer.region") == [("2", "other_country")]


def test_types_of_parquet_are_taken_as_they_are() -> None:
    frame = pl.DataFrame(
        {
            "amount": pl.Series([Decimal("25.00")], dtype=pl.Decimal(12, 2)),
            "currency": ["EUR"],
            "payment.instrument": ["card"],
            "occurred_at": pl.Series([datetime(2026, 10, 1, 8, tzinfo=UTC)], dtype=pl.Datetime("us", "UTC")),
            "payer.country": ["UK"],
            "payer.date_of_birth": [date(1990, 5, 1)],
            "payment.risk.signals": [["malware"]],
            "payment.installments": [3],
            "label": [True],
        }
    )
    facts = read_table(frame)[0].facts_at([0])[0]
    assert facts["payer.country"] == "GB"
    assert facts["payment.installments"] == 3
    assert facts["payer.date_of_birth"] == date(1990, 5, 1)
    assert facts["payment.risk.signals"] == ("malware",)


def test_a_time_without_its_offset_is_no_instant() -> None:
    frame = table(ROW).with_columns(pl.Series("occurred_at", [datetime(2026, 10, 1, 8)]))  # noqa: DTZ001  as files have it
    assert [one.reason for one in read_table(frame)[1]] == ["instant_form"]


def test_a_float_has_lost_cents_already() -> None:
    assert [one.reason for one in read_table(table(ROW).with_columns(amount=pl.lit(25.1)))[1]] == ["float_refused"]
