"""The pages of tax: a quote from a form, samples of quotes, and the straight line of a forecast."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from api.console.forms import Form
from api.console.vocabulary import N_

LINES: Final = 4
"""Lines of the form. More come as JSON."""
LINE_FIELDS: Final = ("kind", "category", "amount", "quantity", "from", "to", "inclusive")
FIELDS: Final = (
    "merchant", "seller_country", "registrations", "buyer_type", "buyer_country", "buyer_region", "buyer_postal_code", "tax_id",
    "tax_id_country", "day", "currency", "more",
)  # fmt: skip
TREATMENTS: Final[Mapping[str, str]] = {
    "standard": N_("standard rate"),
    "reduced": N_("a rate of its own"),
    "zero": N_("zero rate"),
    "exempt": N_("exempt"),
    "reverse_charge": N_("reverse charge: the customer accounts for it"),
    "out_of_scope": N_("outside its scope"),
    "ioss": N_("at checkout, under the import scheme"),
    "import": N_("at the border"),
    "no_obligation": N_("the seller need not charge it"),
    "undecided": N_("undecided"),
}
TONES: Final[Mapping[str, str]] = {"undecided": "warn", "standard": "info", "reduced": "info", "ioss": "info"}
SAMPLES: Final[Mapping[str, tuple[str, dict[str, str]]]] = {
    "book": (N_("A book from France to a reader in Germany"), {
        "seller_country": "FR", "registrations": "FR standard, FR oss", "buyer_type": "individual", "buyer_country": "DE",
        "buyer_postal_code": "10115", "currency": "EUR", "1.kind": "goods", "1.category": "books", "1.amount": "23.54",
        "1.from": "FR", "1.to": "DE", "1.inclusive": "1",
        "more": '{"payee": {"facts": {"established_in": ["FR"], "eu_cross_border_total": "48000.00"}}}',
    }),
    "service": (N_("Consulting from Germany to a business in Italy"), {
        "seller_country": "DE", "registrations": "DE standard", "buyer_type": "organisation", "buyer_country": "IT",
        "tax_id_country": "IT", "tax_id": "IT00743110157", "currency": "EUR", "1.kind": "service", "1.category": "standard",
        "1.amount": "1000.00",
        "more": '{"payee": {"facts": {"established_in": ["DE"]}}, "payer": {"tax_ids": [{"verified": true}]}}',
    }),
    "parcel": (N_("A lamp from China to Finland, under the import scheme"), {
        "seller_country": "CN", "registrations": "IE ioss IM3720000224", "buyer_type": "individual", "buyer_country": "FI",
        "buyer_postal_code": "00100", "currency": "EUR", "1.kind": "goods", "1.category": "standard", "1.amount": "61.00",
        "1.from": "CN", "1.to": "FI",
        "more": '{"payee": {"facts": {"established_in": ["CN"]}}, "lines": [{"consignment_value": "61.00", "origin": {"country":'
        ' "CN"}, "facts": {"excise": false, "tariff_headings": 1}}]}',
    }),
    "basket": (N_("A basket of a book and a lamp, within Germany"), {
        "seller_country": "DE", "registrations": "DE standard", "buyer_type": "individual", "buyer_country": "DE",
        "buyer_postal_code": "80331", "currency": "EUR", "1.kind": "goods", "1.category": "books", "1.amount": "21.40",
        "1.from": "DE", "1.to": "DE", "1.inclusive": "1", "2.kind": "goods", "2.category": "standard", "2.amount": "49.90",
        "2.from": "DE", "2.to": "DE", "2.inclusive": "1", "more": '{"payee": {"facts": {"established_in": ["DE"]}}}',
    }),
}  # fmt: skip
"""Quotes to begin with: a name, and what the form holds."""


class NotJson(ValueError):
    """What was typed as further facts is no object of JSON. Its message says where."""


def question(form: Form) -> dict[str, Any]:
    """The form as the interface takes it. Raises NotJson."""
    asked: dict[str, Any] = {"currency": form.get("currency").upper()}
    payer = _stated({
        "type": form.get("buyer_type"), "country": form.get("buyer_country").upper(), "region": form.get("buyer_region").upper(),
        "postal_code": form.get("buyer_postal_code"),
    })  # fmt: skip
    if form.get("tax_id"):
        country = form.get("tax_id_country").upper() or payer.get("country")
        payer["tax_ids"] = [_stated({"country": country, "value": form.get("tax_id")})]
    payee = _stated({"merchant": form.get("merchant"), "country": form.get("seller_country").upper()})
    registrations = [_registration(one.split()) for one in form.get("registrations").split(",") if one.strip()]
    if registrations:
        payee["registrations"] = registrations
    asked |= {"payer": payer, "payee": payee, "lines": list(_lines(form))}
    if form.get("day"):
        asked["occurred_at"] = f"{form.get('day')}T12:00:00Z"
    whole: dict[str, Any] = joined(asked, _further(form.raw("more")))
    return whole


def _lines(form: Form) -> Iterator[dict[str, Any]]:
    for number in range(1, LINES + 1):
        given = {name: form.get(f"{number}.{name}") for name in LINE_FIELDS}
        if not given["amount"]:
            continue
        line = _stated(
            {"id": str(number), "kind": given["kind"], "category": given["category"], "amount": given["amount"]}
        )
        if given["quantity"]:
            line["quantity"] = given["quantity"]
        line["tax_inclusive"] = form.ticked(f"{number}.inclusive")
        for name, field in (("ship_from", "from"), ("ship_to", "to")):
            if given[field]:
                line[name] = _place(given[field].upper())
        yield line


def _place(text: str) -> dict[str, str]:
    """`FR` or `US-TX`."""
    country = text.partition("-")[0]
    return {"country": country, "region": text} if "-" in text else {"country": country}


def _registration(words: list[str]) -> dict[str, str]:
    """`FR oss FR123` -> jurisdiction, scheme, number."""
    names = ("jurisdiction", "scheme", "number")
    return {name: word.upper() if name == "jurisdiction" else word for name, word in zip(names, words, strict=False)}


def _stated(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value}


def _further(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        found = json.loads(text, parse_float=str)
    except ValueError as error:
        raise NotJson(str(error)) from None
    if not isinstance(found, dict):
        raise NotJson("{}")
    return found


def joined(one: Any, more: Any) -> Any:
    """Both as one: objects by their keys, lists by their places; elsewhere what comes later stands."""
    if isinstance(one, dict) and isinstance(more, dict):
        return {
            key: joined(one[key], more[key]) if key in one and key in more else {**one, **more}[key]
            for key in {**one, **more}
        }
    if isinstance(one, list) and isinstance(more, list):
        longer = [joined(left, right) for left, right in zip(one, more, strict=False)]
        return [*longer, *one[len(longer) :], *more[len(longer) :]]
    return more


def typed(form: Form) -> dict[str, str]:
    """What the form holds, to be shown again."""
    names = [*FIELDS, *(f"{number}.{name}" for number in range(1, LINES + 1) for name in LINE_FIELDS)]
    return {name: form.raw(name) if name == "more" else form.get(name) for name in names}


def line_of_forecast(entry: Mapping[str, Any], today: date) -> dict[str, Any] | None:
    """Totals by month up to now, the same rate of sales carried on, and the limit: for a plot. None: there is nothing to draw.

    The line goes on to where it meets the limit, but for no more than twelve months and, in a window that ends, not beyond it.
    """
    months, limit = entry.get("by_month"), entry["threshold"]
    if not months or limit is None:
        return None
    labels = [one["month"] for one in months]
    totals: list[str | None] = [one["total"] for one in months]
    carried: list[str | None] = [None] * (len(months) - 1) + [months[-1]["total"]]
    per_day = _decimal((entry.get("forecast") or {}).get("per_day"))
    if per_day:
        last = _last_month(entry, today)
        month = today.replace(day=1)
        while (month := (month + timedelta(days=31)).replace(day=1)) <= last:
            end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            labels.append(f"{month:%Y-%m}")
            totals.append(None)
            carried.append(f"{Decimal(months[-1]['total']) + per_day * (end - today).days:.2f}")
    return {"labels": labels, "totals": totals, "carried": carried, "limit": [limit["amount"]] * len(labels)}


def _last_month(entry: Mapping[str, Any], today: date) -> date:
    end = today + timedelta(days=365)
    window = date.fromisoformat(entry["window"]["to"])
    reached = (entry.get("forecast") or {}).get("date")
    if reached is not None:
        return min(end, date.fromisoformat(reached))
    return min(end, window) if window > today else today


def _decimal(text: object) -> Decimal | None:
    try:
        return Decimal(str(text)) if text is not None else None
    except InvalidOperation:
        return None


def periods(today: date) -> dict[str, str]:
    """The period of each scheme that was over last."""
    quarter = (today.month - 1) // 3
    year, last = (today.year, quarter) if quarter else (today.year - 1, 4)
    month = (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    return {"oss": f"{year}-Q{last}", "non_union_oss": f"{year}-Q{last}", "ioss": month, "uk": f"{year}-Q{last}"}


SCHEMES: Final[Mapping[str, str]] = {
    "oss": N_("One-stop shop of the Union (OSS)"),
    "non_union_oss": N_("One-stop shop for sellers outside the Union"),
    "ioss": N_("Import one-stop shop (IOSS)"),
    "uk": N_("United Kingdom VAT return"),
}
