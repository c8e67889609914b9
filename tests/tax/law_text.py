"""A law of tax that consists of parameters: a union of two states, and places of their own."""

from __future__ import annotations

from collections.abc import Mapping

from engine.packs.packset import PackSet, read_packs
from engine.packs.release import seal
from engine.tax.law import TaxLaw

_TOP = """schema: rulepack/v1
jurisdiction: {code}
name: Law of {code}
version: "2026.11.0"
extends: [{parent}]
{members}currency: {currency}
time_zone: Etc/UTC
on_unknown: {{tax: collect}}
sources:
  act: {{title: Tax Act of {code}, kind: regulation, url: "https://law.example/{code}"}}
verified: {{on: "2026-11-01", by: the tests}}
"""
MONEY = {"SE": "SEK", "GB": "GBP", "PL": "PLN"}
_WORLD = """schema: rulepack/v1
jurisdiction: WORLD
name: Everywhere
version: "2026.11.0"
on_unknown: {tax: collect}
verified: {on: "2026-11-01", by: the tests}
"""
_TOKEN = (
    '  {name}: {{type: token, basis: statute, cite: {{source: act, at: Art. 1}}, confidence: B, evidence: "the tests",'
    ' values: [{{from: "2021-07-01", value: {value}}}]}}\n'
)


def law(**places: Mapping[str, str]) -> TaxLaw:
    """Tokens by place, each in force since 2021-07-01. FR, DE and SE are members of EU where that is among the
    places; Sweden's money is the krona, the Kingdom's the pound."""
    files = {"WORLD/pack.yaml": _WORLD}
    for code, tokens in places.items():
        members = (
            'members: [{place: FR, from: "2000-01-01"}, {place: DE, from: "2000-01-01"}, {place: SE, from: "2000-01-01"}]\n'
            if code == "EU"
            else ""
        )
        parent = "EU" if code in ("FR", "DE", "SE") and "EU" in places else "WORLD"
        files[f"{code}/pack.yaml"] = _TOP.format(
            code=code, parent=parent, members=members, currency=MONEY.get(code, "EUR")
        )
        lines = "".join(_TOKEN.format(name=name, value=value) for name, value in tokens.items())
        files[f"{code}/tax.yaml"] = "domain: tax\n" + (f"parameters:\n{lines}" if lines else "")
    packs, notes = read_packs(files)
    assert not notes.problems
    return TaxLaw(PackSet(packs, files, seal(files, "2026.11.0")))
