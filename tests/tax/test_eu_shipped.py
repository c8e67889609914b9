"""The shipped law on the sales that an accountant asks about first, through the whole procedure."""

from functools import cache

import pytest

from engine.tax.law import TaxLaw
from engine.tax.model import Buyer, SaleLine, Seller
from engine.tax.procedure import rule
from tests.property.shipped import packs
from tests.tax.asking import (
    asked,
    business,
    cites,
    consumer,
    goods,
    home,
    keeps_promises,
    percent,
    seller,
    service,
    told,
)

Expected = tuple[str, str | None, str, str | None]


@cache
def law() -> TaxLaw:
    return TaxLaw(packs())


QUOTES: list[tuple[str, SaleLine, Seller, Buyer, Expected, str | None, str]] = [
    ("a book from France to a German consumer", goods("FR", "DE", category="books"), home("FR", "oss:FR"), consumer("DE"),
     ("reduced", "DE", "oss.distance_sale", "oss"), "7", "Art. 33(a)"),
    ("the same below the threshold", goods("FR", "DE", category="books"),
     home("FR", eu_cross_border_total="0", eu_cross_border_total_previous_year="0"), consumer("DE"),
     ("reduced", "FR", "below_threshold", "domestic"), "5.5", "Art. 59c, 32"),
    ("a parcel from China to Finland under the import scheme", goods("CN", "FI", value="100", tariff_headings=2),
     seller("CN", "ioss:IE:IM3720000012"), consumer("FI"), ("ioss", "FI", "ioss.import", "ioss"), "25.5", "33(c)"),
    ("a parcel from Madrid to Tenerife", goods("ES 28001", "ES 38001"), home("ES"), consumer("ES 38001"),
     ("zero", "ES", "export", None), None, "Art. 146(1)(a), (b)"),
    ("a parcel from Milan to Livigno", goods("IT 20121", "IT 23041"), home("IT"), consumer("IT 23041"),
     ("zero", "IT", "export", None), None, "Art. 146(1)(a), (b)"),
    ("a parcel from Athens to Mount Athos", goods("GR 10431", "GR 63086"), home("GR"), consumer("GR 63086"),
     ("zero", "GR", "export", None), None, "Art. 146(1)(a), (b)"),
    ("advice from Germany to an Italian business with a valid number", service("service", "consulting"), home(),
     business("IT", "IT:valid"), ("reverse_charge", "IT", "reverse_charge.art_196", None), None, "Art. 196"),
    ("advice from Germany to an Italian business with a number not confirmed", service("service", "consulting"), home(),
     business("IT", "IT:format_valid"), ("undecided", None, "customer.unknown", None), None, "Art. 18(1)"),
    ("streaming from the United States to a French consumer", service("digital", "streaming"),
     seller("US", "non_union_oss:IE"), consumer("FR"), ("standard", "FR", "non_union_oss.digital", "non_union_oss"), "20",
     "Art. 58"),
    ("goods to the Azores", goods("DE", "PT-20"), home("DE", "oss:DE"), consumer("PT-20"),
     ("standard", "PT", "oss.distance_sale", "oss"), "16", "Art. 33(a)"),
    ("goods to Jungholz under its German postcode", goods("DE", "DE 87491"), home("DE", "oss:DE"), consumer("DE 87491"),
     ("standard", "AT", "oss.distance_sale", "oss"), "19", "Art. 33(a)"),
    ("a parcel from China to Finland over EUR 150", goods("CN", "FI", value="150.01", amount="150.01"),
     seller("CN", "ioss:IE:IM3720000012"), consumer("FI"), ("import", "FI", "import.above_threshold", None), None,
     "Art. 30, 60, 201"),
    ("a parcel from China without the import scheme", goods("CN", "FI", value="100"), seller("CN"), consumer("FI"),
     ("import", "FI", "import.special_arrangements", None), None, "Art. 369y to 369zb"),
    ("goods within Monaco, of a seller registered there", goods("MC", "MC"), seller("MC", "standard:MC"), consumer("MC"),
     ("standard", "FR", "rate.standard", "domestic"), "20", "Art. 32"),
    ("goods within the Isle of Man, of a seller registered there", goods("IM", "IM"), seller("IM", "standard:IM"),
     consumer("IM"), ("standard", "GB", "rate.standard", "domestic"), "20", "s. 7"),
    ("one item of evidence, of a small seller", service("digital", "streaming"),
     home("DE", "oss:DE", eu_digital_total="20000", eu_digital_total_previous_year="0"), consumer(None, bank="FR"),
     ("standard", "FR", "oss.digital", "oss"), "20", "Art. 24b, second paragraph"),
    ("one item of evidence, of a seller from outside", service("digital", "streaming"),
     seller("CH", "non_union_oss:IE", eu_digital_total="0", eu_digital_total_previous_year="0"), consumer(None, bank="FR"),
     ("undecided", None, "place.unknown", None), None, "Art. 24b(d), 24f"),
    ("advice from Germany to a Swiss consumer", service("service", "professional_services"), home(), consumer("CH"),
     ("no_obligation", "CH", "acquisition_tax", None), None, "Art. 59"),
    ("goods to Monaco", goods("DE", "MC"), home("DE", "oss:DE"), consumer("MC"),
     ("standard", "FR", "oss.distance_sale", "oss"), "20", "Art. 33(a)"),
    ("a car hired for 30 days in Germany", service("service", "vehicle_hire", where="DE", hire_days=30), home(),
     consumer("FR"), ("standard", "DE", "rate.standard", "domestic"), "19", "Art. 56(1), (3)"),
    ("a book from London to Belfast", goods("GB", "GB BT1 1AA", category="books"), home("GB"), consumer("XI"),
     ("zero", "GB", "rate.zero", "domestic"), "0", "s. 7"),
    ("a parcel from Germany to London", goods("DE", "GB SW1A 1AA", value="135.00"), home("DE", "standard:GB"),
     consumer("GB"), ("standard", "GB", "import.low_value", "domestic"), "20", "s. 7AA"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "who", "buyer", "expected", "rate", "article"), [row[1:] for row in QUOTES], ids=[row[0] for row in QUOTES]
)
def test_what_the_shipped_law_says(
    line: SaleLine, who: Seller, buyer: Buyer, expected: Expected, rate: str | None, article: str
) -> None:
    currency = "GBP" if line.ship_to.country == "GB" else "EUR"
    found = rule(asked(line, who, buyer, law=law(), currency=currency))
    keeps_promises(found)
    assert (told(found), percent(found)) == (expected, rate)
    assert cites(found, article)


