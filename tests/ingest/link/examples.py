"""Publications in the manner of regulators, each with the target that it would change, and what a reader finds in it."""

from __future__ import annotations

from datetime import date

from ingest.read.model import ChangeType, Dated, DateRole, Pair, Reading, Status, Topic, Unit
from tests.ingest.made import amounts, pair, quantity, rates, reading, span


def tax(text: str, place: tuple[str, str], pairs: list[Pair], day: tuple[str, date], **more: object) -> Reading:
    return reading(text, topic=Topic.TAX, change=ChangeType.RATE, places=[place], pairs=pairs, applies=day, **more)  # type: ignore[arg-type]


def estonia() -> Reading:
    text = (
        "Value added tax from July 2027\nThe Riigikogu adopted the act. The standard rate of VAT in Estonia rises from 24% to 26%"
        " from 1 July 2027. The reduced rate for books remains at 9%."
    )
    return tax(text, ("Estonia", "EE"), [rates(text, "24%", "26%")], ("1 July 2027", date(2027, 7, 1)))


def estonian_hotels() -> Reading:
    text = (
        "Accommodation\nThe reduced rate of VAT on accommodation in Estonia rises from 13% to 15% from 1 January 2027;"
        " nothing else changes."
    )
    return tax(text, ("Estonia", "EE"), [rates(text, "13%", "15%")], ("1 January 2027", date(2027, 1, 1)))


def germany() -> Reading:
    text = (
        "Umsatzsteuer\nDer Bundestag hat beschlossen, den Regelsteuersatz der Umsatzsteuer in Deutschland ab dem"
        " 1. Januar 2027 von 19 % auf 20 % anzuheben."
    )
    day = ("1. Januar 2027", date(2027, 1, 1))
    return tax(text, ("Deutschland", "DE"), [rates(text, "19 %", "20 %")], day, language="de")


def south_africa() -> Reading:
    text = "Rates bill enacted\nThe VAT rate in South Africa increases from 15% to 15.5% with effect from 1 May 2027"
    return tax(text, ("South Africa", "ZA"), [rates(text, "15%", "15.5%")], ("1 May 2027", date(2027, 5, 1)))


def spain_cash() -> Reading:
    text = (
        "Pagos en efectivo\nLa limitación de pagos en efectivo en España pasa de 1.000 euros a 800 euros a partir del"
        " 1 de marzo de 2027."
    )
    return reading(
        text, topic=Topic.AML, change=ChangeType.THRESHOLD, places=[("España", "ES")], language="es",
        pairs=[amounts(text, ("1.000 euros", "1000"), ("800 euros", "800"), "EUR")],
        applies=("1 de marzo de 2027", date(2027, 3, 1)),
    )  # fmt: skip


def france_cash() -> Reading:
    text = (
        "Espèces\nLe plafond de paiement en espèces en France est abaissé de 1 000 euros à 500 euros à compter du"
        " 1er janvier 2027."
    )
    return reading(
        text, topic=Topic.AML, change=ChangeType.THRESHOLD, places=[("France", "FR")], language="fr",
        pairs=[amounts(text, ("1 000 euros", "1000"), ("500 euros", "500"), "EUR")],
        applies=("1er janvier 2027", date(2027, 1, 1)),
    )  # fmt: skip


def germany_occasional() -> Reading:
    text = (
        "Geldwäschegesetz\nDie Schwelle für gelegentliche Transaktionen außerhalb einer Geschäftsbeziehung nach § 10 GwG sinkt"
        " in Deutschland von 15.000 Euro auf 10.000 Euro ab dem 10. Juli 2027."
    )
    return reading(
        text, topic=Topic.AML, change=ChangeType.THRESHOLD, places=[("Deutschland", "DE")], language="de",
        pairs=[amounts(text, ("15.000 Euro", "15000"), ("10.000 Euro", "10000"), "EUR")],
        applies=("10. Juli 2027", date(2027, 7, 10)), instruments=[("GwG", "GwG", "§ 10")],
    )  # fmt: skip


