"""Which row is which rule: the reading of each number, by hand. What has no line here stands in the packs as a number alone."""

from __future__ import annotations

from dataclasses import dataclass

CASH_BOTH = "cash_both"


@dataclass(frozen=True, slots=True)
class Report:
    """A report that is due from an amount on."""

    place: str
    name: str
    code: str
    parameter: str
    roles: str = "financial_institutions"
    """Name of a group of roles; `obliged` for every obliged entity, `trade` for whoever is no financial institution."""
    scope: str = "cash"
    """cash (in and out counted apart), cash_in, cash_out, cash_both (in and out added), wire_abroad, transfer, crypto_in, any."""
    sign: str = ">="
    window: str = "stated"
    """single: each operation alone. stated: with what the caller or history knows to belong to it. Else the span whose whole sum
    counts, without which nothing can be told: day, 24h, month, year."""
    due: str = ""
    """The parameter of the term, or the term itself after `=`."""
    more: str = ""
    """A further condition, `type:individual` or `type:organisation` of the payer, `not_account`."""
    start: str = ""
    end: str = ""
    authority: str = ""
    """Where it goes to somebody else than the financial intelligence unit; `nobody read` where that was not read."""


REPORTS = (
    Report("CA", "lctr", "LCTR", "threshold_report_amount", "obliged", "cash_in", ">=", "24h", "threshold_report_deadline"),
    Report("CA", "lvctr", "LVCTR", "threshold_report_va_amount", "obliged", "crypto_in", ">=", "24h", "threshold_report_va_deadline"),
    Report("CA", "eftr", "EFTR", "ift_report_amount", "financial_institutions", "wire_abroad", ">=", "24h", "ift_report_deadline"),
    Report("CA", "cdr", "CDR", "casino_disbursement_report_amount", "casinos", "cash_out", ">=", "24h", "threshold_report_deadline"),
    Report("US", "ctr", "CTR", "threshold_report_amount", "currency_reporters", "cash", ">", "day", "threshold_report_deadline"),
    Report("US", "form_8300", "8300", "trade_cash_report_amount", "trade", "cash_in", ">", "known_year", "trade_cash_report_deadline"),
    Report("AU", "ttr", "TTR", "threshold_report_amount", "obliged", "cash", ">=", "single", "threshold_report_deadline"),
    Report("AU", "ifti", "IFTI", "ift_report_amount", "financial_institutions", "wire_abroad", ">=", "any", "ift_report_deadline"),
    Report("NZ", "ptr", "PTR", "threshold_report_amount", "obliged", "cash", ">=", "stated", "threshold_report_deadline"),
    Report("NZ", "ptr_wire", "PTR", "ift_report_amount", "financial_institutions", "wire_abroad", ">=", "single", "ift_report_deadline"),
    Report("IN", "ctr", "CTR", "threshold_report_amount", "financial_institutions", "cash", ">", "month", "threshold_report_deadline"),
    Report("IN", "cbwtr", "CBWTR", "ift_report_amount", "financial_institutions", "wire_abroad", ">", "stated", "ift_report_deadline"),
    Report("EE", "cash", "TR", "threshold_report_amount", "other_than_banks", "cash", ">", "stated", "threshold_report_deadline"),
    Report("FI", "remittance", "TR", "remittance_report_amount", "money_remitters", "any", ">="),
    Report("CL", "roe", "ROE", "threshold_report_amount", sign=">"),
    Report("KR", "ctr", "CTR", "threshold_report_amount", window="day", due="threshold_report_deadline"),
    Report("SG", "ctr", "CTR", "threshold_report_amount", "precious_dealers", "cash_in", ">", "stated", "threshold_report_deadline"),
    Report("MY", "ctr", "CTR", "threshold_report_amount", scope=CASH_BOTH, window="day"),
    Report("PH", "ctr", "CTR", "threshold_report_amount", scope="any", sign=">", window="day", due="threshold_report_deadline"),
    Report("PH", "jewellery", "CTR", "threshold_report_amount_jewellery", "precious_dealers", "any", ">", due="threshold_report_deadline"),
    Report("PH", "real_estate", "CTR", "threshold_report_amount_real_estate", "real_estate_dealers", "cash", ">", due="threshold_report_deadline"),
    Report("PH", "casino", "CTR", "threshold_report_amount_casino", "casinos", "cash", ">", due="threshold_report_deadline"),
    Report("ID", "ltkt", "LTKT", "threshold_report_amount", window="day", due="threshold_report_deadline"),
    Report("ID", "ltkl", "LTKL", "ift_report_amount", scope="wire_abroad", window="any"),
    Report("NG", "individual", "CTR", "threshold_report_amount", scope="any", sign=">", due="threshold_report_deadline", more="type:individual"),
    Report("NG", "corporate", "CTR", "threshold_report_amount_corporate", scope="any", sign=">", due="threshold_report_deadline", more="type:organisation"),
    Report("NG", "abroad", "TR", "ift_report_amount", scope="wire_abroad", sign=">", due="ift_report_deadline"),
    Report("ZA", "ctr_aggregated", "CTR", "threshold_report_amount", "obliged", sign=">", window="day", due="threshold_report_deadline", end="2022-11-14"),
    Report("ZA", "ctr", "CTR", "threshold_report_amount", "obliged", sign=">", window="single", due="threshold_report_deadline", start="2022-11-14"),
    Report("KE", "ctr", "TR", "threshold_report_amount", due="threshold_report_deadline"),
    Report("GH", "ctr", "CTR", "threshold_report_amount", due="threshold_report_deadline"),
    Report("GH", "fx_bureau", "TR", "threshold_report_amount_fx_bureau", "exchange_bureaux"),
    Report("GH", "ectr", "ECTR", "ift_report_amount", "banks", "wire_abroad", ">"),
    Report("CN", "cash", "TR", "threshold_report_amount", window="day", due="threshold_report_deadline"),
    Report("CN", "abroad", "TR", "ift_report_amount", scope="wire_abroad", window="day_transfers", due="threshold_report_deadline", more="type:individual"),
    Report("CN", "transfer_individual", "TR", "domestic_transfer_report_amount", scope="transfer", window="day_transfers", due="threshold_report_deadline", more="type:individual"),
    Report("CN", "transfer_organisation", "TR", "domestic_transfer_report_amount_legal_person", scope="transfer", window="day_transfers", due="threshold_report_deadline", more="type:organisation"),
    Report("VN", "high_value", "TR", "threshold_report_amount", window="day"),
    Report("VN", "transfer", "TR", "domestic_transfer_report_amount", scope="transfer", window="single"),
    Report("VN", "abroad", "TR", "ift_report_amount", scope="wire_abroad", window="single"),
    Report("AE", "dpmsr", "DPMSR", "threshold_report_amount", "precious_dealers", "cash_in"),
    Report("BR", "cash", "TR", "threshold_report_amount", due="threshold_report_deadline"),
    Report("PK", "ctr", "CTR", "threshold_report_amount", due="threshold_report_deadline"),
    Report("TW", "cash", "TR", "threshold_report_amount", due="threshold_report_deadline"),
    Report("TH", "cash", "TR", "threshold_report_amount"),
    Report("TH", "cash_transfer", "TR", "threshold_report_amount_cash_transfer", more="transfer"),
    Report("LK", "cash_and_transfers", "TR", "threshold_report_amount", scope="any", sign=">", due="threshold_report_deadline"),
    Report("NP", "cash", "TR", "threshold_report_amount", sign=">", window="day", due="threshold_report_deadline"),
    Report("BD", "ctr", "CTR", "threshold_report_amount", window="day", due="threshold_report_deadline"),
    Report("KH", "cash", "TR", "threshold_report_amount"),
    Report("UA", "cash", "TR", "threshold_report_amount", due="threshold_report_deadline"),
    Report("GE", "cash", "TR", "threshold_report_amount", sign=">"),
    Report("AM", "transfer", "TR", "threshold_report_amount", scope="transfer"),
    Report("IL", "cash", "TR", "threshold_report_amount", "banks"),
    Report("CO", "cash", "TR", "threshold_report_amount"),
    Report("MX", "relevant", "TR", "threshold_report_amount", due="=first 10 working days of the next quarter"),
    Report("MX", "money_transmitter", "TR", "threshold_report_amount_money_transmitter", "money_services", due="=first 10 working days of the next quarter"),
    Report("PA", "cash", "TR", "threshold_report_amount"),
    Report("CR", "cash", "TR", "threshold_report_amount"),
    Report("DO", "cash", "TR", "threshold_report_amount", window="24h"),
    Report("GT", "rte", "RTE", "threshold_report_amount", sign=">"),
    Report("EC", "cash", "TR", "threshold_report_amount"),
    Report("SV", "cash", "TR", "threshold_report_amount", sign=">"),
    Report("UG", "cash", "TR", "threshold_report_amount"),
    Report("RW", "cash", "TR", "threshold_report_amount"),
    Report("ZM", "cash", "TR", "threshold_report_amount"),
    Report("SN", "cash", "TR", "threshold_report_amount"),
    Report("CM", "cash", "TR", "threshold_report_amount"),
    Report("JM", "cash", "TR", "threshold_report_amount", "banks"),
    Report("FR", "cosi", "COSI", "threshold_report_amount", sign=">", window="month"),
    Report("FR", "cosi_remittance", "COSI", "remittance_report_amount", "money_remitters", "any", ">="),
    Report("IT", "oggettiva", "TR", "threshold_report_amount", window="month", due="threshold_report_deadline"),
    Report("ES", "cash", "TR", "threshold_report_amount", sign=">", due="threshold_report_deadline", more="not_account"),
    Report("ES", "remittance", "TR", "remittance_report_amount", "money_remitters", "cash", ">", due="threshold_report_deadline"),
    Report("BG", "cash", "TR", "threshold_report_amount", "obliged", sign=">", end="2026-01-01"),
    Report("HR", "cash_hrk", "CTR", "threshold_report_amount_hrk", "obliged"),
    Report("HR", "cash", "CTR", "threshold_report_amount_eur", "obliged", due="=3 days"),
    Report("PL", "cash", "TR", "threshold_report_amount", sign=">", due="threshold_report_deadline"),
    Report("RO", "cash", "TR", "threshold_report_amount", "obliged", due="threshold_report_deadline"),
    Report("RO", "remittance", "TR", "remittance_report_amount", "money_remitters", "any", due="threshold_report_deadline"),
    Report("LV", "cash", "TR", "threshold_report_amount", "obliged"),
    Report("LV", "trade", "TR", "trade_cash_report_amount", "trade", "cash", ">", due="=day 15 of the next month", more="type:organisation", authority="nobody read"),
    Report("LT", "cash", "TR", "threshold_report_amount", "obliged", due="=7 working days"),
    Report("SI", "cash", "TR", "threshold_report_amount", "obliged", sign=">", due="=3 working days"),
    Report("RU", "cash", "TR", "threshold_report_amount"),
    Report("KZ", "gambling", "TR", "threshold_report_amount_gambling", "casinos", "any"),
    Report("KZ", "pawnshop", "TR", "threshold_report_amount_pawnshop", "pawnbrokers", "any"),
    Report("JP", "cross_border", "TR", "cross_border_payment_report", "banks", "wire_abroad", ">", authority="Minister of Finance"),
    Report("EU", "cash_deposit", "TR", "eu_cash_payment_limit", "payment_providers", "cash_in", ">", due="=within the term set by the financial intelligence unit"),
    Report("EU", "vehicle", "TR", "eu_threshold_report_high_value_vehicle", "car_dealers", "any"),
    Report("EU", "watercraft", "TR", "eu_threshold_report_watercraft", "watercraft_dealers", "any"),
    Report("EU", "aircraft", "TR", "eu_threshold_report_aircraft", "aircraft_dealers", "any"),
)  # fmt: skip

