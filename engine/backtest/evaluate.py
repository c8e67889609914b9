"""Past payments under one release: what each is told, from columns where they can be asked, one by one where not.

All rules of a law are asked of all payments at once, and their answers packed into numbers. Payments that no answer tells apart
are told the same, so that the engine itself decides once for each kind of payment, on the first of the kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import reduce
from operator import or_
from typing import Any, Final

import polars as pl

from engine.backtest.clock import LAW, Laws, sides_of
from engine.backtest.domains import FLOOR, HELD, KEYED, Keyed
from engine.backtest.payments import Payments
from engine.backtest.plan import Plan, plan_of
from engine.backtest.statuses import ALONE, Asking, Rows
from engine.backtest.told import Told, told
from engine.decide import decide
from engine.decision import Decision
from engine.facts import Facts
from engine.history import NullHistory
from engine.money import RateTable
from engine.packs.compile import Compiled
from engine.packs.packset import PackSet
from engine.regimes.kyc_level import FOLLOWS
from engine.regimes.sca_answer import OUTCOMES

BY: Final = "by"
"""Column: how a payment was asked, in `columns` or `alone`."""
_ORDER: Final = tuple(OUTCOMES)
_FIRST: Final = "first"
_NOW: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Past payments say themselves when they were."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One release, and how it is asked: of BUILT the `domains`, at these `rates`, under the law of `legal_day` or of each
    payment's own day. What the past knew of a payer is not known here, nor is any list or stored merchant."""

    packs: PackSet
    domains: tuple[str, ...]
    rates: RateTable
    legal_day: date | None = None
    plans: dict[tuple[int, frozenset[str]], Plan] = field(default_factory=dict)
    """Plans of laws that the release holds, by the facts that payments state."""

    def plan(self, compiled: Compiled, payments: Payments) -> Plan:
        """The rules of a law taken apart, made once for payments that state the same facts."""
        key = id(compiled), payments.paths
        if key not in self.plans:
            self.plans[key] = plan_of(compiled, payments)
        return self.plans[key]

    def decide(self, facts: Facts, domains: tuple[str, ...] | None = None) -> Decision:
        """The decision on one payment."""
        return decide(
            facts,
            self.packs,
            NullHistory(),
            rates=self.rates,
            decision_id="dec_backtest",
            now=_NOW,
            legal_day=self.legal_day,
            domains=domains or self.domains,
        )

    def tell(self, facts: Facts) -> Told:
        """What one payment is told."""
        return told(self.decide(facts).body, self.domains)


def verdict_of(domain: str) -> str:
    """The column of a domain's verdicts."""
    return f"{domain}.verdict"


def rules_of(domain: str) -> str:
    """The column of the rules of a domain that spoke."""
    return f"{domain}.rules"


def evaluate_batch(payments: Payments, bench: Bench) -> pl.DataFrame:
    """One row a payment, in order: `outcome`, of each domain `<domain>.verdict` and `<domain>.rules`, `tax` and `by`."""
    if set(bench.domains) <= KEYED.keys():
        return _Columns(payments, bench).told()
    return one_by_one(payments, bench)


def one_by_one(payments: Payments, bench: Bench) -> pl.DataFrame:
    """The same by the compiled engine alone, payment by payment: what columns are measured against."""
    everything = range(payments.frame.height)
    return _table(map(bench.tell, payments.facts_at(everything)), bench.domains).with_columns(pl.lit("alone").alias(BY))


def _table(found: Iterable[Told], domains: Sequence[str]) -> pl.DataFrame:
    rows = [(one.outcome, *one.verdicts, *one.rules, one.tax) for one in found]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns(domains), pl.String), orient="row")


