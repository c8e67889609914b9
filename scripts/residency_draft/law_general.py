"""Law that was written by hand: the card standard, the Union, the United States, and the statutory exceptions of the Americas."""

from __future__ import annotations

from scripts.residency_draft.rule import (
    Part,
    Rule,
    abroad,
    actions,
    classes,
    deny,
    flag,
    inside,
    local_copy,
    mechanism,
    none_of,
    oblige,
    one_of,
    outside,
    roles,
    with_permit,
)

PCI = "PCI DSS v4.0 / v4.0.1"
PCI_URL = "https://github.com/intuitem/ciso-assistant-community"
KEEPS = actions("store", "mirror")
BEFORE = ("before_authorisation", "collection")
ENCRYPTED = ("encrypted", "encrypted_pan")
PAID = ("payment_credential", "transaction_record")
FINANCIAL = ("bank", "payment_institution", "emoney", "issuer", "acquirer")


def world() -> list[Rule]:
    """Payment card standard: form, wherever the data lie."""
    issuing = Rule(
        "pci.issuing_need", "an issuer keeps encrypted authentication data for issuing",
        (roles("issuer"), one_of("purpose", "issuing", other="analytics"), one_of("data_form", *ENCRYPTED, other="plain")),
        "{flag: issuing_need}", PCI, "Req. 3.3.3", "A", "2022-03-31", kind="guidance", url=PCI_URL,
        note="the row dates the wording with encryption 2025-03-31; before that day the standard excepted issuers as well",
    )  # fmt: skip
    return [
        issuing,
        Rule(
            "pci.sad_after_authorisation",
            "authentication data may not be kept after authorisation, even encrypted",
            (classes("sensitive_auth_data"), KEEPS, none_of("phase", *BEFORE, other="after_authorisation")),
            deny("pci_dss", "form"), PCI, "Req. 3.3.1", "A", "2022-03-31", kind="guidance", url=PCI_URL,
            unless=("pci.issuing_need",), clear={"actor_role": "merchant"},
            excepted=({"actor_role": "issuer", "purpose": "issuing", "data_form": "encrypted"},),
        ),
        Rule(
            "pci.sad_before_authorisation",
            "authentication data kept before authorisation are encrypted",
            (classes("sensitive_auth_data"), KEEPS, one_of("phase", *BEFORE, other="after_authorisation"),
             none_of("data_form", *ENCRYPTED, other="plain")),
            deny("pci_dss", "form"), PCI, "Req. 3.3.2", "A", "2025-03-31", kind="guidance", url=PCI_URL,
            note="future-dated requirement, date from general knowledge",
        ),
        Rule(
            "pci.pan_readable",
            "a stored card number is unreadable",
            (classes("payment_credential"), KEEPS, one_of("data_form", "plain_pan", other="network_token")),
            deny("pci_dss", "form"), PCI, "Req. 3.5.1", "A", "2022-03-31", kind="guidance", url=PCI_URL,
        ),
        Rule(
            "pci.pan_unkeyed_hash",
            "a hash of a whole card number is keyed",
            (classes("payment_credential"), KEEPS, one_of("data_form", "sha256_unkeyed", other="keyed_hash")),
            deny("pci_dss", "form"), PCI, "Req. 3.5.1.1", "A", "2025-03-31", kind="guidance", url=PCI_URL,
            note="future-dated requirement, date from general knowledge",
        ),
    ]  # fmt: skip


AML_FILES = classes("kyc_document", "aml_record")
GDPR = "Regulation (EU) 2016/679"


def over(
    limit: int,
    url: str,
    instrument: str,
    at: str,
    confidence: str,
    start: str,
    *,
    identity: str,
    end: str = "",
    name: str = "retention_max_aml",
    ordered: bool = True,
) -> Rule:
    """A file that should have been deleted. `limit`: years."""
    parts: tuple[Part, ...] = (
        AML_FILES,
        KEEPS,
        Part(
            f"data.clock.years_since_end > {name}",
            ({"clock.years_since_end": f"{limit}.01"},),
            ({"clock.years_since_end": str(limit)},),
        ),
    )
    if ordered:
        parts += (Part("not data.retention_ordered", ({"retention_ordered": False},), ({"retention_ordered": True},)),)
    return Rule(
        identity, f"customer files are deleted after {limit} years", parts, deny("retention", "retention_over"),
        instrument, at, confidence, start, end or None, url=url,
    )  # fmt: skip


