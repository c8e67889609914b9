"""Instruments are known by their numbers, however they are written, and provisions by theirs."""

from __future__ import annotations

import pytest

from ingest.link.instruments import articles, keys
from ingest.link.words import stem, words_of


@pytest.mark.parametrize(("one", "other"), [
    ("Directive (EU) 2015/2366", "PSD2"),
    ("Directive (EU) 2015/2366 (PSD2)", "Directive (EU) 2015/2366 of 25 November 2015"),
    ("Regulation (EU) No 260/2012", "SEPA Regulation"),
    ("Lei 12.865/2013", "Lei nº 12.865, de 9 de outubro de 2013"),
    ("Value Added Tax Act 89 of 1991", "Act 89/1991"),
    ("Decree 356/2025/ND-CP", "Nghị định số 356/2025/NĐ-CP"),
    ("Geldwaeschegesetz (GwG 2017)", "GwG 2017"),
    ("Ley 19.913", "Law 19.913"),
    ("Undang-Undang Nomor 42 Tahun 2009", "UU 42/2009"),
    ("CBN circular PSS/DIR/PUB/CIR/001/004", "PSS/DIR/PUB/CIR/001/004"),
])  # fmt: skip
def test_two_spellings_of_one_instrument_share_a_key(one: str, other: str) -> None:
    assert keys(one) & keys(other)


@pytest.mark.parametrize(("one", "other"), [
    ("Directive (EU) 2015/2366", "Directive (EU) 2015/849"),
    ("Decree 356/2025/ND-CP", "Decree 53/2022/ND-CP"),
    ("Value Added Tax Act", "Income Tax Act"),
    ("Payment Services Regulations 2017", "Payment Services Regulations 2009"),
])  # fmt: skip
def test_two_instruments_share_none(one: str, other: str) -> None:
    assert not keys(one) & keys(other)


@pytest.mark.parametrize(("one", "other", "shared"), [
    ("Art. 16(2)", "Article 16 (2)", "16(2)"),
    ("Art. 11(a)", "Art. 11", "11"),
    ("§ 10", "par. 10(3)2b", "10"),
    ("s 65", "section 65", "65"),
    ("artículo 7", "Art. 7", "7"),
])  # fmt: skip
def test_a_provision_is_the_same_under_other_names(one: str, other: str, shared: str) -> None:
    assert shared in articles(one) & articles(other)


def test_article_16_is_not_article_61() -> None:
    assert not articles("Art. 16") & articles("Art. 61")


def test_short_words_of_names_are_written_out() -> None:
    assert {"due", stem("diligence"), "occasional"} <= words_of("cdd_occasional_threshold")
    assert stem("suspicious") in words_of("str_deadline")
