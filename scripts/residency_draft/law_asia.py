"""Law that was written by hand: India, China, Russia and their neighbours, the Gulf, Turkey."""

from __future__ import annotations

from scripts.residency_draft.law_general import FINANCIAL, KEEPS, PAID
from scripts.residency_draft.rule import (
    HELD,
    Part,
    Rule,
    abroad,
    actions,
    classes,
    deny,
    flag,
    local_copy,
    mechanism,
    none_of,
    oblige,
    one_of,
    roles,
    with_permit,
)

RBI = "RBI circular DPSS.CO.OD No. 2785/06.08.005/2017-18"
RBI_FAQ = "RBI FAQ, Storage of Payment System Data"
RBI_URL = "https://website.rbi.org.in/web/rbi/faq-page-2"
CROSS = one_of("transaction", "cross_border", other="domestic")
DOMESTIC = one_of("transaction", "domestic", other="cross_border")
PERSONAL = ("identifiers", "contact", "payment_credential", "transaction_record", "kyc_document", "biometric")


def india() -> list[Rule]:
    """Payment data in India alone; card numbers with issuers and networks alone."""
    paid = classes(*PAID)
    return [
        Rule(
            "in.foreign_leg", "of a cross-border payment a copy of the domestic leg may also be kept abroad",
            (paid, KEEPS, abroad("IN"), CROSS), local_copy("rbi", "IN"), RBI_FAQ, "FAQ 2019-06-26", "B", "2019-06-26",
            url=RBI_URL,
        ),
        Rule(
            "in.payment_data", "payment system data are stored in India only",
            (paid, KEEPS, abroad("IN")), deny("rbi", "place"), RBI, "para 2", "A", "2018-10-15", url=RBI_URL,
            unless=("in.foreign_leg",), clear={"transaction": "domestic"}, excepted=({"transaction": "cross_border"},),
            reading=("whoever takes part in the payment, merchants included, as the FAQ speaks of the whole ecosystem",
                     "system operators, banks and their vendors only"),
        ),
        Rule(
            "in.processing_abroad", "processing abroad: deleted there and back within 24 hours or a business day",
            (paid, actions("process", "transfer"), abroad("IN"),
             Part('(data.clock.hours_abroad > payment_data_return_deadline or '
                  'coalesce(data.clock.business_days_abroad, decimal("0")) > 1)',
                  ({"clock.hours_abroad": "24.01"}, {"clock.hours_abroad": "20", "clock.business_days_abroad": "1.01"}),
                  ({"clock.hours_abroad": "24"}, {"clock.hours_abroad": "23.99", "clock.business_days_abroad": "1"}))),
            deny("rbi", "place"), RBI_FAQ, "FAQ 2019-06-26", "B", "2019-06-26", url=RBI_URL,
        ),
        Rule(
            "in.delete_abroad", "what is processed abroad is deleted there and brought back",
            (paid, actions("process", "transfer"), abroad("IN")), oblige("delete_abroad", "processor", "PT24H"),
            RBI_FAQ, "FAQ 2019-06-26", "B", "2019-06-26", url=RBI_URL,
        ),
        Rule(
            "in.guest_checkout", "a guest's card number until four days after the transaction",
            (one_of("purpose", "guest_checkout", other="one_click"), roles("merchant", "aggregator"),
             Part("data.clock.days_since_transaction <= card_on_file_guest_checkout_max", ({"clock.days_since_transaction": "4"},),
                  ({"clock.days_since_transaction": "4.01"},))),
            "{flag: guest_checkout}", "RBI circular of 2022-07-28", "para 3", "B", "2022-10-01",
            url="https://updates.manupatra.com/roundup/contentsummary.aspx?iid=39761",
        ),
        Rule(
            "in.card_on_file", "nobody in the card chain but issuer and network keeps card numbers",
            (classes("payment_credential"), KEEPS, one_of("data_form", "plain_pan", "encrypted_pan", other="network_token"),
             none_of("actor_role", "issuer", "card_network", other="merchant")),
            deny("rbi_card_on_file", "form"), "RBI circular of 2022-07-28", "para 2", "A", "2022-10-01",
            unless=("in.guest_checkout",), clear={"purpose": "one_click"},
            excepted=({"purpose": "guest_checkout", "clock.days_since_transaction": "4"},),
            url="https://updates.manupatra.com/roundup/contentsummary.aspx?iid=39761",
        ),
        *with_permit(Rule(
            "in.foreign_authority", "payment data to a foreign authority need the central bank's approval",
            (paid, one_of("recipient", "foreign_authority", other="processor"), abroad("IN", "US")),
            deny("rbi", "mechanism_missing", lifted_by=("permit",)), RBI_FAQ, "FAQ 2019-06-26", "B", "2019-06-26", url=RBI_URL,
        )),
        Rule(
            "in.books", "a daily back-up of electronic books is kept in India",
            (classes("accounting_record"), actions("store"), abroad("IN")), local_copy("companies_accounts", "IN"),
            "Companies (Accounts) Rules 2014", "Rule 3(5)", "B", "2022-08-05",
        ),
    ]  # fmt: skip


