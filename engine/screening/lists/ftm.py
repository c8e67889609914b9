"""FollowTheMoney: one JSON entity a line, joined by their ids, as OpenSanctions and others give them out (`entities.ftm.json`).

What is a target is an entry; sanctions, ownerships, addresses, documents and wallets belong to those they name. What the
publisher marks as no target (`"target": false`) is there to explain others and is not listed. Lines come in any order, so
that all are read before the first entry is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import orjson

from engine.screening.lists.draft import Draft, Told, day
from engine.screening.lists.errors import BrokenList, EmptyList, HostileList, TruncatedList
from engine.screening.lists.ftm_beside import BESIDE, HOME, hang
from engine.screening.lists.limits import USUAL, Limits
from engine.screening.lists.opensanctions import KINDS
from engine.screening.lists.tables import lines
from engine.screening.model import EntityKind, Listed, NameKind

Properties = dict[str, list[str]]

_IDENTIFIERS: Final = {
    "passportNumber": "passport", "idNumber": "national_id", "socialSecurityNumber": "national_id", "taxNumber": "tax_id",
    "innCode": "tax_id", "vatCode": "tax_id", "registrationNumber": "registration", "ogrnCode": "registration",
    "kppCode": "registration", "okpoCode": "registration", "uniqueEntityId": "registration", "dunsCode": "registration",
    "leiCode": "lei", "imoNumber": "imo", "mmsi": "mmsi", "callSign": "call_sign", "serialNumber": "aircraft_serial",
    "icaoCode": "aircraft_serial", "swiftBic": "bic", "email": "email", "phone": "phone", "website": "website",
    "publicKey": "crypto", "isin": "other", "ticker": "other",
}  # fmt: skip
_NAMES: Final = {
    "name": NameKind.PRIMARY,
    "alias": NameKind.ALIAS,
    "weakAlias": NameKind.ALIAS,
    "previousName": NameKind.FORMER,
}
_REMARKS: Final = {
    "position": "Position",
    "title": "Title",
    "notes": "",
    "topics": "Topic",
    "legalForm": "Legal form",
    "status": "Status",
}


def read(stream: BinaryIO, code: str, _told: Told, limits: Limits = USUAL) -> Iterator[Listed]:
    """The entries once all lines are read."""
    drafts: dict[str, Draft] = {}
    beside: list[tuple[str, str, Properties]] = []
    number = 0
    for number, line in enumerate(lines(stream, limits), 1):
        if not line.strip():
            continue
        if number > limits.entries:
            raise HostileList(f"More than {limits.entries} entities")
        key, schema, properties, target = _entity(line, number)
        if schema in BESIDE:
            beside.append((key, schema, properties))
        elif target:
            if key in drafts:
                raise BrokenList(f"Line {number}: an id for the second time")
            drafts[key] = _draft(key, schema, properties)
            beside.append((key, HOME, {"address": properties.get("addressEntity", [])}))
        if schema == "CryptoWallet":
            beside.append((key, schema, properties))
    if not number:
        raise EmptyList("The file is empty")
    hang(drafts, beside)
    while drafts:
        yield drafts.pop(next(iter(drafts))).done(code)


def _entity(line: str, number: int) -> tuple[str, str, Properties, bool]:
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise (BrokenList if line.endswith("\n") else TruncatedList)(f"Line {number}: not a JSON object") from None
    if not isinstance(told, dict) or not isinstance(told.get("properties"), dict):
        raise BrokenList(f"Line {number}: not an entity")
    key, schema = told.get("id"), told.get("schema")
    if not isinstance(key, str) or not isinstance(schema, str) or not key:
        raise BrokenList(f"Line {number}: an entity without id or schema")
    return key, schema, _strings(told["properties"]), told.get("target") is not False


def _strings(properties: dict[str, Any]) -> Properties:
    """Values that are texts; nested entities are told by their ids."""
    found: Properties = {}
    for name, values in properties.items():
        listed = values if isinstance(values, list) else [values]
        texts = [one.get("id") if isinstance(one, dict) else one for one in listed]
        found[name] = [text for text in texts if isinstance(text, str) and text.strip()]
    return found


def _draft(key: str, schema: str, said: Properties) -> Draft:
    draft = Draft(key, KINDS.get(schema, EntityKind.UNKNOWN))
    given, family = (" ".join(said.get(part, [])[:1]) for part in ("firstName", "lastName"))
    for prop, kind in _NAMES.items():
        for place, name in enumerate(said.get(prop, [])):
            # Of several main names none is said to be the first: the others are found as aliases.
            used = NameKind.ALIAS if kind is NameKind.PRIMARY and place else kind
            draft.name(name, used, weak=prop == "weakAlias")
    if not draft.names:
        draft.name(f"{given} {family}", NameKind.PRIMARY)
    for name in said.get("birthDate", []):
        draft.birth(name)
    for name in said.get("birthPlace", []):
        draft.birth_place(name)
    for name in said.get("gender", []):
        draft.gender(name)
    for prop in ("nationality", "citizenship"):
        for name in said.get(prop, []):
            draft.nationality(name)
    for prop in ("country", "jurisdiction", "flag", "mainCountry"):
        for name in said.get(prop, []):
            draft.country(name)
    for name in said.get("address", []):
        draft.address(name)
    _numbers(draft, schema, said)
    for prop, label in _REMARKS.items():
        for name in said.get(prop, []):
            draft.remark(label, name)
    draft.remark("Schema", schema if draft.kind is EntityKind.UNKNOWN else "")
    for name in said.get("programId", []):
        draft.programme(name)
    draft.listed_on = next((when for name in said.get("createdAt", []) if (when := day(name[:10]))), None)
    return draft


def _numbers(draft: Draft, schema: str, said: Properties) -> None:
    currency = " ".join(said.get("currency", [])[:1])
    for prop, kind in _IDENTIFIERS.items():
        for value in said.get(prop, []):
            draft.identifier(kind, value, detail=currency if kind == "crypto" else prop)
    if schema == "Airplane":
        for value in said.get("registrationNumber", []):
            draft.identifier("tail_number", value)
    if schema == "CryptoWallet" and not draft.names:
        # A wallet is called by its address: found by it, and by no name.
        for value in said.get("publicKey", [])[:1]:
            draft.name(value, NameKind.PRIMARY, weak=True)
    if not draft.names:
        draft.name(draft.key, NameKind.PRIMARY, weak=True)
