"""Whole payments and what the law makes of them, for the packs of the main places."""

from __future__ import annotations

from typing import Any

from scripts.aml_draft.emit import Law

BANK = {"obliged_entity": {"role": "bank"}}


def case(name: str, given: dict[str, Any], on: str = "", **expect: Any) -> dict[str, Any]:
    """One case: facts by path, what the answer must say."""
    return {"name": name, **({"on": on} if on else {}), "given": given, "expect": expect}


def cash(amount: str, country: str, role: str = "bank", **more: Any) -> dict[str, Any]:
    """Cash paid in by a known customer of an established relationship."""
    return {
        "amount": amount, "kind": "deposit", "payment": {"instrument": "cash"}, "obliged_entity": {"role": role, "country": country},
        "relationship": "established", "payer": {"id": "c-1", "country": country}, **more,
    }  # fmt: skip


def shop(amount: str, country: str, **more: Any) -> dict[str, Any]:
    """Cash in a shop."""
    return {"amount": amount, "payment": {"instrument": "cash"}, "payee": {"country": country}, **more}


def card(amount: str, payer: dict[str, str], country: str) -> dict[str, Any]:
    """A card payment to a merchant."""
    return {
        "amount": amount,
        "payment": {"instrument": "card", "channel": "remote"},
        "payer": payer,
        "payee": {"country": country},
    }


def wire(amount: str, issuer: str, acquirer: str, **more: Any) -> dict[str, Any]:
    """A transfer from a customer's account."""
    return {
        "amount": amount, "kind": "transfer", "payment": {"instrument": "credit_transfer", "issuer_country": issuer, "acquirer_country": acquirer},
        "obliged_entity": {"role": "bank", "country": issuer}, "relationship": "established", "payer": {"id": "c-1", "country": issuer, "type": "individual"},
        "payee": {"country": acquirer}, **more,
    }  # fmt: skip


