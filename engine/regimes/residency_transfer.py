"""The general law of a place on data that leave it: inside, free, on a ground, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.language.interpret import is_within
from engine.language.law import Gap
from engine.packs.compile import Compiled, Held
from engine.places import country_of
from engine.regimes.residency_grounds import KIND, Ground, Stood
from engine.regimes.residency_question import Question

GROUNDS: Final = "transfer_mechanism"
FREE: Final = frozenset({"free", "not_in_force", "negative_list"})
"""Words of laws that restrict nothing: there is no such rule, it is not in force, or its list of closed countries is empty."""
AREA: Final = "EEA"
"""Data that stay within it have not left."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the general law says. `said`: inside, free, granted, refused, needs_input or no_rulepack."""

    said: str
    held: Held | None
    """The grounds as a pack states them."""
    name: str = ""
    """Of the law: `gdpr`."""
    mechanism: str | None = None
    options: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def transfer(question: Question, law: Compiled, place: str) -> Transfer:
    """The general law of one place on one question."""
    zone = zone_of(question, place)
    ground = Ground(question, law, zone)
    held = law.params.get(f"{GROUNDS}{zone}")
    if held is None or isinstance(held.value.value, Gap):
        return Transfer("no_rulepack", None)
    name = str(law.setting("dp_law") or "data_protection")
    if question.get("region_country") is None:
        return Transfer("needs_input", held, name, lacks=("region_country",))
    within = inside(question, law, place, held)
    if within.value or question.get("data_form") == "anonymised":
        return Transfer("inside", held, name)
    words: tuple[str, ...] = held.value.value
    if FREE & set(words):
        return Transfer("free", held, name)
    if within.value is None:
        return Transfer("needs_input", held, name, lacks=within.lacks)
    return _granted(ground, held, name, words)


def zone_of(question: Question, place: str) -> str:
    """A free zone's law is that of whoever is established in it."""
    zone = question.get("free_zone")
    home = question.get("actor_establishment")
    return f"_{zone}" if zone and zone != "none" and (home is None or country_of(home) == country_of(place)) else ""


def inside(question: Question, law: Compiled, place: str, held: Held) -> Stood:
    """Whether the region is where this law holds: its country, or the part of it that has a law of its own."""
    country, own = question.get("region_country"), held.pack.jurisdiction
    if "-" in own:
        part = question.get("region_subdivision")
        if country != country_of(own):
            return Stood(False)
        return Stood(None, ("region_subdivision",)) if part is None else Stood(part == own)
    if country == country_of(place):
        return Stood(True)
    area = any(pack.jurisdiction == AREA for pack in law.chain)
    return Stood(area and is_within(country, AREA, law.law))


def _granted(ground: Ground, held: Held, name: str, words: tuple[str, ...]) -> Transfer:
    needs: tuple[str, ...] = ground.setting("transfer_needs") or ()
    stood = {word: ground.stood(word) for word in needs or words}
    if needs:
        done = all(one.value for one in stood.values())
        open_ = not any(one.value is False for one in stood.values())
    else:
        done = any(one.value for one in stood.values())
        open_ = any(one.value is None for one in stood.values())
    if done:
        return Transfer("granted", held, name, _named(ground, stood), needs or words)
    if open_:
        return Transfer("needs_input", held, name, options=needs or words, lacks=_lacks(ground, stood))
    return Transfer("refused", held, name, options=needs or words)


def _named(ground: Ground, stood: dict[str, Stood]) -> str:
    """The ground that carries it: the one that the caller stated, where that is one of several."""
    there = [word for word, one in stood.items() if one.value]
    kind = ground.question.get(KIND)
    return next((word for word in there if word == kind), there[0])


def _lacks(ground: Ground, stood: dict[str, Stood]) -> tuple[str, ...]:
    """The kind of the mechanism where none is stated; else what that kind lacks."""
    lacks = [name for one in stood.values() if one.value is None for name in one.lacks]
    if ground.question.get(KIND) is None and KIND in lacks:
        more = [name for name in lacks if name.startswith("law.")]
        return (KIND,) if not more or len(lacks) > len(more) else tuple(more)
    return tuple(dict.fromkeys(lacks))
