#!/usr/bin/env python3
"""Make the first draft of the tax packs from a table of facts: `draft_tax_packs.py ../shared/facts/tax.csv rulepacks`.

Every row becomes a dated parameter, a line of `rates` or a line of `territories` in `<PLACE>/tax.yaml`; places without a pack get
one, and packs that are there get the sources that their tax law cites. The same table gives the same files, byte for byte. Once
drafted, the YAML is the source: correct the law there. A `tax.yaml` that exists is only written again with `--overwrite`.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engine.packs.format import formatted  # noqa: E402  the checkout is found first
from engine.places import country_of  # noqa: E402
from scripts.tax_draft import convert  # noqa: E402
from scripts.tax_draft.by_hand import by_hand, derived, extra_lines, lowered  # noqa: E402
from scripts.tax_draft.draft import ACT_NOTE, RECALLED, Draft, Entry, Line, quoted, source_lines, written  # noqa: E402
from scripts.tax_draft.facts import UNREAD, Fact, read_facts, slug  # noqa: E402
from scripts.tax_draft.numbers import WINDOWS, extra_numbers  # noqa: E402
from scripts.tax_draft.places import LEFT, UNION, places  # noqa: E402
from scripts.tax_draft.territories import STATUS, territories  # noqa: E402

VERSION, VERIFIED = "2026.11.0", "2026-11-22"
BESIDE = ("AT-XJ", "AT-XM", "GR-XN")
"""Places with rates of their own that no row is filed under."""

SUFFIXES = {
    ("icms_interstate_rate", "inter-state, from South and Southeast (less ES) to the North, Northeast, Centre-West and ES"): "south_southeast",
    ("icms_interstate_rate", "inter-state, imported goods"): "imported",
    ("icms_interstate_rate", "inter-state, other"): "",
    ("treated_as", "Akrotiri and Dhekelia (United Kingdom Sovereign Base Areas)"): "akrotiri_dhekelia",
    ("iss_rate_bound", "maximum"): "maximum",
    ("iss_rate_bound", "minimum"): "minimum",
    ("pis_cofins_rate", "COFINS cumulative"): "cofins_cumulative",
    ("pis_cofins_rate", "COFINS non-cumulative"): "cofins_non_cumulative",
    ("pis_cofins_rate", "PIS cumulative"): "pis_cumulative",
    ("pis_cofins_rate", "PIS non-cumulative"): "pis_non_cumulative",
    ("digital_nonresident_threshold", "12 months"): "",
    ("digital_nonresident_threshold", "simplified and regular GST/HST for non-residents, 12 months, Canadian consumers"): "simplified",
    ("registration_threshold", "services"): "services",
    ("registration_threshold", "goods only, most states"): "goods",
    ("platform_deemed_supplier", "imports up to EUR 150; goods inside the EU sold by a non-EU seller to consumers"): "",
    ("platform_deemed_supplier", "short-term accommodation and passenger transport by road (optional until 2030-01-01)"): "short_stays",
    ("stdnum_module", "any Member State number"): "",
    ("stdnum_module", "EU (non-Union OSS) and IM (IOSS) numbers"): "schemes",
    ("low_value_import_threshold", "goods from outside UK and EU to Northern Ireland consumers: EU IOSS rules"): "eu_goods",
    ("reduced_rate", "general"): "general",
    ("zero_or_exempt", "exports"): "exports",
}  # fmt: skip
"""(parameter, condition) -> end of the parameter's name, where rows that hold together are told apart."""

RENAMED = {
    "pis_cofins_rate_cofins_cumulative": "cofins_rate_cumulative",
    "pis_cofins_rate_cofins_non_cumulative": "cofins_rate_non_cumulative",
    "pis_cofins_rate_pis_cumulative": "pis_rate_cumulative",
    "pis_cofins_rate_pis_non_cumulative": "pis_rate_non_cumulative",
}
ALWAYS_SUFFIXED = frozenset(
    {"reduced_rate", "zero_or_exempt", "increased_rate", "zero_rate", "category_rate", "standard_rate", "regional_rate"}
)
"""Rows that are rates by name, and whose condition no category of a line tells."""

TOLD_APART = {("XI", "low_value_import_threshold"), ("CY", "treated_as")}
"""Where the one row that there is speaks of something else than its parameter."""

