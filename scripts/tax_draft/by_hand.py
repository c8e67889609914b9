"""What no single row says, place by place: rows that mean something else than their parameter, numbers that only the
procedure has, earlier rates told in notes, and rates of one place that follow from those of another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from scripts.tax_draft.convert import cite, line_of
from scripts.tax_draft.draft import RECALLED, Draft, Entry, Line, quoted
from scripts.tax_draft.facts import UNREAD, Fact, slug, weakest

ACT = (RECALLED, "")
SERVICES = ("accommodation", "digital", "event", "immovable_property", "service", "transport")

Taken = set[int]
"""Ids of rows that are dealt with here and by nobody else."""


def by_hand(draft: Draft, facts: list[Fact]) -> Taken:
    """Deal with the rows of a place that need a reader."""
    taken: Taken = set()
    for fact in facts:
        if _row(draft, fact):
            taken.add(id(fact))
    return taken


def _row(draft: Draft, fact: Fact) -> bool:
    place, parameter, condition = fact.place, fact.parameter, fact.condition
    if parameter in ("eu_vat_territory", "eu_customs_territory"):
        return condition != "Italian waters of Lake Lugano"  # a line of `territories`, but for waters
    handler = _PLACES.get((place, parameter)) or _PLACES.get((place.partition("-")[0] + "-", parameter))
    if handler and handler(draft, fact):
        return True
    if parameter == "standard_rate" and condition == "payment in cash":
        return _rate_parameter(draft, fact, "standard_rate_cash")
    return False


def _rate_parameter(draft: Draft, fact: Fact, name: str) -> bool:
    entry = Entry(fact.start, quoted(fact.value), fact.confidence, cite(draft, fact), fact.evidence, fact.note)
    draft.set(name, "decimal", entry, unit="percent", label=fact.condition)
    if fact.end:
        draft.parameters[name].entries = [
            one for one in draft.parameters[name].entries if not (one.value == "null" and one.start == fact.start)
        ]
        draft.set(name, "decimal", Entry(fact.end, "null"))
    entries = draft.parameters[name].entries
    starts = {one.start for one in entries if one.value != "null"}
    draft.parameters[name].entries = [one for one in entries if one.value != "null" or one.start not in starts]
    return True


def _add(draft: Draft, fact: Fact, category: str, **more: object) -> bool:
    draft.lines.append(line_of(draft, fact, category, **more))
    return True


# -- rows that need a reader ---------------------------------------------------------------------------------------------


def _austria(draft: Draft, fact: Fact) -> bool:
    return _rate_parameter(draft, fact, f"regional_rate_{slug(fact.condition, 1)}")


def _corsica(draft: Draft, fact: Fact) -> bool:
    _add(draft, fact, "standard", kind="standard")
    for category in ("food", "books", "ebooks", "hotel", "restaurant", "passenger_transport", "energy", "construction"):
        note = "Corsica has special rates of 0.9, 2.1, 10 and 13 for listed supplies; the lists were not read"
        draft.lines.append(
            Line(category, "reduced", None, confidence="R", cite=cite(draft, fact), note=note, unread=True)
        )
    return True


def _spain_outside(draft: Draft, fact: Fact) -> bool:
    if draft.component == "igic":
        return _add(draft, fact, "standard", kind="standard")
    note = "the rate depends on what is supplied, from 0.5 to 10 percent; the ordinance was not read"
    draft.lines.append(
        Line("standard", "standard", None, component="ipsi", confidence="R", cite=ACT, note=note, unread=True)
    )
    return _rate_parameter(draft, fact, "regional_rate_maximum")


def _portugal(draft: Draft, fact: Fact) -> bool:
    category = "standard" if fact.condition == "standard" else f"{fact.condition}_rate"
    return _add(draft, fact, category, kind="standard" if category == "standard" else "reduced")


def _greece_islands(draft: Draft, fact: Fact) -> bool:
    return _rate_parameter(draft, fact, "regional_rate_aegean_islands")


def _overseas(draft: Draft, fact: Fact) -> bool:
    return True  # the same 8.5 as the row `standard_rate`


def _china(draft: Draft, fact: Fact) -> bool:
    if fact.parameter == "standard_rate":
        return _add(draft, fact, "standard", supplies=("goods",))
    if fact.condition.startswith("services"):
        services = ("accommodation", "digital", "event", "service")
        return _add(draft, fact, "standard", kind="reduced", supplies=services, note="the ordinary rate of services")
    return False


def _polynesia(draft: Draft, fact: Fact) -> bool:
    if fact.parameter == "standard_rate":
        return _add(draft, fact, "standard", supplies=("goods",))
    if fact.condition == "services":
        return _add(draft, fact, "standard", kind="reduced", supplies=SERVICES, note="the ordinary rate of services")
    return False


def _pakistan(draft: Draft, fact: Fact) -> bool:
    if fact.parameter == "standard_rate":
        return _add(draft, fact, "standard", supplies=("goods",))
    return False


def _malaysia(draft: Draft, fact: Fact) -> bool:
    if fact.parameter == "standard_rate":
        return _add(draft, fact, "standard", supplies=("goods",))
    return _add(draft, fact, "standard", kind="standard", supplies=SERVICES, condition="")


def _bonaire(draft: Draft, fact: Fact) -> bool:
    _add(draft, fact, "standard", supplies=("goods",))
    note = "from the note of the row: services 6"
    return _add(draft, fact, "standard", percent="6", supplies=SERVICES, confidence="C", note=note)


def _timor(draft: Draft, fact: Fact) -> bool:
    return _add(draft, fact, "standard", supplies=("goods",))


def _aruba(draft: Draft, fact: Fact) -> bool:
    if fact.end == "2023-08-01":
        note = "on imports until 2023-07-31; on sales the next rate begins on 2023-01-01, as the note of that row says"
        return _add(draft, fact, "standard", end="2023-01-01", note=f"{fact.note}; {note}")
    return False


def _indonesia(draft: Draft, fact: Fact) -> bool:
    if fact.start != "2025-01-01":
        return False
    _add(draft, fact, "standard", share="11/12")
    return _add(draft, fact, "luxury", kind="standard", note="the whole price is the base; " + fact.note)


def _vietnam(draft: Draft, fact: Fact) -> bool:
    if fact.parameter == "temporary_reduced_standard_rate":
        _add(draft, fact, "standard", kind="reduced", note=f"for {fact.condition}; {fact.note}")
        return _rate_parameter(draft, fact, fact.parameter)
    _add(draft, fact, "standard", end="2025-07-01")
    _add(draft, fact, "standard", start="2027-01-01")
    for category in ("telecom", "financial", "insurance", "alcohol", "tobacco", "fuel"):
        note = "outside the temporary rate of 8, which leaves out telecoms, finance and goods under excise"
        _add(draft, fact, category, kind="standard", note=note)
    return True


def _uncertain(name: str, since: str, words: str) -> Callable[[Draft, Fact], bool]:
    """A rate that holds on a condition nobody has confirmed: kept as a parameter, and the line says that it was not read."""

    def handler(draft: Draft, fact: Fact) -> bool:
        if fact.start != since:
            return False
        _add(
            draft,
            fact,
            "standard",
            percent=None,
            confidence="R",
            unread=True,
            note=f"{words}; see {name}; {fact.note}",
            evidence="",
        )
        return _rate_parameter(draft, fact, name)

    return handler


def _liberia(draft: Draft, fact: Fact) -> bool:
    if fact.domain != "vat":
        return False
    words = "the start was announced and has been missed before: whether VAT begins on this day is to be looked up"
    _add(draft, fact, "standard", component="vat", percent=None, confidence="R", unread=True, note=words, evidence="")
    return _rate_parameter(draft, fact, "standard_rate_vat_announced")


def _syria(draft: Draft, fact: Fact) -> bool:
    _add(draft, fact, "standard", kind="standard", percent=None, unread=True, confidence="R", evidence="")
    return False


def _ghana(draft: Draft, fact: Fact) -> bool:
    if fact.parameter != "levy_rate":
        return False
    name = "getfund" if fact.condition.startswith("GETFund") else "nhil"
    _add(draft, fact, "standard", kind="standard", component=name, condition="", note=f"{fact.condition}; {fact.note}")
    note = "until 2025-12-31 the levies came first and VAT was charged on them too (combined 21.9 from 2023): see combined_rate"
    draft.lines.append(
        Line("standard", "standard", None, UNREAD, fact.start, name, "R", cite(draft, fact), note=note, unread=True)
    )
    return True


def _canada(draft: Draft, fact: Fact) -> bool:
    if fact.parameter == "combined_rate" and draft.component == "hst":
        return _add(draft, fact, "standard", kind="standard", note="; ".join(filter(None, [fact.condition, fact.note])))
    if fact.parameter == "provincial_rate":
        return _add(draft, fact, "standard", kind="standard", note="; ".join(filter(None, [fact.condition, fact.note])))
    return False


def _brazil(draft: Draft, fact: Fact) -> bool:
    if fact.parameter == "icms_internal_rate":
        return _add(
            draft, fact, "standard", kind="standard", supplies=("goods",), note=f"{fact.condition}; {fact.note}"
        )
    if fact.parameter == "cbs_ibs_rate":
        return _add(draft, fact, "standard", kind="standard", component=fact.condition[:3].lower(),
                    note="; ".join(filter(None, [fact.condition, fact.note])))  # fmt: skip
    return False


INDIAN = ("igst", "cgst", "sgst", "utgst")


def _india(draft: Draft, fact: Fact) -> bool:
    if fact.parameter == "gst_slab":
        if fact.end:  # what was in an abolished slab is in one of two others since: which, was not read
            for component in INDIAN:
                note = "goods of this slab moved to others; which one, the notification of the goods says"
                _add(draft, fact, f"slab_{fact.value}", kind="reduced", percent=None, start=fact.end, end=None,
                     component=component, confidence="R", note=note, evidence="", unread=True)  # fmt: skip
        return _split(draft, fact, f"slab_{fact.value.replace('.', '_')}", "standard" if fact.value == "18" else
                      "increased" if fact.value in ("28", "40") else "reduced",
                      note="; ".join(filter(None, [fact.condition, fact.note])))  # fmt: skip
    if fact.parameter == "standard_rate":
        for component in INDIAN:
            note = "listed medicines are nil since 2025-09-22, others bear a slab that was not read"
            _add(draft, fact, "medicine", kind="reduced", percent=None, component=component, confidence="R", note=note,
                 evidence="", unread=True)  # fmt: skip
        return _split(draft, fact, "standard", "standard")
    if fact.parameter == "category_rate" and fact.condition.startswith("printed books"):
        _split(draft, fact, "books", "zero", value="0", note=f"the source says: {fact.condition}")
        return _split(draft, fact, "ebooks", "reduced", condition="where a print version exists")
    if fact.parameter == "category_rate":
        for category, condition in _INDIAN[fact.condition].items():
            kind = "zero" if fact.value == "0" else "standard" if fact.value == "18" else "reduced"
            _split(draft, fact, category, kind, condition=condition, note=f"the source says: {fact.condition}")
        return True
    return False


_INDIAN: Mapping[str, Mapping[str, str]] = {
    "SaaS, software, streaming, online advertising": {"saas": "", "software": "", "streaming": "", "online_advertising": ""},
    "individual life and health insurance, listed medicines, UHT milk, paneer, bread": {
        "insurance": "individual life and health insurance", "basic_food": "UHT milk, paneer, bread",
    },
    "passenger transport economy air, restaurants without input credit, hotels up to INR 7500 a night": {
        "passenger_transport": "economy air", "restaurant": "without input credit", "hotel": "up to INR 7500 a night",
    },
}  # fmt: skip


def _split(draft: Draft, fact: Fact, category: str, kind: str, *, value: str = "", **more: object) -> bool:
    """One Indian rate: whole between states, in halves within one."""
    whole = value or fact.value
    half = {"0.25": "0.125", "3": "1.5", "5": "2.5"}.get(whole) or str(int(whole) // 2)
    for component in INDIAN:
        percent = whole if component == "igst" else half
        _add(draft, fact, category, kind=kind, component=component, percent=percent, **more)
    return True


def _disputed(draft: Draft, fact: Fact) -> bool:
    if not fact.condition.startswith("medicine: prescription"):
        return False
    draft.notes.append(
        "A zero rate for prescription medicines from 2026 is told by one source and contradicted by the consolidated Act, which"
        " keeps medicines at 12: it is kept as a parameter, not as a rate."
    )
    return _rate_parameter(draft, fact, "zero_rate_prescription_medicine_disputed")


def _switzerland(draft: Draft, fact: Fact) -> bool:
    """The table dates neither of today's lower rates; they are younger than it says, and the earlier ones are recalled."""
    from scripts.tax_draft.convert import category_lines

    older = {
        "2.6": (("2.5", UNREAD, "2024-01-01"),),
        "3.8": (("3.8", UNREAD, "2018-01-01"), ("3.7", "2018-01-01", "2024-01-01")),
    }
    for line in category_lines(draft, fact):
        note = "; ".join(filter(None, [line.note, "the start is recalled, with that of the standard rate"]))
        draft.lines.append(replace(line, start="2024-01-01", note=note))
        for percent, start, end in older[fact.value]:
            draft.lines.append(
                replace(line, percent=percent, start=start, end=end, confidence="R", note="recalled", evidence="")
            )
    return True


