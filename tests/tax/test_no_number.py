"""What a caller states as a number and is none: unknown, never a fault of the service."""

from decimal import Decimal

import pytest

from engine.money import exact_number
from engine.tax.model import SaleLine
from tests.tax.asking import ask, consumer, home, service


@pytest.mark.parametrize("stated", ["NaN", "sNaN", "Infinity", "-Infinity", "ten", "", True, None, ["1"]])
def test_what_is_no_number_is_not_known(stated: object) -> None:
    assert exact_number(stated) is None


@pytest.mark.parametrize("stated", [Decimal("1.50"), "1.50"])
def test_a_number_keeps_its_digits(stated: object) -> None:
    assert str(exact_number(stated)) == "1.50"
    assert exact_number(3) == 3


@pytest.mark.parametrize("stated", ["NaN", "sNaN"])
def test_a_total_that_is_no_number_is_as_good_as_none(stated: str) -> None:
    line: SaleLine = service("digital", "streaming")
    told = {"eu_digital_total": stated, "eu_digital_total_previous_year": stated}
    assert ask(line, home(**told), consumer("FR")).treatment == ask(line, home(), consumer("FR")).treatment
