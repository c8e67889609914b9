"""Whose law is told of, and by whom."""

import pytest

from tests.ingest.read.items import read


@pytest.mark.parametrize(("language", "place", "title", "text", "first"), [
    ("en", "EU", "Belgian VAT on meals", "The Belgian parliament adopted the law.", "BE"),
    ("en", None, "South Africa raises VAT", "The rate rises.", "ZA"),
    ("en", "DE", "BaFin warns of dealings with Iran", "Banks must watch payments to Iran.", "DE"),
    ("en", "INT", "FATF grey list", "The FATF added Kuwait, Nepal and Bolivia to the list.", "INT"),
    ("en", "GB", "FCA rules", "The FCA has made rules.", "GB"),
    ("en", "US", "Colorado sales tax", "Colorado has amended its sales tax.", "US-CO"),
    ("en", "EU", "New rules", "The European Union adopted the regulation.", "EU"),
    ("de", None, "Österreich: neuer Steuersatz", "Der Nationalrat hat das Gesetz für Österreich beschlossen.", "AT"),
    ("fr", None, "Belgique : taux de TVA", "Le taux de TVA est modifié en Belgique.", "BE"),
    ("es", None, "México: límite", "El límite se modifica en México.", "MX"),
    ("pt", None, "Brasil: novo limite", "O limite do Pix no Brasil foi alterado.", "BR"),
    ("zh", None, "中国调整税率", "中国财政部调整了增值税税率。", "CN"),
    ("id", None, "Tarif pajak Indonesia", "Tarif pajak di Indonesia dinaikkan oleh pemerintah.", "ID"),
    ("vi", None, "Việt Nam: thuế", "Thuế suất ở Việt Nam được điều chỉnh từ năm sau.", "VN"),
])  # fmt: skip
def test_the_likeliest_place_stands_first(language: str, place: str | None, title: str, text: str, first: str) -> None:
    assert read(text, title=title, language=language, place=place).places[0].name == first


def test_a_text_that_names_no_place_has_that_of_its_source() -> None:
    item = read("The rate of VAT is raised.", place="EE")
    assert [one.name for one in item.places] == ["EE"]
    assert item.quoted(item.places[0].span) == ""


def test_no_place_is_made_up() -> None:
    assert read("The rate of VAT is raised.", place=None).places == ()


@pytest.mark.parametrize(("language", "text", "name"), [
    ("en", "The European Banking Authority published a text.", "EBA"), ("en", "FinCEN published a text about banks.", "FinCEN"), ("de", "Die BaFin hat einen Text veröffentlicht.", "BaFin"),
    ("es", "El Banco de España publicó un texto sobre bancos.", "Banco de España"), ("fr", "L'ACPR a publié un texte sur les banques.", "ACPR"), ("pt", "O Banco Central do Brasil publicou um texto.", "BCB"),
    ("zh", "中国人民银行发布了公告。", "PBOC"), ("id", "Otoritas Jasa Keuangan menerbitkan peraturan baru.", "OJK"), ("vi", "Ngân hàng Nhà nước Việt Nam ban hành thông tư mới.", "SBV"),
])  # fmt: skip
def test_a_regulator_has_its_short_name(language: str, text: str, name: str) -> None:
    assert name in [one.name for one in read(text, language=language).regulators]


def test_a_regulator_tells_the_place_where_nothing_else_does() -> None:
    assert [one.name for one in read("AUSTRAC has made a rule.", place=None).places] == ["AU"]
