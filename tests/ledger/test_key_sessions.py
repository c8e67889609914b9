"""Sessions of keys, calls that were denied, and who has a second factor, in either store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.ledger import Change, KeySession, KeyTerms, Ledger, Opening, Person, PersonState, Role, Scope
from tests.ledger.factories import AT, moment

IDLE, LASTS = timedelta(minutes=30), timedelta(hours=12)
TERMS = KeyTerms(sources=("10.0.0.0/8",), countries=("DE",), merchants=("m-1",))


def test_a_session_of_a_key_has_what_the_key_has(ledger: Ledger) -> None:
    key, _ = ledger.keys.create([Scope.READ, Scope.TAX], "desk", terms=TERMS)
    opened = ledger.sessions.open_for_key(key, Opening("lxs_1", "api_key", "10.0.0.1", AT, LASTS))
    found = ledger.sessions.authenticate("lxs_1", moment(1), IDLE)
    assert isinstance(found, KeySession)
    assert (found.id, found.scopes, found.terms, found.session.id) == (key.id, key.scopes, TERMS, opened.id)
    assert ledger.sessions.whose("lxs_1") == key.id
    assert ledger.sessions.whose("lxs_2") is None
    assert ledger.sessions.authenticate("lxs_1", moment(31 * 60), IDLE) is None
    assert ledger.sessions.end(key.id, opened.id, moment(2))
    assert ledger.sessions.authenticate("lxs_1", moment(3), IDLE) is None
    assert ledger.verify().ok


def test_it_opens_nothing_once_the_key_does_not(ledger: Ledger) -> None:
    key, secret = ledger.keys.create([Scope.READ], "gone")
    ledger.sessions.open_for_key(key, Opening("lxs_3", "api_key", "10.0.0.1", AT, LASTS))
    ledger.keys.revoke(key.id)
    assert ledger.sessions.authenticate("lxs_3", moment(1), IDLE) is None
    assert ledger.keys.whose(secret) is not None
    assert ledger.keys.whose("lx_nobodys") is None
    short, _ = ledger.keys.create([Scope.READ], "short", terms=KeyTerms(moment(60)))
    ledger.sessions.open_for_key(short, Opening("lxs_4", "api_key", "10.0.0.1", AT, LASTS))
    assert ledger.sessions.authenticate("lxs_4", moment(59), IDLE) is not None
    assert ledger.sessions.authenticate("lxs_4", moment(60), IDLE) is None


def test_who_has_a_second_factor_or_has_begun_one(ledger: Ledger) -> None:
    for name in ("none", "begun", "whole"):
        person = Person(f"per_{name}", name, name, "en", (Role.AUDITOR,), PersonState.INVITED, AT, AT)
        ledger.people.create(person, "operator")
    for name, said in (("begun", {"pending_factor": "x"}), ("whole", {"factor": "y"})):
        change = Change("second_factor", f"per_{name}", AT, lambda found, said=said: replace(found, **said))
        ledger.people.change(f"per_{name}", change)
    assert [one.id for one in ledger.people.with_factor()] == ["per_begun", "per_whole"]


def test_a_denial_is_a_row_of_the_chain(ledger: Ledger) -> None:
    ledger.people.deny(AT, "key_1", {"why": "scope", "times": 1})
    ledger.writer.run(lambda batch: None)
    assert ledger.verify().ok
    assert ledger.verify().rows == 1
