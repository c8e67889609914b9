"""Templates of the pages: Jinja2, everything escaped, one environment a language."""

from __future__ import annotations

import json
import secrets
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api import __version__
from api.console.assets import asset
from api.console.menu import SECTIONS
from api.console.page import link
from api.console.showing import Showing
from api.console.vocabulary import Vocabulary
from api.console.wording import LANGUAGES, locale_of, translations

if TYPE_CHECKING:
    from api.console.page import Page

_FOLDER: Final = Path(__file__).parent / "templates"


class Templates:
    """Renders pages."""

    def render(self, page: Page, name: str, values: dict[str, Any]) -> str:
        """A template with its values, and what every page has."""
        theme = page.request.cookies.get("lexgate_theme", "")
        shared = {
            "page": page,
            "may": page.may,
            "language": page.language,
            "theme": theme if theme in ("light", "dark") else "",
            "section": "",
            "here": page.request.url.path + (f"?{page.request.url.query}" if page.request.url.query else ""),
            "fragment": page.fragment,
        }
        return _environment(page.language).get_template(name).render({**shared, **values})


@cache
def _environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(Showing(locale_of(language), language).filters())
    made.filters.update(Vocabulary(language).filters())
    made.filters["as_json"], made.filters["slug"] = _as_json, _slug
    made.globals.update(
        asset=asset, link=link, once=_once, sections=SECTIONS, languages=LANGUAGES, version=__version__
    )  # fmt: skip
    return made


def _once() -> Markup:
    """A field whose value becomes the Idempotency-Key: sent twice, a form acts once."""
    return Markup('<input type="hidden" name="once" value="{}">').format(secrets.token_urlsafe(18))


def _slug(text: str) -> str:
    """An identity of an element: letters of any script, digits and dashes."""
    return "-".join("".join(char if char.isalnum() else " " for char in text.lower()).split())


def _as_json(value: Any) -> str:
    """For an attribute that a script reads; the template escapes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
