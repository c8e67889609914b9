"""Bytes that say one thing and are another, made such that a parser takes them. What was mended is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8", True), (b"\xff\xfe\x00\x00", "utf-32-le", True), (b"\x00\x00\xfe\xff", "utf-32-be", True),
    (b"\xff\xfe", "utf-16-le", True), (b"\xfe\xff", "utf-16-be", True), (b"<\x00", "utf-16-le", False),
    (b"\x00<", "utf-16-be", False),
)  # fmt: skip
"""How a document begins, its encoding, whether it is a mark that was set on purpose (XML 1.0, appendix F)."""
_DECLARED: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_REFERENCE: Final = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,16})|([0-9]{1,16}));")
_CONTROLS: Final = bytes(one for one in range(32) if one not in (9, 10, 13))
"""Which XML does not allow in any way (XML 1.0, 2.2)."""
_UTF_8: Final = frozenset(("utf-8", "utf8", "us-ascii", "ascii"))
_OF_LANGUAGE: Final = {
    **dict.fromkeys(("be", "bg", "kk", "ky", "mk", "ru", "uk"), "windows-1251"),
    **dict.fromkeys(("cs", "hr", "hu", "pl", "ro", "sk", "sl"), "windows-1250"),
    **dict.fromkeys(("et", "lt", "lv"), "windows-1257"),
    "ar": "windows-1256", "el": "windows-1253", "he": "windows-1255", "ja": "cp932", "ko": "cp949", "th": "cp874",
    "tr": "windows-1254", "vi": "windows-1258", "zh": "gb18030",
}  # fmt: skip
"""The encoding of a language that is no UTF-8 (Encoding Standard, 4.2 and its table of legacy defaults)."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A document that a parser takes, and what was done to it."""

    body: bytes
    content_type: str
    faults: tuple[str, ...]


def mended(body: bytes, content_type: str, language: str | None) -> Mended:
    """A feed whose encoding is what it says, without what no parser takes. `language`: of the source, where it is known."""
    faults: list[str] = []
    body, content_type = _recoded(body, content_type, language, faults)
    if (plain := body.translate(None, _CONTROLS)) != body:
        faults.append(f"{len(body) - len(plain)} control characters were left out")
    return Mended(_REFERENCE.sub(_fit, plain), content_type, tuple(faults))


def _recoded(body: bytes, content_type: str, language: str | None, faults: list[str]) -> tuple[bytes, str]:
    for mark, encoding, told in _MARKS:
        if body.startswith(mark):
            if encoding == "utf-8":
                return body[len(mark) :], content_type
            if not told:
                faults.append(f"{encoding} without a mark")
            return _as_utf_8(body[len(mark) if told else 0 :].decode(encoding, "replace"), content_type)
    said = _DECLARED.match(body)
    charset = _CHARSET.search(content_type)
    names = {one.lower() for one in (charset[1] if charset else "", said[1].decode("ascii") if said else "") if one}
    legacy = _OF_LANGUAGE.get(language or "")
    if names <= _UTF_8 and legacy is not None:
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            faults.append(f"it is no UTF-8 and was read as {legacy}, as its language is written")
            return _as_utf_8(body.decode(legacy, "replace"), content_type)
    return body, content_type


def _as_utf_8(text: str, content_type: str) -> tuple[bytes, str]:
    kind = content_type.partition(";")[0].strip() or "application/xml"
    return _DECLARATION.sub("", text).encode("utf-8", "replace"), f"{kind}; charset=utf-8"


def _fit(found: re.Match[bytes]) -> bytes:
    """A reference to a character; to what is none, to the sign for that."""
    code = int(found[1], 16) if found[1] else int(found[2])
    fit = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF
    return found[0] if fit else b"&#xFFFD;"
