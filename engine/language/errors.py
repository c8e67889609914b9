"""What can be wrong with an expression.

LanguageError
├── ParseError      the text is not an expression of the language
└── TypeFault       the expression does not mean anything: an unknown name, two kinds that do not compare, ...

Each carries a stable code, the column in the expression (from 1), a sentence, and where possible what was probably meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches


class LanguageError(ValueError):
    """An expression that cannot be used. Nothing else is ever raised for a pack author's text."""

    def __init__(self, code: str, message: str, column: int = 1, hint: str | None = None):
        super().__init__(message + (f" {hint}" if hint else ""))
        self.code = code
        self.message = message
        self.column = column
        self.hint = hint


class ParseError(LanguageError):
    """The text is not an expression of the language."""


class TypeFault(LanguageError):
    """The expression is well formed and means nothing."""


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A closing question with the nearest known names, or None.

    >>> did_you_mean("payment.chanel", ["payment.channel", "amount"])
    'Did you mean payment.channel?'
    """
    near = get_close_matches(word, list(known), n=3, cutoff=0.7)
    if near:
        near = [name for name in near if _letters_off(word, name) <= _letters_off(word, near[0]) + 1]
    else:
        tail = word.rpartition(".")[2]
        near = [name for name in known if name.rpartition(".")[2] == tail][:3]
    return f"Did you mean {' or '.join(near)}?" if near else None


def _letters_off(word: str, name: str) -> int:
    same = sum(block.size for block in SequenceMatcher(a=word, b=name).get_matching_blocks())
    return max(len(word), len(name)) - same