NAMES = {"DE": "USt", "CA": "GST", "BR": "", "IQ": "", "US": ""}
"""Short names that the brackets of the local name do not give."""
COMPONENT_NAMES = {"CA-MB": ("pst", "RST"), "CA-BC": ("pst", "PST"), "CA-SK": ("pst", "PST"), "CA-QC": ("qst", "QST")}
BRAZILIAN = ("icms", "iss", "cbs", "ibs")
APART = ("ES-CN", "ES-CE", "ES-ML", "GR-69")
"""Parts of a country that its tax does not reach."""


def main() -> None:
    """Draft, derive, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("facts", type=Path, help="the table of facts, tax.csv")
    options.add_argument("packs", type=Path, help="the folder of the packs")
    options.add_argument("--overwrite", action="store_true", help="write tax.yaml again where there is one")
    given = options.parse_args()
    facts = read_facts(given.facts)
    drafts = draft_all(facts)
    count = sum(write(draft, given.packs, overwrite=given.overwrite) for draft in drafts.values())
    print(f"{len(facts)} rows, {len(drafts)} places, {count} files written under {given.packs}")


def draft_all(facts: list[Fact]) -> dict[str, Draft]:
    """Place -> the draft of its tax domain, in the order of the codes."""
    rows: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        rows[fact.place].append(fact)
    status = next(fact for fact in facts if fact.title.startswith(STATUS))
    drafts = {place: _draft(place, rows[place]) for place in sorted({*rows, *BESIDE})}
    for draft in drafts.values():
        extra_lines(draft)
        extra_numbers(draft)
        territories(draft, status)
    lowered(drafts["DE"], [("5", "2020-07-01", "2021-01-01")])
    derived(drafts)
    for draft in drafts.values():
        convert.follow_standard(draft)
        convert.unread_before(draft)
        _closing(draft)
    _open_to_children(drafts)
    return drafts


def _draft(place: str, facts: list[Fact]) -> Draft:
    domain = facts[0].domain if facts else "vat"
    draft = Draft(place, convert.component_of(place, domain))
    taken = by_hand(draft, facts)
    left: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if id(fact) in taken:
            continue
        lines = _lines(draft, fact)
        draft.lines += lines
        if not lines:
            left[fact.parameter].append(fact)
    for parameter, group in left.items():
        _parameters(draft, parameter, group)
    return draft


def _lines(draft: Draft, fact: Fact) -> list[Line]:
    if fact.parameter not in convert.RATES:
        return []
    if fact.parameter == "standard_rate":
        words = "" if fact.condition.startswith("state") else fact.condition
        return [convert.line_of(draft, fact, "standard", note="; ".join(filter(None, [words, fact.note])))]
    if fact.condition in convert.CATEGORIES or fact.condition.partition(":")[0] in convert.HEADS:
        return convert.category_lines(draft, fact)
    return []


def _parameters(draft: Draft, parameter: str, facts: list[Fact]) -> None:
    if parameter in ALWAYS_SUFFIXED or (draft.place, parameter) in TOLD_APART:
        groups: dict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            ending = SUFFIXES.get((parameter, fact.condition)) or slug(fact.condition, 4)
            groups[f"{parameter}_{ending}"].append(fact)
    elif parameter.endswith("_listed"):
        groups = {f"{parameter}_{fact.value.replace('.', '_')}": [fact] for fact in facts}
    else:
        groups = convert.named(parameter, facts, SUFFIXES)
    for name, rows in groups.items():
        convert.set_parameter(draft, RENAMED.get(name, name), rows)
    if parameter == "digital_nonresident_threshold":
        _window(draft, facts)
    if parameter == "economic_nexus_transactions":
        _nexus(draft, facts)
    if parameter == "economic_nexus_amount":
        _spoken(draft, "economic_nexus_window", facts)


def _window(draft: Draft, facts: list[Fact]) -> None:
    words = [fact for fact in facts if fact.condition in WINDOWS]
    for fact in words[:1]:
        entry = Entry(fact.start, WINDOWS[fact.condition], fact.confidence, convert.cite(draft, fact), fact.evidence)
        draft.set("digital_nonresident_threshold_window", "token", entry, label=fact.condition)


def _nexus(draft: Draft, facts: list[Fact]) -> None:
    """How the number of transactions and the amount go together."""
    for fact in facts:
        test = "amount_only" if fact.value == "none" else fact.condition.split()[0]
        entry = Entry(
            fact.start, quoted(test), fact.confidence, convert.cite(draft, fact), fact.evidence, fact.condition
        )
        draft.set("economic_nexus_test", "token", entry)


def _spoken(draft: Draft, name: str, facts: list[Fact]) -> None:
    for fact in facts:
        entry = Entry(fact.start, slug(fact.condition, 9), fact.confidence, convert.cite(draft, fact), fact.evidence)
        draft.set(name, "token", entry)


# -- what stands in every file -----------------------------------------------------------------------------------------------


def _closing(draft: Draft) -> None:
    """Names of the components, where the country's tax ends, and the source that stands for the act."""
    place = draft.place
    local = draft.parameters.get("tax_name_local")
    if local is not None and draft.lines and draft.component in ("vat", "gst", "sales_tax", "sst"):
        name = NAMES.get(place, convert.short_name(local.entries[-1].value.strip('"')))
        name = "Sales tax" if place.startswith("US-") and "sales" in local.entries[-1].value.lower() else name
        if name:
            draft.set(f"{draft.component}_name", "text", _like(local.entries[-1], quoted(name)))
    if place in COMPONENT_NAMES:
        component, name = COMPONENT_NAMES[place]
        draft.set(f"{component}_name", "text", _like(draft.parameters["provincial_tax"].entries[-1], quoted(name)))
    for component in sorted({line.component for line in draft.lines} | set(BRAZILIAN if place == "BR" else ())):
        if f"{component}_name" not in draft.parameters and component not in ("vat", "gst", "sales_tax"):
            draft.set(f"{component}_name", "text", Entry(UNREAD, quoted(component.upper()), "R", (RECALLED, "")))
    if place in APART:
        draft.set(
            "country_tax_applies",
            "bool",
            Entry(UNREAD, "false", "A", (draft.source("Directive 2006/112/EC"), "Art. 5 to 8")),
        )
    if place == "GR-69":
        draft.set(
            "has_consumption_tax",
            "bool",
            Entry(UNREAD, "false", "R", (RECALLED, ""), note="no tax of its own is known"),
        )
    if place == "US-TX":
        _texas(draft)
    if place == "US-CT":
        _connecticut(draft)
    if place == "BR":
        _municipal(draft)
    cited = {line.cite for line in draft.lines} | {e.cite for p in draft.parameters.values() for e in p.entries}
    cited |= {one.cite for one in draft.territories}
    if any(one and one[0] == RECALLED for one in cited):
        act = {"title": f"{name_of(place)}: {_act(draft)}", "kind": "regulation", "note": ACT_NOTE}
        draft.sources = {RECALLED: act, **draft.sources}
    draft.sources = {
        key: source for key, source in draft.sources.items() if any(one and one[0] == key for one in cited)
    }


