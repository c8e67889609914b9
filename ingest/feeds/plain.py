"""HTML as plain text: what a reader would see, line by line."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

from selectolax.lexbor import LexborHTMLParser

_UNSEEN: Final = ("script", "style", "template", "noscript", "head", "svg", "nav", "form")
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r"\s*\n\s*")
_MARKUP: Final = re.compile(r"<[a-zA-Z!/]|&#?\w{2,8};")
_ELEMENT: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_TAG: Final = re.compile(r"<[^<>]*>")
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p", "li")
)
"""Elements that nobody must close."""
DEEPEST: Final = 1_000
_BLOCKS: Final = re.compile(r"<(?=/?(?:p|div|br|li|ul|ol|h[1-6]|tr|table|section|article|blockquote)\b)", re.IGNORECASE)


def plain(text: str) -> str:
    """Text without markup, its lines kept, spaces tidied, in one form of Unicode (NFC). What cannot be seen is left out.

    >>> plain("<p>From&nbsp;1 May: <b>19</b>&#37;</p><script>x()</script><p>Not 17.</p>")
    'From 1 May: 19%\\nNot 17.'
    """
    if _MARKUP.search(text):
        if is_too_deep(text):
            return tidy(html.unescape(_TAG.sub("\n", text)))
        tree = LexborHTMLParser(_BLOCKS.sub("\n<", text))
        tree.strip_tags(list(_UNSEEN), recursive=True)
        root = tree.body or tree.root
        text = root.text(separator="") if root is not None else ""
    return tidy(text)


def is_too_deep(text: str) -> bool:
    """Whether elements are nested as nobody writes them: a parser's time grows with the square of it."""
    depth = deepest = 0
    for found in _ELEMENT.finditer(text):
        if found[2].lower() not in _VOID:
            depth = max(0, depth - 1) if found[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest > DEEPEST


def tidy(text: str) -> str:
    """Spaces and lines as a reader sees them, without control and format characters."""
    kept = "".join(
        one
        for one in unicodedata.normalize("NFC", text)
        if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cf", "Cs")
    )
    return _LINES.sub("\n", _SPACES.sub(" ", kept)).strip()


def one_line(text: str) -> str:
    """The same, in one line: for titles."""
    return " ".join(plain(text).split())
