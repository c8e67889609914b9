"""From rows of the facts table to parameters, lines of rates and territories."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from engine.tax.categories import BROADER
from scripts.tax_draft.draft import RECALLED, Draft, Entry, Line, quoted
from scripts.tax_draft.facts import UNREAD, Fact, before, slug

HERE = Path(__file__).parent

HEADS = {
    "books": "books",
    "ebooks": "ebooks",
    "food": "food",
    "hotels": "hotel",
    "medicine": "medicine",
    "newspapers": "newspapers",
    "passenger_transport": "passenger_transport",
    "restaurants": "restaurant",
}
"""What rows on member states call a category, before the colon."""

NARROWER = {
    ("AT", "food: selected basic foodstuffs only"): "basic_food",
    ("ES", "food: bread, milk, eggs, fruit, vegetables, cereals, olive oil"): "basic_food",
    ("IT", "food: bread, pasta, milk, fruit, vegetables, oil"): "basic_food",
    ("HR", "food: basic foods"): "basic_food",
    ("LV", "food: bread, fresh milk (not UHT), fresh poultry meat, fresh eggs"): "basic_food",
    ("SK", "food: high-sugar and high-salt products"): "high_sugar_food",
    ("HU", "newspapers: other than dailies"): "periodicals",
    ("BR", "CBS test rate"): "standard",
}
"""Where a place has two rates within one category, the narrower one has a category of its own."""

COMPONENTS = {
    "MY": "sst", "BR": "icms", "ES-CN": "igic", "ES-CE": "ipsi", "ES-ML": "ipsi", "IN": "igst",
    "CA-BC": "pst", "CA-SK": "pst", "CA-MB": "pst", "CA-QC": "qst",
    "CA-NB": "hst", "CA-NL": "hst", "CA-NS": "hst", "CA-ON": "hst", "CA-PE": "hst",
}  # fmt: skip
"""The tax of a place where it is not the domain's own name."""

RATES = frozenset(
    {
        "standard_rate", "reduced_rate", "zero_rate", "increased_rate", "standard_rate_category", "category_rate",
        "zero_or_exempt", "exempt", "regional_rate", "icms_internal_rate", "provincial_rate", "service_tax_rate", "levy_rate",
    }
)  # fmt: skip
"""Parameters of the table that are lines of rates here, as far as a category can be told."""

TEXTS = frozenset({"tax_name_local", "tax_number_name", "regional_tax_name", "tax_number_online_check"})
GUIDANCE = frozenset(
    {"stdnum_module", "average_local_rate", "reference_rate_estimate", "tax_number_online_check", "tax_number_name"}
)
"""Not law: what software checks, averages, estimates."""
WHOLE = frozenset({"count", "items", "years"})
FLAGS = frozenset({"yes", "no"})
NOT_LAW = ("VAT Notice", "56th GST Council", "National Budget", "South Dakota v. Wayfair", "state law", "Regulatory")

ZERO_NOTE = "zero-rated or exempt: the source does not say which"
DATED = {
    "uncooked food in food stores from 2025-04-01": ("2025-04-01", None),
    "milk, pasta, solar equipment, petroleum, animal feed from 2026-01-17": ("2026-01-17", None),
    "medicines and medical services in 2026 (10 from 2027)": ("2026-01-01", "2027-01-01"),
    "restaurants, hotels, books from 2025-01-01": ("2025-01-01", None),
    "tourism sector (TGST) from 2025-07-01": ("2025-07-01", None),
    "basic food, medicine, books, education (from 2026-01-01)": ("2026-01-01", None),
}
"""Rows that state their dates in words."""


def categories() -> dict[str, list[str]]:
    """Condition of a row -> categories; `~` behind one keeps the words, because the law speaks of less than the category."""
    with (HERE / "categories.csv").open(encoding="utf-8", newline="") as file:
        return {row["condition"]: row["categories"].split() for row in csv.DictReader(file)}


CATEGORIES = categories()


def component_of(place: str, domain: str) -> str:
    """The tax that a row speaks of."""
    return "icms" if place.startswith("BR-") else COMPONENTS.get(place, domain)


