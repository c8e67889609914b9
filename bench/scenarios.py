"""Scenarios on a simulated bank: how many of the patterns that were laid are found, and what is found where none was.

`python -m bench.scenarios [--events 100000] [--each 50] [--seed 1] [--matcher reference|durable|both]` writes a table.
"""

from __future__ import annotations

import argparse
import sys
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from api.sequence_worker import chosen_matcher
from bench.laid import LAYS, lay
from bench.monitored import Traffic, normal
from engine.alerts import Alert, AlertKind
from engine.history import COLUMNS, FeatureAnswer, FeatureQuestion, NullHistory, Of
from engine.money import Money
from engine.packs import load_packs
from engine.patterns.fields import DONE
from engine.scenarios import Event, Means, Scenarios, Subject, evaluate, evaluate_all, subjects_of
from engine.scenarios.counting import stated
from engine.scenarios.reference import REFERENCE, Matcher
from engine.scenarios.window import window_of

ROOT = Path(__file__).parents[1]
MATCHERS = ("reference", "durable", "both")


RECALL = 0.95
"""Of what is laid of each scenario is found at least."""
FALSE = 0.005
"""Alerts for each ordinary event, at most."""


@dataclass(frozen=True, slots=True)
class ScenariosRun:
    """What was found of what was laid, and what where nothing was."""

    events: int
    each: int
    seed: int
    matcher: str
    windows: int
    seconds: float
    incidents: int
    found: Mapping[str, tuple[int, int]]
    """Scenario -> instances found, and laid."""
    false: Mapping[str, int]
    """Scenario -> alerts on ordinary traffic."""
    named: float
    """Share of the ordinary events that some alert names."""

    @property
    def per_second(self) -> float:
        """Windows that all scenarios were asked of."""
        return self.windows / self.seconds

    @property
    def false_share(self) -> float:
        """Alerts on ordinary traffic for each of its events."""
        return sum(self.false.values()) / self.events

    @property
    def hits(self) -> int:
        """Instances that were found."""
        return sum(hit for hit, _ in self.found.values())

    @property
    def laid(self) -> int:
        """Instances that were laid."""
        return sum(laid for _, laid in self.found.values())

    @property
    def missed(self) -> tuple[str, ...]:
        """The scenarios of which too little was found."""
        return tuple(name for name, (hit, laid) in sorted(self.found.items()) if hit < laid * RECALL)


