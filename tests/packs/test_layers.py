"""Which packs speak for a place on a day, and when their law changes."""

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from engine.packs import PackSet, load_packs, read_files, read_packs
from engine.packs.release import seal
from engine.packs.testing import run_rule_tests
from tests.packs.fixture import HERE, SHIPPED, good
from tests.shipped import law


@pytest.fixture(scope="module")
def packs() -> PackSet:
    return load_packs(Path(HERE / "good"))


@pytest.mark.parametrize(
    ("place", "day", "chain"),
    [
        ("DE", "2026-01-01", ("WORLD", "AREA")),
        ("FR", "2026-01-01", ("WORLD", "AREA", "FR")),
        ("FR", "2000-01-01", ("WORLD", "AREA", "FR")),
        ("FR", "1999-12-31", ("WORLD", "FR")),
        ("FR-IDF", "1999-12-31", ("WORLD", "FR")),
        ("GB", "2020-12-31", ("WORLD", "AREA")),
        ("GB", "2021-01-01", ("WORLD",)),
        ("DE", "1999-12-31", ("WORLD",)),
        ("FR-IDF", "2026-01-01", ("WORLD", "AREA", "FR")),
        ("US", "2026-01-01", ("WORLD",)),
    ],
)
def test_chain(packs: PackSet, place: str, day: str, chain: tuple[str, ...]) -> None:
    """Membership is half-open; a country's own pack brings the law of a group on the days of its membership only."""
    assert packs.layers.chain(place, date.fromisoformat(day)) == chain


def _pack(code: str, *lines: str) -> dict[str, str]:
    head = ("schema: rulepack/v1", f"jurisdiction: {code}", f"name: {code}", 'version: "2026.1.0"')
    return {f"{code}/pack.yaml": "\n".join([*head, *lines, 'verified: {on: "2026-01-10", by: the tests}']) + "\n"}


def _with(*extra: dict[str, str], base: dict[str, str] | None = None) -> PackSet:
    """The good packs, or others, and some more."""
    files = dict(good() if base is None else base)
    for one in extra:
        files |= one
    packs, notes = read_packs(files)
    assert notes.problems == []
    return PackSet(packs, files, seal(files, "test"))


