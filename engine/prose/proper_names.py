"""Names that are the same in every language: ways to pay, currencies' codes, codes of reports."""

from __future__ import annotations

from typing import Final

NAMES: Final[dict[str, str]] = {
    "ach": "ACH", "affirm": "Affirm", "afterpay_clearpay": "Afterpay / Clearpay", "airtel_money": "Airtel Money",
    "alfamart": "Alfamart", "ali_pay_hk": "AlipayHK", "alipay": "Alipay", "alma": "Alma", "atome": "Atome", "bacs": "Bacs",
    "bancomat_pay": "BANCOMAT Pay", "bancontact": "Bancontact", "bancontact_card": "Bancontact card", "bizum": "Bizum",
    "bank_transfer_bnb": "BNB", "blik": "BLIK", "bca_bank_transfer": "BCA", "bni_va": "BNI", "boleto": "Boleto",
    "bri_va": "BRI", "chaps": "CHAPS", "cimb_va": "CIMB", "dana": "DANA", "danamon_va": "Danamon",
    "davivienda": "Davivienda", "efecty": "Efecty", "enaira": "eNaira", "eps": "EPS", "family_mart": "FamilyMart",
    "fastag": "FASTag", "faster_payments": "Faster Payments", "fednow": "FedNow", "gcash": "GCash", "giropay": "giropay",
    "go_pay": "GoPay", "ideal": "iDEAL", "indomaret": "Indomaret", "kakao_pay": "KakaoPay", "klarna": "Klarna",
    "klarna_pay_now": "Klarna Pay Now", "lawson": "Lawson", "m_pesa": "M-PESA", "mada": "mada", "mandiri_va": "Mandiri",
    "mastercard": "Mastercard", "mb_way": "MB WAY", "mini_stop": "Ministop", "mobile_pay": "MobilePay", "momo": "MoMo",
    "momo_atm": "MoMo ATM", "multibanco": "Multibanco", "netc": "NETC", "nupay": "NuPay", "oxxo": "OXXO",
    "online_banking_fpx": "FPX", "pay_bright": "PayBright", "pay_easy": "Pay-easy", "payconiq": "Payconiq",
    "paylib": "Paylib", "permata_bank_transfer": "Permata", "pix": "Pix", "pix_automatico": "Pix Automático",
    "pix_saque": "Pix Saque", "pix_troco": "Pix Troco", "promptpay": "PromptPay", "przelewy24": "Przelewy24",
    "qris": "QRIS", "rtp": "RTP", "same_day_ach": "Same Day ACH", "seicomart": "Seicomart", "sepa_instant": "SEPA Instant",
    "servipag": "Servipag", "seven_eleven": "7-Eleven", "sofort": "Sofort", "swish": "Swish", "touch_n_go": "Touch 'n Go",
    "trustly": "Trustly", "twint": "TWINT", "upi": "UPI", "upi_123pay": "UPI 123PAY", "upi_autopay": "UPI AutoPay",
    "upi_lite": "UPI Lite", "vipps": "Vipps", "visa": "Visa", "walley": "Walley", "webpay_bank_transfer": "Webpay",
    "wechat_pay": "WeChat Pay", "wero": "Wero", "grabpay": "GrabPay", "paypal": "PayPal", "bre_b": "Bre-B", "nequi": "Nequi",
    "sepa": "SEPA", "iban": "IBAN", "bvn": "BVN", "vpa": "VPA", "ncmc": "NCMC",
}  # fmt: skip
"""A word of the law -> the name as its owner writes it."""

ACRONYMS: Final = frozenset({
    "abs", "acp", "afa", "aml", "api", "ars", "atm", "bic", "bin", "bnpl", "bps", "bvn", "cdd", "ciio", "cms", "cnp", "cpf",
    "ctr", "cvv", "dpms", "edd", "eft", "emi", "etv", "eu", "eur", "fatf", "fiu", "fpx", "fx", "gbp", "gst", "hmrc", "hvd",
    "iban", "icms", "id", "ift", "iin", "imps", "inr", "ioss", "iss", "kyc", "lei", "mcc", "mit", "moto", "nbpi", "ncmc",
    "neft", "nfc", "nfsa", "ngn", "oss", "otp", "pan", "pci", "pep", "pin", "pos", "ppi", "psp", "qr", "qst", "rbi", "rtgs",
    "rts", "sar", "sca", "sdd", "sim", "sme", "sms", "str", "tan", "tin", "tra", "ubo", "uk", "un", "upi", "us", "usd", "va",
    "vasp", "vat", "vpa",
})  # fmt: skip
"""Words that are written in capitals."""


def humanised(code: str) -> str:
    """A code as words: `mail_telephone` -> `mail telephone`, `cdd_threshold` -> `CDD threshold`."""
    words = code.replace("_", " ").replace(".", " ").split()
    return " ".join(word.upper() if word in ACRONYMS else word for word in words)
