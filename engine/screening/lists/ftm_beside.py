"""What FollowTheMoney keeps beside an entity, hung onto it: sanctions, owners, addresses, documents, wallets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from engine.screening.lists.draft import Draft, day
from engine.screening.model import Owner

Properties = dict[str, list[str]]
Beside = tuple[str, str, Properties]

HOME: Final = "@addresses"
"""Which addresses an entry names: not a schema, and so no file can say it."""
_NUMBER: Final = "0123456789."


def hang(drafts: dict[str, Draft], beside: Iterable[Beside]) -> None:
    """Put each onto the entry it names; what names nobody listed falls away."""
    kept = list(beside)
    places = {key: said for key, schema, said in kept if schema == "Address"}
    for _, schema, said in kept:
        put = _PUT.get(schema)
        for name in said.get(_NAMED_BY.get(schema, ""), []) if put else ():
            if put is not None and name in drafts:
                put(drafts[name], said)
    for key, schema, said in kept:
        if schema == HOME:
            for place in said["address"]:
                _address(drafts[key], places.get(place, {}))
    for draft in drafts.values():
        if not draft.measures:
            draft.measure("other:not told")


def _sanction(draft: Draft, said: Properties) -> None:
    for name in (*said.get("programId", []), *said.get("program", [])):
        draft.programme(name)
    for label, prop in (("Authority", "authority"), ("Reason", "reason"), ("Until", "endDate"), ("Status", "status")):
        for text in said.get(prop, []):
            draft.remark(label, text)
    for text in said.get("provisions", []):
        draft.measure(next((code for words, code in _PROVISIONS if words in text.casefold()), f"other:{text}"))
    if not said.get("provisions"):
        draft.measure("other:sanctions")
    for text in (*said.get("listingDate", []), *said.get("startDate", [])):
        draft.listed_on = draft.listed_on or day(text)


def _ownership(draft: Draft, said: Properties) -> None:
    for owner in said.get("owner", []):
        draft.owners[Owner(owner, _share(said.get("percentage", [])), False)] = None


def _share(said: list[str]) -> Decimal | None:
    """`51.5%`, `51,5`: the first that is a number from 0 to 100. Ranges and words are none."""
    for text in said:
        plain = text.strip().removesuffix("%").strip().replace(",", ".")
        if plain and all(one in _NUMBER for one in plain):
            try:
                found = Decimal(plain)
            except InvalidOperation:
                continue
            if 0 <= found <= 100:
                return found
    return None


def _document(draft: Draft, said: Properties) -> None:
    country = "".join(said.get("country", [])[:1])
    label = " ".join(said.get("type", [])[:1])
    kind = "passport" if said.get("passportNumber") or "passport" in label.casefold() else "national_id"
    for number in dict.fromkeys((*said.get("number", []), *said.get("passportNumber", []))):
        draft.identifier(kind, number, country_text=country, detail=label)


def _passport(draft: Draft, said: Properties) -> None:
    _document(draft, {**said, "type": said.get("type") or ["Passport"]})


def _wallet(draft: Draft, said: Properties) -> None:
    for value in said.get("publicKey", []):
        draft.identifier("crypto", value, detail=" ".join(said.get("currency", [])[:1]))


def _address(draft: Draft, said: Properties) -> None:
    for text in said.get("full", []):
        draft.address(text)
    if not said.get("full"):
        draft.address(*(text for part in ("street", "postalCode", "city", "state") for text in said.get(part, [])[:1]))
    for text in said.get("country", []):
        draft.country(text)


_PUT: Final[dict[str, Callable[[Draft, Properties], None]]] = {
    "Sanction": _sanction,
    "Ownership": _ownership,
    "Identification": _document,
    "Passport": _passport,
    "CryptoWallet": _wallet,
}
_NAMED_BY: Final = {
    "Sanction": "entity",
    "Ownership": "asset",
    "Identification": "holder",
    "Passport": "holder",
    "CryptoWallet": "holder",
}
BESIDE: Final = frozenset(
    {
        "Sanction",
        "Ownership",
        "Identification",
        "Passport",
        "Address",
        "Family",
        "Associate",
        "Directorship",
        "Membership",
    }
    | {"UnknownLink", "Employment", "Representation", "Occupancy", "Position", "Succession", "Debt", "Payment"}
)
"""Schemata that are no entry of their own, whatever a publisher marks them as; ties that are no ownership are not kept."""
_PROVISIONS: Final = (
    ("asset", "asset_freeze"),
    ("freez", "asset_freeze"),
    ("block", "asset_freeze"),
    ("travel", "travel_ban"),
    ("visa", "travel_ban"),
    ("arms", "arms_embargo"),
    ("export", "export_control"),
    ("sector", "sectoral"),
    ("invest", "investment_ban"),
)
