"""The rows of aml.csv as dated parameters: their names, their kinds, and how the law's terms are written."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from engine.money import DIGITS
from scripts.tax_draft.facts import UNREAD, Fact

LISTED = ("fatf_list", "eu_high_risk_third_country")
"""Rows that are members of a list, not numbers."""
PREFIXES = {"FATF": "fatf_", "EU": "eu_", "UN": "un_"}
"""What stands before the names of parameters of law that countries share, so that no country's own number replaces them."""

SUFFIXES: dict[tuple[str, str, str], str] = {
    ("NG", "cash_payment_limit", "10000000"): "_corporate",
    ("NG", "threshold_report_amount", "10000000"): "_corporate",
    ("US", "str_min_amount", "2000"): "_money_services",
    ("AU", "str_deadline", "24"): "_terrorism",
    ("DE", "hvd_threshold", "2000"): "_precious_metals",
    ("PE", "threshold_register_amount", "2500"): "_transfers",
    ("PE", "threshold_register_amount", "5000"): "_exchange",
    ("PE", "hvd_threshold", "15000"): "_vehicles",
    ("CN", "cash_source_registration", "risk_based"): "_rule",
}  # fmt: skip
"""(place, parameter, value) -> end of the name, where rows that hold together are told apart."""
BY_CONDITION = {("DE", "hvd_threshold", "art, any payment means"): "_art"}
BY_UNIT = frozenset(
    {
        ("GB", "cdd_occasional_threshold"), ("GB", "cdd_occasional_threshold_wire"), ("GB", "hvd_threshold"),
        ("HR", "cash_payment_limit"), ("HR", "threshold_report_amount"),
    }
)  # fmt: skip
"""Numbers whose currency changed: a parameter for each."""

TERMS = {
    "15th_of_next_month": "day 15 of the next month",
    "21st_of_next_month": "day 21 of the next month",
    "15th_of_second_next_month": "day 15 of the second next month",
    "end_of_week": "end of the week",
    "unverzueglich": "without undue delay",
}

TERMS_BY_HAND = {
    ("ZA", "threshold_report_deadline", "3"): "3 business days",
    ("ZA", "str_deadline", "15"): "15 working days",
}
"""Terms whose kind of days stands in the words beside them."""


@dataclass(slots=True)
class Parameter:
    """A dated number or word: `(start, written value or None, fact)`; `end` is the first day on which it is none any more."""

    name: str
    kind: str
    unit: str
    rows: list[Fact] = field(default_factory=list)
    extra: list[tuple[str, str]] = field(default_factory=list)
    """Values that no row gives: (start, written), `null` where a row ends and none follows."""

    @property
    def start(self) -> str:
        return self.rows[0].start

    @property
    def end(self) -> str | None:
        return self.rows[-1].end

    @property
    def changes(self) -> list[str]:
        """The days on which its value changes."""
        return [row.start for row in self.rows[1:]]


def name_of(fact: Fact) -> str:
    """The name of the parameter that a row is a value of."""
    key = (fact.place, fact.parameter)
    ending = SUFFIXES.get((*key, fact.value), "") or BY_CONDITION.get((*key, fact.condition), "")
    if key in BY_UNIT:
        ending += f"_{fact.unit.lower()}"
    return PREFIXES.get(fact.place, "") + fact.parameter.lower().replace("-", "_") + ending


def kind_of(fact: Fact) -> tuple[str, str]:
    """The type and the unit of a row's parameter."""
    unit = "EUR" if fact.unit == "USD/EUR" else fact.unit
    if unit in DIGITS and re.fullmatch(r"[\d.]+", fact.value):
        return "money", unit
    if (
        fact.parameter.startswith(("cash_payment_limit", "threshold_report_amount"))
        and "comparator" not in fact.parameter
    ):
        if fact.unit == "UMA":
            return "decimal", ""
        return "money", ""
    if fact.unit == "percent":
        return "rate", "percent"
    if fact.unit == "years" and "window" not in fact.parameter:
        return "int", ""
    return "text" if _spoken(fact) else "token", ""


def _spoken(fact: Fact) -> bool:
    return (
        fact.parameter.endswith("_deadline")
        or "window" in fact.parameter
        or not re.fullmatch(r"[a-z0-9_]+", fact.value)
    )


def written(fact: Fact) -> str | int | None:
    """The value as it stands in the file; None for `null`."""
    kind, _ = kind_of(fact)
    if kind == "money":
        return None if fact.value.startswith("none") else fact.value
    if kind == "int":
        return int(fact.value)
    if fact.parameter.endswith("_deadline") or "window" in fact.parameter or "standstill" in fact.parameter:
        return term(fact)
    return fact.value


def term(fact: Fact) -> str:
    """A term or a window in the words of `engine.deadlines`."""
    if (fact.place, fact.parameter, fact.value) in TERMS_BY_HAND:
        return TERMS_BY_HAND[fact.place, fact.parameter, fact.value]
    if fact.value in TERMS:
        return TERMS[fact.value]
    if fact.unit == "token":
        return fact.value.replace("_", " ")
    unit = fact.unit.replace("_", " ")
    return f"{fact.value} {unit[:-1] if fact.value == '1' and unit.endswith('s') else unit}"


def parameters(facts: list[Fact]) -> dict[str, dict[str, Parameter]]:
    """Place -> name -> parameter, for every row that is one. Rows of one name that hold on one day are refused."""
    found: dict[str, dict[str, Parameter]] = defaultdict(dict)
    for fact in sorted(facts, key=lambda one: (one.start != UNREAD, one.start)):
        if fact.parameter in LISTED or (
            fact.parameter.startswith("embargo_") and not fact.parameter.endswith("_licence")
        ):
            continue
        kind, unit = kind_of(fact)
        name = name_of(fact)
        known = found[fact.place].setdefault(name, Parameter(name, kind, unit))
        known.unit = known.unit or unit
        if known.rows:
            last = known.rows[-1]
            if last.end is None or (fact.start != UNREAD and last.end > fact.start) or known.kind != kind:
                raise ValueError(f"{fact.place} {name}: {last.value} and {fact.value} hold together")
        known.rows.append(fact)
    return found


def standing(facts: list[Fact]) -> dict[str, Parameter]:
    """Of a place of which nothing but its standing on the lists is known: that, as dated words."""
    found: dict[str, Parameter] = {}
    for fact in sorted(facts, key=lambda one: (one.start != UNREAD, one.start)):
        if fact.parameter in LISTED:
            found.setdefault(fact.parameter, Parameter(fact.parameter, "token", "")).rows.append(fact)
    return found
