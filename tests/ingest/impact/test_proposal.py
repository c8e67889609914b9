"""Proposals: a draft only of what is law, dated, unambiguous and as the pack has it; all else a task with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ingest.impact import Action, Direction, Publication
from ingest.impact.written import plain
from ingest.read.model import ChangeType, Dated, DateRole, Reading, Span, Status, Topic
from tests.ingest.impact.helpers import PUBLISHED, SOURCE, proposals
from tests.ingest.link.examples import (
    account_information,
    adequacy,
    barcodes_china,
    contactless,
    estonia,
    estonian_hotels,
    fatf,
    france_cash,
    germany,
    germany_occasional,
    high_risk_union,
    localisation_kenya,
    localisation_nigeria,
    low_value_britain,
    retention_germany,
    south_africa,
    spain_cash,
    vietnam,
)
from tests.ingest.made import amounts, rates, reading, span

DRAFTS: dict[str, tuple[Callable[[], Reading], str, str, str, date, Direction]] = {
    "EE/tax/standard.2025": (estonia, "24", "26", "percent", date(2027, 7, 1), Direction.HIGHER),
    "EE/tax/hotel.2025": (estonian_hotels, "13", "15", "percent", date(2027, 1, 1), Direction.HIGHER),
    "DE/tax/standard.2021": (germany, "19", "20", "percent", date(2027, 1, 1), Direction.HIGHER),
    "ZA/tax/standard.2018": (south_africa, "15", "15.5", "percent", date(2027, 5, 1), Direction.HIGHER),
    "EEA/sca/contactless_single_max": (contactless, "50", "60", "EUR", date(2027, 3, 1), Direction.MILDER),
    "GB/sca/low_value_single_max": (low_value_britain, "25", "35", "GBP", date(2027, 4, 1), Direction.MILDER),
    "DE/aml/cdd_occasional_threshold": (
        germany_occasional,
        "15000",
        "10000",
        "EUR",
        date(2027, 7, 10),
        Direction.STRICTER,
    ),
    "FR/aml/cash_payment_limit": (france_cash, "1000", "500", "EUR", date(2027, 1, 1), Direction.STRICTER),
    "DE/aml/retention_years": (retention_germany, "5", "7", "years", date(2028, 1, 1), Direction.STRICTER),
    "CN/methods/barcode_static_daily_max": (barcodes_china, "500", "1000", "CNY", date(2027, 1, 1), Direction.MILDER),
}


@pytest.mark.parametrize("target", DRAFTS)
def test_adopted_law_with_a_day_and_one_target_is_a_draft(target: str) -> None:
    made, old, new, unit, day, direction = DRAFTS[target]
    (found,) = proposals(made())
    assert found.hindrances == ()
    assert found.draftable
    assert target in {one.id for one in (found.target, *found.twins) if one is not None}
    assert (found.action, found.old, found.new, found.effective) == (Action.SET, old, new, day)
    assert (found.direction, found.confidence) == (direction, "C")
    assert found.unit in (unit, "count") or found.unit == ""


def test_the_evidence_is_the_sentence_with_both_numbers_and_the_day() -> None:
    (found,) = proposals(estonia())
    value = next(one for one in found.evidence if one.of == "value")
    assert value.words == "24% to 26%"
    assert value.sentence == "The standard rate of VAT in Estonia rises from 24% to 26% from 1 July 2027."
    assert next(one.words for one in found.evidence if one.of == "date") == "1 July 2027"


def test_lines_that_bear_the_standard_rate_change_along() -> None:
    (found,) = proposals(estonia())
    assert [one.id for one in found.twins] == ["EE/tax/food.2025", "EE/tax/restaurant.2025"]
    (hotels,) = proposals(estonian_hotels())
    assert hotels.twins == ()


def test_the_same_threshold_of_another_domain_changes_along() -> None:
    (found,) = proposals(barcodes_china())
    assert {found.target.id if found.target else "", *(one.id for one in found.twins)} == {
        "CN/methods/barcode_static_daily_max", "CN/sca/barcode_static_daily_max",
    }  # fmt: skip


@pytest.mark.parametrize(("status", "why"), [
    (Status.ANNOUNCED, "announced"), (Status.CONSULTATION, "consultation"), (Status.POSTPONED, "postponed"),
    (Status.WITHDRAWN, "withdrawn"), (Status.GUIDANCE, "changes none"), (Status.ENFORCEMENT, "changes no law"),
])  # fmt: skip
def test_what_is_no_law_is_never_a_draft_and_says_so(status: Status, why: str) -> None:
    found = proposals(replace(estonia(), status=status))
    assert found
    assert all(not one.draftable for one in found)
    assert any(why in reason for one in found for reason in one.hindrances)


@pytest.mark.parametrize("status", [Status.ADOPTED, Status.IN_FORCE_SCHEDULED, Status.IN_FORCE])
def test_what_is_law_is_a_draft_where_its_day_is_told(status: Status) -> None:
    (found,) = proposals(replace(estonia(), status=status))
    assert found.draftable


def test_without_a_day_or_with_a_month_only_it_is_a_task() -> None:
    (undated,) = proposals(replace(estonia(), dates=()))
    assert undated.hindrances == ("The day from which it holds is not told.",)
    assert undated.effective is None
    month = Dated(span(estonia().text, "July 2027"), date(2027, 7, 1), DateRole.APPLIES, exact=False)
    (vague,) = proposals(replace(estonia(), dates=(month,)))
    assert vague.hindrances == ("Only the month or the year is told: July 2027.",)
    assert vague.effective is None


def test_an_old_value_that_the_pack_does_not_have_is_told_and_no_draft() -> None:
    text = "VAT\nThe standard rate of VAT in Estonia rises from 22% to 26% from 1 July 2027."
    (found,) = proposals(reading(
        text, topic=Topic.TAX, change=ChangeType.RATE, places=[("Estonia", "EE")], pairs=[rates(text, "22%", "26%")],
        applies=("1 July 2027", date(2027, 7, 1)),
    ))  # fmt: skip
    assert found.hindrances == ("The publication says that it was 22, and the pack has 24 for EE/tax/standard.2025.",)


def test_a_change_that_the_pack_has_already_is_told_and_no_draft() -> None:
    text = "VAT\nThe standard rate of VAT in Estonia rose from 22% to 24% on 1 July 2025."
    (found,) = proposals(reading(
        text, topic=Topic.TAX, change=ChangeType.RATE, places=[("Estonia", "EE")], pairs=[rates(text, "22%", "24%")],
        applies=("1 July 2025", date(2025, 7, 1)), status=Status.IN_FORCE,
    ))  # fmt: skip
    assert found.hindrances == ("The pack has it already: EE/tax/standard.2025 is 24 from 2025-07-01 on.",)


def test_a_value_that_is_scheduled_already_must_be_settled_by_a_person() -> None:
    (found,) = proposals(vietnam())
    assert not found.draftable
    assert any("which holds?" in why for why in found.hindrances)


def test_without_the_old_value_the_name_alone_may_do() -> None:
    text = "VAT\nThe standard rate of VAT in Estonia will be 26% from 1 July 2027."
    (found,) = proposals(reading(
        text, topic=Topic.TAX, change=ChangeType.RATE, places=[("Estonia", "EE")], pairs=[rates(text, None, "26%")],
        applies=("1 July 2027", date(2027, 7, 1)),
    ))  # fmt: skip
    assert (found.old, found.new, found.draftable) == ("24", "26", True)


def test_two_targets_that_lie_close_are_named_and_no_draft() -> None:
    (found,) = proposals(account_information())
    assert not found.draftable
    assert "account_info_sca_renewal" in found.hindrances[0]
    assert "account_info_aisp_renewal" in found.hindrances[0]


def test_a_number_alone_leads_to_no_draft() -> None:
    text = "Amounts\nIn Germany an amount changes from EUR 15,000 to EUR 10,000 on 10 July 2027."
    found = proposals(reading(
        text, topic=Topic.AML, change=ChangeType.THRESHOLD, places=[("Germany", "DE")],
        pairs=[amounts(text, ("EUR 15,000", "15000"), ("EUR 10,000", "10000"), "EUR")],
        applies=("10 July 2027", date(2027, 7, 10)),
    ))  # fmt: skip
    assert all(not one.draftable for one in found)


@pytest.mark.parametrize(("value", "words"), [("126", "126%"), ("26.12345", "26.12345%")])
def test_a_value_that_no_rate_can_have_is_no_draft(value: str, words: str) -> None:
    text = f"VAT\nThe standard rate of VAT in Estonia rises from 24% to {words} from 1 July 2027."
    (found,) = proposals(reading(
        text, topic=Topic.TAX, change=ChangeType.RATE, places=[("Estonia", "EE")], pairs=[rates(text, "24%", words)],
        applies=("1 July 2027", date(2027, 7, 1)),
    ))  # fmt: skip
    assert found.hindrances == (f"{value} is no value that standard.2025 can have.",)


def test_a_correction_is_looked_at_by_a_person() -> None:
    (found,) = proposals(replace(estonia(), corrects=Span(0, 15)))
    assert found.hindrances == ("It corrects an earlier publication: Value added tax.",)


def test_two_independent_sources_are_grade_b_and_never_a() -> None:
    (found,) = proposals(estonia(), Publication("An act", None, independent=5))
    assert found.confidence == "B"
    (single,) = proposals(estonia(), SOURCE)
    assert single.confidence == "C"


def test_what_is_irrelevant_proposes_nothing() -> None:
    assert proposals(replace(estonia(), relevant=False)) == ()
    assert proposals(replace(estonia(), status=Status.IRRELEVANT)) == ()


def test_two_pairs_of_one_text_are_two_changes() -> None:
    text = (
        "VAT\nIn Estonia the standard rate of VAT rises from 24% to 26%, and the reduced rate on accommodation from 13% to 15%,"
        " both from 1 July 2027."
    )
    found = proposals(reading(
        text, topic=Topic.TAX, change=ChangeType.RATE, places=[("Estonia", "EE")],
        pairs=[rates(text, "24%", "26%"), rates(text, "13%", "15%")], applies=("1 July 2027", date(2027, 7, 1)),
    ))  # fmt: skip
    assert [(one.target.name, one.new) for one in found if one.target] == [
        ("standard.2025", "26"),
        ("hotel.2025", "15"),
    ]
    assert all(one.draftable for one in found)


# -- lists -------------------------------------------------------------------------------------------------------------------


def test_places_that_come_and_go_are_two_changes_of_the_list() -> None:
    coming, going = sorted(proposals(fatf()), key=lambda one: one.action)
    assert (coming.action, coming.places, coming.direction) == (Action.ADD, ("RW", "UG"), Direction.STRICTER)
    assert (going.action, going.places, going.direction) == (Action.REMOVE, ("VN", "BO"), Direction.MILDER)
    assert {coming.effective, going.effective} == {date(2027, 2, 19)}
    assert coming.draftable
    assert going.draftable


def test_lists_of_others_than_the_fatf_hold_only_from_a_day_that_is_told() -> None:
    (dated,) = proposals(high_risk_union())
    assert dated.draftable
    assert dated.target is not None
    assert dated.target.place == "HIGH-RISK-EU"
    (undated,) = proposals(replace(high_risk_union(), dates=()))
    assert not undated.draftable


def test_the_fatf_itself_makes_its_list_known_and_others_only_tell_of_it() -> None:
    undated = replace(fatf(), dates=())
    theirs = proposals(undated, Publication("Outcomes", None, "FATF"))
    assert {(one.effective, one.draftable) for one in theirs} == {(PUBLISHED, True)}
    retold = proposals(undated, Publication("News of the plenary", None, "Some FIU"))
    assert {(one.effective, one.draftable) for one in retold} == {(None, False)}


def test_adequacy_frees_who_comes_onto_the_list() -> None:
    (found,) = proposals(adequacy())
    assert (found.places, found.direction) == (("KE",), Direction.MILDER)


def test_who_is_on_the_list_already_cannot_come_and_who_is_not_cannot_go() -> None:
    text = "Plenary\nThe FATF added Kenya to the grey list and removed Norway from increased monitoring."
    found = proposals(reading(
        text, topic=Topic.AML, change=ChangeType.LIST, places=[("Kenya", "KE")], regulators=[("FATF", "FATF")],
        applies=None, status=Status.IN_FORCE,
    ))  # fmt: skip
    said = [why for one in found for why in one.hindrances]
    assert any("KE is on FATF-GREY already since 2024-02-23" in why for why in said)
    assert any("NO is not on FATF-GREY" in why for why in said)


# -- duties and days ---------------------------------------------------------------------------------------------------------


def test_payment_data_that_may_be_nowhere_else_are_a_row_and_a_rule() -> None:
    (found,) = proposals(localisation_kenya())
    assert found.target is not None
    assert (found.action, found.target.id, found.new) == (
        Action.REQUIRE,
        "KE/residency/localisation_payment_data",
        "local_only",
    )
    assert found.draftable
    assert found.direction is Direction.STRICTER


def test_a_copy_in_the_country_is_written_by_a_person() -> None:
    text = (
        "Directive\nThe Central Bank of Kenya directs that a copy of payment transaction data must be stored in Kenya. The data"
        " localisation duty applies from 1 January 2028."
    )
    (found,) = proposals(reading(
        text, topic=Topic.RESIDENCY, change=ChangeType.DUTY, places=[("Kenya", "KE")],
        applies=("1 January 2028", date(2028, 1, 1)),
    ))  # fmt: skip
    assert not found.draftable
    assert found.new == "local_copy"


def test_a_country_that_has_rules_on_payment_data_gets_no_second_one() -> None:
    text = (
        "Directive\nThe Central Bank of Nigeria directs that payment transaction data must be stored only in Nigeria. The data"
        " localisation duty applies from 1 January 2028."
    )
    (found,) = proposals(reading(
        text, topic=Topic.RESIDENCY, change=ChangeType.DUTY, places=[("Nigeria", "NG")],
        applies=("1 January 2028", date(2028, 1, 1)),
    ))  # fmt: skip
    assert "The pack has rules on payment data already: ng.payment_data." in found.hindrances


def test_a_scheduled_value_may_be_moved_to_another_day() -> None:
    (found,) = proposals(localisation_nigeria())
    assert found.target is not None
    assert (found.action, found.old, found.new) == (Action.MOVE, "2027-01-01", "2027-07-01")
    assert found.target.id == "NG/residency/localisation_payment_data"
    assert found.direction is Direction.MILDER


def test_what_fits_nothing_is_a_task_that_says_so() -> None:
    text = "Licences\nFrom 1 July 2027 providers in Estonia must hold a licence for gift cards."
    (found,) = proposals(reading(
        text, topic=Topic.LICENSING, change=ChangeType.DUTY, places=[("Estonia", "EE")],
        applies=("1 July 2027", date(2027, 7, 1)),
    ))  # fmt: skip
    assert found.action is Action.LOOK
    assert not found.draftable
    assert found.hindrances[-1].startswith("No number, list or duty of a pack is told of")


def test_the_spanish_limit_is_the_spanish_one() -> None:
    (found,) = proposals(spain_cash())
    assert found.target is not None
    assert (found.target.id, found.old, found.new) == ("ES/aml/cash_payment_limit", "1000", "800")


@pytest.mark.parametrize(
    ("number", "text"), [("60.00", "60"), ("1E+3", "1000"), ("15.50", "15.5"), ("0", "0"), ("100", "100")]
)
def test_numbers_are_written_without_noughts_that_say_nothing(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