def europe() -> dict[str, list[Rule]]:
    """The Union, and its states' rules on books and files."""
    books, store = classes("accounting_record"), actions("store")
    de = "https://www.haufe.de/personal/haufe-personal-office-platin/abgabenordnung-146_idesk_PI42323_HI46071.html"
    ao = "Abgabenordnung"
    return {
        "EEA": [
            Rule(
                "eu.foreign_authority", "disclosure to a foreign court or authority needs a treaty",
                (one_of("recipient", "foreign_authority", other="processor"), outside("EEA", "DE"),
                 none_of("mechanism.kind", "treaty", other="none")),
                deny("gdpr_art_48", "mechanism_missing", lifted_by=("treaty",)), GDPR, "Art. 48", "A", "2018-05-25",
                url="https://eur-lex.europa.eu/eli/reg/2016/679/oj",
            ),
            Rule(
                "eu.erasure", "what no law asks to be kept is erased on request",
                (flag("erasure_requested"), KEEPS,
                 none_of("purpose", "aml", "aml_only", "tax", "legal_obligation", "legal_claims", other="marketing")),
                deny("gdpr_art_17", "retention_over"), GDPR, "Art. 17(1), (3)(b)", "A", "2018-05-25",
                url="https://eur-lex.europa.eu/eli/reg/2016/679/oj",
            ),
        ],
        "EU": [
            over(5, "https://anti-money-laundering.eu/article-77-amlr", "Regulation (EU) 2024/1624", "Art. 77", "A",
                 "2027-07-10", identity="eu.amlr.retention", name="amlr_retention_max"),
        ],
        "DE": [
            Rule(
                "de.books", "books and records are kept in Germany",
                (books, store, abroad("DE", "FR")), deny("ao", "place"), ao, "s. 146(2)", "A", "1977-01-01", "2020-12-29",
                url=de, note="approval abroad existed before in other words that were not read",
            ),
            *with_permit(Rule(
                "de.books_third_country", "electronic books outside the Union need the tax office's approval",
                (books, store, outside("EU", "FR")),
                deny("ao", "mechanism_missing", lifted_by=("permit",)), ao, "s. 146(2b)", "A", "2020-12-29", url=de,
            )),
            Rule(
                "de.books_union", "electronic books in another state of the Union: full access for the tax office",
                (books, store, inside("EU", "FR"), abroad("DE", "FR")),
                oblige("full_data_access_for_tax_office", "taxpayer"), ao, "s. 146(2a)", "A", "2020-12-29", url=de,
            ),
            over(10, "https://github.com/bundestag/gesetze", "Geldwaeschegesetz", "s. 8(4)", "A", "2017-06-26",
                 identity="de.retention", ordered=False),
        ],
        "NO": [
            Rule(
                "no.books", "accounting material is kept in Norway", (books, store, abroad("NO", "SE")),
                local_copy("bokforingsloven", "NO"), "Bokforingsloven", "s. 13", "A", "2006-01-01",
                url="https://github.com/legalize-dev/legalize-no/blob/main/no/LOV-2004-11-19-73.md",
                note="the regulation frees electronic storage in some EEA states: it was not read, and is not assumed; a decision of the ministry is not asked for either",
            ),
        ],
        "SE": [
            Rule(
                "se.books_union", "books in another state of the Union: place notified, instant access and print-out",
                (books, store, inside("EU", "FI"), abroad("SE", "FI")),
                mechanism("bokforingslagen", "notification", evidence=("place_notified", "instant_access", "print_out")),
                "Bokforingslagen (1999:1078)", "ch. 7 s. 3a", "A", None,
                url="https://github.com/nab-collab/legalize-se/blob/main/md/SFS_1999_1078.md",
            ),
            *with_permit(Rule(
                "se.books", "books outside the Union need a permit", (books, store, outside("EU", "FI")),
                deny("bokforingslagen", "mechanism_missing", lifted_by=("permit",)),
                "Bokforingslagen (1999:1078)", "ch. 7 s. 2, 4", "A", "2000-01-01",
                url="https://github.com/nab-collab/legalize-se/blob/main/md/SFS_1999_1078.md",
                note="countries with instruments of mutual assistance need only a notice; their list was not read",
            )),
            over(10, "https://github.com/nab-collab/legalize-se/blob/main/md/SFS_2017_630.md", "Act (2017:630)",
                 "ch. 5 s. 4", "A", "2017-08-01", identity="se.retention", ordered=False),
        ],
        "CZ": [
            Rule(
                "cz.books_access", "tax documents abroad with continuous remote access and notice of the place",
                (books, store, abroad("CZ", "SK"), flag("remote_access"), flag("mechanism.filed")),
                mechanism("vat_act", "notification", evidence=("remote_access", "prior_notice")),
                "Act No. 235/2004 on VAT", "s. 35(3)-(4)", "A", "2004-05-01",
                url="https://github.com/legalize-dev/legalize-cz/blob/main/cz/SB-2004-235.md",
            ),
            Rule(
                "cz.books", "tax documents are kept in Czechia", (books, store, abroad("CZ", "SK")),
                deny("vat_act", "mechanism_missing", lifted_by=("notification",)),
                "Act No. 235/2004 on VAT", "s. 35(3)", "A", "2004-05-01", unless=("cz.books_access",),
                clear={"remote_access": False}, excepted=({"remote_access": True, "mechanism.filed": True},),
                url="https://github.com/legalize-dev/legalize-cz/blob/main/cz/SB-2004-235.md",
            ),
            over(10, "https://github.com/legalize-dev/legalize-cz/blob/main/cz/SB-2008-253.md", "Act No. 253/2008",
                 "s. 16", "A", "2008-09-01", identity="cz.retention", name="retention_end_aml", ordered=False),
        ],
        "FR": [
            Rule(
                "fr.invoices_access", "electronic invoices in the Union with online access and a declared place",
                (books, store, inside("EU", "BE"), abroad("FR", "BE"), flag("remote_access"), flag("mechanism.filed")),
                mechanism("lpf", "declaration", evidence=("online_access", "place_declared")),
                "Livre des procedures fiscales", "Art. L102 C(2)-(4)", "A", None,
                url="https://github.com/legalize-dev/legalize-fr/blob/main/fr/LEGITEXT000006069583.md",
                note="so too in countries with a treaty on mutual assistance; their list was not read",
            ),
            Rule(
                "fr.invoices", "invoices are kept in France", (books, store, abroad("FR", "BE")),
                deny("lpf", "place", lifted_by=("declaration",)), "Livre des procedures fiscales", "Art. L102 C(1)", "A", None,
                unless=("fr.invoices_access",), clear={"remote_access": False},
                excepted=({"remote_access": True, "mechanism.filed": True},),
                url="https://github.com/legalize-dev/legalize-fr/blob/main/fr/LEGITEXT000006069583.md",
            ),
        ],
        "IE": [
            Rule(
                "ie.books", "records abroad: returns at most six months apart are kept in the State",
                (books, store, abroad("IE", "GB")), local_copy("companies_act", "IE"),
                "Companies Act 2014", "ss. 282(6)-(7), 283(2)", "A", "2015-06-01",
                url="https://github.com/legalize-dev/legalize-ie/blob/main/ie/IE-2014-act-38.md",
            ),
        ],
        "EE": [
            over(5, "https://github.com/legalize-dev/legalize-ee/blob/main/ee/121062024052.md",
                 "Money Laundering and Terrorist Financing Prevention Act", "s. 47", "A", "2017-11-27",
                 identity="ee.retention", name="retention_end_aml"),
        ],
        "GR": [
            over(5, "https://github.com/legalize-dev/legalize-gr/blob/main/gr/FEK-A-139-2018.md", "Law 4557/2018",
                 "Art. 30", "A", "2018-07-30", identity="gr.retention", name="retention_end_aml"),
        ],
        "LI": [
            over(10, "", "Due Diligence Act", "Art. 20", "A", "2009-03-01", identity="li.retention",
                 name="retention_end_aml", ordered=False),
        ],
    }  # fmt: skip


