"""The tax law as shipped: rates on the days around their changes, territories, tables that fit together."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.packs.model import Confidence, Pack, TaxRate, Territory
from engine.places import COUNTRIES
from engine.tax.categories import BROADER, CATEGORIES
from engine.tax.law import TaxLaw
from engine.tax.model import SaleLine, Treatment
from engine.tax.rates import Picked, pick
from tests.property.shipped import ROOT, packs

TODAY = date(2026, 11, 22)
UNION = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
TAXED = sorted(code for code, pack in packs().packs.items() if "tax" in pack.domains)


def law() -> TaxLaw:
    return TaxLaw(packs())


def picked(place: str, category: str | None, day: date, *components: str, kind: str | None = "goods") -> Picked:
    line = SaleLine("1", kind, category, Decimal(100), False)
    return pick(law().at(place, day), line, *components)


def percent(place: str, category: str, day: date, *components: str, kind: str | None = "goods") -> str | None:
    """The one rate that is picked, as text; None: undecided."""
    found = picked(place, category, day, *components, kind=kind)
    if found.treatment is Treatment.UNDECIDED:
        return None
    assert len(found.components) == 1, found
    return f"{found.components[0].percent:f}"


# -- standard rates of the Union around their changes ----------------------------------------------------------------------

STANDARD_CHANGES = [
    ("DE", "2020-07-01", "19", "16"),
    ("DE", "2021-01-01", "16", "19"),
    ("EE", "2024-01-01", "20", "22"),
    ("EE", "2025-07-01", "22", "24"),
    ("FI", "2024-09-01", "24", "25.5"),
    ("GR", "2016-06-01", "23", "24"),
    ("IE", "2020-09-01", "23", "21"),
    ("IE", "2021-03-01", "21", "23"),
    ("LU", "2023-01-01", "17", "16"),
    ("LU", "2024-01-01", "16", "17"),
    ("RO", "2017-01-01", "20", "19"),
    ("RO", "2025-08-01", "19", "21"),
    ("SK", "2025-01-01", "20", "23"),
]


@pytest.mark.parametrize(("place", "day", "before", "since"), STANDARD_CHANGES)
def test_a_standard_rate_changes_at_midnight(place: str, day: str, before: str, since: str) -> None:
    changed = date.fromisoformat(day)
    assert percent(place, "standard", changed - timedelta(days=1)) == before
    assert percent(place, "standard", changed) == since


def test_no_other_standard_rate_of_the_union_has_changed_since_2016() -> None:
    found = {
        (place, rate.start.isoformat())
        for place in UNION
        for rate in packs().packs[place].domains["tax"].rates
        if rate.category == "standard" and rate.start > date(2016, 1, 1)
    }
    assert found == {(place, day) for place, day, _, _ in STANDARD_CHANGES}


STANDARD_TODAY = {
    "AT": "20", "BE": "21", "BG": "20", "CY": "19", "CZ": "21", "DE": "19", "DK": "25", "EE": "24", "ES": "21", "FI": "25.5",
    "FR": "20", "GR": "24", "HR": "25", "HU": "27", "IE": "23", "IT": "22", "LT": "21", "LU": "17", "LV": "21", "MT": "18",
    "NL": "21", "PL": "23", "PT": "23", "RO": "21", "SE": "25", "SI": "22", "SK": "23",
}  # fmt: skip


@pytest.mark.parametrize("place", sorted(UNION))
def test_the_standard_rate_of_a_member_state_today_is_read_in_a_primary_text(place: str) -> None:
    found = picked(place, "standard", TODAY)
    assert [f"{part.percent:f}" for part in found.components] == [STANDARD_TODAY[place]]
    assert found.components[0].confidence is Confidence.A
    assert found.treatment is Treatment.STANDARD


# -- reduced rates around their changes --------------------------------------------------------------------------------------

CATEGORY_CHANGES = [
    ("AT", "basic_food", "2026-07-01", "10", "4.9"),
    ("BE", "hotel", "2026-03-01", "6", "12"),
    ("BG", "restaurant", "2025-01-01", "9", "20"),
    ("CY", "books", "2023-07-21", "5", "3"),
    ("CZ", "books", "2024-01-01", None, "0"),
    ("CZ", "food", "2024-01-01", None, "12"),
    ("DE", "books", "2020-07-01", "7", "5"),
    ("DE", "books", "2021-01-01", "5", "7"),
    ("DE", "medicine", "2020-07-01", "19", "16"),
    ("DE", "restaurant", "2024-01-01", "7", "19"),
    ("DE", "restaurant", "2026-01-01", "19", "7"),
    ("EE", "hotel", "2025-01-01", "9", "13"),
    ("EE", "newspapers", "2025-01-01", "5", "9"),
    ("ES", "basic_food", "2023-01-01", "4", "0"),
    ("ES", "basic_food", "2024-10-01", "0", "2"),
    ("ES", "basic_food", "2025-01-01", "2", "4"),
    ("FI", "books", "2025-01-01", "10", "14"),
    ("FI", "books", "2026-01-01", "14", "13.5"),
    ("FI", "food", "2026-01-01", "14", "13.5"),
    ("HU", "newspapers", "2024-01-01", None, "0"),
    ("IE", "hotel", "2023-09-01", "9", "13.5"),
    ("IE", "newspapers", "2023-01-01", "9", "0"),
    ("IE", "restaurant", "2026-07-01", "13.5", "9"),
    ("LT", "books", "2026-01-01", "9", "5"),
    ("LT", "hotel", "2026-01-01", "9", "12"),
    ("LV", "basic_food", "2026-07-01", "21", "12"),
    ("LV", "basic_food", "2027-07-01", "12", "21"),
    ("LV", "books", "2022-01-01", "12", "5"),
    ("NL", "food", "2019-01-01", "6", "9"),
    ("NL", "hotel", "2026-01-01", "9", "21"),
    ("RO", "food", "2025-08-01", None, "11"),
    ("SE", "food", "2026-04-01", "12", "6"),
    ("SE", "food", "2028-01-01", "6", "12"),
    ("SK", "books", "2025-01-01", None, "5"),
    ("CH", "books", "2024-01-01", "2.5", "2.6"),
    ("CH", "hotel", "2018-01-01", "3.8", "3.7"),
]


@pytest.mark.parametrize(("place", "category", "day", "before", "since"), CATEGORY_CHANGES)
def test_a_reduced_rate_changes_at_midnight(
    place: str, category: str, day: str, before: str | None, since: str
) -> None:
    changed = date.fromisoformat(day)
    assert percent(place, category, changed - timedelta(days=1)) == before, "None: what it bore before was not read"
    assert percent(place, category, changed) == since


ELECTRONIC_CHANGES = [
    ("AT", "2020-01-01", "20", "10"),
    ("BE", "2019-04-01", "21", "6"),
    ("CZ", "2024-01-01", "21", "0"),
    ("DE", "2019-12-18", "19", "7"),
    ("DE", "2020-07-01", "7", "5"),
    ("DE", "2021-01-01", "5", "7"),
    ("ES", "2020-04-23", "21", "4"),
    ("HR", "2019-01-01", "25", "5"),
    ("IE", "2019-01-01", "23", "9"),
    ("IE", "2024-01-01", "9", "0"),
    ("NL", "2020-01-01", "21", "9"),
    ("PL", "2019-11-01", "23", "5"),
    ("PT", "2019-01-01", "23", "6"),
    ("SE", "2019-07-01", "25", "6"),
    ("SI", "2020-01-01", "22", "5"),
]


@pytest.mark.parametrize(("place", "day", "before", "since"), ELECTRONIC_CHANGES)
def test_electronic_books_leave_the_standard_rate(place: str, day: str, before: str, since: str) -> None:
    changed = date.fromisoformat(day)
    assert percent(place, "books", changed - timedelta(days=1), kind="digital") == before
    assert percent(place, "ebooks", changed, kind="digital") == since
    assert percent(place, "books", changed, kind="digital") == since, (
        "a file is an electronic book whatever it is called"
    )


def test_the_rate_of_paper_is_not_that_of_files() -> None:
    assert percent("HU", "books", TODAY) == "5"
    assert percent("HU", "books", TODAY, kind="digital") == "27"
    assert percent("DK", "newspapers", TODAY) == "0"
    assert percent("DK", "books", TODAY, kind="digital") == "25"


# -- parts and neighbours ----------------------------------------------------------------------------------------------------

PARTS = [
    ("PT-20", "standard", "16"),
    ("PT-20", "books", "4"),
    ("PT-30", "standard", "22"),
    ("PT-30", "restaurant", "12"),
    ("AT-XJ", "standard", "19"),
    ("AT-XM", "books", "10"),
    ("AT-7", "standard", "20"),
    ("FI-01", "food", "13.5"),
    ("AX", "food", "13.5"),
    ("AX", "standard", "25.5"),
    ("GR-XN", "standard", "17"),
    ("GR-XN", "food", "9"),
    ("FR-20R", "standard", "20"),
    ("FR-20R", "food", None),
    ("GP", "standard", "8.5"),
    ("ES-CN", "standard", "7"),
    ("ES-CE", "standard", None),
    ("XI", "books", "0"),
    ("IM", "standard", "20"),
    ("MC", "standard", "20"),
    ("LI", "hotel", "3.8"),
]


@pytest.mark.parametrize(("place", "category", "rate"), PARTS)
def test_parts_of_a_country_have_the_rates_of_their_own_law(place: str, category: str, rate: str | None) -> None:
    assert percent(place, category, TODAY) == rate


def test_the_country_tax_does_not_reach_the_canaries() -> None:
    found = picked("ES-CN", "standard", TODAY)
    assert [(part.name, part.jurisdiction) for part in found.components] == [("IGIC", "ES-CN")]


def test_the_kingdom_had_its_tax_before_its_own_payment_law_and_gibraltar_has_none() -> None:
    assert percent("GB", "standard", date(2019, 6, 1)) == "20"
    assert percent("XI", "standard", date(2020, 12, 31)) == "20"
    assert not law().at("GI", TODAY).rates(), "within a group for payments is not within a tax"


def lands(place: str) -> dict[str, Territory]:
    return {land.id: land for land in packs().packs[place].domains["tax"].territories}


TERRITORIES = [
    ("ES", "canary_islands", False, True, "ES-CN"),
    ("ES", "ceuta", False, False, "ES-CE"),
    ("ES", "melilla", False, False, "ES-ML"),
    ("FI", "aland", False, True, "AX"),
    ("IT", "livigno", False, False, None),
    ("IT", "campione", False, True, None),
    ("DE", "heligoland", False, False, None),
    ("DE", "buesingen", False, False, None),
    ("GR", "mount_athos", False, True, "GR-69"),
    ("FR", "guadeloupe", False, True, "GP"),
    ("FR", "martinique", False, True, "MQ"),
    ("FR", "french_guiana", False, True, "GF"),
    ("FR", "reunion", False, True, "RE"),
    ("FR", "mayotte", False, True, "YT"),
    ("FR", "saint_martin", False, True, "MF"),
    ("FR", "new_caledonia", False, False, "NC"),
    ("FR", "corsica", True, True, "FR-20R"),
    ("FR", "monaco", True, True, "MC"),
    ("DK", "faroe_islands", False, False, "FO"),
    ("DK", "greenland", False, False, "GL"),
    ("NL", "aruba", False, False, "AW"),
    ("NL", "caribbean_netherlands", False, False, "BQ"),
    ("PT", "azores", True, True, "PT-20"),
    ("PT", "madeira", True, True, "PT-30"),
    ("AT", "jungholz", True, True, "AT-XJ"),
    ("AT", "mittelberg", True, True, "AT-XM"),
    ("GB", "isle_of_man", True, True, "IM"),
    ("GB", "northern_ireland", True, True, "XI"),
]


@pytest.mark.parametrize(("country", "land", "vat", "customs", "place"), TERRITORIES)
def test_the_commissions_table_of_territories(
    country: str, land: str, vat: bool, customs: bool, place: str | None
) -> None:
    found = lands(country)[land]
    assert (found.vat_area, found.customs_area, found.place) == (vat, customs, place)
    assert found.confidence in (Confidence.A, Confidence.B)


def test_enclaves_are_known_by_either_postcode() -> None:
    assert {"78266", "CH:8238"} == set(lands("DE")["buesingen"].postal_codes)
    assert lands("DE")["buesingen"].treated_as == "CH"
    assert {"6691", "DE:87491"} == set(lands("AT")["jungholz"].postal_codes)


def test_campione_entered_the_customs_territory_in_2020() -> None:
    def inside(day: date) -> list[bool]:
        found = [land for _, land in law().at("IT", day).territories() if land.name.startswith("Campione")]
        return [land.customs_area for land in found]

    assert inside(date(2019, 12, 31)) == [False]
    assert inside(date(2020, 1, 1)) == [True]


# -- the Union ---------------------------------------------------------------------------------------------------------------


def test_the_union_has_27_members_and_lost_one() -> None:
    group = packs().packs["EU"]
    assert group.members_on(TODAY) == UNION
    assert "GB" in group.members_on(date(2020, 12, 31))
    assert "GB" not in group.members_on(date(2021, 1, 1))
    assert "HR" not in group.members_on(date(2013, 6, 30))
    assert "HR" in group.members_on(date(2013, 7, 1))


NUMBERS = [
    ("EU", "distance_sales_threshold", "2021-07-01", "10000"),
    ("EU", "evidence_single_item_threshold", "2019-01-01", "100000"),
    ("EU", "low_value_import_threshold", "2021-07-01", "150"),
    ("EU", "customs_duty_low_value_flat", "2026-07-01", "3"),
    ("GB", "low_value_import_threshold", "2021-01-01", "135"),
    ("NO", "low_value_import_threshold", "2020-04-01", "3000"),
    ("NO", "digital_nonresident_threshold", "2011-07-01", "50000"),
    ("CH", "digital_nonresident_threshold", "2010-01-01", "100000"),
    ("CH", "mail_order_turnover_threshold", "2019-01-01", "100000"),
    ("AU", "low_value_import_threshold", "2018-07-01", "1000"),
    ("AU", "digital_nonresident_threshold", "2017-07-01", "75000"),
    ("NZ", "low_value_import_threshold", "2019-12-01", "1000"),
    ("NZ", "digital_nonresident_threshold", "2016-10-01", "60000"),
    ("SG", "low_value_import_threshold", "2023-01-01", "400"),
    ("SG", "worldwide_turnover_threshold", "2020-01-01", "1000000"),
    ("CA", "digital_nonresident_threshold", "2021-07-01", "30000"),
    ("CA-QC", "digital_nonresident_threshold", "2019-01-01", "30000"),
    ("JP", "digital_nonresident_threshold", "2015-10-01", "10000000"),
    ("JP", "platform_taxation_threshold", "2025-04-01", "5000000000"),
    ("ZA", "digital_nonresident_threshold", "2014-06-01", "1000000"),
    ("CL", "low_value_import_threshold", "2025-10-25", "500"),
    ("MY", "low_value_goods_seller_threshold", "2024-01-01", "500000"),
    ("US-CA", "economic_nexus_amount", "2019-04-01", "500000"),
]


@pytest.mark.parametrize(("place", "name", "since", "value"), NUMBERS)
def test_a_number_of_the_procedure_holds_from_its_day(place: str, name: str, since: str, value: str) -> None:
    day = date.fromisoformat(since)
    found = packs().packs[place].domains["tax"].parameters[name]
    entry, before = found.at(day), found.at(day - timedelta(days=1))
    assert entry is not None
    assert entry.value == Decimal(value)
    assert before is None or before.value != Decimal(value), "the day before it is not the law yet"


def test_the_customs_duty_on_parcels_ends_when_its_regulation_does() -> None:
    duty = packs().packs["EU"].domains["tax"].parameters["customs_duty_low_value_flat"]
    last, after = duty.at(date(2028, 6, 30)), duty.at(date(2028, 7, 1))
    assert last is not None
    assert last.known
    assert after is not None
    assert not after.known


# -- several taxes on one supply -----------------------------------------------------------------------------------------------


def taxes(place: str, category: str, day: date, *components: str, kind: str = "goods") -> list[tuple[str, str]]:
    found = picked(place, category, day, *components, kind=kind)
    return [(part.name, f"{part.percent:f}") for part in found.components]


def test_provinces_of_canada_add_a_tax_or_join_the_federal_one() -> None:
    assert taxes("CA-AB", "standard", TODAY) == [("GST", "5")]
    assert taxes("CA-QC", "standard", TODAY) == [("QST", "9.975"), ("GST", "5")]
    assert taxes("CA-BC", "standard", TODAY) == [("PST", "7"), ("GST", "5")]
    assert taxes("CA-MB", "standard", date(2019, 6, 30), "pst") == [("RST", "8")]
    assert taxes("CA-NS", "standard", date(2025, 3, 31), "hst") == [("HST", "15")]
    assert taxes("CA-NS", "standard", date(2025, 4, 1), "hst") == [("HST", "14")]


def test_indian_slabs_before_and_after_the_reform() -> None:
    assert taxes("IN", "slab_12", date(2025, 9, 21), "igst") == [("IGST", "12")]
    assert picked("IN", "slab_12", date(2025, 9, 22), "igst").treatment is Treatment.UNDECIDED
    assert taxes("IN", "slab_40", date(2025, 9, 22), "igst") == [("IGST", "40")]
    assert taxes("IN", "slab_5", TODAY, "cgst", "sgst") == [("CGST", "2.5"), ("SGST", "2.5")]
    assert taxes("IN", "slab_0_25", TODAY, "cgst", "sgst") == [("CGST", "0.125"), ("SGST", "0.125")]


def test_halves_of_indian_rates_make_the_whole() -> None:
    rows = packs().packs["IN"].domains["tax"].rates

    def table(component: str) -> dict[tuple[str, date], TaxRate]:
        return {(row.category, row.start): row for row in rows if row.component == component}

    whole = table("igst")
    for component in ("cgst", "sgst", "utgst"):
        halves = table(component)
        assert halves.keys() == whole.keys()
        assert all(half.percent is None or half.percent * 2 == whole[key].percent for key, half in halves.items())


def test_texas_taxes_four_fifths_of_data_processing() -> None:
    part = picked("US-TX", "data_processing", TODAY, kind="digital").components[0]
    assert (part.percent, part.share) == (Decimal("6.25"), Decimal("0.8"))


def test_indonesia_taxes_eleven_twelfths_of_all_but_luxury() -> None:
    part = picked("ID", "standard", TODAY).components[0]
    assert (part.percent * part.share).quantize(Decimal("0.0001")) == Decimal("11.0000")
    assert picked("ID", "luxury", TODAY).components[0].share == 1
    assert picked("ID", "standard", date(2024, 12, 31)).components[0].share == 1


def test_the_average_of_local_rates_is_never_a_rate() -> None:
    for place in (code for code in TAXED if code.startswith("US-")):
        part = packs().packs[place].domains["tax"]
        average = part.parameters.get("average_local_rate")
        if average is not None:
            assert average.basis == "guidance"
            lines = {rate.percent for rate in part.rates if rate.category == "standard"}
            assert lines - {average.values[0].value}, place


def test_vietnam_lowers_its_standard_rate_for_a_while_but_not_for_telecoms() -> None:
    rates = [
        percent("VN", "standard", date.fromisoformat(day))
        for day in ("2025-06-30", "2025-07-01", "2026-12-31", "2027-01-01")
    ]
    assert rates == ["10", "8", "8", "10"]
    assert percent("VN", "telecom", TODAY, kind="service") == "10"


@pytest.mark.parametrize(
    ("place", "day"),
    [("TH", "2026-10-01"), ("US-DC", "2026-10-01"), ("KN", "2025-07-01"), ("LR", "2027-01-01"), ("SY", "2026-11-22")],
)
def test_what_nobody_has_confirmed_is_undecided(place: str, day: str) -> None:
    assert picked(place, "standard", date.fromisoformat(day)).treatment is Treatment.UNDECIDED


# -- every table ---------------------------------------------------------------------------------------------------------------


def owned() -> list[tuple[Pack, TaxRate]]:
    return [(packs().packs[code], rate) for code in TAXED for rate in packs().packs[code].domains["tax"].rates]


def test_every_rate_is_cited_and_says_how_surely_it_is_known() -> None:
    assert not [f"{pack.jurisdiction}/{rate.id}" for pack, rate in owned() if rate.cite is None]
    assert not [
        f"{pack.jurisdiction}/{rate.id}" for pack, rate in owned()
        if rate.confidence is not Confidence.R and not rate.evidence and not rate.unread and "evidence" not in rate.note
        and rate.cite and rate.cite.source == "tax_law" and pack.jurisdiction not in {"PT-20", "PT-30"}
    ]  # fmt: skip


def test_every_category_of_the_packs_is_described() -> None:
    used = {rate.category for _, rate in owned()}
    assert used <= CATEGORIES.keys()
    assert set(BROADER) | set(BROADER.values()) <= CATEGORIES.keys()


def test_the_reference_lists_the_categories() -> None:
    page = (ROOT / "docs" / "reference" / "tax-categories.md").read_text(encoding="utf-8")
    for name, words in CATEGORIES.items():
        assert f"| `{name}` | {words} |" in page


def test_every_country_of_iso_3166_with_people_has_tax_law() -> None:
    uninhabited = {"AQ", "BV", "CC", "CX", "EH", "GS", "HM", "IO", "NF", "PN", "SJ", "TF", "UM"}
    assert uninhabited | {code for code in TAXED if len(code) == 2} >= COUNTRIES


@pytest.mark.parametrize("place", TAXED)
def test_a_place_has_a_standard_rate_or_says_that_it_has_no_tax(place: str) -> None:
    here = law().at(place, TODAY)
    has = here.setting("has_consumption_tax")
    standard = [rate for rate in here.rates() if rate.row.category == "standard"]
    if place == "EU":
        assert has is None
    elif has is not None and has.pack.jurisdiction == place:
        assert bool(has.value) is bool(standard) or place in {"US-AK", "GR-69", "IN"}
    else:
        assert standard, place
