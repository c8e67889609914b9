"""From the words of the ledger to what is watched: a record of each payment under its subjects, and who is named in it.

A record holds what scenarios ask about and nothing else; whole minor units, no free text. What cannot be read raises
Unreadable: it is told, and never passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import orjson
from pydantic import ValidationError

from engine.decoding import NotPlain
from engine.facts import MINOR, Facts, facts_of
from engine.history import EventKind, column_of
from engine.layouts import decode
from engine.ledger import KnownParty, Watched, Word, listed_under
from engine.onboarding.model import Application, Case, Owner, Person, people
from engine.onboarding.states import State
from engine.screening.clearances import digest_of, identity_of
from engine.screening.model import EntityKind, Query
from engine.screening.parties import Asked, parties_in, party_query
from engine.transaction import Transaction

STATUSES: Final = {
    None: "abandoned",
    "authorised": "executed",
    "captured": "executed",
    "failed": "failed",
    "refunded": "refunded",
}
"""What became of a payment -> its status. Nothing was told: as far as is known, it was given up."""
_CAPTURED: Final = frozenset({"captured", "refunded"})
"""Words by which money was taken: only what was captured is given back."""
_STATED: Final = {
    "direction": "direction", "instrument": "instrument", "method": "method", "channel": "channel",
    "payer_country": "payer_country", "payee_country": "payee_country", "payer": "payer_id", "payee": "payee_id",
    "account": "account", "card": "card", "merchant": "merchant",
}  # fmt: skip
"""Field of a record -> the column of the past that it is read from."""
_NUMBERED: Final = {"wallet": "wallet", "bank": "bic"}
"""What is known by its number -> how its subject begins."""
_REFUSED: Final = frozenset({State.REJECTED.value, State.AUTO_REJECTED.value, State.TERMINATED.value})


class Unreadable(ValueError):
    """A stored request that is none: it was damaged, or written by another hand."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is left of one word."""

    watched: tuple[Watched, ...] = ()
    parties: tuple[KnownParty, ...] = ()


def heard(word: Word) -> Heard:
    """What a word says of payments and of names. Raises Unreadable."""
    if word.kind == "onboarding":
        return Heard(parties=tuple(_applicants(word)))
    if word.kind == EventKind.AUTHENTICATED:
        return Heard()
    facts = facts_in(word.body)
    record = recorded(facts, word.last, word.outcome, word.told)
    body = orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    happened = facts.get("occurred_at") or word.decided_at
    watched = under_subjects(Watched(word.id, word.seq, happened, body, key=word.key))
    return Heard((watched,), tuple(_named(word, facts)) if word.kind == "decision" else ())


def under_subjects(watched: Watched) -> Watched:
    """A record with the subjects under which it is kept."""
    return replace(watched, subjects=listed_under(orjson.loads(watched.body)))


def facts_in(body: bytes) -> Facts:
    """The facts of a stored request. Raises Unreadable."""
    try:
        return decode(body)
    except NotPlain:
        pass
    try:
        return facts_of(Transaction.model_validate_json(body))
    except ValidationError:
        raise Unreadable("The stored request is no transaction") from None


def recorded(
    facts: Facts, last: str | None = None, outcome: str | None = None, told: tuple[int, int] | None = None
) -> dict[str, Any]:
    """The record of a payment, by what became of it; None: nothing was told. `told`: when, and the number of that word."""
    amount, opened = facts["amount"], facts.get("payer.opened_at")
    stated = {name: column_of(column, facts) for name, column in _STATED.items()}
    record = {
        **stated,
        "kind": facts.get("kind") or "sale",
        "amount": int(amount.amount * MINOR[amount.currency]),
        "currency": amount.currency,
        "status": STATUSES[last],
        "outcome": outcome,
        "reference": facts.get("reference"),
        "told": told,
        "captured": True if last in _CAPTURED else None,
        "customer_since": None if opened is None else opened.isoformat(),
    }
    return {name: value for name, value in record.items() if value is not None}


# -- who is named -------------------------------------------------------------------------------------------------------


def party(word: Word, subject_kind: str, subject: str, asked: dict[str, Any], whose: str | None) -> KnownParty:
    """Somebody as they are kept. `asked`: as in `POST /v1/screenings`; `whose`: with whom they are erased; None: with the
    decision that names them."""
    stated = _stated(asked)
    body = orjson.dumps(stated, option=orjson.OPT_SORT_KEYS)
    return KnownParty(
        subject_kind, subject, word.seq, digest_of(stated), body, whose=whose, said_in=word.id, at=word.at, key=word.key
    )  # fmt: skip


