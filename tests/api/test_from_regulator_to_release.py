"""From what a regulator publishes to a release that bites on the day: recorded feeds, a server of this machine, and hands only
where the law of the house asks for persons.

Whatever is adopted, dated and about a number that a pack holds becomes a draft that passes its check. What is proposed, withdrawn
or denied never does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.ids import DecisionIds
from api.ingesting import worker_of
from api.understanding import recent, shipped_understanding
from engine.ledger import Occasion
from ingest.directory import Form, Source
from ingest.fetch import Fetcher, Manners
from ingest.gathering import Gatherer
from tests.api.bureau import Bureau
from tests.api.client import Client
from tests.ingest.recorded.documents import Document, Expected, documents
from tests.ingest.site import Site, said, site
from tests.shipped import law as shipped

READ_AT = datetime(2027, 2, 20, 9, tzinfo=UTC)
"""After the FATF's plenary of February; everything else lies ahead."""


@dataclass(frozen=True, slots=True)
class Recorded(Source):
    """A source of a test: it knows how its documents are read."""

    how: Any = None

    @property
    def adapter(self) -> Any:
        """How its documents are read."""
        return self.how


class House(Bureau):
    """On the shipped law, with an ingester beside it."""

    def __init__(self, folder: Path, client: Callable[..., Client]) -> None:
        super().__init__(folder, client, shipped())
        self.now, ledger = READ_AT, self.service.ledger
        self.reader = shipped_understanding(lambda: self.service.packs, lambda: recent(ledger))
        self.service.redraft = self.reader
        self.sources: dict[str, Source] = {}

    def ingest(self, rounds: int = 1) -> None:
        """Fetch every recorded document from a server of this machine and read what came; again on each of the days after."""
        asyncio.run(self._ingested(rounds))

    async def _ingested(self, rounds: int) -> None:
        recorded = documents()
        async with site({one.path: said(one.body, content_type=one.content_type) for one in recorded}) as there:
            self.sources = {one.id: one for one in (source_of(there.url, *pair) for pair in enumerate(recorded))}
            for number in range(rounds):
                self.now += timedelta(days=min(number, 1))
                await self._fetched(there)
                await asyncio.to_thread(self.read)

    async def _fetched(self, there: Site) -> None:
        fetcher = Fetcher("mailto:tests@example.org", clock=lambda: self.now, targets=there.targets)
        gatherer = Gatherer(
            self.service.ledger.feeds, self.sources, fetcher, lambda: self.now, self._occasion, "ing_test"
        )
        try:
            found = await gatherer.once()
        finally:
            await gatherer.close()
        assert len(found) == len(self.sources)
        assert {one.outcome for one in found} <= {"new", "same"}, found

    def read(self) -> dict[str, int]:
        """Read what waits."""
        worker = worker_of(self.service.ledger, self.sources, self.reader, self._occasion, "ing_test")
        worker.clock = lambda: self.now
        return worker.once()

    def _occasion(self) -> Occasion:
        return Occasion(self.now, self.service.packs.release.digest, DecisionIds(kind="case_"))

    def asks(self, domains: str, body: dict[str, Any]) -> dict[str, Any]:
        """A checkout's question."""
        reply = self["shop"].post(f"/v1/preflight?domains={domains}", body)
        assert reply.status == 200, reply.body
        found: dict[str, Any] = reply.json()
        return found

    def change_of(self, key: str) -> dict[str, Any] | None:
        """The change that came of a publication."""
        for item in self.service.ledger.feeds.items(0, 500):
            if item.key.endswith(key):
                reply = self["ann"].get(f"/v1/changes/chg_{item.seq:012}")
                return reply.json() if reply.status == 200 else None
        raise AssertionError(f"{key} was not kept")

    def in_force(self, change: dict[str, Any]) -> dict[str, Any]:
        """A draft of a change, checked, approved by two others, and put in force."""
        made = self["ann"].post(f"/v1/changes/{change['id']}/draft", {})
        assert made.status == 200, made.body
        draft = made.json()["draft"]
        path = f"/v1/drafts/{draft['id']}"
        checked = self["ann"].post(f"{path}/check").json()
        assert checked["ok"], checked["problems"]
        content = self.step("ann", draft["id"], "submit").json()["content"]
        for name in ("ben", "cleo", "dan"):
            if self["ann"].get(path).json()["state"] == "submitted":
                assert self.step(name, draft["id"], "approve", content=content).status == 200
        done = self.step("cleo", draft["id"], "schedule", active_from=(self.now + timedelta(hours=1)).isoformat())
        assert done.status == 200, done.body
        self.now += timedelta(hours=1)
        self.watch.look()
        found: dict[str, Any] = self["ann"].get(path).json()
        assert found["state"] == "active"
        return found


