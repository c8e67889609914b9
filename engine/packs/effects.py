"""Effects: what may follow from a rule, a closed set for each domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.language.errors import did_you_mean
from engine.packs.fields import Keys, Notes
from engine.packs.model import Detail, Effect, Oblige, ParameterRef
from engine.packs.yaml import Mapping as YamlMapping
from engine.packs.yaml import Sequence

EFFECTS: Final = {
    "sca": ("out_of_scope", "exempt", "require", "method", "satisfy", "flag", "oblige"),
    "aml": ("report", "due_diligence", "travel_rule", "retain", "review", "block", "flag", "oblige"),
    "kyc": ("level", "collect", "limit", "owners", "age", "review", "refuse", "flag", "oblige"),
    "residency": ("allow", "mechanism", "local_copy", "deny", "flag", "oblige"),
    "methods": ("collect", "check", "limit", "refuse", "flag", "oblige"),
    "tax": ("oblige",),
}
"""Effect kinds by domain. `flag` only names a condition for others; `satisfy` says that a duty has been met already."""

DETAILS: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("aml", "report"): {"code": "text", "authority": "text", "form": "text", "due": "text", "from": "text"},
    ("aml", "due_diligence"): {"measures": "words"},
    ("aml", "travel_rule"): {"needs": "words", "on_request": "words", "within": "text"},
    ("aml", "retain"): {"years": "number", "from": "text", "at_most": "number", "what": "words"},
    ("aml", "review"): {"regime": "text"},
    ("aml", "block"): {"regime": "text"},
    ("kyc", "level"): {"above": "text", "comparator": "text", "currency": "text", "years": "number"},
    ("kyc", "collect"): {"fields": "words", "months": "number"},
    ("kyc", "limit"): {
        "amount": "text",
        "counts": "text",
        "tier": "text",
        "comparator": "text",
        "next": "text",
        "needs": "words",
        "index": "text",
        "currency": "text",
        "past": "text",
    },
    ("kyc", "owners"): {"share": "text", "comparator": "text", "fields": "words"},
    ("kyc", "age"): {"years": "number"},
    ("kyc", "review"): {"years": "number"},
    ("residency", "mechanism"): {"mechanisms": "words", "evidence": "words"},
    ("residency", "local_copy"): {"in": "text", "years": "number"},
    ("residency", "deny"): {"ground": "text", "lifted_by": "words"},
    ("methods", "collect"): {"fields": "words"},
    ("methods", "check"): {"field": "text", "with": "text", "place": "text", "words": "words", "side": "text"},
    ("methods", "limit"): {"amount": "text", "counts": "text", "comparator": "text"},
}
"""What the effects of a domain may say beside their name, each optional: a text, a whole number, or a list of words. In place of
any of them stands `{parameter: name}` where a dated parameter gives it; `amount` is always one."""

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
        details=_details(inner, DETAILS.get((domain, kind), {}), notes),
    )
    inner.done()
    if kind == "exempt" and not effect.by:
        notes.add("effect", inner.spot, "An exemption says who may use it.", "Add `by: [issuer, acquirer]`.")
    return effect


def _details(keys: Keys, known: Mapping[str, str], notes: Notes) -> dict[str, Detail]:
    return {name: _detail(keys, name, kind, notes) for name, kind in known.items() if keys.has(name)}


def _detail(keys: Keys, name: str, kind: str, notes: Notes) -> Detail:
    node = keys.need(name)
    if isinstance(node, YamlMapping):
        inner = Keys(node, notes, f"The detail {name}")
        found = ParameterRef(inner.text("parameter"))
        inner.done()
        return found
    if kind == "words":
        if not isinstance(node, Sequence):
            raise notes.stop("shape", node.spot, f"`{name}` is a list.")
        return tuple(keys.scalar(item, name).text for item in node.items)
    text = keys.scalar(node, name).text
    if kind == "text":
        return text
    if not text.isdecimal():
        raise notes.stop("effect", node.spot, f"{name} is a whole number, not {text!r}.")
    return int(text)


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
