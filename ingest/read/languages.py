"""Which language a text is in. `und` where that cannot be told: a reader of the wrong language reads wrong numbers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

UNKNOWN: Final = "und"
READ: Final = ("en", "es", "fr", "de", "pt", "zh", "id", "vi", "it", "nl", "pl")
"""Languages that have rules here; of others only what every language writes alike is read."""
_KNOWN: Final = (
    "en", "es", "fr", "de", "pt", "zh", "id", "vi", "it", "nl", "pl", "sv", "da", "no", "fi", "cs", "sk", "hu", "ro", "bg", "el",
    "et", "lv", "lt", "sl", "hr", "tr", "ru", "uk", "ar", "ja", "ko", "th", "ms",
)  # fmt: skip
_LONGEST: Final = 600
"""Characters that are looked at; more would only cost time."""
_SHORTEST: Final = 12
_CLEAR, _LIKELY, _CLAIMED = 85, 60, 8
"""Per cent of probability: clear evidence; enough where the source makes no claim; enough where it claims the language."""
_KIN: Final = {frozenset(("id", "ms")), frozenset(("pt", "es")), frozenset(("no", "da")), frozenset(("cs", "sk"))}
_TELLING: Final = {
    "id": re.compile(
        r"\b(?:pajak|peraturan|tahun|persen|bahwa|karena|uang|bisa|kantor|rupiah|menerbitkan|nomor|perusahaan)\b"
    ),
    "ms": re.compile(r"\b(?:cukai|peratus|syarikat|bahawa|kerana|wang|boleh|pejabat|ringgit|polisi|nombor)\b"),
    "pt": re.compile(r"\b(?:não|são|uma|dos|das|com|pelo|pela|ao|até|em|taxa|será|os|foi)\b|ção\b|ções\b"),
    "es": re.compile(r"\b(?:el|los|las|una|con|del|al|y|hasta|en|por|será|fue|según)\b|ción\b|ciones\b|ñ"),
}
"""Words that one of two neighbours has and the other has not."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_HANGUL: Final = re.compile(r"[\uac00-\ud7af]")
_THAI: Final = re.compile(r"[\u0e00-\u0e7f]")
_ENOUGH: Final = re.compile(rf"(?:[^\W\d_][\W\d_]*){{{_SHORTEST}}}")
_FEW_ARE_ENOUGH: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts that write a word in one or two letters."""
_BEYOND_LATIN: Final = "\u0300"
_LETTER: Final = re.compile(r"[^\W\d_]")
_VIETNAMESE: Final = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(_KNOWN)
    return found


def warm() -> None:
    """Load the model now: it takes most of a second."""
    _identifier()


def language_of(text: str, claimed: str | None = None) -> str:
    """ISO 639-1, or `und`. `claimed`: what the source says of itself; it settles what is not clear, and loses to what is.

    >>> language_of("The rate of VAT is raised from 20 % to 22 % with effect from 1 January.")
    'en'
    >>> language_of("21 %", "es")
    'und'
    """
    sample = text[:_LONGEST].lower()
    if not _ENOUGH.search(sample):
        return UNKNOWN if not _FEW_ARE_ENOUGH.search(sample) else _by_script(sample) or UNKNOWN
    if max(sample) >= _BEYOND_LATIN and (by_script := _by_script(sample)):
        return by_script
    ranked = [(str(name), round(probability * 100)) for name, probability in _identifier().rank(sample)[:4]]
    best, sure = ranked[0]
    if best != claimed:
        best = _between_kin(sample, ranked)
    if best == claimed:
        return best
    if claimed and sure < _CLEAR and dict(ranked).get(claimed, 0) >= _CLAIMED:
        return claimed
    return best if sure >= _LIKELY or (best in ("id", "pt", "es") and sure >= _LIKELY // 2) else UNKNOWN


def _by_script(sample: str) -> str | None:
    """Where the script alone tells."""
    letters = len(_LETTER.findall(sample))
    if len(_HANGUL.findall(sample)) * 2 > letters:
        return "ko"
    if len(_THAI.findall(sample)) * 2 > letters:
        return "th"
    kana, han = len(_KANA.findall(sample)), len(_HAN.findall(sample))
    if (kana + han) * 2 > letters:
        return "ja" if kana * 10 > han else "zh"
    if (kana + han) * 5 > letters and han >= 8:
        return "ja" if kana * 10 > han else "zh"
    if letters >= _SHORTEST and len(_VIETNAMESE.findall(sample)) * 10 > letters:
        return "vi"
    return None


def _between_kin(sample: str, ranked: list[tuple[str, int]]) -> str:
    """The best; of two that are easily taken for one another, the one whose own words are there."""
    (best, _), (second, probability) = ranked[0], ranked[1]
    if frozenset((best, second)) not in _KIN or probability < 2 or best not in _TELLING or second not in _TELLING:
        return best
    one, other = (len(_TELLING[name].findall(sample)) for name in (best, second))
    return second if other > one else best