def cite(draft: Draft, fact: Fact) -> tuple[str, str]:
    """The instrument of a row, or the place's own act where none is named."""
    if fact.instrument:
        kind = "guidance" if fact.instrument.startswith(NOT_LAW) else "regulation"
        return draft.source(fact.instrument, kind=kind), fact.provision
    return RECALLED, ""


# -- rates ---------------------------------------------------------------------------------------------------------------


def line_of(draft: Draft, fact: Fact, category: str, **more: object) -> Line:
    """A row as a line of rates."""
    percent = None if fact.value == "exempt" else fact.value
    made = {
        "category": category,
        "kind": _kind(fact),
        "percent": percent,
        "start": fact.start,
        "end": fact.end,
        "component": component_of(fact.place, fact.domain),
        "confidence": fact.confidence,
        "cite": cite(draft, fact),
        "evidence": fact.evidence,
        "note": fact.note,
    }
    return Line(**(made | more))  # type: ignore[arg-type]


def _kind(fact: Fact) -> str:
    if fact.parameter == "exempt":
        return "exempt"
    if fact.value == "0" and fact.parameter != "standard_rate":
        return "zero"
    if fact.parameter == "increased_rate":
        return "increased"
    if fact.parameter in ("reduced_rate", "category_rate"):
        return "reduced"
    return "standard"


def category_lines(draft: Draft, fact: Fact) -> list[Line]:
    """The lines of a row whose condition names categories; none where it names nothing that a line of a sale could be."""
    head, _, detail = fact.condition.partition(": ")
    if head in HEADS and fact.condition not in CATEGORIES:
        category = NARROWER.get((fact.place, fact.condition), HEADS[head])
        lines = [line_of(draft, fact, category, condition=detail)]
        if category == "newspapers" and re.search("electronic|online", f"{fact.condition} {fact.note}"):
            lines.append(line_of(draft, fact, "enewspapers", condition=detail))
        return lines
    start, end = DATED.get(fact.condition, (fact.start, fact.end))
    found = []
    several = len(CATEGORIES[fact.condition]) > 1
    for name in CATEGORIES[fact.condition]:
        narrow = name.endswith("~")
        notes = [fact.note]
        if several and not narrow:
            notes.append(f"the source says: {fact.condition}")
        if fact.parameter == "zero_or_exempt":
            notes.append(ZERO_NOTE)
        more = {
            "condition": fact.condition if narrow else "",
            "note": "; ".join(filter(None, notes)),
            "start": start,
            "end": end,
        }
        found.append(line_of(draft, fact, name.rstrip("~"), **more))
    return found


def standards(draft: Draft) -> list[Line]:
    """The ordinary lines of a place's main tax, earliest first."""
    found = [
        one for one in draft.lines if one.category == "standard" and one.component == draft.component and one.percent
    ]
    return sorted(found, key=lambda one: (one.start != UNREAD, one.start))


def follow_standard(draft: Draft) -> None:
    """A category at the standard rate follows it through its history; but where a lowered rate leaves it out."""
    if draft.place == "VN":
        return
    history = standards(draft)
    for line in [
        one for one in draft.lines if one.kind == "standard" and one.category != "standard" and one.share == ""
    ]:
        periods = [one for one in history if _meets(one, line)]
        if len(periods) < 2 or any(one.supplies for one in periods):
            continue
        draft.lines.remove(line)
        for period in periods:
            start = line.start if before(period.start, line.start) else period.start
            ends = sorted(day for day in (period.end, line.end) if day)
            made = Line(**{name: getattr(line, name) for name in line.__slots__})
            draft.lines.append(_changed(made, percent=period.percent, start=start, end=ends[0] if ends else None))


def _meets(one: Line, two: Line) -> bool:
    return (two.end is None or one.start == UNREAD or one.start < two.end) and (
        one.end is None or two.start == UNREAD or two.start < one.end
    )


def _changed(line: Line, **more: object) -> Line:
    return Line(**({name: getattr(line, name) for name in line.__slots__} | more))  # type: ignore[arg-type]


