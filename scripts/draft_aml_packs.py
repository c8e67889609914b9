#!/usr/bin/env python3
"""Make the first draft of the money laundering packs: `draft_aml_packs.py ../shared/facts/aml.csv rulepacks`.

Every row becomes a dated parameter of `<PLACE>/aml.yaml` or a dated member of a list (`FATF-GREY`, `EMBARGO-EU` ...); the readings in
`scripts/aml_draft/` make rules with tests of them. The same table gives the same files, byte for byte. Once drafted, the YAML is the
source: correct the law there. What exists is only written again with `--overwrite`.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engine.packs.format import formatted  # noqa: E402  the checkout is found first
from scripts.aml_draft import shared  # noqa: E402
from scripts.aml_draft.cases import add_cases  # noqa: E402
from scripts.aml_draft.emit import Law, flow, text_of  # noqa: E402
from scripts.aml_draft.lists import lists, manifest  # noqa: E402
from scripts.aml_draft.national import rules_of  # noqa: E402
from scripts.aml_draft.rows import parameters, standing  # noqa: E402
from scripts.aml_draft.special import special  # noqa: E402
from scripts.tax_draft.facts import Fact, read_facts  # noqa: E402

OWN = {"EU": shared.union, "GB": shared.kingdom, "US": shared.states, "CA": shared.canada}


def main() -> None:
    """Draft, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("facts", type=Path, help="the table of facts, aml.csv")
    options.add_argument("packs", type=Path, help="the folder of the packs")
    options.add_argument("--overwrite", action="store_true", help="write aml.yaml again where there is one")
    given = options.parse_args()
    facts = read_facts(given.facts)
    laws = draft(facts, given.packs)
    count = sum(write(law, given.packs, overwrite=given.overwrite) for law in laws)
    for code, listing in lists(facts).items():
        target = given.packs / code / "pack.yaml"
        if given.overwrite or not target.exists():
            target.parent.mkdir(exist_ok=True)
            target.write_text(formatted(manifest(listing), f"{code}/pack.yaml"), encoding="utf-8")
            count += 1
    print(f"{len(facts)} rows, {len(laws)} places, {count} files written under {given.packs}")


def draft(facts: list[Fact], packs: Path) -> list[Law]:
    """The law of every place that has rows, and the world's."""
    table = parameters(facts)
    listed = {fact.place for fact in facts if fact.parameter in ("fatf_list", "eu_high_risk_third_country")}
    laws = {}
    for code in sorted({*table, *listed, "EU"} - {"FATF", "UN"}):
        name, currency = _told(packs, code)
        own = table.get(code) or standing([fact for fact in facts if fact.place == code])
        law = laws[code] = Law(code, name, currency, [fact for fact in facts if fact.place == code], dict(own))
        for parameter in law.parameters.values():
            parameter.unit = parameter.unit or (currency if parameter.kind == "money" else "")
    world = laws["WORLD"] = Law("WORLD", "Everywhere", "EUR", facts, {**table.get("FATF", {}), **table.get("UN", {})})
    for code, law in laws.items():
        if code != "WORLD":
            rules_of(law)
            special(law)
            if code in OWN:
                OWN[code](law, facts)
    shared.words(world)
    shared.world(world, facts)
    for law in laws.values():
        add_cases(law)
    return [law for _, law in sorted(laws.items())]


def _told(packs: Path, code: str) -> tuple[str, str]:
    text = (packs / code / "pack.yaml").read_text(encoding="utf-8")
    found = {key: re.search(rf"^{key}: (.+)$", text, re.M) for key in ("name", "currency")}
    name, currency = (match[1].strip('"') if match else "" for match in found.values())
    return name, currency or "EUR"


def write(law: Law, root: Path, *, overwrite: bool) -> int:
    """The file of one place and its manifest; how many were written."""
    target, head = root / law.place / "aml.yaml", root / law.place / "pack.yaml"
    if target.exists() and not overwrite:
        return 0
    target.write_text(formatted(text_of(law), f"{law.place}/aml.yaml"), encoding="utf-8")
    head.write_text(
        formatted(_with_sources(head.read_text(encoding="utf-8"), law), f"{law.place}/pack.yaml"), encoding="utf-8"
    )
    return 2


def _with_sources(text: str, law: Law) -> str:
    """A manifest with the sources of the domain after those it has; those of an earlier draft are taken out first."""
    lines = [line for line in text.rstrip("\n").split("\n") if not re.match(r"  aml_\w+: \{", line)]
    new = [f"  {key}: {flow(source)}" for key, source in law.sources.items()]
    at = next(number for number, line in enumerate(lines) if line.startswith("verified:"))
    if new:
        lines[at:at] = ([] if any(line.startswith("sources:") for line in lines) else ["sources:"]) + new
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
