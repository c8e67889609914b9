"""States, events and verdicts of changes to the law in words, each with the tone of its badge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from api.console.page import Page
from api.console.vocabulary import N_

Worded = tuple[str, str]
"""English, to be translated, and a tone: good, warn, bad, info, plain."""


class Said(NamedTuple):
    """A word in the language of the reader, and the tone of its badge."""

    word: str
    tone: str


STATES: Final[Mapping[str, Worded]] = {
    "draft": (N_("Being written"), "plain"),
    "checked": (N_("Checked"), "info"),
    "submitted": (N_("Waits for approval"), "warn"),
    "approved": (N_("Approved"), "good"),
    "scheduled": (N_("Scheduled"), "info"),
    "active": (N_("In force"), "good"),
    "superseded": (N_("Superseded"), "plain"),
    "withdrawn": (N_("Withdrawn"), "plain"),
}
EVENTS: Final[Mapping[str, str]] = {
    "opened": N_("opened the draft"),
    "edited": N_("changed the text"),
    "renamed": N_("gave it another title"),
    "rebased": N_("brought it up to date with the release in force"),
    "checked": N_("had it checked: nothing was refused"),
    "submitted": N_("handed it in"),
    "approved": N_("approved it"),
    "sent_back": N_("sent it back"),
    "scheduled": N_("put it on the schedule"),
    "broke_glass": N_("broke the glass: in force without approval"),
    "reviewed": N_("looked at it afterwards"),
    "withdrawn": N_("withdrew it"),
    "commented": N_("remarked"),
}
EVENT_TONES: Final[Mapping[str, str]] = {
    "approved": "good", "reviewed": "good", "sent_back": "warn", "broke_glass": "bad", "withdrawn": "plain",
    "scheduled": "info", "submitted": "info",
}  # fmt: skip
VERDICTS: Final[Mapping[str, Worded]] = {
    "counterexample": (N_("Decides payments otherwise"), "warn"),
    "not_decided": (N_("Could not be settled"), "bad"),
    "same_outcome": (N_("Same outcome, another reason"), "info"),
    "equivalent": (N_("No payment is decided otherwise"), "good"),
}
"""In the order in which somebody who approves wants to read them."""
ACTS: Final[Mapping[str, Worded]] = {
    "added": (N_("new"), "good"),
    "ended": (N_("ends"), "warn"),
    "removed": (N_("taken out"), "bad"),
    "changed": (N_("changed"), "info"),
    "moved": (N_("moved"), "plain"),
}
KINDS: Final[Mapping[str, Worded]] = {
    "started": (N_("Came with the software"), "plain"),
    "published": (N_("Published here"), "good"),
    "broke_glass": (N_("Broken glass"), "bad"),
    "rolled_back": (N_("Rolled back"), "warn"),
    "imported": (N_("Brought in"), "info"),
    "demoted": (N_("A rule held back"), "warn"),
    "cancelled": (N_("Taken off the schedule"), "plain"),
}
TRIALS: Final[Mapping[str, Worded]] = {
    "running": (N_("Running"), "info"),
    "ended": (N_("Over"), "plain"),
    "withdrawn": (N_("Withdrawn by itself"), "bad"),
    "superseded": (N_("Over: another release is in force"), "plain"),
}
TRIAL_KINDS: Final[Mapping[str, str]] = {"shadow": N_("Shadow"), "canary": N_("Canary")}
CAUSES: Final[Mapping[str, str]] = {
    "guardrail": N_("A rate left its band."),
    "crash": N_("A payment could not be decided under it."),
    "draft": N_("Its draft was edited, sent back or withdrawn: what was approved is void."),
    "unusable": N_("A process that serves could not read it, or nobody who is trusted signed it."),
}
GUARDS: Final[Mapping[str, Worded]] = {
    "waiting": (N_("Too few decisions to judge"), "plain"),
    "within": (N_("Within its bands"), "good"),
    "left": (N_("A rate has left its band"), "bad"),
}
RUNS: Final[Mapping[str, Worded]] = {
    "waiting": (N_("Waits"), "plain"),
    "running": (N_("Running"), "info"),
    "done": (N_("Finished"), "good"),
    "failed": (N_("Failed"), "bad"),
    "stopped": (N_("Stopped"), "warn"),
}
SUBJECTS: Final[Mapping[str, str]] = {"outcome": N_("Outcome")}


def said(page: Page, table: Mapping[str, Worded], code: str) -> Said:
    """A code in words; one without words is itself."""
    word, tone = table.get(code, (code, "plain"))
    return Said(page._(word), tone)


def phrase(page: Page, table: Mapping[str, str], code: str) -> str:
    """The same of a table without tones."""
    return page._(table[code]) if code in table else code
