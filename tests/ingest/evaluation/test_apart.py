"""The labelled items are apart from what the classifiers are trained on: by publisher and by words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from rapidfuzz import fuzz

import ingest
from tests.ingest.evaluation.labelled import SECOND, items

TRAINING = Path(ingest.__file__).parent / "training"
WORDS = 14
"""In a row: as many as two may not share by chance or by a formula of the law."""
SIGNS = 28
"""The same for what is written without spaces."""
PUBLISHER = re.compile(r"^@ [A-Z]{2} \| (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def trained() -> str:
    texts = (path.read_bytes().decode("utf-8", "ignore") for path in sorted(TRAINING.rglob("*")) if path.is_file())
    return "\n".join(texts)


def runs(text: str) -> Iterator[str]:
    """Every row of words, or of signs, of a text."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if re.search(r"[\u4e00-\u9fff]", plain):
        signs = re.sub(r"\W+", "", plain)
        yield from (signs[at : at + SIGNS] for at in range(len(signs) - SIGNS + 1))
        return
    words = re.findall(r"\w+", plain)
    yield from (" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1))


def shared(texts: Iterator[tuple[str, str]], other: str) -> list[str]:
    """The names of the texts that have a row in common with another text."""
    plain = unicodedata.normalize("NFKC", other).casefold()
    words = re.findall(r"\w+", plain)
    rows = {" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1)}
    signs = re.sub(r"[^\u4e00-\u9fff\w]+", "", plain)
    rows |= {signs[at : at + SIGNS] for at in range(len(signs) - SIGNS + 1) if "\u4e00" <= signs[at] <= "\u9fff"}
    return [name for name, text in texts if any(row in rows for row in runs(text))]


@pytest.mark.slow
def test_no_labelled_text_stands_in_the_training_text(trained: str) -> None:
    assert shared(((item.id, item.text) for item in (*items(), *items(SECOND))), trained) == []


@pytest.mark.slow
def test_no_sealed_publisher_is_one_that_was_taught(trained: str) -> None:
    theirs = sorted(set(PUBLISHER.findall(trained)))

    assert len(theirs) > 100
    sealed = sorted({item.regulator for item in items() if item.sealed} | {item.regulator for item in items(SECOND)})
    # All words of one in the other: `Banque de France` and `Banque de France / ACPR` are one publisher.
    assert [(name, other) for name in sealed for other in theirs if fuzz.token_set_ratio(name, other) == 100] == []


@pytest.mark.parametrize("language", ["en", "zh", "vi"])
def test_a_copied_text_is_seen(language: str) -> None:
    item = next(one for one in items() if one.language == language)

    assert shared(iter([(item.id, item.text)]), f"Something else before.\n{item.text.upper()}\nAnd after.") == [item.id]
    assert (
        shared(iter([(item.id, item.text)]), "Nothing of it, in as many words as it takes to have some rows of words.")
        == []
    )
