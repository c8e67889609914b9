"""API keys: shown once, recognised by their hash, revoked for good."""

import hashlib
import json
import re
import sqlite3
from datetime import timedelta

import pytest

from engine.ledger import KeyRate, KeyRevoked, Ledger, Scope, verify
from engine.ledger import keys as keys_module
from tests.ledger.factories import moment
from tests.ledger.tampering import by_hand


def test_a_new_key_opens_what_it_was_made_for(ledger: Ledger) -> None:
    key, secret = ledger.keys.create([Scope.READ, "decide"], "till 7")
    assert key.scopes == {Scope.DECIDE, Scope.READ}
    assert (key.name, key.revoked_at) == ("till 7", None)
    assert ledger.keys.authenticate(secret) == key
    assert ledger.keys.list() == (key,)


def test_a_secret_is_long_random_and_recognisable(ledger: Ledger) -> None:
    secrets = [ledger.keys.create(["read"], f"key {number}")[1] for number in range(5)]
    assert all(re.fullmatch(r"lx_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", secret) for secret in secrets)
    assert len({secret[16:] for secret in secrets}) == 5


def test_the_secret_is_nowhere_in_the_store(url: str) -> None:
    with Ledger.open(url) as ledger:
        _, secret = ledger.keys.create(["read"], "till 7")
    with by_hand(url) as hand:
        rows = [*hand.execute("SELECT * FROM api_key").fetchall(), *hand.execute("SELECT * FROM note").fetchall()]
    assert hashlib.sha256(secret.encode()).digest() in rows[0]
    assert secret[16:] not in repr(rows)


@pytest.mark.parametrize("wrong", ["", "lx_", "lx_" + "0" * 56, "\ud800", "ключ", "x" * 10_000])
def test_anything_else_opens_nothing(ledger: Ledger, wrong: str) -> None:
    _, secret = ledger.keys.create(["read"], "till 7")
    assert ledger.keys.authenticate(wrong) is None
    assert ledger.keys.authenticate(secret[:-1]) is None
    assert ledger.keys.authenticate(secret + " ") is None


def test_without_any_key_nothing_opens(ledger: Ledger) -> None:
    assert ledger.keys.list() == ()
    assert ledger.keys.authenticate("lx_admin") is None


def test_a_revoked_key_opens_nothing_from_then_on(ledger: Ledger) -> None:
    key, secret = ledger.keys.create(["read"], "till 7")
    assert ledger.keys.authenticate(secret) is not None
    revoked = ledger.keys.revoke(key.id)
    assert revoked is not None
    assert revoked.revoked_at is not None
    assert ledger.keys.authenticate(secret) is None
    assert ledger.keys.revoke(key.id) == revoked
    assert ledger.keys.revoke("key_none") is None


