"""Examples of tax for the document of the interface: really worked out, under the law and the rates in force.

Where that law leaves the sample undecided, what follows from a determined tax has no example, rather than one that is made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import orjson

from api import returning, tax_reports, taxing
from api.bundled import samples
from api.merchants import body_of
from api.problems import Problem
from api.service import Service
from api.tax_schemas import Profile, ReversalQuestion
from engine.calculation import calculate
from engine.facts import facts_of
from engine.ledger import ReversalEntry, StoredCalculation, StoredProfile, StoredTransaction, TransactionEntry
from engine.money import Money, convert
from engine.postings import Booked, Document, Flow
from engine.tax import thresholds
from engine.tax.exchange import return_rates
from engine.tax.filings import SCHEMES
from engine.tax.periods import quarter_of
from engine.tax.returns import Told, scheme_return
from engine.tax.told import law_of

NOW: Final = datetime(2026, 11, 22, 9, 15, 1, tzinfo=UTC)
_END: Final = "01kavw3e5n7x2v8g4yq0m6tz1b"
_KEY: Final = "key_0c0ffee00000"
_MERCHANT: Final = "m-1"
_CALCULATIONS: Final = "/v1/tax/calculations"
_TRANSACTIONS: Final = "/v1/tax/transactions"


def read(name: str) -> bytes:
    """A sample of tax."""
    return (samples() / "tax" / f"{name}.json").read_bytes()


def requests() -> dict[tuple[str, str], Any]:
    """What is asked, by path and method."""
    return {
        (_CALCULATIONS, "post"): orjson.loads(read("eu-book")),
        (_TRANSACTIONS, "post"): {"calculation": f"calc_{_END}", "reference": "invoice-1001"},
        (f"{_TRANSACTIONS}/{{transaction_id}}/reversals", "post"): orjson.loads(read("half-back")),
        ("/v1/merchants/{merchant_id}", "put"): orjson.loads(read("merchant")),
    }


def answers(service: Service) -> dict[tuple[str, str], Any]:
    """What is answered, by path and method."""
    profile = body_of(StoredProfile(_MERCHANT, 1, NOW, _KEY, _kept()))
    calculated = _calculated(service, profile)
    calculation = orjson.loads(calculated.answer)
    found: dict[tuple[str, str], Any] = {
        ("/v1/merchants/{merchant_id}", "put"): profile,
        ("/v1/merchants/{merchant_id}", "get"): profile,
        ("/v1/merchants", "get"): {"data": [profile], "next": None},
        (_CALCULATIONS, "post"): calculation,
        (f"{_CALCULATIONS}/{{calculation_id}}", "get"): calculation,
        (f"{_CALCULATIONS}/{{calculation_id}}/replay", "post"): {
            "id": calculation["id"],
            "identical": True,
            "release": service.packs.release.digest,
            "legal_day": None,
            "differences": [],
            "calculation": calculation,
        },
    }
    try:
        rates = tax_reports.rates(service, "FR", NOW.date(), "books")
        found["/v1/tax/rates", "get"] = {**rates, "date": rates["date"].isoformat()}
    except Problem:
        pass  # this law has no rates of the place
    try:
        sold = taxing.transaction_of(calculated, "invoice-1001", NOW, _KEY, f"tax_{_END}")
    except Problem:
        return found
    return {**found, **_charged(service, sold)}


def _kept() -> bytes:
    profile = Profile.model_validate(orjson.loads(read("merchant")))
    return orjson.dumps(profile.model_dump(mode="json", exclude_none=True), option=orjson.OPT_SORT_KEYS)


def _calculated(service: Service, profile: dict[str, Any]) -> StoredCalculation:
    body = read("eu-book")
    facts = facts_of(taxing.question_of(body))
    made = calculate(
        facts,
        service.packs,
        rates=service.rates,
        calculation_id=f"calc_{_END}",
        now=NOW,
        profiles=lambda _: profile,
        locale="en",
    )
    return StoredCalculation(
        1, made.body["id"], NOW, _KEY, facts.get("reference"), _MERCHANT, 1, made.body["tax"]["verdict"],
        datetime.fromisoformat(made.body["valid_until"]), service.packs.release.digest,
        (body, orjson.dumps(made.inputs), orjson.dumps(made.body)),
    )  # fmt: skip


def _charged(service: Service, sold: TransactionEntry) -> dict[tuple[str, str], Any]:
    """A transaction, what goes back of it, and the reports that they are in."""
    net, tax = (sum(getattr(one, name) for one in sold.postings) for name in ("net", "tax"))
    stored = StoredTransaction(
        2, sold.id, sold.calculation_id, NOW, NOW, _KEY, sold.reference, _MERCHANT, sold.day, sold.currency, sold.digits,
        net, tax, net + tax, sold.release, sold.postings, sold.answer,
    )  # fmt: skip
    question = ReversalQuestion.model_validate(orjson.loads(read("half-back")))
    make = taxing.maker(
        service.packs.layers.zone, f"rev_{_END}", question, read("half-back"), NOW + timedelta(days=9), _KEY
    )
    back = make(stored, ())
    transaction = orjson.loads(sold.answer)
    found = {(_TRANSACTIONS, "post"): transaction, (f"{_TRANSACTIONS}/{{transaction_id}}", "get"): transaction}
    if isinstance(back, ReversalEntry):
        found[f"{_TRANSACTIONS}/{{transaction_id}}/reversals", "post"] = orjson.loads(back.answer)
        found |= _reports(service, sold, back)
    return found


def _reports(service: Service, sold: TransactionEntry, back: ReversalEntry) -> dict[tuple[str, str], Any]:
    law, booked = law_of(service.packs), _booked(sold, back)
    today = NOW.date() + timedelta(days=10)
    flows = [
        Flow(p.destination, p.origin, p.kind, p.customer, bool(p.platform), one.currency, one.digits, one.day,
             0 if one.reversal_id else p.net, p.net if one.reversal_id else 0)
        for one in booked if not (p := one.posting).part
    ]  # fmt: skip
    near = thresholds.report(
        law,
        "DE",
        thresholds.Sold(
            flows, [(flows[0].destination, sold.day, 1)], lambda day: [one for one in booked if one.day == day]
        ),
        today,
        lambda amount, base, target, day: (
            convert(Money(amount, base), rate) if (rate := service.rates.rate(base, target, day)) else None
        ),
    )
    documents = [
        Document(sold.id, False, sold.currency, sold.digits, sold.day, sold.day, sum(one.tax for one in sold.postings)),
        Document(back.id, True, sold.currency, sold.digits, back.day, back.day, sum(one.tax for one in back.postings)),
    ]
    period = quarter_of(sold.day)
    rate_on = return_rates(lambda day: returning.union_law(law, day), service.rates)
    drawn = scheme_return(
        SCHEMES["oss"], period, Told(booked, documents), returning.union_law(law, period.last), rate_on, today
    )
    registration = {"jurisdiction": "DE", "number": "DE123456788"}
    head = {"merchant": _MERCHANT, "registration": registration, "filed": None, "basis": tax_reports.BASIS}
    return {
        ("/v1/tax/thresholds", "get"): {
            "merchant": _MERCHANT,
            "date": today.isoformat(),
            "home": "DE",
            "basis": tax_reports.BASIS,
            "data": near,
        },
        ("/v1/tax/returns", "get"): {**head, **drawn},
        **_filed({**head, **drawn}, [sold.id, back.id], service.packs.release.digest),
    }


def _filed(drawn: dict[str, Any], held: list[str], release: str) -> dict[tuple[str, str], Any]:
    """The return of the quarter as it is filed in the month after it."""
    about = {
        "id": f"ret_{_END}",
        "merchant": _MERCHANT,
        "scheme": drawn["scheme"],
        "period": drawn["period"],
        "version": 1,
        "corrects": None,
        "reference": "OSS-2026-4",
        "filed_at": "2027-01-12T09:00:00+00:00",
        "upto": 42,
        "digest": "sha256:" + sha256(orjson.dumps(drawn, option=orjson.OPT_SORT_KEYS)).hexdigest(),
        "release": release,
    }
    body = {**about, "documents": sorted(held), "return": drawn}
    return {
        ("/v1/tax/returns", "post"): body,
        ("/v1/tax/returns/filed", "get"): {"data": [about], "next": None},
        ("/v1/tax/returns/filed/{return_id}", "get"): body,
    }


def _booked(sold: TransactionEntry, back: ReversalEntry) -> Sequence[Booked]:
    def booked(entry: TransactionEntry | ReversalEntry, day: date, reversal: str | None) -> list[Booked]:
        about = (sold.id, reversal, sold.currency, sold.digits, day, sold.day, day)
        return [Booked(posting, *about) for posting in entry.postings]

    return [*booked(sold, sold.day, None), *booked(back, back.day, back.id)]
