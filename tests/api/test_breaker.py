"""A rule of the house is published with a slip of the pen and stops everybody: the story, and what might go wrong with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.breaker import Breaker
from api.law_in_force import started_with
from api.service import Service
from engine.drafting import ActivationKind
from engine.ledger import Ledger
from engine.packs.demotions import PATH
from engine.packs.packset import PackSet
from tests.api.bureau import MANIFEST, Bureau
from tests.api.client import Client
from tests.api.conftest import _rates
from tests.packs.fixture import good

HOUSE = "FR/aml.yaml"
RULE = "FR/aml.house_large"
SLIP, MEANT = "10.00", "10000.00"


def house(ceiling: str) -> str:
    """What the house adds: nothing above a ceiling."""
    over = f"{ceiling[:-2]}01"
    first = '{name: the first day, on: "2026-02-01", '
    return f"""domain: aml
note: What this house adds.
parameters:
  house_ceiling:
    type: money
    unit: EUR
    basis: house
    confidence: A
    note: The house has decided it.
    values:
      - {{from: "2026-02-01", value: "{ceiling}"}}
rules:
  - id: aml.house_large
    title: The house takes no payment so large
    basis: house
    confidence: A
    note: The house has decided it.
    applies: {{by: payment_date, from: "2026-02-01"}}
    when: amount > house_ceiling
    effect: {{block: house_large}}
    tests:
      - {{name: at the ceiling, on: "2026-03-01", given: {{amount: "{ceiling} EUR"}}, expect: silent}}
      - {{name: one cent over, on: "2026-03-01", given: {{amount: "{over} EUR"}}, expect: fires}}
      - {first}given: {{amount: "{over} EUR"}}, expect: fires}}
      - {{name: the day before, on: "2026-01-31", given: {{amount: "{over} EUR"}}, expect: silent}}
