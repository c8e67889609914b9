"""Two releases compared: what changed in the text, and what that means for payments."""

from engine.diffs.compare import compare
from engine.diffs.model import (
    Act,
    Change,
    Comparison,
    Counterexample,
    Kind,
    Meaning,
    Verdict,
    Why,
    domains_touched,
    touches_statute,
)

__all__ = [
    "Act",
    "Change",
    "Comparison",
    "Counterexample",
    "Kind",
    "Meaning",
    "Verdict",
    "Why",
    "compare",
    "domains_touched",
    "touches_statute",
]
