"""Which currency is meant: ISO codes, signs, and the words of nine languages. A sign that several countries share is read by the place."""

from __future__ import annotations

import re
from typing import Final

from babel.core import get_global

_CODES: Final = (
    "AED|AFN|ALL|AMD|ANG|AOA|ARS|AUD|AWG|AZN|BAM|BBD|BDT|BGN|BHD|BIF|BMD|BND|BOB|BRL|BSD|BTN|BWP|BYN|BZD|CAD|CDF|"
    "CHF|CLP|CNY|COP|CRC|CUP|CVE|CZK|DJF|DKK|DOP|DZD|EGP|ERN|ETB|EUR|FJD|GBP|GEL|GHS|GMD|GNF|GTQ|GYD|HKD|HNL|HTG|HUF|"
    "IDR|ILS|INR|IQD|IRR|ISK|JMD|JOD|JPY|KES|KGS|KHR|KMF|KRW|KWD|KYD|KZT|LAK|LBP|LKR|LRD|LSL|LYD|MAD|MDL|MGA|MKD|MMK|"
    "MNT|MOP|MRU|MUR|MVR|MWK|MXN|MYR|MZN|NAD|NGN|NIO|NOK|NPR|NZD|OMR|PAB|PEN|PGK|PHP|PKR|PLN|PYG|QAR|RON|RSD|RUB|RWF|"
    "SAR|SBD|SCR|SDG|SEK|SGD|SLE|SOS|SRD|STN|SVC|SYP|SZL|THB|TJS|TMT|TND|TOP|TRY|TTD|TWD|TZS|UAH|UGX|USD|UYU|UZS|VES|"
    "VND|VUV|WST|XAF|XCD|XOF|XPF|YER|ZAR|ZMW|ZWG"
)
"""ISO 4217, as alternatives."""
_BEFORE: Final = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₫": "VND", "₩": "KRW", "₦": "NGN", "₱": "PHP", "₺": "TRY", "₴": "UAH", "₪": "ILS", "฿": "THB",
    "₸": "KZT", "₲": "PYG", "₡": "CRC", "₵": "GHS", "US$": "USD", "U.S.$": "USD", "USD$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD",
    "CA$": "CAD", "CAD$": "CAD", "S$": "SGD", "HK$": "HKD", "NZ$": "NZD", "NT$": "TWD", "MX$": "MXN", "R$": "BRL", "COP$": "COP", "RD$": "DOP",
    "Rp": "IDR", "Rp.": "IDR", "RM": "MYR", "Rs": "INR*", "Rs.": "INR*", "Tk": "BDT", "Kč": "CZK", "Ft": "HUF", "zł": "PLN", "S/": "PEN",
    "KSh": "KES", "Ksh": "KES", "KShs": "KES", "Sh": "KES*", "Php": "PHP", "P": "PHP*", "R": "ZAR*", "N": "NGN*", "K": "ZMW*",
    "$": "$", "¥": "¥", "人民币": "CNY", "美元": "USD", "港币": "HKD", "Fr.": "CHF", "CHF": "CHF", "RMB": "CNY", "Bs.": "BOB*", "Q": "GTQ*",
    "N$": "NAD", "B$": "$", "J$": "JMD", "TT$": "TTD", "BDS$": "BBD", "Bds$": "BBD", "FJ$": "FJD", "F$": "FJD", "EC$": "XCD", "G$": "GYD",
    "GY$": "GYD", "L$": "LRD*", "T$": "TOP*", "Bs": "BOB*", "ZiG": "ZWG", "ZK": "ZMW", "Br": "ETB*", "FCFA": "XAF*", "Lps.": "HNL", "Kz": "AOA",
    "MT": "MZN*", "GH¢": "GHS", "GH₵": "GHS", "AED": "AED", "Dh": "AED*", "Dhs": "AED*", "SR": "SAR*", "kr": "kr", "EGP": "EGP", "Euro": "EUR", "euro": "EUR",
}  # fmt: skip
"""A star: only where the place of the text is the one of that currency."""
_AFTER: Final = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR", "欧元": "EUR", "₫": "VND", "đ": "VND", "đồng": "VND", "vnđ": "VND",
    "việt nam đồng": "VND", "us dollars": "USD", "u.s. dollars": "USD", "dólares estadounidenses": "USD", "us-dollar": "USD",
    "dollars américains": "USD", "dólares americanos": "USD", "đô la mỹ": "USD", "dólares": "$", "dollars": "$", "dollar": "$",
    "pounds": "GBP", "pounds sterling": "GBP", "£": "GBP", "libras esterlinas": "GBP", "rupees": "INR*", "rupee": "INR*",
    "rupiah": "IDR", "reais": "BRL", "real": "BRL*", "yuan": "CNY", "rmb": "CNY", "元": "CNY", "元人民币": "CNY", "人民币": "CNY", "美元": "USD",
    "港元": "HKD", "日元": "JPY", "英镑": "GBP", "新台币": "TWD", "yen": "JPY", "円": "JPY", "원": "KRW", "won": "KRW", "kč": "CZK", "korun": "CZK",
    "zł": "PLN", "złotych": "PLN", "zloty": "PLN", "zlotys": "PLN", "ft": "HUF", "forint": "HUF", "forints": "HUF", "lei": "RON", "leva": "BGN",
    "kronor": "SEK", "kroner": "kr", "kronur": "ISK", "kr": "kr", "kr.": "kr", "naira": "NGN", "rand": "ZAR", "shillings": "shilling",
    "ringgit": "MYR", "baht": "THB", "pesos": "peso", "pesos mexicanos": "MXN", "pesos colombianos": "COP", "pesos chilenos": "CLP",
    "pesos argentinos": "ARS", "soles": "PEN", "bolívares": "VES", "swiss francs": "CHF", "francs suisses": "CHF", "schweizer franken": "CHF",
    "franken": "CHF", "fcfa": "XAF*", "francs cfa": "XAF*", "dirhams": "dirham", "dirham": "dirham", "riyals": "riyal", "saudi riyals": "SAR",
    "rubles": "RUB", "roubles": "RUB", "hryvnia": "UAH", "hryvnias": "UAH", "liras": "TRY", "tl": "TRY", "taka": "BDT", "cedis": "GHS",
    "udis": "UDI", "quetzales": "GTQ", "guaraníes": "PYG", "colones": "CRC*", "tenge": "KZT", "lari": "GEL", "dinars": "dinar",
    "kwanzas": "AOA", "meticais": "MZN", "kwacha": "ZMW*", "drams": "AMD", "dram": "AMD", "pula": "BWP", "birr": "ETB", "ariary": "MGA",
    "denars": "MKD", "denari": "MKD", "som": "KGS*", "soum": "UZS", "manat": "AZN*", "manats": "AZN*", "gourdes": "HTG", "lempiras": "HNL",
    "córdobas": "NIO", "bolivianos": "BOB", "escudos": "CVE*", "rufiyaa": "MVR", "kyats": "MMK", "kyat": "MMK", "riels": "KHR", "riel": "KHR",
    "kip": "LAK", "balboas": "PAB", "tugrik": "MNT", "tugriks": "MNT", "cfa francs": "XAF*", "krónur": "ISK", "leones": "SLE", "emalangeni": "SZL",
    "maloti": "LSL", "dalasi": "GMD", "dalasis": "GMD", "ouguiya": "MRU", "rupias": "INR*", "roupies": "INR*", "kina": "PGK", "tala": "WST",
    "pa'anga": "TOP", "vatu": "VUV", "guilders": "SRD*", "dobras": "STN",
}  # fmt: skip
_SHARED: Final = {
    "$": "USD AUD CAD NZD SGD HKD TWD MXN ARS CLP COP UYU BBD BSD BMD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD BND DOP",
    "¥": "CNY JPY", "kr": "SEK NOK DKK ISK", "peso": "MXN ARS CLP COP UYU PHP DOP CUP", "shilling": "KES UGX TZS SOS",
    "dirham": "AED MAD", "riyal": "SAR QAR OMR YER", "dinar": "KWD BHD JOD TND DZD IQD LYD RSD",
}  # fmt: skip
_NEVER: Final = frozenset(("UDI",))


