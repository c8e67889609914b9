"""What the domains say of one payment, gathered and put together once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.asked import Asked, Entries, Part, together
from engine.decision import Decision
from engine.money import Rate, RateKey, RateTable
from engine.regimes.sca_answer import DOMAIN, OUTCOMES
from engine.tax import told
from engine.tax.answer import NOT_APPLICABLE
from engine.tax.exchange import Found, told_rate
from engine.tax.recorder import Recorder
from engine.tax.registers import Registers
from engine.tax.told import Answered

KEYS: Final = {"methods": "method"}
"""Where the answer names a domain otherwise than its packs do."""


class Joined:
    """An answer as its domains add to it, in the order of the answer. What they hand over may be shared with other answers, and
    is never changed."""

    __slots__ = (
        "_asked",
        "_domains",
        "_findings",
        "_fx",
        "_inputs",
        "_missing",
        "_obligations",
        "_outcome",
        "_packs",
        "_said",
    )

    def __init__(self, asked: Asked):
        self._asked = asked
        legal_day = asked.legal_day
        self._inputs: dict[str, Any] = {
            "id": asked.decision_id,
            "now": asked.evaluated,
            "locale": asked.words.locale,
            "release": asked.packs.release.digest,
            "legal_day": legal_day.isoformat() if legal_day else None,
            "history": None,
            "rates": [],
        }
        self._domains: list[str] = []
        self._said: dict[str, Any] = {}
        self._outcome = "allow"
        self._obligations: Entries = []
        self._missing: Entries = []
        self._findings: Entries = []
        self._fx: Entries = []
        self._packs: list[Entries] = []

    def authentication(self, part: Part) -> None:
        """Begin with what is said of authentication. The rates that were used so far are its own."""
        self._said[DOMAIN], self._outcome, self._obligations, self._missing, self._findings, applied, inputs = part
        self._domains = [DOMAIN]
        self._packs.append(applied)
        if inputs is not None:
            self._inputs |= inputs
        used = self._asked.conversion.used
        if used:
            self._fx, self._inputs["rates"] = rates_told(used)

    def also(self, domains: tuple[str, ...]) -> None:
        """More domains than authentication are asked, or others."""
        self._inputs["domains"] = self._domains = list(domains)
        if DOMAIN not in self._said:
            self._packs.append([])

    def part(self, domain: str, part: Part) -> None:
        """Add what a domain says."""
        said, outcome, obligations, missing, findings, applied, inputs = part
        self._said[KEYS.get(domain, domain)] = said
        if outcome != self._outcome:
            self._stricter(outcome)
        if obligations:
            self._obligations = [*self._obligations, *obligations]
        if missing:
            self._missing = _all_missing(self._missing, missing)
        if findings:
            self._findings = [*self._findings, *findings]
        self._packs.append(applied)
        if inputs is not None:
            self._inputs[domain] = inputs

    def tax(
        self, found: Answered | None, profile: Mapping[str, Any] | None, registers: Registers, currency: str
    ) -> None:
        """Add what tax says, of a sale; None: it is no sale."""
        self._inputs["merchant"] = profile
        self._inputs["exchanges"] = []
        if registers.heard:
            self._inputs |= registers.stored()
        if found is None:
            self._said[told.DOMAIN] = {**NOT_APPLICABLE, "currency": currency}
            return
        self._said[told.DOMAIN] = found.tax
        for outcome in found.outcomes:
            self._stricter(outcome)
        self._findings = [*self._findings, *found.findings]
        self._packs.append(found.rulepacks)
        if found.obligations:
            self._obligations = [*self._obligations, *found.obligations]
        if found.missing:
            self._missing = _all_missing(self._missing, found.missing)

    def remark(self, findings: Entries) -> None:
        """Add findings that no rule of a domain made."""
        if findings:
            self._findings = [*self._findings, *findings]

    def exchanged(self, found: Mapping[RateKey, Found], rates: RateTable) -> None:
        """Add the rates that tax has used, and keep what it asked for."""
        if rates.by_law:
            self._inputs["exchanges"] = [_asked_rate(key, one) for key, one in found.items()]
        if found:
            fx = list(self._fx)
            for key, one in found.items():
                entry = one.body(key, by_law=rates.by_law)
                if entry is not None and entry not in fx:
                    fx.append(entry)
            self._fx = fx

    def recorded(self, recorder: Recorder, evaluated: str) -> None:
        """Add what was looked up of the merchant's recorded sales."""
        self._inputs["recorded"] = recorder.remembered()
        self._said[told.DOMAIN] = {**self._said[told.DOMAIN], "recorded": recorder.said(evaluated)}

    def converted(self, used: Mapping[tuple[str, str], Rate]) -> None:
        """Add the rates that the domains beside tax have used."""
        fx, stored = rates_told(used)
        before = self._inputs["rates"]
        self._fx = [*self._fx, *(entry for entry in fx if entry not in self._fx)]
        self._inputs["rates"] = [*before, *(entry for entry in stored if entry not in before)]

    def decision(self) -> Decision:
        """The whole answer, and what it was made of."""
        asked = self._asked
        words = asked.words
        whole = {
            "id": asked.decision_id,
            "reference": asked.facts.get("reference"),
            "legal_time": asked.occurred.isoformat(),
            "evaluated_at": asked.evaluated,
            "outcome": self._outcome,
            "domains": self._domains,
            **self._said,
            "obligations": self._obligations,
            "missing": self._missing,
            "findings": self._findings,
            "rulepacks": together(asked.packs, self._packs),
            "fx": self._fx,
            "message": words.to_payer[self._outcome],
            "locale": words.locale,
        }
        return Decision(whole, self._inputs)

    def _stricter(self, outcome: str) -> None:
        if OUTCOMES[outcome] > OUTCOMES[self._outcome]:
            self._outcome = outcome


def _all_missing(known: Entries, more: Entries) -> Entries:
    """One entry a fact, naming every domain that it would settle."""
    found = {entry["field"]: entry for entry in known}
    for entry in more:
        before = found.get(entry["field"])
        if before is not None:
            entry = {
                "field": entry["field"],
                "asked_by": [*before["asked_by"], *entry["asked_by"]],
                "would_settle": [*before["would_settle"], *entry["would_settle"]],
            }
        found[entry["field"]] = entry
    return list(found.values())


# -- exchange rates -----------------------------------------------------------------------------------------------------


def rates_told(used: Mapping[tuple[str, str], Rate]) -> tuple[list[dict[str, str]], Entries]:
    """The rates that were used, as they are told and as they are kept."""
    ordered = [rate for _, rate in sorted(used.items())]
    return [told_rate(rate) for rate in ordered], [{**told_rate(rate), "legs": _legs(rate)} for rate in ordered]


def _asked_rate(key: RateKey, one: Found) -> dict[str, Any]:
    """A rate that tax asked for, by what it asked for; or that there was none."""
    found = {**told_rate(one.rate), "legs": _legs(one.rate)} if one.rate is not None else None
    asked = {"asked": key.day.isoformat(), "rule": key.rule, "publisher": key.publisher}
    return {"from": key.base, "to": key.target, **asked, "found": found}


def _legs(rate: Rate) -> list[str] | None:
    return [str(leg) for leg in rate.legs] if rate.legs else None
