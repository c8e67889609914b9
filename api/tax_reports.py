"""What is read off the law and the ledger about tax: rates in force, thresholds, returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from api.problems import Fault, Problem, not_found
from api.service import Service
from engine.packs import PackSet
from engine.packs.model import UNREAD_START
from engine.packs.model import Cite as PackCite
from engine.places import country_of
from engine.tax import thresholds, uk_return
from engine.tax.exchange import Exchange, return_rates, tax_rates
from engine.tax.law import PlaceLaw, TaxLaw
from engine.tax.law import Rate as RateLine
from engine.tax.periods import Period, read
from engine.tax.returns import SCHEMES, Scheme, Told, scheme_return
from engine.tax.told import law_of

BASIS: Final = "Transactions and reversals that this ledger was told. Sales made elsewhere are not in it."


# -- rates ------------------------------------------------------------------------------------------------------------


def rates(service: Service, place: str, day: date | None, category: str | None) -> dict[str, Any]:
    """The rates of a place on a day, today there unless told. Raises 404 where no pack has tax law for it."""
    return rates_of(service.packs, service.clock(), place, day, category)


def rates_of(packs: PackSet, now: datetime, place: str, day: date | None, category: str | None) -> dict[str, Any]:
    """The same of the packs of any release. Raises 404."""
    law = law_of(packs)
    day = day or law.local_day(place, now)
    at = law.at(place, day)
    if at.own is None:
        raise not_found("tax law of that place")
    lines = [line for line in at.rates() if category is None or line.row.category == category]
    return {
        "place": place,
        "date": day,
        "has_consumption_tax": _value(at, "has_consumption_tax"),
        "tax_name": _value(at, "tax_name_local"),
        "number_name": _value(at, "tax_number_name"),
        "data": [_line(at, line) for line in lines],
        "release": packs.release.digest,
    }


def _value(at: PlaceLaw, name: str) -> Any:
    setting = at.setting(name)
    return None if setting is None else setting.value


def _line(at: PlaceLaw, line: RateLine) -> dict[str, Any]:
    row = line.row
    source = line.pack.sources.get(row.cite.source) if isinstance(row.cite, PackCite) else None
    name = at.setting(f"{row.component}_name") or at.setting("tax_name_local")
    verified = row.verified or line.pack.verified
    return {
        "id": line.id,
        "component": row.component,
        "name": str(name.value) if name and name.value else row.component.upper(),
        "category": row.category,
        "kind": row.kind,
        "rate_percent": None if row.percent is None else f"{row.percent.normalize():f}",
        "share": f"{row.share.normalize():f}",
        "known": not row.unread,
        "from": None if row.start == UNREAD_START else row.start.isoformat(),
        "to": row.end.isoformat() if row.end else None,
        "supplies": list(row.supplies),
        "condition": row.condition or None,
        "instrument": source.title if source else None,
        "provision": row.cite.at if row.cite else None,
        "url": source.url if source else None,
        "confidence": row.confidence.value,
        "verified_on": verified.on if verified else None,
        "note": row.note or None,
    }


# -- thresholds -------------------------------------------------------------------------------------------------------


def near(service: Service, merchant: str, what_if: Decimal | None) -> dict[str, Any]:
    """How near a merchant is to each threshold. Raises 404 for a merchant of whom nothing is stored and nothing was told."""
    records, today = service.ledger.taxes, service.clock().astimezone(UTC).date()
    profile = service.profiles(merchant)
    first = thresholds.since(today)
    flows = records.flows(merchant, first, today)
    if profile is None and not flows:
        raise not_found("merchant")
    home = profile.get("country") if profile else None
    sold = thresholds.Sold(flows, records.sales(merchant, first, today), lambda day: records.booked(merchant, day, day))

    exchange = Exchange(service.rates)
    found = thresholds.report(law_of(service.packs), country_of(home) if home else None, sold, today, exchange, what_if)
    return {"merchant": merchant, "date": today, "home": home, "basis": BASIS, "data": found, **_rates_of(exchange)}


def _rates_of(exchange: Exchange) -> dict[str, Any]:
    """The rates that were used, where any were: a limit whose law names no rate is converted at the European Central Bank's."""
    used = [one.body(key, by_law=True) for key, one in sorted(exchange.asked.items(), key=lambda item: item[0])]
    found = [entry for entry in used if entry is not None]
    return {"fx": found} if found else {}


# -- returns ----------------------------------------------------------------------------------------------------------


def returned(service: Service, merchant: str, scheme: str, label: str) -> dict[str, Any]:
    """The return of a merchant, a scheme and a period. Raises 404 and 422."""
    period = read(label)
    chosen = SCHEMES.get(scheme)
    if period is None or (chosen is not None and chosen.period_of(period.first) != period):
        wanted = "a month such as 2026-11" if scheme == "ioss" else "a quarter such as 2026-Q4"
        wanted = wanted if chosen else f"{wanted}, or months such as 2026-11..2027-01"
        fault = Fault("", "period_form", f"A period of this scheme is {wanted}", parameter="period")
        raise Problem("parameters_refused", "1 fault.", faults=[fault])
    profile = service.profiles(merchant)
    told = _told(service, merchant, period, chosen)
    if profile is None and not told.documents and not told.booked and not _ever(service, merchant):
        raise not_found("merchant")
    today = service.clock().astimezone(UTC).date()
    registration = _registration(profile, scheme)
    head = {"merchant": merchant, "registration": registration, "basis": BASIS}
    law = law_of(service.packs)
    if chosen is None:
        pounds = tax_rates(lambda day: law.at("GB", day), service.rates, uk_return.POUND)
        return {**head, **uk_return.summary(period, told, today, pounds)}
    rate_on = return_rates(lambda day: union_law(law, day), service.rates, scheme)
    return {**head, **scheme_return(chosen, period, told, union_law(law, period.last), rate_on, today)}


def _told(service: Service, merchant: str, period: Period, scheme: Scheme | None) -> Told:
    """The postings that may be in the return: those of its days, and what was told late of earlier ones."""
    records = service.ledger.taxes
    before = scheme.period_of(period.first - timedelta(days=1)) if scheme else None
    since = datetime.combine((before or period).due + timedelta(days=1), time(), UTC)
    late = records.told_late(merchant, period.first, since) if scheme else ()
    booked = (*late, *records.booked(merchant, period.first, period.last))
    return Told(booked, records.documents(merchant, period.first, period.last, since))


def _ever(service: Service, merchant: str) -> bool:
    return bool(service.ledger.taxes.flows(merchant, date.min, date.max))


def _registration(profile: Mapping[str, Any] | None, scheme: str) -> dict[str, Any] | None:
    """The registration under which the return is filed, from the profile."""
    wanted = ("GB", "standard") if scheme == "uk" else (None, scheme)
    for one in (profile or {}).get("registrations") or ():
        if one["scheme"] == wanted[1] and wanted[0] in (None, one["jurisdiction"]):
            return {"jurisdiction": one["jurisdiction"], "number": one.get("number")}
    return None


def union_law(law: TaxLaw, day: date) -> PlaceLaw:
    """The law of the Union as it holds in one of its States: the rules of its schemes are the same in all of them."""
    members = law.packs.layers.members(day).get("EU", frozenset())
    return law.at(min(members, default="DE"), day)