def _not_charged(draft: Draft, fact: Fact) -> bool:
    if fact.value != "not_charged":
        return False
    entry = Entry(fact.start, "false", fact.confidence, cite(draft, fact), fact.evidence, fact.note)
    draft.set(fact.parameter, "bool", entry, label=fact.condition)
    draft.set("b2b_digital_not_charged", "bool", replace(entry, value="true"), label=fact.condition)
    return True


def _curacao(draft: Draft, fact: Fact) -> bool:
    note = "stated in ANG, which the Caribbean guilder replaced at par on 2025-03-31"
    entry = Entry(fact.start, quoted(fact.value), fact.confidence, cite(draft, fact), fact.evidence, note)
    draft.set(fact.parameter, "money", entry, unit="XCG", label=fact.condition)
    return True


_PLACES: Mapping[tuple[str, str], Callable[[Draft, Fact], bool]] = {
    ("AT-7", "regional_rate"): _austria,
    ("AT-8", "regional_rate"): _austria,
    ("FR-20R", "regional_rate"): _corsica,
    ("ES-CN", "regional_rate"): _spain_outside,
    ("ES-CE", "regional_rate"): _spain_outside,
    ("ES-ML", "regional_rate"): _spain_outside,
    ("PT-20", "regional_rate"): _portugal,
    ("PT-30", "regional_rate"): _portugal,
    ("GR", "regional_rate"): _greece_islands,
    ("GP", "regional_rate"): _overseas,
    ("CN", "standard_rate"): _china,
    ("CN", "reduced_rate"): _china,
    ("PF", "standard_rate"): _polynesia,
    ("PF", "reduced_rate"): _polynesia,
    ("PK", "standard_rate"): _pakistan,
    ("MY", "standard_rate"): _malaysia,
    ("MY", "service_tax_rate"): _malaysia,
    ("BQ", "standard_rate"): _bonaire,
    ("TL", "standard_rate"): _timor,
    ("AW", "standard_rate"): _aruba,
    ("ID", "standard_rate"): _indonesia,
    ("VN", "standard_rate"): _vietnam,
    ("VN", "temporary_reduced_standard_rate"): _vietnam,
    ("TH", "standard_rate"): _uncertain(
        "standard_rate_if_renewed", "2026-10-01", "7 if the yearly decree was renewed, else the statutory 10"
    ),
    ("US-DC", "standard_rate"): _uncertain(
        "standard_rate_if_increased", "2026-10-01", "7 if the increase took effect, 6 if it was repealed"
    ),
    ("KN", "standard_rate"): _uncertain(
        "standard_rate_if_relief_ended", "2025-07-01", "17 if the relief ended as announced, 13 if it was prolonged"
    ),
    ("SY", "has_consumption_tax"): _syria,
    ("LR", "standard_rate"): _liberia,
    ("GH", "levy_rate"): _ghana,
    ("CA-", "combined_rate"): _canada,
    ("CA-", "provincial_rate"): _canada,
    ("BR-", "icms_internal_rate"): _brazil,
    ("BR", "cbs_ibs_rate"): _brazil,
    ("IN", "gst_slab"): _india,
    ("IN", "standard_rate"): _india,
    ("IN", "category_rate"): _india,
    ("CZ", "zero_rate"): _disputed,
    ("CH", "reduced_rate"): _switzerland,
    ("LI", "reduced_rate"): _switzerland,
    ("AU", "reverse_charge_b2b_digital"): _not_charged,
    ("NZ", "reverse_charge_b2b_digital"): _not_charged,
    ("CA", "reverse_charge_b2b_digital"): _not_charged,
    ("CW", "digital_nonresident_threshold"): _curacao,
}  # fmt: skip


