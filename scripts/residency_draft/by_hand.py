"""Parameters that no row states in so many words: how a place's grounds of transfer are tested, and whose lists it follows."""

from __future__ import annotations

from scripts.tax_draft.draft import Draft, Entry, quoted

GDPR = "Regulation (EU) 2016/679"
EU_TEMPLATES = ("eu", "eu_2021", "eu_scc", "eu_scc_2021", "eu_2021_914", "scc_2021_914")
_Row = tuple[str, str, tuple[tuple[str, object], ...], str, str, str, str]

ROWS: tuple[_Row, ...] = (
    # place, parameter, values by first day, confidence, instrument, provision, note
    ("EEA", "transfer_mechanism", (("2018-05-25", ("adequacy", "scc", "bcr", "code", "certification", "derogation")),), "A", GDPR,
     "Arts. 44-49", "each member state's pack says the same of itself"),
    ("EEA", "adequacy_groups", (("2018-05-25", ("ADEQUACY-EU",)),), "B", GDPR, "Art. 45", ""),
    ("EEA", "adequacy_certified", (("2018-05-25", ("US",)),), "B", GDPR, "Art. 45",
     "Privacy Shield, then the Data Privacy Framework: certified recipients only"),
    ("EEA", "adequacy_commercial", (("2018-05-25", ("CA",)),), "B", "Commission Decision 2002/2/EC", "",
     "recipients under PIPEDA only"),
    ("EEA", "adequacy_without_credit", (("2021-12-17", ("KR",)),), "B", "Commission Decision (EU) 2022/254", "",
     "personal credit information is excluded"),
    ("EEA", "scc_templates", (("2018-05-25", EU_TEMPLATES),), "C", "Commission Implementing Decision (EU) 2021/914", "", ""),
    ("EEA", "transfer_assessment", (("2018-05-25", True),), "A", GDPR, "Art. 46",
     "assessment of the destination's law beside clauses (C-311/18)"),
    ("EEA", "consent_must_be", (("2018-05-25", ("explicit", "informed", "occasional")),), "A", GDPR, "Art. 49(1)(a), recital 111",
     ""),
    ("IS", "adequacy_pending", (("2026-01-26", ("BR",)),), "B", "Commission Implementing Decision (EU) 2026/179", "",
     "the EEA Joint Committee's decision was still a draft in May 2026"),
    ("LI", "adequacy_pending", (("2026-01-26", ("BR",)),), "B", "Commission Implementing Decision (EU) 2026/179", "",
     "the EEA Joint Committee's decision was still a draft in May 2026"),
    ("NO", "adequacy_pending", (("2026-01-26", ("BR",)),), "B", "Commission Implementing Decision (EU) 2026/179", "",
     "the EEA Joint Committee's decision was still a draft in May 2026"),
    ("EU", "amlr_retention_max", (("2027-07-10", 5),), "A", "Regulation (EU) 2024/1624", "Art. 77", "years"),
    ("GB", "adequacy_groups", (("2020-12-31", ("ADEQUACY-GB", "EEA")),), "B", "Data Protection Act 2018, Sch. 21 para. 5", "", ""),
    ("GB", "adequacy_certified", (("2020-12-31", ("US",)),), "B", "SI 2023/1028", "", ""),
    ("GB", "adequacy_extension", (("2020-12-31", "uk_extension"),), "B", "SI 2023/1028", "", ""),
    ("GB", "adequacy_commercial", (("2020-12-31", ("CA",)),), "B", "Data Protection Act 2018, Sch. 21 para. 5", "", ""),
    ("GB", "scc_templates", (("2020-12-31", ("idta", "uk_idta", "addendum", "uk_addendum")),), "B", "UK GDPR and Data Protection Act 2018", "",
     "clauses of the Union count with the Addendum only"),
    ("GB", "scc_template_stated", (("2020-12-31", True),), "B", "UK GDPR and Data Protection Act 2018", "", ""),
    ("GB", "transfer_assessment", (("2020-12-31", True),), "B", "UK GDPR and Data Protection Act 2018", "", ""),
    ("GB", "consent_must_be", (("2020-12-31", ("explicit", "informed", "occasional")),), "B",
     "UK GDPR and Data Protection Act 2018", "Art. 49", ""),
    ("CH", "adequacy_groups", (("2023-09-01", ("EEA",)), ("2024-09-15", ("EEA", "US"))), "C",
     "Ordinance on Data Protection, Annex 1", "FADP Art. 16(1)", "the annex itself was not read: further states are not assumed"),
    ("CH", "adequacy_certified", (("2023-09-01", ("US",)),), "C", "Ordinance on Data Protection, Annex 1", "", ""),
    ("CH", "adequacy_extension", (("2023-09-01", "swiss"),), "C", "Ordinance on Data Protection, Annex 1", "", ""),
    ("CH", "scc_templates", (("2023-09-01", (*EU_TEMPLATES, "fdpic")),), "A", "DSV", "Art. 10",
     "the Union's clauses as adapted for Switzerland"),
    ("CH", "scc_adapted", (("2023-09-01", True),), "A", "DSV", "Art. 10", ""),
    ("AD", "adequacy_groups", (("2022-05-16", ("ADEQUACY-EU", "EEA")),), "A", "Law 29/2021", "Art. 43",
     "inherits the Union's list by its own dates; parties to Convention 108+ were not read"),
    ("AD", "adequacy_certified", (("2022-05-16", ("US",)),), "A", "Law 29/2021", "Art. 43", "with the scope of the Union's decisions"),
    ("AD", "adequacy_commercial", (("2022-05-16", ("CA",)),), "A", "Law 29/2021", "Art. 43", "with the scope of the Union's decisions"),
    ("BR", "adequacy_groups", (("2026-01-26", ("EEA",)),), "B", "Resolution CD/ANPD No. 32", "LGPD Art. 33(I)", ""),
    ("BR", "scc_templates", (("2024-08-23", ("anpd", "anpd_scc")),), "B", "Resolution CD/ANPD No. 19/2024", "",
     "unchanged; others are not interchangeable"),
    ("BR", "scc_template_stated", (("2024-08-23", True),), "B", "Resolution CD/ANPD No. 19/2024", "", ""),
    ("JP", "adequacy_groups", (("2019-01-23", ("EEA", "GB")),), "C", "APPI", "Art. 28", ""),
    ("KR", "adequacy_groups", (("2025-09-16", ("EEA",)),), "C", "PIPC equivalency recognition under PIPA", "Art. 28-8(1)5", ""),
    ("KR", "adequacy_without_credit", (("2025-09-16", ("EEA",)),), "C", "PIPC equivalency recognition under PIPA", "",
     "resident registration numbers and personal credit information are excluded"),
    ("IL", "adequacy_groups", (("2001-06-01", ("EEA",)),), "C", "Transfer of Data Abroad Regulations 2001", "", ""),
    ("BW", "adequacy_groups",
     (("2022-07-29", ("EEA", "NZ", "IL", "JP", "IM", "GG", "CH", "UY", "KR", "AD", "AR", "FO", "JE", "ZA", "KE")), ("2025-01-14", None)),
     "C", "Transfer of Personal Data Order 2022", "Act 32 of 2018 s. 48", "under the repealed Act"),
    ("BY", "adequacy_groups", (("2022-12-26", ("RU", "KZ", "KG", "AM")),), "C", "Order No. 14 as amended by Order No. 114", "",
     "members of the EAEU; parties to Convention 108 were not read"),
    ("QA", "adequacy_groups_qfc",
     (("2023-04-01", ("EEA", "AD", "AR", "CA", "FO", "GG", "IM", "JP", "JE", "NZ", "KR", "CH", "GB", "UY")),), "C",
     "QFC Data Protection Regulations 2021", "Art. 23", "the free zone's own list"),
    ("QA", "transfer_mechanism_qfc", (("2022-06-19", ("adequacy", "scc", "bcr", "consent", "contract")),), "R",
     "QFC Data Protection Regulations 2021", "Arts. 23-25", "grounds beside the list recalled"),
    ("AE", "transfer_mechanism_difc", (("2020-07-01", ("adequacy", "scc", "bcr", "consent", "contract")),), "R",
     "DIFC Law No. 5 of 2020", "Arts. 26-27", "grounds recalled; the zone's list of adequate countries was not read"),
    ("AE", "transfer_mechanism_adgm", (("2021-02-14", ("adequacy", "scc", "bcr", "consent", "contract")),), "R",
     "ADGM Data Protection Regulations 2021", "Part V", "grounds recalled; the zone's list of adequate countries was not read"),
    ("CN", "scc_templates", (("2023-06-01", ("cac", "cn")),), "B", "Measures on the Standard Contract for Export of Personal Information",
     "", ""),
    ("CN", "scc_template_stated", (("2021-11-01", True),), "B", "Personal Information Protection Law (2021-08-20)", "Art. 38", ""),
    ("CN", "scc_filed", (("2021-11-01", True),), "B", "Personal Information Protection Law (2021-08-20)", "Art. 38",
     "the contract is filed with the provincial office"),
    ("CN", "transfer_not_enough", (("2021-11-01", ("consent", "certification")), ("2026-01-01", ("consent",))), "B",
     "Personal Information Protection Law (2021-08-20)", "Arts. 38, 39",
     "separate consent comes beside a ground and is none; certification is open since Order No. 20 only"),
    ("SA", "scc_templates", (("2024-09-01", ("sdaia", "sa")),), "A", "Personal Data Protection Law", "Art. 29", ""),
    ("SA", "scc_template_stated", (("2024-09-01", True),), "A", "Personal Data Protection Law", "Art. 29", ""),
    ("TR", "scc_templates", (("2024-09-01", ("kvkk", "tr")),), "B", "Law No. 6698 on protection of personal data", "Art. 9", ""),
    ("TR", "scc_template_stated", (("2024-09-01", True),), "B", "Law No. 6698 on protection of personal data", "Art. 9", ""),
    ("TR", "scc_filing", (("2024-09-01", "P5D"),), "B", "Law No. 6698 on protection of personal data", "Art. 9",
     "the signed contract is filed within five business days"),
    ("TH", "scc_templates", (("2022-06-01", (*EU_TEMPLATES, "asean", "th")),), "B", "Personal Data Protection Act B.E. 2562 (2019)", "",
     "the Union's clauses are accepted"),
    ("MY", "scc_templates", (("2013-11-15", (*EU_TEMPLATES, "asean", "my")),), "B",
     "Personal Data Protection Act 2010 (Act 709) as amended by Act A1727", "", "the Union's clauses are accepted"),
    ("OM", "consent_must_be", (("2024-02-05", ("explicit",)),), "C", "Ministerial Decision 34/2024", "", ""),
    ("PE", "consent_must_be", (("2011-07-03", ("explicit", "informed")),), "A", "Law No. 29733", "Art. 15(7)", ""),
    ("CR", "consent_must_be", (("2011-09-05", ("explicit",)),), "A", "Law No. 8968 of 2011", "Art. 14", ""),
    ("CO", "consent_must_be", (("2012-10-18", ("explicit",)),), "A", "Statutory Law 1581 of 2012", "Art. 26", ""),
    ("RU", "transfer_needs", (("2023-03-01", ("notification",)),), "C", "Federal Law 152-FZ", "Art. 12", ""),
    ("VN", "transfer_needs", (("2026-01-01", ("impact_assessment_filing",)),), "B", "Law 91/2025/QH15; Decree 356/2025/ND-CP",
     "Decree Arts. 17-18", ""),
    ("ZM", "transfer_needs", (("2021-04-01", ("consent", "approved_contract")),), "B", "Data Protection Act No. 3 of 2021", "s. 71", ""),
    ("CA-QC", "transfer_needs", (("2023-09-22", ("privacy_impact_assessment",)),), "A", "CQLR c. P-39.1", "s. 17",
     "the written agreement is told as evidence to keep"),
    ("CZ", "retention_end_aml", (("2008-09-01", 10),), "A", "Act No. 253/2008", "s. 16", "years; then erased"),
    ("EE", "retention_end_aml", (("2017-11-27", 5),), "A", "Money Laundering and Terrorist Financing Prevention Act", "s. 47",
     "years; then deleted"),
    ("GR", "retention_end_aml", (("2018-07-30", 5),), "A", "Law 4557/2018", "Art. 30", "years; then deleted"),
    ("LI", "retention_end_aml", (("2009-03-01", 10),), "A", "Due Diligence Act", "Art. 20", "years; then deleted"),
)  # fmt: skip


def by_hand(drafts: dict[str, Draft]) -> None:
    """Set them all."""
    for place, name, values, confidence, instrument, at, note in ROWS:
        draft = drafts[place]
        for start, value in values:
            kind = (
                "bool"
                if isinstance(value, bool)
                else "int"
                if isinstance(value, int)
                else "token"
                if isinstance(value, str)
                else "tokens"
            )
            cite = (draft.source(instrument), at)
            draft.set(name, kind, Entry(start, _written(value), confidence, cite, note=note))
        if place in ("EEA", "GB"):
            draft.parameters[name].overridable = "country"
    turkey = drafts["TR"].parameters["transfer_mechanism"]
    first = turkey.entries[0]
    grounds = first.value.rstrip("]")
    turkey.entries = [
        Entry(first.start, f'{grounds}, "consent"]', first.confidence, first.cite, first.evidence, "explicit consent was a ground until 2024-08-31"),
        Entry("2024-09-01", first.value, "B", first.cite, first.evidence, "no consent for routine transfers any more"),
    ]  # fmt: skip


def _written(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(quoted, value))}]"
    return str(value) if isinstance(value, int) else quoted(str(value))
