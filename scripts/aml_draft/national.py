"""The rules of one place, from the readings in `spec`."""

from __future__ import annotations

from typing import Any

from scripts.aml_draft import spec
from scripts.aml_draft.build import Frame, Given, Limit, amount_rule, plain_rule
from scripts.aml_draft.emit import Law
from scripts.aml_draft.frames import (
    BETWEEN_PRIVATE,
    INSTRUMENT,
    OCCASIONAL,
    PAID,
    PROFESSIONAL,
    ROLE,
    joined,
    role_frame,
    scope_frame,
    type_frame,
)
from scripts.tax_draft.facts import UNREAD

SET = {"overridable": {"by": "country", "direction": "any"}}
NOON = "2026-11-22T12:00:00+00:00"
WINDOWS = {
    ("cash", "day"): "earlier_cash_day",
    ("cash_in", "day"): "earlier_cash_day",
    ("cash", "month"): "earlier_cash",
    ("cash_both", "day"): "earlier_cash_both_day",
    ("cash", "24h"): "earlier_cash_24h",
    ("cash_in", "24h"): "earlier_cash_24h",
    ("cash_out", "24h"): "earlier_cash_24h",
    ("crypto_in", "24h"): "earlier_crypto_24h",
    ("wire_abroad", "24h"): "earlier_transfers_24h",
    ("any", "day"): "earlier_any_day",
    ("transfer", "day_transfers"): "earlier_transfers_day",
    ("wire_abroad", "day_transfers"): "earlier_transfers_day",
}  # fmt: skip
"""(scope, window) -> the let that adds what the caller says belongs to it."""
SAID = {"day": "on one day", "24h": "within 24 hours", "month": "in a calendar month", "day_transfers": "on one day"}
SCOPES = {
    "cash": "Cash", "cash_in": "Cash received", "cash_out": "Cash paid out", "cash_both": "Cash in and out together",
    "wire_abroad": "A transfer to or from abroad", "transfer": "A transfer", "crypto_in": "Crypto-assets received", "any": "An operation",
}  # fmt: skip


def rules_of(law: Law) -> None:
    """Every rule that a row of the place is read as."""
    for report in (one for one in spec.REPORTS if one.place == law.place):
        _report(law, report)
    for limit in (one for one in spec.CASH_LIMITS if one.place == law.place):
        _cash_limit(law, limit)
    for item in (one for one in spec.DILIGENCE if one.place == law.place):
        _diligence(law, item)
    for travel in (one for one in spec.TRAVEL if one.place == law.place):
        _travel(law, travel)
    _suspicion(law)
    _retention(law)


def prefix(law: Law) -> str:
    """How the ids of a place's rules begin."""
    return f"aml.{law.place.lower()}"


def national(law: Law, name: str, values: list[dict[str, Any]] | None = None) -> None:
    """The law of the place has rules of its own on a matter: the FATF's standard does not stand in for them."""
    told = {"type": "bool", "basis": "house", "confidence": "A", "label": name.replace("_", " ")}
    told |= SET if law.place == "EU" else {}
    law.settings[name] = {**told, "values": values or [{"from": UNREAD, "value": True}]}


# -- reports -------------------------------------------------------------------------------------------------------------------


