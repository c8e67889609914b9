"""What is known beside the name: it lifts, it lowers, and what is missing makes nothing milder."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.screening.model import Band, Born, EntityKind, Identifier, Query
from engine.screening.policy import Costs, MatchPolicy, PolicyRefused
from engine.screening.screener import Lists, ListScreener
from tests.screening.people import (
    EVERYBODY,
    NOW,
    ORGANISATION,
    SCREENER,
    TSIREGOV,
    VESSEL,
    asked,
    edition,
    found,
    on,
    screener,
    year,
)

NAME = "Vladimir Sergeevich Tsiregov"


def test_a_name_alone_is_possible_however_well_it_agrees() -> None:
    match = asked(NAME).matches[0]
    assert (match.score, match.band) == (Decimal("1.0000"), Band.POSSIBLE)
    assert asked(NAME).verdict == "review"


def test_a_name_with_its_day_of_birth_is_confirmed() -> None:
    screened = asked(NAME, births=(on("1961-03-12"),))
    assert screened.matches[0].band is Band.CONFIRMED
    assert screened.verdict == "hit"


@pytest.mark.parametrize(
    "born", [year(1961), on("1961-12-03"), Born(on("1960-06-01").earliest, on("1961-06-01").latest)]
)
def test_a_year_or_a_day_read_the_other_way_round_lifts_and_does_not_confirm(born: Born) -> None:
    match = asked("Vladimir Tsiregow", births=(born,)).matches[0]
    assert "birth_year" in {feature.code for feature in match.features}
    assert match.band is Band.POSSIBLE
    assert match.score > asked("Vladimir Tsiregow").matches[0].score


def test_another_time_of_birth_lowers_and_confirms_nothing() -> None:
    match = asked(NAME, births=(on("1990-05-05"),)).matches[0]
    assert match.score == Decimal("0.8500")
    with_passport = asked(NAME, births=(on("1990-05-05"),), identifiers=(Identifier("passport", "714455667", "RU"),))
    assert with_passport.matches[0].band is Band.POSSIBLE


def test_a_year_next_to_it_contradicts_nothing() -> None:
    assert asked(NAME, births=(on("1960-06-01"),)).matches[0].score == asked(NAME).matches[0].score


def test_another_gender_is_somebody_else_unless_more_agrees() -> None:
    assert asked(NAME, gender="female").verdict == "clear"
    assert asked(NAME, gender="female", births=(on("1961-03-12"),)).verdict == "review"


def test_a_country_in_common_lifts_and_another_does_not_lower() -> None:
    plain = asked("Wladimir Tsiregow").matches[0].score
    assert asked("Wladimir Tsiregow", countries=("RU",)).matches[0].score == plain + Decimal("0.03")
    assert asked("Wladimir Tsiregow", countries=("DE",)).matches[0].score == plain


@pytest.mark.parametrize(
    ("identifier", "key"),
    [
        (Identifier("passport", "71-4455667", "RU"), "1"),
        (Identifier("national_id", "714455667"), "1"),
        (Identifier("imo", "9999993"), "4"),
        (Identifier("crypto", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"), "5"),
        (Identifier("crypto", "1BOATSLRHTKNNGKDXEEOBR76B53LETTPYT"), "5"),
        (Identifier("crypto", "bitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT?amount=0.2"), "5"),
        (Identifier("crypto", "1BoatSLRHt\u200bKNngkdXEeobR76b53LETtpyT\u2060"), "5"),
    ],
)
def test_an_identifier_that_is_the_same_is_enough_without_any_name(identifier: Identifier, key: str) -> None:
    screened = asked(None, EntityKind.UNKNOWN, identifiers=(identifier,))
    assert found(screened) == [key]
    assert (screened.matches[0].score, screened.verdict) == (Decimal("1.0000"), "hit")


@pytest.mark.parametrize(
    "identifier",
    [
        Identifier("passport", "71 4455667", "UA"),
        Identifier("passport", "71 4455668", "RU"),
        Identifier("crypto", "1BoatSLRHtKNngkdXEeobR76b53LETtpyU"),
    ],
)
def test_another_country_or_digit_is_another_identifier(identifier: Identifier) -> None:
    assert asked(None, EntityKind.UNKNOWN, identifiers=(identifier,)).verdict == "clear"


def test_a_weak_alias_holds_nobody_alone() -> None:
    assert asked("Abu Tareq").verdict == "clear"
    assert found(asked("Abu Tareq", births=(year(1974),))) == ["2"]


def test_an_organisation_is_not_taken_for_a_ship_of_the_same_name_unless_it_is_very_like() -> None:
    assert asked("Sternfeld 7 Reederei", ORGANISATION).verdict == "clear"
    assert found(asked("Sternfeld 7", EntityKind.UNKNOWN)) == ["4"]
    assert asked("Sternfeld 7", VESSEL).matches[0].score == Decimal("1.0000")


@pytest.mark.parametrize("nobody", [None, "", "   ", "⚡⚡"])
def test_who_is_not_told_is_never_clear(nobody: str | None) -> None:
    assert asked(nobody).verdict == "review"


def test_a_list_older_than_its_policy_makes_nothing_clear() -> None:
    old = ListScreener(Lists([(edition(published=NOW - timedelta(days=31)), EVERYBODY)]))
    screened = old.screen(Query("Marie Dubois"), NOW)
    assert (screened.verdict, screened.stale) == ("review", ("TEST",))
    assert old.screen(Query("Marie Dubois"), NOW - timedelta(days=1)).verdict == "clear"


def test_a_list_without_a_policy_or_from_the_future_is_not_fresh() -> None:
    assert (
        asked("Marie Dubois", by=ListScreener(Lists([(edition(stale_after_days=None), EVERYBODY)]))).verdict == "review"
    )
    ahead = edition(published=NOW + timedelta(days=5))
    assert asked("Marie Dubois", by=ListScreener(Lists([(ahead, EVERYBODY)]))).verdict == "clear"
    assert ListScreener(Lists([(ahead, EVERYBODY)])).screen(Query("Marie Dubois"), NOW + timedelta(days=40)).stale


def test_a_list_that_is_missing_makes_nothing_clear() -> None:
    screened = asked("Marie Dubois", by=screener(required=("TEST", "UN-SC")))
    assert (screened.verdict, screened.missing) == ("review", ("UN-SC",))
    assert asked("Marie Dubois", by=ListScreener(Lists([]))).verdict == "review"


names = st.sampled_from(
    [NAME, "Wladimir Tsiregow", "Abdulrahman Hadrawi", "Velmora Trading", "Sternfeld 7", "Kestrin Drummel"]
)
queries = st.builds(
    Query,
    names,
    st.sampled_from(EntityKind),
    births=st.lists(st.sampled_from([on("1961-03-12"), year(1974), year(1961), on("1990-05-05")]), max_size=2).map(
        tuple
    ),
    gender=st.sampled_from([None, "male", "female"]),
    countries=st.lists(st.sampled_from(["RU", "PA", "DE"]), max_size=2).map(tuple),
    identifiers=st.lists(
        st.sampled_from([Identifier("passport", "714455667"), Identifier("phone", "123")]), max_size=1
    ).map(tuple),
)


@given(queries)
def test_the_reasons_add_up_to_the_score(query: Query) -> None:
    for match in SCREENER.screen(query, NOW).matches:
        total = sum((feature.weight for feature in match.features), Decimal(0))
        assert max(Decimal(0), min(Decimal(1), total)) == match.score
        assert match.score == match.score.quantize(Decimal("0.0001"))


@given(queries)
def test_saying_less_never_clears(query: Query) -> None:
    """Whoever is held with all that is known about them and agrees is held with the name alone, or was lifted by what agrees."""
    bare = SCREENER.screen(Query(query.name, query.kind), NOW)
    full = SCREENER.screen(Query(query.name, query.kind, births=(on("1990-05-05"),), gender=query.gender), NOW)
    assert {match.entry.id for match in full.matches} <= {match.entry.id for match in bare.matches}


@given(st.sampled_from([on("1961-03-12"), year(1961)]), st.sampled_from([(), ("RU",)]))
def test_what_agrees_never_lowers(born: Born, countries: tuple[str, ...]) -> None:
    plain = asked("Wladimir Tsiregow").matches[0]
    more = asked("Wladimir Tsiregow", births=(born,), countries=countries, gender="male").matches[0]
    assert more.entry == plain.entry == TSIREGOV
    assert more.score > plain.score


@pytest.mark.parametrize(
    "wrong",
    [{"possible": 9_600}, {"possible": 4_000}, {"birth_date": 5_000}, {"gender_conflict": -1}, {"most": 0}],
)
def test_a_policy_without_sense_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(PolicyRefused):
        MatchPolicy(**wrong)


def test_costs_without_sense_are_refused() -> None:
    with pytest.raises(PolicyRefused, match="steepness"):
        MatchPolicy(persons=Costs(queried=80, listed=35, conflict=60, steepness=900, enough=124, thin=60))
