"""What every check looks at: the packs that could be read, their layers, and the places of things in the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import zip_longest
from typing import Any

from engine.language.law import Law
from engine.language.tree import Expr, Not, RuleRef, conjunction
from engine.language.types import BOOL
from engine.packs.layers import Layers
from engine.packs.lint.codes import CODES
from engine.packs.model import Domain, Pack, Parameter, Rule, Value
from engine.packs.packset import PackSet, pack_files
from engine.packs.problems import PackError, Problem, Spot
from engine.packs.release import seal
from engine.packs.testing import RunCases, RunScenarios
from engine.packs.yaml import Mapping as YamlMapping
from engine.packs.yaml import Scalar, Sequence, YamlNode, read_yaml
from engine.places import is_place

Chain = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A parameter, its entry on a day, and the pack it comes from."""

    pack: Pack
    parameter: Parameter
    value: Value


@dataclass(frozen=True, slots=True)
class Period:
    """Days between two changes of law: from `start` to the day before `end`."""

    start: date
    end: date | None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def __str__(self) -> str:
        start = "the beginning" if self.start == date.min else self.start.isoformat()
        return f"from {start}" + (f" to the day before {self.end.isoformat()}" if self.end else "")


class View:
    """The packs under review: those read without a fault, as was everything they extend. Checks add to `found`."""

    def __init__(
        self,
        packs: Mapping[str, Pack],
        files: Mapping[str, str],
        today: date | None,
        doubted: frozenset[str],
        run_cases: RunCases | None = None,
        run_scenarios: RunScenarios | None = None,
        focus: frozenset[str] | None = None,
    ):
        self.packs = packs
        self.files = files
        self.focus = frozenset(packs) if focus is None else focus
        """The packs that are looked at one by one; what they extend and belong to is known, and not gone through again."""
        self.today = today
        self.run_cases = run_cases
        """Who decides the cases; None: nobody does."""
        self.run_scenarios = run_scenarios
        """Who looks for the scenarios of tests; None: nobody does."""
        self.doubted = doubted
        """Packs that others with faults extend: whether something in them is used cannot be told."""
        self.whole = all(path.partition("/")[0] in packs for path in pack_files(files))
        """Whether every file belongs to such a pack."""
        self.layers = Layers(packs)
        self.found: list[Problem] = []
        self.flawed: set[Spot] = set()
        """Rules and lets whose logic was refused, and cases that cannot come out: what is run says the same again."""
        self.kept: dict[tuple[str, str], Any] = {}
        """What several checks work out of one domain of one pack."""
        self._places: dict[str, Places] = {}
        self._laws: dict[tuple[Chain, str, date], Law] = {}
        self._chains: dict[tuple[str, date | None], Chain] = {}

    def report(self, code: str, spot: Spot, message: str, remedy: str = "") -> None:
        """Note a finding; severity and, where none is given, remedy are the code's own."""
        known = CODES[code]
        problem = Problem(code, spot, message, remedy or known.remedy, known.severity)
        if problem not in self.found:
            self.found.append(problem)

    # -- places --

    def at(self, spot: Spot, *path: str | int) -> Spot:
        """Where something stands below a record: `at(rule.spot, "unless", 0)`."""
        node = self.node(spot, *path)
        return node.spot if node is not None else spot

    def node(self, spot: Spot, *path: str | int) -> YamlNode | None:
        """The node below the record that starts at a place."""
        return _below(self._places_in(spot.file).records.get(spot), path)

    def under(self, key: Spot, *path: str | int) -> YamlNode | None:
        """The node below the key that stands at a place."""
        return _below(self._places_in(key.file).values.get(key), path)

    def _places_in(self, file: str) -> Places:
        places = self._places.get(file)
        if places is None:
            places = self._places[file] = Places.of(self.files.get(file, ""), file)
        return places

    def tops(self, pack: Pack, domain: Domain) -> Iterator[YamlMapping]:
        """The root of each file of a domain."""
        for file in domain.files:
            node = self.node(Spot(file, 1, 1))
            if isinstance(node, YamlMapping):
                yield node

    # -- packs --

    @cached_property
    def release(self) -> PackSet:
        """The packs as a release, to run what is embedded in them."""
        return PackSet(self.packs, self.files, seal(self.files, "lint"))

    def reviewed(self) -> list[Pack]:
        """The packs that are looked at one by one, by their codes."""
        return [pack for code, pack in sorted(self.packs.items()) if code in self.focus]

    def domains(self) -> Iterator[tuple[Pack, Domain]]:
        """Every domain of those packs."""
        for pack in self.reviewed():
            for domain in pack.domains.values():
                yield pack, domain

    def chain(self, pack: Pack, day: date | None = None) -> Chain:
        """A pack after everything it extends; on a day, as its embedded tests of that day see it."""
        key = (pack.jurisdiction, day)
        if key not in self._chains:
            self._chains[key] = self.layers.lineage(*key)
        return self._chains[key]

    @cached_property
    def spoken(self) -> dict[Chain, tuple[tuple[Period, str], ...]]:
        """Every chain of packs that speaks for some place, with the days on which it does and the place."""
        places = {member.place for pack in self.layers.groups for member in pack.members}
        places |= {code for code in self.packs if is_place(code)}
        dates = {day for pack in self.layers.groups for m in pack.members for day in (m.start, m.end) if day}
        days = sorted(dates | {date.min})
        found: dict[Chain, list[tuple[Period, str]]] = {}
        for place in sorted(places):
            for start, end in zip_longest(days, days[1:]):
                spans = found.setdefault(self.layers.chain(place, start), [])
                if spans and (spans[-1][1], spans[-1][0].end) == (place, start):
                    start = spans.pop()[0].start
                spans.append((Period(start, end), place))
        return {chain: tuple(found[chain]) for chain in sorted(found) if chain}

    def speaks(self, chain: Chain, day: date) -> bool:
        """Whether a chain speaks for some place on a day; one that does for none at any time is asked for by tests alone."""
        spans = self.spoken.get(chain)
        return spans is None or any(day in period for period, _ in spans)

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """Every chain of packs that speaks for some place on some day, or for a pack's own tests."""
        return tuple(sorted({*self.spoken, *(self.chain(pack) for pack in self.packs.values())}))

    # -- law --

    def periods(self, chain: Chain, domain: str) -> list[Period]:
        """The periods in which nothing dated changes for a chain."""
        days = self.layers.boundaries(chain, domain)
        return [Period(start, end) for start, end in zip_longest(days, days[1:])]

    def spoken_periods(self, chain: Chain, domain: str) -> list[Period]:
        """The periods in which a chain speaks for some place."""
        return [period for period in self.periods(chain, domain) if self.speaks(chain, period.start)]

    def lives(self, rule: Rule, chain: Chain, domain: str) -> list[Period]:
        """The periods of a chain in which a rule is in force."""
        return [period for period in self.periods(chain, domain) if in_force(rule, period.start)]

    def held(self, chain: Chain, domain: str, day: date) -> dict[str, Held]:
        """Parameters in force, the more particular pack's before the more general's."""
        found: dict[str, Held] = {}
        for code in chain:
            part = self.packs[code].domains.get(domain)
            for name, parameter in part.parameters.items() if part else ():
                value = parameter.at(day)
                if value is not None:
                    found[name] = Held(self.packs[code], parameter, value)
        return found

    def law(self, chain: Chain, domain: str, day: date) -> Law:
        """Values and memberships on a day, as the executors get them."""
        key = (chain, domain, day)
        if key not in self._laws:
            held = self.held(chain, domain, day)
            self._laws[key] = Law({name: item.value.value for name, item in held.items()}, self.layers.members(day))
        return self._laws[key]

    def rules(self, chain: Chain, domain: str) -> list[tuple[Pack, Rule]]:
        """All rules of a chain, the most general pack's first."""
        packs = (self.packs[code] for code in chain)
        return [(pack, rule) for pack in packs if domain in pack.domains for rule in pack.domains[domain].rules]


