"""Singapore's two thresholds, Japan's nature of the service, Korea's simplified registration."""

from decimal import Decimal
from typing import Any

import pytest

from engine.tax.asia import JAPAN, KOREA, SINGAPORE
from engine.tax.model import Treatment
from tests.tax.world_laws import asked, cited, holds, percents, said, sold

LAW = """
SG:
  zone: Asia/Singapore
  settings:
    has_consumption_tax: true
    digital_nonresident_threshold: 100000 SGD
    worldwide_turnover_threshold: 1000000 SGD
    low_value_import_threshold: {2023-01-01: 400 SGD}
    nonresident_services_scope: {2020-01-01: digital, 2023-01-01: remote}
    reverse_charge_b2b_digital: true
    marketplace_deemed_supplier: true
  rates:
    - gst standard 7 to=2023-01-01
    - gst standard 8 from=2023-01-01 to=2024-01-01
    - gst standard 9 from=2024-01-01
JP:
  zone: Asia/Tokyo
  settings:
    has_consumption_tax: true
    digital_nonresident_threshold: 10000000 JPY
    platform_taxation_threshold: {2025-04-01: 5000000000 JPY}
    reverse_charge_b2b_digital: true
    import_vat_relief: 10000 JPY
  rates: [vat standard 10, vat food 8]
KR:
  zone: Asia/Seoul
  settings:
    has_consumption_tax: true
    digital_nonresident_threshold: 0 KRW
    reverse_charge_b2b_digital: true
    import_vat_relief: 150 USD
    stdnum_module: stdnum.kr.brn
  rates: [vat standard 10]
"""
NOT, UNDECIDED, STANDARD = Treatment.NO_OBLIGATION, Treatment.UNDECIDED, Treatment.STANDARD
REVERSE, OUT = Treatment.REVERSE_CHARGE, Treatment.OUT_OF_SCOPE


def singapore(**stated: Any) -> Any:
    return holds(SINGAPORE.inbound(asked(LAW, "US", "SG", **{"currency": "SGD", **stated})))


def japan(**stated: Any) -> Any:
    return holds(JAPAN.inbound(asked(LAW, "US", "JP", **{"currency": "JPY", "registrations": ("JP",), **stated})))


def korea(**stated: Any) -> Any:
    return holds(KOREA.inbound(asked(LAW, "US", "KR", **{"currency": "KRW", **stated})))


def vendor(local: str | None = None, world: str | None = None) -> dict[str, Any]:
    here = {} if local is None else {"turnover": {"SG": sold(local, "SGD")}}
    return here | ({} if world is None else {"worldwide_turnover": sold(world, "SGD")})


# -- Singapore


@pytest.mark.parametrize(
    ("local", "world", "expected"),
    [
        ("100000", "1000000", STANDARD),
        ("99900", "1000000", NOT),
        ("100000", "999900", NOT),
        ("99900.01", "999900.01", STANDARD),
        ("0", "50000000", NOT),
    ],
)
def test_singapore_registers_above_both_thresholds(local: str, world: str, expected: Treatment) -> None:
    assert singapore(seller=vendor(local, world)).treatment is expected


@pytest.mark.parametrize(
    ("seller", "missing"),
    [
        (vendor("5000000"), ("payee.facts.worldwide_turnover",)),
        (vendor(None, "5000000"), ("payee.facts.turnover",)),
        (vendor(), ("payee.facts.worldwide_turnover", "payee.facts.turnover")),
    ],
)
def test_singapore_needs_to_know_both(seller: dict[str, Any], missing: tuple[str, ...]) -> None:
    assert singapore(seller=seller).missing == missing


def test_below_one_of_them_the_registration_must_be_stated() -> None:
    assert singapore(registrations=None, seller=vendor("5", "5")).missing == ("payee.registrations",)


def test_sales_to_singapore_below_the_limit_settle_it() -> None:
    assert singapore(seller=vendor("5")).treatment is NOT


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2022-12-31", "GST 7"), ("2023-01-01", "GST 8"), ("2023-12-31", "GST 8"), ("2024-01-01", "GST 9")],
)
def test_singapore_raised_its_rate_twice(on: str, expected: str) -> None:
    ruling = singapore(registrations=("SG",), on=on)
    assert percents(ruling) == expected
    assert "Seventh Schedule" in cited(ruling)


@pytest.mark.parametrize(("on", "expected"), [("2022-12-31", OUT), ("2023-01-01", STANDARD)])
def test_services_by_people_are_taxed_since_2023(on: str, expected: Treatment) -> None:
    assert singapore(kind="service", registrations=("SG",), on=on).treatment is expected


def test_before_anything_was_read_a_service_is_open() -> None:
    assert singapore(kind="service", registrations=("SG",), on="2019-12-31").missing == (
        "law.nonresident_services_scope",
    )


@pytest.mark.parametrize(
    ("amount", "quantity", "expected"),
    [("400", 1, STANDARD), ("400.01", 1, Treatment.IMPORT), ("800", 2, STANDARD), ("800", None, UNDECIDED)],
)
def test_goods_of_up_to_400_dollars_an_item(amount: str, quantity: int | None, expected: Treatment) -> None:
    number = None if quantity is None else Decimal(quantity)
    assert singapore(kind="goods", amount=amount, quantity=number, registrations=("SG",)).treatment is expected


