"""From the facts of a request to an answer that is on disk: the one way to a decision, whichever route asks."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

import orjson
from pydantic import ValidationError

from api.bodies import count_keys, parse, parse_plain
from api.canary import law_for, tried
from api.denials import Denial, Why
from api.domains import chosen
from api.key_limits import require_within
from api.law_in_force import LawInForce
from api.owing import owed_by
from api.problems import Fault, Problem, busy, invalid_body, refused, unavailable
from api.registers import asked as ask_registers
from api.registers import concerned, known, waits
from api.service import Service
from api.staging import require_playable, staged
from api.tracing import Marks
from engine.authentication import SIDES, asks_history, card_of
from engine.decide import ONLY_SCA, decide
from engine.decoding import NotPlain, decode_tree
from engine.facts import Facts, facts_of
from engine.layouts import read
from engine.ledger import (
    UNLIMITED,
    BodyErased,
    CountedPayment,
    DecisionEntry,
    EntryRefused,
    KeyTerms,
    LedgerBusy,
    LedgerError,
    Replayed,
    Stored,
    Written,
)
from engine.regimes.sca_answer import DOMAIN as SCA
from engine.tax.registers import UNASKED, Registers
from engine.tax.told import DOMAIN as TAX
from engine.transaction import Transaction

_NOT_PAYER_PAYMENTS: Final = frozenset({"refund", "payout"})


@dataclass(slots=True)
class Asked:
    """Who asks, with which bytes, in which language, about what, and under which idempotency key."""

    key_id: str
    body: bytes
    locale: str | None
    once: tuple[str, str] | None = None
    """Scope and key."""
    domains: str | None = None
    """As the caller named them; None: all."""
    terms: KeyTerms = UNLIMITED
    """What limits the key that asks."""
    marks: Marks | None = None
    """The moments of the work, where it is traced."""

    @property
    def digest(self) -> bytes:
        """What makes two requests the same: the bytes of the body, and the domains where they are named."""
        return request_digest(self.body, self.domains)


@dataclass(slots=True)
class Answered:
    """What to send."""

    body: bytes
    release: str
    replayed: bool = False
    outcome: str = ""
    """Of a decision that was made just now."""


def request_digest(body: bytes, domains: str | None) -> bytes:
    """Of a body, and of the domains that were named beside it."""
    return sha256(body if domains is None else b"%s\0%s" % (body, domains.encode())).digest()


def facts_in(body: bytes) -> Facts:
    """The facts of a body: by the generated decoder where it can, else by the model. Raises 422.

    INVARIANT: the decoder takes only keys of the Transaction, none of which is the name of card data, and only levels it
    has; so nothing that `parse` alone would refuse passes it.
    """
    plain = parse_plain(body)
    if plain is not None:
        tree, keys = plain
        found = read(tree)
        if found is not None and found.keys == keys:
            return found.facts
        if found is None and count_keys(tree) == keys:
            try:
                return decode_tree(tree)
            except NotPlain:
                pass
    tree = parse(body)
    try:
        return decode_tree(tree)
    except NotPlain:
        return facts_of(validated(tree))


def validated(tree: dict[str, object]) -> Transaction:
    """The model of a parsed body. Raises 422 with every fault."""
    try:
        return Transaction.model_validate(tree, from_attributes=True)
    except ValidationError as error:
        raise invalid_body(error.errors(include_url=False, include_input=False), tree) from None


async def answer(service: Service, facts: Facts, asked: Asked) -> Answered:
    """Decide, store, and only then answer. Raises 409, 422 or 503."""
    require_playable(facts, livemode=service.livemode)
    if asked.terms is not UNLIMITED:
        try:
            require_within(facts, asked.terms)
        except Problem:
            service.door.deny(Denial(Why.LIMITS, asked.key_id, wanted="decide"))
            raise
    once = asked.once
    if once is None:
        return await _answer(service, facts, asked)
    if once in service.running:
        raise Problem(
            "still_running", "Its answer will be given again under the same key.", headers={"retry-after": "1"}
        )
    service.running.add(once)
    try:
        return await _answer(service, facts, asked)
    finally:
        service.running.discard(once)


async def _answer(service: Service, facts: Facts, asked: Asked) -> Answered:
    # The one look at which law answers: what is asked of registers, of the past and of lists is asked by it as well.
    law = law_for(service.law, facts, asked.body)
    heard = UNASKED
    if concerned(facts) and TAX in chosen(asked.domains):
        heard = await _heard(service, facts, law)
    if service.reads_wait and may_read(law, facts, chosen(asked.domains)):
        entry = await asyncio.to_thread(judge, service, facts, asked, heard, law)
    else:
        entry = judge(service, facts, asked, heard, law)
    if asked.marks is not None:
        asked.marks.mark("decide")
    try:
        written = await service.ledger.writer.write(entry)
    except LedgerError as error:
        raise problem_of(error) from error
    if asked.marks is not None:
        asked.marks.mark("store")
    if isinstance(written, Stored):
        service.metrics.tally.decided[entry.outcome] += 1
        return Answered(entry.answer, entry.release, outcome=entry.outcome)
    return await _given_before(service, entry, written)


async def _heard(service: Service, facts: Facts, law: LawInForce) -> Registers:
    """What registers say of the customer's tax numbers. Raises 503."""
    packs = law.packs
    try:
        if service.reads_wait:
            found = await asyncio.to_thread(known, service, facts, packs)
        else:
            found = known(service, facts, packs)
        return await ask_registers(service, facts, found, packs) if waits(service, found) else found
    except LedgerError as error:
        raise problem_of(error) from error


