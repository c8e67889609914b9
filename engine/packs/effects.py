"""Effects: what may follow from a rule, a closed set for each domain."""

from __future__ import annotations

from typing import Final

from engine.language.errors import did_you_mean
from engine.packs.fields import Keys, Notes
from engine.packs.model import Effect, Oblige

EFFECTS: Final = {
    "sca": ("out_of_scope", "exempt", "require", "method", "satisfy", "flag", "oblige"),
    "aml": ("report", "due_diligence", "travel_rule", "retain", "review", "block", "oblige"),
    "kyc": ("level", "collect", "limit", "refuse", "oblige"),
    "residency": ("allow", "mechanism", "local_copy", "deny", "oblige"),
    "methods": ("collect", "check", "limit", "refuse", "oblige"),
    "tax": ("oblige",),
}
"""Effect kinds by domain. `flag` only names a condition for others; `satisfy` says that a duty has been met already."""

PARTIES: Final = ("issuer", "acquirer")
LIABLE: Final = ("issuer", "acquirer", "merchant", "payer")


def read_effect(keys: Keys, domain: str, notes: Notes) -> Effect:
    """The `effect:` of a rule."""
    inner = Keys(keys.need("effect"), notes, "An effect")
    known = EFFECTS[domain]
    kinds = [key.text for key, _ in inner.node.entries if key.text in known and key.text != "oblige"]
    if len(kinds) > 1:
        raise notes.stop("effect", inner.spot, f"One effect a rule, not {' and '.join(kinds)}.")
    if not kinds and not any(key.text == "oblige" for key, _ in inner.node.entries):
        written = inner.node.entries[0][0].text if inner.node.entries else ""
        hint = did_you_mean(written, known) or f"Known: {', '.join(known)}."
        raise notes.stop("effect", inner.spot, f"No effect of the domain {domain} is named.", hint)
    kind = kinds[0] if kinds else "oblige"
    effect = Effect(
        kind=kind,
        name=inner.identifier(kind) if kinds else "obligation",
        by=_parties(inner, notes),
        always=inner.flag("always"),
        dynamic_linking=inner.flag("dynamic_linking"),
        forbid=inner.words("forbid"),
        need=inner.words("need"),
        liability=inner.maybe("liability"),
        outcome=_outcome(inner, notes),
        oblige=tuple(_oblige(inner, notes)),
    )
    inner.done()
    if kind == "exempt" and not effect.by:
        notes.add("effect", inner.spot, "An exemption says who may use it.", "Add `by: [issuer, acquirer]`.")
    return effect


def _parties(keys: Keys, notes: Notes) -> tuple[str, ...]:
    found = keys.words("by")
    for party in found:
        if party not in PARTIES:
            notes.add(
                "effect",
                keys.where("by"),
                f"{party!r} is not a party that may use an exemption.",
                f"Known: {', '.join(PARTIES)}.",
            )
    return found


def _outcome(keys: Keys, notes: Notes) -> str | None:
    outcome = keys.maybe("outcome")
    if outcome is not None and outcome not in ("allow", "challenge", "collect", "review", "block"):
        notes.add("effect", keys.where("outcome"), f"There is no outcome {outcome!r}.")
    return outcome


def _oblige(keys: Keys, notes: Notes) -> list[Oblige]:
    found = []
    for node in keys.items("oblige"):
        inner = Keys(node, notes, "An obligation")
        found.append(Oblige(inner.identifier("what"), inner.text("who"), inner.maybe("within")))
        inner.done()
    return found
