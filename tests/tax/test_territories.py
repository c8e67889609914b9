"""Where an address lies: section 3 of the procedure, row by row, from the Commission's table of territorial status."""

from datetime import date

import pytest

from engine.packs.model import Confidence
from engine.tax.model import Address
from engine.tax.territories import Placed, area_of, place_of, untaxed
from tests.tax.asking import at
from tests.tax.laws import MEMBERS, europe, europe_texts, laws, union_text

DAY = date(2026, 11, 22)


def placed(text: str, day: date = DAY) -> Placed:
    return place_of(at(text), europe(), day)


# address, place, tax area, customs area
INSIDE = [
    ("DE", "DE", "EU", "EU"),
    ("DE 10115", "DE", "EU", "EU"),
    ("DE 27472", "DE", "EU", "EU"),  # Cuxhaven, on the mainland opposite Heligoland
    ("FR 75001", "FR", "EU", "EU"),
    ("FR-20R", "FR-20R", "EU", "EU"),  # Corsica has special rates of the French tax
    ("FR 20000", "FR-20R", "EU", "EU"),
    ("FR 98000", "FR", "EU", "EU"),  # Monaco, as French mail writes it
    ("MC", "FR", "EU", "EU"),
    ("MC 98000", "FR", "EU", "EU"),
    ("PT 1000-001", "PT", "EU", "EU"),
    ("PT-20", "PT-20", "EU", "EU"),
    ("PT 9500-321", "PT-20", "EU", "EU"),
    ("PT 9999-999", "PT-20", "EU", "EU"),
    ("PT-30", "PT-30", "EU", "EU"),
    ("PT 9000-001", "PT-30", "EU", "EU"),
    ("PT 9499-001", "PT-30", "EU", "EU"),
    ("AT 6691", "AT", "EU", "EU"),
    ("AT 6993", "AT", "EU", "EU"),
    ("AT 6994", "AT", "EU", "EU"),
    ("AT-7", "AT", "EU", "EU"),  # a province without tax law of its own
    ("DE 87491", "AT", "EU", "EU"),  # Jungholz under its German postcode
    ("DE 87567", "AT", "EU", "EU"),
    ("DE 87569", "AT", "EU", "EU"),
    ("DE 87570", "DE", "EU", "EU"),
    ("IT 23100", "IT", "EU", "EU"),
    ("ES 28001", "ES", "EU", "EU"),
    ("FI 00100", "FI", "EU", "EU"),
    ("GR 63087", "GR", "EU", "EU"),
    ("DK 2100", "DK", "EU", "EU"),
]

