"""What a domain of rules is put together from, row by row of a table of facts, and how it is written down."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from engine.packs.format import formatted
from scripts.tax_draft.draft import Entry, Parameter, quoted, source_lines
from scripts.tax_draft.facts import UNREAD, Fact, next_day, slug

_NAME = re.compile(r"[a-z0-9_]+")
"""The name of a method, which some tables write in the column of the instrument."""
DATELESS = "date not read"
_SOURCE = re.compile(r'^  (\w+): \{title: (?:"((?:[^"\\]|\\.)*)"|([^,"]*)), ')


@dataclass(slots=True)
class Rule:
    """A rule as its author writes it. `tests` are lines of flow YAML."""

    id: str
    title: str
    when: str
    effect: str
    tests: list[str]
    cite: tuple[str, str] | None = None
    confidence: str = "B"
    basis: str = "statute"
    start: str = UNREAD
    end: str = ""
    message: str = ""
    note: str = ""
    reading: str = ""


@dataclass(slots=True)
class Draft:
    """One domain of one place."""

    place: str
    domain: str
    parameters: dict[str, Parameter] = field(default_factory=dict)
    features: dict[str, str] = field(default_factory=dict)
    """Name -> a feature of the past, in flow YAML."""
    lets: dict[str, tuple[str, str]] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    note: str = ""
    declared: dict[str, str] = field(default_factory=dict)
    """Title -> id of the sources that the pack declares already."""

    def source(self, title: str, *, kind: str = "regulation", **more: str) -> str:
        """The id of an instrument, declared where it is new."""
        if title in self.declared:
            return self.declared[title]
        key = base = slug(title, 5)
        number = 2
        while key in self.declared.values():
            key, number = f"{base}_{number}", number + 1
        self.sources[key] = {"title": title, "kind": kind, **({"note": DATELESS} | more)}
        self.declared[title] = key
        return key

    def cite(self, fact: Fact) -> tuple[str, str] | None:
        """The provision behind a row: its instrument, or what it was read in where it names none."""
        title = fact.title if not fact.instrument or _NAME.fullmatch(fact.instrument) else fact.instrument
        return (self.source(title), fact.provision) if title else None

    def set(self, name: str, kind: str, entry: Entry, **more: str) -> Parameter:
        """A value of a parameter, in its place among the others; the same value twice is one."""
        parameter = self.parameters.setdefault(name, Parameter(kind, **more))
        if not any((one.start, one.value) == (entry.start, entry.value) for one in parameter.entries):
            parameter.entries.append(entry)
        parameter.entries.sort(key=lambda one: (one.start != UNREAD, one.start))
        return parameter

    def row(self, name: str, fact: Fact, *, kind: str = "", value: str = "", **more: str) -> None:
        """A parameter from one row, of the type that its unit tells; what ends without a successor becomes null."""
        kind, unit = (kind, "") if kind else kind_of(fact.unit)
        text = value or (as_value(fact.value, kind))
        entry = Entry(fact.start, text, fact.confidence, self.cite(fact), fact.evidence, fact.note)
        label = more.pop("label", fact.condition)
        if _NAME.fullmatch(fact.instrument):
            more.setdefault("basis", "guidance")
        parameter = self.set(name, kind, entry, unit=unit, label=label, **more)
        if fact.end:
            parameter.entries.append(Entry(fact.end, "null", fact.confidence, self.cite(fact)))


def closed(draft: Draft) -> None:
    """Take out the ends that a next value follows on the same day."""
    for parameter in draft.parameters.values():
        starts = {entry.start for entry in parameter.entries if entry.value != "null" or entry.note}
        kept: list[Entry] = []
        for entry in sorted(parameter.entries, key=lambda one: (one.start != UNREAD, one.start, one.value == "null")):
            if entry.value == "null" and not entry.note and entry.start in starts:
                continue
            if kept and kept[-1].start == entry.start:
                continue
            kept.append(entry)
        parameter.entries = kept


def kind_of(unit: str) -> tuple[str, str]:
    """The type of a parameter, and its currency, by the unit of a row."""
    if len(unit) == 3 and unit.isupper() and unit != "UDI":
        return "money", unit
    plain = {"UDI": "decimal", "percent": "decimal", "bool": "bool"}
    whole = ("years", "months", "days", "weeks", "working_days", "count", "seconds", "characters", "digits")
    return plain.get(unit, "int" if unit in whole else "text"), ""


def as_value(value: str, kind: str) -> str:
    """A value as it is written in a pack."""
    if kind in ("money", "decimal", "text", "token", "date"):
        return quoted(value)
    return value


# -- writing -------------------------------------------------------------------------------------------------------------


def flow(pairs: list[tuple[str, str]]) -> str:
    """A set of keys on one line, without those that have no value."""
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs if value) + "}"


def cited(cite: tuple[str, str] | None) -> str:
    """A citation."""
    return "" if cite is None else flow([("source", cite[0]), ("at", quoted(cite[1]) if cite[1] else "")])


def day(start: str) -> str:
    """A start as it is written."""
    return start if start == UNREAD else quoted(start)


def written(draft: Draft) -> str:
    """The file of the domain, not yet in canonical form."""
    out = [f"domain: {draft.domain}"]
    if draft.note:
        out.append("note: " + quoted(draft.note))
    if draft.parameters:
        out.append("parameters:")
        for name in sorted(draft.parameters):
            out += _parameter(name, draft.parameters[name])
    if draft.features:
        out.append("features:")
        out += [f"  {name}: {draft.features[name]}" for name in sorted(draft.features)]
    if draft.lets:
        out.append("lets:")
        for name, (label, body) in draft.lets.items():
            out += [f"  {name}: {{label: {quoted(label)}, is: {quoted(body)}}}"]
    if draft.rules:
        out.append("rules:")
        for rule in draft.rules:
            out += _rule(rule)
    if draft.cases:
        out.append("cases:")
        out += [f"  - {case}" for case in draft.cases]
    return "\n".join(out) + "\n"


def _parameter(name: str, parameter: Parameter) -> list[str]:
    shared = next((one for one in reversed(parameter.entries) if one.value != "null"), parameter.entries[-1])
    basis = parameter.basis if shared.cite or parameter.basis != "statute" else "guidance"
    out = [f"  {name}:", f"    type: {parameter.kind}"]
    head = [
        ("unit", parameter.unit),
        ("label", quoted(parameter.label) if parameter.label else ""),
        ("basis", basis),
        ("cite", cited(shared.cite)),
        ("confidence", shared.confidence),
        ("evidence", quoted(shared.evidence) if shared.evidence else ""),
        ("note", quoted(shared.note) if shared.note else ""),
        ("overridable", f"{{by: {parameter.overridable}, direction: any}}" if parameter.overridable else ""),
    ]
    out += [f"    {key}: {value}" for key, value in head if value]
    out.append("    values:")
    return out + [f"      - {_entry(one, shared)}" for one in parameter.entries]


def _entry(entry: Entry, shared: Entry) -> str:
    unread = entry.value == UNREAD
    pairs = [("from", day(entry.start)), ("unread" if unread else "value", "true" if unread else entry.value)]
    if entry.value != "null":
        pairs += [
            ("cite", cited(entry.cite) if entry.cite != shared.cite else ""),
            ("confidence", entry.confidence if entry.confidence != shared.confidence else ""),
            ("evidence", quoted(entry.evidence) if entry.evidence and entry.evidence != shared.evidence else ""),
        ]
    pairs.append(("note", quoted(entry.note) if entry.note and entry.note != shared.note else ""))
    return flow(pairs)


def _rule(rule: Rule) -> list[str]:
    dates = [("by", "payment_date"), ("from", day(rule.start)), ("to", quoted(rule.end) if rule.end else "")]
    pairs = [
        ("title", quoted(rule.title)),
        ("basis", rule.basis),
        ("cite", cited(rule.cite)),
        ("confidence", rule.confidence),
        ("applies", flow(dates)),
        ("when", quoted(rule.when)),
        ("effect", rule.effect),
        ("message", rule.message),
        ("reading", rule.reading),
        ("note", quoted(rule.note) if rule.note else ""),
    ]
    out = [f"  - id: {rule.id}", *(f"    {key}: {value}" for key, value in pairs if value), "    tests:"]
    return out + [f"      - {test}" for test in rule.tests]


def example(name: str, given: str, expect: str, on: str = "") -> str:
    """One embedded test; `given` and `expect` in flow YAML."""
    return flow([("name", quoted(name)), ("on", quoted(on) if on else ""), ("given", given), ("expect", expect)])


def open_draft(place: str, domain: str, root: Path) -> Draft:
    """A draft that knows the sources its pack declares."""
    draft = Draft(place, domain)
    text = (root / place / "pack.yaml").read_text(encoding="utf-8")
    for line in text.split("\n"):
        found = _SOURCE.match(line)
        if found:
            draft.declared[(found[2] or found[3]).replace('\\"', '"')] = found[1]
    return draft


def save(draft: Draft, root: Path, *, overwrite: bool) -> int:
    """Write the domain and the sources that are new; how many files were written."""
    target, manifest = root / draft.place / f"{draft.domain}.yaml", root / draft.place / "pack.yaml"
    if target.exists() and not overwrite:
        return 0
    closed(draft)
    target.write_text(formatted(written(draft), f"{draft.place}/{target.name}"), encoding="utf-8")
    text = manifest.read_text(encoding="utf-8")
    lines = text.rstrip("\n").split("\n")
    used = _cited_in(draft)
    new = source_lines({key: source for key, source in draft.sources.items() if key in used})
    at = next(number for number, line in enumerate(lines) if line.startswith("verified:"))
    head = [] if any(line.startswith("sources:") for line in lines) else ["sources:"]
    if new:
        lines[at:at] = [*head, *new]
        manifest.write_text(formatted("\n".join(lines) + "\n", f"{draft.place}/pack.yaml"), encoding="utf-8")
    return 1 + bool(new)


def _cited_in(draft: Draft) -> set[str]:
    found = {rule.cite[0] for rule in draft.rules if rule.cite}
    entries = [
        entry
        for parameter in draft.parameters.values()
        for entry in parameter.entries
        if entry.value != "null" or entry.note
    ]
    return found | {entry.cite[0] for entry in entries if entry.cite}


__all__ = ["UNREAD", "Draft", "Entry", "Fact", "Rule", "example", "next_day", "open_draft", "quoted", "save"]
