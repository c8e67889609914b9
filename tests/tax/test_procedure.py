"""The dispatcher: what is asked before any law, whose law is asked, and what two laws come to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from engine.packs.model import Confidence
from engine.tax import africa, asia, brazil, canada, eu, general, gulf, india, nordic_alpine, oceania, procedure, uk, us
from engine.tax.asked import Regime
from engine.tax.law import TaxLaw
from engine.tax.model import Ruling, Step, Treatment
from engine.tax.procedure import regime_of, rule
from tests.tax.small_law import (
    DAY,
    Answer,
    Family,
    asked_of,
    charged,
    charged_at_origin,
    families,
    line,
    place,
    plainly,
    rate,
    release,
    sale_told,
    says,
    territory,
    union,
)

ZERO, EXEMPT, SCOPE = Treatment.ZERO, Treatment.EXEMPT, Treatment.OUT_OF_SCOPE
IMPORT, NONE, REVERSE, UNDECIDED = (
    Treatment.IMPORT,
    Treatment.NO_OBLIGATION,
    Treatment.REVERSE_CHARGE,
    Treatment.UNDECIDED,
)
LAW = release(
    FR=place(rate("20"), rate("5.5", "books", "reduced"), rate("0", "zero", "zero")),
    DE=place(rate("19"), territories=(territory("Heligoland", "DE-HE"),)),
    US=place(),
    US_TX=place(rate("6.25", tax="sales_tax")),
    GB=place(rate("20")),
    EU=union("FR", "DE"),
)


def ruled(one: dict[str, Any], default: Family | None = None, packs: Any = LAW, **stated: Any) -> Ruling:
    by_country = {key: stated.pop(key) for key in list(stated) if key.isupper()}
    with families(default, **by_country):
        return rule(asked_of(packs, sale_told(one, **stated)))


def goods(start: str | None, end: str | None, **more: Any) -> dict[str, Any]:
    return line(amount="1.00", ship_from=start and {"country": start}, ship_to=end and {"country": end}, **more)


def answers(found: Ruling, question: str) -> list[str]:
    return [step.answer for step in found.steps if step.question == question]


# -- what must be known first ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "stated", "reason", "missing"),
    [
        (line(), {"amount": "1", "lines": [line(), line("2")]}, "price.unknown", ("lines.amount",)),
        (line(amount="1.00", discount="2.00"), {}, "price.unknown", ("lines.discount",)),
        (line(amount="1.00", kind=None), {}, "kind.unknown", ("lines.kind",)),
        (line(amount="1.00"), {"payee": {"merchant": "m-1"}}, "supplier.unknown", ("payee.country", "payee.registrations")),
        (line(amount="1.00"), {"payee": {"registrations": []}}, "supplier.unknown", ("payee.country",)),
        (goods(None, "FR"), {}, "place.unknown", ("lines.ship_from.country",)),
        (goods("FR", None), {}, "place.unknown", ("lines.ship_to.country",)),
        (goods(None, None), {}, "place.unknown", ("lines.ship_from.country", "lines.ship_to.country")),
        (line(amount="1.00", kind="accommodation"), {}, "place.unknown", ("lines.supplied_at.country",)),
        (line(amount="1.00", kind="event"), {}, "place.unknown", ("lines.supplied_at.country",)),
        (line(amount="1.00", kind="immovable_property"), {}, "place.unknown", ("lines.supplied_at.country",)),
        (line(amount="1.00", kind="service", category="restaurant"), {}, "place.unknown", ("lines.supplied_at.country",)),
        (line(amount="1.00", kind="digital"), {"payer": {}}, "place.unknown", ("payer.country", "payer.evidence")),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(
    one: dict[str, Any], stated: dict[str, Any], reason: str, missing: tuple[str, ...]
) -> None:
    found = ruled(one, **stated)
    assert (found.treatment, found.reason, found.missing) == (UNDECIDED, reason, missing)
    assert found.components == ()


def test_an_unknown_merchant_is_named() -> None:
    assert "m-1" in answers(ruled(line(amount="1.00"), payee={"merchant": "m-1"}), "supplier")[0]


def test_a_platform_is_noted() -> None:
    assert "platform" in answers(ruled(line(amount="1.00", marketplace=True)), "supplier")[0]


# -- which facts make a place ----------------------------------------------------------------------------------------

VIRTUAL = {"virtual_attendance": True}
GERMANY = {"country": "DE"}


def seen(one: dict[str, Any], **stated: Any) -> tuple[str | None, str | None]:
    """Origin and destination that the law was asked with."""
    found: list[tuple[str | None, str | None]] = []

    def note(asked: Any) -> Ruling:
        found.append((asked.origin, asked.destination))
        return Ruling(ZERO, "FR", None)

    ruled(one, Family(note, note, note), **stated)
    return found[0]


US_TX = {"country": "US", "region": "TX"}


@pytest.mark.parametrize(
    ("one", "stated", "expected"),
    [
        (goods("FR", "DE"), {}, ("FR", "DE")),
        (goods(None, None, supplied_at={"country": "DE"}), {}, ("DE", "DE")),
        (goods("FR", None, supplied_at={"country": "DE"}), {}, ("FR", "DE")),
        (line(amount="1.00", ship_to=US_TX), {}, ("FR", "US-TX")),
        (line(amount="1.00", ship_to={"country": "FR", "region": "FR-IDF"}), {}, ("FR", "FR")),
        (line(amount="1.00", kind="digital", ship_from=None), {"payer": {"country": "DE"}}, ("FR", "DE")),
        (line(amount="1.00", kind="service", ship_from={"country": "DE"}), {}, ("DE", "FR")),
        (line(amount="1.00", kind="service", ship_from=None), {"payee": US_TX}, ("US-TX", "FR")),
        (line(amount="1.00", kind="accommodation", ship_from=None, supplied_at={"country": "DE"}), {}, ("FR", "DE")),
        (line(amount="1.00", kind="event", ship_from=None, supplied_at={"country": "DE"}), {}, ("FR", "DE")),
        (line(amount="1.00", kind="event", ship_from=None, facts=VIRTUAL), {"payer": {"country": "DE"}}, ("FR", "DE")),
        (line(amount="1.00", kind="service", category="restaurant", ship_from=None, supplied_at=GERMANY), {}, ("FR", "DE")),
        (line(amount="1.00", kind="transport", ship_from={"country": "FR"}, ship_to={"country": "DE"}), {}, ("FR", "DE")),
        (line(amount="1.00", kind="transport", ship_from=None, ship_to=None), {"payer": {"country": "DE"}}, ("FR", "DE")),
        (line(amount="1.00", kind="digital", ship_from=None),
         {"payer": {"evidence": {"ip_country": "DE", "billing_country": "DE"}}}, ("FR", "DE")),
    ],
)  # fmt: skip
def test_where_a_supply_starts_and_ends(one: dict[str, Any], stated: dict[str, Any], expected: tuple[str, str]) -> None:
    assert seen(one, **stated) == expected


def test_places_that_are_given_are_not_sought() -> None:
    with families():
        found = rule(asked_of(LAW, sale_told(goods(None, None)), origin="FR", destination="FR"))
    assert found.treatment is Treatment.STANDARD


# -- the day ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "article"),
    [(goods("FR", "DE"), "Art. 65"), (goods("FR", "DE", marketplace=True), "Art. 66a"), (goods("US", "FR"), "Art. 65"),
     (goods("US", "GB"), None)],
)  # fmt: skip
def test_what_the_day_stands_for(one: dict[str, Any], article: str | None) -> None:
    step = next(step for step in ruled(one).steps if step.question == "date")
    assert step.provision == article


@pytest.mark.parametrize(
    ("moment", "day"),
    [("2026-12-31T22:59:00+00:00", "2026-12-31"), ("2026-12-31T23:00:00+00:00", "2027-01-01")],
)
def test_local_midnight_changes_the_law(moment: str, day: str) -> None:
    found = ruled(goods("FR", "FR"), occurred_at=moment)
    assert day in answers(found, "date")[0]


# -- one law or two --------------------------------------------------------------------------------------------------


def test_within_one_area_one_law_speaks() -> None:
    found = ruled(goods("FR", "DE"), Family(domestic=says(SCOPE, "one law")))
    assert (found.treatment, found.reason) == (SCOPE, "one law")


@pytest.mark.parametrize("treatment", [ZERO, EXEMPT, SCOPE, IMPORT, NONE, REVERSE])
def test_where_the_destination_does_not_charge_the_origin_speaks(treatment: Treatment) -> None:
    into = Family(inbound=says(treatment, "there", invoice_note="Note of there."))
    out = Family(outbound=says(ZERO, "export", invoice_note="Note of here."))
    found = ruled(goods("FR", "US"), US=into, FR=out)
    assert (found.treatment, found.reason) == (ZERO, "export")
    assert found.invoice_note == "Note of here. Note of there."
    assert answers(found, "treatment") == ["there", "export"]


@pytest.mark.parametrize("treatment", [IMPORT, NONE, REVERSE])
@pytest.mark.parametrize(("start", "end"), [("US", "FR"), ("US", "GB"), ("FR", "GB")])
@pytest.mark.parametrize("here", [ZERO, SCOPE])
def test_who_owes_the_tax_of_an_import_is_said_by_the_place_of_arrival(
    treatment: Treatment, start: str, end: str, here: Treatment
) -> None:
    """Art. 30, 201 and 369y; VATA 1994, s. 1(1)(c): that the origin exempts its export is a step, and its note is for itself."""
    there = {end: Family(inbound=says(treatment, "there")), start: Family(outbound=says(here, "export"))}
    found = ruled(goods(start, end), **there)
    assert (found.treatment, found.reason, found.components) == (treatment, "there", ())
    assert answers(found, "treatment") == ["export", "there"]


def test_an_export_of_the_kingdom_is_told_as_one() -> None:
    """Box 6 of its own return counts it."""
    there = {"FR": Family(inbound=says(IMPORT, "import")), "GB": Family(outbound=says(ZERO, "export"))}
    assert ruled(goods("GB", "FR"), **there).reason == "export"


def test_a_service_from_abroad_keeps_the_word_of_its_origin() -> None:
    there = {"FR": Family(inbound=says(REVERSE, "there")), "IN": Family(outbound=says(ZERO, "export"))}
    one = line(amount="1.00", kind="service", ship_from=None)
    law = release(FR=place(rate("20")), IN=place(rate("18")), EU=union("FR"))
    assert ruled(one, packs=law, payee={"country": "IN"}, payer={"country": "FR"}, **there).reason == "export"


def test_a_note_that_both_write_is_written_once() -> None:
    both = Family(says(NONE, "there", invoice_note="Same."), says(ZERO, "export", invoice_note="Same."))
    assert ruled(goods("FR", "US"), both).invoice_note == "Same."


@pytest.mark.parametrize("category", ["standard", "zero"])
def test_where_the_destination_charges_it_speaks(category: str) -> None:
    into, out = Family(inbound=charged), Family(outbound=says(ZERO, "export"))
    found = ruled(goods("US", "FR", category=category), FR=into, US=out)
    assert [part.percent for part in found.components] == [20 if category == "standard" else 0]
    assert answers(found, "treatment") == ["export"]


def test_both_charging_is_for_somebody_else_to_settle() -> None:
    found = ruled(goods("DE", "GB"), GB=Family(inbound=charged), DE=Family(outbound=charged_at_origin))
    assert (found.treatment, found.reason, found.components) == (UNDECIDED, "double_taxation", ())
    assert "both tax this supply" in answers(found, "liability")[-1]
    assert found.missing


def test_an_origin_that_charges_nothing_at_zero_stands_in_nobody_s_way() -> None:
    out = Family(outbound=charged_at_origin)
    found = ruled(goods("FR", "GB", category="zero"), GB=Family(inbound=charged), FR=out)
    assert [part.jurisdiction for part in found.components] == ["GB"]


@pytest.mark.parametrize(
    ("into", "out", "reason", "missing"),
    [
        (says(UNDECIDED, "there?", "payer.x"), says(ZERO, "export"), "there?", ("payer.x",)),
        (says(UNDECIDED, "there?", "payer.x"), charged_at_origin, "there?", ("payer.x",)),
        (says(NONE, "there"), says(UNDECIDED, "here?", "payee.x"), "here?", ("payee.x",)),
        (charged, says(UNDECIDED, "here?", "payee.x"), "here?", ("payee.x",)),
    ],
)
def test_nothing_is_decided_while_one_law_is_not(
    into: Answer, out: Answer, reason: str, missing: tuple[str, ...]
) -> None:
    found = ruled(goods("US", "FR"), FR=Family(inbound=into), US=Family(outbound=out))
    assert (found.treatment, found.reason, found.missing, found.components) == (UNDECIDED, reason, missing, ())


def test_a_rate_that_is_shown_and_not_charged_is_no_charge() -> None:
    """A reverse charge may name the rate that the customer will account for."""

    def named(asked: Any) -> Ruling:
        return Ruling(REVERSE, "FR", None, charged(asked).components, "reverse_charge")

    found = ruled(goods("US", "FR"), FR=Family(inbound=named), US=Family(outbound=says(SCOPE, "abroad")))
    assert (found.treatment, found.reason, found.components) == (REVERSE, "reverse_charge", ())


@pytest.mark.parametrize(
    ("origin", "into", "expected"),
    [
        ("US", NONE, NONE),  # below a threshold there: that is why nothing is charged
        ("FR", NONE, NONE),
        ("US", REVERSE, REVERSE),  # the customer accounts for it
        ("FR", REVERSE, SCOPE),  # an invoice from the Union to a business elsewhere is outside its scope
        ("US", IMPORT, IMPORT),  # whoever imports pays at the border (Art. 30, 201)
        ("FR", IMPORT, SCOPE),
    ],
)
def test_the_place_of_taxation_says_why_nothing_is_charged(origin: str, into: Treatment, expected: Treatment) -> None:
    entering, leaving = Family(inbound=says(into, "there")), Family(outbound=says(SCOPE, "abroad"))
    found = ruled(goods(origin, "KE"), KE=entering, **{origin: leaving})
    assert (found.treatment, found.reason) == (expected, "abroad" if expected is SCOPE else "there")


@pytest.mark.parametrize(("origin", "reason"), [("US", "no_such_tax"), ("FR", "abroad")])
def test_where_no_tax_is_levied_that_place_says_so(origin: str, reason: str) -> None:
    free, leaving = Family(inbound=says(SCOPE, "no_such_tax")), Family(outbound=says(SCOPE, "abroad"))
    assert ruled(goods(origin, "KE"), KE=free, **{origin: leaving}).reason == reason


def test_steps_that_are_asked_twice_are_told_once() -> None:
    step = Step("treatment", "the same", "The tax act", "s. 1", None, Confidence.A)

    def same(_asked: Any) -> Ruling:
        return Ruling(ZERO, "FR", None, steps=(step, step))

    assert ruled(goods("FR", "US"), Family(same, same)).steps.count(step) == 1


@pytest.mark.parametrize("asks", [True, False])
def test_the_customer_counts_only_where_the_law_asks(asks: bool) -> None:
    """Its confidence is that of the answer only if the answer rests on it."""

    def answer(_asked: Any) -> Ruling:
        step = Step("customer" if asks else "treatment", "as the law has it", confidence=Confidence.A)
        return Ruling(ZERO, "FR", None, steps=(step,))

    found = ruled(goods("US", "US"), Family(domestic=answer))
    assert found.confidence is Confidence.A
    assert len([step for step in found.steps if step.question == "customer"]) == 1


# -- areas -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place_code", "family"),
    [
        ("FR", eu.EU), ("DE", eu.EU), ("GB", uk.UK), ("XI", uk.UK), ("IM", uk.UK), ("US-TX", us.US), ("US", us.US),
        ("CA-QC", canada.CANADA), ("IN", india.INDIA), ("IN-KA", india.INDIA), ("BR-SP", brazil.BRAZIL),
        ("AU", oceania.AUSTRALIA),
        ("NZ", oceania.NEW_ZEALAND), ("SG", asia.SINGAPORE), ("JP", asia.JAPAN), ("KR", asia.KOREA),
        ("NO", nordic_alpine.NORWAY), ("CH", nordic_alpine.SWITZERLAND), ("LI", nordic_alpine.SWITZERLAND),
        ("AE", gulf.GULF), ("QA", gulf.GULF), ("ZA", africa.SOUTH_AFRICA), ("KE", general.GENERAL), ("DE-HE", general.GENERAL),
    ],
)  # fmt: skip
def test_whose_law_it_is(place_code: str, family: Regime) -> None:
    assert regime_of(place_code, TaxLaw(LAW).at(place_code, DAY)) is family


@pytest.mark.parametrize(
    ("kind", "start", "end", "asked"),
    [
        ("goods", "DE", "XI", "domestic of DE"),
        ("goods", "XI", "DE", "domestic of DE"),
        ("goods", "GB", "XI", "domestic of GB"),
        ("goods", "US", "XI", "across"),
        ("goods", "XI", "XI", "domestic of XI"),
        ("digital", "DE", "XI", "across"),
        ("digital", "GB", "XI", "domestic of GB"),
    ],
)
def test_northern_ireland_is_two_places(kind: str, start: str, end: str, asked: str) -> None:
    """Of the Union for goods from and to its States, of the Kingdom otherwise."""
    spoken: list[str] = []

    def family(country: str) -> Family:
        def note(name: str) -> Answer:
            def answer(_asked: Any) -> Ruling:
                spoken.append(f"{name} of {country}" if name == "domestic" else "across")
                return Ruling(ZERO, country, None)

            return answer

        return Family(note("inbound"), note("outbound"), note("domestic"))

    def regime(place_code: str, _law: Any, area: str | None = None) -> Family:
        return family({"EU": "DE"}.get(area or "", area or place_code))

    by_kind = goods(start, end) if kind == "goods" else line(amount="1.00", kind=kind, ship_from=None)
    stated = {} if kind == "goods" else {"payee": {"country": start}, "payer": {"country": end}}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(procedure, "regime_of", regime)
        patched.setattr(procedure, "place_of", plainly)
        rule(asked_of(LAW, sale_told(by_kind, **stated)))
    assert set(spoken) == {asked}


def test_an_enclave_without_a_tax_of_its_own_is_left_for_and_not_entered() -> None:
    """Heligoland lies in Germany's country and in nobody's tax area: an export, and no German import."""

    def place_of(address: Any, _law: Any, _day: Any) -> Any:
        enclave = address.postal_code == "27498"
        area = "DE/heligoland" if enclave else "EU"
        return SimpleNamespace(place=address.country, vat_area=area, step=Step("territory", area), missing=())

    def never(_asked: Any) -> Ruling:
        raise AssertionError("the country's own import law does not hold there")

    there = {"country": "DE", "postal_code": "27498"}
    with families(Family(inbound=never, outbound=says(ZERO, "export")), place_of):
        found = rule(asked_of(LAW, sale_told(line(amount="1.00", ship_to=there))))
    assert (found.treatment, found.reason) == (ZERO, "export")


def test_what_a_territory_lacks_is_named_as_a_part_of_the_address() -> None:
    nowhere = SimpleNamespace(place=None, vat_area=None, step=Step("territory", "?"), missing=("postal_code",))
    with families(place_of=lambda *_: nowhere):
        found = rule(asked_of(LAW, sale_told(line(amount="1.00"))))
    assert found.missing == ("lines.ship_from.postal_code", "lines.ship_to.postal_code")
