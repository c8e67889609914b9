"""What a back-test counts. A chunk of payments comes to a tally, tallies come together in any order, and each is plain JSON: work
that was stopped goes on from the tallies that are there, and ends in the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import polars as pl

from engine.backtest.compare import COUNTRY, REF, Compared
from engine.backtest.evaluate import BY, rules_of, verdict_of
from engine.backtest.payments import LABEL
from engine.backtest.told import read_tax, told
from engine.money import EXACT
from engine.regimes.sca_answer import OUTCOMES

Tally = dict[str, Any]
"""JSON-ready: counts are int, sums of money decimal strings."""

EXAMPLES: Final = 5
"""Examples kept of each way in which an outcome, or a verdict, changed: the first in the order of the source."""
LISTED: Final = 1000
"""Payments left out that are named one by one; beyond that they are only counted."""
WATCHED: Final = ("challenge", "review", "block")
"""Outcomes that are held against what payments turned out to be."""
_ARROW: Final = ">"


def nothing() -> Tally:
    """Nothing counted yet."""
    return {
        "payments": 0, "by": {}, "left_out": {}, "left_out_payments": [], "outcomes": {}, "domains": {}, "rules": {},
        "countries": {}, "money": {}, "tax": {}, "labels": {}, "examples": {},
    }  # fmt: skip


def tally(compared: Compared, domains: Sequence[str]) -> Tally:
    """What a chunk comes to."""
    frame, found = compared.frame, nothing()
    found["payments"] = frame.height
    found["by"] = dict(sorted(frame.group_by(BY).len().iter_rows()))
    for one in compared.left_out:
        found["left_out"][one.reason] = found["left_out"].get(one.reason, 0) + 1
    found["left_out_payments"] = [one._asdict() for one in compared.left_out[:LISTED]]
    found["outcomes"] = _pairs(frame, "outcome")
    found["domains"] = {domain: _pairs(frame, verdict_of(domain)) for domain in domains}
    found["rules"] = _rules(frame, domains)
    changed = frame.filter(pl.col("was.outcome") != pl.col("now.outcome"))
    found["countries"] = _countries(frame)
    found["money"] = _money(changed)
    found["tax"] = _tax(frame)
    found["labels"] = _labels(frame) if LABEL in frame.columns else {}
    found["examples"] = _examples(compared, domains)
    return found


def _pairs(frame: pl.DataFrame, name: str) -> dict[str, int]:
    """How many were told one and are told the other."""
    found = frame.group_by(f"was.{name}", f"now.{name}").len()
    return dict(sorted((f"{was}{_ARROW}{now}", count) for was, now, count in found.iter_rows()))


def _rules(frame: pl.DataFrame, domains: Sequence[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for domain in domains:
        name = rules_of(domain)
        for was, now, count in frame.group_by(f"was.{name}", f"now.{name}").len().iter_rows():
            before, after = set(was.split()), set(now.split())
            for rule in before | after:
                one = found.setdefault(rule, {"domain": domain, "before": 0, "after": 0, "gained": 0, "lost": 0})  # type: ignore[dict-item]
                one["before"] += count if rule in before else 0
                one["after"] += count if rule in after else 0
                one["gained"] += count if rule not in before else 0
                one["lost"] += count if rule not in after else 0
    return dict(sorted(found.items()))


def _rank(column: str) -> pl.Expr:
    return pl.col(column).replace_strict(dict(OUTCOMES), return_dtype=pl.Int8)


def _countries(frame: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Payments of each country, and how many of them are told an outcome that is stricter, or less so."""
    stricter, milder = (_rank("now.outcome") > _rank("was.outcome"), _rank("now.outcome") < _rank("was.outcome"))
    counts = frame.group_by(COUNTRY).agg(pl.len(), stricter.sum().alias("stricter"), milder.sum().alias("milder"))
    return {
        country: {"payments": payments, "stricter": harder, "milder": easier}
        for country, payments, harder, easier in sorted(counts.iter_rows())
    }


