"""The impact as officers read it and as machines do: what, from when, how sure, whom it concerns, and what to do by when."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ingest.impact import Publication
from ingest.impact.estimate import Estimate, Turned
from ingest.impact.reach import reach
from ingest.impact.telling import NOT_ADVICE, Impact, as_data, impact, markdown, what
from ingest.read.model import ChangeType, Reading, Status, Topic
from tests.ingest.impact.helpers import edited, proposals
from tests.ingest.link.examples import contactless, estonia, fatf, germany_occasional, localisation_nigeria
from tests.ingest.made import rates, reading
from tests.shipped import law

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def told(one: Reading, now: datetime = NOW, estimated: Estimate | None = None) -> Impact:
    return impact(proposals(one)[0], law(), now, estimated)


def test_the_deadline_is_the_local_midnight_at_which_the_day_begins() -> None:
    found = told(estonia())
    assert found.deadline == datetime(2027, 7, 1, tzinfo=ZoneInfo("Europe/Tallinn"))
    assert found.deadline.astimezone(UTC) == datetime(2027, 6, 30, 21, 0, tzinfo=UTC)
    assert not found.overdue


def test_of_a_group_it_is_the_midnight_that_comes_first() -> None:
    """Réunion is within the EEA, four hours before Greenwich."""
    found = told(contactless())
    assert found.deadline is not None
    assert found.deadline.astimezone(UTC) == datetime(2027, 2, 28, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(("before", "days", "overdue"), [
    (timedelta(hours=72), 3, False), (timedelta(hours=71), 2, False), (timedelta(seconds=1), 0, False),
    (timedelta(0), 0, True), (-timedelta(seconds=1), -1, True),
])  # fmt: skip
def test_days_are_counted_to_midnight_and_then_it_is_overdue(before: timedelta, days: int, overdue: bool) -> None:
    midnight = datetime(2027, 6, 30, 21, 0, tzinfo=UTC)
    found = told(estonia(), midnight - before)
    assert (found.days_left, found.overdue) == (days, overdue)


def test_the_steps_fall_before_the_day_and_in_their_order() -> None:
    steps = told(estonia()).steps
    assert [one.code for one in steps] == ["draft", "test", "approve", "schedule"]
    days = [one.by for one in steps if one.by is not None]
    assert days == sorted(days)
    assert days[-1] == date(2027, 6, 30)


def test_what_is_no_law_is_watched_and_nothing_else() -> None:
    found = told(replace(estonia(), status=Status.CONSULTATION))
    assert [one.code for one in found.steps] == ["watch"]
    assert "**This is not law.**" in markdown(found)


def test_what_is_postponed_must_be_moved_before_the_day_on_which_it_was_to_begin() -> None:
    found = told(replace(localisation_nigeria(), status=Status.POSTPONED))
    assert found.deadline == datetime(2027, 1, 1, tzinfo=ZoneInfo("Africa/Lagos"))
    assert [one.code for one in found.steps] == ["see", "draft", "test", "approve", "schedule"]
    assert "34 days left: the pack has it from 2027-01-01" in markdown(found)


def test_what_is_withdrawn_and_scheduled_in_the_pack_must_come_out() -> None:
    text = "VAT\nThe return of the VAT rate in Viet Nam from 8% to 10% on 1 January 2027 is withdrawn."
    one = reading(
        text, topic=Topic.TAX, change=ChangeType.RATE, places=[("Viet Nam", "VN")], pairs=[rates(text, "8%", "10%")],
        applies=("1 January 2027", date(2027, 1, 1)), status=Status.WITHDRAWN,
    )  # fmt: skip
    found = told(one)
    assert found.proposal.scheduled
    assert any("a person must take it out" in why for why in found.proposal.hindrances)
    assert found.steps[0].code == "see"


def test_what_has_no_day_first_needs_one() -> None:
    found = told(replace(estonia(), dates=()))
    assert [one.code for one in found.steps] == ["see", "date"]
    assert (found.deadline, found.days_left, found.overdue) == (None, None, False)


def test_a_change_of_the_eea_concerns_its_members_and_the_rules_that_read_it() -> None:
    found = reach(proposals(contactless())[0], law())
    assert {"DE", "FR", "NO", "IS"} <= set(found.countries)
    assert not {"GB", "US", "CH"} & set(found.countries)
    assert "EEA/sca.contactless" in found.rules
    assert "EEA/sca.low_value" not in found.rules
    assert found.domains == ("sca",)


def test_a_change_of_a_country_concerns_that_country() -> None:
    found = reach(proposals(germany_occasional())[0], law())
    assert found.countries == ("DE",)
    assert "DE/aml.de.diligence.occasional" in found.rules


def test_a_list_concerns_who_moves_and_the_rules_that_ask_for_it() -> None:
    found = reach(proposals(fatf())[0], law())
    assert set(found.countries) in ({"RW", "UG"}, {"VN", "BO"})
    assert "WORLD/aml.fatf.increased_monitoring" in found.rules
    assert found.domains == ("aml", "kyc")


def test_the_line_says_what_changes_from_what_to_what_and_when() -> None:
    assert what(proposals(estonia())[0]) == "EE, standard rate of VAT: 24 -> 26 percent from 2027-07-01"
    assert what(proposals(localisation_nigeria())[0]).endswith("begins on 2027-07-01 and not on 2027-01-01")
    assert any("RW, UG onto the list from 2027-02-19" in what(one) for one in proposals(fatf()))


def test_markdown_tells_all_of_it() -> None:
    made, _ = edited(proposals(estonia()))
    estimated = Estimate(400, 2, 3, (Turned("allow", "review", 3),), day=date(2027, 7, 1))
    text = markdown(told(estonia(), estimated=estimated), made)
    for wanted in (
        "24 -\\> 26 percent from 2027-07-01", "\\> The standard rate of VAT"[2:], "C: one publication says it",
        "`EE`", "EE/tax/restaurant.2025", "3 of 400 recent payments", "3 payments: allow -> review",
        "2 payments could not be asked again", "Schedule it to be in force at midnight when 2027-07-01 begins",
        "<https://law.example/act/1>", "Official Gazette", NOT_ADVICE, "`EE/tax.yaml`",
    ):  # fmt: skip
        assert wanted in text, wanted


def test_markdown_says_why_it_is_no_draft() -> None:
    assert "It is withdrawn" in markdown(told(replace(estonia(), status=Status.WITHDRAWN)))


def test_text_of_strangers_is_no_markup() -> None:
    source = Publication("[click](https://evil.example) <script>", "javascript:alert(1)", "# Heading")
    (found,) = proposals(estonia(), source)
    text = markdown(impact(found, law(), NOW))
    assert "<script>" not in text
    assert "[click](" not in text
    assert "javascript" not in text
    assert "\n# Heading" not in text


def test_as_data_it_is_plain_json_with_every_span() -> None:
    one = contactless()
    data = json.loads(json.dumps(as_data(told(one))))
    assert (data["old"], data["new"], data["unit"], data["effective"]) == ("50", "60", "EUR", "2027-03-01")
    assert data["target"]["id"] == "EEA/sca/contactless_single_max"
    assert all(one.text[piece["start"] : piece["end"]] == piece["words"] for piece in data["evidence"])
    assert data["links"][0]["target"] == data["target"]["id"]
    assert data["estimate"] is None
    assert data["draftable"] is True
    assert data["notice"] == NOT_ADVICE
