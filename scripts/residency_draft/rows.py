"""Rows of the facts table as dated parameters of a place, and as members of lists of adequate countries."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from scripts.tax_draft.draft import Draft, Entry, quoted
from scripts.tax_draft.facts import UNREAD, Fact, slug

WHERE = {"PCI": "WORLD", "FATF": "WORLD", "EU": "EEA"}
"""Rows that are filed under no place: the pack that takes them."""
IN_THE_UNION = frozenset({"retention_min_aml", "retention_max_aml_extension", "localisation_nonpersonal"})
"""Rows on the Union that are no part of the EEA agreement."""
LISTS = frozenset({"adequacy_decision", "adequacy_regulation", "adequacy_list"})
"""Rows that become members of a list, and no parameter."""
COUNTED = frozenset({"years", "months", "persons", "devices", "days", "hours"})
TIMED = frozenset({"breach_notify_authority", "breach_notify_subjects", "breach_followup"})
PREFIX = {"PCI": "pci_", "FATF": "fatf_"}
OPEN = frozenset({"EEA", "EU", "GB", "CA"})
"""Packs whose numbers a part, or a member, may set for itself."""

SUFFIXES = {
    ("CZ", "retention_min_accounting", "tax documents, from the end of the tax period"): "tax_documents",
    ("DE", "retention_min_accounting", "accounting vouchers (Buchungsbelege)"): "vouchers",
    ("EU", "retention_min_aml", "from end of relationship or transaction; then personal data must be deleted"): "",
    (
        "EU",
        "retention_min_aml",
        "after end of relationship or occasional transaction; national extension up to 5 more",
    ): "",
}
"""What tells two numbers apart that hold on one day; nothing where the later one replaces the earlier."""
SUCCEED = frozenset({("AE", "localisation_payment_data"), ("CN", "threshold_security_assessment_nonsensitive")})


class ResidencyDraft(Draft):
    """The residency domain of one place. Its sources have names of their own beside those of tax."""

    __slots__ = ()

    def source(self, title: str, *, kind: str = "regulation", **more: str) -> str:
        """The id of an instrument, declared where it is new."""
        for key, known in self.sources.items():
            if known["title"] == title:
                return key
        key = base = f"dp_{slug(title, 5)}"
        number = 2
        while key in self.sources:
            key, number = f"{base}_{number}", number + 1
        self.sources[key] = {"title": title, "kind": kind, **({"note": "date not read"} | more)}
        return key


def place_of(fact: Fact) -> str:
    """The pack that takes a row."""
    if fact.place == "EU" and fact.parameter in IN_THE_UNION:
        return "EU"
    return WHERE.get(fact.place, fact.place)


def kind_of(fact: Fact) -> str:
    """The type of its parameter."""
    if fact.parameter in TIMED:
        return "token"
    if fact.unit == "date":
        return "date"
    if fact.unit in ("token_list", "ISO3166_list") or "|" in fact.value:
        return "tokens"
    return "int" if fact.unit in COUNTED and fact.value.isdecimal() else "token"


def value_of(fact: Fact) -> str:
    """Its value, as it is written."""
    kind = kind_of(fact)
    if fact.parameter in TIMED:
        return quoted(f"{fact.value}_{fact.unit}" if fact.value.isdecimal() else fact.value)
    if kind == "tokens":
        return f"[{', '.join(map(quoted, fact.value.replace('|', '+').split('+')))}]"
    return fact.value if kind == "int" else quoted(fact.value)


def named(place: str, parameter: str, facts: list[Fact]) -> dict[str, list[Fact]]:
    """Rows of one parameter, apart where several hold on one day."""
    ordered = sorted(facts, key=lambda one: (one.start != UNREAD, one.start))
    follow = all(
        before.start != after.start and (before.end or "9") <= after.start for before, after in pairwise(ordered)
    )
    name = PREFIX.get(facts[0].place, "") + parameter
    if len(facts) == 1 or follow or _replaced(place, parameter, ordered):
        return {name: ordered}
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in ordered:
        ending = SUFFIXES.get((fact.place, parameter, fact.condition), slug(fact.condition, 5) or slug(fact.value, 4))
        found[f"{name}_{ending}" if ending else name].append(fact)
    return dict(found)


def _replaced(place: str, parameter: str, ordered: list[Fact]) -> bool:
    """Whether each row replaces the one before: the same number under the same condition from another day on."""
    return len({fact.condition for fact in ordered}) == 1 and len({fact.start for fact in ordered}) == len(ordered)


def set_rows(draft: Draft, facts: list[Fact]) -> None:
    """Every row of a place as values of parameters."""
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.parameter not in LISTS:
            groups[fact.parameter].append(fact)
    for parameter, rows in groups.items():
        for name, own in named(draft.place, parameter, rows).items():
            _set(draft, name, own)


def _set(draft: Draft, name: str, rows: list[Fact]) -> None:
    kinds = {kind_of(row) for row in rows}
    kind = kinds.pop() if len(kinds) == 1 else "token"
    units = {row.unit for row in rows}
    for at, row in enumerate(rows):
        value = value_of(row) if kind == kind_of(row) else quoted(row.value)
        note = "; ".join(filter(None, [row.condition, row.note]))
        entry = Entry(row.start, value, row.confidence, cited(draft, row), row.evidence, note)
        draft.set(name, kind, entry, **({"unit": units.copy().pop()} if kind == "int" and len(units) == 1 else {}))
        after = rows[at + 1].start if at + 1 < len(rows) else None
        if row.end and row.end != after:
            draft.set(name, kind, Entry(row.end, "null"))
    parameter = draft.parameters[name]
    parameter.label = name.replace("_", " ")
    parameter.overridable = _open(draft.place)


def _open(place: str) -> str:
    return "subdivision" if place == "CA" else "country" if place in OPEN else ""


def cited(draft: Draft, row: Fact) -> tuple[str, str] | None:
    """The instrument of a row, if one is named."""
    instrument = row.instrument
    if not instrument or instrument.startswith("no general statute"):
        instrument = row.title
    return (draft.source(instrument, kind="regulation"), row.provision) if instrument else None
