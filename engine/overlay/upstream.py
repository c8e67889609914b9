"""Which of the releases that came with the software a house's own release was made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.drafting import Activation, ActivationKind, Draft

DraftOf = Callable[[str], Draft | None]


def upstream_of(release: str, activations: Sequence[Activation], draft_of: DraftOf) -> str | None:
    """The digest of what came with the software and a release was made of, over any number of drafts.

    A release that was brought from elsewhere is taken to be made of the last that came with the software before it. None: nothing
    ever came with the software.
    """
    shipped = {one.release for one in activations if one.kind is ActivationKind.STARTED}
    made_by = {one.release: one for one in activations if one.draft is not None and one.cancels is None}
    seen: set[str] = set()
    at = release
    while at not in shipped:
        made = made_by.get(at)
        draft = None if made is None or made.draft is None or at in seen else draft_of(made.draft)
        if draft is None:
            return _before(at, activations)
        if draft.replaces is not None:
            return draft.base
        seen.add(at)
        at = draft.base
    return at


def _before(release: str, activations: Sequence[Activation]) -> str | None:
    first = next((one.seq for one in activations if one.release == release), None)
    started = [one for one in activations if one.kind is ActivationKind.STARTED and (first is None or one.seq < first)]
    return started[-1].release if started else None
