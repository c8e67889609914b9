"""Small releases of tax law for tests, written as the packs are: the text of each `tax.yaml` without its first line.

    law = laws({"EU": "parameters: ...", "DE": "rates: ...", "AQ": ""}, members=["DE"])

`WORLD` is always there. `EU` has the members of `members`; a value `("DE", "2000-01-01", None)` gives dates. Everything is read
by the packs' own reader, and a problem in the text fails the test that wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from textwrap import dedent

from engine.packs.packset import PackSet, read_packs
from engine.packs.release import seal
from engine.tax.law import TaxLaw

ZONES = {
    "AT": "Europe/Vienna", "CH": "Europe/Zurich", "DE": "Europe/Berlin", "ES": "Europe/Madrid", "ES-CN": "Atlantic/Canary",
    "EU": "Europe/Brussels", "FI": "Europe/Helsinki", "FR": "Europe/Paris", "GB": "Europe/London", "GR": "Europe/Athens",
    "IT": "Europe/Rome", "PT": "Europe/Lisbon", "PT-20": "Atlantic/Azores", "XI": "Europe/London",
}  # fmt: skip
SOURCES = """\
sources:
  act: {title: The tax act, kind: statute, url: "https://law.example/act"}
  directive: {title: Council Directive 2006/112/EC, kind: directive, url: "https://eur-lex.europa.eu/eli/dir/2006/112/oj"}
"""

Member = str | tuple[str, str | None, str | None]


def laws(tax: Mapping[str, str], members: Iterable[Member] = ()) -> TaxLaw:
    """The law of a release with these tax files. `members`: of `EU`, a place or (place, from, to)."""
    return TaxLaw(packs(tax, members))


def packs(tax: Mapping[str, str], members: Iterable[Member] = ()) -> PackSet:
    """The release itself."""
    files: dict[str, str] = {}
    for place in dict.fromkeys(("WORLD", *tax)):
        files[f"{place}/pack.yaml"] = _manifest(place, tuple(members) if place == "EU" else ())
        body = dedent(tax.get(place, "")).strip()
        if body:
            files[f"{place}/tax.yaml"] = f"domain: tax\n{body}\n"
    read, notes = read_packs(files)
    assert not notes.problems, "\n".join(str(problem) for problem in notes.problems)
    return PackSet(read, files, seal(files, "2026.11.0"))


def _manifest(place: str, members: tuple[Member, ...]) -> str:
    lines = [f"schema: rulepack/v1\njurisdiction: {place}\nname: {place}\nversion: '2026.11.0'".replace("'", '"')]
    if place != "WORLD":
        lines.append("extends: [WORLD]")
    if members:
        lines.append("members:")
        lines += [f"  - {{{_member(one)}}}" for one in members]
    lines.append(f"time_zone: {ZONES.get(place, 'UTC')}")
    lines.append(SOURCES.rstrip())
    lines.append('verified: {on: "2026-11-22", by: the tests}')
    return "\n".join(lines) + "\n"


def _member(one: Member) -> str:
    place, start, end = (one, None, None) if isinstance(one, str) else one
    text = f'place: {place}, from: "{start}"' if start else f"place: {place}, from: unread"
    return text + (f', to: "{end}"' if end else "")


def rate(identity: str, percent: str | None, category: str = "standard", kind: str = "standard", **more: str) -> str:
    """One line of `rates`: `rate("standard", "19")`, `rate("books", "7", "books", "reduced", start="2020-01-01")`."""
    start, end = more.pop("start", None), more.pop("end", None)
    text = f"id: {identity}, category: {category}, kind: {kind}"
    text += f', percent: "{percent}"' if percent is not None else ""
    text += f', from: "{start}"' if start else ", from: unread"
    text += f', to: "{end}"' if end else ""
    text += "".join(f", {key}: {value}" for key, value in more.items())
    return f"  - {{{text}, basis: statute, cite: {{source: act, at: s. 1}}, confidence: A}}\n"


def setting(name: str, kind: str, *values: tuple[str | None, str], **more: str) -> str:
    """One parameter: `setting("limit", "money", ("2021-07-01", '"150"'), unit="EUR")`; a start of None is `unread`."""
    beside = "".join(f", {key}: {value}" for key, value in more.items())
    starts = [f'"{start}"' if start else "unread" for start, _ in values]
    dated = ", ".join(f"{{from: {start}, value: {value}}}" for start, (_, value) in zip(starts, values, strict=True))
    cite = "cite: {source: act, at: s. 1}"
    return f"  {name}: {{type: {kind}{beside}, basis: statute, {cite}, confidence: A, values: [{dated}]}}\n"


def country(name: str, standard: str, *others: str, settings: str = "", territories: str = "") -> str:
    """A place with a consumption tax: its local name, its standard rate, more lines, more parameters, its territories."""
    text = "parameters:\n" + setting("has_consumption_tax", "bool", (None, "true"))
    text += setting("tax_name_local", "text", (None, name)) + settings
    text += "rates:\n" + rate("standard", standard) + "".join(others)
    return text + ("territories:\n" + territories if territories else "")


def territory(
    identity: str, name: str, *codes: str, place: str = "", vat: bool = False, customs: bool = True, **more: str
) -> str:
    """One line of `territories`."""
    text = f"id: {identity}, name: {name}"
    text += f", place: {place}" if place else ""
    text += f", postal_codes: [{', '.join(chr(34) + code + chr(34) for code in codes)}]" if codes else ""
    text += f", vat_area: {str(vat).lower()}, customs_area: {str(customs).lower()}"
    text += "".join(f", {key}: {value}" for key, value in more.items())
    return f'  - {{{text}, cite: {{source: directive, at: "Art. 5 to 8"}}, confidence: A}}\n'


UNION_SETTINGS = {
    "distance_sales_threshold": setting("distance_sales_threshold", "money", ("2021-07-01", '"10000"'), unit="EUR"),
    "distance_sales_threshold_rate_date": setting(
        "distance_sales_threshold_rate_date", "date", ("2021-07-01", '"2017-12-05"')
    ),
    "low_value_import_threshold": setting("low_value_import_threshold", "money", ("2021-07-01", '"150"'), unit="EUR"),
    "customs_duty_low_value_flat": setting(
        "customs_duty_low_value_flat", "money", ("2026-07-01", '"3"'), ("2028-07-01", "null"), unit="EUR"
    ),
    "evidence_single_item_threshold": setting(
        "evidence_single_item_threshold", "money", ("2019-01-01", '"100000"'), unit="EUR"
    ),
    "invoice_exchange_rate": setting("invoice_exchange_rate", "token", (None, "latest_selling_or_ecb_when_due")),
    "oss_return_period": setting("oss_return_period", "token", ("2021-07-01", "quarter")),
    "virtual_event_b2c_place": setting("virtual_event_b2c_place", "token", ("2025-01-01", "customer_country")),
    "vehicle_hire_days": setting("vehicle_hire_days", "int", (None, "30")),
    "vessel_hire_days": setting("vessel_hire_days", "int", (None, "90")),
}
"""The Union's own parameters, one by one, so that a test can leave one out."""


