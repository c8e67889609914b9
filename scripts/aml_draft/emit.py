"""How a domain file is written down: parameters, lets, rules with their tests, cases; and the sources for its manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from scripts.aml_draft.rows import Parameter, written
from scripts.tax_draft.facts import UNREAD, Fact, slug

Value = Any
ORDER = ("payer", "payee", "linked", "lines")


def flow(value: Value) -> str:
    """A value on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return value if value == UNREAD else json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    return key if key.replace("_", "").replace(".", "").isalnum() else json.dumps(key)


@dataclass(slots=True)
class Law:
    """The domain aml of one place, in the making."""

    place: str
    name: str
    currency: str
    facts: list[Fact]
    parameters: dict[str, Parameter] = field(default_factory=dict)
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Parameters that no row gives, as they are written."""
    features: dict[str, dict[str, Any]] = field(default_factory=dict)
    lets: dict[str, dict[str, str]] = field(default_factory=dict)
    rules: list[dict[str, Any]] = field(default_factory=list)
    cases: list[dict[str, Any]] = field(default_factory=list)
    sources: dict[str, dict[str, str]] = field(default_factory=dict)

    def cite(self, fact: Fact) -> dict[str, str]:
        """The provision of a row, its instrument declared."""
        found = self.source(fact.instrument or f"{self.name}: law on money laundering", fact.url)
        at = fact.provision or fact.instrument
        return {"source": found, "at": at} if at else {"source": found}

    def source(self, title: str, url: str = "", **more: str) -> str:
        """The id of an instrument."""
        for key, known in self.sources.items():
            if known["title"] == title:
                return key
        key = base = "aml_" + slug(title, 5)
        number = 2
        while key in self.sources:
            key, number = f"{base}_{number}", number + 1
        self.sources[key] = (
            {"title": title, "kind": "regulation"} | ({"url": url} if url else {}) | {"note": "date not read"} | more
        )
        return key

    def fact(self, name: str, value: str = "") -> Fact:
        """The last row of a parameter, or the one with a value."""
        rows = self.parameters[name].rows
        return next((row for row in rows if row.value == value), rows[-1])


def text_of(law: Law) -> str:
    """The file, not yet in canonical form."""
    out = ["domain: aml"]
    if law.parameters or law.settings:
        out.append("parameters:")
        for name in sorted({*law.parameters, *law.settings}):
            out += _setting(name, law.settings[name]) if name in law.settings else _parameter(law, law.parameters[name])
    for head, table in (("features", law.features), ("lets", law.lets)):
        if table:
            out.append(f"{head}:")
            out += [f"  {name}: {flow(entry)}" for name, entry in table.items()]
    if law.rules:
        out.append("rules:")
        for rule in law.rules:
            out += _rule(rule)
    if law.cases:
        out.append("cases:")
        for case in law.cases:
            out += [
                f"  - name: {flow(case['name'])}",
                *(f"    {key}: {flow(case[key])}" for key in case if key != "name"),
            ]
    return "\n".join(out) + "\n"


def _setting(name: str, entry: dict[str, Any]) -> list[str]:
    values = entry["values"]
    lines = [f"  {name}:"]
    lines += [f"    {key}: {flow(value)}" for key, value in entry.items() if key != "values"]
    return [*lines, "    values:", *(f"      - {flow(value)}" for value in values)]


def _parameter(law: Law, parameter: Parameter) -> list[str]:
    last = parameter.rows[-1]
    lines = [f"  {parameter.name}:", f"    type: {parameter.kind}"]
    unit = parameter.unit or (law.currency if parameter.kind == "money" else "")
    lines += [f"    unit: {unit}"] if unit else []
    lines.append(f"    confidence: {last.confidence}")
    lines.append("    values:")
    for row in parameter.rows:
        entry: dict[str, Any] = {
            "from": row.start,
            "value": written(row),
            "cite": law.cite(row),
            "confidence": row.confidence,
        }
        if row.evidence:
            entry["evidence"] = row.evidence
        said = "; ".join(
            filter(None, [row.condition, row.note, "stated in USD or EUR" if row.unit == "USD/EUR" else ""])
        )
        lines.append(f"      - {flow(entry | ({'note': said} if said else {}))}")
        following = next(
            (
                one
                for one in parameter.rows
                if one.start not in (UNREAD,) and one.start > (row.start if row.start != UNREAD else "")
            ),
            None,
        )
        if row.end and (following is None or following.start > row.end):
            gone = {
                "from": row.end,
                "value": None,
                "cite": law.cite(row),
                "confidence": row.confidence,
                "note": "the row ends",
            }
            lines.append(f"      - {flow(gone)}")
    return lines


def _rule(rule: dict[str, Any]) -> list[str]:
    lines = [f"  - id: {rule['id']}"]
    for key, value in rule.items():
        if key == "id" or key == "tests":
            continue
        lines.append(f"    {key}: {flow(value)}")
    lines.append("    tests:")
    return [*lines, *(f"      - {flow(test)}" for test in rule["tests"])]