def contactless() -> Reading:
    text = (
        "Amended technical standards\nArticle 11 of Delegated Regulation (EU) 2018/389 is amended in the EU: the limit for a"
        " single contactless payment at the point of sale rises from EUR 50 to EUR 60 as of 1 March 2027."
    )
    return reading(
        text, topic=Topic.SCA, change=ChangeType.THRESHOLD, places=[("EU", "EU")],
        pairs=[amounts(text, ("EUR 50", "50"), ("EUR 60", "60"), "EUR")], applies=("1 March 2027", date(2027, 3, 1)),
        instruments=[("Delegated Regulation (EU) 2018/389", "Delegated Regulation (EU) 2018/389", "Art. 11")],
    )  # fmt: skip


def low_value_britain() -> Reading:
    text = (
        "FCA policy statement\nThe FCA raises the exemption for low-value remote payments in the United Kingdom from GBP 25 to"
        " GBP 35 per single transaction from 1 April 2027."
    )
    return reading(
        text, topic=Topic.SCA, change=ChangeType.THRESHOLD, places=[("United Kingdom", "GB")],
        pairs=[amounts(text, ("GBP 25", "25"), ("GBP 35", "35"), "GBP")], applies=("1 April 2027", date(2027, 4, 1)),
    )  # fmt: skip


def account_information() -> Reading:
    text = (
        "Account information\nIn the EU payment service providers must renew strong customer authentication for account access"
        " every 365 days instead of every 180 days from 1 June 2027."
    )
    days = pair(text, quantity(text, "180 days", "180", Unit.DAYS), quantity(text, "365 days", "365", Unit.DAYS))
    return reading(
        text, topic=Topic.SCA, change=ChangeType.THRESHOLD, places=[("EU", "EU")], pairs=[days],
        applies=("1 June 2027", date(2027, 6, 1)),
    )  # fmt: skip


def barcodes_china() -> Reading:
    text = "条码支付\n中国人民银行:静态条码支付单日累计交易限额由500元提高至1000元,自2027年1月1日起施行。"
    return reading(
        text, topic=Topic.METHODS, change=ChangeType.THRESHOLD, places=[("中国", "CN")], language="zh",
        pairs=[amounts(text, ("500元", "500"), ("1000元", "1000"), "CNY")], applies=("2027年1月1日", date(2027, 1, 1)),
    )  # fmt: skip


def vietnam() -> Reading:
    text = "Thuế GTGT\nThuế suất thuế GTGT tại Việt Nam giảm từ 10% xuống 8% từ ngày 1/1/2027."
    return tax(text, ("Việt Nam", "VN"), [rates(text, "10%", "8%")], ("1/1/2027", date(2027, 1, 1)), language="vi")


def retention_germany() -> Reading:
    text = (
        "Record keeping\nIn Germany records of customer due diligence must be kept for 7 years instead of 5 years"
        " from 1 January 2028."
    )
    years = pair(text, quantity(text, "5 years", "5", Unit.YEARS), quantity(text, "7 years", "7", Unit.YEARS))
    return reading(
        text, topic=Topic.AML, change=ChangeType.THRESHOLD, places=[("Germany", "DE")], pairs=[years],
        applies=("1 January 2028", date(2028, 1, 1)),
    )  # fmt: skip


def travel_rule_britain() -> Reading:
    text = (
        "Travel rule\nThe threshold of the travel rule for crypto-asset transfers in the United Kingdom falls from EUR 1,000 to"
        " EUR 500 on 1 September 2027."
    )
    return reading(
        text, topic=Topic.AML, change=ChangeType.THRESHOLD, places=[("United Kingdom", "GB")],
        pairs=[amounts(text, ("EUR 1,000", "1000"), ("EUR 500", "500"), "EUR")],
        applies=("1 September 2027", date(2027, 9, 1)),
    )  # fmt: skip


def report_united_states() -> Reading:
    text = (
        "Currency transaction reports\nThe reporting threshold for currency transaction reports in the United States rises from"
        " USD 10,000 to USD 20,000 on 1 October 2027."
    )
    return reading(
        text, topic=Topic.AML, change=ChangeType.THRESHOLD, places=[("United States", "US")],
        pairs=[amounts(text, ("USD 10,000", "10000"), ("USD 20,000", "20000"), "USD")],
        applies=("1 October 2027", date(2027, 10, 1)),
    )  # fmt: skip


