"""Returns: drawn up from the ledger whenever they are asked for, and filed once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

import orjson

from api.admission import Admitted
from api.once import Given, once_of
from api.problems import Fault, Problem, not_found, refused
from api.service import Service
from api.tax_reports import BASIS
from api.tax_schemas import FilingQuestion
from api.taxing import alone, answered_before, given
from engine.ledger import Overtaken, ReturnEntry, StoredReturn
from engine.postings import Filed
from engine.tax import returns, uk_return
from engine.tax.exchange import return_rates, tax_rates
from engine.tax.filings import SCHEMES, Filings, Scheme
from engine.tax.law import PlaceLaw, TaxLaw
from engine.tax.periods import Period, read
from engine.tax.returns import Told, scheme_return
from engine.tax.told import law_of
from engine.tax.uk_return import NOTHING, Stated

UK: Final = "uk"
_TRIES: Final = 5


class Drawn(NamedTuple):
    """A return that was drawn up, and from what."""

    body: dict[str, Any]
    held: list[str]
    """Ids of the transactions and reversals that it declares."""
    filings: Filings
    upto: int


def returned(service: Service, merchant: str, scheme: str, label: str, stated: Stated = NOTHING) -> dict[str, Any]:
    """The return of a merchant, a scheme and a period, as it is now; of a period that was filed, what was filed. Raises 404 and
    422."""
    period = period_of(scheme, label)
    if scheme != UK and stated != NOTHING:
        raise Problem("parameters_refused", "1 fault.", faults=[_only_uk("", "input_tax")])
    return drawn(service, merchant, scheme, period, stated).body


def period_of(scheme: str, label: str) -> Period:
    """A period of a scheme. Raises 422."""
    period, chosen = read(label), SCHEMES.get(scheme)
    if period is None or (chosen is not None and chosen.period_of(period.first) != period):
        wanted = "a month such as 2026-11" if scheme == "ioss" else "a quarter such as 2026-Q4"
        wanted = wanted if chosen else f"{wanted}, or months such as 2026-11..2027-01"
        fault = Fault("", "period_form", f"A period of this scheme is {wanted}", parameter="period")
        raise Problem("parameters_refused", "1 fault.", faults=[fault])
    return period


def drawn(
    service: Service, merchant: str, scheme: str, period: Period, stated: Stated, *, again: bool = False
) -> Drawn:
    """A return from everything that the ledger was told by now. `again`: to correct the one that was filed. Raises 404."""
    profile, chosen = service.profiles(merchant), SCHEMES.get(scheme)
    # The place in the chain first: what is told while the rest is read is not in this return.
    upto = service.ledger.returns.place()
    filings = Filings(service.ledger.returns.filed(merchant, scheme))
    told = _told(service, merchant, period, chosen, filings, upto)
    if profile is None and not told.documents and not told.booked and not _ever(service, merchant):
        raise not_found("merchant")
    today = service.clock().astimezone(UTC).date()
    filed = filings.latest(period)
    head = {
        "merchant": merchant,
        "registration": _registration(profile, scheme),
        "filed": None if again or filed is None else _said(filed),
        "basis": BASIS,
    }
    law = law_of(service.packs)
    if chosen is None:
        union = law.packs.layers.members(period.last).get("EU", frozenset())
        pounds = tax_rates(lambda day: law.at("GB", day), service.rates, uk_return.POUND)
        body = uk_return.summary(period, told, today, pounds, stated=stated, union=union, again=again)
        return Drawn({**head, **body}, uk_return.held_by(period, told, again=again), filings, upto)
    rate_on = return_rates(lambda day: union_law(law, day), service.rates, scheme)
    body = scheme_return(chosen, period, told, union_law(law, period.last), rate_on, today, again=again)
    return Drawn({**head, **body}, returns.held_by(chosen, period, told, again=again), filings, upto)


def _told(service: Service, merchant: str, period: Period, scheme: Scheme | None, filings: Filings, upto: int) -> Told:
    """The postings that may be in the return: those of its days, and what was told late of earlier ones."""
    records = service.ledger.taxes
    before = (scheme.period_of(period.first - timedelta(days=1)) if scheme else period).due + timedelta(days=1)
    early = [one.filed_on - timedelta(days=1) for one in filings.filed if one.last == period.first - timedelta(days=1)]
    if scheme is None:
        early = [one.filed_on - timedelta(days=1) for one in filings.filed if one.last < period.first]
    since = datetime.combine(min([before, *early]), time(), UTC)
    late = records.told_late(merchant, period.first, since) if scheme or early else ()
    booked = (*late, *records.booked(merchant, period.first, period.last))
    documents = records.documents(merchant, period.first, period.last, since)
    return Told([one for one in booked if one.seq <= upto], [one for one in documents if one.seq <= upto], filings)


def _ever(service: Service, merchant: str) -> bool:
    return bool(service.ledger.taxes.running(merchant, date.min, date.max))


def _registration(profile: Mapping[str, Any] | None, scheme: str) -> dict[str, Any] | None:
    """The registration under which the return is filed, from the profile."""
    wanted = ("GB", "standard") if scheme == UK else (None, scheme)
    for one in (profile or {}).get("registrations") or ():
        if one["scheme"] == wanted[1] and wanted[0] in (None, one["jurisdiction"]):
            return {"jurisdiction": one["jurisdiction"], "number": one.get("number")}
    return None


def union_law(law: TaxLaw, day: date) -> PlaceLaw:
    """The law of the Union as it holds in one of its States: the rules of its schemes are the same in all of them."""
    members = law.packs.layers.members(day).get("EU", frozenset())
    return law.at(min(members, default="DE"), day)


def _said(filed: Filed) -> dict[str, Any]:
    return {"id": filed.id, "version": filed.version, "filed_on": filed.filed_on.isoformat()}


# -- filing -----------------------------------------------------------------------------------------------------------


def filed(service: Service, question: FilingQuestion, admitted: Admitted) -> Given:
    """File a return: kept as it is now, whatever is told later. Raises 404, 409, 422 or 503."""
    once = once_of(admitted)
    with alone(service, once):
        before = answered_before(service, once)
        if before is not None:
            return before
        period = period_of(question.scheme, question.period)
        for _ in range(_TRIES):
            entry, known = _entry(service, question, period, admitted.key.id)
            written = service.ledger.returns.file(entry, known, once)
            if not isinstance(written, Overtaken):
                return given(service, written, entry.answer)
        raise Problem("still_running", "Other returns of this merchant are being filed.", headers={"retry-after": "1"})


def _entry(
    service: Service, question: FilingQuestion, period: Period, key_id: str
) -> tuple[ReturnEntry, tuple[Filed, ...]]:
    stated, again = question.stated(), question.corrects is not None
    if question.scheme != UK and stated != NOTHING:
        raise refused(_only_uk("/input_tax", None))
    found = drawn(service, question.merchant, question.scheme, period, stated, again=again)
    now = service.clock()
    _may_be_filed(question, period, found, now.astimezone(UTC).date())
    last = found.filings.latest(period)
    release = service.packs.release.digest
    held = orjson.dumps(found.held)
    digest = "sha256:" + sha256(orjson.dumps(found.body, option=orjson.OPT_SORT_KEYS) + b"\0" + held).hexdigest()
    body: dict[str, Any] = {
        "id": service.new_return(),
        "merchant": question.merchant,
        "scheme": question.scheme,
        "period": period.label,
        "version": 1 if last is None else last.version + 1,
        "corrects": question.corrects,
        "reference": question.reference,
        "filed_at": now.isoformat(),
        "upto": found.upto,
        "digest": digest,
        "release": release,
        "documents": found.held,
        "return": found.body,
    }
    entry = ReturnEntry(
        body["id"],
        now,
        key_id,
        question.reference,
        question.merchant,
        question.scheme,
        period.label,
        period.first,
        period.last,
        body["version"],
        question.corrects,
        found.upto,
        digest,
        release,
        held,
        orjson.dumps(body),
    )
    return entry, found.filings.filed


def _may_be_filed(question: FilingQuestion, period: Period, found: Drawn, today: date) -> None:
    """Raises 409 and 422 where a return may not be filed, with what to do instead."""
    last = found.filings.latest(period)
    across = next((one for one in found.filings.filed if one.first <= period.last and period.first <= one.last), None)
    if question.corrects is None and across is not None:
        one = last or across
        raise Problem(
            "already_filed",
            f"It was filed on {one.filed_on} as {one.id} ({one.period}). What was told since goes into the next return, as a"
            f" correction of its period; until {period.due} a corrected return may take its place: name it under `corrects`.",
        )
    if question.corrects is not None:
        if last is None or last.id != question.corrects:
            raise refused(Fault("/corrects", "not_the_last", "It is not the return of this period that was filed last"))
        if today > period.due:
            raise Problem("too_late", f"It was due on {period.due}. The next return corrects it by itself.")
    if today <= period.last:
        raise Problem("not_over", f"It ends on {period.last}: what is still sold in it would be missing.")
    if found.body["verdict"] != "determined":
        raise Problem("undecided", "An exchange rate is missing. See `undecided` of the return.")
    unknown = [one["box"] for one in found.body.get("unknown", ())]
    if unknown:
        raise Problem(
            "undecided", f"Boxes {', '.join(unknown)} are not known. State what is not recorded here; nothing is `0`."
        )


def _only_uk(pointer: str, parameter: str | None) -> Fault:
    return Fault(
        pointer, "scheme_conflict", "Purchases are part of a return of the scheme `uk` only", parameter=parameter
    )


def find_return(service: Service, return_id: str) -> StoredReturn:
    """A return that was filed. Raises 404."""
    stored = service.ledger.returns.one(return_id)
    if stored is None:
        raise not_found("return")
    return stored


def listed(service: Service, merchant: str, limit: int, after: str | None) -> dict[str, Any]:
    """The returns of a merchant that were filed, without what is in them."""
    page = service.ledger.returns.page(merchant, limit=limit, after=after)
    data = []
    for stored in page.data:
        said = orjson.loads(stored.answer)
        data.append({key: value for key, value in said.items() if key not in ("documents", "return")})
    return {"data": data, "next": page.next}