def unread_before(draft: Draft) -> None:
    """What a category bore before the first line that is dated was not read: no silent standard rate for it.

    Electronic publications bore the standard rate before their own, and a category at the standard rate always did.
    """
    groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in draft.lines:
        groups[line.component, line.category].append(line)
    for (component, category), lines in sorted(groups.items(), key=lambda one: one[0]):
        first = min(lines, key=lambda one: (one.start != UNREAD, one.start))
        begun = [one.start for one in groups[component, "standard"] if one.percent]
        if UNREAD not in begun and begun and first.start <= min(begun):
            continue  # there was no such tax before
        plain = {"standard", "ebooks", "enewspapers", "audiobooks", "saas", "data_processing", "saas_business"}
        wider = BROADER.get(category)
        if category in plain or first.start == UNREAD or first.kind == "standard" or (component, wider) in groups:
            continue
        note = "what it bore before was not read"
        draft.lines.append(
            Line(category, first.kind if first.kind != "exempt" else "reduced", None, UNREAD, first.start, component,
                 first.confidence, first.cite, note=note, unread=True)
        )  # fmt: skip


# -- parameters ----------------------------------------------------------------------------------------------------------


def kind_of(facts: Iterable[Fact]) -> tuple[str, str]:
    """Type and unit of the parameter that rows make."""
    facts = list(facts)
    unit, values = facts[0].unit, {fact.value for fact in facts}
    if unit == "percent":
        return "decimal", "percent"
    if unit in WHOLE:
        return "int", unit
    if unit == "list":
        return "tokens", ""
    if unit != "token":
        return "money", unit
    if facts[0].parameter in TEXTS:
        return "text", ""
    if values & FLAGS:
        return "bool", ""
    return ("place", "") if facts[0].parameter == "treated_as" else ("token", "")


def written_value(fact: Fact, kind: str) -> str:
    """A value as the format writes it."""
    if fact.value == "none" and kind == "int":
        return "null"
    if kind == "bool":
        return {"yes": "true", "no": "false", "not_charged": "false"}.get(fact.value, UNREAD)
    if kind == "int":
        return fact.value
    if kind == "tokens":
        return f"[{', '.join(fact.value.split(','))}]"
    return quoted(fact.value)


def set_parameter(draft: Draft, name: str, facts: list[Fact]) -> None:
    """A parameter from its rows, in the order of time; it ends where its last row does."""
    kind, unit = kind_of(facts)
    facts = sorted(facts, key=lambda one: (one.start != UNREAD, one.start))
    labels = {fact.condition for fact in facts}
    basis = "guidance" if facts[0].parameter in GUIDANCE else "statute"
    label = facts[-1].condition if len(labels) == 1 else ""
    for at, fact in enumerate(facts):
        notes = [fact.note] if len(labels) == 1 else [fact.condition, fact.note]
        entry = Entry(
            fact.start,
            written_value(fact, kind),
            fact.confidence,
            cite(draft, fact) if basis == "statute" or fact.instrument else None,
            fact.evidence,
            "; ".join(filter(None, notes)),
        )
        draft.set(name, kind, entry, unit=unit, label=label, basis=basis)
        following = facts[at + 1] if at + 1 < len(facts) else None
        if fact.end and (following is None or following.start > fact.end):
            draft.set(name, kind, Entry(fact.end, "null"))


def apart(facts: list[Fact]) -> bool:
    """Whether no two rows hold on one day: then they are values of one parameter."""
    ordered = sorted(facts, key=lambda one: (one.start != UNREAD, one.start))
    return all(one.end is not None and two.start != UNREAD and one.end <= two.start for one, two in pairwise(ordered))


def named(parameter: str, facts: list[Fact], suffixes: dict[tuple[str, str], str]) -> dict[str, list[Fact]]:
    """Name -> rows. Rows that hold together are told apart by their condition, as the end of the name."""
    if apart(facts):
        return {parameter: facts}
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        known = suffixes.get((fact.parameter, fact.condition))
        ending = known if known is not None else slug(fact.condition, 4)
        found[f"{parameter}_{ending}" if ending else parameter].append(fact)
    split: dict[str, list[Fact]] = {}
    for name, rows in found.items():
        if len(rows) > 1 and not apart(rows):
            split |= {f"{name}_{slug(row.value)}": [row] for row in rows}
        else:
            split[name] = rows
    return split


def short_name(local: str) -> str:
    """The abbreviation that invoices use: what stands last in brackets, else the whole name."""
    found = re.findall(r"\(([^()]+)\)", local)
    short = found[-1].split(",")[0] if found else ""
    return short if 0 < len(short) <= 12 else local