def _like(entry: Entry, value: str) -> Entry:
    return Entry(UNREAD, value, entry.confidence, entry.cite, entry.evidence)


def _act(draft: Draft) -> str:
    local = draft.parameters.get("tax_name_local") or draft.parameters.get("regional_tax_name")
    if local is None:
        return "law on the taxation of consumption"
    return "law on " + local.entries[-1].value.strip('"')


def _texas(draft: Draft) -> None:
    """Data processing, and with it software used at a distance, is taxed on 80 percent of its price."""
    told = draft.parameters["saas_taxable"].entries[0]
    for category in ("saas", "data_processing"):
        draft.lines.append(
            Line(category, "standard", "6.25", told.start, None, "sales_tax", told.confidence, told.cite, told.evidence,
                 note="data processing service: 80 percent of the charge is taxed", share="0.8")
        )  # fmt: skip


def _connecticut(draft: Draft) -> None:
    told = draft.parameters["saas_taxable"].entries[0]
    for category, percent, words in (("saas", "6.35", "personal use"), ("saas_business", "1", "business use")):
        kind = "standard" if category == "saas" else "reduced"
        draft.lines.append(
            Line(
                category, kind, percent, told.start, None, "sales_tax", told.confidence, told.cite, told.evidence, words
            )
        )


