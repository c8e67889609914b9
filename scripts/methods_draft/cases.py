"""Whole payments by local ways, in flow YAML, by place."""

from __future__ import annotations

from scripts.kyc_draft.cases import case

CASES: dict[str, tuple[str, ...]] = {
    "BR": (
        case("a boleto without the payer's number", '{amount: "10.00 BRL", payment: {instrument: voucher, method: boleto, issuer_country: BR}}', "{outcome: collect, verdict: collect, collect: [payer.tax_ids]}"),
        case("more than a thousand by Pix at noon", '{amount: "1000.01 BRL", payment: {instrument: credit_transfer, method: pix, issuer_country: BR, channel: remote, device: {registered: true}}, payer: {type: individual}}', "{outcome: allow, verdict: ok, exceeded: []}"),
    ),
    "KE": (case("what a wallet holds already is not taken for nought", '{amount: "100.00 KES", kind: deposit, payment: {instrument: e_money, method: m_pesa, issuer_country: KE, limits: {day_total: "0.00 KES"}}}', "{outcome: collect, verdict: undecided, missing: [payer.balance]}"),),
    "PL": (case("BLIK takes fifty thousand and no more", '{amount: "50000.01 PLN", payment: {instrument: credit_transfer, method: blik, issuer_country: PL}}', "{outcome: block, verdict: refuse, exceeded: [blik_single_max]}"),),
    "DE": (
        case("giropay on its last day", '{amount: "10.00 EUR", payment: {instrument: credit_transfer, method: giropay, issuer_country: DE}}', "{outcome: allow, verdict: not_applicable}", "2024-12-31"),
        case("giropay on the day after", '{amount: "10.00 EUR", payment: {instrument: credit_transfer, method: giropay, issuer_country: DE}}', "{outcome: block, verdict: refuse, because: [methods.giropay_ended]}", "2025-01-01"),
        case("an IBAN with a wrong digit", '{amount: "10.00 EUR", payment: {instrument: credit_transfer, method: sepa_credit_transfer, account: {iban: DE88370400440532013000}, acquirer_country: DE}}', "{outcome: collect, verdict: collect, failed: [iban], collect: [payment.account.iban]}"),
    ),
    "TR": (case("fuel is not paid in parts", '{amount: "10.00 TRY", payment: {instrument: card, method: visa, installments: 2, card: {product: consumer}, issuer_country: TR}, payee: {industry: fuel}}', "{outcome: collect, verdict: collect, exceeded: [card_installments_max_fuel]}"),),
    "MX": (case("OXXO gives no money back", '{amount: "100.00 MXN", kind: refund, payment: {instrument: voucher, method: oxxo, issuer_country: MX}}', "{outcome: block, verdict: refuse}"),),
}  # fmt: skip
"""Place -> its cases."""
