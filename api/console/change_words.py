"""What changes of the law are called on a page: codes of the interface in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.console.vocabulary import N_

STATES: Final[Mapping[str, str]] = {
    "new": N_("New"),
    "assigned": N_("In work"),
    "drafted": N_("Drafted"),
    "done": N_("In force"),
    "dismissed": N_("Dismissed"),
    "merged": N_("Merged"),
    "superseded": N_("Superseded"),
    "irrelevant": N_("Held to be none"),
}
STATE_TONES: Final = {
    "new": "info", "assigned": "accent", "drafted": "warn", "done": "good", "irrelevant": "plain",
}  # fmt: skip
STATUSES: Final[Mapping[str, str]] = {
    "announced": N_("Announced"),
    "consultation": N_("In consultation"),
    "adopted": N_("Adopted"),
    "in_force_scheduled": N_("Adopted, to apply later"),
    "in_force": N_("Applies already"),
    "postponed": N_("Postponed"),
    "withdrawn": N_("Withdrawn or denied"),
    "guidance": N_("Guidance"),
    "enforcement": N_("Enforcement"),
    "irrelevant": N_("No change"),
}
STATUS_TONES: Final = {
    "adopted": "good", "in_force_scheduled": "good", "in_force": "good", "postponed": "bad", "withdrawn": "bad",
    "announced": "warn", "consultation": "warn",
}  # fmt: skip
TYPES: Final[Mapping[str, str]] = {
    "rate": N_("a rate"),
    "threshold": N_("a threshold"),
    "list": N_("a list"),
    "duty": N_("a duty"),
    "prohibition": N_("a prohibition"),
    "date": N_("a date"),
    "repeal": N_("a repeal"),
    "none": N_("nothing of the law"),
}
KINDS: Final[Mapping[str, str]] = {
    "pair": N_("from what to what"),
    "money": N_("amount"),
    "rate": N_("rate"),
    "number": N_("number"),
    "date": N_("day"),
    "instrument": N_("instrument"),
    "status": N_("how far it is"),
    "corrects": N_("what it corrects"),
    "clause": N_("words that tell"),
    "regulator": N_("regulator"),
    "place": N_("place"),
}
ROLES: Final[Mapping[str, str]] = {
    "published": N_("published"),
    "adopted": N_("adopted"),
    "in_force": N_("in force"),
    "applies": N_("applies from"),
    "consultation_until": N_("consultation until"),
    "ends": N_("ends"),
    "mentioned": N_("only mentioned"),
}
"""Of days."""
ACTIONS: Final[Mapping[str, str]] = {
    "set": N_("Set another value"),
    "add": N_("Add to the list"),
    "remove": N_("Take off the list"),
    "move": N_("Move the day"),
    "require": N_("Begin a duty"),
    "look": N_("A person must look"),
}
DIRECTIONS: Final[Mapping[str, str]] = {
    "stricter": N_("stricter"),
    "milder": N_("milder"),
    "higher": N_("higher"),
    "lower": N_("lower"),
    "neither": N_("neither stricter nor milder"),
    "untold": N_("direction not known"),
}
STEPS: Final[Mapping[str, str]] = {
    "found": N_("Read in a publication"),
    "brought_back": N_("Brought back: it is a change after all"),
    "assigned": N_("Assigned"),
    "commented": N_("Remark"),
    "dismissed": N_("Dismissed"),
    "merged": N_("Merged into another"),
    "merged_alike": N_("Merged: the same in nearly the same words"),
    "joined": N_("Another source says the same"),
    "parted": N_("A source was parted from it"),
    "drafted": N_("A draft was made of it"),
    "released": N_("In force"),
    "draft_withdrawn": N_("Its draft was given up"),
    "superseded": N_("Superseded by a later version"),
    "corrected": N_("Something later mends it or takes it back"),
    "reread": N_("Read again"),
    "reopened": N_("Reopened"),
}
TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "states": STATES,
    "statuses": STATUSES,
    "types": TYPES,
    "kinds": KINDS,
    "roles": ROLES,
    "actions": ACTIONS,
    "directions": DIRECTIONS,
    "steps": STEPS,
}