def _report(law: Law, report: spec.Report) -> None:
    frame = joined(role_frame(report.roles), scope_frame(report.scope, law.place), _further(report.more))
    parameter = law.parameters[report.parameter]
    effect: dict[str, Any] = {
        "report": report.name,
        "code": report.code,
        "authority": report.authority or {"parameter": "fiu"},
    }
    if report.authority == "nobody read":
        del effect["authority"]
    if report.due:
        effect["due"] = report.due[1:] if report.due.startswith("=") else {"parameter": report.due}
    identity = f"{prefix(law)}.report.{report.name}"
    said = SCOPES[report.scope]
    if report.window == "any":
        told = parameter.rows[-1]
        plain_rule(law, identity, f"{report.code}: {said.lower()} of any amount", effect, frame, told)
        return
    limit = Limit(parameter, report.sign, parameter.unit)
    title = f"{report.code}: {said.lower()} {'above' if report.sign == '>' else 'from'} the reporting threshold"
    extra: dict[str, Any] = {"start": report.start, "end": report.end or None}
    if report.window == "single":
        amount_rule(law, identity, title, effect, frame, limit, **extra)
        return
    if report.window == "stated":
        cash = report.scope.startswith("cash")
        amount_rule(
            law,
            identity,
            title,
            effect,
            frame,
            limit,
            total="amount + belonging_cash" if cash else "amount + belonging",
            linked=True,
            **extra,
        )
        return
    if report.window == "known_year":
        law.features["past_cash_year_in"] = {
            "label": "cash received earlier from the same person", "of": "sum", "field": "amount", "unit": limit.unit,
            "where": {"instrument": ["cash"], **IN}, "key": "payer.id", "window": SPANS["year"], "cite": law.cite(parameter.rows[-1]),
        }  # fmt: skip
        law.lets["cash_of_the_year"] = {
            "label": "cash that counts together with it",
            "is": "belonging_cash if is_known(linked) else (past_cash_year_in if is_known(payer.id) else (amount - amount))",
        }
        known: list[tuple[str, Given]] = [
            ("with what the payer paid before", {"payer.id": "p-1", "past_cash_year_in": ""})
        ]
        amount_rule(
            law,
            identity,
            title,
            effect,
            frame,
            limit,
            total="amount + cash_of_the_year",
            linked=True,
            past=known,
            **extra,
        )
        return
    earlier = WINDOWS[report.scope, report.window]
    frame = joined(frame, Frame("", {"linked": []}))
    let, past = _earlier(law, report, earlier)
    amount_rule(
        law, identity, f"{title}, {SAID[report.window]}", effect, frame, limit, total=f"amount + {let}",
        single=True, strict=({"linked": None}, ("payer.id",)), linked=True, past=past, **extra,
    )  # fmt: skip


SPANS: dict[str, dict[str, Any]] = {
    "day": {"kind": "calendar_day"}, "day_transfers": {"kind": "calendar_day"}, "month": {"kind": "calendar_month"},
    "24h": {"kind": "rolling", "hours": 24}, "business_day": {"kind": "business_day", "cutoff": "23:59"},
    "year": {"kind": "linked", "days": 365},
}  # fmt: skip
IN: dict[str, Any] = {"kind": ["deposit", "sale", "transfer"], "direction": ["in"]}
OUT: dict[str, Any] = {"kind": ["payout", "refund", "transfer", "withdrawal"], "direction": ["out"]}
BUSINESS_DAYS = ("US", "PH")
"""Where the law counts by the institution's own day of business."""


def _earlier(law: Law, report: spec.Report, stated: str) -> tuple[str, list[tuple[str, Given]]]:
    """The let that adds what the caller says belongs together, else what history knows; and what a test says of the past."""
    unit = law.parameters[report.parameter].unit
    window = "business_day" if report.window == "day" and law.place in BUSINESS_DAYS else report.window
    scope = report.scope
    if scope in ("cash", "cash_in", "cash_out"):
        where, parts = (
            {"instrument": ["cash"]},
            {"cash": ("in", "out"), "cash_in": ("in",), "cash_out": ("out",)}[scope],
        )
    elif scope == "crypto_in":
        where, parts = {"instrument": ["crypto"]}, ("in",)
    else:
        where = {"cash_both": {"instrument": ["cash"]}, "any": {}}.get(scope, {"instrument": ["credit_transfer"]})
        parts = ("",)
    base = f"past_{where['instrument'][0] if where else 'all'}_{window}"
    names = []
    for way in parts:
        name = f"{base}_{way}" if way else base
        law.features[name] = {
            "label": f"earlier {'cash' if where.get('instrument') == ['cash'] else 'operations'} {way} of the same person".replace("  ", " "),
            "of": "sum", "field": "amount", "unit": unit, **({"where": where | {"in": IN, "out": OUT}.get(way, {})} if where or way else {}),
            "key": "payer.id", "window": SPANS[window], "cite": law.cite(law.parameters[report.parameter].rows[-1]),
        }  # fmt: skip
        names.append(name)
    past = names[0] if len(names) == 1 else f'({names[0]} if flow == "in" else {names[1]})'
    let = f"counted_{base.removeprefix('past_')}" + ("" if len(names) == 2 or not parts[0] else f"_{parts[0]}")
    law.lets[let] = {"label": "what counts together with it", "is": f"{stated} if is_known(linked) else {past}"}
    out = [
        (
            f"with {name.replace('_', ' ')}",
            {"linked": None, name: "", **({"kind": "withdrawal"} if name.endswith("_out") else {})},
        )
        for name in names
    ]
    if len(names) == 2:
        out.append(
            ("which way is not known", {"linked": None, "kind": "transfer", **dict(zip(names, ("", "0"), strict=True))})
        )
    return let, out


