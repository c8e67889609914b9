"""What a stored decision can be found by, worked out from its request and its answer. A body that says nothing adds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson

from engine.ledger._bodies import Bodies
from engine.ledger._past_values import sortable
from engine.places import READ_AS

VERDICTS: Final = {
    "sca": "sca", "aml": "aml", "kyc": "kyc", "residency": "residency", "tax": "tax", "methods": "method",
}  # fmt: skip
"""Each domain, and the part of the answer that holds its verdict."""
ROLES: Final = {
    "payer": ("payer", "country"), "payee": ("payee", "country"), "issuer": ("payment", "issuer_country"),
    "acquirer": ("payment", "acquirer_country"),
}  # fmt: skip
"""Each role in which a country is stated, and where."""
_STATED: Final = {
    "instrument": ("payment", "instrument"),
    "method": ("payment", "method"),
    "channel": ("payment", "channel"),
}
_LONGEST: Final = 100
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:\-]*", re.ASCII)
_AMOUNT: Final = re.compile(r"[0-9]{1,18}(\.[0-9]{1,12})?", re.ASCII)


class Decided(NamedTuple):
    """The columns of a decision that its row of the search is worked out from."""

    seq: int
    id: str
    at: int
    reference: str | None
    payer: str | None
    outcome: str
    release: str
    facts: bytes
    answer: bytes


def decided_of(row: Sequence[Any], bodies: Bodies | None) -> Decided:
    """A decision as its columns have it, with its bodies as they were opened; None: they were erased, and say nothing."""
    seq, identity, at, reference, payer, outcome, release = row[:7]
    facts, answer = (b"", b"") if bodies is None else (bodies.facts, bodies.answer)
    return Decided(seq, identity, at, reference, payer, outcome, release, facts, answer)


def row_of(decided: Decided) -> tuple[object, ...]:
    """The row of a decision, in the order of the table's columns."""
    return row_told(decided, _object(decided.answer))


def row_told(decided: Decided, answer: Mapping[str, Any]) -> tuple[object, ...]:
    """The same, where the answer need not be read again from its bytes: at ten kilobytes that costs more than all the rest."""
    facts = _object(decided.facts)
    amount, currency = _amount(facts.get("amount")), facts.get("currency")
    return (
        decided.at,
        decided.id,
        decided.seq,
        decided.outcome,
        decided.reference,
        decided.payer,
        _text(_under(facts, "payee").get("merchant")),
        amount,
        None if amount is None else sortable(amount),
        _word(currency),
        decided.release,
        " ".join(("", *dict.fromkeys((*_stated(facts), *_found(answer))), "")),
    )


def _stated(facts: Mapping[str, Any]) -> Iterator[str]:
    for name, (part, field) in (*ROLES.items(), *_STATED.items()):
        word = _word(_under(facts, part).get(field))
        if word is not None:
            yield f"{name}={READ_AS.get(word, word) if name in ROLES else word}"
    kind = _word(facts.get("kind"))
    if kind is not None:
        yield f"kind={kind}"


def _found(answer: Mapping[str, Any]) -> Iterator[str]:
    for domain, part in VERDICTS.items():
        verdict = _word(_under(answer, part).get("verdict"))
        if verdict is not None:
            yield f"{domain}:{verdict}"
    for pack in _objects(answer.get("rulepacks")):
        jurisdiction = _word(pack.get("jurisdiction"))
        if jurisdiction is not None:
            yield f"law:{jurisdiction}"
    for finding in _objects(answer.get("findings")):
        pack_of, rule = _word(finding.get("pack")), _word(finding.get("rule"))
        if pack_of is not None and rule is not None:
            yield f"rule:{pack_of}/{rule}"


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _under(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def _objects(found: object) -> Sequence[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list | tuple) else []


def _text(found: object) -> str | None:
    return found if isinstance(found, str) and "\0" not in found else None


def _word(found: object) -> str | None:
    return found if isinstance(found, str) and len(found) <= _LONGEST and _is_word(found) else None


@lru_cache(maxsize=4096)
def _is_word(text: str) -> bool:
    """Words of the law and of payments are the same few thousand."""
    return _WORD.fullmatch(text) is not None


def _amount(found: object) -> str | None:
    """As it was stated; None where it is no amount that the wire knows."""
    text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    try:
        return text if _AMOUNT.fullmatch(text) and Decimal(text).is_finite() else None
    except InvalidOperation:
        return None
