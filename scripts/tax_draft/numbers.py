"""Numbers that only the procedure states, with its mark: [V] read is A, [S] secondary is C, [K] and unmarked is recalled, R."""

from __future__ import annotations

from scripts.tax_draft.draft import RECALLED, Draft, Entry, quoted
from scripts.tax_draft.facts import UNREAD

VAT = "Directive 2006/112/EC"
IR = "Implementing Regulation (EU) No 282/2011"

# place, name, type, unit, ((from, value), ...), confidence, instrument, provision, label, note
ROWS: tuple[tuple[str, str, str, str, tuple[tuple[str, str], ...], str, str, str, str, str], ...] = (
    ("EU", "distance_sales_threshold_rate_date", "date", "", (("2021-07-01", "2017-12-05"),), "A", VAT, "Art. 59c(5)",
     "day whose ECB rate converts the threshold of 10,000", "adoption of Directive (EU) 2017/2455"),
    ("EU", "distance_sales_option_years", "int", "years", (("2021-07-01", "2"),), "A", VAT, "Art. 59c(3)",
     "calendar years for which taxation at destination binds once chosen", ""),
    ("EU", "evidence_rebuttal_items", "int", "items", (("2015-01-01", "3"),), "A", IR, "Art. 24d",
     "non-contradictory items that overturn a presumption of place", ""),
    ("EU", "vehicle_hire_days", "int", "days", ((UNREAD, "30"),), "A", VAT, "Art. 56(1), (3)",
     "longest hire of a vehicle that is taxed where it is put at disposal", ""),
    ("EU", "vessel_hire_days", "int", "days", ((UNREAD, "90"),), "A", VAT, "Art. 56(3)",
     "longest hire of a vessel that is taxed where it is put at disposal", ""),
    ("EU", "reduced_rate_minimum", "decimal", "percent", ((UNREAD, "5"),), "A", VAT, "Art. 98(1)", "lowest reduced rate but one", ""),
    ("EU", "ioss_return_deadline", "token", "", (("2021-07-01", "end_of_following_month"),), "A", VAT, "Art. 369s", "", ""),
    ("EU", "ioss_exchange_rate", "token", "", (("2021-07-01", "ecb_last_day_of_return_period"),), "A", VAT, "Art. 369u",
     "or the next day of publication if none that day", ""),
    ("EU", "invoice_exchange_rate", "token", "", ((UNREAD, "latest_selling_or_ecb_when_due"),), "A", VAT, "Art. 91(2), 230",
     "the latest selling rate of the state's market, or the ECB's, when tax becomes due", ""),
    ("EU", "ioss_evidence_of_number", "token", "", (("2021-07-01", "by_the_import_declaration"),), "A", VAT, "Art. 143(1)(ca)",
     "the import is exempt once the IOSS number is given to customs", ""),
    ("EU", "import_vat_exchange_rate", "token", "", ((UNREAD, "customs"),), "R", VAT, "Art. 91(1)",
     "customs thresholds are converted as customs does", ""),
    ("EU", "zero_rates_points_max", "int", "count", (("2022-04-06", "7"),), "A", VAT, "Art. 98(2)",
     "points of Annex III that the lower rate and the exemption may cover", ""),
    ("GB", "invoice_exchange_rate", "token", "", ((UNREAD, "hmrc_period_or_market"),), "R", "", "",
     "HMRC's rate of the period or the market rate", ""),
    ("GB", "services_evidence_items_required", "int", "items", (("2021-01-01", "2"),), "R", "VATA 1994", "Sch. 4A para 15",
     "items of evidence of where a consumer of digital services belongs", ""),
    ("NO", "voec_excludes", "tokens", "", (("2020-04-01", "[food, excise, restricted]"),), "A", "", "",
     "goods outside the scheme", "Skatteetaten, Norwegian Customs"),
    ("CH", "mail_order_turnover_threshold", "money", "CHF", (("2019-01-01", "100000"),), "C", "MWSTG", "Art. 7(3)(b)",
     "turnover of small consignments (import tax of CHF 5 or less) from which they are supplied in Switzerland", ""),
    ("AU", "registration_threshold", "money", "AUD", ((UNREAD, "75000"),), "A", "", "", "turnover in 12 months", ""),
    ("NZ", "registration_threshold", "money", "NZD", ((UNREAD, "60000"),), "A", "", "", "turnover in 12 months", ""),
    ("NZ", "residence_items_required", "int", "items", (("2016-10-01", "2"),), "R", "Goods and Services Tax Act 1985", "s 8B",
     "items of evidence of residence", ""),
    ("NZ", "invoice_exchange_rate", "token", "", ((UNREAD, "day_of_sale_or_agreed"),), "A", "", "",
     "foreign prices convert at a fair rate of the day or period", ""),
    ("AU", "invoice_exchange_rate", "token", "", ((UNREAD, "day_of_sale_or_agreed"),), "R", "", "", "", ""),
    ("SG", "worldwide_turnover_threshold", "money", "SGD", (("2020-01-01", "1000000"),), "R", "Goods and Services Tax Act 1993",
     "Seventh Schedule", "worldwide turnover above which a vendor abroad registers, with its supplies to Singapore", ""),
    ("KR", "invoice_exchange_rate", "token", "", ((UNREAD, "last_day_of_period"),), "R", "", "", "VAT Act Art. 53-2, Decree", ""),
    ("MY", "low_value_goods_seller_threshold", "money", "MYR", (("2024-01-01", "500000"),), "R", "Sales Tax (Amendment) Act 2022",
     "", "sales of low-value goods in 12 months from which a seller registers", ""),
    ("ZA", "electronic_services_indicators_required", "int", "items", (("2014-06-01", "2"),), "C", "", "",
     "of three: resident, South African bank, South African address", "VAT Act s 1 \"enterprise\" (b)(vi)"),
    ("IN", "oidar_indicators_required", "int", "items", (("2017-07-01", "2"),), "R", "IGST Act 2017", "s 13(12)",
     "non-contradictory of seven indicators of the recipient's place", ""),
    ("CA", "residence_items_required", "int", "items", (("2021-07-01", "2"),), "R", "Excise Tax Act", "ss 211.1 to 211.25",
     "non-contradictory indicators of residence", ""),
    ("US", "certificate_grace_days", "int", "days", ((UNREAD, "90"),), "R", "Streamlined Sales and Use Tax Agreement", "s. 317",
     "days after the sale in which a missing certificate may still come", ""),
    ("SG", "nonresident_services_scope", "token", "", (("2020-01-01", "digital"), ("2023-01-01", "remote")), "C", "", "",
     "services of vendors abroad that are taxed: digital ones, or all that are performed at a distance", ""),
    ("NO", "nonresident_services_scope", "token", "", (("2011-07-01", "digital"), ("2023-01-01", "remote")), "C", "", "",
     "services of sellers abroad that are taxed: digital ones, or all that can be delivered at a distance", "mval. s 3-30"),
    ("ZA", "digital_vendors_only_exempt", "bool", "", (("2025-04-01", "true"),), "C", "", "",
     "no duty for a supplier all of whose customers in South Africa are VAT vendors", "Regulation 5993"),
    ("BO", "rate_on_inclusive_price", "bool", "", ((UNREAD, "true"),), "R", "", "",
     "the rate is taken of the price that includes the tax: 13 is 14.94 of the net price", ""),
    ("BR", "icms_iss_remaining_share", "decimal", "",
     (("2029-01-01", "0.9"), ("2030-01-01", "0.8"), ("2031-01-01", "0.7"), ("2032-01-01", "0.6"), ("2033-01-01", "0")), "B",
     "EC 132/2023", "ADCT Art. 128", "part of the rates of ICMS and ISS that remains", ""),
)  # fmt: skip

WINDOWS = {
    "12 months": "twelve_months",
    "12 months worldwide turnover": "twelve_months_worldwide",
    "12 months, and worldwide turnover above SGD 1000000": "twelve_months",
    "simplified and regular GST/HST for non-residents, 12 months, Canadian consumers": "twelve_months",
    "non-resident sellers of software, telecommunications and goods, 12 months": "twelve_months",
    "specified QST system, 12 months, Quebec consumers": "twelve_months",
    "base period (year before last)": "base_period",
    "calendar year": "calendar_year",
    "3 months": "three_months",
}
"""What the sales are counted over, from the words of a threshold's row."""


def extra_numbers(draft: Draft) -> None:
    """The parameters of the procedure that the table of facts lacks."""
    for place, name, kind, unit, values, grade, instrument, provision, label, note in ROWS:
        if place != draft.place:
            continue
        cite = (draft.source(instrument), provision) if instrument else (RECALLED, "")
        for start, value in values:
            written = value if kind in ("int", "bool", "tokens") else quoted(value)
            draft.set(name, kind, Entry(start, written, grade, cite, "", note), unit=unit, label=label)
