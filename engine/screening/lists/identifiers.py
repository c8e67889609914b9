"""What a list calls a number, to what it is: an identifier of some kind, or no identifier at all.

OFAC files under "identifiers" whatever it has a value for: gender, web sites, dates of directives, the risk of secondary
sanctions. Only what names one person, firm or thing is an identifier here; the rest becomes what it is, or a remark.
"""

from __future__ import annotations

import re
from typing import Final

from engine.screening.lists.draft import Draft
from engine.screening.lists.limits import clean

_CRYPTO: Final = re.compile(r"digital currency address(?:\s*-\s*|\s+)(\S+)?", re.IGNORECASE)
_IMO: Final = re.compile(r"(?:IMO\s*)?(\d{7})", re.IGNORECASE | re.ASCII)

_KINDS: Final = (
    (re.compile(r"imo\b|vessel registration identification", re.IGNORECASE), "imo"),
    (re.compile(r"\bmmsi\b", re.IGNORECASE), "mmsi"),
    (re.compile(r"call sign", re.IGNORECASE), "call_sign"),
    (re.compile(r"tail number", re.IGNORECASE), "tail_number"),
    (re.compile(r"aircraft (?:manufacturer|construction|serial|mode s)", re.IGNORECASE), "aircraft_serial"),
    (re.compile(r"passport|pasaporte|passeport|travel document", re.IGNORECASE), "passport"),
    (re.compile(r"driv(?:er|ing)|driver.s permit", re.IGNORECASE), "driving_licence"),
    (re.compile(r"birth certificate|birthcert", re.IGNORECASE), "birth_certificate"),
    (re.compile(r"legal entity (?:number|identifier)|\blei\b", re.IGNORECASE), "lei"),
    (re.compile(r"swift|\bbic\b", re.IGNORECASE), "bic"),
    (re.compile(r"iban|bank account|account number", re.IGNORECASE), "account"),
    (re.compile(r"e-?mail", re.IGNORECASE), "email"),
    (re.compile(r"phone|\bfax\b|mobile", re.IGNORECASE), "phone"),
    (re.compile(r"web ?site|\bweb\b", re.IGNORECASE), "website"),
    (
        re.compile(
            r"\btax|fiscal|\bv\.?a\.?t\b|r\.?f\.?c\.?$|\bnit\b|\brif\b|\bruc\b|fein|c\.u\.i\.t|\bnuit\b|n\.i\.f|social security"
            r"|\binn\b",
            re.IGNORECASE,
        ),
        "tax_id",
    ),
    (
        re.compile(
            r"national (?:id|foreign|identif)|nationale? identi|personal id|cedula|c\.u\.r\.p|d\.n\.i|"
            r"citizen.s card|kenyan id|tazkira"
            r"|identity card|identification card|electoral|\bvoter|numero de identidad|i\.f\.e|"
            r"turkish identification|cnp \(|c\.u\.i\.?$"
            r"|c\.u\.i\.p|n\.i\.e|residen|refugee|civil id|uae identification|ration card|le number|\brtn\b|credencial|seafarer"
            r"|identification number|nation(?:ality |al)?cert|certificate of (?:iraqi )?nationality|stateless|"
            r"militar|electionid|^id$|ssn",
            re.IGNORECASE,
        ),
        "national_id",
    ),
    (
        re.compile(
            r"regist|company number|enterprise number|commerc|mercantil|government gazette|unified social|"
            r"united social|trade lic|matricula"
            r"|incorporation|charity|business number|c\.r\. no|folio|d-u-n-s|chamber|c\.i\.n|organization code|"
            r"\bbik\b|branch unit"
            r"|public registration|tradelic|regnumber|economic register|ogrn",
            re.IGNORECASE,
        ),
        "registration",
    ),
)
"""In this order: `Vessel Registration Identification` is a vessel's before it is a registration."""

_NO_IDENTIFIER: Final = re.compile(
    r"secondary sanctions|sanctions information|transactions prohibited|organization (?:established|type)|"
    r"aircraft (?:model|manufacture date|"
    r"operator)|determination|directive|executive order|target type|information:?$|listing date|"
    r"effective date|divestment|issuer name"
    r"|vessel (?:year|type)|other vessel type|equity ticker|micex|un/locode|trademark|chinese commercial code",
    re.IGNORECASE,
)
_FLAG: Final = re.compile(
    r"(?:former|other) vessel flag|nationality of registration|registration country", re.IGNORECASE
)


def keep(draft: Draft, label: str, value: str, *, country: str = "") -> None:
    """Put a labelled value where it belongs."""
    name, said = clean(label).strip(" :-"), clean(value)
    if not said:
        return
    if name.casefold() == "gender":
        draft.gender(said)
    elif crypto := _CRYPTO.match(name):
        draft.identifier("crypto", said, country_text=country, detail=(crypto[1] or "").upper())
    elif _FLAG.fullmatch(name):
        draft.country(said, name)
        draft.remark(name, said)
    elif _NO_IDENTIFIER.search(name):
        draft.remark(name, said)
    else:
        kind = kind_of(name)
        draft.identifier(kind, plain(kind, said), country_text=country, detail=name)


def kind_of(label: str) -> str:
    """What a label stands for; `other` where it tells nothing."""
    return next((kind for pattern, kind in _KINDS if pattern.search(label)), "other")


def plain(kind: str, value: str) -> str:
    """A number as it is compared: an IMO number without the letters that some write before it."""
    found = _IMO.fullmatch(value) if kind == "imo" else None
    return found[1] if found else value
