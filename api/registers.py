"""What registers say of a customer's tax numbers, gathered before the law is asked.

Remembered answers are evidence: they are in the ledger with their instant and consultation number. VIES itself is asked only
where the operator wants calculations to wait for it. Requests without numbers that stand in VIES pay for nothing of this.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import anyio.from_thread

from api.service import Service
from api.vies import SOURCE, Number, Unanswered, Vies
from engine.facts import Facts
from engine.ledger import Consultation
from engine.packs import PackSet
from engine.tax.ids import Checked, ModuleOf, check, modules
from engine.tax.model import Heard
from engine.tax.registers import UNASKED, Registers, Written
from engine.tax.told import law_of

NOT_ASKED: Final = "not_asked"
_TIMEOUT: Final = "timeout"


def concerned(facts: Facts) -> bool:
    """Whether there is anything to look up: a sale whose customer gave tax numbers."""
    return bool(facts.get("payer.tax_ids")) and facts.get("kind", "sale") == "sale"


def known(service: Service, facts: Facts, packs: PackSet) -> Registers:
    """What is remembered of the numbers that `packs` know, and the house's policy for what is not. Reads the ledger and blocks.
    Raises LedgerError."""
    if not concerned(facts):
        return UNASKED
    now = service.clock()
    occurred = facts.get("occurred_at") or now
    age = timedelta(hours=service.settings.vies_evidence_hours)
    found = {}
    for written, told in _listed(facts, modules(law_of(packs), now.date())):
        assert told.in_union is not None
        answers = service.ledger.consultations.since("".join(told.in_union), _earliest(occurred, age)) if age else []
        found[written] = _word(told.country, [one for one in answers if one.at - occurred <= age])
    return Registers(service.settings.vies_policy, found)


def waits(service: Service, registers: Registers) -> bool:
    """Whether VIES is to be asked for what is not known."""
    wanted = service.settings.vies_in_calculations == "ask" and service.vies is not None
    return wanted and any(heard.valid is not True for heard in registers.heard.values())


async def asked(service: Service, facts: Facts, registers: Registers, packs: PackSet) -> Registers:
    """The same after VIES was asked for every number that is not known to be valid, within the time that a calculation has.
    Raises LedgerError where an answer cannot be kept."""
    assert service.vies is not None
    module_of = modules(law_of(packs), service.clock().date())
    own = _own(facts, module_of)
    numbers = {
        written: told for written, told in _listed(facts, module_of) if registers.heard[written].valid is not True
    }
    limit = service.settings.vies_calculation_milliseconds / 1000
    words = await asyncio.gather(*[_ask(service.vies, told, own, limit) for told in numbers.values()])
    # An answer that was remembered stands where there is no newer one: silence does not undo a denial.
    newer = {
        written: word if word.valid is not None or registers.heard[written].valid is None else registers.heard[written]
        for written, word in zip(numbers, words, strict=True)
    }
    return replace(registers, heard={**registers.heard, **newer})


async def _ask(vies: Vies, told: Checked, own: Number | None, seconds: float) -> Heard:
    assert told.in_union is not None
    try:
        async with asyncio.timeout(seconds):
            answer = await vies.ask(told.in_union, own)
    except TimeoutError:
        return Heard(told.country, SOURCE, None, silence=_TIMEOUT)
    if isinstance(answer, Unanswered):
        return Heard(told.country, SOURCE, None, silence=answer.code.lower())
    return _of(told.country, answer)


def heard(service: Service, facts: Facts, packs: PackSet) -> Registers:
    """What is remembered; and what VIES answers where calculations wait for it. For a worker thread of the service: it blocks,
    and VIES is asked on the service's own loop. Raises LedgerError."""
    found = known(service, facts, packs)
    return anyio.from_thread.run(asked, service, facts, found, packs) if waits(service, found) else found


def _earliest(occurred: datetime, age: timedelta) -> datetime:
    try:
        return occurred - age
    except OverflowError:  # the first days of the calendar: nobody had asked anything
        return occurred


def _word(country: str | None, answers: list[Consultation]) -> Heard:
    """The last answer; where that is a yes, the one of its row that carries a consultation number: it is the better proof."""
    if not answers:
        return Heard(country, SOURCE, None, silence=NOT_ASKED)
    last = answers[0]
    if not last.valid:
        return _of(country, last)
    denied = next((at for at, one in enumerate(answers) if not one.valid), len(answers))
    return _of(country, next((one for one in answers[:denied] if one.consultation_number), last))


def _of(country: str | None, answer: Consultation) -> Heard:
    return Heard(country, answer.source, answer.valid, answer.at, answer.consultation_number, answer.own)


# -- numbers ------------------------------------------------------------------------------------------------------------


def _listed(facts: Facts, module_of: ModuleOf) -> Iterator[tuple[Written, Checked]]:
    """The customer's numbers that stand in VIES, of which the caller does not say itself whether a register confirmed them."""
    for number in facts.get("payer.tax_ids") or ():
        value = number.get("value")
        if not value or number.get("verified") is not None:
            continue
        told = check(number.get("country"), value, module_of)
        if told.in_union is not None:
            yield (number.get("country"), value), told


def _own(facts: Facts, module_of: ModuleOf) -> Number | None:
    """The seller's own number, if it states one that stands in VIES: who names it gets a consultation number."""
    for country, value in _stated(facts):
        told = check(country, value, module_of)
        if told.in_union is not None:
            return told.in_union
    return None


def _stated(facts: Facts) -> Iterator[tuple[str | None, str]]:
    numbers: list[Mapping[str, Any]] = [*(facts.get("payee.tax_ids") or ())]
    yield from ((one.get("country"), one["value"]) for one in numbers if one.get("value"))
    listed: list[Mapping[str, Any]] = [*(facts.get("payee.registrations") or ())]
    ordinary = [one for one in listed if one.get("number") and one.get("scheme", "standard") == "standard"]
    yield from ((one["jurisdiction"], one["number"]) for one in ordinary if one.get("jurisdiction"))
