"""The recorded documents are read as feeds, and what is expected of them fits the shipped packs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from api.bundled import rulepacks
from engine.packs import PackSet, load_packs
from ingest.feeds import read
from ingest.read.model import Status
from tests.ingest.recorded.documents import Document, Expected, documents

DOCUMENTS = documents()
KINDS = ("vat rate", "sca limit", "fatf list", "aml threshold", "data localisation")
ITEMS = tuple((document, expected) for document in DOCUMENTS for expected in document.items)
TOLD = tuple(expected for _, expected in ITEMS if expected.name is not None)


@pytest.fixture(scope="module")
def packs() -> PackSet:
    return load_packs(rulepacks())


@pytest.mark.parametrize("document", [pytest.param(one, id=one.path) for one in DOCUMENTS])
def test_every_item_of_a_document_is_read_and_expected(document: Document) -> None:
    told = read(
        document.body,
        url=f"https://feeds.example{document.path}",
        content_type=document.content_type,
        adapter=document.adapter,
    )

    assert told.faults == ()
    assert [one.key.removeprefix("https://feeds.example") for one in told.items] == [one.key for one in document.items]
    assert all(one.text and one.published_at for one in told.items)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_told_as_law_as_a_proposal_and_as_withdrawn(kind: str) -> None:
    drafts = {one.kind: one.draft for _, one in ITEMS}

    assert (drafts[kind], drafts[f"{kind}, proposed"], drafts[f"{kind}, withdrawn"]) == (True, False, False)


@pytest.mark.parametrize("expected", [pytest.param(one, id=one.key) for _, one in ITEMS])
def test_only_law_with_a_day_becomes_a_draft(expected: Expected) -> None:
    assert expected.draft is expected.status.is_law
    assert (expected.effective is not None) is expected.draft
    assert expected.effective is None or expected.effective.year == 2027
    assert expected.status is not Status.WITHDRAWN or expected.proposed_from is None


@pytest.mark.slow
@pytest.mark.parametrize("expected", [pytest.param(one, id=one.key) for one in TOLD])
def test_the_packs_have_the_old_value_on_the_day_before(expected: Expected, packs: PackSet) -> None:
    day = (expected.effective or expected.proposed_from or date(2027, 3, 1)) - timedelta(days=1)
    assert expected.place is not None
    assert expected.domain is not None
    assert expected.name is not None
    pack = packs.packs[expected.place]
    if expected.name == "*":
        members = pack.members_on(day)
        assert not members & set(expected.added)
        assert members >= set(expected.removed)
        return
    domain = pack.domains[expected.domain]
    if expected.domain == "tax":
        (line,) = [
            one
            for one in domain.rates
            if one.category == expected.name and one.start <= day and (one.end is None or day < one.end)
        ]
        assert expected.old is not None
        assert line.percent == Decimal(expected.old)
        return
    value = domain.parameters[expected.name].at(day)
    assert value is not None
    assert expected.old == str(value.raw)
