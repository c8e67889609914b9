"""Cases: whole payments that travel with the law, each with the verdict it must have.

Here they are read, and turned into the transaction that a caller would send. Who can decide runs them (`engine.cases`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from types import MappingProxyType
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from engine.catalogue import FIELDS, OBJECTS, Field
from engine.decision import Outcome, ResidencyGround, ResidencyWord, Verdict
from engine.facts import Facts, facts_of
from engine.language.errors import did_you_mean
from engine.money import Money
from engine.packs.fields import Keys, Notes, is_null
from engine.packs.model import Case, Confidence, Pack
from engine.packs.values import read_given, read_hour
from engine.packs.yaml import Scalar, Sequence, YamlNode
from engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a case may expect of one field: one of `values` where the set is closed, `null` where there may be nothing."""

    kind: str
    """`word`; `flag`; `all`: a list, complete and in any order; `some`: names that must be among those of the answer."""
    values: frozenset[str] | None = None
    nullable: bool = False


_PARTIES: Final = frozenset({"issuer", "acquirer"})

EXPECTED: Final[Mapping[str, Mapping[str, Expectation]]] = {
    "sca": {
        "outcome": Expectation("word", frozenset(get_args(Outcome))),
        "verdict": Expectation("word", frozenset(get_args(Verdict))),
        "regime": Expectation("word"),
        "exemption": Expectation("word", nullable=True),
        "by": Expectation("word", _PARTIES, nullable=True),
        "reason": Expectation("word", nullable=True),
        "satisfied": Expectation("flag"),
        "one_leg": Expectation("flag"),
        "dynamic_linking": Expectation("flag"),
        "confidence": Expectation("word", frozenset(Confidence), nullable=True),
        "available": Expectation("all"),
        "closed": Expectation("some"),
        "methods": Expectation("all"),
        "missing": Expectation("all", frozenset(FIELDS) | OBJECTS),
        "obligations": Expectation("all"),
        "because": Expectation("some"),
        "packs": Expectation("all"),
    },
    "residency": {
        "outcome": Expectation("word", frozenset(get_args(Outcome))),
        "verdict": Expectation("word", frozenset({*get_args(ResidencyWord), "not_applicable"})),
        "confidence": Expectation("word", frozenset(Confidence), nullable=True),
        "verdicts": Expectation("all", frozenset(get_args(ResidencyWord))),
        "grounds": Expectation("some", frozenset(get_args(ResidencyGround))),
        "mechanisms": Expectation("some"),
        "regimes": Expectation("some"),
        "missing": Expectation("all"),
        "obligations": Expectation("some"),
        "because": Expectation("some"),
        "packs": Expectation("all"),
    },
    "kyc": {
        "outcome": Expectation("word", frozenset(get_args(Outcome))),
        "verdict": Expectation("word", frozenset({"met", "collect", "refuse", "undecided"})),
        "level_required": Expectation("word", frozenset({"none", "basic", "verified", "enhanced"})),
        "confidence": Expectation("word", frozenset(Confidence), nullable=True),
        "collect": Expectation("all"),
        "exceeded": Expectation("all"),
        "missing": Expectation("all"),
        "obligations": Expectation("all"),
        "because": Expectation("some"),
        "packs": Expectation("all"),
    },
    "methods": {
        "outcome": Expectation("word", frozenset(get_args(Outcome))),
        "verdict": Expectation("word", frozenset({"ok", "collect", "refuse", "not_applicable", "undecided"})),
        "confidence": Expectation("word", frozenset(Confidence), nullable=True),
        "collect": Expectation("all"),
        "exceeded": Expectation("all"),
        "failed": Expectation("all"),
        "missing": Expectation("all"),
        "obligations": Expectation("all"),
        "because": Expectation("some"),
        "packs": Expectation("all"),
    },
    "aml": {
        "outcome": Expectation("word", frozenset(get_args(Outcome))),
        "verdict": Expectation("word", frozenset({"clear", "report", "review", "block", "undecided"})),
        "due_diligence": Expectation("word", frozenset({"none", "simplified", "standard", "enhanced"})),
        "reports": Expectation("all"),
        "due": Expectation("all"),
        "travel_rule": Expectation("flag"),
        "travel_missing": Expectation("all", frozenset(FIELDS) | OBJECTS),
        "retain_until": Expectation("word", nullable=True),
        "confidence": Expectation("word", frozenset(Confidence), nullable=True),
        "missing": Expectation("all", frozenset(FIELDS) | OBJECTS),
        "because": Expectation("some"),
        "packs": Expectation("all"),
    },
}
"""Domain -> the fields of an answer that its cases may name. A domain that is not here is not decided yet."""

DECISIVE: Final = ("verdict", "outcome")
"""A case expects one of these at least: what only looks at details would pass under any verdict."""


# -- reading -----------------------------------------------------------------------------------------------------------------