LAWS = "https://github.com/LawRefBook/Laws"
NBPI = "Regulations on Supervision of Non-bank Payment Institutions"
EXPORT = "Provisions on Promoting and Regulating Cross-border Data Flows"
EXPORT_URL = (
    "https://wilmerhale.com/insights/client-alerts/20240326-china-finalizes-rules-to-ease-data-export-compliance-burden"
)
SENSITIVE = (
    "payment_credential",
    "transaction_record",
    "biometric",
    "kyc_document",
    "aml_record",
    "sensitive_auth_data",
)
PLAIN = ("identifiers", "contact", "accounting_record")
OUT = abroad("CN", "US")
ASSESSED = (
    one_of("mechanism.kind", "security_assessment", other="none"),
    flag("mechanism.approved"),
)
NOT_ASSESSED = {"mechanism.kind": "none"}
PASSED = {"mechanism.kind": "security_assessment", "mechanism.approved": True}
CIIO = one_of("actor_role", "ciio", other="merchant")


def china() -> list[Rule]:
    """Payment institutions inside; for the rest counters of persons."""

    def assessed(
        identity: str,
        title: str,
        parts: tuple[Part, ...],
        instrument: str,
        at: str,
        confidence: str,
        start: str,
        end: str | None = None,
        contract: bool = True,
    ) -> Rule:
        more = ("cn.contract",) if contract else ()
        return Rule(
            identity, title, parts, deny("pipl", "mechanism_missing", lifted_by=("security_assessment",)), instrument, at,
            confidence, start, end, unless=("cn.assessed", *more), url=EXPORT_URL,
            clear={**NOT_ASSESSED, **({"purpose": "analytics"} if contract else {})},
            excepted=(PASSED, *(({"purpose": "contract"},) if contract and start >= "2024-03-22" else ())),
        )  # fmt: skip

    def counted(parameter: str, name: str, limit: int) -> Part:
        return Part(f"data.volumes.{name} >= {parameter}", ({f"volumes.{name}": limit}, {f"volumes.{name}": limit + 1}),
                    ({f"volumes.{name}": limit - 1},))  # fmt: skip

    npi = roles("payment_institution", "emoney")
    return [
        Rule("cn.assessed", "the security assessment was passed", ASSESSED,
             "{flag: assessed}", "Personal Information Protection Law", "Art. 40", "A", "2021-11-01",
             url=LAWS),
        Rule("cn.contract", "needed for a contract with the person: cross-border purchase, payment, booking",
             (one_of("purpose", "contract", "purchase", "payment", "bank_transfer", other="analytics"),
              classes("transaction_record", "payment_credential", "identifiers", "contact")),
             "{allow: contract}", EXPORT, "Art. 5", "B", "2024-03-22", url=EXPORT_URL,
             note="repeated as a ground of its own in the Network Data Regulations Art. 35(4)"),
        Rule("cn.small", "fewer than 100,000 persons since 1 January, nothing sensitive",
             (classes(*PLAIN), none_of("actor_role", "ciio", other="merchant"),
              none_of("classification", "important", other="none"),
              Part("data.volumes.persons_since_january_1 < threshold_exempt_nonsensitive",
                   ({"volumes.persons_since_january_1": 99999},), ({"volumes.persons_since_january_1": 100000},))),
             "{allow: small_volume}", EXPORT, "Art. 5", "B", "2024-03-22", url=EXPORT_URL),
        assessed("cn.many", "a million persons since 1 January: security assessment",
                 (classes(*PLAIN), OUT, counted("threshold_security_assessment_nonsensitive", "persons_since_january_1", 1000000)),
                 EXPORT, "Art. 7", "B", "2024-03-22"),
        assessed("cn.many_before", "100,000 persons exported: security assessment",
                 (classes(*PLAIN), OUT, counted("threshold_security_assessment_nonsensitive", "persons_since_january_1", 100000)),
                 "Measures on Security Assessment of Data Exports", "Art. 4", "R", "2022-09-01", "2024-03-22", contract=False),
        assessed("cn.many_sensitive", "sensitive data of 10,000 persons since 1 January: security assessment",
                 (classes(*SENSITIVE), OUT, counted("threshold_security_assessment_sensitive", "sensitive_since_january_1", 10000)),
                 EXPORT, "Art. 7", "B", "2024-03-22"),
        assessed("cn.ciio", "critical infrastructure operators: inside, or assessed",
                 (CIIO, OUT), "Cybersecurity Law", "Art. 37 (2016 numbering)", "A", "2021-11-01", contract=False),
        assessed("cn.important", "important data: security assessment whatever the number",
                 (one_of("classification", "important", other="none"), OUT),
                 "Network Data Security Management Regulations", "Art. 37", "A", "2025-01-01", contract=False),
        Rule("cn.credit", "credit information collected in China stays there",
             (one_of("classification", "credit_information", other="none"), OUT), deny("credit_reporting", "place"),
             "Regulation on Credit Reporting Industry", "Art. 24", "A", "2013-03-15", url=LAWS),
        Rule("cn.payment_institution", "systems, backups and domestic transactions of payment institutions stay in China",
             (npi, OUT, none_of("transaction", "cross_border", other="domestic")), deny("nbpi", "place"), NBPI, "Arts. 18-19",
             "A", "2024-05-01", url=LAWS),
        Rule("cn.payment_institution_export", "export by a payment institution: separate consent",
             (npi, OUT, CROSS), mechanism("nbpi", "consent", evidence=("separate_consent",)), NBPI, "Art. 33", "A", "2024-05-01",
             url=LAWS, note="the article speaks of institutions that are critical infrastructure or above the volume"),
        Rule("cn.clearing", "payments between institutions are cleared by a licensed clearing institution",
             (npi, actions("process"), DOMESTIC), oblige("route_via_licensed_clearing", "payment_institution"), NBPI, "Art. 30",
             "A", "2024-05-01", url=LAWS),
        *with_permit(Rule(
            "cn.foreign_authority", "data asked for by a foreign court or authority need approval",
            (one_of("recipient", "foreign_authority", other="processor"), OUT),
            deny("blocking_statute", "mechanism_missing", lifted_by=("permit",)), "Data Security Law; PIPL",
            "DSL Art. 36; PIPL Art. 41", "A", "2021-09-01", url=LAWS,
        )),
        *with_permit(Rule(
            "cn.books", "accounting archives are not sent abroad", (classes("accounting_record"), KEEPS, OUT),
            deny("accounting_archives", "mechanism_missing", lifted_by=("permit",)), "Accounting Archives Measures 2015",
            "Art. 25", "R", "2016-01-01",
        )),
    ]  # fmt: skip