def union_text(*without: str, more: str = "") -> str:
    """The Union's tax file, without some parameters and with others."""
    return "parameters:\n" + "".join(text for name, text in UNION_SETTINGS.items() if name not in without) + more


STATES = (
    "AT", "BE", "CY", "CZ", "DE", "DK", "ES", "FI", "FR", "GR", "IE", "IT", "LU", "NL", "PL", "PT", "RO", "SE", "SK",
)  # fmt: skip
MEMBERS: tuple[Member, ...] = (*STATES, ("GB", None, "2021-01-01"))


def europe_texts() -> dict[str, str]:
    """A Europe that is small enough to read: real rates, the territories of section 3, Great Britain and Northern Ireland."""
    selling = setting("reverse_charge_nonestablished", "bool", (None, "true"))
    keeping = setting("reverse_charge_nonestablished", "bool", (None, "false"))
    return {
        "EU": union_text(),
        "DE": country(
            "Umsatzsteuer", "19", rate("books", "7", "books", "reduced"), rate("food", "7", "food", "reduced"),
            settings=keeping,
            territories=territory("heligoland", "Heligoland", "27498", customs=False)
            + territory("buesingen", "Büsingen am Hochrhein", "78266", "CH:8238", customs=False, treated_as="CH"),
        ),
        "FR": country(
            "TVA", "20", rate("books", "5.5", "books", "reduced"), rate("restaurant", "10", "restaurant", "reduced"),
            settings=selling,
            territories=territory("monaco", "Monaco", "980", place="MC", vat=True, treated_as="FR")
            + territory("corsica", "Corsica", "20", place="FR-20R", vat=True)
            + "".join(
                territory(name.lower().replace("-", "_"), name, code, place=place)
                for name, code, place in (
                    ("Guadeloupe", "971", "GP"), ("Martinique", "972", "MQ"), ("Guiana", "973", "GF"),
                    ("Reunion", "974", "RE"), ("Mayotte", "976", "YT"), ("Saint-Martin", "97150", "MF"),
                )
            )
            + "".join(
                territory(name.lower().replace("-", "_"), name, code, place=place, customs=False)
                for name, code, place in (("Saint-Barthelemy", "97133", "BL"), ("Miquelon", "975", "PM"),
                                          ("Caledonia", "988", "NC"), ("Polynesia", "987", "PF"),
                                          ("Wallis", "986", "WF"), ("Southern", "984", "TF"))
            ),
        ),
        "IT": country("IVA", "22", territories=territory("livigno", "Livigno", "23041", "23030", customs=False)
                      + territory("campione", "Campione d'Italia", "22061", "22060")
                      + territory("san_marino", "San Marino", "4789", place="SM")
                      + territory("vatican", "Vatican City", "00120", place="VA", customs=False)),
        "ES": country("IVA", "21", rate("books", "4", "books", "super_reduced"),
                      territories=territory("canary_islands", "Canary Islands", "35", "38", place="ES-CN")
                      + territory("ceuta", "Ceuta", "51", place="ES-CE", customs=False)
                      + territory("melilla", "Melilla", "52", place="ES-ML", customs=False)
                      + territory("andorra", "Andorra", "AD", place="AD")),
        "ES-CN": country("IGIC", "7").replace("category: standard, kind: standard", "category: standard, kind: standard, "
                                              "component: igic"),
        "FI": country("ALV", "25.5", territories=territory("aland", "Åland Islands", "22", place="AX", treated_as="FI")),
        "AX": country("ALV", "25.5"),
        "GR": country("FPA", "24", territories=territory("mount_athos", "Mount Athos", "63086", place="GR-69")),
        "GR-69": "parameters:\n" + setting("has_consumption_tax", "bool", (None, "false")),
        "ES-CE": "parameters:\n" + setting("has_consumption_tax", "bool", (None, "true")),
        "ES-ML": "parameters:\n" + setting("has_consumption_tax", "bool", (None, "true")),
        "PT": country("IVA", "23", territories=territory("azores", "Azores", "95-99", place="PT-20", vat=True)
                      + territory("madeira", "Madeira", "90-94", place="PT-30", vat=True)),
        "PT-20": country("IVA", "16"),
        "PT-30": country("IVA", "22"),
        "AT": country("Umsatzsteuer", "20",
                      territories=territory("jungholz", "Jungholz", "6691", "DE:87491", vat=True)
                      + territory("mittelberg", "Mittelberg", "6991-6993", "DE:87567-87569", vat=True)),
        "DK": country("moms", "25", territories=territory("faroe_islands", "Faroe Islands", "FO", place="FO", customs=False)
                      + territory("greenland", "Greenland", "39", place="GL", customs=False)),
        "NL": country("btw", "21", territories="".join(
            territory(name.lower().replace("-", "_"), name, place=code, customs=False)
            for name, code in (("Aruba", "AW"), ("Curacao", "CW"), ("Maarten", "SX"), ("Bonaire", "BQ")))),
        "CZ": country("DPH", "21"),
        "SK": country("DPH", "23"),
        "PL": country("PTU", "23"),
        "SE": country("moms", "25", rate("books", "6", "books", "reduced")),
        "CH": country("MWST", "8.1"),
        "GB": country("VAT", "20", rate("books", "0", "books", "zero"), rate("ebooks", "0", "ebooks", "zero"),
                      settings=setting("low_value_import_threshold", "money", ("2021-01-01", '"135"'), unit="GBP"),
                      territories=territory("northern_ireland", "Northern Ireland", "BT", place="XI", vat=True)
                      + territory("isle_of_man", "Isle of Man", "IM", place="IM", vat=True, treated_as="GB")
                      + territory("jersey", "Jersey", "JE", place="JE") + territory("guernsey", "Guernsey", "GY", place="GG")),
        "XI": country("VAT", "20"),
        "US": "",
    }  # fmt: skip


@cache
def europe() -> TaxLaw:
    """The law of `europe_texts`."""
    return laws(europe_texts(), MEMBERS)


def europe_with(**texts: str) -> TaxLaw:
    """The same with other tax files: `europe_with(EU=union_text("low_value_import_threshold"))`."""
    return laws({**europe_texts(), **texts}, MEMBERS)
