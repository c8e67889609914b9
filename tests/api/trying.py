"""A house that tries its law: a change that makes small payments in France be challenged, and payers who come again."""

from __future__ import annotations

from typing import Any

from engine.trials import in_canary, subject_of
from tests.api.bureau import MANIFEST, NOW, RULES, Bureau
from tests.api.client import Reply

LIMIT = '- {from: "2020-01-01", value: "20.00"}'
LOWER = '- {from: "2020-01-01", value: "10.00"}'
FRANCE = {"issuer_country": "FR", "acquirer_country": "FR"}


def payment(payer: str | None = None, country: str = "FR", **more: Any) -> dict[str, Any]:
    """Fifteen euros: exempt under the law in force, and to be authenticated under the change."""
    pays = {
        "instrument": "card", "channel": "remote", "initiator": "payer", "issuer_country": country, "acquirer_country": country,
        "risk": {"level": "low"}, "since_authenticated": {"amount": "0.00", "currency": "EUR", "count": 0},
    }  # fmt: skip
    named = {} if payer is None else {"payer": {"id": payer}}
    return {
        "amount": "15.00", "currency": "EUR", "occurred_at": NOW.isoformat(), "asked_by": "issuer", "payment": pays, **named,
        **more,
    }  # fmt: skip


class House(Bureau):
    """The bureau, with trials."""

    def checked(self, who: str = "ann", title: str = "Lower the ceiling") -> dict[str, Any]:
        """A draft that lowers the ceiling of small payments in France, checked."""
        draft = self.open(who, title)
        self.change(who, draft, RULES, LIMIT, LOWER)
        version = self.read(draft, MANIFEST)["text"].partition('version: "')[2].partition('"')[0]
        self.change(who, draft, MANIFEST, f'version: "{version}"', 'version: "2028.1.0"')
        found: dict[str, Any] = self[who].post(f"/v1/drafts/{draft}/check").json()
        assert found["ok"], found["problems"]
        told: dict[str, Any] = found["draft"]
        return told

    def approved(self) -> dict[str, Any]:
        """The same, approved by two: a statute's value changes."""
        draft = self.checked()
        draft = self.step("ann", draft["id"], "submit").json()
        for who in ("cleo", "dan"):
            draft = self.step(who, draft["id"], "approve", content=draft["content"]).json()
        assert draft["state"] == "approved", draft
        return draft

    def start(self, who: str, headers: dict[str, str] | None = None, **asked: Any) -> Reply:
        """Ask for a trial."""
        return self[who].post("/v1/trials", {"reason": "Let us see.", **asked}, headers)

    def canary(self, draft: dict[str, Any], share: str = "50", **asked: Any) -> dict[str, Any]:
        """A canary that answers."""
        begun = self.start("cleo", kind="canary", draft=draft["id"], share=share, **asked)
        assert begun.status == 200, begun.body
        assert self.watch.look()
        found: dict[str, Any] = begun.json()
        return found

    def trial(self, trial: str) -> dict[str, Any]:
        found: dict[str, Any] = self["nosy"].get(f"/v1/trials/{trial}").json()
        return found

    def pay(self, payer: str | None = None, country: str = "FR", **more: Any) -> Reply:
        answered = self["shop"].post("/v1/preflight", payment(payer, country, **more))
        assert answered.status == 200, answered.body
        return answered

    def inside(self, trial: dict[str, Any], payer: str) -> bool:
        """Whether a payer is in a canary, by the rule that the page tells."""
        share = round(float(trial["share"]) * 100)
        return in_canary(trial["release"], subject_of(payer, None, b""), share)
