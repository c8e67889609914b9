"""What holds of every answer of the Union's and the Kingdom's law, whatever is said and whatever is left out."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import pytest

from engine.tax.eu import EU
from engine.tax.model import Address, Buyer, Ruling, SaleLine, Seller, Treatment
from engine.tax.procedure import rule
from engine.tax.uk import UK
from tests.tax.asking import asked, at, business, consumer, goods, home, keeps_promises, nameless, seller, service

ENDS = [None, "DE", "DE 27498", "FR", "ES-CN", "XI", "GB", "US", "CH 8238"]
SELLERS = [
    home("DE", "oss:DE"), seller("DE"), seller("DE", unknown=True), seller("US", "non_union_oss:IE", "ioss:IE:IM1"), seller("US"),
    seller(None, unknown=True), home("GB"), home("FR", establishments=["DE", "US"]),
]  # fmt: skip
BUYERS = [
    consumer("FR"), consumer("DE"), consumer("US"), consumer(None), business("FR"), business("DE", "DE:format_valid"),
    nameless("FR"), nameless("US"), Buyer(Address()), business("GB", "GB:valid"),
]  # fmt: skip
SERVICES = [
    service(kind, category, where=where)
    for (kind, category), where in product(
        [("digital", "saas"), ("digital", "education"), ("service", "consulting"), ("service", None), ("event", "admission"),
         ("accommodation", "hotel"), ("service", "restaurant"), ("transport", "passenger_transport"), ("transport", "freight"),
         ("service", "vehicle_hire"), ("immovable_property", None)],
        [None, "DE", "FR", "US"],
    )
]  # fmt: skip


def _all_goods() -> Iterator[SaleLine]:
    for start, end in product(ENDS, ENDS):
        yield goods(start, end)
        yield goods(start, end, value="100", tariff_headings=1, category=None)


@pytest.mark.parametrize("way", ["domestic", "inbound", "outbound"])
@pytest.mark.parametrize("who", SELLERS, ids=range(len(SELLERS)))
def test_every_answer_keeps_the_promises(who: Seller, way: str) -> None:
    for line, buyer in product([*_all_goods(), *SERVICES], BUYERS):
        question = asked(line, who, buyer)
        for regime in (EU, UK):
            keeps_promises(getattr(regime, way)(question))


def _treatment_without(ruling: Ruling) -> bool:
    return ruling.treatment is Treatment.UNDECIDED


FACTS: dict[str, list[Any]] = {
    "marketplace": [True], "underlying_seller_country": ["CN", "DE"], "named_supplier": ["platform", "seller"],
    "installed_by_seller": [True], "new_vehicle": [True], "second_hand_margin": [True], "excise": [True, False],
    "virtual_attendance": [True], "live": [True, False], "electronically_supplied": [True, False],
    "hire_days": [1, 30, 31, 365], "used_in": ["DE", "US"], "import_country": ["DE", "FR"], "duty_in_price": [True],
    "intermediary": [True], "supplying_establishment": ["DE", "US"], "distances": [{"DE": 1}, {"DE": 1, "FR": 2}],
    "gift": [True], "on_board": [True], "platform_decides": [True, False], "tariff_headings": [0, 2, "x"],
}  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_strange_facts_never_break_an_answer(seed: int) -> None:
    rnd = Random(seed)
    lines = [*_all_goods(), *SERVICES]
    for _ in range(60):
        chosen = {name: rnd.choice(values) for name, values in FACTS.items() if rnd.random() < 0.2}
        line = rnd.choice(lines)
        line = replace(
            line, marketplace=chosen.pop("marketplace", None), inclusive=rnd.choice([True, False, None]),
            supplied_at=at(rnd.choice([None, "FR", "DE"])), facts={**line.facts, **chosen},
        )  # fmt: skip
        question = asked(line, rnd.choice(SELLERS), rnd.choice(BUYERS), currency=rnd.choice(["EUR", "USD", "CHF"]))
        for way, regime in product(("domestic", "inbound", "outbound"), (EU, UK)):
            keeps_promises(getattr(regime, way)(question))


@pytest.mark.parametrize("hidden", ["registrations", "totals", "buyer", "ship_from", "value"])
def test_saying_less_never_charges_less(hidden: str) -> None:
    """A fact left out leaves the answer as it is or makes it undecided; it never turns a tax into none."""
    cases = [
        (goods("DE", "FR"), home("DE", "oss:DE"), consumer("FR")),
        (goods("CN", "FR", value="100", tariff_headings=1), seller("CN", "ioss:IE:IM1"), consumer("FR")),
        (service("digital", "saas"), home("DE", "oss:DE"), consumer("FR")),
        (goods("DE", "FR"), home("DE"), consumer("FR")),
    ]
    for line, who, buyer in cases:
        whole = EU.domestic(asked(line, who, buyer))
        less = {
            "registrations": (line, replace(who, registrations=None), buyer),
            "totals": (line, replace(who, facts={}), buyer),
            "buyer": (line, who, Buyer(Address())),
            "ship_from": (replace(line, ship_from=Address()), who, buyer),
            "value": (replace(line, consignment_value=None), who, buyer),
        }[hidden]
        found = EU.domestic(asked(*less))
        assert _treatment_without(found) or found.components == whole.components


def test_the_same_question_has_the_same_answer() -> None:
    question = asked(goods("DE", "FR"), home("DE", "oss:DE"), consumer("FR"))
    assert rule(question) == rule(question)
