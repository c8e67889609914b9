"""The labelled items themselves: enough of each, told apart, and pointing at what is in the packs."""

from __future__ import annotations

from collections import Counter

import pytest

from api.bundled import rulepacks
from engine.packs import load_packs
from ingest.read.model import ChangeType, Status, Topic
from tests.ingest.evaluation.labelled import ANY, FOLDER, SECOND, Item, Place, items

ITEMS = items()
OTHERS = items(SECOND)
RELEVANT = tuple(item for item in ITEMS if item.relevant)
ALL = (*ITEMS, *OTHERS)


def test_there_are_enough_of_every_kind() -> None:
    sources = Counter(item.regulator for item in ITEMS)

    assert len(ITEMS) >= 340
    assert sum(not item.relevant for item in ITEMS) > len(ITEMS) / 2
    assert sum(item.language != "en" for item in ITEMS) >= 90
    assert len(sources) >= 40
    assert sum(number >= 2 for number in sources.values()) >= 25
    assert sum(bool(item.links) for item in ITEMS) >= 60
    assert {item.published.year for item in ITEMS} == {2023, 2024, 2025, 2026, 2027}


def test_the_page_tells_how_many_there_are() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    languages = Counter(item.language for item in ITEMS)
    each = ", ".join(f"{language} {number}" for language, number in languages.most_common())

    assert f"{len(ITEMS)} items of {len({item.regulator for item in ITEMS})} regulators" in page
    assert f"in {len(languages)} languages ({each})" in page
    assert f"{len(ITEMS) - len(RELEVANT)} of them are irrelevant" in page


def test_every_class_is_labelled_more_than_once() -> None:
    status = Counter(item.status for item in ITEMS)
    change = Counter(item.change for item in RELEVANT)
    topics = Counter(topic for item in RELEVANT for topic in item.topics)

    assert min(status[one] for one in Status) >= 10
    assert min(change[one] for one in ChangeType) >= 3
    assert min(topics[one] for one in Topic) >= 10


def test_no_two_items_are_the_same() -> None:
    assert len({item.id for item in ALL}) == len(ALL)
    assert len({item.text for item in ALL}) == len(ALL)


@pytest.mark.parametrize("item", [pytest.param(item, id=item.id) for item in ALL])
def test_labels_fit_each_other(item: Item) -> None:
    if not item.relevant:
        assert (item.topics, item.change, item.effective) == (frozenset(), ChangeType.NONE, None)
        assert (item.instruments, item.pairs, item.links) == ((), frozenset(), ())
        return
    assert item.topics
    assert (item.change is ChangeType.NONE) is (item.status in {Status.GUIDANCE, Status.ENFORCEMENT})
    match item.status:
        case Status.IN_FORCE_SCHEDULED:
            assert item.effective is not None
            assert item.effective > item.published
        case Status.IN_FORCE:
            assert item.effective is not None
            assert item.effective <= item.published
        case Status.ADOPTED | Status.WITHDRAWN:
            assert item.effective is None


@pytest.mark.parametrize("item", [pytest.param(item, id=item.id) for item in ALL if item.relevant])
def test_what_is_labelled_stands_in_the_text(item: Item) -> None:
    told = f"{item.title}\n{item.text}".casefold()

    assert item.text
    assert [name for name in item.instruments if name.casefold() not in told] == []
    assert item.effective is None or str(item.effective.year) in told


@pytest.mark.slow
def test_every_target_is_in_the_shipped_packs() -> None:
    packs = load_packs(rulepacks()).packs
    shipped = [Place(code, ANY, ANY) for code, pack in packs.items() if pack.list_for]
    for code, pack in packs.items():
        for name, domain in pack.domains.items():
            shipped += [Place(code, name, one) for one in domain.parameters]
            shipped += [Place(code, name, one.id) for one in (*domain.rates, *domain.rules)]

    lost = [(item.id, link) for item in ALL for link in item.links if not any(link.is_met_by(one) for one in shipped)]

    assert lost == []


def test_the_sealed_part_is_large_and_mixed_enough_by_itself() -> None:
    sealed = [item for item in ITEMS if item.sealed]

    assert len(sealed) >= 300
    assert len({item.regulator for item in sealed}) >= 25
    assert sum(item.language != "en" for item in sealed) >= 60
    assert sum(not item.relevant for item in sealed) > len(sealed) / 2
    assert not {item.regulator for item in sealed} & {item.regulator for item in ITEMS if not item.sealed}


def test_the_second_set_is_of_other_publishers_and_large_and_mixed_enough_by_itself() -> None:
    sources = {item.regulator for item in OTHERS}

    assert not sources & {item.regulator for item in ITEMS}
    assert len(OTHERS) >= 120
    assert len(sources) >= 20
    assert sum(not item.relevant for item in OTHERS) >= len(OTHERS) / 2
    assert sum(item.language != "en" for item in OTHERS) >= len(OTHERS) / 4
    assert min(Counter(topic for item in OTHERS for topic in item.topics)[one] for one in Topic) >= 5


def test_the_page_tells_how_large_the_second_set_is() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    languages = len({item.language for item in OTHERS})

    assert f"{len(OTHERS)} items of {len({item.regulator for item in OTHERS})} other regulators" in page
    assert f"in {languages} languages, {sum(not item.relevant for item in OTHERS)} of them irrelevant" in page