def source_of(url: str, number: int, one: Document) -> Recorded:
    return Recorded(
        f"{one.jurisdiction.lower()}-rec-{number + 1}", one.jurisdiction, one.regulator, ("other",), url + one.path, Form.FEED,
        one.language, True, False, "A", "", "", Manners(pause=timedelta(0)), one.adapter,
    )  # fmt: skip


@pytest.fixture
def house(tmp_path: Path, make_client: Callable[..., Client]) -> Iterator[House]:
    made = House(tmp_path, make_client)
    yield made
    assert made.service.ledger.verify().ok
    made.service.close()


# -- what a payment is told, on a day ------------------------------------------------------------------------------------------


def _noon(day: date) -> str:
    return datetime.combine(day, time(12), UTC).isoformat()


def vat(house: House, day: date) -> Any:
    """The rate of goods sold to a consumer in Estonia."""
    sold = house.asks("tax", {
        "amount": "125.00", "currency": "EUR", "occurred_at": _noon(day), "kind": "sale", "payment": {"instrument": "card"},
        "payer": {"country": "EE", "type": "individual"},
        "payee": {"country": "EE", "registrations": [{"jurisdiction": "EE", "scheme": "standard", "number": "EE100931558"}]},
        "lines": [{"id": "1", "kind": "goods", "category": "standard", "amount": "125.00", "tax_inclusive": True,
                   "ship_from": {"country": "EE"}, "ship_to": {"country": "EE"}}],
    })  # fmt: skip
    return sold["tax"]["lines"][0]["components"][0]["rate_percent"]


def exemption(house: House, day: date) -> Any:
    """The exemption of EUR 35 paid from a distance."""
    paid = house.asks("sca", {
        "amount": "35.00", "currency": "EUR", "occurred_at": _noon(day), "asked_by": "issuer",
        "payment": {"instrument": "card", "channel": "remote", "initiator": "payer", "issuer_country": "FR",
                    "acquirer_country": "DE",
                    "since_authenticated": {"amount": "0.00", "currency": "EUR", "count": 0, "policy": "amount"}},
    })  # fmt: skip
    return paid["sca"]["exemption"]


def grey(house: House, day: date) -> Any:
    """Which of Zambia and Bulgaria stands on the list, as the explanation of a transfer there tells."""
    found = {}
    for place in ("ZM", "BG"):
        paid = house.asks("aml", {
            "amount": "500.00", "currency": "GBP", "occurred_at": _noon(day), "kind": "transfer",
            "obliged_entity": {"country": "GB", "role": "bank"},
            "payer": {"country": "GB", "type": "individual"}, "payee": {"country": place},
            "payment": {"instrument": "credit_transfer", "issuer_country": "GB", "acquirer_country": place},
        })  # fmt: skip
        told = house["shop"].get(f"/v1/decisions/{paid['id']}/explanation").json()
        looked = {one["rule"]: one["fired"] for law in told["places"] for one in law["rules"]}
        found[place] = looked["aml.fatf.increased_monitoring"]
    return found


def reports(house: House, day: date) -> Any:
    """The reports of USD 12,000 in cash brought to a bank in Kenya."""
    paid = house.asks("aml", {
        "amount": "12000.00", "currency": "USD", "occurred_at": _noon(day), "kind": "deposit",
        "obliged_entity": {"country": "KE", "role": "bank"}, "payer": {"country": "KE", "type": "individual"},
        "payment": {"instrument": "cash"},
    })  # fmt: skip
    return [one["code"] for one in paid["aml"]["reports"]]


