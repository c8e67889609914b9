"""Any text as plain Latin letters, digits and spaces: what the eye cannot see is gone, what looks alike is alike.

Order: NFKC (Unicode Standard Annex 15), invisible and directional characters out, look-alikes between Latin, Cyrillic and Greek
to the script of their neighbours (after Unicode Technical Standard 39), abjads and Hangul by tables of our own, anyascii for
the rest.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

_UPPER: Final = "АВСЕНІЈКМОРЅТУХҮԚԜҼ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ"
_UPPER_LATIN: Final = "ABCEHIJKMOPSTYXYQWE" + "ABEZHIKMNOPTYXC"
_LOWER: Final = "авсенһіјкморѕтухүԁԛԝьпгҽ" + "αβεικνορτυχγηϲ"
_LOWER_LATIN: Final = "abcehhijkmopstyxydqwbnre" + "abeikvoptuxync"
_TO_LATIN: Final = str.maketrans(_UPPER + _LOWER, _UPPER_LATIN + _LOWER_LATIN)
_TO_CYRILLIC: Final = str.maketrans("ABCEHIJKMOPSTYXabcehijkmopstyx", "АВСЕНІЈКМОРЅТУХавсенијкморѕтух")
_EXACT: Final = frozenset(_UPPER + "асеһіјорѕухүԁԛԝҽ" + "αικνορτυχϲ")
"""Those that look alike so closely that a whole word of them cannot be told from a Latin one."""

_ARABIC: Final = str.maketrans({
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ع": "a", "ء": "", "ؤ": "u", "ئ": "i", "ى": "a", "ة": "a", "ۀ": "a",
    "و": "u", "ي": "i", "ی": "i", "ې": "i", "ھ": "h", "ہ": "h", "ه": "h", "ک": "k", "گ": "g", "پ": "p", "چ": "ch", "ژ": "zh",
    "ث": "th", "ج": "j", "خ": "kh", "ذ": "dh", "ش": "sh", "ض": "d", "ط": "t", "ظ": "z", "ص": "s", "غ": "gh", "ق": "q", "ټ": "t",
    "ډ": "d", "ړ": "r", "ښ": "sh", "ږ": "zh", "ڼ": "n", "ٹ": "t", "ڈ": "d", "ڑ": "r", "ں": "n", "ے": "e",
})  # fmt: skip
_ARABIC_START: Final = {"و": "w", "ي": "y", "ی": "y"}
_HEBREW: Final = str.maketrans({
    "א": "a", "ע": "a", "ו": "u", "י": "i", "ח": "h", "כ": "k", "ך": "k", "צ": "tz", "ץ": "tz", "ש": "sh", "פ": "p", "ף": "f",
    "ב": "b", "ק": "k", "ט": "t", "ת": "t",
})  # fmt: skip
_HANGUL_START: Final = {"g": "k", "b": "p", "d": "t"}
"""How family names begin in nearly every romanisation but the official one of 2000."""
_HANGUL_WHOLE: Final = {"i": "ri", "choe": "choi", "im": "rim", "an": "ahn"}

_JOINING: Final = "'’‘ʼʹʻʿʾ`´ʽ′"
"""Marks within a word: `Nu'man` is one word."""
_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u0640")
_HARAKAT: Final = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u05b0-\u05c7]")
_CASE_JOIN: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_KEPT: Final = re.compile(r"[^a-z0-9.@&+]+")
_MIXED: Final = re.compile(r"[a-z0-9@]*(?:[a-z][013458@]|[013458@][a-z])[a-z0-9@]*")
_DIGITS: Final = str.maketrans("03458@", "oeasba")
_VOWELS: Final = frozenset("aeiouy")


def latin(text: str) -> str:
    """Lower-case ASCII letters, digits, spaces, and the points of abbreviations.

    >>> latin("Влaдимир  O\u200bmar")
    'vladimir omar'
    """
    if text.isascii():
        return _tidy(text.lower().translate(_JOINED))
    return _folded(text)


_JOINED: Final = {ord(mark): None for mark in _JOINING}


@lru_cache(maxsize=1 << 14)
def _folded(text: str) -> str:
    plain = "".join(filter(_is_no_picture, _visible(unicodedata.normalize("NFKC", text)))).translate(_JOINED)
    words = plain.split()
    if any(not word.isascii() for word in words):
        words = _one_script(words)
    return _tidy(" ".join(map(_word, words)).lower().translate(_JOINED))


def _tidy(text: str) -> str:
    spaced = _KEPT.sub(" ", text)
    if not spaced.isalpha() and any(mark in spaced for mark in "013458@"):
        spaced = _MIXED.sub(_letters_for_digits, spaced)
    return " ".join(spaced.replace("@", " ").split())


def _visible(text: str) -> str:
    """Without what has no shape of its own: zero-width, directional, filling and selecting characters."""
    if text.isprintable() and not _INVISIBLE.intersection(text):
        return _HARAKAT.sub("", text)
    kept = []
    for char in text:
        kind = unicodedata.category(char)
        if char in _INVISIBLE or kind in ("Cf", "Cs", "Co", "Cn") or "\ufe00" <= char <= "\ufe0f":
            continue
        kept.append(" " if kind in ("Cc", "Zs", "Zl", "Zp") else char)
    return _HARAKAT.sub("", "".join(kept))


def _is_no_picture(char: str) -> bool:
    """Pictures have names in Latin letters, and are nobody's name."""
    return char.isascii() or unicodedata.category(char) != "So"


