"""A draft under an officer's hands: its packs, what the checker says of a text, its tests run in place, a payment tried."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import orjson

from api.domains import chosen
from api.draft_edits import rewritten
from api.draft_views import problem_body
from api.drafting import Desk
from api.editing_schemas import AddTests, Editing
from api.service import Service
from engine.cases import run_cases
from engine.decide import decide
from engine.drafting import Draft
from engine.editing import Depth, Known, checked, outline, pack_of, run_tests, timelines
from engine.facts import facts_of
from engine.packs import PackError, PackSet, Problem
from engine.packs.compile import CircularRules, compile_domain
from engine.packs.layers import Layers
from engine.packs.lines import EditRefused
from engine.packs.model import Pack, Source
from engine.prose import Clause, Prose, Surroundings
from engine.prose.telling import shared_labels
from engine.replay import differences
from engine.scenarios.testing import run_scenario_tests
from engine.transaction import Transaction

_KEPT: Final = 8
"""Drafts whose packs stay at hand; of each only what differs from its base takes room."""
_WORD: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[\w.+-]+|\S")
_OF_PACKS: Final = "/rulepacks"


class DraftsAtHand:
    """The packs of the drafts that are written in just now: loaded once a version, for every pause of a hand asks for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[int, PackSet | None]] = OrderedDict()
        self._reads: dict[str, tuple[int, dict[Any, Any]]] = {}

    def of(self, desk: Desk, draft: Draft) -> PackSet | None:
        """The release that a draft would become; None where it cannot be read."""
        with self._lock:
            known = self._kept.get(draft.id)
            if known is not None and known[0] == draft.number:
                self._kept.move_to_end(draft.id)
                return known[1]
        try:
            found = desk.candidate(draft)
        except PackError:
            found = None
        with self._lock:
            self._kept[draft.id] = (draft.number, found)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def reads(self, draft: Draft) -> dict[Any, Any]:
        """What was read of texts that are typed in this version of a draft; of the newest few."""
        with self._lock:
            number, found = self._reads.get(draft.id, (0, {}))
            if number != draft.number or len(found) > _KEPT:
                found = {}
            others = [(name, one) for name, one in self._reads.items() if name != draft.id]
            self._reads = {draft.id: (draft.number, found), **dict(others[:_KEPT])}
            return found


AT_HAND: Final = DraftsAtHand()
"""Of this process. A draft's id and number say which text is meant, whichever service asks."""


@dataclass(frozen=True, slots=True)
class Table:
    """A draft opened before somebody: its packs and its files."""

    desk: Desk
    draft: Draft
    near: PackSet
    """The packs of the draft; where it cannot be read, those of its base."""
    files: Mapping[str, str]
    known: Known = field(init=False)

    def __post_init__(self) -> None:
        base, reads = self.desk.base_of(self.draft), AT_HAND.reads(self.draft)
        known = Known(self.near, base, self.files, self.desk.now.date(), run_cases, run_scenario_tests, reads)
        object.__setattr__(self, "known", known)


def table_of(desk: Desk, draft: Draft) -> Table:
    """A draft with what is known around it."""
    found = AT_HAND.of(desk, draft)
    return Table(desk, draft, found if found is not None else desk.base_of(draft), desk.files_of(draft))


# -- checking ------------------------------------------------------------------------------------------------------------


def lint_body(table: Table, path: str, text: str, depth: Depth) -> dict[str, Any]:
    """What the checker says of a file with this text."""
    found = checked(table.known, path, text, depth)
    files = {**table.files, path: text}
    return {
        "ok": not any(one.severity == "error" for one in found),
        "depth": depth.value,
        "problems": [_spanned(one, files.get(one.spot.file, "")) for one in found],
    }


def _spanned(problem: Problem, text: str) -> dict[str, Any]:
    """A problem with where the word ends that it points at."""
    lines, spot = text.split("\n"), problem.spot
    line = lines[spot.line - 1] if spot.line <= len(lines) else ""
    word = _WORD.match(line, spot.column - 1)
    return {**problem_body(problem), "end_column": word.end() + 1 if word else spot.column + 1}


# -- the form ------------------------------------------------------------------------------------------------------------


def outline_body(table: Table, path: str, text: str, locale: str | None) -> dict[str, Any]:
    """What a file says, entry by entry, with each rule and value as a sentence in the language asked for."""
    empty: dict[str, Any] = {
        "path": path, "readable": False, "kind": "other", "domain": "", "version": "", "parameters": [], "lets": [],
        "rules": [], "rates": [], "sources": [], "timeline": [],
    }  # fmt: skip
    if not path.endswith(".yaml"):
        return empty
    try:
        found = outline(path, text)
    except (PackError, EditRefused):
        return empty
    pack, _ = pack_of(table.known, path, text)
    body = asdict(found)
    for one in body["rules"]:
        one["prose"] = None
    for one in body["parameters"]:
        one["said"] = []
    if pack is not None:
        packs = {**table.near.packs, pack.jurisdiction: pack}
        _tell(body, packs, pack, found.domain, table.known.today, locale)
        body["timeline"] = [
            asdict(row) for row in timelines(packs, {**table.files, path: text}, path, table.known.today)
        ]
        if found.kind == "domain":
            body["sources"] = _citable(packs, pack)
    return {**empty, **body, "readable": True}


