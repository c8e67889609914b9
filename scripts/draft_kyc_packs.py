#!/usr/bin/env python3
"""Make the first draft of the law on knowing customers: `draft_kyc_packs.py ../shared/facts rulepacks`.

Every row of `kyc.csv` becomes a dated value of a parameter in `<PLACE>/kyc.yaml`; the limits of wallets get one rule each, that
tells what they count. The amounts from which an occasional customer is identified are those of `aml.csv`. Once drafted, the YAML is
the source: correct the law there. A `kyc.yaml` that exists is only written again with `--overwrite`.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.kyc_draft.cases import CASES  # noqa: E402  the checkout is found first
from scripts.kyc_draft.general import general, world  # noqa: E402
from scripts.kyc_draft.wallets import FAMILIES, wallets  # noqa: E402
from scripts.rule_draft import UNREAD, Draft, Entry, Fact, open_draft, quoted, save  # noqa: E402
from scripts.tax_draft.facts import read_facts  # noqa: E402

EVERYWHERE = "WORLD"
GONE = {
    "stdnum.cz.ico": "no such module in python-stdnum 2.2",
    "stdnum.sk.ico": "no such module in python-stdnum 2.2",
    "stdnum.om.vat": "no such module in python-stdnum 2.2",
}
"""Validators that the table names and the library has not."""
THRESHOLDS = {
    "cdd_occasional_threshold": "occasional_threshold",
    "cdd_occasional_threshold_wire": "occasional_threshold_transfer",
    "cdd_occasional_threshold_crypto": "occasional_threshold_crypto",
    "cdd_occasional_threshold_cash": "occasional_threshold_cash",
}
"""Rows of `aml.csv` that tell from which amount on an occasional customer is identified."""
OVER = ("exceed", "more than", "above the", "above 1", "over ", "worth more")
AT_LEAST = ("or more", "at least", "or above", "not less", "equal to or above", "of 1000 or more", "at or above")


def main() -> None:
    """Draft, then write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("facts", type=Path, help="the folder of kyc.csv and aml.csv")
    options.add_argument("packs", type=Path, help="the folder of the packs")
    options.add_argument("--overwrite", action="store_true", help="write kyc.yaml again where there is one")
    given = options.parse_args()
    facts = read_facts(given.facts / "kyc.csv")
    thresholds = [fact for fact in read_facts(given.facts / "aml.csv") if fact.parameter in THRESHOLDS]
    drafts = draft_all(facts, thresholds, given.packs)
    count = sum(save(draft, given.packs, overwrite=given.overwrite) for draft in drafts.values())
    print(f"{len(facts)} rows, {len(drafts)} places, {count} files written under {given.packs}")


def draft_all(facts: list[Fact], thresholds: list[Fact], root: Path) -> dict[str, Draft]:
    """Place -> its draft, in the order of the codes."""
    rows: dict[str, list[Fact]] = defaultdict(list)
    for fact in [*facts, *thresholds]:
        rows[place_of(fact)].append(fact)
    drafts = {place: open_draft(place, "kyc", root) for place in sorted({*rows, EVERYWHERE})}
    for place, draft in drafts.items():
        for fact in rows[place]:
            _row(draft, fact)
        if place in FAMILIES:
            wallets(draft)
        general(draft, rows[place])
        draft.cases = list(CASES.get(place, ()))
    world(drafts[EVERYWHERE])
    for draft in drafts.values():
        if draft.place != EVERYWHERE:
            _parents(draft, drafts)
    return drafts


def place_of(fact: Fact) -> str:
    """Where a row belongs: the standards of the FATF hold everywhere."""
    return EVERYWHERE if fact.place == "FATF" else fact.place


def _row(draft: Draft, fact: Fact) -> None:
    name = fact.parameter
    if name in THRESHOLDS:
        _threshold(draft, fact)
    elif name == "national_id_module":
        _module(draft, fact)
    elif name == "beneficial_owner_threshold":
        _owner(draft, fact)
    elif name == "beneficial_owner_comparator":
        draft.row(name, fact, kind="token", label="whether a share of exactly the threshold counts")
    elif name == "udi_value":
        _index(draft, fact)
    elif fact.value == "unlimited":
        kind, unit = _like(draft, fact)
        entry = Entry(fact.start, "null", fact.confidence, draft.cite(fact), note="unlimited, as the source says")
        draft.set(name, kind, entry, unit=unit, label=fact.condition)
    else:
        draft.row(name, fact)
    _beside(draft, fact)


def _like(draft: Draft, fact: Fact) -> tuple[str, str]:
    """The type of a limit that there is none of: that of its neighbours."""
    known = next(parameter for parameter in draft.parameters.values() if parameter.kind in ("money", "decimal"))
    return known.kind, known.unit


def _beside(draft: Draft, fact: Fact) -> None:
    """Balances that a row tells of in its condition only."""
    if draft.place == "NG" and fact.condition.startswith("max balance "):
        name = fact.parameter.replace("_daily", "_max_balance")
        draft.row(name, fact, kind="", value=quoted(fact.condition.removeprefix("max balance ")), label="balance")


