"""The life of a tax at the edge: a question becomes a calculation, a calculation a transaction, and parts of it go back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Final, NamedTuple

import orjson

from api.admission import Admitted
from api.canary import law_for, tried
from api.deciding import erased
from api.law_in_force import LawInForce
from api.once import Given, given_before, given_by, once_of
from api.problems import Fault, Problem, not_found, refused
from api.registers import heard
from api.service import Service
from api.tax_schemas import Commit, ReversalQuestion, TaxQuestion
from engine.calculation import calculate, filled
from engine.facts import Facts, facts_of
from engine.ledger import (
    AlreadyCommitted,
    CalculationEntry,
    IdempotencyKey,
    Refusal,
    ReversalEntry,
    StoredCalculation,
    StoredReversal,
    StoredTransaction,
    TransactionEntry,
)
from engine.postings import Document, Filed, Posting, from_minor
from engine.tax import reversal
from engine.tax.charged import Charged, NotCharged, charged_of, dimensions_of, postings_of
from engine.tax.filings import SCHEMES, Filings
from engine.tax.registers import Registers
from engine.wire import STORED

_ROUNDING: Final = "cumulative_half_up"

FiledOf = Callable[[str, str], Sequence[Filed]]
"""(merchant, scheme) -> the returns that were filed."""


def never_filed(_merchant: str, _scheme: str) -> Sequence[Filed]:
    """Nobody told of a return that was filed."""
    return ()


def question_of(body: bytes) -> TaxQuestion:
    """The question of a stored request."""
    return TaxQuestion.model_validate(orjson.loads(body), context=STORED)


@contextmanager
def alone(service: Service, once: IdempotencyKey | None) -> Iterator[None]:
    """One request at a time under one idempotency key. Raises 409 for the others."""
    if once is None:
        yield
        return
    mine = (once.scope, once.key)
    if mine in service.running:
        raise Problem(
            "still_running", "Its answer will be given again under the same key.", headers={"retry-after": "1"}
        )
    service.running.add(mine)
    try:
        yield
    finally:
        service.running.discard(mine)


# -- calculations -----------------------------------------------------------------------------------------------------


def calculated(service: Service, question: TaxQuestion, admitted: Admitted, locale: str | None) -> Given:
    """Work out, store, and only then answer. Raises 409, 410, 422 or 503."""
    once = once_of(admitted)
    with alone(service, once):
        facts = facts_of(question)
        law = law_for(service.law, facts, admitted.body)
        registers = heard(service, facts, law.packs)
        try:
            entry = tried(service, law, lambda by: _worked_out(service, facts, admitted, locale, registers, by))
        except OverflowError:
            raise refused(Fault("/occurred_at", "instant_range", "Too far from today")) from None
        found = given(service, service.ledger.taxes.remember(entry, once), entry.answer)
        release = _release_of(service, found) if found.replayed else entry.release
        return found._replace(release=release)


def _release_of(service: Service, replayed: Given) -> str | None:
    """The release of a calculation that was answered before."""
    stored = service.ledger.taxes.calculation(orjson.loads(replayed.body)["id"])
    return None if stored is None else stored.release


def _worked_out(
    service: Service, facts: Facts, admitted: Admitted, locale: str | None, registers: Registers, law: LawInForce
) -> CalculationEntry:
    """A calculation by one law. Raises LedgerError, OverflowError."""
    now = service.clock()
    found = calculate(
        facts,
        law.packs,
        rates=service.rates,
        calculation_id=service.new_calculation(),
        now=now,
        profiles=service.profiles,
        registers=registers,
        totals=service.totals,
        locale=locale,
    )
    return CalculationEntry(
        found.body["id"],
        now,
        admitted.key.id,
        facts.get("reference"),
        facts.get("payer.id"),
        facts.get("payee.merchant"),
        found.body["profile_version"],
        found.body["tax"]["verdict"],
        datetime.fromisoformat(found.body["valid_until"]),
        law.digest,
        admitted.body,
        orjson.dumps(found.inputs),
        orjson.dumps(found.body),
    )


def given(service: Service, written: object, answer: bytes) -> Given:
    """What to send once it was written. Raises 422 for a key that came with another body."""
    return _counted(service, given_by(written, answer))


def find_calculation(service: Service, calculation_id: str) -> StoredCalculation:
    """The calculation with this id. Raises 404."""
    stored = service.ledger.taxes.calculation(calculation_id)
    if stored is None:
        raise not_found("calculation")
    return stored


# -- transactions -----------------------------------------------------------------------------------------------------


def committed(service: Service, commit: Commit, admitted: Admitted) -> Given:
    """Commit a calculation. Raises 404, 409, 410, 422 or 503."""
    once = once_of(admitted)
    with alone(service, once):
        before = answered_before(service, once)
        if before is not None:
            return before
        stored = find_calculation(service, commit.calculation)
        if stored.erased:
            raise erased()
        now = service.clock()
        taken = service.ledger.taxes.committed(stored.id)
        if taken is not None:
            raise _taken(taken)
        if now > stored.valid_until:
            raise Problem(
                "expired", f"It was valid until {stored.valid_until.isoformat()}. Calculate again, and commit that."
            )
        entry = transaction_of(stored, commit.reference, now, admitted.key.id, service.new_transaction())
        written = service.ledger.taxes.commit(entry, once)
        if isinstance(written, AlreadyCommitted):
            raise _taken(written.transaction_id)
        return given(service, written, entry.answer)


def _taken(transaction: str) -> Problem:
    return Problem(
        "already_committed", f"It stands for the transaction {transaction}. Calculate again for another sale."
    )


def answered_before(service: Service, once: IdempotencyKey | None) -> Given | None:
    """The answer that was given under this key, whatever has become of the calculation since. Raises 422."""
    found = given_before(service.ledger, once)
    return None if found is None else _counted(service, found)


def _counted(service: Service, found: Given) -> Given:
    if found.replayed:
        service.metrics.replayed.inc()
    return found


def transaction_of(
    stored: StoredCalculation, reference: str | None, now: datetime, key_id: str, transaction_id: str
) -> TransactionEntry:
    """A calculation as a transaction, ready to be stored. Raises 409 where its tax is not determined."""
    said, inputs = orjson.loads(stored.answer), orjson.loads(stored.inputs)
    tax = said["tax"]
    facts = filled(facts_of(question_of(stored.facts)), inputs)
    try:
        charged = charged_of(tax, _quantities(facts))
    except NotCharged as why:
        raise Problem("undecided", f"{why}. See `tax.lines[].missing` of the calculation.") from None
    day = date.fromisoformat(tax["date"])
    nothing = _sums(charged, 0, 0)
    body = {
        "id": transaction_id,
        "calculation": stored.id,
        "reference": reference if reference is not None else stored.reference,
        "merchant": stored.merchant,
        "profile_version": stored.profile_version,
        "committed_at": now.isoformat(),
        "date": day.isoformat(),
        "currency": charged.currency,
        "charged": _sums(charged, charged.net, charged.tax),
        "given_back": nothing,
        "remaining": _sums(charged, charged.net, charged.tax),
        "tax": tax,
        "fx": said["fx"],
        "release": stored.release,
        "reversals": [],
    }
    return TransactionEntry(
        transaction_id,
        stored.id,
        now,
        key_id,
        body["reference"],
        stored.merchant,
        day,
        charged.currency,
        charged.digits,
        stored.release,
        postings_of(charged, tax, dimensions_of(facts, tax)),
        orjson.dumps(body),
    )


def _quantities(facts: Facts) -> list[Decimal | None]:
    return [line.get("quantity") for line in facts.get("lines") or ()]


def _sums(charged: Charged, net: int, tax: int) -> dict[str, str]:
    return {
        name: f"{from_minor(units, charged.digits):f}"
        for name, units in (("net", net), ("tax", tax), ("gross", net + tax))
    }


def shown(stored: StoredTransaction, reversals: Sequence[StoredReversal]) -> dict[str, Any]:
    """A transaction with what has become of it."""
    said: dict[str, Any] = orjson.loads(stored.answer)
    charged = charged_of(said["tax"])
    net, tax = sum(one.net for one in reversals), sum(one.tax for one in reversals)
    return {
        **said,
        "given_back": _sums(charged, net, tax),
        "remaining": _sums(charged, stored.net - net, stored.tax - tax),
        "reversals": [orjson.loads(one.answer) for one in reversals],
    }


# -- reversals --------------------------------------------------------------------------------------------------------


def reversed_(service: Service, transaction_id: str, question: ReversalQuestion, admitted: Admitted) -> Given:
    """Give back. Worked out inside the write, so that two at once cannot give back the same. Raises 404, 409, 410, 422 or 503."""
    once = once_of(admitted, transaction_id)
    with alone(service, once):
        now = service.clock()
        zone = service.packs.layers.zone
        make = maker(
            zone, service.new_reversal(), question, admitted.body, now, admitted.key.id, service.ledger.returns.filed
        )
        written = service.ledger.taxes.reverse(transaction_id, make, once)
        if written is None:
            raise not_found("transaction")
        if isinstance(written, Refusal):
            raise refused(Fault(written.pointer, written.code, written.message))
        if isinstance(written, tuple):
            entry, stored = written
            return given(service, stored, entry.answer)
        return given(service, written, b"")


def maker(
    zone: Callable[[str], tzinfo],
    reversal_id: str,
    question: ReversalQuestion,
    request: bytes,
    now: datetime,
    key_id: str,
    filed: FiledOf = never_filed,
) -> Callable[[StoredTransaction, Sequence[StoredReversal]], ReversalEntry | Refusal]:
    """What to give back, as a function of the transaction and of what went back before. `zone`: the time zone of a place;
    `filed`: the returns of a merchant and a scheme that were filed."""

    def make(stored: StoredTransaction, before: Sequence[StoredReversal]) -> ReversalEntry | Refusal:
        said = orjson.loads(stored.answer)
        at = question.at or now
        country = next((line["country"] for line in said["tax"]["lines"] if line["country"]), None)
        day = at.astimezone(zone(country) if country else UTC).date()
        if day < stored.day:
            return Refusal("before_the_sale", "Nothing can go back before it was sold", "/at")
        charged = charged_of(said["tax"], _sold(stored.postings))
        given = reversal.given_back(charged, [posting for one in before for posting in one.postings])
        try:
            found = _wanted(charged, given, question)
        except reversal.ReversalRefused as why:
            return Refusal(why.code, str(why), _pointer(why))
        postings = reversal.postings_of(found, stored.postings)
        body = _reversal_body(reversal_id, question, _Worked(stored, charged, given, found, at, day, now, filed))
        return ReversalEntry(
            reversal_id,
            stored.id,
            at,
            key_id,
            question.reference,
            body["mode"],
            day,
            request,
            postings,
            orjson.dumps(body),
        )

    return make


def _wanted(charged: Charged, given: Sequence[reversal.Given], question: ReversalQuestion) -> reversal.Reversal:
    if question.mode == "full":
        return reversal.in_full(charged, given)
    if question.amount is not None:
        return reversal.by_amount(charged, given, question.amount, inclusive=question.tax_inclusive)
    wanted = [reversal.LineWanted(line.id, line.amount, line.quantity) for line in question.lines or ()]
    return reversal.by_lines(charged, given, wanted, inclusive=question.tax_inclusive)


def _pointer(why: reversal.ReversalRefused) -> str:
    if why.line is not None:
        return f"/lines/{why.line}/{why.field}"
    return f"/{why.field}" if why.field else "/mode"


def _sold(postings: Sequence[Posting]) -> list[Decimal | None]:
    """The quantities of the lines, in their order."""
    return [Decimal(one.quantity) if one.quantity is not None else None for one in postings if one.part == 0]


class _Worked(NamedTuple):
    """A reversal that was worked out, with all that its answer repeats."""

    stored: StoredTransaction
    charged: Charged
    given: Sequence[reversal.Given]
    found: reversal.Reversal
    at: datetime
    day: date
    now: datetime
    filed: FiledOf


def _reversal_body(reversal_id: str, question: ReversalQuestion, worked: _Worked) -> dict[str, Any]:
    stored, charged, given, found, at, day, now, filed = worked
    said = orjson.loads(stored.answer)
    mode = "full" if question.mode == "full" else "amount" if question.amount is not None else "lines"
    net, tax = sum(one.net for one in given) + found.net, sum(one.tax for one in given) + found.tax
    lines = [_line_body(charged, line, said["tax"]["lines"][line.line.index]) for line in found.lines]
    return {
        "id": reversal_id,
        "transaction": stored.id,
        "reference": question.reference,
        "mode": mode,
        "reversed_at": at.isoformat(),
        "date": day.isoformat(),
        "original_date": stored.day.isoformat(),
        "currency": charged.currency,
        "given_back": _sums(charged, found.net, found.tax),
        "lines": lines,
        "remaining": _sums(charged, charged.net - net, charged.tax - tax),
        "declared": _declared(reversal_id, stored, lines, day, now, filed),
        "rounding": _ROUNDING,
        "fx": said["fx"],
        "release": stored.release,
    }


def _line_body(charged: Charged, line: reversal.ReversedLine, told: Mapping[str, Any]) -> dict[str, Any]:
    digits = charged.digits
    return {
        "id": line.line.id,
        "country": told["country"],
        "region": told["region"],
        "treatment": told["treatment"],
        "scheme": told["scheme"],
        "quantity": f"{line.quantity:f}" if line.quantity is not None else None,
        **_sums(charged, line.net, line.tax),
        "components": [
            {
                "name": part.name,
                "jurisdiction": part.jurisdiction,
                "rate_percent": part.rate,
                "taxable_amount": f"{from_minor(base, digits):f}",
                "amount": f"{from_minor(tax, digits):f}",
            }
            for part, (base, tax) in zip(line.line.parts, line.parts, strict=True)
        ],
    }


def _declared(
    reversal_id: str,
    stored: StoredTransaction,
    lines: Sequence[Mapping[str, Any]],
    day: date,
    now: datetime,
    filed: FiledOf,
) -> list[dict[str, str]]:
    """The returns of special schemes that the reversal goes into; each corrects the period of the sale."""
    document = Document(reversal_id, True, stored.currency, stored.digits, day, now.astimezone(UTC).date(), 0)
    names = dict.fromkeys(line["scheme"] for line in lines if line["scheme"] in SCHEMES)
    return [
        {
            "scheme": name,
            "original_period": SCHEMES[name].period_of(stored.day).label,
            "declared_in": Filings(filed(stored.merchant or "", name)).return_of(document, SCHEMES[name]).label,
        }
        for name in names
    ]