def _further(more: str) -> Frame:
    if more.startswith("type:"):
        return type_frame(more.removeprefix("type:"))
    if more == "not_account":
        return Frame(
            'not kind in ["deposit", "withdrawal"]', {"kind": "sale"}, (("on an account", {"kind": "deposit"}),)
        )
    if more == "transfer":
        return Frame(
            'kind == "transfer"', {"kind": "transfer", "direction": "in"}, (("a deposit", {"kind": "deposit"}),)
        )
    return Frame("", {})


# -- cash ----------------------------------------------------------------------------------------------------------------------


def _cash_limit(law: Law, limit: spec.CashLimit) -> None:
    parameter = law.parameters[limit.parameter]
    unit = parameter.unit
    extras: list[tuple[str, Given]] = []
    if limit.kind == "private":
        frame = BETWEEN_PRIVATE
    elif limit.kind in ("business", "corporate"):
        frame = joined(PAID, type_frame("organisation"))
    elif limit.kind == "nonresident":
        frame = joined(PAID, type_frame("individual"), _from_abroad(law.place))
    elif limit.kind == "goods":
        frame = joined(PAID, _things(law, limit), PROFESSIONAL)
    else:
        frame = joined(PAID, PROFESSIONAL)
    if limit.spares == "nonresident":
        law.lets["private_from_abroad"] = {
            "label": "private payers from abroad",
            "is": f'is_known(payer.type) and payer.type == "individual" and is_known(payer.country) and not within(payer.country, "{law.place}")',
        }
        abroad: Given = {"payer.type": "individual", "payer.country": "JP"}
        frame = joined(frame, Frame("not private_from_abroad", {}, (("a private payer from abroad", abroad),)))
        extras = [
            ("a resident", {"payer.type": "individual", "payer.country": law.place}),
            ("a business from abroad", {"payer.type": "organisation", "payer.country": "JP"}),
            ("whose country is not known", {"payer.type": "individual"}),
        ]
    if limit.spares == "corporate":
        law.lets["paying_organisation"] = {
            "label": "organisations that pay",
            "is": 'is_known(payer.type) and payer.type == "organisation"',
        }
        frame = joined(
            frame, Frame("not paying_organisation", {}, (("an organisation", {"payer.type": "organisation"}),))
        )
        extras = [("an individual", {"payer.type": "individual"})]
    what = {
        "private": " between private persons",
        "business": " between businesses",
        "nonresident": " from private payers abroad",
    }
    amount_rule(
        law, f"{prefix(law)}.cash.{limit.name}", f"Cash {'above' if limit.sign == '>' else 'from'} the limit{what.get(limit.kind, '')}",
        {"block": "cash_limit"}, frame, Limit(parameter, limit.sign, unit), total=f"amount + {_counted_cash(law, limit)}", linked=True,
        start=limit.start, end=limit.end or None, fires=extras, past=_known_past(law, unit),
    )  # fmt: skip


