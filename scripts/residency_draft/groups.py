"""Lists of countries with dates: the Union's and the United Kingdom's adequacy decisions, and the American programme's countries
of concern. Each is a group of its own, which no law belongs to."""

from __future__ import annotations

from scripts.tax_draft.draft import quoted
from scripts.tax_draft.facts import Fact

VERSION, VERIFIED = "2026.11.0", "2026-11-22"
GROUPS = {
    "ADEQUACY-EU": ("Countries with an adequacy decision of the European Union", "EU", "adequacy_decision", "Art. 45"),
    "ADEQUACY-GB": ("Countries under adequacy regulations of the United Kingdom", "GB", "adequacy_regulation", ""),
    "CONCERN-US": ("Countries of concern of the United States data security programme", "US", "", "202.601"),
}
"""Code -> name, whose rows, which rows, and the provision."""
NO_PLACE = frozenset({"EPO", "EEA"})
"""Rows on an international organisation, and on a group that its followers name beside the list."""
EARLIER = {"2020-07-17": "2020-07-16"}
"""The table has the day of the judgment C-311/18 as the last one of Privacy Shield. It annulled the decision at once."""


def manifest_of(code: str, facts: list[Fact]) -> str:
    """The manifest of a list."""
    name, place, parameter, at = GROUPS[code]
    rows = [
        fact for fact in facts if fact.place == place and fact.parameter == parameter and fact.value not in NO_PLACE
    ]
    sources: dict[str, str] = {}
    members = [_member(fact, sources, at) for fact in sorted(rows, key=lambda one: (one.value, one.start))]
    if code == "CONCERN-US":
        fact = next(one for one in facts if one.parameter == "transfer_prohibited_countries")
        sources["cfr_202"] = "28 CFR Part 202"
        members = [
            f'  - {{place: {quoted(country)}, from: "{fact.start}", cite: {{source: cfr_202, at: "{at}"}}, confidence: A}}'
            for country in fact.value.split("+")
        ]
    return "\n".join(
        [
            "schema: rulepack/v1",
            f"jurisdiction: {code}",
            f"name: {quoted(name)}",
            f'version: "{VERSION}"',
            "extends: [WORLD]",
            "list_for: [residency]",
            "members:",
            *members,
            "sources:",
            *(
                f"  {key}: {{title: {quoted(title)}, kind: regulation, note: date not read}}"
                for key, title in sources.items()
            ),
            f'verified: {{on: "{VERIFIED}", by: facts table}}',
            "",
        ]
    )


def _member(fact: Fact, sources: dict[str, str], at: str) -> str:
    key = next((key for key, title in sources.items() if title == fact.instrument), f"decision_{len(sources) + 1}")
    sources[key] = fact.instrument
    end = EARLIER.get(fact.end or "", fact.end)
    said = "; ".join(filter(None, [fact.condition, fact.note]))
    pairs = [
        f"place: {quoted(fact.value)}",
        f'from: "{fact.start}"',
        *([f'to: "{end}"'] if end else []),
        f"cite: {{source: {key}{f', at: {quoted(at)}' if at else ''}}}",
        f"confidence: {fact.confidence}",
        *([f"evidence: {quoted(fact.evidence)}"] if fact.evidence else []),
        *([f"note: {quoted(said)}"] if said else []),
    ]
    return f"  - {{{', '.join(pairs)}}}"
