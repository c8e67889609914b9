"""Roles of people: what each may do, and which may never be held together.

Whoever makes accounts must not also make law: with both, one person could invent the second pair of eyes.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from engine.ledger.keys import Scope


class Role(StrEnum):
    """What somebody does in the house."""

    OFFICER = "officer"
    """Writes the law in drafts, and works on what regulators publish."""
    APPROVER = "approver"
    """Approves what somebody else has drafted."""
    ANALYST = "analyst"
    """Works on alerts, screenings and merchants."""
    TAX = "tax"
    """Calculates and declares tax."""
    AUDITOR = "auditor"
    """Reads everything, changes nothing."""
    ENGINEER = "engineer"
    """Asks for decisions, as a program would."""
    ADMINISTRATOR = "administrator"
    """Looks after people, keys, webhooks, feeds and approval policies."""


SCOPES: Final[dict[Role, frozenset[Scope]]] = {
    Role.OFFICER: frozenset({Scope.READ, Scope.EDIT, Scope.REVIEW, Scope.DECIDE}),
    Role.APPROVER: frozenset({Scope.READ, Scope.APPROVE, Scope.REVIEW}),
    Role.ANALYST: frozenset({Scope.READ, Scope.REVIEW, Scope.SCREEN, Scope.ONBOARD}),
    Role.TAX: frozenset({Scope.READ, Scope.TAX}),
    Role.AUDITOR: frozenset({Scope.READ}),
    Role.ENGINEER: frozenset({Scope.READ, Scope.DECIDE}),
    Role.ADMINISTRATOR: frozenset({Scope.READ, Scope.ADMIN}),
}
"""The scopes of each role."""
_LAWMAKING: Final = frozenset({Scope.EDIT, Scope.APPROVE})


def scopes_of(roles: Iterable[Role]) -> frozenset[Scope]:
    """What somebody with these roles may do.

    >>> sorted(scopes_of([Role.TAX, Role.ENGINEER]))
    [<Scope.DECIDE: 'decide'>, <Scope.READ: 'read'>, <Scope.TAX: 'tax'>]
    """
    return frozenset[Scope]().union(*(SCOPES[role] for role in roles))


def conflict(roles: Iterable[Role]) -> str | None:
    """Why these roles may not be held by one person; None: they may.

    >>> conflict([Role.ADMINISTRATOR, Role.AUDITOR])
    >>> conflict([Role.ADMINISTRATOR, Role.OFFICER])
    'Whoever makes accounts must not also make law: administrator cannot be held together with officer'
    """
    held = frozenset(roles)
    if not held:
        return "A person without a role could do nothing: name at least one"
    lawmaking = sorted(role.value for role in held if SCOPES[role] & _LAWMAKING)
    if Role.ADMINISTRATOR in held and lawmaking:
        with_ = " and ".join(lawmaking)
        return f"Whoever makes accounts must not also make law: administrator cannot be held together with {with_}"
    return None