# -- lines that notes tell of, and that are recalled -----------------------------------------------------------------------

# place, categories, percent, from, to, confidence, condition, note, more
_LINES: tuple[tuple[str, str, str, str, str, str, str, str], ...] = (
    ("SE", "food", "12", "2028-01-01", "", "A", "", "the temporary rule lapses 2028-01-01, when ch. 9 s 3 puts food back at 12"),
    ("IE", "hotel", "9", "2020-11-01", "2023-09-01", "B", "", "told in the note on the rate that follows"),
    ("IE", "restaurant", "9", "2020-11-01", "2023-09-01", "R", "", "recalled, with hotels"),
    ("IE", "newspapers", "9", UNREAD, "2023-01-01", "C", "", "told in the note on the rate that follows"),
    ("IE", "audiobooks", "0", "2024-01-01", "", "C", "", "told in the note on electronic books"),
    ("EE", "hotel", "9", UNREAD, "2025-01-01", "C", "", "told in the note on the rate that follows"),
    ("EE", "newspapers", "5", "2022-08-01", "2025-01-01", "C", "", "told in the note on the rate that follows"),
    ("LT", "passenger_transport", "9", UNREAD, "2026-01-01", "C", "", "told in the note on the rate that follows"),
    ("DE", "restaurant", "5", "2020-07-01", "2021-01-01", "B", "food, not drinks", "told in the note on the rate of 2026"),
    ("DE", "restaurant", "7", "2021-01-01", "2024-01-01", "B", "food, not drinks", "told in the note on the rate of 2026"),
    ("DE", "restaurant", "19", UNREAD, "2020-07-01", "R", "", "recalled: eaten on the spot"),
    ("NL", "books newspapers food medicine hotel restaurant passenger_transport", "6", UNREAD, "2019-01-01", "R", "", "recalled"),
    ("HU", "basic_food", "5", UNREAD, "", "C", "milk, eggs, poultry, pork, fish", "told in the row on food"),
    ("HU", "dairy_and_cereals", "18", UNREAD, "", "C", "dairy and cereal products", "told in the row on food"),
    ("SK", "basic_food", "5", "2025-01-01", "", "C", "basic foods", "told in the row on food"),
    ("LV", "fresh_produce", "12", UNREAD, "", "C", "fresh local fruit, berries, vegetables", "told in the row on food"),
    ("ME", "restaurant hotel books", "", UNREAD, "2025-01-01", "R", "", "what it bore before was not read"),
    ("MV", "hotel", "16", "2023-01-01", "2025-07-01", "R", "tourism sector (TGST)", "told in the note on the standard rate"),
    ("KZ", "medicine health", "10", "2027-01-01", "", "R", "", "told in the row on 2026"),
    ("LV", "newspapers books", "12", UNREAD, "2022-01-01", "C", "", "told in the note on books"),
    ("US-AL", "food", "3", "2023-09-01", "2025-09-01", "R", "unprepared food, state part", "told in the note on the rate that follows"),
    ("US-IL", "food", "1", UNREAD, "2026-01-01", "C", "unprepared food, state part", "told in the note on the rate that follows"),
    ("US-KS", "food", "2", "2024-01-01", "2025-01-01", "R", "unprepared food, state part", "told in the note on the rate that follows"),
    ("US-KS", "food", "4", "2023-01-01", "2024-01-01", "R", "unprepared food, state part", "told in the note on the rate that follows"),
    ("US-MS", "food", "7", UNREAD, "2025-07-01", "R", "unprepared food, state part", "told in the note on the rate that follows"),
    ("US-SD", "standard", "", "2027-07-01", "", "R", "", "the cut of 2023 lapses then: what follows was not read"),
    ("GB", "audiobooks", "20", UNREAD, "", "R", "", "audio books bear the standard rate (Sch. 8 Group 3 does not name them)"),
    ("GB", "enewspapers", "0", "2020-05-01", "", "R", "", "Sch. 8 Group 3, electronic forms since 2020-05-01"),
    ("CA-BC", "food", "0", UNREAD, "", "R", "basic groceries", "recalled: exempt from provincial tax"),
    ("CA-SK", "food", "0", UNREAD, "", "R", "basic groceries", "recalled: exempt from provincial tax"),
    ("PT-30", "reduced_rate", "5", UNREAD, "2024-10-01", "C", "", "told in the note on the rate that follows"),
    ("CA-MB", "food", "0", UNREAD, "", "R", "basic groceries", "recalled: exempt from provincial tax"),
)  # fmt: skip


