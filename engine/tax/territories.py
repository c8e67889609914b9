"""Where an address lies for consumption tax: its country, its own territory, inside or outside a tax area.

Places travel as codes. A territory outside its country's tax area answers under its own ISO code (`ES-CN`, `GP`), or, where it
has none, under a code of ours that no country law answers to (`DE/heligoland`). Whoever asks for a border compares areas, never
countries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from engine.packs.model import Pack, Territory
from engine.places import country_of
from engine.tax.law import TaxLaw, cited
from engine.tax.model import Address, Step

UNION: Final = "EU"
KINGDOM: Final = "GB"
NORTHERN_IRELAND: Final = "XI"

_SAME: Final = {
    "GB-NIR": "XI",
    "FI-01": "AX",
    "FR-971": "GP", "FR-972": "MQ", "FR-973": "GF", "FR-974": "RE", "FR-976": "YT", "FR-MF": "MF", "FR-BL": "BL",
    "FR-PM": "PM", "FR-NC": "NC", "FR-PF": "PF", "FR-WF": "WF", "FR-TF": "TF",
    "ES-GC": "ES-CN", "ES-TF": "ES-CN",
    "NL-AW": "AW", "NL-CW": "CW", "NL-SX": "SX", "NL-BQ1": "BQ", "NL-BQ2": "BQ", "NL-BQ3": "BQ",
    "NO-21": "SJ", "NO-22": "SJ",
    "US-AS": "AS", "US-GU": "GU", "US-MP": "MP", "US-VI": "VI",
}  # fmt: skip
"""Places that ISO 3166 knows under two codes, and the provinces of the Canaries."""

PARENT: Final = {own: part[:2] for part, own in _SAME.items() if "-" not in own}
"""Territories with a country code of their own -> the country in whose table they stand."""


_REMEMBERED: Final = 20_000
_NAMED: Final = 3
"""Territories named where an address might lie in one."""

_LETTERS: Final = re.compile(r"^[A-Z]{1,3}(?=\d)")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an address lies on a day."""

    place: str | None
    """Whose rates hold there: a country, a subdivision, a territory's own code, or `DE/heligoland` for one without rates that we
    know; None: no country is stated."""
    vat_area: str | None
    """The tax area: `EU`, `GB`, `XI` (goods as in the Union, services as in the Kingdom), a third country's code, or the
    own code of a territory outside (`ES-CN`, `DE/heligoland`)."""
    territory: Territory | None
    step: Step
    missing: tuple[str, ...] = ()
    customs_area: str | None = None
    """`EU` within the Union's customs territory, which is another than the tax area; else as `vat_area`."""

    @property
    def state(self) -> str | None:
        """The State that taxes there: the country of a subdivision; `XI` stays itself."""
        return None if self.place is None else state_of(self.place)


def state_of(place: str) -> str:
    """The country of a place; Northern Ireland stays itself: `PT-20` -> `PT`, `XI` -> `XI`."""
    return place[:2]


def place_of(address: Address, law: TaxLaw, day: date) -> Placed:
    """The place and the tax area of an address.

    A country without a postcode is taken as its main territory, and the step says so where that could be wrong. Never an error:
    without a country the answer has neither place nor area, and names what is missing.
    """
    return law.kept(("placed", address, day), lambda noting: _place_of(address, noting, day))


def _place_of(address: Address, law: TaxLaw, day: date) -> Placed:
    if address.country is None:
        step = Step("territory", "No country is stated.")
        return Placed(None, None, None, step, ("country",))
    code = _own(address.region or address.country)
    if state_of(code) != address.country and address.region not in _SAME:
        step = Step("territory", f"The region {address.region} does not lie in {address.country}.")
        return Placed(None, None, None, step, ("region",))
    nearby = law.territories(address.country, day)
    table = law.territories(PARENT.get(code, state_of(code)), day)
    found = _by_code((*nearby, *table), code) or _by_postcode(nearby, address.country, address.postal_code)
    return _main(code, address, nearby, law, day) if found is None else _special(*found, law, day)


def untaxed(place: str) -> bool:
    """Whether a place is a territory outside every tax area, of which no pack knows a tax (`DE/heligoland`)."""
    return "/" in place


def area_of(place: str, law: TaxLaw, day: date) -> str:
    """The tax area of a code: `FR`, `PT-20` -> `EU`; `GB` -> `GB`; `ES-CN` -> `ES-CN`; `US-CA` -> `US`."""
    if untaxed(place):
        return place
    return place_of(Address(state_of(place), place if "-" in place else None), law, day).vat_area or place


def _by_code(nearby: tuple[tuple[Pack, Territory], ...], code: str) -> tuple[Pack, Territory] | None:
    return next(((pack, land) for pack, land in nearby if land.place and _own(land.place) == code), None)


