"""Releases: kept whole by their digest, with the days on which they were put to use."""

from dataclasses import dataclass

import pytest

from engine.ledger import EntryRefused, Ledger
from tests.ledger.factories import AT, moment


@dataclass(frozen=True)
class Rules:
    """A release."""

    digest: str
    canonical: bytes = b"{}"
    version: str = "2026.11.0"


A, B = Rules("sha256:a", b"rules a"), Rules("sha256:b", b"rules b", "2026.12.0")


def test_a_release_is_read_back_whole(ledger: Ledger) -> None:
    ledger.remember_release(A, AT)
    read = ledger.release(A.digest)
    assert read is not None
    assert (read.digest, read.version, read.canonical, read.kept_at) == (A.digest, A.version, A.canonical, AT)
    assert ledger.release("sha256:none") is None


def test_a_restart_with_the_same_rules_changes_nothing(ledger: Ledger) -> None:
    ledger.remember_release(A, AT)
    ledger.remember_release(A, moment(60))
    assert [one.active_from for one in ledger.activations.all()] == [AT]
    assert ledger.verify().rows == 1


def test_going_back_to_older_rules_is_an_activation_too(ledger: Ledger) -> None:
    for at, rules in enumerate((A, B, A)):
        ledger.remember_release(rules, moment(at))
    assert [(one.release, one.active_from) for one in ledger.activations.all()] == [
        (A.digest, moment(0)),
        (B.digest, moment(1)),
        (A.digest, moment(2)),
    ]
    assert [one.digest for one in ledger.releases(limit=9).data] == [B.digest, A.digest]
    assert ledger.verify().ok


def test_one_digest_never_means_two_things(ledger: Ledger) -> None:
    ledger.remember_release(A, AT)
    with pytest.raises(EntryRefused, match="other contents"):
        ledger.remember_release(Rules(A.digest, b"other rules"), moment(1))


def test_releases_come_by_page_the_newest_first(ledger: Ledger) -> None:
    for number in range(5):
        ledger.remember_release(Rules(f"sha256:{number}"), moment(number))
    seen, after = [], None
    while True:
        page = ledger.releases(limit=2, after=after)
        seen += [one.digest for one in page.data]
        after = page.next
        if after is None:
            break
    assert seen == [f"sha256:{number}" for number in (4, 3, 2, 1, 0)]


def test_another_cursor_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="dec_1"):
        ledger.releases(limit=2, after="dec_1")
