"""What the classifiers make of publications: cases written for this file, and what must hold of any text."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.read.classify import ABOUT, FOLDER, NUMBERS, Classifier, DamagedModel, load
from ingest.read.lexicon import BadLexicon, Lexicon, read
from ingest.read.model import ChangeType, Topic

RELEVANT = {
    "an English VAT rise": (
        "en",
        "VAT goes up in July\nParliament has passed the act that raises the standard rate of value added tax from 20% to 22%.",
        Topic.TAX,
        ChangeType.RATE,
    ),
    "a limit for contactless payments": (
        "en",
        "Contactless limit raised\nCustomers may pay up to EUR 60 without a PIN; strong customer authentication is needed above.",
        Topic.SCA,
        ChangeType.THRESHOLD,
    ),
    "new names on a list": (
        "en",
        "Sanctions list amended\nThree individuals and one entity were added to the sanctions list. Their assets are frozen.",
        Topic.SANCTIONS,
        ChangeType.LIST,
    ),
    "data that must stay": (
        "en",
        "Payment data to be stored in the country\nOperators must store payment data on servers located in the country.",
        Topic.RESIDENCY,
        ChangeType.DUTY,
    ),
    "a licence taken away": (
        "en",
        "Licence of a payment institution revoked\nThe authorisation was withdrawn since customer funds were not safeguarded.",
        Topic.LICENSING,
        ChangeType.NONE,
    ),
    "Spanish instant payments": (
        "es",
        "Transferencias inmediatas obligatorias\nLos proveedores de servicios de pago deberán ofrecer transferencias inmediatas.",
        Topic.METHODS,
        ChangeType.DUTY,
    ),
    "French laundering": (
        "fr",
        "Amende pour manquements à la lutte contre le blanchiment\nL'établissement de paiement n'a pas déclaré ses soupçons.",
        Topic.AML,
        ChangeType.NONE,
    ),
    "a German rate": (
        "de",
        "Mehrwertsteuer sinkt\nDer ermäßigte Steuersatz wird ab 1. Januar von 7 % auf 5 % gesenkt.",
        Topic.TAX,
        ChangeType.RATE,
    ),
    "Portuguese identification": (
        "pt",
        "Identificação de clientes a distância\nAs instituições devem verificar a identidade por videoconferência.",
        Topic.KYC,
        ChangeType.DUTY,
    ),
    "a Chinese tax rate": (
        "zh",
        "下调增值税税率\n自2027年1月1日起，增值税税率由9%降至8%。",
        Topic.TAX,
        ChangeType.RATE,
    ),
    "an Indonesian delay": (
        "id",
        "Penerapan open banking ditunda\nBatas waktu penerapan API terbuka diperpanjang sampai Desember 2027.",
        Topic.METHODS,
        ChangeType.DATE,
    ),
    "a Vietnamese ban": (
        "vi",
        "Cấm thu phụ phí thanh toán thẻ\nĐơn vị chấp nhận thanh toán không được thu phụ phí của khách hàng.",
        Topic.METHODS,
        ChangeType.PROHIBITION,
    ),
}

IRRELEVANT = {
    "a decision on interest": (
        "en",
        "Policy rate held at 4%\nThe monetary policy committee expects inflation to fall to 2%.",
    ),
    "figures of payments": (
        "en",
        "Payment statistics, third quarter\nThe number of card payments grew by 5% year on year.",
    ),
    "a fine for insider dealing": (
        "en",
        "Trader fined for insider dealing\nHe bought shares before a takeover was announced.",
    ),
    "a reminder": ("en", "Reminder: file your income tax return\nThe deadline is 30 April. Use the online portal."),
    "buffers of banks": (
        "de",
        "Antizyklischer Kapitalpuffer\nDie Banken müssen ab Juli 1 % Eigenkapital zusätzlich halten.",
    ),
    "a Spanish appointment": ("es", "Nombramiento\nSe nombra directora general de estadística a doña Ana Gil."),
    "French coins": ("fr", "Nouvelle pièce commémorative\nLa Monnaie frappe 10 000 pièces de collection."),
    "a Chinese holiday": ("zh", "春节放假通知\n办公大厅休息七天，咨询电话照常。"),
    "Indonesian interest": ("id", "Suku bunga acuan tetap\nRapat dewan gubernur memperkirakan inflasi terkendali."),
    "a Vietnamese conference": ("vi", "Hội thảo về giáo dục tài chính\nSinh viên tham dự tọa đàm tại trường đại học."),
}


@pytest.mark.parametrize("case", RELEVANT.values(), ids=RELEVANT.keys())
def test_a_change_of_payment_law_is_seen_for_what_it_is(case: tuple[str, str, Topic, ChangeType]) -> None:
    language, text, topic, change = case
    found = Classifier.shipped().scores(text, language)
    assert found.relevant
    assert topic.value in {one.name for one in found.topics}
    assert found.change is change


@pytest.mark.parametrize("case", IRRELEVANT.values(), ids=IRRELEVANT.keys())
def test_what_is_not_about_payment_law_is_left_out(case: tuple[str, str]) -> None:
    language, text = case
    found = Classifier.shipped().scores(text, language)
    assert not found.relevant
    assert found.topics == ()
    assert found.change is ChangeType.NONE


def test_topics_come_best_first() -> None:
    text = "Cash limit against money laundering\nPayments in cash above EUR 3,000 are prohibited to fight money laundering."
    scores = [one.score for one in Classifier.shipped().scores(text, "en").topics]
    assert scores == sorted(scores, reverse=True)
    assert scores


ODD = ("", "\n", " ", "\n\n\n", "7", "\ud800", "\x00", "x" * 100_000, "\u093c" * 50, "1" * 5000, "\u01c5\u202e%€")


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_any_text_gets_scores(text: str) -> None:
    _holds(text, "en")


@given(st.text(), st.sampled_from(["en", "vi", "zh", "und", "xx", ""]))
def test_scores_are_shares(text: str, language: str) -> None:
    _holds(text, language)


def _holds(text: str, language: str) -> None:
    found = Classifier.shipped().scores(text, language)
    assert 0 <= found.relevance <= 1
    assert 0 <= found.change_score <= 1
    assert all(0 <= one.score <= 1 for one in found.topics)
    assert bool(found.topics) is found.relevant


def test_what_comes_after_three_thousand_letters_is_not_looked_at() -> None:
    start = "Licence revoked\n" + "The payment institution has lost its authorisation. " * 80
    assert Classifier.shipped().scores(start, "en") == Classifier.shipped().scores(start + "VAT rises.", "en")


def test_a_text_gets_the_same_scores_after_others() -> None:
    classifier = load(FOLDER, Lexicon.shipped())
    text = RELEVANT["an English VAT rise"][1]
    first = classifier.scores(text, "en")
    for language, other, *_ in RELEVANT.values():
        classifier.scores(other, language)
    assert classifier.scores(text, "en") == first


def test_numbers_say_only_what_kind_they_are() -> None:
    classifier = Classifier.shipped()
    one = classifier.sums("VAT rises\nThe rate goes from 5% to 7%, the threshold from EUR 1,000 to EUR 2,500.", "en")
    other = classifier.sums(
        "VAT rises\nThe rate goes from 19% to 21.5%, the threshold from EUR 40 to EUR 100,000.", "en"
    )
    assert np.array_equal(one, other)


def test_a_language_that_was_not_told_is_read_with_all_words() -> None:
    found = Classifier.shipped().scores("Mehrwertsteuer steigt\nDer Normalsatz wird von 19 % auf 20 % erhöht.", "und")
    assert found.relevant


@pytest.mark.parametrize("name", [NUMBERS, ABOUT])
def test_a_model_without_a_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "model"))
    (folder / name).unlink()
    with pytest.raises(DamagedModel):
        load(folder, Lexicon.shipped())


def test_other_weights_than_were_written_down_are_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "model"))
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    (folder / ABOUT).write_text(json.dumps(about | {"weights": "0" * 64}), encoding="utf-8")
    with pytest.raises(DamagedModel, match="the weights have the digest"):
        load(folder, Lexicon.shipped())


def test_a_file_that_is_no_archive_of_numbers_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "model"))
    (folder / NUMBERS).write_bytes(b"not numbers")
    with pytest.raises(DamagedModel):
        load(folder, Lexicon.shipped())


def test_another_lexicon_than_was_learnt_with_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("[tax]\nvat: vat\n", encoding="utf-8")
    with pytest.raises(DamagedModel, match="lexicon"):
        load(FOLDER, read(tmp_path))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[tax]\nvat: vat\nvat: gst", "twice"),
        ("[tax]\nvat", "neither a group nor a concept"),
        ("[tax]\nvat: v*", "shorter than"),
        ("[tax]\nvat: ...", "no words"),
    ],
    ids=["twice", "no terms", "short stem", "no words"],
)
def test_a_bad_line_of_the_lexicon_is_told_with_its_place(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "en.txt").write_text(line, encoding="utf-8")
    with pytest.raises(BadLexicon, match=said):
        read(tmp_path)


def test_other_languages_have_no_concepts_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("[tax]\nvat: vat\n", encoding="utf-8")
    (tmp_path / "fr.txt").write_text("tva: tva\n", encoding="utf-8")
    with pytest.raises(BadLexicon, match=r"fr\.txt:1"):
        read(tmp_path)


def test_the_longest_term_wins_and_is_not_read_twice(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("[a]\nrate: rate\n[b]\nmoney: interest rate*\n", encoding="utf-8")
    lexicon = read(tmp_path)
    hits = lexicon.finder("en").hits(["interest", "rates", "and", "rate"])
    assert [(hit.at, lexicon.concepts[hit.concept]) for hit in hits] == [(0, "money"), (3, "rate")]
