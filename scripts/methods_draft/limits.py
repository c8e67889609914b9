"""Limits of local ways to pay: which row, of which methods, counting what."""

from __future__ import annotations

from dataclasses import dataclass

UPI_MERCHANTS = {
    "capital_market": ("capital_market", "6211"),
    "insurance": ("insurance", "6300"),
    "government_marketplace": ("government_marketplace",),
    "travel": ("travel", "4722"),
    "credit_card_bill": ("credit_card_bill",),
    "loan_collections": ("loan_collections",),
    "jewellery": ("jewellery", "5944"),
    "fx_retail_bbps": ("fx_retail_bbps",),
    "term_deposit_onboarding": ("term_deposit_onboarding",),
    "digital_account_opening_funding": ("digital_account_opening_funding",),
    "business_preapproved": ("business_preapproved",),
    "tax": ("tax", "9311"),
}
"""Category of a row -> what `payee.industry` says of such a merchant."""

TURKISH = (
    "computer", "electronics_except_tv", "small_electrical_goods", "travel_abroad", "club_fees", "education", "tax", "health",
    "jewellery", "telecom", "food", "restaurant", "alcohol", "fuel", "cosmetics", "office_supplies", "gift_cards",
    "direct_marketing", "spending_abroad",
)  # fmt: skip
"""Trades with a number of instalments of their own."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A rule of one row. `only` narrows it; `seen`, `unseen` are facts in flow YAML without braces that it is true and false of,
    `unknown` the facts that are missing where neither is stated."""

    place: str
    parameter: str
    methods: tuple[str, ...]
    counts: str = "payment"
    comparator: str = "gt"
    only: str = ""
    seen: str = ""
    unseen: str = ""
    unknown: tuple[str, ...] = ()
    outcome: str = ""


def _one(place: str, parameter: str, *methods: str, **more: str) -> Limit:
    return Limit(place, parameter, methods, **more)  # type: ignore[arg-type]


def _least(place: str, parameter: str, *methods: str) -> Limit:
    return Limit(place, parameter, methods, comparator="lt")


