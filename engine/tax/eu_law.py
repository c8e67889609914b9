"""The articles that the Union's procedure rests on, and how surely each was read. Numbers of the law live in the packs."""

from __future__ import annotations

from typing import Final

from engine.packs.model import Confidence
from engine.tax.model import Step

DIRECTIVE: Final = "Council Directive 2006/112/EC"
DIRECTIVE_URL: Final = "https://eur-lex.europa.eu/eli/dir/2006/112/oj"
REGULATION: Final = "Council Implementing Regulation (EU) No 282/2011"
REGULATION_URL: Final = "https://eur-lex.europa.eu/eli/reg_impl/2011/282/oj"

_LESS_SURE: Final = {
    "33, 59c(3)": Confidence.C,
    "54(1), second subparagraph": Confidence.C,
    "86(1)(a), 78": Confidence.C,
    "138(2)(a)": Confidence.B,
    "193, 194": Confidence.B,
    "284": Confidence.B,
    "325": Confidence.R,
    "369b, 359, 193": Confidence.B,
}
"""Articles of which a summary, another article that names them, or nothing was read. Every other article named here was read in
the consolidated text (A)."""

# What an invoice says (Art. 226), in English: the printed language is the merchant's business.
SELF_ASSESSED: Final = "Reverse charge"
INTRA_COMMUNITY: Final = "Exempt intra-Community supply, Art. 138(1) Directive 2006/112/EC"
NEW_VEHICLE: Final = "Exempt intra-Community supply of a new means of transport, Art. 138(2)(a) Directive 2006/112/EC"
EXPORT: Final = "Exempt export, Art. 146(1) Directive 2006/112/EC"
OUTSIDE: Final = "Not subject to EU VAT: place of supply outside the European Union"
SMALL: Final = "VAT exempt: small enterprise, Art. 284 Directive 2006/112/EC"


def by(question: str, provision: str, answer: str) -> Step:
    """A step that rests on articles of the VAT Directive: `by("place", "31", "...")`."""
    return Step(
        question, answer, DIRECTIVE, f"Art. {provision}", DIRECTIVE_URL, _LESS_SURE.get(provision, Confidence.A)
    )


def by_regulation(question: str, provision: str, answer: str) -> Step:
    """A step that rests on articles of the Implementing Regulation."""
    return Step(question, answer, REGULATION, f"Art. {provision}", REGULATION_URL, Confidence.A)
