"""How a case is told: `ask("DE", "contact", "store", "US", scc(...))` is asked under the shipped law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from engine.decide import decide
from engine.history import NullHistory
from engine.money import FixedRates
from engine.replay import facts_from
from tests.property.shipped import packs

TODAY = "2026-11-22"
Body = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """The answer to one question, and the whole decision around it."""

    body: Body

    @property
    def check(self) -> Body:
        """The one entry of `checks`."""
        (found,) = self.body["residency"]["checks"]
        return dict(found)

    @property
    def verdict(self) -> str:
        """allow, allow_with_mechanism, require_local_copy or deny."""
        return str(self.check["verdict"])

    @property
    def ground(self) -> str | None:
        """Why it is denied."""
        found: str | None = self.check["ground"]
        return found

    @property
    def said(self) -> str:
        """The verdict, and behind a colon why it is denied: `deny:place`."""
        return f"{self.verdict}:{self.ground}" if self.ground else self.verdict

    @property
    def missing(self) -> set[str]:
        """What is not stated, by short names."""
        return {entry["field"].removeprefix("data[0].") for entry in self.body["missing"]}

    @property
    def duties(self) -> set[str]:
        """Codes of the obligations."""
        return {entry["code"] for entry in self.check["obligations"]}


def payment(
    *questions: Body, on: str = TODAY, hour: str = "12:00:00+00:00", payer: str | None = None, **more: Any
) -> Body:
    """A card payment with these questions on its data."""
    return {
        "amount": "10.00",
        "currency": "EUR",
        "occurred_at": f"{on}T{hour}",
        "payment": {"instrument": "card", "issuer_country": "US"},
        **({"payer": {"country": payer}} if payer else {}),
        "data": list(questions),
        **more,
    }


def decided(body: Body, locale: str = "en") -> Body:
    """The decision on residency."""
    now = datetime.fromisoformat(body["occurred_at"])
    return decide(
        facts_from(orjson.dumps(body)), packs(), NullHistory(), rates=FixedRates(()), decision_id="t", now=now, locale=locale,
        domains=("residency",),
    ).body  # fmt: skip


def question(subject: str | None, data_class: str | None, action: str | None, region: str | None, **more: Any) -> Body:
    """One question; what is None is not stated."""
    named = {"subject_country": subject, "data_class": data_class, "action": action, "region_country": region, **more}
    return {key: value for key, value in named.items() if value is not None}


def ask(
    subject: str | None, data_class: str | None, action: str | None, region: str | None, *, on: str = TODAY, **more: Any
) -> Told:
    """What the law says of one question."""
    return Told(decided(payment(question(subject, data_class, action, region, **more), on=on)))


def scc(template: str = "eu", **more: Any) -> Body:
    """Standard clauses with the assessment made."""
    return {"kind": "scc", "template": template, "tia_done": True, **more}


DPF = {"kind": "adequacy", "scheme": "dpf", "certified": True}
NONE = {"kind": "none"}
PERMIT = {"kind": "permit", "ref": "2026-17"}
