"""What the answer says of strong customer authentication.

Payments that the law judges alike are answered alike, but for the numbers that were compared. So the answer is worded once
for each verdict and language, with blanks, and the blanks are filled in for each payment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from engine.facts import Facts
from engine.language.law import Moment
from engine.language.why import Explanation
from engine.packs.model import Confidence, Oblige, on_unknown
from engine.regimes import sca
from engine.regimes.forms import Listed, filled
from engine.regimes.ruling import Line, weaker
from engine.regimes.sca import Judged
from engine.regimes.wording import Findings, Wording, law_of
from engine.words import Words

DOMAIN: Final = "sca"
OUTCOMES: Final = {"allow": 0, "challenge": 1, "collect": 2, "review": 3, "block": 4}
"""From the mildest to the strictest."""

_REMEMBERED: Final = 2000
_FORMS: Final = 64
"""Forms kept with a verdict: languages, times the verdicts on the other provider's side that it meets."""
_WITHIN: Final = {"PT24H": timedelta(hours=24), "immediately": timedelta(0)}


class Form:
    """An answer with blanks. What rests on facts of few values is worded once for each combination of them; amounts, rates and
    times are filled in for every payment."""

    __slots__ = (
        "_closed", "_filled", "_found", "_obligations", "_paths", "_sca", "_timed", "_untimed",
        "judged", "missing", "outcome", "said",
    )  # fmt: skip

    def __init__(self, judged: tuple[Judged, ...], unknown: tuple[str, ...], words: Words):
        self.judged = judged
        """The verdicts that this answers; holding them keeps their identity, by which the form is found."""
        speaking, judged = _strictest(judged, unknown)
        self._sca = _NOWHERE if speaking is None else _body(speaking, unknown, words)
        closing, finding = _Closing(words), Findings(words)
        if speaking is not None and speaking.verdict not in ("not_applicable", "out_of_scope"):
            closing.all_of(speaking, judged.index(speaking), unknown)
        for side, item in enumerate(judged):
            told = (line for line in item.plan.told if item.statuses[line.index] is True)
            finding.all_of(told, item.compiled.domain, item.spoken, side)
        self._closed = Listed(closing.entries, closing.blanks)
        self._found = Listed(finding.entries or _nothing_found(judged, words), finding.blanks)
        few = {path for blank in (*self._closed.few, *self._found.few) for path in blank.paths or ()}
        # What a shape states alike for all its payments makes no difference between them.
        self._paths = tuple(sorted(few.difference(*(item.fixed for item in judged))))
        self._filled: dict[tuple[Any, ...], tuple[list[Any], list[Any]]] = {}
        self.outcome = _outcome(self._sca, judged)
        self.missing = _missing(self._sca, judged, unknown)
        self.said = words.say(f"payer.{self.outcome}")
        self._obligations = [entry for item in judged for entry in _obligations(item, words)]
        self._untimed = [entry for entry, _ in self._obligations]
        self._timed = any(within in _WITHIN for _, within in self._obligations)

    def fill(self, facts: Facts, moments: Sequence[Moment]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The verdict, with why each closed exemption is closed to this payment; and the rules that fired, with the values
        that made them fire."""
        key = tuple(map(facts.get, self._paths))
        known = self._filled.get(key)
        if known is None:
            if len(self._filled) >= _REMEMBERED:
                self._filled.clear()
            few_closed = filled(self._closed.few, self._closed.entries, facts, moments)
            few_found = filled(self._found.few, self._found.entries, facts, moments)
            known = self._filled[key] = few_closed, few_found
        closed, found = known
        if self._closed.many:
            closed = filled(self._closed.many, closed, facts, moments)
        if self._found.many:
            found = filled(self._found.many, found, facts, moments)
        return {**self._sca, "closed": closed}, found

    def obligations(self, occurred: datetime) -> list[dict[str, Any]]:
        """What somebody must do, with the instant by which."""
        if not self._timed:
            return self._untimed
        return [{**entry, "due": _due(within, occurred)} for entry, within in self._obligations]


def form_of(judged: tuple[Judged, ...], unknown: tuple[str, ...], words: Words) -> Form:
    """The form for these verdicts in this language, made on first need."""
    if not judged:
        return Form(judged, unknown, words)
    forms = judged[0].forms
    key = (words.locale, unknown, id(judged[-1]))
    form: Form | None = forms.get(key)
    if form is None:
        if len(forms) >= _FORMS:
            forms.clear()
        form = forms[key] = Form(judged, unknown, words)
    return form


def _strictest(judged: tuple[Judged, ...], unknown: tuple[str, ...]) -> tuple[Judged | None, tuple[Judged, ...]]:
    """The verdict that speaks for the payment, and all of them as they stand when it has spoken."""
    if not judged:
        return None, judged
    strictest = spoken = max(judged, key=sca.strictness)
    if len(judged) > 1:
        # Both laws must be content with the authentication that was done.
        content = all(item.satisfied for item in judged if item.verdict in ("required", "undecided"))
        spoken = replace(strictest, satisfied=strictest.satisfied and content)
    if unknown:
        spoken = sca.barred(spoken)
    return spoken, tuple(spoken if item is strictest else item for item in judged)


_NOWHERE: Final[dict[str, Any]] = {
    "verdict": "undecided",
    "regime": sca.NO_REGIME,
    "one_leg": False,
    "exemption": None,
    "by": None,
    "reason": "place_unknown",
    "satisfied": False,
    "available": [],
    "closed": [],
    "dynamic_linking": True,
    "method_rules": [],
    "on_refusal": None,
    "confidence": None,
}
"""The verdict where neither provider's place is known."""


def _body(found: Judged, unknown: tuple[str, ...], words: Words) -> dict[str, Any]:
    """The `sca` object of the answer, keys in the contract's order; what is closed is worded for each payment."""
    plan, statuses, verdict = found.plan, found.statuses, found.verdict
    return {
        "verdict": verdict,
        "regime": plan.regime,
        "one_leg": sca.flag(found, "one_leg") is True,
        "exemption": found.reason if verdict in ("exempt", "out_of_scope") else None,
        "by": found.by,
        "reason": found.reason,
        "satisfied": found.satisfied,
        "available": _available(found, unknown),
        "closed": [],
        "dynamic_linking": verdict in ("required", "undecided") and sca.flag(found, "dynamic_linking") is not False,
        "method_rules": [_method(line, words) for line in plan.method if statuses[line.index] is not False],
        "on_refusal": _on_refusal(found),
        "confidence": _confidence(found),
    }


def _available(found: Judged, unknown: tuple[str, ...]) -> list[dict[str, Any]]:
    """The exemptions that some party may use: none beside a duty that no exemption lifts, or while a place is not known."""
    if unknown or found.open is not None or (found.duty is not None and found.duty.effect.always):
        return []
    return [line.available for line in found.plan.exempt if found.statuses[line.index] is True]


def _method(line: Line, words: Words) -> dict[str, Any]:
    return {
        "code": line.name,
        "forbid": list(line.effect.forbid),
        "need": list(line.effect.need),
        "message": words.say(line.active.rule.message, line.active.rule.title),
    }


def _on_refusal(found: Judged) -> dict[str, Any] | None:
    """What to do when the issuer declines softly: it has the last word on every exemption."""
    if not found.plan.codes or found.verdict not in ("exempt", "out_of_scope"):
        return None
    return {
        "action": "authenticate_and_retry_once" if found.present else "return_to_payer",
        "challenge_indicator": "04" if found.present else None,
        "codes": found.plan.codes,
    }


def _confidence(found: Judged) -> str | None:
    line = found.chosen or found.duty
    if line is not None:
        return line.grade
    return weaker(Confidence.A, found.plan.regime_held) if found.plan.regime_held else None


# -- why ----------------------------------------------------------------------------------------------------------------


class _Closing(Wording):
    """Why exemptions are closed."""

    def all_of(self, judged: Judged, side: int, unknown: tuple[str, ...]) -> None:
        """Every exemption that does not help the party that asks, and every exclusion that only missing facts close."""
        duty, statuses, words = judged.duty, judged.statuses, self._words
        for line in judged.plan.exempt:
            if judged.chosen is not None and line.name == judged.chosen.name:
                continue
            if statuses[line.index] is not True:
                self._because(judged, line, line.name, side)
            elif judged.party not in line.effect.by:
                self._whole(_closed(line.name, words.only(line.effect.by)))
            elif duty is not None and duty.effect.always:
                self._whole(_closed(line.name, words.whatever_else(duty.id)))
            elif judged.open is not None:
                self._because(judged, judged.open, line.name, side)
            elif unknown:
                self._whole(_closed(line.name, words.missings(unknown)))
        for line in judged.plan.out_of_scope:
            if statuses[line.index] is None:
                self._because(judged, line, line.name, side)
        if judged.barred is not None and judged.barred.effect.kind != "exempt":
            self._whole(_closed(judged.barred.name, words.missings(unknown)))

    def _because(self, judged: Judged, line: Line, name: str, side: int) -> None:
        """Closed for what failed, or for what is not known."""
        if judged.statuses[line.index] is None:
            self._entry(name, judged.spoken.of("wanting", line), self._words.missings, line, side)
        else:
            self._entry(name, judged.spoken.of("failed", line), self._words.reasons, line, side)

    def _entry(self, name: str, said: Explanation, word: Callable[[Sequence[Any]], str], line: Line, side: int) -> None:
        tell = said.tell
        if said.always is not None:
            self._whole(_closed(name, word(said.always)))
        else:
            self._blank(side, line, lambda facts, moment: {"name": name, "because": word(tell(facts, moment))})


def _closed(name: str, because: str) -> dict[str, str]:
    return {"name": name, "because": because}


def _nothing_found(judged: Sequence[Judged], words: Words) -> list[dict[str, Any]]:
    """Where no rule speaks, say how surely it is known that there is none."""
    found = []
    for item in judged:
        held = item.plan.regime_held
        if held is None:
            continue
        lawless = item.plan.regime == sca.NO_REGIME
        found.append(
            {
                "rule": "sca.no_law_known" if lawless else "sca.no_duty",
                "pack": held.pack.jurisdiction,
                "domain": DOMAIN,
                "effect": "none",
                "name": item.plan.regime,
                "message": words.say("officer.no_law_known" if lawless else "officer.no_duty"),
                "law": law_of(held.value.cite or held.parameter.cite, held.pack, held.parameter.basis),
                "confidence": (held.value.confidence or held.parameter.confidence).value,
                "because": {},
            }
        )
    return found


# -- what follows ---------------------------------------------------------------------------------------------------------


def _outcome(verdict: Mapping[str, Any], judged: Sequence[Judged]) -> str:
    """The strictest that any of the laws asks for."""
    outcomes = ["challenge" if verdict["verdict"] == "required" and not verdict["satisfied"] else "allow"]
    if verdict["verdict"] == "undecided":
        outcomes.append(_on_unknown(judged))
    for item in judged:
        if item.verdict == "undecided":
            outcomes.append(_on_unknown([item]))
        for line in item.plan.deciding:
            if line.effect.outcome and item.statuses[line.index] is True:
                outcomes.append(line.effect.outcome)
    return max(outcomes, key=OUTCOMES.__getitem__)


def _on_unknown(judged: Sequence[Judged]) -> str:
    said = (on_unknown(item.compiled.chain, DOMAIN) for item in judged)
    return next((word for word in said if word is not None), "challenge")


def _missing(verdict: Mapping[str, Any], judged: Sequence[Judged], unknown: Sequence[str]) -> list[dict[str, Any]]:
    """The facts that could still change the verdict: none where it is settled by what is known."""
    if verdict["verdict"] not in ("undecided", "required") or verdict["satisfied"]:
        return []
    asked: dict[str, list[str]] = {side: ["sca.regime"] for side in unknown}
    for item in judged:
        for name, rules in item.missing.items():
            asked.setdefault(name, []).extend(rules)
    return [{"field": name, "asked_by": rules, "would_settle": [DOMAIN]} for name, rules in asked.items()]


def _obligations(judged: Judged, words: Words) -> list[tuple[dict[str, Any], str | None]]:
    """What the fired rules oblige somebody to, and within what time."""
    return [
        (_obligation(oblige, words.say(line.active.rule.message, line.active.rule.title)), oblige.within)
        for line in judged.plan.obliging
        if judged.statuses[line.index] is True
        for oblige in line.effect.oblige
    ]


def _obligation(oblige: Oblige, message: str) -> dict[str, Any]:
    return {"code": oblige.code, "domain": DOMAIN, "who": oblige.who, "due": oblige.within, "message": message}


def _due(within: str | None, occurred: datetime) -> str | None:
    """The instant by which, where the law counts from the payment; otherwise the law's own words."""
    delay = _WITHIN.get(within or "")
    return within if delay is None else (occurred + delay).isoformat()