RU_URL = "https://lidings.com/media/legalupdates/localization_pd_update"
EXEMPT = none_of("purpose", "statutory", "justice", "journalism", "research", "public_body", other="contract")


def russia() -> list[Rule]:
    """Recorded at home first."""
    out = abroad("RU", "DE")
    return [
        Rule("ru.local_first", "citizens' data are recorded in Russia first",
             (KEEPS, out, EXEMPT, classes(*PERSONAL)), local_copy("fz_152", "RU"),
             "Federal Law 152-FZ as amended by 242-FZ", "Art. 18(5)", "B", "2015-09-01", "2025-07-01", url=RU_URL,
             note="residence stands for citizenship where that is not stated"),
        Rule("ru.collection", "citizens' data are not collected into databases abroad",
             (one_of("phase", "collection", other="after_collection"), out, EXEMPT, classes(*PERSONAL)),
             deny("fz_152", "place"), "Federal Law 152-FZ as amended by 23-FZ", "Art. 18(5)", "B", "2025-07-01", url=RU_URL,
             note="residence stands for citizenship where that is not stated"),
        Rule("ru.copy_at_home", "after collection: the first record stays in Russia",
             (one_of("phase", "after_collection", other="collection"), KEEPS, out, EXEMPT, classes(*PERSONAL)),
             oblige("keep_copy_in_ru", "operator"), "Federal Law 152-FZ as amended by 23-FZ", "Art. 18(5)", "B", "2025-07-01",
             url=RU_URL, reading=("a mirror abroad is a later transfer", "no copy abroad of what was collected")),
        Rule("ru.card_processing", "domestic operations with cards of international schemes are processed in Russia",
             (classes(*PAID), actions("process"), out, DOMESTIC), deny("fz_161", "place"),
             "Federal Law 161-FZ as amended by 319-FZ", "ch. 4.1", "B", "2015-04-01",
             url="https://cls.ru/press-centr/legal-overviews/international-payment-systems-to-transfer-processing-inside-russia"),
    ]  # fmt: skip


