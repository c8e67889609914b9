"""Whom a payment names: each party, owner, bank, account and wallet as a query, with the role it has.

A party that is there and says nothing to look for is told apart: nobody can be called clear who was not looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.facts import facts_of
from engine.screening.identifiers import comparable, names_one
from engine.screening.model import Born, EntityKind, Identifier, Query
from engine.transaction import Transaction

_KINDS: Final = {"individual": EntityKind.PERSON, "organisation": EntityKind.ORGANISATION, None: EntityKind.UNKNOWN}
_DOCUMENTS: Final = frozenset({"passport", "driving_licence", "birth_certificate", "tax_id", "registration"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of a payment."""

    role: str
    """payer | payee | payer_owner | payee_owner | payer_bank | payer_wallet | payee_wallet"""
    pointer: str
    """Where in the transaction it stands: a JSON pointer."""
    query: Query


@dataclass(frozen=True, slots=True)
class Parties:
    """All of a payment."""

    asked: tuple[Asked, ...]
    unnamed: tuple[str, ...] = ()
    """Pointers of parties and owners that are there, but have neither a name nor an identifier."""


def parties_of(transaction: Transaction) -> Parties:
    """Whom to look for before the money moves."""
    return parties_in(facts_of(transaction))


def parties_in(facts: Mapping[str, Any]) -> Parties:
    """The same of the facts of a payment."""
    found = list(_all(facts))
    asked = tuple(one for one in found if _says_something(one.query))
    unnamed = tuple(one.pointer for one in found if not _says_something(one.query))
    return Parties(asked, unnamed)


def is_named(facts: Mapping[str, Any], role: str) -> bool:
    """Whether payer or payee have a name, or a number that only they have: of anybody else lists say nothing."""
    query = party_query(facts, role)
    return bool(query.name) or any(map(names_one, query.identifiers))


def _says_something(query: Query) -> bool:
    return bool(query.name) or any(comparable(one) for one in query.identifiers)


def names_anybody(facts: Mapping[str, Any]) -> bool:
    """Whether there is a name or an identifier to look for at all."""
    return any(path in facts for path in _TELLING)


def _all(facts: Mapping[str, Any]) -> Iterator[Asked]:
    for role, side in (("payer", "originator"), ("payee", "beneficiary")):
        if any(path.startswith(f"{role}.") for path in facts):
            yield Asked(role, f"/{role}", party_query(facts, role))
            for at, owner in enumerate(facts.get(f"{role}.owners", ())):
                yield Asked(f"{role}_owner", f"/{role}/owners/{at}", _owner(owner))
        wallet = facts.get(f"crypto.{side}_wallet")
        if wallet:
            query = Query(identifiers=(Identifier("crypto", wallet, detail=facts.get("crypto.asset")),))
            yield Asked(f"{role}_wallet", f"/crypto/{side}_wallet", query)
    bic = facts.get("payment.account.bic")
    if bic:
        query = Query(kind=EntityKind.ORGANISATION, identifiers=(Identifier("bic", bic),))
        yield Asked("payer_bank", "/payment/account/bic", query)


def party_query(facts: Mapping[str, Any], role: str) -> Query:
    """Payer or payee as they are asked about; the account that is paid from is the payer's."""
    iban = facts.get("payment.account.iban") if role == "payer" else None
    born = facts.get(f"{role}.date_of_birth")
    return Query(
        name=facts.get(f"{role}.name"),
        kind=_KINDS[facts.get(f"{role}.type")],
        births=(Born(born, born),) if born else (),
        countries=_known(facts.get(f"{role}.country"), facts.get(f"{role}.nationality")),
        identifiers=tuple(_identifiers(facts, role, iban)),
        customer=facts.get(f"{role}.id"),
    )


def _owner(owner: Mapping[str, Any]) -> Query:
    born = owner.get("date_of_birth")
    return Query(
        name=owner.get("name"), births=(Born(born, born),) if born else (), countries=_known(owner.get("country"))
    )


def _identifiers(facts: Mapping[str, Any], role: str, iban: str | None) -> Iterator[Identifier]:
    for national in facts.get(f"{role}.national_ids", ()):
        if national.get("value"):
            stated = national.get("type")
            kind = stated if stated in _DOCUMENTS else "national_id"
            yield Identifier(kind, national["value"], national.get("country"), stated)
    for tax in facts.get(f"{role}.tax_ids", ()):
        if tax.get("value"):
            yield Identifier("tax_id", tax["value"], tax.get("country"))
    for kind, path in (("lei", "lei"), ("email", "email"), ("phone", "phone.number")):
        value = facts.get(f"{role}.{path}")
        if value:
            yield Identifier(kind, value)
    for number in (iban, facts.get(f"{role}.account.iban"), facts.get(f"{role}.account.number")):
        if number:
            yield Identifier("account", number)


def _known(*countries: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(country for country in countries if country))


_TELLING: Final = (
    *(f"{role}.{name}" for role in ("payer", "payee") for name in
      ("name", "owners", "national_ids", "tax_ids", "lei", "email", "phone.number", "account.iban", "account.number")),
    "payment.account.iban", "payment.account.bic", "crypto.originator_wallet", "crypto.beneficiary_wallet",
)  # fmt: skip