def _threshold(draft: Draft, fact: Fact) -> None:
    name, cite = THRESHOLDS[fact.parameter], draft.cite(fact)
    unit = "USD" if "/" in fact.unit else fact.unit
    note = "the lower of the two amounts that the standard names" if "/" in fact.unit else fact.note
    sign = "gt" if any(word in fact.condition for word in OVER) and "or above" not in fact.condition else "gte"
    label = "an occasional customer is identified from this amount on; " + fact.condition
    draft.set(
        name, "decimal", _said(fact, quoted(fact.value), cite, note), label=label.rstrip("; "), overridable="country"
    )
    if fact.end:
        draft.parameters[name].entries.append(Entry(fact.end, "null", fact.confidence, cite))
    draft.set(
        f"{name}_currency", "token", _said(fact, unit, cite), label="currency of the amount", overridable="country"
    )
    draft.set(
        f"{name}_comparator",
        "token",
        _said(fact, sign, cite),
        label="whether exactly the amount counts",
        overridable="country",
    )


def _said(fact: Fact, value: str, cite: tuple[str, str] | None, note: str = "") -> Entry:
    return Entry(fact.start, value, fact.confidence, cite, fact.evidence, note)


def _module(draft: Draft, fact: Fact) -> None:
    if fact.value in GONE:
        return
    known = draft.parameters.get("national_id_modules")
    names = [*known.entries[0].value.strip("[]").split(", "), fact.value] if known else [fact.value]
    draft.parameters.pop("national_id_modules", None)
    entry = Entry(UNREAD, f"[{', '.join(names)}]", fact.confidence, None, fact.evidence)
    draft.set(
        "national_id_modules", "tokens", entry, label="how identity and company numbers are checked", basis="guidance"
    )


def _owner(draft: Draft, fact: Fact) -> None:
    start = "2027-07-10" if draft.place == "EU" else fact.start
    entry = Entry(start, quoted(fact.value), fact.confidence, draft.cite(fact), fact.evidence, fact.note)
    draft.set(fact.parameter, "decimal", entry, label=f"percent of the shares; {fact.condition}", overridable="country")
    sign = "gt" if "more than" in fact.condition else "gte"
    draft.set("beneficial_owner_comparator", "token", Entry(start, sign, fact.confidence, draft.cite(fact), fact.evidence),
              label="whether a share of exactly the threshold counts", overridable="country")  # fmt: skip


def _index(draft: Draft, fact: Fact) -> None:
    """A unit that is worth something else every month: never beyond what was read. The law takes the value of the end of the month
    before, so that the value of 31 January is that of the payments of February."""
    cite = draft.cite(fact)
    values = [
        (UNREAD, UNREAD, "", "", ""),
        ("2026-02-01", fact.value, "2026-03-01", fact.evidence, fact.confidence),
        *INDEX,
    ]
    published = (
        draft.source(
            "Banco de México, valor de la unidad de inversión (Diario Oficial de la Federación, twice a month)"
        ),
        "",
    )
    for start, value, end, evidence, grade in values:
        own = cite if evidence == fact.evidence or not evidence else published
        note = (
            f"value of the day before {start}, for the payments of that month; other months were not read"
            if end
            else ""
        )
        text = UNREAD if value == UNREAD else quoted(value)
        _unit(draft, Entry(start, text, grade or fact.confidence, own, evidence, note))
        if end:
            _unit(draft, Entry(end, UNREAD, fact.confidence, cite))


def _unit(draft: Draft, entry: Entry) -> None:
    draft.set("udi_value", "decimal", entry, label="value of one UDI in pesos, at the end of the month before")


_DOF = "Banco de México in the Diario Oficial of"
INDEX = (
    ("2020-04-01", "6.499174", "2020-05-01", f"{_DOF} 2020-03-25 <https://sidof.segob.gob.mx/notas/docFuente/5590378>", "A"),
    ("2021-04-01", "6.748761", "2021-05-01", "table of March and April 2021 <https://www.manuelnevarez.com.mx/es/journal/indicadores-fiscales-8/>", "C"),
    ("2021-06-01", "6.810965", "2021-07-01", "table of May and June 2021 <https://manuelnevarez.com.mx/es/journal/indicadores-fiscales-10>", "C"),
    ("2024-12-01", "8.317715", "2025-01-01", f"{_DOF} 2024-11-25 <https://dof-noticias.pages.dev/nota/20241125-valor-de-la-unidad-de-inversion>", "B"),
)  # fmt: skip
"""Values of the last day of a month that were read elsewhere: first day of the month of payments, value, first day of the next."""


UNION = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
]


def _parents(draft: Draft, drafts: dict[str, Draft]) -> None:
    """Where the Regulation of 2027 speaks, a State's own number ends on its first day."""
    above = drafts["EU"]
    for name, parameter in draft.parameters.items():
        for parent in (drafts[EVERYWHERE], above if draft.place in UNION else None):
            if parent is not None and name in parent.parameters:
                parent.parameters[name].overridable = "country"
        if draft.place not in UNION or name not in above.parameters:
            continue
        for entry in above.parameters[name].entries:
            if entry.start == "2027-07-10":
                titles = {key: title for title, key in above.declared.items()}
                cite = (draft.source(titles[entry.cite[0]]), entry.cite[1]) if entry.cite else None
                parameter.entries.append(
                    Entry(
                        entry.start,
                        entry.value,
                        entry.confidence,
                        cite,
                        entry.evidence,
                        "the Regulation applies itself",
                    )
                )


if __name__ == "__main__":
    main()