CRIMEA = {"country": "UA", "region": "UA-43"}
CASES: dict[str, list[dict[str, Any]]] = {
    "US": [
        case("ten thousand dollars in cash are no report", cash("10000.00 USD", "US", linked=[]), verdict="clear", outcome="allow", reports=[]),
        case("a cent more is one, due in fifteen days", cash("10000.01 USD", "US"), verdict="report", outcome="allow", reports=["CTR"], due=["2026-12-07"], retain_until="2031-11-22"),
        case("two deposits of a day are one sum", cash("6000.00 USD", "US", linked=[{"amount": "4000.01 USD", "instrument": "cash", "direction": "in"}]), verdict="report", reports=["CTR"]),
        case("the past of nobody cannot be summed", {**cash("6000.00 USD", "US"), "payer": {"country": "US"}}, verdict="undecided", outcome="review", missing=["payer.id"]),
        case("a shop reports on form 8300", shop("10000.01 USD", "US"), verdict="report", reports=["8300"], outcome="allow"),
        case("a customer in Cuba", card("10.00 USD", {"country": "CU"}, "US"), verdict="block", outcome="block", because=["aml.us.embargo"]),
        case("Syria on the last day", card("10.00 USD", {"country": "SY"}, "US"), on="2025-06-30", verdict="block", outcome="block"),
        case("Syria on the day after", card("10.00 USD", {"country": "SY"}, "US"), on="2025-07-01", verdict="clear", outcome="allow"),
        case("data travel from three thousand dollars on", wire("3000.00 USD", "US", "US"), verdict="clear", outcome="collect", travel_rule=True, travel_missing=["payer.name", "payment.account.iban", "payer.address"]),
        case("and not below", wire("2999.99 USD", "US", "US"), verdict="clear", outcome="allow", travel_rule=False),
        case("a suspicion is held and reported", {**wire("5000.00 USD", "US", "US"), "suspicion": True}, verdict="review", outcome="review", reports=["SAR"], due=["2026-12-22"]),
    ],
    "CA": [
        case("cash of ten thousand dollars is reported", cash("10000.00 CAD", "CA"), verdict="report", reports=["LCTR"], due=["2026-12-07"]),
        case("a cent less is not", cash("9999.99 CAD", "CA", linked=[]), verdict="clear", reports=[]),
        case("a transfer abroad", wire("10000.00 CAD", "CA", "US", linked=[]), verdict="report", reports=["EFTR"], outcome="collect"),
    ],
    "AU": [
        case("every transfer abroad is reported", wire("1.00 AUD", "AU", "NZ"), verdict="report", reports=["IFTI"]),
        case("cash from ten thousand dollars on", cash("10000.00 AUD", "AU"), verdict="report", reports=["TTR"]),
    ],
    "IN": [
        case("more than ten lakh in a month", cash("1000000.01 INR", "IN"), verdict="report", reports=["CTR"], due=["2026-12-15"]),
        case("two lakh in cash may not be taken", shop("200000.00 INR", "IN"), verdict="block", outcome="block", because=["aml.in.cash.limit"]),
        case("a rupee's hundredth less may", shop("199999.99 INR", "IN"), verdict="clear", outcome="allow"),
    ],
    "FR": [
        case("cash of a thousand euros", shop("1000.00 EUR", "FR"), verdict="clear", outcome="allow"),
        case("a cent more", shop("1000.01 EUR", "FR"), verdict="block", outcome="block", because=["aml.fr.cash.limit"], confidence="A"),
        case("a visitor pays more", shop("10000.00 EUR", "FR", payer={"country": "US", "type": "individual"}), verdict="clear", outcome="allow"),
    ],
    "DE": [
        case("there is no limit of cash", shop("9999.99 EUR", "DE"), verdict="clear", outcome="allow"),
        case("until the Union's own", shop("10000.01 EUR", "DE"), on="2027-07-10", verdict="block", outcome="block", because=["aml.eu.cash.limit"]),
        case("the day before it", shop("10000.01 EUR", "DE"), on="2027-07-09", verdict="clear", outcome="allow"),
        case("a customer in Crimea", card("10.00 EUR", CRIMEA, "DE"), verdict="block", outcome="block", because=["aml.eu.embargo_regions"]),
        case("a customer somewhere in Ukraine", card("10.00 EUR", {"country": "UA"}, "DE"), verdict="review", outcome="review", missing=["payer.region"]),
        case("a customer in Kyiv", card("10.00 EUR", {"country": "UA", "region": "UA-30"}, "DE"), verdict="clear", outcome="allow"),
        case("Cuba in dollars is for a person to look at", card("10.00 USD", {"country": "CU"}, "DE"), verdict="review", outcome="review", because=["aml.eu.blocking_statute"]),
        case("a customer in a listed country", {**cash("10.00 EUR", "DE"), "payer": {"id": "c-1", "country": "AF"}}, verdict="clear", due_diligence="enhanced"),
    ],
    "GB": [
        case("both lists of the FATF", {**cash("10.00 GBP", "GB"), "payer": {"id": "c-1", "country": "VN"}}, on="2026-06-29", verdict="clear", due_diligence="enhanced"),
        case("the call for action alone", {**cash("10.00 GBP", "GB"), "payer": {"id": "c-1", "country": "VN"}}, on="2026-06-30", verdict="clear", due_diligence="none"),
        case("Kherson from its day on", card("10.00 GBP", {"country": "UA", "region": "UA-65"}, "GB"), on="2023-06-20", verdict="block", outcome="block"),
    ],
    "KR": [
        case("ten million won", cash("10000000 KRW", "KR"), verdict="report", reports=["CTR"]),
        case("one won less", cash("9999999 KRW", "KR", linked=[]), verdict="clear", reports=[]),
        case("fifteen million were nothing in 2015", cash("15000000 KRW", "KR", linked=[]), on="2015-06-01", verdict="clear", reports=[]),
    ],
    "MY": [case("deposits and withdrawals are added", cash("15000.00 MYR", "MY", linked=[{"amount": "10000.00 MYR", "instrument": "cash", "direction": "out"}]), verdict="report", reports=["CTR"])],
    "ZA": [
        case("fifty thousand rand", cash("50000.00 ZAR", "ZA"), verdict="report", reports=["CTR"], due=["2026-11-25"]),
        case("a cent less, twice a day", cash("49999.99 ZAR", "ZA", linked=[{"amount": "49999.99 ZAR", "instrument": "cash", "direction": "in"}]), verdict="clear", reports=[]),
    ],
    "BR": [case("cash of fifty thousand reais", cash("50000.00 BRL", "BR"), verdict="report", reports=["TR"], due=["2026-11-23"])],
    "ID": [case("every transfer abroad", wire("1.00 IDR", "ID", "SG"), verdict="report", reports=["LTKL"])],
    "NG": [
        case("five million naira in cash", shop("5000000.01 NGN", "NG"), verdict="block", outcome="block"),
        case("a company may pay twice that", shop("10000000.00 NGN", "NG", payer={"type": "organisation"}), verdict="clear", outcome="allow"),
    ],
}  # fmt: skip


def add_cases(law: Law) -> None:
    """The cases of a place."""
    law.cases += CASES.get(law.place, [])