DSP = "28 CFR Part 202"
DSP_URL = "https://checkoutapi.com/regulations/title28_chapterI-i1_part202_subpartE_section202.505"
CONCERN = Part(
    '(within(data.region_country, "CONCERN-US") or within(coalesce(data.operator_country, data.region_country), "CONCERN-US") '
    "or data.operator_is_covered_person)",
    (
        {"region_country": "CN"},
        {"region_country": "DE", "operator_country": "HK"},
        {"region_country": "DE", "operator_country": "US", "operator_is_covered_person": True},
    ),
    ({"region_country": "DE", "operator_country": "US", "operator_is_covered_person": False},),
)
INCIDENT = ("contract", "purchase", "payment", "payment_processing", "bank_transfer", "authentication", "tokenisation",
            "fraud_prevention")  # fmt: skip
"""Purposes ordinarily incident to a payment."""


def _bulk(name: str, parameter: str, limit: int, *kinds: str) -> Rule:
    return Rule(
        f"us.dsp.{name}", f"bulk {name.replace('_', ' ')} of U.S. persons to a country of concern or a covered person",
        (classes(*kinds), CONCERN,
         none_of("purpose", *INCIDENT, other="analytics"),
         Part(f"data.volumes.persons_last_12_months > {parameter}", ({"volumes.persons_last_12_months": limit + 1},),
              ({"volumes.persons_last_12_months": limit}, {"volumes.persons_last_12_months": limit - 1}))),
        deny("dsp", "place"), DSP, "202.205, 202.301, 202.505", "A", "2025-04-08", url=DSP_URL,
        note="anonymised, pseudonymised and encrypted data count as well (202.206)",
        reading=("the exemption of 202.505 is told by the purpose of the transfer", "by the kind of the recipient"),
    )  # fmt: skip