LIMITS: tuple[Limit, ...] = (
    _one("PL", "blik_single_max", "blik"),
    _one("PL", "przelewy24_single_max", "przelewy24"),
    _one("SE", "swish_single_max", "swish"),
    _one("CH", "twint_single_max", "twint"),
    _one("PT", "multibanco_single_max", "multibanco"),
    _one("DE", "pay_upon_invoice_single_max", "pay_upon_invoice"),
    _least("DE", "pay_upon_invoice_single_min", "pay_upon_invoice"),
    _one("DE", "klarna_pay_now_sofort_single_max", "klarna_pay_now"),
    _one("BR", "boleto_single_max", "boleto"),
    Limit("BR", "pix_unregistered_device_single_max", ("pix",), only="not payment.device.registered",
          seen="payment.device.registered: false", unseen="payment.device.registered: true", unknown=("payment.device",)),
    Limit("BR", "pix_night_max", ("pix",), counts="night_total",
          only='payer.type == "individual" and (local_hour >= pix_night_start or local_hour < pix_night_end) and not is_known(payment.limits.user_threshold)',
          seen="payer: {type: individual}", unseen="payer: {type: organisation}", unknown=("payer.type",)),
    _one("BR", "pix_saque_troco_day_max", "pix_saque", "pix_troco", counts="day_total"),
    Limit("BR", "pix_contactless_single_max", ("pix",), only='payment.channel == "contactless"', seen="payment.channel: contactless",
          unseen="payment.channel: remote", unknown=("payment.channel",)),
    _one("BR", "nupay_month_max", "nupay", counts="month_total"),
    _one("MX", "oxxo_single_max", "oxxo"),
    _least("MX", "oxxo_single_min", "oxxo"),
    _one("CL", "webpay_bank_transfer_single_max", "webpay_bank_transfer"),
    _one("CL", "servipag_single_max", "servipag"),
    _one("CO", "efecty_single_max", "efecty"),
    _one("CO", "davivienda_single_max", "davivienda"),
    _one("BO", "bank_transfer_bnb_single_max", "bank_transfer_bnb"),
    _least("IT", "bancomat_pay_single_min", "bancomat_pay"),
    _least("BE", "bancontact_single_min", "bancontact"),
    _least("AT", "eps_single_min", "eps"),
    _least("PT", "mb_way_single_min", "mb_way"),
    Limit("IN", "upi_p2p_daily_max", ("upi",), counts="day_total", only='kind == "transfer"', seen="kind: transfer", unseen="kind: sale"),
    *(
        Limit("IN", f"upi_p2m_{name}_{kind}", ("upi",), counts="payment" if kind == "single_max" else "day_total",
              only=f'kind == "sale" and payee.industry in upi_{name}', seen=f'payee.industry: "{words[0]}"', unseen="payee.industry: books",
              unknown=("payee.industry",))
        for name, words in UPI_MERCHANTS.items()
        for kind in ("single_max", "daily_max")
    ),
    _one("IN", "upi_lite_single_max", "upi_lite"),
    Limit("IN", "upi_lite_balance_max", ("upi_lite",), counts="balance"),
    _one("IN", "upi_123pay_single_max", "upi_123pay"),
    _one("ID", "qris_single_max", "qris"),
    Limit("SG", "ewallet_stock_cap", (), counts="balance", only='payment.instrument == "e_money"', seen="payment: {instrument: e_money}",
          unseen="payment: {instrument: card}"),
    Limit("SG", "ewallet_flow_cap_12_months", (), counts="spent_year", only='payment.instrument == "e_money"',
          seen="payment: {instrument: e_money}", unseen="payment: {instrument: card}"),
    _one("KE", "mobile_money_single_max", "m_pesa", "airtel_money", "mobile_money"),
    Limit("KE", "mobile_money_balance_max", ("m_pesa", "airtel_money", "mobile_money"), counts="balance"),
    _one("KE", "mobile_money_daily_max", "m_pesa", counts="day_total"),
    _one("NP", "nrb_internet_banking_merchant_daily_max", "internet_banking", counts="day_total"),
    _one("NP", "nrb_internet_banking_merchant_monthly_max", "internet_banking", counts="month_total"),
    _one("NP", "nrb_mobile_banking_daily_max", "mobile_banking", counts="day_total"),
    _one("NP", "nrb_mobile_banking_monthly_max", "mobile_banking", counts="month_total"),
    Limit("NP", "nrb_wallet_transfer_daily_max", (), counts="day_total", only='payment.instrument == "e_money" and kind == "transfer"',
          seen="kind: transfer, payment: {instrument: e_money}", unseen="kind: transfer, payment: {instrument: card}"),
    Limit("NP", "nrb_agent_daily_max", (), counts="day_total", only='payment.instrument == "cash" and kind in ["deposit", "withdrawal"]',
          seen="kind: deposit, payment: {instrument: cash}", unseen="kind: deposit, payment: {instrument: card}"),
    Limit("NP", "nrb_prepaid_card_single_max", (), only='payment.instrument == "card" and payment.card.funding == "prepaid"',
          seen="payment: {instrument: card, card: {funding: prepaid}}", unseen="payment: {instrument: card, card: {funding: debit}}",
          unknown=("payment.card",)),
    _least("TH", "promptpay_single_min", "promptpay"),
    _one("US", "same_day_ach_single_max", "same_day_ach"),
    _one("US", "rtp_fednow_single_max", "rtp", "fednow"),
    _one("GB", "faster_payments_single_max", "faster_payments"),
    *(
        Limit("CN", f"alipay_wechat_foreign_card_{kind}", ("alipay", "wechat_pay"), counts=counts,
              only='not within(payment.issuer_country, "CN")', seen="payment.issuer_country: US", unseen="payment.issuer_country: CN",
              unknown=("payment.issuer_country",))
        for kind, counts in (("single_max", "payment"), ("annual_max", "spent_year"))
    ),
    *(
        Limit("CN", f"payment_account_type{at}_balance_payment_max", (), counts=counts,
              only=f'payment.instrument == "e_money" and payer.wallet_tier == "type{at}"',
              seen=f"payment: {{instrument: e_money}}, payer: {{wallet_tier: type{at}}}",
              unseen="payment: {instrument: e_money}, payer: {wallet_tier: other}", unknown=("payer.wallet_tier",))
        for at, counts in ((1, "spent_lifetime"), (2, "spent_year"), (3, "spent_year"))
    ),
    _one("CN", "barcode_static_daily_max", "static_barcode", counts="day_total"),
    Limit("BR", "card_installments_max_usual", (), counts="installments", only='payment.instrument == "card"', outcome="collect",
          seen="payment: {instrument: card}", unseen="payment: {instrument: e_money}"),
    Limit("TR", "card_installments_max_general_consumer", (), counts="installments",
          only='payment.instrument == "card" and payee.industry not in trades_with_instalments and payment.card.product != "corporate"',
          seen="payment: {instrument: card, card: {product: consumer}}, payee.industry: books",
          unseen="payment: {instrument: card, card: {product: corporate}}, payee.industry: books",
          unknown=("payee.industry", "payment.card"), outcome="collect"),
    Limit("TR", "card_installments_max_corporate_card", (), counts="installments",
          only='payment.instrument == "card" and payment.card.product == "corporate"', outcome="collect",
          seen="payment: {instrument: card, card: {product: corporate}}", unseen="payment: {instrument: card, card: {product: consumer}}",
          unknown=("payment.card",)),
    *(
        Limit("TR", f"card_installments_max_{name}", (), counts="installments", outcome="collect",
              only=f'payment.instrument == "card" and payee.industry == "{name}"',
              seen=f"payment: {{instrument: card}}, payee.industry: {name}", unseen="payment: {instrument: card}, payee.industry: books",
              unknown=("payee.industry",))
        for name in TURKISH
    ),
    _one("EU", "instant_scheme_max", "sepa_instant"),
    *(
        Limit(place, "cash_payment_max", (), only='payment.instrument == "cash" and kind == "sale"',
              seen="payment: {instrument: cash}", unseen="payment: {instrument: card}")
        for place in ("AL", "DK", "MK", "RS")
    ),
)  # fmt: skip
"""Every limit of the table that a rule applies."""
