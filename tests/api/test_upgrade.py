"""A new version of the software under a house that has its own law: it waits, as a draft in which both are put together, and the
house's law goes on answering until persons have approved it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.metrics import Upgrades
from api.service import Service
from api.settings import Settings
from api.upgrading import waiting
from engine.ledger import Ledger, LedgerUnavailable
from engine.packs import PackSet
from tests.api.bureau import MANIFEST, NOW, RULES, Bureau
from tests.api.client import Client
from tests.packs.fixture import good

AREA, AREA_MANIFEST = "AREA/sca.yaml", "AREA/pack.yaml"
COUNT = '      - {from: "2019-01-01", value: 5}\n'
LATER = '      - {from: "2027-06-01", value: 4}\n'


@pytest.fixture
def bureau(tmp_path: Path, make_client: Callable[..., Client]) -> Iterator[Bureau]:
    made = Bureau(tmp_path, make_client)
    yield made
    assert made.service.ledger.verify().ok
    made.service.close()


def shipped(*edits: tuple[str, str, str], version: str = "2026.12.0", of: str = AREA_MANIFEST) -> PackSet:
    """What comes with the next version of the software."""
    files = dict(good())
    for path, old, new in ((of, '"2026.1.0"', f'"{version}"'), *edits):
        assert files[path].count(old) == 1
        files[path] = files[path].replace(old, new)
    return PackSet.of(files)


def upgrade(bureau: Bureau) -> dict[str, Any]:
    """The upgrade that waits, as the interface tells it."""
    found = bureau["nosy"].get("/v1/upgrade").json()
    assert found["waits"] is (found["upgrade"] is not None)
    told: dict[str, Any] = found["upgrade"]
    return told


def numbers(bureau: Bureau) -> tuple[str | None, bool]:
    """What the operators are told: the version that waits, and whether one does."""
    ready = bureau["nosy"].get("/readyz").json()["upgrade"]
    return ready, b"lexgate_upgrade_waits 1.0" in bureau["nosy"].get("/metrics").body


def approved(bureau: Bureau, draft: str) -> str:
    """Checked and submitted by ann, approved by two others, published; and what it became."""
    checked = bureau["ann"].post(f"/v1/drafts/{draft}/check").json()
    assert checked["ok"], checked["problems"]
    content: str = bureau.step("ann", draft, "submit").json()["content"]
    for who in ("cleo", "dan")[: checked["draft"]["required"]]:
        assert bureau.step(who, draft, "approve", content=content).status == 200
    done = bureau.step("cleo", draft, "publish")
    assert done.status == 200, done.body
    bureau.watch.look()
    return content


def test_what_comes_with_the_software_waits_until_persons_approve_it(bureau: Bureau) -> None:
    house = bureau.published()["content"]
    assert (upgrade(bureau), numbers(bureau)) == (None, (None, False))
    new = shipped((AREA, COUNT, COUNT + LATER))
    bureau.service.ship(new)
    assert (bureau.held(), numbers(bureau)) == (house, ("2026.12.0", True))
    told = upgrade(bureau)
    assert (told["shipped"], told["in_force"], told["version"], told["state"], told["conflicts"]) == (
        new.release.digest, house, "2026.12.0", "draft", [],
    )  # fmt: skip
    draft = bureau["nosy"].get(f"/v1/drafts/{told['draft']}").json()
    assert (draft["author"], draft["title"], draft["base"]) == ("system", "Upgrade to 2026.12.0", new.release.digest)
    assert {one["path"] for one in draft["files"]} == {RULES, MANIFEST}
    content = approved(bureau, told["draft"])
    law = bureau.service.packs_of(content)
    assert law is not None
    assert LATER in law.files[AREA]
    assert "No codes by text message, 1" in law.files[RULES]
    assert (bureau.held(), upgrade(bureau), numbers(bureau)) == (content, None, (None, False))


def test_what_changes_by_an_upgrade_takes_as_many_as_any_change(bureau: Bureau) -> None:
    """The house's own edits are approved already; what is new to those who approve is what came with the software."""
    bureau.published()
    bureau.service.ship(shipped((AREA, COUNT, COUNT.replace("5", "4"))))
    draft = upgrade(bureau)["draft"]
    found = bureau["ann"].post(f"/v1/drafts/{draft}/check").json()
    assert [one["name"] for one in found["changes"] if one["bears"]] == ["count_max[from=2019-01-01]"]
    assert (found["draft"]["statute"], found["draft"]["required"]) == (True, 2)