def turkey() -> list[Rule]:
    """Systems of banks and system operators; records of payment institutions."""
    out = abroad("TR", "DE")
    url = "https://www.kisiselverilerinkorunmasi.org/mevzuat/6493"
    return [
        Rule("tr.banks", "primary and secondary systems of banks are in Turkey", (roles("bank"), actions("store", "process"), out),
             deny("brsa", "place"), "BRSA Regulation on Information Systems and Electronic Banking", "Art. 25", "B", "2021-01-01"),
        Rule("tr.system_operators", "systems of system operators and their backups are in Turkey",
             (roles("system_operator", "card_network"), out), deny("law_6493", "place"), "Law No. 6493", "Art. 23(1)", "A",
             "2013-06-27", url=url),
        Rule("tr.payment_records", "documents and records of payment and e-money institutions: ten years in Turkey",
             (roles("payment_institution", "emoney"), KEEPS, out), local_copy("law_6493", "TR", "{parameter: retention_min_payment}"),
             "Law No. 6493", "Art. 23(1)", "A", "2013-06-27", url=url),
        Rule("tr.critical", "health, communication and biometric data of public bodies stay in Turkey",
             (roles("public_body", "ciio"), classes("biometric", "health"), out), deny("circular_2019_12", "place"),
             "Presidential Circular 2019/12", "", "B", "2019-07-06"),
    ]  # fmt: skip


