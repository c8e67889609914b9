"""One name in many spellings: what the list has is found however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.screening.alike import alike
from engine.screening.letters import latin
from engine.screening.names import name_of
from engine.screening.sounds import fold, shape, skeleton
from tests.screening.people import ORGANISATION, VESSEL, asked, found

HIDDEN = "\u200b\u200c\u200d\u2060\u00ad\ufeff\u202e\u2066\u034f"


@pytest.mark.parametrize(
    "written",
    [
        "Vladimir Sergeevich Tsiregov",
        "TSIREGOV, Vladimir",
        "Владимир Циregов",
        "Владимир Циреgов",
        "Wladimir Ziregow",
        "Wladimir Tsiregow",
        "Vladimir Tzireguov",
        "V. S. Tsiregov",
        "V1adimir Tsireg0v",
        "Vl\u0430dimir Tsireg\u043ev",
        "Vla\u200bdimir Tsi\u202eregov",
        "Mr Vladimir Tsiregov",
        "Vladimir Tsriegov",
        "Vladimir Tsireg",
        "VladimirSergeevich Tsiregov",
        "Volodya Tsiregov",
        "Ｖｌａｄｉｍｉｒ Ｔｓｉｒｅｇｏｖ",
    ],
)
def test_vladimir_is_found_however_he_is_written(written: str) -> None:
    assert "1" in found(asked(written))


@pytest.mark.parametrize(
    "written",
    [
        "Abdulrahman Yusuf al-Hadrawi",
        "Abdurrahman Youssef El Hadraoui",
        "Sheikh Abd al-Rahman Hadrawi",
        "عبد الرحمن يوسف الحضراوي",
        "Hadrawi, Abdel Rahman Yousuf",
        "Abderrahmane Yusuf Alhadrawi",
    ],
)
def test_the_servant_of_the_merciful_is_one_name_in_any_spelling(written: str) -> None:
    assert "2" in found(asked(written))


@pytest.mark.parametrize(
    "written",
    [
        "Velmora Shipping & Trading LLC",
        "VELMORA SHIPPING AND TRADING",
        "Trading and Shipping Velmora GmbH",
        "Velmora Shiping and Trading Limited Liability Company",
        "OOO Velmora Shipping Trading",
    ],
)
def test_a_company_is_the_same_under_any_legal_form(written: str) -> None:
    assert found(asked(written, ORGANISATION)) == ["3"]


@pytest.mark.parametrize("written", ["Sternfeld 8", "Sternfeld 17", "Sternfeld VIII"])
def test_another_number_is_another_ship(written: str) -> None:
    assert asked(written, VESSEL).verdict == "clear"
    assert found(asked("STERNFELD VII", VESSEL)) == ["4"]


@pytest.mark.parametrize(
    "nobody", ["Vladimir Petrovich Antonov", "Yusuf Demir", "Sergey Smirnov", "Abdulrahman Khan", "Marie Dubois"]
)
def test_a_given_name_in_common_is_not_a_match(nobody: str) -> None:
    assert asked(nobody).verdict == "clear"


def test_a_company_of_common_words_is_not_a_match() -> None:
    assert asked("Global Shipping and Trading Ltd", ORGANISATION).verdict == "clear"


def test_a_last_word_is_a_name_whatever_else_it_may_be() -> None:
    assert name_of("Bilal Das", True).parts == ("bilal", "das")
    assert name_of("Sarah King", True).parts == ("sarah", "king")
    assert name_of("King Sarah bin Das Omar", True).parts == ("sarah", "omar")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("OOO «Вымпел»", ("vympel",)),
        ("Unit 61398", ("unit", "61398")),
        ("S.A. Brouwerij N.V.", ("brouwerij",)),
        ("Limited Liability Company", ("limited", "liability", "company")),
    ],
)
def test_a_legal_form_is_taken_out_of_a_name_but_never_all_of_it(text: str, parts: tuple[str, ...]) -> None:
    assert name_of(text, False).parts == parts


def test_scripts_come_to_the_same_letters() -> None:
    assert latin("习近平") == "xi jin ping"
    assert latin("김정은") == "kim jong un"
    assert latin("Анатольевич") == "anatolevich"
    assert latin("الرحمن") == "al rhmn"
    assert latin("Łukasz Đorđević") == "lukasz dordevic"


def test_sounds_fold_and_shapes_fold() -> None:
    assert fold("youssef") == fold("yusef") == fold("jusef")
    assert skeleton("mohammed") == skeleton("muhammad") == "mhmd"
    assert shape("rnartin") == shape("martin")
    assert fold("zhang") != fold("yang")


@pytest.mark.parametrize(
    ("one", "other"), [("61398", "61389"), ("ali", "ala"), ("petrov", "sidorov"), ("a320", "a321")]
)
def test_other_words_are_not_alike(one: str, other: str) -> None:
    assert alike(one, other) < 7_400


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_becomes_plain_letters(text: str) -> None:
    plain = latin(text)
    assert plain.isascii()
    assert latin(plain) == plain or any(mark in text for mark in "@013458")


@given(st.data())
def test_what_cannot_be_seen_changes_nothing(data: st.DataObject) -> None:
    text = list("Vladimir Sergeevich Tsiregov")
    for _ in range(data.draw(st.integers(1, 8))):
        text.insert(data.draw(st.integers(0, len(text))), data.draw(st.sampled_from(HIDDEN)))
    assert asked("".join(text)).matches == asked("Vladimir Sergeevich Tsiregov").matches or found(
        asked("".join(text))
    ) == ["1"]


@given(st.permutations(["Abdulrahman", "Yusuf", "Hadrawi"]))
def test_the_order_of_parts_changes_no_score(words: list[str]) -> None:
    screened = asked(" ".join(words))
    assert [(match.entry.key, match.score) for match in screened.matches] == [("2", screened.matches[0].score)]
    assert screened.matches[0].score == asked("Abdulrahman Yusuf Hadrawi").matches[0].score


@given(st.text(min_size=4, max_size=12), st.text(min_size=4, max_size=12))
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
