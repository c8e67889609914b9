"""A party of OFAC's advanced XML as its own element tells it, in numbers that only the tables of the whole file explain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.screening.lists.errors import BrokenList
from engine.screening.lists.ofac_advanced_features import Feature, features
from engine.screening.lists.xml import Element, attribute, every, text
from engine.screening.model import EntityKind, Owner


@dataclass(slots=True)
class Alias:
    """One written form of one name. `said`: its parts and the numbers of what they are."""

    kind: str
    primary: bool
    weak: bool
    said: list[tuple[str, str]]

    def told(self, called: Callable[[str], str]) -> tuple[str, str, str]:
        """The name as people read it, its given names and its family name; the parts only where both are told.

        OFAC writes the family name first.
        """
        given, family = [], []
        for part, number in self.said:
            word = called(number).casefold() if number else ""
            if "last" in word or "family" in word:
                family.append(part)
            elif any(one in word for one in ("first", "middle", "given", "patronymic")):
                given.append(part)
        if given and family and len(given) + len(family) == len(self.said):
            return " ".join((*given, *family)), " ".join(given), " ".join(family)
        return " ".join(part for part, _ in self.said), "", ""


@dataclass(slots=True)
class Party:
    """One party; what other sections say of it is put to it later."""

    key: str
    sub_kind: str
    comment: str
    identities: list[str] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    features: list[Feature] = field(default_factory=list)
    owners: list[Owner] = field(default_factory=list)
    ties: list[str] = field(default_factory=list)

    @property
    def called(self) -> str:
        """Its first name."""
        return " ".join(part for part, _ in self.aliases[0].said) if self.aliases else self.key


def party(element: Element) -> Party:
    """A `DistinctParty`. Raises BrokenList where it has no profile or no name."""
    profile = next(iter(every(element, "Profile")), None)
    if profile is None:
        raise BrokenList("A party without a profile")
    found = Party(attribute(profile, "ID"), attribute(profile, "PartySubTypeID"), text(element, "Comment"))
    for identity in every(profile, "Identity"):
        found.identities.append(attribute(identity, "ID"))
        found.aliases += _aliases(identity)
    if not found.aliases:
        raise BrokenList(f"Party {found.key[:20]} has no name")
    found.aliases.sort(key=lambda alias: not alias.primary)
    # The real file has the features beside the profile's identity; older ones have them beside the profile.
    found.features = [*features(profile), *features(element)]
    return found


def shown_kind(sub: str, kind: str) -> EntityKind:
    """`Vessel` and `Aircraft` are sub-kinds of transport; persons and bodies are told by the kind alone."""
    for words in (sub.casefold(), kind.casefold()):
        for part, found in _KINDS:
            if part in words:
                return found
    return EntityKind.UNKNOWN


_KINDS = (
    ("vessel", EntityKind.VESSEL),
    ("aircraft", EntityKind.AIRCRAFT),
    ("individual", EntityKind.PERSON),
    ("entity", EntityKind.ORGANISATION),
)


def _aliases(identity: Element) -> list[Alias]:
    groups = {
        attribute(one, "ID"): attribute(one, "NamePartTypeID")
        for one in every(identity, "NamePartGroups/MasterNamePartGroup/NamePartGroup")
    }
    main_identity = attribute(identity, "Primary") != "false"
    found: list[Alias] = []
    for one in every(identity, "Alias"):
        main = main_identity and attribute(one, "Primary") == "true"
        for place, name in enumerate(every(one, "DocumentedName")):
            parts = [
                (said, groups.get(attribute(value, "NamePartGroupID"), ""))
                for value in every(name, "DocumentedNamePart/NamePartValue")
                if (said := " ".join((value.text or "").split()))
            ]
            if parts:
                weak = attribute(one, "LowQuality") == "true"
                found.append(Alias(attribute(one, "AliasTypeID"), main and place == 0, weak, parts))
    return found
