"""What is read off the law and the ledger about tax: rates in force, and thresholds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from api.problems import not_found
from api.service import Service
from engine.packs import PackSet
from engine.packs.model import UNREAD_START
from engine.packs.model import Cite as PackCite
from engine.places import country_of
from engine.tax import thresholds
from engine.tax.exchange import Exchange
from engine.tax.law import PlaceLaw
from engine.tax.law import Rate as RateLine
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
