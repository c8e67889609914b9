"""An item as a whole: never an error, always evidence."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.read.folding import lowered, plain_signs
from ingest.read.model import Reading, Status
from ingest.read.pipelines import Pipelines, blank
from ingest.read.reading import READ_UP_TO, Reader
from tests.ingest.read.items import PUBLISHED, Everything, read, reader

PIECES = st.sampled_from([
    "from 19 % to 22 %", "EUR 1.000,00", "1 January 2027", "2027年1月1日", "由6%调整为9%", "Directive (EU) 2015/2366", "Art. 5(1)", "withdrawn", "not", "§ 12 Abs. 2 UStG", "Rp2 juta", "ngày 01/01/2027", "\u200b", "\u202e", "\x00", "İ", "ß", "ﬀ",
    "《", "》", "(", ")", "%", ",", ".", "\n", " ", "\u00a0", "百分之", "90 days", "FATF", "Kuwait, Nepal, Chad", "on the twentieth day following that of its publication", "published on 31 December 2099", "𝟏𝟐 %", "٣٪", "12٫5 %", "²", "Ⅻ", "31 CFR 1010.311",
])  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(PIECES, max_size=30).map(" ".join), st.lists(PIECES, max_size=30).map("".join)
)


def spans(item: Reading) -> list[tuple[int, int]]:
    pairs = [one for pair in item.pairs for one in (pair, pair.new, *([pair.old] if pair.old else []))]
    found = [
        one.span
        for group in (pairs, item.quantities, item.dates, item.instruments, item.regulators, item.places, item.clauses)
        for one in group
    ]
    found += [one for one in (item.status_span, item.corrects) if one is not None]
    return [(one.start, one.end) for one in found]


@settings(max_examples=150, deadline=None)
@given(
    TEXTS, TEXTS, st.sampled_from([None, "en", "zh", "de", "xx"]), st.sampled_from([None, "US", "DE", "EU", "CN", "??"])
)
def test_anything_is_read_and_every_span_is_of_the_text(
    title: str, text: str, language: str | None, place: str | None
) -> None:
    item = read(text, title=title, language=language, place=place)
    assert item.text == f"{title}\n{text}"
    assert all(0 <= start <= end <= len(item.text) for start, end in spans(item))
    assert item == read(text, title=title, language=language, place=place)


@given(st.text(max_size=200))
def test_the_plain_and_the_lowered_text_are_as_long_as_the_text(text: str) -> None:
    assert len(plain_signs(text)) == len(text) == len(lowered(plain_signs(text)))


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "(",
        "%",
        "1,",
        "1.1 % ",
        "from 1 % to 2 % ",
        "Art. 5 ",
        "A",
        "Ab ",
        "《",
        "1 January ",
        "第一条",
        "百分之",
        "licence of ",
        "will not ",
        " ",
        "\n",
        "EUR 1 000 ",
        "a.",
        "http://",
        "1/",
        "2027-",
        "§ 1 ",
    ],
)
def test_hostile_text_is_read_to_its_end(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    item = read(text, language=None)
    assert len(item.text) == len(text) + 1
    assert all(end <= READ_UP_TO for _, end in spans(item))


def test_what_is_quoted_is_what_was_read() -> None:
    item = read(
        "The rate rises from 19 % to 22 % on 1 January 2027 under Regulation (EU) 2024/886.", title="VAT", place="EE"
    )
    (pair,), (day,), (law,) = item.pairs, item.dates, item.instruments
    assert item.quoted(pair.span) == "19 % to 22 %"
    assert item.quoted(day.span) == "1 January 2027"
    assert item.quoted(law.span) == "Regulation (EU) 2024/886"


def test_full_width_and_unusual_spaces_are_read_and_quoted_as_they_stand() -> None:
    item = read("The rate rises from 19\u00a0% to 22\u202f%.", place="EE")
    assert [(one.old and one.old.value, one.new.value) for one in item.pairs] == [(19, 22)]
    assert item.quoted(item.pairs[0].span) == "19\u00a0% to 22\u202f%"


def test_an_irrelevant_item_is_irrelevant() -> None:
    item = reader(relevant=False).read(
        "Holiday hours", "The office is closed on Friday.", published=PUBLISHED, language="en", jurisdiction="GB"
    )
    assert (item.status, item.relevant, item.topics) == (Status.IRRELEVANT, False, ())


def test_plain_law_is_kept_though_the_classifier_would_throw_it_away() -> None:
    text = (
        "Parliament adopted the Finance Act 2026. The rate is raised from 20 % to 22 % with effect from 1 January 2027."
    )
    item = reader(relevant=False).read("VAT", text, published=PUBLISHED, language="en", jurisdiction="GB")
    assert (item.status, item.relevant, item.relevance) == (Status.IN_FORCE_SCHEDULED, True, 0)


def test_a_plan_is_not_kept_against_the_classifier() -> None:
    text = "The minister plans to raise the rate of the Finance Act 2026 from 20 % to 22 % with effect from 1 January 2027."
    item = reader(relevant=False).read("VAT", text, published=PUBLISHED, language="en", jurisdiction="GB")
    assert item.status is Status.IRRELEVANT


def test_what_stands_after_the_first_pages_is_not_looked_at() -> None:
    item = read("x " * READ_UP_TO + "The rate rises from 19 % to 22 %.", place="GB")
    assert item.pairs == ()


def test_regulators_of_the_directory_are_known() -> None:
    known = Reader(
        Everything(),
        regulators=[
            ("Bank of Moria", "NZ"),
            ("Financial Commission", "AG"),
            ("Financial Commission", "VG"),
            ("Bank", "GB"),
        ],
    )
    item = known.read(
        "",
        "The Bank of Moria and the Financial Commission wrote to the Bank.",
        published=None,
        language="en",
        jurisdiction=None,
    )
    assert [one.name for one in item.regulators] == ["Bank of Moria"]


def test_a_text_of_an_unknown_language_is_read_by_what_all_write_alike() -> None:
    item = read(
        "Käibemaksu standardmäär tõuseb 22 % -> 24 % alates 2027-07-01, direktiiv 2006/112/EC.",
        language="et",
        place="EE",
        published=date(2026, 11, 2),
    )
    assert item.language == "et"
    assert [(one.old and one.old.value, one.new.value) for one in item.pairs] == [(22, 24)]
    assert [one.day for one in item.dates] == [date(2027, 7, 1)]


@pytest.mark.parametrize("language", ["en", "es", "fr", "de", "pt", "zh", "id", "vi", "it", "nl", "pl", "und"])
def test_every_language_has_a_pipeline_with_sentences(language: str) -> None:
    doc = blank(language)("One 5 %.\nTwo.")
    assert [one.text.strip() for one in doc.sents] == ["One 5 %.", "Two."]


def test_a_pipeline_gives_tokens_and_names_at_their_places() -> None:
    pipeline = Pipelines().of("vi")
    text = "Ngân hàng Nhà nước, Việt Nam."
    names = pipeline.names(text)
    assert [text[span.start : span.end] for span, _ in names.places] == ["Việt Nam"]
    assert len(pipeline.document(text).text) == len(text)


def test_a_pipeline_that_has_met_many_words_is_built_anew_and_reads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.read.pipelines.NEW_WORDS", 10)
    pipeline = Pipelines().of("en")
    for at in range(30):
        assert [place for _, place in pipeline.names(f"word{at} other{at} of Belgium").places] == ["BE"]


def test_decomposed_letters_are_read_as_composed_ones() -> None:
    text = unicodedata.normalize("NFC", "Le taux passe de 10 % à 12 % à compter du 1er août 2027.")
    assert len(read(text, language="fr", place="FR").pairs) == 1
