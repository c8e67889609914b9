"""What the circuit breaker does with a rule that has run away: which it may hold back, how, and what a person is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import orjson

from api.settings import Settings
from engine.alerts import Alert, AlertKind
from engine.diffs.text import text_changes
from engine.drafting import ActivationKind, in_force
from engine.ledger import NewDemotion, ReleaseSignature
from engine.packs.demotions import PATH, Demotion, demote, last_of
from engine.packs.model import Basis, Rule
from engine.packs.packset import PackSet
from engine.regimes.sca_answer import DOMAIN as SCA
from engine.signing import DEMOTION, demotion_statement, proof_of

if TYPE_CHECKING:
    from api.law_in_force import LawInForce
    from api.service import Service

HELD: Final = "incident.breaker.held_back"
TOLD: Final = "incident.breaker.runaway"


@dataclass(frozen=True, slots=True)
class Held:
    """A rule to be held back. `carried`: it was before, and a release made before that has let it go."""

    demotion: Demotion
    carried: bool = False


def may_hold(settings: Settings, domain: str, rule: Rule) -> bool:
    """Whether the operator lets the breaker hold a rule back; of others it only tells."""
    if domain == SCA and settings.breaker_challenges == "tell":
        return False
    return settings.breaker == "all" or (settings.breaker == "house" and rule.basis is Basis.HOUSE)


def hold_back(service: Service, upon: PackSet, held: Held, now: datetime) -> PackSet:
    """Put in force what is in force (`upon`) with one rule held back. Waits for the disk.

    Raises DemotionOvertaken where something else is in force, LedgerError.
    """
    one = held.demotion
    base = upon.release
    packs = PackSet.of(demote(upon.files, one), base.version, near=upon)
    told = f"Carried over: {one.why}" if held.carried else one.why
    signature = _signed(service, base.digest, packs, one)
    details: dict[str, Any] = {"since": one.since.isoformat(), "carried": held.carried}
    if one.numbers is not None:
        details["numbers"] = asdict(one.numbers)
    service.ledger.demotions.put_in_force(
        NewDemotion(packs.release, base.digest, one.pack, one.rule, told, signature, details), now
    )
    return packs


def _signed(service: Service, base: str, packs: PackSet, one: Demotion) -> ReleaseSignature:
    """The publisher's word for what the release was made of; with it, what persons had said of that."""
    key = service.signing.own
    assert key is not None, "nothing is held back that cannot be signed"
    before = service.ledger.signatures.of(base)
    held_back: list[Mapping[str, str]] = []
    proof = None if not before else proof_of(before[0].public_key, before[0].statement, before[0].signature)
    said = orjson.loads(before[0].statement) if before else {}
    if said.get("format") == DEMOTION:
        held_back, proof = said["held_back"], said["proof"]
    held_back = [*held_back, {"base": base, "pack": one.pack, "rule": one.rule}]
    release = packs.release
    statement = demotion_statement(release.digest, release.version, held_back, proof)
    return ReleaseSignature(release.digest, "", key.public, statement, key.sign(statement))


def lost(service: Service, law: LawInForce, now: datetime) -> Iterator[Demotion]:
    """The rules that the release before the one in force held back, and that nobody has let go.

    A draft that was scheduled before a rule was held back does not know of it. Whoever wrote one made of a release that held the
    rule back, or went back to an earlier release, did; and where the draft changed what the rule rests on, it is another rule.
    """
    ledger = service.ledger
    activations = ledger.activations.all()
    holds = in_force(activations, now)
    if holds is None or holds.release != law.digest or holds.draft is None:
        return
    if holds.kind not in (ActivationKind.PUBLISHED, ActivationKind.BROKE_GLASS):
        return
    earlier = in_force([one for one in activations if one.seq != holds.seq], holds.active_from)
    before = None if earlier is None else service.files_of(earlier.release)
    draft = ledger.drafts.one(holds.draft)
    if before is None or PATH not in before or draft is None or earlier is None:
        return
    was, known = service.packs_of(earlier.release), service.files_of(draft.follows) or {}
    for one in was.demotions if was is not None else ():
        still = last_of(law.packs.files, one.pack, one.rule) is not None
        if not still and last_of(known, one.pack, one.rule) is None and was is not None and _same(was, law.packs, one):
            yield one


def _same(was: PackSet, now: PackSet, one: Demotion) -> bool:
    """Whether nothing has changed that the rule may rest on."""
    domain = next(name for name, held in was.held_back.items() if one.id in held)
    if one.pack not in now.packs:
        return False
    changes = text_changes(was, now, frozenset((one.pack,)))
    return not any(change.bears and domain in change.touches and change.file != PATH for change in changes)


# -- what a person is told ------------------------------------------------------------------------------------------------


def incident_of(one: Demotion, packs: PackSet) -> Alert:
    """That a rule is held back. Whoever tells it says the same: it is kept once."""
    said = f"The rule {one.id} is held back: it stops no payment, and a person looks at those that it would stop. {one.why}"
    return _alert(HELD, one, packs, said)


def runaway_incident(one: Demotion, packs: PackSet) -> Alert:
    """That a rule stops far more payments than it did, and is not held back by itself. Told once a release."""
    said = f"The rule {one.id} stops far more payments than before, and is not held back by itself. {one.why}"
    return _alert(TOLD, one, packs, said)


def _alert(code: str, one: Demotion, packs: PackSet, said: str) -> Alert:
    when = one.since.isoformat() if code == HELD else packs.release.digest
    return Alert(
        AlertKind.INCIDENT, code, one.pack, packs.packs[one.pack].version, "service", f"rule.{one.id}",
        (f"{one.id} {when}",), one.since, "high", said,
    )  # fmt: skip