BY_PERSON = {"IN": ("day", "calendar_day"), "RO": ("day", "calendar_day"), "HU": ("month", "calendar_month")}
"""Where the limit is one for a person and a span of time: what history knows of the payer counts as well, where it is said who that is."""


def _counted_cash(law: Law, limit: spec.CashLimit) -> str:
    if law.place not in BY_PERSON:
        return "belonging_cash_both"
    span, kind = BY_PERSON[law.place]
    law.features[f"past_paid_in_cash_{span}"] = {
        "label": "cash paid earlier by the same person", "of": "sum", "field": "amount", "unit": law.parameters[limit.parameter].unit,
        "where": {"instrument": ["cash"]}, "key": "payer.id", "window": {"kind": kind}, "cite": law.cite(law.parameters[limit.parameter].rows[-1]),
    }  # fmt: skip
    law.lets["cash_of_the_payer"] = {
        "label": "cash that counts together with it",
        "is": f"belonging_cash_both if is_known(linked) else (past_paid_in_cash_{span} if is_known(payer.id) else (amount - amount))",
    }
    return "cash_of_the_payer"


def _known_past(law: Law, unit: str) -> list[tuple[str, Given]]:
    if law.place not in BY_PERSON:
        return []
    return [
        ("with what the payer paid before", {"payer.id": "p-1", f"past_paid_in_cash_{BY_PERSON[law.place][0]}": ""})
    ]


def _from_abroad(place: str) -> Frame:
    return Frame(
        f'not within(payer.country, "{place}")', {"payer.country": "JP"}, (("a resident", {"payer.country": place}),),
        (("whose country is not known", {"payer.country": None}, ("payer.country",)),),
    )  # fmt: skip


def _things(law: Law, limit: spec.CashLimit) -> Frame:
    words = limit.things.split()
    named = [word for word in words if word != "immovable_property"]
    land = 'line.kind == "immovable_property"'
    tests = [land] if len(named) < len(words) else []
    if named:
        name = f"{limit.name}_things"
        law.settings[name] = {
            "type": "tokens", "confidence": law.parameters[limit.parameter].rows[-1].confidence, "basis": "house",
            "label": "categories of lines that the limit speaks of", "values": [{"from": UNREAD, "value": named}],
        }  # fmt: skip
        tests.append(f"line.category in {name}")
    line = {"category": named[0]} if named else {"kind": "immovable_property"}
    broken: list[tuple[str, Given]] = [("books", {"lines": [{"category": "books", "kind": "goods"}]})]
    if named and len(tests) == 2:
        broken += []
    given = {"kind": "goods", **line} if named else line
    return Frame(
        f"any({' or '.join(tests)} for line in lines)", {"lines": [given]}, tuple(broken),
        (("what is sold is not known", {"lines": None}, ("lines",)),
         *((("the category is not known", {"lines": [{"kind": "goods"}]}, ("lines.category",)),) if named else ()),
         *((("the kind is not known", {"lines": [{"category": "books"}]}, ("lines.kind",)),) if len(tests) == 2 or not named else ())),
    )  # fmt: skip


# -- due diligence -----------------------------------------------------------------------------------------------------------


def _diligence(law: Law, item: spec.Diligence) -> None:
    parameter = law.parameters[item.parameter]
    frame = joined(
        role_frame(item.roles), scope_frame(item.scope, law.place), OCCASIONAL if item.occasional else Frame("", {})
    )
    cash = item.scope == "cash"
    amount_rule(
        law, f"{prefix(law)}.diligence.{item.name}", f"Due diligence {'above' if item.sign == '>' else 'from'} the threshold",
        {"due_diligence": "standard"}, frame, Limit(parameter, item.sign, parameter.unit),
        total="amount + belonging_cash" if cash else "amount + belonging", linked=True, start=item.start, end=item.end or None,
    )  # fmt: skip
    if item.name in ("occasional", "occasional_gbp") and item.roles in ("obliged", "financial_institutions"):
        national(law, "national_due_diligence")


