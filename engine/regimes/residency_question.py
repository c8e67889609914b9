"""One question on where data may be, as rules are asked it: what is stated, what it resolves to, and the defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from engine.asked import Asked
from engine.facts import Facts
from engine.packs.regions import Region
from engine.places import SUBDIVISIONS, country_of

LIST: Final = "data"
FACT: Final = "data."
MERCHANT: Final = "merchant"

UNKNOWN_REGION: Final = "unknown_region"
ANYWHERE: Final = "anywhere"
CONTRADICTED: Final = "contradicted"


@dataclass(frozen=True, slots=True)
class Question:
    """One element of `data` about one region: a set of regions makes several."""

    at: int
    """Its place in the list."""
    stated: Mapping[str, Any]
    """The element as stated, by short names."""
    known: Mapping[str, Any]
    """As `stated`, with the region resolved and the defaults of the contract filled in."""
    facts: Facts
    """What rules are asked: the payment's facts, and `known` under `data.`."""
    unresolved: str
    """Why the region has no place: unknown_region, anywhere, contradicted; empty where it has one, or none is stated."""

    def get(self, name: str) -> Any:
        """A fact by its short name: `mechanism.kind`."""
        return self.known.get(name)

    @property
    def place(self) -> str | None:
        """The region as the caller named it."""
        return self.stated.get("region_country") or self.stated.get("region_id")

    @property
    def day(self) -> date | None:
        """The day whose law is asked, where the question says so."""
        found: date | None = self.stated.get("date")
        return found

    def field(self, name: str) -> str:
        """How a fact of this question is named among the missing."""
        return f"{LIST}[{self.at}].{name}"


def questions(asked: Asked) -> Iterator[list[Question]]:
    """Each element of `data`, as questions about single regions."""
    base = {path: value for path, value in asked.facts.items() if path != LIST}
    for at, stated in enumerate(asked.facts[LIST]):
        yield list(_single(asked, at, stated, base))


def _single(asked: Asked, at: int, stated: Mapping[str, Any], base: Mapping[str, Any]) -> Iterator[Question]:
    known = {**stated, **_words(stated), **_defaults(asked.facts, stated)}
    if "region_id" not in stated:
        yield _question(at, stated, {**known, **_region_stated(known)}, base, "")
        return
    found = asked.packs.regions.find(stated["region_id"])
    places = asked.packs.regions.places(stated["region_id"])
    if places is None:
        reason = UNKNOWN_REGION if found is None else ANYWHERE
        yield _question(at, stated, _nowhere(known), base, reason)
        return
    for region in places:
        said = country_of(stated["region_country"]) if "region_country" in stated else region.country
        contradicted = CONTRADICTED if said != region.country else ""
        resolved = _nowhere(known) if contradicted else {**known, **_resolved(region, stated)}
        yield _question(at, stated, resolved, base, contradicted)


def _question(
    at: int, stated: Mapping[str, Any], known: Mapping[str, Any], base: Mapping[str, Any], why: str
) -> Question:
    return Question(
        at, stated, known, Facts({**base, **{f"{FACT}{name}": value for name, value in known.items()}}), why
    )


def _nowhere(known: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in known.items() if name not in ("region_country", "region_subdivision")}


def _resolved(region: Region, stated: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        "region_country": region.country,
        "operator_country": stated.get("operator_country") or region.operator_country,
    }
    part = region.subdivision or _part(stated.get("region_subdivision"), region.country)
    return {**found, "region_subdivision": part} if part else found


def _region_stated(known: Mapping[str, Any]) -> dict[str, Any]:
    """A region by its country, or by a part of one; parts as ISO 3166-2 codes."""
    place = known.get("region_country")
    if place is None:
        return {}
    country = country_of(place)
    part = place if place != country and place in SUBDIVISIONS else _part(known.get("region_subdivision"), country)
    return {"region_country": country, **({"region_subdivision": part} if part else {})}


def _part(text: str | None, country: str) -> str | None:
    """`QC`, `CA-QC` -> `CA-QC`; what is no part of the country stays as it was written."""
    if not text:
        return None
    whole = f"{country}-{text}"
    return whole if whole in SUBDIVISIONS else text


_WRITTEN_FREELY: Final = ("mechanism.kind", "mechanism.template", "mechanism.scheme")


def _words(stated: Mapping[str, Any]) -> dict[str, str]:
    """Names of mechanisms as rules know them: `EU-US DPF` -> `eu_us_dpf`."""
    found = {name: stated[name] for name in _WRITTEN_FREELY if name in stated}
    return {name: "_".join(text.lower().replace("-", " ").split()) for name, text in found.items()}


def _defaults(facts: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """The person is the payer and the actor the obliged entity, a merchant, where nothing else is stated."""
    found: dict[str, Any] = {}
    subject = stated.get("subject_country") or facts.get("payer.country")
    if subject is not None:
        country = country_of(subject)
        region = None if "subject_country" in stated else facts.get("payer.region")
        part = subject if subject in SUBDIVISIONS else _part(stated.get("subject_subdivision") or region, country)
        found["subject_country"] = country
        if part in SUBDIVISIONS:
            found["subject_subdivision"] = part
    found["actor_role"] = stated.get("actor_role") or facts.get("obliged_entity.role") or MERCHANT
    home = stated.get("actor_establishment") or facts.get("obliged_entity.country") or facts.get("payee.country")
    if home is not None:
        found["actor_establishment"] = home
    return found
