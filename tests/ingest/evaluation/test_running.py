"""How items are handed to a reader and a linker, and what is taken of their answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from ingest.read.model import (
    ChangeType,
    Dated,
    DateRole,
    Instrument,
    Pair,
    Quantity,
    Reading,
    Scored,
    Span,
    Status,
    Topic,
    Unit,
)
from tests.ingest.evaluation import __main__ as command
from tests.ingest.evaluation.labelled import SECOND, Item, Number, Place, items
from tests.ingest.evaluation.measures import Found, measure
from tests.ingest.evaluation.running import NotThere, found, run

NOWHERE = Span(0, 1)
READING = Reading(
    text="The rate\nIt rises.",
    language="en",
    status=Status.IN_FORCE_SCHEDULED,
    status_span=NOWHERE,
    relevance=0.9,
    relevant=True,
    topics=(Scored("tax", 0.8), Scored("methods", 0.6)),
    change=ChangeType.RATE,
    change_score=0.7,
    places=(),
    instruments=(Instrument(NOWHERE, "Directive 2006/112/EC", "directive"),),
    pairs=(
        Pair(NOWHERE, Quantity(NOWHERE, Decimal(20), Unit.PERCENT), Quantity(NOWHERE, Decimal("22.0"), Unit.PERCENT)),
        Pair(NOWHERE, None, Quantity(NOWHERE, Decimal(5000), Unit.AMOUNT, "EUR")),
    ),
    dates=(Dated(NOWHERE, date(2027, 1, 1), DateRole.APPLIES), Dated(NOWHERE, date(2026, 1, 1), DateRole.PUBLISHED)),
)
ITEM = Item("i-1", "A Bank", "EE", "et", date(2026, 11, 1), "The rate", "It rises.", Status.IN_FORCE_SCHEDULED)


@dataclass
class Asked:
    """A reader and a linker that keep what they were asked."""

    reading: Reading
    read_with: tuple[Any, ...] = ()
    linked_with: tuple[Any, ...] = ()

    def read(self, title: str, text: str, **about: Any) -> Reading:
        self.read_with = (title, text, about)
        return self.reading

    def links(self, reading: Reading, **about: Any) -> tuple[Any, ...]:
        self.linked_with = (reading, about)
        return (SimpleNamespace(target=SimpleNamespace(place="EE", domain="tax", name="standard.2025")),)


def test_what_was_read_is_taken_as_it_is_shown() -> None:
    assert found(READING, ()) == Found(
        True,
        Status.IN_FORCE_SCHEDULED,
        frozenset({Topic.TAX, Topic.METHODS}),
        ChangeType.RATE,
        date(2027, 1, 1),
        ("Directive 2006/112/EC",),
        frozenset({Number(Decimal(20), Decimal(22), Unit.PERCENT), Number(None, Decimal(5000), Unit.AMOUNT, "EUR")}),
        (),
    )


def test_of_an_irrelevant_item_neither_dates_nor_numbers_are_shown() -> None:
    told = found(replace(READING, relevant=False, status=Status.IRRELEVANT), ())

    assert (told.topics, told.effective, told.pairs) == (frozenset(), None, frozenset())


def test_the_reader_is_not_told_the_language() -> None:
    asked = Asked(READING)

    run([ITEM], asked, asked)

    about = {"published": date(2026, 11, 1), "language": None, "jurisdiction": "EE"}
    assert asked.read_with == ("The rate", "It rises.", about)
    assert asked.linked_with == (READING, {"jurisdiction": "EE"})


def test_what_is_irrelevant_is_not_linked() -> None:
    asked = Asked(replace(READING, relevant=False))

    ((_, told),) = run([ITEM], asked, asked)

    assert asked.linked_with == ()
    assert told.links == ()


def test_without_a_linker_links_are_unknown_and_not_missing() -> None:
    ((_, told),) = run([ITEM], Asked(READING), None)

    assert told.links is None


def test_the_labels_read_as_they_stand_hold_every_floor() -> None:
    seen = [
        (
            item,
            Found(
                item.relevant,
                item.status,
                item.topics,
                item.change,
                item.effective,
                item.instruments,
                item.pairs,
                tuple(Place(one.place, one.domain, one.name) for one in item.links),
            ),
        )
        for item in (*items(), *items(SECOND))
    ]

    measured = measure(seen)

    assert set(measured.shares().values()) == {1.0}
    assert (measured.unsafe, measured.irrelevant_as_law) == ((), ())


def test_who_calls_all_law_is_unsafe_in_every_item_that_is_none() -> None:
    all_law = Found(True, Status.IN_FORCE)
    told = items()

    measured = measure([(item, all_law) for item in told])

    assert len(measured.unsafe) == sum(item.relevant and not item.status.is_law for item in told)
    assert len(measured.irrelevant_as_law) == sum(not item.relevant for item in told)
    assert measured.shares()["relevance recall"] == 1.0
    assert (measured.shares()["relevance macro-F1"] or 0) < 0.5


def _absent() -> Any:
    raise NotThere("it is not built")


def test_the_command_says_that_there_is_no_reader(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "reader", _absent)

    assert command.main([]) == 2
    assert capsys.readouterr().err == "nothing can be measured: it is not built\n"


def test_the_command_measures_the_rest_without_a_linker(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    monkeypatch.setattr(command, "reader", lambda: Asked(READING))
    monkeypatch.setattr(command, "linker", _absent)
    file = tmp_path / "figures.json"

    assert command.main(["--json", str(file)]) == 0

    told = capsys.readouterr().out
    assert "NOT MEASURED  links: it is not built" in told
    assert told.index("SEALED") < told.index("SECOND") < told.index("FOR DEVELOPMENT")
    figures = json.loads(file.read_text())
    assert figures["items"] == len(items())
    assert figures["shares"]["links in top 3"] is None
    assert figures["shares"]["relevance recall"] == 1.0
    assert figures["second"]["relevance recall"] == 1.0