"""


class Story(Bureau):
    """The bureau, with a breaker that looks when a hand asks it to."""

    def __init__(self, folder: Path, client: Callable[..., Client], law: PackSet | None = None, **chosen: Any) -> None:
        super().__init__(folder, client, law)
        self.client = client
        self.settings = self.settings.model_copy(update=chosen)
        self.service.settings = self.settings
        self.breaker = self._breaker()
        self._paid = 0

    def _breaker(self) -> Breaker:
        found = self.service.watch_rules(by_hand=True)
        assert found is not None
        found.look()
        return found

    def put_in_force(self, path: str, text: str, version: str, *, at: Any = None, draft: str | None = None) -> str:
        """A draft that writes one file, approved and published or scheduled. Returns its id."""
        name = draft or self.open()
        there = self["nosy"].get(f"/v1/drafts/{name}/files/{path}")
        tag = {"if_match": there.json()["etag"]} if there.status == 200 else {"if_none_match": "*"}
        assert self.write("ann", name, path, text, **tag).status == 200
        german = self.read(name, "messages/de.po")["text"]
        if "so large" not in german:
            title = 'msgid "The house takes no payment so large"\nmsgstr "So große Zahlungen nimmt das Haus nicht an"\n'
            self.write("ann", name, "messages/de.po", f"{german}\n{title}")
        self.version(name, version)
        return self.decide(name, at)

    def version(self, draft: str, version: str) -> None:
        text = self.read(draft, MANIFEST)["text"]
        old = text.partition('version: "')[2].partition('"')[0]
        self.write("ann", draft, MANIFEST, text.replace(f'version: "{old}"', f'version: "{version}"'))

    def decide(self, name: str, at: Any = None) -> str:
        """Check, submit, approve, and publish or schedule."""
        checked = self["ann"].post(f"/v1/drafts/{name}/check").json()
        assert checked["ok"], checked["problems"]
        content = self.step("ann", name, "submit").json()["content"]
        for who in ("cleo", "dan"):
            self.step(who, name, "approve", content=content)
        done = self.step(
            "cleo", name, *(("publish",) if at is None else ("schedule",)), **({"active_from": at} if at else {})
        )
        assert done.status == 200, done.body
        self.watch.look()
        self.breaker.look()
        return name

    def pay(self, amount: str = "50.00", *, number: int = 1, payer: str | None = None) -> dict[str, Any]:
        """Payments to a merchant in France; the last answer."""
        found: dict[str, Any] = {}
        for _ in range(number):
            self._paid += 1
            body = {
                "amount": amount, "currency": "EUR", "occurred_at": self.now.isoformat(), "asked_by": "issuer",
                "payment": {"instrument": "card", "channel": "remote", "initiator": "payer", "issuer_country": "FR",
                            "acquirer_country": "FR"},
                "payer": {"id": payer or f"payer-{self._paid}", "country": "FR"}, "payee": {"country": "FR"},
            }  # fmt: skip
            reply = self["shop"].post("/v1/preflight?domains=aml", body)
            assert reply.status == 200, reply.body
            found = reply.json()
        return found

    def looked(self) -> list[str]:
        """The breaker looks, then the watch."""
        found = self.breaker.look()
        self.watch.look()
        self.breaker.look()
        return found

    def demotions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self["nosy"].get("/v1/demotions").json()["data"]
        return found

    def run_away(self) -> None:
        """The rule with its slip is published, and holds back a hundred payments."""
        self.pay(number=120)
        self.breaker.look()
        self.now += timedelta(minutes=10)
        self.put_in_force(HOUSE, house(SLIP), "2026.2.0")
        self.pay(number=100)
        assert self.looked() == [RULE]


@pytest.fixture
def make(tmp_path: Path, make_client: Callable[..., Client]) -> Iterator[Callable[..., Story]]:
    made: list[Story] = []

    def story(**chosen: Any) -> Story:
        made.append(Story(tmp_path, make_client, **chosen))
        return made[-1]

    yield story
    for one in made:
        one.service.close()


@pytest.fixture
def story(make: Callable[..., Story]) -> Story:
    return make()


def replayed(story: Story, decision: dict[str, Any]) -> bool:
    found: bool = story["shop"].post(f"/v1/decisions/{decision['id']}/replay").json()["identical"]
    return found


def test_the_story(story: Story) -> None:
    """From the slip to its correction, through the interface."""
    before = story.pay()
    assert before["outcome"] == "allow"
    story.pay(number=119)
    story.breaker.look()
    story.now += timedelta(minutes=10)

    story.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    wrong = story.pay()
    assert wrong["outcome"] == "block"
    story.pay(number=98)
    assert story.looked() == [], "one below the minimum"
    assert story.pay()["outcome"] == "block"
    assert story.looked() == [RULE]

    during = story.pay()
    assert during["outcome"] == "review"
    assert during["aml"]["verdict"] == "review"
    (finding,) = [one for one in during["findings"] if one["rule"] == "aml.house_large"]
    assert (finding["effect"], finding["demoted"]["effect"], finding["demoted"]["fired"]) == ("review", "block", True)
    assert finding["because"]
    assert story.pay("5.00")["outcome"] == "allow", "where it says nothing, nothing has changed"

    (held,) = story.demotions()
    assert (held["pack"], held["rule"], held["by"], held["basis"]) == ("FR", "aml.house_large", "breaker", "house")
    assert held["numbers"] == {
        "stopped": 100, "asked": 100, "stopped_before": 0, "asked_before": 0, "window": "PT5M",
    }  # fmt: skip
    case = story.service.ledger.cases.one(held["incident"]["case"])
    assert case is not None
    assert (case.state, case.severity) == ("open", "high")
    (holds, *_) = story["nosy"].get("/v1/activations").json()["data"]
    assert (holds["kind"], holds["actor"], holds["draft"]) == ("demoted", "system", None)
    assert "100 of 100 payments" in holds["reason"]

    draft = story.open(title="The ceiling as it was meant")
    assert story.read(draft, PATH)["text"].count(RULE) == 1
    taken = story["ann"].request(
        "DELETE", f"/v1/drafts/{draft}/files/{PATH}", b"", {"if-match": story.read(draft, PATH)["etag"]}
    )
    assert taken.status == 200
    story.put_in_force(HOUSE, house(MEANT), "2026.3.0", draft=draft)
    after = story.pay()
    assert after["outcome"] == "allow"
    assert story.pay("10000.01")["outcome"] == "block"
    assert story.demotions() == []
    assert story.looked() == [], "what the rule stopped before says nothing of it now"

    assert all(replayed(story, one) for one in (before, wrong, during, after))
    assert story.service.ledger.verify().ok


def test_an_explanation_names_it(story: Story) -> None:
    story.run_away()
    found = story["shop"].get(f"/v1/decisions/{story.pay()['id']}/explanation").json()
    rules = {one["rule"]: one for place in found["places"] for one in place["rules"]}
    assert "100 of 100" in rules["aml.house_large"]["demoted"]["why"]
    assert rules["aml.house_large"]["effect"] == "block"


def test_going_back_lifts_it(story: Story) -> None:
    shipped = story.held()
    story.run_away()
    assert story["cleo"].post(f"/v1/releases/{shipped}/rollback", {"reason": "r"}).status == 200
    story.watch.look()
    story.breaker.look()
    assert story.demotions() == []
    assert story.pay()["outcome"] == "allow"


def test_at_the_ceiling_it_does_not_trip_and_above_it_does(story: Story) -> None:
    story.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    story.pay(number=100)
    story.pay("5.00", number=100)
    assert story.looked() == []
    story.pay()
    assert story.looked() == [RULE]


def test_one_payer_who_tries_again_is_one_payment(story: Story) -> None:
    story.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    story.pay(number=150, payer="again-and-again")
    assert story.looked() == []


def test_a_rule_that_always_stopped_so_many_is_left_alone(story: Story) -> None:
    story.put_in_force(HOUSE, house(SLIP), "2026.2.0", at=None)
    story.pay("5.00", number=300)
    story.pay(number=90)
    story.breaker.look()
    story.now += timedelta(minutes=6)
    story.pay(number=120)
    assert story.looked() == [], "five times 90 of 390 is more than all of them"


def test_an_exempt_rule_is_left_alone(make: Callable[..., Story]) -> None:
    story = make(breaker_exempt=RULE)
    story.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    story.pay(number=150)
    assert story.looked() == []
    assert story.demotions() == []


def test_a_rule_that_is_not_the_houses_own_is_told_of_and_not_held_back(story: Story) -> None:
    """A machine does not set a law aside: persons do, or the operator lets it (`all`)."""
    statute = (
        house(SLIP)
        .replace("basis: house", "basis: guidance")
        .replace("    note: The house has decided it.\n    applies", "    cite: {source: code, at: L. 1}\n    applies")
    )
    story.put_in_force(HOUSE, statute.replace("basis: guidance", "basis: house", 1), "2026.2.0")
    story.pay(number=150)
    assert story.looked() == []
    assert story.pay()["outcome"] == "block"
    told = story.service.ledger.alerts.page(_everything(), limit=50, after=None).data
    assert [one.alert.rule for one in told] == ["incident.breaker.runaway"]
    story.pay(number=150)
    story.looked()
    assert len(story.service.ledger.alerts.page(_everything(), limit=50, after=None).data) == 1


def _everything() -> Any:
    from engine.ledger import AlertsWanted

    return AlertsWanted()


def test_the_operator_may_let_it_hold_back_all(make: Callable[..., Story]) -> None:
    story = make(breaker="all")
    story.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    story.pay(number=150)
    assert story.looked() == [RULE]


def test_off_is_off(tmp_path: Path, make_client: Callable[..., Client]) -> None:
    bureau = Bureau(tmp_path, make_client)
    bureau.service.settings = bureau.settings.model_copy(update={"breaker": "off"})
    assert bureau.service.watch_rules() is None
    bureau.service.close()


def test_a_draft_made_before_is_brought_up_to_date_and_keeps_it(story: Story) -> None:
    story.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    draft = story.submitted(5)
    story.pay(number=100)
    assert story.looked() == [RULE]
    assert story.step("cleo", draft["id"], "approve", content=draft["content"]).status == 200
    assert story.step("cleo", draft["id"], "publish").status == 409
    assert story["ann"].post(f"/v1/drafts/{draft['id']}/rebase", {}).status == 200
    story.decide(draft["id"])
    assert [one["rule"] for one in story.demotions()] == ["aml.house_large"]
    assert story.pay()["outcome"] == "review"


def test_what_was_scheduled_before_does_not_let_it_go(story: Story) -> None:
    story.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    draft = story.submitted(5)
    story.step("cleo", draft["id"], "approve", content=draft["content"])
    later = (story.now + timedelta(hours=1)).isoformat()
    assert story.step("cleo", draft["id"], "schedule", active_from=later).status == 200
    story.pay(number=100)
    assert story.looked() == [RULE]
    story.now += timedelta(hours=2)
    story.watch.look()
    assert story.service.held == draft["content"]
    story.looked()
    (held,) = story.demotions()
    assert held["numbers"]["stopped"] == 100
    assert story.pay()["outcome"] == "review"
    assert story["nosy"].get("/v1/activations").json()["data"][0]["reason"].startswith(f"{RULE}: Carried over: ")
    assert len(story.service.ledger.demotions.all()) == 2
    assert story.service.ledger.verify().ok


def test_what_was_scheduled_before_and_mends_the_rule_is_not_held_back(story: Story) -> None:
    story.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    later = story.now + timedelta(hours=1)
    story.put_in_force(HOUSE, house(MEANT), "2026.3.0", at=later.isoformat())
    story.pay(number=100)
    assert story.looked() == [RULE]
    story.now += timedelta(hours=2)
    story.watch.look()
    story.looked()
    assert story.demotions() == []
    assert story.pay()["outcome"] == "allow"


def test_of_two_processes_that_see_the_same_one_is_first(story: Story, make_client: Callable[..., Client]) -> None:
    story.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    ledger = Ledger.open(story.settings.database)
    other = Service.around(story.settings, story.service.packs, _rates(), ledger, story.service.clock)
    watch, breaker = other.watch_law(by_hand=True), other.watch_rules(by_hand=True)
    assert breaker is not None
    breaker.look()
    body = story.pay()
    story.pay(number=120)
    for at in range(120):
        breaker.note(story.service.held, body, f"there-{at}")
    won = [story.breaker.look(), breaker.look()]
    assert sorted(map(len, won)) == [0, 1]
    story.watch.look()
    watch.look()
    assert story.service.held == other.held
    assert [story.breaker.look(), breaker.look()] == [[], []]
    assert len(story.service.ledger.demotions.all()) == 1
    assert len(story.service.ledger.alerts.page(_everything(), limit=9, after=None).data) == 1, "told once"
    other.close()


def test_after_a_restart_it_is_held_back_still_and_trusted(story: Story) -> None:
    story.run_away()
    shipped = story.service.packs_of(story.service.shipped)
    assert shipped is not None
    packs = started_with(shipped, story.service.ledger, story.now, story.service.signing)
    assert [one.id for one in packs.demotions] == [RULE]
    assert story.service.signing.fault(story.service.ledger, packs.release.digest) is None
    again = Service.around(story.settings, packs, _rates(), Ledger.open(story.settings.database), story.service.clock)
    assert again.held == story.service.held
    again.close()


def test_a_restart_goes_on_counting(story: Story) -> None:
    story.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    story.pay(number=99)
    story.breaker = story._breaker()
    story.pay()
    assert story.looked() == [RULE]


@pytest.fixture
def shared(make: Callable[..., Story], monkeypatch: pytest.MonkeyPatch) -> Story:
    """A ledger that other processes write as well."""
    monkeypatch.setattr("api.turns._ASK_SECONDS", 0)
    made = make()
    made.service.reads_wait = True
    made.breaker = made._breaker()
    return made


def test_what_another_process_decides_counts_as_well(shared: Story) -> None:
    """Half of the payments go to each: neither sees a hundred that are stopped, and both together do."""
    shared.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    breaker, shared.service.breaker = shared.service.breaker, None
    shared.pay(number=50)
    shared.service.breaker = breaker
    shared.pay(number=49)
    assert shared.looked() == []
    shared.pay()
    assert shared.looked() == [RULE]


def test_of_two_breakers_one_counts_and_the_other_takes_over(shared: Story) -> None:
    other = Breaker(shared.service)
    shared.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    shared.pay(number=100)
    assert other.look() == [], "it is not its turn"
    shared.breaker._source.close()
    assert other.look() == [RULE], "what was stored before is known to it"


def test_it_travels_as_one_file_and_proves_itself(story: Story) -> None:
    from engine.packs.envelope import unpack, unsigned_base

    story.run_away()
    held = story.held()
    content = story["nosy"].get(f"/v1/releases/{held}/export").body
    trusted = story.service.signing.trusted
    found = unpack(content, trusted)
    assert found.release.digest == held
    assert unsigned_base(found.signed) is None, "what persons approved is proved in it"
    body = orjson.loads(content)
    for old, new in ((RULE, "FR/aml.house_larger"), ("100 of 100", "100 of 101")):
        changed = orjson.dumps({**body, "release": body["release"].replace(old, new)}, option=orjson.OPT_SORT_KEYS)
        with pytest.raises(ValueError, match="another release"):
            unpack(changed, trusted)


def test_a_rule_that_came_with_the_software_is_held_back_where_it_came(make: Callable[..., Story]) -> None:
    """Nobody signed what came with the software: elsewhere the release proves nothing, unless the same came there too."""
    from api.signing_keys import base_fault, came_with_software, signed_of

    story = make(law=PackSet.of({**good(), HOUSE: house(SLIP)}))
    story.pay(number=120)
    assert story.looked() == [RULE]
    ledger, held = story.service.ledger, story.held()
    assert story.pay()["outcome"] == "review"
    assert story.service.signing.fault(ledger, held) is None
    (kept,) = ledger.signatures.of(held)
    assert base_fault(signed_of(kept), came_with_software(ledger)) is None
    assert "did not come with the software here" in str(base_fault(signed_of(kept), frozenset()))


def test_nothing_is_held_back_that_cannot_be_signed(story: Story) -> None:
    story.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    story.service.signing.__dict__["own"] = None
    story.pay(number=120)
    assert story.looked() == []
    assert [one.alert.rule for one in story.service.ledger.alerts.page(_everything(), limit=9, after=None).data] == [
        "incident.breaker.runaway"
    ]


def test_the_metric_counts_what_is_held_back(story: Story) -> None:
    assert b"lexgate_rules_demoted 0.0" in story.service.metrics.text()
    story.run_away()
    assert b"lexgate_rules_demoted 1.0" in story.service.metrics.text()


def test_a_second_rule_is_held_back_upon_the_first(story: Story) -> None:
    """Persons put neither in force; the proof of both is what they put in force before."""
    from engine.packs.envelope import unpack

    two = house(SLIP).split("  - id: ")
    second = two[1].replace("aml.house_large", "aml.house_other").replace("house_large}", "house_other}")
    text = f"{house(SLIP)}  - id: {second}"
    story.put_in_force(HOUSE, text, "2026.2.0")
    story.pay(number=120)
    assert sorted(story.looked()) == [RULE, "FR/aml.house_other"]
    story.watch.look()
    assert [one["rule"] for one in story.demotions()] == ["aml.house_large", "aml.house_other"]
    first = story["nosy"].get("/v1/demotions?limit=1").json()
    rest = story["nosy"].get(f"/v1/demotions?limit=1&after={first['next']}").json()
    assert (first["next"], rest["next"]) == (RULE, None)
    assert [*first["data"], *rest["data"]] == story.demotions()
    assert story.pay()["outcome"] == "review"
    content = story["nosy"].get(f"/v1/releases/{story.held()}/export").body
    assert unpack(content, story.service.signing.trusted).release.digest == story.held()
    kinds = [one.kind for one in story.service.ledger.activations.all()]
    assert kinds == [ActivationKind.STARTED, ActivationKind.PUBLISHED, ActivationKind.DEMOTED, ActivationKind.DEMOTED]


def test_by_itself_it_takes_about_a_second(story: Story) -> None:
    story.put_in_force(HOUSE, house(SLIP), "2026.2.0")
    story.service.watch_law()
    assert story.service.watch_rules() is not None
    story.pay(number=110)
    began = time.monotonic()
    while not story.service.packs.demotions and time.monotonic() - began < 30:
        time.sleep(0.05)
    assert [one.id for one in story.service.packs.demotions] == [RULE]
    assert story.pay()["outcome"] == "review"
