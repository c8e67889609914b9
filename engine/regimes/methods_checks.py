"""Checks of what a way of paying is addressed by: accounts, tax numbers, keys, telephone numbers, currencies. All offline.

What has the right form was not thereby given to anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import phonenumbers
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from engine.places import COUNTRIES, is_place
from engine.regimes.found import Found, Spoke, detail
from engine.regimes.kyc_numbers import accepts
from engine.regimes.ruling import Line

DOMAIN: Final = "methods"

Check = Callable[[Found, Spoke, Line, Any], bool | None]
"""Whether a value passes; None where nothing can be said of it."""

_VPA: Final = re.compile(r"[A-Za-z0-9._-]{2,256}@[A-Za-z][A-Za-z0-9]{1,63}", re.ASCII)
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+", re.ASCII)
_EVP: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_DIGITS: Final = re.compile(r"\d{6,20}", re.ASCII)
_LONGEST: Final = 256
_CPF, _CNPJ = "stdnum.br.cpf", "stdnum.br.cnpj"


def country_in(iban: str) -> str | None:
    """The country that an account number begins with."""
    code = iban.replace(" ", "").upper()[:2]
    return code if code in COUNTRIES or is_place(code) else None


def iban(found: Found, _spoke: Spoke, _line: Line, value: Any) -> bool | None:
    """Length of its country on the day, structure, and remainder 1 of the division by 97."""
    text = str(value).replace(" ", "").upper()
    country = country_in(text)
    if country is None or not text.isascii() or not text.isalnum():
        return False
    compiled, _ = found.asked.law(country, DOMAIN)
    length = compiled.setting("iban_length")
    if length is None:
        return None  # no registry knows of accounts there
    if len(text) != length:
        return False
    if int("".join(str(int(sign, 36)) for sign in text[4:] + text[:4])) % 97 != 1:
        return False
    try:
        IBAN(text)
    except SchwiftyException as error:
        # Formats that no registry lists are known by their length and check digits alone.
        return "ountry" in str(error)
    return True


def sepa(found: Found, _spoke: Spoke, _line: Line, value: Any) -> bool | None:
    """Whether the account is within the geographical scope of the schemes on the day."""
    country = country_in(str(value))
    if country is None:
        return False
    compiled, _ = found.asked.law(country, DOMAIN)
    return compiled.setting("sepa_zone") is True


def account_in(_found: Found, spoke: Spoke, line: Line, value: Any) -> bool | None:
    """Whether the account is one of the place that the rule names."""
    return bool(country_in(str(value)) == detail(spoke, line, "place"))


def listed(_found: Found, spoke: Spoke, line: Line, value: Any) -> bool | None:
    """Whether a word is one of those that the rule or its parameter lists."""
    words = detail(spoke, line, "words")
    return None if words is None else value in words


def taxpayer(_found: Found, _spoke: Spoke, _line: Line, value: Any) -> bool | None:
    """Whether one of the numbers stated, of Brazil or of no country stated, is a CPF or a CNPJ."""
    numbers = (str(entry.get("value") or "") for entry in value if entry.get("country") in (None, "BR"))
    return any(accepts(name, number) for number in numbers for name in (_CPF, _CNPJ))


def pix_key(found: Found, _spoke: Spoke, _line: Line, value: Any) -> bool | None:
    """A key of the type stated, or of any type: CPF, CNPJ, e-mail, telephone, random."""
    text, kind = str(value), found.facts.get("payment.account.alias_type")
    by_type: Mapping[str, Callable[[], bool]] = {
        "cpf": lambda: accepts(_CPF, text) is True,
        "cnpj": lambda: accepts(_CNPJ, text) is True,
        "email": lambda: len(text) <= 77 and _EMAIL.fullmatch(text) is not None,
        "phone": lambda: telephone(text, "BR"),
        "random": lambda: _EVP.fullmatch(text.lower()) is not None,
    }
    check = by_type.get("random" if kind in ("evp", "random_evp") else str(kind))
    return check() if check is not None else any(one() for one in by_type.values())


def vpa(_found: Found, _spoke: Spoke, _line: Line, value: Any) -> bool | None:
    """name@handle, as the payment system of India writes it."""
    return len(str(value)) <= _LONGEST and _VPA.fullmatch(str(value)) is not None


def proxy(found: Found, _spoke: Spoke, _line: Line, value: Any) -> bool | None:
    """A PromptPay proxy: mobile number, citizen's number, tax number, or a wallet's fifteen digits."""
    text, kind = str(value), found.facts.get("payment.account.alias_type")
    numbers = text.replace("-", "").replace(" ", "")
    by_type: Mapping[str, Callable[[], bool]] = {
        "mobile": lambda: telephone(text, "TH"),
        "national_id": lambda: accepts("stdnum.th.pin", text) is True,
        "tax_id": lambda: accepts("stdnum.th.tin", text) is True,
        "ewallet_id": lambda: len(numbers) == 15 and numbers.isascii() and numbers.isdigit(),
    }
    check = by_type.get({"phone": "mobile"}.get(str(kind), str(kind)))
    return check() if check is not None else any(one() for one in by_type.values())


def phone(_found: Found, spoke: Spoke, line: Line, value: Any) -> bool | None:
    """A telephone number of the place that the rule names."""
    return telephone(str(value), str(detail(spoke, line, "place") or spoke.place))


def telephone(text: str, place: str) -> bool:
    """Whether a text is a possible number of a place's own plan."""
    if len(text) > 40:
        return False
    try:
        number = phonenumbers.parse(text, place)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(number, place)


CHECKS: Final[Mapping[str, Check]] = {
    "iban": iban,
    "sepa": sepa,
    "account_in": account_in,
    "listed": listed,
    "taxpayer": taxpayer,
    "pix_key": pix_key,
    "vpa": vpa,
    "proxy": proxy,
    "phone": phone,
}
"""What `with` of a check may name."""