def columns(domains: Sequence[str]) -> list[str]:
    """What is told, by column."""
    return ["outcome", *map(verdict_of, domains), *map(rules_of, domains), "tax"]


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the laws of a domain answered of each payment, packed, and which payments each of them cannot be asked of so."""

    patterns: pl.DataFrame
    alone: list[pl.Series]


class _Columns:
    """Payments asked in columns."""

    def __init__(self, payments: Payments, bench: Bench):
        self._bench, self._payments = bench, payments
        self._alone = payments.frame.select(~payments.plain).to_series()
        self._told: dict[str, pl.DataFrame] = {}
        """Domain -> what each payment is told; null of those that are asked alone."""

    def told(self) -> pl.DataFrame:
        """What every payment is told."""
        domains = self._bench.domains
        # What columns are asked is reckoned outside the interpreter: beside it, another domain's laws can be prepared.
        with ThreadPoolExecutor(pl.thread_pool_size()) as beside:
            keyed = {domain: KEYED[domain](self._payments, self._bench.packs) for domain in domains}
            answers = dict(
                zip(domains, beside.map(lambda domain: self._patterns(domain, keyed[domain]), domains), strict=True)
            )
            self._alone = reduce(or_, (alone for one in answers.values() for alone in one.alone), self._alone)
            first = [domain for domain in domains if domain != "kyc"]
            for _ in beside.map(lambda domain: self._group(domain, keyed[domain], answers[domain].patterns), first):
                pass
            if "kyc" in domains:  # the level of customers hangs on what money laundering law said
                self._group("kyc", keyed["kyc"], answers["kyc"].patterns)
            return self._joined()

    # -- the answers of the rules --

    def _patterns(self, domain: str, keyed: Keyed) -> _Answers:
        """The answers of every law that a domain asks, and the numbers of the laws."""
        found, alone = [], []
        if keyed.alone is not None:
            alone.append(keyed.payments.frame.select(keyed.alone.fill_null(False)).to_series())
        for side, place in keyed.sides.items():
            laws = Laws(self._bench.packs, domain, self._bench.legal_day)
            asked = laws.of(sides_of(keyed.payments.frame, place))
            answers = self._answers(side, laws, asked, keyed)
            alone.append(answers[ALONE].fill_null(False))
            found.append(answers.select(pl.exclude(ALONE).name.prefix(f"{side} ")))
        return _Answers(pl.concat(found, how="horizontal") if found else pl.DataFrame(), alone)

    def _answers(self, side: str, laws: Laws, asked: pl.DataFrame, keyed: Keyed) -> pl.DataFrame:
        """One side's answers, row by row."""
        frame, parts = keyed.payments.frame.with_columns(asked.drop(LAW).get_columns()), []
        payments = Payments(frame)
        for number, compiled in enumerate(laws.found):
            mine = asked[LAW].eq_missing(number)
            own = None if mine.all() else mine
            places = pl.Series("i", range(frame.height)) if own is None else own.arg_true().alias("i")
            parts.append(
                self._of_law(side, compiled, payments, Rows(frame, own), keyed).with_columns(
                    places, pl.lit(number).alias(LAW)
                )
            )
        silent = asked[LAW].is_null().arg_true().alias("i")
        parts.append(pl.DataFrame([silent, pl.Series(ALONE, [False]).new_from_index(0, len(silent))]))
        return pl.concat(parts, how="diagonal_relaxed").sort("i").drop("i")

    def _of_law(self, side: str, compiled: Compiled, payments: Payments, rows: Rows, keyed: Keyed) -> pl.DataFrame:
        plan = self._bench.plan(compiled, payments)
        if plan.refused or self._holds_back(compiled):
            return pl.DataFrame([pl.Series(ALONE, [True]).new_from_index(0, rows.height)])
        asking = Asking(compiled, plan, payments, rows)
        return asking.packed(keyed.look(side, asking))

    def _holds_back(self, compiled: Compiled) -> bool:
        """Whether a rule of this law is held back: what it lacks of a payment, of which kinds know nothing, may then matter."""
        held = self._bench.packs.held_back.get(compiled.domain, {})
        codes = {pack.jurisdiction for pack in compiled.chain}
        return any(one.pack in codes for one in held.values())

    # -- one decision a kind --

    def _group(self, domain: str, keyed: Keyed, patterns: pl.DataFrame) -> None:
        """Tell payments apart, and decide on the first of each kind."""
        before = self._before() if domain == "kyc" else []
        values = keyed.payments.frame.with_columns(before).select(
            value.alias(f"value {at}") for at, value in enumerate(keyed.values)
        )
        keys = pl.concat([patterns, values], how="horizontal") if values.width else patterns
        keys = keys.with_columns(self._alone.alias(ALONE)) if keys.width else pl.DataFrame({ALONE: self._alone})
        firsts = keys.with_row_index(_FIRST).select(pl.col(_FIRST).min().over(keys.columns))[_FIRST]
        together = firsts.filter(~self._alone).unique().sort()
        self._told[domain] = self._spread(self._decided(domain, together), firsts)

    def _decided(self, domain: str, firsts: pl.Series) -> pl.DataFrame:
        """What the first of each kind is told by a domain; the level of customers also hangs on what was said before."""
        asked = ("aml", "kyc") if domain == "kyc" and "aml" in self._bench.domains else (domain,)
        rows = []
        for facts in self._payments.facts_at(firsts.to_list()):
            body = self._bench.decide(facts, asked).body
            said = told(body, (domain,))
            rows.append((OUTCOMES[said.outcome], said.verdicts[0], said.rules[0], _floor(body)))
        names = {"rank": pl.UInt8, verdict_of(domain): pl.String, rules_of(domain): pl.String, FLOOR: pl.String}
        return pl.DataFrame(rows, schema=names, orient="row").with_columns(firsts.alias(_FIRST))

    def _before(self) -> list[pl.Series]:
        """What money laundering law said of each payment, where it was asked."""
        if "aml" not in self._told:
            none = pl.Series(FLOOR, ["none"]).new_from_index(0, len(self._alone))
            return [none, none.rename(HELD)]
        said = self._told["aml"].select(pl.col(FLOOR), pl.col("rank").alias(HELD))
        return said.get_columns()

    def _spread(self, kinds: pl.DataFrame, firsts: pl.Series) -> pl.DataFrame:
        """What each payment is told, from what the first of its kind is."""
        number = pl.Series(_FIRST, [None], dtype=pl.UInt32).new_from_index(0, len(self._alone))
        number = number.scatter(kinds[_FIRST], range(kinds.height))
        return kinds.drop(_FIRST).select(pl.all().gather(number.gather(firsts)))

    # -- all together --

    def _joined(self) -> pl.DataFrame:
        parts = [self._told[domain] for domain in self._bench.domains]
        rank = pl.concat([part["rank"].to_frame(f"{at}") for at, part in enumerate(parts)], how="horizontal")
        outcome = rank.select(pl.max_horizontal(pl.all())).to_series()
        names = pl.Series(_ORDER)
        found = pl.DataFrame({"outcome": names.gather(outcome.fill_null(0))}).with_columns(
            *(part[verdict_of(domain)] for domain, part in zip(self._bench.domains, parts, strict=True)),
            *(part[rules_of(domain)] for domain, part in zip(self._bench.domains, parts, strict=True)),
            pl.lit("").alias("tax"),
            pl.lit("columns").alias(BY),
        )
        places = self._alone.arg_true()
        if places.is_empty():
            return found
        alone = one_by_one(Payments(self._payments.frame[places], self._facts(places)), self._bench)
        mixed = pl.concat(
            [found.with_row_index("i").filter(~self._alone), alone.with_columns(places.alias("i"))], how="diagonal"
        )
        return mixed.sort("i").select(found.columns)

    def _facts(self, places: pl.Series) -> list[Facts] | None:
        stated = self._payments.facts
        return None if stated is None else [stated[place] for place in places]


def _floor(body: dict[str, Any]) -> str:
    return FOLLOWS[body["aml"]["due_diligence"]] if "aml" in body else "none"


__all__ = ["BY", "Bench", "columns", "evaluate_batch", "one_by_one", "rules_of", "verdict_of"]