def fatf() -> Reading:
    text = (
        "Outcomes of the plenary\nThe FATF added Rwanda and Uganda to its list of jurisdictions under increased monitoring."
        " Vietnam and Bolivia were removed from the grey list. Paris, 19 February 2027."
    )
    return reading(
        text, topic=Topic.AML, change=ChangeType.LIST, places=[("Rwanda", "RW"), ("Uganda", "UG"), ("Vietnam", "VN")],
        regulators=[("FATF", "FATF")], status=Status.IN_FORCE,
        dates=[Dated(span(text, "19 February 2027"), date(2027, 2, 19), DateRole.ADOPTED)],
    )  # fmt: skip


def high_risk_union() -> Reading:
    text = (
        "High-risk third countries\nDelegated Regulation (EU) 2016/1675 of the EU is amended: Rwanda is added to the list of"
        " high-risk third countries from 15 June 2027."
    )
    return reading(
        text, topic=Topic.AML, change=ChangeType.LIST, places=[("EU", "EU"), ("Rwanda", "RW")],
        applies=("15 June 2027", date(2027, 6, 15)),
        instruments=[("Delegated Regulation (EU) 2016/1675", "Delegated Regulation (EU) 2016/1675", "")],
    )  # fmt: skip


def adequacy() -> Reading:
    text = (
        "Adequacy decision\nThe European Commission has adopted an adequacy decision: Kenya is included among the countries with"
        " an adequate level of protection from 1 July 2027."
    )
    return reading(
        text, topic=Topic.RESIDENCY, change=ChangeType.LIST, places=[("European Commission", "EU"), ("Kenya", "KE")],
        applies=("1 July 2027", date(2027, 7, 1)),
    )  # fmt: skip


def localisation_kenya() -> Reading:
    text = (
        "Directive on payment data\nThe Central Bank of Kenya directs that payment transaction data must be stored only in Kenya."
        " The data localisation duty applies from 1 January 2028."
    )
    return reading(
        text, topic=Topic.RESIDENCY, change=ChangeType.DUTY, places=[("Kenya", "KE")],
        applies=("1 January 2028", date(2028, 1, 1)),
    )  # fmt: skip


def localisation_nigeria() -> Reading:
    text = (
        "Deadline moved\nThe start of the data localisation duty for payment transaction data in Nigeria is moved from"
        " 1 January 2027 to 1 July 2027."
    )
    return reading(
        text, topic=Topic.RESIDENCY, change=ChangeType.DATE, places=[("Nigeria", "NG")],
        applies=("1 July 2027", date(2027, 7, 1)), status=Status.IN_FORCE_SCHEDULED,
        dates=[Dated(span(text, "1 January 2027"), date(2027, 1, 1), DateRole.MENTIONED)],
    )  # fmt: skip


WANTED = {
    "EE/tax/standard.2025": estonia,
    "EE/tax/hotel.2025": estonian_hotels,
    "DE/tax/standard.2021": germany,
    "ZA/tax/standard.2018": south_africa,
    "ES/aml/cash_payment_limit": spain_cash,
    "FR/aml/cash_payment_limit": france_cash,
    "DE/aml/cdd_occasional_threshold": germany_occasional,
    "EEA/sca/contactless_single_max": contactless,
    "GB/sca/low_value_single_max": low_value_britain,
    "EEA/sca/account_info_sca_renewal": account_information,
    "CN/methods/barcode_static_daily_max": barcodes_china,
    "VN/tax/standard.2027": vietnam,
    "DE/aml/retention_years": retention_germany,
    "GB/aml/travel_rule_va_threshold": travel_rule_britain,
    "US/aml/threshold_report_amount": report_united_states,
    "FATF-GREY/aml/members": fatf,
    "HIGH-RISK-EU/aml/members": high_risk_union,
    "ADEQUACY-EU/residency/members": adequacy,
    "KE/residency/localisation_general": localisation_kenya,
    "NG/residency/localisation_payment_data": localisation_nigeria,
}
