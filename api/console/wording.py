"""Sentences of the pages by language: catalogues of gettext, one file a page, read at the start and never compiled."""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "zh": "简体中文"}
"""Those that the pages speak, in their own names. The message to the payer speaks more."""
_FOLDER: Final = Path(__file__).parent / "locale"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """What to say instead of English."""
    files = sorted((_FOLDER / language).glob("*.po"))
    if not files:
        return gettext.NullTranslations()
    whole = Catalog(locale=language)
    for file in files:
        with file.open("rb") as opened:
            for message in read_po(opened, locale=language):
                if message.id and message.string:
                    whole.add(message.id, message.string, context=message.context)
    packed = io.BytesIO()
    write_mo(packed, whole)
    packed.seek(0)
    return gettext.GNUTranslations(packed)


@cache
def locale_of(language: str) -> Locale:
    """For dates, numbers and names of countries."""
    return Locale.parse("zh_Hans_CN" if language == "zh" else "en_GB")


def chosen(said: str | None, accepted: str | None) -> str:
    """The language somebody chose, or the first that the browser asks for and that is spoken."""
    if said in LANGUAGES:
        return said
    for part in (accepted or "").split(","):
        language = part.partition(";")[0].strip().lower().partition("-")[0]
        if language in LANGUAGES:
            return language
    return "en"