def judge(
    service: Service, facts: Facts, asked: Asked, heard: Registers = UNASKED, law: LawInForce | None = None
) -> DecisionEntry:
    """The decision, ready to be stored. Reads history and merchants, writes nothing; `heard` is what registers said of the
    customer's tax numbers, `law` what answers; None: whatever does now. Raises 422 or 503."""
    if law is None:
        law = law_for(service.law, facts, asked.body)
    try:
        if law.beside is None:
            return _judged(service, facts, asked, heard, law)
        return tried(service, law, lambda by: _judged(service, facts, asked, heard, by))
    except OverflowError:
        # The first and last days of the calendar have no yesterday or tomorrow in another time zone.
        raise refused(Fault("/occurred_at", "instant_range", "Too far from today")) from None
    except LedgerError as error:
        raise problem_of(error) from error


def _judged(service: Service, facts: Facts, asked: Asked, heard: Registers, law: LawInForce) -> DecisionEntry:
    """The decision by one law. Raises LedgerError, OverflowError."""
    now = service.clock()
    domains = chosen(asked.domains)
    decision_id = service.new_id()
    packs = law.packs
    decision = decide(
        facts,
        packs,
        service.ledger.history,
        rates=service.rates,
        decision_id=decision_id,
        now=now,
        locale=asked.locale,
        domains=domains,
        profiles=service.profiles,
        registers=heard,
        totals=service.totals,
        lookout=law.lookout,
    )
    body = decision.body if service.livemode else staged(decision.body, facts, packs)
    if service.breaker is not None:
        service.breaker.note(packs.release.digest, body, facts.get("payer.id"))
    once = asked.once
    return DecisionEntry(
        decision_id,
        now,
        asked.key_id,
        facts.get("reference"),
        facts.get("payer.id"),
        body["outcome"],
        facts.get(SIDES[0]) or facts.get(SIDES[1]),
        packs.release.digest,
        asked.body,
        orjson.dumps(decision.inputs),
        orjson.dumps(body),
        counted(facts, now),
        None if once is None else (*once, asked.digest),
        owed_by(body["obligations"]) if body["obligations"] else (),
        body,
    )


async def _given_before(service: Service, entry: DecisionEntry, written: Written) -> Answered:
    """The answer that was given under this key. Raises 422 where it came with another body."""
    if not isinstance(written, Replayed):
        raise Problem("key_reused", "It came with another body. Use a new key for a new request.")
    service.metrics.replayed.inc()
    decided = written.stored.decision_id
    stored = await asyncio.to_thread(service.ledger.decision, decided) if decided else None
    return Answered(written.stored.answer, stored.release if stored else entry.release, replayed=True)


def problem_of(error: LedgerError) -> Problem:
    """What a caller is told when the ledger cannot."""
    if isinstance(error, LedgerBusy):
        return busy()
    if isinstance(error, BodyErased):
        return erased()
    if isinstance(error, EntryRefused):
        return refused(Fault("", "not_storable", "This cannot be stored"))
    return unavailable()


def erased() -> Problem:
    """What is said of a record whose bodies are gone."""
    return Problem("erased", "The key under which this was kept was destroyed: only its envelope is left.")


def may_read(law: LawInForce, facts: Facts, domains: tuple[str, ...]) -> bool:
    """Whether a decision on these facts may read the ledger: what the payer has paid, a merchant's profile, the past that
    features are counted from, clearances, and what scenarios watch for. Of features only where it is stated whose past is
    meant."""
    if SCA in domains and asks_history(facts):
        return True
    if domains == ONLY_SCA:
        return False
    return "payee.merchant" in facts or any(facts.keys() >= key for key in law.past_keys) or law.lookout.reads(facts)


def counted(facts: Facts, now: datetime) -> CountedPayment | None:
    """What history needs should this be executed. Only what the payer initiates counts towards the payer's counters."""
    payer, channel = facts.get("payer.id"), facts.get("payment.channel")
    if payer is None or channel is None or facts.get("payment.initiator") == "payee":
        return None
    if facts["kind"] in _NOT_PAYER_PAYMENTS:
        return None
    amount = facts["amount"]
    return CountedPayment(
        payer,
        facts["payment.instrument"],
        channel,
        card_of(facts),
        facts.get("occurred_at") or now,
        amount.amount,
        amount.currency,
        facts.get("payment.authentication.done") is True,
    )
