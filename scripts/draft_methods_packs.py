#!/usr/bin/env python3
"""Make the first draft of the rules of local ways to pay: `draft_methods_packs.py ../shared/facts rulepacks`.

Every row of `payment_methods.csv` becomes a dated value of a parameter in `<PLACE>/methods.yaml`, but those that another domain
applies; limits, checks and ends get a rule each. Once drafted, the YAML is the source: correct the rules there. A `methods.yaml`
that exists is only written again with `--overwrite`.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.methods_draft.cases import CASES  # noqa: E402  the checkout is found first
from scripts.methods_draft.rules import currencies, limits, others, world  # noqa: E402
from scripts.rule_draft import UNREAD, Draft, Entry, Fact, open_draft, quoted, save  # noqa: E402
from scripts.tax_draft.facts import read_facts  # noqa: E402

EVERYWHERE = "WORLD"
ELSEWHERE = {
    "kyc": ("ID emoney_", "GH mobile_money_", "NG account_tier", "NG wallet_tier"),
    "aml": ("EU cash_customer_identification_min",),
}
"""Domain -> rows, by place and the beginning of their name, that it applies: tiers of wallets, identification of customers."""
OWN_CASH = ("AL", "DK", "MK", "RS")
"""Places whose limits of cash no row of `aml.csv` has; all others are the business of the domain aml."""


def main() -> None:
    """Draft, then write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("facts", type=Path, help="the folder of payment_methods.csv")
    options.add_argument("packs", type=Path, help="the folder of the packs")
    options.add_argument("--overwrite", action="store_true", help="write methods.yaml again where there is one")
    given = options.parse_args()
    facts = read_facts(given.facts / "payment_methods.csv")
    rows: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if applied_by(fact) is None:
            rows[EVERYWHERE if fact.place == "FATF" else fact.place].append(fact)
    count = 0
    for place in sorted(rows):
        if not (given.packs / place / "pack.yaml").exists():
            _new_pack(place, given.packs)
        count += save(_draft(place, rows[place], given.packs), given.packs, overwrite=given.overwrite)
    print(f"{len(facts)} rows, {len(rows)} places, {count} files written under {given.packs}")


def applied_by(fact: Fact) -> str | None:
    """Another domain that applies a row; None: this one does."""
    if fact.parameter == "cash_payment_max" and fact.place not in OWN_CASH:
        return "aml"
    key = f"{fact.place} {fact.parameter}"
    return next((domain for domain, starts in ELSEWHERE.items() if key.startswith(starts)), None)


def _draft(place: str, rows: list[Fact], root: Path) -> Draft:
    draft = open_draft(place, "methods", root)
    for fact in rows:
        _row(draft, fact)
    limits(draft)
    others(draft)
    currencies(draft)
    draft.cases = list(CASES.get(place, ()))
    if place == EVERYWHERE:
        world(draft)
    return draft


def _row(draft: Draft, fact: Fact) -> None:
    name = fact.parameter
    if name.endswith("_currencies") and fact.value != "pending":
        value = f"[{', '.join(fact.value.split('|'))}]"
        draft.row(name, fact, kind="tokens", value=value)
    elif fact.unit == "date":
        draft.row(name, fact, kind="date")
    elif name in ("iban_length", "sepa_zone"):
        draft.row(name, fact, overridable="country")
    else:
        draft.row(name, fact)
    if name == "pay_upon_invoice_single_max":
        _least(draft, fact)


def _least(draft: Draft, fact: Fact) -> None:
    """The least amount, which the row tells of in its condition."""
    entry = Entry(
        UNREAD,
        quoted("5"),
        fact.confidence,
        draft.cite(fact),
        fact.evidence,
        "from the condition of the row on the most",
    )
    draft.set("pay_upon_invoice_single_min", "money", entry, unit="EUR", label="least amount")


def _new_pack(place: str, root: Path) -> None:
    """A pack for a place that no other domain knows."""
    from scripts.draft_tax_packs import VERIFIED, VERSION, name_of

    (root / place).mkdir()
    lines = [
        "schema: rulepack/v1", f"jurisdiction: {place}", f"name: {quoted(name_of(place))}", f'version: "{VERSION}"',
        "extends: [WORLD]", "time_zone: UTC", "currency: EUR", f'verified: {{on: "{VERIFIED}", by: facts table}}', "",
    ]  # fmt: skip
    (root / place / "pack.yaml").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