# -- newspapers over a network --------------------------------------------------------------------------------------------

PRESS = [
    ("DE", "2019-12-17", "19"), ("DE", "2019-12-18", "7"), ("DE", "2020-06-30", "7"), ("DE", "2020-07-01", "5"),
    ("DE", "2020-12-31", "5"), ("DE", "2021-01-01", "7"), ("DE", "2026-11-22", "7"), ("AT", "2026-11-22", "10"),
    ("AT", "2019-12-31", "20"), ("AT", "2020-01-01", "10"), ("BE", "2019-03-31", "21"), ("BE", "2019-04-01", "0"),
    ("EE", "2022-07-31", "9"), ("EE", "2022-08-01", "5"), ("EE", "2025-01-01", "9"), ("ES", "2020-04-22", "21"),
    ("ES", "2020-04-23", "4"), ("FI", "2026-11-22", "10"), ("FR", "2026-11-22", "2.1"), ("GP", "2026-11-22", "1.05"),
    ("IE", "2018-12-31", "23"), ("IE", "2019-01-01", "9"), ("IE", "2022-12-31", "9"), ("IE", "2023-01-01", "0"),
    ("IT", "2015-12-31", "22"), ("IT", "2016-01-01", "4"), ("NL", "2026-11-22", "9"), ("PL", "2019-10-31", "23"),
    ("PL", "2019-11-01", "8"), ("PT", "2026-11-22", "6"), ("SE", "2026-11-22", "6"), ("LU", "2026-11-22", "3"),
    ("CZ", "2023-12-31", "10"), ("CZ", "2024-01-01", "12"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "day", "expected"), PRESS)
def test_a_newspaper_over_a_network_bears_the_rate_of_its_day(place: str, day: str, expected: str) -> None:
    """Annex III point 6 as amended by Directive (EU) 2018/1713; Germany: section 12(2) no. 14 UStG, from 2019-12-18."""
    line = service("digital", "enewspapers")
    found = rule(asked(line, home(place), consumer(place), law=law(), on=day))
    assert percent(found) == expected


# -- what leaves, and what arrives ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "missing"),
    [("DE", "lines.ship_to.region"), ("GB", "lines.ship_to.region"), ("XI", "lines.ship_to.region")],
)
def test_an_export_is_settled_where_it_leaves_whatever_its_destination_asks(start: str, missing: str) -> None:
    """Art. 146(1)(a), (b); s. 30(6) VATA: zero-rated at origin. That no State of arrival taxes the seller is not thereby said."""
    found = rule(asked(goods(start, "US"), home(start), consumer("US"), law=law()))
    assert (found.treatment, found.missing) == ("undecided", (missing,))
    assert f"{start} is settled: zero (export). Open is only what US asks of this seller." in [
        step.answer for step in found.steps
    ]
    assert cites(found, "Art. 146(1)(a), (b)" if start == "DE" else "s. 30(6)")


def test_a_parcel_into_the_kingdom_turns_on_its_worth_and_on_nothing_else() -> None:
    found = rule(asked(goods("DE", "GB"), home("DE"), consumer("GB"), law=law()))
    assert (found.treatment, found.missing) == ("undecided", ("lines.consignment_value",))
    assert any("DE is settled: zero (export)" in step.answer for step in found.steps)


def test_a_parcel_into_the_union_of_a_seller_without_the_import_scheme_turns_on_nothing() -> None:
    found = rule(asked(goods("GB", "FR"), home("GB"), consumer("FR"), law=law()))
    assert told(found) == ("zero", "GB", "export", None)
    assert any("Whatever the consignment is worth" in step.answer for step in found.steps)