def _money(changed: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Of payments whose outcome changed: how many, and how much, by currency."""
    stricter = _rank("now.outcome") > _rank("was.outcome")
    found = changed.group_by("currency", stricter.alias("stricter")).agg(pl.len(), pl.col("amount").sum())
    sums: dict[str, dict[str, Any]] = {}
    for currency, harder, count, amount in found.iter_rows():
        way = "stricter" if harder else "milder"
        sums.setdefault(currency, {})[way] = {"payments": count, "amount": text_of(amount)}
    return {currency: dict(sorted(one.items())) for currency, one in sorted(sums.items())}


def _tax(frame: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Tax of each country and currency, before and after, of the payments on which it is not the same."""
    found: dict[str, dict[str, Any]] = {}
    for was, now in frame.filter(pl.col("was.tax") != pl.col("now.tax")).select("was.tax", "now.tax").iter_rows():
        before, after = dict(read_tax(was)), dict(read_tax(now))
        for where in before.keys() | after.keys():
            if before.get(where) != after.get(where):
                one = found.setdefault(where, {"payments": 0, "before": "0", "after": "0"})
                one["payments"] += 1
                one["before"] = _plus(one["before"], before.get(where, Decimal(0)))
                one["after"] = _plus(one["after"], after.get(where, Decimal(0)))
    return dict(sorted(found.items()))


def _labels(frame: pl.DataFrame) -> dict[str, Any]:
    """What was told of payments of which it is known how they turned out: outcome -> how many, and how many of them bad."""
    known = frame.filter(pl.col(LABEL).is_not_null())
    found: dict[str, Any] = {"known": known.height, "bad": int(known[LABEL].sum() or 0)}
    for when in ("was", "now"):
        counts = known.group_by(f"{when}.outcome").agg(pl.len(), pl.col(LABEL).sum())
        found[when] = {outcome: {"payments": count, "bad": bad} for outcome, count, bad in sorted(counts.iter_rows())}
    return found


# -- examples -----------------------------------------------------------------------------------------------------------


def _examples(compared: Compared, domains: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The first few of each change, with what each release says."""
    frame = compared.frame.with_row_index("place")
    found: dict[str, list[dict[str, Any]]] = {}
    for name, subject in (("outcome", "outcome"), *((verdict_of(domain), domain) for domain in domains)):
        was, now = f"was.{name}", f"now.{name}"
        changed = frame.filter(pl.col(was) != pl.col(now))
        if changed.is_empty():
            continue
        first = changed.filter(pl.int_range(pl.len()).over(was, now) < EXAMPLES)
        told_of = first.select("place", REF, "amount", "currency", was, now)
        for place, ref, amount, currency, before, after in told_of.iter_rows():
            example = {"payment": ref, "amount": text_of(amount), "currency": currency}
            example |= _told_apart(compared.bodies(place), domains)
            found.setdefault(f"{subject}:{before}{_ARROW}{after}", []).append(example)
    return dict(sorted(found.items()))


def _told_apart(bodies: tuple[Mapping[str, Any], Mapping[str, Any]], domains: Sequence[str]) -> dict[str, Any]:
    """Both answers, as far as they differ."""
    was, now = bodies
    sides = [{(one["rule"], one["pack"]): one for one in body["findings"]} for body in bodies]
    return {
        "was": _said(was, domains),
        "now": _said(now, domains),
        "only_before": [_finding(one) for key, one in sides[0].items() if key not in sides[1]],
        "only_after": [_finding(one) for key, one in sides[1].items() if key not in sides[0]],
    }


def _said(body: Mapping[str, Any], domains: Sequence[str]) -> dict[str, Any]:
    one = told(body, domains)
    return {"outcome": one.outcome, "verdicts": dict(zip(domains, one.verdicts, strict=True))}


def _finding(finding: Mapping[str, Any]) -> dict[str, Any]:
    return {name: finding[name] for name in ("rule", "pack", "domain", "message", "law", "because")}


# -- together -------------------------------------------------------------------------------------------------------------


def together(tallies: Iterable[Tally]) -> Tally:
    """All that was counted, in the order of the source."""
    found = nothing()
    for one in tallies:
        # What an earlier version has kept may lack what is counted since.
        found = {key: _added(key, found[key], one.get(key, {})) for key in found}
    return found


def _added(key: str, left: Any, right: Any) -> Any:
    if key == "examples":
        return {name: (left.get(name, []) + right.get(name, []))[:EXAMPLES] for name in sorted({*left, *right})}
    if key == "left_out_payments":
        return (left + right)[:LISTED]
    return _sum(left, right)


def _sum(left: Any, right: Any) -> Any:
    """Counts and sums of money added, whatever they are nested in; words stay."""
    if isinstance(left, dict):
        both = left.keys() & right.keys()
        return {
            key: _sum(left[key], right[key]) if key in both else {**left, **right}[key]
            for key in sorted({*left, *right})
        }
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    return left if left == right and not _is_number(left) else _plus(left, Decimal(right))


def _is_number(text: str) -> bool:
    return text.removeprefix("-")[:1].isdigit()


def _plus(text: str, more: Decimal) -> str:
    return text_of(EXACT.add(Decimal(text), more))


def text_of(amount: Decimal) -> str:
    """An amount in one form, whatever it was added up from: no nought at its end."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def changes(counts: Mapping[str, int]) -> Iterator[tuple[str, str, int]]:
    """Of counts by `was>now`: was, now and how many."""
    for key, count in counts.items():
        was, _, now = key.partition(_ARROW)
        yield was, now, count
