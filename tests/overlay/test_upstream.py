"""What a house's law was made of, over drafts, upgrades, rollbacks and releases from elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.drafting import Activation, ActivationKind, Draft, opened
from engine.overlay import upstream_of

AT = datetime(2026, 11, 26, tzinfo=UTC)


class Past:
    """What was put in force, in its order."""

    def __init__(self) -> None:
        self.activations: list[Activation] = []
        self.drafts: dict[str, Draft] = {}

    def put(self, release: str, kind: ActivationKind, draft: str | None = None) -> None:
        seq = len(self.activations) + 1
        at = AT + timedelta(hours=seq)
        self.activations.append(Activation(seq, release, at, kind, "ann", at, draft))

    def shipped(self, release: str) -> None:
        self.put(release, ActivationKind.STARTED)

    def made(self, release: str, base: str, replaces: str | None = None) -> None:
        draft = f"drf_{release}"
        self.drafts[draft] = opened(draft, base, "A change", "ann", AT, replaces=replaces).draft
        self.put(release, ActivationKind.PUBLISHED, draft)

    def of(self, release: str) -> str | None:
        return upstream_of(release, self.activations, self.drafts.get)


def test_what_came_with_the_software_is_its_own_upstream() -> None:
    past = Past()
    past.shipped("s0")
    assert past.of("s0") == "s0"


def test_any_number_of_changes_rest_on_what_the_first_was_made_of() -> None:
    past = Past()
    past.shipped("s0")
    past.shipped("s1")
    past.made("h1", "s1")
    past.made("h2", "h1")
    past.put("h1", ActivationKind.ROLLED_BACK)
    assert [past.of(release) for release in ("h1", "h2")] == ["s1", "s1"]


def test_after_an_upgrade_it_is_what_the_upgrade_brought() -> None:
    past = Past()
    past.shipped("s0")
    past.made("h1", "s0")
    past.made("m1", "s1", replaces="h1")
    past.made("h2", "m1")
    assert [past.of(release) for release in ("m1", "h2", "h1")] == ["s1", "s1", "s0"]


def test_of_a_release_from_elsewhere_it_is_the_last_that_came_before_it() -> None:
    past = Past()
    assert past.of("none") is None
    past.put("early", ActivationKind.IMPORTED)
    past.shipped("s0")
    past.put("file", ActivationKind.IMPORTED)
    past.shipped("s1")
    past.made("h1", "file")
    assert [past.of(release) for release in ("early", "file", "h1", "unknown")] == [None, "s0", "s0", "s1"]
