"""Which packs speak for a place on a day, and when their law changes."""

from datetime import date
from pathlib import Path

import pytest

from engine.packs import PackSet, load_packs
from tests.packs.fixture import HERE, SHIPPED


@pytest.fixture(scope="module")
def packs() -> PackSet:
    return load_packs(Path(HERE / "good"))


@pytest.mark.parametrize(
    ("place", "day", "chain"),
    [
        ("DE", "2026-01-01", ("WORLD", "AREA")),
        ("FR", "2026-01-01", ("WORLD", "AREA", "FR")),
        ("FR", "1999-12-31", ("WORLD", "AREA", "FR")),
        ("GB", "2020-12-31", ("WORLD", "AREA")),
        ("GB", "2021-01-01", ("WORLD",)),
        ("DE", "1999-12-31", ("WORLD",)),
        ("FR-IDF", "2026-01-01", ("WORLD", "AREA", "FR")),
        ("US", "2026-01-01", ("WORLD",)),
    ],
)
def test_chain(packs: PackSet, place: str, day: str, chain: tuple[str, ...]) -> None:
    """Membership is half-open; a country's own pack brings what it extends."""
    assert packs.layers.chain(place, date.fromisoformat(day)) == chain


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("DE", "Europe/Berlin"),
        ("GB", "Europe/Brussels"),
        ("FR", "Europe/Paris"),
        ("FR-IDF", "Europe/Paris"),
        ("US", "UTC"),
    ],
)
def test_zone(packs: PackSet, place: str, zone: str) -> None:
    """A pack's own zone, or what the group says of the member, or the group's."""
    assert packs.layers.zone(place).key == zone


def test_segments_begin_where_something_dated_changes(packs: PackSet) -> None:
    bounds = packs.layers.boundaries(("WORLD", "AREA"), "sca")
    expected = ["2000-01-01", "2019-01-01", "2021-01-01", "2024-01-01", "2026-06-01"]
    assert [day.isoformat() for day in bounds] == expected


@pytest.mark.parametrize(
    ("day", "start"),
    [
        ("2023-12-31", "2021-01-01"),
        ("2024-01-01", "2024-01-01"),
        ("2026-05-31", "2024-01-01"),
        ("1990-01-01", "0001-01-01"),
    ],
)
def test_segment(packs: PackSet, day: str, start: str) -> None:
    assert packs.layers.segment(("WORLD", "AREA"), "sca", date.fromisoformat(day)) == date.fromisoformat(start)


@pytest.mark.parametrize(
    ("place", "day", "limit"),
    [
        ("DE", "2023-12-31", "30.00"),
        ("DE", "2024-01-01", "50.00"),
        ("FR", "2019-12-31", "30.00"),
        ("FR", "2024-01-01", "20.00"),
    ],
)
def test_a_child_sets_what_its_parent_leaves_open(packs: PackSet, place: str, day: str, limit: str) -> None:
    assert packs.law(place, "sca", date.fromisoformat(day)).params["small_max"].value.raw == limit


def test_pending_law_is_never_selected(packs: PackSet) -> None:
    assert packs.law("DE", "sca", date(2099, 1, 1)).params["small_max"].value.raw == "50.00"


def test_rules_end_on_the_day_named(packs: PackSet) -> None:
    names = {
        day: {active.rule.id for active in packs.law("DE", "sca", day).rules}
        for day in (date(2026, 5, 31), date(2026, 6, 1))
    }
    assert names[date(2026, 5, 31)] - names[date(2026, 6, 1)] == {"sca.trusted"}


def test_a_release_comes_back_as_it_was(packs: PackSet) -> None:
    again = PackSet.from_canonical(packs.release.canonical)
    assert again.release.digest == packs.release.digest
    assert again.packs == packs.packs


@pytest.fixture(scope="module")
def shipped() -> PackSet:
    return load_packs(SHIPPED)


@pytest.mark.parametrize(
    ("place", "day", "payments", "taxes"),
    [
        ("DE", "2026-11-22", ("WORLD", "EEA", "EU"), ("WORLD", "EEA", "EU", "DE")),
        ("KE", "2026-11-22", ("WORLD", "KE"), ("WORLD", "KE")),
        ("DZ", "2026-11-22", ("WORLD",), ("WORLD", "DZ")),
        ("GB", "2019-12-01", ("WORLD", "EEA", "EU"), ("WORLD", "EEA", "EU", "GB")),
        ("GI", "2026-11-22", ("WORLD", "GB"), ("WORLD", "GI")),
        ("XI", "2026-11-22", ("WORLD", "GB"), ("WORLD", "GB", "XI")),
        ("PT-20", "2026-11-22", ("WORLD", "EEA", "EU"), ("WORLD", "EEA", "EU", "PT", "PT-20")),
    ],
)
def test_payments_hear_who_speaks_of_them_and_taxes_end_at_the_border(
    shipped: PackSet, place: str, day: str, payments: tuple[str, ...], taxes: tuple[str, ...]
) -> None:
    on = date.fromisoformat(day)
    assert shipped.layers.speaking(place, "sca", on) == payments
    assert shipped.layers.national(place, on) == taxes


def test_places_without_payment_law_of_their_own_share_one_law(shipped: PackSet) -> None:
    on = date(2026, 11, 22)
    assert shipped.law("DE", "sca", on) is shipped.law("FR", "sca", on)
    assert shipped.law("DZ", "sca", on) is shipped.law("AQ", "sca", on)