def _tell(
    body: dict[str, Any], packs: Mapping[str, Pack], pack: Pack, domain: str, today: date, locale: str | None
) -> None:
    """Sentences beside what stands in the file, under the law of today."""
    part = pack.domains.get(domain)
    if part is None:
        return
    layers = Layers(packs)
    try:
        compiled = compile_domain(layers, layers.lineage(pack.jurisdiction, today), domain, today)
    except CircularRules:
        return
    titles = {
        rule.id: rule.title for one in compiled.chain if domain in one.domains for rule in one.domains[domain].rules
    }
    groups = {code: one.name for code, one in packs.items() if one.members}
    around = Surroundings(compiled.params, groups, titles, shared_labels(compiled.chain, domain))
    prose = Prose(locale, around)
    rules = {rule.id: rule for rule in part.rules}
    for one in body["rules"]:
        rule = rules.get(one["id"])
        if rule is not None:
            told = prose.rule(domain, rule)
            one["prose"] = {
                "when": _clause(told.when), "unless": [prose.flat(clause) for clause in told.unless],
                "then": _clause(told.then), "text": prose.flat(told.when),
            }  # fmt: skip
    for one in body["parameters"]:
        parameter = part.parameters.get(one["name"])
        one["said"] = [] if parameter is None else [prose.entry(parameter, value) for value in parameter.values]


def _clause(clause: Clause) -> dict[str, Any]:
    return {"kind": clause.kind, "text": clause.text, "children": [_clause(one) for one in clause.children]}


def _citable(packs: Mapping[str, Pack], pack: Pack) -> list[dict[str, Any]]:
    """The sources of a pack and of what it extends, its own first."""
    found: dict[str, Source] = dict(pack.sources)
    waiting = list(pack.extends)
    while waiting:
        parent = packs.get(waiting.pop(0))
        if parent is not None:
            found = {**parent.sources, **found}
            waiting.extend(parent.extends)
    own = sorted(found.values(), key=lambda one: (one.id not in pack.sources, one.title))
    return [{"id": one.id, "title": one.title, "url": one.url or "", "lines": None} for one in own]


# -- editing -------------------------------------------------------------------------------------------------------------


def edited_files(table: Table, asked: Editing) -> tuple[dict[str, str], tuple[str, ...]]:
    """Path -> new text of every file that an edit changes, and what a person should know of it. Raises EditRefused, PackError,
    LookupError for a file that is not there."""
    text = asked.text.replace("\r\n", "\n") if asked.text is not None else table.files.get(asked.path)
    if text is None:
        raise LookupError(asked.path)
    if isinstance(asked.edit, AddTests):
        return _tests_for(table, asked.path, text, asked.edit)
    return {asked.path: rewritten(asked.path, text, asked.edit)}, ()


def _tests_for(table: Table, path: str, text: str, edit: AddTests) -> tuple[dict[str, str], tuple[str, ...]]:
    # What reads publications is an extra of the service; the maker of tests alone is light.
    from ingest.impact.skeleton import skeletons
    from ingest.link.target import Target, TargetKind

    files = {**table.files, path: text}
    now = PackSet.of(files, near=table.near)
    code = path.partition("/")[0]
    domain = next((part for part in now.packs[code].domains.values() if path in part.files), None)
    if domain is None or edit.parameter not in domain.parameters:
        raise EditRefused(f"{path} has no parameter {edit.parameter}.")
    parameter = domain.parameters[edit.parameter]
    if edit.start == date.min or parameter.at(edit.start - timedelta(days=1)) is None:
        raise EditRefused("Nothing held before that day: there is no change to test.")
    target = Target(
        code, domain.name, edit.parameter, TargetKind.PARAMETER, path, parameter.spot.line, parameter.label
    )  # fmt: skip
    found = skeletons(target, edit.start, table.known.base, now)
    made = {one: found.inserted(one, files[one], rules) for one, rules in found.by_file.items()}
    counted = [f"{rule}: {len(lines)}" for rules in found.by_file.values() for rule, lines in rules.items()]
    return {path: text, **made}, (*counted, *found.notes)


# -- tests and payments --------------------------------------------------------------------------------------------------


def run_body(table: Table, path: str, text: str | None, rule: str | None) -> dict[str, Any]:
    """The tests of a file as they come out. Raises PackError where the packs cannot be read."""
    files = table.files if text is None else {**table.files, path: text}
    packs = table.near if dict(table.near.files) == files else PackSet.of(files, near=table.near)
    ran = run_tests(packs, path, rule, run_cases, run_scenario_tests)
    return {
        "passed": sum(1 for one in ran if one.passed),
        "failed": sum(1 for one in ran if not one.passed),
        "data": [{**asdict(one), "expected": _plain(one.expected), "passed": one.passed} for one in ran],
    }


def _plain(expected: Any) -> Any:
    return orjson.loads(orjson.dumps(expected, default=str))


def tried_body(
    service: Service, table: Table, transaction: Transaction, day: date | None, domains: str | None, locale: str | None
) -> dict[str, Any]:
    """One payment under the release in force and under the draft, by one clock and one past. Scenarios are looked for as they
    are in force. Raises PackError where the draft cannot be read, LedgerError, OverflowError."""
    facts, law, decision_id = facts_of(transaction), service.law, service.new_id()
    draft = AT_HAND.of(table.desk, table.draft) or table.desk.candidate(table.draft)
    was, now = (
        decide(
            facts, packs, service.ledger.history, rates=service.rates, decision_id=decision_id, now=table.desk.now,
            locale=locale, legal_day=day, domains=chosen(domains), profiles=service.profiles, totals=service.totals,
            lookout=law.lookout,
        ).body
        for packs in (law.packs, draft)
    )  # fmt: skip
    told = list(differences(_plain(was), _plain(now)))
    return {
        "release": law.digest,
        "same": all(one["pointer"].startswith(_OF_PACKS) for one in told),
        "in_force": was,
        "draft": now,
        "differences": told,
    }
