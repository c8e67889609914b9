"""Tax numbers at the edge: their form is looked at here; of the Union's the register is asked where the operator allows it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag, WithJsonSchema

from api.admission import Admitted
from api.once import Given, given_before, once_of
from api.problems import Fault, refused
from api.schemas import Said
from api.service import Service
from api.taxing import alone
from api.vies import SOURCE, Number, Unanswered, Vies
from engine.ledger import IdempotencyKey
from engine.tax.ids import LONGEST, SCHEMES, Checked, check, modules
from engine.tax.told import law_of
from engine.wire import Stated, read_place

AT_MOST: Final = 100
"""Numbers in one request."""
_OFFLINE: Final = "offline"
_AT_ONCE: Final = 8


def _read_country(value: object) -> object:
    return value if value is None or value == SCHEMES else read_place(value)[:2]


Country = Annotated[
    str | None,
    BeforeValidator(_read_country),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": "^[A-Z]{2}$"}, {"type": "null"}]}),
    Field(examples=["DE"]),
]
Written = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=LONGEST), Field(examples=["DE136695976"])
]


class OwnNumber(Stated):
    """The number of who asks. VIES answers it with a consultation number."""

    country: Country = None
    value: Written


class IdQuestion(Stated):
    """One tax number."""

    country: Country = None
    """Whose number it is; without it, its prefix tells. `EL` is read as `GR`; `EU` is a number of a special scheme."""
    value: Written
    """As it was written: blanks, dots and dashes do not matter."""
    own: OwnNumber | None = None


def _how_many(value: object) -> str:
    return "many" if isinstance(value, list) else "one"


Questions = Annotated[
    Annotated[IdQuestion, Tag("one")]
    | Annotated[Annotated[list[IdQuestion], Field(min_length=1, max_length=AT_MOST)], Tag("many")],
    Discriminator(_how_many),
]


class IdAnswer(Said):
    """What can be said of one tax number."""

    country: str | None
    """Whose it is; `EU`: of a special scheme, where its seller is known and no buyer."""
    value: str
    """As it was sent."""
    normalised: str | None
    """In one spelling, with its prefix where it has one."""
    state: Literal["valid", "format_valid", "invalid", "unchecked"]
    """`valid`: a register confirmed it now. `format_valid`: its form is right and nobody was asked. `unchecked`: nothing is known
    of how such numbers are built."""
    kind: Literal["registration", "identification", "scheme"] | None
    """`registration`: given to who is registered for the tax. `identification`: names a firm or a person, registered or not."""
    region: str | None
    """ISO 3166-2, where the number tells it: the state of an Indian registration."""
    checked_at: datetime
    """When it was looked at; of a register's answer that is given again, when the register gave it."""
    source: Literal["offline", "VIES"]
    consultation_number: str | None
    """VIES's own word that it was asked, for who names its own number: keep it with the invoice."""
    reason: str | None
    """Stable: why it is not `valid`. checksum, length, format, component, prefix, too_long, no_module, module_refused,
    country_unknown, not_registered, or `vies.` and the code of why VIES did not answer."""
    message: str
    policy: Literal["undecided", "charge", "reverse_charge_and_recheck"] | None
    """What the operator declared for the time that VIES does not answer; null where it did, or was not asked."""
    recheck_after: datetime | None
    """Before then asking VIES again is of no use."""


async def answer(service: Service, questions: IdQuestion | list[IdQuestion], admitted: Admitted) -> Given:
    """The answer to one question, or to each of a list in its order. Raises Problem 409 and 422; 422 also for an own number that
    VIES could not be asked with. Raises BodyErased for what was answered before and erased since."""
    once = once_of(admitted)
    with alone(service, once):
        before = None if once is None else await asyncio.to_thread(_answered, service, once)
        if before is not None:
            return before
        if isinstance(questions, list):
            pointers = [f"/{at}" for at in range(len(questions))]
            pieces = _listed(await _answers(service, questions, pointers))
        else:
            (found,) = await _answers(service, [questions], [""])
            pieces = [(_number_in(found), _written(found))]
        if once is not None:
            await service.ledger.consultations.keep_answer(once, pieces)
        return Given(b"".join(said for _, said in pieces))


