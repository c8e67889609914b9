"""Which language a text is in."""

import pytest

from ingest.read.languages import language_of
from ingest.read.sentences import sentences


@pytest.mark.parametrize(("text", "language"), [
    ("The standard rate of value added tax is raised from 20 % to 22 % with effect from 1 January 2027.", "en"),
    ("El tipo general del impuesto sobre el valor añadido pasa del 21 % al 23 % a partir del 1 de enero de 2027.", "es"),
    ("Le taux normal de la taxe sur la valeur ajoutée passe de 20 % à 21 % à compter du 1er janvier 2027.", "fr"),
    ("Der allgemeine Steuersatz der Umsatzsteuer wird zum 1. Januar 2027 von 19 auf 21 Prozent erhöht.", "de"),
    ("A alíquota do imposto sobre bens e serviços passa de 18% para 20% a partir de 1º de janeiro de 2027.", "pt"),
    ("自2027年1月1日起，增值税税率由6%调整为9%。", "zh"),
    ("Tarif Pajak Pertambahan Nilai naik dari 11 persen menjadi 12 persen mulai tanggal 1 Januari 2027.", "id"),
    ("Thuế suất thuế giá trị gia tăng giảm từ 10% xuống 8% kể từ ngày 01/01/2027.", "vi"),
    ("L'aliquota dell'imposta sul valore aggiunto passa dal 22% al 23% a decorrere dal 1° gennaio 2027.", "it"),
    ("Het algemene btw-tarief wordt met ingang van 1 januari 2027 verhoogd van 21 naar 22 procent.", "nl"),
    ("Podstawowa stawka podatku od towarów i usług wzrasta z 23% do 24% od 1 stycznia 2027 r.", "pl"),
    ("消費税率は2027年1月1日から10%から12%に引き上げられます。", "ja"),
    ("부가가치세율은 2027년 1월 1일부터 인상됩니다.", "ko"),
    ("Kadar cukai perkhidmatan dinaikkan daripada 6 peratus kepada 8 peratus bagi syarikat kerana dasar baharu.", "ms"),
])  # fmt: skip
def test_a_sentence_is_enough(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "21 %", "VAT 22", "12.03.2027", "€ 50", "\u200b\u200b", "()[]{}", "§ 12"])
def test_what_is_too_short_to_tell_is_not_guessed(text: str) -> None:
    assert language_of(text, "es") == "und"


def test_clear_words_win_over_the_claim_of_the_source() -> None:
    assert language_of("The standard rate of value added tax is raised with effect from 1 January 2027.", "fr") == "en"


def test_the_claim_of_the_source_settles_what_is_not_clear() -> None:
    text = "Resolução nº 5 Circular 3.978 Banco Central"
    assert language_of(text, "pt") == "pt"


def test_the_same_text_has_the_same_language() -> None:
    text = "Bank Indonesia menerbitkan peraturan tentang sistem pembayaran dan uang elektronik."
    assert {language_of(text) for _ in range(3)} == {"id"}


@pytest.mark.parametrize(("language", "text", "count"), [
    ("en", "Under Art. 5 and No. 12 the limit is 30. It applies now.", 2), ("en", "The U.S. Treasury said so. It applies.", 2), ("en", "See sec. 4 para. 2 of the Act.", 1), ("en", "The rate is 2.5 % now. Next.", 2),
    ("de", "Nach Art. 5 Abs. 2 gilt z. B. der Satz am 1. Januar. Er steigt.", 2), ("fr", "L'art. 5 fixe le taux. Il s'applique.", 2), ("es", "El art. 5 fija el núm. 3. Se aplica.", 2), ("pt", "O art. 5 fixa o nº 3. Aplica-se.", 2),
    ("zh", "税率调整。自一月起施行。", 2), ("vi", "Thuế suất là 8%. Áp dụng từ tháng 7.", 2), ("id", "Sesuai No. 5 tarifnya 12%. Berlaku segera.", 2), ("en", "One line\nanother line", 2),
])  # fmt: skip
def test_sentences_survive_abbreviations(language: str, text: str, count: int) -> None:
    assert len(sentences(text, language)) == count


def test_sentences_leave_no_letter_out() -> None:
    text = "First. Second! Third?\nFourth"
    assert "".join(text[one.start : one.end] for one in sentences(text, "en")) == text
