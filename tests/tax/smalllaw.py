"""A small law of tax for tests of what becomes of a tax: a union of four States, a kingdom, two American states and a province.

The procedure itself is told elsewhere. Here a stand-in decides: the place where the supply ends taxes it, whoever sells.
"""

from __future__ import annotations

from typing import Any

from engine.packs.packset import PackSet
from engine.packs.release import seal
from engine.places import country_of
from engine.tax.asked import Asked
from engine.tax.model import Ruling, Treatment
from engine.tax.rates import charge

VERSION = "2026.11.0"
_TOP = """schema: rulepack/v1
jurisdiction: {code}
name: {code}
version: "2026.11.0"
extends: [{parent}]
{members}time_zone: {zone}
currency: {currency}
on_unknown: {{tax: collect}}
sources:
  act: {{title: Tax Act of {code}, kind: regulation, url: "https://example.org/act"}}
verified: {{on: "2026-11-01", by: the tests}}
"""
_WORLD = """schema: rulepack/v1
jurisdiction: WORLD
name: Everywhere
version: "2026.11.0"
on_unknown: {tax: collect}
verified: {on: "2026-11-01", by: the tests}
"""
_PARAMETER = (
    '  {name}: {{type: {kind}, {unit}basis: statute, cite: {{source: act, at: "{at}"}}, confidence: A,'
    ' values: [{{from: "2019-01-01", value: {value}}}]}}\n'
)


def _top(code: str, parent: str, zone: str, currency: str, members: str = "") -> str:
    return _TOP.format(code=code, parent=parent, zone=zone, currency=currency, members=members)


def _parameters(*rows: tuple[str, str, str, str]) -> str:
    """(name, type, unit, value)"""
    return "parameters:\n" + "".join(
        _PARAMETER.format(name=name, kind=kind, unit=f"unit: {unit}, " if unit else "", value=value, at="section 1")
        for name, kind, unit, value in rows
    )


def _rates(*rows: tuple[str, str, str, str, str]) -> str:
    """(id, category, kind, percent, more)"""
    lines = [
        f'  - {{id: {name}, category: {category}, kind: {kind}, percent: "{percent}", basis: statute,'
        f' cite: {{source: act, at: "section 2"}}, confidence: A, evidence: "the tests"{more or _SINCE}}}\n'
        for name, category, kind, percent, more in rows
    ]
    return "rates:\n" + "".join(lines)


_SINCE = ', from: "2019-01-01"'
_UNION = _parameters(
    ("distance_sales_threshold", "money", "EUR", '"10000.00"'),
    ("oss_return_period", "token", "", "quarter"),
    ("oss_return_deadline", "token", "", "end_of_following_month"),
    ("oss_exchange_rate", "token", "", "ecb_last_day_of_return_period"),
    ("oss_correction_window", "int", "", "3"),
    ("ioss_return_period", "token", "", "month"),
)


def files(german_standard: str = "19") -> dict[str, str]:
    """The packs as text; Germany's standard rate can be another."""
    members = "members:\n" + "".join(
        f'  - {{place: {place}, from: "2000-01-01", time_zone: {zone}}}\n'
        for place, zone in (
            ("DE", "Europe/Berlin"),
            ("FI", "Europe/Helsinki"),
            ("FR", "Europe/Paris"),
            ("IT", "Europe/Rome"),
        )
    )
    vat = [("tax_name_local", "text", "", "VAT"), ("has_consumption_tax", "bool", "", "true")]
    states = {
        "DE": (
            _rates(("standard", "standard", "standard", german_standard, ""), ("books", "books", "reduced", "7", "")),
            "USt",
        ),
        "FR": (_rates(("standard", "standard", "standard", "20", ""), ("books", "books", "reduced", "5.5", "")), "TVA"),
        "FI": (
            _rates(
                ("standard.24", "standard", "standard", "24", ', from: "2013-01-01", to: "2024-09-01"'),
                ("standard.255", "standard", "standard", "25.5", ', from: "2024-09-01"'),
            ),
            "ALV",
        ),
        "IT": (_rates(("standard", "standard", "standard", "22", "")), "IVA"),
    }
    found = {"WORLD/pack.yaml": _WORLD, "EU/pack.yaml": _top("EU", "WORLD", "Europe/Brussels", "EUR", members)}
    found["EU/tax.yaml"] = "domain: tax\n" + _UNION
    for code, (rates, name) in states.items():
        found[f"{code}/pack.yaml"] = _top(code, "EU", "Europe/Paris", "EUR")
        found[f"{code}/tax.yaml"] = (
            "domain: tax\n" + _parameters(("tax_name_local", "text", "", name), *vat[1:]) + rates
        )
    for code, zone, currency, parameters, rates in _ELSEWHERE:
        parent = country_of(code) if len(code) > 2 else "WORLD"
        found[f"{code}/pack.yaml"] = _top(code, parent if f"{parent}/pack.yaml" in found else "WORLD", zone, currency)
        found[f"{code}/tax.yaml"] = "domain: tax\n" + _parameters(*parameters, *vat) + (_rates(*rates) if rates else "")
    return found