def abroad(house: House, day: date) -> Any:
    """What is said of payment data of Bahrain that is kept in Ireland, with the payer's consent."""
    asked = house.asks("residency", {
        "amount": "12.00", "currency": "BHD", "occurred_at": _noon(day), "payer": {"country": "BH"},
        "payment": {"instrument": "card", "issuer_country": "BH", "acquirer_country": "BH"},
        "data": [{"data_class": "transaction_record", "action": "store", "region_country": "IE",
                  "mechanism": {"kind": "consent"}}],
    })  # fmt: skip
    return asked["residency"]["verdict"]


@dataclass(frozen=True, slots=True)
class Bite:
    """What a law does to a payment, the day before and on the day."""

    ask: Callable[[House, date], Any]
    before: Any
    after: Any


BITES = {
    "vat rate": Bite(vat, "24", "25"),
    "sca limit": Bite(exemption, None, "low_value"),
    "fatf list": Bite(grey, {"ZM": False, "BG": True}, {"ZM": True, "BG": False}),
    "aml threshold": Bite(reports, [], ["TR"]),
    "data localisation": Bite(abroad, "allow_with_mechanism", "deny"),
}

# -- the story -----------------------------------------------------------------------------------------------------------------


def expected() -> list[Expected]:
    """Everything that the recorded feeds tell."""
    return [item for one in documents() for item in one.items]


def test_what_is_adopted_bites_on_its_day_and_what_is_not_becomes_no_draft(house: House) -> None:
    house.ingest()
    drafted = 0
    law_of = {item.key: one.jurisdiction for one in documents() for item in one.items}
    for item in expected():
        change = house.change_of(item.key)
        if not item.draft:
            _is_no_draft(house, item, change)
            continue
        assert change is not None, item.key
        _is_as_it_should(item, change, law_of[item.key])
        bite, day = BITES[item.kind], item.effective
        assert day is not None
        eve = day - timedelta(days=1)
        assert (bite.ask(house, eve), bite.ask(house, day)) == (bite.before, bite.before), item.kind
        house.in_force(change)
        assert (bite.ask(house, eve), bite.ask(house, day)) == (bite.before, bite.after), item.kind
        assert house.change_of(item.key)["state"] in ("drafted", "done")  # type: ignore[index]
        drafted += 1
    assert drafted == len(BITES)


def _is_as_it_should(item: Expected, change: dict[str, Any], law_of: str) -> None:
    """`law_of`: whose law it is, that of the source; the countries of a list are what it deals with."""
    assert change["jurisdiction"] == law_of, item.key
    first = change["links"][0]["target"]
    assert (change["status"], change["change"], change["effective"]) == (
        item.status, item.change, item.effective.isoformat() if item.effective else None,
    ), item.key  # fmt: skip
    assert (first["place"], first["domain"]) == (item.place, item.domain), item.key
    assert item.name == "*" or first["name"].partition(".")[0] == item.name, item.key
    said = change["evidence"]
    assert all(one["sentence"] in " ".join(change["text"].split()) or "..." in one["sentence"] for one in said), (
        item.key
    )
    if item.old and item.unit == "percent":
        assert f"{item.old} % -> {item.new} %" in {one["says"] for one in said}, item.key
    if item.currency:
        assert f"{item.currency} {item.old} -> {item.currency} {item.new}" in {one["says"] for one in said}, item.key


def _is_no_draft(house: House, item: Expected, change: dict[str, Any] | None) -> None:
    if change is None:
        assert item.status == "irrelevant", f"{item.key} was held to be none"
        return
    if item.status != "irrelevant":
        assert change["status"] == item.status, item.key
    assert change["draftable"] is False, item.key
    refused = house["ann"].post(f"/v1/changes/{change['id']}/draft", {})
    assert refused.status == 409, item.key
    assert change["undraftable"], item.key


def test_fetching_and_reading_again_makes_nothing_twice(house: House) -> None:
    house.ingest(rounds=2)
    before = house["ann"].get("/v1/changes?limit=200").json()["data"]
    assert len(before) >= sum(item.status != "irrelevant" for item in expected())
    kept = house.service.ledger.feeds.number()
    assert kept == len(expected())
    assert house.service.ledger.readings.again(house.now, since=0) == kept
    came = house.read()
    assert sum(came.get(name, 0) for name in ("change", "irrelevant")) == kept
    after = house["ann"].get("/v1/changes?limit=200").json()["data"]
    assert [one["id"] for one in after] == [one["id"] for one in before]