OUTSIDE = [
    ("DE 27498", "DE/heligoland", "DE/heligoland", "DE/heligoland"),
    ("DE D-27498", "DE/heligoland", "DE/heligoland", "DE/heligoland"),
    ("DE 78266", "CH", "CH", "DE/buesingen"),
    ("CH 8238", "CH", "CH", "DE/buesingen"),
    ("CH 8001", "CH", "CH", "CH"),
    ("ES 35001", "ES-CN", "ES-CN", "EU"),
    ("ES 38001", "ES-CN", "ES-CN", "EU"),
    ("ES-CN", "ES-CN", "ES-CN", "EU"),
    ("ES-GC", "ES-CN", "ES-CN", "EU"),
    ("ES-TF 38001", "ES-CN", "ES-CN", "EU"),
    ("ES 51001", "ES-CE", "ES-CE", "ES/ceuta"),
    ("ES-CE", "ES-CE", "ES-CE", "ES/ceuta"),
    ("ES 52001", "ES-ML", "ES-ML", "ES/melilla"),
    ("ES-ML", "ES-ML", "ES-ML", "ES/melilla"),
    ("FI 22100", "AX", "AX", "EU"),
    ("FI AX-22100", "AX", "AX", "EU"),
    ("FI-01", "AX", "AX", "EU"),
    ("AX", "AX", "AX", "EU"),
    ("AX 22100", "AX", "AX", "EU"),
    ("IT 23041", "IT/livigno", "IT/livigno", "IT/livigno"),
    ("IT 23030", "IT/livigno", "IT/livigno", "IT/livigno"),
    ("IT 22061", "IT/campione", "IT/campione", "EU"),
    ("IT 22060", "IT/campione", "IT/campione", "EU"),
    ("GR 63086", "GR-69", "GR-69", "EU"),
    ("GR-69", "GR-69", "GR-69", "EU"),
    ("FR 97110", "GP", "GP", "EU"),
    ("GP", "GP", "GP", "EU"),
    ("FR-971", "GP", "GP", "EU"),
    ("FR 97200", "MQ", "MQ", "EU"),
    ("FR 97300", "GF", "GF", "EU"),
    ("FR 97400", "RE", "RE", "EU"),
    ("RE 97400", "RE", "RE", "EU"),
    ("FR 97600", "YT", "YT", "EU"),
    ("FR 97150", "MF", "MF", "EU"),  # the longer prefix, within Guadeloupe's 971
    ("FR 97133", "BL", "BL", "FR/saint_barthelemy"),
    ("FR 97500", "PM", "PM", "FR/miquelon"),
    ("NC", "NC", "NC", "FR/caledonia"),
    ("PF", "PF", "PF", "FR/polynesia"),
    ("WF", "WF", "WF", "FR/wallis"),
    ("TF", "TF", "TF", "FR/southern"),
    ("FO", "FO", "FO", "DK/faroe_islands"),
    ("DK 3900", "GL", "GL", "DK/greenland"),
    ("GL", "GL", "GL", "DK/greenland"),
    ("AW", "AW", "AW", "NL/aruba"),
    ("NL-AW", "AW", "AW", "NL/aruba"),
    ("CW", "CW", "CW", "NL/curacao"),
    ("SX", "SX", "SX", "NL/maarten"),
    ("BQ", "BQ", "BQ", "NL/bonaire"),
    ("SM 47890", "SM", "SM", "EU"),
    ("IT 47890", "SM", "SM", "EU"),
    ("AD AD500", "AD", "AD", "EU"),
    ("VA 00120", "VA", "VA", "IT/vatican"),
    ("LI 9490", "LI", "LI", "LI"),
]

KINGDOM = [
    ("GB SW1A 1AA", "GB", "GB", "GB"),
    ("GB BT1 1AA", "XI", "XI", "GB"),
    ("GB bt71 7aa", "XI", "XI", "GB"),
    ("GB B1 1TT", "GB", "GB", "GB"),  # Birmingham is not Belfast
    ("GB-NIR", "XI", "XI", "GB"),
    ("XI", "XI", "XI", "GB"),
    ("XI BT1 1AA", "XI", "XI", "GB"),
    ("IM", "GB", "GB", "GB"),
    ("GB IM1 1AA", "GB", "GB", "GB"),
    ("JE", "JE", "JE", "GB"),
    ("GG", "GG", "GG", "GB"),
]

FAR = [("US-CA 94016", "US", "US", "US"), ("CN", "CN", "CN", "CN"), ("NO", "NO", "NO", "NO")]


@pytest.mark.parametrize(("text", "place", "area", "customs"), [*INSIDE, *OUTSIDE, *KINGDOM, *FAR])
def test_an_address_lies_in_its_place_and_area(text: str, place: str, area: str, customs: str) -> None:
    found = placed(text)
    assert (found.place, found.vat_area, found.customs_area) == (place, area, customs)
    assert found.missing == ()
    assert found.step.question == "territory"


@pytest.mark.parametrize("text", [text for text, *_ in OUTSIDE if not text.startswith(("LI", "CH 8001"))])
def test_a_territory_cites_its_article(text: str) -> None:
    step = placed(text).step
    assert (step.instrument, step.provision) == ("Council Directive 2006/112/EC", "Art. 5 to 8")
    assert step.confidence is Confidence.A
    assert "outside the tax area" in step.answer


def test_without_a_country_nothing_is_placed() -> None:
    found = place_of(Address(postal_code="27498"), europe(), DAY)
    assert (found.place, found.vat_area, found.missing) == (None, None, ("country",))


