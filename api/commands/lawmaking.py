"""What the commands on drafts and on releases share: the ledger as the place of both, and a person who says who they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

import typer

from api.commands.console import give_up
from api.commands.ledger import law, law_in_force, opened, releases, settings
from api.drafting import Desk
from api.service import files_kept, utc_now
from api.settings import Settings
from api.signing_keys import SigningKeys
from engine.drafting import DraftRefused
from engine.ledger import DraftMoved, EntryRefused, Ledger, Scope
from engine.packs import PackSet

Key = Annotated[
    str,
    typer.Option("--key", envvar="LEXGATE_KEY", help="Your API key: who does it is who holds it.", show_default=False),
]
Why = Annotated[str, typer.Option("--reason", help="Kept in the chain of the ledger.")]


@dataclass(slots=True)
class KeptLaws:
    """The releases of a ledger. Packs are loaded only where something must be known of their contents."""

    ledger: Ledger
    clock: Callable[[], datetime] = utc_now
    _loaded: dict[str, PackSet | None] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """The settings of this process."""
        return settings()

    @property
    def signing(self) -> SigningKeys:
        """Who signs here, and who is trusted."""
        return SigningKeys(settings())

    @property
    def held(self) -> str:
        """The digest of the release in force; into a ledger without any goes what came with the software."""
        holds = self.ledger.activations.now(self.clock())
        return law_in_force(self.ledger).release.digest if holds is None else holds.release

    @property
    def shipped(self) -> str:
        """The digest of what came with this software: read whole, which takes seconds."""
        return law().release.digest

    def packs_of(self, digest: str) -> PackSet | None:
        """A release, loaded: seconds."""
        if digest not in self._loaded:
            self._loaded[digest] = releases(self.ledger)(digest)
        return self._loaded[digest]

    def files_of(self, digest: str) -> Mapping[str, str] | None:
        """The files of a release, not looked into."""
        return files_kept(self.ledger, digest)


@contextmanager
def reader() -> Iterator[Desk]:
    """A desk at which nothing is moved."""
    with opened() as ledger:
        yield Desk(KeptLaws(ledger), "")


@contextmanager
def person(key: str, scope: Scope) -> Iterator[Desk]:
    """The desk of whoever holds the key. Ends the command where the key is not known, or a step is refused."""
    with opened() as ledger:
        actor = ledger.keys.authenticate(key)
        if actor is None or scope not in actor.scopes:
            give_up(f"this key is not known, or lacks the scope `{scope}`")
        try:
            yield Desk(KeptLaws(ledger), actor.id)
        except DraftRefused as refusal:
            give_up(str(refusal))
        except DraftMoved:
            give_up("somebody has changed the draft meanwhile: look at it again")
        except EntryRefused:
            give_up("the ledger refuses it: nobody else has approved this")
