"""Typed features of OFAC's advanced XML: birth dates as periods, places by number, everything else as words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.screening.lists.births import born_on
from engine.screening.lists.draft import Draft
from engine.screening.lists.errors import BrokenList
from engine.screening.lists.identifiers import keep
from engine.screening.lists.limits import whole_number
from engine.screening.lists.xml import Element, attribute, every, text
from engine.screening.model import Born


@dataclass(frozen=True, slots=True)
class Place:
    """A location of the table of locations."""

    parts: tuple[str, ...]
    country: str


@dataclass(frozen=True, slots=True)
class Feature:
    """One version of one feature, in the numbers of the tables."""

    kind: str
    text: str
    reference: str
    period: Born | None
    locations: tuple[str, ...]
    comment: str


def features(element: Element) -> Iterator[Feature]:
    """The features right below an element, a version at a time."""
    for one in every(element, "Feature"):
        for version in every(one, "FeatureVersion"):
            details = every(version, "VersionDetail")
            said = " ".join(told for detail in details if (told := " ".join((detail.text or "").split())))
            yield Feature(
                attribute(one, "FeatureTypeID"),
                said,
                next((number for detail in details if (number := attribute(detail, "DetailReferenceID"))), ""),
                next((_period(period) for period in every(version, "DatePeriod")), None),
                tuple(attribute(place, "LocationID") for place in every(version, "VersionLocation")),
                text(version, "Comment"),
            )


def feature(draft: Draft, label: str, detail: str, one: Feature, places: Mapping[str, Place]) -> None:
    """Put a feature where it belongs."""
    found = [_at(places, number) for number in one.locations]
    folded = label.casefold()
    if "birthdate" in folded or "date of birth" in folded:
        draft.birth(detail or one.comment, one.period)
    elif "place of birth" in folded:
        draft.birth_place(detail)
        for place in found:
            draft.birth_place(*place.parts, place.country)
    elif folded.startswith(("nationality country", "citizenship", "nationality")) and "registration" not in folded:
        for said in [place.country for place in found] or [detail]:
            draft.nationality(said)
    elif folded == "location":
        for place in found:
            draft.address(*place.parts, country=place.country)
    elif "call sign" in folded:
        draft.identifier("call_sign", detail, detail=label)
    elif folded == "vessel flag":
        draft.country(detail or (found[0].country if found else ""), label)
    elif folded in _REMARKS:
        draft.remark(label, detail)
    else:
        _other(draft, label, detail, one, found)


_REMARKS = frozenset(
    {"title", "vessel type", "vessel owner", "vessel tonnage", "vessel gross registered tonnage", "tonnage"}
)


def _other(draft: Draft, label: str, detail: str, one: Feature, found: list[Place]) -> None:
    said = detail or one.comment
    if not said and one.period is not None:
        said = one.period.earliest.isoformat()
    keep(draft, label, said, country=found[0].country if found and detail else "")
    for place in found:
        if not said:
            draft.remark(label, ", ".join((*place.parts, place.country)))


def _at(places: Mapping[str, Place], number: str) -> Place:
    try:
        return places[number]
    except KeyError:
        raise BrokenList(f"Location {number[:20]} is not in the table of locations") from None


def _period(element: Element) -> Born | None:
    """From the first day of the start to the last day of the end; `Approximate` on either makes it about."""
    start, end = (_edge(element, path) for path in ("Start/From", "End/To"))
    end = end or _edge(element, "Start/To") or _edge(element, "End/From") or start
    if start is None or end is None or start.earliest > end.latest:
        return None
    circa = any(attribute(one, "Approximate") == "true" for path in ("Start", "End") for one in every(element, path))
    return Born(start.earliest, end.latest, circa)


def _edge(element: Element, path: str) -> Born | None:
    year, month, day = (whole_number(text(element, f"{path}/{part}")) or None for part in ("Year", "Month", "Day"))
    return None if year is None else born_on(year, month, day if month else None)
