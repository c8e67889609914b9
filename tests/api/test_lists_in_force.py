"""Lists in the ledger are what names are held against, from the load on and through every change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api import lists_in_force
from api.lists_in_force import ListsInForce
from api.screening import NO_LISTS, Screening
from api.screening_query import query_of
from engine.ledger import Ledger
from tests.empty import empty_ledger
from tests.screening.loading import AT, put, un_list


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(empty_ledger(tmp_path / "ledger.db")) as opened:
        yield opened


@pytest.fixture
def lists(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> ListsInForce:
    monkeypatch.setattr(lists_in_force, "POLL_SECONDS", -1)
    return ListsInForce(ledger, ("UN-SC",), {})


def named(number: int) -> dict[str, str]:
    return {"name": f"SAMPLE {number}", "kind": "organisation"}


def found(lists: ListsInForce, number: int, *required: str) -> tuple[str, list[str]]:
    screened, _ = Screening(lists, required).of(named(number), AT)
    return screened.verdict, [match.entry.names[0].text for match in screened.matches]


def test_nobody_is_clear_before_a_list_is_loaded(lists: ListsInForce) -> None:
    assert found(lists, 3, "UN-SC") == ("review", [])
    assert Screening(lists).fingerprint() == NO_LISTS


def test_a_list_is_asked_from_its_load_on(ledger: Ledger, lists: ListsInForce) -> None:
    assert lists() is None
    put(ledger, un_list(range(20)))
    verdict, names = found(lists, 3)
    assert verdict == "review"
    assert names[0] == "SAMPLE 3"
    screened, _ = Screening(lists, ("UN-SC",)).of({"name": "Quite Another Firm"}, AT)
    assert screened.verdict == "clear"
    assert [edition.list for edition in screened.editions] == ["UN-SC"]


def test_a_list_that_is_required_and_not_loaded_leaves_nobody_clear(ledger: Ledger, lists: ListsInForce) -> None:
    put(ledger, un_list(range(20)))
    screened, _ = Screening(lists, ("UN-SC", "EU-FSF")).of({"name": "Quite Another Firm"}, AT)
    assert (screened.verdict, screened.missing) == ("review", ("EU-FSF",))


def test_the_index_is_made_anew_when_an_edition_changes_and_only_then(ledger: Ledger, lists: ListsInForce) -> None:
    put(ledger, un_list(range(20)))
    first = lists()
    assert lists() is first
    put(ledger, un_list(range(1, 21)))
    second = lists()
    assert second is not None
    assert first is not None
    assert second.fingerprint != first.fingerprint


def test_what_is_new_is_told_from_what_was_there(ledger: Ledger, lists: ListsInForce) -> None:
    put(ledger, un_list(range(20)))
    before = Screening(lists).fingerprint()
    put(ledger, un_list(range(21)).replace(b"SAMPLE 5<", b"SAMPLE FIVE<"))
    screening = Screening(lists)
    assert screening.concerned({"name": "SAMPLE 20", "kind": "organisation"}, before, AT)
    assert screening.concerned({"name": "SAMPLE FIVE", "kind": "organisation"}, before, AT)
    assert not screening.concerned({"name": "Quite Another Firm"}, before, AT)
    assert screening.concerned({"name": "Quite Another Firm"}, "from before lists had numbers", AT)


def test_a_list_that_was_not_there_before_is_new_as_a_whole(ledger: Ledger, lists: ListsInForce) -> None:
    put(ledger, un_list(range(20)))
    loaded = lists()
    assert loaded is not None
    newer = loaded.since("EU-FSF=1")
    assert newer is not None
    assert newer.screen(query_of(dict(named(3))), AT).matches


def test_a_thread_looks_after_the_lists_of_a_service(ledger: Ledger) -> None:
    put(ledger, un_list(range(20)))
    lists = ListsInForce(ledger, (), {})
    lists.start()
    try:
        loaded = lists()
        assert loaded is not None
    finally:
        lists.stop()
