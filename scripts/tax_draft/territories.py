"""Territories: section 3 of the procedure, from the Commission's table of territorial status. Postcodes that the table does
not give are recalled, and say so."""

from __future__ import annotations

from scripts.tax_draft.draft import RECALLED as RECALLED_ACT
from scripts.tax_draft.draft import Draft, Territory
from scripts.tax_draft.facts import Fact

RECALLED = "postcodes recalled"

# country, id, name, place, postcodes, vat area, customs area, treated as, start, confidence, note
ROWS: tuple[tuple[str, str, str, str, str, bool, bool, str, str, str, str], ...] = (
    ("AT", "jungholz", "Jungholz", "AT-XJ", "6691 DE:87491", True, True, "", "", "B", "Austrian VAT at 19 %"),
    ("AT", "mittelberg", "Mittelberg (Kleinwalsertal)", "AT-XM", "6991-6993 DE:87567-87569", True, True, "", "", "B",
     "Austrian VAT at 19 %"),
    ("CH", "buesingen", "Büsingen am Hochrhein", "", "8238", True, True, "", "", "A",
     "a German municipality within the Swiss tax and customs area, under its Swiss postcode"),
    ("CH", "liechtenstein", "Liechtenstein", "LI", "9485-9498", True, True, "", "", "A",
     f"Swiss VAT by treaty; its pack has the rates; {RECALLED}"),
    ("DE", "buesingen", "Büsingen am Hochrhein", "", "78266 CH:8238", False, False, "CH", "", "A", "applies Swiss VAT"),
    ("DE", "heligoland", "Heligoland", "", "27498", False, False, "", "", "A", ""),
    ("DK", "faroe_islands", "Faroe Islands", "FO", "FO", False, False, "", "", "A", RECALLED),
    ("DK", "greenland", "Greenland", "GL", "39", False, False, "", "", "A", RECALLED),
    ("ES", "canary_islands", "Canary Islands", "ES-CN", "35 38", False, True, "", "", "A", "IGIC"),
    ("ES", "ceuta", "Ceuta", "ES-CE", "51", False, False, "", "", "A", "IPSI"),
    ("ES", "melilla", "Melilla", "ES-ML", "52", False, False, "", "", "A", "IPSI"),
    ("ES", "andorra", "Andorra", "AD", "AD", False, True, "", "", "A", f"a third country in customs union; {RECALLED}"),
    ("FI", "aland", "Åland Islands", "AX", "22", False, True, "FI", "", "A",
     f"fiscal border with the rest of Finland; Finnish VAT inside; {RECALLED}"),
    ("FI", "aland_region", "Åland Islands, as a region of Finland", "FI-01", "", False, True, "FI", "", "A",
     "fiscal border with the rest of Finland; Finnish VAT inside"),
    ("FR", "corsica", "Corsica", "FR-20R", "20", True, True, "", "", "A", f"special rates; {RECALLED}"),
    ("FR", "monaco", "Monaco", "MC", "980", True, True, "FR", "", "A", f"treated as France (Art. 7); {RECALLED}"),
    ("FR", "guadeloupe", "Guadeloupe", "GP", "971", False, True, "", "", "A", f"French VAT at 8.5 % inside; {RECALLED}"),
    ("FR", "martinique", "Martinique", "MQ", "972", False, True, "", "", "A", f"French VAT at 8.5 % inside; {RECALLED}"),
    ("FR", "french_guiana", "French Guiana", "GF", "973", False, True, "", "", "A", f"no VAT inside; {RECALLED}"),
    ("FR", "reunion", "Réunion", "RE", "974", False, True, "", "", "A", f"French VAT at 8.5 % inside; {RECALLED}"),
    ("FR", "mayotte", "Mayotte", "YT", "976", False, True, "", "", "A", f"no VAT inside; {RECALLED}"),
    ("FR", "saint_martin", "Saint-Martin", "MF", "97150", False, True, "", "", "A", RECALLED),
    ("FR", "saint_barthelemy", "Saint-Barthélemy", "BL", "97133", False, False, "", "", "A", RECALLED),
    ("FR", "saint_pierre_miquelon", "Saint-Pierre-et-Miquelon", "PM", "975", False, False, "", "", "A", RECALLED),
    ("FR", "french_southern_territories", "French Southern Territories", "TF", "984", False, False, "", "", "A", RECALLED),
    ("FR", "wallis_futuna", "Wallis-et-Futuna", "WF", "986", False, False, "", "", "A", RECALLED),
    ("FR", "french_polynesia", "French Polynesia", "PF", "987", False, False, "", "", "A", RECALLED),
    ("FR", "new_caledonia", "New Caledonia", "NC", "988", False, False, "", "", "A", RECALLED),
    ("GB", "northern_ireland", "Northern Ireland", "XI", "BT", True, True, "", "2021-01-01", "A",
     f"goods as a member state, services under the law of the United Kingdom; {RECALLED}"),
    ("GB", "isle_of_man", "Isle of Man", "IM", "IM", True, True, "GB", "", "A", f"treated as the United Kingdom; {RECALLED}"),
    ("GB", "jersey", "Jersey", "JE", "JE", False, True, "", "", "R", f"outside the VAT area, with a tax of its own; {RECALLED}"),
    ("GB", "guernsey", "Guernsey", "GG", "GY", False, True, "", "", "R", f"outside the VAT area, without such a tax; {RECALLED}"),
    ("GR", "mount_athos", "Mount Athos", "GR-69", "63086", False, True, "", "", "A", ""),
    ("GR", "aegean_islands", "Leros, Lesbos, Kos, Samos, Chios", "GR-XN", "811 812 813 821 822 831 832 853 854", True, True,
     "", "", "C", f"rates lowered by 30 percent, on conditions that were extended several times; {RECALLED}"),
    ("IT", "livigno", "Livigno", "", "23041 23030", False, False, "", "", "A", "older lists use 23030"),
    ("IT", "campione", "Campione d'Italia", "", "22061 22060", False, True, "", "2020-01-01", "A",
     "inside the customs territory since 2020-01-01; own consumption tax"),
    ("IT", "campione_before_2020", "Campione d'Italia", "", "22061 22060", False, False, "", "", "R",
     "outside the customs territory until the end of 2019"),
    ("IT", "san_marino", "San Marino", "SM", "4789", False, True, "", "", "A",
     f"a third country in customs union; {RECALLED}"),
    ("IT", "vatican", "Vatican City", "VA", "00120", False, False, "", "", "A", f"a third country; {RECALLED}"),
    ("NL", "aruba", "Aruba", "AW", "", False, False, "", "", "A", ""),
    ("NL", "curacao", "Curaçao", "CW", "", False, False, "", "", "A", ""),
    ("NL", "sint_maarten", "Sint Maarten", "SX", "", False, False, "", "", "A", ""),
    ("NL", "caribbean_netherlands", "Bonaire, Sint Eustatius and Saba", "BQ", "", False, False, "", "", "A", ""),
    ("NO", "svalbard_jan_mayen", "Svalbard and Jan Mayen", "SJ", "8099 917", False, False, "", "", "R",
     f"outside the area of Norwegian VAT; {RECALLED}"),
    ("PT", "azores", "Azores", "PT-20", "95-99", True, True, "", "", "A", f"own rates; {RECALLED}"),
    ("PT", "madeira", "Madeira", "PT-30", "90-94", True, True, "", "", "A", f"own rates; {RECALLED}"),
)  # fmt: skip