_ELSEWHERE: tuple[Any, ...] = (
    ("GB", "Europe/London", "GBP", [("registration_threshold", "money", "GBP", '"90000.00"')],
     [("standard", "standard", "standard", "20", ""), ("books", "books", "zero", "0", "")]),
    ("US-TX", "America/Chicago", "USD",
     [("economic_nexus_amount", "money", "USD", '"500000.00"'), ("economic_nexus_window", "token", "", "preceding_12_months")],
     [("standard", "standard", "standard", "6.25", ', component: sales_tax, from: "2019-01-01"')]),
    ("US-NY", "America/New_York", "USD",
     [("economic_nexus_amount", "money", "USD", '"500.00"'), ("economic_nexus_transactions", "int", "", "3"),
      ("economic_nexus_test", "token", "", '"and"'), ("economic_nexus_window", "token", "", "previous_calendar_year")],
     [("standard", "standard", "standard", "4", ', component: sales_tax, from: "2019-01-01"')]),
    ("CA", "America/Toronto", "CAD", [("digital_nonresident_threshold", "money", "CAD", '"30000.00"')], []),
    ("IN", "Asia/Kolkata", "INR",
     [("registration_threshold_goods", "money", "INR", '"4000000.00"'),
      ("registration_threshold_services", "money", "INR", '"2000000.00"')], []),
    ("CA-QC", "America/Toronto", "CAD", [],
     [("gst", "standard", "standard", "5", ', component: gst, from: "2019-01-01"'),
      ("qst", "standard", "standard", "9.975", ', component: qst, from: "2019-01-01"')]),
    ("AU", "Australia/Sydney", "AUD",
     [("digital_nonresident_threshold", "money", "AUD", '"75000.00"'),
      ("digital_nonresident_threshold_window", "token", "", "twelve_months"),
      ("reverse_charge_b2b_digital", "bool", "", "true")],
     [("standard", "standard", "standard", "10", "")]),
    ("KW", "Asia/Kuwait", "KWD", [], [("standard", "standard", "standard", "5", "")]),
    ("JP", "Asia/Tokyo", "JPY", [], [("standard", "standard", "standard", "10", "")]),
)  # fmt: skip


def packs(german_standard: str = "19") -> PackSet:
    """The small law as a release."""
    from engine.packs.packset import _raise, read_packs

    texts = files(german_standard)
    found, notes = read_packs(texts)
    _raise(notes)
    return PackSet(found, texts, seal(texts, VERSION))


class EndsHere:
    """The place where a supply ends taxes it; inside the Union, from another State, under the one-stop shop."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within one area: of a State, or from one State of the Union into another."""
        assert asked.origin is not None
        assert asked.destination is not None
        return self._taxed(asked, "domestic" if country_of(asked.origin) == country_of(asked.destination) else "oss")

    def inbound(self, asked: Asked) -> Ruling:
        """From outside: parcels of the Union under the import scheme, everything else as at home."""
        assert asked.destination is not None
        union = asked.law.member(country_of(asked.destination), "EU", asked.sale.occurred_at.date())
        if union and asked.line.kind == "goods":
            return self._taxed(asked, "ioss")
        return self._taxed(asked, "non_union_oss" if union else "domestic")

    def outbound(self, asked: Asked) -> Ruling:
        """Out of the area: never taxed here."""
        return Ruling(Treatment.OUT_OF_SCOPE, asked.origin, None, reason="elsewhere")

    def _taxed(self, asked: Asked, scheme: str) -> Ruling:
        place = asked.destination
        assert place is not None
        region = place if len(place) > 2 else None
        ruling = Ruling(Treatment.STANDARD, country_of(place), region, scheme=scheme)
        return charge(asked.at(place), asked.line, ruling)