def asia() -> dict[str, list[Rule]]:
    """Everywhere between Turkey and Vietnam."""
    paid = classes(*PAID)
    aced = "https://rulebook.centralbank.ae/en/node/5774"
    retail = roles("payment_institution", "emoney", "aggregator", "acquirer")
    return {
        "IN": india(),
        "CN": china(),
        "RU": russia(),
        "TR": turkey(),
        "ID": [
            Rule("id.gateway", "domestic card transactions are switched in Indonesia",
                 (paid, actions("process"), abroad("ID"), DOMESTIC), deny("gpn", "place"),
                 "Bank Indonesia Regulation 19/8/PBI/2017", "PADG 19/10/2017", "B", "2017-06-22",
                 url="http://aksetlaw.com/news-event/newsflash/bi-sets-out-arrangement-for-national-payment-gateway-npg/",
                 note="a trade text of 2026 touches this; it has no effect before national rules change"),
            Rule("id.public", "public-scope systems are in Indonesia", (roles("public_body"), abroad("ID")),
                 deny("gr_71_2019", "place"), "Government Regulation No. 71 of 2019", "Art. 20", "B", "2019-10-10"),
            *with_permit(Rule("id.banks", "banks' data and recovery centres are in Indonesia",
                 (roles("bank"), actions("store", "process"), abroad("ID")),
                 deny("pojk", "mechanism_missing", lifted_by=("permit",)), "OJK Regulation 11/POJK.03/2022", "Art. 35(3)", "B",
                 "2022-10-07")),
            *with_permit(Rule("id.nonbanks", "data centres of larger non-bank financial institutions are in Indonesia",
                 (roles("nonbank_financial_institution"), actions("store", "process"), abroad("ID")),
                 deny("pojk", "mechanism_missing", lifted_by=("permit",)), "OJK Regulation 4/POJK.05/2021", "", "B", "2021-03-17")),
        ],
        "SA": [
            *with_permit(Rule("sa.financial", "financial institutions: hosting outside the Kingdom needs approval",
                 (roles(*FINANCIAL), actions("store", "process", "mirror"), abroad("SA", "AE")),
                 deny("sama", "mechanism_missing", lifted_by=("permit",)), "SAMA Cyber Security Framework and outsourcing rules", "",
                 "C", "2017-05-01")),
            Rule("sa.mada", "domestic online card payments go through mada",
                 (paid, actions("process"), DOMESTIC), oblige("route_via_mada", "acquirer"),
                 "SAMA circular 391000075005", "item 1", "A", "2018-04-01"),
        ],
        "AE": [
            Rule("ae.excluded", "bank and credit data under their own law are outside the federal law",
                 (paid, roles(*FINANCIAL, "payment_token_provider", "aggregator")), "{allow: own_law}",
                 "Federal Decree-Law No. 45 of 2021", "Art. 2(2)", "A", "2022-01-02"),
            Rule("ae.stored_value", "user data of digital payment providers stay in the country",
                 (retail, actions("store", "process", "mirror"), abroad("AE", "SA")),
                 deny("cbuae", "place"), "Regulatory Framework for Stored Values and Electronic Payment Systems", "", "B",
                 "2017-01-01", "2021-07-15"),
            *with_permit(Rule("ae.retail_payments", "data of retail payment providers leave with the central bank's approval",
                 (retail, actions("store", "process", "mirror"), abroad("AE", "SA")),
                 deny("cbuae", "mechanism_missing", lifted_by=("permit",)),
                 "CBUAE Retail Payment Services and Card Schemes Regulation", "Art. 13", "R", "2021-07-15")),
            *with_permit(Rule("ae.payment_tokens", "data of payment token providers leave with the central bank's approval",
                 (roles("payment_token_provider"), actions("store", "process", "mirror"), abroad("AE", "SA")),
                 deny("cbuae", "mechanism_missing", lifted_by=("permit",)), "CBUAE Payment Token Services Regulation",
                 "Art. 30(5)", "A", "2024-08-31", url=aced)),
        ],
        "QA": [
            Rule("qa.qcb", "cloud of licensed entities: personal and financial information stays in the State",
                 (roles(*FINANCIAL), actions("store", "process", "mirror"), abroad("QA", "AE")), deny("qcb_cloud", "place"),
                 "QCB Cloud Computing Regulation", "Art. 21.4", "B", "2024-04-15",
                 url="https://www.lexismiddleeast.com/regulatory/Qatar/QatarCentralBank_Cloud_Computing_Regulation",
                 note="exceptions of the regulation were not read"),
        ],
        "OM": [
            *with_permit(Rule("om.biometric", "biometric data need the ministry's permit", (classes("biometric"),),
                 deny("pdpl", "mechanism_missing", lifted_by=("permit",)), "Royal Decree 6/2022", "Art. 5", "B", "2024-02-05")),
        ],
        "KR": [
            Rule("kr.financial", "systems with unique identifiers or credit information of financial firms are in Korea",
                 (roles(*FINANCIAL, "card_network"),
                  one_of("classification", "credit_information", "unique_identifier", other="none"), abroad("KR", "JP")),
                 deny("efta", "place"), "Electronic Financial Transactions Act and supervision regulation",
                 "Art. 14-2 of the regulation", "C", "2019-01-01", note="start date recalled"),
        ],
        "VN": [
            Rule("vn.domestic", "domestic enterprises keep users' data in Vietnam",
                 (one_of("actor_establishment", "VN", other="SG"), KEEPS, abroad("VN"), classes(*PERSONAL)),
                 local_copy("cybersecurity", "VN", "2"), "Decree 53/2022/ND-CP", "Arts. 26, 27", "B", "2022-10-01",
                 note="status after 2026-07-01 depends on a decree that was not read; 24 months at least"),
            Rule("vn.foreign_on_request", "foreign enterprises keep a copy once the ministry has asked",
                 (none_of("actor_establishment", "VN", other="SG"), KEEPS, abroad("VN"), classes(*PERSONAL),
                  one_of("classification", "localisation_requested", other="none")),
                 local_copy("cybersecurity", "VN", "2"), "Decree 53/2022/ND-CP", "Art. 26", "B", "2022-10-01", "2026-07-01"),
            Rule("vn.foreign", "foreign enterprises serving users in Vietnam keep a copy there",
                 (none_of("actor_establishment", "VN", other="SG"), KEEPS, abroad("VN"), classes(*PERSONAL)),
                 local_copy("cybersecurity", "VN", "2"), "Law on Cybersecurity No. 116/2025/QH15", "Art. 25(3)", "C", "2026-07-01",
                 note="reading of one commentator; the decree was not read"),
            Rule("vn.switch", "domestic card-present transactions go through a licensed switch",
                 (paid, actions("process"), DOMESTIC), oblige("route_via_licensed_switch", "acquirer"),
                 "SBV Circular 28/2019", "", "B", "2021-01-01"),
        ],
        "TH": [
            Rule("th.switch", "domestic debit cards use local card networks", (paid, actions("process"), DOMESTIC),
                 oblige("route_via_local_network", "acquirer"), "Electronic Transactions Commission Notification", "", "B"),
        ],
        "KZ": [
            Rule("kz.copy", "personal data are kept in Kazakhstan; further copies abroad are free",
                 (actions("store"), abroad("KZ", "DE"), classes(*PERSONAL)), local_copy("law_94_v", "KZ"), "Law No. 94-V",
                 "Art. 12(2)", "B", "2016-01-01", note="of owners, operators and third parties present in Kazakhstan"),
        ],
        "UZ": [
            Rule("uz.all", "personal data of citizens are processed in Uzbekistan", (abroad("UZ", "DE"), classes(*PERSONAL)),
                 deny("zru_547", "place"), "Law ZRU-547 as amended by ZRU-666", "Art. 27-1", "B", "2021-04-15", "2026-03-27",
                 url="https://blackswan.law/legal-alert-of-amendments-to-personal-data-legislation/",
                 note="residence stands for citizenship where that is not stated"),
            Rule("uz.biometric", "biometric and genetic data stay in Uzbekistan", (abroad("UZ", "DE"), classes("biometric", "genetic")),
                 deny("zru_547", "place"), "Law ZRU-547 as amended by Law No. 1125", "Art. 27-1", "B", "2026-03-27",
                 url="https://blackswan.law/legal-alert-of-amendments-to-personal-data-legislation/"),
            Rule("uz.telecom", "data of users of telecom operators stay in Uzbekistan", (abroad("UZ", "DE"), roles("telecom")),
                 deny("zru_547", "place"), "Law ZRU-547 as amended by Law No. 1125", "Art. 27-1", "B", "2026-03-27",
                 url="https://blackswan.law/legal-alert-of-amendments-to-personal-data-legislation/"),
        ],
        "BD": [
            Rule("bd.restricted", "restricted data and those of critical infrastructure are kept in Bangladesh",
                 (one_of("classification", "restricted", other="none"), actions("store"), abroad("BD")),
                 local_copy("pdpo", "BD"), "Personal Data Protection (Amendment) Ordinance 2026", "", "B", "2026-02-01",
                 note="the day in February 2026 is not known"),
            Rule("bd.digital_bank", "the cloud of digital banks is in Bangladesh",
                 (roles("digital_bank"), actions("store", "process", "mirror"), abroad("BD")), deny("digital_bank", "place"),
                 "Bangladesh Bank Digital Bank Guidelines", "", "C", "2025-08-01"),
        ],
        "PK": [
            Rule("pk.telecom", "telecom subscriber data stay in Pakistan", (roles("telecom"), abroad("PK")),
                 deny("pta", "place"), "PTA Critical Telecom Data and Infrastructure Security Regulations", "", "C", "2020-11-01"),
        ],
    }  # fmt: skip


