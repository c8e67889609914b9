"""Places whose law no table tells: limits in index units, limits that changed with the currency, registers, older law of the Union."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scripts.aml_draft.build import Frame, Limit, amount_rule, applies, plain_rule
from scripts.aml_draft.emit import Law
from scripts.aml_draft.frames import INSTRUMENT, PAID, PROFESSIONAL, joined, role_frame, scope_frame
from scripts.aml_draft.rows import Parameter
from scripts.tax_draft.facts import UNREAD, Fact

REGISTER = {"oblige": [{"what": "register_operation", "who": "obliged_entity"}]}


def special(law: Law) -> None:
    """What is particular to the place."""
    if law.place in _BY_PLACE:
        _BY_PLACE[law.place](law)


def made(law: Law, name: str, like: Fact, **changes: Any) -> Parameter:
    """A number that no row gives, read off another."""
    row = replace(like, **changes)
    found = law.parameters[name] = Parameter(name, "money", row.unit, [row])
    return found


def _peru(law: Law) -> None:
    for name, parameter, roles, scope in (
        ("operation", "threshold_register_amount", "financial_institutions", "any"),
        ("transfer", "threshold_register_amount_transfers", "financial_institutions", "cash_transfer"),
        ("exchange", "threshold_register_amount_exchange", "exchange_bureaux", "cash"),
    ):
        limit = Limit(law.parameters[parameter], ">=", "USD")
        frame = joined(role_frame(roles), scope_frame(scope, "PE"))
        amount_rule(
            law,
            f"aml.pe.register_{name}",
            "The operation is entered in the register of operations",
            dict(REGISTER),
            frame,
            limit,
        )


def _brazil(law: Law) -> None:
    limit = Limit(law.parameters["cash_register_threshold"], ">", "BRL")
    frame = joined(role_frame("banks"), scope_frame("cash", "BR"))
    amount_rule(law, "aml.br.register_cash", "Who brings or takes the cash is recorded", dict(REGISTER), frame, limit)


def _bulgaria(law: Law) -> None:
    told = law.parameters["cash_payment_limit"].rows[-1]
    note = "BGN 10000 at 1.95583; the converted wording of the act was not found"
    parameter = made(
        law, "cash_payment_limit_euro", told, value="5112.92", unit="EUR", start="2026-01-01", confidence="R", note=note
    )
    amount_rule(law, "aml.bg.cash.limit_euro", "Cash from the limit", {"block": "cash_limit"}, joined(PAID, PROFESSIONAL),
                Limit(parameter, ">=", "EUR"), total="amount + belonging_cash_both", linked=True)  # fmt: skip
    told = law.parameters["threshold_report_amount"].rows[-1]
    parameter = made(
        law,
        "threshold_report_amount_euro",
        told,
        value="15338.76",
        unit="EUR",
        start="2026-01-01",
        confidence="R",
        note="BGN 30000 at 1.95583",
    )
    effect = {"report": "cash_euro", "code": "TR", "authority": {"parameter": "fiu"}}
    amount_rule(law, "aml.bg.report.cash_euro", "TR: cash above the reporting threshold", effect,
                joined(role_frame("obliged"), scope_frame("cash", "BG")), Limit(parameter, ">", "EUR"), total="amount + belonging_cash_both", linked=True)  # fmt: skip


def _uruguay(law: Law) -> None:
    law.settings["one_peso_a_unit"] = {
        "type": "money", "unit": "UYU", "basis": "house", "confidence": "A", "label": "the limit if a unit were worth one peso",
        "note": "the indexed unit began at 1 peso in 2002 and has only risen: what is below needs no value of the unit",
        "values": [{"from": UNREAD, "value": "1000000"}],
    }  # fmt: skip
    frame = joined(
        PAID, PROFESSIONAL,
        Frame("beyond_doubt", {}, (("a small amount of pesos", {"amount": "1000000.00 UYU"}),),
              (("no value of the unit", {"amount": "1000000.01 UYU"}, ("rates.UYU.UYI",)),)),
    )  # fmt: skip
    law.lets["beyond_doubt"] = {
        "label": "more than a small amount of pesos",
        "is": 'currency != "UYU" or amount > one_peso_a_unit',
    }
    amount_rule(law, "aml.uy.cash.limit", "Cash above the limit in indexed units", {"block": "cash_limit"}, frame,
                Limit(law.parameters["cash_payment_limit"], ">", "UYI"), total="amount + belonging_cash_both", linked=True)  # fmt: skip


def _mexico(law: Law) -> None:
    told = law.parameters["cash_payment_limit"].rows[-1]
    law.settings["uma"] = {
        "type": "money", "unit": "MXN", "confidence": "R", "label": "unit of measure and adjustment, daily value", "cite": law.cite(told),
        "note": "published by INEGI each January, in force on 1 February; recalled",
        "values": [{"from": UNREAD, "unread": True}, {"from": "2025-02-01", "value": "113.14"}, {"from": "2026-02-01", "value": "117.31"}],
    }  # fmt: skip
    base = {INSTRUMENT: "cash", "obliged_entity.role": "car_dealer"}
    when = "cash and (obliged_entity.role in car_dealers or obliged_entity.role in precious_dealers or obliged_entity.role in art_dealers)"
    when += " and amount + belonging_cash_both >= uma * cash_payment_limit"
    beside = {**base, "amount": "1.00 MXN", "linked": [{"amount": "376565.10 MXN"}]}
    tests = [
        {"name": "from this amount on", "given": {**base, "amount": "376565.10 MXN"}, "expect": "fires"},
        {"name": "one unit less", "given": {**base, "amount": "376565.09 MXN"}, "expect": "silent"},
        {
            "name": "a jeweller",
            "given": {**base, "obliged_entity.role": "jeweller", "amount": "376565.10 MXN"},
            "expect": "fires",
        },
        {
            "name": "an art dealer",
            "given": {**base, "obliged_entity.role": "art_dealer", "amount": "376565.10 MXN"},
            "expect": "fires",
        },
        {"name": "a grocer", "given": {INSTRUMENT: "cash", "amount": "376565.10 MXN"}, "expect": "silent"},
        {"name": "by card", "given": {**base, INSTRUMENT: "card", "amount": "376565.10 MXN"}, "expect": "silent"},
        {"name": "with one that belongs to it", "given": beside, "expect": "fires"},
        {"name": "no amount", "given": base, "expect": {"unknown": ["amount"]}},
        {
            "name": "by the unit of 2025",
            "on": "2026-01-31",
            "given": {**base, "amount": "363179.40 MXN"},
            "expect": "fires",
        },
        {
            "name": "less by the unit of 2025",
            "on": "2026-01-31",
            "given": {**base, "amount": "363179.39 MXN"},
            "expect": "silent",
        },
        {
            "name": "the first day of the unit of 2026",
            "on": "2026-02-01",
            "given": {**base, "amount": "376565.09 MXN"},
            "expect": "silent",
        },
        {
            "name": "the first day that was read",
            "on": "2025-02-01",
            "given": {**base, "amount": "363179.40 MXN"},
            "expect": "fires",
        },
        {
            "name": "the day before",
            "on": "2025-01-31",
            "given": {**base, "amount": "363179.40 MXN"},
            "expect": {"unknown": ["law.uma"]},
        },
    ]
    law.rules.append(
        {
            "id": "aml.mx.cash.limit", "title": "Cash from the limit for vehicles, jewellery and art", "basis": "statute",
            "cite": law.cite(told), "confidence": "R", "applies": applies(UNREAD, None), "when": when, "effect": {"block": "cash_limit"},
            "message": "Cash from this amount on is not allowed", "note": f"{told.condition}; real estate at 8025 units is not read as a rule", "tests": tests,
        }
    )  # fmt: skip


def _union(law: Law) -> None:
    """The directive until 2027-07-10, where no row has its number."""
    told = next(row for row in law.parameters["eu_cdd_occasional_threshold"].rows if row.start == "2017-06-26")
    for name, at, value, roles, scope in (
        ("dealers", "Art 11(c)", "10000", "dealers", "cash"), ("gambling_directive", "Art 11(d)", "2000", "casinos", "any"),
    ):  # fmt: skip
        parameter = made(
            law,
            f"eu_{name}_threshold",
            told,
            value=value,
            provision=at,
            confidence="B",
            condition="national limits may be lower",
        )
        amount_rule(law, f"aml.eu.diligence.{name}", "Due diligence from the threshold of the directive", {"due_diligence": "standard"},
                    joined(role_frame(roles), scope_frame(scope, "EU")), Limit(parameter, ">=", "EUR"),
                    total="amount + belonging_cash" if scope == "cash" else "amount + belonging", linked=True)  # fmt: skip
    money = next(row for row in law.parameters["eu_emoney_sdd_limit"].rows if row.start == "2020-01-10")
    base = {INSTRUMENT: "e_money", "obliged_entity.role": "bank", "payment.channel": "remote", "amount": "50.00 EUR"}
    when = 'obliged and payment.instrument == "e_money" and amount <= eu_emoney_sdd_limit and (payment.channel != "remote" or amount <= eu_emoney_sdd_remote_limit)'
    frame = Frame(
        when, base,
        (("a merchant", {"obliged_entity.role": None}), ("by card", {INSTRUMENT: "card"}), ("remote, one cent more", {"amount": "50.01 EUR"}),
         ("in a shop, one cent more", {"amount": "150.01 EUR", "payment.channel": "contactless"})),
        (("channel not known", {"payment.channel": None, "amount": "50.01 EUR"}, ("payment.channel",)), ("no amount", {"amount": None}, ("amount",))),
    )  # fmt: skip
    shop = {
        "name": "in a shop",
        "given": {**base, "amount": "150.00 EUR", "payment.channel": "contactless"},
        "expect": "fires",
    }
    shop["on"] = "2026-11-22"
    plain_rule(
        law,
        "aml.eu.diligence.e_money",
        "Small amounts of e-money",
        {"due_diligence": "simplified"},
        frame,
        money,
        extra=[shop],
    )


def _duty(
    law: Law, name: str, title: str, what: str, frame: Frame, limit: Limit, within: str = "", total: str = "amount"
) -> None:
    duty = {"what": what, "who": "obliged_entity"} | ({"within": within} if within else {})
    amount_rule(
        law,
        f"aml.{law.place.lower()}.{name}",
        title,
        {"oblige": [duty]},
        frame,
        limit,
        total=total,
        linked=total != "amount",
    )


def _canada(law: Law) -> None:
    limit = Limit(law.parameters["pep_determination_threshold"], ">=", "CAD")
    for scope in ("wire_abroad", "crypto"):
        frame = joined(role_frame("financial_institutions"), scope_frame(scope, "CA"))
        _duty(law, f"exposed_person_{scope}", "Whether a politically exposed person takes part is determined", "determine_exposed_person",
              frame, limit, "30 days")  # fmt: skip


def _turkey(law: Law) -> None:
    cash = joined(role_frame("banks"), scope_frame("cash", "TR"))
    for name, parameter, sign, what in (
        ("cash_purpose", "cash_declaration_threshold", ">=", "record_purpose"),
        ("cash_form", "cash_declaration_form_threshold", ">=", "cash_declaration_form"),
        ("cash_documents", "cash_declaration_documents_threshold", ">", "supporting_documents"),
    ):
        _duty(
            law,
            name,
            "Cash is explained by whoever brings or takes it",
            what,
            cash,
            Limit(law.parameters[parameter], sign, "TRY"),
        )
    transfer = joined(role_frame("payment_providers"), scope_frame("transfer", "TR"))
    limit = Limit(law.parameters["transfer_explanation_threshold"], ">", "TRY")
    _duty(
        law,
        "transfer_explanation",
        "A transfer is explained in at least 20 characters",
        "transfer_explanation",
        transfer,
        limit,
        total="amount + belonging",
    )


_BY_PLACE = {
    "CA": _canada,
    "TR": _turkey,
    "PE": _peru,
    "BR": _brazil,
    "BG": _bulgaria,
    "UY": _uruguay,
    "MX": _mexico,
    "EU": _union,
}
