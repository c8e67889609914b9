"""From one edition to the next: what differs, what may follow unseen, and when an edition is too old."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.screening.lists.errors import OlderList, ShrunkList, UnknownList
from engine.screening.lists.reading import age, check_step, delta, is_stale, version
from engine.screening.lists.registry import POLICIES, policy
from engine.screening.model import Edition
from tests.screening.samples import sample

AT = datetime(2026, 11, 20, tzinfo=UTC)
EDITION = Edition("UN-SC", "ab", AT, AT, "file", 100, (), 7)
UN = policy("UN-SC")

versions = st.dictionaries(st.text(max_size=3), st.sampled_from(["a", "b", "c"]))


@given(versions, versions)
def test_a_delta_leads_from_the_old_edition_to_the_new(old: dict[str, str], new: dict[str, str]) -> None:
    found = delta(old, new)
    kept = {key: said for key, said in old.items() if key not in found.removed}
    assert kept | {key: new[key] for key in (*found.added, *found.changed)} == new
    assert found.empty == (old == new)
    assert [*found.added, *found.removed, *found.changed] == [
        *sorted(found.added),
        *sorted(found.removed),
        *sorted(found.changed),
    ]


def test_the_version_of_an_entry_changes_with_everything_it_says() -> None:
    (entry, *_) = sample("un-xml.xml").entries
    same = version(replace(entry))
    assert same == version(entry)
    others = [
        replace(entry, remarks=None),
        replace(entry, names=entry.names[:1]),
        replace(entry, births=()),
        replace(entry, programmes=("X",)),
        replace(entry, listed_on=None),
    ]
    assert len({same, *map(version, others)}) == 6


@pytest.mark.parametrize(("removed", "refused"), [(0, False), (10, False), (11, True), (100, True)])
def test_more_than_a_tenth_gone_is_not_believed(removed: int, refused: bool) -> None:
    new = sample("un-xml.xml")
    before = replace(EDITION, published=None)
    if refused:
        with pytest.raises(ShrunkList, match=f"{removed} of 100 entries are gone; 10 % may be gone at once"):
            check_step(before, removed, new, UN)
    else:
        check_step(before, removed, new, UN)


def test_entries_exchanged_for_others_are_gone_all_the_same() -> None:
    """The number of entries may stay what it was while everybody who matters has left."""
    new = sample("un-xml.xml")
    with pytest.raises(ShrunkList):
        check_step(replace(EDITION, published=None, entries=2), 2, new, UN)


def test_an_edition_from_before_the_one_in_force_is_not_believed() -> None:
    new = replace(sample("un-xml.xml"), published=AT - timedelta(seconds=1))
    with pytest.raises(OlderList, match="before the edition in force"):
        check_step(EDITION, 0, new, UN)
    check_step(EDITION, 0, replace(new, published=AT), UN)
    check_step(EDITION, 0, replace(new, published=None), UN)


def test_an_edition_is_stale_after_its_days_and_not_on_the_last_of_them() -> None:
    assert not is_stale(EDITION, AT + timedelta(days=7))
    assert is_stale(EDITION, AT + timedelta(days=7, microseconds=1))
    assert is_stale(replace(EDITION, stale_after_days=None), AT), "no limit is no permission"


def test_an_edition_without_a_day_of_its_own_ages_from_its_loading() -> None:
    undated = replace(EDITION, published=None, loaded_at=AT - timedelta(days=8))
    assert age(undated, AT) == timedelta(days=8)
    assert is_stale(undated, AT)


def test_a_day_of_the_future_keeps_no_edition_fresh() -> None:
    ahead = replace(EDITION, published=AT + timedelta(days=365), loaded_at=AT)
    assert not is_stale(ahead, AT + timedelta(days=7))
    assert is_stale(ahead, AT + timedelta(days=8))


def test_every_list_has_a_policy_that_fits() -> None:
    for code, one in POLICIES.items():
        assert one.code == code
        assert one.formats
        assert one.terms
        assert one.source.startswith("https://")
        assert 0 < one.stale_after_days <= 180
        assert Decimal(0) < one.allowed_shrink <= Decimal("0.2")


def test_a_dataset_of_open_sanctions_is_a_list_by_its_name() -> None:
    assert policy("OS-us_ofac_sdn").source.endswith("/us_ofac_sdn/targets.simple.csv")
    for unknown in ("", "OS-", "OS-../x", "OS-A", "SDN", "ofac-sdn", "OS-" + "a" * 70):
        with pytest.raises(UnknownList):
            policy(unknown)


def test_an_operator_may_set_other_days() -> None:
    assert policy("UN-SC", {"UN-SC": 2}).stale_after_days == 2
    assert policy("EU-FSF", {"UN-SC": 2}) == POLICIES["EU-FSF"]