def extra_lines(draft: Draft) -> None:
    """Lines of rates that are told in notes or recalled."""
    for place, categories, percent, start, end, grade, condition, note in _LINES:
        if place != draft.place:
            continue
        known = [one for one in draft.lines if one.component == draft.component]
        for category in categories.split():
            like = next((one for one in known if one.category == category), None)
            standard = next((one for one in known if one.category == "standard"), None)
            model = like or standard
            usual = {one.percent for one in known if one.category == "standard"}
            kind = "zero" if percent == "0" else "reduced"
            if category == "standard" or percent in usual:
                kind = "standard"
            draft.lines.append(
                Line(category, kind, percent or None, start, end or None, draft.component, grade,
                     model.cite if model else ACT, model.evidence if model and grade in "ABC" else "", condition, note,
                     unread=not percent)
            )  # fmt: skip


# -- places whose lines follow from another's ------------------------------------------------------------------------------


def derived(drafts: Mapping[str, Draft]) -> None:
    """Rates of parts and neighbours that follow from the country's own: the categories are its, the percentages theirs."""
    for place, told, name in (
        ("AT-XJ", "AT-7", "regional_rate_jungholz"),
        ("AT-XM", "AT-8", "regional_rate_mittelberg"),
        ("GR-XN", "GR", "regional_rate_aegean_islands"),
    ):
        entry = drafts[told].parameters[name].entries[0]
        percent = entry.value.strip('"')
        drafts[place].lines.append(
            Line(
                "standard",
                "standard",
                percent,
                confidence=entry.confidence,
                cite=ACT,
                evidence=entry.evidence,
                note=entry.note,
            )
        )
    _like(drafts, "AX", "FI", {}, "Finnish VAT applies inside Åland")
    _like(drafts, "IM", "GB", {}, "one VAT area with the United Kingdom")
    _like(drafts, "XI", "GB", {}, "as in the rest of the United Kingdom")
    _like(drafts, "AT-XJ", "AT", {}, "Austrian VAT, with 19 in place of the standard rate")
    _like(drafts, "AT-XM", "AT", {}, "Austrian VAT, with 19 in place of the standard rate")
    _like(drafts, "GR-XN", "GR", {"24": "17", "13": "9", "6": "4"}, "the Greek rate lowered by 30 percent, rounded")
    for region in ("PT-20", "PT-30"):
        _regional(drafts[region], drafts["PT"], {"6": "reduced_rate", "13": "intermediate_rate"})
    for province in ("CA-NB", "CA-NL", "CA-NS", "CA-ON", "CA-PE", "CA-QC"):
        draft = drafts[province]
        for line in [one for one in drafts["CA"].lines if one.kind == "zero"]:
            made = replace(line, component=draft.component, cite=ACT, confidence="R", note="follows the federal tax")
            draft.lines.append(made)
    for line in [one for one in drafts["PR"].lines if one.category == "standard"]:
        drafts["US-PR"].lines.append(replace(line, cite=ACT, note=f"as in the pack PR; {line.note}"))