def _either(words: list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


BEFORE: Final = re.compile(r"(?<![^\W\d_])(?:(?P<code>" + _CODES + r")|(?P<sign>" + _either(list(_BEFORE)) + r")) ?\Z")
"""At the end of the piece before a number, letters as they came."""
BEFORE_HAN: Final = re.compile(r"(?P<sign>人民币|美元|港币)\Z")
AFTER: Final = re.compile(
    r"(?: (?:de |d'))? ?(?:(?P<code>" + _CODES.lower() + r")|(?P<sign>" + _either(list(_AFTER)) + r"))(?![^\W\d_元]|\d)"
)
"""After a number and its scale, in small letters."""
AFTER_HAN: Final = re.compile(r"(?P<sign>元人民币|人民币|美元|港元|欧元|日元|英镑|新台币|元)")


def currency_of(place: str | None) -> str | None:
    """ISO 4217, of a country or one of its parts; the euro for the unions. None where it is not known."""
    if place in ("EU", "EEA"):
        return "EUR"
    territories = get_global("territory_currencies").get((place or "")[:2], ())
    now = [one[0] for one in territories if one[2] is None and one[3]]
    return str(now[0]) if now else None


def currency(code: str | None, sign: str | None, place: str | None, *, before: bool) -> str | None:
    """The currency that a code or sign means at a place; None where it could be several."""
    if code:
        return code.upper()
    found = (_BEFORE if before else _AFTER).get(sign or "")
    own = currency_of(place)
    if found is None or found in _NEVER:
        return None
    if found in _SHARED:
        if own in _SHARED[found].split():
            return own
        return "USD" if found == "$" and (place or "")[:2] in ("US", "EC", "SV", "PA", "PR") else None
    if found.endswith("*"):
        expected = found[:-1]
        kin = {
            "INR": "INR PKR LKR NPR MUR SCR",
            "XAF": "XAF XOF",
            "ZMW": "ZMW PGK MWK",
            "CRC": "CRC SVC",
            "KGS": "KGS UZS",
            "AZN": "AZN TMT",
        }.get(expected, expected)
        return own if own in kin.split() else None
    return found
