"""What the answer says of money laundering law, worded once for each set of rules that hold and each language.

The order of verdicts is fixed: what the law forbids is blocked; what a person must look at is reviewed; what cannot be told for
want of facts is undecided, and folds to a review; a report alone never holds a payment up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from engine.asked import Part
from engine.deadlines import Calendars
from engine.facts import Facts
from engine.language.law import Moment
from engine.packs import model
from engine.packs.model import Oblige, weakest
from engine.regimes.aml_due import calendar_place, detail, due_of, kept_until, report_of
from engine.regimes.forms import Listed, filled
from engine.regimes.ruling import Line, Ruled, wanting
from engine.regimes.travel import lacking
from engine.regimes.wording import Findings
from engine.words import Words

DOMAIN: Final = "aml"
LEVELS: Final = ("none", "simplified", "standard", "enhanced")
SCREENING: Final[Mapping[str, Any]] = {
    "performed": False,
    "reason": "names are not screened against lists by this answer",
}
_DECISIVE: Final = ("block", "review", "report")
_OUTCOMES: Final = {"block": "block", "review": "review", "report": "allow", "clear": "allow"}


class Form:
    """An answer with blanks: dates, missing facts, and the values that made rules fire."""

    __slots__ = (
        "_due_diligence", "_duties", "_found", "_open", "_reports", "_retain", "_ruled", "_travel",
        "outcome", "parts", "quiet", "verdict",
    )  # fmt: skip

    def __init__(self, ruled: Ruled, words: Words):
        self._ruled = ruled
        self.verdict = _verdict(ruled)
        self._due_diligence = _due_diligence(ruled)
        self._reports = [(line, report_of(line, ruled.compiled)) for line in ruled.of("report")]
        self._retain = ruled.of("retain")
        self._travel = [line for line in (*ruled.fired, *ruled.open) if line.effect.kind == "travel_rule"]
        self._open = _settling(ruled, self.verdict, self._due_diligence[0])
        self._duties = _once(entry for line in ruled.fired for entry in _duties(line, ruled, words))
        findings = Findings(words)
        findings.all_of((line for line in ruled.fired if line.effect.kind != "flag"), DOMAIN, ruled.spoken, 0)
        self._found = Listed(findings.entries, findings.blanks)
        self.outcome = on_unknown(ruled) if self.verdict == "undecided" else _OUTCOMES[self.verdict]
        self.quiet: dict[str, Any] | None = None
        """The whole object, where nothing in it hangs on the payment."""
        self.parts: dict[date, Part] = {}
        """The whole part where `quiet` is, by the day that chose the law."""
        found = self._found.entries
        if not (self._reports or self._retain or self._travel or self._open or self._duties or found):
            self.quiet = self._said([], {"applies": False, "missing": []}, None)

    def missing(self, facts: Facts, moment: Moment) -> dict[str, list[str]]:
        """The fewest facts that would settle what is open: the fact, and the rules that ask for it."""
        return wanting(self._ruled.spoken, self._open, facts, moment) if self._open else {}

    def findings(self, facts: Facts, moments: Sequence[Moment]) -> list[dict[str, Any]]:
        """The rules that fired, with the values that made them fire."""
        entries = (
            filled(self._found.few, self._found.entries, facts, moments) if self._found.few else self._found.entries
        )
        return filled(self._found.many, entries, facts, moments) if self._found.many else entries

    def travel(self, facts: Facts) -> dict[str, Any]:
        """Whether data must go with the transfer, and which are not stated. A rule that cannot be told counts as one that
        applies: data too many breach nothing here, data too few do."""
        if not self._travel:
            return {"applies": False, "missing": []}
        compiled, stated = self._ruled.compiled, set(facts)
        if facts["payment.instrument"] == "cash" and "reference" in stated:
            # Not from an account: a unique reference goes instead of one (INR.16; Regulation (EU) 2023/1113 Art. 4(3)).
            stated.add("payer.account")
        needs = [need for line in self._travel for need in detail(line, "needs", compiled) or ()]
        found: dict[str, Any] = {"applies": True, "missing": lacking(needs, stated)}
        asked = [need for line in self._travel for need in detail(line, "on_request", compiled) or ()]
        if asked:
            within = next(filter(None, (detail(line, "within", compiled) for line in self._travel)), None)
            found |= {"on_request": lacking(asked, stated), "on_request_within": within}
        return {**found, "rules": [line.id for line in self._travel]}

    def said(
        self, travel: Mapping[str, Any], start: datetime, place: str, calendars: Calendars
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The `aml` object with its dates, and the duties that follow."""
        reports, duties = [], []
        for line, entry in self._reports:
            day = due_of(entry["within"], start, calendar_place(line, place), calendars)
            reports.append({**entry, "due": day})
            title = line.active.rule.title
            duties.append(_duty(f"report_{entry['code'].lower()}", "obliged_entity", day or entry["within"], title))
        for entry, within, line in self._duties:
            day = due_of(within, start, calendar_place(line, place), calendars)
            duties.append({**entry, "due": day or within})
        kept, records = self._records(start)
        duties += records
        if travel["missing"]:
            duties.append(
                _duty("travel_rule_data", "obliged_entity", None, "Data that must go with the transfer are missing")
            )
        return self._said(reports, travel, kept), duties

    def _records(self, start: datetime) -> tuple[str | None, list[dict[str, Any]]]:
        """The day with which the longest term ends, as far as can be told today: records are kept through it; and how long they
        may be kept. Where the term runs from the end of a relationship, the day is the earliest that this can be."""
        kept, duties, compiled = None, [], self._ruled.compiled
        for line in self._retain:
            years = detail(line, "years", compiled)
            if years is None:
                continue
            until = kept_until(years, start.date()).isoformat()
            kept = max(kept or until, until)
            entry = _duty("retain_records", "obliged_entity", until, line.active.rule.title)
            entry |= {"years": years, "from": detail(line, "from", compiled) or "transaction"}
            most = detail(line, "at_most", compiled)
            duties.append(entry | ({"at_most_years": most} if most else {}))
        return kept, duties

    def _said(self, reports: list[dict[str, Any]], travel: Mapping[str, Any], kept: str | None) -> dict[str, Any]:
        level, reasons = self._due_diligence
        return {
            "verdict": self.verdict,
            "due_diligence": level,
            "due_diligence_reasons": reasons,
            "reports": reports,
            "travel_rule": travel,
            "scenarios": [],
            "screening": SCREENING,
            "retain_until": kept,
            "confidence": _confidence(self._ruled),
        }


