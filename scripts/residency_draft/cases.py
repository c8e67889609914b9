"""Whole payments for the main places, each with the verdict it must have."""

from __future__ import annotations

_PAID = 'amount: "10.00 EUR", payment: {instrument: card}'


def _case(name: str, subject: str, question: str, expect: str, on: str = "") -> str:
    day = f'on: "{on}", ' if on else ""
    given = f"{{{_PAID}, payer: {{country: {subject}}}, data: [{{{question}}}]}}"
    return f'  - {{name: "{name}", {day}given: {given}, expect: {{{expect}}}}}'


CASES: dict[str, list[str]] = {
    "DE": [
        _case("a German address with a certified host in Virginia", "DE",
              "data_class: contact, action: store, region_id: us-east-1, mechanism: {kind: adequacy, certified: true}",
              "outcome: allow, verdict: allow_with_mechanism, mechanisms: [adequacy], regimes: [EU-GDPR]"),
        _case("German books in Dublin stay in the Union", "DE", "data_class: accounting_record, action: store, region_country: IE",
              "outcome: allow, verdict: allow, obligations: [full_data_access_for_tax_office]"),
        _case("German books in London need the tax office", "DE", "data_class: accounting_record, action: store, region_country: GB, mechanism: {kind: none}",
              "outcome: review, verdict: deny, grounds: [mechanism_missing]"),
    ],
    "EEA": [
        _case("a French customer in a French region", "FR", "data_class: contact, action: store, region_country: FR",
              "outcome: allow, verdict: allow, confidence: A"),
        _case("an American host on the last day of the gap", "FR",
              "data_class: contact, action: store, region_country: US, mechanism: {kind: adequacy, certified: true}",
              "verdict: deny, grounds: [mechanism_missing]", "2023-07-09"),
        _case("the same a day later", "FR",
              "data_class: contact, action: store, region_country: US, mechanism: {kind: adequacy, certified: true}",
              "verdict: allow_with_mechanism", "2023-07-10"),
    ],
    "GB": [
        _case("a British customer with an American host under the extension", "GB",
              "data_class: contact, action: store, region_country: US, mechanism: {kind: adequacy, certified: true, uk_extension: true}",
              "verdict: allow_with_mechanism, mechanisms: [adequacy]"),
        _case("clauses of the Union without the Addendum", "GB",
              "data_class: contact, action: store, region_country: IN, mechanism: {kind: scc, template: eu, tia_done: true}",
              "verdict: deny, grounds: [mechanism_missing]"),
    ],
    "IN": [
        _case("an Indian payment record in Singapore", "IN",
              "data_class: transaction_record, action: store, region_country: SG, transaction: domestic",
              "outcome: review, verdict: deny, grounds: [place], regimes: [IN-RBI]"),
        _case("an Indian card number at a merchant, at home", "IN",
              "data_class: payment_credential, data_form: encrypted_pan, action: store, region_country: IN, purpose: one_click",
              "verdict: deny, grounds: [form], regimes: [IN-RBI-CARD-ON-FILE]"),
    ],
    "CN": [
        _case("ten thousand persons' payments to a warehouse in Virginia", "CN",
              "data_class: transaction_record, action: store, region_country: US, purpose: analytics, volumes: {sensitive_since_january_1: 10000}, mechanism: {kind: none}",
              "verdict: deny, grounds: [mechanism_missing], regimes: [CN-PIPL]"),
    ],
    "RU": [
        _case("collected into a database in Frankfurt", "RU", "data_class: contact, action: store, region_country: DE, phase: collection, purpose: contract",
              "verdict: deny, grounds: [place]"),
    ],
    "TR": [
        _case("a payment institution's records abroad leave a copy at home", "TR",
              "data_class: transaction_record, action: store, region_country: DE, actor_role: payment_institution, mechanism: {kind: scc, template: kvkk}",
              "outcome: allow, verdict: require_local_copy"),
    ],
    "US": [
        _case("an American's purchase processed in Shanghai", "US",
              "data_class: transaction_record, action: process, region_country: CN, purpose: payment", "outcome: allow, verdict: allow"),
        _case("ten thousand and one purchase histories to Shanghai", "US",
              "data_class: transaction_record, action: transfer, region_country: CN, purpose: sale, volumes: {persons_last_12_months: 10001}",
              "verdict: deny, grounds: [place], regimes: [US-DSP]"),
    ],
    "CA-QC": [
        _case("a Quebecker in Toronto without an assessment", "CA-QC",
              "data_class: contact, action: store, region_country: CA-ON, mechanism: {pia_done: false}",
              "verdict: deny, grounds: [mechanism_missing]"),
    ],
    "NG": [
        _case("a Nigerian payment in Dublin on the last day", "NG",
              "data_class: transaction_record, action: store, region_country: IE, mechanism: {kind: scc}",
              "verdict: allow_with_mechanism", "2026-12-31"),
        _case("and on the first day of the duty", "NG",
              "data_class: transaction_record, action: store, region_country: IE, mechanism: {kind: scc}",
              "verdict: deny, grounds: [place], regimes: [NG-CBN]", "2027-01-01"),
    ],
    "WORLD": [
        _case("a security code after authorisation, encrypted, at home", "BR",
              "data_class: sensitive_auth_data, data_form: encrypted, action: store, region_country: BR, phase: after_authorisation",
              "outcome: review, verdict: deny, grounds: [form], regimes: [PCI-DSS]"),
    ],
}  # fmt: skip
