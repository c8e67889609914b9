"""Whole payments with what must be known of whom, in flow YAML, by place."""

from __future__ import annotations

from scripts.rule_draft import flow, quoted


def case(name: str, given: str, expect: str, on: str = "") -> str:
    return flow([("name", quoted(name)), ("on", quoted(on) if on else ""), ("given", given), ("expect", expect)])


NIN = 'national_ids: [{country: NG, type: nin, value: "12345678901"}]'
PAGA = "payment: {instrument: e_money, method: paga, issuer_country: NG}"
BANK = "obliged_entity: {role: bank, country: %s}, relationship: %s, payment: {instrument: card, issuer_country: AQ}"

CASES: dict[str, tuple[str, ...]] = {
    "NG": (
        case("50,000 naira paid into a wallet of tier 1", f'{{amount: "50000.00 NGN", kind: deposit, {PAGA}, payer: {{wallet_tier: tier1, balance: "0.00 NGN", {NIN}}}}}', "{verdict: met, exceeded: []}"),
        case("a kobo more asks for what tier 2 wants", f'{{amount: "50000.01 NGN", kind: deposit, {PAGA}, payer: {{wallet_tier: tier1, balance: "0.00 NGN", {NIN}}}}}',
              "{outcome: collect, verdict: collect, exceeded: [tier1_max_single_deposit], collect: [payer.identity.documents, payer.address, payer.wallet_tier]}"),
    ),
    "MX": (
        case("750 UDI of February 2026 into an account of level 1", '{amount: "6521.90 MXN", kind: deposit, payment: {instrument: credit_transfer, issuer_country: MX}, payer: {type: individual, date_of_birth: "1990-05-05", wallet_tier: level1, balance: "0.00 MXN", totals: {received_month: "0.00 MXN"}}}', "{verdict: met}", "2026-02-15"),
        case("a month whose unit was not read is not reckoned from another", '{amount: "100.00 MXN", kind: deposit, payment: {instrument: credit_transfer, issuer_country: MX}, payer: {type: individual, date_of_birth: "1990-05-05", wallet_tier: level1, balance: "0.00 MXN", totals: {received_month: "0.00 MXN"}}}', "{outcome: collect, verdict: undecided, missing: [law.udi_value]}", "2026-03-01"),
    ),
    "GH": (
        case("above the highest tier there is nothing to ask for", '{amount: "25000.01 GHS", payment: {instrument: e_money, issuer_country: GH}, payer: {wallet_tier: enhanced_kyc, identity: {documents: [ghana_card]}, totals: {moved_today: "0.00 GHS", moved_month: "0.00 GHS"}}}', "{outcome: block, verdict: refuse, exceeded: [enhanced_kyc_max_daily]}"),
    ),
    "ID": (
        case("an unregistered wallet sends nothing to others", '{amount: "1000.00 IDR", kind: transfer, payment: {instrument: e_money, issuer_country: ID}, payer: {wallet_tier: unregistered}}', "{outcome: collect, verdict: collect, exceeded: [unregistered_features]}"),
    ),
    "FI": (
        case("an owner of exactly a quarter is none in Finland", f'{{amount: "10.00 EUR", {BANK % ("FI", "new")}, payer: {{type: organisation, risk: low, politically_exposed: none, identity: {{level: verified}}, owners: [{{share: "25.00"}}]}}}}', "{verdict: collect, level_required: verified, collect: [payer.facts.senior_managers]}"),
    ),
    "CA": (
        case("an owner of exactly a quarter is one in Canada", f'{{amount: "10.00 CAD", {BANK % ("CA", "new")}, payer: {{type: organisation, risk: low, politically_exposed: none, identity: {{level: verified}}, owners: [{{share: "25.00", name: Bo, country: CA}}]}}}}', "{verdict: collect, collect: [payer.owners.0.date_of_birth], obligations: [verify_identity]}"),
    ),
    "UY": (
        case("fifteen percent make an owner in Uruguay", f'{{amount: "10.00 UYU", {BANK % ("UY", "new")}, payer: {{type: organisation, risk: low, politically_exposed: none, identity: {{level: verified}}, owners: [{{share: "15.00", name: Bo, country: UY, date_of_birth: "1970-01-01"}}]}}}}', "{verdict: met, level_required: verified}"),
    ),
}  # fmt: skip
"""Place -> its cases."""