def form_of(ruled: Ruled, words: Words) -> Form:
    """The form for these rules in this language, made on first need."""
    form: Form | None = ruled.derived.get(words.locale)
    if form is None:
        form = ruled.derived[words.locale] = Form(ruled, words)
    return form


def on_unknown(ruled: Ruled) -> str:
    """What to do with what cannot be told: as the most particular pack says that says anything."""
    return model.on_unknown(ruled.compiled.chain, DOMAIN) or "review"


def _verdict(ruled: Ruled) -> str:
    for kind in ("block", "review"):
        if ruled.of(kind):
            return kind
    if any(line.effect.kind in _DECISIVE for line in ruled.open):
        return "undecided"
    return "report" if ruled.of("report") else "clear"


def _due_diligence(ruled: Ruled) -> tuple[str, list[dict[str, Any]]]:
    """How much must be known of the customer, and why. What cannot be told counts as if it were so, unless it would ask for
    less; simplified measures help only where nothing asks for enhanced ones."""
    asking = [line for line in (*ruled.fired, *ruled.open) if line.effect.kind == "due_diligence"]
    lines = {name: [line for line in asking if line.name == name] for name in LEVELS}
    lines["simplified"] = [line for line in lines["simplified"] if line in ruled.fired]
    order = ("enhanced", "simplified", "standard") if lines["standard"] else ("enhanced", "simplified")
    level = next((name for name in order if lines[name]), "none")
    if level == "simplified" and not lines["standard"]:
        level = "none"
    asked = (*lines["enhanced"], *lines["simplified"], *lines["standard"]) if level != "none" else ()
    reasons = [
        {"rule": line.id, "level": line.name, "told": line in ruled.fired, "measures": _measures(line, ruled)}
        for line in asked
    ]
    return level, reasons


def _measures(line: Line, ruled: Ruled) -> list[str]:
    return list(detail(line, "measures", ruled.compiled) or ())


def _settling(ruled: Ruled, verdict: str, level: str) -> list[Line]:
    """The open rules that could still make something stricter, or tell the reviewer what the review turns on."""
    if verdict == "block":
        return []
    told = {line.name for line in ruled.fired if line.effect.kind == "due_diligence"}
    found = []
    for line in ruled.open:
        kind = line.effect.kind
        if kind in (*_DECISIVE, "travel_rule") or (
            kind == "due_diligence" and line.name == level and level not in told
        ):
            found.append(line)
    return found


def _confidence(ruled: Ruled) -> str | None:
    """The weakest of what the answer rests on; where nothing fired, of the rules that might have."""
    resting = [line for line in ruled.fired if line.effect.kind not in ("flag", "retain")]
    if not resting:
        known: str | None = ruled.compiled.derived.get("aml_silence")
        if known is None:
            grades = [active.rule.confidence for active in ruled.compiled.rules if active.rule.effect.kind in _DECISIVE]
            known = ruled.compiled.derived["aml_silence"] = weakest(grades) or "R"
        return known
    return weakest(line.grade for line in resting)


def _duties(line: Line, ruled: Ruled, words: Words) -> list[tuple[dict[str, Any], str | None, Line]]:
    """What a fired rule obliges somebody to, but for reports and records, which have dates of their own."""
    rule = line.active.rule
    message = words.say(rule.message, rule.title)
    obliged = list(line.effect.oblige)
    if line.effect.kind == "due_diligence":
        obliged.append(Oblige(f"due_diligence_{line.name}", "obliged_entity", None))
    return [(_duty(one.code, one.who, None, message), one.within, line) for one in obliged]


def _duty(code: str, who: str, due: str | None, message: str) -> dict[str, Any]:
    return {"code": code, "domain": DOMAIN, "who": who, "due": due, "message": message}


def _once(duties: Iterable[tuple[dict[str, Any], str | None, Line]]) -> list[tuple[dict[str, Any], str | None, Line]]:
    """Each duty once, although several rules ask for it."""
    return list({(entry["code"], within): (entry, within, line) for entry, within, line in duties}.values())
