"""Codes of the wire in words: outcomes, domains, grades, roles, states. What has no word here is shown as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from api.console.wording import translations

if TYPE_CHECKING:
    from api.console.backend import Refused


def N_(text: str) -> str:  # noqa: N802  gettext's own name for a sentence that is translated later
    """Marks a sentence for the catalogue."""
    return text


OUTCOMES: Final[Mapping[str, str]] = {
    "allow": N_("Allowed"),
    "challenge": N_("Payer must confirm"),
    "collect": N_("Data wanted"),
    "review": N_("To be looked at"),
    "block": N_("Blocked"),
}
DOMAINS: Final[Mapping[str, str]] = {
    "sca": N_("Payer authentication"),
    "aml": N_("Money laundering"),
    "kyc": N_("Customer identity"),
    "residency": N_("Data residency"),
    "methods": N_("Payment methods"),
    "tax": N_("Tax"),
}
GRADES: Final[Mapping[str, str]] = {
    "A": N_("primary text"),
    "B": N_("two sources"),
    "C": N_("one secondary source"),
    "R": N_("recalled, to be checked"),
}
ROLES: Final[Mapping[str, str]] = {
    "officer": N_("Compliance officer"),
    "approver": N_("Approver"),
    "analyst": N_("Analyst"),
    "tax": N_("Tax and finance"),
    "auditor": N_("Auditor"),
    "engineer": N_("Engineer"),
    "administrator": N_("Administrator"),
}
_REFUSALS: Final[Mapping[int, str]] = {
    400: N_("This could not be read"),
    403: N_("You may not do this"),
    404: N_("There is no such page"),
    405: N_("There is no such page"),
    409: N_("Somebody was here before you"),
    412: N_("Somebody was here before you"),
    422: N_("Something is not right yet"),
    429: N_("Too many tries"),
    503: N_("Lexgate cannot answer just now"),
}


class Vocabulary:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self._say = translations(language).gettext

    def filters(self) -> dict[str, Callable[..., str]]:
        """By their names in templates: `"block"|outcome`."""
        tables = {"outcome": OUTCOMES, "domain": DOMAINS, "grade": GRADES, "role": ROLES}
        return {**{name: self._of(table) for name, table in tables.items()}, "refusal": self._refusal}

    def _of(self, table: Mapping[str, str]) -> Callable[[str], str]:
        return lambda code: self._say(table[code]) if code in table else str(code)

    def _refusal(self, refused: Refused) -> str:
        return self._say(_REFUSALS.get(refused.status, N_("This did not work")))
