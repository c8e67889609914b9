"""Which digits can be a card number: prefixes and lengths that payment schemes issue, and the check digit of ISO/IEC 7812."""

from __future__ import annotations

from typing import Final

_UP_TO_19: Final = frozenset(range(16, 20))

_RANGES: Final[tuple[tuple[str, str, frozenset[int]], ...]] = (
    ("1", "1", frozenset({15})),  # UATP
    ("1946", "1946", _UP_TO_19),  # GPN
    ("2200", "2205", _UP_TO_19),  # Mir, Borica
    ("2221", "2720", frozenset({16})),  # Mastercard
    ("300", "305", frozenset(range(14, 20))),  # Diners Club, here and below
    ("3095", "3095", frozenset(range(14, 20))),
    ("31", "31", frozenset({19})),  # T-Union
    ("34", "34", frozenset({15})),  # American Express, and 37
    ("3528", "3589", _UP_TO_19),  # JCB, RuPay, LankaPay
    ("36", "36", frozenset(range(14, 20))),
    ("37", "37", frozenset({15})),
    ("38", "39", frozenset(range(14, 20))),
    ("4", "4", frozenset({13, 16, 19})),  # Visa
    ("5018", "5018", frozenset(range(12, 20))),  # Maestro's short ones, here and below
    ("5020", "5020", frozenset(range(12, 20))),
    ("5033", "5033", frozenset(range(12, 20))),
    ("5038", "5038", frozenset(range(12, 20))),
    ("50", "50", _UP_TO_19),  # Maestro, Verve, Elo, Aura, Dankort
    ("51", "55", frozenset({16})),  # Mastercard
    ("5893", "5893", frozenset(range(12, 20))),
    ("56", "58", _UP_TO_19),  # Maestro
    ("6304", "6304", frozenset(range(12, 20))),
    ("6390", "6390", frozenset(range(12, 20))),
    ("6759", "6763", frozenset(range(12, 20))),
    ("6", "6", _UP_TO_19),  # Maestro, Discover, UnionPay, RuPay, Elo, Hipercard, Troy, Bancontact
    ("81", "82", _UP_TO_19),  # UnionPay, RuPay
    ("8600", "8600", frozenset({16})),  # Uzcard
    ("9051", "9051", frozenset({16})),  # ArCa
    ("9112", "9112", frozenset({16})),  # Belkart
    ("9417", "9417", frozenset({16})),  # Elcart
    ("9704", "9704", frozenset({16, 19})),  # Napas
    ("9792", "9792", frozenset({16})),  # Troy
    ("9860", "9860", frozenset({16})),  # Humo
)

_TEST_NUMBERS: Final = (
    "4242424242",
    "4111111111",
    "5555555555",
    "4000000000",
    "5105105105",
    "3782822463",
    "6011111111",
)
"""How the numbers begin that processors publish for tests; some have a wrong check digit on purpose."""


def _by_prefix() -> dict[str, tuple[tuple[str, str, frozenset[int]], ...]]:
    """The ranges by their first two digits: most numbers are told apart by these."""
    found: dict[str, list[tuple[str, str, frozenset[int]]]] = {}
    for entry in _RANGES:
        for number in range(int(entry[0][:2].ljust(2, "0")), int(entry[1][:2].ljust(2, "9")) + 1):
            found.setdefault(f"{number:02d}", []).append(entry)
    return {prefix: tuple(entries) for prefix, entries in found.items()}


_PREFIXES: Final = _by_prefix()


def issued(digits: str) -> bool:
    """Whether a run of digits can be the number of a card.

    >>> issued("4111111111111111"), issued("4111111111111112"), issued("5454545454545454"), issued("5454545454545455")
    (True, True, True, False)
    >>> issued("1763806500123"), issued("4222222222222"), issued("4006381333931")
    (False, True, False)
    """
    length = len(digits)
    for low, high, lengths in _PREFIXES.get(digits[:2], ()):
        if length in lengths and low <= digits[: len(low)] <= high:
            right = has_check_digit(digits) or digits.startswith(_TEST_NUMBERS)
            return right and not (length in _GOODS and is_article_number(digits))
    return False


_DOUBLED: Final = bytes.maketrans(b"0123456789", bytes([0, 2, 4, 6, 8, 1, 3, 5, 7, 9]))
_PLAIN: Final = bytes.maketrans(b"0123456789", bytes(range(10)))
_GOODS: Final = frozenset({12, 13})
"""Bar codes have as many digits; cards of these lengths are all but extinct."""


def has_check_digit(digits: str) -> bool:
    """The formula of Luhn."""
    text = digits[::-1].encode("ascii")
    return (sum(text[::2].translate(_PLAIN)) + sum(text[1::2].translate(_DOUBLED))) % 10 == 0


def is_article_number(digits: str) -> bool:
    """The check digit of GS1: EAN-13 and UPC."""
    text = digits[::-1].encode("ascii").translate(_PLAIN)
    return (sum(text[::2]) + 3 * sum(text[1::2])) % 10 == 0
