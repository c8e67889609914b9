#!/usr/bin/env python3
"""Make the first draft of the residency packs: `draft_residency_packs.py ../shared/facts/residency.csv rulepacks`.

Every row becomes a dated parameter of its place in `<PLACE>/residency.yaml`, or a member of a list of adequate countries; rules that
were written by hand stand beside them with tests on both sides of each condition and date. The same table gives the same files.
Once drafted, the YAML is the source: correct the law there. What exists is only written again with `--overwrite`.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engine.packs.format import formatted  # noqa: E402  the checkout is found first
from engine.packs.packset import load_packs  # noqa: E402
from engine.packs.testing import run_rule_tests  # noqa: E402
from scripts.residency_draft.by_hand import by_hand  # noqa: E402
from scripts.residency_draft.cases import CASES  # noqa: E402
from scripts.residency_draft.groups import GROUPS, manifest_of  # noqa: E402
from scripts.residency_draft.law_asia import africa, asia  # noqa: E402
from scripts.residency_draft.law_general import americas, europe, world  # noqa: E402
from scripts.residency_draft.rows import ResidencyDraft, place_of, set_rows  # noqa: E402
from scripts.residency_draft.rule import Example, Rule, examples, rule_lines  # noqa: E402
from scripts.tax_draft.draft import source_lines, written  # noqa: E402
from scripts.tax_draft.facts import Fact, read_facts  # noqa: E402

DOMAIN = "residency"
Tests = dict[tuple[str, str], list[Example]]
"""(place, rule) -> its tests."""


def main() -> None:
    """Draft, write, and let the executors say which facts each unknown lacks."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("facts", type=Path, help="the table of facts, residency.csv")
    options.add_argument("packs", type=Path, help="the folder of the packs")
    options.add_argument("--overwrite", action="store_true", help="write residency.yaml again where there is one")
    given = options.parse_args()
    facts = read_facts(given.facts)
    rules = all_rules()
    drafts = draft_all(facts, rules)
    for code in GROUPS:
        _write(given.packs / code / "pack.yaml", manifest_of(code, facts), f"{code}/pack.yaml")
    tests: Tests = {(place, rule.id): examples(rule) for place, own in rules.items() for rule in own}
    for _ in range(2):  # once to learn what each unknown lacks, once with it
        for place, draft in drafts.items():
            write(draft, rules.get(place, []), tests, given.packs, overwrite=given.overwrite)
        _corrected(tests, given.packs)
    print(f"{len(facts)} rows, {len(drafts)} places, {sum(map(len, rules.values()))} rules")


def all_rules() -> dict[str, list[Rule]]:
    """Place -> the rules written by hand."""
    return {"WORLD": world(), **europe(), **americas(), **asia(), **africa()}


def draft_all(facts: list[Fact], rules: dict[str, list[Rule]]) -> dict[str, ResidencyDraft]:
    """Pack -> its parameters and sources."""
    rows: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        rows[place_of(fact)].append(fact)
    drafts = {place: ResidencyDraft(place) for place in sorted({*rows, *rules})}
    for place, draft in drafts.items():
        set_rows(draft, rows[place])
    by_hand(drafts)  # type: ignore[arg-type]
    for place, own in rules.items():
        for rule in own:
            source = drafts[place].sources[drafts[place].source(rule.instrument, kind=rule.kind)]
            if rule.url:
                source["url"] = rule.url
    return drafts


def write(draft: ResidencyDraft, rules: list[Rule], tests: Tests, root: Path, *, overwrite: bool) -> None:
    """The domain's file and the sources in the manifest."""
    folder = root / draft.place
    target, manifest = folder / f"{DOMAIN}.yaml", folder / "pack.yaml"
    if target.exists() and not overwrite:
        return
    text = written(draft, DOMAIN)
    if rules:
        text += "rules:\n" + "\n".join(line for rule in rules for line in _rule(draft, rule, tests)) + "\n"
    if draft.place in CASES:
        text += "cases:\n" + "\n".join(CASES[draft.place]) + "\n"
    _write(target, text, f"{draft.place}/{DOMAIN}.yaml")
    _write(manifest, _with_sources(manifest.read_text(encoding="utf-8"), draft), f"{draft.place}/pack.yaml")


def _rule(draft: ResidencyDraft, rule: Rule, tests: Tests) -> list[str]:
    return [
        *rule_lines(rule, draft.source(rule.instrument, kind=rule.kind)),
        *(test.line() for test in tests[draft.place, rule.id]),
    ]


def _write(path: Path, text: str, name: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(formatted(text, name), encoding="utf-8")


def _with_sources(text: str, draft: ResidencyDraft) -> str:
    """A manifest with the sources of this domain after those it has."""
    cited = {entry.cite[0] for one in draft.parameters.values() for entry in one.entries if entry.cite}
    used = {key: source for key, source in draft.sources.items() if key in cited or source.get("rule")}
    lines = [line for line in text.rstrip("\n").split("\n") if not line.startswith("  dp_")]
    used = used | {key: source for key, source in draft.sources.items() if key not in used}
    at = next(number for number, line in enumerate(lines) if line.startswith("verified:"))
    head = [] if any(line.startswith("sources:") for line in lines) else ["sources:"]
    lines[at:at] = [*head, *source_lines(used)] if used else []
    return "\n".join(lines) + "\n"


def _corrected(tests: Tests, root: Path) -> None:
    """Put what was found in place of what was expected, where an example leaves something out."""
    for result in run_rule_tests(load_packs(root)):
        own = tests.get((result.jurisdiction, result.rule))
        test = next((one for one in own or () if one.name == result.name), None)
        if test is None or result.passed or not test.name.startswith(("not stated", "nothing")):
            continue
        if result.found.startswith("unknown for want of "):
            test.missing = tuple(result.found.removeprefix("unknown for want of ").split(", "))
        elif result.found.startswith(("fires", "silent")):
            test.expect = result.found.split(":")[0]


if __name__ == "__main__":
    main()
