"""A house in which there is one thing of every kind, and everybody who might come to its door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from api.bundled import rates_file
from api.fx import read_rates
from api.service import Service
from api.settings import Settings
from engine.ledger import KeyTerms, Ledger, Opening, Person, PersonState, Role
from engine.money import RateTable
from tests import shipped
from tests.access.table import ROLES, SCOPES
from tests.empty import empty_ledger, filled_ledger
from tests.ledger.tampering import by_hand
from tests.ledger.whole import fill

MADE = 20
NOW = datetime.now(UTC)
MARK = "x" * 24


@dataclass(frozen=True)
class Guest:
    """Somebody at the door. `why`: for want of what nothing at all opens; empty: their scopes are good."""

    name: str
    header: str | None
    scopes: frozenset[str] = frozenset()
    holder: str = ""
    why: str = ""
    status: int = 401
    bound: str = ""
    """`merchant` or `country`: what the key is limited to; none of the other decisions is among that."""

    @property
    def token(self) -> str | None:
        """What a browser would keep."""
        return None if self.header is None else self.header.removeprefix("Bearer ")


def _some(url: str) -> None:
    fill(url, MADE)


@contextmanager
def furnished(folder: Path) -> Iterator[Service]:
    """The service."""
    url = filled_ledger(empty_ledger(folder / "lexgate.db"), _some)
    settings = Settings(database=url, feeds=folder / "own.csv")
    service = Service.around(settings, shipped.law(), RateTable(read_rates(rates_file())), Ledger.open(url))
    service.ledger.merchants.put("m-2", b'{"name":"Shoes"}', NOW, "key_1")
    yield service
    service.close()


@contextmanager
def bare(folder: Path) -> Iterator[Service]:
    """A service in whose ledger nothing is: to see who is let in, without finding anything."""
    ledger = Ledger.open(empty_ledger(folder / "lexgate.db"))
    settings = Settings(database=f"sqlite:///{folder}/lexgate.db", feeds=folder / "own.csv")
    service = Service.around(settings, shipped.law(), RateTable(read_rates(rates_file())), ledger)
    ledger.remember_release(service.packs.release, service.clock())
    yield service
    service.close()


def guests(service: Service) -> list[Guest]:
    """Everybody: those whom nothing opens, a key for each scope, a person for each role, keys with limits."""
    return [*_strangers(service), *_keys(service), *_people(service), *_bound(service)]


def _strangers(service: Service) -> list[Guest]:
    keys, hour = service.ledger.keys, timedelta(hours=1)
    expired, expired_secret = keys.create(SCOPES, "expired", terms=KeyTerms(NOW - hour))
    revoked, revoked_secret = keys.create(SCOPES, "revoked")
    keys.revoke(revoked.id)
    away, away_secret = keys.create(SCOPES, "away", terms=KeyTerms(sources=("10.0.0.0/8",)))
    over, over_token = _person(service, "over", (Role.OFFICER,))
    for session in service.ledger.sessions.of(over, service.clock(), hour):
        service.ledger.sessions.end(over, session.id, NOW)
    return [
        Guest("nobody", None, why="no_token"),
        Guest("no bearer", "Basic YWRtaW46YWRtaW4=", why="no_token"),
        Guest("empty bearer", "Bearer ", why="no_token"),
        Guest("bad key", "Bearer lx_000000000000_nobodys", why="unknown"),
        Guest("bad session", "Bearer lxs_nobodys", why="unknown"),
        Guest("expired key", f"Bearer {expired_secret}", holder=expired.id, why="expired"),
        Guest("revoked key", f"Bearer {revoked_secret}", holder=revoked.id, why="revoked"),
        Guest("ended session", f"Bearer {over_token}", holder=over, why="session_over"),
        Guest("key elsewhere", f"Bearer {away_secret}", holder=away.id, why="address", status=403),
    ]


def _keys(service: Service) -> list[Guest]:
    made = [(scope, *service.ledger.keys.create([scope], scope)) for scope in SCOPES]
    return [Guest(f"key {scope}", f"Bearer {secret}", frozenset({scope}), key.id) for scope, key, secret in made]


def _people(service: Service) -> list[Guest]:
    made = [(role, *_person(service, role, (Role(role),))) for role in ROLES]
    return [Guest(role, f"Bearer {token}", frozenset(ROLES[role]), identity) for role, identity, token in made]


def _bound(service: Service) -> list[Guest]:
    """To a merchant of whom there are decisions, and to a country of which there are none."""
    made = []
    for bound, terms in (("merchant", KeyTerms(merchants=("m-1",))), ("country", KeyTerms(countries=("DE",)))):
        key, secret = service.ledger.keys.create(SCOPES, bound, terms=terms)
        made.append(Guest(f"key of a {bound}", f"Bearer {secret}", frozenset(SCOPES), key.id, bound=bound))
    return made


def _person(service: Service, name: str, roles: tuple[Role, ...]) -> tuple[str, str]:
    identity, token = f"per_{name}", f"lxs_{sha256(name.encode()).hexdigest()}"
    person = Person(identity, name, name.title(), "en", roles, PersonState.ACTIVE, NOW, NOW, password="")
    opens = Opening(token, "password", "127.0.0.1", service.clock(), timedelta(hours=12))
    service.ledger.people.create(person, "operator", opens=opens)
    return identity, token


def another(service: Service, guest: Guest, number: int) -> Guest:
    """Somebody else who may the same: the first was shut out, or may something else by now."""
    if guest.name in ROLES:
        identity, token = _person(service, f"{guest.name}-{number}", (Role(guest.name),))
        return replace(guest, header=f"Bearer {token}", holder=identity)
    known = service.ledger.keys.one(guest.holder)
    assert known is not None, "keys stay"
    key, secret = service.ledger.keys.create(guest.scopes, guest.name, terms=replace(known.terms, expires_at=None))
    return replace(guest, header=f"Bearer {secret}", holder=key.id)


class Things:
    """The ids of what is there, for the parameters of paths."""

    def __init__(self, service: Service) -> None:
        self._service = service
        some = self._first("decision")
        digest = service.packs.release.digest
        self._there = {
            "decision_id": some, "calculation_id": self._first("tax_calculation"),
            "transaction_id": self._first("tax_transaction"), "return_id": self._first("tax_return"), "merchant_id": "m-2",
            "obligation_id": self._first("obligation"), "alert_id": self._first("alert"),
            "screening_id": self._first("screening"), "clearance_id": "clr_1", "change_id": self._first("law_change"),
            "jurisdiction": "DE", "digest": digest, "a": digest, "b": digest, "name": "sca.low_value_limit",
            "draft_id": "drf_1", "path": "EU/aml.yaml", "backtest_id": "bt_1", "trial_id": "trl_1",
            "reevaluation_id": "ree_1", "holder": "key_2", "domain": "aml", "code": "UN-SC",
            "session_id": self._first("person_session"), "person_id": "per_1", "key_id": self._first("api_key"),
            "hold_id": "hld_1", "delivery_id": self._first("delivery"), "verification_id": "1",
        }  # fmt: skip
        self._of_pages = {
            "cases": self._first("alert_case"), "onboarding": "onb_1", "changes": self._there["change_id"],
            "decisions": some, "drafts": "drf_1", "keys": self._there["key_id"], "people": "per_1",
            "merchants": "m-2", "obligations": self._there["obligation_id"], "screenings": self._there["screening_id"],
            "clearances": "clr_1", "webhooks": self._there["delivery_id"], "quotes": self._there["calculation_id"],
            "filed": self._there["return_id"],
        }  # fmt: skip

    def path(self, template: str, *, there: bool, decision: str = "") -> str:
        """A path to something that is there, or to what is not."""

        def put(found: re.Match[str]) -> str:
            name = found[1].removesuffix(":path")
            if not there:
                return MARK
            if name == "case_id":
                return "onb_1" if "/onboarding/" in template else self._of_pages["cases"]
            if name == "decision_id" and decision:
                return decision
            if name == "id":
                return quote(self._of_pages[template[: found.start()].rstrip("/").rpartition("/")[2]], safe="")
            return quote(self._there.get(name, _WORDS.get(name, "")), safe="/" if name == "path" else "")

        return re.sub(r"\{([^}]+)\}", put, template)

    def _first(self, table: str) -> str:
        with by_hand(self._service.settings.database, guarded=True) as hand:
            found: str = hand.execute(f"SELECT id FROM {table} ORDER BY id LIMIT 1").fetchone()[0]
        return found


_WORDS = {
    "step": "claim", "kind": "pdf", "draft": "drf_1", "decision": "dec_1", "backtest": "bt_1", "what": "cancel", "run": "ree_1",
    "trial": "trl_1", "place": "DE",
}  # fmt: skip
"""Parameters of pages that are no ids of the interface, or are called otherwise there."""

COUNTED = ("last_use", "sign_in_try", "head")
"""Tables that count who came; and the head of the chain, which moves with every note."""


def contents(service: Service, *but: str) -> dict[str, str]:
    """A digest of every table, but for what counts and tells who was not let in, and for those that follow the chain by
    themselves."""
    service.ledger.writer.run(lambda batch: None)
    found = {}
    with by_hand(service.settings.database, guarded=True) as hand:
        names = [name for (name,) in hand.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()]
        for name in sorted({*names} - {*COUNTED, *but}):
            # Where denials stand between them, other notes have other numbers: what they say is compared.
            sql = f"SELECT * FROM {name}" if name != "note" else _NOTES
            rows = sorted(map(repr, hand.execute(sql).fetchall()))
            found[name] = sha256("\n".join(rows).encode()).hexdigest()
    return found


_NOTES = "SELECT kind, subject, payload FROM note WHERE kind NOT IN ('access.denied', 'session.refused')"


def without_ids(text: bytes, *ids: str) -> bytes:
    """An answer without what the caller said, and without the number of the request."""
    for one in sorted(ids, key=len, reverse=True):
        text = text.replace(one.encode(), b"?")
    return re.sub(rb'req_[0-9a-f]+|nonce-[\w-]+|nonce="[\w-]+"|nonce" content="[\w-]+"', b"", text)
