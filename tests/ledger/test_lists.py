"""Editions of lists: kept whole, only ever added to, and vouched for by the chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.ledger import EditionEntry, Ledger, ListMoved, RefusedLoad, verify
from tests.ledger.factories import AT
from tests.ledger.tampering import by_hand

FIRST = EditionEntry(
    list="UN-SC",
    digest="ab" * 32,
    source="consolidated.xml",
    format="un-xml",
    published=AT - timedelta(days=1),
    at=AT,
    entries=2,
    stale_after_days=7,
    counts={"person": 1, "organisation": 1},
    added=("CDi.001", "QDe.001"),
    removed=(),
    changed=(),
    versions={"CDi.001": "11", "QDe.001": "22"},
    content=b'[{"list":"UN-SC"}]' * 1000,
    original=b"<CONSOLIDATED_LIST/>" * 1000,
    after=None,
)
REFUSED = RefusedLoad(
    "UN-SC", "consolidated.xml", "cd" * 32, AT, "list_truncated", "Line 7: the file ends early", "ab" * 32
)


def second(after: int) -> EditionEntry:
    return replace(
        FIRST, digest="cd" * 32, entries=1, added=(), removed=("QDe.001",), changed=("CDi.001",),
        versions={"CDi.001": "33"}, content=b"[]", original=None, after=after, published=None,
        accepted_by="A. Officer", accepted_reason="Delisted by resolution",
    )  # fmt: skip


def test_an_edition_is_read_back_as_it_was_kept(ledger: Ledger) -> None:
    kept = ledger.lists.keep(FIRST)
    assert ledger.lists.in_force("UN-SC") == kept
    assert (kept.list, kept.digest, kept.source, kept.format) == ("UN-SC", "ab" * 32, "consolidated.xml", "un-xml")
    assert (kept.published, kept.loaded_at) == (AT - timedelta(days=1), AT)
    assert (kept.entries, kept.counts, kept.stale_after_days) == (2, {"person": 1, "organisation": 1}, 7)
    assert (kept.added, kept.removed, kept.changed, kept.after) == (2, 0, 0, None)
    assert ledger.lists.content(kept.seq) == FIRST.content
    assert ledger.lists.original(kept.seq) == FIRST.original
    assert ledger.lists.versions(kept.seq) == FIRST.versions
    assert ledger.lists.in_force("EU-FSF") is None


def test_a_further_edition_is_in_force_and_the_one_before_stays(ledger: Ledger) -> None:
    first = ledger.lists.keep(FIRST)
    last = ledger.lists.keep(second(first.seq))
    assert ledger.lists.latest() == (last,)
    assert ledger.lists.editions("UN-SC") == (last, first)
    assert (last.accepted_by, last.accepted_reason) == ("A. Officer", "Delisted by resolution")
    told = ledger.lists.delta(last.seq)
    assert told is not None
    assert (told.added, told.removed, told.changed) == ((), ("QDe.001",), ("CDi.001",))
    assert ledger.lists.original(last.seq) is None, "only its digest is kept"
    assert ledger.verify().ok


def test_each_list_has_its_own_editions_and_the_fingerprint_tells_of_any(ledger: Ledger) -> None:
    prints = [ledger.lists.fingerprint()]
    first = ledger.lists.keep(FIRST)
    prints.append(ledger.lists.fingerprint())
    other = ledger.lists.keep(replace(FIRST, list="EU-FSF"))
    prints.append(ledger.lists.fingerprint())
    ledger.lists.keep(second(first.seq))
    prints.append(ledger.lists.fingerprint())
    assert len(set(prints)) == 4
    assert [stored.list for stored in ledger.lists.latest()] == ["EU-FSF", "UN-SC"]
    assert ledger.lists.in_force("EU-FSF") == other
    ledger.lists.refuse(REFUSED)
    ledger.lists.unchanged("UN-SC", "cd" * 32, "consolidated.xml", AT)
    assert ledger.lists.fingerprint() == prints[-1]


def test_an_edition_that_was_held_against_another_than_the_last_is_not_kept(ledger: Ledger) -> None:
    first = ledger.lists.keep(FIRST)
    ledger.lists.keep(second(first.seq))
    for stale in (None, first.seq, 99):
        with pytest.raises(ListMoved, match="UN-SC has got another edition meanwhile"):
            ledger.lists.keep(second(stale))  # type: ignore[arg-type]
    assert len(ledger.lists.editions("UN-SC")) == 2
    assert ledger.verify().ok


def test_a_refusal_is_recorded_and_puts_nothing_out_of_force(ledger: Ledger) -> None:
    kept = ledger.lists.keep(FIRST)
    ledger.lists.refuse(REFUSED)
    ledger.lists.refuse(replace(REFUSED, list="EU-FSF", digest=None, kept=None))
    assert ledger.lists.refusals() == (replace(REFUSED, list="EU-FSF", digest=None, kept=None), REFUSED)
    assert ledger.lists.refusals("UN-SC") == (REFUSED,)
    assert ledger.lists.refused() == {"EU-FSF": 1, "UN-SC": 1}
    assert ledger.lists.latest() == (kept,)
    assert ledger.verify().ok


def test_what_is_not_there_is_told_as_that(ledger: Ledger) -> None:
    assert ledger.lists.content(7) is ledger.lists.original(7) is ledger.lists.delta(7) is None
    assert (ledger.lists.versions(7), ledger.lists.latest(), ledger.lists.fingerprint()) == ({}, (), "")


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE screening_edition SET list = 'EU-FSF' WHERE seq = 1", "screening_edition"),
        ("UPDATE screening_edition SET entries = 3 WHERE seq = 1", "screening_edition"),
        ("UPDATE screening_edition SET published = NULL WHERE seq = 1", "screening_edition"),
        ("UPDATE screening_edition SET at = 5 WHERE seq = 1", "screening_edition"),
        ("UPDATE screening_edition SET recorded_at = 5 WHERE seq = 1", "screening_edition"),
        ("UPDATE screening_edition SET stale_after_days = 3650 WHERE seq = 1", "screening_edition"),
        ("UPDATE screening_edition SET accepted_by = 'B' WHERE seq = 2", "screening_edition"),
        ("UPDATE screening_edition SET content = delta WHERE seq = 1", "screening_edition"),
        ("UPDATE screening_edition SET versions = delta WHERE seq = 1", "screening_edition"),
        ("UPDATE screening_edition SET original = NULL WHERE seq = 1", "screening_edition"),
        ("UPDATE screening_edition SET original = content WHERE seq = 2", "screening_edition"),
        ("UPDATE screening_edition SET seq = 9 WHERE seq = 2", "screening_edition"),
        ("DELETE FROM screening_edition WHERE seq = 2", "screening_edition"),
        ("UPDATE screening_refusal SET code = 'list_shrunk'", "screening_refusal"),
        ("UPDATE screening_refusal SET kept = NULL", "screening_refusal"),
        ("DELETE FROM screening_refusal", "screening_refusal"),
    ],
)
def test_what_was_changed_by_hand_is_found(url: str, statement: str, table: str) -> None:
    with Ledger.open(url) as ledger:
        first = ledger.lists.keep(FIRST)
        ledger.lists.keep(second(first.seq))
        ledger.lists.refuse(REFUSED)
    assert verify(url).ok
    with by_hand(url) as hand:
        hand.execute(statement)
    bad = verify(url).first_bad
    assert bad is not None
    assert bad.table == table
