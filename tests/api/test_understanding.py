"""How a publication is understood with the law in force, by a reader and links that stand in for the shipped ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.understanding import Understanding, published, recent
from engine.changes import ChangeState, LawChange
from engine.ledger import Ledger, StoredItem
from engine.packs import PackSet
from ingest.read.model import Reading
from ingest.understood import Linked
from ingest.versions import reader_version
from ingest.working import Drafted
from tests.empty import empty_ledger
from tests.ingest.test_working import SOURCES, TEXT, reading
from tests.ledger.factories import AT, store
from tests.ledger.factories import entry as decided
from tests.packs.fixture import good

ITEM = StoredItem(
    7, "be-fin-1", "n-1", "sha256:1", "sha256:2", None, AT,
    {"title": "Meals", "text": TEXT, "language": None, "published_at": "2027-01-31T23:00:00+00:00", "link": None},
)  # fmt: skip


@dataclass
class Asked:
    """A reader and links that note what they are asked."""

    found: Reading
    heard: list[Any]
    took: dict[str, float] = field(default_factory=lambda: {"link": 0.25})

    def read(self, title: str, _text: str, **known: Any) -> Reading:
        self.heard.append((title, known))
        return self.found

    def linked(self, *asked: Any) -> Linked:
        self.heard.append(asked[2:])
        return Linked([{"score": 1}], ("BE/tax/restaurant",), [{"new": "12"}])

    def draft(self, *asked: Any) -> Drafted:
        self.heard.append(asked[2:])
        return Drafted({"BE/tax.yaml": "12"})


def understanding(found: Reading, laws: Iterator[PackSet]) -> tuple[Understanding, Asked, list[str]]:
    asked, linked_with = Asked(found, []), []

    def links_of(packs: PackSet) -> Asked:
        linked_with.append(packs.release.digest)
        return asked

    return Understanding(lambda: (asked, "reader-1"), lambda: next(laws), links_of), asked, linked_with


def test_it_is_read_with_what_its_source_says_and_linked_with_the_law_in_force() -> None:
    packs = PackSet.of(good())
    made, asked, _ = understanding(reading(), iter([packs]))
    found = made.understand(ITEM, SOURCES["be-fin-1"])
    known = {"published": date(2027, 1, 31), "language": "en", "jurisdiction": "BE"}
    assert asked.heard == [("Meals", known), ("BE", "FPS Finance")]
    assert (found.reader, found.release, found.read.draftable) == ("reader-1", packs.release.digest, True)
    assert set(found.took) == {"read", "link"}
    assert found.body["links"] == [{"score": 1}]


def test_what_is_no_change_is_not_linked() -> None:
    made, asked, linked_with = understanding(replace(reading(), relevant=False), iter([PackSet.of(good())]))
    assert not made.understand(ITEM, SOURCES["be-fin-1"]).relevant
    assert (len(asked.heard), linked_with) == (1, [])


def test_another_release_is_linked_with_from_the_next_publication_on() -> None:
    first = PackSet.of(good())
    second = PackSet.of({
        path: text.replace('version: "2026.1.0"', 'version: "2026.2.0"') for path, text in good().items()
    })  # fmt: skip
    made, _, linked_with = understanding(reading(), iter([first, first, second]))
    for _ in range(3):
        made.understand(ITEM, SOURCES["be-fin-1"])
    assert linked_with == [first.release.digest, second.release.digest]


def test_a_draft_is_worked_out_anew_on_the_release_that_is_asked_for() -> None:
    packs = PackSet.of(good())
    made, asked, linked_with = understanding(reading(), iter(()))
    change = LawChange("chg_000000000007", 1, ChangeState.NEW, 7, 8, "be-fin-1", "FPS Finance", _read(), "C", AT, AT)
    assert made.draft(ITEM, change, packs).files == {"BE/tax.yaml": "12"}
    assert (linked_with, asked.heard[-1]) == ([packs.release.digest], ("BE", "FPS Finance"))


def _read() -> Any:
    from tests.ledger.reading import READ

    return READ


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ({"published_at": None, "updated_at": "2027-02-01T00:30:00+00:00"}, date(2027, 2, 1)),
        ({"published_at": None, "updated_at": None}, None),
    ],
    ids=["updated", "untold"],
)
def test_the_day_of_publication_is_what_the_source_says_or_unknown(told: dict[str, Any], day: date | None) -> None:
    assert published(replace(ITEM, body={**ITEM.body, **told})) == day


def test_recent_payments_come_newest_first_over_all_pages(tmp_path: Path) -> None:
    with Ledger.open(empty_ledger(tmp_path / "lexgate.db")) as ledger:
        made = [decided(id=f"dec_{number:04d}") for number in range(230)]
        store(ledger, *made)
        assert [one.id for one in recent(ledger)] == [one.id for one in reversed(made)]


def test_the_version_of_the_reader_is_one_word_and_the_same_each_time() -> None:
    assert reader_version() == reader_version.__wrapped__()
    assert re.fullmatch(r"reader-[0-9a-f]{12}", reader_version())
