"""What lists and scenarios say of a payment before it is made, as a part of what money laundering law says of it.

Both are asked at the edge, where lists and the past are, and handed in: JSON-ready, kept with the decision, repeated from there.
A match is a person's to lift and never a machine's: what a confirmed one does, the law of the place tells; one that is possible
holds. So do owners who are listed: by what they own together. A scenario accuses nobody: one of high severity holds the payment
for a person, the others are only told. Nothing of it is for the payer's eyes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from engine.asked import Asked, Entries, Part, applied_alone, together
from engine.deadlines import Calendars
from engine.facts import Facts
from engine.packs.compile import Compiled
from engine.packs.model import on_unknown
from engine.regimes.aml_form import DOMAIN
from engine.regimes.aml_hits import HitLaw, hit_law, judged, only_sure, outcome_of, reports_of, surely_blocked
from engine.regimes.aml_hits_told import OWNED, finding, finding_of_owner, findings_of_lists
from engine.regimes.aml_owners import SIDES, names_owners, owned
from engine.regimes.sca_answer import OUTCOMES
from engine.regimes.wording import law_of
from engine.screening.parties import is_named
from engine.words import Words

SCREENING, SCENARIOS, LOOKED, OWNERSHIP = "screening", "scenarios", "looked", "ownership"
"""Under which names it is kept. `looked` has every scenario that was asked; decisions of before that have `scenarios`, those that
fired, alone."""
_VERDICTS: Final = ("clear", "report", "undecided", "review", "block")
_MOVES: Final = frozenset({"transfer", "payout", "deposit", "withdrawal"})
"""Kinds of payment in which money is moved rather than something paid for."""
_UNNAMED: Final = "screening.unnamed"
HOLDS: Final = "high"
"""The severity from which a scenario holds a payment."""


def watched(asked: Asked, part: Part, place: str | None = None, compiled: Compiled | None = None) -> Part:
    """The part, with what lists, owners and scenarios say; as it is, where nobody was looked for and nothing was watched for.

    `place`, `compiled`: whose law tells what a hit does; None: that is not known.
    """
    screened, looks = _looked(asked)
    before = None if asked.lookout is not None else asked.kept.get(SCENARIOS)
    if screened is None and looks is None and not before and not names_owners(asked.facts):
        return part
    adds = _Adds(asked, part, compiled)
    if screened is not None:
        adds.lists(screened, place)
    if names_owners(asked.facts):
        adds.owners(screened, place)
    adds.scenarios(looks, before)
    return adds.done()


class _Adds:
    """A part as it is added to."""

    def __init__(self, asked: Asked, part: Part, compiled: Compiled | None) -> None:
        self._asked, self._part, self._compiled = asked, part, compiled
        self._law: HitLaw = hit_law(compiled)
        self._inputs, self._said = {**(part.inputs or {})}, dict(part.said)
        self._duties, self._missing, self._findings = list(part.obligations), list(part.missing), list(part.findings)
        self._outcome, self._applied = part.outcome, part.applied
        self._reported = False

    def lists(self, screened: dict[str, Any], place: str | None) -> None:
        """What lists say, and what the law makes of it."""
        words = self._asked.words
        self._inputs[SCREENING] = screened
        told = judged(screened, self._law, self._asked.facts["currency"])
        self._said["screening"] = {"performed": bool(screened["lists"]), **told}
        self._findings += findings_of_lists(told, words)
        outcome = outcome_of(told)
        if outcome != "allow":
            self._holds(outcome)
        self._reports(surely_blocked(told), place)
        wanted = list(_unnamed(self._asked.facts, screened))
        if wanted:
            self._missing = _with_names(self._missing, wanted)
            chain = () if self._compiled is None else self._compiled.chain
            self._stricter("undecided", on_unknown(chain, DOMAIN) or "review")

    def owners(self, screened: dict[str, Any] | None, place: str | None) -> None:
        """What follows from who owns a party."""
        asked = self._asked
        zone = asked.packs.layers.zone(place) if place is not None else asked.occurred.tzinfo
        day = asked.occurred.astimezone(zone).date()
        found = owned(asked.facts, screened, self._law, day)
        if not found:
            return
        self._inputs[OWNERSHIP] = self._said["ownership"] = found
        for one in found:
            self._findings.append(finding_of_owner(one, asked.packs, asked.occurred.date(), asked.words))
            self._holds(one["effect"])
        surely = owned(asked.facts, None if screened is None else only_sure(screened), self._law, day)
        self._reports(OWNED if any(one["effect"] == "block" for one in surely) else None, place)

    def scenarios(self, looks: list[dict[str, Any]] | None, before: list[dict[str, Any]] | None) -> None:
        """Those that were asked, and those to which the payment gives rise; `before`: as decisions of before kept them."""
        asked, found = self._asked, _fired(looks) if looks is not None else before or []
        if looks is not None:
            self._inputs[LOOKED] = looks
        elif before:
            self._inputs[SCENARIOS] = before
        if found:
            self._said["scenarios"] = found
            if any(one["severity"] == HOLDS for one in found):
                self._stricter("review", "review")
            self._findings += [_scenario(one, asked, cited=looks is not None) for one in found]
        self._applied = _with_scenarios(asked, self._part.applied, looks or ())

    def done(self) -> Part:
        """The part as it is now."""
        return self._part._replace(
            said=self._said, outcome=self._outcome, obligations=self._duties, missing=self._missing,
            findings=self._findings, applied=self._applied, inputs=self._inputs or None,
        )  # fmt: skip

    def _holds(self, effect: str) -> None:
        """A hit, or what may be one: the payment is held or stopped, and whoever asks is told so, once and by the strictest."""
        self._stricter(effect, effect)
        codes = ("screening_hit", "screening_review") if effect == "block" else ("screening_review",)
        known = {one["code"] for one in self._duties}
        if effect == "review" and known.intersection(("screening_hit", "screening_review")):
            return
        self._duties = [one for one in self._duties if one["code"] not in codes]
        self._duties.append(_duty(codes[0], self._asked.words))

    def _stricter(self, verdict: str, outcome: str) -> None:
        self._said["verdict"] = max(self._said["verdict"], verdict, key=_VERDICTS.index)
        self._outcome = max(self._outcome, outcome, key=OUTCOMES.__getitem__)

    def _reports(self, by: str | None, place: str | None) -> None:
        """What is to be reported of whoever is surely blocked, once: a payment that is stopped for two reasons is one."""
        asked, compiled = self._asked, self._compiled
        if by is None or place is None or compiled is None or self._reported:
            return
        self._reported = True
        calendars = Calendars(asked.kept.get("days_off"))
        start = asked.occurred.astimezone(asked.packs.layers.zone(place))
        obliged = asked.facts.get("obliged_entity.role", "merchant") != "merchant"
        reports = list(reports_of(by, compiled, place, obliged=obliged, start=start, calendars=calendars))
        self._said["reports"] = [*self._said["reports"], *reports]
        for one in reports:
            code = f"report_{one['code'].lower()}"
            self._duties.append(
                {**_duty("screening_report", asked.words), "code": code, "due": one["due"] or one["within"]}
            )
        for name, days in calendars.used.items():
            kept = self._inputs.setdefault("days_off", {})
            self._inputs["days_off"] = {**kept, name: {**kept.get(name, {}), **days}}


def _unnamed(facts: Facts, screened: Mapping[str, Any]) -> Iterator[str]:
    """Who must be named where lists are wanted and money is moved: nobody can be called clear who was not looked for."""
    if not screened.get("required") or facts["kind"] not in _MOVES:
        return
    for side in SIDES:
        stated = facts["kind"] == "transfer" or any(path.startswith(f"{side}.") for path in facts)
        if stated and not is_named(facts, side):
            yield f"{side}.name"
    for pointer in screened["unnamed"]:
        if "/owners/" in pointer:
            yield f"{pointer.removeprefix('/').replace('/', '.')}.name"


def _with_names(missing: list[dict[str, Any]], wanted: list[str]) -> list[dict[str, Any]]:
    """What is missing, with names: one entry a field, whoever else asks for it."""
    known = {one["field"]: one for one in missing}
    for name in wanted:
        asked_by = known[name]["asked_by"] if name in known else []
        known[name] = {"field": name, "asked_by": [*asked_by, _UNNAMED], "would_settle": [DOMAIN]}
    return list(known.values())


def _looked(asked: Asked) -> tuple[dict[str, Any] | None, list[dict[str, Any]] | None]:
    """What the lists say, and each scenario that was asked: as it was kept, where the decision is repeated; else as it is now."""
    if asked.lookout is None:
        return asked.kept.get(SCREENING), asked.kept.get(LOOKED)
    look = asked.lookout
    return look.screened(asked.facts, asked.occurred), look.scenarios(asked.facts, asked.occurred, asked.decision_id)


def _fired(looks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The scenarios that fired, each once by the same payments, however many of its subjects they are about."""
    fired = ((one["id"], tuple(one["evidence"]), one) for one in looks if one["fired"])
    found = {(rule, evidence): one for rule, evidence, one in fired}
    return [
        {"id": rule, "pack": one["pack"], "severity": one["severity"], "evidence": list(evidence)}
        for (rule, evidence), one in sorted(found.items(), key=lambda item: item[0])
    ]


