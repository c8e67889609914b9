"""The tutorial of the shop in Shenzhen shows what is answered today, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.tutorial import COUNTRIES, PAGES, answer, written
from tests.shipped import read_once


@pytest.fixture(autouse=True, scope="module")
def _law_is_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        read_once(patch, "scripts.tutorial")
        yield


@pytest.mark.parametrize("locale", PAGES)
def test_the_page_shows_what_is_answered(locale: str) -> None:
    text = PAGES[locale].read_text(encoding="utf-8")
    assert text == written(text, locale), "run python scripts/tutorial.py"
    for country in COUNTRIES:
        assert f"<!-- request {country} -->" in text
        assert f"<!-- answer {country} -->" in text


@pytest.mark.parametrize(
    ("country", "outcome", "turns_on"),
    [
        ("de", "allow", ("tax", "total", "14.21")),
        ("br", "challenge", ("method", "verdict", "ok")),
        ("id", "allow", ("residency", "verdict", "allow_with_mechanism")),
        ("in", "review", ("residency", "verdict", "deny")),
        ("us", "allow", ("residency", "verdict", "allow")),
        ("ng", "collect", ("kyc", "verdict", "collect")),
    ],
)
def test_the_story_is_told_as_it_happens(country: str, outcome: str, turns_on: tuple[str, str, str]) -> None:
    found = answer(country, "en")
    part, key, value = turns_on
    assert (found["outcome"], found[part][key]) == (outcome, value)


def test_sentences_are_in_the_language_of_the_page_and_codes_are_not() -> None:
    english, chinese = answer("ng", "en"), answer("ng", "zh")
    assert english["message"] != chinese["message"]
    assert [one["field"] for one in english["kyc"]["collect"]] == [one["field"] for one in chinese["kyc"]["collect"]]
    assert english["residency"] == chinese["residency"]
