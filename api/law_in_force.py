"""The law that answers at this moment, with all that hangs on it, as one object: whoever read it once answers by one release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from api.lookout import Watch
from api.scenario_watch import ScenarioWatch
from api.signing_keys import SigningKeys
from engine.authentication import plan_of
from engine.drafting import ActivationKind
from engine.features import forms_in, keys_of
from engine.ledger import Ledger
from engine.packs import PackSet
from engine.packs.model import Pack
from engine.regimes.sca_answer import DOMAIN
from engine.trials import Trial

MakeScenarios = Callable[[PackSet], ScenarioWatch]
MakeWatch = Callable[[ScenarioWatch], Watch]


@dataclass(frozen=True, slots=True)
class LawInForce:
    """A release ready to be asked."""

    packs: PackSet
    scenarios: ScenarioWatch
    """The scenarios of the release."""
    lookout: Watch
    """What decisions are told of lists and of the past."""
    past_keys: frozenset[frozenset[str]]
    """The facts by which the law asks whose past is meant, where it asks for features of past payments at all."""
    header: tuple[bytes, bytes]
    canary: LawInForce | None = None
    """What answers a part of the payers in its place."""
    trial: Trial | None = None
    """Of a canary: which."""
    beside: LawInForce | None = None
    """Of a canary: the law in force, which decides where this one falls."""

    @property
    def digest(self) -> str:
        """Of the release."""
        return self.packs.release.digest

    @property
    def alone(self) -> LawInForce:
        """The law in force without any canary."""
        return self if self.canary is None else replace(self, canary=None)

    def with_canary(self, law: LawInForce, trial: Trial) -> LawInForce:
        """The same, with a release that answers those who are in a canary."""
        alone = self.alone
        return replace(alone, canary=replace(law.alone, trial=trial, beside=alone))


@dataclass(frozen=True, slots=True)
class Preparing:
    """Makes a release ready: everything slow is done before it answers its first payment."""

    ledger: Ledger
    make_scenarios: MakeScenarios
    make_watch: MakeWatch
    clock: Callable[[], datetime]

    def __call__(self, packs: PackSet, near: LawInForce | None = None) -> LawInForce:
        """`near`: what answers now; what watches for the same scenarios goes on doing so."""
        forms = forms_in(packs.packs.values())
        if forms:
            self.ledger.history.keep(forms)
        if near is not None:
            warm_up(packs, self.clock())
        if packs.demotions:
            warm_up(packs.silenced, self.clock())
        same = near is not None and _watched(packs) == _watched(near.packs)
        scenarios = near.scenarios if near is not None and same else self.make_scenarios(packs)
        header = (b"lexgate-release", packs.release.digest.encode())
        return LawInForce(
            packs, scenarios, self.make_watch(scenarios), keys_of(forms) if forms else frozenset(), header
        )


def _watched(packs: PackSet) -> list[tuple[str, object]]:
    """What scenarios turn on: the packs that hold them, and who is of which group."""
    return [
        (code, pack if _has_scenarios(pack) else (pack.members, pack.list_for))
        for code, pack in sorted(packs.packs.items())
        if _has_scenarios(pack) or pack.members
    ]


def _has_scenarios(pack: Pack) -> bool:
    return any(domain.scenarios for domain in pack.domains.values())


def warm_up(packs: PackSet, now: datetime) -> None:
    """Compile today's law of payments wherever there is any, and tomorrow's: no first caller waits for it. Places about which
    only other domains speak share the law of the world."""
    speaking = [pack for pack in packs.packs.values() if DOMAIN in pack.domains]
    places = {pack.jurisdiction for pack in speaking if len(pack.jurisdiction) == len("DE")}
    places |= {member.place for pack in speaking for member in pack.members}
    for day in (now.date(), now.date() + timedelta(days=1)):
        for place in sorted(places):
            plan_of(packs.law(place, DOMAIN, day))
    for language in packs.languages:
        packs.words(language)


def started_with(shipped: PackSet, ledger: Ledger, now: datetime, signing: SigningKeys) -> PackSet:
    """The law to start with: what came with the software, unless the house has put something else in force.

    What came with the software goes on being in force with the next version of it; what people of the house approved is not
    replaced by anything but what they approve. Raises ReleaseNotTrusted where nobody who is trusted signed it.
    """
    holds = ledger.activations.now(now)
    if holds is None or holds.kind is ActivationKind.STARTED or holds.release == shipped.release.digest:
        ledger.remember_release(shipped.release, now)
        return shipped
    signing.require(ledger, holds.release)
    stored = ledger.release(holds.release)
    assert stored is not None, "nothing is put in force that is not kept"
    return PackSet.from_canonical(stored.canonical, near=shipped)