def _with_scenarios(asked: Asked, applied: Entries, looks: Iterable[Mapping[str, Any]]) -> Entries:
    """The packs that spoke, and those whose scenarios were asked, as far as the release has them."""
    packs, zone = asked.packs, asked.packs.layers.zone
    codes = sorted({one["pack"] for one in looks} & packs.packs.keys())
    if not codes:
        return applied
    days = {code: asked.legal_day or asked.times[zone(code)].date() for code in codes}
    return together(packs, [applied, *(applied_alone(packs, packs.packs[code], days[code]) for code in codes)])


def _duty(code: str, words: Words) -> dict[str, Any]:
    return {"code": code, "domain": DOMAIN, "who": "obliged_entity", "due": None, "message": words.say(f"aml.{code}")}


def _scenario(found: dict[str, Any], asked: Asked, *, cited: bool) -> dict[str, Any]:
    """A finding. `cited`: with the source that its pack names; decisions of before that named none are repeated as they were."""
    law: dict[str, Any] = {"instrument": None, "provision": None, "url": None, "basis": "house"}
    confidence = "R"
    declared = asked.packs.scenario(found["pack"], found["id"]) if cited else None
    if declared is not None:
        scenario, pack = declared
        law, confidence = law_of(scenario.cite, pack, scenario.basis), scenario.confidence.value
    effect = "review" if found["severity"] == HOLDS else "note"
    return {
        **finding(found["id"], effect, asked.words.say("aml.scenario")),
        "pack": found["pack"],
        "law": law,
        "confidence": confidence,
        "because": {"severity": found["severity"], "payments": ", ".join(found["evidence"])},
    }
