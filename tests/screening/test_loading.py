"""A list is put to use whole, or the last good one stays and everybody is told."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from api.list_files import Delivery
from api.screening_lists import (
    Acceptance,
    Loaded,
    Refused,
    Unchanged,
    active_lists,
    difference,
    edition_fingerprint,
    load,
    refuse,
)
from engine.alerts import Alert, AlertKind
from engine.ledger import Ledger
from engine.screening.lists.errors import BrokenList
from engine.screening.lists.limits import Limits
from engine.screening.lists.reading import is_stale
from engine.screening.lists.registry import policy
from tests.empty import empty_ledger
from tests.screening.loading import AT, UN, put, un_list
from tests.screening.samples import sample

TWENTY = un_list(range(20))
BOMB = b'<!DOCTYPE x [<!ENTITY a "b">]>' + TWENTY


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(empty_ledger(tmp_path / "ledger.db")) as opened:
        yield opened


def in_force(ledger: Ledger) -> str | None:
    stored = ledger.lists.in_force("UN-SC")
    return None if stored is None else stored.digest


def refused(outcome: object) -> Refused:
    assert isinstance(outcome, Refused)
    return outcome


def test_a_load_tells_its_file_its_numbers_and_what_changed(ledger: Ledger) -> None:
    first = put(ledger, TWENTY)
    assert isinstance(first, Loaded)
    assert (first.edition.digest, first.edition.source) == (sha256(TWENTY).hexdigest(), "sample")
    assert (first.edition.loaded_at, first.edition.format, first.edition.stale_after_days) == (AT, "un-xml", 7)
    assert (first.edition.entries, first.edition.counts, first.edition.added) == (20, {"organisation": 20}, 20)
    changed = un_list(range(1, 22)).replace(b"SAMPLE 5<", b"SAMPLE FIVE<")
    second = put(ledger, changed)
    assert isinstance(second, Loaded)
    assert (second.delta.added, second.delta.removed, second.delta.changed) == (
        ("QDe.20", "QDe.21"),
        ("QDe.0",),
        ("QDe.5",),
    )
    assert (second.edition.added, second.edition.removed, second.edition.changed) == (2, 1, 1)
    assert difference(ledger, first.edition, second.edition) == second.delta


def test_the_lists_in_force_are_handed_out_with_their_entries(ledger: Ledger) -> None:
    before = edition_fingerprint(ledger)
    put(ledger, UN)
    ((edition, entries),) = active_lists(ledger)
    assert entries == sample("un-xml.xml").entries
    assert (edition.list, edition.entries, edition.counts) == ("UN-SC", 2, (("organisation", 1), ("person", 1)))
    assert edition_fingerprint(ledger) != before


def test_the_operators_own_limit_of_age_goes_before_that_of_the_policy(ledger: Ledger) -> None:
    put(ledger, UN)
    ((usual, _),) = active_lists(ledger)
    ((own, _),) = active_lists(ledger, {"UN-SC": 1})
    assert usual.published is not None
    at = usual.published + timedelta(days=3)
    assert (is_stale(usual, at), is_stale(own, at)) == (False, True)


def test_a_limit_of_age_that_was_set_at_the_load_does_not_outlive_its_setting(ledger: Ledger) -> None:
    load(ledger, Delivery(UN, "sample"), policy("UN-SC", {"UN-SC": 1}), at=AT, limits=Limits())
    ((now, _),) = active_lists(ledger)
    assert now.stale_after_days == policy("UN-SC").stale_after_days == 7
    ((other, _),) = active_lists(ledger, {"UN-SC": 30})
    assert other.stale_after_days == 30


def test_the_file_in_force_again_changes_nothing(ledger: Ledger) -> None:
    put(ledger, TWENTY)
    before = edition_fingerprint(ledger)
    assert isinstance(put(ledger, TWENTY), Unchanged)
    assert edition_fingerprint(ledger) == before
    assert ledger.verify().rows == 2, "that it was found again is noted"


def test_the_file_in_force_may_be_read_once_more(ledger: Ledger) -> None:
    put(ledger, TWENTY)
    again = put(ledger, TWENTY, again=True)
    assert isinstance(again, Loaded)
    assert again.delta.empty


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"", "list_empty"),
        (b"<html>Service unavailable</html>", "list_format_unknown"),
        (TWENTY[:-30], "list_truncated"),
        (TWENTY.replace(b"</ENTITY>", b"", 1), "list_broken"),
        (un_list([]), "list_empty"),
        (BOMB, "list_hostile"),
        (un_list(range(17)), "list_shrunk"),
        (un_list(range(100, 120)), "list_shrunk"),
        (un_list(range(20), on="2026-02-26T00:00:00Z"), "list_older"),
        (gzip.compress(TWENTY)[:-20], "list_truncated"),
        (gzip.compress(TWENTY)[:20] + b"\xff" * 100, "list_broken"),
    ],
    ids=["nothing", "page", "cut", "malformed", "nobody", "bomb", "fewer", "others", "older", "cut gzip", "bad gzip"],
)
def test_a_file_not_to_be_believed_leaves_the_last_good_one_in_force(ledger: Ledger, bad: bytes, code: str) -> None:
    put(ledger, TWENTY)
    outcome = refused(put(ledger, bad))
    assert outcome.code == code
    assert in_force(ledger) == sha256(TWENTY).hexdigest()
    assert len(active_lists(ledger)[0][1]) == 20
    (told,) = ledger.lists.refusals()
    assert (told.code, told.list, told.source, told.at) == (code, "UN-SC", "sample", AT)
    assert (told.digest, told.kept) == (sha256(bad).hexdigest(), sha256(TWENTY).hexdigest())


def test_a_first_file_that_is_bad_leaves_no_list(ledger: Ledger) -> None:
    outcome = refused(put(ledger, TWENTY[:-30]))
    assert outcome.kept is None
    assert active_lists(ledger) == []
    assert "no edition is in force" in outcome.alert.summary


def test_a_refused_load_is_an_incident_for_whoever_keeps_alerts(ledger: Ledger) -> None:
    put(ledger, TWENTY)
    heard: list[Alert] = []
    outcome = refused(put(ledger, BOMB, tell=heard.append))
    (alert,) = heard
    assert alert == outcome.alert
    assert (alert.kind, alert.subject_kind, alert.subject) == (AlertKind.INCIDENT, "list", "UN-SC")
    assert (alert.rule, alert.severity, alert.occurred_at) == ("lists.list_hostile", "high", AT)
    assert alert.evidence == (sha256(BOMB).hexdigest(),)
    assert "the edition of 2026-03-01 stays in force" in alert.summary


def test_the_same_bad_file_twice_is_one_alert_and_another_is_another(ledger: Ledger) -> None:
    first, again = (refused(put(ledger, BOMB, at=AT + timedelta(days=day))).alert for day in (0, 1))
    other = refused(put(ledger, BOMB + b" ")).alert
    assert first.id == again.id != other.id


def test_a_file_that_never_came_is_refused_too(ledger: Ledger) -> None:
    outcome = refuse(
        ledger, policy("UN-SC"), BrokenList("no answer"), source="https://example.org/", digest=None, at=AT
    )
    assert outcome.alert.evidence == ("https://example.org/",)
    assert ledger.lists.refused() == {"UN-SC": 1}


def test_a_person_may_take_a_smaller_or_older_edition_upon_himself(ledger: Ledger) -> None:
    put(ledger, TWENTY)
    smaller = un_list(range(3), on="2026-02-26T00:00:00Z")
    accepted = put(ledger, smaller, acceptance=Acceptance("A. Officer", "Resolution 9999 (2026)"))
    assert isinstance(accepted, Loaded)
    assert (accepted.edition.accepted_by, accepted.edition.accepted_reason) == ("A. Officer", "Resolution 9999 (2026)")
    assert accepted.edition.removed == 17


def test_nobody_may_take_a_hostile_or_broken_file_upon_himself(ledger: Ledger) -> None:
    put(ledger, TWENTY)
    who = Acceptance("A. Officer", "It looks fine")
    assert [refused(put(ledger, bad, acceptance=who)).code for bad in (BOMB, TWENTY[:-30])] == [
        "list_hostile",
        "list_truncated",
    ]


@pytest.mark.parametrize(("person", "reason"), [("", "x"), ("x", ""), (" ", "x"), ("x", "\t")])
def test_an_acceptance_has_a_person_and_a_reason(person: str, reason: str) -> None:
    with pytest.raises(ValueError, match="name and a reason"):
        Acceptance(person, reason)


def test_a_list_is_read_in_its_own_formats_only(ledger: Ledger) -> None:
    assert refused(put(ledger, TWENTY, "EU-FSF")).code == "list_format_unknown"
    assert refused(put(ledger, TWENTY, format_code="eu-xml")).code == "list_format_unknown"
    assert isinstance(put(ledger, TWENTY, format_code="un-xml"), Loaded)


def test_the_file_is_kept_as_it_came_unless_it_is_not_wanted(ledger: Ledger) -> None:
    packed = gzip.compress(TWENTY)
    kept = put(ledger, packed)
    assert isinstance(kept, Loaded)
    assert ledger.lists.original(kept.edition.seq) == packed
    other = put(ledger, un_list(range(21)), keep_file=False)
    assert isinstance(other, Loaded)
    assert ledger.lists.original(other.edition.seq) is None


def test_a_bomb_of_compression_ends_at_the_limit(ledger: Ledger) -> None:
    bomb = gzip.compress(TWENTY[:60] + b" " * 50_000_000 + TWENTY[60:])
    assert len(bomb) < 100_000
    wanted = policy("UN-SC")
    outcome = load(ledger, Delivery(bomb, "sample"), wanted, at=AT, limits=Limits(file_bytes=1_000_000))
    assert refused(outcome).code == "list_hostile"