def test_what_both_changed_is_shown_three_times_and_settled_by_a_person(bureau: Bureau) -> None:
    bureau.published()
    bureau.service.ship(shipped((RULES, "title: No codes by text", "title: No codes in text"), of=MANIFEST))
    told = upgrade(bureau)
    (one,) = told["conflicts"]
    assert (one["file"], one["path"], one["stands"]) == (RULES, "rules[sca.no_sms]", True)
    assert [f"title: {text}" in one[side] for side, text in (
        ("base", "No codes by text message\n"), ("ours", "No codes by text message, 1"), ("theirs", "No codes in text"),
    )] == [True] * 3  # fmt: skip
    assert "both sides changed it" in one["said"]
    german = bureau["nosy"].get(f"/v1/drafts/{told['draft']}/conflicts", {"accept-language": "de"}).json()["data"]
    assert "beide Seiten haben es geändert" in german[0]["said"]
    refused = bureau["ann"].post(f"/v1/drafts/{told['draft']}/check").json()
    errors = {one["code"] for one in refused["problems"] if one["severity"] == "error"}
    assert (refused["ok"], errors) == (False, {"draft-conflict"})
    lines = bureau.read(told["draft"], RULES)["text"].splitlines(keepends=True)
    settled = "".join(line for line in lines if not line.lstrip().startswith("#"))
    assert bureau.write("ann", told["draft"], RULES, settled).status == 200
    (left,) = upgrade(bureau)["conflicts"]
    assert (left["stands"], left["line"]) == (False, None)
    content = approved(bureau, told["draft"])
    law = bureau.service.packs_of(content)
    assert law is not None
    assert "title: No codes in text" in law.files[RULES]
    assert 'version: "2027.1.1"' in law.files[MANIFEST], "as neither side has it, and so after both"


