"""The other engines, each behind the same four names. None of them is imported before it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

from bench.tree import BenchRule, Row


class Peer(Protocol):
    """One rule engine.

    `shape` is not timed: it renames keys and drops or fills what is not known, as the engine likes it best.
    Turning the mapping into the engine's own values is the engine's work, belongs to `decide`, and is timed.
    """

    def prepare(self, rules: Sequence[BenchRule]) -> None:
        """Translate and compile, once."""

    def shape(self, row: Row) -> Mapping[str, Any]:
        """The row as this engine takes it fastest."""

    def decide(self, row: Mapping[str, Any]) -> frozenset[str]:
        """The ids of the rules whose condition is true."""


@dataclass(frozen=True, slots=True)
class PeerSpec:
    """Where an engine comes from, how it is made, and what it could not say in its own words."""

    name: str
    distribution: str
    module: str
    factory: str
    hoists: bool = False
    """Whether the adapter can leave shared conditions where they are written (`hoist=False`)."""
    options: tuple[tuple[str, Any], ...] = ()
    adapted: tuple[str, ...] = ()

    def installed(self) -> str | None:
        """The installed version, or None."""
        try:
            return version(self.distribution)
        except PackageNotFoundError:
            return None

    def make(self) -> Peer:
        """Import the engine and make its adapter."""
        build: Callable[..., Peer] = getattr(import_module(self.module), self.factory)
        return build(**dict(self.options))


_NULL = "null is an error in `<`, so every ordering comparison is guarded by `!= null`"
_NEGATION = "no unknown: negation is pushed into the comparisons, where a missing field reads as false"
_CENTS = "no decimals or money: amounts are integer cents, rates integers"

PEERS: tuple[PeerSpec, ...] = (
    PeerSpec(
        "zen-engine",
        "zen-engine",
        "bench.peers.zen",
        "Zen",
        hoists=True,
        adapted=(
            _NULL,
            _NEGATION,
            "numbers are decimals, exact here",
            "one list expression: a decision table with an expression a row, and an expression a rule, were slower",
        ),
    ),
    PeerSpec(
        "cel-expr-python",
        "cel-expr-python",
        "bench.peers.cel_expr",
        "CelExpr",
        hoists=True,
        adapted=(
            _CENTS,
            "unknown is an error that `&&` and `||` absorb, which is Kleene's logic; but one program a rule is "
            "slower, and in one list an error would void all rules, so null guards are used",
            "shared conditions through `cel.bind`",
        ),
    ),
    PeerSpec(
        "common-expression-language",
        "common-expression-language",
        "bench.peers.cel_python",
        "CelPython",
        hoists=True,
        adapted=(_CENTS, _NULL, "no `cel.bind`: shared conditions through a one-element `map` macro"),
    ),
    PeerSpec(
        "durable_rules",
        "durable_rules",
        "bench.peers.durable",
        "Durable",
        adapted=(
            "an event fires one rule only: payments are asserted as facts and retracted, as the cage asks",
            "no `not`: negation is pushed into the comparisons",
            "`$nex` alone matches the session's own state for ever: it is joined with a marker every fact carries",
            "a sum with a missing part compares as true: each part is asked for with `$ex` first",
            "lists are regular expressions (`$mt`): a branch for each value was slower",
            "actions are fetched from its C functions directly: its Host was slower",
            _CENTS,
        ),
    ),
    PeerSpec(
        "rule-engine",
        "rule-engine",
        "bench.peers.rule_engine_peer",
        "RuleEngine",
        hoists=True,
        adapted=(
            _NULL,
            _NEGATION,
            "numbers are decimals, exact here",
            "shared conditions are rules of their own, asked first",
        ),
    ),
    PeerSpec(
        "regopy",
        "regopy",
        "bench.peers.rego",
        "Rego",
        adapted=(
            "undefined reads as false, so only negation is pushed into the comparisons",
            "lists are keys of a base document: sets in the module, or in the rules, were slower",
            _CENTS,
        ),
    ),
)


def identifier(field: str) -> str:
    """A field's name where dots mean something else."""
    return "".join(letter if letter.isalnum() else "_" for letter in field)
