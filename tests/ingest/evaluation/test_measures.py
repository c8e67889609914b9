"""The measures, against counts made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from ingest.read.model import ChangeType, Status, Topic, Unit
from tests.ingest.evaluation.labelled import Item, Number, Place
from tests.ingest.evaluation.measures import Found, Score, macro_f1, measure, parts
from tests.ingest.evaluation.same import is_same, matched
from tests.ingest.evaluation.telling import text, values

DAY = date(2027, 1, 1)
RISE = Number(Decimal(20), Decimal(22), Unit.PERCENT)
NEWS = Item("n-1", "A Bank", "EE", "en", DAY, "A speech", "It was long.", Status.IRRELEVANT)
LAW = Item(
    "l-1", "A Ministry", "EE", "et", DAY, "The rate", "It rises.", Status.IN_FORCE_SCHEDULED, frozenset({Topic.TAX}),
    ChangeType.RATE, DAY, ("Directive 2006/112/EC",), frozenset({RISE}), (Place("EE", "tax", "standard"),),
)  # fmt: skip
READ = Found(
    True, Status.IN_FORCE_SCHEDULED, frozenset({Topic.TAX}), ChangeType.RATE, DAY, ("directive 2006/112/ec",),
    frozenset({RISE}), (Place("EE", "tax", "standard.2025"),),
)  # fmt: skip
SILENT = Found(False, Status.IRRELEVANT)


def test_what_is_read_as_it_is_labelled_is_wholly_right() -> None:
    shares = measure([(LAW, READ), (NEWS, SILENT)]).shares()

    assert shares == dict.fromkeys(shares, 1.0)


def test_relevance_is_the_mean_of_both_classes() -> None:
    seen = [(LAW, READ), (LAW, READ), (LAW, SILENT), (NEWS, SILENT), (NEWS, READ)]

    measured = measure(seen)

    assert measured.relevance == {"relevant": Score(2, 1, 1), "irrelevant": Score(1, 1, 1)}
    assert measured.shares()["relevance macro-F1"] == pytest.approx((4 / 6 + 2 / 4) / 2)
    assert measured.shares()["relevance recall"] == pytest.approx(2 / 3)


def test_no_relevant_item_gives_no_recall_and_not_a_perfect_one() -> None:
    shares = measure([(NEWS, SILENT)]).shares()

    assert shares["relevance recall"] is None
    assert shares["relevance macro-F1"] == 1.0


def test_where_all_is_missed_recall_is_nought() -> None:
    assert measure([(LAW, SILENT), (NEWS, SILENT)]).shares()["relevance recall"] == 0.0


def test_a_class_without_a_label_is_left_out_of_the_mean() -> None:
    assert macro_f1({"tax": Score(3, 1, 0), "sca": Score(0, 2, 0)}) == pytest.approx(6 / 7)


def test_a_labelled_class_that_is_never_read_counts_as_nought() -> None:
    assert macro_f1({"tax": Score(1, 0, 0), "sca": Score(0, 0, 4)}) == 0.5


def test_nothing_labelled_has_no_mean() -> None:
    assert macro_f1({"sca": Score(0, 2, 0)}) is None


def test_a_topic_too_many_is_wrong_and_another_is_missed() -> None:
    item = replace(LAW, topics=frozenset({Topic.TAX, Topic.METHODS}))
    found = replace(READ, topics=frozenset({Topic.TAX, Topic.AML}))

    assert measure([(item, found)]).topics == {"tax": Score(1, 0, 0), "aml": Score(0, 1, 0), "methods": Score(0, 0, 1)}


def test_the_topic_of_an_irrelevant_item_is_wrong() -> None:
    assert measure([(NEWS, READ)]).topics == {"tax": Score(0, 1, 0)}


def test_change_is_measured_on_relevant_items_only() -> None:
    assert measure([(NEWS, READ), (LAW, replace(READ, change=ChangeType.DUTY))]).change == {
        "rate": Score(0, 0, 1),
        "duty": Score(0, 1, 0),
    }


def test_another_day_is_wrong_and_missed() -> None:
    measured = measure([(LAW, replace(READ, effective=date(2027, 2, 1)))])

    assert measured.effective == Score(0, 1, 1)


def test_a_day_that_was_not_read_is_missed_and_not_wrong() -> None:
    assert measure([(LAW, replace(READ, effective=None))]).effective == Score(0, 0, 1)


def test_a_day_where_none_is_told_is_wrong() -> None:
    assert measure([(replace(LAW, effective=None), READ)]).effective == Score(0, 1, 0)


def test_the_day_of_a_proposal_may_be_left_but_not_mistaken() -> None:
    plan = replace(LAW, status=Status.CONSULTATION)

    assert measure([(plan, replace(READ, effective=None))]).effective == Score()
    assert measure([(plan, READ)]).effective == Score(1, 0, 0)
    assert measure([(plan, replace(READ, effective=date(2026, 1, 1)))]).effective == Score(0, 1, 0)


def test_a_day_that_is_read_of_an_irrelevant_item_is_wrong() -> None:
    assert measure([(NEWS, READ)]).effective == Score(0, 1, 0)


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(replace(RISE, old=None), id="no old number"),
        pytest.param(replace(RISE, new=Decimal(24)), id="another new number"),
        pytest.param(replace(RISE, old=RISE.new, new=Decimal(20)), id="the wrong way round"),
        pytest.param(replace(RISE, unit=Unit.AMOUNT, currency="EUR"), id="money"),
    ],
)
def test_a_pair_is_right_only_as_a_whole(read: Number) -> None:
    assert measure([(LAW, replace(READ, pairs=frozenset({read})))]).pairs == Score(0, 1, 1)


def test_the_same_number_with_more_noughts_is_the_same() -> None:
    read = Number(Decimal("20.0"), Decimal("22.00"), Unit.PERCENT)

    assert measure([(LAW, replace(READ, pairs=frozenset({read})))]).pairs == Score(1, 0, 0)


def test_numbers_of_what_was_withdrawn_may_be_left_but_not_mistaken() -> None:
    gone = replace(LAW, status=Status.WITHDRAWN, effective=None)
    other = replace(RISE, new=Decimal(30))

    assert measure([(gone, replace(READ, pairs=frozenset()))]).pairs == Score()
    assert measure([(gone, replace(READ, pairs=frozenset({RISE, other})))]).pairs == Score(1, 1, 0)


@pytest.mark.parametrize(("before", "right"), [(0, 1), (2, 1), (3, 0)])
def test_a_link_counts_among_the_first_three(before: int, right: int) -> None:
    others = tuple(Place("EE", "tax", f"reduced_{number}") for number in range(before))

    assert measure([(LAW, replace(READ, links=(*others, LAW.links[0])))]).links.right == right


def test_links_of_an_item_that_was_held_to_be_irrelevant_are_missed() -> None:
    assert measure([(LAW, replace(SILENT, links=()))]).links == Score(0, 0, 1)


def test_without_a_linker_there_is_no_share_of_links() -> None:
    assert measure([(LAW, replace(READ, links=None))]).shares()["links in top 3"] is None


@pytest.mark.parametrize(
    ("label", "link", "right"),
    [
        (Place("EE", "tax", "standard"), Place("EE", "tax", "standard.2025"), True),
        (Place("EE", "tax", "standard"), Place("EE", "tax", "rate:standard.2024"), True),
        (Place("EE", "tax", "standard"), Place("LV", "tax", "standard.2025"), False),
        (Place("EE", "tax", "standard"), Place("EE", "aml", "standard.2025"), False),
        (Place("EE", "tax", "standard"), Place("EE", "tax", "food.2025"), False),
        (Place("FATF-GREY", "*", "*"), Place("FATF-GREY", "aml", "KE"), True),
        (Place("FATF-GREY", "*", "*"), Place("FATF-BLACK", "aml", "KE"), False),
    ],
)
def test_a_target_is_met_by_its_own_line_of_any_year(label: Place, link: Place, right: bool) -> None:
    assert label.is_met_by(link) is right


@pytest.mark.parametrize(
    "status",
    [
        Status.ANNOUNCED,
        Status.CONSULTATION,
        Status.POSTPONED,
        Status.WITHDRAWN,
        Status.GUIDANCE,
        Status.ENFORCEMENT,
    ],
)
def test_what_is_no_law_and_was_read_as_law_is_unsafe(status: Status) -> None:
    assert measure([(replace(LAW, status=status), READ)]).unsafe == ("l-1",)
    assert measure([(replace(LAW, status=status), replace(READ, status=Status.ANNOUNCED))]).unsafe == ()


def test_law_that_was_read_as_other_law_is_no_danger() -> None:
    assert measure([(LAW, replace(READ, status=Status.ADOPTED))]).unsafe == ()


def test_news_that_were_read_as_law_are_told_apart() -> None:
    measured = measure([(NEWS, READ)])

    assert (measured.unsafe, measured.irrelevant_as_law) == ((), ("n-1",))


def test_parts_are_measured_each_for_itself() -> None:
    by_language = parts([(LAW, READ), (NEWS, READ)], lambda item: item.language)

    assert by_language["et"].shares()["status accuracy"] == 1.0
    assert by_language["en"].shares()["status accuracy"] == 0.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Directive (EU) 2015/2366", "directive (EU)  2015/2366", True),
        ("Directive (EU) 2015/2366", "Directive (EU) 2015/849", False),
        ("Lei nº 9.613/1998", "Lei 9613/1998", True),
        ("Circular No. 3 of 2026", "Circular No. 4 of 2026", False),
        ("Finance Act 2026", "the Finance Act 2026", True),
        ("Finance Act 2026", "Finance Act 2025", False),
        ("VAT Act", "Value Added Tax Act", False),
        ("Value Added Tax Act", "the Value Added Tax Act of Estonia", True),
        ("个人信息保护法", "个人信息保护法", True),
    ],
)
def test_instruments_are_the_same_by_number_or_by_words(one: str, other: str, same: bool) -> None:
    assert is_same(one, other) is same
    assert is_same(other, one) is same


def test_an_instrument_that_is_named_twice_counts_once() -> None:
    assert matched(["Directive 2006/112/EC"], ["Directive 2006/112/EC", "directive 2006/112/ec", "Law 5"]) == (1, 1, 0)


def test_the_report_tells_what_was_not_measured() -> None:
    unlinked, known = replace(READ, links=None), replace(LAW, regulator="HMRC")
    assert not known.sealed
    seen = [(known, unlinked), (replace(known, id="l-2", status=Status.WITHDRAWN, effective=None), unlinked)]

    told = text(seen, ["links: no linker"])

    assert "NOT MEASURED  links: no linker" in told
    assert "1 of 1 that are no law were read as law" in told
    assert "l-2  withdrawn -> in_force_scheduled" in told
    assert values(seen)["unsafe"] == ["l-2"]
    assert values(seen)["shares"]["links in top 3"] is None


def test_no_example_is_told_of_the_sealed_part() -> None:
    hidden = replace(LAW, regulator="EBA", id="s-1", status=Status.WITHDRAWN, effective=None)
    assert hidden.sealed

    told = text([(hidden, READ)])

    assert "1 of 1 that are no law were read as law" in told
    assert "s-1" not in told


def test_no_example_is_told_of_the_second_set() -> None:
    known = replace(LAW, regulator="HMRC", id="s-2", status=Status.WITHDRAWN, effective=None)

    told = text([], (), [(known, READ)])

    assert "1 of 1 that are no law were read as law" in told
    assert "s-2" not in told
    assert values([(known, READ)], (), [(known, READ)])["second"]["status accuracy"] == 0.0
