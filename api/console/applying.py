"""The form of a merchant's application: its fields to and from what the interface takes. Rows that are empty are left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from api.console.forms import Form

PLAIN: Final = (
    "merchant", "legal_form", "name", "country", "region", "acquirer_country", "registration_number", "address", "industry",
    "website",
)  # fmt: skip
PERSON: Final = ("name", "country", "date_of_birth", "nationality", "politically_exposed")
ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "tax": ("country", "value"),
    "director": PERSON,
    "owner": (*PERSON, "type", "share", "votes", "control", "listed", "through"),
    "document": ("type", "about", "issued_on", "expires_on", "readable", "sha256"),
}
"""Kind of row -> its fields."""
LISTS: Final[Mapping[str, str]] = {
    "tax": "tax_ids", "director": "directors", "owner": "owners", "document": "documents",
}  # fmt: skip
"""Kind of row -> the list of the application."""
FIRST: Final[Mapping[str, int]] = {"tax": 1, "director": 2, "owner": 2, "document": 3}
"""Rows of an empty form."""
MOST_ROWS: Final = 50
_LONGEST: Final = 10
"""Digits of a row's number, and one: a longer one is of no form of ours."""
ACCOUNT: Final = ("iban", "number", "country", "holder")
EXPECTED: Final = ("monthly_volume", "average_ticket", "currency", "countries")
_PLACES: Final = frozenset({"country", "nationality", "acquirer_country", "region", "currency"})
_FLAGS: Final = {"yes": True, "no": False}
KEPT: Final = "kept"
"""Carries, as JSON, what a row of a stored application has and the form does not show: it is not lost by a change."""


@dataclass(slots=True)
class Sheet:
    """The form as it is shown: what stands in each field, and what the interface found wrong with it."""

    plain: dict[str, str] = field(default_factory=dict)
    account: dict[str, str] = field(default_factory=dict)
    expected: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    """Name of a field -> what is wrong with it."""

    def filled(self) -> Sheet:
        """With every field, and as many empty rows as a form begins with."""
        for names, found in ((PLAIN, self.plain), (ACCOUNT, self.account), (EXPECTED, self.expected)):
            found.update({name: found.get(name, "") for name in names})
        for kind, least in FIRST.items():
            known = self.rows.setdefault(kind, [])
            known.extend({} for _ in range(max(0, least - len(known))))
            self.rows[kind] = [{name: row.get(name, "") for name in (*ROWS[kind], KEPT)} for row in known]
        return self


def typed(form: Form) -> Sheet:
    """What was typed; with one more row of the kind that was asked for."""
    sheet = Sheet(
        {name: form.get(name) for name in PLAIN},
        {name: form.get(f"account.{name}") for name in ACCOUNT},
        {name: form.get(f"expected.{name}") for name in EXPECTED},
    )
    for kind, names in ROWS.items():
        begins = {key.partition(".")[0] for key, _ in form.under(f"{kind}.")}
        numbers = [int(one) for one in begins if one.isascii() and one.isdecimal() and len(one) < _LONGEST]
        count = min(max(numbers, default=-1) + 1, MOST_ROWS)
        sheet.rows[kind] = [
            {name: form.get(f"{kind}.{number}.{name}") for name in (*names, KEPT)} for number in range(count)
        ]
        if form.get("more") == kind and count < MOST_ROWS:
            sheet.rows[kind].append({})
    return sheet


def stated(application: Mapping[str, Any]) -> Sheet:
    """The form of an application as it is stored."""
    sheet = Sheet(
        {name: _text(application.get(name)) for name in PLAIN},
        {name: _text((application.get("account") or {}).get(name)) for name in ACCOUNT},
        {name: _text((application.get("expected") or {}).get(name)) for name in EXPECTED},
    )
    for kind, name in LISTS.items():
        rows = _flat(application.get(name) or []) if kind == "owner" else application.get(name) or []
        sheet.rows[kind] = [_row(kind, one) for one in rows]
    # Documents are only ever added: those that are there stand on the page of the case.
    sheet.rows["document"] = []
    return sheet


