"""A release is approved, signed and put in force in one house, and carried as a file to another that no network reaches.

Ann writes it. Ben approves with a key of his own, the service countersigns for Cleo, and says so. What is in force is verified at
every start: by another key, or of a changed byte, nobody is answered. In the other house Dora brings the file in, and Ed puts it
in force.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api import law_watch
from api.cli import app
from api.law_in_force import started_with
from api.service import Service
from api.settings import Settings
from api.signing_keys import KeyRefused, ReleaseNotTrusted, SigningKeys, beside, make_key
from engine.ledger import Ledger, Scope
from engine.packs import PackSet, load_packs
from engine.packs.envelope import MEDIA_TYPE, unpack
from engine.signing import SigningKey, approval_statement, written
from tests.api.client import Client
from tests.api.conftest import _rates
from tests.api.test_living_law import write
from tests.empty import empty_ledger

GOOD = Path(__file__).parents[1] / "packs" / "good"
NOW = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
PEOPLE = {"ann": [Scope.EDIT, Scope.READ], "ben": [Scope.APPROVE, Scope.READ], "cleo": [Scope.APPROVE, Scope.READ]}


class House:
    """A service on the small packs, and those who work with it."""

    def __init__(self, folder: Path, client: Callable[..., Client], packs: PackSet, **chosen: Any) -> None:
        self.settings = Settings(database=empty_ledger(folder / "lexgate.db"), rulepacks=GOOD, **chosen)
        self.ledger = Ledger.open(self.settings.database)
        self.service = Service.around(self.settings, packs, _rates(), self.ledger)
        self.service.clock = lambda: NOW
        self.ledger.remember_release(packs.release, NOW - timedelta(days=9))
        self.people: dict[str, Client] = {}
        self.keys: dict[str, str] = {}
        for name, scopes in PEOPLE.items():
            key, secret = self.ledger.keys.create(scopes, name)
            self.people[name], self.keys[name] = client(self.service, secret=secret), key.id

    def submitted(self) -> tuple[str, str]:
        """A draft handed to those who approve, and its contents."""
        ann = self.people["ann"]
        draft = ann.post("/v1/drafts", {"title": "Another name"}).json()["id"]
        named = lambda text: text.replace("name: The area", "name: The whole area").replace("2026.1.0", "2026.2.0")  # noqa: E731
        assert write(ann, draft, "AREA/pack.yaml", named).status == 200
        checked = ann.post(f"/v1/drafts/{draft}/check").json()
        assert checked["ok"], checked["problems"]
        return draft, ann.post(f"/v1/drafts/{draft}/submit", {"reason": "It has another name."}).json()["content"]

    def published(self) -> str:
        """A release that is in force."""
        draft, content = self.submitted()
        ben = self.people["ben"]
        assert (
            ben.post(f"/v1/drafts/{draft}/approve", {"content": content, "reason": "Yes."}).json()["state"]
            == "approved"
        )
        assert ben.post(f"/v1/drafts/{draft}/publish", {"reason": "Now."}).json()["state"] == "active"
        return content

    def close(self) -> None:
        """Let go."""
        self.service.close()


@pytest.fixture(scope="module")
def packs() -> PackSet:
    return load_packs(GOOD)


@pytest.fixture
def house(tmp_path: Path, make_client: Callable[..., Client], packs: PackSet) -> Iterator[House]:
    made = House(tmp_path, make_client, packs)
    yield made
    made.close()


def test_who_approved_is_signed_with_what_was_approved(house: House) -> None:
    draft, content = house.submitted()
    ben, own = house.people["ben"], SigningKey.new()
    path, agreed = f"/v1/drafts/{draft}/approve", {"content": content, "reason": "Read."}
    signature = written(own.sign(approval_statement(draft, content, house.keys["ben"])))

    nobody = ben.post(path, {**agreed, "signature": signature})
    assert (nobody.status, nobody.codes()) == (422, {("/signature", "no_signing_key")})
    where = f"/v1/approvers/{house.keys['ben']}/signing-key"
    json_type = {"content-type": "application/json"}
    of_another = house.people["cleo"].request("PUT", where, {"public_key": own.public.hex()}, json_type)
    assert (of_another.status, of_another.json()["type"]) == (403, "urn:lexgate:problem:forbidden")
    registered = ben.request("PUT", where, {"public_key": own.public.hex()}, json_type)
    assert registered.json() == {"holder": house.keys["ben"], "public_key": own.public.hex()}
    false = ben.post(path, {**agreed, "signature": written(own.sign(b"something else"))})
    assert (false.status, false.codes()) == (422, {("/signature", "signature_false")})

    assert ben.post(path, {**agreed, "signature": signature}).json()["state"] == "approved"
    assert ben.post(f"/v1/drafts/{draft}/publish", {"reason": "Now."}).json()["state"] == "active"
    told = json.loads(house.ledger.signatures.of(content)[0].statement)
    assert (told["digest"], told["draft"], told["emergency"]) == (content, draft, False)
    (approval,) = told["approvals"]
    assert (approval["approver"], approval["by"], approval["signature"]) == (house.keys["ben"], "own", signature)
    event = next(one for one in ben.get(f"/v1/drafts/{draft}/history").json()["data"] if one["event"] == "approved")
    assert event["details"]["signature"]["public_key"] == own.public.hex()
    assert house.ledger.verify().ok


def test_the_service_countersigns_what_came_without_a_signature_and_says_so(house: House) -> None:
    content = house.published()
    own = house.service.signing.own
    assert own is not None
    (approval,) = json.loads(house.ledger.signatures.of(content)[0].statement)["approvals"]
    assert (approval["by"], approval["public_key"]) == ("service", own.public.hex())
    assert json.loads(approval["statement"])["at"] == NOW.isoformat()
    key_file = beside(house.settings.database)
    assert key_file is not None
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_what_was_countersigned_by_another_key_cannot_be_released(house: House) -> None:
    draft, content = house.submitted()
    ben = house.people["ben"]
    ben.post(f"/v1/drafts/{draft}/approve", {"content": content, "reason": "Yes."})
    house.service.signing = SigningKeys(Settings(database="sqlite:///other.db"))
    house.service.signing.__dict__["own"] = SigningKey.new()
    refused = ben.post(f"/v1/drafts/{draft}/publish", {"reason": "Now."})
    assert (refused.status, "approved anew" in refused.json()["detail"]) == (409, True)


def test_without_a_key_nothing_is_approved(house: House) -> None:
    draft, content = house.submitted()
    house.service.signing = SigningKeys(Settings(database="postgresql://server/lexgate"))
    refused = house.people["ben"].post(f"/v1/drafts/{draft}/approve", {"content": content, "reason": "Yes."})
    assert (refused.status, "LEXGATE_SIGNING_KEY" in refused.json()["detail"]) == (409, True)


def test_what_nobody_trusted_signed_answers_nobody(house: House, packs: PackSet, tmp_path: Path) -> None:
    content = house.published()
    started = started_with(packs, house.ledger, NOW, house.service.signing)
    assert started.release.digest == content

    make_key(tmp_path / "other.pem")
    stranger = SigningKeys(house.settings.model_copy(update={"signing_key": tmp_path / "other.pem"}))
    with pytest.raises(ReleaseNotTrusted, match="not among those that are trusted here"):
        started_with(packs, house.ledger, NOW, stranger)
    own = house.service.signing.own
    assert own is not None
    trusting = house.settings.model_copy(
        update={"signing_key": tmp_path / "other.pem", "trusted_keys": own.public.hex()}
    )
    assert started_with(packs, house.ledger, NOW, SigningKeys(trusting)).release.digest == content

    with sqlite3.connect(tmp_path / "lexgate.db") as hand:
        hand.execute("DROP TRIGGER release_no_UPDATE")
        hand.execute("UPDATE release SET canonical = canonical || ' ' WHERE digest = ?", (content,))
    hand.close()
    with pytest.raises(ReleaseNotTrusted, match="not those of its digest"):
        started_with(packs, house.ledger, NOW, house.service.signing)


def test_a_running_service_takes_no_release_that_nobody_signed(house: House) -> None:
    """Put in force past the interface, by a hand that has the ledger and not the key."""
    draft, content = house.submitted()
    ben = house.people["ben"]
    ben.post(f"/v1/drafts/{draft}/approve", {"content": content, "reason": "Yes."})
    house.service.signing.__dict__["trusted"] = frozenset()
    ben.post(f"/v1/drafts/{draft}/publish", {"reason": "Now."})
    before = house.service.law.digest
    watch = law_watch.LawWatch(house.service)
    assert watch.look() is False
    assert watch.look() is False
    assert house.service.law.digest == before


def test_what_was_made_ready_before_it_was_signed_is_held_to_its_signature_when_it_is_due(house: House) -> None:
    draft, content = house.submitted()
    ben, watch = house.people["ben"], law_watch.LawWatch(house.service)
    ben.post(f"/v1/drafts/{draft}/approve", {"content": content, "reason": "Yes."})
    watch.prepare()
    house.service.signing.__dict__["trusted"] = frozenset()
    ben.post(f"/v1/drafts/{draft}/publish", {"reason": "Now."})
    before = house.service.law.digest
    assert watch.look() is False
    assert house.service.law.digest == before


def test_a_release_is_carried_to_another_house(
    house: House, make_client: Callable[..., Client], packs: PackSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = house.published()
    reader = house.people["ann"]
    file = reader.get(f"/v1/releases/{content}/export")
    assert (file.status, file.headers["content-type"]) == (200, MEDIA_TYPE)
    assert reader.get(f"/v1/releases/{content.removeprefix('sha256:')}/export").body == file.body
    own = house.service.signing.own
    assert own is not None
    assert unpack(file.body, frozenset((own.public,))).release.digest == content
    assert reader.get(f"/v1/releases/{packs.release.digest}/export").status == 409, "it came with the software"
    assert reader.get(f"/v1/releases/{'0' * 64}/export").status == 404

    carried, folder = tmp_path / "carried.json", tmp_path / "other"
    carried.write_bytes(file.body)
    folder.mkdir()
    other = House(folder, make_client, packs, trusted_keys=own.public.hex())
    try:
        ben, where = other.people["ben"], f"/v1/releases/{content}/activate"
        assert ben.post(where, {"reason": "Needed."}).status == 404
        assert _import(other, carried, other.keys["ben"], monkeypatch) == 0
        himself = ben.post(where, {"reason": "Needed."})
        assert (himself.status, himself.json()["type"]) == (409, "urn:lexgate:problem:another_person")
        assert other.people["cleo"].post(where, {"reason": "Needed."}).json()["in_force"] == content
        assert law_watch.LawWatch(other.service).look() is True
        kinds = [one["kind"] for one in ben.get("/v1/activations").json()["data"]]
        assert kinds == ["imported", "started"]
        came = ben.post(f"/v1/releases/{packs.release.digest}/activate", {"reason": "Needed."})
        assert (came.status, came.json()["type"]) == (409, "urn:lexgate:problem:not_possible")
        other.service.signing.__dict__["trusted"] = frozenset()
        distrusted = other.people["cleo"].post(where, {"reason": "Again."})
        assert "cannot be trusted" in distrusted.json()["detail"]
        assert other.ledger.verify().ok
    finally:
        other.close()


def _import(house: House, file: Path, by: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("LEXGATE_DATABASE", house.settings.database)
    monkeypatch.setenv("LEXGATE_TRUSTED_KEYS", house.settings.trusted_keys)
    return CliRunner().invoke(app, ["releases", "import", str(file), "--by", by]).exit_code


@pytest.mark.parametrize("chosen", [{"signing_key": "none.pem"}, {"trusted_keys": "none.pub"}])
def test_a_key_that_is_not_there_is_refused(tmp_path: Path, chosen: dict[str, str]) -> None:
    with pytest.raises(KeyRefused, match="none"):
        _ = SigningKeys(Settings(database=f"sqlite:///{tmp_path}/a.db", **chosen)).trusted


@pytest.mark.parametrize("name", ["signing_key", "trusted_keys"])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "nonsense").write_text("nonsense")
    chosen = {name: str(tmp_path / "nonsense")}
    with pytest.raises(KeyRefused, match="cannot be used"):
        _ = SigningKeys(Settings(database=f"sqlite:///{tmp_path}/a.db", **chosen)).trusted


def test_two_services_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    first = make_key(tmp_path / "key.pem", unless_there=True)
    assert make_key(tmp_path / "key.pem", unless_there=True).public == first.public
    with pytest.raises(FileExistsError):
        make_key(tmp_path / "key.pem")
    assert [path.name for path in tmp_path.iterdir()] == ["key.pem"]


def test_a_release_that_is_not_kept_is_not_trusted(house: House) -> None:
    assert house.service.signing.fault(house.ledger, "sha256:" + "0" * 64) == "it is not kept here"