def test_one_draft_is_opened_however_often_and_wherever_it_is_started(bureau: Bureau) -> None:
    bureau.published()
    new = shipped((AREA, COUNT, COUNT + LATER))
    ledgers = [Ledger.open(bureau.settings.database) for _ in "ab"]
    others = [Service.around(bureau.settings, bureau.service.packs, bureau.service.rates, ledger) for ledger in ledgers]
    starts = [threading.Thread(target=one.ship, args=(new,)) for one in (*others, bureau.service)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    for other in others:
        other.close()
    bureau.service.ship(new)
    drafts = [one for one in bureau["nosy"].get("/v1/drafts").json()["data"] if one["author"] == "system"]
    assert [one["id"] for one in drafts] == [upgrade(bureau)["draft"]]


def test_a_house_without_a_law_of_its_own_is_upgraded_by_itself(bureau: Bureau) -> None:
    bureau.service.ship(shipped())
    assert (upgrade(bureau), bureau["nosy"].get("/v1/drafts").json()["data"]) == (None, [])


def test_an_upgrade_that_was_withdrawn_is_opened_again_by_a_person(bureau: Bureau) -> None:
    assert bureau["ann"].post("/v1/upgrade").status == 409
    bureau.published()
    bureau.service.ship(shipped())
    first = upgrade(bureau)["draft"]
    assert bureau["ann"].post("/v1/upgrade").status == 409, "one is open"
    bureau.step("ann", first, "withdraw")
    bureau.service.ship(shipped())
    assert (upgrade(bureau)["draft"], upgrade(bureau)["state"]) == (first, "withdrawn"), "nobody is asked twice"
    assert bureau["cleo"].post("/v1/upgrade").status == 403
    again = bureau["ann"].post("/v1/upgrade").json()["upgrade"]
    assert (again["state"], again["draft"] == first) == ("draft", False)
    assert bureau["nosy"].get(f"/v1/drafts/{again['draft']}").json()["author"] == bureau.keys["ann"]


def test_older_software_is_no_upgrade(bureau: Bureau) -> None:
    bureau.published()
    bureau.service.ship(shipped(version="2025.1.0"))
    assert upgrade(bureau)["version"] == "2026.1.0", "other packs are as new as before"
    bureau.service.ship(PackSet.of({path: text.replace("2026.1.0", "2025.1.0") for path, text in good().items()}))
    assert upgrade(bureau) is None


def test_the_next_upgrade_is_merged_over_what_the_last_one_brought(bureau: Bureau) -> None:
    """The upstream of the house's law is what the last upgrade put under it, over any number of changes."""
    bureau.published(1)
    bureau.service.ship(shipped((AREA, COUNT, COUNT + LATER)))
    approved(bureau, upgrade(bureau)["draft"])
    bureau.published(2)
    newest = shipped(
        (AREA, COUNT, COUNT + LATER), (AREA, "label: reference rate", "label: the rate"), version="2027.1.0"
    )
    bureau.service.ship(newest)
    told = upgrade(bureau)
    assert (told["version"], told["conflicts"]) == ("2027.1.0", [])
    law = bureau.service.packs_of(approved(bureau, told["draft"]))
    assert law is not None
    assert ("label: the rate" in law.files[AREA], "text message, 2" in law.files[RULES]) == (True, True)


def test_after_a_rollback_the_upgrade_waits_again(bureau: Bureau) -> None:
    house = bureau.published()["content"]
    bureau.service.ship(shipped())
    draft = upgrade(bureau)["draft"]
    approved(bureau, draft)
    assert bureau.step("cleo", draft, "rollback").json()["in_force"] == house
    bureau.watch.look()
    assert (upgrade(bureau)["draft"], upgrade(bureau)["state"]) == (draft, "superseded")
    waits = waiting(bureau.service)
    assert waits is not None
    assert waits.held == house


def test_what_was_scheduled_before_an_upgrade_bites_and_the_upgrade_waits_from_then_on(bureau: Bureau) -> None:
    draft = bureau.submitted()
    bureau.step("cleo", draft["id"], "approve", content=draft["content"])
    tonight = NOW + timedelta(hours=1)
    bureau.step("cleo", draft["id"], "schedule", active_from=tonight.isoformat())
    new = shipped((AREA, COUNT, COUNT + LATER))
    bureau.service.ledger.remember_release(new.release, NOW)
    bureau.service.ship(new)
    assert (bureau.watch.look(), bureau.held(), upgrade(bureau)) == (True, new.release.digest, None)
    bureau.now = tonight
    assert (bureau.watch.look(), bureau.held()) == (True, draft["content"])
    assert (upgrade(bureau)["shipped"], upgrade(bureau)["state"]) == (new.release.digest, "draft")


# -- drafts brought up to date ------------------------------------------------------------------------------------------


def test_a_draft_that_fell_behind_is_brought_up_to_date(bureau: Bureau) -> None:
    late = bureau.open("ben")
    bureau.change("ben", late, AREA, "label: reference rate", "label: the rate")
    bureau.change("ben", late, AREA_MANIFEST, "2026.1.0", "2026.2.0")
    first = bureau.published(1)["content"]
    moved = bureau["ben"].post(f"/v1/drafts/{late}/rebase", {}).json()
    assert (moved["base"], moved["state"], {one["path"] for one in moved["files"]}) == (
        first,
        "draft",
        {AREA, AREA_MANIFEST},
    )
    assert bureau["nosy"].get(f"/v1/drafts/{late}/conflicts").json() == {"data": []}
    assert bureau["nosy"].get(f"/v1/drafts/{late}").json() == moved
    law = bureau.service.packs_of(_through(bureau, late))
    assert law is not None
    assert ("label: the rate" in law.files[AREA], "text message, 1" in law.files[RULES]) == (True, True)
    assert bureau["ben"].post(f"/v1/drafts/{late}/rebase", {}).status == 409


def _through(bureau: Bureau, draft: str) -> str:
    checked = bureau["ben"].post(f"/v1/drafts/{draft}/check").json()
    content: str = bureau.step("ben", draft, "submit").json()["content"]
    for who in ("cleo", "dan")[: checked["draft"]["required"]]:
        bureau.step(who, draft, "approve", content=content)
    assert bureau.step("cleo", draft, "publish").status == 200
    bureau.watch.look()
    return content


def test_a_draft_of_which_another_changed_the_same_is_marked(bureau: Bureau) -> None:
    late = bureau.submitted(2, "ben")["id"]
    bureau.published(1)
    assert bureau["ann"].post(f"/v1/drafts/{late}/rebase", {"onto": f"sha256:{'0' * 64}"}).status == 422
    moved = bureau["ann"].post(f"/v1/drafts/{late}/rebase", {}).json()
    assert (moved["state"], moved["content"], bureau.keys["ann"] in moved["editors"]) == ("draft", None, True)
    (one,) = bureau["nosy"].get(f"/v1/drafts/{late}/conflicts").json()["data"]
    assert (one["path"], "message, 2" in one["ours"], "message, 1" in one["theirs"]) == (
        "rules[sca.no_sms]",
        True,
        True,
    )
    assert one["line"] is not None


def test_an_upgrade_that_fell_behind_stays_upon_what_came_with_the_software(bureau: Bureau) -> None:
    bureau.published(1)
    new = shipped((AREA, COUNT, COUNT + LATER))
    bureau.service.ship(new)
    draft = upgrade(bureau)["draft"]
    second = bureau.published(2)["content"]
    refused = bureau["ann"].post(f"/v1/drafts/{draft}/check").json()
    assert refused["ok"]
    bureau.step("ann", draft, "submit")
    content = bureau["nosy"].get(f"/v1/drafts/{draft}").json()["content"]
    for who in ("cleo", "dan"):
        bureau.step(who, draft, "approve", content=content)
    assert bureau.step("cleo", draft, "publish").json()["type"].endswith("base_moved")
    moved = bureau["ann"].post(f"/v1/drafts/{draft}/rebase", {}).json()
    assert moved["base"] == new.release.digest
    law = bureau.service.packs_of(approved(bureau, draft))
    assert law is not None
    assert ("text message, 2" in law.files[RULES], LATER in law.files[AREA]) == (True, True)
    assert (upgrade(bureau), bureau.held() == second) == (None, False)


# -- stricter only ------------------------------------------------------------------------------------------------------

OWN = """  - id: sca.own
    title: What this house adds
    basis: house
    cite: {source: code}
    confidence: A
    note: The house has decided it.
    applies: {by: payment_date, from: "2026-01-01"}
    when: payment.channel == "remote" and payment.instrument == "card"
    effect: EFFECT
    tests:
      - {name: remote, given: {payment: {instrument: card, channel: remote}}, expect: fires}
      - {name: at the till, given: {payment: {instrument: card, channel: chip}}, expect: silent}
      - {name: cash, given: {payment: {instrument: cash, channel: remote}}, expect: silent}
      - {name: not stated, given: {payment: {instrument: card}}, expect: {unknown: [payment.channel]}}
      - {name: the first day, on: "2026-01-01", given: {payment: {instrument: card, channel: remote}}, expect: fires}
      - {name: the day before, on: "2025-12-31", given: {payment: {instrument: card, channel: remote}}, expect: silent}
"""


def own_rule(bureau: Bureau, effect: str) -> tuple[str, dict[str, Any]]:
    """A rule of the house's own, checked."""
    draft = bureau.open()
    text = bureau.read(draft, RULES)["text"]
    bureau.write("ann", draft, RULES, text + OWN.replace("EFFECT", effect))
    version = bureau.read(draft, MANIFEST)["text"].partition('version: "')[2].partition('"')[0]
    bureau.change("ann", draft, MANIFEST, f'version: "{version}"', 'version: "2028.1.0"')
    found: dict[str, Any] = bureau["ann"].post(f"/v1/drafts/{draft}/check").json()
    return draft, found


def test_a_house_is_not_milder_than_the_law_on_its_own_authority(bureau: Bureau) -> None:
    draft, found = own_rule(bureau, "{exempt: own, by: [issuer, acquirer]}")
    assert found["ok"] is False
    (fault,) = [one for one in found["problems"] if one["severity"] == "error"]
    assert (fault["code"], fault["file"]) == ("draft-milder", RULES)
    assert "FR/sca: rules[sca.own]" in fault["message"]
    assert "was challenge" in fault["message"]
    assert "now allow" in fault["message"]
    assert bureau.step("ann", draft, "submit").status == 409


def test_a_house_is_as_strict_as_it_likes(bureau: Bureau) -> None:
    _, found = own_rule(bureau, "{require: own, always: true}")
    assert found["ok"], found["problems"]
    assert [one for one in found["problems"] if one["code"].startswith("draft-")] == []


# -- a start --------------------------------------------------------------------------------------------------------------


def test_a_start_with_newer_software_goes_on_with_the_houses_law(
    tmp_path: Path, make_client: Callable[..., Client]
) -> None:
    bureau = Bureau(tmp_path, make_client)
    house = bureau.published()["content"]
    bureau.service.close()
    folder = tmp_path / "law"
    for path, text in shipped((AREA, COUNT, COUNT + LATER)).files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    chosen = Settings(database=bureau.settings.database, rulepacks=folder)
    for _ in ("the first start", "the second one"):
        service = Service.open(chosen)
        found = waiting(service)
        assert found is not None
        assert (service.held, found.shipped, found.version) == (house, service.shipped, "2026.12.0")
        drafts = [one.author for one in service.ledger.drafts.page(state=None, limit=9, after=None).data]
        assert sorted(drafts) == sorted([bureau.keys["ann"], "system"])
        assert service.ledger.verify().ok
        service.close()


def test_a_ledger_that_cannot_be_read_tells_nothing_of_upgrades_and_hides_no_other_number() -> None:
    def unreadable() -> bool:
        raise LedgerUnavailable("gone")

    assert list(Upgrades(unreadable).collect()) == []
    assert [one.value for family in Upgrades(lambda: True).collect() for one in family.samples] == [1]
