"""What may be done with a draft, by whom, and what each of it will do, in words, before anybody does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from api.console.page import Page, link
from api.console.reviewing.moments import Moment, in_words
from api.console.vocabulary import N_


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that may be done. `needs`: scopes of which one is wanted; `possible`: its name in what the interface says is
    possible now; `others_only`: never by whoever wrote any of it."""

    key: str
    possible: str
    needs: tuple[str, ...]
    label: str
    title: str
    tone: str = "secondary"
    others_only: bool = False
    reason: str = N_("Why")
    """The label of the field for the reason."""

    @property
    def route(self) -> str:
        """The last part of its path in the interface."""
        return self.key


STEPS: Final[Mapping[str, Step]] = {
    one.key: one
    for one in (
        Step("approve", "approve", ("approve",), N_("Approve"), N_("Approve this change"), "primary", others_only=True),
        Step("send-back", "send_back", ("approve",), N_("Send back"), N_("Send this change back"),
             reason=N_("What must be changed")),
        Step("schedule", "schedule", ("approve",), N_("Schedule"), N_("Choose from when on it is in force"), "primary"),
        Step("publish", "publish", ("approve",), N_("Publish now"), N_("Put it in force now")),
        Step("shadow", "shadow", ("edit",), N_("Start a shadow"), N_("Try it in shadow")),
        Step("canary", "canary", ("approve",), N_("Start a canary"), N_("Try it on a few payers"), others_only=True),
        Step("review", "review", ("approve",), N_("Review afterwards"),
             N_("Review what went in force without approval"), "primary", others_only=True,
             reason=N_("What you found")),
        Step("rollback", "rollback", ("approve",), N_("Roll back"), N_("Roll this change back"), "danger"),
        Step("rebase", "rebase", ("edit",), N_("Bring up to date"), N_("Bring it up to date")),
        Step("withdraw", "withdraw", ("edit", "approve"), N_("Withdraw"), N_("Withdraw this change"), "danger"),
        Step("break-glass", "break_glass", ("admin",), N_("Break the glass"), N_("Break the glass"), "danger",
             reason=N_("Why nobody can approve it in time")),
    )
}  # fmt: skip
"""In the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class World:
    """What a draft stands in."""

    in_force: str
    """Digest of the release in force."""
    versions: Mapping[str, str]
    """Digest -> version, of the releases that are kept."""
    running: Sequence[Mapping[str, Any]] = ()
    """Trials of the draft that are running."""
    later: Sequence[str] = ()
    """What begins later by a date of its own, in words."""
    chosen: Moment | None = None
    """The instant chosen for a schedule."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What was chosen for a trial."""

    def named(self, digest: str | None) -> str:
        """A release for people: its version, or the beginning of its digest."""
        return self.versions.get(digest or "", (digest or "")[:19])


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as it is offered to one person."""

    key: str
    label: str
    tone: str
    href: str
    said: str
    """What it will do, in one sentence."""


def own(page: Page, draft: Mapping[str, Any]) -> bool:
    """Whether the reader wrote any of it."""
    return page.caller is not None and page.caller.id in draft["editors"]


def allowed(page: Page, step: Step, draft: Mapping[str, Any]) -> bool:
    """Whether this person may take the step now, as far as can be known; the interface asks again."""
    if step.possible not in draft["possible"] or not page.may(*step.needs):
        return False
    if step.others_only and own(page, draft):
        return False
    said_before = page.caller is not None and page.caller.id in draft["approvals"]
    return not (step.key == "approve" and said_before)


def offers(page: Page, draft: Mapping[str, Any], world: World) -> list[Offer]:
    """What this person may do, in order."""
    return [
        Offer(
            one.key, page._(one.label), one.tone, link(f"/reviews/{draft['id']}/do/{one.key}"),
            next(iter(told(page, one, draft, world)), ""),
        )
        for one in STEPS.values()
        if allowed(page, one, draft) and not (one.key == "rebase" and draft["follows"] == world.in_force)
    ]  # fmt: skip


def left_to_approve(draft: Mapping[str, Any]) -> int:
    """How many persons must still approve."""
    return max(0, (draft["required"] or 1) - len(draft["approvals"]))


def told(page: Page, step: Step, draft: Mapping[str, Any], world: World) -> list[str]:
    """What a step will do, sentence by sentence, the most important first."""
    return list(_TELLERS[step.key](page, draft, world))


Said = Iterator[str]


def _approve(page: Page, draft: Mapping[str, Any], _world: World) -> Said:
    left = left_to_approve(draft) - 1
    if left > 0:
        yield page._("You agree that exactly this text becomes law. %(count)s more must agree after you.", count=left)
    else:
        yield page._("You agree that exactly this text becomes law. Nobody else has to agree after you.")
    yield page._("No payment is decided otherwise yet: it must be scheduled or published first.")
    yield page._("If anybody changes a single letter afterwards, your approval is void.")
    yield page._("Your name, the time and your reason stay in the record for ever.")


def _send_back(page: Page, _draft: Mapping[str, Any], _world: World) -> Said:
    yield page._("It goes back to its author with your reason. Every approval it had is void.")
    yield page._("No payment is decided otherwise.")


def _schedule(page: Page, draft: Mapping[str, Any], world: World) -> Said:
    if world.chosen is None:
        yield page._("You choose an instant from which on every payment is decided by it. Until then nothing changes.")
        return
    yield page._(
        "From %(when)s on, every payment that Lexgate is asked about is decided by this release.",
        when=in_words(page, world.chosen),
    )
    yield page._("Every process switches by itself at that instant; no request is dropped or decided by halves.")
    yield from _dates(page, world)
    yield page._("Until then it can be withdrawn, or tried on a few payers. Decisions made before stay as they are.")


def _publish(page: Page, _draft: Mapping[str, Any], world: World) -> Said:
    yield page._("Within a second, every payment that Lexgate is asked about is decided by this release.")
    yield from _dates(page, world)
    yield page._("Decisions made before stay as they are. Rolling back takes it out again within a second.")


def _dates(page: Page, world: World) -> Said:
    if world.later:
        yield page._("What is dated in the law itself begins on its own day, at midnight of each country:")
        yield from (f"– {one}" for one in world.later)


def _shadow(page: Page, _draft: Mapping[str, Any], _world: World) -> Said:
    yield page._(
        "From now on every decision is also asked of this draft, in the background. No payer notices anything."
    )
    yield page._("What it would have answered otherwise is counted, and listed payment by payment.")
    yield page._("It ends when somebody ends it, or when another release is in force.")


def _canary(page: Page, _draft: Mapping[str, Any], world: World) -> Said:
    share = world.values.get("share")
    if not share:
        yield page._("A part of the payers, always the same ones, is answered by it in earnest. You choose how many.")
        return
    yield page._(
        "Within a second, about %(share)s percent of the payers, always the same ones, are answered by this draft in earnest.",
        share=share,
    )
    yield page._("Everybody else is answered by the release in force.")
    yield page._(
        "It is withdrawn by itself if blocked payments are more than %(block)s points, or challenged ones more than"
        " %(challenge)s points, apart from everybody else's, once both sides have %(minimum)s decisions.",
        block=world.values["block"], challenge=world.values["challenge"], minimum=world.values["minimum"],
    )  # fmt: skip
    yield page._("Going well does not put it in force: schedule or publish it for that.")


def _review(page: Page, _draft: Mapping[str, Any], _world: World) -> Said:
    yield page._("You say what you found when you looked at what went in force without approval. It stays in force.")
    yield page._("If it should not be in force, roll it back.")


def _rollback(page: Page, draft: Mapping[str, Any], world: World) -> Said:
    if draft["rolls_back_to"] is None:
        yield page._("Nothing was in force before it: there is nothing to go back to.")
        return
    yield page._(
        "Within a second, every payment is decided by release %(version)s again, which was in force before this one.",
        version=world.named(draft["rolls_back_to"]),
    )
    yield page._("One person may do this: going back to what held before waits for nobody.")
    yield page._("Decisions made meanwhile stay as they are. Drafts made of this release must be brought up to date.")


def _rebase(page: Page, _draft: Mapping[str, Any], world: World) -> Said:
    yield page._(
        "Its changes are put upon the release in force, %(version)s, entry by entry.",
        version=world.named(world.in_force),
    )
    yield page._("What both sides changed differently is marked in the files, and must be settled by a person.")
    yield page._("Whatever was checked or approved is void.")


def _withdraw(page: Page, draft: Mapping[str, Any], _world: World) -> Said:
    if draft["state"] == "scheduled":
        yield page._("It is taken off the schedule: at the instant chosen nothing will change.")
    else:
        yield page._("It is given up. No payment is decided otherwise.")
    yield page._("It cannot be taken up again; its text and its history stay readable.")


def _break_glass(page: Page, _draft: Mapping[str, Any], _world: World) -> Said:
    yield page._("Within a second, every payment is decided by a text that nobody but you has agreed to.")
    yield page._("This is for the hour in which nobody else can be reached. It says so in the record for ever.")
    yield page._("Another person must review it afterwards. Rolling back takes it out again within a second.")


_TELLERS: Final = {
    "approve": _approve, "send-back": _send_back, "schedule": _schedule, "publish": _publish, "shadow": _shadow,
    "canary": _canary, "review": _review, "rollback": _rollback, "rebase": _rebase, "withdraw": _withdraw,
    "break-glass": _break_glass,
}  # fmt: skip
