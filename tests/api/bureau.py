"""A service on a small law, a clock that the test holds, and the persons of a house who change that law over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from api.service import Service
from api.settings import Settings
from engine.ledger import Ledger, Scope
from engine.packs import PackSet
from tests.api.client import Client, Reply
from tests.api.conftest import _rates
from tests.empty import empty_ledger
from tests.packs.fixture import good

NOW: Final = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
RULES, MANIFEST = "FR/sca.yaml", "FR/pack.yaml"
ROLES: Final = {
    "shop": [Scope.DECIDE, Scope.READ],
    "ann": [Scope.EDIT, Scope.APPROVE, Scope.READ],
    "ben": [Scope.EDIT, Scope.APPROVE, Scope.READ],
    "cleo": [Scope.APPROVE, Scope.READ],
    "dan": [Scope.APPROVE, Scope.READ],
    "root": [Scope.ADMIN, Scope.APPROVE, Scope.READ],
    "nosy": [Scope.READ],
}


class Bureau:
    """Everybody, and the service. `now` is what the clock says."""

    def __init__(self, folder: Path, client: Callable[..., Client], law: PackSet | None = None) -> None:
        self.settings = Settings(database=empty_ledger(folder / "lexgate.db"))
        ledger, self.now = Ledger.open(self.settings.database), NOW
        self.service = Service.around(self.settings, law or PackSet.of(good()), _rates(), ledger)
        self.service.clock = lambda: self.now
        ledger.remember_release(self.service.packs.release, NOW - timedelta(days=30))
        self.watch = self.service.watch_law(by_hand=True)
        self.keys: dict[str, str] = {}
        self.people = {name: self._person(client, name, scopes) for name, scopes in ROLES.items()}

    def _person(self, client: Callable[..., Client], name: str, scopes: list[Scope]) -> Client:
        key, secret = self.service.ledger.keys.create(scopes, name)
        self.keys[name] = key.id
        return client(self.service, secret=secret)

    def __getitem__(self, name: str) -> Client:
        return self.people[name]

    def open(self, who: str = "ann", title: str = "A change") -> str:
        """A new draft's id."""
        found: str = self[who].post("/v1/drafts", {"title": title}).json()["id"]
        return found

    def read(self, draft: str, path: str) -> dict[str, Any]:
        found: dict[str, Any] = self["nosy"].get(f"/v1/drafts/{draft}/files/{path}").json()
        return found

    def write(self, who: str, draft: str, path: str, text: str, **tag: str | None) -> Reply:
        """Under the tag that is there now, unless another is given."""
        headers = {"content-type": "application/json", **({} if tag else {"if-match": self.read(draft, path)["etag"]})}
        headers |= {name.replace("_", "-"): value for name, value in tag.items() if value is not None}
        return self[who].request("PUT", f"/v1/drafts/{draft}/files/{path}", {"text": text}, headers)

    def change(self, who: str, draft: str, path: str, old: str, new: str) -> Reply:
        """What stands in a file once, replaced."""
        text = self.read(draft, path)["text"]
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        return self.write(who, draft, path, text.replace(old, new))

    def step(self, who: str, draft: str, step: str, **body: Any) -> Reply:
        return self[who].post(f"/v1/drafts/{draft}/{step}", {"reason": "r", **body})

    def submitted(self, number: int = 1, who: str = "ann") -> dict[str, Any]:
        """A draft that changes a title, handed in."""
        draft = self.open(who)
        title = self.read(draft, RULES)["text"].partition("title: ")[2].partition("\n")[0]
        self.change(who, draft, RULES, f"title: {title}", f"title: No codes by text message, {number}")
        version = self.read(draft, MANIFEST)["text"].partition('version: "')[2].partition('"')[0]
        self.change(who, draft, MANIFEST, f'version: "{version}"', f'version: "2027.{number}.0"')
        checked = self[who].post(f"/v1/drafts/{draft}/check").json()
        assert checked["ok"], checked["problems"]
        found: dict[str, Any] = self.step(who, draft, "submit").json()
        return found

    def published(self, number: int = 1) -> dict[str, Any]:
        """A draft in force."""
        draft = self.submitted(number)
        assert self.step("cleo", draft["id"], "approve", content=draft["content"]).status == 200
        done = self.step("cleo", draft["id"], "publish")
        assert done.status == 200, done.body
        self.watch.look()
        found: dict[str, Any] = done.json()
        return found

    def held(self) -> str:
        """The release in force, as the interface tells it."""
        found: str = self["nosy"].get("/v1/activations").json()["in_force"]
        return found