def _like(drafts: Mapping[str, Draft], place: str, other: str, percents: Mapping[str, str], note: str) -> None:
    """The categories of another place that this one has no line for."""
    draft = drafts[place]
    own = {one.category for one in draft.lines}
    for line in drafts[other].lines:
        if line.category in own or line.category == "standard":
            continue
        percent = percents.get(line.percent or "", line.percent)
        grade = weakest(line.confidence, "R") if percents else line.confidence
        notes = "; ".join(filter(None, [note, line.note]))
        draft.lines.append(replace(line, percent=percent, cite=ACT, confidence=grade, note=notes))


def _regional(draft: Draft, country: Draft, rates: Mapping[str, str]) -> None:
    """Categories of the mainland, at the region's own reduced and intermediate rate."""
    own = {name: [one for one in draft.lines if one.category == name] for name in rates.values()}
    draft.lines = [one for one in draft.lines if one.category not in own]
    for line in country.lines:
        if line.category == "standard" or line.percent is None or line.percent not in rates:
            continue
        for model in own[rates[line.percent]]:
            start = (
                model.start
                if line.start == UNREAD or (model.start != UNREAD and model.start > line.start)
                else line.start
            )
            note = f"the region's {model.category.replace('_', ' ')}; category as on the mainland"
            grade = weakest(model.confidence, line.confidence)
            draft.lines.append(
                replace(
                    line,
                    percent=model.percent,
                    start=start,
                    end=model.end,
                    confidence=grade,
                    cite=ACT,
                    evidence="",
                    note=note,
                )
            )
    for name, models in own.items():
        for model in models:
            entry = Entry(model.start, quoted(model.percent or ""), model.confidence, ACT, model.evidence, model.note)
            draft.set(f"regional_rate_{name.removesuffix('_rate')}", "decimal", entry, unit="percent")


def lowered(draft: Draft, periods: Iterable[tuple[str, str, str]]) -> None:
    """Cut lines of a general reduced rate where it was lowered for a while: (percent, from, to)."""
    for percent, start, end in periods:
        for line in [one for one in draft.lines if one.kind == "reduced" and one.start == UNREAD and one.end is None]:
            draft.lines.remove(line)
            draft.lines += [
                replace(line, end=start),
                replace(
                    line, percent=percent, start=start, end=end, note="the reduced rate was lowered for half a year"
                ),
                replace(line, start=end),
            ]
