"""Every sentence of the pages is there in every language, with the same values in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from api.console.vocabulary import DOMAINS
from api.console.wording import LANGUAGES, translations

_ROOM = Path(__file__).parents[2] / "api/console"
_VALUE = re.compile(r"%\((\w+)\)[sd]")
_PYTHON = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
_MENU = re.compile(r'Section\("\w+", "[^"]*", "([^"]+)"')


def _sentences() -> Iterator[tuple[str, str]]:
    """Each sentence, with the file that says it."""
    for file in sorted((_ROOM / "templates").rglob("*.html")):
        with file.open("rb") as opened:
            found = extract("jinja2.ext:babel_extract", opened, keywords={"_": None, "gettext": None, "ngettext": (1, 2)},
                            options={"trimmed": "false", "silent": "false", "extensions": "jinja2.ext.i18n",
                                     "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"})  # fmt: skip
            for _, message, _, _ in found:
                for text in message if isinstance(message, tuple) else (message,):
                    yield text, file.name
    for file in sorted(_ROOM.rglob("*.py")):
        with file.open("rb") as opened:
            for _, message, _, _ in extract("python", opened, keywords=_PYTHON):
                for text in message if isinstance(message, tuple) else (message,):
                    if text:
                        yield text, file.name
    for label in _MENU.findall((_ROOM / "menu.py").read_text(encoding="utf-8")):
        yield label, "menu.py"


@cache
def _said() -> dict[str, str]:
    return dict(_sentences())


def _others() -> list[str]:
    return [language for language in LANGUAGES if language != "en"]


def test_there_are_sentences():
    assert len(_said()) > 60
    assert DOMAINS["aml"] in _said()


@pytest.mark.parametrize("language", _others())
def test_every_sentence_is_translated(language):
    catalogue = translations(language)
    missing = [f"{file}: {text}" for text, file in _said().items() if catalogue.gettext(text) == text and _words(text)]
    assert not missing, (
        f"{len(missing)} without a translation, put them into locale/{language}/<page>.po:\n" + "\n".join(missing)
    )


@pytest.mark.parametrize("language", _others())
def test_a_translation_has_the_values_of_its_sentence(language):
    catalogue = translations(language)
    wrong = [text for text in _said() if set(_VALUE.findall(text)) != set(_VALUE.findall(catalogue.gettext(text)))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", _others())
def test_no_two_files_translate_one_sentence_differently_and_none_is_left_over(language):
    told: dict[str, str] = {}
    for file in sorted((_ROOM / "locale" / language).glob("*.po")):
        with file.open("rb") as opened:
            for message in read_po(opened, locale=language):
                for text in (message.id if isinstance(message.id, tuple) else (message.id,)) if message.id else ():
                    first = message.string[0] if isinstance(message.string, tuple) else message.string
                    assert told.setdefault(text, first) == first, f"{file.name}: {text}"
                    assert text in _said(), f"{file.name}: nothing says {text!r}"


def _words(text: str) -> bool:
    """Whether there is something to translate: codes, signs and names are the same everywhere."""
    return bool(re.search(r"[a-z]{3}", _VALUE.sub("", text)))