def _written(answer: IdAnswer) -> bytes:
    return orjson.dumps(answer.model_dump(mode="json"))


def _listed(answers: Sequence[IdAnswer]) -> list[tuple[str, bytes]]:
    """The parts of a list in JSON, each with the number that it is about."""
    said = [b"," + _written(one) for one in answers]
    said[0] = b"[" + said[0][1:]
    said[-1] += b"]"
    return [(_number_in(one), part) for one, part in zip(answers, said, strict=True)]


def _number_in(answer: IdAnswer) -> str:
    """As the register's answers call a number; what could not be read is called as it was sent."""
    return answer.value if answer.normalised is None else answer.normalised


def _answered(service: Service, once: IdempotencyKey) -> Given | None:
    """What was answered under this key before. Raises 422 for a key that came with another body."""
    known = given_before(service.ledger, once)
    if known is not None:
        service.metrics.replayed.inc()
    return known


async def _answers(service: Service, questions: Sequence[IdQuestion], pointers: Sequence[str]) -> list[IdAnswer]:
    now = service.clock()
    module_of = modules(law_of(service.packs), now.date())
    found = [check(one.country, one.value, module_of) for one in questions]
    vies = service.vies
    if vies is None:
        return [_offline(one, told, now) for one, told in zip(questions, found, strict=True)]
    owns = [_own(one, module_of) for one in questions]
    faults = [
        Fault(f"{pointer}/own/value", "own_number", "Not a number of a Member State of the right form")
        for pointer, one, own in zip(pointers, questions, owns, strict=True)
        if one.own is not None and own is None
    ]
    if faults:
        raise refused(*faults)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def asked(one: IdQuestion, told: Checked, own: Number | None) -> IdAnswer:
        if told.in_union is None:
            return _offline(one, told, now)
        async with gate:
            return await _of_register(service, vies, one, told, own)

    return list(await asyncio.gather(*map(asked, questions, found, owns)))


def _own(question: IdQuestion, module_of: Any) -> Number | None:
    return check(question.own.country, question.own.value, module_of).in_union if question.own else None


def _offline(question: IdQuestion, told: Checked, now: datetime, **more: Any) -> IdAnswer:
    said: dict[str, Any] = {
        "country": told.country,
        "value": question.value,
        "normalised": told.normalised,
        "state": told.state,
        "kind": told.kind.value if told.kind else None,
        "region": told.region,
        "checked_at": now,
        "source": _OFFLINE,
        "consultation_number": None,
        "reason": told.reason,
        "message": told.message,
        "policy": None,
        "recheck_after": None,
    }
    return IdAnswer(**{**said, **more})


async def _of_register(
    service: Service, vies: Vies, question: IdQuestion, told: Checked, own: Number | None
) -> IdAnswer:
    assert told.in_union is not None
    answer = await vies.ask(told.in_union, own)
    if isinstance(answer, Unanswered):
        policy = service.settings.vies_policy
        return _offline(
            question,
            told,
            service.clock(),
            reason=f"vies.{answer.code.lower()}",
            message=f"{told.message} VIES did not answer. {_POLICIES[policy]}",
            policy=policy,
            recheck_after=answer.again_after,
        )
    words = "VIES confirms the number." if answer.valid else "VIES knows no such number that is valid today."
    return _offline(
        question,
        told,
        answer.at,
        state="valid" if answer.valid else "invalid",
        source=SOURCE,
        consultation_number=answer.consultation_number,
        reason=None if answer.valid else "not_registered",
        message=words,
    )


_POLICIES: Final = {
    "undecided": "What the customer is stays undecided until it does.",
    "charge": "The operator declared that tax is charged as to a consumer meanwhile.",
    "reverse_charge_and_recheck": "The operator declared that the customer is a business meanwhile, and is looked up again.",
}