# -- travel rule ---------------------------------------------------------------------------------------------------------------


def _travel(law: Law, travel: spec.Travel) -> None:
    parameter = law.parameters[travel.parameter]
    crypto = travel.scope.startswith("crypto")
    roles = "crypto_carriers" if crypto else "payment_providers"
    frame = joined(role_frame("financial_institutions" if crypto else roles), scope_frame(travel.scope, law.place))
    effect: dict[str, Any] = {"travel_rule": travel.name, "needs": list(travel.needs)}
    identity = f"{prefix(law)}.travel.{travel.name}"
    what = "crypto-assets" if crypto else "funds"
    national(law, f"national_travel_{'crypto' if crypto else 'wire'}", _from(parameter.start))
    if travel.sign == "any":
        plain_rule(
            law,
            identity,
            f"Data that go with a transfer of {what}",
            effect,
            frame,
            parameter.rows[-1],
            start=parameter.start,
        )
        return
    limit = Limit(parameter, travel.sign, parameter.unit)
    amount_rule(law, identity, f"Data that go with a transfer of {what} from an amount on", effect, frame, limit)


def _from(start: str) -> list[dict[str, Any]]:
    if start == UNREAD:
        return [{"from": UNREAD, "value": True}]
    return [{"from": UNREAD, "value": False}, {"from": start, "value": True}]


# -- suspicion and records -----------------------------------------------------------------------------------------------------

SUSPECT = Frame("suspicion and obliged", {"suspicion": True, ROLE: "bank", INSTRUMENT: "credit_transfer"}, (
    ("no suspicion", {"suspicion": None}), ("a merchant", {ROLE: None}),
))  # fmt: skip


def _suspicion(law: Law) -> None:
    told = law.parameters.get("str_deadline") or law.parameters.get("fiu")
    if told is None or law.place in ("EU", "FATF"):
        return
    effect = {
        "report": "suspicion", "code": spec.SUSPICION_CODES.get(law.place, "STR"), "authority": {"parameter": "fiu"},
        "due": {"parameter": "str_deadline"} if "str_deadline" in law.parameters else "promptly", "from": "suspicion",
    }  # fmt: skip
    national(law, "national_suspicion_report", _from(told.start))
    title = "A suspicion is reported"
    if law.place == "US":
        for name, roles in (("str_min_amount", "banks"), ("str_min_amount_money_services", "money_services")):
            frame = joined(
                Frame(
                    "suspicion",
                    {"suspicion": True, INSTRUMENT: "credit_transfer"},
                    (("no suspicion", {"suspicion": None}),),
                ),
                role_frame(roles),
            )
            limit = Limit(law.parameters[name], ">=", "USD")
            amount_rule(
                law, f"aml.us.report.suspicion_{roles}", f"{title} from this amount on", effect, frame, limit,
                total="amount + belonging", linked=True,
            )  # fmt: skip
        return
    start = told.start
    plain_rule(law, f"{prefix(law)}.report.suspicion", title, effect, SUSPECT, told.rows[-1], start=start)


def _retention(law: Law) -> None:
    parameter = law.parameters.get("eu_retention_years" if law.place == "EU" else "retention_years")
    if parameter is None or law.place == "FATF":
        return
    told = parameter.rows[-1]
    start = "relationship_end" if "relationship" in told.condition else "transaction"
    effect: dict[str, Any] = {"retain": "records", "years": {"parameter": parameter.name}, "from": start}
    if law.place in spec.RETENTION_MOST:
        effect["at_most"] = spec.RETENTION_MOST[law.place]
    frame = Frame("obliged", {ROLE: "bank", INSTRUMENT: "cash"}, (("a merchant", {ROLE: None}),))
    plain_rule(law, f"{prefix(law)}.records", "Records are kept", effect, frame, told, start=parameter.start)
    national(law, "national_retention", _from(parameter.start))
