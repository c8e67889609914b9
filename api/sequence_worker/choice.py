"""Who finds sequences, by configuration. The engine in its cage is never started by anybody who did not ask for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Literal

from api.sequence_worker.matcher import SAMPLED, DurableMatcher, Tell
from engine.scenarios.plan import Plan
from engine.scenarios.reference import REFERENCE, Reference

Choice = Literal["reference", "durable", "both"]


class NoSequenceEngine(RuntimeError):
    """durable_rules is asked for and not installed: LEXGATE_SEQUENCES=reference, or install `lexgate[sequences]`."""

    def __init__(self, choice: str):
        super().__init__(
            f"LEXGATE_SEQUENCES={choice} needs durable_rules, which is not installed. "
            "Install lexgate[sequences] (a C compiler is needed), or set LEXGATE_SEQUENCES=reference."
        )


def chosen_matcher(
    choice: Choice, plans: Sequence[Plan], tell: Tell, now: Callable[[], datetime]
) -> Reference | DurableMatcher:
    """The matcher that was chosen. `tell` is given incidents. Raises NoSequenceEngine.

    `reference`: the plain matcher. `durable`: the engine in its cage, the reference where that fails. `both`: the same, and on a
    sample the two are compared; the reference counts where they differ.
    """
    if choice == "reference":
        return REFERENCE
    if find_spec("durable") is None:
        raise NoSequenceEngine(choice)
    return DurableMatcher(plans, tell, now, check_one_in=SAMPLED if choice == "both" else 0)
