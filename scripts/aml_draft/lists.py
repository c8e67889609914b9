"""The lists: of the FATF, of the Union and the Kingdom, and the regions under each embargo, as groups with dated members."""

from __future__ import annotations

from dataclasses import dataclass, field

from scripts.aml_draft.emit import flow
from scripts.tax_draft.facts import UNREAD, Fact, slug

VERSION, VERIFIED = "2026.11.0", "2026-11-22"
NAMES = {
    "FATF-BLACK": "FATF: high-risk jurisdictions subject to a call for action",
    "FATF-GREY": "FATF: jurisdictions under increased monitoring",
    "HIGH-RISK-EU": "European Union: high-risk third countries",
    "HIGH-RISK-GB": "United Kingdom: high-risk third countries",
    "EMBARGO-UN": "United Nations: comprehensive sanctions",
    "EMBARGO-PARTIAL-UN": "United Nations: sanctions on trade and finance",
    "EMBARGO-EU": "European Union: embargoed territories",
    "EMBARGO-PARTIAL-EU": "European Union: territories under sanctions on trade and finance",
    "EMBARGO-GB": "United Kingdom: embargoed territories",
    "EMBARGO-PARTIAL-GB": "United Kingdom: territories under sanctions on trade and finance",
    "EMBARGO-US": "United States: comprehensively sanctioned territories",
    "EMBARGO-CA": "Canada: embargoed territories",
}
WHOLE = frozenset({"comprehensive", "near_comprehensive", "territorial_trade_ban"})
PART = frozenset({"sectoral_and_financial", "snapback"})
ENDED = {("EU", "SY"): "EMBARGO-PARTIAL-EU", ("GB", "SY"): "EMBARGO-PARTIAL-GB"}
"""Rows that tell the end of a sanction: the place was on the list until the day before."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place on a list."""

    place: str
    start: str
    end: str | None
    fact: Fact
    note: str = ""


@dataclass(slots=True)
class Listing:
    """A list in the making."""

    code: str
    entries: list[Entry] = field(default_factory=list)


def lists(facts: list[Fact]) -> dict[str, Listing]:
    """Code -> the list, from the rows."""
    found = {code: Listing(code) for code in NAMES}
    for fact in facts:
        if fact.parameter == "fatf_list":
            code = "FATF-GREY" if fact.value == "increased_monitoring" else "FATF-BLACK"
            found[code].entries.append(Entry(fact.place, fact.start, fact.end, fact))
        elif fact.parameter == "eu_high_risk_third_country":
            found["HIGH-RISK-EU"].entries.append(Entry(fact.place, fact.start, fact.end, fact))
        elif fact.parameter.startswith("embargo_"):
            _embargo(found, fact)
    found["HIGH-RISK-GB"].entries = _british(facts, found)
    return found


def _embargo(found: dict[str, Listing], fact: Fact) -> None:
    place = fact.parameter.removeprefix("embargo_")
    if fact.value in WHOLE:
        found[f"EMBARGO-{fact.place}"].entries.append(Entry(place, fact.start, fact.end, fact))
    elif fact.value in PART:
        found[f"EMBARGO-PARTIAL-{fact.place}"].entries.append(Entry(place, fact.start, fact.end, fact))
    elif (fact.place, place) in ENDED:
        told = f"{fact.value.replace('_', ' ')}; the beginning was not read"
        found[ENDED[fact.place, place]].entries.append(Entry(place, UNREAD, fact.start, fact, told))


def _british(facts: list[Fact], found: dict[str, Listing]) -> list[Entry]:
    """Whoever is on the lists of the FATF that the rule of the day names."""
    entries: list[Entry] = []
    for rule in (one for one in facts if one.parameter == "uk_high_risk_third_country_rule"):
        codes = ["FATF-BLACK"] if rule.value == "fatf_call_for_action_only" else ["FATF-BLACK", "FATF-GREY"]
        for one in (entry for code in codes for entry in found[code].entries):
            start = max(rule.start, one.start if one.start != UNREAD else "")
            ends = [end for end in (rule.end, one.end) if end]
            end = min(ends) if ends else None
            if end is None or start < end:
                entries.append(
                    Entry(one.place, start, end, rule, f"on a list of the FATF: {one.fact.value.replace('_', ' ')}")
                )
    return _joined(entries)


def _joined(entries: list[Entry]) -> list[Entry]:
    """Spells that follow each other without a gap are one."""
    out: list[Entry] = []
    for entry in sorted(entries, key=lambda one: (one.place, one.start)):
        last = out[-1] if out else None
        if last and last.place == entry.place and last.end == entry.start:
            out[-1] = Entry(last.place, last.start, entry.end, entry.fact, f"{last.note}; then {entry.note}")
        else:
            out.append(entry)
    return out


def manifest(listing: Listing) -> str:
    """The file of a list."""
    sources: dict[str, dict[str, str]] = {}
    members = []
    for entry in sorted(listing.entries, key=lambda one: (one.place, one.start != UNREAD, one.start)):
        fact = entry.fact
        key = slug(fact.instrument, 6)
        kind = "guidance" if fact.instrument.startswith("FATF") else "regulation"
        sources.setdefault(key, {"title": fact.instrument, "kind": kind, "url": fact.url, "note": "date not read"})
        cite = {"source": key, "at": fact.provision or fact.instrument}
        said = "; ".join(filter(None, [entry.note, fact.condition, fact.note]))
        member = {"place": entry.place, "from": entry.start} | ({"to": entry.end} if entry.end else {})
        member |= {"cite": cite, "confidence": fact.confidence, "evidence": fact.evidence, "note": said}
        members.append(f"  - {flow({key: value for key, value in member.items() if value})}")
    return "\n".join(
        [
            "schema: rulepack/v1", f"jurisdiction: {listing.code}", f"name: {flow(NAMES[listing.code])}", f'version: "{VERSION}"',
            "list_for: [aml, kyc]", "members:", *members, "sources:", *(f"  {key}: {flow(one)}" for key, one in sources.items()),
            f'verified: {{on: "{VERIFIED}", by: facts table}}', "",
        ]
    )  # fmt: skip