def _script(char: str) -> str:
    if char < "\u0250" or "\u1e00" <= char <= "\u1eff":
        return "latin" if char.isalpha() else ""
    if "\u0370" <= char <= "\u03ff":
        return "greek"
    if "\u0400" <= char <= "\u052f":
        return "cyrillic"
    return "other" if char.isalpha() else ""


def _one_script(words: list[str]) -> list[str]:
    """Each word in one script: look-alikes follow the letters around them, or else the words around them."""
    scripts = [[script for char in word if (script := _script(char))] for word in words]
    everywhere = [script for each in scripts for script in each]
    beside_latin = "latin" in everywhere
    return [_of_one_script(word, found, beside_latin) for word, found in zip(words, scripts, strict=True)]


def _of_one_script(word: str, scripts: list[str], beside_latin: bool) -> str:
    kinds = set(scripts)
    if kinds <= {"latin"} or "other" in kinds:
        return word
    if kinds in ({"cyrillic"}, {"greek"}):
        return (
            word.translate(_TO_LATIN)
            if beside_latin and _EXACT.issuperset(char for char in word if char.isalpha())
            else word
        )
    foreign = [char for char in word if _script(char) in ("cyrillic", "greek")]
    if "greek" in kinds or scripts.count("latin") * 2 >= len(scripts) or _EXACT.issuperset(foreign):
        return word.translate(_TO_LATIN)
    return word.translate(_TO_CYRILLIC)


def _word(word: str) -> str:
    """One word in Latin letters; syllables of Han and Hangul stay apart."""
    if word.isascii():
        return word
    first = word[0]
    if "\u0600" <= first <= "\u06ff" or "\u0750" <= first <= "\u077f":
        return _arabic(word)
    if "\u0590" <= first <= "\u05ff":
        return anyascii(("v" + word[1:] if first == "ו" else word).translate(_HEBREW))
    if "\uac00" <= first <= "\ud7a3":
        return _hangul(word)
    if "\u3400" <= first <= "\u9fff":
        return _CASE_JOIN.sub(" ", anyascii(word))
    return anyascii(word)


def _arabic(word: str) -> str:
    article = ""
    if word.startswith("ال") and len(word) > 4:
        article, word = "al ", word[2:]
    word = word.replace("تش", "چ")
    start = _ARABIC_START.get(word[0])
    return article + anyascii((start + word[1:] if start else word).translate(_ARABIC))


def _hangul(word: str) -> str:
    """Revised romanisation brought nearer to how names are written: 김정은 -> kim jong un."""
    syllables = _CASE_JOIN.sub(" ", anyascii(word)).lower().split()
    first = syllables[0]
    syllables[0] = _HANGUL_WHOLE.get(first) or _HANGUL_START.get(first[0], first[0]) + first[1:]
    return " ".join(one.replace("eo", "o").replace("eu", "u") for one in syllables)


def _letters_for_digits(found: re.Match[str]) -> str:
    """`v1ad1m1r`, `0mar`: digits that stand in a word for letters. `a320` and `mi6` keep theirs, and so does `1st`."""
    word = found[0]
    letters = sum(char.isalpha() for char in word)
    if letters < 3 or letters * 2 <= len(word) or word.rstrip("0123456789").isalpha():
        return word.replace("@", "a")
    if "1" in word:
        word = "".join(_one(word, at) if char == "1" else char for at, char in enumerate(word))
    return word.translate(_DIGITS)


def _one(word: str, at: int) -> str:
    """A 1 is an l beside a vowel and an i between consonants."""
    beside = word[max(at - 1, 0) : at] + word[at + 1 : at + 2]
    return "l" if _VOWELS.intersection(beside) else "i"
