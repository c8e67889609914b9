"""Two items of evidence that do not contradict each other (Art. 24b and 24f Implementing Regulation 282/2011)."""

from __future__ import annotations

import pytest

from engine.packs.model import Confidence
from engine.tax.evidence import Located, located
from engine.tax.model import Address, Buyer, Sale, SaleLine, Seller
from tests.tax.small_law import NOW, asked_of, place, release

LAW = release(FR=place())
EVIDENCE = ("payer.evidence",)


def found(address: str | None = None, *, simplified: bool = False, region: str | None = None, **items: str) -> Located:
    buyer = Buyer(Address(address, region), evidence=items)
    sale = Sale(NOW, "EUR", (SaleLine("1", "digital", None, NOW and 1, None),), Seller(Address("DE")), buyer)  # type: ignore[arg-type]
    return located(asked_of(LAW, sale), simplified=simplified)


@pytest.mark.parametrize(
    ("address", "items", "country", "kept"),
    [
        (None, {"billing": "FR", "ip": "FR"}, "FR", ("billing=FR", "ip=FR")),
        (None, {"bank": "FR", "sim": "FR"}, "FR", ("bank=FR", "sim=FR")),
        (None, {"ip": "FR", "other": "FR"}, "FR", ("ip=FR", "other=FR")),
        ("FR", {"ip": "FR"}, "FR", ("billing=FR", "ip=FR")),
        ("FR", {"billing": "FR", "ip": "FR"}, "FR", ("billing=FR", "ip=FR")),
        ("FR", {"billing": "FR", "ip": "FR", "bank": "FR"}, "FR", ("billing=FR", "ip=FR", "bank=FR")),
    ],
)
def test_two_that_agree_are_enough(
    address: str | None, items: dict[str, str], country: str, kept: tuple[str, ...]
) -> None:
    located_at = found(address, **items)
    assert (located_at.country, located_at.items, located_at.missing) == (country, kept, ())
    assert located_at.steps[0].provision == "Art. 24b(d), 24f"


@pytest.mark.parametrize(
    ("address", "items"),
    [
        (None, {"ip": "FR"}),
        ("FR", {}),
        ("FR", {"billing": "FR"}),
        (None, {"billing": "FR", "ip": "DE"}),
        (None, {"billing": "FR", "ip": "DE", "bank": "IT"}),
        (None, {"billing": "FR", "ip": "FR", "bank": "DE", "sim": "DE"}),
        ("FR", {"billing": "DE"}),
    ],
)
def test_one_or_a_contradiction_is_not(address: str | None, items: dict[str, str]) -> None:
    located_at = found(address, **items)
    assert (located_at.country, located_at.items, located_at.missing) == (None, (), EVIDENCE)


def test_nothing_at_all_says_what_would_help() -> None:
    assert found().missing == ("payer.country", "payer.evidence")


def test_a_third_that_disagrees_is_named_and_makes_it_less_sure() -> None:
    located_at = found(None, billing="FR", bank="FR", ip="DE")
    assert located_at.country == "FR"
    assert "ip=DE" in located_at.steps[0].answer
    assert located_at.steps[0].confidence is Confidence.C
    assert located_at.items == ("billing=FR", "bank=FR")


@pytest.mark.parametrize(
    ("items", "country"),
    [
        ({"bank": "FR"}, "FR"),
        ({"sim": "FR"}, "FR"),
        ({"bank": "FR", "sim": "FR"}, "FR"),
        ({"ip": "FR"}, None),
        ({"billing": "FR"}, None),
        ({"other": "FR"}, None),
        ({"bank": "FR", "sim": "DE"}, None),
        ({"bank": "FR", "ip": "DE"}, "FR"),
    ],
)
def test_small_sellers_need_one_from_somebody_else(items: dict[str, str], country: str | None) -> None:
    """Art. 24b, second paragraph: provided by someone other than supplier and customer, and never `other`."""
    assert found(None, simplified=True, **items).country == country


def test_without_the_simplification_one_is_one() -> None:
    assert found(None, bank="FR").country is None


@pytest.mark.parametrize(("ip", "region"), [("CA", "CA-QC"), ("FR", None)])
def test_the_region_is_that_of_the_address_if_it_lies_there(ip: str, region: str | None) -> None:
    located_at = found("CA" if region else "FR", region="CA-QC" if region else None, ip=ip)
    assert (located_at.country, located_at.region) == (ip, region)