def africa() -> dict[str, list[Rule]]:
    """From Algeria to South Africa."""
    paid = classes(*PAID)
    certificate = (
        Part('(data.mechanism.kind == "certificate" or "certificate" in data.mechanism.also)',
             ({"mechanism.kind": "certificate"}, {"mechanism.kind": "consent", "mechanism.also": ("certificate",)}),
             ({"mechanism.kind": "consent"},)),
        HELD[1],
    )  # fmt: skip
    dpo = "https://dpo.gov.rw/dpp-law/sharing-transferstorage-and-retention-of-personal-data"
    return {
        "NG": [
            Rule("ng.payment_data", "payment transaction data are stored and managed in Nigeria",
                 (paid, KEEPS, abroad("NG", "IE")), deny("cbn", "place"), "CBN circular PSS/DIR/PUB/CIR/001/004", "", "B",
                 "2027-01-01",
                 url="https://pavestoneslegal.com/cbns-data-localisation-directive-compliance-considerations-for-payment-system-participants/",
                 note="one commentator reads processing too"),
            *with_permit(Rule("ng.bvn", "bank verification numbers do not leave without approval",
                 (classes("bvn"), abroad("NG", "IE")), deny("bvn", "mechanism_missing", lifted_by=("permit",)),
                 "CBN BVN framework", "", "C", "2014-02-14", note="start date recalled")),
            Rule("ng.government", "government data stay in Nigeria",
                 (one_of("classification", "government", other="none"), abroad("NG", "IE")), deny("nitda", "place"),
                 "NITDA Guidelines for Nigerian Content Development in ICT", "", "C", "2013-12-01", note="start date recalled"),
            Rule("ng.switching", "domestic transactions are switched in Nigeria, terminals through a licensed aggregator",
                 (paid, actions("process"), DOMESTIC), oblige("route_via_domestic_switch", "acquirer"),
                 "CBN Guidelines on operations of electronic payment channels", "ATM and POS sections", "B", "2011-08-01"),
        ],
        "GH": [
            Rule("gh.cards", "domestic transactions with local cards are processed in Ghana",
                 (paid, actions("process"), abroad("GH", "ZA"), DOMESTIC), deny("bank_of_ghana", "place"),
                 "Bank of Ghana guidelines under the Payment Systems and Services Act", "", "B", "2021-08-01",
                 note="day in August 2021 not read"),
        ],
        "ZA": [
            Rule("za.acquirer", "domestic card transactions have a domestic acquirer", (paid, actions("process"), DOMESTIC),
                 oblige("route_via_local_acquirer", "merchant"), "SARB Directive 1 of 2020", "", "B", "2021-02-21"),
        ],
        "RW": [
            Rule("rw.certificate", "storage outside Rwanda under a certificate of the authority",
                 (KEEPS, abroad("RW", "ZA"), *certificate), mechanism("law_058", "certificate", evidence=("certificate",)),
                 "Law No. 058/2021", "Art. 50", "B", "2021-10-15", url=dpo),
            Rule("rw.storage", "personal data are stored in Rwanda", (KEEPS, abroad("RW", "ZA")),
                 deny("law_058", "mechanism_missing", lifted_by=("certificate",)), "Law No. 058/2021", "Art. 50", "B", "2021-10-15",
                 unless=("rw.certificate",), clear={"mechanism.kind": "consent"},
                 excepted=({"mechanism.kind": "certificate", "mechanism.approved": True},), url=dpo,
                 note="transition to 2023-10-15"),
        ],
        "ZM": [
            *with_permit(Rule("zm.storage", "personal data are kept on servers in Zambia", (KEEPS, abroad("ZM", "ZA")),
                 deny("dpa", "mechanism_missing", lifted_by=("permit",)), "Data Protection Act No. 3 of 2021", "s. 70", "B",
                 "2021-04-01")),
        ],
        "KE": [
            Rule("ke.strategic", "processing for strategic purposes: in Kenya, or a copy there",
                 (one_of("classification", "strategic", other="none"), actions("store", "process"), abroad("KE", "ZA")),
                 local_copy("regulation_26", "KE"), "Data Protection (General) Regulations 2021 (L.N. 263)", "reg. 26", "A",
                 "2022-02-25"),
        ],
        "TZ": [
            Rule("tz.payments", "payment system providers: the primary data centre is in Tanzania",
                 (roles("payment_institution", "emoney", "system_operator"), actions("store", "process"), abroad("TZ", "ZA")),
                 deny("bot", "place"), "Payment Systems (Licensing and Approval) Regulations", "reg. 42", "C", "2015-01-01"),
            Rule("tz.banks", "banks: the primary data centre is in Tanzania",
                 (roles("bank"), actions("store", "process"), abroad("TZ", "ZA")),
                 deny("bot", "place"), "Bank of Tanzania circular FA.56/293/01/5", "", "B", "2019-08-23"),
        ],
        "DZ": [
            Rule("dz.site", "the web site of an online seller is hosted in Algeria",
                 (classes("website"), actions("store", "process"), abroad("DZ", "FR")), deny("law_18_05", "place"),
                 "Law No. 18-05 on electronic commerce", "Art. 8", "B", "2018-05-16"),
        ],
    }  # fmt: skip
