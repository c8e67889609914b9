"""What holds of every regime outside the Union, whatever is stated and whatever is not."""

from itertools import product
from typing import Any

import pytest

from engine.tax.africa import SOUTH_AFRICA
from engine.tax.asia import JAPAN, KOREA, SINGAPORE
from engine.tax.asked import Regime
from engine.tax.brazil import BRAZIL
from engine.tax.canada import CANADA
from engine.tax.general import GENERAL
from engine.tax.gulf import GULF
from engine.tax.india import INDIA
from engine.tax.model import Treatment
from engine.tax.nordic_alpine import NORWAY, SWITZERLAND
from engine.tax.oceania import AUSTRALIA, NEW_ZEALAND
from engine.tax.us import US
from tests.tax import (
    test_africa,
    test_asia,
    test_brazil,
    test_canada,
    test_general,
    test_gulf,
    test_india,
    test_nordic_alpine,
    test_oceania,
    test_us,
)
from tests.tax.world_laws import asked, holds

WORLD: list[tuple[Regime, str, str]] = [
    (US, test_us.LAW, "US-TX"),
    (US, test_us.LAW, "US-OR"),
    (US, test_us.LAW, "US-AK"),
    (CANADA, test_canada.LAW, "CA-ON"),
    (CANADA, test_canada.LAW, "CA-BC"),
    (CANADA, test_canada.LAW, "CA"),
    (INDIA, test_india.PARTS, "IN-KA"),
    (INDIA, test_india.WHOLE, "IN"),
    (BRAZIL, test_brazil.LAW, "BR-SP"),
    (BRAZIL, test_brazil.LAW, "BR"),
    (AUSTRALIA, test_oceania.LAW, "AU"),
    (NEW_ZEALAND, test_oceania.LAW, "NZ"),
    (SINGAPORE, test_asia.LAW, "SG"),
    (JAPAN, test_asia.LAW, "JP"),
    (KOREA, test_asia.LAW, "KR"),
    (NORWAY, test_nordic_alpine.LAW, "NO"),
    (SWITZERLAND, test_nordic_alpine.LAW, "CH"),
    (GULF, test_gulf.LAW, "AE"),
    (GULF, test_gulf.LAW, "KW"),
    (SOUTH_AFRICA, test_africa.LAW, "ZA"),
    (GENERAL, test_general.LAW, "TH"),
    (GENERAL, test_general.LAW, "CL"),
    (GENERAL, test_general.LAW, "EC"),
    (GENERAL, test_general.LAW, "XK"),
]
NAMES = [f"{type(regime).__name__} {place}" for regime, _, place in WORLD]
KINDS = ("goods", "digital", "service", "transport", "accommodation", "event", "immovable_property", None)
CUSTOMERS: tuple[dict[str, Any], ...] = (
    {},
    {"type": "individual"},
    {"type": "organisation"},
    {"ids": ("{country}:valid",)},
    {"ids": ("{country}:unchecked",)},
)
SELLERS: tuple[tuple[str, ...] | None, ...] = (None, (), ("{country}",), ("{place}",))
ROLES: tuple[dict[str, Any], ...] = ({}, {"marketplace": True}, {"line": {"named_supplier": "platform"}})


def _stated(place: str, customer: dict[str, Any], registrations: tuple[str, ...] | None) -> dict[str, Any]:
    country = place.partition("-")[0]
    found = {
        key: value if key != "ids" else tuple(one.format(country=country) for one in value)
        for key, value in customer.items()
    }
    named = None if registrations is None else tuple(one.format(country=country, place=place) for one in registrations)
    return {**found, "registrations": named}


@pytest.mark.parametrize(("regime", "text", "place"), WORLD, ids=NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_is_whole(regime: Regime, text: str, place: str, kind: str | None) -> None:
    """Nothing undecided charges, nothing decided lacks facts, no zero is silent, every answer rests on an article."""
    for customer, registrations, role, category in product(
        CUSTOMERS, SELLERS, ROLES, ("standard", "food", "saas", None)
    ):
        stated = {"kind": kind, "category": category, **_stated(place, customer, registrations), **role}
        holds(regime.domestic(asked(text, place, place, **stated)))
        holds(regime.inbound(asked(text, "DE", place, **stated)))
        holds(regime.outbound(asked(text, place, "DE", **stated)))


@pytest.mark.parametrize(("regime", "text", "place"), WORLD, ids=NAMES)
def test_the_price_s_mode_and_currency_change_no_treatment_of_a_service(regime: Regime, text: str, place: str) -> None:
    """A registered seller's service is treated alike in every currency and price mode: no threshold and no value is asked."""
    country = place.partition("-")[0]
    found = {
        regime.inbound(
            asked(
                text, "DE", place, kind="digital", category="saas", type="individual", registrations=(country, place),
                currency=currency, inclusive=inclusive,
            )
        ).treatment
        for currency in ("EUR", "USD", "XAF")
        for inclusive in (True, False, None)
    }  # fmt: skip
    assert len(found) == 1


@pytest.mark.parametrize(("regime", "text", "place"), WORLD, ids=NAMES)
def test_a_seller_who_says_nothing_is_never_told_that_nothing_is_due_for_want_of_facts(
    regime: Regime, text: str, place: str
) -> None:
    """Below a threshold is said only of a seller who stated its turnover and its registrations."""
    for kind in ("goods", "digital", "service"):
        ruling = regime.inbound(asked(text, "DE", place, kind=kind, registrations=None))
        assert ruling.reason not in ("below_threshold", "not_registered", "small_business")
        assert ruling.treatment is not Treatment.NO_OBLIGATION or ruling.reason in (
            "no_nonresident_regime",
            "acquisition_tax",
        )