def read_case(
    node: YamlNode, pack: Pack, domain: str, notes: Notes, features: Mapping[str, Field] = MappingProxyType({})
) -> Case:
    """One element of `cases:`."""
    keys = Keys(node, notes, "A case")
    name = keys.text("name")
    keys.said = f"The case {name!r}"
    if domain not in EXPECTED:
        message = f"Nothing decides on the domain {domain} yet, so nothing would run the case {name!r}."
        raise notes.stop("case-domain", keys.spot, message, "Leave it out until then.")
    case = Case(
        name=name,
        on=keys.day("on"),
        hour=read_hour(keys, notes),
        given=read_given(keys.need("given"), notes, currency=pack.currency, features=features),
        expect=_expected(keys, EXPECTED[domain], notes),
        spot=keys.spot,
    )
    keys.done()
    if "occurred_at" in case.given and (case.on or keys.has("hour")):
        message = f"{keys.said} says twice when it happens: by `occurred_at`, and by `on` or `hour`."
        raise notes.stop("case-time", keys.where("on" if keys.has("on") else "hour"), message, "Keep one of them.")
    return case


def _expected(keys: Keys, known: Mapping[str, Expectation], notes: Notes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not keys.has("expect"):
        keys.need("expect")  # refused, with the key that was probably meant
    for key, node in keys.entries("expect"):
        wanted = known.get(key.text)
        if wanted is None:
            hint = did_you_mean(key.text, known) or f"Known: {', '.join(known)}."
            raise notes.stop("case-expect", key.spot, f"An answer has no {key.text} that a case could expect.", hint)
        found[key.text] = _value(key.text, node, wanted, notes)
    if not any(key in found for key in DECISIVE):
        message = f"{keys.said} expects neither a verdict nor an outcome: it would pass under any."
        raise notes.stop("case-expect", keys.where("expect"), message, "Add `verdict`.")
    return found


def _value(key: str, node: YamlNode, wanted: Expectation, notes: Notes) -> Any:
    if wanted.kind in ("all", "some"):
        if not isinstance(node, Sequence):
            raise notes.stop("case-expect", node.spot, f"`{key}` is a list of names.", "Write [] where none is meant.")
        return tuple(_word(key, item, wanted, notes) for item in node.items)
    if wanted.nullable and is_null(node):
        return None
    if wanted.kind == "flag":
        if isinstance(node, Scalar) and node.plain and node.text in ("true", "false"):
            return node.text == "true"
        raise notes.stop("case-expect", node.spot, f"`{key}` is true or false.")
    return _word(key, node, wanted, notes)


def _word(key: str, node: YamlNode, wanted: Expectation, notes: Notes) -> str:
    if not isinstance(node, Scalar) or is_null(node):
        raise notes.stop(
            "case-expect", node.spot, f"`{key}` is a name here, and is never null, a list or a set of keys."
        )
    if wanted.values is not None and node.text not in wanted.values:
        known = f"Known: {', '.join(sorted(wanted.values))}." if len(wanted.values) < 20 else ""
        hint = did_you_mean(node.text, wanted.values) or known
        raise notes.stop("case-expect", node.spot, f"`{key}` is never {node.text!r}.", hint)
    return node.text


# -- the transaction ---------------------------------------------------------------------------------------------------------


class NoTransaction(ValueError):
    """No caller could state these facts. The message is the rest of a sentence."""


def moment_of(case: Case, pack: Pack) -> datetime:
    """When the payment of a case happens: as stated, or at its hour in the pack's own time zone on its day."""
    stated: datetime | None = case.given.get("occurred_at")
    if stated is not None:
        return stated
    return datetime.combine(case.on or pack.verified.on, time(case.hour), ZoneInfo(pack.time_zone))


def facts_in(case: Case, pack: Pack) -> Facts:
    """The facts of a case through the door that callers use. Raises NoTransaction for what would be refused there."""
    try:
        return facts_of(Transaction.model_validate(_body(case, pack)))
    except ValidationError as error:
        raise NoTransaction("; ".join(map(_said, error.errors()[:3]))) from None


def _said(fault: Any) -> str:
    place = ".".join(str(step) for step in fault["loc"])
    return f"{place}: {fault['msg']}" if place else str(fault["msg"])


def _body(case: Case, pack: Pack) -> dict[str, Any]:
    given = {path: value for path, value in case.given.items() if path in FIELDS}
    given["occurred_at"] = moment_of(case, pack)
    return nested(given, FIELDS, str(given["currency"]))


def nested(facts: Mapping[str, Any], known: Mapping[str, Field], currency: str) -> dict[str, Any]:
    """`{"payment.channel": "remote"}` as `{"payment": {"channel": "remote"}}`, amounts without their currency. Raises
    NoTransaction."""
    body: dict[str, Any] = {}
    for path, value in facts.items():
        *above, key = path.split(".")
        level = body
        for step in above:
            level = level.setdefault(step, {})
        field = known[path]
        if isinstance(value, Money):
            level[key] = value.amount
            if field.unit == ".currency":
                _beside(level, path, value, facts)
            elif value.currency != currency:
                raise NoTransaction(
                    f"{path} is in {value.currency}; in a payment in {currency} it is stated in {currency}"
                )
        elif field.item:
            level[key] = [nested(element, field.item, currency) for element in value]
        else:
            level[key] = value
    return body


def _beside(level: dict[str, Any], path: str, money: Money, facts: Mapping[str, Any]) -> None:
    """An amount with a currency of its own: what the case writes as one, a caller states in two fields."""
    other = facts.get(f"{path.rpartition('.')[0]}.currency", money.currency)
    if other != money.currency:
        raise NoTransaction(f"{path} is in {money.currency} and the currency beside it is {other}")
    level["currency"] = money.currency