def application_of(sheet: Sheet) -> tuple[dict[str, Any], dict[str, str]]:
    """What the interface takes, and which field each JSON Pointer is about."""
    body: dict[str, Any] = {name: _said(name, text) for name, text in sheet.plain.items() if text}
    where = {f"/{name}": name for name in PLAIN}
    for part, names in (("account", sheet.account), ("expected", sheet.expected)):
        found = {name: _said(name, text) for name, text in names.items() if text}
        where |= {f"/{part}/{name}": f"{part}.{name}" for name in names}
        if found:
            body[part] = found
    for kind, name in LISTS.items():
        rows = [(number, one) for number, row in enumerate(sheet.rows.get(kind, [])) if (one := _object(kind, row))]
        if kind == "owner":
            body |= {name: _nested(rows, where)} if rows else {}
            continue
        for place, (number, one) in enumerate(rows):
            where |= {f"/{name}/{place}/{key}": f"{kind}.{number}.{key}" for key in (*ROWS[kind], *one)}
        if rows:
            body[name] = [one for _, one in rows]
    return body, where


def blamed(faults: Iterable[Mapping[str, Any]], where: Mapping[str, str]) -> dict[str, str]:
    """Field -> what the interface found wrong with it, where it stands in the form."""
    return {where[one["pointer"]]: str(one["message"]) for one in faults if one.get("pointer") in where}


def document_of(form: Form, digest: str) -> dict[str, Any]:
    """The document of the form on a case's page. `digest`: of the file that was chosen, or empty."""
    row = {name: form.get(name) for name in ROWS["document"]}
    return _object("document", {**row, "sha256": digest or row["sha256"]})


def _object(kind: str, row: Mapping[str, str]) -> dict[str, Any]:
    """A row as the interface takes it; empty where nothing was typed. A choice that stands there by itself is nothing typed."""
    known = _kept(row.get(KEPT) or "{}")
    found = {name: _said(name, row[name]) for name in ROWS[kind] if row.get(name)}
    return {**known, **found} if set(found) - {"type"} or (kind == "document" and found) else {}


def _kept(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(name: str, text: str) -> Any:
    if name in ("readable", "listed"):
        return _FLAGS.get(text, text)
    if name in ("control", "countries"):
        words = [one.strip() for one in text.replace(",", " ").split() if one.strip()]
        return [one.upper() for one in words] if name == "countries" else words
    return text.upper() if name in _PLACES and len(text) <= 6 else text


def _nested(rows: list[tuple[int, dict[str, Any]]], where: dict[str, str]) -> list[dict[str, Any]]:
    """Owners in their chains: whoever holds through another stands below it. A name that nobody has leaves it at the top, where
    the check of owners sees it."""
    tops: list[dict[str, Any]] = []
    holders = {one["name"]: one for _, one in rows if "name" in one}
    for number, one in rows:
        above = holders.get(one.pop("through", ""))
        if above is not None and above is not one and not _leads(above, one):
            above.setdefault("owners", []).append(one)
            continue
        tops.append(one)
        where |= {f"/owners/{len(tops) - 1}/{name}": f"owner.{number}.{name}" for name in ROWS["owner"]}
    return tops


def _leads(above: dict[str, Any], one: dict[str, Any]) -> bool:
    """Whether the chain above leads back to the same owner: a circle is left as it was typed, at the top."""
    below = [one]
    while below:
        current = below.pop()
        if current is above:
            return True
        below.extend(current.get("owners", []))
    return False


def _flat(owners: Iterable[Mapping[str, Any]], through: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in owners:
        rest = {name: value for name, value in one.items() if name != "owners"}
        found.append({**rest, "through": through})
        found += _flat(one.get("owners") or [], str(one["name"]))
    return found


def _row(kind: str, one: Mapping[str, Any]) -> dict[str, str]:
    row = {name: _text(one.get(name)) for name in ROWS[kind]}
    rest = {name: value for name, value in one.items() if name not in ROWS[kind]}
    return {**row, KEPT: json.dumps(rest) if rest else ""}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)