def test_a_key_revoked_elsewhere_is_honoured_for_seconds_only(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0
    monkeypatch.setattr(keys_module.time, "monotonic_ns", lambda: now)
    with Ledger.open(url) as here, Ledger.open(url) as elsewhere:
        key, secret = here.keys.create(["read"], "till 7")
        assert here.keys.authenticate(secret) == key
        elsewhere.keys.revoke(key.id)
        assert here.keys.authenticate(secret) == key
        now = keys_module.CACHE_SECONDS * 1_000_000_000
        assert here.keys.authenticate(secret) is None


def test_a_fresh_key_is_not_asked_for_again(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    key, secret = ledger.keys.create(["read"], "till 7")
    ledger.keys.authenticate(secret)
    monkeypatch.setattr(ledger.keys, "_readers", None)
    assert ledger.keys.authenticate(secret) == key


def test_the_memory_of_keys_is_bounded(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys_module, "_CACHE_KEYS", 2)
    made = [ledger.keys.create(["read"], f"key {number}") for number in range(5)]
    assert [ledger.keys.authenticate(secret) for _, secret in made] == [key for key, _ in made]
    assert len(ledger.keys._cache) <= 2


def test_a_given_secret_is_the_same_key_at_every_start(url: str) -> None:
    with Ledger.open(url) as ledger:
        first, secret = ledger.keys.create(list(Scope), "bootstrap", secret="lx_given_by_the_operator")
    with Ledger.open(url) as ledger:
        again, same = ledger.keys.create(list(Scope), "bootstrap", secret="lx_given_by_the_operator")
        assert (again, same) == (first, secret) == (ledger.keys.authenticate(secret), "lx_given_by_the_operator")
        assert len(ledger.keys.list()) == 1
    assert verify(url).rows == 1


def test_a_given_secret_gets_the_scopes_asked_for_now(ledger: Ledger) -> None:
    first, secret = ledger.keys.create(["read"], "bootstrap", secret="lx_given")
    assert ledger.keys.authenticate(secret) == first
    wider, _ = ledger.keys.create(["read", "admin"], "bootstrap", secret="lx_given")
    assert wider.scopes == {Scope.READ, Scope.ADMIN}
    assert ledger.keys.authenticate(secret) == wider
    assert ledger.verify().ok


def test_a_revoked_secret_never_comes_back(ledger: Ledger) -> None:
    key, secret = ledger.keys.create(["read"], "bootstrap", secret="lx_given")
    ledger.keys.revoke(key.id)
    with pytest.raises(KeyRevoked, match=key.id):
        ledger.keys.create(["read"], "bootstrap", secret=secret)
    assert ledger.keys.authenticate(secret) is None


@pytest.mark.parametrize("secret", ["", " ", "two words", "tab\t", "ключ", "line\n"])
def test_a_secret_that_no_header_can_carry_is_refused(ledger: Ledger, secret: str) -> None:
    with pytest.raises(ValueError, match="header"):
        ledger.keys.create(["read"], "bootstrap", secret=secret)


def test_a_key_can_do_something_and_only_what_there_is(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="at least one"):
        ledger.keys.create([], "nothing")
    with pytest.raises(ValueError, match="everything"):
        ledger.keys.create(["everything"], "all")


def test_each_change_stands_in_the_chain(url: str) -> None:
    with Ledger.open(url, clock=lambda: moment(0)) as ledger:
        key, _ = ledger.keys.create(["read"], "till 7", secret="lx_given")
        ledger.keys.create(["read", "tax"], "till 7", secret="lx_given")
        ledger.keys.revoke(key.id)
    with by_hand(url) as hand:
        notes = hand.execute("SELECT kind, subject, payload FROM note ORDER BY seq").fetchall()
    assert [(kind, subject) for kind, subject, _ in notes] == [
        ("key.created", key.id),
        ("key.rescoped", key.id),
        ("key.revoked", key.id),
    ]
    assert json.loads(notes[0][2]) == {
        "created_at": 1_795_338_900_000_000,
        "digest": hashlib.sha256(b"lx_given").hexdigest(),
        "name": "till 7",
        "scopes": "read",
    }


def test_a_key_has_a_rate_of_its_own_as_long_as_it_is_given_one(ledger: Ledger) -> None:
    key, secret = ledger.keys.create(["read"], "till 7", rate=KeyRate(100, 10))
    assert key.rate == KeyRate(100, 10)
    assert ledger.keys.pace(key.id, KeyRate(5, 60), by="key_9", reason="Too much") is not None
    found = ledger.keys.authenticate(secret)
    assert found is not None
    assert found.rate == KeyRate(5, 60)
    assert ledger.keys.pace(key.id, None) is not None
    found = ledger.keys.authenticate(secret)
    assert found is not None
    assert found.rate is None
    assert ledger.keys.pace("key_0", KeyRate(1, 1)) is None
    assert ledger.verify().ok


def test_a_key_that_replaces_another_keeps_its_rate(ledger: Ledger) -> None:
    key, _ = ledger.keys.create(["read"], "till 7", rate=KeyRate(100, 10))
    made = ledger.keys.rotate(key.id, ledger.writer.now() + timedelta(hours=1), by="key_9")
    assert made is not None
    assert made.key is not None
    assert made.key.rate == KeyRate(100, 10)


def test_a_rate_that_somebody_else_wrote_is_found(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        ledger.keys.create(["read"], "till 7", rate=KeyRate(100, 10))
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as hand:
        hand.execute("UPDATE api_key_rate SET requests = 100000")
    with Ledger.open(sqlite_url) as ledger:
        assert "api_key_rate" in str(ledger.verify())


@pytest.mark.parametrize(("requests", "seconds"), [(0, 1), (1, 0), (-1, 1)])
def test_a_rate_is_at_least_one_request_in_at_least_one_second(requests: int, seconds: int) -> None:
    with pytest.raises(ValueError, match="at least one request"):
        KeyRate(requests, seconds)
