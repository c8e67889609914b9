"""Links: the very number that a publication would change comes first, with the words that say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.impact import Publication, propose
from ingest.link import Linker, TargetKind, index_of
from ingest.read.model import ChangeType, Named, Pair, Quantity, Reading, Span, Topic, Unit
from tests.ingest.link.examples import (
    WANTED,
    contactless,
    estonia,
    estonian_hotels,
    fatf,
    germany,
    germany_occasional,
    south_africa,
)
from tests.ingest.made import amounts, quantity, rates, reading
from tests.shipped import law


@cache
def linker() -> Linker:
    return Linker(law())


@pytest.mark.parametrize(("wanted", "made"), WANTED.items(), ids=WANTED)
def test_the_right_target_is_among_the_first_three(wanted: str, made: Callable[[], Reading]) -> None:
    found = [link.target.id for link in linker().links(made())]
    assert wanted in found[:3], found[:6]


def test_every_reason_with_a_span_quotes_the_publication() -> None:
    one = contactless()
    best = linker().links(one)[0]
    quoted = {reason.code: one.quoted(reason.span) for reason in best.reasons if reason.span is not None}
    assert best.target.id == "EEA/sca/contactless_single_max"
    assert quoted["value"] == "EUR 50"
    assert quoted["provision"] == "Delegated Regulation (EU) 2018/389"
    assert "contactless" in next(reason.words for reason in best.reasons if reason.code == "words")
    assert quoted["place"] == "EU"


def test_a_target_names_the_line_of_its_file() -> None:
    target = linker().links(estonia())[0].target
    line = law().files[target.path].split("\n")[target.line - 1]
    assert "id: standard.2025" in line
    assert target.lines == ("standard", "standard.2024", "standard.2025")


def test_what_is_not_relevant_has_no_links() -> None:
    assert linker().links(replace(estonia(), relevant=False)) == ()


def test_the_same_reading_has_the_same_links_in_the_same_order() -> None:
    assert linker().links(germany_occasional()) == Linker(law()).links(germany_occasional())


def test_at_most_so_many_links_are_given_and_the_scores_fall() -> None:
    found = linker().links(estonian_hotels(), most=4)
    scores = [link.score for link in found]
    assert len(found) == 4
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)


def test_a_rate_of_hotels_is_not_the_standard_rate() -> None:
    first = linker().links(estonian_hotels())[0].target
    assert first.name == "hotel.2025"


def test_the_number_that_is_replaced_tells_the_limit_of_one_payment_from_that_of_several() -> None:
    text = "Contactless\nIn the EU the limit of contactless payments rises from EUR 150 to EUR 200 from 1 March 2027."
    one = reading(
        text, topic=Topic.SCA, change=ChangeType.THRESHOLD, places=[("EU", "EU")],
        pairs=[amounts(text, ("EUR 150", "150"), ("EUR 200", "200"), "EUR")], applies=("1 March 2027", date(2027, 3, 1)),
    )  # fmt: skip
    assert linker().links(one)[0].target.name == "contactless_cumulative_max"


def test_an_amount_of_another_currency_is_another_limit() -> None:
    text = "Cash\nThe cash payment limit in France falls from USD 1,000 to USD 500."
    one = reading(
        text, topic=Topic.AML, change=ChangeType.THRESHOLD, places=[("France", "FR")],
        pairs=[amounts(text, ("USD 1,000", "1000"), ("USD 500", "500"), "USD")],
    )  # fmt: skip
    assert not any(link.has("value") for link in linker().links(one))


def test_the_place_of_the_source_counts_where_the_text_names_none() -> None:
    text = "Notice\nThe standard rate of VAT rises from 24% to 26% from 1 July 2027."
    one = reading(
        text, topic=Topic.TAX, change=ChangeType.RATE, pairs=[rates(text, "24%", "26%")],
        applies=("1 July 2027", date(2027, 7, 1)),
    )  # fmt: skip
    assert linker().links(one) == ()
    assert linker().links(one, jurisdiction="EE")[0].target.id == "EE/tax/standard.2025"


def test_an_authority_that_tells_of_the_law_of_another_country_links_to_that_country_first() -> None:
    found = linker().links(south_africa(), jurisdiction="GB")
    assert found[0].target.place == "ZA"


def test_law_of_the_union_that_members_have_in_their_own_packs_leads_there_too() -> None:
    text = (
        "Payment services\nDirective (EU) 2015/849 of the EU is amended: customer due diligence for an occasional transaction"
        " applies from EUR 10,000 instead of EUR 15,000 from 10 July 2027."
    )
    one = reading(
        text, topic=Topic.AML, change=ChangeType.THRESHOLD, places=[("EU", "EU")],
        pairs=[amounts(text, ("EUR 15,000", "15000"), ("EUR 10,000", "10000"), "EUR")],
        applies=("10 July 2027", date(2027, 7, 10)),
        instruments=[("Directive (EU) 2015/849", "Directive (EU) 2015/849", "")],
    )  # fmt: skip
    found = linker().links(one)
    assert found[0].target.place in ("EU", "EEA")
    assert found[0].target.name in ("eu_cdd_occasional_threshold", "occasional_threshold")


def test_a_value_that_the_pack_has_already_is_known() -> None:
    text = "Viet Nam\nThe VAT rate in Viet Nam returns from 8% to 10% on 1 January 2027."
    one = reading(
        text, topic=Topic.TAX, change=ChangeType.RATE, places=[("Viet Nam", "VN")],
        pairs=[rates(text, "8%", "10%")], applies=("1 January 2027", date(2027, 1, 1)),
    )  # fmt: skip
    best = linker().links(one)[0]
    assert best.target.name == "standard.2027"
    assert best.has("known")


def test_a_list_is_linked_by_the_name_that_publications_give_it() -> None:
    best = linker().links(fatf())[0]
    assert (best.target.place, best.target.kind) == ("FATF-GREY", TargetKind.LIST)
    assert "RW added" in next(reason.words for reason in best.reasons if reason.code == "members")


def test_without_a_word_and_without_a_number_nothing_is_linked() -> None:
    text = "Annual report\nThe authority of Estonia publishes its annual report."
    one = reading(text, topic=Topic.LICENSING, change=ChangeType.NONE, places=[("Estonia", "EE")])
    assert not any(link.score > 0.5 for link in linker().links(one))


def test_a_line_of_rates_is_found_by_the_id_of_any_of_its_lines() -> None:
    index = index_of(law())
    entry = index.find("EE", "tax", "standard.2024")
    assert entry is not None
    assert entry is index.find("EE", "tax", "standard.2025")
    held = entry.before(date(2025, 7, 1))
    after = entry.on(date(2025, 7, 1))
    assert held is not None
    assert after is not None
    assert (held.text, after.text) == ("22", "24")


def test_a_number_that_is_told_counts_where_no_pair_was_read() -> None:
    text = "Bargeld\nThe cash payment limit in France is no longer EUR 1,000; it becomes EUR 500."
    one = reading(text, topic=Topic.METHODS, change=ChangeType.THRESHOLD, places=[("France", "FR")])
    amounts_told = (
        quantity(text, "EUR 1,000", "1000", Unit.AMOUNT, "EUR"),
        quantity(text, "EUR 500", "500", Unit.AMOUNT, "EUR"),
    )
    best = linker().links(replace(one, quantities=amounts_told))[0]
    assert best.target.id == "FR/aml/cash_payment_limit"
    assert best.has("number")


def test_a_german_text_leads_to_a_pack_in_english() -> None:
    assert linker().links(germany())[0].target.id == "DE/tax/standard.2021"


WORDS = st.sampled_from(
    [
        "VAT",
        "standard rate",
        "contactless",
        "cash",
        "\n",
        ". ",
        "; ",
        "Art. 11",
        "增值税",
        "travel rule",
        "added",
        "removed",
        "Kenya",
        "grey list",
    ]
)


@given(
    st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=30),
    st.decimals(min_value=0, max_value=10**9, places=4),
    st.sampled_from(list(Unit)),
    st.dates(),
    st.sampled_from(list(ChangeType)),
    st.sampled_from(["EE", "EU", "US-CA", "INT", "ZZ", ""]),
)
@settings(max_examples=60)
def test_whatever_is_read_links_and_proposals_never_raise(
    pieces: list[str], number: Decimal, unit: Unit, day: date, change: ChangeType, place: str
) -> None:
    text = " ".join(pieces) + "\nfrom X to Y on Z"
    at = len(text) - len("X to Y on Z")
    new = Quantity(Span(at + 5, at + 6), number, unit, "EUR" if unit is Unit.AMOUNT else None)
    pair = Pair(Span(at, at + 6), None, new, "words that are not there")
    base = reading(text, topic=Topic.TAX, change=change, pairs=[pair], applies=("Z", day))
    one = replace(base, places=(Named(Span(0, 1), place),))
    found = linker().links(one, jurisdiction="EE")
    assert all(0 < link.score < 1 for link in found)
    proposed = propose(one, found, law(), published=None, source=Publication("A title", None))
    assert all(one.draftable == (not one.hindrances) or one.target is None for one in proposed)