class Named(NamedTuple):
    """Somebody whom a payment names, as they are kept, alerted about and cleared."""

    kind: str
    """payer | payee: on whose side."""
    subject: str
    lasting: bool
    """The subject is the same whoever states it. Of who has no id it is not: two people may say the same of themselves."""
    asked: dict[str, Any]
    """As in `POST /v1/screenings`."""
    whose: str | None
    """With whom it is erased: the party that it is of, a bank with nobody but itself. None: with the payment, by whoever pays."""


def named_in(facts: Facts, one: Asked) -> Named:
    """Whom a query of a payment is about. A wallet and a bank are known by their number, an owner within the party that they own,
    who has no id by name and data."""
    side, _, part = one.role.partition("_")
    known = facts.get(f"{side}.id")
    if part in _NUMBERED:
        (number,) = one.query.identifiers
        kind = None if one.query.kind is EntityKind.UNKNOWN else one.query.kind.value
        asked = _stated({"kind": kind, "ids": _numbers(one.query)})
        subject = f"{_NUMBERED[part]}:{number.value}"
        return Named(side, subject, lasting=True, asked=asked, whose=subject if part == "bank" else known)
    party = _asked_of_party(facts, side)
    subject = known or f"name:{digest_of(party, means=not identity_of(party))[:32]}"
    if part == "owner":
        asked = _stated(_asked_of(_in_words(facts[f"{side}.owners"][owner_at(one.pointer)])))
        return Named(side, f"{subject}/owner:{digest_of(asked)[:32]}", bool(known), asked, known)
    return Named(side, subject, bool(known), party, known)


def owner_at(pointer: str) -> int:
    """Which of a party's owners a pointer names: 2 of `/payer/owners/2`."""
    return int(pointer.rpartition("/")[2])


def _asked_of_party(facts: Facts, side: str) -> dict[str, Any]:
    names = ("name", "type", "country", "nationality", "date_of_birth")
    stated = _asked_of(_in_words({name: facts.get(f"{side}.{name}") for name in names}))
    return _stated({**stated, "ids": _numbers(party_query(facts, side))})


def _in_words(stated: Mapping[str, Any]) -> dict[str, Any]:
    born = stated.get("date_of_birth")
    return {**stated, "date_of_birth": None if born is None else born.isoformat()}


def _numbers(query: Query) -> list[dict[str, Any]]:
    found = []
    for one in query.identifiers:
        detail = one.detail if one.kind == "crypto" else None
        found.append(_stated({"type": one.kind, "value": one.value, "country": one.country, "detail": detail}))
    return found


def _named(word: Word, facts: Facts) -> Iterator[KnownParty]:
    """Everybody and everything in a payment that a list could mean: payer and payee, their owners, wallets, the payer's bank."""
    for one in parties_in(facts).asked:
        named = named_in(facts, one)
        asked = identity_of(named.asked)
        if asked.get("name") or asked.get("ids"):
            yield party(word, named.kind, named.subject, asked, named.whose)


def _stated(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value not in (None, [], ())}


def _asked_of(stated: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {"individual": "person", "organisation": "organisation"}
    return {
        "name": stated.get("name"),
        "kind": kinds.get(str(stated.get("type"))),
        "birth_date": stated.get("date_of_birth"),
        "country": stated.get("country"),
        "nationality": stated.get("nationality"),
        "ids": [*_ids("national_id", stated.get("national_ids")), *_ids("tax_id", stated.get("tax_ids"))],
    }


def _ids(kind: str, stated: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    return [{"type": kind, "value": one["value"], "country": one.get("country")} for one in stated or []]


def _applicants(word: Word) -> Iterator[KnownParty]:
    """A merchant that asks to be taken on, its directors and owners. Who was refused is not watched."""
    if word.outcome in _REFUSED:
        return
    try:
        application = Case.model_validate_json(word.body).application
    except ValidationError:
        raise Unreadable("The stored case of onboarding cannot be read") from None
    merchant = application.merchant
    yield party(word, "merchant", merchant, firm_of(application), merchant)
    for person in people(application):
        asked = person_of(person)
        yield party(word, "merchant", f"{merchant}/person:{digest_of(asked)[:32]}", asked, merchant)


def firm_of(application: Application) -> dict[str, Any]:
    """What is screened of a merchant that asks to be taken on."""
    stated = application.model_dump(mode="json", exclude_none=True)
    firm = _asked_of({**stated, "type": "individual" if stated.get("legal_form") == "sole_trader" else "organisation"})
    registered = stated.get("registration_number")
    if registered:
        firm["ids"].append({"type": "registration", "value": registered, "country": stated["country"]})
    return firm


def person_of(person: Person) -> dict[str, Any]:
    """What is screened of a director or an owner."""
    return _asked_of({**person.model_dump(mode="json", exclude_none=True), "type": _type_of(person)})


def _type_of(person: Person) -> str:
    return person.type if isinstance(person, Owner) else "individual"
