"""The categories of lines of a sale: what each means, which wider one it falls back on, what it is called when electronic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CATEGORIES: Final[Mapping[str, str]] = {
    "standard": "whatever has no rate of its own",
    "food": "food and drink without alcohol for people, not served",
    "basic_food": "what the law lists as basic foodstuffs: bread, milk, eggs, vegetables ...",
    "fresh_produce": "fresh fruit, berries and vegetables",
    "dairy_and_cereals": "products of milk and cereals",
    "high_sugar_food": "food with much sugar or salt",
    "drinks": "drinks that are not food to the law: sweetened, bottled",
    "alcohol": "alcoholic drinks",
    "tobacco": "tobacco and what replaces it",
    "restaurant": "meals served: restaurants and catering",
    "takeaway": "prepared meals to take away",
    "hotel": "short-term accommodation",
    "books": "printed books",
    "ebooks": "books supplied electronically",
    "audiobooks": "books read aloud, on a carrier or electronically",
    "newspapers": "printed newspapers and periodicals",
    "enewspapers": "newspapers and periodicals supplied electronically",
    "periodicals": "printed periodicals that are not daily newspapers",
    "medicine": "medicines for people",
    "medical_devices": "aids for sick and disabled people",
    "health": "care of patients",
    "hygiene": "sanitary and menstrual products, nappies",
    "clothing": "clothing and footwear",
    "childrens_clothing": "clothing and footwear for children",
    "childrens_goods": "other goods for children",
    "passenger_transport": "carriage of people and their luggage",
    "admission": "admission to culture, sport and amusement",
    "broadcasting": "radio and television",
    "telecom": "telephone, mobile data, internet access",
    "digital": "electronically supplied services without a category of their own",
    "saas": "software used at a distance",
    "saas_business": "software used at a distance, bought by a business",
    "software": "software, downloaded or on a carrier",
    "streaming": "films, series and music while listening or watching",
    "music": "recorded music, downloaded",
    "video": "films and series, downloaded",
    "games": "computer games",
    "data_processing": "processing of data for others",
    "it_services": "information technology services by people",
    "online_advertising": "advertising on the internet",
    "professional_services": "lawyers, accountants, consultants",
    "education": "teaching by schools and universities",
    "financial": "banking and payments",
    "insurance": "insurance",
    "postal": "universal postal services",
    "water": "water from the mains",
    "energy": "electricity, gas and heat",
    "fuel": "motor fuel",
    "agriculture": "inputs and products of farming that are not food yet",
    "flowers": "flowers and plants",
    "art": "works of art and antiques",
    "construction": "building and repair of buildings, and its materials where the law says so",
    "machinery": "machinery and equipment",
    "luxury": "what the law lists as luxury",
    "slab_0_25": "India: what the schedules put at 0.25 %",
    "slab_3": "India: what the schedules put at 3 %",
    "slab_5": "India: what the schedules put at 5 %",
    "slab_12": "India: what the schedules put at 12 % until 2025-09-21",
    "slab_18": "India: what the schedules put at 18 %",
    "slab_28": "India: what the schedules put at 28 % until 2025-09-21",
    "slab_40": "India: what the schedules put at 40 %",
}
"""Every category that a pack may name. Callers may send others: those have no rate of their own anywhere."""

BROADER: Final[Mapping[str, str]] = {
    "basic_food": "food",
    "fresh_produce": "food",
    "dairy_and_cereals": "food",
    "high_sugar_food": "food",
    "periodicals": "newspapers",
    "childrens_clothing": "clothing",
    "saas_business": "saas",
}
"""Where a place has no line for the narrower category, the wider one's holds."""

ELECTRONIC: Final[Mapping[str, str]] = {"books": "ebooks", "newspapers": "enewspapers", "periodicals": "enewspapers"}
"""What a line of kind `digital` is, whatever its seller calls it: a rate of paper is not one of files."""


def searched(category: str | None, kind: str | None) -> tuple[str, ...]:
    """The categories to look for, the nearest first.

    >>> searched("basic_food", "goods"), searched("books", "digital"), searched(None, None)
    (('basic_food', 'food'), ('ebooks',), ())
    """
    if category is None:
        return ()
    name = ELECTRONIC.get(category, category) if kind == "digital" else category
    found = [name]
    while found[-1] in BROADER:
        found.append(BROADER[found[-1]])
    return tuple(found)