class Told(NullHistory):
    """The past of a simulation: what was told so far, answered as the ledger answers it."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[tuple[str, str], ...], list[tuple[datetime, dict[str, object]]]] = defaultdict(list)
        self._keys: set[tuple[str, ...]] = set()

    def keep(self, keys: set[tuple[str, ...]]) -> None:
        """What will be asked by."""
        self._keys = keys

    def tell(self, event: Event) -> None:
        """One event more."""
        window = window_of(Subject("payer", event.payer or ""), [event], _own)
        facts = stated(window, 0)
        for columns in self._keys:
            key = tuple((column, str(facts.get(COLUMNS[column]))) for column in columns)
            self._by_key[key].append((event.at, facts))

    def features(self, asked: Sequence[FeatureQuestion]) -> list[FeatureAnswer | None]:
        """Sums and counts of what was told before."""
        return [self._answer(one) for one in asked]

    def _answer(self, one: FeatureQuestion) -> FeatureAnswer:
        known = self._by_key[tuple(zip(one.form.key, one.key, strict=True))]
        start = bisect_left(known, one.start, key=lambda kept: kept[0])
        chosen = []
        for at, facts in known[start:]:
            if at < one.end and all(facts.get(COLUMNS[c], values[0]) in values for c, values in one.form.where):
                chosen.append(facts)
        if one.form.of is Of.COUNT:
            return FeatureAnswer(number=len(chosen))
        totals: dict[str, Money] = {}
        for facts in chosen:
            money: Money = facts["amount"]  # type: ignore[assignment]
            before = totals.get(money.currency)
            totals[money.currency] = Money(money.amount + (before.amount if before else 0), money.currency)
        return FeatureAnswer(tuple(totals.values()), len(chosen))


def _own(money: Money, unit: str) -> None:
    return None


@dataclass
class Seen:
    """What a run found."""

    alerts: dict[str, Alert] = field(default_factory=dict)
    seconds: float = 0.0
    asked: int = 0


def run(scenarios: Scenarios, traffic: Traffic, matcher: Matcher = REFERENCE) -> Seen:
    """Tell every event in the order of time, and ask about everybody it concerns; then the graphs, once."""
    seen, past = Seen(), Told()
    past.keep({f.form.key for r in scenarios.ready for f in r.pack.domains["aml"].features.values()})
    means = Means(matcher=matcher, history=past)
    windows: dict[tuple[str, str], list[Event]] = defaultdict(list)
    reach = {kind: scenarios.reach(kind) for kind in ("payer", "payee", "account", "card", "merchant")}
    started = time.perf_counter()
    for event in traffic.events:
        for subject in subjects_of(event):
            key = _party(subject), subject.key
            if not windows[key] or windows[key][-1] is not event:
                windows[key].append(event)
            window = windows[key]
            start = bisect_left(window, event.at - reach[subject.kind], key=lambda one: one.at)
            known = Subject(subject.kind, subject.key, traffic.segments.get(subject.key.removesuffix("-a"), "standard"))
            for alert in evaluate(scenarios, known, window[start:], means):
                seen.alerts.setdefault(alert.id, alert)
            seen.asked += 1
        if event.status in DONE:
            past.tell(event)
    for alert in evaluate_all(scenarios, traffic.events):
        seen.alerts.setdefault(alert.id, alert)
    seen.seconds = time.perf_counter() - started
    return seen


def _party(subject: Subject) -> str:
    """A party has one window, as payer and as payee."""
    return "party" if subject.kind in ("payer", "payee") else subject.kind


def mixed(traffic: Traffic, each: int, dice: Random) -> Traffic:
    """The traffic with so many instances of each scenario among it."""
    customers = len({event.payer for event in traffic.events if (event.payer or "").startswith("c")})
    laid = lay(sorted(LAYS), each, customers, dice)
    events = [*traffic.events, *(event for _, instance in laid for event in instance)]
    events.sort(key=lambda event: (event.at, event.id))
    ids = [(name, frozenset(event.id for event in instance)) for name, instance in laid]
    return Traffic(events, ids, traffic.segments)


def recall(traffic: Traffic, seen: Seen) -> dict[str, tuple[int, int]]:
    """Scenario -> instances found, and laid. One is found by an alert of its own scenario that names at least half of the events
    of the instance, or of the alert."""
    by_rule: dict[str, list[frozenset[str]]] = defaultdict(list)
    for alert in seen.alerts.values():
        by_rule[alert.rule].append(frozenset(alert.evidence))
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, ids in traffic.laid:
        found[name][1] += 1
        found[name][0] += any(2 * len(ids & evidence) >= min(len(ids), len(evidence)) for evidence in by_rule[name])
    return {name: (hit, laid) for name, (hit, laid) in sorted(found.items())}


def false_alerts(seen: Seen) -> Counter[str]:
    """Alerts by scenario, of traffic in which nothing was laid."""
    return Counter(alert.rule for alert in seen.alerts.values() if alert.kind is AlertKind.SCENARIO)


def measure(number: int, each: int, seed: int = 1, choice: str = "reference") -> ScenariosRun:
    """So many ordinary events by themselves, then with so many instances of each scenario among them."""
    scenarios = Scenarios.of(load_packs(ROOT / "rulepacks"))
    incidents: list[Alert] = []
    matcher = chosen_matcher(choice, scenarios.plans, incidents.append, lambda: datetime.now(UTC))  # type: ignore[arg-type]
    plain = normal(number, Random(seed))
    quiet = run(scenarios, plain, matcher)
    traffic = mixed(plain, each, Random(seed + 1))
    seen = run(scenarios, traffic, matcher)
    if not hasattr(matcher, "all"):
        matcher.close()  # type: ignore[union-attr]
    named = len({one for alert in quiet.alerts.values() for one in alert.evidence})
    return ScenariosRun(
        len(plain.events), each, seed, choice, quiet.asked + seen.asked, quiet.seconds + seen.seconds, len(incidents),
        recall(traffic, seen), dict(false_alerts(quiet)), named / len(plain.events),
    )  # fmt: skip


def report(run: ScenariosRun) -> str:
    """A run, as a table."""
    return "\n".join([
        f"{run.events} ordinary events; {run.each} instances of each of {len(run.found)} scenarios; "
        f"seed {run.seed}; {run.matcher}",
        f"{run.windows} windows in {run.seconds:.0f} s, {run.per_second:.0f} a second; {run.incidents} incidents",
        f"alerts on ordinary traffic: {sum(run.false.values())} ({run.false_share:.3%} of events); "
        f"they name {run.named:.2%} of the events",
        "", *table(run),
    ])  # fmt: skip


def table(run: ScenariosRun) -> Iterator[str]:
    """Scenario by scenario: what was found of what was laid, and what where nothing was."""
    yield "| scenario | found of laid | recall | on ordinary traffic |"
    yield "|---|---:|---:|---:|"
    for name, (hit, laid) in sorted(run.found.items()):
        wrong = run.false.get(name, 0)
        yield f"| `{name.removeprefix('scenario.')}` | {hit} of {laid} | {hit / laid:.2f} | {wrong} |"
    yield f"| all | {run.hits} of {run.laid} | {run.hits / run.laid:.3f} | {sum(run.false.values())} |"


def main(given: Sequence[str] | None = None) -> None:
    """Print the report."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=100_000)
    asked.add_argument("--each", type=int, default=50)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--matcher", choices=MATCHERS, default="reference")
    chosen = asked.parse_args(given)
    sys.stdout.write(report(measure(chosen.events, chosen.each, chosen.seed, chosen.matcher)) + "\n")


if __name__ == "__main__":
    main()