def _municipal(draft: Draft) -> None:
    """The services tax is set by each municipality between two bounds; the rates of CBS and IBS to come are not set."""
    bound = draft.parameters["iss_rate_bound_maximum"].entries[0]
    services = ("accommodation", "digital", "event", "service")
    draft.lines.append(
        Line("standard", "standard", None, UNREAD, "2033-01-01", "iss", "R", bound.cite, supplies=services, unread=True,
             note="each municipality sets its own rate between 2 and 5 percent")
    )  # fmt: skip
    for component, start in (("cbs", "2027-01-01"), ("ibs", "2029-01-01")):
        like = next(line for line in draft.lines if line.component == component)
        draft.lines.append(
            Line(
                "standard",
                "standard",
                None,
                start,
                None,
                component,
                "R",
                like.cite,
                unread=True,
                note="the rate has not been set",
            )
        )


def _open_to_children(drafts: dict[str, Draft]) -> None:
    """A parameter that a part of the country sets too is marked as open to it."""
    for place, draft in drafts.items():
        parents = [country_of(place)] if country_of(place) != place else []
        if place == "GB" or any(place in states.split() for _, states in UNION):
            parents.append("EU")
        for parent in parents:
            above = drafts.get(parent)
            for name in draft.parameters.keys() & (above.parameters.keys() if above else set()):
                above.parameters[name].overridable = "subdivision" if "-" in place else "country"  # type: ignore[union-attr]


# -- writing -------------------------------------------------------------------------------------------------------------------


PLACES = places()


def name_of(place: str) -> str:
    """A place's name for people."""
    import pycountry

    if place in PLACES:
        return PLACES[place].name
    if place == "EU":
        return "European Union"
    country = pycountry.countries.get(alpha_2=place)
    return str(getattr(country, "common_name", None) or country.name) if country else place


def write(draft: Draft, root: Path, *, overwrite: bool) -> int:
    """The files of one place; how many were written."""
    folder = root / draft.place
    target, manifest = folder / "tax.yaml", folder / "pack.yaml"
    if target.exists() and not overwrite:
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(formatted(written(draft), f"{draft.place}/tax.yaml"), encoding="utf-8")
    text = manifest.read_text(encoding="utf-8") if manifest.exists() else _manifest(draft.place)
    manifest.write_text(formatted(_with_sources(text, draft), f"{draft.place}/pack.yaml"), encoding="utf-8")
    return 2


def _manifest(code: str) -> str:
    place = PLACES[code]
    return "\n".join(
        [
            "schema: rulepack/v1",
            f"jurisdiction: {quoted(code)}",
            f"name: {quoted(place.name)}",
            f'version: "{VERSION}"',
            "extends: [WORLD]",
            f"time_zone: {place.time_zone}",
            f"currency: {place.currency}",
            "on_unknown: {tax: collect}",
            f'verified: {{on: "{VERIFIED}", by: facts table}}',
            "",
        ]
    )


def _with_sources(text: str, draft: Draft) -> str:
    """A manifest with the sources of the tax domain after those it has, and the members of the Union."""
    lines = text.rstrip("\n").split("\n")
    if draft.place == "EU" and not any(line.startswith("members:") for line in lines):
        at = next(number for number, line in enumerate(lines) if line.startswith("time_zone:"))
        lines[at:at] = ["members:", *_members(draft)]
    known = {line.strip().partition(":")[0] for line in lines if line.startswith("  ") and ": {title" in line}
    new = [line for line in source_lines(draft.sources) if line.strip().partition(":")[0] not in known]
    at = next(number for number, line in enumerate(lines) if line.startswith("verified:"))
    head = [] if any(line.startswith("sources:") for line in lines) else ["sources:"]
    if new:
        lines[at:at] = [*head, *new]
    return "\n".join(lines) + "\n"


def _members(draft: Draft) -> list[str]:
    source = draft.source("Directive 2006/112/EC")
    said = f'cite: {{source: {source}, at: "Art. 5"}}, confidence: R, note: "day of accession recalled"'
    found = [
        (state, f'  - {{place: {quoted(state)}, from: "{day}", {said}}}')
        for day, states in UNION
        for state in states.split()
    ]
    out = [line for _, line in sorted(found)]
    place, start, end, note = LEFT
    out.append(f'  - {{place: {place}, from: "{start}", to: "{end}", confidence: R, note: {quoted(note)}}}')
    return out


if __name__ == "__main__":
    main()