class TestGroupsUnderExtends:
    """`extends` says what law a pack builds on; whether a group's law holds at a place is a matter of membership and day."""

    @pytest.mark.parametrize(
        ("place", "day", "chain"),
        [
            ("GB", "2020-12-31", ("WORLD", "AREA", "GB")),
            ("GB", "2021-01-01", ("WORLD", "GB")),
            ("GB", "1999-12-31", ("WORLD", "GB")),
            ("GB-SCT", "2020-12-31", ("WORLD", "AREA", "GB")),
            ("GB-SCT", "2021-01-01", ("WORLD", "GB")),
            ("JP", "2026-01-01", ("WORLD", "JP")),
        ],
    )
    def test_who_left_and_who_never_came(self, place: str, day: str, chain: tuple[str, ...]) -> None:
        packs = _with(_pack("GB", "extends: [AREA]"), _pack("JP", "extends: [WORLD, AREA]"))
        assert packs.layers.chain(place, date.fromisoformat(day)) == chain

    def test_the_law_itself_is_that_of_the_day(self) -> None:
        packs = _with(_pack("GB", "extends: [AREA]"))
        within, outside = (packs.law("GB", "sca", day) for day in (date(2020, 12, 31), date(2021, 1, 1)))
        assert within.params["small_max"].value.raw == "30.00"
        assert "sca.duty" in {active.rule.id for active in within.rules}
        assert (dict(outside.params), outside.rules) == ({}, ())

    @pytest.mark.parametrize(
        ("place", "day", "chain"),
        [
            ("DE", "2026-01-01", ("WORLD", "AREA", "PACT")),
            ("CH", "2025-01-01", ("WORLD", "PACT")),
            ("CH", "2024-12-31", ("WORLD",)),
            ("GB", "2020-12-31", ("WORLD", "AREA", "PACT")),
            ("GB", "2021-01-01", ("WORLD", "PACT")),
        ],
    )
    def test_members_of_a_group_are_not_members_of_its_parent(
        self, place: str, day: str, chain: tuple[str, ...]
    ) -> None:
        members = ['  - {place: DE, from: "2020-01-01"}', '  - {place: CH, from: "2025-01-01"}']
        members += ['  - {place: GB, from: "2020-01-01"}']
        packs = _with(_pack("PACT", "extends: [AREA]", "members:", *members))
        assert packs.layers.chain(place, date.fromisoformat(day)) == chain

    @pytest.mark.parametrize(
        ("day", "chain"), [("2020-12-31", ("WORLD", "CORE", "BLOC", "GB")), ("2021-01-01", ("WORLD", "GB"))]
    )
    def test_what_only_the_group_brings_goes_with_it(self, day: str, chain: tuple[str, ...]) -> None:
        bloc = _pack("BLOC", "extends: [CORE]", "members:", '  - {place: GB, from: "2000-01-01", to: "2021-01-01"}')
        base = {"WORLD/pack.yaml": good()["WORLD/pack.yaml"]}
        packs = _with(_pack("CORE", "extends: [WORLD]"), bloc, _pack("GB", "extends: [BLOC]"), base=base)
        assert packs.layers.chain("GB", date.fromisoformat(day)) == chain

    def test_what_is_reached_in_another_way_stays(self) -> None:
        bloc = _pack("BLOC", "extends: [CORE]", "members:", '  - {place: GB, from: "2000-01-01", to: "2021-01-01"}')
        packs = _with(_pack("CORE", "extends: [WORLD]"), bloc, _pack("GB", "extends: [BLOC, CORE]"))
        assert packs.layers.chain("GB", date(2021, 1, 1)) == ("WORLD", "CORE", "GB")

    @pytest.mark.parametrize(
        ("code", "day", "chain"),
        [
            ("GB", "2020-12-31", ("WORLD", "AREA", "GB")),
            ("GB", "2021-01-01", ("WORLD", "GB")),
            ("AREA", "2026-01-01", ("WORLD", "AREA")),
            ("BASE", "2026-01-01", ("WORLD", "AREA", "BASE")),
        ],
    )
    def test_what_the_tests_of_a_pack_see(self, code: str, day: str, chain: tuple[str, ...]) -> None:
        """A pack that is no place has the members of those that extend it."""
        packs = _with(_pack("GB", "extends: [AREA]"), _pack("BASE", "extends: [AREA]"))
        assert packs.layers.lineage(code, date.fromisoformat(day)) == chain
        assert packs.layers.lineage(code) == tuple(dict.fromkeys(["WORLD", "AREA", code]))

    def test_a_test_runs_under_the_law_of_its_day(self) -> None:
        """The rule excepts what the area's own rule covers: until the end of 2020 there is such a rule."""
        rule = """\
        domain: sca
        rules:
          - id: sca.gb_card
            title: Cards
            basis: guidance
            confidence: A
            applies: {by: payment_date, from: unread}
            when: payment.instrument == "card"
            effect: {flag: card}
            unless: [sca.risk]
            tests:
              - {name: within, on: "2020-12-31", given: {payment: {instrument: card, risk: {level: high}}}, expect: silent}
              - {name: outside, on: "2021-01-01", given: {payment: {instrument: card, risk: {level: high}}}, expect: fires}
        """
        packs = _with(_pack("GB", "extends: [AREA]"), {"GB/sca.yaml": dedent(rule)})
        assert [result.found for result in run_rule_tests(packs, ["GB"])] == ["", ""]

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("day", "chain"), [("2020-12-31", ("WORLD", "EEA", "GB")), ("2021-01-01", ("WORLD", "GB"))]
    )
    def test_the_united_kingdom_left_when_the_transition_ended(self, day: str, chain: tuple[str, ...]) -> None:
        """Withdrawal agreement, Art. 126: Union law held until 31 December 2020, whatever a British pack builds on."""
        shipped = read_files(SHIPPED)
        kept = {name: text for name, text in shipped.items() if name.partition("/")[0] in ("WORLD", "EEA")}
        files = {name: text for name, text in kept.items() if not name.endswith("/aml.yaml")}  # asks for lists
        packs = _with(_pack("GB", "extends: [EEA]"), base=files)
        assert packs.layers.chain("GB", date.fromisoformat(day)) == chain


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
    return law()


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