def _own(place: str) -> str:
    return _SAME.get(place, place)


def _by_postcode(
    nearby: tuple[tuple[Pack, Territory], ...], country: str, postcode: str | None
) -> tuple[Pack, Territory] | None:
    """The territory with the longest matching prefix: 97150 is Saint-Martin although 971 is Guadeloupe."""
    if postcode is None:
        return None
    hits = [
        (length, pack, land)
        for pack, land in nearby
        for code in land.postal_codes
        if (length := _matches(code, pack.jurisdiction, country, postcode))
    ]
    return max(hits, key=lambda hit: hit[0])[1:] if hits else None


def district(country: str, postcode: str, law: TaxLaw) -> tuple[tuple[int, int], ...]:
    """Which prefixes of territories a postcode matches, by their places in the tables and how far. On no day does the law tell
    postcodes apart that match the same ones; of nearly all that is none."""
    key = "district", country, postcode
    found: tuple[tuple[int, int], ...] | None = law.derived.get(key)
    if found is None:
        if len(law.derived) > _REMEMBERED:
            law.derived.clear()
        prefixes = [(pack.jurisdiction, code) for pack, land in law.lands(country) for code in land.postal_codes]
        lengths = [_matches(code, owner, country, postcode) for owner, code in prefixes]
        found = law.derived[key] = tuple([(at, length) for at, length in enumerate(lengths) if length])
    return found


def _matches(code: str, owner: str, country: str, postcode: str) -> int:
    """How many characters of the postcode a prefix or range (`27498`, `6991-6993`, `CH:8238`) has matched; 0: none."""
    abroad, _, rest = code.rpartition(":")
    if (abroad or owner) != country:
        return 0
    first, _, last = rest.replace(" ", "").partition("-")
    written = _bare(postcode, letters=first[:1].isalpha())
    head = written[: len(first)]
    return len(first) if len(head) == len(first) and first <= head <= (last or first) else 0


@lru_cache(maxsize=4096)
def _bare(postcode: str, *, letters: bool) -> str:
    """A postcode without what people write around it: `D-27498`, `es 35001`, `9500-321`."""
    text = re.sub(r"[^0-9A-Z]", "", postcode.upper())
    return text if letters else _LETTERS.sub("", text)


def _special(pack: Pack, land: Territory, law: TaxLaw, day: date) -> Placed:
    """Within a territory of a table."""
    country, own = pack.jurisdiction, _own(land.place) if land.place else None
    if own == NORTHERN_IRELAND:
        place = area = NORTHERN_IRELAND
    elif land.vat_area:
        place, area = land.treated_as or own or country, _area(land.treated_as or country, law, day)
    else:
        # A part of the country that has no pack would answer with the country's rates: it gets a code that none answers to.
        coded = own if own and ("-" not in own or own in law.packs.packs) else None
        known = coded if coded in law.packs.packs else land.treated_as or coded
        place = area = known or f"{country}/{land.id}"
    within = "within" if land.vat_area else "outside"
    words = f"{land.name}: {within} the tax area of {_name(country, law, day)}"
    words += f", treated as {land.treated_as}" if land.treated_as else ""
    step = cited(pack, land.cite, "territory", f"{words}.", land.confidence)
    home = _area(land.treated_as or country, law, day)
    customs = home if land.customs_area else f"{country}/{land.id}"
    return Placed(place, area, land, step, (), customs)


def _main(code: str, address: Address, nearby: tuple[tuple[Pack, Territory], ...], law: TaxLaw, day: date) -> Placed:
    """Outside every special territory."""
    treated = law.in_force(code, "treated_as", day, note=False)
    place = str(treated.value) if treated and treated.value else code
    if place == code and "-" in code and code not in law.packs.packs:
        place = state_of(code)  # a subdivision whose country alone has a tax
    area = _area(place, law, day)
    words = f"{place} is a tax area of its own."
    if area != place:
        words = f"{place} lies in the tax area of {_name(area, law, day)}."
    others = [land.name for pack, land in nearby if pack.jurisdiction == code and not land.vat_area]
    if others and address.postal_code is None:
        named = ", ".join(others[:_NAMED]) + (f" or {len(others) - _NAMED} more" if len(others) > _NAMED else "")
        words += f" No postcode is stated: the main territory is presumed, not {named}."
    step = Step("territory", words)
    if treated and place != code:
        step = treated.step("territory", f"{code} is treated as {place}.")
    return Placed(place, area, None, step, (), area)


def _area(place: str, law: TaxLaw, day: date) -> str:
    if place == NORTHERN_IRELAND:
        return NORTHERN_IRELAND
    country = country_of(place)
    return UNION if law.member(country, UNION, day) else country


def _name(area: str, law: TaxLaw, day: date) -> str:
    return "the European Union" if area == UNION or law.member(area, UNION, day) else area