OUTSIDE_UNION = {"CH", "GB", "NO"}
ABROAD = {
    ("CH", "buesingen"): ("MWSTG", "Art. 3(a)"),
    ("CH", "liechtenstein"): ("MWSTG", "Art. 3(a)"),
    ("GB", "northern_ireland"): ("Windsor Framework / Protocol on Ireland and Northern Ireland", "Art. 8 and Annex 3"),
    ("GB", "isle_of_man"): (RECALLED_ACT, ""),
    ("GB", "jersey"): (RECALLED_ACT, ""),
    ("GB", "guernsey"): (RECALLED_ACT, ""),
    ("NO", "svalbard_jan_mayen"): ("merverdiavgiftsloven", ""),
}
"""What territories outside the Union rest on."""
ENDED = {"campione_before_2020": "2020-01-01"}
STATUS = "European Commission, Territorial status"


def territories(draft: Draft, status: Fact) -> None:
    """The territories of a country. `status` is a row that was read in the Commission's table."""
    for country, identity, name, place, codes, vat, customs, treated, start, grade, note in ROWS:
        if country != draft.place:
            continue
        cite = ABROAD.get((country, identity))
        if cite is not None and cite[0] != RECALLED_ACT:
            cite = (draft.source(cite[0]), cite[1])
        if country not in OUTSIDE_UNION:
            cite = (draft.source("Directive 2006/112/EC"), "Art. 7" if treated in ("FR", "GB") else "Art. 5 to 8")
        draft.territories.append(
            Territory(
                identity, name, vat, customs, grade, place, tuple(codes.split()), treated, start, ENDED.get(identity, ""),
                cite, status.evidence if grade == "A" else "", note,
            )
        )  # fmt: skip
