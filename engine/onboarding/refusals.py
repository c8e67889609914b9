"""Why a step is not taken.

Refused
├── NotPossible         the table has no such line for this state
├── AnotherPerson       four eyes: who handed in, or approved first, does not decide
├── AnotherMerchant     a case is of one merchant
├── ConditionsMissing   not everything stands that must stand before the first payment
└── ConditionFault      one of these conditions cannot be so
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.onboarding.states import State


class Refused(Exception):
    """The root: nothing was changed."""


class NotPossible(Refused):
    """The case stands where this is not done."""

    def __init__(self, state: State, asked: str, possible: Sequence[str]) -> None:
        self.state, self.asked, self.possible = state, asked, tuple(possible)
        instead = ", ".join(possible) or "nothing"
        super().__init__(f"The case is {state.value}: {asked} is not possible. Possible: {instead}.")


class AnotherPerson(Refused):
    """`because`: submitter, or first_approver."""

    def __init__(self, because: str) -> None:
        self.because = because
        told = "handed something in" if because == "submitter" else "approved first"
        super().__init__(f"Who {told} does not decide: another person must.")


class AnotherMerchant(Refused):
    """The application names another merchant than the case is of."""

    def __init__(self, merchant: str) -> None:
        self.merchant = merchant
        super().__init__("A case is of one merchant: open another for another.")


class ConditionsMissing(Refused):
    """`names` are fields of the conditions."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(f"Not stated: {', '.join(names)}.")


class ConditionFault(Refused):
    """`name` is a field of the conditions, `code` says what is wrong with it."""

    def __init__(self, name: str, code: str) -> None:
        self.name, self.code = name, code
        super().__init__(f"{name}: {code.replace('_', ' ')}.")
