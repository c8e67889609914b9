"""Alternations sorted by their first letter find what they found before."""

from __future__ import annotations

import re

import pytest

from ingest.read.by_letter import alternatives, by_letter
from ingest.read.cue_words import CUES
from ingest.training.items import read


def test_only_the_outermost_bars_part_alternatives() -> None:
    assert alternatives(r"a|(?:b|c)d|[x|y]z|e\|f") == ["a", "(?:b|c)d", "[x|y]z", r"e\|f"]


def test_a_group_at_the_head_is_taken_apart_and_the_order_of_one_letter_is_kept() -> None:
    pattern, names = by_letter([("first", "(?:will|has to) pay|(?:not )?planned"), ("second", "plan|will")])

    found = re.compile(pattern)
    told = [found.match(words) for words in ("will pay", "has to pay", "not planned", "planned", "plan", "will")]

    assert [names[str(one.lastgroup)] for one in told if one is not None] == ["first"] * 4 + ["second"] * 2


@pytest.mark.parametrize("words", [r"\w+", "a?b", "(?:a)*b", "(?:a", "[ab]c"])
def test_what_may_begin_with_anything_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"begin|closed"):
        by_letter([("one", words)])


@pytest.mark.parametrize("language", sorted(CUES.keys() - {"zh"}))
def test_every_cue_is_found_where_it_was_found(language: str) -> None:
    named = [(f"c{at}", words) for at, (_, words) in enumerate(CUES[language])]
    pattern, names = by_letter(named)
    sorted_, plain = re.compile(rf"\b(?:{pattern})"), "|".join(f"(?P<{name}>{words})" for name, words in named)
    texts = [f"{one.title}\n{one.text}".lower() for one in read() if one.language == language][:150]

    assert len(texts) > 20
    for text in texts:
        assert [(one.span(), names[str(one.lastgroup)]) for one in sorted_.finditer(text)] == [
            (one.span(), one.lastgroup) for one in re.finditer(rf"\b(?:{plain})", text)
        ]
