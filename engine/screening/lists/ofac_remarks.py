"""The prose in OFAC's flat files: `DOB 10 Jan 1963; POB Rubtlatine, Lebanon; citizen Lebanon; Passport 284173 (Iraq) expires
21 Aug 2005.`
"""

from __future__ import annotations

import re
from typing import Final

from engine.screening.lists.births import born
from engine.screening.lists.draft import Draft
from engine.screening.lists.identifiers import keep
from engine.screening.model import EntityKind, NameKind

_ALSO: Final = re.compile(r"^alt\. ", re.IGNORECASE)
_QUOTED: Final = re.compile(r"(a|f|n)\.k\.a\. '(.+?)'\.?", re.IGNORECASE)
_NAMES: Final = {"a": NameKind.ALIAS, "f": NameKind.FORMER, "n": NameKind.NOW}
_LABELS: Final = (
    r"Passport|Diplomatic Passport|Stateless Person Passport|British National Overseas Passport|"
    r"Travel Document Number|National ID No\.|"
    r"National Foreign ID Number|Identification Number|Personal ID Card|Cedula No\.|C\.U\.R\.P\.|"
    r"R\.F\.C\.|RFC|C\.U\.I\.T?\.?|C\.U\.I\.P\.|D\.N\.I\.|"
    r"Tax ID No\.|NIT #|RUC #|RIF #|RTN|V\.A\.T\. Number|US FEIN|SSN|Italian Fiscal Code|Fiscal Code|"
    r"C\.I\.F\.|N\.I\.F\.|N\.I\.E\.|I\.F\.E\.|"
    r"Registration ID|Registration Number|Registered Charity No\.|Business Registration Number|Business Registration Document #|"
    r"Business Number|Company Number|UK Company Number|Commercial Registry Number|"
    r"Chamber of Commerce Number|C\.R\. No\.|Romanian C\.R\.|"
    r"Public Registration Number|Government Gazette Number|Unified Social Credit Code \(USCC\)|"
    r"Trade License No\.|Enterprise Number|"
    r"Folio Mercantil No\.|Matricula Mercantil No|Central Registration System Number|Certificate of Incorporation Number|"
    r"Economic Register Number \(CBLS\)|Istanbul Chamber of Comm\. No\.|Dubai Chamber of Commerce Membership No\.|D-U-N-S Number|"
    r"Legal Entity Number|BIK \(RU\)|SWIFT/BIC|ISIN|License|Permit Number|Driver's License No\.|Birth Certificate Number|"
    r"Electoral Registry No\.|Credencial electoral|Cartilla de Servicio Militar Nacional|LE Number|"
    r"Numero de Identidad|Residency Number|"
    r"Kenyan ID No\.|Citizen's Card Number|Turkish Identification Number|Refugee ID Card|"
    r"Tazkira National ID Card|CNP \(Personal Numerical Code\)|"
    r"Email Address|Phone Number|Website|MMSI|Vessel Registration Identification|Aircraft Tail Number|"
    r"Previous Aircraft Tail Number|"
    r"Aircraft Manufacturer's Serial Number \(MSN\)|"
    r"Aircraft Construction Number \(also called L/N or S/N or F/N\)|Aircraft Serial Identification|"
    r"Aircraft Mode S Transponder Code|Other Vessel Call Sign|Former Vessel Flag|Other Vessel Flag|Nationality of Registration|"
    r"Digital Currency Address - [A-Z]{3,5}"
)
_NUMBERED: Final = re.compile(rf"(?P<label>{_LABELS})\s+(?P<value>.+)")
_TAIL: Final = re.compile(r"^(?P<number>.*?)(?:\s+\((?P<country>[^()]+)\))?(?P<rest>\s+(?:issued|expires)\b.*)?$")


def remark(draft: Draft, prose: str) -> None:
    """Each part to where it belongs; what is not understood stays a remark."""
    for said in prose.rstrip(". ").split("; "):
        part = _ALSO.sub("", said.strip())
        if part and not _person(draft, part) and not _alias(draft, part) and not _number(draft, part):
            draft.remark("", said)


def turned_name(draft: Draft, said: str, kind: NameKind, *, weak: bool = False) -> None:
    """A name in OFAC's flat files: of a person `FAMILY, Given`; of everybody else the commas belong to it."""
    family, comma, given = said.partition(", ")
    if comma and draft.kind is EntityKind.PERSON:
        draft.parted(given, family, kind, weak=weak)
    else:
        draft.name(said, kind, weak=weak)


def _person(draft: Draft, part: str) -> bool:
    label, _, rest = part.partition(" ")
    match label:
        case "DOB" if born(rest.rstrip(".")) is not None:
            draft.birth(rest.rstrip("."))
        case "POB" if rest:
            draft.birth_place(rest)
        case "nationality" | "citizen" if rest:
            draft.nationality(rest.rstrip("."))
        case "Gender" if rest:
            draft.gender(rest.rstrip("."))
        case _:
            return False
    return True


def _alias(draft: Draft, part: str) -> bool:
    found = _QUOTED.fullmatch(part)
    if found is None:
        return False
    turned_name(draft, found[2], _NAMES[found[1].lower()], weak=True)
    return True


def _number(draft: Draft, part: str) -> bool:
    found = _NUMBERED.fullmatch(part)
    tail = _TAIL.match(found["value"]) if found else None
    if found is None or tail is None or not tail["number"]:
        return False
    label = found["label"]
    keep(draft, label, tail["number"], country=tail["country"] or "")
    draft.remark(f"{label} {tail['number']}", (tail["rest"] or "").strip())
    return True