SUSPICION_CODES = {
    "US": "SAR", "GB": "SAR", "NZ": "SAR", "AU": "SMR", "ID": "LTKM", "CL": "ROS", "PE": "ROS", "MX": "ROI", "FR": "DS", "CH": "STR",
}  # fmt: skip
"""What a suspicion report is called; STR elsewhere."""


@dataclass(frozen=True, slots=True)
class CashLimit:
    """A prohibition of cash from an amount on."""

    place: str
    parameter: str
    sign: str
    name: str = "limit"
    kind: str = ""
    """'' for whoever is bound; business: between businesses; private: between private persons; nonresident: private payers from
    abroad, whom the general limit then spares; goods: certain things only, told by `things`; corporate."""
    things: str = ""
    """Categories of a line, or `immovable_property`, that the limit speaks of."""
    start: str = ""
    end: str = ""
    spares: str = ""
    """nonresident: the general limit leaves private payers from abroad to another one; corporate: leaves organisations."""


CASH_LIMITS = (
    CashLimit("EU", "eu_cash_payment_limit", ">"),
    CashLimit("IN", "cash_payment_limit", ">="),
    CashLimit("CZ", "cash_payment_limit", ">"),
    CashLimit("NO", "cash_payment_limit", ">="),
    CashLimit("GR", "cash_payment_limit", ">="),
    CashLimit("NG", "cash_payment_limit", ">", "individual", spares="corporate"),
    CashLimit("NG", "cash_payment_limit_corporate", ">", "corporate", "corporate"),
    CashLimit("IL", "cash_payment_limit", ">"),
    CashLimit("IL", "cash_payment_limit_private", ">", "private", "private"),
    CashLimit("SN", "cash_payment_limit", ">"),
    *(CashLimit(place, "cash_payment_limit", ">") for place in ("BJ", "BF", "CI", "GW", "ML", "NE", "TG")),
    CashLimit("MU", "cash_payment_limit", ">"),
    CashLimit("KW", "cash_payment_limit", ">", kind="goods", things="jewellery vehicle"),
    CashLimit("DO", "cash_payment_limit_real_estate", ">", "real_estate", "goods", "immovable_property"),
    CashLimit("DO", "cash_payment_limit_vehicles", ">", "vehicles", "goods", "vehicle aircraft vessel"),
    CashLimit("DO", "cash_payment_limit_valuables", ">", "valuables", "goods", "watch jewellery art"),
    CashLimit("DO", "cash_payment_limit_gambling_shares", ">", "gambling_shares", "goods", "gambling shares"),
    CashLimit("NL", "cash_payment_limit", ">="),
    CashLimit("FR", "cash_payment_limit", ">", spares="nonresident"),
    CashLimit("FR", "cash_payment_limit_nonresident", ">", "nonresident", "nonresident"),
    CashLimit("IT", "cash_payment_limit", ">="),
    CashLimit("ES", "cash_payment_limit", ">=", spares="nonresident"),
    CashLimit("ES", "cash_payment_limit_nonresident", ">=", "nonresident", "nonresident"),
    CashLimit("BE", "cash_payment_limit", ">"),
    CashLimit("BG", "cash_payment_limit", ">=", end="2026-01-01"),
    CashLimit("RO", "cash_payment_limit", ">"),
    CashLimit("RO", "cash_payment_limit_business", ">", "business", "business"),
    CashLimit("RO", "cash_payment_limit_private", ">", "private", "private"),
    CashLimit("SK", "cash_payment_limit", ">"),
    CashLimit("SK", "cash_payment_limit_private", ">", "private", "private", end="2023-07-01"),
    CashLimit("SK", "cash_payment_limit_private", ">", "private_2026", "private", start="2026-01-01"),
    CashLimit("LV", "cash_payment_limit", ">"),
    CashLimit("LT", "cash_payment_limit", ">"),
    CashLimit("SI", "cash_payment_limit", ">"),
    CashLimit("SI", "cash_payment_limit_business", ">", "business", "business"),
    CashLimit("MT", "cash_payment_limit", ">", kind="goods", things="immovable_property vehicle vessel jewellery art antiques"),
    CashLimit("HR", "cash_payment_limit_hrk", ">=", "hrk"),
    CashLimit("HR", "cash_payment_limit_eur", ">="),
    CashLimit("PL", "cash_payment_limit", ">", "business", "business"),
    CashLimit("HU", "cash_payment_limit", ">", "business", "business"),
    CashLimit("PT", "cash_payment_limit", ">=", spares="nonresident"),
    CashLimit("PT", "cash_payment_limit_business", ">=", "business", "business"),
    CashLimit("PT", "cash_payment_limit_nonresident", ">=", "nonresident", "nonresident"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Diligence:
    """Due diligence from an amount on."""

    place: str
    parameter: str
    sign: str
    roles: str = "obliged"
    scope: str = "any"
    """any, cash, wire, crypto."""
    occasional: bool = True
    name: str = "occasional"
    start: str = ""
    end: str = ""


DILIGENCE = (
    Diligence("EU", "eu_cdd_occasional_threshold", ">="),
    Diligence("EU", "eu_cdd_occasional_threshold_wire", ">", "payment_providers", "wire", name="wire_before_2027", end="2027-07-10"),
    Diligence("EU", "eu_cdd_occasional_threshold_wire", ">=", "payment_providers", "wire", name="wire", start="2027-07-10"),
    Diligence("EU", "eu_cdd_occasional_threshold_crypto", ">=", "crypto_providers", "crypto", name="crypto"),
    Diligence("EU", "eu_cdd_occasional_threshold_cash", ">=", "obliged", "cash", name="cash"),
    Diligence("EU", "eu_cdd_gambling_threshold", ">=", "casinos", occasional=False, name="gambling"),
    Diligence("CA", "cdd_occasional_threshold_wire", ">=", "financial_institutions", "wire", name="wire"),
    Diligence("CA", "cdd_occasional_threshold_crypto", ">=", "financial_institutions", "crypto", name="crypto"),
    Diligence("CA", "cdd_occasional_threshold_fx", ">=", "exchange_bureaux", name="exchange"),
    Diligence("CA", "crowdfunding_cdd_threshold", ">=", "crowdfunding_platforms", name="crowdfunding"),
    Diligence("CA", "hvd_threshold", ">=", "precious_dealers", occasional=False, name="precious_dealers"),
    Diligence("GB", "cdd_occasional_threshold_eur", ">=", name="occasional_eur"),
    Diligence("GB", "cdd_occasional_threshold_gbp", ">="),
    Diligence("GB", "cdd_occasional_threshold_wire_eur", ">", "payment_providers", "wire", name="wire_eur"),
    Diligence("GB", "cdd_occasional_threshold_wire_gbp", ">", "payment_providers", "wire", name="wire"),
    Diligence("GB", "hvd_threshold_eur", ">=", "dealers", "cash", name="dealers_eur"),
    Diligence("GB", "hvd_threshold_gbp", ">=", "dealers", "cash", name="dealers"),
    Diligence("GB", "cdd_gambling_threshold", ">=", "casinos", occasional=False, name="gambling"),
    Diligence("NZ", "cdd_occasional_threshold", ">=", scope="cash"),
    Diligence("NZ", "cdd_occasional_threshold_wire", ">=", "payment_providers", "wire", name="wire"),
    Diligence("CZ", "identification_threshold", ">", name="identification"),
    Diligence("CZ", "cdd_occasional_threshold", ">="),
    Diligence("CZ", "cdd_occasional_threshold_wire", ">=", "payment_providers", "wire", name="wire"),
    Diligence("CZ", "cdd_gambling_threshold", ">=", "casinos", occasional=False, name="gambling"),
    Diligence("CZ", "hvd_threshold", ">=", "dealers", "cash", False, "dealers"),
    Diligence("EE", "cdd_occasional_threshold", ">="),
    Diligence("EE", "hvd_threshold", ">=", "dealers", "cash", False, "dealers"),
    Diligence("EE", "cdd_gambling_threshold", ">=", "casinos", occasional=False, name="gambling"),
    Diligence("IE", "cdd_occasional_threshold", ">="),
    Diligence("IE", "cdd_occasional_threshold_wire", ">=", "payment_providers", "wire", name="wire"),
    Diligence("IE", "cdd_gambling_threshold", ">=", "casinos", occasional=False, name="gambling"),
    Diligence("IE", "hvd_threshold", ">=", "dealers", "cash", False, "dealers"),
    Diligence("FI", "cdd_occasional_threshold", ">="),
    Diligence("FI", "cdd_occasional_threshold_wire", ">", "payment_providers", "wire", name="wire"),
    Diligence("FI", "hvd_threshold", ">=", "dealers", "cash", False, "dealers"),
    Diligence("FI", "cdd_gambling_threshold", ">=", "casinos", occasional=False, name="gambling"),
    Diligence("SE", "cdd_occasional_threshold", ">="),
    Diligence("SE", "cdd_occasional_threshold_wire", ">", "payment_providers", "wire", name="wire"),
    Diligence("SE", "hvd_threshold", ">=", "dealers", "cash", False, "dealers"),
    Diligence("SE", "cdd_gambling_threshold", ">=", "casinos", occasional=False, name="gambling"),
    Diligence("NO", "cdd_occasional_threshold", ">="),
    Diligence("NO", "cdd_occasional_threshold_wire", ">=", "payment_providers", "wire", name="wire"),
    Diligence("NO", "cdd_gambling_threshold", ">=", "casinos", occasional=False, name="gambling"),
    Diligence("NO", "hvd_threshold", ">=", "art_dealers", "cash", False, "art_dealers"),
    Diligence("DE", "cdd_occasional_threshold", ">="),
    Diligence("DE", "cdd_occasional_threshold_wire", ">=", "payment_providers", "wire", name="wire"),
    Diligence("DE", "cdd_occasional_threshold_crypto", ">=", "crypto_providers", "crypto", name="crypto"),
    Diligence("DE", "cdd_gambling_threshold", ">=", "casinos", occasional=False, name="gambling"),
    Diligence("DE", "hvd_threshold", ">=", "dealers", "cash", False, "dealers"),
    Diligence("DE", "hvd_threshold_precious_metals", ">=", "precious_dealers", "cash", False, "precious_metals"),
    Diligence("DE", "hvd_threshold_art", ">=", "art_dealers", "any", False, "art"),
    Diligence("GR", "cdd_occasional_threshold", ">="),
    Diligence("PE", "cdd_occasional_threshold_wire", ">=", "payment_providers", "wire", name="wire"),
    Diligence("PE", "hvd_threshold", ">=", "precious_dealers", "any", False, "valuables"),
    Diligence("PE", "hvd_threshold_vehicles", ">=", "car_dealers", "any", False, "vehicles"),
    Diligence("CH", "hvd_threshold", ">", "dealers", "cash", False, "dealers"),
    Diligence("CH", "cdd_occasional_threshold", ">", "financial_institutions", "cash"),
    Diligence("CH", "cdd_occasional_threshold_crypto", ">=", "crypto_providers", "crypto", name="crypto"),
    Diligence("JP", "cdd_occasional_threshold_cash", ">", scope="cash"),
    Diligence("JP", "cdd_occasional_threshold_wire", ">", scope="cash_transfer", name="cash_transfer"),
    Diligence("JP", "cdd_occasional_threshold_crypto", ">", "crypto_providers", "crypto", name="crypto"),
    Diligence("SG", "cdd_occasional_threshold_crypto", ">=", "crypto_providers", "crypto", name="crypto"),
    Diligence("SG", "cdd_occasional_threshold", ">", "banks"),
    Diligence("HK", "cdd_occasional_threshold", ">="),
    Diligence("HK", "cdd_occasional_threshold_wire", ">=", "payment_providers", "wire", name="wire"),
    Diligence("HK", "dpms_threshold", ">=", "precious_dealers", "cash", False, "precious_dealers"),
    Diligence("ZA", "cdd_single_transaction_threshold", ">="),
    Diligence("TR", "cdd_occasional_threshold", ">="),
    Diligence("TR", "cdd_occasional_threshold_wire", ">=", "payment_providers", "wire", name="wire"),
    Diligence("CN", "cdd_occasional_threshold_cash", ">", scope="cash"),
    Diligence("AE", "cdd_occasional_threshold", ">="),
    Diligence("TW", "cdd_occasional_threshold", ">"),
    Diligence("UA", "cdd_occasional_threshold_wire", ">=", "payment_providers", "wire", name="wire"),
    Diligence("MA", "cdd_occasional_threshold", ">="),
    Diligence("BS", "cdd_occasional_threshold", ">="),
    Diligence("NL", "hvd_threshold", ">", "dealers", "cash", False, "dealers"),
    Diligence("SK", "hvd_threshold", ">=", "dealers", "cash", False, "dealers"),
    Diligence("SK", "cdd_occasional_threshold", ">="),
    Diligence("SK", "cdd_occasional_threshold_wire", ">=", "payment_providers", "wire", name="wire"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Travel:
    """Data that go with a transfer from an amount on, or with every one."""

    place: str
    name: str
    parameter: str
    sign: str
    """`any` for every amount; `>`, `>=`; `<`, `<=` where the law wants less below."""
    scope: str
    """wire, wire_abroad, crypto, crypto_abroad."""
    needs: tuple[str, ...]
    on_request: tuple[str, ...] = ()
    start: str = ""
    end: str = ""


PAYEE_ACCOUNT = "payee.account | payee.id | reference"
"""The beneficiary's account, or what stands for it at the caller: a customer's number, a unique reference of the transfer."""
FROM_WALLET = "crypto.originator_wallet | payment.account | reference"
TO_WALLET = "crypto.beneficiary_wallet | payee.account | payee.id | reference"
WIRE_ACCOUNT = "payment.account.iban | payment.account.alias | payer.account"
WHO = "payer.address | payer.national_ids | payer.date_of_birth + payer.place_of_birth"
UNION_WHO = "payer.address + payer.national_ids + payer.id | payer.date_of_birth + payer.place_of_birth"
FULL = ("payer.name", WIRE_ACCOUNT, WHO, "payee.name", PAYEE_ACCOUNT)
NAMES = ("payer.name", WIRE_ACCOUNT, "payee.name", PAYEE_ACCOUNT)
UNION_FULL = ("payer.name", WIRE_ACCOUNT, UNION_WHO, "payee.name", PAYEE_ACCOUNT)
ACCOUNTS = (WIRE_ACCOUNT, PAYEE_ACCOUNT)
ADDRESSES = ("payer.name", WIRE_ACCOUNT, "payer.address", "payee.name", PAYEE_ACCOUNT, "payee.address")
US_FULL = ("payer.name", WIRE_ACCOUNT, "payer.address")
CRYPTO = ("payer.name", FROM_WALLET, WHO, "payee.name", TO_WALLET)
CRYPTO_NAMES = ("payer.name", FROM_WALLET, "payee.name", TO_WALLET)
UNION_CRYPTO = ("payer.name", FROM_WALLET, UNION_WHO, "payee.name", TO_WALLET)
US_CRYPTO = ("payer.name", FROM_WALLET, "payer.address")
CA_CRYPTO = (
    "payer.name", FROM_WALLET, "payer.address", "payee.name", TO_WALLET, "payee.address",
)  # fmt: skip

TRAVEL = (
    Travel("CA", "eft", "travel_rule_wire_threshold", "any", "wire_abroad", ADDRESSES),
    Travel("CA", "crypto", "travel_rule_va_threshold", ">=", "crypto", CA_CRYPTO),
    Travel("US", "funds", "travel_rule_wire_threshold", ">=", "wire", US_FULL),
    Travel("US", "crypto", "travel_rule_va_threshold", ">=", "crypto", US_CRYPTO),
    Travel("GB", "crypto", "travel_rule_va_threshold", ">=", "crypto_abroad", CRYPTO),
    Travel("GB", "crypto_reduced", "travel_rule_va_threshold", "any", "crypto", CRYPTO_NAMES),
    Travel("AU", "funds", "travel_rule_wire_threshold", "any", "wire", FULL),
    Travel("AU", "crypto", "travel_rule_va_threshold", "any", "crypto", CRYPTO),
    Travel("IN", "crypto", "travel_rule_va_threshold", "any", "crypto", CRYPTO),
    Travel("CH", "crypto", "travel_rule_va_threshold", "any", "crypto", CRYPTO),
    Travel("KR", "crypto", "travel_rule_va_threshold", ">=", "crypto", CRYPTO_NAMES),
    Travel("JP", "crypto", "travel_rule_va_threshold", "any", "crypto", CRYPTO),
    Travel("SG", "crypto", "travel_rule_va_threshold", ">", "crypto", CRYPTO),
    Travel("SG", "crypto_reduced", "travel_rule_va_threshold", "any", "crypto", CRYPTO_NAMES),
    Travel("SG", "funds", "travel_rule_wire_threshold", ">", "wire_abroad", FULL),
    Travel("HK", "crypto", "travel_rule_va_threshold", ">=", "crypto", CRYPTO),
    Travel("HK", "crypto_reduced", "travel_rule_va_threshold", "any", "crypto", CRYPTO_NAMES),
    Travel("HK", "funds", "travel_rule_wire_threshold", ">=", "wire", FULL),
    Travel("MY", "funds", "travel_rule_wire_threshold", ">=", "wire", FULL),
    Travel("ZA", "crypto", "travel_rule_va_threshold", "any", "crypto", CRYPTO),
    Travel("TR", "crypto", "travel_rule_va_threshold", ">", "crypto", CRYPTO),
    Travel("AE", "funds", "travel_rule_wire_threshold", ">=", "wire", FULL),
)  # fmt: skip

RETENTION_MOST = {"DE": 10, "SE": 10, "IE": 10, "UY": 10, "EU": 10}
"""The longest that records may be kept, where the law of the row says so."""
