"""Every format, field by field, on samples that were written by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.screening.lists.errors import UnknownFormat
from engine.screening.lists.formats import FORMATS, told_by
from engine.screening.lists.registry import policy
from engine.screening.model import Born, EntityKind, Identifier, Listed, ListedName, NameKind, Owner
from tests.screening.samples import LISTS, content, flat, sample


def by_key(name: str) -> dict[str, Listed]:
    return {entry.key: entry for entry in sample(name).entries}


def values(entry: Listed) -> set[tuple[str, str, str | None]]:
    return {(one.kind, one.value, one.country) for one in entry.identifiers}


def names(entry: Listed) -> list[tuple[str, str, bool]]:
    return [(name.text, name.kind.value, name.weak) for name in entry.names]


@pytest.mark.parametrize("name", LISTS)
def test_a_file_is_known_by_its_beginning(name: str) -> None:
    code, format_ = LISTS[name]
    assert told_by(content(name), policy(code).formats).code == format_


@pytest.mark.parametrize("name", LISTS)
def test_a_file_of_one_format_is_taken_for_no_other(name: str) -> None:
    others = tuple(code for code in FORMATS if code != LISTS[name][1])
    with pytest.raises(UnknownFormat):
        told_by(content(name), others)


def test_every_format_has_its_sample() -> None:
    assert {format_ for _, format_ in LISTS.values()} | {"ofac-csv"} == set(FORMATS)


def test_ofac_a_person() -> None:
    person = by_key("ofac-xml.xml")["101"]
    assert names(person) == [
        ("Ivan Petrovich SAMPLEV", "primary", False),
        ("THE SAMPLE", "alias", True),
        ("Ivan PROBE", "former", False),
        ("ESSAI", "now", False),
    ]
    assert (person.names[0].given, person.names[0].family) == ("Ivan Petrovich", "SAMPLEV")
    assert person.births == (Born(date(1965, 3, 12), date(1965, 3, 12), circa=True),)
    assert (person.genders, person.nationalities, person.countries) == (("male",), ("MM",), ("BY",))
    assert (person.programmes, person.measures) == (("SDGT", "IRAN"), ("asset_freeze",))


def test_ofac_identifiers_that_are_none_become_what_they_are() -> None:
    person = by_key("ofac-xml.xml")["101"]
    assert values(person) == {
        ("passport", "X 123", "KP"),
        ("crypto", "1abc", None),
        ("website", "www.example.org", None),
        ("tax_id", "77", None),
    }
    assert Identifier("crypto", "1abc", None, "XBT") in person.identifiers
    assert "Secondary sanctions risk: section 1(b)" in (person.remarks or "")


def test_ofac_what_cannot_be_read_is_kept_in_words() -> None:
    person = by_key("ofac-xml.xml")["101"]
    assert "Nowhere, Atlantis" in person.addresses
    assert "Nationality: Atlantis" in (person.remarks or "")
    assert "Born: in his forties" in (person.remarks or "")
    assert Identifier("tax_id", "77", None, "Tax ID No. (Atlantis)") in person.identifiers


def test_ofac_a_vessel_and_an_aircraft() -> None:
    found = by_key("ofac-xml.xml")
    assert (found["102"].kind, found["102"].countries) == (EntityKind.VESSEL, ("PA",))
    assert values(found["102"]) == {("imo", "7406784", None), ("call_sign", "CL2192", None)}
    assert (found["103"].kind, values(found["103"])) == (EntityKind.AIRCRAFT, {("aircraft_serial", "8401", None)})
    assert "Aircraft Model: IL76" in (found["103"].remarks or "")


def test_ofac_advanced_resolves_its_tables() -> None:
    person = by_key("ofac-advanced.xml")["2674"]
    assert names(person) == [
        ("Abu SAMPLEV", "primary", False),
        ("Самплев", "original", False),
        ("SAMPLE", "alias", True),
    ]
    assert person.births == (Born(date(1948, 12, 10), date(1949, 1, 2)),)
    assert values(person) == {("passport", "040070827", "IQ"), ("crypto", "0xabc", None)}
    assert (person.genders, person.nationalities, person.birth_places) == (("male",), ("IQ",), ("Iraq",))
    assert (person.programmes, person.listed_on) == (("SDGT",), date(2001, 12, 4))


def test_ofac_advanced_tells_owners_and_other_ties_apart() -> None:
    found = by_key("ofac-advanced.xml")
    assert found["36"].owners == (Owner("2674", None, controls=True),)
    assert found["2674"].owners == ()
    assert "Tie: Formerly Acting for or on behalf of SAMPLE AIRLINES" in (found["2674"].remarks or "")


def test_ofac_advanced_an_entity_and_a_vessel() -> None:
    found = by_key("ofac-advanced.xml")
    assert (found["36"].kind, found["36"].addresses, found["36"].countries) == (
        EntityKind.ORGANISATION,
        ("Havana, Cuba",),
        ("CU",),
    )
    assert "Organization Established Date: 1969-01-01" in (found["36"].remarks or "")
    assert (found["4238"].kind, found["4238"].countries) == (EntityKind.VESSEL, ("CU",))
    assert values(found["4238"]) == {("imo", "8321785", None), ("call_sign", "CL2192", None)}


def test_ofac_flat_files_are_joined() -> None:
    found = {entry.key: entry for entry in flat().entries}
    assert names(found["36"]) == [("SAMPLE AIRLINES", "primary", False), ("SAMPLE LINES", "former", False)]
    person = found["101"]
    assert names(person) == [
        ("Ivan SAMPLEV", "primary", False),
        ("Jean ESSAI", "alias", False),
        ("Ivan PROBE", "alias", True),
    ]
    assert (person.programmes, person.nationalities, person.genders) == (("SDGT", "IRAN"), ("BY", "IQ"), ("male",))
    assert [(born.earliest.year, born.circa) for born in person.births] == [(1963, False), (1964, True)]
    assert values(person) == {
        ("passport", "X123", "IQ"),
        ("crypto", "1abc", None),
        ("website", "www.example.org", None),
    }
    assert "Linked To: SAMPLE AIRLINES" in (person.remarks or ""), "the remark goes on in the comments"
    assert (found["4234"].kind, found["4234"].countries) == (EntityKind.VESSEL, ("CU",))


def test_un_a_person() -> None:
    person = by_key("un-xml.xml")["CDi.901"]
    assert names(person) == [
        ("ERIC SAMPLE DEMO", "primary", False),
        ("إريك", "original", False),
        ("Musenyeri", "alias", True),
        ("Erik Sample", "alias", False),
    ]
    assert [(born.earliest.isoformat(), born.latest.isoformat(), born.circa) for born in person.births] == [
        ("1962-03-17", "1962-03-17", False),
        ("1966-01-01", "1966-12-31", True),
        ("1960-01-01", "1963-12-31", True),
        ("1977-08-01", "1977-09-30", False),
    ]
    assert (person.nationalities, person.countries, person.listed_on) == (("CD",), ("RW",), date(2012, 12, 31))
    assert values(person) == {("passport", "SB060339", "RW")}
    for kept in ("Nationality: former Soviet Union", "Born: 27-28 years old", "Designation: General"):
        assert kept in (person.remarks or "")


def test_un_an_entity() -> None:
    entity = by_key("un-xml.xml")["QDe.901"]
    assert names(entity) == [("SAMPLE FRONT", "primary", False), ("DEMO FRONT", "former", False)]
    assert (entity.kind, entity.countries, entity.programmes) == (EntityKind.ORGANISATION, ("IR",), ("Al-Qaida",))


def test_eu_a_person() -> None:
    person = by_key("eu-xml.xml")["20"]
    assert names(person) == [("Qusay S Sample", "primary", False), ("Сампле", "original", True)]
    assert person.names[1].language == "ru"
    assert [born.earliest.isoformat() for born in person.births] == [
        "1965-01-01",
        "1960-01-01",
        "1966-02-03",
        "1982-04-19",
    ]
    assert (person.nationalities, person.countries, person.reference) == (("IQ",), ("FR",), "EU.9.1")
    assert values(person) == {
        ("email", "a@example.org", None),
        ("email", "b@example.org", None),
        ("passport", "34409/129", "IQ"),
    }


def test_eu_what_is_doubtful_or_of_another_calendar_is_kept_in_words() -> None:
    remarks = by_key("eu-xml.xml")["20"].remarks or ""
    for kept in (
        "Born: 1343 (islamic)",
        "National passport 34409/129: known to be false",
        "Nationality: SERBIA AND MONTENEGRO",
        "Name on document: Q. Sample",
    ):
        assert kept in remarks


def test_eu_one_number_under_two_regulations_is_two_entries() -> None:
    assert set(by_key("eu-xml.xml")) == {"20", "20/TAQA"}


def test_eu_table_gathers_the_rows_of_an_entry() -> None:
    found = by_key("eu-csv.csv")
    person = found["20"]
    assert names(person) == [("Qusay Sample", "primary", False), ("Qusay Demo", "alias", False)]
    assert person.births == (Born(date(1965, 1, 1), date(1965, 12, 31), circa=True),)
    assert (person.nationalities, values(person)) == (("IQ",), {("passport", "X1", "IQ")})
    assert found["21"].names[0].text == "Sample; Trading"
    assert values(found["21"]) == {("email", "a@example.org", None)}


def test_eu_old_table_is_read_through_its_quotes() -> None:
    (person,) = sample("eu-csv-old.csv").entries
    assert names(person) == [("Robert G Sample", "primary", False), ("Sample; the Elder", "alias", False)]
    assert values(person) == {("passport", "AD001095", "ZW")}
    assert (person.births, person.nationalities) == ((Born(date(1924, 2, 21), date(1924, 2, 21)),), ("IQ",))


def test_uk_a_person() -> None:
    person = by_key("uk-xml.xml")["AFG9001"]
    assert names(person) == [
        ("MOHAMMAD SAMPLE DEMO", "primary", False),
        ("The Low One", "alias", True),
        ("محمد", "original", False),
    ]
    assert person.measures == ("asset_freeze", "travel_ban", "other:Director disqualification")
    assert (person.nationalities, person.genders) == (("AF", "PK"), ("male",))
    assert values(person) == {
        ("passport", "A-333602", "AF"),
        ("passport", "77", None),
        ("national_id", "1729765", None),
    }


def test_uk_a_ship_that_is_not_frozen() -> None:
    ship = by_key("uk-xml.xml")["RUS9001"]
    assert (ship.kind, ship.countries, ship.measures) == (
        EntityKind.VESSEL,
        ("PA",),
        ("other:Prohibition of port entry",),
    )
    assert values(ship) == {("imo", "7406784", None)}


def test_uk_table_gathers_rows_and_finds_the_primary_name() -> None:
    found = by_key("uk-csv.csv")
    assert names(found["AFG9001"]) == [
        ("Mohammad SAMPLE", "primary", False),
        ("Sample DEMO", "alias", True),
        ("محمد", "original", False),
    ]
    assert values(found["AFG9001"]) == {("passport", "A-333602", "AF")}
    assert found["RUS9001"].measures == ("other:Prohibition of port entry",)
    assert sample("uk-csv.csv").published == datetime(2026, 9, 2, tzinfo=UTC)


def test_ofsi_table_is_in_windows_1252() -> None:
    found = by_key("ofsi-csv.csv")
    assert names(found["13188"]) == [("Ali D’EMO", "primary", False), ("Ali SAMPLE", "alias", False)]
    assert (found["13188"].countries, found["13188"].nationalities) == (("SY",), ("SY",))
    assert names(found["8990"]) == [("OLD FIRM", "primary", False)]


def test_csl_the_list_is_part_of_the_key_and_drives_the_measure() -> None:
    found = by_key("us-csl.csv")
    assert {key: entry.measures for key, entry in found.items()} == {
        "CAP:9935": ("other:correspondent accounts",),
        "DPL:a1": ("export_control",),
        "SDN:9935": ("asset_freeze",),
        "UVL:b2": ("export_control",),
        "UVL:b2~2": ("export_control",),
    }


def test_csl_a_person_and_a_firm() -> None:
    found = by_key("us-csl.csv")
    person = found["SDN:9935"]
    assert [name.text for name in person.names] == ["Yasir SAMPLE", "Yasir DEMO", "ABULAIL"]
    assert (person.nationalities, person.genders, person.countries) == (("CA", "SD", "SY"), ("male",), ("SY",))
    assert values(person) == {("passport", "K475336", "JO"), ("tax_id", "900-8", "CO")}
    assert [name.text for name in found["UVL:b2"].names] == ["Sample Works", "Sample Fabrik", "SF"]
    assert found["DPL:a1"].kind is EntityKind.UNKNOWN


def test_open_sanctions_lists_within_cells_are_read() -> None:
    found = by_key("os-simple.csv")
    assert [name.text for name in found["Q1"].names] == ["Jane Sample", "J. Sample", "Sample; Jane"]
    assert (found["Q1"].countries, len(found["Q1"].births)) == (("BY", "RU"), 2)
    assert found["W1"].names == (ListedName("1abc", NameKind.PRIMARY, weak=True),)
    assert values(found["W1"]) == {("crypto", "1abc", None)}


def test_follow_the_money_is_joined() -> None:
    found = by_key("ftm.jsonl")
    person = found["p1"]
    assert (person.programmes, person.measures, person.listed_on) == (("SDGT",), ("asset_freeze",), date(2020, 1, 2))
    assert values(person) == {("passport", "X1", None), ("passport", "Y2", "RU"), ("crypto", "1abc", None)}
    assert (person.addresses, person.countries) == (("1 Street, Moscow",), ("RU",))
    assert [name.text for name in person.names if name.weak] == ["The J"]
    assert found["c1"].owners == (Owner("p1", Decimal("51.5"), controls=False),)


def test_follow_the_money_lists_targets_only() -> None:
    assert set(by_key("ftm.jsonl")) == {"p1", "c1", "v1", "w1"}