def americas() -> dict[str, list[Rule]]:
    """The United States, Canada, and the exceptions for payments."""
    transfer = one_of("purpose", "bank_transfer", other="marketing")
    record = classes("transaction_record")
    return {
        "US": [
            _bulk("financial_data", "dsp_bulk_threshold_personal_financial_data", 10000, *PAID, "accounting_record"),
            _bulk("identifiers", "dsp_bulk_threshold_covered_personal_identifiers", 100000, "identifiers", "contact",
                  "kyc_document", "aml_record"),
            _bulk("biometric", "dsp_bulk_threshold_biometric_identifiers", 1000, "biometric"),
        ],
        "CA": [
            *with_permit(Rule(
                "ca.books", "GST/HST records are kept in Canada",
                (classes("accounting_record"), actions("store"), abroad("CA", "US")),
                deny("excise_tax_act", "mechanism_missing", lifted_by=("permit",)),
                "Excise Tax Act", "s. 286(1.2)", "A", None,
                url="https://github.com/XYOca/laws-lois-markdown/blob/main/laws/en/acts/E-15-excise-tax-act.md",
            )),
        ],
        "CA-QC": [
            Rule(
                "qc.inform", "persons are told that their data may leave Quebec",
                (Part('(data.region_country != "CA" or data.region_subdivision != "CA-QC")',
                      ({"region_country": "US"}, {"region_country": "CA", "region_subdivision": "CA-ON"}),
                      ({"region_country": "CA", "region_subdivision": "CA-QC"},)),),
                oblige("inform_subject", "enterprise"), "CQLR c. P-39.1", "s. 8, 17", "B", "2023-09-22",
                url="https://legisquebec.gouv.qc.ca/en/version/cs/P-39.1?code=se%3A17&history=20240930",
            ),
        ],
        "AR": [
            Rule("ar.bank_transfer", "bank and stock-exchange transfers, as to the transaction itself", (record, transfer),
                 "{allow: bank_transfer}", "Law No. 25.326", "Art. 12(2)(c)", "A", "2000-11-02",
                 url="https://github.com/legalize-dev/legalize-ar/blob/main/ar/LEY-25326.md"),
        ],
        "UY": [
            Rule("uy.bank_transfer", "bank and stock-exchange transfers, as to the transaction itself", (record, transfer),
                 "{allow: bank_transfer}", "Law No. 18.331", "Art. 23(3)", "A", "2008-08-11",
                 url="https://github.com/legalize-dev/legalize-uy/blob/main/uy/UY-ley-18331.md"),
        ],
        "PE": [
            Rule("pe.bank_transfer", "bank and stock-exchange transfers, as to the transaction itself", (record, transfer),
                 "{allow: bank_transfer}", "Law No. 29733", "Art. 15(5)", "A", "2017-01-08",
                 url="https://github.com/crafter-research/legalize-pe/blob/main/pe/LEY-29733-2011.md"),
            Rule("pe.contract", "performance of the contract with the person, authentication and billing included",
                 (classes("transaction_record", "payment_credential", "identifiers", "contact"),
                  one_of("purpose", "contract", "purchase", "payment", "authentication", "billing", other="marketing")),
                 "{allow: contract}", "Law No. 29733", "Art. 15(4)", "A", "2017-01-08",
                 url="https://github.com/crafter-research/legalize-pe/blob/main/pe/LEY-29733-2011.md"),
        ],
        "BR": [
            Rule("br.cloud_notice", "payment institutions and banks tell the central bank of processing abroad",
                 (roles("payment_institution", "bank", "emoney"), actions("store", "process"), abroad("BR", "US")),
                 mechanism("bcb_cloud", "notice", evidence=("notice_to_central_bank", "contract_terms", "supervisor_access")),
                 "BCB Resolution 85/2021", "Arts. 12-16", "C", "2021-03-01",
                 note="not localisation; CMN Resolution 4,893/2021 says the same of banks from 2021-07-01"),
        ],
    }  # fmt: skip