def in_force(rule: Rule, day: date) -> bool:
    """Whether a rule holds on a day."""
    return rule.start <= day and (rule.end is None or day < rule.end)


def condition(rule: Rule, rules: Mapping[str, Rule]) -> Expr:
    """`when` and none of the exceptions among `rules`."""
    at = rule.when.at
    excepted: list[Expr] = [Not(BOOL, at, RuleRef(BOOL, at, name)) for name in rule.unless if name in rules]
    return conjunction([rule.when, *excepted])


# -- the places of things --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Places:
    """The nodes of one file by their place: sets of keys by their own, values by their key's."""

    records: dict[Spot, YamlMapping] = field(default_factory=dict)
    values: dict[Spot, YamlNode] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, file: str) -> Places:
        """Index a file; one that cannot be read has no places."""
        places = cls()
        try:
            root = read_yaml(text, file)
        except PackError:
            return places
        places._index(root)
        if isinstance(root, YamlMapping):
            places.records[Spot(file, 1, 1)] = root
        return places

    def _index(self, node: YamlNode) -> None:
        if isinstance(node, YamlMapping):
            self.records[node.spot] = node
            for key, value in node.entries:
                self.values[key.spot] = value
                self._index(value)
        elif isinstance(node, Sequence):
            for item in node.items:
                self._index(item)


def _below(node: YamlNode | None, path: tuple[str | int, ...]) -> YamlNode | None:
    for step in path:
        if isinstance(step, str):
            entries = node.entries if isinstance(node, YamlMapping) else ()
            node = next((value for key, value in entries if key.text == step), None)
        else:
            items = node.items if isinstance(node, Sequence) else ()
            node = items[step] if step < len(items) else None
    return node


def text_of(node: YamlNode | None) -> str:
    """The text of a scalar, empty for anything else."""
    return node.text if isinstance(node, Scalar) else ""