def test_a_region_of_another_country_contradicts_it() -> None:
    found = place_of(Address("FR", "ES-CN"), europe(), DAY)
    assert (found.place, found.missing) == (None, ("region",))
    assert "ES-CN does not lie in FR" in found.step.answer


@pytest.mark.parametrize("country", ["DE", "ES", "FR", "IT", "GR", "FI"])
def test_without_a_postcode_the_main_territory_is_presumed_and_said_so(country: str) -> None:
    found = placed(country)
    assert found.vat_area == "EU"
    assert "No postcode is stated: the main territory is presumed" in found.step.answer
    assert found.step.confidence is None, "a presumption of fact is no reading of the law"


@pytest.mark.parametrize("text", ["DE 10115", "PL", "SE"])
def test_nothing_is_presumed_where_nothing_else_could_be(text: str) -> None:
    assert "presumed" not in placed(text).step.answer


@pytest.mark.parametrize(
    ("day", "area"),
    [(date(2020, 12, 31), "EU"), (date(2021, 1, 1), "GB")],
    ids=["the last day", "the first day outside"],
)
def test_great_britain_left_on_a_day(day: date, area: str) -> None:
    assert placed("GB SW1A 1AA", day).vat_area == area


@pytest.mark.parametrize(
    ("code", "area"),
    [("FR", "EU"), ("PT-20", "EU"), ("ES-CN", "ES-CN"), ("AX", "AX"), ("GP", "GP"), ("MC", "EU"), ("IM", "GB"),
     ("XI", "XI"), ("GB", "GB"), ("US", "US"), ("US-CA", "US"), ("DE/heligoland", "DE/heligoland")],
)  # fmt: skip
def test_the_area_of_a_code(code: str, area: str) -> None:
    assert area_of(code, europe(), DAY) == area


@pytest.mark.parametrize("code", ["DE/heligoland", "IT/livigno"])
def test_what_has_no_tax_that_we_know_of_has_nobodys_law(code: str) -> None:
    assert untaxed(code)
    assert [pack.jurisdiction for pack in europe().at(code, DAY).packs] == ["WORLD"]


def test_a_part_outside_without_a_pack_does_not_answer_with_its_countrys_rates() -> None:
    texts = {**europe_texts()}
    del texts["GR-69"]
    found = place_of(Address("GR", None, "63086"), laws(texts, MEMBERS), DAY)
    assert (found.place, found.vat_area, untaxed(found.place or "")) == ("GR/mount_athos", "GR/mount_athos", True)


def test_the_law_of_a_territory_outside_is_its_own_alone() -> None:
    law = europe()
    assert [pack.jurisdiction for pack in law.at("ES-CN", DAY).packs] == ["WORLD", "ES-CN"]
    assert [rate.row.component for rate in law.at("ES-CN", DAY).rates()] == ["igic"]
    assert [pack.jurisdiction for pack in law.at("GR-69", DAY).packs] == ["WORLD", "GR-69"]
    assert [pack.jurisdiction for pack in law.at("PT-20", DAY).packs] == ["WORLD", "EU", "PT", "PT-20"]


def test_a_territory_holds_from_its_day_on() -> None:
    line = (
        '  - {id: rock, name: The Rock, postal_codes: ["99"], vat_area: false, customs_area: true, from: "2020-01-01", '
        'to: "2024-01-01", confidence: A}\n'
    )
    law = laws({"EU": union_text(), "DE": f"territories:\n{line}"}, ["DE"])
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2023, 12, 31), date(2024, 1, 1)]
    found = [place_of(Address("DE", None, "99001"), law, day).vat_area for day in days]
    assert found == ["EU", "DE/rock", "DE/rock", "EU"]


def test_a_place_may_be_treated_as_another_by_a_parameter_of_its_own() -> None:
    treated = "parameters:\n  treated_as: {type: token, confidence: A, values: [{from: unread, value: FR}]}\n"
    law = laws({"EU": union_text(), "FR": "", "MC": treated}, ["FR"])
    found = place_of(Address("MC"), law, DAY)
    assert (found.place, found.vat_area) == ("FR", "EU")
    assert "MC is treated as FR" in found.step.answer