def test_before_2023_all_goods_were_taxed_at_the_border() -> None:
    assert singapore(kind="goods", registrations=("SG",), on="2022-12-31").treatment is Treatment.IMPORT


def test_a_registered_singaporean_accounts_itself() -> None:
    ruling = singapore(ids=("SG:valid",), registrations=("SG",))
    assert (ruling.treatment, ruling.invoice_note) == (REVERSE, "Reverse charge")
    assert "without full deduction" in said(ruling, "liability")


def test_a_marketplace_owes_in_singapore() -> None:
    assert singapore(line={"named_supplier": "platform"}).reason == "platform_liable"


# -- Japan


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"line": {"b2b_only_by_nature": True}, "type": "individual"}, REVERSE),
        ({"line": {"b2b_only_by_nature": True}, "type": "organisation"}, REVERSE),
        ({"line": {"b2b_only_by_nature": False}, "type": "organisation"}, STANDARD),
        ({"line": {"b2b_only_by_nature": False}, "ids": ("JP:valid",)}, STANDARD),
        ({"type": "individual"}, STANDARD),
        ({"category": "ebooks", "type": "organisation"}, STANDARD),
        ({"category": "saas", "type": "organisation"}, UNDECIDED),
        ({"category": "saas"}, UNDECIDED),
    ],
)
def test_the_nature_of_the_service_decides_in_japan(stated: dict[str, Any], expected: Treatment) -> None:
    ruling = japan(**stated)
    assert ruling.treatment is expected
    assert ruling.missing == (("lines.facts.b2b_only_by_nature",) if expected is UNDECIDED else ())


def base(amount: str) -> dict[str, Any]:
    return {"turnover": {"JP": sold(amount, "JPY")}}


@pytest.mark.parametrize(("before", "expected"), [("10000000", NOT), ("10000001", STANDARD), ("0", NOT)])
def test_the_base_period_counts_without_this_sale(before: str, expected: Treatment) -> None:
    ruling = japan(registrations=(), seller=base(before), amount="9999999", type="individual")
    assert ruling.treatment is expected


def test_the_base_period_must_be_known() -> None:
    assert japan(registrations=(), type="individual").missing == ("payee.facts.turnover",)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"line": {"named_supplier": "platform", "platform_designated": True}}, "platform_liable"),
        ({"line": {"named_supplier": "platform", "platform_designated": False}}, "rate.standard"),
        ({"line": {"platform_designated": True}, "marketplace": True}, "rate.standard"),
        ({"line": {"platform_designated": False}, "marketplace": True}, "seller_liable"),
        ({"line": {"named_supplier": "platform"}}, "platform.unclear"),
        ({"line": {"named_supplier": "platform"}, "on": "2025-03-31"}, "rate.standard"),
    ],
)
def test_named_platforms_are_the_taxpayer_since_april_2025(stated: dict[str, Any], expected: str) -> None:
    assert japan(type="individual", **stated).reason == expected


def test_the_platform_change_has_its_article() -> None:
    stated = {"line": {"named_supplier": "platform", "platform_designated": True}, "on": "2025-04-01"}
    assert "Art. 15-2" in cited(japan(type="individual", **stated))


def test_other_services_are_taxed_where_they_are_performed() -> None:
    assert (japan(kind="service").treatment, japan(line={"live": True}).reason) == (OUT, "performed_abroad")
    assert percents(japan(kind="event")) == "VAT 10"


def test_goods_to_japan_are_taxed_at_the_border() -> None:
    assert "10000 JPY" in said(japan(kind="goods"), "relief")


# -- Korea


def test_korea_has_no_threshold() -> None:
    ruling = korea()
    assert percents(ruling) == "VAT 10"
    assert "must register" in said(ruling, "obligation")
    assert "Art. 53-2" in cited(ruling)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"ids": ("KR:valid",)}, REVERSE),
        ({"ids": ("KR:unchecked",)}, UNDECIDED),
        ({"type": "organisation"}, UNDECIDED),
        ({"type": "individual"}, STANDARD),
        ({"kind": "service"}, OUT),
        ({"kind": "goods"}, Treatment.IMPORT),
        ({"line": {"named_supplier": "platform"}}, NOT),
    ],
)
def test_korea_asks_who_buys(stated: dict[str, Any], expected: Treatment) -> None:
    assert korea(**stated).treatment is expected


# -- all three


@pytest.mark.parametrize(("way", "place"), [(SINGAPORE, "SG"), (JAPAN, "JP"), (KOREA, "KR")])
def test_at_home_and_abroad(way: Any, place: str) -> None:
    assert holds(way.domestic(asked(LAW, place, place, registrations=None))).treatment is STANDARD
    assert holds(way.domestic(asked(LAW, place, place, registrations=()))).reason == "not_registered"
    for kind in ("goods", "digital"):
        assert holds(way.outbound(asked(LAW, place, "DE", kind=kind))).treatment is Treatment.ZERO
    assert way.inbound(asked(LAW, "US", place, kind=None)).missing == ("lines.kind",)
